/*
 * deficiency.c - from flags and points to deficiencies.
 */
#include "analyse/deficiency.h"

#include "base/date.h"
#include "base/i18n.h"

/* The kinds of one item: the first explains the loss, if `explains`. */
struct kinds {
    enum flag at[N_FLAGS];
    uint32_t n;
    bool explains;
};

const char *level_word(enum level level)
{
    static const char *const words[] = {"minor", "major", "critical"};
    return words[level];
}

int32_t deadline_date(const struct rubric *r, const struct deadline *d)
{
    if (!d->given) {
        return DATE_NONE;
    }
    if (d->is_date) {
        return d->date;
    }
    if (r->issued == DATE_NONE) {
        return DATE_NONE;
    }
    switch (d->unit) {
    case TIME_DAY:
        return r->issued + d->n;
    case TIME_WEEK:
        return r->issued + 7 * d->n;
    case TIME_MONTH:
        return date_add_months(r->issued, d->n);
    }
    return DATE_NONE;
}

/* ---- what an item reads ---- */

static void add_field(struct arena *a, field_list *out, uint32_t field)
{
    for (uint32_t i = 0; i < out->n; i++) {
        if (out->at[i] == field) {
            return;
        }
    }
    if (field != FIELD_NONE) {
        *vec_push(a, out) = field;
    }
}

void item_fields(struct arena *a, const struct member *item, field_list *out)
{
    uint32_t n = rule_fields(&item->rule, NULL, 0);
    uint32_t *fields = ARENA_ARRAY(a, uint32_t, n);
    rule_fields(&item->rule, fields, n);
    for (uint32_t i = 0; i < n; i++) {
        add_field(a, out, fields[i]);
    }
}

static void add_cond_fields(struct arena *a, const struct cond *c, field_list *out)
{
    if (!c) {
        return;
    }
    for (uint32_t i = 0; i < c->reads.n; i++) {
        add_field(a, out, c->reads.at[i]);
    }
    if (!c->left && !c->right && c->op != COND_SCRIPT && c->operand.kind == OPERAND_FIELD) {
        add_field(a, out, c->operand.index);
    }
    add_cond_fields(a, c->left, out);
    add_cond_fields(a, c->right, out);
}

void item_reads(struct arena *a, const struct member *item, field_list *out)
{
    item_fields(a, item, out);
    add_cond_fields(a, item->when, out);
}

/* ---- which kinds ---- */

static bool has(const struct cellres *got, enum flag flag)
{
    return (got->flags & 1U << flag) != 0;
}

/* Why an item is not reported; the more telling first. */
static enum flag why_missing(const struct cellres *got)
{
    if (has(got, FLAG_PLACEHOLDER)) {
        return FLAG_PLACEHOLDER;
    }
    if (has(got, FLAG_PLANNED)) {
        return FLAG_PLANNED;
    }
    return has(got, FLAG_APPROXIMATE) ? FLAG_APPROXIMATE : FLAG_NOT_REPORTED;
}

static dec floor_of(const struct member *m, dec full, uint32_t class)
{
    dec below = num_of(&m->deficiency.below, class);
    if (m->deficiency.none || m->group != 0 || below == DEC_NONE) {
        return DEC_NONE;
    }
    return dec_min(full, dec_muldiv(full, below, dec_from_int(100)));
}

dec deficiency_floor(const struct rubric *r, uint32_t item, uint32_t class)
{
    return floor_of(&r->members.at[item], member_points(r, item, class), class);
}

static bool falls_short(const struct member *m, const struct cellres *got, dec full, uint32_t class)
{
    return got->state == STATE_SCORED && got->points != DEC_NONE &&
           got->points < floor_of(m, full, class);
}

static struct kinds kinds_of(const struct member *m, const struct cellres *got, dec full,
                             uint32_t class)
{
    struct kinds k = {.n = 0};
    uint32_t said = 1U << FLAG_SHORTFALL;
    if (got->state == STATE_OFF || got->state == STATE_ERROR) {
        return k;
    }
    if (got->flags == 0 && got->state == STATE_SCORED && !falls_short(m, got, full, class)) {
        return k; /* mostly */
    }
    if (got->state == STATE_MISSING) {
        if (m->group != 0) { /* in bonus and deductions silence is nobody's fault */
            said = ~(1U << FLAG_WAIVER_EXPIRED);
        } else {
            k.at[k.n++] = why_missing(got);
            said |= 1U << FLAG_NOT_REPORTED | 1U << k.at[0];
        }
    } else if (has(got, FLAG_NO_EVIDENCE)) {
        k.at[k.n++] = FLAG_NO_EVIDENCE;
    } else if (falls_short(m, got, full, class)) {
        k.at[k.n++] = FLAG_SHORTFALL;
    }
    k.explains = k.n > 0;
    said |= k.n ? 1U << k.at[0] : 0;
    for (uint32_t flag = 0; flag < N_FLAGS; flag++) {
        if (!(said & 1U << flag) && has(got, (enum flag)flag)) {
            k.at[k.n++] = (enum flag)flag;
        }
    }
    return k;
}

/* A section's script may flag it too; otherwise only items have deficiencies. */
static struct kinds kinds_of_member(const struct rubric *r, uint32_t member,
                                    const struct cellres *got, uint32_t class)
{
    const struct member *m = &r->members.at[member];
    if (m->kind == MEMBER_ITEM) {
        return kinds_of(m, got, member_points(r, member, class), class);
    }
    struct kinds k = {.n = 0};
    if (has(got, FLAG_SCRIPT) && got->state != STATE_ERROR) {
        k.at[k.n++] = FLAG_SCRIPT;
    }
    return k;
}

static struct kinds kinds_at(const struct result *r, uint32_t unit, uint32_t member)
{
    const struct cellres *got = result_member(r, unit, member);
    uint32_t class = r->table->units.at[unit].class;
    return kinds_of_member(r->rubric, member, got, class);
}

/* A script may flag several things, each with its own text. */
uint32_t deficiency_count_member(const struct result *r, uint32_t unit, uint32_t member)
{
    struct kinds k = kinds_at(r, unit, member);
    uint32_t n = k.n;
    for (uint32_t i = 0; i < k.n; i++) {
        const struct note *note = k.at[i] == FLAG_SCRIPT ? result_note(r, unit, member) : NULL;
        n += note && note->flags.n > 0 ? note->flags.n - 1 : 0;
    }
    return n;
}

static bool unanswered(const struct result *r, uint32_t unit, uint32_t gate)
{
    return r->gates[(size_t)unit * r->n_gates + gate] == GATE_UNANSWERED;
}

uint32_t deficiency_count_rest(const struct result *r, uint32_t unit)
{
    const struct outcome *o = &r->outcomes[unit];
    uint32_t n = o->other_period;
    for (uint32_t gate = 0; gate < r->n_gates && o->state != UNIT_ERROR; gate++) {
        n += unanswered(r, unit, gate);
    }
    return n;
}

uint32_t deficiency_count(const struct result *r, uint32_t unit)
{
    uint32_t n = deficiency_count_rest(r, unit);
    for (uint32_t m = 0; m < r->n_members && r->outcomes[unit].state != UNIT_ERROR; m++) {
        n += deficiency_count_member(r, unit, m);
    }
    return n;
}

/* ---- texts ---- */

/* "12 of 20 points: 9 of 12; 3 short × 1" */
static const char *shortfall_text(struct arena *a, const struct result *r, uint32_t unit,
                                  uint32_t member, dec full)
{
    const struct member *m = &r->rubric->members.at[member];
    if (m->deficiency.text) {
        return m->deficiency.text;
    }
    char got[DEC_TEXT], of[DEC_TEXT];
    dec_text(result_member(r, unit, member)->points, r->rubric->round_item, got);
    dec_text(full, DEC_EXACT, of);
    const char *reason = r->scorer.reason(a, r, unit, member);
    if (!*reason) {
        return arena_printf(a, _("%s of %s points"), got, of);
    }
    return arena_printf(a, _("%s of %s points: %s"), got, of, reason);
}

/* The labels of the fields that are not reported. */
static const char *silent_fields(struct arena *a, const struct result *r, uint32_t unit,
                                 const field_list *fields)
{
    const char *all = NULL;
    for (uint32_t i = 0; i < fields->n; i++) {
        const struct column *column = &r->table->columns[fields->at[i]];
        enum cell_state state = column->state ? (enum cell_state)column->state[unit] : CELL_EMPTY;
        if (state == CELL_VALUE || state == CELL_NONE || state == CELL_NA) {
            continue;
        }
        const char *label = r->rubric->fields.list.at[fields->at[i]].label;
        all = all ? arena_printf(a, _("%s, %s"), all, label) : label;
    }
    return all;
}

/* And of those whose figure of the previous period is no exact one. */
static const char *vague_before(struct arena *a, const struct result *r, uint32_t unit,
                                const struct member *m, const char *all)
{
    const struct table *before = r->table->previous;
    field_list fields = {0};
    if (before) {
        rule_previous(a, r->rubric, &m->rule, &fields);
        condition_previous(a, r->rubric, m->when, &fields);
    }
    for (uint32_t i = 0; i < fields.n; i++) {
        enum cell_state state = (enum cell_state)before->columns[fields.at[i]].state[unit];
        if (state == CELL_AT_LEAST || state == CELL_AT_MOST || state == CELL_ABOUT) {
            const char *label = arena_printf(a, _("%s (previous period)"),
                                             r->rubric->fields.list.at[fields.at[i]].label);
            all = all ? arena_printf(a, _("%s, %s"), all, label) : label;
        }
    }
    return all;
}

static const char *expired_text(struct arena *a, const struct result *r, uint32_t unit,
                                uint32_t member)
{
    const struct waiver *w = waiver_of(waivers_of(r->table->waivers, unit), r->rubric, member);
    return w ? arena_printf(a, _("the waiver has expired and does not count: %s"),
                            waiver_text(a, w))
             : _("the waiver has expired and does not count");
}

/* Silence about a part of the year that the unit has no total of. */
static const struct period *silent_period(const struct result *r, uint32_t unit, uint32_t member,
                                          enum flag kind)
{
    const struct rule *rule = &r->rubric->members.at[member].rule;
    bool silent = kind == FLAG_NOT_REPORTED && rule->method == METHOD_PERIOD &&
                  table_period(r->table, unit, rule->period).total == DEC_NONE;
    return silent ? &r->rubric->periods.at[rule->period] : NULL;
}

static const char *item_text(struct arena *a, const struct result *r, uint32_t unit,
                             uint32_t member, enum flag kind)
{
    const char *silent = NULL;
    const struct period *period = silent_period(r, unit, member, kind);
    if (period) {
        return arena_printf(a, _("no total of %s"), period->name);
    }
    if (kind == FLAG_NOT_REPORTED || kind == FLAG_PLACEHOLDER || kind == FLAG_PLANNED ||
        kind == FLAG_APPROXIMATE) {
        field_list fields = {0};
        item_reads(a, &r->rubric->members.at[member], &fields);
        silent = silent_fields(a, r, unit, &fields);
        silent = vague_before(a, r, unit, &r->rubric->members.at[member], silent);
    }
    switch (kind) {
    case FLAG_NOT_REPORTED:
        return silent ? arena_printf(a, _("not reported: %s"), silent) : _("not reported");
    case FLAG_PLACEHOLDER:
        return silent ? arena_printf(a, _("a placeholder was left in: %s"), silent)
                      : _("a placeholder was left in");
    case FLAG_PLANNED:
        return silent ? arena_printf(a, _("planned, not done yet: %s"), silent)
                      : _("planned, not done yet");
    case FLAG_APPROXIMATE:
        return silent ? arena_printf(a, _("only an approximate figure: %s"), silent)
                      : _("only an approximate figure");
    case FLAG_CONTRADICTORY:
        return _("the figures contradict each other: a part exceeds the whole");
    case FLAG_NO_EVIDENCE:
        return _("no evidence is listed, so no points");
    case FLAG_NO_REASON:
        return _("said not to apply, without a reason");
    case FLAG_WAIVER_EXPIRED:
        return expired_text(a, r, unit, member);
    case FLAG_SCRIPT:
        return _("flagged by the scoring script");
    case FLAG_SHORTFALL:
    case FLAG_UNANSWERED:
    case FLAG_OTHER_PERIOD:
    case N_FLAGS:
        break;
    }
    return flag_word(kind);
}

/* What to do where the rubric does not say; NULL for a shortfall, which only the rubric can know.
 */
static const char *default_remedy(enum flag kind)
{
    switch (kind) {
    case FLAG_NOT_REPORTED:
        return _("report the value, also if it is zero");
    case FLAG_PLACEHOLDER:
        return _("replace the placeholder by the figure");
    case FLAG_PLANNED:
        return _("report what was done");
    case FLAG_APPROXIMATE:
        return _("report the exact figure");
    case FLAG_CONTRADICTORY:
        return _("check and correct the figures");
    case FLAG_NO_EVIDENCE:
        return _("list the evidence");
    case FLAG_NO_REASON:
        return _("state the reason");
    case FLAG_UNANSWERED:
        return _("report what the gate asks for");
    case FLAG_OTHER_PERIOD:
        return _("submit the data of the period assessed");
    case FLAG_WAIVER_EXPIRED:
        return _("renew the waiver or report the item");
    case FLAG_SHORTFALL:
    case FLAG_SCRIPT:
    case N_FLAGS:
        break;
    }
    return NULL;
}

/* ---- lists ---- */

/* What the script flagged, in its own words; what it does not say comes from the rubric. */
static void list_script_flags(struct arena *a, const struct result *r, uint32_t member,
                              const struct note *note, deficiencies *out)
{
    const struct member *m = &r->rubric->members.at[member];
    for (uint32_t i = 0; i < note->flags.n; i++) {
        const struct script_flag *f = &note->flags.at[i];
        *vec_push(a, out) = (struct deficiency){
            .member = member,
            .gate = GATE_NONE,
            .kind = FLAG_SCRIPT,
            .severity = f->severity,
            .text = f->text,
            .remedy = f->remedy,
            .due = deadline_date(r->rubric, f->due.given ? &f->due : &m->deficiency.due),
        };
    }
}

void deficiency_member(struct arena *a, const struct result *r, uint32_t unit, uint32_t member,
                       deficiencies *out)
{
    const struct member *m = &r->rubric->members.at[member];
    const struct cellres *got = result_member(r, unit, member);
    dec full = member_points(r->rubric, member, r->table->units.at[unit].class);
    struct kinds kinds = kinds_at(r, unit, member);
    for (uint32_t i = 0; i < kinds.n; i++) {
        const struct note *note = kinds.at[i] == FLAG_SCRIPT ? result_note(r, unit, member) : NULL;
        if (note && note->flags.n > 0) {
            list_script_flags(a, r, member, note, out);
            continue;
        }
        bool explains = i == 0 && kinds.explains;
        bool loses = explains && got->counts && got->points != DEC_NONE && m->group == 0;
        const char *remedy = explains ? m->deficiency.remedy : NULL;
        if (!remedy && silent_period(r, unit, member, kinds.at[i])) {
            remedy = _("submit the data of that period, or have the unit excused from it");
        }
        *vec_push(a, out) = (struct deficiency){
            .member = member,
            .gate = GATE_NONE,
            .kind = kinds.at[i],
            .severity = m->deficiency.severity,
            .lost = loses ? dec_max(dec_sub(full, got->points), 0) : 0,
            .text = kinds.at[i] == FLAG_SHORTFALL ? shortfall_text(a, r, unit, member, full)
                                                  : item_text(a, r, unit, member, kinds.at[i]),
            .remedy = remedy ? remedy : default_remedy(kinds.at[i]),
            .due = deadline_date(r->rubric, &m->deficiency.due),
        };
    }
}

static void list_gate(struct arena *a, const struct result *r, uint32_t unit, uint32_t gate,
                      deficiencies *out)
{
    const struct gate *g = &r->rubric->gates.at[gate];
    field_list fields = {0};
    add_cond_fields(a, g->when, &fields);
    const char *silent = silent_fields(a, r, unit, &fields);
    *vec_push(a, out) = (struct deficiency){
        .member = MEMBER_NONE,
        .gate = gate,
        .kind = FLAG_UNANSWERED,
        .severity = LEVEL_MAJOR, /* silence may hide a veto */
        .text = silent ? arena_printf(a, _("gate %s cannot be judged, not reported: %s"),
                                      gate_name(g), silent)
                       : arena_printf(a, _("gate %s cannot be judged"), gate_name(g)),
        .remedy = default_remedy(FLAG_UNANSWERED),
        .due = DATE_NONE,
    };
}

static void list_other_period(struct arena *a, const struct result *r, uint32_t unit,
                              deficiencies *out)
{
    const char *period = r->table->units.at[unit].period;
    *vec_push(a, out) = (struct deficiency){
        .member = MEMBER_NONE,
        .gate = GATE_NONE,
        .kind = FLAG_OTHER_PERIOD,
        .severity = LEVEL_MAJOR,
        .text = arena_printf(a, _("the data are of period %s, the rubric is for %s"),
                             period ? period : "?", r->rubric->period),
        .remedy = default_remedy(FLAG_OTHER_PERIOD),
        .due = DATE_NONE,
    };
}

void deficiency_rest(struct arena *a, const struct result *r, uint32_t unit, deficiencies *out)
{
    const struct outcome *o = &r->outcomes[unit];
    for (uint32_t gate = 0; gate < r->n_gates && o->state != UNIT_ERROR; gate++) {
        if (unanswered(r, unit, gate)) {
            list_gate(a, r, unit, gate, out);
        }
    }
    if (o->other_period) {
        list_other_period(a, r, unit, out);
    }
}

void deficiency_list(struct arena *a, const struct result *r, uint32_t unit, deficiencies *out)
{
    for (uint32_t m = 0; m < r->n_members && r->outcomes[unit].state != UNIT_ERROR; m++) {
        deficiency_member(a, r, unit, m, out);
    }
    deficiency_rest(a, r, unit, out);
}
