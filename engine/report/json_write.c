/*
 * json_write.c - the writer: one flag a level says whether a comma is due.
 */
#include "report/json_write.h"

#include "base/date.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* ---- bytes ---- */

/* Most of a long output is short texts one after the other: what each needs is asked for once, and
 * then written where it stands. */
static char *begin(struct buf *out, size_t n)
{
    buf_room(out, n);
    return out->at + out->n;
}

static void end(struct buf *out, char *at)
{
    out->n = (size_t)(at - out->at);
    *at = '\0';
}

#define SEPARATOR 2 /* bytes that put_separator may write */

static char *put_separator(struct json_write *w, char *at)
{
    if (!w->after_key && w->follows[w->depth]) {
        *at++ = ',';
        *at++ = ' ';
    }
    w->after_key = false;
    w->follows[w->depth] = true;
    return at;
}

static char *put(char *at, const char *text, size_t n)
{
    memcpy(at, text, n);
    return at + n;
}

void json_before_value(struct json_write *w)
{
    end(w->out, put_separator(w, begin(w->out, SEPARATOR)));
}

void json_open(struct json_write *w, char bracket)
{
    char *at = put_separator(w, begin(w->out, SEPARATOR + 1));
    *at++ = bracket;
    end(w->out, at);
    w->depth++;
    assert(w->depth < JSON_DEPTH);
    w->follows[w->depth] = false;
}

void json_close(struct json_write *w, char bracket)
{
    assert(w->depth > 0 && !w->after_key);
    w->depth--;
    buf_char(w->out, bracket);
}

void json_line(struct json_write *w)
{
    char *at = begin(w->out, JSON_DEPTH + 2);
    if (w->follows[w->depth]) {
        *at++ = ',';
    }
    *at++ = '\n';
    memset(at, ' ', (size_t)w->depth);
    end(w->out, at + w->depth);
    w->follows[w->depth] = false; /* the comma is there already */
}

void json_lines(struct json_write *w, const char *text, size_t n)
{
    char *at = begin(w->out, n + 1);
    if (w->follows[w->depth]) {
        *at++ = ',';
    }
    end(w->out, put(at, text, n));
    w->follows[w->depth] = true;
}

void json_literal(struct json_write *w, const char *text, size_t n)
{
    end(w->out, put(put_separator(w, begin(w->out, SEPARATOR + n)), text, n));
}

void json_uint(struct json_write *w, uint64_t n)
{
    char text[20], *last = text + sizeof text, *first = last;
    do {
        *--first = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    json_literal(w, first, (size_t)(last - first));
}

/* In quotes, with nothing in it to escape. */
static void quoted(struct json_write *w, const char *text, const char *after)
{
    size_t n = strlen(text), m = strlen(after);
    char *at = put_separator(w, begin(w->out, SEPARATOR + n + m + 2));
    *at++ = '"';
    at = put(put(at, text, n), after, m);
    *at++ = '"';
    end(w->out, at);
}

void json_dec(struct json_write *w, dec d, int places)
{
    char text[DEC_TEXT];
    if (d == DEC_NONE) {
        json_text(w, NULL);
    } else {
        quoted(w, dec_text(d, places, text), "");
    }
}

void json_percent(struct json_write *w, dec d)
{
    char text[DEC_TEXT];
    if (d == DEC_NONE) {
        json_text(w, NULL);
    } else {
        quoted(w, dec_text(d, 2, text), "%");
    }
}

void json_date(struct json_write *w, int32_t date)
{
    char text[DATE_TEXT];
    if (date == DATE_NONE) {
        json_text(w, NULL);
    } else {
        quoted(w, date_text(date, text), "");
    }
}

/* ---- strings ---- */

static void escape(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"':
        buf_text(out, "\\\"");
        break;
    case '\\':
        buf_text(out, "\\\\");
        break;
    case '\n':
        buf_text(out, "\\n");
        break;
    case '\r':
        buf_text(out, "\\r");
        break;
    case '\t':
        buf_text(out, "\\t");
        break;
    default:
        buf_printf(out, "\\u%04x", c);
        break;
    }
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of a byte that is zero; bytes above such a one may be marked wrongly. */
static uint64_t zeros(uint64_t eight) { return (eight - EACH(1)) & ~eight & EACH(0x80); }

/* Whether all eight bytes are ASCII that stands in a string as it is. */
static bool all_plain(uint64_t eight)
{
    uint64_t below_space = (eight - EACH(0x20)) & ~eight;
    uint64_t special =
        zeros(eight ^ EACH('"')) | zeros(eight ^ EACH('\\')) | zeros(eight ^ EACH(0x7f));
    return ((eight | below_space | special) & EACH(0x80)) == 0;
}

static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

static bool goes_on(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

/* How long the character at `at` is, if it stands in a string as it is and is told at a glance: one
 * of those that Chinese is written with, mostly. Else 0: it has to be looked at. */
static size_t plain_wide(const char *at, size_t n)
{
    unsigned char c = (unsigned char)*at;
    if (c > 0xe0 && c < 0xed && n > 2) {
        bool special = c == 0xe2 && (unsigned char)at[1] == 0x80; /* line ends are among these */
        return goes_on(at[1]) && goes_on(at[2]) && !special ? 3 : 0;
    }
    return c >= 0xc2 && c < 0xe0 && n > 1 && goes_on(at[1]) ? 2 : 0;
}

/* Copies what stands as it is, up to the first character that does not; yields how much. Room for n
 * bytes at `to`. */
static size_t copy_plain(char *to, const char *at, size_t n)
{
    size_t i = 0, size = 1;
    while (i < n && size > 0) {
        uint64_t eight = 0;
        if (n - i >= sizeof eight) {
            memcpy(&eight, at + i, sizeof eight);
        }
        if (all_plain(eight)) {
            memcpy(to + i, &eight, sizeof eight);
            size = sizeof eight;
        } else if (is_plain((unsigned char)at[i])) {
            to[i] = at[i];
            size = 1;
        } else {
            size = plain_wide(at + i, n - i);
            for (size_t k = 0; k < size; k++) {
                to[i + k] = at[i + k];
            }
        }
        i += size;
    }
    return i;
}

/* Writes the one character that copy_plain left; yields how many bytes it took. */
static size_t add_other(struct buf *out, const char *at, size_t n)
{
    uint32_t c;
    size_t size = utf8_decode(at, n, &c);
    if (size == 0) {
        buf_text(out, "\\ufffd");
    } else if (c < 0x80) {
        escape(out, (unsigned char)c);
    } else if (c == 0x2028 ||
               c == 0x2029) { /* line ends to JavaScript, which JSON gets pasted into */
        buf_printf(out, "\\u%04x", c);
    } else {
        buf_add(out, at, size);
    }
    return size > 0 ? size : 1;
}

/* The text with its quotes, behind what was put at `to` with room for n + 2 more. */
static void add_string(struct buf *out, char *to, const char *text, size_t n)
{
    *to++ = '"';
    size_t done = copy_plain(to, text, n);
    end(out, to + done);
    while (done < n) {
        done += add_other(out, text + done, n - done);
        char *more = begin(out, n - done);
        size_t plain = copy_plain(more, text + done, n - done);
        end(out, more + plain);
        done += plain;
    }
    buf_char(out, '"');
}

void json_string(struct buf *out, const char *text)
{
    size_t n = strlen(text);
    add_string(out, begin(out, n + 2), text, n);
}

void json_key_sized(struct json_write *w, const char *key, size_t n)
{
    add_string(w->out, put_separator(w, begin(w->out, SEPARATOR + n + 2)), key, n);
    end(w->out, put(begin(w->out, 2), ": ", 2));
    w->after_key = true;
}

void json_text(struct json_write *w, const char *text)
{
    if (!text) {
        json_literal(w, "null", 4);
        return;
    }
    size_t n = strlen(text);
    add_string(w->out, put_separator(w, begin(w->out, SEPARATOR + n + 2)), text, n);
}
