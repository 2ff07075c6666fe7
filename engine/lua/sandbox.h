/*
 * sandbox.h - one Lua state with all scripts of a rubric in it, and calls into it.
 *
 * Lives in a worker process (base/workers.h): the program's own process never runs a script.
 * Scripts cannot keep anything from one call to the next: when a chunk has run, every table that is
 * reachable from its function becomes read-only, and a function that assigns to a variable outside
 * of itself is refused when it is loaded. So a call's result depends on its arguments alone.
 */
#ifndef KAOPING_SANDBOX_H
#define KAOPING_SANDBOX_H

#include "base/arena.h"
#include "base/decimal.h"
#include "model/coverage.h"
#include "model/rubric.h"

#include <stdbool.h>
#include <stdint.h>

struct sandbox;

/* ---- what goes in ---- */

enum arg_kind { ARG_NIL, ARG_NUMBER, ARG_YESNO, ARG_TEXT, ARG_LIST };

struct arg {
    enum arg_kind kind;
    double number; /* ARG_NUMBER; ARG_YESNO: 0 or 1 */
    const char *text;
    size_t n;               /* bytes of text, or elements of list */
    const struct arg *list; /* ARG_LIST */
};

/* A member, for the script of its section. */
struct call_member {
    const char *id, *title;
    double points, full, weight;
    bool counts; /* has a result; else its points are nil */
};

struct call {
    uint32_t class;                    /* for parameters by class */
    double full;                       /* item.points: full marks of the item or section */
    const struct arg *args;            /* as many as the script's inputs */
    const struct call_member *members; /* of a section */
    uint32_t n_members;
    struct arena *arena; /* for the texts of the result */
};

/* ---- what comes out ---- */

enum call_state {
    CALL_VALUE,
    CALL_NOT_REPORTED,
    CALL_NOT_APPLICABLE, /* `reason` says why, if the script did */
    CALL_FAILED          /* `error` */
};

struct call_result {
    enum call_state state;
    bool lost;          /* item.lose was called: number is what is left, which may be below 0 */
    double number;      /* SCRIPT_ITEM, SCRIPT_SECTION, SCRIPT_FORMULA: finite points */
    bool yes;           /* SCRIPT_GATE, SCRIPT_CONDITION */
    uint32_t grade;     /* SCRIPT_GRADES: index into script.grades */
    const char *reason; /* or NULL */
    VEC(struct script_flag) flags;
    int64_t steps; /* taken */
    /* CALL_FAILED */
    const char *error; /* without place: "attempt to compare nil with number" */
    uint32_t chunk;    /* where; the script's own if it cannot be told */
    uint32_t line;     /* 0: none */
    const char *trace; /* "answered.lua:7 in function 'score'" lines, or NULL */
};

/* Compiles and runs all chunks that scripts of the rubric use, each once. They were checked when
 * the rubric was loaded (describe.h); what fails all the same fails each call. coverage may be
 * NULL. */
struct sandbox *sandbox_new(const struct rubric *r, struct script_coverage *coverage);
void sandbox_release(struct sandbox *s);

/*
 * Calls run(context), within which sandbox_call is cheaper. False: a script failed, and run was
 * left in the middle, by longjmp from the depth of a sandbox_call: what stands on the stack between
 * is gone, what it holds of memory is not given back. The caller drops what was half done and does
 * it again outside, where sandbox_call tells what is wrong.
 */
bool sandbox_block(struct sandbox *s, void (*run)(void *context), void *context);

/* Whether no call of it has given more than points so far. */
bool sandbox_is_silent(const struct sandbox *s, uint32_t script);

/* One call of rubric.scripts[script]. Never fails to return: an error, a limit, a wrong value are
 * CALL_FAILED. */
void sandbox_call(struct sandbox *s, uint32_t script, const struct call *call,
                  struct call_result *out);

#endif
