/*
 * arena.c - memory with one lifetime.
 *
 * A chunk that has no room is left as it is and a new one put before it, made for the request with
 * room to spare. What stays unused in the old one is less than the request itself, so at most half
 * of the memory is lost, and the order of the chunks is the order of the allocations: that is what
 * makes arena_reset a walk from the front.
 *
 * Memory comes zeroed from calloc. `dirty` says up to where a chunk was ever used; only below it,
 * that is after a reset, has an allocation to clear what it hands out.
 *
 *   data  [ allocated ........ | given back, not clean ..... | as calloc made it ........ ]
 *         0                    used                          dirty                   capacity
 *
 * Under AddressSanitizer everything not allocated is poisoned, with a gap behind each allocation.
 */
#include "base/arena.h"

#include "base/compose.h"
#include "base/sys.h"
#include "base/workers.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define GAP ((size_t)16)
#else
#define ASAN_POISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(at, n) ((void)(at), (void)(n))
#define GAP ((size_t)0)
#endif

#define ALIGNMENT alignof(max_align_t)
#define CHUNK_FIRST ((size_t)32 << 10)
#define CHUNK_MOST ((size_t)8 << 20)
#define PAGE_LARGE ((uintptr_t)2 << 20) /* of memory, where the system has such */

struct arena_chunk {
    struct arena_chunk *next; /* the one allocated before */
    size_t capacity, used, dirty;
    alignas(max_align_t) char data[];
};

static void release_until(struct arena *a, const struct arena_chunk *last)
{
    while (a->first != last) {
        struct arena_chunk *chunk = a->first;
        a->first = chunk->next;
        free(chunk);
    }
}

/* Shared blocks have no chunk to live in: each begins with where the next one is. */
struct arena_shared {
    struct arena_shared *next;
    size_t n;
    alignas(max_align_t) char data[];
};

void arena_release(struct arena *a)
{
    release_until(a, NULL);
    while (a->shared != NULL) {
        struct arena_shared *block = a->shared;
        a->shared = block->next;
        shared_release(block, block->n);
    }
}

void *arena_shared(struct arena *a, size_t n)
{
    if (n > SIZE_MAX / 4) {
        sys_out_of_memory();
    }
    struct arena_shared *block = shared_new(sizeof *block + n, a->sharers);
    block->n = sizeof *block + n;
    block->next = a->shared;
    a->shared = block;
    return block->data;
}

/* What an allocation of n bytes takes of a chunk. */
static size_t taken(size_t n)
{
    if (n > SIZE_MAX / 4) {
        sys_out_of_memory();
    }
    return (n + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Tables that are read here and there are found with fewer looks at the page tables. */
static void ask_for_large_pages(void *at, size_t n)
{
    uintptr_t from = ((uintptr_t)at + PAGE_LARGE - 1) & ~(PAGE_LARGE - 1);
    uintptr_t to = ((uintptr_t)at + n) & ~(PAGE_LARGE - 1);
    if (to > from && madvise((void *)from, to - from, MADV_HUGEPAGE) != 0) {
        /* Then not: they are only faster. */
    }
}

/* Chunks grow with the arena, so that a large one is made of few. */
static struct arena_chunk *add_chunk(struct arena *a, size_t n)
{
    size_t spare = CHUNK_FIRST;
    if (a->first != NULL) {
        spare = a->first->capacity < CHUNK_MOST / 2 ? a->first->capacity * 2 : CHUNK_MOST;
    }
    size_t capacity = n <= spare ? spare : n + spare;
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + capacity);
    if (chunk == NULL) {
        sys_out_of_memory();
    }
    ask_for_large_pages(chunk, sizeof *chunk + capacity);
    chunk->capacity = capacity;
    chunk->next = a->first;
    a->first = chunk;
    ASAN_POISON_MEMORY_REGION(chunk->data, capacity);
    return chunk;
}

/* Hands out [used, end) of the chunk, of which n bytes are wanted, as zeros. */
static void *take(struct arena_chunk *chunk, size_t end, size_t n)
{
    char *at = chunk->data + chunk->used;
    ASAN_UNPOISON_MEMORY_REGION(at, n);
    if (chunk->used < chunk->dirty) {
        size_t unclean = (end < chunk->dirty ? end : chunk->dirty) - chunk->used;
        memset(at, 0, n < unclean ? n : unclean);
    }
    chunk->used = end;
    if (chunk->dirty < end) {
        chunk->dirty = end;
    }
    return at;
}

static _Thread_local uint64_t n_allocations;

uint64_t arena_allocations(void) { return n_allocations; }

void *arena_alloc(struct arena *a, size_t n)
{
    n_allocations++;
    size_t size = taken(n > 0 ? n : 1);
    struct arena_chunk *chunk = a->first;
    if (chunk == NULL || chunk->capacity - chunk->used < size) {
        chunk = add_chunk(a, size);
    }
    return take(chunk, chunk->used + size, n);
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    if (new_size <= old_size && old != NULL) {
        return old;
    }
    struct arena_chunk *chunk = a->first;
    if (old != NULL && old_size > 0 && chunk != NULL) {
        size_t was = taken(old_size), size = taken(new_size);
        bool last = (char *)old + was == chunk->data + chunk->used;
        if (last && chunk->capacity - (chunk->used - was) >= size) {
            /* Everything from old_size on counts as new: the gap behind it was never written. */
            size_t start = chunk->used - was, end = start + size;
            chunk->used = start + old_size;
            take(chunk, end, new_size - old_size);
            return old;
        }
    }
    void *grown = arena_alloc(a, new_size);
    if (old != NULL && old_size > 0) {
        memcpy(grown, old, old_size);
    }
    return grown;
}

char *arena_text(struct arena *a, const char *at, size_t n)
{
    char *text = arena_alloc(a, n + 1);
    if (n > 0) {
        memcpy(text, at, n);
    }
    return text;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    char shorter[256]; /* mostly it fits, and is formatted once */
    va_list again;
    va_copy(again, args);
    int n = compose(shorter, sizeof shorter, format, again);
    va_end(again);
    if (n < 0) {
        sys_out_of_memory();
    }
    if ((size_t)n < sizeof shorter) {
        return arena_text(a, shorter, (size_t)n);
    }
    char *text = arena_alloc(a, (size_t)n + 1);
    compose(text, (size_t)n + 1, format, args);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

struct arena_mark arena_mark(const struct arena *a)
{
    struct arena_mark mark = {a->first, a->first != NULL ? a->first->used : 0};
    return mark;
}

/*
 * The mark of an empty arena keeps the newest chunk, which is the largest: a scratch arena that is
 * reset for every unit soon does without the system.
 */
void arena_reset(struct arena *a, struct arena_mark mark)
{
    if (mark.chunk == NULL && a->first != NULL) {
        struct arena oldest = {.first = a->first->next};
        arena_release(&oldest);
        a->first->next = NULL;
    } else {
        release_until(a, mark.chunk);
    }
    if (a->first == NULL) {
        return;
    }
    a->first->used = mark.used;
    ASAN_POISON_MEMORY_REGION(a->first->data + mark.used, a->first->capacity - mark.used);
}

uint32_t vec_capacity(uint32_t n)
{
    if (n == UINT32_MAX) {
        sys_out_of_memory();
    }
    if (n > UINT32_MAX / 2) {
        return UINT32_MAX;
    }
    return n == 0 ? 8 : n * 2;
}
