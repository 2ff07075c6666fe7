/* sys_parts.h - what sys.c and output.c know of each other; for these two only. */
#ifndef KAOPING_SYS_PARTS_H
#define KAOPING_SYS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/* All of it; false: errno says why not. */
bool sys_write_full(int fd, const char *at, size_t n);
/* Files that are being written are gone; allowed in a signal handler. */
void sys_unlink_temporaries(void);
/* Likewise, and they are forgotten. */
void sys_remove_temporaries(void);

#endif
