/*
 * fuzz_expression.c - any text as a formula of a rubric, and as a script file that may require
 * others: the tokens are read where no sandbox protects, before anything is compiled.
 */
#include "fuzz.h"

#include "lua/describe.h"
#include "lua/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MOST 32

/* What was taken for an expression makes a chunk that can be called, whatever comes of it; and what
 * comes of it without Lua is the same. */
static void call(struct arena *a, const char *chunk, const script_names *names)
{
    struct rubric r = {.grades_script = SCRIPT_NONE};
    const struct source *source = source_from_text(a, "formula", chunk, strlen(chunk));
    *vec_push(a, &r.chunks) = (struct chunk){.name = "formula",
                                             .text = chunk,
                                             .n = strlen(chunk),
                                             .at = {.source = source, .length = strlen(chunk)}};
    struct script *s = vec_push(a, &r.scripts);
    s->use = SCRIPT_FORMULA;
    s->id = s->title = "formula";
    s->params.kind = PARAM_MAP;
    struct arg args[NAMES_MOST] = {0};
    for (uint32_t i = 0; i < names->n; i++) {
        *vec_push(a, &s->inputs) = (struct input){.kind = INPUT_FIELD, .index = i, .name = "f"};
        args[i] = (struct arg){.kind = ARG_NUMBER, .number = i};
    }
    struct sandbox *sandbox = sandbox_new(&r, NULL);
    struct call_result result;
    sandbox_call(sandbox, 0, &(struct call){.full = 10, .args = args, .arena = a}, &result);
    if (result.state == CALL_VALUE ? !isfinite(result.number) : result.error == NULL)
        abort();
    const struct formula *f = formula_compile(a, &r.chunks.at[0]);
    double number;
    if (f != NULL && formula_number(f, args, &number) &&
        (result.state != CALL_VALUE || memcmp(&number, &result.number, sizeof number) != 0))
        abort();
    sandbox_release(sandbox);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct diag d;
    diag_init(&d, &a);
    const struct source *s = fuzz_source(&a, "formula", data, n);
    if (s != NULL) {
        span at = {.source = s, .length = s->n};
        script_names names = {0}, required = {0};
        if (!expression_names(&a, &d, (str){s->text, s->n}, at, &names)) {
            if (d.n_errors == 0)
                abort(); /* refused without a word */
        } else if (names.n <= NAMES_MOST) {
            call(&a, expression_chunk(&a, (str){s->text, s->n}, &names), &names);
        }
        struct chunk chunk = {
            .name = "formula", .module = "formula", .text = s->text, .n = s->n, .at = at};
        chunk_requires(&a, &d, &chunk, &required);
    }
    fuzz_print(&d);
    arena_release(&a);
    return 0;
}
