/* buf.c - a growing byte buffer; doubling, always one byte of room for the NUL. */
#include "base/buf.h"

#include "base/compose.h"
#include "base/sys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void buf_release(struct buf *b)
{
    if (!b->lent) {
        free(b->at);
    }
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    if (b->at != NULL) {
        b->at[0] = '\0';
    }
}

void buf_grow(struct buf *b, size_t n)
{
    if (n > SIZE_MAX / 4 || b->n > SIZE_MAX / 4) {
        sys_out_of_memory();
    }
    size_t capacity = b->capacity < 128 ? 256 : b->capacity * 2;
    if (capacity < b->n + n + 1) {
        capacity = b->n + n + 1;
    }
    char *at = realloc(b->lent ? NULL : b->at, capacity);
    if (at == NULL) {
        sys_out_of_memory();
    }
    if (b->lent) {
        memcpy(at, b->at, b->n);
    }
    b->at = at;
    b->capacity = capacity;
    b->lent = false;
}

void buf_text(struct buf *b, const char *text)
{
    if (text != NULL) {
        buf_add(b, text, strlen(text));
    }
}

void buf_repeat(struct buf *b, const char *text, size_t times)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < times; i++) {
        buf_add(b, text, n);
    }
}

/* Formats into the room there is, and again if that was not enough. */
void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    buf_room(b, 64);
    size_t room = b->capacity - b->n;
    int n = compose(b->at + b->n, room, format, args);
    if (n < 0) {
        sys_out_of_memory();
    }
    if ((size_t)n >= room) {
        buf_room(b, (size_t)n);
        compose(b->at + b->n, (size_t)n + 1, format, again);
    }
    va_end(again);
    b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}
