/*
 * report_compare_csv.c - one row a unit: ranks, totals, grades, the parts of the change, flags;
 * then a column an item, its change where that is comparable.
 */
#include "report/report_compare.h"

#include "base/i18n.h"
#include "report/csv_write.h"

static void write_header(struct csv_write *w, const struct comparison *c)
{
    static const char *const words[] = {"id",
                                        "name",
                                        "class",
                                        "fate",
                                        "was",
                                        "was_class",
                                        "rank_then",
                                        "rank_now",
                                        "moved",
                                        "total_then",
                                        "total_now",
                                        "change",
                                        "did",
                                        "rubric",
                                        "not_comparable",
                                        "grade_then",
                                        "grade_now",
                                        "flags_new",
                                        "flags_repeated",
                                        "flags_resolved",
                                        "flags_not_asked"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        csv_word(w, words[i]);
    }
    for (uint32_t m = 0; m < c->new->n_members; m++) {
        if (c->new->rubric->members.at[m].kind == MEMBER_ITEM) {
            csv_text(w, c->new->rubric->members.at[m].id);
        }
    }
    csv_end_row(w);
}

static void write_was(struct csv_write *w, struct arena *a, const struct comparison *c,
                      const struct unit_pair *p)
{
    const char *was = NULL, *class_name = NULL;
    for (uint32_t i = 0; i < p->olds.n; i++) {
        const struct unit *u = &c->old->table->units.at[p->olds.at[i]];
        was = was ? arena_printf(a, "%s; %s", was, u->id) : u->id;
        class_name = class_name && p->olds.n > 1 ? class_name : u->class_name;
    }
    csv_text(w, was);
    csv_text(w, class_name);
}

static void write_items(struct csv_write *w, const struct comparison *c, const struct unit_pair *p)
{
    struct class_pair k = pair_class(c, p);
    for (uint32_t m = 0; m < c->new->n_members; m++) {
        if (c->new->rubric->members.at[m].kind == MEMBER_ITEM) {
            dec change = pair_is_one(p) ? compare_points(c, p, &k, m, false).change : DEC_NONE;
            csv_dec(w, change, c->new->rubric->round_item);
        }
    }
}

static void write_row(struct csv_write *w, const struct compare_report *r,
                      const struct unit_pair *p)
{
    const struct comparison *c = r->comparison;
    const struct unit *u = compare_unit(c, p);
    int places = compare_places(c);
    bool one = pair_is_one(p);
    const struct outcome *now = p->unit == UNIT_NONE ? NULL : &c->new->outcomes[p->unit];
    const struct outcome *then = p->olds.n == 1 ? &c->old->outcomes[p->olds.at[0]] : NULL;
    struct compare_flags flags = compare_count(r->arena, c, p);
    csv_text(w, u->id);
    csv_text(w, u->name);
    csv_text(w, u->class_name);
    csv_word(w, fate_word(p->fate));
    write_was(w, r->arena, c, p);
    csv_count(w, then ? then->rank : 0);
    csv_count(w, now ? now->rank : 0);
    bool moved = one && !p->class_changed && then->rank && now->rank;
    csv_dec(w, moved ? dec_from_int((int64_t)then->rank - now->rank) : DEC_NONE, DEC_EXACT);
    csv_dec(w, then ? then->total : DEC_NONE, places);
    csv_dec(w, now ? now->total : DEC_NONE, places);
    csv_dec(w, p->split.change, places);
    csv_dec(w, p->split.did, places);
    csv_dec(w, p->split.rubric, places);
    csv_dec(w, p->split.incomparable, places);
    csv_text(w, then ? compare_grade(c->old, p->olds.at[0]) : NULL);
    csv_text(w, now ? compare_grade(c->new, p->unit) : NULL);
    for (uint32_t i = 0; i < 4; i++) {
        csv_dec(w, one ? dec_from_int(flags.n[i]) : DEC_NONE, 0);
    }
    write_items(w, c, p);
    csv_end_row(w);
}

void compare_csv(const struct compare_report *r, struct buf *out)
{
    struct csv_write w = {.out = out};
    csv_start(&w);
    write_header(&w, r->comparison);
    for (uint32_t i = 0; i < r->comparison->units.n; i++) {
        struct arena_mark mark = arena_mark(r->arena);
        if (compare_shown(r, &r->comparison->units.at[i])) {
            write_row(&w, r, &r->comparison->units.at[i]);
        }
        arena_reset(r->arena, mark);
    }
}
