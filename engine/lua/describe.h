/*
 * describe.h - what script files say of themselves, and what is wrong with them: compiled and run
 * once in a worker of their own, before the rubric is ready.
 */
#ifndef KAOPING_DESCRIBE_H
#define KAOPING_DESCRIBE_H

#include "base/diag.h"
#include "model/script.h"

/* A name in a script's text. */
struct script_name {
    const char *text;
    span at;
};

struct script_description {
    bool fine;         /* it can be called: no error was found */
    const char *title; /* or NULL */
    VEC(struct script_name) reads;
    span reads_at;             /* the key, or the whole file */
    struct param_value params; /* PARAM_MAP: the defaults */
    bool call_always;          /* missing = "call" */
    bool may_not_apply;        /* not_applicable is called somewhere in it */
    uint32_t n_parameters;     /* of score, with the first (item) */
    bool vararg;
    span score_at; /* where the function begins */
    /* Names read as item.params.NAME; params_open: item.params is used in another way too, so that
     * nothing can be said of names that are missing. */
    VEC(struct script_name) params_read;
    bool params_open;
    uint32_t n_unused_parameters; /* bit mask of the first 32 parameters the function never uses */
};

/* Describes those chunks that are `main` (scripts; the others are modules or formulas). Findings go
 * to diag with places in the chunks: syntax, unknown names, assignment to globals, kept state, what
 * is no definition, known faults of the interpreter. out[i] belongs to chunks->at[i]. */
void scripts_describe(struct arena *a, struct diag *d, const chunks *all, const bool *main,
                      struct script_description *out);

/* Names a chunk requires, literally: require "x", require("x"). False, and a finding, for a require
 * of anything else. Needs no worker: it reads tokens. */
typedef VEC(struct script_name) script_names;
bool chunk_requires(struct arena *a, struct diag *d, const struct chunk *c, script_names *out);

/* ---- expressions ---- */

/* The free names of a Lua expression, with dotted paths as one ("points.study", "class.max.x"), in
 * the order they first appear, each once, those of the sandbox's world left out. False, and one
 * finding, if it has something that an expression of a rubric may not have: a function, an
 * assignment, a statement, a foreign sign. at: the expression's place. */
bool expression_names(struct arena *a, struct diag *d, str text, span at, script_names *out);
/* The expression on one line, without comments: what explain prints. */
const char *expression_shown(struct arena *a, str text);
/* What a name that nobody knows may be meant for: IF, min, sqrt; NULL: no idea. And what to write
 * in place of a sign of other languages or of Chinese typing. */
const char *expression_hint(struct arena *a, str name);
const char *expression_habit(str sign);
/* The chunk for it: a definition whose score(item, ...) returns the expression, each name a
 * parameter. */
const char *expression_chunk(struct arena *a, str text, const script_names *names);

#endif
