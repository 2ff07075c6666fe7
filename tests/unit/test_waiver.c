/* test_waiver.c - waivers from files to the sorted list, looked up, and scored with and without. */
#include "loaded.h"

#include "analyse/deficiency.h"
#include "analyse/rank.h"
#include "analyse/repair.h"
#include "base/date.h"
#include "load/units.h"
#include "load/waivers.h"
#include "score/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char rubric[] =
    "kaoping: 1\nid: duty\nperiod: 2024\ntotal: 40\nround: {item: 2, total: 2}\n"
    "not_applicable: rescale\n"
    "deficiency: {below: 100%}\n"
    "fields: {a: {type: yesno}, b: {type: yesno}, c: {type: yesno}, n: {type: count}}\n"
    "sections:\n"
    "  - id: outer\n"
    "    items:\n"
    "      - {id: ia, points: 10, method: yesno, field: a}\n"
    "    sections:\n"
    "      - id: inner\n"
    "        items:\n"
    "          - {id: ib, points: 10, method: yesno, field: b}\n"
    "          - {id: ic, points: 20, method: yesno, field: c, missing: error}\n"
    "deductions: {cap: 5, items: [{id: off, points: 5, method: each, field: n, earn: 1}]}\n"
    "grades: [{name: A, from: 30}, {name: B}]\n";

enum { ROOT, OUTER, IA, INNER, IB, IC, DEDUCTIONS, OFF };

static struct loaded l;
static struct table *table;
static struct result *result;

static void load(const char *csv, const char *const *files, uint32_t n)
{
    const struct source *sources[4];
    struct units_options options = {0};
    loaded_rubric(&l, rubric);
    sources[0] = source_from_text(&l.arena, "u.csv", csv, strlen(csv));
    table = units_load(&l.arena, &l.diag, l.rubric, sources, 1, &options);
    assert_int_equal(l.diag.n_errors, 0);
    for (uint32_t i = 0; i < n; i++)
        sources[i] = source_from_text(&l.arena, "w", files[i], strlen(files[i]));
    waivers_load(&l.arena, &l.diag, table, sources, n);
}

static void score(void)
{
    struct ranking_result ranking = {0};
    result = run_score(&l.arena, &l.diag, table, NULL);
    if (l.diag.n_errors > 0)
        fail_msg("%s", loaded_findings(&l));
    rank_units(&l.arena, result, &ranking);
}

static const char *text(dec d)
{
    char shown[DEC_TEXT];
    return d == DEC_NONE ? "none" : arena_printf(&l.arena, "%s", dec_text(d, DEC_EXACT, shown));
}

static int tear_down(void **state)
{
    (void)state;
    loaded_release(&l);
    return 0;
}

/* ---- looking up ---- */

static void test_nearest(void **state)
{
    /* Of units 1 and 3; 0, 2 and 4 have none. */
    static const struct waiver list[] = {
        {.unit = 1, .member = OUTER, .expired = true, .reason = "1 outer"},
        {.unit = 1, .member = INNER, .reason = "1 inner"},
        {.unit = 1, .member = IC, .expired = true, .reason = "1 ic"},
        {.unit = 3, .member = OUTER, .reason = "3 outer"},
        {.unit = 3, .member = IA, .reason = "3 ia"},
        {.unit = 3, .member = IA, .expired = true, .reason = "3 ia, old"},
        {.unit = 3, .member = IB, .expired = true, .reason = "3 ib"},
        {.unit = 3, .member = DEDUCTIONS, .expired = true, .reason = "3 deductions"},
    };
    static const struct {
        const char *why;
        uint32_t unit, item;
        const char *found;
    } rows[] = {
        {"a unit before all", 0, IA, NULL},
        {"only an expired one of the section", 1, IA, "1 outer"},
        {"of the inner section", 1, IB, "1 inner"},
        {"its own has expired, the section's counts", 1, IC, "1 inner"},
        {"none for deductions", 1, OFF, NULL},
        {"a unit between", 2, IA, NULL},
        {"its own before the section's, and the one that counts", 3, IA, "3 ia"},
        {"two levels up", 3, IC, "3 outer"},
        {"expired, but two levels up one counts", 3, IB, "3 outer"},
        {"deductions are a section too", 3, OFF, "3 deductions"},
        {"a unit behind all", 4, IA, NULL},
    };
    struct waivers all = {list, sizeof list / sizeof *list}, none = {NULL, 0};
    (void)state;
    loaded_rubric(&l, rubric);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct waivers own = waivers_of(all, rows[i].unit);
        const struct waiver *w = waiver_of(own, l.rubric, rows[i].item);
        const char *found = w ? w->reason : "nothing";
        if (strcmp(found, rows[i].found ? rows[i].found : "nothing") != 0)
            fail_msg("%s: %s", rows[i].why, found);
    }
    assert_int_equal(waivers_of(all, 1).n, 3);
    assert_int_equal(waivers_of(all, 2).n, 0);
    assert_int_equal(waivers_of(none, 2).n, 0);
    assert_null(waiver_of(none, l.rubric, IA));
    assert_true(waivers_count(waivers_of(all, 3)));
    assert_false(waivers_count((struct waivers){list, 1}));
    assert_false(waivers_count(none));
}

/* ---- loading ---- */

static void test_files_join(void **state)
{
    static const char *const files[] = {
        "waivers:\n"
        "  - {unit: v, item: ib, effect: full, reason: r, approved_by: o}\n"
        "  - {unit: u, item: ic, effect: full, reason: r, approved_by: o, until: 2024-12-30}\n",
        "unit,item,effect,reason,approved_by,until\n"
        "u,ic,full,r,o,2024年12月31日\n"
        "v,ib,full,r,o,\n" /* once more */
        "u,ia,不适用,\"'=r\",o,\n",
        "{\"waivers\": [{\"unit\": \"u\", \"item\": \"outer\", \"effect\": \"not_applicable\", "
        "\"reason\": \"r\", \"approved_by\": \"o\", \"until\": null}]}",
    };
    static const struct {
        uint32_t unit, member;
        bool expired, full;
    } wanted[] = {
        {0, OUTER, false, false}, {0, IA, false, false},
        {0, IC, false, true}, /* on the last day it still counts */
        {0, IC, true, true},      {1, IB, false, true},
    };
    (void)state;
    load("id,a,b,c,n\nu,是,是,是,0\nv,是,是,是,0\n", files, 3);
    assert_string_equal(loaded_findings(&l), "");
    assert_int_equal(table->waivers.n, 5);
    for (uint32_t i = 0; i < 5; i++) {
        const struct waiver *w = &table->waivers.at[i];
        assert_int_equal(w->unit, wanted[i].unit);
        assert_int_equal(w->member, wanted[i].member);
        assert_int_equal(w->expired, wanted[i].expired);
        assert_int_equal(w->effect == WAIVER_FULL, wanted[i].full);
    }
    assert_string_equal(table->waivers.at[1].reason, "=r"); /* the guard of our own CSV */
    assert_int_equal(table->waivers.at[0].until, DATE_NONE);
    assert_int_equal(table->sources.n, 4); /* files of waivers are inputs as well */
}

/* A waiver that cannot be understood takes its unit out, and no other. */
static void test_doubtful_waivers_cost_their_unit(void **state)
{
    static const char *const files[] = {
        "waivers:\n"
        "  - {unit: u, item: ib, effect: full, reason: r}\n"
        "  - {unit: w, item: ib, effect: full, reason: r, approved_by: o}\n"
        "  - {unit: v, item: ib, effect: full, reason: r, approved_by: o}\n"};
    (void)state;
    load("id,a,b,c,n\nu,是,是,是,0\nv,是,是,是,0\n", files, 1);
    assert_string_equal(loaded_findings(&l), "2 missing-key, 3 unknown-unit");
    assert_true(table->units.at[0].bad);
    assert_string_equal(table->units.at[0].why, "w:2:5: the waiver lacks `approved_by`");
    assert_false(table->units.at[1].bad);
    assert_int_equal(table->waivers.n, 1);
}

/* ---- scoring ---- */

static void test_with_and_without(void **state)
{
    static const char *const files[] = {
        "waivers:\n"
        "  - {unit: u, item: ia, effect: full, reason: r, approved_by: o}\n"
        "  - {unit: u, item: ib, effect: not_applicable, reason: r, approved_by: o}\n"
        "  - {unit: u, item: off, effect: not_applicable, reason: r, approved_by: o}\n"
        "  - {unit: v, item: ib, effect: full, reason: r, approved_by: o, until: 2024-01-01}\n"
        "  - {unit: w, item: ic, effect: full, reason: r, approved_by: o}\n"
        "  - {unit: x, item: off, effect: not_applicable, reason: r, approved_by: o, until: "
        "2024-01-01}\n"};
    deficiencies list = {0};
    repairs losses = {0};
    (void)state;
    load("id,a,b,c,n\nu,否,否,是,3\nv,是,否,是,0\nw,是,是,,0\nx,是,是,是,\n", files, 1);
    score();

    const struct outcome *o = &result->outcomes[0];
    assert_string_equal(text(o->total), "40"); /* (10 + 20 × 30 ÷ 20) × 40 ÷ 40 */
    assert_true(o->waived);
    assert_string_equal(text(o->total_without), "17"); /* 20 - 3 */
    assert_int_equal(o->grade_by_band, 0);
    assert_int_equal(o->grade_without, 1);
    assert_int_equal(result_member(result, 0, IA)->state, STATE_WAIVED);
    assert_int_equal(result_member(result, 0, IB)->points, DEC_NONE);
    assert_string_equal(text(result_member(result, 0, OFF)->points), "0");
    assert_int_equal(deficiency_count(result, 0), 0);
    assert_string_equal(text(result->scorer.due(result, 0, OUTER)), "30");
    repair_list(&l.arena, result, 0, &losses);
    assert_int_equal(losses.n, 0); /* nothing waived is lost, not what is taken off either */

    /* An expired one changes nothing but the flag, which follows the loss. */
    o = &result->outcomes[1];
    assert_false(o->waived);
    assert_string_equal(text(o->total), "30");
    assert_string_equal(text(o->total_without), "none");
    deficiency_list(&l.arena, result, 1, &list);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.at[0].kind, FLAG_SHORTFALL);
    assert_int_equal(list.at[1].kind, FLAG_WAIVER_EXPIRED);

    /* Without its waiver the unit lacks a value that the rubric insists on: no finding. */
    o = &result->outcomes[2];
    assert_string_equal(text(o->total), "40");
    assert_int_equal(o->state_without, UNIT_ERROR);
    assert_string_equal(text(o->total_without), "none");

    /* In deductions silence is no deficiency, but an expired waiver is. */
    list.n = 0;
    deficiency_list(&l.arena, result, 3, &list);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.at[0].kind, FLAG_WAIVER_EXPIRED);
}

struct answer {
    dec total;
};

static void keep_total(void *context, uint32_t index, const struct outcome *o,
                       const struct cellres *members)
{
    struct answer *answer = context;
    (void)index;
    (void)members;
    answer->total = o->total;
}

/* Questions are asked of the unit as it is: with its waivers. */
static void test_what_if_keeps_waivers(void **state)
{
    static const char *const files[] = {
        "waivers:\n"
        "  - {unit: u, item: inner, effect: not_applicable, reason: r, approved_by: o}\n"};
    struct answer answer = {0};
    struct what_if asked = {IA, 0};
    struct what_if_taker taker = {keep_total, &answer};
    struct trace trace = {.arena = &l.arena};
    uint32_t said = 0;
    (void)state;
    load("id,a,b,c,n\nu,是,否,否,0\n", files, 1);
    asked.points = 5 * DEC_ONE;
    score();
    result->scorer.what_if(result, 0, &asked, 1, &taker);
    assert_string_equal(text(answer.total), "20"); /* 5 of 10 carry the other 30 */
    result->scorer.explain(result, 0, &trace);
    for (uint32_t i = 0; i < trace.steps.n; i++)
        said += strstr(trace.steps.at[i].text, "waived, not applicable: r; approved by o") != NULL;
    assert_int_equal(said, 2); /* both items of the section */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_nearest, tear_down),
        cmocka_unit_test_teardown(test_files_join, tear_down),
        cmocka_unit_test_teardown(test_doubtful_waivers_cost_their_unit, tear_down),
        cmocka_unit_test_teardown(test_with_and_without, tear_down),
        cmocka_unit_test_teardown(test_what_if_keeps_waivers, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
