/*
 * json_write.c - the writer: one flag a level says whether a comma is due.
 */
#include "report/json_write.h"

#include "base/date.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

void json_before_value(struct json_write *w)
{
    if (!w->after_key && w->follows[w->depth]) {
        buf_text(w->out, ", ");
    }
    w->after_key = false;
    w->follows[w->depth] = true;
}

void json_open(struct json_write *w, char bracket)
{
    json_before_value(w);
    buf_char(w->out, bracket);
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

void json_key(struct json_write *w, const char *key)
{
    json_before_value(w);
    json_string(w->out, key);
    buf_text(w->out, ": ");
    w->after_key = true;
}

void json_line(struct json_write *w)
{
    if (w->follows[w->depth]) {
        buf_char(w->out, ',');
    }
    buf_char(w->out, '\n');
    buf_repeat(w->out, " ", (size_t)w->depth);
    w->follows[w->depth] = false; /* the comma is there already */
}

void json_text(struct json_write *w, const char *text)
{
    json_before_value(w);
    if (text) {
        json_string(w->out, text);
    } else {
        buf_text(w->out, "null");
    }
}

void json_uint(struct json_write *w, uint64_t n)
{
    json_before_value(w);
    buf_printf(w->out, "%llu", (unsigned long long)n);
}

void json_bool(struct json_write *w, bool b)
{
    json_before_value(w);
    buf_text(w->out, b ? "true" : "false");
}

static void quoted(struct json_write *w, const char *text, const char *after)
{
    json_before_value(w);
    buf_char(w->out, '"');
    buf_text(w->out, text);
    buf_text(w->out, after);
    buf_char(w->out, '"');
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

void json_key_text(struct json_write *w, const char *key, const char *text)
{
    json_key(w, key);
    json_text(w, text);
}

void json_key_dec(struct json_write *w, const char *key, dec d, int places)
{
    json_key(w, key);
    json_dec(w, d, places);
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

static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

void json_string(struct buf *out, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    buf_char(out, '"');
    while (at < end) {
        const char *start = at;
        while (at < end && is_plain((unsigned char)*at)) {
            at++;
        }
        buf_add(out, start, (size_t)(at - start));
        if (at == end) {
            break;
        }
        uint32_t c;
        size_t n = utf8_decode(at, (size_t)(end - at), &c);
        if (n == 0) {
            buf_text(out, "\\ufffd");
        } else if (c < 0x80) {
            escape(out, (unsigned char)c);
        } else if (c == 0x2028 ||
                   c == 0x2029) { /* line ends to JavaScript, which JSON gets pasted into */
            buf_printf(out, "\\u%04x", c);
        } else {
            buf_add(out, at, n);
        }
        at += n ? n : 1;
    }
    buf_char(out, '"');
}
