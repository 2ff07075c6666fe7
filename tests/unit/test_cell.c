/* test_cell.c - what people type into cells, by the type of the field: values, states, findings. */
#include "load/cell.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define D(whole, eighths) ((whole)*DEC_ONE + (eighths))

static struct arena arena;
static struct diag diag;

static int set_up(void **state)
{
    (void)state;
    diag_init(&diag, &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct field made_field(enum field_type type, const char *unit)
{
    return (struct field){
        .id = "f", .label = "标签", .unit = unit, .type = type, .min = DEC_NONE, .max = DEC_NONE};
}

/* The finding that reading the text makes, or -1. */
static int read_text(const struct field *f, const char *text, struct cell *cell)
{
    struct source *s = source_from_text(&arena, "data.csv", text, strlen(text));
    bool good;
    diag_init(&diag, &arena);
    good = cell_parse(&arena, &diag, f, str_of(text), (span){s, 0, s->n}, cell);
    if (good != (diag.n_errors == 0))
        fail_msg("'%s': %u findings, but %s", text, diag.n_errors, good ? "read" : "not read");
    for (int id = 0; id < N_FINDING_IDS; id++)
        if (diag.n_kept[id])
            return id;
    return -1;
}

struct row {
    const char *text;
    enum cell_state state;
    dec value;
    const char *why;
};

static void check_rows(const struct field *f, const struct row *rows, size_t n,
                       enum finding_id finding)
{
    for (size_t i = 0; i < n; i++) {
        struct cell cell;
        int got = read_text(f, rows[i].text, &cell);
        int expected = rows[i].state == CELL_BAD ? (int)finding : -1;
        if (got != expected || cell.state != rows[i].state)
            fail_msg("'%s': %s: state %d, finding %s", rows[i].text, rows[i].why, (int)cell.state,
                     got < 0 ? "none" : finding_word((enum finding_id)got));
        if (cell.state != CELL_BAD && cell.value != rows[i].value)
            fail_msg("'%s': %s: value %lld", rows[i].text, rows[i].why, (long long)cell.value);
    }
}

static void test_count(void **state)
{
    static const struct row rows[] = {
        {"12", CELL_VALUE, D(12, 0), "plain"},
        {"0", CELL_VALUE, 0, "zero is a value, not none"},
        {"007", CELL_VALUE, D(7, 0), "leading zeros"},
        {"12.0", CELL_VALUE, D(12, 0), "whole all the same"},
        {"1,200", CELL_VALUE, D(1200, 0), "thousands"},
        {"1，200", CELL_VALUE, D(1200, 0), "full-width comma"},
        {"１２", CELL_VALUE, D(12, 0), "full-width digits"},
        {" 12 ", CELL_VALUE, D(12, 0), "blanks around"},
        {"　12", CELL_VALUE, D(12, 0), "full-width blank"},
        {"12次", CELL_VALUE, D(12, 0), "the field's unit"},
        {"12 次", CELL_VALUE, D(12, 0), "with a blank"},
        {"3万", CELL_VALUE, D(30000, 0), "ten thousand"},
        {"3万次", CELL_VALUE, D(30000, 0), "scale and unit"},
        {"1.5千", CELL_VALUE, D(1500, 0), "a fraction that is whole in the end"},
        {"2亿", CELL_VALUE, D(200000000, 0), "hundred million"},
        {"", CELL_EMPTY, 0, "not reported"},
        {"  ", CELL_EMPTY, 0, "blanks only"},
        {"　", CELL_EMPTY, 0, "a full-width blank only"},
        {"无", CELL_NONE, 0, "none"},
        {" None ", CELL_NONE, 0, "none in English"},
        {"60余", CELL_AT_LEAST, D(60, 0), "a bound from below"},
        {"60多", CELL_AT_LEAST, D(60, 0), "the same"},
        {"60余次", CELL_AT_LEAST, D(60, 0), "with the unit behind"},
        {"60多次", CELL_AT_LEAST, D(60, 0), "the same"},
        {"60次以上", CELL_AT_LEAST, D(60, 0), "word behind the unit"},
        {"60 以上", CELL_AT_LEAST, D(60, 0), "with a blank"},
        {"60+", CELL_AT_LEAST, D(60, 0), "plus"},
        {"≥3", CELL_AT_LEAST, D(3, 0), "sign"},
        {">=3", CELL_AT_LEAST, D(3, 0), "ASCII sign"},
        {"＞＝3", CELL_AT_LEAST, D(3, 0), "full-width sign"},
        {">3", CELL_AT_LEAST, D(3, 0), "strict: the same bound holds"},
        {"不少于3次", CELL_AT_LEAST, D(3, 0), "words"},
        {"100余万", CELL_AT_LEAST, D(1000000, 0), "scale behind the word"},
        {"3万余", CELL_AT_LEAST, D(30000, 0), "scale before the word"},
        {"百余次", CELL_AT_LEAST, D(100, 0), "a scale alone is a number together with 余"},
        {"近60", CELL_AT_MOST, D(60, 0), "a bound from above"},
        {"近60次", CELL_AT_MOST, D(60, 0), "with the unit"},
        {"≤3", CELL_AT_MOST, D(3, 0), "sign"},
        {"<=3", CELL_AT_MOST, D(3, 0), "ASCII sign"},
        {"<3", CELL_AT_MOST, D(3, 0), "strict"},
        {"不超过3", CELL_AT_MOST, D(3, 0), "words"},
        {"3以下", CELL_AT_MOST, D(3, 0), "behind"},
        {"近千次", CELL_AT_MOST, D(1000, 0), "a scale alone"},
        {"约60", CELL_ABOUT, D(60, 0), "about"},
        {"大约60次", CELL_ABOUT, D(60, 0), "about, with the unit"},
        {"60左右", CELL_ABOUT, D(60, 0), "behind"},
        {"60次左右", CELL_ABOUT, D(60, 0), "behind the unit"},
        {"近千余", CELL_ABOUT, D(1000, 0), "from above and from below is about"},
        {"近千余次", CELL_ABOUT, D(1000, 0), "with the unit"},
        {"XX", CELL_PLACEHOLDER, 0, "left to fill in"},
        {"X次", CELL_PLACEHOLDER, 0, "with the unit"},
        {"ｘｘｘ", CELL_PLACEHOLDER, 0, "full-width"},
        {"*", CELL_PLACEHOLDER, 0, "star"},
        {"**次", CELL_PLACEHOLDER, 0, "stars"},
        {"××", CELL_PLACEHOLDER, 0, "crosses"},
        {"×次", CELL_PLACEHOLDER, 0, "a cross before a unit"},
        {"X余次", CELL_PLACEHOLDER, 0, "some more than nobody knows"},
        {"计划", CELL_PLANNED, 0, "plan"},
        {"计划3次", CELL_PLANNED, 0, "plan with a number"},
        {"Planned", CELL_PLANNED, 0, "plan in English"},
        {"不适用", CELL_NA, 0, "not applicable"},
        {"N/A", CELL_NA, 0, "in English"},
        {"-", CELL_BAD, 0, "a dash may mean any of three states"},
        {"/", CELL_BAD, 0, "a stroke likewise"},
        {"—", CELL_BAD, 0, "a long dash"},
        {"--", CELL_BAD, 0, "two"},
        {"-3", CELL_BAD, 0, "below 0"},
        {"2.5", CELL_BAD, 0, "not whole"},
        {"12人", CELL_BAD, 0, "another unit"},
        {"12%", CELL_BAD, 0, "percent of what?"},
        {"3-5", CELL_BAD, 0, "a range"},
        {"3 5", CELL_BAD, 0, "two numbers, not 35"},
        {"3/5", CELL_BAD, 0, "a fraction"},
        {"1,20", CELL_BAD, 0, "wrong groups"},
        {"1e3", CELL_BAD, 0, "no exponents"},
        {"0x10", CELL_BAD, 0, "no hexadecimal"},
        {"十二", CELL_BAD, 0, "Chinese numerals"},
        {"千次", CELL_BAD, 0, "a scale alone is Chinese numerals"},
        {"3百", CELL_BAD, 0, "百 does not follow digits"},
        {"②", CELL_BAD, 0, "a circled digit is no 2"},
        {"12²", CELL_BAD, 0, "a superscript is no digit more"},
        {"是", CELL_BAD, 0, "a yes/no word"},
        {"理论学习", CELL_BAD, 0, "text"},
        {"NA", CELL_BAD, 0, "not available or not applicable?"},
        {"没有", CELL_BAD, 0, "only the words of the language"},
        {"不适用啊", CELL_BAD, 0, "no reason without parentheses or colon"},
        {"1\x80", CELL_BAD, 0, "half a character"},
        {"次", CELL_BAD, 0, "a unit alone"},
        {"≥", CELL_BAD, 0, "a sign alone"},
        {".", CELL_BAD, 0, "a point alone"},
    };
    struct field f = made_field(FIELD_COUNT, "次");
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_A_COUNT);
}

static void test_number(void **state)
{
    static const struct row rows[] = {
        {"-2.5", CELL_VALUE, -D(2, 50000000), "sign"},
        {"−2.5", CELL_VALUE, -D(2, 50000000), "the minus sign of typesetting"},
        {"＋3", CELL_VALUE, D(3, 0), "full-width plus"},
        {"0.12345678", CELL_VALUE, 12345678, "eight places, the fast way"},
        {"0.123456785", CELL_VALUE, 12345679, "the ninth rounds"},
        {".5", CELL_VALUE, 50000000, "no digit before the point"},
        {"5.", CELL_VALUE, D(5, 0), "none behind it"},
        {"9999999999", CELL_VALUE, D(9999999999, 0), "the fast way's last"},
        {"92233720368", CELL_VALUE, D(92233720368, 0), "the last there is"},
        {"５．５", CELL_VALUE, D(5, 50000000), "full-width point"},
        {"'-5", CELL_VALUE, -D(5, 0), "our own CSV guard"},
        {"5次", CELL_BAD, 0, "the field has no unit"},
        {"=1+1", CELL_BAD, 0, "a formula"},
        {"", CELL_EMPTY, 0, "empty"},
    };
    struct field f = made_field(FIELD_NUMBER, NULL);
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_A_NUMBER);
}

static void test_units_with_a_scale(void **state)
{
    static const struct row rows[] = {
        {"5", CELL_VALUE, D(5, 0), "alone"},
        {"5万元", CELL_VALUE, D(5, 0), "the unit, not 50,000"},
        {"3千万元", CELL_VALUE, D(3000, 0), "3,000 of the unit"},
        {"2万万元", CELL_VALUE, D(20000, 0), "odd, but clear"},
        {"5万", CELL_BAD, 0, "5 万元 or 50,000 of them?"},
        {"5元", CELL_BAD, 0, "not the field's unit"},
        {"5万元余", CELL_AT_LEAST, D(5, 0), "a bound"},
    };
    struct field f = made_field(FIELD_NUMBER, "万元");
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_A_NUMBER);
}

static void test_too_large(void **state)
{
    static const struct row rows[] = {
        {"92233720369", CELL_BAD, 0, "one beyond"},
        {"99999999999999999999", CELL_BAD, 0, "more than 64 bits"},
        {"1000亿", CELL_BAD, 0, "by its scale"},
        {"0.1千亿", CELL_VALUE, D(10000000000, 0), "a large scale of a small number"},
    };
    struct field f = made_field(FIELD_NUMBER, NULL);
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NUMBER_TOO_LARGE);
}

static void test_percent(void **state)
{
    static const struct row rows[] = {
        {"95.5%", CELL_VALUE, D(95, 50000000), "with the sign"},
        {"95.5", CELL_VALUE, D(95, 50000000), "without"},
        {"95.5 ％", CELL_VALUE, D(95, 50000000), "full-width sign"},
        {"0.955", CELL_VALUE, 95500000, "it is what it says: less than one percent"},
        {"120%", CELL_VALUE, D(120, 0), "more than all"},
        {"95%以上", CELL_AT_LEAST, D(95, 0), "a bound"},
        {"约95%", CELL_ABOUT, D(95, 0), "about"},
        {"%", CELL_BAD, 0, "the sign alone"},
        {"95%%", CELL_BAD, 0, "twice"},
        {"95‰", CELL_BAD, 0, "per mille"},
        {"95分", CELL_BAD, 0, "a unit"},
    };
    struct field f = made_field(FIELD_PERCENT, NULL);
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_A_PERCENT);
}

static void test_yesno(void **state)
{
    static const struct row rows[] = {
        {"是", CELL_VALUE, DEC_ONE, "yes"},
        {"有", CELL_VALUE, DEC_ONE, "yes"},
        {"√", CELL_VALUE, DEC_ONE, "yes"},
        {"✔", CELL_VALUE, DEC_ONE, "yes"},
        {"Yes", CELL_VALUE, DEC_ONE, "yes"},
        {"y", CELL_VALUE, DEC_ONE, "yes"},
        {"TRUE", CELL_VALUE, DEC_ONE, "yes"},
        {"1", CELL_VALUE, DEC_ONE, "yes"},
        {"１", CELL_VALUE, DEC_ONE, "yes"},
        {" 是 ", CELL_VALUE, DEC_ONE, "yes"},
        {"否", CELL_VALUE, 0, "no"},
        {"×", CELL_VALUE, 0, "no"},
        {"✗", CELL_VALUE, 0, "no"},
        {"No", CELL_VALUE, 0, "no"},
        {"false", CELL_VALUE, 0, "no"},
        {"0", CELL_VALUE, 0, "no"},
        {"无", CELL_NONE, 0, "reported as no"},
        {"", CELL_EMPTY, 0, "not reported"},
        {"××", CELL_PLACEHOLDER, 0, "two"},
        {"计划", CELL_PLANNED, 0, "planned"},
        {"N/A", CELL_NA, 0, "not applicable"},
        {"x", CELL_BAD, 0, "× or to be filled in?"},
        {"2", CELL_BAD, 0, "neither"},
        {"-", CELL_BAD, 0, "a dash"},
        {"有3次", CELL_BAD, 0, "not a word"},
        {"是的", CELL_BAD, 0, "not a word"},
    };
    struct field f = made_field(FIELD_YESNO, NULL);
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_YES_NO);
}

static void test_date(void **state)
{
    const dec day = dec_from_int(date_from_ymd(2024, 12, 20));
    const struct row rows[] = {
        {"2024-12-20", CELL_VALUE, day, "ISO"},
        {"2024/12/20", CELL_VALUE, day, "strokes"},
        {"2024.12.20", CELL_VALUE, day, "points"},
        {"2024年12月20日", CELL_VALUE, day, "Chinese"},
        {"2024 年 12 月 20 日", CELL_VALUE, day, "with blanks"},
        {"２０２４－１２－２０", CELL_VALUE, day, "full-width"},
        {"2024-12-20 08:30:00", CELL_VALUE, day, "the time is passed over"},
        {"2024-12-20T08:30", CELL_VALUE, day, "the time is passed over"},
        {"无", CELL_NONE, 0, "never"},
        {"", CELL_EMPTY, 0, "not reported"},
        {"2024年X月X日", CELL_PLACEHOLDER, 0, "to be filled in"},
        {"XXXX-XX-XX", CELL_PLACEHOLDER, 0, "to be filled in"},
        {"计划12月", CELL_PLANNED, 0, "planned"},
        {"2024-02-30", CELL_BAD, 0, "no such day"},
        {"2024-12", CELL_BAD, 0, "no day"},
        {"45646", CELL_BAD, 0, "a spreadsheet's day number"},
        {"20241220", CELL_BAD, 0, "digits only"},
        {"12月20日前", CELL_BAD, 0, "text"},
        {"-", CELL_BAD, 0, "a dash"},
        {"60余", CELL_BAD, 0, "no bounds on days"},
    };
    struct field f = made_field(FIELD_DATE, NULL);
    (void)state;
    check_rows(&f, rows, ROWS(rows), FINDING_NOT_A_DATE);
}

static void test_choice(void **state)
{
    static const struct row rows[] = {
        {"良好", CELL_VALUE, 0, "an option"},
        {"Ａ 级", CELL_VALUE, D(1, 0), "folded"},
        {"无", CELL_VALUE, D(2, 0), "an option that looks like a state wins"},
        {"", CELL_EMPTY, 0, "not reported"},
        {"计划", CELL_PLANNED, 0, "a state that is no option"},
        {"不适用", CELL_NA, 0, "a state that is no option"},
        {"优秀", CELL_BAD, 0, "no option"},
        {"1", CELL_BAD, 0, "options are not numbered"},
    };
    struct field f = made_field(FIELD_CHOICE, NULL);
    (void)state;
    *vec_push(&arena, &f.options) = "良好";
    *vec_push(&arena, &f.options) = "a级";
    *vec_push(&arena, &f.options) = "无";
    check_rows(&f, rows, ROWS(rows), FINDING_UNKNOWN_OPTION);
}

static void test_bounds(void **state)
{
    static const struct row rows[] = {
        {"1", CELL_VALUE, D(1, 0), "min is inclusive"},
        {"10", CELL_VALUE, D(10, 0), "max is inclusive"},
        {"0", CELL_BAD, 0, "below"},
        {"11", CELL_BAD, 0, "above"},
        {"无", CELL_BAD, 0, "none is zero, which is below"},
        {"≥5", CELL_AT_LEAST, D(5, 0), "may be within"},
        {"≥11", CELL_BAD, 0, "cannot be within"},
        {"≤5", CELL_AT_MOST, D(5, 0), "may be within"},
        {"≤0", CELL_BAD, 0, "cannot be within"},
        {"≥0", CELL_AT_LEAST, 0, "may be within"},
        {"约11", CELL_ABOUT, D(11, 0), "is not reported anyway"},
        {"", CELL_EMPTY, 0, "nothing to hold against bounds"},
    };
    struct field f = made_field(FIELD_COUNT, NULL);
    (void)state;
    f.min = D(1, 0);
    f.max = D(10, 0);
    check_rows(&f, rows, ROWS(rows), FINDING_OUT_OF_RANGE);
}

static void test_reasons(void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"不适用", ""},
        {"不适用(无网站)", "无网站"},
        {"不适用（无网站）", "无网站"},
        {"不适用 （ 无 网站 ）", "无 网站"},
        {"不适用：无网站", "无网站"},
        {"不适用:（无网站）", "（无网站）"},
        {"不适用()", ""},
        {"不适用(无网站", "无网站"},
        {"n/a: no site (yet)", "no site (yet)"},
        {"Not applicable (no site)", "no site"},
        {"N / A", ""},
    };
    struct field f = made_field(FIELD_COUNT, NULL);
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct cell cell;
        if (read_text(&f, rows[i].text, &cell) >= 0 || cell.state != CELL_NA ||
            !str_is(cell.reason, rows[i].reason))
            fail_msg("'%s': '%.*s'", rows[i].text, STR_ARG(cell.reason));
    }
}

static void test_long_reason(void **state)
{
    static char text[2000];
    struct field f = made_field(FIELD_YESNO, NULL);
    struct cell cell;
    (void)state;
    strcpy(text, "不适用(");
    memset(text + strlen(text), 'r', 1500);
    strcat(text, ")");
    assert_int_equal(read_text(&f, text, &cell), -1);
    assert_int_equal(cell.state, CELL_NA);
    assert_int_equal(cell.reason.n, 1500);
}

static void test_text(void **state)
{
    static const struct {
        const char *text;
        enum cell_state state;
        const char *expected;
    } rows[] = {
        {"  两端  ", CELL_VALUE, "两端"}, {"'=SUM(A1)", CELL_VALUE, "=SUM(A1)"},
        {"'tis", CELL_VALUE, "'tis"},     {"第一行\n第二行", CELL_VALUE, "第一行\n第二行"},
        {"无异常", CELL_VALUE, "无异常"}, {"计划已完成", CELL_VALUE, "计划已完成"},
        {"x", CELL_VALUE, "x"},           {"无", CELL_NONE, ""},
        {"XX", CELL_PLACEHOLDER, ""},     {"计划", CELL_PLANNED, ""},
        {"不适用(x)", CELL_NA, ""},
    };
    struct field f = made_field(FIELD_TEXT, NULL);
    struct cell cell;
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(read_text(&f, rows[i].text, &cell), -1);
        assert_int_equal(cell.state, rows[i].state);
        assert_true(str_is(cell.text, rows[i].expected));
    }
    read_text(&f, " ", &cell);
    assert_int_equal(cell.state, CELL_EMPTY);
}

static void test_list(void **state)
{
    struct field f = made_field(FIELD_LIST, "分");
    struct cell cell;
    (void)state;
    assert_int_equal(read_text(&f, "90; 八十；85分、 ;９１", &cell), -1);
    assert_int_equal(cell.state, CELL_VALUE);
    assert_int_equal(cell.list.n, 5);
    assert_true(cell.list.values[0] == D(90, 0));
    assert_true(cell.list.values[1] == DEC_NONE);
    assert_string_equal(cell.list.texts[1], "八十");
    assert_true(cell.list.values[2] == D(85, 0));
    assert_true(cell.list.values[3] == DEC_NONE); /* a rater who left it blank */
    assert_string_equal(cell.list.texts[3], "");
    assert_true(cell.list.values[4] == D(91, 0));

    assert_int_equal(read_text(&f, "1,200", &cell), -1);
    assert_int_equal(cell.list.n, 1);
    assert_int_equal(read_text(&f, "无", &cell), -1);
    assert_int_equal(cell.state, CELL_NONE);
    assert_int_equal(read_text(&f, "计划生育;宣传", &cell), -1);
    assert_int_equal(cell.state, CELL_VALUE); /* only the word itself is a plan here */
    assert_int_equal(read_text(&f, "90,85,88", &cell), FINDING_NOT_A_LIST);
    assert_int_equal(read_text(&f, "九十,八十", &cell), -1); /* a text with a comma in it */
    f.max = D(100, 0);
    assert_int_equal(read_text(&f, "90;101", &cell), FINDING_OUT_OF_RANGE);
    assert_int_equal(cell.state, CELL_BAD);
}

/* Every wrong cell says how to write it. */
static void test_hints(void **state)
{
    static const struct {
        enum field_type type;
        const char *text, *hint;
    } rows[] = {
        {FIELD_COUNT, "-", "leave the cell empty"},
        {FIELD_COUNT, "十二", "digits"},
        {FIELD_COUNT, "12人", "千, 万 or 亿"},
        {FIELD_COUNT, "3-5", "one number"},
        {FIELD_COUNT, "2.5", "whole number"},
        {FIELD_COUNT, "有", "how many"},
        {FIELD_PERCENT, "95分", "only % may stand"},
        {FIELD_NUMBER, "999999999999", "92 billion"},
        {FIELD_YESNO, "x", "× or 否"},
        {FIELD_YESNO, "也许", "是 or 否"},
        {FIELD_DATE, "45646", "day number"},
        {FIELD_DATE, "20241220", "2024-12-20"},
        {FIELD_DATE, "年底", "a day of the calendar"},
        {FIELD_LIST, "1,2", "separate"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct field f = made_field(rows[i].type, "次");
        struct cell cell;
        struct buf out = {0};
        read_text(&f, rows[i].text, &cell);
        diag_print(&diag, &out, false);
        if (!out.at || !strstr(out.at, rows[i].hint))
            fail_msg("'%s': no '%s' in\n%s", rows[i].text, rows[i].hint, out.at ? out.at : "");
        if (!strstr(out.at, "f 标签") && rows[i].type != FIELD_CHOICE)
            fail_msg("'%s': the field is not named", rows[i].text);
        buf_release(&out);
    }
}

/* A cell of a megabyte costs no megabyte of message, and no time to speak of. */
static void test_huge(void **state)
{
    static const char *const parts[] = {"1",  "x",  "×",     "九", "１",
                                        "a,", "约", "2024-", "\"", "\x80"};
    size_t n = 1 << 20;
    char *text = malloc(n + 1);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < ROWS(parts); i++)
        for (int type = 0; type < FIELD_TEXT; type++) {
            struct field f = made_field((enum field_type)type, "次");
            struct cell cell;
            struct buf out = {0};
            size_t k = strlen(parts[i]);
            for (size_t at = 0; at < n; at++)
                text[at] = parts[i][at % k];
            text[n] = '\0';
            diag_init(&diag, &arena);
            cell_parse(&arena, &diag, &f, (str){text, n}, (span){0}, &cell);
            diag_print(&diag, &out, false);
            assert_true(cell.state == CELL_BAD && out.n > 0 && out.n < 2000);
            buf_release(&out);
        }
    free(text);
}

/* What is read eight bytes at a time is what is read byte by byte. */
static void test_quick_short(void **state)
{
    static const char signs[] = "0123456789012345678901234567890.-+ %,eX\xe4";
    uint64_t seed = 7;
    uint32_t read = 0;
    (void)state;
    for (uint32_t i = 0; i < 400000; i++) {
        char text[9] = "";
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unsigned n = (unsigned)(seed >> 60) % 9;
        uint64_t key = 0, draw = seed;
        for (unsigned k = 0; k < n; k++, draw /= sizeof signs - 1)
            text[k] = signs[(draw >> 7) % (i % 2 ? 31 : sizeof signs - 1)];
        memcpy(&key, text, n);
        enum field_type type = i % 3 == 0 ? FIELD_COUNT : i % 3 == 1 ? FIELD_NUMBER : FIELD_PERCENT;
        struct field f = made_field(type, NULL);
        dec slow = 0, quick = 0;
        bool is_slow = cell_quick(&f, (str){text, n}, &slow);
        bool is_quick = n > 0 && cell_quick_short(cell_range(&f), key, n, &quick);
        bool percent = n > 0 && text[n - 1] == '%'; /* is left to the other */
        if (is_quick ? !is_slow || slow != quick : is_slow && !percent)
            fail_msg("'%s': %d %lld, %d %lld", text, is_slow, (long long)slow, is_quick,
                     (long long)quick);
        read += is_quick;
    }
    assert_true(read > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count),       cmocka_unit_test(test_number),
        cmocka_unit_test(test_quick_short), cmocka_unit_test(test_units_with_a_scale),
        cmocka_unit_test(test_too_large),   cmocka_unit_test(test_percent),
        cmocka_unit_test(test_yesno),       cmocka_unit_test(test_date),
        cmocka_unit_test(test_choice),      cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_reasons),     cmocka_unit_test(test_long_reason),
        cmocka_unit_test(test_text),        cmocka_unit_test(test_list),
        cmocka_unit_test(test_hints),       cmocka_unit_test(test_huge),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
