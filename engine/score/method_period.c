/* method_period.c - points by the unit's own total in one of the periods that this one is made of:
 * full marks × total ÷ what it was of. */
#include "score/methods.h"

#include "base/i18n.h"

static wide earned(const struct op *op, dec total, dec of)
{
    return wide_muldiv(wide_from_dec(op->full), total, of);
}

static void score_period(const struct context *c, const struct op *op, struct scored *out)
{
    struct period_total p = table_period(c->table, c->unit, op->rule->period);
    if (p.total == DEC_NONE) {
        out->state = READ_MISSING;
        out->flags = 1U << FLAG_NOT_REPORTED;
        return;
    }
    out->points = earned(op, p.total, p.of);
    /* Silence within the period is silence here: it moves the bounds and is not counted as told. */
    out->partly = p.low != p.total || p.high != p.total;
    out->low = earned(op, p.low, p.of);
    out->high = earned(op, p.high, p.of);
    out->untold = p.reported == DEC_NONE ? 0 : dec_sub(dec_from_int(100), p.reported);
    out->flags |= p.reported == 0 ? 1U << FLAG_NOT_REPORTED : 0;
}

static void describe_period(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    struct period_total p = table_period(c->table, c->unit, op->rule->period);
    char full[DEC_TEXT], total[DEC_TEXT], of[DEC_TEXT];
    (void)s;
    buf_printf(out, _("%s: %s × %s ÷ %s"), c->plan->rubric->periods.at[op->rule->period].name,
               dec_text(op->full, DEC_EXACT, full), dec_text(p.total, DEC_EXACT, total),
               dec_text(p.of, DEC_EXACT, of));
}

const struct method method_period = {METHOD_PERIOD, score_period, describe_period, NULL, NULL};
