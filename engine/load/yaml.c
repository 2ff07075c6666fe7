/*
 * yaml.c - YAML to nodes, on libyaml's events. The only file that knows libyaml.
 *
 * Scalars stay text. What would make a rubric mean something else than its reader sees is refused:
 * repeated keys, keys without a value, merge keys (<<), tags, several documents, keys that are no
 * text, nesting deeper than NODE_DEPTH_MOST.
 *
 * An alias (*name) becomes a copy of what stands at its anchor (&name), with the places that it has
 * there. Copies are counted, so that a few lines cannot grow into gigabytes.
 *
 * libyaml's marks count characters from 0; our spans count bytes. Events come almost in the order
 * of the text, so a cursor that walks along converts them in linear time:
 *
 *   text    标 题 :   1        cursor {chars: 4, bytes: 8}, asked for character 5: one step on
 *   chars   0  1  2 3 4
 *   bytes   0  3  6 7 8
 *
 * Open lists and maps keep their elements on one common stack and take them off, in an array of
 * exactly the right size, when they are closed.
 */
#include "load/node.h"

#include "base/i18n.h"
#include "base/map.h"
#include "load/node_pack.h"

#include <string.h>
#include <yaml.h>

/* Nodes that all aliases of a document may come to. */
#define COPIES_MOST 10000U

struct frame { /* a list or map that is still open */
    struct node *node;
    uint32_t first; /* its elements on the stack; a map's: key, value, key, ... */
    bool flow;
};

struct reader {
    struct arena *arena;        /* of nodes */
    struct arena own;           /* of what is gone when the file is read */
    struct arena *kept;         /* of nodes that are not passed on */
    struct yaml_passed *passed; /* where elements of long lists go to; NULL: they stay */
    struct node *list;          /* the one that is open, whose elements go there; or NULL */
    struct diag *diag;
    const struct source *source;
    yaml_parser_t parser;
    size_t chars, bytes; /* the cursor */
    VEC(struct frame) frames;
    VEC(struct node *) stack;
    struct map anchors; /* name -> index into anchored */
    VEC(struct node *) anchored;
    uint32_t n_copies;
    struct node *root;
    bool done, failed;
};

/* ---- places ---- */

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static size_t offset_of(struct reader *r, size_t chars)
{
    const char *text = r->source->text;
    size_t n = r->source->n;
    while (r->chars < chars && r->bytes < n) {
        uint64_t eight;
        if (chars - r->chars >= sizeof eight && n - r->bytes > sizeof eight) {
            memcpy(&eight, text + r->bytes, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0 &&
                !is_continuation(text[r->bytes + 8])) {
                r->bytes += sizeof eight;
                r->chars += sizeof eight;
                continue;
            }
        }
        do {
            r->bytes++;
        } while (r->bytes < n && is_continuation(text[r->bytes]));
        r->chars++;
    }
    while (r->chars > chars && r->bytes > 0) {
        do {
            r->bytes--;
        } while (r->bytes > 0 && is_continuation(text[r->bytes]));
        r->chars--;
    }
    return r->bytes;
}

static span span_of(struct reader *r, yaml_mark_t from, yaml_mark_t to)
{
    size_t start = offset_of(r, from.index);
    size_t end = offset_of(r, to.index);
    return (span){r->source, start, end > start ? end - start : 0};
}

/* One character; nothing at the end of the text. */
static span span_at(struct reader *r, size_t offset)
{
    uint32_t c;
    size_t n = r->source->n;
    size_t length = offset < n ? utf8_decode(r->source->text + offset, n - offset, &c) : 0;
    return (span){r->source, offset, length};
}

/* ---- what libyaml says, in words for people who do not know YAML ---- */

struct problem {
    const char *problem; /* libyaml's words */
    bool at_start;       /* the place is where the construct begins, not where it fails */
    const char *text, *hint;
};

static const struct problem problems[] = {
    {"found unexpected end of stream", true, N_("the quotation mark opened here is never closed"),
     NULL},
    {"found unexpected document indicator", true,
     N_("the quotation mark opened here is never closed"), NULL},
    {"mapping values are not allowed in this context", false,
     N_("a ': ' stands where no key can be"),
     N_("text that contains ': ' needs quotes; otherwise look at the indentation")},
    {"could not find expected ':'", true, N_("this line is no key: there is no ': ' behind it"),
     N_("text that goes on over several lines must be indented further than its key")},
    {"did not find expected key", false,
     N_("a key is needed here; the indentation fits none of the lines above"), NULL},
    {"did not find expected '-' indicator", false,
     N_("a list's next '- ' is needed here; the indentation fits none of the lines above"), NULL},
    {"did not find expected ',' or '}'", false, N_("',' or '}' is missing before this"),
     N_("inside { } text that contains a comma, a colon or a bracket needs quotes")},
    {"did not find expected ',' or ']'", false, N_("',' or ']' is missing before this"),
     N_("inside [ ] text that contains a comma, a colon or a bracket needs quotes")},
    {"did not find expected node content", false, N_("a value is needed here"), NULL},
    {"block sequence entries are not allowed in this context", false,
     N_("'- ' cannot stand here: a list begins on a line of its own"),
     N_("text that begins with '- ' needs quotes")},
    {"mapping keys are not allowed in this context", false, N_("'? ' cannot stand here"),
     N_("text that begins with '? ' needs quotes")},
    {"found a tab character that violates indentation", false, N_("a tab is used to indent"),
     N_("indent with spaces")},
    {"found a tab character where an indentation space is expected", false,
     N_("a tab is used to indent"), N_("indent with spaces")},
    {"did not find expected alphabetic or numeric character", false,
     N_("text that begins with * or & needs quotes"), NULL},
    {"found undefined tag handle", false, N_("text that begins with ! needs quotes"), NULL},
    {"did not find expected tag URI", false, N_("text that begins with ! needs quotes"), NULL},
    {"did not find expected '!'", false, N_("text that begins with ! needs quotes"), NULL},
    {"did not find expected whitespace or line break", false,
     N_("text that begins with ! needs quotes"), NULL},
    {"did not find expected comment or line break", false,
     N_("nothing may stand behind | or > in this line"),
     N_("text that begins with | or > needs quotes")},
    {"found unknown escape character", false, N_("no such escape with \\ in a text in \"…\""),
     N_("in single quotes '…' a \\ is only a \\")},
    {"did not find expected hexdecimal number", false,
     N_("hexadecimal digits are needed after \\x, \\u or \\U"), NULL},
    {"found invalid Unicode character escape code", false, N_("there is no such character"), NULL},
    {"did not find expected <document start>", false,
     N_("the document is over before this; a bracket too many, or a wrong indentation?"), NULL},
    {"control characters are not allowed", false, N_("a control character stands in the text"),
     NULL},
    /* xgettext:no-c-format */
    {"could not find expected directive name", false, N_("text that begins with % needs quotes"),
     NULL},
    /* xgettext:no-c-format */
    {"found unknown directive name", false, N_("text that begins with % needs quotes"), NULL},
};

static const struct problem *known_problem(const char *problem)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        if (strcmp(problems[i].problem, problem) == 0) {
            return &problems[i];
        }
    }
    return NULL;
}

/* A full-width colon looks like a key's colon and is none: the most common slip of all. */
static bool hint_at_wide_colon(struct reader *r, size_t from, size_t to)
{
    const char *text = r->source->text;
    while (from > 0 && text[from - 1] != '\n') {
        from--;
    }
    while (to < r->source->n && text[to] != '\n') {
        to++;
    }
    const char *colon = memmem(text + from, to - from, "\xEF\xBC\x9A", 3);
    if (!colon) {
        return false;
    }
    diag_hint(r->diag, _("behind a key stands ': ', a half-width colon and a space, not '：'"));
    return true;
}

static void report_character(struct reader *r, size_t offset)
{
    char c = offset < r->source->n ? r->source->text[offset] : '\0';
    span at = span_at(r, offset);
    if (c == '\t') {
        diag_add(r->diag, FINDING_SYNTAX, at, _("a tab is used to indent"));
        diag_hint(r->diag, _("indent with spaces"));
        return;
    }
    diag_add(r->diag, FINDING_SYNTAX, at, _("text that begins with %c needs quotes"), c);
}

static void report_problem(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    r->failed = true;
    if (p->error == YAML_MEMORY_ERROR || !p->problem) {
        diag_add(r->diag, FINDING_SYNTAX, span_at(r, 0), _("the file cannot be read as YAML"));
        return;
    }
    const struct problem *known = known_problem(p->problem);
    size_t problem =
        p->error == YAML_READER_ERROR ? p->problem_offset : offset_of(r, p->problem_mark.index);
    problem = problem < r->source->n ? problem : r->source->n;
    if (strcmp(p->problem, "found character that cannot start any token") == 0) {
        report_character(r, problem);
        return;
    }
    bool has_start = p->context && p->error != YAML_READER_ERROR;
    size_t start = has_start ? offset_of(r, p->context_mark.index) : problem;
    size_t place = known && known->at_start ? start : problem;
    if (known) {
        diag_add(r->diag, FINDING_SYNTAX, span_at(r, place), "%s", _(known->text));
    } else {
        diag_add(r->diag, FINDING_SYNTAX, span_at(r, place), _("this is not well-formed YAML (%s)"),
                 p->problem);
    }
    /* The line above may be the one with the slip: a text goes on until something stops it. */
    size_t above = place;
    while (above > 0 && r->source->text[above - 1] != '\n') {
        above--;
    }
    if (!hint_at_wide_colon(r, above > 0 ? above - 1 : 0, place) && known && known->hint) {
        diag_hint(r->diag, "%s", _(known->hint));
    }
    if (start != place && start < place) {
        diag_note(r->diag, span_at(r, start), _("this begins here"));
    }
}

static void fail(struct reader *r, span at, const char *text)
{
    diag_add(r->diag, FINDING_SYNTAX, at, "%s", text);
    r->failed = true;
}

/* ---- events ---- */

static bool wants_key(const struct reader *r)
{
    if (r->frames.n == 0) {
        return false;
    }
    const struct frame *top = &r->frames.at[r->frames.n - 1];
    return top->node->kind == NODE_MAP && (r->stack.n - top->first) % 2 == 0;
}

static void add_node(struct reader *r, struct node *n)
{
    if (r->frames.n == 0) {
        r->root = n;
        return;
    }
    *vec_push(&r->own, &r->stack) = n;
}

/* A scalar that is not there at all: `key:` and nothing behind it. */
static void add_nothing(struct reader *r, struct node *n)
{
    n->is_null = true;
    const struct frame *top = r->frames.n > 0 ? &r->frames.at[r->frames.n - 1] : NULL;
    if (!top) {
        fail(r, (span){r->source, 0, 0}, _("the file is empty"));
        return;
    }
    if (wants_key(r)) {
        fail(r, n->at, _("a key is missing before this ':'"));
        return;
    }
    n->bad = top->node->kind == NODE_MAP;
    add_node(r, n);
}

/* Reported when the map is closed: before that, a slip in the syntax may be the true reason. */
static void report_no_value(struct reader *r, const struct node *map, bool flow)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        const struct node *key = map->pairs[i].key;
        if (!map->pairs[i].value->is_null) {
            continue;
        }
        diag_add(r->diag, FINDING_NO_VALUE, key->at, _("the key '%.*s' has no value"),
                 STR_ARG(node_str(key)));
        if (flow) {
            diag_hint(r->diag, _("inside { } a key is followed by ': ', and text that contains a "
                                 "comma needs quotes"));
        } else {
            diag_hint(r->diag, _("leave the key out, or write \"\" for an empty text"));
        }
    }
}

/* To libyaml what has an anchor begins with it. */
static void skip_anchor(struct node *n, size_t length)
{
    const struct source *s = n->at.source;
    size_t from = n->at.offset, at = from + length;
    if (from >= s->n || s->text[from] != '&' || at > s->n) {
        return;
    }
    while (at < s->n && strchr(" \t\r\n", s->text[at])) {
        at++;
    }
    n->at.offset = at;
    n->at.length -= n->at.length < at - from ? n->at.length : at - from;
}

/* A tag is refused; an anchor is noted, the newest of a name. */
static void note_anchor(struct reader *r, struct node *n, const yaml_char_t *anchor,
                        const yaml_char_t *tag)
{
    if (tag) {
        fail(r, n->at, _("tags (!name) are not used here; text that begins with ! needs quotes"));
        return;
    }
    if (!anchor) {
        return;
    }
    str name = str_of((const char *)anchor);
    skip_anchor(n, name.n + 1);
    uint32_t slot = map_get(&r->anchors, name);
    if (slot != MAP_NONE) {
        r->anchored.at[slot] = n;
        return;
    }
    name.at = arena_text(&r->own, name.at, name.n);
    map_put(&r->own, &r->anchors, name, r->anchored.n);
    *vec_push(&r->own, &r->anchored) = n;
}

/* ---- aliases ---- */

static bool is_open(const struct reader *r, const struct node *n)
{
    for (uint32_t i = 0; i < r->frames.n; i++) {
        if (r->frames.at[i].node == n) {
            return true;
        }
    }
    return false;
}

/* NULL after a finding at the alias. */
static struct node *copy_node(struct reader *r, const struct node *from, size_t depth, span alias)
{
    if (++r->n_copies > COPIES_MOST) {
        diag_add(r->diag, FINDING_SYNTAX, alias,
                 _("the aliases (*name) of this file stand for more than %u values"), COPIES_MOST);
        r->failed = true;
        return NULL;
    }
    if (depth > NODE_DEPTH_MOST) {
        fail(r, alias, _("lists and maps are nested too deep"));
        return NULL;
    }
    struct node *n = ARENA_NEW(r->arena, struct node);
    *n = *from;
    if (n->kind == NODE_SCALAR) {
        n->text = arena_text(r->arena, from->text, from->n); /* may outlive the other */
    } else if (n->kind == NODE_LIST) {
        n->items = ARENA_ARRAY(r->arena, struct node *, n->n_items);
    } else if (n->kind == NODE_MAP) {
        n->pairs = ARENA_ARRAY(r->arena, struct node_pair, n->n_items);
    }
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->n_items && !r->failed; i++) {
        n->items[i] = copy_node(r, from->items[i], depth + 1, alias);
    }
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->n_items && !r->failed; i++) {
        n->pairs[i] = from->pairs[i];
        n->pairs[i].key = copy_node(r, from->pairs[i].key, depth, alias);
        n->pairs[i].value = r->failed ? NULL : copy_node(r, from->pairs[i].value, depth + 1, alias);
    }
    return r->failed ? NULL : n;
}

static void read_alias(struct reader *r, const yaml_event_t *e)
{
    span at = span_of(r, e->start_mark, e->end_mark);
    str name = str_of((const char *)e->data.alias.anchor);
    uint32_t slot = map_get(&r->anchors, name);
    if (wants_key(r)) {
        fail(r, at, _("an alias (*name) cannot be a key; text that begins with * needs quotes"));
    } else if (slot == MAP_NONE) {
        diag_add(r->diag, FINDING_SYNTAX, at, _("there is no anchor &%.*s above this"),
                 STR_ARG(name));
        diag_hint(r->diag, _("text that begins with * needs quotes"));
        r->failed = true;
    } else if (is_open(r, r->anchored.at[slot])) {
        diag_add(r->diag, FINDING_SYNTAX, at, _("*%.*s stands within what it stands for"),
                 STR_ARG(name));
        r->failed = true;
    } else {
        size_t depth = r->frames.n + (r->anchored.at[slot]->kind != NODE_SCALAR);
        struct node *copy = copy_node(r, r->anchored.at[slot], depth, at);
        if (copy) {
            add_node(r, copy);
        }
    }
}

/* ---- scalars ---- */

static bool is_merge_key(const struct reader *r, const struct node *n)
{
    return wants_key(r) && !n->quoted && str_is(node_str(n), "<<");
}

static void read_scalar(struct reader *r, const yaml_event_t *e)
{
    size_t length = e->data.scalar.length;
    struct node *n = arena_alloc(r->arena, sizeof *n + length + 1); /* its text behind it */
    memcpy(n + 1, e->data.scalar.value, length);
    n->kind = NODE_SCALAR;
    n->at = span_of(r, e->start_mark, e->end_mark);
    n->n = length;
    n->text = (const char *)(n + 1);
    n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    note_anchor(r, n, e->data.scalar.anchor, e->data.scalar.tag);
    if (r->failed) {
        return;
    }
    if (is_merge_key(r, n)) {
        diag_add(r->diag, FINDING_SYNTAX, n->at, _("merge keys (<<) are not used here"));
        diag_hint(r->diag, _("write the keys out; a whole value can be repeated with *name"));
        r->failed = true;
    } else if (memchr(n->text, '\0', n->n)) {
        fail(r, n->at, _("text cannot contain the character \\0"));
    } else if (n->n == 0 && !n->quoted) {
        add_nothing(r, n);
    } else {
        add_node(r, n);
    }
}

/* ---- lists and maps ---- */

/* Right in the root, as the list of units is. What has an anchor stays: it may be asked for again.
 */
static void begin_long_list(struct reader *r, struct node *n, const yaml_char_t *anchor)
{
    bool in_root = r->frames.n == 2 && r->frames.at[0].node->kind == NODE_MAP;
    if (r->passed && in_root && n->kind == NODE_LIST && !anchor) {
        r->list = n;
        n->n = r->passed->packed.n;
        r->arena = &r->passed->nodes;
    }
}

/* An element that has just become whole goes on. Once something in one has an anchor, nothing is
 * forgotten any more. */
static void pass_element(struct reader *r)
{
    if (!r->list || r->failed || r->frames.n != 2 || r->stack.n == r->frames.at[1].first) {
        return;
    }
    node_pack(r->stack.at[--r->stack.n], &r->passed->packed);
    r->list->n_passed++;
    if (r->anchored.n == 0) {
        arena_reset(&r->passed->nodes, (struct arena_mark){0});
    }
}

static void open_frame(struct reader *r, enum node_kind kind, const yaml_event_t *e, bool flow,
                       const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct node *n = ARENA_NEW(r->arena, struct node);
    n->kind = kind;
    n->at = span_of(r, e->start_mark, e->end_mark);
    note_anchor(r, n, anchor, tag);
    if (r->failed) {
        return;
    }
    if (wants_key(r)) {
        fail(r, n->at, _("a key must be text, not a list or a map"));
        return;
    }
    if (r->frames.n == NODE_DEPTH_MOST) {
        fail(r, n->at, _("lists and maps are nested too deep"));
        return;
    }
    add_node(r, n);
    *vec_push(&r->own, &r->frames) = (struct frame){n, r->stack.n, flow};
    begin_long_list(r, n, anchor);
}

/* A block's end is only known where the next thing begins, so its place is its first element; a map
 * or list in brackets reaches to the closing one. */
static void settle_span(struct reader *r, const struct frame *f, const yaml_event_t *e)
{
    struct node *n = f->node;
    if (f->flow) {
        size_t end = offset_of(r, e->end_mark.index);
        n->at.length = end > n->at.offset ? end - n->at.offset : 1;
    } else if (n->kind == NODE_MAP && n->n_items > 0) {
        n->at = n->pairs[0].key->at;
    } else {
        n->at.length = 1;
    }
}

static void close_frame(struct reader *r, const yaml_event_t *e)
{
    struct frame f = r->frames.at[--r->frames.n];
    struct node *n = f.node;
    uint32_t count = r->stack.n - f.first;
    if (n == r->list) {
        r->list = NULL;
        r->arena = r->kept;
    }
    struct node **from = count > 0 ? r->stack.at + f.first : NULL;
    if (n->kind == NODE_LIST) {
        n->n_items = count;
        n->items = ARENA_ARRAY(r->arena, struct node *, count);
        if (count > 0) {
            memcpy(n->items, from, sizeof *from * count);
        }
    } else {
        n->n_items = count / 2;
        n->pairs = ARENA_ARRAY(r->arena, struct node_pair, n->n_items);
        for (uint32_t i = 0; i < n->n_items; i++) {
            n->pairs[i] = (struct node_pair){from[2 * i], from[2 * i + 1], false};
        }
        node_repeated_keys(r->arena, r->diag, n);
        report_no_value(r, n, f.flow);
    }
    r->stack.n = f.first;
    settle_span(r, &f, e);
}

static void read_event(struct reader *r, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (r->root) {
            fail(r, span_of(r, e->start_mark, e->end_mark),
                 _("a second document begins here; a file holds one"));
        }
        break;
    case YAML_ALIAS_EVENT:
        read_alias(r, e);
        break;
    case YAML_SCALAR_EVENT:
        read_scalar(r, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_frame(r, NODE_LIST, e, e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
                   e->data.sequence_start.anchor, e->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        open_frame(r, NODE_MAP, e, e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                   e->data.mapping_start.anchor, e->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_frame(r, e);
        break;
    case YAML_STREAM_END_EVENT:
        r->done = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static void read_events(struct reader *r)
{
    while (!r->done && !r->failed) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_problem(r);
            return;
        }
        read_event(r, &event);
        pass_element(r);
        yaml_event_delete(&event);
    }
    if (!r->failed && !r->root) {
        fail(r, (span){r->source, 0, 0}, _("the file is empty"));
    }
}

static struct node *read_file(struct arena *a, struct diag *d, const struct source *s,
                              struct yaml_passed *passed)
{
    struct reader r = {.arena = a, .kept = a, .passed = passed, .diag = d, .source = s};
    size_t bad = utf8_valid(s->text, s->n);
    if (bad < s->n) {
        diag_add(d, FINDING_SYNTAX, (span){s, bad, 1}, _("this byte is not UTF-8 text"));
        return NULL;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        diag_add(d, FINDING_SYNTAX, (span){s, 0, 0}, _("the file cannot be read as YAML"));
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)s->text, s->n);
    read_events(&r);
    yaml_parser_delete(&r.parser);
    arena_release(&r.own);
    return r.failed ? NULL : r.root;
}

struct node *yaml_read(struct arena *a, struct diag *d, const struct source *s)
{
    return read_file(a, d, s, NULL);
}

struct node *yaml_read_frame(struct arena *a, struct diag *d, const struct source *s,
                             struct yaml_passed *passed)
{
    return read_file(a, d, s, passed);
}

void yaml_passed_release(struct yaml_passed *passed)
{
    arena_release(&passed->nodes);
    buf_release(&passed->packed);
}
