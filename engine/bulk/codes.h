/*
 * codes.h - what a worker learns of the texts of cells: each is read once by the loader and is a
 * code from then on (store.h).
 *
 *   "是"  ─► pair of its bytes ─► code 3 ─► entry 3 of the field in the worker's book
 *   "7"   ─► that byte         ─► code 2
 *   ""    ─► the byte that ends the cell
 */
#ifndef KAOPING_CODES_H
#define KAOPING_CODES_H

#include "base/map.h"
#include "bulk/store.h"

#include <string.h>

/* Codes of simple texts of up to 8 bytes, which are their own key. Two stand side by side and are
 * looked at together: so it can be foretold that one of them is it, for all but a few texts. */
struct code_table {
    struct code_pair {
        uint64_t key[2];  /* KEY_NONE: free; the second one only while the first one is */
        uint16_t code[2]; /* of a free one CODE_AGAIN */
    } * pairs;
    uint32_t last; /* pair: of a power of two of them */
    int shift;
};

/* The codes of a field's texts. */
struct codes {
    struct code_table table;
    uint16_t *bytes;     /* [256] codes of those that are one byte, or that lack even that: by the
                            byte where they begin; CODE_AGAIN where that tells nothing */
    struct map others;   /* all other texts, with CODE_MORE */
    uint32_t n, n_short; /* codes; those of them that are in the table */
    bool is_long;        /* more than an eighth of a piece's cells had more than a byte */
    bool blank_is_none;  /* of numbers: a cell without a text was asked for, and is not reported */
    struct entry *entries;
};

#define KEY_NONE UINT64_MAX
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

static inline uint32_t code_pair_of(struct code_table t, uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> t.shift);
}

/* The code of a text with that key, if its entry is simple; or CODE_AGAIN. */
static inline uint16_t code_known(struct code_table t, uint64_t key)
{
    for (uint32_t at = code_pair_of(t, key);; at = (at + 1) & t.last) {
        const struct code_pair *pair = &t.pairs[at];
        bool second = pair->key[1] == key;
        if (__builtin_expect((pair->key[0] == key) | second, 1)) {
            return pair->code[second];
        }
        if (pair->key[1] == KEY_NONE) {
            return CODE_AGAIN;
        }
    }
}

#endif
