/* test_tokens.c - the text of a script cut into words. */
#include "lua/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void test_words(void **state)
{
    (void)state;
    static const char kinds[] = "nk1ts?!";
    static const struct {
        const char *text, *expected, *why;
    } rows[] = {
        {"", "", "nothing"},
        {"a1 and _b", "n:a1 k:and n:_b", "names and keywords"},
        {"1 .5 0x1Fp-2 1e+5 3..2", "1:1 1:.5 1:0x1Fp-2 1:1e+5 1:3 s:.. 1:2", "numbers"},
        {"a..b...c", "n:a s:.. n:b s:... n:c", "the longest sign"},
        {"'a\\'b' \"c\"", "t:'a\\'b' t:\"c\"", "quotes"},
        {"[==[ ]=] ]==] x", "t:[==[ ]=] ]==] n:x", "long brackets"},
        {"a[b[1]]", "n:a s:[ n:b s:[ 1:1 s:] s:]", "which are no long brackets"},
        {"a --[[ b\n ]] c -- d\ne", "n:a n:c n:e", "comments"},
        {"a --[[ b", "n:a !: --[[ b", "a comment without its end"},
        {"'a\nb", "!:'a n:b", "a text without its end"},
        {"'a\\\nb' c", "t:'a\\\nb' n:c", "a line's end in a text"},
        {"'a\\z \n b'", "t:'a\\z \n b'", "skipped space in a text"},
        {"a != b && c ≥ 1", "n:a ?:!= n:b ?:&& n:c ?:≥ 1:1", "signs of other languages"},
        {"名 $", "?:名 ?:$", "what Lua does not have"},
        {"'", "!:'", "a quote at the end"},
        {"[=", "s:[ s:=", "nearly a long bracket"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena a = {0};
        struct buf b = {0};
        tokens all = {0};
        tokens_read(&a, str_of(rows[i].text), &all);
        buf_text(&b, "");
        for (uint32_t j = 0; j < all.n; j++) {
            str text = all.at[j].text;
            if (all.at[j].kind == TOKEN_BROKEN && text.n == 0) {
                text =
                    (str){rows[i].text + all.at[j].offset, strlen(rows[i].text + all.at[j].offset)};
            }
            buf_printf(&b, "%s%c:%.*s", j > 0 ? " " : "", kinds[all.at[j].kind], STR_ARG(text));
        }
        if (strcmp(b.at != NULL ? b.at : "", rows[i].expected) != 0) {
            fail_msg("%s: %s\ngives %s", rows[i].why, rows[i].text, b.at);
        }
        buf_release(&b);
        arena_release(&a);
    }
}

static void test_places(void **state)
{
    (void)state;
    struct arena a = {0};
    tokens all = {0};
    tokens_read(&a, str_of("a\n--[[\n]] b\n'x\\\ny' c"), &all);
    assert_int_equal(all.n, 4);
    assert_int_equal(all.at[1].line, 3);
    assert_int_equal(all.at[1].offset, 10);
    assert_int_equal(all.at[3].line, 5);
    arena_release(&a);
}

static void test_free_names(void **state)
{
    (void)state;
    struct arena a = {0};
    tokens all = {0};
    tokens_read(&a, str_of("a.b:c(d) goto e"), &all);
    static const bool expected[] = {true, false, false, false, false, false, true};
    for (size_t i = 0; i < ROWS(expected); i++) {
        assert_int_equal(tokens_is_free_name(&all, i), expected[i]);
    }
    assert_false(tokens_is_free_name(&all, 9)); /* a label */
    assert_false(tokens_is_free_name(&all, 99));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_free_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
