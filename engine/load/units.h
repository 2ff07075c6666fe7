/*
 * units.h - from data files to a table: CSV, YAML, JSON; several files at once, merged by unit.
 */
#ifndef KAOPING_UNITS_H
#define KAOPING_UNITS_H

#include "base/diag.h"
#include "model/table.h"

struct units_options {
    bool ignore_unknown; /* unknown columns and keys are warnings */
    /* Files that were given for one of the rubric's periods each. */
    const struct period_file *period_files;
    uint32_t n_period_files;
};

/*
 * Reads all sources into one table: cells by the type of their field, the same unit merged over
 * files, contradictions found. The format is told by the name (.csv, .json, .yaml, .yml), else by
 * the first character. Units with an error finding are marked bad. Units are in the order of first
 * appearance.
 *
 * Where the rubric is made of periods, each has a table of its own, table->periods: of the files
 * given for it, and of the rows elsewhere that say they are of it. All of their units are units of
 * the year. A unit that is bad in one of them is bad.
 */
struct table *units_load(struct arena *a, struct diag *d, const struct rubric *r,
                         const struct source *const *sources, uint32_t n_sources,
                         const struct units_options *options);

/*
 * Reads the data of the period before as now->previous: only the units of `now`, matched as several
 * files are. What its fields are is this rubric's to say; columns and items that it does not know
 * are passed over, whatever is not there is not asked for, and no value is out of range. A unit
 * with an error there is marked bad in `now`.
 */
void units_load_previous(struct arena *a, struct diag *d, struct table *now,
                         const struct source *const *sources, uint32_t n_sources,
                         const struct units_options *options);

struct node;

/* The same from maps of fields and their values, one for each unit of `now` or NULL; here unknown
 * fields are errors. */
void units_previous_of_nodes(struct arena *a, struct diag *d, struct table *now,
                             const struct source *s, struct node *const *values);

/* Units that stand in another document, such as a test's case and the units beside it: maps as a
 * YAML data file has them, read in the same way. names[i] is what unit i is called if it has
 * neither id nor name. Fields that none of them has are no findings. */
struct table *units_of_nodes(struct arena *a, struct diag *d, const struct rubric *r,
                             const struct source *s, struct node *const *units,
                             const char *const *names, uint32_t n);
/* The keys that such a map may have; ends with NULL. */
extern const char *const unit_keys[];

#endif
