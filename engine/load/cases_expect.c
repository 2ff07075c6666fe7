/* cases_expect.c - what a case expects: the keys under `expect`, each a check (cases.h). */
#include "load/cases.h"

#include "base/i18n.h"
#include "load/node.h"

#include <string.h>

struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct rubric *rubric;
    struct test_case *test;
};

/* ---- values ---- */

static bool is_word(struct reader *r, struct node *n, const char *what)
{
    if (!n->bad && (n->kind != NODE_SCALAR || n->is_null || !str_trim(node_str(n)).n)) {
        node_expect(r->diag, n, what);
    }
    return !n->bad;
}

static bool number_of(const struct node *n, dec *out)
{
    struct arena scratch = {0};
    str text = text_fold(&scratch, node_str(n));
    bool fine = dec_parse(text.at, text.n, out) == DEC_OK;
    arena_release(&scratch);
    return fine;
}

bool cases_number(struct diag *d, struct node *n, const char *what, dec *out)
{
    if (n->bad) {
        return false;
    }
    if (n->kind != NODE_SCALAR || n->is_null) {
        node_expect(d, n, what);
        return false;
    }
    if (!number_of(n, out)) {
        diag_add(d, FINDING_NOT_A_NUMBER, n->at, _("'%s' is not %s"), n->text, what);
        n->bad = true;
        return false;
    }
    return true;
}

bool cases_tolerance(struct diag *d, struct node *n, dec *out)
{
    dec number;
    if (!cases_number(d, n, _("a number"), &number)) {
        return false;
    }
    if (number < 0) {
        diag_add(d, FINDING_OUT_OF_RANGE, n->at, _("a tolerance is 0 or more"));
        return false;
    }
    *out = number;
    return true;
}

/* Where the value ends: a list over several lines is known by its first element only. */
static span whole(const struct node *n)
{
    span at = n->at;
    if (n->kind == NODE_LIST && n->n_items && at.source->text[at.offset] != '[') {
        const struct node *last = n->items[n->n_items - 1];
        size_t end = last->at.offset + last->at.length;
        at.length = end > at.offset ? end - at.offset : at.length;
    }
    while (at.length > 1 && strchr(" \t\r\n", at.source->text[at.offset + at.length - 1])) {
        at.length--;
    }
    return at;
}

static struct check *add_check(struct reader *r, enum check_kind kind, const struct node *n)
{
    struct check *c = vec_push(r->arena, &r->test->checks);
    *c = (struct check){.kind = kind,
                        .member = MEMBER_NONE,
                        .number = DEC_NONE,
                        .grade = GRADE_NONE,
                        .at = whole(n)};
    c->shown = n->kind == NODE_SCALAR ? n->text : "";
    return c;
}

/* The elements of a list of words, or a word alone; their text joined is what is shown. */
static uint32_t words_of(struct reader *r, struct node *n, const char *what, struct node ***out,
                         const char **shown)
{
    uint32_t n_words = 1;
    const char *all = NULL;
    *out = ARENA_NEW(r->arena, struct node *);
    **out = n;
    if (n->kind == NODE_LIST) {
        *out = n->items;
        n_words = n->n_items;
    }
    for (uint32_t i = 0; i < n_words; i++) {
        if (!is_word(r, (*out)[i], what)) {
            return 0;
        }
        all = all ? arena_printf(r->arena, "%s, %s", all, (*out)[i]->text) : (*out)[i]->text;
    }
    *shown = all ? all : "";
    return n_words;
}

static const char *keep_nearest(struct reader *r, struct nearest *near)
{
    return nearest_name(near, r->arena);
}

/* ---- the outcome ---- */

static void read_total(struct reader *r, struct node *n)
{
    dec number = DEC_NONE;
    if (n->bad || node_is(n, "none") ||
        cases_number(r->diag, n, _("a number of points"), &number)) {
        add_check(r, CHECK_TOTAL, n)->number = number;
    }
}

static void read_rank(struct reader *r, struct node *n)
{
    dec number = DEC_NONE;
    if (!n->bad && !node_is(n, "none")) {
        if (!cases_number(r->diag, n, _("a place in the ranking"), &number)) {
            return;
        }
        if (number < DEC_ONE || !dec_is_whole(number)) {
            diag_add(r->diag, FINDING_OUT_OF_RANGE, n->at,
                     _("a place in the ranking is a whole number from 1 on, or none"));
            return;
        }
    }
    add_check(r, CHECK_RANK, n)->number = number;
}

static void read_grade(struct reader *r, struct node *n)
{
    const struct rubric *rubric = r->rubric;
    struct nearest near = {.name = node_str(n)};
    if (!is_word(r, n, _("the name of a grade"))) {
        return;
    }
    for (uint32_t i = 0; i < rubric->grades.n; i++) {
        if (node_is(n, rubric->grades.at[i].name)) {
            add_check(r, CHECK_GRADE, n)->grade = i;
            return;
        }
        nearest_offer(&near, rubric->grades.at[i].name);
    }
    if (node_is(n, "none")) {
        add_check(r, CHECK_GRADE, n);
        return;
    }
    diag_add(r->diag, FINDING_UNKNOWN_GRADE, n->at, _("there is no grade '%s'"), n->text);
    diag_did_you_mean(r->diag, keep_nearest(r, &near));
}

static void unknown_word(struct reader *r, struct node *n, struct nearest *near, const char *words)
{
    diag_add(r->diag, FINDING_UNKNOWN_WORD, n->at, _("'%s' is none of: %s"), n->text, words);
    diag_did_you_mean(r->diag, keep_nearest(r, near));
}

static void read_state(struct reader *r, struct node *n)
{
    static const enum unit_state states[] = {UNIT_RANKED, UNIT_INCOMPLETE, UNIT_NOT_APPLICABLE,
                                             UNIT_ERROR};
    struct nearest near = {.name = node_str(n)};
    if (!is_word(r, n, _("a state"))) {
        return;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (node_is(n, unit_state_word(states[i]))) {
            add_check(r, CHECK_STATE, n)->state = (uint8_t)states[i];
            r->test->must_fail |= states[i] == UNIT_ERROR;
            return;
        }
        nearest_offer(&near, unit_state_word(states[i]));
    }
    unknown_word(r, n, &near, "ranked, incomplete, not_applicable, error");
}

static void read_error(struct reader *r, struct node *n)
{
    if (is_word(r, n, _("the id of a finding, or a part of its text"))) {
        add_check(r, CHECK_ERROR, n)->text = n->text;
        r->test->must_fail = true;
    }
}

static void read_gates(struct reader *r, struct node *n)
{
    const struct rubric *rubric = r->rubric;
    struct node **names;
    const char *shown = NULL;
    uint32_t n_names = words_of(r, n, _("the id of a gate"), &names, &shown);
    bool *gates = ARENA_ARRAY(r->arena, bool, rubric->gates.n + 1);
    for (uint32_t i = 0; i < n_names; i++) {
        struct nearest near = {.name = node_str(names[i])};
        uint32_t g = 0;
        while (g < rubric->gates.n && !node_is(names[i], rubric->gates.at[g].id)) {
            nearest_offer(&near, rubric->gates.at[g++].id);
        }
        if (g < rubric->gates.n) {
            gates[g] = true;
            continue;
        }
        diag_add(r->diag, FINDING_UNKNOWN_GATE, names[i]->at, _("there is no gate '%s'"),
                 names[i]->text);
        diag_did_you_mean(r->diag, keep_nearest(r, &near));
    }
    struct check *c = add_check(r, CHECK_GATES, n);
    c->gates = gates;
    c->shown = shown;
}

/* ---- items and sections ---- */

/* The member of that id and kind, or MEMBER_NONE after a finding. */
static uint32_t member_of(struct reader *r, const struct node *key, enum member_kind kind)
{
    const struct rubric *rubric = r->rubric;
    uint32_t member = map_get(&rubric->member_by_id, node_str(key));
    struct nearest near = {.name = node_str(key)};
    if (member != MAP_NONE && rubric->members.at[member].kind == kind) {
        return member;
    }
    diag_add(r->diag, FINDING_UNKNOWN_MEMBER, key->at,
             kind == MEMBER_ITEM ? _("there is no item '%s'") : _("there is no section '%s'"),
             key->text);
    if (member != MAP_NONE) {
        diag_hint(r->diag, kind == MEMBER_ITEM ? _("that is a section: it stands under `sections:`")
                                               : _("that is an item: it stands under `items:`"));
        return MEMBER_NONE;
    }
    for (uint32_t i = 1; i < rubric->members.n; i++) {
        if (rubric->members.at[i].kind == kind) {
            nearest_offer(&near, rubric->members.at[i].id);
        }
    }
    diag_did_you_mean(r->diag, keep_nearest(r, &near));
    return MEMBER_NONE;
}

static void read_points(struct reader *r, uint32_t member, struct node *n)
{
    static const enum member_state states[] = {STATE_SCORED, STATE_MISSING, STATE_NA, STATE_WAIVED,
                                               STATE_ERROR};
    struct nearest near = {.name = node_str(n)};
    dec number;
    if (!is_word(r, n, _("points or a state"))) {
        return;
    }
    if (number_of(n, &number)) {
        struct check *c = add_check(r, CHECK_POINTS, n);
        c->member = member;
        c->number = number;
        return;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        const char *word = member_state_word(states[i]);
        if (node_is(n, word)) {
            struct check *c = add_check(r, CHECK_POINTS, n);
            c->member = member;
            c->by_state = true;
            c->state = (uint8_t)states[i];
            return;
        }
        nearest_offer(&near, word);
    }
    unknown_word(r, n, &near, "NUMBER, scored, missing, not_applicable, waived, error");
}

static void read_flags(struct reader *r, uint32_t item, struct node *n)
{
    struct node **words;
    const char *shown = NULL;
    uint16_t flags = 0;
    uint32_t n_words = words_of(r, n, _("the kind of a deficiency"), &words, &shown);
    for (uint32_t i = 0; i < n_words; i++) {
        struct nearest near = {.name = node_str(words[i])};
        uint32_t flag = 0;
        while (flag < N_FLAGS && !node_is(words[i], flag_word(flag))) {
            nearest_offer(&near, flag_word(flag++));
        }
        if (flag == N_FLAGS) {
            diag_add(r->diag, FINDING_UNKNOWN_WORD, words[i]->at,
                     _("'%s' is no kind of a deficiency"), words[i]->text);
            diag_did_you_mean(r->diag, keep_nearest(r, &near));
        } else {
            flags |= (uint16_t)(1U << flag);
        }
    }
    struct check *c = add_check(r, CHECK_FLAGS, n);
    c->member = item;
    c->flags = flags;
    c->shown = shown;
}

static void read_reason(struct reader *r, uint32_t item, struct node *n)
{
    if (is_word(r, n, _("a part of the reason"))) {
        struct check *c = add_check(r, CHECK_REASON, n);
        c->member = item;
        c->text = n->text;
    }
}

/* items, sections, flags, reasons: a map from ids. */
static void read_members(struct reader *r, struct node *map, enum member_kind kind,
                         void (*read)(struct reader *, uint32_t member, struct node *))
{
    if (map->bad) {
        return;
    }
    if (map->kind != NODE_MAP) {
        node_expect(r->diag, map,
                    kind == MEMBER_ITEM ? _("a map of items and what is expected of them")
                                        : _("a map of sections and what is expected of them"));
        return;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        struct node_pair *pair = &map->pairs[i];
        uint32_t member = member_of(r, pair->key, kind);
        if (member != MEMBER_NONE && !pair->value->bad) {
            read(r, member, pair->value);
        }
    }
}

static void read_items(struct reader *r, struct node *n)
{
    read_members(r, n, MEMBER_ITEM, read_points);
}
static void read_sections(struct reader *r, struct node *n)
{
    read_members(r, n, MEMBER_SECTION, read_points);
}
static void read_all_flags(struct reader *r, struct node *n)
{
    read_members(r, n, MEMBER_ITEM, read_flags);
}
static void read_reasons(struct reader *r, struct node *n)
{
    read_members(r, n, MEMBER_ITEM, read_reason);
}

void cases_read_expect(struct arena *a, struct diag *d, const struct rubric *r, struct node *expect,
                       struct test_case *test)
{
    static const struct {
        const char *key;
        void (*read)(struct reader *, struct node *);
    } keys[] = {
        {"total", read_total}, {"grade", read_grade},     {"rank", read_rank},
        {"state", read_state}, {"items", read_items},     {"sections", read_sections},
        {"gates", read_gates}, {"flags", read_all_flags}, {"reasons", read_reasons},
        {"error", read_error},
    };
    static const char *const known[] = {"total", "grade", "rank",    "state", "items", "sections",
                                        "gates", "flags", "reasons", "error", NULL};
    struct reader reader = {a, d, r, test};
    if (expect->bad) {
        return;
    }
    if (expect->kind != NODE_MAP) {
        node_expect(d, expect, _("a map of what is expected: total, grade, items"));
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct node *value = node_get(expect, keys[i].key);
        if (value && !value->bad) {
            keys[i].read(&reader, value);
        }
    }
    node_unknown_keys(d, expect, known);
    bool named = node_get(expect, "error");
    if (test->must_fail && !named) {
        diag_add(d, FINDING_MISSING_KEY, node_get(expect, "state")->at,
                 _("which finding is it that the case must fail with?"));
        diag_hint(d, _("add `error:` with its id"));
    } else if (expect->n_items == 0) {
        diag_add(d, FINDING_MISSING_KEY, expect->at, _("the case expects nothing"));
    }
}
