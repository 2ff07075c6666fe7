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

/* Sorts `at`; room is of the same size. Merges from below: n log n whatever the input. */
static void sort_standings(const struct stands *s, struct stand *at, struct stand *room, size_t n)
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

/* A worker's room is as large as the largest scope. */
struct sorting {
    const struct stands *stands;
    size_t largest;
};

static void *begin_sort(void *context)
{
    const struct sorting *sorting = context;
    return arena_alloc(sorting->stands->tallying.store->arena,
                       sizeof(struct stand) * (sorting->largest + 1));
}

static void sort_scope(void *context, void *own, struct worker *w, uint32_t scope)
{
    const struct sorting *sorting = context;
    const uint32_t *start = sorting->stands->start;
    worker_at(w, scope + 1);
    sort_standings(sorting->stands, sorting->stands->all + start[scope], own,
                   start[scope + 1] - start[scope]);
}

#define SCOPES_AT_ONCE 4096U /* more classes than that are sorted here: they are small */

bool placing_sort(struct stands *s, unsigned jobs)
{
    struct sorting sorting = {s, 0};
    for (uint32_t k = 0; k < s->n_scopes; k++) {
        size_t n = s->start[k + 1] - s->start[k];
        sorting.largest = n > sorting.largest ? n : sorting.largest;
    }
    if (s->n_scopes > SCOPES_AT_ONCE || jobs == 1) {
        struct stand *room = begin_sort(&sorting);
        for (uint32_t k = 0; k < s->n_scopes; k++) {
            sort_standings(s, s->all + s->start[k], room, s->start[k + 1] - s->start[k]);
        }
        return true;
    }
    struct work work = {.n_blocks = s->n_scopes,
                        .jobs = jobs,
                        .context = &sorting,
                        .begin = begin_sort,
                        .run = sort_scope};
    return workers_run(&work);
}

/* ---- ranks and quotas ---- */

static bool is_tied(const void *context, uint32_t before, uint32_t after)
{
    const struct stands *s = ((const struct stands *const *)context)[0];
    const uint32_t *at = ((const void *const *)context)[1];
    return compare_points(s, &s->all[at[before]], &s->all[at[after]]) == 0;
}

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

void placing_rank(struct stands *s, struct arena *a)
{
    const struct store *store = s->tallying.store;
    const struct rubric *r = store->rubric;
    struct arena scratch = {0};
    struct placed *list = ARENA_ARRAY(&scratch, struct placed, store->n_units);
    uint32_t *at = ARENA_ARRAY(&scratch, uint32_t, store->n_units), n = 0;
    s->ranked = ARENA_ARRAY(a, uint32_t, store->merge->table->groups.n + 1);
    for (uint32_t i = 0; i < store->n_units; i++) {
        const struct stand *one = &s->all[i];
        if (one->points == UINT64_MAX) {
            continue;
        }
        list[n] = (struct placed){.unit = one->row,
                                  .grade = one->grade,
                                  .group = one->group,
                                  .class = store->group_class.at[one->group]};
        at[n++] = i;
        s->ranked[r->ranking.within_all ? 0 : one->group]++;
    }
    const void *context[] = {s, at};
    rank_placed(&r->ranking, list, n, is_tied, context);
    if (has_quota(r)) {
        struct result none = {.rubric = r, .table = store->merge->table};
        struct variant as_is = {.result = &none, .unit = UNIT_NONE, .meets = s->meets};
        grade_by_quota(a, &scratch, &as_is, list, n, &s->ranking);
    }
    for (uint32_t i = 0; i < n; i++) {
        struct stand *one = &s->all[at[i]];
        one->rank = list[i].rank;
        one->grade = stand_grade(list[i].grade, list[i].tied);
    }
    arena_release(&scratch);
}
