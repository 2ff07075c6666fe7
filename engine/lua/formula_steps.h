/*
 * formula_steps.h - what formula_compile.c makes and formula.c runs.
 *
 *   x >= 90 and 4 or 0     0 input x    1 constant 90    2 >=    3 and, to 5    4 constant 4
 *                          5 or, to 7   6 constant 0
 *
 * A step takes its operands from the top of the stack and puts its result there. Invariants: a step
 * finds as many values as it takes, the stack is never deeper than DEPTH_MOST, one value is left.
 */
#ifndef KAOPING_FORMULA_STEPS_H
#define KAOPING_FORMULA_STEPS_H

#include "lua/sandbox.h"

#define DEPTH_MOST 16
/* Far fewer than what a call may cost in Lua (budget.h), so that no limit is missed. */
#define STEPS_MOST 1000

enum value_kind { VALUE_NIL, VALUE_YESNO, VALUE_WHOLE, VALUE_FLOAT, VALUE_TEXT };

struct value {
    enum value_kind kind;
    union {
        bool yes;
        int64_t whole;
        double number;
        const struct arg *text; /* an ARG_TEXT */
    };
};

enum step_op {
    STEP_INPUT,    /* n: index of the argument */
    STEP_CONSTANT, /* n: index of the constant */
    STEP_AND,      /* the value on top decides: it stays, and step n is next; else it goes */
    STEP_OR,       /* likewise */
    STEP_NOT,
    STEP_NEGATE,
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_MULTIPLY,
    STEP_DIVIDE,
    STEP_EQUAL,
    STEP_NOT_EQUAL,
    STEP_LESS,
    STEP_LESS_EQUAL,
    STEP_MORE,
    STEP_MORE_EQUAL,
    STEP_MIN, /* n: of how many */
    STEP_MAX, /* likewise */
    STEP_CLAMP,
    STEP_FLOOR,
    STEP_CEIL,
    STEP_ABS,
    STEP_STEPS,
    STEP_ROUND, /* n: arguments, 1 or 2 */
};

struct formula_step {
    enum step_op op;
    uint32_t n;
    uint32_t taken; /* values that it takes from the stack */
};

struct formula {
    const struct formula_step *steps;
    uint32_t n_steps;
    const struct value *constants;
};

#endif
