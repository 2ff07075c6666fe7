/*
 * database.h - SQLite as the archive needs it: a file opened safely, statements, and every trouble
 * in one place (sys_fail). No other file knows SQLite.
 */
#ifndef KAOPING_DATABASE_H
#define KAOPING_DATABASE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct database {
    void *handle;
    struct arena *arena; /* for texts of rows and messages */
    const char *path;
    bool writing;
};

/* Writing: a file that is not there is made. It may still be anything: the first query tells. */
void database_open(struct database *, struct arena *a, const char *path, bool writing);
/* What was not committed is undone. */
void database_close(struct database *);
void database_run(struct database *, const char *sql);
/* The one number that a query yields; 0 without a row. */
int64_t database_number(struct database *, const char *sql);

/* "the archive PATH is damaged: …", exit 3; the file is let go before. */
_Noreturn void database_damaged(struct database *, const char *what);

struct query {
    struct database *db;
    void *handle;
};

/* Parameters are ?1, ?2 ...; what is bound must live until the query is run. */
struct query query_start(struct database *, const char *sql);
void query_bind(struct query *, int at, int64_t n);
void query_bind_null(struct query *, int at);
void query_bind_text(struct query *, int at, const char *text); /* NULL: null */
void query_bind_bytes(struct query *, int at, const struct buf *b);
bool query_next(struct query *);  /* false: there is no further row */
void query_again(struct query *); /* to be bound and run anew */
void query_end(struct query *);

/* Columns of the row, from 0. */
int query_columns(const struct query *);
int64_t query_number(const struct query *, int column);
const char *query_text(const struct query *, int column); /* in the arena; NULL for null */
const char *query_word(const struct query *, int column); /* the same, "" for null */
/* Until the next row. */
const void *query_bytes(const struct query *, int column, size_t *n);
/* The value as it is stored: what kind it is (a number of SQLite's), and its bytes; a number's
 * text. Until the next row. */
int query_raw(const struct query *, int column, const void **at, size_t *n);

#endif
