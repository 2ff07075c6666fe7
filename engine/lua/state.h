/*
 * state.h - inside the sandbox: the Lua state, how chunks get into it, what is known of a failure.
 *
 *   state.c    the state, the hook, protected calls and their failures
 *   load.c     compiling and running a chunk once; `require`
 *   freeze.c   what a chunk leaves behind becomes read-only, or the chunk is refused
 *   item.c     `item`, as scripts see it
 *   call.c     calls
 *
 * Nothing that may raise a Lua error runs outside a protected call: an error there would end the
 * process.
 */
#ifndef KAOPING_STATE_H
#define KAOPING_STATE_H

#include "base/diag.h"
#include "lua/bytecode.h"
#include "lua/memory.h"
#include "lua/sandbox.h"

#define FAILURE_TEXT 400 /* bytes of a message that are kept */
#define FAILURE_LINES 10 /* of a traceback */

struct failure {
    bool failed;
    enum finding_id id; /* of loading */
    char text[FAILURE_TEXT + 4];
    uint32_t chunk, line;
    char trace[FAILURE_LINES * 160];
    char name[80]; /* what stands at the place, if that is known, to point at */
};

enum loading { LOADING_NOT_YET, LOADING_NOW, LOADED, LOADING_FAILED };

struct loaded { /* a chunk */
    enum loading state;
    int value;       /* reference: what it returned */
    int function;    /* reference: its score, or LUA_NOREF */
    bool shareable;  /* what it returned has been frozen, for require */
    bool bounded;    /* calls need not be counted instruction by instruction (bytecode.h), */
    uint32_t turn;   /* but for the turns of loops over pairs and ipairs */
    bool reads_item; /* takes fields of item and of item.params, never these as values */
    size_t cost;     /* of an instruction, by the longest text it keeps (memory.h) */
    struct failure *failure;
};

struct item; /* item.h */

/* The running call. */
struct running {
    const struct call *call;
    struct call_result *out;
    struct item *item;
    double lost;
    bool lost_any;
    enum call_state said; /* CALL_VALUE, or what the script said and has to return */
    bool in_call;         /* not while loading: `require` is for the top of a file */
};

struct sandbox {
    struct budget budget; /* first: budget.h */
    struct memory memory;
    lua_State *L;
    struct arena arena, scratch;
    const struct rubric *rubric; /* NULL while describing */
    const chunks *chunks;
    struct loaded *loaded; /* of each chunk */
    struct item *items;    /* of each script */
    int env, names, bare;  /* references: the world read-only; what is behind it; that with the
                              libraries themselves instead of what stands before them */
    int marker;            /* what item.not_...() returns */
    const void *marker_at;
    struct failure failure; /* of the last protected call */
    struct running running;
    struct script_coverage *coverage;
    bool in_block; /* within sandbox_block */
    int floor;     /* the height of the stack outside of calls */
};

/* Where the message handler stays in the stack, in each function of ours. */
#define STATE_HANDLER 1

static inline struct sandbox *sandbox_of(lua_State *L)
{
    return (struct sandbox *)(void *)budget_of(L);
}

/* A state with the world in it and no chunk run. */
struct sandbox *state_new(const chunks *all, struct script_coverage *coverage);

/* Calls the function below n arguments protected; its results stay. False: `failure` says why, and
 * nothing stays. */
bool state_call(struct sandbox *s, int n_args, int n_results);

/* Raises a failure of loading at a line of a chunk; `name` stands there. */
int state_refuse(lua_State *L, enum finding_id id, uint32_t chunk, uint32_t line, const char *name);
/* The chunk and line of a function as lua_getinfo "S" gives it. */
uint32_t state_chunk_of(const struct sandbox *s, const char *source);

/* ---- load.c ---- */

/* Compiles and runs the chunk unless that was done, and freezes what its score reaches. False:
 * loaded[chunk].failure. */
bool chunk_load(struct sandbox *s, uint32_t chunk);
/* The chunk compiled, but not run, on top of the stack; raises. */
void chunk_compile(lua_State *L, uint32_t chunk);
int chunk_require(lua_State *L);

/* ---- freeze.c ---- */

struct reached { /* by a walk */
    uint32_t n_functions;
    bool again; /* one of them more than once: perhaps it calls itself */
    size_t cost;
};
/* Freezes everything that the value at the index reaches; raises when it keeps state. The function
 * itself is called `name`. */
void freeze_reachable(lua_State *L, int index, const char *name, struct reached *out);

#endif
