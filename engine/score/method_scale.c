/* method_scale.c - methods over a distance or a threshold: gap, tiers, linear, late, change. */
#include "score/methods.h"

#include "base/date.h"
#include "base/i18n.h"
#include "score/classwide.h"

#include <assert.h>

static wide full_of(const struct op *op) { return wide_from_dec(op->full); }

/* The distance in whole steps of `per`: 2.4 of a step is 2 or 3. */
static dec whole_steps(wide distance, dec per, enum steps partial)
{
    dec shown = wide_to_dec(distance);
    return partial == STEPS_DOWN ? dec_div_floor(shown, per) : dec_div_ceil(shown, per);
}

static bool is_cut(enum steps partial) { return partial == STEPS_DOWN || partial == STEPS_UP; }

/* So many steps × lose; part of a step costs its part, unless the rule cuts to whole steps. */
static wide cost(wide distance, dec per, dec lose, enum steps partial)
{
    if (is_cut(partial)) {
        return wide_from_dec(dec_mul(whole_steps(distance, per, partial), lose));
    }
    return wide_muldiv_dec(distance, lose, per);
}

/* "; 6.5 cut to 6 × 0.25 = 1.5", as a person would recompute it. */
static void describe_cost(wide distance, dec per, dec lose, enum steps partial, struct buf *out)
{
    char text[DEC_TEXT];
    buf_text(out, _("; "));
    describe_number(distance, out);
    if (per != DEC_ONE) {
        buf_printf(out, " ÷ %s", dec_text(per, DEC_EXACT, text));
    }
    if (is_cut(partial)) {
        dec steps = whole_steps(distance, per, partial);
        buf_printf(out, partial == STEPS_DOWN ? _(" cut to %s") : _(" raised to %s"),
                   dec_text(steps, DEC_EXACT, text));
    }
    buf_printf(out, " × %s = ", dec_text(lose, DEC_EXACT, text));
    describe_number(cost(distance, per, lose, partial), out);
}

/* ---- gap: what the distance to the target costs ---- */

static wide distance_beyond(const struct op *op, wide bound, wide value)
{
    wide distance = op->rule->lower_is_better ? wide_sub(value, bound) : wide_sub(bound, value);
    return wide_max(0, distance);
}

/* The first rate's bound is the target; a class mean is known only here. */
static bool gap_target(const struct context *c, const struct op *op, wide *target)
{
    if (op->rule->target_class_mean) {
        const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
        *target = f->mean;
        return f->n > 0;
    }
    *target = wide_from_dec(op->rates[0].bound);
    return true;
}

/* How much of the distance costs at rate i: under `marginal` what lies between its bound and the
 * next one, under `all` the whole distance at the last rate reached. */
static wide gap_stretch(const struct op *op, uint32_t i, wide target, wide value)
{
    wide distance = distance_beyond(op, i == 0 ? target : wide_from_dec(op->rates[i].bound), value);
    if (i + 1 == op->n_rates) {
        return op->rule->all_at_last_rate && distance > 0 ? distance_beyond(op, target, value)
                                                          : distance;
    }
    wide beyond = distance_beyond(op, wide_from_dec(op->rates[i + 1].bound), value);
    if (op->rule->all_at_last_rate) {
        return distance > 0 && beyond == 0 ? distance_beyond(op, target, value) : 0;
    }
    return wide_sub(distance, beyond);
}

static wide gap_cost_at(const struct op *op, uint32_t i, wide stretch)
{
    return cost(stretch, op->rates[i].per, op->rates[i].lose, op->rule->partial_step);
}

/* *way: the last rate that cost something, counted from 1. */
static wide gap_cost(const struct op *op, wide target, wide value, uint32_t *way)
{
    wide total = 0;
    for (uint32_t i = 0; i < op->n_rates; i++) {
        wide stretch = gap_stretch(op, i, target, value);
        *way = stretch > 0 ? i + 1 : *way;
        total = wide_add(total, gap_cost_at(op, i, stretch));
    }
    return total;
}

/* The target is there: the value is one of those that a class mean is made of. */
static wide gap_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    wide target;
    if (earns_nothing(op, value, op->rule->lower_is_better)) {
        *way = op->n_rates + 1;
        return 0;
    }
    gap_target(c, op, &target);
    return wide_sub(full_of(op), gap_cost(op, target, value, way));
}

static void score_gap(const struct context *c, const struct op *op, struct scored *out)
{
    bool low = op->rule->lower_is_better;
    struct reading r = read_input(c, op, low ? BETTER_LOW : BETTER_HIGH);
    wide target;
    if (!take_reading(&r, out)) {
        return;
    }
    if (!gap_target(c, op, &target)) {
        out->state = READ_MISSING; /* nobody of the class reports exactly: there is no mean */
        return;
    }
    out->points = gap_of_value(c, op, r.value, &out->way);
}

static void describe_gap(const struct context *c, const struct op *op, const struct scored *s,
                         struct buf *out)
{
    char text[DEC_TEXT];
    bool low = op->rule->lower_is_better;
    struct reading r = read_input(c, op, low ? BETTER_LOW : BETTER_HIGH);
    wide target;
    (void)s;
    describe_input(c, op, out);
    if (!gap_target(c, op, &target)) {
        return;
    }
    buf_printf(out, op->rule->target_class_mean ? _("; class mean %s%s") : _("; target %s%s"),
               dec_text(wide_to_dec(target), DEC_EXACT, text), describe_percent(c, op));
    wide distance = distance_beyond(op, target, r.value);
    if (earns_nothing(op, r.value, low)) {
        buf_text(out, _("; here nothing is earned"));
        return;
    }
    if (distance == 0) {
        return;
    }
    buf_printf(out, _(", distance %s"), dec_text(wide_to_dec(distance), DEC_EXACT, text));
    for (uint32_t i = 0; i < op->n_rates; i++) {
        wide stretch = gap_stretch(op, i, target, r.value);
        if (stretch > 0) {
            const struct op_rate *rate = &op->rates[i];
            describe_cost(stretch, rate->per, rate->lose, op->rule->partial_step, out);
        }
    }
}

const struct method method_gap = {METHOD_GAP, score_gap, describe_gap, gap_of_value, NULL};

/* ---- tiers: the first bound reached ---- */

static const struct op_tier *tier_reached(const struct op *op, wide value)
{
    dec shown = wide_to_dec(value);
    for (uint32_t i = 0; i < op->rule->tiers.n; i++) {
        const struct op_tier *tier = &op->tiers[i];
        if (op->rule->tiers_to ? shown <= tier->bound : shown >= tier->bound) {
            return tier;
        }
    }
    return NULL;
}

static wide tiers_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    const struct op_tier *tier = tier_reached(op, value);
    (void)c;
    *way = tier ? (uint32_t)(tier - op->tiers) + 1 : 0;
    return tier ? wide_from_dec(tier->points) : 0;
}

static void score_tiers(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_input(c, op, op->rule->tiers_to ? BETTER_LOW : BETTER_HIGH);
    if (!take_reading(&r, out)) {
        return;
    }
    out->points = tiers_of_value(c, op, r.value, &out->way);
}

static void describe_tiers(const struct context *c, const struct op *op, const struct scored *s,
                           struct buf *out)
{
    char text[DEC_TEXT];
    (void)s;
    describe_input(c, op, out);
    struct reading r = read_input(c, op, op->rule->tiers_to ? BETTER_LOW : BETTER_HIGH);
    const struct op_tier *tier = tier_reached(op, r.value);
    if (!tier) {
        buf_text(out, _("; no tier reached"));
    } else {
        buf_printf(out, op->rule->tiers_to ? _("; tier up to %s%s") : _("; tier from %s%s"),
                   dec_text(tier->bound, DEC_EXACT, text), describe_percent(c, op));
    }
}

const struct method method_tiers = {METHOD_TIERS, score_tiers, describe_tiers, tiers_of_value,
                                    NULL};

/* ---- linear: a straight line between nothing and full marks ---- */

/* It ends at both thresholds, whatever `floor` and `cap` say. */
static bool linear_line(const struct context *c, const struct op *op, struct line *out)
{
    wide from = wide_from_dec(op->from), to = wide_from_dec(op->to);
    (void)c;
    *out = (struct line){
        .from = from, .times = full_of(op), .by = wide_sub(to, from), .most = full_of(op)};
    return true;
}

static wide linear_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    struct line line;
    (void)way;
    linear_line(c, op, &line);
    return line_points(&line, value);
}

static void score_linear(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_input(c, op, op->from > op->to ? BETTER_LOW : BETTER_HIGH);
    if (take_reading(&r, out)) {
        out->points = linear_of_value(c, op, r.value, &out->way);
    }
}

static void describe_linear(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    char from[DEC_TEXT], to[DEC_TEXT];
    const char *percent = describe_percent(c, op);
    (void)s;
    describe_input(c, op, out);
    buf_printf(out, _("; line from %s%s (nothing) to %s%s (full)"),
               dec_text(op->from, DEC_EXACT, from), percent, dec_text(op->to, DEC_EXACT, to),
               percent);
}

const struct method method_linear = {METHOD_LINEAR, score_linear, describe_linear, linear_of_value,
                                     linear_line};

/* ---- late: so much for each day, week or month after the due date ---- */

static int32_t as_date(dec d) { return (int32_t)dec_to_int(d); }

/* Months between two days: whole ones, each ending on the same day or the month's last; what is
 * left counts as a share of the month it lies in. */
static wide months_late(int32_t due, int32_t date)
{
    int months = 0;
    while (date_add_months(due, months + 1) <= date && months < 120000) {
        months++;
    }
    int32_t start = date_add_months(due, months), next = date_add_months(due, months + 1);
    return (wide)months * WIDE_ONE + wide_muldiv((wide)(date - start) * WIDE_ONE, 1, next - start);
}

static wide lateness(int32_t due, int32_t date, enum time_unit unit)
{
    if (date <= due) {
        return 0;
    }
    switch (unit) {
    case TIME_DAY:
        return (wide)(date - due) * WIDE_ONE;
    case TIME_WEEK:
        return wide_muldiv((wide)(date - due) * WIDE_ONE, 1, 7);
    case TIME_MONTH:
        break;
    }
    return months_late(due, date);
}

static dec late_step(const struct op *op) { return op->per == DEC_NONE ? DEC_ONE : op->per; }

static wide late_cost(const struct op *op, int32_t date)
{
    wide late = lateness(as_date(op->due), date, op->rule->time_unit);
    return cost(late, late_step(op), op->lose, op->rule->partial_step);
}

static bool late_nothing(const struct op *op, int32_t date)
{
    if (op->rule->nothing == NOTHING_NEVER) {
        return false;
    }
    return earns_nothing(op, lateness(as_date(op->due), date, op->rule->nothing_unit), true);
}

static void score_late(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_field(c, op, op->rule->field, BETTER_EXACT);
    if (!take_reading(&r, out)) {
        return;
    }
    if (r.none) {
        out->points = 0; /* never */
        return;
    }
    int32_t date = as_date(wide_to_dec(r.value));
    bool nothing = late_nothing(op, date);
    out->way = nothing ? 2 : date > as_date(op->due);
    out->points = nothing ? 0 : wide_sub(full_of(op), late_cost(op, date));
}

static void describe_late(const struct context *c, const struct op *op, const struct scored *s,
                          struct buf *out)
{
    char due[DATE_TEXT], text[DEC_TEXT];
    (void)s;
    struct reading r = read_field(c, op, op->rule->field, BETTER_EXACT);
    if (r.none) {
        buf_text(out, _("never"));
        return;
    }
    int32_t date = as_date(wide_to_dec(r.value));
    describe_field(c, op->rule->field, out);
    buf_printf(out, _("; due %s"), date_text(as_date(op->due), due));
    if (date <= as_date(op->due)) {
        buf_text(out, _(", on time"));
        return;
    }
    static const char *const formats[] = {[TIME_DAY] = N_(", %s days late"),
                                          [TIME_WEEK] = N_(", %s weeks late"),
                                          [TIME_MONTH] = N_(", %s months late")};
    wide late = lateness(as_date(op->due), date, op->rule->time_unit);
    buf_printf(out, _(formats[op->rule->time_unit]), dec_text(wide_to_dec(late), DEC_EXACT, text));
    if (late_nothing(op, date)) {
        buf_text(out, _("; here nothing is earned"));
    } else {
        describe_cost(late, late_step(op), op->lose, op->rule->partial_step, out);
    }
}

const struct method method_late = {METHOD_LATE, score_late, describe_late, NULL, NULL};

/* ---- change: against the unit's own value of the previous period ---- */

/* Which way a change is no worse: only if the points never fall that way. */
static enum better change_better(const struct op *op)
{
    if (op->up >= 0 && op->down <= 0) {
        return BETTER_HIGH;
    }
    return op->up <= 0 && op->down >= 0 ? BETTER_LOW : BETTER_EXACT;
}

/* Value by value, with what comes of comparing them. */
struct change {
    struct reading now, before;
    enum read_state state;
    wide change; /* signed; percent points where the rule says so */
};

/* In percent of a value that is not above 0 nothing can be said. */
static bool has_percent(const struct change *ch) { return ch->before.value > 0; }

/* A value below 0 over a bound: nobody knows on which side the true percentage lies. */
static bool is_unsure(const struct change *ch) { return ch->before.bound && ch->now.value < 0; }

static void measure_change(const struct op *op, struct change *ch)
{
    ch->change = wide_sub(ch->now.value, ch->before.value);
    if (!op->rule->as_percent) {
        return;
    }
    if (!has_percent(ch)) {
        ch->state = READ_NA;
    } else if (is_unsure(ch)) {
        ch->state = READ_MISSING;
    } else {
        ch->change = wide_muldiv(ch->change, 100 * WIDE_ONE, ch->before.value);
    }
}

/* Without a figure to compare with the item does not apply: silence now neither harms nor helps. */
static struct change read_change(const struct context *c, const struct op *op)
{
    enum better better = change_better(op);
    struct change ch = {.now = read_input(c, op, better),
                        .before = read_previous(c, op, better_opposite(better))};
    ch.before.flags &= 1U << FLAG_APPROXIMATE; /* the rest was said when that period was scored */
    ch.state = graver_state(ch.now.state, ch.before.state);
    if (ch.state == READ_MISSING && (ch.now.state == READ_NA || ch.before.state == READ_NA)) {
        ch.state = READ_NA;
        ch.now.flags = ch.before.flags = 0;
    } else if (ch.state == READ_OK) {
        measure_change(op, &ch);
    }
    return ch;
}

static wide change_points(const struct op *op, wide change)
{
    enum steps partial = op->rule->partial_step;
    if (change == 0) {
        return 0;
    }
    return change > 0 ? cost(change, op->up_per, op->up, partial)
                      : cost(wide_sub(0, change), op->down_per, op->down, partial);
}

static void score_change(const struct context *c, const struct op *op, struct scored *out)
{
    struct change ch = read_change(c, op);
    out->state = ch.state;
    out->flags |= ch.now.flags | ch.before.flags;
    if (ch.state == READ_OK) {
        out->way = ch.change > 0 ? 1 : ch.change < 0 ? 2 : 0;
        out->points = ch.change == WIDE_NONE
                          ? WIDE_NONE
                          : wide_add(wide_from_dec(op->same), change_points(op, ch.change));
    }
}

/* "82%; before 80%, up 2; 2 × 1 = 2; 15 + 2" */
static void describe_change(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    struct context before = context_before(c);
    struct change ch = read_change(c, op);
    bool up = ch.change > 0;
    wide distance = up ? ch.change : wide_sub(0, ch.change), points = change_points(op, ch.change);
    const char *percent = op->rule->as_percent ? "%" : "";
    char same[DEC_TEXT];
    (void)s;
    dec_text(op->same, DEC_EXACT, same);
    describe_input(c, op, out);
    buf_text(out, _("; before "));
    describe_input(&before, op, out);
    if (ch.change == 0) {
        buf_printf(out, _(", the same: %s"), same);
        return;
    }
    buf_text(out, up ? _(", up ") : _(", down "));
    describe_number(distance, out);
    buf_text(out, percent);
    describe_cost(distance, up ? op->up_per : op->down_per, up ? op->up : op->down,
                  op->rule->partial_step, out);
    buf_printf(out, points < 0 ? _("; %s - ") : _("; %s + "), same);
    describe_number(points < 0 ? wide_sub(0, points) : points, out);
}

const struct method method_change = {METHOD_CHANGE, score_change, describe_change, NULL, NULL};
