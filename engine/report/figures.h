/*
 * figures.h - figures and words as all outputs show them: places, states, values, claims.
 *
 * Texts made here live in the arena given.
 */
#ifndef KAOPING_FIGURES_H
#define KAOPING_FIGURES_H

#include "report/report.h"

/* Whether --only and --top let the unit be printed. */
bool figures_shown(const struct report *, uint32_t unit);

/* Places that points of a member, or the total, are shown with; DEC_EXACT: as many as needed. */
int figures_places(const struct rubric *, uint32_t member);
/* So many places, or as many as needed where these do not show all of it: a gate's cap of 59.5
 * stays 59.5 although totals are whole. */
int figures_enough(dec d, int places);
/* With those places, or as many as needed; "–" for DEC_NONE. */
const char *figures_shown_dec(struct arena *, dec d, int places);
/* Text of points, of a total; "–" for DEC_NONE. */
const char *figures_points(struct arena *, const struct rubric *, uint32_t member, dec points);
const char *figures_total(struct arena *, const struct rubric *, dec total);
/* "20", "0.5": as many places as needed. */
const char *figures_number(struct arena *, dec d);
/* "96.50%"; "–" for DEC_NONE. */
const char *figures_percent(struct arena *, dec d);

/* Any text of the user's files for a terminal, on one line: line ends are spaces, what a terminal
 * would act on is escaped (text_safe). */
const char *figures_safe(struct arena *, const char *text);
/* Whether the member is top, or in it; top MEMBER_NONE: everything is. */
bool figures_within(const struct rubric *, uint32_t member, uint32_t top);

/* "竹峰街道", or the id where there is no name. */
const char *figures_unit(const struct table *, uint32_t unit);
/* The class's name, or NULL where the data have no classes. */
const char *figures_class(const struct table *, uint32_t unit);
/* The grade's name; NULL for GRADE_NONE. */
const char *figures_grade(const struct rubric *, uint32_t grade);

/* The values an item read: "9", "17 / 20", or "成立领导小组 是; 印发文件 否". NULL: nothing was
 * submitted in any of its cells. */
const char *figures_value(struct arena *, const struct result *, uint32_t unit, uint32_t item);

/* The id of the section a member stands in; NULL where it stands in none but the rubric itself. */
const char *figures_section(const struct rubric *, uint32_t member);
/* A member's title for people; bonus and deductions without one are called so. */
const char *figures_title(const struct rubric *, uint32_t member);

/* What of an item's full marks applied to the unit. */
dec figures_item_due(const struct result *, uint32_t unit, uint32_t item);

/* What the unit itself said does not apply: an item and the field it reads; with the reason or
 * NULL. */
struct claim {
    uint32_t unit, item, field;
    const char *reason;
};
typedef VEC(struct claim) claims;
/* Of one unit, in sheet order. */
void figures_claims(struct arena *, const struct result *, uint32_t unit, claims *out);

/* "total 97.78, without waivers 88.00": the second only where one counts. */
const char *figures_totals(struct arena *, const struct result *, uint32_t unit);
/* Why a unit has no rank, translated. */
const char *figures_why_unranked(struct arena *, const struct result *, uint32_t unit);
/* "20% × 9 = 1.8 → 1", or the count. */
const char *figures_quota(struct arena *, const struct rubric *, const struct quota_use *);

#endif
