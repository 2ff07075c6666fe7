/*
 * stand.h - who stands where, from one small record a unit (rubric-language.md, Grades and ranks).
 *
 *   tally ─► standing [points | id | row | class ...]  by workers, in the order of the data, each
 *                                                      to where its class stands
 *         ─► sorted, ranked                            a class at a time
 *
 * Points, vetoes and the way they count are put into one number, so that two units are tied exactly
 * where their numbers (and tie-breaks) are the same; the grounds are model/standing.h's.
 */
#ifndef KAOPING_STAND_H
#define KAOPING_STAND_H

#include "analyse/rank.h"
#include "bulk/tally.h"

struct stand {
    uint64_t points; /* the smaller the better; UINT64_MAX: no rank */
    uint64_t id;     /* its first eight bytes, so that they compare as numbers */
    uint32_t row;    /* which of those that are kept */
    uint32_t group;
    uint32_t rank;  /* 0: none */
    uint32_t grade; /* with STAND_TIED: treated alike with others at a quota's cut */
};

#define STAND_TIED ((uint32_t)1 << 31)
#define STAND_NO_GRADE (STAND_TIED - 1)

static inline uint32_t stand_grade(uint32_t grade, bool tied)
{
    return (grade == GRADE_NONE ? STAND_NO_GRADE : grade) | (tied ? STAND_TIED : 0);
}

struct stands {
    struct tallying tallying;
    struct keeping keeping; /* what the outputs ask for of a unit */
    struct stand *all;      /* [n_units] in the order in which they print */
    char *kept;             /* [n_units × keeping.size] results, or else packed rows */
    char *far;              /* [n_units × keeping.far] */
    uint64_t *breaks;       /* [n_units × n_breaks] by stand.row, the smaller the better */
    uint32_t n_breaks;
    uint64_t *meets; /* [n_units] as struct variant has it; NULL: no quota asks */
    uint32_t n_scopes;
    uint32_t *start;  /* [n_scopes + 1] in `all`: of a class, or of all ranked together */
    uint32_t *ranked; /* [groups] units that have a rank, of all where all are ranked together */
    struct ranking_result ranking;
};

/* What was kept of the unit: its result if keeping.on, or else its packed row. */
static inline char *stands_kept(const struct stands *s, uint32_t row)
{
    return s->kept + (size_t)row * s->keeping.size;
}

static inline struct kept_at stands_kept_at(const struct stands *s, uint32_t row)
{
    return (struct kept_at){stands_kept(s, row), s->far + (size_t)row * s->keeping.far};
}

/* Scores and ranks them all; false: there is something to be said that this does not say. Findings
 * about gates that cannot be decided are added to d. */
bool stands_make(struct stands *s, struct arena *a, struct diag *d, unsigned jobs);

/* Calls the scripts that are called for each unit and read nothing but its cells, and keeps what
 * they give in the rows; false: one failed. */
bool stands_call_scripts(const struct tallying *tallying, unsigned jobs);

/* Units that stands_unit is going to be asked for, BATCH_ROWS at most. */
void stands_ready(const struct stands *s, struct tally *t, const struct stand *const *at,
                  uint32_t n);
/* The result of the i-th of those into t->result, with its rank and grade: what of it was kept, or
 * else scored once more. False after a finding. */
bool stands_unit(const struct stands *s, struct tally *t, const struct stand *at, uint32_t i);
/* Its id and name, in arena a or with what is kept. */
void stands_names(struct arena *a, const struct stands *s, const struct stand *at, const char **id,
                  const char **name);

#endif
