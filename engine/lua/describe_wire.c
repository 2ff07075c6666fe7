/*
 * describe_wire.c - a description as bytes, and back. What comes back was written where scripts
 * ran, so it is believed only as far as it can be checked: lengths, ids, places.
 */
#include "lua/inspect.h"

#include <math.h>
#include <string.h>

/* ---- writing ---- */

static void put(struct buf *b, uint64_t n) { buf_add(b, (const char *)&n, sizeof n); }

static void put_text(struct buf *b, const char *text)
{
    put(b, text == NULL ? UINT64_MAX : strlen(text));
    buf_text(b, text);
}

static void put_value(struct buf *b, const struct param_value *v)
{
    put(b, v->kind);
    buf_add(b, (const char *)&v->number, sizeof v->number);
    put(b, v->yes);
    put_text(b, v->text);
    put(b, v->entries.n);
    for (uint32_t i = 0; i < v->entries.n; i++) {
        put_text(b, v->entries.at[i].name);
        put_value(b, &v->entries.at[i].value);
    }
}

static void put_span(struct buf *b, span at)
{
    put(b, at.offset);
    put(b, at.length);
}

static void put_names(struct buf *b, const struct script_name *at, uint32_t n)
{
    put(b, n);
    for (uint32_t i = 0; i < n; i++) {
        put_text(b, at[i].text);
        put_span(b, at[i].at);
    }
}

void description_write(const struct inspection *in, struct buf *b)
{
    const struct script_description *d = &in->out;
    put(b, in->notes.n);
    for (uint32_t i = 0; i < in->notes.n; i++) {
        const struct note *n = &in->notes.at[i];
        put(b, n->id);
        put(b, n->at.offset);
        put(b, n->at.n);
        put_text(b, n->text);
        put_text(b, n->hint);
        put_text(b, n->name);
    }
    put(b, d->fine);
    put_text(b, d->title);
    put_names(b, d->reads.at, d->reads.n);
    put_span(b, d->reads_at);
    put_value(b, &d->params);
    put(b, d->call_always);
    put(b, d->may_not_apply);
    put(b, d->n_parameters);
    put(b, d->vararg);
    put_span(b, d->score_at);
    put_names(b, d->params_read.at, d->params_read.n);
    put(b, d->params_open);
    put(b, d->n_unused_parameters);
}

/* ---- reading ---- */

struct reader {
    struct arena *arena;
    const struct chunk *chunk;
    const char *at, *end;
    bool failed;
};

static const char *take(struct reader *r, size_t n)
{
    if (r->failed || (size_t)(r->end - r->at) < n) {
        r->failed = true;
        return NULL;
    }
    const char *at = r->at;
    r->at += n;
    return at;
}

static uint64_t get(struct reader *r)
{
    uint64_t n = 0;
    const char *at = take(r, sizeof n);
    if (at != NULL) {
        memcpy(&n, at, sizeof n);
    }
    return n;
}

/* A number below that. */
static uint32_t get_below(struct reader *r, uint64_t limit)
{
    uint64_t n = get(r);
    if (n >= limit) {
        r->failed = true;
    }
    return r->failed ? 0 : (uint32_t)n;
}

static bool get_yes(struct reader *r) { return get_below(r, 2) == 1; }

static const char *get_text(struct reader *r)
{
    uint64_t n = get(r);
    if (n == UINT64_MAX || r->failed) {
        return NULL;
    }
    const char *at = take(r, n);
    return at == NULL ? NULL : arena_text(r->arena, at, n);
}

/* A text that is there. */
static const char *get_word(struct reader *r)
{
    const char *text = get_text(r);
    r->failed |= text == NULL;
    return text != NULL ? text : "";
}

/* A place in the chunk; all of it where that is not the file itself, or the place is none. */
static span get_span(struct reader *r)
{
    uint64_t offset = get(r), n = get(r);
    const struct chunk *c = r->chunk;
    bool inside = n > 0 && offset < c->n && n <= c->n - offset;
    bool whole_file =
        c->module != NULL && c->at.source != NULL && c->at.offset + c->n <= c->at.source->n;
    return inside && whole_file ? (span){c->at.source, c->at.offset + offset, n} : c->at;
}

static void get_value(struct reader *r, struct param_value *v, int depth)
{
    v->kind = (enum param_kind)get_below(r, PARAM_BY_CLASS);
    const char *number = take(r, sizeof v->number);
    if (number != NULL) {
        memcpy(&v->number, number, sizeof v->number);
    }
    v->yes = get_yes(r);
    v->text = get_text(r);
    uint32_t n = get_below(r, UINT32_MAX);
    r->failed |= depth > 16 || !isfinite(v->number) || (v->kind == PARAM_TEXT && v->text == NULL);
    for (uint32_t i = 0; i < n && !r->failed; i++) {
        struct param_entry entry = {.name = get_text(r)};
        r->failed |= v->kind == PARAM_MAP && entry.name == NULL;
        get_value(r, &entry.value, depth + 1);
        *vec_push(r->arena, &v->entries) = entry;
    }
}

#define get_names(r, out)                                                                          \
    for (uint32_t n_ = get_below((r), UINT32_MAX); n_ > 0 && !(r)->failed; n_--) {                 \
        struct script_name name_ = {.text = get_word(r)};                                          \
        name_.at = get_span(r);                                                                    \
        *vec_push((r)->arena, (out)) = name_;                                                      \
    }

static void get_notes(struct reader *r, struct diag *d)
{
    for (uint32_t n = get_below(r, UINT32_MAX); n > 0 && !r->failed; n--) {
        enum finding_id id = (enum finding_id)get_below(r, N_FINDING_IDS);
        span at = get_span(r);
        const char *text = get_word(r), *hint = get_text(r), *name = get_text(r);
        if (!r->failed) {
            diag_add(d, id, at, "%s", text);
            if (hint != NULL) {
                diag_hint(d, "%s", hint);
            }
            diag_did_you_mean(d, name);
        }
    }
}

bool description_read(struct arena *a, struct diag *d, const struct chunk *c, const void *bytes,
                      size_t n, struct script_description *out)
{
    struct reader r = {.arena = a, .chunk = c, .at = bytes, .end = (const char *)bytes + n};
    memset(out, 0, sizeof *out);
    get_notes(&r, d);
    out->fine = get_yes(&r);
    out->title = get_text(&r);
    get_names(&r, &out->reads);
    out->reads_at = get_span(&r);
    get_value(&r, &out->params, 0);
    out->call_always = get_yes(&r);
    out->may_not_apply = get_yes(&r);
    out->n_parameters = get_below(&r, 256);
    out->vararg = get_yes(&r);
    out->score_at = get_span(&r);
    get_names(&r, &out->params_read);
    out->params_open = get_yes(&r);
    out->n_unused_parameters = get_below(&r, UINT64_C(1) << 32);
    if (r.failed || r.at != r.end) {
        memset(out, 0, sizeof *out);
        out->params.kind = PARAM_MAP;
        return false;
    }
    return true;
}
