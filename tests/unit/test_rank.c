/* test_rank.c - places: ties, tie-breaks, vetoes, scopes, the order of the printout, what if. */
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *const two_classes[] = {"township", "street"};

static void init(struct made *m) { made_init(m, (const char **)two_classes, 2); }

static void expect_ranks(struct made *m, const char *why, const uint32_t *ranks, uint32_t n)
{
    made_rank(m);
    for (uint32_t unit = 0; unit < n; unit++)
        if (m->result.outcomes[unit].rank != ranks[unit])
            fail_msg("%s: unit %u has rank %u, not %u", why, unit, m->result.outcomes[unit].rank,
                     ranks[unit]);
}

/* ---- ties ---- */

struct tie_row {
    const char *why;
    bool dense, low;
    const char *totals[5];
    uint32_t ranks[5];
};

static void test_ties(void **state)
{
    static const struct tie_row rows[] = {
        {"shared: 1, 2, 2, 4", false, false, {"90", "80", "80", "70", "60"}, {1, 2, 2, 4, 5}},
        {"dense: 1, 2, 2, 3", true, false, {"90", "80", "80", "70", "60"}, {1, 2, 2, 3, 4}},
        {"tied at the top", false, false, {"90", "90", "90", "70", "60"}, {1, 1, 1, 4, 5}},
        {"input order is of no account",
         false,
         false,
         {"60", "80", "70", "80", "90"},
         {5, 2, 4, 2, 1}},
        {"all tied", true, false, {"1", "1", "1", "1", "1"}, {1, 1, 1, 1, 1}},
        {"low is better", false, true, {"60", "80", "70", "80", "90"}, {1, 3, 2, 3, 5}},
        {"a hundredth counts", false, false, {"80.01", "80", "80.02", "0", "-1"}, {2, 3, 1, 4, 5}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made m;
        init(&m);
        m.rubric.ranking.dense = rows[i].dense;
        m.rubric.ranking.lower_is_better = rows[i].low;
        made_ready(&m, 5);
        for (int unit = 0; unit < 5; unit++)
            made_unit(&m, (const char *[]){"e", "d", "c", "b", "a"}[unit], "street",
                      rows[i].totals[unit]);
        expect_ranks(&m, rows[i].why, rows[i].ranks, 5);
        assert_int_equal(m.result.outcomes[0].ranked, 5);
        made_release(&m);
    }
}

static void test_on_exact(void **state)
{
    struct made m;
    (void)state;
    for (int exact = 0; exact < 2; exact++) {
        init(&m);
        m.rubric.ranking.on_exact = exact;
        made_ready(&m, 2);
        made_unit(&m, "a", "street", "80.00");
        made_unit(&m, "b", "street", "80.00");
        m.result.outcomes[0].exact = made_dec("79.996");
        m.result.outcomes[1].exact = made_dec("80.004");
        expect_ranks(&m, exact ? "exact tells them apart" : "totals as published tie",
                     exact ? (uint32_t[]){2, 1} : (uint32_t[]){1, 1}, 2);
        made_release(&m);
    }
}

/* ---- tie-breaks ---- */

static void test_breaks(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    uint32_t sessions = made_field(&m, "sessions", "学习次数", FIELD_COUNT);
    uint32_t study = made_section(&m, RUBRIC_ROOT, "study", "学习", "40");
    made_break(&m, OPERAND_POINTS, study);
    made_break(&m, OPERAND_FIELD, sessions);
    made_ready(&m, 6);
    static const struct {
        const char *id, *study;
        enum cell_state state;
        const char *sessions;
        uint32_t rank;
    } rows[] = {
        {"first by points of the section", "31", CELL_EMPTY, NULL, 1},
        {"no value stands last", "30", CELL_EMPTY, NULL, 5},
        {"a bound proves no order", "30", CELL_AT_LEAST, "60", 5},
        {"none is 0 and a value", "30", CELL_NONE, "0", 3},
        {"shares with none: 0 is 0", "30", CELL_VALUE, "0", 3},
        {"twelve", "30", CELL_VALUE, "12", 2},
    };
    uint32_t ranks[6];
    for (uint32_t i = 0; i < 6; i++) {
        made_unit(&m, rows[i].id, "street", "80");
        made_points(&m, i, study, rows[i].study);
        made_value(&m, i, sessions, rows[i].state, rows[i].sessions);
        ranks[i] = rows[i].rank;
    }
    expect_ranks(&m, "points.study, then sessions", ranks, 6);
    /* -sessions: fewer first, but no value is last all the same; about is not a value. */
    m.rubric.ranking.breaks.at[1].lower_first = true;
    made_value(&m, 5, sessions, CELL_ABOUT, "1");
    expect_ranks(&m, "points.study, then -sessions", (uint32_t[]){1, 4, 4, 2, 2, 4}, 6);
    made_release(&m);
}

static void test_break_by_section_grade(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    uint32_t study = made_section(&m, RUBRIC_ROOT, "study", "学习", "40");
    struct grade *g = vec_push(&m.arena, &m.rubric.members.at[study].grades);
    *g = (struct grade){.name = "优", .from = made_num(&m, "35")};
    g = vec_push(&m.arena, &m.rubric.members.at[study].grades);
    *g = (struct grade){.name = "良"};
    made_break(&m, OPERAND_GRADE, study);
    made_ready(&m, 3);
    static const char *const points[] = {"30", "36", "40"};
    for (uint32_t i = 0; i < 3; i++) {
        made_unit(&m, (const char *[]){"a", "b", "c"}[i], "street", "80");
        made_points(&m, i, study, points[i]);
    }
    expect_ranks(&m, "the section's grade, not its points", (uint32_t[]){3, 1, 1}, 3);
    made_release(&m);
}

/* ---- vetoes and states ---- */

static void test_vetoed(void **state)
{
    static const struct {
        const char *why;
        enum vetoed vetoed;
        uint32_t ranks[4];
        uint32_t ranked;
    } rows[] = {
        {"last, among themselves by points, numbers go on", VETOED_LAST, {4, 1, 2, 3}, 4},
        {"by points", VETOED_BY_POINTS, {2, 1, 4, 2}, 4},
        {"unranked", VETOED_UNRANKED, {0, 1, 2, 0}, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made m;
        init(&m);
        m.rubric.ranking.vetoed = rows[i].vetoed;
        made_ready(&m, 4);
        made_unit(&m, "a", "street", "80");
        made_unit(&m, "b", "street", "90");
        made_unit(&m, "c", "street", "70");
        made_unit(&m, "d", "street", i == 0 ? "85" : "80");
        m.result.outcomes[0].vetoed = m.result.outcomes[3].vetoed = true;
        expect_ranks(&m, rows[i].why, rows[i].ranks, 4);
        assert_int_equal(m.result.outcomes[0].ranked, rows[i].ranked);
        assert_int_equal(m.result.outcomes[0].state,
                         rows[i].vetoed == VETOED_UNRANKED ? UNIT_VETOED_UNRANKED : UNIT_RANKED);
        made_release(&m);
    }
}

static void test_vetoed_dense_with_equal_points(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    m.rubric.ranking.vetoed = VETOED_LAST;
    m.rubric.ranking.dense = true;
    made_ready(&m, 4);
    for (int unit = 0; unit < 4; unit++)
        made_unit(&m, (const char *[]){"a", "b", "c", "d"}[unit], "street", "80");
    m.result.outcomes[0].vetoed = m.result.outcomes[2].vetoed = true;
    expect_ranks(&m, "a vetoed unit never ties with another", (uint32_t[]){2, 1, 2, 1}, 4);
    made_release(&m);
}

static void test_order_of_printout(void **state)
{
    struct made m;
    static const char *const expected[] = {"t2", "t1", "s1", "s2", "s0", "x1", "y1"};
    (void)state;
    init(&m);
    made_ready(&m, 7);
    made_unit(&m, "y1", "yy", "99"); /* classes not listed come last, by name */
    made_unit(&m, "x1", "xx", "1");
    made_unit(&m, "s2", "street", "70");
    made_unit(&m, "s0", "street", NULL); /* without a rank: behind the ranked */
    made_unit(&m, "s1", "street", "70"); /* alike: by id */
    made_unit(&m, "t1", "township", "50");
    made_unit(&m, "t2", "township", "60");
    made_rank(&m);
    for (uint32_t i = 0; i < 7; i++)
        assert_string_equal(m.table.units.at[m.result.order[i]].id, expected[i]);
    assert_int_equal(m.result.outcomes[3].rank, 0);
    assert_int_equal(m.result.outcomes[3].ranked, 2);
    assert_int_equal(m.result.outcomes[2].rank, 1); /* each class for itself */
    made_release(&m);
}

static void test_within_all(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    m.rubric.ranking.within_all = true;
    made_ready(&m, 4);
    made_unit(&m, "s1", "street", "70");
    made_unit(&m, "t1", "township", "50");
    made_unit(&m, "t2", "township", "80");
    made_unit(&m, "t3", "township", "70");
    expect_ranks(&m, "one ranking", (uint32_t[]){2, 4, 1, 2}, 4);
    assert_int_equal(m.result.outcomes[0].ranked, 4);
    assert_string_equal(m.table.units.at[m.result.order[0]].id, "t2");
    made_release(&m);
}

static void test_nobody(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    made_ready(&m, 1);
    made_rank(&m); /* no units at all */
    made_unit(&m, "a", "street", NULL);
    expect_ranks(&m, "a unit alone and without a score", (uint32_t[]){0}, 1);
    made_release(&m);
}

/* ---- what if ---- */

static struct outcome what_if(struct made *m, uint32_t unit, const char *total)
{
    struct outcome o = m->result.outcomes[unit];
    o.total = o.exact = made_dec(total);
    o.state = UNIT_RANKED;
    rank_what_if(&m->arena, &m->result, unit, &o, result_member(&m->result, unit, 0));
    return o;
}

static void test_what_if(void **state)
{
    struct made m;
    (void)state;
    for (int dense = 0; dense < 2; dense++) {
        init(&m);
        m.rubric.ranking.dense = dense;
        made_ready(&m, 6);
        made_unit(&m, "a", "street", "90");
        made_unit(&m, "b", "street", "80");
        made_unit(&m, "c", "street", "80");
        made_unit(&m, "d", "street", "70");
        made_unit(&m, "t", "township", "85"); /* of another class: never counts */
        made_unit(&m, "n", "street", NULL);
        made_rank(&m);
        assert_int_equal(what_if(&m, 3, "70").rank, dense ? 3 : 4); /* as it is */
        assert_int_equal(what_if(&m, 3, "80").rank, 2);             /* joins the tie */
        assert_int_equal(what_if(&m, 3, "85").rank, 2);
        assert_int_equal(what_if(&m, 3, "90").rank, 1);
        assert_int_equal(what_if(&m, 0, "60").rank, dense ? 3 : 4); /* the others move up */
        assert_int_equal(what_if(&m, 1, "95").rank, 1);
        assert_int_equal(what_if(&m, 5, "75").rank, dense ? 3 : 4); /* not ranked before */
        assert_int_equal(what_if(&m, 5, "75").ranked, 5);
        assert_int_equal(what_if(&m, 4, "1").rank, 1);              /* alone in its class */
        assert_int_equal(m.result.outcomes[3].rank, dense ? 3 : 4); /* nothing has changed */
        made_release(&m);
    }
}

/* What a what-if says is what a ranking of the changed result says. */
static void test_what_if_agrees_with_ranking(void **state)
{
    struct made m;
    (void)state;
    init(&m);
    struct grade *g = made_grade(&m, "优秀", "80");
    g->quota =
        (struct quota){.given = true, .share = made_num(&m, "30"), .at_least = made_num(&m, "1")};
    g = made_grade(&m, "良好", "70");
    g->quota =
        (struct quota){.given = true, .is_count = true, .count = made_num(&m, "3"), .all_in = true};
    made_grade(&m, "合格", NULL);
    made_ready(&m, 40);
    uint32_t random = 7;
    for (uint32_t i = 0; i < 40; i++) {
        random = random * 1664525 + 1013904223;
        const char *id = arena_printf(&m.arena, "u%02u", i);
        made_unit(&m, id, two_classes[i % 2],
                  arena_printf(&m.arena, "%u", 65 + (random >> 16) % 20));
    }
    made_rank(&m);
    for (uint32_t unit = 0; unit < 40; unit++) {
        struct outcome before = m.result.outcomes[unit], o = before;
        random = random * 1664525 + 1013904223;
        o.total = o.exact = dec_from_int(65 + (random >> 16) % 20);
        o.grade_by_band = o.grade_before_quota = o.total >= made_dec("80")   ? 0
                                                 : o.total >= made_dec("70") ? 1
                                                                             : 2;
        struct outcome said = o;
        rank_what_if(&m.arena, &m.result, unit, &said, result_member(&m.result, unit, 0));
        m.result.outcomes[unit] = o;
        made_rank(&m);
        assert_int_equal(said.rank, m.result.outcomes[unit].rank);
        assert_int_equal(said.grade, m.result.outcomes[unit].grade);
        assert_int_equal(said.tied_at_cut, m.result.outcomes[unit].tied_at_cut);
        m.result.outcomes[unit] = before;
        made_rank(&m);
    }
    made_release(&m);
}

/* ---- size ---- */

static void test_a_million_tied(void **state)
{
    enum { N = 1000000 };
    struct made m;
    (void)state;
    init(&m);
    made_break(&m, OPERAND_BASE, 0);
    made_ready(&m, N);
    for (uint32_t i = 0; i < N; i++)
        made_unit(&m, arena_printf(&m.arena, "u%u", (i * 7919U) % N), "street", "80");
    clock_t start = clock();
    made_rank(&m);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_int_equal(m.result.outcomes[N - 1].rank, 1);
    assert_string_equal(m.table.units.at[m.result.order[0]].id, "u0");
    printf("a million tied units: %.2f s\n", seconds);
    made_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_on_exact),
        cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_break_by_section_grade),
        cmocka_unit_test(test_vetoed),
        cmocka_unit_test(test_vetoed_dense_with_equal_points),
        cmocka_unit_test(test_order_of_printout),
        cmocka_unit_test(test_within_all),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_what_if),
        cmocka_unit_test(test_what_if_agrees_with_ranking),
        cmocka_unit_test(test_a_million_tied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
