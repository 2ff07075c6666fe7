/* walk.c - one unit through the plan: see walk.h for the order. */
#include "score/walk.h"

#include "base/i18n.h"
#include "score/walk_parts.h"

#include <string.h>

void walk_init(struct walk *w, struct arena *a, const struct rubric *r)
{
    uint32_t n = r->members.n, n_gates = r->gates.n;
    for (int pass = 0; pass < WALK_PASSES; pass++) {
        w->passes[pass] = ARENA_ARRAY(a, struct walk_value, n);
    }
    w->leaves_even = ARENA_ARRAY(a, bool, n);
    w->due = ARENA_ARRAY(a, wide, n);
    w->reported = ARENA_ARRAY(a, wide, n);
    w->points = ARENA_ARRAY(a, dec, n);
    w->gate_done = ARENA_ARRAY(a, bool, n_gates + 1);
    w->override_item = MEMBER_NONE;
}

/* ---- sections ---- */

/* Something in the emptied section applies: it was silence, or `drop`, that left no result. */
static bool something_applies(const struct walk *w, const struct op_section *op)
{
    for (uint32_t i = 0; i < op->n_members; i++) {
        uint8_t state = w->cells[op->members[i]].state;
        /* What its policy lets count as scored applies as far as its due says. */
        if ((state != STATE_NA && state != STATE_WAIVED) || w->due[op->members[i]] > 0) {
            return true;
        }
    }
    return false;
}

/* An emptied section passes its points to its siblings; in bonus and deductions that is 0. */
static void section_empty(struct walk *w, const struct op_section *op, enum walk_pass pass)
{
    const struct member *m = op->of_member;
    walk_set(w, op->member, pass, 0, !walk_in_total(m));
    if (pass == PASS_ACTUAL) {
        w->cells[op->member].state = something_applies(w, op) ? STATE_MISSING : STATE_NA;
        w->leaves_even[op->member] = m->not_applicable == NA_EVEN;
        if (walk_in_total(m)) {
            walk_say(w, STEP_STATE, op->member, WIDE_NONE,
                     _("nothing in it has a result: left out"));
        }
    }
}

/* What is wrong in it leaves no figure of it that could be taken for a result. */
static bool section_wrong(struct walk *w, const struct op_section *op, enum walk_pass pass)
{
    bool wrong = false;
    for (uint32_t i = 0; i < op->n_members; i++) {
        wrong = wrong || w->cells[op->members[i]].state == STATE_ERROR;
    }
    if (wrong) {
        walk_set(w, op->member, pass, 0, false);
        w->cells[op->member].state = STATE_ERROR;
    }
    if (wrong && pass == PASS_ACTUAL) {
        walk_say(w, STEP_STATE, op->member, WIDE_NONE, _("something in it has an error"));
    }
    return wrong;
}

static void section_pass(struct walk *w, const struct op_section *op, enum walk_pass pass)
{
    wide value;
    if (section_wrong(w, op, pass)) {
        return;
    }
    if (!aggregate_section(w, op, pass, &value)) {
        section_empty(w, op, pass);
        return;
    }
    if (value == WIDE_NONE) {
        walk_fail(
            w, FINDING_OVERFLOW, FIELD_NONE,
            _("section '%s' cannot be calculated: a share below 0, or points beyond ±92 billion"),
            op->of_member->id);
        value = 0;
    }
    walk_section_points(w, op, pass, value);
}

void walk_section_points(struct walk *w, const struct op_section *op, enum walk_pass pass,
                         wide value)
{
    const struct rubric *r = walk_rubric(w);
    value = walk_clamp(w, op->member, value, pass);
    value = walk_limited(w, op->member, value, pass);
    if (r->round_section_given && op->member != RUBRIC_ROOT) {
        value = walk_rounded(w, op->member, value, r->round_section, pass);
    }
    walk_set(w, op->member, pass, value, true);
    if (pass == PASS_ACTUAL) {
        w->cells[op->member].state = STATE_SCORED;
    }
}

static void walk_section(struct walk *w, const struct op_section *op)
{
    section_pass(w, op, PASS_ACTUAL);
    if (w->bounds_differ) {
        section_pass(w, op, PASS_LOW);
        section_pass(w, op, PASS_HIGH);
    } else {
        w->passes[PASS_LOW][op->member] = w->passes[PASS_ACTUAL][op->member];
        w->passes[PASS_HIGH][op->member] = w->passes[PASS_ACTUAL][op->member];
    }
    aggregate_due(w, op);
    /* Shares are quantised to be compared: half of two thirds is reached by one third. */
    dec complete = op->of_member->complete;
    if (complete != DEC_NONE && w->due[op->member] > 0 &&
        wide_to_dec(w->reported[op->member]) <
            wide_to_dec(wide_muldiv(w->due[op->member], wide_from_dec(complete), 100 * WIDE_ONE))) {
        w->outcome.state = UNIT_INCOMPLETE;
        walk_say(w, STEP_STATE, op->member, WIDE_NONE,
                 _("less is reported than the sheet asks for"));
    }
}

void walk_settle(struct walk *w, uint32_t member)
{
    const struct walk_value *actual = &w->passes[PASS_ACTUAL][member];
    struct cellres *cell = &w->cells[member];
    cell->counts = actual->counts && cell->state != STATE_ERROR;
    cell->points = cell->counts ? wide_to_dec(actual->value) : DEC_NONE;
    w->points[member] = cell->points;
    if (w->trace && cell->counts) {
        char points[DEC_TEXT], full[DEC_TEXT];
        walk_say(w, STEP_RESULT, member, actual->value, _("%s of %s"),
                 dec_text(cell->points, DEC_EXACT, points),
                 dec_text(w->context.plan->full[member], DEC_EXACT, full));
    }
}

struct outcome walk_no_outcome(enum unit_state state)
{
    return (struct outcome){.total = DEC_NONE,
                            .exact = DEC_NONE,
                            .before_gates = DEC_NONE,
                            .reported = DEC_NONE,
                            .low = DEC_NONE,
                            .high = DEC_NONE,
                            .grade = GRADE_NONE,
                            .grade_by_band = GRADE_NONE,
                            .grade_before_quota = GRADE_NONE,
                            .total_without = DEC_NONE,
                            .grade_without = GRADE_NONE,
                            .state = (uint8_t)state};
}

static void forget_member(struct walk *w, uint32_t member)
{
    w->cells[member] = (struct cellres){.points = DEC_NONE, .state = STATE_OFF};
    w->points[member] = DEC_NONE;
    w->due[member] = w->reported[member] = 0;
    w->leaves_even[member] = false;
    walk_set_all(w, member, 0, false);
}

static void walk_reset(struct walk *w)
{
    const struct plan *p = w->context.plan;
    const struct rubric *r = p->rubric;
    uint32_t n = r->members.n;
    for (uint32_t i = 0; i < n; i++) {
        forget_member(w, i);
    }
    memset(w->gate_done, 0, sizeof *w->gate_done * r->gates.n);
    memset(w->gates, GATE_OPEN, r->gates.n);
    for (uint32_t g = 0; w->replay && g < r->gates.n; g++) {
        w->gates[g] = w->replay->gates[g];
        w->gate_done[g] = true;
    }
    w->bounds_differ = w->failed = false;
    w->waivers = w->without_waivers ? (struct waivers){NULL, 0}
                                    : waivers_of(w->context.table->waivers, w->context.unit);
    w->outcome = walk_no_outcome(UNIT_RANKED);
    w->outcome.of = p->full[RUBRIC_ROOT];
}

void walk_outcome(struct walk *w)
{
    struct outcome *o = &w->outcome;
    const struct table *t = w->context.table;
    const struct unit *unit = &t->units.at[w->context.unit];
    const char *period = walk_rubric(w)->period;
    o->other_period = unit->period && period && *unit->period && strcmp(unit->period, period) != 0;
    o->due = wide_to_dec(w->due[RUBRIC_ROOT]);
    wide due = w->due[RUBRIC_ROOT], reported = w->reported[RUBRIC_ROOT];
    if (due > 0 && reported == due) {
        o->reported = 100 * DEC_ONE; /* mostly */
    } else if (due > 0) {
        o->reported = dec_round(wide_to_dec(wide_muldiv(reported, 100 * WIDE_ONE, due)), 2);
    }
    if (!w->passes[PASS_ACTUAL][RUBRIC_ROOT].counts) {
        /* Nothing applies, or nothing that does is reported and the rubric leaves that out. */
        if (o->state != UNIT_INCOMPLETE) {
            o->state = UNIT_NOT_APPLICABLE;
        }
        walk_gates(w, true);
        walk_gates(w, false);
        if (w->bounds_differ && w->passes[PASS_HIGH][RUBRIC_ROOT].counts) {
            walk_bounds(w);
        }
        return;
    }
    walk_total(w);
    if (!w->replay) {
        walk_grade(w);
    }
}

void walk_unit(struct walk *w)
{
    const struct plan *p = w->context.plan;
    walk_reset(w);
    w->context.walk = w;
    for (uint32_t i = 0; i < p->n_steps; i++) {
        const struct plan_step *step = &p->steps[i];
        if (step->is_section) {
            walk_section(w, &p->sections[step->index]);
            walk_settle(w, p->sections[step->index].member);
        } else {
            walk_item(w, &p->items[step->index]);
            walk_settle(w, p->items[step->index].member);
        }
    }
    walk_outcome(w);
    if (w->failed) {
        /* What is wrong leaves no figure that could be taken for a result. */
        const char *why = w->outcome.why;
        w->outcome = walk_no_outcome(UNIT_ERROR);
        w->outcome.why = why;
    }
}

void walk_one_item(struct walk *w, const struct op *op)
{
    w->context.walk = w;
    w->bounds_differ = w->failed = false;
    forget_member(w, op->member);
    walk_item(w, op);
    walk_settle(w, op->member);
}
