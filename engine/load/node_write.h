/*
 * node_write.h - a document written as YAML in one form, whatever form it was read from: what
 * `rubric show` prints. Reading it again gives the same document.
 */
#ifndef KAOPING_NODE_WRITE_H
#define KAOPING_NODE_WRITE_H

#include "base/buf.h"
#include "load/node.h"

/* `origins`: behind every key the place that it comes from, as a comment. */
void node_write(struct arena *a, const struct node *root, bool origins, struct buf *out);

#endif
