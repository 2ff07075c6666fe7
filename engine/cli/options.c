/* options.c - parsing by getopt_long from the commands' tables, and the help that comes of them. */
#include "cli/options.h"

#include "base/encoding.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "base/text.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void options_wrong(const struct command *c, const char *format, ...)
{
    struct buf out = {0};
    va_list args;
    buf_text(&out, _("kaoping: error: "));
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    buf_char(&out, '\n');
    buf_printf(&out, _("Try 'kaoping %s%s--help'.\n"), c ? c->name : "", c ? " " : "");
    sys_write_error(out.at, out.n);
    exit(EXIT_USAGE);
}

/* Text in columns: the left one as wide as its widest, by display width. */
static void help_row(struct buf *out, const char *left, const char *right, int width)
{
    int pad = width - text_width(left, strlen(left));
    buf_printf(out, "  %s", left);
    buf_repeat(out, " ", pad > 0 ? (size_t)pad : 0);
    buf_printf(out, "  %s\n", right);
}

static const char *option_left(struct arena *a, const struct option_spec *o)
{
    const char *letter = o->letter ? arena_printf(a, "-%c, ", o->letter) : "    ";
    return arena_printf(a, "%s--%s%s%s", letter, o->name, o->argument ? " " : "",
                        o->argument ? _(o->argument) : "");
}

void options_help(const struct command *c)
{
    struct arena a = {0};
    struct buf out = {0};
    int width = 0;
    buf_printf(&out, _("Usage: kaoping %s %s\n\n%s\n"), c->name, *c->usage ? _(c->usage) : "",
               _(c->summary));
    if (c->more) {
        buf_printf(&out, "\n%s\n", _(c->more));
    }
    for (const struct option_spec *o = c->options; o && o->name; o++) {
        const char *left = option_left(&a, o);
        int own = text_width(left, strlen(left));
        width = own > width ? own : width;
    }
    if (c->options) {
        buf_printf(&out, "\n%s\n", _("Options:"));
    }
    for (const struct option_spec *o = c->options; o && o->name; o++) {
        help_row(&out, option_left(&a, o), _(o->help), width);
    }
    buf_printf(&out, "\n%s\n",
               _("Exit status: 0 fine, also with warnings; 1 an error finding; 2 wrong usage;\n"
                 "3 the environment (a file missing, disk full); 4 a script or a worker failed."));
    sys_write(NULL, out.at, out.n);
    exit(EXIT_FINE);
}

static void set_option(struct arena *a, const struct command *c, const struct option_spec *o,
                       void *into, const char *value)
{
    char *place = (char *)into + o->offset;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)(void *)place = true;
        break;
    case OPTION_TEXT: {
        const char **text = (const char **)(void *)place;
        if (*text && strcmp(*text, value) != 0) {
            options_wrong(c, _("--%s is given twice"), o->name);
        }
        *text = value;
        break;
    }
    case OPTION_LIST: {
        struct text_list *list = (struct text_list *)(void *)place;
        *vec_push(a, &list->list) = value;
        break;
    }
    }
}

static _Noreturn void unknown_option(struct arena *a, const struct command *c, const char *given)
{
    size_t n = strcspn(given, "=");
    struct nearest nearest = {.name = {given, n}};
    for (const struct option_spec *o = c->options; o->name; o++) {
        nearest_offer(&nearest, arena_printf(a, "--%s", o->name));
    }
    const char *name = nearest_name(&nearest, a);
    if (name) {
        options_wrong(c, _("unknown option '%.*s' (did you mean '%s'?)"), (int)n, given, name);
    }
    options_wrong(c, _("unknown option '%.*s'"), (int)n, given);
}

int options_parse(struct arena *a, const struct command *c, int argc, char **argv, void *into)
{
    size_t n = 0;
    while (c->options[n].name) {
        n++;
    }
    struct option *longs = ARENA_ARRAY(a, struct option, n + 1);
    char *letters = arena_alloc(a, 2 * n + 2), *end = letters;
    *end++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < n; i++) {
        const struct option_spec *o = &c->options[i];
        longs[i] = (struct option){o->name, o->argument ? required_argument : no_argument, NULL,
                                   256 + (int)i};
        if (o->letter) {
            *end++ = o->letter;
            if (o->argument) {
                *end++ = ':';
            }
        }
    }
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        if (code == ':') {
            options_wrong(c, _("option '%s' needs a value"), argv[optind - 1]);
        }
        const struct option_spec *found = NULL;
        for (size_t i = 0; i < n; i++) {
            if (code == 256 + (int)i || (code != 0 && code == c->options[i].letter)) {
                found = &c->options[i];
            }
        }
        if (!found && optopt >= 256) {
            options_wrong(c, _("option '--%s' takes no value"), c->options[optopt - 256].name);
        }
        if (!found) {
            char letter[3] = {'-', (char)optopt, 0};
            unknown_option(a, c, optopt > 0 && optopt < 256 ? letter : argv[optind - 1]);
        }
        set_option(a, c, found, into, optarg);
    }
    if (((const struct common *)into)->help) {
        options_help(c);
    }
    return optind;
}

static void set_severities(const struct command *c, struct diag *d, const struct text_list *ids,
                           enum severity severity)
{
    for (uint32_t i = 0; i < ids->list.n; i++) {
        switch (diag_set_severity(d, ids->list.at[i], severity)) {
        case DIAG_SET:
            break;
        case DIAG_NO_SUCH_ID:
            options_wrong(c, _("there is no finding '%s'"), ids->list.at[i]);
        case DIAG_STAYS_ERROR:
            options_wrong(c, _("'%s' is an error and stays one: only warnings can be ignored"),
                          ids->list.at[i]);
        }
    }
}

void options_severities(const struct command *c, const struct common *common, struct diag *d)
{
    if (common->encoding && !encoding_exists(common->encoding)) {
        options_wrong(c, _("there is no encoding '%s'"), common->encoding);
    }
    set_severities(c, d, &common->ignored, SEVERITY_IGNORE);
    set_severities(c, d, &common->warnings, SEVERITY_WARNING);
    set_severities(c, d, &common->errors, SEVERITY_ERROR);
}

bool options_color(const struct common *common, int fd)
{
    const char *none = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
    if (common->no_color || (none && *none)) {
        return false;
    }
    return (force && *force && strcmp(force, "0") != 0) || sys_is_terminal(fd);
}

uint32_t options_number(const struct command *c, const char *text, unsigned most, const char *wrong)
{
    char *end = NULL;
    unsigned long n = text ? strtoul(text, &end, 10) : 0;
    if (text && (!*text || *end || n < 1 || n > most || *text < '0' || *text > '9')) {
        options_wrong(c, wrong, most);
    }
    return (uint32_t)n;
}
