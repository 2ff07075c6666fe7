/* test_diag.c - findings: order, excerpts with a caret, limits, JSON. */
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Everything a test needs, made and released by each of them. */
struct bench {
    struct arena arena;
    struct diag diag;
    struct buf out;
};

static int make_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    diag_init(&b->diag, &b->arena);
    setenv("COLUMNS", "60", 1);
    *state = b;
    return 0;
}

static int drop_bench(void **state)
{
    struct bench *b = *state;
    buf_release(&b->out);
    arena_release(&b->arena);
    free(b);
    return 0;
}

static const struct source *source_of(struct bench *b, const char *name, const char *text)
{
    return source_from_text(&b->arena, name, text, strlen(text));
}

static const char *printed(struct bench *b)
{
    buf_clear(&b->out);
    buf_text(&b->out, "");
    diag_print(&b->diag, &b->out, false);
    return b->out.at != NULL ? b->out.at : "";
}

static void check(struct bench *b, const char *expected)
{
    if (strcmp(printed(b), expected) != 0)
        fail_msg("printed:\n%s\nexpected:\n%s", b->out.at, expected);
}

static void test_nothing(void **state)
{
    check(*state, "");
    struct bench *b = *state;
    diag_hint(&b->diag, "to no finding");
    diag_note(&b->diag, (span){0}, "to no finding");
    check(b, "");
    diag_json(&b->diag, &b->out);
    assert_string_equal(b->out.at, "[]\n");
}

/* The header's own drawing. */
static void test_whole(void **state)
{
    struct bench *b = *state;
    const struct source *units =
        source_of(b, "units.csv", "id\nzf-01,竹峰街道,street,理论学习,9\n");
    const struct source *rubric = source_of(b, "rubric.yaml", "a: 1\n  b: 2\n");
    size_t offset = (size_t)(strstr(units->text, "理论") - units->text);
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){units, offset, 12}, "'%s' is not a count",
             "理论学习");
    diag_hint(&b->diag, "replaced by the next");
    diag_did_you_mean(&b->diag, NULL);
    diag_did_you_mean(&b->diag, "12");
    diag_note(&b->diag, (span){rubric, 7, 1}, "the field is declared here");
    diag_note(&b->diag, (span){0}, "somewhere");
    check(b, "units.csv:2:19: error: '理论学习' is not a count [bad-encoding]\n"
             "    2 | zf-01,竹峰街道,street,理论学习,9\n"
             "      |                       ^~~~~~~~\n"
             "   hint: did you mean '12'?\n"
             "rubric.yaml:2:3: note: the field is declared here\n"
             "note: somewhere\n");
    assert_int_equal(b->diag.n_errors, 1);
}

static void test_order(void **state)
{
    struct bench *b = *state;
    const struct source *first = source_of(b, "b.csv", "xy\nz\n");
    const struct source *second = source_of(b, "a.csv", "xy\n");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){0}, "nowhere 1");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){first, 3, 1}, "later");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){second, 1, 1}, "second file");
    diag_add(&b->diag, FINDING_NUL_CHARACTER, (span){first, 1, 1}, "added first");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){first, 1, 1}, "added second");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){first, 0, 0}, "whole file");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){0}, "nowhere 2");
    check(b, "b.csv: error: whole file [bad-encoding]\n"
             "b.csv:1:2: error: added first [nul-character]\n    1 | xy\n      |  ^\n"
             "b.csv:1:2: error: added second [bad-encoding]\n    1 | xy\n      |  ^\n"
             "b.csv:2:1: error: later [bad-encoding]\n    2 | z\n      | ^\n"
             "a.csv:1:2: error: second file [bad-encoding]\n    1 | xy\n      |  ^\n"
             "error: nowhere 1 [bad-encoding]\n"
             "error: nowhere 2 [bad-encoding]\n");
}

static void test_duplicates(void **state)
{
    struct bench *b = *state;
    const struct source *s = source_of(b, "x", "abc");
    for (int i = 0; i < 3; i++)
        for (size_t length = 1; length <= 2; length++) {
            diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 1, length}, "same");
            diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 1, length}, "other");
        }
    check(b, "x:1:2: error: same [bad-encoding]\n    1 | abc\n      |  ^\n"
             "x:1:2: error: other [bad-encoding]\n    1 | abc\n      |  ^\n"
             "x:1:2: error: same [bad-encoding]\n    1 | abc\n      |  ^~\n"
             "x:1:2: error: other [bad-encoding]\n    1 | abc\n      |  ^~\n");
}

static void test_severities(void **state)
{
    struct bench *b = *state;
    assert_int_equal(diag_set_severity(&b->diag, "field-absent", SEVERITY_IGNORE), DIAG_SET);
    assert_int_equal(diag_set_severity(&b->diag, "gate-unanswered", SEVERITY_ERROR), DIAG_SET);
    assert_int_equal(diag_set_severity(&b->diag, "nul-character", SEVERITY_WARNING),
                     DIAG_STAYS_ERROR);
    assert_int_equal(diag_set_severity(&b->diag, "no-such-id", SEVERITY_WARNING), DIAG_NO_SUCH_ID);
    diag_add(&b->diag, FINDING_GATE_UNANSWERED, (span){0}, "raised");
    diag_add(&b->diag, FINDING_FIELD_ABSENT, (span){0}, "ignored");
    diag_hint(&b->diag, "this belongs to the ignored one");
    diag_note(&b->diag, (span){0}, "so does this");
    check(b, "error: raised [gate-unanswered]\n");
    assert_int_equal(b->diag.n_errors, 1);
    assert_int_equal(b->diag.n_warnings, 0);
}

static void test_catalogue(void **state)
{
    (void)state;
    assert_string_equal(finding_word(FINDING_BAD_ENCODING), "bad-encoding");
    for (int id = 0; id < N_FINDING_IDS; id++) {
        const char *word = finding_word((enum finding_id)id);
        assert_true(strlen(word) > 0);
        assert_true(strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(word));
        assert_true(strlen(finding_description((enum finding_id)id)) > 10);
        for (int other = 0; other < id; other++)
            if (strcmp(word, finding_word((enum finding_id)other)) == 0)
                fail_msg("'%s' stands twice in findings.def", word);
    }
}

static void test_more(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 25; i++)
        diag_add(&b->diag, FINDING_BAD_ENCODING, (span){0}, "number %d", i);
    for (int i = 0; i < 20; i++)
        diag_add(&b->diag, FINDING_NUL_CHARACTER, (span){0}, "exactly twenty, %d", i);
    const char *text = printed(b);
    assert_non_null(
        strstr(text, "error: number 19 [bad-encoding]\nand 5 more of [bad-encoding]\n"));
    assert_null(strstr(text, "number 20"));
    assert_non_null(strstr(text, "exactly twenty, 19"));
    assert_null(strstr(text, "more of [nul-character]"));
}

/* Far more than are kept: all are counted. */
static void test_too_many(void **state)
{
    struct bench *b = *state;
    const struct source *s = source_of(b, "x", "abc");
    for (unsigned i = 0; i < 150000; i++)
        diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 1, 1}, "%u", i);
    diag_hint(&b->diag, "to one that was only counted");
    assert_non_null(strstr(printed(b), "and 149980 more of [bad-encoding]\n"));
    assert_int_equal(b->diag.n_errors, 150000);
}

static void test_safety(void **state)
{
    struct bench *b = *state;
    const struct source *s = source_of(b, "\x1b]0;x.csv", "a\x1b[2J\u202e\xff,b\n");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 10, 1}, "'%s'", "\x1b[31m");
    diag_hint(&b->diag, "%s", "\u202e");
    check(b, "\\x1b]0;x.csv:1:9: error: '\\x1b[31m' [bad-encoding]\n"
             "    1 | a\\x1b[2J\\u202e\\xff,b\n"
             "      |                    ^\n"
             "   hint: \\u202e\n");
}

/* The line and the caret line of an excerpt 60 columns wide, 8 of them the gutter. */
static void test_excerpts(void **state)
{
#define TEN "0123456789"
#define TEN_WIDE "一二三四五六七八九十"
    static const struct {
        const char *text;
        size_t offset, length;
        const char *expected, *why;
    } rows[] = {
        {"", 0, 1, "    1 |\n      | ^\n", "an empty text"},
        {"a\n\nb", 2, 0, "    2 |\n      | ^\n", "an empty line"},
        {"abc", 3, 0, "    1 | abc\n      |    ^\n", "the end of the text"},
        {"abc\r\ndef", 1, 99, "    1 | abc\n      |  ^~\n", "not beyond the line"},
        {"abc\r\ndef", 4, 2, "    1 | abc\n      |    ^\n", "inside of a line end"},
        {"\tb\tc", 1, 1, "    1 |     b    c\n      |     ^\n", "a tab is four spaces"},
        {"a理b", 1, 3, "    1 | a理b\n      |  ^~\n", "a wide character"},
        {"e\u0301x", 3, 1, "    1 | e\u0301x\n      |  ^\n", "behind a combining one"},
        {"e\u0301x", 1, 2, "    1 | e\u0301x\n      |  ^\n", "a combining one has a caret too"},
        {TEN TEN TEN TEN TEN "xy", 51, 1,
         "    1 | " TEN TEN TEN TEN TEN "xy\n      |                                               "
         "     ^\n",
         "just fits"},
        {TEN TEN TEN TEN TEN TEN, 3, 4, "    1 | " TEN TEN TEN TEN TEN "0…\n      |    ^~~~\n",
         "cut behind"},
        {TEN TEN TEN TEN TEN TEN, 59, 1,
         "    1 | …9" TEN TEN TEN TEN TEN "\n      |                                               "
         "     ^\n",
         "cut before: the end keeps as much as fits"},
        {TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN, 50, 99,
         "    1 | …56789" TEN TEN TEN TEN "01234…\n"
         "      |                           ^~~~~~~~~~~~~~~~~~~~~~~~~\n",
         "cut on both sides, and so is the span"},
        {TEN_WIDE TEN_WIDE TEN_WIDE TEN_WIDE, 60, 6,
         "    1 | …九十" TEN_WIDE TEN_WIDE "一二三…\n"
         "      |                          ^~~~\n",
         "cut at whole characters"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        void *own = NULL;
        make_bench(&own);
        struct bench *b = own;
        const struct source *s = source_of(b, "x", rows[i].text);
        diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, rows[i].offset, rows[i].length}, "t");
        const char *excerpt = strchr(printed(b), '\n') + 1;
        if (strcmp(excerpt, rows[i].expected) != 0)
            fail_msg("%s:\n%s\nexpected:\n%s", rows[i].why, excerpt, rows[i].expected);
        drop_bench(&own);
    }
}

/* Neither a huge line nor a large line number disturbs the gutter or the time. */
static void test_huge(void **state)
{
    struct bench *b = *state;
    size_t n = (size_t)8 << 20;
    char *text = arena_alloc(&b->arena, n + 1);
    memset(text, '\n', 123455);
    memset(text + 123455, 'x', n - 123455);
    const struct source *s = source_from_text(&b->arena, "x", text, n);
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, n - 1, 1}, "t");
    check(b, "x:123456:8265153: error: t [bad-encoding]\n"
             "123456 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
             "       |                                                   ^\n");
}

static void test_color(void **state)
{
    struct bench *b = *state;
    const struct source *s = source_of(b, "x", "abc");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 0, 2}, "t");
    diag_note(&b->diag, (span){0}, "n");
    diag_add(&b->diag, FINDING_GATE_UNANSWERED, (span){s, 2, 1}, "t");
    diag_print(&b->diag, &b->out, true);
    assert_string_equal(b->out.at,
                        "\033[1mx:1:1: \033[0m\033[1;31merror: \033[0mt [bad-encoding]\n"
                        "    1 | abc\n      | \033[1;31m^~\033[0m\n"
                        "\033[1;36mnote: \033[0mn\n"
                        "\033[1mx:1:3: \033[0m\033[1;35mwarning: \033[0mt [gate-unanswered]\n"
                        "    1 | abc\n      |   \033[1;35m^\033[0m\n");
}

static void test_json(void **state)
{
    struct bench *b = *state;
    const struct source *s = source_of(b, "a\"b\\c", "ab\n理x");
    diag_add(&b->diag, FINDING_BAD_ENCODING, (span){s, 6, 1}, "\"x\"\x01");
    diag_hint(&b->diag, "h");
    diag_add(&b->diag, FINDING_GATE_UNANSWERED, (span){s, 0, 0}, "file");
    diag_add(&b->diag, FINDING_GATE_UNANSWERED, (span){0}, "none");
    diag_json(&b->diag, &b->out);
    assert_string_equal(
        b->out.at,
        "[\n {\"id\": \"gate-unanswered\", \"severity\": \"warning\", \"path\": \"a\\\"b\\\\c\", "
        "\"line\": null, \"column\": null, \"text\": \"file\", \"hint\": null},\n"
        " {\"id\": \"bad-encoding\", \"severity\": \"error\", \"path\": \"a\\\"b\\\\c\", "
        "\"line\": 2, \"column\": 2, \"text\": \"\\\"x\\\"\\\\x01\", \"hint\": \"h\"},\n"
        " {\"id\": \"gate-unanswered\", \"severity\": \"warning\", \"path\": null, "
        "\"line\": null, \"column\": null, \"text\": \"none\", \"hint\": null}\n]\n");
}

/* What was expected is taken back, and nothing else. */
static void test_taken_back(void **state)
{
    struct bench *b = *state;
    struct diag *d = &b->diag;
    const struct source *s = source_of(b, "a", "abc");
    diag_add(d, FINDING_NOT_A_COUNT, (span){s, 0, 1}, "before");
    uint32_t from = d->findings.n;
    diag_add(d, FINDING_GATE_UNANSWERED, (span){s, 0, 1}, "a warning is no error");
    diag_add(d, FINDING_NOT_A_COUNT, (span){s, 1, 1}, "'b' is no count");
    diag_add(d, FINDING_NO_REASON, (span){s, 2, 1}, "no reason");
    assert_int_equal(diag_find_error(d, from, "warning"), FINDING_NONE);
    assert_int_equal(diag_find_error(d, from, "before"), FINDING_NONE);
    assert_int_equal(diag_find_error(d, from, "no-reason"), 3);
    assert_int_equal(diag_find_error(d, from, "'b'"), 2);
    assert_int_equal(diag_find_error(d, from, NULL), 2);
    assert_string_equal(diag_text_of(d, 2), "'b' is no count (a:1:2) [not-a-count]");
    assert_int_equal(diag_id_of(d, 2), FINDING_NOT_A_COUNT);
    diag_take_back(d, 3);
    diag_hint(d, "to none");
    diag_take_back(d, 2);
    assert_int_equal(d->n_errors, 1);
    assert_int_equal(d->n_warnings, 1);
    diag_take_back(d, 1);
    diag_print(d, &b->out, false);
    assert_string_equal(b->out.at, "a:1:1: error: before [not-a-count]\n    1 | abc\n      | ^\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_bench, drop_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing),  TEST(test_whole),      TEST(test_order),    TEST(test_duplicates),
        TEST(test_more),     TEST(test_huge),       TEST(test_too_many), TEST(test_severities),
        TEST(test_excerpts), TEST(test_color),      TEST(test_safety),   TEST(test_catalogue),
        TEST(test_json),     TEST(test_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
