/*
 * report_published.c - two results as they were given out, for people at a terminal.
 *
 *   duty_2024 · 2024 (5 units) → duty_2024 · 2025 (5 units)
 *   One rubric, by its digest: a change of a total is what the unit did.
 *
 *   street: 5 now, 5 before
 *     rank         unit         then    now  change  grade      flags
 *     3 → 1 ▲2     竹峰街道    87.25  90.00   +2.75  良好→优秀  +0 -1 =2
 */
#include "report/report_published.h"

#include "base/i18n.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/report_compare.h"
#include "report/wrap.h"

#include <string.h>

struct view {
    const struct published_report *report;
    const struct published_comparison *c;
    struct arena *arena;
    struct buf *out;
};

/* ---- what the three share ---- */

bool published_shown(const struct published_report *r, const struct published_pair *p)
{
    const struct published_comparison *c = r->comparison;
    bool shown = !r->only || (p->unit != UNIT_NONE &&
                              compare_means(&c->new->table->units.at[p->unit], r->only));
    for (uint32_t i = 0; i < p->olds.n; i++) {
        shown = shown || compare_means(&c->old->table->units.at[p->olds.at[i]], r->only);
    }
    return shown;
}

int published_places(const struct published_unit *a, const struct published_unit *b)
{
    return a->places > b->places ? a->places : b->places;
}

int published_item_places(const struct published_item *item)
{
    int old = item->old ? item->old->places : 0, new = item->new ? item->new->places : 0;
    return old > new ? old : new;
}

/* ---- lines ---- */

static void say(const struct view *v, const char *text, const char *mark, int indent)
{
    wrap_line(v->out, figures_safe(v->arena, text), mark, indent, v->report->width);
}

static void head(const struct view *v, const char *text)
{
    buf_char(v->out, '\n');
    grid_styled(v->out, GRID_BOLD, v->report->color, figures_safe(v->arena, text));
    buf_char(v->out, '\n');
}

static const char *side_text(const struct view *v, const struct published *p)
{
    return compare_side(v->arena, p->title, p->period, p->units.n);
}

static void print_sides(const struct view *v)
{
    say(v, arena_printf(v->arena, _("%s → %s"), side_text(v, v->c->old), side_text(v, v->c->new)),
        "", 0);
    if (v->c->same_rubric) {
        say(v, _("One rubric, by its digest: a change of a total is what the unit did."), "", 0);
    } else {
        say(v,
            _("Two rubrics, by their digests, and results do not say what stands in them: nothing "
              "is subtracted. What of a change the units did, and what the rubric did, is told by "
              "comparing rubrics with their data, or runs of an archive."),
            "", 0);
    }
}

/* ---- classes ---- */

static void add_unit(const struct view *v, struct grid *g, const struct published_pair *p)
{
    const struct published_unit *then = &v->c->old->units.at[p->olds.at[0]];
    const struct published_unit *now = &v->c->new->units.at[p->unit];
    uint32_t flags[3];
    compare_published_flags(v->c, p, flags);
    grid_row(g);
    grid_cell(g, compare_ranks(v->arena, then->rank, now->rank, p->class_changed), GRID_PLAIN);
    grid_cell(g, published_unit_of(v->c, p)->name, GRID_PLAIN);
    grid_cell(g, figures_shown_dec(v->arena, then->total, then->places), GRID_PLAIN);
    grid_cell(g, figures_shown_dec(v->arena, now->total, now->places), GRID_BOLD);
    grid_cell(g,
              compare_signed(v->arena, compare_published_change(v->c, p, then->total, now->total),
                             published_places(then, now)),
              GRID_PLAIN);
    grid_cell(g, compare_grades(v->arena, then->grade, now->grade), GRID_PLAIN);
    grid_cell(g,
              arena_printf(v->arena, "+%u -%u =%u", flags[DEFICIENCY_NEW],
                           flags[DEFICIENCY_RESOLVED], flags[DEFICIENCY_REPEATED]),
              GRID_PLAIN);
}

static void print_grid(const struct view *v, const struct published_class *class)
{
    struct grid g = {.arena = v->arena};
    grid_column(&g, GRID_TEXT, _("rank"), 24, 0);
    grid_column(&g, GRID_TEXT, _("unit"), 8, 0);
    grid_column(&g, GRID_NUMBER, _("then"), 4, 0);
    grid_column(&g, GRID_NUMBER, _("now"), 4, 0);
    grid_column(&g, GRID_NUMBER, _("change"), 4, 0);
    grid_column(&g, GRID_TEXT, _("grade"), 12, 0);
    grid_column(&g, GRID_TEXT, _("flags"), 8, 0);
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        const struct published_pair *p = &v->c->pairs.at[class->pairs.at[i]];
        if (published_is_one(p) && published_shown(v->report, p)) {
            add_unit(v, &g, p);
        }
    }
    if (g.n_rows > 0) {
        grid_print(&g, 2, v->report->width, v->report->color, v->out);
    }
}

static const char *unit_text(const struct view *v, const struct published *in, uint32_t unit)
{
    const struct published_unit *u = &in->units.at[unit];
    const char *name = in->table->units.at[unit].name;
    const char *total = figures_shown_dec(v->arena, u->total, u->places);
    return u->rank ? arena_printf(v->arena, _("%s (%s, rank %u)"), name, total, u->rank)
                   : arena_printf(v->arena, _("%s (%s)"), name, total);
}

static const char *olds_text(const struct view *v, const struct published_pair *p)
{
    const char *text = NULL;
    for (uint32_t i = 0; i < p->olds.n; i++) {
        const char *one = unit_text(v, v->c->old, p->olds.at[i]);
        text = text ? arena_printf(v->arena, _("%s, %s"), text, one) : one;
    }
    return text;
}

static void print_fate(const struct view *v, const struct published_pair *p)
{
    struct arena *a = v->arena;
    const char *now = p->unit == UNIT_NONE ? NULL : unit_text(v, v->c->new, p->unit);
    const char *name = published_unit_of(v->c, p)->name;
    const struct unit *was = p->olds.n > 0 ? &v->c->old->table->units.at[p->olds.at[0]] : NULL;
    switch (p->fate) {
    case FATE_SAME:
        break;
    case FATE_RENAMED:
        say(v, arena_printf(a, _("renamed: %s is what was %s"), name, was->name), "", 2);
        break;
    case FATE_MERGED:
        say(v,
            arena_printf(a, _("merged: %s, from %s; nothing is subtracted"), now, olds_text(v, p)),
            "", 2);
        break;
    case FATE_SPLIT:
        say(v,
            arena_printf(a, _("split: %s, from %s; nothing is subtracted"), now, olds_text(v, p)),
            "", 2);
        break;
    case FATE_NEW:
        say(v, arena_printf(a, _("new unit: %s"), now), "", 2);
        break;
    case FATE_GONE:
        say(v, arena_printf(a, _("no longer there: %s"), olds_text(v, p)), "", 2);
        break;
    }
    if (p->class_changed) {
        say(v,
            arena_printf(a, _("%s was of class %s: nothing on its sheet is comparable"), name,
                         was->class_name),
            "", 2);
    }
}

static void print_class(const struct view *v, const struct published_class *class)
{
    bool any = false;
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        any = any || published_shown(v->report, &v->c->pairs.at[class->pairs.at[i]]);
    }
    if (!any) {
        return;
    }
    head(v, *class->name
                ? arena_printf(v->arena, _("%s: %u now, %u before"), class->name, class->n_new,
                               class->n_old)
                : arena_printf(v->arena, _("%u now, %u before"), class->n_new, class->n_old));
    print_grid(v, class);
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        const struct published_pair *p = &v->c->pairs.at[class->pairs.at[i]];
        if (published_shown(v->report, p)) {
            print_fate(v, p);
        }
    }
}

/* ---- one unit ---- */

static const char *title_of(const struct published *p, const char *id)
{
    for (uint32_t i = 0; i < p->titles.n; i++) {
        if (strcmp(p->titles.at[i].id, id) == 0) {
            return p->titles.at[i].title;
        }
    }
    return NULL;
}

static void print_item(const struct view *v, const struct published_item *item)
{
    struct arena *a = v->arena;
    const char *id = item->new ? item->new->id : item->old->id;
    const char *title = title_of(item->new ? v->c->new : v->c->old, id);
    if (!title || strcmp(title, id) == 0) { /* bonus and deductions without a title of their own */
        title = strcmp(id, "bonus") == 0        ? _("bonus")
                : strcmp(id, "deductions") == 0 ? _("deductions")
                                                : id;
    }
    const char *then =
        item->old ? figures_shown_dec(a, item->old->points, item->old->places) : NULL;
    const char *now = item->new ? figures_shown_dec(a, item->new->points, item->new->places) : NULL;
    bool same = v->c->same_rubric && then && now && item->old->points == item->new->points;
    if (item->change != DEC_NONE || same) {
        if (!same) {
            say(v,
                arena_printf(a, _("%s: %s → %s, %s"), title, then, now,
                             compare_signed(v->arena, item->change, published_item_places(item))),
                "- ", 4);
        }
    } else {
        say(v,
            !then  ? arena_printf(a, _("%s: new, %s"), title, now)
            : !now ? arena_printf(a, _("%s: gone, was %s"), title, then)
                   : arena_printf(a, _("%s: %s → %s"), title, then, now),
            "- ", 4);
    }
}

static void print_unit(const struct view *v, const struct published_pair *p)
{
    published_items items = {0};
    compare_published_items(v->arena, v->c, p, &items);
    head(v, published_unit_of(v->c, p)->name);
    for (uint32_t i = 0; i < items.n; i++) {
        print_item(v, &items.at[i]);
    }
}

void published_table(const struct published_report *r, struct buf *out)
{
    struct view v = {.report = r, .c = r->comparison, .arena = r->arena, .out = out};
    print_sides(&v);
    for (uint32_t i = 0; i < v.c->classes.n; i++) {
        struct arena_mark mark = arena_mark(v.arena);
        print_class(&v, &v.c->classes.at[i]);
        arena_reset(v.arena, mark);
    }
    for (uint32_t i = 0; r->only && i < v.c->pairs.n; i++) {
        struct arena_mark mark = arena_mark(v.arena);
        if (published_is_one(&v.c->pairs.at[i]) && published_shown(r, &v.c->pairs.at[i])) {
            print_unit(&v, &v.c->pairs.at[i]);
        }
        arena_reset(v.arena, mark);
    }
    buf_char(out, '\n');
    if (!r->only) {
        say(&v,
            _("Flags: items and gates with deficiencies that are new (+), resolved (-), repeated "
              "(=). Sections and items of units: --only UNIT or CLASS, or --format json."),
            "", 0);
    }
}
