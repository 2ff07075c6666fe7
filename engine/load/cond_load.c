/*
 * cond_load.c - conditions: `letters_received > 0 and not (false_material or points.study < 12)`.
 *
 *   or      and ("or" and)*                 not binds to one name or a pair of parentheses
 *   and     term ("and" term)*
 *   term    "not" term | "(" or ")" | name | name op value
 *   value   number, 95%, 2024-12-20, yes, no, 'text', or an option's or grade's bare name
 *
 * What a value means is decided by what it is compared with. A condition is also Lua: a term that
 * goes beyond this grammar (arithmetic, calls, two names compared) becomes a script, and `and`,
 * `or` and `not` around it go on with what is known. Chains of `and` are built as lists to the
 * left, and the number of terms is capped, so that nobody has to walk a tree deeper than that.
 */
#include "load/cond_parser.h"

#include "base/i18n.h"

#include <string.h>

#define DEPTH_MOST 50U

static struct cond *parse_or(struct cond_parser *p);

/* ---- terms that are Lua ---- */

static size_t skip_quoted(const struct cond_parser *p, size_t at)
{
    char quote = p->text[at];
    for (at++; at < p->n && p->text[at] != quote; at++) {
    }
    return at;
}

/* Where the parenthesis opened at `at` is closed, or n. */
static size_t closing(const struct cond_parser *p, size_t at)
{
    int depth = 0;
    for (; at < p->n; at++) {
        char c = p->text[at];
        if (c == '"' || c == '\'') {
            at = skip_quoted(p, at);
        }
        depth += (c == '(') - (c == ')');
        if (depth == 0) {
            break;
        }
    }
    return at;
}

/* (a + b) * 2 > 3: what stands in the parentheses is a value, not a condition. */
static bool holds_value(const struct cond_parser *p)
{
    size_t at = closing(p, p->at) + 1;
    while (at < p->n && strchr(" \t\r\n", p->text[at])) {
        at++;
    }
    return at < p->n && strchr("+-*/%^<>=~.:[", p->text[at]) != NULL;
}

static bool is_word_at(const struct cond_parser *p, size_t at, const char *word)
{
    size_t n = strlen(word);
    return p->n - at >= n && memcmp(p->text + at, word, n) == 0 &&
           (at == 0 || !cond_is_name_char(p->text[at - 1])) &&
           (at + n == p->n || !cond_is_name_char(p->text[at + n]));
}

/* The end of the term that begins there: before `and`, `or` or a parenthesis that closes. */
static size_t term_end(const struct cond_parser *p, size_t at)
{
    for (; at < p->n; at++) {
        char c = p->text[at];
        if (c == '(') {
            at = closing(p, at);
        } else if (c == '"' || c == '\'') {
            at = skip_quoted(p, at);
        } else if (c == ')' || is_word_at(p, at, "and") || is_word_at(p, at, "or")) {
            break;
        }
    }
    return at < p->n ? at : p->n;
}

/* A script that decides: its cond is one leaf. */
static struct cond *script_cond(struct loader *l, span at)
{
    struct cond *c = ARENA_NEW(l->arena, struct cond);
    c->op = COND_SCRIPT;
    c->script = SCRIPT_NONE;
    c->at = at;
    return c;
}

static struct cond *lua_term(struct cond_parser *p, size_t from)
{
    size_t to = term_end(p, from);
    if (++p->n_terms > COND_TERMS_MOST) {
        p->beyond = p->failed = false;
        return cond_fail_here(p, from, _("the condition is too long"), NULL);
    }
    str text = str_trim((str){p->text + from, to - from});
    struct script_owner owner = *p->owner;
    struct cond *c = script_cond(p->l, cond_part(p, from, from + text.n));
    p->failed = p->beyond = false;
    p->at = to;
    owner.use = SCRIPT_CONDITION;
    owner.draft.cond = c;
    c->script = script_use_expression(p->l, text, c->at, &owner);
    if (c->script == SCRIPT_NONE) {
        cond_fail(p);
        return NULL;
    }
    return c;
}

static struct cond *parse_term(struct cond_parser *p)
{
    bool negated = false, any = false;
    cond_skip_space(p);
    size_t from = p->at;
    while (cond_take_word(p, "not")) {
        negated = !negated;
        any = true;
    }
    struct cond *c;
    cond_skip_space(p);
    if (p->at < p->n && p->text[p->at] == '(' && holds_value(p)) {
        return lua_term(p, from);
    }
    if (cond_take_char(p, '(')) {
        size_t open = p->at - 1;
        if (++p->depth > DEPTH_MOST) {
            return cond_fail_here(p, open, _("parentheses are nested too deep"), NULL);
        }
        c = parse_or(p);
        p->depth--;
        if (!p->failed && !cond_take_char(p, ')')) {
            return cond_fail_here(p, open, _("the parenthesis opened here is never closed"), NULL);
        }
    } else {
        c = cond_name_term(p, any);
        if (p->beyond || cond_goes_on(p)) {
            return lua_term(p, from);
        }
    }
    if (p->failed || !negated) {
        return c;
    }
    struct cond *not = cond_new(p, COND_NOT, from);
    not ->left = c;
    return not ;
}

/* ---- chains ---- */

static struct cond *chain(struct cond_parser *p, const char *word, enum cond_op op,
                          struct cond *(*next)(struct cond_parser *))
{
    size_t from = p->at;
    struct cond *left = next(p);
    while (!p->failed && cond_take_word(p, word)) {
        struct cond *right = next(p);
        if (p->failed) {
            return NULL;
        }
        struct cond *both = cond_new(p, op, from);
        both->left = left;
        both->right = right;
        left = both;
    }
    return left;
}

static struct cond *parse_and(struct cond_parser *p)
{
    return chain(p, "and", COND_AND, parse_term);
}
static struct cond *parse_or(struct cond_parser *p) { return chain(p, "or", COND_OR, parse_and); }

static void check_end(struct cond_parser *p)
{
    cond_skip_space(p);
    if (p->failed || p->at == p->n || cond_refuse_foreign(p)) {
        return;
    }
    char c = p->text[p->at];
    if (strchr("<>=~", c)) {
        cond_fail_here(p, p->at, _("two comparisons in a row"), _("join them: a < b and b < c"));
    } else {
        cond_fail_here(p, p->at, _("`and` or `or` is needed before this"),
                       c == ')' ? _("a parenthesis too many?")
                                : _("a value with spaces needs quotes: name == '...'"));
    }
}

const struct cond *cond_load_script(struct loader *l, struct node *map,
                                    const struct script_owner *owner)
{
    struct script_owner with = *owner;
    struct cond *c = script_cond(l, map->at);
    with.draft.cond = c;
    c->script = script_use_map(l, map, &with);
    if (c->script == SCRIPT_NONE) {
        return NULL;
    }
    c->source_text = l->rubric->chunks.at[l->rubric->scripts.at[c->script].chunk].name;
    return c;
}

const struct cond *cond_load(struct loader *l, struct node *n, const struct script_owner *owner)
{
    if (!is_text(l, n)) {
        return NULL;
    }
    struct cond_parser p = {.l = l,
                            .node = n,
                            .text = n->text,
                            .n = n->n,
                            .place = &owner->draft.place,
                            .owner = owner};
    struct cond *c = parse_or(&p);
    check_end(&p);
    if (p.failed) {
        return NULL;
    }
    c->source_text = n->text;
    return c;
}
