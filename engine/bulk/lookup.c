/* lookup.c - see lookup.h. */
#include "bulk/lookup.h"

#include "analyse/deficiency.h"
#include "bulk/totals.h"

#include <string.h>

/* ---- what an item reads ---- */

static bool is_points(enum input_kind kind)
{
    return kind == INPUT_POINTS || kind == INPUT_BASE || kind == INPUT_TOTAL || kind == INPUT_GRADE;
}

/* Whether the script reads points of members, which are those of the unit at that moment. */
static bool script_reads_points(const struct rubric *r, uint32_t script)
{
    bool any = false;
    for (uint32_t i = 0; script != SCRIPT_NONE && i < r->scripts.at[script].inputs.n; i++) {
        any |= is_points(r->scripts.at[script].inputs.at[i].kind);
    }
    return any;
}

/* Whether it reads cells of the unit and nothing else. */
static bool script_reads_cells(const struct rubric *r, uint32_t script)
{
    bool all = true;
    for (uint32_t i = 0; script != SCRIPT_NONE && i < r->scripts.at[script].inputs.n; i++) {
        enum input_kind kind = r->scripts.at[script].inputs.at[i].kind;
        all &= kind == INPUT_FIELD || kind == INPUT_FULL;
    }
    return all;
}

static bool cond_reads_points(const struct rubric *r, const struct cond *c)
{
    if (c && c->left) {
        return cond_reads_points(r, c->left) || cond_reads_points(r, c->right);
    }
    if (c && c->op == COND_SCRIPT) {
        return script_reads_points(r, c->script);
    }
    return c && c->operand.kind != OPERAND_FIELD;
}

static bool cond_reads_cells(const struct rubric *r, const struct cond *c)
{
    if (c && c->left) {
        return cond_reads_cells(r, c->left) && cond_reads_cells(r, c->right);
    }
    if (c && c->op == COND_SCRIPT) {
        return script_reads_cells(r, c->script);
    }
    return !c || c->operand.kind == OPERAND_FIELD;
}

static void add_packed(struct arena *a, field_list *out, uint32_t packed)
{
    for (uint32_t i = 0; i < out->n; i++) {
        if (out->at[i] == packed) {
            return;
        }
    }
    if (packed != FIELD_NONE) {
        *vec_push(a, out) = packed;
    }
}

/* The store's fields that an item depends on, each once; `reason_field` and evidence among them.
 * What no column has is never filled in. */
static void packed_fields(struct arena *a, const struct store *s, const struct member *m,
                          field_list *out)
{
    field_list fields = {0};
    item_reads(a, m, &fields);
    if (m->reason_field != FIELD_NONE) {
        *vec_push(a, &fields) = m->reason_field;
    }
    for (uint32_t i = 0; i < fields.n; i++) {
        add_packed(a, out, s->packed_of[fields.at[i]]);
    }
    if (m->evidence_required) {
        add_packed(a, out, s->evidence_of[m - s->rubric->members.at]);
    }
}

bool lookup_reads_cells_alone(const struct rubric *r, const struct op *op)
{
    const struct rule *rule = op->rule;
    switch (rule->method) {
    case METHOD_BEST:
    case METHOD_RANK:
    case METHOD_CHANGE:
    case METHOD_CHILDREN:
    case METHOD_PERIOD:
        return false;
    default:
        return !classwide_needed(rule) && script_reads_cells(r, rule->script) &&
               cond_reads_cells(r, op->of_member->when);
    }
}

bool lookup_wants_members(const struct rubric *r)
{
    bool wants = r->ranking.breaks.n > 0 || script_reads_points(r, r->grades_script);
    for (uint32_t g = 0; g < r->gates.n; g++) {
        wants |= cond_reads_points(r, r->gates.at[g].when);
    }
    for (uint32_t g = 0; g < r->grades.n; g++) {
        wants |= r->grades.at[g].needs.n > 0;
    }
    return wants;
}

/* ---- tables ---- */

static void take_packed(const struct store *s, struct tables *t, uint32_t packed)
{
    for (uint32_t i = 0; i < t->n_taken && packed != FIELD_NONE; i++) {
        packed = t->taken[i] == &s->fields[packed] ? FIELD_NONE : packed;
    }
    if (packed != FIELD_NONE) {
        t->taken[t->n_taken++] = &s->fields[packed];
    }
}

static void take_field(const struct store *s, struct tables *t, uint32_t field)
{
    take_packed(s, t, s->packed_of[field]);
}

static void take_condition(const struct store *s, struct tables *t, const struct cond *c)
{
    if (c && c->left) {
        take_condition(s, t, c->left);
        take_condition(s, t, c->right);
    } else if (c && c->op == COND_SCRIPT) {
        for (uint32_t i = 0; i < c->reads.n; i++) {
            take_field(s, t, c->reads.at[i]);
        }
    } else if (c && c->operand.kind == OPERAND_FIELD) {
        take_field(s, t, c->operand.index);
    }
}

/* The one field of its unit that the rule reads; FIELD_NONE: none, more, or other things too, but
 * for figures of the class. */
static uint32_t field_of(const struct rubric *r, const struct rule *rule)
{
    const struct script *s = rule->script == SCRIPT_NONE ? NULL : &r->scripts.at[rule->script];
    bool alone = rule_fields(rule, NULL, 0) == 1 && (!s || !s->call_always);
    for (uint32_t i = 0; s && i < s->inputs.n; i++) {
        enum input_kind kind = s->inputs.at[i].kind;
        alone &= kind == INPUT_FIELD || kind == INPUT_FULL ||
                 (classwide_is_input(kind) && kind != INPUT_CLASS_RANK);
    }
    return !alone ? FIELD_NONE : s ? rule->reads.at[0] : rule->field;
}

/* The one number that the item depends on; NULL: it takes more than that. */
static const struct packed_field *number_of(const struct store *s, const struct op *op)
{
    const struct member *m = op->of_member;
    uint32_t field = field_of(s->rubric, op->rule);
    bool alone = op->method->of_value && field != FIELD_NONE && s->packed_of[field] != FIELD_NONE &&
                 !m->when && m->reason_field == FIELD_NONE && !m->evidence_required;
    return alone && s->fields[s->packed_of[field]].numbers ? &s->fields[s->packed_of[field]] : NULL;
}

/* The table of an item's results, if they are few enough. */
static bool look_up(struct arena *a, const struct store *s, const struct tables *tables,
                    const struct op *op, const field_list *fields, struct looked_up *out,
                    struct to_look_up *look)
{
    uint64_t results = 1;
    *out = (struct looked_up){.op = op, .n_fields = fields->n};
    *look = (struct to_look_up){.n_fields = fields->n, .member = op->member};
    if (fields->n > FIELDS_MOST || !lookup_reads_cells_alone(s->rubric, op)) {
        return false;
    }
    for (uint32_t i = 0; i < fields->n; i++) {
        const struct packed_field *f = &s->fields[fields->at[i]];
        out->fields[i] = fields->at[i];
        look->at[i] = f->at;
        look->times[i] = (uint32_t)results;
        results *= tables->room[fields->at[i]];
        if (f->numbers || results > RESULTS_MOST) {
            return false;
        }
    }
    out->n_results = (uint32_t)results;
    out->results = look->results = ARENA_ARRAY(a, struct found, results);
    out->differences = ARENA_ARRAY(a, differences, results);
    out->cells = ARENA_ARRAY(a, struct cellres, results);
    for (uint32_t i = 0; i < results; i++) {
        out->results[i].points = NOT_YET;
    }
    return true;
}

#define SUM_MOST ((dec)1 << 61) /* what the points of all items may come to */

dec lookup_points_most(const struct plan *p) { return SUM_MOST / (dec)(p->n_items + 1); }

static bool has_only_sums(const struct plan *p)
{
    bool only = p->n_limits == 0 && !p->has_complete;
    for (uint32_t i = 0; i < p->n_sections; i++) {
        const struct member *m = p->sections[i].of_member;
        only = only && m->combine == COMBINE_SUM && m->keep_best == 0 && m->drop_worst == 0 &&
               (p->sections[i].n_members > 0 || p->sections[i].member == RUBRIC_ROOT);
    }
    return only;
}

static dec common_divisor(dec a, dec b)
{
    while (b != 0) {
        dec rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* As aggregate_scaled and walk_section_points have it, where no gate limits a member. */
static struct plain_section plain_section(const struct plan *p, const struct op_section *op)
{
    const struct member *m = op->of_member;
    const struct rubric *r = p->rubric;
    struct plain_section out = {
        .times = 1, .by = 1, .cap = m->cap_none ? DEC_MAX : p->full[op->member]};
    out.places = r->round_section_given && op->member != RUBRIC_ROOT ? r->round_section : -1;
    if (m->scale && op->members_sum != op->points) {
        out.times = op->points;
        out.by = op->members_sum;
    } else if (op->factor != DEC_NONE) {
        out.times = op->factor;
        out.by = 100 * DEC_ONE;
    }
    dec common = out.by > 0 && out.times > 0 ? common_divisor(out.times, out.by) : 0;
    if (common == 0 || DEC_ONE % (out.by / common) != 0) {
        return (struct plain_section){.by = 0};
    }
    out.times /= common;
    out.by /= common;
    out.capped = dec_round(out.cap, out.places);
    if (out.by == 1 && r->round_item >= 0 && r->round_item <= out.places) {
        out.places = -1; /* items and the sections in it are rounded to no more */
    }
    if (out.by > 1) {
        out.parts = divisor_of((uint64_t)out.by);
    }
    dec step = out.places < 0 ? 1 : dec_step(out.places);
    if (step > 1) {
        out.steps = divisor_of((uint64_t)step);
    }
    return out;
}

/* Codes of a field that results are made for: as many as its book has, or more while it grows. */
static uint32_t room_for(const struct store *s, uint32_t book, uint32_t field)
{
    uint32_t n = s->n_entries[(size_t)book * s->n_fields + field], room = 8;
    while (!s->rows && room < n) {
        room *= 2;
    }
    return s->rows ? n : room;
}

/* Fields that gates, a script of grades and tie-breaks read. */
static void take_always(const struct store *s, struct tables *tables, const struct plan *p)
{
    for (uint32_t g = 0; g < p->rubric->gates.n; g++) {
        take_condition(s, tables, p->rubric->gates.at[g].when);
    }
    if (p->rubric->grades_script != SCRIPT_NONE) {
        const struct script *script = &p->rubric->scripts.at[p->rubric->grades_script];
        for (uint32_t i = 0; i < script->inputs.n; i++) {
            if (script->inputs.at[i].kind == INPUT_FIELD) {
                take_field(s, tables, script->inputs.at[i].index);
            }
        }
    }
    for (uint32_t i = 0; i < p->rubric->ranking.breaks.n; i++) {
        const struct operand *by = &p->rubric->ranking.breaks.at[i].by;
        if (by->kind == OPERAND_FIELD) {
            take_field(s, tables, by->index);
        }
    }
    tables->n_always = tables->n_taken;
}

struct tables *lookup_new(struct arena *a, const struct store *s, const struct plan *p,
                          uint32_t book)
{
    struct tables *tables = ARENA_NEW(a, struct tables);
    *tables = (struct tables){
        .plan = p, .book = book, .only_sums = has_only_sums(p), .only_numbers = true};
    tables->room = ARENA_ARRAY(a, uint32_t, s->n_fields + 1);
    for (uint32_t i = 0; i < s->n_fields; i++) {
        tables->room[i] = room_for(s, book, i);
    }
    tables->items = ARENA_ARRAY(a, struct looked_up, p->n_items);
    tables->looks = ARENA_ARRAY(a, struct to_look_up, p->n_items);
    tables->own = ARENA_ARRAY(a, struct by_unit, p->n_items);
    tables->members = ARENA_ARRAY(a, uint32_t, p->n_sections);
    tables->parent = ARENA_ARRAY(a, uint32_t, p->n_sections);
    tables->ways = ARENA_ARRAY(a, uint32_t, p->rubric->members.n);
    tables->taken = ARENA_ARRAY(a, const struct packed_field *, s->n_fields + 1);
    tables->full = ARENA_ARRAY(a, dec, p->n_sections);
    tables->points = ARENA_ARRAY(a, dec, p->n_sections);
    tables->differences = ARENA_ARRAY(a, differences, p->n_sections);
    tables->of_sections = arena_alloc(a, sizeof *tables->of_sections * p->n_sections);
    tables->plain = ARENA_ARRAY(a, struct plain_section, p->n_sections);
    for (uint32_t i = 0; i < p->n_sections; i++) {
        tables->plain[i] = plain_section(p, &p->sections[i]);
        uint32_t parent = p->sections[i].of_member->parent;
        tables->members[i] = p->sections[i].member;
        tables->parent[i] = parent == MEMBER_NONE ? UINT32_MAX : p->section_of[parent];
    }
    take_always(s, tables, p);
    tables->total = totals_of(a, s, tables);
    for (uint32_t i = 0; i < p->n_items && tables->only_sums; i++) {
        const struct op *op = &p->items[i];
        uint32_t section = p->section_of[op->of_member->parent];
        struct looked_up *item = &tables->items[tables->n_items];
        field_list fields = {0};
        tables->full[section] += op->full;
        packed_fields(a, s, op->of_member, &fields);
        struct to_look_up *look = &tables->looks[tables->n_items];
        if (look_up(a, s, tables, op, &fields, item, look)) {
            look->section = section;
            item->floor = deficiency_floor(s->rubric, op->member, p->class);
            tables->ways[op->member] = item->n_results;
            tables->n_items++;
        } else {
            tables->only_sums = !cond_reads_points(s->rubric, op->of_member->when) &&
                                !script_reads_points(s->rubric, op->rule->script);
            struct by_unit *own = &tables->own[tables->n_own++];
            *own = (struct by_unit){.op = op,
                                    .section = section,
                                    .number = number_of(s, op),
                                    .slot = s->slot_of[op->member],
                                    .floor = deficiency_floor(s->rubric, op->member, p->class),
                                    .by_class = classwide_needed(op->rule)};
            tables->only_numbers &= own->number != NULL && own->slot == 0;
            for (uint32_t k = 0; k < fields.n; k++) {
                take_packed(s, tables, fields.at[k]);
            }
        }
    }
    return tables;
}

static void keep_looked_up(struct arena *a, const struct looked_up *from, struct looked_up *to)
{
    size_t n = from->n_results;
    memcpy(to->results, from->results, sizeof *to->results * n);
    memcpy(to->differences, from->differences, sizeof *to->differences * n);
    memcpy(to->cells, from->cells, sizeof *to->cells * n);
    if (from->notes) {
        to->notes = ARENA_ARRAY(a, struct note *, to->n_results);
        memcpy(to->notes, from->notes, sizeof *to->notes * n);
    }
}

void lookup_grow(struct arena *a, const struct store *s, struct tables *tables)
{
    bool fits = true;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        fits &= s->n_entries[(size_t)tables->book * s->n_fields + i] <= tables->room[i];
    }
    if (fits) {
        return;
    }
    struct tables old = *tables;
    *tables = *lookup_new(a, s, old.plan, old.book);
    /* What was found of these does not hang on codes. Those that were looked up may have joined. */
    for (uint32_t i = 0, k = 0; i < tables->n_own; i++) {
        if (k < old.n_own && old.own[k].op == tables->own[i].op) {
            tables->own[i] = old.own[k++];
        }
    }
    for (uint32_t i = 0, k = 0; i < tables->n_items; i++) {
        while (old.items[k].op != tables->items[i].op) {
            k++; /* what is no longer looked up */
        }
        if (tables->items[i].n_fields == 1) { /* with more fields the codes stand elsewhere */
            keep_looked_up(a, &old.items[k], &tables->items[i]);
        }
    }
}
