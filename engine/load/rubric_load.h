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
#include "load/node.h"
#include "model/rubric.h"

/* A rubric as a tree of nodes, with all that it extends (overlay.h). */
struct rubric_document {
    const struct source *source;
    source_list bases; /* the nearest first */
    struct node *root;
};

/* The two halves of rubric_load, for who wants the tree as well. rubric_make takes misspelt keys of
 * the tree for what they were meant to be. */
bool rubric_read(struct arena *a, struct diag *d, const struct source *s,
                 struct rubric_document *out);
struct rubric *rubric_make(struct arena *a, struct diag *d, const struct rubric_document *document);

/* NULL if there was nothing to make a rubric of; otherwise, with d->n_errors > 0, a rubric that may
 * only be used to look up names (data can still be checked against its fields). */
struct rubric *rubric_load(struct arena *a, struct diag *d, const struct source *s);

/* The same for the sheet of one of another rubric's periods, which is its period then. */
struct rubric *rubric_load_part(struct arena *a, struct diag *d, const struct source *s,
                                const char *period);

#endif
