/* gaps.c - see gaps.h. The ways of each rule, and their names, are those of model/coverage.h. */
#include "analyse/gaps.h"

#include "base/i18n.h"

/* ---- the ways of a rule ---- */

static bool has_nothing(const struct rule *rule)
{
    return rule->nothing != NOTHING_NEVER &&
           (rule->method == METHOD_EACH || rule->method == METHOD_SHORT ||
            rule->method == METHOD_RATIO || rule->method == METHOD_GAP ||
            rule->method == METHOD_LATE);
}

/* Those that are not "nothing is earned". */
static uint32_t plain_ways(const struct rule *rule)
{
    switch (rule->method) {
    case METHOD_TIERS:
    case METHOD_RANK:
        return rule->tiers.n;
    case METHOD_LADDER:
        return rule->levels.n;
    case METHOD_CHOICE:
        return rule->scores.n;
    case METHOD_GAP:
        return rule->rates.n > 0 ? rule->rates.n : 1;
    case METHOD_LATE:
        return 1;
    case METHOD_CHANGE:
        return 2;
    default:
        return 0;
    }
}

static uint32_t count_ways(const struct rule *rule) { return plain_ways(rule) + has_nothing(rule); }

/* "12", "95%"; NULL where it differs by class. */
static const char *bound_text(struct arena *a, const struct rubric *r, const struct rule *rule,
                              const struct num *bound)
{
    char text[DEC_TEXT];
    if (!num_given(bound) || bound->by_class) {
        return NULL;
    }
    bool percent = rule->of != FIELD_NONE || (rule->field != FIELD_NONE &&
                                              r->fields.list.at[rule->field].type == FIELD_PERCENT);
    return arena_printf(a, "%s%s", dec_text(num_of(bound, 0), DEC_EXACT, text), percent ? "%" : "");
}

static const char *tier_text(struct arena *a, const struct rubric *r, const struct rule *rule,
                             uint32_t index)
{
    const struct tier *tier = &rule->tiers.at[index];
    const char *bound = bound_text(a, r, rule, &tier->bound);
    if (rule->method == METHOD_RANK) {
        char text[DEC_TEXT];
        dec top = num_of(&tier->bound, 0);
        if (!bound) {
            return arena_printf(a, _("tier %u"), index + 1);
        }
        return arena_printf(a, _("top %s%s"), dec_text(top, DEC_EXACT, text),
                            tier->percent ? "%" : "");
    }
    if (!bound) {
        return arena_printf(a, _("tier %u"), index + 1);
    }
    return arena_printf(a, rule->tiers_to ? _("up to %s") : _("from %s"), bound);
}

static const char *rate_text(struct arena *a, const struct rubric *r, const struct rule *rule,
                             uint32_t index)
{
    const char *bound =
        index < rule->rates.n ? bound_text(a, r, rule, &rule->rates.at[index].bound) : NULL;
    if (rule->rates.n == 0) {
        return _("target missed");
    }
    if (!bound) {
        return arena_printf(a, _("rate %u"), index + 1);
    }
    return arena_printf(a, rule->lower_is_better ? _("above %s") : _("below %s"), bound);
}

static const char *way_text(struct arena *a, const struct rubric *r, const struct rule *rule,
                            uint32_t way)
{
    if (way > plain_ways(rule)) {
        return _("nothing is earned");
    }
    switch (rule->method) {
    case METHOD_TIERS:
    case METHOD_RANK:
        return tier_text(a, r, rule, way - 1);
    case METHOD_LADDER:
        return rule->levels.at[way - 1].name;
    case METHOD_CHOICE:
        return r->fields.list.at[rule->field].options.at[way - 1];
    case METHOD_GAP:
        return rate_text(a, r, rule, way - 1);
    case METHOD_CHANGE:
        return way == 1 ? _("a change up") : _("a change down");
    default:
        return _("late");
    }
}

/* ---- what was reached ---- */

/* Workers note the ways that rules go and the lines that are run: shared memory, in one piece. */
static void share_ways(struct arena *a, struct coverage *c)
{
    const struct rubric *r = c->rubric;
    size_t n = 0;
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (r->members.at[i].kind == MEMBER_ITEM) {
            c->n_ways[i] = count_ways(&r->members.at[i].rule);
            n += c->n_ways[i] + 1;
        }
    }
    bool *all = arena_shared(a, n * sizeof *all);
    for (uint32_t i = 0; i < r->members.n; i++) {
        c->ways[i] = all;
        all += r->members.at[i].kind == MEMBER_ITEM ? c->n_ways[i] + 1 : 0;
    }
}

static uint32_t count_lines(const struct chunk *c)
{
    uint32_t n = 1;
    for (size_t i = 0; i < c->n; i++) {
        n += c->text[i] == '\n';
    }
    return n;
}

static struct script_coverage *share_lines(struct arena *a, const struct rubric *r)
{
    struct script_coverage *s = ARENA_NEW(a, struct script_coverage);
    size_t n = 0;
    s->lines = ARENA_ARRAY(a, uint8_t *, r->chunks.n);
    s->n_lines = ARENA_ARRAY(a, uint32_t, r->chunks.n);
    for (uint32_t i = 0; i < r->chunks.n; i++) {
        s->n_lines[i] = count_lines(&r->chunks.at[i]);
        n += s->n_lines[i] + 1;
    }
    uint8_t *all = arena_shared(a, n);
    for (uint32_t i = 0; i < r->chunks.n; i++) {
        s->lines[i] = all;
        all += s->n_lines[i] + 1;
    }
    return s;
}

struct coverage *coverage_new(struct arena *a, const struct rubric *r)
{
    struct coverage *c = ARENA_NEW(a, struct coverage);
    c->rubric = r;
    c->ways = ARENA_ARRAY(a, bool *, r->members.n + 1);
    c->n_ways = ARENA_ARRAY(a, uint32_t, r->members.n + 1);
    c->scored = ARENA_ARRAY(a, bool, r->members.n + 1);
    c->fired = ARENA_ARRAY(a, bool, r->gates.n + 1);
    c->open = ARENA_ARRAY(a, bool, r->gates.n + 1);
    c->given = ARENA_ARRAY(a, bool, r->grades.n + 1);
    share_ways(a, c);
    if (r->scripts.n > 0) {
        c->scripts = share_lines(a, r);
    }
    return c;
}

void coverage_take(struct coverage *c, const struct result *r)
{
    const struct outcome *o = &r->outcomes[c->unit];
    if (o->state == UNIT_ERROR) {
        return; /* what failed to be scored shows nothing of the rubric's points */
    }
    for (uint32_t i = 0; i < r->n_members; i++) {
        c->scored[i] |= result_member(r, c->unit, i)->state == STATE_SCORED;
    }
    for (uint32_t g = 0; g < r->n_gates; g++) {
        uint8_t state = r->gates[(size_t)c->unit * r->n_gates + g];
        c->fired[g] |= state == GATE_FIRED;
        c->open[g] |= state != GATE_FIRED;
    }
    if (o->grade != GRADE_NONE) {
        c->given[o->grade] = true;
    }
}

/* ---- what was not ---- */

static void add_gap(struct arena *a, gaps *out, enum gap_kind kind, const char *id,
                    const char *title, const char *text)
{
    *vec_push(a, out) = (struct gap){kind, id, title, text};
}

/* An item that is never scored lacks all its ways too: that is said once. */
static void add_items(struct arena *a, const struct coverage *c, bool scored, gaps *out)
{
    const struct rubric *r = c->rubric;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        const char *missing = NULL;
        if (m->kind != MEMBER_ITEM || m->off || c->scored[i] != scored) {
            continue;
        }
        for (uint32_t way = 1; scored && way <= c->n_ways[i]; way++) {
            if (!c->ways[i][way]) {
                const char *text = way_text(a, r, &m->rule, way);
                missing = missing ? arena_printf(a, _("%s, %s"), missing, text) : text;
            }
        }
        if (!scored || missing) {
            add_gap(a, out, scored ? GAP_WAYS : GAP_ITEM, m->id, m->title, missing);
        }
    }
}

/* Those that never fired, or that fired always. */
static void add_gates(struct arena *a, const struct coverage *c, enum gap_kind kind, gaps *out)
{
    for (uint32_t g = 0; g < c->rubric->gates.n; g++) {
        if (kind == GAP_GATE_FIRED ? !c->fired[g] : c->fired[g] && !c->open[g]) {
            const struct gate *gate = &c->rubric->gates.at[g];
            add_gap(a, out, kind, gate->id, gate->title, NULL);
        }
    }
}

void gaps_list(struct arena *a, const struct coverage *c, gaps *out)
{
    add_items(a, c, false, out);
    add_items(a, c, true, out);
    add_gates(a, c, GAP_GATE_FIRED, out);
    add_gates(a, c, GAP_GATE_OPEN, out);
    for (uint32_t i = 0; i < c->rubric->grades.n; i++) {
        if (!c->given[i]) {
            add_gap(a, out, GAP_GRADE, c->rubric->grades.at[i].name, NULL, NULL);
        }
    }
}
