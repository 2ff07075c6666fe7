/*
 * standing.h - who stands before whom: the comparison that the ranking rests on, and the places of
 * children in their class (rubric-language.md, Grades and ranks).
 *
 *   tier 0   points, then the tie-breaks in turn
 *   tier 1   vetoed units under `vetoed: last`
 *   tier 2   no place: without a total, incomplete, or vetoed under `vetoed: unranked`
 */
#ifndef KAOPING_STANDING_H
#define KAOPING_STANDING_H

#include "model/result.h"

enum standing { TIER_RANKED, TIER_VETOED, TIER_UNRANKED };

/* A unit with its figures, which need not be those of the result. */
struct contender {
    uint32_t unit;
    const struct outcome *outcome;
    const struct cellres *members;
};

enum standing standing_of(const struct ranking *by, const struct outcome *o);

/* Two that have a place: below 0 if a stands before b; 0: tied. */
int standing_compare(const struct result *r, const struct contender *a, const struct contender *b);

/* What a tie-break compares: DEC_NONE where the unit has no value (it then stands last). A grade
 * counts from 0 (best) downwards, so that higher is better throughout. */
dec standing_break(const struct result *r, const struct contender *c, const struct operand *by);

static inline struct contender contender_of(const struct result *r, uint32_t unit)
{
    return (struct contender){unit, &r->outcomes[unit], result_member(r, unit, 0)};
}

#endif
