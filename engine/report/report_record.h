/*
 * report_record.h - what is printed of runs as they are written down (model/record.h), whether just
 * scored or out of an archive.
 */
#ifndef KAOPING_REPORT_RECORD_H
#define KAOPING_REPORT_RECORD_H

#include "base/buf.h"
#include "model/record.h"

struct record_style {
    struct selection shown;
    int width;
    bool color;
};

/* The ranking; units: all of the run in the order of the printout, light is enough. foot: where
 * the rest stands, a line each, NULL at the end. */
void record_table(struct arena *, const struct run_record *, const struct unit_record *units,
                  const struct record_style *, const char *const *foot, struct buf *out);
/* The result as JSON. */
void record_json(struct arena *, const struct run_record *, struct unit_reader *,
                 const struct selection *, struct buf *out);

#endif
