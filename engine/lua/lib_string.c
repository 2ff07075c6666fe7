/*
 * lib_string.c - the library `string`, which is also what `text:method()` finds.
 *
 * Not here: dump, pack, unpack, packsize (memory as it lies), and for %p no address.
 */
#include "lua/budget.h"
#include "lua/library.h"

#include <string.h>

/* The bytes [*from, *to) that `first` and `last` (from 1, or from the end if negative) ask for. */
static void slice(lua_Integer first, lua_Integer last, size_t n, size_t *from, size_t *to)
{
    lua_Integer length = (lua_Integer)n;
    if (first < 0) {
        first = first < -length ? 1 : length + first + 1;
    } else if (first == 0) {
        first = 1;
    }
    if (last > length) {
        last = length;
    } else if (last < 0) {
        last = last < -length ? 0 : length + last + 1;
    }
    *from = first > last ? 0 : (size_t)first - 1;
    *to = first > last ? 0 : (size_t)last;
}

static int text_byte(lua_State *L)
{
    size_t n, from, to;
    const char *s = library_text(L, 1, &n);
    lua_Integer first = library_whole_or(L, 2, 1);
    slice(first, library_whole_or(L, 3, first), n, &from, &to);
    if (to - from > LIBRARY_VALUES_MOST) {
        return luaL_error(L, "string slice too long");
    }
    budget_charge(L, (to - from) / 4);
    luaL_checkstack(L, (int)(to - from), "string slice too long");
    for (size_t i = from; i < to; i++) {
        lua_pushinteger(L, (unsigned char)s[i]);
    }
    return (int)(to - from);
}

static int text_char(lua_State *L)
{
    int n = lua_gettop(L);
    budget_charge(L, (size_t)n / 4);
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, (size_t)n);
    for (int i = 1; i <= n; i++) {
        lua_Integer c = library_whole(L, i);
        luaL_argcheck(L, c >= 0 && c <= 255, i, "value out of range");
        to[i - 1] = (char)(unsigned char)c;
    }
    luaL_pushresultsize(&b, (size_t)n);
    return 1;
}

static int text_len(lua_State *L)
{
    size_t n;
    library_text(L, 1, &n);
    lua_pushinteger(L, (lua_Integer)n);
    return 1;
}

/* A text as long as argument 1, each byte by `other` of the one at the same place, or (backwards)
 * from the other end. */
static int convert(lua_State *L, char other(char), bool backwards)
{
    size_t n;
    const char *s = library_text(L, 1, &n);
    budget_charge_bytes(L, n);
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++) {
        to[i] = other(s[backwards ? n - 1 - i : i]);
    }
    luaL_pushresultsize(&b, n);
    return 1;
}

static char same(char c) { return c; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }
static int text_lower(lua_State *L) { return convert(L, lower, false); }
static int text_upper(lua_State *L) { return convert(L, upper, false); }
static int text_reverse(lua_State *L) { return convert(L, same, true); }

static int text_rep(lua_State *L)
{
    size_t n, n_between = 0;
    const char *s = library_text(L, 1, &n);
    lua_Integer times = library_whole(L, 2);
    const char *between = lua_isnoneornil(L, 3) ? "" : library_text(L, 3, &n_between);
    if (times <= 0 || n + n_between == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    /* Nothing overflows: times * (n + n_between) is compared without being computed. */
    if ((size_t)times > (BUDGET_TEXT_MOST + n_between) / (n + n_between)) {
        return luaL_error(L, "resulting string too large");
    }
    size_t all = (size_t)times * (n + n_between) - n_between;
    library_check_size(L, all);
    budget_charge(L, all / 16 + (size_t)times / 4);
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, all);
    for (lua_Integer i = 0; i < times; i++) {
        memcpy(to, s, n);
        to += n;
        if (i + 1 < times) {
            memcpy(to, between, n_between);
            to += n_between;
        }
    }
    luaL_pushresultsize(&b, all);
    return 1;
}

static int text_sub(lua_State *L)
{
    size_t n, from, to;
    const char *s = library_text(L, 1, &n);
    lua_Integer first = library_whole(L, 2);
    slice(first, library_whole_or(L, 3, -1), n, &from, &to);
    budget_charge_bytes(L, to - from);
    lua_pushlstring(L, s + from, to - from);
    return 1;
}

static const luaL_Reg functions[] = {
    {"byte", text_byte},        {"char", text_char},
    {"find", library_find},     {"format", library_format},
    {"gmatch", library_gmatch}, {"gsub", library_gsub},
    {"len", text_len},          {"lower", text_lower},
    {"match", library_match},   {"rep", text_rep},
    {"reverse", text_reverse},  {"sub", text_sub},
    {"upper", text_upper},      {NULL, NULL},
};

const struct library library_string = {"string", functions, NULL, NULL};
