/*
 * grade.h - quotas: who keeps a grade that only so many may have, and how a grade came about
 * (rubric-language.md, Grades and ranks).
 *
 *   list    rank 1   2   3   3   5      grade 优秀 has 2 seats
 *   grade   优   优   优   优   良  ->  seat, seat | cut | pushed out to the next grade whose needs
 * hold
 */
#ifndef KAOPING_GRADE_H
#define KAOPING_GRADE_H

#include "analyse/rank.h"

/* A result with one unit's outcome and members changed, the others as they are; unit UNIT_NONE:
 * none. */
struct variant {
    const struct result *result;
    uint32_t unit;
    const struct outcome *outcome;
    const struct cellres *members;
    const uint64_t *meets; /* NULL, or of each unit 1 << grade where the grade's needs hold: then
                              the result has no units */
};
/* So many grades have room in `meets`. */
#define MEETS_MOST 64U

static inline const struct outcome *variant_outcome(const struct variant *v, uint32_t unit)
{
    return unit == v->unit ? v->outcome : &v->result->outcomes[unit];
}
static inline const struct cellres *variant_members(const struct variant *v, uint32_t unit)
{
    return unit == v->unit ? v->members : result_member(v->result, unit, 0);
}

/* A ranked unit on its way through the quotas. */
struct placed {
    uint32_t unit, rank, grade;
    uint32_t group, class; /* of the unit */
    bool tied;
};

static inline struct placed placed_of(const struct variant *v, uint32_t unit)
{
    const struct unit *u = &v->result->table->units.at[unit];
    return (struct placed){.unit = unit,
                           .grade = variant_outcome(v, unit)->grade_before_quota,
                           .group = u->group,
                           .class = u->class};
}

/* Ranks of units that stand in order, of each class by itself or of all: those that are tied with
 * the one before share its rank. Indices into the list are asked about. */
typedef bool (*placed_tied)(const void *context, uint32_t before, uint32_t after);
void rank_placed(const struct ranking *by, struct placed *list, uint32_t n, placed_tied tied,
                 const void *context);

/* Gives out all quotas to the ranked units, listed by class and rank, or by rank alone. Their grade
 * comes in as grade_before_quota. quotas NULL: not wanted. */
void grade_by_quota(struct arena *a, struct arena *scratch, const struct variant *v,
                    struct placed *list, uint32_t n, struct ranking_result *quotas);

/* Under `vetoed: unranked` a veto takes the unit out of the ranking. */
void rank_settle(const struct ranking *by, struct outcome *o);
/* The grade of a unit without a rank; where it has none, it has none by its points either. */
void grade_without_rank(const struct variant *v, uint32_t unit, struct outcome *o);

/* Whether the unit has the shares of points that the grade asks for. */
bool grade_needs_hold(const struct variant *v, uint32_t unit, uint32_t grade);
/* The grade of a unit that is not ranked. */
uint32_t grade_unranked(const struct variant *v, uint32_t unit);

/* How a grade came about, for explanations: one step for each decision, in the order taken. */
enum grade_step_kind {
    GRADE_STEP_BAND,
    GRADE_STEP_NEED,
    GRADE_STEP_LOWER,
    GRADE_STEP_AT_BEST,
    GRADE_STEP_QUOTA
};

struct grade_step {
    enum grade_step_kind kind;
    uint32_t from, to;             /* the grade before and after; alike: the step changed nothing */
    uint32_t index;                /* need: of from's needs; lower, at_best: the gate */
    const struct quota_use *quota; /* quota: of `from` */
};

typedef VEC(struct grade_step) grade_steps;

void grade_path(struct arena *a, const struct result *r, const struct ranking_result *ranking,
                uint32_t unit, grade_steps *out);

#endif
