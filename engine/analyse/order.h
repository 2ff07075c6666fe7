/*
 * order.h - sorts a list of indices: stable, n log n whatever the input, the same on every machine.
 *
 * qsort is neither stable nor bounded everywhere, and takes no context.
 */
#ifndef KAOPING_ORDER_H
#define KAOPING_ORDER_H

#include "base/arena.h"

#include <stdint.h>

/* Below 0: a before b; 0: alike; above 0: b before a. */
typedef int (*order_compare)(const void *context, uint32_t a, uint32_t b);

/* Room for n indices is taken from scratch; the caller gives it back. */
void order_sort(struct arena *scratch, uint32_t *list, uint32_t n, order_compare compare,
                const void *context);

#endif
