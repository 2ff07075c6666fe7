/* cmd_score.c - rank, grade, flag. */
#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "bulk/bulk.h"
#include "bulk/part.h"
#include "cli/commands.h"
#include "cli/dump.h"
#include "cli/keep.h"
#include "cli/pipeline.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct score_options {
    struct common common;
    struct text_list previous, periods, outputs, waivers;
    const char *format, *only, *columns, *top, *shard, *dump, *jobs, *archive, *reason;
    bool keep_going, ignore_unknown, counters;
};

static const struct option_spec score_option_table[] = {
    {"format", 'f', N_("FORMAT"), N_("to standard output: table, csv or json"), OPTION_TEXT,
     offsetof(struct score_options, format)},
    {"output", 'o', N_("FILE"), N_("to a file, in the format its name ends with (repeatable)"),
     OPTION_LIST, offsetof(struct score_options, outputs)},
    {"only", 0, N_("CLASS|UNIT"), N_("limits what is printed, never what is scored"), OPTION_TEXT,
     offsetof(struct score_options, only)},
    {"top", 0, N_("N"), N_("prints only who has one of these ranks; all are scored"), OPTION_TEXT,
     offsetof(struct score_options, top)},
    {"columns", 0, N_("LIST"),
     N_("columns of CSV: rank,id,name,total,sections,items,deficient ..."), OPTION_TEXT,
     offsetof(struct score_options, columns)},
    {"archive", 'a', N_("DB"), N_("keep the run in an archive: inputs, options, every result"),
     OPTION_TEXT, offsetof(struct score_options, archive)},
    {"reason", 0, N_("TEXT"), N_("why the run supersedes one that is in the archive"), OPTION_TEXT,
     offsetof(struct score_options, reason)},
    {"jobs", 'j', N_("N"), N_("worker processes (as many as there are processors)"), OPTION_TEXT,
     offsetof(struct score_options, jobs)},
    {"waivers", 'w', N_("FILE"), N_("what single units are excused from (repeatable)"), OPTION_LIST,
     offsetof(struct score_options, waivers)},
    {"shard", 0, N_("I/N"), N_("one of N shards of the data, to a part: -o FILE.kpp (then merge)"),
     OPTION_TEXT, offsetof(struct score_options, shard)},
    {"keep-going", 'k', NULL, N_("score what can be scored; list the units left out"), OPTION_FLAG,
     offsetof(struct score_options, keep_going)},
    OPTION_PREVIOUS(struct score_options),
    OPTION_PERIOD(struct score_options),
    {"ignore-unknown", 0, NULL, N_("unknown columns are warnings"), OPTION_FLAG,
     offsetof(struct score_options, ignore_unknown)},
    {"counters", 0, NULL, N_("say what a large run took, in counts (to standard error)"),
     OPTION_FLAG, offsetof(struct score_options, counters)},
    {"dump", 0, N_("STAGE"), N_("print a stage instead: node, rubric, plan or result"), OPTION_TEXT,
     offsetof(struct score_options, dump)},
    OPTIONS_COMMON(struct score_options),
};

struct output {
    const char *path; /* NULL: standard output */
    const struct renderer *renderer;
};

static const struct renderer *renderer_of(const char *name, const char *shown)
{
    const struct renderer *renderer = renderer_find(str_of(name));
    if (!renderer) {
        options_wrong(&command_score, _("'%s' names no format: table, csv and json are known"),
                      shown);
    }
    return renderer;
}

/* Wrong formats are told before anything is read. */
static struct output *outputs_of(struct arena *a, const struct score_options *o, uint32_t *n)
{
    const char *format = o->format ? o->format : "table";
    struct output *outputs = ARENA_ARRAY(a, struct output, o->outputs.list.n + 1);
    *n = 0;
    if (o->format || o->outputs.list.n == 0) {
        outputs[(*n)++] = (struct output){NULL, renderer_of(format, format)};
    }
    for (uint32_t i = 0; i < o->outputs.list.n; i++) {
        const char *path = o->outputs.list.at[i];
        const struct renderer *renderer = renderer_for_path(path);
        /* A name without an ending, such as /dev/stdout, gets what --format names. */
        bool unknown = !renderer && renderer_ending(path);
        outputs[(*n)++] =
            (struct output){path, renderer ? renderer : renderer_of(unknown ? path : format, path)};
    }
    return outputs;
}

/* An output that is an input would destroy it, and one output would overwrite another. */
static void check_outputs(const struct score_options *o, const char *const *inputs, int n_inputs)
{
    for (uint32_t i = 0; i < o->outputs.list.n; i++) {
        const char *path = o->outputs.list.at[i];
        for (int k = 0; k < n_inputs; k++) {
            if (sys_same_file(path, inputs[k])) {
                options_wrong(&command_score, _("the output '%s' is one of the inputs"), path);
            }
        }
        for (uint32_t k = 0; k < o->waivers.list.n; k++) {
            if (sys_same_file(path, o->waivers.list.at[k])) {
                options_wrong(&command_score, _("the output '%s' is one of the inputs"), path);
            }
        }
        for (uint32_t k = 0; k < i; k++) {
            const char *other = o->outputs.list.at[k];
            if (strcmp(path, other) == 0 || sys_same_file(path, other)) {
                options_wrong(&command_score, _("the output '%s' is given twice"), path);
            }
        }
    }
}

static unsigned jobs_of(const struct score_options *o)
{
    return options_number(&command_score, o->jobs, JOBS_MOST, _("--jobs is a number from 1 to %u"));
}

static uint32_t top_of(const struct score_options *o)
{
    return options_number(&command_score, o->top, TOP_MOST, _("--top is a number from 1 to %u"));
}

/* What Ctrl-C leaves undone: n_written outputs of n are there. */
static void say_when_ended(struct pipeline *p, const struct score_options *o,
                           const struct output *outputs, uint32_t n_written, uint32_t n)
{
    struct buf text = {0};
    buf_printf(&text, "\n%s", _("kaoping: ended before it was done: "));
    if (n_written == 0) {
        buf_text(&text, _("nothing was written"));
    } else if (n_written < n) {
        const char *path = outputs[n_written - 1].path;
        buf_printf(&text, _("%u of %u outputs were written, the last is %s"), n_written, n,
                   path ? path : _("standard output"));
    } else {
        buf_text(&text, o->archive ? _("the outputs were written, the run was not archived")
                                   : _("but all outputs were written"));
    }
    buf_char(&text, '\n');
    sys_say_when_ended(arena_text(p->arena, text.at, text.n));
    buf_release(&text);
}

/* All outputs are made before the first is written: a failure leaves none half done. */
/* What goes to a file goes there as it is made; anything else must be whole first. */
static void write_output(struct report *report, const struct output *output)
{
    struct buf text = {0};
    struct sys_output file;
    sys_output_open(&file, output->path);
    bool to_file = sys_output_is_file(&file);
    report->output = to_file ? &file : NULL;
    output->renderer->score(report, &text);
    if (to_file) {
        sys_output_add(&file, text.at, text.n);
        sys_output_done(&file);
    } else {
        sys_write(output->path, text.at, text.n);
    }
    buf_release(&text);
}

static void write_outputs(struct pipeline *p, const struct score_options *o, unsigned jobs,
                          const struct csv_columns *columns, const struct output *outputs,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool to_stdout = !outputs[i].path;
        struct report report = {
            .result = p->result,
            .ranking = &p->ranking,
            .diag = &p->diag,
            .arena = p->arena,
            .jobs = jobs,
            .shown = {.only = o->only, .top = top_of(o)},
            .columns = columns,
            .width = sys_terminal_width(),
            .color = to_stdout && options_color(&o->common, STDOUT_FILENO),
            .to_terminal = to_stdout && sys_is_terminal(STDOUT_FILENO),
        };
        write_output(&report, &outputs[i]);
        say_when_ended(p, o, outputs, i + 1, n);
    }
}

/* --only must name a class or a unit there is, or an empty print would look like a result. */
static void check_only(const struct pipeline *p, const char *only)
{
    const struct table *t = p->table;
    struct nearest nearest = {.name = str_of(only)};
    for (uint32_t g = 0; g < t->groups.n; g++) {
        if (strcmp(t->groups.at[g], only) == 0) {
            return;
        }
        nearest_offer(&nearest, t->groups.at[g]);
    }
    for (uint32_t u = 0; u < t->units.n; u++) {
        const struct unit *unit = &t->units.at[u];
        if (strcmp(unit->id, only) == 0 || strcmp(unit->name, only) == 0) {
            return;
        }
        nearest_offer(&nearest, unit->id);
        nearest_offer(&nearest, unit->name);
    }
    const char *meant = nearest_name(&nearest, p->arena);
    if (meant) {
        options_wrong(&command_score, _("there is no class or unit '%s' (did you mean '%s'?)"),
                      only, meant);
    }
    options_wrong(&command_score, _("there is no class or unit '%s'"), only);
}

/* An archive is neither an input nor an output. */
static void check_archive(const struct score_options *o, const char *const *inputs, int n_inputs)
{
    if (o->reason && !*o->reason) {
        options_wrong(&command_score, _("--reason is empty"));
    }
    if (!o->archive) {
        if (o->reason) {
            options_wrong(&command_score, _("--reason goes with --archive"));
        }
        return;
    }
    if (!*o->archive) {
        options_wrong(&command_score, _("--archive is empty"));
    }
    for (int i = 0; i < n_inputs; i++) {
        if (sys_same_file(o->archive, inputs[i])) {
            options_wrong(&command_score, _("the archive '%s' is one of the inputs"), o->archive);
        }
    }
    for (uint32_t i = 0; i < o->outputs.list.n; i++) {
        const char *output = o->outputs.list.at[i];
        if (strcmp(o->archive, output) == 0 || sys_same_file(o->archive, output)) {
            options_wrong(&command_score, _("the archive '%s' is one of the outputs"), o->archive);
        }
    }
}

struct undone {
    struct pipeline *p;
    const struct score_options *o;
    const struct output *outputs;
    uint32_t n;
};

static void note_written(void *context, uint32_t n_written)
{
    const struct undone *u = context;
    say_when_ended(u->p, u->o, u->outputs, n_written, u->n);
}

/* A large file that goes from the disk to the disk. */
static bool score_bulk(struct pipeline *p, const struct score_options *o, char **data, int n_data,
                       const struct csv_columns *columns, const struct output *outputs, uint32_t n)
{
    struct undone undone = {p, o, outputs, n};
    const char **paths = ARENA_ARRAY(p->arena, const char *, n);
    bool plain = n_data == 1 && p->rubric_fine && p->diag.n_errors == 0 && !o->archive &&
                 o->previous.list.n + o->periods.list.n + o->waivers.list.n == 0 &&
                 !o->common.encoding;
    for (uint32_t i = 0; i < n; i++) {
        paths[i] = outputs[i].path;
        plain = plain && strcmp(outputs[i].renderer->name, "csv") == 0;
    }
    struct bulk_options how = {.rubric = p->rubric,
                               .diag = &p->diag,
                               .data = data[0],
                               .jobs = jobs_of(o),
                               .shown = {.only = o->only, .top = top_of(o)},
                               .columns = columns,
                               .outputs = paths,
                               .n_outputs = n,
                               .written = note_written,
                               .context = &undone};
    struct buf counters = {0};
    how.counters = o->counters ? &counters : NULL;
    bool done = plain && bulk_score(&how);
    sys_write_error(counters.at, counters.n);
    buf_release(&counters);
    return done;
}

#define SHARDS_MOST 65536U

/* I/N, with nothing that a shard cannot serve. */
static struct shard shard_of(const struct score_options *o, int n_data)
{
    char *end = NULL;
    struct shard shard = {.number = (uint32_t)strtoul(o->shard, &end, 10)};
    if (*o->shard >= '0' && *o->shard <= '9' && *end == '/' && end[1] >= '0' && end[1] <= '9') {
        shard.of = (uint32_t)strtoul(end + 1, &end, 10);
    }
    if (*end || shard.number < 1 || shard.number > shard.of || shard.of > SHARDS_MOST) {
        options_wrong(&command_score, _("--shard is I/N, as in 2/7, and N at most %u"),
                      SHARDS_MOST);
    }
    if (n_data != 1 || o->previous.list.n + o->periods.list.n + o->waivers.list.n > 0 ||
        o->archive || o->format || o->only || o->top || o->columns || o->common.encoding ||
        o->keep_going || o->ignore_unknown) {
        options_wrong(&command_score, _("a shard is of one data file, and takes -o FILE.kpp and "
                                        "--jobs alone; the rest is for kaoping merge"));
    }
    const char *ending = o->outputs.list.n == 1 ? renderer_ending(o->outputs.list.at[0]) : NULL;
    if (!ending || strcmp(ending, "kpp") != 0) {
        options_wrong(&command_score, _("--shard writes one part: -o FILE.kpp"));
    }
    return shard;
}

static int run_shard(struct arena *a, const struct score_options *o, const char *rubric,
                     char **data, int n_data)
{
    struct pipeline p = {0};
    struct shard shard = shard_of(o, n_data);
    const char *const inputs[] = {rubric, data[0]};
    check_outputs(o, inputs, 2);
    pipeline_init(&p, a, &command_score, &o->common);
    progress_allow(!o->common.quiet && sys_is_terminal(STDERR_FILENO));
    pipeline_rubric(&p, rubric);
    struct bulk_options how = {.rubric = p.rubric,
                               .diag = &p.diag,
                               .data = data[0],
                               .jobs = jobs_of(o),
                               .outputs = o->outputs.list.at,
                               .n_outputs = 1};
    if (p.rubric_fine) {
        bulk_shard(&how, &shard, KAOPING_VERSION);
    }
    return pipeline_finish(&p);
}

static int run_score_command(struct arena *a, int argc, char **argv)
{
    struct score_options o = {0};
    struct pipeline p = {0};
    int first = options_parse(a, &command_score, argc, argv, &o);
    uint32_t n;
    if (o.dump && argc - first >= 1) {
        pipeline_init(&p, a, &command_score, &o.common);
        struct pipeline_options how = {.previous = &o.previous,
                                       .archive = o.archive,
                                       .periods = &o.periods,
                                       .waivers = &o.waivers};
        return dump_stage(&p, o.dump, argv + first, argc - first, &how);
    }
    if (argc == first || pipeline_no_data(argc - first - 1, &o.periods)) {
        options_wrong(&command_score,
                      argc == first ? _("a rubric and data are missing") : _("data are missing"));
    }
    if (o.shard) {
        return run_shard(a, &o, argv[first], argv + first + 1, argc - first - 1);
    }
    struct output *outputs = outputs_of(a, &o, &n);
    (void)top_of(&o); /* told before anything is read */
    check_outputs(&o, (const char *const *)argv + first, argc - first);
    check_outputs(&o, o.previous.list.at, (int)o.previous.list.n);
    check_outputs(&o, o.waivers.list.at, (int)o.waivers.list.n);
    check_archive(&o, (const char *const *)argv + first, argc - first);
    check_archive(&o, o.previous.list.at, (int)o.previous.list.n);
    check_archive(&o, o.waivers.list.at, (int)o.waivers.list.n);
    for (uint32_t i = 0; i < o.periods.list.n; i++) {
        const char *path = pipeline_period_path(&command_score, o.periods.list.at[i]);
        check_outputs(&o, &path, 1);
        check_archive(&o, &path, 1);
    }
    struct pipeline_options how = {.keep_going = o.keep_going,
                                   .ignore_unknown = o.ignore_unknown,
                                   .previous = &o.previous,
                                   .archive = o.archive,
                                   .periods = &o.periods,
                                   .waivers = &o.waivers,
                                   .jobs = jobs_of(&o)};
    struct keep_options keep = {.archive = o.archive, .reason = o.reason, .how = how};
    pipeline_init(&p, a, &command_score, &o.common);
    progress_allow(!o.common.quiet && sys_is_terminal(STDERR_FILENO));
    say_when_ended(&p, &o, outputs, 0, n);
    pipeline_rubric(&p, argv[first]);
    const struct csv_columns *columns = pipeline_columns(&p, o.columns);
    if (score_bulk(&p, &o, argv + first + 1, argc - first - 1, columns, outputs, n)) {
        return pipeline_finish(&p);
    }
    keep_check(&p, &keep);
    pipeline_data(&p, argv + first + 1, argc - first - 1, &how);
    pipeline_score(&p, &how);
    if (p.result) {
        if (o.only) {
            check_only(&p, o.only);
        }
        write_outputs(&p, &o, how.jobs, columns, outputs, n);
        keep_run(&p, &keep);
    }
    return pipeline_finish(&p);
}

const struct command command_score = {
    "score",
    N_("RUBRIC DATA..."),
    N_("score units: rank, grade, flag"),
    N_("Nothing is scored until rubric and data are free of errors, or --keep-going is given;\n"
       "then each unit left out is listed. '-' reads standard input."),
    score_option_table,
    run_score_command,
};
