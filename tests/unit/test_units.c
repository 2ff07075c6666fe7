/* test_units.c - from data files to a table: columns, merging, findings, places. */
#include "load/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define D(whole) ((whole)*DEC_ONE)

enum { SESSIONS, RATE, FORMED, SENT, GRADE, REMARK, MARKS, TWIN_A, TWIN_B, N_FIELDS };
enum { TOP, STUDY, DRILL, TWIN_ITEM, N_MEMBERS };

static struct arena arena;
static struct diag diag;
static struct rubric rubric;
static struct units_options options;

/* ---- a rubric by hand ---- */

static struct field *add_field(const char *id, const char *label, enum field_type type)
{
    struct field *f = vec_push(&arena, &rubric.fields.list);
    f->id = id;
    f->label = label;
    f->type = type;
    f->min = f->max = DEC_NONE;
    map_put(&arena, &rubric.fields.by_id, str_of(id), rubric.fields.list.n - 1);
    return f;
}

static void add_member(enum member_kind kind, const char *id, const char *title)
{
    struct member *m = vec_push(&arena, &rubric.members);
    m->kind = kind;
    m->id = id;
    m->title = title;
}

static void add_class(const char *name) { *vec_push(&arena, &rubric.classes) = name; }

static int set_up(void **state)
{
    (void)state;
    rubric = (struct rubric){0};
    options = (struct units_options){0};
    struct field *f = add_field("sessions", "学习次数", FIELD_COUNT);
    f->unit = "次";
    *vec_push(&arena, &f->aliases) = "中心组学习";
    add_field("rate", "覆盖率", FIELD_PERCENT)->unit = "%";
    add_field("formed", "成立小组", FIELD_YESNO);
    add_field("sent", "报送日期", FIELD_DATE);
    f = add_field("grade", "等次", FIELD_CHOICE);
    *vec_push(&arena, &f->options) = "好";
    *vec_push(&arena, &f->options) = "差";
    add_field("remark", "说明", FIELD_TEXT);
    add_field("marks", "评分", FIELD_LIST);
    add_field("twin_a", "重名", FIELD_COUNT);
    add_field("twin_b", "重名", FIELD_COUNT);
    add_member(MEMBER_SECTION, "duty", "考评");
    add_member(MEMBER_ITEM, "study", "学习");
    add_member(MEMBER_ITEM, "drill", "演练");
    add_member(MEMBER_ITEM, "drill2", "演练");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- loading and asking ---- */

struct file {
    const char *name, *text;
};

static struct table *load(const struct file *files, uint32_t n)
{
    const struct source *sources[8];
    diag_init(&diag, &arena);
    for (uint32_t i = 0; i < n; i++)
        sources[i] = source_from_text(&arena, files[i].name, files[i].text, strlen(files[i].text));
    return units_load(&arena, &diag, &rubric, sources, n, &options);
}

static struct table *load_csv(const char *text)
{
    struct file file = {"a.csv", text};
    return load(&file, 1);
}

static struct table *load_two(const char *first, const char *second)
{
    struct file files[] = {{"a.csv", first}, {"b.csv", second}};
    return load(files, 2);
}

/* "a.csv:2 not-a-count, b.csv:3 contradiction": the findings in the order they are printed. */
static const char *findings(void)
{
    struct buf printed = {0}, out = {0};
    diag_print(&diag, &printed, false);
    buf_text(&out, "");
    for (char *line = printed.at ? strtok(printed.at, "\n") : NULL; line;
         line = strtok(NULL, "\n")) {
        char *id = strrchr(line, '['), *colon = strchr(line, ':');
        if (*line == ' ' || !id || !colon || strstr(line, ": note:") ||
            !(strstr(line, "error:") || strstr(line, "warning:")))
            continue;
        char *end = strchr(colon + 1, ':');
        bool placed = colon[1] >= '0' && colon[1] <= '9';
        int n = placed ? (int)(end - line) : *line == 'e' || *line == 'w' ? 0 : (int)(colon - line);
        buf_printf(&out, "%s%.*s%s%.*s", out.n ? ", " : "", n, line, n ? " " : "",
                   (int)strcspn(id + 1, "]"), id + 1);
    }
    const char *text = arena_text(&arena, out.at, out.n);
    buf_release(&printed);
    buf_release(&out);
    return text;
}

static void expect(const char *expected)
{
    const char *got = findings();
    if (strcmp(got, expected)) {
        struct buf all = {0};
        diag_print(&diag, &all, false);
        fail_msg("'%s' instead of '%s'\n%s", got, expected, all.at);
    }
}

static void check_value(const struct table *t, uint32_t unit, uint32_t field, enum cell_state state,
                        dec value)
{
    assert_true(unit < t->units.n);
    assert_int_equal(t->columns[field].state[unit], state);
    assert_true(t->columns[field].value[unit] == value);
}

/* ---- columns ---- */

static void test_plain(void **state)
{
    (void)state;
    struct table *t = load_csv("编号,名称,类别,上级,期间,备注,排序键,sessions,覆盖率,佐证:学习\n"
                               "u1,甲镇,镇,市,2024,注,jia,12次,67.57%,会议纪要\n"
                               "u2,乙局,局,,,,,,无,\n"
                               "u3,丙镇,镇,,,,,不适用(没有),,\n");
    expect("");
    assert_int_equal(t->units.n, 3);
    const struct unit *u = &t->units.at[0];
    assert_string_equal(u->id, "u1");
    assert_string_equal(u->name, "甲镇");
    assert_string_equal(u->class_name, "镇");
    assert_string_equal(u->parent, "市");
    assert_string_equal(u->period, "2024");
    assert_string_equal(u->notes, "注");
    assert_string_equal(u->sort_key, "jia");
    assert_null(t->units.at[1].parent);
    assert_int_equal(t->groups.n, 2);
    assert_int_equal(t->units.at[2].group, u->group);
    assert_string_equal(t->groups.at[t->units.at[1].group], "局");
    assert_int_equal(map_get(&t->unit_by_id, STR("u3")), 2);
    check_value(t, 0, SESSIONS, CELL_VALUE, D(12));
    check_value(t, 1, SESSIONS, CELL_EMPTY, 0);
    check_value(t, 1, RATE, CELL_NONE, 0);
    check_value(t, 2, SESSIONS, CELL_NA, 0);
    assert_string_equal(table_reason(t, 2, SESSIONS), "没有");
    assert_null(table_reason(t, 0, SESSIONS));
    assert_string_equal(table_evidence(t, 0, STUDY), "会议纪要");
    assert_null(table_evidence(t, 1, STUDY));
    assert_true(t->columns[RATE].present);
    assert_false(t->columns[SENT].present);
}

/* A header cell, and what comes of it. */
static void test_headings(void **state)
{
    static const struct {
        const char *heading, *expected, *why;
        uint32_t field;
    } rows[] = {
        {"sessions", "", "id", SESSIONS},
        {"学习次数", "", "label", SESSIONS},
        {"中心组学习", "", "alias", SESSIONS},
        {"学习次数(次)", "", "label and unit", SESSIONS},
        {"学习次数（次）", "", "in full-width parentheses", SESSIONS},
        {"中心组学习(次)", "", "alias and unit", SESSIONS},
        {" 学习 次数 ", "", "blanks", SESSIONS},
        {"Sessions", "", "letters in any case", SESSIONS},
        {"\"学习\n次数\"", "", "a break within", SESSIONS},
        {"覆盖率(%)", "", "a unit of signs", RATE},
        {"学习次数(个)", "a.csv:1 unknown-column", "another unit", N_FIELDS},
        {"学习次", "a.csv:1 unknown-column", "a slip", N_FIELDS},
        {"重名", "a.csv:1 ambiguous-column", "two fields", N_FIELDS},
        {"twin_b", "", "by its id it is one", TWIN_B},
        {"id", "a.csv:1 duplicate-column", "twice", N_FIELDS},
        {"编号", "a.csv:1 duplicate-column", "twice under two names", N_FIELDS},
        {"evidence.study", "", "evidence by id", N_FIELDS},
        {"佐证：学习", "", "by title, full-width colon", N_FIELDS},
        {"evidence.sturdy", "a.csv:1 unknown-item", "no such item", N_FIELDS},
        {"佐证:演练", "a.csv:1 unknown-item", "two items of one title", N_FIELDS},
        {"evidence.duty", "a.csv:1 unknown-item", "a section has no evidence", N_FIELDS},
        {"", "a.csv:2 unknown-column", "a value without heading", N_FIELDS},
        {"序号", "", "ignored", N_FIELDS},
    };
    (void)state;
    *vec_push(&arena, &rubric.columns_ignored) = "序号";
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct table *t = load_csv(arena_printf(&arena, "id,%s\nu1,5\n", rows[i].heading));
        const char *got = findings();
        if (strcmp(got, rows[i].expected))
            fail_msg("%s: %s", rows[i].why, got);
        for (uint32_t field = 0; field < N_FIELDS; field++)
            if (t->columns[field].present != (field == rows[i].field) ||
                (field == rows[i].field && t->columns[field].value[0] != D(5)))
                fail_msg("%s: field %u", rows[i].why, field);
    }
}

static void test_header_twice(void **state)
{
    (void)state;
    load_csv("id,sessions,学习次数,evidence.study,佐证:学习\nu1,1,2,a,b\n");
    expect("a.csv:1 duplicate-column, a.csv:1 duplicate-column");
    struct table *t = load_csv("id,,sessions,\nu1,,1,\nu2,,2\n"); /* empty columns are fine */
    expect("");
    check_value(t, 1, SESSIONS, CELL_VALUE, D(2));
}

static void test_renamed(void **state)
{
    (void)state;
    *vec_push(&arena, &rubric.columns) = (struct column_name){"class", "考核分组"};
    add_field("kind", "类别", FIELD_TEXT);
    struct table *t = load_csv("id,考核分组,类别\nu1,镇,甲\n");
    expect("");
    assert_string_equal(t->units.at[0].class_name, "镇");
    check_value(t, 0, N_FIELDS, CELL_VALUE, 0);
    assert_string_equal(table_value_text(&arena, t, 0, N_FIELDS), "甲");
}

static void test_ignore_unknown(void **state)
{
    struct file file = {"a.yaml",
                        "units:\n  - {id: u1, colour: red, values: {sessions: 1, nix: 2}}\n"};
    (void)state;
    options.ignore_unknown = true;
    struct table *t = load_csv("id,sessions,nix,evidence.nix\nu1,1,2,3\n");
    expect("a.csv:1 unknown-column, a.csv:1 unknown-item");
    assert_int_equal(diag.n_errors, 0);
    assert_false(t->units.at[0].bad);
    check_value(t, 0, SESSIONS, CELL_VALUE, D(1));
    t = load(&file, 1);
    assert_int_equal(diag.n_errors, 0);
    assert_int_equal(diag.n_warnings, 2);
    check_value(t, 0, SESSIONS, CELL_VALUE, D(1));
    assert_int_equal(diag.severity[FINDING_UNKNOWN_COLUMN], SEVERITY_ERROR); /* as it was */
}

/* ---- rows ---- */

static void test_cells_and_rows(void **state)
{
    (void)state;
    struct table *t = load_csv("id,sessions,formed\n"
                               "u1,十二,也许\n"
                               "u2,1,是,\n"     /* an empty cell too many is nothing */
                               "u3,1,是,没用\n" /* a cell too many */
                               "u4\n"           /* cells too few are empty */
                               ",,\n"           /* a row of nothing */
                               ",1,是\n"        /* without id */
                               "u5,\"1\"x,是\n");
    expect("a.csv:2 not-a-count, a.csv:2 not-yes-no, a.csv:4 csv-cells, a.csv:7 no-unit-id, "
           "a.csv:8 csv-quote");
    assert_int_equal(t->units.n, 5);
    static const bool bad[] = {true, false, true, false, true};
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(t->units.at[i].bad, bad[i]);
    assert_int_equal(t->columns[SESSIONS].state[0], CELL_BAD);
    assert_int_equal(t->columns[SESSIONS].state[3], CELL_EMPTY);
}

static void test_ids(void **state)
{
    (void)state;
    struct table *t = load_csv("名称,sessions\n甲,1\n'=乙,2\n,3\n");
    expect("a.csv:4 no-unit-id");
    assert_string_equal(t->units.at[0].id, "甲"); /* the name is the id */
    assert_string_equal(t->units.at[1].name, "=乙");
    load_csv("编号,名称,sessions\n,甲,1\n"); /* with an id column it has to be given */
    expect("a.csv:2 no-unit-id");
    load_csv("类别,sessions\n镇,1\n");
    expect("a.csv:1 no-unit-id");
    t = load_csv("id,sessions\nu1,1\nu2,2\nu1,十\n");
    expect("a.csv:4 duplicate-unit, a.csv:4 not-a-count"); /* it is looked at all the same */
    assert_int_equal(t->units.n, 2);
    assert_true(t->units.at[0].bad);
    check_value(t, 0, SESSIONS, CELL_VALUE, D(1));
    load_csv("id,name,sessions\nu1,甲,1\nu2,甲,2\n"); /* two of one name are two by their ids */
    expect("");
}

static void test_nothing(void **state)
{
    (void)state;
    load_csv("");
    expect("a.csv no-units");
    load_csv("id,sessions\n");
    expect("a.csv no-units");
    load_two("id,sessions\nu1,1\n", "id,sessions\n"); /* nothing to add is fine */
    expect("");
    load_two("id,sessions\nu1,1\n", "");
    expect("b.csv no-units");
}

/* ---- classes ---- */

static void test_classes(void **state)
{
    (void)state;
    add_class("town");
    add_class("bureau");
    struct table *t = load_csv("id,class,sessions\nu1,other,1\nu2,Town,1\nu3,,1\n");
    expect("a.csv:4 no-class"); /* not listed: any name is a class, but none is an oversight */
    assert_int_equal(t->units.at[0].class, 2);
    assert_int_equal(t->units.at[1].class, 0);
    assert_string_equal(t->units.at[1].class_name, "town");
    assert_string_equal(t->units.at[2].class_name, "");
    assert_int_equal(t->groups.n, 3);

    rubric.classes_listed = true;
    t = load_csv("id,class,sessions\nu1,twon,1\nu2,ｂｕｒｅａｕ,1\nu3,,1\n");
    expect("a.csv:2 unknown-class, a.csv:4 no-class");
    assert_true(t->units.at[0].bad && !t->units.at[1].bad && t->units.at[2].bad);
    assert_int_equal(t->units.at[1].class, 1);
    assert_string_equal(t->units.at[1].class_name, "bureau");
    load_csv("id,sessions\nu1,1\nu2,1\n");
    expect("a.csv no-class"); /* once, not for each unit */
    t = load_two("id,sessions\nu1,1\n", "id,class\nu1,town\n");
    expect("");
    assert_int_equal(t->units.at[0].class, 0);
}

/* ---- several files ---- */

static void test_merge(void **state)
{
    (void)state;
    struct table *t = load_two("id,name,sessions,rate,formed,marks,remark,grade\n"
                               "u1,甲,60,,无,90;85,x,好\n"
                               "u2,乙,X次,95%,不适用,,,\n",
                               "id,sessions,rate,formed,marks,remark,grade,notes\n"
                               "u2,7,95.0,不适用(没有),,,,\n"
                               "u1,60.0,3,0,90.0; 85,x,好,n\n"
                               "u3,1,,,,,,\n");
    expect("");
    assert_int_equal(t->units.n, 3);
    check_value(t, 0, SESSIONS, CELL_VALUE, D(60));
    check_value(t, 0, RATE, CELL_VALUE, D(3));     /* an empty cell yields */
    check_value(t, 0, FORMED, CELL_NONE, 0);       /* 无 and 0 are the same */
    check_value(t, 1, SESSIONS, CELL_VALUE, D(7)); /* so does a placeholder */
    assert_string_equal(table_reason(t, 1, FORMED), "没有");
    assert_string_equal(t->units.at[2].name, "u3");
    assert_string_equal(t->units.at[0].notes, "n");
    assert_int_equal(t->texts.n, 1);
}

static void test_contradictions(void **state)
{
    static const struct {
        const char *heading, *first, *second;
    } rows[] = {
        {"sessions", "60", "61"},     {"sessions", "60", "60余"}, {"sessions", "≥60", "≤60"},
        {"sessions", "无", "不适用"}, {"sessions", "60", "约60"}, {"formed", "是", "否"},
        {"sent", "2024-12-20", "无"}, {"grade", "好", "差"},      {"remark", "x", "y"},
        {"marks", "90;85", "90;85;"}, {"class", "镇", "局"},      {"name", "甲", "乙"},
        {"period", "2023", "2024"},   {"parent", "a", "b"},       {"marks", "九十", "八十"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        /* A unit before it that has no quarrel; only of a class there is no doing without. */
        const char *other = strcmp(rows[i].heading, "class") == 0 ? rows[i].first : "";
        struct table *t = load_two(
            arena_printf(&arena, "id,%s\nu1,%s\n", rows[i].heading, rows[i].first),
            arena_printf(&arena, "id,%s\nu0,%s\nu1,%s\n", rows[i].heading, other, rows[i].second));
        struct buf out = {0};
        expect("b.csv:3 contradiction");
        assert_true(t->units.at[0].bad);
        diag_print(&diag, &out, false);
        assert_non_null(strstr(out.at, "a.csv:2:")); /* a note tells where the first one is */
        buf_release(&out);
    }
}

static void test_by_name(void **state)
{
    (void)state;
    struct table *t =
        load_two("id,name,sessions\nu1,甲,1\nu2,乙,2\n", "名称,formed\n乙,是\n甲,否\n");
    expect("");
    assert_int_equal(t->units.n, 2);
    check_value(t, 1, FORMED, CELL_VALUE, DEC_ONE);
    t = load_two("名称,formed\n乙,是\n",
                 "id,name,sessions\nu1,甲,1\nu2,乙,2\n"); /* the other way */
    expect("");
    assert_int_equal(t->units.n, 2);
    assert_string_equal(t->units.at[0].id, "u2");
    assert_int_equal(map_get(&t->unit_by_id, STR("u2")), 0);
    load_two("id,name\nu1,甲\nu2,甲\n", "名称,formed\n甲,否\n");
    expect("b.csv:2 ambiguous-unit");
    load_two("名称,formed\n甲,否\n", "id,name\nu1,甲\nu2,甲\n");
    expect("b.csv:3 ambiguous-unit");
    load_two("id,name\nu1,甲\n", "名称,formed\n甲,否\n甲,否\n");
    expect("b.csv:3 duplicate-unit");
}

/* ---- what no file has ---- */

static void test_absent(void **state)
{
    (void)state;
    rubric.fields.list.at[SESSIONS].used = true;
    rubric.fields.list.at[RATE].used = rubric.fields.list.at[RATE].required = true;
    rubric.fields.list.at[REMARK].required = true; /* but nothing is scored by it */
    load_csv("id,formed\nu1,1\n");
    assert_int_equal(diag.n_kept[FINDING_FIELD_ABSENT], 1);
    assert_int_equal(diag.n_kept[FINDING_REQUIRED_FIELD_ABSENT], 1);
    assert_int_equal(diag.n_errors, 1);
    load_csv("id,sessions,rate\nu1,,\n"); /* there, if empty */
    expect("");
}

/* ---- YAML and JSON ---- */

static void check_document(const struct table *t)
{
    expect("");
    assert_int_equal(t->units.n, 2);
    assert_string_equal(t->units.at[0].id, "u1");
    assert_string_equal(t->units.at[0].class_name, "镇");
    check_value(t, 0, SESSIONS, CELL_VALUE, D(12));
    check_value(t, 0, FORMED, CELL_VALUE, DEC_ONE);
    check_value(t, 0, RATE, CELL_EMPTY, 0);
    assert_true(t->columns[RATE].present);
    const struct list_value *marks = &t->lists.at[dec_to_int(t->columns[MARKS].value[0])];
    assert_int_equal(marks->n, 3);
    assert_true(marks->values[0] == D(90) && marks->values[1] == DEC_NONE);
    assert_true(marks->values[2] == D(85));
    assert_string_equal(table_evidence(t, 0, STUDY), "纪要1; 纪要2");
    assert_string_equal(table_evidence(t, 0, DRILL), "方案");
    assert_string_equal(t->units.at[1].id, "乙");
    check_value(t, 1, MARKS, CELL_NONE, 0);
}

static void test_yaml(void **state)
{
    struct file file = {"a.yaml", "units:\n"
                                  "  - id: u1\n"
                                  "    class: 镇\n"
                                  "    values: {学习次数: 12次, formed: yes, rate: '',\n"
                                  "             marks: [90, '', 85]}\n"
                                  "    evidence: {study: [纪要1, 纪要2, 无], drill: 方案}\n"
                                  "  - name: 乙\n"
                                  "    class: 镇\n"
                                  "    values: {marks: []}\n"};
    (void)state;
    check_document(load(&file, 1));
    file.name = "<stdin>"; /* told by what it begins with */
    check_document(load(&file, 1));
}

static void test_json(void **state)
{
    struct file file = {
        "a.json", "{\"units\": [{\"id\": \"u1\", \"class\": \"镇\", \"values\": {\"sessions\": 12, "
                  "\"formed\": "
                  "true, \"rate\": null, \"marks\": [90, null, \"85\"]}, \"evidence\": {\"学习\": "
                  "[\"纪要1\", "
                  "\"纪要2\"], \"drill\": \"方案\"}}, {\"name\": \"乙\", \"class\": \"镇\", "
                  "\"values\": {\"marks\": []}}]}"};
    (void)state;
    check_document(load(&file, 1));
    file.name = "data";
    check_document(load(&file, 1));
}

static void test_document_findings(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"units: []\n", "a.yaml no-units"},
        {"units:\n  - values: {sessions: 1}\n", "a.yaml:2 no-unit-id"},
        {"units:\n  - id: u1\n    values: {sessions: 十}\n", "a.yaml:3 not-a-count"},
        {"units:\n  - id: u1\n    values: {nix: 1}\n", "a.yaml:3 unknown-column"},
        {"units:\n  - id: u1\n    values: {name: x}\n", "a.yaml:3 unknown-column"},
        {"units:\n  - id: u1\n    values:\n      sessions: 1\n      学习次数: 2\n",
         "a.yaml:5 duplicate-column"},
        {"units:\n  - id: u1\n    values:\n      marks: ['90,85']\n", "a.yaml:4 not-a-list"},
        {"units:\n  - id: u1\n    evidence: {nix: x}\n", "a.yaml:3 unknown-item"},
        {"units:\n  - id: u1\n  - id: u1\n", "a.yaml:3 duplicate-unit"},
        {"units:\n  - id: u1\n    colour: red\n", "a.yaml:3 unknown-key"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct file file = {"a.yaml", rows[i].text};
        load(&file, 1);
        expect(rows[i].expected);
    }
}

/* What should be something else costs one finding and no crash. */
static void test_document_shapes(void **state)
{
    static const char *const texts[] = {
        "[]",
        "{\"units\": 1}",
        "{\"units\": {}}",
        "{\"units\": [1]}",
        "{\"units\": [{\"id\": [1], \"name\": \"x\"}]}",
        "{\"units\": [{\"id\": \"x\", \"values\": 1}]}",
        "{\"units\": [{\"id\": \"x\", \"values\": {\"sessions\": {}}}]}",
        "{\"units\": [{\"id\": \"x\", \"values\": {\"sessions\": [1]}}]}",
        "{\"units\": [{\"id\": \"x\", \"values\": {\"marks\": [[1]]}}]}",
        "{\"units\": [{\"id\": \"x\", \"evidence\": [1]}]}",
        "{\"units\": [{\"id\": \"x\", \"evidence\": {\"study\": {}}}]}",
        "{\"units\": [{\"id\": \"x\", \"evidence\": {\"study\": [[]]}}]}",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct file file = {"a.json", texts[i]};
        struct table *t = load(&file, 1);
        if (diag.n_errors != 1)
            fail_msg("%s: %s", texts[i], findings());
        if (t->units.n && !t->units.at[0].bad)
            fail_msg("%s: the unit is good", texts[i]);
    }
}

/* ---- places and texts ---- */

static void test_places(void **state)
{
    struct file files[] = {
        {"a.csv", "id,sessions,\"rate\"\nu1,,\"5\"\n"},
        {"b.json", "{\"units\": [{\"values\": {\"学习次数\": 7},\n \"id\": \"u1\"}]}"}};
    (void)state;
    struct table *t = load(files, 2);
    expect("");
    assert_string_equal(span_text(&arena, table_place(t, 0, RATE)), "a.csv:2:5");
    assert_string_equal(span_text(&arena, table_place(t, 0, SESSIONS)), "b.json:1:32");
    assert_string_equal(span_text(&arena, table_place(t, 0, FIELD_NONE)), "a.csv:2:1");
    assert_string_equal(span_text(&arena, table_place(t, 0, FORMED)), "a.csv:2:1"); /* nowhere */
}

static void test_empty_places(void **state)
{
    struct file files[] = {
        {"a.csv", "id,sessions,rate,formed\nu1,,\"  \",是\nu2,3\n"},
        {"b.json", "{\"units\": [{\"id\": \"u1\", \"values\": {\"sent\": null}}]}"}};
    (void)state;
    struct table *t = load(files, 2);
    expect("");
    span at = table_place(t, 0, SESSIONS);
    assert_string_equal(span_text(&arena, at), "a.csv:2:4");
    assert_int_equal(at.length, 0);
    at = table_place(t, 0, RATE);
    assert_string_equal(span_text(&arena, at), "a.csv:2:5");
    assert_int_equal(at.length, 1);
    assert_string_equal(span_text(&arena, table_place(t, 0, SENT)), "b.json:1:44");
    assert_string_equal(span_text(&arena, table_place(t, 1, FORMED)), "a.csv:3:5"); /* cut short */
    assert_string_equal(span_text(&arena, table_place(t, 1, REMARK)), "a.csv:3:1"); /* nowhere */
}

static void expect_printed(const char *part)
{
    struct buf printed = {0};
    diag_print(&diag, &printed, false);
    if (!printed.at || !strstr(printed.at, part))
        fail_msg("'%s' is not in\n%s", part, printed.at ? printed.at : "nothing");
    buf_release(&printed);
}

/* Names and classes that contradict each other: the note is at the other cell. */
static void test_other_places(void **state)
{
    (void)state;
    load_two("id,name,class\nu1,甲,镇\n", "id,class,name\nu1,街道,乙\n");
    expect("b.csv:2 contradiction, b.csv:2 contradiction");
    expect_printed("a.csv:2:6: note");
    expect_printed("a.csv:2:4: note");
}

static void test_header_hints(void **state)
{
    (void)state;
    load_csv("序号,No.,id,sessions\n1,1,u1,1\n");
    expect("a.csv:1 unknown-column, a.csv:1 unknown-column");
    expect_printed("columns: {ignore: [序号]}");
    expect_printed("columns: {ignore: [No.]}");
    rubric.fields.list.at[SESSIONS].used = rubric.fields.list.at[RATE].used = true;
    rubric.fields.list.at[TWIN_A].used = true;
    load_csv("id,sesions,重名\nu1,1,1\n"); /* what was meant is not absent too */
    expect("a.csv:1 unknown-column, a.csv:1 ambiguous-column, field-absent");
}

static void test_value_texts(void **state)
{
    static const struct {
        const char *cell, *expected;
    } rows[] = {
        {"", ""},
        {"12次", "12"},
        {"无", "none"},
        {"不适用", "not applicable"},
        {"不适用(没有)", "not applicable (没有)"},
        {"60余", "≥60"},
        {"近60", "≤60"},
        {"约60", "about 60"},
        {"XX", "a placeholder"},
        {"计划", "planned"},
        {"十", ""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct table *t = load_csv(arena_printf(&arena, "id,sessions\nu1,%s\n", rows[i].cell));
        assert_string_equal(table_value_text(&arena, t, 0, SESSIONS), rows[i].expected);
    }
    struct table *t = load_csv("id,marks,remark\nu1,90;甲,x\n");
    assert_string_equal(table_value_text(&arena, t, 0, MARKS), "90; 甲");
    assert_string_equal(table_value_text(&arena, t, 0, REMARK), "x");
}

/* Evidence and reasons are found whatever the order of the columns and files. */
static void test_side_notes(void **state)
{
    (void)state;
    struct table *t = load_two("id,evidence.drill,evidence.study\nu2,d2,s2\nu1,d1,-\n",
                               "id,evidence.study,evidence.drill\nu1,s1,d1\nu2,s3,XX\n");
    expect("");
    assert_string_equal(table_evidence(t, 0, DRILL), "d2");
    assert_string_equal(table_evidence(t, 0, STUDY), "s2; s3");
    assert_string_equal(table_evidence(t, 1, DRILL), "d1"); /* the same twice is one */
    assert_string_equal(table_evidence(t, 1, STUDY), "s1");
    assert_int_equal(t->evidence.n, 4);
}

/* A choice of many options is found through a map; the words of states still work. */
static void test_many_options(void **state)
{
    (void)state;
    struct field *f = &rubric.fields.list.at[GRADE];
    for (int i = 0; i < 100; i++)
        *vec_push(&arena, &f->options) = arena_printf(&arena, "甲%d", i);
    struct table *t = load_csv("id,grade\nu1,甲99\nu2,甲 ９９\nu3,甲 ９９\nu4,计划\nu5,甲100\n");
    expect("a.csv:6 unknown-option");
    for (uint32_t i = 0; i < 3; i++)
        check_value(t, i, GRADE, CELL_VALUE, D(101));
    check_value(t, 3, GRADE, CELL_PLANNED, 0);
}

/* Many units, classes and columns: a step for each pair of them would not end. */
static void test_many(void **state)
{
    struct buf text = {0};
    (void)state;
    rubric.classes_listed = true;
    for (int i = 0; i < 50000; i++)
        add_class(arena_printf(&arena, "c%d", i));
    buf_text(&text, "id,name,class,sessions");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, ",x%d", i);
    buf_text(&text, "\n");
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "u%d,n%d,c%d,%d\n", i, i % 100, i, i);
    struct table *t = load_csv(text.at);
    buf_release(&text);
    assert_int_equal(t->units.n, 100000);
    assert_int_equal(diag.n_errors, 20000 + 50000);
    check_value(t, 99999, SESSIONS, CELL_VALUE, D(99999));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_headings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_header_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renamed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ignore_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cells_and_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_classes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_contradictions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_yaml, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_document_findings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_document_shapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_header_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_value_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_side_notes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
