/*
 * unit_score.h - what scoring needs beside the table, made once, and one unit by it: the same in
 * this process and in its workers.
 */
#ifndef KAOPING_UNIT_SCORE_H
#define KAOPING_UNIT_SCORE_H

#include "score/run.h"
#include "score/walk.h"

struct places;

struct run {
    const struct plan **plans; /* [n_classes + 1], by class; shared where classes do not differ */
    const struct classwide *classwide;
    struct places *places; /* NULL: the rubric reads no subordinate units */
};

struct run *run_new(struct arena *a, const struct table *t);
/* The same where figures of classes are known already; plans for the classes [n_classes + 1] that
 * are marked. */
struct run *run_new_for(struct arena *a, const struct rubric *r, const struct classwide *classwide,
                        const bool *classes);
/* Silence must not hide a veto unnoticed: one finding a gate, with how many units left it open. */
void run_say_unanswered(struct diag *d, const struct gate *gate, uint32_t n, const char *first);
/* Lets the result answer questions (struct scorer) by that run. */
void run_scorer(struct result *r, const struct run *run);
static inline const struct run *run_of(const struct result *r) { return r->scorer.plan; }
const struct plan *run_plan(const struct run *run, const struct table *t, uint32_t unit);

/* A walk over the units of r: with everything but diag, trace, and scripts. */
void run_walk(struct walk *w, struct arena *a, const struct result *r);

/* Prepares the walk for one unit outside of the result. */
void run_walk_unit(struct walk *w, struct arena *a, const struct result *r, uint32_t unit);
/* Answers questions about that unit; scripts are called where the walk has them. */
void run_what_if(struct walk *w, const struct what_if *asked, uint32_t n,
                 const struct what_if_taker *taker);

/* Into r's rows of the unit. Scratch memory is given back. */
void unit_score(struct walk *w, struct result *r, uint32_t unit);

#endif
