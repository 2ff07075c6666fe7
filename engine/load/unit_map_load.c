/* unit_map_load.c - see unit_map_load.h. */
#include "load/unit_map_load.h"

#include "base/i18n.h"
#include "load/node.h"

struct loading {
    struct arena *arena;
    struct diag *diag;
    const struct table *tables[2]; /* the old one, the new one */
    span *taken[2];                /* by unit: where it stands in the map; all-zero: nowhere */
};

enum { OLD, NEW };

typedef VEC(uint32_t) unit_list;

static void unknown(struct loading *l, const struct node *id, int side)
{
    const struct table *t = l->tables[side];
    struct nearest near = {.name = node_str(id)};
    diag_add(l->diag, FINDING_UNKNOWN_UNIT, id->at,
             side == OLD ? _("the old data have no unit with the id '%s'")
                         : _("the new data have no unit with the id '%s'"),
             id->text);
    for (uint32_t u = 0; u < t->units.n; u++) {
        if (str_is(node_str(id), t->units.at[u].name)) {
            diag_did_you_mean(l->diag, t->units.at[u].id);
            return;
        }
        nearest_offer(&near, t->units.at[u].id);
    }
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
}

/* UNIT_NONE after a finding. */
static uint32_t read_id(struct loading *l, struct node *id, int side)
{
    if (id->kind != NODE_SCALAR || id->is_null || id->n == 0) {
        node_expect(l->diag, id, _("the id of a unit"));
        return UNIT_NONE;
    }
    uint32_t unit = map_get(&l->tables[side]->unit_by_id, node_str(id));
    if (unit == MAP_NONE) {
        unknown(l, id, side);
        return UNIT_NONE;
    }
    span *taken = &l->taken[side][unit];
    if (taken->source) {
        diag_add(l->diag, FINDING_UNIT_MAP_TWICE, id->at,
                 _("'%s' stands here twice: one change a unit, with all ids in it"), id->text);
        diag_note(l->diag, *taken, "%s", _("the first time"));
        return UNIT_NONE;
    }
    *taken = id->at;
    return unit;
}

static void read_ids(struct loading *l, struct node *map, int side, unit_list *out)
{
    const char *key = side == OLD ? "old" : "new";
    struct node *value = node_get(map, key);
    if (!value) {
        diag_add(l->diag, FINDING_MISSING_KEY, map->at, _("the change lacks `%s`"), key);
        return;
    }
    if (value->bad) {
        return;
    }
    bool is_list = value->kind == NODE_LIST;
    if (is_list && value->n_items == 0) {
        node_expect(l->diag, value, _("at least one id"));
    }
    for (uint32_t i = 0; i < (is_list ? value->n_items : 1); i++) {
        struct node *id = is_list ? value->items[i] : value;
        uint32_t unit = id->bad ? UNIT_NONE : read_id(l, id, side);
        if (unit != UNIT_NONE) {
            *vec_push(l->arena, out) = unit;
        }
    }
}

static void read_change(struct loading *l, struct node *map, struct unit_map *out)
{
    static const char *const keys[] = {"old", "new", NULL};
    unit_list old = {0}, new = {0};
    struct unit_change change = {0};
    uint32_t errors = l->diag->n_errors;
    if (map->bad) {
        return;
    }
    if (map->kind != NODE_MAP) {
        node_expect(l->diag, map, _("a change: old: [ids], new: [ids]"));
        return;
    }
    node_get(map, "old");
    node_get(map, "new");
    node_unknown_keys(l->diag, map, keys);
    if (l->diag->n_errors > errors) {
        return;
    }
    read_ids(l, map, OLD, &old);
    read_ids(l, map, NEW, &new);
    if (old.n > 1 && new.n > 1) {
        diag_add(l->diag, FINDING_UNIT_MAP_MANY, map->at,
                 _("%u units became %u: which became which cannot be told"), old.n, new.n);
        diag_hint(l->diag, "%s", _("a merger has one new unit, a split has one old one"));
    }
    for (uint32_t i = 0; i < old.n; i++) {
        *vec_push(l->arena, &change.old) = old.at[i];
    }
    for (uint32_t i = 0; i < new.n; i++) {
        *vec_push(l->arena, &change.new) = new.at[i];
    }
    *vec_push(l->arena, &out->list) = change;
}

static void read_root(struct loading *l, struct node *root, struct unit_map *out)
{
    static const char *const keys[] = {"units", NULL};
    struct node *list = root->kind == NODE_MAP ? node_get(root, "units") : NULL;
    uint32_t errors = l->diag->n_errors;
    node_unknown_keys(l->diag, root, keys);
    if (!list && l->diag->n_errors == errors) {
        node_expect(l->diag, root, _("a map with a list of changes under units:"));
    } else if (list && list->kind != NODE_LIST) {
        node_expect(l->diag, list, _("a list of changes: old: [ids], new: [ids]"));
    }
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->n_items; i++) {
        read_change(l, list->items[i], out);
    }
}

bool unit_map_load(struct arena *a, struct diag *d, const char *path, const struct table *old,
                   const struct table *new, struct unit_map *out)
{
    uint32_t errors = d->n_errors;
    struct loading l = {
        .arena = a,
        .diag = d,
        .tables = {old, new},
        .taken = {ARENA_ARRAY(a, span, old->units.n), ARENA_ARRAY(a, span, new->units.n)}};
    const struct source *s = source_read(a, d, path, NULL);
    struct node *root = !s                                ? NULL
                        : str_ends(str_of(path), ".json") ? json_read(a, d, s)
                                                          : yaml_read(a, d, s);
    if (root && !root->bad) {
        read_root(&l, root, out);
    }
    return d->n_errors == errors;
}
