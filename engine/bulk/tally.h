/*
 * tally.h - scores units from their packed rows.
 *
 *   item of few values   codes ─► index ─► result     found once by the walk, then looked up
 *   item of one number   the method's line, or what it makes of the value
 *   any other item       walk_one_item               on a table of one unit
 *   sections, total      sums of those; what is more than that as the walk does it
 *
 * The first two, and sections that are plain sums, are added up for many rows at a time (batch.h).
 * There is no rule in here: every result comes from walk_item or from the line that the method
 * states, every section, gate and grade from the functions that the walk itself uses, or where they
 * are decs all the way from the same sums in decs (sums.h, totals.h). Where a plan
 * has more than sums, or a unit's cells say more than its packed row holds, the walk scores the
 * whole unit.
 */
#ifndef KAOPING_TALLY_H
#define KAOPING_TALLY_H

#include "bulk/batch.h"
#include "bulk/kept.h"
#include "score/scripted.h"
#include "score/unit_score.h"

/* What scoring needs beside the store; made once. */
struct tallying {
    struct store *store;
    const struct run *run;
    bool params_by_class; /* scripts are given other parameters in other classes */
    bool wants_cells;     /* gates, grades or tie-breaks read points of members */
};

/* Index of a looked-up result, or RESULT_NONE: the unit's own. */
#define RESULT_NONE UINT32_MAX

/* What is made of a unit beside its outcome, its gates and the points of sections. */
struct tally_wants {
    bool items;  /* cells of the result; else those of items may be of another unit */
    bool bounds; /* what is reported, and what the total might be, or else as if nothing were
                    missing */
};

/* One in each worker. */
struct tally {
    const struct tallying *of;
    struct arena arena, scratch, said; /* said: by scripts, of the unit */
    struct scripted scripted;
    struct diag diag;
    struct result *result; /* of one unit; filled in by tally_unit */
    struct walk walk;
    struct tables **tables;   /* [n_plans × n_books_most] or NULL: not made yet */
    struct batch *many, *one; /* one: for a row that has to be looked at by itself */
    struct tally_wants wants; /* of the rows in `many` */
    const struct plan *plan;  /* of the unit scored last by sums */
    bool sections_begun;      /* its sections' results lack only the points */
    bool plain; /* so was the unit before: what all such have in common stands there */
    struct outcome no_outcome; /* what the walk begins with, of a unit of that */
    dec most;                  /* lookup_points_most of that */
    uint64_t n_walked;         /* items, not counted yet */
    struct tables *used;       /* by the unit, or NULL: it was scored by itself */
    uint32_t *looked_up;       /* [n_members] index of the item's result in `used` */
    const char *row;           /* of the unit */
    uint32_t book;             /* of that */
    bool cells_there;
    bool differs;          /* some item's bounds from its points, or not all is reported */
    struct kept_says says; /* of the unit */
};

/* Calls the scripts of items that read nothing but cells, and keeps what they give in the row.
 * False after a finding. */
bool tally_call_scripts(struct tally *t, const struct batch_row *row);

/* Puts all of the unit's cells into the table's one unit, if that was not done. */
void tally_need_cells(struct tally *t);

/* Calls run(context), which scores units: scripts are cheaper within. False: one failed, and it was
 * left in the middle. */
bool tally_run(struct tally *t, struct worker *w, void (*run)(void *context), void *context);

void tally_init(struct tally *t, const struct tallying *of);
/* One of its own for a worker, which lives as long as that. */
struct tally *tally_new(const struct tallying *of);
void tally_release(struct tally *t);

/* Rows that tally_unit is going to be asked for. columns: as gather_columns has them, or NULL. */
void tally_rows(struct tally *t, const struct batch_row *rows, uint32_t n,
                const dec *const *columns, struct tally_wants wants);
/* Scores the unit of that row into t->result's only unit, as unit_score would. What scripts gave is
 * kept in the row. False after a finding: nothing of it is to be used. */
bool tally_unit(struct tally *t, uint32_t row);

/* A unit of the class whose result was kept (kept.h). */
void tally_recall(struct tally *t, const struct keeping *k, uint32_t group, struct kept_at kept);

/* ---- for batch.c ---- */

/* NULL: the row has to be read again. */
struct tables *tally_tables(struct tally *t, const struct batch_row *row);
/* Units of that plan follow; they are of that class. */
void tally_begin(struct tally *t, const struct plan *p);
void tally_group(struct tally *t, uint32_t group);
/* Asks the walk once what looked-up item i makes of the row: its result stands at that index then.
 */
void tally_find(struct tally *t, const struct batch *b, uint32_t row, uint32_t i, uint32_t index);
/* Whether all gates are open for the row. */
bool tally_gates_open(struct tally *t, const struct batch *b, uint32_t row);
/* What an item that reads a number makes of the row; false: it is no sum, or there is more to be
 * said of it. */
bool tally_number(struct tally *t, struct by_unit *item, const struct batch *b, uint32_t row,
                  struct found *out);

#endif
