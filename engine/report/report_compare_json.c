/*
 * report_compare_json.c - everything about two results for programs; keys are never translated,
 * figures are decimal strings.
 */
#include "report/report_compare.h"

#include "report/figures.h"
#include "report/json_write.h"
#include "report/report_diff.h"

/* A gate's cap may lie between two steps of rounding: then as many places as it needs. */
static void key_dec(struct json_write *w, const char *key, dec d, int places)
{
    json_key_dec(w, key, d, figures_enough(d, places));
}

/* ---- the rubrics ---- */

static void write_side(struct json_write *w, const char *key, const struct result *r)
{
    json_key(w, key);
    json_open(w, '{');
    json_key_text(w, "rubric", r->rubric->id);
    json_key_text(w, "title", r->rubric->title);
    json_key_text(w, "period", r->rubric->period);
    json_key_text(w, "digest", r->rubric->digest);
    json_key(w, "units");
    json_uint(w, r->n_units);
    json_close(w, '}');
}

static void write_reasons(struct json_write *w, const mark_list *marks)
{
    json_key(w, "reasons");
    json_open(w, '[');
    for (uint32_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->at[i];
        if (!m->incomparable) {
            continue;
        }
        json_open(w, '{');
        json_key_text(w, "key", m->key);
        json_key(w, "classes");
        json_open(w, '[');
        for (uint32_t k = 0; k < m->classes.n; k++) {
            json_text(w, m->classes.at[k]);
        }
        json_close(w, ']');
        json_key_text(w, "before", m->before);
        json_key_text(w, "after", m->after);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_matches(struct json_write *w, const struct comparison *c)
{
    const struct rubric *old = c->old->rubric, *new = c->new->rubric;
    json_line(w);
    json_key(w, "items");
    json_open(w, '[');
    for (uint32_t m = 0; m < new->members.n; m++) {
        const struct matched *matched = &c->diff.members[m];
        if (new->members.at[m].kind != MEMBER_ITEM) {
            continue;
        }
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "id", new->members.at[m].id);
        json_key_text(w, "was",
                      matched->old == UINT32_MAX ? NULL : old->members.at[matched->old].id);
        json_key(w, "comparable");
        json_bool(w, rubric_diff_comparable(&c->diff, m));
        write_reasons(w, &matched->marks);
        json_close(w, '}');
    }
    for (uint32_t m = 0; m < old->members.n; m++) {
        if (old->members.at[m].kind == MEMBER_ITEM && c->new_of[m] == MEMBER_NONE) {
            json_line(w);
            json_open(w, '{');
            json_key_text(w, "id", NULL);
            json_key_text(w, "was", old->members.at[m].id);
            json_key(w, "comparable");
            json_bool(w, false);
            json_close(w, '}');
        }
    }
    json_close(w, ']');
}

/* ---- figures ---- */

static void write_split(struct json_write *w, const struct split *s, int places)
{
    key_dec(w, "change", s->change, places);
    key_dec(w, "did", s->did, places);
    key_dec(w, "rubric", s->rubric, places);
    key_dec(w, "not_comparable", s->incomparable, places);
}

static void write_names(struct json_write *w, const struct comparison *c, const char *key,
                        const uint32_t *pairs, uint32_t n)
{
    json_key(w, key);
    json_open(w, '[');
    for (uint32_t i = 0; i < n; i++) {
        json_text(w, compare_unit(c, &c->units.at[pairs[i]])->id);
    }
    json_close(w, ']');
}

static void write_classes(struct json_write *w, const struct comparison *c, int places)
{
    json_line(w);
    json_key(w, "classes");
    json_open(w, '[');
    for (uint32_t i = 0; i < c->classes.n; i++) {
        const struct class_change *class = &c->classes.at[i];
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "class", class->name);
        json_key(w, "units_then");
        json_uint(w, class->n_old);
        json_key(w, "units_now");
        json_uint(w, class->n_new);
        json_key(w, "units_compared");
        json_uint(w, class->n_split);
        key_dec(w, "then", class->sum.old, places);
        key_dec(w, "now", class->sum.new, places);
        write_split(w, &class->sum, places);
        write_names(w, c, "most_improved", class->improved.at, class->improved.n);
        write_names(w, c, "most_fallen", class->fallen.at, class->fallen.n);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_standing(struct json_write *w, const struct result *r, uint32_t unit)
{
    const struct outcome *o = &r->outcomes[unit];
    json_open(w, '{');
    json_key_text(w, "id", r->table->units.at[unit].id);
    json_key_text(w, "name", r->table->units.at[unit].name);
    json_key_text(w, "class", r->table->units.at[unit].class_name);
    json_key_text(w, "state", unit_state_word((enum unit_state)o->state));
    key_dec(w, "total", o->total, r->rubric->round_total);
    json_key(w, "rank");
    if (o->rank) {
        json_uint(w, o->rank);
    } else {
        json_text(w, NULL);
    }
    json_key(w, "ranked");
    json_uint(w, o->ranked);
    json_key_text(w, "grade", compare_grade(r, unit));
    json_close(w, '}');
}

static void write_item(struct json_write *w, const struct comparison *c,
                       const struct item_change *change, uint32_t item, bool gone)
{
    const struct rubric *old = c->old->rubric, *new = c->new->rubric;
    uint32_t then = gone ? item : c->diff.members[item].old;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", gone ? NULL : new->members.at[item].id);
    json_key_text(w, "was", change->old ? old->members.at[then].id : NULL);
    json_key_text(w, "state", item_fate_word(change->fate));
    key_dec(w, "then", change->then, old->round_item);
    key_dec(w, "now", change->now, new->round_item);
    key_dec(w, "change", change->change, new->round_item);
    json_close(w, '}');
}

static void write_items(struct json_write *w, const struct comparison *c, const struct unit_pair *p)
{
    struct class_pair k = pair_class(c, p);
    json_line(w);
    json_key(w, "items");
    json_open(w, '[');
    for (uint32_t m = 0; m < c->new->n_members; m++) {
        if (c->new->rubric->members.at[m].kind == MEMBER_ITEM) {
            struct item_change change = compare_points(c, p, &k, m, false);
            if (change.fate != ITEM_OFF) {
                write_item(w, c, &change, m, false);
            }
        }
    }
    for (uint32_t m = 0; m < c->old->n_members; m++) {
        if (c->old->rubric->members.at[m].kind == MEMBER_ITEM) {
            struct item_change change = compare_points(c, p, &k, m, true);
            if (change.fate == ITEM_GONE) {
                write_item(w, c, &change, m, true);
            }
        }
    }
    json_close(w, ']');
}

static void write_sections(struct json_write *w, const struct comparison *c,
                           const struct unit_pair *p)
{
    struct class_pair k = pair_class(c, p);
    json_line(w);
    json_key(w, "sections");
    json_open(w, '[');
    for (uint32_t m = 1; m < c->new->n_members; m++) {
        const struct member *s = &c->new->rubric->members.at[m];
        uint32_t then = c->diff.members[m].old;
        if (s->kind != MEMBER_SECTION || !member_on_sheet(c->new->rubric, m, k.new)) {
            continue;
        }
        bool both = then != UINT32_MAX && member_on_sheet(c->old->rubric, then, k.old);
        bool comparable = both && compare_section(c, &k, m);
        dec now = result_member(c->new, p->unit, m)->points;
        dec before = both ? result_member(c->old, p->olds.at[0], then)->points : DEC_NONE;
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "id", s->id);
        json_key(w, "comparable");
        json_bool(w, comparable);
        key_dec(w, "then", before, DEC_EXACT);
        key_dec(w, "now", now, DEC_EXACT);
        key_dec(w, "change", comparable ? dec_sub(now, before) : DEC_NONE, DEC_EXACT);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_deficiencies(struct json_write *w, const struct compare_report *r,
                               const struct unit_pair *p)
{
    deficiency_changes list = {0};
    compare_deficiencies(r->arena, r->comparison, p, &list);
    json_line(w);
    json_key(w, "deficiencies");
    json_open(w, '[');
    for (uint32_t i = 0; i < list.n; i++) {
        const struct deficiency_change *d = &list.at[i];
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "id", d->id);
        json_key_text(w, "state", deficiency_fate_word(d->fate));
        json_key_text(w, "kind", flag_word(d->what.kind));
        json_key_text(w, "severity", level_word(d->what.severity));
        key_dec(w, "lost", d->what.lost, DEC_EXACT);
        if (d->fate == DEFICIENCY_NEW || d->fate == DEFICIENCY_REPEATED) {
            json_key(w, "periods");
            json_uint(w, r->periods(r->context, p, d));
        }
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_unit(struct json_write *w, const struct compare_report *r,
                       const struct unit_pair *p, int places)
{
    const struct comparison *c = r->comparison;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", compare_unit(c, p)->id);
    json_key_text(w, "fate", fate_word(p->fate));
    json_key(w, "then");
    json_open(w, '[');
    for (uint32_t i = 0; i < p->olds.n; i++) {
        write_standing(w, c->old, p->olds.at[i]);
    }
    json_close(w, ']');
    json_key(w, "now");
    if (p->unit != UNIT_NONE) {
        write_standing(w, c->new, p->unit);
    } else {
        json_text(w, NULL);
    }
    json_key(w, "class_changed");
    json_bool(w, p->class_changed);
    write_split(w, &p->split, places);
    if (pair_is_one(p)) {
        write_sections(w, c, p);
        write_items(w, c, p);
        write_deficiencies(w, r, p);
    }
    json_close(w, '}');
}

void compare_json(const struct compare_report *r, struct buf *out)
{
    const struct comparison *c = r->comparison;
    struct json_write w = {.out = out};
    int places = compare_places(c);
    json_open(&w, '{');
    json_key(&w, "kaoping_compare");
    json_uint(&w, 1);
    json_line(&w);
    write_side(&w, "old", c->old);
    json_line(&w);
    write_side(&w, "new", c->new);
    json_line(&w);
    json_key(&w, "what_if");
    json_bool(&w, r->what_if);
    json_key(&w, "same_rubric");
    json_bool(&w, c->same_rubric);
    write_matches(&w, c);
    json_line(&w);
    json_key(&w, "diff");
    json_open(&w, '{');
    report_diff_parts(&w, &c->diff, true);
    json_close(&w, '}');
    write_classes(&w, c, places);
    json_line(&w);
    json_key(&w, "units");
    json_open(&w, '[');
    for (uint32_t i = 0; i < c->units.n; i++) {
        struct arena_mark mark = arena_mark(r->arena);
        if (compare_shown(r, &c->units.at[i])) {
            write_unit(&w, r, &c->units.at[i], places);
        }
        arena_reset(r->arena, mark);
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_char(out, '\n');
}
