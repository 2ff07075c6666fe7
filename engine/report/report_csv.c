/*
 * report_csv.c - one row a unit, for spreadsheets: UTF-8 with BOM and CRLF (interfaces.md).
 *
 *   rank, id, name, class, state, total, grade, before_gates, reported, low, high, gates,
 *   gates_unanswered, <each section's title>, <each item's title>, deficiencies,
 *   deficiency_text, flags, not_applicable, why_unranked
 *
 * With waivers: total_without_waivers behind the total, and waivers behind not_applicable. Or the
 * columns that were asked for (csv_columns.h).
 *
 * A text that a spreadsheet would run gets a leading ' (our reader takes it off again); numbers are
 * left alone.
 */
#include "report/report.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "report/csv_columns.h"
#include "report/csv_write.h"
#include "report/figures.h"
#include "report/pieces.h"
#include "report/wording.h"

#include <string.h>

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

/* All that is said of a unit, put together item by item. */
struct said {
    const struct csv_columns *asked; /* what is not asked for is not put together; NULL: texts */
    struct buf text, deficient;
    bool special;      /* `deficient` may need quotes or a guard */
    uint32_t n, kinds; /* kinds: 1 << enum flag */
    uint8_t n_kinds, order[N_FLAGS];
};

static void say_kind(struct said *s, uint8_t kind)
{
    if (!(s->kinds & 1U << kind)) {
        s->order[s->n_kinds++] = kind;
        s->kinds |= 1U << kind;
    }
}

static bool wants_texts(const struct said *s) { return !s->asked || s->asked->texts; }

static void say_list(struct said *s, const struct rubric *r, const deficiencies *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const struct deficiency *d = &list->at[i];
        say_kind(s, (uint8_t)d->kind);
        s->n++;
        if (!wants_texts(s)) {
            continue;
        }
        buf_text(&s->text, s->text.n > 0 ? "; " : "");
        if (d->member != MEMBER_NONE) {
            buf_printf(&s->text, _("%s: "), member_name(&r->members.at[d->member]));
        }
        buf_text(&s->text, d->text);
    }
}

/* Points and deficiencies of the unit's item in words; false: they are too many to be kept. */
static bool put_into_words(const struct report *report, uint32_t unit, uint32_t member,
                           struct worded *out)
{
    const struct result *r = report->result;
    struct wording *w = report->wording;
    const struct cellres *got = result_member(r, unit, member);
    deficiencies list = {0};
    struct said said = {0};
    w->need(w->context);
    w->n_worded++;
    deficiency_member(report->arena, r, unit, member, &list);
    say_list(&said, r->rubric, &list);
    *out = (struct worded){.at = (uint32_t)w->text.n,
                           .n_text = (uint32_t)said.text.n,
                           .count = (uint8_t)said.n,
                           .known = true,
                           .n_kinds = said.n_kinds};
    bool fits = said.n <= UINT8_MAX && said.n_kinds <= WORDED_KINDS &&
                w->text.n + said.text.n < WORDING_MOST;
    if (fits) {
        csv_dec(&(struct csv_write){.out = &w->text},
                got->state == STATE_OFF ? DEC_NONE : got->points,
                figures_places(r->rubric, member));
        out->n_points = (uint8_t)(w->text.n - out->at);
        memcpy(out->kinds, said.order, sizeof out->kinds);
        buf_add(&w->text, said.text.at, said.text.n);
    }
    buf_release(&said.text);
    return fits;
}

/* NULL: what is said of it is the unit's own. */
static const struct worded *words_of(const struct report *report, uint32_t unit, uint32_t member)
{
    struct wording *w = report->wording;
    if (!w || !w->index || w->index[member] == WORDING_OWN) {
        return NULL;
    }
    struct worded **all = &w->of_member[member];
    if (!*all) {
        *all = ARENA_ARRAY(w->arena, struct worded, w->n_indices[member]);
    }
    struct worded *one = &(*all)[w->index[member]];
    bool kept = one->known || put_into_words(report, unit, member, one);
    one->known = kept;
    return kept ? one : NULL;
}

static void say_words(struct said *s, const struct wording *all, const struct worded *w)
{
    if (w->count == 0) {
        return;
    }
    if (wants_texts(s)) {
        buf_text(&s->text, s->text.n > 0 ? "; " : "");
        buf_add(&s->text, all->text.at + w->at + w->n_points, w->n_text);
    }
    s->n += w->count;
    for (uint8_t i = 0; i < w->n_kinds; i++) {
        say_kind(s, w->kinds[i]);
    }
}

static void say_deficient(struct said *s, const struct rubric *r, uint32_t member)
{
    buf_text(&s->deficient, s->deficient.n > 0 ? "; " : "");
    buf_text(&s->deficient, member_name(&r->members.at[member]));
}

static const struct listed *listed_of(struct wording *w, const struct rubric *r, uint32_t member)
{
    if (!w->listed) {
        w->listed = ARENA_ARRAY(w->arena, struct listed, r->members.n);
    }
    struct listed *one = &w->listed[member];
    if (!one->text) {
        const char *name = member_name(&r->members.at[member]);
        size_t n = strlen(name) + 2;
        char *text = arena_alloc(w->arena, n + LISTED_COPY);
        memcpy(text, "; ", 2);
        memcpy(text + 2, name, n - 2);
        *one = (struct listed){text, (uint32_t)n, csv_is_plain(name)};
    }
    return one;
}

static void add_listed(struct said *s, const struct listed *one)
{
    struct buf *b = &s->deficient;
    uint32_t skip = b->n > 0 ? 0 : 2, n = one->n - skip;
    buf_room(b, n + LISTED_COPY);
    memcpy(b->at + b->n, one->text + skip, LISTED_COPY); /* mostly that is all of it */
    if (n > LISTED_COPY) {
        memcpy(b->at + b->n, one->text + skip, n);
    }
    b->n += n;
    s->special |= !one->plain;
}

/* It is known already who has deficiencies; nobody asks for what they are. */
static void say_known(struct wording *w, const struct rubric *r, struct said *said)
{
    said->n = w->n_deficiencies;
    said->special = false;
    for (uint32_t from = 0; said->asked->names && from < r->members.n; from += 64) {
        for (uint64_t left = w->deficient[from / 64]; left != 0; left &= left - 1) {
            add_listed(said, listed_of(w, r, from + (uint32_t)__builtin_ctzll(left)));
        }
    }
    if (said->deficient.n > 0) {
        said->deficient.at[said->deficient.n] = '\0';
    }
}

/* What is said of the unit, as far as the columns ask for it. */
static void say_all(const struct report *report, uint32_t unit, struct said *said)
{
    const struct result *r = report->result;
    const struct csv_columns *columns = report->columns;
    deficiencies list = {0};
    for (uint32_t m = 0; m < r->n_members && r->outcomes[unit].state != UNIT_ERROR; m++) {
        uint32_t before = said->n;
        const struct worded *words = words_of(report, unit, m);
        if (words) {
            say_words(said, report->wording, words);
        } else if (!columns->texts && deficiency_count_member(r, unit, m) == 0) {
            continue; /* without a look at what it would say */
        } else {
            list.n = 0;
            deficiency_member(report->arena, r, unit, m, &list);
            say_list(said, r->rubric, &list);
        }
        if (columns->names && said->n > before) {
            say_deficient(said, r->rubric, m);
        }
    }
    list.n = 0;
    deficiency_rest(report->arena, r, unit, &list);
    say_list(said, r->rubric, &list);
}

static void kinds_cell(struct csv_write *c, const struct said *said)
{
    struct buf text = {0};
    for (uint8_t i = 0; i < said->n_kinds; i++) {
        buf_printf(&text, "%s%s", i ? "; " : "", flag_word((enum flag)said->order[i]));
    }
    csv_word(c, text.at);
    buf_release(&text);
}

static void deficient_cell(struct csv_write *c, const struct said *said)
{
    if (said->deficient.n > 0 && !said->special) {
        csv_plain(c, said->deficient.at, said->deficient.n);
    } else {
        csv_text(c, said->deficient.n > 0 ? said->deficient.at : NULL);
    }
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

#define FIGURES_MOST 16U /* at once */

/* Points of members, in columns that stand side by side; returns the first that is another one. */
static const struct csv_column *points_cells(struct csv_write *c, const struct report *report,
                                             uint32_t unit, const struct csv_column *column,
                                             const struct csv_column *end)
{
    const struct result *r = report->result;
    const struct wording *w = report->wording;
    const struct worded *words = w && w->index ? words_of(report, unit, column->member) : NULL;
    if (words) {
        csv_plain(c, w->text.at + words->at, words->n_points);
        return column + 1;
    }
    const struct cellres *members = result_member(r, unit, 0);
    bool none = r->outcomes[unit].state == UNIT_ERROR, alone = w && w->index;
    struct csv_figure figures[FIGURES_MOST];
    size_t n = 0;
    do {
        const struct cellres *got = &members[column->member];
        figures[n].value = none || got->state == STATE_OFF ? DEC_NONE : got->points;
        figures[n++].places = column++->places;
    } while (!alone && n < FIGURES_MOST && column < end && column->kind == CSV_MEMBER);
    csv_decs(c, figures, n);
    return column;
}

/* A text that is likely to be the same as in the row before. */
static void same_cell(struct csv_write *c, struct plain_text *before, const char *text)
{
    if (before && text && before->at != text && csv_is_plain(text)) {
        *before = (struct plain_text){text, strlen(text)};
    }
    if (before && text && before->at == text) {
        csv_plain(c, text, before->n);
    } else {
        csv_text(c, text);
    }
}

/* What columns show: the row, and who it is. */
struct shown_unit {
    const struct report *report;
    const struct result *result;
    const struct unit *unit;
    const struct outcome *outcome;
    const struct said *said;
    uint32_t index;
    int places; /* of the total */
};

static void write_column(struct csv_write *c, const struct shown_unit *of,
                         const struct csv_column *column)
{
    const struct result *r = of->result;
    const struct unit *u = of->unit;
    const struct outcome *o = of->outcome;
    struct wording *w = of->report->wording;
    struct arena *a = of->report->arena;
    switch (column->kind) {
    case CSV_RANK:
        csv_count(c, o->rank);
        break;
    case CSV_ID:
        csv_text(c, u->id);
        break;
    case CSV_NAME:
        csv_text(c, u->name);
        break;
    case CSV_CLASS:
        same_cell(c, w ? &w->class : NULL, u->class_name);
        break;
    case CSV_STATE:
        csv_word(c, unit_state_word((enum unit_state)o->state));
        break;
    case CSV_TOTAL:
        csv_dec(c, o->total, of->places);
        break;
    case CSV_TOTAL_WITHOUT_WAIVERS:
        csv_dec(c, o->waived ? o->total_without : o->total, of->places);
        break;
    case CSV_GRADE:
        same_cell(c, w ? &w->grade : NULL, figures_grade(r->rubric, o->grade));
        break;
    case CSV_BEFORE_GATES:
        csv_dec(c, o->before_gates, of->places);
        break;
    case CSV_REPORTED:
        csv_word(c, o->reported == DEC_NONE ? NULL : figures_percent(a, o->reported));
        break;
    case CSV_LOW:
        csv_dec(c, o->low, of->places);
        break;
    case CSV_HIGH:
        csv_dec(c, o->high, of->places);
        break;
    case CSV_GATES:
        gates_cell(c, a, r, of->index, GATE_FIRED);
        break;
    case CSV_GATES_UNANSWERED:
        gates_cell(c, a, r, of->index, GATE_UNANSWERED);
        break;
    case CSV_DEFICIENCIES:
        csv_dec(c, dec_from_int(of->said->n), 0);
        break;
    case CSV_DEFICIENCY_TEXT:
        csv_text(c, of->said->text.at);
        break;
    case CSV_FLAGS:
        kinds_cell(c, of->said);
        break;
    case CSV_NOT_APPLICABLE:
        claims_cell(c, a, r, of->index);
        break;
    case CSV_WAIVERS:
        waivers_cell(c, a, r, of->index);
        break;
    case CSV_WHY_UNRANKED:
        csv_text(c, figures_why_unranked(a, r, of->index));
        break;
    case CSV_DEFICIENT:
        deficient_cell(c, of->said);
        break;
    case CSV_MEMBER:
        break; /* points_cells */
    }
}

static void write_unit(struct csv_write *c, const struct report *report, uint32_t unit)
{
    struct said said = {.asked = report->columns, .special = true};
    if (report->wording) {
        said.deficient = report->wording->names;
        said.deficient.n = 0;
    }
    if (report->wording && report->wording->deficient) {
        say_known(report->wording, report->result->rubric, &said);
    } else if (report->columns->says) {
        say_all(report, unit, &said);
    }
    const struct result *r = report->result;
    struct shown_unit of = {.report = report,
                            .result = r,
                            .unit = &r->table->units.at[unit],
                            .outcome = &r->outcomes[unit],
                            .said = &said,
                            .index = unit,
                            .places = r->rubric->round_total};
    const struct csv_column *column = report->columns->list.at,
                            *end = column + report->columns->list.n;
    while (column < end) {
        if (column->kind == CSV_MEMBER) {
            column = points_cells(c, report, unit, column, end);
        } else {
            write_column(c, &of, column++);
        }
    }
    csv_end_row(c);
    buf_release(&said.text);
    if (report->wording) {
        report->wording->names = said.deficient;
    } else {
        buf_release(&said.deficient);
    }
}

void report_csv_unit(const struct report *report, uint32_t unit, struct buf *out)
{
    struct csv_write c = {.out = out};
    if (figures_shown(report, unit)) {
        struct arena_mark mark = arena_mark(report->arena);
        write_unit(&c, report, unit);
        arena_reset(report->arena, mark);
    }
}

static void write_units(void *context, uint32_t first, uint32_t end, struct buf *out)
{
    const struct report *report = context;
    for (uint32_t i = first; i < end; i++) {
        report_csv_unit(report, report->result->order[i], out);
    }
}

const struct csv_columns *report_csv_columns(const struct report *report)
{
    const struct result *r = report->result;
    return report->columns ? report->columns
                           : csv_columns_all(report->arena, r->rubric, r->table->waivers.n > 0);
}

void report_csv_head(const struct report *report, struct buf *out)
{
    struct csv_write c = {.out = out};
    csv_start(&c);
    for (uint32_t i = 0; i < report->columns->list.n; i++) {
        csv_text(&c, report->columns->list.at[i].heading);
    }
    csv_end_row(&c);
}

void report_csv(const struct report *report, struct buf *out)
{
    const struct result *r = report->result;
    struct report copy = *report;
    copy.columns = report_csv_columns(report);
    report_csv_head(&copy, out);
    pieces_write(&(struct pieces){.n = r->n_units,
                                  .each = r->n_members,
                                  .jobs = report->jobs,
                                  .context = &copy,
                                  .write = write_units},
                 out);
}
