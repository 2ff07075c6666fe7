/*
 * rule_check.c - whether a method's keys make sense together: what excludes what, what must be
 * said, whether parts add up and bounds are in order.
 *
 * Numbers are compared class by class, for the classes that the item is for. A number that was
 * reported already (num_bad) is not compared.
 */
#include "load/rule_load.h"

#include "base/i18n.h"

struct rule_checker {
    struct loader *l;
    struct node *map;
    struct member *member;
    const struct rule *rule;
    uint32_t index;
};

static bool given(const struct rule_checker *c, const char *key)
{
    return node_get(c->map, key) != NULL;
}

static void policy(const struct rule_checker *c, const char *key, const char *why)
{
    if (key_excused(c->map)) {
        return;
    }
    diag_add(c->l->diag, FINDING_NEEDS_POLICY, c->member->at, _("`%s` is missing"), key);
    diag_hint(c->l->diag, "%s", why);
}

static void excluded(const struct rule_checker *c, const char *a, const char *b)
{
    if (given(c, a) && given(c, b)) {
        either_or(c->l, key_span(c->map, b), _("`%s` and `%s` exclude each other"), a, b);
    }
}

/* ---- class by class ---- */

static bool class_counts(const struct rule_checker *c, uint32_t class)
{
    /* "Any other" class matters only where none is named. */
    bool other = class == c->l->rubric->classes.n;
    return other ? c->l->rubric->classes.n == 0
                 : !c->member->for_class || c->member->for_class[class];
}

/* " (class X)" for messages, if the figures differ by class. */
static const char *class_text(const struct rule_checker *c, uint32_t class, bool differ)
{
    if (!differ || class >= c->l->rubric->classes.n) {
        return "";
    }
    return arena_printf(c->l->arena, _(" (class %s)"), c->l->rubric->classes.at[class]);
}

/* Whether a < b for every class where both are given; the first class where it is not, to *class.
 */
static bool rises(const struct rule_checker *c, const struct num *a, const struct num *b,
                  uint32_t *class)
{
    for (uint32_t i = 0; a->v && b->v && i < n_class_slots(c->l); i++) {
        dec low = num_of(a, i), high = num_of(b, i);
        if (class_counts(c, i) && low != DEC_NONE && high != DEC_NONE && low >= high) {
            *class = i;
            return false;
        }
    }
    return true;
}

static void order(const struct rule_checker *c, const struct num *low, const struct num *high,
                  const struct num *second, const char *wanted)
{
    uint32_t class;
    if (rises(c, low, high, &class)) {
        return;
    }
    diag_add(c->l->diag, FINDING_BAD_ORDER, second->at, _("these are not in order: %s%s"), wanted,
             class_text(c, class, low->by_class || high->by_class));
}

/* The sum of some numbers for a class; DEC_NONE if one of them is wrong. */
static dec sum_parts(const struct rule_checker *c, uint32_t class)
{
    dec sum = 0;
    for (uint32_t i = 0; i < c->rule->parts.n; i++) {
        sum = dec_add(sum, num_of(&c->rule->parts.at[i].points, class));
    }
    return sum;
}

static bool parts_known(const struct rule *rule, uint32_t class)
{
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        if (num_of(&rule->parts.at[i].points, class) == DEC_NONE) {
            return false;
        }
    }
    return true;
}

static bool parts_by_class(const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        if (rule->parts.at[i].points.by_class) {
            return true;
        }
    }
    return false;
}

/* ---- methods ---- */

static void check_checklist(const struct rule_checker *c)
{
    char sum_text[DEC_TEXT], full_text[DEC_TEXT];
    excluded(c, "lose", "all");
    if (!c->rule->parts_given_points) {
        return;
    }
    excluded(c, "parts", "lose");
    for (uint32_t i = 0; c->member->points.v && i < n_class_slots(c->l); i++) {
        dec sum = sum_parts(c, i), full = num_of(&c->member->points, i);
        if (class_counts(c, i) && sum == DEC_NONE && parts_known(c->rule, i)) {
            diag_add(c->l->diag, FINDING_OVERFLOW, key_span(c->map, "parts"),
                     _("%s add up to more than can be calculated, 92 billion"), _("the parts"));
            return;
        }
        if (!class_counts(c, i) || sum == DEC_NONE || full == DEC_NONE || sum == full) {
            continue;
        }
        diag_add(c->l->diag, FINDING_SUM_MISMATCH, key_span(c->map, "parts"),
                 _("the parts add up to %s, the item has %s points%s"),
                 dec_text(sum, DEC_EXACT, sum_text), dec_text(full, DEC_EXACT, full_text),
                 class_text(c, i, c->member->points.by_class || parts_by_class(c->rule)));
        c->l->drafts.at[c->index].doubtful = true;
        return;
    }
}

/* A warning where the best that a rule gives is not the item's full marks. */
static void check_top(const struct rule_checker *c, const struct num *top, const char *key)
{
    char top_text[DEC_TEXT], full_text[DEC_TEXT];
    for (uint32_t i = 0; top->v && c->member->points.v && i < n_class_slots(c->l); i++) {
        dec best = num_of(top, i), full = num_of(&c->member->points, i);
        if (!class_counts(c, i) || best == DEC_NONE || full == DEC_NONE || best == full ||
            c->member->cap_none || c->l->drafts.at[c->index].doubtful ||
            (given(c, "cap") && node_get(c->map, "cap")->bad)) {
            continue;
        }
        diag_add(c->l->diag, FINDING_FULL_MARKS, key_span(c->map, key),
                 _("the most that can be earned is %s, the item has %s points%s"),
                 dec_text(best, DEC_EXACT, top_text), dec_text(full, DEC_EXACT, full_text),
                 class_text(c, i, top->by_class || c->member->points.by_class));
        return;
    }
}

static void check_ladder(const struct rule_checker *c)
{
    uint32_t n = c->rule->levels.n;
    for (uint32_t i = 1; i < n; i++) {
        const struct num *above = &c->rule->levels.at[i].points;
        order(c, &c->rule->levels.at[i - 1].points, above, above,
              _("levels stand lowest first, each with more points than the one before"));
    }
}

/* The best option's points for a class; DEC_NONE if one of them was reported. */
static dec best_option(const struct rule_checker *c, uint32_t class)
{
    dec best = 0;
    for (uint32_t i = 0; i < c->rule->scores.n; i++) {
        const struct option_score *score = &c->rule->scores.at[i];
        if (!score->not_applicable) {
            best = dec_max(best, num_of(&score->points, class));
            if (num_of(&score->points, class) == DEC_NONE) {
                return DEC_NONE;
            }
        }
    }
    return c->rule->scores.n > 0 ? best : DEC_NONE;
}

static void top_of_choice(const struct rule_checker *c)
{
    uint32_t slots = n_class_slots(c->l);
    dec *best = ARENA_ARRAY(c->l->arena, dec, slots);
    bool differ = false;
    for (uint32_t i = 0; i < slots; i++) {
        best[i] = best_option(c, i);
    }
    for (uint32_t i = 0; i < c->rule->scores.n; i++) {
        differ = differ || c->rule->scores.at[i].points.by_class;
    }
    struct num top = {best, differ, c->map->at};
    check_top(c, &top, "scores");
}

/* Events either all earn or all lose. */
static void check_events(const struct rule_checker *c)
{
    bool earn = false, lose = false;
    for (uint32_t i = 0; i < c->rule->parts.n; i++) {
        const struct num *n = &c->rule->parts.at[i].points;
        for (uint32_t k = 0; n->v && k < (n->by_class ? n_class_slots(c->l) : 1); k++) {
            earn = earn || (n->v[k] != DEC_NONE && n->v[k] > 0);
            lose = lose || (n->v[k] != DEC_NONE && n->v[k] < 0);
        }
        if (earn && lose) {
            either_or(c->l, n->at,
                      _("events either all earn points (from 0) or all lose them "
                        "(from full marks)"));
            return;
        }
    }
}

static void check_each(const struct rule_checker *c)
{
    excluded(c, "earn", "lose");
    excluded(c, "events", "earn");
    excluded(c, "events", "lose");
    excluded(c, "events", "then");
    if (!given(c, "earn") && !given(c, "lose") && !given(c, "events") &&
        (given(c, "field") || given(c, "of"))) {
        missing_key(c->l, c->map, c->member->at, "earn",
                    _("`earn: p` or `lose: p` for each event"));
    }
    check_events(c);
}

static bool events_lose(const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        const struct num *n = &rule->parts.at[i].points;
        if (n->v && n->v[0] != DEC_NONE && n->v[0] < 0) {
            return true;
        }
    }
    return false;
}

static void check_short(const struct rule_checker *c)
{
    const struct node *fields = node_get(c->map, "fields");
    if (fields && fields->kind == NODE_MAP) {
        excluded(c, "fields", "need");
    } else if (!given(c, "need")) {
        missing_key(c->l, c->map, c->member->at, "need", _("how many are needed"));
    }
}

static void check_positive(const struct rule_checker *c, const struct num *n)
{
    for (uint32_t i = 0; n->v && i < (n->by_class ? n_class_slots(c->l) : 1); i++) {
        if (n->v[i] != DEC_NONE && n->v[i] <= 0) {
            diag_add(c->l->diag, FINDING_OUT_OF_RANGE, n->at,
                     _("a number greater than 0 is needed here"));
            return;
        }
    }
}

static void check_gap_rates(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    const struct node *first = node_get(c->map, "rates");
    bool above =
        first->kind == NODE_LIST && first->n_items > 0 && node_get(first->items[0], "above");
    excluded(c, "rates", "target");
    excluded(c, "rates", "lose");
    if (given(c, "better") && rule->rates.n > 0 && above != rule->lower_is_better) {
        either_or(c->l, key_span(c->map, "better"),
                  _("`better` contradicts the rates: with `%s`, %s"), above ? "above" : "below",
                  above ? _("less is better") : _("more is better"));
    }
    for (uint32_t i = 1; i < rule->rates.n; i++) {
        const struct num *a = &rule->rates.at[i - 1].bound, *b = &rule->rates.at[i].bound;
        order(c, above ? a : b, above ? b : a, b,
              above ? _("each `above` is higher than the one before")
                    : _("each `below` is lower than the one before"));
    }
    if (rule->rates.n > 1 && !given(c, "mode")) {
        policy(c, "mode",
               _("with several rates: marginal (each stretch at its own rate) or all "
                 "(the whole distance at the last rate reached)?"));
    }
}

static void check_gap(const struct rule_checker *c)
{
    if (given(c, "rates")) {
        check_gap_rates(c);
        return;
    }
    if (!given(c, "target")) {
        missing_key(c->l, c->map, c->member->at, "target", _("`target` and `lose`, or `rates`"));
    } else if (!given(c, "lose")) {
        missing_key(c->l, c->map, c->member->at, "lose",
                    _("what each step costs, as in: 0.5 per 1"));
    }
    if (!given(c, "better")) {
        default_add(c->l, "better", "high", c->index);
    }
}

static void check_tiers(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    for (uint32_t i = 1; i < rule->tiers.n; i++) {
        const struct num *a = &rule->tiers.at[i - 1].bound, *b = &rule->tiers.at[i].bound;
        order(c, rule->tiers_to ? a : b, rule->tiers_to ? b : a, b,
              rule->tiers_to ? _("with `to` tiers stand lowest first")
                             : _("with `from` tiers stand highest first"));
    }
}

static void check_linear(const struct rule_checker *c)
{
    const struct num *from = &c->rule->from, *to = &c->rule->to;
    bool falls = false, climbs = false;
    if (c->member->floor_none || c->member->cap_none) {
        diag_add(
            c->l->diag, FINDING_NO_EFFECT,
            key_span(c->map, c->member->floor_none ? "floor" : "cap"),
            _("the line of `linear` ends at `from` and at `to`: there is nothing to be lifted"));
    }
    for (uint32_t i = 0; from->v && to->v && i < n_class_slots(c->l); i++) {
        dec a = num_of(from, i), b = num_of(to, i);
        if (!class_counts(c, i) || a == DEC_NONE || b == DEC_NONE) {
            continue;
        }
        falls = falls || a > b;
        climbs = climbs || a < b;
        if (a == b) {
            diag_add(c->l->diag, FINDING_BAD_ORDER, to->at,
                     _("`from` and `to` are the same%s; the line between them needs two ends"),
                     class_text(c, i, from->by_class || to->by_class));
            return;
        }
    }
    /* Where the classes differ the scorer looks for itself. */
    c->member->rule.lower_is_better = falls && !climbs;
}

static void check_late(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    bool by_day = rule->time_unit == TIME_DAY;
    for (uint32_t i = 0; rule->per.v && i < (rule->per.by_class ? n_class_slots(c->l) : 1); i++) {
        by_day = by_day && (rule->per.v[i] == DEC_ONE || rule->per.v[i] == DEC_NONE);
    }
    if (rule->per.v && !by_day && !given(c, "partial_step")) {
        policy(c, "partial_step",
               _("what does part of a week or month cost: down (nothing), up (a whole one) or "
                 "exact (its part)?"));
    }
    check_positive(c, &rule->nothing_value);
}

static void check_rating(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    bool list =
        rule->field != FIELD_NONE && c->l->rubric->fields.list.at[rule->field].type == FIELD_LIST;
    if (rule->field != FIELD_NONE && !list) {
        const struct node *field = node_get(c->map, "field");
        diag_add(c->l->diag, FINDING_WRONG_TYPE, field->at,
                 _("a rating's `field` is of type list; several fields stand under `fields`"));
    }
    if (!given(c, "at_least")) {
        default_add(c->l, "at_least", "1", c->index);
    }
    for (uint32_t i = 0; i < (rule->at_least.by_class ? n_class_slots(c->l) : 1); i++) {
        if (rule->parts.n == 0 || !num_given(&rule->at_least) ||
            num_of(&rule->at_least, i) <= dec_from_int(rule->parts.n)) {
            continue;
        }
        diag_add(c->l->diag, FINDING_OUT_OF_RANGE, key_span(c->map, "at_least"),
                 _("there are only %u raters"), rule->parts.n);
        break;
    }
}

static void check_rank(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    excluded(c, "step", "last");
    excluded(c, "tiers", "step");
    excluded(c, "tiers", "last");
    excluded(c, "tiers", "first");
    if (!given(c, "step") && !given(c, "last") && !given(c, "tiers")) {
        missing_key(c->l, c->map, c->member->at, "step",
                    _("`step: p` a place, or `last: p`, or `tiers: [{top: ..., points: ...}]`"));
    }
    if (!given(c, "first") && !given(c, "tiers")) {
        default_add(c->l, "first", "points", c->index);
    }
    for (uint32_t i = 1; i < rule->tiers.n; i++) {
        const struct tier *a = &rule->tiers.at[i - 1], *b = &rule->tiers.at[i];
        /* A place and a share can only be compared once it is known how many units there are. */
        if (a->percent == b->percent) {
            order(c, &a->bound, &b->bound, &b->bound,
                  _("each `top` is larger than the one before"));
        }
    }
}

/* Places are those of the total: there is none in an item. */
static void check_children(const struct rule_checker *c)
{
    excluded(c, "take", "last");
    excluded(c, "take", "lose");
    if (!given(c, "take") && !given(c, "last")) {
        missing_key(c->l, c->map, c->member->at, "take",
                    given(c, "lose") ? _("`last: N` with `lose: p`")
                                     : _("`take: mean` or `min`, or `last: N` with `lose: p`"));
    } else if (given(c, "last") && !given(c, "lose")) {
        missing_key(c->l, c->map, c->member->at, "lose",
                    _("the points that each unit among the last ones costs"));
    } else if (given(c, "take") && !given(c, "of")) {
        missing_key(c->l, c->map, c->member->at, "of",
                    _("total, or the id of an item or section of the subordinate units"));
    }
    if (given(c, "last") && c->rule->child_member != MEMBER_NONE) {
        either_or(c->l, key_span(c->map, "of"),
                  _("`last` goes by the places of the total; write `of: total` or leave it out"));
    } else if (c->rule->child_member != MEMBER_NONE &&
               c->l->rubric->members.at[c->rule->child_member].group != RUBRIC_ROOT) {
        diag_add(c->l->diag, FINDING_WRONG_KIND, key_span(c->map, "of"),
                 _("there is no share of bonus or deductions to be taken: they have no full marks "
                   "that every unit could reach"));
    }
}

/* The most that a change can earn by itself: nothing limits it but the full marks where one way of
 * changing earns. */
static void top_of_change(const struct rule_checker *c)
{
    const struct rule *rule = c->rule;
    uint32_t slots = n_class_slots(c->l);
    dec *best = ARENA_ARRAY(c->l->arena, dec, slots);
    bool differ = rule->same.by_class || rule->up.by_class || rule->down.by_class ||
                  c->member->points.by_class;
    for (uint32_t i = 0; i < slots; i++) {
        dec same = num_of(&rule->same, i), up = num_of(&rule->up, i), down = num_of(&rule->down, i);
        dec full = num_of(&c->member->points, i);
        bool told = same != DEC_NONE && up != DEC_NONE && down != DEC_NONE && full != DEC_NONE;
        best[i] = !told ? DEC_NONE : up > 0 || down > 0 ? dec_max(same, full) : same;
    }
    struct num top = {best, differ, key_span(c->map, "same")};
    check_top(c, &top, "same");
}

/* Several kinds of events have no one value to hold against a limit. */
static void check_nothing(const struct rule_checker *c)
{
    excluded(c, "nothing_at", "nothing_past");
    if (c->rule->nothing != NOTHING_NEVER && given(c, "events")) {
        either_or(c->l,
                  key_span(c->map, c->rule->nothing == NOTHING_AT ? "nothing_at" : "nothing_past"),
                  _("`nothing_at` and `nothing_past` need a single `field`, not `events`"));
    }
}

static struct rule_checker checker_of(struct loader *l, uint32_t member)
{
    struct member *m = &l->rubric->members.at[member];
    return (struct rule_checker){l, l->drafts.at[member].node, m, &m->rule, member};
}

void rule_check_tops(struct loader *l)
{
    for (uint32_t i = 0; i < l->rubric->members.n; i++) {
        struct rule_checker c = checker_of(l, i);
        const struct rule *rule = c.rule;
        /* Where the sum above does not add up either, it is the item's points that are wrong. */
        if (c.member->kind != MEMBER_ITEM || l->drafts.at[c.member->parent].sum_wrong) {
            continue;
        }
        if (rule->method == METHOD_LADDER && rule->levels.n > 0) {
            check_top(&c, &rule->levels.at[rule->levels.n - 1].points, "levels");
        } else if (rule->method == METHOD_TIERS && rule->tiers.n > 0) {
            check_top(&c, &rule->tiers.at[0].points, "tiers");
        } else if (rule->method == METHOD_CHOICE) {
            top_of_choice(&c);
        } else if (rule->method == METHOD_CHANGE) {
            top_of_change(&c);
        }
    }
}

void rule_check(struct loader *l, uint32_t member)
{
    static void (*const checks[N_METHODS])(const struct rule_checker *) = {
        [METHOD_CHECKLIST] = check_checklist,
        [METHOD_LADDER] = check_ladder,
        [METHOD_EACH] = check_each,
        [METHOD_SHORT] = check_short,
        [METHOD_GAP] = check_gap,
        [METHOD_TIERS] = check_tiers,
        [METHOD_LINEAR] = check_linear,
        [METHOD_LATE] = check_late,
        [METHOD_RATING] = check_rating,
        [METHOD_RANK] = check_rank,
        [METHOD_CHILDREN] = check_children,
    };
    struct rule_checker c = checker_of(l, member);
    struct member *m = c.member;
    if (m->rule.method == METHOD_RATIO) {
        check_positive(&c, &m->rule.target);
    }
    if (checks[m->rule.method]) {
        checks[m->rule.method](&c);
    }
    check_nothing(&c);
    if (m->rule.method == METHOD_EACH && (given(&c, "lose") || events_lose(&m->rule))) {
        m->rule.lower_is_better = true;
    }
}
