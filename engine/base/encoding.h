/*
 * encoding.h - bytes of an unknown encoding to UTF-8.
 *
 * What is tried without a name, in this order:
 *
 *   a byte order mark         UTF-8, UTF-16LE, UTF-16BE
 *   valid UTF-8 without NUL   UTF-8
 *   every other byte NUL      UTF-16LE, UTF-16BE (ASCII parts give it away)
 *   mostly valid UTF-8        UTF-8 with a damaged byte: an error, not GB18030 read as nonsense
 *   anything else             GB18030, which spreadsheet programs export under Chinese Windows
 *
 * A text so short that it is valid in both is taken for UTF-8; a name overrides all of it.
 */
#ifndef KAOPING_ENCODING_H
#define KAOPING_ENCODING_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct decoding {
    const char *encoding; /* "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030" or the name as given */
    const char *text;     /* UTF-8 without a byte order mark, NUL-terminated */
    size_t n;
    size_t bad; /* if it failed: the byte in the input that does not decode; text ends before it */
};

/* Is this a name that can be decoded? Case, "-" and "_" do not matter in the usual ones. */
bool encoding_exists(const char *name);

/*
 * Decodes n bytes, NUL-terminated beyond n, by name or, when it is NULL, by what they look like.
 * The text may be the input itself. False if a byte does not decode. The name must exist.
 */
bool encoding_decode(struct arena *a, const char *at, size_t n, const char *name,
                     struct decoding *out);

#endif
