/*
 * reading.c - from a cell to a value a method may count with.
 *
 * The four value states meet the item's `missing:` here, and one-sided values (60余) are taken by
 * their bound only where the true value could be no worse for the unit (rubric-language.md,
 * Values).
 */
#include "score/methods.h"

#include "base/i18n.h"

#define FLAG(kind) ((uint16_t)(1U << FLAG_##kind))

static struct reading missing(uint16_t flags)
{
    return (struct reading){.state = READ_MISSING, .flags = flags};
}

static struct reading claimed(const struct context *c, uint32_t field)
{
    struct reading r = {.state = READ_CLAIMED};
    if (!table_reason(c->table, c->unit, field)) {
        r.flags = FLAG(NO_REASON);
    }
    return r;
}

struct reading read_field(const struct context *c, const struct op *op, uint32_t field,
                          enum better better)
{
    const struct column *column = &c->table->columns[field];
    struct reading r = {.state = READ_OK};
    switch ((enum cell_state)column->state[c->unit]) {
    case CELL_EMPTY:
        if (op->of_member->missing == MISSING_NONE) {
            r.none = true;
            return r;
        }
        return missing(FLAG(NOT_REPORTED));
    case CELL_NONE:
        r.none = true;
        return r;
    case CELL_VALUE:
        r.value = wide_from_dec(column->value[c->unit]);
        return r;
    case CELL_AT_LEAST:
    case CELL_AT_MOST:
        r.flags = FLAG(APPROXIMATE);
        if (better != (column->state[c->unit] == CELL_AT_LEAST ? BETTER_HIGH : BETTER_LOW)) {
            return missing(r.flags);
        }
        r.bound = true;
        r.value = wide_from_dec(column->value[c->unit]);
        return r;
    case CELL_NA:
        return claimed(c, field);
    case CELL_ABOUT:
        return missing(FLAG(APPROXIMATE));
    case CELL_PLACEHOLDER:
        return missing(FLAG(PLACEHOLDER));
    case CELL_PLANNED:
        return missing(FLAG(PLANNED));
    case CELL_BAD:
        break;
    }
    return (struct reading){.state = READ_ERROR};
}

enum read_state graver_state(enum read_state a, enum read_state b)
{
    static const int gravity[] = {
        [READ_OK] = 0, [READ_NA] = 1, [READ_MISSING] = 2, [READ_CLAIMED] = 3, [READ_ERROR] = 4};
    return gravity[a] >= gravity[b] ? a : b;
}

enum better better_opposite(enum better better)
{
    return better == BETTER_HIGH ? BETTER_LOW : better == BETTER_LOW ? BETTER_HIGH : BETTER_EXACT;
}

struct reading read_input(const struct context *c, const struct op *op, enum better better)
{
    struct reading a = read_field(c, op, op->rule->field, better);
    if (op->rule->of == FIELD_NONE) {
        return a;
    }
    struct reading b = read_field(c, op, op->rule->of, better_opposite(better));
    struct reading r = {.state = graver_state(a.state, b.state),
                        .flags = (uint16_t)(a.flags | b.flags),
                        .bound = a.bound || b.bound};
    if (r.state != READ_OK) {
        return r;
    }
    if (b.value == 0) {
        r.state = READ_NA;
        return r;
    }
    if (a.value > b.value) {
        r.flags |= FLAG(CONTRADICTORY);
    }
    r.value = wide_muldiv(a.value, 100 * WIDE_ONE, b.value);
    return r;
}

struct context context_before(const struct context *c)
{
    struct context before = *c;
    before.table = c->table->previous;
    return before;
}

/* What was not reported then is no silence now: `missing:` speaks of this period's cells. */
struct reading read_previous(const struct context *c, const struct op *op, enum better better)
{
    const struct rule *rule = op->rule;
    struct context before = context_before(c);
    const uint32_t fields[] = {rule->field, rule->of};
    for (int i = 0; i < 2; i++) {
        if (fields[i] != FIELD_NONE &&
            (!before.table || !table_has_figure(before.table, c->unit, fields[i]))) {
            return (struct reading){.state = READ_NA};
        }
    }
    return read_input(&before, op, better);
}

bool take_reading(const struct reading *r, struct scored *out)
{
    out->flags |= r->flags;
    out->state = r->state;
    return r->state == READ_OK;
}

static bool exact_cell(const struct table *t, uint32_t field, uint32_t unit, wide *value)
{
    const struct column *column = &t->columns[field];
    uint8_t state = column->state[unit];
    *value = state == CELL_VALUE ? wide_from_dec(column->value[unit]) : 0;
    return state == CELL_VALUE || state == CELL_NONE;
}

bool read_exact(const struct table *t, uint32_t field, uint32_t of, uint32_t unit, wide *value)
{
    wide denominator;
    if (!exact_cell(t, field, unit, value)) {
        return false;
    }
    if (of == FIELD_NONE) {
        return true;
    }
    if (!exact_cell(t, of, unit, &denominator) || denominator == 0) {
        return false;
    }
    *value = wide_muldiv(*value, 100 * WIDE_ONE, denominator);
    return *value != WIDE_NONE;
}

bool earns_nothing(const struct op *op, wide value, bool bad_is_high)
{
    if (op->rule->nothing == NOTHING_NEVER) {
        return false;
    }
    dec shown = wide_to_dec(value);
    if (shown == op->nothing_value) {
        return op->rule->nothing == NOTHING_AT;
    }
    return bad_is_high ? shown > op->nothing_value : shown < op->nothing_value;
}

const char *describe_percent(const struct context *c, const struct op *op)
{
    const struct field *f = &c->plan->rubric->fields.list.at[op->rule->field];
    return op->rule->of != FIELD_NONE || f->type == FIELD_PERCENT ? "%" : "";
}

void describe_nothing(const struct op *op, wide value, bool bad_is_high, struct buf *out)
{
    if (earns_nothing(op, value, bad_is_high)) {
        buf_text(out, _("; here nothing is earned"));
    }
}

void describe_number(wide value, struct buf *out)
{
    char text[DEC_TEXT];
    buf_text(out, dec_text(wide_to_dec(value), DEC_EXACT, text));
}

void describe_field(const struct context *c, uint32_t field, struct buf *out)
{
    const char *text = table_value_text(c->scratch, c->table, c->unit, field);
    buf_text(out, *text ? text : "0");
}

void describe_input(const struct context *c, const struct op *op, struct buf *out)
{
    if (op->rule->of == FIELD_NONE) {
        describe_field(c, op->rule->field, out);
        return;
    }
    struct reading r = read_input(c, op, BETTER_HIGH);
    if (r.state != READ_OK) {
        r = read_input(c, op, BETTER_LOW);
    }
    char text[DEC_TEXT];
    describe_field(c, op->rule->field, out);
    buf_text(out, " ÷ ");
    describe_field(c, op->rule->of, out);
    buf_printf(out, " = %s%%", dec_text(wide_to_dec(r.value), DEC_EXACT, text));
}
