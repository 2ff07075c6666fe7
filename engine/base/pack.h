/*
 * pack.h - values as bytes between processes that were one program before a fork: numbers as they
 * lie in memory, texts with their length, places with the address of their source, which was made
 * before the fork and so means the same on both sides.
 */
#ifndef KAOPING_PACK_H
#define KAOPING_PACK_H

#include "base/buf.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

void pack_bytes(struct buf *b, const void *at, size_t n);
void pack_u32(struct buf *b, uint32_t value);
void pack_double(struct buf *b, double value);
void pack_text(struct buf *b, const char *text); /* may be NULL */
void pack_span(struct buf *b, span at);

/* Reads in the same order. What does not fit (a sender that lies) gives zeros and sets `broken`. */
struct unpack {
    const char *at;
    size_t n;
    bool broken;
};

void unpack_bytes(struct unpack *u, void *into, size_t n);
uint32_t unpack_u32(struct unpack *u);
double unpack_double(struct unpack *u);
const char *unpack_text(struct unpack *u, struct arena *a); /* in arena a, or NULL */
span unpack_span(struct unpack *u);

#endif
