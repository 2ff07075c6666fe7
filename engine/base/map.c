/*
 * map.c - a hash map from text to a number: open addressing with linear probing, at most three
 * quarters full. Slots with a NULL key are free; nothing is ever taken out.
 */
#include "base/map.h"

#include <assert.h>
#include <string.h>

/* FNV-1a: keys are short names, and where they land never shows. */
static uint32_t hash_of(str key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.n; i++) {
        hash = (hash ^ (unsigned char)key.at[i]) * 16777619u;
    }
    return hash ^ hash >> 15; /* the low bits choose the slot; FNV mixes the high ones better */
}

/* The slot of the key, or the free one where it would stand. There is always a free one. */
static struct map_slot *find(const struct map *m, str key, uint32_t hash)
{
    uint32_t i = hash & (m->capacity - 1);
    for (;; i = (i + 1) & (m->capacity - 1)) {
        struct map_slot *slot = &m->slots[i];
        if (slot->key == NULL) {
            return slot;
        }
        if (slot->hash == hash && str_eq((str){slot->key, slot->n}, key)) {
            return slot;
        }
    }
}

uint32_t map_get(const struct map *m, str key)
{
    if (m->n == 0) {
        return MAP_NONE;
    }
    const struct map_slot *slot = find(m, key, hash_of(key));
    return slot->key != NULL ? slot->value : MAP_NONE;
}

static void grow(struct arena *a, struct map *m)
{
    struct map larger = {.n = m->n, .capacity = m->capacity == 0 ? 16 : m->capacity * 2};
    assert(larger.capacity > m->capacity);
    larger.slots = ARENA_ARRAY(a, struct map_slot, larger.capacity);
    for (uint32_t i = 0; i < m->capacity; i++) {
        const struct map_slot *old = &m->slots[i];
        if (old->key != NULL) {
            *find(&larger, (str){old->key, old->n}, old->hash) = *old;
        }
    }
    *m = larger;
}

uint32_t map_put(struct arena *a, struct map *m, str key, uint32_t value)
{
    assert(key.n < UINT32_MAX);
    if (m->n >= m->capacity / 4 * 3) {
        grow(a, m);
    }
    uint32_t hash = hash_of(key);
    struct map_slot *slot = find(m, key, hash);
    if (slot->key != NULL) {
        return slot->value;
    }
    const char *at = key.at != NULL ? key.at : ""; /* the empty text is a key like others */
    *slot = (struct map_slot){at, (uint32_t)key.n, hash, value};
    m->n++;
    return value;
}
