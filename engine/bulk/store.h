/*
 * store.h - what a large CSV file becomes, instead of a table: packed rows, and the books that
 * their codes stand in.
 *
 *   file   | block 0            | block 1            | ...   rows that begin in it; by workers
 *   rows   [ head | 7 | 2 | 12.50 | 0 ][ head | ...          one a unit, `stride` bytes
 *                   │   │   └ a number as it is
 *                   └───┴ a code: an entry in the book of the worker that read the block
 *   book   field 0  [ "": not reported | "是": yes | ... ]   each distinct text, read once
 *
 * A cell that is read once is also scored once, and worded once: whatever depends on a few cells
 * with few values is looked up (tally.h). Nothing here knows a rule.
 *
 * The file is gone through twice. First units, classes and what these are held against are taken
 * down; then its rows are packed, some hundred at a time, and scored while a processor has them at
 * hand. Only for shards and their merge do all rows stand in the store.
 *
 * All of it is shared memory made before the workers; a worker writes its blocks and its book.
 */
#ifndef KAOPING_STORE_H
#define KAOPING_STORE_H

#include "load/csv.h"
#include "load/merge.h"
#include "score/classwide.h"

#include <stdatomic.h>

#define CODES_MOST 65535U /* of a field in a book; the next one says: read the row again */
#define CODE_AGAIN CODES_MOST
#define NUMBER_NONE DEC_NONE        /* of a number: not reported */
#define NUMBER_AGAIN (DEC_NONE + 1) /* read the row again */
#define ID_MOST 1024U               /* bytes; a longer id is for others */
#define BOOKS_MOST 64U              /* workers */
#define CLASSES_MOST 65536U         /* of a block */

/* A text of a field, read. */
struct entry {
    dec value;
    uint8_t state; /* enum cell_state */
    bool simple;   /* state and value are all there is to it: no reason, no text, no list */
};

/* A field that the file has. */
struct packed_field {
    uint32_t field, column;
    uint32_t at;       /* in the packed row: a code of 2 bytes, or a dec */
    uint32_t evidence; /* no field but whether this member has evidence; or MEMBER_NONE */
    bool numbers;      /* a dec: too many different ones for a book */
    bool figures;      /* classes are held against it */
};

#define ROW_AGAIN 1U  /* some cell says more than its packed row holds */
#define ROW_QUOTED 2U /* there may be quotes in it */

struct packed {
    uint64_t offset; /* of the row in the text */
    uint32_t class;  /* of its block's classes */
    uint16_t flags;
    uint16_t book;                         /* that its codes stand in */
    uint16_t id_at, n_id, name_at, n_name; /* in the row, without quotes around; NAMES_FAR */
};

#define NAMES_FAR UINT16_MAX /* n_id: id or name stand farther from the row's beginning */

/* Columns that no rule reads: that they are text is all that is looked at, or that they say what
 * the rubric says. */
enum other_column { OTHER_NONE, OTHER_TEXT, OTHER_PERIOD };

struct class_text {
    uint64_t offset; /* of the cell */
    uint32_t n;
    uint32_t n_rows; /* of the block's that are of the class */
};

struct block {
    uint32_t n_rows, book, n_classes;
    bool irregular; /* not for this reader */
};

/* Figures of classes that the rubric asks for: of field, or field ÷ of. */
struct asked_figures {
    uint32_t field, of;
};

/* What a run took, in counts that no clock and no other program changes but the number of workers:
 * each learns for itself. Shared memory. */
struct counters {
    _Atomic uint64_t bytes;        /* of the file, looked at */
    _Atomic uint64_t units, cells; /* cells: of fields */
    _Atomic uint64_t cells_parsed; /* by the loader: the others were known, or plain numbers */
    _Atomic uint64_t items_walked; /* by the walk: the others were looked up, or one number's */
    _Atomic uint64_t units_walked; /* all of them, because a cell or the plan says more */
    _Atomic uint64_t lua_calls;    /* of scripts, and of formulas that take Lua */
    _Atomic uint64_t formulas;     /* computed without a call */
    _Atomic uint64_t items_worded; /* points and deficiencies put into words to be kept */
    _Atomic uint64_t allocations;  /* in arenas, by workers at their blocks */
};

static inline void count(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

struct store {
    struct arena *arena;
    struct counters *counters;
    const struct rubric *rubric;
    const struct source *source; /* at least SPLIT_AHEAD bytes can be read beyond its text */
    struct merge *merge;         /* what the header means; its table has room for one unit */
    bool words;                  /* what is said of single items will be asked for */
    size_t from;                 /* of the first row behind the header */
    char separator;
    uint32_t n_columns, id, name, class; /* columns; or COLUMN_NONE */
    struct packed_field *fields;         /* by column */
    uint32_t n_fields;
    uint32_t *packed_of; /* [rubric's fields] index into fields, or FIELD_NONE: no column has it */
    uint32_t *evidence_of;   /* [members] likewise of evidence; or FIELD_NONE */
    uint32_t *slot_of;       /* [members] in the row: a dec that an item's script gave; 0: none */
    uint32_t slots, n_slots; /* where they begin, and bytes of all */
    uint8_t *others;         /* [n_columns] enum other_column */
    uint32_t stride;         /* bytes of a row */
    struct asked_figures *asked;
    uint32_t n_asked;

    size_t begin, finish; /* rows that begin there are read: all, or those of a shard */
    double row_bytes;     /* how long a row is, more or less */
    uint32_t names_most;  /* bytes of id and name in the first rows */
    uint32_t n_books_most;
    size_t block_size;
    uint32_t n_blocks, rows_a_block;
    char *rows; /* [n_blocks × rows_a_block × stride]; NULL: they are read when they are scored */
    struct block *blocks; /* [n_blocks] */
    uint16_t *class_of;   /* [n_blocks × rows_a_block] of its block's classes; only of what is gone
                             through again */
    struct class_text *classes;    /* [n_blocks × classes_a_block] in the order of appearance */
    struct class_figures *figures; /* [n_blocks × n_asked × classes_a_block] */
    uint32_t classes_a_block;
    struct entry *entries; /* [n_books_most × n_fields × CODES_MOST] */
    uint32_t *n_entries;   /* [n_books_most × n_fields] */
    _Atomic uint32_t *n_books;
    _Atomic uint64_t *ids; /* [n_ids] hashes, 0: free */
    uint64_t n_ids;        /* a power of two */

    uint32_t n_said;    /* findings about the header */
    struct arena again; /* for a row that is read again, until the next one is */

    /* When all is read: */
    uint32_t n_units;
    uint32_t **group_of;       /* [n_blocks][n_classes] index into the table's groups */
    VEC(uint32_t) group_class; /* [groups] rubric_class() */
};

static inline char *store_row(const struct store *s, uint64_t row)
{
    return s->rows + row * s->stride;
}

static inline struct entry *store_entries(const struct store *s, uint32_t book, uint32_t field)
{
    return s->entries + ((size_t)book * s->n_fields + field) * CODES_MOST;
}

/* The unit's id; arena a is for one that is far. */
str store_id(struct arena *a, const struct store *s, const struct packed *row);
/* Id and name in arena a. */
void store_names(struct arena *a, const struct store *s, const struct packed *row, const char **id,
                 const char **name);
/* Copies a text of the row that is not far, doubled quotes made single and a NUL behind it: at most
 * n + 1 bytes. Returns what is behind the NUL. */
char *store_copy(const struct store *s, const struct packed *row, uint32_t at, uint32_t n,
                 char *to);

/* The entry that the row has of the field; not of numbers. */
static inline const struct entry *store_entry(const struct store *s, uint32_t book, const char *row,
                                              const struct packed_field *f)
{
    uint16_t code = *(const uint16_t *)(const void *)(row + f->at);
    return &store_entries(s, book, (uint32_t)(f - s->fields))[code];
}

void store_take_evidence(const struct store *s, uint32_t book, const char *row,
                         const struct packed_field *f);

/* Puts the field's cell of the packed row into the table's one unit. */
static inline void store_take(const struct store *s, uint32_t book, const char *row,
                              const struct packed_field *f)
{
    if (f->evidence != MEMBER_NONE) {
        store_take_evidence(s, book, row, f);
        return;
    }
    struct column *column = &s->merge->table->columns[f->field];
    if (f->numbers) {
        dec value = *(const dec *)(const void *)(row + f->at);
        column->value[0] = value == NUMBER_NONE ? 0 : value;
        column->state[0] = value == NUMBER_NONE ? CELL_EMPTY : CELL_VALUE;
    } else {
        const struct entry *e = store_entry(s, book, row, f);
        column->value[0] = e->value;
        column->state[0] = e->state;
    }
}

/* All of the row's cells into the table's one unit. */
static inline void store_take_all(const struct store *s, uint32_t book, const char *row)
{
    for (uint32_t i = 0; i < s->n_fields; i++) {
        store_take(s, book, row, &s->fields[i]);
    }
}

/* Reads the whole row anew into the table's one unit, as any other reader would; false after a
 * finding. */
bool store_again(struct store *s, const char *row);

/* Where the first row begins that begins at `at` or behind it. */
size_t store_row_from(const struct store *s, size_t at);
/* Opens a file for this; false: it is not for this reader (nothing was said). Severities
 * are those of `like`. words: what is said of single items will be asked for. */
bool store_open(struct store *s, struct arena *a, const struct diag *like, const struct rubric *r,
                const struct source *source, bool words);
/* Reads its rows from begin to finish, or what has to be known of them before any is scored; false:
 * it is not for this reader. */
bool store_read(struct store *s, unsigned jobs, bool keeps_rows);
/* Of what it is given room for. */
struct room {
    uint32_t n_blocks, rows_a_block, classes_a_block, n_books;
    bool rows;
};
#define STORE_BLOCKS_MOST 1024U /* of a file, or of a shard */
void store_make_room(struct store *s, const struct room *room);
/* When it is all there: how many units and classes there are. False: there is something to be said
 * of a class. */
bool store_number(struct store *s);

#endif
