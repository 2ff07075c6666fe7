/* test_yaml.c - YAML to nodes: what is kept as text, where things stand, what is refused. */
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *why, *text, *dump;
};

static void test_values(void **state)
{
    static const struct row rows[] = {
        {"scalars stay text", "a: no\nb: 08\nc: 12:30\nd: ~\ne: null\nf: 1.10",
         "map\n  a: no\n  b: 08\n  c: 12:30\n  d: ~\n  e: null\n  f: 1.10\n"},
        {"quotes are remembered", "a: '1'\nb: \"x\\ty\"\nc: \"\"",
         "map\n  a: \"1\"\n  b: \"x\\x09y\"\n  c: \"\"\n"},
        {"nested in both styles", "a: {b: [1, 2]}\nc:\n  - d: 3\n  -\n",
         "map\n  a: map\n    b: list\n      - 1\n      - 2\n  c: list\n    - map\n      d: 3\n"
         "    - null\n"},
        {"a text over two lines", "a: one\n  two\nb: |\n  x\n  y\n",
         "map\n  a: one two\n  b: \"x\\x0ay\\x0a\"\n"},
        {"comments and a document's marks", "# c\n---\na: 1 # d\n...\n", "map\n  a: 1\n"},
        {"Windows' line ends", "a: 1\r\nb: 2\r\n", "map\n  a: 1\n  b: 2\n"},
        {"a scalar alone", "学习", "学习\n"},
        {"anchors and aliases", "a: &x {b: [1]}\nc: &y 2\nd: [*x, *y, *x]\n",
         "map\n  a: map\n    b: list\n      - 1\n  c: 2\n  d: list\n    - map\n      b: list\n"
         "        - 1\n    - 2\n    - map\n      b: list\n        - 1\n"},
        {"the newest anchor of a name counts", "a: &x 1\nb: &x 2\nc: *x\n",
         "map\n  a: 1\n  b: 2\n  c: 2\n"},
        {"<< in quotes is text", "'<<': 1", "map\n  \"<<\": 1\n"},
        {"empty collections", "a: []\nb: {}", "map\n  a: list\n  b: map\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        loaded_document(&l, "x.yaml", rows[i].text, strlen(rows[i].text));
        assert_string_equal(loaded_findings(&l), "");
        assert_string_equal(loaded_dump(&l), rows[i].dump);
        loaded_release(&l);
    }
}

/* The bytes a span covers. */
static void assert_at(const struct node *n, const char *text)
{
    assert_int_equal(n->at.length, strlen(text));
    assert_memory_equal(n->at.source->text + n->at.offset, text, strlen(text));
}

static void test_places(void **state)
{
    static const char text[] = "标题: 理论学习\n"
                               "列表: [甲, '乙', {丙: 丁}]\r\n"
                               "𠀀𠀀: \"é\" # 注\n"
                               "块: |\n"
                               "  第一行\n"
                               "  第二行\n"
                               "尾: x\n";
    struct loaded l;
    (void)state;
    loaded_document(&l, "x.yaml", text, strlen(text));
    struct node *list = node_get(l.root, "列表");
    assert_at(l.root->pairs[0].key, "标题");
    assert_at(l.root->pairs[0].value, "理论学习");
    assert_at(list, "[甲, '乙', {丙: 丁}]");
    assert_at(list->items[1], "'乙'");
    assert_at(list->items[2], "{丙: 丁}");
    assert_at(node_get(list->items[2], "丙"), "丁");
    assert_at(l.root->pairs[2].key, "𠀀𠀀"); /* four bytes each */
    assert_at(l.root->pairs[2].value, "\"é\"");
    assert_at(l.root->pairs[4].key, "尾"); /* after a block */
    assert_at(l.root->pairs[4].value, "x");
    loaded_release(&l);
}

static void test_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "0 syntax"},
        {"only a comment", "# x\n", "0 syntax"},
        {"a key twice", "a: 1\nb: 2\na: 3\n", "3 duplicate-key"},
        {"several keys twice: one finding", "a: 1\nb: 2\na: 3\nb: 4\n", "3 duplicate-key"},
        {"twice within", "x: {a: 1, a: 2}\n", "1 duplicate-key"},
        {"a key without a value", "a:\nb: 1\n", "1 no-value"},
        {"several of them", "a:\nb: {c, d: 1}\n", "1 no-value, 2 no-value"},
        {"a slip in the syntax comes before what it causes", "a: {b, c: 1\nd: 2\n", "2 syntax"},
        {"an alias without an anchor", "a: *x\n", "1 syntax"},
        {"an anchor below its alias", "a: *x\nb: &x 1\n", "1 syntax"},
        {"within itself", "a: &x [1, *x]\n", "1 syntax"},
        {"within itself, deeper", "a: &x\n  b: {c: [*x]}\n", "2 syntax"},
        {"an alias as a key", "a: &x b\n*x : 1\n", "2 syntax"},
        {"a merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "3 syntax"},
        {"a tag", "a: !!str 1\n", "1 syntax"},
        {"two documents", "a: 1\n---\nb: 1\n", "2 syntax"},
        {"a list as a key", "? [a]\n: 1\n", "1 syntax"},
        {"no key", ": 1\n", "1 syntax"},
        {"a tab", "a:\n\tb: 1\n", "2 syntax"},
        {"an open quote", "a: 1\nb: 'x\nc: 1\n", "2 syntax"},
        {"a wrong indentation", "a:\n  b: 1\n c: 1\n", "3 syntax"},
        {"not UTF-8", "a: 1\nb: \xff\n", "2 syntax"},
        {"half a character", "a: \xe7\x90", "1 syntax"},
        {"a control character", "a: \x01\n", "1 syntax"},
        {"NUL by escape", "a: \"\\0\"\n", "1 syntax"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        loaded_document(&l, "x.yaml", rows[i].text, strlen(rows[i].text));
        if (strcmp(loaded_findings(&l), rows[i].dump) != 0) {
            fail_msg("%s: %s, not %s", rows[i].why, loaded_findings(&l), rows[i].dump);
        }
        loaded_release(&l);
    }
}

/* A text of n times the same, as a document. */
static const char *repeated(const char *part, size_t n, const char *name)
{
    static char findings[200];
    struct loaded l;
    struct buf b = {0};
    buf_repeat(&b, part, n);
    loaded_document(&l, name, b.at, b.n);
    strncpy(findings, loaded_findings(&l), sizeof findings - 1);
    loaded_release(&l);
    buf_release(&b);
    return findings;
}

static void test_hostile(void **state)
{
    (void)state;
    assert_string_equal(repeated("[", 100000, "x.yaml"), "1 syntax");
    assert_string_equal(repeated("{a: ", 100000, "x.yaml"), "1 syntax");
    assert_string_equal(repeated("- ", 100000, "x.yaml"), "1 syntax");
    assert_string_equal(repeated("a: ", 100000, "x.yaml"), "1 syntax");
    assert_string_equal(repeated("a: 1\n", 100000, "x.yaml"), "2 duplicate-key");
    assert_string_equal(repeated("- 学习\n", 300000, "x.yaml"), ""); /* linear, though not ASCII */
}

/* Each line ten times the one before; and one list beside another, each as deep as may be. */
static void test_bombs(void **state)
{
    struct loaded l;
    struct buf b = {0};
    (void)state;
    buf_text(&b, "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 12; i++) {
        buf_printf(&b, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) {
            buf_printf(&b, "%s*a%d", k > 0 ? ", " : "", i - 1);
        }
        buf_text(&b, "]\n");
    }
    loaded_document(&l, "x.yaml", b.at, b.n);
    assert_string_equal(loaded_findings(&l), "4 syntax");
    loaded_release(&l);
    b.n = 0;
    buf_text(&b, "- &a ");
    buf_repeat(&b, "[", NODE_DEPTH_MOST - 50);
    buf_repeat(&b, "]", NODE_DEPTH_MOST - 50);
    buf_text(&b, "\n- ");
    buf_repeat(&b, "[", 100);
    buf_text(&b, "*a");
    buf_repeat(&b, "]", 100);
    loaded_document(&l, "x.yaml", b.at, b.n);
    assert_string_equal(loaded_findings(&l), "2 syntax");
    loaded_release(&l);
    buf_release(&b);
}

static void test_alias_places(void **state)
{
    static const char text[] = "a: &x {b: 学习}\nc: *x\nd: &y '1'\n";
    struct loaded l;
    (void)state;
    loaded_document(&l, "x.yaml", text, strlen(text));
    struct node *first = node_get(l.root, "a"), *second = node_get(l.root, "c");
    assert_at(node_get(second, "b"), "学习");
    assert_at(second, "{b: 学习}");
    assert_at(node_get(l.root, "d"), "'1'");
    assert_true(first != second && node_get(first, "b") != node_get(second, "b"));
    loaded_release(&l);
}

static void test_many_keys(void **state)
{
    struct loaded l;
    struct buf b = {0};
    (void)state;
    for (int i = 0; i < 50000; i++) {
        buf_printf(&b, "k%d: 1\n", i);
    }
    buf_text(&b, "k7: 2\n");
    loaded_document(&l, "x.yaml", b.at, b.n);
    assert_string_equal(loaded_findings(&l), "50001 duplicate-key");
    assert_int_equal(l.root->n_items, 50001);
    loaded_release(&l);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_places),
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_many_keys),    cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_alias_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
