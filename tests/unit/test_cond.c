/* test_cond.c - conditions: how they bind, what values mean, what they may read. */
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A rubric in which the item `it` has the condition. Line 12. */
static const char around[] =
    "kaoping: 1\nid: x\nperiod: 2024\ntotal: 2\n"
    "round: {item: 2, total: 2}\nnot_applicable: zero\n"
    "fields: {a: {type: yesno}, b: {type: yesno}, c: {type: yesno}, "
    "n: {type: count}, p: {type: percent}, d: {type: date}, "
    "o: {type: choice, options: [好, not so good]}, t: {type: text}}\n"
    "sections:\n"
    "  - {id: s, points: 1, grades: [{name: 优, from: 1}, {name: 差}], "
    "items: [{id: first, points: 1, method: yesno, field: a}]}\n"
    "  - id: u\n    items:\n"
    "      - {id: it, points: 1, method: yesno, field: a, when: \"CONDITION\"}\n";

static void write_operand(struct buf *b, const struct rubric *r, const struct operand *o)
{
    switch (o->kind) {
    case OPERAND_FIELD:
        buf_text(b, r->fields.list.at[o->index].id);
        break;
    case OPERAND_POINTS:
        buf_printf(b, "points.%s", r->members.at[o->index].id);
        break;
    case OPERAND_GRADE:
        buf_printf(b, "grade.%s", r->members.at[o->index].id);
        break;
    case OPERAND_BASE:
        buf_text(b, "base");
        break;
    case OPERAND_TOTAL:
        buf_text(b, "total");
        break;
    case OPERAND_PREVIOUS:
        buf_printf(b, "previous.%s", r->fields.list.at[o->index].id);
        break;
    case OPERAND_CHILDREN:
        buf_printf(b, "children %u %s", o->figure,
                   o->index == MEMBER_NONE ? "total" : r->members.at[o->index].id);
        break;
    }
}

static void write_cond(struct buf *b, const struct rubric *r, const struct cond *c)
{
    static const char *const words[] = {"", "not", "and", "or", "<", "<=", ">", ">=", "==", "~="};
    char text[DEC_TEXT];
    if (c->op == COND_YES) {
        write_operand(b, r, &c->operand);
        return;
    }
    buf_printf(b, "(%s ", words[c->op]);
    if (c->op == COND_NOT) {
        write_cond(b, r, c->left);
    } else if (c->op == COND_AND || c->op == COND_OR) {
        write_cond(b, r, c->left);
        buf_char(b, ' ');
        write_cond(b, r, c->right);
    } else {
        write_operand(b, r, &c->operand);
        buf_printf(b, " %s", c->text ? c->text : dec_text(c->value, DEC_EXACT, text));
    }
    buf_char(b, ')');
}

static void test_binding(void **state)
{
    static const struct {
        const char *condition, *tree;
    } rows[] = {
        {"a", "a"},
        {"not a", "(not a)"},
        {"not not a", "a"},
        {"a and b or c", "(or (and a b) c)"},
        {"a or b and c", "(or a (and b c))"},
        {"(a or b) and c", "(and (or a b) c)"},
        {"a and b and c", "(and (and a b) c)"},
        {"not a and b", "(and (not a) b)"},
        {"not (a and b)", "(not (and a b))"},
        {"not(a)and(b)", "(and (not a) b)"},
        {"n > 3", "(> n 3)"},
        {"n>3", "(> n 3)"},
        {"n >= -3.5 and n~=0", "(and (>= n -3.5) (~= n 0))"},
        {"not (n < 3)", "(not (< n 3))"},
        {"p < 95%", "(< p 95)"},
        {"p < 95", "(< p 95)"},
        {"d > 1970-01-11", "(> d 10)"},
        {"a == yes or b ~= no", "(or (== a 1) (~= b 0))"},
        {"o == 好", "(== o 0)"},
        {"o == 'not so good'", "(== o 1)"},
        {"t == '无'", "(== t 无)"},
        {"points.s < 0.5", "(< points.s 0.5)"},
        {"points.first < 1", "(< points.first 1)"},
        {"grade.s == 差", "(== grade.s 1)"},
        {"previous.n > 1", "(> previous.n 1)"},
        {"children.count > 1", "(> children 5 total 1)"},
        {"children.mean.total >= 60", "(>= children 0 total 60)"},
        {"children.worst.it < 1", "(< children 1 it 1)"}, /* later, and its own: theirs is done */
        {"children.best.u < 1 and children.count.s > 0",
         "(and (< children 2 u 1) (> children 4 s 0))"},
        {"  a  ", "a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l = {0};
        struct arena text = {0};
        struct buf b = {0};
        loaded_rubric(&l, loaded_replace(&text, around, "CONDITION", rows[i].condition));
        assert_string_equal(loaded_findings(&l), "");
        uint32_t item = map_get(&l.rubric->member_by_id, STR("it"));
        const struct cond *c = l.rubric->members.at[item].when;
        write_cond(&b, l.rubric, c);
        assert_string_equal(b.at, rows[i].tree);
        assert_string_equal(c->source_text, rows[i].condition);
        buf_release(&b);
        loaded_release(&l);
        arena_release(&text);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *condition, *findings;
    } rows[] = {
        {"a and", "12 condition"},
        {"and a", "12 unknown-field"},
        {"(a", "12 condition"},
        {"a)", "12 condition"},
        {"()", "12 condition"},
        {"a b", "12 condition"},
        {"not", "12 condition"},
        {"n ~ 2", "12 condition"},
        {"a ~", "12 condition"},
        {"not n > 3", "12 condition"},
        {"n", "12 wrong-type"},
        {"n >", "12 condition"},
        {"n > x", "12 not-a-number"},
        {"n > 3 > 2", "12 condition"},
        {"children.n > 2", "12 unknown-field"},
        {"children.count", "12 wrong-type"},
        {"children.mean.x > 2", "12 unknown-member"},
        {"children.mean. > 2", "12 unknown-member"},
        {"children.mean.total > 60%", "12 not-a-number"},
        {"previous.x > 2", "12 unknown-field"},
        {"previous.n", "12 wrong-type"},
        {"previous.t > 2", "12 wrong-type"},
        {"n ＞ 3", "12 condition"},
        {"n≥3", "12 condition"},
        {"(a）", "12 condition"},
        {"!a", "12 condition"},
        {"a || b", "12 condition"},
        {"n <> 3", "12 condition"},
        {"o == 坏", "12 unknown-option"},
        {"o >= 好", "12 wrong-type"},
        {"a > 0", "12 wrong-type"},
        {"t == 'x", "12 condition"},
        {"points.s < 60%", "12 not-a-number"},
        {"points.u > 0", "12 reads-later"},
        {"points.it > 0", "12 reads-later"},
        {"points.total > 0", "12 reads-later"},
        {"points.x > 0", "12 unknown-member"},
        {"grade.first == 优", "12 condition"},
        {"s > 3", "12 unknown-field"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        struct arena text = {0};
        loaded_rubric(&l, loaded_replace(&text, around, "CONDITION", rows[i].condition));
        if (strcmp(loaded_findings(&l), rows[i].findings) != 0) {
            fail_msg("%s: %s, not %s", rows[i].condition, loaded_findings(&l), rows[i].findings);
        }
        loaded_release(&l);
        arena_release(&text);
    }
}

/* What is more than names and comparisons is left to Lua. */
static void test_lua(void **state)
{
    static const struct {
        const char *condition, *findings;
    } rows[] = {
        {"n > p", ""},
        {"n + 1 > 2", ""},
        {"n * 2 > 2", ""},
        {"-n > 2", ""},
        {"3 < n", ""},
        {"n > 2*p", ""},
        {"math.max(n, 3) > 2", ""},
        {"a and n > class.mean.n", ""},
        {"unit.class == 'x'", ""},
        {"n + x > 2", "12 unknown-field"},
        {"n > class.mean.x", "12 unknown-field"},
        {"n + > 2", "12 script-syntax"},
        {"n + children.n > 2", "12 unknown-field"},
        {"n + children.count > children.mean.total", ""},
        {"n > previous.n", ""},
        {"previous.n + 1 > n", ""},
        {"n + previous.x > 2", "12 unknown-field"},
        {"points.it + 1 > 0", "12 reads-later"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        struct arena text = {0};
        loaded_rubric(&l, loaded_replace(&text, around, "CONDITION", rows[i].condition));
        if (strcmp(loaded_findings(&l), rows[i].findings) != 0) {
            fail_msg("%s: %s, not %s", rows[i].condition, loaded_findings(&l), rows[i].findings);
        }
        if (!*rows[i].findings) {
            assert_int_equal(l.rubric->scripts.n, 1);
        }
        loaded_release(&l);
        arena_release(&text);
    }
}

/* Nobody should have to walk a tree thousands deep. */
static void test_size(void **state)
{
    static const char *const parts[] = {"a and ", "a or ", "not (", "(", "not "};
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf b = {0};
        struct loaded l;
        struct arena text = {0};
        buf_repeat(&b, parts[i], 100000);
        loaded_rubric(&l, loaded_replace(&text, around, "CONDITION", b.at));
        assert_string_equal(loaded_findings(&l), "12 condition");
        buf_release(&b);
        loaded_release(&l);
        arena_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binding),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lua),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
