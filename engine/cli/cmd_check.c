/* cmd_check.c - findings about a rubric and data; scores nothing that is shown. */
#include "base/i18n.h"
#include "base/sys.h"
#include "cli/commands.h"
#include "cli/pipeline.h"

struct check_options {
    struct common common;
    struct text_list previous, periods;
    struct text_list waivers;
    const char *archive;
    bool defaults, ignore_unknown;
};

static const struct option_spec check_option_table[] = {
    {"defaults", 0, NULL, N_("list every default that can change a score and was left to stand"),
     OPTION_FLAG, offsetof(struct check_options, defaults)},
    OPTION_PREVIOUS(struct check_options),
    {"archive", 'a', N_("DB"), N_("where --previous finds a run"), OPTION_TEXT,
     offsetof(struct check_options, archive)},
    OPTION_PERIOD(struct check_options),
    {"waivers", 'w', N_("FILE"), N_("what single units are excused from (repeatable)"), OPTION_LIST,
     offsetof(struct check_options, waivers)},
    {"ignore-unknown", 0, NULL, N_("unknown columns are warnings"), OPTION_FLAG,
     offsetof(struct check_options, ignore_unknown)},
    OPTIONS_COMMON(struct check_options),
};

static void add_defaults(const struct rubric *r, struct buf *out)
{
    if (r->defaults.n == 0) {
        buf_printf(out, "%s\n", _("The rubric leaves no default to stand."));
        return;
    }
    buf_printf(out, "%s\n", _("Defaults left to stand (docs/methods.md says what they mean):"));
    for (uint32_t i = 0; i < r->defaults.n; i++) {
        const struct default_used *used = &r->defaults.at[i];
        buf_printf(out, "  %s: %s", used->key, used->value);
        if (used->member != MEMBER_NONE) {
            buf_printf(out, "  (%s)", r->members.at[used->member].id);
        }
        buf_char(out, '\n');
    }
}

static void add_summary(const struct pipeline *p, struct buf *out)
{
    const struct rubric *r = p->rubric;
    uint32_t items = 0, sections = 0;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (m->kind == MEMBER_ITEM) {
            items++;
        } else if (m->parent != MEMBER_NONE) {
            sections++;
        }
    }
    buf_printf(out, _("%s: %u sections, %u items, %u fields, %u gates"), r->source->name, sections,
               items, r->fields.list.n, r->gates.n);
    if (p->table) {
        buf_printf(out, _("; %u units"), p->table->units.n);
    }
    if (p->table && p->table->waivers.n > 0) {
        buf_printf(out, _("; %u waivers"), p->table->waivers.n);
    }
    buf_char(out, '\n');
    if (p->diag.n_errors + p->diag.n_warnings == 0) {
        buf_printf(out, "%s\n", _("No findings."));
    } else {
        buf_printf(out, _("%u errors, %u warnings.\n"), p->diag.n_errors, p->diag.n_warnings);
    }
}

static int run_check(struct arena *a, int argc, char **argv)
{
    struct check_options o = {0};
    struct pipeline p = {0};
    int first = options_parse(a, &command_check, argc, argv, &o);
    if (first == argc) {
        options_wrong(&command_check, _("a rubric is missing"));
    }
    bool no_data = pipeline_no_data(argc - first - 1, &o.periods);
    if (no_data && o.waivers.list.n > 0) {
        options_wrong(&command_check, _("--waivers needs the data of the units they are for"));
    }
    struct pipeline_options how = {.keep_going = true,
                                   .ignore_unknown = o.ignore_unknown,
                                   .previous = &o.previous,
                                   .archive = o.archive,
                                   .periods = &o.periods,
                                   .waivers = &o.waivers,
                                   .check_only = true};
    pipeline_init(&p, a, &command_check, &o.common);
    pipeline_rubric(&p, argv[first]);
    if (!no_data) {
        pipeline_data(&p, argv + first + 1, argc - first - 1, &how);
        /* Some errors of single cells show only under the rules: a judgement out of range. */
        pipeline_score(&p, &how);
    }
    int status = pipeline_finish(&p);
    struct buf out = {0};
    if (p.rubric && o.defaults) {
        add_defaults(p.rubric, &out);
    }
    if (p.rubric && !o.common.quiet) {
        add_summary(&p, &out);
    }
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return status;
}

const struct command command_check = {
    "check", N_("RUBRIC [DATA...]"), N_("findings about a rubric and data; shows no scores"),
    NULL,    check_option_table,     run_check,
};
