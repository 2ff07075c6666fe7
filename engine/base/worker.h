/*
 * worker.h - what parent (pool.c), worker (workers.c) and crew (threads.c) know of each other; for
 * these only.
 *
 *   shared memory   next, end, a slot for each worker: block, at
 *   pipe            frame message frame message ... frame{done} | frame message ...
 *
 * A worker that a script has broken out into can write anything into both: the parent believes
 * neither an index nor a length without a check.
 */
#ifndef KAOPING_WORKER_H
#define KAOPING_WORKER_H

#include "base/buf.h"
#include "base/workers.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <sys/types.h>

/* A slot or a counter to a line of the cache: writers do not slow each other down. */
#define CACHE_LINE 64

struct slot {
    alignas(CACHE_LINE) _Atomic uint64_t at;
    _Atomic uint32_t block; /* NO_BLOCK: has left for good */
    _Atomic int error;      /* errno, with STATUS_UNLIMITED */
};

struct shared {
    alignas(CACHE_LINE) _Atomic uint64_t next; /* the first block that nobody has taken */
    alignas(CACHE_LINE) _Atomic uint64_t end;  /* the first block that is not wanted */
    struct slot slots[];
};

enum frame_kind { FRAME_MESSAGE, FRAME_DONE };

struct frame {
    uint32_t block;
    uint32_t kind;
    uint64_t n; /* bytes that follow; FRAME_DONE: the first block not wanted, or more than all */
};

/* Exit statuses by which a worker speaks of itself. */
enum { STATUS_TIMED_OUT = 120, STATUS_UNLIMITED = 121, STATUS_NO_PARENT = 122 };

struct worker_start {
    const struct work *work;
    struct shared *shared;
    uint32_t worker, first; /* its slot; the block it begins with */
    int fd;                 /* where it writes */
    pid_t parent;
};

struct worker {
    const struct work *work;
    struct shared *shared; /* of a process */
    struct slot *slot;
    int fd; /* where a process writes; or -1 */
    uint32_t block;
    uint64_t end;      /* what worker_stop_after said in this block */
    struct buf said;   /* by a thread, in this block: frames */
    size_t n;          /* bytes in `out` */
    char out[1 << 15]; /* of a process: small messages are sent together */
};

/* The worker's life, from the fork on. */
void worker_live(const struct worker_start *start) __attribute__((noreturn));
/* workers_run, of threads; jobs: 1 at least. */
void workers_run_threads(const struct work *work, uint32_t jobs);
/* Each message of a block to work->take. */
void worker_hand_over(const struct work *work, uint32_t block, const char *frames, size_t n);

#endif
