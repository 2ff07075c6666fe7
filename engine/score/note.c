/* note.c - see note.h. */
#include "score/note.h"

#include <stdlib.h>

static void pack_flag(struct buf *b, const struct script_flag *f)
{
    pack_u32(b, f->severity);
    pack_text(b, f->text);
    pack_text(b, f->remedy);
    pack_bytes(b, &f->due, sizeof f->due);
}

void note_pack(struct buf *b, uint32_t unit, uint32_t member, const struct call_result *r)
{
    if (b->n == 0) {
        buf_char(b, MESSAGE_NOTES);
    }
    pack_u32(b, unit);
    pack_u32(b, member);
    pack_text(b, r->reason);
    pack_u32(b, r->flags.n);
    for (uint32_t i = 0; i < r->flags.n; i++) {
        pack_flag(b, &r->flags.at[i]);
    }
}

/* Scripts may say any bytes; files and terminals get none that are no text. */
static const char *safe(struct unpack *u, struct arena *a)
{
    const char *text = unpack_text(u, a);
    return text ? text_safe(a, str_of(text)) : NULL;
}

static void take_note(struct arena *a, struct result *r, struct unpack *u)
{
    struct note *note = vec_push(a, &r->notes);
    note->unit = unpack_u32(u);
    note->member = unpack_u32(u);
    note->reason = safe(u, a);
    uint32_t n = unpack_u32(u);
    for (uint32_t i = 0; i < n && !u->broken; i++) {
        struct script_flag *flag = vec_push(a, &note->flags);
        uint32_t severity = unpack_u32(u);
        flag->severity = severity <= LEVEL_CRITICAL ? (enum level)severity : LEVEL_MINOR;
        const char *text = safe(u, a);
        flag->text = text ? text : "";
        flag->remedy = safe(u, a);
        unpack_bytes(u, &flag->due, sizeof flag->due);
    }
}

void notes_take(struct arena *a, struct result *r, struct unpack *u)
{
    while (u->n > 0 && !u->broken) {
        take_note(a, r, u);
    }
}

static int by_cell(const void *a, const void *b)
{
    const struct note *x = a, *y = b;
    if (x->unit != y->unit) {
        return x->unit < y->unit ? -1 : 1;
    }
    return (x->member > y->member) - (x->member < y->member);
}

void notes_settle(struct result *r)
{
    if (r->notes.n > 1) {
        qsort(r->notes.at, r->notes.n, sizeof *r->notes.at, by_cell);
    }
}
