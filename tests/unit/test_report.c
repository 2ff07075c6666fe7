/* test_report.c - the outputs over results made by hand: table, CSV, JSON, explain. */
#include "made.h"
#include "report/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct world {
    struct made m;
    struct report report;
    struct buf out;
    uint32_t study, learn, drill;
};

/* Two classes, four units and one without a score; a quota with a tie at its cut; a veto. */
static void init(struct world *w)
{
    static const char *const classes[] = {"街道", "乡镇"};
    struct made *m = &w->m;
    *w = (struct world){0};
    made_init(m, (const char **)classes, 2);
    uint32_t sessions = made_field(m, "sessions", "学习次数", FIELD_COUNT);
    w->study = made_section(m, RUBRIC_ROOT, "study", "理论学习", "40");
    w->learn = made_item(m, w->study, "learn", "集中学习", "20", sessions);
    w->drill = made_item(m, w->study, "drill", "演练", "20", FIELD_NONE);
    uint32_t bonus = made_section(m, MEMBER_NONE, "bonus", "加分", "5");
    made_item(m, bonus, "praise", "表扬", "5", FIELD_NONE);
    made_grade(m, "优秀", "90")->quota = (struct quota){.given = true, .share = made_num(m, "50")};
    made_grade(m, "良好", "80");
    made_grade(m, "不合格", NULL);
    made_gate(m, "false_report", "弄虚作假", EFFECT_AT_BEST)->at_best = 2;
    m->rubric.ranking.vetoed = VETOED_LAST;
    made_ready(m, 6);
    made_unit(m, "zf", "街道", "95");
    made_unit(m, "jw", "街道", "95");
    made_unit(m, "=cmd", "街道", "87.25");
    made_unit(m, "np", "街道", NULL);
    made_unit(m, "xc", "乡镇", "99");
    m->table.units.at[0].name = "竹峰街道";
    m->table.units.at[1].name = "江湾街道";
    m->table.units.at[3].name = "南坪街道";
    made_points(m, 2, w->learn, "7.25");
    made_points(m, 2, w->study, "27.25");
    made_value(m, 2, sessions, CELL_VALUE, "9");
    m->result.outcomes[4].vetoed = true;
    m->result.outcomes[4].grade_before_quota = 2;
    made_fire(m, 4, 0, GATE_FIRED);
    made_fire(m, 2, 0, GATE_UNANSWERED);
    made_rank(m);
    w->report = made_report(m);
}

static void release(struct world *w)
{
    buf_release(&w->out);
    made_release(&w->m);
}

static void expect(const struct world *w, const char *text)
{
    if (!w->out.at || !strstr(w->out.at, text))
        fail_msg("'%s' is not in:\n%s", text, w->out.at);
}

static void expect_not(const struct world *w, const char *text)
{
    if (w->out.at && strstr(w->out.at, text))
        fail_msg("'%s' is in:\n%s", text, w->out.at);
}

/* ---- JSON ---- */

static void test_json(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    report_json(&w.report, &w.out);
    expect(&w, "{\"kaoping\": 1,\n \"rubric\": {\"id\": \"duty\"");
    expect(&w,
           "\"period\": \"2024\", \"total\": \"100\", \"digest\": \"sha256:00\", \"titles\": {");
    expect(&w, "{\"id\": \"zf\", \"name\": \"竹峰街道\", \"class\": \"街道\", \"parent\": null, "
               "\"state\": \"ranked\",");
    expect(&w, "\"total\": \"95.00\", \"exact\": \"95.00000000\", \"before_gates\": \"95.00\", "
               "\"due\": \"100\", \"of\": \"100\", \"rank\": 1, \"ranked\": 3,");
    expect(&w, "\"grade\": \"良好\", \"grade_by_band\": \"优秀\", \"vetoed\": false, "
               "\"tied_at_cut\": true");
    expect(&w, "\"reported\": \"100.00%\", \"low\": \"95.00\", \"high\": \"95.00\"");
    expect(&w, "{\"id\": \"study\", \"points\": \"27.25\", \"due\": \"40\", \"of\": \"40\"}");
    expect(&w, "{\"id\": \"learn\", \"section\": \"study\", \"state\": \"scored\", "
               "\"points\": \"7.25\", \"due\": \"20\", \"of\": \"20\", \"value\": \"9\", "
               "\"reason\": \"because\"}");
    expect(&w, "{\"item\": \"learn\", \"kind\": \"shortfall\", \"severity\": \"minor\", "
               "\"lost\": \"12.75\", \"text\": \"7.25 of 20 points: because\", \"remedy\": null, "
               "\"due\": null}");
    expect(&w, "\"gates\": [\"false_report\"], \"gates_unanswered\": []");
    expect(&w, "\"gates\": [], \"gates_unanswered\": [\"false_report\"]");
    expect(&w, "\"kind\": \"unanswered\"");
    expect(&w, "{\"id\": \"np\", \"name\": \"南坪街道\", \"class\": \"街道\", \"parent\": null, "
               "\"state\": \"not_applicable\",\n   \"total\": null, \"exact\": null");
    expect(&w, "\"rank\": null, \"ranked\": 3");
    expect(&w, "{\"grade\": \"优秀\", \"class\": \"街道\", \"ranked\": 3, \"share\": \"50%\", "
               "\"product\": \"1.5\", \"places\": 1, \"qualified\": 2, \"given\": 0, "
               "\"tied_at_cut\": [\"jw\", \"zf\"]}");
    expect(&w, "\"findings\": []}\n");
    release(&w);
}

/* A gate caps the rounded total, so the cap's own places show, not the rounding's. */
static void test_cap_between_steps(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    w.m.rubric.round_total = 0;
    w.m.result.outcomes[0].total = made_dec("59.5");
    report_json(&w.report, &w.out);
    expect(&w, "\"total\": \"59.5\", \"exact\": \"95.00000000\", \"before_gates\": \"95\"");
    buf_clear(&w.out);
    report_csv(&w.report, &w.out);
    expect(&w, ",ranked,59.5,");
    release(&w);
}

static void test_json_states(void **state)
{
    static const struct {
        enum unit_state state;
        const char *word;
    } rows[] = {{UNIT_INCOMPLETE, "incomplete"}, {UNIT_ERROR, "error"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        init(&w);
        w.m.result.outcomes[0].state = (uint8_t)rows[i].state;
        made_rank(&w.m);
        w.report.shown.only = "zf";
        report_json(&w.report, &w.out);
        expect(&w, arena_printf(&w.m.arena, "\"state\": \"%s\"", rows[i].word));
        expect(&w, "\"grade\": null, \"grade_by_band\": null");
        release(&w);
    }
}

/* ---- CSV ---- */

static void test_csv(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    w.m.rubric.members.at[w.drill].title =
        "集中学习"; /* two of one title: the id tells them apart */
    w.m.table.units.at[0].name = "竹峰,\"街道\"";
    report_csv(&w.report, &w.out);
    expect(&w,
           "\xEF\xBB\xBFrank,id,name,class,state,total,grade,before_gates,reported,low,high,gates,"
           "gates_unanswered,理论学习,加分,集中学习 (learn),集中学习 (drill),表扬,deficiencies,"
           "deficiency_text,flags,not_applicable,why_unranked\r\n");
    expect(&w, "\r\n1,zf,\"竹峰,\"\"街道\"\"\",街道,ranked,95.00,良好,95.00,100.00%,95.00,95.00,,,"
               "40.00,0.00,"
               "20.00,20.00,0.00,0,,,,\r\n");
    /* What a spreadsheet would run is disarmed; a unit without a score has an empty cell. */
    expect(&w, "\r\n3,\"'=cmd\",\"'=cmd\",街道,");
    expect(&w, ",弄虚作假,27.25,0.00,7.25,20.00,0.00,2,集中学习: 7.25 of 20 points: because; gate "
               "弄虚作假 "
               "cannot be judged,shortfall; unanswered,,\r\n");
    expect(&w, "\r\n,np,南坪街道,街道,not_applicable,,,,100.00%,,,");
    expect(&w, "\r\n1,xc,xc,乡镇,ranked,99.00,不合格,");
    release(&w);
}

static void test_csv_guard(void **state)
{
    static const char *const texts[] = {"=1+1", "+1", "-1", "@x", " =1", "\t=1", "\r=1"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct world w;
        init(&w);
        w.m.table.units.at[0].name = texts[i];
        report_csv(&w.report, &w.out);
        expect(&w, arena_printf(&w.m.arena, "zf,\"'%s\",", texts[i]));
        release(&w);
    }
}

static void test_csv_negative_is_a_number(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    made_points(&w.m, 0, w.learn, "-3");
    report_csv(&w.report, &w.out);
    expect(&w, ",-3.00,");
    expect_not(&w, "'-3");
    release(&w);
}

/* ---- the table ---- */

static void test_table(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    report_table(&w.report, &w.out);
    expect(&w, "责任制考核评分细则 · 2024 · 5 units\n\n街道: 3 ranked\n");
    expect(&w, "\n     1  jw    江湾街道  95.00  良好              0     40.00  0.00\n");
    expect(&w, "\n     3  =cmd  =cmd      87.25  良好   1?         2     27.25  0.00\n");
    expect(&w, "  not ranked:\n    南坪街道: no score: nothing applies to it\n");
    expect(&w, "\n乡镇: 1 ranked\n");
    expect(&w, "不合格  1");
    expect(&w, "  优秀, 街道: 50% × 3 = 1.5 → 1; qualified 2, given 0\n");
    expect(&w, "    tied at the cut, all out: 江湾街道, 竹峰街道\n");
    expect(&w, "\nGates\n  1  弄虚作假: fired for 1; ? cannot be told for 1, not reported\n");
    expect(&w, "-o result.csv");
    expect_not(&w, "\033[");
    expect_not(&w, "No room");
    release(&w);
}

static void test_table_narrow(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    w.report.width = 50;
    report_table(&w.report, &w.out);
    expect(&w, "No room here for: sections.\n");
    for (const char *at = w.out.at; *at;) {
        size_t n = strcspn(at, "\n");
        if (text_width(at, n) > 50)
            fail_msg("too wide: %.*s", (int)n, at);
        at += n + (at[n] == '\n');
    }
    release(&w);
}

static void test_table_only(void **state)
{
    static const struct {
        const char *only, *has, *has_not;
    } rows[] = {
        {"乡镇", "xc", "竹峰街道"},      /* a class */
        {"zf", "竹峰街道", "江湾街道 "}, /* a unit's id */
        {"竹峰街道", "竹峰街道", "xc"},  /* its name */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        init(&w);
        w.report.shown.only = rows[i].only;
        report_table(&w.report, &w.out);
        expect(&w, rows[i].has);
        expect_not(&w, rows[i].has_not);
        expect(&w, "of 5 units");
        release(&w);
    }
}

static void test_table_claims(void **state)
{
    static const struct side_note reason = {0, 0, "无场所"};
    struct world w;
    (void)state;
    init(&w);
    made_value(&w.m, 0, 0, CELL_NA, NULL);
    *vec_push(&w.m.arena, &w.m.table.reasons) = reason;
    report_table(&w.report, &w.out);
    expect(&w, "Said not to apply: 1\n  竹峰街道: 集中学习: 无场所\n");
    release(&w);
}

/* Titles come from files that are handed from office to office. */
static void test_terminal_is_safe(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    w.m.rubric.title = "标题\033[31m\n第二行";
    w.m.table.units.at[0].name = "\033]0;x\007";
    report_table(&w.report, &w.out);
    report_explain(&w.report, 0, MEMBER_NONE, &w.out);
    expect_not(&w, "\033");
    expect_not(&w, "\007");
    expect(&w, "标题\\x1b[31m 第二行 · 2024");
    release(&w);
}

/* ---- explain ---- */

static void test_explain(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    report_explain(&w.report, 2, MEMBER_NONE, &w.out);
    expect(&w, "=cmd · 街道 · 责任制考核评分细则 · 2024\n"
               "total 87.25 · rank 3 of 3 in 街道 · grade 良好\n");
    expect(&w,
           "\n理论学习 (study)                                                     27.25 of 40\n"
           "  集中学习 (learn)                                                    7.25 of 20\n"
           "    the rule\n");
    expect(&w,
           "\nTotal                                                               87.25 of 100\n");
    expect(&w, "弄虚作假: not answered, what it asks for (false_report) is not reported; if it");
    expect(&w, "  87.25 is at least 80: 良好\n  rank 3 of 3 in 街道\n  grade: 良好\n");
    expect(&w, "  集中学习  12.75  12.75     100.00     1  优秀\n");
    expect(&w, "  - 集中学习: shortfall, minor, lost 12.75\n    7.25 of 20 points: because\n");
    buf_clear(&w.out);
    report_explain(&w.report, 0, MEMBER_NONE, &w.out);
    expect(&w, "grade 良好 (优秀 by points alone)");
    expect(&w, "    江湾街道 shares rank 1: nothing tells them apart\n");
    expect(&w, "quota of 优秀: 50% × 3 = 1.5 → 1; 2 qualify, 0 get it; 2 units tied at the cut");
    release(&w);
}

static void test_explain_item(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    report_explain(&w.report, 2, w.learn, &w.out);
    expect(&w, "理论学习 (study)");
    expect(&w, "集中学习 (learn)");
    expect_not(&w, "演练");
    expect_not(&w, "加分");
    buf_clear(&w.out);
    report_explain(&w.report, 2, w.study, &w.out); /* a section: with all that is in it */
    expect(&w, "演练");
    expect_not(&w, "加分");
    release(&w);
}

static void test_explain_json(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    report_explain_json(&w.report, 2, MEMBER_NONE, &w.out);
    expect(&w, "\"unit\": {\"id\": \"=cmd\"");
    expect(&w, "\"kind\": \"item\", \"in\": \"study\", \"steps\": [\n");
    expect(&w, "{\"kind\": \"rule\", \"text\": \"the rule\", \"points\": \"7.25\"}");
    expect(&w,
           "{\"item\": \"learn\", \"lost\": \"12.75\", \"gain\": \"12.75\", \"total\": \"100.00\", "
           "\"rank\": 1, \"grade\": \"优秀\"}");
    release(&w);
}

static void test_explain_bad_unit(void **state)
{
    struct world w;
    (void)state;
    init(&w);
    w.m.table.units.at[0].bad = true;
    w.m.result.outcomes[0].state = UNIT_ERROR;
    made_rank(&w.m);
    report_explain(&w.report, 0, MEMBER_NONE, &w.out);
    expect(&w, "no rank: not scored: errors in its data");
    expect_not(&w, "集中学习");
    release(&w);
}

/* ---- the table of renderers ---- */

static void test_renderers(void **state)
{
    (void)state;
    assert_string_equal(renderer_find(STR("json"))->name, "json");
    assert_null(renderer_find(STR("xml")));
    assert_string_equal(renderer_for_path("out/result.csv")->name, "csv");
    assert_null(renderer_for_path("out.csv/result"));
    assert_null(renderer_for_path("result"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_cap_between_steps),
        cmocka_unit_test(test_json_states),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_guard),
        cmocka_unit_test(test_csv_negative_is_a_number),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_narrow),
        cmocka_unit_test(test_table_only),
        cmocka_unit_test(test_table_claims),
        cmocka_unit_test(test_terminal_is_safe),
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_explain_item),
        cmocka_unit_test(test_explain_json),
        cmocka_unit_test(test_explain_bad_unit),
        cmocka_unit_test(test_renderers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
