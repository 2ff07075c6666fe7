/* record.c - see record.h. */
#include "model/record.h"

#include <string.h>

const char *role_word(enum role role)
{
    static const char *const words[N_ROLES] = {"rubric",   "base",    "script", "data",
                                               "previous", "waivers", "sheet",  "period"};
    return words[role];
}

uint32_t record_member(const struct run_record *run, const char *id)
{
    for (uint32_t m = 0; m < run->members.n; m++) {
        if (strcmp(run->members.at[m].id, id) == 0) {
            return m;
        }
    }
    return RECORD_NONE;
}

bool record_is_top(const struct run_record *run, uint32_t member)
{
    const struct member_record *m = &run->members.at[member];
    return !m->is_item && !m->off && member != RUBRIC_ROOT &&
           (m->parent == RUBRIC_ROOT || m->parent == RECORD_NONE);
}

static bool is_meant(const char *only, const char *id, const char *name, const char *class_name)
{
    return !only || strcmp(class_name, only) == 0 || strcmp(id, only) == 0 ||
           strcmp(name, only) == 0;
}

bool selection_has(const struct selection *s, const char *id, const char *name,
                   const char *class_name, uint32_t rank)
{
    bool on_top = s->top == 0 || (rank > 0 && rank <= s->top);
    return on_top && is_meant(s->only, id, name, class_name);
}

bool record_is_meant(const struct unit_record *unit, const struct selection *s)
{
    return selection_has(s, unit->id, unit->name, unit->class_name, unit->outcome.rank);
}

bool waiver_is_meant(const struct waiver_record *waiver, const struct selection *s)
{
    return is_meant(s->only, waiver->unit, waiver->name, waiver->class_name);
}
