/* comparing_results.h - compare OLD.json NEW.json: the part of `kaoping compare` for results. */
#ifndef KAOPING_COMPARING_RESULTS_H
#define KAOPING_COMPARING_RESULTS_H

#include "cli/options.h"

struct results_options {
    const struct common *common;
    const char *units, *only; /* the map's file, or NULL; as for any comparison */
    size_t format;            /* 0 table, 1 CSV, 2 JSON */
};

/* Whether the name is that of a result: no run of an archive is called so. */
bool results_named(const char *name);
/* Returns the exit status. */
int results_compare(struct arena *a, const struct command *c, char **names,
                    const struct results_options *o);

#endif
