/*
 * store.c - opening a file for a store: what its columns mean, how a row is packed, how much room
 * there must be; and rows that have to be read again.
 */
#include "bulk/store.h"

#include "analyse/deficiency.h"
#include "base/workers.h"
#include "bulk/gather.h"
#include "score/methods.h"

#include <string.h>

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

/* ---- what is said, and what is asked ---- */

#define SAMPLE 4096U /* rows that are looked at beforehand */
/* Different texts of a field, from which on its numbers stand in rows as they are: */
#define DIFFERENT_STRAIGHT 256U /* where all that is made of them are straight lines */
#define DIFFERENT 20000U        /* where each result has to be found */
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
            if (classwide_is_input(script->inputs.at[k].kind)) {
                ask_for(s, script->inputs.at[k].index, FIELD_NONE);
            }
        }
    }
}

/* Of a column that no rule reads; OTHER_NONE: this way does not know what to make of it. */
static enum other_column column_is_for(const struct rubric *r, struct heading h)
{
    if (h.kind == HEADING_IGNORED || (h.kind == HEADING_RESERVED && h.index == RESERVED_NOTES)) {
        return OTHER_TEXT;
    }
    bool period = h.kind == HEADING_RESERVED && h.index == RESERVED_PERIOD && r->period;
    return period ? OTHER_PERIOD : OTHER_NONE;
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
        enum other_column other = column_is_for(s->rubric, h);
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
        } else if (other != OTHER_NONE) {
            s->others[c] = (uint8_t)other;
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
        wants |=
            classwide_is_input(in->kind) || (packed != FIELD_NONE && s->fields[packed].numbers);
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
    s->slots = at;
    for (uint32_t m = 0; m < s->rubric->members.n; m++) {
        s->slot_of[m] = 0;
        if (s->words && s->rubric->members.at[m].kind == MEMBER_ITEM && wants_slot(s, m)) {
            s->slot_of[m] = at;
            at += (uint32_t)sizeof(dec);
        }
    }
    s->n_slots = at - s->slots;
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
    return different < n / 4 ? different
           : n > different   ? n * n / (2 * (n - different))
                             : UINT64_MAX;
}

/* [rubric's fields] of those that some item reads which follows no line (methods.h), or reads other
 * fields as well. */
static const bool *bent_fields(const struct store *s)
{
    const struct rubric *r = s->rubric;
    bool *bent = ARENA_ARRAY(s->arena, bool, r->fields.list.n + 1);
    struct arena scratch = {0};
    for (uint32_t m = 0; m < r->members.n; m++) {
        const struct member *item = &r->members.at[m];
        field_list reads = {0};
        if (item->kind != MEMBER_ITEM || item->off) {
            continue;
        }
        struct arena_mark mark = arena_mark(&scratch);
        item_reads(&scratch, item, &reads);
        bool straight = reads.n == 1 && method_of(item->rule.method)->line &&
                        item->rule.nothing == NOTHING_NEVER && item->reason_field == FIELD_NONE &&
                        !item->evidence_required;
        for (uint32_t i = 0; i < reads.n; i++) {
            bent[reads.at[i]] |= !straight;
        }
        arena_reset(&scratch, mark);
    }
    arena_release(&scratch);
    return bent;
}

/* Which fields' numbers are too many for a book, and how long rows are. */
static bool look_at_sample(struct store *s)
{
    struct sample got;
    const bool *bent = bent_fields(s);
    lay_out(s);
    s->entries = shared_new(sizeof *s->entries * s->n_fields * CODES_MOST, WORKER_THREAD);
    bool fine = gather_sample(s, SAMPLE, &got);
    s->names_most = fine ? got.names_most : 0;
    for (uint32_t i = 0; i < s->n_fields && fine; i++) {
        bool is_field = s->fields[i].evidence == MEMBER_NONE;
        enum field_type type = is_field ? s->merge->fields[s->fields[i].field].type : N_FIELD_TYPES;
        bool number = type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT;
        uint64_t different = guess_different(got.n_rows, got.different[i]);
        bool straight = number && !s->words && !bent[s->fields[i].field];
        uint64_t most = straight ? DIFFERENT_STRAIGHT : DIFFERENT;
        s->fields[i].numbers = number && different > most && got.n_rows == SAMPLE;
    }
    s->row_bytes = fine ? (double)(got.end - s->from) / got.n_rows : 0;
    shared_release(s->entries, sizeof *s->entries * s->n_fields * CODES_MOST);
    lay_out(s);
    return fine;
}

void store_make_room(struct store *s, const struct room *room)
{
    struct arena *a = s->arena;
    s->n_blocks = room->n_blocks;
    s->rows_a_block = room->rows_a_block;
    s->classes_a_block = room->classes_a_block;
    s->n_books_most = room->n_books;
    s->rows =
        room->rows ? arena_shared(a, (size_t)s->n_blocks * s->rows_a_block * s->stride) : NULL;
    s->class_of =
        room->rows ? NULL : arena_shared(a, sizeof *s->class_of * s->n_blocks * s->rows_a_block);
    s->blocks = arena_shared(a, sizeof *s->blocks * s->n_blocks);
    size_t n_classes = (size_t)s->n_blocks * s->classes_a_block;
    s->classes = arena_shared(a, sizeof *s->classes * n_classes);
    s->figures = arena_shared(a, sizeof *s->figures * n_classes * s->n_asked + 1);
    s->entries = arena_shared(a, sizeof *s->entries * room->n_books * s->n_fields * CODES_MOST);
    s->n_entries = arena_shared(a, sizeof *s->n_entries * room->n_books * s->n_fields);
    s->n_books = arena_shared(a, sizeof *s->n_books);
    double n = (double)(s->source->n - s->from);
    for (s->n_ids = 1024; (double)s->n_ids < 1.25 * n / s->row_bytes; s->n_ids *= 2) {
    }
    s->ids = arena_shared(a, sizeof *s->ids * s->n_ids);
    shared_is_dense((void *)s->ids, sizeof *s->ids * s->n_ids);
}

/* Blocks of the range of bytes. */
static struct room room_of_range(struct store *s)
{
    size_t n = s->finish - s->begin, size = n / BLOCKS_MOST + 1;
    s->block_size = size > BLOCK_LEAST ? size : BLOCK_LEAST;
    struct room room = {.n_blocks = n > 0 ? (uint32_t)((n - 1) / s->block_size) + 1 : 1,
                        .rows_a_block = (uint32_t)(s->block_size / s->n_columns) + 2,
                        .n_books = BOOKS_MOST}; /* a byte a cell at least */
    room.classes_a_block = room.rows_a_block < CLASSES_MOST ? room.rows_a_block : CLASSES_MOST;
    return room;
}

bool store_open(struct store *s, struct arena *a, const struct diag *like, const struct rubric *r,
                const struct source *source, bool words)
{
    struct diag *d = ARENA_NEW(a, struct diag);
    *s = (struct store){.arena = a, .rubric = r, .source = source, .words = words};
    s->counters = arena_shared(a, sizeof *s->counters);
    diag_init(d, a);
    memcpy(d->severity, like->severity, sizeof d->severity);
    s->merge = merge_new(a, d, r);
    ask_figures(s);
    if (!open_columns(s) || !open_table(s) || s->from >= source->n || !look_at_sample(s)) {
        return false;
    }
    s->begin = s->from;
    s->finish = source->n;
    return true;
}

size_t store_row_from(const struct store *s, size_t at)
{
    if (at <= s->from) {
        return s->from;
    }
    const char *line = memchr(s->source->text + at - 1, '\n', s->source->n - at + 1);
    return line ? (size_t)(line - s->source->text) + 1 : s->source->n;
}

/* ---- all of it ---- */

#define CLASSES_AHEAD 8U /* whose texts are asked for, which nobody has looked at lately */

/* Classes in the order of the data, as the table numbers them. Each text is looked at once: nearly
 * all blocks have nearly all classes. */
static bool number_classes(struct store *s)
{
    struct map known = {0};
    struct merge *m = s->merge;
    const struct unit *u = &m->table->units.at[0];
    s->group_of = ARENA_ARRAY(s->arena, uint32_t *, s->n_blocks);
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        const struct block *block = &s->blocks[b];
        s->group_of[b] = ARENA_ARRAY(s->arena, uint32_t, block->n_classes + 1);
        for (uint32_t c = 0; c < block->n_classes; c++) {
            const struct class_text *t = &s->classes[(size_t)b * s->classes_a_block + c];
            str text = {s->source->text + t->offset, t->n};
            if (c + CLASSES_AHEAD < block->n_classes) {
                __builtin_prefetch(s->source->text + t[CLASSES_AHEAD].offset);
            }
            s->group_of[b][c] = map_get(&known, text);
            if (s->group_of[b][c] != MAP_NONE) {
                continue;
            }
            merge_group(m, text, (span){s->source, t->offset, t->n});
            s->group_of[b][c] = map_put(s->arena, &known, text, u->group);
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

bool store_number(struct store *s)
{
    s->n_units = 0;
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        s->n_units += s->blocks[b].n_rows;
    }
    return number_classes(s);
}

bool store_read(struct store *s, unsigned jobs, bool keeps_rows)
{
    struct room room = room_of_range(s);
    room.rows = keeps_rows;
    if ((uint64_t)room.n_blocks * room.rows_a_block > UINT32_MAX) {
        return false; /* rows are counted in 32 bits */
    }
    store_make_room(s, &room);
    return gather_all(s, jobs) && store_number(s);
}

/* ---- rows again ---- */

static str column_of(struct arena *a, const struct store *s, size_t row, uint32_t column)
{
    struct csv c = {.arena = a, .source = s->source, .at = row, .separator = s->separator};
    bool there = csv_read(&c) && column < c.row.cells.n;
    return there ? c.row.cells.at[column].text : (str){"", 0};
}

str store_id(struct arena *a, const struct store *s, const struct packed *row)
{
    return row->n_id == NAMES_FAR ? column_of(a, s, row->offset, s->id)
                                  : (str){s->source->text + row->offset + row->id_at, row->n_id};
}

char *store_copy(const struct store *s, const struct packed *row, uint32_t at, uint32_t n, char *to)
{
    str text = {s->source->text + row->offset + at, n};
    while (text.n > 0) {
        const char *quote = row->flags & ROW_QUOTED ? memchr(text.at, '"', text.n) : NULL;
        size_t part = quote ? (size_t)(quote - text.at) + 1 : text.n;
        memcpy(to, text.at, part);
        to += part;
        part += quote && part < text.n; /* the other one */
        text = (str){text.at + part, text.n - part};
    }
    *to = '\0';
    return to + 1;
}

void store_names(struct arena *a, const struct store *s, const struct packed *row, const char **id,
                 const char **name)
{
    if (row->n_id == NAMES_FAR) {
        str text = column_of(a, s, row->offset, s->id);
        *id = arena_text(a, text.at, text.n);
        text = s->name == COLUMN_NONE ? (str){"", 0} : column_of(a, s, row->offset, s->name);
        *name = arena_text(a, text.at, text.n);
        return;
    }
    char *to = arena_alloc(a, (size_t)row->n_id + row->n_name + 2);
    *id = to;
    to = store_copy(s, row, row->id_at, row->n_id, to);
    *name = to;
    store_copy(s, row, row->name_at, row->n_name, to);
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
