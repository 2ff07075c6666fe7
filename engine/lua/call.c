/*
 * call.c - calls of scripts.
 *
 * Two ways lead to score:
 *
 *   plain    function, item, numbers ── lua_pcall                    nothing is allocated before
 *   full     a C function in lua_pcall pushes texts and lists first   for they may not fit
 *
 * A function that reaches no other Lua function and whose text tells how many instructions it
 * takes (proto_bound) runs without the count hook, which would make each instruction dearer; C
 * functions charge all the same, and so do the turns of its loops. When such a call fails it is
 * done again with the hook: the interpreter then knows the right line, and a loop pays for what it
 * did and not for what it could have done. A call depends on its arguments alone, so an error comes
 * again.
 *
 * Within sandbox_block such a call is not protected by itself: setting that up is half of what a
 * short call costs. Its error ends the block, and the caller does again what it was doing.
 */
#include "base/i18n.h"
#include "lua/item.h"

#include <float.h>
#include <lua5.4/lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- in ---- */

#define PLAIN_MOST 250  /* arguments for which there is room in the stack */
#define BLOCK_SLOTS 500 /* of the stack's places that a block's functions may take */

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

/* What there is to know of the arguments before the call. */
struct arguments {
    bool plain;    /* push_plain takes them all */
    bool infinite; /* a date is `never` */
};

static struct arguments arguments_of(const struct call *call, uint32_t n)
{
    struct arguments out = {.plain = n <= PLAIN_MOST};
    for (uint32_t i = 0; i < n; i++) {
        const struct arg *arg = &call->args[i];
        out.plain &= arg->kind < ARG_TEXT;
        out.infinite |= arg->kind == ARG_NUMBER && fabs(arg->number) > DBL_MAX;
    }
    return out;
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

static void push_function(struct sandbox *s, const struct item *item)
{
    if (s->in_block && item->slot > 0) {
        lua_pushvalue(s->L, item->slot);
        lua_pushvalue(s->L, item->slot + 1);
    } else {
        lua_rawgeti(s->L, LUA_REGISTRYINDEX, item->function);
        lua_rawgeti(s->L, LUA_REGISTRYINDEX, item->argument);
    }
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
    memory_begin(&s->memory, cost, hooked);
    s->budget.turn = hooked ? 0 : r->item->turn;
    if (!plain) {
        lua_pushcfunction(L, call_full);
        return state_call(s, 0, 2);
    }
    push_function(s, r->item);
    for (uint32_t i = 0; i < n; i++) {
        push_plain(L, &r->call->args[i]);
    }
    if (s->in_block && !hooked) {
        lua_call(L, (int)n + 1, 2);
        return true;
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
    int type = lua_type(s->L, -1);
    if (type == LUA_TNIL) {
        return;
    }
    struct call_result *out = s->running.out;
    struct arena *a = s->running.call->arena;
    if (type == LUA_TSTRING) {
        size_t n;
        const char *text = lua_tolstring(s->L, -1, &n);
        out->reason = item_text(a, text, n);
    } else {
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
    if (r->said == CALL_VALUE) {
        take_value(s);
    } else if (lua_type(s->L, -2) != LUA_TTABLE || lua_topointer(s->L, -2) != s->marker_at) {
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
    struct arguments args = arguments_of(call, n);
    size_t cost = args.plain ? item->cost : text_cost(call->args, n);
    cost = cost > item->cost ? cost : item->cost;
    bool hooked = !item->bounded || cost > 1 || s->coverage != NULL;
    /* In an expression infinity comes of a division by 0, unless it was there before. */
    s->budget.strict = item->expression && !args.infinite;
    bool fine = attempt(s, args.plain, cost, hooked);
    if (!fine && !hooked && (s->budget.left >= 0 || item->turn > 0)) {
        forget(out);
        memset(&s->failure, 0, sizeof s->failure);
        s->failure.chunk = item->script->chunk;
        fine = attempt(s, args.plain, cost, true);
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
        item->has_spoken |= out->state != CALL_VALUE || out->reason != NULL || out->flags.n > 0;
    } else {
        take_failure(out, &s->failure, call->arena);
    }
}

bool sandbox_is_silent(const struct sandbox *s, uint32_t script)
{
    return !s->items[script].has_spoken;
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
    lua_settop(s->L, s->floor);
    if (s->scratch.first != NULL) {
        arena_release(&s->scratch);
    }
}

/* ---- blocks of calls ---- */

struct block {
    struct sandbox *sandbox;
    void (*run)(void *context);
    void *context;
};

/* (handler, block): the scripts' functions behind them, so that they need not be fetched. */
static int run_block(lua_State *L)
{
    const struct block *b = lua_touserdata(L, 2);
    struct sandbox *s = b->sandbox;
    uint32_t n = s->rubric->scripts.n;
    luaL_checkstack(L, BLOCK_SLOTS + PLAIN_MOST + 8, NULL);
    for (uint32_t i = 0; i < n && lua_gettop(L) < BLOCK_SLOTS; i++) {
        struct item *item = &s->items[i];
        if (item->failure == NULL) {
            item->slot = lua_gettop(L) + 1;
            lua_rawgeti(L, LUA_REGISTRYINDEX, item->function);
            lua_rawgeti(L, LUA_REGISTRYINDEX, item->argument);
        }
    }
    s->floor = lua_gettop(L);
    s->in_block = true;
    b->run(b->context);
    return 0;
}

bool sandbox_block(struct sandbox *s, void (*run)(void *context), void *context)
{
    struct block b = {s, run, context};
    lua_pushcfunction(s->L, run_block);
    lua_pushvalue(s->L, STATE_HANDLER);
    lua_pushlightuserdata(s->L, &b);
    bool fine = state_call(s, 2, 0);
    memory_end(&s->memory);
    s->in_block = s->running.in_call = false;
    s->floor = STATE_HANDLER;
    lua_settop(s->L, s->floor);
    if (!fine) {
        arena_release(&s->scratch);
    }
    return fine;
}
