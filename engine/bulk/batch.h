/*
 * batch.h - adds up what the items of many packed rows make, item by item (tally.h).
 *
 *              row 0   row 1   row 2   ...
 *   item 0     ──────────────────────►       what is known of the item stays at hand
 *   item 1     ──────────────────────►
 *   section    ──────────────────────►       sums of those, where they are decs all the way
 */
#ifndef KAOPING_BATCH_H
#define KAOPING_BATCH_H

#include "bulk/lookup.h"

#define BATCH_ROWS 256U
/* What there is of each row stands so far apart: no power of two, which caches do not like. */
#define BATCH_ROOM (BATCH_ROWS + 8)

struct tally;

struct batch_row {
    char *row;
    uint32_t group; /* of the table's */
};

enum batch_state {
    BATCH_AGAIN,     /* the row has to be read again */
    BATCH_WALK,      /* some item is no sum: the walk scores it all */
    BATCH_LOOKED_UP, /* points are those of the items that are looked up */
    BATCH_ALONE,     /* some other item takes more than its number: to be looked up by itself */
    BATCH_ALL,       /* all items are in points, and what the sections make is in made */
    BATCH_PLAIN      /* so are total and grade in theirs, and all gates are open */
};

struct batch {
    uint32_t n_sections; /* of a plan, at most */
    struct batch_row rows[BATCH_ROWS];
    const dec *const *columns;         /* [store's fields] numbers of those rows, or NULL */
    struct tables *tables[BATCH_ROWS]; /* NULL where the row has to be read again */
    uint8_t state[BATCH_ROWS];         /* enum batch_state */
    uint64_t more[BATCH_ROOM];         /* of all items that are in points (struct found) */
    dec *points, *made; /* [n_sections][BATCH_ROOM]; made: and one that stands above them all */
    dec exact[BATCH_ROOM], total[BATCH_ROOM];
    uint32_t grade[BATCH_ROWS]; /* by band */
    uint64_t *says; /* [words of 64 members each][BATCH_ROOM] who of those has deficiencies */
};

struct batch *batch_new(struct arena *a, const struct rubric *r);
/* Of rows[0, n), BATCH_ROWS at most. columns: as gather_columns has them, or NULL. all: with the
 * items that read a number, and sections; as if nothing were missing. */
void batch_fill(struct tally *t, struct batch *b, const struct batch_row *rows, uint32_t n,
                const dec *const *columns, bool all);

#endif
