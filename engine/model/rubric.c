/* rubric.c - questions to a rubric that many parts ask. */
#include "model/rubric.h"

const char *method_word(enum method_id method)
{
    static const char *const words[N_METHODS] = {
        [METHOD_YESNO] = "yesno",       [METHOD_CHECKLIST] = "checklist",
        [METHOD_LADDER] = "ladder",     [METHOD_CHOICE] = "choice",
        [METHOD_JUDGED] = "judged",     [METHOD_EACH] = "each",
        [METHOD_SHORT] = "short",       [METHOD_RATIO] = "ratio",
        [METHOD_GAP] = "gap",           [METHOD_TIERS] = "tiers",
        [METHOD_LINEAR] = "linear",     [METHOD_LATE] = "late",
        [METHOD_RATING] = "rating",     [METHOD_BEST] = "best",
        [METHOD_RANK] = "rank",         [METHOD_CHANGE] = "change",
        [METHOD_CHILDREN] = "children", [METHOD_FORMULA] = "formula",
        [METHOD_PERIOD] = "period",     [METHOD_LUA] = "lua",
    };
    return method < N_METHODS ? words[method] : "?";
}

uint32_t rubric_class(const struct rubric *r, str name)
{
    /* Classes are few: a list is as fast as a map and needs no other place to live. */
    for (uint32_t i = 0; i < r->classes.n; i++) {
        if (str_is(name, r->classes.at[i])) {
            return i;
        }
    }
    return r->classes.n;
}

uint32_t rubric_period(const struct rubric *r, str name)
{
    for (uint32_t i = 0; i < r->periods.n; i++) {
        if (str_is(name, r->periods.at[i].name)) {
            return i;
        }
    }
    return PERIOD_NONE;
}

bool member_on_sheet(const struct rubric *r, uint32_t member, uint32_t class)
{
    for (uint32_t i = member; i < r->members.at[member].end; i++) {
        const struct member *m = &r->members.at[i];
        if (m->kind == MEMBER_ITEM && member_is_for(m, class)) {
            return true;
        }
    }
    return false;
}

dec member_points(const struct rubric *r, uint32_t member, uint32_t class)
{
    if (!member_on_sheet(r, member, class)) {
        return 0;
    }
    return num_of(&r->members.at[member].points, class);
}

uint32_t rule_fields(const struct rule *rule, uint32_t *out, uint32_t most)
{
    uint32_t n = 0;
    const uint32_t single[] = {rule->field, rule->of};
    for (int i = 0; i < 2; i++) {
        if (single[i] != FIELD_NONE) {
            if (n < most) {
                out[n] = single[i];
            }
            n++;
        }
    }
    for (uint32_t i = 0; i < rule->parts.n; i++, n++) {
        if (n < most) {
            out[n] = rule->parts.at[i].field;
        }
    }
    for (uint32_t i = 0; i < rule->levels.n; i++) {
        for (uint32_t j = 0; j < rule->levels.at[i].needs.n; j++, n++) {
            if (n < most) {
                out[n] = rule->levels.at[i].needs.at[j];
            }
        }
    }
    for (uint32_t i = 0; i < rule->reads.n; i++, n++) {
        if (n < most) {
            out[n] = rule->reads.at[i];
        }
    }
    return n;
}

/* ---- of the previous period ---- */

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

static void script_previous(struct arena *a, const struct script *s, field_list *out)
{
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        if (s->inputs.at[i].kind == INPUT_PREVIOUS) {
            add_field(a, out, s->inputs.at[i].index);
        }
    }
}

void condition_previous(struct arena *a, const struct rubric *r, const struct cond *c,
                        field_list *out)
{
    if (!c) {
        return;
    }
    condition_previous(a, r, c->left, out);
    condition_previous(a, r, c->right, out);
    if (c->op == COND_SCRIPT) {
        script_previous(a, &r->scripts.at[c->script], out);
    } else if (!c->left && c->operand.kind == OPERAND_PREVIOUS) {
        add_field(a, out, c->operand.index);
    }
}

void rule_previous(struct arena *a, const struct rubric *r, const struct rule *rule,
                   field_list *out)
{
    if (rule->method == METHOD_CHANGE) {
        add_field(a, out, rule->field);
        add_field(a, out, rule->of);
    } else if (rule->method == METHOD_FORMULA || rule->method == METHOD_LUA) {
        script_previous(a, &r->scripts.at[rule->script], out);
    }
}

/* ---- bands ---- */

uint32_t band_of(const struct grade *bands, uint32_t n, dec points, uint32_t class)
{
    for (uint32_t i = 0; i < n; i++) {
        dec from = num_of(&bands[i].from, class);
        if (from == DEC_NONE || points >= from) {
            return i;
        }
    }
    return GRADE_NONE;
}
