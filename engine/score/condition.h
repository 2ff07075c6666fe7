/*
 * condition.h - conditions in three values: it holds, it does not, or it cannot be told because a
 * value is not reported or a bound does not prove it. `and`, `or` and `not` go on with what is
 * known: a proven side decides, whatever the other is.
 */
#ifndef KAOPING_CONDITION_H
#define KAOPING_CONDITION_H

#include "model/result.h"

struct context;

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_UNKNOWN };

/* What a condition reads besides the unit's cells: points as they stand at its place. */
struct condition_input {
    const struct table *table;
    uint32_t unit;
    const dec *points;           /* [n_members] DEC_NONE: no result yet or at all */
    const struct cellres *cells; /* [n_members]; why there is none */
    dec total;
    const struct rubric *rubric;
    uint32_t class;
    bool empty_is_none;            /* the item's `missing: none` */
    const struct context *context; /* for conditions that are scripts */
    /* out: what an unknown is due to */
    bool not_reported;
    uint32_t claimed_field; /* a field the unit says does not apply, or FIELD_NONE */
    bool not_there; /* what it reads does not apply, or has no value (of before, of children) */
    bool failed;    /* a script failed, after a finding */
};

enum verdict condition_holds(const struct cond *, struct condition_input *);

#endif
