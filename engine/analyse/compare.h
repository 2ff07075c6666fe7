/*
 * compare.h - two results held against each other: the same units in two periods, under one rubric
 * or under two.
 *
 * Items are matched by id and `replaces` (rubric_diff.h). Those that are comparable for the unit's
 * class are subtracted; those that are not say why. A unit's total is never subtracted as it stands
 * where the rubrics differ, but in three parts that add up by construction. Each part is the step
 * between two totals, and every total is what the scorer itself makes of given results of items:
 *
 *   old      the old total
 *   done     the old sheet; comparable items and gates as they are now, all others as they were
 *   bare_old the same; items that are not comparable count, and earn nothing
 *   bare_new the new sheet; items and gates as they are now; items not comparable earn nothing
 *   new      the new total
 *
 *   what the unit did       = done - old
 *   what the rubric did     = bare_new - bare_old        weights, factors, caps, rounding, gates
 *   what is not comparable  = (new - bare_new) - (done - bare_old)
 *   ------------------------------------------
 *   added up                = new - old
 *
 * An example: sessions earned 16 of 20 and now 18 of 20, and is comparable; letters earned 30 of 40
 * under a rule that changed, and now 35 of 40. The old sheet adds them up, the new one takes its
 * section of both × 110 %.
 *
 *   old 46   done 18 + 30 = 48   bare_old 18 + 0 = 18   bare_new 18 × 110 % = 19.8
 *   new 53 × 110 % = 58.3
 *   did +2, rubric +1.8, not comparable (58.3 - 19.8) - (48 - 18) = +8.5;   2 + 1.8 + 8.5 = 12.3
 *
 * Under one rubric everything is comparable: the unit did it all. A unit of another class than
 * before stands on another sheet: then no item of it is comparable.
 */
#ifndef KAOPING_COMPARE_H
#define KAOPING_COMPARE_H

#include "analyse/deficiency.h"
#include "analyse/rubric_diff.h"
#include "model/result.h"
#include "model/unit_map.h"

enum fate {
    FATE_SAME,    /* the same id */
    FATE_RENAMED, /* by the map: one became one */
    FATE_MERGED,  /* several, or parts of some, became it: nothing is subtracted */
    FATE_SPLIT,   /* it is one of several that one became: nothing is subtracted */
    FATE_NEW,
    FATE_GONE
};

/* Of a total, or the sums of them: all DEC_NONE where one of both totals is not there. */
struct split {
    dec old, new, change, did, rubric, incomparable;
};

struct unit_pair {
    enum fate fate;
    uint32_t unit;      /* of the new result; UNIT_NONE: gone */
    VEC(uint32_t) olds; /* of the old result; one where they are held against each other */
    bool class_changed; /* of one that is held against one */
    struct split split;
};

/* A class of the new result, or one that is only in the old one. */
struct class_change {
    const char *name;
    uint32_t n_old, n_new;          /* units, ranked or not */
    VEC(uint32_t) pairs;            /* whose unit (compare_unit) is of this class, in order */
    uint32_t n_split;               /* of the same class then and now, with both totals */
    struct split sum;               /* over those */
    VEC(uint32_t) improved, fallen; /* pairs: those whose part `did` is the greatest, the least */
};

struct comparison {
    struct arena *arena;
    const struct result *old, *new;
    struct rubric_diff diff;
    uint32_t *new_of; /* [old members] MEMBER_NONE: gone */
    bool same_rubric; /* nothing that scores differs: the other two parts are 0 throughout */
    VEC(struct unit_pair) units; /* as the new result prints them, then those that are gone */
    VEC(struct class_change) classes;
};

/* Both results ranked; map may be NULL. */
void compare_results(struct arena *a, const struct result *old, const struct result *new,
                     const struct unit_map *map, struct comparison *out);

/* Whether two single units are held against each other. */
static inline bool pair_is_one(const struct unit_pair *p)
{
    return p->fate == FATE_SAME || p->fate == FATE_RENAMED;
}

/* The unit as the new table has it; one that is gone, as the old one had it. */
const struct unit *compare_unit(const struct comparison *c, const struct unit_pair *p);

enum item_fate { ITEM_OFF, ITEM_COMPARABLE, ITEM_CHANGED, ITEM_NEW, ITEM_GONE };

/* How an item of the new sheet (or, compare_gone, of the old one) fares for units that were of one
 * class and are of another, or of the same: indices of the rubrics' classes and the name. */
struct class_pair {
    uint32_t old, new;
    const char *name;
    bool same;
};
struct class_pair pair_class(const struct comparison *c, const struct unit_pair *p);
enum item_fate compare_item(const struct comparison *c, const struct class_pair *k, uint32_t item);
enum item_fate compare_gone(const struct comparison *c, const struct class_pair *k,
                            uint32_t old_item);
/* Whether this key makes the item incomparable for the class. */
bool compare_hinders(const struct comparison *c, const struct mark *mark,
                     const struct class_pair *k);
/* Whether the points of a section may be subtracted: nothing about it or in it differs. */
bool compare_section(const struct comparison *c, const struct class_pair *k, uint32_t section);

enum deficiency_fate {
    DEFICIENCY_NEW,
    DEFICIENCY_REPEATED,
    DEFICIENCY_RESOLVED,
    DEFICIENCY_NOT_ASKED /* it was there, and the new sheet does not ask about it */
};

struct deficiency_change {
    enum deficiency_fate fate;
    struct deficiency what; /* the new one; of what is resolved or not asked, the old one */
    const char *id;         /* of its item or gate, as `what` has it; NULL: of the unit itself */
    const char *title;
};
typedef VEC(struct deficiency_change) deficiency_changes;

/* Of a pair that is one: those there are now in sheet order, then those there were. One for each
 * item or gate, whatever kind of flag stands there. */
void compare_deficiencies(struct arena *a, const struct comparison *c, const struct unit_pair *p,
                          deficiency_changes *out);

const char *fate_word(enum fate fate);                       /* "renamed": never translated */
const char *item_fate_word(enum item_fate fate);             /* "not_comparable" */
const char *deficiency_fate_word(enum deficiency_fate fate); /* "repeated" */

#endif
