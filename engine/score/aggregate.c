/*
 * aggregate.c - how a section's members become its points (rubric-language.md, Sections).
 *
 *   sum        members' points; those that left: × F ÷ (F - points left out), or spread evenly
 *   the others share of full marks of each member, by weight; the section earns that share of P
 *
 *   keep/drop -> combine -> scale or factor -> floor, cap
 */
#include "score/scripted.h"
#include "score/walk_parts.h"

#include "base/i18n.h"
#include "base/sort.h"

#include <math.h>

static const struct walk_value *value_of(const struct walk *w, enum walk_pass pass, uint32_t member)
{
    return &w->passes[pass][member];
}

/* A member's points as a share of its full marks. Full marks of 0 can only be reached. */
static wide share_of(const struct walk *w, enum walk_pass pass, uint32_t member)
{
    dec full = w->context.plan->full[member];
    return full == 0 ? WIDE_ONE
                     : wide_muldiv(value_of(w, pass, member)->value, WIDE_ONE, wide_from_dec(full));
}

/* ---- keep and drop ---- */

struct ranked_member {
    uint32_t member, position;
    dec share;
};

/* Best first; at equal shares the later in the sheet goes. */
static int by_share(const void *a, const void *b)
{
    const struct ranked_member *x = a, *y = b;
    if (x->share != y->share) {
        return x->share > y->share ? -1 : 1;
    }
    return x->position < y->position ? -1 : 1;
}

static int by_position(const void *a, const void *b)
{
    const struct ranked_member *x = a, *y = b;
    return x->position < y->position ? -1 : 1;
}

static void say_kept(struct walk *w, const struct op_section *op, const uint32_t *kept, uint32_t n,
                     uint32_t of)
{
    struct buf names = {0};
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&names, "%s%s", i == 0 ? "" : _(", "),
                   w->context.plan->rubric->members.at[kept[i]].id);
    }
    walk_say(w, STEP_COMBINE, op->member, WIDE_NONE, _("the best %u of %u members count: %s"), n,
             of, names.at ? names.at : "");
    buf_release(&names);
}

/* The members that enter the calculation, in sheet order; returns how many. */
static uint32_t kept_members(struct walk *w, const struct op_section *op, enum walk_pass pass,
                             uint32_t *kept)
{
    const struct member *m = op->of_member;
    uint32_t n = 0;
    for (uint32_t i = 0; i < op->n_members; i++) {
        if (value_of(w, pass, op->members[i])->counts) {
            kept[n++] = op->members[i];
        }
    }
    uint32_t most = m->keep_best > 0 ? m->keep_best : UINT32_MAX;
    if (m->drop_worst > 0) {
        most = n > m->drop_worst ? n - m->drop_worst : 0;
    }
    if (most >= n) {
        return n;
    }
    struct ranked_member *ranked = ARENA_ARRAY(w->context.scratch, struct ranked_member, n);
    for (uint32_t i = 0; i < n; i++) {
        ranked[i] = (struct ranked_member){kept[i], i, wide_to_dec(share_of(w, pass, kept[i]))};
    }
    sort_elements(ranked, n, sizeof *ranked, by_share);
    sort_elements(ranked, most, sizeof *ranked, by_position);
    for (uint32_t i = 0; i < most; i++) {
        kept[i] = ranked[i].member;
    }
    if (pass == PASS_ACTUAL && w->trace) {
        say_kept(w, op, kept, most, n);
    }
    return most;
}

/* ---- sum ---- */

/* Points of the members that left, by how they leave. */
static void points_left(const struct walk *w, const struct op_section *op, enum walk_pass pass,
                        dec *rescaled, dec *even)
{
    *rescaled = *even = 0;
    for (uint32_t i = 0; i < op->n_members; i++) {
        uint32_t member = op->members[i];
        if (!value_of(w, pass, member)->counts) {
            dec *left = w->leaves_even[member] ? even : rescaled;
            *left = dec_add(*left, w->context.plan->full[member]);
        }
    }
}

static wide sum_kept(const struct walk *w, enum walk_pass pass, const uint32_t *kept, uint32_t n)
{
    wide sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum = wide_add(sum, value_of(w, pass, kept[i])->value);
    }
    return sum;
}

/* Each of n members carries left ÷ n more and earns of it what it earns of its own. */
static wide spread_evenly(const struct walk *w, enum walk_pass pass, const uint32_t *kept,
                          uint32_t n, dec left)
{
    wide more = 0;
    for (uint32_t i = 0; i < n; i++) {
        wide full = wide_from_dec(w->context.plan->full[kept[i]]);
        wide value = value_of(w, pass, kept[i])->value;
        wide own = full == 0 ? 0 : wide_muldiv(value, wide_from_dec(left), full * n);
        more = wide_add(more, own);
    }
    return more;
}

static wide rescale(struct walk *w, const struct op_section *op, enum walk_pass pass, wide sum,
                    dec to, dec from)
{
    if (to == from) {
        return sum;
    }
    wide scaled = from == 0 ? 0 : wide_muldiv(sum, wide_from_dec(to), wide_from_dec(from));
    if (pass == PASS_ACTUAL && w->trace) {
        char a[DEC_TEXT], b[DEC_TEXT], c[DEC_TEXT], d[DEC_TEXT];
        walk_say(w, STEP_COMBINE, op->member, scaled,
                 _("%s × %s ÷ %s = %s (what was left out is carried by the others)"),
                 dec_text(wide_to_dec(sum), DEC_EXACT, a), dec_text(to, DEC_EXACT, b),
                 dec_text(from, DEC_EXACT, c), dec_text(wide_to_dec(scaled), DEC_EXACT, d));
    }
    return scaled;
}

static wide combine_sum(struct walk *w, const struct op_section *op, enum walk_pass pass,
                        const uint32_t *kept, uint32_t n)
{
    const struct member *m = op->of_member;
    wide sum = sum_kept(w, pass, kept, n);
    char a[DEC_TEXT], b[DEC_TEXT];
    if (pass == PASS_ACTUAL && w->trace) {
        walk_say(w, STEP_COMBINE, op->member, sum, _("sum of %u members = %s"), n,
                 dec_text(wide_to_dec(sum), DEC_EXACT, a));
    }
    if (m->keep_best > 0 || m->drop_worst > 0) {
        dec carried = 0;
        for (uint32_t i = 0; i < n; i++) {
            carried = dec_add(carried, w->context.plan->full[kept[i]]);
        }
        return rescale(w, op, pass, sum, op->carried, carried);
    }
    dec rescaled, even;
    points_left(w, op, pass, &rescaled, &even);
    if (even > 0) {
        sum = wide_add(sum, spread_evenly(w, pass, kept, n, even));
        if (pass == PASS_ACTUAL && w->trace) {
            walk_say(w, STEP_COMBINE, op->member, sum,
                     _("%s points left out are carried by %u members in equal parts = %s"),
                     dec_text(even, DEC_EXACT, a), n, dec_text(wide_to_dec(sum), DEC_EXACT, b));
        }
    }
    return rescale(w, op, pass, sum, op->members_sum, dec_sub(op->members_sum, rescaled));
}

/* ---- means ---- */

static dec weights_of(const struct plan *p, const uint32_t *members, uint32_t n)
{
    dec sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum = dec_add(sum, p->weight[members[i]]);
    }
    return sum;
}

static wide arithmetic_mean(const struct walk *w, enum walk_pass pass, const uint32_t *kept,
                            uint32_t n, dec weights)
{
    wide sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        wide weight = wide_from_dec(w->context.plan->weight[kept[i]]);
        wide full = wide_from_dec(w->context.plan->full[kept[i]]);
        wide value = value_of(w, pass, kept[i])->value;
        wide weighted = full == 0 ? weight : wide_muldiv(value, weight, full);
        sum = wide_add(sum, weighted);
    }
    return wide_muldiv(sum, WIDE_ONE, wide_from_dec(weights));
}

/* In doubles, as the language says; a share of 0 makes 0, a member of weight 0 does not count. */
static wide double_mean(const struct walk *w, enum walk_pass pass, const uint32_t *kept, uint32_t n,
                        dec weights, enum combine combine)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        wide share = share_of(w, pass, kept[i]);
        double weight = dec_to_double(w->context.plan->weight[kept[i]]);
        if (weight <= 0) {
            continue;
        }
        if (share < 0) {
            return WIDE_NONE;
        }
        if (share == 0) {
            return 0;
        }
        double x = wide_to_double(share);
        sum += combine == COMBINE_GEOMETRIC ? weight * log(x) : weight / x;
    }
    double total = dec_to_double(weights);
    return wide_from_double(combine == COMBINE_GEOMETRIC ? exp(sum / total) : total / sum);
}

static wide smallest_share(const struct walk *w, enum walk_pass pass, const uint32_t *kept,
                           uint32_t n)
{
    wide smallest = share_of(w, pass, kept[0]);
    for (uint32_t i = 1; i < n; i++) {
        smallest = wide_min(smallest, share_of(w, pass, kept[i]));
    }
    return smallest;
}

static const char *const mean_texts[] = {
    [COMBINE_SUM] = NULL,
    [COMBINE_MEAN] = N_("mean of the shares of %u members = %s%% of %s points"),
    [COMBINE_GEOMETRIC] = N_("geometric mean of the shares of %u members = %s%% of %s points"),
    [COMBINE_HARMONIC] = N_("harmonic mean of the shares of %u members = %s%% of %s points"),
    [COMBINE_MIN] = N_("smallest share of %u members = %s%% of %s points"),
};

/* The shares that a mean is made of, so that a person can recompute it. */
static void say_shares(struct walk *w, const struct op_section *op, const uint32_t *kept,
                       uint32_t n)
{
    struct buf text = {0};
    for (uint32_t i = 0; i < n; i++) {
        char share[DEC_TEXT], weight[DEC_TEXT];
        const struct member *m = &w->context.plan->rubric->members.at[kept[i]];
        wide percent = wide_muldiv(share_of(w, PASS_ACTUAL, kept[i]), 100, 1);
        buf_printf(&text, "%s%s %s%%", i == 0 ? "" : _(", "), m->id,
                   dec_text(wide_to_dec(percent), DEC_EXACT, share));
        if (op->of_member->combine != COMBINE_MIN) {
            buf_printf(&text, " × %s",
                       dec_text(w->context.plan->weight[kept[i]], DEC_EXACT, weight));
        }
    }
    walk_say(w, STEP_COMBINE, op->member, WIDE_NONE, _("shares by weight: %s"), text.at);
    buf_release(&text);
}

static wide combine_shares(struct walk *w, const struct op_section *op, enum walk_pass pass,
                           const uint32_t *kept, uint32_t n)
{
    enum combine combine = op->of_member->combine;
    dec weights = weights_of(w->context.plan, kept, n);
    wide share;
    if (combine == COMBINE_MIN) {
        share = smallest_share(w, pass, kept, n);
    } else if (weights == 0) {
        share = 0; /* weights that add up to 0: the result is 0 and the section keeps its own */
    } else if (combine == COMBINE_MEAN) {
        share = arithmetic_mean(w, pass, kept, n, weights);
    } else {
        share = double_mean(w, pass, kept, n, weights, combine);
    }
    if (pass == PASS_ACTUAL && w->trace) {
        char a[DEC_TEXT], b[DEC_TEXT];
        wide points = wide_muldiv(share, wide_from_dec(op->points), WIDE_ONE);
        say_shares(w, op, kept, n);
        walk_say(w, STEP_COMBINE, op->member, points, _(mean_texts[combine]), n,
                 dec_text(wide_to_dec(wide_muldiv(share, 100, 1)), DEC_EXACT, a),
                 dec_text(op->points, DEC_EXACT, b));
    }
    return wide_muldiv(share, wide_from_dec(op->points), WIDE_ONE);
}

/* ---- lua ---- */

static struct call_member *called_members(struct walk *w, const struct op_section *op,
                                          enum walk_pass pass, const uint32_t *kept, uint32_t n)
{
    struct call_member *members =
        ARENA_ARRAY(w->context.scratch, struct call_member, op->n_members);
    const struct plan *p = w->context.plan;
    for (uint32_t i = 0, k = 0; i < op->n_members; i++) {
        uint32_t index = op->members[i];
        const struct member *m = &p->rubric->members.at[index];
        bool counts = k < n && kept[k] == index;
        k += counts;
        members[i] = (struct call_member){.id = m->id,
                                          .title = m->title,
                                          .points = wide_to_double(value_of(w, pass, index)->value),
                                          .full = dec_to_double(p->full[index]),
                                          .weight = dec_to_double(p->weight[index]),
                                          .counts = counts};
    }
    return members;
}

/* The section's script says what its members make; for each bound with their points in it. */
static wide combine_lua(struct walk *w, const struct op_section *op, enum walk_pass pass,
                        const uint32_t *kept, uint32_t n)
{
    const struct member *m = op->of_member;
    struct script_case what = {.member = op->member,
                               .pass = pass,
                               .full = op->points,
                               .members = called_members(w, op, pass, kept, n),
                               .n_members = op->n_members};
    struct script_outcome got = script_run(&w->context, m->combine_script, &what);
    dec points = 0;
    if (pass != PASS_ACTUAL &&
        (got.state != READ_OK ||
         !script_points(&w->context, m->combine_script, m, &what, &points))) {
        return value_of(w, PASS_ACTUAL, op->member)->value;
    }
    if (got.state != READ_OK && got.state != READ_ERROR) {
        script_fail(&w->context, m->combine_script,
                    w->context.plan->rubric->scripts.at[m->combine_script].chunk, 0,
                    _("a section's script gives points; a value it reads is not there"));
        got.state = READ_ERROR;
    }
    if (got.state == READ_ERROR ||
        !script_points(&w->context, m->combine_script, m, &what, &points)) {
        walk_blame(w);
        return 0;
    }
    if (pass == PASS_ACTUAL && w->trace) {
        const struct rubric *r = w->context.plan->rubric;
        const char *reason = w->context.scripted->last.reason;
        const char *inputs = script_inputs_text(&w->context, m->combine_script);
        walk_say(w, STEP_COMBINE, op->member, wide_from_dec(points), "%s%s%s%s%s",
                 r->chunks.at[r->scripts.at[m->combine_script].chunk].name, *inputs ? ", " : "",
                 inputs, reason ? _(": ") : "", reason ? reason : "");
        walk_say_flags(w, op->member, got.flags);
    }
    w->cells[op->member].flags |= pass == PASS_ACTUAL ? got.flags : 0;
    return wide_from_dec(points);
}

/* ---- the section ---- */

wide aggregate_scaled(struct walk *w, const struct op_section *op, enum walk_pass pass, wide value)
{
    const struct member *m = op->of_member;
    char a[DEC_TEXT], b[DEC_TEXT];
    wide before = value;
    if (m->scale && m->combine == COMBINE_SUM && op->members_sum != op->points) {
        value = op->members_sum == 0 ? 0 : wide_muldiv_dec(value, op->points, op->members_sum);
        if (pass == PASS_ACTUAL && w->trace) {
            walk_say(w, STEP_COMBINE, op->member, value, _("scaled from %s points to %s = %s"),
                     dec_text(op->members_sum, DEC_EXACT, a), dec_text(op->points, DEC_EXACT, b),
                     dec_text(wide_to_dec(value), DEC_EXACT, (char[DEC_TEXT]){0}));
        }
    } else if (op->factor != DEC_NONE && op->factor != 100 * DEC_ONE) {
        value = wide_muldiv_dec(value, op->factor, 100 * DEC_ONE);
        if (pass == PASS_ACTUAL && w->trace) {
            walk_say(w, STEP_COMBINE, op->member, value, _("%s × factor %s%% = %s"),
                     dec_text(wide_to_dec(before), DEC_EXACT, a),
                     dec_text(op->factor, DEC_EXACT, b),
                     dec_text(wide_to_dec(value), DEC_EXACT, (char[DEC_TEXT]){0}));
        }
    }
    return value;
}

bool aggregate_section(struct walk *w, const struct op_section *op, enum walk_pass pass, wide *out)
{
    uint32_t *kept = ARENA_ARRAY(w->context.scratch, uint32_t, op->n_members);
    uint32_t n = kept_members(w, op, pass, kept);
    if (n == 0) {
        return false;
    }
    enum combine combine = op->of_member->combine;
    wide value = combine == COMBINE_SUM   ? combine_sum(w, op, pass, kept, n)
                 : combine == COMBINE_LUA ? combine_lua(w, op, pass, kept, n)
                                          : combine_shares(w, op, pass, kept, n);
    *out = aggregate_scaled(w, op, pass, value);
    return true;
}

/* ---- due ---- */

wide aggregate_due_share(const struct op_section *op, wide above, wide below)
{
    if (above == below) { /* mostly all of it applies and is reported */
        return op->n_members == 0 ? 0 : wide_from_dec(op->points);
    }
    return wide_muldiv(wide_from_dec(op->points), above, below);
}

/* P × (members' due ÷ members' full marks), by points under sum, else by weight; weights that add
 * up to 0 tell nothing apart, so there all members are alike. */
static wide due_from_members(const struct plan *p, const struct op_section *op, const wide *due)
{
    wide above = 0, below = 0;
    bool by_points = op->of_member->combine == COMBINE_SUM;
    bool alike = !by_points && weights_of(p, op->members, op->n_members) == 0;
    for (uint32_t i = 0; i < op->n_members; i++) {
        uint32_t member = op->members[i];
        wide full = wide_from_dec(p->full[member]);
        if (by_points) {
            above = wide_add(above, due[member]);
            below = wide_add(below, full);
        } else {
            wide weight = alike ? WIDE_ONE : wide_from_dec(p->weight[member]);
            above = wide_add(above, full == 0 ? weight : wide_muldiv(weight, due[member], full));
            below = wide_add(below, weight);
        }
    }
    return aggregate_due_share(op, above, below);
}

void aggregate_due(struct walk *w, const struct op_section *op)
{
    w->due[op->member] = due_from_members(w->context.plan, op, w->due);
    w->reported[op->member] = due_from_members(w->context.plan, op, w->reported);
}

static wide due_below(const struct plan *p, const struct result *r, uint32_t unit, uint32_t member,
                      wide *due)
{
    const struct cellres *cell = result_member(r, unit, member);
    if (p->section_of[member] == UINT32_MAX) {
        bool left = (cell->state == STATE_NA || cell->state == STATE_WAIVED) && !cell->counts;
        bool applies = p->op_of[member] != UINT32_MAX && !left;
        return applies ? wide_from_dec(p->full[member]) : 0;
    }
    const struct op_section *op = &p->sections[p->section_of[member]];
    for (uint32_t i = 0; i < op->n_members; i++) {
        due[op->members[i]] = due_below(p, r, unit, op->members[i], due);
    }
    return due_from_members(p, op, due);
}

dec aggregate_due_of(const struct plan *p, const struct result *r, uint32_t unit, uint32_t member)
{
    struct arena scratch = {0};
    wide *due = ARENA_ARRAY(&scratch, wide, r->n_members);
    wide value = due_below(p, r, unit, member, due);
    arena_release(&scratch);
    return wide_to_dec(value);
}
