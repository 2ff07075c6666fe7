/*
 * heap.h - blocks that are freed singly, counted against a cap: the memory of a script interpreter.
 *
 * Everything else lives in arenas. Here running out of memory is no end of the process: a script
 * that wants more than its cap gets an error of its own.
 */
#ifndef KAOPING_HEAP_H
#define KAOPING_HEAP_H

#include <stddef.h>

struct heap {
    size_t used; /* bytes */
    size_t most; /* the cap */
};

/* As realloc, but old_size is known to the caller; new_size 0 frees and yields NULL. NULL, and the
 * old block stays, when growing would go beyond the cap or there is no memory. */
void *heap_resize(struct heap *h, void *old, size_t old_size, size_t new_size);

#endif
