/*
 * kept.h - what the columns ask for of a unit, kept in its packed row when it is scored: the cells
 * that stood there are no longer needed, and writing the unit does not score it again.
 *
 *   row before   [ head | cells ...                     ]
 *   row after    [ head | total | s1 | s2 | ... | which items have deficiencies ]
 *
 * Only figures are kept. Where a column wants words about the unit's items, its cells stay.
 */
#ifndef KAOPING_KEPT_H
#define KAOPING_KEPT_H

#include "bulk/store.h"
#include "model/result.h"
#include "report/csv_columns.h"

struct keeping {
    bool on;                 /* figures are all that is asked for */
    bool says;               /* deficiencies among them */
    bool items;              /* items' points among them */
    bool bounds;             /* what was reported, or what the total might be, among them */
    const uint16_t *figures; /* [n_figures] offsets of decs in struct outcome */
    const uint32_t *members; /* [n_members] whose points are asked for */
    uint32_t n_figures, n_members, n_gates;
    uint32_t n_words; /* of 64 members each: who has deficiencies */
    uint32_t size;    /* bytes behind the row's head */
};

/* What a result of one unit does not say: */
struct kept_says {
    uint64_t *members; /* [n_words] bits of those who have deficiencies */
    uint32_t n;        /* deficiencies, those of the unit itself among them */
};

/* columns: NULL asks for all that there is. */
struct keeping keep_what(struct arena *a, const struct rubric *r,
                         const struct csv_columns *columns);
/* Of the result's only unit, into its row. */
void keep_unit(const struct keeping *k, const struct result *r, const struct kept_says *says,
               char *row);
/* Back into a result: the outcome's figures and state, gates, points of members that are asked for.
 */
void keep_recall(const struct keeping *k, const char *row, struct result *r,
                 struct kept_says *says);

#endif
