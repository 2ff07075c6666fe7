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
#include "bulk/store.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"
#include "bulk/split.h"
#include "score/methods.h"

#include <string.h>

/* The codes of a field's texts. Those of up to 8 bytes are their own key. */
struct codes {
    uint64_t *keys;   /* KEY_NONE: free */
    uint32_t *at;     /* with CODE_WORDY */
    uint32_t n, size; /* size: a power of two */
    int shift;
    struct map longer; /* texts of more than 8 bytes */
    struct entry *entries;
};

#define KEY_NONE UINT64_MAX
#define CODE_WORDY ((uint32_t)1 << 16) /* its entry is not simple */

struct class_slot {
    uint64_t hash;
    const char *text;
    uint32_t n, class, block; /* block: whose class it is, + 1 */
};

#define CLASS_SLOTS (2 * CLASSES_MOST)

#define IDS_WAITING 16U

struct gatherer {
    const struct store *store;
    struct arena arena, scratch;
    struct diag diag;
    struct split split;
    struct codes *codes; /* [n_fields] */
    struct class_slot *classes;
    struct class_text *class_texts; /* of the block */
    struct class_figures *figures;
    struct block *block;
    uint32_t number, book;     /* of the block */
    bool sampling;             /* no ids, no figures */
    uint64_t ids[IDS_WAITING]; /* hashes, 0: none */
    uint32_t n_ids;
};

/* ---- codes ---- */

static uint64_t spread(uint64_t key) { return key * UINT64_C(0x9E3779B97F4A7C15); }

static void codes_grow(struct arena *a, struct codes *c)
{
    struct codes old = *c;
    c->size = old.size ? 2 * old.size : 32;
    c->shift = __builtin_clz(c->size) + 33;
    c->keys = ARENA_ARRAY(a, uint64_t, c->size);
    c->at = ARENA_ARRAY(a, uint32_t, c->size);
    memset(c->keys, 0xff, sizeof *c->keys * c->size);
    for (uint32_t i = 0; i < old.size; i++) {
        if (old.keys[i] == KEY_NONE) {
            continue;
        }
        uint32_t slot = (uint32_t)(spread(old.keys[i]) >> c->shift);
        while (c->keys[slot] != KEY_NONE) {
            slot = (slot + 1) & (c->size - 1);
        }
        c->keys[slot] = old.keys[i];
        c->at[slot] = old.at[i];
    }
}

static bool found_any(const struct diag *d) { return d->n_errors + d->n_warnings > 0; }

/* What was said of the header is of the rubric alone: that a field is in no file. */
static bool speaks_of_rubric(const struct store *s)
{
    const struct diag *d = s->merge->diag;
    for (uint32_t i = 0; i < d->sources.n; i++) {
        if (d->sources.at[i] == s->source) {
            return false;
        }
    }
    return d->n_errors == 0;
}

/* What the loader makes of the text; false: it has something to say. */
static bool read_text(struct gatherer *g, uint32_t index, str text, struct entry *out)
{
    const struct store *s = g->store;
    count(&s->counters->cells_parsed, 1);
    uint32_t field = s->fields[index].field;
    struct cell cell = {0};
    if (utf8_valid(text.at, text.n) < text.n) {
        return false;
    }
    if (s->fields[index].evidence != MEMBER_NONE) {
        *out = (struct entry){merge_is_evidence(text) ? DEC_ONE : 0, CELL_VALUE, true};
        return true;
    }
    const struct field *f = &s->merge->fields[field];
    struct arena_mark mark = arena_mark(&g->scratch);
    bool fine = text.n == 0 || !merge_reads(s->merge, field) ||
                cell_parse(&g->scratch, &g->diag, f, text, (span){s->source, s->from, 0}, &cell);
    bool words =
        cell.state == CELL_VALUE && f->used && (f->type == FIELD_TEXT || f->type == FIELD_LIST);
    *out = (struct entry){.value = cell.value,
                          .state = (uint8_t)cell.state,
                          .simple = cell.state != CELL_NA && cell.reason.n == 0 && !words};
    arena_reset(&g->scratch, mark);
    return fine && !found_any(&g->diag);
}

static bool is_long(str text) { return text.n > 8; }

static uint64_t key_of(str text)
{
    static const uint64_t masks[] = {0,
                                     UINT64_C(0xff),
                                     UINT64_C(0xffff),
                                     UINT64_C(0xffffff),
                                     UINT64_C(0xffffffff),
                                     UINT64_C(0xffffffffff),
                                     UINT64_C(0xffffffffffff),
                                     UINT64_C(0xffffffffffffff),
                                     UINT64_MAX};
    uint64_t key;
    memcpy(&key, text.at, sizeof key);
    return key & masks[text.n];
}

/* A text that the book does not have yet; CODE_AGAIN: there is no room for it. */
static bool learn(struct gatherer *g, uint32_t index, str text, uint32_t *code)
{
    struct codes *c = &g->codes[index];
    struct entry entry;
    if (!read_text(g, index, text, &entry)) {
        return false;
    }
    *code = CODE_AGAIN;
    if (c->n == CODES_MOST) { /* CODE_AGAIN */
        return true;
    }
    c->entries[c->n] = entry;
    *code = c->n++ | (entry.simple ? 0 : CODE_WORDY);
    if (is_long(text)) {
        const char *copy = arena_text(&g->arena, text.at, text.n);
        map_put(&g->arena, &c->longer, (str){copy, text.n}, *code);
        return true;
    }
    if (2 * c->n > c->size) {
        codes_grow(&g->arena, c);
    }
    uint64_t key = key_of(text);
    uint32_t slot = (uint32_t)(spread(key) >> c->shift);
    while (c->keys[slot] != KEY_NONE) {
        slot = (slot + 1) & (c->size - 1);
    }
    c->keys[slot] = key;
    c->at[slot] = *code;
    return true;
}

static inline bool code_of(struct gatherer *g, uint32_t index, str text, uint32_t *code)
{
    struct codes *c = &g->codes[index];
    if (__builtin_expect(is_long(text), 0)) {
        uint32_t known = map_get(&c->longer, text);
        *code = known;
        return known != MAP_NONE || learn(g, index, text, code);
    }
    uint64_t key = key_of(text);
    uint32_t slot = (uint32_t)(spread(key) >> c->shift);
    for (; c->keys[slot] != key; slot = (slot + 1) & (c->size - 1)) {
        if (c->keys[slot] == KEY_NONE) {
            return learn(g, index, text, code);
        }
    }
    *code = c->at[slot];
    return true;
}

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
    hash = (hash ^ key_of((str){at, n})) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 29;
}

/* False: two units seem to have the same id, or there is no room. */
static bool put_id(const struct store *s, uint64_t hash)
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

/* Ids are put where they belong some rows later: by then that memory is at hand. */
static bool note_id(struct gatherer *g, str id)
{
    uint64_t hash = hash_of(id);
    hash += hash == 0;
    uint64_t *waiting = &g->ids[g->n_ids++ % IDS_WAITING];
    bool fine = *waiting == 0 || put_id(g->store, *waiting);
    __builtin_prefetch((const void *)&g->store->ids[hash & (g->store->n_ids - 1)], 1);
    *waiting = hash;
    return fine;
}

static bool put_waiting_ids(struct gatherer *g)
{
    bool fine = true;
    for (uint32_t i = 0; i < IDS_WAITING; i++) {
        fine = fine && (g->ids[i] == 0 || put_id(g->store, g->ids[i]));
        g->ids[i] = 0;
    }
    return fine;
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
            if (class == g->store->classes_a_block || utf8_valid(text.at, text.n) < text.n) {
                return CLASSES_MOST;
            }
            *c = (struct class_slot){hash, text.at, (uint32_t)text.n, class, g->number + 1};
            uint64_t offset = text.n > 0 ? (uint64_t)(text.at - g->store->source->text) : 0;
            g->class_texts[class] = (struct class_text){offset, (uint32_t)text.n};
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

struct line {
    const char *text;      /* what marks count from */
    const uint32_t *marks; /* [n_columns] */
    uint32_t first;        /* where it begins */
    bool quotes, line_return;
};

/* False: quoted in a way that this does not read. */
static inline bool cell_of(const struct line *l, uint32_t column, bool may_double, str *out)
{
    uint32_t from = column > 0 ? l->marks[column - 1] + 1 : l->first;
    uint32_t to = l->marks[column];
    to -= (uint32_t)(l->line_return && to > from && l->text[to] == '\n');
    *out = (str){l->text + from, to - from};
    bool doubled = false;
    return !l->quotes || (strip_quotes(out, &doubled) && (may_double || !doubled));
}

/* What is no text, or would have to be trimmed, is for others. */
static bool is_plain_name(str name)
{
    struct given given = {.text = name};
    str same = merge_name(&given);
    return same.n == name.n && utf8_valid(name.at, name.n) == name.n;
}

static bool gather_numbers(struct gatherer *g, const struct packed_field *f, str text, char *to,
                           struct packed *head, struct entry *entry)
{
    dec value = NUMBER_NONE;
    *entry = (struct entry){.state = CELL_EMPTY, .simple = true};
    if (cell_quick(&g->store->merge->fields[f->field], text, &value)) {
        entry->value = value;
        entry->state = CELL_VALUE;
    } else if (text.n > 0) {
        if (!read_text(g, (uint32_t)(f - g->store->fields), text, entry)) {
            return false;
        }
        value = entry->state == CELL_EMPTY ? NUMBER_NONE : NUMBER_AGAIN;
        head->flags |= entry->state == CELL_EMPTY ? 0 : ROW_AGAIN;
    }
    memcpy(to, &value, sizeof value);
    return true;
}

static bool gather_fields(struct gatherer *g, const struct line *l, char *row, struct packed *head)
{
    const struct store *s = g->store;
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct packed_field *f = &s->fields[i];
        struct entry entry;
        str text;
        if (!cell_of(l, f->column, false, &text)) {
            return false;
        }
        if (f->numbers) {
            if (!gather_numbers(g, f, text, row + f->at, head, &entry)) {
                return false;
            }
        } else {
            uint32_t code;
            if (!code_of(g, i, text, &code)) {
                return false;
            }
            uint16_t stored = (uint16_t)code;
            memcpy(row + f->at, &stored, sizeof stored);
            head->flags |= code < CODES_MOST ? 0 : ROW_AGAIN;
            if (f->figures && stored < CODES_MOST) {
                entry = g->codes[i].entries[stored];
            } else if (f->figures && !read_text(g, i, text, &entry)) {
                return false;
            }
        }
        if (f->figures) { /* of fields alone */
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

static bool gather_others(const struct gatherer *g, const struct line *l)
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

static bool gather_row(struct gatherer *g, const struct line *l, uint64_t offset, char *row)
{
    const struct store *s = g->store;
    struct packed head = {.offset = offset};
    static const char nothing[SPLIT_AHEAD];
    str id, name = {nothing, 0}, class = {nothing, 0};
    if (!cell_of(l, s->id, false, &id) || id.n == 0 || !is_plain_name(id)) {
        return false;
    }
    if (s->name != COLUMN_NONE && (!cell_of(l, s->name, true, &name) || !is_plain_name(name))) {
        return false;
    }
    if (s->class != COLUMN_NONE &&
        (!cell_of(l, s->class, false, &class) || class.n == 0 || !is_plain_name(class))) {
        return false;
    }
    if (!gather_fields(g, l, row, &head) || !gather_others(g, l)) {
        return false;
    }
    if (!g->sampling) {
        head.class = class_of(g, class);
        if (head.class == CLASSES_MOST || !note_id(g, id)) {
            return false;
        }
        add_figures(g, head.class);
    }
    memcpy(row, &head, sizeof head);
    return true;
}

/* ---- blocks ---- */

/* Where the first row begins that begins at `at` or behind it. */
static size_t row_from(const struct source *s, size_t at, size_t first)
{
    if (at <= first) {
        return first;
    }
    const char *line = memchr(s->text + at - 1, '\n', s->n - at + 1);
    return line ? (size_t)(line - s->text) + 1 : s->n;
}

static void gather_rows(struct gatherer *g, size_t from, size_t to, uint32_t most, char *rows)
{
    const struct store *s = g->store;
    struct split *p = &g->split;
    p->at = p->base = from;
    p->inside = 0;
    p->line_due = p->irregular = false;
    p->n_marks = p->n_ends = 0;
    while (p->base < to && g->block->n_rows < most) {
        p->quotes = p->at > p->base && p->quotes;
        if (!split_more(p)) {
            g->block->irregular |= p->irregular;
            return;
        }
        uint32_t taken = 0, mark = 0, first = 0;
        for (; taken < p->n_ends && p->base + first < to && g->block->n_rows < most; taken++) {
            uint32_t n = p->ends[taken] + 1 - mark, end = p->marks[p->ends[taken]];
            struct line line = {.text = s->source->text + p->base,
                                .marks = p->marks + mark,
                                .first = first,
                                .quotes = p->quotes};
            line.line_return = end > first && line.text[end - 1] == '\r';
            bool empty = n == 1 && end == first + (uint32_t)line.line_return;
            char *row = rows + (size_t)g->block->n_rows * s->stride;
            if (!empty && (n != s->n_columns || !gather_row(g, &line, p->base + first, row))) {
                g->block->irregular = true;
                return;
            }
            g->block->n_rows += !empty;
            mark = p->ends[taken] + 1;
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
    diag_init(&g->diag, &g->scratch);
    memcpy(g->diag.severity, s->merge->diag->severity, sizeof g->diag.severity);
    g->codes = ARENA_ARRAY(&g->arena, struct codes, s->n_fields);
    for (uint32_t i = 0; i < s->n_fields; i++) {
        g->codes[i].entries = store_entries(s, book, i);
        codes_grow(&g->arena, &g->codes[i]);
    }
    uint32_t most = 2 * SPLIT_WINDOW + s->n_columns + 64;
    g->split = (struct split){.text = s->source->text,
                              .end = s->source->n,
                              .separator = s->separator,
                              .most = most,
                              .marks = ARENA_ARRAY(&g->arena, uint32_t, most),
                              .ends = ARENA_ARRAY(&g->arena, uint32_t, most)};
    g->classes = ARENA_ARRAY(&g->arena, struct class_slot, CLASS_SLOTS);
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
    worker_at(w, number + 1);
    if (!g->store) { /* there are no more books */
        block->irregular = true;
    } else {
        size_t from = s->from + (size_t)number * s->block_size;
        g->block = block;
        g->number = number;
        g->class_texts = s->classes + (size_t)number * s->classes_a_block;
        g->figures = s->figures + (size_t)number * s->n_asked * s->classes_a_block;
        block->book = g->book;
        size_t to = s->source->n - from > s->block_size ? from + s->block_size : s->source->n;
        gather_rows(g, row_from(s->source, from, s->from), to, s->rows_a_block,
                    store_row(s, (uint64_t)number * s->rows_a_block));
        block->irregular |= !put_waiting_ids(g);
        count(&s->counters->bytes, to - from);
        count(&s->counters->units, block->n_rows);
        count(&s->counters->cells, (uint64_t)block->n_rows * s->n_fields);
        for (uint32_t i = 0; i < s->n_fields; i++) {
            s->n_entries[(size_t)g->book * s->n_fields + i] = g->codes[i].n;
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
    progress_at(bytes < s->source->n ? bytes : s->source->n, units);
}

/* ---- opening ---- */

#define SAMPLE 4096U     /* rows that are looked at beforehand */
#define DIFFERENT 20000U /* different texts, from which on a field's numbers stand in its rows */
#define BLOCK_LEAST ((size_t)2 << 20)
#define BLOCKS_MOST 512U

static bool reads_figures(const struct store *s, uint32_t field)
{
    for (uint32_t i = 0; i < s->n_asked; i++) {
        if (s->asked[i].field == field || s->asked[i].of == field) {
            return true;
        }
    }
    return false;
}

/* Each pair of fields once. */
static void ask_for(struct store *s, uint32_t field, uint32_t of)
{
    for (uint32_t k = 0; k < s->n_asked; k++) {
        if (s->asked[k].field == field && s->asked[k].of == of) {
            return;
        }
    }
    s->asked[s->n_asked++] = (struct asked_figures){field, of};
}

static bool is_class_input(enum input_kind kind)
{
    return kind >= INPUT_CLASS_MAX && kind <= INPUT_CLASS_RANK;
}

static void ask_figures(struct store *s)
{
    const struct rubric *r = s->rubric;
    s->asked = ARENA_ARRAY(s->arena, struct asked_figures, r->members.n + r->fields.list.n);
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (m->kind == MEMBER_ITEM && !m->off && classwide_needed(&m->rule)) {
            ask_for(s, m->rule.field, m->rule.of);
        }
    }
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        const struct script *script = &r->scripts.at[i];
        for (uint32_t k = 0; k < script->inputs.n; k++) {
            if (is_class_input(script->inputs.at[k].kind)) {
                ask_for(s, script->inputs.at[k].index, FIELD_NONE);
            }
        }
    }
}

/* What the columns are; false: something is said about them, or they are more than this takes. */
static bool open_columns(struct store *s)
{
    struct csv_header columns;
    uint32_t n_fields = s->rubric->fields.list.n;
    if (!units_csv_columns(s->merge, s->source, &columns) || columns.column_of_id == COLUMN_NONE) {
        return false;
    }
    s->from = columns.from;
    s->separator = columns.separator;
    s->n_columns = columns.n;
    s->id = columns.column_of[RESERVED_ID];
    s->name = columns.column_of[RESERVED_NAME];
    s->class = columns.column_of[RESERVED_CLASS];
    s->fields = ARENA_ARRAY(s->arena, struct packed_field, columns.n);
    s->evidence_of = ARENA_ARRAY(s->arena, uint32_t, s->rubric->members.n);
    memset(s->evidence_of, 0xff, sizeof *s->evidence_of * s->rubric->members.n);
    s->packed_of = ARENA_ARRAY(s->arena, uint32_t, n_fields + 1);
    s->others = ARENA_ARRAY(s->arena, uint8_t, s->n_columns);
    s->slot_of = ARENA_ARRAY(s->arena, uint32_t, s->rubric->members.n);
    memset(s->packed_of, 0xff, sizeof *s->packed_of * (n_fields + 1));
    for (uint32_t c = 0; c < s->n_columns; c++) {
        struct heading h = columns.headings[c];
        bool known = h.kind == HEADING_RESERVED && (c == s->id || c == s->name || c == s->class);
        if (h.kind == HEADING_FIELD) {
            s->packed_of[h.index] = s->n_fields;
            s->fields[s->n_fields++] = (struct packed_field){.field = h.index,
                                                             .column = c,
                                                             .evidence = MEMBER_NONE,
                                                             .figures = reads_figures(s, h.index)};
        } else if (h.kind == HEADING_EVIDENCE) {
            s->evidence_of[h.index] = s->n_fields;
            s->fields[s->n_fields++] =
                (struct packed_field){.field = FIELD_NONE, .column = c, .evidence = h.index};
            vec_push(s->arena, &s->merge->table->evidence);
        } else if (h.kind == HEADING_IGNORED) {
            s->others[c] = true;
        } else if (!known) {
            return false;
        }
    }
    s->merge->table->evidence.n = 0; /* there is room for one of each column */
    return s->id != COLUMN_NONE;
}

/* Room for one unit, and what is said of fields that no file has. */
static bool open_table(struct store *s)
{
    struct merge *m = s->merge;
    merge_reserve(m, 1);
    *vec_push(m->arena, &m->table->units) = (struct unit){.id = "", .name = "", .class_name = ""};
    m->table->units.at[0].first_row = ROW_NONE;
    vec_push(m->arena, &m->notes);
    merge_report_absent(m);
    s->n_said = m->diag->findings.n;
    return speaks_of_rubric(s);
}

/* An item whose script is called for each unit: it need not be called again when that is written.
 */
static bool wants_slot(const struct store *s, uint32_t member)
{
    const struct member *m = &s->rubric->members.at[member];
    bool wants = false;
    if (m->off || m->rule.script == SCRIPT_NONE) {
        return false;
    }
    const struct script *script = &s->rubric->scripts.at[m->rule.script];
    for (uint32_t i = 0; i < script->inputs.n; i++) {
        const struct input *in = &script->inputs.at[i];
        uint32_t packed = in->kind == INPUT_FIELD ? s->packed_of[in->index] : FIELD_NONE;
        wants |= is_class_input(in->kind) || (packed != FIELD_NONE && s->fields[packed].numbers);
    }
    return wants;
}

static void lay_out(struct store *s)
{
    uint32_t at = sizeof(struct packed);
    for (uint32_t i = 0; i < s->n_fields; i++) {
        if (s->fields[i].numbers) {
            s->fields[i].at = at;
            at += (uint32_t)sizeof(dec);
        }
    }
    for (uint32_t m = 0; m < s->rubric->members.n; m++) {
        s->slot_of[m] = 0;
        if (s->rubric->members.at[m].kind == MEMBER_ITEM && wants_slot(s, m)) {
            s->slot_of[m] = at;
            at += (uint32_t)sizeof(dec);
        }
    }
    for (uint32_t i = 0; i < s->n_fields; i++) {
        if (!s->fields[i].numbers) {
            s->fields[i].at = at;
            at += (uint32_t)sizeof(uint16_t);
        }
    }
    s->stride = (at + 7U) & ~7U;
}

/* n draws of so many different ones: of how many, if all are as likely. */
static uint64_t guess_different(uint64_t n, uint64_t different)
{
    return n > different ? n * n / (2 * (n - different)) : UINT64_MAX;
}

/* Which fields' numbers are too many for a book, and how long rows are. */
static bool sample(struct store *s, double *row_bytes)
{
    struct gatherer *g = ARENA_NEW(s->arena, struct gatherer);
    struct block block = {0};
    lay_out(s);
    s->entries = shared_new(sizeof *s->entries * s->n_fields * CODES_MOST);
    char *rows = shared_new((size_t)SAMPLE * s->stride);
    gatherer_init(g, s, 0);
    g->block = &block;
    g->sampling = true;
    gather_rows(g, s->from, s->source->n, SAMPLE, rows);
    size_t end = g->split.base;
    bool fine = !block.irregular && block.n_rows > 0;
    for (uint32_t i = 0; i < s->n_fields && fine; i++) {
        bool is_field = s->fields[i].evidence == MEMBER_NONE;
        enum field_type type = is_field ? s->merge->fields[s->fields[i].field].type : N_FIELD_TYPES;
        bool number = type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT;
        uint64_t different = guess_different(block.n_rows, g->codes[i].n);
        s->fields[i].numbers = number && different > DIFFERENT && block.n_rows == SAMPLE;
    }
    *row_bytes = fine ? (double)(end - s->from) / block.n_rows : 0;
    shared_release(rows, (size_t)SAMPLE * s->stride);
    shared_release(s->entries, sizeof *s->entries * s->n_fields * CODES_MOST);
    arena_release(&g->arena);
    arena_release(&g->scratch);
    lay_out(s);
    return fine;
}

static void make_room(struct store *s, double row_bytes)
{
    struct arena *a = s->arena;
    size_t n = s->source->n - s->from, size = n / BLOCKS_MOST + 1;
    s->block_size = size > BLOCK_LEAST ? size : BLOCK_LEAST;
    s->n_blocks = (uint32_t)((n - 1) / s->block_size) + 1;
    s->rows_a_block = (uint32_t)(s->block_size / s->n_columns) + 2; /* a byte a cell at least */
    s->classes_a_block = s->rows_a_block < CLASSES_MOST ? s->rows_a_block : CLASSES_MOST;
    s->rows = arena_shared(a, (size_t)s->n_blocks * s->rows_a_block * s->stride);
    s->blocks = arena_shared(a, sizeof *s->blocks * s->n_blocks);
    size_t n_classes = (size_t)s->n_blocks * s->classes_a_block;
    s->classes = arena_shared(a, sizeof *s->classes * n_classes);
    s->figures = arena_shared(a, sizeof *s->figures * n_classes * s->n_asked + 1);
    s->entries = arena_shared(a, sizeof *s->entries * BOOKS_MOST * s->n_fields * CODES_MOST);
    s->n_entries = arena_shared(a, sizeof *s->n_entries * BOOKS_MOST * s->n_fields);
    s->n_books = arena_shared(a, sizeof *s->n_books);
    for (s->n_ids = 1024; (double)s->n_ids < 2.5 * (double)n / row_bytes; s->n_ids *= 2) {
    }
    s->ids = arena_shared(a, sizeof *s->ids * s->n_ids);
}

bool store_open(struct store *s, struct arena *a, const struct diag *like, const struct rubric *r,
                const struct source *source)
{
    struct diag *d = ARENA_NEW(a, struct diag);
    double row_bytes;
    *s = (struct store){.arena = a, .rubric = r, .source = source};
    s->counters = arena_shared(a, sizeof *s->counters);
    diag_init(d, a);
    memcpy(d->severity, like->severity, sizeof d->severity);
    s->merge = merge_new(a, d, r);
    ask_figures(s);
    if (!open_columns(s) || !open_table(s) || s->from >= source->n || !sample(s, &row_bytes)) {
        return false;
    }
    make_room(s, row_bytes);
    return true;
}

/* ---- all of it ---- */

/* Classes in the order of the data, as the table numbers them. */
static bool number_classes(struct store *s)
{
    struct merge *m = s->merge;
    const struct unit *u = &m->table->units.at[0];
    s->group_of = ARENA_ARRAY(s->arena, uint32_t *, s->n_blocks);
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        const struct block *block = &s->blocks[b];
        s->group_of[b] = ARENA_ARRAY(s->arena, uint32_t, block->n_classes + 1);
        for (uint32_t c = 0; c < block->n_classes; c++) {
            const struct class_text *t = &s->classes[(size_t)b * s->classes_a_block + c];
            str text = {s->source->text + t->offset, t->n};
            merge_group(m, text, (span){s->source, t->offset, t->n});
            s->group_of[b][c] = u->group;
            if (u->group == s->group_class.n) {
                *vec_push(s->arena, &s->group_class) = u->class;
            }
            if (u->bad || (s->rubric->numbers_by_class && u->class >= s->rubric->classes.n)) {
                return false; /* to be said by others */
            }
        }
    }
    return speaks_of_rubric(s);
}

bool store_read(struct store *s, unsigned jobs)
{
    struct work work = {.n_blocks = s->n_blocks,
                        .jobs = jobs < BOOKS_MOST ? jobs : BOOKS_MOST,
                        .context = s,
                        .begin = begin,
                        .run = gather_block,
                        .through = through};
    progress_begin(_("reading"), s->source->n);
    bool whole = workers_run(&work);
    progress_end();
    for (uint32_t b = 0; b < s->n_blocks && whole; b++) {
        whole = !s->blocks[b].irregular;
        s->n_units += s->blocks[b].n_rows;
    }
    return whole && s->n_units > 0 && number_classes(s);
}

/* ---- rows again ---- */

str store_column(struct arena *a, const struct store *s, size_t row, uint32_t column)
{
    struct csv c = {.arena = a, .source = s->source, .at = row, .separator = s->separator};
    bool there = csv_read(&c) && column < c.row.cells.n;
    return there ? c.row.cells.at[column].text : (str){"", 0};
}

bool store_again(struct store *s, const char *row)
{
    struct merge *m = s->merge;
    struct table *t = m->table;
    arena_reset(&s->again, (struct arena_mark){NULL, 0});
    m->arena = &s->again;
    memset(m->options_known, 0, sizeof *m->options_known * s->rubric->fields.list.n);
    memset(&t->texts, 0, sizeof t->texts);
    memset(&t->lists, 0, sizeof t->lists);
    memset(&t->reasons, 0, sizeof t->reasons);
    t->evidence.n = 0;
    t->has_claims = false;
    struct packed head;
    memcpy(&head, row, sizeof head);
    struct csv c = {
        .arena = m->arena, .source = s->source, .at = head.offset, .separator = s->separator};
    if (!csv_read(&c)) {
        return false;
    }
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct packed_field *f = &s->fields[i];
        const struct csv_cell *cell = &c.row.cells.at[f->column];
        if (f->evidence != MEMBER_NONE) {
            merge_evidence(m, 0, f->evidence, cell->text);
            continue;
        }
        t->columns[f->field].state[0] = CELL_EMPTY;
        merge_cell(m, 0, f->field, cell->text, (span){s->source, cell->offset, cell->length});
    }
    merge_settle(m);
    return m->diag->findings.n == s->n_said;
}

void store_take_evidence(const struct store *s, uint32_t book, const char *row,
                         const struct packed_field *f)
{
    struct table *t = s->merge->table;
    bool there = store_entry(s, book, row, f)->value != 0;
    uint32_t at = 0;
    while (at < t->evidence.n && t->evidence.at[at].index < f->evidence) {
        at++;
    }
    bool known = at < t->evidence.n && t->evidence.at[at].index == f->evidence;
    size_t behind = (t->evidence.n - at) * sizeof *t->evidence.at;
    if (there && !known) { /* gather.c made room for one of each column */
        memmove(&t->evidence.at[at + 1], &t->evidence.at[at], behind);
        t->evidence.at[at] = (struct side_note){0, f->evidence, ""};
        t->evidence.n++;
    } else if (!there && known) {
        memmove(&t->evidence.at[at], &t->evidence.at[at + 1], behind - sizeof *t->evidence.at);
        t->evidence.n--;
    }
}
