/*
 * json_said.c - see json_said.h.
 *
 * Each item has a small table of what was said of it, by a key of numbers. A key that finds no
 * place is put into words for its unit alone; so is whatever depends on more than the key. Nothing
 * is ever taken out.
 */
#include "report/json_said.h"

#include "analyse/deficiency.h"
#include "report/json_parts.h"
#include "report/record_make.h"

#include <string.h>

#define CELLS_MOST 4  /* an item that reads more is not kept: its cells differ too often */
#define SLOTS 1024    /* of an item */
#define SLOTS_TRIED 4 /* before a key counts as having no place */
#define TEXT_MOST ((size_t)64 << 20)
#define ITEMS_MOST 1000 /* that are kept: a table takes some 100 KB */
#define UNITS_FEW 100   /* have little in common */

struct key {
    uint64_t words[3 + CELLS_MOST]; /* points; class, state, flags; states of cells; their values */
};

struct kept {
    struct key key;
    size_t at;                /* in said.text: of the item */
    uint32_t n_item, n_wrong; /* behind it what is wrong, a line each */
    bool used;
};

struct said_item {
    bool kept; /* what is said of it depends on the key alone */
    field_list reads;
    struct kept *slots; /* [SLOTS], or NULL before the first */
};

struct json_said {
    struct arena *arena;
    const struct result *result;
    const struct run_record *run;
    struct said_item *items;     /* [n_members] */
    const struct kept **of_unit; /* [n_members] of the unit written last; NULL: its own words */
    struct arena scratch;
    struct arena_mark mark;
    struct buf text;
};

/* ---- what is kept ---- */

/* Whether its words come from cells of the unit, and from what a class has in the rubric. */
static bool reads_cells_alone(const struct rule *rule)
{
    switch (rule->method) {
    case METHOD_YESNO:
    case METHOD_CHECKLIST:
    case METHOD_LADDER:
    case METHOD_CHOICE:
    case METHOD_JUDGED:
    case METHOD_EACH:
    case METHOD_SHORT:
    case METHOD_RATIO:
    case METHOD_TIERS:
    case METHOD_LINEAR:
    case METHOD_LATE:
        return true;
    case METHOD_GAP:
        return !rule->target_class_mean;
    default:
        return false;
    }
}

/* Texts and lists are numbered as they come: no two units have the same. */
static bool may_repeat(const struct rubric *r, const field_list *fields)
{
    for (uint32_t i = 0; i < fields->n; i++) {
        enum field_type type = r->fields.list.at[fields->at[i]].type;
        if (type == FIELD_TEXT || type == FIELD_LIST) {
            return false;
        }
    }
    return fields->n <= CELLS_MOST;
}

struct json_said *json_said_new(struct arena *a, const struct result *r,
                                const struct run_record *run)
{
    struct json_said *s = ARENA_NEW(a, struct json_said);
    s->arena = a;
    s->result = r;
    s->run = run;
    s->items = ARENA_ARRAY(a, struct said_item, r->n_members);
    s->of_unit = ARENA_ARRAY(a, const struct kept *, r->n_members);
    s->mark = arena_mark(&s->scratch);
    uint32_t n_kept = 0;
    for (uint32_t m = 0; m < r->n_members && r->n_units >= UNITS_FEW && n_kept < ITEMS_MOST; m++) {
        const struct member *member = &r->rubric->members.at[m];
        struct said_item *item = &s->items[m];
        if (member->kind == MEMBER_ITEM && reads_cells_alone(&member->rule) &&
            !r->table->previous) {
            item_reads(a, member, &item->reads);
            item->kept = may_repeat(r->rubric, &item->reads);
            n_kept += item->kept;
        }
    }
    return s;
}

void json_said_release(struct json_said *s)
{
    arena_release(&s->scratch);
    buf_release(&s->text);
}

/* ---- keys ---- */

/* False: more is said of the item than the key holds: reasons, waivers, what a script said. */
static bool key_of(const struct json_said *s, uint32_t unit, uint32_t item, struct key *key)
{
    const struct result *r = s->result;
    const struct cellres *got = result_member(r, unit, item);
    const field_list *reads = &s->items[item].reads;
    if ((got->state != STATE_SCORED && got->state != STATE_MISSING) ||
        got->flags & 1U << FLAG_WAIVER_EXPIRED || result_note(r, unit, item)) {
        return false;
    }
    *key = (struct key){{(uint64_t)got->points, (uint64_t)r->table->units.at[unit].class << 32 |
                                                    (uint64_t)got->flags << 16 |
                                                    (uint64_t)got->state << 8 | got->counts}};
    for (uint32_t i = 0; i < reads->n; i++) {
        const struct column *column = &r->table->columns[reads->at[i]];
        uint8_t state = column->state ? column->state[unit] : CELL_EMPTY;
        if (state == CELL_NA) {
            return false;
        }
        key->words[2] |= (uint64_t)state << 8 * i;
        if (state != CELL_EMPTY && state != CELL_NONE) {
            key->words[3 + i] = (uint64_t)column->value[unit];
        }
    }
    return true;
}

/* The slot of the key, or a free one for it, or NULL. */
static struct kept *slot_of(struct json_said *s, uint32_t item, const struct key *key)
{
    struct said_item *it = &s->items[item];
    uint64_t hash = 0;
    if (!it->slots) {
        it->slots = ARENA_ARRAY(s->arena, struct kept, SLOTS);
    }
    for (uint32_t i = 0; i < 3 + it->reads.n; i++) {
        hash = (hash ^ key->words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    for (uint32_t i = 0; i < SLOTS_TRIED; i++) {
        struct kept *k = &it->slots[(hash + i) % SLOTS];
        if (!k->used || memcmp(&k->key, key, sizeof *key) == 0) {
            return k;
        }
    }
    return NULL;
}

/* ---- words ---- */

static void write_item(struct json_said *s, struct json_write *w, uint32_t unit, uint32_t item)
{
    struct figure figure;
    record_figure(&s->scratch, s->result, unit, item, &figure);
    json_open(w, '{');
    json_item(w, s->run, item, &figure);
    json_close(w, '}');
}

static void write_list(struct json_said *s, struct json_write *w, const deficiencies *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        struct deficiency_record d = record_deficiency(&list->at[i]);
        json_deficiency(w, s->run, &d);
    }
}

static void write_wrong(struct json_said *s, struct json_write *w, uint32_t unit, uint32_t member)
{
    deficiencies list = {0};
    deficiency_member(&s->scratch, s->result, unit, member, &list);
    write_list(s, w, &list);
}

/* In the place where they will stand, which has the same depth for all units. */
static void keep(struct json_said *s, const struct json_write *w, uint32_t unit, uint32_t item,
                 struct kept *k)
{
    struct json_write own = {.out = &s->text, .depth = w->depth};
    k->used = true;
    k->at = s->text.n;
    write_item(s, &own, unit, item);
    k->n_item = (uint32_t)(s->text.n - k->at);
    own.follows[own.depth] = false;
    write_wrong(s, &own, unit, item);
    k->n_wrong = (uint32_t)(s->text.n - k->at) - k->n_item;
}

static const struct kept *find(struct json_said *s, const struct json_write *w, uint32_t unit,
                               uint32_t item)
{
    struct key key;
    if (!s->items[item].kept || !key_of(s, unit, item, &key)) {
        return NULL;
    }
    struct kept *k = slot_of(s, item, &key);
    if (k && !k->used) {
        if (s->text.n > TEXT_MOST) {
            return NULL;
        }
        k->key = key;
        keep(s, w, unit, item, k);
    }
    return k;
}

void json_said_items(struct json_said *s, struct json_write *w, uint32_t unit)
{
    for (uint32_t m = 0; m < s->run->members.n; m++) {
        s->of_unit[m] = NULL;
        if (!s->run->members.at[m].is_item ||
            result_member(s->result, unit, m)->state == STATE_OFF) {
            continue;
        }
        json_line(w);
        const struct kept *k = s->of_unit[m] = find(s, w, unit, m);
        if (k) {
            json_literal(w, s->text.at + k->at, k->n_item);
        } else {
            write_item(s, w, unit, m);
        }
    }
    arena_reset(&s->scratch, s->mark);
}

void json_said_deficiencies(struct json_said *s, struct json_write *w, uint32_t unit)
{
    deficiencies rest = {0};
    bool scored = s->result->outcomes[unit].state != UNIT_ERROR;
    for (uint32_t m = 0; scored && m < s->result->n_members; m++) {
        const struct kept *k = s->of_unit[m];
        if (!k) {
            write_wrong(s, w, unit, m);
        } else if (k->n_wrong > 0) {
            json_lines(w, s->text.at + k->at + k->n_item, k->n_wrong);
        }
    }
    deficiency_rest(&s->scratch, s->result, unit, &rest);
    write_list(s, w, &rest);
    arena_reset(&s->scratch, s->mark);
}
