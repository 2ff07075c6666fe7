/* budget.c - see budget.h. */
#include "lua/budget.h"

#include "base/i18n.h"

#include <lua5.4/lauxlib.h>

void budget_exceed(lua_State *L)
{
    budget_of(L)->left = -1;
    /* The place is added by whoever catches it; nothing in a script can. */
    lua_pushfstring(L, _("step limit of %d exceeded"), BUDGET_STEPS);
    lua_error(L);
}
