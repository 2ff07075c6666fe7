/* part.c - see part.h. */
#include "bulk/part.h"

#include "base/digest.h"
#include "base/i18n.h"
#include "base/sys.h"
#include "bulk/gather.h"
#include "bulk/split.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "kaoping part\n"
#define ORDER UINT32_C(0x01020304) /* of bytes */
#define WHO_AM_I ((size_t)1 << 20) /* bytes at the data's beginning that tell them from others */

struct head {
    char magic[16], version[16];
    char rubric[DIGEST_TEXT], data[DIGEST_TEXT]; /* digests; of the data's beginning */
    uint32_t order, n_rubric_path, n_data_path;
    uint32_t shard, shards;
    uint32_t n_columns, n_fields, stride, n_asked, n_books, n_blocks;
    uint32_t rows_most, classes_most; /* of a block */
    uint64_t data_size, n_header;     /* of the text: all of it, and what stands before the rows */
    uint64_t begin, finish;           /* of the rows' text in the data */
};

struct shard_part {
    const struct source *source; /* for messages */
    struct sys_mapped file;
    struct head head;
    const char *rubric_path, *data_path;
    const char *header, *rows_text; /* as long as the head says */
    const char *rest;               /* books, blocks, rows */
    size_t n_rest;
};

void shard_range(struct store *s, const struct shard *shard)
{
    uint64_t n = s->source->n - s->from;
    s->begin = s->from + (size_t)(n * (shard->number - 1) / shard->of);
    s->finish = s->from + (size_t)(n * shard->number / shard->of);
}

static void digest_beginning(const char *text, size_t n, char out[DIGEST_TEXT])
{
    digest_text(text, n < WHO_AM_I ? n : WHO_AM_I, out);
}

/* ---- writing ---- */

struct writing {
    struct sys_output output;
    struct digest digest;
};

static void put(struct writing *w, const void *at, size_t n)
{
    if (n > 0) {
        sys_output_add(&w->output, at, n);
        digest_add(&w->digest, at, n);
    }
}

static void put_u32(struct writing *w, uint32_t n) { put(w, &n, sizeof n); }

static void put_blocks(struct writing *w, const struct store *s)
{
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        const struct block *block = &s->blocks[b];
        const struct class_figures *figures =
            s->figures + (size_t)b * s->n_asked * s->classes_a_block;
        put_u32(w, block->n_rows);
        put_u32(w, block->book);
        put_u32(w, block->n_classes);
        put(w, s->classes + (size_t)b * s->classes_a_block, sizeof *s->classes * block->n_classes);
        for (uint32_t i = 0; i < s->n_asked; i++) {
            put(w, figures + (size_t)i * s->classes_a_block, sizeof *figures * block->n_classes);
        }
        put(w, store_row(s, (uint64_t)b * s->rows_a_block), (size_t)block->n_rows * s->stride);
    }
}

void part_write(const struct store *s, const struct shard *shard, const char *version,
                const char *rubric, const char *path)
{
    const struct source *data = s->source;
    uint32_t n_books = atomic_load(s->n_books);
    struct head head = {.order = ORDER,
                        .n_rubric_path = (uint32_t)strlen(rubric),
                        .n_data_path = (uint32_t)strlen(data->name),
                        .shard = shard->number,
                        .shards = shard->of,
                        .n_columns = s->n_columns,
                        .n_fields = s->n_fields,
                        .stride = s->stride,
                        .n_asked = s->n_asked,
                        .n_books = n_books < s->n_books_most ? n_books : s->n_books_most,
                        .n_blocks = s->n_blocks,
                        .data_size = data->n,
                        .n_header = s->from,
                        .begin = store_row_from(s, s->begin),
                        .finish = store_row_from(s, s->finish)};
    struct writing w;
    char digest[DIGEST_TEXT];
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        const struct block *block = &s->blocks[b];
        head.rows_most = block->n_rows > head.rows_most ? block->n_rows : head.rows_most;
        head.classes_most =
            block->n_classes > head.classes_most ? block->n_classes : head.classes_most;
    }
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    strncpy(head.version, version, sizeof head.version - 1);
    memcpy(head.rubric, s->rubric->digest, sizeof head.rubric);
    digest_beginning(data->text, data->n, head.data);
    sys_output_open(&w.output, path);
    digest_start(&w.digest);
    put(&w, &head, sizeof head);
    put(&w, rubric, head.n_rubric_path);
    put(&w, data->name, head.n_data_path);
    put(&w, data->text, head.n_header);
    put(&w, data->text + head.begin, (size_t)(head.finish - head.begin));
    for (uint32_t k = 0; k < head.n_books; k++) {
        for (uint32_t i = 0; i < s->n_fields; i++) {
            uint32_t n = s->n_entries[(size_t)k * s->n_fields + i];
            put_u32(&w, n);
            put(&w, store_entries(s, k, i), sizeof(struct entry) * n);
        }
    }
    put_blocks(&w, s);
    digest_end(&w.digest, digest);
    sys_output_add(&w.output, digest, sizeof digest);
    sys_output_done(&w.output);
}

/* ---- opening ---- */

static void refuse(struct diag *d, const struct shard_part *p, const char *text)
{
    diag_add(d, FINDING_PART_REFUSED, (span){p->source, 0, 0}, "%s", text);
}

/* The next n bytes; NULL: there are not so many. */
static const char *take(const char **at, size_t *left, uint64_t n)
{
    const char *taken = *at;
    if (n > *left) {
        return NULL;
    }
    *at += n;
    *left -= (size_t)n;
    return taken;
}

static bool read_head(struct arena *a, struct diag *d, const char *version, struct shard_part *p)
{
    const char *at = p->file.at;
    size_t left = p->file.n;
    const struct head *h = &p->head;
    char digest[DIGEST_TEXT] = {0};
    if (left < sizeof *h + sizeof digest || memcmp(at, MAGIC, sizeof MAGIC) != 0) {
        refuse(d, p, _("this is no part of a run: score --shard writes one"));
        return false;
    }
    left -= sizeof digest;
    digest_text(at, left, digest);
    memcpy(&p->head, take(&at, &left, sizeof *h), sizeof *h);
    p->head.version[sizeof h->version - 1] = p->head.rubric[sizeof h->rubric - 1] = '\0';
    if (strcmp(h->version, version) != 0 || h->order != ORDER) {
        diag_add(d, FINDING_PART_REFUSED, (span){p->source, 0, 0},
                 _("it was made by kaoping %s, this is %s"), h->version, version);
        return false;
    }
    const char *rubric = take(&at, &left, h->n_rubric_path);
    const char *data = rubric ? take(&at, &left, h->n_data_path) : NULL;
    p->header = data ? take(&at, &left, h->n_header) : NULL;
    bool sane = h->begin <= h->finish && h->finish <= h->data_size && h->n_header <= h->data_size &&
                h->data_size < SIZE_MAX / 4 && h->shard >= 1 && h->shard <= h->shards;
    p->rows_text = p->header && sane ? take(&at, &left, h->finish - h->begin) : NULL;
    if (!p->rows_text ||
        memcmp(p->file.at + p->file.n - sizeof digest, digest, sizeof digest) != 0) {
        refuse(d, p, _("it is damaged: make this shard again"));
        return false;
    }
    p->rubric_path = arena_text(a, rubric, h->n_rubric_path);
    p->data_path = arena_text(a, data, h->n_data_path);
    p->rest = at;
    p->n_rest = left;
    return true;
}

struct shard_part *part_open(struct arena *a, struct diag *d, const char *version, const char *path)
{
    struct shard_part *p = ARENA_NEW(a, struct shard_part);
    p->source = source_from_text(a, path, "", 0);
    if (!sys_map(&p->file, path, 1)) {
        refuse(d, p, _("it cannot be read, or is no file"));
        return NULL;
    }
    if (!read_head(a, d, version, p)) {
        part_close(p);
        return NULL;
    }
    return p;
}

void part_close(struct shard_part *p) { sys_unmap(&p->file); }

const char *part_rubric(const struct shard_part *p) { return p->rubric_path; }

/* ---- which belong together ---- */

static int by_shard(const void *a, const void *b)
{
    const struct shard_part *x = *(struct shard_part *const *)a,
                            *y = *(struct shard_part *const *)b;
    return (x->head.shard > y->head.shard) - (x->head.shard < y->head.shard);
}

static bool same_run(struct diag *d, const struct rubric *r, const struct shard_part *p,
                     const struct shard_part *first)
{
    const struct head *h = &p->head, *f = &first->head;
    if (strcmp(h->rubric, r->digest) != 0) {
        diag_add(d, FINDING_PART_REFUSED, (span){p->source, 0, 0},
                 _("it was scored by another rubric than %s"), r->source->name);
    } else if (memcmp(h->data, f->data, sizeof h->data) != 0 || h->data_size != f->data_size ||
               h->n_header != f->n_header) {
        diag_add(d, FINDING_PART_REFUSED, (span){p->source, 0, 0},
                 _("it is of other data (%s) than %s"), p->data_path, first->source->name);
    } else if (h->shards != f->shards) {
        diag_add(d, FINDING_PART_REFUSED, (span){p->source, 0, 0},
                 _("it is shard %u of %u, and %s is one of %u"), h->shard, h->shards,
                 first->source->name, f->shards);
    } else {
        return true;
    }
    return false;
}

/* All of one run, in order, none missing or twice. */
static bool all_there(struct diag *d, const struct rubric *r, struct shard_part **parts, uint32_t n)
{
    bool fine = true;
    for (uint32_t i = 0; i < n; i++) {
        fine = same_run(d, r, parts[i], parts[0]) && fine;
    }
    if (!fine) {
        return false;
    }
    qsort(parts, n, sizeof *parts, by_shard);
    for (uint32_t i = 1; i < n; i++) {
        if (parts[i]->head.shard == parts[i - 1]->head.shard) {
            diag_add(d, FINDING_PART_REFUSED, (span){parts[i]->source, 0, 0},
                     _("shard %u is there twice, also as %s"), parts[i]->head.shard,
                     parts[i - 1]->source->name);
            return false;
        }
    }
    uint32_t wanted = 1;
    for (uint32_t i = 0; i < n && parts[i]->head.shard == wanted; i++) {
        wanted++;
    }
    if (wanted <= parts[0]->head.shards) {
        diag_add(d, FINDING_PART_REFUSED, (span){0}, _("shard %u of %u is missing"), wanted,
                 parts[0]->head.shards);
        return false;
    }
    uint64_t at = parts[0]->head.n_header;
    for (uint32_t i = 0; i < n; i++) {
        if (parts[i]->head.begin != at) {
            refuse(d, parts[i], _("its rows do not follow those of the shard before"));
            return false;
        }
        at = parts[i]->head.finish;
    }
    return true;
}

/* ---- joining ---- */

static const struct source *joined_text(struct arena *a, struct shard_part **parts, uint32_t n)
{
    const struct head *first = &parts[0]->head;
    char *text = arena_alloc(a, (size_t)first->data_size + SPLIT_AHEAD);
    struct source *s = ARENA_NEW(a, struct source);
    memcpy(text, parts[0]->header, (size_t)first->n_header);
    for (uint32_t i = 0; i < n; i++) {
        const struct head *h = &parts[i]->head;
        memcpy(text + h->begin, parts[i]->rows_text, (size_t)(h->finish - h->begin));
    }
    *s = (struct source){
        .name = parts[0]->data_path, .text = text, .n = (size_t)first->data_size, .bytes = text};
    return s;
}

/* Where the next block stands, and where the next book. */
struct joining {
    struct store *store;
    uint32_t block, book;
};

static bool take_u32(const char **at, size_t *left, uint32_t *out)
{
    const char *bytes = take(at, left, sizeof *out);
    if (bytes) {
        memcpy(out, bytes, sizeof *out);
    }
    return bytes != NULL;
}

static bool join_books(const struct joining *j, const struct shard_part *p, const char **at,
                       size_t *left)
{
    struct store *s = j->store;
    for (uint32_t k = 0; k < p->head.n_books; k++) {
        for (uint32_t i = 0; i < s->n_fields; i++) {
            uint32_t n;
            const char *entries = take_u32(at, left, &n) && n <= CODES_MOST
                                      ? take(at, left, (uint64_t)sizeof(struct entry) * n)
                                      : NULL;
            if (!entries) {
                return false;
            }
            s->n_entries[(size_t)(j->book + k) * s->n_fields + i] = n;
            memcpy(store_entries(s, j->book + k, i), entries, sizeof(struct entry) * n);
        }
    }
    return true;
}

/* Whether the row can be read without looking elsewhere than it may. */
static bool row_is_sane(const struct store *s, const struct block *block,
                        const struct shard_part *p, const char *row)
{
    struct packed head;
    memcpy(&head, row, sizeof head);
    bool again = (head.flags & ROW_AGAIN) != 0;
    bool sane = head.offset >= p->head.begin && head.offset < p->head.finish &&
                head.class < block->n_classes && head.flags <= (ROW_AGAIN | ROW_QUOTED);
    uint64_t left = sane ? p->head.finish - head.offset : 0;
    sane = sane && (head.n_id == NAMES_FAR || ((uint64_t)head.id_at + head.n_id <= left &&
                                               (uint64_t)head.name_at + head.n_name <= left));
    for (uint32_t i = 0; i < s->n_fields && sane; i++) {
        uint16_t code;
        if (!s->fields[i].numbers) {
            memcpy(&code, row + s->fields[i].at, sizeof code);
            sane = code < s->n_entries[(size_t)block->book * s->n_fields + i] ||
                   (again && code == CODE_AGAIN);
        }
    }
    return sane;
}

static bool join_block(struct joining *j, const struct shard_part *p, const char **at, size_t *left)
{
    struct store *s = j->store;
    uint32_t b = j->block++;
    struct block *block = &s->blocks[b];
    if (!take_u32(at, left, &block->n_rows) || !take_u32(at, left, &block->book) ||
        !take_u32(at, left, &block->n_classes) || block->n_rows > s->rows_a_block ||
        block->book >= p->head.n_books || block->n_classes > s->classes_a_block) {
        return false;
    }
    block->book += j->book;
    struct class_text *classes = s->classes + (size_t)b * s->classes_a_block;
    const char *texts = take(at, left, (uint64_t)sizeof *classes * block->n_classes);
    if (!texts) {
        return false;
    }
    memcpy(classes, texts, sizeof *classes * block->n_classes);
    for (uint32_t i = 0; i < block->n_classes; i++) {
        if (classes[i].offset > s->source->n || classes[i].n > s->source->n - classes[i].offset) {
            return false;
        }
    }
    for (uint32_t i = 0; i < s->n_asked; i++) {
        struct class_figures *to = s->figures + ((size_t)b * s->n_asked + i) * s->classes_a_block;
        const char *figures = take(at, left, (uint64_t)sizeof *to * block->n_classes);
        if (!figures) {
            return false;
        }
        memcpy(to, figures, sizeof *to * block->n_classes);
    }
    char *rows = store_row(s, (uint64_t)b * s->rows_a_block);
    const char *packed = take(at, left, (uint64_t)block->n_rows * s->stride);
    if (!packed) {
        return false;
    }
    memcpy(rows, packed, (size_t)block->n_rows * s->stride);
    for (uint32_t i = 0; i < block->n_classes; i++) {
        classes[i].n_rows = 0;
    }
    for (uint32_t i = 0; i < block->n_rows; i++) {
        struct packed head;
        if (!row_is_sane(s, block, p, rows + (size_t)i * s->stride)) {
            return false;
        }
        memcpy(&head, rows + (size_t)i * s->stride, sizeof head);
        classes[head.class].n_rows++;
        head.book = (uint16_t)block->book;
        memcpy(rows + (size_t)i * s->stride, &head, sizeof head);
    }
    return true;
}

/* How large the largest block of the parts is, as they say: what is there is held against it. */
static void measure(struct shard_part **parts, uint32_t n, struct room *room)
{
    *room = (struct room){.rows_a_block = 1, .classes_a_block = 1, .rows = true};
    for (uint32_t i = 0; i < n; i++) {
        const struct head *h = &parts[i]->head;
        room->n_blocks += h->n_blocks;
        room->n_books += h->n_books;
        room->rows_a_block = h->rows_most > room->rows_a_block ? h->rows_most : room->rows_a_block;
        room->classes_a_block =
            h->classes_most > room->classes_a_block ? h->classes_most : room->classes_a_block;
    }
}

static bool join_part(struct joining *j, const struct shard_part *p)
{
    const char *at = p->rest;
    size_t left = p->n_rest;
    bool fine = join_books(j, p, &at, &left);
    for (uint32_t b = 0; b < p->head.n_blocks && fine; b++) {
        fine = join_block(j, p, &at, &left);
    }
    j->book += p->head.n_books;
    return fine && left == 0;
}

/* Each shard knows only its own. */
static bool ids_differ(struct diag *d, const struct store *s)
{
    struct arena scratch = {0};
    for (uint32_t b = 0; b < s->n_blocks; b++) {
        for (uint32_t i = 0; i < s->blocks[b].n_rows; i++) {
            struct packed head;
            memcpy(&head, store_row(s, (uint64_t)b * s->rows_a_block + i), sizeof head);
            str id = store_id(&scratch, s, &head);
            arena_reset(&scratch, (struct arena_mark){NULL, 0});
            if (!gather_put_id(s, id)) {
                diag_add(d, FINDING_PART_REFUSED, (span){0},
                         _("unit '%.*s' seems to stand in the data twice: let kaoping check say "
                           "more"),
                         (int)text_fit(id.at, id.n, 40), id.at);
                arena_release(&scratch);
                return false;
            }
        }
    }
    arena_release(&scratch);
    return true;
}

static bool same_layout(const struct store *s, const struct head *h)
{
    return s->n_columns == h->n_columns && s->n_fields == h->n_fields && s->stride == h->stride &&
           s->n_asked == h->n_asked && s->from == h->n_header && h->n_books <= BOOKS_MOST &&
           h->n_blocks <= STORE_BLOCKS_MOST && h->rows_most <= s->source->n &&
           h->classes_most <= CLASSES_MOST;
}

bool parts_join(struct store *s, struct arena *a, struct diag *d, const struct rubric *r,
                struct shard_part **parts, uint32_t n)
{
    struct room room;
    struct joining j = {.store = s};
    if (!all_there(d, r, parts, n)) {
        return false;
    }
    if (!store_open(s, a, d, r, joined_text(a, parts, n), true)) {
        refuse(d, parts[0], _("it is damaged: make this shard again"));
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!same_layout(s, &parts[i]->head)) {
            refuse(d, parts[i], _("it is damaged: make this shard again"));
            return false;
        }
    }
    measure(parts, n, &room);
    store_make_room(s, &room);
    for (uint32_t i = 0; i < n; i++) {
        if (!join_part(&j, parts[i])) {
            refuse(d, parts[i], _("it is damaged: make this shard again"));
            return false;
        }
    }
    return store_number(s) && ids_differ(d, s);
}
