/* plan.c - compiles a rubric for a class: numbers looked up once, members put in their order. */
#include "score/plan.h"

#include "score/methods.h"

#include <assert.h>

static dec settled(const struct num *n, uint32_t class) { return num_of(n, class); }

static void plan_parts(struct arena *a, struct op *op, uint32_t class)
{
    const struct rule *rule = op->rule;
    op->parts = ARENA_ARRAY(a, struct op_part, rule->parts.n);
    for (uint32_t i = 0; i < rule->parts.n; i++) {
        op->parts[i].field = rule->parts.at[i].field;
        op->parts[i].points = settled(&rule->parts.at[i].points, class);
    }
    op->levels = ARENA_ARRAY(a, dec, rule->levels.n);
    for (uint32_t i = 0; i < rule->levels.n; i++) {
        op->levels[i] = settled(&rule->levels.at[i].points, class);
    }
    op->scores = ARENA_ARRAY(a, dec, rule->scores.n);
    for (uint32_t i = 0; i < rule->scores.n; i++) {
        const struct option_score *score = &rule->scores.at[i];
        op->scores[i] = score->not_applicable ? DEC_NONE : settled(&score->points, class);
    }
}

static void plan_bounds(struct arena *a, struct op *op, uint32_t class)
{
    const struct rule *rule = op->rule;
    op->tiers = ARENA_ARRAY(a, struct op_tier, rule->tiers.n);
    for (uint32_t i = 0; i < rule->tiers.n; i++) {
        const struct tier *tier = &rule->tiers.at[i];
        op->tiers[i] = (struct op_tier){settled(&tier->bound, class), settled(&tier->points, class),
                                        tier->percent};
    }
    if (rule->method != METHOD_GAP) {
        return;
    }
    op->n_rates = rule->rates.n;
    op->rates = ARENA_ARRAY(a, struct op_rate, rule->rates.n + 1);
    for (uint32_t i = 0; i < rule->rates.n; i++) {
        const struct rate *rate = &rule->rates.at[i];
        op->rates[i] = (struct op_rate){settled(&rate->bound, class), settled(&rate->lose, class),
                                        settled(&rate->per, class)};
    }
    if (op->n_rates == 0) {
        /* One rate from the target on; the bound of a class mean is known only per class. */
        op->rates[0] = (struct op_rate){op->target, op->lose, op->per};
        op->n_rates = 1;
    }
}

static void plan_item(struct arena *a, struct plan *p, uint32_t index)
{
    const struct member *m = &p->rubric->members.at[index];
    const struct rule *rule = &m->rule;
    uint32_t class = p->class;
    struct op *op = &p->items[p->n_items];
    op->member = index;
    op->of_member = m;
    op->rule = rule;
    op->method = method_of(rule->method);
    op->full = p->full[index];
    op->earn = settled(&rule->earn, class);
    op->lose = settled(&rule->lose, class);
    op->then = settled(&rule->then, class);
    op->most = settled(&rule->most, class);
    op->need = settled(&rule->need, class);
    op->target = settled(&rule->target, class);
    op->from = settled(&rule->from, class);
    op->to = settled(&rule->to, class);
    op->due = settled(&rule->due, class);
    op->per = settled(&rule->per, class);
    op->nothing_value = settled(&rule->nothing_value, class);
    op->out_of = settled(&rule->out_of, class);
    op->at_least =
        num_given(&rule->at_least) ? (uint32_t)dec_to_int(settled(&rule->at_least, class)) : 1;
    op->worst = num_given(&rule->worst) ? (uint32_t)dec_to_int(settled(&rule->worst, class)) : 0;
    op->first = num_given(&rule->first) ? settled(&rule->first, class) : op->full;
    op->step = settled(&rule->step, class);
    op->last = settled(&rule->last, class);
    op->same = settled(&rule->same, class);
    op->up = settled(&rule->up, class);
    op->up_per = settled(&rule->up_per, class);
    op->down = settled(&rule->down, class);
    op->down_per = settled(&rule->down_per, class);
    plan_parts(a, op, class);
    plan_bounds(a, op, class);
    p->op_of[index] = p->n_items;
    p->steps[p->n_steps++] = (struct plan_step){false, p->n_items++};
}

/* Under keep or drop the kept members carry the section's points: those given, where they are fewer
 * than the members' sum (the sum of the kept), else the members' sum. */
static dec carried_points(const struct member *m, const struct op_section *op, uint32_t class)
{
    bool chooses = m->keep_best > 0 || m->drop_worst > 0;
    dec points = settled(&m->points, class);
    if (!chooses || m->combine != COMBINE_SUM || m->scale || num_given(&m->cap) ||
        points == DEC_NONE) {
        return op->members_sum;
    }
    dec factor = op->factor == DEC_NONE ? 100 * DEC_ONE : op->factor;
    return factor == 0 ? op->members_sum : dec_muldiv(points, 100 * DEC_ONE, factor);
}

static void plan_section(struct arena *a, struct plan *p, uint32_t index)
{
    const struct member *m = &p->rubric->members.at[index];
    struct op_section *op = &p->sections[p->n_sections];
    uint32_t *members = ARENA_ARRAY(a, uint32_t, m->members.n);
    op->member = index;
    op->of_member = m;
    for (uint32_t i = 0; i < m->members.n; i++) {
        uint32_t member = m->members.at[i];
        if (member_on_sheet(p->rubric, member, p->class)) {
            members[op->n_members++] = member;
            op->members_sum = dec_add(op->members_sum, p->full[member]);
        }
    }
    op->members = members;
    op->points = p->full[index];
    op->factor = settled(&m->factor, p->class);
    op->carried = carried_points(m, op, p->class);
    if (m->complete != DEC_NONE) {
        p->has_complete = true;
    }
    p->section_of[index] = p->n_sections;
    p->steps[p->n_steps++] = (struct plan_step){true, p->n_sections++};
}

/* Post-order without recursion: members are stored parents first, so a section is complete when the
 * walk has left its subtree. */
static void plan_members(struct arena *a, struct plan *p)
{
    const struct rubric *r = p->rubric;
    uint32_t *open = ARENA_ARRAY(a, uint32_t, r->members.n);
    uint32_t depth = 0;
    for (uint32_t i = 0; i <= r->members.n; i++) {
        while (depth > 0 && (i == r->members.n || i >= r->members.at[open[depth - 1]].end)) {
            plan_section(a, p, open[--depth]);
        }
        if (i == r->members.n) {
            break;
        }
        const struct member *m = &r->members.at[i];
        bool on_sheet = member_on_sheet(r, i, p->class);
        if (m->kind == MEMBER_SECTION) {
            /* The three outermost sections are always there; others only with something in them. */
            if (on_sheet || m->parent == MEMBER_NONE) {
                open[depth++] = i;
            }
        } else if (on_sheet) {
            plan_item(a, p, i);
        }
    }
}

static void plan_limits(struct arena *a, struct plan *p)
{
    const struct rubric *r = p->rubric;
    uint32_t n = 0;
    for (uint32_t g = 0; g < r->gates.n; g++) {
        n += r->gates.at[g].targets.n;
    }
    p->limits = ARENA_ARRAY(a, struct op_limit, n);
    for (uint32_t g = 0; g < r->gates.n; g++) {
        const struct gate *gate = &r->gates.at[g];
        for (uint32_t i = 0; i < gate->targets.n; i++) {
            dec share =
                gate->effect == EFFECT_CEILING ? settled(&gate->ceilings.at[i], p->class) : 0;
            struct op_limit limit = {gate->targets.at[i], g, share};
            /* Insertion keeps them sorted by member, gates of a member in the rubric's order. */
            uint32_t at = p->n_limits++;
            for (; at > 0 && p->limits[at - 1].member > limit.member; at--) {
                p->limits[at] = p->limits[at - 1];
            }
            p->limits[at] = limit;
        }
    }
}

struct plan *plan_new(struct arena *a, const struct rubric *r, uint32_t class)
{
    struct plan *p = ARENA_NEW(a, struct plan);
    uint32_t n = r->members.n;
    p->rubric = r;
    p->class = class;
    p->steps = ARENA_ARRAY(a, struct plan_step, n);
    p->items = ARENA_ARRAY(a, struct op, n);
    p->sections = ARENA_ARRAY(a, struct op_section, n);
    p->full = ARENA_ARRAY(a, dec, n);
    p->weight = ARENA_ARRAY(a, dec, n);
    p->op_of = ARENA_ARRAY(a, uint32_t, n);
    p->section_of = ARENA_ARRAY(a, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        dec weight = settled(&r->members.at[i].weight, class);
        p->full[i] = member_points(r, i, class);
        p->weight[i] = weight == DEC_NONE ? DEC_ONE : weight;
        p->op_of[i] = p->section_of[i] = UINT32_MAX;
    }
    plan_members(a, p);
    plan_limits(a, p);
    return p;
}

bool plan_same_for_all(const struct rubric *r)
{
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (r->members.at[i].for_class) {
            return false;
        }
    }
    return !r->numbers_by_class;
}
