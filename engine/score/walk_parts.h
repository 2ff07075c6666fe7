/*
 * walk_parts.h - what the files of the walk share: limits of a value, gates, policies, the trace.
 */
#ifndef KAOPING_WALK_PARTS_H
#define KAOPING_WALK_PARTS_H

#include "score/condition.h"
#include "score/walk.h"

static inline const struct rubric *walk_rubric(const struct walk *w)
{
    return w->context.plan->rubric;
}

/* Inside the total, not in bonus or deductions. */
static inline bool walk_in_total(const struct member *m) { return m->group == 0; }

/* For messages: all the places there are, at most eight. */
static inline const char *walk_shown(wide value, char text[DEC_TEXT])
{
    return dec_text(wide_to_dec(value), DEC_EXACT, text);
}

/* The unit is left out, because of the error added last. */
void walk_blame(struct walk *w);
/* An error at the unit's cell (FIELD_NONE: its row); the unit is left out. */
void walk_fail(struct walk *w, enum finding_id id, uint32_t field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What the script called last has flagged, if it has. */
void walk_say_flags(struct walk *w, uint32_t member, uint16_t flags);

struct condition_input walk_condition_input(const struct walk *w);

/* A member's value in one pass, or in all of them. */
void walk_set(struct walk *w, uint32_t member, enum walk_pass pass, wide value, bool counts);
void walk_set_all(struct walk *w, uint32_t member, wide value, bool counts);

/* floor and cap; then gates that zero or limit the member; then rounding. Each says what it did. */
wide walk_clamp(struct walk *w, uint32_t member, wide value, enum walk_pass pass);
wide walk_limited(struct walk *w, uint32_t member, wide value, enum walk_pass pass);
dec walk_rounded_dec(struct walk *w, uint32_t member, dec value, int places, enum walk_pass pass);
wide walk_rounded(struct walk *w, uint32_t member, wide value, int places, enum walk_pass pass);

/* A member that does not apply: what its policy makes of it. True if it counts as scored. */
bool walk_policy_value(const struct walk *w, const struct member *m, uint32_t member, wide *value);

/* The parts of walk_unit. */
void walk_item(struct walk *w, const struct op *op);
/* What a method makes of an item: limited, quantised and rounded. */
wide walk_item_points(struct walk *w, const struct op *op, wide value, enum walk_pass pass);
dec walk_item_dec(struct walk *w, const struct op *op, wide value, enum walk_pass pass);
/* What a section's members make, in one pass: limited, rounded and set as its points. */
void walk_section_points(struct walk *w, const struct op_section *op, enum walk_pass pass,
                         wide value);
/* What was made of a member, for conditions and for the result. */
void walk_settle(struct walk *w, uint32_t member);
/* From the sections to the total, gates and the grade before quotas. */
void walk_outcome(struct walk *w);
/* One item by itself, as if the unit had no other: for those that read nothing but cells. */
void walk_one_item(struct walk *w, const struct op *op);
void walk_total(struct walk *w);
/* The total if what is missing were worth nothing, and full marks; gates as they are. */
void walk_bounds(struct walk *w);
/* Decides the gates that cap the total, or all the others. */
void walk_gates(struct walk *w, bool caps);
void walk_grade(struct walk *w);

#endif
