/*
 * report_diff.h - what changed between two rubrics, in words in the order of the sheet, or as JSON.
 */
#ifndef KAOPING_REPORT_DIFF_H
#define KAOPING_REPORT_DIFF_H

#include "analyse/rubric_diff.h"
#include "base/buf.h"
#include "report/json_write.h"

/* width: of the lines. */
void report_diff(struct arena *a, const struct rubric_diff *d, int width, struct buf *out);
void report_diff_json(const struct rubric_diff *d, struct buf *out);
/* The keys of that without its head, into an object that is open; or only what changed. */
void report_diff_parts(struct json_write *w, const struct rubric_diff *d, bool changed_only);

/* "need (township): from 12 to 10", translated, in arena a. */
const char *report_diff_mark(struct arena *a, const struct mark *m);

#endif
