/*
 * wording.h - what is said of an item, kept where many units have the same to be said of it.
 *
 * Points and deficiencies of an item that depend on a few cells are the same wherever those cells
 * are: they are put into words once for each index that the scorer gives them (bulk/tally.h).
 */
#ifndef KAOPING_WORDING_H
#define KAOPING_WORDING_H

#include "base/buf.h"
#include "model/result.h"

#define WORDED_KINDS 4                   /* an item with more kinds of deficiencies is not kept */
#define WORDING_MOST ((size_t)256 << 20) /* bytes of text */
#define WORDING_OWN UINT32_MAX           /* what is said of the unit's item is the unit's own */

/* Of one item and index; all-zero: not worded yet. Its points stand in the wording's text, and
 * behind them what is wrong with it: "title: what is wrong; title: ...". */
struct worded {
    uint32_t at, n_text;     /* n_text: of what is wrong, without the points */
    uint8_t n_points, count; /* count: deficiencies */
    bool known;
    uint8_t n_kinds, kinds[WORDED_KINDS]; /* enum flag, each once */
};

/* A member's name behind others in a list: "; name". So many bytes can be read behind the "; ". */
#define LISTED_COPY 32U

struct listed {
    const char *text; /* NULL: not asked for yet */
    uint32_t n;
    bool plain; /* it needs neither quotes nor a guard */
};

/* A text that stands in many rows, and needs neither quotes nor a guard; NULL: none so far. */
struct plain_text {
    const char *at;
    size_t n;
};

struct wording {
    struct arena *arena;
    struct plain_text class, grade; /* of the unit before */
    struct buf text;
    struct buf names;            /* room for a list of names, from unit to unit */
    struct listed *listed;       /* [n_members] made here */
    const uint32_t *index;       /* [n_members] of the unit; NULL: all are its own */
    const uint32_t *n_indices;   /* [n_members] how many there are */
    struct worded **of_member;   /* [n_members] by index, made here */
    const uint64_t *deficient;   /* [n_members] bits: who has deficiencies; NULL: to be found out */
    uint32_t n_deficiencies;     /* with those of the unit itself */
    uint64_t n_worded;           /* how often words were found */
    void (*need)(void *context); /* called before the unit's cells are looked at */
    void *context;
};

#endif
