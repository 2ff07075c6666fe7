/* cmd_help.c - help on everything or on one command, made from the tables; and the version. */
#include "base/i18n.h"
#include "base/sys.h"
#include "base/text.h"
#include "cli/commands.h"

#include <string.h>

struct help_options {
    struct common common;
};

static const struct option_spec help_option_table[] = {OPTIONS_COMMON(struct help_options)};

void help_overview(struct buf *out)
{
    buf_printf(out, "%s\n\n%s\n",
               _("kaoping scores organisations under a rubric: ranked, graded, explained."),
               _("Three commands to try:"));
    buf_text(out, "  kaoping check   rubrics/ideology-duty-2024.yaml\n"
                  "  kaoping score   rubrics/ideology-duty-2024.yaml examples/duty-2024/units.csv\n"
                  "  kaoping explain rubrics/ideology-duty-2024.yaml examples/duty-2024/units.csv "
                  "--unit street\n");
    buf_printf(out, "\n%s\n", _("Commands:"));
    for (int i = 0; commands[i]; i++) {
        buf_printf(out, "  %s", commands[i]->name);
        buf_repeat(out, " ", 9 - strlen(commands[i]->name));
        buf_printf(out, "%s\n", _(commands[i]->summary));
    }
    buf_printf(out, "\n%s\n", _("'kaoping help COMMAND' tells more."));
}

static int run_help(struct arena *a, int argc, char **argv)
{
    struct help_options o = {0};
    int first = options_parse(a, &command_help, argc, argv, &o);
    if (first < argc) {
        options_help(find_command(a, argv[first]));
    }
    struct buf out = {0};
    help_overview(&out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return EXIT_FINE;
}

const struct command command_help = {
    "help", N_("[COMMAND]"),   N_("what there is and how to use it"),
    NULL,   help_option_table, run_help,
};

static int run_version(struct arena *a, int argc, char **argv)
{
    struct help_options o = {0};
    options_parse(a, &command_version, argc, argv, &o);
    static const char text[] = "kaoping " KAOPING_VERSION "\n";
    sys_write(NULL, text, sizeof text - 1);
    return EXIT_FINE;
}

const struct command command_version = {
    "version", "", N_("the version of this program"), NULL, help_option_table, run_version,
};
