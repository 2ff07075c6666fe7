/*
 * published_load.h - reads a result that `kaoping score --format json` wrote (model/published.h).
 */
#ifndef KAOPING_PUBLISHED_LOAD_H
#define KAOPING_PUBLISHED_LOAD_H

#include "base/diag.h"
#include "model/published.h"

/* NULL after findings: it is no result, of another version, or says what no result can. Keys that
 * nobody knows are passed over: an extension adds keys. */
struct published *published_load(struct arena *a, struct diag *d, const char *path);

#endif
