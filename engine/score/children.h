/*
 * children.h - figures of the subordinate units, from the result: theirs are all there when a unit
 * is scored, since levels are scored from below (struct tree, model/table.h).
 *
 * A child without a figure (in error, not applicable, the member not on its sheet) leaves. One that
 * is incomplete has its figure; only a place it has none.
 */
#ifndef KAOPING_CHILDREN_H
#define KAOPING_CHILDREN_H

#include "score/walk.h"

/* Places of units in their class, made of a class when it is first asked for: then all of its
 * units are scored. The arrays are filled in wherever the question comes up, in each worker for
 * itself. */
struct places {
    uint32_t *place;  /* [n_units] 0: none */
    uint32_t *behind; /* [n_units] how many of the class stand behind it */
    uint32_t *ranked; /* [n_groups] */
    bool *known;      /* [n_groups] */
};

struct places *places_new(struct arena *a, const struct table *t);

struct child_range {
    const uint32_t *units;
    uint32_t n;
};

/* All of the unit, by id; none where the rubric reads no subordinate units. */
struct child_range children_of(const struct table *t, uint32_t unit);

/* The total, or a member's points; DEC_NONE: it has none. */
dec child_points(const struct context *c, uint32_t child, uint32_t member);
/* Of how many; 0: it is not on that unit's sheet. */
dec child_full(const struct context *c, uint32_t child, uint32_t member);

/* Place in its class, by the ranking's rules; 0: none. behind: how many stand behind it; of: how
 * many have a place. */
uint32_t child_place(const struct context *c, uint32_t child, uint32_t *behind, uint32_t *of);

/* What is made of the figures of all children; false: none of them has one. */
bool children_figure(const struct context *c, enum child_figure figure, uint32_t member, wide *out);

/* The lines of an explanation: each child that the item looks at. */
void children_say(struct walk *w, const struct op *op);
/* What the item's condition reads of them. */
void children_say_condition(struct walk *w, uint32_t member, const struct cond *c);

#endif
