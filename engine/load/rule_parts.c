/* rule_parts.c - the keys of methods that hold lists and maps: parts, events, levels, scores,
 * tiers. */
#include "load/rule_load.h"

#include "base/i18n.h"

/* ---- parts: fields with a number each ---- */

static struct part *add_part(struct rule_reader *r, struct node *name, unsigned types)
{
    uint32_t field = rule_field(r, name, types);
    struct part *part = vec_push(r->l->arena, &r->rule->parts);
    part->field = field;
    return part;
}

static enum number_kind value_kind_of(const struct rule_reader *r, uint32_t field)
{
    if (field == FIELD_NONE) {
        return NUMBER_LOOSE;
    }
    enum field_type type = r->l->rubric->fields.list.at[field].type;
    return type == FIELD_PERCENT ? NUMBER_PERCENT : NUMBER_ANY;
}

static void list_of_parts(struct rule_reader *r, struct node *list, unsigned types)
{
    if (!is_list(r->l, list)) {
        return;
    }
    struct map seen = {0};
    part_at_wide_commas(r->l, list);
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *name = list->items[i];
        if (name->kind == NODE_SCALAR && map_put(r->l->arena, &seen, node_str(name), i) != i) {
            diag_add(r->l->diag, FINDING_DUPLICATE_ID, name->at, _("the field '%s' stands twice"),
                     name->text);
            continue;
        }
        add_part(r, name, types);
    }
}

static bool is_full_map(struct rule_reader *r, struct node *map)
{
    if (map->n_items == 0) {
        node_expect(r->l->diag, map, _("at least one field"));
    }
    return !map->bad;
}

void read_parts(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    if (n->kind != NODE_MAP) {
        list_of_parts(r, n, TYPE(YESNO));
        return;
    }
    r->rule->parts_given_points = true;
    for (uint32_t i = 0; is_full_map(r, n) && i < n->n_items; i++) {
        if (pair_is_lost(&n->pairs[i])) {
            r->l->drafts.at[r->index].doubtful = true;
            r->rule->parts_given_points = false; /* so that nothing is added up */
            continue;
        }
        struct part *part = add_part(r, n->pairs[i].key, TYPE(YESNO));
        rule_number(r, n->pairs[i].value, NUMBER_POINTS, &part->points);
    }
}

void read_events(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    if (!is_map(r->l, n) || !is_full_map(r, n)) {
        return;
    }
    for (uint32_t i = 0; i < n->n_items; i++) {
        if (pair_is_lost(&n->pairs[i])) {
            continue;
        }
        struct part *part = add_part(r, n->pairs[i].key, NUMERIC);
        rule_number(r, n->pairs[i].value, NUMBER_ANY, &part->points);
    }
}

void read_short_fields(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    if (n->kind != NODE_MAP) {
        list_of_parts(r, n, NUMERIC);
        /* `need` is read after this and meant for all of them. */
        bool percent = r->rule->parts.n > 0;
        for (uint32_t i = 0; i < r->rule->parts.n; i++) {
            percent = percent && value_kind_of(r, r->rule->parts.at[i].field) == NUMBER_PERCENT;
        }
        r->value_kind = percent ? NUMBER_PERCENT : NUMBER_ANY;
        return;
    }
    for (uint32_t i = 0; is_full_map(r, n) && i < n->n_items; i++) {
        if (pair_is_lost(&n->pairs[i])) {
            continue;
        }
        struct part *part = add_part(r, n->pairs[i].key, NUMERIC);
        rule_number(r, n->pairs[i].value, value_kind_of(r, part->field), &part->points);
    }
}

void read_rating_fields(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    list_of_parts(r, n, NUMERIC);
}

/* ---- levels of a ladder ---- */

static void read_level(struct rule_reader *r, struct node *map)
{
    static const char *const keys[] = {"name", "needs", "points", NULL};
    struct loader *l = r->l;
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    struct ladder_level *level = vec_push(l->arena, &r->rule->levels);
    const char *name = get_text(l, map, "name");
    level->name = name ? name : "";
    struct node **needs;
    required(l, map, "name", map->at);
    required(l, map, "needs", map->at);
    uint32_t n = get_names(l, map, "needs", &needs);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t field = rule_field(r, needs[i], TYPE(YESNO));
        if (field != FIELD_NONE) {
            *vec_push(l->arena, &level->needs) = field;
        }
    }
    if (required(l, map, "points", map->at)) {
        rule_number(r, node_get(map, "points"), NUMBER_POINTS, &level->points);
    }
}

void read_levels(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    for (uint32_t i = 0; is_list(r->l, n) && i < n->n_items; i++) {
        read_level(r, n->items[i]);
    }
}

/* ---- scores of a choice ---- */

static uint32_t option_named(const struct field *f, str name)
{
    for (uint32_t i = 0; i < f->options.n; i++) {
        if (str_is(name, f->options.at[i])) {
            return i;
        }
    }
    return f->options.n;
}

/* False if the option is none of the field's, and none that is missing can have been meant. */
static bool read_score(struct rule_reader *r, const struct field *f, struct node_pair *pair,
                       bool *given)
{
    if (pair_is_lost(pair)) {
        return false;
    }
    uint32_t option = option_named(f, str_trim(node_str(pair->key)));
    if (option == f->options.n) {
        const char *meant = option_report(r->l, f, node_str(pair->key), pair->key->at);
        option = meant ? option_named(f, str_of(meant)) : option;
        if (option == f->options.n || given[option]) {
            return false;
        }
    }
    given[option] = true;
    struct option_score *score = &r->rule->scores.at[option];
    score->not_applicable = node_is(pair->value, "not_applicable");
    if (!score->not_applicable) {
        rule_number(r, pair->value, NUMBER_POINTS, &score->points);
    }
    return true;
}

void read_scores(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    struct loader *l = r->l;
    if (!is_map(l, n) || r->rule->field == FIELD_NONE) {
        return;
    }
    const struct field *f = &l->rubric->fields.list.at[r->rule->field];
    /* Nothing as large as the options is made for a map that has hardly any of them. */
    bool hopeless = n->n_items < f->options.n / 4;
    bool *given = ARENA_ARRAY(l->arena, bool, hopeless ? 1 : f->options.n + 1);
    for (uint32_t i = 0; i < f->options.n && !hopeless; i++) {
        vec_push(l->arena, &r->rule->scores);
    }
    bool strange = false;
    for (uint32_t i = 0; i < n->n_items && !hopeless; i++) {
        strange = !read_score(r, f, &n->pairs[i], given) || strange;
    }
    for (uint32_t i = 0; i < f->options.n && !strange; i++) {
        if (hopeless || !given[i]) {
            missing_key(l, n, n->at, f->options.at[i],
                        _("every option of the field has its points"));
            diag_note(l->diag, f->at, _("the field is declared here"));
            strange = true;
        }
    }
    r->rule->scores.n = strange ? 0 : r->rule->scores.n;
}

/* ---- tiers and rates ---- */

/* Which of two keys a list's element gives; both or none is reported. NULL then. */
static const char *one_key(struct rule_reader *r, struct node *map, const char *a, const char *b)
{
    bool has_a = node_get(map, a), has_b = node_get(map, b);
    if (has_a && has_b) {
        either_or(r->l, map->at, _("`%s` and `%s` exclude each other"), a, b);
        return NULL;
    }
    if (!has_a && !has_b) {
        missing_key(r->l, map, map->at, a, NULL);
        return NULL;
    }
    return has_a ? a : b;
}

/* All elements of a list go by the same key; *first is that of the first. */
static bool same_key(struct rule_reader *r, struct node *map, const char *key, const char **first)
{
    *first = *first ? *first : key;
    if (*first != key) {
        either_or(r->l, key_span(map, key), _("`%s` and `%s` cannot stand in one list"), *first,
                  key);
        return false;
    }
    return true;
}

void read_tiers(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const char *const keys[] = {"from", "to", "points", NULL};
    const char *first = NULL;
    (void)key;
    for (uint32_t i = 0; is_list(r->l, n) && i < n->n_items; i++) {
        struct node *map = n->items[i];
        if (!keys_known(r->l, map, keys, NULL, NULL)) {
            continue;
        }
        struct tier *tier = vec_push(r->l->arena, &r->rule->tiers);
        const char *bound = one_key(r, map, "from", "to");
        if (bound && same_key(r, map, bound, &first)) {
            rule_number(r, node_get(map, bound), r->value_kind, &tier->bound);
        }
        if (required(r->l, map, "points", map->at)) {
            rule_number(r, node_get(map, "points"),
                        r->member->floor_none ? NUMBER_ANY : NUMBER_POINTS, &tier->points);
        }
    }
    r->rule->tiers_to = first && str_is(str_of(first), "to");
    r->rule->lower_is_better = r->rule->tiers_to;
}

static bool ends_in_percent(const struct node *n)
{
    if (n->kind == NODE_MAP && n->n_items > 0) {
        n = n->pairs[0].value;
    }
    return n->kind == NODE_SCALAR && str_ends(str_trim(node_str(n)), "%");
}

void read_rank_tiers(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const char *const keys[] = {"top", "points", NULL};
    (void)key;
    for (uint32_t i = 0; is_list(r->l, n) && i < n->n_items; i++) {
        struct node *map = n->items[i];
        if (!keys_known(r->l, map, keys, NULL, NULL)) {
            continue;
        }
        struct tier *tier = vec_push(r->l->arena, &r->rule->tiers);
        struct node *top = node_get(map, "top");
        if (required(r->l, map, "top", map->at)) {
            tier->percent = ends_in_percent(top);
            rule_number(r, top, tier->percent ? NUMBER_SHARE : NUMBER_POSITIVE, &tier->bound);
        }
        if (required(r->l, map, "points", map->at)) {
            rule_number(r, node_get(map, "points"), NUMBER_POINTS, &tier->points);
        }
    }
}

void read_rates(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const char *const keys[] = {"below", "above", "lose", NULL};
    const char *first = NULL;
    (void)key;
    for (uint32_t i = 0; is_list(r->l, n) && i < n->n_items; i++) {
        struct node *map = n->items[i];
        if (!keys_known(r->l, map, keys, NULL, NULL)) {
            continue;
        }
        struct rate *rate = vec_push(r->l->arena, &r->rule->rates);
        const char *bound = one_key(r, map, "below", "above");
        if (bound && same_key(r, map, bound, &first)) {
            rule_number(r, node_get(map, bound), r->value_kind, &rate->bound);
        }
        if (required(r->l, map, "lose", map->at)) {
            read_rate(r->l, node_get(map, "lose"), r->value_kind, r->member->for_class, &rate->lose,
                      &rate->per);
        }
    }
    r->rule->lower_is_better = first && str_is(str_of(first), "above");
}
