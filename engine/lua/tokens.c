/* tokens.c - see tokens.h. */
#include "lua/tokens.h"

#include <string.h>

static const char *const keywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                       "false", "for",   "function", "goto", "if",     "in",
                                       "local", "nil",   "not",      "or",   "repeat", "return",
                                       "then",  "true",  "until",    "while"};

/* The longest first. */
static const char *const signs[] = {
    "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", "..", "+", "-", "*", "/", "%", "^", "#",
    "&",   "~",  "|",  "<",  ">",  "=",  "(",  ")",  "{",  "}",  "[", "]", ";", ":", ",", "."};

/* Signs of other languages and of Chinese typing. */
static const char *const foreign[] = {"!=", "&&", "||", "++", "+=", "-=", "*=", "≥",  "≤",
                                      "≠",  "×",  "÷",  "＞", "＜", "＝", "（", "）", "，",
                                      "；", "：", "＋", "－", "＊", "／", "％", "“",  "”",
                                      "‘",  "’",  "。", "、", "【", "】", "｛", "｝", "！"};

struct scan {
    str text;
    size_t at;
    uint32_t line;
};

static char peek(const struct scan *s, size_t ahead)
{
    return s->at + ahead < s->text.n ? s->text.at[s->at + ahead] : '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool starts(const struct scan *s, const char *word)
{
    size_t n = strlen(word);
    return s->text.n - s->at >= n && memcmp(s->text.at + s->at, word, n) == 0;
}

static void step(struct scan *s, size_t n)
{
    for (; n > 0 && s->at < s->text.n; n--) {
        s->line += s->text.at[s->at++] == '\n';
    }
}

/* At "[==[": how many =, or -1. */
static int long_level(const struct scan *s)
{
    size_t n = 1;
    while (peek(s, n) == '=') {
        n++;
    }
    return peek(s, 0) == '[' && peek(s, n) == '[' ? (int)n - 1 : -1;
}

/* Past "]==]"; false if there is none. */
static bool skip_long(struct scan *s, int level)
{
    step(s, (size_t)level + 2);
    while (s->at < s->text.n) {
        size_t n = 1;
        while (peek(s, 0) == ']' && peek(s, n) == '=') {
            n++;
        }
        if (peek(s, 0) == ']' && (int)n - 1 == level && peek(s, n) == ']') {
            step(s, n + 1);
            return true;
        }
        step(s, peek(s, 0) == ']' ? n : 1);
    }
    return false;
}

/* White space and comments; false at a comment without its end. */
static bool skip_blank(struct scan *s)
{
    while (s->at < s->text.n) {
        char c = peek(s, 0);
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            step(s, 1);
        } else if (c == '-' && peek(s, 1) == '-') {
            step(s, 2);
            int level = long_level(s);
            if (level >= 0) {
                if (!skip_long(s, level)) {
                    return false;
                }
            }
            while (level < 0 && s->at < s->text.n && peek(s, 0) != '\n') {
                step(s, 1);
            }
        } else {
            break;
        }
    }
    return true;
}

static bool skip_quoted(struct scan *s)
{
    char quote = peek(s, 0);
    step(s, 1);
    while (s->at < s->text.n) {
        char c = peek(s, 0);
        if (c == '\n') {
            return false;
        }
        if (c == '\\' && peek(s, 1) == 'z') {
            step(s, 2);
            while (peek(s, 0) == ' ' || (peek(s, 0) >= '\t' && peek(s, 0) <= '\r')) {
                step(s, 1);
            }
            continue;
        }
        step(s, c == '\\' ? 2 : 1);
        if (c == quote) {
            return true;
        }
    }
    return false;
}

static void skip_number(struct scan *s)
{
    bool hex = peek(s, 0) == '0' && (peek(s, 1) | 32) == 'x';
    step(s, hex ? 2 : 0);
    for (;;) {
        char c = peek(s, 0), lower = (char)(c | 32);
        bool exponent = lower == (hex ? 'p' : 'e');
        if (exponent && (peek(s, 1) == '+' || peek(s, 1) == '-')) {
            step(s, 2);
        } else if (is_digit(c) || is_letter(c) || (c == '.' && peek(s, 1) != '.')) {
            step(s, 1);
        } else {
            return;
        }
    }
}

static bool is_keyword(str name)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (str_is(name, keywords[i])) {
            return true;
        }
    }
    return false;
}

static bool skip_one_of(struct scan *s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (starts(s, words[i])) {
            step(s, strlen(words[i]));
            return true;
        }
    }
    return false;
}

static enum token_kind skip_sign(struct scan *s)
{
    if (skip_one_of(s, foreign, sizeof foreign / sizeof foreign[0])) {
        return TOKEN_FOREIGN;
    }
    if (skip_one_of(s, signs, sizeof signs / sizeof signs[0])) {
        return TOKEN_SIGN;
    }
    uint32_t c;
    size_t n = utf8_decode(s->text.at + s->at, s->text.n - s->at, &c);
    step(s, n > 0 ? n : 1);
    return TOKEN_FOREIGN;
}

static enum token_kind skip_token(struct scan *s)
{
    char c = peek(s, 0);
    if (is_letter(c)) {
        while (is_letter(peek(s, 0)) || is_digit(peek(s, 0))) {
            step(s, 1);
        }
        return TOKEN_NAME;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(s, 1)))) {
        skip_number(s);
        return TOKEN_NUMBER;
    }
    if (c == '"' || c == '\'') {
        return skip_quoted(s) ? TOKEN_TEXT : TOKEN_BROKEN;
    }
    int level = long_level(s);
    if (level >= 0) {
        return skip_long(s, level) ? TOKEN_TEXT : TOKEN_BROKEN;
    }
    return skip_sign(s);
}

void tokens_read(struct arena *a, str text, tokens *out)
{
    struct scan s = {.text = text, .line = 1};
    while (s.at < s.text.n) {
        struct token t = {.offset = s.at, .line = s.line};
        if (skip_blank(&s)) {
            t.offset = s.at;
            t.line = s.line;
            if (s.at == s.text.n) {
                break;
            }
            t.kind = skip_token(&s);
        } else {
            t.kind = TOKEN_BROKEN;
        }
        t.text = (str){text.at + t.offset, s.at - t.offset};
        if (t.kind == TOKEN_NAME && is_keyword(t.text)) {
            t.kind = TOKEN_KEYWORD;
        }
        *vec_push(a, out) = t;
    }
}

struct token tokens_at(const tokens *all, size_t i)
{
    return i < all->n ? all->at[i] : (struct token){.kind = TOKEN_SIGN};
}

bool tokens_is_free_name(const tokens *all, size_t i)
{
    struct token t = tokens_at(all, i);
    if (t.kind != TOKEN_NAME || i == 0) {
        return t.kind == TOKEN_NAME;
    }
    const struct token *before = &all->at[i - 1];
    return !token_is(before, ".") && !token_is(before, ":") && !token_is(before, "::") &&
           !token_is(before, "goto");
}

str token_quoted(const struct token *t)
{
    str s = t->text;
    bool plain =
        t->kind == TOKEN_TEXT && s.n >= 2 && s.at[0] != '[' && memchr(s.at, '\\', s.n) == NULL;
    return plain ? (str){s.at + 1, s.n - 2} : (str){0};
}
