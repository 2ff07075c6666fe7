/*
 * lib_pattern.c - string.find, match, gmatch and gsub, on pattern.h.
 */
#include "lua/budget.h"
#include "lua/library.h"
#include "lua/pattern.h"

#include <string.h>

/* Where a search begins that `init` (from 1, or from the end if negative) asks for: an offset, at
 * most n + 1. */
static size_t start_at(lua_Integer init, size_t n)
{
    if (init > 0) {
        return (size_t)init - 1 > n ? n + 1 : (size_t)init - 1;
    }
    return init == 0 || init < -(lua_Integer)n ? 0 : n - (size_t)-init;
}

/* ---- find, match ---- */

static bool is_plain(lua_State *L, const char *text, size_t n)
{
    budget_charge_bytes(L, n);
    for (size_t i = 0; i < n; i++) {
        switch (text[i]) {
        case '^':
        case '$':
        case '*':
        case '+':
        case '?':
        case '.':
        case '(':
        case '[':
        case '%':
        case '-':
            return false;
        default:
            break;
        }
    }
    return true;
}

#define FIND_AT_ONCE 4096 /* bytes compared in vain before they are paid for */

/* The needle's first place, for what the way there costs. Not memmem: it prepares more than a
 * short needle takes to find. */
static const char *find_plain(lua_State *L, const char *s, size_t n, const char *needle,
                              size_t n_needle)
{
    if (n_needle == 0) {
        return s;
    }
    if (n_needle > n) {
        return NULL;
    }
    const char *last = s + (n - n_needle), *at = s; /* where it can begin */
    size_t compared = 0;                            /* and not yet paid for */
    const char *found;
    while ((found = memchr(at, *needle, (size_t)(last - at) + 1)) != NULL &&
           (found[n_needle - 1] != needle[n_needle - 1] || memcmp(found, needle, n_needle) != 0)) {
        if (found == last) {
            found = NULL;
            break;
        }
        compared += n_needle;
        if (compared > FIND_AT_ONCE) {
            budget_charge_bytes(L, compared);
            compared = 0;
        }
        at = found + 1;
    }
    budget_charge_bytes(L, compared + n_needle + (size_t)((found == NULL ? last : found) - s));
    return found;
}

static int find_text(lua_State *L, bool positions)
{
    size_t n, n_text;
    const char *s = library_text(L, 1, &n), *text = library_text(L, 2, &n_text);
    size_t from = start_at(library_whole_or(L, 3, 1), n);
    if (from > n) {
        lua_pushnil(L);
        return 1;
    }
    if (positions && (lua_toboolean(L, 4) || is_plain(L, text, n_text))) {
        const char *found = find_plain(L, s + from, n - from, text, n_text);
        if (found == NULL) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushinteger(L, found - s + 1);
        lua_pushinteger(L, found - s + (lua_Integer)n_text);
        return 2;
    }
    budget_charge(L, 1 + n_text / 16);
    struct pattern p;
    pattern_init(&p, L, s, n, text, n_text, true);
    bool found = pattern_next(&p, s + from, NULL);
    pattern_settle(&p);
    if (!found) {
        lua_pushnil(L);
        return 1;
    }
    if (!positions) {
        return pattern_push_all(&p, true);
    }
    lua_pushinteger(L, p.start - s + 1);
    lua_pushinteger(L, p.end - s);
    return 2 + pattern_push_all(&p, false);
}

int library_find(lua_State *L) { return find_text(L, true); }
int library_match(lua_State *L) { return find_text(L, false); }

/* ---- gmatch ---- */

/* The iterator's upvalues: this as a userdata, and the two strings, so that they stay. */
struct gmatch {
    const char *subject, *text;
    size_t n, n_text;
    const char *from, *not_at;
};

int library_gmatch_step(lua_State *L)
{
    struct gmatch *g = lua_touserdata(L, lua_upvalueindex(1));
    struct pattern p;
    pattern_init(&p, L, g->subject, g->n, g->text, g->n_text, false);
    bool found = pattern_next(&p, g->from, g->not_at);
    pattern_settle(&p);
    if (!found) {
        return 0;
    }
    g->from = g->not_at = p.end;
    return pattern_push_all(&p, true);
}

int library_gmatch(lua_State *L)
{
    struct gmatch g = {0};
    g.subject = library_text(L, 1, &g.n);
    g.text = library_text(L, 2, &g.n_text);
    g.from = g.subject + start_at(library_whole_or(L, 3, 1), g.n);
    lua_settop(L, 2);
    memcpy(lua_newuserdatauv(L, sizeof g, 0), &g, sizeof g);
    lua_insert(L, 1);
    lua_pushcclosure(L, library_gmatch_step, 3);
    return 1;
}

/* ---- gsub ---- */

/* Appends the replacement string (argument 3), in which %1 is a capture. */
static void add_template(struct pattern *p, luaL_Buffer *b)
{
    size_t n;
    const char *at = lua_tolstring(p->L, 3, &n), *end = at + n;
    budget_charge_bytes(p->L, n);
    for (const char *percent; (percent = memchr(at, '%', (size_t)(end - at))) != NULL;
         at = percent + 2) {
        library_add(b, at, (size_t)(percent - at));
        char c = percent[1]; /* a NUL at the end */
        size_t n_capture;
        if (c == '%') {
            library_add(b, "%", 1);
        } else if (c == '0') {
            library_add(b, p->start, (size_t)(p->end - p->start));
        } else if (c > '0' && c <= '9') {
            const char *capture = pattern_capture(p, c - '1', &n_capture);
            if (capture == NULL) {
                library_add_top(b);
            } else {
                library_add(b, capture, n_capture);
            }
        } else {
            luaL_error(p->L, "invalid use of '%%' in replacement string");
        }
    }
    library_add(b, at, (size_t)(end - at));
}

/* Appends what replaces the match. */
static void add_replacement(struct pattern *p, luaL_Buffer *b)
{
    lua_State *L = p->L;
    switch (lua_type(L, 3)) {
    case LUA_TSTRING:
        add_template(p, b);
        return;
    case LUA_TTABLE:
        pattern_push(p, 0);
        lua_gettable(L, 3);
        break;
    default:
        lua_pushvalue(L, 3);
        lua_call(L, pattern_push_all(p, true), 1);
    }
    if (!lua_toboolean(L, -1)) { /* nothing to replace it with: it stays */
        lua_pop(L, 1);
        library_add(b, p->start, (size_t)(p->end - p->start));
        return;
    }
    if (lua_type(L, -1) == LUA_TNUMBER) {
        library_push_text(L, -1);
        lua_remove(L, -2);
    } else if (lua_type(L, -1) != LUA_TSTRING) {
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    }
    library_add_top(b);
}

int library_gsub(lua_State *L)
{
    size_t n, n_text;
    const char *s = library_text(L, 1, &n), *text = library_text(L, 2, &n_text);
    size_t n_template;
    int type = lua_type(L, 3);
    if (type == LUA_TNUMBER) {
        library_text(L, 3, &n_template);
    } else if (type != LUA_TSTRING && type != LUA_TTABLE && type != LUA_TFUNCTION) {
        luaL_typeerror(L, 3, "string/function/table");
    }
    lua_Integer most = library_whole_or(L, 4, (lua_Integer)n + 1), done = 0;
    budget_charge_bytes(L, n + n_text);
    struct pattern p;
    pattern_init(&p, L, s, n, text, n_text, true);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    const char *from = s, *not_at = NULL;
    while (done < most && pattern_next(&p, from, not_at)) {
        done++;
        if (p.start > from) {
            library_add(&b, from, (size_t)(p.start - from));
        }
        add_replacement(&p, &b);
        from = not_at = p.end;
        if (p.anchored) {
            break;
        }
    }
    pattern_settle(&p);
    library_add(&b, from, (size_t)(s + n - from));
    luaL_pushresult(&b);
    lua_pushinteger(L, done);
    return 2;
}
