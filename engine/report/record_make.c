/* record_make.c - see record_make.h. */
#include "report/record_make.h"

#include "report/figures.h"

#include <string.h>

/* ---- the run ---- */

static void add_members(struct arena *a, const struct rubric *rubric, struct run_record *run)
{
    for (uint32_t i = 0; i < rubric->members.n; i++) {
        const struct member *m = &rubric->members.at[i];
        bool is_item = m->kind == MEMBER_ITEM;
        *vec_push(a, &run->members) = (struct member_record){
            .id = m->id,
            .title = m->title,
            .parent = m->parent == MEMBER_NONE ? RECORD_NONE : m->parent,
            .slot = is_item ? run->n_items++ : run->n_sections++,
            .is_item = is_item,
            .off = m->off,
            .graded = m->grades.n > 0,
        };
    }
}

static void add_quotas(struct arena *a, const struct report *report, struct run_record *run)
{
    const struct result *r = report->result;
    for (uint32_t i = 0; i < report->ranking->quotas.n; i++) {
        const struct quota_use *use = &report->ranking->quotas.at[i];
        struct quota_record *q = vec_push(a, &run->quotas);
        *q = (struct quota_record){
            .grade = use->grade,
            .group = use->group == GROUP_ALL ? NULL : r->table->groups.at[use->group],
            .ranked = use->ranked,
            .seats = use->seats,
            .qualified = use->qualified,
            .given = use->given,
            .share = use->share,
            .product = use->product,
            .rounded = use->rounded,
            .all_in = r->rubric->grades.at[use->grade].quota.all_in,
        };
        for (uint32_t k = 0; k < use->tied; k++) {
            *vec_push(a, &q->tied) = r->table->units.at[use->tied_units[k]].id;
        }
    }
}

static void add_waivers(struct arena *a, const struct result *r, struct run_record *run)
{
    for (uint32_t i = 0; r->table->waivers.n > 0 && i < r->n_units; i++) {
        const struct unit *u = &r->table->units.at[r->order[i]];
        struct waivers own = waivers_of(r->table->waivers, r->order[i]);
        for (uint32_t k = 0; k < own.n; k++) {
            *vec_push(a, &run->waivers) = (struct waiver_record){
                u->id, u->name ? u->name : "", u->class_name ? u->class_name : "", own.at[k]};
        }
    }
}

static void add_input(struct arena *a, struct run_record *run, enum role role,
                      const struct source *s)
{
    if (s) {
        *vec_push(a, &run->inputs) =
            (struct input_record){role, s->name, s->digest, s->bytes, s->n_bytes};
    }
}

static enum role data_role(const struct table *t, const struct source *s)
{
    for (uint32_t i = 0; i < t->waiver_sources.n; i++) {
        if (t->waiver_sources.at[i] == s) {
            return ROLE_WAIVERS;
        }
    }
    return ROLE_DATA;
}

/* Several periods may share a sheet, and sheets what they extend and run. */
static void add_input_once(struct arena *a, struct run_record *run, enum role role,
                           const struct source *s)
{
    for (uint32_t i = 0; s && i < run->inputs.n; i++) {
        const struct input_record *in = &run->inputs.at[i];
        if (strcmp(in->path, s->name) == 0 && strcmp(in->digest, s->digest) == 0) {
            return;
        }
    }
    add_input(a, run, role, s);
}

static void add_sheet(struct arena *a, struct run_record *run, const struct rubric *sheet)
{
    add_input_once(a, run, ROLE_SHEET, sheet->source);
    for (uint32_t i = 0; i < sheet->bases.n; i++) {
        add_input_once(a, run, ROLE_SHEET, sheet->bases.at[i]);
    }
    for (uint32_t i = 0; i < sheet->chunks.n; i++) {
        if (sheet->chunks.at[i].module) {
            add_input_once(a, run, ROLE_SCRIPT, sheet->chunks.at[i].at.source);
        }
    }
}

static void add_periods(struct arena *a, const struct result *r, struct run_record *run)
{
    for (uint32_t i = 0; i < r->rubric->periods.n; i++) {
        add_sheet(a, run, r->rubric->periods.at[i].sheet);
    }
    for (uint32_t i = 0; i < r->table->period_files.n; i++) {
        add_input(a, run, ROLE_PERIOD, r->table->period_files.at[i].source);
    }
}

static void add_inputs(struct arena *a, const struct result *r, struct run_record *run)
{
    const struct rubric *rubric = r->rubric;
    add_input(a, run, ROLE_RUBRIC, rubric->source);
    for (uint32_t i = 0; i < rubric->bases.n; i++) {
        add_input(a, run, ROLE_BASE, rubric->bases.at[i]);
    }
    for (uint32_t i = 0; i < r->rubric->chunks.n; i++) {
        if (r->rubric->chunks.at[i].module) {
            add_input(a, run, ROLE_SCRIPT, r->rubric->chunks.at[i].at.source);
        }
    }
    for (uint32_t i = 0; i < r->table->sources.n; i++) {
        add_input(a, run, data_role(r->table, r->table->sources.at[i]), r->table->sources.at[i]);
    }
    for (uint32_t i = 0; r->table->previous && i < r->table->previous->sources.n; i++) {
        add_input(a, run, ROLE_PREVIOUS, r->table->previous->sources.at[i]);
    }
    add_periods(a, r, run);
}

struct run_record *record_run(struct arena *a, const struct report *report)
{
    const struct result *r = report->result;
    const struct rubric *rubric = r->rubric;
    struct run_record *run = ARENA_NEW(a, struct run_record);
    run->rubric = rubric->id;
    run->title = rubric->title;
    run->period = rubric->period;
    run->digest = rubric->digest[0] ? rubric->digest : NULL;
    run->total = num_of(&rubric->members.at[RUBRIC_ROOT].points, 0);
    run->places_item = rubric->round_item;
    run->places_section = rubric->round_section_given ? rubric->round_section : rubric->round_item;
    run->places_total = rubric->round_total;
    run->within_all = rubric->ranking.within_all;
    run->bonus = rubric->bonus == MEMBER_NONE ? RECORD_NONE : rubric->bonus;
    run->deductions = rubric->deductions == MEMBER_NONE ? RECORD_NONE : rubric->deductions;
    run->n_units = r->n_units;
    add_members(a, rubric, run);
    for (uint32_t i = 0; i < rubric->gates.n; i++) {
        *vec_push(a, &run->gates) =
            (struct gate_record){rubric->gates.at[i].id, rubric->gates.at[i].title};
    }
    for (uint32_t i = 0; i < rubric->grades.n; i++) {
        *vec_push(a, &run->grades) = rubric->grades.at[i].name;
    }
    add_quotas(a, report, run);
    add_waivers(a, r, run);
    add_inputs(a, r, run);
    if (report->diag) {
        struct buf findings = {0};
        diag_json(report->diag, &findings);
        run->findings =
            arena_text(a, findings.at ? findings.at : "[]", findings.at ? findings.n : 2);
        buf_release(&findings);
    }
    return run;
}

/* ---- a unit ---- */

/* The reason of the first of the item's cells that says it does not apply, or the script's. */
static const char *na_reason(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    field_list fields = {0};
    item_reads(a, &r->rubric->members.at[item], &fields);
    for (uint32_t i = 0; i < fields.n; i++) {
        const char *reason = table_reason(r->table, unit, fields.at[i]);
        if (reason) {
            return reason;
        }
    }
    const struct note *note = result_note(r, unit, item);
    return note ? note->reason : NULL;
}

static void section_figure(const struct result *r, uint32_t unit, uint32_t section,
                           struct figure *f)
{
    const struct member *m = &r->rubric->members.at[section];
    bool error = r->outcomes[unit].state == UNIT_ERROR;
    uint32_t grade = m->grades.n ? result_section_grade(r, unit, section) : GRADE_NONE;
    f->due = error ? DEC_NONE : r->scorer.due(r, unit, section);
    f->grade = grade == GRADE_NONE ? NULL : m->grades.at[grade].name;
}

static void item_figure(struct arena *a, const struct result *r, uint32_t unit, uint32_t item,
                        struct figure *f)
{
    const char *reason = r->scorer.reason(a, r, unit, item);
    f->due = figures_item_due(r, unit, item);
    f->value = figures_value(a, r, unit, item);
    f->reason = *reason ? reason : NULL;
    f->na_reason = f->state == STATE_NA ? na_reason(a, r, unit, item) : NULL;
}

void record_figure(struct arena *a, const struct result *r, uint32_t unit, uint32_t member,
                   struct figure *out)
{
    const struct cellres *got = result_member(r, unit, member);
    uint32_t class = r->table->units.at[unit].class;
    *out = (struct figure){.points = got->points,
                           .of = member_points(r->rubric, member, class),
                           .flags = got->flags,
                           .state = got->state,
                           .on_sheet = member_on_sheet(r->rubric, member, class)};
    if (r->rubric->members.at[member].kind == MEMBER_SECTION) {
        section_figure(r, unit, member, out);
    } else if (got->state != STATE_OFF) {
        item_figure(a, r, unit, member, out);
    }
}

static void add_figures(struct arena *a, const struct run_record *run, const struct result *r,
                        uint32_t unit, bool light, struct unit_record *out)
{
    struct figure *sections = ARENA_ARRAY(a, struct figure, run->n_sections);
    struct figure *items = light ? NULL : ARENA_ARRAY(a, struct figure, run->n_items);
    for (uint32_t m = 0; m < run->members.n; m++) {
        const struct member_record *member = &run->members.at[m];
        if (!member->is_item || items) {
            struct figure *f = member->is_item ? &items[member->slot] : &sections[member->slot];
            record_figure(a, r, unit, m, f);
        }
    }
    out->sections = sections;
    out->items = items;
}

struct deficiency_record record_deficiency(const struct deficiency *d)
{
    return (struct deficiency_record){
        .member = d->member == MEMBER_NONE ? RECORD_NONE : d->member,
        .gate = d->gate == GATE_NONE ? RECORD_NONE : d->gate,
        .kind = (uint8_t)d->kind,
        .severity = (uint8_t)d->severity,
        .lost = d->lost,
        .text = d->text,
        .remedy = d->remedy,
        .due = d->due,
    };
}

static void add_deficiencies(struct arena *a, const struct result *r, uint32_t unit,
                             struct unit_record *out)
{
    deficiencies list = {0};
    deficiency_list(a, r, unit, &list);
    struct deficiency_record *copy = ARENA_ARRAY(a, struct deficiency_record, list.n);
    for (uint32_t i = 0; i < list.n; i++) {
        copy[i] = record_deficiency(&list.at[i]);
    }
    out->deficiencies = copy;
    out->n_deficiencies = list.n;
}

static void add_claims(struct arena *a, const struct result *r, uint32_t unit,
                       struct unit_record *out)
{
    claims list = {0};
    figures_claims(a, r, unit, &list);
    struct claim_record *copy = ARENA_ARRAY(a, struct claim_record, list.n);
    for (uint32_t i = 0; i < list.n; i++) {
        copy[i] = (struct claim_record){
            list.at[i].item, r->rubric->fields.list.at[list.at[i].field].id, list.at[i].reason};
    }
    out->claims = copy;
    out->n_claims = list.n;
}

void record_unit(struct arena *a, const struct run_record *run, const struct result *r,
                 uint32_t unit, bool light, struct unit_record *out)
{
    const struct unit *u = &r->table->units.at[unit];
    *out = (struct unit_record){
        .id = u->id,
        .name = u->name ? u->name : "",
        .class_name = u->class_name ? u->class_name : "",
        .parent = u->parent,
        .outcome = r->outcomes[unit],
        .gates = r->gates + (size_t)unit * r->n_gates,
    };
    out->outcome.why = NULL;
    out->outcome.grade_before_quota = GRADE_NONE;
    if (out->outcome.rank == 0) {
        out->why = figures_why_unranked(a, r, unit);
    }
    add_figures(a, run, r, unit, light, out);
    add_claims(a, r, unit, out);
    if (light) {
        out->n_deficiencies = deficiency_count(r, unit);
    } else {
        add_deficiencies(a, r, unit, out);
    }
}

/* ---- one after the other ---- */

/* Units are printed by rank, that is anywhere in the columns: what one needs of them is asked for
 * while the one before is worked on. */
static void fetch_ahead(const struct result_units *u)
{
    const struct table *t = u->result->table;
    if (u->next == u->end) {
        return;
    }
    uint32_t unit = u->result->order[u->next];
    for (uint32_t i = 0; i < t->rubric->fields.list.n; i++) {
        const struct column *column = &t->columns[i];
        if (column->present) {
            __builtin_prefetch(&column->value[unit]);
            __builtin_prefetch(&column->state[unit]);
        }
    }
}

static bool next_unit(struct unit_reader *reader, struct unit_record *out)
{
    struct result_units *u = (struct result_units *)reader; /* its first member */
    const struct result *r = u->result;
    arena_reset(&u->scratch, u->mark);
    while (u->next < u->end) {
        uint32_t unit = r->order[u->next++];
        const struct unit *it = &r->table->units.at[unit];
        if (selection_has(u->shown, it->id, it->name, it->class_name, r->outcomes[unit].rank)) {
            fetch_ahead(u);
            u->unit = unit;
            record_unit(&u->scratch, u->run, r, unit, u->light, out);
            return true;
        }
    }
    return false;
}

void result_units_init(struct result_units *u, const struct result *r, const struct run_record *run,
                       const struct selection *shown)
{
    static const struct selection all = {0};
    *u = (struct result_units){.reader = {next_unit},
                               .result = r,
                               .run = run,
                               .shown = shown ? shown : &all,
                               .end = r->n_units};
    u->mark = arena_mark(&u->scratch);
}

void result_units_limit(struct result_units *u, uint32_t first, uint32_t end)
{
    u->next = first;
    u->end = end;
}

void result_units_release(struct result_units *u) { arena_release(&u->scratch); }
