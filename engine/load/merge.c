/* merge.c - see merge.h. merge_finish stands in units.c. */
#include "load/merge.h"

#include "base/i18n.h"
#include "load/cell_words.h"

#include <string.h>

/* Up to so many options a choice is compared one by one. */
#define OPTIONS_FEW 8
/* A longer id is no id; what a map takes has to be cut somewhere. */
#define NAME_MOST ((size_t)64 << 10)

struct merge *merge_new(struct arena *a, struct diag *d, const struct rubric *r)
{
    struct merge *m = ARENA_NEW(a, struct merge);
    uint32_t n_fields = r->fields.list.n;
    m->arena = a;
    m->diag = d;
    m->table = ARENA_NEW(a, struct table);
    m->table->rubric = r;
    m->table->rows = m;
    m->fields = r->fields.list.at;
    m->group_without = UINT32_MAX;
    m->table->columns = ARENA_ARRAY(a, struct column, n_fields + 1);
    m->options_known = ARENA_ARRAY(a, struct map, n_fields + 1);
    m->given_by = ARENA_ARRAY(a, uint32_t, n_fields + 1);
    m->given_in = ARENA_ARRAY(a, uint32_t, n_fields + 1);
    headings_init(&m->headings, a, r);
    for (uint32_t i = 0; i < r->classes.n; i++) {
        str folded = text_fold(a, str_of(r->classes.at[i]));
        if (map_put(a, &m->class_by_name, folded, i) == i) {
            *vec_push(a, &m->classes) = (struct class_entry){r->classes.at[i], i, UINT32_MAX};
        }
    }
    return m;
}

struct data_file *merge_file(struct merge *m, const struct source *s)
{
    struct data_file *file = vec_push(m->arena, &m->files);
    *file = (struct data_file){.source = s, .column_of_id = COLUMN_NONE};
    *vec_push(m->arena, &m->table->sources) = s;
    return file;
}

void merge_reserve(struct merge *m, uint32_t n_more)
{
    struct table *t = m->table;
    uint32_t most = UINT32_MAX - 1 - t->units.n,
             needed = t->units.n + (n_more < most ? n_more : most);
    uint32_t capacity = m->capacity ? m->capacity : 16;
    if (needed <= m->capacity) {
        return;
    }
    while (capacity < needed && t->units.n) {
        capacity = vec_capacity(capacity);
    }
    if (capacity < needed) {
        capacity = needed;
    }
    for (uint32_t i = 0; i < t->rubric->fields.list.n; i++) {
        struct column *c = &t->columns[i];
        c->value = arena_grow(m->arena, c->value, sizeof *c->value * m->capacity,
                              sizeof *c->value * capacity);
        c->state = arena_grow(m->arena, c->state, m->capacity, capacity);
    }
    m->capacity = capacity;
}

void merge_bad(struct merge *m, uint32_t unit)
{
    struct unit *u = &m->table->units.at[unit];
    if (!u->bad) {
        u->bad = true;
        u->why = diag_last_text(m->diag);
    }
}

void merge_blame(struct merge *m, uint32_t unit, uint32_t n_errors_before)
{
    if (unit != UNIT_NONE && m->diag->n_errors > n_errors_before) {
        merge_bad(m, unit);
    }
}

/* ---- which unit ---- */

str merge_name(const struct given *g)
{
    str s = str_trim(g->text);
    if (s.n > 1 && *s.at == '\'' && strchr("=+-@", s.at[1])) { /* the guard of our own CSV */
        s = (str){s.at + 1, s.n - 1};
    }
    if (s.n > NAME_MOST) {
        s.n = text_fit(s.at, NAME_MOST, 200);
    }
    return s;
}

/* A text that outlives the row it stands in. */
static str kept(struct merge *m, str s) { return (str){arena_text(m->arena, s.at, s.n), s.n}; }

static void remember_name(struct merge *m, uint32_t unit, str name, span at)
{
    if (!name.n) {
        return;
    }
    uint32_t slot = map_put(m->arena, &m->names, name, m->name_units.n);
    if (slot == m->name_units.n) {
        *vec_push(m->arena, &m->name_units) = unit;
        return;
    }
    uint32_t other = m->name_units.at[slot];
    if (other != UNIT_NONE && other != unit && m->notes.at[other].joined_by_name) {
        diag_add(m->diag, FINDING_AMBIGUOUS_UNIT, at,
                 _("'%s' is also a unit that another file gives by its name alone"),
                 m->table->units.at[other].name);
        diag_note(m->diag, table_place(m->table, other, FIELD_NONE), "%s", _("that unit"));
        diag_hint(m->diag, "%s", _("give every file an id column"));
        merge_bad(m, other);
    }
    if (other != unit) {
        m->name_units.at[slot] = UNIT_NONE;
    }
}

static uint32_t add_unit(struct merge *m, str id)
{
    struct table *t = m->table;
    uint32_t unit = t->units.n;
    merge_reserve(m, 1);
    struct unit *u = vec_push(m->arena, &t->units);
    u->id = arena_text(m->arena, id.at, id.n);
    u->first_row = ROW_NONE;
    vec_push(m->arena, &m->notes)->class = UINT32_MAX;
    map_put(m->arena, &t->unit_by_id, (str){u->id, id.n}, unit);
    return unit;
}

static uint32_t unit_called(const struct merge *m, str name)
{
    uint32_t slot = map_get(&m->names, name);
    return slot == MAP_NONE ? UNIT_NONE : m->name_units.at[slot];
}

static bool in_this_file(const struct merge *m, uint32_t unit)
{
    uint32_t row = m->table->units.at[unit].first_row;
    return row != ROW_NONE && m->rows.at[row].file == m->files.n - 1;
}

static span place_of_row(const struct merge *m, uint32_t i)
{
    const struct unit_row *row = &m->rows.at[i];
    if (row->period) {
        return merge_place(row->period, (uint32_t)row->offset, what_unit());
    }
    return units_place(m, row, what_unit());
}

/* A row with an id: known by it; or the unit of that name that had no id so far; or new. */
static uint32_t find_by_id(struct merge *m, str id, str name)
{
    uint32_t unit = map_get(&m->table->unit_by_id, id);
    if (unit != MAP_NONE) {
        return unit;
    }
    unit = name.n ? unit_called(m, name) : UNIT_NONE;
    if (unit == UNIT_NONE || !m->notes.at[unit].id_is_name || in_this_file(m, unit)) {
        return add_unit(m, id);
    }
    struct unit *u = &m->table->units.at[unit];
    u->id = arena_text(m->arena, id.at, id.n);
    map_put(m->arena, &m->table->unit_by_id, (str){u->id, id.n}, unit);
    m->notes.at[unit].id_is_name = false;
    m->notes.at[unit].joined_by_name = true;
    return unit;
}

/* A row without id: the one unit of that name, else a new one whose id is the name. */
static uint32_t find_by_name(struct merge *m, str name, span at)
{
    uint32_t slot = map_get(&m->names, name);
    uint32_t unit =
        slot == MAP_NONE ? map_get(&m->table->unit_by_id, name) : m->name_units.at[slot];
    if (slot != MAP_NONE && unit == UNIT_NONE) {
        diag_add(m->diag, FINDING_AMBIGUOUS_UNIT, at, _("several units have the name '%.*s'"),
                 (int)text_fit(name.at, name.n, 40), name.at);
        diag_hint(m->diag, "%s", _("give every file an id column"));
        return UNIT_NONE;
    }
    if (unit == MAP_NONE) {
        unit = add_unit(m, name);
        m->notes.at[unit].id_is_name = true;
    } else if (!m->notes.at[unit].id_is_name) {
        m->notes.at[unit].joined_by_name = true;
    }
    return unit;
}

/* ---- the reserved columns ---- */

bool merge_same_text(str a, const char *b)
{
    if (str_is(a, b)) {
        return true;
    }
    struct arena scratch = {0};
    bool same = str_eq(text_fold(&scratch, a), text_fold(&scratch, str_of(b)));
    arena_release(&scratch);
    return same;
}

static void report_other(struct merge *m, uint32_t unit, const char *what, str text, span at,
                         span first)
{
    int n = (int)text_fit(text.at, text.n < 400 ? text.n : 400, 40);
    diag_add(m->diag, FINDING_CONTRADICTION, at, _("'%.*s' contradicts another file (unit %s, %s)"),
             n, text.at, m->table->units.at[unit].id, what);
    diag_note(m->diag, first, "%s", _("the other value stands here"));
    diag_hint(m->diag, "%s", _("correct one of the two, or leave one cell empty"));
}

static void put_text(struct merge *m, uint32_t unit, enum reserved reserved, const char **slot,
                     const struct given *g)
{
    str text = merge_name(g);
    if (!text.n) {
        return;
    }
    if (!*slot) {
        *slot = arena_text(m->arena, text.at, text.n);
    } else if (reserved == RESERVED_NOTES) { /* remarks do not contradict each other */
        *slot = merge_same_text(text, *slot)
                    ? *slot
                    : arena_printf(m->arena, "%s; %.*s", *slot, STR_ARG(text));
    } else if (!merge_same_text(text, *slot)) {
        report_other(m, unit, reserved_word(reserved), text, g->at,
                     merge_place(m, unit, what_reserved(reserved)));
    }
}

static uint32_t find_class(struct merge *m, str name, span at)
{
    const struct rubric *r = m->table->rubric;
    struct arena_mark mark = arena_mark(m->arena);
    str folded = text_fold(m->arena, name);
    uint32_t entry = map_get(&m->class_by_name, folded);
    if (entry != MAP_NONE) {
        arena_reset(m->arena, mark);
    } else {
        entry = map_put(m->arena, &m->class_by_name, kept(m, folded), m->classes.n);
        *vec_push(m->arena, &m->classes) =
            (struct class_entry){arena_text(m->arena, name.at, name.n), r->classes.n, UINT32_MAX};
    }
    if (!r->classes_listed || m->classes.at[entry].class < r->classes.n) {
        return entry;
    }
    diag_add(m->diag, FINDING_UNKNOWN_CLASS, at, _("'%.*s' is none of the rubric's classes"),
             (int)text_fit(name.at, name.n, 40), name.at);
    if (m->diag->n_kept[FINDING_UNKNOWN_CLASS] <= 20) {
        struct nearest nearest = {.name = name};
        for (uint32_t i = 0; i < r->classes.n; i++) {
            nearest_offer(&nearest, r->classes.at[i]);
        }
        diag_did_you_mean(m->diag, nearest_name(&nearest, m->arena));
    }
    return entry;
}

void merge_class(struct merge *m, uint32_t unit, const struct given *g)
{
    str text = merge_name(g);
    if (!text.n) {
        return;
    }
    uint32_t entry = find_class(m, text, g->at); /* may move the entries */
    const struct class_entry *c = &m->classes.at[entry];
    struct unit *u = &m->table->units.at[unit];
    if (!u->class_name) {
        m->notes.at[unit].class = entry;
        u->class_name = c->name;
        u->class = c->class;
    } else if (strcmp(u->class_name, c->name)) {
        report_other(m, unit, reserved_word(RESERVED_CLASS), text, g->at,
                     merge_place(m, unit, what_reserved(RESERVED_CLASS)));
    }
}

static void put_reserved(struct merge *m, uint32_t unit, const struct given given[N_RESERVED])
{
    struct unit *u = &m->table->units.at[unit];
    bool unnamed = !u->name;
    put_text(m, unit, RESERVED_NAME, &u->name, &given[RESERVED_NAME]);
    if (unnamed && u->name) {
        remember_name(m, unit, str_of(u->name), given[RESERVED_NAME].at);
    }
    merge_class(m, unit, &given[RESERVED_CLASS]);
    put_text(m, unit, RESERVED_PARENT, &u->parent, &given[RESERVED_PARENT]);
    put_text(m, unit, RESERVED_PERIOD, &u->period, &given[RESERVED_PERIOD]);
    put_text(m, unit, RESERVED_NOTES, &u->notes, &given[RESERVED_NOTES]);
    put_text(m, unit, RESERVED_SORT_KEY, &u->sort_key, &given[RESERVED_SORT_KEY]);
}

/* ---- the previous period ---- */

static const struct field *without_bounds(struct arena *a, const struct fields *fields)
{
    struct field *all = ARENA_ARRAY(a, struct field, fields->list.n + 1);
    for (uint32_t i = 0; i < fields->list.n; i++) {
        all[i] = fields->list.at[i];
        all[i].min = all[i].max = DEC_NONE;
    }
    return all;
}

struct merge *merge_new_before(struct arena *a, struct diag *d, const struct table *now)
{
    struct merge *m = merge_new(a, d, now->rubric);
    m->now = now;
    m->fields = without_bounds(a, &now->rubric->fields);
    m->absent_is_fine = true;
    merge_reserve(m, now->units.n);
    for (uint32_t i = 0; i < now->units.n; i++) {
        const struct unit *u = &now->units.at[i];
        uint32_t unit = add_unit(m, str_of(u->id));
        m->table->units.at[unit].name = u->name;
        m->table->units.at[unit].class_name = u->class_name;
        m->notes.at[unit].id_is_name = strcmp(u->id, u->name) == 0;
        remember_name(m, unit, str_of(u->name), (span){0});
    }
    return m;
}

bool merge_passes_over(struct merge *m, const struct given given[N_RESERVED])
{
    if (merge_other_period(m, &given[RESERVED_PERIOD])) {
        return true;
    }
    str id = merge_name(&given[RESERVED_ID]), name = merge_name(&given[RESERVED_NAME]);
    if (!m->now || (!id.n && !name.n)) {
        return false;
    }
    if (map_get(&m->table->unit_by_id, id.n ? id : name) != MAP_NONE) {
        return false;
    }
    uint32_t slot = name.n ? map_get(&m->names, name) : MAP_NONE;
    uint32_t unit = slot == MAP_NONE ? UNIT_NONE : m->name_units.at[slot];
    /* A name alone may be that of several: then it is asked which. */
    return slot == MAP_NONE || (id.n && (unit == UNIT_NONE || !m->notes.at[unit].id_is_name));
}

/* The unit is called and classed as this period's data say. */
static void put_before(struct merge *m, uint32_t unit, const struct given given[N_RESERVED])
{
    struct unit *u = &m->table->units.at[unit];
    const struct rubric *r = m->table->rubric;
    const struct given *period = &given[RESERVED_PERIOD];
    u->in_data = true;
    if (given[RESERVED_ID].text.n) {
        remember_name(m, unit, kept(m, merge_name(&given[RESERVED_NAME])), given[RESERVED_NAME].at);
    }
    put_text(m, unit, RESERVED_PERIOD, &u->period, period);
    if (!m->period_said && r->period && merge_name(period).n &&
        merge_same_text(merge_name(period), r->period)) {
        m->period_said = true;
        diag_add(m->diag, FINDING_PREVIOUS_PERIOD, period->at,
                 _("these are data of %s, the rubric's own period"), r->period);
        diag_hint(m->diag, "%s", _("--previous takes the data of the period before"));
    }
}

/* ---- rows ---- */

uint32_t merge_unit(struct merge *m, const struct given given[N_RESERVED], span at,
                    struct unit_row row)
{
    struct diag *d = m->diag;
    uint32_t errors = d->n_errors;
    str id = merge_name(&given[RESERVED_ID]), name = merge_name(&given[RESERVED_NAME]);
    const struct data_file *file = &m->files.at[m->files.n - 1];
    span who = id.n ? given[RESERVED_ID].at : name.n ? given[RESERVED_NAME].at : at;
    if (!id.n && (file->has_ids || !name.n)) {
        diag_add(d, FINDING_NO_UNIT_ID, who, "%s", _("the row does not say which unit it is"));
        diag_hint(d, "%s", _("give it an id, or a name in a file without ids"));
        return UNIT_NONE;
    }
    uint32_t unit = id.n ? find_by_id(m, id, name) : find_by_name(m, name, who);
    if (unit == UNIT_NONE) {
        return UNIT_NONE;
    }
    if (in_this_file(m, unit)) {
        diag_add(d, FINDING_DUPLICATE_UNIT, who, _("unit '%s' is in this file already"),
                 m->table->units.at[unit].id);
        diag_note(d, place_of_row(m, m->table->units.at[unit].first_row), "%s",
                  _("it stands here first"));
        merge_bad(m, unit);
        return UNIT_NONE;
    }
    if (m->now) {
        put_before(m, unit, given);
    } else {
        put_reserved(m, unit, given);
    }
    row.file = m->files.n - 1;
    row.next = m->table->units.at[unit].first_row;
    m->table->units.at[unit].first_row = m->rows.n;
    *vec_push(m->arena, &m->rows) = row;
    merge_blame(m, unit, errors);
    return unit;
}

/* ---- values ---- */

bool merge_reads(const struct merge *m, uint32_t field)
{
    const struct field *f = &m->table->rubric->fields.list.at[field];
    return f->type != FIELD_CHOICE || f->options.n > 0;
}

static bool yields(enum cell_state state)
{
    return state == CELL_PLACEHOLDER || state == CELL_PLANNED;
}

static bool is_amount(enum field_type type)
{
    return type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT ||
           type == FIELD_YESNO;
}

static bool same_list(const struct list_value *a, const struct list_value *b)
{
    if (a->n != b->n) {
        return false;
    }
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->values[i] != b->values[i] ||
            (a->values[i] == DEC_NONE && strcmp(a->texts[i], b->texts[i]))) {
            return false;
        }
    }
    return true;
}

/* 60 and 60.0 are the same, and so are 无 and 0. */
static bool same_value(const struct merge *m, uint32_t unit, uint32_t field, const struct cell *c)
{
    const struct table *t = m->table;
    enum field_type type = t->rubric->fields.list.at[field].type;
    enum cell_state state = t->columns[field].state[unit];
    dec value = t->columns[field].value[unit];
    bool exact = (state == CELL_VALUE || state == CELL_NONE) &&
                 (c->state == CELL_VALUE || c->state == CELL_NONE);
    if (is_amount(type) && exact) {
        return value == c->value;
    }
    if (state != c->state) {
        return false;
    }
    if (state == CELL_NA || state == CELL_NONE) {
        return true;
    }
    if (type == FIELD_TEXT) {
        return str_is(c->text, t->texts.at[dec_to_int(value)]);
    }
    if (type == FIELD_LIST) {
        return same_list(&c->list, &t->lists.at[dec_to_int(value)]);
    }
    return value == c->value;
}

static void store(struct merge *m, uint32_t unit, uint32_t field, const struct cell *c)
{
    struct table *t = m->table;
    dec value = c->value;
    if (c->state == CELL_VALUE) {
        enum field_type type = t->rubric->fields.list.at[field].type;
        if (type == FIELD_TEXT) {
            value = dec_from_int(t->texts.n);
            *vec_push(m->arena, &t->texts) = arena_text(m->arena, c->text.at, c->text.n);
        } else if (type == FIELD_LIST) {
            value = dec_from_int(t->lists.n);
            *vec_push(m->arena, &t->lists) = c->list;
        }
    }
    t->columns[field].value[unit] = value;
    t->columns[field].state[unit] = (uint8_t)c->state;
    t->has_claims |= c->state == CELL_NA;
    if (c->reason.n) {
        *vec_push(m->arena, &t->reasons) =
            (struct side_note){unit, field, arena_text(m->arena, c->reason.at, c->reason.n)};
    }
}

static void put(struct merge *m, uint32_t unit, uint32_t field, const struct cell *c, str text,
                span at)
{
    struct table *t = m->table;
    enum cell_state old = t->columns[field].state[unit];
    if (c->state == CELL_EMPTY || old == CELL_BAD) {
        return;
    }
    if (old == CELL_EMPTY || c->state == CELL_BAD || (yields(old) && !yields(c->state))) {
        store(m, unit, field, c);
    } else if (yields(c->state)) {
        return;
    } else if (!same_value(m, unit, field, c)) {
        report_other(m, unit, t->rubric->fields.list.at[field].id, text, at,
                     table_place(t, unit, field));
    } else if (c->reason.n) { /* the first may lack one; merge_finish keeps the first there is */
        store(m, unit, field, c);
    }
}

/* A choice with many options would be searched through for each cell; what was found once is kept.
 */
static bool read_cell(struct merge *m, uint32_t field, str text, span at, struct cell *out)
{
    const struct field *f = &m->fields[field];
    bool many = f->type == FIELD_CHOICE && f->options.n > OPTIONS_FEW && text.n < NAME_MOST;
    if (!many) {
        return cell_parse(m->arena, m->diag, f, text, at, out);
    }
    struct map *known = &m->options_known[field];
    for (uint32_t i = 0; !known->n && i < f->options.n; i++) {
        map_put(m->arena, known, str_of(f->options.at[i]), i);
    }
    uint32_t option = map_get(known, text);
    if (option != MAP_NONE) {
        *out = (struct cell){.value = dec_from_int(option), .state = CELL_VALUE};
        return true;
    }
    bool good = cell_parse(m->arena, m->diag, f, text, at, out);
    if (good && out->state == CELL_VALUE) {
        map_put(m->arena, known, kept(m, text), (uint32_t)dec_to_int(out->value));
    }
    return good;
}

void merge_value(struct merge *m, uint32_t unit, uint32_t field, const struct cell *cell, str text,
                 span at)
{
    uint32_t errors = m->diag->n_errors;
    if (unit == UNIT_NONE) {
        return;
    }
    put(m, unit, field, cell, text, at);
    merge_blame(m, unit, errors);
}

void merge_cell(struct merge *m, uint32_t unit, uint32_t field, str text, span at)
{
    struct cell cell;
    uint32_t errors = m->diag->n_errors;
    if (!text.n || !merge_reads(m, field)) {
        return;
    }
    if (!read_cell(m, field, text, at, &cell)) {
        /* A finding that the user made a warning leaves the cell unreported, not the unit out. */
        if (m->diag->n_errors == errors) {
            return;
        }
        cell = (struct cell){.state = CELL_BAD};
    }
    if (unit == UNIT_NONE) {
        return;
    }
    put(m, unit, field, &cell, text, at);
    merge_blame(m, unit, errors);
}

bool merge_is_evidence(str text)
{
    struct folded words;
    text = str_trim(text);
    cell_fold(&words, text);
    return text.n > 0 && !cell_is_none(&words) && !cell_is_dash(&words) &&
           !cell_is_placeholder(&words, NULL) && !cell_is_plan(&words, true);
}

void merge_evidence(struct merge *m, uint32_t unit, uint32_t member, str text)
{
    text = str_trim(text);
    if (unit != UNIT_NONE && merge_is_evidence(text)) {
        *vec_push(m->arena, &m->table->evidence) =
            (struct side_note){unit, member, arena_text(m->arena, text.at, text.n)};
    }
}
