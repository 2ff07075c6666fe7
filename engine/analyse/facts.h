/*
 * facts.h - what a rubric says about one of its members, as a flat list of keys and texts: what
 * rubric_diff compares.
 *
 *   sessions    points  20 | method  short | field  study_sessions
 *               need    township: 12, bureau: 6
 *               missing zero                      (settled: its own, or the nearest above)
 *
 * A key that holds only its default has no fact, where that is the same as not giving it. A number
 * has a text for each class of the two rubrics that are compared (`classes`), so that one number
 * for all and the same number for each class are the same fact.
 */
#ifndef KAOPING_FACTS_H
#define KAOPING_FACTS_H

#include "analyse/rubric_diff.h"

/* The classes of both rubrics, and what each is in this one. */
struct class_list {
    VEC(const char *) names; /* "" at the end: any class that neither names */
    uint32_t *slots;         /* [names.n] index into numbers; UINT32_MAX: it has no such class */
};

struct fact {
    const char *key;
    enum mark_effect effect;
    bool incomparable;     /* even where it changes no points */
    const char *text;      /* one for all classes, or NULL */
    const char **by_class; /* [names.n], or NULL */
    dec day;               /* a date that may move with the period, or DEC_NONE */
    const char *with;      /* only held against a rubric that has this key too; NULL: always */
};

struct number_list {
    uint32_t *at;
    uint32_t n, capacity;
};

struct facts {
    struct arena *arena;
    const struct rubric *rubric;
    const struct class_list *classes;
    struct number_list *gates_at; /* [n_members]: gates that limit the member */
    struct number_list modules;   /* chunks that scripts require */
    uint32_t *stamps;             /* [n_fields]: who last listed the field */
    uint32_t stamp;
    bool fields_too; /* what the fields that are read are: part of it */
    VEC(struct fact) list;
    struct map by_key;
    VEC(uint32_t) reads; /* members whose points or grades it reads */
    bool reads_total;    /* after bonus, deductions and gates: of the unit or of those below it */
};

/* How a number is shown. */
enum fact_unit { FACT_NUMBER, FACT_SHARE, FACT_DAY };

struct facts facts_begin(struct arena *a, const struct rubric *r, const struct class_list *classes);
/* Each puts its facts into f->list in place of those that stood there. */
void facts_of_member(struct facts *f, uint32_t member);
void facts_of_field(struct facts *f, uint32_t field);
void facts_of_gate(struct facts *f, uint32_t gate);

/* ---- for the parts ---- */

struct fact *fact_add(struct facts *f, const char *key, enum mark_effect effect);
/* A count; 0: no fact. */
void fact_whole(struct facts *f, const char *key, enum mark_effect effect, uint32_t n);
/* NULL text: no fact. A key that is there already gets a number behind it. */
void fact_text(struct facts *f, const char *key, enum mark_effect effect, const char *text);
void fact_num(struct facts *f, const char *key, enum mark_effect effect, const struct num *n,
              enum fact_unit unit);
void fact_dec(struct facts *f, const char *key, enum mark_effect effect, dec value,
              enum fact_unit unit);
/* A script's file, text, modules and parameters, or an expression's text; nothing for SCRIPT_NONE.
 */
void fact_script(struct facts *f, const char *key, enum mark_effect effect, uint32_t script);
void fact_condition(struct facts *f, const char *key, enum mark_effect effect,
                    const struct cond *when);
/* It reads the total: the sections, bonus and deductions. */
void fact_reads_total(struct facts *f);
/* What a field is, once for each member that reads it. */
void fact_field(struct facts *f, uint32_t field, enum mark_effect effect);
/* facts_rule.c: an item's method and parameters. */
void facts_of_rule(struct facts *f, const struct rule *rule);

#endif
