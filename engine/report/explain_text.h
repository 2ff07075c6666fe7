/*
 * explain_text.h - the sentences of an explanation, each with the figures to recompute it by hand;
 * said alike to people and in JSON. Translated; in arena a.
 */
#ifndef KAOPING_EXPLAIN_TEXT_H
#define KAOPING_EXPLAIN_TEXT_H

#include "analyse/grade.h"
#include "report/report.h"

/* "优秀 needs 80% × 20 = 16 of 组织领导: 17, holds" */
const char *explain_grade_step(struct arena *a, const struct result *r, uint32_t unit,
                               const struct grade_step *step);
/* "弄虚作假 (false_report): fired, as false_material; grade at best 不合格" */
const char *explain_gate(struct arena *a, const struct result *r, uint32_t unit, uint32_t gate);
/* "rank 3 of 40 in street" or why there is none. */
const char *explain_rank(struct arena *a, const struct result *r, uint32_t unit);

/* The units with as many points and how they were told apart, at most `most` on either side. */
typedef VEC(const char *) explain_lines;
void explain_ties(struct arena *a, const struct result *r, uint32_t unit, uint32_t most,
                  explain_lines *out);

/* "missing: zero (理论学习)" */
const char *explain_default(struct arena *a, const struct rubric *rubric,
                            const struct default_used *d);
/* "shortfall", "not reported", "major", … for people; flag_word and level_word are for programs. */
const char *explain_flag(enum flag flag);
const char *explain_level(enum level level);

#endif
