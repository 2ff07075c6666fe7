/*
 * report_cases_tap.c - tests as TAP version 14, for programs that collect results.
 *
 *   not ok 2 - 按期办结率不足
 *     ---
 *     file: "duty-2024.test.yaml"
 *     line: 14
 *     differences:
 *       - {what: "total", expected: "87.25", got: "85.75", why: "..."}
 *     ...
 */
#include "report/report_cases.h"

#include "base/i18n.h"
#include "report/figures.h"
#include "report/json_write.h"

/* In a description # begins a directive and \ escapes. */
static void put_name(struct buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == '#' || *name == '\\') {
            buf_char(out, '\\');
        }
        buf_char(out, *name);
    }
}

static void put_key(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, "%s: ", key);
    json_string(out, text);
}

static void put_details(const struct verdict *v, struct buf *out)
{
    span at = v->test->at;
    buf_text(out, "  ---\n");
    if (at.source) {
        buf_text(out, "  ");
        put_key(out, "file", at.source->name);
        buf_printf(out, "\n  line: %u\n", source_position(at.source, at.offset).line);
    }
    if (v->broken) {
        buf_text(out, "  ");
        put_key(out, "message", v->broken);
        buf_char(out, '\n');
    }
    if (v->differences.n) {
        buf_text(out, "  differences:\n");
    }
    for (uint32_t i = 0; i < v->differences.n; i++) {
        const struct difference *d = &v->differences.at[i];
        buf_text(out, "    - {");
        put_key(out, "what", d->what);
        buf_text(out, ", ");
        put_key(out, "expected", d->expected);
        buf_text(out, ", ");
        put_key(out, "got", d->got);
        if (d->why) {
            buf_text(out, ", ");
            put_key(out, "why", d->why);
        }
        buf_text(out, "}\n");
    }
    buf_text(out, "  ...\n");
}

static void put_gaps(const struct cases_report *report, const struct file_verdict *f,
                     struct buf *out)
{
    for (uint32_t i = 0; i < f->gaps.n; i++) {
        const struct gap *g = &f->gaps.at[i];
        const char *after = g->text ? arena_printf(report->arena, " (%s)", g->text) : "";
        buf_printf(out, "# %s: %s%s\n", gap_text(g->kind), figures_safe(report->arena, g->id),
                   figures_safe(report->arena, after));
    }
}

void report_cases_tap(const struct cases_report *report, struct buf *out)
{
    uint32_t n = 0, number = 0;
    for (uint32_t i = 0; i < report->files.n; i++) {
        n += report->files.at[i].verdicts.n + (report->files.at[i].broken != NULL);
    }
    buf_printf(out, "TAP version 14\n1..%u\n", n);
    for (uint32_t i = 0; i < report->files.n; i++) {
        const struct file_verdict *f = &report->files.at[i];
        buf_printf(out, "# %s\n", figures_safe(report->arena, f->path));
        if (f->broken) {
            buf_printf(out, "not ok %u - ", ++number);
            put_name(out, arena_printf(report->arena, "%s: %s",
                                       figures_safe(report->arena, f->path), f->broken));
            buf_char(out, '\n');
        }
        for (uint32_t k = 0; k < f->verdicts.n; k++) {
            const struct verdict *v = &f->verdicts.at[k];
            buf_printf(out, "%s %u - ", v->passed ? "ok" : "not ok", ++number);
            put_name(out, figures_safe(report->arena, v->test->name));
            buf_char(out, '\n');
            if (!v->passed) {
                put_details(v, out);
            }
        }
        put_gaps(report, f, out);
    }
}
