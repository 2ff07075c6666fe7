/*
 * csv.c - see csv.h. One pass over the bytes; a quote that never closes is looked for to the end of
 * the file only once, so that a file full of them takes linear time.
 */
#include "load/csv.h"

#include "base/i18n.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <string.h>

/* By the first line that is not blank, outside quotes. */
static char find_separator(const struct source *s)
{
    bool quoted = false, tab = false, semicolon = false, blank = true;
    for (size_t i = 0; i < s->n; i++) {
        char c = s->text[i];
        if (c == '"') {
            quoted = !quoted;
        }
        if (!quoted && c == ',') {
            return ',';
        }
        if (!quoted && (c == '\n' || c == '\r') && !blank) {
            break;
        }
        tab |= !quoted && c == '\t';
        semicolon |= !quoted && c == ';';
        blank &= c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
    return tab ? '\t' : semicolon ? ';' : ',';
}

void csv_open(struct csv *c, struct arena *a, struct diag *d, const struct source *s)
{
    *c = (struct csv){.arena = a, .diag = d, .source = s, .separator = find_separator(s)};
}

static void report(struct csv *c, size_t offset, const char *text, const char *hint)
{
    if (!c->diag) {
        return;
    }
    diag_add(c->diag, FINDING_CSV_QUOTE, (span){c->source, offset, 1}, "%s", text);
    diag_hint(c->diag, "%s", hint);
}

/* Offset of the end of the line that `at` is in. */
static size_t line_end(const struct csv *c, size_t at)
{
    const struct source *s = c->source;
    while (at < s->n && s->text[at] != '\n' && s->text[at] != '\r') {
        at++;
    }
    return at;
}

static bool ends_cell(const struct csv *c, size_t at)
{
    char ch;
    if (at >= c->source->n) {
        return true;
    }
    ch = c->source->text[at];
    return ch == c->separator || ch == '\n' || ch == '\r';
}

/* How many bytes from `at` on are none of those that end a bare cell or are wrong in it; maybe not
 * all of them. */
static size_t plain_run(const struct csv *c, size_t at)
{
    size_t from = at;
#ifdef __SSE2__
    const char *text = c->source->text;
    const __m128i separator = _mm_set1_epi8(c->separator), quote = _mm_set1_epi8('"'),
                  line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r');
    for (; c->source->n - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        __m128i ends = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, separator), _mm_cmpeq_epi8(bytes, quote)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, line), _mm_cmpeq_epi8(bytes, back)));
        int found = _mm_movemask_epi8(ends);
        if (found != 0) {
            return at + (size_t)__builtin_ctz((unsigned)found) - from;
        }
    }
#endif
    return at - from;
}

/* Up to the separator or the line's end, quotes within being an error once a cell. */
static size_t scan_bare(struct csv *c, size_t at, bool reported)
{
    const char *text = c->source->text;
    size_t n = c->source->n;
    char separator = c->separator;
    for (at += plain_run(c, at); at < n; at++) {
        char ch = text[at];
        if (ch == separator || ch == '\n' || ch == '\r') {
            break;
        }
        if (ch == '"' && !reported) {
            report(c, at, _("a quote within a cell that does not begin with one"),
                   _("put the whole cell in quotes and write the quote twice: \"5\"\" pipe\""));
            reported = true;
        }
    }
    return at;
}

/* The text between the quotes with each "" made one. */
static str unquote(struct csv *c, size_t from, size_t end, size_t doubled)
{
    const char *text = c->source->text;
    if (!doubled) {
        return (str){text + from, end - from};
    }
    char *out = arena_alloc(c->arena, end - from - doubled + 1);
    size_t n = 0;
    for (size_t i = from; i < end; i++) {
        out[n++] = text[i];
        if (text[i] == '"') {
            i++;
        }
    }
    return (str){out, n};
}

/* The closing quote of a cell whose text begins at `at`, or the source's end; counts the doubled.
 */
static size_t find_quote(const struct csv *c, size_t at, size_t *doubled)
{
    const char *text = c->source->text;
    size_t n = c->unclosed ? line_end(c, at) : c->source->n;
    for (*doubled = 0; at < n; at += 2, ++*doubled) {
        const char *quote = memchr(text + at, '"', n - at);
        if (!quote) {
            return c->source->n;
        }
        at = (size_t)(quote - text);
        if (at + 1 >= n || quote[1] != '"') {
            return at;
        }
    }
    return c->source->n;
}

/* A cell that begins with a quote; returns where it ends. */
static size_t read_quoted(struct csv *c, size_t offset, struct csv_cell *cell)
{
    size_t doubled, end = find_quote(c, offset + 1, &doubled);
    if (end >= c->source->n) {
        report(c, offset, _("this quote does not close"),
               _("close the quote, or write a quote within a quoted cell twice"));
        c->unclosed = true;
        end = line_end(c, offset); /* go on with the next line, as if there were no quote */
        cell->text = (str){c->source->text + offset + 1, end - offset - 1};
        return end;
    }
    cell->text = unquote(c, offset + 1, end, doubled);
    end++;
    if (!ends_cell(c, end)) {
        report(c, end, _("text behind the closing quote of a cell"),
               _("write a quote within a quoted cell twice; or a quote further up does not close"));
        end = scan_bare(c, end, true);
    }
    return end;
}

static void read_row(struct csv *c)
{
    struct csv_row *row = &c->row;
    const char *text = c->source->text;
    size_t n = c->source->n, at = c->at;
    row->cells.n = 0;
    row->offset = at;
    for (;;) {
        struct csv_cell *cell = vec_push(c->arena, &row->cells);
        cell->offset = at;
        if (at < n && text[at] == '"') {
            at = read_quoted(c, at, cell);
        } else {
            at = scan_bare(c, at, false);
            cell->text = (str){text + cell->offset, at - cell->offset};
        }
        cell->length = at - cell->offset;
        if (at >= n || text[at] != c->separator) {
            break;
        }
        at++;
    }
    row->end = at;
    if (at < n) {
        at += text[at] == '\r' && at + 1 < n && text[at + 1] == '\n' ? 2 : 1;
    }
    c->at = at;
}

bool csv_read(struct csv *c)
{
    while (c->at < c->source->n) {
        read_row(c);
        if (c->row.cells.n > 1 || str_trim(c->row.cells.at[0].text).n) {
            return true;
        }
    }
    return false;
}

span csv_place(const struct csv *c, uint32_t i)
{
    if (i >= c->row.cells.n) {
        return (span){c->source, c->row.end, 0};
    }
    const struct csv_cell *cell = &c->row.cells.at[i];
    return (span){c->source, cell->offset, cell->length};
}

span csv_row_place(const struct csv *c)
{
    return (span){c->source, c->row.offset, c->row.end - c->row.offset};
}
