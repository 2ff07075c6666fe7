/* test_arena.c - zeroed memory, growth in place, mark and reset, growing arrays. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void assert_zeros(const char *at, size_t n, const char *why)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] != 0)
            fail_msg("%s: byte %zu of %zu is not zero", why, i, n);
}

static void test_sizes(void **state)
{
    static const struct {
        size_t n;
        const char *why;
    } rows[] = {
        {0, "nothing still has an address"},  {1, "a byte"},
        {15, "less than the alignment"},      {17, "more than it"},
        {40000, "more than the first chunk"}, {3000000, "a chunk of its own"},
        {1, "a byte behind a large one"},
    };
    struct arena a = {0};
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct arena_mark empty = {0};
        for (size_t i = 0; i < ROWS(rows); i++) {
            char *at = arena_alloc(&a, rows[i].n);
            assert_non_null(at);
            assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
            assert_zeros(at, rows[i].n, rows[i].why);
            memset(at, 0xa5, rows[i].n); /* so that the second round meets dirty memory */
        }
        arena_reset(&a, empty);
    }
    arena_release(&a);
    assert_null(a.first);
}

static void test_mark_and_reset(void **state)
{
    struct arena a = {0};
    (void)state;
    char *kept = arena_text(&a, "kept", 4);
    for (size_t n = 1; n < 200000; n *= 3) {
        struct arena_mark mark = arena_mark(&a);
        char *first = arena_alloc(&a, n);
        memset(first, 1, n);
        memset(arena_alloc(&a, 7), 2, 7);
        arena_reset(&a, mark);
        char *again = arena_alloc(&a, n + 3);
        assert_zeros(again, n + 3, "after a reset");
        memset(again, 3, n + 3);
        arena_reset(&a, mark);
    }
    assert_string_equal(kept, "kept");
    arena_release(&a);
}

/* A scratch arena that is reset to empty keeps its memory. */
static void test_scratch_keeps_a_chunk(void **state)
{
    struct arena a = {0};
    (void)state;
    arena_reset(&a, arena_mark(&a));
    assert_null(a.first);
    struct arena_mark mark = arena_mark(&a);
    arena_alloc(&a, 100);
    arena_alloc(&a, 100000);
    const struct arena_chunk *largest = a.first;
    for (int unit = 0; unit < 3; unit++) {
        arena_reset(&a, mark);
        char *at = arena_alloc(&a, 100000);
        assert_zeros(at, 100000, "scratch");
        memset(at, 9, 100000);
        assert_ptr_equal(a.first, largest);
    }
    arena_release(&a);
}

static void test_grow(void **state)
{
    struct arena a = {0};
    (void)state;
    char *last = arena_alloc(&a, 10);
    memset(last, 'x', 10);
    char *grown = arena_grow(&a, last, 10, 1000);
    assert_ptr_equal(grown, last); /* in place */
    assert_memory_equal(grown, "xxxxxxxxxx", 10);
    assert_zeros(grown + 10, 990, "the new part");
    arena_alloc(&a, 1);
    char *moved = arena_grow(&a, grown, 1000, 2000);
    assert_ptr_not_equal(moved, grown); /* something stands behind it */
    assert_memory_equal(moved, "xxxxxxxxxx", 10);
    assert_zeros(moved + 1000, 1000, "the new part of a copy");
    assert_ptr_equal(arena_grow(&a, moved, 2000, 5), moved); /* never shrinks */
    assert_non_null(arena_grow(&a, NULL, 0, 8));             /* from nothing */
    char *huge = arena_grow(&a, moved, 2000, 500000);
    assert_memory_equal(huge, "xxxxxxxxxx", 10);
    assert_zeros(huge + 2000, 498000, "into a new chunk");
    arena_release(&a);
}

static void test_text(void **state)
{
    struct arena a = {0};
    (void)state;
    assert_string_equal(arena_text(&a, "理论学习", 6), "理论");
    assert_string_equal(arena_text(&a, NULL, 0), "");
    assert_string_equal(arena_printf(&a, "%s-%d", "x", 12), "x-12");
    assert_int_equal(strlen(arena_printf(&a, "%100000d", 1)), 100000);
    arena_release(&a);
}

static void test_vec(void **state)
{
    struct arena a = {0};
    VEC(uint64_t) numbers = {0};
    VEC(char *) texts = {0};
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t *number = vec_push(&a, &numbers);
        assert_true(*number == 0);
        *number = i;
        if (i % 1000 == 0)
            *vec_push(&a, &texts) = arena_printf(&a, "%d", (int)i); /* in between: it must move */
    }
    assert_int_equal(numbers.n, 100000);
    for (uint32_t i = 0; i < numbers.n; i++)
        assert_true(numbers.at[i] == i);
    assert_string_equal(texts.at[99], "99000");
    arena_release(&a);
}

static void test_capacity(void **state)
{
    (void)state;
    assert_int_equal(vec_capacity(0), 8);
    assert_int_equal(vec_capacity(8), 16);
    assert_true(vec_capacity(UINT32_MAX / 2 + 1) == UINT32_MAX); /* the last step is not double */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_mark_and_reset),
        cmocka_unit_test(test_scratch_keeps_a_chunk),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_vec),
        cmocka_unit_test(test_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
