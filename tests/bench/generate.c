/*
 * generate.c - units for r40.yaml, made fast.
 *
 *   generate UNITS >units.csv
 *
 * Every cell is a function of its row and its column alone, so that the first rows are the same
 * however many follow. Two hundred classes of unequal sizes, ids once each and in no order, one
 * cell in fifty empty, one name in two hundred with a comma or quotes in it. Integers only: the
 * same bytes on every machine.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 40
#define CLASSES 200U
#define ID_DIGITS 9
#define MOST_UNITS (1L << 29) /* so many ids has the permutation */
#define ONE 65536U            /* what stands for 1 in fractions */
#define FULL_BUFFER (1U << 20)
#define LONGEST_ROW 1024U

/* Columns that are drawn for a row itself follow those of its cells. */
enum { NAME = COLUMNS + 1, CLASS, QUALITY };

struct output {
    char at[FULL_BUFFER + LONGEST_ROW];
    size_t n;
};

/* ---- drawing ---- */

static uint64_t draw(uint64_t row, unsigned column)
{
    uint64_t x = (row + 1) * 0xd6e8feb86659fd93U + column * 0xa0761d6478bd642fU;
    for (int i = 0; i < 2; i++) {
        x ^= x >> 32;
        x *= 0xd6e8feb86659fd93U;
    }
    return x ^ (x >> 32);
}

static uint64_t fraction(uint64_t drawn) { return (drawn >> 20) % ONE; }

/* Of ONE: the best units are at ONE, none is below a third. */
static uint64_t quality_of(uint64_t row)
{
    return ONE * 35 / 100 + fraction(draw(row, QUALITY)) * 65 / 100;
}

/* ---- writing ---- */

static void put(struct output *o, const char *text)
{
    size_t n = strlen(text);
    memcpy(o->at + o->n, text, n);
    o->n += n;
}

static void put_char(struct output *o, char c) { o->at[o->n++] = c; }

static void put_digits(struct output *o, uint64_t number, unsigned digits)
{
    for (unsigned i = digits; i-- > 0; number /= 10) {
        o->at[o->n + i] = (char)('0' + number % 10);
    }
    o->n += digits;
}

static void put_number(struct output *o, uint64_t number)
{
    unsigned digits = 1;
    for (uint64_t rest = number / 10; rest > 0; rest /= 10) {
        digits++;
    }
    put_digits(o, number, digits);
}

static void put_hundredths(struct output *o, uint64_t number)
{
    put_number(o, number / 100);
    put_char(o, '.');
    put_digits(o, number % 100, 2);
}

static void flush(struct output *o)
{
    if (fwrite(o->at, 1, o->n, stdout) != o->n) {
        perror("generate");
        exit(1);
    }
    o->n = 0;
}

/* ---- cells ---- */

static void put_name(struct output *o, uint64_t row)
{
    static const char *const places[] = {"东林", "清河", "白石", "长桥",
                                         "青山", "永宁", "望江", "安平"};
    static const char *const areas[] = {"区", "县", "镇", "街道"};
    static const char *const trades[] = {"水务", "交通", "林业", "档案",
                                         "气象", "文旅", "园林", "供销"};
    static const char *const offices[] = {"所", "站", "中心", "事务局"};
    uint64_t x = draw(row, NAME);
    const char *place = places[x % 8], *area = areas[x / 8 % 4];
    const char *trade = trades[x / 32 % 8], *office = offices[x / 256 % 4];
    uint64_t odd = (x >> 16) % 400;
    if (odd <= 1) {
        put_char(o, '"');
    }
    put(o, place);
    put(o, area);
    put(o, odd == 1 ? "\"\"" : "");
    put(o, trade);
    put(o, odd == 1 ? "\"\"" : "");
    put(o, office);
    if (odd == 0) {
        put(o, ",第");
        put_number(o, (x >> 32) % 90 + 1);
        put(o, "组");
    }
    if (odd <= 1) {
        put_char(o, '"');
    }
}

/* The square of a fraction makes the first classes large: one of fourteen units is in the first,
 * one of four hundred in the last. */
static void put_class(struct output *o, uint64_t row)
{
    uint64_t x = fraction(draw(row, CLASS));
    put(o, "第");
    put_digits(o, x * x / ONE * CLASSES / ONE + 1, 3);
    put(o, "考核组");
}

static void put_cell(struct output *o, unsigned column, uint64_t quality, uint64_t drawn)
{
    static const uint32_t targets[] = {1200000, 6000,   5000000, 3600, 100000000,
                                       8000,    125050, 6660,    300,  4500000};
    static const uint32_t tops[] = {110, 80, 15};
    static const char *const letters[] = {"A", "B", "C", "D"};
    static const char *const marks[] = {"优", "良", "中", "差"};
    uint64_t x = fraction(drawn), lack = ONE - quality;
    if (column <= 10) {
        uint64_t hundredths = targets[column - 1] * (quality * 3 / 4 + x / 2) / ONE;
        if (column <= 5) {
            put_number(o, hundredths / 100);
        } else {
            put_hundredths(o, hundredths);
        }
    } else if (column <= 13) {
        put_number(o, tops[column - 11] * (quality + x) / 2 / ONE);
    } else if (column == 14) {
        put_number(o, 45 * lack * x / ONE / ONE);
    } else if (column <= 18) {
        uint64_t option = 4 * x * (lack + ONE * 2 / 5) / ONE / ONE;
        option = option > 3 ? 3 : option;
        put(o, column <= 16 ? letters[option] : marks[option]);
    } else if (column <= 26) {
        put_number(o, 12 * lack * x / ONE / ONE);
    } else if (column <= 33) {
        put_char(o, x < ONE / 2 + quality * 45 / 100 ? '1' : '0');
    } else if (column == 34) {
        put_char(o, x < ONE * 99 / 100 ? '1' : '0');
    } else if (column <= 38) {
        uint64_t tenths = 600 + 40 * (quality * 7 + x * 4) / ONE;
        tenths = tenths > 1000 ? 1000 : tenths;
        put_number(o, tenths / 10);
        put_char(o, '.');
        put_digits(o, tenths % 10, 1);
    } else if (column == 39) {
        put_number(o, 98000 * (ONE / 5 + quality * x / ONE / 2) / ONE);
    } else {
        put_hundredths(o, 990000 * (ONE / 5 + quality * x / ONE / 2) / ONE);
    }
}

static void put_row(struct output *o, uint64_t row)
{
    put_char(o, 'K');
    /* An odd factor: a permutation of the numbers below a power of two. */
    put_digits(o, (row * 305419897U + 90210U) % MOST_UNITS, ID_DIGITS);
    put_char(o, ',');
    put_name(o, row);
    put_char(o, ',');
    put_class(o, row);
    uint64_t quality = quality_of(row);
    for (unsigned column = 1; column <= COLUMNS; column++) {
        uint64_t drawn = draw(row, column);
        put_char(o, ',');
        if (drawn % 50 != 0) {
            put_cell(o, column, quality, drawn);
        }
    }
    put_char(o, '\n');
}

int main(int argc, char **argv)
{
    static struct output o;
    char *end = NULL;
    long units = argc == 2 ? strtol(argv[1], &end, 10) : -1;
    if (units < 0 || units > MOST_UNITS || *end != '\0') {
        fprintf(stderr, "usage: generate UNITS (at most %ld)\n", MOST_UNITS);
        return 2;
    }
    put(&o, "id,name,group");
    for (unsigned column = 1; column <= COLUMNS; column++) {
        put(&o, ",i");
        put_digits(&o, column, 2);
    }
    put_char(&o, '\n');
    for (long row = 0; row < units; row++) {
        put_row(&o, (uint64_t)row);
        if (o.n >= FULL_BUFFER) {
            flush(&o);
        }
    }
    flush(&o);
    return 0;
}
