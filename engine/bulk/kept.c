/* kept.c - see kept.h. */
#include "bulk/kept.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define NAMES_MOST 96U /* bytes of id and name: mostly they take less */

/* Followed by the figures, points, words, gates, and by id and name with a NUL behind each, or
 * else by what the row began with. */
struct kept {
    uint32_t n_deficiencies;
    uint8_t state; /* enum unit_state */
    bool named;
    bool is_far; /* the figures are */
};

#define STEPS_NONE INT32_MIN /* of a figure: DEC_NONE */

/* So many places tell a figure; more are seldom worth it. */
#define PLACES_MOST 6

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

/* False: there are too many of them. */
static bool step_of(int places, struct divisor *out)
{
    bool few = places >= 0 && places <= PLACES_MOST;
    *out = few ? divisor_of((uint64_t)dec_step(places)) : (struct divisor){0};
    return few;
}

/* The steps of what is asked for: figures, then members. */
static const struct divisor *steps_of(struct arena *a, const struct rubric *r,
                                      const struct csv_columns *columns, const struct keeping *k)
{
    struct divisor *steps = ARENA_ARRAY(a, struct divisor, k->n_figures + k->n_members);
    uint32_t figure = 0, member = k->n_figures;
    bool few = true;
    for (uint32_t i = 0; i < columns->list.n; i++) {
        const struct csv_column *c = &columns->list.at[i];
        size_t offset;
        if (figure_of(c->kind, &offset)) {
            bool share = c->kind == CSV_REPORTED;
            few &= step_of(share ? 2 : r->round_total, &steps[figure++]);
        } else if (c->kind == CSV_MEMBER) {
            few &= step_of(c->places, &steps[member++]);
        }
    }
    return few ? steps : NULL;
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
    k.steps = steps_of(a, r, columns, &k);
    uint32_t n = k.n_figures + k.n_members;
    k.far = k.steps ? (uint32_t)sizeof(dec) * n : 0;
    k.names = (uint32_t)(sizeof(struct kept) + (k.steps ? sizeof(int32_t) : sizeof(dec)) * n +
                         sizeof(uint64_t) * k.n_words) +
              k.n_gates;
    names_most = (names_most < NAMES_MOST ? names_most : NAMES_MOST) + 2;
    k.size = k.names + (names_most > sizeof(struct packed) ? names_most : sizeof(struct packed));
    k.size = (k.size + KEPT_LINE - 1) & ~(KEPT_LINE - 1);
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

/* False: it is more than four bytes hold, or between two steps. */
static inline bool in_steps(struct divisor step, dec figure, int32_t *out)
{
    uint64_t size = figure < 0 ? -(uint64_t)figure : (uint64_t)figure;
    uint64_t steps = divide(size, step);
    bool fits = steps <= INT32_MAX && steps * step.by == size;
    *out = !fits ? STEPS_NONE : figure < 0 ? -(int32_t)steps : (int32_t)steps;
    return fits || figure == DEC_NONE;
}

static inline dec from_steps(struct divisor step, int32_t steps)
{
    return steps == STEPS_NONE ? DEC_NONE : steps * (dec)step.by;
}

/* The i-th of those that are asked for. */
static inline dec figure_in(const struct keeping *k, const struct outcome *o,
                            const struct cellres *cells, uint32_t i)
{
    dec figure;
    if (i < k->n_figures) {
        memcpy(&figure, (const char *)o + k->figures[i], sizeof figure);
        return figure;
    }
    const struct cellres *cell = &cells[k->members[i - k->n_figures]];
    return cell->state == STATE_OFF ? DEC_NONE : cell->points;
}

/* The one before is not read again soon: so it goes past the caches, and what is there is not asked
 * for. */
static void put_before(struct kept_room *room, uint32_t n)
{
#if defined(__SSE2__)
    for (uint32_t i = 0; i < n && room->to; i += sizeof(__m128i)) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(room->before + i));
        _mm_stream_si128((__m128i *)(void *)(room->to + i), part);
    }
#else
    if (room->to) {
        memcpy(room->to, room->before, n);
    }
#endif
}

struct kept_room kept_room_new(struct arena *a, const struct keeping *k)
{
    return (struct kept_room){ARENA_ARRAY(a, char, k->size), ARENA_ARRAY(a, char, k->size), NULL};
}

void kept_done(const struct keeping *k, struct kept_room *room)
{
    put_before(room, k->size);
    room->to = NULL;
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

void kept_put(const struct keeping *k, const struct store *s, const struct packed *head,
              const struct result *r, const struct kept_says *says, struct kept_room *room,
              struct kept_at to)
{
    char *kept = room->made;
    const struct keeping layout = *k; /* not in memory, which what is put might change */
    const struct outcome *o = &r->outcomes[0];
    const struct cellres *cells = r->members;
    uint32_t n = layout.n_figures + layout.n_members;
    struct kept first = {.n_deficiencies = says->n,
                         .state = o->state,
                         .named = put_names(k, s, head, kept + layout.names),
                         .is_far = false};
    char *at = kept + sizeof first;
    for (uint32_t i = 0; i < n && layout.steps; i++, at += sizeof(int32_t)) {
        int32_t steps;
        first.is_far |= !in_steps(layout.steps[i], figure_in(&layout, o, cells, i), &steps);
        memcpy(at, &steps, sizeof steps);
    }
    char *whole = layout.steps ? to.far : at;
    for (uint32_t i = 0; i < n && (first.is_far || !layout.steps); i++, whole += sizeof(dec)) {
        dec figure = figure_in(&layout, o, cells, i);
        memcpy(whole, &figure, sizeof figure);
    }
    at = layout.steps ? at : whole;
    for (uint32_t i = 0; i < layout.n_words; i++, at += sizeof(uint64_t)) {
        memcpy(at, &says->members[i], sizeof(uint64_t));
    }
    for (uint32_t i = 0; i < layout.n_gates; i++) {
        at[i] = (char)r->gates[i];
    }
    memcpy(kept, &first, sizeof first);
    put_before(room, layout.size);
    *room = (struct kept_room){.made = room->before, .before = kept, .to = to.kept};
}

void kept_take(const struct keeping *k, struct kept_at from, struct result *r,
               struct kept_says *says)
{
    const struct keeping layout = *k;
    struct outcome *o = &r->outcomes[0];
    struct cellres *cells = r->members;
    uint32_t n = layout.n_figures + layout.n_members;
    struct kept first;
    const char *at = from.kept + sizeof first;
    memcpy(&first, from.kept, sizeof first);
    o->state = first.state;
    o->waived = false;
    says->n = first.n_deficiencies;
    const char *whole = first.is_far ? from.far : at;
    for (uint32_t i = 0; i < n; i++, whole += sizeof(dec)) {
        dec figure;
        if (first.is_far || !layout.steps) {
            memcpy(&figure, whole, sizeof figure);
        } else {
            int32_t steps;
            memcpy(&steps, at + i * sizeof steps, sizeof steps);
            figure = from_steps(layout.steps[i], steps);
        }
        if (i < layout.n_figures) {
            memcpy((char *)o + layout.figures[i], &figure, sizeof figure);
        } else {
            struct cellres *cell = &cells[layout.members[i - layout.n_figures]];
            cell->points = figure;
            cell->state = STATE_SCORED; /* without points where it was off: both show nothing */
        }
    }
    at += n * (layout.steps ? sizeof(int32_t) : sizeof(dec));
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
