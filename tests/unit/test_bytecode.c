/* test_bytecode.c - what the instructions of a function say about how long it runs. */
#include "lua/bytecode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lua5.4/lauxlib.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

struct row {
    const char *body;
    int turns; /* the instructions are at least this often the loop's; -1: nobody knows */
    bool by_turn;
};

/* The first function within the chunk. */
static bool bound_of(struct arena *a, const char *body, struct proto_bound *out)
{
    lua_State *L = luaL_newstate();
    const char *chunk = arena_printf(a, "return function(item, a, b)\n%s\nend", body);
    assert_int_equal(luaL_loadstring(L, chunk), LUA_OK);
    const struct proto *p = bytecode_of(a, L);
    assert_non_null(p);
    bool known = proto_bound(&p->protos.at[0], 0, out);
    lua_close(L);
    return known;
}

static void test_bounds(void **state)
{
    static const struct row rows[] = {
        {"return a + b", 1, false},
        {"if a then return 1 elseif b then return 2 end return a and b or 3", 1, false},
        {"if a > b then goto done end a = b ::done:: return a", 1, false},
        /* loops with constant numbers */
        {"for i = 1, 100 do a = a + i end return a", 100, false},
        {"for i = 10, 1, -3 do a = a + i end return a", 4, false},
        {"for i = 5, 1 do a = a + i end return a", 1, false},
        {"for i = 1, 10 do for k = 1, 20 do a = a + k end end return a", 200, false},
        {"for i = 1, 10 do if a > 3 then break end a = a + 1 end return a", 10, false},
        {"for i = 1, 10, 0 do end", 1, false},
        {"for i = 1, 50000 do a = a + i end", -1, false},
        {"for i = 1, 1000 do for k = 1, 1000 do a = k end end", -1, false},
        /* over pairs and ipairs */
        {"for _, x in ipairs(a) do b = b + x end return b", 1, true},
        {"for k, x in pairs({a, b, 3}) do b = b + x end return b", 1, true},
        {"for _, x in ipairs(a or {}) do for _, y in pairs(x) do b = b + y end end", 1, true},
        {"for i = 1, 12 do for _, x in ipairs(a) do b = b + x end end", 12, true},
        /* nobody knows */
        {"for i = 1, a do b = b + i end", -1, false},
        {"for i = a, 10 do b = b + i end", -1, false},
        {"for i = 1, 10, a do b = b + i end", -1, false},
        {"for i = 1.0, 10.0 do b = b + i end", -1, false},
        {"for i = (a and 1 or -9), 10, 1 do b = b + i end", -1, false},
        {"for i = 1, (a and 10 or 9), 1 do b = b + i end", -1, false},
        {"while a < b do a = a + 1 end", -1, false},
        {"repeat a = a + 1 until a > b", -1, false},
        {"::again:: a = a + 1 if a < b then goto again end", -1, false},
        {"for x in a do b = x end", -1, false},
        {"for x in math.abs, 1, 2 do b = x end", -1, false},
        {"for w in a:gmatch('%a') do b = b + 1 end", -1, false},
        {"for x in next, a do b = x end", -1, false},
        {"for _, x in (a and ipairs or b)(a) do b = x end", -1, false},
        {"for _, x in item.ipairs(a) do b = x end", -1, false},
        {"local ipairs = item for _, x in ipairs(a) do b = x end", -1, false},
        {"local f = function() return a end return f()", -1, false},
        {"for _, x in ipairs(a) do while x do x = b end end", -1, false},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena a = {0};
        struct proto_bound bound = {0};
        bool known = bound_of(&a, rows[i].body, &bound);
        if (known != (rows[i].turns >= 0)) {
            fail_msg("%s: %s", rows[i].body, known ? "known" : "not known");
        }
        bool fine = !known || (bound.instructions >= (uint32_t)rows[i].turns &&
                               (bound.turn > 0) == rows[i].by_turn);
        if (!fine) {
            fail_msg("%s: %u instructions, %u a turn", rows[i].body, bound.instructions,
                     bound.turn);
        }
        arena_release(&a);
    }
}

/* What a bound says is held against what the interpreter's hook counts. */
static int64_t counted;

static void count(lua_State *L, lua_Debug *at)
{
    (void)L;
    (void)at;
    counted++;
}

static void test_bounds_hold(void **state)
{
    static const char *const bodies[] = {
        "return a + b",
        "for i = 1, 100 do a = a + i end return a",
        "for i = 10, 1, -3 do for k = 2, 9, 2 do a = a * 2 if a > 50 then a = 1 end end end",
        "for i = 1, 300 do if i > 250 then break end a = a + 1 end return a",
        "for i = 1, 3 do for k = 1, 3 do for l = 1, 3 do a = a + l end b = k end end return b",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(bodies); i++) {
        struct arena a = {0};
        struct proto_bound bound = {0};
        assert_true(bound_of(&a, bodies[i], &bound));
        lua_State *L = luaL_newstate();
        const char *chunk = arena_printf(&a, "return function(item, a, b)\n%s\nend", bodies[i]);
        assert_int_equal(luaL_dostring(L, chunk), LUA_OK);
        lua_pushnil(L);
        lua_pushinteger(L, 1);
        lua_pushinteger(L, 2);
        counted = 0;
        lua_sethook(L, count, LUA_MASKCOUNT, 1);
        assert_int_equal(lua_pcall(L, 3, 0, 0), LUA_OK);
        lua_sethook(L, NULL, 0, 0);
        if (counted > bound.instructions || counted * 8 < bound.instructions) {
            fail_msg("%s: %lld instructions, bound %u", bodies[i], (long long)counted,
                     bound.instructions);
        }
        lua_close(L);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_bounds_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
