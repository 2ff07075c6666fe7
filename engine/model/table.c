/* table.c - asking a table for places, reasons, evidence and texts. */
#include "model/table.h"

#include "base/buf.h"
#include "base/i18n.h"

#include <string.h>

span table_place(const struct table *t, uint32_t unit, uint32_t field)
{
    return t->place ? t->place(t, unit, field) : (span){0};
}

bool rule_takes_child(const struct rule *rule, const struct unit *child)
{
    if (!rule->child_class) {
        return true;
    }
    /* Classes that only the data name have no index. */
    return rule->child_class_index != UINT32_MAX
               ? child->class == rule->child_class_index
               : strcmp(child->class_name, rule->child_class) == 0;
}

struct period_total table_period(const struct table *t, uint32_t unit, uint32_t period)
{
    if (!t->periods || !t->periods[period].totals) {
        return (struct period_total){.total = DEC_NONE, .of = DEC_NONE, .unit = UNIT_NONE};
    }
    return t->periods[period].totals[unit];
}

bool table_has_before(const struct table *t, uint32_t unit)
{
    return t->previous && t->previous->units.at[unit].in_data;
}

bool table_has_figure(const struct table *t, uint32_t unit, uint32_t field)
{
    switch ((enum cell_state)t->columns[field].state[unit]) {
    case CELL_VALUE:
    case CELL_NONE:
    case CELL_AT_LEAST:
    case CELL_AT_MOST:
    case CELL_ABOUT:
        return true;
    case CELL_EMPTY:
    case CELL_NA:
    case CELL_PLACEHOLDER:
    case CELL_PLANNED:
    case CELL_BAD:
        break;
    }
    return false;
}

/* The notes are sorted by (unit, index). */
static const char *find_note(const struct side_note *notes, uint32_t n, uint32_t unit,
                             uint32_t index)
{
    uint32_t from = 0, to = n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const struct side_note *note = &notes[middle];
        if (note->unit == unit && note->index == index) {
            return note->text;
        }
        if (note->unit < unit || (note->unit == unit && note->index < index)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return NULL;
}

const char *table_reason(const struct table *t, uint32_t unit, uint32_t field)
{
    return find_note(t->reasons.at, t->reasons.n, unit, field);
}

const char *table_evidence(const struct table *t, uint32_t unit, uint32_t member)
{
    return find_note(t->evidence.at, t->evidence.n, unit, member);
}

static const char *list_text(struct arena *a, const struct list_value *list)
{
    struct buf all = {0};
    for (uint32_t i = 0; i < list->n; i++) {
        buf_printf(&all, "%s%s", i ? "; " : "", list->texts[i]);
    }
    const char *text = arena_text(a, all.at ? all.at : "", all.n);
    buf_release(&all);
    return text;
}

static const char *value_text(struct arena *a, const struct table *t, uint32_t field, dec value)
{
    const struct field *f = &t->rubric->fields.list.at[field];
    if (f->type == FIELD_TEXT) {
        return t->texts.at[dec_to_int(value)];
    }
    if (f->type == FIELD_LIST) {
        return list_text(a, &t->lists.at[dec_to_int(value)]);
    }
    return field_value_text(a, f, value);
}

const char *table_value_text(struct arena *a, const struct table *t, uint32_t unit, uint32_t field)
{
    dec value = t->columns[field].value ? t->columns[field].value[unit] : 0;
    enum cell_state state =
        t->columns[field].state ? (enum cell_state)t->columns[field].state[unit] : CELL_EMPTY;
    const char *reason = table_reason(t, unit, field);
    switch (state) {
    case CELL_VALUE:
        return value_text(a, t, field, value);
    case CELL_NONE:
        return _("none");
    case CELL_NA:
        return reason ? arena_printf(a, _("not applicable (%s)"), reason) : _("not applicable");
    case CELL_AT_LEAST:
        return arena_printf(a, "≥%s", value_text(a, t, field, value));
    case CELL_AT_MOST:
        return arena_printf(a, "≤%s", value_text(a, t, field, value));
    case CELL_ABOUT:
        return arena_printf(a, _("about %s"), value_text(a, t, field, value));
    case CELL_PLACEHOLDER:
        return _("a placeholder");
    case CELL_PLANNED:
        return _("planned");
    case CELL_EMPTY:
    case CELL_BAD:
        break;
    }
    return "";
}
