/* test_rubric_load.c - a rubric that uses nearly everything, and what one slip in it costs: one
 * finding. */
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] =
    "kaoping: 1\n"
    "id: full_2024\n"
    "title: 全项样例\n"
    "period: 2024Q3\n"
    "issued: 2024-12-25\n"
    "total: 100\n"
    "round: {item: 2, section: 3, total: 2}\n"
    "classes: [township, street, bureau]\n"
    "not_applicable: rescale\n"
    "missing: zero\n"
    "complete: 50%\n"
    "columns: {class: 考核分组, ignore: [序号]}\n"
    "fields:\n"
    "  sessions: {type: count, label: 学习次数, unit: 次, alias: [中心组学习, 学习], "
    "min: 0, max: 400}\n"
    "  drill_rate: {type: percent, label: 演练覆盖率}\n"
    "  formed: {type: yesno, label: 成立领导小组}\n"
    "  document: {type: yesno, label: 印发文件}\n"
    "  reported: {type: date, label: 报送日期, min: 2024-01-01}\n"
    "  received: {type: count, label: 受理量}\n"
    "  answered: {type: count, label: 办结量}\n"
    "  commended: {type: count, label: 表扬次数}\n"
    "  late_cases: {type: count, label: 逾期量}\n"
    "  outcome: {type: choice, label: 结果, options: [好, 一般, 差, 无此项]}\n"
    "  visit: {type: number, label: 走访评分, by: assessor}\n"
    "  remark: {type: text, label: 说明}\n"
    "  raters: {type: list, label: 评委打分}\n"
    "  speed: {type: number, label: 平均天数}\n"
    "  false_material: {type: yesno, label: 弄虚作假, by: assessor}\n"
    "sections:\n"
    "  - id: leadership\n"
    "    title: 组织领导\n"
    "    points: 20\n"
    "    department: 办公室\n"
    "    items:\n"
    "      - {id: group, title: 领导小组, points: 8, method: checklist, "
    "parts: {formed: 5, document: 3}}\n"
    "      - id: report\n"
    "        title: 专题报告\n"
    "        points: 7\n"
    "        method: late\n"
    "        field: reported\n"
    "        due: {township: 2024-12-20, street: 2024-12-20, bureau: 2024-12-10}\n"
    "        lose: 1 per day\n"
    "        nothing_at: 4 days\n"
    "        reason: remark\n"
    "      - id: steps\n"
    "        points: 5\n"
    "        method: ladder\n"
    "        levels:\n"
    "          - {name: 成立, needs: [formed], points: 2}\n"
    "          - {name: 印发, needs: [document], points: 5}\n"
    "  - id: study\n"
    "    title: 学习\n"
    "    points: 40\n"
    "    sections:\n"
    "      - id: work\n"
    "        points: 30\n"
    "        items:\n"
    "          - id: learning\n"
    "            points: 10\n"
    "            method: short\n"
    "            field: sessions\n"
    "            need: {township: 12, street: 12, bureau: 6}\n"
    "            lose: 1\n"
    "            deficiency: {below: 100%, severity: major, text: 不足, "
    "remedy: 补齐学习计划, due: 30 days}\n"
    "          - id: drills\n"
    "            points: 10\n"
    "            method: gap\n"
    "            field: drill_rate\n"
    "            rates: [{below: 95%, lose: 0.25 per 1%}, {below: 90%, "
    "lose: 0.5 per 1%}]\n"
    "            partial_step: exact\n"
    "            mode: marginal\n"
    "          - id: outcomes\n"
    "            points: 10\n"
    "            method: choice\n"
    "            field: outcome\n"
    "            scores: {好: 10, 一般: 5, 差: 0, 无此项: not_applicable}\n"
    "      - id: best_two\n"
    "        keep: best 2\n"
    "        points: 10\n"
    "        items:\n"
    "          - {id: tiered, points: 5, method: tiers, field: sessions, "
    "tiers: [{from: 12, points: 5}, {from: 6, points: 3}]}\n"
    "          - {id: lined, points: 5, method: linear, field: speed, from: 30, to: 5}\n"
    "          - {id: ranked, points: 5, method: rank, field: speed, better: low, "
    "first: 5, step: 0.5}\n"
    "  - id: letters\n"
    "    title: 来信来访\n"
    "    points: 40\n"
    "    combine: mean\n"
    "    grades: [{name: 优, from: 30}, {name: 差}]\n"
    "    items:\n"
    "      - {id: replies, weight: 2, method: ratio, of: [answered, received], "
    "target: 95%, when: received > 0 and not (late_cases >= 5 or outcome == 差)}\n"
    "      - {id: visits, weight: {township: 1, street: 1, bureau: 2}, method: judged, "
    "field: visit, as: points, missing: unscored, not_applicable: {share: 80%}}\n"
    "      - {id: panel, method: rating, field: raters, out_of: 10, drop: {ends: 1, "
    "when_over: 5}, blank: skip, at_least: 3}\n"
    "      - {id: quickest, for: [township, street], method: best, field: speed, "
    "better: low, from: zero, evidence: required}\n"
    "bonus:\n"
    "  cap: 5\n"
    "  items:\n"
    "    - {id: praise, title: 表扬, points: 5, method: each, field: commended, "
    "earn: 2, then: 1, most: 5, when: points.base >= 60}\n"
    "deductions:\n"
    "  cap: none\n"
    "  items:\n"
    "    - {id: overdue, points: 3, method: each, events: {late_cases: 0.5}, "
    "since: 2024, until: 2025}\n"
    "gates:\n"
    "  - {id: falsified, title: 弄虚作假, when: false_material, "
    "effect: {at_best: 不合格}}\n"
    "  - {id: weak, when: points.leadership < 8 or grade.letters == 差, "
    "effect: {lower: 1}}\n"
    "  - {id: silent, when: reported > 2024-12-31, effect: {ceiling: {report: 50%}}}\n"
    "  - {id: unread, when: points.work < 5, effect: {zero: study}}\n"
    "  - {id: capped, when: points.total > 95 and drill_rate < 80%, effect: {cap: 95}}\n"
    "grades:\n"
    "  - {name: 优秀, from: 90, needs: {leadership: 80%, letters: 60%}, "
    "quota: {share: 20%, per: class, round: down, at_least: 1, at_cut: all_out}}\n"
    "  - {name: 良好, from: {township: 80, street: 80, bureau: 85}}\n"
    "  - {name: 合格, from: 60}\n"
    "  - {name: 不合格}\n"
    "ranking: {within: class, ties: shared, better: high, on: total, "
    "break: [points.study, -late_cases], vetoed: last}\n"
    "deficiency: {below: 60%, severity: minor}\n";

/* ---- what is read ---- */

static const struct member *member(const struct loaded *l, const char *id)
{
    uint32_t index = map_get(&l->rubric->member_by_id, str_of(id));
    assert_int_not_equal(index, MAP_NONE);
    return &l->rubric->members.at[index];
}

static uint32_t field(const struct loaded *l, const char *id)
{
    uint32_t index = map_get(&l->rubric->fields.by_id, str_of(id));
    assert_int_not_equal(index, MAP_NONE);
    return index;
}

static void assert_num(const struct num *n, uint32_t class, const char *wanted)
{
    char text[DEC_TEXT];
    dec d = num_of(n, class);
    assert_string_equal(d == DEC_NONE ? "none" : dec_text(d, DEC_EXACT, text), wanted);
}

static void check_header(const struct loaded *l)
{
    const struct rubric *r = l->rubric;
    assert_string_equal(r->id, "full_2024");
    assert_string_equal(r->period, "2024Q3");
    assert_int_equal(r->round_item, 2);
    assert_true(r->round_section_given);
    assert_int_equal(r->round_section, 3);
    assert_int_equal(r->classes.n, 3);
    assert_int_equal(rubric_class(r, STR("bureau")), 2);
    assert_int_equal(rubric_class(r, STR("school")), 3); /* any other */
    assert_string_equal(r->columns.at[0].reserved, "class");
    assert_string_equal(r->columns.at[0].name, "考核分组");
    assert_string_equal(r->columns_ignored.at[0], "序号");
    const struct field *f = &r->fields.list.at[field(l, "sessions")];
    assert_string_equal(f->label, "学习次数");
    assert_int_equal(f->aliases.n, 2);
    assert_true(f->max == dec_from_int(400));
    assert_true(f->used);
    assert_true(r->fields.list.at[field(l, "visit")].by_assessor);
}

static void check_tree(const struct loaded *l)
{
    const struct rubric *r = l->rubric;
    const struct member *root = &r->members.at[RUBRIC_ROOT];
    assert_int_equal(root->members.n, 3);
    assert_int_equal(root->end, r->bonus);
    assert_int_equal(member(l, "study")->members.n, 2);
    assert_ptr_equal(&r->members.at[member(l, "drills")->parent], member(l, "work"));
    assert_int_equal(member(l, "praise")->group, r->bonus);
    assert_int_equal(member(l, "overdue")->group, r->deductions);
    assert_int_equal(r->members.at[r->bonus].parent, MEMBER_NONE);
    assert_num(&r->members.at[r->bonus].points, 0, "5");
    assert_true(r->members.at[r->deductions].cap_none);
    assert_num(&r->members.at[r->deductions].points, 0, "3"); /* the members' sum */
    assert_num(&member(l, "panel")->points, 0, "1");          /* under a mean, where left out */
    assert_num(&member(l, "visits")->weight, 2, "2");
    assert_int_equal(member(l, "best_two")->keep_best, 2);
    /* `quickest` is not for bureaus. */
    uint32_t quickest = map_get(&r->member_by_id, STR("quickest"));
    assert_true(member_points(r, quickest, 0) == DEC_ONE);
    assert_true(member_points(r, quickest, 2) == 0);
    assert_false(member_on_sheet(r, quickest, 2));
}

static void check_inheritance(const struct loaded *l)
{
    assert_string_equal(member(l, "report")->department, "办公室"); /* of the section */
    assert_null(member(l, "learning")->department);
    assert_int_equal(member(l, "drills")->not_applicable, NA_RESCALE); /* of the rubric */
    assert_int_equal(member(l, "visits")->not_applicable, NA_SHARE);
    assert_true(member(l, "visits")->na_share.v[0] == dec_from_int(80));
    assert_int_equal(member(l, "visits")->missing, MISSING_UNSCORED);
    const struct deficiency_rule *d = &member(l, "learning")->deficiency;
    assert_true(d->below.v[0] == dec_from_int(100));
    assert_int_equal(d->severity, LEVEL_MAJOR);
    assert_int_equal(d->due.n, 30);
    d = &member(l, "drills")->deficiency;
    assert_true(d->below.v[0] == dec_from_int(60));
    assert_int_equal(d->severity, LEVEL_MINOR);
    assert_true(member(l, "quickest")->evidence_required);
    assert_false(member(l, "overdue")->off);
}

static void check_rules(const struct loaded *l)
{
    const struct rule *r = &member(l, "learning")->rule;
    assert_int_equal(r->method, METHOD_SHORT);
    assert_num(&r->need, 0, "12");
    assert_num(&r->need, 2, "6");
    r = &member(l, "drills")->rule;
    assert_int_equal(r->rates.n, 2);
    assert_num(&r->rates.at[1].bound, 0, "90");
    assert_num(&r->rates.at[1].lose, 0, "0.5");
    assert_num(&r->rates.at[1].per, 0, "1");
    assert_int_equal(r->partial_step, STEPS_EXACT);
    assert_false(r->all_at_last_rate);
    r = &member(l, "report")->rule;
    assert_int_equal(r->time_unit, TIME_DAY);
    assert_int_equal(r->nothing, NOTHING_AT);
    assert_num(&r->nothing_value, 0, "4");
    r = &member(l, "outcomes")->rule;
    assert_num(&r->scores.at[1].points, 0, "5");
    assert_true(r->scores.at[3].not_applicable);
    r = &member(l, "replies")->rule;
    assert_int_equal(r->field, field(l, "answered"));
    assert_int_equal(r->of, field(l, "received"));
    assert_num(&r->target, 0, "95");
    r = &member(l, "lined")->rule;
    assert_true(r->lower_is_better); /* from 30 to 5 */
    r = &member(l, "panel")->rule;
    assert_int_equal(r->drop_ends, 1);
    assert_int_equal(r->drop_over, 5);
    assert_true(r->at_least.v[0] == dec_from_int(3));
    r = &member(l, "overdue")->rule;
    assert_int_equal(r->parts.at[0].field, field(l, "late_cases"));
    assert_num(&r->parts.at[0].points, 0, "0.5");
}

static void check_outcome(const struct loaded *l)
{
    const struct rubric *r = l->rubric;
    assert_int_equal(r->gates.n, 5);
    assert_int_equal(r->gates.at[0].effect, EFFECT_AT_BEST);
    assert_int_equal(r->gates.at[0].at_best, 3);
    assert_int_equal(r->gates.at[2].effect, EFFECT_CEILING);
    assert_num(&r->gates.at[2].ceilings.at[0], 0, "50");
    assert_int_equal(r->grades.n, 4);
    assert_num(&r->grades.at[1].from, 2, "85");
    assert_false(num_given(&r->grades.at[3].from));
    assert_true(r->grades.at[0].quota.given);
    assert_false(r->grades.at[0].quota.all_in);
    assert_num(&r->grades.at[0].quota.share, 0, "20");
    assert_int_equal(r->grades.at[0].needs.n, 2);
    assert_int_equal(r->ranking.breaks.n, 2);
    assert_int_equal(r->ranking.breaks.at[0].by.kind, OPERAND_POINTS);
    assert_true(r->ranking.breaks.at[1].lower_first);
    assert_int_equal(r->ranking.vetoed, VETOED_LAST);
    assert_true(r->total_cap == DEC_NONE);
}

static void test_whole(void **state)
{
    struct loaded l;
    (void)state;
    loaded_rubric(&l, whole);
    assert_string_equal(loaded_findings(&l), "");
    check_header(&l);
    check_tree(&l);
    check_inheritance(&l);
    check_rules(&l);
    check_outcome(&l);
    loaded_release(&l);
}

/* Which way a line leads may differ by class. */
static void test_linear(void **state)
{
    static const char text[] = "kaoping: 1\nid: x\nperiod: 2024\ntotal: 1\n"
                               "round: {item: exact, total: 0}\nfields: {n: {type: count}}\n"
                               "items:\n  - {id: a, points: 1, method: linear, field: n,\n"
                               "     from: {p: 0, q: 9}, to: {p: 9, q: 0}}\n";
    struct loaded l;
    (void)state;
    loaded_rubric(&l, text);
    assert_string_equal(loaded_findings(&l), "");
    assert_false(member(&l, "a")->rule.lower_is_better);
    loaded_release(&l);
}

/* A field that something is wrong with becomes one that no cell is held against. */
static void test_doubtful_field(void **state)
{
    struct loaded l;
    struct arena a = {0};
    (void)state;
    loaded_rubric(&l, loaded_replace(&a, whole, "min: 0, max: 400", "min: 400, max: 0"));
    assert_string_equal(loaded_findings(&l), "14 bad-order");
    const struct field *f = &l.rubric->fields.list.at[field(&l, "sessions")];
    assert_int_equal(f->type, FIELD_CHOICE);
    assert_int_equal(f->options.n, 0);
    assert_true(f->max == DEC_NONE);
    loaded_release(&l);
    arena_release(&a);
}

/* ---- defaults ---- */

static bool has_default(const struct rubric *r, const char *key, const char *value)
{
    for (uint32_t i = 0; i < r->defaults.n; i++) {
        if (strcmp(r->defaults.at[i].key, key) == 0 &&
            strcmp(r->defaults.at[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

static void test_defaults(void **state)
{
    static const char text[] = "kaoping: 1\nid: x\nperiod: 2024\ntotal: 1\n"
                               "round: {item: exact, total: 0}\nfields: {n: {type: count}}\n"
                               "items:\n  - {id: a, points: 1, method: gap, field: n, target: 3,\n"
                               "     lose: 1 per 1, partial_step: up, deficiency: {due: 1 month}}\n"
                               "bonus: {cap: none, items: [{id: b, points: 1, method: each,\n"
                               "        field: n, earn: 1}]}\n"
                               "deductions: {cap: 1, items: [{id: c, points: 1, method: each,\n"
                               "             field: n, earn: 1}]}\n";
    struct loaded l;
    (void)state;
    loaded_rubric(&l, text);
    assert_string_equal(loaded_findings(&l), "");
    const struct rubric *r = l.rubric;
    assert_true(has_default(r, "missing", "zero"));
    assert_true(has_default(r, "better", "high"));
    assert_true(has_default(r, "deficiency.below", "60%"));
    assert_true(has_default(r, "deficiency.severity", "minor"));
    assert_true(has_default(r, "ranking.within", "class"));
    assert_true(has_default(r, "ranking.ties", "shared"));
    assert_true(has_default(r, "issued", "2024-12-31"));
    assert_true(has_default(r, "cap", "none"));
    assert_true(has_default(r, "floor", "0"));
    loaded_release(&l);
}

/* ---- one slip, one finding ---- */

struct slip {
    const char *from, *to, *findings;
};

/* The line numbers are those of `whole`. */
static void test_slips(void **state)
{
    static const struct slip slips[] = {
        {"kaoping: 1", "kaoping: 2", "1 not-built"},
        {"total: 100", "total: 99", "6 sum-mismatch"},
        {"total: 100", "totl: 100", "6 unknown-key"},
        {"item: 2,", "item: two,", "7 not-a-number"},
        {"street, bureau]\nnot_app", "stret, bureau]\nnot_app", "41 unknown-class"},
        {"  sessions: {", "  sesions: {", "61 unknown-field"},
        {"id: leadership", "id: leadreship", "109 unknown-member"},
        {"points: 20\n    dep", "points: 21\n    dep", "32 sum-mismatch"},
        {"points: 20\n    dep", "points: 2O\n    dep", "32 not-a-number"},
        {"points: 20\n    dep", "pints: 20\n    dep", "32 unknown-key"},
        {"points: 20\n    dep", "分值: 20\n    dep", "32 unknown-key"},
        {"parts: {formed: 5", "parts: {formed: 6", "35 sum-mismatch"},
        {"method: late", "method: lat", "39 unknown-method"},
        {"method: late", "mehtod: late", "39 unknown-key"},
        {"lose: 1 per day", "lose: 1 pro day", "42 not-a-number"},
        {"points: 5\n        method: ladder", "points: 6\n        method: ladder",
         "32 sum-mismatch"},
        {"needs: [document]", "needs: [documnet]", "50 unknown-field"},
        {"township: 12, street: 12, bureau: 6", "township: 12, bureau: 6", "62 class-missing"},
        {"rates: [", "rate: [", "69 unknown-key"},
        {"partial_step: exact", "partial_step: exactly", "70 unknown-word"},
        {"partial_step: exact\n", "\n", "65 missing-key"},
        {"一般: 5, ", "", "76 missing-key"},
        {"keep: best 2", "keep: best2", "78 unknown-word"},
        {"combine: mean", "combine: men", "87 unknown-word"},
        {"outcome == 差)", "outcome == 很差)", "90 unknown-option"},
        {"received > 0 and", "recieved > 0 and", "90 unknown-field"},
        {"received > 0 and", "received > 0 an", "90 condition"},
        {"cap: 5\n", "\n", "94 missing-key"},
        {"points.base >= 60", "points.total >= 60", "97 reads-later"},
        {"false_material, effect", "false_materials, effect", "103 unknown-field"},
        {"{at_best: 不合格}", "{at_best: 不及格}", "103 unknown-grade"},
        {"name: 不合格", "name: 不及格", "103 unknown-grade"},
        {"from: 60}", "from: 96}", "111 bands"},
        {"share: 20%", "share: 20", "109 not-a-share"},
        {"vetoed: last", "vetoed: least", "113 unknown-word"},
        {", vetoed: last", "", "103 needs-policy"},
        {"missing: unscored, ", "", ""}, /* then the rubric's `missing` holds */
        {"      - id: steps\n", "", "45 duplicate-key"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        struct loaded l;
        struct arena a = {0};
        loaded_rubric(&l, loaded_replace(&a, whole, slips[i].from, slips[i].to));
        if (strcmp(loaded_findings(&l), slips[i].findings) != 0) {
            fail_msg("%s: %s, not %s", slips[i].to, loaded_findings(&l), slips[i].findings);
        }
        loaded_release(&l);
        arena_release(&a);
    }
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || c == '_';
}

/* Takes every word of the rubric in turn and writes something else for it. */
static void each_word_wrong(const char *format)
{
    struct arena a = {0};
    for (const char *at = whole; *at; at++) {
        size_t n = 0;
        while (is_word(at[n])) {
            n++;
        }
        if (n < 3) {
            at += n > 0 ? n - 1 : 0;
            continue;
        }
        struct loaded l;
        const char *word = arena_printf(&a, format, (int)n, at);
        loaded_rubric(&l, arena_printf(&a, "%.*s%s%s", (int)(at - whole), whole, word, at + n));
        if (l.diag.n_errors + l.diag.n_warnings > 1) {
            fail_msg("%s: %s", word, loaded_findings(&l));
        }
        loaded_release(&l);
        arena_release(&a);
        at += n - 1;
    }
}

static void test_every_word(void **state)
{
    (void)state;
    each_word_wrong("%.*sx"); /* near enough to be recognised */
    each_word_wrong("qqqqq%.*s");
}

/* ---- classes, periods, sizes ---- */

static void test_period(void **state)
{
    static const struct {
        const char *since, *until;
        bool off;
    } rows[] = {
        {"2024", "2024", false}, /* 2024Q3 lies within 2024 */
        {"2024Q3", "2024Q3", false}, {"2024Q4", "2025", true},
        {"2023", "2024Q2", true},    {"2025", "2026", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded l;
        struct arena a = {0};
        const char *to = arena_printf(&a, "since: %s, until: %s", rows[i].since, rows[i].until);
        loaded_rubric(&l, loaded_replace(&a, whole, "since: 2024, until: 2025", to));
        assert_string_equal(loaded_findings(&l), "");
        assert_int_equal(member(&l, "overdue")->off, rows[i].off);
        loaded_release(&l);
        arena_release(&a);
    }
}

static void test_points_by_class(void **state)
{
    static const char text[] =
        "kaoping: 1\nid: x\nperiod: 2024\ntotal: 10\nround: {item: 2, total: 2}\n"
        "fields: {f: {type: yesno}}\n"
        "sections:\n"
        "  - id: s\n"
        "    items:\n"
        "      - {id: a, points: {town: 6, city: 4}, method: yesno, field: f}\n"
        "      - {id: b, for: [city], points: 2, method: yesno, field: f}\n"
        "  - {id: t, points: 4, items: [{id: c, points: 4, method: yesno, field: f}]}\n";
    struct loaded l;
    (void)state;
    loaded_rubric(&l, text);
    assert_string_equal(loaded_findings(&l), "");
    assert_false(l.rubric->classes_listed);
    assert_int_equal(l.rubric->classes.n, 2); /* those that are named */
    assert_num(&member(&l, "s")->points, 0, "6");
    assert_num(&member(&l, "s")->points, 1, "6");
    loaded_release(&l);
}

static void test_many_items(void **state)
{
    struct buf b = {0};
    struct loaded l;
    (void)state;
    buf_printf(&b, "kaoping: 1\nid: x\nperiod: 2024\ntotal: 40000\nmissing: zero\n"
                   "round: {item: 2, total: 2}\nfields:\n");
    for (int i = 0; i < 40000; i++) {
        buf_printf(&b, "  f%d: {type: yesno}\n", i);
    }
    buf_text(&b, "items:\n");
    for (int i = 0; i < 40000; i++) {
        buf_printf(&b, "  - {id: i%d, points: 1, method: yesno, field: f%d}\n", i, i);
    }
    loaded_rubric(&l, b.at); /* takes minutes if anything is quadratic */
    assert_string_equal(loaded_findings(&l), "");
    assert_int_equal(l.rubric->members.n, 40001);
    loaded_release(&l);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),          cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_slips),          cmocka_unit_test(test_every_word),
        cmocka_unit_test(test_period),         cmocka_unit_test(test_points_by_class),
        cmocka_unit_test(test_many_items),     cmocka_unit_test(test_linear),
        cmocka_unit_test(test_doubtful_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
