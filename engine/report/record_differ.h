/*
 * record_differ.h - what differs between two records, in words, a line each:
 *
 *   竹峰街道 (zf): total 87.25 → 88.25; rank 3 → 2
 *   竹峰街道 (zf), 集中学习 (learn): points 17 → 18; value 9 → 10
 *
 * Members, gates and grades are matched by their ids and names, so the rubrics need not be alike.
 */
#ifndef KAOPING_RECORD_DIFFER_H
#define KAOPING_RECORD_DIFFER_H

#include "model/record.h"

struct differ {
    struct arena *arena;
    const struct run_record *old, *new;
    uint32_t most; /* lines that are kept; more are only counted */
    bool strict;   /* every stored field; else what a reader wants to know, without what follows
                      from it (the exact total, reasons beside a changed value, ...) */
    VEC(const char *) lines;
    uint32_t n; /* differences */

    /* private */
    const uint32_t *counterpart; /* [old members] index in new, or RECORD_NONE */
};

/* old and new set, all else zero but for arena and most. Adds what differs in the runs themselves:
 * titles, members, gates, grades, quotas, findings. */
void differ_runs(struct differ *d);
/* After differ_runs; either may be NULL: the unit is only in the other. */
void differ_units(struct differ *d, const struct unit_record *old, const struct unit_record *new);
/* Adds a line of the caller's. */
void differ_add(struct differ *d, const char *text);

#endif
