/*
 * json_parts.c - see json_parts.h.
 */
#include "report/json_parts.h"

#include "analyse/deficiency.h"
#include "report/figures.h"

static const char *class_of(const struct unit_record *u)
{
    return *u->class_name ? u->class_name : NULL;
}

static const char *grade_of(const struct run_record *run, uint32_t grade)
{
    return grade == GRADE_NONE ? NULL : run->grades.at[grade];
}

static void write_total(struct json_write *w, const struct run_record *run, const char *key, dec d)
{
    json_key_dec(w, key, d, figures_enough(d, run->places_total));
}

static void write_outcome(struct json_write *w, const struct run_record *run,
                          const struct unit_record *u)
{
    const struct outcome *o = &u->outcome;
    json_line(w);
    write_total(w, run, "total", o->total);
    json_key_dec(w, "exact", o->exact, 8);
    write_total(w, run, "before_gates", o->before_gates);
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
    json_key_text(w, "grade", grade_of(run, o->grade));
    json_key_text(w, "grade_by_band", grade_of(run, o->grade_by_band));
    json_key(w, "vetoed");
    json_bool(w, o->vetoed);
    json_key(w, "tied_at_cut");
    json_bool(w, o->tied_at_cut);
    json_key(w, "other_period");
    json_bool(w, o->other_period);
    if (o->rank == 0) {
        json_key_text(w, "why_unranked", u->why);
    }
    json_line(w);
    json_key(w, "reported");
    json_percent(w, o->reported);
    write_total(w, run, "low", o->low);
    write_total(w, run, "high", o->high);
    if (o->waived) {
        json_key(w, "without_waivers");
        json_open(w, '{');
        json_key_text(w, "state", unit_state_word((enum unit_state)o->state_without));
        write_total(w, run, "total", o->total_without);
        json_key_text(w, "grade_by_band", grade_of(run, o->grade_without));
        json_close(w, '}');
    }
}

static void write_gates(struct json_write *w, const struct run_record *run,
                        const struct unit_record *u, enum gate_state state, const char *key)
{
    json_key(w, key);
    json_open(w, '[');
    for (uint32_t gate = 0; gate < run->gates.n; gate++) {
        if (u->gates[gate] == state) {
            json_text(w, run->gates.at[gate].id);
        }
    }
    json_close(w, ']');
}

void json_unit_head(struct json_write *w, const struct run_record *run, const struct unit_record *u)
{
    json_key_text(w, "id", u->id);
    json_key_text(w, "name", u->name);
    json_key_text(w, "class", class_of(u));
    json_key_text(w, "parent", u->parent);
    json_key_text(w, "state", unit_state_word((enum unit_state)u->outcome.state));
    write_outcome(w, run, u);
    json_line(w);
    write_gates(w, run, u, GATE_FIRED, "gates");
    write_gates(w, run, u, GATE_UNANSWERED, "gates_unanswered");
}

void json_waiver(struct json_write *w, const char *unit, const char *item,
                 const struct waiver *waiver)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "unit", unit);
    json_key_text(w, "item", item);
    json_key_text(w, "effect", waiver_effect_word(waiver->effect));
    json_key_text(w, "reason", waiver->reason);
    json_key_text(w, "approved_by", waiver->approved_by);
    json_key(w, "until");
    json_date(w, waiver->until);
    json_key(w, "expired");
    json_bool(w, waiver->expired);
    json_close(w, '}');
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

/* NULL where it stands in no section but the whole. */
static const char *section_of(const struct run_record *run, uint32_t member)
{
    uint32_t parent = run->members.at[member].parent;
    return parent == RECORD_NONE || parent == RUBRIC_ROOT ? NULL : run->members.at[parent].id;
}

void json_item(struct json_write *w, const struct run_record *run, uint32_t item,
               const struct figure *f)
{
    json_key_text(w, "id", run->members.at[item].id);
    json_key_text(w, "section", section_of(run, item));
    json_key_text(w, "state", member_state_word((enum member_state)f->state));
    json_key_dec(w, "points", f->points, figures_enough(f->points, run->places_item));
    json_key_dec(w, "due", f->due, DEC_EXACT);
    json_key_dec(w, "of", f->of, DEC_EXACT);
    json_key_text(w, "value", f->value);
    json_key_text(w, "reason", f->reason);
    if (f->flags) {
        write_flags(w, f->flags);
    }
    if (f->state == STATE_NA) {
        json_key_text(w, "na_reason", f->na_reason);
    }
}

void json_deficiency(struct json_write *w, const struct run_record *run,
                     const struct deficiency_record *d)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "item", d->member == RECORD_NONE ? NULL : run->members.at[d->member].id);
    json_key_text(w, "kind", flag_word((enum flag)d->kind));
    json_key_text(w, "severity", level_word((enum level)d->severity));
    json_key_dec(w, "lost", d->lost, run->places_item);
    json_key_text(w, "text", d->text);
    json_key_text(w, "remedy", d->remedy);
    json_key(w, "due");
    json_date(w, d->due);
    if (d->gate != RECORD_NONE) {
        json_key_text(w, "gate", run->gates.at[d->gate].id);
    }
    json_close(w, '}');
}

void json_deficiencies(struct json_write *w, const struct run_record *run,
                       const struct unit_record *u)
{
    json_key(w, "deficiencies");
    json_open(w, '[');
    for (uint32_t i = 0; i < u->n_deficiencies; i++) {
        json_deficiency(w, run, &u->deficiencies[i]);
    }
    json_close(w, ']');
}

void json_claims(struct json_write *w, const struct run_record *run, const struct unit_record *u)
{
    json_key(w, "not_applicable");
    json_open(w, '[');
    for (uint32_t i = 0; i < u->n_claims; i++) {
        json_open(w, '{');
        json_key_text(w, "item", run->members.at[u->claims[i].member].id);
        json_key_text(w, "field", u->claims[i].field);
        json_key_text(w, "reason", u->claims[i].reason);
        json_close(w, '}');
    }
    json_close(w, ']');
}
