/* own.c - see own.h. */
#include "bulk/own.h"

#include <string.h>

struct own {
    struct store store;
    struct arena arena; /* in which all of this is */
    struct merge merge;
    struct table table;
    struct diag diag;
};

/* Room for one unit, who is the same so far, and for one evidence of each column. */
static void own_table(struct arena *a, const struct table *of, uint32_t n_evidence,
                      struct table *out)
{
    uint32_t n_fields = of->rubric->fields.list.n;
    *out = *of;
    out->columns = ARENA_ARRAY(a, struct column, n_fields + 1);
    dec *values = ARENA_ARRAY(a, dec, n_fields + 1);
    uint8_t *states = ARENA_ARRAY(a, uint8_t, n_fields + 1);
    for (uint32_t i = 0; i < n_fields; i++) {
        out->columns[i] = (struct column){&values[i], &states[i], of->columns[i].present};
    }
    memset(&out->units, 0, sizeof out->units);
    *vec_push(a, &out->units) = of->units.at[0];
    memset(&out->texts, 0, sizeof out->texts);
    memset(&out->lists, 0, sizeof out->lists);
    memset(&out->reasons, 0, sizeof out->reasons);
    memset(&out->evidence, 0, sizeof out->evidence);
    for (uint32_t i = 0; i < n_evidence; i++) {
        vec_push(a, &out->evidence);
    }
    out->evidence.n = 0;
}

struct store *own_store(const struct store *of)
{
    struct arena a = {.sharers = of->arena->sharers};
    struct own *own = ARENA_NEW(&a, struct own);
    uint32_t n_fields = of->rubric->fields.list.n;
    own_table(&a, of->merge->table, of->n_fields, &own->table);
    own->merge = *of->merge;
    own->merge.options_known = ARENA_ARRAY(&a, struct map, n_fields + 1);
    own->merge.table = &own->table;
    own->merge.diag = &own->diag;
    own->merge.arena = &own->arena;
    own->table.rows = &own->merge;
    own->store = *of;
    own->store.merge = &own->merge;
    own->store.arena = &own->arena;
    own->store.n_said = 0;
    memset(&own->store.again, 0, sizeof own->store.again);
    own->arena = a;
    diag_init(&own->diag, &own->arena);
    memcpy(own->diag.severity, of->merge->diag->severity, sizeof own->diag.severity);
    return &own->store;
}

void own_store_release(const struct store *own)
{
    struct arena again = own->again, all = *own->arena;
    arena_release(&again);
    arena_release(&all); /* own, too */
}
