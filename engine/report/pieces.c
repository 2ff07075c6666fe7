/* pieces.c - see pieces.h. */
#include "report/pieces.h"

#include "base/i18n.h"
#include "base/progress.h"
#include "base/sys.h"
#include "base/workers.h"

#define FIGURES 65536U        /* of a piece */
#define FIGURES_ALONE 200000U /* fewer than that are written before others have begun */

struct writing {
    const struct pieces *pieces;
    uint32_t size; /* units of a piece */
    struct buf *out;
    bool follows;
};

static void write_piece(void *context, void *own, struct worker *w, uint32_t piece)
{
    const struct writing *writing = context;
    const struct pieces *p = writing->pieces;
    uint32_t first = piece * writing->size;
    uint32_t end = p->n - first < writing->size ? p->n : first + writing->size;
    struct buf text = {0};
    (void)own;
    worker_at(w, piece + 1);
    p->write(p->context, first, end, &text);
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
}

static void through(void *context, uint32_t pieces)
{
    const struct writing *writing = context;
    uint64_t units = (uint64_t)pieces * writing->size, all = writing->pieces->n;
    progress_at(units < all ? units : all, units < all ? units : all);
}

void pieces_write(const struct pieces *p, struct buf *out)
{
    unsigned jobs = p->jobs > 0 ? p->jobs : workers_available();
    uint32_t each = p->each > 0 ? p->each : 1;
    if (jobs == 1 || (uint64_t)p->n * each < FIGURES_ALONE) {
        p->write(p->context, 0, p->n, out);
        return;
    }
    struct writing writing = {p, each < FIGURES ? FIGURES / each : 1, out, false};
    struct work work = {.n_blocks = (p->n - 1) / writing.size + 1,
                        .jobs = jobs,
                        .context = &writing,
                        .run = write_piece,
                        .take = take_piece,
                        .through = through};
    progress_begin(_("writing"), p->n);
    bool whole = workers_run(&work);
    progress_end();
    if (!whole) {
        sys_fail("%s", _("a worker process died while it wrote the results"));
    }
}
