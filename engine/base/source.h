/*
 * source.h - an input kept whole, and places in it.
 *
 * A place is a span {source, byte offset, length}; lines and columns are computed only when
 * printed. Offsets count in the UTF-8 text after decoding (a BOM is not part of it).
 */
#ifndef KAOPING_SOURCE_H
#define KAOPING_SOURCE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct source {
    const char *name; /* as the user wrote it; "<stdin>" for "-" */
    const char *text; /* UTF-8 by contract of the reader that uses it, NUL-terminated beyond n */
    size_t n;
    char digest[72];   /* "sha256:" and 64 hex digits, of the bytes as they were on disk */
    const char *bytes; /* [n_bytes] as they were on disk; NULL for a text made in memory */
    size_t n_bytes;
    const struct source_shelf *shelf; /* what lies beside it; NULL: the folders around it */
    struct source_places *places;     /* private: places known already; NULL is slower, not wrong */
};

/* Files kept in memory that stand for the folders around a source: what it names (scripts, what a
 * rubric extends) is looked for there and nowhere else. */
struct source_shelf {
    VEC(const struct source *) files;
};

typedef VEC(const struct source *) source_list;

/* All-zero: no place. */
typedef struct {
    const struct source *source;
    size_t offset;
    size_t length;
} span;

struct position {
    uint32_t line, column;       /* from 1; columns count characters */
    size_t line_start, line_end; /* byte offsets of the line without its end */
};

struct position source_position(const struct source *s, size_t offset);
/* A part of a span's source, by offset from the span's start. */
span span_part(span whole, size_t offset, size_t length);
/* "units.csv:14:7", or "units.csv" for the whole file (offset and length 0), "" without a source.
 * In arena a; safe for a terminal. */
const char *span_text(struct arena *a, span at);

struct diag;

/*
 * Reads a file ("-" is standard input) whole. encoding NULL: by BOM, else UTF-8 if valid, else
 * UTF-16 if it looks so, else GB18030; a name overrides. What is wrong with the file itself
 * (missing, a folder, no permission, endless) ends the process with exit 3 and one message. Bytes
 * that do not decode (bad-encoding) or a NUL character (nul-character) are a finding; NULL then.
 */
struct source *source_read(struct arena *a, struct diag *d, const char *path, const char *encoding);
/* The same for bytes that were read before, NUL-terminated beyond n; they are not copied. */
struct source *source_from_bytes(struct arena *a, struct diag *d, const char *name,
                                 const char *bytes, size_t n, const char *encoding);
/* By the whole name, else by its last part; NULL: no such file stands there. */
const struct source *source_on_shelf(const struct source_shelf *shelf, str file);
/* A source from memory, for tests; text is not copied. */
struct source *source_from_text(struct arena *a, const char *name, const char *text, size_t n);

#endif
