/* compose.c - see compose.h. */
#include "base/compose.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct composing {
    char *out;
    size_t room, n; /* n: how long the text is so far, written or not */
};

static void put(struct composing *c, const char *at, size_t n)
{
    if (c->n + n < c->room) {
        memcpy(c->out + c->n, at, n);
    } else if (c->n + 1 < c->room) {
        memcpy(c->out + c->n, at, c->room - 1 - c->n);
    }
    c->n += n;
}

static void put_number(struct composing *c, unsigned value, bool negative)
{
    char digits[12], *end = digits + sizeof digits, *at = end;
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (negative) {
        *--at = '-';
    }
    put(c, at, (size_t)(end - at));
}

/* False: the format says something else. */
static bool put_all(struct composing *c, const char *format, va_list args)
{
    for (const char *at = format;;) {
        const char *next = strchr(at, '%');
        if (next == NULL) {
            put(c, at, strlen(at));
            return true;
        }
        put(c, at, (size_t)(next - at));
        at = next + 2;
        if (next[1] == 's') {
            const char *text = va_arg(args, const char *);
            if (text == NULL) {
                return false;
            }
            put(c, text, strlen(text));
        } else if (next[1] == 'u') {
            put_number(c, va_arg(args, unsigned), false);
        } else if (next[1] == 'd') {
            int value = va_arg(args, int);
            put_number(c, value < 0 ? 0U - (unsigned)value : (unsigned)value, value < 0);
        } else if (next[1] == '%') {
            put(c, "%", 1);
        } else if (next[1] == '.' && next[2] == '*' && next[3] == 's') {
            int n = va_arg(args, int);
            const char *text = va_arg(args, const char *);
            if (text == NULL || n < 0) {
                return false;
            }
            put(c, text, strnlen(text, (size_t)n));
            at = next + 4;
        } else {
            return false;
        }
    }
}

int compose(char *out, size_t room, const char *format, va_list args)
{
    struct composing c = {out, room, 0};
    va_list first;
    va_copy(first, args);
    bool plain = put_all(&c, format, first);
    va_end(first);
    if (!plain) {
        return vsnprintf(out, room, format, args);
    }
    if (room > 0) {
        out[c.n < room ? c.n : room - 1] = '\0';
    }
    return c.n > (size_t)__INT_MAX__ ? -1 : (int)c.n;
}
