/* encoding.c - bytes of an unknown encoding to UTF-8, by iconv. The order of guesses is in the
 * header. */
#include "base/encoding.h"

#include "base/sys.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

static const char utf8[] = "UTF-8", utf16le[] = "UTF-16LE", utf16be[] = "UTF-16BE",
                  gb18030[] = "GB18030";
static const char utf16[] = "UTF-16"; /* either order, by its mark or looks */

/* The names people give; GB18030 contains GBK and GB2312, and files called so often use more. */
static const struct {
    const char *given, *meant;
} names[] = {
    {"utf8", utf8},       {"utf16", utf16}, {"utf16le", utf16le}, {"utf16be", utf16be},
    {"gb18030", gb18030}, {"gbk", gb18030}, {"gb2312", gb18030},  {"cp936", gb18030},
};

static const char *meant_by(const char *name)
{
    char plain[32];
    size_t n = 0;
    for (const char *p = name; *p != '\0' && n < sizeof plain - 1; p++) {
        if (*p != '-' && *p != '_') {
            plain[n++] = (char)tolower((unsigned char)*p);
        }
    }
    plain[n] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(plain, names[i].given) == 0) {
            return names[i].meant;
        }
    }
    return name;
}

static bool starts(const char *at, size_t n, const char *mark, size_t n_mark)
{
    return n >= n_mark && memcmp(at, mark, n_mark) == 0;
}

static const char *by_mark(const char *at, size_t n)
{
    if (starts(at, n, "\xef\xbb\xbf", 3)) {
        return utf8;
    }
    if (starts(at, n, "\xff\xfe", 2)) {
        return utf16le;
    }
    return starts(at, n, "\xfe\xff", 2) ? utf16be : NULL;
}

/* Commas, digits and line ends of a UTF-16 table have NUL as their upper byte; a real text has none
 * on the other side. `least`: of 32 bytes, more than so many must be such. */
static const char *by_nuls(const char *at, size_t n, size_t least)
{
    size_t looked_at = n < 65536 ? n : 65536, nuls[2] = {0, 0};
    for (size_t i = 0; i < looked_at; i++) {
        nuls[i % 2] += at[i] == '\0';
    }
    if (n % 2 != 0) {
        return NULL;
    }
    least = looked_at * least / 32;
    if (nuls[1] > least && nuls[0] <= nuls[1] / 16) {
        return utf16le;
    }
    return nuls[0] > least && nuls[1] <= nuls[0] / 16 ? utf16be : NULL;
}

/*
 * UTF-8 that was damaged: more characters of three bytes than bytes that fit nowhere. GB18030 text
 * has next to none of these (two bytes in it often look like UTF-8, three hardly ever).
 */
static bool mostly_utf8(const char *at, size_t n)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t size = utf8_decode(at + i, n - i, &c);
        good += size >= 3;
        bad += size == 0;
        i += size > 0 ? size : 1;
    }
    return good > bad;
}

static const char *guess(const char *at, size_t n)
{
    const char *marked = by_mark(at, n);
    if (marked != NULL) {
        return marked;
    }
    bool nul = memchr(at, '\0', n) != NULL, valid = utf8_valid(at, n) == n;
    if (valid && !nul) {
        return utf8;
    }
    /* What is valid UTF-8 apart from NULs would be ASCII in UTF-16, so nearly half of it NULs; else
     * a few are enough, since the rest may be Chinese. */
    const char *wide = nul ? by_nuls(at, n, valid ? 12 : 1) : NULL;
    if (wide != NULL) {
        return wide;
    }
    return valid || mostly_utf8(at, n) ? utf8 : gb18030;
}

/* The encoding to decode with: never the undecided UTF-16. */
static const char *choose(const char *at, size_t n, const char *name)
{
    const char *chosen = name != NULL ? meant_by(name) : guess(at, n);
    if (chosen != utf16) {
        return chosen;
    }
    chosen = by_mark(at, n);
    if (chosen != utf16le && chosen != utf16be) {
        chosen = by_nuls(at, n, 1);
    }
    return chosen != NULL ? chosen : utf16le;
}

bool encoding_exists(const char *name)
{
    iconv_t converter = iconv_open(utf8, meant_by(name));
    if (converter == (iconv_t)-1) {
        return false;
    }
    iconv_close(converter);
    return true;
}

static void without_mark(struct decoding *d)
{
    if (starts(d->text, d->n, "\xef\xbb\xbf", 3)) {
        d->text += 3;
        d->n -= 3;
    }
}

/* Runs iconv over the input, with more room for the output whenever it asks for it. */
static bool convert(struct arena *a, iconv_t converter, const char *at, size_t n,
                    struct decoding *out)
{
    size_t capacity = n + n / 2 + 64, done = 0, left = n;
    char *text = arena_alloc(a, capacity), *in = (char *)(uintptr_t)at;
    size_t result = 0;
    do {
        if (result == (size_t)-1) {
            text = arena_grow(a, text, capacity, capacity * 2);
            capacity *= 2;
        }
        char *to = text + done;
        size_t room = capacity - 1 - done;
        result = iconv(converter, left > 0 ? &in : NULL, &left, &to, &room);
        done = (size_t)(to - text);
    } while (result == (size_t)-1 && errno == E2BIG);
    text[done] = '\0';
    out->text = text;
    out->n = done;
    out->bad = n - left;
    return result != (size_t)-1;
}

bool encoding_decode(struct arena *a, const char *at, size_t n, const char *name,
                     struct decoding *out)
{
    *out = (struct decoding){.encoding = choose(at, n, name), .text = at, .n = n};
    bool fine;
    if (out->encoding == utf8) {
        size_t valid = utf8_valid(at, n);
        out->n = valid;
        out->bad = valid;
        fine = valid == n;
    } else {
        iconv_t converter = iconv_open(utf8, out->encoding);
        assert(converter != (iconv_t)-1);
        fine = convert(a, converter, at, n, out);
        iconv_close(converter);
    }
    without_mark(out);
    return fine;
}
