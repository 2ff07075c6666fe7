/*
 * made.h - results made by hand, for tests of what comes after scoring: a rubric and units built
 * call by call, and a scorer whose answers are simple enough to foresee.
 *
 * The fake scorer: a what-if adds to total and exact what the item gains; the grade is by band
 * alone; the reason of an item is "because"; an explanation has one step for each item and one for
 * the total.
 */
#ifndef KAOPING_MADE_H
#define KAOPING_MADE_H

#include "analyse/rank.h"
#include "report/report.h"

struct made {
    struct arena arena;
    struct rubric rubric;
    struct table table;
    struct result result;
    struct ranking_result ranking;
    uint32_t capacity;
};

dec made_dec(const char *text);
struct num made_num(struct made *, const char *text);

/* First the rubric: an empty one of 100 points, with member 0 only. */
void made_init(struct made *, const char *classes[], uint32_t n_classes);
uint32_t made_field(struct made *, const char *id, const char *label, enum field_type type);
uint32_t made_section(struct made *, uint32_t parent, const char *id, const char *title,
                      const char *points);
/* A yes/no item where field is given, else FIELD_NONE. */
uint32_t made_item(struct made *, uint32_t section, const char *id, const char *title,
                   const char *points, uint32_t field);
/* from NULL: the lowest. Highest first. */
struct grade *made_grade(struct made *, const char *name, const char *from);
struct gate *made_gate(struct made *, const char *id, const char *title, enum effect effect);
struct tie_break *made_break(struct made *, enum operand_kind kind, uint32_t index);

/* Then the units, at most so many: ranked, with a total, all members at their full marks. */
void made_ready(struct made *, uint32_t capacity);
uint32_t made_unit(struct made *, const char *id, const char *class_name, const char *total);
struct cellres *made_cell(struct made *, uint32_t unit, uint32_t member);
void made_points(struct made *, uint32_t unit, uint32_t member, const char *points);
void made_value(struct made *, uint32_t unit, uint32_t field, enum cell_state state,
                const char *value);
void made_fire(struct made *, uint32_t unit, uint32_t gate, enum gate_state state);

void made_rank(struct made *);
struct report made_report(struct made *);
void made_release(struct made *);

#endif
