/*
 * rubric_diff.c - see rubric_diff.h: who matches whom, and the facts of both joined by key.
 */
#include "analyse/rubric_diff.h"

#include "analyse/facts.h"
#include "base/date.h"

#include <string.h>

#define NONE UINT32_MAX

const char *mark_effect_word(enum mark_effect effect)
{
    static const char *const words[] = {[MARK_WORDS] = "words",
                                        [MARK_DATA] = "data",
                                        [MARK_OUTCOME] = "outcome",
                                        [MARK_POINTS] = "points"};
    return words[effect];
}

struct compare {
    struct arena *arena;
    struct rubric_diff *diff;
    struct class_list classes[2]; /* the old rubric's, the new one's */
    struct facts facts[2];
    uint32_t *new_of; /* [old->members.n]: the match, or NONE */
    bool *changed;    /* [new->members.n]: what it comes to may have changed */
    struct {
        VEC(uint32_t) list;
    } late; /* members that read totals of other units, of which bonus, deductions and gates are
             * part
             */
};

/* ---- classes ---- */

static bool has_name(const struct class_list *list, const char *name)
{
    for (uint32_t i = 0; i < list->names.n; i++) {
        if (strcmp(list->names.at[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_classes(struct arena *a, struct class_list *list, const struct rubric *r)
{
    for (uint32_t c = 0; c < r->classes.n; c++) {
        if (!has_name(list, r->classes.at[c])) {
            *vec_push(a, &list->names) = r->classes.at[c];
        }
    }
}

static void find_slots(struct arena *a, struct class_list *list, const struct rubric *r)
{
    list->slots = ARENA_ARRAY(a, uint32_t, list->names.n);
    for (uint32_t i = 0; i < list->names.n; i++) {
        uint32_t slot = rubric_class(r, str_of(list->names.at[i]));
        list->slots[i] = slot == r->classes.n && r->classes_listed ? NONE : slot;
    }
}

static void list_classes(struct compare *c)
{
    struct class_list all = {0};
    add_classes(c->arena, &all, c->diff->new);
    add_classes(c->arena, &all, c->diff->old);
    *vec_push(c->arena, &all.names) = "";
    c->classes[0] = c->classes[1] = all;
    find_slots(c->arena, &c->classes[0], c->diff->old);
    find_slots(c->arena, &c->classes[1], c->diff->new);
}

/* ---- matching ---- */

static uint32_t old_named(const struct compare *c, const char *id, enum member_kind kind)
{
    const struct rubric *old = c->diff->old;
    uint32_t found = map_get(&old->member_by_id, str_of(id));
    return found != MAP_NONE && old->members.at[found].kind == kind ? found : NONE;
}

static void match(struct compare *c, uint32_t new, uint32_t old)
{
    c->diff->members[new].old = old;
    if (old != NONE && c->new_of[old] == NONE) {
        c->new_of[old] = new;
    }
}

static struct mark *add_mark(struct compare *c, mark_list *marks, const char *key,
                             enum mark_effect effect)
{
    struct mark *mark = vec_push(c->arena, marks);
    *mark = (struct mark){.key = key, .effect = effect};
    return mark;
}

/* A new id that says which former ones it stands for; where that is not one for one, what was
 * measured is not the same thing. */
static void match_replaced(struct compare *c, uint32_t new)
{
    const struct member *m = &c->diff->new->members.at[new];
    struct matched *matched = &c->diff->members[new];
    const char *others = NULL;
    for (uint32_t i = 0; i < m->replaces.n; i++) {
        uint32_t old = old_named(c, m->replaces.at[i], m->kind);
        if (old == NONE || old == matched->old) {
            continue;
        }
        if (matched->old == NONE && c->new_of[old] == NONE) {
            match(c, new, old);
            matched->renamed = true;
            continue;
        }
        const char *id = m->replaces.at[i];
        others = others ? arena_printf(c->arena, "%s, %s", others, id) : id;
    }
    if (others) {
        struct mark *mark = add_mark(c, &matched->marks, "replaces", MARK_WORDS);
        mark->after = others;
        mark->incomparable = true;
    }
}

static void match_members(struct compare *c)
{
    const struct rubric *old = c->diff->old, *new = c->diff->new;
    memset(c->new_of, 0xff, sizeof *c->new_of * old->members.n);
    match(c, RUBRIC_ROOT, RUBRIC_ROOT);
    for (uint32_t i = 1; i < new->members.n; i++) {
        match(c, i, old_named(c, new->members.at[i].id, new->members.at[i].kind));
    }
    for (uint32_t i = 1; i < new->members.n; i++) {
        if (new->members.at[i].replaces.n > 0) {
            match_replaced(c, i);
        }
    }
    for (uint32_t i = 1; i < old->members.n; i++) {
        if (c->new_of[i] == NONE) {
            *vec_push(c->arena, &c->diff->members_gone) = i;
        }
    }
}

static void match_fields(struct compare *c)
{
    const struct fields *old = &c->diff->old->fields, *new = &c->diff->new->fields;
    for (uint32_t i = 0; i < new->list.n; i++) {
        c->diff->fields[i].old = map_get(&old->by_id, str_of(new->list.at[i].id));
    }
    for (uint32_t i = 0; i < old->list.n; i++) {
        if (map_get(&new->by_id, str_of(old->list.at[i].id)) == MAP_NONE) {
            *vec_push(c->arena, &c->diff->fields_gone) = i;
        }
    }
}

static void match_gates(struct compare *c)
{
    const struct rubric *old = c->diff->old, *new = c->diff->new;
    struct map ids = {0};
    bool *matched = ARENA_ARRAY(c->arena, bool, old->gates.n);
    for (uint32_t i = 0; i < old->gates.n; i++) {
        map_put(c->arena, &ids, str_of(old->gates.at[i].id), i);
    }
    for (uint32_t i = 0; i < new->gates.n; i++) {
        uint32_t at = map_get(&ids, str_of(new->gates.at[i].id));
        c->diff->gates[i].old = at;
        if (at != MAP_NONE) {
            matched[at] = true;
        }
    }
    for (uint32_t i = 0; i < old->gates.n; i++) {
        if (!matched[i]) {
            *vec_push(c->arena, &c->diff->gates_gone) = i;
        }
    }
}

/* ---- facts against facts ---- */

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static const char *text_for(const struct fact *fact, uint32_t class)
{
    return !fact ? NULL : fact->by_class ? fact->by_class[class] : fact->text;
}

/* The members that are compared, so that a class which one of them is not for says so once. */
struct pair {
    const struct member *members[2]; /* or NULL */
    mark_list *marks;
};

static bool is_compared(const struct compare *c, const struct pair *p, uint32_t class,
                        const char *key)
{
    for (int side = 0; side < 2; side++) {
        uint32_t slot = c->classes[side].slots[class];
        const struct member *m = p->members[side];
        if (slot == NONE || (m && m->for_class && !m->for_class[slot] && strcmp(key, "for") != 0)) {
            return false;
        }
    }
    return true;
}

/* Classes with the same difference as this one, from it on; `all` if no class that is compared has
 * another or none. */
static void mark_classes(struct compare *c, const struct pair *p, const struct fact *old,
                         const struct fact *new, bool *told)
{
    const struct fact *one = new ? new : old;
    const char *key = one->key;
    uint32_t n = c->classes[0].names.n;
    for (uint32_t i = 0; i < n; i++) {
        const char *before = text_for(old, i), *after = text_for(new, i);
        if (told[i] || same(before, after) || !is_compared(c, p, i, key)) {
            continue;
        }
        struct mark *mark = add_mark(c, p->marks, key, one->effect);
        bool all = true;
        mark->before = before;
        mark->after = after;
        mark->incomparable = one->incomparable;
        for (uint32_t k = 0; k < n; k++) {
            bool like = same(text_for(old, k), before) && same(text_for(new, k), after);
            if (!is_compared(c, p, k, key)) {
                continue;
            }
            all = all && like;
            if (like) {
                told[k] = true;
                *vec_push(c->arena, &mark->classes) = c->classes[0].names.at[k];
            }
        }
        mark->classes.n = all ? 0 : mark->classes.n;
    }
}

/* 2024-12-20 in the rubric of 2024, 2025-12-20 in that of 2025. */
static bool moves_with_period(const struct compare *c, dec before, dec after)
{
    const char *old = c->diff->old->period, *new = c->diff->new->period;
    int32_t from = old ? date_period_end(old) : DATE_NONE,
            to = new ? date_period_end(new) : DATE_NONE;
    int year, month, day, new_year, new_month;
    if (before == DEC_NONE || after == DEC_NONE || from == DATE_NONE || to == DATE_NONE) {
        return false;
    }
    date_to_ymd(from, &year, &month, &day);
    date_to_ymd(to, &new_year, &new_month, &day);
    int months = (new_year - year) * 12 + new_month - month;
    return date_add_months((int32_t)dec_to_int(before), months) == dec_to_int(after);
}

/* One of them may be NULL. */
static void compare_facts(struct compare *c, const struct pair *p, const struct fact *old,
                          const struct fact *new)
{
    const struct fact *one = new ? new : old;
    if ((old && old->by_class) || (new &&new->by_class)) {
        bool *told = ARENA_ARRAY(c->arena, bool, c->classes[0].names.n);
        mark_classes(c, p, old, new, told);
        return;
    }
    const char *before = old ? old->text : NULL, *after = new ? new->text : NULL;
    if (same(before, after)) {
        return;
    }
    struct mark *mark = add_mark(c, p->marks, one->key, one->effect);
    mark->before = before;
    mark->after = after;
    mark->incomparable = one->incomparable;
    if (before && after) {
        mark->moved = moves_with_period(c, old->day, new->day);
        mark->effect = old->effect > new->effect ? old->effect : new->effect;
    }
}

static const struct fact *fact_named(const struct facts *f, const char *key)
{
    uint32_t at = map_get(&f->by_key, str_of(key));
    return at == MAP_NONE ? NULL : &f->list.at[at];
}

/* What stands in both lists of facts, in the order of the new one; then what is gone. */
static void join(struct compare *c, const struct pair *p)
{
    const struct facts *old = &c->facts[0], *new = &c->facts[1];
    for (uint32_t i = 0; i < new->list.n; i++) {
        const struct fact *fact = &new->list.at[i], *match = fact_named(old, fact->key);
        if (match || !fact->with || fact_named(old, fact->with)) {
            compare_facts(c, p, match, fact);
        }
    }
    for (const struct fact *fact = old->list.at; fact && fact < old->list.at + old->list.n;
         fact++) {
        if (!fact_named(new, fact->key) && (!fact->with || fact_named(new, fact->with))) {
            compare_facts(c, p, fact, NULL);
        }
    }
}

/* ---- members ---- */

static uint32_t above(const struct rubric *r, uint32_t member)
{
    uint32_t parent = r->members.at[member].parent;
    return parent == MEMBER_NONE ? RUBRIC_ROOT : parent;
}

static void compare_place(struct compare *c, uint32_t index)
{
    const struct rubric *old = c->diff->old, *new = c->diff->new;
    struct matched *matched = &c->diff->members[index];
    uint32_t before = above(old, matched->old), after = above(new, index);
    if (index == RUBRIC_ROOT || c->new_of[before] == after) {
        return;
    }
    const struct member *m = &new->members.at[index], *was = &old->members.at[matched->old];
    const char *group = new->members.at[m->group].id, *group_was = old->members.at[was->group].id;
    bool leaves = (m->group == RUBRIC_ROOT) != (was->group == RUBRIC_ROOT) ||
                  (m->group != RUBRIC_ROOT && strcmp(group, group_was) != 0);
    struct mark *mark =
        add_mark(c, &matched->marks, "section", leaves ? MARK_POINTS : MARK_OUTCOME);
    mark->before = old->members.at[before].id;
    mark->after = new->members.at[after].id;
    c->changed[after] = true;
    if (c->new_of[before] != NONE) {
        c->changed[c->new_of[before]] = true;
    }
}

static bool any_changed(const struct compare *c, uint32_t member)
{
    for (uint32_t i = member; i < c->diff->new->members.at[member].end; i++) {
        if (c->changed[i]) {
            return true;
        }
    }
    return false;
}

static void mark_read(struct compare *c, uint32_t index, uint32_t read)
{
    struct matched *matched = &c->diff->members[index];
    bool item = c->diff->new->members.at[index].kind == MEMBER_ITEM;
    const char *id = read == RUBRIC_ROOT ? "base" : c->diff->new->members.at[read].id;
    struct mark *mark = add_mark(c, &matched->marks, arena_printf(c->arena, "points.%s", id),
                                 item ? MARK_POINTS : MARK_OUTCOME);
    mark->incomparable = item;
}

/* Points that it reads are points under other rules now. */
static void compare_reads(struct compare *c, uint32_t index)
{
    const struct facts *new = &c->facts[1];
    uint32_t own_end = c->diff->new->members.at[index].end;
    for (uint32_t i = 0; i < new->reads.n; i++) {
        uint32_t read = new->reads.at[i];
        uint32_t end = c->diff->new->members.at[read].end;
        if (read >= index && end <= own_end) {
            continue; /* a section's own members say themselves what changed */
        }
        /* The rubric's total reaches up to the reader; what is later is read by nobody. */
        bool changed =
            read == RUBRIC_ROOT || end > index ? any_changed(c, RUBRIC_ROOT) : any_changed(c, read);
        if (changed) {
            mark_read(c, index, read);
            return;
        }
    }
    if (new->reads_total) {
        *vec_push(c->arena, &c->late.list) = index;
    }
}

static bool has_mark(const struct matched *m, const struct mark *wanted)
{
    for (uint32_t i = 0; i < m->marks.n; i++) {
        const struct mark *mark = &m->marks.at[i];
        if (strcmp(mark->key, wanted->key) == 0 && same(mark->before, wanted->before) &&
            same(mark->after, wanted->after)) {
            return true;
        }
    }
    return false;
}

/* Keys that the nearest of item, section, rubric settles. */
static bool is_settled_above(const char *key)
{
    static const char *const keys[] = {"for",        "when",       "missing", "not_applicable",
                                       "deficiency", "department", "since",   "until",
                                       "evidence",   "round.",     "fields."};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strncmp(key, keys[i], strlen(keys[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Said once: where it stands. Only where both had the same one above, so that what stands there
 * says it all. */
static void find_inherited(struct compare *c, uint32_t index)
{
    struct matched *matched = &c->diff->members[index];
    uint32_t parent = above(c->diff->new, index);
    if (index == RUBRIC_ROOT || c->new_of[above(c->diff->old, matched->old)] != parent) {
        return;
    }
    for (uint32_t i = 0; i < matched->marks.n; i++) {
        struct mark *mark = &matched->marks.at[i];
        mark->inherited = is_settled_above(mark->key) && has_mark(&c->diff->members[parent], mark);
    }
}

static void settle(struct compare *c, mark_list *marks)
{
    for (uint32_t i = 0; i < marks->n; i++) {
        struct mark *mark = &marks->at[i];
        mark->inherited = mark->inherited || strncmp(mark->key, "gates.", 6) == 0;
        mark->incomparable = mark->incomparable || (mark->effect == MARK_POINTS && !mark->moved);
        c->diff->any = true;
        if (mark->effect > c->diff->effect) {
            c->diff->effect = mark->effect;
        }
    }
}

static void compare_member(struct compare *c, uint32_t index)
{
    struct matched *matched = &c->diff->members[index];
    if (matched->old == NONE) {
        c->changed[index] = true;
        return;
    }
    facts_of_member(&c->facts[0], matched->old);
    facts_of_member(&c->facts[1], index);
    struct pair p = {{&c->diff->old->members.at[matched->old], &c->diff->new->members.at[index]},
                     &matched->marks};
    compare_place(c, index);
    join(c, &p);
    if (index != RUBRIC_ROOT) {
        compare_reads(c, index);
    }
    find_inherited(c, index);
    settle(c, &matched->marks);
    for (uint32_t i = 0; i < matched->marks.n; i++) {
        c->changed[index] = c->changed[index] || matched->marks.at[i].effect >= MARK_OUTCOME;
    }
}

static void compare_members(struct compare *c)
{
    const struct rubric *old = c->diff->old;
    for (uint32_t i = 0; i < c->diff->members_gone.n; i++) {
        uint32_t parent = c->new_of[above(old, c->diff->members_gone.at[i])];
        if (parent != NONE) {
            c->changed[parent] = true;
        }
    }
    for (uint32_t i = 0; i < c->diff->new->members.n; i++) {
        compare_member(c, i);
    }
}

static void compare_others(struct compare *c)
{
    for (uint32_t i = 0; i < c->diff->new->fields.list.n; i++) {
        struct matched *field = &c->diff->fields[i];
        struct pair p = {{NULL, NULL}, &field->marks};
        if (field->old != NONE) {
            facts_of_field(&c->facts[0], field->old);
            facts_of_field(&c->facts[1], i);
            join(c, &p);
            settle(c, &field->marks);
        }
    }
    for (uint32_t i = 0; i < c->diff->new->gates.n; i++) {
        struct matched *gate = &c->diff->gates[i];
        struct pair p = {{NULL, NULL}, &gate->marks};
        if (gate->old != NONE) {
            facts_of_gate(&c->facts[0], gate->old);
            facts_of_gate(&c->facts[1], i);
            join(c, &p);
            settle(c, &gate->marks);
        }
    }
}

static bool gates_changed(const struct compare *c)
{
    bool any = c->diff->gates_gone.n > 0;
    for (uint32_t i = 0; i < c->diff->new->gates.n; i++) {
        const struct matched *gate = &c->diff->gates[i];
        any = any || gate->old == NONE;
        for (uint32_t k = 0; k < gate->marks.n; k++) {
            any = any || gate->marks.at[k].effect >= MARK_OUTCOME;
        }
    }
    return any;
}

/* Totals of units below are known when everything is. */
static void compare_late_reads(struct compare *c)
{
    const struct rubric *r = c->diff->new;
    uint32_t parts[] = {RUBRIC_ROOT, r->bonus, r->deductions}, changed = NONE;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != MEMBER_NONE && changed == NONE && any_changed(c, parts[i])) {
            changed = parts[i];
        }
    }
    if (changed == NONE && gates_changed(c)) {
        changed = RUBRIC_ROOT;
    }
    for (uint32_t i = 0; changed != NONE && i < c->late.list.n; i++) {
        uint32_t index = c->late.list.at[i];
        mark_read(c, index, changed);
        settle(c, &c->diff->members[index].marks);
    }
}

/* What came and went: members and gates move the outcome, fields only what data may hold. */
static void settle_whole(struct rubric_diff *d)
{
    bool moved = d->members_gone.n + d->gates_gone.n > 0, fields = d->fields_gone.n > 0;
    for (uint32_t i = 0; i < d->new->members.n; i++) {
        moved = moved || d->members[i].old == NONE;
        d->any = d->any || d->members[i].renamed;
    }
    for (uint32_t i = 0; i < d->new->gates.n; i++) {
        moved = moved || d->gates[i].old == NONE;
    }
    for (uint32_t i = 0; i < d->new->fields.list.n; i++) {
        fields = fields || d->fields[i].old == NONE;
    }
    enum mark_effect effect = moved ? MARK_OUTCOME : fields ? MARK_DATA : MARK_WORDS;
    d->effect = effect > d->effect ? effect : d->effect;
    d->any = d->any || moved || fields;
}

void rubric_diff(struct arena *a, const struct rubric *old, const struct rubric *new,
                 struct rubric_diff *out)
{
    *out = (struct rubric_diff){.old = old, .new = new};
    struct compare c = {.arena = a, .diff = out};
    out->members = ARENA_ARRAY(a, struct matched, new->members.n);
    out->fields = ARENA_ARRAY(a, struct matched, new->fields.list.n);
    out->gates = ARENA_ARRAY(a, struct matched, new->gates.n);
    c.new_of = ARENA_ARRAY(a, uint32_t, old->members.n);
    c.changed = ARENA_ARRAY(a, bool, new->members.n);
    list_classes(&c);
    c.facts[0] = facts_begin(a, old, &c.classes[0]);
    c.facts[1] = facts_begin(a, new, &c.classes[1]);
    match_members(&c);
    match_fields(&c);
    match_gates(&c);
    compare_members(&c);
    compare_others(&c);
    compare_late_reads(&c);
    settle_whole(out);
}

bool rubric_diff_comparable(const struct rubric_diff *d, uint32_t item)
{
    const struct matched *m = &d->members[item];
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (m->marks.at[i].incomparable) {
            return false;
        }
    }
    return m->old != NONE;
}
