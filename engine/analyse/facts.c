/* facts.c - see facts.h: members, fields, gates, and the rubric's own keys. */
#include "analyse/facts.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/i18n.h"

#include <string.h>

/* ---- adding ---- */

static void facts_clear(struct facts *f)
{
    f->stamp++;
    f->list.n = 0;
    f->reads.n = 0;
    f->reads_total = false;
    f->by_key = (struct map){0};
    f->fields_too = false;
}

struct fact *fact_add(struct facts *f, const char *key, enum mark_effect effect)
{
    const char *name = key;
    if (map_put(f->arena, &f->by_key, str_of(name), f->list.n) != f->list.n) {
        name = arena_printf(f->arena, "%s (%u)", key, f->list.n);
        map_put(f->arena, &f->by_key, str_of(name), f->list.n);
    }
    struct fact *fact = vec_push(f->arena, &f->list);
    *fact = (struct fact){.key = name, .effect = effect, .day = DEC_NONE};
    return fact;
}

void fact_text(struct facts *f, const char *key, enum mark_effect effect, const char *text)
{
    if (text) {
        fact_add(f, key, effect)->text = text;
    }
}

static const char *number_text(struct facts *f, dec value, enum fact_unit unit)
{
    char text[DEC_TEXT], day[DATE_TEXT];
    if (value == DEC_NONE) {
        return NULL;
    }
    if (unit == FACT_DAY) {
        return arena_printf(f->arena, "%s", date_text((int32_t)dec_to_int(value), day));
    }
    return arena_printf(f->arena, "%s%s", dec_text(value, DEC_EXACT, text),
                        unit == FACT_SHARE ? "%" : "");
}

void fact_dec(struct facts *f, const char *key, enum mark_effect effect, dec value,
              enum fact_unit unit)
{
    fact_text(f, key, effect, number_text(f, value, unit));
}

void fact_num(struct facts *f, const char *key, enum mark_effect effect, const struct num *n,
              enum fact_unit unit)
{
    if (!num_given(n)) {
        return;
    }
    if (!n->by_class) {
        fact_dec(f, key, effect, n->v[0], unit);
        if (unit == FACT_DAY && n->v[0] != DEC_NONE) {
            f->list.at[f->list.n - 1].day = n->v[0];
        }
        return;
    }
    struct fact *fact = fact_add(f, key, effect);
    fact->by_class = ARENA_ARRAY(f->arena, const char *, f->classes->names.n);
    for (uint32_t c = 0; c < f->classes->names.n; c++) {
        uint32_t slot = f->classes->slots[c];
        fact->by_class[c] = slot == UINT32_MAX ? NULL : number_text(f, n->v[slot], unit);
    }
}

static void flag(struct facts *f, const char *key, enum mark_effect effect, bool given,
                 const char *text)
{
    fact_text(f, key, effect, given ? text : NULL);
}

void fact_whole(struct facts *f, const char *key, enum mark_effect effect, uint32_t n)
{
    fact_text(f, key, effect, n > 0 ? arena_printf(f->arena, "%u", n) : NULL);
}

typedef VEC(const char *) texts;

static const char *joined(struct facts *f, const texts *list)
{
    struct buf out = {0};
    for (uint32_t i = 0; i < list->n; i++) {
        buf_printf(&out, "%s%s", i == 0 ? "" : ", ", list->at[i]);
    }
    const char *text = arena_text(f->arena, out.at ? out.at : "", out.n);
    buf_release(&out);
    return text;
}

static const char *member_id(const struct facts *f, uint32_t member)
{
    return f->rubric->members.at[member].id;
}

/* ---- fields ---- */

/* `prefix`: "fields.x." at a member that reads it, "" at the field itself. */
static void describe_field(struct facts *f, const struct field *field, const char *prefix,
                           enum mark_effect type, enum mark_effect reading)
{
    struct buf options = {0};
    enum fact_unit unit = field->type == FIELD_DATE      ? FACT_DAY
                          : field->type == FIELD_PERCENT ? FACT_SHARE
                                                         : FACT_NUMBER;
    uint32_t first = f->list.n;
    const char *type_key = arena_printf(f->arena, "%stype", prefix);
    fact_text(f, type_key, type, field_type_word(field->type));
    for (uint32_t i = 0; i < field->options.n; i++) {
        buf_printf(&options, "%s%s", i == 0 ? "" : ", ", field->options.at[i]);
    }
    if (options.n > 0) {
        fact_text(f, arena_printf(f->arena, "%soptions", prefix), type,
                  arena_text(f->arena, options.at, options.n));
    }
    buf_release(&options);
    fact_text(f, arena_printf(f->arena, "%sunit", prefix), reading, field->unit);
    fact_dec(f, arena_printf(f->arena, "%smin", prefix), reading, field->min, unit);
    fact_dec(f, arena_printf(f->arena, "%smax", prefix), reading, field->max, unit);
    flag(f, arena_printf(f->arena, "%sby", prefix), reading, field->by_assessor, "assessor");
    for (uint32_t i = first; i < f->list.n; i++) {
        f->list.at[i].incomparable = true;
        f->list.at[i].with = type_key; /* a field that was not read is told by what reads it */
    }
}

void fact_field(struct facts *f, uint32_t field, enum mark_effect effect)
{
    if (field == FIELD_NONE || !f->fields_too || f->stamps[field] == f->stamp) {
        return;
    }
    f->stamps[field] = f->stamp;
    const struct field *about = &f->rubric->fields.list.at[field];
    describe_field(f, about, arena_printf(f->arena, "fields.%s.", about->id), effect,
                   effect < MARK_DATA ? effect : MARK_DATA);
}

void facts_of_field(struct facts *f, uint32_t index)
{
    const struct field *field = &f->rubric->fields.list.at[index];
    facts_clear(f);
    describe_field(f, field, "", field->used ? MARK_POINTS : MARK_DATA, MARK_DATA);
    fact_text(f, "label", MARK_DATA, field->label);
    flag(f, "required", MARK_DATA, field->required, "true");
    texts aliases = {0};
    for (uint32_t i = 0; i < field->aliases.n; i++) {
        *vec_push(f->arena, &aliases) = field->aliases.at[i];
    }
    flag(f, "alias", MARK_DATA, aliases.n > 0, joined(f, &aliases));
}

/* ---- members ---- */

static void deadline(struct facts *f, const char *key, const struct deadline *due)
{
    static const char *const units[] = {
        [TIME_DAY] = "days", [TIME_WEEK] = "weeks", [TIME_MONTH] = "months"};
    char day[DATE_TEXT];
    if (due->given && due->is_date) {
        fact_text(f, key, MARK_WORDS, arena_printf(f->arena, "%s", date_text(due->date, day)));
    } else if (due->given) {
        fact_text(f, key, MARK_WORDS, arena_printf(f->arena, "%d %s", due->n, units[due->unit]));
    }
}

static void describe_deficiency(struct facts *f, const struct deficiency_rule *d)
{
    static const char *const levels[] = {
        [LEVEL_MINOR] = "minor", [LEVEL_MAJOR] = "major", [LEVEL_CRITICAL] = "critical"};
    if (d->none) {
        fact_text(f, "deficiency", MARK_WORDS, "none");
        return;
    }
    fact_num(f, "deficiency.below", MARK_WORDS, &d->below, FACT_SHARE);
    fact_text(f, "deficiency.severity", MARK_WORDS, levels[d->severity]);
    fact_text(f, "deficiency.text", MARK_WORDS, d->text);
    fact_text(f, "deficiency.remedy", MARK_WORDS, d->remedy);
    deadline(f, "deficiency.due", &d->due);
}

static void describe_for(struct facts *f, const struct member *m)
{
    if (!m->for_class) {
        return;
    }
    struct fact *fact = fact_add(f, "for", MARK_POINTS);
    fact->by_class = ARENA_ARRAY(f->arena, const char *, f->classes->names.n);
    for (uint32_t c = 0; c < f->classes->names.n; c++) {
        uint32_t slot = f->classes->slots[c];
        bool off = slot != UINT32_MAX && !m->for_class[slot];
        fact->by_class[c] = off ? _("not for this class") : NULL;
    }
}

static const char *places_text(struct facts *f, int places)
{
    return places == DEC_EXACT ? "exact" : arena_printf(f->arena, "%d", places);
}

/* What item, section and rubric may all say, settled. */
static void describe_shared(struct facts *f, const struct member *m)
{
    static const char *const missing[] = {[MISSING_ZERO] = "zero",
                                          [MISSING_NONE] = "none",
                                          [MISSING_UNSCORED] = "unscored",
                                          [MISSING_ERROR] = "error"};
    static const char *const policies[] = {[NA_RESCALE] = "rescale",
                                           [NA_EVEN] = "even",
                                           [NA_FULL] = "full",
                                           [NA_ZERO] = "zero",
                                           [NA_SHARE] = "share"};
    describe_for(f, m);
    fact_condition(f, "when", MARK_POINTS, m->when);
    fact_text(f, "missing", MARK_POINTS, missing[m->missing]);
    fact_text(f, "not_applicable", MARK_POINTS,
              m->not_applicable == NA_UNSET ? NULL : policies[m->not_applicable]);
    if (m->not_applicable == NA_SHARE) {
        fact_num(f, "not_applicable.share", MARK_POINTS, &m->na_share, FACT_SHARE);
    }
    flag(f, "evidence", MARK_POINTS, m->evidence_required, "required");
    fact_text(f, "round.item", MARK_POINTS, places_text(f, f->rubric->round_item));
    describe_deficiency(f, &m->deficiency);
    fact_text(f, "department", MARK_WORDS, m->department);
    fact_text(f, "since", MARK_WORDS, m->since);
    fact_text(f, "until", MARK_WORDS, m->until);
    flag(f, "since, until", MARK_POINTS, m->off, _("not on this period's sheet"));
}

/* Bands of the rubric or of a section. */
static void describe_bands(struct facts *f, const struct grade *grades, uint32_t n)
{
    texts names = {0};
    for (uint32_t i = 0; i < n; i++) {
        *vec_push(f->arena, &names) = grades[i].name;
    }
    flag(f, "grades", MARK_OUTCOME, n > 0, joined(f, &names));
    for (uint32_t i = 0; i < n; i++) {
        const struct grade *g = &grades[i];
        const struct quota *q = &g->quota;
        static const char *const rounds[] = {
            [QUOTA_DOWN] = "down", [QUOTA_UP] = "up", [QUOTA_NEAREST] = "nearest"};
        const char *key = arena_printf(f->arena, "grades.%s", g->name);
#define KEY(name) arena_printf(f->arena, "%s." name, key)
        fact_num(f, KEY("from"), MARK_OUTCOME, &g->from, FACT_NUMBER);
        for (uint32_t k = 0; k < g->needs.n; k++) {
            fact_num(
                f, arena_printf(f->arena, "%s.needs.%s", key, member_id(f, g->needs.at[k].member)),
                MARK_OUTCOME, &g->needs.at[k].share, FACT_SHARE);
        }
        if (!q->given) {
            continue;
        }
        fact_num(f, KEY("quota.share"), MARK_OUTCOME, &q->share, FACT_SHARE);
        fact_num(f, KEY("quota.count"), MARK_OUTCOME, &q->count, FACT_NUMBER);
        fact_text(f, KEY("quota.per"), MARK_OUTCOME, q->per_all ? "all" : "class");
        fact_text(f, KEY("quota.round"), MARK_OUTCOME, rounds[q->round]);
        fact_num(f, KEY("quota.at_least"), MARK_OUTCOME, &q->at_least, FACT_NUMBER);
        fact_text(f, KEY("quota.at_cut"), MARK_OUTCOME, q->all_in ? "all_in" : "all_out");
#undef KEY
    }
}

static void describe_section(struct facts *f, uint32_t index)
{
    static const char *const combines[] = {
        [COMBINE_SUM] = "sum",           [COMBINE_MEAN] = "mean", [COMBINE_GEOMETRIC] = "geometric",
        [COMBINE_HARMONIC] = "harmonic", [COMBINE_MIN] = "min",   [COMBINE_LUA] = "lua"};
    const struct member *m = &f->rubric->members.at[index];
    fact_num(f, index == RUBRIC_ROOT ? "total" : "points", MARK_OUTCOME, &m->points, FACT_NUMBER);
    fact_text(f, "combine", MARK_OUTCOME, combines[m->combine]);
    fact_script(f, "script", MARK_OUTCOME, m->combine_script);
    fact_num(f, "factor", MARK_OUTCOME, &m->factor, FACT_SHARE);
    if (index != RUBRIC_ROOT) {
        fact_num(f, "cap", MARK_OUTCOME, &m->cap, FACT_NUMBER);
        flag(f, "cap", MARK_OUTCOME, m->cap_none, "none");
        describe_bands(f, m->grades.at, m->grades.n);
    }
    if (f->rubric->round_section_given) {
        fact_text(f, "round.section", MARK_OUTCOME, places_text(f, f->rubric->round_section));
    }
    fact_text(f, "clause", MARK_WORDS, m->clause);
    flag(f, "floor", MARK_OUTCOME, m->floor_none, "none");
    flag(f, "scale", MARK_OUTCOME, m->scale, "true");
    fact_whole(f, "keep.best", MARK_OUTCOME, m->keep_best);
    fact_whole(f, "drop.worst", MARK_OUTCOME, m->drop_worst);
    fact_dec(f, "complete", MARK_OUTCOME, m->complete, FACT_SHARE);
    if (m->keep_best > 0 || m->drop_worst > 0) {
        texts order = {0};
        for (uint32_t i = 0; i < m->members.n; i++) {
            *vec_push(f->arena, &order) = member_id(f, m->members.at[i]);
        }
        fact_text(f, _("order"), MARK_OUTCOME, joined(f, &order));
    }
}

static void describe_item(struct facts *f, const struct member *m)
{
    uint32_t few[16], n = rule_fields(&m->rule, few, 16);
    uint32_t *fields = n > 16 ? ARENA_ARRAY(f->arena, uint32_t, n) : few;
    fact_num(f, "points", MARK_POINTS, &m->points, FACT_NUMBER);
    facts_of_rule(f, &m->rule);
    flag(f, "floor", MARK_POINTS, m->floor_none, "none");
    flag(f, "cap", MARK_POINTS, m->cap_none, "none");
    if (n > 16) {
        rule_fields(&m->rule, fields, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        fact_field(f, fields[i], MARK_POINTS);
    }
    if (m->reason_field != FIELD_NONE) {
        fact_text(f, "reason", MARK_POINTS, f->rubric->fields.list.at[m->reason_field].id);
    }
    if (m->clause) {
        fact_text(f, "clause", MARK_WORDS, m->clause);
        f->list.at[f->list.n - 1].incomparable = true;
    }
}

/* Gates that take from the member's points before they count. */
static void describe_limits(struct facts *f, uint32_t member, enum mark_effect effect)
{
    for (uint32_t i = 0; i < f->gates_at[member].n; i++) {
        const struct gate *g = &f->rubric->gates.at[f->gates_at[member].at[i]];
        fact_condition(f, arena_printf(f->arena, "gates.%s.when", g->id), effect, g->when);
        for (uint32_t k = 0; k < g->targets.n; k++) {
            const char *key = arena_printf(f->arena, "gates.%s.effect", g->id);
            if (g->targets.at[k] == member && g->effect == EFFECT_CEILING) {
                fact_num(f, key, effect, &g->ceilings.at[k], FACT_SHARE);
            } else if (g->targets.at[k] == member) {
                fact_text(f, key, effect, "zero");
            }
        }
    }
}

static void describe_ranking(struct facts *f)
{
    const struct rubric *r = f->rubric;
    static const char *const vetoed[] = {[VETOED_UNSET] = NULL,
                                         [VETOED_LAST] = "last",
                                         [VETOED_BY_POINTS] = "by_points",
                                         [VETOED_UNRANKED] = "unranked"};
    texts breaks = {0};
    fact_text(f, "ranking.within", MARK_OUTCOME, r->ranking.within_all ? "all" : "class");
    fact_text(f, "ranking.ties", MARK_OUTCOME, r->ranking.dense ? "dense" : "shared");
    fact_text(f, "ranking.better", MARK_OUTCOME, r->ranking.lower_is_better ? "low" : "high");
    fact_text(f, "ranking.on", MARK_OUTCOME, r->ranking.on_exact ? "exact" : "total");
    fact_text(f, "ranking.vetoed", MARK_OUTCOME, vetoed[r->ranking.vetoed]);
    for (uint32_t i = 0; i < r->ranking.breaks.n; i++) {
        const struct operand *by = &r->ranking.breaks.at[i].by;
        const char *sign = r->ranking.breaks.at[i].lower_first ? "-" : "";
        const char *name =
            by->kind == OPERAND_FIELD ? r->fields.list.at[by->index].id
            : by->kind == OPERAND_PREVIOUS
                ? arena_printf(f->arena, "previous.%s", r->fields.list.at[by->index].id)
            : by->kind == OPERAND_BASE  ? "points.base"
            : by->kind == OPERAND_TOTAL ? "points.total"
            : by->kind == OPERAND_POINTS
                ? arena_printf(f->arena, "points.%s", member_id(f, by->index))
                : arena_printf(f->arena, "grade.%s", member_id(f, by->index));
        *vec_push(f->arena, &breaks) = arena_printf(f->arena, "%s%s", sign, name);
    }
    flag(f, "ranking.break", MARK_OUTCOME, breaks.n > 0, joined(f, &breaks));
}

static void describe_columns(struct facts *f)
{
    texts ignored = {0};
    for (uint32_t i = 0; i < f->rubric->columns.n; i++) {
        const struct column_name *c = &f->rubric->columns.at[i];
        fact_text(f, arena_printf(f->arena, "columns.%s", c->reserved), MARK_DATA, c->name);
    }
    for (uint32_t i = 0; i < f->rubric->columns_ignored.n; i++) {
        *vec_push(f->arena, &ignored) = f->rubric->columns_ignored.at[i];
    }
    flag(f, "columns.ignore", MARK_DATA, ignored.n > 0, joined(f, &ignored));
}

static void describe_rubric(struct facts *f)
{
    const struct rubric *r = f->rubric;
    char day[DATE_TEXT];
    texts classes = {0};
    fact_text(f, "id", MARK_WORDS, r->id);
    fact_text(f, "period", MARK_WORDS, r->period);
    if (r->issued != DATE_NONE) {
        fact_text(f, "issued", MARK_WORDS, arena_printf(f->arena, "%s", date_text(r->issued, day)));
    }
    for (uint32_t i = 0; r->classes_listed && i < r->classes.n; i++) {
        *vec_push(f->arena, &classes) = r->classes.at[i];
    }
    flag(f, "classes", MARK_OUTCOME, r->classes_listed, joined(f, &classes));
    fact_text(f, "round.total", MARK_OUTCOME, places_text(f, r->round_total));
    fact_dec(f, "cap", MARK_OUTCOME, r->total_cap, FACT_NUMBER);
    flag(f, "cap", MARK_OUTCOME, r->members.at[RUBRIC_ROOT].cap_none, "none");
    describe_bands(f, r->grades.at, r->grades.n);
    fact_script(f, "grades.script", MARK_OUTCOME, r->grades_script);
    describe_ranking(f);
    describe_columns(f);
}

struct facts facts_begin(struct arena *a, const struct rubric *r, const struct class_list *classes)
{
    struct facts f = {.arena = a, .rubric = r, .classes = classes};
    bool *main = ARENA_ARRAY(a, bool, r->chunks.n);
    f.stamps = ARENA_ARRAY(a, uint32_t, r->fields.list.n);
    f.gates_at = arena_alloc(a, sizeof *f.gates_at * r->members.n);
    for (uint32_t i = 0; i < r->gates.n; i++) {
        for (uint32_t k = 0; k < r->gates.at[i].targets.n; k++) {
            *vec_push(a, &f.gates_at[r->gates.at[i].targets.at[k]]) = i;
        }
    }
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        main[r->scripts.at[i].chunk] = true;
    }
    for (uint32_t i = 0; i < r->chunks.n; i++) {
        if (r->chunks.at[i].module && !main[i]) {
            *vec_push(a, &f.modules) = i;
        }
    }
    return f;
}

void facts_of_member(struct facts *f, uint32_t index)
{
    const struct member *m = &f->rubric->members.at[index];
    bool item = m->kind == MEMBER_ITEM;
    facts_clear(f);
    f->fields_too = item; /* what a section or gate reads is told at the field */
    fact_text(f, "title", MARK_WORDS, m->title);
    if (item) {
        describe_item(f, m);
    } else {
        describe_section(f, index);
    }
    if (index == RUBRIC_ROOT) {
        describe_rubric(f);
    } else {
        fact_num(f, "weight", MARK_OUTCOME, &m->weight, FACT_NUMBER);
        describe_limits(f, index, item ? MARK_POINTS : MARK_OUTCOME);
    }
    describe_shared(f, m);
}

void facts_of_gate(struct facts *f, uint32_t index)
{
    static const char *const effects[] = {[EFFECT_CAP] = "cap",
                                          [EFFECT_AT_BEST] = "at_best",
                                          [EFFECT_LOWER] = "lower",
                                          [EFFECT_ZERO] = "zero",
                                          [EFFECT_CEILING] = "ceiling"};
    const struct gate *g = &f->rubric->gates.at[index];
    enum mark_effect effect = g->effect == EFFECT_CEILING ? MARK_POINTS : MARK_OUTCOME;
    facts_clear(f);
    fact_text(f, "title", MARK_WORDS, g->title);
    fact_text(f, "clause", MARK_WORDS, g->clause);
    fact_text(f, "department", MARK_WORDS, g->department);
    fact_condition(f, "when", effect, g->when);
    fact_text(f, "effect", effect, effects[g->effect]);
    fact_num(f, "effect.cap", effect, &g->cap, FACT_NUMBER);
    fact_num(f, "effect.lower", effect, &g->lower, FACT_NUMBER);
    if (g->effect == EFFECT_AT_BEST && g->at_best != GRADE_NONE) {
        fact_text(f, "effect.at_best", effect, f->rubric->grades.at[g->at_best].name);
    }
    for (uint32_t i = 0; i < g->targets.n; i++) {
        const char *id = member_id(f, g->targets.at[i]);
        if (g->effect == EFFECT_CEILING) {
            fact_num(f, arena_printf(f->arena, "effect.ceiling.%s", id), effect, &g->ceilings.at[i],
                     FACT_SHARE);
        } else {
            fact_text(f, arena_printf(f->arena, "effect.zero.%s", id), effect, _("given"));
        }
    }
}
