/* i18n.c - the language of texts, whatever locales the machine has. Reasons are in the header. */
#include "base/i18n.h"

#include "base/arena.h"

#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "kaoping"
#define CHINESE "zh_CN"

#ifndef KAOPING_LOCALEDIR
#define KAOPING_LOCALEDIR "/usr/local/share/locale"
#endif

/* gettext looks at LANGUAGE only in a locale other than "C", so one must be found; all of these
 * leave texts in UTF-8. */
static void enter_locale(int category)
{
    static const char *const usable[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8"};
    for (size_t i = 0; i < sizeof usable / sizeof usable[0]; i++) {
        if (setlocale(category, usable[i]) != NULL) {
            return;
        }
    }
}

/* The first language of the list (zh_CN:en) that there are texts in; English is one of them. */
static bool list_is_chinese(const char *list)
{
    for (;;) {
        if (strncmp(list, "zh", 2) == 0) {
            return true;
        }
        const char *end = strchr(list, ':');
        if (end == NULL || strncmp(list, "en", 2) == 0) {
            return false;
        }
        list = end + 1;
    }
}

/* The first of the usual variables that says anything. */
static bool environment_is_chinese(void)
{
    static const char *const variables[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != '\0') {
            return list_is_chinese(value);
        }
    }
    return false;
}

/* The folder the program stands in, in arena a; links are followed, so that it may be linked to. */
static const char *program_folder(struct arena *a, const char *program)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n > 0 && n < (ssize_t)sizeof path) {
        program = arena_text(a, path, (size_t)n);
    }
    const char *slash = program != NULL ? strrchr(program, '/') : NULL;
    return slash != NULL ? arena_text(a, program, (size_t)(slash - program)) : ".";
}

static bool has_catalogue(struct arena *a, const char *folder)
{
    return access(arena_printf(a, "%s/" CHINESE "/LC_MESSAGES/" DOMAIN ".mo", folder), R_OK) == 0;
}

static void bind_catalogues(const char *program)
{
    struct arena a = {0};
    const char *beside = program_folder(&a, program);
    const char *places[] = {arena_printf(&a, "%s/locale", beside),
                            arena_printf(&a, "%s/../share/locale", beside), KAOPING_LOCALEDIR};
    size_t i = 0;
    while (i < 2 && !has_catalogue(&a, places[i])) {
        i++;
    }
    bindtextdomain(DOMAIN, places[i]);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
    arena_release(&a);
}

/* Set before any text is made. */
static bool translating;

const char *i18n_text(const char *text) { return translating ? gettext(text) : text; }

void i18n_init(const char *program, const char *lang)
{
    bool chinese = lang != NULL ? strncmp(lang, "zh", 2) == 0 : environment_is_chinese();
    enter_locale(LC_CTYPE);
    translating = chinese;
    if (chinese) {
        enter_locale(LC_MESSAGES);
        setenv("LANGUAGE", CHINESE, 1);
        bind_catalogues(program);
    } else {
        setlocale(LC_MESSAGES, "C");
    }
}

const char *i18n_language(void) { return translating ? "zh" : "en"; }
