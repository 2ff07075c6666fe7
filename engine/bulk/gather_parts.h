/*
 * gather_parts.h - what the files of the gatherer share: rows of a piece of text on their way.
 *
 *   gather.c   blocks, and rows from their marks        packing.c  cells into packed rows
 *   survey.c   units, classes, what classes are held against
 */
#ifndef KAOPING_GATHER_PARTS_H
#define KAOPING_GATHER_PARTS_H

#include "bulk/codes.h"
#include "bulk/gather.h"
#include "bulk/split.h"

struct class_slot {
    uint64_t hash;
    const char *text;
    uint32_t n, class, block; /* block: whose class it is, + 1 */
};

#define CLASS_SLOTS (2 * CLASSES_MOST)

#define IDS_WAITING 64U

/* A row of a piece of the text. */
struct raw_row {
    const uint32_t *marks;    /* [n_columns] where its cells end */
    uint32_t from;            /* where it begins, as marks count */
    uint32_t more;            /* flags of the row, as codes have them (CODE_MORE) */
    uint32_t class;           /* of the block's */
    bool quotes, line_return; /* the latter: a CR before the line's end, which is no mark then */
    char *row;
};

/* Rows are taken so many at a time, field by field: what is known of a field's texts, and how its
 * numbers are read, stays at hand from row to row. */
#define RAW_ROWS GATHER_ROWS

struct raw_rows {
    const char *text; /* what marks count from */
    uint32_t n;
    bool even; /* the marks of each row stand behind those of the row before */
    struct raw_row at[RAW_ROWS];
};

enum what_to_take {
    TAKE_SAMPLE, /* all fields of the first rows */
    TAKE_SURVEY, /* who there is, and what classes are held against */
    TAKE_FIELDS, /* the rest of what was surveyed */
    TAKE_ALL     /* both in one go, into the store */
};

struct gatherer {
    const struct store *store;
    enum what_to_take what;
    struct learner learner;
    struct split split;
    struct raw_rows raw;
    struct class_slot *classes;
    struct class_text *class_texts; /* of the block */
    struct class_figures *figures;
    struct block *block, again; /* again: of a block that was surveyed, as far as it is read */
    uint32_t number, book;      /* of the block */
    char *rows;                 /* [RAW_ROWS] where rows are not stored */
    dec **numbers;       /* [fields][RAW_ROWS] of those that are read in fours; NULL for others */
    const dec **columns; /* [fields] those of them that are filled with the rows' */
    gather_take *take;
    void *context;
    uint64_t ids[IDS_WAITING]; /* hashes */
    uint32_t n_ids;
};

static inline bool surveys(const struct gatherer *g)
{
    return g->what == TAKE_SURVEY || g->what == TAKE_ALL;
}

/* The cell without its quotes; false where it is not quoted as it should be. A doubled quote within
 * is left to who reads the cell again. */
bool packing_strip_quotes(str *cell, bool *doubled);

static inline str text_of(const struct raw_rows *l, const struct raw_row *line, uint32_t column)
{
    uint32_t from = column == 0 ? line->from : line->marks[column - 1] + 1;
    return (str){l->text + from, line->marks[column] - from};
}

/* False: quoted in a way that this does not read. */
static inline bool cell_of(const struct raw_rows *l, const struct raw_row *line, uint32_t column,
                           bool may_double, str *out)
{
    bool doubled = false;
    *out = text_of(l, line, column);
    return !line->quotes || (packing_strip_quotes(out, &doubled) && (may_double || !doubled));
}

/* ---- survey.c ---- */

/* What is no text, or would have to be trimmed, is for others. */
bool survey_is_plain(str name);
/* The row's class, among those of the block; false: it is not plain, or there is no room for it. */
bool survey_class(struct gatherer *g, const struct raw_rows *l, struct raw_row *line);
/* The same class, when the rows are gone through again. */
bool survey_class_again(const struct gatherer *g, const struct raw_rows *l, struct raw_row *line);
/* Takes down who it is; false: an id that is not plain, or that two units seem to have. */
bool survey_unit(struct gatherer *g, const struct raw_rows *l, const struct raw_row *line);
/* The last of those; false as above. */
bool survey_end(struct gatherer *g);
/* Adds the rows' figures of that number to those of their classes. */
bool survey_figures(struct gatherer *g, const struct raw_rows *l, uint32_t asked);

/* ---- packing.c ---- */

/* Packs the rows, in a survey the fields that classes are held against; false: some cell is not for
 * this reader. */
bool packing_rows(struct gatherer *g, struct raw_rows *l);

#endif
