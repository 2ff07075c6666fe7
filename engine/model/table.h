/*
 * table.h - what units submitted: units × fields, a column for each field.
 *
 *              unit 0   unit 1   unit 2
 *   field 0  [ 12.0   | 9.0    | -      ]  value: dec        | the four states of a value
 *            [ VALUE  | NONE   | EMPTY  ]  state: cell_state | (rubric-language.md), never merged
 *
 * Reasons, evidence and texts are rare and stand apart. Places are not stored for each cell: they
 * are found again from the unit's rows when a message needs one (table_place).
 */
#ifndef KAOPING_TABLE_H
#define KAOPING_TABLE_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/map.h"
#include "base/source.h"
#include "model/rubric.h"
#include "model/waiver.h"

#include <stdbool.h>
#include <stdint.h>

#define UNIT_NONE UINT32_MAX

enum cell_state {
    CELL_EMPTY,       /* not reported */
    CELL_VALUE,       /* reported exactly */
    CELL_NONE,        /* 无: reported as zero, no, an empty list, or never; value is 0 */
    CELL_NA,          /* 不适用; the reason, if any, by table_reason */
    CELL_AT_LEAST,    /* 60余, ≥3: value is the bound */
    CELL_AT_MOST,     /* 近60, ≤3 */
    CELL_ABOUT,       /* 约60: not reported, flagged approximate */
    CELL_PLACEHOLDER, /* X次: not reported, flagged */
    CELL_PLANNED,     /* 计划: not reported, flagged */
    CELL_BAD          /* after a finding: the unit is left out */
};

/* Yes/no (1, 0), days, indices of options, texts and lists are whole decimals: dec_from_int(n). */
struct column {
    dec *value;     /* [n_units]; meaningful for VALUE, NONE, AT_LEAST, AT_MOST, ABOUT (as said) */
    uint8_t *state; /* [n_units] enum cell_state */
    bool present;   /* some file has it */
};

struct list_value { /* a list field's value: texts, and numbers where they are numbers */
    uint32_t n;
    const char **texts;
    dec *values; /* DEC_NONE: blank or not a number */
};

struct unit {
    const char *id, *name;
    const char *class_name; /* as submitted; "" where there is no class column */
    uint32_t class;         /* rubric_class() */
    uint32_t group;         /* units of the same class_name share it: what is ranked together */
    const char *parent, *period, *notes, *sort_key; /* or NULL */
    uint32_t superior;  /* the unit that `parent` names, or UNIT_NONE; where table.tree is made */
    bool bad;           /* has an error finding: not scored, listed under --keep-going */
    const char *why;    /* it is bad: the first error with its place */
    bool in_data;       /* of the previous period: a row is about it */
    uint32_t first_row; /* private to the loader */
};

/* A text that belongs to (unit, index): a reason for 不适用 by field, evidence by member. */
struct side_note {
    uint32_t unit, index;
    const char *text;
};

/*
 * Who is under whom, and in which order units can be scored; made where the rubric reads
 * subordinate units (load/tree.c).
 *
 *   city ─┬─ county a ─┬─ town 1     levels   0: town 1, town 2, town 3
 *         │            └─ town 2              1: county a, county b
 *         └─ county b ─── town 3              2: city
 */
struct tree {
    const uint32_t *first;    /* [n_units + 1] into children */
    const uint32_t *children; /* of each unit, by id */
    const uint32_t *in_group; /* [n_groups + 1] into grouped */
    const uint32_t *grouped;  /* units by group */
    const uint32_t *order;    /* all units: a level after those that it rests on */
    const uint32_t *ends;     /* [n_levels] into order */
    uint32_t n_levels;
};

struct table;
struct result;

/* What one of the rubric's periods says of a unit. */
struct period_total {
    dec total, of; /* after gates, and its full marks then; DEC_NONE: it has no total there */
    dec low, high; /* the total if what is missing there were worth nothing, full marks */
    dec reported;  /* of what applied there, in percent */
    uint32_t unit; /* of the period's own table, or UNIT_NONE: it does not stand there */
};

/* One of the rubric's periods. */
struct period_part {
    const struct table *table;         /* what units submitted for it; NULL: nobody, or a test */
    const uint32_t *units;             /* [table->units.n] whom each is in the year, or UNIT_NONE */
    const struct period_total *totals; /* [n_units] of the year; NULL: not scored (yet) */
    struct result *result;             /* likewise */
};

/* A data file that was given for one of the periods. */
struct period_file {
    const char *period;
    const struct source *source;
};

struct table {
    const struct rubric *rubric;
    /* The period before, or NULL: the same units in the same places; one that it does not know has
     * no row there (table_has_before). */
    const struct table *previous;
    struct period_part *periods; /* [rubric->periods.n], or NULL */
    VEC(struct period_file) period_files;
    VEC(struct unit) units;
    struct column *columns; /* [n_fields] */
    bool has_claims; /* some cell says 不适用: most tables have none, so nobody need look */
    VEC(const char *) texts;
    VEC(struct list_value) lists;
    VEC(struct side_note) reasons;             /* sorted by (unit, index) once loaded */
    VEC(struct side_note) evidence;            /* likewise; several references joined by "; " */
    struct waivers waivers;                    /* sorted; see waiver.h */
    VEC(const struct source *) waiver_sources; /* those among the sources that are waivers */
    VEC(const char *) groups;                  /* names of the classes that the units are of */
    VEC(const struct source *) sources;
    struct map unit_by_id;
    const struct tree *tree; /* or NULL: nobody asks */
    const void *rows;        /* private to the loader */
    span (*place)(const struct table *, uint32_t unit, uint32_t field);
};

/* Whether the item, of method children, looks at units such as this one. */
bool rule_takes_child(const struct rule *rule, const struct unit *child);

/* Where the cell stands, or the unit's row if the cell cannot be found. field FIELD_NONE: the row.
 */
span table_place(const struct table *t, uint32_t unit, uint32_t field);
/* What the period says of the unit; a total of DEC_NONE where it says nothing. */
struct period_total table_period(const struct table *t, uint32_t unit, uint32_t period);
/* Whether the data of the previous period have the unit. */
bool table_has_before(const struct table *t, uint32_t unit);
/* Whether the cell holds a figure or a word for one (无), be it only a bound or an estimate: else
 * there is nothing to compare with. */
bool table_has_figure(const struct table *t, uint32_t unit, uint32_t field);
/* NULL: none given. */
const char *table_reason(const struct table *t, uint32_t unit, uint32_t field);
const char *table_evidence(const struct table *t, uint32_t unit, uint32_t member);
/* The cell as people write it: 12次 as "12", 不适用(…), ≥3, empty as "". Translated words. */
const char *table_value_text(struct arena *a, const struct table *t, uint32_t unit, uint32_t field);

#endif
