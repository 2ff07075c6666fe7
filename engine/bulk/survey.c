/*
 * survey.c - who there is, and what classes are held against: what has to be known of all units
 * before one of them can be scored (gather_parts.h).
 */
#include "bulk/gather_parts.h"

#include "score/methods.h"

#include <string.h>

/* ---- units and classes ---- */

static uint64_t hash_of(str text)
{
    uint64_t hash = text.n * UINT64_C(0x9E3779B97F4A7C15);
    const char *at = text.at;
    size_t n = text.n;
    for (; n >= 8; at += 8, n -= 8) {
        uint64_t part;
        memcpy(&part, at, sizeof part);
        hash = (hash ^ part) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    hash = (hash ^ text_key((str){at, n})) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 29;
}

/* False: two units seem to have the same id, or there is no room. */
static bool put_hash(const struct store *s, uint64_t hash)
{
    uint64_t slot = hash & (s->n_ids - 1);
    for (uint32_t tries = 0; tries < 1024; tries++, slot = (slot + 1) & (s->n_ids - 1)) {
        uint64_t there = atomic_load_explicit(&s->ids[slot], memory_order_relaxed);
        if (there == 0 &&
            atomic_compare_exchange_strong_explicit(&s->ids[slot], &there, hash,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            return true;
        }
        if (there == hash) {
            return false;
        }
    }
    return false;
}

static uint64_t id_hash(str id)
{
    uint64_t hash = hash_of(id);
    return hash + (hash == 0);
}

/* Ids are put where they belong many at a time: what is asked of memory for one of them goes on
 * beside the others, and waits for nothing that was written before. */
bool survey_end(struct gatherer *g)
{
    const struct store *s = g->store;
    bool fine = true;
    for (uint32_t i = 0; i < g->n_ids; i++) {
        __builtin_prefetch((const void *)&s->ids[g->ids[i] & (s->n_ids - 1)], 1);
    }
    for (uint32_t i = 0; i < g->n_ids; i++) {
        fine = fine && put_hash(s, g->ids[i]);
    }
    g->n_ids = 0;
    return fine;
}

static bool note_id(struct gatherer *g, str id)
{
    g->ids[g->n_ids++] = id_hash(id);
    return g->n_ids < IDS_WAITING || survey_end(g);
}

bool survey_is_plain(str name)
{
    struct given given = {.text = name};
    str same = merge_name(&given);
    return same.n == name.n && utf8_valid(name.at, name.n) == name.n;
}

/* Index of the class among those of the block; CLASSES_MOST: there is no room for it. */
static uint32_t class_of(struct gatherer *g, str text)
{
    uint64_t hash = hash_of(text);
    uint32_t slot = (uint32_t)hash & (CLASS_SLOTS - 1);
    for (;; slot = (slot + 1) & (CLASS_SLOTS - 1)) {
        struct class_slot *c = &g->classes[slot];
        if (c->block != g->number + 1) {
            uint32_t class = g->block->n_classes;
            if (class == g->store->classes_a_block || !survey_is_plain(text)) {
                return CLASSES_MOST;
            }
            *c = (struct class_slot){hash, text.at, (uint32_t)text.n, class, g->number + 1};
            uint64_t offset = text.n > 0 ? (uint64_t)(text.at - g->store->source->text) : 0;
            g->class_texts[class] = (struct class_text){offset, (uint32_t)text.n, 0};
            g->block->n_classes++;
            /* They are zero already: but a page that is read before it is written is made twice. */
            for (uint32_t i = 0; i < g->store->n_asked; i++) {
                g->figures[(size_t)i * g->store->classes_a_block + class] =
                    (struct class_figures){0};
            }
            return class;
        }
        if (c->hash == hash && c->n == text.n && memcmp(c->text, text.at, text.n) == 0) {
            return c->class;
        }
    }
}

static uint16_t *noted_class(const struct gatherer *g, const struct raw_rows *l,
                             const struct raw_row *line)
{
    size_t row = g->block->n_rows + (size_t)(line - l->at);
    return &g->store->class_of[(size_t)g->number * g->store->rows_a_block + row];
}

bool survey_class(struct gatherer *g, const struct raw_rows *l, struct raw_row *line)
{
    static const char nothing[SPLIT_AHEAD];
    uint32_t column = g->store->class;
    str class = {nothing, 0};
    if (column != COLUMN_NONE && (!cell_of(l, line, column, false, &class) || class.n == 0)) {
        return false;
    }
    line->class = class_of(g, class);
    if (line->class == CLASSES_MOST) {
        return false;
    }
    if (g->store->class_of) {
        *noted_class(g, l, line) = (uint16_t)line->class;
    }
    return true;
}

bool survey_class_again(const struct gatherer *g, const struct raw_rows *l, struct raw_row *line)
{
    uint32_t row = g->block->n_rows + (uint32_t)(line - l->at);
    if (row >= g->store->blocks[g->number].n_rows) {
        return false; /* the text was changed meanwhile */
    }
    line->class = *noted_class(g, l, line);
    return true;
}

bool survey_unit(struct gatherer *g, const struct raw_rows *l, const struct raw_row *line)
{
    str id;
    g->class_texts[line->class].n_rows++;
    return cell_of(l, line, g->store->id, false, &id) && id.n > 0 && id.n <= ID_MOST &&
           survey_is_plain(id) && note_id(g, id);
}

bool gather_put_id(const struct store *s, str id) { return put_hash(s, id_hash(id)); }

/* ---- figures of classes ---- */

/* What the row says of the field, for figures of its class. */
static bool figure_of(struct gatherer *g, const struct raw_rows *l, const struct raw_row *line,
                      const struct packed_field *f, struct entry *out)
{
    uint32_t index = (uint32_t)(f - g->store->fields);
    uint16_t code = CODE_AGAIN;
    dec value = NUMBER_AGAIN;
    str text;
    if (f->numbers) {
        memcpy(&value, line->row + f->at, sizeof value);
    } else {
        memcpy(&code, line->row + f->at, sizeof code);
    }
    if (code != CODE_AGAIN) {
        *out = g->learner.codes[index].entries[code];
    } else if (value == NUMBER_AGAIN) {
        return cell_of(l, line, f->column, false, &text) &&
               learner_read(&g->learner, index, text, out);
    } else {
        *out = (struct entry){.value = value == NUMBER_NONE ? 0 : value,
                              .state = value == NUMBER_NONE ? CELL_EMPTY : CELL_VALUE};
    }
    return true;
}

/* Into the table's one unit. */
static bool take_figure(struct gatherer *g, const struct raw_rows *l, const struct raw_row *line,
                        uint32_t field)
{
    const struct store *s = g->store;
    struct entry entry;
    if (field == FIELD_NONE || s->packed_of[field] == FIELD_NONE) {
        return true;
    }
    if (!figure_of(g, l, line, &s->fields[s->packed_of[field]], &entry)) {
        return false;
    }
    s->merge->table->columns[field].value[0] = entry.value;
    s->merge->table->columns[field].state[0] = entry.state;
    return true;
}

/* The field whose numbers are the figures as they stand; NULL: they are not. */
static const struct packed_field *plain_figures(const struct store *s,
                                                const struct asked_figures *of)
{
    uint32_t packed = of->of == FIELD_NONE ? s->packed_of[of->field] : FIELD_NONE;
    return packed != FIELD_NONE && s->fields[packed].numbers ? &s->fields[packed] : NULL;
}

bool survey_figures(struct gatherer *g, const struct raw_rows *l, uint32_t asked)
{
    const struct store *s = g->store;
    const struct asked_figures *of = &s->asked[asked];
    struct class_figures *figures = &g->figures[(size_t)asked * s->classes_a_block];
    const struct packed_field *plain = plain_figures(s, of);
    for (uint32_t i = 0; i < l->n; i++) {
        wide value;
        dec number = NUMBER_NONE;
        if (plain) {
            memcpy(&number, l->at[i].row + plain->at, sizeof number);
        }
        if (number != NUMBER_NONE && number != NUMBER_AGAIN) {
            class_figures_add(&figures[l->at[i].class], wide_from_dec(number));
            continue;
        }
        if (!take_figure(g, l, &l->at[i], of->field) || !take_figure(g, l, &l->at[i], of->of)) {
            return false;
        }
        if (read_exact(s->merge->table, of->field, of->of, 0, &value)) {
            class_figures_add(&figures[l->at[i].class], value);
        }
    }
    return true;
}
