/*
 * progress.h - how far long work is, for who waits at a terminal: one line on standard error that
 * is written over and taken away at the end.
 *
 *   scoring   41%   410,000 units   310,000/s   2 s left
 *
 * Nothing is shown before a second has passed, and nothing at all unless progress_allow was called.
 */
#ifndef KAOPING_PROGRESS_H
#define KAOPING_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Standard error is a terminal and nobody asked for quiet. */
void progress_allow(bool allowed);

/* `doing` is translated and lives until the end: "scoring". The total is in whatever is counted. */
void progress_begin(const char *doing, uint64_t total);
/* So much of the total; so many units are in that. Called some hundred times in all, or more. */
void progress_at(uint64_t done, uint64_t units);
void progress_end(void);

#endif
