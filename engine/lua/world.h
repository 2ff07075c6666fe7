/*
 * world.h - the small world that scripts see: what is in it, and that nothing of it can be changed.
 *
 * Allowed (design of the sandbox): assert, error, ipairs, pairs (sorted), select, tonumber,
 * tostring (no addresses), type, require; math without random; string byte, char, find, format,
 * gmatch, gsub, len, lower, match, rep, reverse, sub, upper; table concat, insert, pack, remove,
 * sort (stable), unpack; utf8; clamp, round, steps, days_between, date.
 *
 * Nothing of it keeps state, shows an address or depends on the order of a hash, the locale or the
 * clock. Tables that belong to the world, and those that scripts share between calls, are proxies:
 * empty tables whose metatable finds the contents in a table behind them and refuses writing.
 */
#ifndef KAOPING_WORLD_H
#define KAOPING_WORLD_H

#include "base/arena.h"

#include <lua5.4/lua.h>
#include <stdbool.h>

/* Pushes the table that chunks get as _ENV: read-only; an unknown name is an error with the nearest
 * known name, and so is any assignment. Locks the metatable of strings. */
void world_push(lua_State *L);

/* Pushes a copy of the table behind it, on top of the stack, in which the libraries are no proxies:
 * for chunks that cannot write to them. */
void world_push_bare(lua_State *L);

/* Puts a read-only proxy in place of the table on top of the stack. `what` (a string literal) is
 * what an assignment's message calls it: "item", "params". */
void world_freeze_top(lua_State *L, const char *what);
/* Makes the table at the index itself read-only: its contents move behind it. Nothing for one that
 * is so already. */
void world_freeze(lua_State *L, int index, const char *what);
/* Whether the value at the index is such a proxy; then pushes the table behind it. */
bool world_thaw(lua_State *L, int index);

/* Whether the name is one of the world's ("math", "clamp"), for formulas and lints. */
bool world_has(const char *name);
/* The names, NULL-terminated, for "did you mean". */
extern const char *const world_names[];
bool world_is_library(const char *name);
/* Whether world.math.NAME and the like exist: "string", "format". */
bool world_library_has(const char *library, const char *name);

/* "math.min" for math.mni: the nearest in that library, or NULL. */
const char *world_nearest(struct arena *a, const char *library, const char *name);

/* For the freezing of what scripts share: whether the C function at the index keeps something from
 * one call to the next (an iterator of gmatch or pairs). */
bool world_is_iterator(lua_State *L, int index);

#endif
