/* scripted.c - see scripted.h. */
#include "scripted.h"

#include "lua/library.h"
#include "lua/world.h"

#include <stdio.h>
#include <string.h>

void scripted_open(struct scripted *s)
{
    s->L = luaL_newstate();
    *(struct budget **)lua_getextraspace(s->L) = &s->budget;
    s->budget.left = BUDGET_STEPS;
    world_push(s->L);
    lua_setfield(s->L, LUA_REGISTRYINDEX, "world");
}

void scripted_close(struct scripted *s) { lua_close(s->L); }

/* VM instructions, as the sandbox counts them. */
static void hook(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    budget_charge(L, 1000);
}

static void append(struct scripted *s, const char *text)
{
    size_t n = strlen(s->text);
    snprintf(s->text + n, sizeof s->text - n, "%s", text);
}

const char *scripted_run(struct scripted *s, const char *chunk)
{
    lua_State *L = s->L;
    lua_settop(L, 0);
    s->budget.left = BUDGET_STEPS;
    s->text[0] = '\0';
    int status = luaL_loadbufferx(L, chunk, strlen(chunk), "=t", "t");
    if (status == LUA_OK) {
        lua_getfield(L, LUA_REGISTRYINDEX, "world");
        lua_setupvalue(L, 1, 1);
        lua_sethook(L, hook, LUA_MASKCOUNT, 1000);
        status = lua_pcall(L, 0, LUA_MULTRET, 0);
        lua_sethook(L, NULL, 0, 0);
    }
    int n = lua_gettop(L);
    if (status != LUA_OK) {
        const char *message = lua_tostring(L, -1), *place = message;
        append(s, "error: ");
        if (strncmp(message, "t:", 2) == 0 && (place = strstr(message, ": ")) != NULL) {
            message = place + 2;
        }
        append(s, message);
        return s->text;
    }
    for (int i = 1; i <= n; i++) {
        append(s, i > 1 ? "|" : "");
        library_push_text(L, i);
        append(s, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return s->text;
}
