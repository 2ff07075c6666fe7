/*
 * json.c - JSON to nodes, by RFC 8259 to the letter: what other tools would read differently is an
 * error.
 *
 * Numbers keep their digits as text (12.50 stays 12.50, never a double), true and false become the
 * texts "true" and "false", null a scalar that is_null.
 */
#include "load/node.h"

#include "base/buf.h"
#include "base/i18n.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct source *source;
    const char *text;
    size_t n, at;
    uint32_t depth;
    bool failed;
    VEC(struct node *) stack; /* elements of all open lists and maps; see yaml.c */
};

static struct node *read_value(struct reader *r);

__attribute__((format(printf, 4, 5))) static void fail(struct reader *r, size_t offset,
                                                       size_t length, const char *format, ...)
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

static char peek(const struct reader *r) { return r->at < r->n ? r->text[r->at] : '\0'; }

static void skip_space(struct reader *r)
{
    while (r->at < r->n && strchr(" \t\r\n", r->text[r->at]) && r->text[r->at] != '\0') {
        r->at++;
    }
}

/* Fails with the character that stands here, or the end of the file. */
static void fail_here(struct reader *r, const char *wanted)
{
    if (r->at >= r->n) {
        fail(r, r->n, 0, _("%s is needed here, but the file ends"), wanted);
        return;
    }
    uint32_t c;
    size_t length = utf8_decode(r->text + r->at, r->n - r->at, &c);
    length = length > 0 ? length : 1;
    const char *shown = text_safe(r->arena, (str){r->text + r->at, length});
    fail(r, r->at, length, _("%s is needed here, not '%s'"), wanted, shown);
}

static struct node *new_node(struct reader *r, enum node_kind kind, size_t start)
{
    struct node *n = ARENA_NEW(r->arena, struct node);
    n->kind = kind;
    n->at = (span){r->source, start, 1};
    return n;
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
static uint32_t hex4(const struct reader *r, size_t at)
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
static uint32_t read_unicode(struct reader *r)
{
    uint32_t c = hex4(r, r->at + 2);
    if (c == UINT32_MAX) {
        fail(r, r->at, 2, _("four hexadecimal digits are needed after \\u"));
        return 0;
    }
    size_t start = r->at;
    r->at += 6;
    if (c >= 0xD800 && c <= 0xDBFF) {
        uint32_t low = r->n - r->at >= 6 && r->text[r->at] == '\\' && r->text[r->at + 1] == 'u'
                           ? hex4(r, r->at + 2)
                           : UINT32_MAX;
        if (low == UINT32_MAX || low < 0xDC00 || low > 0xDFFF) {
            fail(r, start, 6, _("half a character: the second \\u of the pair is missing"));
            return 0;
        }
        r->at += 6;
        return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    if (c >= 0xDC00 && c <= 0xDFFF) {
        fail(r, start, 6, _("half a character: the first \\u of the pair is missing"));
        return 0;
    }
    if (c == 0) {
        fail(r, start, 6, _("text cannot contain the character \\0"));
    }
    return c;
}

static uint32_t read_escape(struct reader *r)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = r->at + 1 < r->n ? r->text[r->at + 1] : '\0';
    if (c == 'u') {
        return read_unicode(r);
    }
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    if (!name) {
        fail(r, r->at, 2, _("no such escape with \\ in a text"));
        return 0;
    }
    r->at += 2;
    return (uint32_t)meant[name - names];
}

/* The bytes up to the closing quote are an upper bound for the text: escapes only shorten. */
static size_t string_bound(const struct reader *r)
{
    size_t i = r->at;
    while (i < r->n && r->text[i] != '"' && r->text[i] != '\n') {
        i += r->text[i] == '\\' ? 2 : 1;
    }
    return (i < r->n ? i : r->n) - r->at;
}

static struct node *read_string(struct reader *r)
{
    size_t start = r->at++;
    struct node *n = new_node(r, NODE_SCALAR, start);
    char *out = arena_alloc(r->arena, string_bound(r) + 1);
    size_t length = 0;
    while (!r->failed && peek(r) != '"') {
        if (r->at >= r->n || r->text[r->at] == '\n') {
            fail(r, start, 1, _("the quotation mark opened here is never closed"));
        } else if ((unsigned char)r->text[r->at] < 0x20) {
            fail(r, r->at, 1, _("a control character stands in a text; write \\t or \\u00XX"));
        } else if (r->text[r->at] == '\\') {
            length += put_utf8(out + length, read_escape(r));
        } else {
            out[length++] = r->text[r->at++];
        }
    }
    r->at++;
    n->text = out;
    n->n = length;
    out[length] = '\0';
    n->quoted = true;
    n->at.length = r->at - start;
    return n;
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct reader *r)
{
    size_t start = r->at;
    while (r->at < r->n && r->text[r->at] >= '0' && r->text[r->at] <= '9') {
        r->at++;
    }
    return r->at - start;
}

static bool skip_number(struct reader *r)
{
    r->at += peek(r) == '-';
    bool zero = peek(r) == '0';
    size_t digits = skip_digits(r);
    if (digits == 0 || (zero && digits > 1)) {
        return false;
    }
    if (peek(r) == '.') {
        r->at++;
        if (skip_digits(r) == 0) {
            return false;
        }
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        r->at++;
        r->at += peek(r) == '+' || peek(r) == '-';
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

static struct node *read_bare(struct reader *r)
{
    static const char *const words[] = {"true", "false", "null"};
    size_t start = r->at;
    while (r->at < r->n && is_bare(r->text[r->at])) {
        r->at++;
    }
    str s = {r->text + start, r->at - start};
    if (s.n == 0) {
        fail_here(r, _("a value"));
        return NULL;
    }
    bool good = false, number = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        good = good || str_is(s, words[i]);
    }
    if (!good && (s.at[0] == '-' || (s.at[0] >= '0' && s.at[0] <= '9'))) {
        size_t end = r->at;
        r->at = start;
        number = good = skip_number(r) && r->at == end;
        r->at = end;
    }
    if (!good) {
        fail(r, start, s.n, _("'%.*s' is no JSON value; text needs \"…\""), STR_ARG(s));
        return NULL;
    }
    struct node *n = new_node(r, NODE_SCALAR, start);
    n->is_null = str_is(s, "null");
    n->text = number ? without_exponent(r->arena, s) : arena_text(r->arena, s.at, s.n);
    if (n->is_null) {
        n->text = "";
    }
    n->n = strlen(n->text);
    n->at.length = s.n;
    return n;
}

/* ---- lists and maps ---- */

/* After an element: true if another one follows. */
static bool another(struct reader *r, char close)
{
    skip_space(r);
    if (peek(r) == ',') {
        size_t comma = r->at++;
        skip_space(r);
        if (peek(r) == close) {
            fail(r, comma, 1, _("a comma stands before the closing bracket"));
        }
        return !r->failed;
    }
    if (peek(r) != close) {
        fail_here(r, close == ']' ? _("',' or ']'") : _("',' or '}'"));
    }
    return false;
}

static bool enter(struct reader *r, char close)
{
    r->at++;
    skip_space(r);
    if (++r->depth > NODE_DEPTH_MOST) {
        fail(r, r->at - 1, 1, _("lists and maps are nested too deep"));
        return false;
    }
    return peek(r) != close;
}

static void leave(struct reader *r, struct node *n)
{
    r->depth--;
    r->at += !r->failed;
    n->at.length = r->at - n->at.offset;
}

static struct node *read_list(struct reader *r)
{
    struct node *n = new_node(r, NODE_LIST, r->at);
    uint32_t first = r->stack.n;
    if (enter(r, ']')) {
        do {
            struct node *item = read_value(r);
            if (r->failed) {
                return NULL;
            }
            *vec_push(r->arena, &r->stack) = item;
        } while (another(r, ']'));
    }
    leave(r, n);
    n->n_items = r->stack.n - first;
    n->items = ARENA_ARRAY(r->arena, struct node *, n->n_items);
    for (uint32_t i = 0; i < n->n_items; i++) {
        n->items[i] = r->stack.at[first + i];
    }
    r->stack.n = first;
    return n;
}

static void read_pair(struct reader *r)
{
    skip_space(r);
    if (peek(r) != '"') {
        fail_here(r, _("a key in \"…\""));
        return;
    }
    struct node *key = read_string(r);
    skip_space(r);
    if (r->failed || peek(r) != ':') {
        fail_here(r, _("':' behind the key"));
        return;
    }
    r->at++;
    struct node *value = read_value(r);
    if (!r->failed) {
        *vec_push(r->arena, &r->stack) = key;
        *vec_push(r->arena, &r->stack) = value;
    }
}

static struct node *read_map(struct reader *r)
{
    struct node *n = new_node(r, NODE_MAP, r->at);
    uint32_t first = r->stack.n;
    if (enter(r, '}')) {
        do {
            read_pair(r);
            if (r->failed) {
                return NULL;
            }
        } while (another(r, '}'));
    }
    leave(r, n);
    n->n_items = (r->stack.n - first) / 2;
    n->pairs = ARENA_ARRAY(r->arena, struct node_pair, n->n_items);
    for (uint32_t i = 0; i < n->n_items; i++) {
        struct node **pair = r->stack.at + first + 2 * i;
        n->pairs[i] = (struct node_pair){pair[0], pair[1], false};
    }
    r->stack.n = first;
    if (!r->failed) {
        node_repeated_keys(r->arena, r->diag, n);
    }
    return n;
}

static struct node *read_value(struct reader *r)
{
    skip_space(r);
    switch (peek(r)) {
    case '{':
        return read_map(r);
    case '[':
        return read_list(r);
    case '"':
        return read_string(r);
    default:
        return read_bare(r);
    }
}

struct node *json_read(struct arena *a, struct diag *d, const struct source *s)
{
    struct reader r = {.arena = a, .diag = d, .source = s, .text = s->text, .n = s->n};
    size_t bad = utf8_valid(s->text, s->n);
    if (bad < s->n) {
        diag_add(d, FINDING_SYNTAX, (span){s, bad, 1}, _("this byte is not UTF-8 text"));
        return NULL;
    }
    skip_space(&r);
    if (r.at == r.n) {
        diag_add(d, FINDING_SYNTAX, (span){s, 0, 0}, _("the file is empty"));
        return NULL;
    }
    struct node *root = read_value(&r);
    skip_space(&r);
    if (!r.failed && r.at < r.n) {
        fail_here(&r, _("the end of the file"));
    }
    return r.failed ? NULL : root;
}
