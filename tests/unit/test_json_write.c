/* test_json_write.c - commas, escapes, numbers as strings. */
#include "base/date.h"
#include "report/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_strings(void **state)
{
    static const struct {
        const char *why, *text, *expected;
    } rows[] = {
        {"plain", "abc", "\"abc\""},
        {"empty", "", "\"\""},
        {"Chinese stays as it is", "竹峰街道", "\"竹峰街道\""},
        {"quote and backslash", "a\"b\\c", "\"a\\\"b\\\\c\""},
        {"line ends and tabs", "a\nb\rc\td", "\"a\\nb\\rc\\td\""},
        {"control characters", "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"not UTF-8", "a\xff\xc3", "\"a\\ufffd\\ufffd\""},
        {"line ends of JavaScript", "\xe2\x80\xa8", "\"\\u2028\""},
        {"beyond the first plane", "𠮷", "\"𠮷\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        json_string(&out, rows[i].text);
        if (strcmp(out.at, rows[i].expected) != 0)
            fail_msg("%s: %s", rows[i].why, out.at);
        buf_release(&out);
    }
}

static void test_structure(void **state)
{
    struct buf out = {0};
    struct json_write w = {.out = &out};
    (void)state;
    json_open(&w, '{');
    json_key_text(&w, "a", "x");
    json_key(&w, "b");
    json_open(&w, '[');
    json_close(&w, ']');
    json_line(&w);
    json_key(&w, "c");
    json_open(&w, '[');
    json_uint(&w, 1);
    json_bool(&w, false);
    json_text(&w, NULL);
    json_line(&w);
    json_open(&w, '{');
    json_close(&w, '}');
    json_close(&w, ']');
    json_key_text(&w, "d", "y");
    json_close(&w, '}');
    assert_string_equal(out.at, "{\"a\": \"x\", \"b\": [],\n"
                                " \"c\": [1, false, null,\n"
                                "  {}], \"d\": \"y\"}");
    buf_release(&out);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *why;
        dec d;
        int places;
        const char *expected;
    } rows[] = {
        {"places are kept", 17 * DEC_ONE, 2, "[\"17.00\"]"},
        {"as many as needed", 17 * DEC_ONE / 2, DEC_EXACT, "[\"8.5\"]"},
        {"eight", 1, 8, "[\"0.00000001\"]"},
        {"none", DEC_NONE, 2, "[null]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        struct json_write w = {.out = &out};
        json_open(&w, '[');
        json_dec(&w, rows[i].d, rows[i].places);
        json_close(&w, ']');
        if (strcmp(out.at, rows[i].expected) != 0)
            fail_msg("%s: %s", rows[i].why, out.at);
        buf_release(&out);
    }
}

static void test_percent_and_date(void **state)
{
    struct buf out = {0};
    struct json_write w = {.out = &out};
    (void)state;
    json_open(&w, '[');
    json_percent(&w, 9650 * DEC_ONE / 100);
    json_percent(&w, DEC_NONE);
    json_date(&w, date_from_ymd(2025, 1, 30));
    json_date(&w, DATE_NONE);
    json_close(&w, ']');
    assert_string_equal(out.at, "[\"96.50%\", null, \"2025-01-30\", null]");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_percent_and_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
