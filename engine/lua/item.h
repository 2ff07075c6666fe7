/*
 * item.h - `item`, the first argument of every script: what it serves, its parameters, and what it
 * can say besides points.
 *
 * One read-only table per script serves all its calls. What differs from call to call is put into
 * the table behind it only when it is another than the last time: full marks and parameters by
 * class; a section's members are made afresh.
 */
#ifndef KAOPING_ITEM_H
#define KAOPING_ITEM_H

#include "lua/state.h"

struct item {
    const struct script *script;
    const struct failure *failure; /* it cannot be called; NULL: it can */
    int function;                  /* references: what is called, */
    int argument;                  /* and with which first argument */
    int slot; /* where both lie in the stack within sandbox_block; 0: they do not */
    int proxy, contents;
    bool bare;       /* score gets the contents themselves: it only takes fields of them */
    bool expression; /* a formula or a condition */
    bool bounded;    /* see struct loaded */
    uint32_t turn;
    size_t cost;    /* of an instruction (memory.h) */
    bool by_class;  /* some parameter differs by class */
    int *params;    /* references, of each class or one; LUA_NOREF until needed */
    uint32_t class; /* what the contents hold now */
    double full;
    bool filled;
    bool has_spoken; /* some call has given more than points */
};

/* Makes item.proxy and item.contents. Raises. */
void item_make(lua_State *L, struct item *item);
/* Whether the contents are those of this call already. */
bool item_is_current(const struct item *item, const struct call *call);
/* Puts into the contents what the call says. Raises. */
void item_fill(lua_State *L, struct item *item, const struct call *call);

/* Texts of results are cut at so many bytes. */
#define ITEM_TEXT_MOST 400
const char *item_text(struct arena *a, const char *at, size_t n);

#endif
