/* cmd_history.c - one unit over all periods of an archive. */
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "report/report_history.h"
#include "store/archive.h"

#include <string.h>
#include <unistd.h>

struct history_options {
    struct common common;
    const char *archive, *format;
    bool all;
};

static const struct option_spec history_option_table[] = {
    {"archive", 'a', N_("DB"), N_("the archive"), OPTION_TEXT,
     offsetof(struct history_options, archive)},
    {"format", 'f', N_("FORMAT"), N_("table, csv or json"), OPTION_TEXT,
     offsetof(struct history_options, format)},
    {"all", 0, NULL, N_("also runs that were superseded"), OPTION_FLAG,
     offsetof(struct history_options, all)},
    OPTIONS_COMMON(struct history_options),
};

static const struct {
    const char *name;
    void (*print)(const struct history *, struct buf *);
} formats[] = {{"table", history_table}, {"csv", history_csv}, {"json", history_json}};

/* By its id, or where no unit has such an id by its name: then one name must mean one unit in each
 * run. */
static void keep_meant(const char *unit, unit_places *places)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < places->n; i++) {
        if (strcmp(places->at[i].id, unit) == 0) {
            places->at[kept++] = places->at[i];
        }
    }
    if (kept > 0) {
        places->n = kept;
        return;
    }
    for (uint32_t i = 1; i < places->n; i++) {
        if (places->at[i].run == places->at[i - 1].run) {
            options_wrong(&command_history, _("more than one unit is called '%s': give its id"),
                          unit);
        }
    }
}

static void find_unit(struct archive *ar, const char *unit, unit_places *places)
{
    archive_places(ar, unit, places);
    keep_meant(unit, places);
    if (places->n > 0) {
        return;
    }
    const char *meant = archive_nearest_unit(ar, unit);
    if (meant) {
        options_wrong(&command_history, _("there is no unit '%s' (did you mean '%s'?)"), unit,
                      meant);
    }
    options_wrong(&command_history, _("there is no unit '%s'"), unit);
}

static const struct archived *run_of(const archived_list *runs, uint32_t id)
{
    for (uint32_t i = 0; i < runs->n; i++) {
        if (runs->at[i].id == id) {
            return &runs->at[i];
        }
    }
    return NULL;
}

/* By period, then by rubric, then as they were written. */
static bool comes_before(const struct history_entry *a, const struct history_entry *b)
{
    int order = strcmp(a->run->period ? a->run->period : "", b->run->period ? b->run->period : "");
    order = order ? order : strcmp(a->run->rubric, b->run->rubric);
    return order < 0 || (order == 0 && a->number < b->number);
}

static void add_entry(struct arena *a, struct archive *ar, const struct archived *as,
                      const struct unit_place *place, struct history_entry *entries, uint32_t *n)
{
    struct unit_record *unit = ARENA_NEW(a, struct unit_record);
    struct history_entry e = {.number = as->id,
                              .created = as->created,
                              .reason = as->reason,
                              .superseded_by = as->superseded_by,
                              .run = archive_run(ar, as, false),
                              .unit = unit};
    archive_unit(a, ar, e.run, place, unit);
    uint32_t at = (*n)++;
    for (; at > 0 && comes_before(&e, &entries[at - 1]); at--) {
        entries[at] = entries[at - 1];
    }
    entries[at] = e;
}

static int run_history(struct arena *a, int argc, char **argv)
{
    struct history_options o = {0};
    size_t format = 0;
    int first = options_parse(a, &command_history, argc, argv, &o);
    if (argc - first != 1) {
        options_wrong(&command_history, first == argc ? _("which unit? Say its id or name")
                                                      : _("one unit at a time"));
    }
    if (!o.archive || !*o.archive) {
        options_wrong(&command_history, _("which archive? Say --archive DB"));
    }
    for (; o.format && format < 3 && strcmp(formats[format].name, o.format) != 0; format++) {
    }
    if (format == 3) {
        options_wrong(&command_history, _("'%s' names no format: table, csv and json are known"),
                      o.format);
    }
    struct archive *ar = archive_open(a, o.archive, ARCHIVE_READ);
    const archived_list *runs = archive_list(ar);
    unit_places places = {0};
    find_unit(ar, argv[first], &places);
    struct history_entry *entries = ARENA_ARRAY(a, struct history_entry, places.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < places.n; i++) {
        const struct archived *as = run_of(runs, places.at[i].run);
        if (as && (o.all || as->superseded_by == RUN_NONE)) {
            add_entry(a, ar, as, &places.at[i], entries, &n);
        }
    }
    archive_close(ar);
    if (n == 0) {
        options_wrong(&command_history, _("'%s' is only in runs that were superseded: --all"),
                      argv[first]);
    }
    struct history h = {.arena = a,
                        .entries = entries,
                        .n = n,
                        .width = sys_terminal_width(),
                        .color = options_color(&o.common, STDOUT_FILENO)};
    struct buf out = {0};
    formats[format].print(&h, &out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return EXIT_FINE;
}

const struct command command_history = {
    "history",
    N_("UNIT --archive DB"),
    N_("one unit over all archived periods"),
    N_("UNIT is an id, or a name. Each period is shown as the run says that stands for it; the\n"
       "deficiencies are those of the newest, with since when each has been there."),
    history_option_table,
    run_history,
};
