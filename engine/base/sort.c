/* sort.c - short runs by insertion, then merged: see sort.h. */
#include "base/sort.h"

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

#define RUN 16U
#define SPARE 256U /* bytes of an element that need no memory from elsewhere */

struct sorting {
    size_t size;
    int (*compare)(const void *, const void *);
    char *spare; /* one element */
};

static char *element(char *at, size_t i, const struct sorting *s) { return at + i * s->size; }

static void insert_all(const struct sorting *s, char *at, size_t low, size_t high)
{
    for (size_t i = low + 1; i < high; i++) {
        size_t to = i;
        while (to > low && s->compare(element(at, to - 1, s), element(at, i, s)) > 0) {
            to--;
        }
        if (to < i) {
            memcpy(s->spare, element(at, i, s), s->size);
            memmove(element(at, to + 1, s), element(at, to, s), (i - to) * s->size);
            memcpy(element(at, to, s), s->spare, s->size);
        }
    }
}

static void merge(const struct sorting *s, char *from, char *to, size_t low, size_t mid,
                  size_t high)
{
    size_t i = low, j = mid;
    for (size_t k = low; k < high; k++) {
        bool left =
            j >= high || (i < mid && s->compare(element(from, i, s), element(from, j, s)) <= 0);
        memcpy(element(to, k, s), element(from, left ? i++ : j++, s), s->size);
    }
}

void sort_elements(void *at, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    if (n < 2) {
        return;
    }
    struct arena scratch = {0};
    char spare[SPARE];
    struct sorting s = {size, compare, size <= SPARE ? spare : arena_alloc(&scratch, size)};
    char *from = at, *to = n > RUN ? arena_alloc(&scratch, n * size) : NULL;
    for (size_t low = 0; low < n; low += RUN) {
        insert_all(&s, from, low, low + RUN < n ? low + RUN : n);
    }
    for (size_t run = RUN; run < n; run *= 2) {
        for (size_t low = 0; low < n; low += 2 * run) {
            size_t mid = low + run < n ? low + run : n;
            merge(&s, from, to, low, mid, low + 2 * run < n ? low + 2 * run : n);
        }
        char *swap = from;
        from = to;
        to = swap;
    }
    if (from != at) {
        memcpy(at, from, n * size);
    }
    arena_release(&scratch);
}
