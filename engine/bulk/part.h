/*
 * part.h - a shard's part of a run as a file: what the store has of its rows, and their text, so
 * that nothing but the parts and the rubric is needed to go on.
 *
 *   head | header of the data | rows as text | books | blocks, classes, figures | packed rows |
 * digest
 *
 * A part is for the same kaoping on the same kind of machine: numbers are as they lie in memory.
 * Whatever does not fit is refused with a finding; a part that somebody changed by hand may give
 * wrong scores, but never anything else.
 */
#ifndef KAOPING_PART_H
#define KAOPING_PART_H

#include "base/diag.h"
#include "bulk/store.h"

/* I of N, from 1 on. */
struct shard {
    uint32_t number, of;
};

/* Sets the store's begin and finish to the shard's range of bytes. */
void shard_range(struct store *s, const struct shard *shard);

/* Writes what the store has read. version: of the program; rubric: its path, as it was given. */
void part_write(const struct store *s, const struct shard *shard, const char *version,
                const char *rubric, const char *path);

struct shard_part;

/* Opens a part; NULL after a finding. */
struct shard_part *part_open(struct arena *a, struct diag *d, const char *version,
                             const char *path);
void part_close(struct shard_part *p);
/* The path of its rubric, as it was given when the part was made. */
const char *part_rubric(const struct shard_part *p);

/* Puts the parts together as one store, whatever their order; false after a finding. */
bool parts_join(struct store *s, struct arena *a, struct diag *d, const struct rubric *r,
                struct shard_part **parts, uint32_t n);

#endif
