/*
 * script_reads.c - what scripts and formulas read, by name, and the parameters they are given.
 *
 *   letters_late · full · unit.id unit.class · points.study · grade.study · previous.letters_late ·
 *   class.max.letters_late (min mean median sum count rank) · children.mean.total
 */
#include "load/loader.h"

#include "base/date.h"
#include "base/i18n.h"

#include <stdlib.h>

/* ---- inputs ---- */

static bool unit_input(struct loader *l, str name, span at, struct input *out)
{
    struct nearest near = {.name = name};
    if (str_is(name, "unit.id") || str_is(name, "unit.class")) {
        out->kind = str_is(name, "unit.id") ? INPUT_UNIT_ID : INPUT_UNIT_CLASS;
        return true;
    }
    nearest_offer(&near, "unit.id");
    nearest_offer(&near, "unit.class");
    diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("there is no '%.*s'"), STR_ARG(name));
    diag_hint(l->diag, _("of a unit, unit.id and unit.class can be read"));
    return false;
}

static bool class_input(struct loader *l, str name, span at, struct input *out)
{
    static const struct {
        const char *prefix;
        enum input_kind kind;
    } figures[] = {{"max.", INPUT_CLASS_MAX},   {"min.", INPUT_CLASS_MIN},
                   {"mean.", INPUT_CLASS_MEAN}, {"median.", INPUT_CLASS_MEDIAN},
                   {"sum.", INPUT_CLASS_SUM},   {"count.", INPUT_CLASS_COUNT},
                   {"rank.", INPUT_CLASS_RANK}};
    str rest = {name.at + 6, name.n - 6};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (!str_starts(rest, figures[i].prefix)) {
            continue;
        }
        size_t n = str_of(figures[i].prefix).n;
        out->kind = figures[i].kind;
        out->index = find_field(l, (str){rest.at + n, rest.n - n}, at);
        if (out->index == FIELD_NONE) {
            return false;
        }
        struct field *f = &l->rubric->fields.list.at[out->index];
        f->used = true;
        if (f->type == FIELD_COUNT || f->type == FIELD_NUMBER || f->type == FIELD_PERCENT) {
            return true;
        }
        if (f->type != N_FIELD_TYPES) {
            diag_add(l->diag, FINDING_WRONG_TYPE, at,
                     _("'%s' is %s: figures of a class are made of numbers"), f->id,
                     field_type_word(f->type));
        }
        return false;
    }
    diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("there is no '%.*s'"), STR_ARG(name));
    diag_hint(l->diag, _("of a class, max, min, mean, median, sum, count and rank of a field can "
                         "be read: class.max.FIELD"));
    return false;
}

bool input_load(struct loader *l, str name, span at, const struct script *s,
                const struct reader_place *place, struct input *out)
{
    static const enum input_kind kinds[] = {
        [OPERAND_FIELD] = INPUT_FIELD,      [OPERAND_POINTS] = INPUT_POINTS,
        [OPERAND_BASE] = INPUT_BASE,        [OPERAND_TOTAL] = INPUT_TOTAL,
        [OPERAND_GRADE] = INPUT_GRADE,      [OPERAND_PREVIOUS] = INPUT_PREVIOUS,
        [OPERAND_CHILDREN] = INPUT_CHILDREN};
    struct operand operand = {.kind = OPERAND_FIELD, .index = 0};
    out->name = keep_text(l, name);
    out->at = at;
    if (s->use == SCRIPT_FORMULA && str_is(name, "full")) {
        out->kind = INPUT_FULL;
        return true;
    }
    if (str_starts(name, "unit.")) {
        return unit_input(l, name, at, out);
    }
    if (str_starts(name, "class.")) {
        return class_input(l, name, at, out);
    }
    if (!operand_load(l, name, at, place, &operand)) {
        return false;
    }
    out->kind = kinds[operand.kind];
    out->index = operand.index;
    out->figure = operand.figure;
    return true;
}

/* ---- parameters ---- */

static bool all_classes(const struct loader *l, const struct node *map)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (map_get(&l->class_by_name, node_str(map->pairs[i].key)) == MAP_NONE) {
            return false;
        }
    }
    return map->n_items > 0;
}

static bool read_number_param(str text, double *out)
{
    dec value;
    if (str_ends(text, "%")) {
        text.n--;
    }
    if (dec_parse(text.at, text.n, &value) != DEC_OK) {
        return false;
    }
    *out = dec_to_double(value);
    return true;
}

static void wrong_param(struct loader *l, struct node *n, const struct param_value *like)
{
    n->bad = true;
    diag_add(l->diag, FINDING_WRONG_KIND, n->at, _("'%s' is not %s, as the script's own value is"),
             n->kind == NODE_SCALAR ? n->text
             : n->kind == NODE_LIST ? _("a list")
                                    : _("a map"),
             like->kind == PARAM_NUMBER  ? _("a number")
             : like->kind == PARAM_YESNO ? _("yes or no")
             : like->kind == PARAM_TEXT  ? _("text")
             : like->kind == PARAM_LIST  ? _("a list")
                                         : _("a map"));
}

/* A scalar is what the script's default is; without one, what it looks like. */
static void read_scalar_param(struct loader *l, struct node *n, const struct param_value *like,
                              struct param_value *out)
{
    static const char *const yes[] = {"yes", "true", NULL}, *const no[] = {"no", "false", NULL};
    str text = text_fold(l->arena, node_str(n));
    bool any = !like || like->kind == PARAM_NIL || like->kind == PARAM_BY_CLASS;
    int32_t day;
    if ((any && !n->quoted) || (!any && like->kind == PARAM_NUMBER)) {
        out->kind = PARAM_NUMBER;
        if (read_number_param(text, &out->number)) {
            return;
        }
        if (date_parse(text.at, text.n, &day)) {
            out->number = day;
            return;
        }
    }
    if (!n->quoted && (any || like->kind == PARAM_YESNO) &&
        (key_in(yes, text) || key_in(no, text))) {
        out->kind = PARAM_YESNO;
        out->yes = key_in(yes, text);
        return;
    }
    if (any || like->kind == PARAM_TEXT) {
        out->kind = PARAM_TEXT;
        out->text = n->text;
        return;
    }
    wrong_param(l, n, like);
}

static const struct param_value *entry_named(const struct param_value *map, const char *name)
{
    for (uint32_t i = 0; map && map->kind == PARAM_MAP && i < map->entries.n; i++) {
        if (str_is(str_of(map->entries.at[i].name), name)) {
            return &map->entries.at[i].value;
        }
    }
    return NULL;
}

static void read_param(struct loader *l, struct node *n, const struct param_value *like,
                       struct param_value *out);

static void read_class_params(struct loader *l, struct node *map, const struct param_value *like,
                              struct param_value *out)
{
    out->kind = PARAM_BY_CLASS;
    for (uint32_t c = 0; c < n_class_slots(l); c++) {
        struct param_entry *entry = vec_push(l->arena, &out->entries);
        entry->value.kind = PARAM_NIL;
        struct node *own =
            c < l->rubric->classes.n ? node_get(map, l->rubric->classes.at[c]) : NULL;
        if (own) {
            read_param(l, own, like, &entry->value);
        } else if (c < l->rubric->classes.n) {
            diag_add(l->diag, FINDING_CLASS_MISSING, map->at, _("no value for the class '%s'"),
                     l->rubric->classes.at[c]);
        }
    }
}

static void read_param(struct loader *l, struct node *n, const struct param_value *like,
                       struct param_value *out)
{
    out->at = n->at;
    if (n->kind == NODE_SCALAR) {
        if (is_text(l, n)) {
            read_scalar_param(l, n, like, out);
        }
        return;
    }
    if (n->kind == NODE_MAP && all_classes(l, n)) {
        read_class_params(l, n, like, out);
        return;
    }
    if (like &&
        (like->kind == PARAM_NUMBER || like->kind == PARAM_YESNO || like->kind == PARAM_TEXT)) {
        wrong_param(l, n, like);
        if (n->kind == NODE_MAP && l->rubric->classes.n > 0) {
            diag_hint(l->diag, _("by class, every key is one of the rubric's classes"));
        }
        return;
    }
    out->kind = n->kind == NODE_LIST ? PARAM_LIST : PARAM_MAP;
    for (uint32_t i = 0; i < n->n_items; i++) {
        struct param_entry *entry = vec_push(l->arena, &out->entries);
        struct node *value = n->kind == NODE_LIST ? n->items[i] : n->pairs[i].value;
        if (n->kind == NODE_MAP) {
            entry->name = n->pairs[i].key->text;
            n->pairs[i].used = true;
        }
        read_param(l, value, entry_named(like, entry->name), &entry->value);
    }
}

static bool name_read(const struct script_description *d, const char *name)
{
    for (uint32_t i = 0; i < d->params_read.n; i++) {
        if (str_is(str_of(name), d->params_read.at[i].text)) {
            return true;
        }
    }
    return false;
}

static void unknown_param(struct loader *l, const struct node *key,
                          const struct script_description *d)
{
    struct nearest near = {.name = node_str(key)};
    for (uint32_t i = 0; i < d->params.entries.n; i++) {
        nearest_offer(&near, d->params.entries.at[i].name);
    }
    for (uint32_t i = 0; i < d->params_read.n; i++) {
        nearest_offer(&near, d->params_read.at[i].text);
    }
    diag_add(l->diag, FINDING_UNKNOWN_KEY, key->at, _("the script has no parameter '%s'"),
             key->text);
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
}

static void put_param(struct loader *l, struct script *s, struct node_pair *pair,
                      const struct script_description *d)
{
    const struct param_value *like = entry_named(&d->params, pair->key->text);
    pair->used = true;
    if (!like && !d->params_open && !name_read(d, pair->key->text)) {
        unknown_param(l, pair->key, d);
        return;
    }
    for (uint32_t i = 0; i < s->params.entries.n; i++) {
        if (str_is(node_str(pair->key), s->params.entries.at[i].name)) {
            s->params.entries.at[i].value = (struct param_value){0};
            read_param(l, pair->value, like, &s->params.entries.at[i].value);
            return;
        }
    }
    struct param_entry *entry = vec_push(l->arena, &s->params.entries);
    entry->name = pair->key->text;
    read_param(l, pair->value, like, &entry->value);
}

static void missing_param(struct loader *l, const struct script *s, const struct script_name *name)
{
    struct nearest near = {.name = str_of(name->text)};
    for (uint32_t i = 0; i < s->params.entries.n; i++) {
        nearest_offer(&near, s->params.entries.at[i].name);
    }
    const char *meant = nearest_name(&near, l->arena);
    diag_add(l->diag, FINDING_MISSING_KEY, s->at, _("the script needs the parameter '%s'"),
             name->text);
    if (meant) {
        diag_did_you_mean(l->diag, meant);
    } else {
        diag_hint(l->diag, _("params: {%s: ...} beside `script`, or a default in the script"),
                  name->text);
    }
    diag_note(l->diag, name->at, _("it is read here"));
}

/* What the function asks for and nobody gives; what is declared and it never asks for. */
static void check_params(struct loader *l, const struct script *s,
                         const struct script_description *d)
{
    bool missing = false;
    for (uint32_t i = 0; i < d->params_read.n; i++) {
        if (!entry_named(&s->params, d->params_read.at[i].text)) {
            missing_param(l, s, &d->params_read.at[i]);
            missing = true;
        }
    }
    /* One that is never used may be the one that is misspelt where it is read. */
    for (uint32_t i = 0; i < d->params.entries.n && !d->params_open && !missing; i++) {
        const char *name = d->params.entries.at[i].name;
        if (!name_read(d, name)) {
            diag_add(l->diag, FINDING_SCRIPT_UNUSED, l->rubric->chunks.at[s->chunk].at,
                     _("the parameter '%s' is never used"), name);
        }
    }
}

void script_params(struct loader *l, struct script *s, struct node *map,
                   const struct script_description *d)
{
    for (uint32_t i = 0; i < d->params.entries.n; i++) {
        *vec_push(l->arena, &s->params.entries) = d->params.entries.at[i];
    }
    if (map && is_map(l, map)) {
        for (uint32_t i = 0; i < map->n_items; i++) {
            put_param(l, s, &map->pairs[i], d);
        }
    }
    check_params(l, s, d);
}
