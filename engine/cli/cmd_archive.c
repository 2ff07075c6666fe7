/*
 * cmd_archive.c - what is in an archive: list, show, export (verify and diff: archiving.c).
 */
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/archiving.h"
#include "report/figures.h"
#include "report/grid.h"
#include "report/json_write.h"
#include "report/report_record.h"
#include "report/wrap.h"

#include <string.h>
#include <unistd.h>

static const struct option_spec archive_option_table[] = {
    {"archive", 'a', N_("DB"), N_("the archive"), OPTION_TEXT,
     offsetof(struct archive_options, archive)},
    {"format", 'f', N_("FORMAT"), N_("list, show: table or json"), OPTION_TEXT,
     offsetof(struct archive_options, format)},
    {"output", 'o', N_("DIR"), N_("export: a new or empty folder"), OPTION_TEXT,
     offsetof(struct archive_options, output)},
    {"only", 0, N_("CLASS|UNIT"), N_("show: limits what is printed"), OPTION_TEXT,
     offsetof(struct archive_options, only)},
    OPTIONS_COMMON(struct archive_options),
};

void archiving_say(struct archiving *g, const char *text, int indent)
{
    wrap_line(&g->out, figures_safe(g->arena, text), "", indent, g->width);
}

const struct archived *archiving_run(struct archiving *g, const char *name)
{
    const struct archived *run = archive_find(g->archive, name);
    if (run) {
        return run;
    }
    const archived_list *runs = archive_list(g->archive);
    struct nearest nearest = {.name = str_of(name)};
    for (uint32_t i = 0; i < runs->n; i++) {
        nearest_offer(&nearest, runs->at[i].rubric);
    }
    const char *meant = nearest_name(&nearest, g->arena);
    if (meant) {
        options_wrong(&command_archive, _("there is no run '%s' (did you mean '%s'?)"), name,
                      meant);
    }
    options_wrong(&command_archive, _("there is no run '%s': %u are in the archive"), name,
                  runs->n);
}

/* ---- list ---- */

static const char *note_of(struct archiving *g, const struct archived *run)
{
    const char *note = NULL;
    if (run->superseded_by != RUN_NONE) {
        note = arena_printf(g->arena, _("superseded by %u"), run->superseded_by);
    }
    if (run->supersedes != RUN_NONE) {
        const char *text = arena_printf(g->arena, _("supersedes %u"), run->supersedes);
        note = note ? arena_printf(g->arena, _("%s; %s"), note, text) : text;
    }
    if (run->reason) {
        note = note ? arena_printf(g->arena, _("%s: %s"), note, run->reason) : run->reason;
    }
    return note;
}

static void list_table(struct archiving *g, const archived_list *runs)
{
    struct grid grid = {.arena = g->arena};
    grid_column(&grid, GRID_NUMBER, _("run"), 3, 0);
    grid_column(&grid, GRID_TEXT, _("rubric"), 10, 0);
    grid_column(&grid, GRID_TEXT, _("period"), 6, 0);
    grid_column(&grid, GRID_NUMBER, _("units"), 5, 1);
    grid_column(&grid, GRID_TEXT, _("written (UTC)"), 20, 2);
    grid_column(&grid, GRID_TEXT, _("note"), 10, 0);
    for (uint32_t i = 0; i < runs->n; i++) {
        const struct archived *run = &runs->at[i];
        grid_row(&grid);
        grid_cell(&grid, arena_printf(g->arena, "%u", run->id), GRID_PLAIN);
        grid_cell(&grid, run->rubric, GRID_PLAIN);
        grid_cell(&grid, run->period, GRID_PLAIN);
        grid_cell(&grid, arena_printf(g->arena, "%u", run->n_units), GRID_PLAIN);
        grid_cell(&grid, run->created, GRID_DIM);
        grid_cell(&grid, note_of(g, run), run->superseded_by != RUN_NONE ? GRID_DIM : GRID_PLAIN);
    }
    if (runs->n == 0) {
        archiving_say(g, _("The archive is empty."), 0);
        return;
    }
    grid_print(&grid, 0, g->width, g->color, &g->out);
}

static void json_count(struct json_write *w, const char *key, uint32_t n)
{
    json_key(w, key);
    if (n) {
        json_uint(w, n);
    } else {
        json_text(w, NULL);
    }
}

static void json_archived(struct json_write *w, const struct archived *run)
{
    json_count(w, "run", run->id);
    json_key_text(w, "rubric", run->rubric);
    json_key_text(w, "title", run->title);
    json_key_text(w, "period", run->period);
    json_key(w, "units");
    json_uint(w, run->n_units);
    json_key_text(w, "created", run->created);
    json_key_text(w, "version", run->version);
    json_key_text(w, "language", run->language);
    json_key_text(w, "options", run->options);
    json_key_text(w, "reason", run->reason);
    json_count(w, "supersedes", run->supersedes);
    json_count(w, "superseded_by", run->superseded_by);
    json_key_text(w, "digest", run->digest);
}

static int run_list(struct archiving *g, char **names)
{
    (void)names;
    const archived_list *runs = archive_list(g->archive);
    if (!g->json) {
        list_table(g, runs);
        return EXIT_FINE;
    }
    struct json_write w = {.out = &g->out};
    json_open(&w, '{');
    json_key(&w, "kaoping");
    json_uint(&w, 1);
    json_key(&w, "runs");
    json_open(&w, '[');
    for (uint32_t i = 0; i < runs->n; i++) {
        json_line(&w);
        json_open(&w, '{');
        json_archived(&w, &runs->at[i]);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_char(&g->out, '\n');
    return EXIT_FINE;
}

/* ---- show ---- */

/* "keep-going, ignore=x" of the lines. */
static const char *options_line(struct arena *a, const char *lines)
{
    char *text = arena_text(a, lines, strlen(lines));
    size_t n = strlen(text);
    if (n > 0) {
        text[n - 1] = '\0'; /* the last line's end */
    }
    for (char *at = text; (at = strchr(at, '\n')) != NULL;) {
        *at = ' ';
    }
    return text;
}

static void show_head(struct archiving *g, const struct archived *as, const struct run_record *run)
{
    struct arena *a = g->arena;
    const char *note = note_of(g, as);
    archiving_say(
        g, arena_printf(a, _("Run %u, written %s by kaoping %s"), as->id, as->created, as->version),
        0);
    if (note) {
        archiving_say(g, note, 2);
    }
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        const struct input_record *in = &run->inputs.at[i];
        archiving_say(
            g, arena_printf(a, "%s  %s  %.19s…", role_word(in->role), in->path, in->digest), 2);
    }
    if (*as->options) {
        archiving_say(g, arena_printf(a, _("options: %s"), options_line(a, as->options)), 2);
    }
    archiving_say(g, as->digest, 2);
    buf_char(&g->out, '\n');
}

/* What is shown must be what was written. */
void archiving_refuse_changed(struct archiving *g, const struct archived *run)
{
    archive_faults faults = {0};
    archive_check_run(g->archive, run, &faults);
    if (faults.n > 0) {
        const char *path = g->options->archive;
        archive_close(g->archive);
        sys_fail(_("run %u of the archive %s was changed: %s"), run->id, path, faults.at[0]);
    }
}

/* An empty print would look like a result. */
static bool somebody_meant(const struct run_record *run, const struct unit_record *units,
                           const struct selection *shown)
{
    for (uint32_t i = 0; i < run->n_units; i++) {
        if (record_is_meant(&units[i], shown)) {
            return true;
        }
    }
    return run->n_units == 0;
}

static int run_show(struct archiving *g, char **names)
{
    const struct archived *as = archiving_run(g, names[0]);
    archiving_refuse_changed(g, as);
    const struct run_record *run = archive_run(g->archive, as, false);
    struct selection shown = {.only = g->options->only};
    if (g->json) {
        struct archive_units units;
        archive_units_init(&units, g->archive, as, run, false);
        record_json(g->arena, run, &units.reader, &shown, &g->out);
        archive_units_release(&units);
        return EXIT_FINE;
    }
    const struct unit_record *units = archive_all_units(g->arena, g->archive, as, run, true);
    if (!somebody_meant(run, units, &shown)) {
        options_wrong(&command_archive, _("there is no class or unit '%s'"), g->options->only);
    }
    const char *const foot[] = {
        _("Every section, item and deficiency: --format json, or kaoping archive export."), NULL};
    struct record_style style = {shown, g->width, g->color};
    show_head(g, as, run);
    record_table(g->arena, run, units, &style, foot, &g->out);
    return EXIT_FINE;
}

/* ---- export ---- */

/* The last part of a stored path, fit to be a file's name here whatever it says. */
static const char *file_name(struct arena *a, const struct input_record *in)
{
    const char *slash = strrchr(in->path, '/');
    char *name = arena_printf(a, "%s", slash ? slash + 1 : in->path);
    for (char *at = name; *at; at++) {
        if ((unsigned char)*at < ' ' || strchr("<>\\:\x7f", *at)) {
            *at = '_';
        }
    }
    if (*name == '.') {
        *name = '_';
    }
    if (strlen(name) > 200) {
        name[200] = '\0';
    }
    return *name ? name : role_word(in->role);
}

/* Names that are taken get a number: units.csv, 2-units.csv. */
static const char *free_name(struct arena *a, struct map *taken, const char *name)
{
    const char *free = name;
    for (unsigned n = 2; map_get(taken, str_of(free)) != MAP_NONE; n++) {
        free = arena_printf(a, "%u-%s", n, name);
    }
    map_put(a, taken, str_of(free), 0);
    return free;
}

static int run_export(struct archiving *g, char **names)
{
    const char *folder = g->options->output;
    struct arena *a = g->arena;
    struct map taken = {0};
    if (!folder) {
        options_wrong(&command_archive, _("export needs a folder: -o DIR"));
    }
    const struct archived *as = archiving_run(g, names[0]);
    archiving_refuse_changed(g, as);
    const struct run_record *run = archive_run(g->archive, as, true);
    struct archive_units units;
    struct buf result = {0};
    archive_units_init(&units, g->archive, as, run, false);
    record_json(a, run, &units.reader, &(struct selection){0}, &result);
    archive_units_release(&units);
    sys_make_folder(folder);
    map_put(a, &taken, STR("result.json"), 0);
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        const struct input_record *in = &run->inputs.at[i];
        const char *name = free_name(a, &taken, file_name(a, in));
        sys_write(arena_printf(a, "%s/%s", folder, name), in->bytes, in->n);
        archiving_say(g, arena_printf(a, "%s/%s", folder, name), 0);
    }
    sys_write(arena_printf(a, "%s/result.json", folder), result.at, result.n);
    archiving_say(g, arena_printf(a, "%s/result.json", folder), 0);
    buf_release(&result);
    return EXIT_FINE;
}

/* ---- the command ---- */

static const struct verb {
    const char *name;
    int least, most; /* names of runs */
    int (*run)(struct archiving *, char **names);
} verbs[] = {
    {"list", 0, 0, run_list},       {"show", 1, 1, run_show},
    {"export", 1, 1, run_export},   {"verify", 0, 1, archiving_verify},
    {"diff", 2, 2, archiving_diff},
};

static const struct verb *find_verb(struct arena *a, const char *name)
{
    struct nearest nearest = {.name = str_of(name)};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
        nearest_offer(&nearest, verbs[i].name);
    }
    const char *meant = nearest_name(&nearest, a);
    if (meant) {
        options_wrong(&command_archive, _("there is no 'archive %s' (did you mean '%s'?)"), name,
                      meant);
    }
    options_wrong(&command_archive, _("there is no 'archive %s': list, show, export, verify, diff"),
                  name);
}

static int run_archive(struct arena *a, int argc, char **argv)
{
    struct archive_options o = {0};
    int first = options_parse(a, &command_archive, argc, argv, &o);
    if (first == argc) {
        options_wrong(&command_archive, _("which? list, show, export, verify or diff"));
    }
    const struct verb *verb = find_verb(a, argv[first]);
    int names = argc - first - 1;
    if (names < verb->least) {
        options_wrong(&command_archive, _("which run? A number, or the id of a rubric"));
    }
    if (names > verb->most) {
        options_wrong(&command_archive, _("'%s' is one too many"), argv[first + 1 + verb->most]);
    }
    if (!o.archive || !*o.archive) {
        options_wrong(&command_archive, _("which archive? Say --archive DB"));
    }
    bool json = o.format && strcmp(o.format, "json") == 0;
    if (o.format && !json && strcmp(o.format, "table") != 0) {
        options_wrong(&command_archive, _("'%s' names no format: table and json are known"),
                      o.format);
    }
    struct archiving g = {.arena = a,
                          .options = &o,
                          .archive = archive_open(a, o.archive, ARCHIVE_READ),
                          .json = json,
                          .color = options_color(&o.common, STDOUT_FILENO),
                          .width = sys_terminal_width()};
    char *none[] = {NULL, NULL};
    int status = verb->run(&g, names > 0 ? argv + first + 1 : none);
    archive_close(g.archive);
    sys_write(NULL, g.out.at, g.out.n);
    buf_release(&g.out);
    return status;
}

const struct command command_archive = {
    "archive",
    N_("list | show RUN | export RUN -o DIR | verify [RUN] | diff RUN RUN  --archive DB"),
    N_("runs that were kept: list, show, export, verify, diff"),
    N_("RUN is the number of a run; the id of a rubric: the newest run of it; or ID@PERIOD: the\n"
       "run that stands for that period. `verify` looks whether every stored byte is the one that\n"
       "was written, scores the stored inputs again and reports any difference (exit 1)."),
    archive_option_table,
    run_archive,
};
