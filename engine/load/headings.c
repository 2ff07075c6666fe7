/* headings.c - see headings.h. */
#include "load/headings.h"

#include "base/i18n.h"

#include <string.h>

static const struct {
    const char *word, *label;
} reserved_names[N_RESERVED] = {
    [RESERVED_ID] = {"id", "编号"},
    [RESERVED_NAME] = {"name", "名称"},
    [RESERVED_CLASS] = {"class", "类别"},
    [RESERVED_PARENT] = {"parent", "上级"},
    [RESERVED_PERIOD] = {"period", "期间"},
    [RESERVED_NOTES] = {"notes", "备注"},
    [RESERVED_SORT_KEY] = {"sort_key", "排序键"},
};

/* Folded, as text_fold leaves them. */
static const char *const evidence_prefixes[] = {"evidence.", "evidence:", "佐证:", "佐证.", NULL};

/* A suggestion is only looked for where it will be printed: findings show at most 20 of an id. */
#define SUGGESTIONS_MOST 20
/* A longer heading is no name with a slip in it. */
#define NAME_MOST 200

const char *reserved_word(enum reserved reserved) { return reserved_names[reserved].word; }

/* ---- the names ---- */

static bool same_heading(struct heading a, struct heading b)
{
    return a.kind == b.kind && a.index == b.index;
}

static void add_folded(struct headings *h, struct arena *a, str folded, struct heading heading)
{
    if (!folded.n) {
        return;
    }
    uint32_t first = map_put(a, &h->names, folded, h->entries.n);
    uint32_t next = MAP_NONE;
    if (first < h->entries.n) {
        /* What one heading is called comes in one go: it can only be the first or the newest. */
        next = h->entries.at[first].next;
        if (same_heading(h->entries.at[first].heading, heading) ||
            (next != MAP_NONE && same_heading(h->entries.at[next].heading, heading))) {
            return;
        }
        h->entries.at[first].next = h->entries.n;
    }
    *vec_push(a, &h->entries) = (struct heading_entry){heading, next};
}

static void add_name(struct headings *h, struct arena *a, const char *name, struct heading heading)
{
    add_folded(h, a, text_fold(a, str_of(name)), heading);
}

static void add_field_name(struct headings *h, struct arena *a, const char *name, const char *unit,
                           uint32_t field)
{
    struct heading heading = {HEADING_FIELD, field};
    add_name(h, a, name, heading);
    if (unit) {
        add_name(h, a, arena_printf(a, "%s(%s)", name, unit), heading);
    }
}

static void add_fields(struct headings *h, struct arena *a)
{
    const struct fields *fields = &h->rubric->fields;
    for (uint32_t i = 0; i < fields->list.n; i++) {
        const struct field *f = &fields->list.at[i];
        add_field_name(h, a, f->id, f->unit, i);
        add_field_name(h, a, f->label, f->unit, i);
        for (uint32_t k = 0; k < f->aliases.n; k++) {
            add_field_name(h, a, f->aliases.at[k], f->unit, i);
        }
    }
}

/* A renamed column gives its Chinese label up, which may then be a field's; its id it keeps. */
static void add_reserved(struct headings *h, struct arena *a)
{
    const struct rubric *r = h->rubric;
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        struct heading heading = {HEADING_RESERVED, i};
        const char *label = reserved_names[i].label;
        for (uint32_t k = 0; k < r->columns.n; k++) {
            if (!strcmp(r->columns.at[k].reserved, reserved_names[i].word)) {
                label = r->columns.at[k].name;
            }
        }
        add_name(h, a, reserved_names[i].word, heading);
        add_name(h, a, label, heading);
    }
    for (uint32_t i = 0; i < r->columns_ignored.n; i++) {
        add_name(h, a, r->columns_ignored.at[i], (struct heading){HEADING_IGNORED, 0});
    }
}

static void add_items(struct headings *h, struct arena *a)
{
    const struct rubric *r = h->rubric;
    uint32_t n = 0;
    h->item_of = ARENA_ARRAY(a, uint32_t, 2 * (size_t)r->members.n + 1);
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (r->members.at[i].kind == MEMBER_ITEM && r->members.at[i].id &&
            map_put(a, &h->items, text_fold(a, str_of(r->members.at[i].id)), n) == n) {
            h->item_of[n++] = i;
        }
    }
    uint32_t n_ids = n;
    for (uint32_t i = 0; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        str title = m->kind == MEMBER_ITEM ? text_fold(a, str_of(m->title)) : (str){0};
        if (!title.n) {
            continue;
        }
        uint32_t slot = map_put(a, &h->items, title, n);
        if (slot == n) {
            h->item_of[n++] = i;
        } else if (slot >= n_ids) { /* two items of one title; an id goes before any title */
            h->item_of[slot] = r->members.n;
        }
    }
}

void headings_init(struct headings *h, struct arena *a, const struct rubric *r)
{
    *h = (struct headings){.rubric = r};
    h->meant = ARENA_ARRAY(a, bool, (size_t)r->fields.list.n + 1);
    add_fields(h, a);
    add_reserved(h, a);
    add_items(h, a);
}

/* ---- asking ---- */

static bool worth_a_suggestion(const struct diag *d, enum finding_id id, str text)
{
    return d->n_kept[id] <= SUGGESTIONS_MOST && text.n <= NAME_MOST;
}

static str shortened(str text)
{
    text.n = text_fit(text.at, text.n < NAME_MOST ? text.n : NAME_MOST, 40);
    return text;
}

/* A running number is the most frequent column that nobody scores. */
static bool is_running_number(str text)
{
    static const char *const names[] = {"序号", "序", "行号", "no", "no.", "nr", "nr.", "#", NULL};
    struct arena scratch = {0};
    str folded = text_fold(&scratch, text);
    bool found = false;
    for (size_t i = 0; names[i]; i++) {
        found = found || str_is(folded, names[i]);
    }
    arena_release(&scratch);
    return found;
}

/* Whether one of its names is the text. */
static bool is_called(const struct field *f, const char *text)
{
    bool called = !strcmp(f->id, text) || !strcmp(f->label, text);
    for (uint32_t i = 0; i < f->aliases.n; i++) {
        called = called || !strcmp(f->aliases.at[i], text);
    }
    return called;
}

static void report_unknown(const struct headings *h, struct arena *a, struct diag *d, str text,
                           span at)
{
    str name = shortened(text);
    diag_add(d, FINDING_UNKNOWN_COLUMN, at, _("'%.*s' is no field of the rubric"), STR_ARG(name));
    if (!worth_a_suggestion(d, FINDING_UNKNOWN_COLUMN, text)) {
        return;
    }
    struct nearest nearest = {.name = text};
    for (uint32_t i = 0; i < h->rubric->fields.list.n; i++) {
        const struct field *f = &h->rubric->fields.list.at[i];
        nearest_offer(&nearest, f->id);
        nearest_offer(&nearest, f->label);
        for (uint32_t k = 0; k < f->aliases.n; k++) {
            nearest_offer(&nearest, f->aliases.at[k]);
        }
    }
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        nearest_offer(&nearest, reserved_names[i].word);
        nearest_offer(&nearest, reserved_names[i].label);
    }
    const char *near = is_running_number(text) ? NULL : nearest_name(&nearest, a);
    if (near) {
        diag_did_you_mean(d, near);
        for (uint32_t i = 0; i < h->rubric->fields.list.n; i++) {
            h->meant[i] = h->meant[i] || is_called(&h->rubric->fields.list.at[i], near);
        }
    } else {
        diag_hint(d, _("to pass over it, write in the rubric: columns: {ignore: [%.*s]}"),
                  STR_ARG(name));
    }
}

static void report_ambiguous(const struct headings *h, struct diag *d, str text, span at,
                             uint32_t entry)
{
    struct buf names = {0};
    for (uint32_t n = 0; entry != MAP_NONE && n < 10; entry = h->entries.at[entry].next, n++) {
        struct heading heading = h->entries.at[entry].heading;
        if (heading.kind == HEADING_FIELD) {
            h->meant[heading.index] = true;
        }
        buf_printf(&names, "%s%s", n ? ", " : "",
                   heading.kind == HEADING_FIELD ? h->rubric->fields.list.at[heading.index].id
                                                 : reserved_names[heading.index].word);
    }
    str name = shortened(text);
    diag_add(d, FINDING_AMBIGUOUS_COLUMN, at, _("'%.*s' may be any of: %s"), STR_ARG(name),
             names.at);
    diag_hint(d, "%s", _("use the id as the heading"));
    buf_release(&names);
}

static struct heading find_name(const struct headings *h, struct arena *a, struct diag *d, str text,
                                str folded, span at)
{
    uint32_t entry = map_get(&h->names, folded);
    if (entry == MAP_NONE && h->rubric->fields.list.n == 0 && h->rubric->periods.n == 0) {
        return (struct heading){HEADING_IGNORED, 0}; /* the rubric's fields could not be read */
    }
    if (entry == MAP_NONE) {
        if (d) {
            report_unknown(h, a, d, text, at);
        }
        return (struct heading){0};
    }
    for (uint32_t i = entry; i != MAP_NONE; i = h->entries.at[i].next) {
        if (h->entries.at[i].heading.kind == HEADING_IGNORED) {
            return h->entries.at[i].heading;
        }
    }
    if (h->entries.at[entry].next == MAP_NONE) {
        return h->entries.at[entry].heading;
    }
    /* Of several, the one whose id it is to the letter. */
    uint32_t field = map_get(&h->rubric->fields.by_id, text);
    if (field != MAP_NONE) {
        return (struct heading){HEADING_FIELD, field};
    }
    for (uint32_t i = 0; i < N_RESERVED; i++) {
        if (str_is(text, reserved_names[i].word)) {
            return (struct heading){HEADING_RESERVED, i};
        }
    }
    if (d) {
        report_ambiguous(h, d, text, at, entry);
    }
    return (struct heading){0};
}

static uint32_t find_item(const struct headings *h, struct arena *a, struct diag *d, str text,
                          str folded, span at)
{
    const struct rubric *r = h->rubric;
    uint32_t item = map_get(&h->items, folded);
    if (item != MAP_NONE) {
        item = h->item_of[item];
    }
    if (item != MAP_NONE && item < r->members.n) {
        return item;
    }
    if (!d) {
        return MEMBER_NONE;
    }
    str name = shortened(text);
    if (item != MAP_NONE) {
        diag_add(d, FINDING_UNKNOWN_ITEM, at, _("several items have the title '%.*s'"),
                 STR_ARG(name));
        diag_hint(d, "%s", _("use the item's id"));
        return MEMBER_NONE;
    }
    diag_add(d, FINDING_UNKNOWN_ITEM, at, _("'%.*s' is no item of the rubric"), STR_ARG(name));
    if (worth_a_suggestion(d, FINDING_UNKNOWN_ITEM, text)) {
        struct nearest nearest = {.name = text};
        for (uint32_t i = 0; i < r->members.n; i++) {
            if (r->members.at[i].kind == MEMBER_ITEM) {
                nearest_offer(&nearest, r->members.at[i].id);
                nearest_offer(&nearest, r->members.at[i].title);
            }
        }
        diag_did_you_mean(d, nearest_name(&nearest, a));
    }
    return MEMBER_NONE;
}

uint32_t headings_item(const struct headings *h, struct arena *a, struct diag *d, str text, span at)
{
    struct arena_mark mark = arena_mark(a);
    text = str_trim(text);
    uint32_t item = find_item(h, a, d, text, text_fold(a, text), at);
    if (item != MEMBER_NONE) {
        arena_reset(a, mark);
    }
    return item;
}

struct heading headings_find(const struct headings *h, struct arena *a, struct diag *d, str text,
                             span at)
{
    struct arena_mark mark = arena_mark(a);
    struct heading found = {0};
    text = str_trim(text);
    str folded = text_fold(a, text);
    const char *const *prefix = evidence_prefixes;
    while (*prefix && !str_starts(folded, *prefix)) {
        prefix++;
    }
    if (*prefix && map_get(&h->names, folded) == MAP_NONE) {
        size_t skip = strlen(*prefix);
        str item = {folded.at + skip, folded.n - skip};
        found.index = find_item(h, a, d, item, item, at);
        found.kind = found.index == MEMBER_NONE ? HEADING_UNKNOWN : HEADING_EVIDENCE;
    } else if (folded.n) {
        found = find_name(h, a, d, text, folded, at);
    }
    if (found.kind != HEADING_UNKNOWN) { /* else findings may stand behind the mark */
        arena_reset(a, mark);
    }
    return found;
}

bool headings_know(const struct headings *h, struct arena *a, str text)
{
    struct arena_mark mark = arena_mark(a);
    bool known = headings_find(h, a, NULL, text, (span){0}).kind != HEADING_UNKNOWN ||
                 map_get(&h->names, text_fold(a, str_trim(text))) != MAP_NONE;
    arena_reset(a, mark);
    return known;
}
