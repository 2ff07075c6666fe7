/* test_walk.c - one unit through a whole rubric: the order of calculation, bounds, what-ifs. */
#include "loaded.h"

#include "load/units.h"
#include "score/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * What each stage does can be told apart: the item is cut to 10, limited to 9.35 and rounded to
 * 9.4; its section is 9.4 + 5, halved, rounded to 7; the total is rounded last and then capped.
 */
static const char stages[] =
    "kaoping: 1\nid: duty\nperiod: 2024\ntotal: 30\nround: {item: 1, section: 0, total: 0}\n"
    "not_applicable: rescale\nmissing: zero\n"
    "fields: {v: {type: number}, n: {type: count}, x: {type: yesno}, y: {type: yesno}, "
    "late: {type: yesno}}\n"
    "sections:\n"
    "  - id: first\n"
    "    factor: 50%\n"
    "    items:\n"
    "      - {id: cut, points: 10, method: each, field: v, earn: 1}\n"
    "      - {id: short, points: 10, method: short, field: n, need: 10, lose: 1}\n"
    "  - id: second\n"
    "    items:\n"
    "      - {id: has_x, points: 12, method: yesno, field: x}\n"
    "      - {id: has_y, points: 8, method: yesno, field: y}\n"
    "bonus: {cap: 2, items: [{id: extra, points: 5, method: each, field: n, earn: 1}]}\n"
    "deductions: {cap: none, items: [{id: off, points: 5, method: each, field: n, earn: 0.1}]}\n"
    "gates:\n"
    "  - {id: limit, when: late, effect: {ceiling: {cut: 93.5%}}}\n"
    "  - {id: capped, when: late, effect: {cap: 28}}\n"
    "  - {id: worse, when: late, effect: {lower: 1}}\n"
    "grades: [{name: A, from: 28, needs: {first: 80%}}, {name: B, from: 20}, {name: C}]\n";

enum { ROOT, FIRST, CUT, SHORT, SECOND, HAS_X, HAS_Y, BONUS, EXTRA, DEDUCTIONS, OFF };

static struct loaded l;
static struct result *result;

static const char *score(const char *rubric, const char *csv)
{
    struct units_options options = {0};
    loaded_rubric(&l, rubric);
    if (l.diag.n_errors > 0)
        fail_msg("%s", loaded_findings(&l));
    const struct source *source = source_from_text(&l.arena, "u.csv", csv, strlen(csv));
    const struct table *t = units_load(&l.arena, &l.diag, l.rubric, &source, 1, &options);
    if (l.diag.n_errors > 0)
        fail_msg("%s", loaded_findings(&l));
    result = run_score(&l.arena, &l.diag, t, NULL);
    return loaded_findings(&l);
}

static const char *text(dec d)
{
    char shown[DEC_TEXT];
    return d == DEC_NONE ? "none" : arena_printf(&l.arena, "%s", dec_text(d, DEC_EXACT, shown));
}

static const char *points(uint32_t unit, uint32_t member)
{
    return text(result_member(result, unit, member)->points);
}

static int tear_down(void **state)
{
    (void)state;
    loaded_release(&l);
    return 0;
}

static void test_stages(void **state)
{
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,11.25,5,是,是,是\n");
    const struct outcome *o = &result->outcomes[0];
    assert_string_equal(points(0, CUT), "9.4"); /* not 9.3: limited first, rounded after */
    assert_string_equal(points(0, SHORT), "5");
    assert_string_equal(points(0, FIRST), "7"); /* (9.4 + 5) × 50% = 7.2 */
    assert_string_equal(points(0, SECOND), "20");
    assert_string_equal(points(0, ROOT), "27");
    assert_string_equal(points(0, BONUS), "2"); /* 5, its cap */
    assert_string_equal(points(0, EXTRA), "5");
    /* round.section is for bonus and deductions too: 0.5 becomes 1 */
    assert_string_equal(points(0, DEDUCTIONS), "1");
    assert_string_equal(text(o->before_gates), "28");
    assert_string_equal(text(o->total), "28");
    assert_int_equal(o->grade_by_band, 0);
    assert_int_equal(o->grade_before_quota, 2); /* A needs 8 of first: B; one lower: C */
    assert_false(o->vetoed);
    assert_int_equal(o->state, UNIT_RANKED);
}

/* The trace tells the same, in the same order. */
static void test_trace(void **state)
{
    static const enum step_kind of_cut[] = {STEP_VALUE, STEP_RULE,  STEP_CLAMP,
                                            STEP_GATE,  STEP_ROUND, STEP_RESULT};
    struct trace trace = {.arena = &l.arena};
    uint32_t n = 0, last_member = 0;
    bool total_seen = false;
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,11.25,5,是,是,是\n");
    result->scorer.explain(result, 0, &trace);
    for (uint32_t i = 0; i < trace.steps.n; i++) {
        const struct step *s = &trace.steps.at[i];
        assert_non_null(s->text);
        total_seen = total_seen || s->member == MEMBER_NONE;
        if (s->member == CUT) {
            bool clamp = s->kind == STEP_CLAMP || s->kind == STEP_GATE;
            bool wanted = of_cut[n] == STEP_CLAMP || of_cut[n] == STEP_GATE;
            assert_true(n < 6 && (s->kind == of_cut[n] || (clamp && wanted)));
            n++;
        }
        if (s->member != MEMBER_NONE && s->kind == STEP_RESULT)
            assert_string_equal(text(s->points), points(0, s->member));
        if (s->kind == STEP_RESULT && s->member == FIRST)
            assert_true(last_member == SHORT); /* members before their section */
        if (s->kind == STEP_RESULT)
            last_member = s->member;
    }
    assert_int_equal(n, 6);
    assert_true(total_seen);
}

/* What is missing counts from nothing to full marks, through all the steps. */
static void test_bounds(void **state)
{
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,10,,是,,否\nv,,,,,否\nw,10,10,是,是,否\n");
    const struct outcome *o = result->outcomes;
    assert_string_equal(text(o[0].total), "17"); /* 5 + 12 */
    assert_string_equal(text(o[0].low), "17");
    assert_string_equal(text(o[0].high), "30"); /* 10 + 20; the bonus adds nothing */
    assert_string_equal(text(o[0].due), "30");
    assert_string_equal(text(o[0].reported), "56.67"); /* 5 + 12 of 30 */
    assert_string_equal(text(o[1].low), "0");
    assert_string_equal(text(o[1].high), "30");
    assert_string_equal(text(o[1].reported), "0");
    assert_string_equal(text(o[2].low), "31"); /* 30 + 2 - 1 */
    assert_string_equal(text(o[2].high), "31");
    assert_string_equal(text(o[2].reported), "100");
}

static void test_not_applicable(void **state)
{
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,10,10,不适用(无),是,否\nv,不适用,不适用,不适用,不适用,否\n");
    const struct outcome *o = result->outcomes;
    assert_int_equal(result_member(result, 0, HAS_X)->state, STATE_NA);
    assert_string_equal(points(0, HAS_X), "none");
    assert_string_equal(points(0, SECOND), "20"); /* 8 × 20 ÷ 8 */
    assert_string_equal(text(o[0].due), "18");
    assert_string_equal(text(result->scorer.due(result, 0, SECOND)), "8");
    assert_int_equal(o[1].state, UNIT_NOT_APPLICABLE);
    assert_string_equal(text(o[1].total), "none");
    assert_int_equal(o[1].grade_before_quota, GRADE_NONE);
}

struct answer {
    struct outcome o;
    struct cellres members[64];
};

static void take_answer(void *context, uint32_t index, const struct outcome *o,
                        const struct cellres *members)
{
    struct answer *answers = context;
    answers[index].o = *o;
    memcpy(answers[index].members, members, sizeof *members * result->n_members);
}

/* A what-if is the same walk with one item replaced; the result itself stays as it is. */
static void test_what_if(void **state)
{
    const struct what_if asked[] = {
        {HAS_Y, dec_from_int(8)},
        {SHORT, dec_from_int(10)}, /* through the factor, and through the rounding of the section */
        {CUT, dec_from_int(10)},   /* with the points it has, nothing changes */
        {OFF, 0},                  /* fewer deductions are more points */
    };
    static struct answer a[4];
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,10,5,是,否,否\n");
    result->scorer.what_if(result, 0, asked, 4, &(struct what_if_taker){take_answer, a});
    assert_string_equal(text(result->outcomes[0].total), "21"); /* 8 + 12 + 2 - 1 */
    assert_string_equal(text(a[0].o.total), "29");
    assert_string_equal(text(a[0].members[SECOND].points), "20");
    assert_string_equal(points(0, SECOND), "12");
    assert_int_equal(a[0].o.grade_before_quota, 0);
    assert_string_equal(text(a[1].o.total), "23");
    assert_string_equal(text(a[2].o.total), text(result->outcomes[0].total));
    assert_string_equal(text(a[3].o.total), "22");
}

/* What a unit's sheet makes of given results: of its own the total it has, of nothing nothing. */
static void test_replay(void **state)
{
    static struct cellres items[64];
    const uint8_t *gates;
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,10,5,是,否,否\n");
    gates = result->gates;
    memcpy(items, result->members, sizeof *items * result->n_members);
    assert_string_equal(text(result->scorer.replay(result, 0, &(struct replay){items, gates})),
                        "21");
    items[HAS_Y].points = dec_from_int(8);
    assert_string_equal(text(result->scorer.replay(result, 0, &(struct replay){items, gates})),
                        "29");
    for (uint32_t m = 0; m < result->n_members; m++) {
        items[m] = (struct cellres){.state = STATE_SCORED, .counts = true};
    }
    assert_string_equal(text(result->scorer.replay(result, 0, &(struct replay){items, gates})),
                        "0");
}

static void test_reason(void **state)
{
    (void)state;
    score(stages, "id,v,n,x,y,late\nu,10,7,,不适用(无),否\n");
    const char *why = result->scorer.reason(&l.arena, result, 0, SHORT);
    assert_non_null(strstr(why, "7"));
    assert_string_equal(result->scorer.reason(&l.arena, result, 0, HAS_X), "not reported");
    assert_string_equal(result->scorer.reason(&l.arena, result, 0, HAS_Y), "not applicable");
}

/* A gate sees points as they stand at its place; one that cannot be told does not fire. */
static void test_gates(void **state)
{
    (void)state;
    assert_string_equal(score(stages, "id,v,n,x,y,late\nu,10,10,是,是,\nv,10,10,是,是,是\n"),
                        "22 gate-unanswered, 23 gate-unanswered, 24 gate-unanswered");
    for (uint32_t gate = 0; gate < 3; gate++) {
        assert_int_equal(result->gates[gate], GATE_UNANSWERED);
        assert_int_equal(result->gates[3 + gate], GATE_FIRED);
    }
    assert_string_equal(text(result->outcomes[0].total), "31");
    assert_string_equal(text(result->outcomes[1].before_gates), "31");
    assert_string_equal(text(result->outcomes[1].total), "28");
    assert_int_equal(result->outcomes[0].grade_before_quota, 0);
    assert_int_equal(result->outcomes[1].grade_before_quota, 1);
}

static const char by_class[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 10\nround: {item: 2, total: 2}\n"
    "not_applicable: rescale\ncomplete: 60%\n"
    "fields: {j: {type: number, by: assessor}, a: {type: yesno}}\n"
    "items:\n"
    "  - {id: judged, points: {town: 6, street: 4}, method: judged, field: j, as: points, "
    "missing: unscored}\n"
    "  - {id: yes, points: {town: 4, street: 6}, method: yesno, field: a, missing: error}\n";

/* Errors of single units: the unit is left out, the others are scored. */
static void test_errors(void **state)
{
    (void)state;
    assert_string_equal(score(by_class, "id,class,j,a\n"
                                        "a,town,6,yes\nb,street,6,yes\nc,town,3,\nd,village,3,yes\n"
                                        "e,town,,yes\nf,street,,yes\n"),
                        "3 judged-out-of-range, 4 value-missing, 5 class-without-numbers");
    static const enum unit_state expected[] = {UNIT_RANKED, UNIT_ERROR,      UNIT_ERROR,
                                               UNIT_ERROR,  UNIT_INCOMPLETE, UNIT_RANKED};
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(result->outcomes[i].state, expected[i]);
    assert_string_equal(text(result->outcomes[0].total), "10");
    assert_string_equal(text(result->outcomes[1].total), "none");
    assert_string_equal(text(result->outcomes[5].total), "10"); /* left out: 6 × 10 ÷ 6 */
    assert_string_equal(text(result->outcomes[5].low), "6");
    assert_string_equal(text(result->outcomes[5].reported), "60");
}

static void test_overflow(void **state)
{
    static const char large[] =
        "kaoping: 1\nid: x\nperiod: 2024\ntotal: 10\nround: {item: 2, total: 2}\n"
        "fields: {n: {type: number}}\n"
        "items: [{id: it, points: 10, method: each, field: n, earn: 90000000000, cap: none, "
        "floor: none}]\n";
    (void)state;
    assert_string_equal(score(large, "id,n\na,90000000000\nb,0\n"), "2 overflow");
    assert_int_equal(result->outcomes[0].state, UNIT_ERROR);
    assert_int_equal(result->outcomes[1].state, UNIT_RANKED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_stages, tear_down),
        cmocka_unit_test_teardown(test_trace, tear_down),
        cmocka_unit_test_teardown(test_bounds, tear_down),
        cmocka_unit_test_teardown(test_not_applicable, tear_down),
        cmocka_unit_test_teardown(test_what_if, tear_down),
        cmocka_unit_test_teardown(test_replay, tear_down),
        cmocka_unit_test_teardown(test_reason, tear_down),
        cmocka_unit_test_teardown(test_gates, tear_down),
        cmocka_unit_test_teardown(test_errors, tear_down),
        cmocka_unit_test_teardown(test_overflow, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
