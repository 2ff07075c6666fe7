/*
 * describe.c - every chunk compiled, and scripts run once, in one worker; what is learnt comes back
 * as messages (describe_wire.c).
 */
#include "lua/describe.h"

#include "base/i18n.h"
#include "base/workers.h"
#include "lua/inspect.h"

#include <lua5.4/lauxlib.h>
#include <string.h>

/* ---- one chunk, where it may run ---- */

static int compile_it(lua_State *L)
{
    struct inspection *in = lua_touserdata(L, 1);
    chunk_compile(L, in->index);
    in->proto = bytecode_of(in->arena, L);
    return 0;
}

static int read_it(lua_State *L)
{
    inspect_definition(lua_touserdata(L, 1));
    return 0;
}

static bool protect(struct inspection *in, lua_CFunction f)
{
    struct sandbox *s = in->sandbox;
    memset(&s->failure, 0, sizeof s->failure);
    s->failure.id = FINDING_SCRIPT_FAILED;
    s->failure.chunk = in->index;
    memory_begin(&s->memory, 1, false);
    lua_pushcfunction(s->L, f);
    lua_pushlightuserdata(s->L, in);
    bool fine = state_call(s, 1, 0);
    memory_end(&s->memory);
    return fine;
}

/* Lua says `near 'x'`: the first such word on the line. */
static struct stretch near_part(const struct inspection *in, const struct failure *f)
{
    const char *near = strstr(f->text, " near '");
    const char *end = strrchr(f->text, '\'');
    for (uint32_t i = 0; near != NULL && near[7] == '<' && i < in->tokens.n; i++) {
        if (in->tokens.at[i].line == f->line && in->tokens.at[i].kind == TOKEN_FOREIGN) {
            return inspect_token(&in->tokens.at[i]);
        }
    }
    if (near != NULL && end > near + 7) {
        str word = {near + 7, (size_t)(end - near - 7)};
        for (uint32_t i = 0; i < in->tokens.n; i++) {
            if (in->tokens.at[i].line == f->line && str_eq(in->tokens.at[i].text, word)) {
                return inspect_token(&in->tokens.at[i]);
            }
        }
    }
    return inspect_find(in, NULL, f->line);
}

/* Signs that come of habit: full-width ones, of which Lua shows one byte, and = for ==. */
static const char *syntax_hint(const struct inspection *in, const struct failure *f)
{
    for (uint32_t i = 0; i < in->tokens.n; i++) {
        const struct token *t = &in->tokens.at[i];
        if (t->line == f->line && t->kind == TOKEN_FOREIGN && expression_habit(t->text)) {
            return expression_habit(t->text);
        }
    }
    return strstr(f->text, "expected near '='") != NULL ? expression_habit(STR("=")) : NULL;
}

/* What stands around an expression in its chunk is not its author's. */
static const char *expression_text(const struct inspection *in, const char *text)
{
    static const char expected[] = "')' expected near ";
    if (strstr(text, "too many local variables") != NULL) {
        return _("too many values are read: at most some 190");
    }
    if (strcmp(text, "unexpected symbol near ')'") == 0) {
        return _("the expression is not complete");
    }
    return strncmp(text, expected, sizeof expected - 1) == 0
               ? arena_printf(in->arena, _("unexpected %s"), text + sizeof expected - 1)
               : text;
}

static void note_failure(struct inspection *in, const struct failure *f)
{
    const char *text = arena_text(in->arena, f->text, strlen(f->text));
    struct stretch at = {0};
    if (f->chunk != in->index && f->chunk < in->sandbox->chunks->n) {
        text = arena_printf(in->arena, "%s:%u: %s", in->sandbox->chunks->at[f->chunk].name, f->line,
                            text);
    } else if (f->id == FINDING_SCRIPT_SYNTAX) {
        at = near_part(in, f);
    } else {
        at = inspect_find(in, f->name[0] != '\0' ? f->name : NULL, f->line);
    }
    if (!in->chunk->module) {
        text = expression_text(in, text);
    }
    struct note *n = inspect_note(in, f->id, at, text);
    if (f->id == FINDING_SCRIPT_SYNTAX && f->chunk == in->index) {
        n->hint = syntax_hint(in, f);
    }
    if (f->id == FINDING_SCRIPT_SYNTAX && strcmp(text, "C stack overflow") == 0) {
        n->hint = _("too deeply nested, or too many operators in one expression: split it");
    }
}

static bool has_error(const struct inspection *in)
{
    for (uint32_t i = 0; i < in->notes.n; i++) {
        if (in->notes.at[i].id != FINDING_SCRIPT_INTERPRETER) {
            return true;
        }
    }
    return false;
}

static void run_it(struct inspection *in)
{
    struct sandbox *s = in->sandbox;
    bool had_error = has_error(in);
    bool fine = chunk_load(s, in->index);
    struct loaded *loaded = &s->loaded[in->index];
    /* An unknown name was found already, and is why it fails. */
    if (!fine && !(had_error && loaded->failure->id == FINDING_SCRIPT_FAILED)) {
        note_failure(in, loaded->failure);
    }
    if (loaded->value != LUA_NOREF && !protect(in, read_it)) {
        note_failure(in, &s->failure);
    }
    in->out.fine = !has_error(in);
}

/* The `{` of the last `return {` whose `}` ends the chunk. */
static size_t find_definition(const tokens *all)
{
    int depth = 0;
    size_t end = all->n;
    while (end > 0 && token_is(&all->at[end - 1], ";")) {
        end--;
    }
    for (size_t i = end; i-- > 0;) {
        depth += token_is(&all->at[i], "}") - token_is(&all->at[i], "{");
        if (depth == 0) {
            bool returned =
                i > 0 && token_is(&all->at[i], "{") && token_is(&all->at[i - 1], "return");
            return returned ? i : SIZE_MAX;
        }
    }
    return SIZE_MAX;
}

static bool says_not_applicable(const tokens *all)
{
    for (uint32_t i = 0; i < all->n; i++) {
        if (all->at[i].kind == TOKEN_NAME && str_is(all->at[i].text, "not_applicable")) {
            return true;
        }
    }
    return false;
}

void inspect_chunk(struct sandbox *s, uint32_t index, bool main, struct buf *out)
{
    struct arena arena = {0};
    struct inspection in = {
        .sandbox = s, .arena = &arena, .index = index, .chunk = &s->chunks->at[index]};
    tokens_read(&arena, (str){in.chunk->text, in.chunk->n}, &in.tokens);
    in.definition = find_definition(&in.tokens);
    in.out.may_not_apply = says_not_applicable(&in.tokens);
    in.out.params.kind = PARAM_MAP;
    bool compiled = protect(&in, compile_it);
    struct failure failure = s->failure;
    if (!compiled) {
        note_failure(&in, &failure);
    }
    inspect_code(&in);
    if (compiled && main) {
        run_it(&in);
    }
    description_write(&in, out);
    arena_release(&arena);
}

/* ---- all of them, in a worker ---- */

struct describing {
    struct arena *arena;
    struct diag *diag;
    const chunks *all;
    const bool *main;
    struct script_description *out;
    bool *told;
    bool died;
};

static void run_describe(void *context, void *own, struct worker *w, uint32_t block)
{
    (void)own;
    (void)block;
    const struct describing *c = context;
    struct sandbox *s = state_new(c->all, NULL);
    for (uint32_t i = 0; s != NULL && i < c->all->n; i++) {
        struct buf b = {0};
        worker_at(w, i);
        buf_add(&b, (const char *)&i, sizeof i);
        inspect_chunk(s, i, c->main[i], &b);
        worker_send(w, b.at, b.n);
        buf_release(&b);
    }
    sandbox_release(s);
}

static void take_description(void *context, uint32_t block, const void *message, size_t n)
{
    (void)block;
    struct describing *c = context;
    uint32_t i = UINT32_MAX;
    if (n >= sizeof i) {
        memcpy(&i, message, sizeof i);
    }
    if (i < c->all->n && !c->told[i]) {
        c->told[i] = description_read(c->arena, c->diag, &c->all->at[i],
                                      (const char *)message + sizeof i, n - sizeof i, &c->out[i]);
    }
}

static bool note_death(void *context, const struct worker_end *end)
{
    struct describing *c = context;
    span at = end->at < c->all->n ? c->all->at[end->at].at : (span){0};
    diag_add(c->diag, FINDING_WORKER_DIED, at,
             _("the process that read this script ended before its work was done"));
    c->died = true;
    return false;
}

void scripts_describe(struct arena *a, struct diag *d, const chunks *all, const bool *main,
                      struct script_description *out)
{
    struct describing c = {.arena = a, .diag = d, .all = all, .main = main, .out = out};
    c.told = ARENA_ARRAY(a, bool, all->n);
    for (uint32_t i = 0; i < all->n; i++) {
        memset(&out[i], 0, sizeof out[i]);
        out[i].params.kind = PARAM_MAP;
    }
    struct work work = {.n_blocks = 1,
                        .jobs = 1,
                        .context = &c,
                        .run = run_describe,
                        .take = take_description,
                        .died = note_death};
    if (all->n == 0) {
        return;
    }
    (void)_("unknown key '%s'"); /* a worker cannot open the texts' file: it is opened here */
    workers_run(&work);
    for (uint32_t i = 0; i < all->n && !c.died; i++) {
        if (!c.told[i]) {
            diag_add(d, FINDING_WORKER_DIED, all->at[i].at,
                     _("the process that read this script said nothing of it"));
        }
    }
}
