/* method_count.c - methods that count: each, short, ratio. */
#include "score/methods.h"

#include "base/i18n.h"

static wide full_of(const struct op *op) { return wide_from_dec(op->full); }

static wide times(wide value, dec points) { return wide_muldiv_dec(value, points, DEC_ONE); }

static const char *label_of(const struct context *c, uint32_t field)
{
    return c->plan->rubric->fields.list.at[field].label;
}

/* ---- each: so much for every event, earned from 0 or lost from full ---- */

static bool each_loses(const struct op *op)
{
    if (op->rule->parts.n > 0) {
        return op->parts[0].points < 0;
    }
    return op->lose != DEC_NONE;
}

/* events × p; from the second on `then`. */
static wide each_change(const struct op *op, wide events)
{
    dec p = each_loses(op) ? op->lose : op->earn;
    if (op->then == DEC_NONE) {
        return times(events, p);
    }
    wide first = wide_min(events, WIDE_ONE);
    return wide_add(times(first, p), times(wide_sub(events, first), op->then));
}

static wide each_points(const struct op *op, wide change)
{
    if (op->most != DEC_NONE) {
        change = wide_min(change, wide_from_dec(op->most));
    }
    return each_loses(op) ? wide_sub(full_of(op), change) : change;
}

static void score_each_event(const struct context *c, const struct op *op, struct scored *out)
{
    bool loses = each_loses(op);
    wide change = 0;
    enum read_state state = READ_OK;
    for (uint32_t i = 0; i < op->rule->parts.n; i++) {
        struct reading r = read_field(c, op, op->parts[i].field, loses ? BETTER_LOW : BETTER_HIGH);
        out->flags |= r.flags;
        state = graver_state(state, r.state);
        if (r.state == READ_OK) {
            dec points = op->parts[i].points;
            change = wide_add(change, times(r.value, loses ? -points : points));
        }
    }
    out->state = state;
    if (out->state == READ_OK) {
        out->points = each_points(op, change);
    }
}

static wide each_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    bool nothing = earns_nothing(op, value, each_loses(op));
    (void)c;
    *way = nothing;
    return nothing ? 0 : each_points(op, each_change(op, value));
}

static void score_each(const struct context *c, const struct op *op, struct scored *out)
{
    if (op->rule->parts.n > 0) {
        score_each_event(c, op, out);
        return;
    }
    bool loses = each_loses(op);
    struct reading r = read_input(c, op, loses ? BETTER_LOW : BETTER_HIGH);
    if (!take_reading(&r, out)) {
        return;
    }
    out->points = each_of_value(c, op, r.value, &out->way);
}

static void describe_each(const struct context *c, const struct op *op, const struct scored *s,
                          struct buf *out)
{
    char p[DEC_TEXT], then[DEC_TEXT];
    (void)s;
    if (each_loses(op)) {
        buf_printf(out, "%s - ", dec_text(op->full, DEC_EXACT, p));
    }
    if (op->rule->parts.n > 0) {
        for (uint32_t i = 0; i < op->rule->parts.n; i++) {
            dec points = op->parts[i].points;
            buf_text(out, i == 0 ? "" : each_loses(op) ? " - " : " + ");
            buf_printf(out, "%s ", label_of(c, op->parts[i].field));
            describe_field(c, op->parts[i].field, out);
            buf_printf(out, " × %s", dec_text(points < 0 ? -points : points, DEC_EXACT, p));
        }
    } else {
        describe_input(c, op, out);
        buf_printf(out, " × %s", dec_text(each_loses(op) ? op->lose : op->earn, DEC_EXACT, p));
        if (op->then != DEC_NONE) {
            buf_printf(out, _(" (each further × %s)"), dec_text(op->then, DEC_EXACT, then));
        }
    }
    if (op->most != DEC_NONE) {
        buf_printf(out, _(", at most %s"), dec_text(op->most, DEC_EXACT, p));
    }
    if (op->rule->parts.n == 0) {
        bool loses = each_loses(op);
        wide events = read_input(c, op, loses ? BETTER_LOW : BETTER_HIGH).value;
        describe_nothing(op, events, loses, out);
    }
}

const struct method method_each = {METHOD_EACH, score_each, describe_each, each_of_value, NULL};

/* ---- short: so much for each one that is missing to what is needed ---- */

static wide shortfall(wide need, wide value) { return wide_max(0, wide_sub(need, value)); }

static dec part_need(const struct op *op, uint32_t i)
{
    return op->parts[i].points == DEC_NONE ? op->need : op->parts[i].points;
}

static void score_short_parts(const struct context *c, const struct op *op, struct scored *out)
{
    wide lost = 0;
    enum read_state state = READ_OK;
    bool nothing = false;
    for (uint32_t i = 0; i < op->rule->parts.n; i++) {
        struct reading r = read_field(c, op, op->parts[i].field, BETTER_HIGH);
        out->flags |= r.flags;
        state = graver_state(state, r.state);
        if (r.state == READ_OK) {
            wide missing = shortfall(wide_from_dec(part_need(op, i)), r.value);
            lost = wide_add(lost, times(missing, op->lose));
            nothing = nothing || earns_nothing(op, r.value, false);
        }
    }
    out->state = state;
    if (out->state == READ_OK) {
        out->way = nothing;
        out->points = nothing ? 0 : wide_sub(full_of(op), lost);
    }
}

static void score_short(const struct context *c, const struct op *op, struct scored *out)
{
    if (op->rule->parts.n > 0) {
        score_short_parts(c, op, out);
        return;
    }
    struct reading r = read_input(c, op, BETTER_HIGH);
    if (!take_reading(&r, out)) {
        return;
    }
    wide lost = times(shortfall(wide_from_dec(op->need), r.value), op->lose);
    bool nothing = earns_nothing(op, r.value, false);
    out->way = nothing;
    out->points = nothing ? 0 : wide_sub(full_of(op), lost);
}

static void describe_shortfall(const struct op *op, wide value, dec need, struct buf *out)
{
    char text[DEC_TEXT];
    buf_printf(out, _(" of %s"), dec_text(need, DEC_EXACT, text));
    wide missing = shortfall(wide_from_dec(need), value);
    if (missing > 0) {
        buf_printf(out, _("; %s short"), dec_text(wide_to_dec(missing), DEC_EXACT, text));
        buf_printf(out, " × %s", dec_text(op->lose, DEC_EXACT, text));
    }
}

static void describe_short(const struct context *c, const struct op *op, const struct scored *s,
                           struct buf *out)
{
    (void)s;
    if (op->rule->parts.n == 0) {
        wide value = read_input(c, op, BETTER_HIGH).value;
        describe_input(c, op, out);
        describe_shortfall(op, value, op->need, out);
        describe_nothing(op, value, false, out);
        return;
    }
    for (uint32_t i = 0; i < op->rule->parts.n; i++) {
        struct reading r = read_field(c, op, op->parts[i].field, BETTER_HIGH);
        buf_printf(out, i == 0 ? "%s " : _("; %s "), label_of(c, op->parts[i].field));
        describe_field(c, op->parts[i].field, out);
        if (r.state == READ_OK) {
            describe_shortfall(op, r.value, part_need(op, i), out);
            describe_nothing(op, r.value, false, out);
        }
    }
}

const struct method method_short = {METHOD_SHORT, score_short, describe_short, NULL, NULL};

/* ---- ratio: the share of the target that was reached ---- */

static bool ratio_line(const struct context *c, const struct op *op, struct line *out)
{
    (void)c;
    *out = (struct line){.times = full_of(op),
                         .by = wide_from_dec(op->target),
                         .least = -WIDE_MAX,
                         .most = op->of_member->cap_none ? WIDE_MAX : full_of(op)};
    return op->target > 0 && op->rule->nothing == NOTHING_NEVER;
}

static wide ratio_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    struct line line;
    if (earns_nothing(op, value, false)) {
        *way = 1;
        return 0;
    }
    if (value >= wide_from_dec(op->target) && !op->of_member->cap_none) {
        return full_of(op);
    }
    ratio_line(c, op, &line);
    return line_points(&line, value);
}

static void score_ratio(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_input(c, op, BETTER_HIGH);
    if (take_reading(&r, out)) {
        out->points = ratio_of_value(c, op, r.value, &out->way);
    }
}

static void describe_ratio(const struct context *c, const struct op *op, const struct scored *s,
                           struct buf *out)
{
    char full[DEC_TEXT], target[DEC_TEXT];
    (void)s;
    describe_input(c, op, out);
    buf_printf(out, _(" of target %s%s; × %s"), dec_text(op->target, DEC_EXACT, target),
               describe_percent(c, op), dec_text(op->full, DEC_EXACT, full));
    describe_nothing(op, read_input(c, op, BETTER_HIGH).value, false, out);
}

const struct method method_ratio = {METHOD_RATIO, score_ratio, describe_ratio, ratio_of_value,
                                    ratio_line};
