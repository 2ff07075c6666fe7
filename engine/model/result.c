/* result.c - words of the result that are never translated. */
#include "model/result.h"

static const char *const flag_words[N_FLAGS] = {
    [FLAG_SHORTFALL] = "shortfall",           [FLAG_NOT_REPORTED] = "not_reported",
    [FLAG_PLACEHOLDER] = "placeholder",       [FLAG_PLANNED] = "planned",
    [FLAG_APPROXIMATE] = "approximate",       [FLAG_CONTRADICTORY] = "contradictory",
    [FLAG_NO_EVIDENCE] = "no_evidence",       [FLAG_NO_REASON] = "no_reason",
    [FLAG_UNANSWERED] = "unanswered",         [FLAG_OTHER_PERIOD] = "other_period",
    [FLAG_WAIVER_EXPIRED] = "waiver_expired", [FLAG_SCRIPT] = "script",
};

const char *flag_word(enum flag flag) { return flag_words[flag]; }

const char *unit_state_word(enum unit_state state)
{
    static const char *const words[] = {"ranked", "incomplete", "not_applicable", "error",
                                        "ranked"};
    return words[state];
}

const char *member_state_word(enum member_state state)
{
    static const char *const words[] = {"off",    "scored", "missing", "not_applicable",
                                        "waived", "error"};
    return words[state];
}

bool result_need_holds(const struct rubric *r, const struct need *need, uint32_t class,
                       const struct cellres *members)
{
    const struct cellres *cell = &members[need->member];
    switch ((enum member_state)cell->state) {
    case STATE_OFF:
    case STATE_NA:
    case STATE_WAIVED:
        return true; /* a need on what does not apply holds */
    case STATE_SCORED:
    case STATE_MISSING:
    case STATE_ERROR:
        break;
    }
    if (cell->points == DEC_NONE) {
        return false; /* it applies, but silence left it without a result */
    }
    dec full = member_points(r, need->member, class);
    return cell->points >= dec_muldiv(full, num_of(&need->share, class), dec_from_int(100));
}

uint32_t result_section_grade(const struct result *r, uint32_t unit, uint32_t section)
{
    const struct member *m = &r->rubric->members.at[section];
    dec points = result_member(r, unit, section)->points;
    if (points == DEC_NONE || m->grades.n == 0) {
        return GRADE_NONE;
    }
    return band_of(m->grades.at, m->grades.n, points, r->table->units.at[unit].class);
}

const struct note *result_note(const struct result *r, uint32_t unit, uint32_t member)
{
    uint32_t low = 0, high = r->notes.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct note *n = &r->notes.at[middle];
        if (n->unit < unit || (n->unit == unit && n->member < member)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct note *n = low < r->notes.n ? &r->notes.at[low] : NULL;
    return n && n->unit == unit && n->member == member ? n : NULL;
}
