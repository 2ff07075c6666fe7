/*
 * formula_compile.c - the text of an expression into steps: see formula.h.
 *
 * It reads the chunk, not the rubric's text: there every name of the rubric is a parameter, and
 * whatever else is a name belongs to the sandbox's world. The operators bind as in Lua's manual
 * (3.4.8). What is not known here (.., ^, //, %, #, a call of something else) ends the reading
 * where a bracket or a comma must stand, and so leaves the whole expression to Lua.
 */
#include "lua/formula.h"
#include "lua/formula_steps.h"
#include "lua/tokens.h"

#include <stdlib.h>
#include <string.h>

#define NESTED_MOST 100 /* brackets and signs within each other */
#define DIGITS_MOST 18  /* of an integer: as many always fit */
#define NUMBER_MOST 60  /* characters of any other number */

struct compiling {
    struct arena *arena;
    tokens all;
    size_t at;
    VEC(str) parameters;
    VEC(struct formula_step) steps;
    VEC(struct value) constants;
    uint32_t depth; /* of the stack behind the last step */
    uint32_t nested;
    bool refused;
};

static void refuse(struct compiling *c) { c->refused = true; }

/* ---- tokens ---- */

static struct token next(const struct compiling *c) { return tokens_at(&c->all, c->at); }

static bool accept(struct compiling *c, const char *sign)
{
    struct token t = next(c);
    bool there = token_is(&t, sign);
    c->at += there;
    return there;
}

static void expect(struct compiling *c, const char *sign)
{
    if (!accept(c, sign)) {
        refuse(c);
    }
}

static void expect_name(struct compiling *c, const char *name)
{
    struct token t = next(c);
    if (t.kind == TOKEN_NAME && str_is(t.text, name)) {
        c->at++;
    } else {
        refuse(c);
    }
}

/* ---- steps ---- */

/* `taken` values of the stack become one, or none if it only looks at them. */
static void emit(struct compiling *c, enum step_op op, uint32_t n, uint32_t taken, bool gives)
{
    c->depth = c->depth - taken + gives;
    if (c->depth > DEPTH_MOST || c->steps.n >= STEPS_MOST) {
        refuse(c);
        return;
    }
    *vec_push(c->arena, &c->steps) = (struct formula_step){op, n, taken};
}

static void emit_constant(struct compiling *c, struct value value)
{
    *vec_push(c->arena, &c->constants) = value;
    emit(c, STEP_CONSTANT, c->constants.n - 1, 0, true);
}

/* ---- operands ---- */

static bool only_digits(str text)
{
    size_t n = 0;
    while (n < text.n && text.at[n] >= '0' && text.at[n] <= '9') {
        n++;
    }
    return n == text.n;
}

/* As Lua reads it: digits alone are an integer, a point or an exponent makes a float. */
static void read_number(struct compiling *c, str text)
{
    char copy[NUMBER_MOST + 1];
    char *end;
    bool plain = text.n <= NUMBER_MOST;
    for (size_t i = 0; i < text.n; i++) {
        plain = plain && strchr("0123456789.eE+-", text.at[i]) != NULL;
    }
    bool whole = only_digits(text);
    if (!plain || (whole && text.n > DIGITS_MOST)) {
        refuse(c);
        return;
    }
    memcpy(copy, text.at, text.n);
    copy[text.n] = '\0';
    struct value value = {.kind = whole ? VALUE_WHOLE : VALUE_FLOAT};
    if (whole) {
        value.whole = strtoll(copy, &end, 10);
    } else {
        value.number = strtod(copy, &end);
    }
    if (*end != '\0') {
        refuse(c);
    }
    emit_constant(c, value);
}

static void read_text(struct compiling *c, const struct token *t)
{
    str text = token_quoted(t);
    if (text.n == 0 && t->text.n != 2) { /* one with escapes, not an empty one */
        refuse(c);
    }
    struct arg *arg = ARENA_NEW(c->arena, struct arg);
    *arg = (struct arg){.kind = ARG_TEXT, .text = text.at, .n = text.n};
    emit_constant(c, (struct value){.kind = VALUE_TEXT, .text = arg});
}

static bool read_keyword(struct compiling *c)
{
    static const struct {
        const char *word;
        struct value value;
    } words[] = {{"true", {.kind = VALUE_YESNO, .yes = true}},
                 {"false", {.kind = VALUE_YESNO}},
                 {"nil", {.kind = VALUE_NIL}}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (accept(c, words[i].word)) {
            emit_constant(c, words[i].value);
            return true;
        }
    }
    return false;
}

static void read_expression(struct compiling *c, int above);

/* (a, b, c) */
static uint32_t read_arguments(struct compiling *c)
{
    uint32_t n = 0;
    expect(c, "(");
    do {
        read_expression(c, 0);
        n++;
    } while (!c->refused && accept(c, ","));
    expect(c, ")");
    return n;
}

struct function {
    const char *name;
    enum step_op op;
    uint32_t least, most; /* arguments */
};

static void read_call(struct compiling *c, const struct function *known, size_t n_known)
{
    struct token t = next(c);
    for (size_t i = 0; i < n_known && t.kind == TOKEN_NAME; i++) {
        if (str_is(t.text, known[i].name)) {
            c->at++;
            uint32_t n = read_arguments(c);
            if (n < known[i].least || n > known[i].most) {
                refuse(c);
                return;
            }
            emit(c, known[i].op, n, n, true);
            return;
        }
    }
    refuse(c);
}

static void read_name(struct compiling *c)
{
    static const struct function of_math[] = {{"min", STEP_MIN, 1, DEPTH_MOST},
                                              {"max", STEP_MAX, 1, DEPTH_MOST},
                                              {"floor", STEP_FLOOR, 1, 1},
                                              {"ceil", STEP_CEIL, 1, 1},
                                              {"abs", STEP_ABS, 1, 1}};
    static const struct function helpers[] = {
        {"clamp", STEP_CLAMP, 3, 3}, {"steps", STEP_STEPS, 2, 2}, {"round", STEP_ROUND, 1, 2}};
    str name = next(c).text;
    for (uint32_t i = 0; i < c->parameters.n; i++) {
        if (str_eq(name, c->parameters.at[i])) {
            c->at++;
            emit(c, STEP_INPUT, i, 0, true);
            return;
        }
    }
    if (str_is(name, "math")) {
        c->at++;
        expect(c, ".");
        read_call(c, of_math, sizeof of_math / sizeof of_math[0]);
    } else {
        read_call(c, helpers, sizeof helpers / sizeof helpers[0]);
    }
}

static void read_operand(struct compiling *c)
{
    struct token t = next(c);
    if (t.kind == TOKEN_NUMBER) {
        c->at++;
        read_number(c, t.text);
    } else if (t.kind == TOKEN_TEXT) {
        c->at++;
        read_text(c, &t);
    } else if (t.kind == TOKEN_NAME) {
        read_name(c);
    } else if (accept(c, "(")) {
        read_expression(c, 0);
        expect(c, ")");
    } else if (!read_keyword(c)) {
        refuse(c);
    }
}

/* ---- operators ---- */

#define BINDS_UNARY 6

struct binary {
    const char *sign;
    int binds; /* the tighter, the higher; all of one height from left to right */
    enum step_op op;
};

static const struct binary binaries[] = {
    {"or", 1, STEP_OR},        {"and", 2, STEP_AND},       {"<", 3, STEP_LESS},
    {">", 3, STEP_MORE},       {"<=", 3, STEP_LESS_EQUAL}, {">=", 3, STEP_MORE_EQUAL},
    {"~=", 3, STEP_NOT_EQUAL}, {"==", 3, STEP_EQUAL},      {"+", 4, STEP_ADD},
    {"-", 4, STEP_SUBTRACT},   {"*", 5, STEP_MULTIPLY},    {"/", 5, STEP_DIVIDE},
};

static const struct binary *binary_at(const struct compiling *c)
{
    struct token t = next(c);
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++) {
        if (token_is(&t, binaries[i].sign)) {
            return &binaries[i];
        }
    }
    return NULL;
}

static void read_unary(struct compiling *c)
{
    bool minus = accept(c, "-");
    if (minus || accept(c, "not")) {
        read_expression(c, BINDS_UNARY);
        emit(c, minus ? STEP_NEGATE : STEP_NOT, 0, 1, true);
    } else {
        read_operand(c);
    }
}

static void read_right(struct compiling *c, const struct binary *b)
{
    uint32_t jump = c->steps.n;
    if (b->op != STEP_AND && b->op != STEP_OR) {
        read_expression(c, b->binds);
        emit(c, b->op, 0, 2, true);
        return;
    }
    emit(c, b->op, 0, 1, false);
    read_expression(c, b->binds);
    if (!c->refused) {
        c->steps.at[jump].n = c->steps.n;
    }
}

/* As far as operators go that bind tighter than `above`. */
static void read_expression(struct compiling *c, int above)
{
    if (c->refused || ++c->nested > NESTED_MOST) {
        refuse(c);
        return;
    }
    read_unary(c);
    const struct binary *b = binary_at(c);
    while (!c->refused && b && b->binds > above) {
        c->at++;
        read_right(c, b);
        b = binary_at(c);
    }
    c->nested--;
}

/* ---- the chunk ---- */

/* return{score=function(_item,a,b)return( ... )end} */
static void read_chunk(struct compiling *c)
{
    expect(c, "return");
    expect(c, "{");
    expect_name(c, "score");
    expect(c, "=");
    expect(c, "function");
    expect(c, "(");
    c->at++; /* item, of which an expression knows nothing */
    while (!c->refused && accept(c, ",")) {
        *vec_push(c->arena, &c->parameters) = next(c).text;
        c->at++;
    }
    expect(c, ")");
    expect(c, "return");
    expect(c, "(");
    read_expression(c, 0);
    expect(c, ")");
    expect(c, "end");
    expect(c, "}");
    if (c->at != c->all.n) {
        refuse(c);
    }
}

const struct formula *formula_compile(struct arena *a, const struct chunk *chunk)
{
    struct compiling c = {.arena = a};
    tokens_read(a, (str){chunk->text, chunk->n}, &c.all);
    read_chunk(&c);
    if (c.refused) {
        return NULL;
    }
    struct formula *f = ARENA_NEW(a, struct formula);
    *f = (struct formula){c.steps.at, c.steps.n, c.constants.at};
    return f;
}
