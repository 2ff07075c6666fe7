/*
 * loaded.h - for tests of what reads documents: a text becomes nodes or a rubric, its findings one
 * short line that can be compared.
 */
#ifndef KAOPING_LOADED_H
#define KAOPING_LOADED_H

#include "load/node.h"
#include "load/rubric_load.h"

struct loaded {
    struct arena arena;
    struct diag diag;
    struct node *root;
    struct rubric *rubric;
};

/* A document; the name's ending tells YAML from JSON. */
void loaded_document(struct loaded *, const char *name, const char *text, size_t n);
void loaded_rubric(struct loaded *, const char *text);
/* "3 unknown-key, 7 wrong-kind": the lines and ids of all findings in the order of their places. */
const char *loaded_findings(struct loaded *);
/* What node_dump says, without its places. */
const char *loaded_dump(struct loaded *);
void loaded_release(struct loaded *);

/* The text with the first `from` replaced; the test fails if it is not there. In the arena. */
const char *loaded_replace(struct arena *, const char *text, const char *from, const char *to);

#endif
