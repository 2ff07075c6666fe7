/*
 * threads.c - workers_run where workers are threads, the caller's among them. (pool.c: processes.)
 *
 *   blocks   [taken][taken][done][    ][done][    ]
 *            0             taken  │           next   the first block that nobody has begun
 *                                 └ being worked on
 *
 * Whoever is through with a block hands over all that are done from the first on, unless somebody
 * is at it already. The others go on meanwhile, but not so far that what waits to be handed over
 * would fill the memory. Nobody waits for a worker that waits: the lowest block that is not done is
 * being worked on.
 */
#include "base/arena.h"
#include "base/worker.h"

#include <pthread.h>
#include <signal.h>

#define BLOCKS_AHEAD 8U /* of each worker */

struct done {
    struct buf messages;
    bool done;
};

struct crew {
    const struct work *work;
    uint32_t jobs;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved; /* taken or end did */
    uint64_t next, taken;
    uint64_t end;        /* the first block that is not wanted */
    bool taking;         /* somebody hands over */
    struct done *blocks; /* [n_blocks] */
};

static bool is_far_ahead(const struct crew *c)
{
    return c->work->take != NULL && c->next - c->taken >= (uint64_t)c->jobs * BLOCKS_AHEAD;
}

/* False: there are no more. */
static bool next_block(struct crew *c, uint32_t *block)
{
    pthread_mutex_lock(&c->lock);
    while (c->next < c->end && is_far_ahead(c)) {
        pthread_cond_wait(&c->moved, &c->lock);
    }
    bool more = c->next < c->end;
    *block = (uint32_t)c->next;
    c->next += more;
    pthread_mutex_unlock(&c->lock);
    return more;
}

/* With the lock held, but for the time that somebody else's functions take. */
static void hand_over_done(struct crew *c)
{
    const struct work *work = c->work;
    c->taking = true;
    while (c->taken < c->end && c->blocks[c->taken].done) {
        struct done *d = &c->blocks[c->taken];
        pthread_mutex_unlock(&c->lock);
        worker_hand_over(work, (uint32_t)c->taken, d->messages.at, d->messages.n);
        buf_release(&d->messages);
        if (work->through != NULL) {
            work->through(work->context, (uint32_t)c->taken + 1);
        }
        pthread_mutex_lock(&c->lock);
        c->taken++;
        pthread_cond_broadcast(&c->moved);
    }
    c->taking = false;
}

static void finish_block(struct crew *c, struct worker *w)
{
    struct done *d = &c->blocks[w->block];
    pthread_mutex_lock(&c->lock);
    d->messages = w->said;
    d->done = true;
    if (w->end < c->end) {
        c->end = w->end;
        pthread_cond_broadcast(&c->moved);
    }
    if (!c->taking) {
        hand_over_done(c);
    }
    pthread_mutex_unlock(&c->lock);
    w->said = (struct buf){0};
}

static void *work_along(void *crew)
{
    struct crew *c = crew;
    const struct work *work = c->work;
    struct slot slot = {.at = 0};
    struct worker w = {.work = work, .slot = &slot, .fd = -1};
    void *own = work->begin != NULL ? work->begin(work->context) : NULL;
    while (next_block(c, &w.block)) {
        w.end = UINT64_MAX;
        work->run(work->context, own, &w, w.block);
        finish_block(c, &w);
    }
    if (work->end != NULL) {
        work->end(own);
    }
    return NULL;
}

/* Signals are for the caller's thread, who knows what to do about them; but faults come to whoever
 * makes them. False: there is no more to be had. */
static bool start_thread(pthread_t *thread, struct crew *c)
{
    sigset_t others, before;
    sigfillset(&others);
    sigdelset(&others, SIGBUS);
    sigdelset(&others, SIGSEGV);
    sigdelset(&others, SIGFPE);
    sigdelset(&others, SIGILL);
    pthread_sigmask(SIG_BLOCK, &others, &before);
    bool started = pthread_create(thread, NULL, work_along, c) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void workers_run_threads(const struct work *work, uint32_t jobs)
{
    struct arena a = {0};
    pthread_t *threads = ARENA_ARRAY(&a, pthread_t, jobs);
    struct crew c = {
        .work = work,
        .jobs = jobs,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .moved = PTHREAD_COND_INITIALIZER,
        .end = work->n_blocks,
        .blocks = ARENA_ARRAY(&a, struct done, work->n_blocks),
    };
    uint32_t n = 1;
    while (n < jobs && start_thread(&threads[n], &c)) {
        n++;
    }
    work_along(&c);
    for (uint32_t i = 1; i < n; i++) {
        pthread_join(threads[i], NULL);
    }
    for (uint32_t block = 0; block < work->n_blocks; block++) {
        buf_release(&c.blocks[block].messages); /* not wanted any more */
    }
    arena_release(&a);
}
