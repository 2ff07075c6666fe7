/*
 * archive.c - see archive.h: opening, the list of runs, writing a run. Reading is archive_read.c.
 *
 *   run(id, rubric, title, period, created, version, language, options, reason, supersedes,
 *       n_units, sheet)       sheet: what the rubric's members are, quotas, findings
 *   input(run, n, role, path, digest, bytes)
 *   block(run, n, bytes)      16 units each, in the order of the printout: all that is known of
 * them unit(run, n, id, name, class, total, rank, grade)      to find units by, and for people with
 * SQL seal(run, digest)
 */
#include "store/archive_parts.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "store/record_pack.h"
#include "store/squeeze.h"

#include <stdlib.h>
#include <string.h>

#define APPLICATION 0x6b616f70 /* "kaop" */
#define SCHEMA_VERSION 1

#define STRING(x) #x
#define TEXT(x) STRING(x)

/* As sqlite_master must have them, in this order. Rows are only ever added. */
static const char *const schema[] = {
    "CREATE TABLE run(id INTEGER PRIMARY KEY, rubric TEXT NOT NULL, title TEXT NOT NULL, period "
    "TEXT, "
    "created TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL, options TEXT NOT NULL, "
    "reason TEXT, supersedes INTEGER UNIQUE REFERENCES run, n_units INTEGER NOT NULL, "
    "sheet BLOB NOT NULL)",
    "CREATE TABLE input(run INTEGER NOT NULL REFERENCES run, n INTEGER NOT NULL, role TEXT NOT "
    "NULL, "
    "path TEXT NOT NULL, digest TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE(run, n))",
    "CREATE TABLE block(run INTEGER NOT NULL REFERENCES run, n INTEGER NOT NULL, "
    "bytes BLOB NOT NULL, UNIQUE(run, n))",
    "CREATE TABLE unit(run INTEGER NOT NULL REFERENCES run, n INTEGER NOT NULL, id TEXT NOT NULL, "
    "name TEXT NOT NULL, class TEXT NOT NULL, total TEXT, rank INTEGER, grade TEXT, "
    "PRIMARY KEY(run, n)) WITHOUT ROWID",
    "CREATE TABLE seal(run INTEGER PRIMARY KEY REFERENCES run, digest TEXT NOT NULL)",
    "CREATE INDEX unit_id ON unit(id)",
    "CREATE INDEX unit_name ON unit(name)",
#define ONLY_ADDED(table)                                                                          \
    "CREATE TRIGGER " #table "_stays BEFORE DELETE ON " #table                                     \
    " BEGIN SELECT RAISE(ABORT, 'runs are never removed'); END",                                   \
        "CREATE TRIGGER " #table "_unchanged BEFORE UPDATE ON " #table                             \
        " BEGIN SELECT RAISE(ABORT, 'runs are never changed'); END"
    ONLY_ADDED(run),
    ONLY_ADDED(input),
    ONLY_ADDED(block),
    ONLY_ADDED(unit),
    ONLY_ADDED(seal),
};
#define N_SCHEMA (sizeof schema / sizeof *schema)

/* ---- opening ---- */

/* Tables of another make would lend themselves to surprises: they must be exactly ours. */
static void check_schema(struct archive *ar)
{
    struct query s =
        query_start(&ar->db, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
    size_t i = 0;
    bool same = true;
    while (query_next(&s)) {
        const char *sql = query_text(&s, 0);
        same = same && i < N_SCHEMA && sql && strcmp(sql, schema[i]) == 0;
        i++;
    }
    query_end(&s);
    if (!same || i != N_SCHEMA) {
        database_damaged(&ar->db, _("its tables are not those that kaoping makes"));
    }
}

/* False: nothing is in it yet. */
static bool recognise(struct archive *ar)
{
    int64_t application = database_number(&ar->db, "PRAGMA application_id");
    int64_t version = database_number(&ar->db, "PRAGMA user_version");
    if (application == 0 && version == 0 &&
        database_number(&ar->db, "SELECT count(*) FROM sqlite_master") == 0) {
        return false;
    }
    if (application != APPLICATION) {
        database_close(&ar->db);
        sys_fail(_("%s is no archive of kaoping"), ar->db.path);
    }
    if (version != SCHEMA_VERSION) {
        database_close(&ar->db);
        sys_fail(
            _("the archive %s is of a newer kaoping (its version is %d, this program knows %d)"),
            ar->db.path, (int)version, SCHEMA_VERSION);
    }
    check_schema(ar);
    return true;
}

struct archive *archive_open(struct arena *a, const char *path, enum archive_mode mode)
{
    struct archive *ar = ARENA_NEW(a, struct archive);
    ar->arena = a;
    database_open(&ar->db, a, path, mode == ARCHIVE_WRITE);
    ar->empty = !recognise(ar);
    return ar;
}

void archive_close(struct archive *ar) { database_close(&ar->db); }

/* ---- the list ---- */

static void mark_superseded(struct archive *ar)
{
    for (uint32_t i = 0; i < ar->runs.n; i++) {
        for (uint32_t k = 0; k < ar->runs.n; k++) {
            if (ar->runs.at[i].supersedes != RUN_NONE &&
                ar->runs.at[k].id == ar->runs.at[i].supersedes) {
                ar->runs.at[k].superseded_by = ar->runs.at[i].id;
            }
        }
    }
}

const archived_list *archive_list(struct archive *ar)
{
    ar->runs.n = 0;
    if (ar->empty) {
        return &ar->runs;
    }
    struct query s = query_start(
        &ar->db,
        "SELECT id, rubric, title, period, created, version, language, options, reason, "
        "supersedes, n_units, digest FROM run LEFT JOIN seal ON seal.run = id ORDER BY id");
    while (query_next(&s)) {
        *vec_push(ar->arena, &ar->runs) = (struct archived){
            .id = (uint32_t)query_number(&s, 0),
            .rubric = query_word(&s, 1),
            .title = query_word(&s, 2),
            .period = query_text(&s, 3),
            .created = query_word(&s, 4),
            .version = query_word(&s, 5),
            .language = query_word(&s, 6),
            .options = query_word(&s, 7),
            .reason = query_text(&s, 8),
            .supersedes = (uint32_t)query_number(&s, 9),
            .n_units = (uint32_t)query_number(&s, 10),
            .digest = query_word(&s, 11),
        };
    }
    query_end(&s);
    mark_superseded(ar);
    return &ar->runs;
}

static bool same_text(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

static const struct archived *standing(const archived_list *runs, const char *rubric,
                                       const char *period)
{
    for (uint32_t i = runs->n; i-- > 0;) {
        const struct archived *run = &runs->at[i];
        if (run->superseded_by == RUN_NONE && strcmp(run->rubric, rubric) == 0 &&
            same_text(run->period, period)) {
            return run;
        }
    }
    return NULL;
}

const struct archived *archive_standing(struct archive *ar, const char *rubric, const char *period)
{
    return standing(archive_list(ar), rubric, period);
}

const struct archived *archive_find(struct archive *ar, const char *name)
{
    const archived_list *runs = archive_list(ar);
    const char *period = strchr(name, '@');
    if (period) {
        return standing(runs, arena_text(ar->arena, name, (size_t)(period - name)), period + 1);
    }
    char *end;
    unsigned long id = strtoul(name, &end, 10);
    bool is_number = *name >= '0' && *name <= '9' && *end == '\0';
    for (uint32_t i = runs->n; i-- > 0;) {
        if (is_number ? runs->at[i].id == id : strcmp(runs->at[i].rubric, name) == 0) {
            return &runs->at[i];
        }
    }
    return NULL;
}

/* ---- seals ---- */

/* Each value with its kind and length, so that nothing can pass for something else. */
static void seal_row(struct digest *d, const struct query *q)
{
    for (int i = 0, columns = query_columns(q); i < columns; i++) {
        const void *at;
        size_t n;
        unsigned char head[9] = {(unsigned char)query_raw(q, i, &at, &n)};
        for (int k = 0; k < 8; k++) {
            head[1 + k] = (unsigned char)((uint64_t)n >> (8 * k) & 255);
        }
        digest_add(d, head, sizeof head);
        if (n > 0) {
            digest_add(d, at, n);
        }
    }
}

static void seal_rows(struct database *db, struct digest *d, const char *sql, uint32_t run)
{
    struct query s = query_start(db, sql);
    query_bind(&s, 1, run);
    while (query_next(&s)) {
        seal_row(d, &s);
    }
    query_end(&s);
    digest_add(d, "|", 1);
}

void archive_seal(struct archive *ar, uint32_t run, char out[DIGEST_TEXT])
{
    struct digest d;
    digest_start(&d);
    seal_rows(&ar->db, &d, "SELECT run, digest FROM seal WHERE run = ?1 - 1", run);
    seal_rows(&ar->db, &d, "SELECT * FROM run WHERE id = ?1", run);
    seal_rows(&ar->db, &d, "SELECT * FROM input WHERE run = ?1 ORDER BY n", run);
    seal_rows(&ar->db, &d, "SELECT * FROM block WHERE run = ?1 ORDER BY n", run);
    seal_rows(&ar->db, &d, "SELECT * FROM unit WHERE run = ?1 ORDER BY n", run);
    digest_end(&d, out);
}

/* ---- writing ---- */

struct unit_row {
    const char *id, *name, *class_name, *total, *grade;
    uint32_t rank;
};

struct draft {
    struct arena *arena;
    const struct run_record *run;
    struct buf sheet, block; /* block: not squeezed yet */
    VEC(struct buf) inputs, blocks;
    VEC(struct unit_row) units;
};

struct draft *draft_new(struct arena *a, const struct run_record *run)
{
    struct draft *d = ARENA_NEW(a, struct draft);
    struct buf sheet = {0};
    d->arena = a;
    d->run = run;
    run_pack(&sheet, run);
    squeeze(sheet.at, sheet.n, SQUEEZE_WELL, &d->sheet);
    buf_release(&sheet);
    for (uint32_t i = 0; i < run->inputs.n; i++) {
        const struct input_record *in = &run->inputs.at[i];
        squeeze(in->bytes ? in->bytes : "", in->n, SQUEEZE_WELL, vec_push(a, &d->inputs));
    }
    return d;
}

static void end_block(struct draft *d)
{
    if (d->block.n > 0) {
        squeeze(d->block.at, d->block.n, SQUEEZE_FAST, vec_push(d->arena, &d->blocks));
        buf_clear(&d->block);
    }
}

static const char *keep(struct draft *d, const char *text)
{
    return arena_text(d->arena, text, strlen(text));
}

void draft_unit(struct draft *d, const struct unit_record *u)
{
    char total[DEC_TEXT];
    const struct outcome *o = &u->outcome;
    int places = d->run->places_total;
    if (o->total != DEC_NONE && dec_round(o->total, places) != o->total) {
        places = DEC_EXACT;
    }
    *vec_push(d->arena, &d->units) = (struct unit_row){
        .id = keep(d, u->id),
        .name = keep(d, u->name),
        .class_name = keep(d, u->class_name),
        .total = o->total == DEC_NONE ? NULL : keep(d, dec_text(o->total, places, total)),
        .grade = o->grade == GRADE_NONE ? NULL : d->run->grades.at[o->grade],
        .rank = o->rank,
    };
    unit_pack(&d->block, d->run, u);
    if (d->units.n % BLOCK_UNITS == 0) {
        end_block(d);
    }
}

static void release_draft(struct draft *d)
{
    for (uint32_t i = 0; i < d->inputs.n; i++) {
        buf_release(&d->inputs.at[i]);
    }
    for (uint32_t i = 0; i < d->blocks.n; i++) {
        buf_release(&d->blocks.at[i]);
    }
    buf_release(&d->sheet);
    buf_release(&d->block);
}

/* 0: null. */
static void bind_count(struct query *q, int at, uint32_t n)
{
    if (n) {
        query_bind(q, at, n);
    } else {
        query_bind_null(q, at);
    }
}

static void insert(struct query *q)
{
    query_next(q);
    query_again(q);
}

static void make_tables(struct archive *ar)
{
    for (size_t i = 0; i < N_SCHEMA; i++) {
        database_run(&ar->db, schema[i]);
    }
    database_run(&ar->db, "PRAGMA application_id=" TEXT(APPLICATION));
    database_run(&ar->db, "PRAGMA user_version=" TEXT(SCHEMA_VERSION));
}

static void insert_run(struct archive *ar, const struct draft *d, uint32_t id,
                       const struct archived *as, const struct archived *old)
{
    struct query s = query_start(&ar->db, "INSERT INTO run VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
    const char *words[] = {d->run->rubric, d->run->title, d->run->period, as->created,
                           as->version,    as->language,  as->options,    as->reason};
    query_bind(&s, 1, id);
    for (int i = 0; i < 8; i++) {
        query_bind_text(&s, 2 + i, words[i]);
    }
    bind_count(&s, 10, old ? old->id : 0);
    query_bind(&s, 11, d->run->n_units);
    query_bind_bytes(&s, 12, &d->sheet);
    insert(&s);
    query_end(&s);
}

static void insert_inputs(struct archive *ar, const struct draft *d, uint32_t id)
{
    struct query s = query_start(&ar->db, "INSERT INTO input VALUES(?,?,?,?,?,?)");
    for (uint32_t i = 0; i < d->inputs.n; i++) {
        const struct input_record *in = &d->run->inputs.at[i];
        query_bind(&s, 1, id);
        query_bind(&s, 2, i);
        query_bind_text(&s, 3, role_word(in->role));
        query_bind_text(&s, 4, in->path);
        query_bind_text(&s, 5, in->digest);
        query_bind_bytes(&s, 6, &d->inputs.at[i]);
        insert(&s);
    }
    query_end(&s);
}

static void insert_units(struct archive *ar, const struct draft *d, uint32_t id)
{
    struct query block = query_start(&ar->db, "INSERT INTO block VALUES(?,?,?)");
    for (uint32_t i = 0; i < d->blocks.n; i++) {
        query_bind(&block, 1, id);
        query_bind(&block, 2, i);
        query_bind_bytes(&block, 3, &d->blocks.at[i]);
        insert(&block);
    }
    query_end(&block);
    struct query s = query_start(&ar->db, "INSERT INTO unit VALUES(?,?,?,?,?,?,?,?)");
    for (uint32_t i = 0; i < d->units.n; i++) {
        const struct unit_row *u = &d->units.at[i];
        query_bind(&s, 1, id);
        query_bind(&s, 2, i);
        query_bind_text(&s, 3, u->id);
        query_bind_text(&s, 4, u->name);
        query_bind_text(&s, 5, u->class_name);
        query_bind_text(&s, 6, u->total);
        bind_count(&s, 7, u->rank);
        query_bind_text(&s, 8, u->grade);
        insert(&s);
    }
    query_end(&s);
}

static void insert_seal(struct archive *ar, uint32_t id)
{
    char digest[DIGEST_TEXT];
    archive_seal(ar, id, digest);
    struct query s = query_start(&ar->db, "INSERT INTO seal VALUES(?,?)");
    query_bind(&s, 1, id);
    query_bind_text(&s, 2, digest);
    insert(&s);
    query_end(&s);
}

uint32_t draft_commit(struct archive *ar, struct draft *d, const struct archived *as)
{
    end_block(d);
    /* From here on the only one who writes: what is looked up stays true until the end. */
    database_run(&ar->db, "BEGIN IMMEDIATE");
    ar->empty = !recognise(ar);
    if (ar->empty) {
        make_tables(ar);
        ar->empty = false;
    }
    const struct archived *old = archive_standing(ar, d->run->rubric, d->run->period);
    uint32_t id = RUN_NONE;
    if (old && !as->reason) {
        database_run(&ar->db, "ROLLBACK");
    } else {
        id = (uint32_t)database_number(&ar->db, "SELECT ifnull(max(id), 0) + 1 FROM run");
        insert_run(ar, d, id, as, old);
        insert_inputs(ar, d, id);
        insert_units(ar, d, id);
        insert_seal(ar, id);
        database_run(&ar->db, "COMMIT");
    }
    release_draft(d);
    return id;
}
