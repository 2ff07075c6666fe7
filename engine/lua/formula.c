/*
 * formula.c - runs the steps of a formula: see formula.h. Each of these functions gives false where
 * Lua has to be asked.
 */
#include "lua/formula.h"
#include "lua/formula_steps.h"

#include <math.h>
#include <string.h>

/* Below it every integer is a double, and so integers and floats compare as doubles. */
#define EXACT_BELOW 0x1p53
/* A longer text makes the instructions of a call dearer (memory.h). */
#define TEXT_MOST 1024

/* ---- values ---- */

static struct value of_yesno(bool yes) { return (struct value){.kind = VALUE_YESNO, .yes = yes}; }
static struct value of_whole(int64_t n) { return (struct value){.kind = VALUE_WHOLE, .whole = n}; }
static struct value of_float(double x) { return (struct value){.kind = VALUE_FLOAT, .number = x}; }

static bool of_arg(const struct arg *arg, struct value *out)
{
    switch (arg->kind) {
    case ARG_NUMBER:
        *out = of_float(arg->number);
        return true;
    case ARG_YESNO:
        *out = of_yesno(arg->number != 0);
        return true;
    case ARG_TEXT:
        *out = (struct value){.kind = VALUE_TEXT, .text = arg};
        return arg->n <= TEXT_MOST;
    case ARG_NIL:
        out->kind = VALUE_NIL;
        return true;
    case ARG_LIST:
        break;
    }
    return false;
}

static bool is_true(const struct value *v)
{
    return v->kind != VALUE_NIL && (v->kind != VALUE_YESNO || v->yes);
}

static bool is_number(const struct value *v)
{
    return v->kind == VALUE_WHOLE || v->kind == VALUE_FLOAT;
}

/* Of a number. */
static double as_double(const struct value *v)
{
    return v->kind == VALUE_WHOLE ? (double)v->whole : v->number;
}

/* ---- arithmetic ---- */

/* Integers stay integers and wrap around, but for `/`. */
static bool calculate(enum step_op op, struct value *a, const struct value *b)
{
    if (!is_number(a) || !is_number(b)) {
        return false;
    }
    if (a->kind == VALUE_WHOLE && b->kind == VALUE_WHOLE && op != STEP_DIVIDE) {
        uint64_t x = (uint64_t)a->whole, y = (uint64_t)b->whole;
        uint64_t result = op == STEP_ADD ? x + y : op == STEP_SUBTRACT ? x - y : x * y;
        *a = of_whole((int64_t)result);
        return true;
    }
    double x = as_double(a), y = as_double(b);
    if (op == STEP_SUBTRACT && b->kind == VALUE_WHOLE && y == 0 && x == 0 && signbit(x)) {
        return false; /* x - 0 is x + 0 to Lua's compiler, and so -0 becomes 0 */
    }
    *a = of_float(op == STEP_ADD        ? x + y
                  : op == STEP_SUBTRACT ? x - y
                  : op == STEP_MULTIPLY ? x * y
                                        : x / y);
    return true;
}

static bool negate(struct value *v)
{
    if (v->kind == VALUE_WHOLE) {
        v->whole = (int64_t)(0 - (uint64_t)v->whole);
    } else if (v->kind == VALUE_FLOAT) {
        v->number = -v->number;
    }
    return is_number(v);
}

/* ---- comparisons ---- */

static bool is_small(const struct value *v)
{
    return v->kind == VALUE_WHOLE && fabs((double)v->whole) < EXACT_BELOW;
}

/* Whether an integer and a float, or two floats, compare as doubles. */
static bool are_doubles(const struct value *a, const struct value *b)
{
    return (a->kind == VALUE_FLOAT || is_small(a)) && (b->kind == VALUE_FLOAT || is_small(b));
}

static bool in_order(const struct value *a, const struct value *b, bool or_equal, bool *out)
{
    if (!is_number(a) || !is_number(b)) {
        return false;
    }
    if (a->kind == VALUE_WHOLE && b->kind == VALUE_WHOLE) {
        *out = a->whole < b->whole || (or_equal && a->whole == b->whole);
        return true;
    }
    double x = as_double(a), y = as_double(b);
    *out = or_equal ? x <= y : x < y;
    return are_doubles(a, b);
}

/* Values of different kinds are not the same, and Lua has nothing against asking. */
static bool are_same(const struct value *a, const struct value *b, bool *out)
{
    if (is_number(a) && is_number(b)) {
        bool whole = a->kind == VALUE_WHOLE && b->kind == VALUE_WHOLE;
        *out = whole ? a->whole == b->whole : as_double(a) == as_double(b);
        return whole || are_doubles(a, b);
    }
    *out = a->kind == b->kind &&
           (a->kind == VALUE_NIL || (a->kind == VALUE_YESNO && a->yes == b->yes) ||
            (a->kind == VALUE_TEXT && a->text->n == b->text->n &&
             memcmp(a->text->text, b->text->text, a->text->n) == 0));
    return true;
}

static bool compare(enum step_op op, struct value *a, const struct value *b)
{
    bool yes = false, fine = false;
    switch (op) {
    case STEP_LESS:
    case STEP_LESS_EQUAL:
        fine = in_order(a, b, op == STEP_LESS_EQUAL, &yes);
        break;
    case STEP_MORE:
    case STEP_MORE_EQUAL:
        fine = in_order(b, a, op == STEP_MORE_EQUAL, &yes);
        break;
    default:
        fine = are_same(a, b, &yes);
        yes = yes == (op == STEP_EQUAL);
    }
    *a = of_yesno(yes);
    return fine;
}

/* ---- functions ---- */

/* What min, max and clamp take without a word, and compare as doubles: no nan, nothing infinite. */
static bool is_plain(const struct value *v)
{
    return v->kind == VALUE_FLOAT ? isfinite(v->number) : is_small(v);
}

/* The first of the least, or of the greatest, as it is: an integer or a float, 0 or -0. */
static bool extreme(struct value *args, uint32_t n, bool least)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_plain(&args[i])) {
            return false;
        }
        double x = as_double(&args[i]), y = as_double(&args[best]);
        best = (least ? x < y : y < x) ? i : best;
    }
    args[0] = args[best];
    return true;
}

static bool clamp(struct value *args)
{
    if (!is_plain(&args[0]) || !is_plain(&args[1]) || !is_plain(&args[2])) {
        return false;
    }
    double x = as_double(&args[0]), low = as_double(&args[1]), high = as_double(&args[2]);
    args[0] = args[x < low ? 1 : high < x ? 2 : 0];
    return low <= high;
}

/* Floats become integers if they fit. */
static bool make_whole(struct value *v, bool up)
{
    if (v->kind == VALUE_FLOAT && isfinite(v->number)) {
        double x = up ? ceil(v->number) : floor(v->number);
        *v = x >= -0x1p63 && x < 0x1p63 ? of_whole((int64_t)x) : of_float(x);
        return true;
    }
    return v->kind == VALUE_WHOLE;
}

static bool make_positive(struct value *v)
{
    if (v->kind == VALUE_WHOLE && v->whole < 0) {
        return negate(v);
    }
    if (v->kind == VALUE_FLOAT) {
        v->number = fabs(v->number);
    }
    return is_number(v);
}

/* As in lib_math.c, for what decimals hold. */
static bool count_steps(struct value *args)
{
    if (!is_number(&args[0]) || !is_number(&args[1])) {
        return false;
    }
    double distance = as_double(&args[0]), size = as_double(&args[1]);
    dec d = dec_from_double(distance), s = dec_from_double(size);
    args[0] = of_whole(distance <= 0 ? 0 : s > 0 ? d / s : 0);
    return size > 0 && (distance <= 0 || (d != DEC_NONE && s != DEC_NONE && s > 0));
}

static bool round_places(struct value *args, uint32_t n)
{
    int64_t places = n == 1 ? 0 : args[1].whole;
    if ((n == 2 && args[1].kind != VALUE_WHOLE) || places < 0 || places > 8) {
        return false;
    }
    if (args[0].kind != VALUE_FLOAT) {
        return args[0].kind == VALUE_WHOLE;
    }
    dec d = dec_from_double(args[0].number);
    d = d == DEC_NONE ? d : dec_round(d, (int)places);
    if (d == DEC_NONE) {
        return false;
    }
    args[0] = places == 0 ? of_whole(dec_to_int(d)) : of_float(dec_to_double(d));
    return true;
}

/* ---- the steps ---- */

/* One that neither puts a value on the stack nor jumps; its values lie from args on. */
static bool apply(const struct formula_step *s, struct value *args)
{
    switch (s->op) {
    case STEP_NOT:
        *args = of_yesno(!is_true(args));
        return true;
    case STEP_NEGATE:
        return negate(args);
    case STEP_ADD:
    case STEP_SUBTRACT:
    case STEP_MULTIPLY:
    case STEP_DIVIDE:
        return calculate(s->op, args, args + 1);
    case STEP_MIN:
    case STEP_MAX:
        return extreme(args, s->n, s->op == STEP_MIN);
    case STEP_CLAMP:
        return clamp(args);
    case STEP_FLOOR:
    case STEP_CEIL:
        return make_whole(args, s->op == STEP_CEIL);
    case STEP_ABS:
        return make_positive(args);
    case STEP_STEPS:
        return count_steps(args);
    case STEP_ROUND:
        return round_places(args, s->n);
    default:
        return compare(s->op, args, args + 1);
    }
}

static bool run(const struct formula *f, const struct arg *args, struct value *out)
{
    struct value stack[DEPTH_MOST];
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n_steps; i++) {
        const struct formula_step *s = &f->steps[i];
        switch (s->op) {
        case STEP_INPUT:
            if (!of_arg(&args[s->n], &stack[n++])) {
                return false;
            }
            break;
        case STEP_CONSTANT:
            stack[n++] = f->constants[s->n];
            break;
        case STEP_AND:
        case STEP_OR:
            if (is_true(&stack[n - 1]) == (s->op == STEP_OR)) {
                i = s->n - 1;
            } else {
                n--;
            }
            break;
        default:
            n -= s->taken;
            if (!apply(s, &stack[n++])) {
                return false;
            }
        }
    }
    *out = stack[0];
    return true;
}

bool formula_number(const struct formula *f, const struct arg *args, double *out)
{
    struct value v;
    if (!run(f, args, &v) || !is_number(&v)) {
        return false;
    }
    *out = as_double(&v);
    return isfinite(*out);
}

bool formula_yesno(const struct formula *f, const struct arg *args, bool *out)
{
    struct value v;
    bool fine = run(f, args, &v) && v.kind == VALUE_YESNO;
    *out = fine && v.yes;
    return fine;
}
