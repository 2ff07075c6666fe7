/*
 * script.h - what a rubric computes in Lua: which text, what it reads, with which parameters.
 *
 *   chunks    0 answered_on_time.lua   <- scripts 0 (item letters), 3 (item petitions)
 *             1 shares.lua             <- required by chunk 0: a module
 *             2 formula of item drills <- script 1
 *
 * A chunk is one text that is compiled; a script is one use of it, by an item, a section, a gate, a
 * condition or the grades. Formulas and conditions are chunks that the loader wrote around the
 * expression. What a script reads is declared and resolved when the rubric is loaded, so a call
 * passes plain values in the order of `inputs` (lua/sandbox.h).
 */
#ifndef KAOPING_SCRIPT_H
#define KAOPING_SCRIPT_H

#include "base/arena.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

#define SCRIPT_NONE UINT32_MAX

/* One text that is compiled. */
struct chunk {
    const char *name;   /* as messages show it: "answered_on_time.lua"; of a formula: what it is */
    const char *module; /* what `require` calls it: "answered_on_time"; NULL for formulas */
    const char *text;
    size_t n;
    span at; /* the whole file, or the expression in the rubric */
};

enum script_use {
    SCRIPT_ITEM,      /* method: lua */
    SCRIPT_SECTION,   /* combine: lua */
    SCRIPT_GATE,      /* when: {script: ...}: yes or no */
    SCRIPT_GRADES,    /* grades: {script: ...}: a grade's name */
    SCRIPT_FORMULA,   /* method: formula */
    SCRIPT_CONDITION, /* a condition that goes beyond names and comparisons: yes or no */
};

/* What is made of the figures of all subordinate units. */
enum child_figure {
    CHILD_MEAN,
    CHILD_MIN,
    CHILD_MAX,
    CHILD_SUM,
    CHILD_COUNT, /* how many have a figure */
    CHILD_ALL,   /* children.count: how many there are */
};

/* Where a value comes from. `index` is a field or a member, as said. */
enum input_kind {
    INPUT_FIELD,        /* a field */
    INPUT_FULL,         /* full: the item's full marks, in a formula */
    INPUT_UNIT_ID,      /* unit.id */
    INPUT_UNIT_CLASS,   /* unit.class */
    INPUT_POINTS,       /* points.x: a member's points as they stand */
    INPUT_BASE,         /* points.base */
    INPUT_TOTAL,        /* points.total */
    INPUT_GRADE,        /* grade.x: the name of the section's own grade */
    INPUT_CLASS_MAX,    /* class.max.x: over the units of the class that report field x exactly */
    INPUT_CLASS_MIN,    /* class.min.x */
    INPUT_CLASS_MEAN,   /* class.mean.x */
    INPUT_CLASS_MEDIAN, /* class.median.x */
    INPUT_CLASS_SUM,    /* class.sum.x */
    INPUT_CLASS_COUNT,  /* class.count.x: how many report it */
    INPUT_CLASS_RANK,   /* class.rank.x: the unit's own place, the highest value first */
    INPUT_PREVIOUS,     /* previous.x: a field as it was in the previous period */
    INPUT_CHILDREN,     /* children.mean.x: a member of the subordinate units, UINT32_MAX: total */
};

struct input {
    enum input_kind kind;
    uint32_t index;
    enum child_figure figure; /* INPUT_CHILDREN */
    const char *name;         /* as it was written: "class.max.letters_late" */
    span at;
};

/* A parameter's value, from the rubric or the script's own defaults. */
enum param_kind {
    PARAM_NIL,
    PARAM_NUMBER,
    PARAM_TEXT,
    PARAM_YESNO,
    PARAM_LIST,     /* entries without names, in order */
    PARAM_MAP,      /* entries with names */
    PARAM_BY_CLASS, /* entries[class], n_classes + 1 of them; PARAM_NIL: none for that class */
};

struct param_entry;

struct param_value {
    enum param_kind kind;
    double number; /* percent as 0..100 */
    bool yes;
    const char *text;
    VEC(struct param_entry) entries;
    span at; /* all-zero: a default of the script */
};

struct param_entry {
    const char *name;
    struct param_value value;
};

struct formula; /* lua/formula.h */

struct script {
    enum script_use use;
    uint32_t chunk;
    const char *id, *title; /* of the item, section or gate it serves; "grades" */
    VEC(struct input) inputs;
    struct param_value
        params;               /* PARAM_MAP: the script's defaults with the rubric's put over them */
    bool call_always;         /* missing = "call": also when an input is not reported */
    bool may_not_apply;       /* it can say not_applicable */
    bool reads_points;        /* so that its bounds differ where those do */
    VEC(const char *) grades; /* SCRIPT_GRADES: the names it may return, best first */
    const char *text;         /* of an expression, as explain prints it */
    const struct formula *formula; /* the same without Lua; NULL: it takes Lua, or is a file */
    span at;                       /* where the rubric names it */
    span score_at;                 /* where its function begins */
};

/* The line of a file's text without its indentation; the whole chunk for line 0 and for
 * expressions.
 */
span chunk_line(const struct chunk *c, uint32_t line);

typedef VEC(struct chunk) chunks;
typedef VEC(struct script) scripts;

#endif
