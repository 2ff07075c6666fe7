/*
 * node_pack.h - nodes as a few bytes each, for documents of many units: a node takes some eighty
 * bytes, packed it takes five where its text is what stands in the source.
 */
#ifndef KAOPING_NODE_PACK_H
#define KAOPING_NODE_PACK_H

#include "base/buf.h"
#include "load/node.h"

/* Adds the node with all that is in it, as its reader left it. */
void node_pack(const struct node *n, struct buf *out);
/* Makes the node that was packed from packed[*at] on, of the same source; *at is then behind it. */
struct node *node_unpack(struct arena *a, const struct source *s, const char *packed, size_t *at);

/*
 * YAML with many units: the tree lacks the elements of lists right in the root, which are packed
 * instead, but for lists that have an anchor. A list has n_passed of them, the first at
 * packed.at[list->n]. The tree and what was passed live together; NULL after findings.
 */
struct yaml_passed {
    struct buf packed;
    struct arena nodes; /* private */
};
struct node *yaml_read_frame(struct arena *a, struct diag *d, const struct source *s,
                             struct yaml_passed *passed);
void yaml_passed_release(struct yaml_passed *passed);

#endif
