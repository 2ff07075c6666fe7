/*
 * buf.h - text that is being written: a growing byte buffer with its own memory.
 *
 * Results and findings are made whole in a buf and written out at once (sys_write), so that an
 * interrupted run leaves no half output.
 */
#ifndef KAOPING_BUF_H
#define KAOPING_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buf {
    char *at; /* always NUL-terminated once anything was added; NULL when never used */
    size_t n, capacity;
    bool lent; /* `at` is somebody else's memory; what outgrows that moves to its own */
};

void buf_release(struct buf *b);
void buf_clear(struct buf *b);
/* Moves it to where there is room for n more bytes and the NUL behind them. */
void buf_grow(struct buf *b, size_t n);
/* Makes room for n more bytes and the NUL behind them: they may be written at b->at + b->n. */
static inline void buf_room(struct buf *b, size_t n)
{
    if (b->capacity - b->n <= n) {
        buf_grow(b, n);
    }
}
static inline void buf_add(struct buf *b, const char *at, size_t n)
{
    buf_room(b, n);
    if (n > 0) {
        memcpy(b->at + b->n, at, n);
    }
    b->n += n;
    b->at[b->n] = '\0';
}
static inline void buf_char(struct buf *b, char c)
{
    buf_room(b, 1);
    b->at[b->n++] = c;
    b->at[b->n] = '\0';
}
void buf_text(struct buf *b, const char *text); /* NUL-terminated; NULL adds nothing */
void buf_repeat(struct buf *b, const char *text, size_t times);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
