/*
 * gather.h - from the text to packed rows and books (store.h), in workers, by ranges of bytes.
 */
#ifndef KAOPING_GATHER_H
#define KAOPING_GATHER_H

#include "bulk/store.h"

/* The first rows of a file. */
struct sample {
    uint32_t n_rows, stride;
    size_t end;          /* of them in the text */
    uint32_t names_most; /* bytes that an id and a name take together */
    uint32_t *different; /* [n_fields] texts */
};

/* False: they are not for this reader. The store has its layout and room for one book. */
bool gather_sample(const struct store *s, uint32_t most, struct sample *out);
/* All blocks; false: one of them is not for this reader. Where the store has no room for rows, only
 * what has to be known of all of them before one can be scored: units, classes and their figures.
 */
bool gather_all(const struct store *s, unsigned jobs);
/* False: two units seem to have the same id, or there is no room. */
bool gather_put_id(const struct store *s, str id);

/* ---- what was surveyed, once more: in a worker ---- */

struct gatherer;

#define GATHER_ROWS 256U

/* Packed rows in the order of the text, GATHER_ROWS at most; they do not stay. False: no more. */
typedef bool gather_take(void *context, char *rows, uint32_t n);

/* One for a worker; NULL: there is no book left. */
struct gatherer *gather_begin(const struct store *s, gather_take *take);
void gather_end(struct gatherer *g);
/* Numbers of the rows that are handed over, field by field as well: [store's fields] NULL, or a dec
 * a row. */
const dec *const *gather_columns(const struct gatherer *g);
/* Hands over the rows of a block; false: one of them is not for this reader, or `take` was false.
 */
bool gather_again(struct gatherer *g, uint32_t block, void *context);

#endif
