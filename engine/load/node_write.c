/*
 * node_write.c - see node_write.h.
 *
 * What a reader looks for has lines of its own: sections, items, gates, grades, each field. What
 * fits into a line stays in one, in brackets:
 *
 *   fields:
 *     drill_rate: {type: percent, label: 演练覆盖率}           # duty-2024.yaml:14
 *   items:
 *     - id: drills                                             # duty-2024.yaml:60
 *       points: 25                                             # duty-2025.yaml:9
 *
 * Keys come in the order of the file but for those that name a thing, and those of the rubric,
 * which stand in the order of a printed sheet. The order of `items` and `sections` must not change.
 */
#include "load/node_write.h"

#include "base/map.h"

#include <string.h>

#define LINE_MOST 100
#define ORIGIN_COLUMN 60

struct writer {
    struct arena *arena;
    struct buf *out;
    bool origins;
};

/* ---- scalars ---- */

/* Characters that a reader of YAML refuses, that end a line, or that nobody sees. */
static bool needs_escape(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c & 0xFFFE) == 0xFFFE;
}

static bool any_escape(const struct node *n, bool lines_may)
{
    for (size_t i = 0; i < n->n;) {
        uint32_t c = 0;
        size_t length = utf8_decode(n->text + i, n->n - i, &c);
        if (length == 0 || (needs_escape(c) && !(lines_may && c == '\n'))) {
            return true;
        }
        i += length;
    }
    return false;
}

/* What quotes keep from being read as a number, a yes or no, or several names. */
static bool is_value_like(const struct node *n)
{
    static const char *const words[] = {"yes", "no", "true", "false", NULL};
    size_t sign = n->n > 0 && strchr("+-.", n->text[0]) ? 1 : 0;
    for (const char *const *word = words; *word; word++) {
        if (str_is(node_str(n), *word)) {
            return true;
        }
    }
    return (n->n > sign && n->text[sign] >= '0' && n->text[sign] <= '9') || strstr(n->text, "，") ||
           strstr(n->text, "、");
}

static bool is_plain(const struct node *n, bool in_brackets)
{
    const char *text = n->text;
    if (n->quoted && is_value_like(n)) {
        return false;
    }
    if (n->n == 0 || text[0] == ' ' || text[n->n - 1] == ' ' || text[n->n - 1] == ':' ||
        strchr("?:,[]{}#&*!|>'\"%@`=~", text[0]) || any_escape(n, false)) {
        return false;
    }
    if (text[0] == '-' && (text[1] < '0' || text[1] > '9')) {
        return false;
    }
    /* << would be a merge key; ... ends a document. */
    return !strstr(text, ": ") && !strstr(text, " #") && strncmp(text, "<<", 2) != 0 &&
           strncmp(text, "...", 3) != 0 && !(in_brackets && strpbrk(text, ",[]{}:"));
}

static void write_quoted(struct buf *out, const struct node *n)
{
    buf_char(out, '"');
    for (size_t i = 0; i < n->n;) {
        uint32_t c = 0;
        size_t length = utf8_decode(n->text + i, n->n - i, &c);
        length = length > 0 ? length : 1;
        if (c == '"' || c == '\\') {
            buf_printf(out, "\\%c", (char)c);
        } else if (c == '\n') {
            buf_text(out, "\\n");
        } else if (c == '\t') {
            buf_text(out, "\\t");
        } else if (needs_escape(c)) {
            buf_printf(out, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c);
        } else {
            buf_add(out, n->text + i, length);
        }
        i += length;
    }
    buf_char(out, '"');
}

static void write_scalar(struct buf *out, const struct node *n, bool in_brackets)
{
    if (is_plain(n, in_brackets)) {
        buf_add(out, n->text, n->n);
    } else {
        write_quoted(out, n);
    }
}

/* Several lines that can stand as they are. */
static bool is_block_text(const struct node *n)
{
    return n->n > 1 && memchr(n->text, '\n', n->n) && n->text[0] != ' ' && n->text[0] != '\n' &&
           !(n->text[n->n - 1] == '\n' && n->text[n->n - 2] == '\n') && !any_escape(n, true);
}

static void write_lines(struct writer *w, const struct node *n, size_t indent)
{
    for (size_t i = 0; i < n->n;) {
        const char *end = memchr(n->text + i, '\n', n->n - i);
        size_t length = end ? (size_t)(end - n->text) - i : n->n - i;
        if (length > 0) {
            buf_repeat(w->out, " ", indent);
            buf_add(w->out, n->text + i, length);
        }
        buf_char(w->out, '\n');
        i += length + 1;
    }
}

/* ---- in one line ---- */

static void write_flow(struct buf *out, const struct node *n)
{
    if (n->kind == NODE_SCALAR) {
        write_scalar(out, n, true);
        return;
    }
    buf_char(out, n->kind == NODE_LIST ? '[' : '{');
    for (uint32_t i = 0; i < n->n_items; i++) {
        buf_text(out, i == 0 ? "" : ", ");
        if (n->kind == NODE_LIST) {
            write_flow(out, n->items[i]);
        } else {
            write_scalar(out, n->pairs[i].key, true);
            buf_text(out, ": ");
            write_flow(out, n->pairs[i].value);
        }
    }
    buf_char(out, n->kind == NODE_LIST ? ']' : '}');
}

static bool is_key(const struct node *key, const char *const *words)
{
    for (; *words; words++) {
        if (node_is(key, *words)) {
            return true;
        }
    }
    return false;
}

/* Whether all keys come from one file: then one place says where. */
static bool one_source(const struct node *map)
{
    for (uint32_t i = 1; map->kind == NODE_MAP && i < map->n_items; i++) {
        if (map->pairs[i].key->at.source != map->pairs[0].key->at.source) {
            return false;
        }
    }
    return true;
}

/* Whether all of it means in brackets what it means now: 1,200 needs quotes there, and becomes a
 * text. */
static bool may_be_flow(const struct node *n)
{
    if (n->kind == NODE_SCALAR) {
        return n->quoted || !is_value_like(n) || is_plain(n, true) || !is_plain(n, false);
    }
    for (uint32_t i = 0; i < n->n_items; i++) {
        if (!may_be_flow(n->kind == NODE_LIST ? n->items[i] : n->pairs[i].value)) {
            return false;
        }
    }
    return true;
}

/* The text in brackets if it fits behind so many columns; NULL otherwise. */
static const char *in_line(struct writer *w, const struct node *n, size_t column)
{
    if (n->n_items > LINE_MOST || (w->origins && !one_source(n)) || !may_be_flow(n)) {
        return NULL;
    }
    struct buf text = {0};
    write_flow(&text, n);
    bool fits = column + (size_t)text_width(text.at, text.n) <= LINE_MOST || n->n_items == 0;
    const char *kept = fits ? arena_text(w->arena, text.at, text.n) : NULL;
    buf_release(&text);
    return kept;
}

/* ---- over several lines ---- */

static size_t line_width(const struct buf *out)
{
    size_t start = out->n;
    while (start > 0 && out->at[start - 1] != '\n') {
        start--;
    }
    return out->n > 0 ? (size_t)text_width(out->at + start, out->n - start) : 0;
}

static void end_line(struct writer *w, const struct node *key)
{
    if (w->origins && key && key->at.source) {
        size_t column = line_width(w->out);
        struct position p = source_position(key->at.source, key->at.offset);
        buf_repeat(w->out, " ", column + 2 < ORIGIN_COLUMN ? ORIGIN_COLUMN - column : 2);
        buf_printf(w->out, "# %s:%u", text_safe(w->arena, str_of(key->at.source->name)), p.line);
    }
    buf_char(w->out, '\n');
}

/* Keys whose value has lines of its own, and of these the ones whose elements have. */
static const char *const blocks[] = {"fields", "sections", "items",      "gates",
                                     "grades", "bonus",    "deductions", NULL};
static const char *const members[] = {"sections", "items", "gates", NULL};

static void write_map(struct writer *w, const struct node *map, size_t indent, bool root);

static void write_list(struct writer *w, const struct node *list, size_t indent, bool spread)
{
    for (uint32_t i = 0; i < list->n_items; i++) {
        const struct node *n = list->items[i];
        buf_repeat(w->out, " ", indent);
        buf_text(w->out, "- ");
        const char *line = NULL;
        if (n->kind == NODE_SCALAR) {
            write_scalar(w->out, n, false);
        } else if ((!spread || n->kind == NODE_LIST || n->n_items == 0) &&
                   (line = in_line(w, n, indent + 2))) {
            buf_text(w->out, line);
        } else if (n->kind == NODE_MAP) {
            write_map(w, n, indent + 2, false);
            continue;
        } else {
            buf_char(w->out, '\n');
            write_list(w, n, indent + 2, false);
            continue;
        }
        end_line(w, n);
    }
}

static void write_value(struct writer *w, const struct node_pair *p, size_t indent)
{
    const struct node *n = p->value;
    const char *line = NULL;
    if (n->kind == NODE_SCALAR && is_block_text(n)) {
        buf_text(w->out, n->text[n->n - 1] == '\n' ? " |" : " |-");
        end_line(w, p->key);
        write_lines(w, n, indent + 2);
    } else if (n->kind == NODE_SCALAR) {
        buf_char(w->out, ' ');
        write_scalar(w->out, n, false);
        end_line(w, p->key);
    } else if ((!is_key(p->key, blocks) || n->n_items == 0) &&
               (line = in_line(w, n, line_width(w->out) + 1))) {
        buf_printf(w->out, " %s", line);
        end_line(w, p->key);
    } else {
        end_line(w, p->key);
        if (n->kind == NODE_LIST) {
            write_list(w, n, indent + 2, is_key(p->key, members));
        } else {
            write_map(w, n, indent + 2, false);
        }
    }
}

static void write_pair(struct writer *w, const struct node_pair *p, size_t indent, bool root)
{
    /* In a list the first key stands behind its dash. */
    if (line_width(w->out) == 0) {
        if (root && w->out->n > 0 && is_key(p->key, blocks)) {
            buf_char(w->out, '\n');
        }
        buf_repeat(w->out, " ", indent);
    }
    write_scalar(w->out, p->key, false);
    buf_char(w->out, ':');
    write_value(w, p, indent);
}

/* The pairs whose key is among the words, in the order of the file. */
static void write_pairs(struct writer *w, const struct node *map, const char *const *words,
                        size_t indent, bool root)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (is_key(map->pairs[i].key, words)) {
            write_pair(w, &map->pairs[i], indent, root);
        }
    }
}

/* In the order of the words. */
static void write_ordered(struct writer *w, const struct node *map, const char *const *words,
                          size_t indent, bool root)
{
    for (; *words; words++) {
        const char *const one[] = {*words, NULL};
        write_pairs(w, map, one, indent, root);
    }
}

static const char *const names[] = {"kaoping", "id",    "title",  "period",  "issued",
                                    "for",     "total", "points", "classes", NULL};
static const char *const dictionary[] = {"periods", "fields", "columns", NULL};
static const char *const sheet[] = {"items", "sections", NULL};
static const char *const outcome[] = {"bonus", "deductions", "gates", "grades", "ranking", NULL};

static void write_map(struct writer *w, const struct node *map, size_t indent, bool root)
{
    bool named = root;
    for (uint32_t i = 0; i < map->n_items; i++) {
        named = named || node_is(map->pairs[i].key, "id");
    }
    if (named) {
        write_ordered(w, map, names, indent, root);
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        const struct node *key = map->pairs[i].key;
        bool later = is_key(key, dictionary) || is_key(key, sheet) || is_key(key, outcome);
        if (!(named && is_key(key, names)) && !(root && later)) {
            write_pair(w, &map->pairs[i], indent, root);
        }
    }
    if (root) {
        write_ordered(w, map, dictionary, indent, root);
        write_pairs(w, map, sheet, indent, root);
        write_ordered(w, map, outcome, indent, root);
    }
}

void node_write(struct arena *a, const struct node *root, bool origins, struct buf *out)
{
    struct writer w = {a, out, origins};
    if (root->kind == NODE_MAP) {
        write_map(&w, root, 0, true);
    } else if (root->kind == NODE_LIST) {
        write_list(&w, root, 0, false);
    } else {
        write_scalar(out, root, false);
        end_line(&w, root);
    }
}
