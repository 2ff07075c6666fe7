/*
 * order.c - merge sort from the bottom up: runs of 1, 2, 4, … are merged into the other array.
 */
#include "analyse/order.h"

#include <stdbool.h>
#include <string.h>

struct sorting {
    order_compare compare;
    const void *context;
};

/* Merges from[low, mid) and from[mid, high) into to[low, high). */
static void merge(const struct sorting *s, const uint32_t *from, uint32_t *to, size_t low,
                  size_t mid, size_t high)
{
    /* What is in order already is only copied: sorted input costs n comparisons a round. */
    if (mid >= high || s->compare(s->context, from[mid - 1], from[mid]) <= 0) {
        memcpy(to + low, from + low, (high - low) * sizeof *to);
        return;
    }
    size_t i = low, j = mid;
    for (size_t k = low; k < high; k++) {
        bool left = j >= high || (i < mid && s->compare(s->context, from[i], from[j]) <= 0);
        to[k] = left ? from[i++] : from[j++];
    }
}

void order_sort(struct arena *scratch, uint32_t *list, uint32_t n, order_compare compare,
                const void *context)
{
    struct sorting s = {compare, context};
    uint32_t *from = list, *to = ARENA_ARRAY(scratch, uint32_t, n);
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t low = 0; low < n; low += 2 * run) {
            size_t mid = low + run < n ? low + run : n;
            size_t high = low + 2 * run < n ? low + 2 * run : n;
            merge(&s, from, to, low, mid, high);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != list) {
        memcpy(list, from, (size_t)n * sizeof *list);
    }
}
