/*
 * cond_parser.h - inside the reading of conditions.
 *
 *   cond_words.c  words and signs, findings
 *   cond_term.c   name op value: what a value means is decided by what it is compared with
 *   cond_load.c   terms that are Lua, chains, the whole
 */
#ifndef KAOPING_COND_PARSER_H
#define KAOPING_COND_PARSER_H

#include "load/loader.h"

#define COND_TERMS_MOST 200U

struct cond_parser {
    struct loader *l;
    struct node *node;
    const char *text;
    size_t n, at;
    uint32_t n_terms, depth;
    const struct reader_place *place;
    const struct script_owner *owner;
    bool failed;
    bool beyond; /* it failed because it is more than this grammar: Lua */
};

/* ---- cond_words.c ---- */

span cond_part(const struct cond_parser *p, size_t from, size_t to);
/* False if a finding stands already: one condition, one finding. */
bool cond_fail(struct cond_parser *p);
/* NULL. The hint may be NULL. */
struct cond *cond_fail_here(struct cond_parser *p, size_t from, const char *text, const char *hint);
/* The rest is left to Lua. */
void cond_fail_beyond(struct cond_parser *p);

void cond_skip_space(struct cond_parser *p);
bool cond_is_name_char(char c);
/* The name that stands here, not taken yet. */
str cond_peek_name(struct cond_parser *p);
bool cond_take_word(struct cond_parser *p, const char *word);
bool cond_take_char(struct cond_parser *p, char c);
bool cond_take_operator(struct cond_parser *p, enum cond_op *op);
/* After a finding about a sign of other languages or of Chinese typing. */
bool cond_refuse_foreign(struct cond_parser *p);
/* Whether an operator follows that only Lua has. */
bool cond_goes_on(struct cond_parser *p);

/* ---- cond_term.c ---- */

struct cond *cond_new(struct cond_parser *p, enum cond_op op, size_t from);
/* `name` or `name op value`; negated: behind `not`. NULL after a finding, or where it is Lua. */
struct cond *cond_name_term(struct cond_parser *p, bool negated);

#endif
