/*
 * report_history.h - one unit through the years: what every archived period says of it.
 */
#ifndef KAOPING_REPORT_HISTORY_H
#define KAOPING_REPORT_HISTORY_H

#include "base/buf.h"
#include "model/record.h"

struct history_entry {
    uint32_t number;              /* of the run in the archive */
    const char *created, *reason; /* reason may be NULL */
    uint32_t superseded_by;       /* 0: it stands */
    const struct run_record *run;
    const struct unit_record *unit; /* in full */
};

struct history {
    struct arena *arena;
    const struct history_entry *entries; /* by period, the newest last */
    uint32_t n;                          /* at least 1 */
    int width;
    bool color;
};

void history_table(const struct history *, struct buf *out);
void history_csv(const struct history *, struct buf *out);
void history_json(const struct history *, struct buf *out);

/* Whether the unit was flagged there for the item or gate of that id ("": for itself). */
bool history_has(const struct history_entry *e, const char *subject);
/* Whether the period's sheet asks about it at all: else it says nothing about a deficiency. */
bool history_asks(const struct history_entry *e, const char *subject);

#endif
