/*
 * emit.h - units in print order, taken from what is kept of them or scored once more, and written
 * by the report's own writers.
 */
#ifndef KAOPING_EMIT_H
#define KAOPING_EMIT_H

#include "base/sys.h"
#include "bulk/bulk.h"
#include "bulk/stand.h"

/* All outputs; false: nothing was written. data: what is read, unless it is in memory. */
bool emit_all(const struct stands *s, struct arena *a, const struct bulk_options *o,
              const struct sys_mapped *data, unsigned jobs);

#endif
