/* unit_score.c - see unit_score.h. */
#include "score/unit_score.h"

#include "base/i18n.h"
#include "score/children.h"
#include "score/classwide.h"
#include "score/scripted.h"

const struct plan *run_plan(const struct run *run, const struct table *t, uint32_t unit)
{
    return run->plans[t->units.at[unit].class];
}

struct run *run_new_for(struct arena *a, const struct rubric *r, const struct classwide *classwide,
                        const bool *classes)
{
    struct run *run = ARENA_NEW(a, struct run);
    bool alike = plan_same_for_all(r);
    const struct plan *shared = alike ? plan_new(a, r, r->classes.n) : NULL;
    run->plans = ARENA_ARRAY(a, const struct plan *, r->classes.n + 1);
    run->classwide = classwide;
    for (uint32_t c = 0; c <= r->classes.n; c++) {
        run->plans[c] = alike ? shared : classes[c] ? plan_new(a, r, c) : NULL;
    }
    return run;
}

struct run *run_new(struct arena *a, const struct table *t)
{
    bool *classes = ARENA_ARRAY(a, bool, t->rubric->classes.n + 1);
    for (uint32_t u = 0; u < t->units.n; u++) {
        classes[t->units.at[u].class] = true;
    }
    struct run *run = run_new_for(a, t->rubric, classwide_new(a, t), classes);
    run->places = t->tree ? places_new(a, t) : NULL;
    return run;
}

void run_walk(struct walk *w, struct arena *a, const struct result *r)
{
    walk_init(w, a, r->rubric);
    w->context = (struct context){
        .table = r->table, .result = r, .classwide = run_of(r)->classwide, .scratch = a};
}

void run_walk_unit(struct walk *w, struct arena *a, const struct result *r, uint32_t unit)
{
    w->context.plan = run_plan(run_of(r), r->table, unit);
    w->context.unit = unit;
    w->cells = ARENA_ARRAY(a, struct cellres, r->n_members);
    w->gates = ARENA_ARRAY(a, uint8_t, r->n_gates + 1);
}

void run_what_if(struct walk *w, const struct what_if *asked, uint32_t n,
                 const struct what_if_taker *taker)
{
    for (uint32_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(w->context.scratch);
        w->override_item = asked[i].item;
        w->override_points = asked[i].points;
        walk_unit(w);
        taker->take(taker->context, i, &w->outcome, w->cells);
        arena_reset(w->context.scratch, mark);
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

/* The unit once more as if it had no waiver. What goes wrong there alone is no finding: what was
 * waived is not asked for. */
static void score_without_waivers(struct walk *w, const struct result *r, struct outcome *outcome)
{
    struct walk kept = *w;
    struct scripted *scripted = w->context.scripted;
    bool failed = scripted && scripted->failed;
    run_walk_unit(w, w->context.scratch, r, w->context.unit);
    w->context.diag = NULL;
    w->context.coverage = NULL;
    w->without_waivers = true;
    if (scripted) {
        scripted->no_notes = true;
    }
    walk_unit(w);
    if (scripted) {
        scripted->no_notes = false;
        scripted->failed = failed;
    }
    outcome->waived = true;
    outcome->state_without = w->outcome.state;
    outcome->total_without = w->outcome.total;
    outcome->grade_without =
        w->outcome.state == UNIT_RANKED ? w->outcome.grade_by_band : GRADE_NONE;
    *w = kept;
}

void unit_score(struct walk *w, struct result *r, uint32_t unit)
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
    w->context.plan = run_plan(run_of(r), t, unit);
    w->context.unit = unit;
    walk_unit(w);
    *outcome = w->outcome;
    if (outcome->state != UNIT_ERROR && waivers_count(w->waivers)) {
        score_without_waivers(w, r, outcome);
    }
    arena_reset(w->context.scratch, mark);
}
