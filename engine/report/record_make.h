/*
 * record_make.h - from a ranked result to the record of it (model/record.h): what outputs print and
 * archives keep.
 */
#ifndef KAOPING_RECORD_MAKE_H
#define KAOPING_RECORD_MAKE_H

#include "analyse/deficiency.h"
#include "model/record.h"
#include "report/report.h"

/* Everything but the units; texts are the rubric's and the table's own, or in arena a. */
struct run_record *record_run(struct arena *a, const struct report *report);

/* The unit. Light: without items and with the number of deficiencies only, for tables. In arena a,
 * which may be reset after each. */
void record_unit(struct arena *a, const struct run_record *run, const struct result *r,
                 uint32_t unit, bool light, struct unit_record *out);

/* One member of it: a section's or an item's figures. */
void record_figure(struct arena *a, const struct result *r, uint32_t unit, uint32_t member,
                   struct figure *out);

/* A deficiency, whose texts stay where they are. */
struct deficiency_record record_deficiency(const struct deficiency *);

/* Reads the units of a result that are shown (NULL: all) one after the other, in full or
 * (`light`) as record_unit has it. */
struct result_units {
    struct unit_reader reader;
    bool light;
    uint32_t unit; /* the one that was read last */
    const struct result *result;
    const struct run_record *run;
    const struct selection *shown;
    uint32_t next, end;
    struct arena scratch;
    struct arena_mark mark;
};

void result_units_init(struct result_units *, const struct result *, const struct run_record *,
                       const struct selection *shown);
/* Only those in [first, end) of the order. */
void result_units_limit(struct result_units *, uint32_t first, uint32_t end);
void result_units_release(struct result_units *);

#endif
