/*
 * waivers.c - what the waivers of all files mean: names to indices, words to effects, dates; then
 * in order, and each only once. See waivers.h.
 */
#include "load/waivers.h"

#include "base/date.h"
#include "base/i18n.h"
#include "load/waivers_read.h"

#include <stdlib.h>
#include <string.h>

/* A suggestion is only looked for where it will be printed: findings show at most 20 of an id. */
#define SUGGESTIONS_MOST 20U

struct loading {
    struct arena *arena;
    struct diag *diag;
    struct table *table;
    VEC(struct waiver) list;
    uint32_t n_unknown;
};

static int shown(str s) { return (int)text_fit(s.at, s.n, 40); }

/* ---- one waiver ---- */

/* Whether there is something to read; a finding where there should be. */
static bool is_given(struct loading *l, const struct waiver_given *g, enum waiver_key key)
{
    if (g->text[key].n == 0 && !g->bad[key] && key != WAIVER_KEY_UNTIL) {
        span at = g->at[key];
        bool of_map = at.offset == g->whole.offset && at.length == g->whole.length;
        diag_add(l->diag, FINDING_MISSING_KEY, at,
                 of_map ? _("the waiver lacks `%s`") : _("the waiver's `%s` is empty"),
                 waiver_keys[key]);
    }
    return g->text[key].n > 0 && !g->bad[key];
}

static void suggest_unit(struct loading *l, str id)
{
    const struct table *t = l->table;
    struct nearest near = {.name = id};
    if (l->n_unknown++ >= SUGGESTIONS_MOST) {
        return;
    }
    for (uint32_t u = 0; u < t->units.n; u++) {
        if (str_is(id, t->units.at[u].name)) {
            diag_did_you_mean(l->diag, t->units.at[u].id);
            return;
        }
        nearest_offer(&near, t->units.at[u].id);
    }
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
}

static uint32_t read_unit(struct loading *l, const struct waiver_given *g)
{
    if (!is_given(l, g, WAIVER_KEY_UNIT)) {
        return UNIT_NONE;
    }
    str id = g->text[WAIVER_KEY_UNIT];
    uint32_t unit = map_get(&l->table->unit_by_id, id);
    if (unit != MAP_NONE) {
        return unit;
    }
    diag_add(l->diag, FINDING_UNKNOWN_UNIT, g->at[WAIVER_KEY_UNIT],
             _("a waiver for '%.*s': no data file has a unit with this id"), shown(id), id.at);
    suggest_unit(l, id);
    return UNIT_NONE;
}

static uint32_t read_member(struct loading *l, const struct waiver_given *g)
{
    const struct rubric *r = l->table->rubric;
    if (!is_given(l, g, WAIVER_KEY_ITEM)) {
        return MEMBER_NONE;
    }
    str id = g->text[WAIVER_KEY_ITEM];
    uint32_t member = map_get(&r->member_by_id, id);
    if (member != MAP_NONE && member != RUBRIC_ROOT) {
        return member;
    }
    struct nearest near = {.name = id};
    diag_add(l->diag, FINDING_UNKNOWN_MEMBER, g->at[WAIVER_KEY_ITEM],
             _("a waiver for '%.*s': the rubric has no such item or section"), shown(id), id.at);
    for (uint32_t m = 1; m < r->members.n && l->n_unknown < SUGGESTIONS_MOST; m++) {
        nearest_offer(&near, r->members.at[m].id);
    }
    l->n_unknown++;
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
    return MEMBER_NONE;
}

static enum waiver_effect read_effect(struct loading *l, const struct waiver_given *g)
{
    str word = g->text[WAIVER_KEY_EFFECT];
    if (!is_given(l, g, WAIVER_KEY_EFFECT)) {
        return WAIVER_NOT_APPLICABLE;
    }
    if (str_is(word, "full") || str_is(word, "满分")) {
        return WAIVER_FULL;
    }
    if (!str_is(word, "not_applicable") && !str_is(word, "不适用")) {
        struct nearest near = {.name = word};
        diag_add(l->diag, FINDING_UNKNOWN_WORD, g->at[WAIVER_KEY_EFFECT],
                 _("'%.*s' is no effect of a waiver: not_applicable or full"), shown(word),
                 word.at);
        nearest_offer(&near, "not_applicable");
        nearest_offer(&near, "full");
        diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
    }
    return WAIVER_NOT_APPLICABLE;
}

/* Until it counts; *expired where that is before the day that the assessment is made for. */
static int32_t read_until(struct loading *l, const struct waiver_given *g, bool *expired)
{
    const struct rubric *r = l->table->rubric;
    int32_t until;
    *expired = false;
    if (!is_given(l, g, WAIVER_KEY_UNTIL)) {
        return DATE_NONE;
    }
    str text = g->text[WAIVER_KEY_UNTIL], folded = text_fold(l->arena, text);
    if (!date_parse(folded.at, folded.n, &until)) {
        diag_add(l->diag, FINDING_NOT_A_DATE, g->at[WAIVER_KEY_UNTIL],
                 _("'%.*s' is no day of the calendar"), shown(text), text.at);
        diag_hint(l->diag, "%s",
                  _("write 2024-12-31; without `until` a waiver holds for the whole period"));
        return DATE_NONE;
    }
    if (r->issued == DATE_NONE) {
        diag_add(l->diag, FINDING_NEEDS_POLICY, g->at[WAIVER_KEY_UNTIL], "%s",
                 _("whether the waiver has expired cannot be told: the rubric has no `issued`, and "
                   "its period no last day"));
        return DATE_NONE;
    }
    *expired = until < r->issued;
    return until;
}

/* ---- whether it fits the rubric ---- */

/* The first item of the member on the unit's sheet for which nothing says what 'not applicable'
 * means; MEMBER_NONE: all do. */
static uint32_t without_policy(const struct rubric *r, uint32_t member, uint32_t class)
{
    const struct member *m = &r->members.at[member];
    uint32_t end = m->kind == MEMBER_SECTION ? m->end : member + 1;
    for (uint32_t i = member; i < end && m->group == 0; i++) {
        const struct member *item = &r->members.at[i];
        if (item->kind == MEMBER_ITEM && member_is_for(item, class) &&
            item->not_applicable == NA_UNSET) {
            return i;
        }
    }
    return MEMBER_NONE;
}

static void check_fit(struct loading *l, const struct waiver *w, const struct waiver_given *g)
{
    const struct rubric *r = l->table->rubric;
    const struct member *m = &r->members.at[w->member];
    const struct unit *u = &l->table->units.at[w->unit];
    if (r->classes_listed && u->class >= r->classes.n) {
        return; /* that was reported, and which sheet it has is not known */
    }
    if (!member_on_sheet(r, w->member, u->class)) {
        diag_add(l->diag, FINDING_WAIVER_OFF_SHEET, g->at[WAIVER_KEY_ITEM],
                 _("a waiver for '%s', which is not on the sheet of unit '%s'"), m->id, u->id);
        return;
    }
    if (w->effect == WAIVER_FULL) {
        if (m->group != 0) {
            diag_add(l->diag, FINDING_WAIVER_EFFECT, g->at[WAIVER_KEY_EFFECT],
                     _("'%s' stands in bonus or deductions, where no waiver gives full marks"),
                     m->id);
            diag_hint(l->diag, "%s", _("not_applicable: nothing is added or taken off"));
        }
        return;
    }
    uint32_t item = without_policy(r, w->member, u->class);
    if (item != MEMBER_NONE) {
        diag_add(l->diag, FINDING_NA_WITHOUT_POLICY, g->at[WAIVER_KEY_EFFECT],
                 _("'not applicable' does not count here: item '%s' states no not_applicable "
                   "policy"),
                 r->members.at[item].id);
        diag_hint(l->diag, "%s",
                  _("let the rubric state `not_applicable:` for the item, its section or the whole "
                    "sheet"));
    }
}

static const char *keep(struct loading *l, str s) { return arena_text(l->arena, s.at, s.n); }

static void mark_bad(struct loading *l, uint32_t unit)
{
    struct unit *u = &l->table->units.at[unit];
    if (!u->bad) {
        u->bad = true;
        u->why = diag_last_text(l->diag);
    }
}

static void take(void *context, const struct waiver_given *g)
{
    struct loading *l = context;
    struct waiver w = {.at = g->whole};
    w.unit = read_unit(l, g);
    w.member = read_member(l, g);
    w.effect = read_effect(l, g);
    w.until = read_until(l, g, &w.expired);
    bool given = is_given(l, g, WAIVER_KEY_REASON);
    given = is_given(l, g, WAIVER_KEY_APPROVED_BY) && given;
    w.reason = keep(l, g->text[WAIVER_KEY_REASON]);
    w.approved_by = keep(l, g->text[WAIVER_KEY_APPROVED_BY]);
    given = given && w.unit != UNIT_NONE && w.member != MEMBER_NONE;
    if (given && l->diag->n_errors == g->errors) {
        check_fit(l, &w, g);
    }
    if (given && l->diag->n_errors == g->errors) {
        *vec_push(l->arena, &l->list) = w;
    } else if (w.unit != UNIT_NONE) {
        mark_bad(l, w.unit);
    }
}

/* ---- all of them ---- */

struct numbered {
    struct waiver waiver;
    uint32_t number;
};

static int in_order(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    if (x->waiver.unit != y->waiver.unit) {
        return x->waiver.unit < y->waiver.unit ? -1 : 1;
    }
    if (x->waiver.member != y->waiver.member) {
        return x->waiver.member < y->waiver.member ? -1 : 1;
    }
    if (x->waiver.expired != y->waiver.expired) {
        return x->waiver.expired ? 1 : -1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool same_cell(const struct waiver *a, const struct waiver *b)
{
    return a->unit == b->unit && a->member == b->member;
}

static bool same_text(const struct waiver *a, const struct waiver *b)
{
    return a->effect == b->effect && a->until == b->until && strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->approved_by, b->approved_by) == 0;
}

static void conflict(struct loading *l, const struct waiver *first, const struct waiver *other)
{
    const struct table *t = l->table;
    diag_add(l->diag, FINDING_WAIVER_CONFLICT, other->at,
             _("another waiver for '%s' of unit '%s', and they differ"),
             t->rubric->members.at[other->member].id, t->units.at[other->unit].id);
    diag_note(l->diag, first->at, "%s", _("the first one"));
    mark_bad(l, other->unit);
}

/* Sorted; what stands twice only once. Beside one that counts others may have expired. */
static struct waivers settle(struct loading *l)
{
    struct arena scratch = {0};
    struct numbered *sorted = ARENA_ARRAY(&scratch, struct numbered, l->list.n + 1);
    struct waiver *out = ARENA_ARRAY(l->arena, struct waiver, l->list.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->list.n; i++) {
        sorted[i] = (struct numbered){l->list.at[i], i};
    }
    qsort(sorted, l->list.n, sizeof *sorted, in_order);
    for (uint32_t i = 0; i < l->list.n; i++) {
        const struct waiver *w = &sorted[i].waiver, *last = n ? &out[n - 1] : NULL;
        bool again = last && same_cell(last, w);
        if (again && same_text(last, w)) {
            continue;
        }
        if (again && !w->expired) {
            conflict(l, last, w);
            continue;
        }
        out[n++] = *w;
    }
    arena_release(&scratch);
    return (struct waivers){out, n};
}

bool waivers_load(struct arena *a, struct diag *d, struct table *t,
                  const struct source *const *sources, uint32_t n_sources)
{
    struct loading l = {.arena = a, .diag = d, .table = t};
    struct waiver_reader reader = {a, d, take, &l};
    bool all_read = true;
    for (uint32_t i = 0; i < n_sources; i++) {
        *vec_push(a, &t->sources) = sources[i];
        all_read = waivers_read(&reader, sources[i]) && all_read;
    }
    if (l.list.n > 0) {
        t->waivers = settle(&l);
    }
    return all_read;
}
