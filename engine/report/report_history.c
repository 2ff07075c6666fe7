/*
 * report_history.c - see report_history.h.
 *
 *   竹峰街道 (zf) · street · 3 periods
 *
 *     period  run  rubric     total  rank     grade  flags  组织领导  理论学习
 *     2022      1  duty_2022  78.20  9 of 40  合格       5     18.00     31.00
 *     2023      2  duty_2023  83.10  5 of 40  良好       3     19.00     33.00
 *     2024      5  duty_2024  87.25  3 of 40  良好       1     20.00     31.00
 *
 *   total  ▁▄▇  78.20 → 87.25
 *
 *   Standing deficiencies (2024)
 *     - 集中学习: shortfall, major, lost 3.00, since 2022
 */
#include "report/report_history.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "report/csv_write.h"
#include "report/explain_text.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/json_parts.h"
#include "report/wrap.h"

#include <string.h>

static const struct history_entry *newest(const struct history *h) { return &h->entries[h->n - 1]; }

static const char *title_of(const struct member_record *m) { return m->title ? m->title : m->id; }

static const char *grade_of(const struct history_entry *e)
{
    uint32_t grade = e->unit->outcome.grade;
    return grade == GRADE_NONE ? NULL : e->run->grades.at[grade];
}

static const char *period_of(const struct history_entry *e)
{
    return e->run->period ? e->run->period : "–";
}

/* ---- the sections of all periods, by id ---- */

struct section_column {
    const char *id, *title; /* as the newest period has it */
};
typedef VEC(struct section_column) columns;

static void find_columns(const struct history *h, columns *out)
{
    struct map seen = {0};
    for (uint32_t i = h->n; i-- > 0;) {
        const struct run_record *run = h->entries[i].run;
        for (uint32_t m = 0; m < run->members.n; m++) {
            const struct member_record *member = &run->members.at[m];
            if (record_is_top(run, m) && unit_figure(run, h->entries[i].unit, m)->on_sheet &&
                map_get(&seen, str_of(member->id)) == MAP_NONE) {
                map_put(h->arena, &seen, str_of(member->id), out->n);
                *vec_push(h->arena, out) = (struct section_column){member->id, title_of(member)};
            }
        }
    }
}

/* NULL: that period has no such section, or not on the unit's sheet. */
static const struct figure *section_of(const struct history_entry *e, const char *id)
{
    uint32_t m = record_member(e->run, id);
    if (m == RECORD_NONE || e->run->members.at[m].is_item) {
        return NULL;
    }
    const struct figure *f = unit_figure(e->run, e->unit, m);
    return f->on_sheet ? f : NULL;
}

/* ---- standing deficiencies ---- */

/* What a deficiency is about: its item or gate, or the unit itself. */
static const char *subject_of(const struct run_record *run, const struct deficiency_record *d)
{
    return d->member != RECORD_NONE ? run->members.at[d->member].id
           : d->gate != RECORD_NONE ? run->gates.at[d->gate].id
                                    : "";
}

bool history_has(const struct history_entry *e, const char *subject)
{
    for (uint32_t i = 0; i < e->unit->n_deficiencies; i++) {
        if (strcmp(subject_of(e->run, &e->unit->deficiencies[i]), subject) == 0) {
            return true;
        }
    }
    return false;
}

bool history_asks(const struct history_entry *e, const char *subject)
{
    uint32_t m = record_member(e->run, subject);
    if (m != RECORD_NONE) {
        return unit_figure(e->run, e->unit, m)->on_sheet;
    }
    for (uint32_t i = 0; i < e->run->gates.n; i++) {
        if (strcmp(e->run->gates.at[i].id, subject) == 0) {
            return true;
        }
    }
    return !*subject;
}

/* The first of the periods without a break that have it, up to this one. */
static const struct history_entry *since(const struct history *h, const struct history_entry *last,
                                         const char *subject)
{
    const struct history_entry *first = last;
    for (const struct history_entry *e = last; e-- > h->entries;) {
        if (e->superseded_by || !history_asks(e, subject)) {
            continue;
        }
        if (!history_has(e, subject)) {
            break;
        }
        first = e;
    }
    return first;
}

/* Of the newest period, by whichever rubrics; a superseded run stands for nothing. */
static bool is_current(const struct history *h, const struct history_entry *e)
{
    return !e->superseded_by && strcmp(period_of(e), period_of(newest(h))) == 0;
}

/* ---- for people ---- */

enum drop { DROP_NEVER, DROP_FLAGS, DROP_RUN, DROP_RUBRIC, DROP_SECTIONS };

static bool several_rubrics(const struct history *h)
{
    for (uint32_t i = 1; i < h->n; i++) {
        if (strcmp(h->entries[i].run->rubric, h->entries[0].run->rubric) != 0) {
            return true;
        }
    }
    return false;
}

static const char *total_of(const struct history *h, const struct history_entry *e)
{
    return figures_shown_dec(h->arena, e->unit->outcome.total, e->run->places_total);
}

static const char *rank_text(const struct history *h, const struct history_entry *e)
{
    const struct outcome *o = &e->unit->outcome;
    return o->rank ? arena_printf(h->arena, _("%u of %u"), o->rank, o->ranked) : NULL;
}

static const char *run_text(const struct history *h, const struct history_entry *e)
{
    return e->superseded_by
               ? arena_printf(h->arena, _("%u, superseded by %u"), e->number, e->superseded_by)
               : arena_printf(h->arena, "%u", e->number);
}

static void add_row(const struct history *h, struct grid *g, const columns *list, bool rubrics,
                    const struct history_entry *e)
{
    grid_row(g);
    grid_cell(g, period_of(e), GRID_PLAIN);
    grid_cell(g, run_text(h, e), GRID_DIM);
    if (rubrics) {
        grid_cell(g, e->run->rubric, GRID_PLAIN);
    }
    grid_cell(g, total_of(h, e), GRID_BOLD);
    grid_cell(g, rank_text(h, e), GRID_PLAIN);
    grid_cell(g, grade_of(e), e->unit->outcome.vetoed ? GRID_RED : GRID_PLAIN);
    grid_cell(g, arena_printf(h->arena, "%u", e->unit->n_deficiencies), GRID_PLAIN);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct figure *f = section_of(e, list->at[i].id);
        grid_cell(g, f ? figures_shown_dec(h->arena, f->points, e->run->places_section) : NULL,
                  GRID_PLAIN);
    }
}

static void print_periods(const struct history *h, struct buf *out)
{
    struct grid g = {.arena = h->arena};
    columns list = {0};
    bool rubrics = several_rubrics(h), dropped = false;
    find_columns(h, &list);
    grid_column(&g, GRID_TEXT, _("period"), 6, DROP_NEVER);
    grid_column(&g, GRID_TEXT, _("run"), 3, DROP_RUN);
    if (rubrics) {
        grid_column(&g, GRID_TEXT, _("rubric"), 10, DROP_RUBRIC);
    }
    grid_column(&g, GRID_NUMBER, _("total"), 5, DROP_NEVER);
    grid_column(&g, GRID_TEXT, _("rank"), 8, DROP_NEVER);
    grid_column(&g, GRID_TEXT, _("grade"), 8, DROP_NEVER);
    grid_column(&g, GRID_NUMBER, _("flags"), 5, DROP_FLAGS);
    for (uint32_t i = 0; i < list.n; i++) {
        grid_column(&g, GRID_NUMBER, list.at[i].title, 8, DROP_SECTIONS);
    }
    for (uint32_t i = 0; i < h->n; i++) {
        add_row(h, &g, &list, rubrics, &h->entries[i]);
    }
    grid_print(&g, 2, h->width, h->color, out);
    for (uint32_t i = 0; i < g.columns.n; i++) {
        dropped = dropped || g.columns.at[i].dropped;
    }
    if (dropped) {
        wrap_line(out, _("No room here for everything: --format csv or json has it."), "", 2,
                  h->width);
    }
}

/* The runs that stand, in order; none where two of them are of one period: their totals are of
 * different rubrics and make no line. */
static uint32_t line_of(const struct history *h, const struct history_entry **out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < h->n; i++) {
        const struct history_entry *e = &h->entries[i];
        if (e->superseded_by) {
            continue;
        }
        if (n > 0 && strcmp(period_of(out[n - 1]), period_of(e)) == 0) {
            return 0;
        }
        out[n++] = e;
    }
    return n;
}

/* The total as a share of the full marks, in eighths between the least and the most there was. */
static void print_line(const struct history *h, struct buf *out)
{
    static const char *const marks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const struct history_entry **line = ARENA_ARRAY(h->arena, const struct history_entry *, h->n);
    dec least = DEC_MAX, most = -DEC_MAX, *shares = ARENA_ARRAY(h->arena, dec, h->n);
    uint32_t n = line_of(h, line), n_totals = 0;
    for (uint32_t i = 0; i < n; i++) {
        shares[i] =
            dec_muldiv(line[i]->unit->outcome.total, dec_from_int(100), line[i]->run->total);
        if (shares[i] != DEC_NONE) {
            least = dec_min(least, shares[i]);
            most = dec_max(most, shares[i]);
            n_totals++;
        }
    }
    if (n_totals < 2) {
        return;
    }
    buf_printf(out, "\n  %s  ", _("total"));
    for (uint32_t i = 0; i < n; i++) {
        int64_t level = 3;
        if (shares[i] != DEC_NONE && most > least) {
            level = dec_to_int(dec_muldiv(shares[i] - least, dec_from_int(8), most - least));
        }
        buf_text(out, shares[i] == DEC_NONE ? "·" : marks[level > 7 ? 7 : level]);
    }
    buf_printf(out, "  %s → %s\n", total_of(h, line[0]), total_of(h, line[n - 1]));
}

static const char *subject_title(const struct run_record *run, const struct deficiency_record *d)
{
    if (d->member != RECORD_NONE) {
        return title_of(&run->members.at[d->member]);
    }
    if (d->gate != RECORD_NONE) {
        const struct gate_record *g = &run->gates.at[d->gate];
        return g->title ? g->title : g->id;
    }
    return NULL;
}

static void print_deficiency(const struct history *h, const struct history_entry *e,
                             const struct deficiency_record *d, struct buf *out)
{
    struct arena *a = h->arena;
    const struct run_record *run = e->run;
    const char *title = subject_title(run, d);
    const char *text = arena_printf(a, _("%s, %s"), explain_flag((enum flag)d->kind),
                                    explain_level((enum level)d->severity));
    if (title) {
        text = arena_printf(a, _("%s: %s"), title, text);
    }
    if (d->lost > 0) {
        text = arena_printf(a, _("%s, lost %s"), text,
                            figures_shown_dec(a, d->lost, run->places_item));
    }
    const struct history_entry *first = since(h, e, subject_of(run, d));
    if (first != e) {
        text = arena_printf(a, _("%s, since %s"), text, period_of(first));
    }
    wrap_line(out, figures_safe(a, text), "- ", 2, h->width);
    wrap_line(out, figures_safe(a, d->text), "", 4, h->width);
    if (d->remedy) {
        wrap_line(out, figures_safe(a, arena_printf(a, _("to do: %s"), d->remedy)), "", 4,
                  h->width);
    }
}

static void print_standing(const struct history *h, struct buf *out)
{
    bool any = false;
    for (uint32_t i = 0; i < h->n; i++) {
        const struct history_entry *e = &h->entries[i];
        for (uint32_t k = 0; is_current(h, e) && k < e->unit->n_deficiencies; k++) {
            if (!any) {
                buf_char(out, '\n');
                grid_styled(
                    out, GRID_BOLD, h->color,
                    figures_safe(h->arena, arena_printf(h->arena, _("Standing deficiencies (%s)"),
                                                        period_of(e))));
                buf_char(out, '\n');
            }
            any = true;
            print_deficiency(h, e, &e->unit->deficiencies[k], out);
        }
    }
}

void history_table(const struct history *h, struct buf *out)
{
    struct arena *a = h->arena;
    const struct unit_record *u = newest(h)->unit;
    bool named = *u->name && strcmp(u->name, u->id) != 0;
    const char *head = named ? arena_printf(a, "%s (%s)", u->name, u->id) : u->id;
    if (*u->class_name) {
        head = arena_printf(a, "%s · %s", head, u->class_name);
    }
    head = arena_printf(a, "%s · %s", head,
                        h->n == 1 ? _("1 period") : arena_printf(a, _("%u periods"), h->n));
    wrap_line(out, figures_safe(a, head), "", 0, h->width);
    buf_char(out, '\n');
    print_periods(h, out);
    print_line(h, out);
    print_standing(h, out);
}

/* ---- for spreadsheets ---- */

static void csv_row(struct csv_write *c, const columns *list, const struct history_entry *e)
{
    const struct outcome *o = &e->unit->outcome;
    struct buf text = {0};
    csv_text(c, e->run->period);
    csv_count(c, e->number);
    csv_text(c, e->run->rubric);
    csv_text(c, e->unit->id);
    csv_text(c, e->unit->name);
    csv_text(c, e->unit->class_name);
    csv_word(c, unit_state_word((enum unit_state)o->state));
    csv_dec(c, o->total, e->run->places_total);
    csv_dec(c, e->run->total, DEC_EXACT);
    csv_count(c, o->rank);
    csv_count(c, o->ranked);
    csv_text(c, grade_of(e));
    for (uint32_t i = 0; i < list->n; i++) {
        const struct figure *f = section_of(e, list->at[i].id);
        csv_dec(c, f ? f->points : DEC_NONE, e->run->places_section);
    }
    csv_dec(c, dec_from_int(e->unit->n_deficiencies), 0);
    for (uint32_t i = 0; i < e->unit->n_deficiencies; i++) {
        const char *title = subject_title(e->run, &e->unit->deficiencies[i]);
        buf_printf(&text, "%s%s%s%s", i ? "; " : "", title ? title : "", title ? ": " : "",
                   e->unit->deficiencies[i].text);
    }
    csv_text(c, text.at);
    csv_count(c, e->superseded_by);
    csv_end_row(c);
    buf_release(&text);
}

void history_csv(const struct history *h, struct buf *out)
{
    static const char *const before[] = {"period", "run",   "rubric", "id",   "name",   "class",
                                         "state",  "total", "of",     "rank", "ranked", "grade"};
    struct csv_write c = {.out = out};
    columns list = {0};
    find_columns(h, &list);
    csv_start(&c);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        csv_word(&c, before[i]);
    }
    for (uint32_t i = 0; i < list.n; i++) {
        csv_text(&c, list.at[i].title);
    }
    csv_word(&c, "deficiencies");
    csv_word(&c, "deficiency_text");
    csv_word(&c, "superseded_by");
    csv_end_row(&c);
    for (uint32_t i = 0; i < h->n; i++) {
        csv_row(&c, &list, &h->entries[i]);
    }
}

/* ---- for programs ---- */

static void json_sections(struct json_write *w, const struct history_entry *e)
{
    json_key(w, "sections");
    json_open(w, '[');
    for (uint32_t m = 0; m < e->run->members.n; m++) {
        if (!record_is_top(e->run, m) || !unit_figure(e->run, e->unit, m)->on_sheet) {
            continue;
        }
        const struct figure *f = unit_figure(e->run, e->unit, m);
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "id", e->run->members.at[m].id);
        json_key_text(w, "title", title_of(&e->run->members.at[m]));
        json_key_dec(w, "points", f->points, figures_enough(f->points, e->run->places_section));
        json_key_dec(w, "due", f->due, DEC_EXACT);
        json_key_dec(w, "of", f->of, DEC_EXACT);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_period(struct json_write *w, const struct history_entry *e)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "period", e->run->period);
    json_key(w, "run");
    json_uint(w, e->number);
    json_key_text(w, "created", e->created);
    json_key_text(w, "rubric", e->run->rubric);
    json_key_text(w, "reason", e->reason);
    json_key(w, "superseded_by");
    if (e->superseded_by) {
        json_uint(w, e->superseded_by);
    } else {
        json_text(w, NULL);
    }
    json_line(w);
    json_unit_head(w, e->run, e->unit);
    json_line(w);
    json_sections(w, e);
    json_line(w);
    json_deficiencies(w, e->run, e->unit);
    json_close(w, '}');
}

static void json_standing(struct json_write *w, const struct history *h,
                          const struct history_entry *e)
{
    for (uint32_t i = 0; i < e->unit->n_deficiencies; i++) {
        const char *subject = subject_of(e->run, &e->unit->deficiencies[i]);
        json_line(w);
        json_open(w, '{');
        json_key(w, "run");
        json_uint(w, e->number);
        json_key_text(w, "subject", *subject ? subject : NULL);
        json_key_text(w, "kind", flag_word((enum flag)e->unit->deficiencies[i].kind));
        json_key_text(w, "since", since(h, e, subject)->run->period);
        json_close(w, '}');
    }
}

void history_json(const struct history *h, struct buf *out)
{
    struct json_write w = {.out = out};
    const struct unit_record *u = newest(h)->unit;
    json_open(&w, '{');
    json_key(&w, "kaoping");
    json_uint(&w, 1);
    json_line(&w);
    json_key(&w, "history");
    json_open(&w, '{');
    json_key_text(&w, "id", u->id);
    json_key_text(&w, "name", u->name);
    json_line(&w);
    json_key(&w, "periods");
    json_open(&w, '[');
    for (uint32_t i = 0; i < h->n; i++) {
        json_period(&w, &h->entries[i]);
    }
    json_close(&w, ']');
    json_line(&w);
    json_key(&w, "standing");
    json_open(&w, '[');
    for (uint32_t i = 0; i < h->n; i++) {
        if (is_current(h, &h->entries[i])) {
            json_standing(&w, h, &h->entries[i]);
        }
    }
    json_close(&w, ']');
    json_close(&w, '}');
    json_close(&w, '}');
    buf_char(out, '\n');
}
