/*
 * units.c - see units.h: which reader, and what can only be said when all files are read.
 */
#include "load/units.h"

#include "base/i18n.h"
#include "load/format.h"
#include "load/merge.h"

#include <stdlib.h>
#include <string.h>

/* ---- places ---- */

static span place_in_row(const struct merge *m, const struct unit_row *row, struct what what)
{
    if (row->period) { /* its values are the period's own */
        return what.field == FIELD_NONE ? merge_place(row->period, (uint32_t)row->offset, what)
                                        : (span){0};
    }
    return units_place(m, row, what);
}

/* In the first file that has it: later ones can only repeat it. */
static span first_place(const struct merge *m, uint32_t unit, struct what what)
{
    span found = {0};
    for (uint32_t i = m->table->units.at[unit].first_row; i != ROW_NONE; i = m->rows.at[i].next) {
        span at = place_in_row(m, &m->rows.at[i], what);
        found = at.source ? at : found;
    }
    return found;
}

span merge_place(const struct merge *m, uint32_t unit, struct what what)
{
    span found = {0};
    if (unit >= m->table->units.n) {
        return found;
    }
    found = first_place(m, unit, what);
    what.empty = true;
    found = found.source ? found : first_place(m, unit, what);
    return found.source ? found : first_place(m, unit, what_unit());
}

span merge_unit_place(const struct table *t, uint32_t unit, uint32_t field)
{
    return merge_place(t->rows, unit, what_field(field));
}

/* ---- the end ---- */

static void settle_unit(struct merge *m, uint32_t i)
{
    struct table *t = m->table;
    struct unit *u = &t->units.at[i];
    const struct rubric *r = t->rubric;
    if (!u->name) {
        u->name = u->id;
    }
    if (!u->class_name) {
        u->class_name = "";
        u->class = r->classes.n;
        if (m->class_seen && !u->bad) {
            diag_add(m->diag, FINDING_NO_CLASS, table_place(t, i, FIELD_NONE),
                     _("unit '%s' has no class"), u->id);
        }
        if (m->class_seen || r->classes_listed) {
            u->why = u->bad ? u->why : _("it has no class");
            u->bad = true;
        }
    }
}

/* The unit's group, by the class that its note has. */
static void group_unit(struct merge *m, uint32_t unit)
{
    struct table *t = m->table;
    struct unit *u = &t->units.at[unit];
    uint32_t class = m->notes.at[unit].class;
    uint32_t *group = class == UINT32_MAX ? &m->group_without : &m->classes.at[class].group;
    if (*group == UINT32_MAX) {
        *group = t->groups.n;
        *vec_push(m->arena, &t->groups) = u->class_name;
    }
    u->group = *group;
}

void merge_group(struct merge *m, str class_name, span at)
{
    struct given given = {class_name, at};
    m->table->units.at[0].class_name = NULL;
    m->notes.at[0].class = UINT32_MAX;
    merge_class(m, 0, &given);
    settle_unit(m, 0);
    group_unit(m, 0);
}

/* A heading that was reported is probably the field: then one finding is enough, as long as it is
 * one, and stops whatever the field's absence would stop. */
static bool is_excused(const struct merge *m, uint32_t field)
{
    enum severity severity = m->diag->severity[FINDING_UNKNOWN_COLUMN];
    bool required = m->table->rubric->fields.list.at[field].required;
    return m->headings.meant[field] && severity >= (required ? SEVERITY_ERROR : SEVERITY_WARNING);
}

void merge_report_absent(struct merge *m)
{
    const struct rubric *r = m->table->rubric;
    for (uint32_t i = 0; i < r->fields.list.n; i++) {
        const struct field *f = &r->fields.list.at[i];
        if (!f->used || m->table->columns[i].present || is_excused(m, i)) {
            continue;
        }
        bool named = strcmp(f->id, f->label);
        diag_add(m->diag, f->required ? FINDING_REQUIRED_FIELD_ABSENT : FINDING_FIELD_ABSENT, f->at,
                 _("no data file has the field %s%s%s"), f->id, named ? " " : "",
                 named ? f->label : "");
        if (f->by_assessor) {
            diag_hint(m->diag, "%s", _("it is filled in by the assessor, in a file of its own"));
        } else {
            diag_hint(m->diag, "%s", _("no unit counts as having reported it"));
        }
    }
}

/* ---- reasons and evidence, in order ---- */

struct numbered {
    struct side_note note;
    uint32_t number;
};

static int compare(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    if (x->note.unit != y->note.unit) {
        return x->note.unit < y->note.unit ? -1 : 1;
    }
    if (x->note.index != y->note.index) {
        return x->note.index < y->note.index ? -1 : 1;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool same_key(const struct side_note *a, const struct side_note *b)
{
    return a->unit == b->unit && a->index == b->index;
}

/* The texts of one key in one: as they are, joined by "; ", each only once in a row. */
static const char *join(struct arena *a, const struct numbered *from, uint32_t n)
{
    struct buf all = {0};
    for (uint32_t i = 0; i < n; i++) {
        if (i && !strcmp(from[i].note.text, from[i - 1].note.text)) {
            continue;
        }
        if (i) {
            buf_text(&all, "; ");
        }
        buf_text(&all, from[i].note.text);
    }
    const char *text = arena_text(a, all.at, all.n);
    buf_release(&all);
    return text;
}

/* Sorts and leaves one for each key; `joined` keeps all the texts, else the first. Returns how
 * many. */
static uint32_t settle_notes(struct arena *a, struct side_note *notes, uint32_t n, bool joined)
{
    struct arena scratch = {0};
    struct numbered *sorted = ARENA_ARRAY(&scratch, struct numbered, (size_t)n + 1);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = (struct numbered){notes[i], i};
    }
    qsort(sorted, n, sizeof *sorted, compare);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same_key(&sorted[i].note, &sorted[end].note);) {
            end++;
        }
        notes[kept] = sorted[i].note;
        if (joined && end - i > 1) {
            notes[kept].text = join(a, &sorted[i], end - i);
        }
        kept++;
    }
    arena_release(&scratch);
    return kept;
}

void merge_settle(struct merge *m)
{
    struct table *t = m->table;
    t->reasons.n = settle_notes(m->arena, t->reasons.at, t->reasons.n, false);
    t->evidence.n = settle_notes(m->arena, t->evidence.at, t->evidence.n, true);
}

void merge_finish(struct merge *m)
{
    struct table *t = m->table;
    merge_settle(m);
    if (m->now) {
        return;
    }
    if (t->rubric->classes_listed && !m->class_seen && t->units.n) {
        diag_add(m->diag, FINDING_NO_CLASS,
                 (span){m->files.n > 0 ? m->files.at[0].source : NULL, 0, 0}, "%s",
                 _("the rubric lists classes, but no file has a class column"));
        diag_hint(m->diag, "%s", _("add a column class (类别) to one of the files"));
    }
    for (uint32_t i = 0; i < t->units.n; i++) {
        settle_unit(m, i);
    }
    for (uint32_t i = 0; i < t->units.n; i++) {
        group_unit(m, i);
    }
    merge_tree(m);
    if (t->units.n && !m->absent_is_fine) {
        merge_report_absent(m);
    }
}

/* ---- reading ---- */

void merge_source(struct merge *m, const struct source *s)
{
    static void (*const readers[])(struct merge *, const struct source *) = {
        [FORMAT_CSV] = units_read_csv,
        [FORMAT_JSON] = units_read_json,
        [FORMAT_NDJSON] = units_read_lines,
        [FORMAT_YAML] = units_read_yaml,
    };
    readers[format_of(s, "units:")](m, s);
}

static void read_sources(struct merge *m, const struct source *const *sources, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        merge_source(m, sources[i]);
    }
}

/* What --ignore-unknown makes a warning. */
enum { N_UNKNOWN = 3 };

struct table *units_load(struct arena *a, struct diag *d, const struct rubric *r,
                         const struct source *const *sources, uint32_t n_sources,
                         const struct units_options *options)
{
    static const enum finding_id unknown[N_UNKNOWN] = {FINDING_UNKNOWN_COLUMN, FINDING_UNKNOWN_ITEM,
                                                       FINDING_UNKNOWN_KEY};
    enum severity severity[N_UNKNOWN];
    struct merge *m = merge_new(a, d, r);
    uint32_t errors = d->n_errors;
    m->table->place = merge_unit_place;
    for (int i = 0; i < N_UNKNOWN; i++) {
        severity[i] = d->severity[unknown[i]];
        if (options && options->ignore_unknown && severity[i] == SEVERITY_ERROR) {
            d->severity[unknown[i]] = SEVERITY_WARNING;
        }
    }
    merge_periods(m, sources, n_sources, options);
    if (!m->table->units.n && d->n_errors == errors) {
        diag_add(d, FINDING_NO_UNITS, (span){n_sources ? sources[0] : NULL, 0, 0}, "%s",
                 _("the data holds no units"));
    }
    merge_finish(m);
    for (int i = 0; i < N_UNKNOWN; i++) {
        d->severity[unknown[i]] = severity[i];
    }
    return m->table;
}

/* ---- the previous period ---- */

/* What is wrong there makes the unit's score wrong. */
static void take_blame(struct table *now)
{
    for (uint32_t i = 0; i < now->units.n; i++) {
        const struct unit *before = &now->previous->units.at[i];
        if (before->bad && !now->units.at[i].bad) {
            now->units.at[i].bad = true;
            now->units.at[i].why = before->why;
        }
    }
}

static bool any_in_data(const struct table *t)
{
    for (uint32_t i = 0; i < t->units.n; i++) {
        if (t->units.at[i].in_data) {
            return true;
        }
    }
    return false;
}

void units_load_previous(struct arena *a, struct diag *d, struct table *now,
                         const struct source *const *sources, uint32_t n_sources,
                         const struct units_options *options)
{
    struct merge *m = merge_new_before(a, d, now);
    enum severity column = d->severity[FINDING_UNKNOWN_COLUMN],
                  item = d->severity[FINDING_UNKNOWN_ITEM], key = d->severity[FINDING_UNKNOWN_KEY];
    uint32_t errors = d->n_errors;
    m->table->place = merge_unit_place;
    d->severity[FINDING_UNKNOWN_COLUMN] = d->severity[FINDING_UNKNOWN_ITEM] = SEVERITY_IGNORE;
    if (options && options->ignore_unknown && key == SEVERITY_ERROR) {
        d->severity[FINDING_UNKNOWN_KEY] = SEVERITY_WARNING;
    }
    read_sources(m, sources, n_sources);
    d->severity[FINDING_UNKNOWN_COLUMN] = column;
    d->severity[FINDING_UNKNOWN_ITEM] = item;
    d->severity[FINDING_UNKNOWN_KEY] = key;
    merge_finish(m);
    now->previous = m->table;
    take_blame(now);
    if (now->units.n > 0 && !any_in_data(m->table) && d->n_errors == errors) {
        diag_add(d, FINDING_PREVIOUS_NO_UNIT, (span){n_sources ? sources[0] : NULL, 0, 0}, "%s",
                 _("none of the units stands in the data of the previous period"));
        diag_hint(d, "%s", _("units are matched by their id"));
    }
}

void units_previous_of_nodes(struct arena *a, struct diag *d, struct table *now,
                             const struct source *s, struct node *const *values)
{
    struct merge *m = merge_new_before(a, d, now);
    m->table->place = merge_unit_place;
    merge_file(m, s);
    for (uint32_t i = 0; i < now->units.n; i++) {
        if (values[i]) {
            units_read_one(m, node_map_of(a, "values", values[i]), now->units.at[i].id);
        }
    }
    merge_finish(m);
    now->previous = m->table;
    take_blame(now);
}

struct table *units_of_nodes(struct arena *a, struct diag *d, const struct rubric *r,
                             const struct source *s, struct node *const *units,
                             const char *const *names, uint32_t n)
{
    struct merge *m = merge_new(a, d, r);
    m->table->place = merge_unit_place;
    m->absent_is_fine = true;
    m->class_seen = r->classes_listed; /* so that each unit without one is told at its place */
    merge_file(m, s);
    for (uint32_t i = 0; i < n; i++) {
        units_read_one(m, units[i], names[i]);
    }
    merge_finish(m);
    return m->table;
}
