/*
 * fields.h - the data dictionary: every value a unit may submit (rubric-language.md, Data files).
 */
#ifndef KAOPING_FIELDS_H
#define KAOPING_FIELDS_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/map.h"
#include "base/source.h"

#include <stdbool.h>
#include <stdint.h>

#define FIELD_NONE UINT32_MAX

enum field_type {
    FIELD_COUNT, /* whole and >= 0 */
    FIELD_NUMBER,
    FIELD_PERCENT, /* 67.57 of 100 */
    FIELD_YESNO,   /* 1 or 0 */
    FIELD_DATE,    /* days since 1970-01-01 */
    FIELD_CHOICE,  /* index of the option */
    FIELD_TEXT,    /* index into table.texts */
    FIELD_LIST,    /* index into table.lists */
    N_FIELD_TYPES
};

struct field {
    const char *id;
    const char *label; /* the id where the rubric gives none; never NULL */
    const char *unit;  /* 次, or NULL */
    VEC(const char *) aliases;
    VEC(const char *) options; /* of a choice */
    enum field_type type;
    bool required, by_assessor;
    dec min, max; /* DEC_NONE: no bound; a date's as days */
    bool used;    /* by an item, a gate or a tie-break */
    span at;      /* the id in the rubric */
};

struct fields {
    VEC(struct field) list;
    struct map by_id;
};

/* "count", "yesno": as the rubric writes it. */
const char *field_type_word(enum field_type type);
/* Numbers are shown as people write them: 12, 67.57%, 是/no, 2024-12-20, the option's name. Texts
 * and lists are shown by table_value_text. In arena a. */
const char *field_value_text(struct arena *a, const struct field *f, dec value);

#endif
