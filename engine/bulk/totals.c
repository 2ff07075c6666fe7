/* totals.c - see totals.h. */
#include "bulk/totals.h"

#include "score/walk_parts.h"

/* ---- what is plain ---- */

/* Whether the condition, if there is one, reads fields of the unit and nothing else. */
static bool reads_fields(const struct cond *c)
{
    if (!c) {
        return true;
    }
    if (c->left) {
        return reads_fields(c->left) && reads_fields(c->right);
    }
    return c->op != COND_SCRIPT && c->operand.kind == OPERAND_FIELD;
}

static bool grades_are_bands(const struct rubric *r)
{
    bool bands = r->grades_script == SCRIPT_NONE;
    for (uint32_t g = 0; g < r->grades.n; g++) {
        bands &= r->grades.at[g].needs.n == 0;
    }
    return bands;
}

static bool gates_read_fields(const struct rubric *r)
{
    bool all = true;
    for (uint32_t g = 0; g < r->gates.n; g++) {
        all &= reads_fields(r->gates.at[g].when);
    }
    return all;
}

/* A table of all ways in which the fields can be that gates read; false: there are too many. */
static bool look_up_gates(struct arena *a, const struct store *s, const struct tables *tables,
                          struct plain_total *out)
{
    uint64_t ways = 1;
    bool fits = tables->n_always <= FIELDS_MOST;
    for (uint32_t i = 0; i < tables->n_always && fits; i++) {
        const struct packed_field *f = tables->taken[i];
        out->gates.at[i] = f->at;
        out->gates.times[i] = (uint32_t)ways;
        ways *= tables->room[f - s->fields];
        fits = !f->numbers && ways <= RESULTS_MOST;
    }
    out->gates.n_fields = tables->n_always;
    out->gates_seen = fits ? ARENA_ARRAY(a, uint8_t, ways) : NULL;
    return fits;
}

static uint32_t group_section(const struct plan *p, uint32_t member)
{
    uint32_t section = member == MEMBER_NONE ? UINT32_MAX : p->section_of[member];
    return section == UINT32_MAX || p->sections[section].n_members == 0 ? UINT32_MAX : section;
}

struct plain_total totals_of(struct arena *a, const struct store *s, const struct tables *tables)
{
    const struct plan *p = tables->plan;
    const struct rubric *r = p->rubric;
    struct plain_total out = {.base = group_section(p, RUBRIC_ROOT),
                              .bonus = group_section(p, r->bonus),
                              .deductions = group_section(p, r->deductions),
                              .least = r->members.at[RUBRIC_ROOT].floor_none ? -DEC_MAX : 0,
                              .most = r->total_cap == DEC_NONE ? DEC_MAX : r->total_cap};
    dec *from = ARENA_ARRAY(a, dec, r->grades.n);
    for (uint32_t g = 0; g < r->grades.n; g++) {
        from[g] = num_of(&r->grades.at[g].from, p->class); /* DEC_NONE is less than any total */
    }
    out.from = from;
    out.plain = out.base != UINT32_MAX && grades_are_bands(r) && gates_read_fields(r) &&
                look_up_gates(a, s, tables, &out);
    return out;
}

/* ---- rows ---- */

enum gates_seen { GATES_NOT_SEEN, GATES_OPEN, GATES_NOT_OPEN };

static bool gates_are_open(struct tally *t, struct batch *b, struct tables *tables, uint32_t row)
{
    uint32_t way = lookup_index(&tables->total.gates, b->rows[row].row);
    uint8_t *seen = &tables->total.gates_seen[way];
    if (*seen == GATES_NOT_SEEN) {
        *seen = tally_gates_open(t, b, row) ? GATES_OPEN : GATES_NOT_OPEN;
    }
    return *seen == GATES_OPEN;
}

/* The first band that it reaches, as band_of has it. No branch hangs on it: which one that is can
 * hardly be foretold. */
static inline uint32_t band_reached(const struct plain_total *total, uint32_t n, dec points)
{
    uint32_t band = GRADE_NONE;
    for (uint32_t g = n; g > 0; g--) {
        band = points >= total->from[g - 1] ? g - 1 : band;
    }
    return band;
}

static const dec *made_in(const struct batch *b, uint32_t section)
{
    static const dec nothing[BATCH_ROWS];
    return section == UINT32_MAX ? nothing : b->made + (size_t)section * BATCH_ROOM;
}

void totals_add(struct tally *t, struct batch *b, struct tables *tables, const uint32_t *rows,
                uint32_t n)
{
    const struct plain_total *total = &tables->total;
    const struct rubric *r = tables->plan->rubric;
    const dec *base = made_in(b, total->base), *bonus = made_in(b, total->bonus);
    const dec *deductions = made_in(b, total->deductions);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t row = rows[k];
        dec exact;
        if (b->state[row] != BATCH_ALL || __builtin_add_overflow(base[row], bonus[row], &exact) ||
            !gates_are_open(t, b, tables, row)) {
            continue;
        }
        exact -= deductions[row]; /* no section is less than nothing (sums_plain) */
        exact = exact < total->least ? total->least : exact;
        exact = exact > total->most ? total->most : exact;
        b->exact[row] = exact;
        b->total[row] = dec_round(exact, r->round_total);
        b->grade[row] = band_reached(total, r->grades.n, b->total[row]);
        b->state[row] = b->total[row] == DEC_NONE ? BATCH_ALL : BATCH_PLAIN;
    }
}
