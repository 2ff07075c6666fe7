/*
 * gather.c - from the text to packed rows and books (store.h), in workers, by ranges of bytes.
 *
 *   ... 12,是\n | zf-07,"竹峰",5,否\n ... | ...      a block has the rows that begin in it
 *               └ from the first line's end at or before the block's first byte
 *
 * No quoted cell holds a line's end (else it is `irregular`), so each block finds its first row by
 * itself.
 */
#include "bulk/gather.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"
#include "bulk/fours.h"
#include "bulk/gather_parts.h"
#include "bulk/own.h"

#include <string.h>

/* ---- rows ---- */

/* How far the books are filled. */
static void note_entries(const struct gatherer *g)
{
    const struct store *s = g->store;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        s->n_entries[(size_t)g->book * s->n_fields + i] = g->learner.codes[i].n;
    }
}

static bool hand_over(struct gatherer *g, uint32_t n)
{
    if (g->what == TAKE_FIELDS) {
        note_entries(g);
    }
    return g->take(g->context, g->rows, n);
}

/* Classes first: figures are added to them. False: something in the rows is not for this reader. */
static bool gather_raw(struct gatherer *g, struct raw_rows *l)
{
    bool fine = true;
    for (uint32_t i = 0; i < l->n && fine && surveys(g); i++) {
        fine = survey_class(g, l, &l->at[i]) && survey_unit(g, l, &l->at[i]);
    }
    for (uint32_t i = 0; i < l->n && fine && g->what == TAKE_FIELDS; i++) {
        fine = survey_class_again(g, l, &l->at[i]);
    }
    fine = fine && packing_rows(g, l);
    for (uint32_t i = 0; i < g->store->n_asked && fine && surveys(g); i++) {
        fine = survey_figures(g, l, i);
    }
    return fine && (!g->take || hand_over(g, l->n));
}

/* ---- blocks ---- */

/* Where the next row of the block is packed. */
static char *next_row(const struct gatherer *g)
{
    const struct store *s = g->store;
    uint32_t n = g->raw.n;
    return g->rows ? g->rows + (size_t)n * s->stride
                   : store_row(s, (uint64_t)g->number * s->rows_a_block + g->block->n_rows + n);
}

/* The row that ends at marks[last] joins the others; false: it has other columns than the header.
 */
static bool add_raw(struct gatherer *g, uint32_t first, uint32_t mark, uint32_t last,
                    uint32_t *quoted)
{
    struct split *p = &g->split;
    struct raw_rows *l = &g->raw;
    uint32_t end = p->marks[last], n_columns = g->store->n_columns;
    bool line_return = end > first && l->text[end - 1] == '\r';
    bool quotes = split_quotes(p, first, end, quoted);
    if (last == mark && end == first + (uint32_t)line_return) {
        return true; /* empty */
    }
    l->at[l->n] = (struct raw_row){.marks = p->marks + mark,
                                   .from = first,
                                   .quotes = quotes,
                                   .line_return = line_return,
                                   .row = next_row(g)};
    p->marks[last] -= line_return;
    l->even = l->n == 0 || (l->even && l->at[l->n].marks == l->at[l->n - 1].marks + n_columns);
    l->n++;
    return last + 1 - mark == n_columns;
}

/* The lines that were added become rows of the block; false: one of them is irregular. */
static bool take_raw(struct gatherer *g)
{
    struct raw_rows *l = &g->raw;
    bool fine = gather_raw(g, l);
    for (uint32_t i = 0; i < l->n && fine; i++) {
        g->split.marks[l->at[i].marks - g->split.marks + g->store->n_columns - 1] +=
            l->at[i].line_return;
    }
    g->block->n_rows += l->n;
    l->n = 0;
    return fine;
}

static void gather_rows(struct gatherer *g, size_t from, size_t to, uint32_t most)
{
    struct split *p = &g->split;
    struct raw_rows *l = &g->raw;
    p->at = p->base = from;
    p->inside = 0;
    p->line_due = p->irregular = false;
    p->n_marks = p->n_ends = p->n_quoted = 0;
    l->n = 0;
    while (p->base < to && g->block->n_rows < most) {
        if (!split_more(p)) {
            g->block->irregular |= p->irregular;
            return;
        }
        uint32_t taken = 0, mark = 0, first = 0, quoted = 0;
        bool fine = true;
        l->text = g->store->source->text + p->base;
        while (taken < p->n_ends && p->base + first < to && g->block->n_rows + l->n < most &&
               fine) {
            uint32_t last = p->ends[taken++], end = p->marks[last];
            fine = add_raw(g, first, mark, last, &quoted) && (l->n < RAW_ROWS || take_raw(g));
            mark = last + 1;
            first = end + 1;
        }
        if (!fine || !take_raw(g)) {
            g->block->irregular = true;
            return;
        }
        split_drop(p, taken);
    }
}

/* ---- in a worker ---- */

static void gatherer_init(struct gatherer *g, const struct store *s, enum what_to_take what,
                          uint32_t book)
{
    g->what = what;
    g->store = s;
    g->book = book;
    learner_init(&g->learner, s, book);
    uint32_t most = 2 * SPLIT_WINDOW + SPLIT_MORE + s->n_columns + 64;
    g->split = (struct split){.text = s->source->text,
                              .end = s->source->n,
                              .separator = s->separator,
                              .most = most,
                              .marks = ARENA_ARRAY(&g->learner.arena, uint32_t, most + 1) + 1,
                              .ends = ARENA_ARRAY(&g->learner.arena, uint32_t, most),
                              .quoted = ARENA_ARRAY(&g->learner.arena, uint32_t, most)};
    g->split.marks[-1] = UINT32_MAX; /* the first row begins at 0 */
    g->classes = ARENA_ARRAY(&g->learner.arena, struct class_slot, CLASS_SLOTS);
    g->columns = ARENA_ARRAY(&g->learner.arena, const dec *, s->n_fields);
    g->numbers = ARENA_ARRAY(&g->learner.arena, dec *, s->n_fields);
    for (uint32_t i = 0; i < s->n_fields && fours_there(); i++) {
        if (s->fields[i].numbers && s->fields[i].column > 0) {
            g->numbers[i] = ARENA_ARRAY(&g->learner.arena, dec, RAW_ROWS);
        }
    }
    if (what != TAKE_ALL) {
        g->rows = ARENA_ARRAY(&g->learner.arena, char, (size_t)RAW_ROWS * s->stride);
    }
}

static bool has_book(const struct gatherer *g) { return g->book < BOOKS_MOST; }

static struct gatherer *gatherer_of(const struct store *s)
{
    struct gatherer *g = ARENA_NEW(s->arena, struct gatherer);
    g->store = s;
    g->book = atomic_fetch_add(s->n_books, 1);
    if (has_book(g)) {
        gatherer_init(g, s, s->rows ? TAKE_ALL : TAKE_SURVEY, g->book);
    }
    return g;
}

void gather_end(struct gatherer *g)
{
    if (has_book(g)) {
        learner_release(&g->learner);
    }
}

struct gathering {
    const struct store *store;
    uint32_t jobs;
};

/* Each makes a share of the room for ids ready: else all of them ask for the same pages at the same
 * time, and wait for each other. */
static void *begin(void *context)
{
    const struct gathering *all = context;
    const struct store *s = all->store;
    struct gatherer *g = gatherer_of(own_store(s));
    size_t share = s->n_ids / all->jobs;
    if (g->book < all->jobs) {
        shared_make_ready((void *)(s->ids + share * g->book), share * sizeof *s->ids);
    }
    return g;
}

static void end(void *own)
{
    struct gatherer *g = own;
    gather_end(g);
    own_store_release(g->store);
}

/* A block's rows, from the first that begins in it. */
static void gather_range(struct gatherer *g, uint32_t number, struct block *block)
{
    const struct store *s = g->store;
    size_t from = s->begin + (size_t)number * s->block_size;
    size_t to = s->finish - from > s->block_size ? from + s->block_size : s->finish;
    g->number = number;
    g->block = block;
    if (g->what != TAKE_FIELDS || s->arena->sharers == WORKER_PROCESS) { /* else it was done */
        shared_read_ahead(s->source->text + from, to - from);
    }
    gather_rows(g, store_row_from(s, from), to, s->rows_a_block);
    count(&s->counters->bytes, to - from);
    if (g->what != TAKE_SURVEY) {
        count(&s->counters->cells, (uint64_t)block->n_rows * s->n_fields);
    }
}

static void gather_block(void *context, void *own, struct worker *w, uint32_t number)
{
    const struct store *s = ((const struct gathering *)context)->store;
    struct gatherer *g = own;
    struct block *block = &s->blocks[number];
    uint64_t before = arena_allocations();
    worker_at(w, number + 1);
    if (!has_book(g)) { /* there are no more */
        block->irregular = true;
    } else {
        g->class_texts = s->classes + (size_t)number * s->classes_a_block;
        g->figures = s->figures + (size_t)number * s->n_asked * s->classes_a_block;
        block->book = g->book;
        gather_range(g, number, block);
        block->irregular |= !survey_end(g);
        count(&s->counters->units, block->n_rows);
        count(&s->counters->allocations, arena_allocations() - before);
        note_entries(g);
    }
    if (block->irregular) {
        worker_stop_after(w, number);
    }
}

static void through(void *context, uint32_t blocks)
{
    const struct store *s = ((const struct gathering *)context)->store;
    uint64_t units = 0;
    for (uint32_t i = 0; i < blocks; i++) {
        units += s->blocks[i].n_rows;
    }
    uint64_t bytes = (uint64_t)blocks * s->block_size;
    uint64_t all = s->finish - s->begin;
    progress_at(bytes < all ? bytes : all, units);
}

/* ---- once more, in a worker ---- */

struct gatherer *gather_begin(const struct store *s, gather_take *take)
{
    struct gatherer *g = gatherer_of(s);
    if (!has_book(g)) {
        return NULL;
    }
    g->what = TAKE_FIELDS;
    g->take = take;
    return g;
}

const dec *const *gather_columns(const struct gatherer *g) { return g->columns; }

bool gather_again(struct gatherer *g, uint32_t number, void *context)
{
    const struct store *s = g->store;
    g->again = (struct block){0};
    g->context = context;
    gather_range(g, number, &g->again);
    return !g->again.irregular && g->again.n_rows == s->blocks[number].n_rows;
}

/* ---- in the parent ---- */

/* How long ids and names are. */
static bool look_at_names(void *context, char *rows, uint32_t n)
{
    struct sample *sample = context;
    for (uint32_t i = 0; i < n; i++) {
        struct packed head;
        memcpy(&head, rows + (size_t)i * sample->stride, sizeof head);
        uint32_t names = head.n_id == NAMES_FAR ? 0 : (uint32_t)head.n_id + head.n_name;
        sample->names_most = names > sample->names_most ? names : sample->names_most;
    }
    return true;
}

bool gather_sample(const struct store *s, uint32_t most, struct sample *out)
{
    struct gatherer *g = ARENA_NEW(s->arena, struct gatherer);
    struct block block = {0};
    gatherer_init(g, s, TAKE_SAMPLE, 0);
    *out = (struct sample){.stride = s->stride,
                           .different = ARENA_ARRAY(s->arena, uint32_t, s->n_fields + 1)};
    g->block = &block;
    g->take = look_at_names;
    g->context = out;
    gather_rows(g, s->from, s->source->n, most);
    out->n_rows = block.n_rows;
    out->end = g->split.base;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        out->different[i] = g->learner.codes[i].n;
    }
    learner_release(&g->learner);
    return !block.irregular && block.n_rows > 0;
}

bool gather_all(const struct store *s, unsigned jobs)
{
    struct gathering context = {s, jobs < BOOKS_MOST ? jobs : BOOKS_MOST};
    struct work work = {.n_blocks = s->n_blocks,
                        .jobs = context.jobs,
                        .kind = s->arena->sharers,
                        .context = &context,
                        .begin = begin,
                        .end = end,
                        .run = gather_block,
                        .through = through};
    progress_begin(_("reading"), s->finish - s->begin);
    bool whole = workers_run(&work);
    progress_end();
    for (uint32_t b = 0; b < s->n_blocks && whole; b++) {
        whole = !s->blocks[b].irregular;
    }
    if (!s->rows) {
        shared_give_back((void *)s->ids, sizeof *s->ids * s->n_ids); /* all are known */
        atomic_store(s->n_books, 0); /* those that read the rest begin with new ones */
        memset(s->n_entries, 0, sizeof *s->n_entries * s->n_books_most * s->n_fields);
    }
    return whole;
}
