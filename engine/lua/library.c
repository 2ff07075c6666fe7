/* library.c - see library.h. */
#include "lua/library.h"

#include "base/i18n.h"
#include "lua/budget.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whole doubles below this are shown digit by digit: each of them is one whole number. */
#define EXACT_BELOW 9007199254740992.0

const char *library_make_text(lua_State *L, int arg, size_t *n)
{
    if (lua_type(L, arg) != LUA_TNUMBER) {
        luaL_typeerror(L, arg, "string");
    }
    library_push_text(L, arg);
    lua_replace(L, arg);
    return lua_tolstring(L, arg, n);
}

lua_Number library_number(lua_State *L, int arg)
{
    if (lua_type(L, arg) != LUA_TNUMBER) {
        luaL_typeerror(L, arg, "number");
    }
    return lua_tonumber(L, arg);
}

static lua_Integer whole_of_type(lua_State *L, int arg, int type)
{
    if (type != LUA_TNUMBER) {
        luaL_typeerror(L, arg, "number");
    }
    int whole;
    lua_Integer n = lua_tointegerx(L, arg, &whole);
    if (!whole) {
        luaL_argerror(L, arg, "number has no integer representation");
    }
    return n;
}

lua_Integer library_whole(lua_State *L, int arg) { return whole_of_type(L, arg, lua_type(L, arg)); }

lua_Integer library_whole_or(lua_State *L, int arg, lua_Integer otherwise)
{
    int type = lua_type(L, arg);
    return type <= LUA_TNIL ? otherwise : whole_of_type(L, arg, type);
}

static void push_number(lua_State *L, int index)
{
    char text[64];
    lua_Number x = lua_tonumber(L, index);
    if (lua_isinteger(L, index)) {
        snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, index));
    } else if (isnan(x)) { /* whose sign depends on how it was computed */
        snprintf(text, sizeof text, "nan");
    } else if (x == floor(x) && fabs(x) < EXACT_BELOW) {
        snprintf(text, sizeof text, "%lld", (long long)x);
    } else {
        snprintf(text, sizeof text, "%.14g", x);
    }
    lua_pushstring(L, text);
}

void library_push_text(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        push_number(L, index);
        break;
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        break;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        break;
    default:
        lua_pushstring(L, luaL_typename(L, index));
    }
}

void library_check_size(lua_State *L, size_t n)
{
    if (n > BUDGET_TEXT_MOST) {
        luaL_error(L, "resulting string too large");
    }
}

void library_add(luaL_Buffer *b, const char *at, size_t n)
{
    library_check_size(b->L, luaL_bufflen(b) + n);
    luaL_addlstring(b, at, n);
}

void library_add_top(luaL_Buffer *b)
{
    library_check_size(b->L, luaL_bufflen(b) + lua_rawlen(b->L, -1));
    luaL_addvalue(b);
}

/* Merges a[0..half) and a[half..n), each in order. */
static void merge(uint32_t *a, uint32_t *scratch, size_t half, size_t n, library_less *less,
                  void *context)
{
    memcpy(scratch, a, half * sizeof *a);
    size_t left = 0, right = half, to = 0;
    while (left < half && right < n) {
        /* The left one goes first unless the right one must: that makes it stable. */
        a[to++] = less(context, a[right], scratch[left]) ? a[right++] : scratch[left++];
    }
    memcpy(a + to, scratch + left, (half - left) * sizeof *a);
}

void library_sort(uint32_t *order, uint32_t *scratch, size_t n, library_less *less, void *context)
{
    if (n < 2) {
        return;
    }
    size_t half = n / 2;
    library_sort(order, scratch, half, less, context);
    library_sort(order + half, scratch, n - half, less, context);
    if (less(context, order[half], order[half - 1])) { /* else they are in order already */
        merge(order, scratch, half, n, less, context);
    }
}
