/*
 * repair.h - what was lost, sorted by effect on the total, and what each repair alone would bring.
 *
 * A bonus that was not earned is no loss and is not listed.
 */
#ifndef KAOPING_REPAIR_H
#define KAOPING_REPAIR_H

#include "model/result.h"

struct repair {
    uint32_t item;
    dec lost;        /* the item's full marks less its points (deductions: what was taken off) */
    dec total, gain; /* the total with this item alone repaired, and the difference; DEC_NONE: no
                        score, then or now */
    uint32_t rank;   /* 0: not ranked */
    uint32_t grade;  /* GRADE_NONE */
};

typedef VEC(struct repair) repairs;

/* Every item that lost something, largest gain first, then sheet order. r must be ranked. */
void repair_list(struct arena *a, const struct result *r, uint32_t unit, repairs *out);

#endif
