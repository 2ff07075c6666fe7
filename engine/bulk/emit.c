/* emit.c - see emit.h. */
#include "bulk/emit.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "base/workers.h"
#include "bulk/lookup.h"
#include "bulk/own.h"
#include "report/report.h"
#include "report/wording.h"

#include <string.h>

#define UNITS_AT_ONCE 1024U    /* of a piece */
#define UNITS_READY BATCH_ROWS /* of those, what is found before it is written */

/* Texts of pieces go to the parent in shared memory, as long as there is a place for them: that of
 * the piece before which was in it is free when it was taken. What finds none is sent. */
#define PLACE_SIZE ((size_t)1 << 20)
#define PLACES_MOST 64U

struct places {
    uint32_t n;
    _Atomic uint32_t *taken; /* pieces below */
    char *texts;             /* [n × PLACE_SIZE] */
};

/* What is sent of a piece. */
struct piece_says {
    uint64_t n; /* bytes of its text; NOT_DONE */
    bool sent;  /* they follow as a message of their own */
};

#define NOT_DONE UINT64_MAX

struct emitting {
    const struct stands *stands;
    const struct bulk_options *options;
    uint32_t only_group;         /* of the table's: the class that is meant, or none of them */
    _Atomic uint32_t *any_meant; /* shared: 1 when some unit was */
    struct sys_output output;
    struct places places;
    bool failed, follows; /* follows: the text of the piece */
};

struct own {
    struct stands stands; /* of all, with a store of its own */
    struct tally tally;
    struct arena arena;
    struct report report;
    struct wording wording;
    struct buf text;
};

static void need_cells(void *tally) { tally_need_cells(tally); }

/* What is said of the unit's items is kept beside the tables that their results come from. */
static void set_wording(struct own *own, const struct keeping *keeping)
{
    struct tables *used = own->tally.used;
    own->wording.index = used ? own->tally.looked_up : NULL;
    own->wording.deficient = keeping->on && keeping->says ? own->tally.says.members : NULL;
    own->wording.n_deficiencies = own->tally.says.n;
    if (used) {
        if (!used->kept) {
            used->kept =
                ARENA_ARRAY(&own->tally.arena, struct worded *, own->tally.result->n_members);
        }
        own->wording.of_member = used->kept;
        own->wording.n_indices = used->ways;
    }
}

static struct own *own_new(const struct emitting *e)
{
    struct store *s = own_store(e->stands->tallying.store);
    struct own *own = ARENA_NEW(s->arena, struct own);
    own->stands = *e->stands;
    own->stands.tallying.store = s;
    tally_init(&own->tally, &own->stands.tallying);
    own->report = (struct report){.result = own->tally.result,
                                  .ranking = &e->stands->ranking,
                                  .arena = &own->tally.arena,
                                  .jobs = 1,
                                  .shown = e->options->shown,
                                  .columns = e->options->columns,
                                  .wording = &own->wording};
    own->report.columns = report_csv_columns(&own->report);
    own->report.arena = &own->arena; /* given back after every unit */
    own->wording =
        (struct wording){.arena = &own->tally.arena, .need = need_cells, .context = &own->tally};
    return own;
}

static void *begin(void *context) { return own_new(context); }

static void end(void *own_)
{
    struct own *own = own_;
    buf_release(&own->wording.text);
    buf_release(&own->wording.names);
    arena_release(&own->arena);
    tally_release(&own->tally);
    own_store_release(own->stands.tallying.store);
}

static void write_head(const struct emitting *e, struct buf *out)
{
    struct own *own = own_new(e);
    report_csv_head(&own->report, out);
    end(own);
}

/* Gives the table's unit its id and name. */
static void name_unit(struct arena *a, const struct stands *s, const struct stand *at)
{
    struct unit *u = &s->tallying.store->merge->table->units.at[0];
    stands_names(a, s, at, &u->id, &u->name);
    u->name = *u->name ? u->name : u->id;
}

/* ---- who is shown ---- */

/* Whether it is a unit that --only means (model/record.h). */
static bool is_meant(const struct emitting *e, struct arena *a, const struct stand *at)
{
    const char *only = e->options->shown.only, *id, *name;
    if (!only || at->group == e->only_group) {
        return true;
    }
    struct arena_mark mark = arena_mark(a);
    stands_names(a, e->stands, at, &id, &name);
    bool meant = strcmp(id, only) == 0 || strcmp(name, only) == 0;
    arena_reset(a, mark);
    return meant;
}

static bool is_shown(const struct emitting *e, struct arena *a, const struct stand *at)
{
    uint32_t top = e->options->shown.top;
    if (!is_meant(e, a, at)) {
        return false;
    }
    if (e->options->shown.only) {
        atomic_store_explicit(e->any_meant, 1, memory_order_relaxed);
    }
    return top == 0 || (at->rank > 0 && at->rank <= top);
}

static void find_only(struct emitting *e, struct arena *a)
{
    const struct table *t = e->stands->tallying.store->merge->table;
    e->only_group = t->groups.n;
    e->any_meant = arena_shared(a, sizeof *e->any_meant);
    for (uint32_t g = 0; g < t->groups.n && e->options->shown.only; g++) {
        if (strcmp(t->groups.at[g], e->options->shown.only) == 0) {
            e->only_group = g;
        }
    }
}

/* ---- pieces ---- */

static void fetch(const char *at, uint32_t n)
{
    for (uint32_t k = 0; k < n; k += 64) {
        __builtin_prefetch(at + k);
    }
}

/* A piece on its way: units [first, end) of the order. */
struct piece {
    const struct emitting *emitting;
    struct own *own;
    uint32_t first, end;
    bool fine;
};

/* Units of a piece that are written one after the other. */
struct shown {
    uint32_t n;
    const struct stand *at[UNITS_READY];
};

/* From `first` on. */
static void find_shown(const struct emitting *e, struct arena *a, uint32_t first, uint32_t end,
                       struct shown *out)
{
    const struct stands *s = e->stands;
    out->n = 0;
    for (uint32_t i = first; i < end; i++) {
        if (is_shown(e, a, &s->all[i])) {
            out->at[out->n++] = &s->all[i];
        }
    }
}

#define UNITS_AHEAD 32U

/* Asks for what was kept of it, or for its text. */
static void fetch_next(const struct stands *s, const struct stand *at)
{
    struct packed head;
    if (s->keeping.on) {
        fetch(stands_kept(s, at->row), s->keeping.size);
    } else {
        memcpy(&head, stands_kept(s, at->row), sizeof head);
        fetch(s->tallying.store->source->text + head.offset, 128);
    }
}

static bool emit_shown(struct own *own, const struct shown *shown)
{
    const struct stands *s = &own->stands;
    bool fine = true;
    stands_ready(s, &own->tally, shown->at, shown->n);
    for (uint32_t i = 0; i < UNITS_AHEAD && i < shown->n; i++) {
        fetch_next(s, shown->at[i]);
    }
    for (uint32_t i = 0; i < shown->n && fine; i++) {
        const struct stand *at = shown->at[i];
        struct arena_mark mark = arena_mark(&own->arena);
        if (i + UNITS_AHEAD < shown->n) {
            fetch_next(s, shown->at[i + UNITS_AHEAD]);
        }
        fine = stands_unit(s, &own->tally, at, i);
        name_unit(&own->arena, s, at);
        set_wording(own, &s->keeping);
        report_csv_unit(&own->report, 0, &own->text);
        arena_reset(&own->arena, mark);
    }
    return fine;
}

static void emit_units(void *context)
{
    struct piece *p = context;
    struct shown shown;
    for (uint32_t i = p->first; i < p->end && p->fine; i += UNITS_READY) {
        uint32_t end = p->end - i < UNITS_READY ? p->end : i + UNITS_READY;
        find_shown(p->emitting, &p->own->arena, i, end, &shown);
        p->fine = emit_shown(p->own, &shown);
    }
}

static char *place_of(const struct places *p, uint32_t piece)
{
    return p->texts + (size_t)(piece % p->n) * PLACE_SIZE;
}

/* The text of a piece is made where it goes, if there is a place for it. */
static struct buf begin_text(const struct emitting *e, uint32_t piece)
{
    bool is_free = piece - atomic_load(e->places.taken) < e->places.n;
    return is_free ? (struct buf){place_of(&e->places, piece), 0, PLACE_SIZE, true}
                   : (struct buf){0};
}

static void send_piece(struct worker *w, const struct buf *text)
{
    struct piece_says says = {.n = text->n, .sent = !text->lent};
    worker_send(w, &says, sizeof says);
    if (says.sent) {
        worker_send(w, text->at, text->n);
    }
}

static void emit_piece(void *context, void *own_, struct worker *w, uint32_t piece)
{
    const struct emitting *e = context;
    const struct store *store = e->stands->tallying.store;
    struct own *own = own_;
    uint32_t first = piece * UNITS_AT_ONCE;
    uint32_t n = store->n_units - first < UNITS_AT_ONCE ? store->n_units - first : UNITS_AT_ONCE;
    struct piece p = {e, own, first, first + n, true};
    worker_at(w, piece + 1);
    own->text = begin_text(e, piece);
    p.fine = tally_run(&own->tally, w, emit_units, &p) && p.fine;
    count(&store->counters->items_worded, own->wording.n_worded);
    own->wording.n_worded = 0;
    if (p.fine) {
        send_piece(w, &own->text);
    } else {
        worker_send(w, &(struct piece_says){.n = NOT_DONE}, sizeof(struct piece_says));
        worker_stop_after(w, piece);
    }
    buf_release(&own->text);
}

static void take_piece(void *context, uint32_t piece, const void *message, size_t n)
{
    struct emitting *e = context;
    struct piece_says says;
    if (e->follows) {
        sys_output_add(&e->output, message, n);
        e->follows = false;
    } else {
        memcpy(&says, message, sizeof says);
        e->failed |= says.n == NOT_DONE;
        e->follows = says.sent;
        if (!e->failed && !says.sent) {
            sys_output_add(&e->output, place_of(&e->places, piece), (size_t)says.n);
        }
    }
    if (!e->follows) {
        atomic_store(e->places.taken, piece + 1);
    }
}

static void through(void *context, uint32_t pieces)
{
    const struct emitting *e = context;
    uint64_t units = (uint64_t)pieces * UNITS_AT_ONCE, all = e->stands->tallying.store->n_units;
    progress_at(units < all ? units : all, units < all ? units : all);
}

static bool emit_one(struct emitting *e, struct arena *a, const char *path, unsigned jobs)
{
    struct buf head = {0};
    struct work work = {.n_blocks = (e->stands->tallying.store->n_units - 1) / UNITS_AT_ONCE + 1,
                        .jobs = jobs,
                        .kind = a->sharers,
                        .context = e,
                        .begin = begin,
                        .end = end,
                        .run = emit_piece,
                        .take = take_piece,
                        .through = through};
    e->places = (struct places){.n = 16 * jobs < PLACES_MOST ? 16 * jobs : PLACES_MOST};
    e->places.taken = arena_shared(a, sizeof *e->places.taken);
    e->places.texts = shared_new(e->places.n * PLACE_SIZE, a->sharers);
    find_only(e, a);
    write_head(e, &head);
    sys_output_open(&e->output, path);
    sys_output_add(&e->output, head.at, head.n);
    buf_release(&head);
    progress_begin(_("writing"), e->stands->tallying.store->n_units);
    bool whole = workers_run(&work) && !e->failed &&
                 (!e->options->shown.only || *e->any_meant); /* else it is to be said */
    progress_end();
    shared_release(e->places.texts, e->places.n * PLACE_SIZE);
    return whole;
}

bool emit_all(const struct stands *s, struct arena *a, const struct bulk_options *o,
              const struct sys_mapped *data, unsigned jobs)
{
    struct emitting *outputs = ARENA_ARRAY(a, struct emitting, o->n_outputs);
    for (uint32_t i = 0; i < o->n_outputs; i++) {
        outputs[i] = (struct emitting){.stands = s, .options = o};
        if (!emit_one(&outputs[i], a, o->outputs[i], jobs) || (data && !sys_map_is_same(data))) {
            for (uint32_t k = 0; k <= i; k++) {
                sys_output_drop(&outputs[k].output);
            }
            return false;
        }
    }
    for (uint32_t i = 0; i < o->n_outputs; i++) {
        sys_output_done(&outputs[i].output);
        if (o->written) {
            o->written(o->context, i + 1);
        }
    }
    return true;
}
