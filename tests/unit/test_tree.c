/* test_tree.c - units under units: who is whose superior, in which order they are scored, and what
 * comes of it for those above. */
#include "loaded.h"

#include "load/units.h"
#include "score/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const char around[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 100\nround: {item: 2, total: 2}\n"
    "not_applicable: zero\n"
    "fields: {n: {type: number, label: 数量, max: 1000}}\n"
    "items:\n"
    "  - {id: own, points: 50, method: each, field: n, earn: 1}\n"
    "  - {id: under, points: 50, ITEM}\n";

static const char mean[] = "method: children, of: own, take: mean";
static const char last[] = "method: children, class: town, last: 1, lose: 5";

struct grown {
    struct loaded l;
    struct arena text; /* of the rubric */
    struct table *table;
};

static void grow(struct grown *g, const char *item, const char *data)
{
    struct units_options options = {0};
    loaded_rubric(&g->l, loaded_replace(&g->text, around, "ITEM", item));
    assert_string_equal(loaded_findings(&g->l), "");
    const struct source *s = source_from_text(&g->l.arena, "data.csv", data, strlen(data));
    g->table = units_load(&g->l.arena, &g->l.diag, g->l.rubric, &s, 1, &options);
}

static void release(struct grown *g)
{
    loaded_release(&g->l);
    arena_release(&g->text);
}

/* "a b / c": the levels, from below. */
static const char *levels_of(struct grown *g)
{
    const struct tree *t = g->table->tree;
    struct buf b = {0};
    uint32_t level = 0;
    if (!t) {
        return "none";
    }
    for (uint32_t i = 0; i < g->table->units.n; i++) {
        bool next = i == t->ends[level];
        level += next;
        buf_printf(&b, "%s%s", next ? " / " : i > 0 ? " " : "", g->table->units.at[t->order[i]].id);
    }
    const char *text = arena_text(&g->l.arena, b.at, b.n);
    buf_release(&b);
    return text;
}

static void test_levels(void **state)
{
    static const struct {
        const char *item, *data, *levels, *findings;
    } rows[] = {
        {"method: each, field: n, earn: 1", "id,parent,n\na,b,1\nb,zz,1\n", "none", ""},
        {mean, "id,parent,n\na,,1\nb,a,1\nc,b,1\nd,a,1\n", "c d / b / a", ""},
        {mean, "id,parent,n\nc,b,1\nb,a,1\nd,a,1\na,,1\n", "c d / b / a", ""}, /* any order */
        {mean, "id,parent,n\na,,1\nb,,1\n", "a b", "10 no-parent"},
        {mean, "id,parent,n\na,a,1\n", "a", "2 parent-cycle"},
        {mean, "id,parent,n\na,b,1\nb,a,1\nc,a,1\n", "b c / a", "2 parent-cycle"},
        {mean, "id,parent,n\na,b,1\nb,a,1\nc,d,1\nd,c,1\n", "a b c d",
         "2 parent-cycle, 4 parent-cycle"},
        {mean, "id,parent,n\na,aaa,1\nb,a,1\n", "b / a", "2 unknown-parent"},
        /* All towns stand before whoever is marked by their places, also one that has none itself
         */
        {last, "id,class,parent,n\nx,city,,1\nt,town,x,1\ns,town,c,1\nc,county,,1\nu,spot,s,1\n",
         "t u / s / x c", ""},
        {last, "id,class,parent,n\nt,town,s,1\ns,town,,1\n", "t s", "3 places-circular"},
        /* Of another class nobody asks. */
        {last, "id,class,parent,n\nt,street,s,1\ns,street,,1\n", "t / s", ""},
        {last, "id,class,parent,n\nc,county,,1\nt,town,c,1\nd,county,v,1\nv,town,,1\nw,town,d,1\n",
         "c t d v w", "4 places-circular"}, /* v is a town, and rests on d */
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct grown g = {0};
        grow(&g, rows[i].item, rows[i].data);
        if (strcmp(levels_of(&g), rows[i].levels) != 0 ||
            strcmp(loaded_findings(&g.l), rows[i].findings) != 0) {
            fail_msg("row %zu: %s; %s, not %s; %s", i, levels_of(&g), loaded_findings(&g.l),
                     rows[i].levels, rows[i].findings);
        }
        release(&g);
    }
}

/* Whoever stands in a ring is not scored; those beside it are. */
static void test_bad_units(void **state)
{
    struct grown g = {0};
    (void)state;
    grow(&g, mean, "id,parent,n\na,b,1\nb,a,1\nc,a,1\nd,zz,1\ne,c,1\n");
    static const bool bad[] = {true, true, false, true, false};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(g.table->units.at[i].bad, bad[i]);
    }
    assert_int_equal(g.table->units.at[2].superior, 0);
    assert_int_equal(g.table->units.at[0].superior, UNIT_NONE);
    release(&g);
}

/* The points of the first unit's item `under`. */
static void test_points(void **state)
{
    static const struct {
        const char *item, *data, *points;
    } rows[] = {
        {mean, "id,parent,n\na,,1\nb,a,20\nc,a,30\n", "25"},
        {mean, "id,parent,n\na,,1\nb,a,20\nc,b,30\n", "20"}, /* grandchildren do not count */
        {mean, "id,parent,n\na,,1\nb,,20\nc,b,30\n", "0"},   /* nobody under it: zero */
        {mean, "id,parent,n\na,,1\nb,a,10\nc,a,10\nd,a,11\n", "10.33"},
        {"method: children, of: under, take: mean", "id,parent,n\na,,1\nb,a,2\nc,b,3\n", "0"},
        {"method: children, of: own, take: min", "id,parent,n\na,,1\nb,a,20\nc,a,30\n", "20"},
        {"method: children, of: total, take: mean", "id,parent,n\na,,1\nb,a,20\nc,b,30\n", "17.5"},
        {last, "id,class,parent,n\na,city,,1\nb,town,a,1\nc,town,a,2\n", "45"},
        {last, "id,class,parent,n\na,city,,1\nb,town,a,1\nc,town,a,1\n",
         "40"}, /* tied at the cut */
        {last, "id,class,parent,n\na,city,,1\nb,town,a,1\nc,town,x,1\nx,city,,3\n", "45"},
        {last, "id,class,parent,n\na,city,,1\nb,town,a,2\nc,town,x,1\nx,city,,3\n", "50"},
        {last, "id,class,parent,n\na,city,,1\nb,spot,a,2\nc,town,x,1\nx,city,,3\n", "0"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct grown g = {0};
        char text[DEC_TEXT];
        grow(&g, rows[i].item, rows[i].data);
        assert_int_equal(g.l.diag.n_errors, 0);
        struct result *r = run_score(&g.l.arena, &g.l.diag, g.table, NULL);
        dec_text(result_member(r, 0, 2)->points, DEC_EXACT, text);
        if (strcmp(text, rows[i].points) != 0) {
            fail_msg("row %zu: %s, not %s", i, text, rows[i].points);
        }
        release(&g);
    }
}

/* A chain of so many units, each under the next one: no recursion, and no worker for each level. */
static void test_deep(void **state)
{
    static const char *const items[] = {"method: children, of: total, take: mean",
                                        "method: formula, formula: children.mean.total / 2"};
    enum { DEEP = 20000 };
    (void)state;
    for (size_t k = 0; k < ROWS(items); k++) {
        struct grown g = {0};
        struct buf data = {0};
        char text[DEC_TEXT];
        buf_text(&data, "id,parent,n\n");
        for (int i = 0; i < DEEP; i++) {
            buf_printf(&data, "u%d,%s,25\n", i,
                       i + 1 < DEEP ? arena_printf(&g.text, "u%d", i + 1) : "");
        }
        buf_char(&data, '\0');
        grow(&g, items[k], data.at);
        assert_int_equal(g.table->tree->n_levels, DEEP);
        struct result *r = run_score(&g.l.arena, &g.l.diag, g.table, NULL);
        /* 25 plus half of what is below: it nears 50. */
        assert_string_equal(dec_text(r->outcomes[0].total, DEC_EXACT, text), "25");
        assert_string_equal(dec_text(r->outcomes[1].total, DEC_EXACT, text), "37.5");
        assert_string_equal(dec_text(r->outcomes[DEEP - 1].total, DEC_EXACT, text), "50");
        buf_release(&data);
        release(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_bad_units),
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
