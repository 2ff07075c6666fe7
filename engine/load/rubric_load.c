/*
 * rubric_load.c - a rubric file from top to bottom: the header, then the parts in the order in
 * which they need each other's names.
 *
 *   header, classes -> fields -> members -> grades -> gates, conditions, ranking -> scripts ->
 * checks
 */
#include "load/rubric_load.h"

#include "load/loader.h"
#include "load/overlay.h"

#include "base/date.h"
#include "base/digest.h"
#include "base/i18n.h"

#include <string.h>

static const char *const root_keys[] = {
    "kaoping", "id",     "title",    "period",  "issued",     "total",   "round",  "classes",
    "fields",  "items",  "sections", "combine", "factor",     "scale",   "keep",   "drop",
    "floor",   "cap",    "complete", "bonus",   "deductions", "gates",   "grades", "ranking",
    "columns", "script", "params",   "extends", "remove",     "periods", NULL};

/* ---- the header ---- */

bool is_other_version(struct loader *l)
{
    const struct node *n = node_get(l->root, "kaoping");
    if (!n || n->kind != NODE_SCALAR || n->is_null || node_is(n, "1")) {
        return false;
    }
    diag_add(l->diag, FINDING_NOT_BUILT, n->at,
             _("version '%s' of the rubric language is not known; this program reads version 1"),
             n->text);
    return true;
}

/* False if this is no rubric at all. */
static bool version_check(struct loader *l)
{
    struct node *n = node_get(l->root, "kaoping");
    if (!n) {
        bool rubric = node_get(l->root, "sections") || node_get(l->root, "items") ||
                      node_get(l->root, "fields");
        missing_key(l, rubric ? l->root : NULL, l->root->at, "kaoping",
                    _("a rubric begins with the version of its language: kaoping: 1"));
        return rubric;
    }
    if (is_text(l, n) && !node_is(l->root->pairs[0].key, "kaoping")) {
        diag_add(l->diag, FINDING_BAD_ORDER, key_span(l->root, "kaoping"),
                 _("`kaoping` must be the first key"));
    }
    return true;
}

static const char *needed_text(struct loader *l, const char *key, const char *why)
{
    if (!node_get(l->root, key)) {
        missing_key(l, l->root, l->root->at, key, why);
        return NULL;
    }
    return get_text(l, l->root, key);
}

/* A sheet that serves several periods names none. */
static void load_period(struct loader *l)
{
    struct rubric *r = l->rubric;
    const char *part = l->part_of_period;
    r->period = get_text(l, l->root, "period");
    if (part && r->period && strcmp(part, r->period) != 0) {
        diag_add(l->diag, FINDING_PERIOD_SHEET, key_span(l->root, "period"),
                 _("this is the sheet of %s, but it says %s"), part, r->period);
        diag_hint(l->diag, _("leave `period` out where a sheet serves several periods"));
    }
    r->period = part ? part : r->period;
}

static void load_names(struct loader *l)
{
    struct rubric *r = l->rubric;
    const char *id = needed_text(l, "id", _("a short name for the rubric, as in duty_2024"));
    r->id = id ? id : "";
    if (id) {
        struct node *n = node_get(l->root, "id");
        id_check(l, node_str(n), n->at, _("a rubric"));
    }
    const char *title = get_text(l, l->root, "title");
    r->title = title ? title : r->id;
    load_period(l);
    struct node *issued = node_get(l->root, "issued");
    dec day;
    if (!issued) {
        r->issued = r->period ? date_period_end(r->period) : DATE_NONE;
    } else {
        r->issued = read_dec(l, issued, NUMBER_DATE, &day) ? (int32_t)dec_to_int(day) : DATE_NONE;
    }
}

static bool load_places(struct loader *l, struct node *map, const char *key, int *places)
{
    struct node *n = node_get(map, key);
    uint32_t value;
    if (!n) {
        return false;
    }
    if (node_is(n, "exact")) {
        *places = DEC_EXACT;
    } else if (read_whole(l, n, 0, 8, &value)) {
        *places = (int)value;
    }
    return true;
}

static void load_round(struct loader *l)
{
    static const char *const keys[] = {"item", "section", "total", NULL};
    static const char why[] = N_("decimal places, half away from zero, or `exact`: "
                                 "round: {item: 2, total: 2}");
    struct rubric *r = l->rubric;
    struct node *map = node_get(l->root, "round");
    r->round_item = r->round_section = r->round_total = DEC_EXACT;
    if (!map) {
        missing_key(l, l->root, l->root->at, "round", _(why));
        return;
    }
    if (!keys_known(l, map, keys, NULL, NULL)) {
        return;
    }
    span at = key_span(l->root, "round");
    if (!load_places(l, map, "item", &r->round_item)) {
        missing_key(l, map, at, "item", _(why));
    }
    if (!load_places(l, map, "total", &r->round_total)) {
        missing_key(l, map, at, "total", _(why));
    }
    r->round_section_given = load_places(l, map, "section", &r->round_section);
}

/* ---- classes ---- */

static bool add_class(struct loader *l, str name)
{
    struct rubric *r = l->rubric;
    uint32_t n = r->classes.n;
    if (map_get(&l->class_by_name, name) != MAP_NONE) {
        return false;
    }
    if (n == CLASSES_MOST) {
        l->classes_lost = true;
        return false;
    }
    map_put(l->arena, &l->class_by_name, name, n);
    *vec_push(l->arena, &r->classes) = keep_text(l, name);
    return true;
}

static void too_many_classes(struct loader *l, span at)
{
    diag_add(l->diag, FINDING_OUT_OF_RANGE, at, _("there are more than %u classes"), CLASSES_MOST);
}

/* False if the list could not be read in full: then names are not held against it. */
static bool load_listed(struct loader *l, struct node *list)
{
    if (!is_list(l, list)) {
        return false;
    }
    if (list->n_items > CLASSES_MOST) {
        too_many_classes(l, list->at);
        l->classes_lost = true;
        return false;
    }
    bool good = true;
    part_at_wide_commas(l, list);
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *n = list->items[i];
        if (!is_text(l, n)) {
            good = false;
        } else if (!add_class(l, node_str(n))) {
            diag_add(l->diag, FINDING_DUPLICATE_ID, n->at, _("the class '%s' stands twice"),
                     n->text);
        }
    }
    return good;
}

/* Keys whose value is a number or a map from class to number, and maps from a name to such a value.
 */
static const char *const number_keys[] = {
    "total",  "points",   "factor", "cap",  "weight", "earn",  "lose",       "then",
    "most",   "need",     "target", "from", "to",     "due",   "nothing_at", "nothing_past",
    "out_of", "first",    "step",   "last", "below",  "above", "top",        "share",
    "count",  "at_least", "same",   "up",   "down",   NULL};
static const char *const number_maps[] = {"parts", "events",  "scores", "fields",
                                          "needs", "ceiling", NULL};

static void collect_pairs(struct loader *l, struct node *map)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->n_items; i++) {
        add_class(l, node_str(map->pairs[i].key));
    }
}

/* Without `classes` the known classes are those that numbers by class and `for` name. */
static void collect_classes(struct loader *l, struct node *n)
{
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->n_items; i++) {
        collect_classes(l, n->items[i]);
    }
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->n_items; i++) {
        str key = node_str(n->pairs[i].key);
        struct node *value = n->pairs[i].value;
        if (str_is(key, "for")) {
            part_at_wide_commas(l, value);
            for (uint32_t k = 0; value->kind == NODE_LIST && k < value->n_items; k++) {
                if (value->items[k]->kind == NODE_SCALAR && !value->items[k]->is_null) {
                    add_class(l, node_str(value->items[k]));
                }
            }
            if (value->kind == NODE_SCALAR && !value->is_null) {
                add_class(l, node_str(value));
            }
        } else if (key_in(number_keys, key)) {
            collect_pairs(l, value);
        } else if (key_in(number_maps, key) && value->kind == NODE_MAP) {
            for (uint32_t k = 0; k < value->n_items; k++) {
                collect_pairs(l, value->pairs[k].value);
            }
        } else if (!str_is(key, "deficiency")) {
            collect_classes(l, value);
        }
    }
}

static void load_classes(struct loader *l)
{
    struct node *list = node_get(l->root, "classes");
    if (list && load_listed(l, list)) {
        l->rubric->classes_listed = true;
        return;
    }
    if (l->classes_lost) {
        return;
    }
    for (uint32_t i = 0; i < l->root->n_items; i++) {
        static const char *const others[] = {"fields", "columns", "classes", NULL};
        if (key_in(others, node_str(l->root->pairs[i].key))) {
            continue;
        }
        struct node one = {.kind = NODE_MAP, .pairs = &l->root->pairs[i], .n_items = 1};
        collect_classes(l, &one);
    }
    if (l->classes_lost) {
        too_many_classes(l, l->root->at);
    }
}

/* ---- the whole ---- */

static void load_total(struct loader *l)
{
    if (!node_get(l->root, "total")) {
        missing_key(l, l->root, l->root->at, "total", _("what the sections' points add up to"));
        l->drafts.at[RUBRIC_ROOT].doubtful = true;
    }
}

static void load_parts(struct loader *l)
{
    load_names(l);
    load_round(l);
    load_classes(l);
    periods_load(l);
    fields_load(l);
    columns_load(l);
    members_load(l);
    load_total(l);
    grades_load(l);
    conditions_load(l);
    gates_load(l);
    ranking_load(l);
    scripts_settle(l);
    rubric_check(l);
    fields_settle(l);
    periods_check(l);
}

bool rubric_read(struct arena *a, struct diag *d, const struct source *s,
                 struct rubric_document *out)
{
    struct loader l = {.arena = a, .diag = d};
    *out = (struct rubric_document){.source = s};
    out->root = overlay_read(&l, s, &out->bases);
    return out->root;
}

/* One digest for all files that the rubric stands in, its periods' sheets too: it changes when any
 * of them does. */
static void add_digest(struct rubric *r)
{
    struct buf all = {0};
    if (r->bases.n == 0 && r->periods.n == 0) {
        memcpy(r->digest, r->source->digest, sizeof r->digest);
        return;
    }
    buf_printf(&all, "%s\n", r->source->digest);
    for (uint32_t i = 0; i < r->bases.n; i++) {
        buf_printf(&all, "%s\n", r->bases.at[i]->digest);
    }
    for (uint32_t i = 0; i < r->periods.n; i++) {
        const struct rubric *sheet = r->periods.at[i].sheet;
        buf_printf(&all, "%s %s\n", r->periods.at[i].name, sheet ? sheet->digest : "");
    }
    digest_text(all.at, all.n, r->digest);
    buf_release(&all);
}

static struct rubric *make(struct arena *a, struct diag *d, const struct rubric_document *document,
                           const char *part_of_period)
{
    struct loader l = {
        .arena = a, .diag = d, .root = document->root, .part_of_period = part_of_period};
    if (!keys_known(&l, l.root, root_keys, shared_keys, NULL)) {
        return NULL;
    }
    l.rubric = ARENA_NEW(a, struct rubric);
    l.rubric->source = document->source;
    l.rubric->bases = document->bases;
    l.rubric->id = l.rubric->title = "";
    l.rubric->issued = DATE_NONE;
    l.rubric->total_cap = DEC_NONE;
    l.rubric->bonus = l.rubric->deductions = MEMBER_NONE;
    l.rubric->ranking.vetoed = VETOED_UNSET;
    l.rubric->grades_script = SCRIPT_NONE;
    /* A misspelt `extends`: half of the rubric stands elsewhere. */
    if (!version_check(&l) || node_get(l.root, "extends")) {
        return NULL;
    }
    load_parts(&l);
    add_digest(l.rubric);
    return l.rubric;
}

struct rubric *rubric_make(struct arena *a, struct diag *d, const struct rubric_document *document)
{
    return make(a, d, document, NULL);
}

struct rubric *rubric_load_part(struct arena *a, struct diag *d, const struct source *s,
                                const char *period)
{
    struct rubric_document document;
    return rubric_read(a, d, s, &document) ? make(a, d, &document, period) : NULL;
}

struct rubric *rubric_load(struct arena *a, struct diag *d, const struct source *s)
{
    return rubric_load_part(a, d, s, NULL);
}
