/*
 * rule_load.h - the table of methods as rubrics write them: which keys each takes, and how they are
 * read.
 *
 * To add a method: a line in `methods` (rule_load.c), the list of its keys, its sense in
 * rule_check.c.
 */
#ifndef KAOPING_RULE_LOAD_H
#define KAOPING_RULE_LOAD_H

#include "load/loader.h"

/* Sets of field types. */
#define TYPE(name) (1U << FIELD_##name)
#define NUMERIC (TYPE(COUNT) | TYPE(NUMBER) | TYPE(PERCENT))

/* While an item's rule is read. */
struct rule_reader {
    struct loader *l;
    struct node *map;
    struct member *member;
    struct rule *rule;
    uint32_t index;              /* of the member */
    unsigned types;              /* of fields that the method reads */
    enum number_kind value_kind; /* of numbers that are compared with the field's value */
};

struct rule_key {
    const char *word; /* NULL ends a list */
    void (*read)(struct rule_reader *, struct node *, const struct rule_key *);
    size_t offset;         /* of the struct num in struct rule, for the readers of numbers */
    enum number_kind kind; /* likewise */
    const char *needed;    /* a hint if the key must be given; NULL: it need not */
};

struct method_entry {
    const char *word;
    unsigned types;
    const struct rule_key *keys;
};

extern const struct method_entry methods[N_METHODS];

/* The field of that name if its type is among `types`; FIELD_NONE after a finding. */
uint32_t rule_field(struct rule_reader *r, struct node *name, unsigned types);
/* Field names in a list; those that are wrong or stand twice are left out after a finding. */
void rule_number(struct rule_reader *r, struct node *n, enum number_kind kind, struct num *out);

/* rule_parts.c: keys that hold lists and maps. */
void read_parts(struct rule_reader *, struct node *, const struct rule_key *);
void read_events(struct rule_reader *, struct node *, const struct rule_key *);
void read_short_fields(struct rule_reader *, struct node *, const struct rule_key *);
void read_rating_fields(struct rule_reader *, struct node *, const struct rule_key *);
void read_levels(struct rule_reader *, struct node *, const struct rule_key *);
void read_scores(struct rule_reader *, struct node *, const struct rule_key *);
void read_tiers(struct rule_reader *, struct node *, const struct rule_key *);
void read_rank_tiers(struct rule_reader *, struct node *, const struct rule_key *);
void read_rates(struct rule_reader *, struct node *, const struct rule_key *);

#endif
