/* progress.c - see progress.h. */
#include "base/progress.h"

#include "base/i18n.h"
#include "base/sys.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIRST_AFTER 1.0 /* seconds */
#define NEXT_AFTER 0.2
#define CLEAR_LINE "\r\x1b[K"

static struct {
    bool allowed, shown;
    const char *doing;
    uint64_t total;
    double begun, last;
} progress;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_allow(bool allowed) { progress.allowed = allowed; }

void progress_begin(const char *doing, uint64_t total)
{
    progress.doing = doing;
    progress.total = total;
    progress.begun = progress.allowed ? now() : 0;
    progress.last = 0;
}

static const char *grouped(uint64_t n, char out[32])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), to = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out[to++] = ',';
        }
        out[to++] = digits[i];
    }
    out[to] = '\0';
    return out;
}

void progress_at(uint64_t done, uint64_t units)
{
    if (!progress.allowed || done == 0 || done > progress.total) {
        return;
    }
    double at = now(), passed = at - progress.begun;
    if (passed < FIRST_AFTER || at - progress.last < NEXT_AFTER) {
        return;
    }
    char line[200], count[32], rate[32];
    double share = (double)done / (double)progress.total;
    snprintf(line, sizeof line, _("%s%s   %.0f%%   %s units   %s/s   %.0f s left"), CLEAR_LINE,
             progress.doing, 100 * share, grouped(units, count),
             grouped((uint64_t)((double)units / passed), rate), passed / share - passed);
    sys_write_error(line, strlen(line));
    progress.last = at;
    progress.shown = true;
}

void progress_end(void)
{
    if (progress.shown) {
        sys_write_error(CLEAR_LINE, strlen(CLEAR_LINE));
    }
    progress.shown = false;
}
