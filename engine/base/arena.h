/*
 * arena.h - memory with one lifetime, and arrays that grow in it.
 *
 * Nearly everything here lives as long as the command: it is allocated from an arena and never
 * freed singly. A scratch arena with mark and reset serves what is needed for one unit or one row.
 * Running out of memory ends the process in one place (sys_out_of_memory): no caller checks for it.
 *
 *   arena -> chunk [used....|free    ] -> chunk [used..........] -> NULL
 *            ^ allocations come from the first chunk; without room in it, from a new first one
 *
 * Memory is always zeroed: a fresh struct is in its "nothing given" state.
 */
#ifndef KAOPING_ARENA_H
#define KAOPING_ARENA_H

#include "base/workers.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

struct arena_shared;

struct arena {
    struct arena_chunk *first;
    struct arena_shared *shared;
    enum worker_kind sharers; /* of what arena_shared gives */
};

struct arena_mark {
    struct arena_chunk *chunk;
    size_t used;
};

/* An all-zero struct arena is valid and empty. */
void arena_release(struct arena *a);

/* n bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
/* How often this thread called it, so that what allocates for each unit can be told. */
uint64_t arena_allocations(void);

/* The same, shared with workers that are started later: what they write there is seen here. Not
 * given back by arena_reset. */
void *arena_shared(struct arena *a, size_t n);

/* Grows the last allocation in place where it can, else copies. The new part is zeroed. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

/* A NUL-terminated copy of n bytes. */
char *arena_text(struct arena *a, const char *at, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Everything allocated after the mark is given back by the reset. */
struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark mark);

#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))

/*
 * A growing array. Declare `VEC(struct field) fields;` (all-zero is empty), add with vec_push, read
 * with fields.at[i], i < fields.n. Growth may move the elements: keep indices, not pointers.
 */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *at;                                                                                     \
        uint32_t n, capacity;                                                                      \
    }

/* Makes room for one more element and yields a pointer to it (zeroed). */
#define vec_push(a, v)                                                                             \
    ((v)->n == (v)->capacity                                                                       \
         ? ((v)->at = arena_grow((a), (v)->at, sizeof *(v)->at * (v)->capacity,                    \
                                 sizeof *(v)->at * vec_capacity((v)->capacity)),                   \
            (v)->capacity = vec_capacity((v)->capacity), &(v)->at[(v)->n++])                       \
         : &(v)->at[(v)->n++])

/* The next capacity after n; ends the process when 32 bits do not count the elements any more. */
uint32_t vec_capacity(uint32_t n);

#endif
