/*
 * points_check.c - whether points add up, class by class, and the points of sections that give
 * none.
 *
 * From the last member to the first, so members before the section they stand in. What is doubtful,
 * because it was reported or depends on something that was, is not added up: one slip, one finding.
 *
 *   section      points given?      cap: N?        else
 *   sum          must agree         points are N   the members' sum × factor
 *   scale: true  needed             -              -
 *   mean, ...    taken as they are  points are N   1
 */
#include "load/loader.h"

#include "base/i18n.h"

#define ADDENDS_SHOWN 12U

struct sums {
    struct loader *l;
    struct rubric *r;
    uint32_t slots;
    bool *on; /* [member * slots + class] whether it is on that class's sheet */
};

static const bool *on_row(const struct sums *s, uint32_t member)
{
    return s->on + (size_t)member * s->slots;
}

/* "Any other" class counts only where none is named: elsewhere its numbers are not known. */
static bool class_counts(const struct sums *s, uint32_t class)
{
    return class < s->r->classes.n || s->r->classes.n == 0;
}

static void find_sheets(struct sums *s)
{
    s->on = ARENA_ARRAY(s->l->arena, bool, (size_t)s->r->members.n * s->slots);
    for (uint32_t i = s->r->members.n; i-- > 0;) {
        const struct member *m = &s->r->members.at[i];
        for (uint32_t c = 0; c < s->slots; c++) {
            bool *on = &s->on[(size_t)i * s->slots + c];
            if (m->kind == MEMBER_ITEM) {
                *on = member_is_for(m, c);
            }
            if (*on && m->parent != MEMBER_NONE) {
                s->on[(size_t)m->parent * s->slots + c] = true;
            }
        }
    }
}

/* ---- findings ---- */

static const char *class_text(const struct sums *s, uint32_t class, bool differs)
{
    if (!differs || class >= s->r->classes.n) {
        return "";
    }
    return arena_printf(s->l->arena, _(" (class %s)"), s->r->classes.at[class]);
}

/* "20 + 40 + 39" for the hint. */
static const char *addends(const struct sums *s, const struct member *m, uint32_t class)
{
    struct buf b = {0};
    char text[DEC_TEXT];
    uint32_t shown = 0;
    for (uint32_t i = 0; i < m->members.n; i++) {
        uint32_t child = m->members.at[i];
        if (!on_row(s, child)[class]) {
            continue;
        }
        if (shown++ == ADDENDS_SHOWN) {
            buf_text(&b, " + …");
            break;
        }
        buf_printf(&b, "%s%s %s", shown > 1 ? " + " : "", s->r->members.at[child].id,
                   dec_text(num_of(&s->r->members.at[child].points, class), DEC_EXACT, text));
    }
    const char *sum = arena_text(s->l->arena, b.at ? b.at : "", b.n);
    buf_release(&b);
    return sum;
}

static span points_at(const struct member *m) { return m->points.at.source ? m->points.at : m->at; }

static void mismatch(const struct sums *s, uint32_t index, uint32_t class, dec sum, dec full)
{
    const struct member *m = &s->r->members.at[index];
    char sum_text[DEC_TEXT], full_text[DEC_TEXT];
    bool differs = m->points.by_class || m->factor.by_class;
    for (uint32_t i = 0; i < m->members.n; i++) {
        const struct member *child = &s->r->members.at[m->members.at[i]];
        differs = differs || child->points.by_class || child->for_class;
    }
    dec_text(sum, DEC_EXACT, sum_text);
    dec_text(full, DEC_EXACT, full_text);
    span at = num_given(&m->cap) && index != RUBRIC_ROOT ? m->cap.at : points_at(m);
    const char *where = class_text(s, class, differs);
    if (index == RUBRIC_ROOT) {
        diag_add(s->l->diag, FINDING_SUM_MISMATCH, at,
                 _("the points add up to %s, but `total` is %s%s"), sum_text, full_text, where);
    } else {
        diag_add(
            s->l->diag, FINDING_SUM_MISMATCH, at,
            _("what stands in the section '%s' adds up to %s, but the section has %s points%s"),
            m->id, sum_text, full_text, where);
    }
    diag_hint(
        s->l->diag, "%s%s%s", addends(s, m, class), num_given(&m->factor) ? _(" (× factor)") : "",
        all_have_weights(s->l, m) ? _("; all of them have a weight: is `combine: mean` missing?")
                                  : "");
    s->l->drafts.at[index].doubtful = s->l->drafts.at[index].sum_wrong = true;
}

/* ---- sums ---- */

static dec factor_of(const struct member *m, uint32_t class)
{
    return num_given(&m->factor) ? num_of(&m->factor, class) : dec_from_int(100);
}

static dec times_factor(const struct member *m, dec points, uint32_t class)
{
    return dec_muldiv(points, factor_of(m, class), dec_from_int(100));
}

struct members_sum {
    dec sum, each; /* each: the points of one member */
    uint32_t n;
    uint32_t unequal; /* a member with other points, or MEMBER_NONE */
    bool unknown;     /* some member has no points for the class, which was reported */
};

static struct members_sum sum_members(const struct sums *s, const struct member *m, uint32_t class)
{
    struct members_sum sum = {.unequal = MEMBER_NONE};
    for (uint32_t i = 0; i < m->members.n; i++) {
        uint32_t child = m->members.at[i];
        if (!on_row(s, child)[class]) {
            continue;
        }
        dec points = num_of(&s->r->members.at[child].points, class);
        sum.sum = dec_add(sum.sum, points);
        sum.unknown = sum.unknown || points == DEC_NONE;
        if (sum.n++ == 0) {
            sum.each = points;
        } else if (points != sum.each && sum.unequal == MEMBER_NONE) {
            sum.unequal = child;
        }
    }
    return sum;
}

static bool chooses(const struct member *m) { return m->keep_best > 0 || m->drop_worst > 0; }

/* keep and drop under sum: equal points, and something left. False after a finding. */
static bool check_choice(const struct sums *s, uint32_t index, const struct members_sum *sum)
{
    const struct member *m = &s->r->members.at[index];
    const char *key = m->keep_best > 0 ? "keep" : "drop";
    span at = key_span(s->l->drafts.at[index].node, key);
    if (m->drop_worst > 0 && m->drop_worst >= sum->n) {
        diag_add(s->l->diag, FINDING_OUT_OF_RANGE, at,
                 _("nothing is left of %u when %u are dropped"), sum->n, m->drop_worst);
    } else if (sum->unequal != MEMBER_NONE) {
        diag_add(s->l->diag, FINDING_SUM_MISMATCH, at,
                 _("with `%s` all members of a sum have the same points"), key);
        diag_note(s->l->diag, points_at(&s->r->members.at[sum->unequal]), _("this one has others"));
    } else {
        return true;
    }
    s->l->drafts.at[index].doubtful = s->l->drafts.at[index].sum_wrong = true;
    return false;
}

/* What the kept members have together. */
static dec kept_points(const struct member *m, const struct members_sum *sum)
{
    uint32_t kept = m->keep_best > 0 ? m->keep_best : sum->n - m->drop_worst;
    return dec_mul(sum->each, dec_from_int(kept < sum->n ? kept : sum->n));
}

static void report_overflow(const struct sums *s, uint32_t index, span at, const char *what)
{
    diag_add(s->l->diag, FINDING_OVERFLOW, at,
             _("%s add up to more than can be calculated, 92 billion"), what);
    s->l->drafts.at[index].doubtful = s->l->drafts.at[index].sum_wrong = true;
}

/* Under a mean what is divided by must not overflow either. */
static void check_weights(const struct sums *s, uint32_t index)
{
    const struct member *m = &s->r->members.at[index];
    for (uint32_t c = 0; c < s->slots; c++) {
        dec sum = 0;
        bool unknown = false;
        for (uint32_t i = 0; i < m->members.n; i++) {
            uint32_t child = m->members.at[i];
            dec weight = num_of(&s->r->members.at[child].weight, c);
            if (on_row(s, child)[c]) {
                unknown = unknown || weight == DEC_NONE;
                sum = dec_add(sum, weight);
            }
        }
        if (sum == DEC_NONE && !unknown) {
            report_overflow(s, index, m->at, _("the weights"));
            return;
        }
    }
}

/* One class of a section under sum; false after a finding. */
static bool check_class(const struct sums *s, uint32_t index, uint32_t class, dec *computed)
{
    const struct member *m = &s->r->members.at[index];
    struct members_sum sum = sum_members(s, m, class);
    dec full = num_of(&m->points, class);
    dec cap = num_of(&m->cap, class);
    *computed = times_factor(m, sum.sum, class);
    if (*computed == DEC_NONE || !class_counts(s, class)) {
        bool overflow = *computed == DEC_NONE && !sum.unknown &&
                        (!num_given(&m->factor) || num_of(&m->factor, class) != DEC_NONE);
        if (overflow) {
            report_overflow(s, index, points_at(m), _("the points"));
        }
        return !overflow;
    }
    if (chooses(m) && !check_choice(s, index, &sum)) {
        return false;
    }
    if (cap != DEC_NONE) {
        bool extra = m->parent == MEMBER_NONE && index != RUBRIC_ROOT;
        if (!extra && !m->scale && *computed < cap) {
            mismatch(s, index, class, *computed, cap);
            return false;
        }
        *computed = cap;
        return true;
    }
    if (m->scale) {
        *computed = full;
        return true;
    }
    bool agrees = full == DEC_NONE || full == *computed ||
                  (chooses(m) && full == times_factor(m, kept_points(m, &sum), class));
    if (!agrees) {
        mismatch(s, index, class, *computed, full);
    }
    return agrees;
}

/* The figures as one number where no class differs. */
static struct num compress(const struct sums *s, uint32_t index, const dec *v)
{
    const bool *on = on_row(s, index);
    dec common = DEC_NONE;
    bool same = true;
    for (uint32_t c = 0; c < s->slots; c++) {
        if (!on[c] || (c == s->r->classes.n && s->r->classes_listed)) {
            continue;
        }
        same = same && (common == DEC_NONE || v[c] == common) && v[c] != DEC_NONE;
        common = common == DEC_NONE ? v[c] : common;
    }
    span at = s->r->members.at[index].points.at;
    if (same) {
        struct num n = num_single(s->l, common == DEC_NONE ? 0 : common);
        n.at = at;
        return n;
    }
    return (struct num){v, true, at};
}

static void check_sum(const struct sums *s, uint32_t index)
{
    struct member *m = &s->r->members.at[index];
    const bool *on = on_row(s, index);
    dec *v = ARENA_ARRAY(s->l->arena, dec, s->slots);
    for (uint32_t c = 0; c < s->slots; c++) {
        v[c] = DEC_NONE;
        if (on[c] && !check_class(s, index, c, &v[c])) {
            return;
        }
    }
    if (!num_given(&m->points)) {
        m->points = compress(s, index, v);
    }
}

/* ---- sections ---- */

/* Weights under sum: said once for a section, and not where the sum is wrong and `combine` may be
 * what is missing. */
static void check_idle_weights(const struct sums *s, uint32_t index)
{
    const struct member *m = &s->r->members.at[index];
    span first = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->members.n; i++) {
        struct node *map = s->l->drafts.at[m->members.at[i]].node;
        if (!node_get(map, "weight") || !node_get(map, "points")) {
            continue;
        }
        if (n++ == 0) {
            first = key_span(map, "weight");
        }
    }
    if (n == 1) {
        diag_add(s->l->diag, FINDING_NO_EFFECT, first,
                 _("a `weight` counts only where the section above has `combine` other than sum"));
    } else if (n > 1) {
        diag_add(s->l->diag, FINDING_NO_EFFECT, first,
                 _("%u weights count for nothing here: the section above has no `combine` other "
                   "than sum"),
                 n);
    }
}

static bool members_doubtful(const struct sums *s, const struct member *m)
{
    for (uint32_t i = 0; i < m->members.n; i++) {
        if (s->l->drafts.at[m->members.at[i]].doubtful) {
            return true;
        }
    }
    return false;
}

/* cap: N and points must be the same figure. */
static bool caps_agree(const struct sums *s, uint32_t index)
{
    struct member *m = &s->r->members.at[index];
    if (!num_given(&m->cap)) {
        return true;
    }
    for (uint32_t c = 0; num_given(&m->points) && c < s->slots; c++) {
        dec cap = num_of(&m->cap, c), points = num_of(&m->points, c);
        if (cap != DEC_NONE && points != DEC_NONE && cap != points) {
            diag_add(s->l->diag, FINDING_SUM_MISMATCH, m->cap.at,
                     _("with `cap` the section's points are the cap; `points` says otherwise"));
            return false;
        }
    }
    if (!num_given(&m->points)) {
        m->points = m->cap;
    }
    return true;
}

/* What only makes sense under sum, and what scale needs. */
static bool keys_agree(const struct sums *s, uint32_t index)
{
    const struct member *m = &s->r->members.at[index];
    struct node *map = s->l->drafts.at[index].node;
    if (m->combine != COMBINE_SUM && (num_given(&m->factor) || m->scale)) {
        either_or(s->l, key_span(map, m->scale ? "scale" : "factor"),
                  _("`factor` and `scale` belong to `combine: sum`; any other combine brings the "
                    "result to the section's points by itself"));
        return false;
    }
    if (m->scale && num_given(&m->factor)) {
        either_or(s->l, key_span(map, "scale"), _("`%s` and `%s` exclude each other"), "factor",
                  "scale");
        return false;
    }
    if (m->scale && num_bad(&m->points)) {
        return false;
    }
    if (m->scale && !num_given(&m->points)) {
        missing_key(s->l, map, m->at, "points",
                    _("`scale: true` brings the sum to the points given"));
        return false;
    }
    return true;
}

static void default_weights(const struct sums *s, uint32_t index)
{
    const struct member *m = &s->r->members.at[index];
    for (uint32_t i = 0; i < m->members.n; i++) {
        if (!s->r->members.at[m->members.at[i]].weight.at.source) {
            default_add(s->l, "weight", "1", m->members.at[i]);
        }
    }
}

static void check_section(const struct sums *s, uint32_t index)
{
    struct member *m = &s->r->members.at[index];
    struct draft *draft = &s->l->drafts.at[index];
    need_classes(s->l, &m->points, on_row(s, index));
    need_classes(s->l, &m->factor, on_row(s, index));
    need_classes(s->l, &m->cap, on_row(s, index));
    bool doubtful = draft->doubtful;
    draft->doubtful = doubtful || members_doubtful(s, m);
    if (!caps_agree(s, index) || !keys_agree(s, index)) {
        draft->doubtful = true;
        return;
    }
    if (m->combine != COMBINE_SUM) {
        if (!num_given(&m->points)) {
            m->points = num_single(s->l, DEC_ONE);
        }
        if (m->combine != COMBINE_MIN) {
            default_weights(s, index);
            check_weights(s, index);
        }
        return;
    }
    if (!draft->doubtful) {
        check_sum(s, index);
    }
    if (!doubtful && !draft->no_points && !(draft->sum_wrong && all_have_weights(s->l, m))) {
        check_idle_weights(s, index);
    }
}

/* A class that is listed and has nothing to be scored by. */
static void check_empty_sheets(const struct sums *s)
{
    for (uint32_t c = 0; c < s->r->classes.n; c++) {
        if (!on_row(s, RUBRIC_ROOT)[c] && !s->l->drafts.at[RUBRIC_ROOT].doubtful) {
            diag_add(s->l->diag, FINDING_SUM_MISMATCH, points_at(&s->r->members.at[RUBRIC_ROOT]),
                     _("no item is for the class '%s'"), s->r->classes.at[c]);
        }
    }
}

void points_check(struct loader *l)
{
    struct sums s = {.l = l, .r = l->rubric, .slots = n_class_slots(l)};
    find_sheets(&s);
    check_empty_sheets(&s);
    for (uint32_t i = s.r->members.n; i-- > 0;) {
        const struct member *m = &s.r->members.at[i];
        if (m->kind == MEMBER_SECTION) {
            check_section(&s, i);
        }
        if (m->weight.by_class) {
            need_classes(l, &m->weight, on_row(&s, i));
        }
    }
}
