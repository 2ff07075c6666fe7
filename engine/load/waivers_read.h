/*
 * waivers_read.h - what the readers of waiver files hand over (private to waivers*.c).
 */
#ifndef KAOPING_WAIVERS_READ_H
#define KAOPING_WAIVERS_READ_H

#include "base/diag.h"

enum waiver_key {
    WAIVER_KEY_UNIT,
    WAIVER_KEY_ITEM,
    WAIVER_KEY_EFFECT,
    WAIVER_KEY_REASON,
    WAIVER_KEY_APPROVED_BY,
    WAIVER_KEY_UNTIL,
    N_WAIVER_KEYS
};

extern const char *const waiver_keys[]; /* by enum waiver_key, ends with NULL */

/* One waiver as it is written: trimmed, empty where nothing stands. */
struct waiver_given {
    str text[N_WAIVER_KEYS];
    span at[N_WAIVER_KEYS];  /* where the text is, or would be */
    bool bad[N_WAIVER_KEYS]; /* it was reported */
    span whole;
    uint32_t errors; /* that there were before it */
};

struct waiver_reader {
    struct arena *arena;
    struct diag *diag;
    void (*take)(void *context, const struct waiver_given *);
    void *context;
};

/* False after a finding about the file as a whole. */
bool waivers_read(const struct waiver_reader *, const struct source *);

#endif
