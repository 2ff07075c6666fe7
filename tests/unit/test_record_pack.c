/* test_record_pack.c - records as bytes and back; what was never packed is refused; squeezing. */
#include "store/record_pack.h"
#include "store/squeeze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A run with a section, an item, a gate, two grades and a quota. */
static void make_run(struct arena *a, struct run_record *run)
{
    *run = (struct run_record){.rubric = "r",
                               .title = "t",
                               .digest = "sha256:1",
                               .total = dec_from_int(100),
                               .places_item = 2,
                               .places_section = DEC_EXACT,
                               .places_total = 1,
                               .within_all = true,
                               .bonus = RECORD_NONE,
                               .deductions = 1,
                               .findings = "[]"};
    *vec_push(a, &run->members) =
        (struct member_record){.id = "r", .parent = RECORD_NONE, .slot = run->n_sections++};
    *vec_push(a, &run->members) = (struct member_record){
        .id = "study", .title = "理论学习", .parent = 0, .slot = run->n_sections++, .graded = true};
    *vec_push(a, &run->members) = (struct member_record){
        .id = "learn", .title = "", .parent = 1, .slot = run->n_items++, .is_item = true};
    *vec_push(a, &run->gates) = (struct gate_record){"veto", NULL};
    *vec_push(a, &run->grades) = "优秀";
    *vec_push(a, &run->grades) = "合格";
    struct quota_record *q = vec_push(a, &run->quotas);
    *q = (struct quota_record){.grade = 0,
                               .group = "street",
                               .ranked = 9,
                               .seats = 1,
                               .qualified = 3,
                               .given = 1,
                               .share = dec_from_int(20),
                               .product = 180000000,
                               .rounded = DEC_ONE,
                               .all_in = true};
    *vec_push(a, &q->tied) = "zf";
    *vec_push(a, &run->waivers) = (struct waiver_record){.unit = "zf",
                                                         .name = "竹峰街道",
                                                         .class_name = "",
                                                         .is = {.member = 2,
                                                                .effect = WAIVER_FULL,
                                                                .expired = true,
                                                                .until = -1,
                                                                .reason = "无网站",
                                                                .approved_by = "考办"}};
}

static void make_unit(struct unit_record *u)
{
    static const uint8_t gates[] = {GATE_UNANSWERED};
    static struct figure sections[2], items[1];
    static struct deficiency_record deficiencies[1];
    static struct claim_record claims[1];
    sections[0] = (struct figure){.points = INT64_C(8725000000),
                                  .due = dec_from_int(100),
                                  .of = dec_from_int(100),
                                  .state = STATE_SCORED,
                                  .on_sheet = true};
    sections[1] = (struct figure){.points = DEC_NONE, .due = -1, .of = DEC_MAX, .grade = "好"};
    items[0] = (struct figure){.points = -250000000,
                               .flags = 1 << FLAG_SCRIPT | 1 << FLAG_SHORTFALL,
                               .state = STATE_ERROR,
                               .value = "9",
                               .reason = "9 of 12",
                               .na_reason = ""};
    deficiencies[0] = (struct deficiency_record){.member = 2,
                                                 .gate = RECORD_NONE,
                                                 .kind = FLAG_SCRIPT,
                                                 .severity = LEVEL_CRITICAL,
                                                 .lost = 1,
                                                 .text = "x",
                                                 .due = -400};
    claims[0] = (struct claim_record){2, "field", NULL};
    *u = (struct unit_record){.id = "zf",
                              .name = "竹峰街道",
                              .class_name = "",
                              .parent = NULL,
                              .why = "vetoed",
                              .gates = gates,
                              .sections = sections,
                              .items = items,
                              .n_deficiencies = 1,
                              .n_claims = 1,
                              .deficiencies = deficiencies,
                              .claims = claims};
    u->outcome = (struct outcome){.total = INT64_C(8725000000),
                                  .exact = INT64_C(8724999999),
                                  .before_gates = DEC_NONE,
                                  .due = 0,
                                  .of = -DEC_MAX,
                                  .reported = DEC_MAX,
                                  .low = 1,
                                  .high = -1,
                                  .rank = UINT32_MAX,
                                  .ranked = 3,
                                  .grade = 1,
                                  .grade_by_band = GRADE_NONE,
                                  .grade_before_quota = GRADE_NONE,
                                  .state = UNIT_VETOED_UNRANKED,
                                  .waived = true,
                                  .state_without = UNIT_INCOMPLETE,
                                  .total_without = DEC_NONE,
                                  .grade_without = 0,
                                  .vetoed = true,
                                  .other_period = true};
}

static void pack_both(struct arena *a, struct run_record *run, struct buf *head, struct buf *unit)
{
    struct unit_record u;
    make_run(a, run);
    make_unit(&u);
    run_pack(head, run);
    unit_pack(unit, run, &u);
}

static void test_run_again(void **state)
{
    struct arena a = {0};
    struct buf head = {0}, unit = {0};
    struct run_record run, again = {0};
    (void)state;
    pack_both(&a, &run, &head, &unit);
    assert_true(run_unpack(&a, head.at, head.n, &again));
    assert_int_equal(again.members.n, 3);
    assert_int_equal(again.n_sections, 2);
    assert_int_equal(again.n_items, 1);
    assert_string_equal(again.members.at[1].title, "理论学习");
    assert_null(again.members.at[0].title);
    assert_string_equal(again.members.at[2].title, "");
    assert_int_equal(again.members.at[2].parent, 1);
    assert_int_equal(again.places_section, DEC_EXACT);
    assert_int_equal(again.bonus, RECORD_NONE);
    assert_int_equal(again.deductions, 1);
    assert_true(again.members.at[1].graded && again.members.at[2].is_item && again.within_all);
    assert_string_equal(again.quotas.at[0].tied.at[0], "zf");
    assert_string_equal(again.waivers.at[0].is.reason, "无网站");
    assert_true(again.waivers.at[0].is.expired && again.waivers.at[0].is.effect == WAIVER_FULL);
    struct buf twice = {0};
    run_pack(&twice, &again);
    assert_int_equal(twice.n, head.n);
    assert_memory_equal(twice.at, head.at, head.n);
    buf_release(&twice);
    buf_release(&head);
    buf_release(&unit);
    arena_release(&a);
}

static void test_unit_again(void **state)
{
    struct arena a = {0};
    struct buf head = {0}, unit = {0}, twice = {0};
    struct run_record run;
    struct unit_record again;
    (void)state;
    pack_both(&a, &run, &head, &unit);
    const char *at = unit.at, *end = unit.at + unit.n;
    assert_true(unit_unpack(&a, &run, &at, end, false, &again));
    assert_ptr_equal(at, end);
    assert_string_equal(again.name, "竹峰街道");
    assert_null(again.parent);
    assert_int_equal(again.outcome.exact, INT64_C(8724999999));
    assert_int_equal(again.outcome.before_gates, DEC_NONE);
    assert_int_equal(again.outcome.of, -DEC_MAX);
    assert_int_equal(again.outcome.rank, UINT32_MAX);
    assert_int_equal(again.outcome.grade_by_band, GRADE_NONE);
    assert_true(again.outcome.waived);
    assert_int_equal(again.outcome.state_without, UNIT_INCOMPLETE);
    assert_int_equal(again.sections[1].points, DEC_NONE);
    assert_int_equal(again.sections[1].of, DEC_MAX);
    assert_int_equal(again.items[0].points, -250000000);
    assert_string_equal(again.items[0].na_reason, "");
    assert_int_equal(again.deficiencies[0].due, -400);
    assert_null(again.deficiencies[0].remedy);
    unit_pack(&twice, &run, &again);
    assert_int_equal(twice.n, unit.n);
    assert_memory_equal(twice.at, unit.at, unit.n);
    buf_release(&twice);
    buf_release(&head);
    buf_release(&unit);
    arena_release(&a);
}

/* Light: no items, texts are copies. */
static void test_light(void **state)
{
    struct arena a = {0};
    struct buf head = {0}, unit = {0};
    struct run_record run;
    struct unit_record light;
    (void)state;
    pack_both(&a, &run, &head, &unit);
    const char *at = unit.at, *skipped = unit.at;
    assert_true(unit_unpack(&a, &run, &at, unit.at + unit.n, true, &light));
    assert_true(unit_skip(&skipped, unit.at + unit.n));
    assert_ptr_equal(at, skipped);
    memset(unit.at, 'x', unit.n);
    assert_string_equal(light.id, "zf");
    assert_string_equal(light.claims[0].field, "field");
    assert_string_equal(light.sections[1].grade, "好");
    assert_int_equal(light.n_deficiencies, 1);
    assert_null(light.items);
    buf_release(&head);
    buf_release(&unit);
    arena_release(&a);
}

/* Cut off anywhere, or with any byte changed: refused or read, but never beyond its end (the
 * sanitizers look), and cut ones are always refused. */
static void test_damaged(void **state)
{
    struct arena a = {0};
    struct buf head = {0}, unit = {0};
    struct run_record run;
    (void)state;
    pack_both(&a, &run, &head, &unit);
    for (size_t n = 0; n < head.n; n++) {
        struct run_record out = {0};
        char *part = malloc(n + 1);
        memcpy(part, head.at, n);
        assert_false(run_unpack(&a, part, n, &out));
        free(part);
    }
    for (size_t n = 0; n < unit.n; n++) {
        struct unit_record out;
        char *part = malloc(n + 1);
        memcpy(part, unit.at, n);
        const char *at = part;
        assert_false(unit_unpack(&a, &run, &at, part + n, n % 2, &out));
        free(part);
    }
    for (size_t i = 0; i < (head.n + unit.n) * 256; i++) {
        struct arena scratch = {0};
        struct buf *b = i / 256 < head.n ? &head : &unit;
        size_t place = b == &head ? i / 256 : i / 256 - head.n;
        struct run_record out = {0};
        struct unit_record u;
        const char *at = unit.at;
        char before = b->at[place];
        b->at[place] = (char)(unsigned char)(i % 256);
        if (b == &head) {
            run_unpack(&scratch, head.at, head.n, &out);
        } else {
            unit_unpack(&scratch, &run, &at, unit.at + unit.n, false, &u);
        }
        b->at[place] = before;
        arena_release(&scratch);
    }
    buf_release(&head);
    buf_release(&unit);
    arena_release(&a);
}

static void test_squeeze(void **state)
{
    struct arena a = {0};
    struct buf out = {0}, text = {0};
    size_t n = 1;
    (void)state;
    squeeze("", 0, SQUEEZE_FAST, &out);
    assert_string_equal(unsqueeze(&a, out.at, out.n, &n), "");
    assert_int_equal(n, 0);
    buf_clear(&out);
    buf_repeat(&text, "一二三,", 100000);
    squeeze(text.at, text.n, SQUEEZE_WELL, &out);
    assert_true(out.n < text.n / 100);
    assert_memory_equal(unsqueeze(&a, out.at, out.n, &n), text.at, text.n);
    assert_int_equal(n, text.n);
    for (size_t i = 0; i < out.n; i++) {
        out.at[i] ^= 4;
        assert_null(unsqueeze(&a, out.at, out.n, &n));
        out.at[i] ^= 4;
    }
    for (size_t cut = 0; cut < out.n; cut++) {
        assert_null(unsqueeze(&a, out.at, cut, &n));
    }
    memset(out.at, 0xff, 8); /* says that it is 2^64 bytes large */
    assert_null(unsqueeze(&a, out.at, out.n, &n));
    buf_release(&out);
    buf_release(&text);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_again), cmocka_unit_test(test_unit_again),
        cmocka_unit_test(test_light),     cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_squeeze),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
