/*
 * workers.c - the worker's side: it limits itself, takes blocks, sends messages. (pool.c: the
 * parent's; threads.c: workers that are threads.)
 *
 *   fork ─► die with the parent ─► begin() ─► limits, clock, system calls ─► run(block) ... _exit
 *                                             └ one of them fails: _exit(STATUS_UNLIMITED)
 *
 * What a worker may still ask of the system is memory, the time, to write to its own pipe and to
 * leave. Sanitizers and coverage ask for more, so their builds go without the list of system calls.
 */
#include "base/workers.h"

#include "base/sys.h"
#include "base/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WITH_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WITH_SANITIZER 1
#endif
#endif

#ifdef KAOPING_COVERAGE
#include <gcov.h>
#endif

#if !defined(WITH_SANITIZER) && !defined(KAOPING_COVERAGE)
#define WITH_SECCOMP 1
#endif

#define MEMORY_MORE ((rlim_t)1 << 30) /* bytes that a worker may use beyond what it begins with */
#define TICKS 8                       /* of the clock in the CPU's time of one call */

/* ---- memory ---- */

void *shared_new(size_t n, enum worker_kind by)
{
    const int flags = MAP_ANONYMOUS | MAP_NORESERVE;
    void *at = mmap(NULL, n > 0 ? n : 1, PROT_READ | PROT_WRITE,
                    flags | (by == WORKER_THREAD ? MAP_PRIVATE : MAP_SHARED), -1, 0);
    if (at == MAP_FAILED) {
        sys_out_of_memory();
    }
    return at;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_READ 22 /* of Linux 5.14; older ones refuse it */
#define MADV_POPULATE_WRITE 23
#endif

static uintptr_t page_of(uintptr_t at) { return at & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1); }

/* Pages that have any of the bytes. Where that cannot be they are made ready one by one, as they
 * are used. */
static void make_ready(const void *at, size_t n, int advice)
{
    uintptr_t from = page_of((uintptr_t)at), to = (uintptr_t)at + n;
    if (n > 0) {
        (void)madvise((void *)from, to - from, advice);
    }
}

void shared_make_ready(void *at, size_t n) { make_ready(at, n, MADV_POPULATE_WRITE); }

void shared_read_ahead(const void *at, size_t n) { make_ready(at, n, MADV_POPULATE_READ); }

void shared_is_dense(void *at, size_t n) { make_ready(at, n, MADV_HUGEPAGE); }

void shared_give_back(void *at, size_t n)
{
    uintptr_t from = page_of((uintptr_t)at + (uintptr_t)sysconf(_SC_PAGESIZE) - 1);
    uintptr_t to = page_of((uintptr_t)at + n);
    /* The first is for memory of processes, the second for that of threads. */
    if (to > from && madvise((void *)from, to - from, MADV_REMOVE) != 0) {
        (void)madvise((void *)from, to - from, MADV_DONTNEED);
    }
}

void shared_release(void *at, size_t n)
{
    if (at != NULL) {
        munmap(at, n > 0 ? n : 1);
    }
}

/* ---- leaving ---- */

/* Not by exit: what is registered there and what stdio holds belongs to the parent. */
static void leave(int status) __attribute__((noreturn));
static void leave(int status)
{
#ifdef KAOPING_COVERAGE
    __gcov_dump();
#endif
    _exit(status);
}

/* ---- the clock of one call ---- */

/* For the handler of SIGPROF, which takes no argument. Used in workers only. */
static struct {
    const struct slot *slot;
    uint64_t at;
    uint32_t block;
    int ticks; /* since `at` and `block` last changed */
} watched;

static void on_tick(int number)
{
    (void)number;
    uint64_t at = atomic_load_explicit(&watched.slot->at, memory_order_relaxed);
    uint32_t block = atomic_load_explicit(&watched.slot->block, memory_order_relaxed);
    if (at != watched.at || block != watched.block) {
        watched.at = at;
        watched.block = block;
        watched.ticks = 0;
    } else if (++watched.ticks >= TICKS) {
        _exit(STATUS_TIMED_OUT);
    }
}

static bool start_clock(const struct worker *w)
{
    double seconds = w->work->call_seconds > 0 ? w->work->call_seconds : WORKER_CALL_SECONDS;
    double tick = seconds / TICKS > 0.001 ? seconds / TICKS : 0.001;
    struct timeval every = {.tv_sec = (time_t)tick};
    every.tv_usec = (suseconds_t)((tick - (double)every.tv_sec) * 1e6);
    struct itimerval timer = {.it_interval = every, .it_value = every};
    struct sigaction ticking = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    sigset_t mine;
    sigemptyset(&mine);
    sigaddset(&mine, SIGPROF);
    watched.slot = w->slot;
    return sigaction(SIGPROF, &ticking, NULL) == 0 && sigprocmask(SIG_UNBLOCK, &mine, NULL) == 0 &&
           setitimer(ITIMER_PROF, &timer, NULL) == 0;
}

/* ---- limits ---- */

static bool lower(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limit;
    if (getrlimit(what, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = limit.rlim_cur < most ? limit.rlim_cur : most;
    limit.rlim_max = limit.rlim_cur;
    return setrlimit(what, &limit) == 0;
}

#ifdef WITH_SANITIZER
/* The sanitizer's shadow is terabytes of addresses. */
static bool limit_memory(void) { return true; }
#else
static bool limit_memory(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    rlim_t pages = strtoull(text, NULL, 10);
    if (pages == 0) {
        errno = EIO;
        return false;
    }
    return lower(RLIMIT_AS, pages * (rlim_t)sysconf(_SC_PAGESIZE) + MEMORY_MORE);
}
#endif

#ifdef WITH_SECCOMP
static int add_rules(scmp_filter_ctx filter, int fd)
{
    static const int allowed[] = {
        SCMP_SYS(exit_group),      SCMP_SYS(exit),          SCMP_SYS(brk),
        SCMP_SYS(munmap),          SCMP_SYS(mremap),        SCMP_SYS(madvise),
        SCMP_SYS(futex),           SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),
    };
    int error = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && error == 0; i++) {
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    }
    if (error == 0) {
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                 SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    if (error == 0) {
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                 SCMP_A0_32(SCMP_CMP_EQ, (unsigned)fd, 0));
    }
    if (error == 0) {
        /* So that sys_out_of_memory leaves with its status instead of a signal. */
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(write), 1,
                                 SCMP_A0_32(SCMP_CMP_EQ, STDERR_FILENO, 0));
    }
    return error;
}

static bool limit_calls(int fd)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        errno = ENOMEM;
        return false;
    }
    int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (error == 0) {
        /* The kernel's own errno for the message. */
        error = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
    }
    if (error == 0) {
        error = add_rules(filter, fd);
    }
    if (error == 0) {
        error = seccomp_load(filter);
    }
    seccomp_release(filter);
    errno = -error;
    return error == 0;
}
#else
static bool limit_calls(int fd) { return fd >= 0; }
#endif

static void limit(struct worker *w)
{
    bool fine = lower(RLIMIT_CORE, 0) && limit_memory() && start_clock(w) &&
                prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_calls(w->fd);
    if (!fine) {
        atomic_store(&w->slot->error, errno);
        leave(STATUS_UNLIMITED);
    }
}

/* ---- messages ---- */

static void write_out(const struct worker *w, const char *at, size_t n)
{
    while (n > 0) {
        ssize_t put = write(w->fd, at, n);
        if (put < 0 && errno != EINTR) {
            leave(STATUS_NO_PARENT);
        }
        if (put > 0) {
            at += put;
            n -= (size_t)put;
        }
    }
}

static void flush(struct worker *w)
{
    write_out(w, w->out, w->n);
    w->n = 0;
}

static void put(struct worker *w, const void *at, size_t n)
{
    if (w->fd < 0) {
        buf_add(&w->said, at, n);
        return;
    }
    if (n > sizeof w->out - w->n) {
        flush(w);
    }
    if (n > sizeof w->out) {
        write_out(w, at, n);
    } else if (n > 0) {
        memcpy(w->out + w->n, at, n);
        w->n += n;
    }
}

void worker_send(struct worker *w, const void *message, size_t n)
{
    struct frame frame = {.block = w->block, .kind = FRAME_MESSAGE, .n = n};
    put(w, &frame, sizeof frame);
    put(w, message, n);
}

void worker_stop_after(struct worker *w, uint32_t block)
{
    uint64_t end = (uint64_t)(block > w->block ? block : w->block) + 1;
    w->end = end < w->end ? end : w->end;
}

void worker_at(struct worker *w, uint64_t at)
{
    atomic_store_explicit(&w->slot->at, at, memory_order_relaxed);
}

/* ---- blocks ---- */

/* An end comes into force with its block: it must not outlive a block whose worker died. */
static void finish_block(struct worker *w)
{
    uint64_t end = atomic_load(&w->shared->end);
    while (w->end < end && !atomic_compare_exchange_weak(&w->shared->end, &end, w->end)) {
    }
    struct frame frame = {.block = w->block, .kind = FRAME_DONE, .n = w->end};
    put(w, &frame, sizeof frame);
    flush(w);
}

static void do_blocks(struct worker *w, void *own, uint64_t block)
{
    while (block < atomic_load(&w->shared->end)) {
        w->block = (uint32_t)block;
        w->end = UINT64_MAX;
        worker_at(w, 0);
        atomic_store(&w->slot->block, w->block);
        w->work->run(w->work->context, own, w, w->block);
        finish_block(w);
        block = atomic_fetch_add(&w->shared->next, 1);
    }
    atomic_store(&w->slot->block, NO_BLOCK);
}

/* Handlers were the parent's and would go on with the parent's work. What is ignored stays so. */
static void forget_handlers(void)
{
    for (int number = 1; number < SIGRTMIN; number++) {
        struct sigaction now;
        if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN) {
            signal(number, SIG_DFL);
        }
    }
}

void worker_live(const struct worker_start *start)
{
    forget_handlers();
    struct worker w = {
        .work = start->work,
        .shared = start->shared,
        .slot = &start->shared->slots[start->worker],
        .fd = start->fd,
    };
    /* The parent may have died before the kernel was told to mind. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        atomic_store(&w.slot->error, errno);
        leave(STATUS_UNLIMITED);
    }
    if (getppid() != start->parent) {
        leave(STATUS_NO_PARENT);
    }
    void *own = w.work->begin != NULL ? w.work->begin(w.work->context) : NULL;
    limit(&w);
    do_blocks(&w, own, start->first);
    leave(0);
}

unsigned workers_available(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
    }
    long n = sysconf(_SC_NPROCESSORS_ONLN); /* more of them than a cpu_set_t holds */
    return n > 0 ? (unsigned)n : 1;
}
