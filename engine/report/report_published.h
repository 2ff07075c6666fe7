/*
 * report_published.h - two results as they were given out, held against each other
 * (analyse/compare_published.h): for people, for spreadsheets, for programs.
 */
#ifndef KAOPING_REPORT_PUBLISHED_H
#define KAOPING_REPORT_PUBLISHED_H

#include "analyse/compare_published.h"
#include "base/buf.h"

struct published_report {
    const struct published_comparison *comparison;
    struct arena *arena;
    const char *only; /* a class, or a unit's id or name: those in detail; NULL: all in short */
    int width;
    bool color;
};

void published_table(const struct published_report *, struct buf *out);
void published_csv(const struct published_report *, struct buf *out);
void published_json(const struct published_report *, struct buf *out);

/* ---- what the three share ---- */

/* Whether `only` means the pair, by what it is now or was. */
bool published_shown(const struct published_report *, const struct published_pair *);
/* Of both totals the more places. */
int published_places(const struct published_unit *, const struct published_unit *);
/* A change of points, with the places of both. */
int published_item_places(const struct published_item *);

#endif
