/*
 * explain.c - one unit as a tree, in the order of the sheet; every line can be recomputed by hand.
 *
 *   竹峰街道 (zf) · street · 2024年度责任制考核评分细则 · 2024
 *   total 87.25 · rank 3 of 40 in street · grade 合格 (良好 by points alone)
 *
 *   理论学习                                              31.00 of 40
 *     全年中心组学习不少于12次                            17.00 of 20
 *       理论学习中心组学习次数: 9次 (units.csv:3:7)
 *       12 - 9 = 3 short × 1 = 3; 20 - 3 = 17
 *     sum of 2 members = 31
 *
 *   Total, Gates, Grade, What was lost, Deficiencies, Defaults in force
 */
#include "report/report.h"

#include "analyse/deficiency.h"
#include "analyse/repair.h"
#include "base/date.h"
#include "base/i18n.h"
#include "report/explain_text.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/wrap.h"

#include <string.h>

#define TIES_SHOWN 3 /* on either side */

struct explain {
    const struct report *report;
    const struct result *result;
    struct arena *arena;
    struct buf *out;
    struct trace trace;
    uint32_t unit, item; /* item: or a section; MEMBER_NONE: all */
    uint32_t class;
    int width;
    bool color;
};

static void line(struct explain *e, const char *text, int indent)
{
    wrap_line(e->out, figures_safe(e->arena, text), "", indent, e->width);
}

static void heading(struct explain *e, const char *text)
{
    buf_char(e->out, '\n');
    grid_styled(e->out, GRID_BOLD, e->color, text);
    buf_char(e->out, '\n');
}

/* ---- head ---- */

static void print_head(struct explain *e)
{
    const struct result *r = e->result;
    const struct unit *u = &r->table->units.at[e->unit];
    const struct outcome *o = &r->outcomes[e->unit];
    struct arena *a = e->arena;
    const char *name = figures_unit(r->table, e->unit), *class = figures_class(r->table, e->unit);
    if (u->name && strcmp(u->name, u->id) != 0) {
        name = arena_printf(a, "%s (%s)", name, u->id);
    }
    if (class) {
        name = arena_printf(a, "%s · %s", name, class);
    }
    line(e, arena_printf(a, "%s · %s · %s", name, r->rubric->title, r->rubric->period), 0);

    const char *text = figures_totals(a, r, e->unit);
    text = arena_printf(a, "%s · %s", text, explain_rank(a, r, e->unit));
    if (o->grade != GRADE_NONE) {
        text = arena_printf(a, _("%s · grade %s"), text, figures_grade(r->rubric, o->grade));
    }
    if (o->grade != GRADE_NONE && o->grade != o->grade_by_band && o->grade_by_band != GRADE_NONE) {
        text = arena_printf(a, _("%s (%s by points alone)"), text,
                            figures_grade(r->rubric, o->grade_by_band));
    }
    line(e, text, 0);
}

/* ---- the tree ---- */

/* A title at the left, "17.00 of 20" at the right edge; on a line of its own where both do not fit.
 */
static void print_title(struct explain *e, const char *title, const char *figure, int indent,
                        enum grid_style style)
{
    int room = text_width(figure, strlen(figure)) + 2;
    struct buf text = {0};
    int at = wrap_text(&text, figures_safe(e->arena, title), indent, indent, e->width - room);
    buf_repeat(e->out, " ", (size_t)indent);
    grid_styled(e->out, style, e->color, text.at);
    int gap = e->width - room + 2 - at;
    buf_repeat(e->out, " ", gap > 2 ? (size_t)gap : 2);
    buf_text(e->out, figure);
    buf_char(e->out, '\n');
    buf_release(&text);
}

static const char *figure_of(struct explain *e, uint32_t member)
{
    const struct result *r = e->result;
    const struct cellres *got = result_member(r, e->unit, member);
    const char *full = figures_number(e->arena, member_points(r->rubric, member, e->class));
    if (got->points == DEC_NONE) {
        return arena_printf(
            e->arena, got->state == STATE_ERROR ? _("error, of %s") : _("left out, of %s"), full);
    }
    /* Bonus and deductions have a most, no full marks. */
    bool extra = r->rubric->members.at[member].group != RUBRIC_ROOT;
    return arena_printf(e->arena, extra ? _("%s of up to %s") : _("%s of %s"),
                        figures_points(e->arena, r->rubric, member, got->points), full);
}

static void print_member_title(struct explain *e, uint32_t member, int indent)
{
    const struct member *m = &e->result->rubric->members.at[member];
    const char *title = figures_title(e->result->rubric, member);
    if (strcmp(title, m->id) != 0) {
        title = arena_printf(e->arena, "%s (%s)", title, m->id);
    }
    print_title(e, title, figure_of(e, member), indent,
                m->kind == MEMBER_SECTION ? GRID_BOLD : GRID_PLAIN);
}

/* The result itself stands in the title. */
static void print_steps(struct explain *e, uint32_t member, int indent)
{
    for (uint32_t i = 0; i < e->trace.steps.n; i++) {
        const struct step *s = &e->trace.steps.at[i];
        if (s->member == member && s->kind != STEP_RESULT) {
            line(e, s->text, indent);
        }
    }
}

/* Whether the member is asked for, or lies on the way to what is. */
static bool is_wanted(const struct explain *e, uint32_t member)
{
    const struct rubric *rubric = e->result->rubric;
    return figures_within(rubric, member, e->item) || figures_within(rubric, e->item, member);
}

static void print_item(struct explain *e, uint32_t member, int indent)
{
    print_member_title(e, member, indent);
    print_steps(e, member, indent + 2);
}

/* The own members of a section, then how they combine: the order of calculation. */
static void print_section(struct explain *e, uint32_t section, int indent)
{
    const struct member *m = &e->result->rubric->members.at[section];
    buf_char(e->out, '\n');
    print_member_title(e, section, indent);
    for (uint32_t i = 0; i < m->members.n; i++) {
        uint32_t own = m->members.at[i];
        if (!is_wanted(e, own) || !member_on_sheet(e->result->rubric, own, e->class)) {
            continue;
        }
        if (e->result->rubric->members.at[own].kind == MEMBER_SECTION) {
            print_section(e, own, indent + 2);
        } else {
            print_item(e, own, indent + 2);
        }
    }
    print_steps(e, section, indent + 2);
}

static void print_group(struct explain *e, uint32_t member)
{
    if (member != MEMBER_NONE && is_wanted(e, member) &&
        member_on_sheet(e->result->rubric, member, e->class)) {
        print_section(e, member, 0);
    }
}

static void print_tree(struct explain *e)
{
    const struct rubric *rubric = e->result->rubric;
    const struct member *root = &rubric->members.at[RUBRIC_ROOT];
    for (uint32_t i = 0; i < root->members.n; i++) {
        uint32_t own = root->members.at[i];
        if (!is_wanted(e, own) || !member_on_sheet(rubric, own, e->class)) {
            continue;
        }
        if (rubric->members.at[own].kind == MEMBER_SECTION) {
            print_section(e, own, 0);
        } else {
            print_item(e, own, 0);
        }
    }
    print_group(e, rubric->bonus);
    print_group(e, rubric->deductions);
}

/* ---- total, gates, grade ---- */

static void print_total(struct explain *e)
{
    const struct result *r = e->result;
    const struct outcome *o = &r->outcomes[e->unit];
    struct arena *a = e->arena;
    buf_char(e->out, '\n');
    const char *total = figures_total(a, r->rubric, o->total);
    print_title(e, _("Total"), arena_printf(a, _("%s of %s"), total, figures_number(a, o->of)), 0,
                GRID_BOLD);
    print_steps(e, RUBRIC_ROOT, 2);
    print_steps(e, MEMBER_NONE, 2);
    if (o->waived) {
        const char *grade = figures_grade(r->rubric, o->grade_without);
        total = figures_total(a, r->rubric, o->total_without);
        line(e,
             grade ? arena_printf(a, _("without waivers the total is %s, by points alone %s"),
                                  total, grade)
                   : arena_printf(a, _("without waivers the total is %s"), total),
             2);
    }
    if (o->reported == DEC_NONE || o->reported >= dec_from_int(100)) {
        return;
    }
    line(e,
         arena_printf(a,
                      _("%s of the points rest on reported values; with nothing for the rest the "
                        "total is %s, with full marks %s"),
                      figures_percent(a, o->reported), figures_total(a, r->rubric, o->low),
                      figures_total(a, r->rubric, o->high)),
         2);
}

static void print_gates(struct explain *e)
{
    if (!e->result->n_gates) {
        return;
    }
    heading(e, _("Gates"));
    for (uint32_t gate = 0; gate < e->result->n_gates; gate++) {
        line(e, explain_gate(e->arena, e->result, e->unit, gate), 2);
    }
}

static bool is_quota(const struct grade_step *s) { return s->kind == GRADE_STEP_QUOTA; }

/* Band, needs, gates; then the rank, which the quotas go by; then the quotas. */
static void print_grade(struct explain *e)
{
    const struct result *r = e->result;
    struct arena *a = e->arena;
    grade_steps path = {0};
    explain_lines ties = {0};
    uint32_t i = 0;
    grade_path(a, r, e->report->ranking, e->unit, &path);
    explain_ties(a, r, e->unit, TIES_SHOWN, &ties);
    heading(e, r->rubric->grades.n ? _("Grade and rank") : _("Rank"));
    for (; i < path.n && !is_quota(&path.at[i]); i++) {
        line(e, explain_grade_step(a, r, e->unit, &path.at[i]), 2);
    }
    line(e, explain_rank(a, r, e->unit), 2);
    for (uint32_t k = 0; k < ties.n; k++) {
        line(e, ties.at[k], 4);
    }
    for (; i < path.n; i++) {
        line(e, explain_grade_step(a, r, e->unit, &path.at[i]), 2);
    }
    if (r->rubric->grades.n) {
        const char *grade = figures_grade(r->rubric, r->outcomes[e->unit].grade);
        line(e, grade ? arena_printf(a, _("grade: %s"), grade) : _("no grade without a rank"), 2);
    }
}

/* ---- losses and deficiencies ---- */

static void print_losses(struct explain *e)
{
    const struct result *r = e->result;
    struct arena *a = e->arena;
    repairs list = {0};
    struct grid g = {.arena = a};
    repair_list(a, r, e->unit, &list);
    grid_column(&g, GRID_TEXT, _("item"), 12, 0);
    grid_column(&g, GRID_NUMBER, _("lost"), 4, 0);
    grid_column(&g, GRID_NUMBER, _("gain"), 4, 0);
    grid_column(&g, GRID_NUMBER, _("new total"), 5, 0);
    grid_column(&g, GRID_NUMBER, _("rank"), 4, 1);
    if (r->rubric->grades.n) {
        grid_column(&g, GRID_TEXT, _("grade"), 6, 2);
    }
    for (uint32_t i = 0; i < list.n; i++) {
        const struct repair *repair = &list.at[i];
        if (!figures_within(r->rubric, repair->item, e->item)) {
            continue;
        }
        grid_row(&g);
        grid_cell(&g, member_name(&r->rubric->members.at[repair->item]), GRID_PLAIN);
        grid_cell(&g, figures_points(a, r->rubric, repair->item, repair->lost), GRID_PLAIN);
        grid_cell(&g, figures_total(a, r->rubric, repair->gain), GRID_BOLD);
        grid_cell(&g, figures_total(a, r->rubric, repair->total), GRID_PLAIN);
        grid_cell(&g, repair->rank ? arena_printf(a, "%u", repair->rank) : "–", GRID_PLAIN);
        if (r->rubric->grades.n) {
            grid_cell(&g, figures_grade(r->rubric, repair->grade), GRID_PLAIN);
        }
    }
    if (!g.n_rows) {
        return;
    }
    heading(e, _("What was lost, and what each repair alone would bring"));
    grid_print(&g, 2, e->width, e->color, e->out);
}

static void print_deficiency(struct explain *e, const struct deficiency *d)
{
    const struct rubric *rubric = e->result->rubric;
    struct arena *a = e->arena;
    const char *head =
        arena_printf(a, _("%s, %s"), explain_flag(d->kind), explain_level(d->severity));
    if (d->lost > 0) {
        head =
            arena_printf(a, _("%s, lost %s"), head, figures_points(a, rubric, d->member, d->lost));
    }
    if (d->member != MEMBER_NONE) {
        head = arena_printf(a, _("%s: %s"), member_name(&rubric->members.at[d->member]), head);
    }
    wrap_line(e->out, figures_safe(e->arena, head), "- ", 2, e->width);
    line(e, d->text, 4);
    char due[DATE_TEXT];
    const char *by = d->due == DATE_NONE ? NULL : date_text(d->due, due);
    if (d->remedy && by) {
        line(e, arena_printf(a, _("to do by %s: %s"), by, d->remedy), 4);
    } else if (d->remedy) {
        line(e, arena_printf(a, _("to do: %s"), d->remedy), 4);
    } else if (by) {
        line(e, arena_printf(a, _("to mend by %s"), by), 4);
    }
}

static void print_deficiencies(struct explain *e)
{
    deficiencies list = {0};
    bool any = false;
    deficiency_list(e->arena, e->result, e->unit, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        if (!figures_within(e->result->rubric, list.at[i].member, e->item)) {
            continue;
        }
        if (!any) {
            heading(e, _("Deficiencies and flags"));
        }
        any = true;
        print_deficiency(e, &list.at[i]);
    }
}

static void print_claims(struct explain *e)
{
    const struct rubric *rubric = e->result->rubric;
    claims list = {0};
    bool any = false;
    figures_claims(e->arena, e->result, e->unit, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct claim *c = &list.at[i];
        if (!figures_within(rubric, c->item, e->item)) {
            continue;
        }
        if (!any) {
            heading(e, _("Said not to apply"));
        }
        any = true;
        const char *reason = c->reason ? c->reason : _("no reason given");
        line(e,
             arena_printf(e->arena, _("%s, %s: %s"), member_name(&rubric->members.at[c->item]),
                          rubric->fields.list.at[c->field].label, reason),
             2);
    }
}

static void print_waivers(struct explain *e)
{
    const struct rubric *rubric = e->result->rubric;
    struct waivers own = waivers_of(e->result->table->waivers, e->unit);
    bool any = false;
    for (uint32_t i = 0; i < own.n; i++) {
        const struct waiver *w = &own.at[i];
        if (!figures_within(rubric, w->member, e->item) &&
            !figures_within(rubric, e->item, w->member)) {
            continue;
        }
        if (!any) {
            heading(e, _("Waivers"));
        }
        any = true;
        line(e,
             arena_printf(e->arena, _("%s: %s"), figures_title(rubric, w->member),
                          waiver_text(e->arena, w)),
             2);
    }
}

static void print_defaults(struct explain *e)
{
    const struct rubric *rubric = e->result->rubric;
    if (!rubric->defaults.n || e->item != MEMBER_NONE) {
        return;
    }
    heading(e, _("Defaults in force, where the rubric says nothing"));
    for (uint32_t i = 0; i < rubric->defaults.n; i++) {
        line(e, explain_default(e->arena, rubric, &rubric->defaults.at[i]), 2);
    }
}

void report_explain(const struct report *report, uint32_t unit, uint32_t item, struct buf *out)
{
    struct arena_mark mark = arena_mark(report->arena);
    struct explain e = {.report = report,
                        .result = report->result,
                        .arena = report->arena,
                        .out = out,
                        .trace = {.arena = report->arena},
                        .unit = unit,
                        .item = item,
                        .class = report->result->table->units.at[unit].class,
                        .width = report->width > 0 ? report->width : 80,
                        .color = report->color};
    print_head(&e);
    if (!report->result->table->units.at[unit].bad) {
        e.result->scorer.explain(e.result, unit, &e.trace);
        print_tree(&e);
        print_total(&e);
        if (item == MEMBER_NONE) {
            print_gates(&e);
            print_grade(&e);
        }
        print_losses(&e);
        print_deficiencies(&e);
        print_claims(&e);
        print_waivers(&e);
        print_defaults(&e);
    }
    arena_reset(report->arena, mark);
}
