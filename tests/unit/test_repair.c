/* test_repair.c - what was lost, sorted by what mending it alone would bring. */
#include "analyse/repair.h"
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_list(void **state)
{
    struct made m;
    repairs list = {0};
    (void)state;
    made_init(&m, NULL, 0);
    uint32_t study = made_section(&m, RUBRIC_ROOT, "study", "学习", "60");
    uint32_t a = made_item(&m, study, "a", "甲", "20", FIELD_NONE);
    uint32_t b = made_item(&m, study, "b", "乙", "20", FIELD_NONE);
    uint32_t c = made_item(&m, study, "c", "丙", "20", FIELD_NONE);
    uint32_t na = made_item(&m, study, "na", "丁", "20", FIELD_NONE);
    uint32_t bonus = made_section(&m, MEMBER_NONE, "bonus", "加分", "5");
    made_item(&m, bonus, "praise", "表扬", "5", FIELD_NONE); /* earns 0: no loss */
    uint32_t deductions = made_section(&m, MEMBER_NONE, "deductions", "扣分", "5");
    uint32_t blame = made_item(&m, deductions, "blame", "批评", "5", FIELD_NONE);
    made_grade(&m, "优秀", "90")->quota =
        (struct quota){.given = true, .is_count = true, .count = made_num(&m, "1")};
    made_grade(&m, "良好", "80");
    made_grade(&m, "合格", NULL);
    made_ready(&m, 3);
    made_unit(&m, "first", "street", "92");
    made_unit(&m, "second", "street", "85");
    made_unit(&m, "third", "street", "75");
    made_points(&m, 2, a, "17");    /* + 3 */
    made_points(&m, 2, b, "8");     /* + 12 */
    made_points(&m, 2, blame, "3"); /* + 3, later in the sheet than a */
    *made_cell(&m, 2, na) = (struct cellres){.points = DEC_NONE, .state = STATE_NA};
    made_rank(&m);
    repair_list(&m.arena, &m.result, 2, &list);

    static const struct {
        const char *lost, *gain, *total;
        uint32_t rank, grade;
    } rows[] = {
        {"12", "12", "87", 2, 1},
        {"3", "3", "78", 3, 2},
        {"3", "3", "78", 3, 2},
    };
    const uint32_t items[] = {b, a, blame};
    assert_int_equal(list.n, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(list.at[i].item, items[i]);
        assert_int_equal(list.at[i].lost, made_dec(rows[i].lost));
        assert_int_equal(list.at[i].gain, made_dec(rows[i].gain));
        assert_int_equal(list.at[i].total, made_dec(rows[i].total));
        assert_int_equal(list.at[i].rank, rows[i].rank);
        assert_int_equal(list.at[i].grade, rows[i].grade);
    }
    (void)c;
    assert_int_equal(m.result.outcomes[2].rank, 3); /* the result is as it was */
    made_release(&m);
}

/* Enough points for the best grade, and better than the one who holds its only seat: both change.
 */
static void test_takes_the_seat(void **state)
{
    struct made m;
    repairs list = {0};
    (void)state;
    made_init(&m, NULL, 0);
    uint32_t a = made_item(&m, RUBRIC_ROOT, "a", "甲", "30", FIELD_NONE);
    made_grade(&m, "优秀", "90")->quota =
        (struct quota){.given = true, .is_count = true, .count = made_num(&m, "1")};
    made_grade(&m, "良好", NULL);
    made_ready(&m, 2);
    made_unit(&m, "first", "street", "92");
    made_unit(&m, "second", "street", "75");
    made_points(&m, 1, a, "10"); /* + 20: 95 */
    made_rank(&m);
    repair_list(&m.arena, &m.result, 1, &list);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.at[0].rank, 1);
    assert_int_equal(list.at[0].grade, 0);
    made_release(&m);
}

static void test_nothing_lost(void **state)
{
    struct made m;
    repairs list = {0};
    (void)state;
    made_init(&m, NULL, 0);
    made_item(&m, RUBRIC_ROOT, "a", "甲", "30", FIELD_NONE);
    made_ready(&m, 2);
    made_unit(&m, "full", "street", "100");
    made_unit(&m, "broken", "street", NULL);
    m.result.outcomes[1].state = UNIT_ERROR;
    made_points(&m, 1, 1, "0");
    made_rank(&m);
    repair_list(&m.arena, &m.result, 0, &list);
    repair_list(&m.arena, &m.result, 1, &list); /* a unit that was not scored has nothing to mend */
    assert_int_equal(list.n, 0);
    made_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_takes_the_seat),
        cmocka_unit_test(test_nothing_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
