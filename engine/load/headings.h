/*
 * headings.h - what the heading of a column (or a key of a YAML or JSON unit) stands for.
 *
 * A field is named by its id, its label or an alias, each also with the field's own unit behind it
 * (学习次数(次)); a reserved column by its id or Chinese label, or as the rubric's `columns:`
 * renames it; evidence by evidence.<item id> or 佐证:item title. Compared by text_fold. All names
 * stand in one map, so that a header of 100,000 columns is no slower a column than one of ten.
 */
#ifndef KAOPING_HEADINGS_H
#define KAOPING_HEADINGS_H

#include "base/diag.h"
#include "model/rubric.h"

enum heading_kind {
    HEADING_UNKNOWN, /* after a finding, or an empty heading */
    HEADING_FIELD,
    HEADING_RESERVED,
    HEADING_EVIDENCE,
    HEADING_IGNORED,
    HEADING_ELSEWHERE /* a part of the year knows it, the year does not: index is the part */
};

enum reserved {
    RESERVED_ID,
    RESERVED_NAME,
    RESERVED_CLASS,
    RESERVED_PARENT,
    RESERVED_PERIOD,
    RESERVED_NOTES,
    RESERVED_SORT_KEY,
    N_RESERVED
};

struct heading {
    enum heading_kind kind;
    uint32_t index; /* field, enum reserved, or member */
};

struct heading_entry { /* of the names that fold alike */
    struct heading heading;
    uint32_t next;
};

struct headings {
    const struct rubric *rubric;
    struct map names; /* folded name -> first entry */
    VEC(struct heading_entry) entries;
    bool *meant;       /* [n_fields] some heading that was reported is probably this field */
    struct map items;  /* folded id or title of an item -> index into item_of */
    uint32_t *item_of; /* member; members.n for a title that several items have */
};

void headings_init(struct headings *h, struct arena *a, const struct rubric *r);

/* What the text stands for; a finding at the place where that is nothing or several things. d may
 * be NULL. Without a finding nothing stays in the arena. */
struct heading headings_find(const struct headings *h, struct arena *a, struct diag *d, str text,
                             span at);
/* Whether it stands for something, or for several things. */
bool headings_know(const struct headings *h, struct arena *a, str text);
/* The item of that id or title; MEMBER_NONE after a finding. d may be NULL. */
uint32_t headings_item(const struct headings *h, struct arena *a, struct diag *d, str text,
                       span at);

/* "class": never translated. */
const char *reserved_word(enum reserved reserved);

#endif
