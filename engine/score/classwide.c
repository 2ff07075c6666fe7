/* classwide.c - one pass over a column for each item that needs figures of the class. */
#include "score/classwide.h"

#include "score/methods.h"

#include <stdlib.h>

bool classwide_needed(const struct rule *rule)
{
    return rule->method == METHOD_BEST || rule->method == METHOD_RANK ||
           (rule->method == METHOD_GAP && rule->target_class_mean);
}

void class_figures_add(struct class_figures *f, wide value)
{
    f->lowest = f->n == 0 ? value : wide_min(f->lowest, value);
    f->highest = f->n == 0 ? value : wide_max(f->highest, value);
    f->sum = wide_add(f->sum, value);
    f->n++;
}

void class_figures_join(struct class_figures *f, const struct class_figures *more)
{
    if (more->n == 0) {
        return;
    }
    f->lowest = f->n == 0 ? more->lowest : wide_min(f->lowest, more->lowest);
    f->highest = f->n == 0 ? more->highest : wide_max(f->highest, more->highest);
    f->sum = wide_add(f->sum, more->sum);
    f->n += more->n;
}

void class_figures_done(struct class_figures *f)
{
    if (f->n > 0) {
        f->mean = wide_muldiv(f->sum, 1, f->n);
    }
}

static int by_value(const void *a, const void *b)
{
    wide x = *(const wide *)a, y = *(const wide *)b;
    return (x > y) - (x < y);
}

/* Values of each group one after the other, sorted: places are then a binary search. */
static void sort_values(struct arena *a, const struct table *t, uint32_t field, uint32_t of,
                        struct class_figures *figures)
{
    wide **values = ARENA_ARRAY(a, wide *, t->groups.n);
    uint32_t *n = ARENA_ARRAY(a, uint32_t, t->groups.n);
    for (uint32_t g = 0; g < t->groups.n; g++) {
        values[g] = ARENA_ARRAY(a, wide, figures[g].n);
        figures[g].sorted = values[g];
    }
    for (uint32_t u = 0; u < t->units.n; u++) {
        wide value;
        if (read_exact(t, field, of, u, &value)) {
            uint32_t g = t->units.at[u].group;
            values[g][n[g]++] = value;
        }
    }
    for (uint32_t g = 0; g < t->groups.n; g++) {
        qsort(values[g], n[g], sizeof *values[g], by_value);
    }
}

static const struct class_figures *figures_of(struct arena *a, const struct table *t,
                                              uint32_t field, uint32_t of, bool sorted)
{
    struct class_figures *figures = ARENA_ARRAY(a, struct class_figures, t->groups.n);
    for (uint32_t u = 0; u < t->units.n; u++) {
        wide value;
        if (read_exact(t, field, of, u, &value)) {
            class_figures_add(&figures[t->units.at[u].group], value);
        }
    }
    for (uint32_t g = 0; g < t->groups.n; g++) {
        class_figures_done(&figures[g]);
    }
    if (sorted) {
        sort_values(a, t, field, of, figures);
    }
    return figures;
}

bool classwide_is_input(enum input_kind kind)
{
    return kind >= INPUT_CLASS_MAX && kind <= INPUT_CLASS_RANK;
}

/* Of each field once, sorted if any script asks for its place or median. */
static void script_figures(struct arena *a, const struct table *t, struct classwide *c)
{
    const struct rubric *r = t->rubric;
    bool *asked = ARENA_ARRAY(a, bool, r->fields.list.n);
    bool *sorted = ARENA_ARRAY(a, bool, r->fields.list.n);
    c->fields = ARENA_ARRAY(a, const struct class_figures *, r->fields.list.n);
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        const struct script *s = &r->scripts.at[i];
        for (uint32_t k = 0; k < s->inputs.n; k++) {
            const struct input *in = &s->inputs.at[k];
            if (classwide_is_input(in->kind)) {
                asked[in->index] = true;
                sorted[in->index] |= in->kind == INPUT_CLASS_RANK || in->kind == INPUT_CLASS_MEDIAN;
            }
        }
    }
    for (uint32_t field = 0; field < r->fields.list.n; field++) {
        if (asked[field]) {
            c->fields[field] = figures_of(a, t, field, FIELD_NONE, sorted[field]);
        }
    }
}

struct classwide *classwide_new(struct arena *a, const struct table *t)
{
    const struct rubric *r = t->rubric;
    struct classwide *c = ARENA_NEW(a, struct classwide);
    c->figures = ARENA_ARRAY(a, const struct class_figures *, r->members.n);
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (m->kind == MEMBER_ITEM && !m->off && classwide_needed(&m->rule)) {
            c->figures[i] =
                figures_of(a, t, m->rule.field, m->rule.of, m->rule.method == METHOD_RANK);
        }
    }
    script_figures(a, t, c);
    return c;
}

/* How many of the ascending values are below, or not above, the value. */
static uint32_t count_below(const struct class_figures *f, wide value, bool or_equal)
{
    uint32_t low = 0, high = f->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->sorted[middle] < value || (or_equal && f->sorted[middle] == value)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t classwide_place(const struct class_figures *f, wide value, bool lower_is_better)
{
    return 1 +
           (lower_is_better ? count_below(f, value, false) : f->n - count_below(f, value, true));
}

wide classwide_median(const struct class_figures *f)
{
    uint32_t middle = f->n / 2;
    return f->n % 2 == 1 ? f->sorted[middle]
                         : wide_muldiv(wide_add(f->sorted[middle - 1], f->sorted[middle]), 1, 2);
}
