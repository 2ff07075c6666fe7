/* pack.c - see pack.h. */
#include "base/pack.h"

#include <string.h>

void pack_bytes(struct buf *b, const void *at, size_t n) { buf_add(b, at, n); }

void pack_u32(struct buf *b, uint32_t value) { pack_bytes(b, &value, sizeof value); }

void pack_double(struct buf *b, double value) { pack_bytes(b, &value, sizeof value); }

void pack_text(struct buf *b, const char *text)
{
    uint32_t n = text ? (uint32_t)strlen(text) : UINT32_MAX;
    pack_u32(b, n);
    if (text) {
        pack_bytes(b, text, n);
    }
}

void pack_span(struct buf *b, span at) { pack_bytes(b, &at, sizeof at); }

void unpack_bytes(struct unpack *u, void *into, size_t n)
{
    if (u->broken || u->n < n) {
        u->broken = true;
        memset(into, 0, n);
        return;
    }
    memcpy(into, u->at, n);
    u->at += n;
    u->n -= n;
}

uint32_t unpack_u32(struct unpack *u)
{
    uint32_t value;
    unpack_bytes(u, &value, sizeof value);
    return value;
}

double unpack_double(struct unpack *u)
{
    double value;
    unpack_bytes(u, &value, sizeof value);
    return value;
}

const char *unpack_text(struct unpack *u, struct arena *a)
{
    uint32_t n = unpack_u32(u);
    if (n == UINT32_MAX || u->broken || u->n < n) {
        u->broken = u->broken || n != UINT32_MAX;
        return NULL;
    }
    const char *text = arena_text(a, u->at, n);
    u->at += n;
    u->n -= n;
    return text;
}

span unpack_span(struct unpack *u)
{
    span at;
    unpack_bytes(u, &at, sizeof at);
    return at;
}
