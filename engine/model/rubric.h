/*
 * rubric.h - a rubric as the engine sees it: checked, names resolved to indices, inherited keys
 * settled.
 *
 *   members   0 the rubric itself (the outermost section, its points are `total`)
 *             | 1 section leadership
 *             | | 2 item leading_group        sheet order: a parent stands before its members,
 *             | | 3 item annual_report        a member before its later siblings
 *             | 4 section study ...
 *             n bonus, m deductions: sections too, outside member 0 (parent MEMBER_NONE)
 *
 * Invariants once loaded without an error: every index is valid; every class that an item is for
 * has its numbers; points add up for every class; methods' required keys are given.
 *
 * Numbers may differ by class: num_of(&n, class). Classes are numbered 0..n_classes-1 in the order
 * of the rubric; class n_classes stands for "any other" where the rubric lists none.
 *
 * Shares are in percent points (80% is 80), percent values too. Dates are days since 1970-01-01 as
 * a dec. All from rubric-language.md.
 */
#ifndef KAOPING_RUBRIC_H
#define KAOPING_RUBRIC_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/map.h"
#include "base/source.h"
#include "model/fields.h"
#include "model/script.h"

#include <stdbool.h>
#include <stdint.h>

#define MEMBER_NONE UINT32_MAX
#define GRADE_NONE UINT32_MAX

/* A number, or one for each class. `v` NULL: not given. Missing for a class: DEC_NONE. */
struct num {
    const dec *v;
    bool by_class;
    span at;
};

static inline bool num_given(const struct num *n) { return n->v; }
static inline dec num_of(const struct num *n, uint32_t class)
{
    return !n->v ? DEC_NONE : n->v[n->by_class ? class : 0];
}

/* ---- conditions: yes/no over fields and over points already reached ---- */

enum operand_kind {
    OPERAND_FIELD,    /* index: field */
    OPERAND_POINTS,   /* index: member; its points as they stand at the reader's place */
    OPERAND_BASE,     /* points.base: the sum before bonus and deductions */
    OPERAND_TOTAL,    /* points.total: the rounded total, for gates and tie-breaks */
    OPERAND_GRADE,    /* index: section with grades of its own */
    OPERAND_PREVIOUS, /* index: field, as it was in the previous period */
    OPERAND_CHILDREN, /* index: member, or MEMBER_NONE: the total; of the subordinate units */
};

struct operand {
    enum operand_kind kind;
    uint32_t index;
    enum child_figure figure; /* OPERAND_CHILDREN */
};

/* Whether `index` is a field, of this period or the previous one. */
static inline bool operand_is_cell(const struct operand *o)
{
    return o->kind == OPERAND_FIELD || o->kind == OPERAND_PREVIOUS;
}

enum cond_op {
    COND_YES, /* a yes/no operand */
    COND_NOT, /* left */
    COND_AND, /* left, right */
    COND_OR,
    COND_LT, /* operand < value, and so on */
    COND_LE,
    COND_GT,
    COND_GE,
    COND_EQ,
    COND_NE,
    COND_SCRIPT, /* anything else: a yes/no that Lua computes */
};

struct cond {
    enum cond_op op;
    struct cond *left, *right;
    struct operand operand;
    dec value;               /* a choice: the option's index; a grade: the band's index */
    const char *text;        /* compared with a text field, else NULL */
    const char *source_text; /* of the whole condition, on its root: what explain prints */
    uint32_t script;         /* COND_SCRIPT */
    VEC(uint32_t) reads;     /* COND_SCRIPT: fields */
    span at;
};

/* ---- members: sections and items ---- */

enum member_kind { MEMBER_SECTION, MEMBER_ITEM };
enum combine {
    COMBINE_SUM,
    COMBINE_MEAN,
    COMBINE_GEOMETRIC,
    COMBINE_HARMONIC,
    COMBINE_MIN,
    COMBINE_LUA
};
enum missing { MISSING_ZERO, MISSING_NONE, MISSING_UNSCORED, MISSING_ERROR };
enum na_policy { NA_UNSET, NA_RESCALE, NA_EVEN, NA_FULL, NA_ZERO, NA_SHARE };
enum steps { STEPS_UNSET, STEPS_DOWN, STEPS_UP, STEPS_EXACT };
enum level { LEVEL_MINOR, LEVEL_MAJOR, LEVEL_CRITICAL }; /* severity of a deficiency */
enum time_unit { TIME_DAY, TIME_WEEK, TIME_MONTH };

/* A deadline: a date, or so many days, weeks or months from `issued`. */
struct deadline {
    bool given, is_date;
    int32_t date; /* if is_date */
    int32_t n;
    enum time_unit unit;
};

/* When and how a shortfall is flagged; settled for each item (own keys, then the nearest above). */
struct deficiency_rule {
    bool none;        /* deficiency: none */
    struct num below; /* percent points of the item's full marks; not given: never */
    enum level severity;
    const char *text, *remedy; /* or NULL */
    struct deadline due;
};

/* What a script flags by itself: item.flag{...}. */
struct script_flag {
    enum level severity;
    const char *text;   /* never NULL */
    const char *remedy; /* or NULL */
    struct deadline due;
};

enum method_id {
    METHOD_YESNO,
    METHOD_CHECKLIST,
    METHOD_LADDER,
    METHOD_CHOICE,
    METHOD_JUDGED,
    METHOD_EACH,
    METHOD_SHORT,
    METHOD_RATIO,
    METHOD_GAP,
    METHOD_TIERS,
    METHOD_LINEAR,
    METHOD_LATE,
    METHOD_RATING,
    METHOD_BEST,
    METHOD_RANK,
    METHOD_CHANGE,
    METHOD_CHILDREN,
    METHOD_PERIOD,
    METHOD_FORMULA,
    METHOD_LUA,
    N_METHODS,
    METHOD_NONE = N_METHODS /* after a finding */
};

const char *method_word(enum method_id method);

struct part { /* checklist parts; events of each; fields of short */
    uint32_t field;
    struct num points; /* of the part; per event; the need */
};

struct ladder_level {
    const char *name;
    VEC(uint32_t) needs;
    struct num points;
};

struct option_score { /* choice: one for each option of the field, in the field's order */
    bool not_applicable;
    struct num points;
};

struct tier {         /* tiers, and rank's tiers */
    struct num bound; /* from, to, or top */
    bool percent;     /* rank: top N% of the class */
    struct num points;
};

struct rate {         /* gap: from `bound` on, `lose` points for each `per` */
    struct num bound; /* below or above; the first is the target */
    struct num lose, per;
};

enum take { TAKE_UNSET, TAKE_MEAN, TAKE_MIN, TAKE_LAST };

enum nothing { NOTHING_NEVER, NOTHING_AT, NOTHING_PAST };

/* What a method needs; each method reads its own part (the table in rubric-language.md, Methods).
 */
struct rule {
    enum method_id method;
    uint32_t field;          /* FIELD_NONE where the method takes others */
    uint32_t of;             /* field ÷ of as a percent value; FIELD_NONE: the field itself */
    VEC(struct part) parts;  /* checklist, each (events), short (fields), rating (fields) */
    bool parts_given_points; /* checklist: parts are {field: points} */
    bool all;                /* checklist: all or nothing */
    VEC(struct ladder_level) levels;
    VEC(struct option_score) scores;
    VEC(struct tier) tiers;
    bool tiers_to; /* tiers: inclusive upper bounds, lowest first */
    VEC(struct rate) rates;
    bool target_class_mean; /* gap: target: class mean */
    enum steps partial_step;
    bool all_at_last_rate; /* gap mode: all */
    bool lower_is_better;  /* better: low; each lose, tiers to and linear from > to imply it */
    bool as_loss;          /* judged */
    struct num earn, lose, then, most;
    struct num need;          /* short */
    struct num target;        /* ratio, gap */
    struct num from, to;      /* linear */
    struct num due;           /* late: a date */
    struct num per;           /* late: lose points for each `per` time_units */
    enum time_unit time_unit; /* late */
    enum nothing nothing;
    struct num nothing_value; /* late: so many nothing_units */
    enum time_unit nothing_unit;
    struct num out_of;             /* rating */
    uint32_t drop_ends, drop_over; /* rating: drop: {ends, when_over} */
    bool blank_is_zero;            /* rating: blank: zero */
    struct num at_least;           /* rating; not given: one is enough */
    bool from_worst;               /* best: from: worst */
    struct num first, step, last;  /* rank */
    bool step_percent;             /* rank: step is a share of `first` */
    struct num same;               /* change: points at the same level */
    struct num up, up_per;         /* change: `up` points for each `up_per`; signed */
    struct num down, down_per;     /* likewise */
    bool as_percent;               /* change: in percent of the previous value */
    uint32_t child_member;         /* children: whose points; MEMBER_NONE: the total */
    const char *child_class;       /* children: of this class alone; NULL: all */
    uint32_t child_class_index;    /* UINT32_MAX: a class that only the data name */
    enum take take;                /* children */
    struct num worst;              /* children: the last so many of the class */
    uint32_t period;               /* period: whose total */
    uint32_t script;               /* formula, lua */
    VEC(uint32_t) reads;           /* formula, lua: the fields among its inputs */
};

struct grade;

struct member {
    enum member_kind kind;
    const char *id, *title;
    uint32_t parent;       /* MEMBER_NONE for the rubric, bonus and deductions */
    VEC(uint32_t) members; /* a section's, in sheet order */
    uint32_t end;          /* a section's subtree is [own index, end) */
    uint32_t group;        /* 0, or the index of bonus or deductions: which of the three it is in */
    bool off;              /* by since/until: not on this period's sheet */
    struct num points;     /* full marks; a section's too, computed where left out */
    struct num weight;     /* default 1 */
    bool floor_none, cap_none;
    span at; /* the id */

    /* settled by the nearest of item, section, rubric */
    const bool *for_class; /* [n_classes + 1], or NULL: every class */
    const struct cond *when;
    enum missing missing;
    bool missing_given;
    enum na_policy not_applicable;
    struct num na_share; /* NA_SHARE */
    struct deficiency_rule deficiency;
    bool evidence_required;
    const char *department, *clause;
    const char *since, *until;
    VEC(const char *) replaces;

    /* sections */
    enum combine combine;
    uint32_t combine_script; /* COMBINE_LUA */
    struct num factor;       /* percent points; not given: 100 % */
    struct num cap;          /* the points of a section with a cap */
    bool scale;
    uint32_t keep_best, drop_worst; /* 0: all, none */
    dec complete;                   /* percent points, or DEC_NONE */
    VEC(struct grade) grades;       /* bands of its own: names and bounds only */

    /* items */
    struct rule rule;
    uint32_t reason_field; /* or FIELD_NONE */
};

/* ---- gates, grades, ranking ---- */

enum effect { EFFECT_CAP, EFFECT_AT_BEST, EFFECT_LOWER, EFFECT_ZERO, EFFECT_CEILING };

struct gate {
    const char *id, *title, *clause, *department;
    const struct cond *when;
    enum effect effect;
    struct num cap;           /* EFFECT_CAP */
    uint32_t at_best;         /* grade */
    struct num lower;         /* so many grades */
    VEC(uint32_t) targets;    /* EFFECT_ZERO, EFFECT_CEILING: members */
    VEC(struct num) ceilings; /* EFFECT_CEILING: the share of each target */
    span at;
};

/* How many grades down the gate takes units of the class. */
static inline uint32_t gate_lower(const struct gate *g, uint32_t class)
{
    dec lower = num_of(&g->lower, class);
    return lower == DEC_NONE ? 0 : (uint32_t)dec_to_int(lower);
}

enum quota_round { QUOTA_DOWN, QUOTA_UP, QUOTA_NEAREST };

struct quota {
    bool given;
    bool is_count;
    struct num share; /* percent points of the units ranked, or */
    struct num count;
    bool per_all; /* of all units, not of each class */
    enum quota_round round;
    struct num at_least;
    bool all_in; /* at_cut */
};

struct need {
    uint32_t member;
    struct num share;
};

struct grade { /* highest first */
    const char *name;
    struct num from; /* not given: the lowest */
    VEC(struct need) needs;
    struct quota quota;
    span at;
};

struct tie_break {
    struct operand by;
    bool lower_first;
};

enum vetoed { VETOED_UNSET, VETOED_LAST, VETOED_BY_POINTS, VETOED_UNRANKED };

struct ranking {
    bool within_all;
    bool dense;
    bool lower_is_better;
    bool on_exact;
    enum vetoed vetoed;
    VEC(struct tie_break) breaks;
};

/* ---- the periods that this one is made of ---- */

/* A part of the rubric's own period that is scored by itself: a quarter of the year. */
struct period {
    const char *name;     /* "2024Q3": what `--period` and the column `period` say */
    const char *path;     /* of its sheet, from where the program runs */
    struct rubric *sheet; /* whose period is `name`; NULL: it could not be loaded */
    span at;
};

/* ---- data files' columns ---- */

struct column_name { /* columns: {class: 考核分组} */
    const char *reserved, *name;
};

/* A default that can change a score and was left to stand: check --defaults and explain print it.
 */
struct default_used {
    const char *key;   /* "missing" */
    const char *value; /* "zero" */
    uint32_t member;   /* where, or MEMBER_NONE: the rubric */
};

struct rubric {
    const struct source *source;
    source_list bases; /* what it extends, the nearest first */
    char digest[72];   /* of all of them: source->digest where there are no bases */
    const char *id, *title, *period;
    int32_t issued; /* DATE_NONE: neither given nor to be had from the period */
    int round_item, round_section, round_total; /* places or DEC_EXACT */
    bool round_section_given;
    dec total_cap; /* the rubric's own cap on the total after bonus; DEC_NONE */
    VEC(const char *) classes;
    bool numbers_by_class; /* some number is given by class */
    bool classes_listed; /* a class not listed is an error; else classes are those that numbers name
                          */
    struct fields fields;
    VEC(struct member) members;
    uint32_t bonus, deductions; /* members, or MEMBER_NONE */
    VEC(struct gate) gates;
    VEC(struct grade) grades;
    struct ranking ranking;
    VEC(struct period) periods; /* in the order of the file */
    VEC(struct column_name) columns;
    VEC(const char *) columns_ignored;
    VEC(struct default_used) defaults;
    struct map member_by_id; /* items and sections, with "bonus" and "deductions" */
    chunks chunks;           /* Lua texts, and their uses */
    scripts scripts;
    uint32_t grades_script; /* script, or SCRIPT_NONE: bands decide */
    span previous_at;       /* where the previous period is read first; all-zero: nowhere */
    span children_at;       /* likewise subordinate units */
};

#define RUBRIC_ROOT 0U

/* Index of the period, or PERIOD_NONE: it is not one of those that this one is made of. */
#define PERIOD_NONE UINT32_MAX
uint32_t rubric_period(const struct rubric *r, str name);

/* Index of the class, or n_classes (any other). */
uint32_t rubric_class(const struct rubric *r, str name);
static inline bool member_is_for(const struct member *m, uint32_t class)
{
    return !m->off && (!m->for_class || m->for_class[class]);
}
/* Full marks for units of that class; 0 for a member that is not on their sheet. */
dec member_points(const struct rubric *r, uint32_t member, uint32_t class);
/* Whether any item at or below it is on that class's sheet. */
bool member_on_sheet(const struct rubric *r, uint32_t member, uint32_t class);

/* Fields an item reads, in the order of its keys; returns how many there are (at most `most` are
 * put into out). */
uint32_t rule_fields(const struct rule *rule, uint32_t *out, uint32_t most);

/* Fields that a condition (NULL: none) or a rule reads of the previous period, each once, behind
 * those that are in the list. */
typedef VEC(uint32_t) field_list;
void condition_previous(struct arena *a, const struct rubric *r, const struct cond *c,
                        field_list *out);
void rule_previous(struct arena *a, const struct rubric *r, const struct rule *rule,
                   field_list *out);

/* Index of the band that the section's points reach, or GRADE_NONE. */
uint32_t band_of(const struct grade *bands, uint32_t n, dec points, uint32_t class);

#endif
