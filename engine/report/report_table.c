/*
 * report_table.c - the ranking for people at a terminal, class by class.
 *
 *   2024年度责任制考核评分细则 · 2024 · 9 units
 *
 *   street: 5 ranked
 *     rank  unit        total  grade  gates  flags  …
 *        1  竹峰街道    87.25  良好   2?         3
 *     not ranked:
 *       江湾街道: incomplete: 41.00% of its points reported, 65% asked for
 *
 *   Gates
 *     2  弄虚作假: fired for 0; ? cannot be told for 1, not reported
 *   Quotas
 *     优秀, street: 20% × 5 = 1 → 1; qualified 2, given 1
 *   Waivers
 *     竹峰街道: total 87.25, without waivers 85.00
 *       网站公开: not applicable: 无网站; approved by 区考核办, until 2025-12-31
 *
 * Gates go by their number in the rubric: their titles are sentences. What does not fit the width
 * is dropped and named; the last line says where everything stands.
 */
#include "report/report.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/wrap.h"

#include <string.h>

#define CLAIMS_LISTED 10 /* more are only counted */
#define WHOLE 99         /* a column that makes no sense in part */

/* What goes where a line is too narrow: the last first. */
enum drop {
    DROP_NEVER,
    DROP_FLAGS,
    DROP_ID,
    DROP_CLASS,
    DROP_BOUNDS,
    DROP_REPORTED,
    DROP_BEFORE_GATES,
    DROP_SECTIONS,
    N_DROPS
};

static const char *const drop_names[N_DROPS] = {
    NULL,           N_("flags"),    N_("id"),           N_("class"),
    N_("low–high"), N_("reported"), N_("before gates"), N_("sections"),
};

struct view {
    const struct report *report;
    const struct result *result;
    struct arena *arena;
    struct buf *out;
    int width;
    bool color;
    uint32_t dropped;             /* 1 << enum drop: what some class's table had no room for */
    bool ids;                     /* some unit's name is not its id */
    bool bounds;                  /* some total does not rest on reported values alone */
    bool gates;                   /* some ranked unit has one that fired or was not answered */
    bool gate_cap;                /* some total is held down by one */
    uint32_t *fired, *unanswered; /* [n_gates] how many units */
    uint32_t shown;               /* units */
};

static enum gate_state gate_state(const struct result *r, uint32_t unit, uint32_t gate)
{
    return (enum gate_state)r->gates[(size_t)unit * r->n_gates + gate];
}

static void count_gates(struct view *v, uint32_t unit)
{
    for (uint32_t gate = 0; gate < v->result->n_gates; gate++) {
        enum gate_state state = gate_state(v->result, unit, gate);
        v->fired[gate] += state == GATE_FIRED;
        v->unanswered[gate] += state == GATE_UNANSWERED;
        v->gates |= state != GATE_OPEN && v->result->outcomes[unit].state == UNIT_RANKED;
    }
}

/* What the columns depend on, looked for once. */
static struct view survey(const struct report *report, struct buf *out)
{
    const struct result *r = report->result;
    struct view v = {.report = report,
                     .result = r,
                     .arena = report->arena,
                     .out = out,
                     .width = report->width > 0 ? report->width : 80,
                     .color = report->color,
                     .fired = ARENA_ARRAY(report->arena, uint32_t, r->n_gates),
                     .unanswered = ARENA_ARRAY(report->arena, uint32_t, r->n_gates)};
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        const struct outcome *o = &r->outcomes[unit];
        const struct unit *u = &r->table->units.at[unit];
        if (!figures_shown(report, unit)) {
            continue;
        }
        v.shown++;
        v.ids = v.ids || (u->name && *u->name && strcmp(u->id, u->name) != 0);
        if (o->state != UNIT_ERROR) {
            count_gates(&v, unit);
        }
        if (o->state != UNIT_RANKED) {
            continue;
        }
        v.bounds = v.bounds || (o->reported != DEC_NONE && o->reported < dec_from_int(100));
        v.gate_cap = v.gate_cap || o->before_gates != o->total;
    }
    return v;
}

static void line(struct view *v, const char *text, int indent)
{
    wrap_line(v->out, figures_safe(v->arena, text), "", indent, v->width);
}

static void heading(struct view *v, const char *text)
{
    buf_char(v->out, '\n');
    grid_styled(v->out, GRID_BOLD, v->color, figures_safe(v->arena, text));
    buf_char(v->out, '\n');
}

/* ---- the ranking of one class ---- */

/* A top section, or bonus or deductions. */
static bool is_top_section(const struct rubric *rubric, uint32_t member)
{
    const struct member *m = &rubric->members.at[member];
    bool top = m->parent == RUBRIC_ROOT || (m->parent == MEMBER_NONE && member != RUBRIC_ROOT);
    return m->kind == MEMBER_SECTION && top && !m->off;
}

/* Units that are listed together, and the sections on any of their sheets. */
struct listing {
    const uint32_t *units;
    uint32_t n;
    VEC(uint32_t) sections;
};

static bool on_some_sheet(const struct result *r, const struct listing *l, uint32_t section)
{
    for (uint32_t i = 0; i < l->n; i++) {
        if (member_on_sheet(r->rubric, section, r->table->units.at[l->units[i]].class)) {
            return true;
        }
    }
    return false;
}

static void find_sections(struct view *v, struct listing *l)
{
    const struct result *r = v->result;
    for (uint32_t m = 0; m < r->n_members; m++) {
        if (is_top_section(r->rubric, m) && on_some_sheet(r, l, m)) {
            *vec_push(v->arena, &l->sections) = m;
        }
    }
}

static void add_columns(struct view *v, struct grid *g, const struct listing *l)
{
    const struct rubric *rubric = v->result->rubric;
    grid_column(g, GRID_NUMBER, _("rank"), 4, DROP_NEVER);
    if (v->ids) {
        grid_column(g, GRID_TEXT, _("id"), 6, DROP_ID);
    }
    grid_column(g, GRID_TEXT, _("unit"), 16, DROP_NEVER);
    if (rubric->ranking.within_all && v->result->table->groups.n > 1) {
        grid_column(g, GRID_TEXT, _("class"), 6, DROP_CLASS);
    }
    grid_column(g, GRID_NUMBER, _("total"), 5, DROP_NEVER);
    if (rubric->grades.n) {
        grid_column(g, GRID_TEXT, _("grade"), 12, DROP_NEVER);
    }
    if (v->bounds) {
        grid_column(g, GRID_NUMBER, _("reported"), 8, DROP_REPORTED);
        grid_column(g, GRID_TEXT, _("low–high"), WHOLE, DROP_BOUNDS);
    }
    if (v->gate_cap) {
        grid_column(g, GRID_NUMBER, _("before gates"), WHOLE, DROP_BEFORE_GATES);
    }
    if (v->gates) {
        grid_column(g, GRID_TEXT, _("gates"), 8, DROP_NEVER);
    }
    grid_column(g, GRID_NUMBER, _("flags"), WHOLE, DROP_FLAGS);
    for (uint32_t i = 0; i < l->sections.n; i++) {
        grid_column(g, GRID_NUMBER, figures_title(rubric, l->sections.at[i]), 8, DROP_SECTIONS);
    }
}

/* "1, 3?": numbers of the gates that fired, and with a ? of those not answered. */
static const char *gates_text(struct view *v, uint32_t unit)
{
    const struct result *r = v->result;
    const char *all = NULL;
    for (uint32_t gate = 0; gate < r->n_gates; gate++) {
        enum gate_state state = gate_state(r, unit, gate);
        if (state != GATE_OPEN) {
            all = arena_printf(v->arena, "%s%s%u%s", all ? all : "", all ? ", " : "", gate + 1,
                               state == GATE_UNANSWERED ? "?" : "");
        }
    }
    return all;
}

static const char *bounds_text(struct view *v, const struct outcome *o)
{
    if (o->low == DEC_NONE || o->high == DEC_NONE || o->low == o->high) {
        return NULL;
    }
    const struct rubric *rubric = v->result->rubric;
    return arena_printf(v->arena, "%s–%s", figures_total(v->arena, rubric, o->low),
                        figures_total(v->arena, rubric, o->high));
}

static void add_unit(struct view *v, struct grid *g, const struct listing *l, uint32_t unit)
{
    const struct result *r = v->result;
    const struct outcome *o = &r->outcomes[unit];
    struct arena *a = v->arena;
    grid_row(g);
    grid_cell(g, arena_printf(a, "%u", o->rank), GRID_PLAIN);
    if (v->ids) {
        grid_cell(g, r->table->units.at[unit].id, GRID_DIM);
    }
    grid_cell(g, figures_unit(r->table, unit), GRID_PLAIN);
    if (r->rubric->ranking.within_all && r->table->groups.n > 1) {
        grid_cell(g, figures_class(r->table, unit), GRID_PLAIN);
    }
    grid_cell(g, figures_total(a, r->rubric, o->total), GRID_BOLD);
    if (r->rubric->grades.n) {
        grid_cell(g, figures_grade(r->rubric, o->grade), o->vetoed ? GRID_RED : GRID_PLAIN);
    }
    if (v->bounds) {
        bool whole = o->reported == DEC_NONE || o->reported >= dec_from_int(100);
        grid_cell(g, whole ? NULL : figures_percent(a, o->reported), GRID_PLAIN);
        grid_cell(g, bounds_text(v, o), GRID_PLAIN);
    }
    if (v->gate_cap) {
        grid_cell(g,
                  o->before_gates == o->total ? NULL : figures_total(a, r->rubric, o->before_gates),
                  GRID_PLAIN);
    }
    if (v->gates) {
        grid_cell(g, gates_text(v, unit), GRID_RED);
    }
    grid_cell(g, arena_printf(a, "%u", deficiency_count(r, unit)), GRID_PLAIN);
    for (uint32_t i = 0; i < l->sections.n; i++) {
        const struct cellres *got = result_member(r, unit, l->sections.at[i]);
        bool off = got->state == STATE_OFF;
        grid_cell(g, off ? NULL : figures_points(a, r->rubric, l->sections.at[i], got->points),
                  GRID_PLAIN);
    }
}

static void note_dropped(struct view *v, const struct grid *g)
{
    for (uint32_t i = 0; i < g->columns.n; i++) {
        if (g->columns.at[i].dropped) {
            v->dropped |= 1U << g->columns.at[i].drop;
        }
    }
}

static void print_unranked(struct view *v, const uint32_t *units, uint32_t n)
{
    const struct result *r = v->result;
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        if (r->outcomes[units[i]].state == UNIT_RANKED) {
            continue;
        }
        if (!any) {
            line(v, _("not ranked:"), 2);
        }
        any = true;
        const char *why = figures_why_unranked(v->arena, r, units[i]);
        const struct outcome *o = &r->outcomes[units[i]];
        const char *gates = gates_text(v, units[i]);
        if (o->total != DEC_NONE) {
            why = arena_printf(v->arena, _("%s; total %s"), why,
                               figures_total(v->arena, r->rubric, o->total));
        }
        if (o->grade != GRADE_NONE) {
            why =
                arena_printf(v->arena, _("%s, grade %s"), why, figures_grade(r->rubric, o->grade));
        }
        if (gates && r->outcomes[units[i]].state != UNIT_ERROR) {
            why = arena_printf(v->arena, _("%s; gates: %s"), why, gates);
        }
        line(v, arena_printf(v->arena, _("%s: %s"), figures_unit(r->table, units[i]), why), 4);
    }
}

static void print_class(struct view *v, const char *name, const uint32_t *units, uint32_t n)
{
    struct arena_mark mark = arena_mark(v->arena);
    struct listing l = {.units = units, .n = n};
    uint32_t n_ranked = 0, n_all = v->result->outcomes[units[0]].ranked;
    for (uint32_t i = 0; i < n; i++) {
        n_ranked += v->result->outcomes[units[i]].state == UNIT_RANKED;
    }
    const char *count = n_ranked == n_all
                            ? arena_printf(v->arena, _("%u ranked"), n_all)
                            : arena_printf(v->arena, _("%u of %u ranked"), n_ranked, n_all);
    heading(v, name ? arena_printf(v->arena, _("%s: %s"), name, count) : count);
    if (n_ranked) {
        struct grid g = {.arena = v->arena};
        find_sections(v, &l);
        add_columns(v, &g, &l);
        for (uint32_t i = 0; i < n; i++) {
            if (v->result->outcomes[units[i]].state == UNIT_RANKED) {
                add_unit(v, &g, &l, units[i]);
            }
        }
        grid_print(&g, 2, v->width, v->color, v->out);
        note_dropped(v, &g);
    }
    print_unranked(v, units, n);
    arena_reset(v->arena, mark);
}

static void print_ranking(struct view *v)
{
    const struct result *r = v->result;
    uint32_t *units = ARENA_ARRAY(v->arena, uint32_t, r->n_units);
    bool all = r->rubric->ranking.within_all;
    for (uint32_t i = 0; i < r->n_units;) {
        uint32_t group = r->table->units.at[r->order[i]].group, n = 0;
        for (; i < r->n_units; i++) {
            uint32_t unit = r->order[i];
            if (!all && r->table->units.at[unit].group != group) {
                break;
            }
            if (figures_shown(v->report, unit)) {
                units[n++] = unit;
            }
        }
        if (n) {
            print_class(v, all ? NULL : figures_class(r->table, units[0]), units, n);
        }
    }
}

/* ---- what stands behind it ---- */

static void print_quota(struct view *v, const struct quota_use *use)
{
    const struct result *r = v->result;
    const char *grade = figures_grade(r->rubric, use->grade);
    const char *group = use->group == GROUP_ALL ? "" : r->table->groups.at[use->group];
    const char *seats = figures_quota(v->arena, r->rubric, use);
    const char *text = *group ? arena_printf(v->arena, _("%s, %s: %s; qualified %u, given %u"),
                                             grade, group, seats, use->qualified, use->given)
                              : arena_printf(v->arena, _("%s: %s; qualified %u, given %u"), grade,
                                             seats, use->qualified, use->given);
    line(v, text, 2);
    const char *tied = NULL;
    for (uint32_t i = 0; i < use->tied; i++) {
        const char *unit = figures_unit(r->table, use->tied_units[i]);
        tied = tied ? arena_printf(v->arena, _("%s, %s"), tied, unit) : unit;
    }
    if (tied) {
        line(v,
             arena_printf(v->arena,
                          r->rubric->grades.at[use->grade].quota.all_in
                              ? _("tied at the cut, all in: %s")
                              : _("tied at the cut, all out: %s"),
                          tied),
             4);
    }
}

/* Only those that some unit on show had to do with. */
static void print_quotas(struct view *v)
{
    const struct ranking_result *ranking = v->report->ranking;
    const struct table *t = v->result->table;
    struct arena_mark mark = arena_mark(v->arena);
    bool *shown = ARENA_ARRAY(v->arena, bool, t->groups.n + 1), any = false;
    for (uint32_t unit = 0; unit < v->result->n_units; unit++) {
        shown[t->units.at[unit].group] |= figures_shown(v->report, unit);
    }
    for (uint32_t i = 0; i < ranking->quotas.n; i++) {
        const struct quota_use *use = &ranking->quotas.at[i];
        if (use->group != GROUP_ALL && !shown[use->group]) {
            continue;
        }
        if (!any) {
            heading(v, _("Quotas"));
        }
        any = true;
        print_quota(v, use);
    }
    arena_reset(v->arena, mark);
}

static void print_claim(struct view *v, const struct claim *c)
{
    const struct result *r = v->result;
    line(v,
         arena_printf(v->arena, _("%s: %s: %s"), figures_unit(r->table, c->unit),
                      member_name(&r->rubric->members.at[c->item]),
                      c->reason ? c->reason : _("no reason given")),
         2);
}

static void print_claims(struct view *v)
{
    const struct result *r = v->result;
    claims first = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_units; i++) {
        if (!figures_shown(v->report, r->order[i])) {
            continue;
        }
        claims list = {0};
        struct arena_mark mark = arena_mark(v->arena);
        figures_claims(v->arena, r, r->order[i], &list);
        n += list.n;
        /* The first few are kept, so what was allocated for them may not be given back. */
        if (list.n && first.n < CLAIMS_LISTED) {
            for (uint32_t k = 0; k < list.n; k++) {
                *vec_push(v->arena, &first) = list.at[k];
            }
        } else {
            arena_reset(v->arena, mark);
        }
    }
    if (n == 0) {
        return;
    }
    heading(v, arena_printf(v->arena, _("Said not to apply: %u"), n));
    if (n > CLAIMS_LISTED) {
        line(v, _("with their reasons: -o result.json"), 2);
    } else {
        for (uint32_t i = 0; i < first.n; i++) {
            print_claim(v, &first.at[i]);
        }
    }
}

/* All of them, however many: points that came without a value are never passed over. */
static void print_waivers(struct view *v)
{
    const struct result *r = v->result;
    bool any = false;
    for (uint32_t i = 0; i < r->n_units; i++) {
        uint32_t unit = r->order[i];
        struct waivers own = waivers_of(r->table->waivers, unit);
        if (own.n == 0 || !figures_shown(v->report, unit)) {
            continue;
        }
        if (!any) {
            heading(v, _("Waivers"));
        }
        any = true;
        struct arena_mark mark = arena_mark(v->arena);
        line(v,
             arena_printf(v->arena, _("%s: %s"), figures_unit(r->table, unit),
                          figures_totals(v->arena, r, unit)),
             2);
        for (uint32_t k = 0; k < own.n; k++) {
            line(v,
                 arena_printf(v->arena, _("%s: %s"), figures_title(r->rubric, own.at[k].member),
                              waiver_text(v->arena, &own.at[k])),
                 4);
        }
        arena_reset(v->arena, mark);
    }
}

/* What the numbers in the column stand for; gates that neither fired nor lack an answer are left
 * out. */
static void print_gates(struct view *v)
{
    const struct rubric *rubric = v->result->rubric;
    bool any = false;
    for (uint32_t gate = 0; gate < v->result->n_gates; gate++) {
        if (!v->fired[gate] && !v->unanswered[gate]) {
            continue;
        }
        if (!any) {
            heading(v, _("Gates"));
        }
        any = true;
        const char *text = arena_printf(v->arena, _("%s: fired for %u"),
                                        gate_name(&rubric->gates.at[gate]), v->fired[gate]);
        if (v->unanswered[gate]) {
            text = arena_printf(v->arena, _("%s; ? cannot be told for %u, not reported"), text,
                                v->unanswered[gate]);
        }
        wrap_line(v->out, figures_safe(v->arena, text), arena_printf(v->arena, "%u  ", gate + 1), 2,
                  v->width);
    }
}

static void print_foot(struct view *v)
{
    const char *dropped = NULL;
    for (uint32_t i = 1; i < N_DROPS; i++) {
        if (v->dropped & 1U << i) {
            dropped = dropped ? arena_printf(v->arena, _("%s, %s"), dropped, _(drop_names[i]))
                              : _(drop_names[i]);
        }
    }
    buf_char(v->out, '\n');
    if (dropped) {
        line(v, arena_printf(v->arena, _("No room here for: %s."), dropped), 0);
    }
    line(v, _("Every section, item and deficiency: -o result.csv or -o result.json."), 0);
    line(v, _("How a unit's points came about: kaoping explain RUBRIC DATA --unit ID"), 0);
}

void report_table(const struct report *report, struct buf *out)
{
    struct view v = survey(report, out);
    const struct rubric *rubric = report->result->rubric;
    struct arena_mark mark = arena_mark(v.arena);
    const char *units =
        v.shown == report->result->n_units
            ? arena_printf(v.arena, v.shown == 1 ? _("%u unit") : _("%u units"), v.shown)
            : arena_printf(v.arena, _("%u of %u units"), v.shown, report->result->n_units);
    const char *period = rubric->period ? arena_printf(v.arena, " · %s", rubric->period) : "";
    line(&v, arena_printf(v.arena, "%s%s · %s", rubric->title, period, units), 0);
    print_ranking(&v);
    print_gates(&v);
    print_quotas(&v);
    print_claims(&v);
    print_waivers(&v);
    print_foot(&v);
    arena_reset(v.arena, mark);
}
