/*
 * rubric_check.c - the sense of a rubric as a whole: decisions that it must take because the case
 * can occur, and the defaults that it leaves to stand.
 *
 * A table of checks, each with what must be there for it to say anything true. To add one: a
 * function and a line in the table.
 */
#include "load/loader.h"

#include "base/date.h"
#include "base/i18n.h"

/* ---- helpers ---- */

void default_add(struct loader *l, const char *key, const char *value, uint32_t member)
{
    *vec_push(l->arena, &l->rubric->defaults) = (struct default_used){key, value, member};
}

void rule_each_field(const struct rule *rule, void (*each)(void *, uint32_t field), void *context)
{
    const uint32_t singles[] = {rule->field, rule->of};
    for (size_t i = 0; i < 2; i++) {
        if (singles[i] != FIELD_NONE) {
            each(context, singles[i]);
        }
    }
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        if (rule->parts.at[i].field != FIELD_NONE) {
            each(context, rule->parts.at[i].field);
        }
    }
    for (uint32_t i = 0; i < rule->levels.n; i++) {
        for (uint32_t k = 0; k < rule->levels.at[i].needs.n; k++) {
            each(context, rule->levels.at[i].needs.at[k]);
        }
    }
    for (uint32_t i = 0; i < rule->reads.n; i++) {
        each(context, rule->reads.at[i]);
    }
}

static bool in_total(const struct member *m)
{
    return m->kind == MEMBER_ITEM && m->group == RUBRIC_ROOT;
}

/* Whether an unknown key of the member or of what stands above it may be the policy that is
 * missing. */
static bool policy_excused(const struct loader *l, uint32_t member)
{
    for (; member != MEMBER_NONE; member = l->rubric->members.at[member].parent) {
        if (l->drafts.at[member].node->n_lost > 0) {
            return true;
        }
    }
    return false;
}

/* ---- fields ---- */

static void mark_used(void *context, uint32_t field)
{
    struct loader *l = context;
    l->rubric->fields.list.at[field].used = true;
}

static void check_used(struct loader *l)
{
    struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (m->off) {
            continue;
        }
        rule_each_field(&m->rule, mark_used, l);
        if (m->reason_field != FIELD_NONE) {
            r->fields.list.at[m->reason_field].used = true;
        }
    }
    for (uint32_t i = 0; i < r->ranking.breaks.n; i++) {
        const struct operand *by = &r->ranking.breaks.at[i].by;
        if (by->kind == OPERAND_FIELD) {
            r->fields.list.at[by->index].used = true;
        }
    }
}

/* ---- what cannot be reported, or does not apply ---- */

/* Whether it is not called where the previous period has no value. */
static bool needs_previous(const struct script *s)
{
    for (uint32_t i = 0; i < s->inputs.n && !s->call_always; i++) {
        if (s->inputs.at[i].kind == INPUT_PREVIOUS) {
            return true;
        }
    }
    return false;
}

/* Whether it is not called for a unit that has none under it. */
static bool needs_children(const struct script *s)
{
    for (uint32_t i = 0; i < s->inputs.n && !s->call_always; i++) {
        const struct input *in = &s->inputs.at[i];
        if (in->kind == INPUT_CHILDREN && in->figure != CHILD_ALL && in->figure != CHILD_COUNT) {
            return true;
        }
    }
    return false;
}

/* Why an item can be not applicable by the rubric's own means, or NULL. */
static const char *why_not_applicable(const struct rubric *r, const struct member *m)
{
    if (m->when) {
        return _("its `when` may not hold");
    }
    if (m->rule.of != FIELD_NONE) {
        return _("in `of: [a, b]` b may be 0");
    }
    if (m->rule.method == METHOD_CHANGE) {
        return _("a unit may have no value of the previous period");
    }
    if (m->rule.method == METHOD_CHILDREN) {
        return _("a unit may have no subordinate units");
    }
    for (uint32_t i = 0; i < m->rule.scores.n; i++) {
        if (m->rule.scores.at[i].not_applicable) {
            return _("one of its options says so");
        }
    }
    if (m->rule.script != SCRIPT_NONE && r->scripts.at[m->rule.script].may_not_apply) {
        return _("its script may say so");
    }
    if (m->rule.script != SCRIPT_NONE && needs_previous(&r->scripts.at[m->rule.script])) {
        return _("a unit may have no value of the previous period");
    }
    if (m->rule.script != SCRIPT_NONE && needs_children(&r->scripts.at[m->rule.script])) {
        return _("a unit may have no subordinate units");
    }
    return NULL;
}

/* Reported at the first such item: the answer is mostly one line for the whole rubric. */
static void check_not_applicable(struct loader *l)
{
    const struct rubric *r = l->rubric;
    uint32_t others = 0;
    const struct member *first = NULL;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (in_total(m) && m->not_applicable == NA_UNSET && why_not_applicable(r, m) &&
            !policy_excused(l, i)) {
            others += first != NULL;
            first = first ? first : m;
        }
    }
    if (!first) {
        return;
    }
    if (others == 0) {
        diag_add(l->diag, FINDING_NEEDS_POLICY, first->at,
                 _("'%s' can be not applicable (%s), and nothing says what then"), first->id,
                 why_not_applicable(r, first));
    } else {
        diag_add(l->diag, FINDING_NEEDS_POLICY, first->at,
                 _("'%s' and %u more items can be not applicable (%s), and nothing says what then"),
                 first->id, others, why_not_applicable(r, first));
    }
    diag_hint(l->diag,
              _("write not_applicable: rescale | even | full | zero | {share: 80%%} at the "
                "item, its section or the rubric"));
}

struct assessor_search {
    const struct loader *l;
    const struct field *found;
};

static void find_assessor_field(void *context, uint32_t field)
{
    struct assessor_search *s = context;
    const struct field *f = &s->l->rubric->fields.list.at[field];
    if (f->by_assessor && !s->found) {
        s->found = f;
    }
}

/* What a part of the year without a total means is never a matter of course. */
static bool check_missing_period(struct loader *l, const struct member *m)
{
    if (m->rule.method != METHOD_PERIOD) {
        return false;
    }
    diag_add(l->diag, FINDING_NEEDS_POLICY, m->at,
             _("'%s' rests on the total of a period: `missing` must say what it means that a unit "
               "has none"),
             m->id);
    diag_hint(l->diag, _("write missing: zero (it earns nothing), unscored (the others carry its "
                         "points) or error (the unit is not scored)"));
    return true;
}

static void check_missing(struct loader *l)
{
    const struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        struct assessor_search search = {.l = l};
        if (!in_total(m) || m->missing_given || policy_excused(l, i)) {
            continue;
        }
        if (check_missing_period(l, m)) {
            return;
        }
        rule_each_field(&m->rule, find_assessor_field, &search);
        if (search.found) {
            diag_add(l->diag, FINDING_NEEDS_POLICY, m->at,
                     _("'%s' rests on '%s', which the assessor fills in: `missing` must say what "
                       "an empty cell means"),
                     m->id, search.found->id);
            diag_hint(l->diag, _("write missing: zero | none | unscored | error at the item, its "
                                 "section or the rubric"));
            return;
        }
    }
}

/* ---- grades and ranking ---- */

static void check_vetoed(struct loader *l)
{
    const struct rubric *r = l->rubric;
    struct node *ranking = node_get(l->root, "ranking");
    if (r->ranking.vetoed != VETOED_UNSET || (!ranking && key_excused(l->root)) ||
        (ranking && (ranking->bad || node_get(ranking, "vetoed") || key_excused(ranking)))) {
        return;
    }
    for (uint32_t i = 0; i < r->gates.n; i++) {
        if (r->gates.at[i].effect == EFFECT_AT_BEST) {
            diag_add(l->diag, FINDING_NEEDS_POLICY, r->gates.at[i].at,
                     _("the gate '%s' limits the grade, and nothing says where such units rank"),
                     r->gates.at[i].id);
            diag_hint(l->diag, _("write ranking: {vetoed: last | by_points | unranked}"));
            return;
        }
    }
}

static void check_quotas(struct loader *l)
{
    const struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->grades.n; i++) {
        if (r->grades.at[i].quota.per_all && !r->ranking.within_all) {
            diag_add(
                l->diag, FINDING_QUOTA, r->grades.at[i].at,
                _("the quota of '%s' is of all units (`per: all`), but units are ranked within "
                  "their class"),
                r->grades.at[i].name);
            diag_hint(l->diag, _("write per: class, or ranking: {within: all}"));
        }
    }
}

static void check_needs(struct loader *l)
{
    const struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->grades.n; i++) {
        for (uint32_t k = 0; k < r->grades.at[i].needs.n; k++) {
            const struct need *need = &r->grades.at[i].needs.at[k];
            if (r->members.at[need->member].group != RUBRIC_ROOT) {
                diag_add(l->diag, FINDING_WRONG_KIND, need->share.at,
                         _("a grade cannot need points of bonus or deductions: they have no full "
                           "marks that every unit could reach"));
            }
        }
    }
}

/* The most that a unit of the class can have; DEC_NONE where nothing limits it or it cannot be
 * told.
 */
static dec most_points(const struct loader *l, uint32_t class)
{
    const struct rubric *r = l->rubric;
    const struct member *root = &r->members.at[RUBRIC_ROOT];
    dec most = num_of(&root->points, class);
    if (root->cap_none || l->drafts.at[RUBRIC_ROOT].doubtful || most == DEC_NONE) {
        return DEC_NONE;
    }
    if (r->deductions != MEMBER_NONE && r->members.at[r->deductions].floor_none) {
        return DEC_NONE;
    }
    if (r->bonus != MEMBER_NONE) {
        most = dec_add(most, num_of(&r->members.at[r->bonus].cap, class));
    }
    if (r->total_cap != DEC_NONE && most != DEC_NONE) {
        most = dec_min(most, r->total_cap);
    }
    return most == DEC_NONE ? DEC_NONE : dec_round(most, r->round_total);
}

static dec most_of_section(const struct loader *l, uint32_t section, uint32_t class)
{
    const struct member *m = &l->rubric->members.at[section];
    dec most = num_of(&m->points, class);
    if (m->cap_none || l->drafts.at[section].doubtful || most == DEC_NONE) {
        return DEC_NONE;
    }
    return l->rubric->round_section_given ? dec_round(most, l->rubric->round_section) : most;
}

/* Said of the lowest band that is out of reach: those above it are too. False after a finding. */
static bool check_reach(struct loader *l, const struct grade *grades, uint32_t n, uint32_t class,
                        dec most)
{
    char from_text[DEC_TEXT], most_text[DEC_TEXT];
    for (uint32_t i = n; i-- > 0 && most != DEC_NONE;) {
        const struct num *from = &grades[i].from;
        if (num_of(from, class) == DEC_NONE || num_of(from, class) <= most) {
            continue;
        }
        bool named = class < l->rubric->classes.n && l->rubric->numbers_by_class;
        diag_add(l->diag, FINDING_BAND_UNREACHABLE, from->at,
                 _("'%s' can never be reached: it begins at %s, and there are at most %s points%s"),
                 grades[i].name, dec_text(num_of(from, class), DEC_EXACT, from_text),
                 dec_text(most, DEC_EXACT, most_text),
                 named ? arena_printf(l->arena, _(" (class %s)"), l->rubric->classes.at[class])
                       : "");
        return false;
    }
    return true;
}

static void check_reaches(struct loader *l)
{
    const struct rubric *r = l->rubric;
    uint32_t n_classes = r->classes.n > 0 ? r->classes.n : 1; /* or "any other" alone */
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        const struct grade *grades = i == RUBRIC_ROOT ? r->grades.at : m->grades.at;
        uint32_t n = i == RUBRIC_ROOT ? r->grades.n : m->grades.n;
        for (uint32_t c = 0; c < n_classes; c++) {
            dec most = i == RUBRIC_ROOT ? most_points(l, c) : most_of_section(l, i, c);
            if (!check_reach(l, grades, n, c, most)) {
                break;
            }
        }
    }
}

/* ---- days ---- */

static void check_issued(struct loader *l)
{
    struct rubric *r = l->rubric;
    char text[DATE_TEXT];
    if (node_get(l->root, "issued")) {
        return;
    }
    if (r->issued != DATE_NONE) {
        if (l->issued_needed) {
            default_add(l, "issued", arena_printf(l->arena, "%s", date_text(r->issued, text)),
                        MEMBER_NONE);
        }
        return;
    }
    if (l->issued_needed) {
        missing_key(l, l->root, r->period ? key_span(l->root, "period") : l->root->at, "issued",
                    _("deadlines are given in days from then, and no period says its last day"));
    }
}

/* ---- defaults that stand ---- */

static bool any_missing_given(const struct rubric *r)
{
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (r->members.at[i].missing_given) {
            return true;
        }
    }
    return false;
}

static void list_missing(struct loader *l)
{
    const struct rubric *r = l->rubric;
    if (!any_missing_given(r)) {
        default_add(l, "missing", "zero", MEMBER_NONE);
        return;
    }
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        if (in_total(m) && !m->missing_given) {
            default_add(l, "missing", "zero", i);
        }
    }
}

static void list_deficiency(struct loader *l)
{
    bool below = false, severity = false;
    for (uint32_t i = 0; i < l->rubric->members.n; i++) {
        const struct member *m = &l->rubric->members.at[i];
        if (in_total(m) && !m->deficiency.none) {
            below = below || !l->drafts.at[i].below_given;
            severity = severity || !l->drafts.at[i].severity_given;
        }
    }
    if (below) {
        default_add(l, "deficiency.below", "60%", MEMBER_NONE);
    }
    if (severity) {
        default_add(l, "deficiency.severity", "minor", MEMBER_NONE);
    }
}

static void list_defaults(struct loader *l)
{
    const struct rubric *r = l->rubric;
    list_missing(l);
    list_deficiency(l);
    if (r->deductions != MEMBER_NONE && !node_get(l->root, "floor")) {
        default_add(l, "floor", "0", MEMBER_NONE);
    }
    if (r->bonus != MEMBER_NONE && !node_get(l->root, "cap")) {
        default_add(l, "cap", "none", MEMBER_NONE);
    }
}

/* Numbers by class name classes too, wherever they stand. */
static void settle_child_classes(struct loader *l)
{
    struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->members.n; i++) {
        struct rule *rule = &r->members.at[i].rule;
        uint32_t class = rule->child_class ? rubric_class(r, str_of(rule->child_class)) : 0;
        rule->child_class_index = class < r->classes.n ? class : UINT32_MAX;
    }
}

/* ---- the table ---- */

/* Findings of one check may silence another: sums mark what is doubtful before tops are compared.
 */
void rubric_check(struct loader *l)
{
    static const struct {
        bool needs_fields; /* says something true only if the data dictionary could be read */
        void (*check)(struct loader *);
    } checks[] = {
        {true, check_used},    {false, check_not_applicable}, {true, check_missing},
        {false, check_vetoed}, {false, check_quotas},         {false, check_needs},
        {false, points_check}, {false, rule_check_tops},      {false, check_reaches},
        {false, check_issued}, {false, list_defaults},        {false, settle_child_classes},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (l->fields_known || !checks[i].needs_fields) {
            checks[i].check(l);
        }
    }
}
