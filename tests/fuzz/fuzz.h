/*
 * fuzz.h - what the harnesses share: bytes to a source, as source_read does it, and the findings
 * printed at the end, since printing computes places in text of any shape.
 */
#ifndef KAOPING_FUZZ_H
#define KAOPING_FUZZ_H

#include "base/diag.h"
#include "base/encoding.h"
#include "base/source.h"
#include "model/rubric.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* NULL where the bytes are no text: source_read stops there too. The copy ends with a NUL, as texts
 * do, so that AddressSanitizer sees whoever reads on beyond it. */
static inline const struct source *fuzz_source(struct arena *a, const char *name,
                                               const uint8_t *data, size_t n)
{
    struct decoding got;
    const char *text = arena_text(a, (const char *)data, n);
    if (!encoding_decode(a, text, n, NULL, &got) || memchr(got.text, '\0', got.n) != NULL)
        return NULL;
    return source_from_text(a, name, got.text, got.n);
}

static inline void fuzz_print(struct diag *d)
{
    struct buf out = {0};
    diag_print(d, &out, true);
    diag_json(d, &out);
    buf_release(&out);
}

/* Reads the input as a data file of that name (its ending says the format) under a rubric with a
 * field of each type. In units_under_test.c. */
int fuzz_units(const char *name, const uint8_t *data, size_t n);
/* That rubric: one item i in section s, two classes a and b. */
const struct rubric *fuzz_rubric(void);

#endif
