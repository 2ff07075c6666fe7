/*
 * tally.h - scores units from their packed rows.
 *
 *   item of few values   codes ─► index ─► result     found once by the walk, then looked up
 *   any other item       walk_one_item               on a table of one unit
 *   sections, total      sums of those, the rest as the walk does it
 *
 * There is no rule in here: every result comes from walk_item, every section, gate and grade from
 * the functions that the walk itself uses. Where a plan has more than sums, or a unit's cells say
 * more than its packed row holds, the walk scores the whole unit.
 */
#ifndef KAOPING_TALLY_H
#define KAOPING_TALLY_H

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

struct tables;

/* One in each worker. */
struct tally {
    const struct tallying *of;
    struct arena arena, scratch, said; /* said: by scripts, of the unit */
    struct scripted scripted;
    struct diag diag;
    struct result *result; /* of one unit; filled in by tally_unit */
    struct walk walk;
    struct tables **tables;    /* [n_plans × n_books_most] or NULL: not made yet */
    const struct plan *plan;   /* of the unit scored last by sums */
    dec most;                  /* lookup_points_most of that */
    uint64_t n_walked;         /* items, not counted yet */
    struct tables *used;       /* by the unit, or NULL: it was scored by itself */
    uint32_t *looked_up;       /* [n_members] index of the item's result in `used` */
    const struct block *block; /* of the unit */
    const char *row;
    bool cells_there;
    bool differs;          /* some item's bounds from its points, or not all is reported */
    struct kept_says says; /* of the unit */
};

/* What is made of a unit beside its outcome, its gates and the points of sections. */
struct tally_wants {
    bool items; /* cells of the result; else those of items may be of another unit */
    bool
        bounds; /* what is reported, and what the total might be; else as if nothing were missing */
};

/* Calls the scripts of items that read nothing but cells, and keeps what they give in the row.
 * False after a finding. */
bool tally_call_scripts(struct tally *t, const struct block *block, char *row);

/* Puts all of the unit's cells into the table's one unit, if that was not done. */
void tally_need_cells(struct tally *t);

/* Calls run(context), which scores units: scripts are cheaper within. False: one failed, and it was
 * left in the middle. */
bool tally_run(struct tally *t, struct worker *w, void (*run)(void *context), void *context);

void tally_init(struct tally *t, const struct tallying *of);
/* One of its own for a worker, which lives as long as that. */
struct tally *tally_new(const struct tallying *of);
void tally_release(struct tally *t);

/* Scores the unit of the packed row into t->result's only unit, as unit_score would. What scripts
 * gave is kept in the row. False after a finding: nothing of it is to be used. */
bool tally_unit(struct tally *t, const struct block *block, char *row, struct tally_wants wants);

/* A unit of the class whose result was kept (kept.h). */
void tally_recall(struct tally *t, const struct keeping *k, uint32_t group, const char *kept);

#endif
