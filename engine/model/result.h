/*
 * result.h - what came out: units × members, and one outcome a unit.
 *
 * points[unit * n_members + member] are as shown: an item's after round.item, a section's after
 * round.section or at eight places. Member 0 is the sum before bonus and deductions (points.base).
 * How they came about is not stored: `explain` scores the unit once more and tells.
 */
#ifndef KAOPING_RESULT_H
#define KAOPING_RESULT_H

#include "model/table.h"

/* States of a member. A section is SCORED, NA where nothing in it applies, or MISSING where
 * something does but nothing has a result. */
enum member_state {
    STATE_OFF, /* not on this class's sheet */
    STATE_SCORED,
    STATE_MISSING, /* not reported; points by `missing:` */
    STATE_NA,
    STATE_WAIVED,
    STATE_ERROR
};

/* Flags: kinds of deficiencies (interfaces.md). */
enum flag {
    FLAG_SHORTFALL,
    FLAG_NOT_REPORTED,
    FLAG_PLACEHOLDER,
    FLAG_PLANNED,
    FLAG_APPROXIMATE,
    FLAG_CONTRADICTORY,
    FLAG_NO_EVIDENCE,
    FLAG_NO_REASON,
    FLAG_UNANSWERED,   /* of a gate */
    FLAG_OTHER_PERIOD, /* of the unit */
    FLAG_WAIVER_EXPIRED,
    FLAG_SCRIPT,
    N_FLAGS
};

const char *flag_word(enum flag flag); /* "not_reported": never translated */

/* A member without a result leaves its section (NA by rescale or even, missing by unscored). */
struct cellres {
    dec points;     /* DEC_NONE: no result */
    uint16_t flags; /* 1 << enum flag */
    uint8_t state;  /* enum member_state */
    bool counts;    /* has a result: enters its section's calculation */
};

enum unit_state {
    UNIT_RANKED,
    UNIT_INCOMPLETE,
    UNIT_NOT_APPLICABLE,
    UNIT_ERROR,
    UNIT_VETOED_UNRANKED
};

enum gate_state { GATE_OPEN, GATE_FIRED, GATE_UNANSWERED };

/* "ranked", "incomplete", "not_applicable", "error". Under `vetoed: unranked` a vetoed unit has all
 * that a rank takes, so it is "ranked" too: that it is vetoed and has no rank stands beside it. */
const char *unit_state_word(enum unit_state state);
/* "off", "scored", "missing", "not_applicable", "waived", "error". */
const char *member_state_word(enum member_state state);

struct outcome {
    dec total;                     /* as published: rounded, after gates; DEC_NONE: no score */
    dec exact;                     /* before round.total, at eight places, after a gate's cap */
    dec before_gates;              /* rounded total before gates */
    dec due, of;                   /* what of the full marks applied; the full marks */
    dec reported;                  /* share of due that rests on reported values, percent points */
    dec low, high;                 /* the total if what is missing were worth nothing, full marks */
    uint32_t rank;                 /* 0: not ranked */
    uint32_t ranked;               /* how many are ranked with it */
    uint32_t grade_by_band, grade; /* indices into rubric.grades or GRADE_NONE */
    uint32_t grade_before_quota;
    const char *why; /* state UNIT_ERROR: the first error with its place, or NULL */
    uint8_t state;   /* enum unit_state */
    bool waived;     /* some waiver counts; then what there would be without any: */
    uint8_t state_without;
    dec total_without;      /* DEC_NONE: no score */
    uint32_t grade_without; /* by band */
    bool vetoed;            /* a gate with at_best fired */
    bool tied_at_cut;       /* treated alike with others at a quota's cut */
    bool other_period;
};

/* One line of an explanation, in the order of calculation. */
enum step_kind {
    STEP_VALUE, /* a value read, with its place */
    STEP_RULE,  /* what the rule made of it */
    STEP_CLAMP, /* floor, cap, ceiling, zero */
    STEP_ROUND,
    STEP_STATE,   /* missing, not applicable, and what the policy does */
    STEP_COMBINE, /* sum, mean, keep/drop, rescale, factor, scale */
    STEP_GATE,
    STEP_RESULT /* the member's figure */
};

struct step {
    enum step_kind kind;
    uint32_t member; /* MEMBER_NONE: the total */
    const char
        *text;  /* translated; ends with the figure: "12 - 9 = 3 short × 1 = 3; 20 - 3 = 17" */
    dec points; /* where the member stands after this step, or DEC_NONE */
};

struct trace {
    struct arena *arena;
    VEC(struct step) steps;
};

/* What a script said beside its points; scripts that say nothing have no note. */
struct note {
    uint32_t unit, member;
    const char *reason; /* or NULL */
    VEC(struct script_flag) flags;
};

struct result;

/* "If this item's points were these?" */
struct what_if {
    uint32_t item;
    dec points;
};

struct what_if_taker {
    void (*take)(void *context, uint32_t index, const struct outcome *,
                 const struct cellres *members);
    void *context;
};

/* "What would the total be if the items had these results and the gates had fired like this?" */
struct replay {
    const struct cellres *items; /* [n_members]; of items only points, state and counts matter */
    const uint8_t *gates;        /* [n_gates] enum gate_state */
};

/* What only the scorer can say; called by analyses and reports. */
struct scorer {
    /* The steps of one unit up to the rounded total and gates, in the order of calculation. */
    void (*explain)(const struct result *, uint32_t unit, struct trace *);
    /* One line on an item: "9 of 12; 3 short × 1". In arena a; never NULL. */
    const char *(*reason)(struct arena *a, const struct result *, uint32_t unit, uint32_t item);
    /* Of each question in turn: the outcome (total … grade_by_band and the grade before quotas; not
     * rank) and members [n_members] if the item's points were these. */
    void (*what_if)(const struct result *, uint32_t unit, const struct what_if *asked, uint32_t n,
                    const struct what_if_taker *taker);
    /* The rounded total after gates that the unit's sheet makes of these; DEC_NONE: none. No rule
     * of an item, no condition and no script but those of sections is asked. */
    dec (*replay)(const struct result *, uint32_t unit, const struct replay *what);
    /* Due of a section (result.h has only the unit's). */
    dec (*due)(const struct result *, uint32_t unit, uint32_t member);
    const void *plan;
};

struct result {
    const struct rubric *rubric;
    const struct table *table;
    uint32_t n_units, n_members, n_gates;
    struct cellres *members;  /* [n_units * n_members] */
    struct outcome *outcomes; /* [n_units] */
    uint8_t *gates;           /* [n_units * n_gates] enum gate_state */
    VEC(struct note) notes;   /* by unit, then member */
    struct scorer scorer;
    uint32_t *order; /* [n_units] units as they are printed: set by rank */
};

static inline const struct cellres *result_member(const struct result *r, uint32_t unit,
                                                  uint32_t member)
{
    return &r->members[(size_t)unit * r->n_members + member];
}

/* NULL: none. */
const struct note *result_note(const struct result *r, uint32_t unit, uint32_t member);

/* The index of the section's own grade the unit reached, or GRADE_NONE. */
uint32_t result_section_grade(const struct result *r, uint32_t unit, uint32_t section);

/* Whether the points, as shown, reach the share of full marks that a grade needs. */
bool result_need_holds(const struct rubric *r, const struct need *need, uint32_t class,
                       const struct cellres *members);

#endif
