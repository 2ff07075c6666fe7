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

#include "base/divisor.h"
#include "bulk/store.h"
#include "score/unit_score.h"

#include <string.h>

#define FIELDS_MOST 8U      /* of an item whose results are looked up */
#define RESULTS_MOST 65536U /* of an item and a book */

/* What of an item enters its section, in points. */
struct found {
    dec points;    /* or one of the two below */
    uint64_t more; /* deficiencies, and FOUND_DIFFERS: so they are added up, of many items too */
};

/* Something is missing: the bounds are others, or not all is reported. */
#define FOUND_DIFFERS ((uint64_t)1 << 32)
#define FOUND_SAYS_MOST 65535U /* deficiencies of an item that is looked up */

static inline bool found_differs(uint64_t more) { return more >= FOUND_DIFFERS; }
static inline uint32_t found_says(uint64_t more) { return (uint32_t)more; }

/* In place of points: */
#define NOT_YET DEC_NONE      /* not looked at so far */
#define NO_SUM (DEC_NONE + 1) /* it does not enter as a sum: the walk has to do it */

/* What is to be added to the points for the bounds, and to the full marks for what is reported: a
 * vector, so that they cost one addition. */
typedef dec differences __attribute__((vector_size(32), aligned(8)));
enum { DIFFERENCE_LOW = 1, DIFFERENCE_HIGH, DIFFERENCE_REPORTED };

struct looked_up {
    const struct op *op;
    uint32_t n_fields;
    uint32_t fields[FIELDS_MOST]; /* of the store's */
    dec floor;                    /* with fewer points it falls short; DEC_NONE: it never does */
    struct found *results;        /* by index */
    differences *differences;     /* likewise */
    struct cellres *cells;        /* likewise */
    struct note **notes;          /* likewise; NULL: its script has said nothing so far */
    uint32_t n_results;
};

/* Of those, what adding up looks at. */
struct to_look_up {
    uint32_t n_fields, at[FIELDS_MOST]; /* in the row */
    uint32_t times[FIELDS_MOST];        /* of each one's code in the index */
    uint32_t section;                   /* of the plan's */
    uint32_t member;
    struct found *results;
};

/* Where that item's result stands among its results, for the packed row. */
static inline uint32_t lookup_index(const struct to_look_up *look, const char *row)
{
    uint32_t index = 0;
    for (uint32_t k = 0; k < look->n_fields; k++) {
        uint16_t code;
        memcpy(&code, row + look->at[k], sizeof code);
        index += k == 0 ? code : code * look->times[k];
    }
    return index;
}

/* Steps of a result: doubles are right to a millionth of one then. The other number makes all of
 * them positive. */
#define SLOPE_STEPS_MOST (1 << 30)
#define SLOPE_STEPS_UP 2147483648.0

/* A straight line (methods.h) in doubles: what a value makes, in the smallest steps that the item's
 * points are rounded to. */
struct slope {
    bool known, straight; /* known: it was asked for; straight: there is one */
    double times, at;     /* of a dec as it stands */
    double sure;          /* within that of a step, that one is the nearest */
    dec step, least, most;
};

/* An item of too many values. Where it reads one number and nothing else, its method is asked for
 * what that number makes. */
struct by_unit {
    const struct op *op;
    uint32_t section;
    const struct packed_field *number; /* or NULL: the walk is asked */
    uint32_t slot;        /* in the row, for the points once they are known, plus 1; 0: none */
    dec floor;            /* as above */
    bool by_class;        /* it is held against its class */
    struct slope *slopes; /* [table's groups if by_class, else 1]; NULL: not asked for yet */
    bool empty_known;
    struct found empty; /* where it is not reported */
    differences empty_differences;
    struct cellres empty_cell;
};

/* A section of items whose points are a dec whatever the sum of its items' points is: the sum times
 * `times` ÷ `by`, which is a whole one of 16 places. */
struct plain_section {
    dec times, by;        /* by 0: it is not plain */
    struct divisor parts; /* `by`, if that is more than 1 */
    struct divisor steps; /* what it is rounded to, likewise */
    dec cap, capped;      /* cap: DEC_MAX: none; capped: what it is then, rounded */
    int places;           /* it is rounded to; below 0, or 8: not at all */
};

/* A total that is sums, and a grade that is its band (totals.h). */
struct plain_total {
    bool plain;
    uint32_t base, bonus, deductions; /* sections; UINT32_MAX: none, or nothing in it counts */
    dec least, most;
    const dec *from;         /* [grades] */
    struct to_look_up gates; /* by what they read */
    uint8_t *gates_seen;     /* likewise */
};

/* For units of one plan in one book. */
struct tables {
    const struct plan *plan;
    uint32_t book;
    bool only_sums;    /* else the walk does it all */
    bool only_numbers; /* all of `own` read one number */
    struct looked_up *items;
    struct to_look_up *looks; /* likewise */
    struct by_unit *own;
    uint32_t n_items, n_own;
    uint32_t *members; /* [n_sections] */
    uint32_t *parent;  /* [n_sections] index of the section it stands in, or UINT32_MAX */
    const struct packed_field **taken; /* fields that are read unit by unit ... */
    uint32_t n_always, n_taken;        /* always, for gates and so on; and by items of `own` */
    uint32_t *room;                    /* [store's fields] codes that the results are made for */
    uint32_t *ways;                    /* [n_members] results that the item has here */
    void *kept;                        /* what others keep for these tables; NULL at first */
    struct plain_section *plain;       /* [n_sections] */
    struct plain_total total;
    dec *full;                /* [n_sections] marks of its items */
    dec *points;              /* [n_sections] of the unit's items */
    differences *differences; /* likewise */
    wide (*of_sections)[4];   /* [n_sections] of the sections in it: by pass, what is reported */
};

/* Items' points are less than this, so that all of them together are a dec. */
dec lookup_points_most(const struct plan *p);
struct tables *lookup_new(struct arena *a, const struct store *s, const struct plan *p,
                          uint32_t book);
/* Makes room for codes that the book got since, if there are any. */
void lookup_grow(struct arena *a, const struct store *s, struct tables *tables);
/* Whether the item depends on cells of its unit and on nothing else. */
bool lookup_reads_cells_alone(const struct rubric *r, const struct op *op);
/* Whether gates, grades or tie-breaks of the rubric read points of members. */
bool lookup_wants_members(const struct rubric *r);

#endif
