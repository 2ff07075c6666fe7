/* codes.c - see codes.h. */
#include "bulk/codes.h"

#include <limits.h>

static void put_code(struct code_table t, uint64_t key, uint16_t code)
{
    uint32_t at = code_pair_of(t, key);
    while (t.pairs[at].key[1] != KEY_NONE) {
        at = (at + 1) & t.last;
    }
    struct code_pair *pair = &t.pairs[at];
    int which = pair->key[0] != KEY_NONE;
    pair->key[which] = key;
    pair->code[which] = code;
}

static void codes_grow(struct arena *a, struct codes *c)
{
    struct code_table old = c->table, *t = &c->table;
    uint32_t old_size = old.pairs ? old.last + 1 : 0, size = old_size ? 2 * old_size : 16;
    *t = (struct code_table){.pairs = ARENA_ARRAY(a, struct code_pair, size),
                             .last = size - 1,
                             .shift = __builtin_clz(size) + 33};
    for (uint32_t i = 0; i < size; i++) {
        t->pairs[i] = (struct code_pair){{KEY_NONE, KEY_NONE}, {CODE_AGAIN, CODE_AGAIN}};
    }
    for (uint32_t i = 0; i < 2 * old_size; i++) {
        const struct code_pair *pair = &old.pairs[i / 2];
        if (pair->key[i % 2] != KEY_NONE) {
            put_code(*t, pair->key[i % 2], pair->code[i % 2]);
        }
    }
}

bool learner_read(struct learner *l, uint32_t index, str text, struct entry *out)
{
    const struct store *s = l->store;
    count(&s->counters->cells_parsed, 1);
    uint32_t field = s->fields[index].field;
    struct cell cell = {0};
    if (utf8_valid(text.at, text.n) < text.n) {
        return false;
    }
    if (s->fields[index].evidence != MEMBER_NONE) {
        *out = (struct entry){merge_is_evidence(text) ? DEC_ONE : 0, CELL_VALUE, true};
        return true;
    }
    const struct field *f = &s->merge->fields[field];
    struct arena_mark mark = arena_mark(&l->scratch);
    bool fine = text.n == 0 || !merge_reads(s->merge, field) ||
                cell_parse(&l->scratch, &l->diag, f, text, (span){s->source, s->from, 0}, &cell);
    bool words =
        cell.state == CELL_VALUE && f->used && (f->type == FIELD_TEXT || f->type == FIELD_LIST);
    *out = (struct entry){.value = cell.value,
                          .state = (uint8_t)cell.state,
                          .simple = cell.state != CELL_NA && cell.reason.n == 0 && !words};
    arena_reset(&l->scratch, mark);
    return fine && l->diag.findings.n == 0;
}

/* A text that the book does not have yet: there may be no room for it. */
static bool learn(struct learner *l, uint32_t index, str text, uint32_t *code)
{
    struct codes *c = &l->codes[index];
    struct entry entry;
    if (!learner_read(l, index, text, &entry)) {
        return false;
    }
    *code = CODE_AGAIN | CODE_MORE;
    if (c->n == CODES_MOST) {
        return true;
    }
    c->entries[c->n] = entry;
    *code = c->n++ | (entry.simple ? 0 : CODE_MORE);
    if (text.n > KEY_BYTES || !entry.simple) {
        const char *copy = arena_text(&l->arena, text.at, text.n);
        map_put(&l->arena, &c->others, (str){copy, text.n}, *code);
        return true;
    }
    if (4 * ++c->n_short > 3 * c->table.last) {
        codes_grow(&l->arena, c);
    }
    put_code(c->table, text_key(text), (uint16_t)*code);
    if (text.n == 1) {
        c->bytes[(unsigned char)*text.at] = (uint16_t)*code;
    } else if (text.n == 0) { /* no cell of one byte is one of these */
        c->bytes[(unsigned char)l->store->separator] = (uint16_t)*code;
        c->bytes['\r'] = c->bytes['\n'] = (uint16_t)*code;
    }
    return true;
}

bool learner_code(struct learner *l, uint32_t index, str text, uint32_t *code)
{
    const struct codes *c = &l->codes[index];
    *code = text.n <= KEY_BYTES ? code_known(c->table, text_key(text)) : CODE_AGAIN;
    if (*code == CODE_AGAIN) {
        *code = map_get(&c->others, text);
    }
    return *code != MAP_NONE || learn(l, index, text, code);
}

void learner_init(struct learner *l, const struct store *s, uint32_t book)
{
    l->store = s;
    diag_init(&l->diag, &l->scratch);
    memcpy(l->diag.severity, s->merge->diag->severity, sizeof l->diag.severity);
    l->codes = ARENA_ARRAY(&l->arena, struct codes, s->n_fields);
    for (uint32_t i = 0; i < s->n_fields; i++) {
        l->codes[i].entries = store_entries(s, book, i);
        codes_grow(&l->arena, &l->codes[i]);
        l->codes[i].bytes = ARENA_ARRAY(&l->arena, uint16_t, UCHAR_MAX + 1);
        memset(l->codes[i].bytes, 0xFF, (UCHAR_MAX + 1) * sizeof *l->codes[i].bytes);
    }
}

void learner_release(struct learner *l)
{
    arena_release(&l->arena);
    arena_release(&l->scratch);
}
