/* test_deficiency.c - which flags an item, a gate and a unit raise, with what was lost and until
 * when. */
#include "analyse/deficiency.h"
#include "base/date.h"
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BIT(flag) (1U << (flag))

struct world {
    struct made m;
    uint32_t field, study, item, extra, off;
};

static void init(struct world *w)
{
    struct made *m = &w->m;
    made_init(m, NULL, 0);
    w->field = made_field(m, "sessions", "学习次数", FIELD_COUNT);
    w->study = made_section(m, RUBRIC_ROOT, "study", "理论学习", "40");
    w->item = made_item(m, w->study, "learn", "集中学习", "20", w->field);
    uint32_t bonus = made_section(m, MEMBER_NONE, "bonus", "加分", "5");
    w->extra = made_item(m, bonus, "praise", "表扬", "5", FIELD_NONE);
    uint32_t deductions = made_section(m, MEMBER_NONE, "deductions", "扣分", "5");
    w->off = made_item(m, deductions, "blame", "通报批评", "5", FIELD_NONE);
}

static struct deficiency_rule *rule_of(struct world *w)
{
    return &w->m.rubric.members.at[w->item].deficiency;
}

/* ---- one item ---- */

struct item_row {
    const char *why, *points, *below;
    enum member_state state;
    uint32_t flags;
    bool none;
    uint32_t n;
    enum flag kinds[3];
    const char *lost; /* of the first */
};

static void check_item(const struct item_row *row)
{
    struct world w;
    deficiencies list = {0};
    init(&w);
    rule_of(&w)->below = row->below ? made_num(&w.m, row->below) : (struct num){0};
    rule_of(&w)->none = row->none;
    made_ready(&w.m, 1);
    made_unit(&w.m, "a", "street", "80");
    struct cellres *cell = made_cell(&w.m, 0, w.item);
    *cell = (struct cellres){.points = made_dec(row->points),
                             .flags = (uint16_t)row->flags,
                             .state = (uint8_t)row->state,
                             .counts = row->points != NULL};
    deficiency_list(&w.m.arena, &w.m.result, 0, &list);
    if (list.n != row->n || deficiency_count(&w.m.result, 0) != row->n)
        fail_msg("%s: %u deficiencies, %u counted, not %u", row->why, list.n,
                 deficiency_count(&w.m.result, 0), row->n);
    for (uint32_t i = 0; i < list.n; i++) {
        if (list.at[i].kind != row->kinds[i])
            fail_msg("%s: %s", row->why, flag_word(list.at[i].kind));
        assert_int_equal(list.at[i].lost, i == 0 && row->lost ? made_dec(row->lost) : 0);
        assert_non_null(list.at[i].text);
    }
    made_release(&w.m);
}

static void test_items(void **state)
{
    static const struct item_row rows[] = {
        {"below 60% of 20", "11.99", "60", STATE_SCORED, 0, false, 1, {FLAG_SHORTFALL}, "8.01"},
        {"60% itself is not below", "12", "60", STATE_SCORED, 0, false, 0, {0}, NULL},
        {"any loss, under 100%",
         "19.99",
         "100",
         STATE_SCORED,
         0,
         false,
         1,
         {FLAG_SHORTFALL},
         "0.01"},
        {"full marks never flag", "20", "100", STATE_SCORED, 0, false, 0, {0}, NULL},
        {"more than full marks", "21", "100", STATE_SCORED, 0, false, 0, {0}, NULL},
        {"no threshold", "0", NULL, STATE_SCORED, 0, false, 0, {0}, NULL},
        {"deficiency: none", "0", "60", STATE_SCORED, 0, true, 0, {0}, NULL},
        {"less than nothing", "-5", "60", STATE_SCORED, 0, false, 1, {FLAG_SHORTFALL}, "25"},
        {"missing is not a shortfall as well",
         "0",
         "60",
         STATE_MISSING,
         BIT(FLAG_NOT_REPORTED),
         false,
         1,
         {FLAG_NOT_REPORTED},
         "20"},
        {"a placeholder is why",
         "0",
         "60",
         STATE_MISSING,
         BIT(FLAG_NOT_REPORTED) | BIT(FLAG_PLACEHOLDER),
         false,
         1,
         {FLAG_PLACEHOLDER},
         "20"},
        {"a plan is why",
         "0",
         "60",
         STATE_MISSING,
         BIT(FLAG_PLANNED),
         false,
         1,
         {FLAG_PLANNED},
         "20"},
        {"about sixty is why",
         "0",
         "60",
         STATE_MISSING,
         BIT(FLAG_APPROXIMATE),
         false,
         1,
         {FLAG_APPROXIMATE},
         "20"},
        {"missing and left out: nothing lost",
         NULL,
         "60",
         STATE_MISSING,
         BIT(FLAG_NOT_REPORTED),
         false,
         1,
         {FLAG_NOT_REPORTED},
         NULL},
        {"missing is said although deficiency: none",
         "0",
         "60",
         STATE_MISSING,
         BIT(FLAG_NOT_REPORTED),
         true,
         1,
         {FLAG_NOT_REPORTED},
         "20"},
        {"scored by a bound",
         "20",
         "60",
         STATE_SCORED,
         BIT(FLAG_APPROXIMATE),
         false,
         1,
         {FLAG_APPROXIMATE},
         NULL},
        {"scored by a bound and short",
         "5",
         "60",
         STATE_SCORED,
         BIT(FLAG_APPROXIMATE),
         false,
         2,
         {FLAG_SHORTFALL, FLAG_APPROXIMATE},
         "15"},
        {"no evidence explains the loss",
         "0",
         "60",
         STATE_SCORED,
         BIT(FLAG_NO_EVIDENCE),
         false,
         1,
         {FLAG_NO_EVIDENCE},
         "20"},
        {"a part is not reported",
         "15",
         "60",
         STATE_SCORED,
         BIT(FLAG_NOT_REPORTED),
         false,
         1,
         {FLAG_NOT_REPORTED},
         NULL},
        {"contradictory",
         "20",
         "60",
         STATE_SCORED,
         BIT(FLAG_CONTRADICTORY),
         false,
         1,
         {FLAG_CONTRADICTORY},
         NULL},
        {"does not apply", NULL, "60", STATE_NA, 0, false, 0, {0}, NULL},
        {"does not apply, counts as zero", "0", "100", STATE_NA, 0, false, 0, {0}, NULL},
        {"said without a reason",
         NULL,
         "60",
         STATE_NA,
         BIT(FLAG_NO_REASON),
         false,
         1,
         {FLAG_NO_REASON},
         NULL},
        {"waived", NULL, "60", STATE_WAIVED, 0, false, 0, {0}, NULL},
        {"not on this class's sheet", NULL, "60", STATE_OFF, 0, false, 0, {0}, NULL},
        {"an error is a finding, not a flag", NULL, "60", STATE_ERROR, 0, false, 0, {0}, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_item(&rows[i]);
}

static void test_bonus_and_deductions_are_quiet(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    made_ready(&w.m, 1);
    made_unit(&w.m, "a", "street", "80");
    made_points(&w.m, 0, w.extra, "0");
    made_points(&w.m, 0, w.off, "5");
    assert_int_equal(deficiency_count(&w.m.result, 0), 0);
    made_cell(&w.m, 0, w.extra)->state = STATE_MISSING;
    made_cell(&w.m, 0, w.extra)->flags = (uint16_t)BIT(FLAG_NOT_REPORTED);
    assert_int_equal(deficiency_count(&w.m.result, 0), 0);
    made_release(&w.m);
}

/* ---- texts and deadlines ---- */

static void test_texts(void **state)
{
    struct world w;
    deficiencies list = {0};
    (void)state;
    init(&w);
    made_ready(&w.m, 1);
    made_unit(&w.m, "a", "street", "80");
    made_points(&w.m, 0, w.item, "5");
    deficiency_list(&w.m.arena, &w.m.result, 0, &list);
    assert_string_equal(list.at[0].text, "5.00 of 20 points: because");
    assert_null(list.at[0].remedy);
    assert_int_equal(list.at[0].due, DATE_NONE);

    *rule_of(&w) = (struct deficiency_rule){.below = made_num(&w.m, "60"),
                                            .severity = LEVEL_CRITICAL,
                                            .text = "学习不足",
                                            .remedy = "补齐学习计划",
                                            .due = {true, false, 0, 30, TIME_DAY}};
    list.n = 0;
    deficiency_list(&w.m.arena, &w.m.result, 0, &list);
    assert_string_equal(list.at[0].text, "学习不足");
    assert_string_equal(list.at[0].remedy, "补齐学习计划");
    assert_int_equal(list.at[0].severity, LEVEL_CRITICAL);
    assert_int_equal(list.at[0].due, date_from_ymd(2025, 1, 30));

    /* The rubric's text is about a shortfall; of what is not reported the field is named. */
    made_cell(&w.m, 0, w.item)->state = STATE_MISSING;
    list.n = 0;
    deficiency_list(&w.m.arena, &w.m.result, 0, &list);
    assert_string_equal(list.at[0].text, "not reported: 学习次数");
    assert_string_equal(list.at[0].remedy, "补齐学习计划");
    made_release(&w.m);
}

static void test_deadlines(void **state)
{
    static const struct {
        const char *why;
        struct deadline due;
        int year, month, day; /* 0: none */
    } rows[] = {
        {"none", {false, false, 0, 0, TIME_DAY}, 0, 0, 0},
        {"15 days from 2024-12-31", {true, false, 0, 15, TIME_DAY}, 2025, 1, 15},
        {"2 weeks", {true, false, 0, 2, TIME_WEEK}, 2025, 1, 14},
        {"2 months: the last of February", {true, false, 0, 2, TIME_MONTH}, 2025, 2, 28},
    };
    struct world w;
    (void)state;
    init(&w);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t expected =
            rows[i].year ? date_from_ymd(rows[i].year, rows[i].month, rows[i].day) : DATE_NONE;
        if (deadline_date(&w.m.rubric, &rows[i].due) != expected)
            fail_msg("%s", rows[i].why);
    }
    struct deadline fixed = {true, true, date_from_ymd(2025, 3, 1), 0, TIME_DAY};
    struct deadline days = {true, false, 0, 15, TIME_DAY};
    w.m.rubric.issued = DATE_NONE; /* a date stands all the same */
    assert_int_equal(deadline_date(&w.m.rubric, &fixed), date_from_ymd(2025, 3, 1));
    assert_int_equal(deadline_date(&w.m.rubric, &days), DATE_NONE);
    made_release(&w.m);
}

/* ---- gates and the unit ---- */

static void test_gate_and_period(void **state)
{
    struct world w;
    deficiencies list = {0};
    (void)state;
    init(&w);
    struct cond when = {.op = COND_YES, .operand = {OPERAND_FIELD, w.field}};
    made_gate(&w.m, "false_report", "弄虚作假", EFFECT_AT_BEST)->when = &when;
    made_ready(&w.m, 1);
    made_unit(&w.m, "a", "street", "80");
    made_fire(&w.m, 0, 0, GATE_UNANSWERED);
    w.m.result.outcomes[0].other_period = true;
    w.m.table.units.at[0].period = "2023";
    deficiency_list(&w.m.arena, &w.m.result, 0, &list);
    assert_int_equal(list.n, 2);
    assert_int_equal(deficiency_count(&w.m.result, 0), 2);
    assert_int_equal(list.at[0].kind, FLAG_UNANSWERED);
    assert_int_equal(list.at[0].gate, 0);
    assert_int_equal(list.at[0].member, MEMBER_NONE);
    assert_string_equal(list.at[0].text, "gate 弄虚作假 cannot be judged, not reported: 学习次数");
    assert_int_equal(list.at[1].kind, FLAG_OTHER_PERIOD);
    assert_string_equal(list.at[1].text, "the data are of period 2023, the rubric is for 2024");
    made_fire(&w.m, 0, 0, GATE_FIRED); /* one that fired is an outcome, not a flag */
    w.m.result.outcomes[0].other_period = false;
    assert_int_equal(deficiency_count(&w.m.result, 0), 0);
    made_release(&w.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_bonus_and_deductions_are_quiet),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_gate_and_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
