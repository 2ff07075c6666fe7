/* standing.c - see standing.h. */
#include "model/standing.h"

enum standing standing_of(const struct ranking *by, const struct outcome *o)
{
    if (o->state != UNIT_RANKED || (o->vetoed && by->vetoed == VETOED_UNRANKED)) {
        return TIER_UNRANKED;
    }
    return o->vetoed && by->vetoed == VETOED_LAST ? TIER_VETOED : TIER_RANKED;
}

static dec field_value(const struct table *t, uint32_t unit, uint32_t field)
{
    const struct column *column = &t->columns[field];
    if (!column->state) {
        return DEC_NONE;
    }
    switch ((enum cell_state)column->state[unit]) {
    case CELL_VALUE:
    case CELL_NONE:
        return column->value[unit];
    case CELL_AT_LEAST: /* a bound proves no order */
    case CELL_AT_MOST:
    case CELL_EMPTY:
    case CELL_NA:
    case CELL_ABOUT:
    case CELL_PLACEHOLDER:
    case CELL_PLANNED:
    case CELL_BAD:
        break;
    }
    return DEC_NONE;
}

/* 0 is the best of the section's own grades, lower ones count downwards. */
static dec section_grade(const struct result *r, const struct contender *c, uint32_t section)
{
    const struct member *m = &r->rubric->members.at[section];
    uint32_t class = r->table->units.at[c->unit].class;
    dec points = c->members[section].points;
    uint32_t grade =
        points == DEC_NONE ? GRADE_NONE : band_of(m->grades.at, m->grades.n, points, class);
    return grade == GRADE_NONE ? DEC_NONE : -dec_from_int(grade);
}

dec standing_break(const struct result *r, const struct contender *c, const struct operand *by)
{
    const struct table *t = r->table;
    switch (by->kind) {
    case OPERAND_FIELD:
        return field_value(t, c->unit, by->index);
    case OPERAND_PREVIOUS:
        return t->previous ? field_value(t->previous, c->unit, by->index) : DEC_NONE;
    case OPERAND_POINTS:
        return c->members[by->index].points;
    case OPERAND_BASE:
        return c->members[RUBRIC_ROOT].points;
    case OPERAND_TOTAL:
        return c->outcome->total;
    case OPERAND_GRADE:
        return section_grade(r, c, by->index);
    case OPERAND_CHILDREN: /* no tie-break reads them */
        break;
    }
    return DEC_NONE;
}

static int compare_break(const struct result *r, const struct tie_break *by,
                         const struct contender *a, const struct contender *b)
{
    dec va = standing_break(r, a, &by->by), vb = standing_break(r, b, &by->by);
    if (va == vb) {
        return 0;
    }
    if (va == DEC_NONE || vb == DEC_NONE) {
        return va == DEC_NONE ? 1 : -1; /* without a value: last, whichever way is better */
    }
    return (va > vb) == !by->lower_first ? -1 : 1;
}

int standing_compare(const struct result *r, const struct contender *a, const struct contender *b)
{
    const struct ranking *by = &r->rubric->ranking;
    enum standing ta = standing_of(by, a->outcome), tb = standing_of(by, b->outcome);
    if (ta != tb) {
        return ta < tb ? -1 : 1;
    }
    dec pa = by->on_exact ? a->outcome->exact : a->outcome->total;
    dec pb = by->on_exact ? b->outcome->exact : b->outcome->total;
    if (pa != pb) {
        return (pa > pb) == !by->lower_is_better ? -1 : 1;
    }
    int order = 0;
    for (uint32_t i = 0; i < by->breaks.n && order == 0; i++) {
        order = compare_break(r, &by->breaks.at[i], a, b);
    }
    return order;
}
