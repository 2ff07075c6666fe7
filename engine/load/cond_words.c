/* cond_words.c - words and signs of conditions, and what is said of them: see cond_parser.h. */
#include "load/cond_parser.h"

#include "base/i18n.h"

#include <string.h>

/* ---- findings ---- */

span cond_part(const struct cond_parser *p, size_t from, size_t to)
{
    return scalar_part(p->node, from, to > from ? to - from : 1);
}

bool cond_fail(struct cond_parser *p)
{
    bool first = !p->failed;
    p->failed = true;
    p->node->bad = true;
    return first;
}

struct cond *cond_fail_here(struct cond_parser *p, size_t from, const char *text, const char *hint)
{
    if (cond_fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, cond_part(p, from, from), "%s", text);
        if (hint) {
            diag_hint(p->l->diag, "%s", hint);
        }
    }
    return NULL;
}

void cond_fail_beyond(struct cond_parser *p)
{
    p->beyond = p->beyond || !p->failed;
    p->failed = true;
}

/* ---- words ---- */

void cond_skip_space(struct cond_parser *p)
{
    while (p->at < p->n && strchr(" \t\r\n", p->text[p->at])) {
        p->at++;
    }
}

bool cond_is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || (unsigned char)c >= 0x80;
}

/* Full-width signs end a name, so that what they should be can be said. */
static bool is_wide_sign(const char *at, size_t n)
{
    static const char *const signs[] = {"≥", "≤", "≠", "＞", "＜", "＝", "（", "）", "　"};
    for (size_t i = 0; n >= 3 && i < sizeof signs / sizeof *signs; i++) {
        if (memcmp(at, signs[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

str cond_peek_name(struct cond_parser *p)
{
    cond_skip_space(p);
    size_t end = p->at;
    while (end < p->n && cond_is_name_char(p->text[end]) &&
           !is_wide_sign(p->text + end, p->n - end)) {
        end++;
    }
    return (str){p->text + p->at, end - p->at};
}

bool cond_take_word(struct cond_parser *p, const char *word)
{
    str name = cond_peek_name(p);
    if (!str_is(name, word)) {
        return false;
    }
    p->at += name.n;
    return true;
}

bool cond_take_char(struct cond_parser *p, char c)
{
    cond_skip_space(p);
    if (p->at >= p->n || p->text[p->at] != c) {
        return false;
    }
    p->at++;
    return true;
}

static bool starts(const struct cond_parser *p, const char *text)
{
    size_t n = strlen(text);
    return p->n - p->at >= n && memcmp(p->text + p->at, text, n) == 0;
}

/* Signs of other languages and of Chinese typing, with what stands for them here. */
bool cond_refuse_foreign(struct cond_parser *p)
{
    static const struct {
        const char *sign, *meant;
    } signs[] = {{"!=", "~="}, {"<>", "~="}, {"≠", "~="},  {"≥", ">="},   {"≤", "<="},
                 {"＞", ">"},  {"＜", "<"},  {"＝", "=="}, {"&&", "and"}, {"||", "or"},
                 {"（", "("},  {"）", ")"},  {"=>", ">="}, {"=<", "<="},  {"!", "not"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (starts(p, signs[i].sign) && cond_fail(p)) {
            diag_add(p->l->diag, FINDING_CONDITION,
                     cond_part(p, p->at, p->at + strlen(signs[i].sign)),
                     _("'%s' is no sign of conditions"), signs[i].sign);
            diag_hint(p->l->diag, _("write %s"), signs[i].meant);
            return true;
        }
    }
    if (starts(p, "~") && !starts(p, "~=") && cond_fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, cond_part(p, p->at, p->at + 1),
                 _("`~` alone is no sign of conditions"));
        diag_hint(p->l->diag, _("`~=` is \"not equal\""));
    }
    if (starts(p, "=") && !starts(p, "==") && cond_fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, cond_part(p, p->at, p->at + 1),
                 _("a single = compares nothing"));
        diag_hint(p->l->diag, _("write =="));
    }
    return p->failed;
}

bool cond_take_operator(struct cond_parser *p, enum cond_op *op)
{
    static const struct {
        const char *sign;
        enum cond_op op;
    } operators[] = {{"<=", COND_LE}, {">=", COND_GE}, {"==", COND_EQ},
                     {"~=", COND_NE}, {"<", COND_LT},  {">", COND_GT}};
    cond_skip_space(p);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (starts(p, operators[i].sign) && !starts(p, "<>")) {
            *op = operators[i].op;
            p->at += strlen(operators[i].sign);
            return true;
        }
    }
    return false;
}

bool cond_goes_on(struct cond_parser *p)
{
    cond_skip_space(p);
    return !p->failed && p->at < p->n && strchr("+-*/%^:[{.", p->text[p->at]) != NULL;
}
