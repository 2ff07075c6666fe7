/*
 * expectation.h - a rubric's tests: cases, and what each expects (docs/tests.md).
 *
 *   tests:
 *     - name: 按期办结率不足                  one case
 *       values: {letters_received: 20, ...}
 *       expect: {total: 87.25, items: {letters: 17.5}}     two checks
 *
 * What is not named is not checked.
 */
#ifndef KAOPING_EXPECTATION_H
#define KAOPING_EXPECTATION_H

#include "model/result.h"

enum check_kind {
    CHECK_TOTAL,
    CHECK_GRADE,
    CHECK_RANK,
    CHECK_STATE,
    CHECK_POINTS, /* of an item or a section */
    CHECK_GATES,
    CHECK_FLAGS,
    CHECK_REASON,
    CHECK_ERROR
};

struct check {
    enum check_kind kind;
    uint32_t member;   /* POINTS, FLAGS, REASON */
    dec number;        /* TOTAL, POINTS, RANK; DEC_NONE: there is none */
    bool by_state;     /* POINTS: a state is expected */
    uint8_t state;     /* then enum member_state; STATE: enum unit_state */
    uint32_t grade;    /* GRADE; GRADE_NONE: there is none */
    uint16_t flags;    /* FLAGS: exactly these, 1 << enum flag */
    const bool *gates; /* GATES: [n_gates] exactly these have fired */
    const char *text;  /* REASON: is part of it; ERROR: the id of a finding or part of its text */
    const char *shown; /* as the file has it, for people */
    span at;           /* the value in the file */
};

struct node;

struct test_case {
    const char *name;
    span at; /* of the name */
    VEC(struct check) checks;
    bool expects;   /* it says what it expects */
    bool bad;       /* after a finding: it cannot be run */
    dec tolerance;  /* points may differ by so much */
    bool must_fail; /* an error is expected */
    struct node *node;
};

#endif
