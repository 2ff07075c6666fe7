/* fuzz_json.c - any bytes as a JSON document: the tree and its dump, then the units in it. */
#include "fuzz.h"

#include "load/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct buf out = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = fuzz_source(&a, "data.json", data, n);
    const struct node *root = s ? json_read(&a, &d, s) : NULL;
    if (root != NULL)
        node_dump(root, &out);
    fuzz_print(&d);
    buf_release(&out);
    arena_release(&a);
    return fuzz_units("data.json", data, n);
}
