/* published_load.c - see published_load.h. */
#include "load/published_load.h"

#include "base/i18n.h"
#include "load/node.h"

#include <string.h>

/* More units than this nobody can have scored. */
#define COUNT_MOST 1000000000U

struct reading_result {
    struct arena *arena;
    struct diag *diag;
    struct published *out;
};

/* ---- values ---- */

/* NULL: not there, or JSON's null; else a finding if it is no text. */
static const char *text_of(struct reading_result *r, struct node *map, const char *key)
{
    struct node *n = node_get(map, key);
    if (!n || n->bad || (n->kind == NODE_SCALAR && n->is_null)) {
        return NULL;
    }
    if (n->kind != NODE_SCALAR) {
        node_expect(r->diag, n, _("a text"));
        return NULL;
    }
    return n->text;
}

/* The same for what must be there. */
static const char *needed_text(struct reading_result *r, struct node *map, const char *key)
{
    uint32_t errors = r->diag->n_errors;
    const char *text = text_of(r, map, key);
    if ((!text || !*text) && r->diag->n_errors == errors) {
        diag_add(r->diag, FINDING_MISSING_KEY, map->at, _("`%s` is missing"), key);
    }
    return text && *text ? text : NULL;
}

/* Points as a decimal text; DEC_NONE for null. */
static dec points_of(struct reading_result *r, struct node *map, const char *key, int *places)
{
    struct node *n = node_get(map, key);
    dec value = DEC_NONE;
    *places = 0;
    if (!n || n->bad || (n->kind == NODE_SCALAR && n->is_null)) {
        return DEC_NONE;
    }
    if (n->kind != NODE_SCALAR) {
        node_expect(r->diag, n, _("a number of points"));
        return DEC_NONE;
    }
    switch (dec_parse(n->text, n->n, &value)) {
    case DEC_OK:
        break;
    case DEC_NOT_A_NUMBER:
        diag_add(r->diag, FINDING_NOT_A_NUMBER, n->at, _("'%s' is not %s"), n->text,
                 _("a number of points"));
        return DEC_NONE;
    case DEC_TOO_LARGE:
        diag_add(r->diag, FINDING_NUMBER_TOO_LARGE, n->at,
                 _("the number is beyond ±92 billion, which nothing here can calculate with"));
        return DEC_NONE;
    }
    const char *point = strchr(n->text, '.');
    size_t behind = point ? n->n - (size_t)(point - n->text) - 1 : 0;
    *places = behind > 8 ? 8 : (int)behind;
    return value;
}

/* A place, or how many have one: 0 for null. */
static uint32_t count_of(struct reading_result *r, struct node *map, const char *key)
{
    struct node *n = node_get(map, key);
    dec value;
    if (!n || n->bad || (n->kind == NODE_SCALAR && n->is_null)) {
        return 0;
    }
    bool whole = n->kind == NODE_SCALAR && dec_parse(n->text, n->n, &value) == DEC_OK &&
                 value >= 0 && value == dec_from_int(dec_to_int(value));
    if (!whole || dec_to_int(value) > COUNT_MOST) {
        diag_add(r->diag, FINDING_OUT_OF_RANGE, n->at, _("`%s` is a whole number up to %u"), key,
                 COUNT_MOST);
        return 0;
    }
    return (uint32_t)dec_to_int(value);
}

/* A list, empty where it is not there or after a finding. */
static struct node *list_of(struct reading_result *r, struct node *map, const char *key)
{
    static struct node none = {.kind = NODE_LIST};
    struct node *n = node_get(map, key);
    if (n && !n->bad && n->kind != NODE_LIST) {
        node_expect(r->diag, n, _("a list"));
    }
    return n && !n->bad && n->kind == NODE_LIST ? n : &none;
}

/* ---- units ---- */

static void read_parts(struct reading_result *r, struct node *map, bool items, struct map *seen,
                       struct published_unit *u)
{
    struct node *list = list_of(r, map, items ? "items" : "sections");
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *n = list->items[i];
        if (n->kind != NODE_MAP) {
            node_expect(r->diag, n, _("a map"));
            continue;
        }
        const char *id = needed_text(r, n, "id");
        int places;
        dec points = points_of(r, n, "points", &places);
        if (id && map_put(r->arena, seen, str_of(id), u->parts.n) != u->parts.n) {
            diag_add(r->diag, FINDING_DUPLICATE_ID, n->at, _("'%s' stands twice in the unit"), id);
        } else if (id) {
            *vec_push(r->arena, &u->parts) = (struct published_part){id, items, points, places};
        }
    }
}

static void read_flags(struct reading_result *r, struct node *map, struct published_unit *u)
{
    struct node *list = list_of(r, map, "deficiencies");
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *n = list->items[i];
        if (n->kind != NODE_MAP) {
            node_expect(r->diag, n, _("a map"));
            continue;
        }
        const char *kind = needed_text(r, n, "kind"), *item = text_of(r, n, "item");
        const char *gate = text_of(r, n, "gate");
        if (kind) {
            *vec_push(r->arena, &u->flags) = (struct published_flag){item   ? item
                                                                     : gate ? gate
                                                                            : "",
                                                                     kind};
        }
    }
}

static void read_unit(struct reading_result *r, struct node *n, span *places)
{
    struct table *t = r->out->table;
    struct map seen = {0};
    if (n->kind != NODE_MAP) {
        node_expect(r->diag, n, _("a unit"));
        return;
    }
    const char *id = needed_text(r, n, "id"), *name = text_of(r, n, "name");
    const char *class_name = text_of(r, n, "class");
    if (!id) {
        return;
    }
    uint32_t first = map_put(r->arena, &t->unit_by_id, str_of(id), t->units.n);
    if (first != t->units.n) {
        diag_add(r->diag, FINDING_DUPLICATE_UNIT, n->at, _("unit '%s' is in this file already"),
                 id);
        diag_note(r->diag, places[first], "%s", _("it stands here first"));
        return;
    }
    places[t->units.n] = n->at;
    *vec_push(r->arena, &t->units) = (struct unit){
        .id = id, .name = name ? name : id, .class_name = class_name ? class_name : ""};
    struct published_unit *u = vec_push(r->arena, &r->out->units);
    u->state = needed_text(r, n, "state");
    u->grade = text_of(r, n, "grade");
    u->total = points_of(r, n, "total", &u->places);
    u->rank = count_of(r, n, "rank");
    u->ranked = count_of(r, n, "ranked");
    read_parts(r, n, false, &seen, u);
    read_parts(r, n, true, &seen, u);
    read_flags(r, n, u);
}

/* ---- the whole ---- */

static void read_rubric(struct reading_result *r, struct node *root)
{
    struct node *map = node_get(root, "rubric");
    if (!map || map->kind != NODE_MAP) {
        diag_add(r->diag, FINDING_MISSING_KEY, root->at, _("`%s` is missing"), "rubric");
        return;
    }
    const char *id = needed_text(r, map, "id"), *title = text_of(r, map, "title");
    r->out->rubric = id ? id : "";
    r->out->title = title ? title : r->out->rubric;
    r->out->period = text_of(r, map, "period");
    r->out->digest = text_of(r, map, "digest");
    struct node *titles = node_get(map, "titles");
    for (uint32_t i = 0; titles && titles->kind == NODE_MAP && i < titles->n_items; i++) {
        const char *key = titles->pairs[i].key->text, *text = text_of(r, titles, key);
        *vec_push(r->arena, &r->out->titles) = (struct published_title){key, text ? text : key};
    }
}

static void read_scripts(struct reading_result *r, struct node *root)
{
    struct node *list = list_of(r, root, "scripts");
    r->out->scripts = "";
    for (uint32_t i = 0; i < list->n_items; i++) {
        const char *digest =
            list->items[i]->kind == NODE_MAP ? needed_text(r, list->items[i], "digest") : NULL;
        r->out->scripts = arena_printf(r->arena, "%s%s\n", r->out->scripts, digest ? digest : "?");
    }
}

/* False after a finding: nothing of it can be read. */
static bool is_result(struct reading_result *r, struct node *root, const struct source *s)
{
    struct node *version = root->kind == NODE_MAP ? node_get(root, "kaoping") : NULL;
    struct node *units = version ? node_get(root, "units") : NULL;
    if (version && version->kind == NODE_SCALAR && !node_is(version, "1")) {
        diag_add(r->diag, FINDING_NOT_A_RESULT, version->at,
                 _("the result is of version '%s'; this program reads version 1"), version->text);
        return false;
    }
    if (units && units->kind == NODE_LIST && version->kind == NODE_SCALAR) {
        return true;
    }
    diag_add(r->diag, FINDING_NOT_A_RESULT, (span){s, 0, 0}, "%s",
             _("this is no result: it has no version and list of units"));
    diag_hint(r->diag, "%s",
              _("kaoping score --format json writes one, and so does kaoping "
                "archive export"));
    return false;
}

/* Of a class, or of all, as many have a rank as the file says that there are; else it was printed
 * with --only. */
static bool is_whole(const struct published *p)
{
    uint32_t n_all = 0;
    struct map classes = {0};
    struct arena scratch = {0};
    VEC(uint32_t) counts = {0};
    bool whole = true;
    for (uint32_t i = 0; i < p->units.n; i++) {
        str class = str_of(p->table->units.at[i].class_name);
        uint32_t slot = map_put(&scratch, &classes, class, counts.n);
        if (slot == counts.n) {
            *vec_push(&scratch, &counts) = 0;
        }
        counts.at[slot] += p->units.at[i].rank > 0;
        n_all += p->units.at[i].rank > 0;
    }
    for (uint32_t i = 0; i < p->units.n && whole; i++) {
        const struct published_unit *u = &p->units.at[i];
        uint32_t slot = map_get(&classes, str_of(p->table->units.at[i].class_name));
        whole = u->rank == 0 || u->ranked == counts.at[slot] || u->ranked == n_all;
    }
    arena_release(&scratch);
    return whole;
}

struct published *published_load(struct arena *a, struct diag *d, const char *path)
{
    uint32_t errors = d->n_errors;
    const struct source *s = source_read(a, d, path, NULL);
    struct node *root = s ? json_read(a, d, s) : NULL;
    struct reading_result r = {a, d, ARENA_NEW(a, struct published)};
    if (!root || root->bad || !is_result(&r, root, s)) {
        return NULL;
    }
    struct node *units = node_get(root, "units");
    span *places = ARENA_ARRAY(a, span, (size_t)units->n_items + 1);
    r.out->source = s;
    r.out->table = ARENA_NEW(a, struct table);
    read_rubric(&r, root);
    read_scripts(&r, root);
    for (uint32_t i = 0; i < units->n_items; i++) {
        read_unit(&r, units->items[i], places);
    }
    if (d->n_errors > errors) {
        return NULL;
    }
    if (!is_whole(r.out)) {
        diag_add(d, FINDING_RESULT_PARTIAL, (span){s, 0, 0}, "%s",
                 _("the result does not hold all of its units: the others count as not there"));
        diag_hint(d, "%s", _("it was printed with --only; print it whole"));
    }
    return r.out;
}
