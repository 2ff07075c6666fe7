/*
 * run.c - plans and class figures once, then every unit by the same walk; and the answers that only
 * the scorer can give about a finished result (struct scorer).
 */
#include "score/run.h"

#include "base/i18n.h"
#include "score/classwide.h"
#include "score/walk.h"

/* What explains and what-ifs need later; struct scorer's plan points here. */
struct run {
    const struct plan **plans; /* [n_classes + 1], by class; shared where classes do not differ */
    const struct classwide *classwide;
};

static const struct run *run_of(const struct result *r) { return r->scorer.plan; }

static const struct plan *plan_for(const struct run *run, const struct table *t, uint32_t unit)
{
    return run->plans[t->units.at[unit].class];
}

/* ---- the scorer's answers ---- */

static void walk_again(struct walk *w, struct arena *a, const struct result *r, uint32_t unit,
                       struct cellres *cells)
{
    walk_init(w, a, r->rubric);
    w->context = (struct context){.plan = plan_for(run_of(r), r->table, unit),
                                  .table = r->table,
                                  .classwide = run_of(r)->classwide,
                                  .unit = unit,
                                  .scratch = a};
    w->cells = cells ? cells : ARENA_ARRAY(a, struct cellres, r->n_members);
    w->gates = ARENA_ARRAY(a, uint8_t, r->n_gates + 1);
}

static void explain(const struct result *r, uint32_t unit, struct trace *trace)
{
    struct walk w = {0};
    walk_again(&w, trace->arena, r, unit, NULL);
    w.trace = trace;
    walk_unit(&w);
}

static void what_if(const struct result *r, uint32_t unit, uint32_t item, dec points,
                    struct outcome *outcome, struct cellres *members)
{
    struct arena scratch = {0};
    struct walk w = {0};
    walk_again(&w, &scratch, r, unit, members);
    w.override_item = item;
    w.override_points = points;
    walk_unit(&w);
    *outcome = w.outcome;
    arena_release(&scratch);
}

static const char *reason(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    const struct plan *p = plan_for(run_of(r), r->table, unit);
    const struct cellres *cell = result_member(r, unit, item);
    switch ((enum member_state)cell->state) {
    case STATE_SCORED:
        break;
    case STATE_MISSING:
        return _("not reported");
    case STATE_NA:
        return _("not applicable");
    case STATE_WAIVED:
        return _("waived");
    default:
        return "";
    }
    struct context c = {.plan = p,
                        .table = r->table,
                        .classwide = run_of(r)->classwide,
                        .unit = unit,
                        .scratch = a};
    const struct op *op = &p->items[p->op_of[item]];
    struct scored s = {.state = READ_OK};
    struct buf text = {0};
    op->method->score(&c, op, &s);
    if (s.state == READ_OK) {
        op->method->describe(&c, op, &s, &text);
    }
    if (cell->flags & 1U << FLAG_NO_EVIDENCE) {
        buf_text(&text, _("; no evidence listed"));
    }
    const char *copy = arena_text(a, text.at ? text.at : "", text.n);
    buf_release(&text);
    return copy;
}

static dec due(const struct result *r, uint32_t unit, uint32_t member)
{
    return aggregate_due_of(plan_for(run_of(r), r->table, unit), r, unit, member);
}

/* ---- scoring ---- */

static void make_plans(struct arena *a, struct run *run, const struct table *t)
{
    const struct rubric *r = t->rubric;
    run->plans = ARENA_ARRAY(a, const struct plan *, r->classes.n + 1);
    if (plan_same_for_all(r)) {
        const struct plan *shared = plan_new(a, r, r->classes.n);
        for (uint32_t c = 0; c <= r->classes.n; c++) {
            run->plans[c] = shared;
        }
        return;
    }
    for (uint32_t u = 0; u < t->units.n; u++) {
        uint32_t class = t->units.at[u].class;
        if (!run->plans[class]) {
            run->plans[class] = plan_new(a, r, class);
        }
    }
}

/* A class the rubric's numbers do not name has none to be scored by. */
static bool class_has_numbers(struct walk *w, const struct table *t, uint32_t unit,
                              const char **why)
{
    const struct unit *u = &t->units.at[unit];
    if (u->class < t->rubric->classes.n || !t->rubric->numbers_by_class) {
        return true;
    }
    diag_add(w->context.diag, FINDING_CLASS_WITHOUT_NUMBERS, table_place(t, unit, FIELD_NONE),
             _("the rubric gives numbers by class, but none for class '%s' of unit '%s'"),
             u->class_name, u->id);
    *why = diag_last_text(w->context.diag);
    return false;
}

static void score_unit(struct walk *w, const struct run *run, struct result *r, uint32_t unit)
{
    const struct table *t = r->table;
    w->cells = &r->members[(size_t)unit * r->n_members];
    w->gates = &r->gates[(size_t)unit * r->n_gates];
    struct outcome *outcome = &r->outcomes[unit];
    const char *why = t->units.at[unit].why;
    if (t->units.at[unit].bad || !class_has_numbers(w, t, unit, &why)) {
        for (uint32_t i = 0; i < r->n_members; i++) {
            w->cells[i] = (struct cellres){.points = DEC_NONE, .state = STATE_ERROR};
        }
        *outcome = walk_no_outcome(UNIT_ERROR);
        outcome->why = why;
        return;
    }
    struct arena_mark mark = arena_mark(w->context.scratch);
    w->context.plan = plan_for(run, t, unit);
    w->context.unit = unit;
    walk_unit(w);
    *outcome = w->outcome;
    arena_reset(w->context.scratch, mark);
}

/* Silence must not hide a veto unnoticed: one finding a gate, with how many units left it open. */
static void find_unanswered(struct diag *d, const struct result *r)
{
    for (uint32_t g = 0; g < r->n_gates; g++) {
        uint32_t n = 0, first = UNIT_NONE;
        for (uint32_t unit = 0; unit < r->n_units; unit++) {
            if (r->gates[(size_t)unit * r->n_gates + g] == GATE_UNANSWERED &&
                r->outcomes[unit].state != UNIT_ERROR) {
                first = n++ == 0 ? unit : first;
            }
        }
        if (n > 0) {
            const struct gate *gate = &r->rubric->gates.at[g];
            diag_add(d, FINDING_GATE_UNANSWERED, gate->at,
                     _("gate '%s' cannot be decided for %u unit(s), the first is '%s': a value it "
                       "reads is not reported"),
                     gate->id, n, r->table->units.at[first].id);
        }
    }
}

struct result *run_score(struct arena *a, struct diag *d, const struct table *t)
{
    const struct rubric *rubric = t->rubric;
    struct arena scratch = {0};
    struct result *r = ARENA_NEW(a, struct result);
    struct run *run = ARENA_NEW(a, struct run);
    r->rubric = rubric;
    r->table = t;
    r->n_units = t->units.n;
    r->n_members = rubric->members.n;
    r->n_gates = rubric->gates.n;
    r->members = ARENA_ARRAY(a, struct cellres, (size_t)r->n_units * r->n_members);
    r->outcomes = ARENA_ARRAY(a, struct outcome, r->n_units);
    r->gates = ARENA_ARRAY(a, uint8_t, (size_t)r->n_units * r->n_gates + 1);
    r->order = ARENA_ARRAY(a, uint32_t, r->n_units);
    make_plans(a, run, t);
    run->classwide = classwide_new(a, t);
    r->scorer = (struct scorer){explain, reason, what_if, due, run};

    struct walk w = {0};
    walk_init(&w, a, rubric);
    w.context =
        (struct context){.table = t, .classwide = run->classwide, .diag = d, .scratch = &scratch};
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        score_unit(&w, run, r, unit);
        r->order[unit] = unit;
    }
    arena_release(&scratch);
    find_unanswered(d, r);
    return r;
}
