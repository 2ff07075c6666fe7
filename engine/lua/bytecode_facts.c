/* bytecode_facts.c - what a function does, by its instructions: see bytecode.h. */
#include "lua/bytecode_ops.h"

#include <string.h>

bool proto_leads_outside(const struct proto *p, uint32_t upvalue, uint32_t *own)
{
    while (upvalue < p->upvalues.n) {
        if (p->around == NULL) {
            *own = upvalue;
            return true;
        }
        if (p->upvalues.at[upvalue].in_stack) {
            return false;
        }
        upvalue = p->upvalues.at[upvalue].index;
        p = p->around;
    }
    return false;
}

bool proto_assigns_outside(const struct proto *p, struct proto_assignment *out)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t own, upvalue = b_of(p->code[pc]);
        if (op_of(p->code[pc]) == OP_SETUPVAL && proto_leads_outside(p, upvalue, &own)) {
            out->name = p->upvalues.at[upvalue].name;
            out->line = p->lines[pc];
            return true;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        if (proto_assigns_outside(&p->protos.at[i], out)) {
            return true;
        }
    }
    return false;
}

/* `foo` where the instruction takes member foo of what the one before put into that register;
 * *kept: the register still has it afterwards. */
static str member_of(const struct proto *p, uint32_t pc, uint32_t reg, bool *kept)
{
    uint32_t i = pc < p->n_code ? p->code[pc] : 0;
    bool is_field = pc < p->n_code && op_of(i) == OP_GETFIELD && b_of(i) == reg;
    *kept = !is_field || a_of(i) != reg;
    return is_field ? proto_text(p, c_of(i)) : (str){0};
}

void proto_find_globals(struct arena *a, const struct proto *p, proto_globals *out)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t i = p->code[pc], own;
        bool read = op_of(i) == OP_GETTABUP, written = op_of(i) == OP_SETTABUP;
        uint32_t upvalue = read ? b_of(i) : a_of(i);
        /* The outermost function of a chunk has one upvalue: the world. */
        if (!(read || written) || !proto_leads_outside(p, upvalue, &own) || own != 0) {
            continue;
        }
        str name = proto_text(p, read ? c_of(i) : b_of(i));
        if (name.at != NULL) {
            struct proto_global *g = vec_push(a, out);
            g->name = name;
            g->kept = true;
            g->member = read ? member_of(p, pc + 1, a_of(i), &g->kept) : (str){0};
            g->line = p->lines[pc];
            g->written = written;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        proto_find_globals(a, &p->protos.at[i], out);
    }
}

bool proto_only_reads_globals(const struct proto *p)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t i = p->code[pc], own;
        unsigned op = op_of(i);
        bool by_b = op == OP_GETUPVAL || op == OP_SETUPVAL;
        bool outside = proto_leads_outside(p, by_b ? b_of(i) : a_of(i), &own);
        if ((by_b || op == OP_SETTABUP) && outside) {
            return false;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        if (!proto_only_reads_globals(&p->protos.at[i])) {
            return false;
        }
    }
    return true;
}

/* Which operands of an instruction name registers that it reads: A, B, C, or C unless bit k is set.
 * Of those that read a range it begins at A. An instruction that is not known reads all. */
enum { A = 1, B = 2, C = 4, CK = 8 };

static unsigned reads_of(unsigned op)
{
    static const unsigned char reads[] = {/* MOVE .. LOADNIL */ B,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          0,
                                          /* GETUPVAL .. GETFIELD */ 0,
                                          A,
                                          0,
                                          B | C,
                                          B,
                                          B,
                                          /* SETTABUP .. SELF */ CK,
                                          A | B | CK,
                                          A | CK,
                                          A | CK,
                                          0,
                                          B | CK,
                                          /* ADDI .. SHLI */ B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          B,
                                          /* ADD .. SHR */ B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          B | C,
                                          /* MMBIN .. LEN */ A | B,
                                          A,
                                          A,
                                          B,
                                          B,
                                          B,
                                          B,
                                          /* CONCAT .. LE */ A,
                                          A,
                                          A,
                                          0,
                                          A | B,
                                          A | B,
                                          A | B,
                                          /* EQK .. TESTSET */ A,
                                          A,
                                          A,
                                          A,
                                          A,
                                          A,
                                          A,
                                          B,
                                          /* CALL .. TFORLOOP */ A,
                                          A,
                                          A,
                                          0,
                                          A,
                                          A,
                                          A,
                                          A,
                                          A,
                                          A,
                                          /* SETLIST .. EXTRAARG */ A,
                                          0,
                                          0,
                                          0,
                                          0};
    return op < sizeof reads ? reads[op] : A | B | C;
}

static bool reads_first(uint32_t i)
{
    unsigned reads = reads_of(op_of(i));
    bool k = (i >> 15 & 1) != 0;
    return ((reads & A) && a_of(i) == 0) || ((reads & B) && b_of(i) == 0) ||
           ((reads & C) && c_of(i) == 0) || ((reads & CK) && !k && c_of(i) == 0);
}

static bool captures_first(const struct proto *p)
{
    for (uint32_t i = 0; i < p->protos.n; i++) {
        const struct proto *within = &p->protos.at[i];
        for (uint32_t j = 0; j < within->upvalues.n; j++) {
            if (within->upvalues.at[j].in_stack && within->upvalues.at[j].index == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Jumps go to the beginning of a statement or a branch, never between the two instructions of
 * a.inner.name; were one to do so, the register would be another value, not this one. */
bool proto_only_reads_first(const struct proto *p, const char *inner)
{
    if (p->n_parameters == 0 || p->vararg || captures_first(p)) {
        return false;
    }
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t i = p->code[pc];
        if (!reads_first(i)) {
            continue;
        }
        if (op_of(i) != OP_GETFIELD) {
            return false;
        }
        uint32_t next = pc + 1 < p->n_code ? p->code[pc + 1] : 0;
        bool taken_on =
            op_of(next) == OP_GETFIELD && b_of(next) == a_of(i) && a_of(next) == a_of(i);
        if (str_is(proto_text(p, c_of(i)), inner) && !taken_on) {
            return false;
        }
    }
    return true;
}

bool proto_passes_varargs(const struct proto *p)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        if (op_of(p->code[pc]) == OP_VARARG && c_of(p->code[pc]) == 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        if (proto_passes_varargs(&p->protos.at[i])) {
            return true;
        }
    }
    return false;
}

bool proto_has_wrong_bits(const struct proto *p)
{
    for (uint32_t pc = 0; p->texts.n > 255 && pc < p->n_code; pc++) {
        unsigned op = op_of(p->code[pc]);
        if ((op >= OP_BANDK && op <= OP_SHLI) || (op >= OP_BAND && op <= OP_SHR) || op == OP_BNOT) {
            return true;
        }
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        if (proto_has_wrong_bits(&p->protos.at[i])) {
            return true;
        }
    }
    return false;
}

size_t proto_longest_text(const struct proto *p, bool *zero_bytes)
{
    size_t longest = 0;
    for (uint32_t i = 0; i < p->texts.n; i++) {
        str text = p->texts.at[i];
        longest = text.n > longest ? text.n : longest;
        *zero_bytes |= text.n > 0 && memchr(text.at, 0, text.n) != NULL;
    }
    for (uint32_t i = 0; i < p->protos.n; i++) {
        size_t within = proto_longest_text(&p->protos.at[i], zero_bytes);
        longest = within > longest ? within : longest;
    }
    return longest;
}
