/*
 * plan.h - a rubric compiled for one class of units: a flat list of steps over columns.
 *
 *   steps: item, item, item, section, item, section, ... , root, bonus items, bonus, deductions ...
 *          the order of calculation: members before the section they stand in
 *
 * All numbers are settled for the class, so scoring a unit looks nothing up. Members that are not
 * on the class's sheet are not in the plan. Classes share a plan where no number of the rubric
 * tells them apart.
 */
#ifndef KAOPING_PLAN_H
#define KAOPING_PLAN_H

#include "base/arena.h"
#include "model/table.h"

struct method;

struct op_part {
    uint32_t field;
    dec points;
};

struct op_tier {
    dec bound, points;
    bool percent;
};

struct op_rate {
    dec bound, lose, per;
};

/* One item. */
struct op {
    uint32_t member;
    const struct member *of_member;
    const struct rule *rule;
    const struct method *method;
    dec full;
    dec earn, lose, then, most, need, target, from, to, due, per, nothing_value, out_of;
    uint32_t at_least; /* raters */
    uint32_t worst;    /* children */
    dec first, step, last;
    dec same, up, up_per, down, down_per; /* change */
    struct op_part *parts;                /* as many as rule->parts */
    struct op_tier *tiers;                /* as many as rule->tiers */
    struct op_rate *rates; /* n_rates; gap with one `lose` has one, whose bound is the target */
    uint32_t n_rates;
    dec *levels; /* as many as rule->levels */
    dec *scores; /* as many as rule->scores; DEC_NONE: not applicable */
};

/* One section. */
struct op_section {
    uint32_t member;
    const struct member *of_member;
    const uint32_t *members; /* on this class's sheet, in sheet order */
    uint32_t n_members;
    dec points;      /* P: the section's full marks */
    dec members_sum; /* F: the members' full marks together */
    dec carried;     /* what kept members carry under sum: F, or N × p where the rubric says so */
    dec factor;      /* percent points; DEC_NONE: 100 % */
};

/* A gate that zeroes a member or limits it. */
struct op_limit {
    uint32_t member, gate;
    dec share; /* percent points; 0 for `zero` */
};

struct plan_step {
    bool is_section;
    uint32_t index; /* into items or sections */
};

struct plan {
    const struct rubric *rubric;
    uint32_t class;
    struct plan_step *steps;
    uint32_t n_steps;
    struct op *items;
    uint32_t n_items;
    struct op_section *sections;
    uint32_t n_sections;
    struct op_limit *limits; /* sorted by member */
    uint32_t n_limits;
    dec *full;            /* [n_members] full marks, 0 off the sheet */
    dec *weight;          /* [n_members] */
    uint32_t *op_of;      /* [n_members] index into items, UINT32_MAX for others */
    uint32_t *section_of; /* [n_members] index into sections, UINT32_MAX for others */
    bool has_complete;
};

struct plan *plan_new(struct arena *a, const struct rubric *r, uint32_t class);

/* Whether no number and no `for` of the rubric tells classes apart. */
bool plan_same_for_all(const struct rubric *r);

#endif
