/* rule_load.c - an item's method and the method's own keys, by table. */
#include "load/rule_load.h"

#include "base/i18n.h"

#include <stddef.h>

/* ---- fields ---- */

static const char *types_text(struct loader *l, unsigned types)
{
    struct buf b = {0};
    for (int t = 0; t < N_FIELD_TYPES; t++) {
        if (types & 1U << t) {
            buf_printf(&b, "%s%s", b.n == 0 ? "" : ", ", field_type_word((enum field_type)t));
        }
    }
    const char *text = arena_text(l->arena, b.at ? b.at : "", b.n);
    buf_release(&b);
    return text;
}

uint32_t rule_field(struct rule_reader *r, struct node *name, unsigned types)
{
    struct loader *l = r->l;
    if (!is_text(l, name)) {
        return FIELD_NONE;
    }
    uint32_t field = find_field(l, node_str(name), name->at);
    if (field == FIELD_NONE) {
        return FIELD_NONE;
    }
    const struct field *f = &l->rubric->fields.list.at[field];
    if (f->type == N_FIELD_TYPES || types & 1U << f->type) {
        return f->type == N_FIELD_TYPES ? FIELD_NONE : field;
    }
    name->bad = true;
    diag_add(l->diag, FINDING_WRONG_TYPE, name->at,
             _("the method %s needs a field of type %s here; '%s' is %s"),
             method_word(r->rule->method), types_text(l, types), f->id, field_type_word(f->type));
    diag_note(l->diag, f->at, _("the field is declared here"));
    return FIELD_NONE;
}

static void read_field(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    r->rule->field = rule_field(r, n, r->types);
    if (r->rule->field == FIELD_NONE) {
        return;
    }
    enum field_type type = r->l->rubric->fields.list.at[r->rule->field].type;
    r->value_kind = type == FIELD_PERCENT ? NUMBER_PERCENT
                    : type == FIELD_DATE  ? NUMBER_DATE
                                          : NUMBER_ANY;
}

static void read_of(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    r->value_kind = NUMBER_PERCENT;
    part_at_wide_commas(r->l, n);
    if (n->kind != NODE_LIST || n->n_items != 2) {
        node_expect(r->l->diag, n, _("a list of two fields, [a, b] for a ÷ b,"));
        return;
    }
    r->rule->field = rule_field(r, n->items[0], NUMERIC);
    r->rule->of = rule_field(r, n->items[1], NUMERIC);
    if (r->rule->of != FIELD_NONE && r->rule->of == r->rule->field) {
        diag_add(r->l->diag, FINDING_DUPLICATE_ID, n->items[1]->at,
                 _("'%s' divided by itself is always 100%%"), n->items[1]->text);
    }
}

/* ---- numbers ---- */

static struct num *num_at(struct rule *rule, const struct rule_key *key)
{
    return (struct num *)(void *)((char *)rule + key->offset);
}

void rule_number(struct rule_reader *r, struct node *n, enum number_kind kind, struct num *out)
{
    read_num(r->l, n, kind, r->member->for_class, out);
}

static void read_number(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    rule_number(r, n, key->kind, num_at(r->rule, key));
}

/* A number that is compared with the field's value. */
static void read_value(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    rule_number(r, n, r->value_kind, num_at(r->rule, key));
}

static void read_target(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    if (node_is(n, "class mean")) {
        r->rule->target_class_mean = true;
    } else {
        read_value(r, n, key);
    }
}

static void read_gap_rate(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    read_rate(r->l, n, r->value_kind, r->member->for_class, &r->rule->lose, &r->rule->per);
}

static void read_up(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    read_signed_rate(r->l, n, r->value_kind, r->member->for_class, &r->rule->up, &r->rule->up_per);
}

static void read_down(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    read_signed_rate(r->l, n, r->value_kind, r->member->for_class, &r->rule->down,
                     &r->rule->down_per);
}

static void read_late_rate(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    read_time_rate(r->l, n, r->member->for_class, &r->rule->lose, &r->rule->per,
                   &r->rule->time_unit);
}

static void set_nothing(struct rule_reader *r, const struct rule_key *key)
{
    r->rule->nothing = str_is(str_of(key->word), "nothing_at") ? NOTHING_AT : NOTHING_PAST;
}

static void read_nothing(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    set_nothing(r, key);
    read_value(r, n, key);
}

static void read_nothing_time(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    set_nothing(r, key);
    read_time(r->l, n, r->member->for_class, &r->rule->nothing_value, &r->rule->nothing_unit);
}

static bool ends_in_percent(const struct node *n)
{
    if (n->kind == NODE_MAP && n->n_items > 0) {
        n = n->pairs[0].value;
    }
    return n->kind == NODE_SCALAR && str_ends(str_trim(node_str(n)), "%");
}

static void read_step(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    r->rule->step_percent = ends_in_percent(n);
    rule_number(r, n, r->rule->step_percent ? NUMBER_SHARE : NUMBER_POINTS, num_at(r->rule, key));
}

/* ---- words ---- */

static void read_better(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"high", false}, {"low", true}};
    int value;
    (void)key;
    if (read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->rule->lower_is_better = value;
    }
}

static void read_partial_step(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {
        {"down", STEPS_DOWN}, {"up", STEPS_UP}, {"exact", STEPS_EXACT}};
    int value = STEPS_EXACT;
    (void)key;
    read_word(r->l, n, words, N_WORDS(words), &value);
    r->rule->partial_step = (enum steps)value;
}

static void read_mode(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"marginal", false}, {"all", true}};
    int value;
    (void)key;
    if (read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->rule->all_at_last_rate = value;
    }
}

static void read_blank(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"skip", false}, {"zero", true}};
    int value;
    (void)key;
    if (read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->rule->blank_is_zero = value;
    }
}

static void read_from_word(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"zero", false}, {"worst", true}};
    int value;
    (void)key;
    if (read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->rule->from_worst = value;
    }
}

static void read_as(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"points", false}, {"loss", true}};
    int value;
    (void)key;
    if (read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->rule->as_loss = value;
    }
}

/* Stands before `up` and `down` in the table: it says what their steps are. */
static void read_as_change(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"difference", false}, {"percent", true}};
    int value;
    (void)key;
    if (!read_word(r->l, n, words, N_WORDS(words), &value)) {
        r->value_kind = NUMBER_LOOSE;
        return;
    }
    r->rule->as_percent = value;
    if (value && r->rule->field != FIELD_NONE) {
        r->value_kind = NUMBER_PERCENT;
    }
}

static void read_all(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)n;
    r->rule->all = get_flag(r->l, r->map, key->word);
}

static void read_at_least(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    read_num(r->l, n, NUMBER_NATURAL, r->member->for_class, &r->rule->at_least);
}

static void read_drop(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const char *const keys[] = {"ends", "when_over", NULL};
    (void)key;
    if (!keys_known(r->l, n, keys, NULL, NULL) || !required(r->l, n, "ends", n->at)) {
        return;
    }
    get_whole(r->l, n, "ends", 1, 100000, &r->rule->drop_ends);
    get_whole(r->l, n, "when_over", 0, 100000, &r->rule->drop_over);
}

/* ---- the table ---- */

#define AT(name) offsetof(struct rule, name)
#define FIELD_KEY                                                                                  \
    {                                                                                              \
        "field", read_field, 0, 0, NULL                                                            \
    }
#define OF_KEY                                                                                     \
    {                                                                                              \
        "of", read_of, 0, 0, NULL                                                                  \
    }
#define NOTHING_KEYS                                                                               \
    {"nothing_at", read_nothing, AT(nothing_value), 0, NULL},                                      \
    {                                                                                              \
        "nothing_past", read_nothing, AT(nothing_value), 0, NULL                                   \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, 0, 0, NULL                                                                     \
    }

static const char of_steps[] =
    N_("what does part of a step cost: down (nothing), up (a whole step) "
       "or exact (its part)?");
static const char of_part[] =
    N_("what does part of a step count: down (nothing), up (a whole step) "
       "or exact (its part)?");
static const char of_better[] = N_("which is better, high or low?");

static const struct rule_key yesno_keys[] = {FIELD_KEY, END};
static const struct rule_key checklist_keys[] = {
    {"parts", read_parts, 0, 0, N_("{field: points, ...} or [field, ...]")},
    {"lose", read_number, AT(lose), NUMBER_POINTS, NULL},
    {"all", read_all, 0, 0, NULL},
    END};
static const struct rule_key ladder_keys[] = {
    {"levels", read_levels, 0, 0,
     N_("[{name: ..., needs: [fields], points: ...}, ...], lowest first")},
    END};
static const struct rule_key choice_keys[] = {
    FIELD_KEY, {"scores", read_scores, 0, 0, N_("{option: points or not_applicable, ...}")}, END};
static const struct rule_key judged_keys[] = {
    FIELD_KEY,
    {"as", read_as, 0, 0, N_("is the field's value the points earned, or the loss?")},
    END};
static const struct rule_key each_keys[] = {FIELD_KEY,
                                            OF_KEY,
                                            {"events", read_events, 0, 0, NULL},
                                            {"earn", read_number, AT(earn), NUMBER_POINTS, NULL},
                                            {"lose", read_number, AT(lose), NUMBER_POINTS, NULL},
                                            {"then", read_number, AT(then), NUMBER_POINTS, NULL},
                                            {"most", read_number, AT(most), NUMBER_POINTS, NULL},
                                            NOTHING_KEYS,
                                            END};
static const struct rule_key short_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"fields", read_short_fields, 0, 0, NULL},
    {"need", read_value, AT(need), 0, NULL},
    {"lose", read_number, AT(lose), NUMBER_POINTS, N_("the points that each one short costs")},
    NOTHING_KEYS,
    END};
static const struct rule_key ratio_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"target", read_value, AT(target), 0, N_("the value that earns full marks")},
    NOTHING_KEYS,
    END};
static const struct rule_key gap_keys[] = {FIELD_KEY,
                                           OF_KEY,
                                           {"target", read_target, AT(target), 0, NULL},
                                           {"lose", read_gap_rate, 0, 0, NULL},
                                           {"rates", read_rates, 0, 0, NULL},
                                           {"partial_step", read_partial_step, 0, 0, of_steps},
                                           {"mode", read_mode, 0, 0, NULL},
                                           {"better", read_better, 0, 0, NULL},
                                           NOTHING_KEYS,
                                           END};
static const struct rule_key tiers_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"tiers", read_tiers, 0, 0, N_("[{from: ..., points: ...}, ...], highest first")},
    END};
static const struct rule_key linear_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"from", read_value, AT(from), 0, N_("the value that earns 0 points")},
    {"to", read_value, AT(to), 0, N_("the value that earns full marks")},
    END};
static const struct rule_key late_keys[] = {
    FIELD_KEY,
    {"due", read_number, AT(due), NUMBER_DATE, N_("the last day that is not late")},
    {"lose", read_late_rate, 0, 0, N_("as in: 1 per day")},
    {"partial_step", read_partial_step, 0, 0, NULL},
    {"nothing_at", read_nothing_time, AT(nothing_value), 0, NULL},
    {"nothing_past", read_nothing_time, AT(nothing_value), 0, NULL},
    END};
static const struct rule_key rating_keys[] = {
    FIELD_KEY,
    {"fields", read_rating_fields, 0, 0, NULL},
    {"out_of", read_number, AT(out_of), NUMBER_POSITIVE, N_("the most that a rater can give")},
    {"drop", read_drop, 0, 0, NULL},
    {"blank", read_blank, 0, 0, N_("is a rating left blank skipped, or does it count as zero?")},
    {"at_least", read_at_least, 0, 0, NULL},
    END};
static const struct rule_key best_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"better", read_better, 0, 0, of_better},
    {"from", read_from_word, 0, 0, N_("does 0 earn nothing (zero), or the class's worst (worst)?")},
    END};
static const struct rule_key rank_keys[] = {FIELD_KEY,
                                            OF_KEY,
                                            {"better", read_better, 0, 0, of_better},
                                            {"first", read_number, AT(first), NUMBER_POINTS, NULL},
                                            {"step", read_step, AT(step), 0, NULL},
                                            {"last", read_number, AT(last), NUMBER_POINTS, NULL},
                                            {"tiers", read_rank_tiers, 0, 0, NULL},
                                            END};

static const struct rule_key change_keys[] = {
    FIELD_KEY,
    OF_KEY,
    {"as", read_as_change, 0, 0,
     N_("is the change a difference, or in percent of the previous value (percent)?")},
    {"same", read_number, AT(same), NUMBER_POINTS, N_("the points at the level of last period")},
    {"up", read_up, 0, 0, N_("what each step up adds or takes, as in: 1 per 1%")},
    {"down", read_down, 0, 0, N_("what each step down adds or takes, as in: -7.5 per 1%")},
    {"partial_step", read_partial_step, 0, 0, of_part},
    END};

/* ---- children ---- */

static void read_child_of(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    bool found;
    (void)key;
    if (is_text(r->l, n)) {
        r->rule->child_member = find_child_member(r->l, node_str(n), n->at, &found);
    }
}

/* Where no classes are listed the data name them, and nobody knows which there are. */
static void read_child_class(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    if (is_text(r->l, n) && (!r->l->rubric->classes_listed ||
                             find_class(r->l, node_str(n), n->at) < r->l->rubric->classes.n)) {
        r->rule->child_class = n->text;
    }
}

static void read_take(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    static const struct word words[] = {{"mean", TAKE_MEAN}, {"min", TAKE_MIN}};
    int value = TAKE_MEAN;
    (void)key;
    read_word(r->l, n, words, N_WORDS(words), &value);
    r->rule->take = (enum take)value;
}

static void read_last(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    r->rule->take = TAKE_LAST;
    read_number(r, n, key);
}

static const struct rule_key children_keys[] = {
    {"of", read_child_of, 0, 0, NULL},
    {"class", read_child_class, 0, 0, NULL},
    {"take", read_take, 0, 0, NULL},
    {"last", read_last, AT(worst), NUMBER_NATURAL, NULL},
    {"lose", read_number, AT(lose), NUMBER_POINTS, NULL},
    END};

/* ---- period ---- */

static void read_period(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    if (is_text(r->l, n)) {
        r->rule->period = find_period(r->l, node_str(n), n->at);
    }
}

static const struct rule_key period_keys[] = {
    {"period", read_period, 0, 0, N_("one of the rubric's `periods`, as in 2024Q3")}, END};

/* ---- Lua ---- */

/* An item's script stands where the item does: it reads what is done before. */
static struct script_owner item_owner(const struct rule_reader *r, enum script_use use)
{
    return (struct script_owner){
        .use = use,
        .id = r->member->id,
        .title = r->member->title,
        .draft = {.member = r->index,
                  .place = {.before = r->l->drafts.at[r->index].starts,
                            .base = r->member->group != RUBRIC_ROOT,
                            .off = r->member->off,
                            .what = _("the item's script")}},
    };
}

static void read_formula(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    struct script_owner owner = item_owner(r, SCRIPT_FORMULA);
    owner.draft.place.what = _("the item's formula");
    /* A comma of the formula may have been taken for one between keys, which was said then. */
    if (is_text(r->l, n) && r->map->n_lost == 0) {
        r->rule->script = script_use_expression(r->l, node_str(n), scalar_part(n, 0, n->n), &owner);
    }
}

static void read_script(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    struct script_owner owner = item_owner(r, SCRIPT_ITEM);
    owner.draft.params = node_get(r->map, "params");
    r->rule->script = script_use_file(r->l, n, &owner);
}

/* Read with the script, whose own values tell what the parameters are. */
static void read_params(struct rule_reader *r, struct node *n, const struct rule_key *key)
{
    (void)key;
    is_map(r->l, n);
}

static const struct rule_key formula_keys[] = {
    {"formula", read_formula, 0, 0, N_("one Lua expression: full * letters_answered / 12")}, END};
static const struct rule_key lua_keys[] = {
    {"script", read_script, 0, 0, N_("the script's file, as in answered_on_time.lua")},
    {"params", read_params, 0, 0, NULL},
    END};

const struct method_entry methods[N_METHODS] = {
    [METHOD_YESNO] = {"yesno", TYPE(YESNO), yesno_keys},
    [METHOD_CHECKLIST] = {"checklist", TYPE(YESNO), checklist_keys},
    [METHOD_LADDER] = {"ladder", TYPE(YESNO), ladder_keys},
    [METHOD_CHOICE] = {"choice", TYPE(CHOICE), choice_keys},
    [METHOD_JUDGED] = {"judged", TYPE(COUNT) | TYPE(NUMBER), judged_keys},
    [METHOD_EACH] = {"each", NUMERIC, each_keys},
    [METHOD_SHORT] = {"short", NUMERIC, short_keys},
    [METHOD_RATIO] = {"ratio", NUMERIC, ratio_keys},
    [METHOD_GAP] = {"gap", NUMERIC, gap_keys},
    [METHOD_TIERS] = {"tiers", NUMERIC, tiers_keys},
    [METHOD_LINEAR] = {"linear", NUMERIC, linear_keys},
    [METHOD_LATE] = {"late", TYPE(DATE), late_keys},
    [METHOD_RATING] = {"rating", NUMERIC | TYPE(LIST), rating_keys},
    [METHOD_BEST] = {"best", NUMERIC, best_keys},
    [METHOD_RANK] = {"rank", NUMERIC, rank_keys},
    [METHOD_CHANGE] = {"change", NUMERIC, change_keys},
    [METHOD_CHILDREN] = {"children", 0, children_keys},
    [METHOD_PERIOD] = {"period", 0, period_keys},
    [METHOD_FORMULA] = {"formula", 0, formula_keys},
    [METHOD_LUA] = {"lua", 0, lua_keys},
};

/* ---- methods by name ---- */

enum method_id method_named(str word)
{
    for (int i = 0; i < N_METHODS; i++) {
        if (str_is(word, methods[i].word)) {
            return (enum method_id)i;
        }
    }
    return METHOD_NONE;
}

const char *const *method_keys(struct loader *l, enum method_id method)
{
    size_t n = 0, room = 1;
    for (int m = 0; m < N_METHODS; m++) {
        for (const struct rule_key *k = methods[m].keys; k->word; k++) {
            room += method == METHOD_NONE || (int)method == m;
        }
    }
    const char **keys = ARENA_ARRAY(l->arena, const char *, room);
    for (int m = 0; m < N_METHODS; m++) {
        for (const struct rule_key *k = methods[m].keys; k->word; k++) {
            if (method == METHOD_NONE || (int)method == m) {
                keys[n++] = k->word;
            }
        }
    }
    return keys;
}

/* ---- reading a rule ---- */

static bool takes_key(enum method_id method, str key)
{
    for (const struct rule_key *k = methods[method].keys; k->word; k++) {
        if (str_is(key, k->word)) {
            return true;
        }
    }
    return false;
}

static const char *keys_text(struct loader *l, enum method_id method)
{
    struct buf b = {0};
    for (const struct rule_key *k = methods[method].keys; k->word; k++) {
        buf_printf(&b, "%s%s", b.n == 0 ? "" : ", ", k->word);
    }
    const char *text = arena_text(l->arena, b.at ? b.at : "", b.n);
    buf_release(&b);
    return text;
}

/* Keys that belong to other methods: known to the language, wrong here. */
static void refuse_other_keys(struct rule_reader *r)
{
    enum method_id method = r->rule->method;
    for (uint32_t i = 0; i < r->map->n_items; i++) {
        const struct node *key = r->map->pairs[i].key;
        if (key->bad || !key_in(r->l->any_method_keys, node_str(key)) ||
            takes_key(method, node_str(key))) {
            continue;
        }
        diag_add(r->l->diag, FINDING_UNKNOWN_KEY, key->at, _("the method %s takes no `%s`"),
                 method_word(method), key->text);
        diag_hint(r->l->diag, _("its keys are: %s"), keys_text(r->l, method));
    }
}

/* What the values come from: exactly one of these keys, of those that the method takes. */
static void check_sources(struct rule_reader *r)
{
    static const char *const sources[] = {"field", "of", "fields", "events"};
    const char *given = NULL, *possible = NULL;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (r->rule->method == METHOD_CHILDREN || !takes_key(r->rule->method, str_of(sources[i]))) {
            continue;
        }
        possible = possible ? possible : sources[i];
        if (!node_get(r->map, sources[i])) {
            continue;
        }
        if (given) {
            either_or(r->l, key_span(r->map, sources[i]), _("`%s` and `%s` exclude each other"),
                      given, sources[i]);
        }
        given = sources[i];
    }
    if (possible && !given) {
        missing_key(r->l, r->map, r->member->at, possible,
                    _("the field that the item's value comes from"));
    }
}

static bool load_method(struct loader *l, struct node *map, struct member *m)
{
    struct node *method = node_get(map, "method");
    if (!method) {
        missing_key(l, map, m->at, "method", _("how the points are earned"));
        return false;
    }
    if (!is_text(l, method)) {
        return false;
    }
    m->rule.method = method_named(node_str(method));
    if (m->rule.method != METHOD_NONE) {
        return true;
    }
    struct nearest near = {.name = node_str(method)};
    for (int i = 0; i < N_METHODS; i++) {
        nearest_offer(&near, methods[i].word);
    }
    diag_add(l->diag, FINDING_UNKNOWN_METHOD, method->at, _("there is no method '%s'"),
             method->text);
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
    return false;
}

void rule_load(struct loader *l, uint32_t member)
{
    struct member *m = &l->rubric->members.at[member];
    struct node *map = l->drafts.at[member].node;
    if (!load_method(l, map, m)) {
        return;
    }
    const struct method_entry *method = &methods[m->rule.method];
    if (m->rule.method == METHOD_CHANGE && !m->off) {
        reads_previous(l, key_span(map, "method"));
    }
    if (m->rule.method == METHOD_CHILDREN && !m->off) {
        reads_children(l, key_span(map, "method"));
    }
    struct rule_reader r = {l, map, m, &m->rule, member, method->types, NUMBER_LOOSE};
    refuse_other_keys(&r);
    check_sources(&r);
    for (const struct rule_key *k = method->keys; k->word; k++) {
        struct node *n = node_get(map, k->word);
        if (n) {
            k->read(&r, n, k);
        } else if (k->needed) {
            missing_key(l, map, m->at, k->word, _(k->needed));
        }
    }
    rule_check(l, member);
}
