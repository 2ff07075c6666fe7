/*
 * node_pack.c - see node_pack.h.
 *
 *   scalar  flags  place  length  n [text, unless IN_SOURCE]
 *   list    flags  place  length  n element ...
 *   map     flags  place  length  n key value ...
 *
 * Numbers are in groups of seven bits. A place is how far it is from the one before, forward or
 * back.
 */
#include "load/node_pack.h"

#include <string.h>

enum {
    KIND = 3,
    QUOTED = 4,
    IS_NULL = 8,
    BAD = 16,
    IN_SOURCE = 32,
    USED = 64 /* of a key: its pair is */
};

#define NUMBER_MOST 10 /* bytes of a number */

/* ---- there ---- */

struct packing {
    struct buf *out;
    size_t before; /* where the last node began */
};

static void put_number(struct buf *out, uint64_t n)
{
    char bytes[NUMBER_MOST];
    size_t k = 0;
    for (; n >= 0x80; n >>= 7) {
        bytes[k++] = (char)(n | 0x80);
    }
    bytes[k++] = (char)n;
    buf_add(out, bytes, k);
}

/* Whether the text is the source's own, behind the quotation mark if it has one. */
static bool is_in_source(const struct node *n)
{
    const struct source *s = n->at.source;
    size_t from = n->at.offset + n->quoted;
    return from <= s->n && n->n <= s->n - from && memcmp(s->text + from, n->text, n->n) == 0;
}

static void pack(struct packing *p, const struct node *n, bool used)
{
    bool in_source = n->kind == NODE_SCALAR && is_in_source(n);
    bool back = n->at.offset < p->before;
    size_t step = back ? p->before - n->at.offset : n->at.offset - p->before;
    buf_char(p->out, (char)((int)n->kind | (n->quoted ? QUOTED : 0) | (n->is_null ? IS_NULL : 0) |
                            (n->bad ? BAD : 0) | (used ? USED : 0) | (in_source ? IN_SOURCE : 0)));
    put_number(p->out, (uint64_t)step << 1 | back);
    put_number(p->out, n->at.length);
    put_number(p->out, n->kind == NODE_SCALAR ? n->n : n->n_items);
    p->before = n->at.offset;
    if (n->kind == NODE_SCALAR && !in_source) {
        buf_add(p->out, n->text, n->n);
    }
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->n_items; i++) {
        pack(p, n->items[i], false);
    }
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->n_items; i++) {
        pack(p, n->pairs[i].key, n->pairs[i].used);
        pack(p, n->pairs[i].value, false);
    }
}

void node_pack(const struct node *n, struct buf *out) { pack(&(struct packing){out, 0}, n, false); }

/* ---- and back ---- */

struct unpacking {
    struct arena *arena;
    const struct source *source;
    const char *packed;
    size_t at, before;
};

static uint64_t get_number(struct unpacking *u)
{
    uint64_t n = 0;
    unsigned char c;
    int shift = 0;
    do {
        c = (unsigned char)u->packed[u->at++];
        n |= (uint64_t)(c & 0x7f) << shift;
        shift += 7;
    } while (c >= 0x80);
    return n;
}

/* With its text behind it. */
static struct node *unpack_scalar(struct unpacking *u, size_t offset, size_t n, int flags)
{
    struct node *scalar = arena_alloc(u->arena, sizeof *scalar + n + 1);
    char *text = (char *)(scalar + 1);
    if (flags & IN_SOURCE) {
        memcpy(text, u->source->text + offset + ((flags & QUOTED) != 0), n);
    } else {
        memcpy(text, u->packed + u->at, n);
        u->at += n;
    }
    scalar->text = text;
    scalar->n = n;
    return scalar;
}

static struct node *unpack(struct unpacking *u)
{
    int flags = u->packed[u->at++];
    enum node_kind kind = (enum node_kind)(flags & KIND);
    uint64_t step = get_number(u);
    size_t offset = step & 1 ? u->before - (size_t)(step >> 1) : u->before + (size_t)(step >> 1);
    size_t length = (size_t)get_number(u), n = (size_t)get_number(u);
    struct node *node =
        kind == NODE_SCALAR ? unpack_scalar(u, offset, n, flags) : ARENA_NEW(u->arena, struct node);
    u->before = offset;
    node->kind = kind;
    node->quoted = flags & QUOTED;
    node->is_null = flags & IS_NULL;
    node->bad = flags & BAD;
    node->at = (span){u->source, offset, length};
    if (kind == NODE_LIST) {
        node->n_items = (uint32_t)n;
        node->items = ARENA_ARRAY(u->arena, struct node *, n);
    } else if (kind == NODE_MAP) {
        node->n_items = (uint32_t)n;
        node->pairs = ARENA_ARRAY(u->arena, struct node_pair, n);
    }
    for (uint32_t i = 0; kind == NODE_LIST && i < n; i++) {
        node->items[i] = unpack(u);
    }
    for (uint32_t i = 0; kind == NODE_MAP && i < n; i++) {
        node->pairs[i].used = u->packed[u->at] & USED;
        node->pairs[i].key = unpack(u);
        node->pairs[i].value = unpack(u);
    }
    return node;
}

struct node *node_unpack(struct arena *a, const struct source *s, const char *packed, size_t *at)
{
    struct unpacking u = {.arena = a, .source = s, .packed = packed, .at = *at};
    struct node *n = unpack(&u);
    *at = u.at;
    return n;
}
