/* digest.c - SHA-256 by libcrypto, which uses the processor's instructions for it. */
#include "base/digest.h"

#include "base/sys.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

static void write_hex(const unsigned char *digest, unsigned size, char out[DIGEST_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    char *p = stpcpy(out, "sha256:");
    for (unsigned i = 0; i < size; i++) {
        *p++ = hex[digest[i] >> 4];
        *p++ = hex[digest[i] & 15];
    }
    *p = '\0';
}

/* Out of memory is the only way a digest fails. */
static void must(bool fine)
{
    if (!fine) {
        sys_out_of_memory();
    }
}

void digest_text(const char *at, size_t n, char out[DIGEST_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    must(EVP_Digest(at, n, digest, &size, EVP_sha256(), NULL) == 1 && size == 32);
    write_hex(digest, size, out);
}

void digest_start(struct digest *d)
{
    d->context = EVP_MD_CTX_new();
    must(d->context != NULL && EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) == 1);
}

void digest_add(struct digest *d, const void *at, size_t n)
{
    must(EVP_DigestUpdate(d->context, at, n) == 1);
}

void digest_end(struct digest *d, char out[DIGEST_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    must(EVP_DigestFinal_ex(d->context, digest, &size) == 1 && size == 32);
    write_hex(digest, size, out);
    EVP_MD_CTX_free(d->context);
    d->context = NULL;
}
