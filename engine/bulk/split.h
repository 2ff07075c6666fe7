/*
 * split.h - where cells and rows of a CSV text end, found 64 bytes at a time.
 *
 *   text    zf-01,"竹峰, 街道",12\n zf-02,...      only what stands outside quotes counts
 *   marks        ^             ^  ^                offsets from `base`
 *   ends                          2                of each row: which mark is its line's end
 *
 * Only what is regular is split: lines end with LF or CRLF, no quoted cell holds a line's end.
 * Anything else sets `irregular`, and the reader that tells what is wrong takes over (load/csv.h).
 */
#ifndef KAOPING_SPLIT_H
#define KAOPING_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPLIT_AHEAD 64U         /* bytes beyond the end of the text that must be readable */
#define SPLIT_WINDOW (1U << 14) /* bytes looked at in one go */
#define SPLIT_MORE 64U          /* marks that may be written beyond the last */

struct split {
    const char *text;
    size_t at, end;  /* what is to be looked at next; the text's end */
    size_t base;     /* marks count from here: the beginning of the first row not taken */
    uint64_t inside; /* all ones where a quote is open at `at` */
    bool line_due;   /* a CR was the last byte: only LF may follow */
    bool irregular;
    char separator;
    uint32_t n_marks, n_ends, n_quoted;
    uint32_t *marks; /* room for 2 × SPLIT_WINDOW, SPLIT_MORE and a row of the longest kind */
    uint32_t *ends;
    uint32_t *quoted; /* offsets from `base` of those 64 bytes that have a quote */
    uint32_t most;    /* marks that there is room for */
};

/* Looks at the next window; false: there is nothing left, or it is irregular. Rows that were taken
 * must be dropped before. A row that the text ends in without a line's end is given one. */
bool split_more(struct split *s);

/* Whether there may be a quote in [from, to), rows being asked for in turn; *next is 0 at first. */
static inline bool split_quotes(const struct split *s, uint32_t from, uint32_t to, uint32_t *next)
{
    while (*next < s->n_quoted && s->quoted[*next] + 64 <= from) {
        ++*next;
    }
    return *next < s->n_quoted && s->quoted[*next] < to;
}

/* The first `rows` of ends are done with; what follows moves to the front. */
void split_drop(struct split *s, uint32_t rows);

#endif
