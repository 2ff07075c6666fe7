/*
 * report_compare.h - two results held against each other (analyse/compare.h), for people, for
 * spreadsheets, for programs.
 */
#ifndef KAOPING_REPORT_COMPARE_H
#define KAOPING_REPORT_COMPARE_H

#include "analyse/compare.h"
#include "base/buf.h"

struct compare_report {
    const struct comparison *comparison;
    struct arena *arena;
    bool what_if;     /* the old data were scored under the new rubric */
    const char *only; /* a class, or a unit's id or name: those in detail; NULL: all in short */
    int width;
    bool color;
    /* How many periods in a row, this one included, the item or gate of that id was flagged. */
    uint32_t (*periods)(void *context, const struct unit_pair *, const struct deficiency_change *);
    void *context;
};

void compare_table(const struct compare_report *, struct buf *out);
void compare_csv(const struct compare_report *, struct buf *out);
void compare_json(const struct compare_report *, struct buf *out);

/* ---- what these share with what is told of two published results ---- */

/* "+2.00", "-1.50", "0.00" */
const char *compare_signed(struct arena *, dec, int places);
/* "Duty · 2024 (5 units)"; period may be NULL. */
const char *compare_side(struct arena *, const char *title, const char *period, uint32_t n_units);
/* "3 → 1 ▲2"; 0: not ranked. Ranks in different classes are not held against each other. */
const char *compare_ranks(struct arena *, uint32_t then, uint32_t now, bool class_changed);
/* "good→poor", or the grade that stayed; NULL: none then nor now. */
const char *compare_grades(struct arena *, const char *then, const char *now);
/* Whether `only` means the unit. */
bool compare_means(const struct unit *, const char *only);

/* ---- what the three share ---- */

/* Whether `only` means the pair, by what it is now or was. */
bool compare_shown(const struct compare_report *, const struct unit_pair *);
/* NULL: none. */
const char *compare_grade(const struct result *, uint32_t unit);
/* Places of totals: the more of both rubrics. */
int compare_places(const struct comparison *);
/* How many of the fates there are, and of repeated ones the longest run of periods. */
struct compare_flags {
    uint32_t n[4]; /* by enum deficiency_fate */
};
struct compare_flags compare_count(struct arena *, const struct comparison *,
                                   const struct unit_pair *);
/* An item's points then and now; DEC_NONE: none. item: of the new rubric, or for ITEM_GONE of the
 * old one. */
struct item_change {
    enum item_fate fate;
    dec then, now, change;           /* change: of what is comparable */
    const struct cellres *old, *new; /* NULL: not on that sheet */
};
struct item_change compare_points(const struct comparison *, const struct unit_pair *,
                                  const struct class_pair *, uint32_t item, bool gone);

#endif
