/*
 * gather.h - from the text to packed rows and books (store.h), in workers, by ranges of bytes.
 */
#ifndef KAOPING_GATHER_H
#define KAOPING_GATHER_H

#include "bulk/store.h"

/* The first rows of a file. */
struct sample {
    uint32_t n_rows;
    size_t end;          /* of them in the text */
    uint32_t names_most; /* bytes that an id and a name take together */
    uint32_t *different; /* [n_fields] texts */
};

/* False: they are not for this reader. The store has its layout and room for one book. */
bool gather_sample(const struct store *s, uint32_t most, struct sample *out);
/* All blocks; false: one of them is not for this reader. */
bool gather_all(const struct store *s, unsigned jobs);
/* False: two units seem to have the same id, or there is no room. */
bool gather_put_id(const struct store *s, str id);

#endif
