/*
 * walk.h - scores one unit: the plan's steps in the order of calculation (rubric-language.md).
 *
 *   item:    value -> floor, cap -> ceiling -> round.item
 *   section: keep/drop -> combine, rescaled -> scale or factor -> floor, cap -> zero, ceiling ->
 * round total:   sections + bonus - deductions -> floor 0 -> round.total -> gates' cap grade: band
 * -> needs -> lower -> at_best (quotas need everybody: analyse/rank.h)
 *
 * The same walk scores, answers what-ifs (with one item's points replaced) and explains (with a
 * trace): there is no second implementation of a rule. Three passes share the sections' arithmetic:
 * the points themselves, and the bounds if something is missing.
 */
#ifndef KAOPING_WALK_H
#define KAOPING_WALK_H

#include "model/result.h"
#include "score/methods.h"

#define WALK_PASSES 3

enum walk_pass { PASS_ACTUAL, PASS_LOW, PASS_HIGH };

/* A member in one pass. */
struct walk_value {
    wide value;
    bool counts; /* has a result */
};

struct walk {
    struct context context;
    struct trace *trace;    /* or NULL */
    uint32_t override_item; /* MEMBER_NONE: none */
    dec override_points;
    const struct replay *replay;            /* NULL: items and gates are as the data say */
    struct walk_value *passes[WALK_PASSES]; /* [n_members] each */
    bool *leaves_even; /* [n_members] a member without a result leaves as `even` */
    wide *due,
        *reported; /* [n_members] of the full marks: what applied; of it, what was reported */
    dec *points;   /* [n_members] as conditions see them; DEC_NONE */
    struct cellres *cells;  /* [n_members] */
    uint8_t *gates;         /* [n_gates] enum gate_state */
    bool *gate_done;        /* [n_gates] */
    struct waivers waivers; /* of the unit */
    bool without_waivers;   /* as if it had none */
    bool bounds_differ;     /* something is missing inside the total */
    bool failed;            /* after a finding at this unit */
    struct outcome outcome;
};

/* Arrays for walks under any plan of the rubric, in arena a. */
void walk_init(struct walk *w, struct arena *a, const struct rubric *r);

/* An outcome without any figure. */
struct outcome walk_no_outcome(enum unit_state state);

/* Scores the unit set in w->context; results in cells, gates and outcome. */
void walk_unit(struct walk *w);

/* Adds a line to the trace, if there is one: printf-like, translated by the caller. */
void walk_say(struct walk *w, enum step_kind kind, uint32_t member, wide points, const char *format,
              ...) __attribute__((format(printf, 5, 6)));

/* Whether the gate has fired; decided the first time it is asked, with the points as they stand. */
bool walk_gate_fired(struct walk *w, uint32_t gate);

/* ---- aggregate.c ---- */

/* The section's points in that pass before limits and rounding; false: no member has a result. */
bool aggregate_section(struct walk *w, const struct op_section *op, enum walk_pass pass, wide *out);

/* Of what its members make together (under sum, the scale; else the factor) the section's points
 * before limits and rounding. */
wide aggregate_scaled(struct walk *w, const struct op_section *op, enum walk_pass pass, wide value);

/* The share of the section's full marks that is above ÷ below. */
wide aggregate_due_share(const struct op_section *op, wide above, wide below);

/* What of the section's full marks applied and was reported, from its members'. */
void aggregate_due(struct walk *w, const struct op_section *op);

/* The same due from a finished result. */
dec aggregate_due_of(const struct plan *p, const struct result *r, uint32_t unit, uint32_t member);

#endif
