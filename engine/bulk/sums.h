/*
 * sums.h - from sums of items' points to the points of sections (tally.h).
 *
 * A section whose points are a dec whatever its items make is added up in decs; any other one is
 * left to the functions that the walk itself uses.
 */
#ifndef KAOPING_SUMS_H
#define KAOPING_SUMS_H

#include "bulk/lookup.h"
#include "bulk/tally.h"

/* Before a unit's items are added up. */
void sums_forget(struct tally *t, const struct tables *tables);
/* Sets what the walk has of each section, the root among them; without bounds as if nothing were
 * missing. False: one of them is beyond all numbers. */
bool sums_add_sections(struct tally *t, const struct tables *tables, bool bounds);

#endif
