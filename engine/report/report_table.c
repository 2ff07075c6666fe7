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

#include "base/i18n.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/record_make.h"
#include "report/report_record.h"
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
    const struct run_record *run;
    const struct unit_record *units; /* [run->n_units] */
    const struct record_style *style;
    struct arena *arena;
    struct buf *out;
    int width;
    bool color;
    uint32_t dropped;             /* 1 << enum drop: what some class's table had no room for */
    bool classes;                 /* there is more than one */
    bool ids;                     /* some unit's name is not its id */
    bool bounds;                  /* some total does not rest on reported values alone */
    bool gates;                   /* some ranked unit has one that fired or was not answered */
    bool gate_cap;                /* some total is held down by one */
    uint32_t *fired, *unanswered; /* [n_gates] how many units */
    uint32_t shown;               /* units */
};

static bool is_shown(const struct view *v, uint32_t unit)
{
    return record_is_meant(&v->units[unit], &v->style->shown);
}

static void count_gates(struct view *v, const struct unit_record *u)
{
    for (uint32_t gate = 0; gate < v->run->gates.n; gate++) {
        enum gate_state state = (enum gate_state)u->gates[gate];
        v->fired[gate] += state == GATE_FIRED;
        v->unanswered[gate] += state == GATE_UNANSWERED;
        v->gates |= state != GATE_OPEN && u->outcome.state == UNIT_RANKED;
    }
}

static void look_at(struct view *v, const struct unit_record *u)
{
    const struct outcome *o = &u->outcome;
    v->shown++;
    v->ids = v->ids || (*u->name && strcmp(u->id, u->name) != 0);
    if (o->state != UNIT_ERROR) {
        count_gates(v, u);
    }
    if (o->state == UNIT_RANKED) {
        v->bounds = v->bounds || (o->reported != DEC_NONE && o->reported < dec_from_int(100));
        v->gate_cap = v->gate_cap || o->before_gates != o->total;
    }
}

/* What the columns depend on, looked for once. */
static void survey(struct view *v)
{
    v->fired = ARENA_ARRAY(v->arena, uint32_t, v->run->gates.n);
    v->unanswered = ARENA_ARRAY(v->arena, uint32_t, v->run->gates.n);
    for (uint32_t unit = 0; unit < v->run->n_units; unit++) {
        v->classes = v->classes || strcmp(v->units[unit].class_name, v->units[0].class_name) != 0;
        if (is_shown(v, unit)) {
            look_at(v, &v->units[unit]);
        }
    }
}

/* ---- words ---- */

static const char *name_of(const struct unit_record *u) { return *u->name ? u->name : u->id; }

static const char *class_of(const struct unit_record *u)
{
    return *u->class_name ? u->class_name : NULL;
}

static const char *grade_of(const struct view *v, uint32_t grade)
{
    return grade == GRADE_NONE ? NULL : v->run->grades.at[grade];
}

static const char *total_of(const struct view *v, dec total)
{
    return figures_shown_dec(v->arena, total, v->run->places_total);
}

static const char *title_of(const struct view *v, uint32_t member)
{
    const struct member_record *m = &v->run->members.at[member];
    if (m->title && strcmp(m->title, m->id) != 0) {
        return m->title;
    }
    if (member == v->run->bonus) {
        return _("bonus");
    }
    return member == v->run->deductions ? _("deductions") : m->id;
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

/* Units that are listed together, and the sections on any of their sheets. */
struct listing {
    const uint32_t *units;
    uint32_t n;
    VEC(uint32_t) sections;
};

static bool on_some_sheet(const struct view *v, const struct listing *l, uint32_t section)
{
    for (uint32_t i = 0; i < l->n; i++) {
        if (unit_figure(v->run, &v->units[l->units[i]], section)->on_sheet) {
            return true;
        }
    }
    return false;
}

static void find_sections(struct view *v, struct listing *l)
{
    for (uint32_t m = 0; m < v->run->members.n; m++) {
        if (record_is_top(v->run, m) && on_some_sheet(v, l, m)) {
            *vec_push(v->arena, &l->sections) = m;
        }
    }
}

static void add_columns(struct view *v, struct grid *g, const struct listing *l)
{
    grid_column(g, GRID_NUMBER, _("rank"), 4, DROP_NEVER);
    if (v->ids) {
        grid_column(g, GRID_TEXT, _("id"), 6, DROP_ID);
    }
    grid_column(g, GRID_TEXT, _("unit"), 16, DROP_NEVER);
    if (v->run->within_all && v->classes) {
        grid_column(g, GRID_TEXT, _("class"), 6, DROP_CLASS);
    }
    grid_column(g, GRID_NUMBER, _("total"), 5, DROP_NEVER);
    if (v->run->grades.n) {
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
        grid_column(g, GRID_NUMBER, title_of(v, l->sections.at[i]), 8, DROP_SECTIONS);
    }
}

/* "1, 3?": numbers of the gates that fired, and with a ? of those not answered. */
static const char *gates_text(struct view *v, const struct unit_record *u)
{
    const char *all = NULL;
    for (uint32_t gate = 0; gate < v->run->gates.n; gate++) {
        enum gate_state state = (enum gate_state)u->gates[gate];
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
    return arena_printf(v->arena, "%s–%s", total_of(v, o->low), total_of(v, o->high));
}

static void add_unit(struct view *v, struct grid *g, const struct listing *l,
                     const struct unit_record *u)
{
    const struct outcome *o = &u->outcome;
    struct arena *a = v->arena;
    grid_row(g);
    grid_cell(g, arena_printf(a, "%u", o->rank), GRID_PLAIN);
    if (v->ids) {
        grid_cell(g, u->id, GRID_DIM);
    }
    grid_cell(g, name_of(u), GRID_PLAIN);
    if (v->run->within_all && v->classes) {
        grid_cell(g, class_of(u), GRID_PLAIN);
    }
    grid_cell(g, total_of(v, o->total), GRID_BOLD);
    if (v->run->grades.n) {
        grid_cell(g, grade_of(v, o->grade), o->vetoed ? GRID_RED : GRID_PLAIN);
    }
    if (v->bounds) {
        bool whole = o->reported == DEC_NONE || o->reported >= dec_from_int(100);
        grid_cell(g, whole ? NULL : figures_percent(a, o->reported), GRID_PLAIN);
        grid_cell(g, bounds_text(v, o), GRID_PLAIN);
    }
    if (v->gate_cap) {
        grid_cell(g, o->before_gates == o->total ? NULL : total_of(v, o->before_gates), GRID_PLAIN);
    }
    if (v->gates) {
        grid_cell(g, gates_text(v, u), GRID_RED);
    }
    grid_cell(g, arena_printf(a, "%u", u->n_deficiencies), GRID_PLAIN);
    for (uint32_t i = 0; i < l->sections.n; i++) {
        const struct figure *f = unit_figure(v->run, u, l->sections.at[i]);
        bool off = f->state == STATE_OFF;
        grid_cell(g, off ? NULL : figures_shown_dec(a, f->points, v->run->places_section),
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

static const char *why_unranked(struct view *v, const struct unit_record *u)
{
    const struct outcome *o = &u->outcome;
    const char *why = u->why ? u->why : "", *gates = gates_text(v, u);
    if (o->total != DEC_NONE) {
        why = arena_printf(v->arena, _("%s; total %s"), why, total_of(v, o->total));
    }
    if (o->grade != GRADE_NONE) {
        why = arena_printf(v->arena, _("%s, grade %s"), why, grade_of(v, o->grade));
    }
    if (gates && o->state != UNIT_ERROR) {
        why = arena_printf(v->arena, _("%s; gates: %s"), why, gates);
    }
    return why;
}

static void print_unranked(struct view *v, const uint32_t *units, uint32_t n)
{
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        const struct unit_record *u = &v->units[units[i]];
        if (u->outcome.state == UNIT_RANKED) {
            continue;
        }
        if (!any) {
            line(v, _("not ranked:"), 2);
        }
        any = true;
        line(v, arena_printf(v->arena, _("%s: %s"), name_of(u), why_unranked(v, u)), 4);
    }
}

static void print_class(struct view *v, const char *name, const uint32_t *units, uint32_t n)
{
    struct arena_mark mark = arena_mark(v->arena);
    struct listing l = {.units = units, .n = n};
    uint32_t n_ranked = 0, n_all = v->units[units[0]].outcome.ranked;
    for (uint32_t i = 0; i < n; i++) {
        n_ranked += v->units[units[i]].outcome.state == UNIT_RANKED;
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
            if (v->units[units[i]].outcome.state == UNIT_RANKED) {
                add_unit(v, &g, &l, &v->units[units[i]]);
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
    uint32_t *units = ARENA_ARRAY(v->arena, uint32_t, v->run->n_units);
    bool all = v->run->within_all;
    for (uint32_t i = 0; i < v->run->n_units;) {
        const char *class = v->units[i].class_name;
        uint32_t n = 0;
        for (; i < v->run->n_units; i++) {
            if (!all && strcmp(v->units[i].class_name, class) != 0) {
                break;
            }
            if (is_shown(v, i)) {
                units[n++] = i;
            }
        }
        if (n) {
            print_class(v, all ? NULL : class_of(&v->units[units[0]]), units, n);
        }
    }
}

/* ---- what stands behind it ---- */

/* "20% × 9 = 1.8 → 1", or the count. */
static const char *seats_text(struct arena *a, const struct quota_record *q)
{
    if (q->share == DEC_NONE) {
        return arena_printf(a, "%u", q->seats);
    }
    const char *seats =
        arena_printf(a, _("%s%% × %u = %s → %s"), figures_number(a, q->share), q->ranked,
                     figures_number(a, q->product), figures_number(a, q->rounded));
    if (dec_from_int(q->seats) == q->rounded) {
        return seats;
    }
    return arena_printf(a, _("%s, at least %u"), seats, q->seats);
}

/* The unit's name by its id, which is looked for among the class's own. */
static const char *name_by_id(const struct view *v, const char *id)
{
    for (uint32_t i = 0; i < v->run->n_units; i++) {
        if (strcmp(v->units[i].id, id) == 0) {
            return name_of(&v->units[i]);
        }
    }
    return id;
}

static void print_quota(struct view *v, const struct quota_record *q)
{
    const char *grade = grade_of(v, q->grade), *seats = seats_text(v->arena, q);
    const char *text = q->group && *q->group
                           ? arena_printf(v->arena, _("%s, %s: %s; qualified %u, given %u"), grade,
                                          q->group, seats, q->qualified, q->given)
                           : arena_printf(v->arena, _("%s: %s; qualified %u, given %u"), grade,
                                          seats, q->qualified, q->given);
    line(v, text, 2);
    const char *tied = NULL;
    for (uint32_t i = 0; i < q->tied.n; i++) {
        const char *unit = name_by_id(v, q->tied.at[i]);
        tied = tied ? arena_printf(v->arena, _("%s, %s"), tied, unit) : unit;
    }
    if (tied) {
        line(v,
             arena_printf(v->arena,
                          q->all_in ? _("tied at the cut, all in: %s")
                                    : _("tied at the cut, all out: %s"),
                          tied),
             4);
    }
}

static bool class_is_shown(const struct view *v, const char *class)
{
    for (uint32_t i = 0; i < v->run->n_units; i++) {
        if (strcmp(v->units[i].class_name, class) == 0 && is_shown(v, i)) {
            return true;
        }
    }
    return false;
}

/* Only those that some unit on show had to do with. */
static void print_quotas(struct view *v)
{
    struct arena_mark mark = arena_mark(v->arena);
    bool any = false;
    for (uint32_t i = 0; i < v->run->quotas.n; i++) {
        const struct quota_record *q = &v->run->quotas.at[i];
        if (v->style->shown.only && q->group && !class_is_shown(v, q->group)) {
            continue;
        }
        if (!any) {
            heading(v, _("Quotas"));
        }
        any = true;
        print_quota(v, q);
    }
    arena_reset(v->arena, mark);
}

static void print_claim(struct view *v, const struct unit_record *u, const struct claim_record *c)
{
    const struct member_record *m = &v->run->members.at[c->member];
    line(v,
         arena_printf(v->arena, _("%s: %s: %s"), name_of(u), m->title ? m->title : m->id,
                      c->reason ? c->reason : _("no reason given")),
         2);
}

static void print_claims(struct view *v)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->run->n_units; i++) {
        n += is_shown(v, i) ? v->units[i].n_claims : 0;
    }
    if (n == 0) {
        return;
    }
    heading(v, arena_printf(v->arena, _("Said not to apply: %u"), n));
    if (n > CLAIMS_LISTED) {
        line(v, _("with their reasons: -o result.json"), 2);
        return;
    }
    for (uint32_t i = 0; i < v->run->n_units; i++) {
        for (uint32_t k = 0; is_shown(v, i) && k < v->units[i].n_claims; k++) {
            print_claim(v, &v->units[i], &v->units[i].claims[k]);
        }
    }
}

/* "total 97.78, without waivers 88.00": the second only where one counts. */
static const char *totals_of(struct view *v, const struct outcome *o)
{
    const char *total = arena_printf(v->arena, _("total %s"), total_of(v, o->total));
    return o->waived ? arena_printf(v->arena, _("%s, without waivers %s"), total,
                                    total_of(v, o->total_without))
                     : total;
}

/* All of them, however many: points that came without a value are never passed over. They stand in
 * the order of the units. */
static void print_waivers(struct view *v)
{
    const struct run_record *run = v->run;
    uint32_t unit = 0;
    const char *last = NULL;
    for (uint32_t i = 0; i < run->waivers.n; i++) {
        const struct waiver_record *it = &run->waivers.at[i];
        if (!waiver_is_meant(it, &v->style->shown)) {
            continue;
        }
        if (!last) {
            heading(v, _("Waivers"));
        }
        if (!last || strcmp(last, it->unit) != 0) {
            while (unit + 1 < run->n_units && strcmp(v->units[unit].id, it->unit) != 0) {
                unit++;
            }
            line(v,
                 arena_printf(v->arena, _("%s: %s"), name_of(&v->units[unit]),
                              totals_of(v, &v->units[unit].outcome)),
                 2);
        }
        last = it->unit;
        line(v,
             arena_printf(v->arena, _("%s: %s"), title_of(v, it->is.member),
                          waiver_text(v->arena, &it->is)),
             4);
    }
}

/* What the numbers in the column stand for; gates that neither fired nor lack an answer are left
 * out. */
static void print_gates(struct view *v)
{
    bool any = false;
    for (uint32_t gate = 0; gate < v->run->gates.n; gate++) {
        const struct gate_record *it = &v->run->gates.at[gate];
        if (!v->fired[gate] && !v->unanswered[gate]) {
            continue;
        }
        if (!any) {
            heading(v, _("Gates"));
        }
        any = true;
        const char *text = arena_printf(v->arena, _("%s: fired for %u"),
                                        it->title ? it->title : it->id, v->fired[gate]);
        if (v->unanswered[gate]) {
            text = arena_printf(v->arena, _("%s; ? cannot be told for %u, not reported"), text,
                                v->unanswered[gate]);
        }
        wrap_line(v->out, figures_safe(v->arena, text), arena_printf(v->arena, "%u  ", gate + 1), 2,
                  v->width);
    }
}

static void print_foot(struct view *v, const char *const *foot)
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
    for (; *foot; foot++) {
        line(v, *foot, 0);
    }
}

void record_table(struct arena *a, const struct run_record *run, const struct unit_record *units,
                  const struct record_style *style, const char *const *foot, struct buf *out)
{
    struct arena_mark mark = arena_mark(a);
    struct view v = {.run = run,
                     .units = units,
                     .style = style,
                     .arena = a,
                     .out = out,
                     .width = style->width > 0 ? style->width : 80,
                     .color = style->color};
    survey(&v);
    const char *count = v.shown == run->n_units
                            ? arena_printf(a, v.shown == 1 ? _("%u unit") : _("%u units"), v.shown)
                            : arena_printf(a, _("%u of %u units"), v.shown, run->n_units);
    const char *period = run->period ? arena_printf(a, " · %s", run->period) : "";
    line(&v, arena_printf(a, "%s%s · %s", run->title, period, count), 0);
    print_ranking(&v);
    print_gates(&v);
    print_quotas(&v);
    print_claims(&v);
    print_waivers(&v);
    print_foot(&v, foot);
    arena_reset(a, mark);
}

void report_table(const struct report *report, struct buf *out)
{
    struct arena *a = report->arena;
    struct arena_mark mark = arena_mark(a);
    const struct result *r = report->result;
    const char *const foot[] = {
        _("Every section, item and deficiency: -o result.csv or -o result.json."),
        _("How a unit's points came about: kaoping explain RUBRIC DATA --unit ID"), NULL};
    struct record_style style = {report->shown, report->width, report->color};
    struct run_record *run = record_run(a, report);
    struct unit_record *units = ARENA_ARRAY(a, struct unit_record, r->n_units);
    for (uint32_t i = 0; i < r->n_units; i++) {
        record_unit(a, run, r, r->order[i], true, &units[i]);
    }
    record_table(a, run, units, &style, foot, out);
    arena_reset(a, mark);
}
