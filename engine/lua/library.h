/*
 * library.h - how the parts of the world are written down, and what their functions share.
 *
 *   lib_string.c  byte, char, len, ...         \
 *   lib_pattern.c find, match, gmatch, gsub     > library_string -> world.c puts it behind `string`
 *   lib_format.c  format                       /
 *   lib_table.c, lib_utf8.c, lib_math.c (math, date, and clamp, round, steps, days_between)
 *
 * A function that scripts can reach follows three rules: it charges the budget for what it goes
 * through before it does so (or in pieces that are small), it makes no text longer than
 * BUDGET_TEXT_MOST, and it takes no text for a number (a number written in 64 KB of text takes long
 * to read, and whoever wrote "12" in a rubric did not mean 12).
 */
#ifndef KAOPING_LIBRARY_H
#define KAOPING_LIBRARY_H

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct library {
    const char *name;         /* "math" */
    const luaL_Reg *own;      /* ends with {NULL, NULL} */
    const char *const *stock; /* names taken from the interpreter's own library, NULL-terminated */
    lua_CFunction open;       /* that library: luaopen_math; NULL: nothing is taken */
};

extern const struct library library_date, library_math, library_string, library_table, library_utf8;
extern const luaL_Reg library_helpers[]; /* clamp, round, steps, days_between: names of their own */

/* ---- arguments ---- */

/* A number with an integral value; _or: `otherwise` where the argument is nil or missing. */
lua_Integer library_whole(lua_State *L, int arg);
lua_Integer library_whole_or(lua_State *L, int arg, lua_Integer otherwise);
lua_Number library_number(lua_State *L, int arg);

/* A number as tostring shows it; anything else is an error. */
const char *library_make_text(lua_State *L, int arg, size_t *n);

/* A text, or a number as tostring shows it. The text stays on the stack in the argument's place. */
static inline const char *library_text(lua_State *L, int arg, size_t *n)
{
    return lua_type(L, arg) == LUA_TSTRING ? lua_tolstring(L, arg, n)
                                           : library_make_text(L, arg, n);
}

/* ---- results ---- */

/* More values than that are no argument list but a mistake: each call that passes them on copies
 * them in one instruction, which nobody counts. */
#define LIBRARY_VALUES_MOST 2000

/* Pushes what tostring shows: no address, whole numbers without ".0". Never calls a metamethod. */
void library_push_text(lua_State *L, int index);
/* Appends to a text that is limited to BUDGET_TEXT_MOST. The third appends the value on top of the
 * stack and pops it. */
void library_check_size(lua_State *L, size_t n);
void library_add(luaL_Buffer *b, const char *at, size_t n);
void library_add_top(luaL_Buffer *b);

/* ---- functions that stand in files of their own ---- */

int library_find(lua_State *L);
int library_match(lua_State *L);
int library_gmatch(lua_State *L);
int library_gmatch_step(lua_State *L); /* the iterator that gmatch returns: it keeps its place */
int library_gsub(lua_State *L);
int library_format(lua_State *L);

int library_pairs(lua_State *L);
int library_pairs_step(lua_State *L); /* these do too */
int library_list_step(lua_State *L);

/* ---- sorting ---- */

/* Whether element a goes before element b. May raise a Lua error. */
typedef bool library_less(void *context, uint32_t a, uint32_t b);
/* Sorts order[0..n) stably; scratch has room for n. Ends whatever `less` says: an inconsistent one
 * gives some order. Calls `less` n log n times at most. */
void library_sort(uint32_t *order, uint32_t *scratch, size_t n, library_less *less, void *context);

/* Pushes a list of the keys of the table at the index (not a proxy), in the order of pairs, those
 * that have no order behind; yields how many. What is said of a table does not depend on how it
 * lies in memory. */
size_t library_sorted_keys(lua_State *L, int table);

#endif
