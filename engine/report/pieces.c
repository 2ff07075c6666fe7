/* pieces.c - see pieces.h. */
#include "report/pieces.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/workers.h"

#define FIGURES 65536U              /* of a piece */
#define FIGURES_ALONE 200000U       /* fewer than that are written before others have begun */
#define HELD_MOST ((size_t)1 << 20) /* bytes, of what may go */

struct writing {
    const struct pieces *pieces;
    uint32_t size; /* units of a piece */
    struct buf *out;
    bool follows;
};

static void make_piece(const struct writing *writing, uint32_t piece, struct buf *text)
{
    const struct pieces *p = writing->pieces;
    uint32_t first = piece * writing->size;
    uint32_t end = p->n - first < writing->size ? p->n : first + writing->size;
    p->write(p->context, first, end, text);
}

static void write_piece(void *context, void *own, struct worker *w, uint32_t piece)
{
    struct buf text = {0};
    (void)own;
    worker_at(w, piece + 1);
    make_piece(context, piece, &text);
    if (text.n > 0) {
        worker_send(w, text.at, text.n);
    }
    buf_release(&text);
}

static void take_piece(void *context, uint32_t piece, const void *text, size_t n)
{
    struct writing *writing = context;
    (void)piece;
    if (writing->follows && writing->pieces->between) {
        buf_char(writing->out, writing->pieces->between);
    }
    buf_add(writing->out, text, n);
    writing->follows = true;
    if (writing->pieces->output && writing->out->n > HELD_MOST) {
        sys_output_add(writing->pieces->output, writing->out->at, writing->out->n);
        buf_clear(writing->out);
    }
}

static void through(void *context, uint32_t pieces)
{
    const struct writing *writing = context;
    uint64_t units = (uint64_t)pieces * writing->size, all = writing->pieces->n;
    progress_at(units < all ? units : all, units < all ? units : all);
}

/* Nobody else takes part. */
static void write_alone(struct writing *writing, uint32_t n)
{
    struct buf text = {0};
    for (uint32_t piece = 0; piece < n; piece++) {
        make_piece(writing, piece, &text);
        if (text.n > 0) {
            take_piece(writing, piece, text.at, text.n);
        }
        buf_clear(&text);
        through(writing, piece + 1);
    }
    buf_release(&text);
}

static bool write_shared(struct writing *writing, uint32_t n, unsigned jobs)
{
    struct work work = {.n_blocks = n,
                        .jobs = jobs,
                        .context = writing,
                        .run = write_piece,
                        .take = take_piece,
                        .through = through};
    return workers_run(&work);
}

void pieces_write(const struct pieces *p, struct buf *out)
{
    unsigned jobs = p->jobs > 0 ? p->jobs : workers_available();
    uint32_t each = p->each > 0 ? p->each : 1;
    if ((uint64_t)p->n * each < FIGURES_ALONE) {
        p->write(p->context, 0, p->n, out);
        return;
    }
    struct writing writing = {p, each < FIGURES ? FIGURES / each : 1, out, false};
    uint32_t n = (p->n - 1) / writing.size + 1;
    bool whole = true;
    progress_begin(_("writing"), p->n);
    if (jobs == 1) {
        write_alone(&writing, n);
    } else {
        whole = write_shared(&writing, n, jobs);
    }
    progress_end();
    if (!whole) {
        sys_fail("%s", _("a worker process died while it wrote the results"));
    }
}
