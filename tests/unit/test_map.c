/* test_map.c - text to number. */
#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_few(void **state)
{
    struct arena a = {0};
    struct map m = {0};
    (void)state;
    assert_int_equal(map_get(&m, STR("x")), MAP_NONE); /* of an empty map */
    assert_int_equal(map_put(&a, &m, STR("理论学习"), 7), 7);
    assert_int_equal(map_put(&a, &m, STR("理论学习"), 8), 7); /* the old one stands */
    assert_int_equal(map_get(&m, STR("理论学习")), 7);
    assert_int_equal(map_get(&m, STR("理论")), MAP_NONE);    /* a prefix is another key */
    assert_int_equal(map_put(&a, &m, (str){NULL, 0}, 0), 0); /* the empty text is a key */
    assert_int_equal(map_get(&m, STR("")), 0);
    assert_int_equal(map_put(&a, &m, (str){"a\0b", 3}, 3), 3); /* keys are bytes */
    assert_int_equal(map_get(&m, (str){"a\0c", 3}), MAP_NONE);
    assert_int_equal(m.n, 3);
    arena_release(&a);
}

static void test_many(void **state)
{
    struct arena a = {0};
    struct map m = {0};
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        const char *key = arena_printf(&a, "unit-%u", i);
        assert_int_equal(map_put(&a, &m, str_of(key), i), i);
    }
    for (uint32_t i = 0; i < 100000; i++) {
        char key[32];
        snprintf(key, sizeof key, "unit-%u", i);
        assert_int_equal(map_get(&m, str_of(key)), i);
        snprintf(key, sizeof key, "Unit-%u", i);
        assert_int_equal(map_get(&m, str_of(key)), MAP_NONE);
    }
    assert_int_equal(m.n, 100000);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
