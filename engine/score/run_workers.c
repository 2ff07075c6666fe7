/*
 * run_workers.c - see run_workers.h.
 *
 *   worker                                        parent
 *   for each unit of a block: walk
 *     cells, outcome, gates ─► shared memory ───► the result
 *     notes of scripts ──────► pipe ────────────► result.notes
 *     findings, why ─────────► pipe ────────────► diag, outcome.why
 *
 * Where units rest on others (struct tree) there are rounds, one after the other: the blocks of a
 * level, or several small levels as one block. Who is forked later sees what earlier rounds made.
 *
 * What comes through pipes arrives in the order of blocks, so all is as one process would have it.
 * Without --keep-going nothing after the first unit whose script fails is worked on: blocks below
 * it are, so it is the lowest.
 */
#include "score/run_workers.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "model/coverage.h"
#include "score/note.h"
#include "score/scripted.h"
#include "score/unit_score.h"

#include <assert.h>
#include <string.h>

#define DEATHS_MOST 20U

/* ---- what a worker has ---- */

struct own {
    struct arena arena, findings_arena;
    struct diag diag;
    struct walk walk;
    struct scripted scripted;
};

struct farm {
    struct arena *arena;
    struct diag *diag;
    struct result *result;
    const struct run_options *options;
    script_place deaths[DEATHS_MOST]; /* of workers that come after see them: a fork copies */
    uint32_t n_deaths;
    uint32_t start, end; /* of the round: units by their place in the order */
};

/* The unit at that place of the order in which they are scored. */
static uint32_t unit_at(const struct result *r, uint32_t place)
{
    return r->table->tree ? r->table->tree->order[place] : place;
}

static struct own *own_new(struct arena *a, const struct result *r, struct coverage *coverage)
{
    struct own *own = ARENA_NEW(a, struct own);
    run_walk(&own->walk, &own->arena, r);
    own->walk.context.scripted = &own->scripted;
    own->walk.context.coverage = coverage;
    return own;
}

/* Scripts are compiled where the limits of the worker hold already. */
static void need_sandbox(struct own *own, const struct rubric *r)
{
    if (!own->scripted.sandbox && r->scripts.n > 0) {
        const struct coverage *c = own->walk.context.coverage;
        own->scripted.sandbox = sandbox_new(r, c ? c->scripts : NULL);
    }
}

static void forget_findings(struct own *own, const struct diag *like)
{
    arena_release(&own->findings_arena);
    diag_init(&own->diag, &own->findings_arena);
    memcpy(own->diag.severity, like->severity, sizeof own->diag.severity);
}

static void *begin(void *context)
{
    struct farm *f = context;
    struct own *own = own_new(f->arena, f->result, f->options->coverage);
    own->scripted.deaths = f->deaths;
    own->scripted.n_deaths = f->n_deaths;
    own->walk.context.diag = &own->diag;
    forget_findings(own, f->diag);
    return own;
}

static void send_findings(struct worker *w, struct own *own, struct outcome *outcome, uint32_t unit)
{
    struct buf b = {0};
    buf_char(&b, MESSAGE_FINDINGS);
    pack_u32(&b, unit);
    pack_text(&b, outcome->why);
    diag_pack(&own->diag, &b);
    worker_send(w, b.at, b.n);
    buf_release(&b);
    outcome->why = NULL; /* an address of this process: the parent sets its own */
}

/* Units [at, end), by their place in the order. */
struct stretch {
    struct farm *farm;
    struct own *own;
    uint32_t at, end;
};

/* Scores the unit at `at` and sends what there is to say of it. False: it ends the run. */
static bool run_unit(struct stretch *s)
{
    struct own *own = s->own;
    struct result *r = s->farm->result;
    uint32_t unit = unit_at(r, s->at);
    struct worker *w = own->scripted.worker;
    own->scripted.failed = false;
    if (!own->scripted.sandbox) {
        worker_at(w, script_place_of(unit, SCRIPT_NONE));
    }
    unit_score(&own->walk, r, unit);
    if (own->scripted.notes.n > 0) {
        worker_send(w, own->scripted.notes.at, own->scripted.notes.n);
        own->scripted.notes.n = 0;
    }
    if (own->diag.n_errors + own->diag.n_warnings > 0) {
        send_findings(w, own, &r->outcomes[unit], unit);
        forget_findings(own, s->farm->diag);
    }
    s->at++;
    return !own->scripted.failed || s->farm->options->keep_going;
}

static void run_units(void *context)
{
    struct stretch *s = context;
    while (s->at < s->end && run_unit(s)) {
    }
}

/* The unit at `at` was left in the middle: nothing is kept of it. */
static void forget_unit(struct stretch *s, const struct walk *before, struct arena_mark mark)
{
    struct own *own = s->own;
    own->walk = *before;
    own->scripted.no_notes = false;
    own->scripted.notes.n = 0;
    forget_findings(own, s->farm->diag);
    arena_reset(own->walk.context.scratch, mark);
}

static void run_block(void *context, void *own_, struct worker *w, uint32_t block)
{
    struct farm *f = context;
    struct own *own = own_;
    uint32_t first = f->start + block * RUN_BLOCK;
    uint32_t end = f->end - first < RUN_BLOCK ? f->end : first + RUN_BLOCK;
    struct stretch s = {f, own, first, end};
    struct walk before = own->walk;
    struct arena_mark mark = arena_mark(own->walk.context.scratch);
    bool go_on = true;
    own->scripted.worker = w;
    need_sandbox(own, f->result->rubric);
    while (go_on && s.at < end) {
        if (!own->scripted.sandbox) {
            go_on = run_unit(&s);
        } else if (!sandbox_block(own->scripted.sandbox, run_units, &s)) {
            forget_unit(&s, &before, mark);
            go_on = run_unit(&s);
        } else {
            go_on = s.at == end;
        }
    }
    if (!go_on) {
        worker_stop_after(w, block);
    }
}

/* ---- what the parent does with it ---- */

static void take_findings(struct farm *f, struct unpack *u)
{
    uint32_t unit = unpack_u32(u);
    const char *why = unpack_text(u, f->arena);
    diag_unpack(f->diag, u);
    if (unit < f->result->n_units) {
        f->result->outcomes[unit].why = why;
    }
}

static void take(void *context, uint32_t block, const void *message, size_t n)
{
    struct farm *f = context;
    struct unpack u = {message, n, false};
    char kind;
    (void)block;
    unpack_bytes(&u, &kind, 1);
    if (kind == MESSAGE_NOTES) {
        notes_take(f->arena, f->result, &u);
    } else {
        take_findings(f, &u);
    }
}

static const char *end_text(struct arena *a, const struct worker_end *end)
{
    if (end->timed_out) {
        return arena_printf(a, _("one call took more than %d s of the processor"),
                            WORKER_CALL_SECONDS);
    }
    return end->signal ? arena_printf(a, _("signal %d"), end->signal)
                       : arena_printf(a, _("exit status %d"), end->status);
}

static bool died(void *context, const struct worker_end *end)
{
    struct farm *f = context;
    const struct rubric *r = f->result->rubric;
    uint64_t unit = (end->at >> 32) - 1;
    uint32_t script = (uint32_t)end->at;
    bool told = end->at != 0 && unit < f->result->n_units && script < r->scripts.n;
    if (told) {
        const struct script *s = &r->scripts.at[script];
        diag_add(f->diag, FINDING_WORKER_DIED, s->at,
                 _("a worker process died (%s) at unit '%s', script of '%s'"),
                 end_text(f->arena, end), f->result->table->units.at[unit].id, s->id);
    } else {
        diag_add(f->diag, FINDING_WORKER_DIED, (span){0}, _("a worker process died (%s)"),
                 end_text(f->arena, end));
    }
    if (!told || !f->options->keep_going || f->n_deaths == DEATHS_MOST) {
        return false;
    }
    f->deaths[f->n_deaths++] = end->at;
    return true;
}

/* Where the next round ends: small levels together make one block, in which each stands behind
 * those that it rests on. */
static uint32_t round_end(const struct result *r, uint32_t start, uint32_t *level)
{
    const struct tree *tree = r->table->tree;
    if (!tree) {
        return r->n_units;
    }
    uint32_t end = tree->ends[(*level)++];
    while (*level < tree->n_levels && tree->ends[*level] - start <= RUN_BLOCK) {
        end = tree->ends[(*level)++];
    }
    return end;
}

static void through(void *context, uint32_t blocks)
{
    const struct farm *f = context;
    uint64_t units = f->start + (uint64_t)blocks * RUN_BLOCK;
    progress_at(units < f->end ? units : f->end, units < f->end ? units : f->end);
}

static bool run_round(struct farm *farm)
{
    struct work work = {.n_blocks = (farm->end - farm->start + RUN_BLOCK - 1) / RUN_BLOCK,
                        .jobs = farm->options->jobs > 0 ? farm->options->jobs : workers_available(),
                        .context = farm,
                        .begin = begin,
                        .run = run_block,
                        .take = take,
                        .through = through,
                        .died = died};
    return workers_run(&work);
}

void run_in_workers(struct arena *a, struct diag *d, struct result *r,
                    const struct run_options *options)
{
    struct farm farm = {.arena = a, .diag = d, .result = r, .options = options};
    uint32_t level = 0;
    bool whole = true;
    progress_begin(_("scoring"), r->n_units);
    /* Without --keep-going the first failure ends it: levels above would be about half of a result.
     */
    while (whole && farm.end < r->n_units &&
           (options->keep_going || !diag_has(d, FINDING_SCRIPT_FAILED))) {
        farm.start = farm.end;
        farm.end = round_end(r, farm.start, &level);
        whole = run_round(&farm);
    }
    progress_end();
    notes_settle(r);
}

/* ---- questions ---- */

struct question {
    const struct result *result;
    uint32_t unit;
    struct trace *trace;         /* explain, or NULL */
    const struct replay *replay; /* or NULL; neither: what if */
    dec total;                   /* of the replay */
    const struct what_if *asked;
    uint32_t n_asked, n_answered;
    const struct what_if_taker *taker;
    struct cellres *members;
};

static void *begin_question(void *context)
{
    static struct arena arena; /* of the worker, as long as it lives */
    const struct question *q = context;
    return own_new(&arena, q->result, NULL);
}

static void pack_trace(struct buf *b, const struct trace *trace)
{
    pack_u32(b, trace->steps.n);
    for (uint32_t i = 0; i < trace->steps.n; i++) {
        const struct step *step = &trace->steps.at[i];
        pack_u32(b, step->kind);
        pack_u32(b, step->member);
        pack_bytes(b, &step->points, sizeof step->points);
        pack_text(b, step->text);
    }
}

static void unpack_trace(struct unpack *u, struct trace *trace)
{
    uint32_t n = unpack_u32(u);
    for (uint32_t i = 0; i < n && !u->broken; i++) {
        struct step *step = vec_push(trace->arena, &trace->steps);
        step->kind = (enum step_kind)unpack_u32(u);
        step->member = unpack_u32(u);
        unpack_bytes(u, &step->points, sizeof step->points);
        step->text = unpack_text(u, trace->arena);
    }
}

/* The worker's end of a what-if: the answer goes through the pipe. */
struct sender {
    struct worker *worker;
    uint32_t n_members;
};

static void send_what_if(void *context, uint32_t index, const struct outcome *outcome,
                         const struct cellres *members)
{
    const struct sender *s = context;
    struct outcome sent = *outcome;
    struct buf b = {0};
    sent.why = NULL; /* an address of this process */
    pack_u32(&b, index);
    pack_bytes(&b, &sent, sizeof sent);
    pack_bytes(&b, members, sizeof *members * s->n_members);
    worker_send(s->worker, b.at, b.n);
    buf_release(&b);
}

static void answer(void *context, void *own_, struct worker *w, uint32_t block)
{
    struct question *q = context;
    struct own *own = own_;
    (void)block;
    need_sandbox(own, q->result->rubric);
    run_walk_unit(&own->walk, &own->arena, q->result, q->unit);
    if (q->replay) {
        own->walk.replay = q->replay;
        walk_unit(&own->walk);
        worker_send(w, &own->walk.outcome.total, sizeof(dec));
        return;
    }
    if (!q->trace) {
        struct sender sender = {w, q->result->n_members};
        run_what_if(&own->walk, q->asked, q->n_asked,
                    &(struct what_if_taker){send_what_if, &sender});
        return;
    }
    struct buf b = {0};
    own->walk.trace = q->trace;
    walk_unit(&own->walk);
    pack_trace(&b, q->trace);
    worker_send(w, b.at, b.n);
    buf_release(&b);
}

static void take_answer(void *context, uint32_t block, const void *message, size_t n)
{
    struct question *q = context;
    struct unpack u = {message, n, false};
    (void)block;
    if (q->replay) {
        unpack_bytes(&u, &q->total, sizeof q->total);
    } else if (q->trace) {
        unpack_trace(&u, q->trace);
    } else {
        struct outcome outcome;
        uint32_t index = unpack_u32(&u);
        unpack_bytes(&u, &outcome, sizeof outcome);
        unpack_bytes(&u, q->members, sizeof *q->members * q->result->n_members);
        if (!u.broken && index < q->n_asked) {
            q->taker->take(q->taker->context, index, &outcome, q->members);
        }
    }
    q->n_answered += !u.broken;
}

static void ask(struct question *q)
{
    struct work work = {.n_blocks = 1,
                        .jobs = 1,
                        .context = q,
                        .begin = begin_question,
                        .run = answer,
                        .take = take_answer};
    workers_run(&work);
    if (q->n_answered < (q->trace || q->replay ? 1 : q->n_asked)) {
        sys_fail("%s", _("a worker process died while it explained a unit"));
    }
}

void explain_in_worker(const struct result *r, uint32_t unit, struct trace *trace)
{
    struct question q = {.result = r, .unit = unit, .trace = trace};
    ask(&q);
}

void what_if_in_worker(const struct result *r, uint32_t unit, const struct what_if *asked,
                       uint32_t n, const struct what_if_taker *taker)
{
    struct arena scratch = {0};
    struct question q = {.result = r,
                         .unit = unit,
                         .asked = asked,
                         .n_asked = n,
                         .taker = taker,
                         .members = ARENA_ARRAY(&scratch, struct cellres, r->n_members)};
    if (n > 0) {
        ask(&q);
    }
    arena_release(&scratch);
}

dec replay_in_worker(const struct result *r, uint32_t unit, const struct replay *what)
{
    struct question q = {.result = r, .unit = unit, .replay = what, .total = DEC_NONE};
    ask(&q);
    return q.total;
}
