/*
 * text.c - UTF-8 text as people see it.
 *
 * Widths and normal forms come from libunistring, which does not look at the locale (wcwidth is -1
 * for Chinese under LC_ALL=C). Nearly all text here is ASCII or plain Chinese characters; both have
 * a path of their own before the library is asked.
 */
#include "base/text.h"

#include "base/sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <uniwidth.h>

str str_of(const char *text) { return text != NULL ? (str){text, strlen(text)} : (str){"", 0}; }

bool str_eq(str a, str b) { return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0); }

bool str_is(str a, const char *text) { return str_eq(a, str_of(text)); }

bool str_starts(str a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.n >= n && (n == 0 || memcmp(a.at, prefix, n) == 0);
}

bool str_ends(str a, const char *suffix)
{
    size_t n = strlen(suffix);
    return a.n >= n && (n == 0 || memcmp(a.at + a.n - n, suffix, n) == 0);
}

/* White space in the sense of Unicode's property of that name. */
static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

/* Turns the direction of the text around it: a name could change how the line beside it reads. */
static bool is_bidi_control(uint32_t c)
{
    return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Takes no room and shows nothing: what pasting from web pages and chat programs leaves in cells.
 */
static bool is_invisible(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff || c == 0xad || c == 0x180e ||
           is_bidi_control(c);
}

/* A byte that no character to be trimmed begins with: ASCII that shows, or the first of U+4000 to
 * U+CFFF, where Chinese characters are. */
static inline bool begins_plain(unsigned char byte)
{
    return (byte > ' ' && byte < 0x7f) || (byte >= 0xe4 && byte <= 0xec);
}

static inline bool is_continued(unsigned char byte) { return (byte & 0xc0) == 0x80; }

/* Mostly there is nothing to be trimmed, and the first and the last bytes tell. */
static inline bool is_trimmed(str s)
{
    const unsigned char *p = (const unsigned char *)s.at;
    if (s.n == 0 || !begins_plain(p[0])) {
        return s.n == 0;
    }
    return s.n > 2 && is_continued(p[s.n - 1]) && is_continued(p[s.n - 2])
               ? begins_plain(p[s.n - 3])
               : begins_plain(p[s.n - 1]) && p[s.n - 1] < 0x80;
}

str str_trim(str s)
{
    uint32_t c;
    size_t size;
    if (is_trimmed(s)) {
        return s;
    }
    while (s.n > 0 && (size = utf8_decode(s.at, s.n, &c)) > 0 && (is_space(c) || is_invisible(c))) {
        s.at += size;
        s.n -= size;
    }
    while (s.n > 0) {
        size_t start = s.n - 1;
        while (start > 0 && s.n - start < 4 && ((unsigned char)s.at[start] & 0xc0) == 0x80) {
            start--;
        }
        if (utf8_decode(s.at + start, s.n - start, &c) != s.n - start) {
            break;
        }
        if (!is_space(c) && !is_invisible(c)) {
            break;
        }
        s.n = start;
    }
    return s;
}

/* The well-formed sequences are those of the Unicode standard's table 3-7: shortest form only, no
 * surrogates, nothing beyond U+10FFFF. */
size_t utf8_decode(const char *at, size_t n, uint32_t *c)
{
    const unsigned char *p = (const unsigned char *)at;
    if (p[0] < 0x80) {
        *c = p[0];
        return 1;
    }
    size_t size = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n < size) {
        return 0;
    }
    uint32_t code = p[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3fu);
    }
    if ((size == 3 && code < 0x800) || (size == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code <= 0xdfff)) {
        return 0;
    }
    *c = code;
    return size;
}

/* How many ASCII bytes stand at the start, eight at a time. */
static size_t ascii_run(const char *at, size_t n)
{
    size_t i = 0;
    uint64_t eight;
    for (; n - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, at + i, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    while (i < n && (unsigned char)at[i] < 0x80) {
        i++;
    }
    return i;
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Five threes, and a byte that is not looked at. */
static inline bool are_common_threes(const char *at)
{
    static const sixteen least = {0xe1, 0x80, 0x80, 0xe1, 0x80, 0x80, 0xe1, 0x80,
                                  0x80, 0xe1, 0x80, 0x80, 0xe1, 0x80, 0x80, 0};
    static const sixteen span = {0x0b, 0x3f, 0x3f, 0x0b, 0x3f, 0x3f, 0x0b, 0x3f,
                                 0x3f, 0x0b, 0x3f, 0x3f, 0x0b, 0x3f, 0x3f, 0xff};
    sixteen bytes;
    uint64_t beyond[2];
    memcpy(&bytes, at, sizeof bytes);
    bytes = (sixteen)(bytes - least > span);
    memcpy(beyond, &bytes, sizeof beyond);
    return (beyond[0] | beyond[1]) == 0;
}

/* How many bytes at the start are in threes whose first leaves nothing to check: U+1000 to U+CFFF,
 * where Chinese characters are. */
static size_t common_run(const char *at, size_t n)
{
    const unsigned char *p = (const unsigned char *)at;
    size_t i = 0;
    while (n - i >= sizeof(sixteen) && are_common_threes(at + i)) {
        i += sizeof(sixteen) - 1;
    }
    while (n - i >= 3 && p[i] >= 0xe1 && p[i] <= 0xec && is_continued(p[i + 1]) &&
           is_continued(p[i + 2])) {
        i += 3;
    }
    return i;
}

size_t utf8_valid(const char *at, size_t n)
{
    size_t i = 0;
    uint32_t c;
    while (i < n) {
        bool ascii = (unsigned char)at[i] < 0x80;
        size_t run = ascii ? ascii_run(at + i, n - i) : common_run(at + i, n - i);
        if (run == 0) {
            run = utf8_decode(at + i, n - i, &c);
        }
        if (run == 0) {
            return i;
        }
        i += run;
    }
    return n;
}

size_t utf8_count(const char *at, size_t n)
{
    size_t count = 0;
    uint32_t c;
    for (size_t i = 0; i < n; count++) {
        size_t size = utf8_decode(at + i, n - i, &c);
        i += size > 0 ? size : 1;
    }
    return count;
}

/* Columns of one character; controls have none here, since they are shown escaped or not at all. */
static int char_width(uint32_t c)
{
    if (c < 0x7f) {
        return c >= ' ';
    }
    if (c >= 0x4e00 && c <= 0x9fff) {
        return 2;
    }
    int width = uc_width(c, "UTF-8");
    return width > 0 ? width : 0;
}

/* Width of the character at `at`, its bytes to *size; an invalid byte is one column. */
static int width_at(const char *at, size_t n, size_t *size)
{
    uint32_t c;
    *size = utf8_decode(at, n, &c);
    if (*size > 0) {
        return char_width(c);
    }
    *size = 1;
    return 1;
}

int text_width(const char *at, size_t n)
{
    int width = 0;
    size_t size;
    for (size_t i = 0; i < n; i += size) {
        width += width_at(at + i, n - i, &size);
    }
    return width;
}

/* Combining characters behind the last that fits belong to it. */
size_t text_fit(const char *at, size_t n, int columns)
{
    int width = 0;
    size_t i = 0, size;
    while (i < n) {
        width += width_at(at + i, n - i, &size);
        if (width > columns) {
            break;
        }
        i += size;
    }
    return i;
}

enum fold_need { FOLD_NOTHING, FOLD_SIMPLE, FOLD_NORMALISE };

/* What folding s takes: nothing, dropping and lowering, or a normal form first. */
static enum fold_need fold_need(str s)
{
    enum fold_need need = FOLD_NOTHING;
    for (size_t i = 0; i < s.n;) {
        unsigned char byte = (unsigned char)s.at[i];
        if (byte < 0x80) {
            if (byte <= ' ' || (byte >= 'A' && byte <= 'Z')) {
                need = FOLD_SIMPLE;
            }
            i++;
            continue;
        }
        uint32_t c;
        size_t size = utf8_decode(s.at + i, s.n - i, &c);
        if (size == 0 || c < 0x4e00 || c > 0x9fff) {
            return FOLD_NORMALISE;
        }
        i += size;
    }
    return need;
}

/* Lower case ASCII, without white space and invisible characters; invalid bytes stay. */
static str fold_simple(struct arena *a, str s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        size_t size = utf8_decode(s.at + i, s.n - i, &c);
        if (size == 1 && c >= 'A' && c <= 'Z') {
            out[n++] = (char)(c - 'A' + 'a');
        } else if (size == 0) {
            out[n++] = s.at[i];
        } else if (!is_space(c) && !is_invisible(c)) {
            for (size_t k = 0; k < size; k++) {
                out[n++] = s.at[i + k];
            }
        }
        i += size > 0 ? size : 1;
    }
    return (str){out, n};
}

str text_fold(struct arena *a, str s)
{
    enum fold_need need = fold_need(s);
    if (need == FOLD_NOTHING) {
        return s;
    }
    /* What is not valid UTF-8 is compared as it is: versions of the library differ about it. */
    if (need == FOLD_SIMPLE || utf8_valid(s.at, s.n) < s.n) {
        return fold_simple(a, s);
    }
    uint8_t room[512];
    size_t n = sizeof room;
    uint8_t *normal = u8_normalize(UNINORM_NFKC, (const uint8_t *)s.at, s.n, room, &n);
    if (normal == NULL) {
        sys_out_of_memory();
    }
    str folded = fold_simple(a, (str){(const char *)normal, n});
    if (normal != room) {
        free(normal);
    }
    return folded;
}

static bool is_unsafe(uint32_t c)
{
    return c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) || is_invisible(c);
}

size_t text_safe_char(const char *at, size_t n, char out[TEXT_SAFE_CHAR])
{
    uint32_t c;
    size_t size = utf8_decode(at, n, &c);
    if (size == 0 || (size == 1 && is_unsafe(c))) {
        snprintf(out, TEXT_SAFE_CHAR, "\\x%02x", (unsigned)(unsigned char)*at);
    } else if (is_unsafe(c)) {
        snprintf(out, TEXT_SAFE_CHAR, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
    } else {
        memcpy(out, at, size);
        out[size] = '\0';
    }
    return size > 0 ? size : 1;
}

/* How many bytes at the start are printable ASCII, the common case that needs no look at
 * characters. */
static size_t printable_run(const char *at, size_t n)
{
    size_t i = 0;
    while (i < n && at[i] >= ' ' && at[i] < 0x7f) {
        i++;
    }
    return i;
}

char *text_safe(struct arena *a, str s)
{
    char shown[TEXT_SAFE_CHAR];
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t run = printable_run(s.at + i, s.n - i);
        i += run;
        n += run;
        if (i < s.n) {
            i += text_safe_char(s.at + i, s.n - i, shown);
            n += strlen(shown);
        }
    }
    char *out = arena_alloc(a, n + 1), *p = out;
    for (size_t i = 0; i < s.n;) {
        size_t run = printable_run(s.at + i, s.n - i);
        memcpy(p, s.at + i, run);
        i += run;
        p += run;
        if (i < s.n) {
            i += text_safe_char(s.at + i, s.n - i, shown);
            p = stpcpy(p, shown);
        }
    }
    return out;
}

/* A text as code points, to compare. Longer ones are compared for being equal only. */
#define DISTANCE_MOST_CHARS 256

struct chars {
    int n; /* DISTANCE_MOST_CHARS + 1: too long */
    uint32_t at[DISTANCE_MOST_CHARS];
};

static void add_char(struct chars *chars, uint32_t c)
{
    if (chars->n < DISTANCE_MOST_CHARS) {
        chars->at[chars->n++] = c;
    } else {
        chars->n = DISTANCE_MOST_CHARS + 1;
    }
}

/* `folded` folds what matters for guessing a name: case, full width, white space. */
static void read_chars(str s, bool folded, struct chars *chars)
{
    chars->n = 0;
    for (size_t i = 0; i < s.n && chars->n <= DISTANCE_MOST_CHARS;) {
        uint32_t c;
        size_t size = utf8_decode(s.at + i, s.n - i, &c);
        if (size == 0) {
            c = 0x110000u + (unsigned char)s.at[i];
        }
        i += size > 0 ? size : 1;
        if (folded && (is_space(c) || is_invisible(c))) {
            continue;
        }
        if (folded && c >= 0xff01 && c <= 0xff5e) {
            c -= 0xff01 - '!';
        }
        if (folded && c >= 'A' && c <= 'Z') {
            c += 'a' - 'A';
        }
        add_char(chars, c);
    }
}

static int least(int a, int b) { return a < b ? a : b; }

/*
 * Optimal string alignment: insert, delete, replace, and swap two neighbours, each one edit. Rows
 * of the table are kept for the present, the last and the one before it; a row wholly beyond `most`
 * ends it.
 */
static int distance(const struct chars *a, const struct chars *b, int most)
{
    int rows[3][DISTANCE_MOST_CHARS + 1];
    int difference = a->n > b->n ? a->n - b->n : b->n - a->n;
    if (difference > most || a->n > DISTANCE_MOST_CHARS || b->n > DISTANCE_MOST_CHARS) {
        return most + 1;
    }
    for (int k = 0; k <= b->n; k++) {
        rows[0][k] = k;
    }
    for (int i = 1; i <= a->n; i++) {
        int *row = rows[i % 3];
        const int *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        int row_least = row[0] = i;
        for (int k = 1; k <= b->n; k++) {
            int replace = last[k - 1] + (a->at[i - 1] != b->at[k - 1]);
            row[k] = least(replace, least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a->at[i - 1] == b->at[k - 2] && a->at[i - 2] == b->at[k - 1]) {
                row[k] = least(row[k], before[k - 2] + 1);
            }
            row_least = least(row_least, row[k]);
        }
        if (row_least > most) {
            return most + 1;
        }
    }
    return least(rows[a->n % 3][b->n], most + 1);
}

int text_distance(str a, str b, int most)
{
    if (str_eq(a, b)) {
        return 0;
    }
    struct chars left, right;
    read_chars(a, false, &left);
    read_chars(b, false, &right);
    return distance(&left, &right, most);
}

/* One edit in names of two to five characters (most Chinese names), up to three in long ones; a
 * single character is only itself. */
static int near_enough(int length)
{
    if (length < 2) {
        return 0;
    }
    int third = length / 3;
    return third < 1 ? 1 : third > 3 ? 3 : third;
}

void nearest_offer(struct nearest *n, const char *candidate)
{
    if (candidate == NULL) {
        return;
    }
    struct chars name, other;
    read_chars(n->name, true, &name);
    read_chars(str_of(candidate), true, &other);
    int most = n->best.at != NULL ? n->distance - 1 : near_enough(name.n);
    if (most < 0) {
        return;
    }
    int edits = distance(&name, &other, most);
    if (edits > most) {
        return;
    }
    n->best = str_of(candidate);
    n->distance = edits;
}

const char *nearest_name(const struct nearest *n, struct arena *a)
{
    return n->best.at != NULL ? arena_text(a, n->best.at, n->best.n) : NULL;
}
