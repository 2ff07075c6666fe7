/* batch.c - see batch.h. */
#include "bulk/batch.h"

#include "bulk/fours.h"
#include "bulk/sums.h"
#include "bulk/tally.h"
#include "bulk/totals.h"
#include "score/walk_parts.h"

#include <string.h>

/* Rows that are scored with the same tables. */
struct alike {
    struct tables *tables;
    uint32_t n;
    bool all;                /* of the batch: at[k] is k */
    uint32_t at[BATCH_ROWS]; /* in the batch */
};

struct batch *batch_new(struct arena *a, const struct rubric *r)
{
    struct batch *b = ARENA_NEW(a, struct batch);
    uint32_t n_sections = 0;
    for (uint32_t m = 0; m < r->members.n; m++) {
        n_sections += r->members.at[m].kind != MEMBER_ITEM;
    }
    b->n_sections = n_sections;
    b->points = ARENA_ARRAY(a, dec, (size_t)n_sections * BATCH_ROOM);
    b->made = ARENA_ARRAY(a, dec, (size_t)(n_sections + 1) * BATCH_ROOM);
    b->says = ARENA_ARRAY(a, uint64_t, (size_t)((r->members.n + 63) / 64) * BATCH_ROOM);
    return b;
}

/* Where an item's results go, row by row. */
struct sums {
    const struct batch_row *rows;
    const uint32_t *at; /* [n] of the rows, as in struct alike */
    uint32_t n;
    uint64_t bit; /* of the item in a word of `says` */
    dec *points;
    uint64_t *says, *more;
};

static struct sums sums_of(struct batch *b, const struct alike *rows, uint32_t section,
                           uint32_t member)
{
    return (struct sums){.rows = b->rows,
                         .at = rows->at,
                         .n = rows->n,
                         .bit = (uint64_t)1 << member % 64,
                         .points = b->points + (size_t)section * BATCH_ROOM,
                         .says = b->says + (size_t)(member / 64) * BATCH_ROOM,
                         .more = b->more};
}

/* Whether an item falls short can hardly be foretold: no branch hangs on it. */
static inline __attribute__((always_inline)) void enter(struct sums s, uint32_t row, dec points,
                                                        uint64_t more)
{
    s.points[row] += points;
    s.says[row] |= s.bit & -(uint64_t)(found_says(more) > 0);
    s.more[row] += more;
}

/* ---- items that are looked up ---- */

/* From row k of those on; returns where one is that has no points yet, or no sum. all: as in struct
 * alike. */
static inline __attribute__((always_inline)) uint32_t
enter_looked_up(struct sums s, uint32_t k, const struct to_look_up *look, bool one_field, bool all)
{
    const struct found *results = look->results;
    uint32_t at = look->at[0];
    for (; k < s.n; k++) {
        uint32_t row = all ? k : s.at[k], index;
        if (one_field) {
            uint16_t code;
            memcpy(&code, s.rows[row].row + at, sizeof code);
            index = code;
        } else {
            index = lookup_index(look, s.rows[row].row);
        }
        const struct found *got = &results[index];
        if (__builtin_expect(got->points <= NO_SUM, 0)) {
            return k;
        }
        enter(s, row, got->points, got->more);
    }
    return k;
}

static void add_looked_up(struct tally *t, struct batch *b, const struct alike *rows, uint32_t i)
{
    const struct to_look_up *look = &rows->tables->looks[i];
    struct sums sums = sums_of(b, rows, look->section, look->member);
    uint32_t k = 0;
    for (;;) {
        k = look->n_fields > 1 ? enter_looked_up(sums, k, look, false, false)
            : rows->all        ? enter_looked_up(sums, k, look, true, true)
                               : enter_looked_up(sums, k, look, true, false);
        if (k == rows->n) {
            return;
        }
        uint32_t row = rows->at[k], index = lookup_index(look, b->rows[row].row);
        if (look->results[index].points == NOT_YET) {
            tally_find(t, b, row, i, index);
        }
        if (look->results[index].points == NO_SUM) {
            b->state[row] = BATCH_WALK;
            k++;
        }
    }
}

/* ---- items that read a number ---- */

static const double steps_a_point[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

/* A result is what lies nearest among its steps, unless it lies in the middle between two of them:
 * quantising it to eight places before moves it by half of the last one, doubles by much less. */
static struct slope slope_of(struct tally *t, const struct by_unit *item)
{
    const struct op *op = item->op;
    struct walk *w = &t->walk;
    struct slope slope = {.known = true};
    struct line line;
    if (!op->method->line || !op->method->line(&w->context, op, &line)) {
        return slope;
    }
    int places = t->of->store->rubric->round_item;
    places = places < 0 || places > 8 ? 8 : places;
    double steps = steps_a_point[places];
    wide far = WIDE_ONE / (wide)steps * SLOPE_STEPS_MOST;
    slope.step = DEC_ONE / (dec)steps;
    slope.least = walk_item_dec(w, op, wide_max(line.least, -far), PASS_ACTUAL);
    slope.most = walk_item_dec(w, op, wide_min(line.most, far), PASS_ACTUAL);
    slope.sure = 0.5 - (places < 8 ? 1 / (double)slope.step : 0) - 1e-5;
    slope.times = (double)line.times / (double)line.by * steps / (double)DEC_ONE;
    slope.at = -(double)line.from / (double)DEC_ONE * slope.times;
    slope.straight = slope.least > -t->most && slope.most < t->most && slope.sure > 0 &&
                     slope.at < SLOPE_STEPS_MOST && slope.at > -SLOPE_STEPS_MOST;
    return slope;
}

/* False: it is in the middle between two steps, or far off. */
static inline bool on_slope(struct slope s, dec value, dec *points)
{
    double steps = (double)value * s.times + s.at;
    if (!(__builtin_fabs(steps) < SLOPE_STEPS_MOST)) {
        return false;
    }
    double up = steps + (SLOPE_STEPS_UP + 0.5); /* positive: so it is cut downwards */
    int64_t whole = (int64_t)up;
    double rest = up - (double)whole;
    dec nearest = (whole - (int64_t)SLOPE_STEPS_UP) * s.step;
    nearest = nearest > s.most ? s.most : nearest;
    *points = nearest < s.least ? s.least : nearest;
    return __builtin_fabs(rest - 0.5) < s.sure;
}

static inline struct slope *slope_for(const struct by_unit *item, uint32_t group)
{
    return &item->slopes[item->by_class ? group : 0];
}

/* From row k of those on; returns where one is that has no straight slope, or no number. */
static inline __attribute__((always_inline)) uint32_t
enter_numbers(struct sums s, uint32_t k, const struct by_unit *item, bool by_class)
{
    const struct slope *slopes = item->slopes;
    struct slope slope = slopes[0];
    const uint32_t at = item->number->at;
    const dec floor = item->floor;
    for (; k < s.n; k++) {
        uint32_t row = s.at[k];
        dec value, points;
        if (by_class) {
            slope = slopes[s.rows[row].group];
        }
        memcpy(&value, s.rows[row].row + at, sizeof value);
        if (value == NUMBER_NONE || !slope.straight || !on_slope(slope, value, &points)) {
            return k;
        }
        enter(s, row, points, points < floor);
    }
    return k;
}

/* What takes more than a look at its slope. */
static void add_alone(struct tally *t, struct batch *b, struct by_unit *item, struct sums sums,
                      uint32_t row)
{
    struct found got;
    dec value;
    memcpy(&value, b->rows[row].row + item->number->at, sizeof value);
    if (value == NUMBER_NONE && item->empty_known && item->empty.points > NO_SUM) {
        enter(sums, row, item->empty.points, item->empty.more);
    } else if (tally_number(t, item, b, row, &got)) {
        enter(sums, row, got.points, got.more);
    } else {
        b->state[row] = b->state[row] == BATCH_LOOKED_UP ? BATCH_ALONE : b->state[row];
    }
}

/* As many of the rows as there are in fours; returns the first that is left. */
static uint32_t add_fours(struct tally *t, struct batch *b, struct by_unit *item, struct sums sums,
                          const dec *values)
{
    uint8_t left[BATCH_ROWS / FOUR];
    fours_add(&(struct fours_add){item->slopes[0], item->floor, sums.n, values, sums.bit,
                                  sums.points, sums.says, sums.more},
              left);
    uint32_t n = sums.n / FOUR;
    for (uint32_t i = 0; i < n; i++) {
        for (unsigned bits = left[i]; bits != 0; bits &= bits - 1) {
            add_alone(t, b, item, sums, i * FOUR + (uint32_t)__builtin_ctz(bits));
        }
    }
    return n * FOUR;
}

static void add_number(struct tally *t, struct batch *b, const struct alike *rows, uint32_t i)
{
    struct by_unit *item = &rows->tables->own[i];
    struct sums sums = sums_of(b, rows, item->section, item->op->member);
    const dec *values = b->columns ? b->columns[item->number - t->of->store->fields] : NULL;
    uint32_t k = 0;
    if (!item->slopes) {
        uint32_t n = item->by_class ? t->result->table->groups.n : 1;
        item->slopes = ARENA_ARRAY(&t->arena, struct slope, n);
    }
    if (values && rows->all && !item->by_class && item->slopes[0].straight) {
        k = add_fours(t, b, item, sums, values);
    }
    for (;;) {
        k = item->by_class ? enter_numbers(sums, k, item, true)
                           : enter_numbers(sums, k, item, false);
        if (k == rows->n) {
            return;
        }
        uint32_t row = rows->at[k];
        struct slope *slope = slope_for(item, b->rows[row].group);
        if (!slope->known) {
            tally_group(t, b->rows[row].group);
            *slope = slope_of(t, item);
            continue;
        }
        add_alone(t, b, item, sums, row);
        k++;
    }
}

/* ---- sections ---- */

static void add_section(struct batch *b, const struct alike *rows, uint32_t i)
{
    const struct plain_section plain = rows->tables->plain[i];
    uint32_t parent = rows->tables->parent[i];
    const dec *points = b->points + (size_t)i * BATCH_ROOM;
    dec *made = b->made + (size_t)i * BATCH_ROOM;
    dec *above = b->made + (size_t)(parent == UINT32_MAX ? b->n_sections : parent) * BATCH_ROOM;
    for (uint32_t k = 0; k < rows->n; k++) {
        uint32_t row = rows->at[k];
        dec sum;
        if (__builtin_add_overflow(points[row], made[row], &sum) ||
            !sums_plain(plain, sum, &made[row]) ||
            __builtin_add_overflow(above[row], made[row], &above[row])) {
            b->state[row] = b->state[row] == BATCH_LOOKED_UP ? BATCH_ALONE : b->state[row];
        }
    }
}

/* ---- all of it ---- */

static void add_alike(struct tally *t, struct batch *b, const struct alike *rows, bool all)
{
    struct tables *tables = rows->tables;
    lookup_grow(&t->arena, t->of->store, tables);
    tally_begin(t, tables->plan);
    for (uint32_t i = 0; i < tables->n_items; i++) {
        add_looked_up(t, b, rows, i);
    }
    if (!all || !tables->only_numbers) {
        return;
    }
    for (uint32_t i = 0; i < tables->n_own; i++) {
        add_number(t, b, rows, i);
    }
    for (uint32_t i = 0; i < tables->plan->n_sections; i++) {
        if (tables->plan->sections[i].n_members > 0) {
            add_section(b, rows, i);
        }
    }
    for (uint32_t k = 0; k < rows->n; k++) {
        uint8_t *state = &b->state[rows->at[k]];
        *state = *state == BATCH_LOOKED_UP ? BATCH_ALL : *state;
    }
    if (tables->total.plain) {
        totals_add(t, b, tables, rows->at, rows->n);
    }
}

static void clear(struct batch *b, const struct rubric *r, uint32_t n)
{
    for (uint32_t i = 0; i < b->n_sections; i++) {
        memset(b->points + (size_t)i * BATCH_ROOM, 0, n * sizeof *b->points);
        memset(b->made + (size_t)i * BATCH_ROOM, 0, n * sizeof *b->made);
    }
    memset(b->made + (size_t)b->n_sections * BATCH_ROOM, 0, n * sizeof *b->made);
    for (uint32_t i = 0; i < (r->members.n + 63) / 64; i++) {
        memset(b->says + (size_t)i * BATCH_ROOM, 0, n * sizeof *b->says);
    }
    memset(b->more, 0, n * sizeof *b->more);
}

void batch_fill(struct tally *t, struct batch *b, const struct batch_row *rows, uint32_t n,
                const dec *const *columns, bool all)
{
    struct alike alike;
    b->columns = columns;
    clear(b, t->result->rubric, n);
    memcpy(b->rows, rows, n * sizeof *rows);
    for (uint32_t i = 0; i < n; i++) {
        b->tables[i] = tally_tables(t, &rows[i]);
        b->state[i] = !b->tables[i]             ? BATCH_AGAIN
                      : b->tables[i]->only_sums ? BATCH_LOOKED_UP
                                                : BATCH_WALK;
    }
    bool done[BATCH_ROWS] = {false};
    for (uint32_t first = 0; first < n; first++) {
        if (done[first] || b->state[first] != BATCH_LOOKED_UP) {
            continue;
        }
        alike.tables = b->tables[first];
        alike.n = 0;
        for (uint32_t i = first; i < n; i++) {
            if (b->tables[i] == alike.tables) {
                alike.at[alike.n++] = i;
                done[i] = true;
            }
        }
        alike.all = alike.n == n;
        add_alike(t, b, &alike, all);
    }
}
