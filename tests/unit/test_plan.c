/* test_plan.c - plans: the order of the steps, and numbers settled by class. */
#include "loaded.h"

#include "score/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define D(whole) dec_from_int(whole)

static const char duty[] =
    "kaoping: 1\nid: duty\nperiod: 2024\ntotal: 100\nround: {item: 2, total: 2}\n"
    "classes: [town, street]\nnot_applicable: rescale\n"
    "fields: {a: {type: yesno}, n: {type: count}, p: {type: percent}, "
    "o: {type: choice, options: [x, y]}, s: {type: number}}\n"
    "sections:\n"
    "  - id: first\n"
    "    sections:\n"
    "      - {id: inner, factor: {town: 50%, street: 25%}, items: [{id: yes, "
    "points: {town: 40, street: 80}, method: yesno, field: a}]}\n"
    "    items:\n"
    "      - {id: short, points: 20, method: short, field: n, need: {town: 12, street: 10}, "
    "lose: 1}\n"
    "      - {id: only_town, points: 10, method: yesno, field: a, for: [town]}\n"
    "      - {id: only_street, points: 10, method: yesno, field: a, for: [street]}\n"
    "  - id: second\n"
    "    combine: mean\n"
    "    points: 50\n"
    "    items:\n"
    "      - {id: gap, weight: {town: 2, street: 3}, points: 10, method: gap, field: p, "
    "rates: [{below: {town: 95%, street: 90%}, lose: 1 per 2%}], partial_step: exact, "
    "mode: marginal}\n"
    "      - {id: choice, points: 10, method: choice, field: o, scores: {x: 10, "
    "y: not_applicable}}\n"
    "      - {id: steps, points: 10, method: tiers, field: s, tiers: [{from: {town: 2, street: 3}, "
    "points: 10}]}\n"
    "bonus: {cap: 5, items: [{id: extra, points: 5, method: each, field: n, earn: 1}]}\n"
    "deductions: {cap: 3, items: [{id: off, points: 3, method: each, field: n, earn: 1}]}\n"
    "gates:\n"
    "  - {id: limit, when: a, effect: {ceiling: {second: {town: 60%, street: 40%}, yes: 10%}}}\n"
    "  - {id: none, when: a, effect: {zero: first}}\n";

static struct loaded l;

static int set_up(void **state)
{
    (void)state;
    loaded_rubric(&l, duty);
    if (l.diag.n_errors > 0)
        fail_msg("%s", loaded_findings(&l));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    loaded_release(&l);
    return 0;
}

static uint32_t member(const char *id)
{
    for (uint32_t i = 0; i < l.rubric->members.n; i++)
        if (strcmp(l.rubric->members.at[i].id, id) == 0)
            return i;
    fail_msg("no member %s", id);
    return 0;
}

static const char *order(const struct plan *p)
{
    const char *text = "";
    for (uint32_t i = 0; i < p->n_steps; i++) {
        const struct plan_step *s = &p->steps[i];
        uint32_t m = s->is_section ? p->sections[s->index].member : p->items[s->index].member;
        text = arena_printf(&l.arena, "%s%s%s", text, i > 0 ? " " : "", l.rubric->members.at[m].id);
    }
    return text;
}

/* Members before the section they stand in; the rubric before bonus and deductions. */
static void test_order(void **state)
{
    (void)state;
    assert_string_equal(order(plan_new(&l.arena, l.rubric, 0)),
                        "yes inner short only_town first gap choice steps second duty extra bonus "
                        "off deductions");
    assert_string_equal(order(plan_new(&l.arena, l.rubric, 1)),
                        "yes inner short only_street first gap choice steps second duty extra "
                        "bonus off deductions");
}

static void test_numbers_by_class(void **state)
{
    (void)state;
    assert_false(plan_same_for_all(l.rubric));
    for (uint32_t class = 0; class < 2; class ++) {
        const struct plan *p = plan_new(&l.arena, l.rubric, class);
        bool town = class == 0;
        assert_int_equal(p->class, class);
        assert_int_equal(p->full[member("yes")], town ? D(40) : D(80));
        assert_int_equal(p->full[member("inner")], D(20));
        assert_int_equal(p->full[RUBRIC_ROOT], D(100));
        assert_int_equal(p->full[member(town ? "only_street" : "only_town")], 0);

        const struct op *op = &p->items[p->op_of[member("short")]];
        assert_int_equal(op->need, town ? D(12) : D(10));
        assert_int_equal(op->lose, D(1));
        op = &p->items[p->op_of[member("gap")]];
        assert_int_equal(op->n_rates, 1);
        assert_int_equal(op->rates[0].bound, town ? D(95) : D(90));
        assert_int_equal(op->rates[0].per, D(2));
        op = &p->items[p->op_of[member("steps")]];
        assert_int_equal(op->tiers[0].bound, town ? D(2) : D(3));
        op = &p->items[p->op_of[member("choice")]];
        assert_int_equal(op->scores[0], D(10));
        assert_int_equal(op->scores[1], DEC_NONE);

        const struct op_section *inner = &p->sections[p->section_of[member("inner")]];
        assert_int_equal(inner->factor, town ? D(50) : D(25));
        assert_int_equal(inner->members_sum, town ? D(40) : D(80));
        assert_int_equal(inner->points, D(20));
        assert_int_equal(p->weight[member("gap")], town ? D(2) : D(3));
        assert_int_equal(p->weight[member("choice")], D(1));
    }
}

static void test_off_the_sheet(void **state)
{
    (void)state;
    const struct plan *p = plan_new(&l.arena, l.rubric, 0);
    assert_int_equal(p->op_of[member("only_street")], UINT32_MAX);
    assert_int_equal(p->op_of[member("first")], UINT32_MAX);
    assert_int_equal(p->section_of[member("yes")], UINT32_MAX);
    const struct op_section *first = &p->sections[p->section_of[member("first")]];
    assert_int_equal(first->n_members, 3);
    assert_int_equal(first->members[0], member("inner"));
    assert_int_equal(first->members[2], member("only_town"));
}

static void test_limits(void **state)
{
    (void)state;
    const struct plan *p = plan_new(&l.arena, l.rubric, 1);
    assert_int_equal(p->n_limits, 3);
    for (uint32_t i = 1; i < p->n_limits; i++)
        assert_true(p->limits[i - 1].member <= p->limits[i].member);
    for (uint32_t i = 0; i < p->n_limits; i++) {
        const struct op_limit *limit = &p->limits[i];
        if (limit->member == member("second"))
            assert_int_equal(limit->share, D(40));
        if (limit->member == member("yes"))
            assert_int_equal(limit->share, D(10));
        if (limit->member == member("first")) {
            assert_int_equal(limit->share, 0);
            assert_int_equal(limit->gate, 1);
        }
    }
}

static void test_same_for_all(void **state)
{
    static const char plain[] =
        "kaoping: 1\nid: x\nperiod: 2024\ntotal: 1\nround: {item: 2, total: 2}\n"
        "classes: [a, b]\nfields: {f: {type: yesno}}\n"
        "items: [{id: it, points: 1, method: yesno, field: fFOR}]\n";
    struct arena a = {0};
    struct loaded one;
    (void)state;
    loaded_rubric(&one, loaded_replace(&a, plain, "fFOR", "f"));
    assert_string_equal(loaded_findings(&one), "");
    assert_true(plan_same_for_all(one.rubric));
    const struct plan *p = plan_new(&one.arena, one.rubric, one.rubric->classes.n);
    assert_int_equal(p->n_steps, 2);
    loaded_release(&one);

    loaded_rubric(&one, loaded_replace(&a, plain, "fFOR", "f, for: [a, b]"));
    assert_false(plan_same_for_all(one.rubric));
    loaded_release(&one);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_numbers_by_class, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_off_the_sheet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test(test_same_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
