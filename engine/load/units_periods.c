/*
 * units_periods.c - the data of a rubric that is made of periods: a table for each, and the year's.
 *
 *   q1.csv, given for 2024Q1 ──────────────► table of 2024Q1 ─┐ units
 *   all.csv ─┬─ rows of 2024Q1 ────────────►                  │
 *            ├─ rows of 2024Q2 ────────────► table of 2024Q2 ─┤
 *            └─ rows of 2024, or of none ──► the year's table ◄┘
 *
 * Files without a period are read first, as the year's; what they have of the parts is noted, and
 * read for these. Then the year takes over the units that only its parts know, from the last part
 * to the first: what a unit is called and classed is the year's own to say, then the latest.
 */
#include "load/merge.h"

#include "base/i18n.h"

#include <string.h>

/* ---- rows ---- */

static uint32_t part_named(const struct rubric *year, str text)
{
    for (uint32_t i = 0; i < year->periods.n; i++) {
        if (merge_same_text(text, year->periods.at[i].name)) {
            return i;
        }
    }
    return PERIOD_NONE;
}

static const char *parts_text(struct arena *a, const struct rubric *year)
{
    const char *all = "";
    for (uint32_t i = 0; i < year->periods.n; i++) {
        all = arena_printf(a, "%s%s%s", all, i > 0 ? ", " : "", year->periods.at[i].name);
    }
    return all;
}

static void unknown_period(struct merge *m, str text, span at)
{
    const struct rubric *year = m->dating.year;
    diag_add(m->diag, FINDING_UNKNOWN_PERIOD, at,
             _("'%.*s' is neither the rubric's period nor one that it is made of"),
             (int)text_fit(text.at, text.n < 400 ? text.n : 400, 40), text.at);
    diag_hint(m->diag, _("it is made of %s"), parts_text(m->diag->arena, year));
}

bool merge_other_period(struct merge *m, const struct given *period)
{
    const struct dating *d = &m->dating;
    str text = merge_name(period);
    if (!d->year) {
        return false;
    }
    bool own = d->year->period && merge_same_text(text, d->year->period);
    uint32_t part = text.n ? part_named(d->year, text) : d->given ? d->period : PERIOD_NONE;
    if (text.n && !own && part == PERIOD_NONE) {
        if (d->given || d->period == PERIOD_NONE) { /* else the year has said so */
            unknown_period(m, text, period->at);
        }
        return true;
    }
    if (d->given && part != d->period) {
        diag_add(m->diag, FINDING_PERIOD_FILE, period->at,
                 _("this row is of %.*s, but the file was given for %s"), STR_ARG(text),
                 d->year->periods.at[d->period].name);
        return true;
    }
    if (d->seen && part != PERIOD_NONE) {
        d->seen[part] = true;
    }
    return part != d->period;
}

/* A file that several periods share has columns of all their sheets. Who knows none of them is the
 * year's to say, once. */
struct heading merge_heading(struct merge *m, str text, span at)
{
    const struct dating *d = &m->dating;
    struct heading elsewhere = {0};
    if (d->year && !d->given && d->period != PERIOD_NONE) {
        elsewhere.kind = HEADING_IGNORED;
    }
    for (uint32_t i = 0; d->parts && i < d->year->periods.n && !elsewhere.kind; i++) {
        if (!d->parts[i]) {
            elsewhere.kind = HEADING_IGNORED; /* what that sheet asks could not be read */
        } else if (headings_know(d->parts[i], m->arena, text)) {
            elsewhere = (struct heading){HEADING_ELSEWHERE, i};
        }
    }
    if (elsewhere.kind && !headings_know(&m->headings, m->arena, text)) {
        return elsewhere;
    }
    return headings_find(&m->headings, m->arena, m->diag, text, at);
}

void merge_misplaced(struct merge *m, uint32_t part, str text, span at)
{
    const char *name = m->dating.year->periods.at[part].name;
    diag_add(m->diag, FINDING_UNKNOWN_COLUMN, at,
             _("'%.*s' belongs to the sheet of %s, but the row is of no such period: the value "
               "does not count"),
             (int)text_fit(text.at, text.n, 40), text.at, name);
    diag_hint(m->diag,
              _("give the file with --period %s=FILE, or name each row's period in a column period "
                "(期间)"),
              name);
}

/* ---- the tables of the parts ---- */

struct parting {
    struct merge *year;
    const struct source *const *sources;
    uint32_t n_sources;
    const struct units_options *options;
    bool *seen; /* [n_sources * parts] */
};

static struct period_part *part_at(const struct parting *p, uint32_t part)
{
    return &p->year->table->periods[part];
}

/* That the period it was given for is one. */
static void check_file(const struct parting *p, const struct period_file *file)
{
    const struct merge *m = p->year;
    const struct rubric *r = m->table->rubric;
    if (rubric_period(r, str_of(file->period)) != PERIOD_NONE) {
        return;
    }
    struct nearest nearest = {.name = str_of(file->period)};
    diag_add(m->diag, FINDING_UNKNOWN_PERIOD, (span){file->source, 0, 0},
             _("this file is given for %s, which is none of the rubric's periods"), file->period);
    for (uint32_t i = 0; i < r->periods.n; i++) {
        nearest_offer(&nearest, r->periods.at[i].name);
    }
    const char *meant = nearest_name(&nearest, m->diag->arena);
    if (meant) {
        diag_did_you_mean(m->diag, meant);
    } else if (r->periods.n > 0) {
        diag_hint(m->diag, _("it is made of %s"), parts_text(m->diag->arena, r));
    } else {
        diag_hint(m->diag, _("the rubric has no `periods`, so it is not made of any"));
    }
}

static void read_files(const struct parting *p, struct merge *m, uint32_t part)
{
    uint32_t n_parts = p->year->table->rubric->periods.n;
    for (uint32_t i = 0; i < p->n_sources; i++) {
        if (p->seen[(size_t)i * n_parts + part]) {
            m->dating.given = false;
            merge_source(m, p->sources[i]);
        }
    }
    for (uint32_t i = 0; p->options && i < p->options->n_period_files; i++) {
        const struct period_file *file = &p->options->period_files[i];
        if (rubric_period(p->year->table->rubric, str_of(file->period)) == part) {
            uint32_t errors = m->diag->n_errors, units = m->table->units.n;
            m->dating.given = true;
            merge_source(m, file->source);
            if (m->table->units.n == units && units == 0 && m->diag->n_errors == errors) {
                diag_add(m->diag, FINDING_NO_UNITS, (span){file->source, 0, 0}, "%s",
                         _("the data holds no units"));
            }
        }
    }
}

static void load_part(const struct parting *p, uint32_t part)
{
    struct merge *year = p->year;
    const struct period *period = &year->table->rubric->periods.at[part];
    if (!period->sheet) {
        return; /* after a finding */
    }
    struct merge *m = merge_new(year->arena, year->diag, period->sheet);
    m->table->place = merge_unit_place;
    m->dating = (struct dating){.year = year->table->rubric, .period = part};
    read_files(p, m, part);
    if (m->files.n == 0) {
        diag_add(year->diag, FINDING_PERIOD_ABSENT, period->at, _("there are no data of %s"),
                 period->name);
        diag_hint(year->diag, _("give them with --period %s=FILE, or in rows of that period"),
                  period->name);
    }
    if (m->table->units.n > 0) {
        merge_finish(m);
        part_at(p, part)->table = m->table;
    }
}

/* ---- the year's units ---- */

/* The unit of the year that merge_unit will take it for, if there is one. Two that have an id each
 * are two, whatever they are called. */
static uint32_t same_unit(const struct merge *year, const struct unit *u, bool id_is_name)
{
    uint32_t unit = map_get(&year->table->unit_by_id, str_of(u->id));
    if (unit != MAP_NONE) {
        return unit;
    }
    uint32_t slot = u->name ? map_get(&year->names, str_of(u->name)) : MAP_NONE;
    unit = slot == MAP_NONE ? UNIT_NONE : year->name_units.at[slot];
    bool other = unit != UNIT_NONE && !id_is_name && !year->notes.at[unit].id_is_name;
    return other ? UNIT_NONE : unit;
}

static void give(struct given given[N_RESERVED], enum reserved which, const char *text,
                 const char *already, span at)
{
    if (text && *text && !already) {
        given[which] = (struct given){str_of(text), at};
    }
}

/* Makes it a unit of the year; what the year, or a later part, says of it goes before. */
static uint32_t enlist(struct merge *year, const struct merge *part, uint32_t unit)
{
    const struct unit *u = &part->table->units.at[unit];
    static const struct unit nobody;
    struct given given[N_RESERVED] = {0};
    span at = merge_place(part, unit, what_unit());
    uint32_t known = same_unit(year, u, part->notes.at[unit].id_is_name);
    struct unit as = known == UNIT_NONE ? nobody : year->table->units.at[known];
    bool by_id = known != UNIT_NONE && strcmp(as.id, u->id) == 0;
    if (!part->notes.at[unit].id_is_name) {
        give(given, RESERVED_ID, u->id, NULL, at);
    }
    give(given, RESERVED_NAME, u->name, by_id && !year->notes.at[known].id_is_name ? as.name : NULL,
         at);
    give(given, RESERVED_CLASS, u->class_name, as.class_name, at);
    give(given, RESERVED_PARENT, u->parent, as.parent, at);
    give(given, RESERVED_SORT_KEY, u->sort_key, as.sort_key, at);
    year->class_seen = year->class_seen || *u->class_name;
    uint32_t found = merge_unit(year, given, at, (struct unit_row){.offset = unit, .period = part});
    if (found != UNIT_NONE && u->bad && !year->table->units.at[found].bad) {
        year->table->units.at[found].bad = true;
        year->table->units.at[found].why = u->why;
    }
    return found;
}

static void enlist_units(const struct parting *p, uint32_t part)
{
    struct merge *year = p->year;
    const struct table *t = part_at(p, part)->table;
    if (!t) {
        return;
    }
    uint32_t *units = ARENA_ARRAY(year->arena, uint32_t, (size_t)t->units.n + 1);
    /* A file of its own, so that two of its units are not one of the year. */
    *vec_push(year->arena, &year->files) =
        (struct data_file){.source = t->sources.at[0], .column_of_id = COLUMN_NONE};
    for (uint32_t i = 0; i < t->units.n; i++) {
        units[i] = enlist(year, t->rows, i);
    }
    part_at(p, part)->units = units;
}

/* ---- all of it ---- */

static void read_year(const struct parting *p)
{
    struct merge *m = p->year;
    const struct rubric *r = m->table->rubric;
    m->dating = (struct dating){.year = r, .period = PERIOD_NONE};
    m->dating.parts = ARENA_ARRAY(m->arena, const struct headings *, r->periods.n);
    for (uint32_t i = 0; i < r->periods.n; i++) {
        if (r->periods.at[i].sheet) {
            struct headings *h = ARENA_NEW(m->arena, struct headings);
            headings_init(h, m->arena, r->periods.at[i].sheet);
            m->dating.parts[i] = h;
        }
    }
    for (uint32_t i = 0; i < p->n_sources; i++) {
        m->dating.seen = p->seen + (size_t)i * r->periods.n;
        merge_source(m, p->sources[i]);
    }
}

void merge_periods(struct merge *m, const struct source *const *sources, uint32_t n,
                   const struct units_options *options)
{
    uint32_t n_parts = m->table->rubric->periods.n;
    struct parting p = {.year = m, .sources = sources, .n_sources = n, .options = options};
    for (uint32_t i = 0; options && i < options->n_period_files; i++) {
        *vec_push(m->arena, &m->table->period_files) = options->period_files[i];
        check_file(&p, &options->period_files[i]);
    }
    if (n_parts == 0) {
        for (uint32_t i = 0; i < n; i++) {
            merge_source(m, sources[i]);
        }
        return;
    }
    p.seen = ARENA_ARRAY(m->arena, bool, (size_t)n *n_parts + 1);
    m->table->periods = ARENA_ARRAY(m->arena, struct period_part, n_parts);
    read_year(&p);
    for (uint32_t i = 0; i < n_parts; i++) {
        load_part(&p, i);
    }
    for (uint32_t i = n_parts; i-- > 0;) {
        enlist_units(&p, i);
    }
}
