/* bytecode_bound.c - how many instructions a call of a function takes at most: see bytecode.h. */
#include "lua/bytecode_ops.h"

/* A jump's way is 25 bits around 2^24 - 1; a loop's 17 bits; a number's as many, around 2^16 - 1.
 */
static int32_t jump_of(uint32_t i) { return (int32_t)(i >> 7) - 0xffffff; }
static uint32_t way_of(uint32_t i) { return i >> 15; }
static int64_t number_of(uint32_t i) { return (int64_t)way_of(i) - 0xffff; }

/* Whether some jump leads behind instruction `first` and at most to `last`. */
static bool is_jumped_into(const struct proto *p, uint32_t first, uint32_t last)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        int64_t to = (int64_t)pc + 1 + jump_of(p->code[pc]);
        if (op_of(p->code[pc]) == OP_JMP && to > first && to <= last) {
            return true;
        }
    }
    return false;
}

/* `for i = 1, 12`: the three numbers are loaded right before the loop. 0: they are not known. */
static uint64_t known_turns(const struct proto *p, uint32_t prepare)
{
    uint32_t first = a_of(p->code[prepare]);
    if (prepare < 3 || is_jumped_into(p, prepare - 3, prepare)) {
        return 0;
    }
    const uint32_t *loads = &p->code[prepare - 3];
    for (uint32_t i = 0; i < 3; i++) {
        if (op_of(loads[i]) != OP_LOADI || a_of(loads[i]) != first + i) {
            return 0;
        }
    }
    int64_t from = number_of(loads[0]), to = number_of(loads[1]), step = number_of(loads[2]);
    if (step == 0 || (step > 0 ? from > to : from < to)) {
        return 1; /* the loop is passed over, or an error */
    }
    return (uint64_t)((to - from) / step) + 1;
}

struct bounding {
    const struct proto *p;
    uint32_t world; /* the upvalue that is the world */
    uint64_t turn;
};

/* `for k, v in pairs(...)` or ipairs: what is called for the iterator is the world's own. Whatever
 * the argument is, it stands in the registers behind it. A table that a script calls otherwise may
 * have any function by the name of pairs. */
static bool calls_pairs(const struct bounding *b, uint32_t prepare)
{
    const struct proto *p = b->p;
    uint32_t iterator = a_of(p->code[prepare]);
    if (prepare == 0 || op_of(p->code[prepare - 1]) != OP_CALL ||
        a_of(p->code[prepare - 1]) != iterator) {
        return false;
    }
    for (uint32_t pc = prepare - 1; pc-- > 0;) {
        uint32_t i = p->code[pc], own;
        if (op_of(i) == OP_GETTABUP && a_of(i) == iterator) {
            str name = proto_text(p, c_of(i));
            return proto_leads_outside(p, b_of(i), &own) && own == b->world &&
                   (str_is(name, "pairs") || str_is(name, "ipairs")) &&
                   !is_jumped_into(p, pc, pc + 1);
        }
        if (a_of(i) <= iterator && op_of(i) != OP_JMP && op_of(i) != OP_EXTRAARG) {
            return false; /* perhaps it puts something else there */
        }
    }
    return false;
}

/* Of the instructions in [from, to); BOUND_NONE: nobody knows, or more than that. */
static uint64_t bound_of(struct bounding *b, uint32_t from, uint32_t to);

/* Where the body of the loop that is prepared there ends: its last instruction. */
static uint32_t loop_end(const struct proto *p, uint32_t prepare, uint32_t to)
{
    bool generic = op_of(p->code[prepare]) == OP_TFORPREP;
    uint64_t end = (uint64_t)prepare + 1 + way_of(p->code[prepare]) + (generic ? 1 : 0);
    unsigned last = generic ? OP_TFORLOOP : OP_FORLOOP;
    return end < to && op_of(p->code[end]) == last ? (uint32_t)end : 0;
}

static uint64_t loop_bound(struct bounding *b, uint32_t prepare, uint32_t end)
{
    const struct proto *p = b->p;
    bool generic = op_of(p->code[prepare]) == OP_TFORPREP;
    uint32_t body_end = generic ? end - 1 : end;
    uint64_t turns = 1;
    if (end == 0 || (generic && !calls_pairs(b, prepare)) ||
        (!generic && (turns = known_turns(p, prepare)) == 0)) {
        return BOUND_NONE;
    }
    uint64_t body = bound_of(b, prepare + 1, body_end);
    if (body == BOUND_NONE) {
        return BOUND_NONE;
    }
    body += generic ? 2 : 1;
    if (generic) {
        b->turn = body > b->turn ? body : b->turn;
    }
    return turns * body + 1; /* both are small: no overflow */
}

static uint64_t bound_of(struct bounding *b, uint32_t from, uint32_t to)
{
    const struct proto *p = b->p;
    uint64_t bound = 0;
    for (uint32_t pc = from; pc < to && bound < BOUND_NONE; pc++) {
        uint32_t i = p->code[pc];
        unsigned op = op_of(i);
        if (op == OP_FORPREP || op == OP_TFORPREP) {
            uint32_t end = loop_end(p, pc, to);
            bound += loop_bound(b, pc, end);
            pc = end > pc ? end : pc;
        } else if ((op == OP_JMP && jump_of(i) < 0) || (op >= OP_FORLOOP && op <= OP_TFORLOOP) ||
                   op == OP_CLOSURE) {
            return BOUND_NONE;
        } else {
            bound++;
        }
    }
    return bound < BOUND_NONE ? bound : BOUND_NONE;
}

bool proto_bound(const struct proto *p, uint32_t world, struct proto_bound *out)
{
    struct bounding b = {.p = p, .world = world};
    uint64_t bound = p->protos.n == 0 ? bound_of(&b, 0, p->n_code) : BOUND_NONE;
    out->instructions = (uint32_t)bound;
    out->turn = (uint32_t)b.turn;
    return bound < BOUND_NONE;
}
