/* test_classwide.c - best, worst, mean and places of a class; who counts in them. */
#include "loaded.h"

#include "load/units.h"
#include "score/classwide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Members: 1 best, 2 rank, 3 gap against the mean, 4 best of a ratio, 5 needs none. */
static const char rubric[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 50\nround: {item: 2, total: 2}\n"
    "not_applicable: rescale\nmissing: zero\n"
    "fields: {v: {type: number}, w: {type: number}, x: {type: count}, of: {type: count}}\n"
    "items:\n"
    "  - {id: best, points: 10, method: best, field: v, better: high, from: zero}\n"
    "  - {id: rank, points: 10, method: rank, field: v, better: high, step: 1}\n"
    "  - {id: mean, points: 10, method: gap, field: w, target: class mean, lose: 1 per 1, "
    "partial_step: exact}\n"
    "  - {id: rate, points: 10, method: best, of: [x, of], better: high, from: zero}\n"
    "  - {id: plain, points: 10, method: ratio, field: v, target: 5}\n";

static struct loaded l;
static struct table *table;
static struct classwide *figures;

static void load(const char *csv)
{
    struct units_options options = {0};
    loaded_rubric(&l, rubric);
    const struct source *source = source_from_text(&l.arena, "u.csv", csv, strlen(csv));
    table = units_load(&l.arena, &l.diag, l.rubric, &source, 1, &options);
    if (l.diag.n_errors > 0)
        fail_msg("%s", loaded_findings(&l));
    figures = classwide_new(&l.arena, table);
}

static wide w(const char *text)
{
    dec d = DEC_NONE;
    assert_int_equal(dec_parse(text, strlen(text), &d), DEC_OK);
    return wide_from_dec(d);
}

static void check(uint32_t member, uint32_t unit, uint32_t n, const char *lowest,
                  const char *highest, const char *mean)
{
    const struct class_figures *f = classwide_get(figures, table, member, unit);
    assert_int_equal(f->n, n);
    assert_true(f->lowest == w(lowest));
    assert_true(f->highest == w(highest));
    assert_true(f->mean == w(mean));
}

/* Only what is reported exactly counts; 无 is an exact zero; the other class is another world. */
static void test_who_counts(void **state)
{
    (void)state;
    load("id,class,v,w,x,of\n"
         "a,t,4,1,1,2\n"
         "b,t,8,2,3,4\n"
         "c,t,,6,0,0\n"
         "d,t,≥20,,,\n"
         "e,t,约9,不适用(x),,5\n"
         "f,t,无,,2,2\n"
         "g,s,100,-4,,\n");
    check(1, 0, 3, "0", "8", "4");
    check(3, 0, 3, "1", "6", "3");
    check(4, 0, 3, "50", "100", "75"); /* in percent points; 0 of 0 does not apply */
    check(1, 6, 1, "100", "100", "100");
    check(3, 6, 1, "-4", "-4", "-4");
    assert_int_equal(classwide_get(figures, table, 4, 6)->n, 0);
    assert_null(figures->figures[5]);
    loaded_release(&l);
}

static void test_places(void **state)
{
    static const struct {
        const char *value;
        uint32_t high, low;
    } rows[] = {
        {"9", 1, 5},                            /* the best, or the worst where lower is better */
        {"7", 2, 3},                            /* two alike share the better place */
        {"3", 4, 2}, {"1", 5, 1}, {"10", 1, 6}, /* values of no unit: a what-if */
        {"5", 4, 3}, {"0", 6, 1},
    };
    (void)state;
    load("id,class,v,w,x,of\na,t,7,,,\nb,t,1,,,\nc,t,9,,,\nd,t,3,,,\ne,t,7,,,\nf,t,,,,\n");
    const struct class_figures *f = classwide_get(figures, table, 2, 0);
    assert_int_equal(f->n, 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t high = classwide_place(f, w(rows[i].value), false);
        uint32_t low = classwide_place(f, w(rows[i].value), true);
        if (high != rows[i].high || low != rows[i].low)
            fail_msg("%s: places %u and %u", rows[i].value, high, low);
    }
    loaded_release(&l);
}

/* The mean divides once: three thirds are one. */
static void test_mean_is_exact(void **state)
{
    (void)state;
    load("id,class,v,w,x,of\na,t,1,0,,\nb,t,1,0,,\nc,t,,1,,\n");
    const struct class_figures *f = classwide_get(figures, table, 3, 0);
    assert_true(f->mean == wide_muldiv(w("1"), 1, 3));
    loaded_release(&l);
}

static void test_nobody(void **state)
{
    (void)state;
    load("id,class,v,w,x,of\na,t,,,,\n");
    assert_int_equal(classwide_get(figures, table, 2, 0)->n, 0);
    assert_int_equal(classwide_place(classwide_get(figures, table, 2, 0), w("3"), false), 1);
    loaded_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_counts),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_mean_is_exact),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
