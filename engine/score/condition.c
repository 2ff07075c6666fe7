/* condition.c - evaluates `when`: see condition.h. */
#include "score/condition.h"

#include "score/children.h"
#include "score/scripted.h"

#include <string.h>

/* A value known exactly, or between bounds. */
struct known {
    bool any;         /* something is known */
    dec low, high;    /* DEC_NONE: no bound on that side */
    const char *text; /* of a text field */
};

static struct known exactly(dec value)
{
    return (struct known){value != DEC_NONE, value, value, NULL};
}

/* 无 is zero, no or an empty text; of a date it is never: after every day. */
static struct known known_none(enum field_type type)
{
    struct known known = exactly(type == FIELD_DATE ? DEC_MAX : 0);
    known.text = "";
    return known;
}

static struct known known_field(const struct table *table, uint32_t field,
                                struct condition_input *in)
{
    const struct column *column = &table->columns[field];
    dec value = column->value[in->unit];
    struct known known = {0};
    switch ((enum cell_state)column->state[in->unit]) {
    case CELL_VALUE:
        known = exactly(value);
        if (in->rubric->fields.list.at[field].type == FIELD_TEXT) {
            known.text = table->texts.at[dec_to_int(value)];
        }
        return known;
    case CELL_NONE:
        return known_none(in->rubric->fields.list.at[field].type);
    case CELL_AT_LEAST:
        return (struct known){true, value, DEC_NONE, NULL};
    case CELL_AT_MOST:
        return (struct known){true, DEC_NONE, value, NULL};
    case CELL_NA:
        in->claimed_field = field;
        return known;
    case CELL_EMPTY:
        if (in->empty_is_none) {
            return known_none(in->rubric->fields.list.at[field].type);
        }
        in->not_reported = true;
        return known;
    default:
        in->not_reported = true;
        return known;
    }
}

/* `missing:` speaks of this period's cells: what the previous one has no figure or word for is not
 * there, and that is no silence of this period. */
static struct known known_previous(uint32_t field, struct condition_input *in)
{
    const struct table *before = in->table->previous;
    if (!before || !table_has_figure(before, in->unit, field)) {
        in->not_there = true;
        return (struct known){0};
    }
    return known_field(before, field, in);
}

/* Points may be absent because silence left them out; what does not apply is no silence. */
static struct known known_points(uint32_t member, struct condition_input *in)
{
    if (in->points[member] == DEC_NONE) {
        bool silent = in->cells[member].state == STATE_MISSING;
        in->not_reported |= silent;
        in->not_there |= !silent;
    }
    return exactly(in->points[member]);
}

/* Without children nothing can be said of them but how many there are. */
static struct known known_children(const struct operand *o, struct condition_input *in)
{
    wide value;
    if (!children_figure(in->context, o->figure, o->index, &value)) {
        in->not_there = true;
        return (struct known){0};
    }
    return exactly(wide_to_dec(value));
}

static struct known known_operand(const struct operand *o, struct condition_input *in)
{
    switch (o->kind) {
    case OPERAND_FIELD:
        return known_field(in->table, o->index, in);
    case OPERAND_PREVIOUS:
        return known_previous(o->index, in);
    case OPERAND_POINTS:
        return known_points(o->index, in);
    case OPERAND_BASE:
        return known_points(RUBRIC_ROOT, in);
    case OPERAND_TOTAL:
        return exactly(in->total);
    case OPERAND_CHILDREN:
        return known_children(o, in);
    case OPERAND_GRADE:
        break;
    }
    const struct member *m = &in->rubric->members.at[o->index];
    struct known points = known_points(o->index, in);
    if (!points.any) {
        return points;
    }
    uint32_t band = band_of(m->grades.at, m->grades.n, points.low, in->class);
    return exactly(band == GRADE_NONE ? DEC_NONE : dec_from_int(band));
}

static enum verdict verdict(bool yes, bool no)
{
    return yes ? VERDICT_YES : no ? VERDICT_NO : VERDICT_UNKNOWN;
}

static enum verdict negated(enum verdict v)
{
    return v == VERDICT_UNKNOWN ? v : v == VERDICT_YES ? VERDICT_NO : VERDICT_YES;
}

/* value < limit, proven or disproven by the bounds. */
static enum verdict below(const struct known *k, dec limit, bool or_equal)
{
    bool has_high = k->high != DEC_NONE, has_low = k->low != DEC_NONE;
    bool yes = has_high && (k->high < limit || (or_equal && k->high == limit));
    bool no = has_low && (k->low > limit || (!or_equal && k->low == limit));
    return verdict(yes, no);
}

static enum verdict equals(const struct known *k, const struct cond *c)
{
    if (c->text) {
        bool same = k->text && strcmp(k->text, c->text) == 0;
        return same ? VERDICT_YES : VERDICT_NO;
    }
    bool exact = k->low != DEC_NONE && k->low == k->high;
    bool outside =
        (k->low != DEC_NONE && k->low > c->value) || (k->high != DEC_NONE && k->high < c->value);
    return verdict(exact && k->low == c->value, outside || (exact && k->low != c->value));
}

static enum verdict compare(const struct cond *c, const struct known *k)
{
    switch (c->op) {
    case COND_LT:
        return below(k, c->value, false);
    case COND_LE:
        return below(k, c->value, true);
    case COND_GT:
        return negated(below(k, c->value, true));
    case COND_GE:
        return negated(below(k, c->value, false));
    case COND_EQ:
        return equals(k, c);
    case COND_NE:
        return negated(equals(k, c));
    default:
        return verdict(k->low != DEC_NONE && k->low != 0, k->high == 0);
    }
}

/* A script is not asked where a value is not there, unless it says that it deals with that. */
static enum verdict script_verdict(const struct cond *c, struct condition_input *in)
{
    struct script_case what = {.member = MEMBER_NONE, .empty_is_none = in->empty_is_none};
    struct script_outcome got = script_run(in->context, c->script, &what);
    if (got.state == READ_OK) {
        return in->context->scripted->last.yes ? VERDICT_YES : VERDICT_NO;
    }
    /* Both are told: what does not apply does not hide what is not reported. */
    in->not_reported |= got.silent || got.state == READ_MISSING;
    if (got.claimed_field != FIELD_NONE) {
        in->claimed_field = got.claimed_field;
    }
    in->not_there |= got.state == READ_NA;
    in->failed |= got.state == READ_ERROR;
    return VERDICT_UNKNOWN;
}

enum verdict condition_holds(const struct cond *c, struct condition_input *in)
{
    enum verdict left, right;
    switch (c->op) {
    case COND_SCRIPT:
        return script_verdict(c, in);
    case COND_NOT:
        return negated(condition_holds(c->left, in));
    case COND_AND:
        left = condition_holds(c->left, in);
        right = condition_holds(c->right, in);
        return verdict(left == VERDICT_YES && right == VERDICT_YES,
                       left == VERDICT_NO || right == VERDICT_NO);
    case COND_OR:
        left = condition_holds(c->left, in);
        right = condition_holds(c->right, in);
        return verdict(left == VERDICT_YES || right == VERDICT_YES,
                       left == VERDICT_NO && right == VERDICT_NO);
    default:
        break;
    }
    struct known known = known_operand(&c->operand, in);
    if (!known.any) {
        return VERDICT_UNKNOWN;
    }
    enum verdict told = compare(c, &known);
    if (told == VERDICT_UNKNOWN) {
        in->not_reported = true; /* a bound that proves neither is no answer */
    }
    return told;
}
