/*
 * waiver.h - what a unit is excused from: decisions of an office about single items or whole
 * sections, in a file of their own (docs/methods.md, Waivers).
 *
 *   waivers: {unit 3, section study, until 2024-06-30}  expired    } item sessions of unit 3:
 *            {unit 3, item sessions}                               } this one, the nearest
 *            {unit 7, item drills}
 *
 * They stand in the table sorted by unit and member, those that have expired behind the others, so
 * that a walk looks its unit's up once, and a table without any costs nothing.
 */
#ifndef KAOPING_WAIVER_H
#define KAOPING_WAIVER_H

#include "base/arena.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

struct rubric;

enum waiver_effect { WAIVER_NOT_APPLICABLE, WAIVER_FULL };

struct waiver {
    uint32_t unit, member;            /* an item, or a section: all that is in it */
    enum waiver_effect effect;        /* what its item's policy says, or full marks */
    bool expired;                     /* it does not count */
    int32_t until;                    /* a day that is included; DATE_NONE: the whole period */
    const char *reason, *approved_by; /* never NULL */
    span at;
};

/* Those of one unit. */
struct waivers {
    const struct waiver *at;
    uint32_t n;
};

struct waivers waivers_of(struct waivers all, uint32_t unit);
/* The waiver of the item itself, or of the nearest section around it, that counts; if none does,
 * one that has expired; NULL: none. `own` are those of the unit. */
const struct waiver *waiver_of(struct waivers own, const struct rubric *r, uint32_t item);
/* Whether any of the unit's counts. */
bool waivers_count(struct waivers own);

const char *waiver_effect_word(enum waiver_effect effect); /* "full": never translated */
/* "not applicable: 无网站; approved by 区考核办, until 2025-12-31", translated, in arena a. */
const char *waiver_text(struct arena *a, const struct waiver *w);

#endif
