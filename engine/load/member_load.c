/*
 * member_load.c - sections and items: first which there are (so that every name exists), then what
 * each of them says, with what it inherits from the nearest above it.
 *
 * A member stands after its parent in the list, so one pass from front to back settles inheritance.
 */
#include "load/loader.h"

#include "base/i18n.h"

#include <string.h>

const char *const shared_keys[] = {"for",        "when",     "missing",    "not_applicable",
                                   "deficiency", "evidence", "department", "since",
                                   "until",      NULL};

static const char *const section_keys[] = {"id",       "title",  "points", "items",    "sections",
                                           "combine",  "factor", "cap",    "floor",    "scale",
                                           "keep",     "drop",   "weight", "complete", "grades",
                                           "replaces", "clause", "script", "params",   NULL};
static const char *const extra_keys[] = {
    "title", "points", "items", "sections", "combine", "factor", "cap",    "floor",
    "scale", "keep",   "drop",  "complete", "clause",  "script", "params", NULL};
static const char *const item_keys[] = {
    "id",         "title",    "points",     "method", "reason", "floor",   "cap",
    "clause",     "replaces", "weight",     "for",    "when",   "missing", "not_applicable",
    "deficiency", "evidence", "department", "since",  "until",  NULL};

/* ---- which members there are ---- */

static uint32_t add_member(struct loader *l, enum member_kind kind, struct node *node,
                           uint32_t parent, uint32_t group)
{
    struct rubric *r = l->rubric;
    uint32_t index = r->members.n;
    struct member *m = vec_push(l->arena, &r->members);
    m->kind = kind;
    m->parent = parent;
    m->group = group == MEMBER_NONE ? index : group;
    m->end = index + 1;
    m->id = m->title = "";
    m->at = node->at;
    m->complete = DEC_NONE;
    m->reason_field = FIELD_NONE;
    m->rule.method = METHOD_NONE;
    m->rule.field = m->rule.of = FIELD_NONE;
    m->rule.script = m->combine_script = SCRIPT_NONE;
    m->rule.child_member = MEMBER_NONE;
    m->rule.period = PERIOD_NONE;
    struct draft *draft = vec_push(l->arena, &l->drafts);
    draft->node = node;
    draft->starts = l->clock;
    if (parent != MEMBER_NONE) {
        *vec_push(l->arena, &r->members.at[parent].members) = index;
    }
    return index;
}

static void name_member(struct loader *l, uint32_t index, const char *what)
{
    struct member *m = &l->rubric->members.at[index];
    struct node *map = l->drafts.at[index].node;
    struct node *id = node_get(map, "id");
    const char *title = get_text(l, map, "title");
    if (!id) {
        missing_key(l, map, map->at, "id", NULL);
    } else if (is_text(l, id)) {
        m->id = id->text;
        m->at = id->at;
        if (id_check(l, node_str(id), id->at, what) && id_take(l, node_str(id), id->at)) {
            map_put(l->arena, &l->rubric->member_by_id, node_str(id), index);
        }
    }
    m->title = title ? title : m->id;
}

/* The method that an item names exactly; METHOD_NONE also while the key itself may be misspelt. */
static enum method_id method_given(struct node *item)
{
    const struct node *method = node_get(item, "method");
    return method && method->kind == NODE_SCALAR ? method_named(node_str(method)) : METHOD_NONE;
}

static bool item_keys_known(struct loader *l, struct node *item)
{
    if (!is_map(l, item)) {
        return false;
    }
    /* A key of another method is not unknown; rule_load says what is wrong with it. */
    enum method_id method = method_given(item);
    for (uint32_t i = 0; i < item->n_items && method != METHOD_NONE; i++) {
        str key = node_str(item->pairs[i].key);
        item->pairs[i].used = item->pairs[i].used || key_in(l->any_method_keys, key);
    }
    return keys_known(l, item, item_keys,
                      method == METHOD_NONE ? l->any_method_keys : method_keys(l, method), NULL);
}

static void add_members(struct loader *l, uint32_t section);

static void add_item(struct loader *l, struct node *node, uint32_t parent)
{
    if (!item_keys_known(l, node)) {
        l->drafts.at[parent].doubtful = l->members_lost = true;
        return;
    }
    uint32_t index = add_member(l, MEMBER_ITEM, node, parent, l->rubric->members.at[parent].group);
    name_member(l, index, _("an item"));
    l->drafts.at[index].done = l->clock++;
}

static void add_section(struct loader *l, struct node *node, uint32_t parent)
{
    if (!keys_known(l, node, section_keys, shared_keys, NULL)) {
        l->drafts.at[parent].doubtful = l->members_lost = true;
        return;
    }
    uint32_t index =
        add_member(l, MEMBER_SECTION, node, parent, l->rubric->members.at[parent].group);
    name_member(l, index, _("a section"));
    add_members(l, index);
}

/* A line that stood twice: both keys have the same value. */
static bool stands_above(const struct node *map, uint32_t pair)
{
    for (uint32_t i = 0; i < pair; i++) {
        if (map->pairs[i].value == map->pairs[pair].value) {
            return true;
        }
    }
    return false;
}

/* Items and sections in the order of the file; recursion goes no deeper than documents do. */
static void add_members(struct loader *l, uint32_t section)
{
    struct node *map = l->drafts.at[section].node;
    bool any = false;
    for (uint32_t i = 0; i < map->n_items; i++) {
        bool items = node_is(map->pairs[i].key, "items");
        if (!items && !node_is(map->pairs[i].key, "sections")) {
            continue;
        }
        struct node *list = map->pairs[i].value;
        any = true;
        if (stands_above(map, i)) {
            continue;
        }
        if (!is_list(l, list)) {
            l->drafts.at[section].doubtful = l->members_lost = true;
            continue;
        }
        enum element kind = items ? ELEMENT_ITEM : ELEMENT_SECTION;
        mend_elements(l, list, kind);
        for (uint32_t k = 0; k < list->n_items; k++) {
            if (element_astray(l, list, k, kind)) {
                l->drafts.at[section].doubtful = l->members_lost = true;
            } else {
                (items ? add_item : add_section)(l, list->items[k], section);
            }
        }
    }
    if (!any) {
        missing_key(l, map, l->rubric->members.at[section].at, "items",
                    _("a section holds `items`, `sections` or both"));
        l->drafts.at[section].doubtful = l->members_lost = true;
    }
    l->rubric->members.at[section].end = l->rubric->members.n;
    l->drafts.at[section].done = l->clock++;
}

/* Bonus and deductions: sections outside the total. */
static uint32_t add_extra(struct loader *l, const char *key, const char *title)
{
    struct rubric *r = l->rubric;
    struct node *node = node_get(l->root, key);
    if (!node || !keys_known(l, node, extra_keys, shared_keys, NULL)) {
        return MEMBER_NONE;
    }
    uint32_t index = add_member(l, MEMBER_SECTION, node, MEMBER_NONE, MEMBER_NONE);
    const char *given = get_text(l, node, "title");
    struct member *m = &r->members.at[index];
    m->id = key;
    m->title = given ? given : title;
    m->at = key_span(l->root, key);
    map_put(l->arena, &r->member_by_id, str_of(key), index);
    add_members(l, index);
    return index;
}

/* ---- what is inherited ---- */

static void load_for(struct loader *l, struct node *map, struct member *m)
{
    struct node **elements;
    uint32_t n = get_names(l, map, "for", &elements);
    if (n == 0) {
        return;
    }
    bool *for_class = ARENA_ARRAY(l->arena, bool, n_class_slots(l));
    bool good = true;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_text(l, elements[i])) {
            good = false;
            continue;
        }
        uint32_t class = find_class(l, node_str(elements[i]), elements[i]->at);
        good = good && class != l->rubric->classes.n;
        for_class[class] = true;
    }
    for_class[l->rubric->classes.n] = false;
    if (good) {
        m->for_class = for_class;
    } else {
        /* Whose sheet it is on is not known, so nothing that depends on it is either. */
        l->drafts.at[m - l->rubric->members.at].doubtful = true;
    }
}

static void load_policies(struct loader *l, struct node *map, struct member *m)
{
    static const struct word missing[] = {{"zero", MISSING_ZERO},
                                          {"none", MISSING_NONE},
                                          {"unscored", MISSING_UNSCORED},
                                          {"error", MISSING_ERROR}};
    static const struct word policies[] = {
        {"rescale", NA_RESCALE}, {"even", NA_EVEN}, {"full", NA_FULL}, {"zero", NA_ZERO}};
    static const char *const share[] = {"share", NULL};
    struct node *n = node_get(map, "missing");
    int value;
    if (n) {
        m->missing_given = true;
        m->missing = get_word(l, map, "missing", missing, N_WORDS(missing), &value)
                         ? (enum missing)value
                         : MISSING_ZERO;
    }
    n = node_get(map, "not_applicable");
    if (!n) {
        return;
    }
    if (n->kind == NODE_MAP) {
        m->not_applicable = NA_SHARE;
        if (keys_known(l, n, share, NULL, NULL) && required(l, n, "share", n->at)) {
            read_num(l, node_get(n, "share"), NUMBER_SHARE, m->for_class, &m->na_share);
        }
        return;
    }
    bool good = read_word(l, n, policies, N_WORDS(policies), &value);
    m->not_applicable = good ? (enum na_policy)value : NA_ZERO;
}

static void load_deficiency(struct loader *l, struct node *map, uint32_t index)
{
    static const char *const keys[] = {"below", "severity", "text", "remedy", "due", NULL};
    static const struct word levels[] = {
        {"minor", LEVEL_MINOR}, {"major", LEVEL_MAJOR}, {"critical", LEVEL_CRITICAL}};
    struct deficiency_rule *rule = &l->rubric->members.at[index].deficiency;
    struct draft *draft = &l->drafts.at[index];
    struct node *n = node_get(map, "deficiency");
    if (!n) {
        return;
    }
    rule->none = node_is(n, "none");
    if (rule->none || !keys_known(l, n, keys, NULL, NULL)) {
        return;
    }
    struct node *below = node_get(n, "below"), *due = node_get(n, "due");
    int value;
    if (below) {
        read_num(l, below, NUMBER_SHARE, l->rubric->members.at[index].for_class, &rule->below);
        draft->below_given = true;
    }
    if (node_get(n, "severity")) {
        draft->severity_given = true;
        if (get_word(l, n, "severity", levels, N_WORDS(levels), &value)) {
            rule->severity = (enum level)value;
        }
    }
    const char *text = get_text(l, n, "text"), *remedy = get_text(l, n, "remedy");
    rule->text = text ? text : rule->text;
    rule->remedy = remedy ? remedy : rule->remedy;
    if (due) {
        rule->due = (struct deadline){0};
        l->issued_needed |= read_deadline(l, due, &rule->due) && !rule->due.is_date;
    }
}

/* Compared on what both give: 2024Q3 lies within 2024. */
static int compare_periods(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    return memcmp(a, b, n < m ? n : m);
}

static void load_range(struct loader *l, struct node *map, struct member *m)
{
    const char *period = l->rubric->period;
    const char *since = get_text(l, map, "since"), *until = get_text(l, map, "until");
    m->since = since ? since : m->since;
    m->until = until ? until : m->until;
    /* Not where `period` is there but wrong, or may be the key that nobody knows. */
    if ((since || until) && !period && !node_get(l->root, "period") && l->root->n_lost == 0) {
        missing_key(l, map, key_span(map, since ? "since" : "until"), "period",
                    _("`since` and `until` are held against the rubric's period"));
    }
    m->off = period && ((m->since && compare_periods(period, m->since) < 0) ||
                        (m->until && compare_periods(period, m->until) > 0));
    if ((since || until) && m->since && m->until && compare_periods(m->since, m->until) > 0) {
        diag_add(l->diag, FINDING_BAD_ORDER, key_span(map, until ? "until" : "since"),
                 _("`until` %s lies before `since` %s"), m->until, m->since);
        l->drafts.at[m - l->rubric->members.at].doubtful = true;
    }
}

static void inherit(struct loader *l, uint32_t index)
{
    struct member *m = &l->rubric->members.at[index];
    struct draft *draft = &l->drafts.at[index];
    if (index == RUBRIC_ROOT) {
        dec *below = ARENA_NEW(l->arena, dec);
        *below = dec_from_int(60);
        m->deficiency.below = (struct num){.v = below};
        return;
    }
    uint32_t above = m->parent == MEMBER_NONE ? RUBRIC_ROOT : m->parent;
    const struct member *p = &l->rubric->members.at[above];
    m->for_class = p->for_class;
    m->missing = p->missing;
    m->missing_given = p->missing_given;
    m->not_applicable = p->not_applicable;
    m->na_share = p->na_share;
    m->deficiency = p->deficiency;
    m->evidence_required = p->evidence_required;
    m->department = p->department;
    m->since = p->since;
    m->until = p->until;
    draft->below_given = l->drafts.at[above].below_given;
    draft->severity_given = l->drafts.at[above].severity_given;
}

static void load_shared(struct loader *l, uint32_t index)
{
    static const struct word evidence[] = {{"required", true}, {"none", false}};
    struct member *m = &l->rubric->members.at[index];
    struct node *map = l->drafts.at[index].node;
    int value;
    inherit(l, index);
    load_for(l, map, m);
    load_policies(l, map, m);
    load_deficiency(l, map, index);
    load_range(l, map, m);
    if (get_word(l, map, "evidence", evidence, N_WORDS(evidence), &value)) {
        m->evidence_required = value;
    }
    const char *department = get_text(l, map, "department");
    m->department = department ? department : m->department;
    if (index == RUBRIC_ROOT) {
        return;
    }
    m->clause = get_text(l, map, "clause");
    struct node **elements;
    uint32_t n = get_names(l, map, "replaces", &elements);
    for (uint32_t i = 0; i < n; i++) {
        if (is_text(l, elements[i])) {
            *vec_push(l->arena, &m->replaces) = elements[i]->text;
        }
    }
}

/* ---- floor and cap, weight ---- */

bool load_none(struct loader *l, struct node *map, const char *key)
{
    static const struct word none[] = {{"none", true}};
    int value;
    return get_word(l, map, key, none, N_WORDS(none), &value);
}

/* `floor: 0` says what holds anyway, so that a rubric may leave no default to stand. */
bool load_floor(struct loader *l, struct node *map)
{
    static const struct word words[] = {{"none", true}, {"0", false}};
    int value;
    return get_word(l, map, "floor", words, N_WORDS(words), &value) && value;
}

void load_weight(struct loader *l, struct node *map, struct member *m)
{
    struct node *n = node_get(map, "weight");
    m->weight = num_single(l, DEC_ONE);
    if (!n) {
        return;
    }
    read_num_partial(l, n, NUMBER_POINTS, &m->weight);
}

/* ---- sections ---- */

/* A section's script reads what is done before the section, its members too. */
static void load_combine_script(struct loader *l, struct node *map, uint32_t index)
{
    struct member *m = &l->rubric->members.at[index];
    struct node *script = node_get(map, "script"), *params = node_get(map, "params");
    if (m->combine != COMBINE_LUA) {
        if (script || params) {
            diag_add(l->diag, FINDING_MISSING_KEY, key_span(map, script ? "script" : "params"),
                     _("`combine: lua` is missing: a section's script says how its members make "
                       "its points"));
        }
        return;
    }
    if (!script) {
        missing_key(l, map, m->at, "script", _("the script's file"));
        return;
    }
    struct script_owner owner = {
        .use = SCRIPT_SECTION,
        .id = m->id,
        .title = m->title,
        .draft = {.params = params,
                  .member = index,
                  .place = {.before = l->drafts.at[index].done,
                            .base = m->group != RUBRIC_ROOT && index != RUBRIC_ROOT,
                            .off = m->off,
                            .what = _("a section's script")}},
    };
    m->combine_script = script_use_file(l, script, &owner);
}

static void load_combine(struct loader *l, struct node *map, uint32_t index)
{
    static const struct word words[] = {
        {"sum", COMBINE_SUM},           {"mean", COMBINE_MEAN}, {"geometric", COMBINE_GEOMETRIC},
        {"harmonic", COMBINE_HARMONIC}, {"min", COMBINE_MIN},   {"lua", COMBINE_LUA}};
    struct member *m = &l->rubric->members.at[index];
    struct node *n = node_get(map, "combine");
    int value;
    if (n && read_word(l, n, words, N_WORDS(words), &value)) {
        m->combine = (enum combine)value;
    } else if (n) {
        l->drafts.at[index].doubtful = true;
    }
    load_combine_script(l, map, index);
}

static void load_cap(struct loader *l, struct node *map, struct member *m)
{
    struct node *n = node_get(map, "cap");
    if (!n) {
        return;
    }
    if (node_is(n, "none")) {
        m->cap_none = true;
    } else {
        read_num_partial(l, n, NUMBER_POINTS, &m->cap);
    }
}

/* The rubric's own cap bounds the total after bonus; only one equal to `total` is a section's cap
 * too. */
static void load_total_cap(struct loader *l, struct node *map, struct member *m)
{
    struct node *n = node_get(map, "cap");
    l->rubric->total_cap = DEC_NONE;
    if (!n || node_is(n, "none")) {
        m->cap_none = n != NULL;
        return;
    }
    dec cap;
    if (read_dec(l, n, NUMBER_POINTS, &cap)) {
        l->rubric->total_cap = cap;
        if (m->points.v && !m->points.by_class && m->points.v[0] == cap) {
            m->cap = num_single(l, cap);
            m->cap.at = n->at;
        }
    } else {
        l->drafts.at[RUBRIC_ROOT].doubtful = true;
    }
}

static void load_choosing(struct loader *l, struct node *map, uint32_t index)
{
    struct member *m = &l->rubric->members.at[index];
    struct node *keep = node_get(map, "keep"), *drop = node_get(map, "drop");
    if (keep && drop) {
        either_or(l, key_span(map, "drop"), _("`keep` and `drop` exclude each other"));
        return;
    }
    bool good = !keep || read_word_number(l, keep, "best", &m->keep_best);
    good = (!drop || read_word_number(l, drop, "worst", &m->drop_worst)) && good;
    l->drafts.at[index].doubtful = l->drafts.at[index].doubtful || !good;
}

static void load_section(struct loader *l, uint32_t index)
{
    struct member *m = &l->rubric->members.at[index];
    struct node *map = l->drafts.at[index].node;
    struct node *points = node_get(map, index == RUBRIC_ROOT ? "total" : "points");
    struct node *factor = node_get(map, "factor"), *complete = node_get(map, "complete");
    load_combine(l, map, index);
    if (map->n_lost > 0 && index != RUBRIC_ROOT) {
        l->drafts.at[index].doubtful = true; /* whatever that key is, it may change the points */
    }
    if (points) {
        read_num_partial(l, points, NUMBER_POINTS, &m->points);
    }
    if (factor) {
        read_num_partial(l, factor, NUMBER_FACTOR, &m->factor);
    }
    if (index == RUBRIC_ROOT) {
        load_total_cap(l, map, m);
    } else {
        load_cap(l, map, m);
    }
    m->floor_none = load_floor(l, map);
    m->scale = get_flag(l, map, "scale");
    if (node_get(map, "scale") && node_get(map, "scale")->bad) {
        l->drafts.at[index].doubtful = true;
    }
    load_choosing(l, map, index);
    if (complete) {
        read_dec(l, complete, NUMBER_SHARE, &m->complete);
    }
    if (m->parent != MEMBER_NONE) {
        load_weight(l, map, m);
        section_grades_load(l, index);
    }
    if (num_bad(&m->points) || num_bad(&m->factor) || num_bad(&m->cap)) {
        l->drafts.at[index].doubtful = true;
    }
    bool extra = index != RUBRIC_ROOT && m->parent == MEMBER_NONE;
    if (extra && !node_get(map, "cap")) {
        missing_key(l, map, m->at, "cap", _("write the most that it may come to, or `cap: none`"));
        l->drafts.at[index].doubtful = true;
    }
}

void members_load(struct loader *l)
{
    struct rubric *r = l->rubric;
    l->any_method_keys = method_keys(l, METHOD_NONE);
    add_member(l, MEMBER_SECTION, l->root, MEMBER_NONE, 0);
    r->members.at[RUBRIC_ROOT].id = r->id;
    r->members.at[RUBRIC_ROOT].title = r->title;
    add_members(l, RUBRIC_ROOT);
    r->bonus = add_extra(l, "bonus", _("bonus"));
    r->deductions = add_extra(l, "deductions", _("deductions"));
    for (uint32_t i = 0; i < r->members.n; i++) {
        load_shared(l, i);
        if (r->members.at[i].kind == MEMBER_SECTION) {
            load_section(l, i);
        } else {
            item_load(l, i);
        }
    }
}
