/* kept.c - see kept.h. */
#include "bulk/kept.h"

#include <string.h>

#define NAMES_MOST 96U /* bytes of id and name: mostly they take less */

/* Followed by the figures, points, words, gates, and by id and name with a NUL behind each, or
 * else by what the row began with. */
struct kept {
    uint32_t n_deficiencies;
    uint8_t state; /* enum unit_state */
    bool named;
};

/* What the column shows of an outcome, as an offset in it; false: none of its figures. */
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

struct keeping kept_layout(struct arena *a, const struct rubric *r,
                           const struct csv_columns *columns, uint32_t names_most)
{
    struct keeping k = {.on = columns != NULL};
    if (!columns) {
        return k;
    }
    uint16_t *figures = ARENA_ARRAY(a, uint16_t, columns->list.n);
    uint32_t *members = ARENA_ARRAY(a, uint32_t, columns->list.n);
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
        if (c->kind == CSV_GATES || c->kind == CSV_GATES_UNANSWERED) {
            k.n_gates = r->gates.n;
        }
        k.bounds |= c->kind == CSV_REPORTED || c->kind == CSV_LOW || c->kind == CSV_HIGH;
        k.on &= !needs_cells(c->kind);
    }
    k.figures = figures;
    k.members = members;
    k.n_words = k.says ? (r->members.n + 63) / 64 : 0;
    k.names = (uint32_t)(sizeof(struct kept) + sizeof(dec) * (k.n_figures + k.n_members) +
                         sizeof(uint64_t) * k.n_words) +
              k.n_gates;
    names_most = (names_most < NAMES_MOST ? names_most : NAMES_MOST) + 2;
    k.size = k.names + (names_most > sizeof(struct packed) ? names_most : sizeof(struct packed));
    k.size = (k.size + 7U) & ~7U;
    return k;
}

static bool put_names(const struct keeping *k, const struct store *s, const struct packed *row,
                      char *to)
{
    if (row->n_id == NAMES_FAR || (uint32_t)row->n_id + row->n_name + 2 > k->size - k->names) {
        memcpy(to, row, sizeof *row);
        return false;
    }
    to = store_copy(s, row, row->id_at, row->n_id, to);
    store_copy(s, row, row->name_at, row->n_name, to);
    return true;
}

void kept_put(const struct keeping *k, const struct store *s, const struct packed *head,
              const struct result *r, const struct kept_says *says, char *kept)
{
    const struct outcome *o = &r->outcomes[0];
    const struct cellres *cells = r->members;
    const struct keeping layout = *k; /* not in memory, which what is put might change */
    struct kept first = {.n_deficiencies = says->n,
                         .state = o->state,
                         .named = put_names(k, s, head, kept + k->names)};
    char *at = kept + sizeof first;
    memcpy(kept, &first, sizeof first);
    for (uint32_t i = 0; i < layout.n_figures; i++, at += sizeof(dec)) {
        memcpy(at, (const char *)o + layout.figures[i], sizeof(dec));
    }
    for (uint32_t i = 0; i < layout.n_members; i++, at += sizeof(dec)) {
        const struct cellres *cell = &cells[layout.members[i]];
        dec points = cell->state == STATE_OFF ? DEC_NONE : cell->points;
        memcpy(at, &points, sizeof points);
    }
    for (uint32_t i = 0; i < layout.n_words; i++, at += sizeof(uint64_t)) {
        memcpy(at, &says->members[i], sizeof(uint64_t));
    }
    for (uint32_t i = 0; i < layout.n_gates; i++) {
        at[i] = (char)r->gates[i];
    }
}

void kept_take(const struct keeping *k, const char *kept, struct result *r, struct kept_says *says)
{
    struct outcome *o = &r->outcomes[0];
    struct cellres *cells = r->members;
    const struct keeping layout = *k;
    struct kept first;
    const char *at = kept + sizeof first;
    memcpy(&first, kept, sizeof first);
    o->state = first.state;
    o->waived = false;
    says->n = first.n_deficiencies;
    for (uint32_t i = 0; i < layout.n_figures; i++, at += sizeof(dec)) {
        memcpy((char *)o + layout.figures[i], at, sizeof(dec));
    }
    for (uint32_t i = 0; i < layout.n_members; i++, at += sizeof(dec)) {
        struct cellres *cell = &cells[layout.members[i]];
        memcpy(&cell->points, at, sizeof(dec));
        cell->state = STATE_SCORED; /* without points where it was off: both show nothing */
    }
    for (uint32_t i = 0; i < layout.n_words; i++, at += sizeof(uint64_t)) {
        memcpy(&says->members[i], at, sizeof(uint64_t));
    }
    for (uint32_t i = 0; i < layout.n_gates; i++) {
        r->gates[i] = (uint8_t)at[i];
    }
}

void kept_names(struct arena *a, const struct keeping *k, const struct store *s, const char *kept,
                const char **id, const char **name)
{
    struct kept first;
    struct packed row;
    memcpy(&first, kept, sizeof first);
    if (first.named) {
        *id = kept + k->names;
        *name = *id + strlen(*id) + 1;
    } else {
        memcpy(&row, kept + k->names, sizeof row);
        store_names(a, s, &row, id, name);
    }
}
