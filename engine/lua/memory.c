/* memory.c - see memory.h. */
#include "lua/memory.h"

#define TEXT_OVERHEAD 25    /* of a string: its header and the NUL */
#define TEXT_SHORT_BLOCK 65 /* the largest block of a string that is kept once */
/* Smaller blocks that are no strings cost nothing: call frames are kept for later calls, and when a
 * table is laid out anew depends on the interpreter's random seed once text keys were removed from
 * it. An instruction pays for walking one of that size. */
#define SMALL_BLOCK 1024
#define STRINGS_FIRST 1024 /* the string table as lua_newstate makes it, by which it is told */
#define SLOT 16            /* bytes of a value */
#define STACK_SLOTS 4000
#define BLOCK_MOST ((size_t)256 << 10)
#define BLOCK_LOADING_MOST ((size_t)1 << 20)
#define STRINGS_MOST ((size_t)4 << 20)
#define TICK 1000

size_t memory_text_cost(size_t n, bool zero_bytes)
{
    if (n <= (zero_bytes ? MEMORY_TEXT_FREE : MEMORY_TEXT_FREE_KNOWN)) {
        return 1;
    }
    size_t rounded = MEMORY_TEXT_FREE;
    while (rounded < n) {
        rounded *= 2;
    }
    return rounded / (zero_bytes ? 64 : 256);
}

static void arm(struct memory *m, int tick)
{
    m->tick = tick;
    m->armed = true;
    lua_sethook(m->L, m->hook, LUA_MASKCOUNT | m->mask, tick);
}

static int tick_of(size_t cost) { return cost >= TICK ? 1 : (int)(TICK / cost); }

void memory_begin(struct memory *m, size_t cost, bool hooked)
{
    m->budget->left = BUDGET_STEPS;
    m->refused = REFUSED_NOTHING;
    m->cost = cost;
    if (hooked || cost > 1) {
        arm(m, tick_of(cost));
    } else {
        memory_end(m);
    }
}

void memory_end(struct memory *m)
{
    if (m->armed) {
        m->armed = false;
        lua_sethook(m->L, NULL, 0, 0);
    }
}

/* Where the running Lua function is: nothing is allocated or changed for it. */
static void *refuse(struct memory *m, enum refused why)
{
    m->refused = why;
    m->refused_at.currentline = 0;
    lua_Debug at;
    for (int level = 0; m->L != NULL && lua_getstack(m->L, level, &at); level++) {
        lua_getinfo(m->L, "Sl", &at);
        if (at.currentline > 0) {
            m->refused_at = at;
            break;
        }
    }
    return NULL;
}

static void charge(struct memory *m, size_t steps)
{
    bool before = m->budget->left >= 0;
    m->budget->left -= (int64_t)steps;
    if (before && m->budget->left < 0 && m->L != NULL) {
        arm(m, 1);
    }
}

/* A string was made whose bytes nobody looked at. */
static void note_text(struct memory *m, size_t n)
{
    size_t cost = memory_text_cost(n, true);
    if (cost > m->cost && m->L != NULL) {
        m->cost = cost;
        arm(m, m->budget->left < 0 ? 1 : tick_of(cost));
    }
}

static void *resize_strings(struct memory *m, size_t old_size, size_t new_size)
{
    if (new_size > STRINGS_MOST && new_size > old_size) {
        return refuse(m, REFUSED_ALL);
    }
    void *block = heap_resize(&m->heap, m->strings, old_size, new_size);
    if (block == NULL && new_size > 0) {
        return refuse(m, REFUSED_ALL);
    }
    m->strings = block;
    return block;
}

/*
 * A stack that grows takes twice its size, of which five places at its end do not count; or what
 * one function wants, which can be any size. So blocks beyond that size must be such as tables
 * have, 2^n entries of 16 or of 24 bytes, but for tables written in a script: while loading.
 */
static bool may_be_stack(const struct memory *m, size_t n)
{
    size_t doubled = 2 * m->stack_size - (size_t)5 * SLOT;
    size_t rounded = SLOT;
    while (rounded < n && rounded * 3 / 2 != n) {
        rounded *= 2;
    }
    bool of_table = rounded == n || rounded * 3 / 2 == n;
    return m->stack_size > 0 && (n == doubled || (n > doubled && !of_table && !m->loading));
}

static void pay_for(struct memory *m, void *block, size_t tag, size_t n)
{
    if (m->L == NULL && tag == 0 && n == STRINGS_FIRST && m->strings == NULL) {
        m->strings = block;
    } else if (tag == LUA_TSTRING && n > TEXT_SHORT_BLOCK) {
        charge(m, n / 16);
        note_text(m, n - TEXT_OVERHEAD);
    } else if (tag != LUA_TSTRING && (tag != 0 || n >= SMALL_BLOCK)) {
        charge(m, n / 16);
    }
}

static void *make(struct memory *m, size_t tag, size_t n)
{
    if (tag == LUA_TSTRING && n > BUDGET_TEXT_MOST + TEXT_OVERHEAD) {
        return refuse(m, REFUSED_TEXT);
    }
    if (tag == 0 && may_be_stack(m, n)) {
        return refuse(m, REFUSED_STACK);
    }
    if (n > (m->loading ? BLOCK_LOADING_MOST : BLOCK_MOST)) {
        return refuse(m, REFUSED_BLOCK);
    }
    void *block = heap_resize(&m->heap, NULL, 0, n);
    if (block == NULL) {
        return refuse(m, REFUSED_ALL);
    }
    m->last_size = n;
    pay_for(m, block, tag, n);
    return block;
}

bool memory_make_stack(struct memory *m)
{
    /* At the level of the program itself, whose claim lasts: the collector never shrinks it. */
    bool fine = lua_checkstack(m->L, STACK_SLOTS) != 0;
    m->stack_size = m->last_size;
    return fine;
}

void *memory_resize(void *memory, void *block, size_t old_size, size_t new_size)
{
    struct memory *m = memory;
    if (new_size == 0) {
        heap_resize(&m->heap, block, old_size, 0);
        return NULL;
    }
    if (block == NULL) {
        return make(m, old_size, new_size);
    }
    if (block == m->strings) {
        return resize_strings(m, old_size, new_size);
    }
    if (new_size > (m->loading ? BLOCK_LOADING_MOST : BLOCK_MOST) && new_size > old_size) {
        return refuse(m, REFUSED_BLOCK);
    }
    void *resized = heap_resize(&m->heap, block, old_size, new_size);
    if (resized == NULL) {
        return refuse(m, REFUSED_ALL);
    }
    size_t larger = old_size > new_size ? old_size : new_size;
    charge(m, larger >= SMALL_BLOCK ? larger / 16 : 0);
    return resized;
}
