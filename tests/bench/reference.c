/*
 * reference.c - R40 by hand: what a program takes that knows nothing but this one rubric.
 *
 *   reference units.csv result.csv
 *
 * Scores the units of generate.c by r40.yaml and writes, byte for byte, what the engine writes with
 * --columns class,rank,id,name,total,grade,sections,deficient. One thread. Points are whole
 * ten-thousandths, values whole hundredths, without floating point. What the generator does not
 * make ends the run.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CRITERIA 40
#define SECTIONS 6
#define POINT 10000
#define PLACES_5_TO_8 10000
#define VETO_COLUMN 34
#define VETO_CAP 5900 /* of hundredths */
#define CLASS_SLOTS 4096U
#define FULL_BUFFER (1U << 20)
#define LONGEST_ROW 65536U
#define NO_VALUE (-1)

/* ---- the rubric ---- */

enum kind { RATIO, FROM, TO, CHOICE, EACH, GAP, YESNO, BEST };

/* In the order of the rubric, which deficiencies are listed in. */
struct criterion {
    uint8_t column, section; /* column: counted from 1, and the criterion's number */
    enum kind kind;
    int32_t full;      /* ten-thousandths, as points are */
    int32_t target;    /* hundredths: of RATIO and GAP */
    int32_t lose;      /* points a hundredth: of EACH and GAP */
    int32_t bounds[4]; /* hundredths: of FROM and TO */
    int32_t points[4]; /* by bound, or by option */
    const char *options[4];
};

#define LETTERS                                                                                    \
    {                                                                                              \
        "A", "B", "C", "D"                                                                         \
    }
#define MARKS                                                                                      \
    {                                                                                              \
        "优", "良", "中", "差"                                                                    \
    }
static const struct criterion rubric[CRITERIA] = {
    {1, 0, RATIO, 40000, .target = 1200000},
    {2, 0, RATIO, 30000, .target = 6000},
    {11, 0, FROM, 40000, .bounds = {9000, 8000, 7000, 6000},
     .points = {40000, 34000, 28000, 20000}},
    {19, 0, EACH, 40000, .lose = 50},
    {20, 0, EACH, 30000, .lose = 30},
    {27, 0, YESNO, .full = 20000},
    {28, 0, YESNO, .full = 20000},
    {35, 0, GAP, 40000, .target = 9500, .lose = 20},
    {3, 1, RATIO, 30000, .target = 5000000},
    {4, 1, RATIO, 30000, .target = 3600},
    {12, 1, FROM, 40000, .bounds = {5000, 3000, 1500, 500}, .points = {40000, 32000, 24000, 12000}},
    {15, 1, CHOICE, 30000, .options = LETTERS, .points = {30000, 24000, 18000, 9000}},
    {21, 1, EACH, 30000, .lose = 60},
    {29, 1, YESNO, .full = 20000},
    {36, 1, GAP, 40000, .target = 9000, .lose = 15},
    {5, 2, RATIO, 20000, .target = 100000000},
    {6, 2, RATIO, 30000, .target = 8000},
    {13, 2, FROM, 30000, .bounds = {1000, 500, 200, 100}, .points = {30000, 22500, 15000, 7500}},
    {16, 2, CHOICE, 30000, .options = LETTERS, .points = {30000, 24000, 18000, 9000}},
    {22, 2, EACH, 30000, .lose = 40},
    {23, 2, EACH, 20000, .lose = 25},
    {30, 2, YESNO, .full = 20000},
    {7, 3, RATIO, 40000, .target = 125050},
    {14, 3, TO, 40000, .bounds = {200, 500, 1000, 2000}, .points = {40000, 32000, 20000, 8000}},
    {17, 3, CHOICE, 40000, .options = MARKS, .points = {40000, 32000, 24000, 8000}},
    {24, 3, EACH, 40000, .lose = 100},
    {25, 3, EACH, 30000, .lose = 50},
    {31, 3, YESNO, .full = 30000},
    {37, 3, GAP, 40000, .target = 9800, .lose = 50},
    {8, 4, RATIO, 30000, .target = 6660},
    {18, 4, CHOICE, 30000, .options = MARKS, .points = {30000, 24000, 18000, 6000}},
    {26, 4, EACH, 30000, .lose = 75},
    {34, 4, YESNO, .full = 20000},
    {38, 4, GAP, 30000, .target = 8500, .lose = 10},
    {39, 4, BEST, .full = 30000},
    {9, 5, RATIO, 20000, .target = 300},
    {10, 5, RATIO, 20000, .target = 4500000},
    {32, 5, YESNO, .full = 10000},
    {33, 5, YESNO, .full = 10000},
    {40, 5, BEST, .full = 20000},
};
#define FIRST_BEST 39 /* the columns from here on are those of BEST */
#define BESTS 2
#define NO_SHORTFALLS 5 /* the section in which few points are no deficiency */

static const struct {
    int32_t factor, cap; /* hundredths; points */
} sections[SECTIONS] = {{100, 25 * POINT}, {100, 20 * POINT}, {120, 20 * POINT},
                        {80, 20 * POINT},  {100, 15 * POINT}, {100, 5 * POINT}};

static const struct {
    int32_t from; /* hundredths */
    const char *name;
} grades[] = {{9500, "优秀"}, {8500, "良好"}, {7500, "合格"}, {6000, "基本合格"}, {0, "不合格"}};

/* ---- what is read ---- */

struct text {
    const char *at;
    uint32_t n;
};

struct unit {
    struct text id, name;
    int64_t values[BESTS];      /* hundredths, or NO_VALUE */
    int32_t sections[SECTIONS]; /* points before the factor */
    int32_t total;              /* hundredths */
    uint64_t deficient;         /* bits, in the order of the rubric */
    uint32_t class;
    bool veto;
};

struct class
{
    struct text name;
    int64_t best[BESTS];
    uint32_t units, from; /* from: where its units begin in the order */
};

struct sheet {
    struct unit *units;
    size_t n, room;
    struct class classes[CLASS_SLOTS];
    uint32_t slots[CLASS_SLOTS]; /* number of the class, from 1 on; 0: free */
    uint32_t n_classes;
    uint8_t by_column[CRITERIA + 1]; /* index into the rubric */
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "reference: %s\n", what);
    exit(1);
}

static int compare_texts(struct text a, struct text b)
{
    int order = memcmp(a.at, b.at, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* ---- reading ---- */

static unsigned digit(char c) { return (unsigned)((unsigned char)c - '0'); }

static int64_t read_hundredths(const char **at)
{
    const char *p = *at;
    int64_t number = 0;
    for (; digit(*p) < 10; p++) {
        number = number * 10 + digit(*p);
    }
    number *= 100;
    if (*p == '.') {
        for (int64_t worth = 10; worth > 0 && digit(*++p) < 10; worth /= 10) {
            number += worth * digit(*p);
        }
        p += digit(*p) < 10;
    }
    *at = p;
    return number;
}

static int64_t half_up(int64_t n, int64_t by) { return (2 * n + by) / (2 * by); }

/* The engine keeps the result of an item at eight places and rounds that to the four of the rubric:
 * 0.88734999556 is 0.88735000 first, then 0.8874. */
static int64_t share(int64_t full, int64_t value, int64_t of)
{
    return half_up(half_up(full * PLACES_5_TO_8 * value, of), PLACES_5_TO_8);
}

static int64_t read_option(const struct criterion *c, const char **at)
{
    for (int i = 0; i < 4; i++) {
        size_t n = strlen(c->options[i]);
        if (memcmp(*at, c->options[i], n) == 0) {
            *at += n;
            return c->points[i];
        }
    }
    fail("an option that the rubric does not have");
}

static int64_t tier(const struct criterion *c, int64_t value)
{
    for (int i = 0; i < 4; i++) {
        if (c->kind == FROM ? value >= c->bounds[i] : value <= c->bounds[i]) {
            return c->points[i];
        }
    }
    return 0;
}

static int64_t read_points(const struct criterion *c, const char **at)
{
    if (c->kind == CHOICE) {
        return read_option(c, at);
    }
    int64_t value = read_hundredths(at), points = c->full;
    switch (c->kind) {
    case RATIO:
        return value >= c->target ? points : share(points, value, c->target);
    case FROM:
    case TO:
        return tier(c, value);
    case EACH:
        points -= value * c->lose;
        return points > 0 ? points : 0;
    case GAP:
        points -= value < c->target ? (c->target - value) * c->lose : 0;
        return points > 0 ? points : 0;
    default:
        return value > 0 ? points : 0;
    }
}

/* Points below 60 % of the full ones are a deficiency, and so is what was not reported. The last
 * section has deficiencies of the second kind only. */
static void give(struct unit *u, unsigned index, bool reported, int64_t points)
{
    const struct criterion *c = &rubric[index];
    bool below = points * 10 < (int64_t)c->full * 6 && c->section != NO_SHORTFALLS;
    u->sections[c->section] += (int32_t)points;
    if (below || !reported) {
        u->deficient |= UINT64_C(1) << index;
    }
}

/* A cell may be quoted, with quotes doubled in it: it is written as it is read. */
static struct text read_text(const char **at)
{
    const char *p = *at;
    for (bool quoted = false; quoted || *p != ','; p++) {
        quoted ^= *p == '"';
        if (*p == '\n') {
            fail("a row that ends early");
        }
    }
    struct text text = {*at, (uint32_t)(p - *at)};
    *at = p + 1;
    return text;
}

static uint32_t class_of(struct sheet *s, struct text name)
{
    uint32_t hash = 2166136261U;
    for (uint32_t i = 0; i < name.n; i++) {
        hash = (hash ^ (unsigned char)name.at[i]) * 16777619U;
    }
    for (uint32_t slot = hash % CLASS_SLOTS;; slot = (slot + 1) % CLASS_SLOTS) {
        uint32_t number = s->slots[slot];
        if (number > 0 && compare_texts(s->classes[number - 1].name, name) == 0) {
            return number - 1;
        }
        if (number == 0) {
            if (s->n_classes >= CLASS_SLOTS / 2) {
                fail("too many classes");
            }
            s->classes[s->n_classes].name = name;
            s->slots[slot] = ++s->n_classes;
            return s->n_classes - 1;
        }
    }
}

static void read_best(struct unit *u, struct class *class, unsigned column, const char **at)
{
    unsigned i = column - FIRST_BEST;
    int64_t value = read_hundredths(at);
    u->values[i] = value;
    class->best[i] = value > class->best[i] ? value : class->best[i];
}

static const char *read_unit(struct sheet *s, struct unit *u, const char *p)
{
    *u = (struct unit){.values = {NO_VALUE, NO_VALUE}};
    u->id = read_text(&p);
    u->name = read_text(&p);
    u->class = class_of(s, read_text(&p));
    struct class *class = &s->classes[u->class];
    class->units++;
    for (unsigned column = 1; column <= CRITERIA; column++) {
        bool empty = *p == ',' || *p == '\n';
        u->veto |= column == VETO_COLUMN && *p == '0';
        if (column >= FIRST_BEST && !empty) {
            read_best(u, class, column, &p);
        } else if (column < FIRST_BEST) {
            unsigned index = s->by_column[column];
            give(u, index, !empty, empty ? 0 : read_points(&rubric[index], &p));
        }
        if (*p++ != (column < CRITERIA ? ',' : '\n')) {
            fail("a cell that is no value");
        }
    }
    return p;
}

static void read_all(struct sheet *s, const char *p, const char *end)
{
    for (unsigned i = 0; i < CRITERIA; i++) {
        s->by_column[rubric[i].column] = (uint8_t)i;
    }
    while (p < end) {
        if (s->n == s->room) {
            s->room = s->room > 0 ? 2 * s->room : 256;
            s->units = realloc(s->units, s->room * sizeof *s->units);
            if (!s->units) {
                fail("not enough memory");
            }
        }
        p = read_unit(s, &s->units[s->n++], p);
    }
}

/* ---- totals and places ---- */

static void finish(const struct sheet *s, struct unit *u)
{
    for (unsigned i = 0; i < BESTS; i++) {
        unsigned index = s->by_column[FIRST_BEST + i];
        int64_t best = s->classes[u->class].best[i], points = 0;
        bool reported = u->values[i] != NO_VALUE;
        if (reported && best > 0) {
            points = share(rubric[index].full, u->values[i], best);
        }
        give(u, index, reported, points);
    }
    int64_t sum = 0;
    for (unsigned i = 0; i < SECTIONS; i++) {
        int64_t points = half_up((int64_t)u->sections[i] * sections[i].factor, 100);
        u->sections[i] = (int32_t)(points < sections[i].cap ? points : sections[i].cap);
        sum += u->sections[i];
    }
    u->total = (int32_t)half_up(sum, 100);
    if (u->veto && u->total > VETO_CAP) {
        u->total = VETO_CAP;
    }
}

static int compare_classes(const void *a, const void *b)
{
    return compare_texts((*(const struct class *const *)a)->name,
                         (*(const struct class *const *)b)->name);
}

static int compare_units(const void *a, const void *b)
{
    const struct unit *x = *(const struct unit *const *)a, *y = *(const struct unit *const *)b;
    return x->total != y->total ? y->total - x->total : compare_texts(x->id, y->id);
}

/* The units, class by class; within a class in the order that they came. */
static const struct unit **in_order(struct sheet *s, struct class **classes)
{
    const struct unit **order = malloc((s->n + 1) * sizeof *order);
    uint32_t from = 0;
    if (!order) {
        fail("not enough memory");
    }
    for (uint32_t i = 0; i < s->n_classes; i++) {
        classes[i]->from = from;
        from += classes[i]->units;
    }
    for (size_t i = 0; i < s->n; i++) {
        finish(s, &s->units[i]);
        order[s->classes[s->units[i].class].from++] = &s->units[i];
    }
    return order;
}

/* ---- writing ---- */

struct output {
    int file;
    size_t n;
    char at[FULL_BUFFER + LONGEST_ROW];
};

static void flush(struct output *o)
{
    for (size_t done = 0; done < o->n;) {
        ssize_t n = write(o->file, o->at + done, o->n - done);
        if (n <= 0) {
            fail("the result cannot be written");
        }
        done += (size_t)n;
    }
    o->n = 0;
}

static void put_bytes(struct output *o, const char *at, size_t n)
{
    memcpy(o->at + o->n, at, n);
    o->n += n;
}

static void put(struct output *o, const char *text) { put_bytes(o, text, strlen(text)); }

static void put_decimal(struct output *o, uint32_t number, unsigned places)
{
    char digits[16];
    unsigned n = 0, least = places > 0 ? places + 2 : 1;
    for (; n < least || number > 0; number /= 10) {
        digits[n++] = (char)('0' + number % 10);
        if (n == places) {
            digits[n++] = '.';
        }
    }
    while (n > 0) {
        o->at[o->n++] = digits[--n];
    }
}

static void put_unit(struct output *o, const struct class *class, uint32_t rank,
                     const struct unit *u)
{
    size_t grade = 0;
    while (u->total < grades[grade].from) {
        grade++;
    }
    put_bytes(o, class->name.at, class->name.n);
    put(o, ",");
    put_decimal(o, rank, 0);
    put(o, ",");
    put_bytes(o, u->id.at, u->id.n + 1 + u->name.n + 1); /* with the commas behind them */
    put_decimal(o, (uint32_t)u->total, 2);
    put(o, ",");
    put(o, grades[grade].name);
    for (unsigned i = 0; i < SECTIONS; i++) {
        put(o, ",");
        put_decimal(o, (uint32_t)u->sections[i], 4);
    }
    const char *before = ",C";
    for (uint64_t rest = u->deficient; rest > 0; rest &= rest - 1) {
        unsigned number = rubric[__builtin_ctzll(rest)].column;
        put(o, before);
        put_bytes(o, (char[]){(char)('0' + number / 10), (char)('0' + number % 10)}, 2);
        before = "; C";
    }
    put(o, u->deficient != 0 ? "\r\n" : ",\r\n");
}

static void write_class(struct output *o, const struct class *class, const struct unit **units)
{
    uint32_t rank = 1;
    qsort(units, class->units, sizeof(struct unit *), compare_units);
    for (uint32_t i = 0; i < class->units; i++) {
        rank = i > 0 && units[i]->total == units[i - 1]->total ? rank : i + 1;
        if (units[i]->id.n + units[i]->name.n + class->name.n > LONGEST_ROW / 2) {
            fail("a name that is too long");
        }
        put_unit(o, class, rank, units[i]);
        if (o->n >= FULL_BUFFER) {
            flush(o);
        }
    }
}

static void write_all(struct sheet *s, const char *path)
{
    static struct output o;
    static struct class *classes[CLASS_SLOTS];
    for (uint32_t i = 0; i < s->n_classes; i++) {
        classes[i] = &s->classes[i];
    }
    qsort(classes, s->n_classes, sizeof(struct class *), compare_classes);
    const struct unit **order = in_order(s, classes);
    o.file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    put(&o, "\xEF\xBB\xBF"
            "class,rank,id,name,total,grade,S1,S2,S3,S4,S5,S6,deficient\r\n");
    for (uint32_t i = 0; i < s->n_classes; i++) {
        write_class(&o, classes[i], order + classes[i]->from - classes[i]->units);
    }
    flush(&o);
    free(order);
}

int main(int argc, char **argv)
{
    static struct sheet s;
    struct stat about;
    int file = argc == 3 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0) {
        fail("usage: reference units.csv result.csv");
    }
    size_t n = (size_t)about.st_size;
    const char *text = mmap(NULL, n, PROT_READ, MAP_PRIVATE, file, 0);
    if (text == MAP_FAILED || text[n - 1] != '\n') {
        fail("the units do not end in a line end");
    }
    const char *head = memchr(text, '\n', n);
    read_all(&s, head + 1, text + n);
    write_all(&s, argv[2]);
    free(s.units);
    return 0;
}
