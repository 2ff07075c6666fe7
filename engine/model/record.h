/*
 * record.h - a run as it is written down: every figure and word that outputs show, in the order in
 * which they print, and nothing that needs the rubric, the data or the scorer to be understood.
 *
 *   result + rubric + table ──► run_record, unit_record ... ──► table, JSON     (score)
 *                                                           ──► archive         (score --archive)
 *   archive ─────────────────► run_record, unit_record ... ──► table, JSON, history, differences
 *
 * So what is shown of a run years later comes from the same structs, through the same code, as what
 * was shown on the day. Members are sections and items in sheet order, as in the rubric; a unit's
 * figures stand in two arrays, sections and items, each in that order (member_record.slot).
 */
#ifndef KAOPING_RECORD_H
#define KAOPING_RECORD_H

#include "model/result.h"

#define RECORD_NONE UINT32_MAX

struct member_record {
    const char *id, *title; /* title NULL: none of its own */
    uint32_t parent;        /* RECORD_NONE: the whole, bonus, deductions */
    uint32_t slot;          /* index into the unit's sections or items */
    bool is_item, off;
    bool graded; /* a section with grades of its own */
};

struct gate_record {
    const char *id, *title; /* title NULL: none */
};

/* What a quota gave out. */
struct quota_record {
    uint32_t grade;
    const char *group; /* the class; NULL: all units */
    uint32_t ranked, seats, qualified, given;
    dec share, product, rounded; /* as in struct quota_use */
    bool all_in;
    VEC(const char *) tied; /* ids of units tied at the cut */
};

/* A waiver, and whose it is. */
struct waiver_record {
    const char *unit, *name, *class_name;
    struct waiver is; /* .member is an index here too; .unit and .at mean nothing */
};

enum role {
    ROLE_RUBRIC,
    ROLE_BASE, /* what a rubric extends */
    ROLE_SCRIPT,
    ROLE_DATA,
    ROLE_PREVIOUS,
    ROLE_WAIVERS,
    ROLE_SHEET,  /* of one of the rubric's periods, and what it extends */
    ROLE_PERIOD, /* data that were given for one of them */
    N_ROLES
};

const char *role_word(enum role role); /* "rubric": never translated */

struct input_record {
    enum role role;
    const char *path, *digest; /* digest: "sha256:…" of the bytes as they were */
    const char *bytes;         /* [n]; NULL where nobody asked for them */
    size_t n;
};

struct run_record {
    const char *rubric, *title, *period; /* id, title, period of the rubric; period may be NULL */
    const char *digest;                  /* of all files that it stands in, or NULL */
    dec total;                           /* its full marks */
    int places_item, places_section, places_total; /* or DEC_EXACT */
    bool within_all;                               /* all classes are ranked together */
    uint32_t bonus, deductions;                    /* members, or RECORD_NONE */
    VEC(struct member_record) members;
    uint32_t n_sections, n_items;
    VEC(struct gate_record) gates;
    VEC(const char *) grades; /* highest first */
    VEC(struct quota_record) quotas;
    VEC(struct waiver_record) waivers; /* in the order of the units' printout */
    VEC(struct input_record) inputs;
    uint32_t n_units;
    const char *findings; /* as JSON, or NULL */
};

/* Of a section or an item. */
struct figure {
    dec points, due, of; /* DEC_NONE: none */
    uint16_t flags;      /* 1 << enum flag */
    uint8_t state;       /* enum member_state */
    bool on_sheet;       /* of the unit's class */
    const char *grade;   /* a section's own, or NULL */
    const char *value;   /* what an item read, as people write it; NULL: nothing was submitted */
    const char *reason;  /* how its points came about, or NULL */
    const char *na_reason;
};

struct deficiency_record {
    uint32_t member, gate; /* RECORD_NONE: none */
    uint8_t kind;          /* enum flag */
    uint8_t severity;      /* enum level */
    dec lost;
    const char *text, *remedy; /* remedy may be NULL */
    int32_t due;               /* DATE_NONE: none */
};

/* What the unit said does not apply. */
struct claim_record {
    uint32_t member;
    const char *field, *reason; /* id of the field; reason may be NULL */
};

struct unit_record {
    const char *id, *name, *class_name, *parent; /* parent may be NULL; class_name "": none */
    struct outcome outcome;                      /* without `why` and grade_before_quota */
    const char *why;                             /* it has no rank: why, or NULL */
    const uint8_t *gates;                        /* [n_gates] enum gate_state */
    const struct figure *sections;               /* [n_sections] */
    const struct figure *items;                  /* [n_items]; NULL in a light record */
    uint32_t n_deficiencies, n_claims;
    const struct deficiency_record *deficiencies; /* NULL in a light record */
    const struct claim_record *claims;
};

static inline const struct figure *unit_figure(const struct run_record *run,
                                               const struct unit_record *unit, uint32_t member)
{
    const struct member_record *m = &run->members.at[member];
    return m->is_item ? &unit->items[m->slot] : &unit->sections[m->slot];
}

/* The index of the member of that id, or RECORD_NONE. */
uint32_t record_member(const struct run_record *run, const char *id);
/* A section right below the whole, or bonus, or deductions. */
bool record_is_top(const struct run_record *run, uint32_t member);

/* Unit after unit, in the order of the printout; what `out` points to lives until the next one. */
struct unit_reader {
    bool (*next)(struct unit_reader *, struct unit_record *out); /* false: there are no more */
};

/* What of a run is printed. What it was scored with is never limited. */
struct selection {
    const char *only; /* a class, or a unit's id or name; NULL: all */
    uint32_t top;     /* those of these ranks, wherever they are ranked; 0: all */
};

bool selection_has(const struct selection *, const char *id, const char *name,
                   const char *class_name, uint32_t rank);
bool record_is_meant(const struct unit_record *unit, const struct selection *);
/* Waivers by `only` alone: who looks at the best wants to know who was excused. */
bool waiver_is_meant(const struct waiver_record *waiver, const struct selection *);

#endif
