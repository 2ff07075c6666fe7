/* made.c - see made.h. */
#include "made.h"

#include "base/date.h"

#include <assert.h>
#include <string.h>

dec made_dec(const char *text)
{
    dec d = DEC_NONE;
    if (text) {
        enum dec_parse read = dec_parse(text, strlen(text), &d);
        assert(read == DEC_OK);
        (void)read;
    }
    return d;
}

struct num made_num(struct made *m, const char *text)
{
    dec *v = text ? ARENA_NEW(&m->arena, dec) : NULL;
    if (v)
        *v = made_dec(text);
    return (struct num){.v = v};
}

/* ---- the rubric ---- */

static uint32_t add_member(struct made *m, uint32_t parent, enum member_kind kind, const char *id,
                           const char *title, const char *points)
{
    struct rubric *r = &m->rubric;
    uint32_t index = r->members.n;
    struct member *member = vec_push(&m->arena, &r->members);
    *member =
        (struct member){.kind = kind,
                        .id = id,
                        .title = title,
                        .parent = parent,
                        .points = made_num(m, points),
                        .end = index + 1,
                        .complete = DEC_NONE,
                        .reason_field = FIELD_NONE,
                        .deficiency = {.below = made_num(m, "60")},
                        .rule = {.field = FIELD_NONE, .of = FIELD_NONE, .script = SCRIPT_NONE}};
    if (parent != MEMBER_NONE) {
        *vec_push(&m->arena, &r->members.at[parent].members) = index;
        member->group = r->members.at[parent].group;
    }
    for (uint32_t up = parent; up != MEMBER_NONE; up = r->members.at[up].parent)
        r->members.at[up].end = index + 1;
    map_put(&m->arena, &r->member_by_id, str_of(id), index);
    return index;
}

void made_init(struct made *m, const char *classes[], uint32_t n_classes)
{
    static struct source source = {.name = "rubric.yaml", .text = "", .digest = "sha256:00"};
    *m = (struct made){0};
    m->rubric = (struct rubric){.source = &source,
                                .digest = "sha256:00",
                                .grades_script = SCRIPT_NONE,
                                .id = "duty",
                                .title = "责任制考核评分细则",
                                .period = "2024",
                                .issued = date_from_ymd(2024, 12, 31),
                                .round_item = 2,
                                .round_total = 2,
                                .total_cap = DEC_NONE,
                                .bonus = MEMBER_NONE,
                                .deductions = MEMBER_NONE,
                                .classes_listed = n_classes > 0};
    for (uint32_t i = 0; i < n_classes; i++)
        *vec_push(&m->arena, &m->rubric.classes) = classes[i];
    add_member(m, MEMBER_NONE, MEMBER_SECTION, "total", "总分", "100");
    m->rubric.ranking.vetoed = VETOED_BY_POINTS;
}

uint32_t made_field(struct made *m, const char *id, const char *label, enum field_type type)
{
    struct field *f = vec_push(&m->arena, &m->rubric.fields.list);
    *f = (struct field){
        .id = id, .label = label, .type = type, .min = DEC_NONE, .max = DEC_NONE, .used = true};
    return m->rubric.fields.list.n - 1;
}

uint32_t made_section(struct made *m, uint32_t parent, const char *id, const char *title,
                      const char *points)
{
    uint32_t section = add_member(m, parent, MEMBER_SECTION, id, title, points);
    if (strcmp(id, "bonus") == 0)
        m->rubric.bonus = m->rubric.members.at[section].group = section;
    if (strcmp(id, "deductions") == 0)
        m->rubric.deductions = m->rubric.members.at[section].group = section;
    return section;
}

uint32_t made_item(struct made *m, uint32_t section, const char *id, const char *title,
                   const char *points, uint32_t field)
{
    uint32_t item = add_member(m, section, MEMBER_ITEM, id, title, points);
    m->rubric.members.at[item].rule.field = field;
    return item;
}

struct grade *made_grade(struct made *m, const char *name, const char *from)
{
    struct grade *g = vec_push(&m->arena, &m->rubric.grades);
    g->name = name;
    g->from = made_num(m, from);
    return g;
}

struct gate *made_gate(struct made *m, const char *id, const char *title, enum effect effect)
{
    struct gate *g = vec_push(&m->arena, &m->rubric.gates);
    struct cond *when = ARENA_NEW(&m->arena, struct cond);
    when->source_text = id;
    when->operand.kind = OPERAND_TOTAL;
    *g = (struct gate){.id = id, .title = title, .effect = effect, .when = when};
    return g;
}

struct tie_break *made_break(struct made *m, enum operand_kind kind, uint32_t index)
{
    struct tie_break *b = vec_push(&m->arena, &m->rubric.ranking.breaks);
    b->by = (struct operand){.kind = kind, .index = index};
    return b;
}

/* ---- the fake scorer ---- */

static uint32_t band(const struct rubric *r, dec total)
{
    for (uint32_t g = 0; g < r->grades.n; g++)
        if (!num_given(&r->grades.at[g].from) || total >= num_of(&r->grades.at[g].from, 0))
            return g;
    return GRADE_NONE;
}

static void explain(const struct result *r, uint32_t unit, struct trace *t)
{
    for (uint32_t m = 0; m < r->n_members; m++)
        if (r->rubric->members.at[m].kind == MEMBER_ITEM) {
            struct step *s = vec_push(t->arena, &t->steps);
            *s = (struct step){STEP_RULE, m, "the rule", result_member(r, unit, m)->points};
        }
    struct step *s = vec_push(t->arena, &t->steps);
    *s = (struct step){STEP_COMBINE, MEMBER_NONE, "the sum", r->outcomes[unit].total};
}

static const char *reason(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    (void)a, (void)r, (void)unit, (void)item;
    return "because";
}

static void what_if(const struct result *r, uint32_t unit, const struct what_if *asked, uint32_t n,
                    const struct what_if_taker *taker)
{
    struct arena a = {0};
    struct cellres *members = ARENA_ARRAY(&a, struct cellres, r->n_members);
    for (uint32_t i = 0; i < n; i++) {
        struct outcome outcome = r->outcomes[unit];
        struct cellres *item = &members[asked[i].item];
        memcpy(members, result_member(r, unit, 0), sizeof *members * r->n_members);
        dec sign = r->rubric->members.at[asked[i].item].group == 0 ? 1 : -1;
        dec gain = sign * (asked[i].points - item->points);
        item->points = asked[i].points;
        item->state = STATE_SCORED;
        outcome.total += gain;
        outcome.exact += gain;
        outcome.grade_by_band = outcome.grade_before_quota = band(r->rubric, outcome.total);
        taker->take(taker->context, i, &outcome, members);
    }
    arena_release(&a);
}

static dec due(const struct result *r, uint32_t unit, uint32_t member)
{
    return member_points(r->rubric, member, r->table->units.at[unit].class);
}

/* ---- units ---- */

static span no_place(const struct table *t, uint32_t unit, uint32_t field)
{
    (void)t, (void)unit, (void)field;
    return (span){0};
}

void made_ready(struct made *m, uint32_t capacity)
{
    struct rubric *r = &m->rubric;
    m->capacity = capacity;
    m->table.rubric = r;
    m->table.place = no_place;
    m->table.columns = ARENA_ARRAY(&m->arena, struct column, r->fields.list.n + 1);
    for (uint32_t f = 0; f < r->fields.list.n; f++)
        m->table.columns[f] = (struct column){ARENA_ARRAY(&m->arena, dec, capacity),
                                              ARENA_ARRAY(&m->arena, uint8_t, capacity), true};
    m->result = (struct result){
        .rubric = r,
        .table = &m->table,
        .n_members = r->members.n,
        .n_gates = r->gates.n,
        .members = ARENA_ARRAY(&m->arena, struct cellres, (size_t)capacity * r->members.n),
        .outcomes = ARENA_ARRAY(&m->arena, struct outcome, capacity),
        .gates = ARENA_ARRAY(&m->arena, uint8_t, (size_t)capacity * r->gates.n + 1),
        .scorer = {.explain = explain, .reason = reason, .what_if = what_if, .due = due},
    };
}

static uint32_t group_of(struct made *m, const char *class_name)
{
    for (uint32_t g = 0; g < m->table.groups.n; g++)
        if (strcmp(m->table.groups.at[g], class_name) == 0)
            return g;
    *vec_push(&m->arena, &m->table.groups) = class_name;
    return m->table.groups.n - 1;
}

uint32_t made_unit(struct made *m, const char *id, const char *class_name, const char *total)
{
    assert(m->table.units.n < m->capacity);
    uint32_t index = m->table.units.n, class = 0;
    struct unit *u = vec_push(&m->arena, &m->table.units);
    while (class < m->rubric.classes.n && strcmp(m->rubric.classes.at[class], class_name) != 0)
        class ++;
    *u = (struct unit){.id = id,
                       .name = id,
                       .class_name = class_name,
                       .class = class,
                       .group = group_of(m, class_name)};
    struct outcome *o = &m->result.outcomes[index];
    *o = (struct outcome){.total = made_dec(total),
                          .state = total ? UNIT_RANKED : UNIT_NOT_APPLICABLE};
    o->exact = o->before_gates = o->low = o->high = o->total;
    o->due = o->of = o->reported = made_dec("100");
    o->grade = GRADE_NONE;
    o->grade_by_band = o->grade_before_quota = total ? band(&m->rubric, o->total) : GRADE_NONE;
    for (uint32_t member = 0; member < m->rubric.members.n; member++) {
        dec full = num_of(&m->rubric.members.at[member].points, class);
        bool extra = m->rubric.members.at[member].group != 0;
        *made_cell(m, index, member) =
            (struct cellres){.points = extra ? 0 : full, .state = STATE_SCORED, .counts = true};
    }
    m->result.n_units = m->table.units.n;
    return index;
}

struct cellres *made_cell(struct made *m, uint32_t unit, uint32_t member)
{
    return &m->result.members[(size_t)unit * m->result.n_members + member];
}

void made_points(struct made *m, uint32_t unit, uint32_t member, const char *points)
{
    made_cell(m, unit, member)->points = made_dec(points);
}

void made_value(struct made *m, uint32_t unit, uint32_t field, enum cell_state state,
                const char *value)
{
    m->table.columns[field].state[unit] = (uint8_t)state;
    m->table.has_claims |= state == CELL_NA;
    m->table.columns[field].value[unit] = made_dec(value);
}

void made_fire(struct made *m, uint32_t unit, uint32_t gate, enum gate_state state)
{
    m->result.gates[(size_t)unit * m->result.n_gates + gate] = (uint8_t)state;
}

void made_rank(struct made *m) { rank_units(&m->arena, &m->result, &m->ranking); }

struct report made_report(struct made *m)
{
    return (struct report){
        .result = &m->result, .ranking = &m->ranking, .arena = &m->arena, .width = 80};
}

void made_release(struct made *m)
{
    struct arena a = m->arena;
    *m = (struct made){0};
    arena_release(&a);
}
