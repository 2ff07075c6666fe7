/*
 * inspect.h - inside describe: what is learnt of one chunk where it may run, as bytes that cross
 * from the worker to the program.
 *
 *   worker                                     program
 *   inspect_chunk: text, bytecode, a run ──►   description_read: checked, findings to diag
 *                  buf { findings, description }
 */
#ifndef KAOPING_INSPECT_H
#define KAOPING_INSPECT_H

#include "base/buf.h"
#include "lua/describe.h"
#include "lua/state.h"
#include "lua/tokens.h"

/* A place in a chunk's text; n == 0: the whole chunk. */
struct stretch {
    size_t offset, n;
};

struct note {
    enum finding_id id;
    struct stretch at;
    const char *text;
    const char *hint; /* or NULL */
    const char *name; /* did you mean, or NULL */
};

struct inspection {
    struct sandbox *sandbox;
    struct arena *arena;
    uint32_t index;
    const struct chunk *chunk;
    tokens tokens;
    VEC(struct note) notes;
    const struct proto *proto; /* NULL if it does not compile */
    size_t definition;         /* the token `{` of `return {...}` at the end; SIZE_MAX: none */
    /* What comes of it; places as offsets in spans without a source. */
    struct script_description out;
};

/* Adds a finding; the text is made already. */
struct note *inspect_note(struct inspection *in, enum finding_id id, struct stretch at,
                          const char *text);
struct stretch inspect_token(const struct token *t);
/* The first word on that line, or anywhere, that is `name` by itself; else the line. */
struct stretch inspect_find(const struct inspection *in, const char *name, uint32_t line);

/* Findings by the text and the bytecode: inspect_code.c */
void inspect_code(struct inspection *in);
/* What the definition says: inspect_definition.c. The definition is loaded[index].value. */
void inspect_definition(struct inspection *in);

/* The whole: to bytes, and back. main: it is a script, not a module or a formula. */
void inspect_chunk(struct sandbox *s, uint32_t index, bool main, struct buf *out);
/* False: these are no such bytes. */
bool description_read(struct arena *a, struct diag *d, const struct chunk *c, const void *bytes,
                      size_t n, struct script_description *out);
/* The writing half, for inspect_chunk. */
void description_write(const struct inspection *in, struct buf *out);

#endif
