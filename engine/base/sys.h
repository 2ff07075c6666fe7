/*
 * sys.h - the edge to the operating system: files read whole, written whole or not at all, the
 * terminal, and the two ways a process ends early.
 */
#ifndef KAOPING_SYS_H
#define KAOPING_SYS_H

#include "base/arena.h"
#include "base/buf.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { EXIT_FINE = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3, EXIT_SCRIPT = 4 };

/* The environment is at fault: "kaoping: error: TEXT" on standard error, exit 3. */
void sys_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void sys_out_of_memory(void) __attribute__((noreturn));

/* What an errno means, as the end of "cannot read FILE: "; translated, the same on every system. */
const char *sys_error_text(int error);

/* The most that a file may be, and a stream, which may have no end. */
#define SYS_FILE_MOST ((size_t)8 << 30)
#define SYS_STREAM_MOST ((size_t)1 << 30)

/* The whole file, NUL-terminated beyond *n; "-" is standard input. Folders, devices without end,
 * missing files: sys_fail. */
char *sys_read(struct arena *a, const char *path, size_t *n);

/* The bytes of a regular file of at least so many, mapped; 64 zeros can be read beyond them. False:
 * it is no such file, or cannot be had like that. If it is cut short while it is read, the process
 * ends with a message (exit 3). */
struct sys_mapped {
    const char *path, *at;
    size_t n;
    struct stat info; /* private */
};
bool sys_map(struct sys_mapped *m, const char *path, size_t least);
/* Whether it is still the file that it was; before what was made of it is given out. */
bool sys_map_is_same(const struct sys_mapped *m);
void sys_unmap(struct sys_mapped *m);

/* To a file: a temporary name beside it, synced, renamed; to a device or pipe, or with path NULL or
 * "-" to standard output, directly. When anything goes wrong: sys_fail, no temporary file stays. A
 * link is followed, the mode of a file that is replaced is kept. SIGPIPE is ignored from then on.
 */
void sys_write(const char *path, const char *at, size_t n);

/* The same in pieces: they go to the temporary file at once; what goes to a device or a pipe is
 * kept until all of it is there. At most eight at a time. Fields are private. */
#define SYS_SIGNALS 3
struct sys_output {
    const char *path, *target;
    struct arena arena;
    struct buf kept;
    struct stat old;
    bool exists;
    int fd, number; /* fd -1: it is kept */
    char *waiting;  /* [n_waiting] to be written with what follows */
    size_t n_waiting;
    size_t written, started; /* bytes; those that are on their way to the disk */
    size_t room;             /* bytes that the disk has a place for, if more than are written */
    bool no_room;            /* it gives none beforehand */
    struct sigaction before[SYS_SIGNALS];
};
void sys_output_open(struct sys_output *o, const char *path);
/* Whether the pieces go to a file. */
bool sys_output_is_file(const struct sys_output *o);
void sys_output_add(struct sys_output *o, const char *at, size_t n);
void sys_output_done(struct sys_output *o);
/* As if it had never been opened. */
void sys_output_drop(struct sys_output *o);

/* Ctrl-C and the like end the process with this text on standard error from now on: what was not
 * done. It must live as long as nothing else is said. */
void sys_say_when_ended(const char *text);
/* To standard error; trouble there is ignored. */
void sys_write_error(const char *at, size_t n);

/* There is a regular file of that name, or a link to one. */
bool sys_is_file(const char *path);
/* Both exist and are the same regular file, by whatever names. */
bool sys_same_file(const char *a, const char *b);

bool sys_is_terminal(int fd);
/* COLUMNS, else the terminal's width, else 80; at least 40. */
int sys_terminal_width(void);

/* Whether a file that is changed in place can be what the path means: a regular file, or with
 * `make` nothing yet; else sys_fail. */
void sys_check_regular(const char *path, bool make);

/* Makes a folder for what will be written into it. A folder that holds anything already, or
 * cannot be made: sys_fail. */
void sys_make_folder(const char *path);

/* A limit on the size of files, a reader that left: errors like others from then on, not signals
 * that end the process. */
void sys_no_file_signals(void);

/* Now, as "2025-01-10T08:30:00Z"; what SOURCE_DATE_EPOCH says where that is set. */
#define SYS_TIME_TEXT 24
void sys_time(char out[SYS_TIME_TEXT]);

#endif
