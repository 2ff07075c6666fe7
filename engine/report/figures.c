/*
 * figures.c - one place for how a figure is shown, so that table, CSV, JSON and explain agree.
 */
#include "report/figures.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"

#include <string.h>

static const char nothing[] = "–";

bool figures_shown(const struct report *report, uint32_t unit)
{
    const struct unit *u = &report->result->table->units.at[unit];
    return selection_has(&report->shown, u->id, u->name, u->class_name,
                         report->result->outcomes[unit].rank);
}

int figures_places(const struct rubric *rubric, uint32_t member)
{
    if (rubric->members.at[member].kind == MEMBER_ITEM) {
        return rubric->round_item;
    }
    return rubric->round_section_given ? rubric->round_section : rubric->round_item;
}

int figures_enough(dec d, int places)
{
    return d == DEC_NONE || dec_round(d, places) == d ? places : DEC_EXACT;
}

static const char *shown(struct arena *a, dec d, int places, const char *after)
{
    char text[DEC_TEXT];
    if (d == DEC_NONE) {
        return nothing;
    }
    return arena_printf(a, "%s%s", dec_text(d, places, text), after);
}

const char *figures_shown_dec(struct arena *a, dec d, int places)
{
    return shown(a, d, figures_enough(d, places), "");
}

const char *figures_points(struct arena *a, const struct rubric *rubric, uint32_t member,
                           dec points)
{
    return shown(a, points, figures_enough(points, figures_places(rubric, member)), "");
}

const char *figures_total(struct arena *a, const struct rubric *rubric, dec total)
{
    return shown(a, total, figures_enough(total, rubric->round_total), "");
}

const char *figures_number(struct arena *a, dec d) { return shown(a, d, DEC_EXACT, ""); }
const char *figures_percent(struct arena *a, dec d) { return shown(a, d, 2, "%"); }

const char *figures_safe(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1])) {
        n--;
    }
    char *flat = arena_text(a, text, n);
    for (char *at = flat; *at; at++) {
        if (strchr("\t\r\n", *at)) {
            *at = ' ';
        }
    }
    return text_safe(a, (str){flat, n});
}

bool figures_within(const struct rubric *rubric, uint32_t member, uint32_t top)
{
    while (member != MEMBER_NONE && member != top) {
        member = rubric->members.at[member].parent;
    }
    return member == top || top == MEMBER_NONE;
}

const char *figures_unit(const struct table *t, uint32_t unit)
{
    const struct unit *u = &t->units.at[unit];
    return u->name && *u->name ? u->name : u->id;
}

const char *figures_class(const struct table *t, uint32_t unit)
{
    const char *name = t->units.at[unit].class_name;
    return name && *name ? name : NULL;
}

const char *figures_grade(const struct rubric *rubric, uint32_t grade)
{
    return grade == GRADE_NONE ? NULL : rubric->grades.at[grade].name;
}

/* ---- values ---- */

static enum cell_state cell_state(const struct table *t, uint32_t unit, uint32_t field)
{
    const struct column *column = &t->columns[field];
    return column->state ? (enum cell_state)column->state[unit] : CELL_EMPTY;
}

static const char *cell_text(struct arena *a, const struct table *t, uint32_t unit, uint32_t field)
{
    const char *text = table_value_text(a, t, unit, field);
    return *text ? text : nothing;
}

const char *figures_value(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    const struct member *m = &r->rubric->members.at[item];
    const struct table *t = r->table;
    field_list fields = {0};
    if (m->kind == MEMBER_ITEM && m->rule.method == METHOD_PERIOD) {
        dec total = table_period(t, unit, m->rule.period).total;
        return total == DEC_NONE ? NULL : figures_number(a, total);
    }
    item_fields(a, m, &fields);
    bool any = false;
    for (uint32_t i = 0; i < fields.n; i++) {
        any = any || cell_state(t, unit, fields.at[i]) != CELL_EMPTY;
    }
    if (!any) {
        return NULL;
    }
    if (fields.n == 1) {
        return cell_text(a, t, unit, fields.at[0]);
    }
    if (fields.n == 2 && m->rule.of != FIELD_NONE) {
        return arena_printf(a, "%s / %s", cell_text(a, t, unit, fields.at[0]),
                            cell_text(a, t, unit, fields.at[1]));
    }
    const char *all = "";
    for (uint32_t i = 0; i < fields.n; i++) {
        all = arena_printf(a, "%s%s%s %s", all, i ? "; " : "",
                           r->rubric->fields.list.at[fields.at[i]].label,
                           cell_text(a, t, unit, fields.at[i]));
    }
    return all;
}

dec figures_item_due(const struct result *r, uint32_t unit, uint32_t item)
{
    const struct cellres *got = result_member(r, unit, item);
    if ((got->state == STATE_NA || got->state == STATE_WAIVED) && !got->counts) {
        return 0;
    }
    return member_points(r->rubric, item, r->table->units.at[unit].class);
}

static bool claims_anything(const struct result *r, uint32_t unit)
{
    for (uint32_t f = 0; r->table->has_claims && f < r->rubric->fields.list.n; f++) {
        if (cell_state(r->table, unit, f) == CELL_NA) {
            return true;
        }
    }
    return false;
}

void figures_claims(struct arena *a, const struct result *r, uint32_t unit, claims *out)
{
    if (!claims_anything(r, unit)) {
        return;
    }
    uint32_t class = r->table->units.at[unit].class;
    for (uint32_t m = 0; m < r->n_members; m++) {
        const struct member *member = &r->rubric->members.at[m];
        if (member->kind != MEMBER_ITEM || !member_is_for(member, class)) {
            continue;
        }
        field_list fields = {0};
        item_reads(a, member, &fields);
        for (uint32_t i = 0; i < fields.n; i++) {
            if (cell_state(r->table, unit, fields.at[i]) == CELL_NA) {
                *vec_push(a, out) =
                    (struct claim){.unit = unit,
                                   .item = m,
                                   .field = fields.at[i],
                                   .reason = table_reason(r->table, unit, fields.at[i])};
            }
        }
    }
}

/* ---- members ---- */

const char *figures_section(const struct rubric *rubric, uint32_t member)
{
    uint32_t parent = rubric->members.at[member].parent;
    return parent == MEMBER_NONE || parent == RUBRIC_ROOT ? NULL : rubric->members.at[parent].id;
}

const char *figures_title(const struct rubric *rubric, uint32_t member)
{
    const struct member *m = &rubric->members.at[member];
    if (m->title && strcmp(m->title, m->id) != 0) {
        return m->title;
    }
    if (member == rubric->bonus) {
        return _("bonus");
    }
    return member == rubric->deductions ? _("deductions") : m->id;
}

/* ---- sentences ---- */

const char *figures_totals(struct arena *a, const struct result *r, uint32_t unit)
{
    const struct outcome *o = &r->outcomes[unit];
    const char *total = arena_printf(a, _("total %s"), figures_total(a, r->rubric, o->total));
    return o->waived ? arena_printf(a, _("%s, without waivers %s"), total,
                                    figures_total(a, r->rubric, o->total_without))
                     : total;
}

const char *figures_why_unranked(struct arena *a, const struct result *r, uint32_t unit)
{
    const struct outcome *o = &r->outcomes[unit];
    const struct member *root = &r->rubric->members.at[RUBRIC_ROOT];
    switch ((enum unit_state)o->state) {
    case UNIT_RANKED:
        return "";
    case UNIT_INCOMPLETE:
        if (root->complete != DEC_NONE && o->reported != DEC_NONE && o->reported < root->complete) {
            return arena_printf(a, _("incomplete: %s of its points reported, %s%% asked for"),
                                figures_percent(a, o->reported), figures_number(a, root->complete));
        }
        return _("incomplete: a section is reported less than asked for");
    case UNIT_NOT_APPLICABLE:
        return _("no score: nothing applies to it");
    case UNIT_ERROR:
        return o->why ? arena_printf(a, _("not scored: %s"), o->why)
                      : _("not scored: errors in its data");
    case UNIT_VETOED_UNRANKED:
        return _("vetoed");
    }
    return "";
}

const char *figures_quota(struct arena *a, const struct rubric *rubric, const struct quota_use *use)
{
    if (rubric->grades.at[use->grade].quota.is_count) {
        return arena_printf(a, "%u", use->seats);
    }
    const char *seats =
        arena_printf(a, _("%s%% × %u = %s → %s"), figures_number(a, use->share), use->ranked,
                     figures_number(a, use->product), figures_number(a, use->rounded));
    if (dec_from_int(use->seats) == use->rounded) {
        return seats;
    }
    return arena_printf(a, _("%s, at least %u"), seats, use->seats);
}
