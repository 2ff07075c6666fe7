/*
 * report.c - the table of renderers.
 */
#include "report/report.h"

#include "base/i18n.h"

#include <string.h>

const struct renderer renderers[] = {
    {"table", N_("the ranking, for the terminal"), report_table},
    {"csv", N_("one row a unit, for spreadsheets"), report_csv},
    {"json", N_("everything, for programs"), report_json},
    {NULL, NULL, NULL},
};

const struct renderer *renderer_find(str name)
{
    for (const struct renderer *r = renderers; r->name; r++) {
        if (str_is(name, r->name)) {
            return r;
        }
    }
    return NULL;
}

const char *renderer_ending(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot && (!slash || slash < dot) ? dot + 1 : NULL;
}

const struct renderer *renderer_for_path(const char *path)
{
    const char *ending = renderer_ending(path);
    return ending ? renderer_find(str_of(ending)) : NULL;
}
