/*
 * excerpt.h - the line of a source that a finding is about, with a caret under the place.
 *
 *      14 | …,竹峰街道,street,理论学习,12,67.57%,2024-12-20,…
 *         |                   ^~~~~~~~
 *   gutter   window, at most as wide as the terminal
 *
 * The caret stands by display width, so under Chinese text too. A tab is shown as four spaces, what
 * is not safe for a terminal as \x1b. A long line is cut to a window around the place; only about a
 * window of it is looked at, however long it is.
 */
#ifndef KAOPING_EXCERPT_H
#define KAOPING_EXCERPT_H

#include "base/buf.h"
#include "base/source.h"

struct excerpt {
    struct buf line;  /* "   14 | zf-01,…\n      | " and the spaces up to the caret */
    struct buf caret; /* "^~~~~~~~" */
};

/* The span must have a source. width: columns, with the gutter. */
void excerpt_make(struct excerpt *e, span at, int width);
void excerpt_release(struct excerpt *e);

#endif
