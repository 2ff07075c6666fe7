/*
 * periods_load.c - the periods that a rubric's own is made of, each with the sheet that it is
 * scored by:
 *
 *   periods: {2024Q1: quarter.yaml, 2024Q2: quarter.yaml}
 *
 *   year.yaml ─┬─ 2024Q1 ─► quarter.yaml, whose period is 2024Q1 ─► rubric.periods[0].sheet
 *              └─ 2024Q2 ─► quarter.yaml, whose period is 2024Q2 ─► rubric.periods[1].sheet
 *
 * A sheet is loaded once for each of its periods: `since`, `until` and deadlines go by it.
 */
#include "load/loader.h"
#include "load/rubric_load.h"

#include "base/i18n.h"
#include "base/sys.h"

#include <string.h>

/* NULL after a finding. */
static const struct source *read_sheet(struct loader *l, const struct node *n, const char *path)
{
    const struct source_shelf *shelf = l->rubric->source->shelf;
    const struct source *source = NULL;
    if (shelf ? !source_on_shelf(shelf, str_of(path)) : !sys_same_file(path, path)) {
        diag_add(l->diag, FINDING_PERIOD_SHEET, n->at, _("there is no file '%s'"), path);
        diag_hint(l->diag, _("a sheet is looked for from the folder of the rubric that names it"));
        return NULL;
    }
    if (!shelf) {
        source = source_read(l->arena, l->diag, path, NULL);
    } else {
        struct source *copy = ARENA_NEW(l->arena, struct source);
        *copy = *source_on_shelf(shelf, str_of(path));
        copy->shelf = shelf;
        source = copy;
    }
    if (source) {
        diag_included(l->diag, source, n->at, _("it is the sheet of a period here"));
    }
    return source;
}

/* What a sheet of a period may not have: it is scored by itself, once. */
static void check_sheet(struct loader *l, const struct rubric *sheet)
{
    if (sheet->previous_at.source) {
        diag_add(l->diag, FINDING_NOT_BUILT, sheet->previous_at,
                 _("the sheet of a period cannot look at the period before it"));
    }
}

/* Of several periods with the same sheet, a file that was wrong the first time is wrong for all,
 * and its warnings are said once. */
static void load_sheet(struct loader *l, struct period *p, const struct node *n)
{
    const struct source *source = NULL;
    bool known = false;
    for (uint32_t i = 0; i + 1 < l->rubric->periods.n && !known; i++) {
        const struct period *other = &l->rubric->periods.at[i];
        known = strcmp(other->path, p->path) == 0;
        source = known && other->sheet ? other->sheet->source : NULL;
    }
    source = known ? source : read_sheet(l, n, p->path);
    uint32_t errors = l->diag->n_errors, warnings = l->diag->n_warnings;
    struct rubric *sheet = source ? rubric_load_part(l->arena, l->diag, source, p->name) : NULL;
    if (sheet) {
        check_sheet(l, sheet);
    }
    p->sheet = l->diag->n_errors == errors ? sheet : NULL;
    l->diag->n_warnings = known && p->sheet ? warnings : l->diag->n_warnings;
}

static void load_period(struct loader *l, const struct node_pair *pair)
{
    struct rubric *r = l->rubric;
    struct node *n = pair->value;
    str name = str_trim(node_str(pair->key));
    if (!is_text(l, n)) {
        return;
    }
    if (r->period && str_is(name, r->period)) {
        diag_add(l->diag, FINDING_DUPLICATE_ID, pair->key->at,
                 _("%s is the rubric's own period: it cannot be a part of itself"), r->period);
        diag_hint(l->diag, _("what is assessed of the whole period stands in this rubric's own "
                             "sections; a part needs a name of its own"));
        return;
    }
    struct period *p = vec_push(l->arena, &r->periods);
    *p = (struct period){.name = keep_text(l, name),
                         .path = path_beside(l->arena, n->at.source, node_str(n)),
                         .at = pair->key->at};
    load_sheet(l, p, n);
}

void periods_load(struct loader *l)
{
    struct node *map = node_get(l->root, "periods");
    if (!map || !is_map(l, map)) {
        return;
    }
    if (l->part_of_period) {
        diag_add(l->diag, FINDING_NOT_BUILT, key_span(l->root, "periods"),
                 _("the sheet of a period cannot be made of periods itself"));
        return;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (!map->pairs[i].key->bad) {
            load_period(l, &map->pairs[i]);
        }
    }
}

uint32_t find_period(struct loader *l, str name, span at)
{
    const struct rubric *r = l->rubric;
    uint32_t period = rubric_period(r, name);
    struct node *map = node_get(l->root, "periods");
    bool excused =
        map ? map->kind != NODE_MAP || map->n_items > r->periods.n : key_excused(l->root);
    if (period != PERIOD_NONE || excused) {
        return period;
    }
    diag_add(l->diag, FINDING_UNKNOWN_PERIOD, at, _("'%.*s' is none of the rubric's periods"),
             STR_ARG(name));
    struct nearest nearest = {.name = name};
    for (uint32_t i = 0; i < r->periods.n; i++) {
        nearest_offer(&nearest, r->periods.at[i].name);
    }
    const char *meant = nearest_name(&nearest, l->arena);
    if (meant) {
        diag_did_you_mean(l->diag, meant);
    } else {
        diag_hint(l->diag, _("each is listed with its sheet: periods: {2024Q1: quarter.yaml}"));
    }
    return PERIOD_NONE;
}

/* Whether an item reads it, or may do so: its own is not known. */
static bool may_be_read(const struct rubric *r, uint32_t period)
{
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct rule *rule = &r->members.at[i].rule;
        if (rule->method == METHOD_PERIOD &&
            (rule->period == period || rule->period == PERIOD_NONE)) {
            return true;
        }
    }
    return false;
}

/* A total that nobody reads is scored for nothing, or its item was forgotten. */
void periods_check(struct loader *l)
{
    const struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->periods.n; i++) {
        if (!l->members_lost && !may_be_read(r, i)) {
            diag_add(l->diag, FINDING_NO_EFFECT, r->periods.at[i].at,
                     _("no item reads the total of %s"), r->periods.at[i].name);
        }
    }
}
