/* test_overlay.c - one document over another: what comes out, written in one form (node_write). */
#include "load/node_write.h"
#include "load/overlay.h"
#include "loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BASE                                                                                       \
    "id: b\nfields: {f: {type: count, max: 9}, g: {type: yesno}}\n"                                \
    "sections:\n  - id: s\n    points: 9\n    items:\n"                                            \
    "      - {id: a, points: 4, method: short, field: f, need: 3, lose: 1}\n"                      \
    "      - {id: c, points: 5, method: yesno, field: g}\n"                                        \
    "gates:\n  - {id: x, when: g, effect: {cap: 1}}\nmissing: zero\n"

/* The merged document between the keys `from` and the end, or its findings. */
static const char *merged(struct loaded *l, const char *base, const char *over)
{
    struct buf out = {0};
    struct loaded second;
    loaded_document(l, "base.yaml", base, strlen(base));
    loaded_document(&second, "over.yaml", over, strlen(over));
    assert_non_null(l->root);
    assert_non_null(second.root);
    struct loader loader = {.arena = &l->arena, .diag = &l->diag, .root = l->root};
    overlay_merge(&loader, l->root, second.root);
    if (l->diag.n_errors > 0) {
        const char *findings = loaded_findings(l);
        loaded_release(&second);
        return findings;
    }
    node_write(&l->arena, l->root, false, &out);
    const char *text = arena_text(&l->arena, out.at, out.n);
    buf_release(&out);
    loaded_release(&second);
    return text;
}

static void test_merge(void **state)
{
    static const struct {
        const char *over, *has, *has_not, *why;
    } rows[] = {
        {"id: n\n", "id: n\n", "id: b", "the rubric's own id is a key like any other"},
        {"missing: none\ntitle: t\n", "title: t\nmissing: none\n", "zero", "replaced, and new"},
        {"items: [{id: a, need: 2}]\n", "need: 2\n        lose: 1\n", "need: 3",
         "found without its section; other keys stay"},
        {"sections: [{id: s, points: 8}]\n", "points: 8\n    items:\n      - id: a\n", "points: 9",
         "a section's own keys"},
        {"sections: [{id: s, items: [{id: d, points: 1, method: yesno, field: g}]}]\n",
         "        field: g\n      - id: d\n", "@", "new at the end of its section"},
        {"fields: {f: {max: 8}, h: {type: text}}\n",
         "  f: {type: count, max: 8}\n  g: {type: yesno}\n  h: {type: text}\n", "max: 9",
         "fields by id"},
        {"gates: [{id: x, effect: {cap: 2}}, {id: y, when: g, effect: {cap: 3}}]\n",
         "    when: g\n    effect: {cap: 2}\n  - id: y\n", "cap: 1", "gates by id"},
        {"items: [{id: a, method: ratio, target: 5}]\n",
         "method: ratio\n        field: f\n        target: 5\n", "lose",
         "another method leaves its keys behind"},
        {"items: [{id: a, method: nonsense}]\n", "lose: 1", "@",
         "a method that nobody knows leaves nothing behind"},
        {"items: [{id: a, remove: lose}]\n", "need: 3\n      - id: c", "lose", "one key, no list"},
        {"remove: [a, x, g]\n", "items:\n      - id: c", "gates", "the last gate takes the key"},
        {"remove: [s]\n", "b\n", "sections", "the last section, with all in it"},
        {"remove: [missing]\n", "id: x", "missing", "a key of the rubric"},
        {"remove: [a]\nitems: [{id: a, points: 1, method: yesno, field: g}]\n",
         "items:\n  - id: a\n    points: 1", "short", "removed and given again: moved"},
        {"bonus: {cap: 1, items: [{id: e, points: 1, method: yesno, field: g}]}\n",
         "bonus:\n  cap: 1\n  items:\n    - id: e\n", "@", "a block that the base lacks"},
    };
    struct loaded l;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = merged(&l, BASE, rows[i].over);
        if (!strstr(text, rows[i].has) || strstr(text, rows[i].has_not)) {
            fail_msg("%s: %s\n%s", rows[i].why, rows[i].over, text);
        }
        loaded_release(&l);
    }
}

static void test_findings(void **state)
{
    static const struct {
        const char *over, *findings, *why;
    } rows[] = {
        {"items: [{id: aa, need: 2}]\n", "1 unknown-id", "nothing to change"},
        {"items: [{id: s, need: 2}]\n", "1 misplaced", "a section is no item"},
        {"items: [{id: x, need: 2}]\n", "1 misplaced", "neither is a gate"},
        {"items:\n  - {id: a, need: 2}\n  - {id: a, lose: 2}\n", "3 duplicate-id", "twice"},
        {"sections: [{id: n, items: [{id: a, need: 2}]}]\n", "1 misplaced", "in a new section"},
        {"remove: [nobody, fields.a, items.f]\n", "1 unknown-id, 1 unknown-id, 1 unknown-id",
         "no such things"},
        {"remove: {a: b}\n", "1 wrong-kind", "no list"},
        {"items: {a: b}\n", "1 wrong-kind", "no list of items"},
        {"fields: {ff: {max: 1}}\n", "1 unknown-id", "a field without a type"},
    };
    struct loaded l;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = merged(&l, BASE, rows[i].over);
        if (strcmp(text, rows[i].findings) != 0) {
            fail_msg("%s: %s gives %s, not %s", rows[i].why, rows[i].over, text, rows[i].findings);
        }
        loaded_release(&l);
    }
}

/* What is written is read as the same. */
static void test_write(void **state)
{
    static const struct {
        const char *json, *yaml, *why;
    } rows[] = {
        {"{\"a\": \"b\"}", "a: b\n", "plain"},
        {"{\"a\": \"\"}", "a: \"\"\n", "empty"},
        {"{\"a\": \"b: c\"}", "a: \"b: c\"\n", "a colon"},
        {"{\"a\": \"b:c\", \"d\": [\"e:f\"]}", "a: b:c\nd: [\"e:f\"]\n",
         "one that is none, outside"},
        {"{\"a\": [\"b, c\", \"{d}\"], \"e\": \"f, [g]\"}", "a: [\"b, c\", \"{d}\"]\ne: f, [g]\n",
         "commas and brackets within brackets"},
        {"{\"a\": \"1\", \"b\": 1, \"c\": \"no\", \"d\": false, \"e\": \"-2%\"}",
         "a: \"1\"\nb: 1\nc: \"no\"\nd: false\ne: \"-2%\"\n", "quotes make texts of values"},
        {"{\"a\": \"b #c\"}", "a: \"b #c\"\n", "no comment"},
        {"{\"a\": \"- b\", \"c\": \"-b\", \"d\": -1}", "a: \"- b\"\nc: \"-b\"\nd: -1\n", "dashes"},
        {"{\"a\": \" b\", \"c\": \"d \"}", "a: \" b\"\nc: \"d \"\n", "spaces at the ends"},
        {"{\"a\": \"\\u0000\"}", NULL, "refused already"},
        {"{\"a\": \"\\t\\u001b\\u202e\\ufeff\\u2028\\u0085\"}",
         "a: \"\\t\\u001b\\u202e\\ufeff\\u2028\\u0085\"\n", "what nobody sees"},
        {"{\"a\": \"b\\nc\\n\"}", "a: |\n  b\n  c\n", "lines"},
        {"{\"a\": \"b\\n\\nc\"}", "a: |-\n  b\n\n  c\n", "an empty one between"},
        {"{\"a\": \"b\\n\\n\"}", "a: \"b\\n\\n\"\n", "at the end they would be lost"},
        {"{\"a\": \"\\n b\"}", "a: \"\\n b\"\n", "an indent would be misread"},
        {"{\"a\": \"<<\", \"<<\": \"b\"}", "a: \"<<\"\n\"<<\": b\n", "no merge key"},
        {"{\"a\": \"...\", \"---\": \"b\"}", "a: \"...\"\n\"---\": b\n", "no document ends"},
        {"{\"a\": \"*b\", \"c\": \"&d\", \"e\": \"!f\", \"g\": \"%h\", \"i\": \"@j\"}",
         "a: \"*b\"\nc: \"&d\"\ne: \"!f\"\ng: \"%h\"\ni: \"@j\"\n", "signs of YAML"},
        {"{\"a\": [], \"b\": {}, \"c\": [[], [{}]]}", "a: []\nb: {}\nc: [[], [{}]]\n",
         "empty ones"},
        {"{\"items\": [{\"x\": [1], \"id\": \"i\"}]}", "items:\n  - id: i\n    x: [1]\n",
         "names first"},
        {"{\"items\": [[1, 2], {}, 3]}", "items:\n  - [1, 2]\n  - {}\n  - 3\n", "odd elements"},
    };
    struct loaded l;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0}, again = {0};
        loaded_document(&l, "a.json", rows[i].json, strlen(rows[i].json));
        if (rows[i].yaml) {
            node_write(&l.arena, l.root, false, &out);
            if (strcmp(out.at, rows[i].yaml) != 0) {
                fail_msg("%s: %s", rows[i].why, out.at);
            }
            const struct source *s = source_from_text(&l.arena, "a.yaml", out.at, out.n);
            const struct node *root = yaml_read(&l.arena, &l.diag, s);
            if (!root) {
                fail_msg("%s: %s", rows[i].why, loaded_findings(&l));
            }
            node_write(&l.arena, root, false, &again);
            assert_string_equal(again.at, out.at);
        }
        buf_release(&out);
        buf_release(&again);
        loaded_release(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
