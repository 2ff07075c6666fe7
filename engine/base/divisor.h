/* divisor.h - whole numbers divided by what stays the same, in two multiplications. */
#ifndef KAOPING_DIVISOR_H
#define KAOPING_DIVISOR_H

#include <stdint.h>

/* More than 1. */
struct divisor {
    uint64_t by;
    uint64_t inverse; /* 2^64 ÷ by, upwards */
};

static inline struct divisor divisor_of(uint64_t by)
{
    return (struct divisor){by, UINT64_MAX / by + 1};
}

/* n ÷ by, downwards. n is less than 2^63: then what the inverse is too large by makes less than 1
 * of difference. */
static inline uint64_t divide(uint64_t n, struct divisor d)
{
    __extension__ typedef unsigned __int128 uwide;
    uint64_t quotient = (uint64_t)((uwide)n * d.inverse >> 64);
    return quotient - (quotient * d.by > n);
}

#endif
