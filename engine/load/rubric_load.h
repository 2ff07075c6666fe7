/*
 * rubric_load.h - from a rubric file to a checked struct rubric.
 *
 * rubric_load.c reads the shape (which keys, what kind of value), the leaves rule_load.c (methods),
 * cond_load.c (conditions) and rubric_grades.c the parts of it; rubric_check.c the sense (sums for
 * every class, bands without gap or overlap, names that exist, order of calculation). All findings
 * of a file come in one run. A rubric with an error is never scored.
 */
#ifndef KAOPING_RUBRIC_LOAD_H
#define KAOPING_RUBRIC_LOAD_H

#include "base/diag.h"
#include "model/rubric.h"

/* NULL if there was nothing to make a rubric of; otherwise, with d->n_errors > 0, a rubric that may
 * only be used to look up names (data can still be checked against its fields). */
struct rubric *rubric_load(struct arena *a, struct diag *d, const struct source *s);

#endif
