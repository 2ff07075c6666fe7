/*
 * periods.h - the periods that a rubric is made of, scored before it: each by its own sheet, with
 * the same scorer, so that the year's items find the totals there.
 *
 *   table->periods[k].table ── run_score under periods[k].sheet ──► table->periods[k].totals
 */
#ifndef KAOPING_PERIODS_H
#define KAOPING_PERIODS_H

#include "score/run.h"

/* Totals are those after gates, as published. A unit that could not be scored in a period is bad in
 * the year. Does nothing for a rubric that is not made of periods. */
void periods_score(struct arena *a, struct diag *d, struct table *t,
                   const struct run_options *options);

#endif
