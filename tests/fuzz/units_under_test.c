/* units_under_test.c - the part that the harnesses of the data readers share (fuzz.h). */
#include "fuzz.h"

#include "load/rubric_load.h"
#include "load/units.h"
#include "model/table.h"

#include <stdlib.h>

static const char rubric_text[] =
    "kaoping: 1\n"
    "id: fuzz\n"
    "title: fuzz\n"
    "period: 2024\n"
    "total: 10\n"
    "round: {item: 2, total: 2}\n"
    "not_applicable: rescale\n"
    "classes: [a, b]\n"
    "columns: {notes: remarks, ignore: [skip]}\n"
    "fields:\n"
    "  c: {type: count, label: 次数, unit: 次, alias: [times], min: 0, max: 1000000}\n"
    "  n: {type: number, label: 数}\n"
    "  p: {type: percent, label: 率}\n"
    "  y: {type: yesno, label: 是否}\n"
    "  d: {type: date, label: 日期}\n"
    "  o: {type: choice, label: 等次, options: [好, 中, 差]}\n"
    "  t: {type: text, label: 说明}\n"
    "  l: {type: list, label: 评分}\n"
    "sections:\n"
    "  - id: s\n"
    "    title: s\n"
    "    points: 10\n"
    "    items:\n"
    "      - {id: i, title: 学习, points: 10, method: short, field: c, need: 12, lose: 1}\n";

const struct rubric *fuzz_rubric(void)
{
    static const struct rubric *r;
    if (r != NULL)
        return r;
    static struct arena a;
    static struct diag d;
    diag_init(&d, &a);
    const struct source *s = source_from_text(&a, "rubric.yaml", rubric_text, strlen(rubric_text));
    r = rubric_load(&a, &d, s);
    if (r == NULL || d.n_errors > 0)
        abort(); /* the harness itself is wrong */
    return r;
}

int fuzz_units(const char *name, const uint8_t *data, size_t n)
{
    const struct rubric *rubric = fuzz_rubric();
    struct arena a = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = fuzz_source(&a, name, data, n);
    struct units_options options = {.ignore_unknown = n % 2 == 1};
    struct table *t = s ? units_load(&a, &d, rubric, &s, 1, &options) : NULL;
    /* The same bytes as what the units had before: all of them are known. */
    if (t != NULL)
        units_load_previous(&a, &d, t, &s, 1, &options);
    for (uint32_t unit = 0; t != NULL && unit < t->units.n; unit++)
        for (uint32_t field = 0; field < rubric->fields.list.n; field++) {
            table_value_text(&a, t, unit, field);
            span_text(&a, table_place(t, unit, field));
            table_value_text(&a, t->previous, unit, field);
            span_text(&a, table_place(t->previous, unit, field));
        }
    fuzz_print(&d);
    arena_release(&a);
    return 0;
}
