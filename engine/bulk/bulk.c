/* bulk.c - see bulk.h: what is for this way, and its stages one after the other. */
#include "bulk/bulk.h"

#include "analyse/grade.h"
#include "base/pack.h"
#include "base/sys.h"
#include "base/workers.h"
#include "bulk/emit.h"

#include <string.h>

/* ---- what is for this way ---- */

/* Places and medians need all figures of a class; the rest is of other units and times. */
static bool script_is_for_this(const struct script *s)
{
    bool fine = true;
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        enum input_kind kind = s->inputs.at[i].kind;
        fine &= kind != INPUT_UNIT_ID && kind != INPUT_CLASS_RANK && kind != INPUT_CLASS_MEDIAN &&
                kind != INPUT_PREVIOUS && kind != INPUT_CHILDREN;
    }
    return fine;
}

static bool rubric_is_for_this(const struct rubric *r)
{
    bool simple = r->periods.n == 0 && !r->previous_at.source && !r->children_at.source &&
                  r->grades.n <= MEETS_MOST;
    for (uint32_t m = 0; m < r->members.n && simple; m++) {
        const struct member *member = &r->members.at[m];
        simple = member->kind != MEMBER_ITEM || member->off ||
                 member->rule.method != METHOD_RANK; /* places need all figures of a class */
    }
    for (uint32_t i = 0; i < r->scripts.n && simple; i++) {
        simple = script_is_for_this(&r->scripts.at[i]);
    }
    return simple;
}

static bool param_is_by_class(const struct param_value *p)
{
    bool any = p->kind == PARAM_BY_CLASS;
    for (uint32_t i = 0; i < p->entries.n && !any; i++) {
        any = param_is_by_class(&p->entries.at[i].value);
    }
    return any;
}

static bool has_params_by_class(const struct rubric *r)
{
    bool any = false;
    for (uint32_t i = 0; i < r->scripts.n && !any; i++) {
        any = param_is_by_class(&r->scripts.at[i].params);
    }
    return any;
}

/* ---- stages ---- */

static const struct source *map_source(struct arena *a, const char *path)
{
    struct source *s = ARENA_NEW(a, struct source);
    size_t n;
    const char *text = sys_map(path, BULK_LEAST, &n);
    if (!text) {
        return NULL;
    }
    bool mark = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    *s = (struct source){.name = path,
                         .text = text + (mark ? 3 : 0),
                         .n = n - (mark ? 3 : 0),
                         .bytes = text,
                         .n_bytes = n};
    return s;
}

static const struct classwide *join_figures(struct arena *a, const struct store *s)
{
    const struct rubric *r = s->rubric;
    uint32_t n_groups = s->merge->table->groups.n;
    struct classwide *c = ARENA_NEW(a, struct classwide);
    c->figures = ARENA_ARRAY(a, const struct class_figures *, r->members.n);
    c->fields = ARENA_ARRAY(a, const struct class_figures *, r->fields.list.n);
    for (uint32_t i = 0; i < s->n_asked; i++) {
        struct class_figures *all = ARENA_ARRAY(a, struct class_figures, n_groups);
        for (uint32_t b = 0; b < s->n_blocks; b++) {
            const struct class_figures *of =
                s->figures + ((size_t)b * s->n_asked + i) * s->classes_a_block;
            for (uint32_t k = 0; k < s->blocks[b].n_classes; k++) {
                class_figures_join(&all[s->group_of[b][k]], &of[k]);
            }
        }
        for (uint32_t g = 0; g < n_groups; g++) {
            class_figures_done(&all[g]);
        }
        if (s->asked[i].of == FIELD_NONE) {
            c->fields[s->asked[i].field] = all; /* where a script asks */
        }
        for (uint32_t m = 0; m < r->members.n; m++) {
            const struct member *item = &r->members.at[m];
            if (item->kind == MEMBER_ITEM && !item->off && classwide_needed(&item->rule) &&
                item->rule.field == s->asked[i].field && item->rule.of == s->asked[i].of) {
                c->figures[m] = all;
            }
        }
    }
    return c;
}

static const struct run *make_run(struct arena *a, const struct store *s)
{
    bool *classes = ARENA_ARRAY(a, bool, s->rubric->classes.n + 1);
    for (uint32_t g = 0; g < s->group_class.n; g++) {
        classes[s->group_class.at[g]] = true;
    }
    return run_new_for(a, s->rubric, join_figures(a, s), classes);
}

static void write_counters(const struct counters *c, struct buf *out)
{
    const struct {
        const char *name;
        uint64_t n;
    } all[] = {{"bytes", c->bytes},
               {"units", c->units},
               {"cells", c->cells},
               {"cells_parsed", c->cells_parsed},
               {"items_walked", c->items_walked},
               {"units_walked", c->units_walked},
               {"items_worded", c->items_worded}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        buf_printf(out, "%s %llu\n", all[i].name, (unsigned long long)all[i].n);
    }
}

/* Texts and all: the findings outlive what they were made in. */
static void hand_over(const struct diag *from, struct diag *to)
{
    struct buf bytes = {0};
    diag_pack(from, &bytes);
    struct unpack u = {.at = bytes.at, .n = bytes.n};
    diag_unpack(to, &u);
    buf_release(&bytes);
}

/* Always false. */
static bool left(const struct bulk_options *o, const char *by)
{
    if (o->counters) {
        buf_printf(o->counters, "usual_way %s\n", by);
    }
    return false;
}

static bool score_source(struct arena *a, const struct bulk_options *o, const struct source *source)
{
    struct store store;
    unsigned jobs = o->jobs > 0 ? o->jobs : workers_available();
    if (!store_open(&store, a, o->diag, o->rubric, source)) {
        return left(o, "columns");
    }
    if (!store_read(&store, jobs)) {
        return left(o, "rows");
    }
    struct stands stands = {.tallying = {.store = &store,
                                         .run = make_run(a, &store),
                                         .params_by_class = has_params_by_class(o->rubric),
                                         .wants_cells = tally_wants_cells(o->rubric)}};
    struct diag
        later; /* what is said of the units, once it is sure that this way goes to the end */
    diag_init(&later, a);
    memcpy(later.severity, o->diag->severity, sizeof later.severity);
    if (!stands_make(&stands, a, &later, jobs)) {
        return left(o, "units");
    }
    if (!emit_all(&stands, a, o, jobs)) {
        return left(o, "output");
    }
    hand_over(store.merge->diag, o->diag);
    hand_over(&later, o->diag);
    if (o->counters) {
        write_counters(store.counters, o->counters);
    }
    return true;
}

bool bulk_score(struct arena *a, const struct bulk_options *o)
{
    if (o->shown.only || !rubric_is_for_this(o->rubric)) {
        return left(o, "rubric");
    }
    struct arena own = {0};
    const struct source *source = map_source(&own, o->data);
    bool done = source && score_source(&own, o, source);
    if (source) {
        sys_unmap(source->bytes, source->n_bytes);
    }
    arena_release(&own);
    (void)a;
    return done;
}
