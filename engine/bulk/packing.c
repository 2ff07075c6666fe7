/*
 * packing.c - cells into packed rows, field by field (gather_parts.h). Every check of a cell is the
 * loader's own (load/cell.h), made once for each distinct text.
 */
#include "bulk/fours.h"
#include "bulk/gather_parts.h"

#include <string.h>

bool packing_strip_quotes(str *cell, bool *doubled)
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

/* A number, or NUMBER_NONE or NUMBER_AGAIN; false: the loader has something to say. */
static bool number_of(struct gatherer *g, const struct packed_field *f, str text, dec *value)
{
    uint32_t index = (uint32_t)(f - g->store->fields);
    struct codes *known = &g->learner.codes[index];
    struct entry entry;
    if (cell_quick(&g->store->merge->fields[f->field], text, value)) {
        return true;
    }
    *value = NUMBER_NONE;
    if (text.n == 0 && known->blank_is_none) {
        return true;
    }
    if (!learner_read(&g->learner, index, text, &entry)) {
        return false;
    }
    *value = entry.state == CELL_EMPTY ? NUMBER_NONE : NUMBER_AGAIN;
    known->blank_is_none |= text.n == 0 && entry.state == CELL_EMPTY;
    return true;
}

static bool gather_number(struct gatherer *g, struct raw_rows *l, struct raw_row *line,
                          const struct packed_field *f)
{
    str text;
    dec value;
    if (!cell_of(l, line, f->column, false, &text) || !number_of(g, f, text, &value)) {
        return false;
    }
    line->more |= value == NUMBER_AGAIN ? CODE_MORE : 0;
    memcpy(line->row + f->at, &value, sizeof value);
    return true;
}

static bool gather_code(struct gatherer *g, struct raw_rows *l, struct raw_row *line,
                        const struct packed_field *f)
{
    str text;
    uint32_t code;
    if (!cell_of(l, line, f->column, false, &text) ||
        !learner_code(&g->learner, (uint32_t)(f - g->store->fields), text, &code)) {
        return false;
    }
    line->more |= code;
    uint16_t stored = (uint16_t)code;
    memcpy(line->row + f->at, &stored, sizeof stored);
    return true;
}

/* ---- many rows at a time ---- */

/* The cells of a column as they stand, maybe in quotes: what has a quote in it is no plain number,
 * and no text that is known. marks: where the cell before the first row's ends, and where that
 * does; the next row's stand so many marks apart. */
struct cells {
    const char *text;
    const uint32_t *marks;
    uint32_t apart, n;
    char *to; /* in the packed row */
    uint32_t stride;
};

static struct cells cells_of(const struct gatherer *g, const struct raw_rows *l,
                             const struct packed_field *f)
{
    return (struct cells){.text = l->text,
                          .marks = l->at[0].marks + f->column - 1,
                          .apart = g->store->n_columns,
                          .n = l->n,
                          .to = l->at[0].row + f->at,
                          .stride = g->store->stride};
}

/* What is not short, or has no text, is left to gather_number. What does not change from row to row
 * is kept out of memory: what is packed might change it, for all a compiler knows. */
static __attribute__((noinline)) bool numbers_in(struct gatherer *g, struct raw_rows *l,
                                                 const struct packed_field *f)
{
    const struct cell_range range = cell_range(&g->store->merge->fields[f->field]);
    struct cells c = cells_of(g, l, f);
    for (uint32_t i = 0; i < c.n; i++, c.marks += c.apart, c.to += c.stride) {
        uint32_t from = c.marks[0] + 1, n = c.marks[1] - from;
        dec value;
        if (n - 1 < KEY_BYTES &&
            cell_quick_short(range, text_key((str){c.text + from, n}), n, &value)) {
            memcpy(c.to, &value, sizeof value);
        } else if (!gather_number(g, l, &l->at[i], f)) {
            return false;
        }
    }
    return true;
}

/* The same in fours. Where cells stand is found first: what takes long waits for nothing then. */
static bool numbers_in_fours(struct gatherer *g, struct raw_rows *l, const struct packed_field *f)
{
    struct cells c = cells_of(g, l, f);
    dec *numbers = g->numbers[f - g->store->fields];
    uint32_t from[RAW_ROWS], lengths[RAW_ROWS];
    uint8_t left[RAW_ROWS / FOUR];
    for (uint32_t i = 0; i < c.n; i++, c.marks += c.apart) {
        from[i] = c.marks[0] + 1;
        lengths[i] = c.marks[1] - from[i];
    }
    for (uint32_t i = c.n; i % FOUR != 0; i++) {
        from[i] = lengths[i] = 0;
    }
    fours_read(&(struct fours){c.text, c.n, from, lengths, numbers},
               cell_range(&g->store->merge->fields[f->field]), left);
    for (uint32_t i = 0; i < c.n; i++, c.to += c.stride) {
        memcpy(c.to, &numbers[i], sizeof numbers[i]);
    }
    for (uint32_t i = 0; i < c.n; i += FOUR) {
        for (unsigned bits = left[i / FOUR]; bits != 0; bits &= bits - 1) {
            uint32_t row = i + (uint32_t)__builtin_ctz(bits);
            if (row >= c.n) {
                break;
            }
            if (!gather_number(g, l, &l->at[row], f)) {
                return false;
            }
            memcpy(&numbers[row], l->at[row].row + f->at, sizeof numbers[row]);
        }
    }
    g->columns[f - g->store->fields] = numbers;
    return true;
}

/* Most cells have no more than one byte. */
static __attribute__((noinline)) bool bytes_in(struct gatherer *g, struct raw_rows *l,
                                               const struct packed_field *f)
{
    struct codes *of = &g->learner.codes[f - g->store->fields];
    const uint16_t *of_byte = of->bytes;
    struct cells c = cells_of(g, l, f);
    uint32_t n_long = 0;
    for (uint32_t i = 0; i < c.n; i++, c.marks += c.apart, c.to += c.stride) {
        uint32_t from = c.marks[0] + 1, n = c.marks[1] - from;
        uint16_t code = of_byte[(unsigned char)c.text[from]];
        if (__builtin_expect(n <= 1 && code != CODE_AGAIN, 1)) {
            memcpy(c.to, &code, sizeof code);
        } else if (!gather_code(g, l, &l->at[i], f)) {
            return false;
        }
        n_long += n > 1;
    }
    of->is_long |= 8 * n_long > c.n;
    return true;
}

static __attribute__((noinline)) bool hashed_in(struct gatherer *g, struct raw_rows *l,
                                                const struct packed_field *f)
{
    const struct codes *of = &g->learner.codes[f - g->store->fields];
    struct code_table known = of->table;
    struct cells c = cells_of(g, l, f);
    for (uint32_t i = 0; i < c.n; i++, c.marks += c.apart, c.to += c.stride) {
        uint32_t from = c.marks[0] + 1, n = c.marks[1] - from;
        uint16_t code = CODE_AGAIN;
        if (n <= KEY_BYTES) {
            code = code_known(known, text_key((str){c.text + from, n}));
        }
        if (code != CODE_AGAIN) {
            memcpy(c.to, &code, sizeof code);
        } else if (!gather_code(g, l, &l->at[i], f)) {
            return false;
        } else {
            known = of->table; /* which may have grown */
        }
    }
    return true;
}

/* Rows with empty lines between them, and cells that begin a row. */
static bool row_by_row(struct gatherer *g, struct raw_rows *l, const struct packed_field *f)
{
    bool fine = true;
    for (uint32_t i = 0; i < l->n && fine; i++) {
        fine = f->numbers ? gather_number(g, l, &l->at[i], f) : gather_code(g, l, &l->at[i], f);
    }
    g->columns[f - g->store->fields] = NULL;
    return fine;
}

static bool gather_field(struct gatherer *g, struct raw_rows *l, const struct packed_field *f)
{
    uint32_t index = (uint32_t)(f - g->store->fields);
    return !l->even || f->column == 0 || l->n == 0 ? row_by_row(g, l, f)
           : !f->numbers ? (g->learner.codes[index].is_long ? hashed_in : bytes_in)(g, l, f)
                         : (g->numbers[index] ? numbers_in_fours : numbers_in)(g, l, f);
}

static bool other_is_fine(const struct store *s, enum other_column of, str text)
{
    return utf8_valid(text.at, text.n) == text.n &&
           (of == OTHER_TEXT || text.n == 0 || str_is(text, s->rubric->period));
}

static bool gather_others(const struct store *s, const struct raw_rows *l)
{
    for (uint32_t c = 0; c < s->n_columns; c++) {
        for (uint32_t i = 0; s->others[c] != OTHER_NONE && i < l->n; i++) {
            str text;
            if (!cell_of(l, &l->at[i], c, true, &text) ||
                !other_is_fine(s, (enum other_column)s->others[c], text)) {
                return false;
            }
        }
    }
    return true;
}

/* Where they stand in the row; a name may be none at all. */
static void note_names(struct packed *head, const char *from, str id, str name)
{
    size_t id_at = (size_t)(id.at - from), name_at = name.n > 0 ? (size_t)(name.at - from) : 0;
    head->n_id = NAMES_FAR;
    if (id_at <= UINT16_MAX && name_at <= UINT16_MAX && name.n <= UINT16_MAX) {
        head->id_at = (uint16_t)id_at;
        head->n_id = (uint16_t)id.n;
        head->name_at = (uint16_t)name_at;
        head->n_name = (uint16_t)name.n;
    }
}

/* Id and name into the row's head; false: they are not plain. */
static bool gather_names(struct gatherer *g, const struct raw_rows *l, struct raw_row *line)
{
    const struct store *s = g->store;
    struct packed head = {
        .offset = (uint64_t)(l->text - s->source->text) + line->from,
        .class = line->class,
        .book = (uint16_t)g->book,
        .flags = (uint16_t)(line->more >> CODE_BITS | (line->quotes ? ROW_QUOTED : 0))};
    str id, name = {"", 0};
    if (!cell_of(l, line, s->id, false, &id) ||
        (s->name != COLUMN_NONE &&
         (!cell_of(l, line, s->name, true, &name) || !survey_is_plain(name)))) {
        return false;
    }
    note_names(&head, l->text + line->from, id, name);
    memcpy(line->row, &head, sizeof head);
    memset(line->row + s->slots, 0, s->n_slots);
    return true;
}

bool packing_rows(struct gatherer *g, struct raw_rows *l)
{
    const struct store *s = g->store;
    bool all = g->what != TAKE_SURVEY, fine = true;
    for (uint32_t i = 0; i < s->n_fields && fine; i++) {
        const struct packed_field *f = &s->fields[i];
        if (all || f->figures) {
            fine = gather_field(g, l, f);
        }
    }
    for (uint32_t i = 0; i < l->n && fine && all; i++) {
        fine = gather_names(g, l, &l->at[i]);
    }
    return fine && (!all || gather_others(s, l));
}
