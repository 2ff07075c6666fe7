/* method_children.c - points by how the subordinate units did: mean, lowest, how many are among the
 * last of their class. */
#include "score/children.h"

#include "base/i18n.h"

/* What the item looks at, before it is points. */
struct offspring {
    uint32_t n; /* with a figure */
    uint32_t among_last;
    bool mixed;  /* full marks differ */
    dec full;    /* theirs, unless they differ */
    wide sum;    /* of what they have */
    wide shares; /* of this item's full marks, added up */
    wide lowest; /* share of this item's full marks */
};

static void add_child(const struct context *c, const struct op *op, uint32_t child,
                      struct offspring *o)
{
    uint32_t behind, of, member = op->rule->child_member;
    dec points = child_points(c, child, member), full = child_full(c, child, member);
    if (points == DEC_NONE || full <= 0) {
        return;
    }
    if (op->rule->take == TAKE_LAST) {
        o->n++;
        o->among_last += child_place(c, child, &behind, &of) > 0 && behind < op->worst;
        return;
    }
    wide share = wide_muldiv(wide_from_dec(op->full), points, full);
    o->lowest = o->n == 0 ? share : wide_min(o->lowest, share);
    o->shares = wide_add(o->shares, share);
    o->sum = wide_add(o->sum, wide_from_dec(points));
    o->mixed |= o->n > 0 && full != o->full;
    o->full = full;
    o->n++;
}

static struct offspring offspring_of(const struct context *c, const struct op *op)
{
    struct child_range all = children_of(c->table, c->unit);
    struct offspring o = {0};
    for (uint32_t i = 0; i < all.n; i++) {
        if (rule_takes_child(op->rule, &c->table->units.at[all.units[i]])) {
            add_child(c, op, all.units[i], &o);
        }
    }
    return o;
}

/* Where all have the same full marks nothing is divided but once. */
static wide mean_points(const struct op *op, const struct offspring *o)
{
    if (o->mixed) {
        return wide_muldiv(o->shares, 1, o->n);
    }
    return wide_muldiv(o->sum, wide_from_dec(op->full), wide_from_dec(o->full) * o->n);
}

static void score_children(const struct context *c, const struct op *op, struct scored *out)
{
    struct offspring o = offspring_of(c, op);
    if (o.n == 0) {
        out->state = READ_NA;
        return;
    }
    switch (op->rule->take) {
    case TAKE_LAST:
        out->points = wide_sub(wide_from_dec(op->full),
                               wide_muldiv(wide_from_dec(op->lose), o.among_last, 1));
        break;
    case TAKE_MIN:
        out->points = o.lowest;
        break;
    case TAKE_MEAN:
    case TAKE_UNSET:
        out->points = mean_points(op, &o);
        break;
    }
}

static void describe_last(const struct op *op, const struct offspring *o, struct buf *out)
{
    char full[DEC_TEXT], lose[DEC_TEXT];
    buf_printf(out,
               _("%u of %u subordinate unit(s) among the last %u of their class; %s - %u × %s"),
               o->among_last, o->n, op->worst, dec_text(op->full, DEC_EXACT, full), o->among_last,
               dec_text(op->lose, DEC_EXACT, lose));
}

static void describe_children(const struct context *c, const struct op *op, const struct scored *s,
                              struct buf *out)
{
    struct offspring o = offspring_of(c, op);
    char full[DEC_TEXT];
    (void)s;
    if (op->rule->take == TAKE_LAST) {
        describe_last(op, &o, out);
        return;
    }
    bool lowest = op->rule->take == TAKE_MIN;
    wide points = lowest ? o.lowest : mean_points(op, &o);
    buf_printf(out,
               lowest ? _("lowest share of %u subordinate unit(s): ")
                      : _("mean share of %u subordinate unit(s): "),
               o.n);
    if (op->full > 0) {
        describe_number(wide_muldiv(points, 100 * WIDE_ONE, wide_from_dec(op->full)), out);
    }
    buf_printf(out, "%% × %s", dec_text(op->full, DEC_EXACT, full));
}

const struct method method_children = {METHOD_CHILDREN, score_children, describe_children, NULL,
                                       NULL};
