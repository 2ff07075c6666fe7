/* fuzz_waivers.c - any bytes as a waiver file; the first tells the format. What is read is looked
 * up and told. */
#include "fuzz.h"

#include "load/units.h"
#include "load/waivers.h"

static const char units[] = "id,class,次数\nu1,a,12\nu2,b,3\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"w.yaml", "w.csv", "w.json", "w"};
    const struct rubric *rubric = fuzz_rubric();
    struct arena a = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = source_from_text(&a, "units.csv", units, strlen(units));
    struct table *t = units_load(&a, &d, rubric, &s, 1, NULL);
    const struct source *w = n ? fuzz_source(&a, names[data[0] % 4], data + 1, n - 1) : NULL;
    if (w)
        waivers_load(&a, &d, t, &w, 1);
    for (uint32_t unit = 0; unit < t->units.n; unit++) {
        struct waivers own = waivers_of(t->waivers, unit);
        for (uint32_t m = 0; m < rubric->members.n; m++)
            waiver_of(own, rubric, m);
        for (uint32_t i = 0; i < own.n; i++)
            waiver_text(&a, &own.at[i]);
    }
    fuzz_print(&d);
    arena_release(&a);
    return 0;
}
