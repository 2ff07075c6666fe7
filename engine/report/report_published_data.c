/* report_published_data.c - two results as they were given out, as CSV (one row a unit) and JSON.
 */
#include "report/report_published.h"

#include "report/csv_write.h"
#include "report/json_write.h"

/* ---- CSV ---- */

static void write_header(struct csv_write *w)
{
    static const char *const words[] = {
        "id",         "name",      "class",     "fate",           "was",           "was_class",
        "rank_then",  "rank_now",  "moved",     "total_then",     "total_now",     "change",
        "grade_then", "grade_now", "flags_new", "flags_repeated", "flags_resolved"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        csv_word(w, words[i]);
    }
    csv_end_row(w);
}

static void write_was(struct csv_write *w, struct arena *a, const struct published_comparison *c,
                      const struct published_pair *p)
{
    const char *was = NULL;
    for (uint32_t i = 0; i < p->olds.n; i++) {
        const char *id = c->old->table->units.at[p->olds.at[i]].id;
        was = was ? arena_printf(a, "%s; %s", was, id) : id;
    }
    csv_text(w, was);
    csv_text(w, p->olds.n > 0 ? c->old->table->units.at[p->olds.at[0]].class_name : NULL);
}

static void write_row(struct csv_write *w, const struct published_report *r,
                      const struct published_pair *p)
{
    const struct published_comparison *c = r->comparison;
    const struct unit *u = published_unit_of(c, p);
    const struct published_unit *now = p->unit == UNIT_NONE ? NULL : &c->new->units.at[p->unit];
    const struct published_unit *then = p->olds.n == 1 ? &c->old->units.at[p->olds.at[0]] : NULL;
    bool one = published_is_one(p);
    uint32_t flags[3];
    csv_text(w, u->id);
    csv_text(w, u->name);
    csv_text(w, u->class_name);
    csv_word(w, fate_word(p->fate));
    write_was(w, r->arena, c, p);
    csv_count(w, then ? then->rank : 0);
    csv_count(w, now ? now->rank : 0);
    bool moved = one && !p->class_changed && then->rank && now->rank;
    csv_dec(w, moved ? dec_from_int((int64_t)then->rank - now->rank) : DEC_NONE, DEC_EXACT);
    csv_dec(w, then ? then->total : DEC_NONE, then ? then->places : 0);
    csv_dec(w, now ? now->total : DEC_NONE, now ? now->places : 0);
    csv_dec(w, one ? compare_published_change(c, p, then->total, now->total) : DEC_NONE,
            one ? published_places(then, now) : 0);
    csv_text(w, then ? then->grade : NULL);
    csv_text(w, now ? now->grade : NULL);
    compare_published_flags(c, p, flags);
    for (int i = DEFICIENCY_NEW; i <= DEFICIENCY_RESOLVED; i++) {
        csv_dec(w, one ? dec_from_int(flags[i]) : DEC_NONE, 0);
    }
    csv_end_row(w);
}

void published_csv(const struct published_report *r, struct buf *out)
{
    struct csv_write w = {.out = out};
    csv_start(&w);
    write_header(&w);
    for (uint32_t i = 0; i < r->comparison->pairs.n; i++) {
        struct arena_mark mark = arena_mark(r->arena);
        if (published_shown(r, &r->comparison->pairs.at[i])) {
            write_row(&w, r, &r->comparison->pairs.at[i]);
        }
        arena_reset(r->arena, mark);
    }
}

/* ---- JSON ---- */

static void write_side(struct json_write *w, const char *key, const struct published *p)
{
    json_line(w);
    json_key(w, key);
    json_open(w, '{');
    json_key_text(w, "rubric", p->rubric);
    json_key_text(w, "title", p->title);
    json_key_text(w, "period", p->period);
    json_key_text(w, "digest", p->digest);
    json_key(w, "units");
    json_uint(w, p->units.n);
    json_close(w, '}');
}

static void write_standing(struct json_write *w, const struct published *in, uint32_t unit)
{
    const struct unit *u = &in->table->units.at[unit];
    const struct published_unit *p = &in->units.at[unit];
    json_open(w, '{');
    json_key_text(w, "id", u->id);
    json_key_text(w, "name", u->name);
    json_key_text(w, "class", *u->class_name ? u->class_name : NULL);
    json_key_text(w, "state", p->state);
    json_key_dec(w, "total", p->total, p->places);
    json_key(w, "rank");
    if (p->rank) {
        json_uint(w, p->rank);
    } else {
        json_text(w, NULL);
    }
    json_key(w, "ranked");
    json_uint(w, p->ranked);
    json_key_text(w, "grade", p->grade);
    json_close(w, '}');
}

static void write_parts(struct json_write *w, const published_items *items, bool of_items)
{
    json_line(w);
    json_key(w, of_items ? "items" : "sections");
    json_open(w, '[');
    for (uint32_t i = 0; i < items->n; i++) {
        const struct published_item *item = &items->at[i];
        const struct published_part *one = item->new ? item->new : item->old;
        if (one->is_item != of_items) {
            continue;
        }
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "id", one->id);
        json_key_text(w, "state",
                      item_fate_word(!item->old                 ? ITEM_NEW
                                     : !item->new               ? ITEM_GONE
                                     : item->change == DEC_NONE ? ITEM_CHANGED
                                                                : ITEM_COMPARABLE));
        json_key_dec(w, "then", item->old ? item->old->points : DEC_NONE,
                     item->old ? item->old->places : 0);
        json_key_dec(w, "now", item->new ? item->new->points : DEC_NONE,
                     item->new ? item->new->places : 0);
        json_key_dec(w, "change", item->change, published_item_places(item));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_detail(struct json_write *w, const struct published_report *r,
                         const struct published_pair *p)
{
    const struct published_comparison *c = r->comparison;
    const struct published_unit *then = &c->old->units.at[p->olds.at[0]];
    const struct published_unit *now = &c->new->units.at[p->unit];
    published_items items = {0};
    uint32_t flags[3];
    compare_published_items(r->arena, c, p, &items);
    compare_published_flags(c, p, flags);
    json_key_dec(w, "change", compare_published_change(c, p, then->total, now->total),
                 published_places(then, now));
    for (int i = DEFICIENCY_NEW; i <= DEFICIENCY_RESOLVED; i++) {
        static const char *const keys[] = {"flags_new", "flags_repeated", "flags_resolved"};
        json_key(w, keys[i]);
        json_uint(w, flags[i]);
    }
    write_parts(w, &items, false);
    write_parts(w, &items, true);
}

static void write_pair(struct json_write *w, const struct published_report *r,
                       const struct published_pair *p)
{
    const struct published_comparison *c = r->comparison;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", published_unit_of(c, p)->id);
    json_key_text(w, "fate", fate_word(p->fate));
    json_key(w, "then");
    json_open(w, '[');
    for (uint32_t i = 0; i < p->olds.n; i++) {
        write_standing(w, c->old, p->olds.at[i]);
    }
    json_close(w, ']');
    json_key(w, "now");
    if (p->unit == UNIT_NONE) {
        json_text(w, NULL);
    } else {
        write_standing(w, c->new, p->unit);
    }
    json_key(w, "class_changed");
    json_bool(w, p->class_changed);
    if (published_is_one(p)) {
        write_detail(w, r, p);
    }
    json_close(w, '}');
}

void published_json(const struct published_report *r, struct buf *out)
{
    struct json_write w = {.out = out};
    json_open(&w, '{');
    json_key(&w, "kaoping_compare_results");
    json_uint(&w, 1);
    write_side(&w, "old", r->comparison->old);
    write_side(&w, "new", r->comparison->new);
    json_line(&w);
    json_key(&w, "same_rubric");
    json_bool(&w, r->comparison->same_rubric);
    json_line(&w);
    json_key(&w, "units");
    json_open(&w, '[');
    for (uint32_t i = 0; i < r->comparison->pairs.n; i++) {
        struct arena_mark mark = arena_mark(r->arena);
        if (published_shown(r, &r->comparison->pairs.at[i])) {
            write_pair(&w, r, &r->comparison->pairs.at[i]);
        }
        arena_reset(r->arena, mark);
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_char(out, '\n');
}
