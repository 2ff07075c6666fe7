/*
 * run.h - scores a table under a rubric: plan once, then every unit by the same walk.
 */
#ifndef KAOPING_RUN_H
#define KAOPING_RUN_H

#include "base/diag.h"
#include "model/result.h"

struct coverage;

struct run_options {
    bool keep_going;           /* a script that fails costs its unit, not the run */
    unsigned jobs;             /* worker processes; 0: as many as there are processors */
    struct coverage *coverage; /* notes what is reached (model/coverage.h), or NULL */
};

/*
 * Everything up to the grade before quotas (analyse/rank.h does the rest). What is wrong with
 * single cells in the light of the rubric (a judgement out of range, 不适用 without a policy, a
 * loss without a reason) are findings at the cells; such units get UNIT_ERROR. Overflow of a
 * calculation is one too. A rubric with scripts is scored in worker processes. options may be NULL.
 */
struct result *run_score(struct arena *a, struct diag *d, const struct table *t,
                         const struct run_options *options);

#endif
