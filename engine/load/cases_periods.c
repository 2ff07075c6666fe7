/* cases_periods.c - what a case says of the periods that its rubric is made of: the unit's totals,
 * of the full marks of each period's sheet. */
#include "load/cases.h"

#include "base/i18n.h"
#include "load/node.h"

static struct period_total *totals_of(struct arena *a, struct table *t, uint32_t period)
{
    struct period_total *totals = ARENA_ARRAY(a, struct period_total, t->units.n);
    for (uint32_t i = 0; i < t->units.n; i++) {
        totals[i] = (struct period_total){.total = DEC_NONE, .of = DEC_NONE, .unit = UNIT_NONE};
    }
    t->periods[period].totals = totals;
    return totals;
}

static uint32_t period_named(struct arena *a, struct diag *d, const struct rubric *r,
                             const struct node *key)
{
    uint32_t period = rubric_period(r, node_str(key));
    struct nearest nearest = {.name = node_str(key)};
    if (period != PERIOD_NONE) {
        return period;
    }
    diag_add(d, FINDING_UNKNOWN_PERIOD, key->at, _("'%s' is none of the rubric's periods"),
             key->text);
    for (uint32_t i = 0; i < r->periods.n; i++) {
        nearest_offer(&nearest, r->periods.at[i].name);
    }
    diag_did_you_mean(d, nearest_name(&nearest, a));
    return PERIOD_NONE;
}

static void read_totals(struct arena *a, struct diag *d, struct table *t, uint32_t unit,
                        struct node *map, struct period_total **totals)
{
    const struct rubric *r = t->rubric;
    struct unit *u = &t->units.at[unit];
    if (map->kind != NODE_MAP) {
        node_expect(d, map, _("a map of periods and totals"));
        return;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        struct node *value = map->pairs[i].value;
        uint32_t period = period_named(a, d, r, map->pairs[i].key);
        dec total;
        if (period == PERIOD_NONE || !r->periods.at[period].sheet ||
            !cases_number(d, value, _("a number of points"), &total)) {
            continue;
        }
        const struct rubric *sheet = r->periods.at[period].sheet;
        dec of = member_points(sheet, RUBRIC_ROOT, rubric_class(sheet, str_of(u->class_name)));
        if (of == DEC_NONE || of <= 0) {
            diag_add(d, FINDING_CLASS_WITHOUT_NUMBERS, value->at,
                     _("the sheet of %s has no points for the unit's class"),
                     r->periods.at[period].name);
            continue;
        }
        totals[period][unit] = (struct period_total){
            .total = total, .of = of, .low = total, .high = total, .reported = dec_from_int(100)};
    }
}

void cases_read_periods(struct arena *a, struct diag *d, struct table *t, struct node *const *units)
{
    uint32_t n_periods = t->rubric->periods.n;
    struct period_total **totals = ARENA_ARRAY(a, struct period_total *, (size_t)n_periods + 1);
    t->periods = ARENA_ARRAY(a, struct period_part, (size_t)n_periods + 1);
    for (uint32_t i = 0; i < n_periods; i++) {
        totals[i] = totals_of(a, t, i);
    }
    for (uint32_t i = 0; i < t->units.n; i++) {
        struct node *map = units[i]->kind == NODE_MAP ? node_get(units[i], "periods") : NULL;
        uint32_t errors = d->n_errors;
        if (map && !map->bad && !map->is_null) {
            read_totals(a, d, t, i, map, totals);
        }
        if (d->n_errors > errors) {
            t->units.at[i].bad = true;
            t->units.at[i].why = diag_last_text(d);
        }
    }
}
