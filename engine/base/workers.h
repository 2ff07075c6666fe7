/*
 * workers.h - blocks of work in forked processes that can do nothing but compute; or in threads.
 *
 *   parent ── fork ──► worker 0 ─ blocks 0, 2, 3 ...   results into memory shared before the fork
 *          └─ fork ──► worker 1 ─ blocks 1, 4 ...      messages through a pipe, a block's at a time
 *
 * A worker has one thread, address space, core size and system calls limited (seccomp), and dies
 * with its parent. Blocks are taken from a shared counter; what comes of a block does not depend on
 * who works on it, so neither do the results on the number of workers. Messages of a block reach
 * the parent whole, and are handed over in the order of blocks.
 *
 * A worker that dies (a crash, the CPU's time of one call used up, kill -9) loses the block it
 * works on: its messages are dropped and the caller decides whether a new worker does it again.
 *
 * Where no script takes part, nothing has to be kept from what it might do, and threads will do,
 * the caller's among them: they share memory as it is, which the system gives for a third of what
 * it takes for memory that processes share. They have no limits and no clock, and fall only with
 * the whole process.
 */
#ifndef KAOPING_WORKERS_H
#define KAOPING_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum worker_kind { WORKER_PROCESS, WORKER_THREAD };

/* Memory that parent and workers share, zeroed; what is shared must be made before the fork. Ends
 * the process when there is none. */
void *shared_new(size_t n, enum worker_kind by);
void shared_release(void *at, size_t n);
/* All of it is going to be written, so that large pages waste nothing. */
void shared_is_dense(void *at, size_t n);
/* What stands there is no longer needed by anybody: whole pages of it go back to the system. */
void shared_give_back(void *at, size_t n);

/* It is going to be written by this process: where that is cheaper it is made ready in one go. */
void shared_make_ready(void *at, size_t n);
/* The same of what it is going to read, a mapped file too. */
void shared_read_ahead(const void *at, size_t n);

struct worker; /* in a worker: itself */

#define NO_BLOCK UINT32_MAX

/* How a worker ended that should not have. */
struct worker_end {
    uint32_t worker, block;
    int signal;     /* or 0 */
    int status;     /* exit status, if no signal */
    bool timed_out; /* one call took more than call_seconds of CPU */
    uint64_t at;    /* what worker_at said last */
};

#define WORKER_CALL_SECONDS 10

struct work {
    uint32_t n_blocks; /* below NO_BLOCK; some 40 bytes each */
    unsigned jobs;     /* workers at a time; fewer if there are fewer blocks, 256 at most */
    enum worker_kind kind;
    double call_seconds; /* of CPU; 0: WORKER_CALL_SECONDS */
    void *context;
    /* In each worker before its first block, not yet limited; what it returns `run` gets. May be
     * NULL. */
    void *(*begin)(void *context);
    /* Gives that back, in a thread when there are no more blocks. May be NULL. */
    void (*end)(void *own);
    void (*run)(void *context, void *own, struct worker *w, uint32_t block);
    /* In the parent, blocks in ascending order, each message of worker_send once; of threads in one
     * of them at a time. May be NULL. */
    void (*take)(void *context, uint32_t block, const void *message, size_t n);
    /* Likewise, when all blocks below so many were handed over. May be NULL. */
    void (*through)(void *context, uint32_t blocks);
    /* In the parent, when a worker died in `begin` or in a block that is wanted. True: a new worker
     * does the block again. False: no further block is begun, those below it are completed. NULL:
     * false. May turn out to have been in vain if a lower block then stops the work. */
    bool (*died)(void *context, const struct worker_end *end);
};

/* False if a worker died and its block was not done again; blocks above it may be undone, their
 * messages are not taken. So it is with blocks above one for which worker_stop_after was called.
 * Blocks below are always completed. What ends the process (no worker can be had, or none be
 * limited): sys_fail. No child is left over. SIGCHLD is not ignored meanwhile. */
bool workers_run(const struct work *work);

/* ---- in a worker ---- */

/* A message to the parent; of any length, up to 1 GiB a block. */
void worker_send(struct worker *w, const void *message, size_t n);
/* No block above this one need be done; not below the one that is being worked on. In force when
 * that block is done: it does not outlive a worker that dies before. */
void worker_stop_after(struct worker *w, uint32_t block);
/* Where the work is, for worker_end.at; a new value starts the CPU clock of one call anew. Cheap.
 */
void worker_at(struct worker *w, uint64_t at);

/* As many as there are processors this process may use. */
unsigned workers_available(void);

#endif
