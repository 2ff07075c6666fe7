/*
 * grade.c - quotas, best grade first: share or count of those ranked, seats by rank, ties at the
 * cut treated alike, whoever is pushed out goes on to the next grade whose needs hold.
 *
 * A grade below another gets the pushed out before its own quota is given out, so one pass from the
 * best grade down settles everything.
 */
#include "analyse/grade.h"

bool grade_needs_hold(const struct variant *v, uint32_t unit, uint32_t grade)
{
    const struct rubric *rubric = v->result->rubric;
    const struct grade *g = &rubric->grades.at[grade];
    if (v->meets) {
        return (v->meets[unit] & (uint64_t)1 << grade) != 0;
    }
    for (uint32_t i = 0; i < g->needs.n; i++) {
        uint32_t class = v->result->table->units.at[unit].class;
        if (!result_need_holds(rubric, &g->needs.at[i], class, variant_members(v, unit))) {
            return false;
        }
    }
    return true;
}

/* The next lower grade that the unit may have; the lowest takes everyone. */
static uint32_t next_grade(const struct variant *v, uint32_t unit, uint32_t grade)
{
    uint32_t lowest = v->result->rubric->grades.n - 1;
    do {
        grade = grade < lowest ? grade + 1 : lowest;
    } while (grade < lowest && !grade_needs_hold(v, unit, grade));
    return grade;
}

uint32_t grade_unranked(const struct variant *v, uint32_t unit)
{
    const struct outcome *o = variant_outcome(v, unit);
    const struct rubric *rubric = v->result->rubric;
    if (o->state != UNIT_VETOED_UNRANKED || o->grade_before_quota == GRADE_NONE) {
        return GRADE_NONE;
    }
    uint32_t grade = o->grade_before_quota;
    while (grade + 1 < rubric->grades.n && rubric->grades.at[grade].quota.given) {
        grade = next_grade(v, unit, grade);
    }
    return grade;
}

/* ---- seats ---- */

static uint32_t seats_of(dec number)
{
    int64_t n = number == DEC_NONE ? 0 : dec_to_int(number);
    return n < 0 ? 0 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static dec round_seats(dec product, enum quota_round round)
{
    switch (round) {
    case QUOTA_DOWN:
        return dec_div_floor(product, DEC_ONE);
    case QUOTA_UP:
        return dec_div_ceil(product, DEC_ONE);
    case QUOTA_NEAREST:
        return dec_round(product, 0);
    }
    return product;
}

/* False: the quota says nothing for this class. */
static bool count_seats(const struct quota *q, uint32_t class, struct quota_use *use)
{
    dec given = num_of(q->is_count ? &q->count : &q->share, class);
    if (given == DEC_NONE) {
        return false;
    }
    use->share = q->is_count ? DEC_NONE : given;
    use->product =
        q->is_count ? given : dec_muldiv(given, dec_from_int(use->ranked), dec_from_int(100));
    use->rounded = q->is_count ? given : round_seats(use->product, q->round);
    dec at_least = num_of(&q->at_least, class);
    use->seats = seats_of(dec_max(use->rounded, at_least == DEC_NONE ? 0 : at_least));
    return true;
}

/* ---- giving out ---- */

struct giving {
    const struct variant *v;
    struct arena *arena; /* for what stays */
    struct placed *list;
    uint32_t *by_class;   /* indices into list: by group, in a group by rank; NULL until needed */
    uint32_t *by_rank;    /* likewise: by rank */
    uint32_t *candidates; /* room for all */
    uint32_t n;
};

static uint32_t group_key(const struct giving *g, uint32_t i) { return g->list[i].group; }

static uint32_t rank_key(const struct giving *g, uint32_t i) { return g->list[i].rank; }

/* Indices of the list by key (0..most), those of the same key in the list's order. */
static uint32_t *sorted_by(struct arena *scratch, const struct giving *g, uint32_t most,
                           uint32_t (*key)(const struct giving *, uint32_t))
{
    uint32_t *start = ARENA_ARRAY(scratch, uint32_t, (size_t)most + 2);
    uint32_t *sorted = ARENA_ARRAY(scratch, uint32_t, g->n);
    for (uint32_t i = 0; i < g->n; i++) {
        start[key(g, i) + 1]++;
    }
    for (uint32_t k = 0; k <= most; k++) {
        start[k + 1] += start[k];
    }
    for (uint32_t i = 0; i < g->n; i++) {
        sorted[start[key(g, i)]++] = i;
    }
    return sorted;
}

static void list_tied(struct giving *g, struct quota_use *use, uint32_t low, uint32_t high)
{
    uint32_t *units = ARENA_ARRAY(g->arena, uint32_t, high - low);
    for (uint32_t i = low; i < high; i++) {
        g->list[g->candidates[i]].tied = true;
        units[i - low] = g->list[g->candidates[i]].unit;
    }
    use->tied = high - low;
    use->tied_units = units;
}

/* The candidates stand by rank; how many of them get a seat. */
static uint32_t find_cut(struct giving *g, struct quota_use *use, bool all_in)
{
    uint32_t low = use->seats, high = use->seats;
    if (use->qualified <= use->seats) {
        return use->qualified;
    }
    uint32_t rank = g->list[g->candidates[use->seats]].rank;
    while (low > 0 && g->list[g->candidates[low - 1]].rank == rank) {
        low--;
    }
    if (low == use->seats) {
        return use->seats; /* nobody is tied across the cut */
    }
    while (high < use->qualified && g->list[g->candidates[high]].rank == rank) {
        high++;
    }
    list_tied(g, use, low, high);
    return all_in ? high : low;
}

/* One grade in one scope: the units that are ranked there are list[scope[0]] … list[scope[n - 1]].
 */
static void give_out(struct giving *g, uint32_t grade, const uint32_t *scope, uint32_t n,
                     struct ranking_result *quotas)
{
    const struct quota *q = &g->v->result->rubric->grades.at[grade].quota;
    const struct placed *first = &g->list[scope[0]];
    struct quota_use use = {
        .grade = grade, .group = q->per_all ? GROUP_ALL : first->group, .ranked = n};
    if (!count_seats(q, first->class, &use)) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (g->list[scope[i]].grade == grade) {
            g->candidates[use.qualified++] = scope[i];
        }
    }
    use.given = find_cut(g, &use, q->all_in);
    for (uint32_t i = use.given; i < use.qualified; i++) {
        struct placed *out = &g->list[g->candidates[i]];
        out->grade = next_grade(g->v, out->unit, grade);
    }
    if (quotas) {
        *vec_push(g->arena, &quotas->quotas) = use;
    }
}

static void give_out_by_class(struct giving *g, uint32_t grade, struct ranking_result *quotas)
{
    for (uint32_t low = 0, high; low < g->n; low = high) {
        uint32_t group = group_key(g, g->by_class[low]);
        for (high = low; high < g->n && group_key(g, g->by_class[high]) == group;) {
            high++;
        }
        give_out(g, grade, &g->by_class[low], high - low, quotas);
    }
}

void grade_by_quota(struct arena *a, struct arena *scratch, const struct variant *v,
                    struct placed *list, uint32_t n, struct ranking_result *quotas)
{
    const struct rubric *rubric = v->result->rubric;
    struct giving g = {.v = v, .arena = a, .list = list, .n = n};
    if (n == 0) {
        return;
    }
    for (uint32_t grade = 0; grade < rubric->grades.n; grade++) {
        const struct quota *q = &rubric->grades.at[grade].quota;
        if (!q->given) {
            continue;
        }
        if (!g.candidates) {
            g.candidates = ARENA_ARRAY(scratch, uint32_t, n);
        }
        if (q->per_all) {
            if (!g.by_rank) {
                g.by_rank = sorted_by(scratch, &g, n, rank_key);
            }
            give_out(&g, grade, g.by_rank, n, quotas);
        } else {
            if (!g.by_class) {
                g.by_class = sorted_by(scratch, &g, v->result->table->groups.n, group_key);
            }
            give_out_by_class(&g, grade, quotas);
        }
    }
}

/* ---- how it came about ---- */

static const struct quota_use *find_quota(const struct ranking_result *ranking, uint32_t grade,
                                          uint32_t group)
{
    for (uint32_t i = 0; i < ranking->quotas.n; i++) {
        const struct quota_use *use = &ranking->quotas.at[i];
        if (use->grade == grade && (use->group == group || use->group == GROUP_ALL)) {
            return use;
        }
    }
    return NULL;
}

static uint32_t needs_path(struct arena *a, const struct variant *v, uint32_t unit, uint32_t grade,
                           grade_steps *out)
{
    const struct rubric *rubric = v->result->rubric;
    uint32_t class = v->result->table->units.at[unit].class;
    for (; grade + 1 < rubric->grades.n; grade++) {
        const struct grade *g = &rubric->grades.at[grade];
        bool all = true;
        for (uint32_t i = 0; i < g->needs.n; i++) {
            bool holds =
                result_need_holds(rubric, &g->needs.at[i], class, variant_members(v, unit));
            *vec_push(a, out) = (struct grade_step){
                .kind = GRADE_STEP_NEED, .from = grade, .to = grade + !holds, .index = i};
            all = all && holds;
        }
        if (all) {
            break;
        }
    }
    return grade;
}

static uint32_t gates_path(struct arena *a, const struct result *r, uint32_t unit, uint32_t grade,
                           enum effect effect, grade_steps *out)
{
    const struct rubric *rubric = r->rubric;
    uint32_t lowest = rubric->grades.n - 1;
    for (uint32_t i = 0; i < r->n_gates; i++) {
        const struct gate *gate = &rubric->gates.at[i];
        if (gate->effect != effect || r->gates[(size_t)unit * r->n_gates + i] != GATE_FIRED) {
            continue;
        }
        uint32_t to = grade, lower = gate_lower(gate, r->table->units.at[unit].class);
        if (effect == EFFECT_LOWER) {
            to = lower < lowest - grade ? grade + lower : lowest;
        } else if (gate->at_best > grade) {
            to = gate->at_best;
        }
        *vec_push(a, out) = (struct grade_step){.kind = effect == EFFECT_LOWER ? GRADE_STEP_LOWER
                                                                               : GRADE_STEP_AT_BEST,
                                                .from = grade,
                                                .to = to,
                                                .index = i};
        grade = to;
    }
    return grade;
}

void grade_path(struct arena *a, const struct result *r, const struct ranking_result *ranking,
                uint32_t unit, grade_steps *out)
{
    const struct outcome *o = &r->outcomes[unit];
    struct variant as_is = {.result = r, .unit = UNIT_NONE};
    if (o->grade_by_band == GRADE_NONE || r->rubric->grades.n == 0) {
        return;
    }
    *vec_push(a, out) = (struct grade_step){
        .kind = GRADE_STEP_BAND, .from = o->grade_by_band, .to = o->grade_by_band};
    uint32_t grade = needs_path(a, &as_is, unit, o->grade_by_band, out);
    grade = gates_path(a, r, unit, grade, EFFECT_LOWER, out);
    gates_path(a, r, unit, grade, EFFECT_AT_BEST, out);
    if (o->grade == GRADE_NONE || o->grade_before_quota == GRADE_NONE || !ranking) {
        return;
    }
    uint32_t group = r->table->units.at[unit].group;
    for (grade = o->grade_before_quota; grade <= o->grade;) {
        const struct quota_use *use = find_quota(ranking, grade, group);
        uint32_t to = grade == o->grade ? grade : next_grade(&as_is, unit, grade);
        if (use && o->state == UNIT_RANKED) {
            *vec_push(a, out) = (struct grade_step){
                .kind = GRADE_STEP_QUOTA, .from = grade, .to = to, .quota = use};
        }
        if (to == grade) {
            break;
        }
        grade = to;
    }
}
