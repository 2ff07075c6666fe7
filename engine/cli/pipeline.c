/* pipeline.c - see pipeline.h. */
#include "cli/pipeline.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "load/rubric_load.h"
#include "load/units.h"
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
    const struct source *source = source_read(p->arena, &p->diag, path, NULL);
    if (source) {
        p->rubric = rubric_load(p->arena, &p->diag, source);
    }
    p->rubric_fine = p->rubric && p->diag.n_errors == 0;
}

void pipeline_data(struct pipeline *p, char **paths, int n, const struct pipeline_options *o)
{
    if (!p->rubric) {
        return;
    }
    const struct source **sources = ARENA_ARRAY(p->arena, const struct source *, n);
    uint32_t n_sources = 0;
    bool stdin_read = false;
    for (int i = 0; i < n; i++) {
        if (strcmp(paths[i], "-") == 0) {
            if (stdin_read) {
                options_wrong(p->command, _("standard input can be read only once"));
            }
            stdin_read = true;
        }
        const struct source *source =
            source_read(p->arena, &p->diag, paths[i], p->common->encoding);
        if (source) {
            sources[n_sources++] = source;
        }
    }
    if (n_sources == 0) {
        return;
    }
    struct units_options options = {.ignore_unknown = o->ignore_unknown};
    p->table = units_load(p->arena, &p->diag, p->rubric, sources, n_sources, &options);
}

void pipeline_score(struct pipeline *p, const struct pipeline_options *o)
{
    p->wants_result = !o->check_only;
    if (!p->rubric_fine || !p->table) {
        return;
    }
    p->result = run_score(p->arena, &p->diag, p->table);
    if (p->diag.n_errors > 0 && !o->keep_going) {
        p->result = NULL;
        return;
    }
    rank_units(p->arena, p->result, &p->ranking);
}

int pipeline_finish(struct pipeline *p)
{
    struct diag *d = &p->diag;
    struct buf out = {0};
    diag_print(d, &out, options_color(p->common, STDERR_FILENO));
    if (p->wants_result && !p->result && d->n_errors > 0) {
        buf_printf(&out,
                   p->rubric_fine
                       ? _("Nothing was scored: %u error(s). --keep-going scores what it can.\n")
                       : _("Nothing was scored: %u error(s).\n"),
                   d->n_errors);
    }
    sys_write_error(out.at, out.n);
    buf_release(&out);
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
