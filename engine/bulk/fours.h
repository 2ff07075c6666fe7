/*
 * fours.h - numbers of four rows at a time, where the processor can (AVX-512, in registers of 256
 * bits: wider ones make all that runs beside them slower).
 *
 *   text     ... ,12.5, ...    ... ,3, ...    ... ,, ...    ... ,0.75, ...
 *   lanes         12.5              3           left             0.75
 *
 * A lane is as cell_quick_short and on_slope (batch.c) have it, which do without this where it is
 * not there. What it does not settle is left to those who ask: blank cells and longer ones, what
 * lies in the middle between two steps.
 */
#ifndef KAOPING_FOURS_H
#define KAOPING_FOURS_H

#include "bulk/lookup.h"
#include "load/cell.h"

#define FOUR 4U

bool fours_there(void);

/* Cells of a column in so many rows: where each begins in the text, and its bytes. All three have
 * room for whole fours. */
struct fours {
    const char *text;
    uint32_t n_rows;
    const uint32_t *from, *n;
    dec *out;
};
/* left: bits of the rows [n_rows] whose number is not in `out`. */
void fours_read(const struct fours *of, struct cell_range range, uint8_t *left);

struct fours_add {
    struct slope slope; /* it is straight */
    dec floor;          /* with fewer points it falls short */
    uint32_t n_rows;
    const dec *values; /* NUMBER_NONE is left */
    uint64_t bit;      /* of the item in `says` */
    dec *points;
    uint64_t *says, *more; /* as a batch has them */
};
/* What the values make, added to points, in as many fours as there are; left as above. */
void fours_add(const struct fours_add *of, uint8_t *left);

#endif
