/*
 * bulk.h - large CSV files: scored, ranked and written without a table of all units in memory.
 *
 *   file ─► units, classes
 *           survey.c
 *        ─► packed rows ─► standings, kept results ─► places ─► rows in print order ─► output
 *           packing.c      tally.c, stand.c           placing.c emit.c, report's own writers
 *
 * The bytes are those that the usual way would write, and so are the findings: whatever has to be
 * said about a cell or a unit is left to the usual way, which reads the file anew. What is for this
 * way and what is not is decided by how the rubric and the data are made, never by a user.
 */
#ifndef KAOPING_BULK_H
#define KAOPING_BULK_H

#include "base/diag.h"
#include "model/record.h"
#include "model/rubric.h"

/* Smaller files are read as fast in the usual way. */
#define BULK_LEAST ((size_t)1 << 20)

struct csv_columns;

struct bulk_options {
    const struct rubric *rubric; /* without errors */
    struct diag *diag;
    const char *data; /* path of the one file */
    unsigned jobs;    /* 0: as many as there are processors */
    struct selection shown;
    const struct csv_columns *columns; /* NULL: all */
    const char *const *outputs;        /* [n_outputs] paths, or NULL for standard output: all CSV */
    uint32_t n_outputs;
    /* Called when so many outputs are written; may be NULL. */
    void (*written)(void *context, uint32_t n);
    void *context;
    struct buf *counters; /* gets a line for each count of what the run took, or for what it was
                             that left it to the usual way; NULL: nobody asks */
};

/* False: this is for the usual way; nothing was said and nothing written. */
bool bulk_score(const struct bulk_options *o);

struct shard;

/* Reads one shard's rows of the data, and calls the scripts that need nothing else, into the part
 * that is the only output. False after a finding. */
bool bulk_shard(const struct bulk_options *o, const struct shard *shard, const char *version);

struct shard_part;

/* Scores what the parts have, in any order: the same outputs as of one run. False after a finding;
 * nothing is written then. */
bool bulk_merge(const struct bulk_options *o, struct shard_part **parts, uint32_t n);

#endif
