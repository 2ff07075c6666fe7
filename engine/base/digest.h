/* digest.h - SHA-256 of bytes, as results name their inputs. */
#ifndef KAOPING_DIGEST_H
#define KAOPING_DIGEST_H

#include <stddef.h>

#define DIGEST_TEXT 72

/* "sha256:" and 64 hex digits. */
void digest_text(const char *at, size_t n, char out[DIGEST_TEXT]);

/* Piece by piece: digest_start, any number of digest_add, then digest_end. */
struct digest {
    void *context;
};

void digest_start(struct digest *d);
void digest_add(struct digest *d, const void *at, size_t n);
void digest_end(struct digest *d, char out[DIGEST_TEXT]);

#endif
