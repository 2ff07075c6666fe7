/* stand.c - see stand.h. */
#include "bulk/stand.h"

#include "analyse/grade.h"
#include "analyse/order.h"
#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"
#include "bulk/placing.h"
#include "model/standing.h"

#include <string.h>

/* What a worker says of a block. */
struct block_says {
    bool failed;
    struct unanswered {
        uint32_t n; /* units */
        struct packed first;
    } gates[];
};

struct standing_work {
    struct stands *stands;
    uint32_t **next; /* [n_blocks][n_classes] where the next unit of the class goes */
    uint32_t *first; /* [n_blocks + 1] number of the block's first unit */
    uint32_t jobs;
    char *says; /* [n_blocks] struct block_says */
    size_t say_size;
};

static struct block_says *says_of(const struct standing_work *w, uint32_t block)
{
    return (struct block_says *)(void *)(w->says + w->say_size * block);
}

/* ---- numbers that compare as standings do ---- */

#define POINTS_SPAN ((dec)1 << 61)

/* False: beyond what has room. */
static bool standing_number(const struct ranking *by, const struct outcome *o, uint64_t *out)
{
    enum standing tier = standing_of(by, o);
    *out = UINT64_MAX;
    if (tier == TIER_UNRANKED) {
        return true;
    }
    dec points = by->on_exact ? o->exact : o->total;
    if (points >= POINTS_SPAN || points <= -POINTS_SPAN) {
        return false;
    }
    points = by->lower_is_better ? points : -points;
    *out = (uint64_t)(points + POINTS_SPAN) + ((uint64_t)tier << 62);
    return true;
}

static uint64_t break_number(const struct result *r, const struct tie_break *by)
{
    struct contender c = contender_of(r, 0);
    dec value = standing_break(r, &c, &by->by);
    if (value == DEC_NONE) {
        return UINT64_MAX;
    }
    uint64_t up = (uint64_t)value + ((uint64_t)1 << 63);
    return by->lower_first ? up - 1 : ~up; /* no dec is the least int64 */
}

/* ---- ids ---- */

static uint64_t first_bytes(str id)
{
    unsigned char bytes[8] = {0};
    uint64_t number = 0;
    memcpy(bytes, id.at, id.n < 8 ? id.n : 8);
    for (int i = 0; i < 8; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

void stands_names(struct arena *a, const struct stands *s, const struct stand *at, const char **id,
                  const char **name)
{
    const struct store *store = s->tallying.store;
    struct packed head;
    if (s->keeping.on) {
        kept_names(a, &s->keeping, store, stands_kept(s, at->row), id, name);
    } else {
        memcpy(&head, store_row(store, at->row), sizeof head);
        store_names(a, store, &head, id, name);
    }
}

/* ---- where they go ---- */

struct group_order {
    const struct table *table;
    const uint32_t *class_of; /* [groups] */
};

static int compare_groups(const void *context, uint32_t a, uint32_t b)
{
    const struct group_order *o = context;
    if (o->class_of[a] != o->class_of[b]) {
        return o->class_of[a] < o->class_of[b] ? -1 : 1;
    }
    return strcmp(o->table->groups.at[a], o->table->groups.at[b]);
}

/* Which scope a class is ranked in: scopes print in that order. */
static uint32_t *scopes_of(struct stands *s, struct arena *a)
{
    const struct store *store = s->tallying.store;
    uint32_t n_groups = store->merge->table->groups.n;
    uint32_t *list = ARENA_ARRAY(a, uint32_t, n_groups);
    uint32_t *scope = ARENA_ARRAY(a, uint32_t, n_groups);
    struct group_order order = {store->merge->table, store->group_class.at};
    bool one = store->rubric->ranking.within_all;
    for (uint32_t g = 0; g < n_groups; g++) {
        list[g] = g;
    }
    order_sort(a, list, n_groups, compare_groups, &order);
    for (uint32_t g = 0; g < n_groups; g++) {
        scope[list[g]] = one ? 0 : g;
    }
    s->n_scopes = one ? 1 : n_groups;
    return scope;
}

/* Each block's units of a class go behind those of the blocks before, so that they stand in the
 * order of the data. */
static uint32_t **place_units(struct stands *s, struct arena *a)
{
    const struct store *store = s->tallying.store;
    const uint32_t *scope = scopes_of(s, a);
    uint32_t **next = ARENA_ARRAY(a, uint32_t *, store->n_blocks);
    s->start = ARENA_ARRAY(a, uint32_t, (size_t)s->n_scopes + 1);
    for (int pass = 0; pass < 2; pass++) { /* first how many there are, then where they go */
        for (uint32_t b = 0; b < store->n_blocks; b++) {
            uint32_t n = store->blocks[b].n_classes;
            const struct class_text *classes = store->classes + (size_t)b * store->classes_a_block;
            next[b] = pass == 0 ? ARENA_ARRAY(a, uint32_t, n + 1) : next[b];
            for (uint32_t c = 0; c < n; c++) {
                uint32_t *at = &s->start[scope[store->group_of[b][c]]];
                next[b][c] = *at;
                *at += classes[c].n_rows;
            }
        }
        for (uint32_t k = s->n_scopes; k > 0; k--) {
            s->start[k] = s->start[k - 1]; /* where scopes end is where the next ones begin */
        }
        s->start[0] = 0;
        for (uint32_t k = 0; pass == 0 && k < s->n_scopes; k++) {
            s->start[k + 1] += s->start[k];
        }
    }
    return next;
}

/* ---- scoring, in workers ---- */

static void *begin(void *context)
{
    const struct standing_work *work = context;
    return tally_new(&work->stands->tallying);
}

static void note_gates(struct block_says *says, const struct result *r, const struct packed *head)
{
    for (uint32_t g = 0; g < r->n_gates; g++) {
        if (r->gates[g] == GATE_UNANSWERED && says->gates[g].n++ == 0) {
            says->gates[g].first = *head;
        }
    }
}

/* row: where it is to be found again, as stand.row. */
static bool note_unit(const struct stands *s, struct tally *t, const struct packed *head,
                      uint32_t row, struct stand *out)
{
    const struct rubric *r = s->tallying.store->rubric;
    struct variant as_is = {.result = t->result, .unit = UNIT_NONE};
    struct outcome *o = &t->result->outcomes[0];
    rank_settle(&r->ranking, o);
    for (uint32_t i = 0; i < s->n_breaks; i++) {
        s->breaks[(size_t)row * s->n_breaks + i] =
            break_number(t->result, &r->ranking.breaks.at[i]);
    }
    if (s->meets) {
        s->meets[row] = 0;
        for (uint32_t g = 0; g < r->grades.n; g++) {
            s->meets[row] |= (uint64_t)grade_needs_hold(&as_is, 0, g) << g;
        }
    }
    struct arena_mark mark = arena_mark(&t->scratch);
    uint64_t id = first_bytes(store_id(&t->scratch, s->tallying.store, head));
    arena_reset(&t->scratch, mark);
    *out = (struct stand){.id = id,
                          .row = row,
                          .group = t->result->table->units.at[0].group,
                          .grade = o->grade_before_quota};
    if (o->state != UNIT_RANKED) {
        grade_without_rank(&as_is, 0, o);
        out->grade = stand_grade(o->grade, false);
    }
    if (s->keeping.on) {
        kept_put(&s->keeping, s->tallying.store, head, t->result, &t->says, stands_kept(s, row));
    }
    return standing_number(&r->ranking, o, &out->points);
}

/* A block on its way; `at` is the next of its rows. */
struct standing_block {
    const struct standing_work *work;
    struct tally *tally;
    uint32_t number, at;
    bool failed;
};

/* The unit of that row. */
static bool stand_unit(struct standing_block *b, uint32_t number, struct tally_wants wants)
{
    const struct stands *s = b->work->stands;
    const struct store *store = s->tallying.store;
    char *row = store_row(store, number);
    struct packed head;
    memcpy(&head, row, sizeof head);
    if (!tally_unit(b->tally, &store->blocks[b->number], row, wants)) {
        return false;
    }
    uint32_t place = b->work->next[b->number][head.class]++;
    note_gates(says_of(b->work, b->number), b->tally->result, &head);
    return note_unit(s, b->tally, &head, s->keeping.on ? place : number, &s->all[place]);
}

static void stand_units(void *context)
{
    struct standing_block *b = context;
    const struct stands *s = b->work->stands;
    const struct store *store = s->tallying.store;
    const struct block *block = &store->blocks[b->number];
    struct tally_wants wants = {.items = s->keeping.on && s->keeping.items,
                                .bounds = s->keeping.on && s->keeping.bounds};
    for (; b->at < block->n_rows && !b->failed; b->at++) {
        b->failed = !stand_unit(b, b->number * store->rows_a_block + b->at, wants);
    }
    if (s->keeping.on && !b->failed) {
        shared_give_back(store_row(store, (uint64_t)b->number * store->rows_a_block),
                         (size_t)block->n_rows * store->stride);
    }
}

/* Workers take turns, and in turn blocks of stretches that are far apart: what one keeps is on
 * other pages than what another keeps. */
static uint32_t block_of_turn(const struct standing_work *w, uint32_t turn)
{
    uint32_t n = w->stands->tallying.store->n_blocks, stretch = turn % w->jobs, more = n % w->jobs;
    return stretch * (n / w->jobs) + (stretch < more ? stretch : more) + turn / w->jobs;
}

static void stand_block(void *context, void *own, struct worker *w, uint32_t turn)
{
    struct standing_block b = {context, own, block_of_turn(context, turn), 0, false};
    worker_at(w, turn + 1);
    if (!tally_run(b.tally, w, stand_units, &b) || b.failed) {
        says_of(b.work, b.number)->failed = true;
        worker_stop_after(w, turn);
    }
}

static void through(void *context, uint32_t blocks)
{
    const struct standing_work *work = context;
    progress_at(work->first[blocks], work->first[blocks]);
}

/* Silence must not hide a veto unnoticed (as score/run.c says it). */
static void say_unanswered(const struct standing_work *work, struct diag *d)
{
    const struct store *store = work->stands->tallying.store;
    for (uint32_t g = 0; g < store->rubric->gates.n; g++) {
        struct unanswered all = {0};
        for (uint32_t b = 0; b < store->n_blocks; b++) {
            const struct unanswered *of = &says_of(work, b)->gates[g];
            all.first = all.n == 0 ? of->first : all.first;
            all.n += of->n;
        }
        if (all.n > 0) {
            struct arena scratch = {0};
            str id = store_id(&scratch, store, &all.first);
            run_say_unanswered(d, &store->rubric->gates.at[g], all.n,
                               arena_text(&scratch, id.at, id.n));
            arena_release(&scratch);
        }
    }
}

static bool score_all(struct stands *s, struct arena *a, struct diag *d, unsigned jobs)
{
    const struct store *store = s->tallying.store;
    struct standing_work work = {.stands = s, .next = place_units(s, a), .jobs = jobs};
    work.first = ARENA_ARRAY(a, uint32_t, store->n_blocks + 1);
    for (uint32_t b = 0; b < store->n_blocks; b++) {
        work.first[b + 1] = work.first[b] + store->blocks[b].n_rows;
    }
    work.say_size =
        (sizeof(struct block_says) + sizeof(struct unanswered) * store->rubric->gates.n + 7) &
        ~(size_t)7;
    work.says = arena_shared(a, work.say_size * store->n_blocks);
    struct work pool = {.n_blocks = store->n_blocks,
                        .jobs = jobs,
                        .context = &work,
                        .begin = begin,
                        .run = stand_block,
                        .through = through};
    progress_begin(_("scoring"), store->n_units);
    bool whole = workers_run(&pool);
    progress_end();
    for (uint32_t b = 0; b < store->n_blocks; b++) {
        whole = whole && !says_of(&work, b)->failed;
    }
    if (whole) {
        say_unanswered(&work, d);
    }
    return whole;
}

/* ---- scripts beforehand ---- */

struct calling {
    const struct tallying *tallying;
    bool *failed; /* shared */
};

struct calling_block {
    struct tally *tally;
    const struct block *block;
    uint64_t row;
    bool failed;
};

static void *begin_calls(void *context)
{
    const struct calling *c = context;
    return tally_new(c->tallying);
}

static void call_units(void *context)
{
    struct calling_block *b = context;
    const struct store *s = b->tally->of->store;
    for (uint32_t i = 0; i < b->block->n_rows && !b->failed; i++) {
        b->failed = !tally_call_scripts(b->tally, b->block, store_row(s, b->row + i));
    }
}

static void call_block(void *context, void *own, struct worker *w, uint32_t number)
{
    const struct calling *c = context;
    const struct store *s = c->tallying->store;
    struct calling_block b = {own, &s->blocks[number], (uint64_t)number * s->rows_a_block, false};
    worker_at(w, number + 1);
    if (!tally_run(b.tally, w, call_units, &b) || b.failed) {
        *c->failed = true;
        worker_stop_after(w, number);
    }
}

bool stands_call_scripts(const struct tallying *tallying, unsigned jobs)
{
    const struct store *s = tallying->store;
    struct calling calling = {tallying, arena_shared(s->arena, sizeof(bool))};
    struct work work = {.n_blocks = s->n_blocks,
                        .jobs = jobs,
                        .context = &calling,
                        .begin = begin_calls,
                        .run = call_block};
    return s->rubric->scripts.n == 0 || (workers_run(&work) && !*calling.failed);
}

bool stands_make(struct stands *s, struct arena *a, struct diag *d, unsigned jobs)
{
    const struct store *store = s->tallying.store;
    size_t rows = s->keeping.on ? store->n_units : (size_t)store->n_blocks * store->rows_a_block;
    s->n_breaks = store->rubric->ranking.breaks.n;
    s->breaks = arena_shared(a, sizeof *s->breaks * rows * s->n_breaks + 1);
    s->all = arena_shared(a, sizeof *s->all * store->n_units);
    s->kept = s->keeping.on ? arena_shared(a, (size_t)s->keeping.size * store->n_units) : NULL;
    s->meets = placing_asks_needs(store->rubric) ? arena_shared(a, sizeof *s->meets * rows) : NULL;
    if (!score_all(s, a, d, jobs) || !placing_sort(s, jobs)) {
        return false;
    }
    placing_rank(s, a);
    return true;
}

static bool score_again(const struct stands *s, struct tally *t, const struct stand *at)
{
    const struct store *store = s->tallying.store;
    const struct block *block = &store->blocks[at->row / store->rows_a_block];
    struct tally_wants all = {.items = true, .bounds = true};
    bool fine = tally_unit(t, block, store_row(store, at->row), all);
    if (fine) {
        rank_settle(&store->rubric->ranking, &t->result->outcomes[0]);
    }
    return fine;
}

bool stands_unit(const struct stands *s, struct tally *t, const struct stand *at)
{
    const struct ranking *by = &s->tallying.store->rubric->ranking;
    struct outcome *o = &t->result->outcomes[0];
    if (s->keeping.on) {
        tally_recall(t, &s->keeping, at->group, stands_kept(s, at->row));
    } else if (!score_again(s, t, at)) {
        return false;
    }
    uint32_t grade = at->grade & ~STAND_TIED;
    o->rank = at->rank;
    o->ranked = s->ranked[by->within_all ? 0 : at->group];
    o->grade = grade == STAND_NO_GRADE ? GRADE_NONE : grade;
    o->tied_at_cut = (at->grade & STAND_TIED) != 0;
    return true;
}
