/* test_grid.c - columns under Chinese text, numbers on the point, what gives way when it is narrow;
 * and wrapping. */
#include "report/grid.h"
#include "report/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add(struct grid *g, const char *rank, const char *unit, const char *total,
                const char *grade)
{
    grid_row(g);
    grid_cell(g, rank, GRID_PLAIN);
    grid_cell(g, unit, GRID_PLAIN);
    grid_cell(g, total, GRID_BOLD);
    grid_cell(g, grade, GRID_RED);
}

static struct grid sample(struct arena *a)
{
    struct grid g = {.arena = a};
    grid_column(&g, GRID_NUMBER, "rank", 4, 0);
    grid_column(&g, GRID_TEXT, "unit", 8, 0);
    grid_column(&g, GRID_NUMBER, "total", 5, 0);
    grid_column(&g, GRID_TEXT, "grade", 4, 1);
    add(&g, "1", "竹峰街道", "87.25", "良好");
    add(&g, "10", "zf-2", "9.5", NULL);
    add(&g, NULL, "江湾街道办事处综合科", "–", "合格");
    return g;
}

static void test_layout(void **state)
{
    static const struct {
        const char *why;
        int width;
        const char *expected;
    } rows[] = {
        {"as wide as it is", 80,
         "rank  unit                  total  grade\n"
         "   1  竹峰街道              87.25  良好\n"
         "  10  zf-2                   9.5\n"
         "      江湾街道办事处综合科   –     合格\n"},
        {"text gives way, to at least 8 columns", 30,
         "rank  unit        total  grade\n"
         "   1  竹峰街道    87.25  良好\n"
         "  10  zf-2         9.5\n"
         "      江湾街道…    –     合格\n"},
        {"then a column goes", 24,
         "rank  unit         total\n"
         "   1  竹峰街道     87.25\n"
         "  10  zf-2          9.5\n"
         "      江湾街道办…   –\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        struct buf out = {0};
        struct grid g = sample(&a);
        grid_print(&g, 0, rows[i].width, false, &out);
        if (strcmp(out.at, rows[i].expected) != 0)
            fail_msg("%s:\n%s", rows[i].why, out.at);
        buf_release(&out);
        arena_release(&a);
    }
}

static void test_dropped_and_color(void **state)
{
    struct arena a = {0};
    struct buf out = {0};
    struct grid g = sample(&a);
    (void)state;
    grid_print(&g, 0, 24, false, &out);
    assert_true(g.columns.at[3].dropped);
    assert_false(g.columns.at[1].dropped); /* without leave to drop it stays, however narrow */
    buf_clear(&out);
    grid_print(&g, 2, 80, true, &out);
    assert_non_null(strstr(out.at, "\033[1m87.25\033[0m"));
    assert_non_null(strstr(out.at, "\033[31m良好\033[0m"));
    assert_int_equal(strncmp(out.at, "  ", 2), 0);
    buf_release(&out);
    arena_release(&a);
}

static void test_fit(void **state)
{
    static const struct {
        const char *why, *text;
        int columns;
        const char *expected;
        int width;
    } rows[] = {
        {"fits", "竹峰", 4, "竹峰", 4},
        {"half a wide character does not", "竹峰街", 4, "竹…", 3},
        {"narrow", "abcdef", 4, "abc…", 4},
        {"no room at all", "abc", 1, "…", 1},
        {"empty", "", 0, "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        int width = grid_fit(&out, rows[i].text, rows[i].columns);
        if (strcmp(out.at ? out.at : "", rows[i].expected) != 0 || width != rows[i].width)
            fail_msg("%s: %s (%d)", rows[i].why, out.at, width);
        buf_release(&out);
    }
}

static void test_wrap(void **state)
{
    static const struct {
        const char *why, *text;
        int width;
        const char *expected;
    } rows[] = {
        {"fits", "one two", 12, "- one two\n"},
        {"between words", "one two three", 10, "- one two\n  three\n"},
        {"between characters", "理论学习中心组", 10, "- 理论学习\n  中心组\n"},
        {"no mark begins a line", "理论学习，中心组", 10, "- 理论学\n  习，中心\n  组\n"},
        {"no bracket ends one", "理论学（习中心组", 10, "- 理论学\n  （习中心\n  组\n"},
        {"a number stays whole", "理论学12345", 10, "- 理论学\n  12345\n"},
        {"but not one longer than the line", "123456789012", 10, "- 12345678\n  9012\n"},
        {"spaces at a line's end go", "abc    def", 7, "- abc\n  def\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        wrap_line(&out, rows[i].text, "- ", 0, rows[i].width);
        if (strcmp(out.at, rows[i].expected) != 0)
            fail_msg("%s:\n%s", rows[i].why, out.at);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_dropped_and_color),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
