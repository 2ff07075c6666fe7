/*
 * report_cases.c - tests for people at a terminal, and the table of renderers.
 *
 *   FAILED  按期办结率不足
 *           rubrics/duty-2024.test.yaml:5:11
 *              expected  got
 *     total    87.25     85.75
 *         组织领导 18; 群众来信 36
 *     letters  17.50     16.00
 *         按期办结率: 15 ÷ 20 = 75% of target 95%; × 20
 *
 * One table a case, so that the figures to compare stand side by side; what is longer than a figure
 * stands below each other. How it came about follows what it explains.
 */
#include "report/report_cases.h"

#include "base/i18n.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/wrap.h"

#include <string.h>

const struct cases_renderer cases_renderers[] = {
    {"text", report_cases_text},
    {"tap", report_cases_tap},
    {"junit", report_cases_junit},
    {NULL, NULL},
};

const struct cases_renderer *cases_renderer_find(const char *name)
{
    for (const struct cases_renderer *r = cases_renderers; r->name; r++) {
        if (strcmp(r->name, name) == 0) {
            return r;
        }
    }
    return NULL;
}

const char *gap_text(enum gap_kind kind)
{
    static const char *const texts[N_GAP_KINDS] = {
        [GAP_ITEM] = N_("items never scored with a value"),
        [GAP_WAYS] = N_("tiers, levels, options never reached"),
        [GAP_GATE_FIRED] = N_("gates that never fire"),
        [GAP_GATE_OPEN] = N_("gates that always fire"),
        [GAP_GRADE] = N_("grades never given"),
        [GAP_SCRIPT] = N_("lines of scripts never run"),
    };
    return _(texts[kind]);
}

const char *difference_text(struct arena *a, const struct difference *d)
{
    return arena_printf(a, _("%s: expected %s, got %s"), d->what, figures_safe(a, d->expected),
                        figures_safe(a, d->got));
}

/* ---- one case ---- */

#define CELL_MOST 24 /* columns: what is longer does not stand in the table */
#define WHAT_MOST 32
#define INDENT 2
#define HANG 6
#define MARK "FAILED  "

struct layout {
    const struct cases_report *report;
    struct arena *arena;
    struct buf *out;
    bool updated;       /* the file was */
    int what, expected; /* widths of the columns */
};

static int width_of(const char *text) { return text_width(text, strlen(text)); }
static int larger(int a, int b) { return a > b ? a : b; }

static void spaces(struct buf *out, int n) { buf_repeat(out, " ", n > 0 ? (size_t)n : 0); }

static void in_color(const struct layout *l, const char *code, const char *text)
{
    if (l->report->color) {
        buf_printf(l->out, "\033[%sm%s\033[0m", code, text);
    } else {
        buf_text(l->out, text);
    }
}

static bool is_short(const struct difference *d)
{
    return width_of(d->expected) <= CELL_MOST && width_of(d->got) <= CELL_MOST &&
           width_of(d->what) <= WHAT_MOST;
}

/* Widths for all that stands in the table; false: nothing does. */
static bool measure(struct layout *l, const struct verdict *v)
{
    bool any = false;
    l->what = 0;
    l->expected = width_of(_("expected"));
    for (uint32_t i = 0; i < v->differences.n; i++) {
        const struct difference *d = &v->differences.at[i];
        if (is_short(d)) {
            any = true;
            l->what = larger(l->what, width_of(d->what));
            l->expected = larger(l->expected, width_of(d->expected));
        }
    }
    return any;
}

static void put_row(const struct layout *l, const char *what, const char *expected, const char *got)
{
    spaces(l->out, INDENT);
    buf_text(l->out, what);
    spaces(l->out, l->what - width_of(what) + 2);
    buf_text(l->out, expected);
    spaces(l->out, l->expected - width_of(expected) + 2);
    in_color(l, "31", got);
    buf_char(l->out, '\n');
}

static void put_long(const struct layout *l, const struct difference *d)
{
    struct arena *a = l->arena;
    spaces(l->out, INDENT);
    buf_text(l->out, d->what);
    buf_char(l->out, '\n');
    wrap_line(l->out, arena_printf(a, _("expected: %s"), d->expected), "", HANG - 2,
              l->report->width);
    wrap_line(l->out, arena_printf(a, _("got: %s"), d->got), "", HANG - 2, l->report->width);
}

/* Titles of items are often the whole printed rule: one line of it will do. */
static void put_title(const struct layout *l, const char *title, const char *why)
{
    int width = l->report->width;
    const char *both = arena_printf(l->arena, _("%s: %s"), title, why);
    if (*why && HANG + width_of(both) <= width) {
        wrap_line(l->out, both, "", HANG, width);
        return;
    }
    spaces(l->out, HANG);
    grid_fit(l->out, title, width - HANG);
    buf_char(l->out, '\n');
    if (*why) {
        wrap_line(l->out, why, "", HANG, width);
    }
}

/* Whether the same was said of the same item just above. */
static bool is_said(const struct verdict *v, uint32_t index, bool *title)
{
    const struct difference *d = &v->differences.at[index];
    bool same = false;
    *title = false;
    for (uint32_t i = 0; i < index; i++) {
        const struct difference *other = &v->differences.at[i];
        if (d->check->member != MEMBER_NONE && other->check->member == d->check->member) {
            *title = true;
            same = same || !d->why || (other->why && strcmp(d->why, other->why) == 0);
        }
    }
    return same;
}

static void put_why(const struct layout *l, const struct verdict *v, uint32_t index)
{
    const struct difference *d = &v->differences.at[index];
    struct arena *a = l->arena;
    const char *why = figures_safe(a, d->why ? d->why : "");
    bool titled, said = is_said(v, index, &titled);
    if (!said && d->title && !titled) {
        put_title(l, figures_safe(a, d->title), why);
    } else if (!said && *why) {
        wrap_line(l->out, why, "", HANG, l->report->width);
    }
    if (l->updated && !d->fresh) {
        wrap_line(l->out, _("nothing can be written in its place: change it by hand"), "", HANG,
                  l->report->width);
    }
}

static struct difference safe(struct arena *a, const struct difference *d)
{
    struct difference copy = *d;
    copy.what = figures_safe(a, d->what);
    copy.expected = figures_safe(a, d->expected);
    copy.got = figures_safe(a, d->got);
    return copy;
}

/* Whether --update had something to write for the case. */
static bool is_written(const struct verdict *v)
{
    bool any = !v->test->expects;
    for (uint32_t i = 0; i < v->differences.n; i++) {
        any = any || v->differences.at[i].fresh;
    }
    return any;
}

static void put_case(struct layout *l, const struct verdict *v)
{
    bool rewritten = l->updated && !v->broken && is_written(v);
    const char *mark = rewritten ? _("UPDATED ") : _("FAILED  ");
    in_color(l, rewritten ? "1;33" : "1;31", mark);
    wrap_text(l->out, figures_safe(l->arena, v->test->name), width_of(mark), width_of(mark),
              l->report->width);
    buf_char(l->out, '\n');
    spaces(l->out, width_of(mark));
    buf_printf(l->out, "%s\n", span_text(l->arena, v->test->at));
    if (rewritten && !v->test->expects) {
        wrap_line(l->out, _("what it expects was added"), "", INDENT, l->report->width);
    }
    if (v->broken) {
        wrap_line(l->out, figures_safe(l->arena, v->broken), "", INDENT, l->report->width);
    }
    for (uint32_t i = 0; i < v->differences.n; i++) {
        v->differences.at[i] = safe(l->arena, &v->differences.at[i]);
    }
    if (measure(l, v)) {
        put_row(l, "", _("expected"), _("got"));
    }
    for (uint32_t i = 0; i < v->differences.n; i++) {
        const struct difference *d = &v->differences.at[i];
        if (is_short(d)) {
            put_row(l, d->what, d->expected, d->got);
        } else {
            put_long(l, d);
        }
        put_why(l, v, i);
    }
    buf_char(l->out, '\n');
}

/* ---- one file ---- */

#define GAPS_SHOWN 12 /* of a kind */

static void put_gap(const struct layout *l, const struct gap *g, int id_width)
{
    struct arena *a = l->arena;
    const char *id = figures_safe(a, g->id);
    const char *after = g->kind == GAP_WAYS || g->kind == GAP_SCRIPT ? g->text : g->title;
    spaces(l->out, 2 * INDENT);
    buf_text(l->out, id);
    if (!after) {
        buf_char(l->out, '\n');
        return;
    }
    spaces(l->out, id_width - width_of(id) + 2);
    if (g->kind == GAP_WAYS || g->kind == GAP_SCRIPT) {
        int column = 2 * INDENT + larger(id_width, width_of(id)) + 2;
        wrap_text(l->out, figures_safe(a, after), column, column, l->report->width);
    } else {
        grid_fit(l->out, figures_safe(a, after),
                 l->report->width - 2 * INDENT - larger(id_width, width_of(id)) - 2);
    }
    buf_char(l->out, '\n');
}

/* Grades stand in one line: their names are short. */
static void put_names(const struct layout *l, const gaps *all, enum gap_kind kind)
{
    const char *names = NULL;
    for (uint32_t i = 0; i < all->n; i++) {
        const char *id = all->at[i].id;
        if (all->at[i].kind == kind) {
            names = names ? arena_printf(l->arena, _("%s, %s"), names, id) : id;
        }
    }
    wrap_line(l->out, figures_safe(l->arena, names), "", 2 * INDENT, l->report->width);
}

static void put_kind(const struct layout *l, const gaps *all, enum gap_kind kind)
{
    uint32_t n = 0;
    int id_width = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        if (all->at[i].kind == kind && n++ < GAPS_SHOWN) {
            int width = width_of(all->at[i].id);
            id_width = width <= CELL_MOST ? larger(id_width, width) : id_width;
        }
    }
    if (n == 0) {
        return;
    }
    wrap_line(l->out, gap_text(kind), "", INDENT, l->report->width);
    if (kind == GAP_GRADE) {
        put_names(l, all, kind);
        return;
    }
    uint32_t shown = 0;
    for (uint32_t i = 0; i < all->n && shown < GAPS_SHOWN; i++) {
        if (all->at[i].kind == kind) {
            put_gap(l, &all->at[i], id_width);
            shown++;
        }
    }
    if (n > shown) {
        spaces(l->out, 2 * INDENT);
        buf_printf(l->out, _("and %u more\n"), n - shown);
    }
}

static void put_gaps(const struct layout *l, const struct file_verdict *f)
{
    if (f->gaps.n == 0) {
        buf_printf(l->out, "%s\n", _("Every item, tier, gate and grade is reached."));
        return;
    }
    buf_printf(l->out, "%s\n", _("No case reaches:"));
    for (int kind = 0; kind < N_GAP_KINDS; kind++) {
        put_kind(l, &f->gaps, (enum gap_kind)kind);
    }
}

static void put_summary(const struct layout *l, const struct file_verdict *f)
{
    const char *path = figures_safe(l->arena, f->path);
    if (f->broken) {
        buf_printf(l->out, "%s: %s\n", path, f->broken);
    } else if (f->updated) {
        buf_printf(l->out, _("%s: %u passed, %u values written, %u cases not updated\n"), path,
                   f->n_passed, f->n_rewritten, f->n_failed);
    } else {
        buf_printf(l->out, _("%s: %u passed, %u failed\n"), path, f->n_passed, f->n_failed);
    }
}

static void put_file(struct layout *l, const struct file_verdict *f)
{
    l->updated = f->updated;
    for (uint32_t i = 0; i < f->verdicts.n; i++) {
        if (!f->verdicts.at[i].passed) {
            put_case(l, &f->verdicts.at[i]);
        }
    }
    if (l->report->brief) {
        return;
    }
    put_summary(l, f);
    if (f->scored) {
        put_gaps(l, f);
    }
}

void report_cases_text(const struct cases_report *report, struct buf *out)
{
    struct layout l = {.report = report, .arena = report->arena, .out = out};
    uint32_t passed = 0, failed = 0, broken = 0;
    bool updated = false;
    for (uint32_t i = 0; i < report->files.n; i++) {
        if (i > 0 && !report->brief) {
            buf_char(out, '\n');
        }
        put_file(&l, &report->files.at[i]);
        passed += report->files.at[i].n_passed;
        failed += report->files.at[i].n_failed;
        broken += report->files.at[i].broken != NULL;
        updated = updated || report->files.at[i].updated;
    }
    if (report->files.n < 2 || report->brief || updated) {
        return;
    }
    buf_printf(out, _("\n%u files: %u passed, %u failed"), report->files.n, passed, failed);
    if (broken) {
        buf_printf(out, _(", %u files not run"), broken);
    }
    buf_char(out, '\n');
}
