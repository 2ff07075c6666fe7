/*
 * tree.c - who is under whom, and in which order units can be scored (struct tree, model/table.h).
 *
 *   a unit rests on its children; where an item takes points for children among the last of their
 *   class, on every unit of that class:
 *
 *     county a ──► town 1 ─┐
 *        └───────────────► class town ──► town 1, town 2, town 3
 *
 * An order exists unless a class reaches over levels. It is found from those that rest on nobody.
 */
#include "load/merge.h"

#include "base/i18n.h"

#include <stdlib.h>
#include <string.h>

/* For more unknown names than this nobody is told what was meant: it would only cost time. */
#define NEAREST_MOST 20U
#define CYCLE_SHOWN 8U

struct planter {
    struct merge *merge;
    struct table *table;
    struct arena scratch;
    uint32_t n, n_groups;
    bool *waits;       /* [n] the superior needs its place */
    uint32_t *pending; /* [n] what is to be scored before */
    uint32_t *level;   /* [n] */
    uint32_t *group_pending, *group_level;
    uint32_t *first, *children, *in_group, *grouped;
    uint32_t *queue, n_queue;
};

/* ---- superiors by id ---- */

static span parent_place(const struct planter *p, uint32_t unit)
{
    return merge_place(p->merge, unit, what_reserved(RESERVED_PARENT));
}

static void unknown_parent(struct planter *p, uint32_t unit, uint32_t *n_unknown)
{
    const struct table *t = p->table;
    const char *parent = t->units.at[unit].parent;
    struct nearest near = {.name = str_of(parent)};
    diag_add(p->merge->diag, FINDING_UNKNOWN_PARENT, parent_place(p, unit),
             _("the superior '%s' of unit '%s' is in no data file"), parent, t->units.at[unit].id);
    uint32_t named = map_get(&p->merge->names, str_of(parent));
    uint32_t by_name = named == MAP_NONE ? UNIT_NONE : p->merge->name_units.at[named];
    if (by_name != UNIT_NONE) {
        diag_hint(p->merge->diag, _("that is the name of unit '%s'; superiors are given by id"),
                  t->units.at[by_name].id);
    } else if ((*n_unknown)++ < NEAREST_MOST) {
        for (uint32_t i = 0; i < p->n; i++) {
            nearest_offer(&near, t->units.at[i].id);
        }
        diag_did_you_mean(p->merge->diag, nearest_name(&near, p->merge->arena));
    }
    merge_bad(p->merge, unit);
}

/* Whether any unit names one. */
static bool find_superiors(struct planter *p)
{
    struct table *t = p->table;
    uint32_t n_unknown = 0;
    bool any = false;
    for (uint32_t i = 0; i < p->n; i++) {
        struct unit *u = &t->units.at[i];
        u->superior = UNIT_NONE;
        if (!u->parent || !*u->parent) {
            continue;
        }
        any = true;
        uint32_t superior = map_get(&t->unit_by_id, str_of(u->parent));
        if (superior == MAP_NONE) {
            unknown_parent(p, i, &n_unknown);
        } else {
            u->superior = superior;
        }
    }
    return any;
}

static void cycle_found(struct planter *p, uint32_t unit)
{
    struct table *t = p->table;
    struct buf names = {0};
    uint32_t n = 0, at = unit;
    do {
        if (n++ < CYCLE_SHOWN) {
            buf_printf(&names, "%s → ", t->units.at[at].id);
        }
        at = t->units.at[at].superior;
    } while (at != unit);
    if (n == 1) {
        diag_add(p->merge->diag, FINDING_PARENT_CYCLE, parent_place(p, unit),
                 _("unit '%s' is its own superior"), t->units.at[unit].id);
    } else {
        diag_add(p->merge->diag, FINDING_PARENT_CYCLE, parent_place(p, unit),
                 _("these %u units are each other's superiors: %s%s"), n, names.at,
                 n > CYCLE_SHOWN ? "…" : t->units.at[unit].id);
    }
    buf_release(&names);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t next = t->units.at[at].superior;
        t->units.at[at].superior = UNIT_NONE;
        merge_bad(p->merge, at);
        at = next;
    }
}

/* Each way upwards is gone once: who meets its own steps stands in a cycle. */
static void find_cycles(struct planter *p)
{
    uint32_t *gone = ARENA_ARRAY(&p->scratch, uint32_t, p->n);
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t at = i;
        while (at != UNIT_NONE && gone[at] == 0) {
            gone[at] = i + 1;
            at = p->table->units.at[at].superior;
        }
        if (at != UNIT_NONE && gone[at] == i + 1) {
            cycle_found(p, at);
        }
    }
}

/* ---- lists ---- */

/* Units listed under a key below n_keys; UNIT_NONE: under none. */
static void list_under(struct planter *p, const uint32_t *key, uint32_t n_keys, uint32_t **first,
                       uint32_t **list)
{
    struct arena *a = p->merge->arena;
    *first = ARENA_ARRAY(a, uint32_t, (size_t)n_keys + 2);
    *list = ARENA_ARRAY(a, uint32_t, (size_t)p->n + 1);
    for (uint32_t i = 0; i < p->n; i++) {
        if (key[i] != UNIT_NONE) {
            (*first)[key[i] + 2]++;
        }
    }
    for (uint32_t k = 2; k <= n_keys + 1; k++) {
        (*first)[k] += (*first)[k - 1];
    }
    for (uint32_t i = 0; i < p->n; i++) {
        if (key[i] != UNIT_NONE) {
            (*list)[(*first)[key[i] + 1]++] = i;
        }
    }
}

struct by_id {
    const char *id;
    uint32_t unit;
};

static int compare_ids(const void *a, const void *b)
{
    return strcmp(((const struct by_id *)a)->id, ((const struct by_id *)b)->id);
}

/* So that the order of the data is nowhere to be seen. */
static void sort_children(struct planter *p)
{
    struct by_id *sorted = ARENA_ARRAY(&p->scratch, struct by_id, (size_t)p->n + 1);
    for (uint32_t unit = 0; unit < p->n; unit++) {
        uint32_t from = p->first[unit], n = p->first[unit + 1] - from;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t child = p->children[from + i];
            sorted[i] = (struct by_id){p->table->units.at[child].id, child};
        }
        qsort(sorted, n, sizeof *sorted, compare_ids);
        for (uint32_t i = 0; i < n; i++) {
            p->children[from + i] = sorted[i].unit;
        }
    }
}

static void list_units(struct planter *p)
{
    uint32_t *key = ARENA_ARRAY(&p->scratch, uint32_t, (size_t)p->n + 1);
    for (uint32_t i = 0; i < p->n; i++) {
        key[i] = p->table->units.at[i].superior;
    }
    list_under(p, key, p->n, &p->first, &p->children);
    for (uint32_t i = 0; i < p->n; i++) {
        key[i] = p->table->units.at[i].group;
    }
    list_under(p, key, p->n_groups, &p->in_group, &p->grouped);
    sort_children(p);
}

/* ---- levels ---- */

/* Whether the superior has an item that asks for the place of such a unit. */
static bool needs_place(const struct table *t, const struct unit *u)
{
    if (u->superior == UNIT_NONE) {
        return false;
    }
    uint32_t class = t->units.at[u->superior].class;
    for (uint32_t i = 0; i < t->rubric->members.n; i++) {
        const struct member *m = &t->rubric->members.at[i];
        if (m->kind == MEMBER_ITEM && m->rule.method == METHOD_CHILDREN &&
            m->rule.take == TAKE_LAST && member_is_for(m, class) && rule_takes_child(&m->rule, u)) {
            return true;
        }
    }
    return false;
}

static void count_pending(struct planter *p)
{
    const struct table *t = p->table;
    for (uint32_t i = 0; i < p->n; i++) {
        const struct unit *u = &t->units.at[i];
        p->waits[i] = needs_place(t, u);
        p->group_pending[u->group]++;
        if (u->superior != UNIT_NONE) {
            p->pending[u->superior] += 1 + p->waits[i];
        }
    }
}

static void come_nearer(struct planter *p, uint32_t unit, uint32_t above)
{
    if (p->level[unit] <= above) {
        p->level[unit] = above + 1;
    }
    if (--p->pending[unit] == 0) {
        p->queue[p->n_queue++] = unit;
    }
}

static void group_done(struct planter *p, uint32_t group)
{
    for (uint32_t i = p->in_group[group]; i < p->in_group[group + 1]; i++) {
        uint32_t unit = p->grouped[i];
        if (p->waits[unit]) {
            come_nearer(p, p->table->units.at[unit].superior, p->group_level[group]);
        }
    }
}

static void find_levels(struct planter *p)
{
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->pending[i] == 0) {
            p->queue[p->n_queue++] = i;
        }
    }
    for (uint32_t i = 0; i < p->n_queue; i++) {
        uint32_t unit = p->queue[i];
        const struct unit *u = &p->table->units.at[unit];
        if (u->superior != UNIT_NONE) {
            come_nearer(p, u->superior, p->level[unit]);
        }
        if (p->group_level[u->group] < p->level[unit]) {
            p->group_level[u->group] = p->level[unit];
        }
        if (--p->group_pending[u->group] == 0) {
            group_done(p, u->group);
        }
    }
}

/* ---- what has no order ---- */

/* What the unit still waits for: a child, or, by `group`, a unit of a class. */
static uint32_t waits_for(const struct planter *p, uint32_t unit, const uint32_t *open_in_group,
                          bool *by_class)
{
    *by_class = false;
    for (uint32_t i = p->first[unit]; i < p->first[unit + 1]; i++) {
        if (p->pending[p->children[i]] > 0) {
            return p->children[i];
        }
    }
    *by_class = true;
    for (uint32_t i = p->first[unit]; i < p->first[unit + 1]; i++) {
        uint32_t group = p->table->units.at[p->children[i]].group;
        if (p->waits[p->children[i]] && open_in_group[group] != UNIT_NONE) {
            return open_in_group[group];
        }
    }
    return UNIT_NONE;
}

static void say_circular(struct planter *p, uint32_t unit, uint32_t other)
{
    const struct unit *units = p->table->units.at;
    if (unit == other) {
        diag_add(p->merge->diag, FINDING_PLACES_CIRCULAR, merge_place(p->merge, unit, what_unit()),
                 _("unit '%s' is scored by places in its own class '%s'"), units[unit].id,
                 units[unit].class_name);
    } else {
        diag_add(p->merge->diag, FINDING_PLACES_CIRCULAR, merge_place(p->merge, unit, what_unit()),
                 _("unit '%s' is scored by places in the class '%s', and '%s' of that class can be "
                   "scored only after it"),
                 units[unit].id, units[other].class_name, units[other].id);
    }
    diag_hint(p->merge->diag, _("units that are placed together cannot stand above one another; "
                                "the item's `class` and `for` tell who is looked at by whom"));
}

/* Along what each waits for, until the way closes: somewhere on it a class is waited for. */
static void find_circle(struct planter *p)
{
    uint32_t *open_in_group = ARENA_ARRAY(&p->scratch, uint32_t, (size_t)p->n_groups + 1);
    bool *seen = ARENA_ARRAY(&p->scratch, bool, (size_t)p->n + 1);
    uint32_t at = UNIT_NONE, next = UNIT_NONE;
    bool by_class = false;
    memset(open_in_group, 0xff, sizeof *open_in_group * p->n_groups);
    for (uint32_t i = p->n; i-- > 0;) {
        if (p->pending[i] > 0) {
            open_in_group[p->table->units.at[i].group] = at = i;
        }
    }
    while (!seen[at]) {
        seen[at] = true;
        at = waits_for(p, at, open_in_group, &by_class);
    }
    do {
        next = waits_for(p, at, open_in_group, &by_class);
        if (by_class) {
            say_circular(p, at, next);
            break;
        }
        at = next;
    } while (true);
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->pending[i] > 0) {
            merge_bad(p->merge, i);
        }
    }
}

/* ---- the order ---- */

static void put_in_order(struct planter *p, struct tree *tree)
{
    struct arena *a = p->merge->arena;
    uint32_t n_levels = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        p->level[i] = p->pending[i] > 0 ? 0 : p->level[i]; /* bad: it is not scored */
        n_levels = p->level[i] >= n_levels ? p->level[i] + 1 : n_levels;
    }
    uint32_t *first, *order;
    list_under(p, p->level, n_levels, &first, &order);
    uint32_t *ends = ARENA_ARRAY(a, uint32_t, (size_t)n_levels + 1);
    for (uint32_t i = 0; i < n_levels; i++) {
        ends[i] = first[i + 1];
    }
    *tree = (struct tree){.first = p->first,
                          .children = p->children,
                          .in_group = p->in_group,
                          .grouped = p->grouped,
                          .order = order,
                          .ends = ends,
                          .n_levels = n_levels};
}

static struct planter planter_of(struct merge *m)
{
    struct planter p = {.merge = m, .table = m->table};
    p.n = m->table->units.n;
    p.n_groups = m->table->groups.n;
    return p;
}

static void make_room(struct planter *p)
{
    size_t n = (size_t)p->n + 1, groups = (size_t)p->n_groups + 1;
    p->waits = ARENA_ARRAY(&p->scratch, bool, n);
    p->pending = ARENA_ARRAY(&p->scratch, uint32_t, n);
    p->level = ARENA_ARRAY(&p->scratch, uint32_t, n);
    p->queue = ARENA_ARRAY(&p->scratch, uint32_t, n);
    p->group_pending = ARENA_ARRAY(&p->scratch, uint32_t, groups);
    p->group_level = ARENA_ARRAY(&p->scratch, uint32_t, groups);
}

void merge_tree(struct merge *m)
{
    span asked = m->table->rubric->children_at;
    if (!asked.source || m->table->units.n == 0) {
        return;
    }
    struct planter p = planter_of(m);
    make_room(&p);
    if (!find_superiors(&p) && !m->absent_is_fine) {
        diag_add(m->diag, FINDING_NO_PARENT, asked,
                 _("this reads subordinate units, and no unit names a superior"));
        diag_hint(m->diag, "%s", _("the column parent (上级) holds the superior's id"));
    }
    find_cycles(&p);
    list_units(&p);
    count_pending(&p);
    find_levels(&p);
    if (p.n_queue < p.n) {
        find_circle(&p);
    }
    struct tree *tree = ARENA_NEW(m->arena, struct tree);
    put_in_order(&p, tree);
    m->table->tree = tree;
    arena_release(&p.scratch);
}
