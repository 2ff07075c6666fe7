/*
 * rank.h - places, grades and quotas: from finished totals to a ranking (rubric-language.md, Grades
 * and ranks). Pure functions over a result; they fill in the outcomes' rank, ranked, grade,
 * tied_at_cut and the result's order.
 */
#ifndef KAOPING_RANK_H
#define KAOPING_RANK_H

#include "model/result.h"

#define GROUP_ALL UINT32_MAX

/* What a quota gave out, for the outputs: "20% of 9 = 1.8 -> 1". */
struct quota_use {
    uint32_t grade, group; /* group: index into table.groups, or GROUP_ALL */
    uint32_t ranked;       /* units ranked there */
    dec share;             /* percent points; DEC_NONE where the quota is a count */
    dec product;           /* share × ranked, or the count */
    dec rounded;           /* product as the quota rounds it */
    uint32_t seats;        /* rounded, or at_least where that is more */
    uint32_t qualified, given;
    uint32_t tied; /* units tied at the cut, in the order of rank */
    const uint32_t *tied_units;
};

struct ranking_result {
    VEC(struct quota_use)
    quotas; /* best grade first; within a grade in the order of the printout */
};

/*
 * Ranks every group, gives out the quotas, sorts result->order: groups in the order of the rubric's
 * classes, then by name of class; in a group by rank, then units without a rank; alike, by id.
 * Under `within: all` there is one group. A unit without a rank has no grade, not by band either;
 * only one that is vetoed under `vetoed: unranked` keeps the first grade at or below its own that
 * has no quota, for without a rank it cannot compete. O(n log n).
 */
void rank_units(struct arena *a, struct result *r, struct ranking_result *out);

/* State, rank, ranked, grade and tied_at_cut that one unit would have with another outcome and
 * other members, all others as they are. Does not change r, which must be ranked. O(n). */
void rank_what_if(struct arena *scratch, const struct result *r, uint32_t unit,
                  struct outcome *outcome, const struct cellres *members);

/* What a tie-break compares: DEC_NONE where the unit has no value (it then stands last). A grade
 * counts from 0 (best) downwards, so that higher is better throughout. */
dec rank_break_value(const struct result *r, uint32_t unit, const struct tie_break *by);

#endif
