/*
 * fuzz_overlay.c - any bytes as a rubric and one that extends it, a line `===` between them; what
 * comes out is written, read again, and held against itself and the base.
 */
#include "fuzz.h"

#include "analyse/rubric_diff.h"
#include "load/node_write.h"
#include "load/overlay.h"
#include "load/rubric_load.h"
#include "report/report_diff.h"

#include <stdlib.h>
#include <string.h>

/* Written and read again it is the same. */
static void write_again(struct arena *a, const struct node *root)
{
    struct buf first = {0}, second = {0};
    struct diag d;
    diag_init(&d, a);
    node_write(a, root, true, &second);
    buf_clear(&second);
    node_write(a, root, false, &first);
    const struct source *s = source_from_text(a, "again.yaml", first.at, first.n);
    const struct node *again = yaml_read(a, &d, s);
    if (again != NULL) { /* keys without a value are written as they were read: refused */
        node_write(a, again, false, &second);
        if (strcmp(first.at, second.at) != 0)
            abort();
    }
    buf_release(&first);
    buf_release(&second);
}

static const struct rubric *make(struct arena *a, struct diag *d, const struct source *s,
                                 struct node *root)
{
    struct rubric_document document = {.source = s, .root = root};
    const struct rubric *r = rubric_make(a, d, &document);
    return d->n_errors == 0 ? r : NULL;
}

static void compare(struct arena *a, const struct rubric *old, const struct rubric *new)
{
    struct rubric_diff diff;
    struct buf out = {0};
    rubric_diff(a, old, new, &diff);
    if (old == new &&diff.any)
        abort();
    report_diff(a, &diff, 60, &out);
    report_diff_json(&diff, &out);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct diag d;
    const uint8_t *mark = memmem(data, n, "\n===\n", 5);
    size_t first = mark != NULL ? (size_t)(mark - data) + 1 : n;
    diag_init(&d, &a);
    const struct source *base = fuzz_source(&a, "base.yaml", data, first);
    const struct source *over = fuzz_source(&a, "over.yaml", mark != NULL ? mark + 5 : data,
                                            mark != NULL ? n - first - 4 : n);
    struct node *root = base ? yaml_read(&a, &d, base) : NULL;
    struct node *upper = over ? yaml_read(&a, &d, over) : NULL;
    if (root != NULL && upper != NULL && root->kind == NODE_MAP && upper->kind == NODE_MAP) {
        struct diag alone;
        diag_init(&alone, &a);
        const struct rubric *old = make(&a, &alone, base, yaml_read(&a, &alone, base));
        struct loader l = {.arena = &a, .diag = &d, .root = root};
        overlay_merge(&l, root, upper);
        write_again(&a, root);
        const struct rubric *new = make(&a, &d, over, root);
        if (new != NULL)
            compare(&a, new, new);
        if (old != NULL && new != NULL)
            compare(&a, old, new);
    }
    fuzz_print(&d);
    arena_release(&a);
    return 0;
}
