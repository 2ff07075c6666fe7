/*
 * lib_pairs.c - pairs in an order that is the same on every run: numbers ascending, then strings by
 * their bytes, then false and true.
 *
 * The keys are collected when pairs is called. A key whose value is gone when its turn comes is
 * left out, so the loop may change the table as it likes.
 */
#include "lua/budget.h"
#include "lua/library.h"
#include "lua/world.h"

#include <string.h>

/* Going through a table costs what it once had room for, which nobody can ask: a table that was
 * large and is empty. This is what the largest one a script's memory holds takes. */
#define PAIRS_STEPS 64

struct key {
    int type;            /* LUA_TNUMBER, LUA_TSTRING, LUA_TBOOLEAN; LUA_TNIL: no order */
    bool whole;          /* a number that is an integer */
    lua_Integer integer; /* or the boolean */
    lua_Number number;   /* any number, as nearly as a double can */
    const char *text;    /* the table keeps it */
    size_t n;
};

struct keys {
    lua_State *L;
    struct key *at;
};

static int rank_of(int type)
{
    static const int types[] = {LUA_TNUMBER, LUA_TSTRING, LUA_TBOOLEAN};
    int rank = 0;
    while (rank < 3 && types[rank] != type) {
        rank++;
    }
    return rank; /* 3: what has no order, behind all */
}

/* Doubles that are whole numbers of 64 bits are never keys (they become integers), so that
 * comparing as doubles is right for every mixed pair but 2^63 itself, which goes behind all
 * integers. */
static bool number_is_less(const struct key *a, const struct key *b)
{
    if (a->whole && b->whole) {
        return a->integer < b->integer;
    }
    return a->number < b->number || (a->number == b->number && a->whole && !b->whole);
}

static bool text_is_less(lua_State *L, const struct key *a, const struct key *b)
{
    size_t shorter = a->n < b->n ? a->n : b->n;
    budget_charge_bytes(L, shorter);
    int order = memcmp(a->text, b->text, shorter);
    return order != 0 ? order < 0 : a->n < b->n;
}

static bool key_is_less(void *context, uint32_t left, uint32_t right)
{
    const struct keys *keys = context;
    const struct key *a = &keys->at[left], *b = &keys->at[right];
    if (a->type != b->type) {
        return rank_of(a->type) < rank_of(b->type);
    }
    switch (a->type) {
    case LUA_TNUMBER:
        return number_is_less(a, b);
    case LUA_TSTRING:
        return text_is_less(keys->L, a, b);
    default:
        return a->integer < b->integer;
    }
}

static struct key key_at(lua_State *L, int index)
{
    struct key k = {.type = lua_type(L, index)};
    switch (k.type) {
    case LUA_TNUMBER:
        k.whole = lua_isinteger(L, index);
        k.integer = k.whole ? lua_tointeger(L, index) : 0;
        k.number = lua_tonumber(L, index);
        break;
    case LUA_TSTRING:
        k.text = lua_tolstring(L, index, &k.n);
        break;
    case LUA_TBOOLEAN:
        k.integer = lua_toboolean(L, index);
        break;
    default:
        luaL_error(L, "pairs cannot order a key of type %s", luaL_typename(L, index));
    }
    return k;
}

static void push_key(lua_State *L, const struct key *k)
{
    switch (k->type) {
    case LUA_TNUMBER:
        if (k->whole) {
            lua_pushinteger(L, k->integer);
        } else {
            lua_pushnumber(L, k->number);
        }
        break;
    case LUA_TSTRING:
        lua_pushlstring(L, k->text, k->n);
        break;
    default:
        lua_pushboolean(L, (int)k->integer);
    }
}

/* How many entries the table at the index has, and whether pairs would give them in the order in
 * which they lie: 1, 2, 3 ... */
static size_t count(lua_State *L, int index, bool *in_order)
{
    size_t n = 0;
    *in_order = true;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        n++;
        *in_order = *in_order && lua_isinteger(L, -2) && lua_tointeger(L, -2) == (lua_Integer)n;
    }
    return n;
}

/* Pushes the list of the keys of the table at the index, in order. */
static void push_keys(lua_State *L, int index, size_t n)
{
    size_t log = 1;
    while (n >> log != 0) {
        log++;
    }
    budget_charge(L, n * log);
    struct keys keys = {L, lua_newuserdatauv(L, n * sizeof *keys.at, 0)};
    uint32_t *order = lua_newuserdatauv(L, 2 * n * sizeof *order, 0);
    uint32_t i = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), i++) {
        keys.at[i] = key_at(L, -2);
        order[i] = i;
    }
    library_sort(order, order + n, n, key_is_less, &keys);
    lua_newtable(L);
    for (i = 0; i < n; i++) {
        push_key(L, &keys.at[order[i]]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static bool has_order(int type)
{
    return type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TBOOLEAN;
}

size_t library_sorted_keys(lua_State *L, int table)
{
    bool in_order;
    size_t n = count(L, table, &in_order);
    luaL_checkstack(L, 8, NULL);
    budget_charge(L, n);
    struct keys keys = {L, lua_newuserdatauv(L, n * sizeof *keys.at, 0)};
    uint32_t *order = lua_newuserdatauv(L, 2 * n * sizeof *order, 0);
    lua_newtable(L);
    uint32_t i = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1), i++) {
        keys.at[i] = has_order(lua_type(L, -2)) ? key_at(L, -2) : (struct key){.type = LUA_TNIL};
        order[i] = i;
        lua_pushvalue(L, -2);
        lua_rawseti(L, -4, (lua_Integer)i + 1);
    }
    library_sort(order, order + n, n, key_is_less, &keys);
    lua_newtable(L);
    for (i = 0; i < n; i++) {
        lua_rawgeti(L, -2, (lua_Integer)order[i] + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_replace(L, -4); /* in place of the keys; the order and the unsorted list go */
    lua_pop(L, 2);
    return n;
}

enum { PAIRS_TABLE = 1, PAIRS_DONE, PAIRS_KEYS, PAIRS_UPVALUES = 3 };

int library_pairs_step(lua_State *L)
{
    budget_charge_turn(L);
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(PAIRS_DONE));
    lua_Integer n = (lua_Integer)lua_rawlen(L, lua_upvalueindex(PAIRS_KEYS));
    while (i < n) {
        lua_rawgeti(L, lua_upvalueindex(PAIRS_KEYS), ++i);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(PAIRS_TABLE)) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(PAIRS_DONE));
            return 2;
        }
        lua_pop(L, 2);
    }
    lua_pushinteger(L, n);
    lua_replace(L, lua_upvalueindex(PAIRS_DONE));
    lua_pushnil(L);
    return 1;
}

enum { LIST_TABLE = 1, LIST_LENGTH, LIST_UPVALUES = 2 };

/* Of a table whose keys are 1 to LIST_LENGTH: the last key tells the next. */
int library_list_step(lua_State *L)
{
    budget_charge_turn(L);
    lua_Integer n = lua_tointeger(L, lua_upvalueindex(LIST_LENGTH));
    lua_Integer i = lua_isnoneornil(L, 2) ? 0 : library_whole(L, 2);
    for (i = i < 0 ? n : i; i < n;) {
        i++;
        lua_pushinteger(L, i);
        if (lua_rawgeti(L, lua_upvalueindex(LIST_TABLE), i) != LUA_TNIL) {
            return 2;
        }
        lua_pop(L, 2);
        budget_charge(L, 1);
    }
    lua_pushnil(L);
    return 1;
}

int library_pairs(lua_State *L)
{
    bool in_order;
    luaL_checktype(L, 1, LUA_TTABLE);
    budget_charge(L, PAIRS_STEPS);
    lua_settop(L, 1);
    if (!world_thaw(L, 1)) {
        lua_pushvalue(L, 1);
    }
    size_t n = count(L, 2, &in_order);
    budget_charge(L, n);
    if (in_order) {
        lua_pushinteger(L, (lua_Integer)n);
        lua_pushcclosure(L, library_list_step, LIST_UPVALUES);
    } else {
        lua_pushinteger(L, 0);
        push_keys(L, 2, n);
        lua_pushcclosure(L, library_pairs_step, PAIRS_UPVALUES);
    }
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}
