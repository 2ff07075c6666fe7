/* test_previous.c - what units had in the previous period: whose it is, how it is read, what is
 * made of it. */
#include "loaded.h"

#include "load/units.h"
#include "score/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const char around[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 20\nround: {item: 2, total: 2}\n"
    "not_applicable: rescale\n"
    "fields: {n: {type: number, label: 数量, max: 1000}, c: {type: count}, d: {type: date}, "
    "t: {type: text}, l: {type: list}, o: {type: choice, options: [甲, 乙]}}\n"
    "items:\n"
    "  - {id: one, points: 20, ITEM}\n";

struct both {
    struct loaded l;
    struct table *table;
    struct result *result;
};

static const struct source *source_of(struct arena *a, const char *name, const char *text)
{
    return source_from_text(a, name, text, strlen(text));
}

/* before: one or, parted by a line `--`, two files. */
static void load_both(struct both *b, const char *item, const char *now, const char *before)
{
    struct arena scratch = {0};
    struct units_options options = {0};
    const struct source *sources[2];
    uint32_t n = 0;
    loaded_rubric(&b->l, loaded_replace(&scratch, around, "ITEM", item));
    assert_string_equal(loaded_findings(&b->l), "");
    struct arena *a = &b->l.arena;
    sources[0] = source_of(a, "now.csv", now);
    b->table = units_load(a, &b->l.diag, b->l.rubric, sources, 1, &options);
    assert_int_equal(b->l.diag.n_errors, 0);
    const char *cut = strstr(before, "--\n");
    sources[n++] =
        source_of(a, "before.csv", cut ? arena_text(a, before, (size_t)(cut - before)) : before);
    if (cut) {
        sources[n++] = source_of(a, "more.csv", cut + 3);
    }
    units_load_previous(a, &b->l.diag, b->table, sources, n, &options);
    arena_release(&scratch);
}

static void release(struct both *b) { loaded_release(&b->l); }

static const char change[] = "method: change, field: n, as: difference, same: 10, up: 1 per 1, "
                             "down: -1 per 1, partial_step: exact";

/* Which of the units a and b (named A and B) have what in n; "-" without a row. */
static void test_matching(void **state)
{
    static const struct {
        const char *now, *before, *has, *findings;
    } rows[] = {
        {"id,name,n\na,A,1\nb,B,2\n", "id,n\na,5\nb,6\n", "5 6", ""},
        {"id,name,n\na,A,1\nb,B,2\n", "id,n\nb,6\n", "- 6", ""},        /* no predecessor */
        {"id,name,n\na,A,1\nb,B,2\n", "id,name,n\nb,Z,6\n", "- 6", ""}, /* renamed */
        {"id,name,n\na,A,1\nb,B,2\n", "id,name,n\nb,A,6\n", "- 6", ""}, /* its name is another's */
        {"id,name,n\na,A,1\nb,B,2\n", "id,name,n\nz,A,many\nb,B,6\n", "- 6", ""}, /* a stranger */
        {"id,name,n\na,A,1\nb,B,2\n", "name,n\nB,6\nZ,many\n", "- 6", ""}, /* by name alone */
        {"id,name,n\na,A,1\nb,B,2\n", "name,n\na,5\n", "5 -", ""}, /* a name that is an id */
        {"name,n\nA,1\nB,2\n", "id,name,n\nb,B,6\nz,Z,many\n", "- 6", ""}, /* ids only then */
        {"id,name,n\na,A,1\nb,A,2\n", "name,n\nA,6\n", "- -", "2 ambiguous-unit"},
        {"id,name,n\na,A,1\nb,A,2\n", "id,name,n\nz,A,many\nb,A,6\n", "- 6", ""},
        {"id,n\na,1\nb,2\n", "id,n,zz\na,,5\nb,2000,\n", "empty 2000", ""}, /* no bounds */
        {"id,n\na,1\nb,2\n", "编号,数量\na,5\n--\nid,n,c\nb,6,\na,5,3\n", "5 6", ""},
        {"id,n\na,1\nb,2\n", "id,n\na,5\n--\nid,n\na,6\n", "5 -", "2 contradiction"},
        {"id,n\na,1\nb,2\n", "id,n\na,5\na,6\n", "5 -", "3 duplicate-unit"},
        {"id,n\na,1\nb,2\n", "id,n\na,many\nb,6\n", "bad 6", "2 not-a-number"},
        {"id,class,n\na,town,1\nb,city,2\n", "id,class,n\na,,5\nb,town,6\n", "5 6", ""},
        {"id,n\na,1\nb,2\n", "id,n\nz,5\n", "- -", "0 previous-no-unit"},
        {"id,n\na,1\nb,2\n", "", "- -", "0 no-units"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct both b = {0};
        struct buf has = {0};
        load_both(&b, change, rows[i].now, rows[i].before);
        for (uint32_t u = 0; u < 2; u++) {
            const struct table *before = b.table->previous;
            const char *value = table_value_text(&b.l.arena, before, u, 0);
            buf_printf(&has, "%s%s", u ? " " : "",
                       !table_has_before(b.table, u)             ? "-"
                       : before->columns[0].state[u] == CELL_BAD ? "bad"
                       : *value                                  ? value
                                                                 : "empty");
            assert_int_equal(b.table->units.at[u].bad, before->units.at[u].bad);
        }
        if (strcmp(has.at, rows[i].has) != 0 ||
            strcmp(loaded_findings(&b.l), rows[i].findings) != 0) {
            fail_msg("row %zu: %s; %s, not %s; %s", i, has.at, loaded_findings(&b.l), rows[i].has,
                     rows[i].findings);
        }
        buf_release(&has);
        release(&b);
    }
}

static void test_place(void **state)
{
    struct both b = {0};
    (void)state;
    load_both(&b, change, "id,n\na,1\nb,2\n", "id,c,n\nz,1,1\nb,3,77\n");
    span at = table_place(b.table->previous, 1, 0);
    assert_string_equal(span_text(&b.l.arena, at), "before.csv:3:5");
    at = table_place(b.table->previous, 0, 0); /* no row of its own */
    assert_null(at.source);
    release(&b);
}

/* "10.5", "missing", "not_applicable" */
static const char *outcome_of(struct both *b)
{
    char text[DEC_TEXT];
    b->result = run_score(&b->l.arena, &b->l.diag, b->table, NULL);
    const struct cellres *cell = result_member(b->result, 0, 1);
    if (cell->state != STATE_SCORED) {
        return member_state_word((enum member_state)cell->state);
    }
    return arena_printf(&b->l.arena, "%s", dec_text(cell->points, DEC_EXACT, text));
}

/* One unit: its n now and before. */
static void test_change(void **state)
{
    static const char up_good[] = "up: 1 per 1, down: -1 per 1, partial_step: exact";
    static const char down_good[] = "up: -1 per 1, down: 1 per 1, partial_step: exact";
    static const char percent_up[] = "up: 1 per 10%, down: -1 per 10%, partial_step: exact";
    static const char percent_cut[] = "up: 1 per 10%, down: -1 per 10%, partial_step: down";
    static const char percent_full[] = "up: 1 per 10%, down: -1 per 10%, partial_step: up";
    static const struct {
        const char *as, *rates, *now, *before, *outcome;
    } rows[] = {
        {"difference", up_good, "3", "5", "8"},
        {"difference", up_good, "-3", "-5", "12"}, /* below 0 is a figure */
        {"difference", up_good, "无", "2", "8"},   /* 0 */
        {"difference", up_good, "2", "无", "12"},
        {"difference", up_good, "≥3", "≤2", "11"}, /* both bounds no worse */
        {"difference", up_good, "≥3", "≥2", "missing"},
        {"difference", down_good, "≤3", "≥2", "9"},
        {"difference", down_good, "≤3", "≤2", "missing"},
        {"difference", up_good, "约3", "2", "missing"},
        {"difference", up_good, "3", "约2", "missing"},
        {"difference", up_good, "3", "不适用", "not_applicable"},
        {"difference", up_good, "3", "计划", "not_applicable"},
        {"difference", up_good, "不适用", "3", "not_applicable"},
        {"difference", up_good, "不适用", "约3", "not_applicable"},
        {"difference", up_good, "约3", "", "not_applicable"},
        {"percent", percent_up, "3", "4", "7.5"},
        {"percent", percent_up, "3", "0", "not_applicable"},
        {"percent", percent_up, "", "0", "missing"}, /* 0 is a figure: silence is told first */
        {"percent", percent_up, "3", "-4", "not_applicable"},
        {"percent", percent_up, "-1", "4", "0"},        /* 125 % down */
        {"percent", percent_up, "-1", "≤4", "missing"}, /* over a smaller value it would be more */
        {"percent", percent_up, "1", "≤4", "2.5"},
        {"percent", percent_cut, "0.1", "0.3", "4"}, /* 66.67 % */
        {"percent", percent_full, "0.1", "0.3", "3"},
        {"percent", percent_cut, "0.33", "0.3", "11"}, /* exactly one step */
        {"percent", percent_full, "0.33", "0.3", "11"},
        {"percent", percent_up, "90000000000", "0.00000001", "error"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct both b = {0};
        struct arena a = {0};
        load_both(&b,
                  arena_printf(&a, "method: change, field: n, as: %s, same: 10, %s", rows[i].as,
                               rows[i].rates),
                  "id,n\na,1\n", arena_printf(&a, "id,n,c\na,%s,1\n", rows[i].before));
        /* This period's cell comes second, without its bound. */
        struct field *n = &b.l.rubric->fields.list.at[0];
        n->max = DEC_NONE;
        const struct table *before = b.table->previous;
        const struct source *now =
            source_of(&b.l.arena, "now.csv", arena_printf(&a, "id,n\na,%s\n", rows[i].now));
        b.table = units_load(&b.l.arena, &b.l.diag, b.l.rubric, &now, 1, NULL);
        b.table->previous = before;
        const char *got = outcome_of(&b);
        if (strcmp(got, rows[i].outcome) != 0) {
            fail_msg("row %zu: %s after %s: %s, not %s", i, rows[i].now, rows[i].before, got,
                     rows[i].outcome);
        }
        release(&b);
        arena_release(&a);
    }
}

/* Conditions see what stood there by its type; cells: of n,c,d,t,o before. */
static void test_conditions(void **state)
{
    static const struct {
        const char *when, *cells, *outcome;
    } rows[] = {
        {"previous.c == 3", ",3,,,", "5"},
        {"previous.c == 3", ",4,,,", "not_applicable"},
        {"previous.d < 2024-01-01", ",,2023-05-01,,", "5"},
        {"previous.d < 2024-01-01", ",,无,,", "not_applicable"}, /* never is after every day */
        {"previous.t == 'late'", ",,,late,", "5"},
        {"previous.t == 'late'", ",,,never,", "not_applicable"},
        {"previous.o == 乙", ",,,,乙", "5"},
        {"previous.o ~= 乙", ",,,,乙", "not_applicable"},
        {"previous.n > 3", "≥4,,,,", "5"},
        {"previous.n > 3", "≥2,,,,", "missing"}, /* a bound that proves nothing */
        {"previous.n > 3", "约5,,,,", "missing"},
        {"previous.n > 3", "X,,,,", "not_applicable"},
        {"not previous.n > 3", "1,,,,", ""},
        {"not (previous.n > 3)", ",,,,", "not_applicable"},
        {"previous.n > 3 or c == 1", ",,,,", "5"}, /* the rest decides */
        {"previous.n > 3 and c == 2", ",,,,", "not_applicable"},
        {"previous.n > 3 and l == 2", ",,,,", ""},
        {"previous.n > 3 or n > 100", ",,,,", "not_applicable"},
        {"previous.n > 3 or d > 2024-01-01", ",,,,", "missing"}, /* d is not reported */
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct both b = {0};
        struct arena a = {0}, scratch = {0};
        const char *item =
            arena_printf(&a, "method: judged, field: n, as: points, when: \"%s\"", rows[i].when);
        if (!*rows[i].outcome) { /* refused */
            loaded_rubric(&b.l, loaded_replace(&scratch, around, "ITEM", item));
            assert_int_not_equal(b.l.diag.n_errors, 0);
        } else {
            load_both(&b, item, "id,n,c\na,5,1\n",
                      arena_printf(&a, "id,n,c,d,t,o\na,%s\n", rows[i].cells));
            assert_int_equal(b.l.diag.n_errors, 0);
            const char *got = outcome_of(&b);
            if (strcmp(got, rows[i].outcome) != 0) {
                fail_msg("row %zu: %s of %s: %s, not %s", i, rows[i].when, rows[i].cells, got,
                         rows[i].outcome);
            }
        }
        release(&b);
        arena_release(&a);
        arena_release(&scratch);
    }
}

/* Without any data of the previous period nothing is compared. */
static void test_without(void **state)
{
    struct both b = {0};
    (void)state;
    load_both(&b, change, "id,n\na,1\n", "id,n\na,1\n");
    b.table->previous = NULL;
    assert_string_equal(outcome_of(&b), "not_applicable");
    assert_non_null(b.l.rubric->previous_at.source);
    release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching), cmocka_unit_test(test_place),
        cmocka_unit_test(test_change),   cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
