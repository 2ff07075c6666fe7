/* test_json.c - JSON to nodes, by the letter of RFC 8259. */
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *why, *text, *wanted;
};

static void test_values(void **state)
{
    static const struct row rows[] = {
        {"numbers keep their digits", "[12.50, -0, 10000000000000000000001]",
         "list\n  - 12.50\n  - -0\n  - 10000000000000000000001\n"},
        {"exponents are written out", "[1e3, 1.5E+1, -1e-07, 12.5e-1, 0e5, 1e40]",
         "list\n  - 1000\n  - 15\n  - -0.0000001\n  - 1.25\n  - 000000\n  - 1e40\n"},
        {"words", "{\"a\": true, \"b\": false, \"c\": null}",
         "map\n  \"a\": true\n  \"b\": false\n  \"c\": null\n"},
        {"escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\"\\/\\x08\\x0c\\x0a\\x0d\\x09\"\n"},
        {"characters by number", "\"\\u5b66\\u0041\\u00e9\\uD840\\uDC00\"", "\"学Aé𠀀\"\n"},
        {"characters as they are", "\"学𠀀\"", "\"学𠀀\"\n"},
        {"nothing in them", "[{}, [], \"\"]", "list\n  - map\n  - list\n  - \"\"\n"},
        {"space all around", " \r\n\t[ 1 , 2 ] \n", "list\n  - 1\n  - 2\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        loaded_document(&l, "x.json", rows[i].text, strlen(rows[i].text));
        assert_string_equal(loaded_findings(&l), "");
        assert_string_equal(loaded_dump(&l), rows[i].wanted);
        loaded_release(&l);
    }
}

static void test_kinds(void **state)
{
    static const char text[] = "{\"空\": null, \"真\": true, \"文\": \"null\"}";
    struct loaded l;
    (void)state;
    loaded_document(&l, "x.json", text, strlen(text));
    assert_true(node_get(l.root, "空")->is_null);
    assert_false(node_get(l.root, "空")->bad);
    assert_true(node_is(node_get(l.root, "真"), "true"));
    assert_false(node_get(l.root, "文")->is_null); /* a text that reads null is a text */
    assert_true(node_get(l.root, "文")->quoted);
    assert_int_equal(node_get(l.root, "真")->at.offset, strlen("{\"空\": null, \"真\": "));
    assert_int_equal(node_get(l.root, "真")->at.length, 4);
    loaded_release(&l);
}

static void test_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "0 syntax"},
        {"only space", "  \n", "0 syntax"},
        {"more behind it", "{}\n{}", "2 syntax"},
        {"a comma too many", "[1,\n]", "1 syntax"},
        {"a comma too many in a map", "{\"a\": 1,}", "1 syntax"},
        {"no comma", "[1\n2]", "2 syntax"},
        {"no colon", "{\"a\"\n1}", "2 syntax"},
        {"a key without quotes", "{a: 1}", "1 syntax"},
        {"a number as a key", "{1: 1}", "1 syntax"},
        {"no value", "{\"a\": }", "1 syntax"},
        {"an end too soon", "[1, [2", "1 syntax"},
        {"an open text", "[\n\"abc", "2 syntax"},
        {"a text over two lines", "\"a\nb\"", "1 syntax"},
        {"a tab in a text", "\"a\tb\"", "1 syntax"},
        {"an unknown escape", "\"\\x\"", "1 syntax"},
        {"an escape at the end", "\"\\", "1 syntax"},
        {"three digits", "\"\\u123\"", "1 syntax"},
        {"half a pair", "\"\\uD840x\"", "1 syntax"},
        {"the other half", "\"\\uDC00\"", "1 syntax"},
        {"a pair of first halves", "\"\\uD840\\uD840\"", "1 syntax"},
        {"NUL by escape", "\"\\u0000\"", "1 syntax"},
        {"a zero before", "[01]", "1 syntax"},
        {"a plus", "[+1]", "1 syntax"},
        {"no digit before the point", "[.5]", "1 syntax"},
        {"no digit after it", "[5.]", "1 syntax"},
        {"no exponent", "[1e]", "1 syntax"},
        {"only a sign", "[-]", "1 syntax"},
        {"JavaScript's words", "[NaN]", "1 syntax"},
        {"capitals", "[True]", "1 syntax"},
        {"single quotes", "['a']", "1 syntax"},
        {"a comment", "// x\n1", "1 syntax"},
        {"not UTF-8", "\"\xc0\x80\"", "1 syntax"},
        {"a surrogate as bytes", "\"\xed\xa0\x80\"", "1 syntax"},
        {"a key twice", "{\"a\": 1,\n \"a\": 2}", "2 duplicate-key"},
        {"the same key by escape", "{\"a\": 1,\n \"\\u0061\": 2}", "2 duplicate-key"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        loaded_document(&l, "x.json", rows[i].text, strlen(rows[i].text));
        if (strcmp(loaded_findings(&l), rows[i].wanted) != 0) {
            fail_msg("%s: %s, not %s", rows[i].why, loaded_findings(&l), rows[i].wanted);
        }
        loaded_release(&l);
    }
}

static void test_depth(void **state)
{
    struct loaded l;
    struct buf b = {0};
    (void)state;
    buf_repeat(&b, "[", NODE_DEPTH_MOST);
    buf_repeat(&b, "]", NODE_DEPTH_MOST);
    loaded_document(&l, "x.json", b.at, b.n);
    assert_string_equal(loaded_findings(&l), "");
    loaded_release(&l);
    buf_clear(&b);
    buf_repeat(&b, "[", 1000000); /* would be a million calls deep */
    loaded_document(&l, "x.json", b.at, b.n);
    assert_string_equal(loaded_findings(&l), "1 syntax");
    loaded_release(&l);
    buf_release(&b);
}

/* The dumps of what comes, one after the other. */
static const char *all_of(struct arena *a, struct json_units *units)
{
    struct buf out = {0};
    struct node *n;
    while ((n = json_units_next(units)) != NULL) {
        node_dump(n, &out);
    }
    json_units_release(units);
    const char *text = arena_text(a, out.at ? out.at : "", out.n);
    buf_release(&out);
    return text;
}

static void test_list_by_element(void **state)
{
    static const char text[] = "{\"units\": [1, {\"a\": [2, 3], \"a\": 4}, \"x\"],\n \"no\": []}";
    struct loaded l;
    (void)state;
    loaded_document(&l, "none.json", "0", 1);
    const struct source *s = source_from_text(&l.arena, "x.json", text, sizeof text - 1);
    struct node *root = json_read_frame(&l.arena, &l.diag, s);
    assert_string_equal(loaded_findings(&l), "1 duplicate-key");
    struct node *units = node_get(root, "units"), *none = node_get(root, "no");
    assert_int_equal(units->n_items, 0);
    assert_int_equal(units->n_passed, 3);
    assert_string_equal(
        all_of(&l.arena, json_units_of(&l.arena, units)),
        "1  @1:12\nmap  @1:15\n  \"a\": list  @1:21\n    - 2  @1:22\n    - 3  @1:25\n"
        "  \"a\": 4  @1:34\n\"x\"  @1:38\n");
    assert_string_equal(all_of(&l.arena, json_units_of(&l.arena, none)), "");
    assert_string_equal(loaded_findings(&l), "1 duplicate-key"); /* not said again */
    const struct node *again = json_read_again(&l.arena, s, 14);
    assert_int_equal(again->kind, NODE_MAP);
    assert_int_equal(again->n_items, 2);
    loaded_release(&l);
}

static void test_lines(void **state)
{
    static const char text[] = "\n{\"a\": 1}\r\n  \n[1,\n\"x\n{} {}\n{\"b\": [2]}";
    struct loaded l;
    (void)state;
    loaded_document(&l, "none.json", "0", 1);
    const struct source *s = source_from_text(&l.arena, "x.ndjson", text, sizeof text - 1);
    assert_string_equal(
        all_of(&l.arena, json_units_of_lines(&l.arena, &l.diag, s)),
        "map  @2:1\n  \"a\": 1  @2:7\nmap  @7:1\n  \"b\": list  @7:7\n    - 2  @7:8\n");
    assert_string_equal(loaded_findings(&l), "4 syntax, 5 syntax, 6 syntax");
    loaded_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),          cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_depth),
        cmocka_unit_test(test_list_by_element), cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
