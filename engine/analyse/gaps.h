/*
 * gaps.h - what a rubric's tests do not reach, from what their cases did (model/coverage.h).
 */
#ifndef KAOPING_GAPS_H
#define KAOPING_GAPS_H

#include "model/coverage.h"
#include "model/result.h"

enum gap_kind {
    GAP_ITEM,       /* never scored with a value */
    GAP_WAYS,       /* an item's tiers, levels, options, rates that no case takes */
    GAP_GATE_FIRED, /* a gate that never fired */
    GAP_GATE_OPEN,  /* a gate that fired in every case */
    GAP_GRADE,      /* a grade that is never given */
    GAP_SCRIPT,     /* lines of a script */
    N_GAP_KINDS
};

struct gap {
    enum gap_kind kind;
    const char *id;    /* of the item or gate; the grade's name; the script's */
    const char *title; /* or NULL */
    const char *text;  /* WAYS: "from 6, from 12"; SCRIPT: "7, 9-12"; else NULL */
};

typedef VEC(struct gap) gaps;

struct coverage *coverage_new(struct arena *a, const struct rubric *r);
/* What the finished, ranked result shows of the unit that counts. */
void coverage_take(struct coverage *c, const struct result *r);
/* By kind, in the order of the rubric; those of scripts are added by whoever ran them. */
void gaps_list(struct arena *a, const struct coverage *c, gaps *out);

#endif
