/*
 * codes.h - what a worker learns of the texts of cells: each is read once by the loader and is a
 * code from then on (store.h).
 *
 *   "是"  ─► slot of its bytes ─► code 3 ─► entry 3 of the field in the worker's book
 */
#ifndef KAOPING_CODES_H
#define KAOPING_CODES_H

#include "base/map.h"
#include "bulk/store.h"

#include <string.h>

/* The codes of a field's texts. Those of up to 8 bytes are their own key. */
struct codes {
    struct code_slot {
        uint64_t key;  /* KEY_NONE: free, and its code known to nobody */
        uint32_t code; /* with CODE_MORE */
    } * slots;
    uint32_t n, size; /* size: a power of two */
    int shift;
    struct map longer; /* texts of more than 8 bytes */
    /* Of a text of one byte, and at the end of none at all, if it is simple; or CODE_AGAIN. */
    uint16_t *shortest; /* [SHORTEST] */
    struct entry *entries;
};

#define KEY_NONE UINT64_MAX
#define SHORTEST 257U
#define KEY_BYTES 8U
#define CODE_BITS 16
#define CODE_MORE (ROW_AGAIN << CODE_BITS) /* there is no entry, or it is not simple */

struct learner {
    const struct store *store;
    struct arena arena, scratch;
    struct diag diag;    /* of cells; nothing in it is said to anybody */
    struct codes *codes; /* [n_fields] */
};

/* Into the store's book of that number. */
void learner_init(struct learner *l, const struct store *s, uint32_t book);
void learner_release(struct learner *l);

/* What the loader makes of a text of the store's field; false: it has something to say. */
bool learner_read(struct learner *l, uint32_t index, str text, struct entry *out);
/* The code of a cell of the field, with CODE_MORE; CODE_AGAIN: there was no room for it. False: the
 * loader has something to say. */
bool learner_code(struct learner *l, uint32_t index, str text, uint32_t *code);

/* The bytes of a text of no more than KEY_BYTES, the first of them the lowest; that many behind its
 * beginning can be read. */
static inline uint64_t text_key(str text)
{
    static const uint64_t masks[] = {0,
                                     UINT64_C(0xff),
                                     UINT64_C(0xffff),
                                     UINT64_C(0xffffff),
                                     UINT64_C(0xffffffff),
                                     UINT64_C(0xffffffffff),
                                     UINT64_C(0xffffffffffff),
                                     UINT64_C(0xffffffffffffff),
                                     UINT64_MAX};
    uint64_t key;
    memcpy(&key, text.at, sizeof key);
    return key & masks[text.n];
}

static inline uint32_t code_slot_of(const struct codes *c, uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> c->shift);
}

/* The code of a text whose entry is simple and was found at the first look; else CODE_AGAIN. As
 * many bytes as text_key asks for can be read. */
static inline uint16_t codes_known(const struct codes *c, str text)
{
    if (text.n <= 1) {
        return c->shortest[text.n == 1 ? (unsigned char)*text.at : SHORTEST - 1];
    }
    if (text.n > KEY_BYTES) {
        return CODE_AGAIN;
    }
    uint64_t key = text_key(text);
    const struct code_slot *slot = &c->slots[code_slot_of(c, key)];
    return slot->key == key && slot->code < CODE_AGAIN ? (uint16_t)slot->code : CODE_AGAIN;
}

#endif
