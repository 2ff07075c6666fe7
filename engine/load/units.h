/*
 * units.h - from data files to a table: CSV, YAML, JSON; several files at once, merged by unit.
 */
#ifndef KAOPING_UNITS_H
#define KAOPING_UNITS_H

#include "base/diag.h"
#include "model/table.h"

struct units_options {
    bool ignore_unknown; /* unknown columns and keys are warnings */
};

/*
 * Reads all sources into one table: cells by the type of their field, the same unit merged over
 * files, contradictions found. The format is told by the name (.csv, .json, .yaml, .yml), else by
 * the first character. Units with an error finding are marked bad. Units are in the order of first
 * appearance.
 */
struct table *units_load(struct arena *a, struct diag *d, const struct rubric *r,
                         const struct source *const *sources, uint32_t n_sources,
                         const struct units_options *options);

#endif
