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
#include "load/loader.h"

#include "base/date.h"
#include "base/i18n.h"

#include <string.h>

#define TERMS_MOST 200U
#define DEPTH_MOST 50U

struct parser {
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

static struct cond *parse_or(struct parser *p);
static bool goes_on(struct parser *p);

/* ---- findings ---- */

static span part(const struct parser *p, size_t from, size_t to)
{
    return scalar_part(p->node, from, to > from ? to - from : 1);
}

/* False if a finding stands already: one condition, one finding. */
static bool fail(struct parser *p)
{
    bool first = !p->failed;
    p->failed = true;
    p->node->bad = true;
    return first;
}

static struct cond *fail_here(struct parser *p, size_t from, const char *text, const char *hint)
{
    if (fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, part(p, from, from), "%s", text);
        if (hint) {
            diag_hint(p->l->diag, "%s", hint);
        }
    }
    return NULL;
}

/* The rest is left to Lua. */
static void fail_beyond(struct parser *p)
{
    p->beyond = p->beyond || !p->failed;
    p->failed = true;
}

/* ---- words ---- */

static void skip_space(struct parser *p)
{
    while (p->at < p->n && strchr(" \t\r\n", p->text[p->at])) {
        p->at++;
    }
}

static bool is_name_char(char c)
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

/* The name that stands here, not taken yet. */
static str peek_name(struct parser *p)
{
    skip_space(p);
    size_t end = p->at;
    while (end < p->n && is_name_char(p->text[end]) && !is_wide_sign(p->text + end, p->n - end)) {
        end++;
    }
    return (str){p->text + p->at, end - p->at};
}

static bool take_word(struct parser *p, const char *word)
{
    str name = peek_name(p);
    if (!str_is(name, word)) {
        return false;
    }
    p->at += name.n;
    return true;
}

static bool take_char(struct parser *p, char c)
{
    skip_space(p);
    if (p->at >= p->n || p->text[p->at] != c) {
        return false;
    }
    p->at++;
    return true;
}

static bool starts(const struct parser *p, const char *text)
{
    size_t n = strlen(text);
    return p->n - p->at >= n && memcmp(p->text + p->at, text, n) == 0;
}

/* Signs of other languages and of Chinese typing, with what stands for them here. */
static bool refuse_foreign(struct parser *p)
{
    static const struct {
        const char *sign, *meant;
    } signs[] = {{"!=", "~="}, {"<>", "~="}, {"≠", "~="},  {"≥", ">="},   {"≤", "<="},
                 {"＞", ">"},  {"＜", "<"},  {"＝", "=="}, {"&&", "and"}, {"||", "or"},
                 {"（", "("},  {"）", ")"},  {"=>", ">="}, {"=<", "<="},  {"!", "not"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (starts(p, signs[i].sign) && fail(p)) {
            diag_add(p->l->diag, FINDING_CONDITION, part(p, p->at, p->at + strlen(signs[i].sign)),
                     _("'%s' is no sign of conditions"), signs[i].sign);
            diag_hint(p->l->diag, _("write %s"), signs[i].meant);
            return true;
        }
    }
    if (starts(p, "~") && !starts(p, "~=") && fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, part(p, p->at, p->at + 1),
                 _("`~` alone is no sign of conditions"));
        diag_hint(p->l->diag, _("`~=` is \"not equal\""));
    }
    if (starts(p, "=") && !starts(p, "==") && fail(p)) {
        diag_add(p->l->diag, FINDING_CONDITION, part(p, p->at, p->at + 1),
                 _("a single = compares nothing"));
        diag_hint(p->l->diag, _("write =="));
    }
    return p->failed;
}

static bool take_operator(struct parser *p, enum cond_op *op)
{
    static const struct {
        const char *sign;
        enum cond_op op;
    } operators[] = {{"<=", COND_LE}, {">=", COND_GE}, {"==", COND_EQ},
                     {"~=", COND_NE}, {"<", COND_LT},  {">", COND_GT}};
    skip_space(p);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (starts(p, operators[i].sign) && !starts(p, "<>")) {
            *op = operators[i].op;
            p->at += strlen(operators[i].sign);
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

struct value {
    str text;
    bool quoted;
    span at;
};

static bool take_quoted(struct parser *p, struct value *out)
{
    char quote = p->text[p->at];
    size_t start = p->at + 1, end = start;
    while (end < p->n && p->text[end] != quote) {
        end++;
    }
    if (end == p->n) {
        fail_here(p, p->at, _("the quotation mark opened here is never closed"), NULL);
        return false;
    }
    *out = (struct value){{p->text + start, end - start}, true, part(p, p->at, end + 1)};
    p->at = end + 1;
    return true;
}

static bool take_value(struct parser *p, struct value *out)
{
    skip_space(p);
    if (p->at < p->n && (p->text[p->at] == '\'' || p->text[p->at] == '"')) {
        return take_quoted(p, out);
    }
    size_t start = p->at, end = start;
    while (end < p->n && !strchr(" \t\r\n()<>=~", p->text[end])) {
        end++;
    }
    if (end == start && start < p->n && p->text[start] == '(') {
        fail_beyond(p);
        return false;
    }
    if (end == start) {
        fail_here(p, start, _("a value to compare with is missing here"), NULL);
        return false;
    }
    *out = (struct value){{p->text + start, end - start}, false, part(p, start, end)};
    p->at = end;
    if (goes_on(p) || (p->at < p->n && p->text[p->at] == '(')) { /* 3 * b, a(b) */
        fail_beyond(p);
        return false;
    }
    return true;
}

static bool value_wrong(struct parser *p, const struct value *v, enum finding_id id,
                        const char *wanted)
{
    if (fail(p)) {
        diag_add(p->l->diag, id, v->at, _("'%.*s' is not %s"), STR_ARG(v->text), wanted);
    }
    return false;
}

/* Another name, or arithmetic. */
static bool is_computed(const struct parser *p, str text)
{
    static const char *const spaces[] = {"points.",   "class.",    "unit.",
                                         "previous.", "children.", "math."};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        if (str_starts(text, spaces[i])) {
            return true;
        }
    }
    for (size_t i = 1; i < text.n; i++) {
        if (strchr("+-*/^(", text.at[i])) {
            return true;
        }
    }
    return map_get(&p->l->rubric->fields.by_id, text) != MAP_NONE;
}

static bool number_value(struct parser *p, const struct value *v, bool percent, dec *out)
{
    str digits = v->text;
    if (percent && str_ends(digits, "%")) {
        digits.n--;
    }
    if (!v->quoted && dec_parse(digits.at, digits.n, out) == DEC_OK) {
        return true;
    }
    if (!v->quoted && is_computed(p, v->text)) {
        fail_beyond(p);
        return false;
    }
    return value_wrong(p, v, FINDING_NOT_A_NUMBER, percent ? _("a percent value") : _("a number"));
}

static bool day_value(struct parser *p, const struct value *v, dec *out)
{
    int32_t day;
    if (!date_parse(v->text.at, v->text.n, &day)) {
        return value_wrong(p, v, FINDING_NOT_A_DATE, _("a date, as in 2024-12-20"));
    }
    *out = dec_from_int(day);
    return true;
}

static bool yesno_value(struct parser *p, const struct value *v, dec *out)
{
    static const char *const yes[] = {"yes", "true", "是", NULL};
    static const char *const no[] = {"no", "false", "否", NULL};
    bool is_yes = key_in(yes, v->text);
    *out = is_yes ? DEC_ONE : 0;
    return is_yes || key_in(no, v->text) || value_wrong(p, v, FINDING_UNKNOWN_WORD, _("yes or no"));
}

static bool option_value(struct parser *p, const struct value *v, const struct field *f, dec *out)
{
    for (uint32_t i = 0; i < f->options.n; i++) {
        if (str_is(v->text, f->options.at[i])) {
            *out = dec_from_int(i);
            return true;
        }
    }
    if (fail(p)) {
        option_report(p->l, f, v->text, v->at);
    }
    return false;
}

static bool grade_value(struct parser *p, const struct value *v, uint32_t section, dec *out)
{
    const struct member *m = &p->l->rubric->members.at[section];
    struct nearest near = {.name = v->text};
    for (uint32_t i = 0; i < m->grades.n; i++) {
        if (str_is(v->text, m->grades.at[i].name)) {
            *out = dec_from_int(i);
            return true;
        }
        nearest_offer(&near, m->grades.at[i].name);
    }
    if (fail(p) && !grade_nameless(m->grades.at, m->grades.n)) {
        diag_add(p->l->diag, FINDING_UNKNOWN_GRADE, v->at,
                 _("the section '%s' has no grade '%.*s'"), m->id, STR_ARG(v->text));
        diag_did_you_mean(p->l->diag, nearest_name(&near, p->l->arena));
    }
    return false;
}

static bool typed_value(struct parser *p, struct cond *c, const struct value *v)
{
    if (c->operand.kind == OPERAND_GRADE) {
        return grade_value(p, v, c->operand.index, &c->value);
    }
    if (!operand_is_cell(&c->operand)) {
        return number_value(p, v, false, &c->value);
    }
    const struct field *f = &p->l->rubric->fields.list.at[c->operand.index];
    switch (f->type) {
    case FIELD_COUNT:
    case FIELD_NUMBER:
        return number_value(p, v, false, &c->value);
    case FIELD_PERCENT:
        return number_value(p, v, true, &c->value);
    case FIELD_YESNO:
        return yesno_value(p, v, &c->value);
    case FIELD_DATE:
        return day_value(p, v, &c->value);
    case FIELD_CHOICE:
        return option_value(p, v, f, &c->value);
    case FIELD_TEXT:
        c->text = keep_text(p->l, v->text);
        return true;
    case FIELD_LIST:
    case N_FIELD_TYPES:
        break;
    }
    return false;
}

static bool is_ordered(const struct parser *p, const struct operand *o)
{
    if (!operand_is_cell(o)) {
        return o->kind != OPERAND_GRADE;
    }
    enum field_type type = p->l->rubric->fields.list.at[o->index].type;
    return type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT ||
           type == FIELD_DATE;
}

/* ---- terms ---- */

static struct cond *new_cond(struct parser *p, enum cond_op op, size_t from)
{
    struct cond *c = ARENA_NEW(p->l->arena, struct cond);
    c->op = op;
    c->at = part(p, from, p->at);
    return c;
}

static struct cond *wrong_type(struct parser *p, const struct cond *c, const char *text)
{
    if (fail(p)) {
        diag_add(p->l->diag, FINDING_WRONG_TYPE, c->at, "%s", text);
        if (operand_is_cell(&c->operand)) {
            const struct field *f = &p->l->rubric->fields.list.at[c->operand.index];
            diag_note(p->l->diag, f->at, _("the field '%s' is declared here: %s"), f->id,
                      field_type_word(f->type));
        }
    }
    return NULL;
}

static struct cond *yes_term(struct parser *p, struct cond *c)
{
    skip_space(p);
    if (p->at < p->n && strchr("+-*/%^#[{.:", p->text[p->at])) {
        fail_beyond(p);
        return NULL;
    }
    if (operand_is_cell(&c->operand) &&
        p->l->rubric->fields.list.at[c->operand.index].type == FIELD_YESNO) {
        return c;
    }
    return wrong_type(p, c,
                      _("only a yes/no field stands alone; anything else is compared with "
                        "a value"));
}

/* What stands for itself, whatever else has that name. */
static bool is_literal(const struct parser *p, const struct operand *o, const struct value *v)
{
    if (v->quoted || o->kind == OPERAND_GRADE || !operand_is_cell(o)) {
        return v->quoted || o->kind == OPERAND_GRADE;
    }
    const struct field *f = &p->l->rubric->fields.list.at[o->index];
    for (uint32_t i = 0; f->type == FIELD_CHOICE && i < f->options.n; i++) {
        if (str_is(v->text, f->options.at[i])) {
            return true;
        }
    }
    /* Looks like a date, and is one or is meant to be. */
    return f->type == FIELD_DATE && v->text.n > 4 &&
           strspn(v->text.at, "0123456789-/") >= v->text.n;
}

static struct cond *comparison(struct parser *p, struct cond *c, size_t from)
{
    struct value v;
    if (!take_value(p, &v)) {
        return NULL;
    }
    c->at = part(p, from, p->at);
    bool equality = c->op == COND_EQ || c->op == COND_NE;
    if (operand_is_cell(&c->operand) &&
        p->l->rubric->fields.list.at[c->operand.index].type == FIELD_LIST) {
        return wrong_type(p, c, _("a list cannot be compared"));
    }
    if (!equality && !is_ordered(p, &c->operand)) {
        return wrong_type(p, c, _("this has no order: it can only be compared with == and ~="));
    }
    if (!is_literal(p, &c->operand, &v) && is_computed(p, v.text)) {
        fail_beyond(p);
        return NULL;
    }
    return typed_value(p, c, &v) ? c : NULL;
}

/* Whether the name cannot be resolved decides nothing about the rest: the finding is there. */
static struct cond *name_term(struct parser *p, bool negated)
{
    str name = peek_name(p);
    size_t from = p->at;
    if (name.n == 0) {
        if (p->at < p->n && strchr("-+#\"'{[", p->text[p->at])) {
            fail_beyond(p);
        } else if (!refuse_foreign(p)) {
            fail_here(p, p->at, _("a field, points.NAME or grade.NAME is needed here"), NULL);
        }
        return NULL;
    }
    if ((name.at[0] >= '0' && name.at[0] <= '9') || name.at[0] == '.') {
        fail_beyond(p); /* 3 < name */
        return NULL;
    }
    p->at += name.n;
    struct cond *c = new_cond(p, COND_YES, from);
    if (++p->n_terms > TERMS_MOST) {
        return fail_here(p, from, _("the condition is too long"), NULL);
    }
    skip_space(p);
    if ((p->at < p->n && strchr("(+-*/%^[{:", p->text[p->at])) || str_starts(name, "class.") ||
        str_starts(name, "unit.")) {
        fail_beyond(p);
        return NULL;
    }
    if (refuse_foreign(p) || !operand_load(p->l, name, c->at, p->place, &c->operand)) {
        fail(p);
        return NULL;
    }
    bool compared = take_operator(p, &c->op);
    if (compared && negated) {
        return fail_here(p, from, _("it is not clear what `not` belongs to"),
                         _("put the comparison in parentheses: not (a < b)"));
    }
    return compared ? comparison(p, c, from) : yes_term(p, c);
}

/* ---- terms that are Lua ---- */

static size_t skip_quoted(const struct parser *p, size_t at)
{
    char quote = p->text[at];
    for (at++; at < p->n && p->text[at] != quote; at++) {
    }
    return at;
}

/* Where the parenthesis opened at `at` is closed, or n. */
static size_t closing(const struct parser *p, size_t at)
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
static bool holds_value(const struct parser *p)
{
    size_t at = closing(p, p->at) + 1;
    while (at < p->n && strchr(" \t\r\n", p->text[at])) {
        at++;
    }
    return at < p->n && strchr("+-*/%^<>=~.:[", p->text[at]) != NULL;
}

static bool is_word_at(const struct parser *p, size_t at, const char *word)
{
    size_t n = strlen(word);
    return p->n - at >= n && memcmp(p->text + at, word, n) == 0 &&
           (at == 0 || !is_name_char(p->text[at - 1])) &&
           (at + n == p->n || !is_name_char(p->text[at + n]));
}

/* The end of the term that begins there: before `and`, `or` or a parenthesis that closes. */
static size_t term_end(const struct parser *p, size_t at)
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

static struct cond *lua_term(struct parser *p, size_t from)
{
    size_t to = term_end(p, from);
    if (++p->n_terms > TERMS_MOST) {
        p->beyond = p->failed = false;
        return fail_here(p, from, _("the condition is too long"), NULL);
    }
    str text = str_trim((str){p->text + from, to - from});
    struct script_owner owner = *p->owner;
    struct cond *c = script_cond(p->l, part(p, from, from + text.n));
    p->failed = p->beyond = false;
    p->at = to;
    owner.use = SCRIPT_CONDITION;
    owner.draft.cond = c;
    c->script = script_use_expression(p->l, text, c->at, &owner);
    if (c->script == SCRIPT_NONE) {
        fail(p);
        return NULL;
    }
    return c;
}

static bool goes_on(struct parser *p)
{
    skip_space(p);
    return !p->failed && p->at < p->n && strchr("+-*/%^:[{.", p->text[p->at]) != NULL;
}

static struct cond *parse_term(struct parser *p)
{
    bool negated = false, any = false;
    skip_space(p);
    size_t from = p->at;
    while (take_word(p, "not")) {
        negated = !negated;
        any = true;
    }
    struct cond *c;
    skip_space(p);
    if (p->at < p->n && p->text[p->at] == '(' && holds_value(p)) {
        return lua_term(p, from);
    }
    if (take_char(p, '(')) {
        size_t open = p->at - 1;
        if (++p->depth > DEPTH_MOST) {
            return fail_here(p, open, _("parentheses are nested too deep"), NULL);
        }
        c = parse_or(p);
        p->depth--;
        if (!p->failed && !take_char(p, ')')) {
            return fail_here(p, open, _("the parenthesis opened here is never closed"), NULL);
        }
    } else {
        c = name_term(p, any);
        if (p->beyond || goes_on(p)) {
            return lua_term(p, from);
        }
    }
    if (p->failed || !negated) {
        return c;
    }
    struct cond *not = new_cond(p, COND_NOT, from);
    not ->left = c;
    return not ;
}

/* ---- chains ---- */

static struct cond *chain(struct parser *p, const char *word, enum cond_op op,
                          struct cond *(*next)(struct parser *))
{
    size_t from = p->at;
    struct cond *left = next(p);
    while (!p->failed && take_word(p, word)) {
        struct cond *right = next(p);
        if (p->failed) {
            return NULL;
        }
        struct cond *both = new_cond(p, op, from);
        both->left = left;
        both->right = right;
        left = both;
    }
    return left;
}

static struct cond *parse_and(struct parser *p) { return chain(p, "and", COND_AND, parse_term); }
static struct cond *parse_or(struct parser *p) { return chain(p, "or", COND_OR, parse_and); }

static void check_end(struct parser *p)
{
    skip_space(p);
    if (p->failed || p->at == p->n || refuse_foreign(p)) {
        return;
    }
    char c = p->text[p->at];
    if (strchr("<>=~", c)) {
        fail_here(p, p->at, _("two comparisons in a row"), _("join them: a < b and b < c"));
    } else {
        fail_here(p, p->at, _("`and` or `or` is needed before this"),
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
    struct parser p = {.l = l,
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
