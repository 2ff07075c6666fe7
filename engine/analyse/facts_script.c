/* facts_script.c - what is computed in Lua, and conditions, as facts (facts.h). */
#include "analyse/facts.h"

#include <string.h>

static void add_read(struct facts *f, uint32_t member)
{
    if (member != MEMBER_NONE) {
        *vec_push(f->arena, &f->reads) = member;
    }
}

void fact_reads_total(struct facts *f)
{
    add_read(f, RUBRIC_ROOT);
    f->reads_total = true;
}

/* What a script or an expression reads beside its own item's fields. */
static void read_inputs(struct facts *f, const struct script *s, enum mark_effect effect)
{
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        const struct input *in = &s->inputs.at[i];
        switch (in->kind) {
        case INPUT_POINTS:
        case INPUT_GRADE:
            add_read(f, in->index);
            break;
        case INPUT_BASE:
            add_read(f, RUBRIC_ROOT);
            break;
        case INPUT_TOTAL:
            fact_reads_total(f);
            break;
        case INPUT_CHILDREN:
            if (in->index == MEMBER_NONE) {
                fact_reads_total(f);
            } else {
                add_read(f, in->index);
            }
            break;
        case INPUT_FULL:
        case INPUT_UNIT_ID:
        case INPUT_UNIT_CLASS:
            break;
        case INPUT_FIELD:
        case INPUT_PREVIOUS:
        case INPUT_CLASS_MAX:
        case INPUT_CLASS_MIN:
        case INPUT_CLASS_MEAN:
        case INPUT_CLASS_MEDIAN:
        case INPUT_CLASS_SUM:
        case INPUT_CLASS_COUNT:
        case INPUT_CLASS_RANK:
            fact_field(f, in->index, effect);
            break;
        }
    }
}

static const char *param_text(struct facts *f, const struct param_value *p)
{
    switch (p->kind) {
    case PARAM_NUMBER:
        return arena_printf(f->arena, "%.15g", p->number);
    case PARAM_TEXT:
        return p->text;
    case PARAM_YESNO:
        return p->yes ? "true" : "false";
    case PARAM_NIL:
    case PARAM_LIST:
    case PARAM_MAP:
    case PARAM_BY_CLASS:
        break;
    }
    return NULL;
}

/* Parameters nest no deeper than documents do. */
static void add_param(struct facts *f, const char *key, enum mark_effect effect,
                      const struct param_value *p)
{
    if (p->kind == PARAM_BY_CLASS) {
        struct fact *fact = fact_add(f, key, effect);
        fact->by_class = ARENA_ARRAY(f->arena, const char *, f->classes->names.n);
        for (uint32_t c = 0; c < f->classes->names.n; c++) {
            uint32_t slot = f->classes->slots[c];
            bool there = slot < p->entries.n;
            fact->by_class[c] = there ? param_text(f, &p->entries.at[slot].value) : NULL;
        }
        return;
    }
    for (uint32_t i = 0; i < p->entries.n; i++) {
        const struct param_entry *entry = &p->entries.at[i];
        const char *inner = p->kind == PARAM_MAP ? arena_printf(f->arena, "%s.%s", key, entry->name)
                                                 : arena_printf(f->arena, "%s.%u", key, i + 1);
        add_param(f, inner, effect, &entry->value);
    }
    if (p->kind == PARAM_LIST || p->kind == PARAM_MAP) {
        fact_whole(f, arena_printf(f->arena, "%s.n", key), effect,
                   p->kind == PARAM_LIST ? p->entries.n : 0);
    }
    fact_text(f, key, effect, param_text(f, p));
}

/* "sha256:0123456789ab": enough to tell two texts apart. */
static const char *short_digest(struct facts *f, const struct chunk *c)
{
    const char *digest = c->at.source ? c->at.source->digest : "";
    return arena_printf(f->arena, "%.*s", 19, digest);
}

void fact_script(struct facts *f, const char *key, enum mark_effect effect, uint32_t script)
{
    if (script == SCRIPT_NONE) {
        return;
    }
    const struct script *s = &f->rubric->scripts.at[script];
    const struct chunk *c = &f->rubric->chunks.at[s->chunk];
    read_inputs(f, s, effect);
    if (!c->module) {
        const char *text = c->at.source ? c->at.source->text + c->at.offset : c->text;
        fact_text(f, key, effect, arena_text(f->arena, text, c->at.source ? c->at.length : c->n));
        return;
    }
    fact_text(f, key, effect, c->name);
    fact_text(f, arena_printf(f->arena, "%s.text", key), effect, short_digest(f, c));
    for (uint32_t i = 0; i < f->modules.n; i++) {
        const struct chunk *module = &f->rubric->chunks.at[f->modules.at[i]];
        fact_text(f, arena_printf(f->arena, "%s.require.%s", key, module->name), effect,
                  short_digest(f, module));
    }
    const char *params =
        strcmp(key, "script") == 0 ? "params" : arena_printf(f->arena, "%s.params", key);
    add_param(f, params, effect, &s->params);
}

/* Conditions nest no deeper than cond_load allows. */
static void read_condition(struct facts *f, const struct cond *c, enum mark_effect effect)
{
    if (!c) {
        return;
    }
    read_condition(f, c->left, effect);
    read_condition(f, c->right, effect);
    if (c->op == COND_SCRIPT) {
        read_inputs(f, &f->rubric->scripts.at[c->script], effect);
        return;
    }
    if (c->op == COND_NOT || c->op == COND_AND || c->op == COND_OR) {
        return;
    }
    if (c->operand.kind == OPERAND_FIELD || c->operand.kind == OPERAND_PREVIOUS) {
        fact_field(f, c->operand.index, effect);
    } else if (c->operand.kind == OPERAND_POINTS || c->operand.kind == OPERAND_GRADE ||
               (c->operand.kind == OPERAND_CHILDREN && c->operand.index != MEMBER_NONE)) {
        add_read(f, c->operand.index);
    } else if (c->operand.kind == OPERAND_BASE) {
        add_read(f, RUBRIC_ROOT);
    } else {
        fact_reads_total(f);
    }
}

void fact_condition(struct facts *f, const char *key, enum mark_effect effect,
                    const struct cond *when)
{
    if (!when) {
        return;
    }
    bool file = when->op == COND_SCRIPT &&
                f->rubric->chunks.at[f->rubric->scripts.at[when->script].chunk].module;
    if (file) {
        fact_script(f, arena_printf(f->arena, "%s.script", key), effect, when->script);
        return;
    }
    fact_text(f, key, effect, when->source_text);
    read_condition(f, when, effect);
    if (when->op == COND_SCRIPT) {
        read_inputs(f, &f->rubric->scripts.at[when->script], effect);
    }
}
