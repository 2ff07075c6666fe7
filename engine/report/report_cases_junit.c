/* report_cases_junit.c - tests as the XML that JUnit made common: suites of files, cases, failures.
 */
#include "report/report_cases.h"

#include "base/i18n.h"
#include "report/figures.h"

#include <string.h>

/* XML 1.0 has no control characters, however written: texts are made safe before (figures_safe),
 * and two code points at the end of the plane are left out here. */
static void put_escaped(struct buf *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        switch (*at) {
        case '&':
            buf_text(out, "&amp;");
            break;
        case '<':
            buf_text(out, "&lt;");
            break;
        case '>':
            buf_text(out, "&gt;");
            break;
        case '"':
            buf_text(out, "&quot;");
            break;
        default:
            if (strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0) {
                buf_text(out, "\xEF\xBF\xBD");
                at += 2;
            } else {
                buf_char(out, *at);
            }
        }
    }
}

static void put_attribute(const struct cases_report *report, struct buf *out, const char *name,
                          const char *value)
{
    buf_printf(out, " %s=\"", name);
    put_escaped(out, figures_safe(report->arena, value));
    buf_char(out, '"');
}

static void put_failure(const struct cases_report *report, const struct verdict *v, struct buf *out)
{
    struct arena *a = report->arena;
    const char *element = v->broken ? "error" : "failure";
    const char *message = v->broken ? v->broken : difference_text(a, &v->differences.at[0]);
    buf_printf(out, "\n      <%s", element);
    put_attribute(report, out, "message", message);
    buf_char(out, '>');
    put_escaped(out, span_text(a, v->test->at));
    for (uint32_t i = 0; i < v->differences.n; i++) {
        const struct difference *d = &v->differences.at[i];
        buf_char(out, '\n');
        put_escaped(out, difference_text(a, d));
        if (d->why) {
            buf_text(out, "\n  ");
            put_escaped(out, figures_safe(a, d->why));
        }
    }
    buf_printf(out, "</%s>\n    ", element);
}

static void put_case(const struct cases_report *report, const struct file_verdict *f,
                     const struct verdict *v, struct buf *out)
{
    span at = v->test->at;
    buf_text(out, "    <testcase");
    put_attribute(report, out, "name", v->test->name);
    put_attribute(report, out, "classname", f->path);
    put_attribute(report, out, "file", f->path);
    if (at.source) {
        buf_printf(out, " line=\"%u\"", source_position(at.source, at.offset).line);
    }
    if (v->passed) {
        buf_text(out, "/>\n");
        return;
    }
    buf_char(out, '>');
    put_failure(report, v, out);
    buf_text(out, "</testcase>\n");
}

static void put_gaps(const struct cases_report *report, const struct file_verdict *f,
                     struct buf *out)
{
    if (f->gaps.n == 0) {
        return;
    }
    buf_text(out, "    <system-out>");
    for (uint32_t i = 0; i < f->gaps.n; i++) {
        const struct gap *g = &f->gaps.at[i];
        const char *text = arena_printf(report->arena, g->text ? "%s: %s (%s)" : "%s: %s",
                                        gap_text(g->kind), g->id, g->text);
        put_escaped(out, i > 0 ? "\n" : "");
        put_escaped(out, figures_safe(report->arena, text));
    }
    buf_text(out, "</system-out>\n");
}

/* What could not be scored is an error, what came out otherwise a failure. */
static uint32_t count_errors(const struct file_verdict *f)
{
    uint32_t n = f->broken != NULL;
    for (uint32_t i = 0; i < f->verdicts.n; i++) {
        n += f->verdicts.at[i].broken != NULL;
    }
    return n;
}

static void put_file(const struct cases_report *report, const struct file_verdict *f,
                     struct buf *out)
{
    uint32_t errors = count_errors(f), failed = f->n_failed + (f->broken != NULL);
    buf_text(out, "  <testsuite");
    put_attribute(report, out, "name", f->path);
    buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\">\n",
               f->verdicts.n + (f->broken != NULL), failed - errors, errors);
    if (f->broken) {
        buf_text(out, "    <testcase");
        put_attribute(report, out, "name", f->path);
        put_attribute(report, out, "classname", f->path);
        buf_text(out, "><error");
        put_attribute(report, out, "message", f->broken);
        buf_text(out, "/></testcase>\n");
    }
    for (uint32_t i = 0; i < f->verdicts.n; i++) {
        put_case(report, f, &f->verdicts.at[i], out);
    }
    put_gaps(report, f, out);
    buf_text(out, "  </testsuite>\n");
}

void report_cases_junit(const struct cases_report *report, struct buf *out)
{
    uint32_t n = 0, failed = 0, errors = 0;
    for (uint32_t i = 0; i < report->files.n; i++) {
        const struct file_verdict *f = &report->files.at[i];
        n += f->verdicts.n + (f->broken != NULL);
        failed += f->n_failed + (f->broken != NULL);
        errors += count_errors(f);
    }
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kaoping\"");
    buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\">\n", n, failed - errors, errors);
    for (uint32_t i = 0; i < report->files.n; i++) {
        put_file(report, &report->files.at[i], out);
    }
    buf_text(out, "</testsuites>\n");
}
