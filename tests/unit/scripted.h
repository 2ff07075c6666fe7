/* scripted.h - a bare Lua state with the small world in it, for tests that run chunks. */
#ifndef SCRIPTED_H
#define SCRIPTED_H

#include "lua/budget.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>

struct scripted {
    lua_State *L;
    struct budget budget;
    char text[4096]; /* of the last result */
};

void scripted_open(struct scripted *s);
void scripted_close(struct scripted *s);

/* Runs the chunk with a fresh budget. Its results, as tostring shows them, joined by "|"; or
 * "error: ..." without the place. Valid until the next run. */
const char *scripted_run(struct scripted *s, const char *chunk);

#endif
