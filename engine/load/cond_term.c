/* cond_term.c - `name op value`: see cond_parser.h. */
#include "load/cond_parser.h"

#include "base/date.h"
#include "base/i18n.h"

#include <string.h>

/* ---- values ---- */

struct value {
    str text;
    bool quoted;
    span at;
};

static bool take_quoted(struct cond_parser *p, struct value *out)
{
    char quote = p->text[p->at];
    size_t start = p->at + 1, end = start;
    while (end < p->n && p->text[end] != quote) {
        end++;
    }
    if (end == p->n) {
        cond_fail_here(p, p->at, _("the quotation mark opened here is never closed"), NULL);
        return false;
    }
    *out = (struct value){{p->text + start, end - start}, true, cond_part(p, p->at, end + 1)};
    p->at = end + 1;
    return true;
}

static bool take_value(struct cond_parser *p, struct value *out)
{
    cond_skip_space(p);
    if (p->at < p->n && (p->text[p->at] == '\'' || p->text[p->at] == '"')) {
        return take_quoted(p, out);
    }
    size_t start = p->at, end = start;
    while (end < p->n && !strchr(" \t\r\n()<>=~", p->text[end])) {
        end++;
    }
    if (end == start && start < p->n && p->text[start] == '(') {
        cond_fail_beyond(p);
        return false;
    }
    if (end == start) {
        cond_fail_here(p, start, _("a value to compare with is missing here"), NULL);
        return false;
    }
    *out = (struct value){{p->text + start, end - start}, false, cond_part(p, start, end)};
    p->at = end;
    if (cond_goes_on(p) || (p->at < p->n && p->text[p->at] == '(')) { /* 3 * b, a(b) */
        cond_fail_beyond(p);
        return false;
    }
    return true;
}

static bool value_wrong(struct cond_parser *p, const struct value *v, enum finding_id id,
                        const char *wanted)
{
    if (cond_fail(p)) {
        diag_add(p->l->diag, id, v->at, _("'%.*s' is not %s"), STR_ARG(v->text), wanted);
    }
    return false;
}

/* Another name, or arithmetic. */
static bool is_computed(const struct cond_parser *p, str text)
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

static bool number_value(struct cond_parser *p, const struct value *v, bool percent, dec *out)
{
    str digits = v->text;
    if (percent && str_ends(digits, "%")) {
        digits.n--;
    }
    if (!v->quoted && dec_parse(digits.at, digits.n, out) == DEC_OK) {
        return true;
    }
    if (!v->quoted && is_computed(p, v->text)) {
        cond_fail_beyond(p);
        return false;
    }
    return value_wrong(p, v, FINDING_NOT_A_NUMBER, percent ? _("a percent value") : _("a number"));
}

static bool day_value(struct cond_parser *p, const struct value *v, dec *out)
{
    int32_t day;
    if (!date_parse(v->text.at, v->text.n, &day)) {
        return value_wrong(p, v, FINDING_NOT_A_DATE, _("a date, as in 2024-12-20"));
    }
    *out = dec_from_int(day);
    return true;
}

static bool yesno_value(struct cond_parser *p, const struct value *v, dec *out)
{
    static const char *const yes[] = {"yes", "true", "是", NULL};
    static const char *const no[] = {"no", "false", "否", NULL};
    bool is_yes = key_in(yes, v->text);
    *out = is_yes ? DEC_ONE : 0;
    return is_yes || key_in(no, v->text) || value_wrong(p, v, FINDING_UNKNOWN_WORD, _("yes or no"));
}

static bool option_value(struct cond_parser *p, const struct value *v, const struct field *f,
                         dec *out)
{
    for (uint32_t i = 0; i < f->options.n; i++) {
        if (str_is(v->text, f->options.at[i])) {
            *out = dec_from_int(i);
            return true;
        }
    }
    if (cond_fail(p)) {
        option_report(p->l, f, v->text, v->at);
    }
    return false;
}

static bool grade_value(struct cond_parser *p, const struct value *v, uint32_t section, dec *out)
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
    if (cond_fail(p) && !grade_nameless(m->grades.at, m->grades.n)) {
        diag_add(p->l->diag, FINDING_UNKNOWN_GRADE, v->at,
                 _("the section '%s' has no grade '%.*s'"), m->id, STR_ARG(v->text));
        diag_did_you_mean(p->l->diag, nearest_name(&near, p->l->arena));
    }
    return false;
}

static bool typed_value(struct cond_parser *p, struct cond *c, const struct value *v)
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

static bool is_ordered(const struct cond_parser *p, const struct operand *o)
{
    if (!operand_is_cell(o)) {
        return o->kind != OPERAND_GRADE;
    }
    enum field_type type = p->l->rubric->fields.list.at[o->index].type;
    return type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT ||
           type == FIELD_DATE;
}

/* ---- terms ---- */

struct cond *cond_new(struct cond_parser *p, enum cond_op op, size_t from)
{
    struct cond *c = ARENA_NEW(p->l->arena, struct cond);
    c->op = op;
    c->at = cond_part(p, from, p->at);
    return c;
}

static struct cond *wrong_type(struct cond_parser *p, const struct cond *c, const char *text)
{
    if (cond_fail(p)) {
        diag_add(p->l->diag, FINDING_WRONG_TYPE, c->at, "%s", text);
        if (operand_is_cell(&c->operand)) {
            const struct field *f = &p->l->rubric->fields.list.at[c->operand.index];
            diag_note(p->l->diag, f->at, _("the field '%s' is declared here: %s"), f->id,
                      field_type_word(f->type));
        }
    }
    return NULL;
}

static struct cond *yes_term(struct cond_parser *p, struct cond *c)
{
    cond_skip_space(p);
    if (p->at < p->n && strchr("+-*/%^#[{.:", p->text[p->at])) {
        cond_fail_beyond(p);
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
static bool is_literal(const struct cond_parser *p, const struct operand *o, const struct value *v)
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

static struct cond *comparison(struct cond_parser *p, struct cond *c, size_t from)
{
    struct value v;
    if (!take_value(p, &v)) {
        return NULL;
    }
    c->at = cond_part(p, from, p->at);
    bool equality = c->op == COND_EQ || c->op == COND_NE;
    if (operand_is_cell(&c->operand) &&
        p->l->rubric->fields.list.at[c->operand.index].type == FIELD_LIST) {
        return wrong_type(p, c, _("a list cannot be compared"));
    }
    if (!equality && !is_ordered(p, &c->operand)) {
        return wrong_type(p, c, _("this has no order: it can only be compared with == and ~="));
    }
    if (!is_literal(p, &c->operand, &v) && is_computed(p, v.text)) {
        cond_fail_beyond(p);
        return NULL;
    }
    return typed_value(p, c, &v) ? c : NULL;
}

/* Whether the name cannot be resolved decides nothing about the rest: the finding is there. */
struct cond *cond_name_term(struct cond_parser *p, bool negated)
{
    str name = cond_peek_name(p);
    size_t from = p->at;
    if (name.n == 0) {
        if (p->at < p->n && strchr("-+#\"'{[", p->text[p->at])) {
            cond_fail_beyond(p);
        } else if (!cond_refuse_foreign(p)) {
            cond_fail_here(p, p->at, _("a field, points.NAME or grade.NAME is needed here"), NULL);
        }
        return NULL;
    }
    if ((name.at[0] >= '0' && name.at[0] <= '9') || name.at[0] == '.') {
        cond_fail_beyond(p); /* 3 < name */
        return NULL;
    }
    p->at += name.n;
    struct cond *c = cond_new(p, COND_YES, from);
    if (++p->n_terms > COND_TERMS_MOST) {
        return cond_fail_here(p, from, _("the condition is too long"), NULL);
    }
    cond_skip_space(p);
    if ((p->at < p->n && strchr("(+-*/%^[{:", p->text[p->at])) || str_starts(name, "class.") ||
        str_starts(name, "unit.")) {
        cond_fail_beyond(p);
        return NULL;
    }
    if (cond_refuse_foreign(p) || !operand_load(p->l, name, c->at, p->place, &c->operand)) {
        cond_fail(p);
        return NULL;
    }
    bool compared = cond_take_operator(p, &c->op);
    if (compared && negated) {
        return cond_fail_here(p, from, _("it is not clear what `not` belongs to"),
                              _("put the comparison in parentheses: not (a < b)"));
    }
    return compared ? comparison(p, c, from) : yes_term(p, c);
}
