/*
 * sys.c - the edge to the operating system.
 *
 * Messages about the system are ours, not the C library's, whose texts vary with what catalogues
 * are installed: the same command gives the same message in the same language on every machine.
 */
#include "base/sys.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "base/sys_parts.h"
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
    sys_remove_temporaries();
    exit(EXIT_ENVIRONMENT);
}

/* Allocates nothing: the text is written as it stands. */
void sys_out_of_memory(void)
{
    const char *text = _("kaoping: error: out of memory\n");
    sys_write_error(text, strlen(text));
    sys_remove_temporaries();
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
    sys_unlink_temporaries();
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

bool sys_write_full(int fd, const char *at, size_t n)
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
    if (!sys_write_full(STDERR_FILENO, at, n)) {
        /* Standard error was the place to say so. */
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
