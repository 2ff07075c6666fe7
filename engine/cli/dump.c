/* dump.c - see dump.h. */
#include "cli/dump.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "load/node.h"
#include "report/report.h"
#include "score/plan.h"

#include <string.h>

static void add_num(const struct rubric *r, const struct num *n, struct buf *out)
{
    char text[DEC_TEXT];
    if (!num_given(n)) {
        buf_text(out, "-");
        return;
    }
    uint32_t count = n->by_class ? r->classes.n : 1;
    for (uint32_t c = 0; c < count; c++) {
        if (n->by_class) {
            buf_printf(out, "%s%s: ", c == 0 ? "{" : ", ", r->classes.at[c]);
        }
        buf_text(out, n->v[c] == DEC_NONE ? "-" : dec_text(n->v[c], DEC_EXACT, text));
    }
    buf_text(out, n->by_class ? "}" : "");
}

static int depth_of(const struct rubric *r, uint32_t member)
{
    int depth = 0;
    for (uint32_t m = r->members.at[member].parent; m != MEMBER_NONE; m = r->members.at[m].parent) {
        depth++;
    }
    return depth;
}

/* Which text, and what it reads. */
static void dump_script(const struct rubric *r, uint32_t index, struct buf *out)
{
    const struct script *s = &r->scripts.at[index];
    buf_printf(out, " %s", r->chunks.at[s->chunk].name);
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        buf_printf(out, " %s", s->inputs.at[i].name);
    }
}

/* Members in sheet order, a line each: number, id, points, method, fields. */
static void dump_rubric(const struct rubric *r, struct buf *out)
{
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        buf_printf(out, "%u ", i);
        buf_repeat(out, "  ", (size_t)depth_of(r, i));
        buf_printf(out, "%s %s points ", m->kind == MEMBER_ITEM ? "item" : "section", m->id);
        add_num(r, &m->points, out);
        if (m->kind == MEMBER_ITEM && m->rule.method != METHOD_NONE) {
            buf_printf(out, " %s", method_word(m->rule.method));
            if (m->rule.field != FIELD_NONE) {
                buf_printf(out, " %s", r->fields.list.at[m->rule.field].id);
            }
            if (m->rule.of != FIELD_NONE) {
                buf_printf(out, " / %s", r->fields.list.at[m->rule.of].id);
            }
            for (uint32_t p = 0; p < m->rule.parts.n; p++) {
                buf_printf(out, " %s", r->fields.list.at[m->rule.parts.at[p].field].id);
            }
            if (m->rule.script != SCRIPT_NONE) {
                dump_script(r, m->rule.script, out);
            }
        }
        buf_text(out, m->off ? " off\n" : "\n");
    }
}

/* The steps in the order of calculation, with the numbers settled for the class. */
static void dump_plan(const struct plan *p, struct buf *out)
{
    char text[DEC_TEXT];
    const struct rubric *r = p->rubric;
    buf_printf(out, "plan for class %s\n",
               p->class < r->classes.n ? r->classes.at[p->class] : "(any)");
    for (uint32_t i = 0; i < p->n_steps; i++) {
        const struct plan_step *step = &p->steps[i];
        uint32_t member =
            step->is_section ? p->sections[step->index].member : p->items[step->index].member;
        buf_printf(out, "%u %s %s full %s", i, step->is_section ? "combine" : "item",
                   r->members.at[member].id, dec_text(p->full[member], DEC_EXACT, text));
        if (step->is_section) {
            const struct op_section *op = &p->sections[step->index];
            for (uint32_t k = 0; k < op->n_members; k++) {
                buf_printf(out, " %s", r->members.at[op->members[k]].id);
            }
        } else {
            buf_printf(out, " %s", method_word(p->items[step->index].rule->method));
        }
        buf_char(out, '\n');
    }
}

static void dump_plans(struct arena *a, const struct rubric *r, struct buf *out)
{
    if (plan_same_for_all(r)) {
        dump_plan(plan_new(a, r, r->classes.n), out);
        return;
    }
    for (uint32_t c = 0; c < r->classes.n; c++) {
        dump_plan(plan_new(a, r, c), out);
    }
}

static void dump_node(struct pipeline *p, const char *path, struct buf *out)
{
    const struct source *source = source_read(p->arena, &p->diag, path, NULL);
    const struct node *root = source ? yaml_read(p->arena, &p->diag, source) : NULL;
    if (root) {
        node_dump(root, out);
    }
}

static void dump_result(struct pipeline *p, char **paths, int n, const struct pipeline_options *how,
                        struct buf *out)
{
    if (pipeline_no_data(n - 1, how->periods)) {
        options_wrong(p->command, _("data are missing"));
    }
    pipeline_data(p, paths + 1, n - 1, how);
    pipeline_score(p, how);
    if (p->result) {
        struct report report = {.result = p->result,
                                .ranking = &p->ranking,
                                .diag = &p->diag,
                                .arena = p->arena,
                                .width = sys_terminal_width()};
        renderer_find(STR("json"))->score(&report, out);
    }
}

int dump_stage(struct pipeline *p, const char *stage, char **paths, int n_paths,
               const struct pipeline_options *how)
{
    struct buf out = {0};
    if (strcmp(stage, "node") == 0) {
        dump_node(p, paths[0], &out);
    } else {
        pipeline_rubric(p, paths[0]);
        if (strcmp(stage, "rubric") == 0 && p->rubric) {
            dump_rubric(p->rubric, &out);
        } else if (strcmp(stage, "plan") == 0 && p->rubric && p->rubric_fine) {
            dump_plans(p->arena, p->rubric, &out);
        } else if (strcmp(stage, "result") == 0) {
            dump_result(p, paths, n_paths, how, &out);
        } else if (strcmp(stage, "rubric") != 0 && strcmp(stage, "plan") != 0) {
            options_wrong(p->command, _("there is no stage '%s': node, rubric, plan, result"),
                          stage);
        }
    }
    sys_write(NULL, out.at, out.n);
    buf_release(&out);
    return pipeline_finish(p);
}
