/* test_node.c - getters, unknown keys and the dump. */
#include "loaded.h"

#include "load/node_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void read_text(struct loaded *l, const char *text)
{
    loaded_document(l, "x.yaml", text, strlen(text));
}

static void test_get(void **state)
{
    struct loaded l;
    (void)state;
    read_text(&l, "a: 1\nb: [x]\n");
    assert_string_equal(node_get(l.root, "a")->text, "1");
    assert_true(l.root->pairs[0].used);
    assert_false(l.root->pairs[1].used);
    assert_null(node_get(l.root, "c"));
    assert_null(node_get(node_get(l.root, "a"), "x")); /* of something that is no map */
    assert_null(node_get(NULL, "a"));
    assert_true(node_is(node_get(l.root, "a"), "1"));
    assert_false(node_is(node_get(l.root, "b"), "x")); /* a list is no text */
    loaded_release(&l);
}

static void test_unknown_keys(void **state)
{
    static const char *const known[] = {"total", NULL};
    struct loaded l;
    (void)state;
    read_text(&l, "points: 1\nponits: 2\ntotl: 3\n");
    node_get(l.root, "points");
    node_unknown_keys(&l.diag, l.root, known);
    assert_string_equal(loaded_findings(&l), "2 unknown-key, 3 unknown-key");
    node_unknown_keys(&l.diag, l.root, known); /* reported once */
    assert_int_equal(l.diag.n_errors, 2);
    struct buf b = {0};
    diag_print(&l.diag, &b, false);
    assert_non_null(strstr(b.at, "points"));
    assert_non_null(strstr(b.at, "total"));
    buf_release(&b);
    loaded_release(&l);
}

static void test_keys_astray(void **state)
{
    struct loaded l;
    (void)state;
    read_text(&l, "a: 1\nb: 2\nc: 3\nknown: 0\nd: 4\ne: 5\nf: 6\ng: 7\nknown2: 0\nh: 8\n");
    node_get(l.root, "known");
    node_get(l.root, "known2");
    node_unknown_keys(&l.diag, l.root, NULL);
    assert_string_equal(loaded_findings(&l), "1 unknown-key, 2 unknown-key, 3 unknown-key, "
                                             "5 unknown-key, 10 unknown-key");
    node_unknown_keys(&l.diag, l.root, NULL);
    assert_int_equal(l.diag.n_errors, 5);
    loaded_release(&l);
}

static void test_expect(void **state)
{
    struct loaded l;
    (void)state;
    read_text(&l, "a: 1\n");
    struct node *a = node_get(l.root, "a");
    node_expect(&l.diag, a, "a list");
    assert_true(a->bad);
    node_expect(&l.diag, a, "a map"); /* a bad node is passed over in silence */
    assert_int_equal(l.diag.n_errors, 1);
    node_unknown_keys(&l.diag, a, NULL);
    assert_int_equal(l.diag.n_errors, 1);
    loaded_release(&l);
}

static void test_dump(void **state)
{
    struct loaded l;
    struct buf b = {0};
    (void)state;
    read_text(&l, "学习: [甲, \"乙\"]\nb:\n  c: 1\n");
    node_dump(l.root, &b);
    assert_string_equal(b.at, "map  @1:1\n"
                              "  学习: list  @1:5\n"
                              "    - 甲  @1:6\n"
                              "    - \"乙\"  @1:9\n"
                              "  b: map  @3:3\n"
                              "    c: 1  @3:6\n");
    buf_release(&b);
    loaded_release(&l);
}

/* What was packed is the same again: texts of the source and others, places forward and back. */
static void test_packed(void **state)
{
    static const char text[] =
        "units:\n- {a: &x [1, 'it''s', \"\\u5b66\"], b: 学习, c: *x}\n- ~\n-\n"
        "- a: \"\"\n  a: 2\n  b: |\n    two\n    lines\n- []\n";
    struct loaded l;
    struct buf packed = {0}, before = {0}, after = {0};
    size_t at = 0;
    (void)state;
    loaded_document(&l, "x.yaml", text, sizeof text - 1);
    node_dump(l.root, &before);
    node_pack(l.root, &packed);
    assert_true(packed.n < sizeof text * 2);
    struct node *again = node_unpack(&l.arena, l.root->at.source, packed.at, &at);
    assert_int_equal(at, packed.n);
    node_dump(again, &after);
    assert_string_equal(after.at, before.at);
    const struct node *units = again->pairs[0].value;
    assert_true(units->items[2]->is_null && !units->items[1]->is_null);
    assert_true(units->items[3]->pairs[1].used); /* the repeated key */
    buf_release(&packed);
    buf_release(&before);
    buf_release(&after);
    loaded_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packed),       cmocka_unit_test(test_get),
        cmocka_unit_test(test_unknown_keys), cmocka_unit_test(test_keys_astray),
        cmocka_unit_test(test_expect),       cmocka_unit_test(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
