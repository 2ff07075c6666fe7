/*
 * overlay_merge.c - one document over another: elements found by id (overlay_places.h), keys put
 * over keys.
 */
#include "load/overlay.h"
#include "load/overlay_places.h"

#include "base/i18n.h"

/* ---- nodes ---- */

typedef VEC(struct node_pair) pairs;

/* The map gets these pairs behind its own. */
static void add_pairs(struct loader *l, struct node *map, const pairs *added)
{
    uint32_t n = map->n_items + added->n;
    if (added->n == 0) {
        return;
    }
    struct node_pair *all = ARENA_ARRAY(l->arena, struct node_pair, n);
    for (uint32_t i = 0; i < n; i++) {
        all[i] = i < map->n_items ? map->pairs[i] : added->at[i - map->n_items];
    }
    map->pairs = all;
    map->n_items = n;
}

typedef VEC(struct node *) nodes;

static void add_nodes(struct loader *l, struct node *list, const nodes *added)
{
    uint32_t n = list->n_items + added->n;
    if (added->n == 0) {
        return;
    }
    struct node **all = ARENA_ARRAY(l->arena, struct node *, n);
    for (uint32_t i = 0; i < n; i++) {
        all[i] = i < list->n_items ? list->items[i] : added->at[i - list->n_items];
    }
    list->items = all;
    list->n_items = n;
}

/* ---- elements ---- */

/* Another method leaves behind those keys of the former one that it does not take itself. */
static void leave_method(struct merge *m, struct node *item, const struct node *over)
{
    struct node_pair *before = pair_of(item, "method"), *after = pair_of(over, "method");
    if (!before || !after || before->value->kind != NODE_SCALAR ||
        after->value->kind != NODE_SCALAR ||
        str_eq(node_str(before->value), node_str(after->value))) {
        return;
    }
    enum method_id method = method_named(node_str(after->value));
    if (method == METHOD_NONE) {
        return;
    }
    const char *const *all = method_keys(m->l, METHOD_NONE), *const *own =
                                                                 method_keys(m->l, method);
    for (uint32_t i = item->n_items; i-- > 0;) {
        str key = node_str(item->pairs[i].key);
        if (key_in(all, key) && !key_in(own, key) && !str_is(key, "method")) {
            drop_pair(item, i);
        }
    }
}

static void merge_list(struct merge *m, struct node *owner, uint32_t section,
                       const struct node_pair *over, enum element_kind kind);

/* Puts the overlay's keys over an element's. `section`: its place if it holds members, else
 * PLACE_NONE. */
static void merge_keys(struct merge *m, struct node *base, const struct node *over,
                       uint32_t section)
{
    struct map keys = {0};
    pairs added = {0};
    for (uint32_t i = 0; i < base->n_items; i++) {
        map_put(m->l->arena, &keys, node_str(base->pairs[i].key), i);
    }
    for (uint32_t i = 0; i < over->n_items; i++) {
        const struct node_pair *p = &over->pairs[i];
        uint32_t at = map_get(&keys, node_str(p->key));
        bool items = node_is(p->key, "items"), sections = node_is(p->key, "sections");
        if (node_is(p->key, "remove") || (node_is(p->key, "id") && at != MAP_NONE)) {
            continue;
        }
        if (section != PLACE_NONE && (items || sections) && at != MAP_NONE) {
            merge_list(m, base, section, p, items ? KIND_ITEM : KIND_SECTION);
        } else if (at != MAP_NONE) {
            base->pairs[at] = *p;
        } else {
            *vec_push(m->l->arena, &added) = *p;
        }
    }
    add_pairs(m->l, base, &added);
}

static void merge_element(struct merge *m, uint32_t place, const struct node *over)
{
    struct place *p = &m->places.at[place];
    struct node_pair *removed = pair_of(over, "remove");
    p->touched = true;
    if (p->node->kind != NODE_MAP || over->kind != NODE_MAP) {
        *p->node = *over;
        return;
    }
    if (removed) {
        remove_keys(m, p->node, removed->value);
    }
    if (p->kind == KIND_ITEM) {
        leave_method(m, p->node, over);
    }
    merge_keys(m, p->node, over,
               p->kind == KIND_SECTION || p->kind == KIND_EXTRA ? place : PLACE_NONE);
}

/* Whether the place is in that section, at any depth; everything is in the rubric. */
static bool stands_in(const struct merge *m, const struct place *p, uint32_t section)
{
    uint32_t parent = p->parent;
    while (parent != section && parent != PLACE_NONE) {
        parent = m->places.at[parent].parent;
    }
    return section == PLACE_NONE || parent == section;
}

static void report_misplaced(struct merge *m, const struct node *id, const struct place *p)
{
    struct loader *l = m->l;
    const struct node *section = p->parent == PLACE_NONE ? NULL : m->places.at[p->parent].node;
    const struct node *name = section ? id_of(section) : NULL;
    if (name) {
        diag_add(l->diag, FINDING_MISPLACED, id->at,
                 _("in the base '%.*s' stands in another section: '%.*s'"), STR_ARG(node_str(id)),
                 STR_ARG(node_str(name)));
    } else {
        diag_add(l->diag, FINDING_MISPLACED, id->at,
                 _("in the base '%.*s' stands in no such section"), STR_ARG(node_str(id)));
    }
    diag_hint(l->diag, _("to move it, name it under `remove` too, and give all of its keys here"));
    diag_note(l->diag, p->at, _("in the base it stands here"));
}

/* The key without which nothing new of that kind makes sense. */
static bool is_whole(enum element_kind kind, const struct node *n)
{
    static const char *const keys[N_ELEMENT_KINDS][2] = {[KIND_ITEM] = {"method", "method"},
                                                         [KIND_SECTION] = {"items", "sections"},
                                                         [KIND_GATE] = {"when", "effect"},
                                                         [KIND_FIELD] = {"type", "type"}};
    return n->kind != NODE_MAP || pair_of(n, keys[kind][0]) || pair_of(n, keys[kind][1]);
}

/* Something new that is not whole was meant for something that the base has. */
static void report_unknown(struct merge *m, struct node *element, const struct node *id,
                           enum element_kind kind)
{
    static const char *const needs[N_ELEMENT_KINDS] = {[KIND_ITEM] = "method",
                                                       [KIND_SECTION] = "items",
                                                       [KIND_GATE] = "effect",
                                                       [KIND_FIELD] = "type"};
    struct loader *l = m->l;
    const char *meant = nearest_place(m, node_str(id), 1U << kind);
    diag_add(l->diag, FINDING_UNKNOWN_ID, id->at, _("the base has no '%.*s' to change"),
             STR_ARG(node_str(id)));
    if (meant) {
        diag_did_you_mean(l->diag, meant);
    } else {
        diag_hint(l->diag, _("something new is given whole; `%s` is missing"), needs[kind]);
    }
    element->bad = true;
}

/* What stands in a section that the base lacks is new too. */
static void check_new(struct merge *m, const struct node *section)
{
    for (uint32_t i = 0; section->kind == NODE_MAP && i < section->n_items; i++) {
        const struct node_pair *p = &section->pairs[i];
        if ((!node_is(p->key, "items") && !node_is(p->key, "sections")) ||
            p->value->kind != NODE_LIST) {
            continue;
        }
        for (uint32_t k = 0; k < p->value->n_items; k++) {
            const struct node *element = p->value->items[k], *id = id_of(element);
            struct place *there = id ? find_place(m, &m->members, node_str(id)) : NULL;
            if (there) {
                report_misplaced(m, id, there);
            }
            check_new(m, element);
        }
    }
}

/* False if the element is new. */
static bool merge_known(struct merge *m, const struct node *element, uint32_t section,
                        enum element_kind kind)
{
    const struct node *id = id_of(element);
    struct place *p = id ? find_place(m, &m->members, node_str(id)) : NULL;
    if (!p) {
        return false;
    }
    if (p->kind != kind) {
        diag_add(m->l->diag, FINDING_MISPLACED, id->at, _("in the base '%.*s' is %s"),
                 STR_ARG(node_str(id)), place_kind(p->kind));
        diag_note(m->l->diag, p->at, _("in the base it stands here"));
    } else if (p->touched) {
        diag_add(m->l->diag, FINDING_DUPLICATE_ID, id->at,
                 _("'%.*s' is changed here a second time"), STR_ARG(node_str(id)));
    } else if (!stands_in(m, p, section)) {
        report_misplaced(m, id, p);
    } else {
        merge_element(m, (uint32_t)(p - m->places.at), element);
    }
    return true;
}

/* A list of elements over that of the same key in `owner`. */
static void merge_list(struct merge *m, struct node *owner, uint32_t section,
                       const struct node_pair *over, enum element_kind kind)
{
    nodes added = {0};
    struct node_pair *base = pair_of(owner, over->key->text);
    if (over->value->kind != NODE_LIST || (base && base->value->kind != NODE_LIST)) {
        node_expect(m->l->diag, over->value->kind != NODE_LIST ? over->value : base->value,
                    _("a list"));
        return;
    }
    for (uint32_t i = 0; i < over->value->n_items; i++) {
        struct node *element = over->value->items[i];
        const struct node *id = id_of(element);
        if (merge_known(m, element, section, kind)) {
            continue;
        }
        if (id && !is_whole(kind, element)) {
            report_unknown(m, element, id, kind);
            continue;
        }
        check_new(m, element);
        *vec_push(m->l->arena, &added) = element;
    }
    if (base) {
        add_nodes(m->l, base->value, &added);
    } else if (added.n > 0) {
        struct node *list = ARENA_NEW(m->l->arena, struct node);
        *list = (struct node){.kind = NODE_LIST, .at = over->value->at};
        add_nodes(m->l, list, &added);
        pairs one = {0};
        *vec_push(m->l->arena, &one) = (struct node_pair){.key = over->key, .value = list};
        add_pairs(m->l, owner, &one);
    }
}

static void merge_fields(struct merge *m, const struct node_pair *over)
{
    struct node_pair *base = pair_of(m->base, "fields");
    pairs added = {0};
    for (uint32_t i = 0; i < over->value->n_items; i++) {
        const struct node_pair *p = &over->value->pairs[i];
        struct place *there = find_place(m, &m->fields, node_str(p->key));
        if (there && !pair_is_lost(p)) {
            merge_element(m, (uint32_t)(there - m->places.at), p->value);
        } else if (!is_whole(KIND_FIELD, p->value)) {
            report_unknown(m, p->value, p->key, KIND_FIELD);
        } else {
            *vec_push(m->l->arena, &added) = *p;
        }
    }
    add_pairs(m->l, base->value, &added);
}

/* ---- the whole ---- */

/* Whether the key is one that is merged, and was. */
static bool merge_block(struct merge *m, const struct node_pair *p)
{
    struct node_pair *base = pair_of(m->base, p->key->text);
    if (node_is(p->key, "items") || node_is(p->key, "sections") || node_is(p->key, "gates")) {
        merge_list(m, m->base, PLACE_NONE, p,
                   node_is(p->key, "items")      ? KIND_ITEM
                   : node_is(p->key, "sections") ? KIND_SECTION
                                                 : KIND_GATE);
        return true;
    }
    if (!base || base->value->kind != NODE_MAP || p->value->kind != NODE_MAP) {
        if (node_is(p->key, "bonus") || node_is(p->key, "deductions")) {
            check_new(m, p->value);
        }
        return false;
    }
    if (node_is(p->key, "fields")) {
        merge_fields(m, p);
        return true;
    }
    if (node_is(p->key, "bonus") || node_is(p->key, "deductions")) {
        struct place *place = find_place(m, &m->members, node_str(p->key));
        if (place) {
            merge_element(m, (uint32_t)(place - m->places.at), p->value);
        }
        return place;
    }
    return false;
}

void overlay_merge(struct loader *l, struct node *base, const struct node *over)
{
    struct merge m = {.l = l, .base = base};
    struct node_pair *removed = pair_of(over, "remove");
    struct node rest = {.kind = NODE_MAP};
    pairs kept = {0};
    find_places(&m);
    if (removed) {
        remove_listed(&m, removed->value);
    }
    for (uint32_t i = 0; i < over->n_items; i++) {
        const struct node_pair *p = &over->pairs[i];
        if (!node_is(p->key, "extends") && !node_is(p->key, "remove") && !merge_block(&m, p)) {
            *vec_push(l->arena, &kept) = *p;
        }
    }
    rest.pairs = kept.at;
    rest.n_items = kept.n;
    if (over->n_items > 0) {
        rest.at = over->at;
    }
    struct node_pair *id = pair_of(&rest, "id");
    struct node_pair *there = id ? pair_of(base, "id") : NULL;
    if (there) {
        *there = *id; /* the rubric's own id is a key like any other */
    }
    merge_keys(&m, base, &rest, PLACE_NONE);
}
