/*
 * csv_write.h - CSV for spreadsheets, written as it comes: UTF-8 with BOM and CRLF, quotes where
 * they are needed, and a leading ' before a text that a spreadsheet would run (our reader takes it
 * off again). Numbers are left alone.
 */
#ifndef KAOPING_CSV_WRITE_H
#define KAOPING_CSV_WRITE_H

#include "base/buf.h"
#include "base/decimal.h"

#include <stdbool.h>
#include <stdint.h>

struct csv_write {
    struct buf *out;
    bool follows; /* a cell of the row stands already */
};

void csv_start(struct csv_write *);
/* A text of the user's files; NULL: an empty cell. */
void csv_text(struct csv_write *, const char *text);
/* One of our own words, which no spreadsheet runs. */
void csv_word(struct csv_write *, const char *word);
/* Whether a text needs neither quotes nor a guard, and is one. */
bool csv_is_plain(const char *text);
/* Such a text, or several that are parted by what is neither. */
void csv_plain(struct csv_write *, const char *at, size_t n);
struct csv_figure {
    dec value;
    int places;
};
/* So many places, or as many as it needs; DEC_NONE: an empty cell. */
void csv_dec(struct csv_write *, dec d, int places);
/* The same of so many one after the other. */
void csv_decs(struct csv_write *, const struct csv_figure *figures, size_t n);
void csv_count(struct csv_write *, uint32_t n); /* 0: an empty cell */
void csv_end_row(struct csv_write *);

#endif
