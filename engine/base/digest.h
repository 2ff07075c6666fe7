/* digest.h - SHA-256 of bytes, as results name their inputs. */
#ifndef KAOPING_DIGEST_H
#define KAOPING_DIGEST_H

#include <stddef.h>

#define DIGEST_TEXT 72

/* "sha256:" and 64 hex digits. */
void digest_text(const char *at, size_t n, char out[DIGEST_TEXT]);

#endif
