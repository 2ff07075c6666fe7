/*
 * csv.h - a CSV file row by row, every cell with its place.
 *
 * RFC 4180: cells in quotes may hold separators, "" for a quote, and newlines; rows end with CRLF,
 * LF or CR. Blank lines are passed over. Cells are slices of the source: nothing is allocated for a
 * cell but where doubled quotes have to be made single.
 *
 *   zf-01,"竹峰街道",12        row.cells.at[1].text = 竹峰街道, its place includes the quotes
 */
#ifndef KAOPING_CSV_H
#define KAOPING_CSV_H

#include "base/diag.h"

struct csv_cell {
    str text;
    size_t offset, length; /* in the source, quotes included */
};

struct csv_row {
    VEC(struct csv_cell) cells;
    size_t offset, end; /* in the source, without the line's end */
};

struct csv {
    struct arena *arena;
    struct diag *diag; /* NULL: no findings, for reading a row again */
    const struct source *source;
    size_t at; /* of the next row */
    char separator;
    bool unclosed; /* a quote that never closes was found: no search for the end of quotes any more
                    */
    struct csv_row row;
};

/*
 * The separator is the comma; where the first line has none outside quotes, a tab if it has one,
 * else a semicolon if it has one (spreadsheets write it where the comma is the decimal point).
 */
void csv_open(struct csv *c, struct arena *a, struct diag *d, const struct source *s);
/* The next row that is not blank into c->row, which the next call overwrites; false at the end. */
bool csv_read(struct csv *c);
/* Cell i of the row; a place behind the last cell where the row is shorter. */
span csv_place(const struct csv *c, uint32_t i);
span csv_row_place(const struct csv *c);

#endif
