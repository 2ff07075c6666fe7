/* comparing_results.c - see comparing_results.h. */
#include "cli/comparing_results.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "load/published_load.h"
#include "load/unit_map_load.h"
#include "report/report_published.h"

#include <unistd.h>

static void (*const printers[])(const struct published_report *,
                                struct buf *) = {published_table, published_csv, published_json};

bool results_named(const char *name) { return str_ends(str_of(name), ".json"); }

/* --only must name a class or a unit there is. */
static void check_only(const struct command *c, const struct published_report *r)
{
    for (uint32_t i = 0; i < r->comparison->pairs.n; i++) {
        if (published_shown(r, &r->comparison->pairs.at[i])) {
            return;
        }
    }
    options_wrong(c, _("there is no class or unit '%s'"), r->only);
}

static void print(struct arena *a, const struct command *c, const struct published *const sides[2],
                  const struct unit_map *map, const struct results_options *o)
{
    struct published_comparison comparison;
    struct arena scratch = {0};
    struct buf out = {0};
    compare_published(a, sides[0], sides[1], map, &comparison);
    struct published_report report = {.comparison = &comparison,
                                      .arena = &scratch,
                                      .only = o->only,
                                      .width = sys_terminal_width(),
                                      .color = options_color(o->common, STDOUT_FILENO)};
    if (o->only) {
        check_only(c, &report);
    }
    printers[o->format](&report, &out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    arena_release(&scratch);
}

int results_compare(struct arena *a, const struct command *c, char **names,
                    const struct results_options *o)
{
    struct diag d;
    struct unit_map map = {0};
    struct buf findings = {0};
    diag_init(&d, a);
    options_severities(c, o->common, &d);
    d.errors_only = o->common->quiet;
    const struct published *sides[2];
    for (int i = 0; i < 2; i++) {
        sides[i] = published_load(a, &d, names[i]);
    }
    bool fine = sides[0] && sides[1];
    if (fine && o->units) {
        fine = unit_map_load(a, &d, o->units, sides[0]->table, sides[1]->table, &map);
    }
    diag_print(&d, &findings, options_color(o->common, STDERR_FILENO));
    sys_write_error(findings.at, findings.n);
    buf_release(&findings);
    if (fine) {
        print(a, c, sides, &map, o);
    }
    return d.n_errors > 0 ? EXIT_FINDINGS : EXIT_FINE;
}
