/* fields_load.c - the data dictionary, and how data files name the reserved columns. */
#include "load/loader.h"

#include "base/i18n.h"

static const char *const field_keys[] = {"type",  "label",    "unit", "min",     "max",
                                         "alias", "required", "by",   "options", NULL};

static const struct word types[] = {
    {"count", FIELD_COUNT}, {"number", FIELD_NUMBER}, {"percent", FIELD_PERCENT},
    {"yesno", FIELD_YESNO}, {"date", FIELD_DATE},     {"choice", FIELD_CHOICE},
    {"text", FIELD_TEXT},   {"list", FIELD_LIST},
};

/* ---- options and aliases ---- */

static void load_options(struct loader *l, struct node *map, struct field *f)
{
    struct node **elements;
    struct map seen = {0};
    if (f->type != FIELD_CHOICE) {
        if (node_get(map, "options")) {
            either_or(l, key_span(map, "options"), _("`options` belong to a field of type choice"));
        }
        return;
    }
    if (!required(l, map, "options", f->at)) {
        return;
    }
    uint32_t n = get_names(l, map, "options", &elements);
    bool good = true;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_text(l, elements[i])) {
            good = false;
            continue;
        }
        str option = str_trim(node_str(elements[i]));
        if (map_put(l->arena, &seen, option, i) != i) {
            diag_add(l->diag, FINDING_DUPLICATE_ID, elements[i]->at,
                     _("the option '%.*s' stands twice"), STR_ARG(option));
            good = false;
            continue;
        }
        *vec_push(l->arena, &f->options) = keep_text(l, option);
    }
    /* One of them is meant to be another: none is held against anything. */
    f->options.n = good ? f->options.n : 0;
}

static void load_aliases(struct loader *l, struct node *map, struct field *f)
{
    struct node **elements;
    uint32_t n = get_elements(l, map, "alias", &elements);
    for (uint32_t i = 0; i < n; i++) {
        if (is_text(l, elements[i])) {
            *vec_push(l->arena, &f->aliases) = elements[i]->text;
        }
    }
}

/* ---- bounds ---- */

static dec load_bound(struct loader *l, struct node *map, const char *key, enum field_type type)
{
    static const enum number_kind kinds[N_FIELD_TYPES] = {
        [FIELD_COUNT] = NUMBER_POINTS,
        [FIELD_NUMBER] = NUMBER_ANY,
        [FIELD_PERCENT] = NUMBER_PERCENT,
        [FIELD_DATE] = NUMBER_DATE,
    };
    struct node *n = node_get(map, key);
    dec bound;
    if (!n) {
        return DEC_NONE;
    }
    if (type == FIELD_YESNO || type == FIELD_CHOICE || type == FIELD_TEXT || type == FIELD_LIST) {
        either_or(l, key_span(map, key), _("a field of type %s has no `%s`"), field_type_word(type),
                  key);
        return DEC_NONE;
    }
    return read_dec(l, n, kinds[type], &bound) ? bound : DEC_NONE;
}

static void load_bounds(struct loader *l, struct node *map, struct field *f, bool type_known)
{
    f->min = f->max = DEC_NONE;
    if (!type_known) {
        return;
    }
    f->min = load_bound(l, map, "min", f->type);
    f->max = load_bound(l, map, "max", f->type);
    if (f->min != DEC_NONE && f->max != DEC_NONE && f->min > f->max) {
        diag_add(l->diag, FINDING_BAD_ORDER, key_span(map, "max"), _("`max` is less than `min`"));
    }
}

/* ---- fields ---- */

/* What the reader had to say about a field. */
static bool is_damaged(const struct node *map)
{
    bool bad = map->bad;
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->n_items; i++) {
        const struct node *value = map->pairs[i].value;
        bad = bad || value->bad || map->pairs[i].key->bad;
        for (uint32_t k = 0; value->kind == NODE_LIST && k < value->n_items; k++) {
            bad = bad || value->items[k]->bad;
        }
    }
    return bad;
}

static void load_field(struct loader *l, struct node *key, struct node *map)
{
    static const struct word by[] = {{"unit", false}, {"assessor", true}};
    struct fields *fields = &l->rubric->fields;
    str id = node_str(key);
    if (map_get(&fields->by_id, id) != MAP_NONE) {
        return; /* a repeated key: the reader has reported it */
    }
    id_check(l, id, key->at, _("a field"));
    struct field *f = vec_push(l->arena, &fields->list);
    map_put(l->arena, &fields->by_id, id, fields->list.n - 1);
    *f = (struct field){.id = key->text, .label = key->text, .at = key->at};
    f->min = f->max = DEC_NONE;
    f->type = N_FIELD_TYPES;
    if (map->kind == NODE_SCALAR && !map->is_null && !map->bad) {
        node_expect(l->diag, map, _("{type: ...}"));
    }
    if (!keys_known(l, map, field_keys, NULL, NULL)) {
        return;
    }
    int type = 0, by_assessor = 0;
    bool type_known =
        required(l, map, "type", key->at) && get_word(l, map, "type", types, N_WORDS(types), &type);
    f->type = type_known ? (enum field_type)type : N_FIELD_TYPES;
    const char *label = get_text(l, map, "label");
    f->label = label ? label : f->id;
    f->unit = get_text(l, map, "unit");
    f->required = get_flag(l, map, "required");
    f->by_assessor = get_word(l, map, "by", by, N_WORDS(by), &by_assessor) && by_assessor;
    load_aliases(l, map, f);
    load_bounds(l, map, f, type_known);
    if (type_known) {
        load_options(l, map, f);
    }
}

static void refuse_reserved(struct loader *l, const struct node *key)
{
    static const char *const reserved[] = {"id",    "name",     "class",  "parent", "period",
                                           "notes", "sort_key", "values", NULL};
    if (key_in(reserved, node_str(key))) {
        diag_add(l->diag, FINDING_BAD_ID, key->at,
                 _("'%s' cannot be a field: data files have a column of that name"), key->text);
    }
}

void fields_load(struct loader *l)
{
    struct node *fields = node_get(l->root, "fields");
    if (!fields || !is_map(l, fields)) {
        /* What is made of periods alone has no value of its own. */
        l->fields_known = !fields && l->rubric->periods.n > 0;
        return;
    }
    l->fields_known = true;
    for (uint32_t i = 0; i < fields->n_items; i++) {
        uint32_t errors = l->diag->n_errors;
        refuse_reserved(l, fields->pairs[i].key);
        load_field(l, fields->pairs[i].key, fields->pairs[i].value);
        if (l->diag->n_errors > errors || is_damaged(fields->pairs[i].value)) {
            *vec_push(l->arena, &l->doubtful_fields) =
                map_get(&l->rubric->fields.by_id, node_str(fields->pairs[i].key));
        }
    }
}

void fields_settle(struct loader *l)
{
    struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->fields.list.n; i++) {
        if (r->fields.list.at[i].type == N_FIELD_TYPES) {
            *vec_push(l->arena, &l->doubtful_fields) = i;
        }
    }
    for (uint32_t i = 0; i < l->doubtful_fields.n; i++) {
        struct field *f = &r->fields.list.at[l->doubtful_fields.at[i]];
        f->type = FIELD_CHOICE;
        f->options.n = 0;
        f->min = f->max = DEC_NONE;
    }
    if (!node_get(l->root, "fields") && !l->block_lost && l->rubric->periods.n == 0) {
        missing_key(l, l->root, l->root->at, "fields",
                    _("every value that units submit is declared there"));
    }
}

/* ---- columns ---- */

void columns_load(struct loader *l)
{
    static const char *const reserved[] = {"id",    "name",     "class",  "parent", "period",
                                           "notes", "sort_key", "ignore", NULL};
    struct rubric *r = l->rubric;
    struct node *columns = node_get(l->root, "columns");
    if (!columns || !keys_known(l, columns, reserved, NULL, NULL)) {
        return;
    }
    for (size_t i = 0; reserved[i + 1]; i++) {
        const char *name = get_text(l, columns, reserved[i]);
        if (name) {
            *vec_push(l->arena, &r->columns) = (struct column_name){reserved[i], name};
        }
    }
    struct node **elements;
    uint32_t n = get_elements(l, columns, "ignore", &elements);
    for (uint32_t i = 0; i < n; i++) {
        if (is_text(l, elements[i])) {
            *vec_push(l->arena, &r->columns_ignored) = elements[i]->text;
        }
    }
}
