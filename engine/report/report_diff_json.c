/*
 * report_diff_json.c - what changed between two rubrics as JSON: every member of the new one with
 * its match and marks, also those without any, and what is gone.
 */
#include "report/json_write.h"
#include "report/report_diff.h"

static void write_marks(struct json_write *w, const mark_list *marks)
{
    json_key(w, "marks");
    json_open(w, '[');
    for (uint32_t i = 0; i < marks->n; i++) {
        const struct mark *m = &marks->at[i];
        json_line(w);
        json_open(w, '{');
        json_key_text(w, "key", m->key);
        if (m->classes.n > 0) {
            json_key(w, "classes");
            json_open(w, '[');
            for (uint32_t k = 0; k < m->classes.n; k++) {
                json_text(w, m->classes.at[k]);
            }
            json_close(w, ']');
        }
        json_key_text(w, "before", m->before);
        json_key_text(w, "after", m->after);
        json_key_text(w, "changes", mark_effect_word(m->effect));
        json_key(w, "inherited");
        json_bool(w, m->inherited);
        if (m->moved) {
            json_key(w, "moved");
            json_bool(w, true);
        }
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_side(struct json_write *w, const char *key, const struct rubric *r)
{
    json_line(w);
    json_key(w, key);
    json_open(w, '{');
    json_key_text(w, "path", r->source->name);
    json_key_text(w, "id", r->id);
    json_key_text(w, "title", r->title);
    json_key_text(w, "period", r->period);
    json_key_text(w, "digest", r->digest);
    json_close(w, '}');
}

static const char *change_word(const struct matched *m)
{
    return m->old == UINT32_MAX ? "new"
           : m->renamed         ? "renamed"
           : m->marks.n > 0     ? "changed"
                                : "same";
}

static const char *section_id(const struct rubric *r, uint32_t member)
{
    uint32_t parent = r->members.at[member].parent;
    return parent == MEMBER_NONE || parent == RUBRIC_ROOT ? NULL : r->members.at[parent].id;
}

static const char *kind_word(const struct member *m)
{
    return m->kind == MEMBER_ITEM ? "item" : "section";
}

/* Whether there is anything to tell of it. */
static bool is_told(const struct matched *m, bool changed_only)
{
    return !changed_only || m->old == UINT32_MAX || m->renamed || m->marks.n > 0;
}

static void write_member(struct json_write *w, const struct rubric_diff *d, uint32_t index)
{
    const struct member *m = &d->new->members.at[index];
    const struct matched *matched = &d->members[index];
    bool matches = matched->old != UINT32_MAX;
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", m->id);
    json_key_text(w, "kind", kind_word(m));
    json_key_text(w, "section", section_id(d->new, index));
    json_key_text(w, "change", change_word(matched));
    json_key_text(w, "was", matches ? d->old->members.at[matched->old].id : NULL);
    if (m->kind == MEMBER_ITEM) {
        json_key(w, "comparable");
        json_bool(w, rubric_diff_comparable(d, index));
        json_key(w, "why");
        json_open(w, '[');
        for (uint32_t i = 0; i < matched->marks.n; i++) {
            if (matched->marks.at[i].incomparable) {
                json_text(w, matched->marks.at[i].key);
            }
        }
        json_close(w, ']');
    }
    write_marks(w, &matched->marks);
    json_close(w, '}');
}

static void write_gone(struct json_write *w, const char *id, const char *kind)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", id);
    if (kind) {
        json_key_text(w, "kind", kind);
    }
    json_key_text(w, "change", "gone");
    json_close(w, '}');
}

static void write_members(struct json_write *w, const struct rubric_diff *d, bool changed_only)
{
    json_line(w);
    json_key(w, "members");
    json_open(w, '[');
    for (uint32_t i = RUBRIC_ROOT + 1; i < d->new->members.n; i++) {
        if (is_told(&d->members[i], changed_only)) {
            write_member(w, d, i);
        }
    }
    for (uint32_t i = 0; i < d->members_gone.n; i++) {
        const struct member *m = &d->old->members.at[d->members_gone.at[i]];
        write_gone(w, m->id, kind_word(m));
    }
    json_close(w, ']');
}

static void write_other(struct json_write *w, const char *id, const struct matched *m)
{
    json_line(w);
    json_open(w, '{');
    json_key_text(w, "id", id);
    json_key_text(w, "change", change_word(m));
    write_marks(w, &m->marks);
    json_close(w, '}');
}

static void write_fields(struct json_write *w, const struct rubric_diff *d, bool changed_only)
{
    json_line(w);
    json_key(w, "fields");
    json_open(w, '[');
    for (uint32_t i = 0; i < d->new->fields.list.n; i++) {
        if (is_told(&d->fields[i], changed_only)) {
            write_other(w, d->new->fields.list.at[i].id, &d->fields[i]);
        }
    }
    for (uint32_t i = 0; i < d->fields_gone.n; i++) {
        write_gone(w, d->old->fields.list.at[d->fields_gone.at[i]].id, NULL);
    }
    json_close(w, ']');
}

static void write_gates(struct json_write *w, const struct rubric_diff *d, bool changed_only)
{
    json_line(w);
    json_key(w, "gates");
    json_open(w, '[');
    for (uint32_t i = 0; i < d->new->gates.n; i++) {
        if (is_told(&d->gates[i], changed_only)) {
            write_other(w, d->new->gates.at[i].id, &d->gates[i]);
        }
    }
    for (uint32_t i = 0; i < d->gates_gone.n; i++) {
        write_gone(w, d->old->gates.at[d->gates_gone.at[i]].id, NULL);
    }
    json_close(w, ']');
}

void report_diff_parts(struct json_write *w, const struct rubric_diff *d, bool changed_only)
{
    json_line(w);
    json_key_text(w, "changes", d->any ? mark_effect_word(d->effect) : NULL);
    json_line(w);
    json_key(w, "rubric");
    json_open(w, '{');
    write_marks(w, &d->members[RUBRIC_ROOT].marks);
    json_close(w, '}');
    write_fields(w, d, changed_only);
    write_members(w, d, changed_only);
    write_gates(w, d, changed_only);
}

void report_diff_json(const struct rubric_diff *d, struct buf *out)
{
    struct json_write w = {.out = out};
    json_open(&w, '{');
    json_key(&w, "kaoping");
    json_uint(&w, 1);
    write_side(&w, "old", d->old);
    write_side(&w, "new", d->new);
    report_diff_parts(&w, d, false);
    json_close(&w, '}');
    buf_char(out, '\n');
}
