/* commands.h - the commands; main.c has the table. Each is one file cmd_NAME.c with one entry. */
#ifndef KAOPING_COMMANDS_H
#define KAOPING_COMMANDS_H

#include "cli/options.h"

#define KAOPING_VERSION "0.1.0"

extern const struct command command_score, command_check, command_explain, command_test,
    command_rubric, command_archive, command_history, command_compare, command_merge, command_help,
    command_version;

/* The command of that name; wrong usage with the nearest if there is none. */
const struct command *find_command(struct arena *a, const char *name);

/* Help on everything, to `out`. */
void help_overview(struct buf *out);

#endif
