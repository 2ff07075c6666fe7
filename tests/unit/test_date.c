/* test_date.c - calendar days: conversion, months, what people write. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static void test_every_day(void **state)
{
    (void)state;
    int32_t expected = date_from_ymd(1, 1, 1);
    assert_int_equal(expected, -719162);
    assert_int_equal(date_from_ymd(1970, 1, 1), 0);
    assert_int_equal(date_from_ymd(2024, 12, 25), 20082);
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++) {
                int32_t date = date_from_ymd(year, month, day);
                if (date == DATE_NONE)
                    continue;
                int y, m, d;
                date_to_ymd(date, &y, &m, &d);
                if (date != expected++ || y != year || m != month || d != day)
                    fail_msg("%d-%d-%d is %d, and that is %d-%d-%d", year, month, day, date, y, m,
                             d);
            }
    assert_int_equal(expected, 2932897); /* 10000-01-01 */
}

static void test_no_such_day(void **state)
{
    static const struct {
        int year, month, day;
        const char *why;
    } rows[] = {
        {0, 1, 1, "no year 0"},
        {10000, 1, 1, "five digits"},
        {2024, 0, 1, "no month 0"},
        {2024, 13, 1, "no month 13"},
        {2024, 1, 0, "no day 0"},
        {2024, 4, 31, "April has 30"},
        {2023, 2, 29, "no leap year"},
        {1900, 2, 29, "a century is none"},
        {2024, 2, 30, "nor in leap years"},
        {2024, -1, 1, "nothing below"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++)
        if (date_from_ymd(rows[i].year, rows[i].month, rows[i].day) != DATE_NONE)
            fail_msg("%s", rows[i].why);
    assert_int_not_equal(date_from_ymd(2000, 2, 29), DATE_NONE); /* but four centuries are */
}

static void test_months(void **state)
{
    static const struct {
        const char *from;
        int n;
        const char *expected, *why;
    } rows[] = {
        {"2024-01-31", 1, "2024-02-29", "the month's last day"},
        {"2023-01-31", 1, "2023-02-28", "in a common year"},
        {"2024-12-20", 1, "2025-01-20", "over the year"},
        {"2024-03-31", -1, "2024-02-29", "backwards"},
        {"2024-01-15", -1, "2023-12-15", "backwards over the year"},
        {"2024-02-29", 12, "2025-02-28", "a year from a leap day"},
        {"2024-05-05", 0, "2024-05-05", "none"},
        {"9999-12-01", 1, "", "beyond the last year"},
        {"0001-01-01", -1, "", "before the first"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t from;
        char text[DATE_TEXT];
        assert_true(date_parse(rows[i].from, strlen(rows[i].from), &from));
        date_text(date_add_months(from, rows[i].n), text);
        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("%s: '%s'", rows[i].why, text);
    }
    assert_int_equal(date_add_months(DATE_NONE, 1), DATE_NONE);
    assert_int_equal(date_add_months(0, INT32_MAX), DATE_NONE);
    assert_int_equal(date_add_months(0, INT32_MIN), DATE_NONE);
}

static void test_parse(void **state)
{
    static const struct {
        const char *text, *expected, *why; /* NULL: not a date */
    } rows[] = {
        {"2024-12-20", "2024-12-20", "ISO"},
        {"2024/12/20", "2024-12-20", "as spreadsheets show it"},
        {"2024.12.20", "2024-12-20", "as offices write it"},
        {"2024年12月20日", "2024-12-20", "Chinese"},
        {"2024年12月20号", "2024-12-20", "as people say it"},
        {"2024-1-5", "2024-01-05", "without leading zeros"},
        {"2024年1月5日", "2024-01-05", "without leading zeros"},
        {"2024-12-20 08:30:00", "2024-12-20", "a time behind it"},
        {"2024-12-20T08:30", "2024-12-20", "the other way"},
        {"2024-12-20T08:30:15.250Z", "2024-12-20", "as programs write it"},
        {"2024-12-20T08:30:15+08:00", "2024-12-20", "with a zone: the day as written"},
        {"2024/12/5  8:30", "2024-12-05", "an hour of one digit, two spaces"},
        {"2024年12月20日 8:30", "2024-12-20", "Chinese with a time"},
        {"2024年12月20日08:30", "2024-12-20", "joined to it"},
        {"2024-12-2008:30:00", "2024-12-20", "as folding leaves it"},
        {"2024-12-1112:30", "2024-12-11", "day and hour have two digits each"},
        {"2024-12-112:30", NULL, "1 12:30 or 11 2:30: nobody knows"},
        {"2024-12-4508:30", NULL, "day 45"},
        {"2024-12-2099:30", NULL, "hour 99"},
        {"2024-02-30", NULL, "no such day"},
        {"2024-13-01", NULL, "no such month"},
        {"2024-12", NULL, "no day"},
        {"2024", NULL, "only a year"},
        {"2024-", NULL, "cut off"},
        {"2024-12-", NULL, "cut off"},
        {"2024年12月20", NULL, "cut off"},
        {"2024-12/20", NULL, "mixed"},
        {"2024年12-20", NULL, "mixed"},
        {"24-12-20", NULL, "a year of two digits could be a day"},
        {"20.12.2024", NULL, "the day first"},
        {"20241220", NULL, "a number"},
        {"2024-012-20", NULL, "three digits"},
        {"2024-12-20x", NULL, "something behind it"},
        {"2024-12-20 ", NULL, "trimming is the caller's"},
        {" 2024-12-20", NULL, "trimming is the caller's"},
        {"2024-12-20 25:00", NULL, "no such hour"},
        {"2024-12-20 08:60", NULL, "no such minute"},
        {"2024-12-20 08", NULL, "half a time"},
        {"2024-12-20T", NULL, "no time at all"},
        {"", NULL, "empty"},
        {"XX", NULL, "a placeholder"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t date = DATE_NONE;
        char text[DATE_TEXT] = "";
        bool got = date_parse(rows[i].text, strlen(rows[i].text), &date);
        if (got)
            date_text(date, text);
        if (got != (rows[i].expected != NULL) || (got && strcmp(text, rows[i].expected) != 0))
            fail_msg("'%s' (%s): '%s'", rows[i].text, rows[i].why, text);
    }
}

static void test_periods(void **state)
{
    static const struct {
        const char *period, *expected, *why;
    } rows[] = {
        {"2024", "2024-12-31", "a year"},
        {"2024Q1", "2024-03-31", "first quarter"},
        {"2024Q3", "2024-09-30", "third quarter"},
        {"2024H1", "2024-06-30", "first half"},
        {"2024H2", "2024-12-31", "second half"},
        {"2024-02", "2024-02-29", "a month in a leap year"},
        {"2023-02", "2023-02-28", "a month in another"},
        {"2024Q0", "", "no such quarter"},
        {"2024Q5", "", "no such quarter"},
        {"2024H3", "", "no such half"},
        {"2024-13", "", "no such month"},
        {"2024-3", "", "does not sort"},
        {"2024Q12", "", "too long"},
        {"2024-02-01", "", "a day is no period"},
        {"0000", "", "no such year"},
        {"spring 2024", "", "any label"},
        {"", "", "none"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[DATE_TEXT];
        date_text(date_period_end(rows[i].period), text);
        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("%s (%s): '%s'", rows[i].period, rows[i].why, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day), cmocka_unit_test(test_no_such_day),
        cmocka_unit_test(test_months),    cmocka_unit_test(test_parse),
        cmocka_unit_test(test_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
