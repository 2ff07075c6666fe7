/* compare.c - see compare.h. */
#include "analyse/compare.h"

#include "base/sort.h"

#include <string.h>

#define NAMED_MOST 3U /* so many are named as most improved; more only where they are alike */

/* ---- words ---- */

const char *fate_word(enum fate fate)
{
    static const char *const words[] = {"same", "renamed", "merged", "split", "new", "gone"};
    return words[fate];
}

const char *item_fate_word(enum item_fate fate)
{
    static const char *const words[] = {"off", "comparable", "not_comparable", "new", "gone"};
    return words[fate];
}

const char *deficiency_fate_word(enum deficiency_fate fate)
{
    static const char *const words[] = {"new", "repeated", "resolved", "not_asked"};
    return words[fate];
}

/* ---- items ---- */

static const struct unit *old_unit(const struct comparison *c, const struct unit_pair *p)
{
    return &c->old->table->units.at[p->olds.at[0]];
}

struct class_pair pair_class(const struct comparison *c, const struct unit_pair *p)
{
    const struct unit *now = p->unit == UNIT_NONE ? NULL : &c->new->table->units.at[p->unit];
    const struct unit *then = p->olds.n > 0 ? old_unit(c, p) : NULL;
    const char *name = now ? now->class_name : then->class_name;
    return (struct class_pair){.old =
                                   then ? then->class : rubric_class(c->old->rubric, str_of(name)),
                               .new = now ? now->class : rubric_class(c->new->rubric, str_of(name)),
                               .name = name,
                               .same = !p->class_changed};
}

static bool is_known_class(const struct comparison *c, const struct class_pair *k)
{
    return k->old < c->old->rubric->classes.n || k->new < c->new->rubric->classes.n;
}

/* Whether what the mark says holds for the class. */
static bool is_about(const struct comparison *c, const struct mark *mark,
                     const struct class_pair *k)
{
    for (uint32_t i = 0; i < mark->classes.n; i++) {
        const char *name = mark->classes.at[i];
        if (*name ? strcmp(name, k->name) == 0 : !is_known_class(c, k)) {
            return true;
        }
    }
    return mark->classes.n == 0;
}

bool compare_hinders(const struct comparison *c, const struct mark *mark,
                     const struct class_pair *k)
{
    return mark->incomparable && is_about(c, mark, k);
}

/* Weights and factors hinder no item, but the section that adds them up. */
static bool moves_section(const struct comparison *c, const struct matched *m,
                          const struct class_pair *k)
{
    for (uint32_t i = 0; i < m->marks.n; i++) {
        const struct mark *mark = &m->marks.at[i];
        if (mark->effect >= MARK_OUTCOME && !mark->moved && is_about(c, mark, k)) {
            return true;
        }
    }
    return false;
}

enum item_fate compare_item(const struct comparison *c, const struct class_pair *k, uint32_t item)
{
    const struct matched *m = &c->diff.members[item];
    if (!member_is_for(&c->new->rubric->members.at[item], k->new)) {
        return ITEM_OFF;
    }
    if (m->old == UINT32_MAX || !member_is_for(&c->old->rubric->members.at[m->old], k->old)) {
        return ITEM_NEW;
    }
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (compare_hinders(c, &m->marks.at[i], k)) {
            return ITEM_CHANGED;
        }
    }
    return k->same ? ITEM_COMPARABLE : ITEM_CHANGED;
}

enum item_fate compare_gone(const struct comparison *c, const struct class_pair *k,
                            uint32_t old_item)
{
    uint32_t now = c->new_of[old_item];
    if (!member_is_for(&c->old->rubric->members.at[old_item], k->old)) {
        return ITEM_OFF;
    }
    if (now == MEMBER_NONE || !member_is_for(&c->new->rubric->members.at[now], k->new)) {
        return ITEM_GONE;
    }
    return compare_item(c, k, now);
}

bool compare_section(const struct comparison *c, const struct class_pair *k, uint32_t section)
{
    const struct rubric *old = c->old->rubric, *new = c->new->rubric;
    uint32_t then = c->diff.members[section].old;
    if (then == UINT32_MAX || !k->same) {
        return false;
    }
    for (uint32_t m = section; m < new->members.at[section].end; m++) {
        bool item = new->members.at[m].kind == MEMBER_ITEM;
        enum item_fate fate = item ? compare_item(c, k, m) : ITEM_COMPARABLE;
        if (fate != ITEM_OFF &&
            (fate != ITEM_COMPARABLE || moves_section(c, &c->diff.members[m], k))) {
            return false;
        }
    }
    for (uint32_t m = then; m < old->members.at[then].end; m++) {
        uint32_t now = c->new_of[m];
        bool inside = now != MEMBER_NONE && now >= section && now < new->members.at[section].end;
        enum item_fate fate =
            old->members.at[m].kind == MEMBER_ITEM ? compare_gone(c, k, m) : ITEM_OFF;
        if (fate == ITEM_GONE || (fate != ITEM_OFF && !inside)) {
            return false;
        }
    }
    return true;
}

/* ---- the parts of a change ---- */

/* Room for what is replayed; one of the two rubrics each. */
struct bench {
    struct cellres *items;
    uint8_t *gates;
};

static const struct cellres nothing = {.points = 0, .state = STATE_SCORED, .counts = true};

static dec play(const struct result *r, uint32_t unit, const struct bench *b)
{
    return r->scorer.replay(r, unit, &(struct replay){b->items, b->gates});
}

static bool same_gate(const struct comparison *c, uint32_t gate)
{
    const struct matched *m = &c->diff.gates[gate];
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (m->marks.at[i].effect >= MARK_OUTCOME) {
            return false;
        }
    }
    return m->old != UINT32_MAX;
}

/* Gates as they fired; those that are the same as they fire now. */
static void lay_old_gates(const struct comparison *c, const struct unit_pair *p, uint8_t *gates)
{
    const struct result *old = c->old, *new = c->new;
    for (uint32_t g = 0; g < old->n_gates; g++) {
        gates[g] = old->gates[(size_t)p->olds.at[0] * old->n_gates + g];
    }
    for (uint32_t g = 0; g < new->n_gates && !p->class_changed; g++) {
        if (same_gate(c, g)) {
            gates[c->diff.gates[g].old] = new->gates[(size_t)p->unit * new->n_gates + g];
        }
    }
}

/* The old sheet with what is comparable as it is now. Returns whether anything else is on it. */
static bool lay_old(const struct comparison *c, const struct unit_pair *p, bool bare,
                    struct bench *b)
{
    struct class_pair k = pair_class(c, p);
    bool others = false;
    for (uint32_t m = 0; m < c->old->n_members; m++) {
        if (c->old->rubric->members.at[m].kind != MEMBER_ITEM) {
            continue;
        }
        enum item_fate fate = compare_gone(c, &k, m);
        others = others || fate == ITEM_CHANGED || fate == ITEM_GONE;
        b->items[m] = fate == ITEM_COMPARABLE ? *result_member(c->new, p->unit, c->new_of[m])
                      : bare                  ? nothing
                                              : *result_member(c->old, p->olds.at[0], m);
    }
    lay_old_gates(c, p, b->gates);
    return others;
}

static bool lay_new(const struct comparison *c, const struct unit_pair *p, struct bench *b)
{
    struct class_pair k = pair_class(c, p);
    bool others = false;
    for (uint32_t m = 0; m < c->new->n_members; m++) {
        enum item_fate fate = ITEM_OFF;
        if (c->new->rubric->members.at[m].kind == MEMBER_ITEM) {
            fate = compare_item(c, &k, m);
        }
        bool other = fate == ITEM_CHANGED || fate == ITEM_NEW;
        others = others || other;
        b->items[m] = other ? nothing : *result_member(c->new, p->unit, m);
    }
    memcpy(b->gates, &c->new->gates[(size_t)p->unit * c->new->n_gates], c->new->n_gates);
    return others;
}

static const struct split no_split = {DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE};

static struct split split_of(const struct comparison *c, const struct unit_pair *p,
                             struct bench *old, struct bench *new)
{
    uint32_t then = p->olds.at[0];
    struct split s = {.old = c->old->outcomes[then].total, .new = c->new->outcomes[p->unit].total};
    if (s.old == DEC_NONE || s.new == DEC_NONE) {
        return no_split;
    }
    s.change = dec_sub(s.new, s.old);
    if (c->same_rubric && !p->class_changed) {
        s.did = s.change;
        return s;
    }
    bool others = lay_old(c, p, false, old);
    dec done = play(c->old, then, old), bare_old = done, bare_new = s.new;
    if (others) {
        lay_old(c, p, true, old);
        bare_old = play(c->old, then, old);
    }
    if (lay_new(c, p, new)) {
        bare_new = play(c->new, p->unit, new);
    }
    s.did = dec_sub(done, s.old);
    s.rubric = dec_sub(bare_new, bare_old);
    s.incomparable = dec_sub(dec_sub(s.new, bare_new), dec_sub(done, bare_old));
    return s.did == DEC_NONE || s.rubric == DEC_NONE || s.incomparable == DEC_NONE ? no_split : s;
}

static void make_splits(struct comparison *c)
{
    struct arena *a = c->arena;
    struct bench old = {ARENA_ARRAY(a, struct cellres, c->old->n_members),
                        ARENA_ARRAY(a, uint8_t, c->old->n_gates + 1)};
    struct bench new = {ARENA_ARRAY(a, struct cellres, c->new->n_members),
                        ARENA_ARRAY(a, uint8_t, c->new->n_gates + 1)};
    for (uint32_t i = 0; i < c->units.n; i++) {
        struct unit_pair *p = &c->units.at[i];
        p->split = pair_is_one(p) ? split_of(c, p, &old, &new) : no_split;
    }
}

/* ---- units ---- */

const struct unit *compare_unit(const struct comparison *c, const struct unit_pair *p)
{
    return p->unit != UNIT_NONE ? &c->new->table->units.at[p->unit]
                                : &c->old->table->units.at[p->olds.at[0]];
}

/* The change of the map that a unit of the new, or of the old, table stands in. */
static const struct unit_change **changes_by(struct arena *a, const struct unit_map *map,
                                             uint32_t n_units, bool new)
{
    const struct unit_change **of = ARENA_ARRAY(a, const struct unit_change *, n_units);
    for (uint32_t i = 0; map && i < map->list.n; i++) {
        const struct unit_change *change = &map->list.at[i];
        uint32_t n = new ? change->new.n : change->old.n;
        for (uint32_t k = 0; k < n; k++) {
            of[new ? change->new.at[k] : change->old.at[k]] = change;
        }
    }
    return of;
}

static struct unit_pair pair_by_map(struct arena *a, const struct unit_change *change,
                                    uint32_t unit)
{
    struct unit_pair p = {.unit = unit};
    for (uint32_t i = 0; i < change->old.n; i++) {
        *vec_push(a, &p.olds) = change->old.at[i];
    }
    p.fate = change->old.n > 1 ? FATE_MERGED : change->new.n > 1 ? FATE_SPLIT : FATE_RENAMED;
    return p;
}

static void pair_units(struct comparison *c, const struct unit_map *map)
{
    const struct table *old = c->old->table, *new = c->new->table;
    const struct unit_change **by_new = changes_by(c->arena, map, new->units.n, true);
    const struct unit_change **by_old = changes_by(c->arena, map, old->units.n, false);
    bool *found = ARENA_ARRAY(c->arena, bool, old->units.n);
    for (uint32_t i = 0; i < new->units.n; i++) {
        uint32_t unit = c->new->order[i];
        struct unit_pair p = {.unit = unit, .fate = FATE_NEW};
        uint32_t then = map_get(&old->unit_by_id, str_of(new->units.at[unit].id));
        if (by_new[unit]) {
            p = pair_by_map(c->arena, by_new[unit], unit);
        } else if (then != MAP_NONE && !by_old[then]) {
            p.fate = FATE_SAME;
            *vec_push(c->arena, &p.olds) = then;
        }
        p.class_changed = pair_is_one(&p) && strcmp(old->units.at[p.olds.at[0]].class_name,
                                                    new->units.at[unit].class_name) != 0;
        for (uint32_t k = 0; k < p.olds.n; k++) {
            found[p.olds.at[k]] = true;
        }
        *vec_push(c->arena, &c->units) = p;
    }
    for (uint32_t i = 0; i < old->units.n; i++) {
        uint32_t unit = c->old->order[i];
        if (!found[unit]) {
            struct unit_pair p = {.unit = UNIT_NONE, .fate = FATE_GONE};
            *vec_push(c->arena, &p.olds) = unit;
            *vec_push(c->arena, &c->units) = p;
        }
    }
}

/* ---- classes ---- */

static struct class_change *class_named(struct comparison *c, struct map *by_name, const char *name)
{
    uint32_t at = map_put(c->arena, by_name, str_of(name), c->classes.n);
    if (at == c->classes.n) {
        *vec_push(c->arena, &c->classes) = (struct class_change){.name = name};
    }
    return &c->classes.at[at];
}

static void add_split(struct split *sum, const struct split *s)
{
    sum->old = dec_add(sum->old, s->old);
    sum->new = dec_add(sum->new, s->new);
    sum->change = dec_add(sum->change, s->change);
    sum->did = dec_add(sum->did, s->did);
    sum->rubric = dec_add(sum->rubric, s->rubric);
    sum->incomparable = dec_add(sum->incomparable, s->incomparable);
}

struct mover {
    uint32_t pair;
    dec did;
};

static int greatest_first(const void *a, const void *b)
{
    const struct mover *x = a, *y = b;
    return x->did != y->did ? (x->did > y->did ? -1 : 1) : 0;
}

/* From one end of the sorted list: those of that sign, the first few and who is like the last. */
static uint32_t named(const struct mover *movers, uint32_t n, bool from_end, uint32_t at)
{
    const struct mover *m = &movers[from_end ? n - 1 - at : at];
    const struct mover *last = at > 0 ? &movers[from_end ? n - at : at - 1] : m;
    bool counts = from_end ? m->did < 0 : m->did > 0;
    return counts && (at < NAMED_MOST || m->did == last->did) ? m->pair : UINT32_MAX;
}

static void find_movers(struct comparison *c, struct class_change *class)
{
    struct mover *movers = ARENA_ARRAY(c->arena, struct mover, class->n_split);
    uint32_t n = 0, pair;
    for (uint32_t i = 0; i < class->pairs.n; i++) {
        const struct unit_pair *p = &c->units.at[class->pairs.at[i]];
        if (p->split.did != DEC_NONE && !p->class_changed) {
            movers[n++] = (struct mover){class->pairs.at[i], p->split.did};
        }
    }
    sort_elements(movers, n, sizeof *movers, greatest_first);
    for (uint32_t i = 0; i < n && (pair = named(movers, n, false, i)) != UINT32_MAX; i++) {
        *vec_push(c->arena, &class->improved) = pair;
    }
    for (uint32_t i = 0; i < n && (pair = named(movers, n, true, i)) != UINT32_MAX; i++) {
        *vec_push(c->arena, &class->fallen) = pair;
    }
}

static void sum_classes(struct comparison *c)
{
    struct map by_name = {0};
    for (uint32_t i = 0; i < c->new->n_units; i++) {
        uint32_t unit = c->new->order[i];
        class_named(c, &by_name, c->new->table->units.at[unit].class_name)->n_new++;
    }
    for (uint32_t i = 0; i < c->old->n_units; i++) {
        uint32_t unit = c->old->order[i];
        class_named(c, &by_name, c->old->table->units.at[unit].class_name)->n_old++;
    }
    for (uint32_t i = 0; i < c->units.n; i++) {
        const struct unit_pair *p = &c->units.at[i];
        struct class_change *class = class_named(c, &by_name, compare_unit(c, p)->class_name);
        *vec_push(c->arena, &class->pairs) = i;
        if (p->split.did != DEC_NONE && !p->class_changed) {
            class->n_split++;
            add_split(&class->sum, &p->split);
        }
    }
    for (uint32_t i = 0; i < c->classes.n; i++) {
        find_movers(c, &c->classes.at[i]);
    }
}

/* A clause that reads otherwise changes no score, and yet the item is another one. */
static bool is_same_rubric(const struct rubric_diff *d)
{
    bool same = d->effect < MARK_OUTCOME && d->members_gone.n == 0;
    for (uint32_t m = 0; m < d->new->members.n; m++) {
        same = same && (d->new->members.at[m].kind != MEMBER_ITEM || rubric_diff_comparable(d, m));
    }
    return same;
}

void compare_results(struct arena *a, const struct result *old, const struct result *new,
                     const struct unit_map *map, struct comparison *out)
{
    *out = (struct comparison){.arena = a, .old = old, .new = new};
    rubric_diff(a, old->rubric, new->rubric, &out->diff);
    out->same_rubric = is_same_rubric(&out->diff);
    out->new_of = ARENA_ARRAY(a, uint32_t, old->n_members);
    for (uint32_t m = 0; m < old->n_members; m++) {
        out->new_of[m] = MEMBER_NONE;
    }
    for (uint32_t m = 0; m < new->n_members; m++) {
        if (out->diff.members[m].old != UINT32_MAX) {
            out->new_of[out->diff.members[m].old] = m;
        }
    }
    pair_units(out, map);
    make_splits(out);
    sum_classes(out);
}

/* ---- deficiencies ---- */

/* What the deficiency of the old unit is about, as the new rubric has it: then both are UINT32_MAX
 * or one is. False: the new sheet does not ask about it. */
static bool is_asked(const struct comparison *c, const struct unit_pair *p,
                     const struct deficiency *d, uint32_t *member, uint32_t *gate)
{
    struct class_pair k = pair_class(c, p);
    *member = *gate = UINT32_MAX;
    if (d->member != MEMBER_NONE) {
        *member = c->new_of[d->member];
        return *member != MEMBER_NONE && member_is_for(&c->new->rubric->members.at[*member], k.new);
    }
    for (uint32_t g = 0; d->gate != GATE_NONE && g < c->new->n_gates; g++) {
        if (c->diff.gates[g].old == d->gate) {
            *gate = g;
            return true;
        }
    }
    return d->gate == GATE_NONE;
}

static struct deficiency_change change_of(const struct rubric *r, const struct deficiency *d,
                                          enum deficiency_fate fate)
{
    struct deficiency_change change = {.fate = fate, .what = *d};
    if (d->member != MEMBER_NONE) {
        change.id = r->members.at[d->member].id;
        change.title = member_name(&r->members.at[d->member]);
    } else if (d->gate != GATE_NONE) {
        change.id = r->gates.at[d->gate].id;
        change.title = gate_name(&r->gates.at[d->gate]);
    }
    return change;
}

/* The first that is about the same thing; the unit's own are so by their kind. */
static uint32_t find_subject(const deficiency_changes *list, uint32_t n, uint32_t member,
                             uint32_t gate, enum flag kind)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct deficiency *d = &list->at[i].what;
        bool own = member == MEMBER_NONE && gate == GATE_NONE;
        if (d->member == member && d->gate == gate && (!own || d->kind == kind)) {
            return i;
        }
    }
    return UINT32_MAX;
}

void compare_deficiencies(struct arena *a, const struct comparison *c, const struct unit_pair *p,
                          deficiency_changes *out)
{
    deficiencies then = {0}, now = {0};
    struct map seen = {0};
    deficiency_list(a, c->old, p->olds.at[0], &then);
    deficiency_list(a, c->new, p->unit, &now);
    for (uint32_t i = 0; i < now.n; i++) {
        const struct deficiency *d = &now.at[i];
        if (find_subject(out, out->n, d->member, d->gate, d->kind) == UINT32_MAX) {
            *vec_push(a, out) = change_of(c->new->rubric, d, DEFICIENCY_NEW);
        }
    }
    uint32_t n_now = out->n;
    for (uint32_t i = 0; i < then.n; i++) {
        uint32_t member, gate;
        const struct deficiency *d = &then.at[i];
        bool asked = is_asked(c, p, d, &member, &gate);
        uint32_t at = asked ? find_subject(out, n_now, member, gate, d->kind) : UINT32_MAX;
        struct deficiency_change change =
            change_of(c->old->rubric, d, asked ? DEFICIENCY_RESOLVED : DEFICIENCY_NOT_ASKED);
        const char *key = change.id ? change.id : flag_word(d->kind);
        uint32_t n_seen = seen.n;
        if (at != UINT32_MAX) {
            out->at[at].fate = DEFICIENCY_REPEATED;
            continue;
        }
        map_put(a, &seen, str_of(key), 0);
        if (seen.n > n_seen) {
            *vec_push(a, out) = change;
        }
    }
}
