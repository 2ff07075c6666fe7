/* csv_write.c - see csv_write.h. */
#include "report/csv_write.h"

#include "report/figures.h"

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

static void cell(struct csv_write *c, const char *text, bool guarded)
{
    separate(c);
    if (!text || !*text) {
        return;
    }
    size_t n = strlen(text);
    if (guarded || *text == ' ' || text[n - 1] == ' ' || strcspn(text, ",\"\r\n") < n) {
        quoted_cell(c, text, guarded);
    } else {
        buf_add(c->out, text, n);
    }
}

/* White space before the sign does not keep a spreadsheet from running it. */
void csv_text(struct csv_write *c, const char *text)
{
    const char *start = text ? text + strspn(text, " \t\r\n") : "";
    cell(c, text, *start && strchr("=+-@", *start));
}

void csv_word(struct csv_write *c, const char *word) { cell(c, word, false); }

void csv_plain(struct csv_write *c, const char *at, size_t n)
{
    separate(c);
    buf_add(c->out, at, n);
}

void csv_dec(struct csv_write *c, dec d, int places)
{
    char text[DEC_TEXT];
    separate(c);
    if (d != DEC_NONE) {
        buf_text(c->out, dec_text(d, figures_enough(d, places), text));
    }
}

void csv_count(struct csv_write *c, uint32_t n) { csv_dec(c, n ? dec_from_int(n) : DEC_NONE, 0); }

void csv_end_row(struct csv_write *c)
{
    buf_text(c->out, "\r\n");
    c->follows = false;
}
