/* item_load.c - the keys of an item that do not depend on its method: points, weight, floor,
 * reason. */
#include "load/loader.h"

#include "base/i18n.h"

bool all_have_weights(const struct loader *l, const struct member *section)
{
    for (uint32_t i = 0; i < section->members.n; i++) {
        if (!node_get(l->drafts.at[section->members.at[i]].node, "weight")) {
            return false;
        }
    }
    return section->members.n > 0;
}

/* Once for all items of a section: they mostly lack their points for the same reason. */
static void report_no_points(struct loader *l, const struct member *m, struct node *map)
{
    const struct member *parent = &l->rubric->members.at[m->parent];
    struct draft *draft = &l->drafts.at[m->parent];
    uint32_t others = 0;
    if (draft->no_points || draft->doubtful || key_excused(map)) {
        return;
    }
    draft->no_points = true;
    for (uint32_t i = 0; i < parent->members.n; i++) {
        uint32_t other = parent->members.at[i];
        others += l->rubric->members.at[other].kind == MEMBER_ITEM &&
                  !node_get(l->drafts.at[other].node, "points");
    }
    if (all_have_weights(l, parent)) {
        missing_key(l, NULL, m->at, "points",
                    _("all members of the section have a weight: is `combine: mean` missing?"));
        return;
    }
    missing_key(l, NULL, m->at, "points",
                others == 1 ? _("the item's full marks")
                            : arena_printf(l->arena,
                                           _("the item's full marks; they are missing in "
                                             "%u items of the section"),
                                           others));
}

void item_load(struct loader *l, uint32_t index)
{
    struct member *m = &l->rubric->members.at[index];
    struct node *map = l->drafts.at[index].node;
    struct node *points = node_get(map, "points"), *reason = node_get(map, "reason");
    load_weight(l, map, m);
    m->floor_none = load_floor(l, map);
    m->cap_none = load_none(l, map, "cap");
    if (points) {
        read_num(l, points, NUMBER_POINTS, m->for_class, &m->points);
    } else if (l->rubric->members.at[m->parent].combine == COMBINE_SUM) {
        report_no_points(l, m, map);
    } else {
        m->points = num_single(l, DEC_ONE);
    }
    if (!m->points.v) {
        l->drafts.at[index].doubtful = true;
    }
    if (reason && is_text(l, reason)) {
        m->reason_field = find_field(l, node_str(reason), reason->at);
        const struct fields *fields = &l->rubric->fields;
        if (m->reason_field != FIELD_NONE && fields->list.at[m->reason_field].type != FIELD_TEXT &&
            fields->list.at[m->reason_field].type != N_FIELD_TYPES) {
            diag_add(l->diag, FINDING_WRONG_TYPE, reason->at,
                     _("a reason is a field of type text; '%s' is %s"), reason->text,
                     field_type_word(fields->list.at[m->reason_field].type));
        }
    }
    rule_load(l, index);
}
