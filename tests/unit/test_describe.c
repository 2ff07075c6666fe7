/* test_describe.c - what script files say of themselves and what is wrong with them; expressions.
 */
#include "lua/describe.h"

#include "lua/inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

struct bench {
    struct arena arena;
    struct diag diag;
    struct buf out;
    chunks chunks;
    struct script_description description;
};

static int make_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    diag_init(&b->diag, &b->arena);
    *state = b;
    return 0;
}

static int drop_bench(void **state)
{
    struct bench *b = *state;
    buf_release(&b->out);
    arena_release(&b->arena);
    free(b);
    return 0;
}

static void add(struct bench *b, const char *module, const char *text)
{
    const char *name = arena_printf(&b->arena, "%s.lua", module);
    const struct source *s = source_from_text(&b->arena, name, text, strlen(text));
    *vec_push(&b->arena, &b->chunks) = (struct chunk){name, module, text, s->n, {s, 0, 0}};
}

/* All findings, one a line: "id place text | hint". */
static const char *findings(struct bench *b)
{
    buf_clear(&b->out);
    buf_text(&b->out, "");
    diag_print(&b->diag, &b->out, false);
    struct buf lines = {0};
    buf_text(&lines, "");
    for (char *at = b->out.at, *end; at != NULL && *at != '\0'; at = end + 1) {
        end = strchr(at, '\n');
        const char *word = at + strspn(at, " ");
        bool hint = strncmp(word, "hint: ", 6) == 0;
        if (hint || at[0] != ' ') {
            buf_text(&lines, hint ? "  " : "");
            buf_add(&lines, word, (size_t)(end - word) + 1);
        }
    }
    const char *text = arena_text(&b->arena, lines.at, lines.n);
    buf_release(&lines);
    return text;
}

/* The first chunk as a script, described without a worker. */
static void describe(struct bench *b)
{
    diag_init(&b->diag, &b->arena);
    struct sandbox *s = state_new(&b->chunks, NULL);
    struct buf bytes = {0};
    inspect_chunk(s, 0, true, &bytes);
    assert_true(description_read(&b->arena, &b->diag, &b->chunks.at[0], bytes.at, bytes.n,
                                 &b->description));
    /* A part of it is no description. */
    struct diag ignored;
    struct script_description none;
    diag_init(&ignored, &b->arena);
    for (size_t n = 0; n < bytes.n; n += 1 + bytes.n / 50) {
        assert_false(description_read(&b->arena, &ignored, &b->chunks.at[0], bytes.at, n, &none));
    }
    buf_release(&bytes);
    sandbox_release(s);
}

static void test_findings(void **state)
{
    static const struct {
        const char *text, *expected, *why;
    } rows[] = {
        {"return {score = function(item) return 1 end}", "", "fine"},
        {"return {\n  score = function(item)\n    retrun 1\n  end}",
         "t.lua:3:12: error: syntax error near '1' [script-syntax]\n", "syntax"},
        {"return {score = function()",
         "t.lua:1:1: error: 'end' expected near <eof> [script-syntax]\n", "the end is missing"},
        {"local x = os.time()\nreturn {score = function() return maths.pi + math.flor(x) + maths.e "
         "end}",
         "t.lua:1:11: error: unknown name 'os' [script-name]\n"
         "  hint: scripts cannot reach the system, nor the time\n"
         "t.lua:2:35: error: unknown name 'maths' [script-name]\n"
         "  hint: did you mean 'math'?\n"
         "t.lua:2:46: error: unknown name 'math.flor' [script-name]\n"
         "  hint: did you mean 'math.floor'?\n",
         "unknown names, each once"},
        {"return {score = function()\n  total = 1\n  return total end}",
         "t.lua:2:3: error: assignment to global 'total' [script-global]\n"
         "  hint: declare it: local total\n",
         "a global name is assigned to, and read"},
        {"local n = 0\nreturn {score = function()\n  n = n + 1 return n end}",
         "t.lua:3:3: error: keeps state between units: 'n' is changed in function 'score' "
         "(t.lua:3); "
         "declare it inside the function [script-state]\n",
         "kept state"},
        {"return function() end",
         "t.lua: error: the script returns a function, not a definition "
         "[script-definition]\n  hint: return { reads = { ... }, score = function(item, ...) ... "
         "end }\n",
         "a function"},
        {"local x = 1",
         "t.lua: error: the script returns nothing [script-definition]\n"
         "  hint: return { reads = { ... }, score = function(item, ...) ... end }\n",
         "nothing"},
        {"return {}", "t.lua: error: the definition has no function `score` [script-definition]\n",
         "no score"},
        {"return {read = {'a'}, score = function() end}",
         "t.lua:1:9: error: unknown key 'read' [script-definition]\n  hint: did you mean "
         "'reads'?\n",
         "a key misspelt"},
        {"return {score = 5, title = 5, reads = 'a', missing = 'zero', params = 3}",
         "t.lua:1:9: error: score is not a function of this script [script-definition]\n"
         "  hint: score = function(item) ... end\n"
         "t.lua:1:20: error: title is not a text [script-definition]\n"
         "t.lua:1:31: error: reads is a text, not a list [script-definition]\n"
         "  hint: reads = { \"a\" }\n"
         "t.lua:1:44: error: missing can only be \"call\" [script-definition]\n"
         "  hint: what is done about values not reported is said by the rubric's `missing`\n"
         "t.lua:1:62: error: params is not a map like { target = 95 } [script-definition]\n",
         "every key wrong"},
        {"return {params = {f = function() end}, score = function() end}",
         "t.lua:1:9: error: parameter 'f' is no number, text, yes/no, list or map "
         "[script-definition]\n",
         "a parameter of a kind that rubrics do not have"},
        {"local W = {[true] = 2}\nreturn {score = function(item, a) return W[a > 3] end}",
         "t.lua:2:42: warning: 'W' is indexed by a comparison, which some versions of the "
         "interpreter get wrong [script-interpreter]\n"
         "  hint: put the comparison into a local variable first\n",
         "a fault of the interpreter"},
        {"return {score = function(item, a) local W = {} return W[a > 3] or 1 end}", "",
         "which a local table does not have"},
        {"while true do end", "t.lua:1:1: error: step limit of 1000000 exceeded [script-failed]\n",
         "an endless loop"},
        {"local t = nil\nlocal x = t.x\nreturn {}",
         "t.lua:2:1: error: attempt to index a nil value (local 't') [script-failed]\n",
         "an error while loading"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        memset(&b->chunks, 0, sizeof b->chunks);
        add(b, "t", rows[i].text);
        describe(b);
        if (strcmp(findings(b), rows[i].expected) != 0) {
            fail_msg("%s:\n%s\ngives:\n%s", rows[i].why, rows[i].text, findings(b));
        }
        bool clean = strstr(rows[i].expected, "error") == NULL;
        assert_int_equal(b->description.fine, clean);
    }
}

/* Too many constants together with bitwise operators; too many operands. */
static void test_large(void **state)
{
    struct bench *b = *state;
    struct buf t = {0};
    buf_text(&t, "local k = {");
    for (int i = 0; i < 300; i++) {
        buf_printf(&t, "%d.5,", i);
    }
    buf_text(&t,
             "}\nlocal x = #k\nreturn {score = function() return 1 end, title = 'a' .. (1 ~ x)}");
    add(b, "t", t.at);
    describe(b);
    assert_non_null(strstr(findings(b), "[script-syntax]"));
    struct buf u = {0};
    buf_text(&u, "local x = ''\nx = x");
    buf_repeat(&u, " .. 'a'", 230);
    buf_text(&u, "\nreturn {score = function() return 1 end}");
    memset(&b->chunks, 0, sizeof b->chunks);
    add(b, "t", u.at);
    describe(b);
    assert_non_null(strstr(findings(b), "[script-interpreter]"));
    assert_non_null(strstr(findings(b), "[script-syntax]"));
    buf_release(&t);
    buf_release(&u);
}

static void test_description(void **state)
{
    struct bench *b = *state;
    static const char text[] =
        "local helper = require 'm'\n"
        "return {\n"
        "  title = '按期办结率',\n"
        "  reads = { 'received', 'answered' },\n"
        "  params = { target = 95, words = {'a', 'b'}, more = { deep = true } },\n"
        "  missing = 'call',\n"
        "  score = function(it, received, answered, extra, ...)\n"
        "    if received == 0 then return it.not_applicable('none') end\n"
        "    return helper(answered / received) * it.params.target + it.params.tarket\n"
        "  end,\n"
        "}";
    add(b, "t", text);
    add(b, "m", "return function(x) return x end");
    describe(b);
    const struct script_description *d = &b->description;
    assert_string_equal(findings(b), "");
    assert_true(d->fine && d->call_always && d->may_not_apply && d->vararg && !d->params_open);
    assert_string_equal(d->title, "按期办结率");
    assert_int_equal(d->reads.n, 2);
    assert_string_equal(d->reads.at[1].text, "answered");
    assert_int_equal(d->reads.at[1].at.offset, strstr(text, "'answered'") - text);
    assert_int_equal(d->reads_at.offset, strstr(text, "reads") - text);
    assert_int_equal(d->params.entries.n, 3); /* sorted by name */
    assert_string_equal(d->params.entries.at[0].name, "more");
    assert_int_equal(d->params.entries.at[0].value.kind, PARAM_MAP);
    assert_true(d->params.entries.at[1].value.number == 95);
    assert_int_equal(d->params.entries.at[2].value.kind, PARAM_LIST);
    assert_string_equal(d->params.entries.at[2].value.entries.at[1].value.text, "b");
    assert_int_equal(d->n_parameters, 4);
    assert_int_equal(d->n_unused_parameters, 8); /* extra */
    assert_int_equal(d->score_at.offset, strstr(text, "function(it") - text);
    assert_int_equal(d->params_read.n, 2);
    assert_string_equal(d->params_read.at[1].text, "tarket");
    assert_int_equal(d->params_read.at[1].at.offset, strstr(text, "tarket") - text);
}

static void test_params_open(void **state)
{
    static const struct {
        const char *body;
        bool open;
    } rows[] = {
        {"return item.params.a", false},
        {"return item.params[1]", true},
        {"local p = item.params return 1", true},
        {"return f(item)", true},
        {"return item.points", false},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        memset(&b->chunks, 0, sizeof b->chunks);
        add(b, "t",
            arena_printf(&b->arena,
                         "local f = function(i) return 1 end\n"
                         "return {score = function(item) %s end}",
                         rows[i].body));
        describe(b);
        assert_int_equal(b->description.params_open, rows[i].open);
    }
}

/* In a worker, with a chunk of every kind. */
static void test_worker(void **state)
{
    struct bench *b = *state;
    add(b, "t", "return {title = 'T', score = function() return 1 end}");
    add(b, "m", "return {x = nosuch}");
    add(b, "f", "return{score=function(_item,a)return(a +\n)end}");
    b->chunks.at[2].module = NULL;
    bool main[] = {true, false, false};
    struct script_description out[3];
    scripts_describe(&b->arena, &b->diag, &b->chunks, main, out);
    assert_true(out[0].fine);
    assert_string_equal(out[0].title, "T");
    assert_string_equal(findings(b),
                        "m.lua:1:13: error: unknown name 'nosuch' [script-name]\n"
                        "f.lua: error: the expression is not complete [script-syntax]\n");
}

/* ---- expressions ---- */

static void test_expressions(void **state)
{
    static const struct {
        const char *text, *names; /* or the finding */
    } rows[] = {
        {"a + b * a", "a b"},
        {"points.study / class.max.x", "points.study class.max.x"},
        {"math.min(a, full) + clamp(previous . x, 0, 1)", "a full previous.x"},
        {"unit.class == 'street' and a >= 95 or not b", "unit.class a b"},
        {"(name):upper() .. tostring(x)", "name x"},
        {"10 % 3 + a%b + 7%2", "a b"},
        {"a -- b", "r:1:3: error: an expression has no comments [script-syntax]\n"
                   "  hint: write it behind a # on a line of its own, outside of the expression\n"},
        {"a .. '--'", "a"},
        {"d > 2024-12-31",
         "r:1:5: error: '2024-12-31' would be a subtraction or division [script-syntax]\n"
         "  hint: a date is written date.parse(\"2024-12-31\")\n"},
        {"a - 2024 - 12 - 31", "a"},
        {"", "r:1:1: error: there is no expression [script-syntax]\n"},
        {"a != b", "r:1:3: error: an expression cannot have '!=' [script-syntax]\n"
                   "  hint: write ~= for `is not`\n"},
        {"a ≥ b", "r:1:3: error: an expression cannot have '≥' [script-syntax]\n"
                  "  hint: write >=\n"},
        {"a = b", "r:1:3: error: an expression cannot have '=' [script-syntax]\n"
                  "  hint: write == to compare\n"},
        {"a >= 95%", "r:1:6: error: an expression cannot have '95%' [script-syntax]\n"
                     "  hint: percent values are 0..100: write 95\n"},
        {"a >= 95% and b", "r:1:6: error: an expression cannot have '95%' [script-syntax]\n"
                           "  hint: percent values are 0..100: write 95\n"},
        {"f(function() end)", "r:1:3: error: an expression cannot have 'function' [script-syntax]\n"
                              "  hint: a function needs a script of its own: method: lua\n"},
        {"a) + (b", "r:1:2: error: an expression cannot have ')' [script-syntax]\n"},
        {"(a", "r:1:1: error: a bracket is not closed [script-syntax]\n"},
        {"a, b", "r:1:2: error: an expression cannot have ',' [script-syntax]\n"},
        {"a --[[", "r:1:3: error: an expression has no comments [script-syntax]\n"
                   "  hint: write it behind a # on a line of its own, outside of the expression\n"},
        {"a; b", "r:1:2: error: an expression cannot have ';' [script-syntax]\n"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        diag_init(&b->diag, &b->arena);
        const struct source *s =
            source_from_text(&b->arena, "r", rows[i].text, strlen(rows[i].text));
        script_names names = {0};
        const char *got = "";
        if (expression_names(&b->arena, &b->diag, str_of(rows[i].text), (span){s, 0, s->n},
                             &names)) {
            for (uint32_t j = 0; j < names.n; j++) {
                got = arena_printf(&b->arena, "%s%s%s", got, j > 0 ? " " : "", names.at[j].text);
            }
        } else {
            got = findings(b);
        }
        const char *expected = rows[i].names;
        if (strcmp(got, expected) != 0 &&
            !(strncmp(expected, "r:", 2) == 0 && rows[i].text[0] == '\0')) {
            fail_msg("%s\ngives:\n%s", rows[i].text, got);
        }
    }
}

static void test_expression_chunk(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *text, *chunk;
    } rows[] = {
        {"points.a + points_a * math.pi",
         "return{score=function(_item,points_a_,points_a)return(points_a_ + points_a * "
         "math.pi\n)end}"},
        {"_item + item", "return{score=function(__item,_item,item)return(_item + item\n)end}"},
        {"x:rep(2) .. days.between", "return{score=function(_item,x,days_between_)return(x:rep(2) "
                                     ".. days_between_\n)end}"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        script_names names = {0};
        str text = str_of(rows[i].text);
        assert_true(expression_names(&b->arena, &b->diag, text, (span){0}, &names));
        assert_string_equal(expression_chunk(&b->arena, text, &names), rows[i].chunk);
    }
}

static void test_requires(void **state)
{
    struct bench *b = *state;
    add(b, "t", "local a = require 'shares' local b = require(\"more\")\nlocal c = x.require");
    script_names names = {0};
    assert_true(chunk_requires(&b->arena, &b->diag, &b->chunks.at[0], &names));
    assert_int_equal(names.n, 2);
    assert_string_equal(names.at[0].text, "shares");
    assert_string_equal(names.at[1].text, "more");
    assert_int_equal(names.at[1].at.offset, 45);
    add(b, "u", "local a = require(x)");
    assert_false(chunk_requires(&b->arena, &b->diag, &b->chunks.at[1], &names));
    assert_string_equal(findings(b),
                        "u.lua:1:11: error: require takes the name of a script, in quotes "
                        "[script-missing]\n  hint: it is written like: require \"shares\"\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, drop_bench)
    const struct CMUnitTest tests[] = {
        TEST(test_findings),         TEST(test_large),    TEST(test_description),
        TEST(test_params_open),      TEST(test_worker),   TEST(test_expressions),
        TEST(test_expression_chunk), TEST(test_requires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
