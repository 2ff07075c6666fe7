/*
 * database.c - see database.h.
 *
 * The journal is the classical one (not WAL): between transactions the archive is one file, which
 * can be copied, and what a killed process left is rolled back by whoever opens the file next.
 */
#include "store/database.h"

#include "base/i18n.h"
#include "base/sys.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#define WAIT_MS 60000

/* ---- trouble ---- */

/* Gives the file back to others, also before the process ends. */
static void let_go(struct database *db)
{
    sqlite3_stmt *left;
    while ((left = sqlite3_next_stmt(db->handle, NULL)) != NULL) {
        sqlite3_finalize(left);
    }
    sqlite3_close(db->handle); /* rolls back what was not committed */
    db->handle = NULL;
}

void database_damaged(struct database *db, const char *what)
{
    let_go(db);
    sys_fail(_("the archive %s is damaged: %s"), db->path, what);
}

static const char *trouble_text(struct database *db, int code)
{
    int error = sqlite3_system_errno(db->handle);
    switch (code & 0xff) {
    case SQLITE_FULL:
        return sys_error_text(ENOSPC);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return _("others have been using it for a minute without a break");
    case SQLITE_READONLY:
        return _("it can only be read here");
    case SQLITE_TOOBIG:
        return _("an input is too large to be kept (1 GB, compressed)");
    case SQLITE_IOERR:
        return sys_error_text(error ? error : EIO);
    case SQLITE_CANTOPEN:
        return sys_error_text(error ? error : EACCES);
    default:
        return arena_printf(db->arena, "%s", sqlite3_errmsg(db->handle));
    }
}

static _Noreturn void fail(struct database *db, int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        sys_out_of_memory();
    case SQLITE_NOTADB:
        let_go(db);
        sys_fail(_("%s is no archive of kaoping"), db->path);
    case SQLITE_CORRUPT:
        database_damaged(db, arena_printf(db->arena, "%s", sqlite3_errmsg(db->handle)));
    default:
        break;
    }
    const char *text = trouble_text(db, code);
    let_go(db);
    if (db->writing) {
        sys_fail(_("cannot write the archive %s: %s"), db->path, text);
    }
    sys_fail(_("cannot read the archive %s: %s"), db->path, text);
}

static void must(struct database *db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fail(db, code);
    }
}

/* ---- the file ---- */

void database_open(struct database *db, struct arena *a, const char *path, bool writing)
{
    int flags = writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    /* Never one of the names that mean something to SQLite, such as ":memory:". */
    const char *name = *path == '/' ? path : arena_printf(a, "./%s", path);
    sqlite3 *handle = NULL;
    *db = (struct database){.arena = a, .path = path, .writing = writing};
    sys_no_file_signals();
    sys_check_regular(path, writing);
    int code = sqlite3_open_v2(name, &handle, flags, NULL);
    db->handle = handle;
    if (!handle) {
        sys_out_of_memory();
    }
    must(db, code);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, WAIT_MS);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    database_run(db, "PRAGMA synchronous=EXTRA; PRAGMA cache_size=-65536; "
                     "PRAGMA cell_size_check=ON");
}

void database_close(struct database *db)
{
    if (db->handle) {
        let_go(db);
    }
}

void database_run(struct database *db, const char *sql)
{
    must(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

int64_t database_number(struct database *db, const char *sql)
{
    struct query q = query_start(db, sql);
    int64_t n = query_next(&q) ? query_number(&q, 0) : 0;
    query_end(&q);
    return n;
}

/* ---- statements ---- */

struct query query_start(struct database *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    must(db, sqlite3_prepare_v2(db->handle, sql, -1, &s, NULL));
    return (struct query){db, s};
}

void query_bind(struct query *q, int at, int64_t n)
{
    must(q->db, sqlite3_bind_int64(q->handle, at, n));
}

void query_bind_null(struct query *q, int at) { must(q->db, sqlite3_bind_null(q->handle, at)); }

void query_bind_text(struct query *q, int at, const char *text)
{
    if (!text) {
        query_bind_null(q, at);
        return;
    }
    must(q->db, sqlite3_bind_text(q->handle, at, text, -1, SQLITE_STATIC));
}

void query_bind_bytes(struct query *q, int at, const struct buf *b)
{
    must(q->db, sqlite3_bind_blob64(q->handle, at, b->at, b->n, SQLITE_STATIC));
}

bool query_next(struct query *q)
{
    int code = sqlite3_step(q->handle);
    must(q->db, code);
    return code == SQLITE_ROW;
}

void query_again(struct query *q) { must(q->db, sqlite3_reset(q->handle)); }

void query_end(struct query *q)
{
    sqlite3_finalize(q->handle);
    q->handle = NULL;
}

int query_columns(const struct query *q) { return sqlite3_column_count(q->handle); }

int64_t query_number(const struct query *q, int column)
{
    return sqlite3_column_int64(q->handle, column);
}

const char *query_text(const struct query *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q->handle, column);
    return text ? arena_text(q->db->arena, text, strlen(text)) : NULL;
}

const char *query_word(const struct query *q, int column)
{
    const char *text = query_text(q, column);
    return text ? text : "";
}

const void *query_bytes(const struct query *q, int column, size_t *n)
{
    const void *at = sqlite3_column_blob(q->handle, column);
    *n = (size_t)sqlite3_column_bytes(q->handle, column);
    return at;
}

int query_raw(const struct query *q, int column, const void **at, size_t *n)
{
    int kind = sqlite3_column_type(q->handle, column);
    *at = kind == SQLITE_BLOB ? sqlite3_column_blob(q->handle, column)
                              : (const void *)sqlite3_column_text(q->handle, column);
    *n = *at ? (size_t)sqlite3_column_bytes(q->handle, column) : 0;
    return kind;
}
