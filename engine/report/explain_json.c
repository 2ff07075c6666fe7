/*
 * explain_json.c - the same as explain.c, for programs. Keys, beyond a unit's in interfaces.md:
 *
 *   {"kaoping": 1, "explain": {"rubric": id,
 *     "unit": {id ... gates_unanswered},
 *     "members": [{"id", "kind": "section" or "item", "in": id of the section or null, "title",
 *                  "points", "due", "of", "steps": [...]}],   in the order of the sheet;
 *                an item also has "state", "value", "reason", "flags", "na_reason"
 *     "base": [...],    steps to the sum of the sections
 *     "total": [...],   steps from there to the published total
 *     "gates": [{"id", "state": "fired", "open" or "unanswered", "text"}],
 *     "grade": [{"kind": "band", "need", "lower", "at_best" or "quota", "from", "to", "text"}],
 *     "rank": text, "ties": [text],
 *     "lost": [{"item", "lost", "gain", "total", "rank", "grade"}],   largest gain first
 *     "deficiencies": [...], "not_applicable": [...], "waivers": [...] if it has any,
 *     "defaults": [{"key", "value", "member": id or null}]}}
 *
 * A step is {"kind", "text", "points"}; kind: value, rule, clamp, round, state, combine, gate,
 * result. With an item or section asked for, only it, what is in it and the sections above it are
 * members, and only its items are in lost. Texts are translated.
 */
#include "report/report.h"

#include "analyse/deficiency.h"
#include "analyse/repair.h"
#include "report/explain_text.h"
#include "report/figures.h"
#include "report/json_parts.h"
#include "report/record_make.h"

struct explained {
    const struct report *report;
    const struct result *result;
    struct arena *arena;
    const struct run_record *run;
    struct unit_record record;
    struct json_write w;
    struct trace trace;
    uint32_t unit, item;
};

static void write_steps(struct explained *e, const char *key, uint32_t member)
{
    static const char *const kinds[] = {"value", "rule",    "clamp", "round",
                                        "state", "combine", "gate",  "result"};
    json_key(&e->w, key);
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < e->trace.steps.n; i++) {
        const struct step *s = &e->trace.steps.at[i];
        if (s->member != member) {
            continue;
        }
        json_line(&e->w);
        json_open(&e->w, '{');
        json_key_text(&e->w, "kind", kinds[s->kind]);
        json_key_text(&e->w, "text", s->text);
        json_key_dec(&e->w, "points", s->points, DEC_EXACT);
        json_close(&e->w, '}');
    }
    json_close(&e->w, ']');
}

static void write_section_figures(struct explained *e, uint32_t member)
{
    const struct result *r = e->result;
    uint32_t class = r->table->units.at[e->unit].class;
    dec points = result_member(r, e->unit, member)->points;
    json_key_text(&e->w, "title", member_name(&r->rubric->members.at[member]));
    json_key_dec(&e->w, "points", points,
                 figures_enough(points, figures_places(r->rubric, member)));
    json_key_dec(&e->w, "due", r->scorer.due(r, e->unit, member), DEC_EXACT);
    json_key_dec(&e->w, "of", member_points(r->rubric, member, class), DEC_EXACT);
}

static void write_member(struct explained *e, uint32_t member)
{
    const struct rubric *rubric = e->result->rubric;
    const struct member *m = &rubric->members.at[member];
    json_line(&e->w);
    json_open(&e->w, '{');
    if (m->kind == MEMBER_SECTION) {
        json_key_text(&e->w, "id", m->id);
    } else {
        struct figure f;
        record_figure(e->arena, e->result, e->unit, member, &f);
        json_item(&e->w, e->run, member, &f);
    }
    json_key_text(&e->w, "kind", m->kind == MEMBER_SECTION ? "section" : "item");
    json_key_text(&e->w, "in", figures_section(rubric, member));
    if (m->kind == MEMBER_SECTION) {
        write_section_figures(e, member);
    }
    write_steps(e, "steps", member);
    json_close(&e->w, '}');
}

static void write_members(struct explained *e)
{
    const struct rubric *rubric = e->result->rubric;
    uint32_t class = e->result->table->units.at[e->unit].class;
    json_key(&e->w, "members");
    json_open(&e->w, '[');
    for (uint32_t m = 1; m < e->result->n_members; m++) {
        if (member_on_sheet(rubric, m, class) &&
            (figures_within(rubric, m, e->item) || figures_within(rubric, e->item, m))) {
            write_member(e, m);
        }
    }
    json_close(&e->w, ']');
}

static void write_gates(struct explained *e)
{
    static const char *const words[] = {"open", "fired", "unanswered"};
    const struct result *r = e->result;
    json_key(&e->w, "gates");
    json_open(&e->w, '[');
    for (uint32_t gate = 0; gate < r->n_gates; gate++) {
        json_line(&e->w);
        json_open(&e->w, '{');
        json_key_text(&e->w, "id", r->rubric->gates.at[gate].id);
        json_key_text(&e->w, "state", words[r->gates[(size_t)e->unit * r->n_gates + gate]]);
        json_key_text(&e->w, "text", explain_gate(e->arena, r, e->unit, gate));
        json_close(&e->w, '}');
    }
    json_close(&e->w, ']');
}

static void write_grade(struct explained *e)
{
    static const char *const kinds[] = {"band", "need", "lower", "at_best", "quota"};
    const struct result *r = e->result;
    grade_steps path = {0};
    grade_path(e->arena, r, e->report->ranking, e->unit, &path);
    json_key(&e->w, "grade");
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < path.n; i++) {
        json_line(&e->w);
        json_open(&e->w, '{');
        json_key_text(&e->w, "kind", kinds[path.at[i].kind]);
        json_key_text(&e->w, "from", figures_grade(r->rubric, path.at[i].from));
        json_key_text(&e->w, "to", figures_grade(r->rubric, path.at[i].to));
        json_key_text(&e->w, "text", explain_grade_step(e->arena, r, e->unit, &path.at[i]));
        json_close(&e->w, '}');
    }
    json_close(&e->w, ']');
}

static void write_rank(struct explained *e)
{
    explain_lines ties = {0};
    explain_ties(e->arena, e->result, e->unit, 3, &ties);
    json_key_text(&e->w, "rank", explain_rank(e->arena, e->result, e->unit));
    json_key(&e->w, "ties");
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < ties.n; i++) {
        json_text(&e->w, ties.at[i]);
    }
    json_close(&e->w, ']');
}

static void write_lost(struct explained *e)
{
    const struct rubric *rubric = e->result->rubric;
    repairs list = {0};
    repair_list(e->arena, e->result, e->unit, &list);
    json_key(&e->w, "lost");
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < list.n; i++) {
        const struct repair *repair = &list.at[i];
        if (!figures_within(rubric, repair->item, e->item)) {
            continue;
        }
        json_line(&e->w);
        json_open(&e->w, '{');
        json_key_text(&e->w, "item", rubric->members.at[repair->item].id);
        json_key_dec(&e->w, "lost", repair->lost, rubric->round_item);
        json_key_dec(&e->w, "gain", repair->gain,
                     figures_enough(repair->gain, rubric->round_total));
        json_key_dec(&e->w, "total", repair->total,
                     figures_enough(repair->total, rubric->round_total));
        json_key(&e->w, "rank");
        if (repair->rank) {
            json_uint(&e->w, repair->rank);
        } else {
            json_text(&e->w, NULL);
        }
        json_key_text(&e->w, "grade", figures_grade(rubric, repair->grade));
        json_close(&e->w, '}');
    }
    json_close(&e->w, ']');
}

static void write_waivers(struct explained *e)
{
    struct waivers own = waivers_of(e->result->table->waivers, e->unit);
    if (own.n == 0) {
        return;
    }
    json_key(&e->w, "waivers");
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < own.n; i++) {
        json_waiver(&e->w, e->result->table->units.at[e->unit].id,
                    e->result->rubric->members.at[own.at[i].member].id, &own.at[i]);
    }
    json_close(&e->w, ']');
    json_line(&e->w);
}

static void write_defaults(struct explained *e)
{
    const struct rubric *rubric = e->result->rubric;
    json_key(&e->w, "defaults");
    json_open(&e->w, '[');
    for (uint32_t i = 0; i < rubric->defaults.n; i++) {
        const struct default_used *d = &rubric->defaults.at[i];
        json_line(&e->w);
        json_open(&e->w, '{');
        json_key_text(&e->w, "key", d->key);
        json_key_text(&e->w, "value", d->value);
        json_key_text(&e->w, "member",
                      d->member == MEMBER_NONE ? NULL : rubric->members.at[d->member].id);
        json_close(&e->w, '}');
    }
    json_close(&e->w, ']');
}

static void write_body(struct explained *e)
{
    write_members(e);
    json_line(&e->w);
    write_steps(e, "base", RUBRIC_ROOT);
    json_line(&e->w);
    write_steps(e, "total", MEMBER_NONE);
    json_line(&e->w);
    write_gates(e);
    json_line(&e->w);
    write_grade(e);
    json_line(&e->w);
    write_rank(e);
    json_line(&e->w);
    write_lost(e);
    json_line(&e->w);
    json_deficiencies(&e->w, e->run, &e->record);
    json_line(&e->w);
    json_claims(&e->w, e->run, &e->record);
    json_line(&e->w);
    write_waivers(e);
    write_defaults(e);
}

void report_explain_json(const struct report *report, uint32_t unit, uint32_t item, struct buf *out)
{
    struct arena_mark mark = arena_mark(report->arena);
    struct explained e = {.report = report,
                          .result = report->result,
                          .arena = report->arena,
                          .run = record_run(report->arena, report),
                          .w = {.out = out},
                          .trace = {.arena = report->arena},
                          .unit = unit,
                          .item = item};
    json_open(&e.w, '{');
    json_key(&e.w, "kaoping");
    json_uint(&e.w, 1);
    json_key(&e.w, "explain");
    json_open(&e.w, '{');
    json_line(&e.w);
    json_key_text(&e.w, "rubric", e.result->rubric->id);
    json_key(&e.w, "unit");
    json_open(&e.w, '{');
    record_unit(e.arena, e.run, e.result, unit, false, &e.record);
    json_unit_head(&e.w, e.run, &e.record);
    json_close(&e.w, '}');
    if (!e.result->table->units.at[unit].bad) {
        e.result->scorer.explain(e.result, unit, &e.trace);
        json_line(&e.w);
        write_body(&e);
    }
    json_close(&e.w, '}');
    json_close(&e.w, '}');
    buf_char(out, '\n');
    arena_reset(report->arena, mark);
}
