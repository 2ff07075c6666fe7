/*
 * totals.h - from sections' points to total and grade, for many rows at a time (batch.h).
 *
 *   base + bonus - deductions ─► floor, cap ─► rounded ─► band        where all gates are open
 *
 * This is what walk_outcome makes of a unit if no gate fires, no grade needs more than a total, and
 * all points are decs: so it is for most units of most rubrics. Whether gates are open is asked of
 * the walk, once for each way in which the cells that they read can be. Any other unit's outcome is
 * left to the walk.
 */
#ifndef KAOPING_TOTALS_H
#define KAOPING_TOTALS_H

#include "bulk/tally.h"

/* Whether and how the tables' plan comes to plain totals. */
struct plain_total totals_of(struct arena *a, const struct store *s, const struct tables *tables);
/* Total and grade of the rows [n] of the batch whose state is BATCH_ALL, and that have these
 * tables; it is BATCH_PLAIN then. */
void totals_add(struct tally *t, struct batch *b, struct tables *tables, const uint32_t *rows,
                uint32_t n);

#endif
