/*
 * unit_map_parts.h - what the two readers of a map of units share (private to unit_map*.c).
 */
#ifndef KAOPING_UNIT_MAP_PARTS_H
#define KAOPING_UNIT_MAP_PARTS_H

#include "load/unit_map_load.h"

enum { MAP_OLD, MAP_NEW };

struct map_loading {
    struct arena *arena;
    struct diag *diag;
    const struct table *tables[2]; /* the old one, the new one */
    span *taken[2];                /* by unit: where it stands in the map; all-zero: nowhere */
};

/* The unit of that id; UNIT_NONE after a finding. */
uint32_t map_unit(struct map_loading *l, str id, span at, int side);
/* The finding that several units became several. */
void map_many(struct map_loading *l, span at, uint32_t n_old, uint32_t n_new);

/* unit_map_csv.c */
void map_read_csv(struct map_loading *l, const struct source *s, struct unit_map *out);

#endif
