/* fuzz_yaml.c - any bytes as a YAML document: the tree and its dump, then the units in it. */
#include "fuzz.h"

#include "load/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct buf out = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = fuzz_source(&a, "data.yaml", data, n);
    const struct node *root = s ? yaml_read(&a, &d, s) : NULL;
    if (root != NULL)
        node_dump(root, &out);
    fuzz_print(&d);
    buf_release(&out);
    arena_release(&a);
    return fuzz_units("data.yaml", data, n);
}
