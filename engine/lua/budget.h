/*
 * budget.h - the steps that one call may take: VM instructions, bytes allocated / 16, steps of the
 * pattern matcher, lengths that library functions go through. No clock: the verdict is the same on
 * every machine and whatever else it does.
 *
 * Every C function that scripts can reach charges, before it works, for the work that no VM
 * instruction pays for.
 */
#ifndef KAOPING_BUDGET_H
#define KAOPING_BUDGET_H

#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUDGET_STEPS 1000000   /* of one call; of one script's loading */
#define BUDGET_TEXT_MOST 65536 /* bytes of one string */

/* Private to the sandbox; lua_getextraspace holds a pointer to the sandbox, whose first member this
 * is. */
struct budget {
    int64_t left; /* below 0: exceeded, and every further step is refused */
    bool strict;  /* an expression runs: what hides a division by zero is refused */
    size_t turn;  /* what each turn of a loop over pairs or ipairs costs: 0 where instructions are
                     counted one by one */
};

/* The budget of the running call. */
static inline struct budget *budget_of(lua_State *L)
{
    return *(struct budget **)lua_getextraspace(L);
}

/* Raises "step limit of 1000000 exceeded", and sees to it that everything after does. */
void budget_exceed(lua_State *L);

/* Takes steps; raises that error once they are used up. */
static inline void budget_charge(lua_State *L, size_t steps)
{
    struct budget *b = budget_of(L);
    if (__builtin_expect(steps > BUDGET_STEPS || (b->left -= (int64_t)steps) < 0, 0)) {
        budget_exceed(L);
    }
}

/* Every iterator that a loop can call without Lua in between charges for the turn that follows. */
static inline void budget_charge_turn(lua_State *L) { budget_charge(L, budget_of(L)->turn); }

/* What a text of n bytes costs to go through once. */
static inline void budget_charge_bytes(lua_State *L, size_t n) { budget_charge(L, n / 16); }

#endif
