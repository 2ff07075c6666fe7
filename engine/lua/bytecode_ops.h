/*
 * bytecode_ops.h - instructions of Lua 5.4, for those who read them: bytecode_facts.c and
 * bytecode_bound.c.
 */
#ifndef KAOPING_BYTECODE_OPS_H
#define KAOPING_BYTECODE_OPS_H

#include "lua/bytecode.h"

/* The instructions that matter here, by their numbers in Lua 5.4. */
enum {
    OP_LOADI = 1,
    OP_GETUPVAL = 9,
    OP_SETUPVAL = 10,
    OP_GETTABUP = 11,
    OP_GETFIELD = 14,
    OP_SETTABUP = 15,
    OP_SELF = 20,
    OP_BANDK = 29,
    OP_SHLI = 33,
    OP_BAND = 41,
    OP_SHR = 45,
    OP_BNOT = 50,
    OP_JMP = 56,
    OP_CALL = 68,
    OP_FORLOOP = 73,
    OP_FORPREP = 74,
    OP_TFORPREP = 75,
    OP_TFORLOOP = 77,
    OP_CLOSURE = 79,
    OP_VARARG = 80,
    OP_EXTRAARG = 82,
};

static inline unsigned op_of(uint32_t i) { return i & 0x7f; }
static inline uint32_t a_of(uint32_t i) { return i >> 7 & 0xff; }
static inline uint32_t b_of(uint32_t i) { return i >> 16 & 0xff; }
static inline uint32_t c_of(uint32_t i) { return i >> 24; }

/* Whether the upvalue is one of the outermost function's own, then which. */
bool proto_leads_outside(const struct proto *p, uint32_t upvalue, uint32_t *own);

/* A constant that is a text; one with at == NULL where it is none. */
static inline str proto_text(const struct proto *p, uint32_t constant)
{
    return constant < p->texts.n ? p->texts.at[constant] : (str){0};
}

#endif
