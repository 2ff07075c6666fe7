/* method_script.c - methods written by assessors: formula and lua. */
#include "score/scripted.h"

#include "base/i18n.h"

/* With the lowest and the highest points of what it reads; where that fails, as it is. */
static wide bound(const struct context *c, const struct op *op, struct script_case what,
                  enum walk_pass pass, wide actual)
{
    dec points;
    what.pass = pass;
    bool fine = script_run(c, op->rule->script, &what).state == READ_OK &&
                script_points(c, op->rule->script, op->of_member, &what, &points);
    return fine ? wide_from_dec(points) : actual;
}

static void score_bounds(const struct context *c, const struct op *op,
                         const struct script_case *what, struct scored *out)
{
    struct call_result actual = c->scripted->last; /* what describe tells of */
    out->low = bound(c, op, *what, PASS_LOW, out->points);
    out->high = bound(c, op, *what, PASS_HIGH, out->points);
    out->partly = true;
    c->scripted->last = actual;
}

static void score_script(const struct context *c, const struct op *op, struct scored *out)
{
    struct script_case what = {.member = op->member,
                               .empty_is_none = op->of_member->missing == MISSING_NONE,
                               .full = op->full};
    struct script_outcome got = script_run(c, op->rule->script, &what);
    dec points;
    out->state = got.state;
    out->flags |= got.flags;
    if (got.state != READ_OK) {
        return;
    }
    if (!script_points(c, op->rule->script, op->of_member, &what, &points)) {
        out->state = READ_ERROR;
        return;
    }
    out->points = wide_from_dec(points);
    if (c->walk->bounds_differ && c->plan->rubric->scripts.at[op->rule->script].reads_points) {
        score_bounds(c, op, &what, out);
    }
}

/* Where the value is all that it gives; else the walk calls it again, and says what there is. */
static wide score_value(const struct context *c, const struct op *op, wide value, uint32_t *way)
{
    struct script_case what = {.member = op->member, .full = op->full, .pass = PASS_LOW};
    dec points;
    *way = 0;
    bool fine = script_of_value(c, op->rule->script, &what, wide_to_dec(value)) &&
                script_points(c, op->rule->script, op->of_member, &what, &points);
    return fine ? wide_from_dec(points) : WIDE_NONE;
}

static void describe_inputs(const struct context *c, const struct op *op, struct buf *out)
{
    struct buf inputs = {0};
    script_describe_inputs(c, op->rule->script, &inputs);
    if (inputs.n > 0) {
        buf_printf(out, _(" (%s)"), inputs.at);
    }
    buf_release(&inputs);
}

/* "[target 95, late_counts 0.5]": what is one value; by class that of the unit's. */
static void describe_params(const struct context *c, const struct op *op, struct buf *out)
{
    const struct param_value *params = &c->plan->rubric->scripts.at[op->rule->script].params;
    uint32_t n = 0;
    for (uint32_t i = 0; i < params->entries.n; i++) {
        const struct param_value *v = &params->entries.at[i].value;
        if (v->kind == PARAM_BY_CLASS) {
            v = &v->entries.at[c->table->units.at[c->unit].class].value;
        }
        if (v->kind == PARAM_NUMBER || v->kind == PARAM_TEXT || v->kind == PARAM_YESNO) {
            buf_printf(out, "%s%s ", n++ == 0 ? " [" : ", ", params->entries.at[i].name);
            if (v->kind == PARAM_NUMBER) {
                buf_printf(out, "%.14g", v->number);
            } else {
                buf_text(out, v->kind == PARAM_TEXT ? v->text : v->yes ? _("yes") : _("no"));
            }
        }
    }
    buf_text(out, n > 0 ? "]" : "");
}

/* Follows score in the same walk, so that the last call is this item's. */
static void describe_lua(const struct context *c, const struct op *op, const struct scored *s,
                         struct buf *out)
{
    const struct rubric *r = c->plan->rubric;
    const char *reason = c->scripted->last.reason;
    (void)s;
    buf_text(out, r->chunks.at[r->scripts.at[op->rule->script].chunk].name);
    describe_params(c, op, out);
    describe_inputs(c, op, out);
    if (reason) {
        buf_printf(out, _(": %s"), reason);
    }
}

static void describe_formula(const struct context *c, const struct op *op, const struct scored *s,
                             struct buf *out)
{
    (void)s;
    script_describe_formula(c->plan->rubric, op->rule->script, out);
    describe_inputs(c, op, out);
}

const struct method method_lua = {METHOD_LUA, score_script, describe_lua, score_value, NULL};
const struct method method_formula = {METHOD_FORMULA, score_script, describe_formula, score_value,
                                      NULL};
