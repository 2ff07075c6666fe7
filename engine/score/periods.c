/* periods.c - see periods.h. */
#include "score/periods.h"

#include "base/i18n.h"

/* A unit without any, to begin with. */
static struct period_total *totals_new(struct arena *a, uint32_t n)
{
    struct period_total *totals = ARENA_ARRAY(a, struct period_total, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        totals[i] = (struct period_total){.total = DEC_NONE, .of = DEC_NONE, .unit = UNIT_NONE};
    }
    return totals;
}

static void take_total(struct unit *unit, const struct outcome *o, struct period_total *out)
{
    if (o->state == UNIT_ERROR) {
        unit->why = unit->bad ? unit->why : o->why;
        unit->bad = true;
    } else if (o->total != DEC_NONE && o->of > 0) {
        out->total = o->total;
        out->of = o->of;
        out->low = o->low;
        out->high = o->high;
        out->reported = o->reported;
    }
}

void periods_score(struct arena *a, struct diag *d, struct table *t,
                   const struct run_options *options)
{
    struct run_options of_part = options ? *options : (struct run_options){0};
    of_part.coverage = NULL; /* that of the year's own rules */
    for (uint32_t i = 0; t->periods && i < t->rubric->periods.n; i++) {
        struct period_part *part = &t->periods[i];
        if (!part->table) {
            continue;
        }
        const struct period *period = &t->rubric->periods.at[i];
        uint32_t first = d->findings.n;
        struct result *r = run_score(a, d, part->table, &of_part);
        /* Several periods may have the same sheet, and a finding stands in the sheet. */
        diag_note_all(d, first, period->at,
                      arena_printf(a, _("found in scoring %s"), period->name));
        struct period_total *totals = totals_new(a, t->units.n);
        for (uint32_t u = 0; u < r->n_units; u++) {
            uint32_t unit = part->units[u];
            if (unit != UNIT_NONE) {
                totals[unit].unit = u;
                take_total(&t->units.at[unit], &r->outcomes[u], &totals[unit]);
            }
        }
        part->totals = totals;
        part->result = r;
    }
}
