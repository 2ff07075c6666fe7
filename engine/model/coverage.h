/*
 * coverage.h - what a rubric's tests reach: items, the ways a rule can go, gates, grades, lines of
 * scripts.
 *
 * A rule's ways are numbered from 1; 0 is none of note (full marks, a straight line):
 *
 *   tiers, rank by tiers    each tier, in the order of the rubric
 *   ladder                  each level, from the lowest
 *   choice                  each option, in the order of the field
 *   gap                     each rate: the last one that cost something
 *   late                    1: behind the due date
 *   change                  1: up, 2: down
 *   and one more behind these where nothing_at or nothing_past gives no points
 */
#ifndef KAOPING_COVERAGE_H
#define KAOPING_COVERAGE_H

#include "model/rubric.h"

/* Lines of chunks that were reached: lines[chunk][line], [0] unused; room for n_lines[chunk] + 1.
 * 0: no code there, 1: code, 2: reached. In shared memory, filled by workers. */
struct script_coverage {
    uint8_t **lines;
    uint32_t *n_lines;
};

struct coverage {
    const struct rubric *rubric;
    uint32_t unit;                   /* only this one counts: the others are its background */
    bool **ways;                     /* [n_members][way], of items that have any */
    uint32_t *n_ways;                /* [n_members] */
    bool *scored;                    /* [n_members] items: with a value */
    bool *fired, *open;              /* [n_gates] */
    bool *given;                     /* [n_grades] */
    struct script_coverage *scripts; /* NULL: there are none */
};

static inline void coverage_way(struct coverage *c, uint32_t unit, uint32_t member, uint32_t way)
{
    if (c && unit == c->unit && way <= c->n_ways[member] && way > 0) {
        c->ways[member][way] = true;
    }
}

#endif
