/*
 * decimal.h - exact decimal numbers: what points and values are made of.
 *
 *   dec    int64 at 8 places:   12.5 is 1250000000          item results, values, everything shown
 *   wide   int128 at 16 places: 12.5 is 125000000000000000  shares and section results on their way
 *
 * Range of both: +-92,233,720,368 (rubric-language.md, Numbers). Rounding is half away from zero
 * everywhere. A rule multiplies first and divides once: use dec_muldiv / wide_muldiv, whose
 * intermediates do not overflow.
 *
 * Errors: a result beyond the range is DEC_NONE or WIDE_NONE, a value that no calculation yields
 * and that every function here passes on (none in, none out), so it can be checked once at the end.
 * It also stands for "no number" in arrays.
 */
#ifndef KAOPING_DECIMAL_H
#define KAOPING_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t dec;
__extension__ typedef __int128 wide;

#define DEC_ONE INT64_C(100000000)
#define DEC_NONE INT64_MIN
#define DEC_MAX INT64_MAX
#define WIDE_ONE ((wide)DEC_ONE * DEC_ONE)
#define WIDE_MAX ((wide)DEC_MAX * DEC_ONE)
#define WIDE_NONE ((wide)DEC_NONE * DEC_ONE)
#define DEC_EXACT (-1) /* as a number of places: do not round */

dec dec_from_int(int64_t n);
/* floor of |d| with its sign kept: 2.9 -> 2, -2.9 -> -2. d must not be DEC_NONE. */
int64_t dec_to_int(dec d);
bool dec_is_whole(dec d);

dec dec_add(dec a, dec b);
dec dec_sub(dec a, dec b);
dec dec_mul(dec a, dec b);
dec dec_div(dec a, dec b); /* b == 0: DEC_NONE */
/* a * b / c, rounded once; c == 0: DEC_NONE. */
dec dec_muldiv(dec a, dec b, dec c);
dec dec_min(dec a, dec b);
dec dec_max(dec a, dec b);
/* Half away from zero at that many places, 0..8; DEC_EXACT returns d. */
dec dec_round(dec d, int places);
/* What it rounds to multiples of; 0 to 8 places. */
dec dec_step(int places);
/* a / b cut to a whole number towards minus infinity, or raised to the next; b > 0. As a dec. */
dec dec_div_floor(dec a, dec b);
dec dec_div_ceil(dec a, dec b);

dec wide_to_dec(wide w); /* rounded to 8 places; out of range: DEC_NONE */
/* a * b / c for any scales, rounded once (256-bit intermediate); c == 0: WIDE_NONE. */
wide wide_muldiv(wide a, wide b, wide c);
/* The same, much cheaper, where b and c are decs. */
wide wide_muldiv_dec(wide a, dec b, dec c);
/* Quantised to 8 places, then rounded at that many (rubric-language.md, Numbers); DEC_EXACT: w. */
wide wide_round(wide w, int places);

/* The smallest ones stand here so that the walk over every unit does not call for them. */

static inline wide wide_from_dec(dec d)
{
    return (wide)d * DEC_ONE; /* DEC_NONE becomes WIDE_NONE by its definition */
}

static inline wide wide_in_range(wide w) { return w > WIDE_MAX || w < -WIDE_MAX ? WIDE_NONE : w; }

static inline wide wide_add(wide a, wide b)
{
    /* Both are far from the ends of 128 bits, so that the sum cannot overflow them. */
    return a == WIDE_NONE || b == WIDE_NONE ? WIDE_NONE : wide_in_range(a + b);
}

static inline wide wide_sub(wide a, wide b)
{
    return a == WIDE_NONE || b == WIDE_NONE ? WIDE_NONE : wide_in_range(a - b);
}

static inline wide wide_min(wide a, wide b)
{
    return a < b ? a : b; /* WIDE_NONE is the least of all, so it passes by itself */
}

static inline wide wide_max(wide a, wide b)
{
    return a == WIDE_NONE || b == WIDE_NONE ? WIDE_NONE : a > b ? a : b;
}

/* Doubles come from geometric means and spreadsheets: through the shortest 15-digit decimal. NaN,
 * infinity and what is out of range give DEC_NONE. */
dec dec_from_double(double x);
double dec_to_double(dec d); /* none: NaN */
double wide_to_double(wide w);
wide wide_from_double(double x);

enum dec_parse { DEC_OK, DEC_NOT_A_NUMBER, DEC_TOO_LARGE };

/*
 * Reads an optional sign, digits with at most one point, as in -12.50, .5, 5., 1e3 is not a number.
 * Commas must group thousands (1,200,000). All n bytes must belong to it. More than 8 places are
 * rounded. ASCII only: fold full-width digits before (text_fold).
 */
enum dec_parse dec_parse(const char *at, size_t n, dec *out);

/* Room for the longest text with its NUL. */
#define DEC_TEXT 32
/* Exactly `places` digits after the point, rounded; DEC_EXACT: as many as needed, at least none. No
 * exponent, no grouping, "-0" never; DEC_NONE is the empty text. Returns out. */
char *dec_text(dec d, int places, char out[DEC_TEXT]);
/* The same without the NUL; returns how many bytes. */
size_t dec_put(dec d, int places, char out[DEC_TEXT]);
size_t dec_put_whole(uint64_t n, char out[DEC_TEXT]);
/* With so many places, or as many as it takes to show it exactly if those are too few. */
size_t dec_put_enough(dec d, int places, char out[DEC_TEXT]);

#endif
