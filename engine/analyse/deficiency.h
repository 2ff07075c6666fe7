/*
 * deficiency.h - flagged shortfalls of a unit: what was lost, why, what to do (rubric-language.md:
 * deficiency; interfaces.md: kinds of flags). Computed for the unit asked, not stored.
 *
 * What explains an item's loss comes first and carries it in `lost`: a missing value is
 * not_reported (or placeholder, planned, approximate where that is why), a missing proof
 * no_evidence, anything else a shortfall; never two of these for one item. Further flags of the
 * item follow with lost 0.
 */
#ifndef KAOPING_DEFICIENCY_H
#define KAOPING_DEFICIENCY_H

#include "model/result.h"

#define GATE_NONE UINT32_MAX

struct deficiency {
    uint32_t member; /* the item; MEMBER_NONE for a gate or the unit itself */
    uint32_t gate;   /* of kind unanswered; else GATE_NONE */
    enum flag kind;
    enum level severity;
    dec lost;           /* full marks less points, or 0 */
    const char *text;   /* translated, or the rubric's own; never NULL */
    const char *remedy; /* or NULL */
    int32_t due;        /* DATE_NONE: none */
};

typedef VEC(struct deficiency) deficiencies;

/* In sheet order, gates and the unit's own last. */
void deficiency_list(struct arena *a, const struct result *r, uint32_t unit, deficiencies *out);
/* Those of one member; those of gates and of the unit itself. The unit is not in error. */
void deficiency_member(struct arena *a, const struct result *r, uint32_t unit, uint32_t member,
                       deficiencies *out);
void deficiency_rest(struct arena *a, const struct result *r, uint32_t unit, deficiencies *out);
/* How many, without making them (fast). */
uint32_t deficiency_count_member(const struct result *r, uint32_t unit, uint32_t member);
uint32_t deficiency_count_rest(const struct result *r, uint32_t unit);
uint32_t deficiency_count(const struct result *r, uint32_t unit);
/* An item that is scored with fewer points falls short; DEC_NONE: it never does. */
dec deficiency_floor(const struct rubric *r, uint32_t item, uint32_t class);
const char *level_word(enum level level); /* "minor": never translated */

/* Titles where the rubric gives one, else the id. */
static inline const char *member_name(const struct member *m)
{
    return m->title ? m->title : m->id;
}
static inline const char *gate_name(const struct gate *g) { return g->title ? g->title : g->id; }

/* The day a deadline falls on for this rubric; DATE_NONE: none, or `issued` is not known. */
int32_t deadline_date(const struct rubric *r, const struct deadline *d);

/* The fields an item reads, in the order the rubric names them, each once. */
void item_fields(struct arena *a, const struct member *item, field_list *out);
/* The same, and what its condition reads. */
void item_reads(struct arena *a, const struct member *item, field_list *out);

#endif
