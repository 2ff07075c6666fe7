/*
 * lib_utf8.c - the library `utf8`. Its iterator is our own: the interpreter's one walks over bytes
 * that nobody pays for, 64 KB of them in one call. So is codepoint, whose results are limited. Both
 * know valid UTF-8 only.
 */
#include "base/text.h"
#include "lua/budget.h"
#include "lua/library.h"

#include <lua5.4/lualib.h>

static bool continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* The iterator of utf8.codes: (text, offset of the last character, from 1) to the next one. */
static int next_code(lua_State *L)
{
    size_t n;
    uint32_t c;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *s = lua_tolstring(L, 1, &n);
    lua_Integer last = library_whole(L, 2);
    if (last < 0 || (size_t)last >= n + 1) {
        return 0;
    }
    size_t at = (size_t)last; /* behind the first byte of the last character */
    while (at < n && last > 0 && continues(s[at])) {
        at++;
    }
    budget_charge(L, (at - (size_t)last) / 8);
    if (at == n) {
        return 0;
    }
    size_t length = utf8_decode(s + at, n - at, &c);
    if (length == 0 || (at + length < n && continues(s[at + length]))) {
        return luaL_error(L, "invalid UTF-8 code");
    }
    lua_pushinteger(L, (lua_Integer)at + 1);
    lua_pushinteger(L, c);
    return 2;
}

static int codes(lua_State *L)
{
    size_t n;
    library_text(L, 1, &n);
    lua_settop(L, 1);
    lua_pushcfunction(L, next_code);
    lua_insert(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* Where position `at` (from 1, or from the end if negative) is; 0: before the text. */
static lua_Integer position(lua_Integer at, size_t n)
{
    return at >= 0 ? at : at < -(lua_Integer)n ? 0 : (lua_Integer)n + at + 1;
}

static int codepoint(lua_State *L)
{
    size_t n;
    const char *s = library_text(L, 1, &n);
    lua_Integer first = position(library_whole_or(L, 2, 1), n);
    lua_Integer last = position(library_whole_or(L, 3, first), n);
    luaL_argcheck(L, first >= 1, 2, "out of bounds");
    luaL_argcheck(L, last <= (lua_Integer)n, 3, "out of bounds");
    int count = 0;
    for (size_t at = (size_t)first - 1, length; at < (size_t)last && first <= last; at += length) {
        uint32_t c;
        length = utf8_decode(s + at, n - at, &c);
        if (length == 0) {
            return luaL_error(L, "invalid UTF-8 code");
        }
        if (++count > LIBRARY_VALUES_MOST) {
            return luaL_error(L, "string slice too long");
        }
        budget_charge(L, 1);
        luaL_checkstack(L, 1, "string slice too long");
        lua_pushinteger(L, c);
    }
    return count;
}

static const luaL_Reg functions[] = {{"codepoint", codepoint}, {"codes", codes}, {NULL, NULL}};

static const char *const stock[] = {"char", "charpattern", "len", "offset", NULL};

const struct library library_utf8 = {"utf8", functions, stock, luaopen_utf8};
