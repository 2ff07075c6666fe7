/*
 * methods.h - the table of built-in methods: how an item's values become points.
 *
 * To add one: a leaf (score and describe), a line in methods.c, its keys in load/rule_load.c, a
 * section in docs/methods.md with examples. The formulas are those of rubric-language.md, Methods.
 *
 * A method works at 16 places and divides once; the walk quantises, clamps and rounds what it
 * gives.
 */
#ifndef KAOPING_METHODS_H
#define KAOPING_METHODS_H

#include "base/buf.h"
#include "base/diag.h"
#include "model/result.h"
#include "score/plan.h"

struct classwide;
struct coverage;
struct scripted;
struct walk;

/* Everything a method may look at: one unit under its plan. */
struct context {
    const struct plan *plan;
    const struct table *table;
    const struct result *result; /* what other units have, of lower levels */
    const struct classwide *classwide;
    uint32_t unit;
    const struct walk *walk;   /* what stands so far, for scripts */
    struct scripted *scripted; /* NULL: the rubric has no scripts */
    struct diag *diag;         /* NULL while explaining: what is wrong was said before */
    struct arena *scratch;     /* reset after every unit */
    struct coverage *coverage; /* what tests reach; NULL but in tests */
};

enum read_state {
    READ_OK,
    READ_MISSING, /* not reported */
    READ_CLAIMED, /* the unit's own 不适用 */
    READ_NA,      /* not applicable because the method says so */
    READ_ERROR    /* after a finding */
};

/* A value as a method sees it. */
struct reading {
    enum read_state state;
    bool none;      /* 无, or empty where `missing: none` says so: zero, no, never */
    bool bound;     /* one-sided: its bound counts */
    wide value;     /* percent points over a percent field or `of` */
    uint16_t flags; /* 1 << enum flag */
};

/* Which bound a one-sided value may score by: where the true value could be no worse. */
enum better { BETTER_HIGH, BETTER_LOW, BETTER_EXACT };

struct scored {
    enum read_state state;
    uint16_t flags;
    uint32_t way; /* which of the rule's ways it took (model/coverage.h); 0: none of note */
    wide points;
    bool partly;    /* something is missing, but not all: the bounds differ from the points */
    wide low, high; /* if `partly` */
    dec untold;     /* how much of it rests on no reported value, in percent; 0: all of it does */
};

/* A straight line from values to points: none at `from`, and for each `by` more of the value
 * `times` more of points; held to least and most. */
struct line {
    wide from, times, by; /* by is not 0 */
    wide least, most;
};

struct method {
    enum method_id id;
    void (*score)(const struct context *, const struct op *, struct scored *out);
    /* One translated line without an end: what was read and how it became points. s is what score
     * gave, with state READ_OK. */
    void (*describe)(const struct context *, const struct op *, const struct scored *s,
                     struct buf *out);
    /* What score makes of one field's value that is reported exactly, where the item reads nothing
     * else of the unit; *way as scored.way. WIDE_NONE: score has to be asked. NULL: it takes more
     * than a value. */
    wide (*of_value)(const struct context *, const struct op *, wide value, uint32_t *way);
    /* The line that of_value follows at every value; false: it is none for this op and this unit's
     * class. NULL: it never is. */
    bool (*line)(const struct context *, const struct op *, struct line *out);
};

const struct method *method_of(enum method_id id);

wide line_points(const struct line *, wide value);

/* ---- reading (reading.c) ---- */

struct reading read_field(const struct context *, const struct op *, uint32_t field, enum better);
/* The op's field, or field ÷ of: the denominator may be bounded the other way. */
struct reading read_input(const struct context *, const struct op *, enum better);
/* The same of the previous period; READ_NA where that has no figure for the unit. */
struct reading read_previous(const struct context *, const struct op *, enum better);
enum better better_opposite(enum better);
/* As if the unit stood in the data of the previous period; only where there are such data. */
struct context context_before(const struct context *);
/* Which of two values decides for an item that needs both: an error, then the unit's claim that it
 * does not apply, then silence. */
enum read_state graver_state(enum read_state a, enum read_state b);
/* Passes a reading that is not OK on to the result; true if it is OK. Flags are passed on always.
 */
bool take_reading(const struct reading *, struct scored *out);
/* Exactly reported value of another unit, for class figures; false if it is not. */
bool read_exact(const struct table *, uint32_t field, uint32_t of, uint32_t unit, wide *value);
/* Whether the value lies where the rule's nothing_at / nothing_past gives no points. */
bool earns_nothing(const struct op *, wide value, bool bad_is_high);

/* Writes "12次", "67.57%", "是" as the field shows it; a ratio as "66.67% (2 ÷ 3)". */
void describe_input(const struct context *, const struct op *, struct buf *out);
void describe_field(const struct context *, uint32_t field, struct buf *out);
/* "%" where the item's value is in percent points, else "". */
const char *describe_percent(const struct context *, const struct op *);
/* Says so where the value lies where nothing is earned. */
void describe_nothing(const struct op *op, wide value, bool bad_is_high, struct buf *out);
/* A number at eight places without trailing zeros. */
void describe_number(wide value, struct buf *out);

/* The leaves. */
extern const struct method method_yesno, method_checklist, method_ladder, method_choice,
    method_judged, method_each, method_short, method_ratio, method_gap, method_tiers, method_linear,
    method_late, method_rating, method_best, method_rank, method_change, method_children,
    method_period, method_formula, method_lua;

#endif
