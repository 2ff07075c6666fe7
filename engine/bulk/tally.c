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
        *result = (struct found){.points = points, .more = FOUND_DIFFERS};
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
    if (says > FOUND_SAYS_MOST) {
        result->points = NO_SUM;
    }
    result->more += says;
}

/* The item is scored, and there is nothing more to it. */
static void plain_points(struct tally *t, const struct by_unit *item, dec points,
                         struct found *result)
{
    uint32_t m = item->op->member;
    *result = (struct found){points, points < item->floor};
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

struct tables *tally_tables(struct tally *t, const struct batch_row *row)
{
    struct packed head;
    memcpy(&head, row->row, sizeof head);
    return head.flags & ROW_AGAIN
               ? NULL
               : tables_for(t, t->of->store->group_class.at[row->group], head.book);
}

/* What the items that are not looked up read. */
static void take_own(struct tally *t, const struct tables *tables)
{
    for (uint32_t i = tables->n_always; i < tables->n_taken; i++) {
        store_take(t->of->store, t->book, t->row, tables->taken[i]);
    }
}

static void forget_says(struct tally *t)
{
    memset(t->says.members, 0, sizeof *t->says.members * ((t->result->n_members + 63) / 64));
    t->says.n = 0;
}

void tally_begin(struct tally *t, const struct plan *p)
{
    struct walk *w = &t->walk;
    if (t->plan == p) {
        return;
    }
    for (uint32_t m = 0; m < p->rubric->members.n; m++) {
        /* What is not on this sheet must not be left from another. */
        w->cells[m] = (struct cellres){.points = DEC_NONE, .state = STATE_OFF};
        w->points[m] = DEC_NONE;
        w->due[m] = w->reported[m] = 0;
        walk_set_all(w, m, 0, false);
        t->looked_up[m] = RESULT_NONE;
    }
    t->plan = p;
    t->sections_begun = t->plain = false;
    t->most = lookup_points_most(p);
    t->no_outcome = walk_no_outcome(UNIT_RANKED);
    t->no_outcome.of = p->full[RUBRIC_ROOT];
    w->context.plan = p;
    w->context.walk = w;
}

void tally_group(struct tally *t, uint32_t group)
{
    const struct store *s = t->of->store;
    struct unit *u = &s->merge->table->units.at[0];
    u->group = group;
    u->class = s->group_class.at[group];
    u->class_name = s->merge->table->groups.at[group];
}

/* Who it is, and nothing left of the unit before. */
static void take_unit(struct tally *t, const struct batch_row *row)
{
    struct packed head;
    memcpy(&head, row->row, sizeof head);
    tally_group(t, row->group);
    t->row = row->row;
    t->book = head.book;
    t->cells_there = false;
    arena_reset(&t->said, (struct arena_mark){NULL, 0});
    memset(&t->result->notes, 0, sizeof t->result->notes);
    t->of->store->merge->table->has_claims = false;
}

static void begin_unit(struct tally *t, const struct tables *tables)
{
    struct walk *w = &t->walk;
    const struct plan *p = tables->plan;
    tally_begin(t, p);
    w->outcome = t->no_outcome;
    w->failed = t->plain = false;
    for (uint32_t g = 0; g < p->rubric->gates.n; g++) {
        w->gate_done[g] = false;
        w->gates[g] = GATE_OPEN;
    }
    for (uint32_t i = 0; i < tables->n_always; i++) {
        store_take(t->of->store, t->book, t->row, tables->taken[i]);
    }
}

static inline void says(struct tally *t, uint32_t member, uint32_t n)
{
    t->says.members[member / 64] |= (uint64_t)1 << member % 64;
    t->says.n += n;
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
    bool plain = item->slot > 0 && got->points > NO_SUM && !found_differs(got->more) &&
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

/* What adding up does not tell of the items that are looked up. */
static void note_looked_up(struct tally *t, const struct tables *tables, const char *row,
                           struct tally_wants wants)
{
    bool cells = wants.items || t->of->wants_cells, apart = wants.bounds && t->differs;
    for (uint32_t i = 0; i < tables->n_items && (cells || apart); i++) {
        const struct to_look_up *look = &tables->looks[i];
        const struct looked_up *item = &tables->items[i];
        uint32_t index = lookup_index(look, row);
        if (cells) {
            note_item(t, look->member, &item->cells[index], index);
        }
        if (apart && found_differs(look->results[index].more)) {
            tables->differences[look->section] += item->differences[index];
        }
    }
}

/* Items that are not looked up; false: one of them is no sum. */
static bool add_own(struct tally *t, const struct tables *tables, char *row)
{
    for (uint32_t i = 0; i < tables->n_own; i++) {
        struct by_unit *item = &tables->own[i];
        uint32_t member = item->op->member;
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
        tables->points[item->section] += got.points;
        if (found_says(got.more) > 0) {
            says(t, member, found_says(got.more));
        }
        if (found_differs(got.more)) {
            t->differs = true;
            tables->differences[item->section] += apart;
        }
        t->looked_up[member] = RESULT_NONE;
    }
    return true;
}

static void take_says(struct tally *t, const struct batch *b, uint32_t row)
{
    for (uint32_t i = 0; i < (t->result->n_members + 63) / 64; i++) {
        t->says.members[i] = b->says[(size_t)i * BATCH_ROOM + row];
    }
    t->says.n = found_says(b->more[row]);
}

/* From what is added up of the row to its sections; false: the walk has to do it. */
static bool add_up(struct tally *t, const struct batch *b, uint32_t row)
{
    const struct tables *tables = b->tables[row];
    struct tally_wants wants = t->wants;
    if (b->state[row] == BATCH_ALONE) {
        batch_fill(t, t->one, &b->rows[row], 1, NULL, false);
        b = t->one;
        row = 0;
    }
    take_says(t, b, row);
    if (b->state[row] == BATCH_ALL) {
        sums_take_sections(t, b, row);
        return true;
    }
    sums_forget(t, tables);
    for (uint32_t i = 0; i < tables->plan->n_sections; i++) {
        tables->points[i] = b->points[(size_t)i * BATCH_ROOM + row];
    }
    t->differs = found_differs(b->more[row]);
    note_looked_up(t, tables, b->rows[row].row, wants);
    take_own(t, tables);
    return b->state[row] == BATCH_LOOKED_UP && add_own(t, tables, b->rows[row].row) &&
           sums_add_sections(t, tables, wants.bounds);
}

/* The walk scores it all, from the table's one unit. */
static bool walk_whole(struct tally *t)
{
    t->used = NULL;
    t->plan = NULL; /* its members may be on no other sheet */
    t->plain = false;
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

bool tally_call_scripts(struct tally *t, const struct batch_row *row)
{
    const struct store *s = t->of->store;
    struct tables *tables = tally_tables(t, row);
    if (!tables || !tables->only_sums) {
        return true; /* the walk will call them with all the others */
    }
    take_unit(t, row);
    begin_unit(t, tables);
    take_own(t, tables);
    for (uint32_t i = 0; i < tables->n_own; i++) {
        struct by_unit *item = &tables->own[i];
        if (item->slot > 0 && lookup_reads_cells_alone(s->rubric, item->op)) {
            struct found got;
            differences apart;
            score_item(t, item->op, item->floor, &got, &apart);
            fill_slot(t, item, row->row, &got);
        }
    }
    return !t->walk.failed && t->diag.findings.n == 0;
}

void tally_find(struct tally *t, const struct batch *b, uint32_t row, uint32_t i, uint32_t index)
{
    struct tables *tables = b->tables[row];
    take_unit(t, &b->rows[row]);
    begin_unit(t, tables);
    find_result(t, tables, &tables->items[i], index, b->rows[row].row);
}

bool tally_number(struct tally *t, struct by_unit *item, const struct batch *b, uint32_t row,
                  struct found *out)
{
    differences apart;
    if (item->empty_known) {
        tally_group(t, b->rows[row].group);
    } else {
        take_unit(t, &b->rows[row]);
        begin_unit(t, b->tables[row]);
        take_own(t, b->tables[row]);
    }
    return score_number(t, item, b->rows[row].row, out, &apart) && out->points != NO_SUM;
}

bool tally_gates_open(struct tally *t, const struct batch *b, uint32_t row)
{
    bool open = true;
    take_unit(t, &b->rows[row]);
    begin_unit(t, b->tables[row]);
    for (uint32_t g = 0; g < t->result->n_gates; g++) {
        (void)walk_gate_fired(&t->walk, g);
        open &= t->walk.gates[g] == GATE_OPEN;
    }
    return open && !t->walk.failed;
}

void tally_recall(struct tally *t, const struct keeping *k, uint32_t group, struct kept_at kept)
{
    tally_group(t, group);
    t->used = NULL;
    kept_take(k, kept, t->result, &t->says);
}

void tally_rows(struct tally *t, const struct batch_row *rows, uint32_t n,
                const dec *const *columns, struct tally_wants wants)
{
    t->wants = wants;
    batch_fill(t, t->many, rows, n, columns, !wants.items && !wants.bounds && !t->of->wants_cells);
}

/* As much of it as is asked for where no item is, and nothing but what adding up tells. */
static void take_plain(struct tally *t, const struct batch *b, uint32_t row)
{
    struct outcome *o = &t->result->outcomes[0];
    tally_begin(t, b->tables[row]->plan);
    tally_group(t, b->rows[row].group);
    take_says(t, b, row);
    sums_take_points(t, b, row);
    if (!t->plain) { /* not every time: whoever reads it would wait for it */
        memset(t->result->gates, GATE_OPEN, t->result->n_gates);
        *o = t->no_outcome;
        t->plain = true;
    }
    o->exact = b->exact[row];
    o->total = o->before_gates = o->low = o->high = b->total[row];
    o->grade = o->grade_by_band = o->grade_before_quota = b->grade[row];
}

bool tally_unit(struct tally *t, uint32_t row)
{
    struct store *s = t->of->store;
    const struct batch *b = t->many;
    const struct batch_row *at = &b->rows[row];
    if (b->state[row] == BATCH_PLAIN) {
        take_plain(t, b, row);
        return true;
    }
    take_unit(t, at);
    if (b->state[row] == BATCH_AGAIN) {
        return store_again(s, at->row) && walk_whole(t);
    }
    begin_unit(t, b->tables[row]);
    if (b->state[row] == BATCH_WALK || !add_up(t, b, row)) {
        store_take_all(s, t->book, at->row);
        return walk_whole(t);
    }
    walk_outcome(&t->walk);
    t->used = b->tables[row];
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
        store_take_all(t->of->store, t->book, t->row);
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
    t->many = batch_new(&t->arena, r);
    t->one = batch_new(&t->arena, r);
    t->tables =
        ARENA_ARRAY(&t->arena, struct tables *, (r->classes.n + 1) * (size_t)s->n_books_most);
}

struct tally *tally_new(const struct tallying *of)
{
    struct tally *t = ARENA_NEW(of->store->arena, struct tally);
    tally_init(t, of);
    return t;
}
