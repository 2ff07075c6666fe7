/* record_differ.c - see record_differ.h. */
#include "report/record_differ.h"

#include "analyse/deficiency.h"
#include "base/date.h"
#include "base/i18n.h"
#include "report/figures.h"

#include <string.h>

/* ---- lines ---- */

void differ_add(struct differ *d, const char *text)
{
    if (d->n++ < d->most) {
        *vec_push(d->arena, &d->lines) = arena_text(d->arena, text, strlen(text));
    }
}

/* One line in the making: "WHO: a 1 → 2; b 3 → 4". */
struct change {
    struct differ *differ;
    const char *who;
    struct buf text;
};

static void end_change(struct change *c)
{
    if (c->text.n > 0) {
        struct arena_mark mark = arena_mark(c->differ->arena);
        const char *text = arena_printf(c->differ->arena, _("%s: %s"), c->who, c->text.at);
        bool kept = c->differ->n < c->differ->most;
        differ_add(c->differ, text);
        if (!kept) {
            arena_reset(c->differ->arena, mark);
        }
    }
    buf_release(&c->text);
}

static void changed(struct change *c, const char *what, const char *old, const char *new)
{
    static const char nothing[] = "–";
    buf_text(&c->text, c->text.n > 0 ? "; " : "");
    buf_printf(&c->text, _("%s %s → %s"), what, old && *old ? old : nothing,
               new &&*new ? new : nothing);
}

static bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

static void text_change(struct change *c, const char *what, const char *old, const char *new)
{
    if (!same(old, new)) {
        changed(c, what, old, new);
    }
}

static void dec_change(struct change *c, const char *what, dec old, dec new)
{
    char before[DEC_TEXT], after[DEC_TEXT];
    if (old != new) {
        changed(c, what, dec_text(old, DEC_EXACT, before), dec_text(new, DEC_EXACT, after));
    }
}

static void count_change(struct change *c, const char *what, uint32_t old, uint32_t new)
{
    dec_change(c, what, old ? dec_from_int(old) : DEC_NONE, new ? dec_from_int(new) : DEC_NONE);
}

static void yes_change(struct change *c, const char *what, bool old, bool new)
{
    if (old != new) {
        changed(c, what, old ? _("yes") : _("no"), new ? _("yes") : _("no"));
    }
}

static const char *named(struct arena *a, const char *title, const char *id)
{
    return title && *title && strcmp(title, id) != 0 ? arena_printf(a, _("%s (%s)"), title, id)
                                                     : id;
}

/* ---- the runs ---- */

static const char *member_words(const struct differ *d, const struct run_record *run, uint32_t m)
{
    return named(d->arena, run->members.at[m].title, run->members.at[m].id);
}

static const char *id_of(const struct run_record *run, uint32_t member)
{
    return member == RECORD_NONE ? NULL : run->members.at[member].id;
}

static void differ_member(struct differ *d, uint32_t old, uint32_t new)
{
    const struct member_record *a = &d->old->members.at[old], *b = &d->new->members.at[new];
    struct change c = {.differ = d, .who = member_words(d, d->old, old)};
    text_change(&c, _("title"), a->title, b->title);
    text_change(&c, _("section"), id_of(d->old, a->parent), id_of(d->new, b->parent));
    yes_change(&c, _("item"), a->is_item, b->is_item);
    yes_change(&c, _("off"), a->off, b->off);
    yes_change(&c, _("grades of its own"), a->graded, b->graded);
    end_change(&c);
}

static void differ_members(struct differ *d)
{
    uint32_t *counterpart = ARENA_ARRAY(d->arena, uint32_t, d->old->members.n);
    bool *found = ARENA_ARRAY(d->arena, bool, d->new->members.n);
    struct map by_id = {0};
    for (uint32_t m = 0; m < d->new->members.n; m++) {
        map_put(d->arena, &by_id, str_of(d->new->members.at[m].id), m);
    }
    for (uint32_t m = 0; m < d->old->members.n; m++) {
        uint32_t other =
            m == RUBRIC_ROOT ? RUBRIC_ROOT : map_get(&by_id, str_of(d->old->members.at[m].id));
        counterpart[m] = other;
        if (other == MAP_NONE) {
            counterpart[m] = RECORD_NONE;
            differ_add(d, arena_printf(d->arena, _("%s: no longer in the rubric"),
                                       member_words(d, d->old, m)));
        } else {
            found[other] = true;
            differ_member(d, m, other);
        }
    }
    for (uint32_t m = 0; m < d->new->members.n; m++) {
        if (!found[m]) {
            differ_add(
                d, arena_printf(d->arena, _("%s: new in the rubric"), member_words(d, d->new, m)));
        }
    }
    d->counterpart = counterpart;
}

static const char *gates_words(struct differ *d, const struct run_record *run)
{
    const char *all = "";
    for (uint32_t i = 0; i < run->gates.n; i++) {
        const struct gate_record *g = &run->gates.at[i];
        all =
            arena_printf(d->arena, "%s%s%s", all, i ? ", " : "", named(d->arena, g->title, g->id));
    }
    return all;
}

static const char *grades_words(struct differ *d, const struct run_record *run)
{
    const char *all = "";
    for (uint32_t i = 0; i < run->grades.n; i++) {
        all = arena_printf(d->arena, "%s%s%s", all, i ? ", " : "", run->grades.at[i]);
    }
    return all;
}

static const char *quotas_words(struct differ *d, const struct run_record *run)
{
    const char *all = "";
    for (uint32_t i = 0; i < run->quotas.n; i++) {
        const struct quota_record *q = &run->quotas.at[i];
        all = arena_printf(d->arena, _("%s%s%s %s: %u of %u, places %u, given %u"), all,
                           i ? "; " : "", run->grades.at[q->grade], q->group ? q->group : "",
                           q->qualified, q->ranked, q->seats, q->given);
        for (uint32_t k = 0; k < q->tied.n; k++) {
            all = arena_printf(d->arena, "%s, %s", all, q->tied.at[k]);
        }
    }
    return all;
}

static const char *waivers_words(struct differ *d, const struct run_record *run)
{
    const char *all = "";
    for (uint32_t i = 0; i < run->waivers.n; i++) {
        const struct waiver_record *w = &run->waivers.at[i];
        all = arena_printf(d->arena, "%s%s%s %s %s", all, i ? "; " : "", w->unit,
                           run->members.at[w->is.member].id, waiver_text(d->arena, &w->is));
    }
    return all;
}

void differ_runs(struct differ *d)
{
    const struct run_record *a = d->old, *b = d->new;
    struct change c = {.differ = d, .who = _("the run")};
    text_change(&c, _("rubric"), a->rubric, b->rubric);
    text_change(&c, _("title"), a->title, b->title);
    text_change(&c, _("period"), a->period, b->period);
    dec_change(&c, _("full marks"), a->total, b->total);
    yes_change(&c, _("classes ranked together"), a->within_all, b->within_all);
    count_change(&c, _("units"), a->n_units, b->n_units);
    text_change(&c, _("gates"), gates_words(d, a), gates_words(d, b));
    text_change(&c, _("grades"), grades_words(d, a), grades_words(d, b));
    text_change(&c, _("quotas"), quotas_words(d, a), quotas_words(d, b));
    text_change(&c, _("waivers"), waivers_words(d, a), waivers_words(d, b));
    end_change(&c);
    if (d->strict && !same(a->findings, b->findings)) {
        differ_add(d, _("the findings are others"));
    }
    differ_members(d);
}

/* ---- units ---- */

static const char *grade_name(const struct run_record *run, uint32_t grade)
{
    return grade == GRADE_NONE ? NULL : run->grades.at[grade];
}

static const char *gates_fired(struct differ *d, const struct run_record *run,
                               const struct unit_record *u)
{
    const char *all = "";
    for (uint32_t i = 0; i < run->gates.n; i++) {
        if (u->gates[i] != GATE_OPEN) {
            all = arena_printf(d->arena, "%s%s%s%s", all, *all ? ", " : "", run->gates.at[i].id,
                               u->gates[i] == GATE_UNANSWERED ? "?" : "");
        }
    }
    return all;
}

/* What mostly follows from the rest. */
static void differ_particulars(struct differ *d, struct change *c, const struct outcome *a,
                               const struct outcome *b)
{
    dec_change(c, _("exact total"), a->exact, b->exact);
    dec_change(c, _("before gates"), a->before_gates, b->before_gates);
    dec_change(c, _("due"), a->due, b->due);
    dec_change(c, _("of"), a->of, b->of);
    text_change(c, _("grade by band"), grade_name(d->old, a->grade_by_band),
                grade_name(d->new, b->grade_by_band));
    yes_change(c, _("tied at the cut"), a->tied_at_cut, b->tied_at_cut);
    yes_change(c, _("of another period"), a->other_period, b->other_period);
    dec_change(c, _("reported"), a->reported, b->reported);
    dec_change(c, _("low"), a->low, b->low);
    dec_change(c, _("high"), a->high, b->high);
}

static void differ_outcome(struct differ *d, struct change *c, const struct unit_record *old,
                           const struct unit_record *new)
{
    const struct outcome *a = &old->outcome, *b = &new->outcome;
    text_change(c, _("name"), old->name, new->name);
    text_change(c, _("class"), old->class_name, new->class_name);
    text_change(c, _("parent"), old->parent, new->parent);
    if (a->state != b->state) {
        changed(c, _("state"), unit_state_word((enum unit_state)a->state),
                unit_state_word((enum unit_state)b->state));
    }
    dec_change(c, _("total"), a->total, b->total);
    count_change(c, _("rank"), a->rank, b->rank);
    count_change(c, _("ranked"), a->ranked, b->ranked);
    text_change(c, _("grade"), grade_name(d->old, a->grade), grade_name(d->new, b->grade));
    yes_change(c, _("vetoed"), a->vetoed, b->vetoed);
    text_change(c, _("gates"), gates_fired(d, d->old, old), gates_fired(d, d->new, new));
    text_change(c, _("why it has no rank"), old->why, new->why);
    dec_change(c, _("total without waivers"), a->waived ? a->total_without : DEC_NONE,
               b->waived ? b->total_without : DEC_NONE);
    if (d->strict || (a->total == b->total && a->exact != b->exact)) {
        differ_particulars(d, c, a, b);
    }
}

static const char *flags_words(struct differ *d, uint16_t flags)
{
    const char *all = "";
    for (uint32_t i = 0; i < N_FLAGS; i++) {
        if (flags & 1U << i) {
            all = arena_printf(d->arena, "%s%s%s", all, *all ? ", " : "", flag_word((enum flag)i));
        }
    }
    return all;
}

static bool figures_same(const struct figure *a, const struct figure *b)
{
    return a->points == b->points && a->due == b->due && a->of == b->of && a->flags == b->flags &&
           a->state == b->state && a->on_sheet == b->on_sheet && same(a->grade, b->grade) &&
           same(a->value, b->value) && same(a->reason, b->reason) &&
           same(a->na_reason, b->na_reason);
}

static void differ_figure(struct differ *d, const char *unit, uint32_t member,
                          const struct figure *a, const struct figure *b)
{
    bool plain =
        !d->strict && a->points == b->points && a->state == b->state && same(a->value, b->value);
    if (figures_same(a, b) || (plain && a->flags == b->flags && same(a->grade, b->grade))) {
        return;
    }
    struct change c = {
        .differ = d,
        .who = arena_printf(d->arena, _("%s, %s"), unit, member_words(d, d->old, member))};
    dec_change(&c, _("points"), a->points, b->points);
    text_change(&c, _("value"), a->value, b->value);
    if (a->state != b->state) {
        changed(&c, _("state"), member_state_word((enum member_state)a->state),
                member_state_word((enum member_state)b->state));
    }
    text_change(&c, _("grade"), a->grade, b->grade);
    if (a->flags != b->flags) {
        changed(&c, _("flags"), flags_words(d, a->flags), flags_words(d, b->flags));
    }
    dec_change(&c, _("of"), a->of, b->of);
    if (d->strict) {
        dec_change(&c, _("due"), a->due, b->due);
        yes_change(&c, _("on the sheet"), a->on_sheet, b->on_sheet);
        text_change(&c, _("reason for not applicable"), a->na_reason, b->na_reason);
    }
    if (d->strict || same(a->value, b->value)) {
        text_change(&c, _("reason"), a->reason, b->reason);
    }
    end_change(&c);
}

static void differ_figures(struct differ *d, const char *unit, const struct unit_record *old,
                           const struct unit_record *new)
{
    for (uint32_t m = d->strict ? RUBRIC_ROOT : RUBRIC_ROOT + 1; m < d->old->members.n; m++) {
        uint32_t other = d->counterpart[m];
        if (other != RECORD_NONE &&
            d->old->members.at[m].is_item == d->new->members.at[other].is_item) {
            differ_figure(d, unit, m, unit_figure(d->old, old, m), unit_figure(d->new, new, other));
        }
    }
}

static const char *subject_of(const struct run_record *run, const struct deficiency_record *it)
{
    return it->member != RECORD_NONE ? run->members.at[it->member].id
           : it->gate != RECORD_NONE ? run->gates.at[it->gate].id
                                     : "";
}

static const char *deficiency_words(struct differ *d, const struct run_record *run,
                                    const struct deficiency_record *it)
{
    char lost[DEC_TEXT], due[DATE_TEXT];
    const char *what = subject_of(run, it);
    return arena_printf(d->arena, "%s%s%s, %s, %s: %s%s%s%s%s", what, *what ? " " : "",
                        flag_word((enum flag)it->kind), level_word((enum level)it->severity),
                        dec_text(it->lost, DEC_EXACT, lost), it->text, it->remedy ? " / " : "",
                        it->remedy ? it->remedy : "", it->due == DATE_NONE ? "" : " ",
                        it->due == DATE_NONE ? "" : date_text(it->due, due));
}

/* Each with each other, in their order. */
static void differ_every_deficiency(struct differ *d, const char *unit,
                                    const struct unit_record *old, const struct unit_record *new)
{
    for (uint32_t i = 0; i < old->n_deficiencies || i < new->n_deficiencies; i++) {
        const char *a =
            i < old->n_deficiencies ? deficiency_words(d, d->old, &old->deficiencies[i]) : NULL;
        const char *b =
            i < new->n_deficiencies ? deficiency_words(d, d->new, &new->deficiencies[i]) : NULL;
        struct change c = {.differ = d, .who = unit};
        text_change(&c, _("deficiency"), a, b);
        end_change(&c);
    }
}

static bool has_deficiency(const struct run_record *run, const struct unit_record *u,
                           const char *subject, uint8_t kind)
{
    for (uint32_t i = 0; i < u->n_deficiencies; i++) {
        if (u->deficiencies[i].kind == kind &&
            strcmp(subject_of(run, &u->deficiencies[i]), subject) == 0) {
            return true;
        }
    }
    return false;
}

/* Those of `u` that the other does not have. */
static void only_here(struct differ *d, const char *unit, const struct run_record *run,
                      const struct unit_record *u, const struct run_record *other_run,
                      const struct unit_record *other, const char *what)
{
    for (uint32_t i = 0; i < u->n_deficiencies; i++) {
        const struct deficiency_record *it = &u->deficiencies[i];
        if (!has_deficiency(other_run, other, subject_of(run, it), it->kind)) {
            differ_add(
                d, arena_printf(d->arena, "%s: %s: %s", unit, what, deficiency_words(d, run, it)));
        }
    }
}

static void differ_deficiencies(struct differ *d, const char *unit, const struct unit_record *old,
                                const struct unit_record *new)
{
    if (d->strict) {
        differ_every_deficiency(d, unit, old, new);
        return;
    }
    only_here(d, unit, d->old, old, d->new, new, _("no longer a deficiency"));
    only_here(d, unit, d->new, new, d->old, old, _("a new deficiency"));
}

static const char *claims_words(struct differ *d, const struct run_record *run,
                                const struct unit_record *u)
{
    const char *all = "";
    for (uint32_t i = 0; i < u->n_claims; i++) {
        const struct claim_record *claim = &u->claims[i];
        all = arena_printf(d->arena, "%s%s%s %s %s", all, *all ? "; " : "",
                           run->members.at[claim->member].id, claim->field,
                           claim->reason ? claim->reason : "");
    }
    return all;
}

void differ_units(struct differ *d, const struct unit_record *old, const struct unit_record *new)
{
    const struct unit_record *any = old ? old : new;
    struct arena_mark mark = arena_mark(d->arena);
    uint32_t before = d->n;
    const char *who = named(d->arena, any->name, any->id);
    if (!old || !new) {
        differ_add(d, arena_printf(d->arena, old ? _("%s: no longer there") : _("%s: new"), who));
        return;
    }
    struct change c = {.differ = d, .who = who};
    text_change(&c, _("id"), old->id, new->id);
    differ_outcome(d, &c, old, new);
    text_change(&c, _("said not to apply"), claims_words(d, d->old, old),
                claims_words(d, d->new, new));
    end_change(&c);
    differ_figures(d, who, old, new);
    differ_deficiencies(d, who, old, new);
    if (d->n == before) {
        arena_reset(d->arena, mark);
    }
}
