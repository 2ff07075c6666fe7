/*
 * pattern.h - matches Lua's patterns, and pays for every step.
 *
 * Results and messages are those of the interpreter's own matcher. That one backtracks in C where
 * no hook sees it: a pattern of 31 bytes on a text of 16 takes it 9 seconds. This one takes steps
 * from the call's budget (budget.h) as it goes.
 */
#ifndef KAOPING_PATTERN_H
#define KAOPING_PATTERN_H

#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_CAPTURES 32

struct capture {
    const char *at;
    ptrdiff_t n; /* bytes, or one of the marks of pattern.c */
};

/* One pattern on one subject, both Lua strings (they end with a NUL), which the caller keeps on the
 * stack. What is found may be used until the next search. */
struct pattern {
    lua_State *L;
    const char *subject, *subject_end;
    const char *text, *text_end; /* without the anchor */
    bool anchored;
    int first;      /* the byte every match starts with, or -1 */
    bool leads;     /* every match starts with one character of the first item, a class or a set */
    uint32_t steps; /* taken and not yet charged */
    int depth;      /* recursion that is left */
    int n_captures;
    const char *start, *end; /* of the last match */
    struct capture captures[PATTERN_CAPTURES];
};

/* with_anchor: a ^ at the beginning is one, and not a character (as in gmatch). */
void pattern_init(struct pattern *p, lua_State *L, const char *subject, size_t n_subject,
                  const char *text, size_t n_text, bool with_anchor);

/* Finds the first match that begins at `from` or behind it and does not end at `not_at` (NULL:
 * anywhere). An anchored one only at `from`. */
bool pattern_next(struct pattern *p, const char *from, const char *not_at);
/* Charges for steps that are not yet: once a function is done with the pattern. */
void pattern_settle(struct pattern *p);

/* Pushes capture i (from 0) of the last match; i = 0 without captures is the whole match. */
void pattern_push(struct pattern *p, int i);
/* All captures, or the whole match if there are none and `whole`. Returns how many. */
int pattern_push_all(struct pattern *p, bool whole);
/* The text of capture i where it is one, without pushing it; a position is pushed, NULL then. */
const char *pattern_capture(struct pattern *p, int i, size_t *n);

#endif
