/*
 * own.h - a store as one worker sees it: what is read is shared, and what rows are taken into is
 * the worker's own.
 *
 *   store ──► rows, blocks, books, classes     of all workers
 *   own   ──► arena, merge, table of one unit  of this one
 */
#ifndef KAOPING_OWN_H
#define KAOPING_OWN_H

#include "bulk/store.h"

/* It shares what `of` has got by now; what was said so far is not said in it. */
struct store *own_store(const struct store *of);
/* With all that is in its arena. */
void own_store_release(const struct store *own);

#endif
