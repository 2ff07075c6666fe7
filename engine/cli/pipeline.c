/* pipeline.c - see pipeline.h. */
#include "cli/pipeline.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "cli/keep.h"
#include "load/rubric_load.h"
#include "load/units.h"
#include "load/waivers.h"
#include "report/csv_columns.h"
#include "score/periods.h"
#include "score/run.h"

#include <string.h>
#include <unistd.h>

void pipeline_init(struct pipeline *p, struct arena *a, const struct command *c,
                   const struct common *common)
{
    p->arena = a;
    p->command = c;
    p->common = common;
    diag_init(&p->diag, a);
    options_severities(c, common, &p->diag);
    p->diag.errors_only = common->quiet;
}

void pipeline_rubric(struct pipeline *p, const char *path)
{
    pipeline_rubric_from(p, source_read(p->arena, &p->diag, path, NULL));
}

void pipeline_rubric_from(struct pipeline *p, const struct source *source)
{
    uint32_t errors = p->diag.n_errors;
    p->rubric = source ? rubric_load(p->arena, &p->diag, source) : NULL;
    p->rubric_fine = p->rubric && p->diag.n_errors == errors;
}

/* NULL after a finding. */
static const struct source *read_file(struct pipeline *p, const char *path)
{
    if (strcmp(path, "-") == 0) {
        if (p->stdin_read) {
            options_wrong(p->command, _("standard input can be read only once"));
        }
        p->stdin_read = true;
    }
    return source_read(p->arena, &p->diag, path, p->common->encoding);
}

/* The data files that can be read. */
static const struct source **read_files(struct pipeline *p, const char *const *paths, uint32_t n,
                                        uint32_t *n_read)
{
    const struct source **sources = ARENA_ARRAY(p->arena, const struct source *, n);
    *n_read = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct source *source = read_file(p, paths[i]);
        if (source) {
            sources[(*n_read)++] = source;
        }
    }
    return sources;
}

const char *pipeline_period_path(const struct command *c, const char *given)
{
    const char *equals = strchr(given, '=');
    if (!equals || equals == given || !equals[1]) {
        options_wrong(c, _("--period takes PERIOD=FILE, as in 2024Q3=q3.csv, not '%s'"), given);
    }
    return equals + 1;
}

bool pipeline_no_data(int n_data, const struct text_list *periods)
{
    return n_data == 0 && periods->list.n == 0;
}

/* One quarter's file for another quarter too would score the same figures twice. */
static void refuse_twice(struct pipeline *p, const struct text_list *given, uint32_t i)
{
    const char *path = pipeline_period_path(p->command, given->list.at[i]);
    for (uint32_t k = 0; k < i; k++) {
        const char *before = pipeline_period_path(p->command, given->list.at[k]);
        if (strcmp(path, "-") != 0 && sys_same_file(path, before)) {
            options_wrong(p->command, _("--period gives the file '%s' twice: %s and %s"), path,
                          given->list.at[k], given->list.at[i]);
        }
    }
}

static const struct period_file *read_periods(struct pipeline *p, const struct text_list *given,
                                              uint32_t *n_read)
{
    struct period_file *files =
        ARENA_ARRAY(p->arena, struct period_file, (size_t)given->list.n + 1);
    *n_read = 0;
    for (uint32_t i = 0; i < given->list.n; i++) {
        const char *path = pipeline_period_path(p->command, given->list.at[i]);
        size_t n = (size_t)(path - given->list.at[i]) - 1;
        refuse_twice(p, given, i);
        const struct source *source = read_file(p, path);
        if (source) {
            files[(*n_read)++] =
                (struct period_file){arena_text(p->arena, given->list.at[i], n), source};
        }
    }
    return files;
}

static void previous_missing(struct pipeline *p, bool check_only)
{
    enum severity *severity = &p->diag.severity[FINDING_PREVIOUS_MISSING];
    if (!check_only) {
        *severity = SEVERITY_ERROR;
    }
    diag_add(&p->diag, FINDING_PREVIOUS_MISSING, p->rubric->previous_at,
             _("this compares with the previous period, whose data are not given"));
    diag_hint(&p->diag, "%s",
              _("give them with --previous FILE, or --previous RUN and --archive DB"));
}

void pipeline_data_from(struct pipeline *p, const struct input_sources *in,
                        const struct pipeline_options *o)
{
    struct units_options options = {.ignore_unknown = o->ignore_unknown,
                                    .period_files = in->periods,
                                    .n_period_files = in->n_periods};
    if (!p->rubric || in->n_data + in->n_periods == 0) {
        return;
    }
    if (o->as_of) {
        p->rubric->period = o->as_of->period;
        p->rubric->issued = o->as_of->issued;
    }
    p->table = units_load(p->arena, &p->diag, p->rubric, in->data, in->n_data, &options);
    if (in->n_previous > 0) {
        units_load_previous(p->arena, &p->diag, p->table, in->previous, in->n_previous, &options);
    } else if (!in->previous_given && p->rubric->previous_at.source) {
        previous_missing(p, o->check_only);
    }
    p->waivers_lost = in->waivers_lost;
    if (in->n_waivers > 0) {
        for (uint32_t i = 0; i < in->n_waivers; i++) {
            *vec_push(p->arena, &p->table->waiver_sources) = in->waivers[i];
        }
        bool all = waivers_load(p->arena, &p->diag, p->table, in->waivers, in->n_waivers);
        p->waivers_lost = p->waivers_lost || !all;
    }
}

/* A file where there is one of that name, else a run. */
static void read_previous(struct pipeline *p, const struct pipeline_options *o,
                          struct input_sources *in)
{
    source_list all = {0};
    for (uint32_t i = 0; i < o->previous->list.n; i++) {
        const char *name = o->previous->list.at[i];
        if (o->archive && strcmp(name, "-") != 0 && !sys_is_file(name)) {
            keep_data(p, o->archive, name, &all);
            continue;
        }
        const struct source *source = read_file(p, name);
        if (source) {
            *vec_push(p->arena, &all) = source;
        }
    }
    in->previous_given = true;
    in->previous = all.at;
    in->n_previous = all.n;
}

void pipeline_data(struct pipeline *p, char **paths, int n, const struct pipeline_options *o)
{
    uint32_t n_sources;
    if (!p->rubric) {
        return;
    }
    const struct source **sources =
        read_files(p, (const char *const *)paths, (uint32_t)n, &n_sources);
    struct input_sources in = {.data = sources, .n_data = n_sources};
    if (o->periods) {
        in.periods = read_periods(p, o->periods, &in.n_periods);
        n_sources += in.n_periods;
    }
    if (n_sources > 0 && o->previous && o->previous->list.n > 0) {
        read_previous(p, o, &in);
    }
    if (n_sources > 0 && o->waivers && o->waivers->list.n > 0) {
        in.waivers = read_files(p, o->waivers->list.at, o->waivers->list.n, &in.n_waivers);
        in.waivers_lost = in.n_waivers < o->waivers->list.n;
    }
    pipeline_data_from(p, &in, o);
}

void pipeline_score(struct pipeline *p, const struct pipeline_options *o)
{
    p->wants_result = !o->check_only;
    if (!p->rubric_fine || !p->table || p->waivers_lost) {
        return;
    }
    struct run_options options = {
        .keep_going = o->keep_going, .jobs = o->jobs, .coverage = o->coverage};
    periods_score(p->arena, &p->diag, p->table, &options);
    p->result = run_score(p->arena, &p->diag, p->table, &options);
    if (p->diag.n_errors > 0 && !o->keep_going) {
        p->result = NULL;
        return;
    }
    rank_units(p->arena, p->result, &p->ranking);
}

const struct csv_columns *pipeline_columns(const struct pipeline *p, const char *names)
{
    str unknown;
    if (!names || !p->rubric_fine) {
        return NULL;
    }
    const struct csv_columns *columns = csv_columns_named(p->arena, p->rubric, names, &unknown);
    if (!columns) {
        const char *meant = csv_columns_nearest(p->arena, p->rubric, unknown);
        if (meant) {
            options_wrong(p->command, _("--columns: there is no '%.*s' (did you mean '%s'?)"),
                          STR_ARG(unknown), meant);
        }
        options_wrong(p->command, _("--columns: there is no '%.*s'"), STR_ARG(unknown));
    }
    return columns;
}

int pipeline_finish(struct pipeline *p)
{
    struct diag *d = &p->diag;
    struct buf out = {0};
    diag_print(d, &out, options_color(p->common, STDERR_FILENO));
    if (p->wants_result && !p->result && d->n_errors > 0) {
        buf_printf(&out,
                   p->rubric_fine && !p->waivers_lost
                       ? _("Nothing was scored: %u error(s). --keep-going scores what it can.\n")
                       : _("Nothing was scored: %u error(s).\n"),
                   d->n_errors);
    }
    sys_write_error(out.at, out.n);
    buf_release(&out);
    if (diag_has(d, FINDING_SCRIPT_FAILED) || diag_has(d, FINDING_WORKER_DIED)) {
        return EXIT_SCRIPT;
    }
    return d->n_errors > 0 ? EXIT_FINDINGS : EXIT_FINE;
}

uint32_t pipeline_unit(const struct pipeline *p, const char *name)
{
    const struct table *t = p->table;
    uint32_t found = UNIT_NONE;
    struct nearest nearest = {.name = str_of(name)};
    for (uint32_t u = 0; u < t->units.n; u++) {
        if (strcmp(t->units.at[u].id, name) == 0) {
            return u;
        }
        if (strcmp(t->units.at[u].name, name) == 0) {
            if (found != UNIT_NONE) {
                options_wrong(p->command, _("more than one unit is called '%s': give its id"),
                              name);
            }
            found = u;
        }
        nearest_offer(&nearest, t->units.at[u].id);
        nearest_offer(&nearest, t->units.at[u].name);
    }
    if (found == UNIT_NONE) {
        const char *meant = nearest_name(&nearest, p->arena);
        if (meant) {
            options_wrong(p->command, _("there is no unit '%s' (did you mean '%s'?)"), name, meant);
        }
        options_wrong(p->command, _("there is no unit '%s'"), name);
    }
    return found;
}
