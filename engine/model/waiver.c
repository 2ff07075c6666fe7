/* waiver.c - looking waivers up, and how they are told: see waiver.h. */
#include "model/waiver.h"

#include "base/date.h"
#include "base/i18n.h"
#include "model/rubric.h"

/* The first that stands at or behind (unit, member). */
static uint32_t first_from(struct waivers all, uint32_t unit, uint32_t member)
{
    uint32_t from = 0, to = all.n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const struct waiver *w = &all.at[middle];
        if (w->unit < unit || (w->unit == unit && w->member < member)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

struct waivers waivers_of(struct waivers all, uint32_t unit)
{
    struct waivers own = {NULL, 0};
    if (all.n > 0) {
        uint32_t from = first_from(all, unit, 0);
        own.at = all.at + from;
        own.n = first_from(all, unit + 1, 0) - from;
    }
    return own;
}

const struct waiver *waiver_of(struct waivers own, const struct rubric *r, uint32_t item)
{
    const struct waiver *expired = NULL;
    for (uint32_t m = item; own.n > 0 && m != MEMBER_NONE; m = r->members.at[m].parent) {
        uint32_t i = first_from(own, own.at->unit, m);
        if (i == own.n || own.at[i].member != m) {
            continue;
        }
        if (!own.at[i].expired) {
            return &own.at[i];
        }
        expired = expired ? expired : &own.at[i];
    }
    return expired;
}

bool waivers_count(struct waivers own)
{
    for (uint32_t i = 0; i < own.n; i++) {
        if (!own.at[i].expired) {
            return true;
        }
    }
    return false;
}

const char *waiver_effect_word(enum waiver_effect effect)
{
    return effect == WAIVER_FULL ? "full" : "not_applicable";
}

const char *waiver_text(struct arena *a, const struct waiver *w)
{
    char day[DATE_TEXT];
    const char *effect = w->effect == WAIVER_FULL ? _("full marks") : _("not applicable");
    const char *until = _("for the whole period");
    if (w->until != DATE_NONE) {
        until = arena_printf(a, w->expired ? _("until %s, expired") : _("until %s"),
                             date_text(w->until, day));
    }
    return arena_printf(a, _("%s: %s; approved by %s, %s"), effect, w->reason, w->approved_by,
                        until);
}
