/*
 * expression.c - formulas and conditions: one Lua expression in a rubric, and the chunk made of it.
 *
 *   points.study / class.max.x  ->  return{score=function(_item,points_study,class_max_x)return(
 *                                   points_study / class_max_x
 *                                   )end}
 *
 * The expression keeps its lines, so that an error's line is the expression's.
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "lua/describe.h"
#include "lua/tokens.h"
#include "lua/world.h"

#include <string.h>

/* ---- what may not be in it ---- */

static const struct {
    const char *sign, *hint;
} habits[] = {
    {"!=", N_("write ~= for `is not`")},
    {"≠", N_("write ~= for `is not`")},
    {"&&", N_("write `and`")},
    {"||", N_("write `or`")},
    {"≥", N_("write >=")},
    {"≤", N_("write <=")},
    {"＞", N_("write >")},
    {"＜", N_("write <")},
    {"＝", N_("write == to compare")},
    {"（", N_("write ( and ), not full-width brackets")},
    {"）", N_("write ( and ), not full-width brackets")},
    {"，", N_("write an ordinary comma")},
    {"×", N_("write *")},
    {"＊", N_("write *")},
    {"÷", N_("write /")},
    {"／", N_("write /")},
    {"＋", N_("write +")},
    {"－", N_("write -")},
    {"！", N_("write `not`")},
    {"“", N_("texts stand in straight quotes")},
    {"”", N_("texts stand in straight quotes")},
    {"=", N_("write == to compare")},
    {"function", N_("a function needs a script of its own: method: lua")},
    {"if", N_("write `condition and value or other value`, or use a script: method: lua")},
    {"require", N_("what other scripts share serves scripts only: method: lua")},
    {"return", N_("the value of the expression is returned; leave `return` out")},
    {"％", N_("percent values are 0..100: write 95")},
    {"<>", N_("write ~= for `is not`")},
};

const char *expression_habit(str sign)
{
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        if (str_is(sign, habits[i].sign)) {
            return _(habits[i].hint);
        }
    }
    return NULL;
}

/* The place of a part of the expression, where the source has it as it stands here. */
static span place(span at, str text, size_t offset, size_t n)
{
    for (size_t skip = 0; at.source != NULL && skip < 2; skip++) { /* a quote before it */
        size_t start = at.offset + skip;
        if (start + text.n <= at.source->n &&
            memcmp(at.source->text + start, text.at, text.n) == 0) {
            return (span){at.source, start + offset, n};
        }
    }
    return at;
}

static void refuse(struct diag *d, str text, span at, const struct token *t)
{
    span where = place(at, text, t->offset, t->text.n);
    if (t->kind == TOKEN_BROKEN) {
        diag_add(d, FINDING_SCRIPT_SYNTAX, where, _("a text or comment has no end"));
        return;
    }
    diag_add(d, FINDING_SCRIPT_SYNTAX, where, _("an expression cannot have '%.*s'"),
             STR_ARG(t->text));
    const char *hint = expression_habit(t->text);
    if (hint) {
        diag_hint(d, "%s", hint);
    }
}

static bool may_be_in(const struct token *t)
{
    static const char *const words[] = {"and", "or", "not", "nil", "true", "false"};
    static const char *const not_signs[] = {"=", ";", "::", "..."};
    if (t->kind == TOKEN_KEYWORD) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (str_is(t->text, words[i])) {
                return true;
            }
        }
        return false;
    }
    for (size_t i = 0; t->kind == TOKEN_SIGN && i < sizeof not_signs / sizeof not_signs[0]; i++) {
        if (str_is(t->text, not_signs[i])) {
            return false;
        }
    }
    return t->kind != TOKEN_FOREIGN && t->kind != TOKEN_BROKEN;
}

static bool begins_operand(const struct token *t)
{
    return t->kind == TOKEN_NAME || t->kind == TOKEN_NUMBER || t->kind == TOKEN_TEXT ||
           token_is(t, "(") || token_is(t, "-") || token_is(t, "#");
}

/* 95% as people write it, not 95 % 7: the sign sticks to the number and to nothing after it. */
static bool is_percent(const tokens *all, size_t i)
{
    const struct token *t = &all->at[i];
    if (!token_is(t, "%") || i == 0 || all->at[i - 1].kind != TOKEN_NUMBER) {
        return false;
    }
    const struct token *before = &all->at[i - 1];
    struct token after = tokens_at(all, i + 1);
    bool sticks = before->offset + before->text.n == t->offset;
    bool sticks_after = after.offset == t->offset + 1;
    return !begins_operand(&after) || (sticks && !sticks_after);
}

static bool refuse_percent(struct diag *d, str text, span at, const tokens *all, size_t i)
{
    const struct token *number = &all->at[i - 1];
    size_t n = all->at[i].offset + 1 - number->offset;
    diag_add(d, FINDING_SCRIPT_SYNTAX, place(at, text, number->offset, n),
             _("an expression cannot have '%.*s%%'"), STR_ARG(number->text));
    diag_hint(d, _("percent values are 0..100: write %.*s"), STR_ARG(number->text));
    return false;
}

static int depth_change(const struct token *t)
{
    if (token_is(t, "(") || token_is(t, "[") || token_is(t, "{")) {
        return 1;
    }
    return token_is(t, ")") || token_is(t, "]") || token_is(t, "}") ? -1 : 0;
}

/* 2024-12-31 is 1981. */
static bool refuse_date(struct diag *d, str text, span at, const tokens *all, size_t i)
{
    size_t end = all->at[i].offset;
    for (size_t k = i; k < i + 5; k++) {
        struct token t = tokens_at(all, k);
        bool number = k % 2 == i % 2;
        bool fits = number ? t.kind == TOKEN_NUMBER && t.text.n <= (k == i ? 4 : 2)
                           : token_is(&t, "-") || token_is(&t, "/");
        if (!fits || t.offset != end || (k == i && t.text.n != 4)) {
            return false;
        }
        end = t.offset + t.text.n;
    }
    size_t from = all->at[i].offset;
    str date = {text.at + from, end - from};
    diag_add(d, FINDING_SCRIPT_SYNTAX, place(at, text, from, date.n),
             _("'%.*s' would be a subtraction or division"), STR_ARG(date));
    diag_hint(d, _("a date is written date.parse(\"%.*s\")"), STR_ARG(date));
    return true;
}

/* In YAML a folded text has no lines that a comment could end with. */
static bool refuse_comment(struct diag *d, str text, span at)
{
    char quote = 0;
    for (size_t i = 0; i + 1 < text.n; i++) {
        char c = text.at[i];
        if (quote == 0 && c == '-' && text.at[i + 1] == '-') {
            diag_add(d, FINDING_SCRIPT_SYNTAX, place(at, text, i, 2),
                     _("an expression has no comments"));
            diag_hint(d, _("write it behind a # on a line of its own, outside of the expression"));
            return true;
        }
        if (quote != 0 && c == '\\') {
            i++;
        } else if (c == '"' || c == '\'') {
            quote = quote == 0 ? c : quote == c ? 0 : quote;
        }
    }
    return false;
}

/* What belongs to the top of a file, which an expression does not have. */
static bool requires(const tokens *all, size_t i)
{
    struct token next = tokens_at(all, i + 1);
    return tokens_is_free_name(all, i) && str_is(all->at[i].text, "require") &&
           (token_is(&next, "(") || next.kind == TOKEN_TEXT);
}

static bool check(struct diag *d, str text, span at, const tokens *all)
{
    int depth = 0;
    if (refuse_comment(d, text, at)) {
        return false;
    }
    if (all->n == 0) {
        diag_add(d, FINDING_SCRIPT_SYNTAX, at, _("there is no expression"));
        return false;
    }
    for (uint32_t i = 0; i < all->n; i++) {
        const struct token *t = &all->at[i];
        if (is_percent(all, i)) {
            return refuse_percent(d, text, at, all, i);
        }
        if (t->kind == TOKEN_NUMBER && refuse_date(d, text, at, all, i)) {
            return false;
        }
        struct token after = tokens_at(all, i + 1);
        if (token_is(t, "<") && token_is(&after, ">")) {
            struct token both = *t;
            both.text.n = after.offset + 1 - t->offset;
            both.text = both.text.n == 2 ? STR("<>") : both.text;
            refuse(d, text, at, &both);
            return false;
        }
        depth += depth_change(t);
        if (!may_be_in(t) || requires(all, i) || depth < 0 || (depth == 0 && token_is(t, ","))) {
            refuse(d, text, at, t);
            return false;
        }
    }
    if (depth > 0) {
        diag_add(d, FINDING_SCRIPT_SYNTAX, at, _("a bracket is not closed"));
    }
    return depth == 0;
}

/* ---- names ---- */

static bool is_library(str name)
{
    static const char *const libraries[] = {"math", "string", "table", "utf8", "date"};
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        if (str_is(name, libraries[i])) {
            return true;
        }
    }
    return false;
}

/* The index of the last token of the dotted name that begins at i. */
static size_t path_end(const tokens *all, size_t i)
{
    struct token dot = tokens_at(all, i + 1), name = tokens_at(all, i + 2);
    while (token_is(&dot, ".") && name.kind == TOKEN_NAME) {
        i += 2;
        dot = tokens_at(all, i + 1);
        name = tokens_at(all, i + 2);
    }
    return i;
}

static const char *path_text(struct arena *a, const tokens *all, size_t from, size_t to)
{
    struct buf b = {0};
    for (size_t i = from; i <= to; i++) {
        buf_add(&b, all->at[i].text.at, all->at[i].text.n);
    }
    const char *text = arena_text(a, b.at, b.n);
    buf_release(&b);
    return text;
}

/* Whether a name of the rubric begins at the token, not one of the world. */
static bool begins_name(struct arena *a, const tokens *all, size_t i)
{
    if (!tokens_is_free_name(all, i)) {
        return false;
    }
    str name = all->at[i].text;
    struct token next = tokens_at(all, i + 1);
    if (is_library(name)) {
        return !token_is(&next, ".") && !token_is(&next, "[") && !token_is(&next, ":");
    }
    /* A function that is not called is of no use: a field of that name is meant. */
    return !token_is(&next, "(") || !world_has(arena_text(a, name.at, name.n));
}

static uint32_t find_name(const script_names *names, const char *text)
{
    for (uint32_t i = 0; i < names->n; i++) {
        if (strcmp(names->at[i].text, text) == 0) {
            return i;
        }
    }
    return names->n;
}

bool expression_names(struct arena *a, struct diag *d, str text, span at, script_names *out)
{
    tokens all = {0};
    tokens_read(a, text, &all);
    if (!check(d, text, at, &all)) {
        return false;
    }
    for (size_t i = 0; i < all.n; i++) {
        if (!begins_name(a, &all, i)) {
            continue;
        }
        size_t end = path_end(&all, i);
        const char *path = path_text(a, &all, i, end);
        if (find_name(out, path) == out->n) {
            size_t from = all.at[i].offset, to = all.at[end].offset + all.at[end].text.n;
            *vec_push(a, out) = (struct script_name){path, place(at, text, from, to - from)};
        }
        i = end;
    }
    return true;
}

const char *expression_shown(struct arena *a, str text)
{
    tokens all = {0};
    struct buf b = {0};
    tokens_read(a, text, &all);
    for (uint32_t i = 0; i < all.n; i++) {
        const struct token *t = &all.at[i];
        if (i > 0 && all.at[i - 1].offset + all.at[i - 1].text.n < t->offset) {
            buf_char(&b, ' ');
        }
        buf_add(&b, t->text.at, t->text.n);
    }
    const char *shown = arena_text(a, b.at ? b.at : "", b.n);
    buf_release(&b);
    return shown;
}

/* ---- the chunk ---- */

/* Parameters: dots are no part of a Lua name. */
static const char *const *parameter_names(struct arena *a, const script_names *names)
{
    const char **out = ARENA_ARRAY(a, const char *, names->n + 1);
    for (uint32_t i = 0; i < names->n; i++) {
        char *name = arena_text(a, names->at[i].text, strlen(names->at[i].text));
        bool dotted = strchr(name, '.') != NULL;
        for (char *c = name; *c != '\0'; c++) {
            *c = *c == '.' ? '_' : *c;
        }
        const char *unique = name;
        for (bool taken = dotted || world_has(name); taken;) {
            taken = find_name(names, unique) < names->n || world_has(unique);
            for (uint32_t j = 0; j < i; j++) {
                taken |= strcmp(out[j], unique) == 0;
            }
            unique = taken ? arena_printf(a, "%s_", unique) : unique;
        }
        out[i] = unique;
    }
    const char *item = "_item";
    while (find_name(names, item) < names->n) {
        item = arena_printf(a, "_%s", item);
    }
    out[names->n] = item;
    return out;
}

const char *expression_chunk(struct arena *a, str text, const script_names *names)
{
    tokens all = {0};
    tokens_read(a, text, &all);
    const char *const *parameters = parameter_names(a, names);
    struct buf b = {0};
    buf_printf(&b, "return{score=function(%s", parameters[names->n]);
    for (uint32_t i = 0; i < names->n; i++) {
        buf_printf(&b, ",%s", parameters[i]);
    }
    buf_text(&b, ")return(");
    size_t done = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (!begins_name(a, &all, i)) {
            continue;
        }
        size_t end = path_end(&all, i);
        uint32_t name = find_name(names, path_text(a, &all, i, end));
        if (name < names->n) {
            buf_add(&b, text.at + done, all.at[i].offset - done);
            buf_text(&b, parameters[name]);
            done = all.at[end].offset + all.at[end].text.n;
        }
        i = end;
    }
    buf_add(&b, text.at + done, text.n - done);
    buf_text(&b, "\n)end}");
    const char *chunk = arena_text(a, b.at, b.n);
    buf_release(&b);
    return chunk;
}

/* ---- require ---- */

static bool note_require(struct arena *a, struct diag *d, const struct chunk *c, const tokens *all,
                         size_t i, script_names *out)
{
    struct token next = tokens_at(all, i + 1);
    bool bracket = token_is(&next, "(");
    struct token name = tokens_at(all, bracket ? i + 2 : i + 1);
    struct token close = tokens_at(all, i + 3);
    str quoted = token_quoted(&name);
    if (quoted.n == 0 || (bracket && !token_is(&close, ")"))) {
        diag_add(d, FINDING_SCRIPT_MISSING,
                 (span){c->at.source, all->at[i].offset, all->at[i].text.n},
                 _("require takes the name of a script, in quotes"));
        diag_hint(d, _("it is written like: require \"shares\""));
        return false;
    }
    *vec_push(a, out) = (struct script_name){arena_text(a, quoted.at, quoted.n),
                                             {c->at.source, name.offset, name.text.n}};
    return true;
}

bool chunk_requires(struct arena *a, struct diag *d, const struct chunk *c, script_names *out)
{
    tokens all = {0};
    tokens_read(a, (str){c->text, c->n}, &all);
    bool fine = true;
    for (size_t i = 0; i < all.n; i++) {
        if (tokens_is_free_name(&all, i) && str_is(all.at[i].text, "require")) {
            fine &= note_require(a, d, c, &all, i, out);
        }
    }
    return fine;
}

const char *expression_hint(struct arena *a, str name)
{
    char *lower = arena_text(a, name.at, name.n);
    for (char *c = lower; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    if (strcmp(lower, "points") == 0 || str_starts(name, "item.")) {
        return _("in a formula the full marks are `full`");
    }
    if (str_starts(str_of(lower), "math.") && world_library_has("math", lower + 5)) {
        return arena_printf(a, _("write %s"), lower);
    }
    if (strcmp(lower, "if") == 0) {
        return expression_habit(STR("if"));
    }
    if (strcmp(lower, "full") == 0) {
        return _("in a script the full marks are item.points");
    }
    if (world_library_has("math", lower)) {
        return arena_printf(a, _("write math.%s"), lower);
    }
    return world_has(lower) ? arena_printf(a, _("write %s"), lower) : NULL;
}
