/* csv_write.c - see csv_write.h. */
#include "report/csv_write.h"

#include <stdint.h>
#include <string.h>

void csv_start(struct csv_write *c) { buf_text(c->out, "\xEF\xBB\xBF"); }

static void separate(struct csv_write *c)
{
    if (c->follows) {
        buf_char(c->out, ',');
    }
    c->follows = true;
}

static void quoted_cell(struct csv_write *c, const char *text, bool guarded)
{
    buf_text(c->out, guarded ? "\"'" : "\"");
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        buf_add(c->out, text, (size_t)(quote - text));
        buf_text(c->out, "\"\"");
    }
    buf_text(c->out, text);
    buf_char(c->out, '"');
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Not 0 where the byte is one that is quoted wherever it stands. */
static inline sixteen specials(const char *text)
{
    sixteen bytes;
    memcpy(&bytes, text, sizeof bytes);
    return (sixteen)((bytes == ',') | (bytes == '"') | (bytes == '\r') | (bytes == '\n'));
}

/* Whether there is such a byte. */
static bool has_special(const char *text, size_t n)
{
    if (n >= sizeof(sixteen)) {
        sixteen special = specials(text + n - sizeof special); /* some of them twice */
        uint64_t any[2];
        for (size_t at = 0; at + sizeof special < n; at += sizeof special) {
            special |= specials(text + at);
        }
        memcpy(any, &special, sizeof any);
        return (any[0] | any[1]) != 0;
    }
    bool special = false;
    for (size_t at = 0; at < n; at++) {
        special |= text[at] == ',' || text[at] == '"' || text[at] == '\r' || text[at] == '\n';
    }
    return special;
}

static bool is_quoted(const char *text, size_t n)
{
    return *text == ' ' || text[n - 1] == ' ' || has_special(text, n);
}

static void cell(struct csv_write *c, const char *text, size_t n, bool guarded)
{
    separate(c);
    if (n == 0) {
        return;
    }
    if (guarded || is_quoted(text, n)) {
        quoted_cell(c, text, guarded);
    } else {
        buf_add(c->out, text, n);
    }
}

/* White space before the sign does not keep a spreadsheet from running it. */
static bool is_run(const char *text)
{
    while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n') {
        text++;
    }
    return *text == '=' || *text == '+' || *text == '-' || *text == '@';
}

bool csv_is_plain(const char *text)
{
    return *text && !is_run(text) && !is_quoted(text, strlen(text));
}

void csv_text(struct csv_write *c, const char *text)
{
    text = text ? text : "";
    cell(c, text, strlen(text), is_run(text));
}

void csv_word(struct csv_write *c, const char *word)
{
    cell(c, word, word ? strlen(word) : 0, false);
}

void csv_plain(struct csv_write *c, const char *at, size_t n)
{
    separate(c);
    buf_add(c->out, at, n);
}

void csv_decs(struct csv_write *c, const struct csv_figure *figures, size_t n)
{
    buf_room(c->out, n * (DEC_TEXT + 1));
    char *start = c->out->at + c->out->n, *to = start;
    bool follows = c->follows;
    for (size_t i = 0; i < n; i++) {
        *to = ',';
        to += follows;
        follows = true;
        to += dec_put_enough(figures[i].value, figures[i].places, to); /* DEC_NONE: nothing */
    }
    *to = '\0';
    c->follows = follows;
    c->out->n += (size_t)(to - start);
}

void csv_dec(struct csv_write *c, dec d, int places)
{
    csv_decs(c, &(struct csv_figure){d, places}, 1);
}

void csv_count(struct csv_write *c, uint32_t n)
{
    separate(c);
    if (n > 0) {
        buf_room(c->out, DEC_TEXT);
        c->out->n += dec_put_whole(n, c->out->at + c->out->n);
        c->out->at[c->out->n] = '\0';
    }
}

void csv_end_row(struct csv_write *c)
{
    buf_text(c->out, "\r\n");
    c->follows = false;
}
