/*
 * options.h - one table of options for each command: what is parsed is what --help shows.
 *
 * Every command has its own struct of options that begins with a struct common; its table says
 * where in the struct an option's value goes.
 */
#ifndef KAOPING_OPTIONS_H
#define KAOPING_OPTIONS_H

#include "base/arena.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct text_list {
    VEC(const char *) list;
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option_spec {
    const char *name;     /* without the dashes */
    char letter;          /* or 0 */
    const char *argument; /* what its value is called in --help, N_(); NULL for a flag */
    const char *help;     /* N_() */
    enum option_kind kind;
    size_t offset; /* of a bool, a const char *, a struct text_list */
};

/* What all commands take that read data: DATA of the period before. */
#define OPTION_PREVIOUS(T)                                                                         \
    {                                                                                              \
        "previous", 0, N_("FILE|RUN"),                                                             \
            N_("data of the previous period, or the run that has them (repeatable)"), OPTION_LIST, \
            offsetof(T, previous)                                                                  \
    }

/* And those of the periods that the rubric is made of. */
#define OPTION_PERIOD(T)                                                                           \
    {                                                                                              \
        "period", 0, N_("PERIOD=FILE"),                                                            \
            N_("data of one of the periods that the rubric is made of (repeatable)"), OPTION_LIST, \
            offsetof(T, periods)                                                                   \
    }

/* What every command takes. */
struct common {
    const char *lang, *encoding;
    bool quiet, no_color, help;
    struct text_list errors, warnings, ignored;
};

#define OPTIONS_COMMON(T)                                                                          \
    {"lang",      0,                                                                               \
     N_("LANG"),  N_("language of the texts: zh or en"),                                           \
     OPTION_TEXT, offsetof(T, common.lang)},                                                       \
        {"encoding",                                                                               \
         0,                                                                                        \
         N_("NAME"),                                                                               \
         N_("encoding of the data files, if it is not recognised (GB18030, UTF-16LE, ...)"),       \
         OPTION_TEXT,                                                                              \
         offsetof(T, common.encoding)},                                                            \
        {"error",     0,                                                                           \
         N_("ID"),    N_("let a finding count as an error"),                                       \
         OPTION_LIST, offsetof(T, common.errors)},                                                 \
        {"warning",   0,                                                                           \
         N_("ID"),    N_("let a finding count as a warning"),                                      \
         OPTION_LIST, offsetof(T, common.warnings)},                                               \
        {"ignore",    0,                                                                           \
         N_("ID"),    N_("do not print a finding"),                                                \
         OPTION_LIST, offsetof(T, common.ignored)},                                                \
        {"quiet",     'q',                                                                         \
         NULL,        N_("print errors only, no warnings and no summary"),                         \
         OPTION_FLAG, offsetof(T, common.quiet)},                                                  \
        {"no-color",  0,                                                                           \
         NULL,        N_("no colours (as NO_COLOR does)"),                                         \
         OPTION_FLAG, offsetof(T, common.no_color)},                                               \
        {"help", 'h', NULL, N_("print this"), OPTION_FLAG, offsetof(T, common.help)},              \
    {                                                                                              \
        NULL, 0, NULL, NULL, OPTION_FLAG, 0                                                        \
    }

struct command {
    const char *name;
    const char *usage;                 /* N_(): "RUBRIC DATA..." */
    const char *summary;               /* N_(): one line */
    const char *more;                  /* N_(): what else --help says, or NULL */
    const struct option_spec *options; /* ends with a NULL name; NULL: none */
    int (*run)(struct arena *a, int argc, char **argv);
};

extern const struct command *const commands[]; /* main.c; ends with NULL */

/*
 * Fills the struct and moves what is not an option to the end of argv; returns the index of the
 * first such argument. Wrong usage prints a message with the nearest option and ends with exit 2;
 * --help prints the help and ends with 0.
 */
int options_parse(struct arena *a, const struct command *c, int argc, char **argv, void *into);

/* "kaoping: error: …", where to find help, exit 2. */
_Noreturn void options_wrong(const struct command *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void options_help(const struct command *c);

/* A number from 1 to `most`, or 0 where the text is NULL; else wrong usage, formatted with `most`.
 */
uint32_t options_number(const struct command *c, const char *text, unsigned most,
                        const char *wrong);
#define TOP_MOST 1000000000U
#define JOBS_MOST 1024U

/* Applies --error, --warning, --ignore; an unknown id is wrong usage. */
void options_severities(const struct command *c, const struct common *common, struct diag *d);
/* --no-color, NO_COLOR, CLICOLOR_FORCE, then whether it is a terminal. */
bool options_color(const struct common *common, int fd);

#endif
