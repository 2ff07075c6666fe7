/*
 * emit.h - units in print order, scored once more and written by the report's own writers.
 */
#ifndef KAOPING_EMIT_H
#define KAOPING_EMIT_H

#include "bulk/bulk.h"
#include "bulk/stand.h"

/* All outputs; false: nothing was written. */
bool emit_all(const struct stands *s, struct arena *a, const struct bulk_options *o, unsigned jobs);

#endif
