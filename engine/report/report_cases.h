/*
 * report_cases.h - what came of test files, reached through a table of renderers as in report.h.
 *
 * To add a format: report_cases_NAME.c with one function, declared below, and a line in the table
 * in report_cases.c.
 */
#ifndef KAOPING_REPORT_CASES_H
#define KAOPING_REPORT_CASES_H

#include "analyse/gaps.h"
#include "base/buf.h"
#include "report/verdict.h"

struct file_verdict {
    const char *path;
    const char *broken; /* none of its cases could be run: why; NULL */
    VEC(struct verdict) verdicts;
    bool scored; /* at least one case was: then gaps says what none reaches */
    gaps gaps;
    uint32_t n_passed, n_failed;
    bool updated;         /* --update: differences were written where they could be */
    uint32_t n_rewritten; /* values and expectations */
};

struct cases_report {
    VEC(struct file_verdict) files;
    struct arena *arena;
    int width;
    bool color;
    bool brief; /* failing cases only */
};

struct cases_renderer {
    const char *name; /* of --format */
    void (*print)(const struct cases_report *, struct buf *out);
};

extern const struct cases_renderer cases_renderers[]; /* ends with a NULL name */
const struct cases_renderer *cases_renderer_find(const char *name);

/* What a kind of gap is called, as the beginning of a line. Translated. */
const char *gap_text(enum gap_kind kind);
/* "total: expected 87.25, got 85.75", on one line and safe for a terminal. In arena a. */
const char *difference_text(struct arena *a, const struct difference *difference);

void report_cases_text(const struct cases_report *, struct buf *out);
void report_cases_tap(const struct cases_report *, struct buf *out);
void report_cases_junit(const struct cases_report *, struct buf *out);

#endif
