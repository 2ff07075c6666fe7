/*
 * compose.h - vsnprintf for what most of our formats are made of: %s, %.*s, %u, %d and %%. A text
 * for each of a million units is put together so; anything else goes to vsnprintf.
 */
#ifndef KAOPING_COMPOSE_H
#define KAOPING_COMPOSE_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf: how long the text is, of which room - 1 bytes and a NUL are written. */
int compose(char *out, size_t room, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
