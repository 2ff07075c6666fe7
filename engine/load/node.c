/*
 * node.c - what is common to documents whatever their syntax: getters, unknown and repeated keys,
 * the dump.
 */
#include "load/node.h"

#include "base/i18n.h"
#include "base/map.h"

#include <string.h>

/* Up to so many keys are compared with each other; a map is made for more. */
#define FEW_KEYS 12U
/* For more unknown keys in one map nobody asks what was meant. */
#define UNKNOWN_MOST 20U

bool node_is(const struct node *n, const char *text)
{
    return n->kind == NODE_SCALAR && str_is(node_str(n), text);
}

/* The first pair with the key of this one, which may be itself. */
static uint32_t first_with_key(const struct node *map, uint32_t pair)
{
    uint32_t i = 0;
    while (i < pair && !str_eq(node_str(map->pairs[i].key), node_str(map->pairs[pair].key))) {
        i++;
    }
    return i;
}

/* So many keys are looked at without a map. */
#define SOME_KEYS 128U
#define CHAINS 256U

/* By its length and its ends: keys with a common beginning are told apart by the other one. */
static uint8_t kind_of(str key)
{
    uint32_t from = 0, to = 0;
    size_t n = key.n < sizeof from ? key.n : sizeof from;
    memcpy(&from, key.at, n);
    memcpy(&to, key.at + key.n - n, n);
    uint64_t bits = ((uint64_t)from << 32 | to) ^ key.n;
    return (uint8_t)((bits * UINT64_C(0x9E3779B97F4A7C15)) >> 56);
}

/* Whether all are different, as they mostly are. False: so, or nobody has looked. */
static bool differ(const struct node *map)
{
    uint8_t first[CHAINS], next[SOME_KEYS]; /* the newest key of a kind, the one before; from 1 */
    if (map->n_items > SOME_KEYS) {
        return false;
    }
    memset(first, 0, sizeof first);
    for (uint32_t i = 0; i < map->n_items; i++) {
        str key = node_str(map->pairs[i].key);
        uint8_t *chain = &first[kind_of(key)];
        for (uint8_t k = *chain; k > 0; k = next[k - 1]) {
            if (str_eq(key, node_str(map->pairs[k - 1].key))) {
                return false;
            }
        }
        next[i] = *chain;
        *chain = (uint8_t)(i + 1);
    }
    return true;
}

void node_repeated_keys(struct arena *a, struct diag *d, struct node *map)
{
    if (differ(map)) {
        return;
    }
    struct arena_mark mark = arena_mark(a);
    struct map seen = {0};
    VEC(uint32_t) repeats = {0};
    bool many = map->n_items > FEW_KEYS;
    for (uint32_t i = 0; i < map->n_items; i++) {
        uint32_t first =
            many ? map_put(a, &seen, node_str(map->pairs[i].key), i) : first_with_key(map, i);
        if (first == i) {
            continue;
        }
        *vec_push(a, &repeats) = i;
        /* A line that stands twice, with its content below the second. */
        if (map->pairs[first].value->is_null) {
            map->pairs[first].value = map->pairs[i].value;
        }
    }
    if (repeats.n == 0) {
        arena_reset(a,
                    mark); /* findings may live in the same arena, so only where there are none */
        return;
    }
    const struct node *key = map->pairs[repeats.at[0]].key;
    uint32_t first = many ? map_get(&seen, node_str(key)) : first_with_key(map, repeats.at[0]);
    diag_add(d, FINDING_DUPLICATE_KEY, key->at, _("the key '%.*s' stands here a second time"),
             STR_ARG(node_str(key)));
    if (repeats.n > 1) {
        diag_hint(d,
                  _("so do %u more keys after it: is a line missing with which something new "
                    "begins, such as '- id: ...'?"),
                  repeats.n - 1);
        map->bad = true;
    }
    diag_note(d, map->pairs[first].key->at, _("here it stands first"));
    map->pairs[repeats.at[0]].used = true;
}

struct node *node_map_of(struct arena *a, const char *key, struct node *value)
{
    struct node *map = ARENA_NEW(a, struct node);
    map->kind = NODE_MAP;
    map->pairs = ARENA_NEW(a, struct node_pair);
    map->pairs->key = ARENA_NEW(a, struct node);
    *map->pairs->key = (struct node){.text = key, .n = strlen(key), .at = value->at};
    map->pairs->value = value;
    map->n_items = 1;
    map->at = value->at;
    return map;
}

struct node *node_get(struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP) {
        return NULL;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (str_is(node_str(map->pairs[i].key), key)) {
            map->pairs[i].used = true;
            return map->pairs[i].value;
        }
    }
    return NULL;
}

static void offer_known(struct nearest *near, const struct node *map, const char *const *known)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (map->pairs[i].used) {
            nearest_offer(near, map->pairs[i].key->text);
        }
    }
    for (; known && *known; known++) {
        nearest_offer(near, *known);
    }
}

void node_keys_astray(struct diag *d, const struct node *map, uint32_t first, uint32_t n)
{
    bool fields = true;
    for (uint32_t i = first; i < first + n; i++) {
        const struct node *value = map->pairs[i].value;
        bool typed = false;
        for (uint32_t k = 0; value->kind == NODE_MAP && k < value->n_items; k++) {
            typed = typed || node_is(value->pairs[k].key, "type");
        }
        fields = fields && typed;
    }
    diag_add(d, FINDING_UNKNOWN_KEY, map->pairs[first].key->at,
             _("unknown keys '%.*s', '%.*s' and %u more"), STR_ARG(node_str(map->pairs[first].key)),
             STR_ARG(node_str(map->pairs[first + 1].key)), n - 2);
    if (fields) {
        diag_hint(d, _("is the line `%s:` missing above them?"), "fields");
    } else {
        diag_hint(d, _("is a line missing above them with which a block begins, or are they "
                       "indented wrongly?"));
    }
}

/* How many keys from this one on nobody asked for. */
static uint32_t count_unknown(const struct node *map, uint32_t first)
{
    uint32_t n = 0;
    while (first + n < map->n_items && !map->pairs[first + n].used &&
           !map->pairs[first + n].key->bad) {
        n++;
    }
    return n;
}

void node_unknown_keys(struct diag *d, struct node *map, const char *const *known)
{
    uint32_t n_unknown = 0;
    if (!map || map->kind != NODE_MAP || map->bad) {
        return;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        struct node_pair *pair = &map->pairs[i];
        if (pair->used || pair->key->bad) {
            continue;
        }
        uint32_t in_a_row = count_unknown(map, i);
        if (in_a_row >= NODE_KEYS_ASTRAY) {
            node_keys_astray(d, map, i, in_a_row);
            for (; in_a_row > 1; in_a_row--) {
                map->pairs[i++].key->bad = true;
            }
            map->pairs[i].key->bad = true;
            continue;
        }
        struct nearest near = {.name = node_str(pair->key)};
        if (n_unknown++ < UNKNOWN_MOST) {
            offer_known(&near, map, known);
        }
        diag_add(d, FINDING_UNKNOWN_KEY, pair->key->at, _("unknown key '%.*s'"),
                 STR_ARG(node_str(pair->key)));
        diag_did_you_mean(d, nearest_name(&near, d->arena));
        pair->key->bad = true;
    }
}

static const char *kind_text(const struct node *n)
{
    if (n->is_null) {
        return _("nothing");
    }
    switch (n->kind) {
    case NODE_SCALAR:
        return _("text");
    case NODE_LIST:
        return _("a list");
    case NODE_MAP:
        break;
    }
    return _("a map (key: value)");
}

void node_expect(struct diag *d, struct node *n, const char *what)
{
    if (n->bad) {
        return;
    }
    n->bad = true;
    diag_add(d, FINDING_WRONG_KIND, n->at, _("%s is needed here, not %s"), what, kind_text(n));
}

/* ---- dump ---- */

/* Places are counted onwards from the last one: asking for each anew would be quadratic. */
struct dump {
    struct buf *out;
    size_t offset;
    uint32_t line, column;
};

static void dump_place(struct dump *d, span at)
{
    if (!at.source) {
        return;
    }
    if (at.offset < d->offset) {
        *d = (struct dump){d->out, 0, 1, 1};
    }
    for (; d->offset < at.offset && d->offset < at.source->n; d->offset++) {
        char c = at.source->text[d->offset];
        if (c == '\n') {
            d->line++;
            d->column = 1;
        } else if (((unsigned char)c & 0xC0) != 0x80) {
            d->column++;
        }
    }
    buf_printf(d->out, "  @%u:%u", d->line, d->column);
}

static void dump_scalar(struct buf *out, const struct node *n)
{
    if (n->is_null) {
        buf_text(out, "null");
        return;
    }
    if (n->quoted) {
        buf_char(out, '"');
    }
    for (size_t i = 0; i < n->n; i++) {
        unsigned char c = (unsigned char)n->text[i];
        if (c < 0x20 || c == 0x7F) {
            buf_printf(out, "\\x%02x", c);
        } else {
            buf_char(out, (char)c);
        }
    }
    if (n->quoted) {
        buf_char(out, '"');
    }
}

static void dump_node(struct dump *d, const struct node *n, size_t depth)
{
    if (n->kind == NODE_SCALAR) {
        dump_scalar(d->out, n);
        dump_place(d, n->at);
        buf_char(d->out, '\n');
        return;
    }
    buf_text(d->out, n->kind == NODE_LIST ? "list" : "map");
    dump_place(d, n->at);
    buf_char(d->out, '\n');
    for (uint32_t i = 0; i < n->n_items; i++) {
        buf_repeat(d->out, "  ", depth + 1);
        if (n->kind == NODE_LIST) {
            buf_text(d->out, "- ");
            dump_node(d, n->items[i], depth + 1);
        } else {
            dump_scalar(d->out, n->pairs[i].key);
            buf_text(d->out, ": ");
            dump_node(d, n->pairs[i].value, depth + 1);
        }
    }
}

void node_dump(const struct node *n, struct buf *out)
{
    struct dump d = {out, 0, 1, 1};
    dump_node(&d, n, 0);
}
