/* method_class.c - methods over several raters or the whole class: rating, best, rank. */
#include "score/methods.h"

#include "base/i18n.h"
#include "base/sort.h"
#include "score/classwide.h"

static wide full_of(const struct op *op) { return wide_from_dec(op->full); }

/* ---- rating: mean of the raters, the ends dropped ---- */

struct raters {
    uint32_t n, blank;
    dec *values;
    uint16_t flags;
    enum read_state state;
};

static void add_rater(struct raters *r, const struct op *op, bool blank, dec value)
{
    if (!blank) {
        r->values[r->n++] = value;
    } else {
        r->blank++;
        if (op->rule->blank_is_zero) {
            r->values[r->n++] = 0;
        }
    }
}

/* A member that is neither a number nor blank is no rating: said at the cell, the unit left out. */
static bool list_member_wrong(const struct context *c, const struct op *op,
                              const struct list_value *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (list->values[i] == DEC_NONE && *list->texts[i]) {
            if (c->diag) {
                diag_add(c->diag, FINDING_NOT_A_NUMBER,
                         table_place(c->table, c->unit, op->rule->field),
                         _("'%s' is not a rating (item '%s')"), list->texts[i], op->of_member->id);
                diag_hint(c->diag, _("ratings are numbers separated by ; and a rater without an "
                                     "opinion is left blank: 85;90;;88"));
            }
            return true;
        }
    }
    return false;
}

static void raters_of_list(const struct context *c, const struct op *op, struct raters *r)
{
    struct reading reading = read_field(c, op, op->rule->field, BETTER_EXACT);
    r->state = reading.state;
    r->flags = reading.flags;
    if (reading.state != READ_OK || reading.none) {
        return;
    }
    const struct list_value *list = &c->table->lists.at[dec_to_int(wide_to_dec(reading.value))];
    if (list_member_wrong(c, op, list)) {
        r->state = READ_ERROR;
        return;
    }
    r->values = ARENA_ARRAY(c->scratch, dec, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        add_rater(r, op, list->values[i] == DEC_NONE, list->values[i]);
    }
}

static void raters_of_fields(const struct context *c, const struct op *op, struct raters *r)
{
    uint32_t claimed = 0;
    r->values = ARENA_ARRAY(c->scratch, dec, op->rule->parts.n);
    for (uint32_t i = 0; i < op->rule->parts.n; i++) {
        struct reading reading = read_field(c, op, op->parts[i].field, BETTER_HIGH);
        if (reading.state == READ_CLAIMED) {
            claimed++; /* a rater to whom it does not apply leaves, as "don't know" does */
            continue;
        }
        /* A blank is what `blank:` says; it is not a value that was not reported. */
        r->flags |= reading.flags & (uint16_t) ~(1U << FLAG_NOT_REPORTED);
        add_rater(r, op, reading.state != READ_OK, wide_to_dec(reading.value));
    }
    if (claimed == op->rule->parts.n) {
        r->state = READ_CLAIMED;
    }
}

static int by_value(const void *a, const void *b)
{
    dec x = *(const dec *)a, y = *(const dec *)b;
    return (x > y) - (x < y);
}

static struct raters raters_of(const struct context *c, const struct op *op)
{
    struct raters r = {0};
    if (op->rule->parts.n > 0) {
        raters_of_fields(c, op, &r);
    } else {
        raters_of_list(c, op, &r);
    }
    if (r.n > 1) {
        sort_elements(r.values, r.n, sizeof *r.values, by_value);
    }
    return r;
}

/* How many are dropped at each end. */
static uint32_t ends_dropped(const struct op *op, uint32_t n)
{
    uint32_t ends = op->rule->drop_ends;
    return n / 2 >= ends && n > 2 * ends && n > op->rule->drop_over ? ends : 0;
}

static bool raters_in_range(const struct context *c, const struct op *op, const struct raters *r)
{
    if (r->n == 0 || (r->values[0] >= 0 && r->values[r->n - 1] <= op->out_of)) {
        return true;
    }
    if (c->diag) {
        char most[DEC_TEXT], text[DEC_TEXT];
        uint32_t field = op->rule->parts.n > 0 ? op->parts[0].field : op->rule->field;
        dec bad = r->values[0] < 0 ? r->values[0] : r->values[r->n - 1];
        for (uint32_t i = 0; i < op->rule->parts.n; i++) {
            const struct column *column = &c->table->columns[op->parts[i].field];
            if (column->state[c->unit] == CELL_VALUE && column->value[c->unit] == bad) {
                field = op->parts[i].field;
            }
        }
        diag_add(c->diag, FINDING_JUDGED_OUT_OF_RANGE, table_place(c->table, c->unit, field),
                 _("a rating of %s is not between 0 and %s (item '%s')"),
                 dec_text(bad, DEC_EXACT, text), dec_text(op->out_of, DEC_EXACT, most),
                 op->of_member->id);
    }
    return false;
}

static wide sum_of(const struct op *op, const struct raters *r, uint32_t *n)
{
    uint32_t ends = ends_dropped(op, r->n);
    wide sum = 0;
    for (uint32_t i = ends; i < r->n - ends; i++) {
        sum = wide_add(sum, wide_from_dec(r->values[i]));
    }
    *n = r->n - 2 * ends;
    return sum;
}

static void score_rating(const struct context *c, const struct op *op, struct scored *out)
{
    struct raters r = raters_of(c, op);
    uint32_t n;
    out->flags |= r.flags;
    out->state = r.state;
    if (r.state != READ_OK) {
        return;
    }
    if (!raters_in_range(c, op, &r)) {
        out->state = READ_ERROR;
        return;
    }
    if (r.n < op->at_least) {
        out->state = READ_MISSING;
        out->flags |= 1U << FLAG_NOT_REPORTED;
        return;
    }
    wide sum = sum_of(op, &r, &n);
    out->points = wide_muldiv(sum, full_of(op), (wide)n * wide_from_dec(op->out_of));
}

static void describe_rating(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    struct raters r = raters_of(c, op);
    char text[DEC_TEXT], full[DEC_TEXT];
    uint32_t n;
    (void)s;
    if (r.n == 0) {
        return;
    }
    wide sum = sum_of(op, &r, &n);
    buf_printf(out, _("mean of %u raters "), n);
    describe_number(wide_muldiv(sum, 1, n), out);
    if (n < r.n) {
        buf_printf(out, _(" (%u dropped at each end)"), (r.n - n) / 2);
    }
    buf_printf(out, _(" of %s; × %s"), dec_text(op->out_of, DEC_EXACT, text),
               dec_text(op->full, DEC_EXACT, full));
}

const struct method method_rating = {METHOD_RATING, score_rating, describe_rating, NULL, NULL};

/* ---- best: held against the best of the class ---- */

/* What is better the lower it is has no line from zero: the value divides then. */
static bool best_line(const struct context *c, const struct op *op, struct line *out)
{
    bool low = op->rule->lower_is_better, from_worst = op->rule->from_worst;
    const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
    wide best = low ? f->lowest : f->highest, worst = low ? f->highest : f->lowest;
    wide from = from_worst ? worst : 0;
    *out = (struct line){.from = from,
                         .times = full_of(op),
                         .by = wide_sub(best, from),
                         .least = -WIDE_MAX,
                         .most = WIDE_MAX};
    return f->n > 0 && (from_worst ? best != worst : !low && best > 0);
}

/* Some unit reports exactly: this one, if no other. */
static wide best_of_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
    struct line line;
    (void)way;
    if (best_line(c, op, &line)) {
        return line_points(&line, value);
    }
    if (!op->rule->lower_is_better) {
        return op->rule->from_worst ? full_of(op) : 0; /* all are the same, or none is above 0 */
    }
    if (op->rule->from_worst || value <= f->lowest) {
        return full_of(op); /* also where both are 0 */
    }
    return f->lowest <= 0 ? 0 : wide_muldiv(full_of(op), f->lowest, value);
}

static void score_best(const struct context *c, const struct op *op, struct scored *out)
{
    bool low = op->rule->lower_is_better;
    struct reading r = read_input(c, op, low ? BETTER_LOW : BETTER_HIGH);
    if (!take_reading(&r, out)) {
        return;
    }
    const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
    if (f->n == 0) {
        out->state = READ_MISSING; /* nobody reports exactly: there is nothing to compare with */
        return;
    }
    out->points = best_of_value(c, op, r.value, &out->way);
}

static void describe_best(const struct context *c, const struct op *op, const struct scored *s,
                          struct buf *out)
{
    const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
    bool low = op->rule->lower_is_better;
    char full[DEC_TEXT];
    (void)s;
    describe_input(c, op, out);
    buf_text(out, _("; best of the class "));
    describe_number(low ? f->lowest : f->highest, out);
    if (op->rule->from_worst) {
        buf_text(out, _(", worst "));
        describe_number(low ? f->highest : f->lowest, out);
        buf_printf(out, _("; (value - worst) ÷ (best - worst) × %s"),
                   dec_text(op->full, DEC_EXACT, full));
    } else {
        buf_printf(out, low ? _("; best ÷ value × %s") : _("; value ÷ best × %s"),
                   dec_text(op->full, DEC_EXACT, full));
    }
}

const struct method method_best = {METHOD_BEST, score_best, describe_best, best_of_value,
                                   best_line};

/* ---- rank: points by place in the class ---- */

struct place {
    uint32_t place, of;
};

/* A one-sided value is placed among those who report exactly, and is not counted with them. */
static struct place place_of(const struct context *c, const struct op *op, const struct reading *r)
{
    const struct class_figures *f = classwide_get(c->classwide, c->table, op->member, c->unit);
    return (struct place){classwide_place(f, r->value, op->rule->lower_is_better), f->n};
}

static const struct op_tier *rank_tier(const struct op *op, struct place p)
{
    for (uint32_t i = 0; i < op->rule->tiers.n; i++) {
        const struct op_tier *tier = &op->tiers[i];
        wide place = (wide)p.place * WIDE_ONE, top = wide_from_dec(tier->bound);
        /* top N% holds place <= N% of so many: both sides times 100, so nothing is divided. */
        if (tier->percent ? place * 100 <= top * p.of : place <= top) {
            return tier;
        }
    }
    return NULL;
}

static wide rank_points(const struct op *op, struct place p)
{
    if (op->rule->tiers.n > 0) {
        const struct op_tier *tier = rank_tier(op, p);
        return tier ? wide_from_dec(tier->points) : 0;
    }
    wide first = wide_from_dec(op->first), steps = (wide)(p.place - 1);
    if (op->step != DEC_NONE) {
        wide step = wide_from_dec(op->step);
        if (op->rule->step_percent) {
            return wide_sub(first, wide_muldiv(first, steps * step, 100 * WIDE_ONE));
        }
        return wide_sub(first, wide_muldiv(steps * WIDE_ONE, step, WIDE_ONE));
    }
    if (p.of <= 1) {
        return first;
    }
    if (p.place >= p.of) {
        return wide_from_dec(op->last); /* a bound may lie behind all exact values */
    }
    wide fall = wide_sub(first, wide_from_dec(op->last));
    return wide_sub(first, wide_muldiv(fall, steps, (wide)(p.of - 1)));
}

static void score_rank(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_input(c, op, op->rule->lower_is_better ? BETTER_LOW : BETTER_HIGH);
    if (take_reading(&r, out)) {
        struct place p = place_of(c, op, &r);
        const struct op_tier *tier = op->rule->tiers.n > 0 ? rank_tier(op, p) : NULL;
        out->way = tier ? (uint32_t)(tier - op->tiers) + 1 : 0;
        out->points = rank_points(op, p);
    }
}

static void describe_rank_rule(const struct op *op, struct place p, struct buf *out)
{
    char first[DEC_TEXT], step[DEC_TEXT], last[DEC_TEXT];
    dec_text(op->first, DEC_EXACT, first);
    if (op->rule->tiers.n > 0) {
        const struct op_tier *tier = rank_tier(op, p);
        if (!tier) {
            buf_text(out, _("; no tier reached"));
        } else {
            buf_printf(out, tier->percent ? _("; tier top %s%%") : _("; tier top %s"),
                       dec_text(tier->bound, DEC_EXACT, step));
        }
    } else if (op->step != DEC_NONE) {
        dec_text(op->step, DEC_EXACT, step);
        buf_text(out, _("; "));
        buf_printf(out, op->rule->step_percent ? "%s - %u × %s%% × %s" : "%s - %u × %s", first,
                   p.place - 1, step, first);
    } else if (p.of > 1) {
        dec_text(op->last, DEC_EXACT, last);
        buf_text(out, _("; "));
        buf_printf(out, "%s - %u × (%s - %s) ÷ %u", first, p.place - 1, first, last, p.of - 1);
    }
}

static void describe_rank(const struct context *c, const struct op *op, const struct scored *s,
                          struct buf *out)
{
    struct reading r = read_input(c, op, op->rule->lower_is_better ? BETTER_LOW : BETTER_HIGH);
    (void)s;
    describe_input(c, op, out);
    struct place p = place_of(c, op, &r);
    buf_printf(out, _("; place %u of %u"), p.place, p.of);
    describe_rank_rule(op, p, out);
}

const struct method method_rank = {METHOD_RANK, score_rank, describe_rank, NULL, NULL};
