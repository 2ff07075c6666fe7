/*
 * date.h - calendar days (proleptic Gregorian), as a count of days since 1970-01-01. Years 1..9999.
 */
#ifndef KAOPING_DATE_H
#define KAOPING_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_NONE INT32_MIN
#define DATE_TEXT 16

/* DATE_NONE when there is no such day. */
int32_t date_from_ymd(int year, int month, int day);
void date_to_ymd(int32_t date, int *year, int *month, int *day);
/* The same day of the month n months later (or earlier), or that month's last day. */
int32_t date_add_months(int32_t date, int n);
/* 2024-12-20, 2024/12/20, 2024.12.20, 2024年12月20日, each with or without leading zeros and with
 * or without a time behind it ("2024-12-20 08:30:00", "T08:30"). All n bytes must belong to it.
 * ASCII digits only: fold full-width ones before (text_fold, which leaves "2024-12-2008:30", read
 * as well). */
bool date_parse(const char *at, size_t n, int32_t *out);
/* 2024-12-20 */
char *date_text(int32_t date, char out[DATE_TEXT]);
/* Last day of "2024", "2024Q3", "2024-03", "2024H1"; DATE_NONE for any other label. */
int32_t date_period_end(const char *period);

#endif
