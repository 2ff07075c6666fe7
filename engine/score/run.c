/*
 * run.c - plans and class figures once, then every unit by the same walk; and the answers that only
 * the scorer can give about a finished result (struct scorer).
 */
#include "score/run.h"

#include "base/i18n.h"
#include "base/workers.h"
#include "score/run_workers.h"
#include "score/scripted.h"
#include "score/unit_score.h"

/* ---- the scorer's answers ---- */

static void explain(const struct result *r, uint32_t unit, struct trace *trace)
{
    struct walk w = {0};
    if (r->rubric->scripts.n > 0) {
        explain_in_worker(r, unit, trace);
        return;
    }
    run_walk(&w, trace->arena, r);
    run_walk_unit(&w, trace->arena, r, unit);
    w.trace = trace;
    walk_unit(&w);
}

static void what_if(const struct result *r, uint32_t unit, const struct what_if *asked, uint32_t n,
                    const struct what_if_taker *taker)
{
    struct arena scratch = {0};
    struct walk w = {0};
    if (r->rubric->scripts.n > 0) {
        what_if_in_worker(r, unit, asked, n, taker);
        return;
    }
    run_walk(&w, &scratch, r);
    run_walk_unit(&w, &scratch, r, unit);
    run_what_if(&w, asked, n, taker);
    arena_release(&scratch);
}

static bool sections_run_scripts(const struct rubric *r)
{
    for (uint32_t m = 0; m < r->members.n; m++) {
        if (r->members.at[m].kind == MEMBER_SECTION && r->members.at[m].combine == COMBINE_LUA) {
            return true;
        }
    }
    return false;
}

static dec replay(const struct result *r, uint32_t unit, const struct replay *what)
{
    struct arena scratch = {0};
    struct walk w = {0};
    if (sections_run_scripts(r->rubric)) {
        return replay_in_worker(r, unit, what);
    }
    run_walk(&w, &scratch, r);
    run_walk_unit(&w, &scratch, r, unit);
    w.replay = what;
    walk_unit(&w);
    arena_release(&scratch);
    return w.outcome.total;
}

/* What a method says of the unit's item; of a script what it said itself. */
static void describe(struct arena *a, const struct result *r, uint32_t unit, uint32_t item,
                     struct buf *out)
{
    const struct plan *p = run_plan(run_of(r), r->table, unit);
    const struct op *op = &p->items[p->op_of[item]];
    const struct note *note = result_note(r, unit, item);
    struct scored s = {.state = READ_OK};
    struct context c = {.plan = p,
                        .table = r->table,
                        .result = r,
                        .classwide = run_of(r)->classwide,
                        .unit = unit,
                        .scratch = a};
    if (note && note->reason) {
        buf_text(out, note->reason);
    } else if (op->rule->method == METHOD_FORMULA) {
        script_describe_formula(r->rubric, op->rule->script, out);
    } else if (op->rule->method == METHOD_LUA) {
        buf_text(out, r->rubric->chunks.at[r->rubric->scripts.at[op->rule->script].chunk].name);
    } else {
        op->method->score(&c, op, &s);
        if (s.state == READ_OK) {
            op->method->describe(&c, op, &s, out);
        }
    }
}

static const char *waived_reason(struct arena *a, const struct result *r, uint32_t unit,
                                 uint32_t item)
{
    const struct waiver *w = waiver_of(waivers_of(r->table->waivers, unit), r->rubric, item);
    return w ? arena_printf(a, _("waived, %s"), waiver_text(a, w)) : _("waived");
}

static const char *reason(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    const struct cellres *cell = result_member(r, unit, item);
    const struct note *note = cell->state == STATE_NA ? result_note(r, unit, item) : NULL;
    switch ((enum member_state)cell->state) {
    case STATE_SCORED:
        break;
    case STATE_MISSING:
        return _("not reported");
    case STATE_NA:
        return note && note->reason ? arena_printf(a, _("not applicable: %s"), note->reason)
                                    : _("not applicable");
    case STATE_WAIVED:
        return waived_reason(a, r, unit, item);
    default:
        return "";
    }
    struct buf text = {0};
    describe(a, r, unit, item, &text);
    if (cell->flags & 1U << FLAG_NO_EVIDENCE) {
        buf_text(&text, _("; no evidence listed"));
    }
    const char *copy = arena_text(a, text.at ? text.at : "", text.n);
    buf_release(&text);
    return copy;
}

static dec due(const struct result *r, uint32_t unit, uint32_t member)
{
    return aggregate_due_of(run_plan(run_of(r), r->table, unit), r, unit, member);
}

void run_scorer(struct result *r, const struct run *run)
{
    r->scorer = (struct scorer){explain, reason, what_if, replay, due, run};
}

/* ---- scoring ---- */

#define FIGURES_ALONE 200000 /* points of members that one process works out as fast */

void run_say_unanswered(struct diag *d, const struct gate *gate, uint32_t n, const char *first)
{
    diag_add(d, FINDING_GATE_UNANSWERED, gate->at,
             _("gate '%s' cannot be decided for %u unit(s), the first is '%s': a value it "
               "reads is not reported"),
             gate->id, n, first);
}

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
            run_say_unanswered(d, &r->rubric->gates.at[g], n, r->table->units.at[first].id);
        }
    }
}

/* Shared memory where workers write it. */
static struct result *result_new(struct arena *a, const struct table *t, bool shared)
{
    void *(*room)(struct arena *, size_t) = shared ? arena_shared : arena_alloc;
    struct result *r = ARENA_NEW(a, struct result);
    r->rubric = t->rubric;
    r->table = t;
    r->n_units = t->units.n;
    r->n_members = t->rubric->members.n;
    r->n_gates = t->rubric->gates.n;
    r->members = room(a, sizeof *r->members * r->n_units * r->n_members);
    r->outcomes = room(a, sizeof *r->outcomes * r->n_units);
    r->gates = room(a, (size_t)r->n_units * r->n_gates + 1);
    r->order = ARENA_ARRAY(a, uint32_t, r->n_units);
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        r->order[unit] = unit;
    }
    return r;
}

/* Whether others are through with their part before one could be alone. */
static bool has_work_for_many(const struct table *t, const struct run_options *options)
{
    uint64_t figures = (uint64_t)t->units.n * t->rubric->members.n;
    unsigned jobs = options->jobs > 0 ? options->jobs : workers_available();
    return jobs > 1 && figures >= FIGURES_ALONE && !options->coverage;
}

struct result *run_score(struct arena *a, struct diag *d, const struct table *t,
                         const struct run_options *options)
{
    static const struct run_options none = {0};
    options = options ? options : &none;
    bool in_workers = t->rubric->scripts.n > 0 || has_work_for_many(t, options);
    struct result *r = result_new(a, t, in_workers);
    run_scorer(r, run_new(a, t));
    if (in_workers) {
        run_in_workers(a, d, r, options);
    } else {
        struct arena scratch = {0};
        struct walk w = {0};
        run_walk(&w, &scratch, r);
        w.context.diag = d;
        w.context.coverage = options->coverage;
        for (uint32_t i = 0; i < r->n_units; i++) {
            unit_score(&w, r, t->tree ? t->tree->order[i] : i);
        }
        arena_release(&scratch);
    }
    bool whole = options->keep_going ||
                 (!diag_has(d, FINDING_SCRIPT_FAILED) && !diag_has(d, FINDING_WORKER_DIED));
    if (whole) { /* else it depends on who was how far when it ended */
        find_unanswered(d, r);
    }
    return r;
}
