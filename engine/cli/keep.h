/*
 * keep.h - between the pipeline and the archive: a scored run is kept, and a kept run is scored
 * again from what was kept.
 *
 *   pipeline ──► run_record, unit_record ... ──► archive        (score --archive)
 *   archive ──► sources in memory, options ──► pipeline         (archive verify, diff)
 */
#ifndef KAOPING_KEEP_H
#define KAOPING_KEEP_H

#include "cli/pipeline.h"
#include "store/archive.h"

struct keep_options {
    const char *archive, *reason; /* archive NULL: nothing is kept */
    struct pipeline_options how;
};

/* Wrong usage is told before anything is scored: no reason for a run that would supersede another,
 * an archive that is none. After pipeline_rubric. */
void keep_check(struct pipeline *p, const struct keep_options *o);
/* Writes the run of the finished pipeline and says so on standard error. */
void keep_run(struct pipeline *p, const struct keep_options *o);

/* Appends the data that the run of that name kept. Wrong usage if there is no such run; sys_fail if
 * what is kept is not what was written. */
void keep_data(struct pipeline *p, const char *archive, const char *name, source_list *out);

/* Sets up a pipeline as it was for that run and loads its rubric and data from `run`, which has
 * its inputs' bytes. `how` takes the run's options. */
void keep_load(struct pipeline *p, struct arena *a, const struct command *c,
               const struct archived *as, const struct run_record *run,
               struct pipeline_options *how);

#endif
