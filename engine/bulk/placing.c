/* placing.c - see placing.h. */
#include "bulk/placing.h"

#include "analyse/grade.h"
#include "base/workers.h"

#include <string.h>

/* ---- before whom ---- */

/* No id has a NUL in it. */
static int compare_whole_ids(const struct stands *s, const struct stand *a, const struct stand *b)
{
    struct arena scratch = {0};
    const char *x, *y, *name;
    stands_names(&scratch, s, a, &x, &name);
    stands_names(&scratch, s, b, &y, &name);
    int order = strcmp(x, y);
    arena_release(&scratch);
    return order;
}

static int compare_ids(const struct stands *s, const struct stand *a, const struct stand *b)
{
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return compare_whole_ids(s, a, b);
}

static int compare_points(const struct stands *s, const struct stand *a, const struct stand *b)
{
    if (a->points != b->points) {
        return a->points < b->points ? -1 : 1;
    }
    const uint64_t *x = &s->breaks[(size_t)a->row * s->n_breaks],
                   *y = &s->breaks[(size_t)b->row * s->n_breaks];
    for (uint32_t i = 0; i < s->n_breaks && a->points != UINT64_MAX; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_standings(const struct stands *s, const struct stand *a, const struct stand *b)
{
    int order = compare_points(s, a, b);
    return order != 0 ? order : compare_ids(s, a, b);
}

#define FEW 12

static void sort_few(const struct stands *s, struct stand *at, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct stand one = at[i];
        size_t to = i;
        for (; to > 0 && compare_standings(s, &one, &at[to - 1]) < 0; to--) {
            at[to] = at[to - 1];
        }
        at[to] = one;
    }
}

/* Merges from[0, middle) and from[middle, n) into to. */
static void join(const struct stands *s, const struct stand *from, size_t middle, size_t n,
                 struct stand *to)
{
    size_t i = 0, j = middle;
    for (size_t k = 0; k < n; k++) {
        bool left = j >= n || (i < middle && compare_standings(s, &from[i], &from[j]) <= 0);
        to[k] = from[left ? i++ : j++];
    }
}

/* Merges from below: n log n whatever the input. */
static void sort_by_merging(const struct stands *s, struct stand *at, struct stand *room, size_t n)
{
    for (size_t i = 0; i < n; i += FEW) {
        sort_few(s, at + i, n - i < FEW ? n - i : FEW);
    }
    struct stand *from = at, *to = room;
    for (size_t run = FEW; run < n; run *= 2) {
        for (size_t low = 0; low < n; low += 2 * run) {
            size_t size = n - low < 2 * run ? n - low : 2 * run;
            join(s, from + low, run < size ? run : size, size, to + low);
        }
        struct stand *swap = from;
        from = to;
        to = swap;
    }
    if (from != at) {
        memcpy(at, from, n * sizeof *at);
    }
}

#define DIGIT_BITS 11
#define DIGITS (1U << DIGIT_BITS)
#define DIGITS_MOST 4U /* to be sorted by; beyond that merging is as fast */
#define MANY 64U

/* Stable, by one digit of the points, counted from that bit on. */
static void sort_by_digit(const struct stand *from, struct stand *to, size_t n, unsigned shift)
{
    uint32_t start[DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) {
        start[from[i].points >> shift & (DIGITS - 1)]++;
    }
    for (uint32_t d = 0; d < DIGITS; d++) {
        uint32_t here = start[d];
        start[d] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++) {
        to[start[from[i].points >> shift & (DIGITS - 1)]++] = from[i];
    }
}

/* By points alone, digit by digit; false: they differ in too many. */
static bool sort_by_points(struct stand *at, struct stand *room, size_t n)
{
    uint64_t differ = 0;
    unsigned shifts[64 / DIGIT_BITS + 1], n_shifts = 0;
    for (size_t i = 1; i < n; i++) {
        differ |= at[i].points ^ at[0].points;
    }
    unsigned first = differ ? (unsigned)__builtin_ctzll(differ) : 0; /* figures are rounded */
    for (unsigned shift = first; shift < 64; shift += DIGIT_BITS) {
        if ((differ >> shift & (DIGITS - 1)) != 0) {
            shifts[n_shifts++] = shift;
        }
    }
    if (n_shifts > DIGITS_MOST) {
        return false;
    }
    struct stand *from = at, *to = room;
    for (unsigned i = 0; i < n_shifts; i++) {
        sort_by_digit(from, to, n, shifts[i]);
        struct stand *swap = from;
        from = to;
        to = swap;
    }
    if (from != at) {
        memcpy(at, from, n * sizeof *at);
    }
    return true;
}

/* Sorts `at`; room is of the same size. */
static void sort_standings(const struct stands *s, struct stand *at, struct stand *room, size_t n)
{
    if (n < MANY || !sort_by_points(at, room, n)) {
        sort_by_merging(s, at, room, n);
        return;
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && at[end].points == at[i].points; end++) {
        }
        if (end - i > 1) {
            sort_by_merging(s, at + i, room, end - i);
        }
    }
}

/* ---- ranks ---- */

struct rank_context {
    const struct stands *stands;
    const struct stand *first;
};

static bool is_tied(const void *context, uint32_t before, uint32_t after)
{
    const struct rank_context *c = context;
    return compare_points(c->stands, c->first + before, c->first + after) == 0;
}

static struct placed placed_of_stand(const struct store *store, const struct stand *one)
{
    return (struct placed){.unit = one->row,
                           .rank = one->rank,
                           .grade = one->grade == STAND_NO_GRADE ? GRADE_NONE : one->grade,
                           .group = one->group,
                           .class = store->group_class.at[one->group]};
}

/* Those that have none stand behind the others. list: room for as many. */
static void rank_scope(const struct stands *s, struct stand *at, uint32_t n, struct placed *list)
{
    const struct store *store = s->tallying.store;
    const struct ranking *by = &store->rubric->ranking;
    struct rank_context context = {s, at};
    uint32_t ranked = 0;
    for (; ranked < n && at[ranked].points != UINT64_MAX; ranked++) {
        list[ranked] = placed_of_stand(store, &at[ranked]);
    }
    rank_placed(by, list, ranked, is_tied, &context);
    for (uint32_t i = 0; i < ranked; i++) {
        at[i].rank = list[i].rank;
    }
    if (n > 0) {
        s->ranked[by->within_all ? 0 : at->group] = ranked;
    }
}

/* ---- all scopes ---- */

struct placing_work {
    const struct stands *stands;
    size_t largest; /* of all scopes */
};

/* A worker's room is as large as the largest scope. */
struct placing_own {
    struct arena arena;
    struct stand *room;
    struct placed *list;
};

static void *begin_placing(void *context)
{
    const struct placing_work *work = context;
    struct arena a = {0};
    struct placing_own *own = ARENA_NEW(&a, struct placing_own);
    own->room = arena_alloc(&a, sizeof *own->room * (work->largest + 1));
    own->list = arena_alloc(&a, sizeof *own->list * (work->largest + 1));
    own->arena = a;
    return own;
}

static void end_placing(void *own)
{
    struct arena all = ((struct placing_own *)own)->arena; /* own, too */
    arena_release(&all);
}

static void place_scope(const struct stands *s, const struct placing_own *own, uint32_t scope)
{
    struct stand *at = s->all + s->start[scope];
    uint32_t n = s->start[scope + 1] - s->start[scope];
    sort_standings(s, at, own->room, n);
    rank_scope(s, at, n, own->list);
}

static void place_block(void *context, void *own, struct worker *w, uint32_t scope)
{
    const struct placing_work *work = context;
    worker_at(w, scope + 1);
    place_scope(work->stands, own, scope);
}

#define SCOPES_AT_ONCE 4096U /* more classes than that are placed here: they are small */

bool placing_rank(struct stands *s, struct arena *a, unsigned jobs)
{
    struct placing_work context = {s, 0};
    s->ranked =
        arena_shared(a, sizeof *s->ranked * (s->tallying.store->merge->table->groups.n + 1));
    for (uint32_t k = 0; k < s->n_scopes; k++) {
        size_t n = s->start[k + 1] - s->start[k];
        context.largest = n > context.largest ? n : context.largest;
    }
    if (s->n_scopes > SCOPES_AT_ONCE || jobs == 1) {
        struct placing_own *own = begin_placing(&context);
        for (uint32_t k = 0; k < s->n_scopes; k++) {
            place_scope(s, own, k);
        }
        end_placing(own);
        return true;
    }
    struct work work = {.n_blocks = s->n_scopes,
                        .jobs = jobs,
                        .kind = a->sharers,
                        .context = &context,
                        .begin = begin_placing,
                        .end = end_placing,
                        .run = place_block};
    return workers_run(&work);
}

/* ---- quotas ---- */

static bool has_quota(const struct rubric *r)
{
    for (uint32_t g = 0; g < r->grades.n; g++) {
        if (r->grades.at[g].quota.given) {
            return true;
        }
    }
    return false;
}

static bool has_needs(const struct rubric *r)
{
    for (uint32_t g = 0; g < r->grades.n; g++) {
        if (r->grades.at[g].needs.n > 0) {
            return true;
        }
    }
    return false;
}

bool placing_asks_needs(const struct rubric *r) { return has_quota(r) && has_needs(r); }

void placing_give_quotas(struct stands *s, struct arena *a)
{
    const struct store *store = s->tallying.store;
    struct result none = {.rubric = store->rubric, .table = store->merge->table};
    struct variant as_is = {.result = &none, .unit = UNIT_NONE, .meets = s->meets};
    struct arena scratch = {0};
    uint32_t n = 0;
    if (!has_quota(store->rubric)) {
        return;
    }
    struct placed *list = ARENA_ARRAY(&scratch, struct placed, store->n_units);
    uint32_t *at = ARENA_ARRAY(&scratch, uint32_t, store->n_units);
    for (uint32_t i = 0; i < store->n_units; i++) {
        if (s->all[i].points != UINT64_MAX) {
            at[n] = i;
            list[n++] = placed_of_stand(store, &s->all[i]);
        }
    }
    grade_by_quota(a, &scratch, &as_is, list, n, &s->ranking);
    for (uint32_t i = 0; i < n; i++) {
        s->all[at[i]].grade = stand_grade(list[i].grade, list[i].tied);
    }
    arena_release(&scratch);
}
