/* load.c - chunks are compiled and run once each; what they leave is shared by all calls. */
#include "base/i18n.h"
#include "lua/state.h"
#include "lua/world.h"

#include <lua5.4/lauxlib.h>
#include <stdio.h>
#include <string.h>

#define SOURCE_MOST 65536
/* Lua's message is "#3:7: text"; the handler takes it apart. */
static int refuse_syntax(lua_State *L)
{
    sandbox_of(L)->failure.id = FINDING_SCRIPT_SYNTAX;
    return lua_error(L);
}

/* Whether of libraries only members are taken: `math.min`, and never `math` as a value. */
static bool takes_only_members(struct arena *a, const struct proto *p)
{
    proto_globals globals = {0};
    proto_find_globals(a, p, &globals);
    for (uint32_t i = 0; i < globals.n; i++) {
        const char *name = arena_text(a, globals.at[i].name.at, globals.at[i].name.n);
        if (globals.at[i].kept && world_is_library(name)) {
            return false;
        }
    }
    return true;
}

/* The world for the chunk on top of the stack. One that only reads global names gets the table
 * itself, in which they are found sooner than through the read-only one before it; one that only
 * takes members of libraries, these themselves too. */
static int world_for(lua_State *L, struct sandbox *s)
{
    struct arena_mark mark = arena_mark(&s->scratch);
    const struct proto *p = bytecode_of(&s->scratch, L);
    int world = s->env;
    if (p != NULL && proto_only_reads_globals(p)) {
        world = takes_only_members(&s->scratch, p) ? s->bare : s->names;
    }
    arena_reset(&s->scratch, mark);
    return world;
}

void chunk_compile(lua_State *L, uint32_t chunk)
{
    struct sandbox *s = sandbox_of(L);
    const struct chunk *c = &s->chunks->at[chunk];
    if (c->n > SOURCE_MOST) {
        lua_pushfstring(L, _("a script has at most %d bytes"), SOURCE_MOST);
        state_refuse(L, FINDING_SCRIPT_SYNTAX, chunk, 0, NULL);
    }
    if (c->n > 0 && c->text[0] == '\x1b') {
        lua_pushstring(L, _("this is compiled Lua; a script is text"));
        state_refuse(L, FINDING_SCRIPT_SYNTAX, chunk, 0, NULL);
    }
    char name[16];
    snprintf(name, sizeof name, "=#%u", (unsigned)chunk);
    if (luaL_loadbufferx(L, c->text, c->n, name, "t") != LUA_OK) {
        refuse_syntax(L);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, world_for(L, s));
    lua_setupvalue(L, -2, 1);
}

/* Lines with code. The first of a function with ... only prepares them, and no hook hears of it.
 * The last instruction of a function is a return that the compiler adds; where it is reached, the
 * line hook says so. */
static void mark_code(struct script_coverage *coverage, uint32_t chunk, const struct proto *p)
{
    for (uint32_t pc = p->vararg ? 1 : 0; pc + 1 < p->n_code; pc++) {
        uint32_t line = p->lines[pc];
        if (line > 0 && line <= coverage->n_lines[chunk] && coverage->lines[chunk][line] == 0) {
            coverage->lines[chunk][line] = 1;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        mark_code(coverage, chunk, &p->protos.at[i]);
    }
}

static void cover(lua_State *L, uint32_t chunk)
{
    struct sandbox *s = sandbox_of(L);
    if (s->coverage != NULL) {
        const struct proto *p = bytecode_of(&s->scratch, L);
        if (p != NULL) {
            mark_code(s->coverage, chunk, p);
        }
    }
}

/* The definition's score, if it has one, on top of the stack; else nil. */
static void push_score(lua_State *L, int definition)
{
    if (!lua_istable(L, definition)) {
        lua_pushnil(L);
        return;
    }
    bool frozen = world_thaw(L, definition);
    lua_pushstring(L, "score");
    lua_rawget(L, frozen ? -2 : definition);
    if (frozen) {
        lua_remove(L, -2);
    }
}

/* Which upvalue of the function on top of the stack is the world; UINT32_MAX: none. Its name and
 * its place tell nothing: a script may call any table _ENV. */
static uint32_t world_upvalue(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    const int worlds[] = {s->env, s->names, s->bare};
    for (int i = 1; lua_getupvalue(L, -1, i) != NULL; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof worlds / sizeof *worlds; j++) {
            lua_rawgeti(L, LUA_REGISTRYINDEX, worlds[j]);
            found |= lua_rawequal(L, -1, -2) != 0;
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        if (found) {
            return (uint32_t)i - 1;
        }
    }
    return UINT32_MAX;
}

/* score is on top of the stack. */
static void keep_score(lua_State *L, struct loaded *loaded)
{
    struct sandbox *s = sandbox_of(L);
    struct reached reached;
    freeze_reachable(L, lua_gettop(L), "score", &reached);
    loaded->cost = reached.cost;
    const struct proto *p = bytecode_of(&s->scratch, L);
    struct proto_bound bound;
    loaded->bounded = reached.n_functions == 1 && !reached.again && p != NULL &&
                      proto_bound(p, world_upvalue(L), &bound);
    loaded->turn = loaded->bounded ? bound.turn : 0;
    loaded->reads_item = p != NULL && proto_only_reads_first(p, "params");
    loaded->function = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* (chunk): compiles, runs, freezes what score reaches. */
static int load_one(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    uint32_t chunk = (uint32_t)lua_tointeger(L, 1);
    struct loaded *loaded = &s->loaded[chunk];
    chunk_compile(L, chunk);
    cover(L, chunk);
    lua_call(L, 0, 1);
    lua_pushvalue(L, -1);
    loaded->value = luaL_ref(L, LUA_REGISTRYINDEX);
    push_score(L, lua_gettop(L));
    if (lua_isfunction(L, -1) && !lua_iscfunction(L, -1)) {
        keep_score(L, loaded);
    }
    return 0;
}

/* The budget of a chunk's loading is its own, also when a chunk that requires it is being loaded.
 */
struct outer {
    int64_t left;
    size_t cost;
};

static struct outer begin_loading(struct sandbox *s, uint32_t chunk)
{
    struct outer outer = {.left = s->budget.left, .cost = s->memory.cost};
    s->loaded[chunk].state = LOADING_NOW;
    s->loaded[chunk].value = s->loaded[chunk].function = LUA_NOREF;
    s->loaded[chunk].cost = 1;
    memory_begin(&s->memory, 1, true);
    return outer;
}

/* The chunk, and those that it was just requiring, failed with the failure at hand. */
static void keep_failure(struct sandbox *s)
{
    struct failure *failure = ARENA_NEW(&s->arena, struct failure);
    *failure = s->failure;
    for (uint32_t i = 0; i < s->chunks->n; i++) {
        if (s->loaded[i].state == LOADING_NOW) {
            s->loaded[i].state = LOADING_FAILED;
            s->loaded[i].failure = failure;
        }
    }
}

bool chunk_load(struct sandbox *s, uint32_t chunk)
{
    struct loaded *loaded = &s->loaded[chunk];
    if (loaded->state == LOADING_NOT_YET) {
        memset(&s->failure, 0, sizeof s->failure);
        s->failure.id = FINDING_SCRIPT_FAILED;
        s->failure.chunk = chunk;
        begin_loading(s, chunk);
        lua_pushcfunction(s->L, load_one);
        lua_pushinteger(s->L, (lua_Integer)chunk);
        bool fine = state_call(s, 1, 0);
        memory_end(&s->memory);
        arena_release(&s->scratch);
        if (fine) {
            loaded->state = LOADED;
        } else {
            keep_failure(s);
        }
    }
    return loaded->state == LOADED;
}

static uint32_t find_module(lua_State *L, const char *name)
{
    const chunks *all = sandbox_of(L)->chunks;
    for (uint32_t i = 0; i < all->n; i++) {
        if (all->at[i].module != NULL && strcmp(all->at[i].module, name) == 0) {
            return i;
        }
    }
    return (uint32_t)luaL_error(L, _("there is no script '%s' in the scripts folders"), name);
}

static void load_required(lua_State *L, uint32_t chunk, const char *name)
{
    struct sandbox *s = sandbox_of(L);
    struct loaded *loaded = &s->loaded[chunk];
    if (loaded->state == LOADING_NOW || loaded->state == LOADING_FAILED) {
        luaL_error(
            L, loaded->state == LOADING_NOW ? _("'%s' requires itself") : _("'%s' has an error"),
            name);
    }
    if (loaded->state == LOADING_NOT_YET) {
        struct outer outer = begin_loading(s, chunk);
        lua_pushcfunction(L, load_one);
        lua_pushinteger(L, (lua_Integer)chunk);
        lua_call(L, 1, 0);
        loaded->state = LOADED;
        memory_begin(&s->memory, outer.cost, true);
        s->budget.left = outer.left;
    }
}

int chunk_require(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    if (s->running.in_call) {
        return luaL_error(L, _("require belongs to the top of the file, outside of functions"));
    }
    if (lua_type(L, 1) != LUA_TSTRING) {
        return luaL_error(L, _("require takes the name of a script"));
    }
    const char *name = lua_tostring(L, 1);
    uint32_t chunk = find_module(L, name);
    load_required(L, chunk, name);
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->loaded[chunk].value);
    if (lua_isnil(L, -1)) {
        return luaL_error(L, _("'%s' returns nothing"), name);
    }
    if (!s->loaded[chunk].shareable) {
        struct reached reached;
        freeze_reachable(L, lua_gettop(L), name, &reached);
        s->loaded[chunk].shareable = true;
    }
    return 1;
}
