/*
 * fuzz_rubric.c - any bytes as a rubric; one without an error scores two units of each class, the
 * first with a value in every field, the second with none.
 */
#include "fuzz.h"

#include "analyse/rank.h"
#include "load/rubric_load.h"
#include "load/units.h"
#include "score/run.h"

static const char *sample(const struct field *f)
{
    static const char *const samples[N_FIELD_TYPES] = {
        [FIELD_COUNT] = "3",        [FIELD_NUMBER] = "2.5", [FIELD_PERCENT] = "87.5%",
        [FIELD_YESNO] = "yes",      [FIELD_TEXT] = "text",  [FIELD_LIST] = "9; 8; 7",
        [FIELD_DATE] = "2024-12-20"};
    return f->type == FIELD_CHOICE && f->options.n > 0 ? f->options.at[0] : samples[f->type];
}

/* One more CSV cell of the row. */
static void cell(struct buf *out, const char *text)
{
    buf_text(out, ",\"");
    for (; text != NULL && *text != '\0'; text++)
        buf_repeat(out, (char[]){*text, '\0'}, *text == '"' ? 2 : 1);
    buf_char(out, '"');
}

static void units(struct buf *out, const struct rubric *r)
{
    buf_text(out, "id,class");
    for (uint32_t i = 0; i < r->fields.list.n; i++)
        cell(out, r->fields.list.at[i].id);
    for (uint32_t unit = 0; unit < 2 * (r->classes.n > 0 ? r->classes.n : 1); unit++) {
        buf_printf(out, "\nu%u", unit);
        cell(out, r->classes.n > 0 ? r->classes.at[unit / 2] : "any");
        for (uint32_t i = 0; unit % 2 == 0 && i < r->fields.list.n; i++)
            cell(out, sample(&r->fields.list.at[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct buf out = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = fuzz_source(&a, "rubric.yaml", data, n);
    const struct rubric *r = s ? rubric_load(&a, &d, s) : NULL;
    if (r != NULL && d.n_errors == 0) {
        units(&out, r);
        const struct source *csv = source_from_text(&a, "units.csv", out.at, out.n);
        const struct table *t = units_load(&a, &d, r, &csv, 1, &(struct units_options){0});
        struct ranking_result ranking = {0};
        if (t != NULL)
            rank_units(&a, run_score(&a, &d, t, NULL), &ranking);
    }
    fuzz_print(&d);
    buf_release(&out);
    arena_release(&a);
    return 0;
}
