/* bytecode.c - reads the dump of a function: see bytecode.h. */
#include "lua/bytecode.h"

#include "base/buf.h"

#include <string.h>

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
