/*
 * json_scalar.c - texts, numbers and words of JSON, and what is said where something else stands.
 */
#include "load/json_reader.h"

#include "base/buf.h"
#include "base/i18n.h"

#include <stdlib.h>
#include <string.h>

void json_fail(struct json_reader *r, size_t offset, size_t length, const char *format, ...)
{
    if (r->failed) {
        return;
    }
    r->failed = true;
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(r->arena, format, args);
    va_end(args);
    diag_add(r->diag, FINDING_SYNTAX, (span){r->source, offset, length}, "%s", text);
}

void json_fail_here(struct json_reader *r, const char *wanted)
{
    if (r->at >= r->n) {
        json_fail(r, r->n, 0,
                  r->in_line ? _("%s is needed here, but the line ends")
                             : _("%s is needed here, but the file ends"),
                  wanted);
        return;
    }
    uint32_t c;
    size_t length = utf8_decode(r->text + r->at, r->n - r->at, &c);
    length = length > 0 ? length : 1;
    const char *shown = text_safe(r->arena, (str){r->text + r->at, length});
    json_fail(r, r->at, length, _("%s is needed here, not '%s'"), wanted, shown);
}

struct node *json_new_node(struct json_reader *r, enum node_kind kind, size_t start)
{
    struct node *n = ARENA_NEW(r->arena, struct node);
    n->kind = kind;
    n->at = (span){r->source, start, 1};
    return n;
}

/* With its text behind it. */
static struct node *new_scalar(struct json_reader *r, size_t start, const char *at, size_t n)
{
    struct node *scalar = arena_alloc(r->arena, sizeof *scalar + n + 1);
    char *text = (char *)(scalar + 1);
    memcpy(text, at, n);
    scalar->kind = NODE_SCALAR;
    scalar->text = text;
    scalar->n = n;
    scalar->at = (span){r->source, start, 1};
    return scalar;
}

/* ---- strings ---- */

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The four hexadecimal digits after \u at `at`, or UINT32_MAX. */
static uint32_t hex4(const struct json_reader *r, size_t at)
{
    uint32_t c = 0;
    if (r->n - at < 4) {
        return UINT32_MAX;
    }
    for (size_t i = at; i < at + 4; i++) {
        char h = r->text[i];
        uint32_t digit = h >= '0' && h <= '9'   ? (uint32_t)(h - '0')
                         : h >= 'a' && h <= 'f' ? (uint32_t)(h - 'a') + 10
                         : h >= 'A' && h <= 'F' ? (uint32_t)(h - 'A') + 10
                                                : UINT32_MAX;
        if (digit == UINT32_MAX) {
            return UINT32_MAX;
        }
        c = c << 4 | digit;
    }
    return c;
}

/* At the backslash of \uXXXX, one or a pair of surrogates; 0 after a finding. */
static uint32_t read_unicode(struct json_reader *r)
{
    uint32_t c = hex4(r, r->at + 2);
    if (c == UINT32_MAX) {
        json_fail(r, r->at, 2, _("four hexadecimal digits are needed after \\u"));
        return 0;
    }
    size_t start = r->at;
    r->at += 6;
    if (c >= 0xD800 && c <= 0xDBFF) {
        uint32_t low = r->n - r->at >= 6 && r->text[r->at] == '\\' && r->text[r->at + 1] == 'u'
                           ? hex4(r, r->at + 2)
                           : UINT32_MAX;
        if (low == UINT32_MAX || low < 0xDC00 || low > 0xDFFF) {
            json_fail(r, start, 6, _("half a character: the second \\u of the pair is missing"));
            return 0;
        }
        r->at += 6;
        return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    if (c >= 0xDC00 && c <= 0xDFFF) {
        json_fail(r, start, 6, _("half a character: the first \\u of the pair is missing"));
        return 0;
    }
    if (c == 0) {
        json_fail(r, start, 6, _("text cannot contain the character \\0"));
    }
    return c;
}

static uint32_t read_escape(struct json_reader *r)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = r->at + 1 < r->n ? r->text[r->at + 1] : '\0';
    if (c == 'u') {
        return read_unicode(r);
    }
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    if (!name) {
        json_fail(r, r->at, 2, _("no such escape with \\ in a text"));
        return 0;
    }
    r->at += 2;
    return (uint32_t)meant[name - names];
}

/* The bytes up to the closing quote are an upper bound for the text: escapes only shorten. */
static size_t string_bound(const struct json_reader *r)
{
    size_t i = r->at;
    while (i < r->n && r->text[i] != '"' && r->text[i] != '\n') {
        i += r->text[i] == '\\' ? 2 : 1;
    }
    return (i < r->n ? i : r->n) - r->at;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of a byte that is zero; bytes above such a one may be marked wrongly. */
static uint64_t zeros(uint64_t eight) { return (eight - EACH(1)) & ~eight & EACH(0x80); }

/* How many bytes from here on mean themselves: up to a quote, a backslash or a control character,
 * eight at a time. */
static size_t plain_run(const struct json_reader *r)
{
    size_t i = r->at;
    uint64_t eight;
    for (; r->n - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, r->text + i, sizeof eight);
        uint64_t control = (eight - EACH(0x20)) & ~eight & EACH(0x80);
        if ((control | zeros(eight ^ EACH('"')) | zeros(eight ^ EACH('\\'))) != 0) {
            break;
        }
    }
    while (i < r->n && (unsigned char)r->text[i] >= 0x20 && r->text[i] != '"' &&
           r->text[i] != '\\') {
        i++;
    }
    return i - r->at;
}

/* Behind the opening quote at `start`: what a text is that has something to make out in it. */
static void read_escaped(struct json_reader *r, struct node *n, size_t start)
{
    char *out = arena_alloc(r->arena, string_bound(r) + 1);
    size_t length = 0;
    while (!r->failed && json_peek(r) != '"') {
        if (r->at >= r->n || r->text[r->at] == '\n') {
            json_fail(r, start, 1, _("the quotation mark opened here is never closed"));
        } else if ((unsigned char)r->text[r->at] < 0x20) {
            json_fail(r, r->at, 1, _("a control character stands in a text; write \\t or \\u00XX"));
        } else if (r->text[r->at] == '\\') {
            length += put_utf8(out + length, read_escape(r));
        } else {
            size_t plain = plain_run(r);
            memcpy(out + length, r->text + r->at, plain);
            length += plain;
            r->at += plain;
        }
    }
    r->at++;
    n->text = out;
    n->n = length;
    out[length] = '\0';
}

struct node *json_read_string(struct json_reader *r)
{
    size_t start = r->at++;
    size_t plain = plain_run(r);
    bool whole = r->at + plain < r->n && r->text[r->at + plain] == '"';
    struct node *n = new_scalar(r, start, r->text + r->at, whole ? plain : 0);
    n->quoted = true;
    if (whole) {
        r->at += plain + 1;
    } else {
        read_escaped(r, n, start);
    }
    n->at.length = r->at - start;
    return n;
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct json_reader *r)
{
    size_t start = r->at;
    while (r->at < r->n && r->text[r->at] >= '0' && r->text[r->at] <= '9') {
        r->at++;
    }
    return r->at - start;
}

static bool skip_number(struct json_reader *r)
{
    r->at += json_peek(r) == '-';
    bool zero = json_peek(r) == '0';
    size_t digits = skip_digits(r);
    if (digits == 0 || (zero && digits > 1)) {
        return false;
    }
    if (json_peek(r) == '.') {
        r->at++;
        if (skip_digits(r) == 0) {
            return false;
        }
    }
    if (json_peek(r) == 'e' || json_peek(r) == 'E') {
        r->at++;
        r->at += json_peek(r) == '+' || json_peek(r) == '-';
        if (skip_digits(r) == 0) {
            return false;
        }
    }
    return true;
}

/*
 * 1.5E+3 as 1500 and 1e-07 as 0.0000001: cells know no exponents. Beyond thirty places either way
 * the text stays as it is, and is no number to whoever reads it.
 */
static const char *without_exponent(struct arena *a, str s)
{
    size_t e = 0, point = 0;
    while (e < s.n && s.at[e] != 'e' && s.at[e] != 'E') {
        e++;
    }
    long exponent = e < s.n ? strtol(s.at + e + 1, NULL, 10) : 0;
    if (exponent == 0 || exponent > 30 || exponent < -30) {
        return arena_text(a, s.at, exponent == 0 ? e : s.n);
    }
    struct buf digits = {0}, out = {0};
    bool negative = s.at[0] == '-';
    bool fraction = false;
    for (size_t i = negative; i < e; i++) {
        if (s.at[i] == '.') {
            fraction = true;
        } else {
            buf_char(&digits, s.at[i]);
            point += !fraction;
        }
    }
    long at = (long)point + exponent;
    buf_text(&out, negative ? "-" : "");
    if (at <= 0) {
        buf_text(&out, "0.");
        buf_repeat(&out, "0", (size_t)-at);
        buf_text(&out, digits.at);
    } else if ((size_t)at >= digits.n) {
        buf_text(&out, digits.at);
        buf_repeat(&out, "0", (size_t)at - digits.n);
    } else {
        buf_add(&out, digits.at, (size_t)at);
        buf_char(&out, '.');
        buf_text(&out, digits.at + at);
    }
    const char *text = arena_text(a, out.at, out.n);
    buf_release(&digits);
    buf_release(&out);
    return text;
}

static bool is_bare(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '+' || c == '-' || c == '_' || c == '%' || (unsigned char)c >= 0x80;
}

struct node *json_read_bare(struct json_reader *r)
{
    static const char *const words[] = {"true", "false", "null"};
    size_t start = r->at;
    while (r->at < r->n && is_bare(r->text[r->at])) {
        r->at++;
    }
    str s = {r->text + start, r->at - start};
    if (s.n == 0) {
        json_fail_here(r, _("a value"));
        return NULL;
    }
    bool good = false, number = false;
    for (size_t i = 0; s.at[0] >= 'f' && i < sizeof words / sizeof *words; i++) {
        good = good || str_is(s, words[i]);
    }
    if (!good && (s.at[0] == '-' || (s.at[0] >= '0' && s.at[0] <= '9'))) {
        size_t end = r->at;
        r->at = start;
        number = good = skip_number(r) && r->at == end;
        r->at = end;
    }
    if (!good) {
        json_fail(r, start, s.n, _("'%.*s' is no JSON value; text needs \"…\""), STR_ARG(s));
        return NULL;
    }
    bool is_null = str_is(s, "null");
    struct node *n = new_scalar(r, start, s.at, is_null ? 0 : s.n);
    n->is_null = is_null;
    if (number && (memchr(s.at, 'e', s.n) || memchr(s.at, 'E', s.n))) {
        n->text = without_exponent(r->arena, s);
        n->n = strlen(n->text);
    }
    n->at.length = s.n;
    return n;
}
