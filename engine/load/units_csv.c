/*
 * units_csv.c - units from CSV: a header that says what the columns mean, then one unit a row.
 */
#include "load/merge.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "load/csv.h"

#include <string.h>

/* Rows that room is made for beforehand; beyond it the columns grow by doubling. */
#define ROWS_AT_ONCE (1U << 20)
#define ROWS_A_LOOK 4096 /* between two looks at the clock */

struct column_role {
    struct heading heading;
    str text;   /* kept for a column of another sheet */
    bool empty; /* no heading: fine as long as no row has a value in it */
};

struct csv_units {
    struct merge *merge;
    struct csv csv;
    VEC(struct column_role) roles;
    uint32_t column_of[N_RESERVED]; /* or COLUMN_NONE */
};

/* ---- the header ---- */

/* Where the column stood that had this meaning first, or COLUMN_NONE; notes this one if it is new.
 */
static uint32_t first_column(struct csv_units *u, struct data_file *file, struct map *evidence,
                             struct heading heading, uint32_t column)
{
    struct merge *m = u->merge;
    uint32_t *slot = NULL;
    if (heading.kind == HEADING_FIELD) {
        slot = &file->column_of_field[heading.index];
    } else if (heading.kind == HEADING_RESERVED) {
        slot = &u->column_of[heading.index];
    }
    if (slot && *slot == COLUMN_NONE) {
        *slot = column;
        return COLUMN_NONE;
    }
    if (slot) {
        return *slot;
    }
    str id = str_of(m->table->rubric->members.at[heading.index].id);
    uint32_t first = map_put(m->arena, evidence, id, column);
    return first == column ? COLUMN_NONE : first;
}

static bool is_used(struct heading heading)
{
    return heading.kind == HEADING_FIELD || heading.kind == HEADING_RESERVED ||
           heading.kind == HEADING_EVIDENCE;
}

static void read_header(struct csv_units *u, struct data_file *file)
{
    struct merge *m = u->merge;
    struct map evidence = {0};
    for (uint32_t i = 0; i < u->csv.row.cells.n; i++) {
        str text = str_trim(u->csv.row.cells.at[i].text);
        span at = csv_place(&u->csv, i);
        struct column_role *role = vec_push(m->arena, &u->roles);
        role->empty = !text.n;
        if (role->empty) {
            continue;
        }
        role->heading = merge_heading(m, text, at);
        if (role->heading.kind == HEADING_ELSEWHERE) {
            role->text = (str){arena_text(m->arena, text.at, text.n), text.n};
        }
        if (!is_used(role->heading)) {
            continue;
        }
        uint32_t first = first_column(u, file, &evidence, role->heading, i);
        if (first != COLUMN_NONE) {
            diag_add(m->diag, FINDING_DUPLICATE_COLUMN, at, _("'%.*s' means what column %u means"),
                     (int)text_fit(text.at, text.n, 40), text.at, first + 1);
            diag_note(m->diag, csv_place(&u->csv, first), "%s", _("that column"));
            role->heading = (struct heading){0};
        } else if (role->heading.kind == HEADING_FIELD) {
            m->table->columns[role->heading.index].present = true;
        }
    }
}

/* The file can only be read if its header tells one unit from another. */
static bool open_file(struct csv_units *u, struct data_file *file)
{
    struct merge *m = u->merge;
    uint32_t n_fields = m->table->rubric->fields.list.n;
    file->separator = u->csv.separator;
    file->column_of_field = ARENA_ARRAY(m->arena, uint32_t, n_fields + 1);
    for (uint32_t i = 0; i < n_fields; i++) {
        file->column_of_field[i] = COLUMN_NONE;
    }
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        u->column_of[i] = COLUMN_NONE;
    }
    if (!csv_read(&u->csv)) {
        diag_add(m->diag, FINDING_NO_UNITS, (span){u->csv.source, 0, 0}, "%s",
                 _("the file is empty: it has not even a header"));
        return false;
    }
    read_header(u, file);
    uint32_t id = u->column_of[RESERVED_ID], name = u->column_of[RESERVED_NAME];
    memcpy(file->column_of, u->column_of, sizeof file->column_of);
    file->has_ids = id != COLUMN_NONE;
    file->column_of_id = file->has_ids ? id : name;
    m->class_seen |= u->column_of[RESERVED_CLASS] != COLUMN_NONE;
    if (file->column_of_id != COLUMN_NONE) {
        return true;
    }
    diag_add(m->diag, FINDING_NO_UNIT_ID, csv_row_place(&u->csv), "%s",
             _("the header has neither an id nor a name column"));
    diag_hint(m->diag, "%s",
              _("the first row names the columns: id (编号), name (名称), fields …"));
    return false;
}

bool units_csv_columns(struct merge *m, const struct source *s, struct csv_header *out)
{
    struct data_file *file = merge_file(m, s);
    struct csv_units *u = ARENA_NEW(m->arena, struct csv_units);
    u->merge = m;
    csv_open(&u->csv, m->arena, m->diag, s);
    if (!open_file(u, file)) {
        return false;
    }
    struct heading *headings = ARENA_ARRAY(m->arena, struct heading, u->roles.n + 1);
    for (uint32_t i = 0; i < u->roles.n; i++) {
        headings[i] = u->roles.at[i].heading;
    }
    *out = (struct csv_header){.separator = file->separator,
                               .from = u->csv.at,
                               .n = u->roles.n,
                               .headings = headings,
                               .column_of_id = file->column_of_id};
    memcpy(out->column_of, u->column_of, sizeof out->column_of);
    return true;
}

/* ---- the rows ---- */

static bool is_blank(const struct csv_row *row)
{
    for (uint32_t i = 0; i < row->cells.n; i++) {
        if (str_trim(row->cells.at[i].text).n) {
            return false;
        }
    }
    return true;
}

static void check_surplus(struct csv_units *u)
{
    struct merge *m = u->merge;
    const struct csv_row *row = &u->csv.row;
    for (uint32_t i = u->roles.n; i < row->cells.n; i++) {
        if (!str_trim(row->cells.at[i].text).n) {
            continue;
        }
        diag_add(m->diag, FINDING_CSV_CELLS, csv_place(&u->csv, i),
                 _("the row has %u cells, the header only %u"), row->cells.n, u->roles.n);
        diag_hint(m->diag, "%s", _("a cell that contains the separator must be in quotes"));
        return;
    }
}

/* A value under an empty heading: said once for each column. */
static void check_unnamed(struct csv_units *u, uint32_t column)
{
    struct merge *m = u->merge;
    if (!u->roles.at[column].empty || !str_trim(u->csv.row.cells.at[column].text).n) {
        return;
    }
    u->roles.at[column].empty = false;
    diag_add(m->diag, FINDING_UNKNOWN_COLUMN, csv_place(&u->csv, column),
             _("column %u has a value here, but no name in the header"), column + 1);
}

/* A file that was meant for a quarter, or a row that lacks its period, would change nothing and
 * nobody would know. Said once for each column. */
static void check_elsewhere(struct csv_units *u, uint32_t column)
{
    struct column_role *role = &u->roles.at[column];
    if (str_trim(u->csv.row.cells.at[column].text).n) {
        merge_misplaced(u->merge, role->heading.index, role->text, csv_place(&u->csv, column));
        role->heading = (struct heading){HEADING_IGNORED, 0};
    }
}

static void read_cells(struct csv_units *u, uint32_t unit)
{
    struct merge *m = u->merge;
    const struct csv_row *row = &u->csv.row;
    uint32_t n = row->cells.n < u->roles.n ? row->cells.n : u->roles.n;
    for (uint32_t i = 0; i < n; i++) {
        const struct csv_cell *cell = &row->cells.at[i];
        struct heading heading = u->roles.at[i].heading;
        if (!cell->text.n) {
            continue;
        }
        if (heading.kind == HEADING_FIELD) {
            merge_cell(m, unit, heading.index, cell->text,
                       (span){u->csv.source, cell->offset, cell->length});
        } else if (heading.kind == HEADING_EVIDENCE) {
            merge_evidence(m, unit, heading.index, cell->text);
        } else if (heading.kind == HEADING_UNKNOWN) {
            check_unnamed(u, i);
        } else if (heading.kind == HEADING_ELSEWHERE) {
            check_elsewhere(u, i);
        }
    }
}

static void read_unit(struct csv_units *u, uint32_t errors)
{
    struct merge *m = u->merge;
    struct given given[N_RESERVED] = {0};
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        uint32_t column = u->column_of[i];
        if (column == COLUMN_NONE || column >= u->csv.row.cells.n) {
            continue;
        }
        given[i].text = u->csv.row.cells.at[column].text;
        given[i].at = csv_place(&u->csv, column);
    }
    if (merge_passes_over(m, given)) {
        return;
    }
    check_surplus(u);
    uint32_t unit = merge_unit(m, given, csv_row_place(&u->csv),
                               (struct unit_row){.offset = u->csv.row.offset});
    read_cells(u, unit);
    merge_blame(m, unit, errors);
}

/* Not more units than lines, and not more than have room in the bytes of the file. Further files
 * mostly hold the same units once more. */
static void make_room(struct merge *m, const struct csv *c, uint32_t n_columns)
{
    if (m->files.n > 1) {
        return;
    }
    size_t lines = 1, most = (c->source->n - c->at) / n_columns + 1;
    const char *at = c->source->text + c->at, *end = c->source->text + c->source->n;
    for (; lines < ROWS_AT_ONCE && (at = memchr(at, '\n', (size_t)(end - at))); at++) {
        lines++;
    }
    merge_reserve(m, (uint32_t)(lines < most ? lines : most));
}

void units_read_csv(struct merge *m, const struct source *s)
{
    struct data_file *file = merge_file(m, s);
    struct csv_units *u = ARENA_NEW(m->arena, struct csv_units);
    u->merge = m;
    csv_open(&u->csv, m->arena, m->diag, s);
    if (!open_file(u, file)) {
        return;
    }
    make_room(m, &u->csv, u->roles.n);
    progress_begin(_("reading"), s->n);
    for (uint32_t rows = 1;; rows++) {
        uint32_t errors = m->diag->n_errors;
        if (!csv_read(&u->csv)) {
            break;
        }
        if (!is_blank(&u->csv.row)) {
            read_unit(u, errors);
        }
        if (rows % ROWS_A_LOOK == 0) {
            progress_at(u->csv.at, rows);
        }
    }
    progress_end();
}

span units_place_csv(const struct merge *m, const struct unit_row *row, struct what what)
{
    const struct data_file *file = &m->files.at[row->file];
    uint32_t column = what.field != FIELD_NONE      ? file->column_of_field[what.field]
                      : what.reserved != N_RESERVED ? file->column_of[what.reserved]
                                                    : file->column_of_id;
    struct arena scratch = {0};
    struct csv c = {
        .arena = &scratch, .source = file->source, .at = row->offset, .separator = file->separator};
    span at = {0};
    if (column != COLUMN_NONE && csv_read(&c)) {
        bool given = column < c.row.cells.n && str_trim(c.row.cells.at[column].text).n;
        at = given || what.empty ? csv_place(&c, column) : at;
        at.length = given || at.length == 0 ? at.length : 1;
    }
    arena_release(&scratch);
    return at;
}
