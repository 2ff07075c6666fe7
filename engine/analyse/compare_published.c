/* compare_published.c - see compare_published.h. */
#include "analyse/compare_published.h"

#include <string.h>

/* ---- who is held against whom ---- */

static enum fate fate_of(const struct unit_change *change)
{
    return change->old.n > 1 ? FATE_MERGED : change->new.n > 1 ? FATE_SPLIT : FATE_RENAMED;
}

/* [new units] index of the map's change, or UINT32_MAX; the old ones of any are marked. */
static uint32_t *changes_of(struct arena *a, const struct published_comparison *c,
                            const struct unit_map *map, bool *old_taken)
{
    uint32_t *of = ARENA_ARRAY(a, uint32_t, (size_t)c->new->units.n + 1);
    memset(of, 0xff, sizeof *of * c->new->units.n);
    for (uint32_t i = 0; i < map->list.n; i++) {
        for (uint32_t k = 0; k < map->list.at[i].new.n; k++) {
            of[map->list.at[i].new.at[k]] = i;
        }
        for (uint32_t k = 0; k < map->list.at[i].old.n; k++) {
            old_taken[map->list.at[i].old.at[k]] = true;
        }
    }
    return of;
}

static void pair_units(struct arena *a, struct published_comparison *c, const struct unit_map *map)
{
    const struct table *old = c->old->table, *new = c->new->table;
    bool *taken = ARENA_ARRAY(a, bool, (size_t)old->units.n + 1);
    const uint32_t *change_of = changes_of(a, c, map, taken);
    for (uint32_t u = 0; u < new->units.n; u++) {
        struct published_pair *p = vec_push(a, &c->pairs);
        p->unit = u;
        p->fate = FATE_NEW;
        uint32_t before = map_get(&old->unit_by_id, str_of(new->units.at[u].id));
        if (change_of[u] != UINT32_MAX) {
            const struct unit_change *change = &map->list.at[change_of[u]];
            p->fate = fate_of(change);
            for (uint32_t i = 0; i < change->old.n; i++) {
                *vec_push(a, &p->olds) = change->old.at[i];
            }
        } else if (before != MAP_NONE && !taken[before]) {
            p->fate = FATE_SAME;
            taken[before] = true;
            *vec_push(a, &p->olds) = before;
        }
        p->class_changed = published_is_one(p) && strcmp(new->units.at[u].class_name,
                                                         old->units.at[p->olds.at[0]].class_name);
    }
    for (uint32_t u = 0; u < old->units.n; u++) {
        if (!taken[u]) {
            struct published_pair *p = vec_push(a, &c->pairs);
            *p = (struct published_pair){.fate = FATE_GONE, .unit = UNIT_NONE};
            *vec_push(a, &p->olds) = u;
        }
    }
}

const struct unit *published_unit_of(const struct published_comparison *c,
                                     const struct published_pair *p)
{
    return p->unit != UNIT_NONE ? &c->new->table->units.at[p->unit]
                                : &c->old->table->units.at[p->olds.at[0]];
}

static struct published_class *class_named(struct arena *a, struct published_comparison *c,
                                           struct map *seen, const char *name)
{
    uint32_t at = map_put(a, seen, str_of(name), c->classes.n);
    if (at == c->classes.n) {
        vec_push(a, &c->classes)->name = name;
    }
    return &c->classes.at[at];
}

static void list_classes(struct arena *a, struct published_comparison *c)
{
    struct map seen = {0};
    for (uint32_t u = 0; u < c->new->units.n; u++) {
        class_named(a, c, &seen, c->new->table->units.at[u].class_name)->n_new++;
    }
    for (uint32_t u = 0; u < c->old->units.n; u++) {
        class_named(a, c, &seen, c->old->table->units.at[u].class_name)->n_old++;
    }
    for (uint32_t i = 0; i < c->pairs.n; i++) {
        const char *name = published_unit_of(c, &c->pairs.at[i])->class_name;
        *vec_push(a, &class_named(a, c, &seen, name)->pairs) = i;
    }
}

static bool same_text(const char *a, const char *b) { return a && b && strcmp(a, b) == 0; }

void compare_published(struct arena *a, const struct published *old, const struct published *new,
                       const struct unit_map *map, struct published_comparison *out)
{
    *out = (struct published_comparison){.old = old, .new = new};
    out->same_rubric = same_text(old->digest, new->digest) && same_text(old->scripts, new->scripts);
    pair_units(a, out, map);
    list_classes(a, out);
}

/* ---- figures ---- */

dec compare_published_change(const struct published_comparison *c, const struct published_pair *p,
                             dec old, dec new)
{
    bool may = c->same_rubric && published_is_one(p) && !p->class_changed;
    return may && old != DEC_NONE && new != DEC_NONE ? dec_sub(new, old) : DEC_NONE;
}

/* Ids of sections and items share one name space. */
static struct map parts_by_id(struct arena *a, const struct published_unit *u)
{
    struct map ids = {0};
    for (uint32_t i = 0; i < u->parts.n; i++) {
        map_put(a, &ids, str_of(u->parts.at[i].id), i);
    }
    return ids;
}

void compare_published_items(struct arena *a, const struct published_comparison *c,
                             const struct published_pair *p, published_items *out)
{
    const struct published_unit *new = &c->new->units.at[p->unit];
    const struct published_unit *old = &c->old->units.at[p->olds.at[0]];
    struct arena scratch = {0};
    struct map before = parts_by_id(&scratch, old), after = parts_by_id(&scratch, new);
    for (uint32_t i = 0; i < new->parts.n; i++) {
        const struct published_part *now = &new->parts.at[i], *then = NULL;
        uint32_t at = map_get(&before, str_of(now->id));
        if (at != MAP_NONE && old->parts.at[at].is_item == now->is_item) {
            then = &old->parts.at[at];
        }
        dec change = then ? compare_published_change(c, p, then->points, now->points) : DEC_NONE;
        *vec_push(a, out) = (struct published_item){then, now, change};
    }
    for (uint32_t i = 0; i < old->parts.n; i++) {
        const struct published_part *then = &old->parts.at[i];
        uint32_t at = map_get(&after, str_of(then->id));
        if (at == MAP_NONE || new->parts.at[at].is_item != then->is_item) {
            *vec_push(a, out) = (struct published_item){then, NULL, DEC_NONE};
        }
    }
    arena_release(&scratch);
}

/* ---- flags ---- */

/* Each subject once, whatever it is flagged for. */
static struct map subjects_of(struct arena *a, const struct published_unit *u)
{
    struct map subjects = {0};
    for (uint32_t i = 0; i < u->flags.n; i++) {
        map_put(a, &subjects, str_of(u->flags.at[i].subject), i);
    }
    return subjects;
}

/* How many subjects of the one the other has; of how many in *all. */
static uint32_t count_shared(const struct published_unit *u, const struct map *own,
                             const struct map *other, uint32_t *all)
{
    uint32_t shared = 0;
    *all = 0;
    for (uint32_t i = 0; i < u->flags.n; i++) {
        str subject = str_of(u->flags.at[i].subject);
        if (map_get(own, subject) == i) { /* the first of its subject */
            *all += 1;
            shared += map_get(other, subject) != MAP_NONE;
        }
    }
    return shared;
}

void compare_published_flags(const struct published_comparison *c, const struct published_pair *p,
                             uint32_t n[3])
{
    n[DEFICIENCY_NEW] = n[DEFICIENCY_REPEATED] = n[DEFICIENCY_RESOLVED] = 0;
    if (!published_is_one(p)) {
        return;
    }
    struct arena scratch = {0};
    const struct published_unit *new = &c->new->units.at[p->unit];
    const struct published_unit *old = &c->old->units.at[p->olds.at[0]];
    struct map before = subjects_of(&scratch, old), after = subjects_of(&scratch, new);
    uint32_t n_after, n_before;
    n[DEFICIENCY_REPEATED] = count_shared(new, &after, &before, &n_after);
    count_shared(old, &before, &after, &n_before);
    n[DEFICIENCY_NEW] = n_after - n[DEFICIENCY_REPEATED];
    n[DEFICIENCY_RESOLVED] = n_before - n[DEFICIENCY_REPEATED];
    arena_release(&scratch);
}
