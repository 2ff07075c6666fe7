/* test_buf.c - a growing byte buffer. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_adding(void **state)
{
    struct buf b = {0};
    (void)state;
    buf_add(&b, NULL, 0); /* nothing, and yet a text from then on */
    assert_string_equal(b.at, "");
    buf_text(&b, "理论");
    buf_text(&b, NULL);
    buf_char(&b, '\0'); /* bytes, not texts: a NUL is one of them */
    buf_add(&b, "xyz", 2);
    buf_repeat(&b, "-=", 3);
    buf_repeat(&b, "!", 0);
    buf_printf(&b, "%d%%", 12);
    assert_int_equal(b.n, 6 + 1 + 2 + 6 + 3);
    assert_memory_equal(b.at, "理论\0xy-=-=-=12%", b.n + 1);
    buf_clear(&b);
    assert_int_equal(b.n, 0);
    assert_string_equal(b.at, "");
    buf_release(&b);
    assert_null(b.at);
    buf_clear(&b); /* of one never used */
    buf_release(&b);
}

/* Each length around the limits of growth, by each way of adding. */
static void test_growth(void **state)
{
    (void)state;
    for (size_t n = 0; n < 1100; n += n < 250 || (n > 500 && n < 520) ? 1 : 7) {
        struct buf chars = {0}, formatted = {0};
        for (size_t i = 0; i < n; i++)
            buf_char(&chars, 'x');
        buf_printf(&formatted, "%*s", (int)n, "");
        buf_printf(&formatted, "%s", "end");
        assert_int_equal(chars.n, n);
        assert_int_equal(formatted.n, n + 3);
        assert_string_equal(formatted.at + n, "end");
        buf_release(&chars);
        buf_release(&formatted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adding),
        cmocka_unit_test(test_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
