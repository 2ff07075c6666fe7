/*
 * cases.h - reads test files: a rubric's own table of cases (model/expectation.h).
 *
 *   cases_open     the YAML, and which rubric it is about; then the caller loads that
 *   cases_read     every case and what it expects, held against the rubric
 *   cases_table    the units of one case, read as those of a data file
 *
 * A case that is wrong is marked bad, after its findings; the others can be run.
 */
#ifndef KAOPING_CASES_H
#define KAOPING_CASES_H

#include "base/diag.h"
#include "model/expectation.h"

struct case_file {
    const struct source *source;
    struct node *root;
    bool well_formed; /* as YAML: without repeated keys and the like */
    const char *rubric_path;
    VEC(struct test_case) cases;
};

/* NULL after a finding: it is no YAML, or the rubric cannot be told. */
struct case_file *cases_open(struct arena *a, struct diag *d, const struct source *s);

/* updating: a case may be without `expect`. */
void cases_read(struct arena *a, struct diag *d, struct case_file *f, const struct rubric *r,
                bool updating);

/* The case's own unit is the first; without any after a finding. Each call reads anew. */
struct table *cases_table(struct arena *a, struct diag *d, const struct case_file *f,
                          const struct rubric *r, const struct test_case *test);

/* ---- cases_expect.c ---- */

/* What stands under `expect`. */
void cases_read_expect(struct arena *a, struct diag *d, const struct rubric *r, struct node *expect,
                       struct test_case *test);
/* A scalar that is a number; `what` as in "is not %s". False after a finding. */
bool cases_number(struct diag *d, struct node *n, const char *what, dec *out);
/* 0 or more; false after a finding. */
bool cases_tolerance(struct diag *d, struct node *n, dec *out);

/* ---- cases_periods.c ---- */

/* What stands under `periods` of the case and of the units beside it: units[i] is unit i of the
 * table. */
void cases_read_periods(struct arena *a, struct diag *d, struct table *t,
                        struct node *const *units);

#endif
