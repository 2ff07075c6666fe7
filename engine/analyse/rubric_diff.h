/*
 * rubric_diff.h - two rubrics held against each other: what changed, what of it can change a score,
 * and which items' results stay comparable.
 *
 *   old          new
 *   sessions ─── sessions      need (township): 12 → 10     not comparable
 *   drills   ─── drills        title: … → …                 comparable
 *   report   ╶─╴ annual_report (replaces: [report])         comparable: renamed
 *   letters                                                 removed
 *                 hotline                                   new
 *
 * Compared is what the rubrics mean once loaded (inherited keys settled, extended files put
 * together), not their texts: two ways to write the same thing are no change. Numbers are compared
 * for each class that both rubrics know.
 *
 * An item's results are comparable if its points, its method with all parameters, the fields it
 * reads, the conditions and policies that it stands under, its rounding, its clause, and whatever
 * members it reads points of are the same. What only moves the total - weights, caps, gates, grades
 * - leaves an item comparable.
 */
#ifndef KAOPING_RUBRIC_DIFF_H
#define KAOPING_RUBRIC_DIFF_H

#include "model/rubric.h"

/* What a change can do; a later one is more. */
enum mark_effect {
    MARK_WORDS,   /* nothing that is calculated: titles, deficiencies, deadlines */
    MARK_DATA,    /* how data files are read: which columns, which cells are refused */
    MARK_OUTCOME, /* sections, the total, grades, ranks; what items earn stays */
    MARK_POINTS,  /* what an item earns */
};

/* One key that differs. */
struct mark {
    const char *key;            /* as the rubric writes it: "need", "deficiency.below" */
    VEC(const char *) classes;  /* those that it differs for; none: all that both know */
    const char *before, *after; /* NULL: not given; both NULL: what it comes to changed */
    enum mark_effect effect;
    bool inherited;    /* the same difference stands at the section or rubric above, or at a gate */
    bool moved;        /* a date that moved along with the period: the same day of the new one */
    bool incomparable; /* an item's results are not comparable because of it */
};

typedef VEC(struct mark) mark_list;

/* A member of the new rubric, or a field or gate of it, with its match in the old one. */
struct matched {
    uint32_t old; /* index in the old rubric, or UINT32_MAX: it is new */
    bool renamed; /* found by `replaces` */
    mark_list marks;
};

struct rubric_diff {
    const struct rubric *old, *new;
    struct matched *members; /* [new->members.n]; 0: the rubric's own keys, grades, ranking */
    struct matched *fields;  /* [new->fields.list.n] */
    struct matched *gates;   /* [new->gates.n] */
    /* Of the old rubric, in its order: what nothing in the new one matches. */
    VEC(uint32_t) members_gone, fields_gone, gates_gone;
    enum mark_effect effect; /* the greatest of all */
    bool any;                /* anything differs at all */
};

/* Both rubrics must be free of errors. */
void rubric_diff(struct arena *a, const struct rubric *old, const struct rubric *new,
                 struct rubric_diff *out);

/* Whether results of the item (of the new rubric) can be held against its match's in the old one.
 * False for what is new. */
bool rubric_diff_comparable(const struct rubric_diff *d, uint32_t item);

/* "words", "data", "outcome", "points". */
const char *mark_effect_word(enum mark_effect effect);

#endif
