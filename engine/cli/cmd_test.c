/*
 * cmd_test.c - a rubric's own tests: each case is scored like any data, and what comes out is held
 * against what the case expects.
 *
 *   file.test.yaml -> cases ─┐
 *   its rubric -> rubric ────┴-> for each case: table -> result -> verdict, coverage -> report
 */
#include "analyse/gaps.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/cases_update.h"
#include "cli/commands.h"
#include "cli/pipeline.h"
#include "load/cases.h"
#include "report/report_cases.h"

#include <string.h>
#include <unistd.h>

struct test_options {
    struct common common;
    const char *format;
    bool update;
};

static const struct option_spec test_option_table[] = {
    {"format", 'f', N_("FORMAT"), N_("text, tap or junit"), OPTION_TEXT,
     offsetof(struct test_options, format)},
    {"update", 0, NULL, N_("write what comes out into the test files, for review"), OPTION_FLAG,
     offsetof(struct test_options, update)},
    OPTIONS_COMMON(struct test_options),
};

/* A rubric that several files are about is loaded once, and its findings are said once. */
struct loaded {
    const char *path;
    struct rubric *rubric;
    bool fine;
};

struct testing {
    struct pipeline pipeline;
    struct arena *arena;
    bool updating;
    VEC(struct loaded) rubrics;
};

static void find_rubric(struct testing *t, const char *path)
{
    struct pipeline *p = &t->pipeline;
    for (uint32_t i = 0; i < t->rubrics.n; i++) {
        if (strcmp(t->rubrics.at[i].path, path) == 0) {
            p->rubric = t->rubrics.at[i].rubric;
            p->rubric_fine = t->rubrics.at[i].fine;
            return;
        }
    }
    pipeline_rubric(p, path);
    *vec_push(t->arena, &t->rubrics) = (struct loaded){path, p->rubric, p->rubric_fine};
}

/* ---- cases ---- */

/* Everything of a case lives in a scratch arena, but for its verdict and its findings. */
static void run_case(struct testing *t, const struct case_file *file, const struct test_case *test,
                     struct coverage *coverage, struct verdict *verdict)
{
    struct pipeline *p = &t->pipeline;
    struct pipeline_options how = {.keep_going = true, .check_only = true, .coverage = coverage};
    struct arena scratch = {0};
    uint32_t first = p->diag.findings.n;
    verdict->test = test;
    p->arena = &scratch;
    p->result = NULL;
    p->ranking = (struct ranking_result){0};
    p->table = cases_table(&scratch, &p->diag, file, p->rubric, test);
    if (p->table->units.n > 0 && !test->bad) {
        pipeline_score(p, &how);
    }
    if (p->result) {
        coverage_take(coverage, p->result);
    }
    if (test->bad) {
        verdict->broken = _("not run: the case has errors");
    } else {
        verdict_make(t->arena, &p->diag, first, test, p->result, &p->ranking, verdict);
    }
    p->arena = t->arena;
    p->table = NULL;
    p->result = NULL;
    arena_release(&scratch);
}

/* Lines that no case ran, as "7, 9-12". NULL: none. */
static const char *lines_not_run(struct arena *a, const uint8_t *lines, uint32_t n)
{
    const char *all = NULL;
    for (uint32_t line = 1; line <= n; line++) {
        uint32_t last = line;
        if (lines[line] != 1) {
            continue;
        }
        /* Lines without code lie within a stretch, but do not end it. */
        for (uint32_t k = line + 1; k <= n && lines[k] != 2; k++) {
            last = lines[k] == 1 ? k : last;
        }
        const char *one =
            last > line ? arena_printf(a, "%u-%u", line, last) : arena_printf(a, "%u", line);
        all = all ? arena_printf(a, "%s, %s", all, one) : one;
        line = last;
    }
    return all;
}

/* Formulas are one line each, and an item that is never scored says as much. */
static void add_script_gaps(struct arena *a, const struct coverage *c, gaps *out)
{
    const struct rubric *r = c->rubric;
    for (uint32_t i = 0; c->scripts && i < r->chunks.n; i++) {
        const struct chunk *chunk = &r->chunks.at[i];
        const char *lines = chunk->module && c->scripts->lines[i]
                                ? lines_not_run(a, c->scripts->lines[i], c->scripts->n_lines[i])
                                : NULL;
        if (lines) {
            *vec_push(a, out) = (struct gap){GAP_SCRIPT, chunk->name, NULL, lines};
        }
    }
}

/* ---- files ---- */

/* Of a file none of whose cases could be scored nobody asks what it reaches. */
static bool some_scored(const struct file_verdict *f)
{
    for (uint32_t i = 0; i < f->verdicts.n; i++) {
        if (!f->verdicts.at[i].broken) {
            return true;
        }
    }
    return false;
}

static void run_cases(struct testing *t, const struct case_file *file, struct file_verdict *f)
{
    struct coverage *coverage = coverage_new(t->arena, t->pipeline.rubric);
    for (uint32_t i = 0; i < file->cases.n; i++) {
        struct verdict *v = vec_push(t->arena, &f->verdicts);
        run_case(t, file, &file->cases.at[i], coverage, v);
        v->passed &= v->test->expects; /* one to be written is shown */
        f->n_passed += v->passed;
        f->n_failed += !v->passed;
    }
    f->scored = some_scored(f);
    if (f->scored) {
        gaps_list(t->arena, coverage, &f->gaps);
        add_script_gaps(t->arena, coverage, &f->gaps);
    }
}

static void run_file(struct testing *t, const char *path, struct file_verdict *f)
{
    struct pipeline *p = &t->pipeline;
    const struct source *source = source_read(t->arena, &p->diag, path, NULL);
    struct case_file *file = source ? cases_open(t->arena, &p->diag, source) : NULL;
    f->path = path;
    if (!file) {
        f->broken = _("not run: the file has errors");
        return;
    }
    find_rubric(t, file->rubric_path);
    if (!p->rubric_fine) {
        f->broken = _("not run: the rubric has errors");
        return;
    }
    cases_read(t->arena, &p->diag, file, p->rubric, t->updating);
    if (file->cases.n == 0) {
        f->broken = _("not run: no tests were found");
        return;
    }
    run_cases(t, file, f);
    /* Into a file whose keys are in doubt nothing is written. */
    f->updated = t->updating && file->well_formed;
    if (f->updated) {
        cases_update(t->arena, file, path, f);
    }
}

static const struct cases_renderer *renderer_of(const struct test_options *o)
{
    const char *format = o->format ? o->format : "text";
    const struct cases_renderer *renderer = cases_renderer_find(format);
    if (!renderer) {
        options_wrong(&command_test, _("'%s' names no format: text, tap and junit are known"),
                      format);
    }
    if (o->update && strcmp(format, "text") != 0) {
        options_wrong(&command_test, _("--update prints text only"));
    }
    return renderer;
}

static bool all_passed(const struct cases_report *report)
{
    for (uint32_t i = 0; i < report->files.n; i++) {
        if (report->files.at[i].n_failed > 0 || report->files.at[i].broken) {
            return false;
        }
    }
    return true;
}

static int run_test(struct arena *a, int argc, char **argv)
{
    struct test_options o = {0};
    int first = options_parse(a, &command_test, argc, argv, &o);
    if (first == argc) {
        options_wrong(&command_test, _("a test file is missing"));
    }
    const struct cases_renderer *renderer = renderer_of(&o);
    struct testing t = {.arena = a, .updating = o.update};
    struct cases_report report = {.arena = a,
                                  .width = sys_terminal_width(),
                                  .color = options_color(&o.common, STDOUT_FILENO),
                                  .brief = o.common.quiet};
    pipeline_init(&t.pipeline, a, &command_test, &o.common);
    /* Cases leave most fields out: what that leaves open is not news. */
    enum severity *unanswered = &t.pipeline.diag.severity[FINDING_GATE_UNANSWERED];
    *unanswered = *unanswered == SEVERITY_ERROR ? SEVERITY_ERROR : SEVERITY_IGNORE;
    for (int i = first; i < argc; i++) {
        if (o.update && strcmp(argv[i], "-") == 0) {
            options_wrong(&command_test, _("--update needs a file to write into"));
        }
        run_file(&t, argv[i], vec_push(a, &report.files));
    }
    struct buf out = {0};
    renderer->print(&report, &out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    int status = pipeline_finish(&t.pipeline);
    return status == EXIT_FINE && !all_passed(&report) ? EXIT_FINDINGS : status;
}

const struct command command_test = {
    "test",
    N_("FILE..."),
    N_("run a rubric's own tests: cases, and what they expect"),
    N_("A test file NAME.test.yaml lies beside NAME.yaml, or says `rubric: PATH`. It holds cases\n"
       "under `tests:`, each with values as a data file has them and what is expected of them."),
    test_option_table,
    run_test,
};
