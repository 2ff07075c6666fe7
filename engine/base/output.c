/*
 * output.c - files that are written (sys.h): under another name until all of it is there.
 *
 *   sys_output_add   [ ... |        | waiting..   ]     written in whole STEPs, what is left waits
 *                     └ on its way to the disk   └ room asked of the file system beforehand
 */
#include "base/buf.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "base/sys_parts.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * The temporary files that are being written, for the one who ends the process early: the signal
 * handler and sys_fail. Empty where there is none. They have to be global because a handler takes
 * no argument.
 */
#define TEMPORARIES 8
static char temporaries[TEMPORARIES][PATH_MAX];

void sys_unlink_temporaries(void)
{
    for (int i = 0; i < TEMPORARIES; i++) {
        if (temporaries[i][0] != '\0') {
            unlink(temporaries[i]);
        }
    }
}

void sys_remove_temporaries(void)
{
    sys_unlink_temporaries();
    for (int i = 0; i < TEMPORARIES; i++) {
        temporaries[i][0] = '\0';
    }
}

/* A network file system reports some errors only at closing: a copy is closed to hear them. */
static void write_stdout(const char *at, size_t n)
{
    bool fine = sys_write_full(STDOUT_FILENO, at, n);
    int copy = fine ? dup(STDOUT_FILENO) : -1;
    if (copy < 0 || close(copy) != 0) {
        sys_fail(_("cannot write to standard output: %s"), sys_error_text(errno));
    }
}

/* Names of what the shell opened for us, which is to be written and not replaced. */
static bool is_descriptor(const char *path)
{
    str name = str_of(path);
    return str_starts(name, "/dev/fd/") || str_starts(name, "/proc/") ||
           str_is(name, "/dev/stderr");
}

/* Devices and pipes are written as they are: there is nothing to rename onto. */
static void write_direct(const char *path, const char *at, size_t n)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    bool fine = fd >= 0 && sys_write_full(fd, at, n);
    if (!fine || close(fd) != 0) {
        sys_fail(_("cannot write %s: %s"), path, sys_error_text(errno));
    }
}

/* What the handler says, or NULL; it can translate nothing. */
static const char *volatile ended_text;

static void end_on_signal(int number)
{
    const char *text = ended_text;
    if (text != NULL && write(STDERR_FILENO, text, strlen(text)) < 0) {
        /* Standard error was the place to say so. */
    }
    sys_unlink_temporaries();
    _exit(128 + number);
}

static const int ending_signals[SYS_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* Handles what would end the process, except what the caller of the program wants ignored (nohup).
 */
static void catch_signals(struct sigaction before[SYS_SIGNALS])
{
    struct sigaction ending = {.sa_handler = end_on_signal};
    for (int i = 0; i < SYS_SIGNALS; i++) {
        sigaction(ending_signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) {
            sigaction(ending_signals[i], &ending, NULL);
        }
    }
}

void sys_say_when_ended(const char *text)
{
    struct sigaction before[SYS_SIGNALS];
    ended_text = text;
    catch_signals(before);
}

static void restore_signals(const struct sigaction before[SYS_SIGNALS])
{
    for (int i = 0; i < SYS_SIGNALS; i++) {
        sigaction(ending_signals[i], &before[i], NULL);
    }
}

static sigset_t block_signals(void)
{
    sigset_t ending, before;
    sigemptyset(&ending);
    for (int i = 0; i < SYS_SIGNALS; i++) {
        sigaddset(&ending, ending_signals[i]);
    }
    sigprocmask(SIG_BLOCK, &ending, &before);
    return before;
}

/* "DIR/.kaoping-XXXXXX" beside the target; signals wait until its name is known to the handler. */
static int open_temporary(const char *target, int *number)
{
    for (*number = 0; *number < TEMPORARIES && temporaries[*number][0] != '\0'; ++*number) {
    }
    if (*number == TEMPORARIES) {
        errno = EMFILE;
        return -1;
    }
    const char *slash = strrchr(target, '/');
    int n = slash != NULL ? (int)(slash - target) + 1 : 0;
    char name[PATH_MAX];
    if (snprintf(name, sizeof name, "%.*s.kaoping-XXXXXX", n, target) >= (int)sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    sigset_t before = block_signals();
    int fd = mkostemp(name, O_CLOEXEC);
    int error = errno;
    if (fd >= 0) {
        memcpy(temporaries[*number], name, strlen(name) + 1);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return fd;
}

/* The new file gets the owner (where allowed) and mode of the one it replaces, else the usual mode.
 */
static bool take_mode(int fd, const struct stat *old)
{
    if (old != NULL) {
        if (fchown(fd, old->st_uid, old->st_gid) != 0) {
            /* Not the owner, but allowed to write: the file becomes ours. */
        }
        return fchmod(fd, old->st_mode & 0777) == 0;
    }
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

/* A file system that cannot sync says EINVAL or the like; that is no fault of the file. */
static bool sync_file(int fd) { return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP; }

/* So that the new name survives a power cut as well; nothing is lost where that is not possible. */
static void sync_folder_of(const char *target)
{
    char name[PATH_MAX];
    const char *slash = strrchr(target, '/');
    int n = slash == NULL ? 0 : slash == target ? 1 : (int)(slash - target);
    if (snprintf(name, sizeof name, "%.*s", n, target) >= (int)sizeof name) {
        return;
    }
    int fd = open(n > 0 ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    fsync(fd);
    close(fd);
}

/* From the rename on the file is the target's: the handler must not remove it. */
static bool move_into_place(const char *target, int number)
{
    sigset_t before = block_signals();
    bool fine = rename(temporaries[number], target) == 0;
    int error = errno;
    if (fine) {
        temporaries[number][0] = '\0';
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return fine;
}

/*
 * The file that the path means in the end, to be replaced without replacing a link to it; a link to
 * nothing yet means the file it names.
 */
static const char *follow_links(struct arena *a, const char *path)
{
    char link[PATH_MAX];
    for (int depth = 0; depth < 40; depth++) {
        ssize_t n = readlink(path, link, sizeof link);
        if (n < 0 || n >= (ssize_t)sizeof link) {
            return path;
        }
        const char *slash = strrchr(path, '/');
        int n_folder = slash != NULL && link[0] != '/' ? (int)(slash - path) + 1 : 0;
        path = arena_printf(a, "%.*s%.*s", n_folder, path, (int)n, link);
    }
    return path;
}

void sys_no_file_signals(void)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that left is an error like others: EPIPE */
    signal(SIGXFSZ, SIG_IGN); /* and so is a limit on the size of files: EFBIG */
}

static bool is_stdout(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

static void cannot_write(const char *path) __attribute__((noreturn));
static void cannot_write(const char *path)
{
    sys_fail(_("cannot write %s: %s"), path, sys_error_text(errno));
}

/* Whether there is a file to be replaced, or none yet; false: a device or a pipe. */
static bool is_replaced(const char *path, struct stat *old, bool *exists)
{
    *exists = stat(path, old) == 0;
    if (!*exists && errno != ENOENT) {
        cannot_write(path);
    }
    if (*exists && S_ISDIR(old->st_mode)) {
        errno = EISDIR;
        cannot_write(path);
    }
    if (*exists && (!S_ISREG(old->st_mode) || is_descriptor(path))) {
        return false;
    }
    if (*exists && access(path, W_OK) != 0) {
        cannot_write(path);
    }
    return true;
}

/* A file system is quickest with whole pages, and many of them. */
#define STEP ((size_t)64 << 10)

void sys_output_open(struct sys_output *o, const char *path)
{
    *o = (struct sys_output){.path = path, .fd = -1};
    sys_no_file_signals();
    if (is_stdout(path) || !is_replaced(path, &o->old, &o->exists)) {
        return;
    }
    catch_signals(o->before);
    o->target = follow_links(&o->arena, path);
    o->fd = open_temporary(o->target, &o->number);
    if (o->fd < 0) {
        cannot_write(path);
    }
    o->waiting = arena_alloc(&o->arena, STEP);
}

bool sys_output_is_file(const struct sys_output *o) { return o->fd >= 0; }

#define START_AT_ONCE ((size_t)4 << 20)

/* What was written sets out for the disk while the rest is made: less is left to wait for at the
 * end. */
static void start_writing(struct sys_output *o)
{
#ifdef SYNC_FILE_RANGE_WRITE
    if (o->written - o->started >= START_AT_ONCE) {
        sync_file_range(o->fd, (off_t)o->started, (off_t)(o->written - o->started),
                        SYNC_FILE_RANGE_WRITE);
        o->started = o->written;
    }
#else
    (void)o;
#endif
}

#define ROOM_AHEAD ((size_t)32 << 20)

/* A large file gets its place on the disk in large parts, which saves a quarter of the system's
 * time for writing. Where that cannot be it gets it as it is written. */
static void ask_for_room(struct sys_output *o, size_t n)
{
#ifdef FALLOC_FL_KEEP_SIZE
    if (o->written >= START_AT_ONCE && !o->no_room && o->written + n > o->room) {
        o->no_room = fallocate(o->fd, FALLOC_FL_KEEP_SIZE, (off_t)o->written, ROOM_AHEAD) != 0;
        o->room = o->written + ROOM_AHEAD;
    }
#else
    (void)o;
    (void)n;
#endif
}

static bool write_two(int fd, str first, str second)
{
    struct iovec both[] = {{(void *)(uintptr_t)first.at, first.n},
                           {(void *)(uintptr_t)second.at, second.n}};
    ssize_t put = writev(fd, both, 2);
    if (put < 0 && errno != EINTR) {
        return false;
    }
    size_t done = put > 0 ? (size_t)put : 0, of_first = done < first.n ? done : first.n;
    return sys_write_full(fd, first.at + of_first, first.n - of_first) &&
           sys_write_full(fd, second.at + (done - of_first), second.n - (done - of_first));
}

void sys_output_add(struct sys_output *o, const char *at, size_t n)
{
    if (o->fd < 0) {
        buf_add(&o->kept, at, n);
        return;
    }
    size_t whole = (o->n_waiting + n) / STEP * STEP;
    if (whole > 0) {
        size_t taken = whole - o->n_waiting;
        ask_for_room(o, whole);
        if (!write_two(o->fd, (str){o->waiting, o->n_waiting}, (str){at, taken})) {
            cannot_write(o->path);
        }
        o->written += whole;
        o->n_waiting = 0;
        at += taken;
        n -= taken;
        start_writing(o);
    }
    if (n > 0) {
        memcpy(o->waiting + o->n_waiting, at, n);
        o->n_waiting += n;
    }
}

/* The last of it, and what room was too much is given back. */
static bool write_rest(struct sys_output *o)
{
    bool fine = sys_write_full(o->fd, o->waiting, o->n_waiting);
    o->written += o->n_waiting;
    return fine && (o->room <= o->written || ftruncate(o->fd, (off_t)o->written) == 0);
}

void sys_output_done(struct sys_output *o)
{
    if (o->fd < 0) {
        sys_write(o->path, o->kept.at, o->kept.n);
        buf_release(&o->kept);
        return;
    }
    bool fine = write_rest(o) && take_mode(o->fd, o->exists ? &o->old : NULL) && sync_file(o->fd);
    int error = errno;
    if (close(o->fd) != 0 && fine) {
        fine = false;
        error = errno;
    }
    errno = error;
    if (!fine || !move_into_place(o->target, o->number)) {
        cannot_write(o->path);
    }
    restore_signals(o->before);
    sync_folder_of(o->target);
    arena_release(&o->arena);
}

void sys_output_drop(struct sys_output *o)
{
    if (o->fd >= 0) {
        close(o->fd);
        unlink(temporaries[o->number]);
        temporaries[o->number][0] = '\0';
        restore_signals(o->before);
    }
    buf_release(&o->kept);
    arena_release(&o->arena);
}

void sys_write(const char *path, const char *at, size_t n)
{
    struct sys_output o;
    struct stat old;
    bool exists;
    sys_no_file_signals();
    if (is_stdout(path)) {
        write_stdout(at, n);
    } else if (!is_replaced(path, &old, &exists)) {
        write_direct(path, at, n);
    } else {
        sys_output_open(&o, path);
        sys_output_add(&o, at, n);
        sys_output_done(&o);
    }
}
