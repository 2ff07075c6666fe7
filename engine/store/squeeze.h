/* squeeze.h - bytes made smaller by zlib, and back. The result begins with the size of the whole.
 */
#ifndef KAOPING_SQUEEZE_H
#define KAOPING_SQUEEZE_H

#include "base/arena.h"
#include "base/buf.h"

enum squeeze_level { SQUEEZE_FAST = 1, SQUEEZE_WELL = 4 };

void squeeze(const void *at, size_t n, enum squeeze_level level, struct buf *out);

/* The whole, NUL-terminated beyond *whole; NULL: these bytes were not made by squeeze, or were
 * changed (the checksum of zlib does not fit). In arena a. */
char *unsqueeze(struct arena *a, const void *at, size_t n, size_t *whole);

#endif
