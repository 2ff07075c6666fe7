/*
 * csv_columns.h - which columns a CSV result has: all of them, or those that are asked for.
 *
 *   rank,id,name,class,total,grade,sections,deficient
 *
 * Words of our own, `sections` and `items` for all of them, or the id of a member.
 */
#ifndef KAOPING_CSV_COLUMNS_H
#define KAOPING_CSV_COLUMNS_H

#include "base/arena.h"
#include "base/text.h"
#include "model/rubric.h"

enum csv_kind {
    CSV_RANK,
    CSV_ID,
    CSV_NAME,
    CSV_CLASS,
    CSV_STATE,
    CSV_TOTAL,
    CSV_TOTAL_WITHOUT_WAIVERS,
    CSV_GRADE,
    CSV_BEFORE_GATES,
    CSV_REPORTED,
    CSV_LOW,
    CSV_HIGH,
    CSV_GATES,
    CSV_GATES_UNANSWERED,
    CSV_DEFICIENCIES,
    CSV_DEFICIENCY_TEXT,
    CSV_FLAGS,
    CSV_NOT_APPLICABLE,
    CSV_WAIVERS,
    CSV_WHY_UNRANKED,
    CSV_DEFICIENT, /* titles of the items with deficiencies; only where it is asked for */
    CSV_MEMBER
};

struct csv_column {
    enum csv_kind kind;
    uint32_t member; /* CSV_MEMBER */
    int places;      /* of its points */
    const char
        *heading; /* never translated; of a member its title, with the id if another has it */
};

struct csv_columns {
    VEC(struct csv_column) list;
    bool says;  /* some column is about deficiencies */
    bool texts; /* one of them has what they say */
    bool names; /* one of them has the titles of who has any */
};

/* All columns, those of waivers where the data have any. */
const struct csv_columns *csv_columns_all(struct arena *a, const struct rubric *r, bool waivers);
/* Those that the text names, parted by commas; NULL: *unknown is no column. */
const struct csv_columns *csv_columns_named(struct arena *a, const struct rubric *r,
                                            const char *names, str *unknown);
/* The name nearest to one that is unknown, or NULL. */
const char *csv_columns_nearest(struct arena *a, const struct rubric *r, str unknown);

#endif
