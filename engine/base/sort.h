/*
 * sort.h - sorting where qsort may not: the C library's asks the system how much memory there is,
 * which a worker process is not allowed to.
 */
#ifndef KAOPING_SORT_H
#define KAOPING_SORT_H

#include <stddef.h>

/* Sorts n elements of `size` bytes; equal ones keep their order. */
void sort_elements(void *at, size_t n, size_t size, int (*compare)(const void *, const void *));

#endif
