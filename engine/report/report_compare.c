/*
 * report_compare.c - two results held against each other, for people at a terminal.
 *
 *   责任制考核评分细则 · 2024 (5 units) → 责任制考核评分细则 · 2025 (5 units)
 *   Two rubrics. change = did + rubric + n/c: ...
 *
 *   Items: 11 comparable, 2 not comparable, 1 new, 1 gone
 *     not comparable: sessions: need (township): from 12 to 10
 *
 *   street: 5 units, 5 before
 *     rank         unit         then    now  change    did  rubric    n/c  grade
 *     3 → 1 ▲2     竹峰街道    87.25  90.00   +2.75  +1.50   +0.25  +1.00  良好 → 优秀
 *     all 5                   412.30 ...
 *     most improved by what they did: 竹峰街道 +1.50
 *
 * The units that --only names are told item by item behind it.
 */
#include "report/report_compare.h"

#include "base/i18n.h"
#include "report/explain_text.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/report_diff.h"
#include "report/wrap.h"

#include <string.h>

enum drop { DROP_NEVER, DROP_THEN, DROP_FLAGS, DROP_CLASS };

struct view {
    const struct compare_report *report;
    const struct comparison *c;
    struct arena *arena;
    struct buf *out;
    int places;
    bool together;    /* no class has more than one unit: one table for all */
    bool *flags_told; /* some table had room for the flags */
};

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

static const char *points(const struct view *v, dec d, int places)
{
    return figures_shown_dec(v->arena, d, places);
}

static const char *signed_points(const struct view *v, dec d, int places)
{
    return compare_signed(v->arena, d, places);
}

/* ---- what is held against what ---- */

static const char *side_text(const struct view *v, const struct result *r)
{
    const char *title = r->rubric->title ? r->rubric->title : r->rubric->id;
    return compare_side(v->arena, title, r->rubric->period, r->n_units);
}

static void print_sides(const struct view *v)
{
    say(v, arena_printf(v->arena, _("%s → %s"), side_text(v, v->c->old), side_text(v, v->c->new)),
        "", 0);
    if (v->report->what_if) {
        say(v,
            _("What if: the old data are scored under the new rubric. Nobody was given these "
              "totals and ranks, and what nobody was asked then counts as not reported."),
            "", 0);
    }
    if (v->c->same_rubric) {
        say(v, _("One rubric: a change of a total is what the unit did."), "", 0);
    } else {
        say(v,
            _("Two rubrics: their totals are not simply subtracted. Every change is the sum of "
              "three:"),
            "", 0);
        say(v, _("did: what the unit did, on items that are comparable"), "", 2);
        say(v, _("rubric: what its weights, caps, gates and rounding did"), "", 2);
        say(v, _("n/c: items that are not comparable, new or gone"), "", 2);
    }
}

/* What is told of a mark: what hinders the item; or what hinders nothing and yet moves totals,
 * grades or ranks, where it stands. */
enum told { TOLD_HINDERS, TOLD_MOVES };

static bool is_told(const struct mark *mark, bool item, enum told what)
{
    if (what == TOLD_HINDERS) {
        return mark->incomparable;
    }
    return mark->effect >= MARK_OUTCOME && !mark->inherited && !mark->moved &&
           !(item && mark->incomparable);
}

/* "need (street): from 10 to 12; lose: from 3 to 2". NULL: nothing. */
static const char *marks_text(const struct view *v, const mark_list *marks, bool item,
                              enum told what)
{
    const char *text = NULL;
    for (uint32_t i = 0; i < marks->n; i++) {
        if (is_told(&marks->at[i], item, what)) {
            const char *one = report_diff_mark(v->arena, &marks->at[i]);
            text = text ? arena_printf(v->arena, _("%s; %s"), text, one) : one;
        }
    }
    return text;
}

static void print_hindrance(const struct view *v, uint32_t item)
{
    const char *text = marks_text(v, &v->c->diff.members[item].marks, true, TOLD_HINDERS);
    if (text) {
        const char *name = member_name(&v->c->new->rubric->members.at[item]);
        say(v, arena_printf(v->arena, _("not comparable: %s: %s"), name, text), "", 2);
    }
}

static void print_change(const struct view *v, const char *name, const mark_list *marks, bool item)
{
    const char *text = marks_text(v, marks, item, TOLD_MOVES);
    if (text) {
        text = name ? arena_printf(v->arena, _("%s: %s"), name, text) : text;
        say(v, arena_printf(v->arena, _("also changed: %s"), text), "", 2);
    }
}

/* What hinders no item and yet moves totals, grades or ranks: the part `rubric` is its doing. */
static void print_others(const struct view *v)
{
    const struct rubric *old = v->c->old->rubric, *new = v->c->new->rubric;
    const struct rubric_diff *d = &v->c->diff;
    for (uint32_t m = 0; m < new->members.n; m++) {
        const char *name = m == RUBRIC_ROOT ? NULL : figures_title(new, m);
        if (d->members[m].old != UINT32_MAX) {
            print_change(v, name, &d->members[m].marks, new->members.at[m].kind == MEMBER_ITEM);
        } else if (new->members.at[m].kind == MEMBER_SECTION) {
            say(v, arena_printf(v->arena, _("new section: %s"), name), "", 2);
        }
    }
    for (uint32_t i = 0; i < d->members_gone.n; i++) {
        const struct member *gone = &old->members.at[d->members_gone.at[i]];
        if (gone->kind == MEMBER_SECTION) {
            say(v, arena_printf(v->arena, _("section gone: %s"), member_name(gone)), "", 2);
        }
    }
    for (uint32_t g = 0; g < new->gates.n; g++) {
        const char *name = gate_name(&new->gates.at[g]);
        if (d->gates[g].old != UINT32_MAX) {
            print_change(v, name, &d->gates[g].marks, false);
        } else {
            say(v, arena_printf(v->arena, _("new gate: %s"), name), "", 2);
        }
    }
    for (uint32_t i = 0; i < d->gates_gone.n; i++) {
        const char *name = gate_name(&old->gates.at[d->gates_gone.at[i]]);
        say(v, arena_printf(v->arena, _("gate gone: %s"), name), "", 2);
    }
}

static void print_items(const struct view *v)
{
    const struct rubric *old = v->c->old->rubric, *new = v->c->new->rubric;
    uint32_t n[4] = {0}; /* comparable, not, new, gone */
    for (uint32_t m = 0; m < new->members.n; m++) {
        if (new->members.at[m].kind == MEMBER_ITEM && !new->members.at[m].off) {
            bool is_new = v->c->diff.members[m].old == UINT32_MAX;
            n[is_new ? 2 : rubric_diff_comparable(&v->c->diff, m) ? 0 : 1]++;
        }
    }
    for (uint32_t m = 0; m < old->members.n; m++) {
        n[3] += old->members.at[m].kind == MEMBER_ITEM && !old->members.at[m].off &&
                v->c->new_of[m] == MEMBER_NONE;
    }
    head(v, arena_printf(v->arena, _("Items: %u comparable, %u not comparable, %u new, %u gone"),
                         n[0], n[1], n[2], n[3]));
    for (uint32_t m = 0; m < new->members.n; m++) {
        const struct member *member = &new->members.at[m];
        if (member->kind != MEMBER_ITEM || member->off) {
            continue;
        }
        if (v->c->diff.members[m].old == UINT32_MAX) {
            say(v, arena_printf(v->arena, _("new: %s"), member_name(member)), "", 2);
        } else {
            print_hindrance(v, m);
        }
    }
    for (uint32_t m = 0; m < old->members.n; m++) {
        const struct member *member = &old->members.at[m];
        if (member->kind == MEMBER_ITEM && !member->off && v->c->new_of[m] == MEMBER_NONE) {
            say(v, arena_printf(v->arena, _("gone: %s"), member_name(member)), "", 2);
        }
    }
    print_others(v);
}

/* ---- classes ---- */

static const char *rank_text(const struct view *v, const struct unit_pair *p)
{
    return compare_ranks(v->arena, v->c->old->outcomes[p->olds.at[0]].rank,
                         v->c->new->outcomes[p->unit].rank, p->class_changed);
}

static const char *grade_text(const struct view *v, const struct unit_pair *p)
{
    return compare_grades(v->arena, compare_grade(v->c->old, p->olds.at[0]),
                          compare_grade(v->c->new, p->unit));
}

static void add_parts(const struct view *v, struct grid *g, const struct split *s, dec then,
                      dec now)
{
    grid_cell(g, points(v, then, v->places), GRID_PLAIN);
    grid_cell(g, points(v, now, v->places), GRID_BOLD);
    grid_cell(g, signed_points(v, s->change, v->places), GRID_PLAIN);
    if (!v->c->same_rubric) {
        grid_cell(g, signed_points(v, s->did, v->places), GRID_PLAIN);
        grid_cell(g, signed_points(v, s->rubric, v->places), GRID_PLAIN);
        grid_cell(g, signed_points(v, s->incomparable, v->places), GRID_PLAIN);
    }
}

static void add_unit(const struct view *v, struct grid *g, const struct unit_pair *p)
{
    grid_row(g);
    grid_cell(g, rank_text(v, p), GRID_PLAIN);
    grid_cell(g, figures_unit(v->c->new->table, p->unit), GRID_PLAIN);
    if (v->together) {
        grid_cell(g, compare_unit(v->c, p)->class_name, GRID_DIM);
    }
    add_parts(v, g, &p->split, v->c->old->outcomes[p->olds.at[0]].total,
              v->c->new->outcomes[p->unit].total);
    grid_cell(g, grade_text(v, p), GRID_PLAIN);
    if (!v->report->only) {
        struct compare_flags flags = compare_count(v->arena, v->c, p);
        grid_cell(g,
                  arena_printf(v->arena, "+%u -%u =%u", flags.n[DEFICIENCY_NEW],
                               flags.n[DEFICIENCY_RESOLVED], flags.n[DEFICIENCY_REPEATED]),
                  GRID_PLAIN);
    }
}

static bool is_in_grid(const struct view *v, const struct unit_pair *p)
{
    return pair_is_one(p) && compare_shown(v->report, p);
}

static void add_columns(const struct view *v, struct grid *g)
{
    grid_column(g, GRID_TEXT, _("rank"), 24, DROP_NEVER); /* figures: never cut */
    grid_column(g, GRID_TEXT, _("unit"), 8, DROP_NEVER);
    if (v->together) {
        grid_column(g, GRID_TEXT, _("class"), 8, DROP_CLASS);
    }
    grid_column(g, GRID_NUMBER, _("then"), 4, DROP_THEN);
    grid_column(g, GRID_NUMBER, _("now"), 4, DROP_NEVER);
    grid_column(g, GRID_NUMBER, _("change"), 6, DROP_NEVER);
    if (!v->c->same_rubric) {
        grid_column(g, GRID_NUMBER, _("did"), 6, DROP_NEVER);
        grid_column(g, GRID_NUMBER, _("rubric"), 6, DROP_NEVER);
        grid_column(g, GRID_NUMBER, _("n/c"), 6, DROP_NEVER);
    }
    grid_column(g, GRID_TEXT, _("grade"), 12, DROP_NEVER);
    if (!v->report->only) { /* in detail they stand below, one by one */
        grid_column(g, GRID_TEXT, _("flags"), 8, DROP_FLAGS);
    }
}

static void note_dropped(const struct view *v, const struct grid *g)
{
    const char *names = NULL;
    for (uint32_t i = 0; i < g->columns.n; i++) {
        const struct grid_column *c = &g->columns.at[i];
        if (c->dropped) {
            names = names ? arena_printf(v->arena, _("%s, %s"), names, c->title) : c->title;
        } else if (c->drop == DROP_FLAGS) {
            *v->flags_told = true;
        }
    }
    if (names) {
        say(v, arena_printf(v->arena, _("No room here for: %s. --format csv has all."), names), "",
            2);
    }
}

/* Of units that were told of too little to be ranked. */
static void print_incomplete(const struct view *v, const struct class_change *classes, uint32_t n,
                             bool now)
{
    const char *text = NULL;
    const struct result *r = now ? v->c->new : v->c->old;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < classes[k].pairs.n; i++) {
            const struct unit_pair *p = &v->c->units.at[classes[k].pairs.at[i]];
            if (is_in_grid(v, p) &&
                r->outcomes[now ? p->unit : p->olds.at[0]].state == UNIT_INCOMPLETE) {
                const char *name = figures_unit(v->c->new->table, p->unit);
                text = text ? arena_printf(v->arena, _("%s, %s"), text, name) : name;
            }
        }
    }
    if (text) {
        text = arena_printf(v->arena,
                            now ? _("not ranked now, too little reported: %s")
                                : _("not ranked then, too little reported: %s"),
                            text);
        say(v, text, "", 2);
    }
}

/* One class, or all of them where each has but one unit. */
static void print_grid(const struct view *v, const struct class_change *classes, uint32_t n)
{
    struct grid g = {.arena = v->arena};
    add_columns(v, &g);
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < classes[k].pairs.n; i++) {
            const struct unit_pair *p = &v->c->units.at[classes[k].pairs.at[i]];
            if (is_in_grid(v, p)) {
                add_unit(v, &g, p);
            }
        }
    }
    if (!v->together && !v->report->only && classes->n_split > 1) {
        grid_row(&g);
        grid_cell(&g, NULL, GRID_PLAIN);
        grid_cell(&g, arena_printf(v->arena, _("sum of %u"), classes->n_split), GRID_DIM);
        add_parts(v, &g, &classes->sum, classes->sum.old, classes->sum.new);
        grid_cell(&g, NULL, GRID_PLAIN);
        grid_cell(&g, NULL, GRID_PLAIN);
    }
    if (g.n_rows > 0) {
        grid_print(&g, 2, v->report->width, v->report->color, v->out);
        print_incomplete(v, classes, n, false);
        print_incomplete(v, classes, n, true);
        note_dropped(v, &g);
    }
}

static void print_movers(const struct view *v, const char *what, const uint32_t *pairs, uint32_t n)
{
    const char *text = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_pair *p = &v->c->units.at[pairs[i]];
        const char *one =
            arena_printf(v->arena, _("%s %s"), figures_unit(v->c->new->table, p->unit),
                         signed_points(v, p->split.did, v->places));
        text = text ? arena_printf(v->arena, _("%s, %s"), text, one) : one;
    }
    if (text) {
        say(v, arena_printf(v->arena, _("%s: %s"), what, text), "", 2);
    }
}

static const char *old_text(const struct view *v, const struct unit_pair *p)
{
    const char *text = NULL;
    for (uint32_t i = 0; i < p->olds.n; i++) {
        uint32_t unit = p->olds.at[i];
        const struct outcome *o = &v->c->old->outcomes[unit];
        const char *name = figures_unit(v->c->old->table, unit);
        const char *total = points(v, o->total, v->places);
        const char *one = o->rank
                              ? arena_printf(v->arena, _("%s (%s, rank %u)"), name, total, o->rank)
                              : arena_printf(v->arena, _("%s (%s)"), name, total);
        text = text ? arena_printf(v->arena, _("%s, %s"), text, one) : one;
    }
    return text;
}

static const char *new_text(const struct view *v, const struct unit_pair *p)
{
    const struct outcome *o = &v->c->new->outcomes[p->unit];
    const char *name = figures_unit(v->c->new->table, p->unit);
    const char *total = points(v, o->total, v->places);
    return o->rank ? arena_printf(v->arena, _("%s (%s, rank %u)"), name, total, o->rank)
                   : arena_printf(v->arena, _("%s (%s)"), name, total);
}

/* What cannot be held against one other unit, or stood in another class. */
static void print_fate(const struct view *v, const struct unit_pair *p)
{
    const char *text = NULL;
    switch (p->fate) {
    case FATE_SAME:
        break;
    case FATE_RENAMED:
        text = arena_printf(v->arena, _("renamed: %s is what was %s"),
                            figures_unit(v->c->new->table, p->unit),
                            figures_unit(v->c->old->table, p->olds.at[0]));
        break;
    case FATE_MERGED:
        text = arena_printf(v->arena, _("merged: %s, from %s; nothing is subtracted"),
                            new_text(v, p), old_text(v, p));
        break;
    case FATE_SPLIT:
        text = arena_printf(v->arena, _("split: %s, from %s; nothing is subtracted"),
                            new_text(v, p), old_text(v, p));
        break;
    case FATE_NEW:
        text = arena_printf(v->arena, _("new unit: %s"), new_text(v, p));
        break;
    case FATE_GONE:
        text = arena_printf(v->arena, _("no longer there: %s"), old_text(v, p));
        break;
    }
    if (text) {
        say(v, text, "", 2);
    }
    if (p->class_changed) {
        say(v,
            arena_printf(v->arena, _("%s was of class %s: nothing on its sheet is comparable"),
                         figures_unit(v->c->new->table, p->unit),
                         v->c->old->table->units.at[p->olds.at[0]].class_name),
            "", 2);
    }
}

static uint32_t count_shown(const struct view *v, const struct class_change *class)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        n += compare_shown(v->report, &v->c->units.at[class->pairs.at[i]]);
    }
    return n;
}

static void print_fates(const struct view *v, const struct class_change *class)
{
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        const struct unit_pair *p = &v->c->units.at[class->pairs.at[i]];
        if (compare_shown(v->report, p)) {
            print_fate(v, p);
        }
    }
}

static void print_class(const struct view *v, const struct class_change *class)
{
    if (count_shown(v, class) == 0) {
        return;
    }
    head(v, *class->name
                ? arena_printf(v->arena, _("%s: %u now, %u before"), class->name, class->n_new,
                               class->n_old)
                : arena_printf(v->arena, _("%u now, %u before"), class->n_new, class->n_old));
    print_grid(v, class, 1);
    if (!v->report->only && class->n_split > 1) {
        print_movers(v, _("most improved, by what they did"), class->improved.at,
                     class->improved.n);
        print_movers(v, _("most fallen, by what they did"), class->fallen.at, class->fallen.n);
    }
    print_fates(v, class);
}

/* Classes of one unit each, in one table: a heading for every line would tell nothing. */
static void print_together(const struct view *v)
{
    head(v, arena_printf(v->arena, _("%u classes, one unit each"), v->c->classes.n));
    print_grid(v, v->c->classes.at, v->c->classes.n);
    for (uint32_t i = 0; i < v->c->classes.n; i++) {
        print_fates(v, &v->c->classes.at[i]);
    }
}

static bool are_alone(const struct view *v)
{
    bool alone = v->c->classes.n > 1 && !v->report->only;
    for (uint32_t i = 0; i < v->c->classes.n; i++) {
        alone = alone && count_shown(v, &v->c->classes.at[i]) == 1;
    }
    return alone;
}

/* ---- one unit in detail ---- */

/* The kinds of lines, each under a heading of its own. */
enum heading { PART_GAINED, PART_LOST, PART_OTHER, N_PARTS };

static enum heading heading_of(const struct item_change *change)
{
    if (change->fate != ITEM_COMPARABLE || change->change == DEC_NONE) {
        return change->fate == ITEM_OFF ||
                       (change->fate == ITEM_COMPARABLE && change->then == change->now)
                   ? N_PARTS
                   : PART_OTHER;
    }
    return change->change > 0 ? PART_GAINED : change->change < 0 ? PART_LOST : N_PARTS;
}

static const char *item_text(const struct view *v, const struct item_change *change,
                             const struct member *m)
{
    int old = v->c->old->rubric->round_item, new = v->c->new->rubric->round_item;
    const char *then = points(v, change->then, old), *now = points(v, change->now, new);
    const char *name = member_name(m);
    if (change->change != DEC_NONE) {
        return arena_printf(v->arena, _("%s: %s → %s, %s"), name, then, now,
                            signed_points(v, change->change, new));
    }
    return change->fate == ITEM_NEW    ? arena_printf(v->arena, _("%s: new, %s"), name, now)
           : change->fate == ITEM_GONE ? arena_printf(v->arena, _("%s: gone, was %s"), name, then)
                                       : arena_printf(v->arena, _("%s: %s → %s"), name, then, now);
}

/* A line with its heading, if it is the first of its part. */
static void print_line(const struct view *v, const char *heading, bool *begun, const char *text)
{
    if (!*begun) {
        say(v, heading, "", 2);
    }
    *begun = true;
    say(v, text, "- ", 4);
}

static void print_part(const struct view *v, const struct unit_pair *p, enum heading part)
{
    static const char *const headings[N_PARTS] = {N_("gained:"), N_("lost:"),
                                                  N_("not comparable:")};
    struct class_pair k = pair_class(v->c, p);
    bool begun = false;
    for (int gone = 0; gone < 2; gone++) {
        const struct rubric *r = gone ? v->c->old->rubric : v->c->new->rubric;
        for (uint32_t m = 0; m < r->members.n; m++) {
            if (r->members.at[m].kind != MEMBER_ITEM) {
                continue;
            }
            struct item_change change = compare_points(v->c, p, &k, m, gone);
            if ((!gone || change.fate == ITEM_GONE) && heading_of(&change) == part) {
                print_line(v, _(headings[part]), &begun, item_text(v, &change, &r->members.at[m]));
            }
        }
    }
}

static void print_sections(const struct view *v, const struct unit_pair *p)
{
    const struct rubric *new = v->c->new->rubric, *old = v->c->old->rubric;
    struct class_pair k = pair_class(v->c, p);
    bool begun = false;
    for (uint32_t m = 1; m < new->members.n; m++) {
        uint32_t then = v->c->diff.members[m].old;
        if (new->members.at[m].kind != MEMBER_SECTION || new->members.at[m].parent > RUBRIC_ROOT ||
            then == UINT32_MAX || !member_on_sheet(new, m, k.new) ||
            !member_on_sheet(old, then, k.old)) {
            continue;
        }
        dec now = result_member(v->c->new, p->unit, m)->points;
        dec before = result_member(v->c->old, p->olds.at[0], then)->points;
        const char *text = arena_printf(v->arena, _("%s: %s → %s"), figures_title(new, m),
                                        figures_points(v->arena, old, then, before),
                                        figures_points(v->arena, new, m, now));
        if (now == DEC_NONE || before == DEC_NONE || !compare_section(v->c, &k, m)) {
            text = arena_printf(v->arena, _("%s, not comparable"), text);
        } else if (now == before) {
            continue;
        } else {
            text = arena_printf(v->arena, _("%s, %s"), text,
                                signed_points(v, dec_sub(now, before), figures_places(new, m)));
        }
        print_line(v, _("sections:"), &begun, text);
    }
}

static void print_deficiencies(const struct view *v, const struct unit_pair *p)
{
    static const char *const headings[] = {N_("deficiencies, new:"), N_("deficiencies, repeated:"),
                                           N_("deficiencies, resolved:"),
                                           N_("deficiencies that are no longer asked about:")};
    deficiency_changes list = {0};
    compare_deficiencies(v->arena, v->c, p, &list);
    for (uint32_t fate = DEFICIENCY_NEW; fate <= DEFICIENCY_NOT_ASKED; fate++) {
        bool begun = false;
        for (uint32_t i = 0; i < list.n; i++) {
            const struct deficiency_change *d = &list.at[i];
            const char *text = explain_flag(d->what.kind);
            if (d->fate != fate) {
                continue;
            }
            text = d->title ? arena_printf(v->arena, _("%s: %s"), d->title, text) : text;
            if (d->fate == DEFICIENCY_REPEATED) {
                text = arena_printf(v->arena, _("%s, %u periods running"), text,
                                    v->report->periods(v->report->context, p, d));
            }
            print_line(v, _(headings[fate]), &begun, text);
        }
    }
}

static void print_unit(const struct view *v, const struct unit_pair *p)
{
    head(v, figures_unit(v->c->new->table, p->unit));
    print_sections(v, p);
    for (int part = 0; part < N_PARTS; part++) {
        print_part(v, p, (enum heading)part);
    }
    print_deficiencies(v, p);
}

void compare_table(const struct compare_report *r, struct buf *out)
{
    bool flags_told = false;
    struct view v = {.report = r,
                     .c = r->comparison,
                     .arena = r->arena,
                     .out = out,
                     .places = compare_places(r->comparison),
                     .flags_told = &flags_told};
    print_sides(&v);
    print_items(&v);
    v.together = are_alone(&v);
    if (v.together) {
        print_together(&v);
    }
    for (uint32_t i = 0; i < v.c->classes.n && !v.together; i++) {
        print_class(&v, &v.c->classes.at[i]);
    }
    for (uint32_t i = 0; r->only && i < v.c->units.n; i++) {
        struct arena_mark mark = arena_mark(v.arena);
        if (pair_is_one(&v.c->units.at[i]) && compare_shown(r, &v.c->units.at[i])) {
            print_unit(&v, &v.c->units.at[i]);
        }
        arena_reset(v.arena, mark);
    }
    buf_char(out, '\n');
    if (flags_told) {
        say(&v, _("Flags: deficiencies that are new (+), resolved (-), repeated (=)."), "", 0);
    }
    if (!r->only) {
        say(&v, _("Items and deficiencies of a unit: --only UNIT or CLASS, or --format json."), "",
            0);
    }
}
