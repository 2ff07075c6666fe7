/*
 * placing.h - from standings to places: sorted within what is ranked together, with their ranks and
 * the grades that quotas leave (stand.h).
 */
#ifndef KAOPING_PLACING_H
#define KAOPING_PLACING_H

#include "bulk/stand.h"

/* Each scope by standing, then by id, in workers; false: one of them died. */
bool placing_sort(struct stands *s, unsigned jobs);
/* Ranks, and grades by quota; what was sorted is in arena a. */
void placing_rank(struct stands *s, struct arena *a);
/* Whether quotas hand on grades that ask for more than points: then stands.meets is needed. */
bool placing_asks_needs(const struct rubric *r);

#endif
