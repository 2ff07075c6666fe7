/*
 * repair.c - one item at a time set to its best, the unit scored and placed again.
 */
#include "analyse/repair.h"

#include "analyse/order.h"
#include "analyse/rank.h"

/* What the item lost, and the points that would mend it; false if it lost nothing. */
static bool lost_by(const struct result *r, uint32_t unit, uint32_t item, dec *lost, dec *mended)
{
    const struct rubric *rubric = r->rubric;
    const struct member *m = &rubric->members.at[item];
    const struct cellres *got = result_member(r, unit, item);
    bool scored = got->state == STATE_SCORED || got->state == STATE_MISSING;
    if (m->kind != MEMBER_ITEM || !scored || !got->counts || got->points == DEC_NONE) {
        return false;
    }
    if (m->group != 0 && m->group != rubric->deductions) {
        return false;
    }
    bool taken_off = m->group != 0;
    dec full = member_points(rubric, item, r->table->units.at[unit].class);
    *mended = taken_off ? 0 : full;
    *lost = taken_off ? got->points : dec_sub(full, got->points);
    return *lost != DEC_NONE && *lost > 0;
}

static int by_gain(const void *context, uint32_t a, uint32_t b)
{
    const repairs *list = context;
    dec ga = list->at[a].gain, gb = list->at[b].gain;
    /* DEC_NONE is the least of all, so what brings no score stands last. */
    return ga == gb ? 0 : ga > gb ? -1 : 1;
}

struct mending {
    const struct result *result;
    uint32_t unit;
    repairs *found;
};

static void mended_one(void *context, uint32_t index, const struct outcome *outcome,
                       const struct cellres *members)
{
    struct mending *m = context;
    struct repair *repair = &m->found->at[index];
    struct arena scratch = {0};
    struct outcome o = *outcome;
    rank_what_if(&scratch, m->result, m->unit, &o, members);
    repair->total = o.total;
    repair->gain = dec_sub(o.total, m->result->outcomes[m->unit].total);
    repair->rank = o.rank;
    repair->grade = o.grade;
    arena_release(&scratch);
}

void repair_list(struct arena *a, const struct result *r, uint32_t unit, repairs *out)
{
    if (r->outcomes[unit].state == UNIT_ERROR) {
        return;
    }
    struct arena scratch = {0};
    repairs found = {0};
    VEC(struct what_if) asked = {0};
    for (uint32_t item = 0; item < r->n_members; item++) {
        dec lost, mended;
        if (lost_by(r, unit, item, &lost, &mended)) {
            *vec_push(&scratch, &asked) = (struct what_if){item, mended};
            *vec_push(a, &found) = (struct repair){.item = item, .lost = lost};
        }
    }
    struct mending mending = {r, unit, &found};
    r->scorer.what_if(r, unit, asked.at, asked.n, &(struct what_if_taker){mended_one, &mending});
    uint32_t *order = ARENA_ARRAY(&scratch, uint32_t, found.n);
    for (uint32_t i = 0; i < found.n; i++) {
        order[i] = i;
    }
    order_sort(&scratch, order, found.n, by_gain, &found);
    for (uint32_t i = 0; i < found.n; i++) {
        *vec_push(a, out) = found.at[order[i]];
    }
    arena_release(&scratch);
}
