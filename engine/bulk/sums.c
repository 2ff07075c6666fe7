/* sums.c - see sums.h. */
#include "bulk/sums.h"

#include "score/walk_parts.h"

#include <string.h>

/* Sums that are decs all the way go from section to section as decs; false: this one is none. */
static bool add_plain_section(struct tally *t, const struct tables *tables, uint32_t i)
{
    struct walk *w = &t->walk;
    uint32_t m = tables->plan->sections[i].member, parent = tables->parent[i];
    dec points, above;
    if (w->bounds_differ || tables->of_sections[i][PASS_ACTUAL] != 0 ||
        !sums_plain(tables->plain[i], tables->points[i], &points)) {
        return false;
    }
    if (parent != UINT32_MAX) {
        if (__builtin_add_overflow(tables->points[parent], points, &above)) {
            return false;
        }
        tables->points[parent] = above;
    }
    walk_set_all(w, m, wide_from_dec(points), true);
    w->cells[m] = (struct cellres){.points = points, .state = STATE_SCORED, .counts = true};
    w->points[m] = points;
    return true;
}

/* The section's sum in each pass; false: it is beyond all numbers. */
static bool add_any_section(struct tally *t, const struct tables *tables, uint32_t i)
{
    struct walk *w = &t->walk;
    const struct op_section *op = &tables->plan->sections[i];
    uint32_t m = op->member, parent = tables->parent[i];
    const wide *below = tables->of_sections[i];
    for (int pass = 0; pass < WALK_PASSES; pass++) {
        if (pass != PASS_ACTUAL && !w->bounds_differ) {
            w->passes[pass][m] = w->passes[PASS_ACTUAL][m];
            continue;
        }
        dec sum = tables->points[i] + (pass == PASS_ACTUAL ? 0 : tables->differences[i][pass]);
        wide scaled = aggregate_scaled(w, op, (enum walk_pass)pass,
                                       wide_add(wide_from_dec(sum), below[pass]));
        if (scaled == WIDE_NONE) {
            return false;
        }
        walk_section_points(w, op, (enum walk_pass)pass, scaled);
    }
    for (int pass = 0; pass < WALK_PASSES && parent != UINT32_MAX; pass++) {
        wide *above = tables->of_sections[parent];
        above[pass] = wide_add(above[pass], w->passes[pass][m].value);
    }
    w->cells[m].flags = 0;
    walk_settle(w, m);
    return true;
}

/* The section, and what of its full marks is reported, if that is asked for. */
static bool add_section(struct tally *t, const struct tables *tables, uint32_t i, bool bounds)
{
    struct walk *w = &t->walk;
    const struct op_section *op = &tables->plan->sections[i];
    uint32_t m = op->member;
    if (!add_plain_section(t, tables, i) && !add_any_section(t, tables, i)) {
        return false;
    }
    w->due[m] = w->reported[m] = wide_from_dec(op->points);
    if (bounds) {
        dec reported = tables->full[i] + tables->differences[i][DIFFERENCE_REPORTED];
        w->reported[m] = aggregate_due_share(
            op, wide_add(wide_from_dec(reported), tables->of_sections[i][DIFFERENCE_REPORTED]),
            wide_from_dec(op->members_sum));
        if (tables->parent[i] != UINT32_MAX) {
            wide *above = tables->of_sections[tables->parent[i]];
            above[DIFFERENCE_REPORTED] = wide_add(above[DIFFERENCE_REPORTED], w->reported[m]);
        }
    }
    return true;
}

bool sums_add_sections(struct tally *t, const struct tables *tables, bool bounds)
{
    struct walk *w = &t->walk;
    const struct plan *p = tables->plan;
    w->bounds_differ = bounds && t->differs;
    for (uint32_t i = 0; i < p->n_sections; i++) {
        uint32_t m = p->sections[i].member;
        if (p->sections[i].n_members == 0) {
            walk_set_all(w, m, 0, false);
            w->cells[m] = (struct cellres){.points = DEC_NONE, .state = STATE_NA};
            continue;
        }
        if (!add_section(t, tables, i, bounds)) {
            return false;
        }
    }
    return true;
}

/* All of a section's result but its points is the same for every row. */
static void begin_sections(struct walk *w)
{
    const struct plan *p = w->context.plan;
    for (uint32_t i = 0; i < p->n_sections; i++) {
        const struct op_section *op = &p->sections[i];
        bool counts = op->n_members > 0;
        w->cells[op->member] = (struct cellres){
            .points = DEC_NONE, .state = counts ? STATE_SCORED : STATE_NA, .counts = counts};
        w->points[op->member] = DEC_NONE;
        walk_set(w, op->member, PASS_ACTUAL, 0, counts);
        w->due[op->member] = w->reported[op->member] = wide_from_dec(op->points);
    }
}

/* What a total is made of. */
static void take_value(struct walk *w, uint32_t member)
{
    if (member != MEMBER_NONE && w->cells[member].counts) {
        walk_set(w, member, PASS_ACTUAL, wide_from_dec(w->points[member]), true);
    }
}

void sums_take_points(struct tally *t, const struct batch *b, uint32_t row)
{
    const struct tables *tables = b->tables[row];
    const uint32_t *members = tables->members;
    const dec *made = b->made + row;
    struct cellres *cells = t->walk.cells;
    dec *points = t->walk.points;
    uint32_t n = tables->plan->n_sections;
    if (!t->sections_begun) {
        begin_sections(&t->walk);
        t->sections_begun = true;
    }
    for (uint32_t i = 0; i < n; i++, made += BATCH_ROOM) {
        uint32_t m = members[i];
        if (cells[m].counts) {
            cells[m].points = points[m] = *made;
        }
    }
}

void sums_take_sections(struct tally *t, const struct batch *b, uint32_t row)
{
    struct walk *w = &t->walk;
    sums_take_points(t, b, row);
    w->bounds_differ = false;
    take_value(w, RUBRIC_ROOT);
    take_value(w, walk_rubric(w)->bonus);
    take_value(w, walk_rubric(w)->deductions);
}

void sums_forget(struct tally *t, const struct tables *tables)
{
    uint32_t n = tables->plan->n_sections;
    memset(tables->points, 0, sizeof *tables->points * n);
    memset(tables->differences, 0, sizeof *tables->differences * n);
    memset(tables->of_sections, 0, sizeof *tables->of_sections * n);
    t->differs = t->sections_begun = false;
}
