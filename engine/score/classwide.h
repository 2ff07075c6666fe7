/*
 * classwide.h - figures of a whole class that single units are held against: best, worst, mean and
 * places, over the units of the class that report the field exactly, whatever their state or gates
 * (rubric-language.md, Methods). Made once before any unit is scored.
 */
#ifndef KAOPING_CLASSWIDE_H
#define KAOPING_CLASSWIDE_H

#include "base/arena.h"
#include "model/table.h"

struct class_figures {
    uint32_t n;                 /* units that report exactly */
    wide lowest, highest, mean; /* meaningful if n > 0 */
    wide sum;
    const wide *sorted; /* [n], ascending; only for rank and median */
};

/* figures[member] is an array over table.groups, or NULL for items that need none; fields[field]
 * likewise, for what scripts read of a class. */
struct classwide {
    const struct class_figures **figures;
    const struct class_figures **fields;
};

struct classwide *classwide_new(struct arena *a, const struct table *t);

/* Whether an item of that rule is held against its class. */
bool classwide_needed(const struct rule *rule);
/* Whether a script's input is a figure of its class. */
bool classwide_is_input(enum input_kind kind);
/* Figures of a class value by value, or of parts of it; at the end class_figures_done. */
void class_figures_add(struct class_figures *f, wide value);
void class_figures_join(struct class_figures *f, const struct class_figures *more);
void class_figures_done(struct class_figures *f);

static inline const struct class_figures *
classwide_get(const struct classwide *c, const struct table *t, uint32_t member, uint32_t unit)
{
    return &c->figures[member][t->units.at[unit].group];
}

/* The middle one, or the mean of the two; n > 0. */
wide classwide_median(const struct class_figures *);

/* Place of a value: 1 + how many are better. */
uint32_t classwide_place(const struct class_figures *, wide value, bool lower_is_better);

#endif
