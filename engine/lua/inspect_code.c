/* inspect_code.c - what is wrong with a chunk whether it would run or not. */
#include "base/i18n.h"
#include "lua/inspect.h"
#include "lua/world.h"

#include <string.h>

struct note *inspect_note(struct inspection *in, enum finding_id id, struct stretch at,
                          const char *text)
{
    struct note *n = vec_push(in->arena, &in->notes);
    n->id = id;
    n->at = at;
    n->text = text;
    return n;
}

struct stretch inspect_token(const struct token *t)
{
    return (struct stretch){t->offset, t->text.n};
}

static struct stretch line_part(const struct inspection *in, uint32_t line)
{
    const char *at = in->chunk->text, *end = at + in->chunk->n;
    for (uint32_t i = 1; i < line && at != NULL; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL || line == 0) {
        return (struct stretch){0};
    }
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t n = (size_t)((stop == NULL ? end : stop) - at);
    return (struct stretch){(size_t)(at - in->chunk->text), n};
}

struct stretch inspect_find(const struct inspection *in, const char *name, uint32_t line)
{
    for (uint32_t i = 0; name != NULL && i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        if (t->line == line && str_is(t->text, name) && tokens_is_free_name(&in->tokens, i)) {
            return inspect_token(t);
        }
    }
    return line_part(in, line);
}

/* ---- global names ---- */

static bool is_noted(const struct inspection *in, enum finding_id id, const char *text)
{
    for (uint32_t i = 0; i < in->notes.n; i++) {
        if (in->notes.at[i].id == id && strcmp(in->notes.at[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

static const char *nearest_global(struct inspection *in, const char *name)
{
    struct nearest nearest = {.name = str_of(name)};
    for (const char *const *known = world_names; *known != NULL; known++) {
        nearest_offer(&nearest, *known);
    }
    return nearest_name(&nearest, in->arena);
}

static const char *why_not_there(const char *name)
{
    static const struct {
        const char *name, *hint;
    } known[] = {
        {"os", N_("scripts cannot reach the system, nor the time")},
        {"io", N_("scripts cannot reach files; data come as arguments")},
        {"print", N_("scripts print nothing; a reason is the second value that score returns")},
        {"pcall", N_("errors are not caught; they are reported with their place")},
        {"setmetatable", N_("there are no metatables")},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return _(known[i].hint);
        }
    }
    return NULL;
}

static void note_read(struct inspection *in, const struct proto_global *g)
{
    const char *name = arena_text(in->arena, g->name.at, g->name.n);
    const char *member = arena_text(in->arena, g->member.at, g->member.n);
    const char *text, *meant = NULL;
    if (!world_has(name)) {
        text = arena_printf(in->arena, _("unknown name '%s'"), name);
        meant = nearest_global(in, name);
    } else if (g->member.n > 0 && !world_library_has(name, member)) {
        text = arena_printf(in->arena, _("unknown name '%s.%s'"), name, member);
        meant = world_nearest(in->arena, name, member);
    } else {
        return;
    }
    if (!is_noted(in, FINDING_SCRIPT_NAME, text)) {
        struct note *n =
            inspect_note(in, FINDING_SCRIPT_NAME, inspect_find(in, name, g->line), text);
        n->name = meant;
        n->hint = why_not_there(name);
    }
}

static void note_written(struct inspection *in, const struct proto_global *g)
{
    const char *name = arena_text(in->arena, g->name.at, g->name.n);
    const char *text = arena_printf(in->arena, _("assignment to global '%s'"), name);
    if (!is_noted(in, FINDING_SCRIPT_GLOBAL, text)) {
        inspect_note(in, FINDING_SCRIPT_GLOBAL, inspect_find(in, name, g->line), text)->hint =
            arena_printf(in->arena, _("declare it: local %s"), name);
    }
}

/* A name that is assigned to somewhere is not reported as unknown as well. */
static bool is_written(const proto_globals *all, str name)
{
    for (uint32_t i = 0; i < all->n; i++) {
        if (all->at[i].written && str_eq(all->at[i].name, name)) {
            return true;
        }
    }
    return false;
}

static void check_globals(struct inspection *in)
{
    proto_globals all = {0};
    proto_find_globals(in->arena, in->proto, &all);
    for (uint32_t i = 0; i < all.n; i++) {
        if (all.at[i].written) {
            note_written(in, &all.at[i]);
        } else if (!is_written(&all, all.at[i].name)) {
            note_read(in, &all.at[i]);
        }
    }
}

/* ---- faults of the interpreter ---- */

/* Whether the name is a variable from outside of a function that the line is in. */
static bool is_upvalue(const struct proto *p, str name, uint32_t line)
{
    bool here = p->around != NULL && line >= p->line && line <= p->last_line;
    for (uint32_t i = 0; here && i < p->upvalues.n; i++) {
        if (str_eq(p->upvalues.at[i].name, name)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        if (is_upvalue(&p->protos.at[i], name, line)) {
            return true;
        }
    }
    return false;
}

static bool compares(const struct token *t)
{
    static const char *const words[] = {"<", ">", "<=", ">=", "==", "~=", "not", "and", "or"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (token_is(t, words[i])) {
            return true;
        }
    }
    return false;
}

/* The `]` that belongs to the `[` at i; *comparison: between them stands one. */
static size_t closing(const tokens *all, size_t i, bool *comparison)
{
    int depth = 0;
    for (; i < all->n; i++) {
        const struct token *t = &all->at[i];
        if (token_is(t, "[") || token_is(t, "(") || token_is(t, "{")) {
            depth++;
        } else if (token_is(t, "]") || token_is(t, ")") || token_is(t, "}")) {
            depth--;
        }
        *comparison |= depth == 1 && compares(t);
        if (depth == 0) {
            break;
        }
    }
    return i;
}

static void check_indexing(struct inspection *in)
{
    const tokens *all = &in->tokens;
    for (uint32_t i = 0; i + 1 < all->n; i++) {
        bool comparison = false;
        if (!tokens_is_free_name(all, i) || !token_is(&all->at[i + 1], "[")) {
            continue;
        }
        const struct token *t = &all->at[i];
        size_t end = closing(all, i + 1, &comparison);
        if (comparison && end < all->n && is_upvalue(in->proto, t->text, t->line)) {
            struct stretch at = {t->offset, all->at[end].offset + 1 - t->offset};
            inspect_note(in, FINDING_SCRIPT_INTERPRETER, at,
                         arena_printf(in->arena,
                                      _("'%.*s' is indexed by a comparison, which some versions of "
                                        "the interpreter get wrong"),
                                      STR_ARG(t->text)))
                ->hint = _("put the comparison into a local variable first");
        }
    }
}

#define CONCAT_MOST 195

static void check_concats(struct inspection *in)
{
    uint32_t n = 0;
    int depth = 0;
    for (uint32_t i = 0; i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        int change = token_is(t, "(") || token_is(t, "[") || token_is(t, "{")   ? 1
                     : token_is(t, ")") || token_is(t, "]") || token_is(t, "}") ? -1
                                                                                : 0;
        depth += change;
        bool ends = token_is(t, ",") || token_is(t, ";") || token_is(t, "=") ||
                    (t->kind == TOKEN_KEYWORD && !token_is(t, "nil") && !token_is(t, "true") &&
                     !token_is(t, "false"));
        n = ends && depth >= 0 ? 0 : n + token_is(t, "..");
        if (n == CONCAT_MOST) {
            inspect_note(in, FINDING_SCRIPT_INTERPRETER, inspect_token(t),
                         _("more than 195 texts are joined by .. in one expression"))
                ->hint = _("use table.concat, or join them in several steps");
            return;
        }
    }
}

void inspect_code(struct inspection *in)
{
    check_concats(in);
    if (in->proto == NULL) {
        return;
    }
    check_globals(in);
    check_indexing(in);
    if (proto_has_wrong_bits(in->proto)) {
        inspect_note(in, FINDING_SCRIPT_SYNTAX, (struct stretch){0},
                     _("a function with more than 255 constants uses &, |, ~, << or >>, which "
                       "the interpreter calculates wrongly"))
            ->hint = _("split the function, or put the tables into a file of their own");
    }
}
