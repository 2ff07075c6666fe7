/* overlay_places.c - see overlay_places.h. */
#include "load/overlay_places.h"

#include "base/i18n.h"

#include <string.h>

/* For more unknown ids than this nobody asks what was meant; it would only cost time. */
#define NEAREST_MOST 50U

/* ---- nodes ---- */

struct node_pair *pair_of(const struct node *map, const char *key)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->n_items; i++) {
        if (node_is(map->pairs[i].key, key)) {
            return &map->pairs[i];
        }
    }
    return NULL;
}

static bool is_id(const struct node *n) { return n->kind == NODE_SCALAR && n->n > 0; }

struct node *id_of(const struct node *element)
{
    struct node_pair *id = pair_of(element, "id");
    return id && is_id(id->value) ? id->value : NULL;
}

/* ---- what the base has ---- */

static void add_place(struct merge *m, enum element_kind kind, struct node *id, struct node *node,
                      uint32_t parent)
{
    struct map *ids = kind == KIND_FIELD ? &m->fields : &m->members;
    map_put(m->l->arena, ids, node_str(id), m->places.n);
    *vec_push(m->l->arena, &m->places) =
        (struct place){.kind = kind, .node = node, .at = id->at, .parent = parent};
}

static void find_members(struct merge *m, struct node *owner, uint32_t parent);

static void find_elements(struct merge *m, struct node *list, enum element_kind kind,
                          uint32_t parent)
{
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->n_items; i++) {
        struct node *element = list->items[i], *id = id_of(element);
        if (!id) {
            continue;
        }
        add_place(m, kind, id, element, parent);
        if (kind == KIND_SECTION) {
            find_members(m, element, m->places.n - 1);
        }
    }
}

static void find_members(struct merge *m, struct node *owner, uint32_t parent)
{
    for (uint32_t i = 0; owner->kind == NODE_MAP && i < owner->n_items; i++) {
        const struct node_pair *p = &owner->pairs[i];
        if (node_is(p->key, "items") || node_is(p->key, "sections")) {
            find_elements(m, p->value, node_is(p->key, "items") ? KIND_ITEM : KIND_SECTION, parent);
        }
    }
}

void find_places(struct merge *m)
{
    static const char *const extras[] = {"bonus", "deductions"};
    struct node_pair *gates = pair_of(m->base, "gates"), *fields = pair_of(m->base, "fields");
    find_members(m, m->base, PLACE_NONE);
    for (size_t i = 0; i < 2; i++) {
        struct node_pair *extra = pair_of(m->base, extras[i]);
        if (extra) {
            add_place(m, KIND_EXTRA, extra->key, extra->value, PLACE_NONE);
            find_members(m, extra->value, m->places.n - 1);
        }
    }
    if (gates) {
        find_elements(m, gates->value, KIND_GATE, PLACE_NONE);
    }
    for (uint32_t i = 0; fields && fields->value->kind == NODE_MAP && i < fields->value->n_items;
         i++) {
        const struct node_pair *p = &fields->value->pairs[i];
        add_place(m, KIND_FIELD, p->key, p->value, PLACE_NONE);
    }
}

struct place *find_place(struct merge *m, const struct map *ids, str id)
{
    uint32_t index = map_get(ids, id);
    return index >= m->places.n || m->places.at[index].removed ? NULL : &m->places.at[index];
}

const char *place_kind(enum element_kind kind)
{
    switch (kind) {
    case KIND_ITEM:
        return _("an item");
    case KIND_SECTION:
        return _("a section");
    case KIND_GATE:
        return _("a gate");
    case KIND_FIELD:
        return _("a field");
    case KIND_EXTRA:
    case N_ELEMENT_KINDS:
        break;
    }
    return _("a section outside the total");
}

const char *nearest_place(struct merge *m, str name, unsigned kinds)
{
    struct nearest near = {.name = name};
    const struct map *ids[] = {&m->members, &m->fields};
    if (m->n_unknown++ >= NEAREST_MOST) {
        return NULL;
    }
    for (size_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < ids[k]->capacity; i++) {
            const struct map_slot *slot = &ids[k]->slots[i];
            if (slot->key && !m->places.at[slot->value].removed &&
                kinds & 1U << m->places.at[slot->value].kind) {
                nearest_offer(&near, arena_text(m->l->arena, slot->key, slot->n));
            }
        }
    }
    return nearest_name(&near, m->l->arena);
}

/* ---- remove ---- */

/* "items.x": the kinds that the word before the point leaves, and x; all kinds without a point. */
static unsigned kinds_meant(str *name)
{
    static const struct {
        const char *word;
        unsigned kinds;
    } words[] = {{"items.", 1U << KIND_ITEM},
                 {"sections.", 1U << KIND_SECTION | 1U << KIND_EXTRA},
                 {"gates.", 1U << KIND_GATE},
                 {"fields.", 1U << KIND_FIELD}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_starts(*name, words[i].word)) {
            size_t n = strlen(words[i].word);
            *name = (str){name->at + n, name->n - n};
            return words[i].kinds;
        }
    }
    return (1U << N_ELEMENT_KINDS) - 1;
}

void drop_pair(struct node *map, uint32_t pair)
{
    memmove(map->pairs + pair, map->pairs + pair + 1,
            sizeof *map->pairs * (map->n_items - pair - 1));
    map->n_items--;
}

/* What is no id may be one of the rubric's own keys; not those that hold what has ids. */
static bool remove_own_key(struct merge *m, str name)
{
    static const char *const blocks[] = {"kaoping",  "id",    "fields", "items",
                                         "sections", "gates", NULL};
    for (uint32_t i = 0; i < m->base->n_items; i++) {
        if (str_eq(node_str(m->base->pairs[i].key), name) && !key_in(blocks, name)) {
            drop_pair(m->base, i);
            return true;
        }
    }
    return false;
}

static void remove_named(struct merge *m, struct node *name)
{
    struct loader *l = m->l;
    str id = node_str(name);
    unsigned kinds = kinds_meant(&id);
    struct place *member = find_place(m, &m->members, id), *field = find_place(m, &m->fields, id);
    member = member && kinds & 1U << member->kind ? member : NULL;
    field = field && kinds & 1U << KIND_FIELD ? field : NULL;
    if (member && field) {
        diag_add(l->diag, FINDING_EITHER_OR, name->at, _("'%.*s' is %s and a field"), STR_ARG(id),
                 place_kind(member->kind));
        diag_hint(l->diag, _("write which: fields.%.*s, or items., sections., gates. before it"),
                  STR_ARG(id));
        return;
    }
    struct place *place = member ? member : field;
    if (!place && remove_own_key(m, id)) {
        return;
    }
    if (!place) {
        diag_add(l->diag, FINDING_UNKNOWN_ID, name->at,
                 _("there is nothing with the id '%.*s' to remove"), STR_ARG(id));
        diag_did_you_mean(l->diag, nearest_place(m, id, kinds));
        return;
    }
    place->removed = true;
}

/* What stands in a section goes with it. Places of parents come first. */
static void remove_below(struct merge *m)
{
    for (uint32_t i = 0; i < m->places.n; i++) {
        struct place *p = &m->places.at[i];
        p->removed = p->removed || (p->parent != PLACE_NONE && m->places.at[p->parent].removed);
    }
}

static bool is_removed(struct merge *m, const struct map *ids, const struct node *id)
{
    uint32_t index = id ? map_get(ids, node_str(id)) : MAP_NONE;
    return index != MAP_NONE && m->places.at[index].removed;
}

/* A list of which nothing is left goes with its key. */
static void sweep_list(struct merge *m, struct node *owner, const char *key)
{
    struct node_pair *pair = pair_of(owner, key);
    uint32_t kept = 0;
    if (!pair || pair->value->kind != NODE_LIST || pair->value->n_items == 0) {
        return;
    }
    struct node *list = pair->value;
    for (uint32_t i = 0; i < list->n_items; i++) {
        if (!is_removed(m, &m->members, id_of(list->items[i]))) {
            list->items[kept++] = list->items[i];
        }
    }
    list->n_items = kept;
    if (kept == 0) {
        drop_pair(owner, (uint32_t)(pair - owner->pairs));
    }
}

static void sweep_fields(struct merge *m)
{
    struct node_pair *pair = pair_of(m->base, "fields");
    uint32_t kept = 0;
    if (!pair || pair->value->kind != NODE_MAP) {
        return;
    }
    struct node *map = pair->value;
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (!is_removed(m, &m->fields, map->pairs[i].key)) {
            map->pairs[kept++] = map->pairs[i];
        }
    }
    map->n_items = kept;
}

static void sweep(struct merge *m)
{
    static const char *const extras[] = {"bonus", "deductions"};
    remove_below(m);
    for (uint32_t i = 0; i < m->places.n; i++) {
        const struct place *p = &m->places.at[i];
        if (!p->removed && (p->kind == KIND_SECTION || p->kind == KIND_EXTRA)) {
            sweep_list(m, p->node, "items");
            sweep_list(m, p->node, "sections");
        }
    }
    sweep_list(m, m->base, "items");
    sweep_list(m, m->base, "sections");
    sweep_list(m, m->base, "gates");
    sweep_fields(m);
    for (size_t i = 0; i < 2; i++) {
        struct node_pair *extra = pair_of(m->base, extras[i]);
        if (extra && is_removed(m, &m->members, extra->key)) {
            drop_pair(m->base, (uint32_t)(extra - m->base->pairs));
        }
    }
}

void remove_listed(struct merge *m, struct node *list)
{
    if (list->kind == NODE_SCALAR && is_text(m->l, list)) {
        remove_named(m, list);
    } else if (list->kind != NODE_SCALAR && is_list(m->l, list)) {
        part_at_wide_commas(m->l, list);
        for (uint32_t i = 0; i < list->n_items; i++) {
            if (is_text(m->l, list->items[i])) {
                remove_named(m, list->items[i]);
            }
        }
    }
    sweep(m);
}

/* An element's own `remove`: keys of the base's element. */
static void remove_key(struct merge *m, struct node *element, struct node *name)
{
    struct loader *l = m->l;
    struct nearest near = {.name = node_str(name)};
    for (uint32_t i = 0; i < element->n_items; i++) {
        const struct node *key = element->pairs[i].key;
        if (node_is(key, "id")) {
            continue; /* it is what the element was found by */
        }
        if (str_eq(node_str(key), node_str(name))) {
            drop_pair(element, i);
            return;
        }
        nearest_offer(&near, key->text);
    }
    diag_add(l->diag, FINDING_UNKNOWN_ID, name->at, _("the base has no key '%.*s' here to remove"),
             STR_ARG(node_str(name)));
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
    diag_note(l->diag, element->at, _("in the base it stands here"));
}

void remove_keys(struct merge *m, struct node *element, struct node *list)
{
    if (list->kind == NODE_SCALAR && is_text(m->l, list)) {
        remove_key(m, element, list);
    } else if (list->kind != NODE_SCALAR && is_list(m->l, list)) {
        part_at_wide_commas(m->l, list);
        for (uint32_t i = 0; i < list->n_items; i++) {
            if (is_text(m->l, list->items[i])) {
                remove_key(m, element, list->items[i]);
            }
        }
    }
}
