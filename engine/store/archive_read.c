/*
 * archive_read.c - see archive.h: runs and units out of an archive, and whether they are what was
 * written. Whoever reads trusts nothing: sizes, indices and texts are checked as they are unpacked.
 */
#include "store/archive_parts.h"

#include "base/i18n.h"
#include "store/record_pack.h"
#include "store/squeeze.h"

#include <string.h>

static _Noreturn void fail_run(struct archive *ar, uint32_t id)
{
    database_damaged(&ar->db, arena_printf(ar->arena, _("the bytes of run %u were changed"), id));
}

/* ---- the run ---- */

static enum role role_of(const char *word)
{
    for (uint32_t i = 0; i < N_ROLES; i++) {
        if (strcmp(role_word((enum role)i), word) == 0) {
            return (enum role)i;
        }
    }
    return N_ROLES;
}

/* Role, path, digest and, where they are asked for, bytes of a row. False: they do not go together.
 */
static bool read_input(struct arena *a, const struct query *q, struct input_record *in)
{
    char digest[DIGEST_TEXT];
    size_t n;
    in->role = role_of(query_word(q, 0));
    in->path = query_word(q, 1);
    in->digest = query_word(q, 2);
    if (query_columns(q) > 3) {
        const void *bytes = query_bytes(q, 3, &n);
        in->bytes = unsqueeze(a, bytes, n, &in->n);
        if (!in->bytes) {
            return false;
        }
        digest_text(in->bytes, in->n, digest);
        return in->role < N_ROLES && strcmp(digest, in->digest) == 0;
    }
    return in->role < N_ROLES;
}

static void read_inputs(struct archive *ar, uint32_t id, bool with_bytes, struct run_record *run)
{
    struct query q = query_start(
        &ar->db, with_bytes
                     ? "SELECT role, path, digest, bytes FROM input WHERE run = ?1 ORDER BY n"
                     : "SELECT role, path, digest FROM input WHERE run = ?1 ORDER BY n");
    query_bind(&q, 1, id);
    while (query_next(&q)) {
        struct input_record in = {0};
        if (!read_input(ar->arena, &q, &in)) {
            fail_run(ar, id);
        }
        *vec_push(ar->arena, &run->inputs) = in;
    }
    query_end(&q);
}

/* The blob that the query's row has, unsqueezed in arena a; NULL: no such row, or changed. Ends the
 * query. */
static char *read_blob(struct arena *a, struct query *q, size_t *n)
{
    char *text = NULL;
    size_t size;
    *n = 0;
    if (query_next(q)) {
        const void *bytes = query_bytes(q, 0, &size);
        text = unsqueeze(a, bytes, size, n);
    }
    query_end(q);
    return text;
}

struct run_record *archive_run(struct archive *ar, const struct archived *as, bool with_bytes)
{
    struct run_record *run = ARENA_NEW(ar->arena, struct run_record);
    size_t n;
    struct query q = query_start(&ar->db, "SELECT sheet FROM run WHERE id = ?1");
    query_bind(&q, 1, as->id);
    const char *sheet = read_blob(ar->arena, &q, &n);
    run->rubric = as->rubric;
    run->title = as->title;
    run->period = as->period;
    run->n_units = as->n_units;
    if (!sheet || !run_unpack(ar->arena, sheet, n, run)) {
        fail_run(ar, as->id);
    }
    read_inputs(ar, as->id, with_bytes, run);
    return run;
}

/* ---- units ---- */

/* A block's bytes in arena a. */
static const char *read_block(struct archive *ar, struct arena *a, uint32_t run, uint32_t block,
                              size_t *n)
{
    struct query q = query_start(&ar->db, "SELECT bytes FROM block WHERE run = ?1 AND n = ?2");
    query_bind(&q, 1, run);
    query_bind(&q, 2, block);
    const char *at = read_blob(a, &q, n);
    if (!at || *n == 0) {
        fail_run(ar, run);
    }
    return at;
}

static bool next_unit(struct unit_reader *reader, struct unit_record *out)
{
    struct archive_units *u = (struct archive_units *)reader; /* its first member */
    if (u->at == u->end) {
        size_t n;
        if (u->block * BLOCK_UNITS >= u->run->n_units) {
            return false;
        }
        arena_reset(&u->scratch, u->scratch_mark);
        u->at = read_block(u->archive, &u->scratch, u->id, u->block++, &n);
        u->end = u->at + n;
    }
    arena_reset(&u->unit, u->unit_mark);
    if (!unit_unpack(&u->unit, u->run, &u->at, u->end, u->light, out)) {
        fail_run(u->archive, u->id);
    }
    return true;
}

void archive_units_init(struct archive_units *u, struct archive *ar, const struct archived *as,
                        const struct run_record *run, bool light)
{
    *u = (struct archive_units){
        .reader = {next_unit}, .archive = ar, .run = run, .id = as->id, .light = light};
    u->scratch_mark = arena_mark(&u->scratch);
    u->unit_mark = arena_mark(&u->unit);
}

void archive_units_release(struct archive_units *u)
{
    arena_release(&u->scratch);
    arena_release(&u->unit);
}

const struct unit_record *archive_all_units(struct arena *a, struct archive *ar,
                                            const struct archived *as, const struct run_record *run,
                                            bool light)
{
    struct unit_record *units = ARENA_ARRAY(a, struct unit_record, run->n_units);
    uint32_t i = 0;
    for (uint32_t block = 0; i < run->n_units; block++) {
        size_t n;
        /* Full records point into these bytes; light ones are copies of the little they need. */
        struct arena scratch = {0};
        const char *at = read_block(ar, light ? &scratch : a, as->id, block, &n);
        for (const char *end = at + n; at < end && i < run->n_units; i++) {
            if (!unit_unpack(a, run, &at, end, light, &units[i])) {
                fail_run(ar, as->id);
            }
        }
        arena_release(&scratch);
    }
    return units;
}

/* ---- one unit through the years ---- */

void archive_places(struct archive *ar, const char *unit, unit_places *out)
{
    if (ar->empty) {
        return;
    }
    struct query q = query_start(&ar->db, "SELECT run, n, id, name FROM unit WHERE id = ?1 UNION "
                                          "SELECT run, n, id, name FROM unit WHERE name = ?1 "
                                          "ORDER BY 1, 2");
    query_bind_text(&q, 1, unit);
    while (query_next(&q)) {
        *vec_push(ar->arena, out) = (struct unit_place){.run = (uint32_t)query_number(&q, 0),
                                                        .n = (uint32_t)query_number(&q, 1),
                                                        .id = query_word(&q, 2),
                                                        .name = query_word(&q, 3)};
    }
    query_end(&q);
}

const char *archive_nearest_unit(struct archive *ar, const char *unit)
{
    struct nearest nearest = {.name = str_of(unit)};
    if (ar->empty) {
        return NULL;
    }
    struct query q = query_start(&ar->db, "SELECT id FROM unit UNION SELECT name FROM unit");
    while (query_next(&q)) {
        nearest_offer(&nearest, query_word(&q, 0));
    }
    query_end(&q);
    return nearest_name(&nearest, ar->arena);
}

void archive_unit(struct arena *a, struct archive *ar, const struct run_record *run,
                  const struct unit_place *place, struct unit_record *out)
{
    size_t n;
    const char *at = read_block(ar, a, place->run, place->n / BLOCK_UNITS, &n);
    const char *end = at + n;
    for (uint32_t i = place->n % BLOCK_UNITS; i > 0; i--) {
        if (!unit_skip(&at, end)) {
            fail_run(ar, place->run);
        }
    }
    if (!unit_unpack(a, run, &at, end, false, out) || strcmp(out->id, place->id) != 0) {
        fail_run(ar, place->run);
    }
}

/* ---- checking ---- */

void archive_check(struct archive *ar, archive_faults *wrong)
{
    if (ar->empty) {
        return;
    }
    struct query q = query_start(&ar->db, "PRAGMA integrity_check(20)");
    while (query_next(&q)) {
        const char *text = query_word(&q, 0);
        if (strcmp(text, "ok") != 0) {
            *vec_push(ar->arena, wrong) = text;
        }
    }
    query_end(&q);
    const archived_list *runs = archive_list(ar);
    for (uint32_t i = 0; i < runs->n; i++) {
        uint32_t before = i > 0 ? runs->at[i - 1].id : RUN_NONE;
        for (uint32_t id = before + 1; id < runs->at[i].id && id < before + 20; id++) {
            *vec_push(ar->arena, wrong) = arena_printf(ar->arena, _("run %u is missing"), id);
        }
    }
    if (database_number(&ar->db, "SELECT (SELECT count(*) FROM input WHERE run NOT IN "
                                 "(SELECT id FROM run)) + (SELECT count(*) FROM block WHERE run "
                                 "NOT IN (SELECT id FROM run)) + (SELECT count(*) FROM unit WHERE "
                                 "run NOT IN (SELECT id FROM run)) + (SELECT count(*) FROM seal "
                                 "WHERE run NOT IN (SELECT id FROM run))") > 0) {
        *vec_push(ar->arena, wrong) = _("there are rows that belong to no run");
    }
}

static void check_inputs(struct archive *ar, uint32_t id, archive_faults *wrong)
{
    struct query q = query_start(
        &ar->db, "SELECT role, path, digest, bytes FROM input WHERE run = ?1 ORDER BY n");
    query_bind(&q, 1, id);
    while (query_next(&q)) {
        struct arena scratch = {0};
        struct input_record in = {0};
        if (!read_input(&scratch, &q, &in)) {
            *vec_push(ar->arena, wrong) = arena_printf(
                ar->arena, _("the stored bytes of %s are not those that were read"), in.path);
        }
        arena_release(&scratch);
    }
    query_end(&q);
}

void archive_check_run(struct archive *ar, const struct archived *as, archive_faults *wrong)
{
    char digest[DIGEST_TEXT];
    archive_seal(ar, as->id, digest);
    if (strcmp(digest, as->digest) != 0) {
        *vec_push(ar->arena, wrong) =
            _("what is stored is not what was written: its digest is another");
    }
    check_inputs(ar, as->id, wrong);
}
