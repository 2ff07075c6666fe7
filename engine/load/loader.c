/* loader.c - names and ids: what may be one, who has it already, who is meant by it. */
#include "load/loader.h"

#include "base/i18n.h"

#include <string.h>

/* For more unknown names than this nobody asks what was meant; it would only cost time. */
#define NEAREST_MOST 200U

const char *path_beside(struct arena *a, const struct source *s, str path)
{
    const char *slash = strrchr(s->name, '/');
    size_t folder = slash && path.at[0] != '/' ? (size_t)(slash - s->name) + 1 : 0;
    return arena_printf(a, "%.*s%.*s", (int)folder, s->name, STR_ARG(path));
}

/* ---- ids ---- */

static bool is_word(const char *const *list, size_t n, str s)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(s, list[i])) {
            return true;
        }
    }
    return false;
}

static bool has_id_form(str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || (c != '_' && (c < '0' || c > '9')))) {
            return false;
        }
    }
    return id.n > 0;
}

bool id_check(struct loader *l, str id, span at, const char *what)
{
    static const char *const keywords[] = {
        "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
        "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
        "repeat",   "return", "then", "true", "until",  "while",
    };
    if (!has_id_form(id)) {
        diag_add(l->diag, FINDING_BAD_ID, at, _("'%.*s' cannot be the id of %s"), STR_ARG(id),
                 what);
        diag_hint(l->diag,
                  _("an id is an ASCII letter, then letters, digits or _; names in Chinese "
                    "go into `title` or `label`"));
        return false;
    }
    if (is_word(keywords, sizeof keywords / sizeof *keywords, id)) {
        diag_add(l->diag, FINDING_BAD_ID, at,
                 _("'%.*s' cannot be an id: it is a word of conditions"), STR_ARG(id));
        return false;
    }
    return true;
}

bool id_take(struct loader *l, str id, span at)
{
    static const char *const reserved[] = {"base", "total", "bonus", "deductions"};
    if (is_word(reserved, sizeof reserved / sizeof *reserved, id)) {
        diag_add(l->diag, FINDING_BAD_ID, at,
                 _("'%.*s' cannot be an id: it has a meaning of its own"), STR_ARG(id));
        return false;
    }
    uint32_t first = map_put(l->arena, &l->taken, id, l->taken_at.n);
    if (first != l->taken_at.n) {
        diag_add(l->diag, FINDING_DUPLICATE_ID, at, _("the id '%.*s' is taken"), STR_ARG(id));
        diag_hint(l->diag, _("items, sections and gates share one set of ids"));
        diag_note(l->diag, l->taken_at.at[first], _("it is first used here"));
        return false;
    }
    *vec_push(l->arena, &l->taken_at) = at;
    return true;
}

/* ---- names that are meant to exist ---- */

bool first_report(struct loader *l, enum name_kind kind, str name)
{
    uint32_t n = l->reported[kind].n;
    map_put(l->arena, &l->reported[kind], (str){keep_text(l, name), name.n}, n);
    if (l->reported[kind].n == n) {
        return false;
    }
    l->n_reported++;
    return true;
}

static void suggest(struct loader *l, const struct nearest *near)
{
    diag_did_you_mean(l->diag, nearest_name(near, l->arena));
}

uint32_t find_field(struct loader *l, str name, span at)
{
    const struct fields *fields = &l->rubric->fields;
    uint32_t field = map_get(&fields->by_id, name);
    if (field != MAP_NONE) {
        return field;
    }
    /* Once in the rubric, and once in each script. */
    str said = at.source == l->rubric->source
                   ? name
                   : str_of(arena_printf(l->arena, "%s %.*s", at.source ? at.source->name : "",
                                         STR_ARG(name)));
    if (!l->fields_known || !first_report(l, NAME_FIELD, said)) {
        return FIELD_NONE;
    }
    diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("there is no field '%.*s'"), STR_ARG(name));
    const char *hint = expression_hint(l->arena, name);
    if (hint) {
        diag_hint(l->diag, "%s", hint);
        return FIELD_NONE;
    }
    struct nearest near = {.name = name};
    for (uint32_t i = 0; i < fields->list.n && l->n_reported < NEAREST_MOST; i++) {
        if (str_is(name, fields->list.at[i].label)) {
            diag_hint(l->diag, _("that is the label of the field '%s'; rubrics name fields by id"),
                      fields->list.at[i].id);
            return FIELD_NONE;
        }
        nearest_offer(&near, fields->list.at[i].id);
    }
    suggest(l, &near);
    return FIELD_NONE;
}

uint32_t find_member(struct loader *l, str name, span at)
{
    const struct rubric *r = l->rubric;
    uint32_t member = map_get(&r->member_by_id, name);
    if (member != MAP_NONE) {
        return member;
    }
    if (l->members_lost || !first_report(l, NAME_MEMBER, name)) {
        return MEMBER_NONE;
    }
    diag_add(l->diag, FINDING_UNKNOWN_MEMBER, at, _("there is no item or section '%.*s'"),
             STR_ARG(name));
    struct nearest near = {.name = name};
    for (uint32_t i = 1; i < r->members.n && l->n_reported < NEAREST_MOST; i++) {
        nearest_offer(&near, r->members.at[i].id);
    }
    suggest(l, &near);
    return MEMBER_NONE;
}

uint32_t find_class(struct loader *l, str name, span at)
{
    const struct rubric *r = l->rubric;
    uint32_t class = map_get(&l->class_by_name, name);
    if (class != MAP_NONE) {
        return class;
    }
    if (l->classes_lost || !first_report(l, NAME_CLASS, name)) {
        return r->classes.n;
    }
    diag_add(l->diag, FINDING_UNKNOWN_CLASS, at, _("there is no class '%.*s' among `classes`"),
             STR_ARG(name));
    struct nearest near = {.name = name};
    for (uint32_t i = 0; i < r->classes.n; i++) {
        nearest_offer(&near, r->classes.at[i]);
    }
    suggest(l, &near);
    return r->classes.n;
}

bool grade_nameless(const struct grade *grades, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!*grades[i].name) {
            return true;
        }
    }
    return false;
}

uint32_t find_grade(struct loader *l, str name, span at)
{
    const struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->grades.n; i++) {
        if (str_is(name, r->grades.at[i].name)) {
            return i;
        }
    }
    /* Where the list of grades itself could not be read, nothing can be said about a name. */
    const struct node *grades = node_get(l->root, "grades");
    if ((!grades && (l->root->n_lost > 0 || l->block_lost)) ||
        (grades && (grades->bad || r->grades.n == 0)) ||
        grade_nameless(r->grades.at, r->grades.n) || !first_report(l, NAME_GRADE, name)) {
        return GRADE_NONE;
    }
    diag_add(l->diag, FINDING_UNKNOWN_GRADE, at, _("there is no grade '%.*s'"), STR_ARG(name));
    struct nearest near = {.name = name};
    for (uint32_t i = 0; i < r->grades.n; i++) {
        nearest_offer(&near, r->grades.at[i].name);
    }
    suggest(l, &near);
    return GRADE_NONE;
}

const char *option_report(struct loader *l, const struct field *f, str name, span at)
{
    struct nearest near = {.name = name};
    for (uint32_t i = 0; i < f->options.n; i++) {
        nearest_offer(&near, f->options.at[i]);
    }
    const char *meant = nearest_name(&near, l->arena);
    str both = str_of(arena_printf(l->arena, "%s %.*s", f->id, STR_ARG(name)));
    if (f->options.n > 0 && first_report(l, NAME_OPTION, both)) {
        diag_add(l->diag, FINDING_UNKNOWN_OPTION, at, _("the field '%s' has no option '%.*s'"),
                 f->id, STR_ARG(name));
        diag_did_you_mean(l->diag, meant);
        diag_note(l->diag, f->at, _("the field is declared here"));
    }
    return meant;
}

/* ---- places and texts ---- */

span scalar_part(const struct node *scalar, size_t offset, size_t n)
{
    span at = scalar->at;
    const char *text = at.source ? at.source->text + at.offset : NULL;
    size_t quote = scalar->quoted ? 1 : 0;
    /* Escapes and texts over several lines do not stand in the file as they are read. */
    if (!text || at.length != scalar->n + 2 * quote ||
        memcmp(text + quote, scalar->text, scalar->n) != 0) {
        return at;
    }
    return span_part(at, offset + quote, n);
}

const char *keep_text(struct loader *l, str s) { return arena_text(l->arena, s.at, s.n); }
