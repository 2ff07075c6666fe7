/*
 * lookup.h - which results of items can be looked up, and the tables of them.
 *
 *   i3 reads field 7 (4 codes) and field 9 (3 codes)
 *   index    code of 7 + 4 × code of 9              results  [ 20 | 12 | NOT_YET | ... ]  12 of
 * them
 *
 * A result depends on the cells that the item reads and on nothing else, and books have few codes:
 * so it is found once, by the walk, for each way in which those cells can be (tally.c).
 */
#ifndef KAOPING_LOOKUP_H
#define KAOPING_LOOKUP_H

#include "bulk/store.h"
#include "score/unit_score.h"

#define FIELDS_MOST 8U      /* of an item whose results are looked up */
#define RESULTS_MOST 65536U /* of an item and a book */

/* What of an item enters its section, in points: a vector, so that four sums cost one addition. */
typedef dec sums __attribute__((vector_size(32), aligned(8)));
enum { SUM_POINTS, SUM_LOW, SUM_HIGH, SUM_REPORTED };

/* In place of points: */
#define NOT_YET DEC_NONE      /* not looked at so far */
#define NO_SUM (DEC_NONE + 1) /* it does not enter as a sum: the walk has to do it */

struct looked_up {
    const struct op *op;
    uint32_t section; /* of the plan's */
    uint32_t n_fields;
    uint32_t fields[FIELDS_MOST]; /* of the store's */
    uint32_t at[FIELDS_MOST], times[FIELDS_MOST];
    sums *results;         /* by index */
    struct cellres *cells; /* likewise */
    struct note **notes;   /* likewise; NULL: its script has said nothing so far */
    uint32_t n_results;
};

/* An item of too many values. Where it reads one number and nothing else, its method is asked for
 * what that number makes. */
struct by_unit {
    const struct op *op;
    uint32_t section;
    const struct packed_field *number; /* or NULL: the walk is asked */
    uint32_t slot; /* in the row, for the points once they are known, plus 1; 0: none */
    bool empty_known;
    sums empty; /* where it is not reported */
    struct cellres empty_cell;
};

/* For units of one plan in one book. */
struct tables {
    const struct plan *plan;
    uint32_t book;
    bool only_sums; /* else the walk does it all */
    struct looked_up *items;
    struct by_unit *own;
    uint32_t n_items, n_own;
    uint32_t *parent; /* [n_sections] index of the section it stands in, or UINT32_MAX */
    const struct packed_field **taken; /* fields that are read unit by unit */
    uint32_t n_taken;
    uint32_t *ways;         /* [n_members] results that the item has here */
    void *kept;             /* what others keep for these tables; NULL at first */
    sums *sums;             /* [n_sections] of items */
    wide (*of_sections)[4]; /* [n_sections] of the sections in it */
};

struct tables *lookup_new(struct arena *a, const struct store *s, const struct plan *p,
                          uint32_t book);
/* Whether the item depends on cells of its unit and on nothing else. */
bool lookup_reads_cells_alone(const struct rubric *r, const struct op *op);
/* Whether gates, grades or tie-breaks of the rubric read points of members. */
bool lookup_wants_members(const struct rubric *r);

#endif
