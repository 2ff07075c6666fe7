/* test_csv.c - CSV rows with places: quotes, line ends, separators, what is wrong with them. */
#include "load/csv.h"
#include "report/csv_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static struct arena arena;
static struct diag diag;

static void open_text(struct csv *c, const char *text)
{
    diag_init(&diag, &arena);
    csv_open(c, &arena, &diag, source_from_text(&arena, "data.csv", text, strlen(text)));
}

/* All rows as text: cells in [], rows parted by |. */
static void show(struct csv *c, struct buf *out)
{
    buf_text(out, "");
    for (uint32_t n = 0; csv_read(c); n++) {
        buf_text(out, n ? "|" : "");
        for (uint32_t i = 0; i < c->row.cells.n; i++)
            buf_printf(out, "[%.*s]", STR_ARG(c->row.cells.at[i].text));
    }
}

static void test_rows(void **state)
{
    static const struct {
        const char *text, *expected;
        uint32_t n_findings;
        const char *why;
    } rows[] = {
        {"", "", 0, "nothing"},
        {"\n\r\n\r \n", "", 0, "blank lines only"},
        {"a,b\n1,2\n", "[a][b]|[1][2]", 0, "plain"},
        {"a,b\r\n1,2\r\n", "[a][b]|[1][2]", 0, "CRLF"},
        {"a,b\r1,2", "[a][b]|[1][2]", 0, "CR, and no end of the last line"},
        {"a,b\n\n\r\n1,2\n  \n", "[a][b]|[1][2]", 0, "blank lines are passed over"},
        {"a,b\n1\n1,2,3\n,\n", "[a][b]|[1]|[1][2][3]|[][]", 0, "rows of any length"},
        {"a,\n", "[a][]", 0, "an empty last cell"},
        {"a,", "[a][]", 0, "at the end of the file"},
        {"\"a,b\",c\n", "[a,b][c]", 0, "a separator in quotes"},
        {"\"a\nb\",c\n", "[a\nb][c]", 0, "a newline in quotes"},
        {"\"a\r\nb\",c\n", "[a\r\nb][c]", 0, "CRLF in quotes is kept"},
        {"\"\",\"\"\n", "[][]", 0, "empty in quotes"},
        {"\"\"\"\",b\n", "[\"][b]", 0, "a quote alone"},
        {"\"a\"\"b\"\"\",c", "[a\"b\"][c]", 0, "doubled quotes"},
        {"\"a\"", "[a]", 0, "ends with the closing quote"},
        {"a\tb,c\td\n", "[a\tb][c\td]", 0, "a comma outside quotes wins"},
        {"a\tb;c\n1,5\t2\n", "[a][b;c]|[1,5][2]", 0, "tabs where the header has no comma"},
        {"a;b\n1,5;2\n", "[a][b]|[1,5][2]", 0, "semicolons where it has neither"},
        {"\"a,b\";c\n", "[a,b][c]", 0, "a comma in quotes does not count"},
        {"a\n1,2\n", "[a]|[1][2]", 0, "one column: the comma"},
        {"\n\na;b\n", "[a][b]", 0, "the first line that is not blank decides"},
        {"a\"b,c\n", "[a\"b][c]", 1, "a quote within"},
        {"a\"b\"c\"d,c\n", "[a\"b\"c\"d][c]", 1, "one finding a cell"},
        {" \"a\",c\n", "[ \"a\"][c]", 1, "a blank before the quote"},
        {"\"a\"b,c\n1,2", "[a][c]|[1][2]", 1, "text behind the quote"},
        {"\"a\" ,c\n", "[a][c]", 1, "a blank behind the quote"},
        {"\"a,b\nc,d\n", "[a,b]|[c][d]", 1, "never closed: on with the next line"},
        {"\"a\"\",b\n\"c\",d\n", "[a\",b\n][d]", 1, "closed by a later quote, too late"},
        {"\"", "", 1, "a quote is all there is: a blank line"},
        {"a,\"b\nc,\"d\n", "[a][b\nc,]", 1, "one opens, the other closes"},
        {"a,\"b\nc\n\"\"\"\"\n", "[a][b]|[c]|[\"]", 1, "later quotes still hold"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct csv c;
        struct buf out = {0};
        open_text(&c, rows[i].text);
        show(&c, &out);
        if (strcmp(out.at, rows[i].expected) || diag.n_errors != rows[i].n_findings)
            fail_msg("%s: %s and %u findings", rows[i].why, out.at, diag.n_errors);
        buf_release(&out);
    }
}

static void test_places(void **state)
{
    static const char text[] = "id,名称\nu1,\"a\nb\",c\n\nu2,x\n";
    struct csv c;
    (void)state;
    open_text(&c, text);
    assert_true(csv_read(&c));
    assert_string_equal(span_text(&arena, csv_place(&c, 1)), "data.csv:1:4");
    assert_true(csv_read(&c));
    assert_string_equal(span_text(&arena, csv_place(&c, 1)), "data.csv:2:4");
    assert_int_equal(csv_place(&c, 1).length, 5);
    assert_string_equal(span_text(&arena, csv_place(&c, 2)), "data.csv:3:4");
    assert_string_equal(span_text(&arena, csv_place(&c, 3)), "data.csv:3:5"); /* behind the row */
    assert_int_equal(csv_row_place(&c).length, strlen("u1,\"a\nb\",c"));
    assert_true(csv_read(&c));
    assert_string_equal(span_text(&arena, csv_row_place(&c)), "data.csv:5:1");
    assert_false(csv_read(&c));
    assert_false(csv_read(&c));
}

/* A row can be read again from its offset, without findings. */
static void test_again(void **state)
{
    static const char text[] = "id,n\nu\"1,2\nu2,3\n";
    struct csv c, again;
    (void)state;
    open_text(&c, text);
    assert_true(csv_read(&c) && csv_read(&c));
    again = (struct csv){
        .arena = &arena, .source = c.source, .at = c.row.offset, .separator = c.separator};
    assert_true(csv_read(&again));
    assert_int_equal(diag.n_errors, 1);
    assert_true(str_is(again.row.cells.at[0].text, "u\"1"));
}

/* No place in a cell for bytes that are not text: they pass as they are. */
static void test_odd_bytes(void **state)
{
    static const char text[] = "a,b\0c,\xff\n";
    struct csv c;
    (void)state;
    diag_init(&diag, &arena);
    csv_open(&c, &arena, &diag, source_from_text(&arena, "x", text, sizeof text - 1));
    assert_true(csv_read(&c));
    assert_int_equal(c.row.cells.n, 3);
    assert_int_equal(c.row.cells.at[1].text.n, 3);
    assert_int_equal(diag.n_errors, 0);
}

/* What could take a step for each pair of rows takes one for each row. */
static void test_linear(void **state)
{
    static const char *const lines[] = {"\"a\n",   "\"\"\"\n", "\"\n", "a\"\n",
                                        "\"\"a\n", ",\n",      "\n",   "a,\"b\n"};
    size_t n = 200000;
    (void)state;
    for (size_t k = 0; k < ROWS(lines); k++) {
        struct csv c;
        struct buf all = {0};
        buf_text(&all, "\"x\n"); /* which the file may never close */
        buf_repeat(&all, lines[k], n);
        open_text(&c, all.at);
        uint32_t rows = 0;
        while (csv_read(&c))
            rows++;
        assert_true(rows <= n + 1);
        buf_release(&all);
    }
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A text of any length with such a byte anywhere in it is quoted, and only then. */
static void test_what_is_quoted(void **state)
{
    static const char bytes[] = {',', '"', '\r', '\n', '-', '\x2b', '\x2d', '!', '#', '\t', '\xe4'};
    struct buf out = {0};
    (void)state;
    for (size_t n = 1; n < 40; n++) {
        for (size_t at = 0; at < n; at++) {
            for (size_t k = 0; k < sizeof bytes; k++) {
                char text[41] = {0};
                memset(text, 'x', n);
                text[at] = bytes[k];
                bool wanted = k < 4 || (at == 0 && strchr("+-", bytes[k]) != NULL);
                buf_clear(&out);
                csv_text(&(struct csv_write){.out = &out}, text);
                if ((*out.at == '"') != wanted)
                    fail_msg("%zu bytes, byte %zu is 0x%02x: %s", n, at, (unsigned char)bytes[k],
                             out.at);
            }
        }
    }
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),   cmocka_unit_test(test_places),
        cmocka_unit_test(test_again),  cmocka_unit_test(test_odd_bytes),
        cmocka_unit_test(test_linear), cmocka_unit_test(test_what_is_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
