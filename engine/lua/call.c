/*
 * call.c - calls of scripts.
 *
 * Two ways lead to score:
 *
 *   plain    function, item, numbers ── lua_pcall                    nothing is allocated before
 *   full     a C function in lua_pcall pushes texts and lists first   for they may not fit
 *
 * A function that has no loop and reaches no other Lua function takes no more steps than it has
 * instructions: it runs without the count hook, which would make each instruction dearer; C
 * functions charge all the same. When such a call fails it is done again with the hook, for the
 * interpreter then knows the right line. A call depends on its arguments alone, so it fails again.
 */
#include "base/i18n.h"
#include "lua/item.h"

#include <lua5.4/lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- in ---- */

#define PLAIN_MOST 250 /* arguments for which there is room in the stack */

static bool push_plain(lua_State *L, const struct arg *arg)
{
    switch (arg->kind) {
    case ARG_NIL:
        lua_pushnil(L);
        return true;
    case ARG_NUMBER:
        lua_pushnumber(L, arg->number);
        return true;
    case ARG_YESNO:
        lua_pushboolean(L, arg->number != 0);
        return true;
    case ARG_TEXT:
    case ARG_LIST:
        break;
    }
    return false;
}

static void push_arg(lua_State *L, const struct arg *arg)
{
    if (push_plain(L, arg)) {
        return;
    }
    if (arg->kind == ARG_TEXT) {
        lua_pushlstring(L, arg->text, arg->n);
        return;
    }
    luaL_checkstack(L, 4, NULL);
    lua_createtable(L, arg->n > INT32_MAX ? INT32_MAX : (int)arg->n, 0);
    for (size_t i = 0; i < arg->n; i++) {
        push_arg(L, &arg->list[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static bool is_plain(const struct arg *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (n > PLAIN_MOST || args[i].kind == ARG_TEXT || args[i].kind == ARG_LIST) {
            return false;
        }
    }
    return true;
}

static size_t text_cost(const struct arg *args, size_t n)
{
    size_t cost = 1;
    for (size_t i = 0; i < n; i++) {
        const struct arg *arg = &args[i];
        size_t own = 1;
        if (arg->kind == ARG_TEXT && arg->n > MEMORY_TEXT_FREE) {
            own = memory_text_cost(arg->n, memchr(arg->text, 0, arg->n) != NULL);
        } else if (arg->kind == ARG_LIST) {
            own = text_cost(arg->list, arg->n);
        }
        cost = own > cost ? own : cost;
    }
    return cost;
}

static int fill_item(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    item_fill(L, s->running.item, s->running.call);
    return 0;
}

static int call_full(lua_State *L)
{
    const struct running *r = &sandbox_of(L)->running;
    uint32_t n = r->item->script->inputs.n;
    luaL_checkstack(L, (int)n + 8, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, r->item->function);
    lua_rawgeti(L, LUA_REGISTRYINDEX, r->item->argument);
    for (uint32_t i = 0; i < n; i++) {
        push_arg(L, &r->call->args[i]);
    }
    lua_call(L, (int)n + 1, 2);
    return 2;
}

/* True: two results are on the stack. */
static bool attempt(struct sandbox *s, bool plain, size_t cost, bool hooked)
{
    lua_State *L = s->L;
    struct running *r = &s->running;
    uint32_t n = r->item->script->inputs.n;
    r->lost = 0;
    r->lost_any = false;
    r->said = CALL_VALUE;
    s->failure.failed = false;
    memory_begin(&s->memory, cost, hooked);
    if (!plain) {
        lua_pushcfunction(L, call_full);
        return state_call(s, 0, 2);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, r->item->function);
    lua_rawgeti(L, LUA_REGISTRYINDEX, r->item->argument);
    for (uint32_t i = 0; i < n; i++) {
        push_plain(L, &r->call->args[i]);
    }
    return state_call(s, (int)n + 1, 2);
}

/* ---- out ---- */

static void fail(struct call_result *out, const char *error)
{
    out->state = CALL_FAILED;
    out->error = error;
    out->reason = NULL;
}

static void fail_value(struct sandbox *s, const char *expected)
{
    struct arena *a = s->running.call->arena;
    int type = lua_type(s->L, -2);
    fail(s->running.out, type == LUA_TNIL
                             ? arena_printf(a, _("returned nothing instead of %s"), expected)
                             : arena_printf(a, _("returned a %s instead of %s"),
                                            lua_typename(s->L, type), expected));
}

static void take_reason(struct sandbox *s)
{
    struct call_result *out = s->running.out;
    struct arena *a = s->running.call->arena;
    int type = lua_type(s->L, -1);
    if (type == LUA_TSTRING) {
        size_t n;
        const char *text = lua_tolstring(s->L, -1, &n);
        out->reason = item_text(a, text, n);
    } else if (type != LUA_TNIL) {
        fail(out, arena_printf(a, _("the reason is a %s, not a text"), lua_typename(s->L, type)));
    }
}

static void take_lost(struct sandbox *s)
{
    struct running *r = &s->running;
    if (!lua_isnil(s->L, -2)) {
        fail(r->out, _("after item.lose nothing is returned: points are what was not lost"));
        return;
    }
    r->out->lost = true;
    r->out->number = r->call->full - r->lost;
    if (!isfinite(r->out->number)) {
        fail(r->out, _("points are infinite"));
    }
}

static void take_points(struct sandbox *s)
{
    struct call_result *out = s->running.out;
    if (s->running.lost_any) {
        take_lost(s);
        return;
    }
    if (lua_type(s->L, -2) != LUA_TNUMBER) {
        fail_value(s, _("points"));
        return;
    }
    out->number = lua_tonumber(s->L, -2);
    if (!isfinite(out->number)) {
        fail(out, isnan(out->number) ? _("points are nan") : _("points are infinite"));
        return;
    }
    take_reason(s);
}

static void take_yes(struct sandbox *s)
{
    if (!lua_isboolean(s->L, -2)) {
        fail_value(s, _("true or false"));
        return;
    }
    s->running.out->yes = lua_toboolean(s->L, -2) != 0;
    take_reason(s);
}

static void fail_grade(struct sandbox *s, const struct script *script, str name)
{
    struct arena *a = s->running.call->arena;
    struct nearest nearest = {.name = name};
    for (uint32_t i = 0; i < script->grades.n; i++) {
        nearest_offer(&nearest, script->grades.at[i]);
    }
    const char *best = nearest_name(&nearest, a);
    const char *shown = item_text(a, name.at, name.n);
    fail(s->running.out,
         best != NULL ? arena_printf(a, _("returned '%s', which is no grade (did you mean '%s'?)"),
                                     shown, best)
                      : arena_printf(a, _("returned '%s', which is no grade"), shown));
}

static void take_grade(struct sandbox *s)
{
    struct call_result *out = s->running.out;
    const struct script *script = s->running.item->script;
    int type = lua_type(s->L, -2);
    if (type == LUA_TNUMBER) {
        double place = lua_tonumber(s->L, -2);
        if (!(place >= 1 && place <= script->grades.n && place == floor(place))) {
            fail(out, arena_printf(s->running.call->arena,
                                   _("returned %.14g, which is no grade: there are %u"), place,
                                   script->grades.n));
            return;
        }
        out->grade = (uint32_t)place - 1;
    } else if (type == LUA_TSTRING) {
        str name = {0};
        name.at = lua_tolstring(s->L, -2, &name.n);
        for (out->grade = 0; out->grade < script->grades.n; out->grade++) {
            if (str_is(name, script->grades.at[out->grade])) {
                break;
            }
        }
        if (out->grade == script->grades.n) {
            fail_grade(s, script, name);
            return;
        }
    } else {
        fail_value(s, _("a grade"));
        return;
    }
    take_reason(s);
}

static void take_value(struct sandbox *s)
{
    switch (s->running.item->script->use) {
    case SCRIPT_ITEM:
    case SCRIPT_SECTION:
    case SCRIPT_FORMULA:
        take_points(s);
        break;
    case SCRIPT_GATE:
    case SCRIPT_CONDITION:
        take_yes(s);
        break;
    case SCRIPT_GRADES:
        take_grade(s);
        break;
    }
}

static void take_results(struct sandbox *s)
{
    struct running *r = &s->running;
    bool marked = lua_type(s->L, -2) == LUA_TTABLE && lua_topointer(s->L, -2) == s->marker_at;
    if (r->said == CALL_VALUE) {
        take_value(s);
    } else if (!marked) {
        fail(r->out, r->said == CALL_NOT_APPLICABLE
                         ? _("item.not_applicable(...) must be returned: return "
                             "item.not_applicable(...)")
                         : _("item.not_reported() must be returned: return item.not_reported()"));
    } else {
        r->out->state = r->said;
    }
}

static void take_failure(struct call_result *out, const struct failure *f, struct arena *a)
{
    size_t n = strlen(f->text);
    out->state = CALL_FAILED;
    out->error = arena_text(a, f->text, n);
    out->reason = NULL;
    out->flags.n = 0;
    out->line = f->line;
    if (f->chunk != UINT32_MAX) {
        out->chunk = f->chunk;
    }
    out->trace = f->trace[0] != '\0' ? arena_text(a, f->trace, strlen(f->trace)) : NULL;
}

/* ---- the call ---- */

static bool prepare(struct sandbox *s, struct item *item, const struct call *call)
{
    if (item_is_current(item, call)) {
        return true;
    }
    /* Not paid for by the call: it depends on the call before. */
    memory_begin(&s->memory, 1, false);
    s->failure.failed = false;
    lua_pushcfunction(s->L, fill_item);
    return state_call(s, 0, 0);
}

static void forget(struct call_result *out)
{
    out->reason = NULL;
    out->flags.n = 0;
}

static void call_prepared(struct sandbox *s, struct item *item, const struct call *call,
                          struct call_result *out)
{
    uint32_t n = item->script->inputs.n;
    bool plain = is_plain(call->args, n);
    size_t cost = plain ? item->cost : text_cost(call->args, n);
    cost = cost > item->cost ? cost : item->cost;
    bool hooked = !item->straight || cost > 1 || s->coverage != NULL;
    bool fine = attempt(s, plain, cost, hooked);
    if (!fine && !hooked && s->budget.left >= 0) {
        forget(out);
        memset(&s->failure, 0, sizeof s->failure);
        s->failure.chunk = item->script->chunk;
        fine = attempt(s, plain, cost, true);
    }
    memory_end(&s->memory);
    if (fine && s->budget.left < 0) {
        fine = false; /* what was paid last was too much */
        snprintf(s->failure.text, sizeof s->failure.text, "step limit of %d exceeded",
                 BUDGET_STEPS);
    }
    out->steps = s->budget.left < 0 ? BUDGET_STEPS : BUDGET_STEPS - s->budget.left;
    if (fine) {
        take_results(s);
    } else {
        take_failure(out, &s->failure, call->arena);
    }
}

/* In an expression infinity comes of a division by 0, unless a date is `never`. */
static bool is_strict(const struct script *script, const struct arg *args)
{
    if (script->use != SCRIPT_FORMULA && script->use != SCRIPT_CONDITION) {
        return false;
    }
    for (uint32_t i = 0; i < script->inputs.n; i++) {
        if (args[i].kind == ARG_NUMBER && isinf(args[i].number)) {
            return false;
        }
    }
    return true;
}

void sandbox_call(struct sandbox *s, uint32_t script, const struct call *call,
                  struct call_result *out)
{
    struct item *item = &s->items[script];
    memset(out, 0, sizeof *out);
    out->chunk = item->script->chunk;
    if (item->failure != NULL) {
        take_failure(out, item->failure, call->arena);
        return;
    }
    s->budget.strict = is_strict(item->script, call->args);
    s->running = (struct running){.call = call, .out = out, .item = item, .in_call = true};
    s->failure.failed = false;
    s->failure.line = 0;
    s->failure.trace[0] = '\0';
    s->failure.chunk = item->script->chunk;
    if (prepare(s, item, call)) {
        call_prepared(s, item, call, out);
    } else {
        take_failure(out, &s->failure, call->arena);
    }
    s->running.in_call = false;
    lua_settop(s->L, 1);
    if (s->scratch.first != NULL) {
        arena_release(&s->scratch);
    }
}
