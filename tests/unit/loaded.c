/* loaded.c - see loaded.h. */
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void loaded_document(struct loaded *l, const char *name, const char *text, size_t n)
{
    *l = (struct loaded){0};
    diag_init(&l->diag, &l->arena);
    /* A copy of exactly this length, so that reading beyond it is noticed. */
    const struct source *s = source_from_text(&l->arena, name, arena_text(&l->arena, text, n), n);
    l->root = (str_ends(str_of(name), ".json") ? json_read : yaml_read)(&l->arena, &l->diag, s);
}

void loaded_rubric(struct loaded *l, const char *text)
{
    *l = (struct loaded){0};
    diag_init(&l->diag, &l->arena);
    l->rubric = rubric_load(&l->arena, &l->diag,
                            source_from_text(&l->arena, "rubric.yaml", text, strlen(text)));
}

const char *loaded_findings(struct loaded *l)
{
    struct buf json = {0}, out = {0};
    struct diag none;
    diag_init(&none, &l->arena);
    diag_json(&l->diag, &json);
    struct node *list =
        json_read(&l->arena, &none, source_from_text(&l->arena, "findings", json.at, json.n));
    assert_non_null(list); /* what we write we can read */
    for (uint32_t i = 0; i < list->n_items; i++) {
        const struct node *line = node_get(list->items[i], "line");
        buf_printf(&out, "%s%s %s", i > 0 ? ", " : "", line && !line->is_null ? line->text : "0",
                   node_get(list->items[i], "id")->text);
    }
    const char *text = arena_text(&l->arena, out.at ? out.at : "", out.n);
    buf_release(&json);
    buf_release(&out);
    return text;
}

const char *loaded_dump(struct loaded *l)
{
    struct buf out = {0};
    if (!l->root) {
        return "nothing";
    }
    node_dump(l->root, &out);
    char *text = arena_text(&l->arena, out.at, out.n);
    char *to = text;
    for (const char *at = text; *at;) { /* places are "  @line:column" at the end of a line */
        if (strncmp(at, "  @", 3) == 0) {
            at += strcspn(at, "\n");
        } else {
            *to++ = *at++;
        }
    }
    *to = '\0';
    buf_release(&out);
    return text;
}

void loaded_release(struct loaded *l) { arena_release(&l->arena); }

const char *loaded_replace(struct arena *a, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at) {
        fail_msg("'%s' is not in the text", from);
    }
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}
