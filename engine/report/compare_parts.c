/* compare_parts.c - what the outputs of a comparison share: see report_compare.h. */
#include "report/report_compare.h"

#include "base/i18n.h"
#include "report/figures.h"

#include <string.h>

/* ---- texts ---- */

const char *compare_signed(struct arena *a, dec d, int places)
{
    const char *text = figures_shown_dec(a, d, places);
    return d != DEC_NONE && d > 0 ? arena_printf(a, "+%s", text) : text;
}

const char *compare_side(struct arena *a, const char *title, const char *period, uint32_t n_units)
{
    return period ? arena_printf(a, _("%s · %s (%u units)"), title, period, n_units)
                  : arena_printf(a, _("%s (%u units)"), title, n_units);
}

const char *compare_ranks(struct arena *a, uint32_t then, uint32_t now, bool class_changed)
{
    const char *before = then ? arena_printf(a, "%u", then) : "–";
    const char *after = now ? arena_printf(a, "%u", now) : "–";
    if (!then || !now || class_changed) {
        return arena_printf(a, "%s → %s", before, after);
    }
    if (then == now) {
        return arena_printf(a, "%s → %s  =", before, after);
    }
    return then > now ? arena_printf(a, "%s → %s ▲%u", before, after, then - now)
                      : arena_printf(a, "%s → %s ▼%u", before, after, now - then);
}

const char *compare_grades(struct arena *a, const char *then, const char *now)
{
    if (!then && !now) {
        return NULL;
    }
    if (then && now && strcmp(then, now) == 0) {
        return now;
    }
    return arena_printf(a, "%s→%s", then ? then : "–", now ? now : "–");
}

/* ---- what is shown ---- */

bool compare_means(const struct unit *u, const char *only)
{
    return strcmp(u->id, only) == 0 || strcmp(u->name, only) == 0 ||
           strcmp(u->class_name, only) == 0;
}

bool compare_shown(const struct compare_report *r, const struct unit_pair *p)
{
    const struct comparison *c = r->comparison;
    bool shown = !r->only || (p->unit != UNIT_NONE &&
                              compare_means(&c->new->table->units.at[p->unit], r->only));
    for (uint32_t i = 0; i < p->olds.n; i++) {
        shown = shown || compare_means(&c->old->table->units.at[p->olds.at[i]], r->only);
    }
    return shown;
}

const char *compare_grade(const struct result *r, uint32_t unit)
{
    uint32_t grade = r->outcomes[unit].grade;
    return grade == GRADE_NONE ? NULL : r->rubric->grades.at[grade].name;
}

int compare_places(const struct comparison *c)
{
    int old = c->old->rubric->round_total, new = c->new->rubric->round_total;
    return old == DEC_EXACT || new == DEC_EXACT ? DEC_EXACT : old > new ? old : new;
}

struct compare_flags compare_count(struct arena *a, const struct comparison *c,
                                   const struct unit_pair *p)
{
    struct compare_flags flags = {{0}};
    deficiency_changes list = {0};
    if (pair_is_one(p)) {
        compare_deficiencies(a, c, p, &list);
    }
    for (uint32_t i = 0; i < list.n; i++) {
        flags.n[list.at[i].fate]++;
    }
    return flags;
}

struct item_change compare_points(const struct comparison *c, const struct unit_pair *p,
                                  const struct class_pair *k, uint32_t item, bool gone)
{
    struct item_change change = {.fate = gone ? compare_gone(c, k, item) : compare_item(c, k, item),
                                 .then = DEC_NONE,
                                 .now = DEC_NONE,
                                 .change = DEC_NONE};
    if (!gone && (change.fate == ITEM_COMPARABLE || change.fate == ITEM_CHANGED)) {
        change.old = result_member(c->old, p->olds.at[0], c->diff.members[item].old);
    } else if (gone && change.fate == ITEM_GONE) {
        change.old = result_member(c->old, p->olds.at[0], item);
    }
    if (!gone && change.fate != ITEM_OFF) {
        change.new = result_member(c->new, p->unit, item);
    }
    change.then = change.old ? change.old->points : DEC_NONE;
    change.now = change.new ? change.new->points : DEC_NONE;
    if (change.fate == ITEM_COMPARABLE && change.then != DEC_NONE && change.now != DEC_NONE) {
        change.change = dec_sub(change.now, change.then);
    }
    return change;
}
