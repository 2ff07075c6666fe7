/*
 * wrap.h - text in lines of a display width, with hanging indents; between words, and between
 * Chinese characters where no mark is torn from what it belongs to.
 */
#ifndef KAOPING_WRAP_H
#define KAOPING_WRAP_H

#include "base/buf.h"

/* Adds text in lines of at most `width` columns. The first line goes on where the output stands, at
 * column `at`; further lines begin with `hang` spaces. No line end is added behind. Returns the
 * column reached. */
int wrap_text(struct buf *out, const char *text, int at, int hang, int width);

/* A whole paragraph: `indent` spaces, the mark ("- ", may be ""), the text hanging under itself, a
 * line end. */
void wrap_line(struct buf *out, const char *text, const char *mark, int indent, int width);

#endif
