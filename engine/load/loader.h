/*
 * loader.h - what the parts of the rubric loader share: names, typed getters, numbers by class.
 *
 *   rubric_load   the order of things, the rubric's own keys       numbers       numbers, by class
 *   overlay       `extends`: several files become one document
 *   periods_load  the periods that this one is made of
 *   fields_load   the data dictionary, columns                     keys          text, words, lists
 *   member_load   sections and items, what they inherit            loader        names and ids
 *   item_load     an item's own keys
 *   rule_load     methods' keys          rule_check   their sense
 *   cond_load     conditions             operand_load what they read
 *   grades_load   gates, grades, ranking
 *   script_load   uses of Lua and their files    script_reads   what they read, with which
 * parameters points_check  sums for every class   rubric_check everything else
 *
 * One slip costs one finding. Three means: a node that was reported is marked bad, and every getter
 * passes it on in silence; a misspelt key near a known one is reported and then taken for that one;
 * a number that was given but is wrong keeps its place without a value (num_bad), and what would be
 * computed from it is not checked.
 */
#ifndef KAOPING_LOADER_H
#define KAOPING_LOADER_H

#include "base/diag.h"
#include "load/node.h"
#include "lua/describe.h"
#include "model/rubric.h"

#include <stdbool.h>

/* So that numbers by class cannot be used to eat all memory. */
#define CLASSES_MOST 100U

/* What only the loader knows of a member. */
struct draft {
    struct node *node;
    uint32_t starts, done; /* places in the order of calculation: of its first item, its own */
    bool sum_wrong;        /* a section's: it was reported */
    bool doubtful;         /* its points were reported or cannot be told */
    bool no_points;        /* it was reported that items lack theirs */
    bool below_given, severity_given; /* the deficiency's, by the rubric */
};

/* Where a condition or script stands, and so what it may read (rubric-language.md, Order of
 * calculation). */
struct reader_place {
    uint32_t before;  /* members whose `done` is less */
    bool base;        /* points.base */
    bool total;       /* points.total */
    bool tie_break;   /* read when all units are scored */
    bool off;         /* not on this period's sheet: nothing is read for it */
    const char *what; /* "the item's condition", for messages; translated */
};

/* What only the loader knows of a script: its places in the rubric, until scripts_settle. */
struct script_draft {
    struct node *params; /* or NULL */
    struct reader_place place;
    uint32_t member;    /* the item it computes, or MEMBER_NONE */
    struct cond *cond;  /* the condition it decides, or NULL */
    script_names names; /* of an expression */
};

enum name_kind { NAME_FIELD, NAME_MEMBER, NAME_CLASS, NAME_GRADE, NAME_OPTION, N_NAME_KINDS };

struct loader {
    struct arena *arena;
    struct diag *diag;
    struct rubric *rubric;
    struct node *root;
    struct map class_by_name;
    struct map taken; /* ids of items, sections and gates: index into taken_at */
    VEC(span) taken_at;
    VEC(struct draft) drafts;               /* one for each member */
    VEC(struct script_draft) script_drafts; /* one for each script */
    struct map reported[N_NAME_KINDS];      /* unknown names are reported once */
    uint32_t n_reported;
    VEC(uint32_t) doubtful_fields;
    /* Whether a name that is not found can be blamed: not while their list could not be read. */
    bool fields_known, members_lost, classes_lost;
    bool block_lost;    /* content of some block was reported where it does not belong */
    bool issued_needed; /* some deadline counts days from `issued` */
    const char *const *any_method_keys;
    const char *part_of_period; /* the period that another rubric has this one for, or NULL */
    uint32_t clock;             /* the next place in the order of calculation */
};

static inline uint32_t n_class_slots(const struct loader *l) { return l->rubric->classes.n + 1; }

/* ---- loader.c: names and ids ---- */

/* Whether the text can be an id; reports it otherwise. `what`: "field", "item". */
bool id_check(struct loader *l, str id, span at, const char *what);
/* Takes an id for an item, section or gate; false after a finding. */
bool id_take(struct loader *l, str id, span at);

/* Indices by name; a name that does not exist is reported (once) with the nearest, and yields
 * FIELD_NONE, MEMBER_NONE, n_classes, GRADE_NONE. */
uint32_t find_field(struct loader *l, str name, span at);
uint32_t find_member(struct loader *l, str name, span at);
uint32_t find_class(struct loader *l, str name, span at);
uint32_t find_grade(struct loader *l, str name, span at);
/* Reports (once) that the field has no such option; the one that was meant, or NULL. */
const char *option_report(struct loader *l, const struct field *f, str name, span at);
/* Whether one of the grades has no name, after a finding: it may be the one that is looked for. */
bool grade_nameless(const struct grade *grades, uint32_t n);
/* For names that were not found elsewhere: whether to report (the first time), then how. */
bool first_report(struct loader *l, enum name_kind kind, str name);

/* The text between the quotes of a scalar is `n` bytes at `offset` of it; the place of that part.
 */
span scalar_part(const struct node *scalar, size_t offset, size_t n);
const char *keep_text(struct loader *l, str s);
/* A path in a file means: from the folder of that file. */
const char *path_beside(struct arena *a, const struct source *s, str path);

/* ---- keys.c: maps and what stands in them ---- */

/*
 * Reports the keys of a map that stand in none of the lists (NULL-terminated; `more` may be NULL),
 * each with the nearest, and takes a near miss for the key that was meant. Those in `not_built` get
 * a finding of their own. False if it is no map (reported).
 */
bool keys_known(struct loader *l, struct node *map, const char *const *known,
                const char *const *more, const char *const *not_built);
bool key_in(const char *const *list, str key);
/* A finding said that another block's content stands where it does not belong: that block is not
 * missing too. */
void block_astray(struct loader *l);
/* What elements of lists are, told by keys that no other kind has. */
enum element { ELEMENT_ITEM, ELEMENT_SECTION, ELEMENT_GATE, ELEMENT_GRADE, N_ELEMENTS };
/* Joins, after a finding, what a '- ' too many has cut in two. */
void mend_elements(struct loader *l, struct node *list, enum element kind);
/* Whether an element is to be passed over, after a finding: it belongs to another list, whose first
 * line is lost (said once for the list), or it holds nothing but an id. */
bool element_astray(struct loader *l, struct node *list, uint32_t index, enum element kind);
/* The place of a key in a map, or the map's. */
span key_span(const struct node *map, const char *key);

bool is_map(struct loader *l, struct node *n);
/* A list with at least one element. */
bool is_list(struct loader *l, struct node *n);
/* Text that is not empty; reported otherwise. */
bool is_text(struct loader *l, struct node *n);

/* A key that is needed is not in the map (which may be NULL), unless an unknown key that stands
 * there may be it: each of those excuses one. */
void missing_key(struct loader *l, struct node *map, span at, const char *key, const char *why);
bool key_excused(struct node *map);
/* That exactly one of two things may be given. */
void either_or(struct loader *l, span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* rubric_load.c: whether l->root is written in a version that this program does not know, after a
 * finding. */
bool is_other_version(struct loader *l);
/* False (and a finding) if the key is not there. */
bool required(struct loader *l, struct node *map, const char *key, span at);

/* NULL: not given or reported. */
const char *get_text(struct loader *l, struct node *map, const char *key);

struct word {
    const char *text;
    int value;
};
#define N_WORDS(words) (sizeof(words) / sizeof *(words))
/* Whether a word of the list was given; then its value in *out. */
bool read_word(struct loader *l, struct node *n, const struct word *words, size_t n_words,
               int *out);
bool get_word(struct loader *l, struct node *map, const char *key, const struct word *words,
              size_t n_words, int *out);
/* true/false, yes/no; false if not given. */
bool get_flag(struct loader *l, struct node *map, const char *key);
/* A whole number from least to most. */
bool read_whole(struct loader *l, struct node *n, uint32_t least, uint32_t most, uint32_t *out);
bool get_whole(struct loader *l, struct node *map, const char *key, uint32_t least, uint32_t most,
               uint32_t *out);
/* A list's elements, or the single scalar in place of a list. 0 if not given or reported. */
uint32_t get_elements(struct loader *l, struct node *map, const char *key, struct node ***out);
/* The same for names, which hold no commas: those that a full-width comma keeps together are taken
 * apart, after a finding. */
uint32_t get_names(struct loader *l, struct node *map, const char *key, struct node ***out);
void part_at_wide_commas(struct loader *l, struct node *list);

/* ---- numbers.c ---- */

enum number_kind {
    NUMBER_ANY,
    NUMBER_POINTS,   /* 0 or more */
    NUMBER_POSITIVE, /* more than 0 */
    NUMBER_NATURAL,  /* whole, at least 1 */
    NUMBER_SHARE,    /* 0% to 100%, as percent points */
    NUMBER_FACTOR,   /* 0% or more */
    NUMBER_PERCENT,  /* a value of a percent field: 67.57% or 67.57 */
    NUMBER_DATE,     /* as days */
    NUMBER_LOOSE,    /* after a finding about the field: with % or without */
};

/* A number that was given and is wrong. */
static inline bool num_bad(const struct num *n) { return !n->v && n->at.source; }
/* The place of a number that stands in no text: a default. */
struct num num_single(struct loader *l, dec value);

/* One number; false after a finding. */
bool read_dec(struct loader *l, struct node *n, enum number_kind kind, dec *out);
/* A number or one by class. for_class: the classes that must have one; NULL: all. */
void read_num(struct loader *l, struct node *n, enum number_kind kind, const bool *for_class,
              struct num *out);
/* The same; which classes need one is checked later (points_check.c). */
void read_num_partial(struct loader *l, struct node *n, enum number_kind kind, struct num *out);
/* "0.25 per 1%", by class too. step: the kind of the step. */
void read_rate(struct loader *l, struct node *n, enum number_kind step, const bool *for_class,
               struct num *lose, struct num *per);
/* The same with points of either sign. */
void read_signed_rate(struct loader *l, struct node *n, enum number_kind step,
                      const bool *for_class, struct num *points, struct num *per);
/* "1 per day", "2 per 3 weeks". */
void read_time_rate(struct loader *l, struct node *n, const bool *for_class, struct num *lose,
                    struct num *per, enum time_unit *unit);
/* "4 days", by class too. */
void read_time(struct loader *l, struct node *n, const bool *for_class, struct num *out,
               enum time_unit *unit);
/* A date, or "30 days". */
bool read_deadline(struct loader *l, struct node *n, struct deadline *out);
/* "best 3": the word and a whole number from 1. */
bool read_word_number(struct loader *l, struct node *n, const char *word, uint32_t *out);

/* Whether the number of a class that matters is given: for_class NULL is every class. */
void need_classes(struct loader *l, const struct num *n, const bool *for_class);

/* ---- the parts, in the order they are called ---- */

void periods_load(struct loader *l); /* periods_load.c */
/* Index of the period that an item names; PERIOD_NONE after a finding. */
uint32_t find_period(struct loader *l, str name, span at);
/* At the end: that each is read. */
void periods_check(struct loader *l);
void fields_load(struct loader *l); /* fields_load.c */
/* At the end: a field that something is wrong with becomes a choice of nothing, so that no cell is
 * held against it; that there are none at all is said now, when it is known what went astray. */
void fields_settle(struct loader *l);
void columns_load(struct loader *l);
void members_load(struct loader *l); /* member_load.c */
bool all_have_weights(const struct loader *l, const struct member *section);
extern const char *const shared_keys[];            /* what item, section and rubric may all carry */
void rule_load(struct loader *l, uint32_t member); /* rule_load.c */
/* The names of the keys a method takes, NULL-terminated; of all methods for METHOD_NONE. */
const char *const *method_keys(struct loader *l, enum method_id method);
/* METHOD_NONE if there is no such method. */
enum method_id method_named(str word);
void rule_check(struct loader *l, uint32_t member); /* rule_check.c */
void rule_check_tops(
    struct loader *l);              /* highest points against full marks, once sums are checked */
void grades_load(struct loader *l); /* grades_load.c */
void section_grades_load(struct loader *l, uint32_t member);
void gates_load(struct loader *l);
void ranking_load(struct loader *l);

struct script_owner;
const struct cond *cond_load(struct loader *l, struct node *n, const struct script_owner *owner);
/* when: {script: file, params: {...}} */
const struct cond *cond_load_script(struct loader *l, struct node *map,
                                    const struct script_owner *owner);
/* Something on this period's sheet reads the previous one. */
void reads_previous(struct loader *l, span at);
/* Likewise subordinate units. */
void reads_children(struct loader *l, span at);
/* The member of subordinate units that is read; MEMBER_NONE and found: their total. */
uint32_t find_child_member(struct loader *l, str name, span at, bool *found);
/* A name as conditions have them; false after a finding. */
bool operand_load(struct loader *l, str name, span at, const struct reader_place *place,
                  struct operand *out);
void conditions_load(struct loader *l); /* `when` of all members, with what they inherit */

/* ---- script_load.c, script_reads.c: what is computed in Lua ---- */

/* Who uses a script. */
struct script_owner {
    enum script_use use;
    const char *id, *title;
    struct script_draft draft;
};

/* A script of rubric.scripts that runs the file of that name; SCRIPT_NONE after a finding. What it
 * reads is settled later: scripts_settle. */
uint32_t script_use_file(struct loader *l, struct node *name, const struct script_owner *owner);
/* The same for a formula or a condition: one Lua expression. */
uint32_t script_use_expression(struct loader *l, str text, span at,
                               const struct script_owner *owner);
/* A map {script: file, params: {...}} for a gate's `when`. */
uint32_t script_use_map(struct loader *l, struct node *map, const struct script_owner *owner);
/* Reads the modules, has all chunks described, resolves what scripts read, and their parameters. */
void scripts_settle(struct loader *l);
/* script_reads.c: the name of an input, in a place that may read it. */
bool input_load(struct loader *l, str name, span at, const struct script *s,
                const struct reader_place *place, struct input *out);
void script_params(struct loader *l, struct script *s, struct node *map,
                   const struct script_description *d);

void points_check(struct loader *l);              /* points_check.c */
void item_load(struct loader *l, uint32_t index); /* item_load.c */
/* Keys that items and sections read alike (member_load.c). */
void load_weight(struct loader *l, struct node *map, struct member *m);
bool load_floor(struct loader *l, struct node *map);
bool load_none(struct loader *l, struct node *map, const char *key);
void rubric_check(struct loader *l); /* rubric_check.c */
/* Every field an item reads, by way of its rule. */
void rule_each_field(const struct rule *rule, void (*each)(void *, uint32_t field), void *context);
void default_add(struct loader *l, const char *key, const char *value, uint32_t member);

#endif
