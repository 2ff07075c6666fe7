/*
 * state.c - the Lua state of a sandbox, its hook, and what is told of an error.
 *
 * Chunks are called "=#N" in the state, so that Lua's own "#N:LINE: " before a message says which
 * one it was, whatever its name; it is taken off and told apart.
 */
#include "lua/state.h"

#include "base/i18n.h"
#include "lua/world.h"

#include <lua5.4/lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- coverage and counting ---- */

static void on_line(struct sandbox *s, lua_State *L, lua_Debug *at)
{
    lua_getinfo(L, "S", at);
    uint32_t chunk = state_chunk_of(s, at->source);
    if (chunk < s->chunks->n && at->currentline > 0 &&
        (uint32_t)at->currentline <= s->coverage->n_lines[chunk]) {
        s->coverage->lines[chunk][at->currentline] = 2;
    }
}

static void on_hook(lua_State *L, lua_Debug *at)
{
    struct sandbox *s = sandbox_of(L);
    if (at->event == LUA_HOOKLINE) {
        on_line(s, L, at);
    } else {
        budget_charge(L, (size_t)s->memory.tick * s->memory.cost);
    }
}

/* ---- failures ---- */

uint32_t state_chunk_of(const struct sandbox *s, const char *source)
{
    if (strncmp(source, "=#", 2) != 0) {
        return UINT32_MAX;
    }
    unsigned long chunk = strtoul(source + 2, NULL, 10);
    return chunk < s->chunks->n ? (uint32_t)chunk : UINT32_MAX;
}

/* At most FAILURE_TEXT bytes, cut between characters. */
static void set_text(struct failure *f, const char *at, size_t n)
{
    bool cut = n > FAILURE_TEXT;
    if (cut) {
        n = FAILURE_TEXT;
        while (n > FAILURE_TEXT - 4 && ((unsigned char)at[n] & 0xc0) == 0x80) {
            n--;
        }
    }
    memcpy(f->text, at, n);
    memcpy(f->text + n, cut ? "…" : "", cut ? sizeof "…" : 1);
}

/* "#3:7: text": the place is taken off. */
static void split_place(const struct sandbox *s, struct failure *f, const char *at, size_t n)
{
    unsigned chunk, line;
    int taken = 0;
    if (at[0] == '#' && sscanf(at, "#%9u:%9u: %n", &chunk, &line, &taken) == 2 && taken > 0 &&
        chunk < s->chunks->n) {
        f->chunk = chunk;
        f->line = line;
        at += taken;
        n -= (size_t)taken;
    }
    set_text(f, at, n);
}

static const char *name_of(const struct sandbox *s, const lua_Debug *at)
{
    if (at->name != NULL) {
        return at->name;
    }
    return s->running.in_call ? "score" : NULL;
}

/* "answered.lua:7 in function 'score'" for each level that has a line; the first is the place. */
static void add_trace(struct sandbox *s, lua_State *L)
{
    struct failure *f = &s->failure;
    size_t n = 0;
    lua_Debug at;
    for (int level = 1, lines = 0; lines < FAILURE_LINES && lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "Sln", &at);
        uint32_t chunk = state_chunk_of(s, at.source);
        if (at.currentline <= 0 || chunk >= s->chunks->n) {
            continue;
        }
        if (f->line == 0) {
            f->chunk = chunk;
            f->line = (uint32_t)at.currentline;
        }
        const char *name = strcmp(at.what, "main") == 0 ? NULL : name_of(s, &at);
        int written =
            snprintf(f->trace + n, sizeof f->trace - n,
                     name != NULL ? "%s%.80s:%d in function '%.40s'" : "%s%.80s:%d",
                     lines > 0 ? "\n" : "", s->chunks->at[chunk].name, at.currentline, name);
        n = written < 0 || (size_t)written >= sizeof f->trace - n ? n : n + (size_t)written;
        f->trace[n] = '\0';
        lines++;
    }
}

/* The message handler: called where the error was raised, with the stack still there. */
static int on_error(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    struct failure *f = &s->failure;
    if (f->failed) {
        return 1;
    }
    f->failed = true;
    size_t n;
    if (lua_type(L, 1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, 1, &n);
        split_place(s, f, text, n);
    } else if (lua_type(L, 1) == LUA_TNUMBER) {
        snprintf(f->text, sizeof f->text, "%.14g", lua_tonumber(L, 1));
    } else {
        snprintf(f->text, sizeof f->text, _("the error object is a %s"), luaL_typename(L, 1));
    }
    add_trace(s, L);
    return 1;
}

static const char *refused_text(enum refused refused)
{
    switch (refused) {
    case REFUSED_TEXT:
        return _("a text of more than 65536 bytes");
    case REFUSED_BLOCK:
        return _("a table with too many entries");
    case REFUSED_STACK:
        return _("functions call each other too deeply, or a table has too many entries");
    case REFUSED_NOTHING:
    case REFUSED_ALL:
        break;
    }
    return _("not enough memory");
}

/* An error for which Lua calls no handler: memory, or an error in the handler. */
static void fail_unhandled(struct sandbox *s, int status)
{
    struct failure *f = &s->failure;
    f->failed = true;
    const lua_Debug *at = &s->memory.refused_at;
    if (s->budget.left < 0) {
        snprintf(f->text, sizeof f->text, _("step limit of %d exceeded"), BUDGET_STEPS);
    } else if (status == LUA_ERRMEM) {
        set_text(f, refused_text(s->memory.refused), strlen(refused_text(s->memory.refused)));
    } else {
        snprintf(f->text, sizeof f->text, "C stack overflow");
    }
    if (status == LUA_ERRMEM && s->memory.refused != REFUSED_NOTHING && at->currentline > 0) {
        f->chunk = state_chunk_of(s, at->source);
        f->line = (uint32_t)at->currentline;
    }
}

bool state_call(struct sandbox *s, int n_args, int n_results)
{
    int status = lua_pcall(s->L, n_args, n_results, STATE_HANDLER);
    if (status == LUA_OK) {
        return true;
    }
    if (!s->failure.failed) {
        fail_unhandled(s, status);
    }
    lua_pop(s->L, 1);
    return false;
}

int state_refuse(lua_State *L, enum finding_id id, uint32_t chunk, uint32_t line, const char *name)
{
    struct failure *f = &sandbox_of(L)->failure;
    f->failed = true;
    f->id = id;
    f->chunk = chunk;
    f->line = line;
    size_t n;
    const char *text = luaL_checklstring(L, -1, &n);
    set_text(f, text, n);
    snprintf(f->name, sizeof f->name, "%s", name != NULL ? name : "");
    return lua_error(L);
}

/* ---- the state ---- */

/* What `return item.not_reported()` returns: nothing else is it. */
static void push_marker(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);
    lua_newtable(L);
    world_freeze_top(L, "item");
    s->marker_at = lua_topointer(L, -1);
    s->marker = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* The interpreter makes what its long buffers need with the first of them: now, not in a call that
 * would pay for it. */
static void make_buffers(lua_State *L)
{
    luaL_Buffer b;
    luaL_buffinitsize(L, &b, (size_t)LUAL_BUFFERSIZE * 2);
    luaL_pushresult(&b);
    lua_pop(L, 1);
}

static int make_world(lua_State *L)
{
    make_buffers(L);
    struct sandbox *s = sandbox_of(L);
    world_push(L);
    if (world_thaw(L, -1)) {
        lua_pushcfunction(L, chunk_require);
        lua_setfield(L, -2, "require");
        world_push_bare(L);
        s->bare = luaL_ref(L, LUA_REGISTRYINDEX);
        s->names = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    s->env = luaL_ref(L, LUA_REGISTRYINDEX);
    push_marker(L);
    return 0;
}

struct sandbox *state_new(const chunks *all, struct script_coverage *coverage)
{
    struct arena arena = {0};
    struct sandbox *s = ARENA_NEW(&arena, struct sandbox);
    s->arena = arena;
    s->chunks = all;
    s->coverage = coverage;
    s->loaded = ARENA_ARRAY(&s->arena, struct loaded, all->n);
    s->memory.budget = &s->budget;
    s->memory.heap.most = MEMORY_LOADED_MOST;
    s->memory.loading = true;
    s->memory.hook = on_hook;
    s->memory.mask = coverage != NULL ? LUA_MASKLINE : 0;
    s->budget.left = BUDGET_STEPS;
    s->floor = STATE_HANDLER;
    s->L = lua_newstate(memory_resize, &s->memory);
    if (s->L == NULL) {
        sandbox_release(s);
        return NULL;
    }
    *(struct budget **)lua_getextraspace(s->L) = &s->budget;
    s->memory.L = s->L;
    if (memory_make_stack(&s->memory)) {
        lua_pushcfunction(s->L, on_error);
        lua_pushcfunction(s->L, make_world);
        memory_begin(&s->memory, 1, false);
        if (state_call(s, 0, 0)) {
            return s;
        }
    }
    sandbox_release(s);
    return NULL;
}

void sandbox_release(struct sandbox *s)
{
    if (s == NULL) {
        return;
    }
    if (s->L != NULL) {
        lua_close(s->L);
    }
    arena_release(&s->scratch);
    struct arena arena = s->arena; /* the sandbox itself is in it */
    arena_release(&arena);
}
