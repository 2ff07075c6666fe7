/*
 * world.c - see world.h.
 *
 *   _ENV  (empty) --__index--> contents {assert, clamp, math, ...} --__index--> unknown_name
 * (raises) |                                                   |
 *    __newindex: raises                                  v
 *                              (empty) --__index--> {abs, ceil, ...} --__index--> unknown_name
 *
 * A known name is found by two look-ups in tables, no call. Every table that has a metatable is
 * such a proxy, since scripts cannot set any: `world_thaw` relies on that.
 */
#include "lua/world.h"

#include "base/i18n.h"
#include "base/text.h"
#include "lua/budget.h"
#include "lua/library.h"

#include <stdio.h>
#include <string.h>

#define NAME_MOST 100 /* bytes of a name that a message repeats */

static const struct library *const libraries[] = {&library_date, &library_math, &library_string,
                                                  &library_table, &library_utf8};
#define N_LIBRARIES (sizeof libraries / sizeof libraries[0])

const char *const world_names[] = {
    "assert",   "clamp",    "date",  "days_between", "error", "ipairs", "math",
    "pairs",    "require",  "round", "select",       "steps", "string", "table",
    "tonumber", "tostring", "type",  "utf8",         NULL,
};

/* ---- base functions ---- */

/* Raises the value at the index as a plain text: without an address, without a place (which the
 * sandbox adds). */
static int raise(lua_State *L, int index)
{
    int type = lua_type(L, index);
    if (type == LUA_TSTRING && lua_rawlen(L, index) == 0) {
        lua_pushstring(L, _("an error without a message"));
    } else if (type == LUA_TSTRING || type == LUA_TNUMBER) {
        library_push_text(L, index);
    } else {
        lua_pushfstring(L, _("error object is a %s"), lua_typename(L, type < 0 ? LUA_TNIL : type));
    }
    return lua_error(L);
}

static int base_error(lua_State *L) { return raise(L, 1); }

static int base_assert(lua_State *L)
{
    if (lua_toboolean(L, 1)) {
        budget_charge(L, (size_t)lua_gettop(L) / 16);
        return lua_gettop(L);
    }
    luaL_checkany(L, 1);
    if (lua_isnone(L, 2)) {
        lua_pushliteral(L, "assertion failed!");
    }
    return raise(L, 2);
}

static int ipairs_step(lua_State *L)
{
    budget_charge_turn(L);
    lua_Integer i = library_whole(L, 2);
    i = (lua_Integer)((lua_Unsigned)i + 1);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_pushcfunction(L, ipairs_step);
    lua_insert(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static int base_select(lua_State *L)
{
    int n = lua_gettop(L);
    budget_charge(L, (size_t)n / 16);
    if (lua_type(L, 1) == LUA_TSTRING && lua_tostring(L, 1)[0] == '#') {
        lua_pushinteger(L, n - 1);
        return 1;
    }
    lua_Integer i = library_whole(L, 1);
    if (i < 0) {
        i = n + i;
    } else if (i > n) {
        i = n;
    }
    luaL_argcheck(L, i >= 1, 1, "index out of range");
    return n - (int)i;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 32);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* A text in a base other than ten. Too large a number wraps around, as the interpreter's. */
static int read_in_base(lua_State *L)
{
    static const char spaces[] = " \f\n\r\t\v";
    size_t n;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *s = lua_tolstring(L, 1, &n), *end = s + n;
    lua_Integer base = library_whole(L, 2);
    luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
    s += strspn(s, spaces);
    bool negative = *s == '-';
    s += negative ? 1 : 0;
    lua_Unsigned value = 0;
    const char *digits = s;
    for (; digit_of(*s) < base; s++) {
        value = value * (lua_Unsigned)base + (lua_Unsigned)digit_of(*s);
    }
    if (s == digits || s + strspn(s, spaces) != end) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, (lua_Integer)(negative ? 0 - value : value));
    }
    return 1;
}

static int base_tonumber(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING) {
        size_t n = lua_rawlen(L, 1);
        budget_charge(L, n / 4);
        if (!lua_isnoneornil(L, 2)) {
            return read_in_base(L);
        }
        if (lua_stringtonumber(L, lua_tostring(L, 1)) == n + 1) {
            return 1;
        }
        lua_pushnil(L);
    } else if (!lua_isnoneornil(L, 2)) {
        return luaL_typeerror(L, 1, "string");
    } else if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    library_push_text(L, 1);
    return 1;
}

static int base_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

static const luaL_Reg base[] = {
    {"assert", base_assert},     {"error", base_error},   {"ipairs", base_ipairs},
    {"pairs", library_pairs},    {"select", base_select}, {"tonumber", base_tonumber},
    {"tostring", base_tostring}, {"type", base_type},     {NULL, NULL},
};

/* ---- proxies ---- */

/* Locks the metatable on top of the stack: nobody can ask for it, but it costs nothing. */
static void lock(lua_State *L)
{
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

/* The proxy's word for itself, which stands in its metatable. */
static const char *what_of(lua_State *L)
{
    lua_getmetatable(L, 1);
    lua_getfield(L, -1, "what");
    return lua_tostring(L, -1);
}

static int refuse_state(lua_State *L)
{
    return luaL_error(L,
                      _("'%s' cannot be changed: a script keeps nothing from one call to the next"),
                      what_of(L));
}

static int refuse_library(lua_State *L)
{
    return luaL_error(L, _("'%s' cannot be changed"), what_of(L));
}

static int refuse_global(lua_State *L)
{
    library_push_text(L, 2);
    return luaL_error(L, _("assignment to global '%s' (declare it with 'local')"),
                      lua_tostring(L, -1));
}

static int proxy_length(lua_State *L)
{
    lua_pushinteger(L, world_thaw(L, 1) ? (lua_Integer)lua_rawlen(L, -1) : 0);
    return 1;
}

/* Sets a new metatable for the table at `proxy`, with the contents on top of the stack, which it
 * pops. */
static void set_proxy(lua_State *L, int proxy, const char *what, lua_CFunction refuse)
{
    lua_createtable(L, 0, 5);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, proxy_length);
    lua_setfield(L, -2, "__len");
    lua_pushstring(L, what);
    lua_setfield(L, -2, "what");
    lock(L);
    lua_setmetatable(L, proxy);
}

/* Puts a proxy in place of the table on top of the stack. */
static void wrap_top(lua_State *L, const char *what, lua_CFunction refuse)
{
    lua_newtable(L);
    lua_insert(L, -2);
    set_proxy(L, lua_absindex(L, -2), what, refuse);
}

void world_freeze_top(lua_State *L, const char *what)
{
    luaL_checkstack(L, 5, NULL);
    wrap_top(L, what, refuse_state);
}

void world_freeze(lua_State *L, int index, const char *what)
{
    luaL_checkstack(L, 6, NULL);
    index = lua_absindex(L, index);
    if (lua_getmetatable(L, index)) {
        lua_pop(L, 1);
        return;
    }
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pushvalue(L, -2); /* contents key value key */
        lua_insert(L, -2);
        lua_rawset(L, -4);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, index); /* which lua_next allows: the field exists */
    }
    set_proxy(L, index, what, refuse_state);
}

bool world_thaw(lua_State *L, int index)
{
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) {
        return false;
    }
    lua_getfield(L, -1, "__index");
    lua_remove(L, -2);
    if (lua_istable(L, -1)) {
        return true;
    }
    lua_pop(L, 1);
    return false;
}

/* ---- unknown names ---- */

static void offer_library(struct nearest *n, const struct library *l)
{
    for (const luaL_Reg *f = l->own; f->name != NULL; f++) {
        nearest_offer(n, f->name);
    }
    for (const char *const *name = l->stock; name != NULL && *name != NULL; name++) {
        nearest_offer(n, *name);
    }
}

static const struct library *library_of(const char *name)
{
    for (size_t i = 0; i < N_LIBRARIES; i++) {
        if (strcmp(libraries[i]->name, name) == 0) {
            return libraries[i];
        }
    }
    return NULL;
}

/* The known name that is nearest to `name`, into `out`; empty if none is near. */
static void find_nearest(const struct library *l, str name, char out[NAME_MOST])
{
    struct nearest n = {.name = name};
    struct arena scratch = {0};
    if (l != NULL) {
        offer_library(&n, l);
    } else {
        for (const char *const *known = world_names; *known != NULL; known++) {
            nearest_offer(&n, *known);
        }
    }
    const char *best = nearest_name(&n, &scratch);
    snprintf(out, NAME_MOST, "%s", best == NULL ? "" : best);
    arena_release(&scratch);
}

/* Pushes the key (argument 2) as a message shows it, and yields it if it is a name. */
static str push_key(lua_State *L)
{
    library_push_text(L, 2);
    size_t n;
    const char *name = lua_tolstring(L, -1, &n);
    if (lua_type(L, 2) != LUA_TSTRING) {
        lua_pushfstring(L, "[%s]", name);
        return (str){0};
    }
    n = n < NAME_MOST ? n : utf8_valid(name, NAME_MOST); /* no half of a character */
    lua_pushlstring(L, name, n);
    return (str){lua_tostring(L, -1), n};
}

/* __index of contents; upvalue: the library's name, or nil for _ENV. */
static int unknown_name(lua_State *L)
{
    const char *library = lua_tostring(L, lua_upvalueindex(1));
    const struct library *l = library == NULL ? NULL : library_of(library);
    const char *dot = library == NULL ? "" : ".";
    library = library == NULL ? "" : library;
    str name = push_key(L);
    const char *shown = lua_tostring(L, -1);
    char best[NAME_MOST] = "";
    if (name.n > 0) {
        find_nearest(l, name, best);
    }
    if (best[0] == '\0') {
        return luaL_error(L, _("unknown name '%s%s%s'"), library, dot, shown);
    }
    return luaL_error(L, _("unknown name '%s%s%s' (did you mean '%s%s%s'?)"), library, dot, shown,
                      library, dot, best);
}

/* Makes the table on top of the stack raise an error for names it does not have. */
static void name_unknown(lua_State *L, const char *library)
{
    lua_createtable(L, 0, 2);
    if (library == NULL) {
        lua_pushnil(L);
    } else {
        lua_pushstring(L, library);
    }
    lua_pushcclosure(L, unknown_name, 1);
    lua_setfield(L, -2, "__index");
    lock(L);
    lua_setmetatable(L, -2);
}

/* ---- the whole ---- */

/* Calls a function of the interpreter's own libraries, all of which take no longer than their texts
 * are long. In the same frame, so that its errors name it and the line. */
static int call_stock(lua_State *L)
{
    int n = lua_gettop(L);
    budget_charge(L, (size_t)n / 4);
    for (int arg = 1; arg <= n; arg++) {
        if (lua_type(L, arg) == LUA_TSTRING) {
            budget_charge(L, lua_rawlen(L, arg) / 4);
        }
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* Copies names from the library on top of the stack to the table below it; pops the library. */
static void take_stock(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (lua_getfield(L, -1, *names) == LUA_TFUNCTION) {
            lua_pushcclosure(L, call_stock, 1);
        }
        lua_setfield(L, -3, *names);
    }
    lua_pop(L, 1);
}

/* Pushes the contents of a library. */
static void push_library(lua_State *L, const struct library *l)
{
    lua_newtable(L);
    luaL_setfuncs(L, l->own, 0);
    if (l->open != NULL) {
        lua_pushcfunction(L, l->open);
        lua_call(L, 0, 1);
        take_stock(L, l->stock);
    }
    name_unknown(L, l->name);
}

/* Lets text:method() find the library on top of the stack, and nothing else be done with texts: no
 * arithmetic ("10" + 1 is an error). */
static void set_text_methods(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lock(L);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void world_push(lua_State *L)
{
    luaL_checkstack(L, 10, NULL);
    lua_newtable(L);
    luaL_setfuncs(L, base, 0);
    luaL_setfuncs(L, library_helpers, 0);
    for (size_t i = 0; i < N_LIBRARIES; i++) {
        push_library(L, libraries[i]);
        if (libraries[i] == &library_string) {
            set_text_methods(L);
        }
        wrap_top(L, libraries[i]->name, refuse_library);
        lua_setfield(L, -2, libraries[i]->name);
    }
    name_unknown(L, NULL);
    wrap_top(L, "_ENV", refuse_global);
}

void world_push_bare(lua_State *L)
{
    int names = lua_gettop(L);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, names);) {
        if (world_thaw(L, -1)) {
            lua_remove(L, -2);
        }
        lua_pushvalue(L, -2); /* bare key value key */
        lua_insert(L, -2);
        lua_rawset(L, names + 1);
    }
    name_unknown(L, NULL);
}

bool world_is_library(const char *name) { return library_of(name) != NULL; }

bool world_has(const char *name)
{
    for (const char *const *known = world_names; *known != NULL; known++) {
        if (strcmp(*known, name) == 0) {
            return true;
        }
    }
    return false;
}

bool world_library_has(const char *library, const char *name)
{
    const struct library *l = library_of(library);
    if (l == NULL) {
        return false;
    }
    for (const luaL_Reg *f = l->own; f->name != NULL; f++) {
        if (strcmp(f->name, name) == 0) {
            return true;
        }
    }
    for (const char *const *known = l->stock; known != NULL && *known != NULL; known++) {
        if (strcmp(*known, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *world_nearest(struct arena *a, const char *library, const char *name)
{
    struct nearest n = {.name = str_of(name)};
    const struct library *l = library_of(library);
    if (l == NULL) {
        return NULL;
    }
    offer_library(&n, l);
    const char *best = nearest_name(&n, a);
    return best == NULL ? NULL : arena_printf(a, "%s.%s", library, best);
}

bool world_is_iterator(lua_State *L, int index)
{
    lua_CFunction f = lua_tocfunction(L, index);
    return f != NULL &&
           (f == library_gmatch_step || f == library_pairs_step || f == library_list_step);
}
