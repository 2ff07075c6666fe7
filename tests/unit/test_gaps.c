/* test_gaps.c - which way a rule goes for a value, and what cases leave unreached. */
#include "analyse/gaps.h"
#include "analyse/rank.h"
#include "load/units.h"
#include "loaded.h"
#include "score/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct loaded l;

static int tear_down(void **state)
{
    (void)state;
    loaded_release(&l);
    return 0;
}

/* One item under the keys given, gates and grades behind it; the first unit of the CSV counts. */
static const char *rubric_of(struct arena *a, const char *item)
{
    return arena_printf(
        a,
        "kaoping: 1\nid: r\nperiod: 2024\nissued: 2025-01-01\ntotal: 10\n"
        "round: {item: 2, total: 2}\nmissing: zero\nnot_applicable: rescale\n"
        "fields:\n  n: {type: count}\n  p: {type: percent}\n  d: {type: date}\n"
        "  c: {type: choice, options: [good, bad, new]}\n  x: {type: yesno}\n  y: {type: yesno}\n"
        "items:\n  - {id: i, points: 10, %s}\n"
        "gates:\n  - {id: g, when: x, effect: {at_best: B}}\n"
        "grades: [{name: A, from: 6}, {name: B}]\nranking: {within: class, ties: shared, "
        "vetoed: last}\n",
        item);
}

/* "WAYS from 6, from 12; GATE_FIRED g": the gaps after one unit of each CSV was scored. */
static const char *gaps_of(const char *item, const char *const *csvs, size_t n_csvs)
{
    static const char *const words[N_GAP_KINDS] = {"ITEM",      "WAYS",  "GATE_FIRED",
                                                   "GATE_OPEN", "GRADE", "SCRIPT"};
    struct arena scratch = {0};
    const char *rubric = rubric_of(&scratch, item), *all = "";
    gaps list = {0};
    loaded_rubric(&l, rubric);
    if (l.diag.n_errors > 0)
        fail_msg("%s: %s", item, loaded_findings(&l));
    struct coverage *c = coverage_new(&l.arena, l.rubric);
    for (size_t i = 0; i < n_csvs && csvs[i]; i++) {
        struct ranking_result ranking = {0};
        struct units_options units = {0};
        struct run_options options = {.coverage = c};
        const struct source *s = source_from_text(&l.arena, "u.csv", csvs[i], strlen(csvs[i]));
        const struct table *t = units_load(&l.arena, &l.diag, l.rubric, &s, 1, &units);
        struct result *r = run_score(&l.arena, &l.diag, t, &options);
        rank_units(&l.arena, r, &ranking);
        coverage_take(c, r);
    }
    gaps_list(&l.arena, c, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct gap *g = &list.at[i];
        all = arena_printf(&l.arena, "%s%s%s %s", all, *all ? "; " : "", words[g->kind],
                           g->text ? g->text : g->id);
    }
    arena_release(&scratch);
    return all;
}

struct row {
    const char *why, *item, *csv, *left; /* left: the ways that are, "" none */
};

#define TIERS "method: tiers, field: n, tiers: [{from: 12, points: 10}, {from: 6, points: 5}]"
#define LOW "method: tiers, field: p, tiers: [{to: 5%, points: 10}, {to: 9%, points: 5}]"
#define RANKS                                                                                      \
    "method: rank, field: n, better: high, tiers: [{top: 1, points: 10}, {top: 50%, points: 5}]"
#define LADDER                                                                                     \
    "method: ladder, levels: [{name: low, needs: [x], points: 4}, {name: high, needs: [y], "       \
    "points: 10}]"
#define CHOICE "method: choice, field: c, scores: {good: 10, bad: 0, new: not_applicable}"
#define RATES                                                                                      \
    "method: gap, field: p, rates: [{below: 95%, lose: 1 per 1%}, {below: 90%, lose: 2 per "       \
    "1%}], partial_step: exact, mode: marginal, nothing_past: 80%"
#define GAP "method: gap, field: p, target: 95%, lose: 1 per 1%, partial_step: exact"
#define LATE "method: late, field: d, due: 2024-12-20, lose: 1 per day, nothing_at: 4 days"
#define SHORT "method: short, field: n, need: 12, lose: 1, nothing_at: 3"
#define RATIO "method: ratio, field: p, target: 90%, nothing_past: 50%"
#define EACH "method: each, field: n, lose: 1, nothing_at: 5"

static void test_ways(void **state)
{
    static const struct row rows[] = {
        {"the first tier", TIERS, "id,n\na,12\n", "from 6"},
        {"on its bound, not above", TIERS, "id,n\na,11\n", "from 12"},
        {"none of them", TIERS, "id,n\na,5\n", "from 12, from 6"},
        {"upper bounds", LOW, "id,p\na,5%\n", "up to 9%"},
        {"the first place", RANKS, "id,n\na,9\nb,8\n", "top 50%"},
        {"only the first unit counts", RANKS, "id,n\na,1\nb,2\nc,3\nd,4\n", "top 1, top 50%"},
        {"the lower half", RANKS, "id,n\na,3\nb,4\nc,2\nd,1\n", "top 1"},
        {"no level", LADDER, "id,x,y\na,no,yes\n", "low, high"},
        {"the higher level is not the lower", LADDER, "id,x,y\na,yes,yes\n", "low"},
        {"an option", CHOICE, "id,c\na,bad\n", "good, new"},
        {"none chooses none", CHOICE, "id,c\na,无\n", "good, bad, new"},
        {"the target is met", RATES, "id,p\na,95%\n", "below 95%, below 90%, nothing is earned"},
        {"the first rate", RATES, "id,p\na,91%\n", "below 90%, nothing is earned"},
        {"the second rate costs, the first too", RATES, "id,p\na,85%\n",
         "below 95%, nothing is earned"},
        {"past the end", RATES, "id,p\na,79%\n", "below 95%, below 90%"},
        {"one rate", GAP, "id,p\na,94%\n", ""},
        {"one rate, met", GAP, "id,p\na,96%\n", "target missed"},
        {"on the day", LATE, "id,d\na,2024-12-20\n", "late, nothing is earned"},
        {"late", LATE, "id,d\na,2024-12-23\n", "nothing is earned"},
        {"too late", LATE, "id,d\na,2024-12-24\n", "late"},
        {"short", SHORT, "id,n\na,4\n", "nothing is earned"},
        {"far too short", SHORT, "id,n\na,3\n", ""},
        {"ratio", RATIO, "id,p\na,50%\n", "nothing is earned"},
        {"ratio, nothing", RATIO, "id,p\na,49%\n", ""},
        {"each", EACH, "id,n\na,4\n", "nothing is earned"},
        {"each, nothing", EACH, "id,n\na,5\n", ""},
        {"a rule without ways", "method: yesno, field: y", "id,y\na,no\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = gaps_of(rows[i].item, &rows[i].csv, 1);
        bool any = strncmp(got, "WAYS ", 5) == 0;
        const char *left = any ? got + 5 : "";
        size_t length = any ? strcspn(left, ";") : 0;
        if (length != strlen(rows[i].left) || strncmp(left, rows[i].left, length) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", rows[i].why, got, rows[i].left);
        loaded_release(&l);
    }
}

struct whole {
    const char *why;
    const char *csvs[3];
    const char *gaps;
};

static void test_all(void **state)
{
    static const struct whole rows[] = {
        {"an item not reported lacks its tiers too, said once",
         {"id,x\na,no\n"},
         "ITEM i; GATE_FIRED g; GRADE A"},
        {"a gate that fires always", {"id,n,x\na,12,yes\n"}, "WAYS from 6; GATE_OPEN g; GRADE A"},
        {"not answered is open", {"id,n\na,12\n"}, "WAYS from 6; GATE_FIRED g; GRADE B"},
        {"all of it together", {"id,n,x\na,12,no\n", "id,n,x\na,6,yes\n"}, ""},
        {"a unit that failed reaches nothing",
         {"id,n,x\na,many,yes\n"},
         "ITEM i; GATE_FIRED g; GRADE A; GRADE B"},
        {"no case at all", {NULL}, "ITEM i; GATE_FIRED g; GRADE A; GRADE B"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = gaps_of(TIERS, rows[i].csvs, 3);
        if (strcmp(got, rows[i].gaps) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", rows[i].why, got, rows[i].gaps);
        loaded_release(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_ways, tear_down),
        cmocka_unit_test_teardown(test_all, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
