/*
 * unit_map_load.h - the file that says which units were renamed, merged or split between two
 * periods. In YAML or JSON `units:` is a list of {old: [ids], new: [ids]}; one id needs no
 * brackets. In CSV (unit_map_csv.c) each row is an old id and a new one.
 */
#ifndef KAOPING_UNIT_MAP_LOAD_H
#define KAOPING_UNIT_MAP_LOAD_H

#include "base/diag.h"
#include "model/table.h"
#include "model/unit_map.h"

/* False after findings: an id that its period does not have, one that stands twice, several old
 * ones that became several new ones. */
bool unit_map_load(struct arena *a, struct diag *d, const char *path, const struct table *old,
                   const struct table *new, struct unit_map *out);

#endif
