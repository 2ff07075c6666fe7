/*
 * verdict.h - what a case expected held against what came out: as texts for people, and as the YAML
 * that would be right (--update).
 *
 * Everything lives in the arena given; a verdict outlives the result it was made of.
 */
#ifndef KAOPING_VERDICT_H
#define KAOPING_VERDICT_H

#include "analyse/rank.h"
#include "base/diag.h"
#include "model/expectation.h"

struct difference {
    const struct check *check;
    const char *what;  /* "total", "letters": words of the test file */
    const char *title; /* the item's or section's; NULL */
    const char *expected, *got;
    const char *why;   /* how it came about; NULL: nothing to say */
    const char *fresh; /* YAML in place of the value; NULL: none would be right */
};

struct fresh_item {
    const char *id, *value;
};

/* For a case without `expect`: what it would say today. */
struct fresh_expect {
    const char *total, *grade; /* NULL: not said */
    VEC(struct fresh_item) items;
};

struct verdict {
    const struct test_case *test;
    bool passed;
    const char *broken; /* it could not be scored: why; NULL */
    VEC(struct difference) differences;
    struct fresh_expect fresh;
};

/* The case's unit is the first of the result, which is ranked; NULL: there is none. Errors found
 * from `first` on are the case's own; one that it expects is taken back. */
void verdict_make(struct arena *a, struct diag *d, uint32_t first, const struct test_case *test,
                  const struct result *r, const struct ranking_result *ranking,
                  struct verdict *out);

/* A text as a YAML scalar: plain where it can be, else in quotes. */
const char *verdict_scalar(struct arena *a, const char *text);

#endif
