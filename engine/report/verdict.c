/* verdict.c - see verdict.h: one function for each kind of check. */
#include "report/verdict.h"

#include "analyse/deficiency.h"
#include "base/i18n.h"
#include "report/explain_text.h"
#include "report/figures.h"
#include "report/json_write.h"

#include <string.h>

/* What a check is made on: the first unit of a case. */
struct bench {
    struct arena *arena;
    const struct result *result;
    const struct ranking_result *ranking;
    const struct test_case *test;
    struct diag *diag;
    uint32_t first; /* the case's own findings begin there */
};

static const struct rubric *rubric_of(const struct bench *b) { return b->result->rubric; }
static const struct outcome *outcome_of(const struct bench *b) { return &b->result->outcomes[0]; }
static const struct cellres *cell_of(const struct bench *b, uint32_t member)
{
    return result_member(b->result, 0, member);
}

static const char *join(struct arena *a, const char *all, const char *one)
{
    return all ? arena_printf(a, _("%s; %s"), all, one) : one;
}

static const char *list(struct arena *a, const char *all, const char *one)
{
    return all ? arena_printf(a, "%s, %s", all, one) : one;
}

/* Letters of any script and digits; not blanks, marks and what is beyond the first plane. */
static bool is_plain_char(uint32_t c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xC0 && c < 0x2000) || (c >= 0x3041 && c < 0xD7A4);
}

static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    for (size_t at = 0, length; at < n; at += length) {
        uint32_t c;
        length = utf8_decode(text + at, n - at, &c);
        if (!length || !(is_plain_char(c) || (at > 0 && (c == '-' || c == '.')))) {
            return false;
        }
    }
    return n > 0;
}

const char *verdict_scalar(struct arena *a, const char *text)
{
    if (is_plain(text)) {
        return text;
    }
    struct buf out = {0};
    json_string(&out, text);
    const char *copy = arena_text(a, out.at, out.n);
    buf_release(&out);
    return copy;
}

static const char *none_word(void) { return "none"; }

/* Whether two numbers are the same within the case's tolerance; none is only like none. */
static bool near_enough(const struct bench *b, dec expected, dec got)
{
    if (expected == DEC_NONE || got == DEC_NONE) {
        return expected == got;
    }
    dec apart = expected > got ? dec_sub(expected, got) : dec_sub(got, expected);
    return apart != DEC_NONE && apart <= b->test->tolerance;
}

/* ---- the outcome ---- */

/* "组织领导 18.00; 理论学习 31.00": where a total comes from. */
static const char *total_why(const struct bench *b)
{
    struct arena *a = b->arena;
    const struct rubric *r = rubric_of(b);
    const char *all = NULL;
    for (uint32_t i = 1; i < r->members.n; i++) {
        const struct member *m = &r->members.at[i];
        dec points = cell_of(b, i)->points;
        bool outermost = m->parent == RUBRIC_ROOT || m->parent == MEMBER_NONE;
        bool group = m->parent == MEMBER_NONE;
        if (outermost && points != DEC_NONE && !(group && points == 0)) {
            all = join(
                a, all,
                arena_printf(a, "%s %s", figures_title(r, i), figures_points(a, r, i, points)));
        }
    }
    for (uint32_t g = 0; g < r->gates.n; g++) {
        if (b->result->gates[g] == GATE_FIRED) {
            all = join(a, all, explain_gate(a, b->result, 0, g));
        }
    }
    return all;
}

/* False: as expected. */
static bool check_total(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct outcome *o = outcome_of(b);
    out->what = "total";
    if (near_enough(b, c->number, o->total)) {
        return false;
    }
    out->fresh =
        o->total == DEC_NONE ? none_word() : figures_total(b->arena, rubric_of(b), o->total);
    out->got = out->fresh;
    out->why = o->total == DEC_NONE ? figures_why_unranked(b->arena, b->result, 0) : total_why(b);
    return true;
}

static const char *grade_why(const struct bench *b)
{
    struct arena *a = b->arena;
    const struct outcome *o = outcome_of(b);
    const char *all = NULL;
    grade_steps steps = {0};
    if (!o->rank) {
        return figures_why_unranked(a, b->result, 0);
    }
    grade_path(a, b->result, b->ranking, 0, &steps);
    for (uint32_t i = 0; i < steps.n; i++) {
        const struct grade_step *step = &steps.at[i];
        if (step->kind != GRADE_STEP_BAND && step->from == step->to) {
            continue; /* it changed nothing */
        }
        all = join(a, all, explain_grade_step(a, b->result, 0, step));
    }
    return all;
}

static bool check_grade(const struct bench *b, const struct check *c, struct difference *out)
{
    const char *got = figures_grade(rubric_of(b), outcome_of(b)->grade);
    out->what = "grade";
    if (outcome_of(b)->grade == c->grade) {
        return false;
    }
    out->got = got ? got : none_word();
    out->fresh = got ? verdict_scalar(b->arena, got) : none_word();
    out->why = grade_why(b);
    return true;
}

static bool check_rank(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct outcome *o = outcome_of(b);
    out->what = "rank";
    if (c->number == DEC_NONE ? !o->rank : c->number == dec_from_int(o->rank)) {
        return false;
    }
    out->got = o->rank ? arena_printf(b->arena, "%u", o->rank) : none_word();
    out->fresh = out->got;
    out->why = explain_rank(b->arena, b->result, 0);
    return true;
}

static bool check_state(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct outcome *o = outcome_of(b);
    const char *got = unit_state_word(o->state);
    out->what = "state";
    if (strcmp(unit_state_word(c->state), got) == 0) {
        return false;
    }
    out->got = got;
    out->fresh = o->state == UNIT_ERROR ? NULL : got;
    out->why = o->rank ? NULL : figures_why_unranked(b->arena, b->result, 0);
    return true;
}

/* ---- items and sections ---- */

static const char *reason_of(const struct bench *b, uint32_t item)
{
    return b->result->scorer.reason(b->arena, b->result, 0, item);
}

static const char *members_why(const struct bench *b, uint32_t section)
{
    struct arena *a = b->arena;
    const struct rubric *r = rubric_of(b);
    const struct member *m = &r->members.at[section];
    const char *all = NULL;
    for (uint32_t i = 0; i < m->members.n; i++) {
        uint32_t member = m->members.at[i];
        const struct cellres *cell = cell_of(b, member);
        const char *id = r->members.at[member].id;
        if (cell->state == STATE_OFF) {
            continue;
        }
        all = list(a, all,
                   cell->points == DEC_NONE || cell->state == STATE_MISSING
                       ? arena_printf(a, "%s %s", id, member_state_word(cell->state))
                       : arena_printf(a, "%s %s", id, figures_points(a, r, member, cell->points)));
    }
    return all;
}

static const char *points_text(const struct bench *b, uint32_t member)
{
    return figures_points(b->arena, rubric_of(b), member, cell_of(b, member)->points);
}

/* As a person says it and as the file does: points, or the state where there are none. */
static void say_points(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct cellres *cell = cell_of(b, c->member);
    const char *word = member_state_word(cell->state);
    bool scored = cell->state == STATE_SCORED, points = cell->points != DEC_NONE;
    if (cell->state == STATE_OFF) {
        out->got = _("not on the sheet of this class");
        return;
    }
    out->fresh = points && (scored || !c->by_state) ? points_text(b, c->member) : word;
    out->got = scored || !points
                   ? out->fresh
                   : arena_printf(b->arena, "%s (%s)", points_text(b, c->member), word);
}

static bool check_points(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct cellres *cell = cell_of(b, c->member);
    const struct member *m = &rubric_of(b)->members.at[c->member];
    out->what = m->id;
    if (c->by_state ? cell->state == c->state
                    : cell->state != STATE_OFF && near_enough(b, c->number, cell->points)) {
        return false;
    }
    out->title = m->title;
    say_points(b, c, out);
    if (cell->state != STATE_OFF) {
        out->why = m->kind == MEMBER_ITEM ? reason_of(b, c->member) : members_why(b, c->member);
    }
    return true;
}

static bool check_reason(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct member *m = &rubric_of(b)->members.at[c->member];
    const char *got = cell_of(b, c->member)->state == STATE_OFF ? "" : reason_of(b, c->member);
    out->what = arena_printf(b->arena, "reasons: %s", m->id);
    if (strstr(got, c->text)) {
        return false;
    }
    out->title = m->title;
    out->got = *got ? got : none_word();
    out->fresh = *got ? verdict_scalar(b->arena, got) : NULL;
    return true;
}

static bool check_flags(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct member *m = &rubric_of(b)->members.at[c->member];
    struct arena *a = b->arena;
    deficiencies all = {0};
    uint16_t got = 0;
    const char *words = NULL;
    out->what = arena_printf(a, "flags: %s", m->id);
    deficiency_list(a, b->result, 0, &all);
    for (uint32_t i = 0; i < all.n; i++) {
        uint16_t bit = (uint16_t)(1U << all.at[i].kind);
        if (all.at[i].member != c->member || got & bit) {
            continue;
        }
        got |= bit;
        words = list(a, words, flag_word(all.at[i].kind));
        out->why = join(a, out->why, all.at[i].text);
    }
    if (got == c->flags) {
        return false;
    }
    out->title = m->title;
    out->got = words ? words : "";
    out->fresh = arena_printf(a, "[%s]", words ? words : "");
    out->why = out->why ? out->why : reason_of(b, c->member);
    return true;
}

static bool check_gates(const struct bench *b, const struct check *c, struct difference *out)
{
    const struct rubric *r = rubric_of(b);
    struct arena *a = b->arena;
    const char *words = NULL;
    bool same = true;
    out->what = "gates";
    for (uint32_t g = 0; g < r->gates.n; g++) {
        bool fired = b->result->gates[g] == GATE_FIRED;
        words = fired ? list(a, words, r->gates.at[g].id) : words;
        if (fired != c->gates[g]) {
            same = false;
            out->why = join(a, out->why, explain_gate(a, b->result, 0, g));
        }
    }
    out->got = words ? words : "";
    out->fresh = arena_printf(a, "[%s]", words ? words : "");
    return !same;
}

/* ---- cases that must fail ---- */

static bool check_error(const struct bench *b, const struct check *c, struct difference *out)
{
    uint32_t found = diag_find_error(b->diag, b->first, c->text);
    out->what = "error";
    if (found != FINDING_NONE) {
        diag_take_back(b->diag, found);
        return false;
    }
    found = diag_find_error(b->diag, b->first, NULL);
    if (found != FINDING_NONE) {
        out->got = diag_text_of(b->diag, found);
        out->fresh = finding_word(diag_id_of(b->diag, found));
    } else {
        dec total = b->result ? outcome_of(b)->total : DEC_NONE;
        out->got = total == DEC_NONE ? _("no error")
                                     : arena_printf(b->arena, _("no error; total %s"),
                                                    figures_total(b->arena, rubric_of(b), total));
    }
    return true;
}

/* ---- all of it ---- */

typedef bool check_function(const struct bench *, const struct check *, struct difference *);

static check_function *const checks[] = {
    [CHECK_TOTAL] = check_total, [CHECK_GRADE] = check_grade,   [CHECK_RANK] = check_rank,
    [CHECK_STATE] = check_state, [CHECK_POINTS] = check_points, [CHECK_GATES] = check_gates,
    [CHECK_FLAGS] = check_flags, [CHECK_REASON] = check_reason, [CHECK_ERROR] = check_error,
};

static void run_checks(const struct bench *b, bool errors, struct verdict *out)
{
    for (uint32_t i = 0; i < b->test->checks.n; i++) {
        const struct check *c = &b->test->checks.at[i];
        struct difference difference = {.check = c};
        if ((c->kind == CHECK_ERROR) != errors || (!errors && !b->result)) {
            continue;
        }
        if (checks[c->kind](b, c, &difference)) {
            /* An empty list. */
            difference.expected = *c->shown ? c->shown : _("none");
            difference.got = *difference.got ? difference.got : _("none");
            *vec_push(b->arena, &out->differences) = difference;
        }
    }
}

static void make_fresh(const struct bench *b, struct fresh_expect *out)
{
    const struct rubric *r = rubric_of(b);
    const struct outcome *o = outcome_of(b);
    const char *grade = figures_grade(r, o->grade);
    out->total = o->total == DEC_NONE ? none_word() : figures_total(b->arena, r, o->total);
    out->grade = grade ? verdict_scalar(b->arena, grade) : r->grades.n ? none_word() : NULL;
    for (uint32_t i = 1; i < r->members.n; i++) {
        const struct cellres *cell = cell_of(b, i);
        if (r->members.at[i].kind == MEMBER_ITEM && cell->state != STATE_OFF) {
            bool scored = cell->state == STATE_SCORED && cell->points != DEC_NONE;
            *vec_push(b->arena, &out->items) = (struct fresh_item){
                r->members.at[i].id, scored ? points_text(b, i) : member_state_word(cell->state)};
        }
    }
}

void verdict_make(struct arena *a, struct diag *d, uint32_t first, const struct test_case *test,
                  const struct result *r, const struct ranking_result *ranking, struct verdict *out)
{
    struct bench b = {a, r, ranking, test, d, first};
    out->test = test;
    if (r && r->n_units == 0) {
        b.result = r = NULL;
    }
    run_checks(&b, true, out);
    uint32_t left = diag_find_error(d, first, NULL);
    if (left != FINDING_NONE && !out->differences.n) {
        out->broken = diag_text_of(d, left);
    } else if (left == FINDING_NONE) {
        run_checks(&b, false, out);
        if (!test->expects && r) {
            make_fresh(&b, &out->fresh);
        }
    }
    out->passed = !out->broken && !out->differences.n;
}
