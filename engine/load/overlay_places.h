/*
 * overlay_places.h - what a base has, found by id, while an overlay is put over it.
 *
 *   places   in the order of the file: 0 item a | 1 section s | 2 item b in s | 3 gate g | 4 field
 * f
 *
 * First `remove` takes away, then the overlay's keys are put over what is left (overlay_merge.c):
 * so an element that is removed and given again is a new one, wherever it stands then.
 */
#ifndef KAOPING_OVERLAY_PLACES_H
#define KAOPING_OVERLAY_PLACES_H

#include "load/loader.h"

enum element_kind { KIND_ITEM, KIND_SECTION, KIND_GATE, KIND_FIELD, KIND_EXTRA, N_ELEMENT_KINDS };

struct place {
    enum element_kind kind;
    struct node *node;
    span at;         /* its id */
    uint32_t parent; /* the place of the section it stands in, or PLACE_NONE: the rubric's own */
    bool removed, touched;
};

#define PLACE_NONE UINT32_MAX

struct merge {
    struct loader *l;
    struct node *base;
    VEC(struct place) places;
    struct map members, fields; /* id -> place; items, sections, gates and bonus share one set */
    uint32_t n_unknown;
};

/* A map's pair of that key, or NULL; nothing is marked as used. */
struct node_pair *pair_of(const struct node *map, const char *key);
/* An element's id, or NULL. */
struct node *id_of(const struct node *element);
void drop_pair(struct node *map, uint32_t pair);

void find_places(struct merge *m);
/* The place of that id which is still there; NULL if there is none. */
struct place *find_place(struct merge *m, const struct map *ids, str id);
/* "an item", for messages. */
const char *place_kind(enum element_kind kind);
/* Among ids of these kinds (bits) the nearest, or NULL. */
const char *nearest_place(struct merge *m, str name, unsigned kinds);

/* The overlay's own `remove`, and that of an element: keys of the base's element. */
void remove_listed(struct merge *m, struct node *list);
void remove_keys(struct merge *m, struct node *element, struct node *list);

#endif
