/*
 * report_csv.c - one row a unit, for spreadsheets: UTF-8 with BOM and CRLF (interfaces.md).
 *
 *   rank, id, name, class, state, total, grade, before_gates, reported, low, high, gates,
 *   gates_unanswered, <each section's title>, <each item's title>, deficiencies,
 *   deficiency_text, flags, not_applicable, why_unranked
 *
 * With waivers: total_without_waivers behind the total, and waivers behind not_applicable.
 *
 * The headers of our own columns are stable and never translated; sections and items are headed by
 * their titles, with the id where a title stands twice. A text that a spreadsheet would run gets a
 * leading ' (our reader takes it off again); numbers are left alone.
 */
#include "report/report.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "base/map.h"
#include "report/csv_write.h"
#include "report/figures.h"
#include "report/pieces.h"

#include <string.h>

/* Sections before items: what a reader of the sheet looks at first. */
static bool has_column(const struct rubric *rubric, uint32_t member, enum member_kind kind)
{
    const struct member *m = &rubric->members.at[member];
    return m->kind == kind && member != RUBRIC_ROOT && !m->off;
}

static const enum member_kind column_kinds[] = {MEMBER_SECTION, MEMBER_ITEM};

/* ---- header ---- */

/* A title that stands twice is put in a second time with a line end behind it, which no title has.
 */
static void note_title(struct arena *a, struct map *titles, const struct member *m, uint32_t member)
{
    uint32_t first = map_put(a, titles, str_of(member_name(m)), member);
    if (first != member) {
        map_put(a, titles, str_of(arena_printf(a, "%s\n", member_name(m))), member);
    }
}

static const char *heading(struct arena *a, const struct map *titles, const struct member *m)
{
    bool twice = map_get(titles, str_of(arena_printf(a, "%s\n", member_name(m)))) != MAP_NONE;
    return twice ? arena_printf(a, "%s (%s)", member_name(m), m->id) : member_name(m);
}

static void write_header(struct csv_write *c, struct arena *a, const struct rubric *rubric,
                         bool waivers)
{
    static const char *const before[] = {
        "rank",         "id",       "name", "class", "state", "total",           "grade",
        "before_gates", "reported", "low",  "high",  "gates", "gates_unanswered"};
    struct map titles = {0};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        csv_word(c, before[i]);
        if (waivers && strcmp(before[i], "total") == 0) {
            csv_word(c, "total_without_waivers");
        }
    }
    for (uint32_t m = 0; m < rubric->members.n; m++) {
        if (m != RUBRIC_ROOT && !rubric->members.at[m].off) {
            note_title(a, &titles, &rubric->members.at[m], m);
        }
    }
    for (int k = 0; k < 2; k++) {
        for (uint32_t m = 0; m < rubric->members.n; m++) {
            if (has_column(rubric, m, column_kinds[k])) {
                csv_text(c, heading(a, &titles, &rubric->members.at[m]));
            }
        }
    }
    csv_word(c, "deficiencies");
    csv_word(c, "deficiency_text");
    csv_word(c, "flags");
    csv_word(c, "not_applicable");
    if (waivers) {
        csv_word(c, "waivers");
    }
    csv_word(c, "why_unranked");
    csv_end_row(c);
}

/* ---- rows ---- */

static void gates_cell(struct csv_write *c, struct arena *a, const struct result *r, uint32_t unit,
                       enum gate_state state)
{
    const char *all = NULL;
    for (uint32_t gate = 0; gate < r->n_gates; gate++) {
        if (r->gates[(size_t)unit * r->n_gates + gate] == state) {
            const char *title = gate_name(&r->rubric->gates.at[gate]);
            all = all ? arena_printf(a, "%s; %s", all, title) : title;
        }
    }
    csv_text(c, all);
}

static void deficiency_cells(struct csv_write *c, struct arena *a, const struct result *r,
                             uint32_t unit)
{
    deficiencies list = {0};
    uint32_t seen = 0;
    deficiency_list(a, r, unit, &list);
    if (list.n == 0) {
        buf_text(c->out, ",0,,");
        return;
    }
    struct buf text = {0}, kinds = {0};
    for (uint32_t i = 0; i < list.n; i++) {
        const struct deficiency *d = &list.at[i];
        buf_text(&text, i ? "; " : "");
        if (d->member != MEMBER_NONE) {
            buf_printf(&text, _("%s: "), member_name(&r->rubric->members.at[d->member]));
        }
        buf_text(&text, d->text);
        if (!(seen & 1U << d->kind)) {
            buf_printf(&kinds, "%s%s", seen ? "; " : "", flag_word(d->kind));
        }
        seen |= 1U << d->kind;
    }
    csv_dec(c, dec_from_int(list.n), 0);
    csv_text(c, text.at);
    csv_word(c, kinds.at);
    buf_release(&text);
    buf_release(&kinds);
}

/* What the unit said does not apply, each with its reason. */
static void claims_cell(struct csv_write *c, struct arena *a, const struct result *r, uint32_t unit)
{
    claims list = {0};
    const char *all = NULL;
    figures_claims(a, r, unit, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct claim *claim = &list.at[i];
        const char *one = member_name(&r->rubric->members.at[claim->item]);
        if (claim->reason) {
            one = arena_printf(a, _("%s: %s"), one, claim->reason);
        }
        all = all ? arena_printf(a, "%s; %s", all, one) : one;
    }
    csv_text(c, all);
}

static void waivers_cell(struct csv_write *c, struct arena *a, const struct result *r,
                         uint32_t unit)
{
    struct waivers own = waivers_of(r->table->waivers, unit);
    const char *all = NULL;
    for (uint32_t i = 0; i < own.n; i++) {
        const struct waiver *w = &own.at[i];
        const char *one =
            arena_printf(a, _("%s: %s"), figures_title(r->rubric, w->member), waiver_text(a, w));
        all = all ? arena_printf(a, "%s; %s", all, one) : one;
    }
    csv_text(c, all);
}

static void write_unit(struct csv_write *c, struct arena *a, const struct result *r, uint32_t unit)
{
    const struct unit *u = &r->table->units.at[unit];
    const struct outcome *o = &r->outcomes[unit];
    int places = r->rubric->round_total;
    csv_count(c, o->rank);
    csv_text(c, u->id);
    csv_text(c, u->name);
    csv_text(c, u->class_name);
    csv_word(c, unit_state_word((enum unit_state)o->state));
    csv_dec(c, o->total, places);
    if (r->table->waivers.n > 0) {
        csv_dec(c, o->waived ? o->total_without : o->total, places);
    }
    csv_text(c, figures_grade(r->rubric, o->grade));
    csv_dec(c, o->before_gates, places);
    csv_word(c, o->reported == DEC_NONE ? NULL : figures_percent(a, o->reported));
    csv_dec(c, o->low, places);
    csv_dec(c, o->high, places);
    gates_cell(c, a, r, unit, GATE_FIRED);
    gates_cell(c, a, r, unit, GATE_UNANSWERED);
    for (int k = 0; k < 2; k++) {
        for (uint32_t m = 0; m < r->n_members; m++) {
            if (has_column(r->rubric, m, column_kinds[k])) {
                const struct cellres *got = result_member(r, unit, m);
                bool off = got->state == STATE_OFF || o->state == UNIT_ERROR;
                csv_dec(c, off ? DEC_NONE : got->points, figures_places(r->rubric, m));
            }
        }
    }
    deficiency_cells(c, a, r, unit);
    claims_cell(c, a, r, unit);
    if (r->table->waivers.n > 0) {
        waivers_cell(c, a, r, unit);
    }
    csv_text(c, figures_why_unranked(a, r, unit));
    csv_end_row(c);
}

static void write_units(void *context, uint32_t first, uint32_t end, struct buf *out)
{
    const struct report *report = context;
    const struct result *r = report->result;
    struct csv_write c = {.out = out};
    for (uint32_t i = first; i < end; i++) {
        if (!figures_shown(report, r->order[i])) {
            continue;
        }
        struct arena_mark mark = arena_mark(report->arena);
        write_unit(&c, report->arena, r, r->order[i]);
        arena_reset(report->arena, mark);
    }
}

void report_csv(const struct report *report, struct buf *out)
{
    const struct result *r = report->result;
    struct csv_write c = {.out = out};
    struct arena_mark start = arena_mark(report->arena);
    struct report copy = *report;
    csv_start(&c);
    write_header(&c, report->arena, r->rubric, r->table->waivers.n > 0);
    arena_reset(report->arena, start);
    pieces_write(&(struct pieces){.n = r->n_units,
                                  .each = r->n_members,
                                  .jobs = report->jobs,
                                  .context = &copy,
                                  .write = write_units},
                 out);
}
