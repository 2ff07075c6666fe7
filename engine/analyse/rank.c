/*
 * rank.c - who stands where.
 *
 *   order   [ street: rank 1, 2, 2, 4 | vetoed 5 | without a rank, by id ][ bureau: … ]
 *             tier 0                    tier 1     tier 2
 *
 * Points decide within a tier, then the tie-breaks in turn. Ids order only the printout.
 */
#include "analyse/rank.h"

#include "analyse/grade.h"
#include "analyse/order.h"
#include "model/standing.h"

#include <assert.h>
#include <string.h>

static uint32_t scope_of(const struct result *r, uint32_t unit)
{
    return r->rubric->ranking.within_all ? 0 : r->table->units.at[unit].group;
}

/* ---- comparing ---- */

/* Two ranked units of one scope. */
static int compare_places(const struct variant *v, uint32_t a, uint32_t b)
{
    struct contender first = {a, variant_outcome(v, a), variant_members(v, a)};
    struct contender second = {b, variant_outcome(v, b), variant_members(v, b)};
    return standing_compare(v->result, &first, &second);
}

dec rank_break_value(const struct result *r, uint32_t unit, const struct tie_break *by)
{
    struct contender as_is = contender_of(r, unit);
    return standing_break(r, &as_is, &by->by);
}

/* ---- the order of the printout ---- */

struct printout {
    struct variant as_is;
    const struct table *table;
    uint32_t *first_unit;  /* [group] some unit of it */
    uint32_t *group_place; /* [group] */
};

static int compare_groups(const void *context, uint32_t a, uint32_t b)
{
    const struct printout *p = context;
    uint32_t ca = p->table->units.at[p->first_unit[a]].class;
    uint32_t cb = p->table->units.at[p->first_unit[b]].class;
    if (ca != cb) {
        return ca < cb ? -1 : 1;
    }
    return strcmp(p->table->groups.at[a], p->table->groups.at[b]);
}

static int compare_units(const void *context, uint32_t a, uint32_t b)
{
    const struct printout *p = context;
    const struct result *r = p->as_is.result;
    uint32_t ga = p->group_place[scope_of(r, a)], gb = p->group_place[scope_of(r, b)];
    if (ga != gb) {
        return ga < gb ? -1 : 1;
    }
    bool ranked_a = r->outcomes[a].state == UNIT_RANKED,
         ranked_b = r->outcomes[b].state == UNIT_RANKED;
    if (ranked_a != ranked_b) {
        return ranked_a ? -1 : 1;
    }
    int order = ranked_a ? compare_places(&p->as_is, a, b) : 0;
    return order ? order : strcmp(p->table->units.at[a].id, p->table->units.at[b].id);
}

static void place_groups(struct arena *scratch, struct printout *p)
{
    uint32_t n = p->table->groups.n;
    p->first_unit = ARENA_ARRAY(scratch, uint32_t, n + 1);
    p->group_place = ARENA_ARRAY(scratch, uint32_t, n + 1);
    for (uint32_t unit = p->table->units.n; unit-- > 0;) {
        p->first_unit[p->table->units.at[unit].group] = unit;
    }
    uint32_t *list = ARENA_ARRAY(scratch, uint32_t, n + 1);
    for (uint32_t g = 0; g < n; g++) {
        list[g] = g;
    }
    order_sort(scratch, list, n, compare_groups, p);
    for (uint32_t i = 0; i < n; i++) {
        p->group_place[list[i]] = i;
    }
}

static void sort_units(struct arena *scratch, const struct printout *p, struct result *r)
{
    for (uint32_t i = 0; i < r->n_units; i++) {
        r->order[i] = i;
    }
    order_sort(scratch, r->order, r->n_units, compare_units, p);
}

struct quota_order {
    const struct printout *p;
    const struct quota_use *uses;
};

static int compare_quotas(const void *context, uint32_t a, uint32_t b)
{
    const struct quota_order *o = context;
    const struct quota_use *ua = &o->uses[a], *ub = &o->uses[b];
    if (ua->grade != ub->grade) {
        return ua->grade < ub->grade ? -1 : 1;
    }
    if (ua->group == ub->group) {
        return 0;
    }
    return o->p->group_place[ua->group] < o->p->group_place[ub->group] ? -1 : 1;
}

/* They were given out in the order of the data. */
static void sort_quotas(struct arena *scratch, const struct printout *p, struct ranking_result *out)
{
    uint32_t n = out->quotas.n, *order = ARENA_ARRAY(scratch, uint32_t, n);
    struct quota_use *uses = ARENA_ARRAY(scratch, struct quota_use, n);
    struct quota_order context = {p, uses};
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        uses[i] = out->quotas.at[i];
    }
    order_sort(scratch, order, n, compare_quotas, &context);
    for (uint32_t i = 0; i < n; i++) {
        out->quotas.at[i] = uses[order[i]];
    }
}

/* ---- places ---- */

void rank_settle(const struct ranking *by, struct outcome *o)
{
    if (o->state == UNIT_RANKED && o->vetoed && by->vetoed == VETOED_UNRANKED) {
        o->state = UNIT_VETOED_UNRANKED;
    }
    if (o->state == UNIT_VETOED_UNRANKED && (!o->vetoed || by->vetoed != VETOED_UNRANKED)) {
        o->state = UNIT_RANKED; /* a result ranked before, with another outcome now */
    }
    assert(o->state != UNIT_RANKED || (o->total != DEC_NONE && o->exact != DEC_NONE));
    o->rank = o->ranked = 0;
    o->tied_at_cut = false;
}

struct tied_units {
    const struct variant *v;
    const struct placed *list;
};

/* For a variant the ranks of a result that is ranked tell which of the others are tied. */
static bool tied_units(const void *context, uint32_t before, uint32_t after)
{
    const struct tied_units *t = context;
    const struct variant *v = t->v;
    uint32_t a = t->list[before].unit, b = t->list[after].unit;
    if (v->unit != UNIT_NONE && a != v->unit && b != v->unit) {
        return v->result->outcomes[a].rank == v->result->outcomes[b].rank;
    }
    return compare_places(v, a, b) == 0;
}

void rank_placed(const struct ranking *by, struct placed *list, uint32_t n, placed_tied tied,
                 const void *context)
{
    uint32_t place = 0; /* units of this scope so far */
    for (uint32_t i = 0; i < n; i++) {
        bool same_scope = i > 0 && (by->within_all || list[i].group == list[i - 1].group);
        place = same_scope ? place + 1 : 1;
        if (!same_scope) {
            list[i].rank = 1;
        } else if (tied(context, i - 1, i)) {
            list[i].rank = list[i - 1].rank;
        } else {
            list[i].rank = by->dense ? list[i - 1].rank + 1 : place;
        }
    }
}

static void give_ranks(const struct variant *v, struct placed *list, uint32_t n)
{
    struct tied_units context = {v, list};
    rank_placed(&v->result->rubric->ranking, list, n, tied_units, &context);
}

static void count_ranked(struct arena *scratch, struct result *r)
{
    uint32_t *ranked = ARENA_ARRAY(scratch, uint32_t, r->table->groups.n + 1);
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        ranked[scope_of(r, unit)] += r->outcomes[unit].state == UNIT_RANKED;
    }
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        r->outcomes[unit].ranked = ranked[scope_of(r, unit)];
    }
}

void grade_without_rank(const struct variant *v, uint32_t unit, struct outcome *o)
{
    o->grade = grade_unranked(v, unit);
    if (o->grade == GRADE_NONE) {
        o->grade_by_band = GRADE_NONE;
    }
}

void rank_units(struct arena *a, struct result *r, struct ranking_result *out)
{
    struct arena scratch = {0};
    *out = (struct ranking_result){0};
    r->order = ARENA_ARRAY(a, uint32_t, r->n_units);
    for (uint32_t unit = 0; unit < r->n_units; unit++) {
        rank_settle(&r->rubric->ranking, &r->outcomes[unit]);
    }
    struct printout p = {.as_is = {.result = r, .unit = UNIT_NONE}, .table = r->table};
    count_ranked(&scratch, r);
    place_groups(&scratch, &p);
    sort_units(&scratch, &p, r);

    struct variant as_is = {.result = r, .unit = UNIT_NONE};
    struct placed *list = ARENA_ARRAY(&scratch, struct placed, r->n_units);
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_units; i++) {
        struct outcome *o = &r->outcomes[r->order[i]];
        if (o->state == UNIT_RANKED) {
            list[n++] = placed_of(&as_is, r->order[i]);
        } else {
            grade_without_rank(&as_is, r->order[i], o);
        }
    }
    give_ranks(&as_is, list, n);
    grade_by_quota(a, &scratch, &as_is, list, n, out);
    sort_quotas(&scratch, &p, out);
    for (uint32_t i = 0; i < n; i++) {
        struct outcome *o = &r->outcomes[list[i].unit];
        o->rank = list[i].rank;
        o->grade = list[i].grade;
        o->tied_at_cut = list[i].tied;
    }
    arena_release(&scratch);
}

/* ---- what if ---- */

/* Whether the grade of a unit depends on more than those it is ranked with. */
static bool quotas_of_all(const struct rubric *rubric)
{
    for (uint32_t g = 0; g < rubric->grades.n; g++) {
        const struct quota *q = &rubric->grades.at[g].quota;
        if (q->given && q->per_all) {
            return true;
        }
    }
    return false;
}

/* The others that are ranked, in order; those of the unit's own scope are [*start, *end). */
static uint32_t list_others(const struct variant *v, struct placed *list, uint32_t *start,
                            uint32_t *end)
{
    const struct result *r = v->result;
    bool all = quotas_of_all(r->rubric);
    uint32_t scope = scope_of(r, v->unit), n = 0;
    *start = *end = UINT32_MAX;
    for (uint32_t i = 0; i < r->n_units; i++) {
        uint32_t unit = r->order[i];
        bool own = scope_of(r, unit) == scope;
        if (unit == v->unit || r->outcomes[unit].state != UNIT_RANKED || !(own || all)) {
            continue;
        }
        if (own) {
            *start = *start == UINT32_MAX ? n : *start;
            *end = n + 1;
        }
        list[n++] = placed_of(v, unit);
    }
    if (*start == UINT32_MAX) {
        *start = *end = n;
    }
    return n;
}

/* Where the unit would stand among the others of its scope. */
static uint32_t place_among(const struct variant *v, const struct placed *list, uint32_t low,
                            uint32_t high)
{
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (compare_places(v, list[mid].unit, v->unit) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

void rank_what_if(struct arena *scratch, const struct result *r, uint32_t unit,
                  struct outcome *outcome, const struct cellres *members)
{
    rank_settle(&r->rubric->ranking, outcome);
    struct variant v = {r, unit, outcome, members, NULL};
    struct arena_mark mark = arena_mark(scratch);
    struct placed *list = ARENA_ARRAY(scratch, struct placed, (size_t)r->n_units + 1);
    uint32_t start, end;
    uint32_t n = list_others(&v, list, &start, &end);
    outcome->ranked = end - start;
    if (outcome->state != UNIT_RANKED) {
        grade_without_rank(&v, unit, outcome);
        arena_reset(scratch, mark);
        return;
    }
    outcome->ranked++;
    uint32_t at = place_among(&v, list, start, end);
    memmove(&list[at + 1], &list[at], (n - at) * sizeof *list);
    list[at] = placed_of(&v, unit);
    n++;
    give_ranks(&v, list, n);
    grade_by_quota(scratch, scratch, &v, list, n, NULL);
    outcome->rank = list[at].rank;
    outcome->grade = list[at].grade;
    outcome->tied_at_cut = list[at].tied;
    arena_reset(scratch, mark);
}
