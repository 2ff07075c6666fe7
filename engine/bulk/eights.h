/*
 * eights.h - numbers of eight rows at a time, where the processor has registers for them (AVX-512).
 *
 *   text     ... ,12.5, ...    ... ,3, ...    ... ,, ...    ... ,0.75, ...
 *   lanes         12.5              3           left             0.75
 *
 * A lane is as cell_quick_short would have it (packing.c does without this where it is not there);
 * what that does not settle is left to those who ask: blank cells, longer ones, anything else.
 */
#ifndef KAOPING_EIGHTS_H
#define KAOPING_EIGHTS_H

#include "bulk/lookup.h"
#include "load/cell.h"

#define EIGHT 4U

bool eights_there(void);

/* Cells of a column in so many rows: where each begins in the text, and its bytes. All three have
 * room for whole eights. */
struct eights {
    const char *text;
    uint32_t n_rows;
    const uint32_t *from, *n;
    dec *out;
};
/* left: bits of the rows [n_rows] whose number is not in `out`. */
void eights_read(const struct eights *of, struct cell_range range, uint8_t *left);

struct eights_add {
    struct slope slope; /* it is straight */
    dec floor;          /* with fewer points it falls short */
    uint32_t n_rows;
    const dec *values; /* NUMBER_NONE is left */
    uint64_t bit;      /* of the item in `says` */
    dec *points;
    uint64_t *says, *more; /* as a batch has them */
};
/* What the values make, added to points, in as many eights as there are; left as above. */
void eights_add(const struct eights_add *of, uint8_t *left);

#endif
