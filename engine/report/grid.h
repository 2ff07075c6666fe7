/*
 * grid.h - a table without boxes for the terminal, by display width.
 *
 *   rank  unit        total  grade
 *      1  竹峰街道    87.25  良好      text to the left, numbers on the decimal point
 *      2  江湾街道…    9.5   合格      what does not fit is shortened with …, then dropped
 *
 * What fits is decided at the end: texts and titles shrink, but not below a width they can be read
 * at; where that is not enough the columns with the highest `drop` go, alike ones together. What
 * may not go shrinks further.
 */
#ifndef KAOPING_GRID_H
#define KAOPING_GRID_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>

enum grid_kind { GRID_TEXT, GRID_NUMBER };
enum grid_style { GRID_PLAIN, GRID_BOLD, GRID_DIM, GRID_RED };

struct grid_column {
    const char *title;
    enum grid_kind kind;
    int least; /* what a text, or the title of numbers, can be read at */
    int drop;  /* 0: never dropped; else the highest goes first */
    /* worked out by grid_print */
    int width, whole, fraction; /* whole, fraction: widths before and from the decimal point */
    bool dropped;
};

struct grid_cell {
    const char *text; /* NULL: empty */
    enum grid_style style;
};

struct grid {
    struct arena *arena;
    VEC(struct grid_column) columns;
    VEC(struct grid_cell) cells; /* row after row */
    uint32_t n_rows, at;
};

/* An all-zero grid with its arena set is empty. Texts are made safe for a terminal. First all
 * columns. */
void grid_column(struct grid *g, enum grid_kind kind, const char *title, int least, int drop);
void grid_row(struct grid *g);
/* The next cell of the row. */
void grid_cell(struct grid *g, const char *text, enum grid_style style);
void grid_print(struct grid *g, int indent, int width, bool color, struct buf *out);

/* Adds text cut to so many columns, with … where it was cut. Returns the width added. */
int grid_fit(struct buf *out, const char *text, int columns);
/* Adds text in a style, or plainly. */
void grid_styled(struct buf *out, enum grid_style style, bool color, const char *text);

#endif
