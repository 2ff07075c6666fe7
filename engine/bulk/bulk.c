/* bulk.c - see bulk.h: what is for this way, and its stages one after the other. */
#include "bulk/bulk.h"

#include "analyse/grade.h"
#include "base/i18n.h"
#include "base/pack.h"
#include "base/sys.h"
#include "base/workers.h"
#include "bulk/emit.h"
#include "bulk/lookup.h"
#include "bulk/part.h"
#include "load/format.h"

#include <string.h>

#define OUTPUTS_MOST 4U /* all are open at the same time */

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

/* Scripts are run where they can do nothing else. */
static enum worker_kind workers_for(const struct rubric *r)
{
    return r->scripts.n > 0 ? WORKER_PROCESS : WORKER_THREAD;
}

/* ---- stages ---- */

static const struct source *map_source(struct arena *a, struct sys_mapped *m, const char *path,
                                       size_t least)
{
    struct source *s = ARENA_NEW(a, struct source);
    if (strcmp(path, "-") == 0 || !sys_map(m, path, least)) {
        return NULL;
    }
    size_t mark = m->n >= 3 && memcmp(m->at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *s = (struct source){.name = path, .text = m->at + mark, .n = m->n - mark};
    return format_of(s, "units:") == FORMAT_CSV ? s : NULL;
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
               {"lua_calls", c->lua_calls},
               {"formulas", c->formulas},
               {"items_worded", c->items_worded},
               {"allocations", c->allocations}};
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

static unsigned jobs_of(const struct bulk_options *o)
{
    return o->jobs > 0 ? o->jobs : workers_available();
}

static struct tallying tallying_of(struct arena *a, const struct rubric *r, struct store *store)
{
    return (struct tallying){.store = store,
                             .run = make_run(a, store),
                             .params_by_class = has_params_by_class(r),
                             .wants_cells = lookup_wants_members(r)};
}

/* What is read goes through to the outputs; else the word for what it was that did not. */
static const char *go_on(struct arena *a, const struct bulk_options *o, struct store *store,
                         const struct sys_mapped *data)
{
    unsigned jobs = jobs_of(o);
    struct stands stands = {
        .tallying = tallying_of(a, o->rubric, store),
        .keeping = kept_layout(a, o->rubric, o->columns, store->names_most),
    };
    struct diag later; /* what is said of units, once this way is sure to go to the end */
    diag_init(&later, a);
    memcpy(later.severity, o->diag->severity, sizeof later.severity);
    if (!stands_make(&stands, a, &later, jobs) || later.n_errors > 0) {
        return "units";
    }
    if (!emit_all(&stands, a, o, data, jobs)) {
        return "output";
    }
    hand_over(store->merge->diag, o->diag);
    hand_over(&later, o->diag);
    if (o->counters) {
        write_counters(store->counters, o->counters);
    }
    return NULL;
}

static const char *score_source(struct arena *a, const struct bulk_options *o,
                                const struct source *source, const struct sys_mapped *data)
{
    struct store store;
    bool words = !kept_layout(a, o->rubric, o->columns, 0).on;
    if (!store_open(&store, a, o->diag, o->rubric, source, words)) {
        return "columns";
    }
    if (!store_read(&store, jobs_of(o), false) || store.n_units == 0) {
        return "rows";
    }
    return go_on(a, o, &store, data);
}

bool bulk_score(const struct bulk_options *o)
{
    struct arena own = {.sharers = workers_for(o->rubric)};
    bool simple = o->n_outputs <= OUTPUTS_MOST && rubric_is_for_this(o->rubric);
    struct sys_mapped data = {.at = NULL};
    const struct source *source = simple ? map_source(&own, &data, o->data, BULK_LEAST) : NULL;
    const char *left_by = !simple   ? "rubric"
                          : !source ? "size"
                                    : score_source(&own, o, source, &data);
    if (left_by && o->counters) {
        buf_printf(o->counters, "usual_way %s\n", left_by);
    }
    sys_unmap(&data);
    arena_release(&own);
    return !left_by;
}

/* ---- shards ---- */

static const char *read_shard(struct arena *a, const struct bulk_options *o,
                              const struct source *source, const struct sys_mapped *data,
                              const struct shard *shard, const char *version)
{
    struct store store;
    unsigned jobs = jobs_of(o);
    if (!store_open(&store, a, o->diag, o->rubric, source, true)) {
        return _("its columns, or its first rows, are not those of a plain sheet");
    }
    shard_range(&store, shard);
    if (!store_read(&store, jobs, true)) {
        return _("some row in it is not plain, or has a finding");
    }
    struct tallying tallying = tallying_of(a, o->rubric, &store);
    if (!stands_call_scripts(&tallying, jobs)) {
        return _("a script fails");
    }
    if (!sys_map_is_same(data)) {
        return _("the data were changed while they were read");
    }
    part_write(&store, shard, version, o->rubric->source->name, o->outputs[0]);
    return NULL;
}

bool bulk_shard(const struct bulk_options *o, const struct shard *shard, const char *version)
{
    struct arena own = {.sharers = workers_for(o->rubric)};
    struct sys_mapped data = {.at = NULL};
    const struct source *source = map_source(&own, &data, o->data, 1);
    const char *why = !rubric_is_for_this(o->rubric)
                          ? _("the rubric reads places in a class, other periods, subordinate "
                              "units, or a script reads the unit's id")
                      : !source ? _("the data are no file, or empty")
                                : read_shard(&own, o, source, &data, shard, version);
    if (why) {
        diag_add(o->diag, FINDING_NO_SHARDS,
                 (span){source_from_text(o->diag->arena, o->data, "", 0), 0, 0},
                 _("shard %u of %u cannot be scored by itself: %s"), shard->number, shard->of, why);
        diag_hint(o->diag, "%s",
                  _("kaoping check says what is wrong with data; kaoping score without "
                    "--shard takes all that there is"));
    }
    sys_unmap(&data);
    arena_release(&own);
    return !why;
}

bool bulk_merge(const struct bulk_options *o, struct shard_part **parts, uint32_t n)
{
    struct arena own = {.sharers = workers_for(o->rubric)};
    struct store store;
    bool fine = parts_join(&store, &own, o->diag, o->rubric, parts, n);
    if (fine && go_on(&own, o, &store, NULL) != NULL) {
        diag_add(o->diag, FINDING_NO_SHARDS, (span){0}, "%s",
                 _("some unit has a finding that shards cannot tell: score the data in one run"));
        fine = false;
    }
    arena_release(&own);
    return fine;
}
