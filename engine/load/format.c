/* format.c - see format.h. */
#include "load/format.h"

#include <string.h>
#include <strings.h>

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), k = strlen(ending);
    return n > k && !strcasecmp(name + n - k, ending);
}

/* How long the object is that begins here and ends on the same line; else 0. */
static size_t object_in_line(str text)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n && text.at[i] != '\n'; i++) {
        char c = text.at[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* An object on the first line, and another one on the next that is not blank. */
static bool is_ndjson(str text)
{
    size_t n = str_starts(text, "{") ? object_in_line(text) : 0, end = n;
    while (end < text.n && (text.at[end] == ' ' || text.at[end] == '\t' || text.at[end] == '\r')) {
        end++;
    }
    bool line_ends = n > 0 && end < text.n && text.at[end] == '\n';
    return line_ends && str_starts(str_trim((str){text.at + end, text.n - end}), "{");
}

/* YAML without its name is known by how such a file must begin. */
enum format format_of(const struct source *s, const char *head)
{
    if (has_ending(s->name, ".csv") || has_ending(s->name, ".tsv")) {
        return FORMAT_CSV;
    }
    if (has_ending(s->name, ".json")) {
        return FORMAT_JSON;
    }
    if (has_ending(s->name, ".ndjson") || has_ending(s->name, ".jsonl")) {
        return FORMAT_NDJSON;
    }
    if (has_ending(s->name, ".yaml") || has_ending(s->name, ".yml")) {
        return FORMAT_YAML;
    }
    str text = str_trim((str){s->text, s->n});
    if (str_starts(text, "{") || str_starts(text, "[")) {
        return is_ndjson(text) ? FORMAT_NDJSON : FORMAT_JSON;
    }
    return str_starts(text, head) || str_starts(text, "---") || str_starts(text, "#") ? FORMAT_YAML
                                                                                      : FORMAT_CSV;
}
