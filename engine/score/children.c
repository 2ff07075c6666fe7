/* children.c - see children.h. */
#include "score/children.h"

#include "base/i18n.h"
#include "base/sort.h"
#include "model/standing.h"
#include "score/unit_score.h"

struct places *places_new(struct arena *a, const struct table *t)
{
    struct places *p = ARENA_NEW(a, struct places);
    p->place = ARENA_ARRAY(a, uint32_t, (size_t)t->units.n + 1);
    p->behind = ARENA_ARRAY(a, uint32_t, (size_t)t->units.n + 1);
    p->ranked = ARENA_ARRAY(a, uint32_t, (size_t)t->groups.n + 1);
    p->known = ARENA_ARRAY(a, bool, (size_t)t->groups.n + 1);
    return p;
}

struct child_range children_of(const struct table *t, uint32_t unit)
{
    if (!t->tree) {
        return (struct child_range){NULL, 0};
    }
    uint32_t from = t->tree->first[unit];
    return (struct child_range){t->tree->children + from, t->tree->first[unit + 1] - from};
}

dec child_points(const struct context *c, uint32_t child, uint32_t member)
{
    const struct outcome *o = &c->result->outcomes[child];
    if (o->state == UNIT_ERROR) {
        return DEC_NONE;
    }
    return member == MEMBER_NONE ? o->total : result_member(c->result, child, member)->points;
}

dec child_full(const struct context *c, uint32_t child, uint32_t member)
{
    const struct plan *p = run_plan(run_of(c->result), c->table, child);
    return p->full[member == MEMBER_NONE ? RUBRIC_ROOT : member];
}

/* ---- places ---- */

struct entrant {
    const struct result *result;
    uint32_t unit;
};

static int compare_entrants(const void *a, const void *b)
{
    const struct entrant *x = a, *y = b;
    struct contender first = contender_of(x->result, x->unit);
    struct contender second = contender_of(y->result, y->unit);
    return standing_compare(x->result, &first, &second);
}

/* Tied units share the better place; of none of them stands another one behind. */
static void give_places(struct places *p, const struct ranking *by, const struct entrant *list,
                        uint32_t n)
{
    uint32_t place = 0;
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && compare_entrants(&list[i], &list[end]) == 0;) {
            end++;
        }
        place = by->dense ? place + 1 : i + 1;
        for (uint32_t k = i; k < end; k++) {
            p->place[list[k].unit] = place;
            p->behind[list[k].unit] = n - end;
        }
    }
}

static void find_places(struct places *p, const struct result *r, uint32_t group)
{
    const struct tree *tree = r->table->tree;
    struct arena scratch = {0};
    uint32_t n = 0, from = tree->in_group[group], end = tree->in_group[group + 1];
    struct entrant *list = ARENA_ARRAY(&scratch, struct entrant, (size_t)(end - from) + 1);
    for (uint32_t i = from; i < end; i++) {
        if (standing_of(&r->rubric->ranking, &r->outcomes[tree->grouped[i]]) != TIER_UNRANKED) {
            list[n++] = (struct entrant){r, tree->grouped[i]};
        }
    }
    sort_elements(list, n, sizeof *list, compare_entrants);
    give_places(p, &r->rubric->ranking, list, n);
    p->ranked[group] = n;
    p->known[group] = true;
    arena_release(&scratch);
}

uint32_t child_place(const struct context *c, uint32_t child, uint32_t *behind, uint32_t *of)
{
    struct places *p = run_of(c->result)->places;
    uint32_t group = c->table->units.at[child].group;
    if (!p->known[group]) {
        find_places(p, c->result, group);
    }
    *behind = p->behind[child];
    *of = p->ranked[group];
    return p->place[child];
}

/* ---- figures of all ---- */

bool children_figure(const struct context *c, enum child_figure figure, uint32_t member, wide *out)
{
    struct child_range all = children_of(c->table, c->unit);
    uint32_t n = 0;
    wide sum = 0, lowest = 0, highest = 0;
    for (uint32_t i = 0; i < all.n && figure != CHILD_ALL; i++) {
        dec points = child_points(c, all.units[i], member);
        if (points != DEC_NONE) {
            wide value = wide_from_dec(points);
            lowest = n == 0 ? value : wide_min(lowest, value);
            highest = n == 0 ? value : wide_max(highest, value);
            sum = wide_add(sum, value);
            n++;
        }
    }
    switch (figure) {
    case CHILD_ALL:
        *out = wide_from_dec(dec_from_int(all.n));
        return true;
    case CHILD_COUNT:
        *out = wide_from_dec(dec_from_int(n));
        return true;
    case CHILD_MEAN:
        *out = n > 0 ? wide_muldiv(sum, 1, n) : 0;
        break;
    case CHILD_MIN:
        *out = lowest;
        break;
    case CHILD_MAX:
        *out = highest;
        break;
    case CHILD_SUM:
        *out = sum;
        break;
    }
    return n > 0;
}

/* ---- in explanations ---- */

static const char *place_text(struct arena *a, const struct context *c, const struct op *op,
                              uint32_t child)
{
    uint32_t behind, of, place = child_place(c, child, &behind, &of);
    if (place == 0) {
        return _(", without a place");
    }
    const char *text = arena_printf(a, _(", place %u of %u"), place, of);
    return behind < op->worst ? arena_printf(a, _("%s, among the last %u"), text, op->worst) : text;
}

static const char *figure_word(enum child_figure figure)
{
    static const char *const words[] = {
        [CHILD_MEAN] = "mean", [CHILD_MIN] = "min",     [CHILD_MAX] = "max",
        [CHILD_SUM] = "sum",   [CHILD_COUNT] = "count", [CHILD_ALL] = "count"};
    return words[figure];
}

static void say_figure(struct walk *w, uint32_t member, enum child_figure figure, uint32_t of)
{
    const struct context *c = &w->context;
    const struct rubric *r = c->plan->rubric;
    struct buf name = {0};
    wide value;
    buf_printf(&name, "children.%s", figure_word(figure));
    if (figure != CHILD_ALL) {
        buf_printf(&name, ".%s", of == MEMBER_NONE ? "total" : r->members.at[of].id);
    }
    if (children_figure(c, figure, of, &value)) {
        char text[DEC_TEXT];
        walk_say(w, STEP_VALUE, member, WIDE_NONE, "%s = %s", name.at,
                 dec_text(wide_to_dec(value), DEC_EXACT, text));
    } else {
        walk_say(w, STEP_VALUE, member, WIDE_NONE, _("%s: no subordinate unit has one"), name.at);
    }
    buf_release(&name);
}

void children_say_condition(struct walk *w, uint32_t member, const struct cond *c)
{
    if (!c) {
        return;
    }
    children_say_condition(w, member, c->left);
    children_say_condition(w, member, c->right);
    if (c->op == COND_SCRIPT) {
        const struct script *s = &w->context.plan->rubric->scripts.at[c->script];
        for (uint32_t i = 0; i < s->inputs.n; i++) {
            if (s->inputs.at[i].kind == INPUT_CHILDREN) {
                say_figure(w, member, s->inputs.at[i].figure, s->inputs.at[i].index);
            }
        }
    } else if (!c->left && c->operand.kind == OPERAND_CHILDREN) {
        say_figure(w, member, c->operand.figure, c->operand.index);
    }
}

void children_say(struct walk *w, const struct op *op)
{
    const struct context *c = &w->context;
    const struct rule *rule = op->rule;
    struct arena *a = w->trace->arena;
    struct child_range all = children_of(c->table, c->unit);
    for (uint32_t i = 0; i < all.n; i++) {
        uint32_t child = all.units[i];
        const struct unit *u = &c->table->units.at[child];
        char points[DEC_TEXT], full[DEC_TEXT];
        if (!rule_takes_child(rule, u)) {
            continue;
        }
        dec got = child_points(c, child, rule->child_member);
        const char *place = rule->take == TAKE_LAST ? place_text(a, c, op, child) : "";
        if (got == DEC_NONE) {
            walk_say(w, STEP_VALUE, op->member, WIDE_NONE, _("%s: no result%s"), u->name, place);
        } else {
            walk_say(w, STEP_VALUE, op->member, WIDE_NONE, _("%s: %s of %s%s"), u->name,
                     dec_text(got, DEC_EXACT, points),
                     dec_text(child_full(c, child, rule->child_member), DEC_EXACT, full), place);
        }
    }
}
