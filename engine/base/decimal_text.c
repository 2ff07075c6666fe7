/*
 * decimal_text.c - decimal numbers from text and back (decimal.h).
 *
 * Files of figures are made of nothing else, so the common ones, below a thousand and with up to
 * four places, are written without a division and without a branch that cannot be foretold.
 */
#include "base/decimal.h"

#include <string.h>

#define PLACES 8

/* By number of places. */
static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/* What dec_parse has read so far, as 10^-8; too_large stays once set. */
struct reading {
    int64_t value;
    bool too_large;
};

static void read_digit(struct reading *r, int digit)
{
    if (__builtin_mul_overflow(r->value, 10, &r->value) ||
        __builtin_add_overflow(r->value, digit, &r->value)) {
        r->too_large = true;
        r->value = 0;
    }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Groups of three behind a first of one to three that does not begin with 0: "0,5" is somebody's
 * decimal comma and no number here. p stands at the first comma. */
static const char *read_groups(struct reading *r, const char *start, const char *p, const char *end)
{
    if (p - start > 3 || *start == '0') {
        return NULL;
    }
    while (p < end && *p == ',') {
        if (end - p < 4) {
            return NULL;
        }
        for (int i = 1; i <= 3; i++) {
            if (!is_digit(p[i])) {
                return NULL;
            }
            read_digit(r, p[i] - '0');
        }
        p += 4;
    }
    return p < end && is_digit(*p) ? NULL : p;
}

/* Up to eight places count; the ninth rounds; the rest must only be digits. Yields how many stood
 * there. */
static int read_places(struct reading *r, const char *p, const char *end)
{
    int n = 0;
    int round_up = 0;
    for (; p + n < end && is_digit(p[n]) && n < PLACES; n++) {
        read_digit(r, p[n] - '0');
    }
    if (n == PLACES && p + n < end && is_digit(p[n])) {
        round_up = p[n] >= '5';
    }
    for (int i = n; i < PLACES; i++) {
        read_digit(r, 0);
    }
    if (__builtin_add_overflow(r->value, round_up, &r->value)) {
        r->too_large = true;
    }
    return n;
}

enum dec_parse dec_parse(const char *at, size_t n, dec *out)
{
    if (n == 0) {
        return DEC_NOT_A_NUMBER;
    }
    struct reading r = {0, false};
    const char *p = at, *end = at + n;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') {
        p++;
    }
    const char *start = p;
    while (p < end && is_digit(*p)) {
        read_digit(&r, *p++ - '0');
    }
    bool digits = p > start;
    if (digits && p < end && *p == ',' && (p = read_groups(&r, start, p, end)) == NULL) {
        return DEC_NOT_A_NUMBER;
    }
    if (p < end && *p == '.') {
        p++;
    } else if (p < end) {
        return DEC_NOT_A_NUMBER;
    }
    digits |= read_places(&r, p, end) > 0;
    while (p < end && is_digit(*p)) {
        p++;
    }
    if (p < end || !digits) {
        return DEC_NOT_A_NUMBER;
    }
    if (r.too_large) {
        return DEC_TOO_LARGE;
    }
    *out = negative ? -r.value : r.value;
    return DEC_OK;
}

static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334"
                            "3536373839404142434445464748495051525354555657585960616263646566676869"
                            "707172737475767778798081828384858687888990919293949596979899";

/* Writes the digits of n, at least `least` of them, to end before `end`; yields where they start.
 */
static inline char *put_digits(char *end, uint64_t n, int least)
{
    for (; n >= 10 || least > 1; n /= 100, least -= 2) {
        memcpy(end -= 2, pairs + n % 100 * 2, 2);
    }
    if (n > 0 || least > 0) {
        *--end = (char)('0' + n);
    }
    return end;
}

/* How many of the places of so many 10^-8 are needed to show it exactly. */
static int places_needed(uint64_t size)
{
    int places = PLACES;
    uint64_t rest = size % (uint64_t)DEC_ONE;
    if (rest == 0) {
        return 0;
    }
    for (; rest % 10 == 0; rest /= 10) {
        places--;
    }
    return places;
}

size_t dec_put(dec d, int places, char out[DEC_TEXT])
{
    char digits[PLACES], whole[2 * DEC_TEXT], *end = whole + DEC_TEXT, *to = out;
    if (d == DEC_NONE) {
        return 0;
    }
    uint64_t size = d < 0 ? -(uint64_t)d : (uint64_t)d;
    bool exact = places < 0 || places > PLACES;
    int n_places = exact ? places_needed(size) : places;
    uint64_t unit = (uint64_t)tens[PLACES - n_places];
    size += unit / 2; /* half away from zero; what is below the last place is left out */
    uint64_t part = size % (uint64_t)DEC_ONE;
    if (d < 0 && size >= unit) {
        *to++ = '-';
    }
    const char *start = put_digits(end, size / (uint64_t)DEC_ONE, 1);
    memcpy(to, start, DEC_TEXT / 2); /* so many, since that is one instruction */
    to += end - start;
    if (n_places > 0) {
        *to++ = '.';
        put_digits(digits + PLACES, part, PLACES);
        memcpy(to, digits, PLACES);
        to += n_places;
    }
    return (size_t)(to - out);
}

size_t dec_put_whole(uint64_t n, char out[DEC_TEXT])
{
    char digits[DEC_TEXT], *end = digits + DEC_TEXT, *start = put_digits(end, n, 1);
    memcpy(out, start, (size_t)(end - start));
    return (size_t)(end - start);
}

/* 1 to 4 digits, of which n has no more. */
static inline __attribute__((always_inline)) void put_part(char *to, uint32_t n, int digits)
{
    if (digits > 2) {
        memcpy(to + digits - 2, pairs + n % 100 * 2, 2);
        n /= 100;
        digits -= 2;
    }
    memcpy(to, pairs + n * 2 + 2 - digits, (size_t)digits);
}

/* Below 1000, with so many places if that shows it exactly, else 0 bytes. The number of places is a
 * constant wherever this is called: then no division is made. Whether there are one or two digits
 * before them can hardly be foretold, so no branch hangs on it. */
static inline __attribute__((always_inline)) size_t put_small(uint64_t size, bool negative,
                                                              int places, char *out)
{
    uint64_t unit = (uint64_t)tens[PLACES - places], units = size / unit;
    uint32_t one = (uint32_t)tens[places], all = (uint32_t)units, whole = all / one;
    uint32_t part = all - whole * one;
    if (units * unit != size) {
        return 0;
    }
    char *to = out;
    *to = '-';
    to += negative;
    if (__builtin_expect(whole > 99, 0)) {
        *to++ = (char)('0' + whole / 100);
        memcpy(to, pairs + whole % 100 * 2, 2);
        to += 2;
    } else {
        memcpy(to, pairs + whole * 2 + (whole < 10), 2); /* behind the last pair is its NUL */
        to += 1 + (whole > 9);
    }
    *to++ = '.';
    put_part(to, part, places);
    return (size_t)(to + places - out);
}

size_t dec_put_enough(dec d, int places, char out[DEC_TEXT])
{
    uint64_t size = d < 0 ? -(uint64_t)d : (uint64_t)d;
    size_t n = 0;
    if (size >= 1000 * (uint64_t)DEC_ONE) { /* as DEC_NONE is */
        return dec_put(d, dec_round(d, places) == d ? places : DEC_EXACT, out);
    }
    switch (places) {
    case 1:
        n = put_small(size, d < 0, 1, out);
        break;
    case 2:
        n = put_small(size, d < 0, 2, out);
        break;
    case 3:
        n = put_small(size, d < 0, 3, out);
        break;
    case 4:
        n = put_small(size, d < 0, 4, out);
        break;
    default:
        break;
    }
    return n > 0 ? n : dec_put(d, dec_round(d, places) == d ? places : DEC_EXACT, out);
}

char *dec_text(dec d, int places, char out[DEC_TEXT])
{
    out[dec_put(d, places, out)] = '\0';
    return out;
}
