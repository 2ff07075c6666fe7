/*
 * node.h - a document (YAML or JSON) as a tree in which every value keeps its place, and getters
 * that report what is wrong themselves.
 *
 * Scalars stay text until somebody says what they are (`no`, `08`, `12:30`). Repeated keys, keys
 * without a value, and aliases that would blow up are findings of the readers. A node that is wrong
 * is marked bad once it was reported, so that it costs one finding and not ten: every getter passes
 * a bad node on in silence.
 */
#ifndef KAOPING_NODE_H
#define KAOPING_NODE_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/diag.h"
#include "base/text.h"

#include <stdbool.h>

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node_pair;

struct node {
    enum node_kind kind;
    bool quoted;  /* a scalar in quotes; a JSON string */
    bool is_null; /* JSON null, or a YAML list element without a value */
    bool bad;
    const char *text;        /* a scalar's text, NUL-terminated */
    size_t n;                /* its length; of a list passed on by yaml_read_frame: where to */
    struct node **items;     /* a list's */
    struct node_pair *pairs; /* a map's, in the order of the file */
    uint32_t n_items;        /* of items or pairs */
    uint32_t n_lost;         /* a map's keys that nobody knows; each may be one that is missing */
    uint32_t n_passed;       /* a list's elements that were not kept (…_read_frame) */
    span at;
};

struct node_pair {
    struct node *key; /* a scalar */
    struct node *value;
    bool used; /* some getter asked for it: what is left over is unknown */
};

/* Readers: the root, or NULL after findings. One document a source. */
struct node *yaml_read(struct arena *a, struct diag *d, const struct source *s);
struct node *json_read(struct arena *a, struct diag *d, const struct source *s);

/*
 * JSON with many units, of which no more than one need be there at a time. Either a list in the
 * document's root:
 *
 *   json_read_frame      all of the file, and what is wrong with it; the tree lacks the elements of
 *                        lists right in the root
 *   json_units_of        of such a list
 *     json_units_next    element by element, of which nothing is said again
 *
 * or a document a line (NDJSON): json_units_of_lines, json_units_next.
 */
struct json_units;
struct node *json_read_frame(struct arena *a, struct diag *d, const struct source *s);
struct json_units *json_units_of(struct arena *a, const struct node *list);
/* NULL after a finding. Lines that are wrong are findings and passed over, blank ones are skipped.
 */
struct json_units *json_units_of_lines(struct arena *a, struct diag *d, const struct source *s);
/* NULL: there are no more. What it had before is gone. */
struct node *json_units_next(struct json_units *);
size_t json_units_at(const struct json_units *); /* how far it is in the source */
void json_units_release(struct json_units *);
/* A value that was read before and is fine, by where it begins. */
struct node *json_read_again(struct arena *a, const struct source *s, size_t offset);

/* So many unknown keys in a row are no slips: a line is missing above them, or they are indented
 * wrongly. One finding for all. */
#define NODE_KEYS_ASTRAY 4U

#define NODE_DEPTH_MOST 500 /* how deep documents may be nested: nothing here recurses deeper */

/* For readers: a duplicate-key finding if a key stands twice in the map; the first counts. Where
 * several do, two things have run together: one finding, and the map is bad. */
void node_repeated_keys(struct arena *a, struct diag *d, struct node *map);

static inline str node_str(const struct node *n) { return (str){n->text, n->n}; }
/* A key without a value, which the reader has reported: its name may be half a sentence. */
static inline bool pair_is_lost(const struct node_pair *p)
{
    return p->value->is_null && p->value->bad;
}
/* The one finding for `n` unknown keys of a map in a row. */
void node_keys_astray(struct diag *d, const struct node *map, uint32_t first, uint32_t n);
/* A scalar with exactly this text. */
bool node_is(const struct node *n, const char *text);

/* A map's value, or NULL; marks the key as used. */
struct node *node_get(struct node *map, const char *key);
/* One unknown-key finding for each key that no getter asked for, with the nearest of those that
 * were asked for or stand in `known` (NULL-terminated, may be NULL). */
void node_unknown_keys(struct diag *d, struct node *map, const char *const *known);
/* Reports that the node should be something else ("a list", "a number"), once; marks it bad. */
void node_expect(struct diag *d, struct node *n, const char *what);

/* A map of one pair around a value, as if the document had it so. */
struct node *node_map_of(struct arena *a, const char *key, struct node *value);

/* The tree as indented text with places: --dump=node. */
void node_dump(const struct node *n, struct buf *out);

#endif
