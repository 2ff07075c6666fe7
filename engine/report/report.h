/*
 * report.h - outputs, reached through a table of renderers: one file a format.
 *
 * To add a format: write report_NAME.c with one function, declare it below, add a line to the table
 * in report.c.
 */
#ifndef KAOPING_REPORT_H
#define KAOPING_REPORT_H

#include "analyse/rank.h"
#include "base/buf.h"
#include "base/diag.h"
#include "model/record.h"
#include "model/result.h"

struct report {
    const struct result *result; /* ranked: rank_units */
    const struct ranking_result *ranking;
    struct diag *diag;   /* NULL: no findings to hand on; sorted by printing */
    struct arena *arena; /* for what a renderer makes; reset between units where it is long */
    unsigned jobs;       /* processes that may write; 0: as many as there are processors */
    /* Where a long text may go as it is made, before what is left in the buffer; NULL: nowhere. */
    struct sys_output *output;
    struct selection shown;
    const struct csv_columns *columns; /* of CSV; NULL: all */
    struct wording *wording;           /* NULL: nothing is kept */
    int width;                         /* of the terminal */
    bool color;
    bool to_terminal;
};

struct csv_columns;
struct sys_output;
struct wording;

struct renderer {
    const char *name; /* of --format, and the file name's ending */
    const char *help; /* N_() */
    void (*score)(const struct report *, struct buf *out);
};

extern const struct renderer renderers[]; /* ends with a NULL name */
const struct renderer *renderer_find(str name);
/* "result.csv" -> csv, or NULL. */
const struct renderer *renderer_for_path(const char *path);
/* What the file name ends with, behind the last dot; NULL: nothing. */
const char *renderer_ending(const char *path);

void report_table(const struct report *, struct buf *out);
void report_csv(const struct report *, struct buf *out);
void report_json(const struct report *, struct buf *out);

/* The columns that a CSV has; the two below want them in report.columns. */
const struct csv_columns *report_csv_columns(const struct report *);
/* What stands in a CSV before its rows, and the row of a unit, if it is shown. */
void report_csv_head(const struct report *, struct buf *out);
void report_csv_unit(const struct report *, uint32_t unit, struct buf *out);

/* explain: one unit (and one item or section, or MEMBER_NONE), as a tree for people, or the same as
 * JSON. */
void report_explain(const struct report *, uint32_t unit, uint32_t item, struct buf *out);
void report_explain_json(const struct report *, uint32_t unit, uint32_t item, struct buf *out);

#endif
