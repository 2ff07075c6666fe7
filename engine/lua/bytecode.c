/* bytecode.c - see bytecode.h. */
#include "lua/bytecode.h"

#include "base/buf.h"

#include <string.h>

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

static unsigned op_of(uint32_t i) { return i & 0x7f; }
static uint32_t a_of(uint32_t i) { return i >> 7 & 0xff; }
static uint32_t b_of(uint32_t i) { return i >> 16 & 0xff; }
static uint32_t c_of(uint32_t i) { return i >> 24; }

/* ---- reading a dump ---- */

struct reader {
    struct arena *arena;
    const char *at, *end;
    bool failed;
};

static const char *take(struct reader *r, size_t n)
{
    if (r->failed || (size_t)(r->end - r->at) < n) {
        r->failed = true;
        return NULL;
    }
    const char *at = r->at;
    r->at += n;
    return at;
}

static unsigned take_byte(struct reader *r)
{
    const char *at = take(r, 1);
    return at == NULL ? 0 : (unsigned char)*at;
}

/* Seven bits a byte, the highest first; the last byte has its top bit set. */
static size_t take_size(struct reader *r)
{
    size_t n = 0;
    for (int i = 0; i < 10; i++) {
        unsigned byte = take_byte(r);
        n = n << 7 | (byte & 0x7f);
        if (byte & 0x80) {
            return n;
        }
    }
    r->failed = true;
    return 0;
}

/* How many elements of at least so many bytes follow. */
static uint32_t take_count(struct reader *r, size_t bytes_each)
{
    size_t n = take_size(r);
    if (n > (size_t)(r->end - r->at) / bytes_each) {
        r->failed = true;
    }
    return r->failed ? 0 : (uint32_t)n;
}

static str take_text(struct reader *r)
{
    size_t n = take_size(r);
    if (n == 0) {
        return (str){0};
    }
    const char *at = take(r, n - 1);
    /* Copied, for the dump is given back when it has been read. */
    return at == NULL ? (str){0} : (str){arena_text(r->arena, at, n - 1), n - 1};
}

static void take_code(struct reader *r, struct proto *p)
{
    p->n_code = take_count(r, sizeof *p->code);
    const char *at = take(r, p->n_code * sizeof *p->code);
    p->code = ARENA_ARRAY(r->arena, uint32_t, p->n_code);
    if (at != NULL && p->n_code > 0) {
        memcpy(p->code, at, p->n_code * sizeof *p->code);
    }
}

static void take_constants(struct reader *r, struct proto *p)
{
    for (uint32_t n = take_count(r, 1); n > 0 && !r->failed; n--) {
        str *text = vec_push(r->arena, &p->texts);
        switch (take_byte(r)) {
        case 0x00: /* nil, false, true */
        case 0x01:
        case 0x11:
            break;
        case 0x03: /* integer, float */
        case 0x13:
            take(r, 8);
            break;
        case 0x04: /* short and long text */
        case 0x14:
            *text = take_text(r);
            break;
        default:
            r->failed = true;
        }
    }
}

/* Lines are differences from one instruction to the next; -128 stands for one of those that follow
 * with the whole line. */
static void take_lines(struct reader *r, struct proto *p)
{
    uint32_t n = take_count(r, 1);
    const char *steps = take(r, n);
    p->lines = ARENA_ARRAY(r->arena, uint32_t, p->n_code);
    uint32_t n_absolute = take_count(r, 2), next = 0;
    uint32_t *pcs = ARENA_ARRAY(r->arena, uint32_t, n_absolute + 1);
    uint32_t *lines = ARENA_ARRAY(r->arena, uint32_t, n_absolute + 1);
    for (uint32_t i = 0; i < n_absolute && !r->failed; i++) {
        pcs[i] = (uint32_t)take_size(r);
        lines[i] = (uint32_t)take_size(r);
    }
    uint32_t line = p->line;
    for (uint32_t pc = 0; !r->failed && pc < n && pc < p->n_code; pc++) {
        int step = (signed char)steps[pc];
        if (step != -128) {
            line += (uint32_t)step;
        } else {
            while (next < n_absolute && pcs[next] < pc) {
                next++;
            }
            line = next < n_absolute ? lines[next] : line;
        }
        p->lines[pc] = line;
    }
}

static void take_names(struct reader *r, struct proto *p)
{
    for (uint32_t n = take_count(r, 3); n > 0 && !r->failed; n--) {
        vec_push(r->arena, &p->locals)->name = take_text(r);
        take_size(r);
        take_size(r);
    }
    uint32_t n = take_count(r, 1);
    for (uint32_t i = 0; i < n && !r->failed; i++) {
        str name = take_text(r);
        if (i < p->upvalues.n) {
            p->upvalues.at[i].name = name;
        }
    }
}

/* As deep as functions are nested, which the compiler limits to 200. */
static void take_proto(struct reader *r, struct proto *p, const struct proto *around)
{
    p->around = around;
    take_text(r); /* the source's name */
    p->line = (uint32_t)take_size(r);
    p->last_line = (uint32_t)take_size(r);
    p->n_parameters = take_byte(r);
    p->vararg = take_byte(r) != 0;
    take_byte(r); /* registers */
    take_code(r, p);
    take_constants(r, p);
    for (uint32_t n = take_count(r, 3); n > 0 && !r->failed; n--) {
        struct proto_upvalue *upvalue = vec_push(r->arena, &p->upvalues);
        upvalue->in_stack = take_byte(r) != 0;
        upvalue->index = (uint8_t)take_byte(r);
        take_byte(r);
    }
    uint32_t n_protos = take_count(r, 1);
    p->protos.at = ARENA_ARRAY(r->arena, struct proto, n_protos); /* never moved: `around` */
    p->protos.capacity = n_protos;
    for (uint32_t i = 0; i < n_protos && !r->failed; i++) {
        p->protos.n++;
        take_proto(r, &p->protos.at[i], p);
    }
    take_lines(r, p);
    take_names(r, p);
}

static bool take_header(struct reader *r)
{
    static const char begin[] = "\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08";
    const char *at = take(r, sizeof begin - 1);
    take(r, 16); /* an integer and a float, for the byte order: our own */
    take_byte(r);
    return at != NULL && memcmp(at, begin, sizeof begin - 1) == 0 && !r->failed;
}

static int add_to_buf(lua_State *L, const void *at, size_t n, void *buf)
{
    (void)L;
    buf_add(buf, at, n);
    return 0;
}

const struct proto *bytecode_of(struct arena *a, lua_State *L)
{
    struct buf dump = {0};
    lua_dump(L, add_to_buf, &dump, 0);
    struct reader r = {.arena = a, .at = dump.at, .end = dump.at + dump.n};
    struct proto *p = ARENA_NEW(a, struct proto);
    if (dump.n > 0 && take_header(&r)) {
        take_proto(&r, p, NULL);
    } else {
        r.failed = true;
    }
    buf_release(&dump);
    return r.failed ? NULL : p;
}

/* ---- what it does ---- */

/* Whether the upvalue is one of the outermost function's own, then which. */
static bool leads_outside(const struct proto *p, uint32_t upvalue, uint32_t *own)
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
        if (op_of(p->code[pc]) == OP_SETUPVAL && leads_outside(p, upvalue, &own)) {
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

static str text_of(const struct proto *p, uint32_t constant)
{
    return constant < p->texts.n ? p->texts.at[constant] : (str){0};
}

/* `foo` where the instruction takes member foo of what the one before put into that register;
 * *kept: the register still has it afterwards. */
static str member_of(const struct proto *p, uint32_t pc, uint32_t reg, bool *kept)
{
    uint32_t i = pc < p->n_code ? p->code[pc] : 0;
    bool is_field = pc < p->n_code && op_of(i) == OP_GETFIELD && b_of(i) == reg;
    *kept = !is_field || a_of(i) != reg;
    return is_field ? text_of(p, c_of(i)) : (str){0};
}

void proto_find_globals(struct arena *a, const struct proto *p, proto_globals *out)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t i = p->code[pc], own;
        bool read = op_of(i) == OP_GETTABUP, written = op_of(i) == OP_SETTABUP;
        uint32_t upvalue = read ? b_of(i) : a_of(i);
        /* The outermost function of a chunk has one upvalue: the world. */
        if (!(read || written) || !leads_outside(p, upvalue, &own) || own != 0) {
            continue;
        }
        str name = text_of(p, read ? c_of(i) : b_of(i));
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

/* ---- how many instructions it takes ---- */

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
            str name = text_of(p, c_of(i));
            return leads_outside(p, b_of(i), &own) && own == b->world &&
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

bool proto_only_reads_globals(const struct proto *p)
{
    for (uint32_t pc = 0; pc < p->n_code; pc++) {
        uint32_t i = p->code[pc], own;
        unsigned op = op_of(i);
        bool by_b = op == OP_GETUPVAL || op == OP_SETUPVAL;
        bool outside = leads_outside(p, by_b ? b_of(i) : a_of(i), &own);
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
        if (str_is(text_of(p, c_of(i)), inner) && !taken_on) {
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
