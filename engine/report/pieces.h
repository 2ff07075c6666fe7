/*
 * pieces.h - a long output made in pieces by several processes, which stand in it in order.
 *
 * A piece depends on the units in it alone, so the bytes are the same whoever makes it and however
 * many work on it.
 */
#ifndef KAOPING_PIECES_H
#define KAOPING_PIECES_H

#include "base/buf.h"
#include "base/sys.h"

#include <stdint.h>

struct pieces {
    uint32_t n;    /* units */
    uint32_t each; /* figures that one has, more or less: what a piece's size goes by */
    unsigned jobs; /* processes; 0: as many as there are processors */
    char between;  /* stands between pieces that are not empty; 0: nothing */
    /* Where `out` is emptied to as it grows, so that it is never there whole; NULL: it stays. */
    struct sys_output *output;
    void *context;
    /* Appends units [first, end). In a worker it can do nothing but compute (base/workers.h). */
    void (*write)(void *context, uint32_t first, uint32_t end, struct buf *out);
};

/* Appends them all. */
void pieces_write(const struct pieces *p, struct buf *out);

#endif
