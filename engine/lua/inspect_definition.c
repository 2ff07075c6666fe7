/* inspect_definition.c - the table that a script returns: {title, reads, params, missing, score}.
 */
#include "base/i18n.h"
#include "lua/inspect.h"
#include "lua/library.h"
#include "lua/world.h"

#include <lua5.4/lauxlib.h>
#include <math.h>
#include <string.h>

#define READS_MOST 200
#define PARAMS_MOST 10000 /* values */
#define PARAMS_DEEP 8

static const char *const keys[] = {"title", "reads", "params", "missing", "score"};

/* ---- places ---- */

/* Where the key stands in the table that begins at token `open`: its own token, or SIZE_MAX. */
static size_t find_key(const struct inspection *in, size_t open, const char *key)
{
    int depth = 0;
    for (size_t i = open; open != SIZE_MAX && i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        struct token next = tokens_at(&in->tokens, i + 1);
        if (depth == 1 && t->kind == TOKEN_NAME && str_is(t->text, key) && token_is(&next, "=")) {
            return i;
        }
        bool opens = token_is(t, "{") || token_is(t, "(") || token_is(t, "[") ||
                     token_is(t, "function") || token_is(t, "if") || token_is(t, "do") ||
                     token_is(t, "repeat");
        bool closes = token_is(t, "}") || token_is(t, ")") || token_is(t, "]") ||
                      token_is(t, "end") || token_is(t, "until");
        depth += opens - closes;
        if (depth == 0) {
            break;
        }
    }
    return SIZE_MAX;
}

static struct stretch key_part(const struct inspection *in, const char *key)
{
    size_t i = find_key(in, in->definition, key);
    return i == SIZE_MAX ? (struct stretch){0} : inspect_token(&in->tokens.at[i]);
}

static span part_span(struct stretch at) { return (span){NULL, at.offset, at.n}; }

static struct note *note_definition(struct inspection *in, const char *key, const char *text)
{
    return inspect_note(in, FINDING_SCRIPT_DEFINITION,
                        key != NULL ? key_part(in, key) : (struct stretch){0}, text);
}

/* ---- values ---- */

/* Pushes the table behind a frozen one, or the table itself. */
static void push_raw(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (!world_thaw(L, index)) {
        lua_pushvalue(L, index);
    }
}

static const char *kept(struct inspection *in, lua_State *L, int index)
{
    size_t n;
    const char *text = lua_tolstring(L, index, &n);
    return arena_text(in->arena, text, n);
}

struct reading {
    struct inspection *in;
    uint32_t left;    /* values */
    const char *name; /* of the parameter */
};

static bool read_value(struct reading *r, lua_State *L, struct param_value *out, int depth);

/* What stands under names, by name; the table is on top of the stack. `list`: it has places too. */
static bool read_named(struct reading *r, lua_State *L, struct param_value *out, int depth,
                       bool list)
{
    int table = lua_gettop(L);
    size_t n = library_sorted_keys(L, table);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, table + 1, (lua_Integer)i);
        bool named = lua_type(L, -1) == LUA_TSTRING;
        if (named == list || r->left == 0) {
            note_definition(r->in, "params",
                            arena_printf(r->in->arena,
                                         _("parameter '%s' mixes names and places, "
                                           "or has too many values"),
                                         r->name));
            return false;
        }
        if (!named) {
            lua_settop(L, table + 1);
            continue;
        }
        struct param_entry entry = {.name = kept(r->in, L, -1)};
        r->name = depth == 0 ? entry.name : r->name;
        lua_rawget(L, table);
        if (!read_value(r, L, &entry.value, depth)) {
            return false;
        }
        *vec_push(r->in->arena, &out->entries) = entry;
        lua_settop(L, table + 1);
    }
    lua_settop(L, table);
    return true;
}

/* The table behind is on top of the stack. */
static bool read_entries(struct reading *r, lua_State *L, struct param_value *out, int depth)
{
    size_t n = lua_rawlen(L, -1);
    out->kind = n > 0 ? PARAM_LIST : PARAM_MAP;
    for (size_t i = 1; i <= n && r->left > 0; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        struct param_value value = {0};
        bool fine = read_value(r, L, &value, depth);
        lua_pop(L, 1);
        vec_push(r->in->arena, &out->entries)->value = value;
        if (!fine) {
            return false;
        }
    }
    return read_named(r, L, out, depth, n > 0);
}

static bool read_value(struct reading *r, lua_State *L, struct param_value *out, int depth)
{
    int type = lua_type(L, -1);
    r->left -= r->left > 0;
    if (type == LUA_TNUMBER && isfinite(lua_tonumber(L, -1))) {
        out->kind = PARAM_NUMBER;
        out->number = lua_tonumber(L, -1);
    } else if (type == LUA_TSTRING) {
        out->kind = PARAM_TEXT;
        out->text = kept(r->in, L, -1);
    } else if (type == LUA_TBOOLEAN) {
        out->kind = PARAM_YESNO;
        out->yes = lua_toboolean(L, -1) != 0;
    } else if (type == LUA_TTABLE && depth < PARAMS_DEEP && lua_checkstack(L, 10)) {
        push_raw(L, -1);
        bool fine = read_entries(r, L, out, depth + 1);
        if (fine) {
            lua_pop(L, 1);
        }
        return fine;
    } else {
        note_definition(r->in, "params",
                        arena_printf(r->in->arena,
                                     _("parameter '%s' is no number, text, yes/no, list or map"),
                                     r->name));
        return false;
    }
    return true;
}

/* ---- keys ---- */

static void read_title(struct inspection *in, lua_State *L)
{
    if (lua_type(L, -1) == LUA_TSTRING) {
        in->out.title = kept(in, L, -1);
    } else {
        note_definition(in, "title", _("title is not a text"));
    }
}

/* The text in the list after `reads`, as it stands there. */
static struct stretch read_part(const struct inspection *in, const char *name)
{
    size_t i = find_key(in, in->definition, "reads");
    for (; i != SIZE_MAX && i < in->tokens.n && !token_is(&in->tokens.at[i], "}"); i++) {
        if (in->tokens.at[i].kind == TOKEN_TEXT && str_is(token_quoted(&in->tokens.at[i]), name)) {
            return inspect_token(&in->tokens.at[i]);
        }
    }
    return key_part(in, "reads");
}

static void read_reads(struct inspection *in, lua_State *L)
{
    in->out.reads_at = part_span(key_part(in, "reads"));
    if (lua_type(L, -1) == LUA_TSTRING) {
        note_definition(in, "reads", _("reads is a text, not a list"))->hint =
            arena_printf(in->arena, "reads = { \"%s\" }", kept(in, L, -1));
        return;
    }
    if (!lua_istable(L, -1)) {
        note_definition(in, "reads", _("reads is not a list"));
        return;
    }
    push_raw(L, -1);
    size_t n = lua_rawlen(L, -1);
    lua_pushnil(L);
    bool named = false;
    while (lua_next(L, -2)) {
        named |= lua_type(L, -2) != LUA_TNUMBER;
        lua_pop(L, 1);
    }
    if (named || n > READS_MOST) {
        note_definition(in, "reads",
                        named ? _("reads is a list of texts without names")
                              : _("reads is too long a list"));
        n = 0;
    }
    for (size_t i = 1; i <= n; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i) != LUA_TSTRING) {
            note_definition(in, "reads", _("reads is a list of texts"));
            lua_pop(L, 1);
            break;
        }
        const char *name = kept(in, L, -1);
        *vec_push(in->arena, &in->out.reads) =
            (struct script_name){name, part_span(read_part(in, name))};
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_params(struct inspection *in, lua_State *L)
{
    struct reading r = {in, PARAMS_MOST, "params"};
    if (!lua_istable(L, -1)) {
        note_definition(in, "params", _("params is not a map like { target = 95 }"));
        return;
    }
    push_raw(L, -1);
    if (lua_rawlen(L, -1) > 0) {
        note_definition(in, "params", _("parameters have names, like { target = 95 }"));
    } else {
        read_entries(&r, L, &in->out.params, 0);
    }
    in->out.params.kind = PARAM_MAP;
}

static void read_missing(struct inspection *in, lua_State *L)
{
    if (lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "call") == 0) {
        in->out.call_always = true;
    } else {
        note_definition(in, "missing", _("missing can only be \"call\""))->hint =
            _("what is done about values not reported is said by the rubric's `missing`");
    }
}

/* ---- score ---- */

/* The token `function` of score and the `(` behind it, by its line and first parameter. */
static size_t find_function(const struct inspection *in, const struct proto *p)
{
    for (size_t i = 0; i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        if (!token_is(t, "function") || t->line != p->line) {
            continue;
        }
        while (i < in->tokens.n && !token_is(&in->tokens.at[i], "(")) {
            i++;
        }
        struct token first = tokens_at(&in->tokens, i + 1);
        if (p->n_parameters == 0 || (p->locals.n > 0 && str_eq(first.text, p->locals.at[0].name))) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* The token after the `end` of the function whose parameters begin at `open`. */
static size_t function_end(const struct inspection *in, size_t open)
{
    int depth = 1;
    for (size_t i = open; i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        depth += token_is(t, "function") || token_is(t, "if") || token_is(t, "do") ||
                 token_is(t, "repeat");
        depth -= token_is(t, "end") || token_is(t, "until");
        if (depth == 0) {
            return i + 1;
        }
    }
    return in->tokens.n;
}

static void find_unused(struct inspection *in, const struct proto *p, size_t open)
{
    size_t end = function_end(in, open), body = open;
    while (body < end && !token_is(&in->tokens.at[body], ")")) {
        body++;
    }
    for (uint32_t i = 0; i < p->n_parameters && i < 32 && i < p->locals.n; i++) {
        bool used = false;
        for (size_t j = body; j < end && !used; j++) {
            used = tokens_is_free_name(&in->tokens, j) &&
                   str_eq(in->tokens.at[j].text, p->locals.at[i].name);
        }
        in->out.n_unused_parameters |= used ? 0 : 1U << i;
    }
}

/* item.params.NAME, by whatever name score calls its first parameter; anything else that is done
 * with item.params, or with item as a whole, may read any of them. */
static void find_params_read(struct inspection *in, str item, size_t open)
{
    const tokens *all = &in->tokens;
    for (size_t i = 0; i < all->n; i++) {
        if (i == open + 1 || !tokens_is_free_name(all, i) || !str_eq(all->at[i].text, item)) {
            continue;
        }
        struct token dot = tokens_at(all, i + 1), key = tokens_at(all, i + 2),
                     dot2 = tokens_at(all, i + 3), name = tokens_at(all, i + 4),
                     after = tokens_at(all, i + 1);
        bool member = token_is(&dot, ".") && key.kind == TOKEN_NAME;
        if (member && str_is(key.text, "params") && token_is(&dot2, ".") &&
            name.kind == TOKEN_NAME) {
            *vec_push(in->arena, &in->out.params_read) = (struct script_name){
                arena_text(in->arena, name.text.at, name.text.n), part_span(inspect_token(&name))};
        } else if (member ? str_is(key.text, "params") : !token_is(&after, "=")) {
            bool parameter = token_is(&after, ",") || token_is(&after, ")");
            struct token before = i > 0 ? all->at[i - 1] : (struct token){0};
            struct token two = i > 1 ? all->at[i - 2] : (struct token){0};
            /* function(item, ...) of another function declares it. */
            bool declared =
                parameter && token_is(&before, "(") &&
                (token_is(&two, "function") || (i > 2 && token_is(&all->at[i - 3], "function")));
            in->out.params_open |= !declared;
        }
    }
}

static const struct proto *find_proto(const struct proto *p, uint32_t line, uint32_t last_line)
{
    if (p->around != NULL && p->line == line && p->last_line == last_line) {
        return p;
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        const struct proto *found = find_proto(&p->protos.at[i], line, last_line);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static void read_score(struct inspection *in, lua_State *L)
{
    if (!lua_isfunction(L, -1) || lua_iscfunction(L, -1)) {
        note_definition(in, "score", _("score is not a function of this script"))->hint =
            "score = function(item) ... end";
        return;
    }
    lua_Debug at;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">Su", &at);
    in->out.n_parameters = at.nparams;
    in->out.vararg = at.isvararg != 0;
    in->out.score_at = part_span(inspect_find(in, NULL, (uint32_t)at.linedefined));
    const struct proto *p =
        state_chunk_of(in->sandbox, at.source) == in->index
            ? find_proto(in->proto, (uint32_t)at.linedefined, (uint32_t)at.lastlinedefined)
            : NULL;
    size_t open = p == NULL ? SIZE_MAX : find_function(in, p);
    if (open == SIZE_MAX) {
        in->out.params_open = true;
        return;
    }
    for (size_t i = open; i-- > 0;) {
        if (token_is(&in->tokens.at[i], "function")) {
            in->out.score_at = part_span(inspect_token(&in->tokens.at[i]));
            break;
        }
    }
    find_unused(in, p, open);
    if (p->n_parameters > 0 && p->locals.n > 0) {
        find_params_read(in, p->locals.at[0].name, open);
    }
}

/* ---- the whole ---- */

static void check_key(struct inspection *in, const char *key)
{
    struct nearest nearest = {.name = str_of(key)};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0) {
            return;
        }
        nearest_offer(&nearest, keys[i]);
    }
    const char *copy = arena_text(in->arena, key, strlen(key));
    note_definition(in, copy, arena_printf(in->arena, _("unknown key '%s'"), copy))->name =
        nearest_name(&nearest, in->arena);
}

/* The table is on top of the stack. */
static void check_keys(struct inspection *in, lua_State *L)
{
    int table = lua_gettop(L);
    size_t n = library_sorted_keys(L, table);
    for (size_t i = 1; i <= n; i++) {
        if (lua_rawgeti(L, table + 1, (lua_Integer)i) != LUA_TSTRING) {
            note_definition(in, NULL,
                            _("a definition has keys: title, reads, params, missing, "
                              "score"));
            break;
        }
        check_key(in, lua_tostring(L, -1));
        lua_settop(L, table + 1);
    }
    lua_settop(L, table);
}

static void read_keys(struct inspection *in, lua_State *L)
{
    static void (*const readers[])(struct inspection *, lua_State *) = {
        read_title, read_reads, read_params, read_missing, read_score};
    int top = lua_gettop(L);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        lua_pushstring(L, keys[i]);
        lua_rawget(L, top);
        if (!lua_isnil(L, -1)) {
            readers[i](in, L);
        } else if (readers[i] == read_score) {
            note_definition(in, NULL, _("the definition has no function `score`"));
        }
        lua_settop(L, top);
    }
}

void inspect_definition(struct inspection *in)
{
    lua_State *L = in->sandbox->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, in->sandbox->loaded[in->index].value);
    in->out.params.kind = PARAM_MAP;
    static const char hint[] = "return { reads = { ... }, score = function(item, ...) ... end }";
    if (lua_isfunction(L, -1)) {
        note_definition(in, NULL, _("the script returns a function, not a definition"))->hint =
            hint;
    } else if (lua_isnil(L, -1)) {
        note_definition(in, NULL, _("the script returns nothing"))->hint = hint;
    } else if (!lua_istable(L, -1)) {
        note_definition(in, NULL,
                        arena_printf(in->arena, _("the script returns a %s, not a definition"),
                                     luaL_typename(L, -1)))
            ->hint = hint;
    } else {
        push_raw(L, -1);
        check_keys(in, L);
        read_keys(in, L);
    }
}
