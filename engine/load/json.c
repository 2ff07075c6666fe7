/*
 * json.c - JSON to nodes, by RFC 8259 to the letter: what other tools would read differently is an
 * error.
 *
 * Numbers keep their digits as text (12.50 stays 12.50, never a double), true and false become the
 * texts "true" and "false", null a scalar that is_null.
 */
#include "load/json_reader.h"

#include "base/i18n.h"

#include <string.h>

/* Lists that are as long as the data: the root, or right in it. */
#define DEPTH_PASSED 2

static struct node *read_value(struct json_reader *r);

/* ---- lists and maps ---- */

/* After an element: true if another one follows. */
static bool another(struct json_reader *r, char close)
{
    json_skip_space(r);
    if (json_peek(r) == ',') {
        size_t comma = r->at++;
        json_skip_space(r);
        if (json_peek(r) == close) {
            json_fail(r, comma, 1, _("a comma stands before the closing bracket"));
        }
        return !r->failed;
    }
    if (json_peek(r) != close) {
        json_fail_here(r, close == ']' ? _("',' or ']'") : _("',' or '}'"));
    }
    return false;
}

static bool enter(struct json_reader *r, char close)
{
    r->at++;
    json_skip_space(r);
    if (++r->depth > NODE_DEPTH_MOST) {
        json_fail(r, r->at - 1, 1, _("lists and maps are nested too deep"));
        return false;
    }
    return json_peek(r) != close;
}

static void leave(struct json_reader *r, struct node *n)
{
    r->depth--;
    r->at += !r->failed;
    n->at.length = r->at - n->at.offset;
}

/* What is said of an element stays, the element does not. */
static void pass_elements(struct json_reader *r, struct node *list)
{
    struct arena *kept = r->arena, *passing = r->passing;
    struct arena_mark mark = arena_mark(passing);
    r->arena = passing;
    r->passing = NULL;
    do {
        read_value(r);
        list->n_passed += list->n_passed < UINT32_MAX;
        arena_reset(passing, mark);
    } while (!r->failed && another(r, ']'));
    r->arena = kept;
    r->passing = passing;
}

static struct node *read_list(struct json_reader *r)
{
    struct node *n = json_new_node(r, NODE_LIST, r->at);
    uint32_t first = r->stack.n;
    bool any = enter(r, ']');
    if (any && r->passing && r->depth <= DEPTH_PASSED) {
        pass_elements(r, n);
        if (r->failed) {
            return NULL;
        }
    } else if (any) {
        do {
            struct node *item = read_value(r);
            if (r->failed) {
                return NULL;
            }
            *vec_push(&r->stacks, &r->stack) = item;
        } while (another(r, ']'));
    }
    leave(r, n);
    n->n_items = r->stack.n - first;
    n->items = ARENA_ARRAY(r->arena, struct node *, n->n_items);
    for (uint32_t i = 0; i < n->n_items; i++) {
        n->items[i] = r->stack.at[first + i];
    }
    r->stack.n = first;
    return n;
}

static void read_pair(struct json_reader *r)
{
    json_skip_space(r);
    if (json_peek(r) != '"') {
        json_fail_here(r, _("a key in \"…\""));
        return;
    }
    struct node *key = json_read_string(r);
    json_skip_space(r);
    if (r->failed || json_peek(r) != ':') {
        json_fail_here(r, _("':' behind the key"));
        return;
    }
    r->at++;
    struct node *value = read_value(r);
    if (!r->failed) {
        *vec_push(&r->stacks, &r->stack) = key;
        *vec_push(&r->stacks, &r->stack) = value;
    }
}

static struct node *read_map(struct json_reader *r)
{
    struct node *n = json_new_node(r, NODE_MAP, r->at);
    uint32_t first = r->stack.n;
    if (enter(r, '}')) {
        do {
            read_pair(r);
            if (r->failed) {
                return NULL;
            }
        } while (another(r, '}'));
    }
    leave(r, n);
    n->n_items = (r->stack.n - first) / 2;
    n->pairs = ARENA_ARRAY(r->arena, struct node_pair, n->n_items);
    for (uint32_t i = 0; i < n->n_items; i++) {
        struct node **pair = r->stack.at + first + 2 * i;
        n->pairs[i] = (struct node_pair){pair[0], pair[1], false};
    }
    r->stack.n = first;
    if (!r->failed) {
        node_repeated_keys(r->arena, r->diag, n);
    }
    return n;
}

static struct node *read_value(struct json_reader *r)
{
    json_skip_space(r);
    switch (json_peek(r)) {
    case '{':
        return read_map(r);
    case '[':
        return read_list(r);
    case '"':
        return json_read_string(r);
    default:
        return json_read_bare(r);
    }
}

/* ---- documents ---- */

static struct json_reader reader_of(struct arena *a, struct diag *d, const struct source *s)
{
    return (struct json_reader){.arena = a, .diag = d, .source = s, .text = s->text, .n = s->n};
}

static bool is_text(struct diag *d, const struct source *s)
{
    size_t bad = utf8_valid(s->text, s->n);
    if (bad < s->n) {
        diag_add(d, FINDING_SYNTAX, (span){s, bad, 1}, _("this byte is not UTF-8 text"));
    }
    return bad == s->n;
}

static struct node *read_root(struct json_reader *r)
{
    json_skip_space(r);
    if (r->at == r->n) {
        diag_add(r->diag, FINDING_SYNTAX, (span){r->source, 0, 0}, _("the file is empty"));
        return NULL;
    }
    struct node *root = read_value(r);
    json_skip_space(r);
    if (!r->failed && r->at < r->n) {
        json_fail_here(r, _("the end of the file"));
    }
    arena_release(&r->stacks);
    return r->failed ? NULL : root;
}

struct node *json_read(struct arena *a, struct diag *d, const struct source *s)
{
    struct json_reader r = reader_of(a, d, s);
    return is_text(d, s) ? read_root(&r) : NULL;
}

/* ---- one after the other ---- */

struct node *json_read_frame(struct arena *a, struct diag *d, const struct source *s)
{
    struct arena passing = {0};
    struct json_reader r = reader_of(a, d, s);
    r.passing = &passing;
    struct node *root = is_text(d, s) ? read_root(&r) : NULL;
    arena_release(&passing);
    return root;
}

struct json_units {
    struct json_reader reader;
    struct arena scratch, said;
    struct arena_mark mark;
    struct diag quiet;
    bool list, more; /* in a list: another element follows */
};

static struct json_units *units_new(struct arena *a, const struct source *s)
{
    struct json_units *u = ARENA_NEW(a, struct json_units);
    diag_init(&u->quiet, &u->said);
    u->mark = arena_mark(&u->scratch);
    u->reader = reader_of(&u->scratch, &u->quiet, s);
    return u;
}

struct json_units *json_units_of(struct arena *a, const struct node *list)
{
    struct json_units *u = units_new(a, list->at.source);
    u->list = true;
    u->reader.at = list->at.offset;
    u->reader.depth = 1; /* as it was when the file was read */
    u->more = enter(&u->reader, ']');
    return u;
}

struct json_units *json_units_of_lines(struct arena *a, struct diag *d, const struct source *s)
{
    struct json_units *u = units_new(a, s);
    u->reader.diag = d;
    u->reader.in_line = true;
    return is_text(d, s) ? u : NULL;
}

static struct node *next_element(struct json_units *u)
{
    struct node *n = u->more ? read_value(&u->reader) : NULL;
    u->more = u->more && another(&u->reader, ']');
    return n;
}

/* The value that is all of the line, or NULL after a finding. */
static struct node *read_line(struct json_reader *r)
{
    struct node *n = read_value(r);
    json_skip_space(r);
    if (!r->failed && r->at < r->n) {
        json_fail_here(r, _("the end of the line"));
    }
    return r->failed ? NULL : n;
}

/* A line that is wrong is passed over; nothing that it leaves unfinished reaches the next. */
static struct node *next_line(struct json_units *u)
{
    struct json_reader *r = &u->reader;
    struct node *n = NULL;
    while (!n) {
        r->n = r->source->n;
        json_skip_space(r);
        if (r->at == r->n) {
            return NULL;
        }
        const char *end = memchr(r->text + r->at, '\n', r->n - r->at);
        r->n = end ? (size_t)(end - r->text) : r->n;
        n = read_line(r);
        r->at = r->n;
        r->depth = 0;
        r->stack.n = 0;
        r->failed = false;
    }
    return n;
}

struct node *json_units_next(struct json_units *u)
{
    arena_reset(&u->scratch, u->mark);
    return u->list ? next_element(u) : next_line(u);
}

size_t json_units_at(const struct json_units *u) { return u->reader.at; }

void json_units_release(struct json_units *u)
{
    arena_release(&u->scratch);
    arena_release(&u->said);
    arena_release(&u->reader.stacks);
}

struct node *json_read_again(struct arena *a, const struct source *s, size_t offset)
{
    struct arena said = {0};
    struct diag quiet;
    diag_init(&quiet, &said);
    struct json_reader r = reader_of(a, &quiet, s);
    r.at = offset;
    struct node *n = read_value(&r);
    arena_release(&r.stacks);
    arena_release(&said);
    return n;
}
