/* facts_rule.c - an item's method with all parameters, as facts (facts.h). */
#include "analyse/facts.h"

#include "base/buf.h"
#include "base/i18n.h"

#include <string.h>

static const char *id_of(const struct facts *f, uint32_t field)
{
    return field == FIELD_NONE ? NULL : f->rubric->fields.list.at[field].id;
}

static void word(struct facts *f, const char *key, bool given, const char *text)
{
    fact_text(f, key, MARK_POINTS, given ? text : NULL);
}

/* How numbers that are held against the field's value are shown. */
static enum fact_unit unit_of(const struct facts *f, uint32_t field, uint32_t of)
{
    if (of != FIELD_NONE) {
        return FACT_SHARE;
    }
    if (field == FIELD_NONE) {
        return FACT_NUMBER;
    }
    enum field_type type = f->rubric->fields.list.at[field].type;
    return type == FIELD_PERCENT ? FACT_SHARE : type == FIELD_DATE ? FACT_DAY : FACT_NUMBER;
}

static const char *part_key(struct facts *f, const struct rule *rule, uint32_t field)
{
    const char *list = rule->method == METHOD_EACH        ? "events"
                       : rule->method == METHOD_CHECKLIST ? "parts"
                                                          : "fields";
    const char *id = id_of(f, field);
    return arena_printf(f->arena, "%s.%s", list, id ? id : "");
}

static void parts(struct facts *f, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        const struct part *part = &rule->parts.at[i];
        const char *key = part_key(f, rule, part->field);
        if (num_given(&part->points)) {
            bool value = rule->method == METHOD_SHORT;
            fact_num(f, key, MARK_POINTS, &part->points,
                     value ? unit_of(f, part->field, FIELD_NONE) : FACT_NUMBER);
        } else {
            fact_text(f, key, MARK_POINTS, _("given"));
        }
    }
    word(f, "all", rule->all, "true");
}

static void levels(struct facts *f, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->levels.n; i++) {
        const struct ladder_level *level = &rule->levels.at[i];
        struct buf needs = {0};
        for (uint32_t k = 0; k < level->needs.n; k++) {
            buf_printf(&needs, "%s%s", k == 0 ? "" : ", ", id_of(f, level->needs.at[k]));
        }
        const char *key = arena_printf(f->arena, "levels.%s", level->name);
        fact_text(f, arena_printf(f->arena, "%s.needs", key), MARK_POINTS,
                  arena_text(f->arena, needs.at ? needs.at : "", needs.n));
        fact_num(f, arena_printf(f->arena, "%s.points", key), MARK_POINTS, &level->points,
                 FACT_NUMBER);
        fact_text(f, arena_printf(f->arena, "%s.place", key), MARK_POINTS,
                  arena_printf(f->arena, "%u", i + 1));
        buf_release(&needs);
    }
}

static void scores(struct facts *f, const struct rule *rule)
{
    const struct field *field =
        rule->field == FIELD_NONE ? NULL : &f->rubric->fields.list.at[rule->field];
    for (uint32_t i = 0; field && i < rule->scores.n && i < field->options.n; i++) {
        const char *key = arena_printf(f->arena, "scores.%s", field->options.at[i]);
        word(f, key, rule->scores.at[i].not_applicable, "not_applicable");
        if (!rule->scores.at[i].not_applicable) {
            fact_num(f, key, MARK_POINTS, &rule->scores.at[i].points, FACT_NUMBER);
        }
    }
}

static void tiers(struct facts *f, const struct rule *rule)
{
    bool rank = rule->method == METHOD_RANK;
    const char *bound = rank ? "top" : rule->tiers_to ? "to" : "from";
    for (uint32_t i = 0; i < rule->tiers.n; i++) {
        const struct tier *tier = &rule->tiers.at[i];
        enum fact_unit unit = !rank           ? unit_of(f, rule->field, rule->of)
                              : tier->percent ? FACT_SHARE
                                              : FACT_NUMBER;
        fact_num(f, arena_printf(f->arena, "tiers.%u.%s", i + 1, bound), MARK_POINTS, &tier->bound,
                 unit);
        fact_num(f, arena_printf(f->arena, "tiers.%u.points", i + 1), MARK_POINTS, &tier->points,
                 FACT_NUMBER);
    }
}

static void rates(struct facts *f, const struct rule *rule)
{
    enum fact_unit unit = unit_of(f, rule->field, rule->of);
    for (uint32_t i = 0; i < rule->rates.n; i++) {
        const struct rate *rate = &rule->rates.at[i];
        fact_num(
            f,
            arena_printf(f->arena, "rates.%u.%s", i + 1, rule->lower_is_better ? "above" : "below"),
            MARK_POINTS, &rate->bound, unit);
        fact_num(f, arena_printf(f->arena, "rates.%u.lose", i + 1), MARK_POINTS, &rate->lose,
                 FACT_NUMBER);
        fact_num(f, arena_printf(f->arena, "rates.%u.per", i + 1), MARK_POINTS, &rate->per, unit);
    }
}

static const char *time_word(enum time_unit unit)
{
    static const char *const words[] = {
        [TIME_DAY] = "day", [TIME_WEEK] = "week", [TIME_MONTH] = "month"};
    return words[unit];
}

static void numbers(struct facts *f, const struct rule *rule)
{
    enum fact_unit unit = unit_of(f, rule->field, rule->of);
    bool late = rule->method == METHOD_LATE;
    const struct {
        const char *key;
        const struct num *n;
        enum fact_unit unit;
    } list[] = {{"earn", &rule->earn, FACT_NUMBER},
                {"lose", &rule->lose, FACT_NUMBER},
                {"then", &rule->then, FACT_NUMBER},
                {"most", &rule->most, FACT_NUMBER},
                {"need", &rule->need, unit},
                {"target", &rule->target, unit},
                {"from", &rule->from, unit},
                {"to", &rule->to, unit},
                {"due", &rule->due, FACT_DAY},
                {"per", &rule->per, late ? FACT_NUMBER : unit},
                {"out_of", &rule->out_of, FACT_NUMBER},
                {"at_least", &rule->at_least, FACT_NUMBER},
                {"first", &rule->first, FACT_NUMBER},
                {"step", &rule->step, rule->step_percent ? FACT_SHARE : FACT_NUMBER},
                {"last", &rule->last, FACT_NUMBER},
                {"last", &rule->worst, FACT_NUMBER},
                {"same", &rule->same, FACT_NUMBER},
                {"up", &rule->up, FACT_NUMBER},
                {"up.per", &rule->up_per, rule->as_percent ? FACT_SHARE : unit},
                {"down", &rule->down, FACT_NUMBER},
                {"down.per", &rule->down_per, rule->as_percent ? FACT_SHARE : unit}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        fact_num(f, list[i].key, MARK_POINTS, list[i].n, list[i].unit);
    }
    if (late) {
        fact_text(f, "per.unit", MARK_POINTS, time_word(rule->time_unit));
    }
    if (rule->nothing != NOTHING_NEVER) {
        const char *key = rule->nothing == NOTHING_AT ? "nothing_at" : "nothing_past";
        fact_num(f, key, MARK_POINTS, &rule->nothing_value, late ? FACT_NUMBER : unit);
        if (late) {
            fact_text(f, arena_printf(f->arena, "%s.unit", key), MARK_POINTS,
                      time_word(rule->nothing_unit));
        }
    }
}

static void words(struct facts *f, const struct rule *rule)
{
    static const char *const steps[] = {
        [STEPS_DOWN] = "down", [STEPS_UP] = "up", [STEPS_EXACT] = "exact"};
    bool rating = rule->method == METHOD_RATING;
    word(f, "target", rule->target_class_mean, "class mean");
    word(f, "partial_step", rule->partial_step != STEPS_UNSET, steps[rule->partial_step]);
    word(f, "mode", rule->all_at_last_rate, "all");
    word(f, "better", rule->lower_is_better, "low");
    word(f, "as", rule->as_loss, "loss");
    word(f, "as", rule->as_percent, "percent");
    word(f, "blank", rule->blank_is_zero, "zero");
    word(f, "from", rule->from_worst, "worst");
    if (rating && rule->drop_ends > 0) {
        fact_text(f, "drop.ends", MARK_POINTS, arena_printf(f->arena, "%u", rule->drop_ends));
        fact_text(f, "drop.when_over", MARK_POINTS, arena_printf(f->arena, "%u", rule->drop_over));
    }
}

static void children(struct facts *f, const struct rule *rule)
{
    if (rule->method != METHOD_CHILDREN) {
        return;
    }
    const char *of =
        rule->child_member == MEMBER_NONE ? "total" : f->rubric->members.at[rule->child_member].id;
    if (rule->child_member == MEMBER_NONE) {
        fact_reads_total(f);
    } else {
        *vec_push(f->arena, &f->reads) = rule->child_member;
    }
    fact_text(f, "of", MARK_POINTS, of);
    fact_text(f, "class", MARK_POINTS, rule->child_class);
    word(f, "take", rule->take == TAKE_MEAN || rule->take == TAKE_MIN,
         rule->take == TAKE_MIN ? "min" : "mean");
}

/* 2024Q3 in the rubric of 2024 and 2025Q3 in that of 2025 are the same part: Q3. */
static void period(struct facts *f, const struct rule *rule)
{
    if (rule->method != METHOD_PERIOD || rule->period == PERIOD_NONE) {
        return;
    }
    const struct period *p = &f->rubric->periods.at[rule->period];
    const char *year = f->rubric->period, *part = p->name;
    if (year && str_starts(str_of(part), year)) {
        part += strlen(year);
    }
    fact_text(f, "period", MARK_POINTS, part);
    fact_text(f, "sheet", MARK_POINTS, p->sheet ? p->sheet->digest : NULL);
}

void facts_of_rule(struct facts *f, const struct rule *rule)
{
    fact_text(f, "method", MARK_POINTS,
              rule->method == METHOD_NONE ? NULL : method_word(rule->method));
    fact_text(f, rule->of == FIELD_NONE ? "field" : "of.1", MARK_POINTS, id_of(f, rule->field));
    fact_text(f, "of.2", MARK_POINTS, id_of(f, rule->of));
    parts(f, rule);
    levels(f, rule);
    scores(f, rule);
    tiers(f, rule);
    rates(f, rule);
    numbers(f, rule);
    words(f, rule);
    children(f, rule);
    period(f, rule);
    fact_script(f, rule->method == METHOD_FORMULA ? "formula" : "script", MARK_POINTS,
                rule->script);
}
