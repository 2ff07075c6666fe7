/*
 * memory.h - the memory of a Lua state: what it may take, and what a call pays for it.
 *
 * Paid for is max(old, new) / 16 steps for each block that is made or resized, a resize to the same
 * size too: a table that rehashes walks all of itself. So that what a call costs depends on the
 * call alone, blocks whose making depends on what ran before cost nothing: short strings (each
 * distinct one is made once), the table they are kept in, call frames and small tables. The Lua
 * stack has one size from the start (memory_make_stack) and is never resized.
 *
 * The allocator never raises. When it takes the last step it arms the hook at granularity 1, which
 * raises at the next VM instruction; a C function raises when it charges. It refuses (NULL, upon
 * which Lua collects everything once, tries again and raises) only what is too large at once. That
 * ends the call, because nothing in a script can catch an error: no script can make the collector
 * run again and again.
 *
 *   one string    64 KiB          one block 256 KiB; while loading 1 MiB
 *   string table   4 MiB          all      24 MiB after loading, 64 MiB in a call
 *   stack          64 KiB: some 4,000 values, as much as one instruction can copy (f(...))
 *
 * The 16 MiB that a call can pay for (BUDGET_STEPS) come before the 64 MiB, which would need that
 * much live on top of what scripts keep: so the cap is never what a call runs into again and again.
 */
#ifndef KAOPING_MEMORY_H
#define KAOPING_MEMORY_H

#include "base/heap.h"
#include "lua/budget.h"

#include <lua5.4/lua.h>
#include <stdbool.h>

enum refused { REFUSED_NOTHING, REFUSED_TEXT, REFUSED_BLOCK, REFUSED_STACK, REFUSED_ALL };

struct memory {
    struct heap heap;
    struct budget *budget;
    lua_State *L; /* NULL while it is being made */
    bool loading;
    void *strings;        /* followed through its reallocations */
    size_t last_size;     /* of the block made last */
    size_t stack_size;    /* bytes */
    enum refused refused; /* the last refusal since memory_begin */
    lua_Debug refused_at; /* the Lua function that asked: source, currentline; or currentline 0 */

    /* How instructions are paid for: `tick` of them at a time, `cost` steps each. */
    lua_Hook hook;
    int mask; /* besides LUA_MASKCOUNT */
    int tick;
    size_t cost;
    bool armed;
};

/*
 * Texts longer than this make every instruction dearer: ==, <, .. and a table's [] are one
 * instruction each, whatever the length of the texts. What they cost at most was measured: a text
 * with zero bytes in it is compared piece by piece, one call of strcoll each, some 6 ns each.
 * So an instruction costs longest / 64 steps once a text was made whose bytes nobody looked at, and
 * longest / 256 where it is known (arguments, constants) that there is no zero byte. The length
 * counts as the next power of two, so that the hook is re-armed seldom.
 */
#define MEMORY_TEXT_FREE 128        /* with zero bytes, or unknown */
#define MEMORY_TEXT_FREE_KNOWN 1024 /* without */

size_t memory_text_cost(size_t n, bool zero_bytes);

#define MEMORY_LOADED_MOST ((size_t)24 << 20)
#define MEMORY_MOST ((size_t)64 << 20)

/* For lua_newstate, with a struct memory; set `L` afterwards. */
void *memory_resize(void *memory, void *block, size_t old_size, size_t new_size);

/* Gives the stack its size: before anything else is done with the new state. False: no memory. */
bool memory_make_stack(struct memory *m);

/* A new call, or a new loading: the budget is whole; each instruction costs `cost` steps (at least
 * 1). Not hooked: instructions are not counted, until a text that is too long is made. */
void memory_begin(struct memory *m, size_t cost, bool hooked);
/* No instruction is counted any more. */
void memory_end(struct memory *m);

#endif
