/*
 * units_node.c - units from YAML and JSON:
 *
 *   units:
 *     - id: zf-01
 *       name: 竹峰街道
 *       class: street
 *       values: {study_sessions: 9, 演练覆盖率: 67.57%, raters: [90, 88]}
 *       evidence: {sessions: [会议纪要第3号]}
 *
 * Scalars are read by the type of their field like the cells of a CSV file, in quotes or not.
 */
#include "load/merge.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "load/node_pack.h"

#include <string.h>

const char *const unit_keys[] = {"id",    "name",     "class",  "parent",   "period",
                                 "notes", "sort_key", "values", "evidence", NULL};

/* Keys that are known as they stand: there are not many more than fields. */
#define KEYS_KNOWN 65536U
#define UNITS_AT_ONCE (1U << 20) /* room is made for beforehand, at most */
#define UNITS_A_LOOK 1024        /* between two looks at the clock */

/* The same field under two of its names. */
static bool is_repeated(struct merge *m, uint32_t field, const struct node *map, uint32_t pair)
{
    if (m->given_in[field] != m->n_read) {
        m->given_in[field] = m->n_read;
        m->given_by[field] = pair;
        return false;
    }
    uint32_t first = m->given_by[field];
    const char *id = m->table->rubric->fields.list.at[field].id;
    const struct node *key = map->pairs[pair].key;
    if (str_eq(node_str(key), node_str(map->pairs[first].key))) {
        return true; /* the reader has said so */
    }
    diag_add(m->diag, FINDING_DUPLICATE_COLUMN, key->at, _("the unit has a value for %s already"),
             id);
    diag_note(m->diag, map->pairs[first].key->at, "%s", _("it stands here first"));
    return true;
}

/* [90, 88, ""]: members are texts, and numbers where they are numbers. */
static void read_list(struct merge *m, uint32_t unit, uint32_t field, struct node *list)
{
    const struct field *f = &m->fields[field];
    struct cell cell = {.state = CELL_VALUE};
    struct buf joined = {0};
    struct list_value all = {0};
    all.texts = ARENA_ARRAY(m->arena, const char *, (size_t)list->n_items + 1);
    all.values = ARENA_ARRAY(m->arena, dec, (size_t)list->n_items + 1);
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *item = list->items[i];
        if (item->kind != NODE_SCALAR) {
            node_expect(m->diag, item, _("a text or a number"));
            cell.state = CELL_BAD;
            continue;
        }
        all.values[i] = DEC_NONE;
        all.texts[i] = "";
        if (item->is_null || !str_trim(node_str(item)).n) {
            continue;
        }
        if (!cell_element(m->arena, m->diag, f, node_str(item), item->at, &all.values[i])) {
            cell.state = CELL_BAD;
        }
        all.texts[i] = arena_text(m->arena, item->text, item->n);
        buf_printf(&joined, "%s%s", i ? "; " : "", all.texts[i]);
    }
    all.n = list->n_items;
    cell.list = all;
    if (!all.n) { /* an empty list is what 无 says */
        cell.state = CELL_NONE;
    }
    merge_value(m, unit, field, &cell, str_of(joined.at), list->at);
    buf_release(&joined);
}

static void read_value(struct merge *m, uint32_t unit, uint32_t field, struct node *value)
{
    uint32_t errors = m->diag->n_errors;
    const struct field *f = &m->table->rubric->fields.list.at[field];
    m->table->columns[field].present = true;
    if (value->is_null || value->bad || !merge_reads(m, field)) {
        return;
    }
    if (value->kind == NODE_LIST && f->type == FIELD_LIST) {
        read_list(m, unit, field, value);
    } else if (value->kind == NODE_SCALAR) {
        merge_cell(m, unit, field, node_str(value), value->at);
    } else {
        node_expect(m->diag, value,
                    f->type == FIELD_LIST ? _("a list") : _("a single text or number"));
    }
    merge_blame(m, unit, errors);
}

/* Units mostly have the same keys: what one is, is asked once. */
static struct heading heading_of(struct merge *m, const struct node *key)
{
    uint32_t field = map_get(&m->fields_known, node_str(key));
    if (field != MAP_NONE) {
        return (struct heading){HEADING_FIELD, field};
    }
    struct heading heading = headings_find(&m->headings, m->arena, m->diag, node_str(key), key->at);
    if (heading.kind == HEADING_FIELD && m->fields_known.n < KEYS_KNOWN) {
        str kept = {arena_text(m->arena, key->text, key->n), key->n};
        map_put(m->arena, &m->fields_known, kept, heading.index);
    }
    return heading;
}

static void read_values(struct merge *m, uint32_t unit, struct node *values)
{
    uint32_t errors = m->diag->n_errors;
    m->n_read++;
    if (values->kind != NODE_MAP) {
        node_expect(m->diag, values, _("a map of fields and their values"));
        merge_blame(m, unit, errors);
        return;
    }
    for (uint32_t i = 0; i < values->n_items; i++) {
        struct node *key = values->pairs[i].key;
        struct heading heading = heading_of(m, key);
        if (heading.kind == HEADING_FIELD) {
            if (!is_repeated(m, heading.index, values, i)) {
                read_value(m, unit, heading.index, values->pairs[i].value);
            }
        } else if (heading.kind == HEADING_RESERVED || heading.kind == HEADING_EVIDENCE) {
            diag_add(m->diag, FINDING_UNKNOWN_COLUMN, key->at,
                     _("'%s' does not stand under values, but beside it"), key->text);
        }
    }
    merge_blame(m, unit, errors);
}

static void read_reference(struct merge *m, uint32_t unit, uint32_t item, struct node *n)
{
    if (n->kind != NODE_SCALAR) {
        node_expect(m->diag, n, _("a text"));
    } else if (!n->is_null) {
        merge_evidence(m, unit, item, node_str(n));
    }
}

static void read_evidence(struct merge *m, uint32_t unit, struct node *evidence)
{
    uint32_t errors = m->diag->n_errors;
    if (evidence->kind != NODE_MAP) {
        node_expect(m->diag, evidence, _("a map of items and their references"));
    }
    for (uint32_t i = 0; evidence->kind == NODE_MAP && i < evidence->n_items; i++) {
        struct node *key = evidence->pairs[i].key, *value = evidence->pairs[i].value;
        uint32_t item = headings_item(&m->headings, m->arena, m->diag, node_str(key), key->at);
        if (item == MEMBER_NONE) {
            continue;
        }
        if (value->kind != NODE_LIST) {
            read_reference(m, unit, item, value);
        }
        for (uint32_t k = 0; value->kind == NODE_LIST && k < value->n_items; k++) {
            read_reference(m, unit, item, value->items[k]);
        }
    }
    merge_blame(m, unit, errors);
}

static void read_unit(struct merge *m, struct node *n, const char *called, struct unit_row row)
{
    struct given given[N_RESERVED] = {0};
    uint32_t errors = m->diag->n_errors;
    if (n->kind != NODE_MAP) {
        node_expect(m->diag, n, _("a unit: id, name, class, values"));
        return;
    }
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        struct node *value = node_get(n, reserved_word(i));
        if (!value || value->is_null || value->bad) {
            continue;
        }
        if (value->kind == NODE_SCALAR) {
            given[i] = (struct given){node_str(value), value->at};
        } else {
            node_expect(m->diag, value, _("a text"));
        }
    }
    if (called && !given[RESERVED_ID].text.n && !given[RESERVED_NAME].text.n) {
        given[RESERVED_ID] = (struct given){str_of(called), n->at};
    }
    if (merge_passes_over(m, given)) {
        return;
    }
    m->class_seen |= given[RESERVED_CLASS].text.n > 0;
    uint32_t unit = merge_unit(m, given, n->at, row);
    struct node *values = node_get(n, "values"), *evidence = node_get(n, "evidence");
    if (values && !values->is_null && !values->bad) {
        read_values(m, unit, values);
    }
    if (evidence && !evidence->is_null && !evidence->bad) {
        read_evidence(m, unit, evidence);
    }
    node_unknown_keys(m->diag, n, unit_keys);
    merge_blame(m, unit, errors);
}

void units_read_one(struct merge *m, struct node *n, const char *called)
{
    m->files.at[m->files.n - 1].rows = ROWS_NODES;
    read_unit(m, n, called, (struct unit_row){.node = n});
}

/* What stands under `unit:` or the like, after a finding. */
static struct node *misspelt_units(struct merge *m, struct node *root)
{
    for (uint32_t i = 0; root->kind == NODE_MAP && i < root->n_items; i++) {
        struct node_pair *pair = &root->pairs[i];
        struct nearest near = {.name = node_str(pair->key)};
        nearest_offer(&near, "units");
        const char *meant = nearest_name(&near, m->arena);
        if (meant) {
            diag_add(m->diag, FINDING_UNKNOWN_KEY, pair->key->at, _("unknown key '%.*s'"),
                     STR_ARG(node_str(pair->key)));
            diag_did_you_mean(m->diag, meant);
            pair->used = true;
            return pair->value;
        }
    }
    return NULL;
}

/* The list of units in a document, or NULL after a finding. */
static struct node *list_of_units(struct merge *m, struct node *root)
{
    static const char *const root_keys[] = {"units", NULL};
    if (!root || root->bad) {
        return NULL;
    }
    struct node *units = root->kind == NODE_MAP ? node_get(root, "units") : NULL;
    if (!units) {
        units = misspelt_units(m, root);
    }
    if (!units) {
        node_expect(m->diag, root, _("a map with a list of units under units:"));
        return NULL;
    }
    node_unknown_keys(m->diag, root, root_keys);
    if (units->kind != NODE_LIST) {
        node_expect(m->diag, units, _("a list of units"));
        return NULL;
    }
    return units;
}

/* Room for that many units, as far as the first file goes: others mostly hold the same once more.
 */
static void make_room(struct merge *m, size_t n)
{
    if (m->files.n == 1) {
        merge_reserve(m, (uint32_t)(n < UNITS_AT_ONCE ? n : UNITS_AT_ONCE));
    }
}

/* Only when the whole file is known to be YAML something is made of it. */
static void read_packed(struct merge *m, const struct source *s, const struct node *units,
                        const struct buf *packed)
{
    struct arena scratch = {0};
    const char *kept = arena_text(m->arena, packed->at, packed->n);
    m->files.at[m->files.n - 1].packed = kept;
    make_room(m, units->n_passed);
    for (size_t i = 0, at = units->n; i < units->n_passed; i++) {
        struct unit_row row = {.offset = at};
        struct node *n = node_unpack(&scratch, s, kept, &at);
        if (!n->bad) {
            read_unit(m, n, NULL, row);
        }
        arena_reset(&scratch, (struct arena_mark){0});
    }
    arena_release(&scratch);
}

void units_read_yaml(struct merge *m, const struct source *s)
{
    struct yaml_passed passed = {0};
    merge_file(m, s)->rows = ROWS_PACKED;
    const struct node *units = list_of_units(m, yaml_read_frame(m->arena, m->diag, s, &passed));
    if (units && units->n_passed > 0) {
        read_packed(m, s, units, &passed.packed);
    }
    for (uint32_t i = 0; units && i < units->n_items; i++) { /* a list with an anchor */
        if (!units->items[i]->bad) {
            read_unit(m, units->items[i], NULL, (struct unit_row){.node = units->items[i]});
        }
    }
    yaml_passed_release(&passed);
}

static void read_each(struct merge *m, const struct source *s, struct json_units *units)
{
    struct node *n;
    progress_begin(_("reading"), s->n);
    for (uint32_t i = 1; (n = json_units_next(units)); i++) {
        if (!n->bad) {
            read_unit(m, n, NULL, (struct unit_row){.offset = n->at.offset});
        }
        if (i % UNITS_A_LOOK == 0) {
            progress_at(json_units_at(units), i);
        }
    }
    progress_end();
    json_units_release(units);
}

/* The file is read twice: nothing of it is used where any of it is no JSON. */
void units_read_json(struct merge *m, const struct source *s)
{
    merge_file(m, s)->rows = ROWS_JSON;
    const struct node *units = list_of_units(m, json_read_frame(m->arena, m->diag, s));
    if (units) {
        make_room(m, units->n_passed);
        read_each(m, s, json_units_of(m->arena, units));
    }
}

static size_t count_lines(const struct source *s)
{
    const char *at = s->text, *end = s->text + s->n;
    size_t n = 1;
    for (; n < UNITS_AT_ONCE && (at = memchr(at, '\n', (size_t)(end - at))); at++) {
        n++;
    }
    return n;
}

void units_read_lines(struct merge *m, const struct source *s)
{
    merge_file(m, s)->rows = ROWS_JSON;
    struct json_units *units = json_units_of_lines(m->arena, m->diag, s);
    if (units) {
        make_room(m, count_lines(s));
        read_each(m, s, units);
    }
}

/* ---- places ---- */

static const struct node *find_key(const struct node *map, const char *key)
{
    for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->n_items; i++) {
        if (str_is(node_str(map->pairs[i].key), key)) {
            return map->pairs[i].value;
        }
    }
    return NULL;
}

/* In its values. */
static span place_of_field(const struct merge *m, const struct node *unit, struct what what)
{
    struct arena scratch = {0};
    span at = {0};
    const struct node *values = find_key(unit, "values");
    for (uint32_t i = 0; values && values->kind == NODE_MAP && i < values->n_items; i++) {
        const struct node_pair *pair = &values->pairs[i];
        struct heading heading =
            headings_find(&m->headings, &scratch, NULL, node_str(pair->key), pair->key->at);
        bool empty = pair->value->is_null ||
                     (pair->value->kind == NODE_SCALAR && str_trim(node_str(pair->value)).n == 0);
        if (heading.kind == HEADING_FIELD && heading.index == what.field &&
            (!empty || what.empty)) {
            at = pair->value->at;
            at.length = empty && at.length > 1 ? 1 : at.length;
        }
    }
    arena_release(&scratch);
    return at;
}

static span place_in(const struct merge *m, const struct node *unit, struct what what)
{
    if (what.reserved != N_RESERVED) {
        const struct node *value = find_key(unit, reserved_word(what.reserved));
        bool given = value && value->kind == NODE_SCALAR && !value->is_null;
        return given && str_trim(node_str(value)).n ? value->at : (span){0};
    }
    if (what.field == FIELD_NONE) {
        const struct node *id = find_key(unit, "id");
        const struct node *name = id ? id : find_key(unit, "name");
        return name ? name->at : unit->at;
    }
    return place_of_field(m, unit, what);
}

span units_place_node(const struct merge *m, const struct unit_row *row, struct what what)
{
    const struct data_file *file = &m->files.at[row->file];
    struct arena scratch = {0};
    size_t offset = row->offset;
    const struct node *unit = row->node;
    if (!unit && file->rows == ROWS_JSON) {
        unit = json_read_again(&scratch, file->source, offset);
    } else if (!unit) {
        unit = node_unpack(&scratch, file->source, file->packed, &offset);
    }
    span at = place_in(m, unit, what);
    arena_release(&scratch);
    return at;
}
