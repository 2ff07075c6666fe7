/*
 * bytecode.h - what a compiled function does, read from the interpreter's own dump of it.
 *
 *   "\x1bLua" 54 00 data sizes   function { line code constants upvalues protos lines names }
 *
 * The text of a script says what it looks like; the instructions say what it does: which names are
 * global, which variables outside of itself a function assigns to, whether it has loops. Only dumps
 * that this process made of what it compiled itself are read, yet each read is checked. Lua 5.4
 * only: any other format yields NULL, and the script is refused.
 *
 *   bytecode.c        the dump
 *   bytecode_facts.c  what the instructions do
 *   bytecode_bound.c  how many there can be
 */
#ifndef KAOPING_BYTECODE_H
#define KAOPING_BYTECODE_H

#include "base/arena.h"
#include "base/text.h"

#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stdint.h>

struct proto_upvalue {
    str name;
    bool in_stack; /* a local variable of the function around it; else that one's upvalue */
    uint8_t index;
};

struct proto_local {
    str name;
};

/* One function. */
struct proto {
    uint32_t line, last_line;
    uint32_t n_parameters;
    bool vararg;
    uint32_t *code;
    uint32_t *lines; /* of each instruction; 0 where unknown */
    uint32_t n_code;
    VEC(str) texts; /* constants; one that is no text has at == NULL */
    VEC(struct proto_upvalue) upvalues;
    VEC(struct proto) protos;
    VEC(struct proto_local) locals; /* parameters first */
    const struct proto *around;     /* NULL for the outermost */
};

/* The function on top of the stack, which stays there; NULL if the format is not known. */
const struct proto *bytecode_of(struct arena *a, lua_State *L);

/* An assignment to a variable that outlives the call of the function. */
struct proto_assignment {
    str name;
    uint32_t line;
};
bool proto_assigns_outside(const struct proto *p, struct proto_assignment *out);

/* A read or write of a global name, each as often as it stands there. */
struct proto_global {
    str name;
    str member; /* `foo` of math.foo, or empty */
    uint32_t line;
    bool written;
    bool kept; /* its value itself is used, not only the member */
};
typedef VEC(struct proto_global) proto_globals;
/* Of the outermost function of a chunk and all within. */
void proto_find_globals(struct arena *a, const struct proto *chunk, proto_globals *out);

/*
 * How many instructions a call takes at most, which the text tells where there is no loop, or only
 * loops with constant numbers or over pairs and ipairs of the world, which is that upvalue of the
 * outermost function. What a function that it calls takes is not in it, nor that it calls itself.
 * False: the text does not tell, or they are too many.
 */
#define BOUND_NONE 100000
struct proto_bound {
    uint32_t instructions; /* with one turn of each loop over pairs or ipairs */
    uint32_t turn;         /* of a turn of the longest such loop; 0: there is none */
};
bool proto_bound(const struct proto *p, uint32_t world, struct proto_bound *out);
/* Reads global names and does nothing else with the world: it is never a value. */
bool proto_only_reads_globals(const struct proto *chunk);
/* Takes fields of its first parameter by name, and of the field `inner` the same in turn, and does
 * nothing else with either: neither is ever a value that could be kept or written to. */
bool proto_only_reads_first(const struct proto *p, const char *inner);
/* Passes on any number of values at once: f(...), {...}. */
bool proto_passes_varargs(const struct proto *p);
/* More than 255 constants together with &, |, ~, << or >>, which 5.4.4 compiles wrongly. */
bool proto_has_wrong_bits(const struct proto *p);
/* Length of the longest constant text within; *zero_bytes: some such text has a zero byte. */
size_t proto_longest_text(const struct proto *p, bool *zero_bytes);

#endif
