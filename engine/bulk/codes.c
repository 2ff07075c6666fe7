/* codes.c - see codes.h. */
#include "bulk/codes.h"

static struct code_slot *free_slot(const struct codes *c, uint64_t key)
{
    uint32_t slot = code_slot_of(c, key);
    while (c->slots[slot].key != KEY_NONE) {
        slot = (slot + 1) & (c->size - 1);
    }
    return &c->slots[slot];
}

static void codes_grow(struct arena *a, struct codes *c)
{
    struct codes old = *c;
    c->size = old.size ? 2 * old.size : 32;
    c->shift = __builtin_clz(c->size) + 33;
    c->slots = ARENA_ARRAY(a, struct code_slot, c->size);
    for (uint32_t i = 0; i < c->size; i++) {
        c->slots[i] = (struct code_slot){KEY_NONE, CODE_MORE};
    }
    for (uint32_t i = 0; i < old.size; i++) {
        if (old.slots[i].key != KEY_NONE) {
            *free_slot(c, old.slots[i].key) = old.slots[i];
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
    if (text.n > KEY_BYTES) {
        const char *copy = arena_text(&l->arena, text.at, text.n);
        map_put(&l->arena, &c->longer, (str){copy, text.n}, *code);
        return true;
    }
    if (2 * c->n > c->size) {
        codes_grow(&l->arena, c);
    }
    *free_slot(c, text_key(text)) = (struct code_slot){text_key(text), *code};
    if (text.n <= 1 && entry.simple) {
        c->shortest[text.n == 1 ? (unsigned char)*text.at : SHORTEST - 1] = (uint16_t)*code;
    }
    return true;
}

bool learner_code(struct learner *l, uint32_t index, str text, uint32_t *code)
{
    struct codes *c = &l->codes[index];
    if (text.n > KEY_BYTES) {
        *code = map_get(&c->longer, text);
        return *code != MAP_NONE || learn(l, index, text, code);
    }
    uint64_t key = text_key(text);
    if (key == KEY_NONE) {
        return false; /* eight bytes that are no text */
    }
    uint32_t slot = code_slot_of(c, key);
    for (; c->slots[slot].key != key; slot = (slot + 1) & (c->size - 1)) {
        if (c->slots[slot].key == KEY_NONE) {
            return learn(l, index, text, code);
        }
    }
    *code = c->slots[slot].code;
    return true;
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
        l->codes[i].shortest = ARENA_ARRAY(&l->arena, uint16_t, SHORTEST);
        for (uint32_t k = 0; k < SHORTEST; k++) {
            l->codes[i].shortest[k] = CODE_AGAIN;
        }
    }
}

void learner_release(struct learner *l)
{
    arena_release(&l->arena);
    arena_release(&l->scratch);
}
