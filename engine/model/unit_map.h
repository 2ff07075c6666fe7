/*
 * unit_map.h - what became of units from one period to the next where their ids do not say it
 * (docs/years.md, Units that changed).
 *
 *   {old: [jiefang], new: [xincheng]}          renamed: held against each other
 *   {old: [dongshan, xishan], new: [lianshan]} merged: nothing is subtracted
 *   {old: [beihu], new: [beihu, nanhu]}        split: nothing is subtracted
 */
#ifndef KAOPING_UNIT_MAP_H
#define KAOPING_UNIT_MAP_H

#include "base/arena.h"

#include <stdint.h>

struct unit_change {
    VEC(uint32_t) old, new; /* units of the two tables */
};

struct unit_map {
    VEC(struct unit_change) list;
};

#endif
