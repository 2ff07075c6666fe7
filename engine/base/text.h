/*
 * text.h - UTF-8 text as people see it: slices, display width, folding, nearest names.
 */
#ifndef KAOPING_TEXT_H
#define KAOPING_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A slice of bytes somebody else owns; not NUL-terminated. */
typedef struct {
    const char *at;
    size_t n;
} str;

#define STR(literal) ((str){(literal), sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).at

str str_of(const char *text); /* NULL: empty */
bool str_eq(str a, str b);
bool str_is(str a, const char *text);
bool str_starts(str a, const char *prefix);
bool str_ends(str a, const char *suffix);
/* Without spaces, tabs, full-width spaces (U+3000), NBSP and zero-width marks at both ends. */
str str_trim(str s);

/* Length in bytes of the valid UTF-8 character at `at` (n > 0 bytes are left), 0 if it is not
 * valid; the code point to *c. */
size_t utf8_decode(const char *at, size_t n, uint32_t *c);
/* Offset of the first byte that is not valid UTF-8, or n. */
size_t utf8_valid(const char *at, size_t n);
size_t utf8_count(const char *at, size_t n); /* characters; an invalid byte counts as one */

/* Columns on a terminal: 2 for a wide character, 0 for a combining one, under any locale. */
int text_width(const char *at, size_t n);
/* The longest prefix (in bytes, at whole characters) that fits in so many columns. */
size_t text_fit(const char *at, size_t n, int columns);

/*
 * What is compared instead of the text: NFKC (full-width to half-width), lower case ASCII, all
 * white space and zero-width characters taken out. For names, labels and the words of cells; never
 * shown. May be s itself where nothing changes.
 */
str text_fold(struct arena *a, str s);
/* Safe for a terminal: control characters, bidi marks and invalid bytes as \x1b, \u202e. */
char *text_safe(struct arena *a, str s);
/* The same for the one character at `at` (n > 0 bytes are left); yields how many bytes it took. */
#define TEXT_SAFE_CHAR 12
size_t text_safe_char(const char *at, size_t n, char out[TEXT_SAFE_CHAR]);

/* Edits between two texts, counted in characters (two neighbours swapped are one edit), where more
 * than `most` is said as most + 1. Texts beyond 256 characters are only equal or not. */
int text_distance(str a, str b, int most);

/* The nearest of several names to `name`: offer each, then ask. All-zero but for name to start. */
struct nearest {
    str name;
    str best;
    int distance;
};
void nearest_offer(struct nearest *n, const char *candidate);
/* The nearest name if it is near enough to be what was meant, else NULL. In arena a. */
const char *nearest_name(const struct nearest *n, struct arena *a);

#endif
