/* grades_load.c - grades, quotas, gates and the ranking: what happens after the total. */
#include "load/loader.h"

#include "base/i18n.h"

/* So that names can be looked up one after the other. */
#define GRADES_MOST 100U

/* ---- bands ---- */

/* The list of grades under a key, or NULL; `needs` and `quota` are read later. */
static struct node *bands_node(struct loader *l, struct node *map)
{
    struct node *n = node_get(map, "grades");
    if (!n) {
        return NULL;
    }
    if (!is_list(l, n)) {
        return NULL;
    }
    if (n->n_items > GRADES_MOST) {
        diag_add(l->diag, FINDING_OUT_OF_RANGE, n->at, _("there are more than %u grades"),
                 GRADES_MOST);
        n->bad = true;
        return NULL;
    }
    mend_elements(l, n, ELEMENT_GRADE);
    return n;
}

static bool load_band(struct loader *l, struct node *map, const char *const *keys,
                      struct grade *grade)
{
    grade->at = map->at;
    grade->name = "";
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return false;
    }
    struct node *name = node_get(map, "name"), *from = node_get(map, "from");
    if (!name) {
        missing_key(l, map, map->at, "name", NULL);
    } else if (is_text(l, name)) {
        grade->name = name->text;
        grade->at = name->at;
    }
    if (from) {
        read_num(l, from, NUMBER_ANY, NULL, &grade->from);
    } else if (key_excused(map)) {
        grade->from.at = map->at;
    }
    return true;
}

static bool name_is_taken(struct loader *l, const struct grade *grades, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (*grades[index].name && str_is(str_of(grades[i].name), grades[index].name)) {
            diag_add(l->diag, FINDING_DUPLICATE_ID, grades[index].at,
                     _("the grade '%s' stands twice"), grades[index].name);
            diag_note(l->diag, grades[i].at, _("here it stands first"));
            return true;
        }
    }
    return false;
}

/* Whether the band's bound lies below the one before it, for every class. */
static void check_below(struct loader *l, const struct grade *above, const struct grade *grade)
{
    for (uint32_t c = 0; c < n_class_slots(l); c++) {
        dec high = num_of(&above->from, c), low = num_of(&grade->from, c);
        if (high != DEC_NONE && low != DEC_NONE && low >= high) {
            diag_add(l->diag, FINDING_BANDS, grade->from.at,
                     low == high ? _("'%s' can never be reached: '%s' begins at the same points")
                                 : _("'%s' begins above '%s': grades stand highest first"),
                     grade->name, above->name);
            return;
        }
    }
}

/* A lower bound of 0 or less that everything reaches. */
static bool reaches_all(const struct loader *l, const struct num *from)
{
    for (uint32_t c = 0; from->v && c < (from->by_class ? l->rubric->classes.n : 1); c++) {
        if (from->v[c] == DEC_NONE || from->v[c] > 0) {
            return false;
        }
    }
    return from->v != NULL;
}

/* No gap, no overlap: bounds fall, and exactly the last band has none. */
static void check_bands(struct loader *l, struct grade *grades, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct grade *grade = &grades[i];
        if (name_is_taken(l, grades, i) || num_bad(&grade->from)) {
            continue;
        }
        bool last = i + 1 == n;
        if (!last && !grade->from.v && str_is(str_of(grade->name), grade[1].name)) {
            continue; /* its line stands twice, which is said at the second */
        }
        if (!last && !grade->from.v) {
            diag_add(l->diag, FINDING_BANDS, grade->at,
                     _("'%s' has no `from`, so the grades below it can never be reached"),
                     grade->name);
            diag_hint(l->diag, _("only the last grade has no `from`"));
        } else if (last && reaches_all(l, &grade->from)) {
            grade->from = (struct num){0};
        } else if (last && grade->from.v) {
            diag_add(l->diag, FINDING_BANDS, grade->from.at,
                     _("there is no grade for what lies below '%s'"), grade->name);
            diag_hint(l->diag, _("leave `from` out in the last grade, or add one below it"));
        }
        if (i > 0) {
            check_below(l, &grades[i - 1], grade);
        }
    }
}

void section_grades_load(struct loader *l, uint32_t member)
{
    static const char *const keys[] = {"name", "from", NULL};
    struct member *m = &l->rubric->members.at[member];
    struct node *bands = bands_node(l, l->drafts.at[member].node);
    for (uint32_t i = 0; bands && i < bands->n_items; i++) {
        struct grade *grade = vec_push(l->arena, &m->grades);
        if (!load_band(l, bands->items[i], keys, grade)) {
            bands->bad = true;
        }
    }
    if (bands && !bands->bad) {
        check_bands(l, m->grades.at, m->grades.n);
    }
}

/* ---- needs ---- */

static void load_needs(struct loader *l, struct node *map, struct grade *grade, bool last)
{
    struct node *needs = node_get(map, "needs");
    if (!needs || !is_map(l, needs)) {
        return;
    }
    if (last) {
        diag_add(l->diag, FINDING_BANDS, key_span(map, "needs"),
                 _("the last grade can need nothing: there is none below it"));
        return;
    }
    for (uint32_t i = 0; i < needs->n_items; i++) {
        struct node *key = needs->pairs[i].key;
        if (pair_is_lost(&needs->pairs[i])) {
            continue;
        }
        struct need need = {.member = find_member(l, node_str(key), key->at)};
        read_num(l, needs->pairs[i].value, NUMBER_SHARE, NULL, &need.share);
        if (need.member != MEMBER_NONE) {
            *vec_push(l->arena, &grade->needs) = need;
        }
    }
}

/* ---- quotas ---- */

static void quota_finding(struct loader *l, span at, const char *text)
{
    diag_add(l->diag, FINDING_QUOTA, at, "%s", text);
}

static void load_quota_size(struct loader *l, struct node *map, struct quota *q)
{
    static const struct word rounds[] = {
        {"down", QUOTA_DOWN}, {"up", QUOTA_UP}, {"nearest", QUOTA_NEAREST}};
    struct node *share = node_get(map, "share"), *count = node_get(map, "count");
    struct node *at_least = node_get(map, "at_least");
    int value;
    if (share && count) {
        either_or(l, key_span(map, "count"), _("`%s` and `%s` exclude each other"), "share",
                  "count");
    } else if (!share && !count) {
        missing_key(l, map, map->at, "share", _("`share: 20%` or `count: 3`"));
    }
    if (share) {
        read_num(l, share, NUMBER_SHARE, NULL, &q->share);
        if (!node_get(map, "round")) {
            missing_key(l, map, map->at, "round",
                        _("a share of the units is rarely whole: down, up or nearest?"));
        }
    } else if (count) {
        q->is_count = true;
        read_num(l, count, NUMBER_POINTS, NULL, &q->count);
    }
    if (get_word(l, map, "round", rounds, N_WORDS(rounds), &value)) {
        q->round = (enum quota_round)value;
    }
    if (at_least) {
        read_num(l, at_least, NUMBER_POINTS, NULL, &q->at_least);
    }
}

/* Counts of units are whole. */
static void check_whole(struct loader *l, const struct num *n)
{
    for (uint32_t c = 0; n->v && c < (n->by_class ? l->rubric->classes.n : 1); c++) {
        if (n->v[c] != DEC_NONE && !dec_is_whole(n->v[c])) {
            diag_add(l->diag, FINDING_OUT_OF_RANGE, n->at, _("a number of units is whole"));
            return;
        }
    }
}

static void load_quota(struct loader *l, struct node *grade_map, struct grade *grade, bool last)
{
    static const char *const keys[] = {"share",    "count",  "per", "round",
                                       "at_least", "at_cut", NULL};
    static const struct word per[] = {{"class", false}, {"all", true}};
    static const struct word cuts[] = {{"all_out", false}, {"all_in", true}};
    struct node *map = node_get(grade_map, "quota");
    struct quota *q = &grade->quota;
    int value;
    if (!map || !keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    q->given = true;
    load_quota_size(l, map, q);
    check_whole(l, &q->count);
    check_whole(l, &q->at_least);
    if (!node_get(map, "per")) {
        missing_key(l, map, map->at, "per",
                    _("a share of each class, or of all units? class or all"));
    } else if (get_word(l, map, "per", per, N_WORDS(per), &value)) {
        q->per_all = value;
    }
    if (!node_get(map, "at_cut")) {
        missing_key(l, map, map->at, "at_cut",
                    _("units tied at the cut: all_in (more than the quota) or all_out (fewer)?"));
    } else if (get_word(l, map, "at_cut", cuts, N_WORDS(cuts), &value)) {
        q->all_in = value;
    }
    if (last) {
        quota_finding(l, key_span(grade_map, "quota"),
                      _("the last grade can have no quota: who is pushed out needs one below it"));
    }
    if (q->per_all && (q->share.by_class || q->count.by_class || q->at_least.by_class)) {
        quota_finding(l, map->at, _("a quota of all units (`per: all`) cannot differ by class"));
    }
}

/* grades: {names: [best first], script: file}: the general case, without bands or quotas. */
static void load_scripted_grades(struct loader *l, struct node *map)
{
    static const char *const keys[] = {"names", "script", "params", NULL};
    struct rubric *r = l->rubric;
    struct node **names, *script = node_get(map, "script");
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    uint32_t n = get_names(l, map, "names", &names);
    if (n == 0 && !node_get(map, "names")) {
        missing_key(l, map, map->at, "names", _("the grades, best first"));
    }
    for (uint32_t i = 0; i < n && i < GRADES_MOST; i++) {
        if (is_text(l, names[i])) {
            struct grade *grade = vec_push(l->arena, &r->grades);
            grade->name = names[i]->text;
            grade->at = names[i]->at;
            name_is_taken(l, r->grades.at, r->grades.n - 1);
        }
    }
    if (!script) {
        missing_key(l, map, map->at, "script", _("the script that says which grade it is"));
        return;
    }
    struct script_owner owner = {
        .use = SCRIPT_GRADES,
        .id = "grades",
        .draft = {.params = node_get(map, "params"),
                  .member = MEMBER_NONE,
                  .place = {.before = UINT32_MAX,
                            .base = true,
                            .total = true,
                            .what = _("the grades' script")}},
    };
    r->grades_script = script_use_file(l, script, &owner);
    for (uint32_t i = 0; r->grades_script != SCRIPT_NONE && i < r->grades.n; i++) {
        *vec_push(l->arena, &r->scripts.at[r->grades_script].grades) = r->grades.at[i].name;
    }
}

void grades_load(struct loader *l)
{
    static const char *const keys[] = {"name", "from", "needs", "quota", NULL};
    struct rubric *r = l->rubric;
    struct node *general = node_get(l->root, "grades");
    if (general && general->kind == NODE_MAP) {
        load_scripted_grades(l, general);
        return;
    }
    struct node *bands = bands_node(l, l->root);
    for (uint32_t i = 0; bands && i < bands->n_items; i++) {
        bool last = i + 1 == bands->n_items;
        if (element_astray(l, bands, i, ELEMENT_GRADE)) {
            bands->bad = true;
            continue;
        }
        struct grade *grade = vec_push(l->arena, &r->grades);
        if (load_band(l, bands->items[i], keys, grade)) {
            load_needs(l, bands->items[i], grade, last);
            load_quota(l, bands->items[i], grade, last);
        } else {
            bands->bad = true;
        }
    }
    if (bands && !bands->bad) {
        check_bands(l, r->grades.at, r->grades.n);
    }
}

/* ---- gates ---- */

static void add_target(struct loader *l, struct gate *gate, str name, span at)
{
    uint32_t member = find_member(l, name, at);
    if (member == MEMBER_NONE) {
        return;
    }
    if (gate->effect == EFFECT_ZERO && l->rubric->members.at[member].kind == MEMBER_ITEM) {
        diag_add(l->diag, FINDING_WRONG_KIND, at, _("`zero` is for sections; '%.*s' is an item"),
                 STR_ARG(name));
        diag_hint(l->diag, _("for an item write: ceiling: {%.*s: 0%%}"), STR_ARG(name));
        return;
    }
    *vec_push(l->arena, &gate->targets) = member;
}

static void load_ceilings(struct loader *l, struct node *n, struct gate *gate)
{
    if (!is_map(l, n)) {
        return;
    }
    for (uint32_t i = 0; i < n->n_items; i++) {
        struct num share = {0};
        uint32_t before = gate->targets.n;
        if (pair_is_lost(&n->pairs[i])) {
            continue;
        }
        read_num(l, n->pairs[i].value, NUMBER_SHARE, NULL, &share);
        add_target(l, gate, node_str(n->pairs[i].key), n->pairs[i].key->at);
        if (gate->targets.n > before) {
            *vec_push(l->arena, &gate->ceilings) = share;
        }
    }
}

static void load_zeros(struct loader *l, struct node *effect, struct gate *gate)
{
    struct node **elements;
    uint32_t n = get_names(l, effect, "zero", &elements);
    for (uint32_t i = 0; i < n; i++) {
        if (is_text(l, elements[i])) {
            add_target(l, gate, node_str(elements[i]), elements[i]->at);
        }
    }
}

static void load_effect(struct loader *l, struct node *n, struct gate *gate)
{
    static const char *const keys[] = {"cap", "at_best", "lower", "zero", "ceiling", NULL};
    if (!keys_known(l, n, keys, NULL, NULL)) {
        return;
    }
    if (n->n_items != 1) {
        either_or(l, n->at, _("an effect is one of: cap, at_best, lower, zero, ceiling"));
        n->bad = true;
        return;
    }
    struct node *value = n->pairs[0].value;
    str key = node_str(n->pairs[0].key);
    if (str_is(key, "cap")) {
        gate->effect = EFFECT_CAP;
        read_num(l, value, NUMBER_POINTS, NULL, &gate->cap);
    } else if (str_is(key, "at_best")) {
        gate->effect = EFFECT_AT_BEST;
        gate->at_best = is_text(l, value) ? find_grade(l, node_str(value), value->at) : GRADE_NONE;
    } else if (str_is(key, "lower")) {
        gate->effect = EFFECT_LOWER;
        read_num(l, value, NUMBER_NATURAL, NULL, &gate->lower);
    } else if (str_is(key, "zero")) {
        gate->effect = EFFECT_ZERO;
        load_zeros(l, n, gate);
    } else if (str_is(key, "ceiling")) {
        gate->effect = EFFECT_CEILING;
        load_ceilings(l, value, gate);
    }
    if (gate->effect == EFFECT_LOWER && !node_get(l->root, "grades")) {
        missing_key(l, l->root, n->at, "grades",
                    _("`lower` lowers the grade, and the rubric has none"));
    }
}

/* A gate that limits points stands where its first target is done, the others after the total. */
static void load_gate_condition(struct loader *l, struct node *map, struct gate *gate)
{
    struct reader_place place = {
        .before = UINT32_MAX, .base = true, .total = true, .what = _("a gate on points")};
    struct node *when = node_get(map, "when");
    if (!when) {
        missing_key(l, map, gate->at, "when", _("the condition under which the gate fires"));
        return;
    }
    for (uint32_t i = 0; i < gate->targets.n; i++) {
        uint32_t target = gate->targets.at[i];
        uint32_t done = l->drafts.at[target].done;
        place.total = false;
        place.base = place.base && l->rubric->members.at[target].group != RUBRIC_ROOT;
        place.before = done + 1 < place.before ? done + 1 : place.before;
    }
    struct script_owner owner = {.use = SCRIPT_GATE,
                                 .id = gate->id,
                                 .title = gate->title,
                                 .draft = {.member = MEMBER_NONE, .place = place}};
    gate->when =
        when->kind == NODE_MAP ? cond_load_script(l, when, &owner) : cond_load(l, when, &owner);
}

static void load_gate(struct loader *l, struct node *map)
{
    static const char *const keys[] = {"id",     "title",      "when", "effect",
                                       "clause", "department", NULL};
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    struct gate *gate = vec_push(l->arena, &l->rubric->gates);
    struct node *id = node_get(map, "id"), *effect = node_get(map, "effect");
    gate->at = map->at;
    gate->id = "";
    gate->at_best = GRADE_NONE;
    if (!id) {
        missing_key(l, map, map->at, "id", NULL);
    } else if (is_text(l, id)) {
        gate->id = id->text;
        gate->at = id->at;
        if (id_check(l, node_str(id), id->at, _("a gate"))) {
            id_take(l, node_str(id), id->at);
        }
    }
    const char *title = get_text(l, map, "title");
    gate->title = title ? title : gate->id;
    gate->clause = get_text(l, map, "clause");
    gate->department = get_text(l, map, "department");
    if (effect) {
        load_effect(l, effect, gate);
    } else {
        missing_key(l, map, gate->at, "effect", _("one of: cap, at_best, lower, zero, ceiling"));
    }
    load_gate_condition(l, map, gate);
}

void gates_load(struct loader *l)
{
    struct node *gates = node_get(l->root, "gates");
    if (!gates || !is_list(l, gates)) {
        return;
    }
    mend_elements(l, gates, ELEMENT_GATE);
    bool *astray = ARENA_ARRAY(l->arena, bool, gates->n_items);
    for (uint32_t i = 0; i < gates->n_items; i++) {
        astray[i] = element_astray(l, gates, i, ELEMENT_GATE);
    }
    for (uint32_t i = 0; i < gates->n_items; i++) {
        if (!astray[i]) {
            load_gate(l, gates->items[i]);
        }
    }
}

/* ---- ranking ---- */

static void load_break(struct loader *l, struct node *n)
{
    struct reader_place place = {.before = UINT32_MAX,
                                 .base = true,
                                 .total = true,
                                 .tie_break = true,
                                 .what = _("a tie-break")};
    if (!is_text(l, n)) {
        return;
    }
    str name = str_trim(node_str(n));
    struct tie_break b = {.lower_first = str_starts(name, "-")};
    if (b.lower_first) {
        name = str_trim((str){name.at + 1, name.n - 1});
    }
    if (!operand_load(l, name, n->at, &place, &b.by)) {
        return;
    }
    enum field_type type =
        operand_is_cell(&b.by) ? l->rubric->fields.list.at[b.by.index].type : FIELD_NUMBER;
    if (type == FIELD_CHOICE || type == FIELD_TEXT || type == FIELD_LIST) {
        diag_add(l->diag, FINDING_WRONG_TYPE, n->at, _("'%.*s' has no order to break ties by"),
                 STR_ARG(name));
        return;
    }
    *vec_push(l->arena, &l->rubric->ranking.breaks) = b;
}

/* A word of the ranking; a default that stands is recorded. */
static int ranking_word(struct loader *l, struct node *map, const char *key,
                        const struct word *words, size_t n_words)
{
    int value = words[0].value;
    if (!map || !node_get(map, key)) {
        default_add(l, arena_printf(l->arena, "ranking.%s", key), words[0].text, MEMBER_NONE);
    } else {
        get_word(l, map, key, words, n_words, &value);
    }
    return value;
}

void ranking_load(struct loader *l)
{
    static const char *const keys[] = {"within", "ties", "better", "on", "break", "vetoed", NULL};
    static const struct word within[] = {{"class", false}, {"all", true}};
    static const struct word ties[] = {{"shared", false}, {"dense", true}};
    static const struct word better[] = {{"high", false}, {"low", true}};
    static const struct word on[] = {{"total", false}, {"exact", true}};
    static const struct word vetoed[] = {
        {"last", VETOED_LAST}, {"by_points", VETOED_BY_POINTS}, {"unranked", VETOED_UNRANKED}};
    struct ranking *ranking = &l->rubric->ranking;
    struct node *map = node_get(l->root, "ranking");
    if (map && !keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    ranking->within_all = ranking_word(l, map, "within", within, N_WORDS(within));
    ranking->dense = ranking_word(l, map, "ties", ties, N_WORDS(ties));
    ranking->lower_is_better = ranking_word(l, map, "better", better, N_WORDS(better));
    ranking->on_exact = ranking_word(l, map, "on", on, N_WORDS(on));
    if (!map) {
        return;
    }
    struct node **elements;
    const struct node *names = node_get(map, "break");
    bool none = names && names->kind == NODE_LIST && names->n_items == 0; /* ties stay ties */
    uint32_t n = none ? 0 : get_names(l, map, "break", &elements);
    int value;
    for (uint32_t i = 0; i < n; i++) {
        load_break(l, elements[i]);
    }
    if (get_word(l, map, "vetoed", vetoed, N_WORDS(vetoed), &value)) {
        ranking->vetoed = (enum vetoed)value;
    }
}
