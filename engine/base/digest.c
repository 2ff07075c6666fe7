/* digest.c - SHA-256 by libcrypto, which uses the processor's instructions for it. */
#include "base/digest.h"

#include "base/sys.h"

#include <openssl/evp.h>
#include <string.h>

void digest_text(const char *at, size_t n, char out[DIGEST_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(at, n, digest, &size, EVP_sha256(), NULL) != 1 || size != 32) {
        sys_out_of_memory(); /* the only way a one-shot digest fails */
    }
    char *p = stpcpy(out, "sha256:");
    for (unsigned i = 0; i < size; i++) {
        *p++ = hex[digest[i] >> 4];
        *p++ = hex[digest[i] & 15];
    }
    *p = '\0';
}
