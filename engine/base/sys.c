/*
 * sys.c - the edge to the operating system.
 *
 * Messages about the system are ours, not the C library's, whose texts vary with what catalogues
 * are installed: the same command gives the same message in the same language on every machine.
 */
#include "base/sys.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/*
 * The temporary files that are being written, for the one who ends the process early: the signal
 * handler and sys_fail. Empty where there is none. They have to be global because a handler takes
 * no argument.
 */
#define TEMPORARIES 8
static char temporaries[TEMPORARIES][PATH_MAX];

static void unlink_temporaries(void)
{
    for (int i = 0; i < TEMPORARIES; i++) {
        if (temporaries[i][0] != '\0') {
            unlink(temporaries[i]);
        }
    }
}

static void remove_temporaries(void)
{
    unlink_temporaries();
    for (int i = 0; i < TEMPORARIES; i++) {
        temporaries[i][0] = '\0';
    }
}

void sys_fail(const char *format, ...)
{
    struct arena a = {0};
    struct buf out = {0};
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(&a, format, args);
    va_end(args);
    buf_printf(&out, _("kaoping: error: %s\n"), text_safe(&a, str_of(text)));
    sys_write_error(out.at, out.n);
    buf_release(&out);
    arena_release(&a);
    remove_temporaries();
    exit(EXIT_ENVIRONMENT);
}

/* Allocates nothing: the text is written as it stands. */
void sys_out_of_memory(void)
{
    const char *text = _("kaoping: error: out of memory\n");
    sys_write_error(text, strlen(text));
    remove_temporaries();
    _exit(EXIT_ENVIRONMENT);
}

static const struct {
    int error;
    const char *text;
} error_texts[] = {
    {ENOENT, N_("there is no such file or folder")},
    {EACCES, N_("permission denied")},
    {EPERM, N_("not permitted")},
    {EISDIR, N_("is a folder")},
    {ENOTDIR, N_("a part of the path is not a folder")},
    {ENOSPC, N_("no space left on the device")},
    {EFBIG, N_("the file would be larger than is allowed")},
    {EDQUOT, N_("the disk quota is used up")},
    {EROFS, N_("the file system is read-only")},
    {EIO, N_("the device reports an error (input/output)")},
    {EPIPE, N_("nobody reads the output any more")},
    {EMFILE, N_("too many open files")},
    {ENFILE, N_("too many open files")},
    {ELOOP, N_("too many symbolic links")},
    {ENAMETOOLONG, N_("the name is too long")},
    {EBADF, N_("is not open")},
    {EFBIG, N_("the file is too large")},
    {ETXTBSY, N_("is a program that is running")},
};

const char *sys_error_text(int error)
{
    for (size_t i = 0; i < sizeof error_texts / sizeof error_texts[0]; i++) {
        if (error_texts[i].error == error) {
            return _(error_texts[i].text);
        }
    }
#ifdef __GLIBC__
    const char *text = strerrordesc_np(error); /* never translated */
    return text != NULL ? text : _("unknown error");
#else
    return strerror(error);
#endif
}

/* Reads up to n bytes, whatever the pieces they come in; fewer only at the end. */
static size_t read_full(int fd, const char *name, char *at, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = read(fd, at + done, n - done);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            sys_fail(_("cannot read %s: %s"), name, sys_error_text(errno));
        }
        if (got > 0) {
            done += (size_t)got;
        }
    }
    return done;
}

/* Whether there is an end to it: /dev/zero and disks are no inputs, /dev/null is an empty one. */
static bool is_readable_kind(int fd, const struct stat *info)
{
    if (S_ISREG(info->st_mode) || S_ISFIFO(info->st_mode) || S_ISSOCK(info->st_mode)) {
        return true;
    }
    return S_ISCHR(info->st_mode) && (isatty(fd) || info->st_rdev == makedev(1, 3));
}

static int open_input(const char *path, const char *name, struct stat *info)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, info) != 0) {
        sys_fail(_("cannot read %s: %s"), name, sys_error_text(errno));
    }
    if (S_ISDIR(info->st_mode)) {
        sys_fail(_("cannot read %s: %s"), name, sys_error_text(EISDIR));
    }
    if (!is_readable_kind(fd, info)) {
        sys_fail(_("cannot read %s: is a device"), name);
    }
    return fd;
}

/* A regular file says how long it is and is read at once; the loop is for streams, for /proc, whose
 * files say 0, and for a file that grows meanwhile. */
static char *read_all(struct arena *a, int fd, const char *name, size_t expected, size_t most,
                      size_t *n)
{
    size_t capacity = expected + 1;
    char *text = arena_alloc(a, capacity + 1);
    size_t done = read_full(fd, name, text, capacity);
    while (done == capacity) {
        if (done > most) {
            sys_fail(_("cannot read %s: it is larger than %d GiB"), name, (int)(most >> 30));
        }
        size_t larger = capacity < 65536 ? 65536 : capacity * 2;
        if (larger > most) {
            larger = most + 1;
        }
        text = arena_grow(a, text, capacity + 1, larger + 1);
        capacity = larger;
        done += read_full(fd, name, text + done, capacity - done);
    }
    text[done] = '\0';
    *n = done;
    return text;
}

char *sys_read(struct arena *a, const char *path, size_t *n)
{
    const char *name = strcmp(path, "-") == 0 ? _("standard input") : path;
    struct stat info;
    int fd = open_input(path, name, &info);
    bool is_file = S_ISREG(info.st_mode);
    size_t most = is_file ? SYS_FILE_MOST : SYS_STREAM_MOST;
    if (is_file && (uint64_t)info.st_size > most) {
        sys_fail(_("cannot read %s: it is larger than %d GiB"), name, (int)(most >> 30));
    }
    char *text = read_all(a, fd, name, is_file ? (size_t)info.st_size : 0, most, n);
    if (fd != STDIN_FILENO) {
        close(fd);
    }
    return text;
}

#define MAP_BEYOND 4096U /* at least a page, which is all zeros */

/* What the handler says; it can translate nothing. */
static const char *volatile cut_text;

static void end_on_cut(int number)
{
    const char *text = cut_text;
    (void)number;
    if (write(STDERR_FILENO, text, strlen(text)) < 0) {
        /* Standard error was the place to say so. */
    }
    unlink_temporaries();
    _exit(EXIT_ENVIRONMENT);
}

/* A page of a mapped file that is not there any more is SIGBUS. */
static void expect_cuts(void)
{
    struct sigaction ending = {.sa_handler = end_on_cut};
    cut_text = _("kaoping: error: a data file was cut short while it was read\n");
    sigaction(SIGBUS, &ending, NULL);
}

bool sys_map(struct sys_mapped *m, const char *path, size_t least)
{
    *m = (struct sys_mapped){.path = path};
    /* Asked before it is opened: a pipe would lose who writes into it. */
    if (stat(path, &m->info) != 0 || !S_ISREG(m->info.st_mode)) {
        return false;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    char *at = MAP_FAILED;
    if (fstat(fd, &m->info) == 0 && S_ISREG(m->info.st_mode) &&
        (uint64_t)m->info.st_size >= least && m->info.st_size > 0) {
        m->n = (size_t)m->info.st_size;
        at = mmap(NULL, m->n + MAP_BEYOND, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at != MAP_FAILED &&
            mmap(at, m->n, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
            munmap(at, m->n + MAP_BEYOND);
            at = MAP_FAILED;
        }
    }
    close(fd);
    expect_cuts();
    m->at = at == MAP_FAILED ? NULL : at;
    return m->at != NULL;
}

bool sys_map_is_same(const struct sys_mapped *m)
{
    struct stat now;
    return stat(m->path, &now) == 0 && now.st_dev == m->info.st_dev &&
           now.st_ino == m->info.st_ino && now.st_size == m->info.st_size &&
           now.st_mtim.tv_sec == m->info.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == m->info.st_mtim.tv_nsec;
}

void sys_unmap(struct sys_mapped *m)
{
    if (m->at != NULL) {
        munmap((char *)(uintptr_t)m->at, m->n + MAP_BEYOND);
        m->at = NULL;
    }
}

static bool write_full(int fd, const char *at, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = write(fd, at + done, n - done);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            done += (size_t)put;
        }
    }
    return true;
}

void sys_write_error(const char *at, size_t n)
{
    if (!write_full(STDERR_FILENO, at, n)) {
        /* Standard error was the place to say so. */
    }
}

/* A network file system reports some errors only at closing: a copy is closed to hear them. */
static void write_stdout(const char *at, size_t n)
{
    bool fine = write_full(STDOUT_FILENO, at, n);
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
    bool fine = fd >= 0 && write_full(fd, at, n);
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
    unlink_temporaries();
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

void sys_output_add(struct sys_output *o, const char *at, size_t n)
{
    if (o->fd < 0) {
        buf_add(&o->kept, at, n);
        return;
    }
    if (!write_full(o->fd, at, n)) {
        cannot_write(o->path);
    }
    o->written += n;
    start_writing(o);
}

void sys_output_done(struct sys_output *o)
{
    if (o->fd < 0) {
        sys_write(o->path, o->kept.at, o->kept.n);
        buf_release(&o->kept);
        return;
    }
    bool fine = take_mode(o->fd, o->exists ? &o->old : NULL) && sync_file(o->fd);
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

bool sys_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool sys_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

bool sys_is_terminal(int fd) { return isatty(fd) == 1; }

int sys_terminal_width(void)
{
    struct winsize window = {0};
    const char *columns = getenv("COLUMNS");
    long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    if (width <= 0 && (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ||
                       ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0)) {
        width = window.ws_col;
    }
    if (width <= 0) {
        width = 80;
    }
    return width < 40 ? 40 : width > 1000 ? 1000 : (int)width;
}

static bool is_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return false;
    }
    bool empty = true;
    for (const struct dirent *e; empty && (e = readdir(folder)) != NULL;) {
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    }
    closedir(folder);
    return empty;
}

void sys_make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0) {
        return;
    }
    if (errno != EEXIST) {
        sys_fail(_("cannot make the folder %s: %s"), path, sys_error_text(errno));
    }
    if (!is_empty_folder(path)) {
        sys_fail(_("%s is there already and is no empty folder"), path);
    }
}

void sys_time(char out[SYS_TIME_TEXT])
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = fixed != NULL ? strtoll(fixed, &end, 10) : 0;
    if (fixed == NULL || end == fixed || *end != '\0' || seconds < 0) {
        seconds = (long long)time(NULL);
    }
    time_t then = (time_t)seconds;
    struct tm day;
    if (gmtime_r(&then, &day) == NULL ||
        strftime(out, SYS_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &day) == 0) {
        strcpy(out, "1970-01-01T00:00:00Z");
    }
}

void sys_check_regular(const char *path, bool make)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        if (!make || errno != ENOENT) {
            sys_fail(_("cannot read %s: %s"), path, sys_error_text(errno));
        }
    } else if (S_ISDIR(info.st_mode)) {
        sys_fail(_("cannot read %s: %s"), path, sys_error_text(EISDIR));
    } else if (!S_ISREG(info.st_mode)) {
        sys_fail(_("cannot read %s: is a device"), path);
    }
}
