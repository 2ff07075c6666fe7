/*
 * sums.h - from sums of items' points to the points of sections (tally.h).
 *
 * A section whose points are a dec whatever its items make is added up in decs; any other one is
 * left to the functions that the walk itself uses.
 */
#ifndef KAOPING_SUMS_H
#define KAOPING_SUMS_H

#include "bulk/lookup.h"
#include "bulk/tally.h"

/* What a plain section makes of a sum; false: it is more than a dec, or less than nothing. No
 * branch hangs on the cap: whether it is reached can hardly be foretold. */
static inline bool sums_plain(struct plain_section p, dec sum, dec *out)
{
    dec product;
    if (p.by == 0 || sum < 0 || __builtin_mul_overflow(sum, p.times, &product)) {
        return false;
    }
    uint64_t points = (uint64_t)product;
    if (p.parts.by > 0) {
        uint64_t whole = divide(points, p.parts), rest = points - whole * p.parts.by;
        if (rest != 0 && p.places < 0) {
            return false;
        }
        points = whole + (2 * rest >= p.parts.by);
    }
    bool capped = (dec)points >= p.cap;
    if (p.steps.by > 0) {
        uint64_t half = p.steps.by / 2;
        if (points > (uint64_t)DEC_MAX - half) {
            return false;
        }
        points = divide(points + half, p.steps) * p.steps.by;
    }
    *out = capped ? p.capped : (dec)points;
    return true;
}

/* Before a unit's items are added up. */
void sums_forget(struct tally *t, const struct tables *tables);
/* Sets what the walk has of each section, the root among them, from tables->points; without bounds
 * as if nothing were missing. False: one of them is beyond all numbers. */
bool sums_add_sections(struct tally *t, const struct tables *tables, bool bounds);
/* Points of sections, of a row of a batch whose state is BATCH_ALL or BATCH_PLAIN. */
void sums_take_points(struct tally *t, const struct batch *b, uint32_t row);
/* The same for a row of a batch whose state is BATCH_ALL: as much of it as an outcome asks for. */
void sums_take_sections(struct tally *t, const struct batch *b, uint32_t row);

#endif
