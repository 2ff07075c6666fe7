/*
 * test_workers.c - workers: order, sameness whatever their number, and every way in which a forked
 * one can die. No test depends on who is faster; each ends with no child and no thread left.
 */
#include "base/buf.h"
#include "base/sys.h"
#include "base/worker.h"
#include "base/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Builds whose workers may open files: they need it themselves. */
#if defined(__SANITIZE_ADDRESS__) || defined(KAOPING_COVERAGE)
#define OPEN_WORLD 1
#endif

#define N_MOST 512

/* In shared memory: what a process did that the others shall see. */
struct board {
    _Atomic uint32_t runs[N_MOST]; /* how often a block was begun */
    _Atomic uint32_t ended[N_MOST];
    _Atomic uint32_t begins;
    _Atomic int pid; /* of a worker that wants to be killed; or what else it says */
};

struct trial {
    struct work work;
    struct board *board;
    struct buf out; /* blocks and messages in the order of take */
    struct worker_end ends[8];
    uint32_t n_ends;
    bool again;     /* what died() says */
    uint32_t where; /* the block in which something happens */
    uint32_t n_messages;
    void (*act)(struct trial *t, struct worker *w, uint32_t block);
};

/* Each block does the same whoever does it: messages of lengths that depend on its number. */
static void say(struct trial *t, struct worker *w, uint32_t block)
{
    char text[700];
    for (uint32_t i = 0; i < t->n_messages; i++) {
        size_t n = (block * 131 + i * 17) % sizeof text;
        memset(text, 'a' + (int)((block + i) % 26), sizeof text);
        worker_at(w, (uint64_t)block << 8 | (i + 1));
        worker_send(w, text, n);
    }
}

static void *begin(void *context)
{
    struct trial *t = context;
    atomic_fetch_add(&t->board->begins, 1);
    return strdup("own");
}

static void run(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    if (strcmp(own, "own") != 0) {
        abort();
    }
    atomic_fetch_add(&t->board->runs[block], 1);
    say(t, w, block);
    if (block == t->where && t->act != NULL) {
        t->act(t, w, block);
    }
    atomic_fetch_add(&t->board->ended[block], 1);
}

static void take(void *context, uint32_t block, const void *message, size_t n)
{
    struct trial *t = context;
    buf_printf(&t->out, "%u:%zu:", (unsigned)block, n);
    buf_add(&t->out, message, n);
}

static bool died(void *context, const struct worker_end *end)
{
    struct trial *t = context;
    assert_true(t->n_ends < 8);
    t->ends[t->n_ends++] = *end;
    return t->again;
}

/* What the tests' workers are: each of the two groups below has its own. */
static enum worker_kind kind;

static struct trial new_trial(uint32_t n_blocks, unsigned jobs)
{
    struct trial t = {.board = shared_new(sizeof(struct board), kind), .n_messages = 3};
    t.work = (struct work){.n_blocks = n_blocks, .jobs = jobs, .kind = kind};
    t.work.begin = begin;
    t.work.end = free; /* of what strdup made */
    t.work.run = run;
    t.work.take = take;
    t.work.died = died;
    t.where = NO_BLOCK;
    return t;
}

static void end_trial(struct trial *t)
{
    buf_release(&t->out);
    shared_release(t->board, sizeof *t->board);
}

static void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void assert_one_thread(void)
{
    char text[4096] = "";
    FILE *status = fopen("/proc/self/status", "r");
    assert_non_null(status);
    size_t n = fread(text, 1, sizeof text - 1, status);
    fclose(status);
    assert_true(n > 0);
    assert_non_null(strstr(text, "\nThreads:\t1\n"));
}

static bool run_trial(struct trial *t)
{
    t->work.context = t;
    bool fine = workers_run(&t->work);
    assert_no_child();
    assert_one_thread();
    return fine;
}

/* What blocks 0 to n - 1 say, in order. */
static void assert_all_said(struct trial *t, uint32_t n)
{
    struct trial plain = new_trial(n, 1);
    plain.n_messages = t->n_messages;
    assert_true(run_trial(&plain));
    assert_int_equal(t->out.n, plain.out.n);
    assert_memory_equal(t->out.at, plain.out.at, plain.out.n);
    end_trial(&plain);
}

/* ---- what is computed ---- */

static void test_order(void **state)
{
    (void)state;
    struct trial t = new_trial(5, 1);
    struct buf expected = {0};
    char text[700];
    for (uint32_t block = 0; block < 5; block++) {
        for (uint32_t i = 0; i < 3; i++) {
            unsigned n = (block * 131 + i * 17) % sizeof text;
            memset(text, 'a' + (int)((block + i) % 26), sizeof text);
            buf_printf(&expected, "%u:%u:%.*s", (unsigned)block, n, (int)n, text);
        }
    }
    assert_true(run_trial(&t));
    assert_string_equal(t.out.at, expected.at);
    assert_int_equal(t.board->begins, 1);
    buf_release(&expected);
    end_trial(&t);
}

static void test_same_for_any_number(void **state)
{
    static const struct {
        uint32_t n_blocks;
        unsigned jobs, processes; /* at most */
    } rows[] = {
        {200, 2, 2},  /* two share the blocks */
        {200, 7, 7},  /* more than there are processors */
        {3, 7, 3},    /* no more processes than blocks */
        {1, 1, 1},    /* one block is forked as well */
        {20, 0, 1},   /* no number is one */
        {0, 2, 0},    /* nothing to do */
        {60, 40, 40}, /* many */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trial t = new_trial(rows[i].n_blocks, rows[i].jobs);
        assert_true(run_trial(&t));
        assert_in_range(t.board->begins, rows[i].processes > 0, rows[i].processes);
        for (uint32_t block = 0; block < N_MOST; block++) {
            assert_int_equal(t.board->ended[block], block < rows[i].n_blocks);
        }
        assert_int_equal(t.n_ends, 0);
        assert_all_said(&t, rows[i].n_blocks);
        end_trial(&t);
    }
}

static void send_much(struct trial *t, struct worker *w, uint32_t block)
{
    size_t n = ((size_t)5 << 20) + block;
    char *text = malloc(n);
    (void)t;
    for (size_t i = 0; text != NULL && i < n; i++) {
        text[i] = (char)((i * 7 + block) % 251);
    }
    for (int i = 0; text != NULL && i < 2; i++) {
        worker_send(w, text, n);
        worker_send(w, NULL, 0);
    }
    free(text);
}

static void run_much(void *context, void *own, struct worker *w, uint32_t block)
{
    (void)own;
    send_much(context, w, block);
}

static void take_much(void *context, uint32_t block, const void *message, size_t n)
{
    struct trial *t = context;
    const char *text = message;
    buf_printf(&t->out, "%u:%zu ", (unsigned)block, n);
    for (size_t i = 0; i < n; i++) {
        if (text[i] != (char)((i * 7 + block) % 251)) {
            buf_text(&t->out, "wrong ");
            return;
        }
    }
}

static void test_big_messages(void **state)
{
    (void)state;
    struct trial t = new_trial(4, 3);
    t.work.run = run_much;
    t.work.take = take_much;
    assert_true(run_trial(&t));
    assert_string_equal(t.out.at, "0:5242880 0:0 0:5242880 0:0 1:5242881 1:0 1:5242881 1:0 "
                                  "2:5242882 2:0 2:5242882 2:0 3:5242883 3:0 3:5242883 3:0 ");
    end_trial(&t);
}

static void run_two(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    sigset_t mask;
    run(context, own, w, block);
    while (block == 0 && atomic_load(&t->board->runs[1]) == 0) {
        /* until another is at it */
    }
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    bool blocks =
        sigismember(&mask, SIGINT) && sigismember(&mask, SIGTERM) && sigismember(&mask, SIGALRM);
    if (blocks == (gettid() == getpid()) || sigismember(&mask, SIGBUS)) {
        atomic_fetch_add(&t->board->pid, 1);
    }
}

/* Signals are for the caller, who knows what to do about them; faults are not kept waiting. */
static void test_signals(void **state)
{
    (void)state;
    struct trial t = new_trial(20, 2);
    t.work.run = run_two;
    assert_true(run_trial(&t));
    assert_int_equal(t.board->begins, 2);
    assert_int_equal(t.board->pid, 0);
    assert_all_said(&t, 20);
    end_trial(&t);
}

static void take_slowly(void *context, uint32_t block, const void *message, size_t n)
{
    struct trial *t = context;
    uint32_t begun = 0;
    (void)message;
    (void)n;
    usleep(500);
    for (uint32_t i = 0; i < N_MOST; i++) {
        begun += atomic_load(&t->board->runs[i]);
    }
    if (begun > block + 8 * t->work.jobs) {
        atomic_fetch_add(&t->board->pid, 1);
    }
}

/* Where messages are not taken as fast as they come, workers wait: memory has an end. */
static void test_waits_for_take(void **state)
{
    (void)state;
    struct trial t = new_trial(200, 3);
    t.work.take = take_slowly;
    t.n_messages = 1;
    assert_true(run_trial(&t));
    assert_int_equal(t.board->pid, 0);
    end_trial(&t);
}

#ifndef OPEN_WORLD
/* Where no thread can be had the caller does it all. */
static void test_no_threads(void **state)
{
    struct rlimit before, now;
    unsigned long pages = 0;
    (void)state;
    struct trial t = new_trial(50, 4);
    FILE *statm = fopen("/proc/self/statm", "r");
    assert_non_null(statm);
    assert_int_equal(fscanf(statm, "%lu", &pages), 1);
    fclose(statm);
    getrlimit(RLIMIT_AS, &before);
    now = before;
    now.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (1 << 20); /* less than a stack */
    setrlimit(RLIMIT_AS, &now);
    assert_true(run_trial(&t));
    setrlimit(RLIMIT_AS, &before);
    assert_int_equal(t.board->begins, 1);
    assert_all_said(&t, 50);
    end_trial(&t);
}
#endif

/* What is given back is zero again. */
static void test_given_back(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n = (size_t)1 << 22;
    char *at = shared_new(n, kind);
    shared_is_dense(at, n);
    shared_make_ready(at, n);
    memset(at, 'x', n);
    shared_give_back(at + 1, n - 2);
    assert_int_equal(at[0], 'x'); /* of pages that are not given back whole */
    assert_int_equal(at[n - 1], 'x');
    assert_int_equal(at[page], 0);
    assert_int_equal(at[n / 2], 0);
    shared_release(at, n);
}

/* Results go through shared memory; messages and take may be missing altogether. */
static void test_without_take(void **state)
{
    (void)state;
    struct trial t = new_trial(50, 2);
    t.work.take = NULL;
    assert_true(run_trial(&t));
    for (uint32_t block = 0; block < 50; block++) {
        assert_int_equal(t.board->ended[block], 1);
    }
    end_trial(&t);
}

/* ---- an early end ---- */

static void stop_here(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t;
    worker_stop_after(w, block);
}

static void stop_later(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t;
    worker_stop_after(w, block + 4);
    worker_stop_after(w, block + 2);
    worker_stop_after(w, block + 3);
}

static void stop_before(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t;
    worker_stop_after(w, block - 5);
}

static void test_stop_after(void **state)
{
    static const struct {
        void (*act)(struct trial *, struct worker *, uint32_t);
        uint32_t where, done;
    } rows[] = {
        {stop_here, 20, 21},   /* the block itself is the last */
        {stop_later, 20, 23},  /* the lowest of several holds */
        {stop_before, 20, 21}, /* not below the block that says so: others may be taken already */
        {stop_here, 0, 1},     /* the first */
        {stop_here, 299, 300}, /* the last: nothing is left out */
    };
    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        size_t row = i / 2;
        unsigned jobs = i % 2 == 0 ? 1 : 4;
        struct trial t = new_trial(300, jobs);
        t.act = rows[row].act;
        t.where = rows[row].where;
        assert_true(run_trial(&t));
        assert_all_said(&t, rows[row].done);
        for (uint32_t block = 0; block < rows[row].done; block++) {
            assert_int_equal(t.board->ended[block], 1);
        }
        for (uint32_t block = rows[row].done; jobs == 1 && block < 300; block++) {
            assert_int_equal(t.board->runs[block], 0);
        }
        end_trial(&t);
    }
}

static void run_forever_above(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    run(context, own, w, block);
    while (block > t->where) {
        /* until killed */
    }
    while (block == t->where && atomic_load(&t->board->runs[block + 1]) == 0) {
        /* until the other is at it */
    }
    worker_stop_after(w, block);
}

/* Who works on a block that is not wanted any more is not waited for. */
static void test_not_waited_for(void **state)
{
    (void)state;
    struct trial t = new_trial(2, 2);
    t.work.run = run_forever_above;
    t.where = 0;
    assert_true(run_trial(&t));
    assert_int_equal(t.n_ends, 0);
    assert_int_equal(t.board->runs[1], 1);
    assert_all_said(&t, 1);
    end_trial(&t);
}

/* ---- death: what a block does the first time it is run ---- */

static void trap(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t;
    worker_at(w, 4711);
    worker_stop_after(w, block); /* must not outlive the worker */
    __builtin_trap();
}

static void crash(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    char *volatile nowhere = (char *)(uintptr_t)64;
    *nowhere = 0;
}

static void leave_7(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    _exit(7);
}

static void leave_0(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    _exit(0);
}

static void leave_after_much(struct trial *t, struct worker *w, uint32_t block)
{
    send_much(t, w, block);
    _exit(8);
}

static void spin(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)block;
    worker_at(w, 4711);
    for (volatile unsigned i = 0;; i++) {
        /* until the clock says stop */
    }
}

#ifndef __SANITIZE_ADDRESS__
static void ask_for_memory(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    char *volatile little = malloc((size_t)16 << 20);
    char *volatile much = malloc((size_t)1100 << 20);
    _exit(little != NULL && much == NULL ? 9 : 10);
}
#endif

#ifndef OPEN_WORLD
static void open_file(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    (void)!open("/dev/null", O_RDONLY);
}

static void write_elsewhere(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    (void)!write(STDOUT_FILENO, "?", 1);
}

static void map_code(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    (void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void start_process(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    (void)!fork();
}

static void run_out_of_memory(struct trial *t, struct worker *w, uint32_t block)
{
    (void)t, (void)w, (void)block;
    sys_out_of_memory();
}
#endif

static const struct death {
    void (*act)(struct trial *, struct worker *, uint32_t);
    int signal, status;
    bool timed_out;
    uint64_t at;
} deaths[] = {
    {trap, SIGILL, 0, false, 4711},     /* a crash */
    {crash, SIGSEGV, 0, false, 0},      /* the usual crash; a handler of the parent's is gone */
    {leave_7, 0, 7, false, 0},          /* an exit status */
    {leave_0, 0, 0, false, 0},          /* even a fine one, before the block is done */
    {leave_after_much, 0, 8, false, 0}, /* half of the messages have arrived: they are dropped */
    {spin, 0, 120, true, 4711},         /* one call took too long */
#ifndef __SANITIZE_ADDRESS__
    {ask_for_memory, 0, 9, false, 0}, /* more than it may have */
#endif
#ifndef OPEN_WORLD
    {open_file, SIGSYS, 0, false, 0},       /* calls that are not allowed */
    {write_elsewhere, SIGSYS, 0, false, 0}, /* but to its own pipe */
    {map_code, SIGSYS, 0, false, 0},        /* memory to be executed */
    {start_process, SIGSYS, 0, false, 0},
    {run_out_of_memory, 0, 3, false, 0}, /* leaves as it would elsewhere, without a word */
#endif
};
#define N_DEATHS (sizeof deaths / sizeof deaths[0])

static void run_dying(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    bool first = atomic_fetch_add(&t->board->runs[block], 1) == 0;
    (void)own;
    say(t, w, block);
    worker_at(w, 0);
    if (first && block == t->where) {
        t->act(t, w, block);
    }
    atomic_fetch_add(&t->board->ended[block], 1);
}

static struct trial new_dying(const struct death *death, unsigned jobs, bool again)
{
    struct trial t = new_trial(40, jobs);
    t.work.run = run_dying;
    t.work.call_seconds = 0.04;
    t.act = death->act;
    t.where = 20;
    t.again = again;
    return t;
}

static void assert_died_so(const struct trial *t, const struct death *death)
{
    assert_int_equal(t->n_ends, 1);
    assert_int_equal(t->ends[0].block, 20);
    assert_int_equal(t->ends[0].signal, death->signal);
    assert_int_equal(t->ends[0].status, death->status);
    assert_int_equal(t->ends[0].timed_out, death->timed_out);
    assert_int_equal(t->ends[0].at, death->at);
    assert_true(t->ends[0].worker < t->work.jobs);
}

static void test_done_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * N_DEATHS; i++) {
        struct trial t = new_dying(&deaths[i / 2], i % 2 == 0 ? 1 : 3, true);
        assert_true(run_trial(&t));
        assert_died_so(&t, &deaths[i / 2]);
        assert_in_range(t.board->begins, 2, t.work.jobs + 1);
        for (uint32_t block = 0; block < 40; block++) {
            assert_int_equal(t.board->ended[block], 1);
        }
        assert_all_said(&t, 40);
        end_trial(&t);
    }
}

static void test_not_done_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * N_DEATHS; i++) {
        struct trial t = new_dying(&deaths[i / 2], i % 2 == 0 ? 1 : 3, false);
        assert_false(run_trial(&t));
        assert_died_so(&t, &deaths[i / 2]);
        assert_int_equal(t.board->runs[20], 1);
        assert_all_said(&t, 20);
        end_trial(&t);
    }
}

static void test_nobody_asked(void **state)
{
    (void)state;
    struct trial t = new_dying(&deaths[0], 2, true);
    t.work.died = NULL;
    assert_false(run_trial(&t));
    assert_all_said(&t, 20);
    end_trial(&t);
}

static void run_dying_from(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    run(context, own, w, block);
    if (block >= t->where) {
        __builtin_trap();
    }
}

/* Whoever dies first, the lowest is heard of and all below it are completed. */
static void test_many_die(void **state)
{
    (void)state;
    for (unsigned jobs = 1; jobs <= 7; jobs++) {
        struct trial t = new_trial(60, jobs);
        t.work.run = run_dying_from;
        t.where = 9;
        assert_false(run_trial(&t));
        uint32_t lowest = NO_BLOCK;
        for (uint32_t i = 0; i < t.n_ends; i++) {
            lowest = t.ends[i].block < lowest ? t.ends[i].block : lowest;
        }
        assert_int_equal(lowest, 9);
        assert_all_said(&t, 9);
        end_trial(&t);
    }
}

static bool died_and_said(void *context, const struct worker_end *end)
{
    struct trial *t = context;
    atomic_store(&t->board->pid, 1);
    return died(context, end);
}

static void run_stop_below(void *context, void *own, struct worker *w, uint32_t block)
{
    struct trial *t = context;
    (void)own;
    say(t, w, block);
    if (block > 0) {
        __builtin_trap();
    }
    while (atomic_load(&t->board->pid) == 0) {
        /* until the other has died */
    }
    worker_stop_after(w, block);
}

/* With one worker the block would not have been begun: its death means nothing. */
static void test_death_above_the_end(void **state)
{
    (void)state;
    struct trial t = new_trial(2, 2);
    t.work.run = run_stop_below;
    t.work.died = died_and_said;
    assert_true(run_trial(&t));
    assert_int_equal(t.n_ends, 1);
    assert_all_said(&t, 1);
    end_trial(&t);
}

static void *begin_badly(void *context)
{
    begin(context);
    __builtin_trap();
}

static void test_death_in_begin(void **state)
{
    (void)state;
    struct trial t = new_trial(9, 1);
    t.work.begin = begin_badly;
    assert_false(run_trial(&t));
    assert_int_equal(t.n_ends, 1);
    assert_int_equal(t.ends[0].block, 0);
    assert_int_equal(t.ends[0].signal, SIGILL);
    assert_int_equal(t.out.n, 0);
    end_trial(&t);
}

static void *begin_once(void *context)
{
    struct trial *t = context;
    return atomic_load(&t->board->begins) == 0 ? begin(context) : begin_badly(context);
}

static bool died_first(void *context, const struct worker_end *end)
{
    struct trial *t = context;
    died(context, end);
    return t->n_ends == 1;
}

static void test_death_in_second_begin(void **state)
{
    (void)state;
    struct trial t = new_dying(&deaths[0], 1, true);
    t.work.begin = begin_once;
    t.work.died = died_first;
    assert_false(run_trial(&t));
    assert_int_equal(t.n_ends, 2);
    assert_int_equal(t.ends[0].at, 4711);
    assert_int_equal(t.ends[1].block, 20);
    assert_int_equal(t.ends[1].at, 0); /* nothing of the first worker's */
    assert_all_said(&t, 20);
    end_trial(&t);
}

static void *begin_known(void *context)
{
    struct trial *t = context;
    atomic_store(&t->board->pid, getpid());
    return begin(context);
}

static void take_and_kill(void *context, uint32_t block, const void *message, size_t n)
{
    struct trial *t = context;
    while (t->where == 1 && atomic_load(&t->board->runs[1]) == 0) {
        /* until it has begun the next block */
    }
    if (t->out.n == 0) {
        kill(atomic_load(&t->board->pid), SIGKILL); /* unless it has left already */
    }
    take(context, block, message, n);
}

/* kill -9 from outside, in a block. */
static void test_killed_from_outside(void **state)
{
    const struct death any = {spin, SIGKILL, 0, false, 0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct trial t = new_dying(&any, 1, i == 0);
        t.work.begin = begin_known;
        t.work.take = take_and_kill;
        t.work.call_seconds = 0;
        t.where = 1;
        assert_int_equal(run_trial(&t), t.again);
        assert_int_equal(t.n_ends, 1);
        assert_int_equal(t.ends[0].block, 1);
        assert_int_equal(t.ends[0].signal, SIGKILL);
        assert_all_said(&t, t.again ? 40 : 1);
        end_trial(&t);
    }
}

/* At any moment, also between two blocks, when none is lost and nobody is asked. */
static void test_killed_anywhere(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 24; i++) {
        struct trial t = new_trial(30, 1 + i % 2);
        t.work.begin = begin_known;
        t.work.take = take_and_kill;
        t.n_messages = i % 20;
        t.again = true;
        assert_true(run_trial(&t));
        assert_in_range(t.n_ends, 0, 1);
        assert_true(t.board->begins <= t.work.jobs + 1);
        assert_all_said(&t, 30);
        end_trial(&t);
    }
}

/* ---- a worker that a script has taken over ---- */

#define N_DESCRIPTORS 64

struct lie {
    struct trial trial; /* first: the context is both */
    struct frame frame;
    bool others[N_DESCRIPTORS]; /* pipes that are not the worker's */
    int fd;
};

static bool is_pipe(int fd)
{
    struct stat what;
    return fstat(fd, &what) == 0 && S_ISFIFO(what.st_mode);
}

static void *begin_lying(void *context)
{
    struct lie *lie = context;
    for (int fd = 0; fd < N_DESCRIPTORS; fd++) {
        if (is_pipe(fd) && !lie->others[fd]) {
            lie->fd = fd;
        }
    }
    return begin(context);
}

static void tell_lie(struct trial *t, struct worker *w, uint32_t block)
{
    const struct lie *lie = (const struct lie *)t;
    worker_at(w, 4711);
    if (write(lie->fd, &lie->frame, sizeof lie->frame) == (ssize_t)sizeof lie->frame) {
        spin(t, w, block);
    }
}

static void test_lies(void **state)
{
    static const struct frame lies[] = {
        {20, 2, 0},                      /* a kind that there is not */
        {40, FRAME_MESSAGE, 0},          /* a block that there is not */
        {UINT32_MAX, FRAME_DONE, 41},    /* the same, at the end of numbers */
        {19, FRAME_DONE, UINT64_MAX},    /* a block that is done */
        {20, FRAME_DONE, 20},            /* an end at the block itself */
        {20, FRAME_MESSAGE, UINT64_MAX}, /* a length that nothing has */
        {20, FRAME_MESSAGE, (uint64_t)1 << 31},
    };
    const struct death any = {tell_lie, SIGKILL, 0, false, 4711};
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct lie lie = {.trial = new_dying(&any, 1, true), .frame = lies[i]};
        lie.trial.work.begin = begin_lying;
        lie.trial.work.call_seconds = 0;
        for (int fd = 0; fd < N_DESCRIPTORS; fd++) {
            lie.others[fd] = is_pipe(fd);
        }
        assert_true(run_trial(&lie.trial));
        assert_died_so(&lie.trial, &any);
        assert_all_said(&lie.trial, 40);
        end_trial(&lie.trial);
    }
}

/* ---- the clock ---- */

static double cpu_seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

static void run_slowly(void *context, void *own, struct worker *w, uint32_t block)
{
    const double call = 0.03;
    double start = cpu_seconds();
    (void)own;
    for (double passed = 0; passed < 6 * call; passed = cpu_seconds() - start) {
        worker_at(w, 1 + (uint64_t)(passed / call));
    }
    say(context, w, block);
}

/* Many calls may take long together. */
static void test_many_calls(void **state)
{
    (void)state;
    struct trial t = new_trial(1, 1);
    t.work.run = run_slowly;
    t.work.call_seconds = 0.08;
    assert_true(run_trial(&t));
    assert_int_equal(t.n_ends, 0);
    end_trial(&t);
}

/* A process may be started with signals ignored or blocked. */
static void test_odd_signals(void **state)
{
    const struct death spinning = {spin, 0, 120, true, 4711};
    sigset_t clock_only, before;
    (void)state;
    sigemptyset(&clock_only);
    sigaddset(&clock_only, SIGPROF);
    sigprocmask(SIG_BLOCK, &clock_only, &before);
    signal(SIGCHLD, SIG_IGN);
    struct trial t = new_dying(&spinning, 2, true);
    assert_true(run_trial(&t));
    assert_died_so(&t, &spinning);
    assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
    sigprocmask(SIG_SETMASK, &before, NULL);
    end_trial(&t);
}

/* ---- the machine says no ---- */

/* The number of descriptors that may be opened from now on; the limit before. */
static struct rlimit allow_descriptors(rlim_t n)
{
    struct rlimit before, now;
    int next = dup(STDIN_FILENO);
    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    now = before;
    now.rlim_cur = (rlim_t)next + n;
    setrlimit(RLIMIT_NOFILE, &now);
    return before;
}

static void test_too_few_workers(void **state)
{
    (void)state;
    struct trial t = new_trial(50, 7);
    struct rlimit before = allow_descriptors(3);
    assert_true(run_trial(&t));
    setrlimit(RLIMIT_NOFILE, &before);
    assert_in_range(t.board->begins, 1, 3); /* one more for the block of the third */
    assert_all_said(&t, 50);
    end_trial(&t);
}

/* Runs it in a process of its own; its exit status, and what it said. */
static int run_apart(struct trial *t, rlim_t descriptors, struct buf *said)
{
    int ends[2], status = 0;
    char bytes[512];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        allow_descriptors(descriptors);
        t->work.context = t;
        _exit(workers_run(&t->work) ? 100 : 101);
    }
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], bytes, sizeof bytes)) > 0;) {
        buf_add(said, bytes, (size_t)n);
    }
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_no_workers(void **state)
{
    (void)state;
    struct trial t = new_trial(5, 3);
    struct buf said = {0};
    assert_int_equal(run_apart(&t, 1, &said), EXIT_ENVIRONMENT);
    assert_string_equal(said.at, "kaoping: error: cannot start a worker process: too many open "
                                 "files\n");
    assert_int_equal(t.board->begins, 0);
    buf_release(&said);
    end_trial(&t);
}

#ifndef __SANITIZE_ADDRESS__
static void *begin_without_files(void *context)
{
    allow_descriptors(0);
    return begin(context);
}

/* What cannot be limited does not run. */
static void test_no_limits(void **state)
{
    (void)state;
    struct trial t = new_trial(5, 3);
    struct buf said = {0};
    t.work.begin = begin_without_files;
    assert_int_equal(run_apart(&t, 100, &said), EXIT_ENVIRONMENT);
    /* Among what is said of coverage files that cannot be opened. */
    const char *text = "kaoping: error: cannot limit a worker process: too many open files\n";
    assert_non_null(strstr(said.at, text));
    for (uint32_t block = 0; block < 5; block++) {
        assert_int_equal(t.board->runs[block], 0);
    }
    buf_release(&said);
    end_trial(&t);
}
#endif

/* Workers do not outlive the parent, however it ends. */
static void test_dies_with_parent(void **state)
{
    static const int signals[] = {SIGKILL, SIGTERM, SIGINT};
    (void)state;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* orphans become ours */
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct trial t = new_trial(1, 1);
        int status = 0;
        t.work.begin = begin_known;
        t.act = spin;
        t.where = 0;
        t.work.context = &t;
        fflush(NULL);
        pid_t pid = fork();
        if (pid == 0) {
            signal(signals[i], SIG_DFL); /* ignored in what a script runs in the background */
            workers_run(&t.work);
            _exit(0);
        }
        while (atomic_load(&t.board->runs[0]) == 0) {
            usleep(500);
        }
        kill(pid, signals[i]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_int_equal(waitpid(-1, &status, 0), atomic_load(&t.board->pid));
        assert_int_equal(WTERMSIG(status), SIGKILL);
        end_trial(&t);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

static void test_available(void **state)
{
    (void)state;
    assert_true(workers_available() >= 1);
    cpu_set_t before, one;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(workers_available(), CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (size_t i = 0; CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &before)) {
            CPU_SET(i, &one);
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(workers_available(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void test_shared(void **state)
{
    (void)state;
    size_t n = (size_t)1 << 34; /* what is not used costs nothing */
    char *at = shared_new(n, kind);
    assert_int_equal(at[0], 0);
    assert_int_equal(at[n - 1], 0);
    shared_release(at, n);
    shared_release(shared_new(0, kind), 0);
    shared_release(NULL, 10);
}

int main(void)
{
    const struct CMUnitTest processes[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_same_for_any_number),
        cmocka_unit_test(test_big_messages),
        cmocka_unit_test(test_without_take),
        cmocka_unit_test(test_stop_after),
        cmocka_unit_test(test_not_waited_for),
        cmocka_unit_test(test_done_again),
        cmocka_unit_test(test_not_done_again),
        cmocka_unit_test(test_nobody_asked),
        cmocka_unit_test(test_many_die),
        cmocka_unit_test(test_death_above_the_end),
        cmocka_unit_test(test_death_in_begin),
        cmocka_unit_test(test_death_in_second_begin),
        cmocka_unit_test(test_killed_from_outside),
        cmocka_unit_test(test_killed_anywhere),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_many_calls),
        cmocka_unit_test(test_odd_signals),
        cmocka_unit_test(test_too_few_workers),
        cmocka_unit_test(test_no_workers),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_no_limits),
#endif
        cmocka_unit_test(test_dies_with_parent),
        cmocka_unit_test(test_available),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_given_back),
    };
    const struct CMUnitTest threads[] = {
#ifndef OPEN_WORLD
        cmocka_unit_test(test_no_threads), /* first: later there are stacks to be used again */
#endif
        cmocka_unit_test(test_order),          cmocka_unit_test(test_same_for_any_number),
        cmocka_unit_test(test_big_messages),   cmocka_unit_test(test_without_take),
        cmocka_unit_test(test_stop_after),     cmocka_unit_test(test_signals),
        cmocka_unit_test(test_waits_for_take), cmocka_unit_test(test_shared),
        cmocka_unit_test(test_given_back),
    };
    int failed = cmocka_run_group_tests(processes, NULL, NULL);
    kind = WORKER_THREAD;
    return failed + cmocka_run_group_tests(threads, NULL, NULL);
}
