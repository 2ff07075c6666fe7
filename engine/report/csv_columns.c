/* csv_columns.c - see csv_columns.h. */
#include "report/csv_columns.h"

#include "report/figures.h"

#include "analyse/deficiency.h"
#include "base/map.h"

#include <string.h>

/* In the order in which they stand; members come before the deficiencies. */
static const char *const words[] = {
    [CSV_RANK] = "rank",
    [CSV_ID] = "id",
    [CSV_NAME] = "name",
    [CSV_CLASS] = "class",
    [CSV_STATE] = "state",
    [CSV_TOTAL] = "total",
    [CSV_TOTAL_WITHOUT_WAIVERS] = "total_without_waivers",
    [CSV_GRADE] = "grade",
    [CSV_BEFORE_GATES] = "before_gates",
    [CSV_REPORTED] = "reported",
    [CSV_LOW] = "low",
    [CSV_HIGH] = "high",
    [CSV_GATES] = "gates",
    [CSV_GATES_UNANSWERED] = "gates_unanswered",
    [CSV_DEFICIENCIES] = "deficiencies",
    [CSV_DEFICIENCY_TEXT] = "deficiency_text",
    [CSV_FLAGS] = "flags",
    [CSV_NOT_APPLICABLE] = "not_applicable",
    [CSV_WAIVERS] = "waivers",
    [CSV_WHY_UNRANKED] = "why_unranked",
    [CSV_DEFICIENT] = "deficient",
};

struct making {
    struct arena *arena;
    const struct rubric *rubric;
    struct map titles;
    struct csv_columns *columns;
};

/* ---- headings ---- */

/* A title that stands twice is put in a second time with a line end behind it, which no title has.
 */
static void note_titles(struct making *m)
{
    for (uint32_t i = 0; i < m->rubric->members.n; i++) {
        const struct member *member = &m->rubric->members.at[i];
        if (i == RUBRIC_ROOT || member->off) {
            continue;
        }
        str title = str_of(member_name(member));
        if (map_put(m->arena, &m->titles, title, i) != i) {
            map_put(m->arena, &m->titles, str_of(arena_printf(m->arena, "%s\n", title.at)), i);
        }
    }
}

static const char *heading(const struct making *m, uint32_t member)
{
    const struct member *it = &m->rubric->members.at[member];
    const char *title = member_name(it);
    bool twice = map_get(&m->titles, str_of(arena_printf(m->arena, "%s\n", title))) != MAP_NONE;
    return twice ? arena_printf(m->arena, "%s (%s)", title, it->id) : title;
}

/* ---- the list ---- */

static void add(struct making *m, enum csv_kind kind)
{
    struct csv_columns *c = m->columns;
    *vec_push(m->arena, &c->list) =
        (struct csv_column){.kind = kind, .member = MEMBER_NONE, .heading = words[kind]};
    c->texts |= kind == CSV_DEFICIENCY_TEXT;
    c->names |= kind == CSV_DEFICIENT;
    c->says |= kind == CSV_DEFICIENCIES || kind == CSV_DEFICIENCY_TEXT || kind == CSV_FLAGS ||
               kind == CSV_DEFICIENT;
}

static bool has_column(const struct rubric *r, uint32_t member)
{
    return member != RUBRIC_ROOT && !r->members.at[member].off;
}

static void add_member(struct making *m, uint32_t member)
{
    *vec_push(m->arena, &m->columns->list) =
        (struct csv_column){.kind = CSV_MEMBER,
                            .member = member,
                            .places = figures_places(m->rubric, member),
                            .heading = heading(m, member)};
}

static void add_members(struct making *m, enum member_kind kind)
{
    for (uint32_t i = 0; i < m->rubric->members.n; i++) {
        if (m->rubric->members.at[i].kind == kind && has_column(m->rubric, i)) {
            add_member(m, i);
        }
    }
}

static struct making begin(struct arena *a, const struct rubric *r)
{
    struct making m = {.arena = a, .rubric = r, .columns = ARENA_NEW(a, struct csv_columns)};
    note_titles(&m);
    return m;
}

const struct csv_columns *csv_columns_all(struct arena *a, const struct rubric *r, bool waivers)
{
    struct making m = begin(a, r);
    for (enum csv_kind kind = 0; kind < CSV_DEFICIENT; kind++) {
        if (kind == CSV_DEFICIENCIES) { /* sections first: what a reader of the sheet looks at */
            add_members(&m, MEMBER_SECTION);
            add_members(&m, MEMBER_ITEM);
        }
        bool of_waivers = kind == CSV_TOTAL_WITHOUT_WAIVERS || kind == CSV_WAIVERS;
        if (waivers || !of_waivers) {
            add(&m, kind);
        }
    }
    return m.columns;
}

static bool add_named(struct making *m, str name)
{
    for (enum csv_kind kind = 0; kind < CSV_MEMBER; kind++) {
        if (str_is(name, words[kind])) {
            add(m, kind);
            return true;
        }
    }
    if (str_is(name, "sections") || str_is(name, "items")) {
        add_members(m, str_is(name, "items") ? MEMBER_ITEM : MEMBER_SECTION);
        return true;
    }
    uint32_t member = map_get(&m->rubric->member_by_id, name);
    if (member != MAP_NONE && has_column(m->rubric, member)) {
        add_member(m, member);
        return true;
    }
    return false;
}

const struct csv_columns *csv_columns_named(struct arena *a, const struct rubric *r,
                                            const char *names, str *unknown)
{
    struct making m = begin(a, r);
    for (const char *at = names;; at++) {
        size_t n = strcspn(at, ",");
        str name = str_trim((str){at, n});
        if (!add_named(&m, name)) {
            *unknown = name;
            return NULL;
        }
        at += n;
        if (*at == '\0') {
            return m.columns;
        }
    }
}

const char *csv_columns_nearest(struct arena *a, const struct rubric *r, str unknown)
{
    struct nearest nearest = {.name = unknown};
    for (enum csv_kind kind = 0; kind < CSV_MEMBER; kind++) {
        nearest_offer(&nearest, words[kind]);
    }
    nearest_offer(&nearest, "sections");
    nearest_offer(&nearest, "items");
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (has_column(r, i) && r->members.at[i].id) {
            nearest_offer(&nearest, r->members.at[i].id);
        }
    }
    return nearest_name(&nearest, a);
}
