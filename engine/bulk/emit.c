/* emit.c - see emit.h. */
#include "bulk/emit.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "base/workers.h"
#include "bulk/lookup.h"
#include "report/report.h"
#include "report/wording.h"

#include <string.h>

#define UNITS_AT_ONCE 1024U /* of a piece */

struct emitting {
    const struct stands *stands;
    const struct bulk_options *options;
    struct sys_output output;
    bool failed;
};

struct own {
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

static void own_init(struct own *own, const struct emitting *e)
{
    tally_init(&own->tally, &e->stands->tallying);
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
}

static void *begin(void *context)
{
    const struct emitting *e = context;
    struct own *own = ARENA_NEW(e->stands->tallying.store->arena, struct own);
    own_init(own, e);
    return own;
}

static void write_head(const struct emitting *e, struct buf *out)
{
    struct own own = {.text = {0}};
    own_init(&own, e);
    report_csv_head(&own.report, out);
    tally_release(&own.tally);
    arena_release(&own.arena);
}

/* Gives the table's unit its id and name. */
static void name_unit(struct arena *a, const struct stands *s, const struct stand *at)
{
    struct unit *u = &s->tallying.store->merge->table->units.at[0];
    stands_names(a, s, at, &u->id, &u->name);
    u->name = *u->name ? u->name : u->id;
}

/* ---- pieces ---- */

static bool is_shown(const struct emitting *e, const struct stand *at)
{
    uint32_t top = e->options->shown.top;
    return top == 0 || (at->rank > 0 && at->rank <= top);
}

static void fetch(const char *at, uint32_t n)
{
    for (uint32_t k = 0; k < n; k += 64) {
        __builtin_prefetch(at + k);
    }
}

/* What comes soon is asked for in time: rows stand in the order of the data. */
static void fetch_ahead(const struct stands *s, uint32_t i, uint32_t end)
{
    const struct store *store = s->tallying.store;
    if (i + 16 >= end) {
        return;
    }
    if (s->keeping.on) {
        fetch(stands_kept(s, s->all[i + 16].row), s->keeping.size);
        return;
    }
    struct packed head;
    fetch(store_row(store, s->all[i + 16].row), store->stride);
    memcpy(&head, store_row(store, s->all[i + 8].row), sizeof head);
    fetch(store->source->text + head.offset, 128);
}

/* A piece on its way: units [first, end) of the order. */
struct piece {
    const struct emitting *emitting;
    struct own *own;
    uint32_t first, end;
    bool fine;
};

static void emit_units(void *context)
{
    struct piece *p = context;
    const struct stands *s = p->emitting->stands;
    struct own *own = p->own;
    for (uint32_t i = p->first; i < p->end && p->fine; i++) {
        const struct stand *at = &s->all[i];
        fetch_ahead(s, i, p->end);
        if (!is_shown(p->emitting, at)) {
            continue;
        }
        struct arena_mark mark = arena_mark(&own->arena);
        p->fine = stands_unit(s, &own->tally, at);
        name_unit(&own->arena, s, at);
        set_wording(own, &s->keeping);
        report_csv_unit(&own->report, 0, &own->text);
        arena_reset(&own->arena, mark);
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
    own->text.n = 0;
    p.fine = tally_run(&own->tally, w, emit_units, &p) && p.fine;
    count(&store->counters->items_worded, own->wording.n_worded);
    own->wording.n_worded = 0;
    if (p.fine && own->text.n > 0) {
        worker_send(w, own->text.at, own->text.n);
    } else if (!p.fine) {
        worker_send(w, "", 0); /* there is no empty piece */
        worker_stop_after(w, piece);
    }
}

static void take_piece(void *context, uint32_t piece, const void *text, size_t n)
{
    struct emitting *e = context;
    (void)piece;
    e->failed |= n == 0;
    sys_output_add(&e->output, text, n);
}

static void through(void *context, uint32_t pieces)
{
    const struct emitting *e = context;
    uint64_t units = (uint64_t)pieces * UNITS_AT_ONCE, all = e->stands->tallying.store->n_units;
    progress_at(units < all ? units : all, units < all ? units : all);
}

static bool emit_one(struct emitting *e, const char *path, unsigned jobs)
{
    struct buf head = {0};
    struct work work = {.n_blocks = (e->stands->tallying.store->n_units - 1) / UNITS_AT_ONCE + 1,
                        .jobs = jobs,
                        .context = e,
                        .begin = begin,
                        .run = emit_piece,
                        .take = take_piece,
                        .through = through};
    write_head(e, &head);
    sys_output_open(&e->output, path);
    sys_output_add(&e->output, head.at, head.n);
    buf_release(&head);
    progress_begin(_("writing"), e->stands->tallying.store->n_units);
    bool whole = workers_run(&work) && !e->failed;
    progress_end();
    return whole;
}

bool emit_all(const struct stands *s, struct arena *a, const struct bulk_options *o,
              const struct sys_mapped *data, unsigned jobs)
{
    struct emitting *outputs = ARENA_ARRAY(a, struct emitting, o->n_outputs);
    for (uint32_t i = 0; i < o->n_outputs; i++) {
        outputs[i] = (struct emitting){.stands = s, .options = o};
        if (!emit_one(&outputs[i], o->outputs[i], jobs) || (data && !sys_map_is_same(data))) {
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
