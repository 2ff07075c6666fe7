/*
 * archive.h - runs kept in one SQLite file: inputs, options and every result, never overwritten.
 *
 *   run    1 ── inputs ── blocks of units ── index of units ── seal ─┐
 *   run    2 ── inputs ── blocks of units ── index of units ── seal ◄┘   each seal is a digest of
 *   run    3 (instead of 1: "…") ...                           seal      everything of the run and
 *                                                                        of the seal before it
 *
 * A run is one transaction: killed at any moment, the file holds whole runs. What was not written
 * by this program (another database, other tables, a newer version) is refused. Trouble with the
 * file (missing, full, locked for a minute, damaged) is sys_fail.
 */
#ifndef KAOPING_ARCHIVE_H
#define KAOPING_ARCHIVE_H

#include "base/digest.h"
#include "model/record.h"

#define RUN_NONE 0U

/* A run as the list has it. */
struct archived {
    uint32_t id;                         /* from 1 */
    const char *rubric, *title, *period; /* period may be NULL */
    const char *created;                 /* "2025-01-10T08:30:00Z" */
    const char *version, *language;      /* of the program; of the texts */
    const char *options;                 /* a line each */
    const char *reason;                  /* or NULL */
    uint32_t supersedes, superseded_by;  /* RUN_NONE: none */
    uint32_t n_units;
    const char *digest; /* its seal */
};

typedef VEC(struct archived) archived_list;

struct archive;

enum archive_mode { ARCHIVE_READ, ARCHIVE_WRITE };

/* Under ARCHIVE_WRITE a file that is not there is made. */
struct archive *archive_open(struct arena *a, const char *path, enum archive_mode mode);
void archive_close(struct archive *);

/* All runs, oldest first. In the arena of archive_open. */
const archived_list *archive_list(struct archive *);
/* The run that NAME means: its number; the id of a rubric: the newest run of it; ID@PERIOD: the
 * one that stands for that period. NULL: none. */
const struct archived *archive_find(struct archive *, const char *name);
/* The run of that rubric and period that no other supersedes, or NULL. */
const struct archived *archive_standing(struct archive *, const char *rubric, const char *period);

/* ---- writing ---- */

/* A run that is put together in memory: units are added in the order of the printout. */
struct draft;

struct draft *draft_new(struct arena *a, const struct run_record *run);
void draft_unit(struct draft *, const struct unit_record *unit);
/*
 * Writes it. Of `as` are used: created, version, language, options, reason. The number of the run;
 * RUN_NONE if one of the same rubric and period stands and there is no reason to supersede it.
 * Releases the draft.
 */
uint32_t draft_commit(struct archive *, struct draft *, const struct archived *as);

/* ---- reading ---- */

/* The run; inputs with their bytes if they are wanted. Damaged bytes: sys_fail. */
struct run_record *archive_run(struct archive *, const struct archived *run, bool with_bytes);

/* Its units, one after the other. */
struct archive_units {
    struct unit_reader reader;
    struct archive *archive;
    const struct run_record *run;
    uint32_t id, block;
    bool light;
    const char *at, *end;
    struct arena scratch, unit;
    struct arena_mark scratch_mark, unit_mark;
};

void archive_units_init(struct archive_units *, struct archive *, const struct archived *,
                        const struct run_record *run, bool light);
void archive_units_release(struct archive_units *);
/* All of them at once, in arena a. */
const struct unit_record *archive_all_units(struct arena *a, struct archive *,
                                            const struct archived *, const struct run_record *run,
                                            bool light);

/* A unit's places in the archive, by its id or name, in the order of runs. */
struct unit_place {
    uint32_t run, n; /* n: which in the order of the printout */
    const char *id, *name;
};
typedef VEC(struct unit_place) unit_places;
void archive_places(struct archive *, const char *unit, unit_places *out);
/* The nearest id or name to one that is not there, or NULL. */
const char *archive_nearest_unit(struct archive *, const char *unit);
/* That unit of that run, in full. In arena a. */
void archive_unit(struct arena *a, struct archive *, const struct run_record *run,
                  const struct unit_place *place, struct unit_record *out);

/* ---- checking ---- */

typedef VEC(const char *) archive_faults;

/* What is wrong with the file as a whole (runs missing, pages damaged); translated, a line each. */
void archive_check(struct archive *, archive_faults *wrong);
/* What is wrong with the stored bytes of a run: its seal, the digests of its inputs. */
void archive_check_run(struct archive *, const struct archived *, archive_faults *wrong);

#endif
