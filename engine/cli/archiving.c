/*
 * archiving.c - archive verify: the stored inputs are scored again; archive diff: what differs
 * between two runs. Both say it in the words of report/record_differ.h.
 */
#include "cli/archiving.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "cli/keep.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/record_differ.h"
#include "report/record_make.h"
#include "report/wrap.h"

#include <string.h>

#define LINES_MOST 200 /* differences that are printed */

/* ---- verify ---- */

/* Scores the run again, in the language that its texts are in. */
static void score_again(struct archiving *g, struct pipeline *p, const struct archived *as,
                        const struct run_record *run)
{
    struct pipeline_options how = {0};
    const char *language = i18n_language();
    i18n_init(NULL, as->language);
    keep_load(p, g->arena, &command_archive, as, run, &how);
    pipeline_score(p, &how);
    i18n_init(NULL, language);
}

static void compare_units(struct archiving *g, struct differ *d, const struct archived *as,
                          const struct pipeline *p)
{
    struct archive_units old;
    struct result_units new;
    struct unit_record a, b;
    archive_units_init(&old, g->archive, as, d->old, false);
    result_units_init(&new, p->result, d->new, NULL);
    for (bool more = true; more;) {
        bool in_old = old.reader.next(&old.reader, &a), in_new = new.reader.next(&new.reader, &b);
        more = in_old || in_new;
        if (more) {
            differ_units(d, in_old ? &a : NULL, in_new ? &b : NULL);
        }
    }
    archive_units_release(&old);
    result_units_release(&new);
}

/* What scoring the stored inputs again says otherwise. */
static void compare_again(struct archiving *g, struct differ *d, const struct archived *as)
{
    struct pipeline p;
    const char *language = i18n_language();
    d->old = archive_run(g->archive, as, true);
    score_again(g, &p, as, d->old);
    if (!p.result) {
        differ_add(d, _("scored again from the stored inputs nothing comes out"));
        return;
    }
    struct report report = {
        .result = p.result, .ranking = &p.ranking, .diag = &p.diag, .arena = g->arena};
    i18n_init(NULL, as->language);
    d->new = record_run(g->arena, &report);
    differ_runs(d);
    compare_units(g, d, as, &p);
    i18n_init(NULL, language);
}

static void print_lines(struct archiving *g, const struct differ *d)
{
    for (uint32_t i = 0; i < d->lines.n; i++) {
        wrap_line(&g->out, figures_safe(g->arena, d->lines.at[i]), "- ", 2, g->width);
    }
    if (d->n > d->lines.n) {
        archiving_say(g, arena_printf(g->arena, _("and %u more"), d->n - d->lines.n), 4);
    }
}

/* True: the run is what was written, and what comes out today. */
static bool verify_run(struct archiving *g, const struct archived *as)
{
    struct arena *a = g->arena;
    struct differ d = {.arena = a, .most = LINES_MOST, .strict = true};
    archive_faults faults = {0};
    archive_check_run(g->archive, as, &faults);
    for (uint32_t i = 0; i < faults.n; i++) {
        differ_add(&d, faults.at[i]);
    }
    if (faults.n == 0) {
        compare_again(g, &d, as);
    }
    const char *head = arena_printf(a, "%u  %s%s%s", as->id, as->rubric, as->period ? " · " : "",
                                    as->period ? as->period : "");
    if (d.n == 0) {
        archiving_say(
            g, arena_printf(a, _("run %s: as it was written (%u units)"), head, as->n_units), 0);
        return true;
    }
    archiving_say(
        g,
        arena_printf(a, faults.n ? _("run %s: CHANGED") : _("run %s: comes out otherwise"), head),
        0);
    if (faults.n == 0 && strcmp(as->version, KAOPING_VERSION) != 0) {
        archiving_say(g,
                      arena_printf(a, _("it was written by kaoping %s, this is %s"), as->version,
                                   KAOPING_VERSION),
                      2);
    }
    print_lines(g, &d);
    return false;
}

int archiving_verify(struct archiving *g, char **names)
{
    archive_faults faults = {0};
    bool fine = true;
    const archived_list *runs = archive_list(g->archive);
    const struct archived *one = names[0] ? archiving_run(g, names[0]) : NULL;
    archive_check(g->archive, &faults);
    for (uint32_t i = 0; i < faults.n; i++) {
        archiving_say(g, arena_printf(g->arena, _("the archive is damaged: %s"), faults.at[i]), 0);
        fine = false;
    }
    if (runs->n == 0) {
        archiving_say(g, _("The archive is empty."), 0);
    }
    for (uint32_t i = 0; i < runs->n; i++) {
        if (!one || one->id == runs->at[i].id) {
            /* A copy: the list is read anew now and then. */
            struct archived as = runs->at[i];
            fine = verify_run(g, &as) && fine;
        }
    }
    return fine ? EXIT_FINE : EXIT_FINDINGS;
}

/* ---- diff ---- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The input of that role and path, else the only one of that role and file name, else the only one
 * of that role; NULL: none of these. */
static const struct input_record *same_input(const struct run_record *run,
                                             const struct input_record *in)
{
    const struct input_record *named = NULL, *any = NULL;
    uint32_t n_named = 0, n = 0;
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        const struct input_record *other = &run->inputs.at[i];
        if (other->role != in->role) {
            continue;
        }
        if (strcmp(other->path, in->path) == 0) {
            return other;
        }
        any = other;
        n++;
        if (strcmp(last_part(other->path), last_part(in->path)) == 0) {
            named = other;
            n_named++;
        }
    }
    return n_named == 1 ? named : n == 1 ? any : NULL;
}

static void differ_input(struct differ *d, const struct input_record *in,
                         const struct input_record *other)
{
    if (strcmp(in->digest, other->digest) == 0) {
        return;
    }
    differ_add(d, strcmp(in->path, other->path) == 0
                      ? arena_printf(d->arena, _("%s: changed"), in->path)
                      : arena_printf(d->arena, _("%s → %s: changed"), in->path, other->path));
}

static void differ_inputs(struct differ *d, const struct archived *old, const struct archived *new)
{
    for (uint32_t i = 0; i < d->old->inputs.n; i++) {
        const struct input_record *in = &d->old->inputs.at[i];
        const struct input_record *other = same_input(d->new, in);
        if (other) {
            differ_input(d, in, other);
        } else {
            differ_add(d,
                       arena_printf(d->arena, _("%s: an input of run %u only"), in->path, old->id));
        }
    }
    for (uint32_t i = 0; i < d->new->inputs.n; i++) {
        if (!same_input(d->old, &d->new->inputs.at[i])) {
            differ_add(d, arena_printf(d->arena, _("%s: an input of run %u only"),
                                       d->new->inputs.at[i].path, new->id));
        }
    }
}

static const char *cell_text(struct arena *a, const struct table *t, uint32_t unit, uint32_t field)
{
    const char *text = table_value_text(a, t, unit, field);
    return *text ? text : "–";
}

/* The cells of a unit that both have. */
static void differ_cells(struct differ *d, const struct table *a, uint32_t x, const struct table *b,
                         uint32_t y)
{
    for (uint32_t f = 0; f < a->rubric->fields.list.n; f++) {
        struct arena_mark mark = arena_mark(d->arena);
        uint32_t other = map_get(&b->rubric->fields.by_id, str_of(a->rubric->fields.list.at[f].id));
        if (other == MAP_NONE) {
            continue;
        }
        const char *old = cell_text(d->arena, a, x, f), *new = cell_text(d->arena, b, y, other);
        if (strcmp(old, new) == 0) {
            arena_reset(d->arena, mark);
            continue;
        }
        differ_add(d, arena_printf(d->arena, _("%s, %s: %s → %s (%s)"), figures_unit(a, x),
                                   a->rubric->fields.list.at[f].label, old, new,
                                   span_text(d->arena, table_place(b, y, other))));
    }
}

static void differ_tables(struct differ *d, const struct table *a, const struct table *b)
{
    for (uint32_t x = 0; a && b && x < a->units.n; x++) {
        uint32_t y = map_get(&b->unit_by_id, str_of(a->units.at[x].id));
        if (y != MAP_NONE) {
            differ_cells(d, a, x, b, y);
        }
    }
}

static void section(struct archiving *g, const char *title, const struct differ *d)
{
    buf_char(&g->out, '\n');
    grid_styled(&g->out, GRID_BOLD, g->color, title);
    buf_char(&g->out, '\n');
    if (d->n == 0) {
        archiving_say(g, _("no difference"), 2);
    }
    print_lines(g, d);
}

static void diff_inputs(struct archiving *g, const struct archived *old, const struct archived *new,
                        const struct run_record *a, const struct run_record *b)
{
    struct differ d = {.arena = g->arena, .old = a, .new = b, .most = LINES_MOST};
    struct pipeline p, q;
    struct pipeline_options how = {0}, other = {0};
    differ_inputs(&d, old, new);
    if (d.n > 0) {
        keep_load(&p, g->arena, &command_archive, old, a, &how);
        keep_load(&q, g->arena, &command_archive, new, b, &other);
        differ_tables(&d, p.table, q.table);
    }
    section(g, _("Inputs"), &d);
}

/* Units in the order of the newer run, then those that are only in the older one. */
static void diff_results(struct archiving *g, const struct archived *old,
                         const struct archived *new, const struct run_record *a,
                         const struct run_record *b)
{
    struct differ d = {.arena = g->arena, .old = a, .new = b, .most = LINES_MOST};
    const struct unit_record *olds = archive_all_units(g->arena, g->archive, old, a, false);
    struct map by_id = {0};
    bool *found = ARENA_ARRAY(g->arena, bool, a->n_units + 1);
    for (uint32_t i = 0; i < a->n_units; i++) {
        map_put(g->arena, &by_id, str_of(olds[i].id), i);
    }
    struct archive_units units;
    struct unit_record unit;
    differ_runs(&d);
    archive_units_init(&units, g->archive, new, b, false);
    while (units.reader.next(&units.reader, &unit)) {
        uint32_t i = map_get(&by_id, str_of(unit.id));
        differ_units(&d, i == MAP_NONE ? NULL : &olds[i], &unit);
        if (i != MAP_NONE) {
            found[i] = true;
        }
    }
    archive_units_release(&units);
    for (uint32_t i = 0; i < a->n_units; i++) {
        if (!found[i]) {
            differ_units(&d, &olds[i], NULL);
        }
    }
    section(g, _("Results"), &d);
}

int archiving_diff(struct archiving *g, char **names)
{
    struct archived old = *archiving_run(g, names[0]);
    struct archived new = *archiving_run(g, names[1]);
    archiving_refuse_changed(g, &old);
    archiving_refuse_changed(g, &new);
    const struct run_record *a = archive_run(g->archive, &old, true);
    const struct run_record *b = archive_run(g->archive, &new, true);
    if (strcmp(old.rubric, new.rubric) != 0) {
        options_wrong(&command_archive, _("runs %u and %u are of different rubrics (%s, %s)"),
                      old.id, new.id, old.rubric, new.rubric);
    }
    archiving_say(g,
                  arena_printf(g->arena, _("%s: run %u (%s) → run %u (%s)"), old.rubric, old.id,
                               old.created, new.id, new.created),
                  0);
    if (new.reason) {
        archiving_say(g, arena_printf(g->arena, _("reason: %s"), new.reason), 2);
    }
    diff_inputs(g, &old, &new, a, b);
    diff_results(g, &old, &new, a, b);
    return EXIT_FINE;
}
