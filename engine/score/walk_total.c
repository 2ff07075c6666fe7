/*
 * walk_total.c - from the sections to the total, the gates' cap and the grade before quotas.
 */
#include "score/scripted.h"
#include "score/walk_parts.h"

#include "base/i18n.h"

static wide group_value(const struct walk *w, uint32_t member)
{
    if (member == MEMBER_NONE || !w->passes[PASS_ACTUAL][member].counts) {
        return 0;
    }
    return w->passes[PASS_ACTUAL][member].value;
}

/* From the sum before bonus to the unrounded total. */
static wide raw_total(struct walk *w, enum walk_pass pass)
{
    const struct rubric *r = walk_rubric(w);
    wide bonus = group_value(w, r->bonus), deductions = group_value(w, r->deductions);
    wide base = w->passes[pass][RUBRIC_ROOT].value;
    wide total = wide_sub(wide_add(base, bonus), deductions);
    bool say = pass == PASS_ACTUAL && w->trace;
    char a[DEC_TEXT], b[DEC_TEXT], c[DEC_TEXT], d[DEC_TEXT];
    if (say && (r->bonus != MEMBER_NONE || r->deductions != MEMBER_NONE)) {
        walk_say(w, STEP_COMBINE, MEMBER_NONE, total,
                 _("sections %s + bonus %s - deductions %s = %s"), walk_shown(base, a),
                 walk_shown(bonus, b), walk_shown(deductions, c), walk_shown(total, d));
    }
    if (total < 0 && !r->members.at[RUBRIC_ROOT].floor_none) {
        total = 0;
        if (say) {
            walk_say(w, STEP_CLAMP, MEMBER_NONE, total, _("a total is not below 0"));
        }
    }
    if (r->total_cap != DEC_NONE && total > wide_from_dec(r->total_cap)) {
        total = wide_from_dec(r->total_cap);
        if (say) {
            walk_say(w, STEP_CLAMP, MEMBER_NONE, total, _("the total is capped at %s"),
                     walk_shown(total, a));
        }
    }
    return total;
}

void walk_gates(struct walk *w, bool caps)
{
    const struct rubric *r = walk_rubric(w);
    for (uint32_t g = 0; g < r->gates.n; g++) {
        if ((r->gates.at[g].effect == EFFECT_CAP) == caps) {
            bool fired = walk_gate_fired(w, g);
            w->outcome.vetoed |= fired && r->gates.at[g].effect == EFFECT_AT_BEST;
        }
    }
}

/* The gate that fired with the lowest cap, or NULL. */
static const struct gate *capping_gate(const struct walk *w)
{
    const struct rubric *r = walk_rubric(w);
    uint32_t class = w->context.plan->class;
    const struct gate *lowest = NULL;
    for (uint32_t g = 0; g < r->gates.n; g++) {
        const struct gate *gate = &r->gates.at[g];
        if (gate->effect == EFFECT_CAP && w->gates[g] == GATE_FIRED &&
            (!lowest || num_of(&gate->cap, class) < num_of(&lowest->cap, class))) {
            lowest = gate;
        }
    }
    return lowest;
}

static dec gates_cap(const struct walk *w)
{
    const struct gate *gate = capping_gate(w);
    return gate ? num_of(&gate->cap, w->context.plan->class) : DEC_NONE;
}

static dec capped(dec total, dec cap)
{
    return cap == DEC_NONE || total == DEC_NONE ? total : dec_min(total, cap);
}

void walk_bounds(struct walk *w)
{
    int places = walk_rubric(w)->round_total;
    dec cap = gates_cap(w);
    struct outcome *o = &w->outcome;
    o->low = capped(dec_round(wide_to_dec(raw_total(w, PASS_LOW)), places), cap);
    o->high = capped(dec_round(wide_to_dec(raw_total(w, PASS_HIGH)), places), cap);
    if (o->low > o->high && o->high != DEC_NONE) { /* a formula that falls */
        dec low = o->low;
        o->low = o->high;
        o->high = low;
    }
}

void walk_total(struct walk *w)
{
    const struct rubric *r = walk_rubric(w);
    struct outcome *o = &w->outcome;
    wide actual = raw_total(w, PASS_ACTUAL);
    o->exact = wide_to_dec(actual);
    o->before_gates = o->total = dec_round(o->exact, r->round_total);
    if (o->exact == DEC_NONE) {
        walk_fail(w, FINDING_OVERFLOW, FIELD_NONE, _("the total is beyond ±92 billion"));
        return;
    }
    if (w->trace && o->total != o->exact) {
        char a[DEC_TEXT], b[DEC_TEXT];
        walk_say(w, STEP_ROUND, MEMBER_NONE, wide_from_dec(o->total),
                 _("%s rounded to %d places = %s"), dec_text(o->exact, DEC_EXACT, a),
                 r->round_total, dec_text(o->total, r->round_total, b));
    }
    walk_gates(w, true);
    dec cap = gates_cap(w);
    o->total = capped(o->total, cap);
    o->exact = capped(o->exact, cap);
    o->low = o->high = o->total;
    if (w->bounds_differ) {
        walk_bounds(w);
    }
    if (o->total != o->before_gates) {
        char a[DEC_TEXT];
        const struct gate *gate = capping_gate(w);
        walk_say(w, STEP_GATE, MEMBER_NONE, wide_from_dec(o->total),
                 _("gate '%s' caps the total at %s"), gate->title ? gate->title : gate->id,
                 dec_text(cap, DEC_EXACT, a));
    }
    walk_gates(w, false); /* gates on the grade see the total after the caps */
}

static bool needs_met(const struct walk *w, const struct grade *grade)
{
    for (uint32_t i = 0; i < grade->needs.n; i++) {
        if (!result_need_holds(walk_rubric(w), &grade->needs.at[i], w->context.plan->class,
                               w->cells)) {
            return false;
        }
    }
    return true;
}

/* grades: {names, script}: the script takes the place of bands. */
static uint32_t scripted_grade(struct walk *w)
{
    const struct rubric *r = walk_rubric(w);
    struct script_case what = {.member = MEMBER_NONE, .full = w->context.plan->full[RUBRIC_ROOT]};
    struct script_outcome got = script_run(&w->context, r->grades_script, &what);
    if (got.state != READ_OK) {
        if (got.state != READ_ERROR) {
            script_fail(&w->context, r->grades_script, r->scripts.at[r->grades_script].chunk, 0,
                        _("it must return a grade"));
        }
        walk_blame(w);
        return GRADE_NONE;
    }
    const struct call_result *last = &w->context.scripted->last;
    if (w->trace) {
        const char *inputs = script_inputs_text(&w->context, r->grades_script);
        walk_say(w, STEP_RULE, MEMBER_NONE, WIDE_NONE, "%s%s%s → %s%s%s",
                 r->chunks.at[r->scripts.at[r->grades_script].chunk].name, *inputs ? ", " : "",
                 inputs, r->grades.at[last->grade].name, last->reason ? _(": ") : "",
                 last->reason ? last->reason : "");
    }
    return last->grade;
}

void walk_grade(struct walk *w)
{
    const struct rubric *r = walk_rubric(w);
    struct outcome *o = &w->outcome;
    uint32_t n = r->grades.n, lower = 0, best = 0;
    if (o->state == UNIT_INCOMPLETE) {
        n = 0; /* goes back to be completed, so it gets no grade */
    }
    for (uint32_t g = 0; g < r->gates.n; g++) {
        const struct gate *gate = &r->gates.at[g];
        if (w->gates[g] != GATE_FIRED) {
            continue;
        }
        if (gate->effect == EFFECT_LOWER) {
            lower += gate_lower(gate, w->context.plan->class);
        } else if (gate->effect == EFFECT_AT_BEST) {
            best = gate->at_best > best ? gate->at_best : best;
        }
    }
    o->grade_by_band = r->grades_script == SCRIPT_NONE || n == 0
                           ? band_of(r->grades.at, n, o->total, w->context.plan->class)
                           : scripted_grade(w);
    uint32_t grade = o->grade_by_band;
    if (grade != GRADE_NONE) {
        while (grade + 1 < n && !needs_met(w, &r->grades.at[grade])) {
            grade++;
        }
        grade = lower < n - grade ? grade + lower : n - 1;
        grade = grade < best ? best : grade;
    }
    o->grade_before_quota = o->grade = grade;
}
