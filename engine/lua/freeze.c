/*
 * freeze.c - what a chunk leaves behind, so that no call can tell whether another one went before.
 *
 *   score ─ upvalues ─► tables     become read-only where they are
 *                    ─► functions  must not assign to a variable outside of themselves (their
 *                                  bytecode says), and are followed in turn
 *                    ─► iterators  of gmatch and pairs keep their place: refused
 *
 * The walk keeps a list of what is still to be done rather than calling itself: scripts build
 * structures of any depth. It is paid for like everything else.
 */
#include "base/i18n.h"
#include "lua/library.h"
#include "lua/state.h"
#include "lua/world.h"

#include <lua5.4/lauxlib.h>
#include <string.h>

/* What an instruction costs in scripts that pass on `...`: one instruction copies up to as many
 * values as the stack holds. */
#define VARARGS_COST 8

struct walk {
    lua_State *L;
    struct sandbox *sandbox;
    int seen, work; /* tables in the stack: value -> true; 1, 2 ... -> value, name */
    lua_Integer n_work, done;
    struct reached *out;
};

static void note_text(struct walk *w)
{
    size_t n;
    const char *text = lua_tolstring(w->L, -1, &n);
    if (n > MEMORY_TEXT_FREE) {
        budget_charge_bytes(w->L, n);
        size_t cost = memory_text_cost(n, memchr(text, 0, n) != NULL);
        w->out->cost = cost > w->out->cost ? cost : w->out->cost;
    }
}

/* Takes the value from the top of the stack and notes it for later, once. */
static void visit(struct walk *w, const char *name)
{
    lua_State *L = w->L;
    int type = lua_type(L, -1);
    budget_charge(L, 1);
    if (type == LUA_TSTRING) {
        note_text(w);
    }
    if (type != LUA_TTABLE && type != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return;
    }
    lua_pushvalue(L, -1);
    if (lua_rawget(L, w->seen) != LUA_TNIL) {
        w->out->again |= type == LUA_TFUNCTION && !lua_iscfunction(L, -2);
        lua_pop(L, 2);
        return;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushboolean(L, 1);
    lua_rawset(L, w->seen);
    lua_rawseti(L, w->work, ++w->n_work);
    lua_pushstring(L, name != NULL ? name : "?");
    lua_rawseti(L, w->work, ++w->n_work);
}

/* The table on top of the stack: its keys and values. */
static void visit_entries(struct walk *w)
{
    lua_State *L = w->L;
    int table = lua_gettop(L);
    size_t n = library_sorted_keys(L, table);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, table + 1, (lua_Integer)i);
        lua_pushvalue(L, -1);
        lua_rawget(L, table);
        visit(w, lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL);
        visit(w, NULL);
    }
    lua_settop(L, table);
}

static void walk_table(struct walk *w, const char *name)
{
    if (world_thaw(w->L, -1)) {
        visit_entries(w);
        lua_pop(w->L, 1);
    } else {
        visit_entries(w);
        world_freeze(w->L, lua_gettop(w->L), name);
    }
}

static const char *chunk_name(struct walk *w, uint32_t chunk)
{
    return chunk < w->sandbox->chunks->n ? w->sandbox->chunks->at[chunk].name : "?";
}

/* The Lua function on top of the stack. */
static void check_function(struct walk *w, uint32_t chunk, const char *name)
{
    lua_State *L = w->L;
    struct arena *scratch = &w->sandbox->scratch;
    struct arena_mark mark = arena_mark(scratch);
    const struct proto *p = bytecode_of(scratch, L);
    if (p == NULL) {
        lua_pushstring(L, _("this version of the Lua interpreter is not known"));
        state_refuse(L, FINDING_SCRIPT_SYNTAX, chunk, 0, NULL);
        return;
    }
    struct proto_assignment assignment;
    bool zero_bytes = false;
    size_t cost = memory_text_cost(proto_longest_text(p, &zero_bytes), zero_bytes);
    w->out->cost = cost > w->out->cost ? cost : w->out->cost;
    if (proto_passes_varargs(p) && w->out->cost < VARARGS_COST) {
        w->out->cost = VARARGS_COST;
    }
    uint32_t n_code = p->n_code;
    bool assigns = proto_assigns_outside(p, &assignment);
    if (assigns) {
        const char *variable = lua_pushlstring(L, assignment.name.at, assignment.name.n);
        lua_pushfstring(L,
                        _("keeps state between units: '%s' is changed in function '%s' (%s:%d); "
                          "declare it inside the function"),
                        variable, name, chunk_name(w, chunk), (int)assignment.line);
        state_refuse(L, FINDING_SCRIPT_STATE, chunk, assignment.line, variable);
    }
    arena_reset(scratch, mark);
    budget_charge(L, n_code);
}

static void refuse_iterator(struct walk *w, const char *name, uint32_t chunk, int line)
{
    lua_pushfstring(w->L, _("keeps state between units: '%s' (%s:%d) is an iterator"), name,
                    chunk_name(w, chunk), line);
    state_refuse(w->L, FINDING_SCRIPT_STATE, chunk, (uint32_t)line, name);
}

/* Whether the value on top of the stack is an iterator. */
static bool is_iterator(lua_State *L)
{
    return lua_iscfunction(L, -1) && world_is_iterator(L, lua_gettop(L));
}

static void walk_function(struct walk *w, const char *name)
{
    lua_State *L = w->L;
    if (lua_iscfunction(L, -1)) {
        if (is_iterator(L)) {
            refuse_iterator(w, name, UINT32_MAX, 0);
        }
        return;
    }
    lua_Debug at;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &at);
    uint32_t chunk = state_chunk_of(w->sandbox, at.source);
    check_function(w, chunk, name);
    w->out->n_functions++;
    const char *upvalue;
    for (int i = 1; (upvalue = lua_getupvalue(L, -1, i)) != NULL; i++) {
        if (is_iterator(L)) {
            refuse_iterator(w, upvalue, chunk, at.linedefined);
        }
        visit(w, upvalue);
    }
}

void freeze_reachable(lua_State *L, int index, const char *name, struct reached *out)
{
    *out = (struct reached){.cost = 1};
    luaL_checkstack(L, 20, NULL);
    int top = lua_gettop(L);
    struct walk w = {.L = L, .sandbox = sandbox_of(L), .out = out};
    lua_newtable(L);
    lua_newtable(L);
    w.seen = top + 1;
    w.work = top + 2;
    lua_pushvalue(L, index);
    visit(&w, name);
    while (w.done < w.n_work) {
        lua_rawgeti(L, w.work, w.done + 2);
        const char *what = lua_tostring(L, -1); /* kept alive by the list */
        lua_rawgeti(L, w.work, w.done + 1);
        if (lua_istable(L, -1)) {
            walk_table(&w, what);
        } else {
            walk_function(&w, what);
        }
        lua_settop(L, w.work);
        w.done += 2;
    }
    lua_settop(L, top);
}
