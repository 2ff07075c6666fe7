/* record_pack.c - see record_pack.h. */
#include "store/record_pack.h"

#include "base/date.h"

#include <string.h>

/* ---- writing ---- */

static void put_number(struct buf *b, uint64_t n)
{
    while (n > 127) {
        buf_char(b, (char)(unsigned char)((n & 127) | 128));
        n >>= 7;
    }
    buf_char(b, (char)(unsigned char)n);
}

/* Small ones of either sign are short. */
static void put_signed(struct buf *b, int64_t n)
{
    put_number(b, n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1);
}

/* How many zeros were taken off the eight places, then what is left; 9: none. */
static void put_dec(struct buf *b, dec d)
{
    char zeros = 0;
    if (d == DEC_NONE) {
        buf_char(b, 9);
        return;
    }
    while (zeros < 8 && d % 10 == 0) {
        d /= 10;
        zeros++;
    }
    buf_char(b, zeros);
    put_signed(b, d);
}

/* RECORD_NONE, GRADE_NONE: 0. */
static void put_index(struct buf *b, uint32_t index)
{
    put_number(b, index == UINT32_MAX ? 0 : (uint64_t)index + 1);
}

static void put_text(struct buf *b, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    put_number(b, text ? n + 1 : 0);
    if (text) {
        buf_add(b, text, n + 1);
    }
}

/* ---- reading ---- */

struct reader {
    const unsigned char *at, *end;
    bool broken;
    struct arena *copies; /* texts are copied into it; NULL: they stay where they are */
};

static unsigned get_byte(struct reader *r)
{
    if (r->at >= r->end) {
        r->broken = true;
        return 0;
    }
    return *r->at++;
}

static uint64_t get_number(struct reader *r)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned byte = get_byte(r);
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return n;
        }
    }
    r->broken = true;
    return 0;
}

static int64_t get_signed(struct reader *r)
{
    uint64_t n = get_number(r);
    return n & 1 ? (int64_t) ~(n >> 1) : (int64_t)(n >> 1);
}

static dec get_dec(struct reader *r)
{
    unsigned zeros = get_byte(r);
    if (zeros == 9) {
        return DEC_NONE;
    }
    dec d = get_signed(r);
    r->broken = r->broken || zeros > 9;
    for (; zeros > 0 && !r->broken; zeros--) {
        r->broken = d > DEC_MAX / 10 || d < -(DEC_MAX / 10);
        d = r->broken ? 0 : d * 10;
    }
    return d;
}

static uint32_t get_u32(struct reader *r)
{
    uint64_t n = get_number(r);
    r->broken = r->broken || n > UINT32_MAX;
    return r->broken ? 0 : (uint32_t)n;
}

/* DATE_NONE is a number as well. */
static int32_t get_day(struct reader *r)
{
    int64_t day = get_signed(r);
    r->broken = r->broken || day < INT32_MIN || day > INT32_MAX;
    return r->broken ? DATE_NONE : (int32_t)day;
}

/* Below `most`, or none. */
static uint32_t get_index(struct reader *r, uint32_t most)
{
    uint32_t n = get_u32(r);
    r->broken = r->broken || n > most;
    return n == 0 || r->broken ? UINT32_MAX : n - 1;
}

/* How many things follow, of which each takes a byte at least. */
static uint32_t get_count(struct reader *r)
{
    uint32_t n = get_u32(r);
    if (n > (size_t)(r->end - r->at)) {
        r->broken = true;
    }
    return r->broken ? 0 : n;
}

static const char *get_text(struct reader *r)
{
    uint64_t n = get_number(r);
    if (n == 0 || r->broken) {
        return NULL;
    }
    const char *text = (const char *)r->at;
    if (n > (uint64_t)(r->end - r->at) || memchr(text, '\0', (size_t)n) != text + n - 1) {
        r->broken = true;
        return NULL;
    }
    r->at += n;
    return r->copies ? arena_text(r->copies, text, (size_t)n - 1) : text;
}

/* One that is never NULL. */
static const char *get_word(struct reader *r)
{
    const char *text = get_text(r);
    r->broken = r->broken || !text;
    return text ? text : "";
}

/* ---- the run ---- */

static void put_quota(struct buf *b, const struct quota_record *q)
{
    put_index(b, q->grade);
    put_text(b, q->group);
    put_number(b, q->ranked);
    put_number(b, q->seats);
    put_number(b, q->qualified);
    put_number(b, q->given);
    put_dec(b, q->share);
    put_dec(b, q->product);
    put_dec(b, q->rounded);
    buf_char(b, (char)q->all_in);
    put_number(b, q->tied.n);
    for (uint32_t i = 0; i < q->tied.n; i++) {
        put_text(b, q->tied.at[i]);
    }
}

static void get_quota(struct arena *a, struct reader *r, uint32_t n_grades, struct quota_record *q)
{
    q->grade = get_index(r, n_grades);
    r->broken = r->broken || q->grade == UINT32_MAX;
    q->group = get_text(r);
    q->ranked = get_u32(r);
    q->seats = get_u32(r);
    q->qualified = get_u32(r);
    q->given = get_u32(r);
    q->share = get_dec(r);
    q->product = get_dec(r);
    q->rounded = get_dec(r);
    q->all_in = get_byte(r) != 0;
    for (uint32_t i = 0, n = get_count(r); i < n && !r->broken; i++) {
        *vec_push(a, &q->tied) = get_word(r);
    }
}

static void put_waiver(struct buf *b, const struct waiver_record *w)
{
    put_text(b, w->unit);
    put_text(b, w->name);
    put_text(b, w->class_name);
    put_index(b, w->is.member);
    buf_char(b, (char)((w->is.effect == WAIVER_FULL) | w->is.expired << 1));
    put_signed(b, w->is.until);
    put_text(b, w->is.reason);
    put_text(b, w->is.approved_by);
}

void run_pack(struct buf *b, const struct run_record *run)
{
    put_text(b, run->digest);
    put_dec(b, run->total);
    put_signed(b, run->places_item);
    put_signed(b, run->places_section);
    put_signed(b, run->places_total);
    buf_char(b, (char)run->within_all);
    put_number(b, run->members.n);
    for (uint32_t i = 0; i < run->members.n; i++) {
        const struct member_record *m = &run->members.at[i];
        put_text(b, m->id);
        put_text(b, m->title);
        put_index(b, m->parent);
        buf_char(b, (char)(m->is_item | m->off << 1 | m->graded << 2));
    }
    put_index(b, run->bonus);
    put_index(b, run->deductions);
    put_number(b, run->gates.n);
    for (uint32_t i = 0; i < run->gates.n; i++) {
        put_text(b, run->gates.at[i].id);
        put_text(b, run->gates.at[i].title);
    }
    put_number(b, run->grades.n);
    for (uint32_t i = 0; i < run->grades.n; i++) {
        put_text(b, run->grades.at[i]);
    }
    put_number(b, run->quotas.n);
    for (uint32_t i = 0; i < run->quotas.n; i++) {
        put_quota(b, &run->quotas.at[i]);
    }
    put_number(b, run->waivers.n);
    for (uint32_t i = 0; i < run->waivers.n; i++) {
        put_waiver(b, &run->waivers.at[i]);
    }
    put_text(b, run->findings);
}

static void get_waiver(struct reader *r, const struct run_record *run, struct waiver_record *w)
{
    w->unit = get_word(r);
    w->name = get_word(r);
    w->class_name = get_word(r);
    w->is.member = get_index(r, run->members.n);
    r->broken = r->broken || w->is.member == RECORD_NONE;
    unsigned bits = get_byte(r);
    w->is.effect = bits & 1 ? WAIVER_FULL : WAIVER_NOT_APPLICABLE;
    w->is.expired = bits & 2;
    w->is.until = get_day(r);
    w->is.reason = get_word(r);
    w->is.approved_by = get_word(r);
}

static int get_places(struct reader *r)
{
    int64_t places = get_signed(r);
    r->broken = r->broken || places < DEC_EXACT || places > 8;
    return r->broken ? DEC_EXACT : (int)places;
}

static void get_members(struct arena *a, struct reader *r, struct run_record *run)
{
    for (uint32_t i = 0, n = get_count(r); i < n && !r->broken; i++) {
        struct member_record *m = vec_push(a, &run->members);
        m->id = get_word(r);
        m->title = get_text(r);
        m->parent = get_index(r, i); /* a parent stands before its members */
        unsigned bits = get_byte(r);
        m->is_item = bits & 1;
        m->off = bits & 2;
        m->graded = bits & 4;
        m->slot = m->is_item ? run->n_items++ : run->n_sections++;
    }
}

bool run_unpack(struct arena *a, const char *at, size_t n, struct run_record *run)
{
    struct reader r = {(const unsigned char *)at, (const unsigned char *)at + n, false, NULL};
    run->digest = get_text(&r);
    run->total = get_dec(&r);
    run->places_item = get_places(&r);
    run->places_section = get_places(&r);
    run->places_total = get_places(&r);
    run->within_all = get_byte(&r) != 0;
    get_members(a, &r, run);
    run->bonus = get_index(&r, run->members.n);
    run->deductions = get_index(&r, run->members.n);
    for (uint32_t i = 0, k = get_count(&r); i < k && !r.broken; i++) {
        struct gate_record *gate = vec_push(a, &run->gates);
        gate->id = get_word(&r);
        gate->title = get_text(&r);
    }
    for (uint32_t i = 0, k = get_count(&r); i < k && !r.broken; i++) {
        *vec_push(a, &run->grades) = get_word(&r);
    }
    for (uint32_t i = 0, k = get_count(&r); i < k && !r.broken; i++) {
        get_quota(a, &r, run->grades.n, vec_push(a, &run->quotas));
    }
    for (uint32_t i = 0, k = get_count(&r); i < k && !r.broken; i++) {
        get_waiver(&r, run, vec_push(a, &run->waivers));
    }
    run->findings = get_text(&r);
    return !r.broken && r.at == r.end && run->members.n > 0;
}

/* ---- a unit ---- */

static void put_outcome(struct buf *b, const struct outcome *o)
{
    buf_char(b, (char)o->state);
    buf_char(b, (char)(o->vetoed | o->tied_at_cut << 1 | o->other_period << 2 | o->waived << 3));
    const dec decs[] = {o->total, o->exact,    o->before_gates, o->due,
                        o->of,    o->reported, o->low,          o->high};
    for (size_t i = 0; i < sizeof decs / sizeof *decs; i++) {
        put_dec(b, decs[i]);
    }
    put_number(b, o->rank);
    put_number(b, o->ranked);
    put_index(b, o->grade);
    put_index(b, o->grade_by_band);
    if (o->waived) {
        buf_char(b, (char)o->state_without);
        put_dec(b, o->total_without);
        put_index(b, o->grade_without);
    }
}

static void get_outcome(struct reader *r, uint32_t n_grades, struct outcome *o)
{
    o->state = (uint8_t)get_byte(r);
    r->broken = r->broken || o->state > UNIT_VETOED_UNRANKED;
    unsigned bits = get_byte(r);
    o->vetoed = bits & 1;
    o->tied_at_cut = bits & 2;
    o->other_period = bits & 4;
    dec *decs[] = {&o->total, &o->exact,    &o->before_gates, &o->due,
                   &o->of,    &o->reported, &o->low,          &o->high};
    for (size_t i = 0; i < sizeof decs / sizeof *decs; i++) {
        *decs[i] = get_dec(r);
    }
    o->rank = get_u32(r);
    o->ranked = get_u32(r);
    o->grade = get_index(r, n_grades);
    o->grade_by_band = get_index(r, n_grades);
    o->grade_before_quota = GRADE_NONE;
    if (bits & 8) {
        o->waived = true;
        o->state_without = (uint8_t)get_byte(r);
        r->broken = r->broken || o->state_without > UNIT_VETOED_UNRANKED;
        o->total_without = get_dec(r);
        o->grade_without = get_index(r, n_grades);
    }
}

static void put_figure(struct buf *b, const struct figure *f)
{
    buf_char(b, (char)(f->state | f->on_sheet << 4));
    put_number(b, f->flags);
    put_dec(b, f->points);
    put_dec(b, f->due);
    put_dec(b, f->of);
    put_text(b, f->grade);
    put_text(b, f->value);
    put_text(b, f->reason);
    put_text(b, f->na_reason);
}

static void get_figure(struct reader *r, struct figure *f)
{
    unsigned state = get_byte(r);
    f->state = (uint8_t)(state & 15);
    f->on_sheet = state & 16;
    uint32_t flags = get_u32(r);
    r->broken = r->broken || f->state > STATE_ERROR || flags >> N_FLAGS != 0;
    f->flags = (uint16_t)flags;
    f->points = get_dec(r);
    f->due = get_dec(r);
    f->of = get_dec(r);
    f->grade = get_text(r);
    f->value = get_text(r);
    f->reason = get_text(r);
    f->na_reason = get_text(r);
}

static void put_deficiency(struct buf *b, const struct deficiency_record *d)
{
    put_index(b, d->member);
    put_index(b, d->gate);
    buf_char(b, (char)d->kind);
    buf_char(b, (char)d->severity);
    put_dec(b, d->lost);
    put_text(b, d->text);
    put_text(b, d->remedy);
    put_signed(b, d->due);
}

static void get_deficiency(struct reader *r, const struct run_record *run,
                           struct deficiency_record *d)
{
    d->member = get_index(r, run->members.n);
    d->gate = get_index(r, run->gates.n);
    d->kind = (uint8_t)get_byte(r);
    d->severity = (uint8_t)get_byte(r);
    r->broken = r->broken || d->kind >= N_FLAGS || d->severity > LEVEL_CRITICAL;
    d->lost = get_dec(r);
    d->text = get_word(r);
    d->remedy = get_text(r);
    d->due = get_day(r);
}

static void put_unit(struct buf *b, const struct run_record *run, const struct unit_record *u)
{
    put_text(b, u->id);
    put_text(b, u->name);
    put_text(b, u->class_name);
    put_text(b, u->parent);
    put_outcome(b, &u->outcome);
    put_text(b, u->why);
    buf_add(b, (const char *)u->gates, run->gates.n);
    for (uint32_t i = 0; i < run->n_sections; i++) {
        put_figure(b, &u->sections[i]);
    }
    put_number(b, u->n_claims);
    for (uint32_t i = 0; i < u->n_claims; i++) {
        put_index(b, u->claims[i].member);
        put_text(b, u->claims[i].field);
        put_text(b, u->claims[i].reason);
    }
    put_number(b, u->n_deficiencies);
    for (uint32_t i = 0; i < run->n_items; i++) {
        put_figure(b, &u->items[i]);
    }
    for (uint32_t i = 0; i < u->n_deficiencies; i++) {
        put_deficiency(b, &u->deficiencies[i]);
    }
}

/* The length comes first: it is put in front of what was written behind it. */
void unit_pack(struct buf *out, const struct run_record *run, const struct unit_record *unit)
{
    struct buf body = {0};
    put_unit(&body, run, unit);
    put_number(out, body.n);
    buf_add(out, body.at, body.n);
    buf_release(&body);
}

static void get_gates(struct arena *a, struct reader *r, uint32_t n, struct unit_record *u)
{
    uint8_t *gates = arena_alloc(a, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        gates[i] = (uint8_t)get_byte(r);
        r->broken = r->broken || gates[i] > GATE_UNANSWERED;
    }
    u->gates = gates;
}

static const struct figure *get_figures(struct arena *a, struct reader *r, uint32_t n)
{
    struct figure *figures = ARENA_ARRAY(a, struct figure, n);
    for (uint32_t i = 0; i < n && !r->broken; i++) {
        get_figure(r, &figures[i]);
    }
    return figures;
}

static void get_claims(struct arena *a, struct reader *r, const struct run_record *run,
                       struct unit_record *u)
{
    u->n_claims = get_count(r);
    struct claim_record *claims = ARENA_ARRAY(a, struct claim_record, u->n_claims);
    for (uint32_t i = 0; i < u->n_claims && !r->broken; i++) {
        claims[i].member = get_index(r, run->members.n);
        r->broken = r->broken || claims[i].member == RECORD_NONE;
        claims[i].field = get_word(r);
        claims[i].reason = get_text(r);
    }
    u->claims = claims;
}

static void get_unit(struct arena *a, struct reader *r, const struct run_record *run, bool light,
                     struct unit_record *u)
{
    u->id = get_word(r);
    u->name = get_word(r);
    u->class_name = get_word(r);
    u->parent = get_text(r);
    get_outcome(r, run->grades.n, &u->outcome);
    u->why = get_text(r);
    get_gates(a, r, run->gates.n, u);
    u->sections = get_figures(a, r, run->n_sections);
    get_claims(a, r, run, u);
    u->n_deficiencies = get_count(r);
    if (light) {
        r->at = r->end;
        return;
    }
    u->items = get_figures(a, r, run->n_items);
    struct deficiency_record *list = ARENA_ARRAY(a, struct deficiency_record, u->n_deficiencies);
    for (uint32_t i = 0; i < u->n_deficiencies && !r->broken; i++) {
        get_deficiency(r, run, &list[i]);
    }
    u->deficiencies = list;
}

/* The unit's own bytes, behind which *at moves. */
static struct reader open_unit(const char **at, const char *end)
{
    struct reader r = {(const unsigned char *)*at, (const unsigned char *)end, false, NULL};
    uint64_t n = get_number(&r);
    r.broken = r.broken || n > (uint64_t)(r.end - r.at);
    if (!r.broken) {
        r.end = r.at + n;
        *at = (const char *)r.end;
    }
    return r;
}

bool unit_skip(const char **at, const char *end) { return !open_unit(at, end).broken; }

bool unit_unpack(struct arena *a, const struct run_record *run, const char **at, const char *end,
                 bool light, struct unit_record *out)
{
    struct reader r = open_unit(at, end);
    *out = (struct unit_record){0};
    if (r.broken) {
        return false;
    }
    r.copies = light ? a : NULL;
    get_unit(a, &r, run, light, out);
    return !r.broken && r.at == r.end;
}
