/*
 * diag.c - findings: collecting, ordering, printing.
 *
 * Whatever is said comes from people's files: every text is made safe for a terminal when it is
 * added, and a source line when it is shown.
 */
#include "base/diag.h"

#include "base/excerpt.h"
#include "base/i18n.h"
#include "base/pack.h"
#include "base/sys.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Printed of one id, before "and N more". */
#define SHOWN_MOST 20
/* Kept of one id; beyond it they are only counted, so that a file wrong in every cell fits memory.
 */
#define KEPT_MOST 100000
#define WIDTH_MOST 100

struct note {
    span at;
    const char *text;
};

struct finding {
    enum finding_id id;
    enum severity severity;
    uint32_t source; /* the place of at.source among the sources seen; UINT32_MAX without one */
    uint32_t number; /* the order of adding */
    span at;
    const char *text;
    const char *hint; /* or NULL */
    VEC(struct note) notes;
};

struct included {
    const struct source *source;
    struct note note;
};

static const struct {
    const char *word;
    enum severity severity;
    const char *description;
} catalogue[N_FINDING_IDS] = {
#define FINDING(symbol, word, severity, description)                                               \
    [FINDING_##symbol] = {(word), (severity), (description)},
#include "base/findings.def"
#undef FINDING
};

void diag_init(struct diag *d, struct arena *a)
{
    *d = (struct diag){.arena = a};
    for (int id = 0; id < N_FINDING_IDS; id++) {
        d->severity[id] = catalogue[id].severity;
    }
}

enum diag_set diag_set_severity(struct diag *d, const char *word, enum severity severity)
{
    for (int id = 0; id < N_FINDING_IDS; id++) {
        if (strcmp(catalogue[id].word, word) != 0) {
            continue;
        }
        if (catalogue[id].severity == SEVERITY_ERROR && severity != SEVERITY_ERROR) {
            return DIAG_STAYS_ERROR;
        }
        d->severity[id] = severity;
        return DIAG_SET;
    }
    return DIAG_NO_SUCH_ID;
}

const char *finding_word(enum finding_id id) { return catalogue[id].word; }

const char *finding_description(enum finding_id id) { return _(catalogue[id].description); }

/* There are few sources: one per file. The last one is most often asked for. */
static uint32_t source_number(struct diag *d, const struct source *source)
{
    if (source == NULL) {
        return UINT32_MAX;
    }
    for (uint32_t i = d->sources.n; i-- > 0;) {
        if (d->sources.at[i] == source) {
            return i;
        }
    }
    *vec_push(d->arena, &d->sources) = source;
    return d->sources.n - 1;
}

static const char *format_safe(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static const char *format_safe(struct arena *a, const char *format, va_list args)
{
    const char *text = arena_vprintf(a, format, args);
    return text_safe(a, str_of(text));
}

/* Counts it, and says whether it is to be kept. */
static bool count(struct diag *d, enum finding_id id)
{
    if (d->severity[id] == SEVERITY_IGNORE) {
        return false;
    }
    if (d->severity[id] == SEVERITY_ERROR) {
        d->n_errors++;
    } else {
        d->n_warnings++;
    }
    if (d->n_kept[id] < KEPT_MOST) {
        d->n_kept[id]++;
        return true;
    }
    d->n_only_counted[id]++;
    return false;
}

/* NULL if findings of that id are ignored or too many. */
static struct finding *add(struct diag *d, enum finding_id id, span at)
{
    d->last = NULL; /* so that a hint to an ignored one goes nowhere */
    if (!count(d, id)) {
        return NULL;
    }
    struct finding *f = ARENA_NEW(d->arena, struct finding);
    *f = (struct finding){.id = id,
                          .severity = d->severity[id],
                          .source = source_number(d, at.source),
                          .number = d->findings.n,
                          .at = at};
    *vec_push(d->arena, &d->findings) = f;
    d->last = f;
    return f;
}

void diag_add(struct diag *d, enum finding_id id, span at, const char *format, ...)
{
    struct finding *f = add(d, id, at);
    if (!f) {
        return;
    }
    va_list args;
    va_start(args, format);
    f->text = format_safe(d->arena, format, args);
    va_end(args);
}

void diag_note_all(struct diag *d, uint32_t from, span at, const char *text)
{
    const char *safe = text_safe(d->arena, str_of(text));
    for (uint32_t i = from; i < d->findings.n; i++) {
        struct finding *f = d->findings.at[i];
        *vec_push(d->arena, &f->notes) = (struct note){at, safe};
    }
}

void diag_included(struct diag *d, const struct source *s, span from, const char *text)
{
    *vec_push(d->arena, &d->included) =
        (struct included){s, {from, text_safe(d->arena, str_of(text))}};
}

void diag_hint(struct diag *d, const char *format, ...)
{
    if (d->last == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    d->last->hint = format_safe(d->arena, format, args);
    va_end(args);
}

void diag_note(struct diag *d, span at, const char *format, ...)
{
    if (d->last == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    struct note *note = vec_push(d->arena, &d->last->notes);
    *note = (struct note){at, format_safe(d->arena, format, args)};
    va_end(args);
}

void diag_did_you_mean(struct diag *d, const char *name)
{
    if (name != NULL) {
        diag_hint(d, _("did you mean '%s'?"), name);
    }
}

bool diag_has(const struct diag *d, enum finding_id id) { return d->n_kept[id] > 0; }

/* ---- between processes ---- */

void diag_pack(const struct diag *from, struct buf *out)
{
    pack_u32(out, from->findings.n);
    for (uint32_t i = 0; i < from->findings.n; i++) {
        const struct finding *f = from->findings.at[i];
        pack_u32(out, f->id);
        pack_span(out, f->at);
        pack_text(out, f->text);
        pack_text(out, f->hint);
        pack_u32(out, f->notes.n);
        for (uint32_t k = 0; k < f->notes.n; k++) {
            pack_span(out, f->notes.at[k].at);
            pack_text(out, f->notes.at[k].text);
        }
    }
}

void diag_unpack(struct diag *into, struct unpack *u)
{
    uint32_t n = unpack_u32(u);
    for (uint32_t i = 0; i < n && !u->broken; i++) {
        uint32_t id = unpack_u32(u);
        span at = unpack_span(u);
        struct finding ignored = {0};
        struct finding *f = id < N_FINDING_IDS ? add(into, (enum finding_id)id, at) : NULL;
        struct finding *to = f ? f : &ignored;
        to->text = unpack_text(u, into->arena);
        to->hint = unpack_text(u, into->arena);
        uint32_t n_notes = unpack_u32(u);
        for (uint32_t k = 0; k < n_notes && !u->broken; k++) {
            struct note *note = vec_push(into->arena, &to->notes);
            note->at = unpack_span(u);
            note->text = unpack_text(u, into->arena);
        }
    }
}

static int by_place(const void *left, const void *right)
{
    const struct finding *a = *(struct finding *const *)left, *b = *(struct finding *const *)right;
    if (a->source != b->source) {
        return a->source < b->source ? -1 : 1;
    }
    if (a->at.offset != b->at.offset) {
        return a->at.offset < b->at.offset ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

/* Findings at one offset stand together; a duplicate has an equal one before it among them. */
static bool is_duplicate(struct finding *const *sorted, uint32_t i)
{
    const struct finding *f = sorted[i];
    for (uint32_t k = i; k-- > 0;) {
        const struct finding *other = sorted[k];
        if (other->source != f->source || other->at.offset != f->at.offset || i - k > SHOWN_MOST) {
            return false;
        }
        if (other->id == f->id && other->at.length == f->at.length &&
            strcmp(other->text, f->text) == 0) {
            return true;
        }
    }
    return false;
}

/* The findings to show in their order, *n of them, in arena a. */
static struct finding **in_order(const struct diag *d, struct arena *a, uint32_t *n)
{
    struct finding **sorted = ARENA_ARRAY(a, struct finding *, d->findings.n);
    struct finding **kept = ARENA_ARRAY(a, struct finding *, d->findings.n);
    if (d->findings.n > 0) {
        memcpy(sorted, d->findings.at, sizeof *sorted * d->findings.n);
    }
    qsort(sorted, d->findings.n, sizeof(*sorted), by_place);
    *n = 0;
    for (uint32_t i = 0; i < d->findings.n; i++) {
        if (!is_duplicate(sorted, i)) {
            kept[(*n)++] = sorted[i];
        }
    }
    return kept;
}

/* What a kind of message is called, and how it is coloured. */
struct kind {
    const char *word;
    const char *color;
};

static const struct kind error_kind = {N_("error"), "\033[1;31m"};
static const struct kind warning_kind = {N_("warning"), "\033[1;35m"};
static const struct kind note_kind = {N_("note"), "\033[1;36m"};

/* How findings are to look, passed along while printing. */
struct printing {
    struct arena *arena;
    struct buf *out;
    bool color;
    int width;
};

static void put_colored(const struct printing *p, const char *color, const char *text)
{
    if (p->color) {
        buf_text(p->out, color);
    }
    buf_text(p->out, text);
    if (p->color) {
        buf_text(p->out, "\033[0m");
    }
}

/* "units.csv:14:7: error: TEXT", without the line end. */
static void put_headline(const struct printing *p, span at, const struct kind *kind,
                         const char *text)
{
    const char *place = span_text(p->arena, at);
    if (*place != '\0') {
        put_colored(p, "\033[1m", arena_printf(p->arena, "%s: ", place));
    }
    put_colored(p, kind->color, arena_printf(p->arena, _("%s: "), _(kind->word)));
    buf_text(p->out, text);
}

static void put_excerpt(const struct printing *p, span at, const struct kind *kind)
{
    if (at.source == NULL || (at.offset == 0 && at.length == 0)) {
        return;
    }
    struct excerpt excerpt = {0};
    excerpt_make(&excerpt, at, p->width);
    buf_text(p->out, excerpt.line.at);
    put_colored(p, kind->color, excerpt.caret.at);
    buf_char(p->out, '\n');
    excerpt_release(&excerpt);
}

static void put_finding(const struct printing *p, const struct finding *f)
{
    const struct kind *kind = f->severity == SEVERITY_ERROR ? &error_kind : &warning_kind;
    put_headline(p, f->at, kind, f->text);
    buf_printf(p->out, " [%s]\n", finding_word(f->id));
    put_excerpt(p, f->at, kind);
    if (f->hint != NULL) {
        buf_printf(p->out, _("   hint: %s\n"), f->hint);
    }
    for (uint32_t i = 0; i < f->notes.n; i++) {
        put_headline(p, f->notes.at[i].at, &note_kind, f->notes.at[i].text);
        buf_char(p->out, '\n');
    }
}

/* Behind the first finding in a file that the user may not have named. */
static void put_included(struct diag *d, const struct printing *p, const struct source *s)
{
    for (uint32_t i = 0; i < d->included.n; i++) {
        const struct note *note = &d->included.at[i].note;
        if (s != NULL && d->included.at[i].source == s) {
            put_headline(p, note->at, &note_kind, note->text);
            buf_char(p->out, '\n');
            d->included.at[i].source = NULL;
        }
    }
}

void diag_print(struct diag *d, struct buf *out, bool color)
{
    struct arena a = {0};
    uint32_t n, total[N_FINDING_IDS] = {0}, shown[N_FINDING_IDS] = {0};
    struct finding **sorted = in_order(d, &a, &n);
    int width = sys_terminal_width();
    struct printing p = {&a, out, color, width < WIDTH_MOST ? width : WIDTH_MOST};
    for (uint32_t i = 0; i < n; i++) {
        total[sorted[i]->id]++;
    }
    for (uint32_t i = 0; i < n; i++) {
        enum finding_id id = sorted[i]->id;
        if (shown[id] == SHOWN_MOST || (d->errors_only && sorted[i]->severity != SEVERITY_ERROR)) {
            continue;
        }
        put_finding(&p, sorted[i]);
        put_included(d, &p, sorted[i]->at.source);
        uint32_t more = total[id] + d->n_only_counted[id] - SHOWN_MOST;
        if (++shown[id] == SHOWN_MOST && more > 0) {
            buf_printf(out, _("and %u more of [%s]\n"), more, finding_word(id));
        }
    }
    arena_release(&a);
}

/* Findings are safe already: there is no control character left to escape. */
static void put_json_text(struct buf *out, const char *text)
{
    if (text == NULL) {
        buf_text(out, "null");
        return;
    }
    buf_char(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            buf_char(out, '\\');
        }
        buf_char(out, *p);
    }
    buf_char(out, '"');
}

static void put_json_place(struct arena *a, struct buf *out, span at)
{
    const char *path = at.source != NULL ? text_safe(a, str_of(at.source->name)) : NULL;
    buf_text(out, ", \"path\": ");
    put_json_text(out, path);
    if (at.source == NULL || (at.offset == 0 && at.length == 0)) {
        buf_text(out, ", \"line\": null, \"column\": null");
        return;
    }
    struct position position = source_position(at.source, at.offset);
    buf_printf(out, ", \"line\": %u, \"column\": %u", position.line, position.column);
}

static void put_json_finding(struct arena *a, struct buf *out, const struct finding *f)
{
    buf_printf(out, "{\"id\": \"%s\", \"severity\": \"%s\"", finding_word(f->id),
               f->severity == SEVERITY_ERROR ? error_kind.word : warning_kind.word);
    put_json_place(a, out, f->at);
    buf_text(out, ", \"text\": ");
    put_json_text(out, f->text);
    buf_text(out, ", \"hint\": ");
    put_json_text(out, f->hint);
    buf_char(out, '}');
}

void diag_json(struct diag *d, struct buf *out)
{
    struct arena a = {0};
    uint32_t n;
    struct finding **sorted = in_order(d, &a, &n);
    buf_char(out, '[');
    for (uint32_t i = 0; i < n; i++) {
        buf_text(out, i > 0 ? ",\n " : "\n ");
        put_json_finding(&a, out, sorted[i]);
    }
    buf_text(out, n > 0 ? "\n]\n" : "]\n");
    arena_release(&a);
}

uint32_t diag_find_error(const struct diag *d, uint32_t from, const char *text)
{
    for (uint32_t i = from; i < d->findings.n; i++) {
        const struct finding *f = d->findings.at[i];
        if (f->severity == SEVERITY_ERROR &&
            (!text || strcmp(finding_word(f->id), text) == 0 || strstr(f->text, text))) {
            return i;
        }
    }
    return FINDING_NONE;
}

const char *diag_text_of(const struct diag *d, uint32_t number)
{
    const struct finding *f = d->findings.at[number];
    const char *place = span_text(d->arena, f->at), *word = finding_word(f->id);
    return *place ? arena_printf(d->arena, "%s (%s) [%s]", f->text, place, word)
                  : arena_printf(d->arena, "%s [%s]", f->text, word);
}

enum finding_id diag_id_of(const struct diag *d, uint32_t number)
{
    return d->findings.at[number]->id;
}

void diag_take_back(struct diag *d, uint32_t number)
{
    struct finding *f = d->findings.at[number];
    uint32_t *n = f->severity == SEVERITY_ERROR ? &d->n_errors : &d->n_warnings;
    (*n)--;
    d->n_kept[f->id]--;
    d->last = d->last == f ? NULL : d->last;
    d->findings.n--;
    memmove(&d->findings.at[number], &d->findings.at[number + 1],
            sizeof *d->findings.at * (d->findings.n - number));
}

const char *diag_last_text(const struct diag *d)
{
    if (d->last == NULL) {
        return NULL;
    }
    const char *place = span_text(d->arena, d->last->at);
    return *place ? arena_printf(d->arena, "%s: %s", place, d->last->text) : d->last->text;
}
