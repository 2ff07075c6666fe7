/*
 * explain_text.c - see explain_text.h.
 */
#include "report/explain_text.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "report/figures.h"

/* ---- grades ---- */

static const char *band_text(struct arena *a, const struct result *r, uint32_t unit, uint32_t grade)
{
    const struct grade *g = &r->rubric->grades.at[grade];
    const char *total = figures_total(a, r->rubric, r->outcomes[unit].total);
    if (r->rubric->grades_script != SCRIPT_NONE) {
        const struct script *s = &r->rubric->scripts.at[r->rubric->grades_script];
        return arena_printf(a, _("by the script %s: %s"), r->rubric->chunks.at[s->chunk].name,
                            g->name);
    }
    if (!num_given(&g->from)) {
        return arena_printf(a, _("%s is below every other grade: %s"), total, g->name);
    }
    dec from = num_of(&g->from, r->table->units.at[unit].class);
    return arena_printf(a, _("%s is at least %s: %s"), total, figures_number(a, from), g->name);
}

static const char *need_text(struct arena *a, const struct result *r, uint32_t unit,
                             const struct grade_step *step)
{
    const struct rubric *rubric = r->rubric;
    const struct grade *g = &rubric->grades.at[step->from];
    const struct need *need = &g->needs.at[step->index];
    uint32_t class = r->table->units.at[unit].class;
    dec share = num_of(&need->share, class), full = member_points(rubric, need->member, class);
    const char *name = member_name(&rubric->members.at[need->member]);
    dec points = result_member(r, unit, need->member)->points;
    const char *asked =
        arena_printf(a, _("%s needs %s%% × %s = %s of %s"), g->name, figures_number(a, share),
                     figures_number(a, full),
                     figures_number(a, dec_muldiv(share, full, dec_from_int(100))), name);
    uint8_t state = result_member(r, unit, need->member)->state;
    if (state == STATE_NA || state == STATE_OFF || state == STATE_WAIVED) {
        return arena_printf(a, _("%s: does not apply, so it holds"), asked);
    }
    const char *got = figures_points(a, rubric, need->member, points);
    if (step->from == step->to) {
        return arena_printf(a, _("%s: %s, holds"), asked, got);
    }
    return arena_printf(a, _("%s: %s, fails: not %s"), asked, got, g->name);
}

static const char *quota_text(struct arena *a, const struct result *r, uint32_t unit,
                              const struct grade_step *step)
{
    const struct quota_use *use = step->quota;
    const struct grade *grades = r->rubric->grades.at;
    bool in = step->from == step->to, tied = false;
    for (uint32_t i = 0; i < use->tied; i++) {
        tied = tied || use->tied_units[i] == unit;
    }
    const char *given =
        arena_printf(a, _("quota of %s: %s; %u qualify, %u get it"), grades[step->from].name,
                     figures_quota(a, r->rubric, use), use->qualified, use->given);
    if (tied) {
        given = arena_printf(a,
                             in ? _("%s; %u units tied at the cut are all in")
                                : _("%s; %u units tied at the cut are all out"),
                             given, use->tied);
    }
    if (in) {
        return arena_printf(a, _("%s; rank %u is among them"), given, r->outcomes[unit].rank);
    }
    return arena_printf(a, _("%s; rank %u is not among them: %s"), given, r->outcomes[unit].rank,
                        grades[step->to].name);
}

const char *explain_grade_step(struct arena *a, const struct result *r, uint32_t unit,
                               const struct grade_step *step)
{
    const struct rubric *rubric = r->rubric;
    const struct gate *gate;
    switch (step->kind) {
    case GRADE_STEP_BAND:
        return band_text(a, r, unit, step->from);
    case GRADE_STEP_NEED:
        return need_text(a, r, unit, step);
    case GRADE_STEP_LOWER:
        gate = &rubric->gates.at[step->index];
        return arena_printf(a, _("gate %s, %u lower: %s becomes %s"), gate_name(gate),
                            gate_lower(gate, r->table->units.at[unit].class),
                            figures_grade(rubric, step->from), figures_grade(rubric, step->to));
    case GRADE_STEP_AT_BEST:
        gate = &rubric->gates.at[step->index];
        return arena_printf(a, _("gate %s, at best %s: %s becomes %s"), gate_name(gate),
                            figures_grade(rubric, gate->at_best), figures_grade(rubric, step->from),
                            figures_grade(rubric, step->to));
    case GRADE_STEP_QUOTA:
        return quota_text(a, r, unit, step);
    }
    return "";
}

/* ---- gates ---- */

static const char *targets_text(struct arena *a, const struct rubric *rubric, const struct gate *g,
                                uint32_t class)
{
    const char *all = NULL;
    for (uint32_t i = 0; i < g->targets.n; i++) {
        const char *one = member_name(&rubric->members.at[g->targets.at[i]]);
        if (g->effect == EFFECT_CEILING) {
            one = arena_printf(a, _("%s %s%%"), one,
                               figures_number(a, num_of(&g->ceilings.at[i], class)));
        }
        all = all ? arena_printf(a, _("%s, %s"), all, one) : one;
    }
    return all ? all : "";
}

static const char *effect_text(struct arena *a, const struct rubric *rubric, const struct gate *g,
                               uint32_t class)
{
    switch (g->effect) {
    case EFFECT_CAP:
        return arena_printf(a, _("the total is at most %s"),
                            figures_number(a, num_of(&g->cap, class)));
    case EFFECT_AT_BEST:
        return arena_printf(a, _("the grade is at best %s"), figures_grade(rubric, g->at_best));
    case EFFECT_LOWER:
        return arena_printf(a, _("the grade is lowered by %u"), gate_lower(g, class));
    case EFFECT_ZERO:
        return arena_printf(a, _("no points in %s"), targets_text(a, rubric, g, class));
    case EFFECT_CEILING:
        return arena_printf(a, _("at most %s"), targets_text(a, rubric, g, class));
    }
    return "";
}

const char *explain_gate(struct arena *a, const struct result *r, uint32_t unit, uint32_t gate)
{
    const struct gate *g = &r->rubric->gates.at[gate];
    const char *when = g->when && g->when->source_text ? g->when->source_text : "?";
    const char *effect = effect_text(a, r->rubric, g, r->table->units.at[unit].class);
    const char *format = NULL;
    switch ((enum gate_state)r->gates[(size_t)unit * r->n_gates + gate]) {
    case GATE_FIRED:
        format = _("%s: fired (%s): %s");
        break;
    case GATE_UNANSWERED:
        format = _("%s: not answered, what it asks for (%s) is not reported; if it held: %s");
        break;
    case GATE_OPEN:
        format = _("%s: did not fire (%s); if it held: %s");
        break;
    }
    return arena_printf(a, format, gate_name(g), when, effect);
}

/* ---- rank ---- */

const char *explain_rank(struct arena *a, const struct result *r, uint32_t unit)
{
    const struct outcome *o = &r->outcomes[unit];
    const char *class = figures_class(r->table, unit);
    if (!o->rank) {
        return arena_printf(a, _("no rank: %s"), figures_why_unranked(a, r, unit));
    }
    if (r->rubric->ranking.within_all || !class) {
        return arena_printf(a, _("rank %u of %u"), o->rank, o->ranked);
    }
    return arena_printf(a, _("rank %u of %u in %s"), o->rank, o->ranked, class);
}

static const char *break_name(struct arena *a, const struct rubric *rubric,
                              const struct operand *by)
{
    switch (by->kind) {
    case OPERAND_FIELD:
        return rubric->fields.list.at[by->index].label;
    case OPERAND_PREVIOUS:
        return arena_printf(a, _("%s (previous period)"), rubric->fields.list.at[by->index].label);
    case OPERAND_POINTS:
        return arena_printf(a, _("points of %s"), member_name(&rubric->members.at[by->index]));
    case OPERAND_BASE:
        return _("points before bonus");
    case OPERAND_TOTAL:
        return _("total");
    case OPERAND_GRADE:
        return arena_printf(a, _("grade of %s"), member_name(&rubric->members.at[by->index]));
    case OPERAND_CHILDREN: /* no tie-break reads them */
        break;
    }
    return "";
}

static const char *break_value(struct arena *a, const struct rubric *rubric,
                               const struct operand *by, dec value)
{
    if (value == DEC_NONE) {
        return _("none");
    }
    if (by->kind == OPERAND_GRADE) {
        return rubric->members.at[by->index].grades.at[dec_to_int(-value)].name;
    }
    if (operand_is_cell(by)) {
        return field_value_text(a, &rubric->fields.list.at[by->index], value);
    }
    return figures_number(a, value);
}

/* How two units with as many points were told apart. */
static const char *told_apart(struct arena *a, const struct result *r, uint32_t unit,
                              uint32_t other)
{
    const struct ranking *by = &r->rubric->ranking;
    const char *name = figures_unit(r->table, other);
    uint32_t rank = r->outcomes[other].rank;
    for (uint32_t i = 0; i < by->breaks.n; i++) {
        const struct tie_break *b = &by->breaks.at[i];
        dec mine = rank_break_value(r, unit, b), theirs = rank_break_value(r, other, b);
        if (mine == theirs) {
            continue;
        }
        return arena_printf(a, _("%s, rank %u, has as many points; %s decides: %s here, %s there"),
                            name, rank, break_name(a, r->rubric, &b->by),
                            break_value(a, r->rubric, &b->by, mine),
                            break_value(a, r->rubric, &b->by, theirs));
    }
    return arena_printf(a, _("%s shares rank %u: nothing tells them apart"), name, rank);
}

static bool as_many_points(const struct result *r, uint32_t a, uint32_t b)
{
    const struct ranking *by = &r->rubric->ranking;
    const struct outcome *oa = &r->outcomes[a], *ob = &r->outcomes[b];
    bool same_scope = by->within_all || r->table->units.at[a].group == r->table->units.at[b].group;
    bool same_tier = by->vetoed != VETOED_LAST || oa->vetoed == ob->vetoed;
    return oa->rank && ob->rank && same_scope && same_tier &&
           (by->on_exact ? oa->exact == ob->exact : oa->total == ob->total);
}

void explain_ties(struct arena *a, const struct result *r, uint32_t unit, uint32_t most,
                  explain_lines *out)
{
    uint32_t at = 0, low, high;
    while (at < r->n_units && r->order[at] != unit) {
        at++;
    }
    for (low = at; low > 0 && at - low < most && as_many_points(r, unit, r->order[low - 1]);) {
        low--;
    }
    for (high = at + 1;
         high < r->n_units && high - at <= most && as_many_points(r, unit, r->order[high]);) {
        high++;
    }
    for (uint32_t i = low; i < high; i++) {
        if (i != at) {
            *vec_push(a, out) = told_apart(a, r, unit, r->order[i]);
        }
    }
}

/* ---- words ---- */

const char *explain_default(struct arena *a, const struct rubric *rubric,
                            const struct default_used *d)
{
    if (d->member == MEMBER_NONE || d->member == RUBRIC_ROOT) {
        return arena_printf(a, "%s: %s", d->key, d->value);
    }
    return arena_printf(a, "%s: %s (%s)", d->key, d->value,
                        member_name(&rubric->members.at[d->member]));
}

const char *explain_flag(enum flag flag)
{
    static const char *const words[] = {
        [FLAG_SHORTFALL] = N_("shortfall"),           [FLAG_NOT_REPORTED] = N_("not reported"),
        [FLAG_PLACEHOLDER] = N_("placeholder"),       [FLAG_PLANNED] = N_("planned only"),
        [FLAG_APPROXIMATE] = N_("approximate"),       [FLAG_CONTRADICTORY] = N_("contradictory"),
        [FLAG_NO_EVIDENCE] = N_("no evidence"),       [FLAG_NO_REASON] = N_("no reason"),
        [FLAG_UNANSWERED] = N_("gate not answered"),  [FLAG_OTHER_PERIOD] = N_("other period"),
        [FLAG_WAIVER_EXPIRED] = N_("waiver expired"), [FLAG_SCRIPT] = N_("flagged by the script"),
    };
    return _(words[flag]);
}

const char *explain_level(enum level level)
{
    static const char *const words[] = {N_("minor"), N_("major"), N_("critical")};
    return _(words[level]);
}
