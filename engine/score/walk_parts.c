/* walk_parts.c - what items, sections and the total of a walk share: see walk_parts.h. */
#include "score/walk_parts.h"

#include "score/scripted.h"

#include "base/i18n.h"

#include <stdarg.h>

void walk_say(struct walk *w, enum step_kind kind, uint32_t member, wide points, const char *format,
              ...)
{
    if (!w->trace) {
        return;
    }
    va_list args;
    va_start(args, format);
    struct step *step = vec_push(w->trace->arena, &w->trace->steps);
    step->kind = kind;
    step->member = member;
    step->points = points == WIDE_NONE ? DEC_NONE : wide_to_dec(points);
    step->text = arena_vprintf(w->trace->arena, format, args);
    va_end(args);
}

void walk_say_flags(struct walk *w, uint32_t member, uint16_t flags)
{
    static const char *const words[] = {N_("minor"), N_("major"), N_("critical")};
    if (!(flags & 1U << FLAG_SCRIPT)) {
        return;
    }
    const struct call_result *r = &w->context.scripted->last;
    for (uint32_t i = 0; i < r->flags.n; i++) {
        const struct script_flag *f = &r->flags.at[i];
        walk_say(w, STEP_STATE, member, WIDE_NONE, _("flagged (%s): %s"), _(words[f->severity]),
                 f->text);
    }
}

void walk_blame(struct walk *w)
{
    w->failed = true;
    if (w->context.diag && !w->outcome.why) {
        w->outcome.why = diag_last_text(w->context.diag);
    }
}

void walk_fail(struct walk *w, enum finding_id id, uint32_t field, const char *format, ...)
{
    const struct context *c = &w->context;
    if (c->diag) {
        va_list args;
        va_start(args, format);
        const char *text = arena_vprintf(c->scratch, format, args);
        va_end(args);
        diag_add(c->diag, id, table_place(c->table, c->unit, field), "%s", text);
    }
    walk_blame(w);
}

/* ---- conditions and gates ---- */

struct condition_input walk_condition_input(const struct walk *w)
{
    const struct context *c = &w->context;
    return (struct condition_input){
        .table = c->table,
        .unit = c->unit,
        .points = w->points,
        .cells = w->cells,
        .total = w->outcome.total,
        .rubric = walk_rubric(w),
        .class = c->plan->class,
        .claimed_field = FIELD_NONE,
        .context = c,
    };
}

/* A script's own words; what conditions read stands in them. */
static void say_gate_script(struct walk *w, const struct gate *gate, enum verdict verdict)
{
    const struct context *c = &w->context;
    const char *reason = verdict == VERDICT_UNKNOWN ? NULL : c->scripted->last.reason;
    const char *inputs = script_inputs_text(c, gate->when->script);
    walk_say(w, STEP_GATE, MEMBER_NONE, WIDE_NONE, "%s: %s%s%s → %s%s%s",
             gate->title ? gate->title : gate->id, gate->when->source_text, *inputs ? ", " : "",
             inputs,
             verdict == VERDICT_YES  ? _("yes")
             : verdict == VERDICT_NO ? _("no")
                                     : _("cannot be told"),
             reason ? _(": ") : "", reason ? reason : "");
}

bool walk_gate_fired(struct walk *w, uint32_t index)
{
    const struct gate *gate = &walk_rubric(w)->gates.at[index];
    if (!w->gate_done[index]) {
        struct condition_input in = walk_condition_input(w);
        enum verdict verdict = condition_holds(gate->when, &in);
        if (w->trace && gate->when->op == COND_SCRIPT) {
            say_gate_script(w, gate, verdict);
        }
        w->gate_done[index] = true;
        w->gates[index] = verdict == VERDICT_YES ? GATE_FIRED : GATE_OPEN;
        if (verdict == VERDICT_UNKNOWN && (in.not_reported || in.claimed_field != FIELD_NONE)) {
            w->gates[index] = GATE_UNANSWERED;
        }
        if (in.failed) {
            walk_blame(w);
        }
        if (in.claimed_field != FIELD_NONE &&
            walk_rubric(w)->members.at[RUBRIC_ROOT].not_applicable == NA_UNSET) {
            walk_fail(w, FINDING_NA_WITHOUT_POLICY, in.claimed_field,
                      _("'not applicable' does not count here: gate '%s' reads it and the rubric "
                        "states no "
                        "not_applicable policy"),
                      gate->id);
        }
    }
    return w->gates[index] == GATE_FIRED;
}

/* zero and ceiling gates whose target the member is. */
wide walk_limited(struct walk *w, uint32_t member, wide value, enum walk_pass pass)
{
    const struct plan *p = w->context.plan;
    for (uint32_t i = 0; i < p->n_limits && p->limits[i].member <= member; i++) {
        const struct op_limit *limit = &p->limits[i];
        if (limit->member != member) {
            continue;
        }
        if (pass == PASS_ACTUAL) {
            /* A gate at its target sees the points as they stand just before. */
            w->points[member] = wide_to_dec(value);
        }
        if (!walk_gate_fired(w, limit->gate)) {
            continue;
        }
        const struct gate *gate = &walk_rubric(w)->gates.at[limit->gate];
        wide before = value;
        if (gate->effect == EFFECT_ZERO) {
            value = 0;
        } else {
            wide most = wide_muldiv(wide_from_dec(p->full[member]), wide_from_dec(limit->share),
                                    100 * WIDE_ONE);
            value = wide_min(value, most);
        }
        if (pass == PASS_ACTUAL && w->trace) {
            char a[DEC_TEXT], b[DEC_TEXT];
            walk_say(w, STEP_GATE, member, value, _("gate '%s': %s becomes %s"),
                     gate->title ? gate->title : gate->id, walk_shown(before, a),
                     walk_shown(value, b));
        }
    }
    return value;
}

/* ---- limits of a value ---- */

wide walk_clamp(struct walk *w, uint32_t member, wide value, enum walk_pass pass)
{
    const struct member *m = &walk_rubric(w)->members.at[member];
    wide full = wide_from_dec(w->context.plan->full[member]);
    wide before = value;
    /* Bonus and deductions with `cap: none` have no full marks to be held to. */
    if (!m->cap_none) {
        value = wide_min(value, full);
    }
    if (!m->floor_none) {
        value = wide_max(value, 0);
    }
    if (value != before && pass == PASS_ACTUAL && w->trace) {
        char a[DEC_TEXT], b[DEC_TEXT];
        walk_say(w, STEP_CLAMP, member, value,
                 value < before ? _("%s is more than can be earned: %s")
                                : _("%s is below the floor: %s"),
                 walk_shown(before, a), walk_shown(value, b));
    }
    return value;
}

dec walk_rounded_dec(struct walk *w, uint32_t member, dec value, int places, enum walk_pass pass)
{
    dec after = places < 0 ? value : dec_round(value, places);
    if (after != value && pass == PASS_ACTUAL && w->trace) {
        char a[DEC_TEXT], b[DEC_TEXT];
        walk_say(w, STEP_ROUND, member, wide_from_dec(after), _("%s rounded to %d places = %s"),
                 dec_text(value, DEC_EXACT, a), places, dec_text(after, places, b));
    }
    return after;
}

wide walk_rounded(struct walk *w, uint32_t member, wide value, int places, enum walk_pass pass)
{
    return places < 0
               ? value
               : wide_from_dec(walk_rounded_dec(w, member, wide_to_dec(value), places, pass));
}

void walk_set(struct walk *w, uint32_t member, enum walk_pass pass, wide value, bool counts)
{
    w->passes[pass][member] = (struct walk_value){value, counts};
}

void walk_set_all(struct walk *w, uint32_t member, wide value, bool counts)
{
    for (int pass = 0; pass < WALK_PASSES; pass++) {
        walk_set(w, member, (enum walk_pass)pass, value, counts);
    }
}

/* A member that does not apply: what its policy makes of it. True if it counts as scored. */
bool walk_policy_value(const struct walk *w, const struct member *m, uint32_t member, wide *value)
{
    wide full = wide_from_dec(w->context.plan->full[member]);
    switch (m->not_applicable) {
    case NA_FULL:
        *value = full;
        return true;
    case NA_ZERO:
        *value = 0;
        return true;
    case NA_SHARE:
        *value = wide_muldiv(full, wide_from_dec(num_of(&m->na_share, w->context.plan->class)),
                             100 * WIDE_ONE);
        return true;
    case NA_UNSET:
    case NA_RESCALE:
    case NA_EVEN:
        break;
    }
    *value = 0;
    return false;
}
