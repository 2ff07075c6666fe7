/* method_parts.c - methods over what is there and what is not: yesno, checklist, ladder, choice,
 * judged. */
#include "score/methods.h"

#include "base/i18n.h"

static wide full_of(const struct op *op) { return wide_from_dec(op->full); }

/* ---- yesno ---- */

static void score_yesno(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_field(c, op, op->rule->field, BETTER_EXACT);
    if (take_reading(&r, out)) {
        out->points = r.value != 0 ? full_of(op) : 0;
    }
}

static void describe_yesno(const struct context *c, const struct op *op, const struct scored *s,
                           struct buf *out)
{
    (void)s;
    describe_field(c, op->rule->field, out);
}

const struct method method_yesno = {METHOD_YESNO, score_yesno, describe_yesno, NULL, NULL};

/* ---- checklist: the parts held ---- */

struct parts {
    uint32_t n, held, missing, claimed, error;
    wide held_points, missing_points, claimed_points, all_points;
    uint16_t flags;
};

static struct parts count_parts(const struct context *c, const struct op *op)
{
    struct parts p = {.n = op->rule->parts.n};
    for (uint32_t i = 0; i < p.n; i++) {
        struct reading r = read_field(c, op, op->parts[i].field, BETTER_EXACT);
        wide points = op->rule->parts_given_points ? wide_from_dec(op->parts[i].points) : WIDE_ONE;
        p.flags |= r.flags;
        p.all_points = wide_add(p.all_points, points);
        if (r.state == READ_CLAIMED) {
            p.claimed++;
            p.claimed_points = wide_add(p.claimed_points, points);
        } else if (r.state == READ_MISSING) {
            p.missing++;
            p.missing_points = wide_add(p.missing_points, points);
        } else if (r.state != READ_OK) {
            p.error++;
        } else if (r.value != 0) {
            p.held++;
            p.held_points = wide_add(p.held_points, points);
        }
    }
    return p;
}

/* Points for so many parts held, of so much; parts not applicable let the others carry their
 * points. */
static wide checklist_points(const struct op *op, const struct parts *p, uint32_t held,
                             wide held_points)
{
    uint32_t applicable = p->n - p->claimed;
    if (op->rule->all) {
        return held == applicable ? full_of(op) : 0;
    }
    if (op->lose != DEC_NONE) {
        wide lost = wide_from_dec(dec_mul(op->lose, dec_from_int((int64_t)applicable - held)));
        return wide_sub(full_of(op), lost);
    }
    wide carrying = wide_sub(p->all_points, p->claimed_points);
    /* Parts of 0 points that alone remain carry nothing. */
    return carrying == 0 ? 0 : wide_muldiv(held_points, full_of(op), carrying);
}

static void score_checklist(const struct context *c, const struct op *op, struct scored *out)
{
    struct parts p = count_parts(c, op);
    out->flags |= p.flags;
    if (p.error > 0) {
        out->state = READ_ERROR;
    } else if (p.claimed == p.n) {
        out->state = READ_CLAIMED;
    } else if (p.missing + p.claimed == p.n) {
        out->state = READ_MISSING;
    } else {
        out->points = checklist_points(op, &p, p.held, p.held_points);
        out->partly = p.missing > 0;
        out->low = out->points;
        out->high =
            checklist_points(op, &p, p.held + p.missing, wide_add(p.held_points, p.missing_points));
    }
}

static void describe_checklist(const struct context *c, const struct op *op, const struct scored *s,
                               struct buf *out)
{
    struct parts p = count_parts(c, op);
    char text[DEC_TEXT];
    (void)s;
    buf_printf(out, _("%u of %u held"), p.held, p.n - p.claimed);
    if (p.held < p.n - p.claimed) {
        bool first = true;
        for (uint32_t i = 0; i < p.n; i++) {
            struct reading r = read_field(c, op, op->parts[i].field, BETTER_EXACT);
            if (r.state == READ_CLAIMED || (r.state == READ_OK && r.value != 0)) {
                continue;
            }
            buf_text(out, first ? _("; not held: ") : _(", "));
            buf_text(out, c->plan->rubric->fields.list.at[op->parts[i].field].label);
            if (op->rule->parts_given_points) {
                buf_printf(out, _(" %s"), dec_text(op->parts[i].points, DEC_EXACT, text));
            }
            first = false;
        }
    }
    if (p.claimed > 0) {
        buf_printf(out, _("; %u not applicable, the others carry its points"), p.claimed);
    }
    if (!op->rule->all && op->lose != DEC_NONE && p.held < p.n - p.claimed) {
        char full[DEC_TEXT];
        buf_printf(out, _("; %s - %u × %s"), dec_text(op->full, DEC_EXACT, full),
                   p.n - p.claimed - p.held, dec_text(op->lose, DEC_EXACT, text));
    }
    if (op->rule->all) {
        buf_text(out, _("; all or nothing"));
    }
}

const struct method method_checklist = {METHOD_CHECKLIST, score_checklist, describe_checklist, NULL,
                                        NULL};

/* ---- ladder: the highest level that holds together with all below it ---- */

struct climb {
    uint32_t level;    /* how many levels hold, from the lowest */
    uint32_t possible; /* how many would if what is missing were held */
    uint32_t read, missing;
    enum read_state state; /* of the needs together, but for those not reported */
    uint16_t flags;
};

static struct climb climb_ladder(const struct context *c, const struct op *op)
{
    struct climb climb = {0};
    bool holds = true, might = true;
    for (uint32_t i = 0; i < op->rule->levels.n; i++) {
        const struct ladder_level *level = &op->rule->levels.at[i];
        for (uint32_t j = 0; j < level->needs.n; j++) {
            struct reading r = read_field(c, op, level->needs.at[j], BETTER_EXACT);
            climb.read++;
            climb.flags |= r.flags;
            climb.state = graver_state(climb.state, r.state == READ_MISSING ? READ_OK : r.state);
            if (r.state == READ_MISSING) {
                climb.missing++;
                holds = false;
            } else if (r.value == 0) {
                holds = might = false;
            }
        }
        climb.level += holds;
        climb.possible += might;
    }
    return climb;
}

static wide ladder_points(const struct op *op, uint32_t n_levels)
{
    return n_levels == 0 ? 0 : wide_from_dec(op->levels[n_levels - 1]);
}

static void score_ladder(const struct context *c, const struct op *op, struct scored *out)
{
    struct climb climb = climb_ladder(c, op);
    out->flags |= climb.flags;
    out->state = climb.state;
    if (climb.state == READ_OK && climb.missing == climb.read && climb.read > 0) {
        out->state = READ_MISSING;
    } else {
        out->way = climb.level;
        out->points = ladder_points(op, climb.level);
        out->partly = climb.missing > 0;
        out->low = out->points;
        out->high = ladder_points(op, climb.possible);
    }
}

static void describe_ladder(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    struct climb climb = climb_ladder(c, op);
    (void)s;
    if (climb.level == 0) {
        buf_text(out, _("no level reached"));
    } else {
        buf_printf(out, _("level %s"), op->rule->levels.at[climb.level - 1].name);
    }
    if (climb.level == op->rule->levels.n) {
        return;
    }
    const struct ladder_level *next = &op->rule->levels.at[climb.level];
    bool first = true;
    for (uint32_t j = 0; j < next->needs.n; j++) {
        struct reading r = read_field(c, op, next->needs.at[j], BETTER_EXACT);
        if (r.state == READ_OK && r.value != 0) {
            continue;
        }
        if (first) {
            buf_printf(out, _("; %s needs "), next->name);
        } else {
            buf_text(out, _(", "));
        }
        buf_text(out, c->plan->rubric->fields.list.at[next->needs.at[j]].label);
        first = false;
    }
}

const struct method method_ladder = {METHOD_LADDER, score_ladder, describe_ladder, NULL, NULL};

/* ---- choice ---- */

static void score_choice(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r = read_field(c, op, op->rule->field, BETTER_EXACT);
    if (!take_reading(&r, out)) {
        return;
    }
    uint32_t option = (uint32_t)dec_to_int(wide_to_dec(r.value));
    bool chosen = !r.none && option < op->rule->scores.n;
    out->way = chosen ? option + 1 : 0;
    if (!chosen) {
        out->points = 0; /* 无 chooses none of the options */
    } else if (op->scores[option] == DEC_NONE) {
        out->state = READ_NA;
    } else {
        out->points = wide_from_dec(op->scores[option]);
    }
}

static void describe_choice(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    (void)s;
    describe_field(c, op->rule->field, out);
}

const struct method method_choice = {METHOD_CHOICE, score_choice, describe_choice, NULL, NULL};

/* ---- judged: the assessor's own figure ---- */

static void score_judged(const struct context *c, const struct op *op, struct scored *out)
{
    struct reading r =
        read_field(c, op, op->rule->field, op->rule->as_loss ? BETTER_LOW : BETTER_HIGH);
    if (!take_reading(&r, out)) {
        return;
    }
    if (r.value < 0 || r.value > full_of(op)) {
        out->state = READ_ERROR;
        if (c->diag) {
            char full[DEC_TEXT];
            const struct field *field = &c->plan->rubric->fields.list.at[op->rule->field];
            diag_add(c->diag, FINDING_JUDGED_OUT_OF_RANGE,
                     table_place(c->table, c->unit, op->rule->field),
                     _("'%s' is not between 0 and the %s points of item '%s' (field %s)"),
                     table_value_text(c->scratch, c->table, c->unit, op->rule->field),
                     dec_text(op->full, DEC_EXACT, full), op->of_member->id, field->id);
        }
        return;
    }
    out->points = op->rule->as_loss ? wide_sub(full_of(op), r.value) : r.value;
}

static void describe_judged(const struct context *c, const struct op *op, const struct scored *s,
                            struct buf *out)
{
    char full[DEC_TEXT];
    (void)s;
    if (op->rule->as_loss) {
        buf_printf(out, _("judged a loss of "));
        describe_field(c, op->rule->field, out);
        buf_printf(out, _(" of %s points"), dec_text(op->full, DEC_EXACT, full));
    } else {
        buf_printf(out, _("judged "));
        describe_field(c, op->rule->field, out);
        buf_printf(out, _(" of %s points"), dec_text(op->full, DEC_EXACT, full));
    }
}

const struct method method_judged = {METHOD_JUDGED, score_judged, describe_judged, NULL, NULL};
