/*
 * map.h - a hash map from text to a number (an index). Open addressing, keys are not copied: they
 * must outlive the map.
 */
#ifndef KAOPING_MAP_H
#define KAOPING_MAP_H

#include "base/arena.h"
#include "base/text.h"

#define MAP_NONE UINT32_MAX

struct map_slot {
    const char *key;
    uint32_t n, hash, value;
};

struct map {
    struct map_slot *slots;
    uint32_t n, capacity; /* capacity: 0 or a power of two */
};

/* The value of the key, or MAP_NONE. */
uint32_t map_get(const struct map *m, str key);
/* Adds the key unless it is there; returns the value that stands then (the old one, if any). */
uint32_t map_put(struct arena *a, struct map *m, str key, uint32_t value);

#endif
