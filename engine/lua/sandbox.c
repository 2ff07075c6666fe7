/* sandbox.c - all scripts of a rubric, loaded. See sandbox.h. */
#include "lua/sandbox.h"

#include "base/i18n.h"
#include "base/sys.h"
#include "lua/item.h"

#include <lua5.4/lauxlib.h>
#include <stdio.h>
#include <string.h>

static int make_item(lua_State *L)
{
    item_make(L, lua_touserdata(L, 1));
    return 0;
}

static const struct failure *new_failure(struct sandbox *s, uint32_t chunk, const char *text)
{
    struct failure *f = ARENA_NEW(&s->arena, struct failure);
    f->failed = true;
    f->chunk = chunk;
    snprintf(f->text, sizeof f->text, "%s", text);
    return f;
}

static void load_script(struct sandbox *s, struct item *item)
{
    uint32_t chunk = item->script->chunk;
    item->failure = NULL;
    if (!chunk_load(s, chunk)) {
        item->failure = s->loaded[chunk].failure;
        return;
    }
    const struct loaded *loaded = &s->loaded[chunk];
    if (loaded->function == LUA_NOREF) {
        item->failure = new_failure(s, chunk, _("there is no function `score`"));
        return;
    }
    item->function = loaded->function;
    item->expression = item->script->use == SCRIPT_FORMULA || item->script->use == SCRIPT_CONDITION;
    item->bounded = loaded->bounded;
    item->turn = loaded->turn;
    item->bare = loaded->reads_item;
    item->cost = loaded->cost;
    memset(&s->failure, 0, sizeof s->failure);
    s->failure.chunk = chunk;
    memory_begin(&s->memory, 1, false);
    lua_pushcfunction(s->L, make_item);
    lua_pushlightuserdata(s->L, item);
    if (!state_call(s, 1, 0)) {
        item->failure = new_failure(s, chunk, s->failure.text);
    }
}

struct sandbox *sandbox_new(const struct rubric *r, struct script_coverage *coverage)
{
    struct sandbox *s = state_new(&r->chunks, coverage);
    if (s == NULL) {
        sys_out_of_memory();
    }
    s->rubric = r;
    s->items = ARENA_ARRAY(&s->arena, struct item, r->scripts.n);
    for (uint32_t i = 0; i < r->scripts.n; i++) {
        s->items[i].script = &r->scripts.at[i];
        load_script(s, &s->items[i]);
    }
    s->memory.heap.most = MEMORY_MOST;
    s->memory.loading = false;
    return s;
}
