/*
 * placing.h - from standings to places: sorted within what is ranked together, with their ranks and
 * the grades that quotas leave (stand.h).
 */
#ifndef KAOPING_PLACING_H
#define KAOPING_PLACING_H

#include "bulk/stand.h"

/* Sorts each scope by standing, then by id, and gives ranks, in workers; false: one of them died.
 * What it makes is in arena a. */
bool placing_rank(struct stands *s, struct arena *a, unsigned jobs);
/* Grades by quota, after that. */
void placing_give_quotas(struct stands *s, struct arena *a);
/* Whether quotas hand on grades that ask for more than points: then stands.meets is needed. */
bool placing_asks_needs(const struct rubric *r);

#endif
