/* test_fours.c - numbers that are taken several at a time are those that are taken one by one. */
#include "bulk/fours.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 203U /* no whole fours */
#define ROOM (ROWS + FOUR)

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return *seed >> 20;
}

static bool is_left(const uint8_t *left, uint32_t row)
{
    return (left[row / FOUR] >> row % FOUR & 1) != 0;
}

/* Cells with a comma behind each; returns how many of them were read. */
static uint32_t check_cells(uint64_t *seed, struct cell_range range)
{
    static const char signs[] = "012345678901234567890123456789012345.-+ %,eX\xe4";
    char text[ROWS * 12 + 16] = "";
    uint32_t from[ROOM] = {0}, n[ROOM] = {0}, at = 0, read = 0;
    dec numbers[ROOM];
    uint8_t left[ROOM / FOUR + 1];
    for (uint32_t i = 0; i < ROWS; i++, at++) {
        bool plain = draw(seed) % 4 != 0;
        from[i] = at;
        n[i] = (uint32_t)(draw(seed) % 11);
        for (uint32_t k = 0; k < n[i]; k++)
            text[at++] = signs[draw(seed) % (plain ? 37 : sizeof signs - 1)];
        text[at] = ',';
    }
    fours_read(&(struct fours){text, ROWS, from, n, numbers}, range, left);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint64_t key = 0;
        dec number = 0;
        bool is_short = n[i] > 0 && n[i] <= sizeof key;
        memcpy(&key, text + from[i], is_short ? n[i] : 0);
        bool is_read = is_short && cell_quick_short(range, key, n[i], &number);
        bool point = range.whole && memchr(text + from[i], '.', n[i]); /* is left to the other */
        if (is_left(left, i) ? fours_there() && is_read && !point
                             : !is_read || number != numbers[i])
            fail_msg("'%.*s': %d %lld, %d %lld", (int)n[i], text + from[i], is_read,
                     (long long)number, !is_left(left, i), (long long)numbers[i]);
        read += !is_left(left, i);
    }
    return read;
}

static void test_read(void **state)
{
    const struct cell_range ranges[] = {
        {-DEC_MAX, DEC_MAX, false}, {0, DEC_MAX, true}, {-5 * DEC_ONE, 1000 * DEC_ONE, false}};
    uint64_t seed = 11;
    uint32_t read = 0;
    (void)state;
    for (int i = 0; i < 1500; i++)
        read += check_cells(&seed, ranges[i % 3]);
    assert_true(!fours_there() || read > 80000);
}

/* Points that are sure lie nearest; returns how many are left. */
static uint32_t check_points(uint64_t *seed, const struct slope *s)
{
    dec values[ROOM], points[ROOM] = {0}, floor = s->step * 40;
    uint64_t says[ROOM] = {0}, more[ROOM] = {0};
    uint8_t left[ROOM / FOUR + 1];
    uint32_t n_left = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        dec value = (dec)(draw(seed) % (1000 * (uint64_t)DEC_ONE)) - 200 * DEC_ONE;
        values[i] = draw(seed) % 20 == 0 ? NUMBER_NONE : value;
        points[i] = i;
    }
    fours_add(&(struct fours_add){*s, floor, ROWS, values, 4, points, says, more}, left);
    for (uint32_t i = 0; i < ROWS; i++) {
        bool there = i / FOUR < ROWS / FOUR && !is_left(left, i);
        long double steps = there ? (long double)values[i] * s->times + s->at : 0;
        dec nearest = (dec)roundl(steps) * s->step;
        nearest = nearest > s->most ? s->most : nearest < s->least ? s->least : nearest;
        bool falls = there && nearest < floor;
        assert_false(there && values[i] == NUMBER_NONE);
        assert_int_equal(points[i] - i, there ? nearest : 0);
        assert_int_equal(says[i], falls ? 4 : 0);
        assert_int_equal(more[i], falls);
        n_left += !there && values[i] != NUMBER_NONE;
    }
    return n_left;
}

static void test_add(void **state)
{
    uint64_t seed = 5;
    uint32_t n_left = 0;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct slope s = {.known = true, .straight = true, .sure = 0.49};
        s.step = i % 2 ? 10000 : 1000000;
        s.times = (double)(draw(&seed) % 1000) / 997 / (double)s.step * (i % 3 ? 1 : -1);
        s.at = (double)(draw(&seed) % 100000) / 7 - 5000;
        s.least = i % 5 ? 0 : -DEC_MAX / 4;
        s.most = 300 * DEC_ONE;
        n_left += check_points(&seed, &s);
    }
    assert_true(!fours_there() || n_left < 20000); /* a fiftieth, and what is beyond whole fours */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_add)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
