/*
 * json_write.h - JSON, written as it comes: commas and escapes are seen to here.
 *
 *   json_open(w, '{'); json_key(w, "total"); json_dec(w, total, 2); json_close(w, '}');
 *
 * Points are decimal strings, so that no reader makes binary floating point of them
 * (interfaces.md).
 */
#ifndef KAOPING_JSON_WRITE_H
#define KAOPING_JSON_WRITE_H

#include "base/buf.h"
#include "base/decimal.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define JSON_DEPTH 32

struct json_write {
    struct buf *out;
    int depth;
    bool follows[JSON_DEPTH]; /* at that depth something stands already: a comma comes first */
    bool after_key;
};

void json_open(struct json_write *w, char bracket); /* '{' or '[' */
void json_close(struct json_write *w, char bracket);
void json_key_sized(struct json_write *w, const char *key, size_t n);
static inline void json_key(struct json_write *w, const char *key)
{
    json_key_sized(w, key, strlen(key)); /* mostly known when this is compiled */
}
void json_text(struct json_write *w, const char *text); /* NULL: null */
void json_uint(struct json_write *w, uint64_t n);
/* A value that is written as it stands here: a number, a word. */
void json_literal(struct json_write *w, const char *text, size_t n);
static inline void json_bool(struct json_write *w, bool b)
{
    json_literal(w, b ? "true" : "false", b ? 4 : 5);
}
/* "17.00" with that many places, DEC_EXACT: as many as needed; DEC_NONE: null. */
void json_dec(struct json_write *w, dec d, int places);
/* "96.50%" with two places, or null. */
void json_percent(struct json_write *w, dec d);
void json_date(struct json_write *w, int32_t date); /* DATE_NONE: null */
/* A key with its value. */
static inline void json_key_text(struct json_write *w, const char *key, const char *text)
{
    json_key(w, key);
    json_text(w, text);
}
static inline void json_key_dec(struct json_write *w, const char *key, dec d, int places)
{
    json_key(w, key);
    json_dec(w, d, places);
}
/* The next member or element begins a new line, indented by the depth. */
void json_line(struct json_write *w);
/* Elements or members that begin and stand as json_line and others wrote them at this depth. */
void json_lines(struct json_write *w, const char *text, size_t n);
/* The next value was or will be written by somebody else. */
void json_before_value(struct json_write *w);

/* A string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void json_string(struct buf *out, const char *text);

#endif
