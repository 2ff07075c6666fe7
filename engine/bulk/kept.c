/* kept.c - see kept.h. */
#include "bulk/kept.h"

#include <string.h>

/* Behind the head of a row, and followed by the figures, points, gates and words. */
struct kept {
    uint32_t n_deficiencies;
    uint8_t state; /* enum unit_state */
};

/* What the column shows of an outcome; 0 (its total, which is always asked for by a name): none of
 * its figures. */
static bool figure_of(enum csv_kind kind, size_t *out)
{
    switch (kind) {
    case CSV_TOTAL:
    case CSV_TOTAL_WITHOUT_WAIVERS: /* nobody has any */
        *out = offsetof(struct outcome, total);
        return true;
    case CSV_BEFORE_GATES:
        *out = offsetof(struct outcome, before_gates);
        return true;
    case CSV_REPORTED:
        *out = offsetof(struct outcome, reported);
        return true;
    case CSV_LOW:
        *out = offsetof(struct outcome, low);
        return true;
    case CSV_HIGH:
        *out = offsetof(struct outcome, high);
        return true;
    default:
        return false;
    }
}

static bool needs_cells(enum csv_kind kind)
{
    return kind == CSV_DEFICIENCY_TEXT || kind == CSV_FLAGS || kind == CSV_NOT_APPLICABLE ||
           kind == CSV_WHY_UNRANKED;
}

struct keeping keep_what(struct arena *a, const struct rubric *r, const struct csv_columns *columns)
{
    struct keeping k = {.on = columns != NULL, .bounds = true, .says = true, .items = true};
    if (!columns) {
        return k;
    }
    uint16_t *figures = ARENA_ARRAY(a, uint16_t, columns->list.n);
    uint32_t *members = ARENA_ARRAY(a, uint32_t, columns->list.n);
    k.bounds = k.items = false;
    k.says = columns->says;
    for (uint32_t i = 0; i < columns->list.n; i++) {
        const struct csv_column *c = &columns->list.at[i];
        size_t figure;
        if (figure_of(c->kind, &figure)) {
            figures[k.n_figures++] = (uint16_t)figure;
        }
        if (c->kind == CSV_MEMBER) {
            members[k.n_members++] = c->member;
            k.items |= r->members.at[c->member].kind == MEMBER_ITEM;
        }
        k.n_gates =
            c->kind == CSV_GATES || c->kind == CSV_GATES_UNANSWERED ? r->gates.n : k.n_gates;
        k.bounds |= c->kind == CSV_REPORTED || c->kind == CSV_LOW || c->kind == CSV_HIGH;
        k.on &= !needs_cells(c->kind);
    }
    k.figures = figures;
    k.members = members;
    k.n_words = k.says ? (r->members.n + 63) / 64 : 0;
    k.size = (uint32_t)(sizeof(struct kept) + sizeof(dec) * (k.n_figures + k.n_members) +
                        sizeof(uint64_t) * k.n_words) +
             k.n_gates;
    return k;
}

void keep_unit(const struct keeping *k, const struct result *r, const struct kept_says *says,
               char *row)
{
    const struct outcome *o = &r->outcomes[0];
    struct kept kept = {.n_deficiencies = k->says ? says->n : 0, .state = o->state};
    char *at = row + sizeof(struct packed);
    memcpy(at, &kept, sizeof kept);
    at += sizeof kept;
    for (uint32_t i = 0; i < k->n_figures; i++, at += sizeof(dec)) {
        memcpy(at, (const char *)o + k->figures[i], sizeof(dec));
    }
    for (uint32_t i = 0; i < k->n_members; i++, at += sizeof(dec)) {
        const struct cellres *cell = &r->members[k->members[i]];
        dec points = cell->state == STATE_OFF ? DEC_NONE : cell->points;
        memcpy(at, &points, sizeof points);
    }
    if (k->n_words > 0) {
        memcpy(at, says->members, sizeof(uint64_t) * k->n_words);
    }
    memcpy(at + sizeof(uint64_t) * k->n_words, r->gates, k->n_gates);
}

void keep_recall(const struct keeping *k, const char *row, struct result *r, struct kept_says *says)
{
    struct outcome *o = &r->outcomes[0];
    struct kept kept;
    const char *at = row + sizeof(struct packed);
    memcpy(&kept, at, sizeof kept);
    at += sizeof kept;
    o->state = kept.state;
    o->waived = o->tied_at_cut = false;
    says->n = kept.n_deficiencies;
    for (uint32_t i = 0; i < k->n_figures; i++, at += sizeof(dec)) {
        memcpy((char *)o + k->figures[i], at, sizeof(dec));
    }
    for (uint32_t i = 0; i < k->n_members; i++, at += sizeof(dec)) {
        struct cellres *cell = &r->members[k->members[i]];
        memcpy(&cell->points, at, sizeof(dec));
        cell->state = STATE_SCORED; /* without points where it was off: both show nothing */
    }
    if (k->n_words > 0) {
        memcpy(says->members, at, sizeof(uint64_t) * k->n_words);
    }
    memcpy(r->gates, at + sizeof(uint64_t) * k->n_words, k->n_gates);
}
