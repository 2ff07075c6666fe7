/* format.c - see format.h. */
#include "load/format.h"

#include <string.h>
#include <strings.h>

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && !strcasecmp(name + n - k, ending);
}

/* YAML without its name is known by how such a file must begin. */
enum format format_of(const struct source *s, const char *head)
{
    str text = str_trim((str){s->text, s->n});
    if (has_ending(s->name, ".csv") || has_ending(s->name, ".tsv")) {
        return FORMAT_CSV;
    }
    if (has_ending(s->name, ".json")) {
        return FORMAT_JSON;
    }
    if (has_ending(s->name, ".yaml") || has_ending(s->name, ".yml")) {
        return FORMAT_YAML;
    }
    while (text.n && (*text.at == '\n' || *text.at == '\r')) {
        text = str_trim((str){text.at + 1, text.n - 1});
    }
    if (str_starts(text, "{") || str_starts(text, "[")) {
        return FORMAT_JSON;
    }
    return str_starts(text, head) || str_starts(text, "---") || str_starts(text, "#") ? FORMAT_YAML
                                                                                      : FORMAT_CSV;
}
