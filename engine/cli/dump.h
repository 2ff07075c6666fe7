/* dump.h - --dump=STAGE: prints what stands between two arrows of the pipeline, for newcomers and
 * for tests of single stages. Not a stable format, but for `result`, which is the result as JSON.
 */
#ifndef KAOPING_DUMP_H
#define KAOPING_DUMP_H

#include "cli/pipeline.h"

/* paths: the rubric and, for `result` and the classes of `plan`, data; how they are read and
 * scored. Returns the exit status. */
int dump_stage(struct pipeline *p, const char *stage, char **paths, int n_paths,
               const struct pipeline_options *how);

#endif
