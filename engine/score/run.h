/*
 * run.h - scores a table under a rubric: plan once, then every unit by the same walk.
 */
#ifndef KAOPING_RUN_H
#define KAOPING_RUN_H

#include "base/diag.h"
#include "model/result.h"

/*
 * Everything up to the grade before quotas (analyse/rank.h does the rest). What is wrong with
 * single cells in the light of the rubric (a judgement out of range, 不适用 without a policy, a
 * loss without a reason) are findings at the cells; such units get UNIT_ERROR. Overflow of a
 * calculation is one too.
 */
struct result *run_score(struct arena *a, struct diag *d, const struct table *t);

#endif
