/*
 * compare_published.h - two results as they were given out, held against each other.
 *
 * They say nothing about definitions. So there is one rule: if rubric and scripts are the same, by
 * their digests, every figure is comparable and the unit did all of a change; if they are not,
 * nothing is subtracted, and what changed is shown as it was then and as it is now. Which part of a
 * change the rubric did can only be told with the rubrics (compare.h).
 */
#ifndef KAOPING_COMPARE_PUBLISHED_H
#define KAOPING_COMPARE_PUBLISHED_H

#include "analyse/compare.h"
#include "model/published.h"

struct published_pair {
    enum fate fate;
    uint32_t unit;      /* of the new result; UNIT_NONE: gone */
    VEC(uint32_t) olds; /* of the old result */
    bool class_changed; /* of one that is held against one */
};

/* A class of the new result, or one that is only in the old one. */
struct published_class {
    const char *name;
    uint32_t n_old, n_new;
    VEC(uint32_t) pairs; /* whose unit (published_unit_of) is of this class */
};

struct published_comparison {
    const struct published *old, *new;
    bool same_rubric;
    VEC(struct published_pair) pairs; /* in the order of the new result, then those that are gone */
    VEC(struct published_class) classes;
};

/* map: of the results' tables; may be empty. */
void compare_published(struct arena *a, const struct published *old, const struct published *new,
                       const struct unit_map *map, struct published_comparison *out);

/* A section or item of a pair that is one; old or new may be NULL: not on that sheet. */
struct published_item {
    const struct published_part *old, *new;
    dec change; /* DEC_NONE: not comparable, or no figure */
};
typedef VEC(struct published_item) published_items;
/* In the order of the new result; then what the old one alone has. */
void compare_published_items(struct arena *a, const struct published_comparison *c,
                             const struct published_pair *p, published_items *out);

/* New less old where that may be subtracted and both are there; else DEC_NONE. */
dec compare_published_change(const struct published_comparison *c, const struct published_pair *p,
                             dec old, dec new);
/* How many items, gates or the unit itself are flagged now and were not, still are, no longer are:
 * by enum deficiency_fate; what is not asked about any more cannot be told. */
void compare_published_flags(const struct published_comparison *c, const struct published_pair *p,
                             uint32_t n[3]);

/* The unit as the new result has it; one that is gone, as the old one had it. */
const struct unit *published_unit_of(const struct published_comparison *,
                                     const struct published_pair *);

static inline bool published_is_one(const struct published_pair *p)
{
    return p->fate == FATE_SAME || p->fate == FATE_RENAMED;
}

#endif
