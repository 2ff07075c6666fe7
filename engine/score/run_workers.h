/*
 * run_workers.h - scoring in worker processes: units in blocks, results into shared memory,
 * findings and notes through pipes. Scripts run nowhere else.
 */
#ifndef KAOPING_RUN_WORKERS_H
#define KAOPING_RUN_WORKERS_H

#include "score/run.h"

#define RUN_BLOCK 1024U /* units in a block, whatever the number of workers */

/* Scores every unit of r, whose arrays are shared memory. */
void run_in_workers(struct arena *a, struct diag *d, struct result *r,
                    const struct run_options *options);

/* The scorer's answers (struct scorer) where scripts have a part in them. */
void explain_in_worker(const struct result *r, uint32_t unit, struct trace *trace);
void what_if_in_worker(const struct result *r, uint32_t unit, const struct what_if *asked,
                       uint32_t n, const struct what_if_taker *taker);
dec replay_in_worker(const struct result *r, uint32_t unit, const struct replay *what);

#endif
