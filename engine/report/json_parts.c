/*
 * json_parts.c - see json_parts.h.
 */
#include "report/json_parts.h"

#include "analyse/deficiency.h"
#include "report/figures.h"

static void write_total(struct json_write *w, const struct rubric *rubric, const char *key, dec d)
{
    json_key_dec(w, key, d, figures_enough(d, rubric->round_total));
}

static void write_outcome(struct json_write *w, struct arena *a, const struct result *r,
                          uint32_t unit)
{
    const struct rubric *rubric = r->rubric;
    const struct outcome *o = &r->outcomes[unit];
    json_line(w);
    write_total(w, rubric, "total", o->total);
    json_key_dec(w, "exact", o->exact, 8);
    write_total(w, rubric, "before_gates", o->before_gates);
    json_key_dec(w, "due", o->due, DEC_EXACT);
    json_key_dec(w, "of", o->of, DEC_EXACT);
    json_key(w, "rank");
    if (o->rank) {
        json_uint(w, o->rank);
    } else {
        json_text(w, NULL);
    }
    json_key(w, "ranked");
    json_uint(w, o->ranked);
    json_line(w);
    json_key_text(w, "grade", figures_grade(rubric, o->grade));
    json_key_text(w, "grade_by_band", figures_grade(rubric, o->grade_by_band));
    json_key(w, "vetoed");
    json_bool(w, o->vetoed);
    json_key(w, "tied_at_cut");
    json_bool(w, o->tied_at_cut);
    json_key(w, "other_period");
    json_bool(w, o->other_period);
    if (o->rank == 0) {
        json_key_text(w, "why_unranked", figures_why_unranked(a, r, unit));
    }
    json_line(w);
    json_key(w, "reported");
    json_percent(w, o->reported);
    write_total(w, rubric, "low", o->low);
    write_total(w, rubric, "high", o->high);
    if (o->waived) {
        json_key(w, "without_waivers");
        json_open(w, '{');
        json_key_text(w, "state", unit_state_word((enum unit_state)o->state_without));
        write_total(w, rubric, "total", o->total_without);
        json_key_text(w, "grade_by_band", figures_grade(rubric, o->grade_without));
        json_close(w, '}');
    }
}

static void write_gates(struct json_write *w, const struct result *r, uint32_t unit,
                        enum gate_state state, const char *key)
{
    json_key(w, key);
    json_open(w, '[');
    for (uint32_t gate = 0; gate < r->n_gates; gate++) {
        if (r->gates[(size_t)unit * r->n_gates + gate] == state) {
            json_text(w, r->rubric->gates.at[gate].id);
        }
    }
    json_close(w, ']');
}

void json_unit_head(struct json_write *w, struct arena *a, const struct result *r, uint32_t unit)
{
    const struct unit *u = &r->table->units.at[unit];
    const struct outcome *o = &r->outcomes[unit];
    json_key_text(w, "id", u->id);
    json_key_text(w, "name", u->name);
    json_key_text(w, "class", figures_class(r->table, unit));
    json_key_text(w, "parent", u->parent);
    json_key_text(w, "state", unit_state_word((enum unit_state)o->state));
    write_outcome(w, a, r, unit);
    json_line(w);
    write_gates(w, r, unit, GATE_FIRED, "gates");
    write_gates(w, r, unit, GATE_UNANSWERED, "gates_unanswered");
}

void json_waiver(struct json_write *w, const struct result *r, const struct waiver *waiver)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "unit", r->table->units.at[waiver->unit].id);
    json_key_text(w, "item", r->rubric->members.at[waiver->member].id);
    json_key_text(w, "effect", waiver_effect_word(waiver->effect));
    json_key_text(w, "reason", waiver->reason);
    json_key_text(w, "approved_by", waiver->approved_by);
    json_key(w, "until");
    json_date(w, waiver->until);
    json_key(w, "expired");
    json_bool(w, waiver->expired);
    json_close(w, '}');
}

/* The reason of the first of the item's cells that says it does not apply, or the script's. */
static const char *na_reason(struct arena *a, const struct result *r, uint32_t unit, uint32_t item)
{
    field_list fields = {0};
    item_reads(a, &r->rubric->members.at[item], &fields);
    for (uint32_t i = 0; i < fields.n; i++) {
        const char *reason = table_reason(r->table, unit, fields.at[i]);
        if (reason) {
            return reason;
        }
    }
    const struct note *note = result_note(r, unit, item);
    return note ? note->reason : NULL;
}

static void write_flags(struct json_write *w, uint16_t flags)
{
    json_key(w, "flags");
    json_open(w, '[');
    for (uint32_t flag = 0; flag < N_FLAGS; flag++) {
        if (flags & 1U << flag) {
            json_text(w, flag_word((enum flag)flag));
        }
    }
    json_close(w, ']');
}

void json_item(struct json_write *w, struct arena *a, const struct result *r, uint32_t unit,
               uint32_t item)
{
    const struct rubric *rubric = r->rubric;
    const struct member *m = &rubric->members.at[item];
    const struct cellres *got = result_member(r, unit, item);
    json_key_text(w, "id", m->id);
    json_key_text(w, "section", figures_section(rubric, item));
    json_key_text(w, "state", member_state_word((enum member_state)got->state));
    json_key_dec(w, "points", got->points, figures_enough(got->points, rubric->round_item));
    json_key_dec(w, "due", figures_item_due(r, unit, item), DEC_EXACT);
    json_key_dec(w, "of", member_points(rubric, item, r->table->units.at[unit].class), DEC_EXACT);
    json_key_text(w, "value", figures_value(a, r, unit, item));
    const char *reason = r->scorer.reason(a, r, unit, item);
    json_key_text(w, "reason", *reason ? reason : NULL);
    if (got->flags) {
        write_flags(w, got->flags);
    }
    if (got->state == STATE_NA) {
        json_key_text(w, "na_reason", na_reason(a, r, unit, item));
    }
}

static void write_deficiency(struct json_write *w, const struct rubric *rubric,
                             const struct deficiency *d)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "item", d->member == MEMBER_NONE ? NULL : rubric->members.at[d->member].id);
    json_key_text(w, "kind", flag_word(d->kind));
    json_key_text(w, "severity", level_word(d->severity));
    json_key_dec(w, "lost", d->lost, rubric->round_item);
    json_key_text(w, "text", d->text);
    json_key_text(w, "remedy", d->remedy);
    json_key(w, "due");
    json_date(w, d->due);
    if (d->gate != GATE_NONE) {
        json_key_text(w, "gate", rubric->gates.at[d->gate].id);
    }
    json_close(w, '}');
}

void json_deficiencies(struct json_write *w, struct arena *a, const struct result *r, uint32_t unit)
{
    deficiencies list = {0};
    deficiency_list(a, r, unit, &list);
    json_key(w, "deficiencies");
    json_open(w, '[');
    for (uint32_t i = 0; i < list.n; i++) {
        write_deficiency(w, r->rubric, &list.at[i]);
    }
    json_close(w, ']');
}

void json_claims(struct json_write *w, struct arena *a, const struct result *r, uint32_t unit)
{
    claims list = {0};
    figures_claims(a, r, unit, &list);
    json_key(w, "not_applicable");
    json_open(w, '[');
    for (uint32_t i = 0; i < list.n; i++) {
        json_open(w, '{');
        json_key_text(w, "item", r->rubric->members.at[list.at[i].item].id);
        json_key_text(w, "field", r->rubric->fields.list.at[list.at[i].field].id);
        json_key_text(w, "reason", list.at[i].reason);
        json_close(w, '}');
    }
    json_close(w, ']');
}
