/* tally.c - see tally.h. */
#include "bulk/tally.h"

#include "analyse/deficiency.h"
#include "bulk/sums.h"
#include "score/note.h"
#include "score/walk_parts.h"

#include <string.h>

/* ---- one item ---- */

/* The points, if they are a dec, and small enough for sums of as many as there are items. */
static bool as_dec(const struct tally *t, wide points, dec *out)
{
    *out = wide_to_dec(points);
    return *out<t->most && * out> - t->most && wide_from_dec(*out) == points;
}

/* What the walk found of the item, as sums; NO_SUM where it is more than that. */
static void as_sums(const struct tally *t, const struct op *op, struct found *result,
                    differences *apart)
{
    const struct walk *w = &t->walk;
    uint32_t m = op->member;
    wide actual = w->passes[PASS_ACTUAL][m].value, full = wide_from_dec(op->full);
    wide low = w->passes[PASS_LOW][m].value, high = w->passes[PASS_HIGH][m].value;
    bool counts = !w->failed && w->cells[m].state != STATE_ERROR && w->due[m] == full;
    for (int pass = 0; pass < WALK_PASSES; pass++) {
        counts = counts && w->passes[pass][m].counts;
    }
    dec points, of[3];
    *result = (struct found){.points = NO_SUM};
    if (!counts || !as_dec(t, actual, &points)) {
        return;
    }
    if (low == actual && high == actual && w->reported[m] == full) { /* mostly */
        result->points = points;
    } else if (as_dec(t, low, &of[0]) && as_dec(t, high, &of[1]) &&
               as_dec(t, w->reported[m], &of[2])) {
        *apart = (differences){0, of[0] - points, of[1] - points, of[2] - op->full};
        *result = (struct found){.points = points, .differs = true};
    }
}

/* From what scripts said to the result's notes. */
static void take_notes(struct tally *t)
{
    struct buf *said = &t->scripted.notes;
    struct unpack u = {.at = said->at, .n = said->n};
    while (u.n > 0 && !u.broken) {
        u.at++; /* MESSAGE_NOTES */
        u.n--;
        notes_take(&t->said, t->result, &u);
    }
    said->n = 0;
}

/* floor: see struct looked_up. */
static void score_item(struct tally *t, const struct op *op, dec floor, struct found *result,
                       differences *apart)
{
    struct walk *w = &t->walk;
    const struct cellres *cell = &w->cells[op->member];
    struct arena_mark mark = arena_mark(w->context.scratch);
    t->n_walked++;
    walk_one_item(w, op);
    take_notes(t);
    arena_reset(w->context.scratch, mark);
    as_sums(t, op, result, apart);
    bool plain = cell->state == STATE_SCORED && cell->flags == 0;
    uint32_t says =
        plain ? cell->points < floor : deficiency_count_member(t->result, 0, op->member);
    if (says > UINT16_MAX) {
        result->points = NO_SUM;
    }
    result->says = (uint16_t)says;
}

/* The item is scored, and there is nothing more to it. */
static void plain_points(struct tally *t, const struct by_unit *item, dec points,
                         struct found *result)
{
    uint32_t m = item->op->member;
    *result = (struct found){points, points < item->floor, false};
    t->walk.cells[m] = (struct cellres){.points = points, .state = STATE_SCORED, .counts = true};
    t->walk.points[m] = points;
}

/* False: it is no plain number, or the walk has something to say about it. */
static bool score_number(struct tally *t, struct by_unit *item, const char *row,
                         struct found *result, differences *apart)
{
    struct walk *w = &t->walk;
    const struct op *op = item->op;
    struct cellres *cell = &w->cells[op->member];
    uint32_t way;
    dec value;
    memcpy(&value, row + item->number->at, sizeof value);
    if (value == NUMBER_NONE && op->of_member->missing != MISSING_NONE) {
        if (!item->empty_known) {
            score_item(t, op, item->floor, &item->empty, &item->empty_differences);
            item->empty_cell = *cell;
            item->empty_known = true;
        }
        *result = item->empty;
        *apart = item->empty_differences;
        *cell = item->empty_cell;
        w->points[op->member] = cell->points;
        return true;
    }
    if (value == NUMBER_NONE) {
        return false;
    }
    wide points = op->method->of_value(&w->context, op, wide_from_dec(value), &way);
    if (points == WIDE_NONE) {
        return false;
    }
    dec shown = walk_item_dec(w, op, points, PASS_ACTUAL);
    if (shown >= t->most || shown <= -t->most) {
        return false;
    }
    plain_points(t, item, shown, result);
    return true;
}

/* What the script said, for whenever the result is looked up. */
static void keep_note(struct tally *t, struct looked_up *item, uint32_t index)
{
    const struct note *said = &t->result->notes.at[t->result->notes.n - 1];
    struct buf bytes = {0};
    struct call_result result = {.reason = said->reason};
    memcpy(&result.flags, &said->flags, sizeof result.flags);
    if (!item->notes) {
        item->notes = ARENA_ARRAY(&t->arena, struct note *, item->n_results);
    }
    note_pack(&bytes, 0, item->op->member, &result);
    struct unpack u = {.at = bytes.at + 1, .n = bytes.n - 1};
    struct result kept = {.n_units = 1, .n_members = t->result->n_members};
    notes_take(&t->arena, &kept, &u);
    item->notes[index] = kept.notes.at;
    buf_release(&bytes);
}

/* Asks the walk once. */
static void find_result(struct tally *t, const struct tables *tables, struct looked_up *item,
                        uint32_t index, const char *row)
{
    const struct store *s = t->of->store;
    for (uint32_t i = 0; i < item->n_fields; i++) {
        store_take(s, tables->book, row, &s->fields[item->fields[i]]);
    }
    uint32_t before = t->result->notes.n;
    score_item(t, item->op, item->floor, &item->results[index], &item->differences[index]);
    item->cells[index] = t->walk.cells[item->op->member];
    if (t->result->notes.n > before) {
        keep_note(t, item, index);
        t->result->notes.n = before;
        t->result->notes.at[before] = (struct note){0}; /* as vec_push hands it out */
    }
}

/* ---- one unit ---- */

static struct tables *tables_for(struct tally *t, uint32_t class, uint32_t book)
{
    const struct plan *const *plans = t->of->run->plans;
    bool alike = plans[class] == plans[0] && !t->of->params_by_class;
    size_t row = alike ? 0 : class;
    struct tables **at = &t->tables[row * t->of->store->n_books_most + book];
    if (!*at) {
        *at = lookup_new(&t->arena, t->of->store, plans[class], book);
    }
    return *at;
}

static void forget_says(struct tally *t)
{
    memset(t->says.members, 0, sizeof *t->says.members * ((t->result->n_members + 63) / 64));
    t->says.n = 0;
}

static void begin_unit(struct tally *t, const struct plan *p)
{
    struct walk *w = &t->walk;
    if (t->plan != p) { /* what is not on this sheet must not be left from another */
        for (uint32_t m = 0; m < p->rubric->members.n; m++) {
            w->cells[m] = (struct cellres){.points = DEC_NONE, .state = STATE_OFF};
            w->points[m] = DEC_NONE;
            t->looked_up[m] = RESULT_NONE;
        }
    }
    t->plan = p;
    t->most = lookup_points_most(p);
    w->context.plan = p;
    w->context.walk = w;
    w->outcome = walk_no_outcome(UNIT_RANKED);
    w->outcome.of = p->full[RUBRIC_ROOT];
    memset(w->gate_done, 0, sizeof *w->gate_done * p->rubric->gates.n);
    memset(w->gates, GATE_OPEN, p->rubric->gates.n);
    forget_says(t);
}

static void note_item(struct tally *t, uint32_t member, const struct cellres *cell, uint32_t index)
{
    t->walk.cells[member] = *cell;
    t->walk.points[member] = cell->points;
    t->looked_up[member] = index;
}

/* What a script gave is kept in the row, if that is all there is to it. */
static void fill_slot(const struct tally *t, const struct by_unit *item, char *row,
                      const struct found *got)
{
    const struct cellres *cell = &t->walk.cells[item->op->member];
    bool plain = item->slot > 0 && got->points > NO_SUM && !got->differs &&
                 cell->state == STATE_SCORED && cell->flags == 0 && t->result->notes.n == 0;
    if (plain) {
        dec stored = got->points + 1;
        memcpy(row + item->slot, &stored, sizeof stored);
    }
}

static bool take_slot(struct tally *t, const struct by_unit *item, const char *row,
                      struct found *result)
{
    dec stored = 0;
    if (item->slot > 0) {
        memcpy(&stored, row + item->slot, sizeof stored);
    }
    if (stored == 0) {
        return false;
    }
    plain_points(t, item, stored - 1, result);
    return true;
}

static inline void says(struct tally *t, uint32_t member, uint32_t n)
{
    t->says.members[member / 64] |= (uint64_t)1 << member % 64;
    t->says.n += n;
}

/* Whether an item falls short can hardly be foretold: no branch hangs on it. */
static inline void enter(struct tally *t, const struct tables *tables, uint32_t section,
                         uint32_t member, const struct found *got)
{
    tables->points[section] += got->points;
    t->says.members[member / 64] |= (uint64_t)(got->says > 0) << member % 64;
    t->says.n += got->says;
    t->differs |= got->differs;
}

/* Where that item's result stands, once it is known. */
static inline uint32_t index_of(const struct tables *tables, uint32_t i, const char *row)
{
    const struct to_look_up *look = &tables->looks[i];
    uint32_t index = 0;
    for (uint32_t k = 0; k < look->n_fields; k++) {
        uint16_t code;
        memcpy(&code, row + look->at[k], sizeof code);
        index += k == 0 ? code : code * tables->items[i].times[k];
    }
    return index;
}

/* The looked-up items into sums by section; false: one of them is no sum. */
static bool add_looked_up(struct tally *t, const struct tables *tables, const char *row, bool cells)
{
    for (uint32_t i = 0; i < tables->n_items; i++) {
        const struct to_look_up *look = &tables->looks[i];
        uint32_t index = index_of(tables, i, row);
        const struct found *got = &look->results[index];
        if (__builtin_expect(got->points <= NO_SUM, 0)) {
            if (got->points == NOT_YET) {
                find_result(t, tables, &tables->items[i], index, row);
            }
            if (got->points == NO_SUM) {
                return false;
            }
        }
        enter(t, tables, look->section, look->member, got);
        if (cells) {
            note_item(t, look->member, &tables->items[i].cells[index], index);
        }
    }
    return true;
}

static void add_differences(const struct tables *tables, const char *row)
{
    for (uint32_t i = 0; i < tables->n_items; i++) {
        uint32_t index = index_of(tables, i, row);
        if (tables->looks[i].results[index].differs) {
            tables->differences[tables->looks[i].section] += tables->items[i].differences[index];
        }
    }
}

/* All items; false: one of them is no sum. */
static bool add_items(struct tally *t, const struct tables *tables, char *row,
                      struct tally_wants wants)
{
    if (!add_looked_up(t, tables, row, wants.items || t->of->wants_cells)) {
        return false;
    }
    if (wants.bounds && t->differs) {
        add_differences(tables, row);
    }
    for (uint32_t i = 0; i < tables->n_own; i++) {
        struct by_unit *item = &tables->own[i];
        struct found got;
        differences apart;
        if (!take_slot(t, item, row, &got)) {
            if (!item->number || !score_number(t, item, row, &got, &apart)) {
                score_item(t, item->op, item->floor, &got, &apart);
            }
            fill_slot(t, item, row, &got);
        }
        if (got.points == NO_SUM) {
            return false;
        }
        enter(t, tables, item->section, item->op->member, &got);
        if (got.differs) {
            tables->differences[item->section] += apart;
        }
        t->looked_up[item->op->member] = RESULT_NONE;
    }
    return true;
}

/* The walk scores it all, from the table's one unit. */
static bool walk_whole(struct tally *t)
{
    t->used = NULL;
    t->plan = NULL; /* its members may be on no other sheet */
    count(&t->of->store->counters->units_walked, 1);
    unit_score(&t->walk, t->result, 0);
    take_notes(t);
    notes_settle(t->result);
    forget_says(t);
    for (uint32_t m = 0; m < t->result->n_members; m++) {
        uint32_t n = deficiency_count_member(t->result, 0, m);
        if (n > 0) {
            says(t, m, n);
        }
    }
    t->says.n += deficiency_count_rest(t->result, 0);
    return t->result->outcomes[0].state != UNIT_ERROR;
}

static void take_group(const struct store *s, uint32_t group)
{
    struct unit *u = &s->merge->table->units.at[0];
    u->group = group;
    u->class = s->group_class.at[group];
    u->class_name = s->merge->table->groups.at[group];
}

/* Who it is, and nothing left of the unit before. */
static struct tables *take_unit(struct tally *t, const struct block *block, const char *row)
{
    struct store *s = t->of->store;
    const struct unit *u = &s->merge->table->units.at[0];
    struct packed head;
    memcpy(&head, row, sizeof head);
    take_group(s, s->group_of[block - s->blocks][head.class]);
    t->block = block;
    t->row = row;
    t->cells_there = false;
    arena_reset(&t->said, (struct arena_mark){NULL, 0});
    memset(&t->result->notes, 0, sizeof t->result->notes);
    s->merge->table->has_claims = false;
    return head.flags & ROW_AGAIN ? NULL : tables_for(t, u->class, block->book);
}

bool tally_call_scripts(struct tally *t, const struct block *block, char *row)
{
    const struct store *s = t->of->store;
    struct tables *tables = take_unit(t, block, row);
    if (!tables || !tables->only_sums) {
        return true; /* the walk will call them with all the others */
    }
    begin_unit(t, tables->plan);
    for (uint32_t i = 0; i < tables->n_taken; i++) {
        store_take(s, block->book, row, tables->taken[i]);
    }
    for (uint32_t i = 0; i < tables->n_own; i++) {
        struct by_unit *item = &tables->own[i];
        if (item->slot > 0 && lookup_reads_cells_alone(s->rubric, item->op)) {
            struct found got;
            differences apart;
            score_item(t, item->op, item->floor, &got, &apart);
            fill_slot(t, item, row, &got);
        }
    }
    return !t->walk.failed && t->diag.findings.n == 0;
}

void tally_recall(struct tally *t, const struct keeping *k, uint32_t group, const char *kept)
{
    take_group(t->of->store, group);
    t->used = NULL;
    kept_take(k, kept, t->result, &t->says);
}

bool tally_unit(struct tally *t, const struct block *block, char *row, struct tally_wants wants)
{
    struct store *s = t->of->store;
    struct tables *tables = take_unit(t, block, row);
    if (!tables) {
        return store_again(s, row) && walk_whole(t);
    }
    begin_unit(t, tables->plan);
    sums_forget(t, tables);
    for (uint32_t i = 0; i < tables->n_taken; i++) {
        store_take(s, block->book, row, tables->taken[i]);
    }
    t->walk.failed = false;
    if (!tables->only_sums || !add_items(t, tables, row, wants) ||
        !sums_add_sections(t, tables, wants.bounds)) {
        store_take_all(s, block->book, row);
        return walk_whole(t);
    }
    walk_outcome(&t->walk);
    t->used = tables;
    t->result->outcomes[0] = t->walk.outcome;
    t->says.n += deficiency_count_rest(t->result, 0);
    return !t->walk.failed;
}

/* What the scripts of the looked-up items said. */
static void recall_notes(struct tally *t)
{
    for (uint32_t i = 0; i < t->used->n_items; i++) {
        const struct looked_up *item = &t->used->items[i];
        uint32_t index = t->looked_up[item->op->member];
        if (item->notes && item->notes[index]) {
            *vec_push(&t->said, &t->result->notes) = *item->notes[index];
        }
    }
    notes_settle(t->result);
}

void tally_need_cells(struct tally *t)
{
    if (t->used && !t->cells_there) {
        store_take_all(t->of->store, t->block->book, t->row);
        recall_notes(t);
        t->cells_there = true;
    }
}

bool tally_run(struct tally *t, struct worker *w, void (*run)(void *context), void *context)
{
    const struct rubric *r = t->of->store->rubric;
    bool whole = true;
    uint64_t before = arena_allocations();
    t->scripted.worker = w;
    if (r->scripts.n == 0) {
        run(context);
    } else {
        if (!t->scripted.sandbox) { /* compiled where the limits of the worker hold already */
            t->scripted.sandbox = sandbox_new(r, NULL);
        }
        whole = sandbox_block(t->scripted.sandbox, run, context);
    }
    struct counters *counters = t->of->store->counters;
    count(&counters->allocations, arena_allocations() - before);
    count(&counters->items_walked, t->n_walked);
    count(&counters->lua_calls, t->scripted.n_calls);
    count(&counters->formulas, t->scripted.n_formulas);
    t->n_walked = t->scripted.n_calls = t->scripted.n_formulas = 0;
    return whole;
}

void tally_release(struct tally *t)
{
    arena_release(&t->arena);
    arena_release(&t->scratch);
    arena_release(&t->said);
}

void tally_init(struct tally *t, const struct tallying *of)
{
    const struct store *s = of->store;
    const struct rubric *r = s->rubric;
    struct result *result = ARENA_NEW(&t->arena, struct result);
    t->of = of;
    *result = (struct result){.rubric = r,
                              .table = s->merge->table,
                              .n_units = 1,
                              .n_members = r->members.n,
                              .n_gates = r->gates.n};
    result->members = ARENA_ARRAY(&t->arena, struct cellres, r->members.n);
    result->outcomes = ARENA_NEW(&t->arena, struct outcome);
    result->gates = ARENA_ARRAY(&t->arena, uint8_t, r->gates.n + 1);
    result->order = ARENA_NEW(&t->arena, uint32_t);
    run_scorer(result, of->run);
    t->result = result;
    diag_init(&t->diag, &t->arena);
    memcpy(t->diag.severity, s->merge->diag->severity, sizeof t->diag.severity);
    run_walk(&t->walk, &t->scratch, result);
    t->walk.context.diag = &t->diag;
    t->walk.context.scripted = &t->scripted;
    t->walk.cells = result->members;
    t->walk.gates = result->gates;
    for (uint32_t m = 0; m < r->members.n; m++) {
        result->members[m] = (struct cellres){.points = DEC_NONE, .state = STATE_OFF};
    }
    t->looked_up = ARENA_ARRAY(&t->arena, uint32_t, r->members.n);
    t->says.members = ARENA_ARRAY(&t->arena, uint64_t, (r->members.n + 63) / 64);
    t->tables =
        ARENA_ARRAY(&t->arena, struct tables *, (r->classes.n + 1) * (size_t)s->n_books_most);
}

struct tally *tally_new(const struct tallying *of)
{
    struct tally *t = ARENA_NEW(of->store->arena, struct tally);
    tally_init(t, of);
    return t;
}
