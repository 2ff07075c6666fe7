/*
 * cmd_compare.c - two results held against each other.
 *
 *   compare OLD NEW --old-data FILE --new-data FILE    OLD, NEW: rubrics
 *   compare OLD NEW --archive DB                       OLD, NEW: runs
 *   compare OLD NEW --archive DB --new-data FILE       OLD: a run; NEW: a rubric
 *
 * A run is scored again from what the archive kept of it: only so can be asked what its sheet would
 * have made of other points.
 */
#include "analyse/compare.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "cli/comparing_results.h"
#include "cli/keep.h"
#include "cli/pipeline.h"
#include "load/unit_map_load.h"
#include "report/report_compare.h"
#include "report/report_history.h"

#include <string.h>
#include <unistd.h>

struct compare_options {
    struct common common;
    struct text_list data[2], periods[2], previous[2], waivers[2]; /* the old side's, the new's */
    const char *archive, *format, *only, *units;
    bool rescore, keep_going, ignore_unknown;
};

static const struct option_spec compare_option_table[] = {
    {"old-data", 0, N_("FILE"), N_("data that OLD, then a rubric, scores (repeatable)"),
     OPTION_LIST, offsetof(struct compare_options, data[0])},
    {"new-data", 0, N_("FILE"), N_("the same for NEW"), OPTION_LIST,
     offsetof(struct compare_options, data[1])},
    {"old-period", 0, N_("PERIOD=FILE"), N_("data of a period that OLD is made of (repeatable)"),
     OPTION_LIST, offsetof(struct compare_options, periods[0])},
    {"new-period", 0, N_("PERIOD=FILE"), N_("data of a period that NEW is made of (repeatable)"),
     OPTION_LIST, offsetof(struct compare_options, periods[1])},
    {"old-previous", 0, N_("FILE"), N_("data of the period before OLD's (repeatable)"), OPTION_LIST,
     offsetof(struct compare_options, previous[0])},
    {"new-previous", 0, N_("FILE"), N_("data of the period before NEW's (repeatable)"), OPTION_LIST,
     offsetof(struct compare_options, previous[1])},
    {"old-waivers", 0, N_("FILE"), N_("waivers of OLD's period (repeatable)"), OPTION_LIST,
     offsetof(struct compare_options, waivers[0])},
    {"new-waivers", 0, N_("FILE"), N_("waivers of NEW's period (repeatable)"), OPTION_LIST,
     offsetof(struct compare_options, waivers[1])},
    {"archive", 'a', N_("DB"), N_("the archive that OLD or NEW, without data, are runs of"),
     OPTION_TEXT, offsetof(struct compare_options, archive)},
    {"units", 'u', N_("MAP"), N_("which units were renamed, merged or split"), OPTION_TEXT,
     offsetof(struct compare_options, units)},
    {"rescore", 0, NULL, N_("what if: score the old data under the new rubric"), OPTION_FLAG,
     offsetof(struct compare_options, rescore)},
    {"only", 0, N_("CLASS|UNIT"), N_("print these, item by item"), OPTION_TEXT,
     offsetof(struct compare_options, only)},
    {"format", 'f', N_("FORMAT"), N_("table, csv or json"), OPTION_TEXT,
     offsetof(struct compare_options, format)},
    {"keep-going", 'k', NULL, N_("score what can be scored; list the units left out"), OPTION_FLAG,
     offsetof(struct compare_options, keep_going)},
    {"ignore-unknown", 0, NULL, N_("unknown columns are warnings"), OPTION_FLAG,
     offsetof(struct compare_options, ignore_unknown)},
    OPTIONS_COMMON(struct compare_options),
};

static const struct {
    const char *name;
    void (*print)(const struct compare_report *, struct buf *);
} formats[] = {{"table", compare_table}, {"csv", compare_csv}, {"json", compare_json}};

enum { OLD, NEW };

/* What one side is made of. */
struct side {
    struct pipeline p;
    struct pipeline_options how;
    const struct archived *as; /* NULL: a rubric and data */
    const struct run_record *run;
};

struct earlier_run {
    struct archived as;
    const struct run_record *run;
};

struct comparing {
    struct arena *arena;
    const struct compare_options *o;
    char **names; /* OLD, NEW */
    struct archive *archive;
    struct side sides[2];
    const struct comparison *comparison;
    VEC(struct earlier_run) runs;      /* of periods before OLD's */
    VEC(struct history_entry) earlier; /* of the old unit earlier_of */
    uint32_t earlier_of;
};

/* ---- reading ---- */

static void find_run(struct comparing *k, int side)
{
    const struct archived *as = archive_find(k->archive, k->names[side]);
    if (!as) {
        options_wrong(&command_compare, _("there is no run '%s' in %s"), k->names[side],
                      k->o->archive);
    }
    struct archived *copy = ARENA_NEW(k->arena, struct archived);
    *copy = *as;
    k->sides[side].as = copy;
    k->sides[side].run = archive_run(k->archive, copy, true);
}

static bool is_rubric_input(enum role role)
{
    return role == ROLE_RUBRIC || role == ROLE_BASE || role == ROLE_SCRIPT || role == ROLE_SHEET;
}

/* Rubric of the one run, data of the other. */
static struct run_record *crossed(struct arena *a, const struct run_record *rubric,
                                  const struct run_record *data)
{
    struct run_record *run = ARENA_NEW(a, struct run_record);
    for (uint32_t i = 0; i < rubric->inputs.n; i++) {
        if (is_rubric_input(rubric->inputs.at[i].role)) {
            *vec_push(a, &run->inputs) = rubric->inputs.at[i];
        }
    }
    for (uint32_t i = 0; i < data->inputs.n; i++) {
        if (!is_rubric_input(data->inputs.at[i].role)) {
            *vec_push(a, &run->inputs) = data->inputs.at[i];
        }
    }
    return run;
}

/* Under --rescore the old data are still those of their own period: waivers that counted then
 * count, and no unit is of another period. */
static void load_run(struct comparing *k, int side)
{
    struct side *s = &k->sides[side];
    const struct run_record *run = s->run;
    bool rescored = side == OLD && k->o->rescore;
    if (rescored) {
        struct pipeline *old = ARENA_NEW(k->arena, struct pipeline);
        keep_load(old, k->arena, &command_compare, s->as, run, &(struct pipeline_options){0});
        s->how.as_of = old->rubric;
        run = crossed(k->arena, k->sides[NEW].run, run);
    }
    s->how.ignore_unknown = rescored;
    keep_load(&s->p, k->arena, &command_compare, s->as, run, &s->how);
    s->p.diag.errors_only = k->o->common.quiet;
}

static void load_files(struct comparing *k, int side)
{
    struct side *s = &k->sides[side];
    const struct text_list *data = &k->o->data[side];
    bool rescored = side == OLD && k->o->rescore;
    s->how = (struct pipeline_options){.keep_going = k->o->keep_going,
                                       .ignore_unknown = k->o->ignore_unknown || rescored,
                                       .periods = &k->o->periods[side],
                                       .previous = &k->o->previous[side],
                                       .archive = k->o->archive,
                                       .waivers = &k->o->waivers[side]};
    if (rescored) {
        struct pipeline *old = ARENA_NEW(k->arena, struct pipeline);
        pipeline_init(old, k->arena, &command_compare, &k->o->common);
        pipeline_rubric(old, k->names[OLD]);
        s->how.as_of = old->rubric;
    }
    pipeline_init(&s->p, k->arena, &command_compare, &k->o->common);
    s->p.stdin_read = side == NEW && k->sides[OLD].p.stdin_read;
    pipeline_rubric(&s->p, k->names[rescored ? NEW : side]);
    char **paths = ARENA_ARRAY(k->arena, char *, data->list.n);
    for (uint32_t i = 0; i < data->list.n; i++) {
        paths[i] = arena_text(k->arena, data->list.at[i], strlen(data->list.at[i]));
    }
    pipeline_data(&s->p, paths, (int)data->list.n, &s->how);
}

static void load_sides(struct comparing *k)
{
    bool runs[2];
    for (int side = OLD; side <= NEW; side++) {
        runs[side] = pipeline_no_data((int)k->o->data[side].list.n, &k->o->periods[side]);
    }
    if ((runs[OLD] || runs[NEW]) && !k->o->archive) {
        options_wrong(&command_compare,
                      runs[OLD] ? _("what does OLD score? Say --old-data FILE, or --archive DB if "
                                    "it is a run")
                                : _("what does NEW score? Say --new-data FILE, or --archive DB if "
                                    "it is a run"));
    }
    if (k->o->rescore && runs[OLD] != runs[NEW]) {
        options_wrong(&command_compare,
                      _("--rescore takes two runs, or two rubrics with their data"));
    }
    if (runs[OLD] || runs[NEW]) {
        k->archive = archive_open(k->arena, k->o->archive, ARCHIVE_READ);
    }
    for (int side = NEW; side >= OLD; side--) {
        if (runs[side]) {
            find_run(k, side);
        }
    }
    for (int side = OLD; side <= NEW; side++) {
        (runs[side] ? load_run : load_files)(k, side);
        pipeline_score(&k->sides[side].p, &k->sides[side].how);
    }
}

/* ---- printing ---- */

/* Runs of periods before OLD's that stand, the newest first. */
static void list_earlier(struct comparing *k)
{
    const archived_list *runs = archive_list(k->archive);
    const char *before = k->sides[OLD].as->period;
    for (uint32_t i = 0; i < runs->n; i++) {
        struct archived as = runs->at[i];
        if (as.superseded_by != RUN_NONE || !as.period || !before ||
            strcmp(as.period, before) >= 0) {
            continue;
        }
        vec_push(k->arena, &k->runs);
        uint32_t at = k->runs.n - 1;
        for (; at > 0 && strcmp(as.period, k->runs.at[at - 1].as.period) > 0; at--) {
            k->runs.at[at] = k->runs.at[at - 1];
        }
        k->runs.at[at] = (struct earlier_run){.as = as};
    }
    for (uint32_t i = 0; i < k->runs.n; i++) {
        k->runs.at[i].run = archive_run(k->archive, &k->runs.at[i].as, false);
    }
}

/* The unit in them, as far as they have it; what stood there before is forgotten. */
static void find_earlier(struct comparing *k, const char *unit)
{
    unit_places places = {0};
    archive_places(k->archive, unit, &places);
    k->earlier.n = 0;
    for (uint32_t i = 0; i < k->runs.n; i++) {
        for (uint32_t q = 0; q < places.n; q++) {
            if (places.at[q].run == k->runs.at[i].as.id && strcmp(places.at[q].id, unit) == 0) {
                struct unit_record *record = ARENA_NEW(k->arena, struct unit_record);
                archive_unit(k->arena, k->archive, k->runs.at[i].run, &places.at[q], record);
                *vec_push(k->arena, &k->earlier) =
                    (struct history_entry){.run = k->runs.at[i].run, .unit = record};
            }
        }
    }
}

/* What the deficiency is about, as the old rubric calls it. */
static const char *old_subject(const struct comparison *c, const struct deficiency *d)
{
    if (d->member != MEMBER_NONE) {
        return c->old->rubric->members.at[c->diff.members[d->member].old].id;
    }
    return d->gate != GATE_NONE ? c->old->rubric->gates.at[c->diff.gates[d->gate].old].id : "";
}

/* Two are known; the archive knows of more. */
static uint32_t periods(void *context, const struct unit_pair *p, const struct deficiency_change *d)
{
    struct comparing *k = context;
    const struct comparison *c = k->comparison;
    if (d->fate != DEFICIENCY_REPEATED) {
        return d->fate == DEFICIENCY_NEW;
    }
    if (!k->sides[OLD].as || k->o->rescore) {
        return 2;
    }
    uint32_t running = 2, old = p->olds.at[0];
    if (k->earlier_of != old) {
        k->earlier_of = old;
        find_earlier(k, c->old->table->units.at[old].id);
    }
    const char *subject = old_subject(c, &d->what), *counted = NULL;
    for (uint32_t i = 0; i < k->earlier.n; i++) {
        const struct history_entry *e = &k->earlier.at[i];
        if (!history_asks(e, subject)) {
            continue;
        }
        if (!history_has(e, subject)) {
            break;
        }
        running += !counted || strcmp(counted, e->run->period) != 0;
        counted = e->run->period;
    }
    return running;
}

static void check_only(const struct comparison *c, const struct compare_report *r)
{
    for (uint32_t i = 0; i < c->units.n; i++) {
        if (compare_shown(r, &c->units.at[i])) {
            return;
        }
    }
    options_wrong(&command_compare, _("there is no class or unit '%s'"), r->only);
}

static void print(struct comparing *k, const struct unit_map *map, size_t format)
{
    struct comparison c;
    struct arena scratch = {0};
    struct buf out = {0};
    compare_results(k->arena, k->sides[OLD].p.result, k->sides[NEW].p.result, map, &c);
    struct compare_report report = {.comparison = &c,
                                    .arena = &scratch,
                                    .what_if = k->o->rescore,
                                    .only = k->o->only,
                                    .width = sys_terminal_width(),
                                    .color = options_color(&k->o->common, STDOUT_FILENO),
                                    .periods = periods,
                                    .context = k};
    if (k->sides[OLD].as && !k->o->rescore) {
        list_earlier(k);
    }
    k->comparison = &c;
    k->earlier_of = UNIT_NONE;
    if (report.only) {
        check_only(&c, &report);
    }
    formats[format].print(&report, &out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    arena_release(&scratch);
}

/* Two results, as they were given out. One of them and something else have nothing in common that
 * could be compared: an archived run is exported as a result. */
static bool are_results(const struct compare_options *o, char **names)
{
    bool results[2];
    for (int side = OLD; side <= NEW; side++) {
        results[side] = results_named(names[side]) &&
                        pipeline_no_data((int)o->data[side].list.n, &o->periods[side]);
    }
    if (results[OLD] != results[NEW]) {
        options_wrong(&command_compare,
                      _("'%s' is a result: it is compared with another result as JSON, which "
                        "`kaoping archive export` writes of a run"),
                      names[results[OLD] ? OLD : NEW]);
    }
    if (results[OLD] && o->rescore) {
        options_wrong(&command_compare,
                      _("--rescore takes two runs, or two rubrics with their data"));
    }
    return results[OLD];
}

static int run_compare(struct arena *a, int argc, char **argv)
{
    struct compare_options o = {0};
    size_t format = 0;
    struct unit_map map = {0};
    int first = options_parse(a, &command_compare, argc, argv, &o);
    if (argc - first != 2) {
        options_wrong(&command_compare, _("compare takes two: the old one, then the new one"));
    }
    for (; o.format && format < 3 && strcmp(formats[format].name, o.format) != 0; format++) {
    }
    if (format == 3) {
        options_wrong(&command_compare, _("'%s' names no format: table, csv and json are known"),
                      o.format);
    }
    if (are_results(&o, argv + first)) {
        struct results_options how = {&o.common, o.units, o.only, format};
        return results_compare(a, &command_compare, argv + first, &how);
    }
    struct comparing k = {.arena = a, .o = &o, .names = argv + first};
    load_sides(&k);
    struct pipeline *old = &k.sides[OLD].p, *new = &k.sides[NEW].p;
    bool mapped = true;
    if (o.units && old->table && new->table) {
        mapped = unit_map_load(a, &new->diag, o.units, old->table, new->table, &map);
    }
    int status = pipeline_finish(old), other = pipeline_finish(new);
    status = other > status ? other : status;
    if (old->result && new->result && mapped) {
        print(&k, &map, format);
    }
    if (k.archive) {
        archive_close(k.archive);
    }
    return status;
}

const struct command command_compare = {
    "compare",
    N_("OLD NEW"),
    N_("two periods: ranks, totals, items, deficiencies then and now"),
    N_("OLD and NEW are rubrics, scored with --old-data and --new-data, runs in an --archive,\n"
       "or results as JSON (.json), of which only the figures are known.\n"
       "Items are compared where their rule is the same; what is not comparable says why."),
    compare_option_table,
    run_compare,
};
