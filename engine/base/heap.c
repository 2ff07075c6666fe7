/* heap.c - see heap.h. */
#include "base/heap.h"

#include <stdlib.h>

void *heap_resize(struct heap *h, void *old, size_t old_size, size_t new_size)
{
    size_t freed = old == NULL ? 0 : old_size;
    if (new_size == 0) {
        h->used -= freed;
        free(old);
        return NULL;
    }
    if (new_size > freed && (h->used > h->most || new_size - freed > h->most - h->used)) {
        return NULL;
    }
    void *block = realloc(old, new_size);
    if (block != NULL) {
        h->used = h->used - freed + new_size;
    }
    return block;
}
