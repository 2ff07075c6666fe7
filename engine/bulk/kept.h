/*
 * kept.h - what the columns ask for of a unit, kept when it is scored: nothing is kept of its
 * packed row then, and writing the unit neither scores it once more nor looks at the text.
 *
 *   row     [ head | cells ... ]                         in the order of the data
 *   kept    [ state | total | s1 | s2 | ... | who has deficiencies | id | name ]     by class
 *
 * Units of a class stand together, so that writing them in the order of their ranks stays within
 * what a processor's cache holds. Only figures are kept: where a column wants words about the
 * unit's items, its cells stay and it is scored again.
 *
 * Memory decides how long this takes, so figures are counted in the steps that they are rounded to,
 * in four bytes. A unit with one that is more than that, or between two steps, keeps all of them as
 * they are, elsewhere (far).
 */
#ifndef KAOPING_KEPT_H
#define KAOPING_KEPT_H

#include "base/divisor.h"
#include "bulk/store.h"
#include "model/result.h"
#include "report/csv_columns.h"

#define KEPT_LINE 64U /* bytes that go to memory together */

struct keeping {
    bool on;                     /* figures are all that is asked for */
    bool says;                   /* deficiencies among them */
    bool items;                  /* items' points among them */
    bool bounds;                 /* what was reported, or what the total might be, among them */
    const uint16_t *figures;     /* [n_figures] offsets of decs in struct outcome */
    const uint32_t *members;     /* [n_members] whose points are asked for */
    const struct divisor *steps; /* [n_figures + n_members] in 10^-8; NULL: all are as they are */
    uint32_t n_figures, n_members, n_gates;
    uint32_t n_words; /* of 64 members each: who has deficiencies */
    uint32_t names;   /* where id and name stand, and ... */
    uint32_t size;    /* bytes of one unit: whole lines of a cache */
    uint32_t far;     /* bytes of its figures as they are; 0: that is how they are kept */
};

/* What a result of one unit does not say: */
struct kept_says {
    uint64_t *members; /* [n_words] bits of those who have deficiencies */
    uint32_t n;        /* deficiencies, those of the unit itself among them */
};

/* columns: NULL asks for all that there is. names_most: room for id and name; those that take more
 * are read again. */
struct keeping kept_layout(struct arena *a, const struct rubric *r,
                           const struct csv_columns *columns, uint32_t names_most);
/* Where a unit is kept. */
struct kept_at {
    char *kept; /* [keeping.size] at the beginning of a line */
    char *far;  /* [keeping.far] */
};

/* Units on their way: they are made here, and go to memory in whole lines. That is when the next
 * one is made: what was written just now could not be read as fast. */
struct kept_room {
    char *made, *before; /* [keeping.size] */
    char *to;            /* of the one before; NULL: there is none */
};

struct kept_room kept_room_new(struct arena *a, const struct keeping *k);
/* The result's only unit, whose packed row begins with head. */
void kept_put(const struct keeping *k, const struct store *s, const struct packed *head,
              const struct result *r, const struct kept_says *says, struct kept_room *room,
              struct kept_at to);
/* All that was put goes where it belongs. */
void kept_done(const struct keeping *k, struct kept_room *room);
/* Back into a result: the outcome's figures and state, gates, points of members that are asked for.
 */
void kept_take(const struct keeping *k, struct kept_at from, struct result *r,
               struct kept_says *says);
/* Id and name of the unit; they live as long as what is kept, or as the arena. */
void kept_names(struct arena *a, const struct keeping *k, const struct store *s, const char *kept,
                const char **id, const char **name);

#endif
