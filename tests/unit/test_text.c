/* test_text.c - UTF-8 as people see it: validity, width, folding, safe showing, nearest names. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void test_slices(void **state)
{
    (void)state;
    assert_true(str_is(str_of(NULL), ""));
    assert_true(str_eq((str){NULL, 0}, STR("")));
    assert_true(str_eq(STR("理论"), str_of("理论")));
    assert_false(str_eq(STR("理论"), STR("理")));
    assert_false(str_is(STR("a"), "b"));
    assert_true(str_starts(STR("points.study"), "points."));
    assert_true(str_starts((str){NULL, 0}, ""));
    assert_false(str_starts(STR("po"), "points."));
    assert_true(str_ends(STR("67.57%"), "%"));
    assert_true(str_ends(STR("x"), ""));
    assert_false(str_ends(STR("%"), "7%"));
}

static void test_trim(void **state)
{
    static const struct {
        const char *text, *expected, *why;
    } rows[] = {
        {"", "", "nothing"},
        {"x", "x", "nothing to do"},
        {"  x y\t", "x y", "only the ends"},
        {"\r\n x\n", "x", "line ends of a quoted cell"},
        {"　理论　", "理论", "full-width spaces"},
        {"\u00a0理论\u00a0", "理论", "no-break spaces, as web pages leave them"},
        {"\u200b\ufeff理论\u200d", "理论", "zero-width marks"},
        {"\u202e x", "x", "a mark that turns the direction"},
        {"　 \u200b", "", "nothing but space"},
        {"\xff x \xff", "\xff x \xff", "invalid bytes stay"},
        {"\x80", "\x80", "a lone continuation byte at both ends"},
        {" \xe7\x90", "\xe7\x90", "half a character"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (!str_is(str_trim(str_of(rows[i].text)), rows[i].expected))
            fail_msg("%s", rows[i].why);
    assert_int_equal(str_trim((str){NULL, 0}).n, 0);
}

static void test_decode(void **state)
{
    static const struct {
        const char *bytes;
        size_t n, size;
        uint32_t c;
        const char *why;
    } rows[] = {
        {"a", 1, 1, 'a', "ASCII"},
        {"\0", 1, 1, 0, "NUL is a character"},
        {"\x7f", 1, 1, 0x7f, "the last of one byte"},
        {"\xc2\x80", 2, 2, 0x80, "the first of two"},
        {"\xdf\xbf", 2, 2, 0x7ff, "the last of two"},
        {"\xe0\xa0\x80", 3, 3, 0x800, "the first of three"},
        {"\xe7\x90\x86", 3, 3, 0x7406, "理"},
        {"\xed\x9f\xbf", 3, 3, 0xd7ff, "before the surrogates"},
        {"\xee\x80\x80", 3, 3, 0xe000, "behind the surrogates"},
        {"\xef\xbf\xbf", 3, 3, 0xffff, "the last of three"},
        {"\xf0\x90\x80\x80", 4, 4, 0x10000, "the first of four"},
        {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff, "the last of all"},
        {"\x80", 1, 0, 0, "a lone continuation"},
        {"\xc0\x80", 2, 0, 0, "overlong NUL"},
        {"\xc1\xbf", 2, 0, 0, "overlong ASCII"},
        {"\xe0\x9f\xbf", 3, 0, 0, "overlong three"},
        {"\xf0\x8f\xbf\xbf", 4, 0, 0, "overlong four"},
        {"\xed\xa0\x80", 3, 0, 0, "a surrogate"},
        {"\xf4\x90\x80\x80", 4, 0, 0, "beyond U+10FFFF"},
        {"\xf5\x80\x80\x80", 4, 0, 0, "never a first byte"},
        {"\xff", 1, 0, 0, "never a byte"},
        {"\xe7\x90\x86", 2, 0, 0, "cut off"},
        {"\xe7\x41\x86", 3, 0, 0, "no continuation"},
        {"\xe7\x90\x41", 3, 0, 0, "no second continuation"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        uint32_t c = 0;
        size_t size = utf8_decode(rows[i].bytes, rows[i].n, &c);
        if (size != rows[i].size || c != rows[i].c)
            fail_msg("%s: %zu bytes, U+%04X", rows[i].why, size, (unsigned)c);
    }
}

static void test_valid_and_count(void **state)
{
    static const struct {
        const char *text;
        size_t valid, count;
        const char *why;
    } rows[] = {
        {"", 0, 0, "nothing"},
        {"0123456789abcdef", 16, 16, "two steps of eight"},
        {"0123456789abcde\xff", 15, 16, "bad in the second step"},
        {"0123456理x", 11, 9, "a character over the step's end"},
        {"理论学习", 12, 4, "Chinese"},
        {"理\xff论", 3, 3, "an invalid byte counts as one"},
        {"理\xe8\xae", 3, 3, "so does each byte of half a character"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        size_t n = strlen(rows[i].text);
        size_t valid = utf8_valid(rows[i].text, n), count = utf8_count(rows[i].text, n);
        if (valid != rows[i].valid || count != rows[i].count)
            fail_msg("%s: valid to %zu, %zu characters", rows[i].why, valid, count);
    }
}

/* Long runs of Chinese with a byte broken somewhere, held against utf8_decode one by one. */
static void test_valid_at_random(void **state)
{
    static const char *const pieces[] = {"理", "论", "一", "힣",    "\u1000",
                                         "é",  "𠀀", "a",  "\u0800"};
    uint64_t seed = 11;
    uint32_t broken = 0;
    (void)state;
    for (uint32_t round = 0; round < 100000; round++) {
        char text[128] = "";
        size_t n = 0, valid = 0, size;
        uint32_t c;
        uint64_t draw;
        do {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            draw = seed >> 33;
            const char *piece = pieces[draw % 16 < ROWS(pieces) ? draw % 16 : 0];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        } while (draw % 31 != 0 && n < 100);
        if (draw % 2 == 0)
            text[(draw >> 8) % n] = (char)(draw >> 16);
        while (valid < n && (size = utf8_decode(text + valid, n - valid, &c)) > 0)
            valid += size;
        if (utf8_valid(text, n) != valid)
            fail_msg("round %u: valid to %zu, not %zu", round, utf8_valid(text, n), valid);
        broken += valid < n;
    }
    assert_in_range(broken, 10000, 90000);
}

static void test_width(void **state)
{
    static const struct {
        const char *text;
        int width;
        size_t fits_4; /* bytes that fit in four columns */
        const char *why;
    } rows[] = {
        {"", 0, 0, "nothing"},
        {"abcdef", 6, 4, "ASCII"},
        {"理论学习", 8, 6, "two columns each"},
        {"a理论b", 6, 4, "a wide character does not fit half"},
        {"（一）", 6, 6, "full-width brackets"},
        {"、。《》", 8, 6, "Chinese punctuation is wide"},
        {"“一”", 4, 9, "quotation marks are narrow on terminals"},
        {"e\u0301a\u0301", 2, 6, "combining accents take no column"},
        {"abcd\u0301e", 5, 6, "and belong to what fits"},
        {"\u200b\ufeff", 0, 6, "neither do zero-width characters"},
        {"ﾊﾝｶｸ", 4, 12, "half-width forms"},
        {"①②", 2, 6, "ambiguous characters as one"},
        {"😀", 2, 4, "an emoji"},
        {"𠀀𠀁", 4, 8, "characters beyond 16 bits"},
        {"\xff\xfe", 2, 2, "an invalid byte is one"},
    };
    static const char *const locales[] = {"C", "C.UTF-8"};
    (void)state;
    for (size_t k = 0; k < ROWS(locales); k++) {
        setenv("LC_ALL", locales[k], 1);
        for (size_t i = 0; i < ROWS(rows); i++) {
            size_t n = strlen(rows[i].text);
            int width = text_width(rows[i].text, n);
            size_t fits = text_fit(rows[i].text, n, 4);
            if (width != rows[i].width || fits != rows[i].fits_4)
                fail_msg("%s: width %d, %zu bytes fit", rows[i].why, width, fits);
        }
    }
    assert_int_equal(text_fit("理论", 6, 0), 0);
}

static void test_fold(void **state)
{
    static const struct {
        const char *text, *expected, *why;
    } rows[] = {
        {"", "", "nothing"},
        {"abc_1", "abc_1", "nothing to do"},
        {"Study Sessions", "studysessions", "case and spaces"},
        {"理论学习", "理论学习", "plain Chinese"},
        {"理论 学习\t次数", "理论学习次数", "spaces within"},
        {"理论　学习", "理论学习", "full-width space"},
        {"１２．５％", "12.5%", "full-width digits"},
        {"ＡＢ（一）", "ab(一)", "full-width letters and brackets"},
        {"ｶﾞ", "ガ", "half-width forms are joined"},
        {"①", "1", "circled digits"},
        {"㎡", "m2", "squared units"},
        {"豈", "豈", "a compatibility character"},
        {"e\u0301", "é", "composed"},
        {"理\u200b论\ufeff", "理论", "zero-width characters"},
        {"x\u00a0y\u2003z", "xyz", "other spaces"},
        {"A\xff B",
         "a\xff"
         "b",
         "invalid bytes stay, the rest is folded"},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        str folded = text_fold(&a, str_of(rows[i].text));
        if (!str_is(folded, rows[i].expected))
            fail_msg("%s: '%.*s'", rows[i].why, STR_ARG(folded));
    }
    /* Longer than the buffer on the stack, in and out. */
    char *longer = arena_alloc(&a, 3001);
    for (int i = 0; i < 1000; i++)
        memcpy(longer + 3 * i, "Ａ", 3);
    assert_int_equal(text_fold(&a, (str){longer, 3000}).n, 1000);
    arena_release(&a);
}

static void test_safe(void **state)
{
    static const struct {
        const char *text, *expected, *why;
    } rows[] = {
        {"", "", "nothing"},
        {"理论 learning", "理论 learning", "nothing to do"},
        {"\x1b[31m", "\\x1b[31m", "a terminal command"},
        {"a\tb\nc\rd", "a\\x09b\\x0ac\\x0dd", "a message is one line"},
        {"\x7f", "\\x7f", "delete"},
        {"\xc2\x9b"
         "1m",
         "\\u009b1m", "a C1 control starts commands too"},
        {"\u202eabc\u202c", "\\u202eabc\\u202c", "turns the direction"},
        {"\u2066\u2069\u200e\u200f", "\\u2066\\u2069\\u200e\\u200f", "the other direction marks"},
        {"a\u200bb\u2060\ufeff", "a\\u200bb\\u2060\\ufeff", "what nobody sees"},
        {"\u2028", "\\u2028", "a line end of Unicode"},
        {"\U000e0041", "\\U000e0041", "invisible tags"},
        {"\xff理\xe7\x90", "\\xff理\\xe7\\x90", "invalid bytes"},
        {"\\x1b", "\\x1b", "a backslash is itself"},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const char *safe = text_safe(&a, str_of(rows[i].text));
        if (strcmp(safe, rows[i].expected) != 0)
            fail_msg("%s: '%s'", rows[i].why, safe);
    }
    assert_string_equal(text_safe(&a, (str){"a\0b", 3}), "a\\x00b");
    arena_release(&a);
}

static void test_distance(void **state)
{
    static const struct {
        const char *a, *b;
        int most, expected;
        const char *why;
    } rows[] = {
        {"", "", 3, 0, "nothing"},
        {"", "abc", 3, 3, "all inserted"},
        {"abc", "", 3, 3, "all deleted"},
        {"study", "study", 3, 0, "the same"},
        {"study", "stady", 3, 1, "replaced"},
        {"study", "studyy", 3, 1, "inserted"},
        {"study", "tudy", 3, 1, "deleted"},
        {"study", "stduy", 3, 1, "two swapped are one edit"},
        {"kitten", "sitting", 3, 3, "the textbook's"},
        {"ca", "abc", 3, 3, "no edits inside a swap"},
        {"理论学习", "理论学刁", 3, 1, "characters, not bytes"},
        {"abcdef", "uvwxyz", 2, 3, "far is most + 1"},
        {"a", "abcdefgh", 2, 3, "by length alone"},
        {"\xff"
         "a",
         "\xfe"
         "a",
         2, 1, "invalid bytes differ"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int there = text_distance(str_of(rows[i].a), str_of(rows[i].b), rows[i].most);
        int back = text_distance(str_of(rows[i].b), str_of(rows[i].a), rows[i].most);
        if (there != rows[i].expected || back != rows[i].expected)
            fail_msg("%s: %d and %d", rows[i].why, there, back);
    }
    char longer[400];
    memset(longer, 'x', sizeof longer);
    str s = {longer, sizeof longer}, t = {longer, sizeof longer - 1};
    assert_int_equal(text_distance(s, s, 3), 0);
    assert_int_equal(text_distance(s, t, 3), 4); /* too long to say */
}

static void test_nearest(void **state)
{
    static const struct {
        const char *name, *candidates[4], *expected, *why;
    } rows[] = {
        {"study_sesions",
         {"report_date", "study_sessions"},
         "study_sessions",
         "a letter forgotten"},
        {"Study_Sessions", {"study_sessions"}, "study_sessions", "case"},
        {"ｆｉｅｌｄ", {"field"}, "field", "full width"},
        {"ponits", {"points", "parts"}, "points", "two swapped"},
        {"理论学刁", {"组织领导", "理论学习"}, "理论学习", "one of four characters"},
        {"合各", {"不合格", "合格"}, "合格", "one of two"},
        {"理论", {"学习"}, NULL, "nothing in common"},
        {"理论学刁", {"理论教育"}, NULL, "two of four are another name"},
        {"a", {"b"}, NULL, "one character is only itself"},
        {"是", {"否"}, NULL, "so in Chinese"},
        {"lose", {"late", "lost", "nose"}, "lost", "ties keep the first"},
        {"lost", {"lose", "lost"}, "lost", "a better one replaces it"},
        {"xxxxxxxxxxxxxxxx", {"xxxxxxxxxxxxyyyy"}, NULL, "never more than three edits"},
        {"anything", {NULL}, NULL, "no candidates"},
        {"", {"a"}, NULL, "no name"},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct nearest nearest = {.name = str_of(rows[i].name)};
        for (size_t k = 0; k < ROWS(rows[i].candidates); k++)
            nearest_offer(&nearest, rows[i].candidates[k]);
        const char *got = nearest_name(&nearest, &a);
        if ((got == NULL) != (rows[i].expected == NULL) ||
            (got != NULL && strcmp(got, rows[i].expected) != 0))
            fail_msg("%s (%s): %s", rows[i].name, rows[i].why, got != NULL ? got : "(none)");
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_valid_and_count),
        cmocka_unit_test(test_valid_at_random),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
