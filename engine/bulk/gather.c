/*
 * gather.c - from the text to packed rows and books (store.h), in workers, by ranges of bytes.
 *
 *   ... 12,是\n | zf-07,"竹峰",5,否\n ... | ...      a block has the rows that begin in it
 *               └ from the first line's end at or before the block's first byte
 *
 * No quoted cell holds a line's end (else it is `irregular`), so each block finds its first row by
 * itself. Every check of a cell is the loader's own (load/cell.h), made once for each distinct
 * text.
 */
#include "bulk/gather.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"
#include "bulk/codes.h"
#include "bulk/split.h"
#include "score/methods.h"

#include <string.h>

struct class_slot {
    uint64_t hash;
    const char *text;
    uint32_t n, class, block; /* block: whose class it is, + 1 */
};

#define CLASS_SLOTS (2 * CLASSES_MOST)

#define IDS_WAITING 64U

struct gatherer {
    const struct store *store;
    struct learner learner;
    struct split split;
    struct class_slot *classes;
    struct class_text *class_texts; /* of the block */
    struct class_figures *figures;
    struct block *block;
    uint32_t number, book;     /* of the block */
    bool sampling;             /* no ids, no figures */
    uint64_t ids[IDS_WAITING]; /* hashes */
    uint32_t n_ids;
};

/* ---- units and classes ---- */

static uint64_t hash_of(str text)
{
    uint64_t hash = text.n * UINT64_C(0x9E3779B97F4A7C15);
    const char *at = text.at;
    size_t n = text.n;
    for (; n >= 8; at += 8, n -= 8) {
        uint64_t part;
        memcpy(&part, at, sizeof part);
        hash = (hash ^ part) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    hash = (hash ^ text_key((str){at, n})) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 29;
}

/* False: two units seem to have the same id, or there is no room. */
static bool put_hash(const struct store *s, uint64_t hash)
{
    uint64_t slot = hash & (s->n_ids - 1);
    for (uint32_t tries = 0; tries < 1024; tries++, slot = (slot + 1) & (s->n_ids - 1)) {
        uint64_t there = atomic_load_explicit(&s->ids[slot], memory_order_relaxed);
        if (there == 0 &&
            atomic_compare_exchange_strong_explicit(&s->ids[slot], &there, hash,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            return true;
        }
        if (there == hash) {
            return false;
        }
    }
    return false;
}

static uint64_t id_hash(str id)
{
    uint64_t hash = hash_of(id);
    return hash + (hash == 0);
}

/* Ids are put where they belong many at a time: what is asked of memory for one of them goes on
 * beside the others, and waits for nothing that was written before. */
static bool put_waiting_ids(struct gatherer *g)
{
    const struct store *s = g->store;
    bool fine = true;
    for (uint32_t i = 0; i < g->n_ids; i++) {
        __builtin_prefetch((const void *)&s->ids[g->ids[i] & (s->n_ids - 1)], 1);
    }
    for (uint32_t i = 0; i < g->n_ids; i++) {
        fine = fine && put_hash(s, g->ids[i]);
    }
    g->n_ids = 0;
    return fine;
}

static bool note_id(struct gatherer *g, str id)
{
    g->ids[g->n_ids++] = id_hash(id);
    return g->n_ids < IDS_WAITING || put_waiting_ids(g);
}

/* What is no text, or would have to be trimmed, is for others. */
static bool is_plain_name(str name)
{
    struct given given = {.text = name};
    str same = merge_name(&given);
    return same.n == name.n && utf8_valid(name.at, name.n) == name.n;
}

/* Index of the class among those of the block; CLASSES_MOST: there is no room for it. */
static uint32_t class_of(struct gatherer *g, str text)
{
    uint64_t hash = hash_of(text);
    uint32_t slot = (uint32_t)hash & (CLASS_SLOTS - 1);
    for (;; slot = (slot + 1) & (CLASS_SLOTS - 1)) {
        struct class_slot *c = &g->classes[slot];
        if (c->block != g->number + 1) {
            uint32_t class = g->block->n_classes;
            if (class == g->store->classes_a_block || !is_plain_name(text)) {
                return CLASSES_MOST;
            }
            *c = (struct class_slot){hash, text.at, (uint32_t)text.n, class, g->number + 1};
            uint64_t offset = text.n > 0 ? (uint64_t)(text.at - g->store->source->text) : 0;
            g->class_texts[class] = (struct class_text){offset, (uint32_t)text.n, 0};
            g->block->n_classes++;
            return class;
        }
        if (c->hash == hash && c->n == text.n && memcmp(c->text, text.at, text.n) == 0) {
            return c->class;
        }
    }
}

/* ---- rows ---- */

/* The cell without its quotes; false where it is not quoted as it should be. A doubled quote within
 * is left to who reads the cell again. */
static bool strip_quotes(str *cell, bool *doubled)
{
    if (cell->n == 0 || *cell->at != '"') {
        return memchr(cell->at, '"', cell->n) == NULL;
    }
    if (cell->n < 2 || cell->at[cell->n - 1] != '"') {
        return false;
    }
    *cell = (str){cell->at + 1, cell->n - 2};
    for (size_t i = 0; i < cell->n; i++) {
        if (cell->at[i] == '"') {
            *doubled = true;
            if (++i == cell->n || cell->at[i] != '"') {
                return false;
            }
        }
    }
    return true;
}

struct row_text {
    const char *text;      /* what marks count from */
    const uint32_t *marks; /* [n_columns] where they end; before them, where the line before ends */
    bool quotes;
};

/* False: quoted in a way that this does not read. */
static inline bool cell_of(const struct row_text *l, uint32_t column, bool may_double, str *out)
{
    uint32_t from = (&l->marks[column])[-1] + 1;
    *out = (str){l->text + from, l->marks[column] - from};
    bool doubled = false;
    return !l->quotes || (strip_quotes(out, &doubled) && (may_double || !doubled));
}

/* A number, or NUMBER_NONE or NUMBER_AGAIN. */
static inline bool number_of(struct gatherer *g, const struct packed_field *f, str text, dec *value)
{
    const struct field *field = &g->store->merge->fields[f->field];
    struct entry entry;
    if ((text.n <= KEY_BYTES && cell_quick_short(field, text_key(text), (unsigned)text.n, value)) ||
        cell_quick(field, text, value)) {
        return true;
    }
    *value = NUMBER_NONE;
    if (text.n > 0) {
        if (!learner_read(&g->learner, (uint32_t)(f - g->store->fields), text, &entry)) {
            return false;
        }
        *value = entry.state == CELL_EMPTY ? NUMBER_NONE : NUMBER_AGAIN;
    }
    return true;
}

static bool gather_fields(struct gatherer *g, const struct row_text *l, char *row, struct packed *head)
{
    const struct store *s = g->store;
    uint32_t more = 0;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct packed_field *f = &s->fields[i];
        str text;
        if (!cell_of(l, f->column, false, &text)) {
            return false;
        }
        if (f->numbers) {
            dec value;
            if (!number_of(g, f, text, &value)) {
                return false;
            }
            more |= value == NUMBER_AGAIN ? CODE_MORE : 0;
            memcpy(row + f->at, &value, sizeof value);
        } else {
            uint32_t code;
            if (!learner_code(&g->learner, i, text, &code)) {
                return false;
            }
            more |= code;
            uint16_t stored = (uint16_t)code;
            memcpy(row + f->at, &stored, sizeof stored);
        }
    }
    head->flags |= (uint16_t)(more >> CODE_BITS);
    return true;
}

/* What the row says of the field, for figures of its class. */
static bool figure_of(struct gatherer *g, const struct row_text *l, const char *row,
                      const struct packed_field *f, struct entry *out)
{
    uint32_t index = (uint32_t)(f - g->store->fields);
    uint16_t code = CODE_AGAIN;
    dec value = NUMBER_AGAIN;
    str text;
    if (f->numbers) {
        memcpy(&value, row + f->at, sizeof value);
    } else {
        memcpy(&code, row + f->at, sizeof code);
    }
    if (code != CODE_AGAIN) {
        *out = g->learner.codes[index].entries[code];
    } else if (value == NUMBER_AGAIN) {
        return cell_of(l, f->column, false, &text) && learner_read(&g->learner, index, text, out);
    } else {
        *out = (struct entry){.value = value == NUMBER_NONE ? 0 : value,
                              .state = value == NUMBER_NONE ? CELL_EMPTY : CELL_VALUE};
    }
    return true;
}

/* Cells of the table's one unit that figures of classes are made of. */
static bool take_figures(struct gatherer *g, const struct row_text *l, const char *row)
{
    const struct store *s = g->store;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct packed_field *f = &s->fields[i];
        struct entry entry;
        if (f->figures) {
            if (!figure_of(g, l, row, f, &entry)) {
                return false;
            }
            s->merge->table->columns[f->field].value[0] = entry.value;
            s->merge->table->columns[f->field].state[0] = entry.state;
        }
    }
    return true;
}

static void add_figures(struct gatherer *g, uint32_t class)
{
    const struct store *s = g->store;
    for (uint32_t i = 0; i < s->n_asked; i++) {
        wide value;
        if (read_exact(s->merge->table, s->asked[i].field, s->asked[i].of, 0, &value)) {
            class_figures_add(&g->figures[(size_t)i * s->classes_a_block + class], value);
        }
    }
}

static bool gather_others(const struct gatherer *g, const struct row_text *l)
{
    const struct store *s = g->store;
    str text;
    for (uint32_t c = 0; c < s->n_columns; c++) {
        if (s->others[c] && (!cell_of(l, c, true, &text) || utf8_valid(text.at, text.n) < text.n)) {
            return false;
        }
    }
    return true;
}

/* Where they stand in the row; a name may be none at all. */
static void note_names(struct packed *head, const struct row_text *l, str id, str name)
{
    const char *from = l->text + (uint32_t)(l->marks[-1] + 1);
    size_t id_at = (size_t)(id.at - from), name_at = name.n > 0 ? (size_t)(name.at - from) : 0;
    head->n_id = NAMES_FAR;
    if (id_at <= UINT16_MAX && name_at <= UINT16_MAX && name.n <= UINT16_MAX) {
        head->id_at = (uint16_t)id_at;
        head->n_id = (uint16_t)id.n;
        head->name_at = (uint16_t)name_at;
        head->n_name = (uint16_t)name.n;
    }
}

static bool gather_row(struct gatherer *g, const struct row_text *l, uint64_t offset, char *row)
{
    const struct store *s = g->store;
    struct packed head = {.offset = offset};
    static const char nothing[SPLIT_AHEAD];
    str id, name = {nothing, 0}, class = {nothing, 0};
    if (!cell_of(l, s->id, false, &id) || id.n == 0 || id.n > ID_MOST || !is_plain_name(id)) {
        return false;
    }
    if (s->name != COLUMN_NONE && (!cell_of(l, s->name, true, &name) || !is_plain_name(name))) {
        return false;
    }
    if (s->class != COLUMN_NONE && (!cell_of(l, s->class, false, &class) || class.n == 0)) {
        return false;
    }
    if (!gather_fields(g, l, row, &head) || !gather_others(g, l)) {
        return false;
    }
    if (!g->sampling) {
        head.class = class_of(g, class);
        if (head.class == CLASSES_MOST || !note_id(g, id) ||
            (s->n_asked > 0 && !take_figures(g, l, row))) {
            return false;
        }
        g->class_texts[head.class].n_rows++;
        add_figures(g, head.class);
    }
    note_names(&head, l, id, name);
    memcpy(row, &head, sizeof head);
    return true;
}

/* ---- blocks ---- */

static void gather_rows(struct gatherer *g, size_t from, size_t to, uint32_t most, char *rows)
{
    const struct store *s = g->store;
    struct split *p = &g->split;
    p->at = p->base = from;
    p->inside = 0;
    p->line_due = p->irregular = false;
    p->n_marks = p->n_ends = p->n_quoted = 0;
    while (p->base < to && g->block->n_rows < most) {
        if (!split_more(p)) {
            g->block->irregular |= p->irregular;
            return;
        }
        uint32_t taken = 0, mark = 0, first = 0, quoted = 0;
        for (; taken < p->n_ends && p->base + first < to && g->block->n_rows < most; taken++) {
            uint32_t last = p->ends[taken], n = last + 1 - mark, end = p->marks[last];
            struct row_text line = {.text = s->source->text + p->base,
                                .marks = p->marks + mark,
                                .quotes = split_quotes(p, first, end, &quoted)};
            bool line_return = end > first && line.text[end - 1] == '\r';
            bool empty = n == 1 && end == first + (uint32_t)line_return;
            char *row = rows + (size_t)g->block->n_rows * s->stride;
            p->marks[last] -= line_return;
            if (!empty && (n != s->n_columns || !gather_row(g, &line, p->base + first, row))) {
                g->block->irregular = true;
                return;
            }
            p->marks[last] = end;
            g->block->n_rows += !empty;
            mark = last + 1;
            first = end + 1;
        }
        split_drop(p, taken);
    }
}

/* ---- in a worker ---- */

static void gatherer_init(struct gatherer *g, const struct store *s, uint32_t book)
{
    g->store = s;
    g->book = book;
    learner_init(&g->learner, s, book);
    uint32_t most = 2 * SPLIT_WINDOW + s->n_columns + 64;
    g->split = (struct split){.text = s->source->text,
                              .end = s->source->n,
                              .separator = s->separator,
                              .most = most,
                              .marks = ARENA_ARRAY(&g->learner.arena, uint32_t, most + 1) + 1,
                              .ends = ARENA_ARRAY(&g->learner.arena, uint32_t, most),
                              .quoted = ARENA_ARRAY(&g->learner.arena, uint32_t, most)};
    g->split.marks[-1] = UINT32_MAX; /* the first row begins at 0 */
    g->classes = ARENA_ARRAY(&g->learner.arena, struct class_slot, CLASS_SLOTS);
}

static void *begin(void *context)
{
    const struct store *s = context;
    struct gatherer *own = ARENA_NEW(s->arena, struct gatherer);
    uint32_t book = atomic_fetch_add(s->n_books, 1);
    if (book < BOOKS_MOST) {
        gatherer_init(own, s, book);
    }
    return own;
}

static void gather_block(void *context, void *own, struct worker *w, uint32_t number)
{
    const struct store *s = context;
    struct gatherer *g = own;
    struct block *block = &s->blocks[number];
    uint64_t before = arena_allocations();
    worker_at(w, number + 1);
    if (!g->store) { /* there are no more books */
        block->irregular = true;
    } else {
        size_t from = s->begin + (size_t)number * s->block_size;
        g->block = block;
        g->number = number;
        g->class_texts = s->classes + (size_t)number * s->classes_a_block;
        g->figures = s->figures + (size_t)number * s->n_asked * s->classes_a_block;
        block->book = g->book;
        size_t to = s->finish - from > s->block_size ? from + s->block_size : s->finish;
        gather_rows(g, store_row_from(s, from), to, s->rows_a_block,
                    store_row(s, (uint64_t)number * s->rows_a_block));
        block->irregular |= !put_waiting_ids(g);
        count(&s->counters->bytes, to - from);
        count(&s->counters->units, block->n_rows);
        count(&s->counters->allocations, arena_allocations() - before);
        count(&s->counters->cells, (uint64_t)block->n_rows * s->n_fields);
        for (uint32_t i = 0; i < s->n_fields; i++) {
            s->n_entries[(size_t)g->book * s->n_fields + i] = g->learner.codes[i].n;
        }
    }
    if (block->irregular) {
        worker_stop_after(w, number);
    }
}

static void through(void *context, uint32_t blocks)
{
    const struct store *s = context;
    uint64_t units = 0;
    for (uint32_t i = 0; i < blocks; i++) {
        units += s->blocks[i].n_rows;
    }
    uint64_t bytes = (uint64_t)blocks * s->block_size;
    uint64_t all = s->finish - s->begin;
    progress_at(bytes < all ? bytes : all, units);
}

/* ---- in the parent ---- */

bool gather_put_id(const struct store *s, str id) { return put_hash(s, id_hash(id)); }

bool gather_sample(const struct store *s, uint32_t most, struct sample *out)
{
    struct gatherer *g = ARENA_NEW(s->arena, struct gatherer);
    struct block block = {0};
    char *rows = shared_new((size_t)most * s->stride);
    gatherer_init(g, s, 0);
    g->block = &block;
    g->sampling = true;
    gather_rows(g, s->from, s->source->n, most, rows);
    *out = (struct sample){.n_rows = block.n_rows,
                           .end = g->split.base,
                           .different = ARENA_ARRAY(s->arena, uint32_t, s->n_fields + 1)};
    for (uint32_t i = 0; i < s->n_fields; i++) {
        out->different[i] = g->learner.codes[i].n;
    }
    for (uint32_t i = 0; i < block.n_rows; i++) {
        struct packed head;
        memcpy(&head, rows + (size_t)i * s->stride, sizeof head);
        uint32_t n = head.n_id == NAMES_FAR ? 0 : (uint32_t)head.n_id + head.n_name;
        out->names_most = n > out->names_most ? n : out->names_most;
    }
    shared_release(rows, (size_t)most * s->stride);
    learner_release(&g->learner);
    return !block.irregular && block.n_rows > 0;
}

bool gather_all(const struct store *s, unsigned jobs)
{
    struct store context = *s;
    struct work work = {.n_blocks = s->n_blocks,
                        .jobs = jobs < BOOKS_MOST ? jobs : BOOKS_MOST,
                        .context = &context,
                        .begin = begin,
                        .run = gather_block,
                        .through = through};
    progress_begin(_("reading"), s->finish - s->begin);
    bool whole = workers_run(&work);
    progress_end();
    for (uint32_t b = 0; b < s->n_blocks && whole; b++) {
        whole = !s->blocks[b].irregular;
    }
    return whole;
}
