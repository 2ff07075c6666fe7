/* test_pack.c - values as bytes, and findings that come from another process. */
#include "base/diag.h"
#include "base/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_round(void **state)
{
    struct arena a = {0};
    struct buf b = {0};
    struct source *s = source_from_text(&a, "x.csv", "abc", 3);
    (void)state;
    pack_u32(&b, 7);
    pack_text(&b, "理论学习");
    pack_text(&b, NULL);
    pack_text(&b, "");
    pack_double(&b, -0.1);
    pack_span(&b, (span){s, 1, 2});
    struct unpack u = {b.at, b.n, false};
    assert_int_equal(unpack_u32(&u), 7);
    assert_string_equal(unpack_text(&u, &a), "理论学习");
    assert_null(unpack_text(&u, &a));
    assert_string_equal(unpack_text(&u, &a), "");
    assert_true(unpack_double(&u) == -0.1);
    span at = unpack_span(&u);
    assert_ptr_equal(at.source, s);
    assert_int_equal(at.offset + at.length, 3);
    assert_false(u.broken);
    assert_int_equal(u.n, 0);
    buf_release(&b);
    arena_release(&a);
}

/* A sender that was killed or lies gives zeros and says so, and nothing is read beyond the end. */
static void test_cut(void **state)
{
    struct arena a = {0};
    struct buf b = {0};
    (void)state;
    pack_u32(&b, 5);
    pack_text(&b, "12345");
    for (size_t n = 0; n < b.n; n++) {
        struct unpack u = {b.at, n, false};
        uint32_t first = unpack_u32(&u);
        assert_int_equal(first, n < 4 ? 0 : 5);
        assert_null(unpack_text(&u, &a));
        assert_true(u.broken);
        assert_int_equal(unpack_u32(&u), 0);
    }
    buf_release(&b);
    arena_release(&a);
}

static void add_some(struct diag *d, const struct source *s)
{
    diag_add(d, FINDING_NOT_A_NUMBER, (span){s, 4, 2}, "'%s' is wrong", "xx");
    diag_hint(d, "write %d", 3);
    diag_note(d, (span){s, 0, 1}, "first");
    diag_note(d, (span){s, 1, 1}, "second");
    diag_add(d, FINDING_GATE_UNANSWERED, (span){0}, "a warning");
}

static void test_findings(void **state)
{
    struct arena a = {0};
    struct diag here, there;
    struct buf bytes = {0}, want = {0}, got = {0};
    struct source *s = source_from_text(&a, "x.csv", "id,\nxx,1\n", 9);
    (void)state;
    diag_init(&here, &a);
    diag_init(&there, &a);
    add_some(&here, s);
    diag_pack(&here, &bytes);
    struct unpack u = {bytes.at, bytes.n, false};
    diag_unpack(&there, &u);
    diag_print(&here, &want, false);
    diag_print(&there, &got, false);
    assert_string_equal(got.at, want.at);
    assert_int_equal(there.n_errors, 1);
    assert_int_equal(there.n_warnings, 1);
    assert_true(diag_has(&there, FINDING_NOT_A_NUMBER));
    assert_false(diag_has(&there, FINDING_SCRIPT_FAILED));
    assert_string_equal(diag_last_text(&there), "a warning");
    buf_release(&bytes);
    buf_release(&want);
    buf_release(&got);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
