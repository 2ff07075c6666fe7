/*
 * decimal.c - exact decimal numbers on int64 and int128.
 *
 * Every division of this program ends in divide_half_away or its unsigned 256-bit brother: round
 * half away from zero, once. The common case stays in 64 bits, since a run makes hundreds of
 * millions of these operations:
 *
 *   dec_muldiv    int64 * int64 always fits int128; quotient checked against the range
 *   wide_muldiv   int128 product if it fits (points up to about a thousand), else 256 bits
 *
 * Range: |dec| <= DEC_MAX, |wide| <= DEC_MAX * DEC_ONE, so that a wide always has a dec.
 */
#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 uwide;

#define PLACES 8

/* clang-format off */
static const int64_t powers[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
    INT64_C(10000000000), INT64_C(100000000000), INT64_C(1000000000000), INT64_C(10000000000000),
    INT64_C(100000000000000), INT64_C(1000000000000000), INT64_C(10000000000000000),
    INT64_C(100000000000000000), INT64_C(1000000000000000000),
};
/* clang-format on */
#define N_POWERS ((int)(sizeof powers / sizeof powers[0]))

static dec in_range(wide w) { return w > DEC_MAX || w < -(wide)DEC_MAX ? DEC_NONE : (dec)w; }

static uwide magnitude(wide w) { return w < 0 ? -(uwide)w : (uwide)w; }

/* high:low / d for high < d, so that the quotient has room: one instruction where there is one, for
 * which compilers do not know that it is enough. */
static inline uint64_t divide_two_by_one(uint64_t high, uint64_t low, uint64_t d, uint64_t *rest)
{
#if defined(__x86_64__)
    uint64_t quotient;
    __asm__("divq %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(high), "r"(d) : "cc");
    return quotient;
#else
    uwide n = (uwide)high << 64 | low;
    *rest = (uint64_t)(n % d);
    return (uint64_t)(n / d);
#endif
}

/* n / d, half away from zero; d > 0. */
static inline wide divide_by_64(wide n, uint64_t d)
{
    uwide size = magnitude(n);
    uint64_t high = (uint64_t)(size >> 64), top = 0, rest;
    if (__builtin_expect(high >= d, 0)) {
        top = high / d;
        high %= d;
    }
    uint64_t bottom = divide_two_by_one(high, (uint64_t)size, d, &rest);
    uwide quotient = ((uwide)top << 64 | bottom) + (rest >= d - rest);
    return n < 0 ? -(wide)quotient : (wide)quotient;
}

/* n / d, half away from zero. Neither may be the least int128; d is not 0. */
static wide divide_half_away(wide n, wide d)
{
    if (d == (int64_t)d && d > 0) {
        return divide_by_64(n, (uint64_t)d);
    }
    wide quotient = n / d;
    wide rest = n - quotient * d;
    if (rest == 0) {
        return quotient;
    }
    if (rest < 0) {
        rest = -rest;
    }
    wide size = d < 0 ? -d : d;
    if (rest >= size - rest) {
        quotient += (n < 0) == (d < 0) ? 1 : -1;
    }
    return quotient;
}

static int64_t divide_half_away_64(int64_t n, int64_t d)
{
    int64_t quotient = n / d;
    int64_t rest = n - quotient * d;
    if (rest == 0) {
        return quotient;
    }
    if (rest < 0) {
        rest = -rest;
    }
    int64_t size = d < 0 ? -d : d;
    if (rest >= size - rest) {
        quotient += (n < 0) == (d < 0) ? 1 : -1;
    }
    return quotient;
}

dec dec_from_int(int64_t n)
{
    dec d;
    return __builtin_mul_overflow(n, DEC_ONE, &d) ? DEC_NONE : d;
}

int64_t dec_to_int(dec d)
{
    assert(d != DEC_NONE);
    return d / DEC_ONE;
}

bool dec_is_whole(dec d) { return d != DEC_NONE && d % DEC_ONE == 0; }

/* A sum that overflows to exactly INT64_MIN is DEC_NONE by itself. */
dec dec_add(dec a, dec b)
{
    dec sum;
    if (a == DEC_NONE || b == DEC_NONE || __builtin_add_overflow(a, b, &sum)) {
        return DEC_NONE;
    }
    return sum;
}

dec dec_sub(dec a, dec b)
{
    dec difference;
    if (a == DEC_NONE || b == DEC_NONE || __builtin_sub_overflow(a, b, &difference)) {
        return DEC_NONE;
    }
    return difference;
}

dec dec_muldiv(dec a, dec b, dec c)
{
    if (a == DEC_NONE || b == DEC_NONE || c == DEC_NONE || c == 0) {
        return DEC_NONE;
    }
    int64_t product;
    if (!__builtin_mul_overflow(a, b, &product) && product != INT64_MIN) {
        return divide_half_away_64(product, c);
    }
    return in_range(divide_half_away((wide)a * b, c));
}

dec dec_mul(dec a, dec b) { return dec_muldiv(a, b, DEC_ONE); }

dec dec_div(dec a, dec b) { return dec_muldiv(a, DEC_ONE, b); }

dec dec_min(dec a, dec b)
{
    return a < b ? a : b; /* DEC_NONE is the least of all, so it passes by itself */
}

dec dec_max(dec a, dec b)
{
    if (a == DEC_NONE || b == DEC_NONE) {
        return DEC_NONE;
    }
    return a > b ? a : b;
}

/* The unit is a constant wherever this is called: then no division is made. Which way it goes can
 * hardly be foretold, so no branch hangs on it. */
static inline dec round_to(dec d, int64_t unit)
{
    int64_t rest = d % unit, away = (rest >= unit - rest) - (-rest >= unit + rest);
    dec out;
    return __builtin_add_overflow(d - rest, away * unit, &out) ? DEC_NONE : out;
}

dec dec_round(dec d, int places)
{
    if (d == DEC_NONE || places < 0 || places >= PLACES) {
        return d;
    }
    switch (places) {
    case 1:
        return round_to(d, DEC_ONE / 10);
    case 2:
        return round_to(d, DEC_ONE / 100);
    case 3:
        return round_to(d, DEC_ONE / 1000);
    case 4:
        return round_to(d, DEC_ONE / 10000);
    default:
        return round_to(d, powers[PLACES - places]);
    }
}

dec dec_step(int places) { return powers[PLACES - places]; }

dec dec_div_floor(dec a, dec b)
{
    if (a == DEC_NONE || b <= 0) {
        return DEC_NONE;
    }
    return dec_from_int(a / b - (a % b < 0));
}

dec dec_div_ceil(dec a, dec b)
{
    if (a == DEC_NONE || b <= 0) {
        return DEC_NONE;
    }
    return dec_from_int(a / b + (a % b > 0));
}

dec wide_to_dec(wide w)
{
    if (w == WIDE_NONE) {
        return DEC_NONE;
    }
    return in_range(divide_by_64(w, DEC_ONE));
}

/* a * b as 256 bits, by the schoolbook on 64-bit halves. */
static void multiply_256(uwide a, uwide b, uwide *high, uwide *low)
{
    uwide a0 = (uint64_t)a, a1 = a >> 64, b0 = (uint64_t)b, b1 = b >> 64;
    uwide middle1 = a1 * b0, middle2 = a0 * b1;
    uwide bottom = a0 * b0;
    uwide carry = (bottom >> 64) + (uint64_t)middle1 + (uint64_t)middle2;
    *low = (carry << 64) | (uint64_t)bottom;
    *high = a1 * b1 + (middle1 >> 64) + (middle2 >> 64) + (carry >> 64);
}

/*
 * The 256-bit number high:low divided by d < 2^127, bit by bit: rare enough to be simple. high < d,
 * so that the quotient fits and the rest never loses its top bit.
 */
static uwide divide_256(uwide high, uwide low, uwide d, uwide *rest)
{
    uwide r = high, quotient = 0;
    for (int bit = 127; bit >= 0; bit--) {
        r = (r << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if (r >= d) {
            r -= d;
            quotient |= 1;
        }
    }
    *rest = r;
    return quotient;
}

static wide muldiv_256(wide a, wide b, wide c)
{
    uwide high, low, rest, divisor = magnitude(c);
    multiply_256(magnitude(a), magnitude(b), &high, &low);
    if (high >= divisor) {
        return WIDE_NONE;
    }
    uwide quotient = divide_256(high, low, divisor, &rest);
    if (quotient > (uwide)WIDE_MAX) {
        return WIDE_NONE;
    }
    if (rest >= divisor - rest) {
        quotient++;
    }
    bool negative = ((a < 0) != (b < 0)) != (c < 0);
    return wide_in_range(negative ? -(wide)quotient : (wide)quotient);
}

/* False: it is no dec, or none of a dec's range. */
static bool as_dec(wide w, dec *out)
{
    uwide size = magnitude(w);
    uint64_t high = (uint64_t)(size >> 64), rest;
    if (high >= DEC_ONE / 2) {
        return false;
    }
    dec quotient = (dec)divide_two_by_one(high, (uint64_t)size, DEC_ONE, &rest);
    *out = w < 0 ? -quotient : quotient;
    return rest == 0;
}

wide wide_muldiv(wide a, wide b, wide c)
{
    if (a == WIDE_NONE || b == WIDE_NONE || c == WIDE_NONE || c == 0 || magnitude(c) >> 127 != 0) {
        return WIDE_NONE;
    }
    wide product;
    if (!__builtin_mul_overflow(a, b, &product) && magnitude(product) >> 127 == 0) {
        return wide_in_range(divide_half_away(product, c));
    }
    /* Mostly both come from decs: without what they have in common the product has room. */
    dec less_b, less_c;
    if (as_dec(b, &less_b) && as_dec(c, &less_c) &&
        !__builtin_mul_overflow(a, (wide)less_b, &product) && magnitude(product) >> 127 == 0) {
        return wide_in_range(divide_half_away(product, less_c));
    }
    return muldiv_256(a, b, c);
}

wide wide_muldiv_dec(wide a, dec b, dec c)
{
    uwide size = magnitude(a);
    uint64_t times = b < 0 ? -(uint64_t)b : (uint64_t)b, high = (uint64_t)(size >> 64), top;
    if (a == WIDE_NONE || b == DEC_NONE || c <= 0 || __builtin_mul_overflow(high, times, &top) ||
        top >> 62 != 0) {
        return wide_muldiv(a, wide_from_dec(b), wide_from_dec(c));
    }
    wide product = (wide)(((uwide)top << 64) + (uwide)(uint64_t)size * times);
    return wide_in_range(divide_by_64((a < 0) != (b < 0) ? -product : product, (uint64_t)c));
}

wide wide_round(wide w, int places)
{
    return places < 0 ? w : wide_from_dec(dec_round(wide_to_dec(w), places));
}

/* 15 significant digits of a positive number: digits × 10^exponent. */
struct significant {
    int64_t digits;
    int exponent;
};

/* As "%.14e" prints them: d.dddddddddddddde+XX. The character between the digits is passed over,
 * whatever the locale made it. */
static struct significant print_significant(double x)
{
    struct significant s = {0, -14};
    char digits[40];
    snprintf(digits, sizeof digits, "%.14e", x);
    const char *p = digits;
    for (; *p != 'e' && *p != '\0'; p++) {
        if (*p >= '0' && *p <= '9') {
            s.digits = s.digits * 10 + (*p - '0');
        }
    }
    int given = 0;
    if (*p == 'e') {
        for (const char *q = p + 2; *q >= '0' && *q <= '9'; q++) {
            given = given * 10 + (*q - '0');
        }
    }
    s.exponent += *p == 'e' && p[1] == '-' ? -given : given;
    return s;
}

#define DIGITS_15 INT64_C(1000000000000000)

/*
 * The same for what scripts mostly give: x = mantissa × 2^-shift, so that x × 10^k is exact in 128
 * bits, and rounding it (half to even, as printing does) cannot go wrong.
 */
static struct significant significant(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x < 0.01 || x >= 1e12) {
        return print_significant(x);
    }
    uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    int shift = 1075 - (int)(bits >> 52);                /* 1 to 59 */
    int log = (52 - shift) * 1233 / 4096 - (shift > 52); /* of 10, or one less */
    for (;; log++) {
        uwide product = (uwide)mantissa * (uint64_t)powers[14 - log];
        int64_t digits = (int64_t)(product >> shift);
        uint64_t rest = (uint64_t)product & ((UINT64_C(1) << shift) - 1);
        uint64_t half = UINT64_C(1) << (shift - 1);
        digits += rest > half || (rest == half && digits % 2 != 0);
        if (digits < DIGITS_15) {
            return (struct significant){digits, log - 14};
        }
    }
}

/* x as a number of 10^-places, through its 15 significant digits. */
static wide from_double(double x, int places)
{
    if (!isfinite(x) || fabs(x) > 1e12) {
        return WIDE_NONE;
    }
    struct significant s = significant(fabs(x));
    int exponent = s.exponent + places;
    if (exponent >= N_POWERS) {
        return WIDE_NONE;
    }
    if (exponent <= -N_POWERS) {
        return 0;
    }
    wide w = exponent >= 0 ? (wide)s.digits * powers[exponent]
                           : divide_half_away_64(s.digits, powers[-exponent]);
    return x < 0 ? -w : w;
}

dec dec_from_double(double x)
{
    /* Whole numbers are exact anyway, and most of what spreadsheets and scripts give. */
    if (fabs(x) < 1e10) {
        int64_t n = (int64_t)x;
        if ((double)n == x) {
            return n * DEC_ONE;
        }
    }
    wide w = from_double(x, PLACES);
    return w == WIDE_NONE ? DEC_NONE : in_range(w);
}

wide wide_from_double(double x)
{
    wide w = from_double(x, 2 * PLACES);
    return w == WIDE_NONE ? WIDE_NONE : wide_in_range(w);
}

double dec_to_double(dec d) { return d == DEC_NONE ? (double)NAN : (double)d / (double)DEC_ONE; }

double wide_to_double(wide w) { return w == WIDE_NONE ? (double)NAN : (double)w / 1e16; }
