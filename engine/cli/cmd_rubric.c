/*
 * cmd_rubric.c - rubrics about which nothing is scored: `show` prints one as it is in effect, with
 * what it takes over from others; `diff` says what changed from one to another.
 */
#include "analyse/rubric_diff.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "cli/pipeline.h"
#include "load/node_write.h"
#include "load/rubric_load.h"
#include "report/report_diff.h"

#include <string.h>

struct rubric_options {
    struct common common;
    const char *format;
    bool resolved;
};

static const struct option_spec rubric_option_table[] = {
    {"resolved", 'r', NULL, N_("show: behind each key, the file and line that it comes from"),
     OPTION_FLAG, offsetof(struct rubric_options, resolved)},
    {"format", 'f', N_("FORMAT"), N_("diff: text or json"), OPTION_TEXT,
     offsetof(struct rubric_options, format)},
    OPTIONS_COMMON(struct rubric_options),
};

/* Prints what is there to print also where it has errors: it helps to find them. */
static int show(struct pipeline *p, const struct rubric_options *o, const char *path)
{
    struct rubric_document document;
    struct buf out = {0};
    const struct source *source = source_read(p->arena, &p->diag, path, NULL);
    if (source && rubric_read(p->arena, &p->diag, source, &document)) {
        /* Before it is read: then misspelt keys are taken for others. */
        node_write(p->arena, document.root, o->resolved, &out);
        rubric_make(p->arena, &p->diag, &document);
    }
    int status = pipeline_finish(p);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return status;
}

static int diff(struct pipeline *p, const struct rubric_options *o, char **paths)
{
    bool json = o->format && strcmp(o->format, "json") == 0;
    if (o->format && !json && strcmp(o->format, "text") != 0) {
        options_wrong(&command_rubric, _("'%s' names no format: text and json are known"),
                      o->format);
    }
    pipeline_rubric(p, paths[0]);
    const struct rubric *old = p->rubric;
    bool fine = p->rubric_fine;
    pipeline_rubric(p, paths[1]);
    int status = pipeline_finish(p);
    if (!fine || !p->rubric_fine) {
        return status;
    }
    struct rubric_diff d;
    struct buf out = {0};
    rubric_diff(p->arena, old, p->rubric, &d);
    if (json) {
        report_diff_json(&d, &out);
    } else {
        report_diff(p->arena, &d, sys_terminal_width(), &out);
    }
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return status;
}

static _Noreturn void unknown_word(struct arena *a, const char *word)
{
    struct nearest nearest = {.name = str_of(word)};
    nearest_offer(&nearest, "show");
    nearest_offer(&nearest, "diff");
    const char *meant = nearest_name(&nearest, a);
    if (meant) {
        options_wrong(&command_rubric, _("there is no 'rubric %s' (did you mean '%s'?)"), word,
                      meant);
    }
    options_wrong(&command_rubric, _("there is no 'rubric %s': show and diff are known"), word);
}

static int run_rubric(struct arena *a, int argc, char **argv)
{
    struct rubric_options o = {0};
    struct pipeline p = {0};
    int first = options_parse(a, &command_rubric, argc, argv, &o);
    int n = argc - first - 1;
    if (first == argc) {
        options_wrong(&command_rubric, _("what about rubrics? Say `show` or `diff`"));
    }
    bool is_diff = strcmp(argv[first], "diff") == 0;
    if (!is_diff && strcmp(argv[first], "show") != 0) {
        unknown_word(a, argv[first]);
    }
    if (n != (is_diff ? 2 : 1)) {
        options_wrong(&command_rubric, is_diff ? _("`diff` takes two rubrics, the old one first")
                                               : _("`show` takes one rubric"));
    }
    if (is_diff ? o.resolved : o.format != NULL) {
        options_wrong(&command_rubric,
                      is_diff ? _("--resolved is for `show`") : _("--format is for `diff`"));
    }
    pipeline_init(&p, a, &command_rubric, &o.common);
    return is_diff ? diff(&p, &o, argv + first + 1) : show(&p, &o, argv[first + 1]);
}

const struct command command_rubric = {
    "rubric",
    N_("show RUBRIC | diff OLD NEW"),
    N_("show: a rubric as it is in effect; diff: what changed between two"),
    N_("`show` prints the rubric as one YAML file, with all that it takes over by `extends`.\n"
       "`diff` says in words what changed, and which items' results stay comparable; it ends\n"
       "with 0 also where the rubrics differ."),
    rubric_option_table,
    run_rubric,
};
