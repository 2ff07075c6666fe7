/* result.c - words of the result that are never translated. */
#include "model/result.h"

static const char *const flag_words[N_FLAGS] = {
    [FLAG_SHORTFALL] = "shortfall",
    [FLAG_NOT_REPORTED] = "not_reported",
    [FLAG_PLACEHOLDER] = "placeholder",
    [FLAG_PLANNED] = "planned",
    [FLAG_APPROXIMATE] = "approximate",
    [FLAG_CONTRADICTORY] = "contradictory",
    [FLAG_NO_EVIDENCE] = "no_evidence",
    [FLAG_NO_REASON] = "no_reason",
    [FLAG_UNANSWERED] = "unanswered",
    [FLAG_OTHER_PERIOD] = "other_period",
    [FLAG_WAIVER_EXPIRED] = "waiver_expired",
    [FLAG_SCRIPT] = "script",
};

const char *flag_word(enum flag flag)
{
    return flag_words[flag];
}
