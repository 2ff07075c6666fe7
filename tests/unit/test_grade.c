/* test_grade.c - quotas: seats, the cut, who is pushed out, needs; and the path of a grade. */
#include "analyse/grade.h"
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TOP, GOOD, PASS, FAIL };

/* 优秀 from 90, 良好 from 80, 合格 from 60, 不合格. */
static void init(struct made *m)
{
    static const char *const classes[] = {"street", "township"};
    made_init(m, (const char **)classes, 2);
    made_grade(m, "优秀", "90");
    made_grade(m, "良好", "80");
    made_grade(m, "合格", "60");
    made_grade(m, "不合格", NULL);
}

static struct quota *set_share(struct made *m, uint32_t grade, const char *share,
                               enum quota_round round, bool all_in)
{
    struct quota *q = &m->rubric.grades.at[grade].quota;
    *q = (struct quota){
        .given = true, .share = made_num(m, share), .round = round, .all_in = all_in};
    return q;
}

static struct quota *set_count(struct made *m, uint32_t grade, const char *count, bool all_in)
{
    struct quota *q = &m->rubric.grades.at[grade].quota;
    *q = (struct quota){
        .given = true, .is_count = true, .count = made_num(m, count), .all_in = all_in};
    return q;
}

/* Units u0, u1, …; grades as one digit each. */
static void add_units(struct made *m, const char *class_name, const char *totals)
{
    const char *at = totals;
    while (*at) {
        size_t n = strcspn(at, " ");
        made_unit(m, arena_printf(&m->arena, "u%u", m->table.units.n), class_name,
                  arena_text(&m->arena, at, n));
        at += n + strspn(at + n, " ");
    }
}

static void expect_grades(struct made *m, const char *why, const char *grades)
{
    made_rank(m);
    for (uint32_t unit = 0; unit < strlen(grades); unit++) {
        uint32_t expected = (uint32_t)(grades[unit] - '0');
        if (grades[unit] == '-')
            expected = GRADE_NONE;
        if (m->result.outcomes[unit].grade != expected)
            fail_msg("%s: unit %u has grade %u, not %c", why, unit, m->result.outcomes[unit].grade,
                     grades[unit]);
    }
}

/* ---- seats ---- */

static void test_seats(void **state)
{
    static const struct {
        const char *why, *share, *count, *at_least;
        enum quota_round round;
        uint32_t seats;
        const char *grades;
    } rows[] = {
        {"20% of 9 = 1.8, down", "20", NULL, NULL, QUOTA_DOWN, 1, "011111111"},
        {"20% of 9 = 1.8, up", "20", NULL, NULL, QUOTA_UP, 2, "001111111"},
        {"20% of 9 = 1.8, nearest", "20", NULL, NULL, QUOTA_NEAREST, 2, "001111111"},
        {"15% of 9 = 1.35, nearest", "15", NULL, NULL, QUOTA_NEAREST, 1, "011111111"},
        {"50% of 9 = 4.5, nearest: away from zero", "50", NULL, NULL, QUOTA_NEAREST, 5,
         "000001111"},
        {"33.33333333% of 9 is 3 at eight places, as printed", "33.33333333", NULL, NULL,
         QUOTA_DOWN, 3, "000111111"},
        {"10% of 9 = 0.9, down: nobody", "10", NULL, NULL, QUOTA_DOWN, 0, "111111111"},
        {"10% of 9, at least 2", "10", NULL, "2", QUOTA_DOWN, 2, "001111111"},
        {"at least is no most", "50", NULL, "2", QUOTA_DOWN, 4, "000011111"},
        {"the first three", NULL, "3", NULL, QUOTA_DOWN, 3, "000111111"},
        {"more seats than units", NULL, "30", NULL, QUOTA_DOWN, 30, "000000000"},
        {"100%", "100", NULL, NULL, QUOTA_DOWN, 9, "000000000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made m;
        init(&m);
        struct quota *q = rows[i].share ? set_share(&m, TOP, rows[i].share, rows[i].round, false)
                                        : set_count(&m, TOP, rows[i].count, false);
        q->at_least = made_num(&m, rows[i].at_least);
        made_ready(&m, 9);
        add_units(&m, "street", "99 98 97 96 95 94 93 92 91");
        expect_grades(&m, rows[i].why, rows[i].grades);
        const struct quota_use *use = &m.ranking.quotas.at[0];
        assert_int_equal(m.ranking.quotas.n, 1);
        assert_int_equal(use->seats, rows[i].seats);
        assert_int_equal(use->qualified, 9);
        assert_int_equal(use->ranked, 9);
        if (i == 0)
            assert_int_equal(use->product, made_dec("1.8"));
        made_release(&m);
    }
}

static void test_share_is_of_the_ranked(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    set_share(&m, TOP, "50", QUOTA_DOWN, false);
    made_ready(&m, 8);
    add_units(&m, "street", "99 98 50 40"); /* who does not qualify is ranked too: 2 seats */
    made_unit(&m, "n", "street", NULL);     /* not ranked: not counted */
    add_units(&m, "township", "97 96 95");  /* 1.5: 1 seat of their own */
    expect_grades(&m, "per class", "0033-011");
    assert_int_equal(m.ranking.quotas.n, 2);
    assert_int_equal(m.ranking.quotas.at[0].ranked, 4);
    assert_int_equal(m.ranking.quotas.at[1].ranked, 3);
    made_release(&m);
}

/* Classes are never ranked against each other: under `per: all` the place in the own class counts.
 */
static void test_per_all(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    set_share(&m, TOP, "40", QUOTA_DOWN, false)->per_all = true; /* 40% of 5 = 2 */
    made_ready(&m, 5);
    add_units(&m, "street", "99 98 97");
    add_units(&m, "township", "92 91");
    expect_grades(&m, "the first of each class", "01101");
    assert_int_equal(m.ranking.quotas.at[0].group, GROUP_ALL);
    m.rubric.ranking.within_all = true;
    expect_grades(&m, "one ranking", "00111");
    m.rubric.grades.at[TOP].quota.per_all = false; /* 1.2 of 3, 0.8 of 2 */
    expect_grades(&m, "one ranking, quotas by class", "01111");
    made_release(&m);
}

/* ---- the cut ---- */

static void test_cut(void **state)
{
    static const struct {
        const char *why, *totals;
        bool all_in;
        const char *grades;
        uint32_t given, tied;
    } rows[] = {
        {"tied across the cut, all in", "99 95 95 95 91", true, "00001", 4, 3},
        {"tied across the cut, all out", "99 95 95 95 91", false, "01111", 1, 3},
        {"all out: nobody lower gets in either", "95 95 95 94 93", false, "11111", 0, 3},
        {"all in from the top", "95 95 95 94 93", true, "00011", 3, 3},
        {"tied within the seats is no tie at the cut", "95 95 94 93 92", false, "00111", 2, 0},
        {"tied behind the cut is none either", "95 94 93 93 92", false, "00111", 2, 0},
        {"fewer qualify than seats", "95 80 80 80 80", false, "01111", 1, 0},
        {"tied, but all of them fit", "95 95 80 80 80", false, "00111", 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made m;
        init(&m);
        set_count(&m, TOP, "2", rows[i].all_in);
        made_ready(&m, 5);
        add_units(&m, "street", rows[i].totals);
        expect_grades(&m, rows[i].why, rows[i].grades);
        const struct quota_use *use = &m.ranking.quotas.at[0];
        uint32_t tied = 0;
        for (uint32_t unit = 0; unit < 5; unit++)
            tied += m.result.outcomes[unit].tied_at_cut;
        assert_int_equal(use->given, rows[i].given);
        assert_int_equal(use->tied, rows[i].tied);
        assert_int_equal(tied, rows[i].tied);
        made_release(&m);
    }
}

static void test_no_seats_is_no_tie(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    set_share(&m, TOP, "10", QUOTA_DOWN, true);
    made_ready(&m, 3);
    add_units(&m, "street", "95 95 95"); /* 0.3: no seat, so there is no cut to be tied at */
    expect_grades(&m, "no seats", "111");
    assert_int_equal(m.ranking.quotas.at[0].tied, 0);
    made_release(&m);
}

/* ---- pushed out ---- */

static void test_pushed_out_competes_below(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    set_count(&m, TOP, "1", false);
    set_count(&m, GOOD, "2", false);
    made_ready(&m, 6);
    add_units(&m, "street", "99 98 97 85 84 50");
    /* 98 and 97 stand above 85 and take both seats of 良好; 85 and 84 go on to 合格. */
    expect_grades(&m, "the next quota", "011223");
    assert_int_equal(m.ranking.quotas.n, 2);
    assert_int_equal(m.ranking.quotas.at[1].qualified, 4);
    assert_int_equal(m.ranking.quotas.at[1].given, 2);
    made_release(&m);
}

static void test_pushed_out_meets_needs(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    uint32_t study = made_section(&m, RUBRIC_ROOT, "study", "学习", "40");
    made_item(&m, study, "learn", "集中学习", "40", FIELD_NONE);
    set_count(&m, TOP, "1", false);
    struct need *need = vec_push(&m.arena, &m.rubric.grades.at[GOOD].needs);
    *need = (struct need){study, made_num(&m, "80")};
    made_ready(&m, 4);
    add_units(&m, "street", "99 98 97 96");
    made_points(&m, 1, study, "31.99");        /* 80% of 40 is 32: just short */
    made_points(&m, 2, study, "32");           /* inclusive */
    made_cell(&m, 3, study)->state = STATE_NA; /* what does not apply holds */
    made_points(&m, 3, study, "0");
    expect_grades(&m, "needs below", "0211");
    made_release(&m);
}

static void test_lowest_takes_everyone(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    for (uint32_t grade = TOP; grade <= FAIL; grade++)
        set_count(&m, grade, "1", false);
    made_ready(&m, 6);
    add_units(&m, "street", "99 98 97 96 95 94");
    expect_grades(&m, "nobody is left without a grade", "012333");
    made_release(&m);
}

/* ---- who is not ranked ---- */

static void test_unranked(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    m.rubric.ranking.vetoed = VETOED_UNRANKED;
    set_count(&m, GOOD, "5", false);
    made_ready(&m, 4);
    add_units(&m, "street", "95 85 70 99");
    m.result.outcomes[1].vetoed = m.result.outcomes[2].vetoed = true;
    m.result.outcomes[3].state = UNIT_INCOMPLETE;
    /* Without a rank 85 cannot compete for 良好; 70 keeps its grade; incomplete: no grade. */
    expect_grades(&m, "not ranked", "022-");
    made_release(&m);
}

static void test_by_class_numbers(void **state)
{
    struct made m;
    static const dec shares[] = {50 * DEC_ONE, 100 * DEC_ONE, DEC_NONE};
    (void)state;
    init(&m);
    set_share(&m, TOP, "1", QUOTA_DOWN, false)->share = (struct num){.v = shares, .by_class = true};
    made_ready(&m, 6);
    add_units(&m, "street", "99 98");
    add_units(&m, "township", "99 98");
    expect_grades(&m, "a share for each class", "0100");
    made_release(&m);
}

/* ---- the path ---- */

static void test_path(void **state)
{
    static const struct {
        enum grade_step_kind kind;
        uint32_t from, to;
    } expected[] = {
        {GRADE_STEP_BAND, TOP, TOP},    {GRADE_STEP_NEED, TOP, TOP},
        {GRADE_STEP_LOWER, TOP, GOOD},  {GRADE_STEP_AT_BEST, GOOD, GOOD},
        {GRADE_STEP_QUOTA, GOOD, PASS},
    };
    struct made m;
    grade_steps path = {0};
    (void)state;
    init(&m);
    uint32_t study = made_section(&m, RUBRIC_ROOT, "study", "学习", "40");
    made_item(&m, study, "learn", "集中学习", "40", FIELD_NONE);
    struct need *need = vec_push(&m.arena, &m.rubric.grades.at[TOP].needs);
    *need = (struct need){study, made_num(&m, "80")};
    set_count(&m, TOP, "1", false);
    set_count(&m, GOOD, "1", false);
    made_gate(&m, "weak", "薄弱", EFFECT_LOWER)->lower = made_num(&m, "1");
    made_gate(&m, "late", "迟报", EFFECT_AT_BEST)->at_best = GOOD;
    made_gate(&m, "other", "其他", EFFECT_AT_BEST)->at_best = FAIL; /* does not fire */
    made_ready(&m, 2);
    add_units(&m, "street", "99 98");
    for (uint32_t unit = 0; unit < 2; unit++) {
        m.result.outcomes[unit].grade_before_quota = GOOD;
        made_fire(&m, unit, 0, GATE_FIRED);
        made_fire(&m, unit, 1, GATE_FIRED);
    }
    expect_grades(&m, "one seat in 良好", "12");
    grade_path(&m.arena, &m.result, &m.ranking, 1, &path);
    assert_int_equal(path.n, sizeof expected / sizeof *expected);
    for (uint32_t i = 0; i < path.n; i++) {
        assert_int_equal(path.at[i].kind, expected[i].kind);
        assert_int_equal(path.at[i].from, expected[i].from);
        assert_int_equal(path.at[i].to, expected[i].to);
    }
    made_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seats),
        cmocka_unit_test(test_share_is_of_the_ranked),
        cmocka_unit_test(test_per_all),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_no_seats_is_no_tie),
        cmocka_unit_test(test_pushed_out_competes_below),
        cmocka_unit_test(test_pushed_out_meets_needs),
        cmocka_unit_test(test_lowest_takes_everyone),
        cmocka_unit_test(test_unranked),
        cmocka_unit_test(test_by_class_numbers),
        cmocka_unit_test(test_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
