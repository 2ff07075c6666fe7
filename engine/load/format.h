/* format.h - which syntax a file is in: by its name (.csv, .tsv, .json, .ndjson, .jsonl, .yaml,
 * .yml), else by how it begins. */
#ifndef KAOPING_FORMAT_H
#define KAOPING_FORMAT_H

#include "base/source.h"

enum format { FORMAT_CSV, FORMAT_JSON, FORMAT_NDJSON, FORMAT_YAML };

/* head: the key that such a file begins with as YAML, "units:". */
enum format format_of(const struct source *s, const char *head);

#endif
