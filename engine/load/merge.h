/*
 * merge.h - the table while it is put together from several files (private to units*.c).
 *
 *   merge_init
 *     for each file: merge_file, then for each unit in it
 *       merge_unit      which unit is it? new, known from another file, or wrong
 *       merge_cell      each of its values; unit UNIT_NONE: only looked at for findings
 *       merge_evidence
 *   merge_finish        what can only be said at the end: classes, groups, absent fields
 *
 * Where a value stands is not kept for each cell, but for each unit a chain of rows, the newest
 * first:
 *
 *   unit.first_row -> row {file 2, where} -> row {file 0, where} -> ROW_NONE
 */
#ifndef KAOPING_MERGE_H
#define KAOPING_MERGE_H

#include "load/cell.h"
#include "load/headings.h"
#include "load/node.h"
#include "load/units.h"

#define ROW_NONE UINT32_MAX
#define COLUMN_NONE UINT32_MAX

struct unit_row {
    uint32_t file, next;
    size_t offset;              /* in the source, or in what is packed */
    const struct node *node;    /* the unit's map, where it stays */
    const struct merge *period; /* known from the data of a period, where it is unit `offset` */
};

struct data_file {
    const struct source *source;
    enum rows { ROWS_CSV, ROWS_JSON, ROWS_PACKED, ROWS_NODES } rows; /* what can be read again */
    const char *packed;             /* units of YAML (load/node_pack.h) */
    char separator;                 /* CSV */
    uint32_t *column_of_field;      /* CSV: [n_fields], or COLUMN_NONE */
    uint32_t column_of[N_RESERVED]; /* CSV: likewise */
    uint32_t column_of_id;          /* CSV: of the id, or of the name that stands for it */
    bool has_ids;                   /* CSV: an id column, so that a row without id is wrong */
};

/* What the place is asked of: a field, a reserved heading, or the unit itself. */
struct what {
    uint32_t field;         /* or FIELD_NONE */
    enum reserved reserved; /* or N_RESERVED */
    bool empty;             /* the place of an empty cell will do */
};

static inline struct what what_field(uint32_t field)
{
    return (struct what){field, N_RESERVED, false};
}
static inline struct what what_reserved(enum reserved reserved)
{
    return (struct what){FIELD_NONE, reserved, false};
}
static inline struct what what_unit(void) { return what_field(FIELD_NONE); }

/* What a unit says under one of the reserved headings; an empty text says nothing. */
struct given {
    str text;
    span at;
};

/* Of a unit, while loading only. */
struct unit_note {
    bool id_is_name;     /* no file gave an id yet */
    bool joined_by_name; /* rows of different files were taken for one unit by its name */
    uint32_t class;      /* of struct merge's classes, or UINT32_MAX */
};

struct class_entry {
    const char *name;
    uint32_t class; /* rubric_class() */
    uint32_t group; /* or UINT32_MAX before a unit has it */
};

/*
 * Where a rubric is made of periods, rows are told apart by theirs: one of the rubric's own period,
 * or of none, is the year's; one of 2024Q1 belongs to the table of that part.
 */
struct dating {
    const struct rubric *year;     /* whose periods they are; NULL: rows are not told apart */
    uint32_t period;               /* whose rows are read: a part, or PERIOD_NONE: the year's */
    bool given;                    /* the file was given for that part: so are all of its rows */
    bool *seen;                    /* [parts] the file has rows of them; NULL: nobody asks */
    const struct headings **parts; /* the year's: what the columns of each part are */
};

struct merge {
    struct arena *arena;
    struct diag *diag;
    struct table *table;
    struct headings headings;
    const struct field *fields; /* the rubric's; of the previous period without bounds */
    uint32_t capacity;          /* units there is room for in the columns */
    VEC(struct unit_row) rows;
    VEC(struct data_file) files;
    VEC(struct unit_note) notes; /* [n_units] */
    struct map names;            /* name -> index into name_units */
    VEC(uint32_t) name_units;    /* the unit, or UNIT_NONE where several have the name */
    struct map class_by_name;    /* folded -> index into classes */
    VEC(struct class_entry) classes;
    uint32_t group_without; /* of the units that have no class; UINT32_MAX: there is none so far */
    struct map *options_known; /* [n_fields] cell -> option, for choices with many options */
    struct map fields_known;   /* keys of YAML and JSON as they stand there -> field */
    uint32_t *given_by; /* [n_fields] the unit's pair that has the field, where given_in is */
    uint32_t *given_in; /* ... the unit's number among those read */
    uint32_t n_read;
    const struct table *now; /* reading the previous period: whose units alone are read; or NULL */
    bool period_said;        /* that it is the rubric's own */
    struct dating dating;
    bool class_seen;     /* some file has classes */
    bool absent_is_fine; /* a field that no unit has is no finding */
};

struct merge *merge_new(struct arena *a, struct diag *d, const struct rubric *r);
/* units_periods.c: whether the row belongs elsewhere by its period, after findings. */
bool merge_other_period(struct merge *m, const struct given *period);
/* What a column is; one that only rows of other periods fill is passed over. */
struct heading merge_heading(struct merge *m, str text, span at);
/* A row of the year's own has a value in the column of that heading, which only a part reads. */
void merge_misplaced(struct merge *m, uint32_t part, str text, span at);
/* Reads the data of the rubric's periods, and the year's own with them, as m->table. */
void merge_periods(struct merge *m, const struct source *const *sources, uint32_t n,
                   const struct units_options *options);
/* units.c: reads a file by its format. */
void merge_source(struct merge *m, const struct source *s);
/* What a reserved cell says, without our own CSV's guard. */
str merge_name(const struct given *g);
bool merge_same_text(str a, const char *b);
/* For the previous period: the units of the table in the same places, so far without a row. */
struct merge *merge_new_before(struct arena *a, struct diag *d, const struct table *now);
/* The row is about none of the units that are read, or of a period that is read elsewhere. */
bool merge_passes_over(struct merge *m, const struct given given[N_RESERVED]);
struct data_file *merge_file(struct merge *m, const struct source *s);
/* Room for so many more units, where that is known beforehand. */
void merge_reserve(struct merge *m, uint32_t n_more);
/* row.file is filled in here. UNIT_NONE after a finding. */
uint32_t merge_unit(struct merge *m, const struct given given[N_RESERVED], span at,
                    struct unit_row row);
void merge_cell(struct merge *m, uint32_t unit, uint32_t field, str text, span at);
/* A cell that was read already (lists of YAML and JSON); text: as findings show it. */
void merge_value(struct merge *m, uint32_t unit, uint32_t field, const struct cell *cell, str text,
                 span at);
/* Words for nothing (无, -, XX) are no evidence. */
void merge_evidence(struct merge *m, uint32_t unit, uint32_t member, str text);
bool merge_is_evidence(str text);
/* The unit is left out, because of the error added last. */
void merge_bad(struct merge *m, uint32_t unit);

/* Marks the unit if there are more errors than before. */
void merge_blame(struct merge *m, uint32_t unit, uint32_t n_errors_before);
void merge_finish(struct merge *m);
/* tree.c: who is under whom, where the rubric asks for it; at the end. */
void merge_tree(struct merge *m);
/* Where a unit's value stands: in the first file that gives it, else its empty cell, else the unit.
 */
span merge_place(const struct merge *m, uint32_t unit, struct what what);
span merge_unit_place(const struct table *t, uint32_t unit, uint32_t field);
/* Whether the rubric itself says what a field is: else its cells are not looked at. */
bool merge_reads(const struct merge *m, uint32_t field);

/* The class of a unit, as the data give it. */
void merge_class(struct merge *m, uint32_t unit, const struct given *g);
/* For readers of their own (bulk/store.h): gives unit 0 that class and its group; what is said of
 * fields that no file has; reasons of the units so far, so that they can be asked for. */
void merge_group(struct merge *m, str class_name, span at);
void merge_report_absent(struct merge *m);
void merge_settle(struct merge *m);

/* What a CSV file's header says. */
struct csv_header {
    char separator;
    size_t from; /* where the rows begin */
    uint32_t n;
    const struct heading *headings; /* [n] */
    uint32_t column_of[N_RESERVED], column_of_id;
};
/* False after a finding. */
bool units_csv_columns(struct merge *m, const struct source *s, struct csv_header *out);

/* The readers: all units of a file; its finding where there is none to be had from it. */
void units_read_csv(struct merge *m, const struct source *s);
void units_read_yaml(struct merge *m, const struct source *s);
void units_read_json(struct merge *m, const struct source *s);
void units_read_lines(struct merge *m, const struct source *s); /* NDJSON */
/* One unit's map, which stays; called: what it is if it has
 * neither id nor name, or NULL. */
void units_read_one(struct merge *m, struct node *n, const char *called);
/* Where that stands in a row of their files; without a source if it is not given there. */
span units_place_csv(const struct merge *m, const struct unit_row *row, struct what what);
span units_place_node(const struct merge *m, const struct unit_row *row, struct what what);
static inline span units_place(const struct merge *m, const struct unit_row *row, struct what what)
{
    return m->files.at[row->file].rows == ROWS_CSV ? units_place_csv(m, row, what)
                                                   : units_place_node(m, row, what);
}

#endif
