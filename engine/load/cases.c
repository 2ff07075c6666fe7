/* cases.c - see cases.h: the file, its rubric, its cases. */
#include "load/cases.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "load/node.h"
#include "load/units.h"

#include <string.h>

/* ---- the file and its rubric ---- */

/* "rubrics/duty.test.yaml" -> "rubrics/duty.yaml"; NULL where the name is another. */
static const char *rubric_beside(struct arena *a, const char *path)
{
    static const char *const endings[] = {".test.yaml", ".test.yml"};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t k = strlen(endings[i]);
        if (n > k && strcmp(path + n - k, endings[i]) == 0) {
            return arena_printf(a, "%.*s%s", (int)(n - k), path, endings[i] + strlen(".test"));
        }
    }
    return NULL;
}

/* A path that a file names is meant from where the file is. */
static const char *path_from(struct arena *a, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    if (*path == '/' || !slash) {
        return path;
    }
    return arena_printf(a, "%.*s/%s", (int)(slash - file), file, path);
}

static bool is_there(const char *path) { return sys_same_file(path, path); }

static const char *find_rubric(struct arena *a, struct diag *d, struct case_file *f)
{
    struct node *named = node_get(f->root, "rubric");
    if (named && named->bad) {
        return NULL;
    }
    if (named && (named->kind != NODE_SCALAR || !str_trim(node_str(named)).n)) {
        node_expect(d, named, _("the path of a rubric"));
        return NULL;
    }
    const char *path =
        named ? path_from(a, f->source->name, named->text) : rubric_beside(a, f->source->name);
    span at = named ? named->at : (span){f->source, 0, 0};
    if (!path) {
        diag_add(d, FINDING_MISSING_KEY, at, _("the file does not say which rubric it tests"));
        diag_hint(d, _("add `rubric: PATH`, or call it NAME.test.yaml beside NAME.yaml"));
        return NULL;
    }
    if (!is_there(path)) {
        diag_add(d, FINDING_RUBRIC_MISSING, at, _("there is no rubric '%s'"), path);
        if (named) {
            diag_hint(d, _("the path is meant from the folder of the test file"));
        } else {
            diag_hint(d, _("add `rubric: PATH`, meant from the folder of the test file"));
        }
        return NULL;
    }
    return path;
}

struct case_file *cases_open(struct arena *a, struct diag *d, const struct source *s)
{
    struct case_file *f = ARENA_NEW(a, struct case_file);
    uint32_t errors = d->n_errors;
    f->source = s;
    f->root = yaml_read(a, d, s);
    f->well_formed = d->n_errors == errors;
    if (!f->root || f->root->bad) {
        return NULL;
    }
    if (f->root->kind != NODE_MAP) {
        node_expect(d, f->root, _("a map with a list of cases under tests:"));
        return NULL;
    }
    f->rubric_path = find_rubric(a, d, f);
    return f->rubric_path ? f : NULL;
}

/* ---- cases ---- */

/* Asks for every key that may be there, so that what is left over is unknown. */
static void check_keys(struct diag *d, struct node *map, const char *const *own,
                       const char *const *more)
{
    static const char *const none[] = {NULL};
    for (const char *const *k = own; *k; k++) {
        node_get(map, *k);
    }
    for (const char *const *k = more ? more : none; *k; k++) {
        node_get(map, *k);
    }
    node_unknown_keys(d, map, own);
}

static void read_name(struct diag *d, struct node *n, struct test_case *test)
{
    struct node *name = node_get(n, "name");
    test->at = n->at;
    if (!name) {
        diag_add(d, FINDING_MISSING_KEY, n->at, _("the case has no name"));
        diag_hint(d, _("add `name:` with a few words on what the case shows"));
        return;
    }
    if (name->bad) {
        return;
    }
    if (name->kind != NODE_SCALAR || !str_trim(node_str(name)).n) {
        node_expect(d, name, _("a name"));
        return;
    }
    test->at = name->at;
    test->name = name->text;
}

static void check_others(struct diag *d, struct node *others)
{
    if (!others || others->bad) {
        return;
    }
    if (others->kind != NODE_LIST) {
        node_expect(d, others, _("a list of units"));
    }
    for (uint32_t i = 0; others->kind == NODE_LIST && i < others->n_items; i++) {
        if (others->items[i]->kind != NODE_MAP) {
            node_expect(d, others->items[i], _("a unit: id, name, class, values"));
        } else {
            node_get(others->items[i], "previous"); /* known here, unlike in data files */
            node_get(others->items[i], "periods");
        }
    }
}

static void read_case(struct arena *a, struct diag *d, const struct rubric *r, struct node *n,
                      struct test_case *test, bool updating)
{
    static const char *const keys[] = {"expect", "others",   "tolerance", "values",  "class",
                                       "name",   "evidence", "previous",  "periods", NULL};
    test->node = n;
    if (n->kind != NODE_MAP) {
        node_expect(d, n, _("a case: name, values, expect"));
        test->at = n->at;
        return;
    }
    read_name(d, n, test);
    check_others(d, node_get(n, "others"));
    struct node *tolerance = node_get(n, "tolerance"), *expect = node_get(n, "expect");
    if (tolerance) {
        cases_tolerance(d, tolerance, &test->tolerance);
    }
    check_keys(d, n, keys, unit_keys);
    test->expects = expect;
    if (expect && expect->bad) {
        test->bad = true;
    } else if (expect) {
        cases_read_expect(a, d, r, expect, test);
    } else if (!updating) {
        diag_add(d, FINDING_MISSING_KEY, test->at, _("the case expects nothing"));
        diag_hint(d, _("add `expect:`; --update writes one for review"));
    }
}

static void read_cases(struct arena *a, struct diag *d, struct case_file *f, const struct rubric *r,
                       struct node *tests, dec tolerance, bool updating)
{
    struct map names = {0};
    for (uint32_t i = 0; i < tests->n_items; i++) {
        uint32_t errors = d->n_errors;
        struct node *n = tests->items[i];
        struct test_case *test = vec_push(a, &f->cases);
        test->tolerance = tolerance;
        test->bad = n->bad;
        test->name = arena_printf(a, _("case %u"), i + 1);
        read_case(a, d, r, n, test, updating);
        uint32_t first = map_put(a, &names, str_of(test->name), i);
        if (first != i) {
            diag_add(d, FINDING_DUPLICATE_ID, test->at, _("there is a case of this name already"));
            diag_note(d, f->cases.at[first].at, _("it is first used here"));
        }
        test->bad = test->bad || d->n_errors > errors;
    }
}

void cases_read(struct arena *a, struct diag *d, struct case_file *f, const struct rubric *r,
                bool updating)
{
    static const char *const keys[] = {"rubric", "tests", "tolerance", NULL};
    struct node *tests = node_get(f->root, "tests"), *given = node_get(f->root, "tolerance");
    dec tolerance = 0;
    check_keys(d, f->root, keys, NULL);
    if (given && !cases_tolerance(d, given, &tolerance)) {
        tolerance = 0;
    }
    if (!tests) {
        if (!f->root->n_lost) {
            diag_add(d, FINDING_NO_TESTS, (span){f->source, 0, 0}, _("the file holds no tests"));
            diag_hint(d, _("cases stand in a list under `tests:`"));
        }
        return;
    }
    if (tests->bad) {
        return;
    }
    if (tests->kind != NODE_LIST) {
        node_expect(d, tests, _("a list of cases"));
        return;
    }
    if (!tests->n_items) {
        diag_add(d, FINDING_NO_TESTS, tests->at, _("the file holds no tests"));
    }
    read_cases(a, d, f, r, tests, tolerance, updating);
}

/* The maps under `previous:` of the case and of the units beside it. */
static void read_previous(struct arena *a, struct diag *d, const struct case_file *f,
                          struct table *t, struct node *const *units)
{
    struct node **values = ARENA_ARRAY(a, struct node *, t->units.n);
    bool any = false;
    for (uint32_t i = 0; i < t->units.n; i++) {
        struct node *previous = units[i]->kind == NODE_MAP ? node_get(units[i], "previous") : NULL;
        values[i] = previous && !previous->bad && !previous->is_null ? previous : NULL;
        any = any || values[i];
    }
    if (any) {
        units_previous_of_nodes(a, d, t, f->source, values);
    }
}

struct table *cases_table(struct arena *a, struct diag *d, const struct case_file *f,
                          const struct rubric *r, const struct test_case *test)
{
    struct node *others = node_get(test->node, "others");
    uint32_t n = 1 + (others && others->kind == NODE_LIST ? others->n_items : 0);
    struct node **units = ARENA_ARRAY(a, struct node *, n);
    const char **names = ARENA_ARRAY(a, const char *, n);
    units[0] = test->node;
    names[0] = test->name;
    for (uint32_t i = 1; i < n; i++) {
        units[i] = others->items[i - 1];
        names[i] = arena_printf(a, _("other %u"), i);
    }
    struct table *t = units_of_nodes(a, d, r, f->source, units, names, n);
    if (t->units.n == n) { /* else a finding says that two are one */
        read_previous(a, d, f, t, units);
        cases_read_periods(a, d, t, units);
    }
    return t;
}
