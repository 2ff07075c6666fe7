/* cases_update.c - see cases_update.h. */
#include "cli/cases_update.h"

#include "base/i18n.h"
#include "base/map.h"
#include "base/sys.h"
#include "load/node.h"

#include <stdlib.h>
#include <string.h>

struct edit {
    size_t offset, length; /* of what is taken out */
    const char *text;      /* what comes in its place */
};

struct edits {
    struct arena *arena;
    VEC(struct edit) list;
    struct map places; /* offset -> index into list */
};

static int by_offset(const void *left, const void *right)
{
    const struct edit *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* False where another edit has the place for another text: two cases share it by an alias. */
static bool add_edit(struct edits *e, size_t offset, size_t length, const char *text)
{
    const char *place = arena_printf(e->arena, "%zu", offset);
    uint32_t index = map_put(e->arena, &e->places, str_of(place), e->list.n);
    if (index != e->list.n) {
        return strcmp(text, e->list.at[index].text) == 0;
    }
    *vec_push(e->arena, &e->list) = (struct edit){offset, length, text};
    return true;
}

/* ---- a whole `expect` ---- */

static bool is_flow(const struct node *n)
{
    const char *text = n->at.source->text;
    return n->kind != NODE_SCALAR && n->at.offset < n->at.source->n &&
           (text[n->at.offset] == '{' || text[n->at.offset] == '[');
}

/* Where the node ends; what an alias stands for ends elsewhere and does not count. */
static size_t end_of(const struct node *n)
{
    size_t end = n->at.offset + n->at.length;
    if (n->kind == NODE_SCALAR || is_flow(n)) {
        return end;
    }
    for (uint32_t i = 0; i < n->n_items; i++) {
        const struct node *keys = n->kind == NODE_MAP ? n->pairs[i].key : n->items[i];
        const struct node *value = n->kind == NODE_MAP ? n->pairs[i].value : n->items[i];
        size_t key_end = keys->at.offset + keys->at.length;
        size_t value_end = value->at.offset > n->at.offset ? end_of(value) : 0;
        end = key_end > end ? key_end : end;
        end = value_end > end ? value_end : end;
    }
    return end;
}

static const char *flow_expect(struct arena *a, const struct fresh_expect *e, bool comma)
{
    struct buf out = {0};
    const char *before = "";
    buf_printf(&out, "%s expect: {", comma ? "," : "");
    if (e->total) {
        buf_printf(&out, "total: %s", e->total);
        before = ", ";
    }
    if (e->grade) {
        buf_printf(&out, "%sgrade: %s", before, e->grade);
        before = ", ";
    }
    buf_printf(&out, "%sitems: {", before);
    for (uint32_t i = 0; i < e->items.n; i++) {
        buf_printf(&out, "%s%s: %s", i ? ", " : "", e->items.at[i].id, e->items.at[i].value);
    }
    buf_text(&out, "}}");
    const char *text = arena_text(a, out.at, out.n);
    buf_release(&out);
    return text;
}

static void add_flow(struct edits *e, const struct node *n, const struct fresh_expect *expect)
{
    const char *text = n->at.source->text;
    size_t end = n->at.offset + n->at.length - 1;
    while (end > n->at.offset && strchr(" \t\r\n", text[end - 1])) {
        end--;
    }
    add_edit(e, end, 0, flow_expect(e->arena, expect, text[end - 1] != ','));
}

static void put_line(struct buf *out, size_t indent, const char *key, const char *value,
                     const char *end)
{
    buf_repeat(out, " ", indent);
    buf_printf(out, "%s:%s%s%s", key, *value ? " " : "", value, end);
}

static const char *block_expect(struct arena *a, const struct fresh_expect *e, size_t indent,
                                bool fresh_line, const char *end)
{
    struct buf out = {0};
    buf_text(&out, fresh_line ? "" : end);
    put_line(&out, indent, "expect", "", end);
    if (e->total) {
        put_line(&out, indent + 2, "total", e->total, end);
    }
    if (e->grade) {
        put_line(&out, indent + 2, "grade", e->grade, end);
    }
    put_line(&out, indent + 2, "items", e->items.n ? "" : "{}", end);
    for (uint32_t i = 0; i < e->items.n; i++) {
        put_line(&out, indent + 4, e->items.at[i].id, e->items.at[i].value, end);
    }
    const char *text = arena_text(a, out.at, out.n);
    buf_release(&out);
    return text;
}

static void add_block(struct edits *e, const struct node *n, const struct fresh_expect *expect)
{
    const struct source *s = n->at.source;
    size_t first = n->pairs[0].key->at.offset, at = end_of(n);
    size_t start = source_position(s, first).line_start;
    bool crlf = memmem(s->text, s->n, "\r\n", 2);
    if (at == 0 || s->text[at - 1] != '\n') {
        const char *line_end = at < s->n ? memchr(s->text + at, '\n', s->n - at) : NULL;
        at = line_end ? (size_t)(line_end - s->text) + 1 : s->n;
    }
    bool fresh_line = at > 0 && s->text[at - 1] == '\n';
    add_edit(e, at, 0,
             block_expect(e->arena, expect, first - start, fresh_line, crlf ? "\r\n" : "\n"));
}

/* ---- the file ---- */

/* Whether all of the case's differences could be taken up. */
static bool add_case(struct edits *e, const struct verdict *v, uint32_t *n)
{
    bool all = !v->broken;
    if (!v->test->expects && !v->broken) {
        struct node *node = v->test->node;
        (is_flow(node) ? add_flow : add_block)(e, node, &v->fresh);
        (*n)++;
    }
    for (uint32_t i = 0; i < v->differences.n; i++) {
        struct difference *d = &v->differences.at[i];
        if (d->fresh && add_edit(e, d->check->at.offset, d->check->at.length, d->fresh)) {
            (*n)++;
        } else {
            d->fresh = NULL; /* so that the report says it was not written */
            all = false;
        }
    }
    return all;
}

static void apply(const struct source *s, struct edits *e, struct buf *out)
{
    size_t at = 0;
    qsort(e->list.at, e->list.n, sizeof *e->list.at, by_offset);
    for (uint32_t i = 0; i < e->list.n; i++) {
        const struct edit *edit = &e->list.at[i];
        if (edit->offset < at) {
            continue; /* within one that was made: an alias again */
        }
        buf_add(out, s->text + at, edit->offset - at);
        buf_text(out, edit->text);
        at = edit->offset + edit->length;
    }
    buf_add(out, s->text + at, s->n - at);
}

/* What was written must be YAML still: an odd layout could have misled us. */
static bool is_yaml(struct arena *a, const struct source *like, const struct buf *text)
{
    struct diag d;
    diag_init(&d, a);
    return yaml_read(a, &d, source_from_text(a, like->name, text->at, text->n)) && !d.n_errors;
}

static bool has_bom(struct arena *a, const char *path)
{
    size_t n;
    const char *text = sys_read(a, path, &n);
    return n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

void cases_update(struct arena *a, const struct case_file *file, const char *path,
                  struct file_verdict *f)
{
    struct edits e = {.arena = a};
    struct buf out = {0};
    uint32_t left = 0, n = 0;
    for (uint32_t i = 0; i < f->verdicts.n; i++) {
        const struct verdict *v = &f->verdicts.at[i];
        left += !v->passed && !add_case(&e, v, &n);
    }
    if (n > 0) {
        buf_text(&out, has_bom(a, path) ? "\xEF\xBB\xBF" : "");
        size_t bom = out.n;
        apply(file->source, &e, &out);
        struct buf body = {.at = out.at + bom, .n = out.n - bom};
        if (!is_yaml(a, file->source, &body)) {
            sys_fail(_("'%s' is laid out in a way that --update cannot write into"), path);
        }
        sys_write(path, out.at, out.n);
    }
    buf_release(&out);
    f->n_rewritten = n;
    f->n_failed = left;
}
