/*
 * test_sys.c - reading, writing and failing at the edge of the system.
 *
 * What ends the process is run in a child; the parent looks at its status and at what it wrote to
 * standard error. Everything happens in a folder of its own, the working directory meanwhile.
 */
#include "base/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static char folder[] = "/tmp/test_sys-XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 ? nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static void put_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_content(const char *name, const char *expected)
{
    char text[100] = "";
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

/* Every temporary file is gone, whatever happened. */
static void assert_no_temporary(void)
{
    DIR *dir = opendir(".");
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL)
        if (strncmp(entry->d_name, ".kaoping", 8) == 0)
            fail_msg("%s was left behind", entry->d_name);
    closedir(dir);
}

/* Runs the action in a child; yields its wait status and its standard error in `said`. */
static int run(void (*action)(const char *), const char *argument, char *said, size_t n)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        action(argument);
        _exit(99);
    }
    close(ends[1]);
    size_t done = 0;
    ssize_t got;
    while (done < n - 1 && (got = read(ends[0], said + done, n - 1 - done)) > 0)
        done += (size_t)got;
    said[done] = '\0';
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void check_fails(void (*action)(const char *), const char *argument, const char *expected)
{
    char said[1000];
    int status = run(action, argument, said, sizeof said);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_ENVIRONMENT)
        fail_msg("status %x, not exit 3: %s", (unsigned)status, said);
    if (strcmp(said, expected) != 0)
        fail_msg("said '%s' instead of '%s'", said, expected);
    assert_no_temporary();
}

static void fail_with(const char *text) { sys_fail("%s, %d", text, 12); }

static void end_without_memory(const char *unused)
{
    (void)unused;
    sys_out_of_memory();
}

static void test_fail(void **state)
{
    (void)state;
    check_fails(fail_with, "why", "kaoping: error: why, 12\n");
    check_fails(fail_with, "\x1b[31m", "kaoping: error: \\x1b[31m, 12\n");
    check_fails(end_without_memory, NULL, "kaoping: error: out of memory\n");
}

static void read_it(const char *path)
{
    struct arena a = {0};
    size_t n;
    sys_read(&a, path, &n);
}

static void test_read_fails(void **state)
{
    static const struct {
        const char *path, *expected, *why;
    } rows[] = {
        {"missing", "there is no such file or folder", "missing"},
        {"", "there is no such file or folder", "no name"},
        {".", "is a folder", "a folder"},
        {"file/x", "a part of the path is not a folder", "a file as a folder"},
        {"/dev/zero", "is a device", "without end"},
        {"/dev/full", "is a device", "without end too"},
        {"/dev/urandom", "is a device", "random without end"},
        {"loop", "too many symbolic links", "a link to itself"},
        {"huge", "it is larger than 8 GiB", "known at once from its size"},
    };
    (void)state;
    put_file("file", "x");
    assert_int_equal(symlink("loop", "loop"), 0);
    put_file("huge", "");
    bool huge = truncate("huge", (off_t)SYS_FILE_MOST + 1) == 0; /* sparse, where that works */
    for (size_t i = 0; i < ROWS(rows); i++) {
        char expected[200];
        if (strcmp(rows[i].path, "huge") == 0 && !huge)
            continue;
        snprintf(expected, sizeof expected, "kaoping: error: cannot read %s: %s\n", rows[i].path,
                 rows[i].expected);
        check_fails(read_it, rows[i].path, expected);
    }
    unlink("huge");
}

static void test_read(void **state)
{
    struct arena a = {0};
    size_t n;
    (void)state;
    put_file("file", "理论\n");
    assert_string_equal(sys_read(&a, "file", &n), "理论\n");
    assert_int_equal(n, 7);
    put_file("empty", "");
    assert_string_equal(sys_read(&a, "empty", &n), "");
    assert_int_equal(n, 0);
    assert_string_equal(sys_read(&a, "/dev/null", &n), ""); /* what cron gives as standard input */
    assert_int_equal(n, 0);
    assert_true(strlen(sys_read(&a, "/proc/self/status", &n)) == n && n > 0); /* says size 0 */
    arena_release(&a);
}

/* Pipes of several sizes through standard input: around what is read at once. */
static void test_read_pipe(void **state)
{
    static const struct {
        size_t n;
        const char *path;
    } rows[] = {{0, "-"}, {1, "-"}, {65536, "-"}, {1000003, "-"}, {70000, "/dev/stdin"}};
    (void)state;
    int kept = dup(STDIN_FILENO);
    for (size_t i = 0; i < ROWS(rows); i++) {
        int ends[2];
        struct arena a = {0};
        size_t n;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (size_t k = 0; k < rows[i].n; k++) {
                char byte = (char)('a' + k % 26);
                if (write(ends[1], &byte, 1) != 1)
                    _exit(1);
            }
            _exit(0);
        }
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        const char *text = sys_read(&a, rows[i].path, &n);
        assert_int_equal(n, rows[i].n);
        for (size_t k = 0; k < n; k++)
            if (text[k] != (char)('a' + k % 26))
                fail_msg("byte %zu is wrong", k);
        assert_int_equal(text[n], '\0');
        waitpid(child, NULL, 0);
        arena_release(&a);
    }
    dup2(kept, STDIN_FILENO);
    close(kept);
}

static void write_it(const char *path) { sys_write(path, "new", 3); }

static void test_write_fails(void **state)
{
    static const struct {
        const char *path, *expected, *why;
    } rows[] = {
        {"/dev/full", "no space left on the device", "found by writing"},
        {"nowhere/file", "there is no such file or folder", "no such folder"},
        {".", "is a folder", "a folder"},
        {"", "there is no such file or folder", "no name"},
        {"plain/x", "a part of the path is not a folder", "a file as a folder"},
    };
    (void)state;
    put_file("plain", "old");
    for (size_t i = 0; i < ROWS(rows); i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "kaoping: error: cannot write %s: %s\n", rows[i].path,
                 rows[i].expected);
        check_fails(write_it, rows[i].path, expected);
    }
    assert_content("plain", "old");
}

/* root may write anything, so these need somebody else. */
static void test_write_denied(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    put_file("sealed", "old");
    chmod("sealed", 0444);
    check_fails(write_it, "sealed", "kaoping: error: cannot write sealed: permission denied\n");
    assert_content("sealed", "old");
}

static mode_t mode_of(const char *name)
{
    struct stat info;
    assert_int_equal(lstat(name, &info), 0);
    return info.st_mode;
}

static void test_write(void **state)
{
    (void)state;
    umask(027);
    sys_write("fresh", "new", 3);
    assert_content("fresh", "new");
    assert_int_equal(mode_of("fresh") & 0777, 0640); /* what the user's mask leaves */
    umask(022);
    sys_write("fresh", "", 0);
    assert_content("fresh", "");

    put_file("kept", "something longer");
    chmod("kept", 0604);
    sys_write("kept", "new", 3);
    assert_content("kept", "new");
    assert_int_equal(mode_of("kept") & 0777, 0604);

    assert_int_equal(mkdir("sub", 0755), 0);
    put_file("sub/target", "old");
    assert_int_equal(symlink("sub/target", "link"), 0);
    assert_int_equal(symlink("link", "link2"), 0);
    sys_write("link2", "new", 3); /* through both, and they stay links */
    assert_true(S_ISLNK(mode_of("link")) && S_ISLNK(mode_of("link2")));
    assert_content("sub/target", "new");

    assert_int_equal(symlink("sub/later", "dangling"), 0);
    sys_write("dangling", "new", 3);
    assert_true(S_ISLNK(mode_of("dangling")));
    assert_content("sub/later", "new");

    sys_write("/dev/null", "new", 3);
    assert_true(S_ISCHR(mode_of("/dev/null")));
    assert_no_temporary();
}

/* Pieces of all lengths come out as one text, on no more room than that takes. */
static void test_write_pieces(void **state)
{
    static const size_t lengths[] = {0, 1, 65535, 65536, 65537, 3, 300000, 131072, 1, 65535, 7};
    size_t n = (size_t)20 << 20, n_max = 300000, done = 0;
    char *text = malloc(n + n_max);
    struct sys_output o;
    struct stat info;
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < n + n_max; i++) {
        text[i] = (char)(i * 2654435761U >> 13);
    }
    sys_output_open(&o, "pieces");
    for (size_t i = 0; done < n; i++) {
        sys_output_add(&o, text + done, lengths[i % ROWS(lengths)]);
        done += lengths[i % ROWS(lengths)];
    }
    sys_output_done(&o);
    assert_int_equal(stat("pieces", &info), 0);
    assert_int_equal(info.st_size, done);
    assert_in_range(info.st_blocks, 0, (done + (1 << 20)) / 512);
    FILE *file = fopen("pieces", "r");
    char *got = malloc(done);
    assert_non_null(file);
    assert_non_null(got);
    assert_int_equal(fread(got, 1, done, file), done);
    assert_memory_equal(got, text, done);
    fclose(file);
    free(got);
    free(text);
    assert_no_temporary();
}

static void test_write_pipe(void **state)
{
    (void)state;
    char text[4] = "", said[200];
    assert_int_equal(mkfifo("fifo", 0600), 0);
    int fd = open("fifo", O_RDONLY | O_NONBLOCK);
    assert_int_equal(WEXITSTATUS(run(write_it, "fifo", said, sizeof said)), 99);
    assert_int_equal(read(fd, text, 3), 3);
    assert_string_equal(text, "new");
    close(fd);
    assert_true(S_ISFIFO(mode_of("fifo")));
}

static void write_to_stdout(const char *how)
{
    int ends[2];
    if (strcmp(how, "closed") == 0)
        close(STDOUT_FILENO);
    if (strcmp(how, "full") == 0)
        dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    if (strcmp(how, "left") == 0 && pipe(ends) == 0) {
        close(ends[0]);
        dup2(ends[1], STDOUT_FILENO);
    }
    if (strcmp(how, "file") == 0)
        dup2(open("stdout", O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    sys_write(NULL, "one", 3);
    sys_write("-", "two", 3);
    sys_write("/dev/stdout", "three", 5);
}

static void test_write_stdout(void **state)
{
    static const struct {
        const char *how, *expected;
    } rows[] = {
        {"closed", "is not open"},
        {"full", "no space left on the device"},
        {"left", "nobody reads the output any more"}, /* and no death by SIGPIPE */
    };
    char said[200];
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char expected[200];
        snprintf(expected, sizeof expected, "kaoping: error: cannot write to standard output: %s\n",
                 rows[i].expected);
        check_fails(write_to_stdout, rows[i].how, expected);
    }
    assert_int_equal(WEXITSTATUS(run(write_to_stdout, "file", said, sizeof said)), 99);
    assert_content("stdout", "onetwothree");
}

/* Far more than is written before the signal comes: each end is either old or new, never between.
 */
static void test_interrupted(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    size_t n = (size_t)64 << 20;
    char *text = calloc(1, n);
    int ended = 0;
    (void)state;
    for (int i = 0; i < 24; i++) {
        int number = signals[i % 3];
        put_file("slow", "old");
        pid_t child = fork();
        if (child == 0) {
            sys_write("slow", text, n);
            _exit(0);
        }
        usleep((useconds_t)(i * 1500));
        kill(child, number);
        int status = 0;
        waitpid(child, &status, 0);
        struct stat info;
        assert_int_equal(stat("slow", &info), 0);
        assert_true(info.st_size == 3 || (size_t)info.st_size == n);
        assert_no_temporary();
        ended += WIFEXITED(status) && WEXITSTATUS(status) == 128 + number;
    }
    free(text);
    unlink("slow");
    print_message("%d of 24 were interrupted while writing\n", ended);
}

static void test_error_texts(void **state)
{
    (void)state;
    assert_string_equal(sys_error_text(ENOSPC), "no space left on the device");
    setenv("LC_ALL", "zh_CN.UTF-8", 1);
    assert_string_equal(sys_error_text(ECHILD),
                        "No child processes"); /* one without a text of ours */
    unsetenv("LC_ALL");
    assert_non_null(sys_error_text(123456));
}

static void test_terminal(void **state)
{
    static const struct {
        const char *columns;
        int width;
        const char *why;
    } rows[] = {
        {"120", 120, "as told"},
        {"10", 40, "at least 40"},
        {"99999999999999999999", 1000, "within reason"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        setenv("COLUMNS", rows[i].columns, 1);
        if (sys_terminal_width() != rows[i].width)
            fail_msg("%s: %d", rows[i].why, sys_terminal_width());
    }
    setenv("COLUMNS", "x", 1);
    assert_in_range(sys_terminal_width(), 40, 1000);
    int fd = open("/dev/null", O_RDONLY);
    assert_false(sys_is_terminal(fd));
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail),         cmocka_unit_test(test_read_fails),
        cmocka_unit_test(test_read),         cmocka_unit_test(test_read_pipe),
        cmocka_unit_test(test_write_fails),  cmocka_unit_test(test_write_denied),
        cmocka_unit_test(test_write),        cmocka_unit_test(test_write_pipe),
        cmocka_unit_test(test_write_pieces), cmocka_unit_test(test_write_stdout),
        cmocka_unit_test(test_interrupted),  cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_terminal),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
