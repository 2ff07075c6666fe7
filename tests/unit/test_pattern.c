/*
 * test_pattern.c - the pattern matcher against the interpreter's own: same results, same captures,
 * same messages, on patterns made up at random and on the cases people write.
 */
#include "scripted.h"

#include <lua5.4/lualib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Two states side by side: ours, and one with the stock library. Both run the same function. */
struct pair {
    struct scripted ours;
    lua_State *stock;
};

/* All four functions on one subject and one pattern, as one text. Arguments: s, p. */
static const char probe[] =
    "local s, p, r, init = ... "
    "local out = {} "
    "local function add(...) "
    "  for i = 1, select('#', ...) do out[#out + 1] = tostring((select(i, ...))) end "
    "  out[#out + 1] = ';' "
    "end "
    "local which, rest = string.match(r, '^(.)(.*)$') "
    "if which == 'f' then add(string.find(s, p, init)) "
    "elseif which == 'm' then add(string.match(s, p, init)) "
    "elseif which == 'p' then add(string.find(s, p, init, true)) "
    "elseif which == 'g' then "
    "  local n = 0 "
    "  for a, b, c in string.gmatch(s, p, init) do add(a, b, c) n = n + 1 if n > 40 then break end "
    "end "
    "elseif which == 's' then add(string.gsub(s, p, rest, init > 0 and init or nil)) "
    "elseif which == 't' then add(string.gsub(s, p, {a = 'X', b = false, ab = '<%1>'})) "
    "else add(string.gsub(s, p, function(a, b) if a == 'a' then return end return '[' .. "
    "tostring(a) .. tostring(b) .. ']' end)) "
    "end "
    "return table.concat(out, ',')";

static int open_pair(void **state)
{
    static struct pair pair;
    scripted_open(&pair.ours);
    assert_int_equal(luaL_loadbufferx(pair.ours.L, probe, strlen(probe), "=t", "t"), LUA_OK);
    lua_getfield(pair.ours.L, LUA_REGISTRYINDEX, "world");
    lua_setupvalue(pair.ours.L, 1, 1);
    lua_setfield(pair.ours.L, LUA_REGISTRYINDEX, "probe");
    pair.stock = luaL_newstate();
    luaL_openlibs(pair.stock);
    assert_int_equal(luaL_loadbufferx(pair.stock, probe, strlen(probe), "=t", "t"), LUA_OK);
    lua_setfield(pair.stock, LUA_REGISTRYINDEX, "probe");
    *state = &pair;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *pair = *state;
    scripted_close(&pair->ours);
    lua_close(pair->stock);
    return 0;
}

struct question {
    const char *s, *p, *r;
    size_t n_s, n_p;
    int init;
};

/* The answer, or the message, on top of the stack. */
static const char *answer(lua_State *L, const struct question *q, size_t *n)
{
    lua_settop(L, 0);
    lua_getfield(L, LUA_REGISTRYINDEX, "probe");
    lua_pushlstring(L, q->s, q->n_s);
    lua_pushlstring(L, q->p, q->n_p);
    lua_pushstring(L, q->r);
    lua_pushinteger(L, q->init);
    lua_pcall(L, 4, 1, 0);
    return lua_tolstring(L, -1, n);
}

static void compare(struct pair *pair, const struct question *q)
{
    size_t n, n_stock;
    pair->ours.budget.left = BUDGET_STEPS;
    const char *ours = answer(pair->ours.L, q, &n);
    if (strstr(ours, "step limit") != NULL) {
        return; /* ours ends, theirs may not */
    }
    const char *stock = answer(pair->stock, q, &n_stock);
    if (n != n_stock || memcmp(ours, stock, n) != 0) {
        fail_msg("'%s' on '%s' %s %d: '%s', stock: '%s'", q->p, q->s, q->r, q->init, ours, stock);
    }
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

#define PIECES                                                                                     \
    "a", "b", "c", ".", "a", "b", "%a", "%d", "%s", "%w", "%p", "%u", "%l", "%x", "%c", "%g",      \
        "%A", "%D", "%S", "%W", "%P", "%U", "%L", "%X", "%z", "%.", "%%", "(", ")", "(", ")",      \
        "()", "%1", "%2", "%0", "%b()", "%bab", "%bxx", "%f[%w]", "%f[^a]", "%f", "[abc]", "[^a]", \
        "[a-c]", "[%a_]", "[]]", "[^]]", "[a-]", "[-a]", "[%a-z]", "[a-%%]", "[", "]", "^", "$",   \
        "*", "+", "-", "?", "*", "+", "-", "?", "%", "1", " ", "\xe4", "[\x80-\xff]", "%b", "\0"
static const char *const pieces[] = {PIECES};

static size_t make(char *out, size_t room, uint64_t *seed, const char *const *from, size_t n_from)
{
    size_t n = 0;
    for (uint32_t i = next_random(seed) % 7; i > 0; i--) {
        const char *piece = from[next_random(seed) % n_from];
        size_t length = *piece == '\0' ? 1 : strlen(piece);
        if (n + length < room) {
            memcpy(out + n, piece, length);
            n += length;
        }
    }
    out[n] = '\0';
    return n;
}

static void test_like_stock(void **state)
{
    static const char *const texts[] = {
        "a", "b", "ab", "aa",           "c",  "(",  ")", " ",  "1", "_", "B", "x", "-",
        "]", "%", "^",  "\xe4\xb8\xad", "\0", "ba", ".", "aab"};
    static const char *const actions[] = {"f",     "m",     "p",   "g",    "c",  "t",
                                          "s%0%0", "s<%1>", "s%2", "sx%%", "s%", "s%q"};
    uint64_t seed = 20241220;
    for (int i = 0; i < 200000; i++) {
        char s[64], p[64];
        struct question q = {s, p, actions[next_random(&seed) % ROWS(actions)],
                             0, 0, (int)(next_random(&seed) % 9) - 3};
        if (next_random(&seed) % 2 == 0) {
            q.init = 1;
        }
        q.n_s = make(s, sizeof s, &seed, texts, ROWS(texts));
        q.n_p = make(p, sizeof p, &seed, pieces, ROWS(pieces));
        compare(*state, &q);
    }
}

/* What stock does with every byte in every class. */
static void test_classes(void **state)
{
    for (int c = 0; c < 256; c++) {
        for (int letter = 0; letter < 256; letter++) {
            char s[2] = {(char)c, 0}, p[3] = {'%', (char)letter, 0};
            if (letter == 'b' || letter == 'f' || (letter >= '0' && letter <= '9')) {
                continue;
            }
            compare(*state, &(struct question){s, p, "f", 1, 2, 1});
        }
    }
}

static void test_written(void **state)
{
    static const struct {
        const char *s, *p, *r, *why;
    } rows[] = {
        {"key = value", "^(%w+)%s*=%s*(%w+)$", "m", "the usual"},
        {"THE (quick) fox", "%f[%a]%a+%f[%A]", "g", "words"},
        {"THE (quick) fox", "%((%a+)%)", "f", "escaped brackets"},
        {"f(a(b)c)d", "%b()", "m", "nested"},
        {"abc", "()", "g", "positions between"},
        {"abc", "", "s-", "the empty pattern"},
        {"hello world", "o", "s0", "as long as before"},
        {"hello", "l*", "s.", "empty matches beside others"},
        {"aaa", "^a", "sb", "anchored: once"},
        {"aaa", "^a", "g", "no anchor in gmatch"},
        {"a^b", "a^b", "f", "not at the beginning"},
        {"a$b", "a$b", "f", "not at the end"},
        {"==a==", "(=+)a%1", "m", "repeats a capture"},
        {"aa", "(a)%2", "m", "no such capture"},
        {"aa", "%1", "m", "no capture at all"},
        {"aa", "(a%1)", "m", "a capture that is not finished"},
        {"aa", "(a", "m", "not closed"},
        {"aa", "a)", "m", "not opened"},
        {"aa", "[a", "m", "set not closed"},
        {"aa", "[]", "m", "a bracket is its first"},
        {"aa", "[^]", "m", "also behind ^"},
        {"aa", "[%", "m", "ends inside"},
        {"aa", "%", "m", "ends with %"},
        {"aa", "x%", "m", "a mistake that is not reached"},
        {"aa", "%f", "m", "no set"},
        {"aa", "%b", "m", "no brackets"},
        {"aa", "%ba", "m", "one bracket"},
        {"aa", "(a)(a)(a)", "m", "more captures than text"},
        {"a.b", "a.b", "p", "plain"},
        {"a.b", "", "p", "plain and empty"},
        {"中文，abc", "[%z\1-\127\194-\244][\128-\191]*", "g", "characters of UTF-8"},
        {"a", "((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))", "m",
         "32 captures"},
        {"a", "(((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))", "m", "33"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct question q = {rows[i].s,         rows[i].p,         rows[i].r,
                             strlen(rows[i].s), strlen(rows[i].p), 1};
        compare(*state, &q);
    }
}

/* The depth at which both give up. */
static void test_depth(void **state)
{
    char p[1024], s[512];
    memset(s, 'a', sizeof s);
    for (size_t n = 190; n < 210; n++) {
        for (size_t i = 0; i < n; i++) {
            memcpy(p + 2 * i, "a?", 2);
        }
        compare(*state, &(struct question){s, p, "f", 300, 2 * n, 1});
        for (size_t i = 0; i < n; i++) {
            memcpy(p + 2 * i, "a-", 2);
        }
        compare(*state, &(struct question){s, p, "f", 300, 2 * n, 1});
    }
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What ends only by the budget. The time is far below the 0.5 s allowed, on any machine. */
static void test_bombs(void **state)
{
    static const struct {
        const char *chunk, *why;
    } rows[] = {
        {"return (('a'):rep(10000)):find(('.-'):rep(20)..'b')", "polynomial"},
        {"return (('a'):rep(26)):find(('a-'):rep(25)..'b')", "exponential"},
        {"return (('a'):rep(50)):gsub(('a?'):rep(50)..('a'):rep(50)..'b','x')", "optional items"},
        {"for w in (('a'):rep(3000)):gmatch('(.-)(.-)(.-)(.-)b') do end", "captures in gmatch"},
        {"return (('a'):rep(5000)):find('(.-)(.-)(.-)%1%2%3b')", "back references"},
        {"return (('a'):rep(60000)):find('['..('b'):rep(60000)..']')", "a long set at each place"},
        {"return (('a'):rep(60000)):find('['..('b'):rep(60000)..']*c')", "a long set repeated"},
        {"local s = ('('):rep(60000) return s:find('%b()')", "brackets never closed"},
        {"local s, n = ('a'):rep(60000), ('a'):rep(200) .. 'b' while true do s:find(n, 1, true) "
         "end",
         "a plain search that looks at much again"},
        {"local s = ('a'):rep(60000) while true do s:find('b') end", "a plain search in vain"},
        {"local s = ('a'):rep(60000) while true do s:find('[ab]-$') end", "to the end"},
        {"local p = ('%'):rep(60000) while true do ('a'):find(p, 1, true) end", "a long needle"},
        {"local p = ('a'):rep(60000) while true do ('a'):find(p) end", "the look for specials"},
        {"local s = ('a'):rep(60000) while true do s:gsub('b', 'c') end", "copies"},
        {"local s = ('a'):rep(30000) while true do s:match('^(.*)%1') end", "long back references"},
        {"local s = ('%1'):rep(30000) while true do (''):gsub('', s, 1) end", "a long template"},
        {"while true do ('a'):find('') end", "nothing, for ever"},
    };
    struct pair *pair = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        double start = seconds();
        const char *got = scripted_run(&pair->ours, rows[i].chunk);
        double took = seconds() - start;
        if (strcmp(got, "error: step limit of 1000000 exceeded") != 0 || took > 0.5) {
            fail_msg("%s: %s after %.3f s", rows[i].why, got, took);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written),    cmocka_unit_test(test_classes),
        cmocka_unit_test(test_like_stock), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_bombs),
    };
    return cmocka_run_group_tests(tests, open_pair, close_pair);
}
