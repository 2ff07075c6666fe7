/*
 * lib_table.c - the library `table`, and pairs in a fixed order.
 *
 * Everything here also reads proxies (world.h): through lua_geti and luaL_len, which ask their
 * metatable. Writing to one raises the proxy's own error.
 */
#include "lua/budget.h"
#include "lua/library.h"

#include <string.h>

/* What an element moved costs, as a part of a step. */
#define MOVES_A_STEP 4

static lua_Integer length_of(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TTABLE);
    return luaL_len(L, arg);
}

static int table_insert(lua_State *L)
{
    lua_Integer end = length_of(L, 1) + 1, at = end;
    if (lua_gettop(L) == 3) {
        at = library_whole(L, 2);
        luaL_argcheck(L, at >= 1 && at <= end, 2, "position out of bounds");
        budget_charge(L, (size_t)(end - at) / MOVES_A_STEP);
        for (lua_Integer i = end; i > at; i--) {
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
    } else if (lua_gettop(L) != 2) {
        return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, at);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer n = length_of(L, 1), at = library_whole_or(L, 2, n);
    /* Behind the end is allowed, and so is 0 of an empty table. */
    luaL_argcheck(L, at == n || (at >= 1 && at <= n + 1), 2, "position out of bounds");
    budget_charge(L, at < n ? (size_t)(n - at) / MOVES_A_STEP : 0);
    lua_geti(L, 1, at);
    for (; at < n; at++) {
        lua_geti(L, 1, at + 1);
        lua_seti(L, 1, at);
    }
    lua_pushnil(L);
    lua_seti(L, 1, at);
    return 1;
}

static int table_concat(lua_State *L)
{
    size_t n_between = 0;
    lua_Integer n = length_of(L, 1);
    const char *between = lua_isnoneornil(L, 2) ? "" : library_text(L, 2, &n_between);
    lua_Integer i = library_whole_or(L, 3, 1), last = library_whole_or(L, 4, n);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (; i <= last; i++) {
        int type = lua_geti(L, 1, i);
        if (type == LUA_TNUMBER) {
            library_push_text(L, -1);
            lua_remove(L, -2);
        } else if (type != LUA_TSTRING) {
            return luaL_error(L, "invalid value (%s) at index %I in table for 'concat'",
                              luaL_typename(L, -1), (LUAI_UACINT)i);
        }
        budget_charge(L, 1 + (lua_rawlen(L, -1) + n_between) / 16);
        library_add_top(&b);
        if (i == last) { /* before i could overflow */
            break;
        }
        if (n_between > 0) {
            library_add(&b, between, n_between);
        }
    }
    luaL_pushresult(&b);
    return 1;
}

static int table_pack(lua_State *L)
{
    int n = lua_gettop(L);
    budget_charge(L, (size_t)n / MOVES_A_STEP);
    lua_createtable(L, n, 1);
    lua_insert(L, 1);
    for (int i = n; i >= 1; i--) {
        lua_rawseti(L, 1, i);
    }
    lua_pushinteger(L, n);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_unpack(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer first = library_whole_or(L, 2, 1);
    lua_Integer last = lua_isnoneornil(L, 3) ? luaL_len(L, 1) : library_whole(L, 3);
    if (first > last) {
        return 0;
    }
    lua_Unsigned more = (lua_Unsigned)last - (lua_Unsigned)first;
    if (more >= LIBRARY_VALUES_MOST || !lua_checkstack(L, (int)more + 1)) {
        return luaL_error(L, "too many results to unpack");
    }
    budget_charge(L, (size_t)more / MOVES_A_STEP);
    for (lua_Unsigned i = 0; i <= more; i++) {
        lua_geti(L, 1, first + (lua_Integer)i);
    }
    return (int)more + 1;
}

/* ---- sort ---- */

enum { SORT_TABLE = 1, SORT_LESS, SORT_COPY };

/* Numbers and strings by <; what cannot be compared raises an error. */
static bool less_by_value(void *context, uint32_t a, uint32_t b)
{
    lua_State *L = context;
    lua_rawgeti(L, SORT_COPY, (lua_Integer)a + 1);
    lua_rawgeti(L, SORT_COPY, (lua_Integer)b + 1);
    size_t shorter = 0;
    if (lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING) {
        size_t n_a = lua_rawlen(L, -2), n_b = lua_rawlen(L, -1);
        shorter = n_a < n_b ? n_a : n_b;
    }
    budget_charge(L, 1 + shorter / 16);
    bool less = lua_compare(L, -2, -1, LUA_OPLT);
    lua_pop(L, 2);
    return less;
}

static bool less_by_function(void *context, uint32_t a, uint32_t b)
{
    lua_State *L = context;
    budget_charge(L, 1);
    lua_pushvalue(L, SORT_LESS);
    lua_rawgeti(L, SORT_COPY, (lua_Integer)a + 1);
    lua_rawgeti(L, SORT_COPY, (lua_Integer)b + 1);
    lua_call(L, 2, 1);
    bool less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return less;
}

static int table_sort(lua_State *L)
{
    lua_Integer length = length_of(L, SORT_TABLE);
    bool by_function = !lua_isnoneornil(L, SORT_LESS);
    if (by_function) {
        luaL_checktype(L, SORT_LESS, LUA_TFUNCTION);
    }
    if (length < 2) {
        return 0;
    }
    budget_charge(L, (size_t)length);
    lua_settop(L, SORT_LESS);
    /* The budget bounds it: it fits an int. The comparing function may change the table. */
    uint32_t n = (uint32_t)length;
    lua_newtable(L); /* grows as tables do, which the allocator tells from the stack */
    uint32_t *order = lua_newuserdatauv(L, 2 * n * sizeof *order, 0);
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        lua_geti(L, SORT_TABLE, (lua_Integer)i + 1);
        lua_rawseti(L, SORT_COPY, (lua_Integer)i + 1);
    }
    library_sort(order, order + n, n, by_function ? less_by_function : less_by_value, L);
    for (uint32_t i = 0; i < n; i++) {
        lua_rawgeti(L, SORT_COPY, (lua_Integer)order[i] + 1);
        lua_seti(L, SORT_TABLE, (lua_Integer)i + 1);
    }
    return 0;
}

static const luaL_Reg functions[] = {
    {"concat", table_concat},
    {"insert", table_insert},
    {"pack", table_pack},
    {"remove", table_remove},
    {"sort", table_sort},
    {"unpack", table_unpack},
    {NULL, NULL},
};

const struct library library_table = {"table", functions, NULL, NULL};
