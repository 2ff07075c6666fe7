/*
 * walk_item.c - one item: condition, method, floor and cap, ceiling, rounding; and what silence or
 * "not applicable" make of it.
 */
#include "score/children.h"
#include "score/scripted.h"
#include "score/walk_parts.h"

#include "base/i18n.h"
#include "model/coverage.h"

wide walk_item_points(struct walk *w, const struct op *op, wide value, enum walk_pass pass)
{
    return wide_from_dec(walk_item_dec(w, op, value, pass));
}

/* Item results are quantised to eight places, and then rounded. */
dec walk_item_dec(struct walk *w, const struct op *op, wide value, enum walk_pass pass)
{
    value = walk_clamp(w, op->member, value, pass);
    value = walk_limited(w, op->member, value, pass);
    return walk_rounded_dec(w, op->member, wide_to_dec(value), walk_rubric(w)->round_item, pass);
}

static void item_not_applicable(struct walk *w, const struct op *op)
{
    uint32_t member = op->member;
    const struct member *m = op->of_member;
    wide value = 0;
    bool counts = walk_in_total(m) ? walk_policy_value(w, m, member, &value) : true;
    if (counts) {
        value = walk_item_points(w, op, value, PASS_ACTUAL);
    }
    w->cells[member].state = STATE_NA;
    w->leaves_even[member] = m->not_applicable == NA_EVEN;
    walk_set_all(w, member, value, counts);
    w->due[member] = w->reported[member] = counts ? wide_from_dec(op->full) : 0;
    char shown[DEC_TEXT];
    if (counts) {
        walk_say(w, STEP_STATE, member, value, _("not applicable: counts as %s"),
                 walk_shown(value, shown));
    } else {
        walk_say(w, STEP_STATE, member, WIDE_NONE, _("not applicable: left out"));
    }
}

/* What the unit reported of it is not looked at. In bonus and deductions it is 0: the loader lets
 * no waiver give them full marks. */
static void item_waived(struct walk *w, const struct op *op, const struct waiver *waiver)
{
    uint32_t member = op->member;
    if (w->trace) {
        walk_say(w, STEP_STATE, member, WIDE_NONE, _("waived, %s"),
                 waiver_text(w->trace->arena, waiver));
    }
    if (waiver->effect == WAIVER_FULL) {
        wide value = walk_item_points(w, op, wide_from_dec(op->full), PASS_ACTUAL);
        walk_set_all(w, member, value, true);
        w->due[member] = w->reported[member] = wide_from_dec(op->full);
    } else {
        item_not_applicable(w, op);
    }
    w->cells[member].state = STATE_WAIVED;
}

static uint32_t condition_fields(const struct cond *c, uint32_t *out, uint32_t n)
{
    if (c && c->left) {
        n = condition_fields(c->left, out, n);
        return condition_fields(c->right, out, n);
    }
    for (uint32_t i = 0; c && i < c->reads.n; i++, n++) {
        if (out) {
            out[n] = c->reads.at[i];
        }
    }
    if (c && c->op != COND_SCRIPT && c->operand.kind == OPERAND_FIELD) {
        if (out) {
            out[n] = c->operand.index;
        }
        n++;
    }
    return n;
}

/* What an item reads: its method's fields, from `by_method` on those of its condition. */
struct reads {
    const uint32_t *fields;
    uint32_t by_method, n;
};

static struct reads reads_of(const struct walk *w, const struct op *op)
{
    const struct cond *when = op->of_member->when;
    uint32_t by_method = rule_fields(op->rule, NULL, 0);
    uint32_t n = condition_fields(when, NULL, by_method);
    uint32_t *fields = ARENA_ARRAY(w->context.scratch, uint32_t, n);
    rule_fields(op->rule, fields, by_method);
    condition_fields(when, fields, by_method);
    return (struct reads){fields, by_method, n};
}

/* What counts as not reported, unless the item can use a bound. */
#define CELLS_NOT_REPORTED                                                                         \
    (1U << CELL_EMPTY | 1U << CELL_PLACEHOLDER | 1U << CELL_PLANNED | 1U << CELL_ABOUT |           \
     1U << CELL_AT_LEAST | 1U << CELL_AT_MOST)

/* The first field the item reads whose cell is in one of the states; FIELD_NONE if there is none.
 */
static uint32_t field_in_states(const struct walk *w, const struct op *op, unsigned states)
{
    struct reads r = reads_of(w, op);
    for (uint32_t i = 0; i < r.n; i++) {
        if (1U << w->context.table->columns[r.fields[i]].state[w->context.unit] & states) {
            return r.fields[i];
        }
    }
    return FIELD_NONE;
}

static void item_claimed(struct walk *w, const struct op *op, uint32_t field)
{
    const struct member *m = op->of_member;
    if (walk_in_total(m) && m->not_applicable == NA_UNSET) {
        walk_fail(
            w, FINDING_NA_WITHOUT_POLICY, field,
            _("'not applicable' does not count here: item '%s' states no not_applicable policy"),
            m->id);
        if (w->context.diag) {
            diag_hint(w->context.diag, _("let the rubric state `not_applicable:` for the item, its "
                                         "section or the whole sheet, or have the cell filled in"));
        }
        w->cells[op->member].state = STATE_ERROR;
    } else {
        item_not_applicable(w, op);
    }
}

static void missing_error(struct walk *w, const struct op *op)
{
    const struct rubric *r = walk_rubric(w);
    const char *id = op->of_member->id;
    uint32_t field = field_in_states(w, op, CELLS_NOT_REPORTED);
    if (op->rule->method == METHOD_PERIOD && field == FIELD_NONE) {
        walk_fail(w, FINDING_VALUE_MISSING, FIELD_NONE,
                  _("item '%s' needs a total of %s, and the unit has none"), id,
                  r->periods.at[op->rule->period].name);
    } else {
        walk_fail(w, FINDING_VALUE_MISSING, field,
                  _("item '%s' needs a value that is not reported (field %s)"), id,
                  field == FIELD_NONE ? "" : r->fields.list.at[field].id);
    }
    w->cells[op->member].state = STATE_ERROR;
}

static void item_missing(struct walk *w, const struct op *op)
{
    const struct member *m = op->of_member;
    uint32_t member = op->member;
    struct cellres *cell = &w->cells[member];
    cell->state = STATE_MISSING;
    if (!walk_in_total(m)) {
        walk_set_all(w, member, 0, true);
        walk_say(w, STEP_STATE, member, 0, _("not reported: 0"));
        return;
    }
    if (m->missing == MISSING_ERROR) {
        missing_error(w, op);
        return;
    }
    bool counts = m->missing != MISSING_UNSCORED;
    w->bounds_differ = true;
    w->leaves_even[member] = false;
    /* Gates at the item are decided by the points it has, before the bounds are made. */
    wide value = counts ? walk_item_points(w, op, 0, PASS_ACTUAL) : 0;
    walk_set(w, member, PASS_ACTUAL, value, counts);
    walk_set(w, member, PASS_LOW, 0, true);
    walk_set(w, member, PASS_HIGH, walk_item_points(w, op, wide_from_dec(op->full), PASS_HIGH),
             true);
    w->due[member] = wide_from_dec(op->full);
    w->reported[member] = 0;
    if (w->trace) {
        bool by_sign =
            cell->flags & (1U << FLAG_PLACEHOLDER | 1U << FLAG_PLANNED | 1U << FLAG_APPROXIMATE);
        walk_say(w, STEP_STATE, member, counts ? 0 : WIDE_NONE, "%s%s",
                 by_sign ? _("no usable value: counts as not reported") : _("not reported"),
                 counts ? _(": 0 points") : _(": left out"));
    }
}

static bool reason_lacking(const struct walk *w, const struct op *op, wide value)
{
    const struct member *m = op->of_member;
    uint32_t field = m->reason_field;
    if (field == FIELD_NONE || m->group == walk_rubric(w)->bonus) {
        return false;
    }
    bool lost = walk_in_total(m) ? value < wide_from_dec(op->full) : value > 0;
    uint8_t state = w->context.table->columns[field].state[w->context.unit];
    return lost && state != CELL_VALUE;
}

/* Without the evidence that is asked for the value is 0, whatever the method says. */
static bool evidence_lacking(struct walk *w, const struct op *op)
{
    const struct context *c = &w->context;
    if (!op->of_member->evidence_required || table_evidence(c->table, c->unit, op->member)) {
        return false;
    }
    w->cells[op->member].flags |= 1U << FLAG_NO_EVIDENCE;
    walk_say(w, STEP_STATE, op->member, 0, _("no evidence listed: no points"));
    return true;
}

static void item_scored(struct walk *w, const struct op *op, const struct scored *s)
{
    uint32_t member = op->member;
    struct cellres *cell = &w->cells[member];
    const struct member *m = op->of_member;
    bool lacking = evidence_lacking(w, op);
    cell->state = STATE_SCORED;
    walk_set_all(w, member, walk_item_points(w, op, lacking ? 0 : s->points, PASS_ACTUAL), true);
    if (!lacking && s->partly && walk_in_total(m)) {
        w->bounds_differ = true;
        walk_set(w, member, PASS_LOW, walk_item_points(w, op, s->low, PASS_LOW), true);
        walk_set(w, member, PASS_HIGH, walk_item_points(w, op, s->high, PASS_HIGH), true);
    }
    wide full = wide_from_dec(op->full);
    w->due[member] = full;
    w->reported[member] = wide_sub(full, wide_muldiv(full, s->untold, 100 * DEC_ONE));
    if (reason_lacking(w, op, w->passes[PASS_ACTUAL][member].value)) {
        cell->flags |= 1U << FLAG_NO_REASON;
        cell->state = STATE_ERROR;
        walk_fail(w, FINDING_NO_REASON, m->reason_field,
                  _("item '%s' lost points without a reason (field %s)"), m->id,
                  walk_rubric(w)->fields.list.at[m->reason_field].id);
    }
}

/* 9次, but 38 hours */
static const char *unit_behind(struct arena *a, const struct table *t, uint32_t unit,
                               uint32_t field)
{
    const struct field *f = &t->rubric->fields.list.at[field];
    if (t->columns[field].state[unit] != CELL_VALUE || !f->unit) {
        return "";
    }
    return arena_printf(a, "%s%s", (unsigned char)*f->unit < 0x80 ? " " : "", f->unit);
}

static void say_previous(struct walk *w, uint32_t member, uint32_t field)
{
    struct arena *a = w->trace->arena;
    const struct table *before = w->context.table->previous;
    const struct field *f = &walk_rubric(w)->fields.list.at[field];
    uint32_t unit = w->context.unit;
    if (!table_has_before(w->context.table, unit)) {
        walk_say(w, STEP_VALUE, member, WIDE_NONE,
                 before ? _("%s, previous period: the unit has no predecessor")
                        : _("%s, previous period: no data given"),
                 f->label);
        return;
    }
    const char *value = table_value_text(a, before, unit, field);
    if (*value) {
        walk_say(w, STEP_VALUE, member, WIDE_NONE, _("%s, previous period: %s%s (%s)"), f->label,
                 value, unit_behind(a, before, unit, field),
                 span_text(a, table_place(before, unit, field)));
    } else {
        walk_say(w, STEP_VALUE, member, WIDE_NONE, _("%s, previous period: not reported"),
                 f->label);
    }
}

static void say_value(struct walk *w, uint32_t member, uint32_t field)
{
    struct arena *a = w->trace->arena;
    const struct context *c = &w->context;
    const char *value = table_value_text(a, c->table, c->unit, field);
    const char *place = span_text(a, table_place(c->table, c->unit, field));
    const struct field *f = &walk_rubric(w)->fields.list.at[field];
    if (!*value) {
        walk_say(w, STEP_VALUE, member, WIDE_NONE, _("%s: not reported"), f->label);
    } else {
        walk_say(w, STEP_VALUE, member, WIDE_NONE, _("%s: %s%s (%s)"), f->label, value,
                 unit_behind(a, c->table, c->unit, field), place);
    }
}

static void say_period(struct walk *w, const struct op *op)
{
    struct arena *a = w->trace->arena;
    const struct table *t = w->context.table;
    uint32_t period = op->rule->period;
    const char *name = walk_rubric(w)->periods.at[period].name;
    struct period_total p = table_period(t, w->context.unit, period);
    char total[DEC_TEXT], of[DEC_TEXT];
    if (p.total == DEC_NONE) {
        walk_say(w, STEP_VALUE, op->member, WIDE_NONE,
                 p.unit == UNIT_NONE ? _("%s: the unit does not stand in its data")
                                     : _("%s: nothing of its sheet applies to the unit"),
                 name);
        return;
    }
    dec_text(p.total, DEC_EXACT, total);
    dec_text(p.of, DEC_EXACT, of);
    const struct table *part = t->periods[period].table;
    if (part) {
        walk_say(w, STEP_VALUE, op->member, WIDE_NONE, _("%s: total %s of %s (%s)"), name, total,
                 of, span_text(a, table_place(part, p.unit, FIELD_NONE)));
    } else { /* a test says it */
        walk_say(w, STEP_VALUE, op->member, WIDE_NONE, _("%s: total %s of %s"), name, total, of);
    }
}

static bool among(const uint32_t *fields, uint32_t n, uint32_t field)
{
    for (uint32_t i = 0; i < n; i++) {
        if (fields[i] == field) {
            return true;
        }
    }
    return false;
}

static void say_condition_values(struct walk *w, const struct op *op)
{
    struct reads r = reads_of(w, op);
    for (uint32_t i = r.by_method; i < r.n; i++) {
        if (!among(r.fields + r.by_method, i - r.by_method, r.fields[i])) {
            say_value(w, op->member, r.fields[i]);
        }
    }
    field_list before = {0};
    condition_previous(w->context.scratch, walk_rubric(w), op->of_member->when, &before);
    for (uint32_t i = 0; i < before.n; i++) {
        say_previous(w, op->member, before.at[i]);
    }
    children_say_condition(w, op->member, op->of_member->when);
}

/* But for those that were said with the condition. */
static void say_values(struct walk *w, const struct op *op)
{
    struct reads r = reads_of(w, op);
    field_list before = {0};
    condition_previous(w->context.scratch, walk_rubric(w), op->of_member->when, &before);
    uint32_t said = before.n;
    rule_previous(w->context.scratch, walk_rubric(w), op->rule, &before);
    for (uint32_t i = 0; i < r.by_method; i++) {
        if (!among(r.fields + r.by_method, r.n - r.by_method, r.fields[i])) {
            say_value(w, op->member, r.fields[i]);
        }
    }
    for (uint32_t i = said; i < before.n; i++) {
        say_previous(w, op->member, before.at[i]);
    }
    if (op->rule->method == METHOD_CHILDREN) {
        children_say(w, op);
    } else if (op->rule->method == METHOD_PERIOD) {
        say_period(w, op);
    }
}

/* Why the script says that the item does not apply. */
static void say_script(struct walk *w, const struct op *op)
{
    const char *reason = w->context.scripted->last.reason;
    const struct rubric *r = walk_rubric(w);
    if (w->context.scripted->last.state != CALL_NOT_APPLICABLE) {
        walk_say(w, STEP_RULE, op->member, WIDE_NONE, _("what it reads does not apply: %s"),
                 script_inputs_text(&w->context, op->rule->script));
    } else if (reason) {
        walk_say(w, STEP_RULE, op->member, WIDE_NONE, "%s: %s",
                 r->chunks.at[r->scripts.at[op->rule->script].chunk].name, reason);
    }
}

static void item_by_method(struct walk *w, const struct op *op)
{
    struct scored s = {.state = READ_OK};
    if (w->trace) {
        say_values(w, op);
    }
    op->method->score(&w->context, op, &s);
    w->cells[op->member].flags |= s.flags;
    coverage_way(w->context.coverage, w->context.unit, op->member, s.way);
    if (s.state == READ_OK && s.points == WIDE_NONE) {
        walk_fail(w, FINDING_OVERFLOW, op->rule->field,
                  _("the points of item '%s' are beyond ±92 billion"), op->of_member->id);
        s.state = READ_ERROR;
    }
    switch (s.state) {
    case READ_OK:
        if (w->trace) {
            struct buf text = {0};
            char points[DEC_TEXT];
            op->method->describe(&w->context, op, &s, &text);
            walk_say(w, STEP_RULE, op->member, s.points, "%s → %s", text.at ? text.at : "",
                     walk_shown(s.points, points));
            buf_release(&text);
            walk_say_flags(w, op->member, s.flags);
        }
        item_scored(w, op, &s);
        break;
    case READ_MISSING:
        item_missing(w, op);
        break;
    case READ_CLAIMED:
        item_claimed(w, op, field_in_states(w, op, 1U << CELL_NA));
        break;
    case READ_NA:
        if (op->rule->script != SCRIPT_NONE && w->trace) {
            say_script(w, op);
        }
        item_not_applicable(w, op);
        break;
    case READ_ERROR:
        walk_blame(w);
        w->cells[op->member].state = STATE_ERROR;
        break;
    }
}

static void replay_item(struct walk *w, const struct op *op)
{
    uint32_t member = op->member;
    const struct cellres *given = &w->replay->items[member];
    w->cells[member].state = given->state;
    bool left = given->state == STATE_NA || given->state == STATE_WAIVED;
    w->leaves_even[member] = left && op->of_member->not_applicable == NA_EVEN;
    walk_set_all(w, member, given->counts ? wide_from_dec(given->points) : 0, given->counts);
}

static void find_item(struct walk *w, const struct op *op, const struct waiver *waiver)
{
    const struct member *m = op->of_member;
    if (op->member == w->override_item) {
        w->cells[op->member].state = STATE_SCORED;
        w->due[op->member] = w->reported[op->member] = wide_from_dec(op->full);
        walk_set_all(w, op->member, wide_from_dec(w->override_points), true);
        return;
    }
    if (w->replay) {
        replay_item(w, op);
        return;
    }
    if (waiver && !waiver->expired) {
        item_waived(w, op, waiver);
        return;
    }
    if (waiver && w->trace) {
        walk_say(w, STEP_STATE, op->member, WIDE_NONE, _("a waiver that does not count, %s"),
                 waiver_text(w->trace->arena, waiver));
    }
    enum verdict verdict = VERDICT_YES;
    struct condition_input in = walk_condition_input(w);
    if (m->when) {
        in.empty_is_none = m->missing == MISSING_NONE;
        verdict = condition_holds(m->when, &in);
        if (w->trace) {
            say_condition_values(w, op);
            walk_say(w, STEP_STATE, op->member, WIDE_NONE,
                     verdict == VERDICT_YES  ? _("condition '%s' holds")
                     : verdict == VERDICT_NO ? _("condition '%s' does not hold")
                                             : _("condition '%s' cannot be decided"),
                     m->when->source_text);
        }
    }
    if (in.failed) {
        walk_blame(w);
        w->cells[op->member].state = STATE_ERROR;
    } else if (verdict == VERDICT_YES) {
        item_by_method(w, op);
    } else if (verdict == VERDICT_NO && !in.not_reported) {
        item_not_applicable(w, op);
    } else if (!in.not_reported && in.claimed_field != FIELD_NONE) {
        if (!table_reason(w->context.table, w->context.unit, in.claimed_field)) {
            w->cells[op->member].flags |= 1U << FLAG_NO_REASON;
        }
        item_claimed(w, op, in.claimed_field);
    } else if (!in.not_reported && in.not_there) {
        item_not_applicable(w, op);
    } else {
        w->cells[op->member].flags |= 1U << FLAG_NOT_REPORTED;
        item_missing(w, op);
    }
}

void walk_item(struct walk *w, const struct op *op)
{
    struct cellres *cell = &w->cells[op->member];
    const struct waiver *waiver = waiver_of(w->waivers, walk_rubric(w), op->member);
    find_item(w, op, waiver);
    if (!walk_in_total(op->of_member) && cell->state != STATE_ERROR) {
        /* rubric-language.md: in bonus and deductions silence and 不适用 earn 0 unflagged. */
        cell->flags &= cell->state == STATE_SCORED ? (uint16_t) ~(1U << FLAG_NOT_REPORTED) : 0;
    }
    if (waiver && waiver->expired) {
        cell->flags |= 1U << FLAG_WAIVER_EXPIRED;
    }
}
