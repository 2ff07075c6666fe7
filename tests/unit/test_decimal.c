/* test_decimal.c - exact decimals: reading, rounding, ranges, 256-bit products, text. */
#include "base/decimal.h"
#include "base/divisor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define D(whole, eighths) ((whole)*DEC_ONE + (eighths))

static dec parsed(const char *text)
{
    dec d = 4711;
    if (dec_parse(text, strlen(text), &d) != DEC_OK)
        fail_msg("'%s' is not read", text);
    return d;
}

static void check_text(dec d, int places, const char *expected, const char *why)
{
    char text[DEC_TEXT];
    dec_text(d, places, text);
    if (strcmp(text, expected) != 0)
        fail_msg("%s: '%s' instead of '%s'", why, text, expected);
}

static void test_parse(void **state)
{
    static const struct {
        const char *text;
        enum dec_parse expected;
        dec value;
        const char *why;
    } rows[] = {
        {"0", DEC_OK, 0, "zero"},
        {"-0", DEC_OK, 0, "minus zero is zero"},
        {"-0.000000001", DEC_OK, 0, "rounds to zero, and not to minus zero"},
        {"12.5", DEC_OK, D(12, 50000000), "plain"},
        {"-12.50", DEC_OK, -D(12, 50000000), "sign and a trailing zero"},
        {"+3", DEC_OK, D(3, 0), "plus sign"},
        {".5", DEC_OK, 50000000, "no digit before the point"},
        {"5.", DEC_OK, D(5, 0), "no digit behind it"},
        {"007", DEC_OK, D(7, 0), "leading zeros"},
        {"1,200", DEC_OK, D(1200, 0), "thousands"},
        {"12,345,678.9", DEC_OK, D(12345678, 90000000), "two groups and a fraction"},
        {"-1,200", DEC_OK, -D(1200, 0), "sign before groups"},
        {"0.123456785", DEC_OK, 12345679, "the ninth place rounds half away"},
        {"-0.123456785", DEC_OK, -12345679, "half away below zero"},
        {"0.123456784999", DEC_OK, 12345678, "only the ninth place decides"},
        {"0.999999995", DEC_OK, D(1, 0), "the carry reaches the whole part"},
        {"92233720368.54775807", DEC_OK, DEC_MAX, "the largest"},
        {"-92233720368.54775807", DEC_OK, -DEC_MAX, "the smallest"},
        {"92233720368.54775808", DEC_TOO_LARGE, 0, "one beyond"},
        {"-92233720368.54775808", DEC_TOO_LARGE, 0, "would be DEC_NONE"},
        {"92233720368.547758075", DEC_TOO_LARGE, 0, "rounds beyond"},
        {"99999999999999999999999999", DEC_TOO_LARGE, 0, "more digits than 64 bits"},
        {"100,000,000,000", DEC_TOO_LARGE, 0, "too large in groups"},
        {"99999999999999999999999999x", DEC_NOT_A_NUMBER, 0, "no number at all, rather than large"},
        {"", DEC_NOT_A_NUMBER, 0, "empty"},
        {"-", DEC_NOT_A_NUMBER, 0, "only a sign"},
        {".", DEC_NOT_A_NUMBER, 0, "only a point"},
        {"-.", DEC_NOT_A_NUMBER, 0, "sign and point"},
        {"--1", DEC_NOT_A_NUMBER, 0, "two signs"},
        {"1e3", DEC_NOT_A_NUMBER, 0, "no exponents"},
        {"0x10", DEC_NOT_A_NUMBER, 0, "no hexadecimal"},
        {"1.2.3", DEC_NOT_A_NUMBER, 0, "a version, no number"},
        {"1 200", DEC_NOT_A_NUMBER, 0, "spaces do not group"},
        {"12次", DEC_NOT_A_NUMBER, 0, "the unit is the caller's matter"},
        {"nan", DEC_NOT_A_NUMBER, 0, "what strtod would take"},
        {"0,5", DEC_NOT_A_NUMBER, 0, "a decimal comma"},
        {"0,500", DEC_NOT_A_NUMBER, 0, "a decimal comma with three places"},
        {"1,20", DEC_NOT_A_NUMBER, 0, "a group of two"},
        {"1,2000", DEC_NOT_A_NUMBER, 0, "a group of four"},
        {"1234,567", DEC_NOT_A_NUMBER, 0, "a first group of four"},
        {",123", DEC_NOT_A_NUMBER, 0, "no first group"},
        {"1,", DEC_NOT_A_NUMBER, 0, "no last group"},
        {"1,,200", DEC_NOT_A_NUMBER, 0, "an empty group"},
        {"1.5,000", DEC_NOT_A_NUMBER, 0, "groups behind the point"},
        {"1.123456789,", DEC_NOT_A_NUMBER, 0, "rubbish behind the places that count"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        dec d = 0;
        enum dec_parse got = dec_parse(rows[i].text, strlen(rows[i].text), &d);
        if (got != rows[i].expected || d != rows[i].value)
            fail_msg("'%s' (%s): %d, %lld", rows[i].text, rows[i].why, (int)got, (long long)d);
    }
    dec d;
    assert_int_equal(dec_parse(NULL, 0, &d), DEC_NOT_A_NUMBER);
    assert_int_equal(dec_parse("125", 2, &d), DEC_OK); /* only n bytes count */
    assert_true(d == D(12, 0));
}

static void test_text(void **state)
{
    static const struct {
        const char *value;
        int places;
        const char *expected, *why;
    } rows[] = {
        {"0", DEC_EXACT, "0", "zero"},
        {"0", 2, "0.00", "zero with places"},
        {"12.5", DEC_EXACT, "12.5", "as many places as needed"},
        {"12.5", 0, "13", "half away"},
        {"-12.5", 0, "-13", "half away below zero"},
        {"2.675", 2, "2.68", "where a double would give 2.67"},
        {"-2.675", 2, "-2.68", "the same below zero"},
        {"-0.004", 2, "0.00", "never -0.00"},
        {"-0.4", 0, "0", "never -0"},
        {"-0.5", DEC_EXACT, "-0.5", "the sign of what has no whole part"},
        {"0.00000001", DEC_EXACT, "0.00000001", "the smallest"},
        {"100", DEC_EXACT, "100", "zeros of the whole part stay"},
        {"9.995", 2, "10.00", "the carry makes it longer"},
        {"-92233720368.54775807", 8, "-92233720368.54775807", "the longest"},
        {"92233720368.54775807", 0, "92233720369", "a text has no range"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        check_text(parsed(rows[i].value), rows[i].places, rows[i].expected, rows[i].why);
    check_text(DEC_NONE, 2, "", "none is no text");
}

static void test_operations(void **state)
{
    (void)state;
    dec tenth = parsed("0.1"), sum = 0;
    for (int i = 0; i < 10; i++)
        sum = dec_add(sum, tenth);
    assert_true(sum == DEC_ONE); /* the language's own example */
    const struct {
        dec got, expected;
        const char *why;
    } rows[] = {
        {dec_sub(parsed("1"), parsed("0.9")), parsed("0.1"), "no residue"},
        {dec_add(DEC_MAX, 1), DEC_NONE, "overflow up"},
        {dec_add(-DEC_MAX, -1), DEC_NONE, "a sum that is exactly the pattern of none"},
        {dec_sub(-DEC_MAX, 2), DEC_NONE, "overflow down"},
        {dec_mul(parsed("1.5"), parsed("1.5")), parsed("2.25"), "product"},
        {dec_mul(parsed("300000"), parsed("300000")), parsed("90000000000"),
         "beyond 64 bits inside"},
        {dec_mul(parsed("400000"), parsed("400000")), DEC_NONE, "beyond the range"},
        {dec_mul(parsed("0.00000001"), parsed("0.5")), 1, "half of the smallest rounds away"},
        {dec_mul(parsed("-0.00000001"), parsed("0.5")), -1, "below zero too"},
        {dec_mul(parsed("0.00000001"), parsed("0.49999999")), 0, "less than half"},
        {dec_div(parsed("1"), parsed("3")), 33333333, "a third"},
        {dec_div(parsed("2"), parsed("3")), 66666667, "two thirds"},
        {dec_div(parsed("-2"), parsed("3")), -66666667, "two thirds below zero"},
        {dec_div(parsed("2"), parsed("-3")), -66666667, "by a divisor below zero"},
        {dec_div(parsed("-2"), parsed("-3")), 66666667, "both"},
        {dec_div(DEC_ONE, 0), DEC_NONE, "by zero"},
        {dec_muldiv(parsed("40"), parsed("2"), parsed("3")), parsed("26.66666667"), "rounded once"},
        {dec_muldiv(DEC_MAX, DEC_MAX, DEC_MAX), DEC_MAX, "a large product that fits again"},
        {dec_muldiv(DEC_MAX, 2, 1), DEC_NONE, "a quotient beyond the range"},
        {dec_muldiv(-DEC_MAX, 1, -1), DEC_MAX, "signs at the end of the range"},
        {dec_muldiv(DEC_ONE, DEC_ONE, 0), DEC_NONE, "by zero"},
        {dec_min(1, 2), 1, "min"},
        {dec_max(1, 2), 2, "max"},
        {dec_round(parsed("2.5"), 0), parsed("3"), "half away"},
        {dec_round(parsed("-2.5"), 0), parsed("-3"), "half away below zero"},
        {dec_round(parsed("2.49999999"), 0), parsed("2"), "just below half"},
        {dec_round(parsed("2.345"), 2), parsed("2.35"), "no banker's rounding"},
        {dec_round(parsed("2.335"), 2), parsed("2.34"), "nor the other way"},
        {dec_round(parsed("1.23456789"), 8), parsed("1.23456789"), "all places"},
        {dec_round(parsed("1.23456789"), DEC_EXACT), parsed("1.23456789"), "exact"},
        {dec_round(DEC_MAX, 0), DEC_NONE, "rounds beyond the range"},
        {dec_div_floor(parsed("0.4"), parsed("0.25")), parsed("1"), "whole steps"},
        {dec_div_floor(parsed("0.5"), parsed("0.25")), parsed("2"), "exactly two"},
        {dec_div_floor(parsed("-0.4"), parsed("0.25")), parsed("-2"), "towards minus infinity"},
        {dec_div_ceil(parsed("0.4"), parsed("0.25")), parsed("2"), "a step begun"},
        {dec_div_ceil(parsed("0.5"), parsed("0.25")), parsed("2"), "exactly two"},
        {dec_div_ceil(parsed("-0.4"), parsed("0.25")), parsed("-1"), "raised"},
        {dec_div_floor(DEC_MAX, 1), DEC_NONE, "steps beyond the range"},
        {dec_div_floor(DEC_ONE, 0), DEC_NONE, "steps of nothing"},
        {dec_from_int(92233720368), parsed("92233720368"), "the largest whole number"},
        {dec_from_int(92233720369), DEC_NONE, "one more"},
        {dec_from_int(-92233720369), DEC_NONE, "one less"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (rows[i].got != rows[i].expected)
            fail_msg("%s: %lld instead of %lld", rows[i].why, (long long)rows[i].got,
                     (long long)rows[i].expected);
    assert_int_equal(dec_to_int(parsed("2.9")), 2);
    assert_int_equal(dec_to_int(parsed("-2.9")), -2);
    assert_true(dec_is_whole(parsed("12.0")));
    assert_false(dec_is_whole(parsed("12.00000001")));
    assert_false(dec_is_whole(DEC_NONE));
}

static void test_none_passes(void **state)
{
    (void)state;
    const struct {
        dec got;
        const char *why;
    } rows[] = {
        {dec_add(DEC_NONE, 1), "add"},
        {dec_add(1, DEC_NONE), "add"},
        {dec_sub(DEC_NONE, 1), "sub"},
        {dec_sub(1, DEC_NONE), "sub"},
        {dec_mul(DEC_NONE, 0), "times zero is still none"},
        {dec_mul(0, DEC_NONE), "zero times"},
        {dec_div(DEC_NONE, 1), "div"},
        {dec_div(1, DEC_NONE), "by none"},
        {dec_muldiv(1, 1, DEC_NONE), "muldiv"},
        {dec_min(DEC_NONE, 1), "min"},
        {dec_min(1, DEC_NONE), "min"},
        {dec_max(DEC_NONE, 1), "max: none is no small number"},
        {dec_max(1, DEC_NONE), "max"},
        {dec_round(DEC_NONE, 0), "round"},
        {dec_div_floor(DEC_NONE, 1), "floor"},
        {dec_div_floor(1, DEC_NONE), "floor by none"},
        {dec_div_ceil(DEC_NONE, 1), "ceil"},
        {wide_to_dec(wide_from_dec(DEC_NONE)), "to wide and back"},
        {wide_to_dec(wide_add(WIDE_NONE, 1)), "wide add"},
        {wide_to_dec(wide_add(1, WIDE_NONE)), "wide add"},
        {wide_to_dec(wide_sub(WIDE_NONE, 1)), "wide sub"},
        {wide_to_dec(wide_sub(1, WIDE_NONE)), "wide sub"},
        {wide_to_dec(wide_muldiv(WIDE_NONE, 0, 1)), "wide muldiv"},
        {wide_to_dec(wide_muldiv(0, WIDE_NONE, 1)), "wide muldiv"},
        {wide_to_dec(wide_muldiv(1, 1, WIDE_NONE)), "wide muldiv"},
        {wide_to_dec(wide_min(WIDE_NONE, 1)), "wide min"},
        {wide_to_dec(wide_max(WIDE_NONE, 1)), "wide max"},
        {wide_to_dec(wide_max(1, WIDE_NONE)), "wide max"},
        {wide_to_dec(wide_round(WIDE_NONE, 2)), "wide round"},
        {wide_to_dec(wide_round(WIDE_NONE, DEC_EXACT)), "wide round, exact"},
        {dec_from_double(dec_to_double(DEC_NONE)), "through a double: NaN"},
        {wide_to_dec(wide_from_double(wide_to_double(WIDE_NONE))), "wide through a double"},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (rows[i].got != DEC_NONE)
            fail_msg("%s (row %zu) loses none: %lld", rows[i].why, i, (long long)rows[i].got);
}

/* A wide from decimal digits, since C has no 128-bit constants. */
static wide digits(const char *text)
{
    wide w = 0;
    for (const char *p = text; *p != '\0'; p++)
        if (*p != '-')
            w = w * 10 + (*p - '0');
    return *text == '-' ? -w : w;
}

static void test_wide(void **state)
{
    static const struct {
        const char *a, *b, *c, *expected, *why; /* expected NULL: none */
    } rows[] = {
        {"880000000000000000", "100", "90", "977777777777777778", "88 of 90 as of 100"},
        {"1", "1", "2", "1", "half rounds away"},
        {"-1", "1", "2", "-1", "half away below zero"},
        {"1", "1", "3", "0", "less than half"},
        {"2", "-1", "3", "-1", "more than half below zero"},
        {"2", "1", "-3", "-1", "a divisor below zero"},
        {"100000000000000000000", "50000000000000000000000000", "700000000000000000000",
         "7142857142857142857142857", "a product of 153 bits"},
        {"900000000000000000000000000", "900000000000000000000000000",
         "899999999999999999999999999", "900000000000000000000000001",
         "a product of 180 bits, both near the range's end"},
        {"-100000000000000000000000001", "100000000000000000000000003",
         "300000000000000000000000000", "-33333333333333333333333335",
         "a product of 173 bits below zero"},
        {"50000000000000000001", "40000000000000000000", "80000000000000000000",
         "25000000000000000001", "an exact half beyond 128 bits rounds away"},
        {"9000000000000000000000000000", "1000000000", "300000000000", "30000000000000000000000000",
         "any scale"},
        {"100000000000000000000000000", "100000000000000000000000000", "1", NULL,
         "a quotient beyond 128 bits"},
        {"900000000000000000000000000", "900000000000000000000000000",
         "100000000000000000000000000", NULL, "a quotient beyond the range"},
        {"100", "100", "0", NULL, "by zero"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        wide expected = rows[i].expected != NULL ? digits(rows[i].expected) : WIDE_NONE;
        if (wide_muldiv(digits(rows[i].a), digits(rows[i].b), digits(rows[i].c)) != expected)
            fail_msg("%s", rows[i].why);
    }
    wide most = (wide)DEC_MAX * DEC_ONE;
    assert_true(wide_add(most, 1) == WIDE_NONE);
    assert_true(wide_sub(-most, 1) == WIDE_NONE);
    assert_true(wide_to_dec(most) == DEC_MAX);
    assert_true(wide_muldiv(most, most, most) == most);
    assert_true(wide_muldiv(-most, most, most) == -most);
    assert_true(wide_min(1, 2) == 1 && wide_max(1, 2) == 2);
}

/* The same products once inside 128 bits and once pushed beyond by a factor on both sides. */
static void test_wide_paths_agree(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        int64_t v[3];
        for (int k = 0; k < 3; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            v[k] = (int64_t)(seed >> 20) - ((int64_t)1 << 43);
        }
        if (v[2] == 0)
            continue;
        wide factor = digits("1000000000000000000000");
        wide small = wide_muldiv(v[0], v[1], v[2]);
        wide large = wide_muldiv(v[0] * factor, v[1], v[2] * factor);
        wide decs = wide_muldiv_dec(v[0], v[1], v[2]);
        wide many = (wide)v[0] * (1 << 30); /* more than 64 bits */
        if (small != large || small != decs ||
            wide_muldiv_dec(many, v[1], v[2]) !=
                wide_muldiv(many, wide_from_dec(v[1]), wide_from_dec(v[2])))
            fail_msg("%lld * %lld / %lld", (long long)v[0], (long long)v[1], (long long)v[2]);
    }
}

static void test_wide_rounding(void **state)
{
    (void)state;
    wide third = wide_muldiv(WIDE_ONE, 1, 3);
    assert_true(third == digits("3333333333333333"));
    assert_true(wide_to_dec(third) == 33333333);
    assert_true(wide_round(third, DEC_EXACT) == third);
    assert_true(wide_round(third, 2) == wide_from_dec(parsed("0.33")));
    /* Quantised first: 0.1249999999 is 0.125 at eight places, and that is 0.13. */
    assert_true(wide_round(digits("1249999999999999"), 2) == wide_from_dec(parsed("0.13")));
    assert_true(wide_round(-digits("1249999999999999"), 2) == wide_from_dec(parsed("-0.13")));
}

static void test_doubles(void **state)
{
    static const struct {
        double x;
        const char *expected, *why; /* NULL: none */
    } rows[] = {
        {0.0, "0", "zero"},
        {-0.0, "0", "minus zero"},
        {12, "12", "whole"},
        {-12, "-12", "whole below zero"},
        {0.7549999999999999, "0.755", "what a spreadsheet stores for 0.755"},
        {0.1 + 0.2, "0.3", "the usual residue"},
        {67.57, "67.57", "plain"},
        {-2.675, "-2.675", "below zero"},
        {1e-9, "0", "below the last place"},
        {5e-9, "0.00000001", "half of the last place"},
        {1e-300, "0", "tiny"},
        {1.0 / 3, "0.33333333", "a third"},
        {92233720368.5, "92233720368.5", "close to the range's end"},
        {92233720369.0, NULL, "beyond it"},
        {-1e12, NULL, "far beyond it"},
        {1e300, NULL, "huge"},
        {INFINITY, NULL, "infinity"},
        {-INFINITY, NULL, "minus infinity"},
        {NAN, NULL, "not a number"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        dec expected = rows[i].expected != NULL ? parsed(rows[i].expected) : DEC_NONE;
        if (dec_from_double(rows[i].x) != expected)
            fail_msg("%s: %.17g", rows[i].why, rows[i].x);
        if (wide_to_dec(wide_from_double(rows[i].x)) != expected)
            fail_msg("wide, %s: %.17g", rows[i].why, rows[i].x);
    }
    assert_true(wide_from_double(1.0 / 3) == digits("3333333333333330")); /* 15 digits */
    assert_true(dec_to_double(parsed("67.57")) == 67.57);
    assert_true(wide_to_double(wide_from_dec(parsed("-0.5"))) == -0.5);
}

/* Two ways to the same text. */
static void test_put_enough(void **state)
{
    uint64_t seed = 5;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char put[DEC_TEXT], text[DEC_TEXT];
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        int places = (int)(seed >> 32) % 10 - 1;
        dec d = (dec)(seed >> (i % 60 + 1)), unit = 1;
        for (int k = 0; k < (int)(seed >> 40) % 9; k++)
            unit *= 10;
        d = (d - d % unit) * (i % 5 == 0 ? -1 : 1);
        bool enough = dec_round(d, places) == d;
        dec_text(d, enough ? places : DEC_EXACT, text);
        size_t n = dec_put_enough(d, places, put);
        if (n != strlen(text) || memcmp(put, text, n) != 0)
            fail_msg("%lld at %d places: %.*s, %s", (long long)d, places, (int)n, put, text);
    }
    assert_int_equal(dec_put_enough(DEC_NONE, 2, (char[DEC_TEXT]){0}), 0);
}

/* What "%.14e" prints, as a number of 10^-16. */
static wide printed(double x)
{
    char text[40];
    wide w = 0;
    snprintf(text, sizeof text, "%.14e", fabs(x));
    for (const char *p = text; *p != 'e'; p++)
        w = *p == '.' ? w : w * 10 + (*p - '0');
    int exponent = atoi(strchr(text, 'e') + 1) + 2;
    for (; exponent > 0; exponent--)
        w *= 10;
    wide unit = 1;
    for (; exponent < 0; exponent++)
        unit *= 10;
    w = (w + unit / 2) / unit;
    return x < 0 ? -w : w;
}

static void test_doubles_as_printed(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (int i = 0; i < 300000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        double x = (double)(seed >> 11) / 9007199254740992.0 * pow(10, (double)(seed % 15) - 4);
        if (i % 3 == 0) /* halves of what is left */
            x = round(x * 1024) / 1024;
        else if (i % 3 == 1)
            x = round(x * 1e8) / 1e8 + (double)(i % 5) * 0.5e-8;
        x = seed & 1024 ? -x : x;
        if (wide_from_double(x) != printed(x) || dec_from_double(x) != wide_to_dec(printed(x)))
            fail_msg("%.17g", x);
    }
    for (int exponent = -3; exponent < 11; exponent++) /* about every change of places */
        for (int k = -3; k <= 3; k++) {
            double x = pow(10, exponent);
            for (int n = k; n != 0; n -= n > 0 ? 1 : -1)
                x = nextafter(x, n > 0 ? 1e300 : 0);
            if (wide_from_double(x) != printed(x))
                fail_msg("%.17g", x);
        }
}

/* Divisors of all sizes, numbers around their multiples and at the end of what is allowed. */
static void test_divisor(void **state)
{
    uint64_t random = 88172645463325252U;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        uint64_t by = (random >> random % 63) + 2;
        by = by > INT64_MAX ? 2 : by;
        struct divisor d = divisor_of(by);
        uint64_t most = (uint64_t)INT64_MAX, last = most / by * by;
        uint64_t some = (random * 2862933555777941757U) >> 1;
        uint64_t near = some / by * by;
        const uint64_t numbers[] = {0, by - 1, by, last - 1, last, most, some, near, near + by - 1};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            if (numbers[k] <= most) {
                assert_int_equal(divide(numbers[k], d), numbers[k] / by);
            }
        }
    }
    assert_int_equal(dec_step(0), DEC_ONE);
    assert_int_equal(dec_step(2), DEC_ONE / 100);
    assert_int_equal(dec_step(8), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_none_passes),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_wide_paths_agree),
        cmocka_unit_test(test_wide_rounding),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_doubles_as_printed),
        cmocka_unit_test(test_put_enough),
        cmocka_unit_test(test_divisor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
