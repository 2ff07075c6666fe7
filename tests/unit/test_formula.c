/*
 * test_formula.c - formulas without Lua: which there are, and that they give what Lua gives, to the
 * last bit, for random expressions of random values.
 *
 * An expression depends on its seed alone, which a failure prints with the values.
 */
#include "lua/describe.h"
#include "lua/formula.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* ---- scripts of expressions ---- */

/* Names and what stands for them, in the order in which draw() makes values. */
static const char *const names[] = {"a", "b", "points.c", "yes", "word"};
enum { N_NAMES = sizeof names / sizeof names[0], YES = 3, WORD = 4 };

struct bench {
    struct arena arena;
    struct rubric rubric;
};

/* False: no expression of a rubric. */
static bool add(struct bench *b, const char *text, enum script_use use)
{
    struct diag d;
    script_names found = {0};
    diag_init(&d, &b->arena);
    if (!expression_names(&b->arena, &d, str_of(text), (span){0}, &found)) {
        return false;
    }
    const char *chunk = expression_chunk(&b->arena, str_of(text), &found);
    *vec_push(&b->arena, &b->rubric.chunks) =
        (struct chunk){.name = "formula", .text = chunk, .n = strlen(chunk)};
    struct script *s = vec_push(&b->arena, &b->rubric.scripts);
    *s = (struct script){.use = use,
                         .chunk = b->rubric.chunks.n - 1,
                         .id = "x",
                         .text = arena_text(&b->arena, text, strlen(text)),
                         .params = {.kind = PARAM_MAP}};
    for (uint32_t i = 0; i < found.n; i++) {
        vec_push(&b->arena, &s->inputs)->name = found.at[i].text;
    }
    s->formula = formula_compile(&b->arena, &b->rubric.chunks.at[s->chunk]);
    return true;
}

/* Arguments in the order of the script's inputs. */
static struct arg *args_of(struct bench *b, const struct script *s, const struct arg *values)
{
    struct arg *args = ARENA_ARRAY(&b->arena, struct arg, s->inputs.n + 1);
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        for (size_t k = 0; k < N_NAMES; k++) {
            if (strcmp(s->inputs.at[i].name, names[k]) == 0) {
                args[i] = values[k];
            }
        }
    }
    return args;
}

/* ---- which there are ---- */

struct text_row {
    const char *text;
    bool compiled;
};

static void test_which(void **state)
{
    static const struct text_row rows[] = {
        {"a", true},
        {"5", true},
        {"full * (a + 0.5 * b) / points.c", true},
        {"a >= 90 and 4 or a >= 80 and 3.4 or 0", true},
        {"math.max(0, full - math.max(0, 95 - a) * 0.2)", true},
        {"clamp(a, 0, full)", true},
        {"math.floor(a) + math.ceil(b) - math.abs(-points.c)", true},
        {"not (a == b) and true or yes ~= false", true},
        {"word == 'A' and 3 or word == \"优\" and 2 or word == '' and 1", true},
        {"yes and nil or 1e3 + .5 + 3.", true},
        {"a\n+\nb", true},
        {"a // 2", false},
        {"a ^ 2", false},
        {"a / b % 2", false},
        {"-a ^ 2", false},
        {"word .. 'x'", false},
        {"#word", false},
        {"a | 1", false},
        {"~a", false},
        {"a >> 1", false},
        {"round(a, 2) + round(b) + steps(a, 5)", true},
        {"round(a, 2, 3)", false},
        {"round()", false},
        {"steps(a)", false},
        {"days_between(a, b)", false},
        {"math.sqrt(a)", false},
        {"math.huge", false},
        {"select(1, a)", false},
        {"word:len()", false},
        {"({1, 2})[1]", false},
        {"math.min()", false},
        {"clamp(a, 0)", false},
        {"math.abs(a, b)", false},
        {"0x10", false},
        {"9223372036854775807", false},
        {"999999999999999999", true},
        {"word == 'a\\n'", false},
        {"word == [[a]]", false},
        {"math", true}, /* a field of that name */
        {"clamp + clamp(a, 0, 1)", true},
    };
    struct bench b = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_true(add(&b, rows[i].text, SCRIPT_FORMULA));
        if ((b.rubric.scripts.at[i].formula != NULL) != rows[i].compiled) {
            fail_msg("%s: compiled is not %d", rows[i].text, rows[i].compiled);
        }
    }
    arena_release(&b.arena);
}

/* More steps, a deeper stack or more brackets than there may be. */
static void test_too_much(void **state)
{
    static const struct {
        const char *begin, *middle, *end;
        int least, most; /* so often it still goes, so often not */
    } rows[] = {{"", "a+", "a", 400, 600}, {"", "a+(", "a", 14, 16}, {"", "(", "a", 90, 101}};
    struct bench b = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        for (int more = 0; more <= 1; more++) {
            struct buf text = {0};
            int times = more ? rows[i].most : rows[i].least;
            buf_text(&text, rows[i].begin);
            for (int k = 0; k < times; k++) {
                buf_text(&text, rows[i].middle);
            }
            buf_text(&text, rows[i].end);
            for (int k = 0; k < times && strchr(rows[i].middle, '('); k++) {
                buf_char(&text, ')');
            }
            assert_true(add(&b, text.at, SCRIPT_FORMULA));
            const struct script *s = &b.rubric.scripts.at[b.rubric.scripts.n - 1];
            assert_int_equal(s->formula == NULL, more);
            buf_release(&text);
        }
    }
    arena_release(&b.arena);
}

/* ---- what they give ---- */

struct given_row {
    const char *text;
    const char *gives; /* with a = 7, b = 0, points.c = 2.5, yes, word = "A"; "-": Lua is asked */
};

static void test_given(void **state)
{
    static const struct given_row rows[] = {
        {"2 + 3 * 4", "14"},
        {"(2 + 3) * 4", "20"},
        {"10 - 3 - 2", "5"},
        {"-a * 2", "-14"},
        {"not yes == true and 1 or 2", "2"},
        {"1 < 2 == true and 1 or 2", "1"},
        {"7 / 2", "3.5"},
        {"999999999999999999 * 10 + 999999999999999999 * 10", "1.55325592629e+18"}, /* it wraps */
        {"999999999999999999. * 10", "1e+19"},
        {"yes and a or b", "7"},
        {"b and 1 or 2", "1"}, /* 0 is true */
        {"nil == false and 1 or 2", "2"},
        {"word == 'A' and 1 or 0", "1"},
        {"word == a and 1 or 0", "0"},
        {"math.min(3, a, points.c)", "2.5"},
        {"math.max(3, a, points.c)", "7"},
        {"clamp(a, 0, 5)", "5"},
        {"clamp(a, 10, 20)", "10"},
        {"math.floor(-points.c)", "-3"},
        {"math.ceil(-points.c)", "-2"},
        {"math.abs(-a)", "7"},
        {"round(2.675, 2)", "2.68"},
        {"round(-points.c)", "-3"},
        {"round(7, 3)", "7"},
        {"steps(0.3, 0.1)", "3"},
        {"steps(-1, 5)", "0"},
        {"steps(a, points.c)", "2"},
        {"a / b > 3 and 1 or 0", "1"},
        {"a / b", "-"},
        {"b / b", "-"},
        {"math.min(a / b, 1)", "-"},
        {"clamp(a, 5, 0)", "-"},
        {"yes + 1", "-"},
        {"-word", "-"},
        {"word < 'B'", "-"},
        {"a < word", "-"},
        {"a > 100 and 1", "-"},
        {"a > 3", "-"},
        {"nil", "-"},
        {"math.floor(word)", "-"},
        {"round(a, 9)", "-"},
        {"round(a, 2.0)", "-"},  /* Lua takes it */
        {"round(1e15, 2)", "-"}, /* likewise */
        {"steps(1, 0)", "-"},
        {"steps(1e15, 1)", "-"},
        {"-b - 0", "-"}, /* 0 */
        {"-b - 0.", "-0"},
        {"9007199254740993 > a * 1e15 and 1 or 0", "-"}, /* Lua compares them exactly */
    };
    struct arg values[N_NAMES] = {{.kind = ARG_NUMBER, .number = 7},
                                  {.kind = ARG_NUMBER},
                                  {.kind = ARG_NUMBER, .number = 2.5},
                                  {.kind = ARG_YESNO, .number = 1},
                                  {.kind = ARG_TEXT, .text = "A", .n = 1}};
    struct bench b = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char got[40] = "-";
        double number;
        assert_true(add(&b, rows[i].text, SCRIPT_FORMULA));
        const struct script *s = &b.rubric.scripts.at[i];
        assert_non_null(s->formula);
        if (formula_number(s->formula, args_of(&b, s, values), &number)) {
            snprintf(got, sizeof got, "%.12g", number);
        }
        if (strcmp(got, rows[i].gives) != 0) {
            fail_msg("%s: %s, not %s", rows[i].text, got, rows[i].gives);
        }
    }
    arena_release(&b.arena);
}

/* ---- random ones ---- */

struct random {
    uint64_t seed;
};

static uint64_t draw(struct random *r) /* splitmix64 */
{
    uint64_t z = r->seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint32_t below(struct random *r, uint32_t n) { return (uint32_t)(draw(r) % n); }

#define ONE_OF(r, list) ((list)[below(r, (uint32_t)ROWS(list))])

/* What is meant to come out; now and then something else does, as where people write them. */
enum meant { MEANT_NUMBER, MEANT_YESNO };

static void draw_expression(struct random *r, enum meant meant, int depth, struct buf *out);

static void draw_operand(struct random *r, enum meant meant, struct buf *out)
{
    static const char *const literals[] = {"0",
                                           "1",
                                           "2",
                                           "3",
                                           "10",
                                           "100",
                                           "0.0",
                                           "1.0",
                                           "0.5",
                                           "0.1",
                                           ".25",
                                           "3.",
                                           "1e3",
                                           "95",
                                           "2.5",
                                           "1e-3",
                                           "1e16",
                                           "7E+2",
                                           "1e30",
                                           "5e-324",
                                           "60",
                                           "90",
                                           "0.2",
                                           "1",
                                           "0",
                                           "1e308",
                                           "12",
                                           "0.30000004",
                                           "4",
                                           "3.4",
                                           "2.8",
                                           "9007199254740992",
                                           "20",
                                           "1000000",
                                           "9007199254740993",
                                           "922337203685477580",
                                           "999999999999999999"};
    static const char *const fields[] = {"a", "b", "points.c"};
    static const char *const answers[] = {
        "yes",         "true",         "false",        "yes == true", "word == 'A'",
        "word ~= 'B'", "word == \"\"", "'AB' == word", "a == nil",    "b == points.c"};
    static const char *const odd[] = {"word", "nil", "'A'", "yes", "a", "1"};
    if (below(r, 100) == 0) {
        buf_text(out, ONE_OF(r, odd));
    } else if (meant == MEANT_YESNO) {
        buf_text(out, ONE_OF(r, answers));
    } else {
        buf_text(out, below(r, 5) < 3 ? ONE_OF(r, fields) : ONE_OF(r, literals));
    }
}

static void draw_call(struct random *r, int depth, struct buf *out)
{
    static const struct {
        const char *name;
        uint32_t least, most;
    } functions[] = {{"round", 1, 1},     {"steps", 2, 2},    {"math.min", 1, 4},
                     {"math.max", 1, 4},  {"math.min", 2, 2}, {"math.max", 2, 2},
                     {"math.ceil", 1, 1}, {"math.abs", 1, 1}, {"math.floor", 1, 1},
                     {"math.sqrt", 1, 1}};
    size_t i = below(r, (uint32_t)ROWS(functions) + 3);
    if (i == ROWS(functions)) {
        buf_text(out, "round(");
        draw_expression(r, MEANT_NUMBER, depth - 1, out);
        buf_printf(out, ", %u)", below(r, 10));
        return;
    }
    if (i > ROWS(functions)) { /* mostly with a low end below the high one */
        buf_text(out, "clamp(");
        draw_expression(r, MEANT_NUMBER, depth - 1, out);
        buf_text(out, below(r, 4) > 0 ? ", -5, 10)" : ", a, 5.5)");
        return;
    }
    uint32_t n = functions[i].least + below(r, functions[i].most - functions[i].least + 1);
    buf_text(out, functions[i].name);
    for (uint32_t k = 0; k < n; k++) {
        buf_text(out, k == 0 ? "(" : ", ");
        draw_expression(r, MEANT_NUMBER, depth - 1, out);
    }
    buf_text(out, ")");
}

static void draw_two(struct random *r, enum meant left, const char *sign, enum meant right,
                     int depth, struct buf *out)
{
    draw_expression(r, left, depth - 1, out);
    buf_printf(out, " %s ", sign);
    draw_expression(r, right, depth - 1, out);
}

static void draw_figure(struct random *r, int depth, struct buf *out)
{
    static const char *const signs[] = {"+", "-", "*", "/", "+", "-", "*", "/", "+", "-",  "*",
                                        "/", "+", "-", "*", "/", "+", "-", "*", "/", "//", "^"};
    switch (below(r, 10)) {
    case 0:
    case 1:
        draw_call(r, depth, out);
        break;
    case 2:
        buf_text(out, "- ");
        draw_expression(r, MEANT_NUMBER, depth - 1, out);
        break;
    case 3:
    case 4:
        draw_expression(r, MEANT_YESNO, depth - 1, out);
        buf_text(out, " and ");
        draw_two(r, MEANT_NUMBER, "or", MEANT_NUMBER, depth, out);
        break;
    default:
        draw_two(r, MEANT_NUMBER, ONE_OF(r, signs), MEANT_NUMBER, depth, out);
    }
}

static void draw_answer(struct random *r, int depth, struct buf *out)
{
    static const char *const signs[] = {"<", ">", "<=", ">=", "==", "~="};
    static const char *const joins[] = {"and", "or", "==", "~="};
    switch (below(r, 5)) {
    case 0:
        buf_text(out, "not ");
        draw_expression(r, MEANT_YESNO, depth - 1, out);
        break;
    case 1:
    case 2:
        draw_two(r, MEANT_YESNO, ONE_OF(r, joins), MEANT_YESNO, depth, out);
        break;
    default:
        draw_two(r, MEANT_NUMBER, ONE_OF(r, signs), MEANT_NUMBER, depth, out);
    }
}

/* Often without brackets, so that what binds tighter is put to the test. */
static void draw_expression(struct random *r, enum meant meant, int depth, struct buf *out)
{
    bool bracket = below(r, 8) < 3;
    meant = below(r, 200) == 0 ? (enum meant)(1 - meant) : meant;
    buf_text(out, bracket ? "(" : "");
    if (depth <= 0 || below(r, 5) == 0) {
        draw_operand(r, meant, out);
    } else if (meant == MEANT_NUMBER) {
        draw_figure(r, depth, out);
    } else {
        draw_answer(r, depth, out);
    }
    buf_text(out, bracket ? ")" : "");
}

static double draw_number(struct random *r)
{
    static const double numbers[] = {
        0,      -0.0,     1,       -1,       0.1,        0.5,       2.675,  100,     90,      1e300,
        -1e300, 5e-324,   DBL_MAX, -DBL_MAX, 0x1p53,     -0x1p53,   0x1p63, -0x1p63, 1e16,    92e9,
        -92e9,  INFINITY, 12,      60,       0x1p53 + 2, 0.1 + 0.2, 67.57,  33.333,  1.0 / 3, NAN};
    switch (below(r, 4)) {
    case 0:
        return ONE_OF(r, numbers);
    case 1:
        return (double)below(r, 1000);
    case 2:
        return (double)(int64_t)draw(r) / 1e8;
    default:
        return (double)below(r, 10000000) / 1e4;
    }
}

static void draw_values(struct random *r, struct arg *values)
{
    static const char *const texts[] = {"A", "B", "", "AB", "0"};
    for (size_t i = 0; i < N_NAMES; i++) {
        values[i] = (struct arg){.kind = ARG_NUMBER, .number = draw_number(r)};
        if ((i == YES) != (below(r, 60) == 0)) { /* and now and then what does not belong there */
            values[i] = (struct arg){.kind = ARG_YESNO, .number = below(r, 2)};
        } else if (i == WORD) {
            const char *text = ONE_OF(r, texts);
            values[i] = (struct arg){.kind = ARG_TEXT, .text = text, .n = strlen(text)};
        } else if (below(r, 60) == 0) {
            values[i] = (struct arg){.kind = ARG_NIL};
        }
    }
}

static void show_values(const struct arg *values, char *out, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < N_NAMES && at < n; i++) {
        const struct arg *v = &values[i];
        at +=
            (size_t)(v->kind == ARG_TEXT ? snprintf(out + at, n - at, " %s='%s'", names[i], v->text)
                     : v->kind == ARG_NIL ? snprintf(out + at, n - at, " %s=nil", names[i])
                     : v->kind == ARG_YESNO
                         ? snprintf(out + at, n - at, " %s=%s", names[i],
                                    v->number ? "true" : "false")
                         : snprintf(out + at, n - at, " %s=%.17g", names[i], v->number));
    }
}

struct tried {
    uint64_t expressions, compiled;
    uint64_t both, only_lua, neither; /* values: given by both; refused; no value in Lua either */
};

/* Bit for bit: 0 is not -0. */
static void compare(struct bench *b, uint64_t seed, uint32_t script, const struct call *call,
                    const struct call_result *lua, const struct arg *values, struct tried *tried)
{
    const struct script *s = &b->rubric.scripts.at[script];
    double number = 0;
    bool yes = false;
    bool given = s->use == SCRIPT_FORMULA ? formula_number(s->formula, call->args, &number)
                                          : formula_yesno(s->formula, call->args, &yes);
    bool fine = lua->state == CALL_VALUE;
    tried->both += given;
    tried->only_lua += !given && fine;
    tried->neither += !given && !fine;
    bool same = !given || (fine && (s->use == SCRIPT_FORMULA
                                        ? memcmp(&number, &lua->number, sizeof number) == 0
                                        : yes == lua->yes));
    if (!same) {
        char shown[400];
        show_values(values, shown, sizeof shown);
        fail_msg("seed %" PRIu64 ": %s with%s: %.17g (%d), and in Lua %.17g (%d) %s", seed, s->text,
                 shown, number, yes, lua->number, lua->yes, lua->error ? lua->error : "");
    }
}

#define EXPRESSIONS 200 /* in a sandbox */
#define VALUES 20       /* for each */

/* The expressions of seeds from `first` on. */
static void try_some(uint64_t first, struct tried *tried)
{
    struct bench b = {0};
    uint64_t seeds[EXPRESSIONS];
    for (uint64_t i = 0; i < EXPRESSIONS; i++) {
        struct random r = {first + i};
        struct buf text = {0};
        enum script_use use = below(&r, 3) == 0 ? SCRIPT_CONDITION : SCRIPT_FORMULA;
        draw_expression(&r, use == SCRIPT_FORMULA ? MEANT_NUMBER : MEANT_YESNO, 4, &text);
        if (add(&b, text.at, use)) {
            seeds[b.rubric.scripts.n - 1] = first + i;
        }
        buf_release(&text);
    }
    struct sandbox *sandbox = sandbox_new(&b.rubric, NULL);
    for (uint32_t i = 0; i < b.rubric.scripts.n; i++) {
        struct random r = {~seeds[i]};
        tried->expressions++;
        tried->compiled += b.rubric.scripts.at[i].formula != NULL;
        for (int k = 0; k < VALUES && b.rubric.scripts.at[i].formula; k++) {
            struct arg values[N_NAMES];
            struct call_result lua;
            draw_values(&r, values);
            struct call call = {.full = 10,
                                .args = args_of(&b, &b.rubric.scripts.at[i], values),
                                .arena = &b.arena};
            sandbox_call(sandbox, i, &call, &lua);
            compare(&b, seeds[i], i, &call, &lua, values, tried);
        }
    }
    sandbox_release(sandbox);
    arena_release(&b.arena);
}

/* KAOPING_SEED begins elsewhere, KAOPING_SEEDS takes more of them. */
static uint64_t asked(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void test_random(void **state)
{
    struct tried tried = {0};
    uint64_t first = asked("KAOPING_SEED", 1), n = asked("KAOPING_SEEDS", 6000);
    (void)state;
    for (uint64_t i = 0; i < n; i += EXPRESSIONS) {
        try_some(first + i, &tried);
    }
    print_message("seeds %" PRIu64 " to %" PRIu64 ": %" PRIu64 " expressions, %" PRIu64
                  " compiled; values of both %" PRIu64 ", of Lua alone %" PRIu64
                  ", of none %" PRIu64 "\n",
                  first, first + n - 1, tried.expressions, tried.compiled, tried.both,
                  tried.only_lua, tried.neither);
    /* What is left to Lua agrees with everything. */
    assert_true(tried.compiled * 2 > tried.expressions);
    assert_true(tried.both > 20 * tried.only_lua);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which),
        cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_given),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
