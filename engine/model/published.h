/*
 * published.h - a result as it was given out: what `kaoping score --format json` says, read back.
 *
 * It has every figure and no definition: by which rule an item was scored only the digests of the
 * rubric and its scripts tell, and only whether two are the same.
 */
#ifndef KAOPING_PUBLISHED_H
#define KAOPING_PUBLISHED_H

#include "model/table.h"

/* A section or an item of a unit. */
struct published_part {
    const char *id;
    bool is_item;
    dec points; /* DEC_NONE: none */
    int places; /* they were given out with so many */
};

/* What a unit was flagged for. */
struct published_flag {
    const char *subject; /* id of the item or gate; "": the unit itself */
    const char *kind;    /* "shortfall" */
};

struct published_unit {
    const char *state; /* "ranked" */
    const char *grade; /* or NULL */
    dec total;         /* DEC_NONE: none */
    int places;
    uint32_t rank, ranked; /* 0: it has no rank */
    VEC(struct published_part) parts;
    VEC(struct published_flag) flags;
};

struct published_title {
    const char *id, *title;
};

struct published {
    const struct source *source;
    const char *rubric, *title, *period; /* period may be NULL */
    const char *digest;                  /* of the rubric; NULL: the result does not say */
    const char *scripts;                 /* the digests of its scripts, a line each */
    VEC(struct published_title) titles;  /* of sections and items */
    struct table *table;                 /* ids, names, classes of the units; no fields */
    VEC(struct published_unit) units;    /* likewise, in the order of the file */
};

#endif
