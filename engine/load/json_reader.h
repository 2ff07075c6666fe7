/*
 * json_reader.h - JSON while it is read (private to json*.c): values from where the reader stands.
 */
#ifndef KAOPING_JSON_READER_H
#define KAOPING_JSON_READER_H

#include "load/node.h"

struct json_reader {
    struct arena *arena;
    struct diag *diag;
    const struct source *source;
    const char *text;
    size_t n, at;
    uint32_t depth;
    bool failed;
    bool in_line;             /* n is the end of a line, not of the file */
    struct arena *passing;    /* for elements of long lists, which are not kept; NULL: all are */
    struct arena stacks;      /* of the stack alone: the reader's arena may be emptied meanwhile */
    VEC(struct node *) stack; /* elements of all open lists and maps; see yaml.c */
};

/* The first thing that is wrong is a finding; what follows from it is not. */
void json_fail(struct json_reader *r, size_t offset, size_t length, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* With the character that stands here, or the end of the text. */
void json_fail_here(struct json_reader *r, const char *wanted);

struct node *json_new_node(struct json_reader *r, enum node_kind kind, size_t start);
/* At the opening quote; NULL text never, but what stands there is worthless after a failure. */
struct node *json_read_string(struct json_reader *r);
/* A number or a word. NULL after a failure. */
struct node *json_read_bare(struct json_reader *r);

static inline char json_peek(const struct json_reader *r)
{
    return r->at < r->n ? r->text[r->at] : '\0';
}

static inline void json_skip_space(struct json_reader *r)
{
    while (r->at < r->n && (r->text[r->at] == ' ' || r->text[r->at] == '\n' ||
                            r->text[r->at] == '\r' || r->text[r->at] == '\t')) {
        r->at++;
    }
}

#endif
