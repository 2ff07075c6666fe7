/*
 * report_json.c - the result as JSON (interfaces.md): stable keys, points as decimal strings, one
 * line for each section and item, so that two results can be compared line by line.
 *
 * Beyond the example there: of the rubric the titles of sections and items by id, and what it
 * extends (its digest is then one over all of these files); scripts; of a
 * section its grade; of an item flags, na_reason; of a unit gates_unanswered, not_applicable
 * (claims), other_period, tied_at_cut, without_waivers; quotas; waivers.
 */
#include "report/report.h"

#include "report/figures.h"
#include "report/json_parts.h"
#include "report/json_said.h"
#include "report/pieces.h"
#include "report/record_make.h"
#include "report/report_record.h"

/* ---- head and foot ---- */

static bool has_role(const struct run_record *run, enum role role)
{
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        if (run->inputs.at[i].role == role) {
            return true;
        }
    }
    return false;
}

static void write_inputs(struct json_write *w, const struct run_record *run, enum role role,
                         const char *key)
{
    json_key(w, key);
    json_open(w, '[');
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        enum role own = run->inputs.at[i].role;
        /* Waivers are data of the units. */
        if (own == role || (own == ROLE_WAIVERS && role == ROLE_DATA)) {
            json_open(w, '{');
            json_key_text(w, "path", run->inputs.at[i].path);
            json_key_text(w, "digest", run->inputs.at[i].digest);
            json_close(w, '}');
        }
    }
    json_close(w, ']');
}

static void write_rubric(struct json_write *w, const struct run_record *run)
{
    json_key(w, "rubric");
    json_open(w, '{');
    json_key_text(w, "id", run->rubric);
    json_key_text(w, "title", run->title);
    json_key_text(w, "period", run->period);
    json_key_dec(w, "total", run->total, DEC_EXACT);
    json_key_text(w, "digest", run->digest);
    if (has_role(run, ROLE_BASE)) {
        write_inputs(w, run, ROLE_BASE, "extends");
    }
    if (has_role(run, ROLE_SHEET)) {
        write_inputs(w, run, ROLE_SHEET, "sheets");
    }
    json_key(w, "titles");
    json_open(w, '{');
    for (uint32_t m = RUBRIC_ROOT + 1; m < run->members.n; m++) {
        const struct member_record *member = &run->members.at[m];
        json_key_text(w, member->id, member->title ? member->title : member->id);
    }
    json_close(w, '}');
    json_close(w, '}');
}

static void write_quota(struct json_write *w, struct arena *a, const struct run_record *run,
                        const struct quota_record *q)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "grade", run->grades.at[q->grade]);
    json_key_text(w, "class", q->group);
    json_key(w, "ranked");
    json_uint(w, q->ranked);
    json_key_text(w, "share",
                  q->share == DEC_NONE ? NULL
                                       : arena_printf(a, "%s%%", figures_number(a, q->share)));
    json_key_dec(w, "product", q->product, DEC_EXACT);
    json_key(w, "places");
    json_uint(w, q->seats);
    json_key(w, "qualified");
    json_uint(w, q->qualified);
    json_key(w, "given");
    json_uint(w, q->given);
    json_key(w, "tied_at_cut");
    json_open(w, '[');
    for (uint32_t i = 0; i < q->tied.n; i++) {
        json_text(w, q->tied.at[i]);
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void write_quotas(struct json_write *w, struct arena *a, const struct run_record *run)
{
    json_key(w, "quotas");
    json_open(w, '[');
    for (uint32_t i = 0; i < run->quotas.n; i++) {
        write_quota(w, a, run, &run->quotas.at[i]);
    }
    json_close(w, ']');
}

static void write_waivers(struct json_write *w, const struct run_record *run,
                          const struct selection *shown)
{
    if (run->waivers.n == 0) {
        return;
    }
    json_key(w, "waivers");
    json_open(w, '[');
    for (uint32_t i = 0; i < run->waivers.n; i++) {
        const struct waiver_record *it = &run->waivers.at[i];
        if (waiver_is_meant(it, shown)) {
            json_waiver(w, it->unit, run->members.at[it->is.member].id, &it->is);
        }
    }
    json_close(w, ']');
    json_line(w);
}

/* ---- a unit ---- */

static void write_section(struct json_write *w, const struct run_record *run, uint32_t section,
                          const struct figure *f, bool graded)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", run->members.at[section].id);
    json_key_dec(w, "points", f->points, figures_enough(f->points, run->places_section));
    json_key_dec(w, "due", f->due, DEC_EXACT);
    json_key_dec(w, "of", f->of, DEC_EXACT);
    if (graded) {
        json_key_text(w, "grade", f->grade);
    }
    json_close(w, '}');
}

static void write_sections(struct json_write *w, const struct run_record *run,
                           const struct unit_record *u)
{
    json_key(w, "sections");
    json_open(w, '[');
    for (uint32_t m = RUBRIC_ROOT + 1; m < run->members.n; m++) {
        const struct member_record *member = &run->members.at[m];
        if (!member->is_item && u->sections[member->slot].on_sheet) {
            write_section(w, run, m, &u->sections[member->slot], member->graded);
        }
    }
    json_close(w, ']');
}

static void write_items(struct json_write *w, const struct run_record *run,
                        const struct unit_record *u)
{
    json_key(w, "items");
    json_open(w, '[');
    for (uint32_t m = 0; m < run->members.n; m++) {
        const struct member_record *member = &run->members.at[m];
        if (member->is_item && u->items[member->slot].state != STATE_OFF) {
            json_line(w);
            json_open(w, '{');
            json_item(w, run, m, &u->items[member->slot]);
            json_close(w, '}');
        }
    }
    json_close(w, ']');
}

/* The same two lists. */
static void write_said(struct json_write *w, struct json_said *said, uint32_t unit)
{
    json_key(w, "items");
    json_open(w, '[');
    json_said_items(said, w, unit);
    json_close(w, ']');
    json_line(w);
    json_key(w, "deficiencies");
    json_open(w, '[');
    json_said_deficiencies(said, w, unit);
    json_close(w, ']');
}

/* said: knows the items and deficiencies of a light record, which is that of `unit`; or NULL. */
static void write_unit(struct json_write *w, const struct run_record *run,
                       const struct unit_record *u, struct json_said *said, uint32_t unit)
{
    json_line(w);
    json_open(w, '{');
    json_unit_head(w, run, u);
    json_line(w);
    write_sections(w, run, u);
    json_line(w);
    if (said) {
        write_said(w, said, unit);
    } else {
        write_items(w, run, u);
        json_line(w);
        json_deficiencies(w, run, u);
    }
    json_line(w);
    json_claims(w, run, u);
    json_close(w, '}');
}

/* The document around its units, which `units` writes where they stand. */
static void write_document(struct arena *a, const struct run_record *run,
                           const struct selection *shown,
                           void (*units)(struct json_write *, void *), void *context,
                           struct buf *out)
{
    struct json_write w = {.out = out};
    json_open(&w, '{');
    json_key(&w, "kaoping");
    json_uint(&w, 1);
    json_line(&w);
    write_rubric(&w, run);
    json_line(&w);
    write_inputs(&w, run, ROLE_DATA, "inputs");
    json_line(&w);
    if (has_role(run, ROLE_PREVIOUS)) {
        write_inputs(&w, run, ROLE_PREVIOUS, "previous");
        json_line(&w);
    }
    if (has_role(run, ROLE_PERIOD)) {
        write_inputs(&w, run, ROLE_PERIOD, "periods");
        json_line(&w);
    }
    if (has_role(run, ROLE_SCRIPT)) {
        write_inputs(&w, run, ROLE_SCRIPT, "scripts");
        json_line(&w);
    }
    write_quotas(&w, a, run);
    json_line(&w);
    write_waivers(&w, run, shown);
    json_key(&w, "units");
    json_open(&w, '[');
    units(&w, context);
    json_close(&w, ']');
    json_line(&w);
    json_key(&w, "findings");
    json_before_value(&w);
    buf_text(out, run->findings ? run->findings : "[]");
    while (out->n > 0 && out->at[out->n - 1] == '\n') {
        out->at[--out->n] = 0; /* an array that stands alone ends its line */
    }
    json_close(&w, '}');
    buf_char(out, '\n');
}

/* ---- units that stand somewhere: one after the other ---- */

struct recorded {
    const struct run_record *run;
    struct unit_reader *units;
    const struct selection *shown;
};

static void write_recorded(struct json_write *w, void *context)
{
    const struct recorded *r = context;
    struct unit_record u;
    while (r->units->next(r->units, &u)) {
        if (record_is_meant(&u, r->shown)) {
            write_unit(w, r->run, &u, NULL, 0);
        }
    }
}

void record_json(struct arena *a, const struct run_record *run, struct unit_reader *units,
                 const struct selection *shown, struct buf *out)
{
    write_document(a, run, shown, write_recorded, &(struct recorded){run, units, shown}, out);
}

/* ---- units of a result: in pieces ---- */

struct reported {
    const struct report *report;
    const struct run_record *run;
    struct json_said *said; /* each process goes on with its own */
    struct json_write w;    /* as it is where the units stand */
};

static void write_piece(void *context, uint32_t first, uint32_t end, struct buf *out)
{
    const struct reported *r = context;
    struct json_write w = r->w;
    struct result_units units;
    struct unit_record u;
    w.out = out;
    result_units_init(&units, r->report->result, r->run, &r->report->shown);
    result_units_limit(&units, first, end);
    units.light = true;
    while (units.reader.next(&units.reader, &u)) {
        write_unit(&w, r->run, &u, r->said, units.unit);
    }
    result_units_release(&units);
}

static void write_reported(struct json_write *w, void *context)
{
    struct reported *r = context;
    const struct result *result = r->report->result;
    r->w = *w;
    pieces_write(&(struct pieces){.n = result->n_units,
                                  .each = result->n_members,
                                  .jobs = r->report->jobs,
                                  .between = ',',
                                  .output = r->report->output,
                                  .context = r,
                                  .write = write_piece},
                 w->out);
}

void report_json(const struct report *report, struct buf *out)
{
    struct arena_mark mark = arena_mark(report->arena);
    struct run_record *run = record_run(report->arena, report);
    struct reported reported = {
        .report = report, .run = run, .said = json_said_new(report->arena, report->result, run)};
    write_document(report->arena, run, &report->shown, write_reported, &reported, out);
    json_said_release(reported.said);
    arena_reset(report->arena, mark);
}
