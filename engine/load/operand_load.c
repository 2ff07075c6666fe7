/*
 * operand_load.c - the names that conditions and tie-breaks read, and whether they may: only what
 * stands before their own place in the order of calculation.
 *
 *   post-order:  a1 a2 s1  b1 b2 s2  ... base | bonus | deductions | total
 *                         ^ b1's condition may read a1, a2, s1: `done` less than its own `starts`
 */
#include "load/loader.h"

#include "base/i18n.h"

static uint32_t member_read(struct loader *l, str name, span at, const struct reader_place *place)
{
    uint32_t member = find_member(l, name, at);
    if (member == MEMBER_NONE) {
        return MEMBER_NONE;
    }
    if (l->drafts.at[member].done >= place->before) {
        diag_add(l->diag, FINDING_READS_LATER, at,
                 _("%s cannot read the points of '%s': they are calculated only after it"),
                 place->what, l->rubric->members.at[member].id);
        diag_note(l->diag, l->rubric->members.at[member].at, _("'%s' stands here"),
                  l->rubric->members.at[member].id);
        return MEMBER_NONE;
    }
    return member;
}

static bool sum_operand(struct loader *l, bool readable, span at, const char *name,
                        const struct reader_place *place)
{
    if (!readable) {
        diag_add(l->diag, FINDING_READS_LATER, at,
                 _("%s cannot read %s: it is calculated only after it"), place->what, name);
    }
    return readable;
}

static bool points_operand(struct loader *l, str name, span at, const struct reader_place *place,
                           struct operand *out)
{
    if (str_is(name, "base")) {
        out->kind = OPERAND_BASE;
        return sum_operand(l, place->base, at, "points.base", place);
    }
    if (str_is(name, "total")) {
        out->kind = OPERAND_TOTAL;
        return sum_operand(l, place->total, at, "points.total", place);
    }
    out->kind = OPERAND_POINTS;
    out->index = member_read(l, name, at, place);
    return out->index != MEMBER_NONE;
}

static bool grade_operand(struct loader *l, str name, span at, const struct reader_place *place,
                          struct operand *out)
{
    out->kind = OPERAND_GRADE;
    out->index = member_read(l, name, at, place);
    if (out->index == MEMBER_NONE) {
        return false;
    }
    const struct member *m = &l->rubric->members.at[out->index];
    if (m->grades.n > 0) {
        return true;
    }
    struct node *map = l->drafts.at[out->index].node;
    if (!node_get(map, "grades") && map->n_lost == 0) {
        diag_add(l->diag, FINDING_CONDITION, at, _("'%s' has no `grades` of its own"), m->id);
    }
    return false;
}

static bool field_operand(struct loader *l, str name, span at, enum operand_kind kind,
                          struct operand *out)
{
    uint32_t member = map_get(&l->rubric->member_by_id, name);
    if (member != MAP_NONE && map_get(&l->rubric->fields.by_id, name) == MAP_NONE) {
        diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("'%.*s' is an item or section, not a field"),
                 STR_ARG(name));
        diag_hint(l->diag, _("its points are read as points.%.*s"), STR_ARG(name));
        return false;
    }
    out->kind = kind;
    out->index = find_field(l, name, at);
    if (out->index == FIELD_NONE) {
        return false;
    }
    /* What only the previous period is asked for need not be in this one's data. */
    l->rubric->fields.list.at[out->index].used |= kind == OPERAND_FIELD;
    return l->rubric->fields.list.at[out->index].type != N_FIELD_TYPES;
}

void reads_previous(struct loader *l, span at)
{
    if (!l->rubric->previous_at.source) {
        l->rubric->previous_at = at;
    }
}

static bool previous_operand(struct loader *l, str name, span at, const struct reader_place *place,
                             struct operand *out)
{
    if (!place->off) {
        reads_previous(l, at);
    }
    return field_operand(l, name, at, OPERAND_PREVIOUS, out);
}

/* ---- of the subordinate units ---- */

void reads_children(struct loader *l, span at)
{
    if (!l->rubric->children_at.source) {
        l->rubric->children_at = at;
    }
}

/* The figure that a name begins with, cut off from it; false if it begins with none. */
static bool child_figure(str *name, enum child_figure *figure)
{
    static const struct {
        const char *prefix;
        enum child_figure figure;
    } figures[] = {{"mean.", CHILD_MEAN},  {"min.", CHILD_MIN}, {"worst.", CHILD_MIN},
                   {"max.", CHILD_MAX},    {"sum.", CHILD_SUM}, {"best.", CHILD_MAX},
                   {"count.", CHILD_COUNT}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (str_starts(*name, figures[i].prefix)) {
            size_t n = str_of(figures[i].prefix).n;
            *figure = figures[i].figure;
            *name = (str){name->at + n, name->n - n};
            return true;
        }
    }
    return false;
}

uint32_t find_child_member(struct loader *l, str name, span at, bool *found)
{
    *found = str_is(name, "total");
    uint32_t member = *found ? MEMBER_NONE : find_member(l, name, at);
    *found |= member != MEMBER_NONE;
    return member;
}

/* All that they have is calculated before, so nothing is too late to be read. */
static bool children_operand(struct loader *l, str name, span at, const struct reader_place *place,
                             struct operand *out)
{
    str rest = {name.at + 9, name.n - 9};
    bool found = true;
    if (place->tie_break) {
        diag_add(l->diag, FINDING_CONDITION, at, _("%s cannot read '%.*s'"), place->what,
                 STR_ARG(name));
        return false;
    }
    *out = (struct operand){.kind = OPERAND_CHILDREN, .index = MEMBER_NONE, .figure = CHILD_ALL};
    if (child_figure(&rest, &out->figure)) {
        out->index = find_child_member(l, rest, at, &found);
    } else if (!str_is(rest, "count")) {
        diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("there is no '%.*s'"), STR_ARG(name));
        diag_hint(l->diag, _("of the subordinate units, children.count and mean, min, max, sum and "
                             "count of their total, an item or a section can be read: "
                             "children.mean.total"));
        return false;
    }
    if (found && !place->off) {
        reads_children(l, at);
    }
    return found;
}

bool operand_load(struct loader *l, str name, span at, const struct reader_place *place,
                  struct operand *out)
{
    if (str_starts(name, "children.")) {
        return children_operand(l, name, at, place, out);
    }
    if (str_starts(name, "previous.")) {
        return previous_operand(l, (str){name.at + 9, name.n - 9}, at, place, out);
    }
    if (str_starts(name, "class.") || str_starts(name, "unit.")) {
        diag_add(l->diag, FINDING_UNKNOWN_FIELD, at, _("%s cannot read '%.*s'"), place->what,
                 STR_ARG(name));
        return false;
    }
    if (str_starts(name, "points.")) {
        return points_operand(l, (str){name.at + 7, name.n - 7}, at, place, out);
    }
    if (str_starts(name, "grade.")) {
        return grade_operand(l, (str){name.at + 6, name.n - 6}, at, place, out);
    }
    return field_operand(l, name, at, OPERAND_FIELD, out);
}

/* ---- `when` of members ---- */

void conditions_load(struct loader *l)
{
    struct rubric *r = l->rubric;
    for (uint32_t i = 0; i < r->members.n; i++) {
        struct member *m = &r->members.at[i];
        struct node *when = node_get(l->drafts.at[i].node, "when");
        if (!when) {
            if (i != RUBRIC_ROOT) {
                m->when = r->members.at[m->parent == MEMBER_NONE ? RUBRIC_ROOT : m->parent].when;
            }
            continue;
        }
        bool item = m->kind == MEMBER_ITEM;
        struct reader_place place = {
            .before = l->drafts.at[i].starts,
            .base = m->group != RUBRIC_ROOT,
            .off = m->off,
            .what = item ? _("an item's condition") : _("a section's condition"),
        };
        struct script_owner owner = {
            .id = m->id, .title = m->title, .draft = {.member = MEMBER_NONE, .place = place}};
        m->when = cond_load(l, when, &owner);
    }
}
