/* csv_write.c - see csv_write.h. */
#include "report/csv_write.h"

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

#define SPECIAL 1 /* is quoted wherever it stands */

static const unsigned char kinds[256] = {
    [','] = SPECIAL, ['"'] = SPECIAL, ['\r'] = SPECIAL, ['\n'] = SPECIAL};

static void cell(struct csv_write *c, const char *text, bool guarded)
{
    separate(c);
    if (!text || !*text) {
        return;
    }
    size_t n = strlen(text);
    unsigned special = guarded || *text == ' ' || text[n - 1] == ' ';
    for (size_t i = 0; i < n; i++) {
        special |= kinds[(unsigned char)text[i]];
    }
    if (special) {
        quoted_cell(c, text, guarded);
    } else {
        buf_add(c->out, text, n);
    }
}

/* White space before the sign does not keep a spreadsheet from running it. */
void csv_text(struct csv_write *c, const char *text)
{
    const char *start = text ? text : "";
    while (*start == ' ' || *start == '\t' || *start == '\r' || *start == '\n') {
        start++;
    }
    cell(c, text, *start == '=' || *start == '+' || *start == '-' || *start == '@');
}

void csv_word(struct csv_write *c, const char *word) { cell(c, word, false); }

void csv_plain(struct csv_write *c, const char *at, size_t n)
{
    separate(c);
    buf_add(c->out, at, n);
}

void csv_dec(struct csv_write *c, dec d, int places)
{
    separate(c);
    if (d != DEC_NONE) {
        buf_room(c->out, DEC_TEXT);
        c->out->n += dec_put_enough(d, places, c->out->at + c->out->n);
        c->out->at[c->out->n] = '\0';
    }
}

void csv_count(struct csv_write *c, uint32_t n) { csv_dec(c, n ? dec_from_int(n) : DEC_NONE, 0); }

void csv_end_row(struct csv_write *c)
{
    buf_text(c->out, "\r\n");
    c->follows = false;
}
