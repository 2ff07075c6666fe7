/*
 * pattern.c - see pattern.h.
 *
 * A pattern is read as it is matched, not before: the interpreter finds a mistake in a pattern only
 * when it gets there, and so must this. Recursion is only where something may have to be taken
 * back:
 *
 *   match   text and single items in a loop; calls itself (through open, close, most, least) for
 *           what follows a capture's bracket or a repeated item, and gives up at PATTERN_DEPTH
 */
#include "lua/pattern.h"

#include "lua/budget.h"

#include <lua5.4/lauxlib.h>
#include <string.h>

#define PATTERN_DEPTH 200
#define STEPS_AT_ONCE 64

/* Of the LUA_MINSTACK slots that every function has, those that none of ours has taken. */
#define STACK_SURE 8

/* Instead of a capture's length. */
#define OPEN (-1)     /* its closing bracket is not reached */
#define POSITION (-2) /* () */

static inline unsigned char byte(char c) { return (unsigned char)c; }

void pattern_settle(struct pattern *p)
{
    uint32_t steps = p->steps;
    p->steps = 0;
    budget_charge(p->L, steps);
}

static inline void step(struct pattern *p, size_t n)
{
    p->steps += (uint32_t)n;
    if (__builtin_expect(p->steps >= STEPS_AT_ONCE, 0)) {
        pattern_settle(p);
    }
}

/* ---- single items ---- */

static inline bool is_in(unsigned char c, unsigned char low, unsigned char high)
{
    return (unsigned char)(c - low) <= (unsigned char)(high - low);
}
static inline bool is_alpha(unsigned char c) { return is_in(c | 32, 'a', 'z'); }
static inline bool is_digit(unsigned char c) { return is_in(c, '0', '9'); }
static inline bool is_graph(unsigned char c) { return is_in(c, '!', '~'); }

/* Whether c is in the class that %letter means, in ASCII whatever the locale. A letter that means
 * none, and every other character, stands for itself. */
static inline bool class_has(unsigned char letter, unsigned char c)
{
    bool in;
    switch (letter | 32) {
    case 'a':
        in = is_alpha(c);
        break;
    case 'c':
        in = c < 32 || c == 127;
        break;
    case 'd':
        in = is_digit(c);
        break;
    case 'g':
        in = is_graph(c);
        break;
    case 'l':
        in = is_in(c, 'a', 'z');
        break;
    case 'p':
        in = is_graph(c) && !is_alpha(c) && !is_digit(c);
        break;
    case 's':
        in = c == ' ' || is_in(c, '\t', '\r');
        break;
    case 'u':
        in = is_in(c, 'A', 'Z');
        break;
    case 'w':
        in = is_alpha(c) || is_digit(c);
        break;
    case 'x':
        in = is_digit(c) || is_in(c | 32, 'a', 'f');
        break;
    case 'z': /* from the time when patterns ended at a NUL */
        in = c == 0;
        break;
    default:
        return letter == c;
    }
    return in != is_in(letter, 'A', 'Z');
}

/* Whether c is in the set [...] at `at`, whose closing bracket is at `close`. */
static bool set_has(const char *at, const char *close, unsigned char c)
{
    bool found = at[1] != '^';
    for (at += found ? 1 : 2; at < close; at++) {
        if (*at == '%') {
            at++;
            if (class_has(byte(*at), c)) {
                return found;
            }
        } else if (at[1] == '-' && at + 2 < close) {
            if (is_in(c, byte(at[0]), byte(at[2])) && byte(at[0]) <= byte(at[2])) {
                return found;
            }
            at += 2;
        } else if (byte(*at) == c) {
            return found;
        }
    }
    return !found;
}

/* What looking something up in a set costs: nothing for those that people write. */
static inline void step_set(struct pattern *p, const char *at, const char *end)
{
    if (end - at >= 16) {
        step(p, (size_t)(end - at) / 8);
    }
}

/* Behind the set at `at`. */
static const char *set_end(struct pattern *p, const char *at)
{
    const char *start = at++;
    if (*at == '^') {
        at++;
    }
    do { /* a bracket that is the first of the set belongs to it */
        if (at == p->text_end) {
            luaL_error(p->L, "malformed pattern (missing ']')");
        }
        if (*at++ == '%' && at < p->text_end) {
            at++;
        }
    } while (*at != ']');
    step_set(p, start, at);
    return at + 1;
}

/* Behind the single item at `at`. */
static inline const char *item_end(struct pattern *p, const char *at)
{
    if (*at == '[') {
        return set_end(p, at);
    }
    if (*at != '%') {
        return at + 1;
    }
    if (at + 1 == p->text_end) {
        luaL_error(p->L, "malformed pattern (ends with '%%')");
    }
    return at + 2;
}

/* Whether the character at s is what the item from `at` to `end` stands for. */
static inline bool is_item(struct pattern *p, const char *s, const char *at, const char *end)
{
    if (s == p->subject_end) {
        return false;
    }
    switch (*at) {
    case '.':
        return true;
    case '%':
        return class_has(byte(at[1]), byte(*s));
    case '[':
        step_set(p, at, end);
        return set_has(at, end - 1, byte(*s));
    default:
        return *at == *s;
    }
}

/* ---- what may have to be taken back ---- */

static const char *match(struct pattern *p, const char *s, const char *at);

/* item* : as many as there are, then ever fewer. */
static const char *most(struct pattern *p, const char *s, const char *at, const char *end)
{
    const char *to = s;
    if (*at == '.') {
        to = p->subject_end;
    } else {
        while (is_item(p, to, at, end)) {
            to++;
        }
    }
    step(p, (size_t)(to - s) / 4);
    for (;; to--) {
        const char *found = match(p, to, end + 1);
        if (found != NULL || to == s) {
            return found;
        }
    }
}

/* item- : none, then ever more. */
static const char *least(struct pattern *p, const char *s, const char *at, const char *end)
{
    for (;; s++) {
        const char *found = match(p, s, end + 1);
        if (found != NULL) {
            return found;
        }
        if (!is_item(p, s, at, end)) {
            return NULL;
        }
    }
}

static const char *open(struct pattern *p, const char *s, const char *at, ptrdiff_t n)
{
    if (p->n_captures == PATTERN_CAPTURES) {
        luaL_error(p->L, "too many captures");
    }
    p->captures[p->n_captures++] = (struct capture){s, n};
    const char *found = match(p, s, at);
    if (found == NULL) {
        p->n_captures--;
    }
    return found;
}

static const char *close(struct pattern *p, const char *s, const char *at)
{
    int i = p->n_captures - 1;
    while (i >= 0 && p->captures[i].n != OPEN) {
        i--;
    }
    if (i < 0) {
        luaL_error(p->L, "invalid pattern capture");
    }
    p->captures[i].n = s - p->captures[i].at;
    const char *found = match(p, s, at);
    if (found == NULL) {
        p->captures[i].n = OPEN;
    }
    return found;
}

/* ---- %b %f %1 ---- */

/* Behind the balanced text at s, or NULL; at: the two characters. */
static const char *balanced(struct pattern *p, const char *s, const char *at)
{
    if (at + 1 >= p->text_end) {
        luaL_error(p->L, "malformed pattern (missing arguments to '%%b')");
    }
    if (s == p->subject_end || *s != at[0]) {
        return NULL;
    }
    size_t nested = 1;
    for (const char *c = s + 1; c < p->subject_end; c++) {
        if (*c == at[1]) {
            if (--nested == 0) {
                step(p, (size_t)(c - s) / 4);
                return c + 1;
            }
        } else if (*c == at[0]) {
            nested++;
        }
    }
    step(p, (size_t)(p->subject_end - s) / 4);
    return NULL;
}

/* Whether the set from `at` to `end` begins to hold at s. Both ends of the subject count as NUL. */
static bool is_frontier(struct pattern *p, const char *s, const char *at, const char *end)
{
    unsigned char before = s == p->subject ? 0 : byte(s[-1]);
    step_set(p, at, end);
    return !set_has(at, end - 1, before) && set_has(at, end - 1, byte(*s));
}

/* Behind the text at s that repeats capture i, or NULL. */
static const char *repeated(struct pattern *p, const char *s, int i)
{
    if (i < 0 || i >= p->n_captures || p->captures[i].n == OPEN) {
        luaL_error(p->L, "invalid capture index %%%d", i + 1);
    }
    const struct capture *c = &p->captures[i];
    if (c->n == POSITION || p->subject_end - s < c->n) {
        return NULL;
    }
    step(p, (size_t)c->n / 16);
    return memcmp(c->at, s, (size_t)c->n) == 0 ? s + c->n : NULL;
}

/* One of those three at *at, which goes behind it. */
static const char *match_special(struct pattern *p, const char *s, const char **at)
{
    const char *item = *at;
    if (item[1] == 'b') {
        *at = item + 4;
        return balanced(p, s, item + 2);
    }
    if (item[1] == 'f') {
        if (item[2] != '[') {
            luaL_error(p->L, "missing '[' after '%%f' in pattern");
        }
        *at = set_end(p, item + 2);
        return is_frontier(p, s, item + 2, *at) ? s : NULL;
    }
    *at = item + 2;
    return repeated(p, s, item[1] - '1');
}

static inline bool is_special(const char *at)
{
    return at[1] == 'b' || at[1] == 'f' || is_digit(byte(at[1]));
}

/* ---- the whole ---- */

/* Where the match at s of the pattern from `at` on ends, or NULL. */
static const char *match_rest(struct pattern *p, const char *s, const char *at)
{
    while (at != p->text_end) {
        step(p, 1);
        switch (*at) {
        case '(':
            return at[1] == ')' ? open(p, s, at + 2, POSITION) : open(p, s, at + 1, OPEN);
        case ')':
            return close(p, s, at + 1);
        case '$':
            if (at + 1 == p->text_end) {
                return s == p->subject_end ? s : NULL;
            }
            break;
        case '%':
            if (is_special(at)) {
                if ((s = match_special(p, s, &at)) == NULL) {
                    return NULL;
                }
                continue;
            }
            break;
        default:
            break;
        }
        const char *end = item_end(p, at);
        switch (*end) { /* a NUL at the end of the pattern */
        case '*':
            return most(p, s, at, end);
        case '+':
            return is_item(p, s, at, end) ? most(p, s + 1, at, end) : NULL;
        case '-':
            return least(p, s, at, end);
        case '?':
            if (is_item(p, s, at, end)) {
                const char *found = match(p, s + 1, end + 1);
                if (found != NULL) {
                    return found;
                }
            }
            at = end + 1;
            break;
        default:
            if (!is_item(p, s, at, end)) {
                return NULL;
            }
            s++;
            at = end;
        }
    }
    return s;
}

static const char *match(struct pattern *p, const char *s, const char *at)
{
    if (p->depth-- == 0) {
        luaL_error(p->L, "pattern too complex");
    }
    const char *found = match_rest(p, s, at);
    p->depth++;
    return found;
}

/* The byte that every match of the pattern must start with, or -1. */
static int first_byte(const char *at, const char *end)
{
    if (at == end || strchr("^$()[.", *at) != NULL) {
        return -1;
    }
    if (*at == '%') {
        at++;
        if (at == end || is_alpha(byte(*at)) || is_digit(byte(*at))) {
            return -1;
        }
    }
    return at[1] != '\0' && strchr("*?-", at[1]) != NULL ? -1 : byte(*at);
}

/* The first item must then hold wherever a match begins; where it ends is read when it is looked
 * for, for it may be malformed. */
static bool is_class_or_set(const char *at, const char *end)
{
    return at != end && (*at == '[' || (*at == '%' && at + 1 != end && !is_special(at)));
}

void pattern_init(struct pattern *p, lua_State *L, const char *subject, size_t n_subject,
                  const char *text, size_t n_text, bool with_anchor)
{
    p->L = L;
    p->subject = subject;
    p->subject_end = subject + n_subject;
    p->anchored = with_anchor && *text == '^';
    p->text = text + (p->anchored ? 1 : 0);
    p->text_end = text + n_text;
    p->first = first_byte(p->text, p->text_end);
    p->leads = !p->anchored && p->first < 0 && is_class_or_set(p->text, p->text_end);
    p->steps = 0;
}

/* Where the next match can begin at the earliest, or NULL. */
static const char *next_with_byte(struct pattern *p, const char *s)
{
    const char *found = memchr(s, p->first, (size_t)(p->subject_end - s));
    step(p, (size_t)((found == NULL ? p->subject_end : found) - s) / 16);
    return found;
}

static const char *next_with_item(struct pattern *p, const char *s)
{
    const char *end = item_end(p, p->text);
    if (*end == '*' || *end == '?' || *end == '-') {
        p->leads = false; /* there may be none of it */
        return s;
    }
    for (; s != p->subject_end; s++) {
        if (is_item(p, s, p->text, end)) {
            return s;
        }
        step(p, 1);
    }
    return NULL;
}

static inline const char *next_candidate(struct pattern *p, const char *s)
{
    if (p->leads) {
        return next_with_item(p, s);
    }
    return p->first >= 0 && !p->anchored ? next_with_byte(p, s) : s;
}

bool pattern_next(struct pattern *p, const char *from, const char *not_at)
{
    for (const char *s = from; s <= p->subject_end; s++) {
        step(p, 1);
        if ((s = next_candidate(p, s)) == NULL) {
            return false;
        }
        p->n_captures = 0;
        p->depth = PATTERN_DEPTH;
        const char *end = match(p, s, p->text);
        if (end != NULL && end != not_at) {
            p->start = s;
            p->end = end;
            return true;
        }
        if (p->anchored) {
            return false;
        }
    }
    return false;
}

/* ---- captures ---- */

const char *pattern_capture(struct pattern *p, int i, size_t *n)
{
    if (i >= p->n_captures) {
        if (i != 0) {
            luaL_error(p->L, "invalid capture index %%%d", i + 1);
        }
        *n = (size_t)(p->end - p->start);
        return p->start;
    }
    const struct capture *c = &p->captures[i];
    if (c->n == OPEN) {
        luaL_error(p->L, "unfinished capture");
    }
    if (c->n == POSITION) {
        lua_pushinteger(p->L, c->at - p->subject + 1);
        return NULL;
    }
    *n = (size_t)c->n;
    return c->at;
}

void pattern_push(struct pattern *p, int i)
{
    size_t n;
    const char *at = pattern_capture(p, i, &n);
    if (at != NULL) {
        lua_pushlstring(p->L, at, n);
    }
}

int pattern_push_all(struct pattern *p, bool whole)
{
    int n = p->n_captures == 0 && whole ? 1 : p->n_captures;
    if (n > STACK_SURE) {
        luaL_checkstack(p->L, n, "too many captures");
    }
    for (int i = 0; i < n; i++) {
        pattern_push(p, i);
    }
    return n;
}
