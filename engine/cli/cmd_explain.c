/* cmd_explain.c - how every point of a unit came about, what was lost, what repairs would bring. */
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "cli/pipeline.h"
#include "report/report.h"

#include <string.h>
#include <unistd.h>

struct explain_options {
    struct common common;
    struct text_list previous, periods;
    struct text_list waivers;
    const char *unit, *item, *format, *archive;
    bool keep_going, ignore_unknown;
};

static const struct option_spec explain_option_table[] = {
    {"unit", 'u', N_("ID"), N_("the unit, by its id or name"), OPTION_TEXT,
     offsetof(struct explain_options, unit)},
    {"item", 'i', N_("ID"), N_("only this item"), OPTION_TEXT,
     offsetof(struct explain_options, item)},
    {"format", 'f', N_("FORMAT"), N_("table or json"), OPTION_TEXT,
     offsetof(struct explain_options, format)},
    {"waivers", 'w', N_("FILE"), N_("what single units are excused from (repeatable)"), OPTION_LIST,
     offsetof(struct explain_options, waivers)},
    {"keep-going", 'k', NULL, N_("explain although there are errors"), OPTION_FLAG,
     offsetof(struct explain_options, keep_going)},
    OPTION_PREVIOUS(struct explain_options),
    {"archive", 'a', N_("DB"), N_("where --previous finds a run"), OPTION_TEXT,
     offsetof(struct explain_options, archive)},
    OPTION_PERIOD(struct explain_options),
    {"ignore-unknown", 0, NULL, N_("unknown columns are warnings"), OPTION_FLAG,
     offsetof(struct explain_options, ignore_unknown)},
    OPTIONS_COMMON(struct explain_options),
};

static uint32_t find_item(const struct pipeline *p, const char *id)
{
    const struct rubric *r = p->rubric;
    struct nearest nearest = {.name = str_of(id)};
    for (uint32_t i = 1; id && i < r->members.n; i++) {
        if (strcmp(r->members.at[i].id, id) == 0) {
            return i;
        }
        nearest_offer(&nearest, r->members.at[i].id);
    }
    if (!id) {
        return MEMBER_NONE;
    }
    const char *meant = nearest_name(&nearest, p->arena);
    if (meant) {
        options_wrong(&command_explain, _("there is no item '%s' (did you mean '%s'?)"), id, meant);
    }
    options_wrong(&command_explain, _("there is no item '%s'"), id);
}

/* The item is the unit's total in a period: then how that came about, by the period's own sheet. */
static void explain_period(struct pipeline *p, const struct report *year, uint32_t unit,
                           uint32_t item, struct buf *out)
{
    const struct rule *rule = &p->rubric->members.at[item].rule;
    struct period_part *part =
        rule->method == METHOD_PERIOD ? &p->table->periods[rule->period] : NULL;
    uint32_t there = part ? table_period(p->table, unit, rule->period).unit : UNIT_NONE;
    if (there == UNIT_NONE) {
        return;
    }
    struct ranking_result ranking = {0};
    struct report report = *year;
    rank_units(p->arena, part->result, &ranking);
    report.result = part->result;
    report.ranking = &ranking;
    buf_char(out, '\n');
    report_explain(&report, there, MEMBER_NONE, out);
}

static void explain_unit(struct pipeline *p, const struct explain_options *o, bool json)
{
    struct report report = {
        .result = p->result,
        .ranking = &p->ranking,
        .diag = &p->diag,
        .arena = p->arena,
        .width = sys_terminal_width(),
        .color = options_color(&o->common, STDOUT_FILENO),
        .to_terminal = sys_is_terminal(STDOUT_FILENO),
    };
    struct buf out = {0};
    uint32_t unit = pipeline_unit(p, o->unit), item = find_item(p, o->item);
    if (json) {
        report_explain_json(&report, unit, item, &out);
    } else {
        report_explain(&report, unit, item, &out);
        if (item != MEMBER_NONE) {
            explain_period(p, &report, unit, item, &out);
        }
    }
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
}

static int run_explain(struct arena *a, int argc, char **argv)
{
    struct explain_options o = {0};
    struct pipeline p = {0};
    int first = options_parse(a, &command_explain, argc, argv, &o);
    if (argc == first || pipeline_no_data(argc - first - 1, &o.periods)) {
        options_wrong(&command_explain,
                      argc == first ? _("a rubric and data are missing") : _("data are missing"));
    }
    if (!o.unit) {
        options_wrong(&command_explain, _("which unit? Say --unit ID"));
    }
    bool json = o.format && strcmp(o.format, "json") == 0;
    if (o.format && !json && strcmp(o.format, "table") != 0) {
        options_wrong(&command_explain, _("'%s' names no format: table and json are known"),
                      o.format);
    }
    struct pipeline_options how = {.keep_going = o.keep_going,
                                   .ignore_unknown = o.ignore_unknown,
                                   .previous = &o.previous,
                                   .archive = o.archive,
                                   .periods = &o.periods,
                                   .waivers = &o.waivers};
    pipeline_init(&p, a, &command_explain, &o.common);
    pipeline_rubric(&p, argv[first]);
    pipeline_data(&p, argv + first + 1, argc - first - 1, &how);
    pipeline_score(&p, &how);
    if (p.result) {
        explain_unit(&p, &o, json);
    }
    return pipeline_finish(&p);
}

const struct command command_explain = {
    "explain",
    N_("RUBRIC DATA... --unit ID [--item ID]"),
    N_("how every point came about, what was lost, what repairs would bring"),
    NULL,
    explain_option_table,
    run_explain,
};
