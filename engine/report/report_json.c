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

#include "analyse/deficiency.h"
#include "report/figures.h"
#include "report/json_parts.h"

#include <string.h>

/* ---- head and foot ---- */

/* What the rubric extends; without such files no key. */
static void write_bases(struct json_write *w, const struct rubric *r)
{
    if (r->bases.n == 0) {
        return;
    }
    json_key(w, "extends");
    json_open(w, '[');
    for (uint32_t i = 0; i < r->bases.n; i++) {
        json_open(w, '{');
        json_key_text(w, "path", r->bases.at[i]->name);
        json_key_text(w, "digest", r->bases.at[i]->digest);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_rubric(struct json_write *w, const struct rubric *rubric)
{
    json_key(w, "rubric");
    json_open(w, '{');
    json_key_text(w, "id", rubric->id);
    json_key_text(w, "title", rubric->title);
    json_key_text(w, "period", rubric->period);
    json_key_dec(w, "total", num_of(&rubric->members.at[RUBRIC_ROOT].points, 0), DEC_EXACT);
    json_key_text(w, "digest", rubric->digest[0] ? rubric->digest : NULL);
    write_bases(w, rubric);
    json_key(w, "titles");
    json_open(w, '{');
    for (uint32_t m = RUBRIC_ROOT + 1; m < rubric->members.n; m++) {
        json_key_text(w, rubric->members.at[m].id, member_name(&rubric->members.at[m]));
    }
    json_close(w, '}');
    json_close(w, '}');
}

static void write_sources(struct json_write *w, const char *key, const struct table *t)
{
    json_key(w, key);
    json_open(w, '[');
    for (uint32_t i = 0; i < t->sources.n; i++) {
        json_open(w, '{');
        json_key_text(w, "path", t->sources.at[i]->name);
        json_key_text(w, "digest", t->sources.at[i]->digest);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* The files that had a part in the points beside the rubric. */
static void write_scripts(struct json_write *w, const struct rubric *r)
{
    bool any = false;
    for (uint32_t i = 0; i < r->chunks.n; i++) {
        const struct chunk *c = &r->chunks.at[i];
        if (!c->module) {
            continue;
        }
        if (!any) {
            json_key(w, "scripts");
            json_open(w, '[');
            any = true;
        }
        json_open(w, '{');
        json_key_text(w, "path", c->at.source->name);
        json_key_text(w, "digest", c->at.source->digest);
        json_close(w, '}');
    }
    if (any) {
        json_close(w, ']');
        json_line(w);
    }
}

static void write_quota(struct json_write *w, const struct report *report,
                        const struct quota_use *use)
{
    const struct result *r = report->result;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "grade", figures_grade(r->rubric, use->grade));
    json_key_text(w, "class", use->group == GROUP_ALL ? NULL : r->table->groups.at[use->group]);
    json_key(w, "ranked");
    json_uint(w, use->ranked);
    json_key(w, "share");
    if (use->share == DEC_NONE) {
        json_text(w, NULL);
    } else {
        json_text(w,
                  arena_printf(report->arena, "%s%%", figures_number(report->arena, use->share)));
    }
    json_key_dec(w, "product", use->product, DEC_EXACT);
    json_key(w, "places");
    json_uint(w, use->seats);
    json_key(w, "qualified");
    json_uint(w, use->qualified);
    json_key(w, "given");
    json_uint(w, use->given);
    json_key(w, "tied_at_cut");
    json_open(w, '[');
    for (uint32_t i = 0; i < use->tied; i++) {
        json_text(w, r->table->units.at[use->tied_units[i]].id);
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void write_quotas(struct json_write *w, const struct report *report)
{
    json_key(w, "quotas");
    json_open(w, '[');
    for (uint32_t i = 0; i < report->ranking->quotas.n; i++) {
        write_quota(w, report, &report->ranking->quotas.at[i]);
    }
    json_close(w, ']');
}

static void write_waivers(struct json_write *w, const struct report *report)
{
    const struct result *r = report->result;
    if (r->table->waivers.n == 0) {
        return;
    }
    json_key(w, "waivers");
    json_open(w, '[');
    for (uint32_t i = 0; i < r->n_units; i++) {
        struct waivers own = waivers_of(r->table->waivers, r->order[i]);
        for (uint32_t k = 0; k < own.n && figures_shown(report, r->order[i]); k++) {
            json_waiver(w, r, &own.at[k]);
        }
    }
    json_close(w, ']');
    json_line(w);
}

/* ---- a unit ---- */

static void write_section(struct json_write *w, const struct result *r, uint32_t unit,
                          uint32_t section)
{
    const struct rubric *rubric = r->rubric;
    const struct member *m = &rubric->members.at[section];
    const struct cellres *got = result_member(r, unit, section);
    uint32_t grade = m->grades.n ? result_section_grade(r, unit, section) : GRADE_NONE;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", m->id);
    json_key_dec(w, "points", got->points,
                 figures_enough(got->points, figures_places(rubric, section)));
    bool error = r->outcomes[unit].state == UNIT_ERROR;
    json_key_dec(w, "due", error ? DEC_NONE : r->scorer.due(r, unit, section), DEC_EXACT);
    json_key_dec(w, "of", member_points(rubric, section, r->table->units.at[unit].class),
                 DEC_EXACT);
    if (m->grades.n) {
        json_key_text(w, "grade", grade == GRADE_NONE ? NULL : m->grades.at[grade].name);
    }
    json_close(w, '}');
}

static void write_sections(struct json_write *w, const struct result *r, uint32_t unit)
{
    uint32_t class = r->table->units.at[unit].class;
    json_key(w, "sections");
    json_open(w, '[');
    for (uint32_t m = 1; m < r->n_members; m++) {
        if (r->rubric->members.at[m].kind == MEMBER_SECTION &&
            member_on_sheet(r->rubric, m, class)) {
            write_section(w, r, unit, m);
        }
    }
    json_close(w, ']');
}

static void write_items(struct json_write *w, struct arena *a, const struct result *r,
                        uint32_t unit)
{
    json_key(w, "items");
    json_open(w, '[');
    for (uint32_t m = 0; m < r->n_members; m++) {
        if (r->rubric->members.at[m].kind == MEMBER_ITEM &&
            result_member(r, unit, m)->state != STATE_OFF) {
            json_line(w);
            json_open(w, '{');
            json_item(w, a, r, unit, m);
            json_close(w, '}');
        }
    }
    json_close(w, ']');
}

static void write_unit(struct json_write *w, struct arena *a, const struct result *r, uint32_t unit)
{
    json_line(w);
    json_open(w, '{');
    json_unit_head(w, a, r, unit);
    json_line(w);
    write_sections(w, r, unit);
    json_line(w);
    write_items(w, a, r, unit);
    json_line(w);
    json_deficiencies(w, a, r, unit);
    json_line(w);
    json_claims(w, a, r, unit);
    json_close(w, '}');
}

static void write_units(struct json_write *w, const struct report *report)
{
    const struct result *r = report->result;
    json_key(w, "units");
    json_open(w, '[');
    for (uint32_t i = 0; i < r->n_units; i++) {
        if (!figures_shown(report, r->order[i])) {
            continue;
        }
        struct arena_mark mark = arena_mark(report->arena);
        write_unit(w, report->arena, r, r->order[i]);
        arena_reset(report->arena, mark);
    }
    json_close(w, ']');
}

void report_json(const struct report *report, struct buf *out)
{
    struct json_write w = {.out = out};
    json_open(&w, '{');
    json_key(&w, "kaoping");
    json_uint(&w, 1);
    json_line(&w);
    write_rubric(&w, report->result->rubric);
    json_line(&w);
    write_sources(&w, "inputs", report->result->table);
    if (report->result->table->previous) {
        json_line(&w);
        write_sources(&w, "previous", report->result->table->previous);
    }
    json_line(&w);
    write_scripts(&w, report->result->rubric);
    write_quotas(&w, report);
    json_line(&w);
    write_waivers(&w, report);
    write_units(&w, report);
    json_line(&w);
    json_key(&w, "findings");
    json_before_value(&w);
    if (report->diag) {
        diag_json(report->diag, out);
    } else {
        buf_text(out, "[]");
    }
    while (out->n > 0 && out->at[out->n - 1] == '\n') {
        out->at[--out->n] = 0; /* an array that stands alone ends its line */
    }
    json_close(&w, '}');
    buf_char(out, '\n');
}
