/* test_rubric_diff.c - what one change makes of an item: its marks, and whether it is comparable.
 */
#include "analyse/rubric_diff.h"
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RUBRIC                                                                                     \
    "kaoping: 1\nid: r\nperiod: 2024\ntotal: 20\nround: {item: 2, total: 2}\nclasses: [p, q]\n"    \
    "not_applicable: rescale\n"                                                                    \
    "fields:\n  n: {type: count, label: N, unit: k, max: 9}\n  x: {type: yesno}\n"                 \
    "sections:\n  - id: s\n    items:\n"                                                           \
    "      - {id: a, points: 10, method: short, field: n, need: {p: 5, q: 6}, lose: 1}\n"          \
    "  - id: t\n    items:\n"                                                                      \
    "      - {id: b, points: 10, when: points.a > 1, method: yesno, field: x}\n"                   \
    "gates:\n  - {id: g, when: x, effect: {ceiling: {b: 50%}}}\n"                                  \
    "grades: [{name: A, from: 10}, {name: B}]\n"

/* "need (p) 5 4 points!; title ...": marks of a member, ! where it is not comparable. */
static const char *marks_of(struct arena *a, const struct matched *m)
{
    const char *text = "";
    for (uint32_t i = 0; i < m->marks.n; i++) {
        const struct mark *mark = &m->marks.at[i];
        const char *class = mark->classes.n == 0 ? ""
                                                 : arena_printf(a, " (%s%s)", mark->classes.at[0],
                                                                mark->classes.n > 1 ? " ..." : "");
        text = arena_printf(a, "%s%s%s%s %s %s %s%s", text, i > 0 ? "; " : "", mark->key, class,
                            mark->before ? mark->before : "-", mark->after ? mark->after : "-",
                            mark_effect_word(mark->effect), mark->incomparable ? "!" : "");
    }
    return text;
}

static void test_one_change(void **state)
{
    static const struct {
        const char *from, *to, *member, *marks, *why;
    } rows[] = {
        {"kaoping", "kaoping", "a", "", "nothing"},
        {"need: {p: 5, q: 6}", "need: {q: 6, p: 5}", "a", "", "another order"},
        {"need: {p: 5, q: 6}", "need: {p: 4, q: 6}", "a", "need (p) 5 4 points!", "one class"},
        {"need: {p: 5, q: 6}", "need: {p: 4, q: 4}", "a",
         "need (p) 5 4 points!; need (q) 6 4 points!", "both, differently"},
        {"need: {p: 5, q: 6}", "need: 6", "a", "need (p) 5 6 points!", "one number for all"},
        {"lose: 1}", "lose: 2}", "a", "lose 1 2 points!", "a parameter"},
        {"lose: 1}", "lose: 1.0}", "a", "", "the same number"},
        {"lose: 1}", "lose: 1, clause: c}", "a", "clause - c words!", "printed wording"},
        {"lose: 1}", "lose: 1, title: c}", "a", "title a c words", "a title"},
        {"lose: 1}", "lose: 1, weight: 2}", "a", "weight 1 2 outcome", "a weight"},
        {"lose: 1}", "lose: 1, for: [p, q]}", "a", "", "for every class, said aloud"},
        {"lose: 1}", "lose: 1, since: 2023}", "a", "since - 2023 words", "since before"},
        {"lose: 1}", "lose: 1, deficiency: {below: 50%}}", "a", "deficiency.below 60% 50% words",
         "what is flagged"},
        {"unit: k", "unit: m", "a", "fields.n.unit k m data!", "its field's unit"},
        {"label: N", "label: M", "a", "", "its field's label"},
        {"max: 9", "max: 8", "a", "fields.n.max 9 8 data!", "its field's bounds"},
        {"lose: 1}", "lose: 2}", "b", "points.a - - points!", "points that it reads"},
        {"ceiling: {b: 50%}", "ceiling: {b: 40%}", "b", "gates.g.effect 50% 40% points!", "a gate"},
        {"item: 2", "item: 1", "a", "round.item 2 1 points!", "rounding"},
        {"total: 2}", "total: 1}", "a", "", "rounding of the total"},
        {"total: 2}", "total: 1}", "r", "round.total 2 1 outcome", "said at the rubric"},
        {"from: 10", "from: 11", "r", "grades.A.from 10 11 outcome", "a grade"},
        {"period: 2024", "period: 2024\nmissing: none", "a", "missing zero none points!",
         "a policy above"},
        {"id: s\n", "id: u\n", "a", "section s u outcome", "moved to a new section"},
    };
    struct loaded old, new;
    (void)state;
    loaded_rubric(&old, RUBRIC);
    assert_string_equal(loaded_findings(&old), "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rubric_diff d;
        struct arena a = {0};
        loaded_rubric(&new, loaded_replace(&a, RUBRIC, rows[i].from, rows[i].to));
        if (new.diag.n_errors > 0) {
            fail_msg("%s: %s", rows[i].why, loaded_findings(&new));
        }
        rubric_diff(&a, old.rubric, new.rubric, &d);
        uint32_t member = strcmp(rows[i].member, "r") == 0
                              ? RUBRIC_ROOT
                              : map_get(&new.rubric->member_by_id, str_of(rows[i].member));
        const char *marks = marks_of(&a, &d.members[member]);
        if (strcmp(marks, rows[i].marks) != 0) {
            fail_msg("%s: '%s', not '%s'", rows[i].why, marks, rows[i].marks);
        }
        bool item = new.rubric->members.at[member].kind == MEMBER_ITEM;
        if (item && rubric_diff_comparable(&d, member) != !strchr(marks, '!')) {
            fail_msg("%s: comparable?", rows[i].why);
        }
        loaded_release(&new);
        arena_release(&a);
    }
    loaded_release(&old);
}

/* Who matches whom. */
static void test_matches(void **state)
{
    static const struct {
        const char *from, *to, *member, *old, *why;
        bool renamed, comparable;
    } rows[] = {
        {"{id: b,", "{id: b,", "b", "b", "by its id", false, true},
        {"{id: b,", "{id: c,", "c", NULL, "another id is another item", false, false},
        {"{id: b,", "{id: c, replaces: b,", "c", "b", "unless it says", true, true},
        {"{id: b,", "{id: c, replaces: [z, b],", "c", "b", "among others that never were", true,
         true},
        {"{id: b,", "{id: b, replaces: a,", "b", "b", "two in one", false, false},
        {"{id: b,", "{id: c, replaces: s,", "c", NULL, "a section is no item", false, false},
    };
    struct loaded old, new;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rubric_diff d;
        struct arena a = {0};
        const char *gate = loaded_replace(&a, RUBRIC, "ceiling: {b: 50%}", "cap: 1");
        loaded_rubric(&old, gate);
        loaded_rubric(&new, loaded_replace(&a, gate, rows[i].from, rows[i].to));
        assert_string_equal(loaded_findings(&new), "");
        rubric_diff(&a, old.rubric, new.rubric, &d);
        uint32_t member = map_get(&new.rubric->member_by_id, str_of(rows[i].member));
        const struct matched *m = &d.members[member];
        const char *id = m->old == UINT32_MAX ? NULL : old.rubric->members.at[m->old].id;
        if ((id && rows[i].old ? strcmp(id, rows[i].old) != 0 : id != rows[i].old) ||
            m->renamed != rows[i].renamed ||
            rubric_diff_comparable(&d, member) != rows[i].comparable) {
            fail_msg("%s: %s, %d, %s", rows[i].why, id ? id : "nobody", m->renamed,
                     marks_of(&a, m));
        }
        loaded_release(&old);
        loaded_release(&new);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_change),
        cmocka_unit_test(test_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
