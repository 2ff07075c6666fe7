/*
 * report_diff.c - what changed between two rubrics, in words: the rubric's own keys, fields, the
 * sheet with everything new, changed and gone at its place, gates; then which results stay
 * comparable.
 */
#include "report/report_diff.h"

#include "base/i18n.h"
#include "report/wrap.h"

#include <string.h>

struct writer {
    struct arena *arena;
    const struct rubric_diff *diff;
    struct buf *out;
    int width;
    bool *told; /* [new->members.n]: something at or below it is told */
    bool *gone; /* [old->members.n] */
};

static const char *safe(struct writer *w, const char *text)
{
    return text_safe(w->arena, str_of(text));
}

/* ---- one mark ---- */

/* "need (township, street)" */
static const char *key_text(struct writer *w, const struct mark *m)
{
    const char *text = safe(w, m->key);
    for (uint32_t i = 0; i < m->classes.n; i++) {
        const char *name = *m->classes.at[i] ? safe(w, m->classes.at[i]) : _("any other class");
        text = arena_printf(w->arena, "%s%s%s", text, i == 0 ? " (" : ", ", name);
    }
    return m->classes.n > 0 ? arena_printf(w->arena, "%s)", text) : text;
}

static const char *mark_text(struct writer *w, const struct mark *m)
{
    const char *key = key_text(w, m);
    if (m->before && m->after) {
        return arena_printf(w->arena, _("%s: from %s to %s"), key, safe(w, m->before),
                            safe(w, m->after));
    }
    if (m->after) {
        return arena_printf(w->arena, _("%s: %s, not given before"), key, safe(w, m->after));
    }
    if (m->before) {
        return arena_printf(w->arena, _("%s: no longer given, was %s"), key, safe(w, m->before));
    }
    return arena_printf(w->arena, _("%s: what it reads has changed"), key);
}

const char *report_diff_mark(struct arena *a, const struct mark *m)
{
    return mark_text(&(struct writer){.arena = a}, m);
}

static void write_mark(struct writer *w, const struct mark *m, int indent)
{
    const char *text = mark_text(w, m);
    if (m->moved) {
        text = arena_printf(w->arena, "%s %s", text, _("[as the period does]"));
    } else if (m->effect == MARK_WORDS) {
        text = arena_printf(w->arena, "%s %s", text, _("[changes no score]"));
    } else if (m->effect == MARK_DATA) {
        text = arena_printf(w->arena, "%s %s", text, _("[changes how data are read]"));
    }
    wrap_line(w->out, text, "", indent, w->width);
}

static void write_marks(struct writer *w, const struct matched *m, int indent)
{
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (!m->marks.at[i].inherited) {
            write_mark(w, &m->marks.at[i], indent);
        }
    }
}

static bool has_own_marks(const struct matched *m)
{
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (!m->marks.at[i].inherited) {
            return true;
        }
    }
    return false;
}

static void write_line(struct writer *w, int indent, const char *what, const char *id,
                       const char *title)
{
    const char *name = strcmp(id, title) == 0
                           ? safe(w, id)
                           : arena_printf(w->arena, "%s  %s", safe(w, id), safe(w, title));
    wrap_line(w->out, name, what, indent, w->width);
}

static void write_head(struct writer *w, const char *text)
{
    buf_printf(w->out, "%s%s\n", w->out->n > 0 ? "\n" : "", text);
}

/* ---- the parts ---- */

static void write_rubric(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    write_head(w, arena_printf(w->arena, "%s → %s", safe(w, d->old->source->name),
                               safe(w, d->new->source->name)));
    write_marks(w, &d->members[RUBRIC_ROOT], 2);
}

static void write_fields(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    bool any = d->fields_gone.n > 0;
    for (uint32_t i = 0; i < d->new->fields.list.n; i++) {
        any = any || d->fields[i].old == UINT32_MAX || d->fields[i].marks.n > 0;
    }
    if (!any) {
        return;
    }
    write_head(w, _("Fields"));
    for (uint32_t i = 0; i < d->new->fields.list.n; i++) {
        const struct field *f = &d->new->fields.list.at[i];
        if (d->fields[i].old == UINT32_MAX) {
            write_line(w, 2, _("new: "), f->id, f->label);
        } else if (d->fields[i].marks.n > 0) {
            write_line(w, 2, "", f->id, f->label);
            write_marks(w, &d->fields[i], 4);
        }
    }
    for (uint32_t i = 0; i < d->fields_gone.n; i++) {
        const struct field *f = &d->old->fields.list.at[d->fields_gone.at[i]];
        write_line(w, 2, _("gone: "), f->id, f->label);
    }
}

static bool is_told(const struct rubric_diff *d, uint32_t member)
{
    const struct matched *m = &d->members[member];
    return m->old == UINT32_MAX || m->renamed || has_own_marks(m);
}

/* The old section that the old member stood in. */
static uint32_t old_parent(const struct rubric_diff *d, uint32_t old)
{
    uint32_t parent = d->old->members.at[old].parent;
    return parent == MEMBER_NONE ? RUBRIC_ROOT : parent;
}

/* What stood in that section of the old rubric; what stood in something gone goes with it. */
static void write_gone(struct writer *w, uint32_t old_section, int indent)
{
    const struct rubric_diff *d = w->diff;
    for (uint32_t i = 0; i < d->members_gone.n; i++) {
        uint32_t gone = d->members_gone.at[i], parent = old_parent(d, gone);
        if (parent == old_section && !(parent != RUBRIC_ROOT && w->gone[parent])) {
            const struct member *m = &d->old->members.at[gone];
            write_line(w, indent, _("gone: "), m->id, m->title);
        }
    }
}

static const char *verdict(struct writer *w, uint32_t item)
{
    const struct matched *m = &w->diff->members[item];
    const char *why = NULL;
    for (uint32_t i = 0; i < m->marks.n; i++) {
        if (m->marks.at[i].incomparable) {
            const char *key = safe(w, m->marks.at[i].key);
            why = why ? arena_printf(w->arena, "%s, %s", why, key) : key;
        }
    }
    return why ? arena_printf(w->arena, _("not comparable: %s"), why) : _("comparable");
}

static void write_member(struct writer *w, uint32_t index, int indent)
{
    const struct rubric_diff *d = w->diff;
    const struct member *m = &d->new->members.at[index];
    const struct matched *matched = &d->members[index];
    write_line(w, indent, matched->old == UINT32_MAX ? _("new: ") : "", m->id, m->title);
    if (matched->renamed) {
        wrap_line(w->out,
                  arena_printf(w->arena, _("was called '%s'"),
                               safe(w, d->old->members.at[matched->old].id)),
                  "", indent + 2, w->width);
    }
    write_marks(w, matched, indent + 2);
    if (m->kind == MEMBER_ITEM && matched->old != UINT32_MAX) {
        wrap_line(w->out, verdict(w, index), "→ ", indent + 2, w->width);
    }
}

/* Sections nest no deeper than documents do. */
static void write_members(struct writer *w, uint32_t section, int indent)
{
    const struct member *s = &w->diff->new->members.at[section];
    for (uint32_t i = 0; i < s->members.n; i++) {
        uint32_t member = s->members.at[i];
        if (w->told[member]) {
            write_member(w, member, indent);
            write_members(w, member, indent + 2);
        }
    }
    if (w->diff->members[section].old != UINT32_MAX) {
        write_gone(w, w->diff->members[section].old, indent);
    }
}

static void write_sheet(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    const uint32_t extras[] = {d->new->bonus, d->new->deductions};
    bool any = d->members_gone.n > 0;
    for (uint32_t i = 1; i < d->new->members.n; i++) {
        any = any || is_told(d, i);
    }
    if (!any) {
        return;
    }
    write_head(w, _("Sections and items"));
    write_members(w, RUBRIC_ROOT, 2);
    for (size_t i = 0; i < 2; i++) {
        if (extras[i] != MEMBER_NONE && w->told[extras[i]]) {
            write_member(w, extras[i], 2);
            write_members(w, extras[i], 4);
        }
    }
}

static void write_gates(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    bool any = d->gates_gone.n > 0;
    for (uint32_t i = 0; i < d->new->gates.n; i++) {
        any = any || d->gates[i].old == UINT32_MAX || d->gates[i].marks.n > 0;
    }
    if (!any) {
        return;
    }
    write_head(w, _("Gates"));
    for (uint32_t i = 0; i < d->new->gates.n; i++) {
        const struct gate *g = &d->new->gates.at[i];
        if (d->gates[i].old == UINT32_MAX) {
            write_line(w, 2, _("new: "), g->id, g->title);
        } else if (d->gates[i].marks.n > 0) {
            write_line(w, 2, "", g->id, g->title);
            write_marks(w, &d->gates[i], 4);
        }
    }
    for (uint32_t i = 0; i < d->gates_gone.n; i++) {
        const struct gate *g = &d->old->gates.at[d->gates_gone.at[i]];
        write_line(w, 2, _("gone: "), g->id, g->title);
    }
}

/* ---- which results stay comparable ---- */

struct listed {
    struct buf ids;
    uint32_t n;
};

static void add_listed(struct listed *list, const char *id)
{
    buf_printf(&list->ids, "%s%s", list->n++ > 0 ? ", " : "", id);
}

static void write_listed(struct writer *w, const char *what, struct listed *list)
{
    if (list->n > 0) {
        wrap_line(w->out, list->ids.at, arena_printf(w->arena, "%s (%u): ", what, list->n), 2,
                  w->width);
    }
    buf_release(&list->ids);
}

static void write_summary(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    struct listed comparable = {0}, not = {0}, new = {0}, gone = {0};
    for (uint32_t i = 0; i < d->new->members.n; i++) {
        const struct member *m = &d->new->members.at[i];
        if (m->kind == MEMBER_ITEM) {
            struct listed *list = d->members[i].old == UINT32_MAX ? &new
                                  : rubric_diff_comparable(d, i)  ? &comparable
                                                                  : &not ;
            add_listed(list, safe(w, m->id));
        }
    }
    for (uint32_t i = 0; i < d->members_gone.n; i++) {
        const struct member *m = &d->old->members.at[d->members_gone.at[i]];
        if (m->kind == MEMBER_ITEM) {
            add_listed(&gone, safe(w, m->id));
        }
    }
    write_head(w, _("Results of items, year on year"));
    write_listed(w, _("comparable"), &comparable);
    write_listed(w, _("not comparable"), &not );
    write_listed(w, _("new"), &new);
    write_listed(w, _("gone"), &gone);
}

static const char *conclusion(const struct rubric_diff *d)
{
    switch (d->effect) {
    case MARK_WORDS:
        return d->any ? _("None of this changes a score.") : _("The two rubrics say the same.");
    case MARK_DATA:
        return _("This changes how data are read, not how they are scored.");
    case MARK_OUTCOME:
        return _("Sections, totals, grades or ranks can change; what items earn stays.");
    case MARK_POINTS:
        break;
    }
    return _("What items earn can change.");
}

static void tell(struct writer *w, uint32_t member)
{
    for (; member != MEMBER_NONE && !w->told[member];
         member = w->diff->new->members.at[member].parent) {
        w->told[member] = true;
    }
}

/* What is to be printed: members with something to tell, and the sections around them. */
static void find_told(struct writer *w)
{
    const struct rubric_diff *d = w->diff;
    uint32_t *new_of = ARENA_ARRAY(w->arena, uint32_t, d->old->members.n);
    w->told = ARENA_ARRAY(w->arena, bool, d->new->members.n);
    w->gone = ARENA_ARRAY(w->arena, bool, d->old->members.n);
    for (uint32_t i = 0; i < d->new->members.n; i++) {
        if (is_told(d, i)) {
            tell(w, i);
        }
        if (d->members[i].old != UINT32_MAX) {
            new_of[d->members[i].old] = i;
        }
    }
    for (uint32_t i = 0; i < d->members_gone.n; i++) {
        uint32_t gone = d->members_gone.at[i];
        w->gone[gone] = true;
        tell(w, new_of[old_parent(d, gone)]); /* of a parent that is gone too: the rubric */
    }
}

void report_diff(struct arena *a, const struct rubric_diff *d, int width, struct buf *out)
{
    struct writer w = {.arena = a, .diff = d, .out = out, .width = width};
    find_told(&w);
    write_rubric(&w);
    write_fields(&w);
    write_sheet(&w);
    write_gates(&w);
    write_summary(&w);
    buf_printf(out, "\n%s\n", conclusion(d));
}
