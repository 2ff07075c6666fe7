/* script.c - places in the texts of scripts. */
#include "model/script.h"

#include <string.h>

span chunk_line(const struct chunk *c, uint32_t line)
{
    const char *at = c->text, *end = c->text + c->n;
    if (line == 0 || !c->module) {
        return c->at; /* an expression's own lines mean nothing to its author */
    }
    for (uint32_t i = 1; i < line && at; i++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        at = next ? next + 1 : NULL;
    }
    if (!at || at >= end) {
        return c->at;
    }
    size_t n = strcspn(at, "\r\n"), indent = strspn(at, " \t");
    indent = indent < n ? indent : 0;
    return (span){c->at.source, (size_t)(at - c->text) + indent, n - indent};
}
