/*
 * pool.c - workers_run, the parent's side: starts workers, reads all their pipes, hands over what
 * blocks sent in the order of blocks, buries workers and decides what becomes of their blocks.
 * (workers.c: the worker's side. threads.c: all of it where workers are threads.)
 *
 *   child 0  in [frame message|frame mes            a block that is being worked on
 *   child 1  in [frame message|frame{done}|frame..
 *                └───────┬───────┘
 *   kept     [taken   ][done][    ][done][    ]     blocks; handed over up to the first not done
 *             0         taken                  end  first block not wanted
 *
 * A block is done when its last frame has been read; whatever happens to a worker, a block below
 * the end that is not done is given to a new one, or died() says no and the end comes down to it.
 * So nothing hangs on whether a worker was killed between two instructions.
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "base/worker.h"
#include "base/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MOST 256                /* leaves descriptors for other things */
#define BLOCK_MOST ((size_t)1 << 30) /* bytes of one block's messages */
#define READ_AT_ONCE ((size_t)1 << 18)
#define PIPE_SIZE (1 << 20) /* so that a worker can go on while the parent is busy */

struct child {
    pid_t pid; /* 0: there is none */
    int fd;
    uint32_t given;  /* the block it was started for */
    struct buf in;   /* what it wrote and is not kept yet: frames of the block it works on */
    size_t block_at; /* where in `in` the block begins */
    size_t n_read;   /* bytes of `in` that are whole frames */
};

struct kept {
    struct buf messages; /* frames, none of them FRAME_DONE */
    bool done;
};

struct pool {
    const struct work *work;
    struct shared *shared;
    struct child *children;
    struct pollfd *polled;
    struct kept *kept; /* [n_blocks] */
    uint32_t n_children, n_alive;
    uint32_t taken; /* blocks below it were handed over */
    uint64_t end;   /* the first block that is not wanted */
    bool failed;    /* the end is a block whose worker died */
};

/* ---- children ---- */

static bool start_child(struct pool *p, uint32_t worker, uint32_t first)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* where that is not allowed, it is as it was */
    struct worker_start start = {p->work, p->shared, worker, first, ends[1], getpid()};
    struct slot *slot = &p->shared->slots[worker];
    atomic_store(&slot->at, 0);
    atomic_store(&slot->block, first);
    atomic_store(&slot->error, 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        worker_live(&start);
    }
    int error = errno;
    close(ends[1]); /* or the end of the worker would not be seen */
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return false;
    }
    p->children[worker] = (struct child){.pid = pid, .fd = ends[0], .given = first};
    p->n_alive++;
    return true;
}

/* Killed first, lest one that closed its pipe or writes nonsense is waited for; one that is on its
 * way out keeps its status. */
static int end_child(struct pool *p, struct child *c)
{
    int status = 0;
    kill(c->pid, SIGKILL);
    close(c->fd);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
    }
    buf_release(&c->in);
    c->pid = 0;
    p->n_alive--;
    return status;
}

static void end_all(struct pool *p)
{
    for (uint32_t i = 0; i < p->n_children; i++) {
        if (p->children[i].pid != 0) {
            end_child(p, &p->children[i]);
        }
    }
}

/* No block from `end` on is wanted: who works on one is stopped. */
static void lower_end(struct pool *p, uint64_t end)
{
    p->end = end;
    atomic_store(&p->shared->end, end);
    for (uint32_t i = 0; i < p->n_children; i++) {
        uint32_t block = atomic_load(&p->shared->slots[i].block);
        if (p->children[i].pid != 0 && block != NO_BLOCK && block >= end) {
            kill(p->children[i].pid, SIGKILL);
        }
    }
}

/* ---- blocks ---- */

void worker_hand_over(const struct work *work, uint32_t block, const char *frames, size_t n)
{
    for (size_t at = 0; at < n && work->take != NULL;) {
        struct frame frame;
        memcpy(&frame, frames + at, sizeof frame);
        at += sizeof frame;
        work->take(work->context, block, frames + at, frame.n);
        at += frame.n;
    }
}

static void hand_over_done(struct pool *p)
{
    uint32_t before = p->taken;
    while (p->taken < p->end && p->kept[p->taken].done) {
        struct buf *b = &p->kept[p->taken].messages;
        worker_hand_over(p->work, p->taken, b->at, b->n);
        buf_release(b);
        p->taken++;
    }
    if (p->taken > before && p->work->through != NULL) {
        p->work->through(p->work->context, p->taken);
    }
}

/* What was read of the block is kept, until all blocks below are done; mostly they are. */
static void finish_block(struct pool *p, struct child *c, const struct frame *frame)
{
    struct kept *kept = &p->kept[frame->block];
    size_t n = c->n_read - c->block_at;
    kept->done = true;
    if (frame->block == p->taken && p->taken < p->end) {
        worker_hand_over(p->work, frame->block, c->in.at + c->block_at, n);
    } else if (n > 0) {
        buf_add(&kept->messages, c->in.at + c->block_at, n);
    }
    c->n_read += sizeof *frame;
    c->block_at = c->n_read;
    if (frame->n <= p->end) {
        p->failed = false; /* the block that failed is above: it would not have been done */
        lower_end(p, frame->n);
    }
    hand_over_done(p);
}

static void forget_finished(struct child *c)
{
    size_t n = c->in.n - c->block_at;
    memmove(c->in.at, c->in.at + c->block_at, n);
    c->in.n = n;
    c->n_read -= c->block_at;
    c->block_at = 0;
}

/* Goes through what was read. False: no worker of ours wrote that. */
static bool read_frames(struct pool *p, struct child *c)
{
    struct frame frame;
    while (c->in.n - c->n_read >= sizeof frame) {
        memcpy(&frame, c->in.at + c->n_read, sizeof frame);
        if (frame.block >= p->work->n_blocks || p->kept[frame.block].done) {
            return false;
        }
        if (frame.kind == FRAME_DONE) {
            if (frame.n <= frame.block) {
                return false;
            }
            finish_block(p, c, &frame);
            continue;
        }
        if (frame.kind != FRAME_MESSAGE || frame.n > BLOCK_MOST) {
            return false;
        }
        if (c->in.n - c->n_read - sizeof frame < frame.n) {
            break;
        }
        c->n_read += sizeof frame + frame.n;
    }
    forget_finished(c);
    return c->in.n <= BLOCK_MOST;
}

/* ---- the end of a worker ---- */

/* The block that is lost with it, or NO_BLOCK. */
static uint32_t block_of(const struct pool *p, const struct child *c)
{
    if (!p->kept[c->given].done) {
        return c->given;
    }
    uint32_t block = atomic_load(&p->shared->slots[c - p->children].block);
    return block < p->work->n_blocks && !p->kept[block].done ? block : NO_BLOCK;
}

static void bury(struct pool *p, struct child *c)
{
    uint32_t worker = (uint32_t)(c - p->children);
    const struct slot *slot = &p->shared->slots[worker];
    int status = end_child(p, c);
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_UNLIMITED) {
        end_all(p);
        sys_fail(_("cannot limit a worker process: %s"), sys_error_text(atomic_load(&slot->error)));
    }
    struct worker_end end = {
        .worker = worker,
        .block = block_of(p, c),
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        .at = atomic_load(&slot->at),
    };
    end.timed_out = end.status == STATUS_TIMED_OUT;
    if (end.block == NO_BLOCK || end.block >= p->end) {
        return;
    }
    if (p->work->died != NULL && p->work->died(p->work->context, &end)) {
        atomic_store(&p->shared->end, p->end); /* the dead one may have lowered it */
        /* If this fails, the block is begun when the other workers are through. */
        start_child(p, worker, end.block);
        return;
    }
    p->failed = true;
    lower_end(p, end.block);
}

/* ---- the loop ---- */

static void read_child(struct pool *p, struct child *c)
{
    buf_room(&c->in, READ_AT_ONCE);
    ssize_t n = read(c->fd, c->in.at + c->in.n, READ_AT_ONCE);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (n > 0) {
        c->in.n += (size_t)n;
    }
    if (n <= 0 || !read_frames(p, c)) {
        bury(p, c);
    }
}

static void read_children(struct pool *p)
{
    for (uint32_t i = 0; i < p->n_children; i++) {
        int fd = p->children[i].pid != 0 ? p->children[i].fd : -1;
        p->polled[i] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    if (poll(p->polled, p->n_children, -1) < 0) {
        if (errno == EINTR) {
            return;
        }
        int error = errno;
        end_all(p);
        sys_fail(_("cannot wait for worker processes: %s"), sys_error_text(error));
    }
    for (uint32_t i = 0; i < p->n_children; i++) {
        if (p->polled[i].revents != 0) {
            read_child(p, &p->children[i]);
        }
    }
}

/* As many as can be had, and no more than there are blocks left: the first may have done many by
 * the time the last is started. */
static void start_children(struct pool *p)
{
    uint32_t n = 0;
    bool more = true;
    while (more && n < p->n_children) {
        uint64_t first = atomic_fetch_add(&p->shared->next, 1);
        more = first < p->work->n_blocks && start_child(p, n, (uint32_t)first);
        n += more;
    }
    p->n_children = n > 0 ? n : 1;
}

/* When all are gone and a wanted block is not done: it was taken by one that could not be started
 * or died before it could say so, or, if that was the last worker, by nobody. */
static void start_for_rest(struct pool *p)
{
    if (atomic_load(&p->shared->next) <= p->taken) {
        atomic_store(&p->shared->next, (uint64_t)p->taken + 1);
    }
    if (!start_child(p, 0, p->taken)) {
        sys_fail(_("cannot start a worker process: %s"), sys_error_text(errno));
    }
}

static void run_pool(struct pool *p)
{
    start_children(p);
    while (p->n_alive > 0 || p->taken < p->end) {
        if (p->n_alive == 0) {
            start_for_rest(p);
        }
        read_children(p);
    }
    for (uint32_t block = p->taken; block < p->work->n_blocks; block++) {
        buf_release(&p->kept[block].messages);
    }
}

/* In a worker gettext could not open its catalogues: one text that they have, and one that none
 * has, make it look into all of them. */
static void load_catalogues(void)
{
    (void)_("cannot limit a worker process: %s");
    (void)i18n_text(".");
}

bool workers_run(const struct work *work)
{
    if (work->n_blocks == 0) {
        return true;
    }
    uint32_t jobs = work->jobs < JOBS_MOST ? work->jobs : JOBS_MOST;
    jobs = jobs == 0 ? 1 : jobs < work->n_blocks ? jobs : work->n_blocks;
    if (work->kind == WORKER_THREAD) {
        workers_run_threads(work, jobs);
        return true;
    }
    size_t n_shared = sizeof(struct shared) + jobs * sizeof(struct slot);
    struct arena a = {0};
    struct pool p = {
        .work = work,
        .shared = shared_new(n_shared, WORKER_PROCESS),
        .children = ARENA_ARRAY(&a, struct child, jobs),
        .polled = ARENA_ARRAY(&a, struct pollfd, jobs),
        .kept = ARENA_ARRAY(&a, struct kept, work->n_blocks),
        .n_children = jobs,
        .end = work->n_blocks,
    };
    atomic_store(&p.shared->end, p.end);
    load_catalogues();
    /* Where it is ignored nobody would learn how a child ended. */
    struct sigaction usual = {.sa_handler = SIG_DFL}, before;
    sigaction(SIGCHLD, &usual, &before);
    run_pool(&p);
    sigaction(SIGCHLD, &before, NULL);
    shared_release(p.shared, n_shared);
    arena_release(&a);
    return !p.failed;
}
