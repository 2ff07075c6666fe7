/* stand.c - see stand.h. */
#include "bulk/stand.h"

#include "analyse/grade.h"
#include "analyse/order.h"
#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"
#include "bulk/gather.h"
#include "bulk/own.h"
#include "bulk/placing.h"
#include "model/standing.h"

#include <string.h>

/* Units of a block whose gate cannot be decided. */
struct unanswered {
    uint32_t n;
    struct packed first;
};

struct standing_work {
    struct stands *stands;
    uint32_t **next; /* [n_blocks][n_classes] where the next unit of the class goes */
    uint32_t *first; /* [n_blocks + 1] number of the block's first unit */
    uint32_t jobs;
    bool *failed;                      /* shared, as what follows */
    _Atomic uint32_t *n_begun, *taken; /* workers; [jobs] blocks of each stretch */
    struct unanswered *unanswered;     /* [n_blocks × gates] */
};

static struct unanswered *unanswered_of(const struct standing_work *w, uint32_t block)
{
    return w->unanswered + (size_t)block * w->stands->tallying.store->rubric->gates.n;
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
    if (id.n >= sizeof bytes) { /* mostly, and then it is one instruction */
        memcpy(bytes, id.at, sizeof bytes);
    } else {
        memcpy(bytes, id.at, id.n);
    }
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
        memcpy(&head, stands_kept(s, at->row), sizeof head);
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

static void note_gates(struct unanswered *gates, const struct result *r, const struct packed *head)
{
    for (uint32_t g = 0; g < r->n_gates; g++) {
        if (r->gates[g] == GATE_UNANSWERED && gates[g].n++ == 0) {
            gates[g].first = *head;
        }
    }
}

/* place: where it is to be found again, as stand.row; room: if something is kept of it. */
static bool note_unit(const struct stands *s, struct tally *t, const char *row, uint32_t place,
                      struct kept_room *room, struct stand *out)
{
    struct packed head;
    const struct rubric *r = s->tallying.store->rubric;
    struct variant as_is = {.result = t->result, .unit = UNIT_NONE};
    struct outcome *o = &t->result->outcomes[0];
    memcpy(&head, row, sizeof head);
    rank_settle(&r->ranking, o);
    for (uint32_t i = 0; i < s->n_breaks; i++) {
        s->breaks[(size_t)place * s->n_breaks + i] =
            break_number(t->result, &r->ranking.breaks.at[i]);
    }
    if (s->meets) {
        s->meets[place] = 0;
        for (uint32_t g = 0; g < r->grades.n; g++) {
            s->meets[place] |= (uint64_t)grade_needs_hold(&as_is, 0, g) << g;
        }
    }
    struct arena_mark mark = arena_mark(&t->scratch);
    uint64_t id = first_bytes(store_id(&t->scratch, s->tallying.store, &head));
    arena_reset(&t->scratch, mark);
    *out = (struct stand){.id = id,
                          .row = place,
                          .group = t->result->table->units.at[0].group,
                          .grade = stand_grade(o->grade_before_quota, false)};
    if (o->state != UNIT_RANKED) {
        grade_without_rank(&as_is, 0, o);
        out->grade = stand_grade(o->grade, false);
    }
    if (s->keeping.on) {
        kept_put(&s->keeping, s->tallying.store, &head, t->result, &t->says, room,
                 stands_kept_at(s, place));
    } else {
        memcpy(stands_kept(s, place), row, s->tallying.store->stride);
    }
    return standing_number(&r->ranking, o, &out->points);
}

/* In a worker: what it scores with, and the block that it is at. */
struct scorer_own {
    struct stands stands; /* of all, with a store of its own */
    struct tally *tally;
    struct gatherer *gatherer; /* NULL: rows are in the store, or there are no more books */
    const struct standing_work *work;
    uint32_t stretch, number; /* of the block */
    struct kept_room room;
    struct batch_row batch[BATCH_ROWS];
    bool failed;
};

static bool stand_unit(struct scorer_own *own, uint32_t i, const char *row, uint32_t place)
{
    const struct stands *s = &own->stands;
    struct packed head;
    memcpy(&head, row, sizeof head);
    if (!tally_unit(own->tally, i)) {
        return false;
    }
    if (!own->tally->plain) {
        note_gates(unanswered_of(own->work, own->number), own->tally->result, &head);
    }
    return note_unit(s, own->tally, row, place, &own->room, &s->all[place]);
}

#define UNITS_AHEAD 4U

/* What stands there is asked of memory now, to be written soon: asked for long before, it would
 * have left the nearest cache again. */
static void ask_for(const struct stands *s, uint32_t place)
{
    __builtin_prefetch(&s->all[place], 1);
    for (uint32_t at = 0; at < s->keeping.size && !s->keeping.on; at += 64) {
        __builtin_prefetch(stands_kept(s, place) + at, 1);
    }
}

/* The block's next rows. */
static bool stand_rows(void *context, char *rows, uint32_t n)
{
    struct scorer_own *own = context;
    const struct stands *s = &own->stands;
    const struct store *store = s->tallying.store;
    struct tally_wants wants = {.items = s->keeping.on && s->keeping.items,
                                .bounds = s->keeping.on && s->keeping.bounds};
    struct batch_row *batch = own->batch;
    uint32_t places[BATCH_ROWS];
    for (uint32_t i = 0; i < n; i++) {
        struct packed head;
        batch[i].row = rows + (size_t)i * store->stride;
        memcpy(&head, batch[i].row, sizeof head);
        batch[i].group = store->group_of[own->number][head.class];
        places[i] = own->work->next[own->number][head.class]++;
        if (places[i] >= store->n_units) {
            return false; /* the text was changed meanwhile */
        }
    }
    tally_rows(own->tally, batch, n, own->gatherer ? gather_columns(own->gatherer) : NULL, wants);
    for (uint32_t i = 0; i < n; i++) {
        if (i + UNITS_AHEAD < n) {
            ask_for(s, places[i + UNITS_AHEAD]);
        }
        if (!stand_unit(own, i, batch[i].row, places[i])) {
            return false;
        }
    }
    return true;
}

/* Rows that were read before are given back when they are scored. */
static bool stand_stored(struct scorer_own *own)
{
    const struct store *store = own->stands.tallying.store;
    uint32_t n = store->blocks[own->number].n_rows;
    char *rows = store_row(store, (uint64_t)own->number * store->rows_a_block);
    bool fine = true;
    for (uint32_t i = 0; i < n && fine; i += BATCH_ROWS) {
        fine = stand_rows(own, rows + (size_t)i * store->stride,
                          n - i < BATCH_ROWS ? n - i : BATCH_ROWS);
    }
    shared_give_back(rows, (size_t)n * store->stride);
    return fine;
}

static void stand_units(void *context)
{
    struct scorer_own *own = context;
    bool stored = own->stands.tallying.store->rows != NULL;
    own->failed = !(stored ? stand_stored(own)
                           : own->gatherer && gather_again(own->gatherer, own->number, own));
    kept_done(&own->stands.keeping, &own->room);
}

/* Where the results of a stretch go, more or less: a class's units stand in the order of the data.
 */
static void make_ready(const struct standing_work *w, uint32_t stretch)
{
    const struct stands *s = w->stands;
    for (uint32_t k = 0; k < s->n_scopes; k++) {
        uint64_t n = s->start[k + 1] - s->start[k];
        size_t from = s->start[k] + n * stretch / w->jobs;
        size_t to = s->start[k] + n * (stretch + 1) / w->jobs;
        shared_make_ready(s->kept + from * s->keeping.size, (to - from) * s->keeping.size);
        shared_make_ready(s->all + from, (to - from) * sizeof *s->all);
    }
}

static void *begin(void *context)
{
    const struct standing_work *work = context;
    struct store *s = own_store(work->stands->tallying.store);
    struct scorer_own *own = ARENA_NEW(s->arena, struct scorer_own);
    own->work = work;
    own->stands = *work->stands;
    own->stands.tallying.store = s;
    own->stretch = atomic_fetch_add(work->n_begun, 1) % work->jobs;
    own->tally = tally_new(&own->stands.tallying);
    own->room = kept_room_new(s->arena, &own->stands.keeping);
    make_ready(work, own->stretch);
    own->gatherer = s->rows ? NULL : gather_begin(s, stand_rows);
    return own;
}

static void end(void *own_)
{
    struct scorer_own *own = own_;
    if (own->gatherer) {
        gather_end(own->gatherer);
    }
    tally_release(own->tally);
    own_store_release(own->stands.tallying.store);
}

/* Blocks stand in as many stretches as there are workers, and each takes those of its own first:
 * what it keeps is on other pages than what another keeps. */
static uint32_t stretch_start(const struct standing_work *w, uint32_t stretch)
{
    uint32_t n = w->stands->tallying.store->n_blocks, more = n % w->jobs;
    return stretch * (n / w->jobs) + (stretch < more ? stretch : more);
}

/* One that nobody has taken; NO_BLOCK: there is none, since a worker died with one. */
static uint32_t next_block(const struct standing_work *w, uint32_t stretch)
{
    for (uint32_t i = 0; i < w->jobs; i++, stretch = (stretch + 1) % w->jobs) {
        uint32_t start = stretch_start(w, stretch), n = stretch_start(w, stretch + 1) - start;
        uint32_t taken = atomic_load(&w->taken[stretch]);
        uint32_t at = taken < n ? atomic_fetch_add(&w->taken[stretch], 1) : n;
        if (at < n) {
            return start + at;
        }
    }
    return NO_BLOCK;
}

static void stand_block(void *context, void *own_, struct worker *w, uint32_t turn)
{
    struct scorer_own *own = own_;
    own->number = next_block(context, own->stretch);
    worker_at(w, turn + 1);
    if (own->number == NO_BLOCK || !tally_run(own->tally, w, stand_units, own) || own->failed) {
        *((const struct standing_work *)context)->failed = true;
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
            const struct unanswered *of = &unanswered_of(work, b)[g];
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
    jobs = store->rows || jobs < BOOKS_MOST ? jobs : BOOKS_MOST;
    struct standing_work work = {.stands = s, .next = place_units(s, a), .jobs = jobs};
    work.first = ARENA_ARRAY(a, uint32_t, store->n_blocks + 1);
    for (uint32_t b = 0; b < store->n_blocks; b++) {
        work.first[b + 1] = work.first[b] + store->blocks[b].n_rows;
    }
    work.failed = arena_shared(a, sizeof *work.failed);
    work.n_begun = arena_shared(a, sizeof *work.n_begun);
    work.taken = arena_shared(a, sizeof *work.taken * jobs);
    work.unanswered =
        arena_shared(a, sizeof *work.unanswered * store->rubric->gates.n * store->n_blocks + 1);
    struct work pool = {.n_blocks = store->n_blocks,
                        .jobs = jobs,
                        .kind = a->sharers,
                        .context = &work,
                        .begin = begin,
                        .end = end,
                        .run = stand_block,
                        .through = through};
    progress_begin(_("scoring"), store->n_units);
    bool whole = workers_run(&pool) && !*work.failed;
    progress_end();
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
    uint32_t number;
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
    for (uint32_t i = 0; i < s->blocks[b->number].n_rows && !b->failed; i++) {
        struct batch_row row = {.row = store_row(s, (uint64_t)b->number * s->rows_a_block + i)};
        struct packed head;
        memcpy(&head, row.row, sizeof head);
        row.group = s->group_of[b->number][head.class];
        b->failed = !tally_call_scripts(b->tally, &row);
    }
}

static void call_block(void *context, void *own, struct worker *w, uint32_t number)
{
    const struct calling *c = context;
    struct calling_block b = {own, number, false};
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

/* From the beginning of a cache's line on. */
static char *lines_shared(struct arena *a, size_t n)
{
    char *at = arena_shared(a, n + KEPT_LINE);
    return at + (KEPT_LINE - (uintptr_t)at % KEPT_LINE);
}

bool stands_make(struct stands *s, struct arena *a, struct diag *d, unsigned jobs)
{
    const struct store *store = s->tallying.store;
    size_t n = store->n_units;
    s->n_breaks = store->rubric->ranking.breaks.n;
    s->breaks = arena_shared(a, sizeof *s->breaks * n * s->n_breaks + 1);
    s->all = arena_shared(a, sizeof *s->all * n);
    s->keeping.size = s->keeping.on ? s->keeping.size : store->stride;
    s->kept = lines_shared(a, s->keeping.size * n);
    shared_is_dense(s->all, sizeof *s->all * n);
    shared_is_dense(s->kept, s->keeping.size * n);
    s->far = arena_shared(a, (size_t)s->keeping.far * n + 1);
    s->meets = placing_asks_needs(store->rubric) ? arena_shared(a, sizeof *s->meets * n) : NULL;
    if (!score_all(s, a, d, jobs) || !placing_rank(s, a, jobs)) {
        return false;
    }
    placing_give_quotas(s, a);
    return true;
}

void stands_ready(const struct stands *s, struct tally *t, const struct stand *const *at,
                  uint32_t n)
{
    struct batch_row rows[BATCH_ROWS];
    for (uint32_t i = 0; i < n && !s->keeping.on; i++) {
        rows[i] = (struct batch_row){stands_kept(s, at[i]->row), at[i]->group};
    }
    if (n > 0 && !s->keeping.on) {
        tally_rows(t, rows, n, NULL, (struct tally_wants){.items = true, .bounds = true});
    }
}

bool stands_unit(const struct stands *s, struct tally *t, const struct stand *at, uint32_t i)
{
    const struct ranking *by = &s->tallying.store->rubric->ranking;
    struct outcome *o = &t->result->outcomes[0];
    if (s->keeping.on) {
        tally_recall(t, &s->keeping, at->group, stands_kept_at(s, at->row));
    } else if (tally_unit(t, i)) {
        rank_settle(by, o);
    } else {
        return false;
    }
    uint32_t grade = at->grade & ~STAND_TIED;
    o->rank = at->rank;
    o->ranked = s->ranked[by->within_all ? 0 : at->group];
    o->grade = grade == STAND_NO_GRADE ? GRADE_NONE : grade;
    o->tied_at_cut = (at->grade & STAND_TIED) != 0;
    return true;
}
