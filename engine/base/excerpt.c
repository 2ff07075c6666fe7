/* excerpt.c - the line of a source that a finding is about; the drawing is in the header. */
#include "base/excerpt.h"

#include "base/text.h"

#include <string.h>

#define ELLIPSIS "…"

/* The part of a line that is shown, as offsets in the text. */
struct window {
    size_t start, end;
    size_t line_start, line_end;
};

/* How the character at `at` is shown; yields how many bytes it takes. */
static size_t show_char(const char *at, size_t n, char out[TEXT_SAFE_CHAR])
{
    if (*at != '\t') {
        return text_safe_char(at, n, out);
    }
    memcpy(out, "    ", sizeof "    ");
    return 1;
}

static int shown_width(const char *shown) { return text_width(shown, strlen(shown)); }

/* Columns of [from, to), counting on only until there are more than `most`. */
static int width_between(const char *text, size_t from, size_t to, int most)
{
    char shown[TEXT_SAFE_CHAR];
    int width = 0;
    while (from < to && width <= most) {
        from += show_char(text + from, to - from, shown);
        width += shown_width(shown);
    }
    return width;
}

/* The start of the character before `at`, not before `start`. */
static size_t char_before(const char *text, size_t start, size_t at)
{
    uint32_t c;
    for (size_t size = 1; size <= 4 && at - start >= size; size++) {
        if (utf8_decode(text + at - size, size, &c) == size) {
            return at - size;
        }
    }
    return at - 1;
}

/* The last start before the place from where to the place there are at most so many columns. */
static size_t back_by(const char *text, size_t line_start, size_t at, int columns)
{
    char shown[TEXT_SAFE_CHAR];
    while (at > line_start) {
        size_t before = char_before(text, line_start, at);
        show_char(text + before, at - before, shown);
        columns -= shown_width(shown);
        if (columns < 0) {
            break;
        }
        at = before;
    }
    return at;
}

/* The end of what fits in so many columns from the start on. */
static size_t forward_by(const char *text, size_t start, size_t line_end, int columns)
{
    char shown[TEXT_SAFE_CHAR];
    while (start < line_end) {
        size_t size = show_char(text + start, line_end - start, shown);
        columns -= shown_width(shown);
        if (columns < 0) {
            break;
        }
        start += size;
    }
    return start;
}

/* The place gets half the columns before it, more where little stands behind it; each cut side
 * gives one column to the ellipsis. */
static void choose_window(struct window *w, const char *text, size_t place, int columns)
{
    w->start = w->line_start;
    w->end = w->line_end;
    if (width_between(text, w->line_start, w->line_end, columns) <= columns) {
        return;
    }
    int behind = width_between(text, place, w->line_end, columns);
    int before = columns - (behind > 0 ? behind : 1); /* the caret has a column in any case */
    if (before < columns / 2) {
        before = columns / 2;
    }
    if (width_between(text, w->line_start, place, before) > before) {
        w->start = back_by(text, w->line_start, place, before - 1);
    }
    columns -= w->start > w->line_start;
    w->end = forward_by(text, w->start, w->line_end, columns);
    if (w->end < w->line_end) {
        w->end = forward_by(text, w->start, w->line_end, columns - 1);
    }
}

static void put_window(struct buf *out, const char *text, const struct window *w)
{
    char shown[TEXT_SAFE_CHAR];
    if (w->start > w->line_start) {
        buf_text(out, ELLIPSIS);
    }
    for (size_t i = w->start; i < w->end;) {
        i += show_char(text + i, w->end - i, shown);
        buf_text(out, shown);
    }
    if (w->end < w->line_end) {
        buf_text(out, ELLIPSIS);
    }
}

/* From the place to the span's end, but not beyond what is shown; a place has a caret in any case.
 */
static void put_caret(struct buf *out, const char *text, span at, size_t place, size_t end)
{
    if (at.length < end - place) {
        end = place + at.length;
    }
    int width = width_between(text, place, end, 1000);
    buf_char(out, '^');
    for (int i = 1; i < width; i++) {
        buf_char(out, '~');
    }
}

void excerpt_make(struct excerpt *e, span at, int width)
{
    const char *text = at.source->text;
    struct position position = source_position(at.source, at.offset);
    struct window w = {.line_start = position.line_start, .line_end = position.line_end};
    size_t place = at.offset < w.line_end ? at.offset : w.line_end;
    buf_printf(&e->line, "%5u |", position.line);
    size_t gutter = e->line.n - 1;
    choose_window(&w, text, place, width - (int)gutter - 2);
    if (w.line_end > w.line_start) {
        buf_char(&e->line, ' ');
    }
    put_window(&e->line, text, &w);
    buf_char(&e->line, '\n');
    buf_repeat(&e->line, " ", gutter);
    buf_text(&e->line, "| ");
    int indent = width_between(text, w.start, place, width) + (w.start > w.line_start);
    buf_repeat(&e->line, " ", (size_t)indent);
    put_caret(&e->caret, text, at, place, w.end > place ? w.end : place);
}

void excerpt_release(struct excerpt *e)
{
    buf_release(&e->line);
    buf_release(&e->caret);
}
