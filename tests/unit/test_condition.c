/* test_condition.c - conditions in three values: what holds, what does not, what cannot be told. */
#include "loaded.h"

#include "load/units.h"
#include "score/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* The gate has the condition; section s and item one are members 1 and 2. */
static const char around[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 10\nround: {item: 2, total: 2}\n"
    "not_applicable: rescale\n"
    "fields: {a: {type: yesno}, b: {type: yesno}, n: {type: count}, p: {type: percent}, "
    "d: {type: date}, o: {type: choice, options: [好, 中, 差]}, t: {type: text}}\n"
    "sections:\n"
    "  - {id: s, points: 10, grades: [{name: 优, from: 9}, {name: 良, from: 6}, {name: 差}], "
    "items: [{id: one, points: 10, method: yesno, field: a, missing: zero}]}\n"
    "gates: [{id: g, when: \"CONDITION\", effect: {cap: 5}}]\n";

struct asked {
    struct loaded l;
    struct table *table;
    dec points[3];
    struct cellres cells[3];
    struct condition_input in;
};

/* cells: what the one unit submits for a,b,n,p,d,o,t. */
static void ask(struct asked *q, const char *condition, const char *cells)
{
    struct arena scratch = {0};
    loaded_rubric(&q->l, loaded_replace(&scratch, around, "CONDITION", condition));
    if (q->l.diag.n_errors > 0)
        fail_msg("%s: %s", condition, loaded_findings(&q->l));
    const char *csv = arena_printf(&q->l.arena, "id,a,b,n,p,d,o,t\nu,%s\n", cells);
    const struct source *source = source_from_text(&q->l.arena, "u.csv", csv, strlen(csv));
    struct units_options options = {0};
    q->table = units_load(&q->l.arena, &q->l.diag, q->l.rubric, &source, 1, &options);
    if (q->l.diag.n_errors > 0)
        fail_msg("%s: %s", cells, loaded_findings(&q->l));
    for (int i = 0; i < 3; i++) {
        q->points[i] = DEC_NONE;
        q->cells[i] = (struct cellres){.points = DEC_NONE, .state = STATE_MISSING};
    }
    q->in = (struct condition_input){.table = q->table,
                                     .points = q->points,
                                     .cells = q->cells,
                                     .total = DEC_NONE,
                                     .rubric = q->l.rubric,
                                     .class = q->table->units.at[0].class,
                                     .claimed_field = FIELD_NONE};
    arena_release(&scratch);
}

static enum verdict answer(struct asked *q)
{
    return condition_holds(q->l.rubric->gates.at[0].when, &q->in);
}

static void check(const char *condition, const char *cells, enum verdict expected, const char *why)
{
    struct asked q;
    ask(&q, condition, cells);
    enum verdict got = answer(&q);
    if (got != expected)
        fail_msg("%s: '%s' with %s is %d instead of %d", why, condition, cells, got, expected);
    /* What cannot be told has a reason, and only that. */
    bool reason = q.in.not_reported || q.in.claimed_field != FIELD_NONE;
    if (got == VERDICT_UNKNOWN && !reason)
        fail_msg("%s: '%s' with %s is unknown for no reason", why, condition, cells);
    loaded_release(&q.l);
}

static void test_values(void **state)
{
    static const struct {
        const char *condition, *cells;
        enum verdict expected;
        const char *why;
    } rows[] = {
        {"a", "是,,,,,,", VERDICT_YES, "yes holds"},
        {"a", "否,,,,,,", VERDICT_NO, "no does not"},
        {"a", "无,,,,,,", VERDICT_NO, "无 of yes/no is no"},
        {"a", ",,,,,,", VERDICT_UNKNOWN, "silence is no answer"},
        {"a", "计划,,,,,,", VERDICT_UNKNOWN, "a plan is none"},
        {"n > 0", ",,XX,,,,", VERDICT_UNKNOWN, "nor is a placeholder"},
        {"a", "不适用(无),,,,,,", VERDICT_UNKNOWN, "nor the unit's own claim"},
        {"not a", "是,,,,,,", VERDICT_NO, "turned round"},
        {"not a", "否,,,,,,", VERDICT_YES, "turned round"},
        {"not a", ",,,,,,", VERDICT_UNKNOWN, "not unknown is unknown"},
        {"n > 3", ",,3,,,,", VERDICT_NO, "the bound is out"},
        {"n >= 3", ",,3,,,,", VERDICT_YES, "the bound is in"},
        {"n < 3", ",,3,,,,", VERDICT_NO, "the bound is out"},
        {"n <= 3", ",,3,,,,", VERDICT_YES, "the bound is in"},
        {"n == 3", ",,3,,,,", VERDICT_YES, "equal"},
        {"n ~= 3", ",,3,,,,", VERDICT_NO, "equal"},
        {"n ~= 3", ",,4,,,,", VERDICT_YES, "not equal"},
        {"n == 0", ",,无,,,,", VERDICT_YES, "无 of a count is zero"},
        {"p < 90%", ",,,89.99%,,,", VERDICT_YES, "percent points"},
        {"p < 90", ",,,90,,,", VERDICT_NO, "without a sign as well"},
        {"d > '2024-12-20'", ",,,,2024-12-21,,", VERDICT_YES, "a day later"},
        {"d > '2024-12-20'", ",,,,2024-12-20,,", VERDICT_NO, "on the day"},
        {"d > '2024-12-20'", ",,,,无,,", VERDICT_YES, "never is after every day"},
        {"o == '好'", ",,,,,好,", VERDICT_YES, "an option"},
        {"o ~= '好'", ",,,,,差,", VERDICT_YES, "another option"},
        {"t == 'x y'", ",,,,,,x y", VERDICT_YES, "a text"},
        {"t == 'x y'", ",,,,,,x", VERDICT_NO, "another text"},
        {"t == ''", ",,,,,,无", VERDICT_YES, "无 of a text is an empty one"},
        {"t ~= 'x'", ",,,,,,", VERDICT_UNKNOWN, "no text is not another text"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        check(rows[i].condition, rows[i].cells, rows[i].expected, rows[i].why);
}

static void test_bounds(void **state)
{
    static const struct {
        const char *condition, *cells;
        enum verdict expected;
        const char *why;
    } rows[] = {
        {"n >= 10", ",,≥10,,,,", VERDICT_YES, "at least 10 proves it"},
        {"n > 10", ",,≥10,,,,", VERDICT_UNKNOWN, "it may be exactly 10"},
        {"n < 10", ",,≥10,,,,", VERDICT_NO, "and disproves the opposite"},
        {"n <= 10", ",,≥10,,,,", VERDICT_UNKNOWN, "10 or more"},
        {"n <= 9", ",,≥10,,,,", VERDICT_NO, "disproved"},
        {"n == 9", ",,≥10,,,,", VERDICT_NO, "outside"},
        {"n ~= 9", ",,≥10,,,,", VERDICT_YES, "outside"},
        {"n == 10", ",,≥10,,,,", VERDICT_UNKNOWN, "possible"},
        {"n <= 10", ",,≤10,,,,", VERDICT_YES, "at most 10"},
        {"n < 10", ",,≤10,,,,", VERDICT_UNKNOWN, "may be 10"},
        {"n > 10", ",,近10,,,,", VERDICT_NO, "nearly 10 is below"},
        {"n >= 60", ",,60余,,,,", VERDICT_YES, "a little over 60"},
        {"n >= 60", ",,约60,,,,", VERDICT_UNKNOWN, "about says nothing"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        check(rows[i].condition, rows[i].cells, rows[i].expected, rows[i].why);
}

/* All nine pairs of the two sides, in the order yes, no, unknown. */
static void test_and_or(void **state)
{
    static const char *const cells[] = {"是", "否", ""};
    static const enum verdict order[] = {VERDICT_YES, VERDICT_NO, VERDICT_UNKNOWN};
    (void)state;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            struct arena a = {0};
            const char *submitted = arena_printf(&a, "%s,%s,,,,,", cells[i], cells[j]);
            enum verdict x = order[i], y = order[j];
            enum verdict both = x == VERDICT_NO || y == VERDICT_NO     ? VERDICT_NO
                                : x == VERDICT_YES && y == VERDICT_YES ? VERDICT_YES
                                                                       : VERDICT_UNKNOWN;
            enum verdict one = x == VERDICT_YES || y == VERDICT_YES ? VERDICT_YES
                               : x == VERDICT_NO && y == VERDICT_NO ? VERDICT_NO
                                                                    : VERDICT_UNKNOWN;
            check("a and b", submitted, both, "and");
            check("a or b", submitted, one, "or");
            arena_release(&a);
        }
    }
    check("a or b and not a", "是,,,,,,", VERDICT_YES, "and binds tighter");
    check("not (a or b)", "是,,,,,,", VERDICT_NO, "a proven side decides, also turned round");
}

/* An empty cell is zero or no where the item says `missing: none`. */
static void test_empty_is_none(void **state)
{
    static const struct {
        const char *condition;
        enum verdict expected;
    } rows[] = {
        {"a", VERDICT_NO},      {"n == 0", VERDICT_YES},           {"n > 0", VERDICT_NO},
        {"p < 1", VERDICT_YES}, {"d > '2024-12-20'", VERDICT_YES}, {"t == ''", VERDICT_YES},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct asked q;
        ask(&q, rows[i].condition, ",,,,,,");
        q.in.empty_is_none = true;
        if (answer(&q) != rows[i].expected)
            fail_msg("'%s' over empty cells", rows[i].condition);
        assert_false(q.in.not_reported);
        loaded_release(&q.l);
    }
    struct asked q;
    ask(&q, "n == 0", ",,X,,,,");
    q.in.empty_is_none = true;
    assert_int_equal(answer(&q), VERDICT_UNKNOWN); /* a placeholder is not empty */
    loaded_release(&q.l);
}

/* A claim that something does not apply is told apart from silence. */
static void test_claims(void **state)
{
    struct asked q;
    (void)state;
    ask(&q, "n > 0", ",,不适用(无窗口),,,,");
    assert_int_equal(answer(&q), VERDICT_UNKNOWN);
    assert_int_equal(q.in.claimed_field, 2);
    assert_false(q.in.not_reported);
    loaded_release(&q.l);

    ask(&q, "a or n > 0", "是,,不适用,,,,");
    assert_int_equal(answer(&q), VERDICT_YES);
    loaded_release(&q.l);
}

static void test_points(void **state)
{
    struct asked q;
    (void)state;
    ask(&q, "points.s >= 6 and points.one < 8", "是,,,,,,");
    assert_int_equal(answer(&q), VERDICT_UNKNOWN);
    assert_true(q.in.not_reported); /* silence left them out */

    q.in.not_reported = false;
    q.cells[1].state = q.cells[2].state = STATE_NA;
    assert_int_equal(answer(&q), VERDICT_UNKNOWN);
    assert_false(q.in.not_reported); /* what does not apply is no silence */

    q.points[1] = q.points[2] = dec_from_int(7);
    assert_int_equal(answer(&q), VERDICT_YES);
    q.points[2] = dec_from_int(8);
    assert_int_equal(answer(&q), VERDICT_NO);
    loaded_release(&q.l);

    ask(&q, "points.base > 50", "是,,,,,,");
    q.points[RUBRIC_ROOT] = dec_from_int(51);
    assert_int_equal(answer(&q), VERDICT_YES);
    loaded_release(&q.l);

    ask(&q, "points.total < 60", "是,,,,,,");
    q.points[RUBRIC_ROOT] = dec_from_int(51);
    q.in.total = dec_from_int(60);
    assert_int_equal(answer(&q), VERDICT_NO);
    loaded_release(&q.l);
}

/* The grade that the section's points reach; without points there is none. */
static void test_grades(void **state)
{
    static const struct {
        const char *condition;
        int points;
        enum verdict expected;
    } rows[] = {
        {"grade.s == '优'", 9, VERDICT_YES},
        {"grade.s == '优'", 8, VERDICT_NO},
        {"grade.s ~= '差'", 6, VERDICT_YES},
        {"grade.s ~= '差'", 5, VERDICT_NO},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct asked q;
        ask(&q, rows[i].condition, ",,,,,,");
        q.points[1] = dec_from_int(rows[i].points);
        if (answer(&q) != rows[i].expected)
            fail_msg("%s with %d points", rows[i].condition, rows[i].points);
        q.points[1] = DEC_NONE;
        assert_int_equal(answer(&q), VERDICT_UNKNOWN);
        loaded_release(&q.l);
    }
}

static void test_band(void **state)
{
    struct asked q;
    (void)state;
    ask(&q, "a", ",,,,,,");
    const struct member *s = &q.l.rubric->members.at[1];
    assert_int_equal(band_of(s->grades.at, s->grades.n, dec_from_int(9), 0), 0);
    assert_int_equal(band_of(s->grades.at, s->grades.n, dec_from_int(9) - 1, 0), 1);
    assert_int_equal(band_of(s->grades.at, s->grades.n, dec_from_int(-1), 0), 2);
    assert_int_equal(band_of(s->grades.at, 2, 0, 0), GRADE_NONE);
    loaded_release(&q.l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_and_or), cmocka_unit_test(test_empty_is_none),
        cmocka_unit_test(test_claims), cmocka_unit_test(test_points),
        cmocka_unit_test(test_grades), cmocka_unit_test(test_band),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
