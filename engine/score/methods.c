/* methods.c - the table; the leaves stand in method_*.c. */
#include "score/methods.h"

#include <assert.h>

static const struct method *const methods[N_METHODS] = {
    [METHOD_YESNO] = &method_yesno,       [METHOD_CHECKLIST] = &method_checklist,
    [METHOD_LADDER] = &method_ladder,     [METHOD_CHOICE] = &method_choice,
    [METHOD_JUDGED] = &method_judged,     [METHOD_EACH] = &method_each,
    [METHOD_SHORT] = &method_short,       [METHOD_RATIO] = &method_ratio,
    [METHOD_GAP] = &method_gap,           [METHOD_TIERS] = &method_tiers,
    [METHOD_LINEAR] = &method_linear,     [METHOD_LATE] = &method_late,
    [METHOD_RATING] = &method_rating,     [METHOD_BEST] = &method_best,
    [METHOD_RANK] = &method_rank,         [METHOD_CHANGE] = &method_change,
    [METHOD_CHILDREN] = &method_children, [METHOD_FORMULA] = &method_formula,
    [METHOD_PERIOD] = &method_period,     [METHOD_LUA] = &method_lua,
};

const struct method *method_of(enum method_id id)
{
    assert((unsigned)id < N_METHODS && methods[id]->id == id);
    return methods[id];
}

wide line_points(const struct line *l, wide value)
{
    wide points = wide_muldiv(wide_sub(value, l->from), l->times, l->by);
    return wide_max(l->least, wide_min(points, l->most));
}
