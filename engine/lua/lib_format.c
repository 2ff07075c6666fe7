/*
 * lib_format.c - string.format, as the interpreter's own but for what would show an address (%p, or
 * a table for %s) and %q.
 *
 *   "%-5.2f"  flags, at most two digits of width, at most two of precision, conversion
 */
#include "lua/budget.h"
#include "lua/library.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "%-+ #0" "99.99" "ll" "d" and a NUL, with room. */
#define SPEC_MOST 24
/* 1e308 by %99.99f: 309 digits, the point, 99 more. */
#define ITEM_MOST 512

struct conversion {
    char letter;
    const char *flags;
    bool precision;
};

static const struct conversion conversions[] = {
    {'u', "-0", true},    {'d', "-+0 ", true},  {'i', "-+0 ", true},  {'c', "-", false},
    {'s', "-", true},     {'x', "-#0", true},   {'X', "-#0", true},   {'o', "-#0", true},
    {'f', "-+#0 ", true}, {'F', "-+#0 ", true}, {'e', "-+#0 ", true}, {'E', "-+#0 ", true},
    {'g', "-+#0 ", true}, {'G', "-+#0 ", true}, {'a', "-+#0 ", true}, {'A', "-+#0 ", true},
};

static const struct conversion *conversion_of(char letter)
{
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        if (conversions[i].letter == letter) {
            return &conversions[i];
        }
    }
    return NULL;
}

static const char *skip_two_digits(const char *at)
{
    for (int i = 0; i < 2 && *at >= '0' && *at <= '9'; i++) {
        at++;
    }
    return at;
}

/* Whether what stands between % and the letter suits the conversion. */
static bool spec_is_valid(const char *at, const struct conversion *c)
{
    at += strspn(at, c->flags);
    if (*at != '0') {
        at = skip_two_digits(at);
        if (*at == '.' && c->precision) {
            at = skip_two_digits(at + 1);
        }
    }
    return *at == c->letter;
}

/* Reads the conversion behind the % at `at`; `spec` becomes it, as C's printf wants it. Returns
 * behind it. */
static const char *read_spec(lua_State *L, const char *at, char spec[SPEC_MOST],
                             const struct conversion **c)
{
    size_t n = strspn(at + 1, "-+ #0123456789.") + 2;
    if (n > SPEC_MOST - 4) {
        luaL_error(L, "invalid format string to 'format'");
    }
    memcpy(spec, at, n);
    spec[n] = '\0';
    *c = conversion_of(spec[n - 1]);
    if (*c == NULL) {
        luaL_error(L, "invalid conversion '%s' to 'format'", spec);
    }
    if (!spec_is_valid(spec + 1, *c)) {
        luaL_error(L, "invalid conversion specification: '%s'", spec);
    }
    return at + n;
}

/* "%5d" to "%5lld". */
static void widen(char spec[SPEC_MOST])
{
    size_t n = strlen(spec);
    char letter = spec[n - 1];
    memcpy(spec + n - 1, "ll", 2);
    spec[n + 1] = letter;
    spec[n + 2] = '\0';
}

/* The formats come from scripts, checked by read_spec. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void add_text(lua_State *L, luaL_Buffer *b, int arg, const char *spec)
{
    size_t n;
    library_push_text(L, arg);
    const char *s = lua_tolstring(L, -1, &n);
    budget_charge_bytes(L, n);
    if (spec[2] == '\0') { /* "%s" alone: all of it */
        library_add_top(b);
        return;
    }
    luaL_argcheck(L, n == strlen(s), arg, "string contains zeros");
    if (strchr(spec, '.') == NULL && n >= 100) {
        library_add_top(b);
        return;
    }
    char item[ITEM_MOST];
    int length = snprintf(item, sizeof item, spec, s);
    lua_pop(L, 1);
    library_add(b, item, (size_t)length);
}

static void add_number(lua_State *L, luaL_Buffer *b, int arg, char spec[SPEC_MOST], char letter)
{
    char item[ITEM_MOST];
    int length;
    if (strchr("diucxXo", letter) == NULL) {
        lua_Number x = library_number(L, arg);
        /* The sign of a NaN depends on how it was computed. */
        length = snprintf(item, sizeof item, spec, isnan(x) ? (double)NAN : x);
    } else {
        lua_Integer n = library_whole(L, arg);
        if (letter == 'c') {
            length = snprintf(item, sizeof item, spec, (int)n);
        } else {
            widen(spec);
            length = snprintf(item, sizeof item, spec, (long long)n);
        }
    }
    budget_charge(L, (size_t)length / 8);
    library_add(b, item, (size_t)length);
}

#pragma GCC diagnostic pop

int library_format(lua_State *L)
{
    size_t n;
    int n_args = lua_gettop(L), arg = 1;
    const char *at = library_text(L, 1, &n), *end = at + n;
    budget_charge_bytes(L, n);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (const char *percent; (percent = memchr(at, '%', (size_t)(end - at))) != NULL;) {
        library_add(&b, at, (size_t)(percent - at));
        if (percent[1] == '%') {
            library_add(&b, "%", 1);
            at = percent + 2;
            continue;
        }
        if (++arg > n_args) {
            return luaL_argerror(L, arg, "no value");
        }
        char spec[SPEC_MOST];
        const struct conversion *c;
        at = read_spec(L, percent, spec, &c);
        budget_charge(L, 8);
        if (c->letter == 's') {
            add_text(L, &b, arg, spec);
        } else {
            add_number(L, &b, arg, spec, c->letter);
        }
    }
    library_add(&b, at, (size_t)(end - at));
    luaL_pushresult(&b);
    return 1;
}
