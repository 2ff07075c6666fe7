/*
 * date.c - calendar days as a count of days since 1970-01-01.
 *
 * The conversion counts years from March, so that the leap day is the last of its year, in eras of
 * 400 years, which all have 146,097 days (Howard Hinnant, "chrono-compatible low-level date
 * algorithms").
 */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

int32_t date_from_ymd(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12) {
        return DATE_NONE;
    }
    if (day < 1 || day > days_in_month(year, month)) {
        return DATE_NONE;
    }
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, year_of_era = y % 400;
    int month_from_march = (month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_to_ymd(int32_t date, int *year, int *month, int *day)
{
    int shifted = date + 719468; /* days since 0000-03-01: not negative from year 1 on */
    int era = shifted / 146097, day_of_era = shifted % 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

int32_t date_add_months(int32_t date, int n)
{
    int year, month, day;
    if (date == DATE_NONE || n > 9999 * 12 || n < -9999 * 12) {
        return DATE_NONE;
    }
    date_to_ymd(date, &year, &month, &day);
    int months = year * 12 + month - 1 + n;
    if (months < 12) {
        return DATE_NONE;
    }
    year = months / 12;
    month = months % 12 + 1;
    int last = days_in_month(year, month);
    return date_from_ymd(year, month, day < last ? day : last);
}

/* What is left to read of a text. */
struct rest {
    const char *at, *end;
};

static bool take_text(struct rest *r, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0) {
        return false;
    }
    r->at += n;
    return true;
}

/* A number of least to most digits; false if there are fewer, or if it is followed by one more. */
static bool take_number(struct rest *r, int least, int most, int *out)
{
    int n = 0;
    *out = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++, n++) {
        if (n == most) {
            return false;
        }
        *out = *out * 10 + (*r->at - '0');
    }
    return n >= least;
}

/* ":30", ":30:15", ":30:15.250" behind an hour, with "Z" or "+08:00" where a program wrote it. */
static bool take_rest_of_time(struct rest *r)
{
    int minute, second, ignored;
    if (!take_text(r, ":") || !take_number(r, 2, 2, &minute) || minute > 59) {
        return false;
    }
    if (take_text(r, ":")) {
        if (!take_number(r, 2, 2, &second) || second > 60) {
            return false;
        }
        if (take_text(r, ".") && !take_number(r, 1, 9, &ignored)) {
            return false;
        }
    }
    if (take_text(r, "Z") || take_text(r, "z")) {
        return true;
    }
    if (take_text(r, "+") || take_text(r, "-")) {
        return take_number(r, 2, 2, &ignored) && take_text(r, ":") &&
               take_number(r, 2, 2, &ignored);
    }
    return true;
}

static bool take_time(struct rest *r)
{
    int hour;
    return take_number(r, 1, 2, &hour) && hour <= 24 && take_rest_of_time(r);
}

/* Nothing, or a time: behind "T" or spaces, or directly behind 日. */
static bool take_end(struct rest *r, bool may_join)
{
    if (r->at == r->end) {
        return true;
    }
    const char *start = r->at;
    if (!take_text(r, "T") && !take_text(r, "t")) {
        while (take_text(r, " ")) {
            /* any number of spaces */
        }
    }
    if (r->at == start && !may_join) {
        return false;
    }
    return take_time(r) && r->at == r->end;
}

/* Folding takes spaces out (text_fold), so "2024-12-20 08:30" may come as "2024-12-2008:30": four
 * digits before a colon are day and hour. */
static bool take_joined_end(struct rest *r, int *day)
{
    int both;
    if (!take_number(r, 4, 4, &both) || both % 100 > 24) {
        return false;
    }
    *day = both / 100;
    return take_rest_of_time(r) && r->at == r->end;
}

static bool parse_western(struct rest r, int year, int32_t *out)
{
    int month, day;
    const char *separator = take_text(&r, "-")   ? "-"
                            : take_text(&r, "/") ? "/"
                            : take_text(&r, ".") ? "."
                                                 : NULL;
    if (separator == NULL) {
        return false;
    }
    if (!take_number(&r, 1, 2, &month) || !take_text(&r, separator)) {
        return false;
    }
    struct rest joined = r;
    if (!(take_number(&r, 1, 2, &day) && take_end(&r, false)) && !take_joined_end(&joined, &day)) {
        return false;
    }
    *out = date_from_ymd(year, month, day);
    return *out != DATE_NONE;
}

static bool parse_chinese(struct rest r, int year, int32_t *out)
{
    int month, day;
    if (!take_text(&r, "年") || !take_number(&r, 1, 2, &month) || !take_text(&r, "月")) {
        return false;
    }
    if (!take_number(&r, 1, 2, &day) || !(take_text(&r, "日") || take_text(&r, "号"))) {
        return false;
    }
    if (!take_end(&r, true)) {
        return false;
    }
    *out = date_from_ymd(year, month, day);
    return *out != DATE_NONE;
}

bool date_parse(const char *at, size_t n, int32_t *out)
{
    int year;
    if (n == 0) {
        return false;
    }
    struct rest r = {at, at + n};
    if (!take_number(&r, 4, 4, &year)) {
        return false;
    }
    return parse_western(r, year, out) || parse_chinese(r, year, out);
}

char *date_text(int32_t date, char out[DATE_TEXT])
{
    int year, month, day;
    out[0] = '\0';
    if (date == DATE_NONE) {
        return out;
    }
    date_to_ymd(date, &year, &month, &day);
    /* The remainders are what they are anyway; they tell the compiler that it fits. */
    snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100);
    return out;
}

int32_t date_period_end(const char *period)
{
    int year, part, month = 0;
    struct rest r = {period, period + strlen(period)};
    if (!take_number(&r, 4, 4, &year)) {
        return DATE_NONE;
    }
    if (r.at == r.end) {
        month = 12;
    } else if (take_text(&r, "Q") && take_number(&r, 1, 1, &part) && part <= 4) {
        month = part * 3;
    } else if (take_text(&r, "H") && take_number(&r, 1, 1, &part) && part <= 2) {
        month = part * 6;
    } else if (take_text(&r, "-") && take_number(&r, 2, 2, &part)) {
        month = part;
    }
    if (r.at != r.end || month < 1 || month > 12) {
        return DATE_NONE;
    }
    return date_from_ymd(year, month, days_in_month(year < 1 ? 1 : year, month));
}
