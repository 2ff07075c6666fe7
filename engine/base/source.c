/*
 * source.c - an input kept whole, and places in it.
 *
 * Lines and columns are found by walking over the text. So that thousands of findings in a large
 * file do not walk it thousands of times, a source keeps the place asked for last and, as far as it
 * was walked at all, some places evenly spread:
 *
 *   text     |--------|--------|--------|--------|
 *   known    0        1        2            not yet walked
 *                         ^ last            a walk starts at the nearest one before
 *
 * The room for them is part of the source from the start: an arena may be reset between two
 * questions.
 */
#include "base/source.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/i18n.h"
#include "base/sys.h"

#include <string.h>

/* A character's place; line_start as in struct position. */
struct place {
    size_t offset, line_start;
    uint32_t line, column;
};

#define N_KNOWN 128

struct source_places {
    struct place last, known[N_KNOWN];
    size_t n_known;
    size_t line_start, line_end; /* of the last line whose end was looked for; both 0: none */
};

static const struct place start_of_text = {0, 0, 1, 1};

/* Moves on by one character, to a new line behind LF, CR LF or CR. */
static void step(const struct source *s, struct place *p)
{
    uint32_t c;
    char byte = s->text[p->offset];
    size_t size =
        (unsigned char)byte < 0x80 ? 1 : utf8_decode(s->text + p->offset, s->n - p->offset, &c);
    p->offset += size > 0 ? size : 1;
    if (byte == '\r' && p->offset < s->n && s->text[p->offset] == '\n') {
        return; /* the line ends with the LF, and CR is no column of it */
    }
    p->column++;
    if (byte == '\n' || byte == '\r') {
        p->line++;
        p->column = 1;
        p->line_start = p->offset;
    }
}

/* To the character that the offset belongs to. */
static void walk(const struct source *s, struct place *p, size_t offset)
{
    while (p->offset < offset) {
        struct place before = *p;
        step(s, p);
        if (p->offset > offset) {
            *p = before;
            return;
        }
    }
}

/* Walks to the offset beyond what is known, noting the places on the way. */
static void explore(const struct source *s, size_t spacing, size_t offset)
{
    struct source_places *places = s->places;
    struct place p = places->n_known > 0 ? places->known[places->n_known - 1] : start_of_text;
    while (places->n_known < N_KNOWN && places->n_known * spacing <= offset) {
        walk(s, &p, places->n_known * spacing);
        places->known[places->n_known++] = p;
    }
}

static struct place nearest_known(const struct source *s, size_t offset)
{
    struct source_places *places = s->places;
    struct place found = start_of_text;
    size_t spacing = s->n / N_KNOWN;
    if (spacing > 0) {
        explore(s, spacing, offset);
        size_t i = offset / spacing;
        found = places->known[i < N_KNOWN ? i : N_KNOWN - 1];
    }
    if (places->last.offset <= offset && places->last.offset > found.offset) {
        found = places->last;
    }
    return found;
}

static size_t find_line_end(const struct source *s, size_t from)
{
    const char *start = s->text + from;
    size_t n = s->n - from;
    const char *end = memchr(start, '\n', n);
    if (end != NULL) {
        n = (size_t)(end - start);
    }
    const char *cr = memchr(start, '\r', n);
    return from + (cr != NULL ? (size_t)(cr - start) : n);
}

static size_t line_end(const struct source *s, size_t line_start)
{
    struct source_places *places = s->places;
    if (places == NULL) {
        return find_line_end(s, line_start);
    }
    if (places->line_end == 0 || places->line_start != line_start) {
        places->line_start = line_start;
        places->line_end = find_line_end(s, line_start);
    }
    return places->line_end;
}

struct position source_position(const struct source *s, size_t offset)
{
    if (offset > s->n) {
        offset = s->n;
    }
    struct place p = s->places != NULL ? nearest_known(s, offset) : start_of_text;
    walk(s, &p, offset);
    if (s->places != NULL) {
        s->places->last = p;
    }
    return (struct position){p.line, p.column, p.line_start, line_end(s, p.line_start)};
}

span span_part(span whole, size_t offset, size_t length)
{
    return (span){whole.source, whole.offset + offset, length};
}

const char *span_text(struct arena *a, span at)
{
    if (at.source == NULL) {
        return "";
    }
    const char *name = text_safe(a, str_of(at.source->name));
    if (at.offset == 0 && at.length == 0) {
        return name;
    }
    struct position position = source_position(at.source, at.offset);
    return arena_printf(a, "%s:%u:%u", name, position.line, position.column);
}

static struct source *new_source(struct arena *a, const char *name)
{
    struct source *s = ARENA_NEW(a, struct source);
    s->name = name;
    s->places = ARENA_NEW(a, struct source_places);
    return s;
}

struct source *source_from_text(struct arena *a, const char *name, const char *text, size_t n)
{
    struct source *s = new_source(a, name);
    s->text = text;
    s->n = n;
    digest_text(text, n, s->digest);
    return s;
}

/* What a file is that is taken for text by mistake; NULL if nothing known. */
static const char *binary_kind(const char *at, size_t n)
{
    str s = {at, n};
    if (str_starts(s, "PK\003\004")) {
        return _("this looks like a workbook (.xlsx) or another ZIP file, not a text");
    }
    if (str_starts(s, "\xd0\xcf\x11\xe0")) {
        return _("this looks like an old or encrypted workbook (.xls), not a text");
    }
    if (str_starts(s, "%PDF-")) {
        return _("this looks like a PDF file, not a text");
    }
    return NULL;
}

/* Bytes that next to no text has. UTF-16 has many of them, but is then known by its mark. */
static bool looks_binary(const char *at, size_t n)
{
    size_t looked_at = n < 65536 ? n : 65536, controls = 0;
    for (size_t i = 0; i < looked_at; i++) {
        unsigned char c = (unsigned char)at[i];
        controls += c == 0x7f || (c < 0x20 && (c < '\t' || c > '\r') && c != 0x1b);
    }
    return controls > 2 && controls > looked_at / 50;
}

/* Whether a finding says that the file is no text at all: then a byte of it is of no interest. */
static bool report_binary(struct diag *d, enum finding_id id, const struct source *s,
                          const char *raw, size_t n, const char *encoding)
{
    if (binary_kind(raw, n) != NULL || strncmp(encoding, "UTF-16", 6) == 0 ||
        !looks_binary(raw, n)) {
        return false;
    }
    diag_add(d, id, (span){s, 0, 0}, _("this is not a text file"));
    return true;
}

/* The source of such a finding is the text before the bad byte, so that its line and column are
 * right in any encoding. */
static void report_bad(struct diag *d, const struct source *s, const char *raw, size_t n,
                       const struct decoding *got)
{
    if (report_binary(d, FINDING_BAD_ENCODING, s, raw, n, got->encoding)) {
        return;
    }
    unsigned byte = got->bad < n ? (unsigned char)raw[got->bad] : 0;
    diag_add(d, FINDING_BAD_ENCODING, (span){s, s->n, 1}, _("byte 0x%02x is not valid %s"), byte,
             got->encoding);
    const char *kind = binary_kind(raw, n);
    if (kind != NULL) {
        diag_hint(d, "%s", kind);
    } else {
        diag_hint(d, _("if the file is in another encoding, name it, as in --encoding=gb18030"));
    }
}

static void report_nul(struct diag *d, const struct source *s, const char *raw, size_t n,
                       const char *encoding)
{
    if (report_binary(d, FINDING_NUL_CHARACTER, s, raw, n, encoding)) {
        return;
    }
    const char *nul = memchr(s->text, '\0', s->n);
    diag_add(d, FINDING_NUL_CHARACTER, (span){s, (size_t)(nul - s->text), 1},
             _("a NUL character, which no text contains"));
    const char *kind = binary_kind(raw, n);
    if (kind != NULL) {
        diag_hint(d, "%s", kind);
    }
}

struct source *source_from_bytes(struct arena *a, struct diag *d, const char *name,
                                 const char *bytes, size_t n, const char *encoding)
{
    struct source *s = new_source(a, name);
    digest_text(bytes, n, s->digest);
    s->bytes = bytes;
    s->n_bytes = n;
    struct decoding got;
    bool decoded = encoding_decode(a, bytes, n, encoding, &got);
    s->text = got.text;
    s->n = got.n;
    if (!decoded) {
        report_bad(d, s, bytes, n, &got);
    } else if (memchr(s->text, '\0', s->n) != NULL) {
        report_nul(d, s, bytes, n, got.encoding);
    } else {
        return s;
    }
    return NULL;
}

struct source *source_read(struct arena *a, struct diag *d, const char *path, const char *encoding)
{
    if (encoding != NULL && !encoding_exists(encoding)) {
        sys_fail(_("there is no encoding '%s'"), encoding);
    }
    size_t n;
    const char *bytes = sys_read(a, path, &n);
    const char *name = strcmp(path, "-") == 0 ? "<stdin>" : path;
    return source_from_bytes(a, d, name, bytes, n, encoding);
}

const struct source *source_on_shelf(const struct source_shelf *shelf, str file)
{
    for (uint32_t i = 0; i < shelf->files.n; i++) {
        if (str_is(file, shelf->files.at[i]->name)) {
            return shelf->files.at[i];
        }
    }
    for (uint32_t i = 0; i < shelf->files.n; i++) {
        const char *name = shelf->files.at[i]->name, *slash = strrchr(name, '/');
        if (str_is(file, slash != NULL ? slash + 1 : name)) {
            return shelf->files.at[i];
        }
    }
    return NULL;
}
