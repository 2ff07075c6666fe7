/*
 * wrap.c - where a line may end: behind a space, before or behind a wide character, but never
 * before closing marks nor behind opening ones.
 */
#include "report/wrap.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static bool one_of(const char *marks, const char *at, size_t n)
{
    for (const char *m = marks; *m;) {
        uint32_t c;
        size_t length = utf8_decode(m, strlen(m), &c);
        if (length == n && memcmp(m, at, n) == 0) {
            return true;
        }
        m += length ? length : 1;
    }
    return false;
}

static size_t char_length(const char *at, size_t n)
{
    uint32_t c;
    size_t length = utf8_decode(at, n, &c);
    return length ? length : 1;
}

/* Whether a line may end between the character before and the one at `at`. */
static bool may_break(const char *before, size_t n_before, const char *at, size_t n)
{
    if (*at == ' ') {
        return false;
    }
    if (*before == ' ') {
        return true;
    }
    if (one_of("，。；：、！？）》」』】”’…%％,.;:!?)]}", at, n) ||
        one_of("（《「『【“‘([{", before, n_before)) {
        return false;
    }
    return text_width(before, n_before) == 2 || text_width(at, n) == 2;
}

/* Bytes of text that go on a line with `room` columns; spaces at its end count for nothing. A word
 * longer than the line is cut, but only on a fresh line: else 0, it goes on the next. */
static size_t line_length(const char *text, size_t n, int room, bool fresh)
{
    size_t good = 0, at = 0, n_before = 0;
    int width = 0;
    while (at < n) {
        size_t length = char_length(text + at, n - at);
        if (at > 0 && may_break(text + at - n_before, n_before, text + at, length)) {
            good = at;
        }
        width += text_width(text + at, length);
        if (width > room && text[at] != ' ') {
            if (good > 0 || !fresh) {
                return good;
            }
            return at > 0 ? at : length;
        }
        at += length;
        n_before = length;
    }
    return n;
}

int wrap_text(struct buf *out, const char *text, int at, int hang, int width)
{
    size_t n = strlen(text);
    for (;;) {
        size_t take = line_length(text, n, width - at, at <= hang), end = take;
        while (end > 0 && text[end - 1] == ' ') {
            end--;
        }
        buf_add(out, text, end);
        at += text_width(text, end);
        text += take;
        n -= take;
        if (n == 0) {
            return at;
        }
        buf_char(out, '\n');
        buf_repeat(out, " ", (size_t)hang);
        at = hang;
    }
}

void wrap_line(struct buf *out, const char *text, const char *mark, int indent, int width)
{
    int hang = indent + text_width(mark, strlen(mark));
    buf_repeat(out, " ", (size_t)indent);
    buf_text(out, mark);
    wrap_text(out, text, hang, hang, width);
    buf_char(out, '\n');
}
