/*
 * tokens.h - the text of a script cut into words, with their places.
 *
 * Compiled code knows lines; findings point at words. And what an expression of a rubric may not
 * have is seen before anything is compiled. Signs that are no Lua but that people write (!=, &&,
 * full-width brackets) are tokens of their own.
 */
#ifndef KAOPING_TOKENS_H
#define KAOPING_TOKENS_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum token_kind {
    TOKEN_NAME,
    TOKEN_KEYWORD, /* and, function, nil, ... */
    TOKEN_NUMBER,
    TOKEN_TEXT, /* with its quotes or brackets */
    TOKEN_SIGN,
    TOKEN_FOREIGN, /* what is not Lua: text says which sign */
    TOKEN_BROKEN,  /* a text or long comment without its end */
};

struct token {
    enum token_kind kind;
    str text;
    size_t offset;
    uint32_t line; /* from 1 */
};

typedef VEC(struct token) tokens;

/* Comments and white space left out. */
void tokens_read(struct arena *a, str text, tokens *out);
static inline bool token_is(const struct token *t, const char *text)
{
    return (t->kind == TOKEN_SIGN || t->kind == TOKEN_KEYWORD || t->kind == TOKEN_FOREIGN) &&
           str_is(t->text, text);
}
/* The token at i, or an empty sign beyond the end. */
struct token tokens_at(const tokens *all, size_t i);
/* Whether the token at i begins a name of its own, not a member (a.name) or a label. */
bool tokens_is_free_name(const tokens *all, size_t i);
/* What stands in the quotes of a text without escapes; empty for others. */
str token_quoted(const struct token *t);

#endif
