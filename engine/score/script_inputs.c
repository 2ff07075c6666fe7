/* script_inputs.c - see script_inputs.h. */
#include "score/script_inputs.h"

#include "score/children.h"
#include "score/classwide.h"

#include <math.h>
#include <string.h>

static const struct rubric *rubric_of(const struct context *c) { return c->plan->rubric; }

static struct gathered absent(enum read_state state, uint16_t flags)
{
    return (struct gathered){.state = state, .flags = flags};
}

static struct gathered number(double value)
{
    return (struct gathered){.arg = {.kind = ARG_NUMBER, .number = value}};
}

static struct gathered figure(wide value)
{
    return value == WIDE_NONE ? absent(READ_ERROR, 0) : number(wide_to_double(value));
}

static struct gathered text(const char *at)
{
    return (struct gathered){.arg = {.kind = ARG_TEXT, .text = at, .n = strlen(at)}};
}

static struct gathered list(const struct context *c, const struct list_value *value)
{
    struct arg *args = ARENA_ARRAY(c->scratch, struct arg, value->n + 1);
    for (uint32_t i = 0; i < value->n; i++) {
        args[i] = value->values[i] != DEC_NONE ? number(dec_to_double(value->values[i])).arg
                                               : text(value->texts[i]).arg;
    }
    return (struct gathered){.arg = {.kind = ARG_LIST, .n = value->n, .list = args}};
}

struct gathered script_input_value(const struct context *c, uint32_t field, dec value)
{
    const struct field *f = &rubric_of(c)->fields.list.at[field];
    switch (f->type) {
    case FIELD_YESNO:
        return (struct gathered){.arg = {.kind = ARG_YESNO, .number = value != 0}};
    case FIELD_CHOICE:
        return text(f->options.at[dec_to_int(value)]);
    case FIELD_TEXT:
        return text(c->table->texts.at[dec_to_int(value)]);
    case FIELD_LIST:
        return list(c, &c->table->lists.at[dec_to_int(value)]);
    default:
        return number(dec_to_double(value));
    }
}

/* 无: zero, no, an empty text or list; of a date never, which is after every day. */
static struct gathered none_of(const struct field *f)
{
    switch (f->type) {
    case FIELD_YESNO:
        return (struct gathered){.arg = {.kind = ARG_YESNO}};
    case FIELD_CHOICE:
    case FIELD_TEXT:
        return text("");
    case FIELD_LIST:
        return (struct gathered){.arg = {.kind = ARG_LIST}};
    case FIELD_DATE:
        return number(INFINITY);
    default:
        return number(0);
    }
}

/* A bound is no value: nobody knows which way a script's points go with it. */
static struct gathered field_of(const struct context *c, uint32_t field, bool empty_is_none)
{
    const struct column *column = &c->table->columns[field];
    const struct field *f = &rubric_of(c)->fields.list.at[field];
    switch ((enum cell_state)column->state[c->unit]) {
    case CELL_VALUE:
        return script_input_value(c, field, column->value[c->unit]);
    case CELL_NONE:
        return none_of(f);
    case CELL_EMPTY:
        return empty_is_none ? none_of(f) : absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    case CELL_NA:
        return absent(READ_CLAIMED,
                      table_reason(c->table, c->unit, field) ? 0 : 1U << FLAG_NO_REASON);
    case CELL_AT_LEAST:
    case CELL_AT_MOST:
    case CELL_ABOUT:
        return absent(READ_MISSING, 1U << FLAG_APPROXIMATE);
    case CELL_PLACEHOLDER:
        return absent(READ_MISSING, 1U << FLAG_PLACEHOLDER);
    case CELL_PLANNED:
        return absent(READ_MISSING, 1U << FLAG_PLANNED);
    case CELL_BAD:
        break;
    }
    return absent(READ_ERROR, 0);
}

/* As in a condition: what was not there then is no silence now. */
static struct gathered previous_of(const struct context *c, uint32_t field)
{
    struct context before = context_before(c);
    if (!before.table || !table_has_figure(before.table, c->unit, field)) {
        return absent(READ_NA, 0);
    }
    return field_of(&before, field, false);
}

/* A member without a result: silence is passed on as silence, what does not apply as that. */
static struct gathered points_of(const struct context *c, uint32_t member, enum walk_pass pass)
{
    const struct walk_value *bound = &c->walk->passes[pass][member];
    dec points = pass == PASS_ACTUAL ? c->walk->points[member]
                 : bound->counts     ? wide_to_dec(bound->value)
                                     : DEC_NONE;
    if (points != DEC_NONE) {
        return number(dec_to_double(points));
    }
    switch ((enum member_state)c->walk->cells[member].state) {
    case STATE_MISSING:
        return absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    case STATE_ERROR:
        return absent(READ_ERROR, 0);
    default:
        return absent(READ_NA, 0);
    }
}

static struct gathered grade_of(const struct context *c, uint32_t member, enum walk_pass pass)
{
    const struct member *m = &rubric_of(c)->members.at[member];
    struct gathered points = points_of(c, member, pass);
    if (points.arg.kind == ARG_NIL) {
        return points;
    }
    uint32_t band =
        band_of(m->grades.at, m->grades.n, dec_from_double(points.arg.number), c->plan->class);
    return band == GRADE_NONE ? absent(READ_NA, 0) : text(m->grades.at[band].name);
}

static struct gathered class_of(const struct context *c, const struct input *in)
{
    const struct class_figures *f =
        &c->classwide->fields[in->index][c->table->units.at[c->unit].group];
    wide own;
    if (in->kind == INPUT_CLASS_COUNT) {
        return number(f->n);
    }
    if (f->n == 0) {
        return absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    }
    switch (in->kind) {
    case INPUT_CLASS_MAX:
        return figure(f->highest);
    case INPUT_CLASS_MIN:
        return figure(f->lowest);
    case INPUT_CLASS_MEAN:
        return figure(f->mean);
    case INPUT_CLASS_MEDIAN:
        return figure(classwide_median(f));
    case INPUT_CLASS_SUM:
        return figure(f->sum);
    default:
        if (c->table->columns[in->index].state[c->unit] == CELL_NA) {
            return field_of(c, in->index, false); /* nobody is placed by what does not apply */
        }
        return read_exact(c->table, in->index, FIELD_NONE, c->unit, &own)
                   ? number(classwide_place(f, own, false))
                   : absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    }
}

static struct gathered children_input(const struct context *c, const struct input *in)
{
    wide value;
    return children_figure(c, in->figure, in->index, &value) ? figure(value) : absent(READ_NA, 0);
}

static struct gathered total_of(const struct context *c)
{
    dec total = c->walk->outcome.total;
    return total == DEC_NONE ? absent(READ_NA, 0) : number(dec_to_double(total));
}

struct gathered script_input(const struct context *c, const struct input *in,
                             const struct script_case *what)
{
    const struct unit *unit = &c->table->units.at[c->unit];
    switch (in->kind) {
    case INPUT_FIELD:
        return field_of(c, in->index, what->empty_is_none);
    case INPUT_FULL:
        return number(dec_to_double(what->full));
    case INPUT_UNIT_ID:
        return text(unit->id);
    case INPUT_UNIT_CLASS:
        return text(unit->class_name);
    case INPUT_POINTS:
        return points_of(c, in->index, what->pass);
    case INPUT_BASE:
        return points_of(c, RUBRIC_ROOT, what->pass);
    case INPUT_TOTAL:
        return total_of(c);
    case INPUT_GRADE:
        return grade_of(c, in->index, what->pass);
    case INPUT_PREVIOUS:
        return previous_of(c, in->index);
    case INPUT_CHILDREN:
        return children_input(c, in);
    default:
        return class_of(c, in);
    }
}
