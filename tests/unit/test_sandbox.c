/* test_sandbox.c - calls of scripts: what goes in and comes out, limits, no state, no surprises. */
#include "lua/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* A rubric of one script and what it requires, and the result of a call. */
struct bench {
    struct arena arena;
    struct rubric rubric;
    struct sandbox *sandbox;
    struct call call;
    struct call_result result;
};

static int make_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->call = (struct call){.full = 10, .arena = &b->arena};
    *state = b;
    return 0;
}

static int drop_bench(void **state)
{
    struct bench *b = *state;
    sandbox_release(b->sandbox);
    arena_release(&b->arena);
    free(b);
    return 0;
}

static void add_chunk(struct bench *b, const char *module, const char *text)
{
    struct chunk c = {.name = arena_printf(&b->arena, "%s.lua", module),
                      .module = module,
                      .text = text,
                      .n = strlen(text)};
    *vec_push(&b->arena, &b->rubric.chunks) = c;
}

static struct script *add_script(struct bench *b, enum script_use use, uint32_t n_inputs)
{
    struct script *s = vec_push(&b->arena, &b->rubric.scripts);
    *s = (struct script){
        .use = use, .id = "letters", .title = "Letters", .params = {.kind = PARAM_MAP}};
    for (uint32_t i = 0; i < n_inputs; i++) {
        vec_push(&b->arena, &s->inputs)->name = "x";
    }
    return s;
}

static void forget(struct bench *b)
{
    sandbox_release(b->sandbox);
    b->sandbox = NULL;
    memset(&b->rubric, 0, sizeof b->rubric);
}

static void call_once(void *context)
{
    struct bench *b = context;
    sandbox_call(b->sandbox, 0, &b->call, &b->result);
}

static const struct call_result *call(struct bench *b)
{
    if (b->sandbox == NULL) {
        b->sandbox = sandbox_new(&b->rubric, NULL);
    }
    call_once(b);
    return &b->result;
}

/* The result as a line: "5", "not reported", "yes", "t.lua:2: text". */
static const char *shown(struct bench *b, enum script_use use)
{
    const struct call_result *r = &b->result;
    switch (r->state) {
    case CALL_FAILED:
        return r->line > 0 ? arena_printf(&b->arena, "%s:%u: %s",
                                          b->rubric.chunks.at[r->chunk].name, r->line, r->error)
                           : r->error;
    case CALL_NOT_REPORTED:
        return "not reported";
    case CALL_NOT_APPLICABLE:
        return arena_printf(&b->arena, "not applicable: %s", r->reason ? r->reason : "-");
    case CALL_VALUE:
        break;
    }
    if (use == SCRIPT_GATE || use == SCRIPT_CONDITION) {
        return r->yes ? "yes" : "no";
    }
    if (use == SCRIPT_GRADES) {
        return arena_printf(&b->arena, "grade %u", r->grade);
    }
    return r->reason ? arena_printf(&b->arena, "%g: %s", r->number, r->reason)
                     : arena_printf(&b->arena, "%g", r->number);
}

/* As the body of score(item, a, b): a and b are 1 and 2. */
static const char *body_as(struct bench *b, enum script_use use, const char *body)
{
    static const struct arg args[] = {{.kind = ARG_NUMBER, .number = 1},
                                      {.kind = ARG_NUMBER, .number = 2}};
    forget(b);
    add_chunk(b, "t",
              arena_printf(&b->arena, "return {score = function(item, a, b) %s\nend}", body));
    struct script *s = add_script(b, use, 2);
    if (use == SCRIPT_GRADES) {
        *vec_push(&b->arena, &s->grades) = "good";
        *vec_push(&b->arena, &s->grades) = "poor";
    }
    struct param_entry target = {"target", {.kind = PARAM_NUMBER, .number = 95}};
    *vec_push(&b->arena, &s->params.entries) = target;
    b->call.args = args;
    call(b);
    const char *alone = shown(b, use);
    int64_t steps = b->result.steps;
    if (sandbox_block(b->sandbox, call_once, b)) {
        assert_string_equal(shown(b, use), alone);
        assert_int_equal(b->result.steps, steps);
    } else { /* the caller calls again, outside */
        call(b);
        assert_int_equal(b->result.state, CALL_FAILED);
        assert_string_equal(shown(b, use), alone);
    }
    return alone;
}

struct body_row {
    const char *body, *expected;
};

static void check_bodies(struct bench *b, enum script_use use, const struct body_row *rows,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *got = body_as(b, use, rows[i].body);
        if (strcmp(got, rows[i].expected) != 0) {
            fail_msg("%s\ngives: %s\nnot:   %s", rows[i].body, got, rows[i].expected);
        }
    }
}

static void test_results(void **state)
{
    static const struct body_row rows[] = {
        {"return a + b", "3"},
        {"return item.points / 4, 'a quarter'", "2.5: a quarter"},
        {"return item.params.target", "95"},
        {"return #item.id + #item.title", "14"},
        {"return 7 // 2", "3"}, /* an integer is a number */
        {"return item.not_reported()", "not reported"},
        {"return item.not_applicable('none')", "not applicable: none"},
        {"return item.not_applicable()", "not applicable: -"},
        {"item.not_reported() return 3",
         "item.not_reported() must be returned: return item.not_reported()"},
        {"item.lose(1, 'late') item.lose(2) item.lose(3, 'late again')", "4: late; late again"},
        {"item.lose(0)", "10"}, /* nothing lost is said too */
        {"item.lose(1) return 3",
         "after item.lose nothing is returned: points are what was not lost"},
        {"item.lose(-1)", "t.lua:1: item.lose takes 0 points or more"},
        {"item.lose('1')", "t.lua:1: item.lose takes points, not a string"},
        {"item:lose(1)", "t.lua:1: it is written item.lose, with a point, not item:lose"},
        {"return 0/0", "points are nan"},
        {"return 1/0", "points are infinite"},
        {"return '5'", "returned a string instead of points"},
        {"", "returned nothing instead of points"},
        {"return 1, {}", "the reason is a table, not a text"},
        {"return item.pointz", "t.lua:1: item has no 'pointz' (did you mean 'points'?)"},
        {"return item.params.targt",
         "t.lua:1: there is no parameter 'targt' (did you mean 'target'?)"},
        {"item.points = 3",
         "t.lua:1: 'item' cannot be changed: a script keeps nothing from one call to the next"},
        {"error('no good')", "t.lua:1: no good"},
        {"error({})", "t.lua:1: error object is a table"},
        {"error(nil)", "t.lua:1: error object is a nil"},
        {"return a < nil", "t.lua:1: attempt to compare number with nil"},
        {"\nlocal x = 1\nlocal y = x // 0\nreturn y", "t.lua:3: attempt to divide by zero"},
        {"local z = 0\n\nlocal c = 5 % z\nreturn c", "t.lua:3: attempt to perform 'n%0'"},
        {"return require('t').x",
         "t.lua:1: require belongs to the top of the file, outside of functions"},
    };
    check_bodies(*state, SCRIPT_ITEM, rows, ROWS(rows));
}

static void test_yes_no(void **state)
{
    static const struct body_row rows[] = {
        {"return a < b", "yes"},
        {"return a > b", "no"},
        {"return item.points == nil", "yes"}, /* a gate has no full marks */
        {"return 1", "returned a number instead of true or false"},
        {"return nil", "returned nothing instead of true or false"},
        {"item.lose(1)", "t.lua:1: item has no 'lose'"},
    };
    check_bodies(*state, SCRIPT_GATE, rows, ROWS(rows));
    check_bodies(*state, SCRIPT_CONDITION, rows, ROWS(rows));
}

static void test_grades(void **state)
{
    static const struct body_row rows[] = {
        {"return 'good'", "grade 0"},
        {"return 'poor', 'why'", "grade 1"},
        {"return 2", "grade 1"},
        {"return item.names[1]", "grade 0"},
        {"return 3", "returned 3, which is no grade: there are 2"},
        {"return 1.5", "returned 1.5, which is no grade: there are 2"},
        {"return 'goot'", "returned 'goot', which is no grade (did you mean 'good'?)"},
        {"return true", "returned a boolean instead of a grade"},
    };
    check_bodies(*state, SCRIPT_GRADES, rows, ROWS(rows));
}

#define LIMIT "t.lua:1: step limit of 1000000 exceeded"

/* What would hang, crash or get out of a usual sandbox. */
static void test_attacks(void **state)
{
    static const struct body_row rows[] = {
        {"while true do end", LIMIT},
        {"::a:: goto a", LIMIT},
        {"local function f() return f() end return f()", LIMIT},
        {"local function f() return 1 + f() end return f()",
         "t.lua:1: functions call each other too deeply, or a table has too many entries"},
        {"local function f(s) return (s:gsub('.', f)) end return f('x')",
         "t.lua:1: C stack overflow"},
        {"return ('a'):rep(40):match(('a?'):rep(40) .. ('a'):rep(40))", LIMIT},
        {"local s = 'x' while true do s = s .. 'x' end", LIMIT},
        {"local s = 'xx' while true do s = s .. s end", "t.lua:1: a text of more than 65536 bytes"},
        {"local s = ('x'):rep(60000) local r = ('x'):rep(60000) while true do local c = s == r end",
         LIMIT},
        {"local s = ('x\\0'):rep(30000) local r = s .. 'x' while true do local c = s < r end",
         LIMIT},
        {"local s = ('x'):rep(60000) local t = {} while true do t[s .. 'y'] = 1 end", LIMIT},
        {"local t = {} local i = 0 while true do i = i + 1 t[i] = {} end",
         "t.lua:1: a table with too many entries"},
        {"while true do local t = {1, 2, 3} end", LIMIT},
        {"local t = {} for i = 1, 15000 do t[i] = i end "
         "while true do t.a = nil t.b = 1 t.b = nil t.a = 1 t.c = 1 t.c = nil end",
         LIMIT},
        {"local function g(...) end local function f(...) for i = 1, 1e6 do g(...) end end "
         "local t = {} for i = 1, 900 do t[i] = i end f(table.unpack(t))",
         LIMIT},
        {"local t = {} for i = 1, 2000 do t[i] = -i end table.sort(t, function(x, y) "
         "for i = 1, 1e6 do end return x < y end)",
         LIMIT},
        {"for i = 1, 1e9 do local f = function() return i end end", LIMIT},
        {"return pcall(error)", "t.lua:1: unknown name 'pcall'"},
        {"return setmetatable({}, {})", "t.lua:1: unknown name 'setmetatable'"},
        {"return load('return 1')()", "t.lua:1: unknown name 'load'"},
        {"_ENV = {} x = 1", NULL},
        {"x = 1", "t.lua:1: assignment to global 'x' (declare it with 'local')"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *got = body_as(b, SCRIPT_ITEM, rows[i].body);
        if (rows[i].expected != NULL &&
            strncmp(got, rows[i].expected, strlen(rows[i].expected)) != 0) {
            fail_msg("%s\ngives: %s\nnot:   %s", rows[i].body, got, rows[i].expected);
        }
        assert_int_equal(b->result.state, CALL_FAILED);
        assert_true(b->result.steps <= 1000000);
    }
}

/* The same call costs the same, whatever went before it in the same state. */
static void test_same_steps(void **state)
{
    static const char *const bodies[] = {
        "local s = '' for i = 1, 50 do s = s .. i .. 'some text that is too long to be kept once' "
        "end return #s",
        "local t = {} for i = 1, 500 do t['k' .. i] = i end return #t",
        "return select('#', table.unpack({}, 1, 3000))",
        "return #(('abc'):rep(2000):gsub('b', '%0%0'))",
        "return #('%5000d'):format(3)",
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(bodies); i++) {
        body_as(b, SCRIPT_ITEM, bodies[i]);
        int64_t first = b->result.steps;
        const char *was = shown(b, SCRIPT_ITEM);
        for (int j = 0; j < 20; j++) {
            call(b);
            assert_int_equal(b->result.steps, first);
            assert_string_equal(shown(b, SCRIPT_ITEM), was);
        }
    }
}

/* Whole chunks: loading is paid for too, and what keeps state is refused. */
static void test_chunks(void **state)
{
    static const struct {
        const char *chunk, *expected, *why;
    } rows[] = {
        {"return {score = function() return 1 end}", "1", "fine"},
        {"local n = 0\nreturn {score = function()\nn = n + 1 return n end}",
         "t.lua:3: keeps state between units: 'n' is changed in function 'score' (t.lua:3); "
         "declare it inside the function",
         "a variable outside"},
        {"local n = 0 local function add() n = n + 1 return n end\n"
         "return {score = function() return add() end}",
         "t.lua:1: keeps state between units: 'n' is changed in function 'add' (t.lua:1); declare "
         "it inside the function",
         "by a function that score calls"},
        {"local n = 0\nreturn {score = function() return (function() n = n + 1 return n end)() "
         "end}",
         "t.lua:2: keeps state between units: 'n' is changed in function 'score' (t.lua:2); "
         "declare it inside the function",
         "by a function within"},
        {"local t = {f = function() end} t.t = t\nlocal n = 0 t.f = function() n = 1 end\n"
         "return {score = function() t.f() return 1 end}",
         "t.lua:2: keeps state between units: 'n' is changed in function 'f' (t.lua:2); declare it "
         "inside the function",
         "by a function in a table that contains itself"},
        {"local seen = {}\nreturn {score = function() seen.x = 1 return 1 end}",
         "t.lua:2: 'seen' cannot be changed: a script keeps nothing from one call to the next",
         "a table outside"},
        {"local it = ('abc'):gmatch('.')\nreturn {score = function() it() return 1 end}",
         "t.lua:2: keeps state between units: 'it' (t.lua:2) is an iterator", "an iterator"},
        {"local W = {a = 1, b = {2, 3}}\nreturn {score = function() return W.a + W.b[2] + #W.b "
         "end}",
         "6", "tables that are only read"},
        {"local f\nf = function(n) return n == 0 and 0 or 1 + f(n - 1) end\n"
         "return {score = function() return f(5) end}",
         "5", "set once while loading"},
        {"local function f() local n = 0 local g = function() n = n + 1 end g() g() return n end\n"
         "return {score = f}",
         "2", "a variable of the call itself"},
        {"while true do end", LIMIT, "loading is limited"},
        {"return function() end", "there is no function `score`", "no definition"},
        {"return {score = math.max}", "there is no function `score`", "not its own"},
        {"return {score = ", "t.lua:1: unexpected symbol near <eof>", "syntax"},
        {"\x1bLua", "this is compiled Lua; a script is text", "bytecode"},
        {"local t = {} for i = 1, 10000 do t = {t} end\nreturn {score = function() return t and 1 "
         "end}",
         "1", "deep, without recursion in the walk"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        forget(b);
        add_chunk(b, "t", rows[i].chunk);
        add_script(b, SCRIPT_ITEM, 0);
        for (int again = 0; again < 2; again++) {
            call(b);
            if (strcmp(shown(b, SCRIPT_ITEM), rows[i].expected) != 0) {
                fail_msg("%s:\n%s\ngives: %s\nnot:   %s", rows[i].why, rows[i].chunk,
                         shown(b, SCRIPT_ITEM), rows[i].expected);
            }
        }
    }
}

static void test_modules(void **state)
{
    static const struct {
        const char *script, *module, *expected;
    } rows[] = {
        {"local m = require 'm' return {score = function() return m.half(8) end}",
         "return {half = function(x) return x / 2 end}", "4"},
        {"local m = require 'm' return {score = function() m.x = 1 return 1 end}", "return {}",
         "t.lua:1: 'm' cannot be changed: a script keeps nothing from one call to the next"},
        {"local m = require 'm' return {score = function() return m.next() end}",
         "local n = 0 return {next = function() n = n + 1 return n end}",
         "m.lua:1: keeps state between units: 'n' is changed in function 'next' (m.lua:1); declare "
         "it inside the function"},
        {"local m = require 'm' return {score = function() return 1 end}", "return require 't'",
         "m.lua:1: 't' requires itself"},
        {"local m = require 'x' return {score = function() return 1 end}", "return 1",
         "t.lua:1: there is no script 'x' in the scripts folders"},
        {"local m = require 'm' return {score = function() return 1 end}", "return nosuch",
         "m.lua:1: unknown name 'nosuch'"},
        {"local m = require 'm' return {score = function() return 1 end}", "local x = 1",
         "t.lua:1: 'm' returns nothing"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        forget(b);
        add_chunk(b, "t", rows[i].script);
        add_chunk(b, "m", rows[i].module);
        add_script(b, SCRIPT_ITEM, 0);
        call(b);
        assert_string_equal(shown(b, SCRIPT_ITEM), rows[i].expected);
    }
}

static void test_arguments(void **state)
{
    struct bench *b = *state;
    static const struct arg list[] = {{.kind = ARG_TEXT, .text = "x", .n = 1},
                                      {.kind = ARG_NUMBER, .number = 2}};
    static const struct arg args[] = {{.kind = ARG_NIL},
                                      {.kind = ARG_YESNO, .number = 1},
                                      {.kind = ARG_TEXT, .text = "zf-01", .n = 5},
                                      {.kind = ARG_LIST, .list = list, .n = 2},
                                      {.kind = ARG_NUMBER, .number = 9e15}};
    add_chunk(b, "t",
              "return {score = function(item, a, b, c, d, e) if a == nil and b == true and c == "
              "'zf-01' and #d == 2 and d[1] == 'x' and math.type(e) == 'float' then d[3] = 1 "
              "return #d end return -1 end}");
    add_script(b, SCRIPT_ITEM, 5);
    b->call.args = args;
    for (int i = 0; i < 3; i++) { /* a list is made afresh for each call */
        call(b);
        assert_string_equal(shown(b, SCRIPT_ITEM), "3");
    }
}

static void test_too_long_argument(void **state)
{
    struct bench *b = *state;
    struct arg arg = {.kind = ARG_TEXT, .n = 70000};
    char *text = arena_alloc(&b->arena, arg.n);
    memset(text, 'x', arg.n);
    arg.text = text;
    add_chunk(b, "t", "return {score = function(item, a) return #a end}");
    add_script(b, SCRIPT_ITEM, 1);
    b->call.args = &arg;
    call(b);
    assert_string_equal(shown(b, SCRIPT_ITEM), "a text of more than 65536 bytes");
    arg.n = 60000;
    call(b);
    assert_string_equal(shown(b, SCRIPT_ITEM), "60000");
}

static void test_members_and_classes(void **state)
{
    struct bench *b = *state;
    static const struct call_member members[] = {{"a", "A", 3, 5, 1, true},
                                                 {"b", "B", 0, 4, 2, false}};
    add_chunk(b, "t",
              "return {score = function(item) local sum = 0 for _, m in ipairs(item.members) do "
              "sum = sum + (m.points or 100) * m.weight m.points = 0 end "
              "return sum + item.points * item.params.f end}");
    struct script *s = add_script(b, SCRIPT_SECTION, 0);
    struct param_entry f = {"f", {.kind = PARAM_BY_CLASS}};
    *vec_push(&b->arena, &f.value.entries) =
        (struct param_entry){NULL, {.kind = PARAM_NUMBER, .number = 1000}};
    *vec_push(&b->arena, &f.value.entries) =
        (struct param_entry){NULL, {.kind = PARAM_NUMBER, .number = 2000}};
    *vec_push(&b->arena, &s->params.entries) = f;
    *vec_push(&b->arena, &b->rubric.classes) = "street";
    b->call.members = members;
    b->call.n_members = 2;
    for (int i = 0; i < 4; i++) {
        b->call.class = (uint32_t)(i % 2);
        b->call.full = i < 2 ? 10 : 20;
        call(b);
        assert_true(b->result.number == 203 + b->call.full * (i % 2 ? 2000 : 1000));
    }
}

static void test_flags(void **state)
{
    struct bench *b = *state;
    body_as(b, SCRIPT_ITEM,
            "item.flag{severity = 'major', text = 'late', remedy = 'hurry', due = '30 days'} "
            "item.flag{text = 'x', due = '2024-12-20'} item.flag{text = 'y', due = 5} return 1");
    assert_int_equal(b->result.flags.n, 3);
    const struct script_flag *f = b->result.flags.at;
    assert_int_equal(f[0].severity, LEVEL_MAJOR);
    assert_string_equal(f[0].text, "late");
    assert_string_equal(f[0].remedy, "hurry");
    assert_true(f[0].due.given && !f[0].due.is_date && f[0].due.n == 30);
    assert_true(f[1].due.is_date && f[1].severity == LEVEL_MINOR && f[1].remedy == NULL);
    assert_true(f[2].due.n == 5 && f[2].due.unit == TIME_DAY);
    static const struct body_row rows[] = {
        {"item.flag{}", "t.lua:1: a flag needs a text"},
        {"item.flag('x')", "t.lua:1: item.flag takes {severity = ..., text = ...}"},
        {"item.flag{text = 'x', level = 1}",
         "t.lua:1: a flag has no 'level'; it has severity, text, remedy and due"},
        {"item.flag{text = 'x', severity = 'high'}",
         "t.lua:1: a flag's severity is minor, major or critical, not 'high'"},
        {"item.flag{text = 'x', due = 'soon'}",
         "t.lua:1: a flag's due is a number of days, \"30 days\" or \"2024-12-20\""},
        {"item.flag{text = 1}", "t.lua:1: a flag's text is a number, not a text"},
        {"while true do item.flag{text = 'x'} end", "t.lua:1: more than 100 flags"},
    };
    check_bodies(b, SCRIPT_ITEM, rows, ROWS(rows));
    assert_int_equal(b->result.flags.n, 0); /* a call that failed flags nothing */
}

static void test_long_texts(void **state)
{
    struct bench *b = *state;
    body_as(b, SCRIPT_ITEM, "error(('好'):rep(1000))");
    assert_int_equal(strlen(b->result.error), 399 + strlen("…")); /* whole characters */
    body_as(b, SCRIPT_ITEM, "return 1, ('x'):rep(60000)");
    assert_int_equal(strlen(b->result.reason), 400 + strlen("…"));
}

static void test_trace(void **state)
{
    struct bench *b = *state;
    add_chunk(b, "t",
              "local function inner(x)\nreturn x + 1\nend\nreturn {score = function()\nlocal y = "
              "inner(nil)\nreturn y end}");
    add_script(b, SCRIPT_ITEM, 0);
    call(b);
    assert_string_equal(b->result.trace,
                        "t.lua:2 in function 'inner'\nt.lua:5 in function 'score'");
    assert_int_equal(b->result.line, 2);
}

static void test_coverage(void **state)
{
    struct bench *b = *state;
    uint8_t lines[8] = {0}, *of_chunk[] = {lines};
    uint32_t n_lines[] = {7};
    struct script_coverage coverage = {of_chunk, n_lines};
    add_chunk(b, "t",
              "return {\nscore = function(item)\nif item.points > 5 then\nreturn 1\nend\n"
              "return 2\nend}");
    add_script(b, SCRIPT_ITEM, 0);
    b->sandbox = sandbox_new(&b->rubric, &coverage);
    call(b);
    assert_int_equal(lines[3], 2);
    assert_int_equal(lines[4], 2);
    assert_int_equal(lines[5], 0);
    assert_int_equal(lines[6], 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, drop_bench)
    const struct CMUnitTest tests[] = {
        TEST(test_results),
        TEST(test_yes_no),
        TEST(test_grades),
        TEST(test_attacks),
        TEST(test_same_steps),
        TEST(test_chunks),
        TEST(test_modules),
        TEST(test_arguments),
        TEST(test_too_long_argument),
        TEST(test_members_and_classes),
        TEST(test_flags),
        TEST(test_long_texts),
        TEST(test_trace),
        TEST(test_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
