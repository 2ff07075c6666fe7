/* main.c - the table of commands, and the way to one. */
#include "base/i18n.h"
#include "base/sys.h"
#include "base/text.h"
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

const struct command *const commands[] = {
    &command_score,  &command_check,   &command_explain, &command_test,
    &command_rubric, &command_archive, &command_compare, &command_history,
    &command_merge,  &command_help,    &command_version, NULL,
};

/* The language must be known before the first message is made, so --lang is looked for ahead. */
static const char *wanted_language(int argc, char **argv)
{
    const char *lang = NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) {
            lang = argv[i] + 7;
        } else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
            lang = argv[i + 1];
        }
    }
    return lang;
}

/* `kaoping --lang zh score ...` works like `kaoping score --lang zh ...`: the command goes first.
 */
static void command_first(int argc, char **argv)
{
    int at = 1;
    while (at < argc && strncmp(argv[at], "--lang", 6) == 0) {
        at += strcmp(argv[at], "--lang") == 0 ? 2 : 1;
    }
    if (at > 1 && at < argc) {
        char *command = argv[at];
        memmove(argv + 2, argv + 1, sizeof *argv * (size_t)(at - 1));
        argv[1] = command;
    }
}

const struct command *find_command(struct arena *a, const char *name)
{
    struct nearest nearest = {.name = str_of(name)};
    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
        nearest_offer(&nearest, commands[i]->name);
    }
    const char *meant = nearest_name(&nearest, a);
    if (meant) {
        options_wrong(NULL, _("there is no command '%s' (did you mean '%s'?)"), name, meant);
    }
    options_wrong(NULL, _("there is no command '%s'"), name);
}

static void print_overview(void)
{
    struct buf out = {0};
    help_overview(&out);
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    const char *lang = wanted_language(argc, argv);
    if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0) {
        i18n_init(argv[0], NULL);
        options_wrong(NULL, _("there is no language '%s': zh and en are known"), lang);
    }
    i18n_init(argv[0], lang);
    command_first(argc, argv);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strncmp(argv[1], "--lang", 6) == 0) {
        print_overview();
        return EXIT_FINE;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const struct command *command = find_command(&arena, name);
    int status = command->run(&arena, argc - 1, argv + 1);
    arena_release(&arena);
    return status;
}
