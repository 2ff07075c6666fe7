/* unit_map_load.c - see unit_map_load.h. */
#include "load/unit_map_load.h"

#include "base/i18n.h"
#include "load/format.h"
#include "load/node.h"
#include "load/unit_map_parts.h"

typedef VEC(uint32_t) unit_list;

static void unknown(struct map_loading *l, str id, span at, int side)
{
    const struct table *t = l->tables[side];
    struct nearest near = {.name = id};
    diag_add(l->diag, FINDING_UNKNOWN_UNIT, at,
             side == MAP_OLD ? _("the old data have no unit with the id '%.*s'")
                             : _("the new data have no unit with the id '%.*s'"),
             (int)text_fit(id.at, id.n, 40), id.at);
    for (uint32_t u = 0; u < t->units.n; u++) {
        if (str_is(id, t->units.at[u].name)) {
            diag_did_you_mean(l->diag, t->units.at[u].id);
            return;
        }
        nearest_offer(&near, t->units.at[u].id);
    }
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
}

uint32_t map_unit(struct map_loading *l, str id, span at, int side)
{
    uint32_t unit = map_get(&l->tables[side]->unit_by_id, id);
    if (unit == MAP_NONE) {
        unknown(l, id, at, side);
        return UNIT_NONE;
    }
    return unit;
}

void map_many(struct map_loading *l, span at, uint32_t n_old, uint32_t n_new)
{
    diag_add(l->diag, FINDING_UNIT_MAP_MANY, at,
             _("%u units became %u: which became which cannot be told"), n_old, n_new);
    diag_hint(l->diag, "%s", _("a merger has one new unit, a split has one old one"));
}

/* UNIT_NONE after a finding. */
static uint32_t read_id(struct map_loading *l, struct node *id, int side)
{
    if (id->kind != NODE_SCALAR || id->is_null || id->n == 0) {
        node_expect(l->diag, id, _("the id of a unit"));
        return UNIT_NONE;
    }
    uint32_t unit = map_unit(l, node_str(id), id->at, side);
    if (unit == UNIT_NONE) {
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

static void read_ids(struct map_loading *l, struct node *map, int side, unit_list *out)
{
    const char *key = side == MAP_OLD ? "old" : "new";
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

static void read_change(struct map_loading *l, struct node *map, struct unit_map *out)
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
    read_ids(l, map, MAP_OLD, &old);
    read_ids(l, map, MAP_NEW, &new);
    if (old.n > 1 && new.n > 1) {
        map_many(l, map->at, old.n, new.n);
    }
    for (uint32_t i = 0; i < old.n; i++) {
        *vec_push(l->arena, &change.old) = old.at[i];
    }
    for (uint32_t i = 0; i < new.n; i++) {
        *vec_push(l->arena, &change.new) = new.at[i];
    }
    *vec_push(l->arena, &out->list) = change;
}

static void read_root(struct map_loading *l, struct node *root, struct unit_map *out)
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
    struct map_loading l = {
        .arena = a,
        .diag = d,
        .tables = {old, new},
        .taken = {ARENA_ARRAY(a, span, old->units.n), ARENA_ARRAY(a, span, new->units.n)}};
    const struct source *s = source_read(a, d, path, NULL);
    enum format format = s ? format_of(s, "units:") : FORMAT_YAML;
    if (s && format == FORMAT_CSV) {
        map_read_csv(&l, s, out);
    } else if (s) {
        struct node *root = format != FORMAT_YAML ? json_read(a, d, s) : yaml_read(a, d, s);
        if (root && !root->bad) {
            read_root(&l, root, out);
        }
    }
    return d->n_errors == errors;
}
