/* cmd_merge.c - the parts of a run that was made in shards, put together and ranked. */
#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "bulk/bulk.h"
#include "bulk/part.h"
#include "cli/commands.h"
#include "cli/pipeline.h"
#include "report/csv_columns.h"
#include "report/report.h"

#include <string.h>
#include <unistd.h>

struct merge_options {
    struct common common;
    struct text_list outputs;
    const char *rubric, *columns, *top, *jobs;
};

static const struct option_spec merge_option_table[] = {
    {"output", 'o', N_("FILE"), N_("to a CSV file instead of standard output (repeatable)"),
     OPTION_LIST, offsetof(struct merge_options, outputs)},
    {"columns", 0, N_("LIST"),
     N_("columns of CSV: rank,id,name,total,sections,items,deficient ..."), OPTION_TEXT,
     offsetof(struct merge_options, columns)},
    {"top", 0, N_("N"), N_("prints only who has one of these ranks; all are scored"), OPTION_TEXT,
     offsetof(struct merge_options, top)},
    {"rubric", 0, N_("FILE"), N_("the rubric, if it is not where it was for the shards"),
     OPTION_TEXT, offsetof(struct merge_options, rubric)},
    {"jobs", 'j', N_("N"), N_("worker processes (as many as there are processors)"), OPTION_TEXT,
     offsetof(struct merge_options, jobs)},
    OPTIONS_COMMON(struct merge_options),
};

static struct shard_part **open_parts(struct pipeline *p, char **paths, uint32_t n)
{
    struct shard_part **parts = ARENA_ARRAY(p->arena, struct shard_part *, n);
    bool fine = true;
    for (uint32_t i = 0; i < n; i++) {
        parts[i] = part_open(p->arena, &p->diag, KAOPING_VERSION, paths[i]);
        fine = fine && parts[i];
    }
    return fine ? parts : NULL;
}

static void check_outputs(const struct merge_options *o, char **paths, uint32_t n)
{
    for (uint32_t i = 0; i < o->outputs.list.n; i++) {
        const char *path = o->outputs.list.at[i];
        const struct renderer *renderer = renderer_for_path(path);
        if (renderer ? strcmp(renderer->name, "csv") != 0 : renderer_ending(path) != NULL) {
            options_wrong(&command_merge, _("merge writes CSV, not '%s'"), path);
        }
        for (uint32_t k = 0; k < n; k++) {
            if (sys_same_file(path, paths[k])) {
                options_wrong(&command_merge, _("the output '%s' is one of the inputs"), path);
            }
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(path, o->outputs.list.at[k]) == 0) {
                options_wrong(&command_merge, _("the output '%s' is given twice"), path);
            }
        }
    }
}

static int run_merge(struct arena *a, int argc, char **argv)
{
    struct merge_options o = {0};
    struct pipeline p = {0};
    static const char *const standard_output[] = {NULL};
    int first = options_parse(a, &command_merge, argc, argv, &o);
    uint32_t n = (uint32_t)(argc - first);
    if (n == 0) {
        options_wrong(&command_merge, _("the parts are missing"));
    }
    check_outputs(&o, argv + first, n);
    unsigned jobs =
        options_number(&command_merge, o.jobs, JOBS_MOST, _("--jobs is a number from 1 to %u"));
    uint32_t top =
        options_number(&command_merge, o.top, TOP_MOST, _("--top is a number from 1 to %u"));
    pipeline_init(&p, a, &command_merge, &o.common);
    progress_allow(!o.common.quiet && sys_is_terminal(STDERR_FILENO));
    struct shard_part **parts = open_parts(&p, argv + first, n);
    if (parts) {
        pipeline_rubric(&p, o.rubric ? o.rubric : part_rubric(parts[0]));
    }
    if (p.rubric_fine) {
        struct bulk_options how = {.rubric = p.rubric,
                                   .diag = &p.diag,
                                   .jobs = jobs,
                                   .shown = {.top = top},
                                   .columns = pipeline_columns(&p, o.columns),
                                   .outputs =
                                       o.outputs.list.n > 0 ? o.outputs.list.at : standard_output,
                                   .n_outputs = o.outputs.list.n > 0 ? o.outputs.list.n : 1};
        bulk_merge(&how, parts, n);
    }
    for (uint32_t i = 0; parts && i < n; i++) {
        part_close(parts[i]);
    }
    return pipeline_finish(&p);
}

const struct command command_merge = {
    "merge",
    N_("PART..."),
    N_("put the parts together that score --shard made"),
    N_("The outputs are those of one run over all the data (docs/scale.md). Parts of another "
       "rubric,\n"
       "of other data, of another kaoping, a part that is missing or there twice are refused."),
    merge_option_table,
    run_merge,
};
