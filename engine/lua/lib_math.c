/*
 * lib_math.c - math without random, date, and clamp, round, steps, days_between.
 *
 * Decimal where people count in decimals: round(2.675, 2) is 2.68 and steps(0.3, 0.1) is 3, as on
 * paper, though the doubles lie a hair below. Beyond the range of base/decimal.h doubles are all
 * there is.
 *
 * Counts (steps, days, years) are integers, so that `..` shows them without ".0".
 */
#include "base/date.h"
#include "base/decimal.h"
#include "base/i18n.h"
#include "base/text.h"
#include "lua/budget.h"
#include "lua/library.h"

#include <lua5.4/lualib.h>
#include <math.h>

#define PLACES_MOST 8
/* A date as text is shorter, whatever stands behind it. */
#define DATE_TEXT_MOST 64

static void refuse_number(lua_State *L, lua_Number x);

/* ---- clamp, round, steps ---- */

static int clamp(lua_State *L)
{
    for (int arg = 1; arg <= 3; arg++) {
        lua_Number x = library_number(L, arg);
        if (isnan(x) || (isinf(x) && budget_of(L)->strict)) {
            refuse_number(L, x);
        }
    }
    if (!lua_compare(L, 2, 3, LUA_OPLE)) { /* also for a NaN */
        return luaL_argerror(L, 2, _("the low end lies above the high end"));
    }
    lua_pushvalue(L, lua_compare(L, 1, 2, LUA_OPLT) ? 2 : lua_compare(L, 3, 1, LUA_OPLT) ? 3 : 1);
    return 1;
}

static int round_decimal(lua_State *L)
{
    lua_Number x = library_number(L, 1);
    lua_Integer places = library_whole_or(L, 2, 0);
    luaL_argcheck(L, places >= 0 && places <= PLACES_MOST, 2, _("places are 0 to 8"));
    dec d = dec_from_double(x);
    if (lua_isinteger(L, 1) || d == DEC_NONE) {
        lua_pushvalue(L, 1);
        return 1;
    }
    d = dec_round(d, (int)places);
    if (d == DEC_NONE) {
        lua_pushvalue(L, 1);
    } else if (places == 0) {
        lua_pushinteger(L, dec_to_int(d));
    } else {
        lua_pushnumber(L, dec_to_double(d));
    }
    return 1;
}

static int whole_steps(lua_State *L)
{
    lua_Number distance = library_number(L, 1), size = library_number(L, 2);
    luaL_argcheck(L, size > 0, 2, _("a step must be above 0"));
    dec d = dec_from_double(distance), s = dec_from_double(size);
    if (distance <= 0) {
        lua_pushinteger(L, 0);
    } else if (d != DEC_NONE && s != DEC_NONE && s > 0) {
        lua_pushinteger(L, d / s);
    } else {
        lua_pushnumber(L, floor(distance / size));
    }
    return 1;
}

/* ---- dates: days since 1970-01-01 ---- */

static int32_t check_date(lua_State *L, int arg)
{
    lua_Integer days = library_whole(L, arg);
    bool fits = days >= date_from_ymd(1, 1, 1) && days <= date_from_ymd(9999, 12, 31);
    luaL_argcheck(L, fits, arg, _("no date between the years 1 and 9999"));
    return (int32_t)days;
}

static int days_between(lua_State *L)
{
    int32_t from = check_date(L, 1);
    lua_pushinteger(L, (lua_Integer)check_date(L, 2) - from);
    return 1;
}

/* nil for what is no date: data that people typed is for the script to judge. */
static int parse_date(lua_State *L)
{
    size_t n;
    int32_t date;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *at = lua_tolstring(L, 1, &n);
    bool is_date = false;
    if (n <= DATE_TEXT_MOST) {
        struct arena scratch = {0};
        str folded = text_fold(&scratch, (str){at, n});
        is_date = date_parse(at, n, &date) || date_parse(folded.at, folded.n, &date);
        arena_release(&scratch);
    }
    if (is_date) {
        lua_pushinteger(L, date);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

static int show_date(lua_State *L)
{
    char text[DATE_TEXT];
    lua_pushstring(L, date_text(check_date(L, 1), text));
    return 1;
}

struct ymd {
    int year, month, day;
};

static struct ymd ymd_of(lua_State *L, int arg)
{
    struct ymd d;
    date_to_ymd(check_date(L, arg), &d.year, &d.month, &d.day);
    return d;
}

static int year_of(lua_State *L) { return lua_pushinteger(L, ymd_of(L, 1).year), 1; }
static int month_of(lua_State *L) { return lua_pushinteger(L, ymd_of(L, 1).month), 1; }
static int day_of(lua_State *L) { return lua_pushinteger(L, ymd_of(L, 1).day), 1; }

static int add_months(lua_State *L)
{
    int32_t date = check_date(L, 1);
    lua_Integer n = library_whole(L, 2);
    date = n > INT32_MIN && n <= INT32_MAX ? date_add_months(date, (int)n) : DATE_NONE;
    luaL_argcheck(L, date != DATE_NONE, 2, _("no date between the years 1 and 9999"));
    lua_pushinteger(L, date);
    return 1;
}

/* ---- the ones that are used most, without the detour of call_stock ---- */

/* min, max and clamp would make points of 0 ÷ 0, and a formula has no use for what is infinite. */
static void refuse_number(lua_State *L, lua_Number x)
{
    luaL_error(L, "%s",
               isnan(x) ? _("a number is nan: 0 was divided by 0")
                        : _("a number is infinite: something was divided by 0"));
}

/* Arguments are numbers or, as in stock Lua, texts that read as numbers. */
static lua_Number number_at(lua_State *L, int arg, bool *is_text)
{
    int is_number;
    *is_text = lua_type(L, arg) == LUA_TSTRING;
    if (*is_text) {
        budget_charge(L, lua_rawlen(L, arg) / 4);
    }
    lua_Number x = lua_tonumberx(L, arg, &is_number);
    if (isnan(x) || (isinf(x) && budget_of(L)->strict)) {
        refuse_number(L, x);
    }
    return is_number ? x : luaL_checknumber(L, arg); /* which raises */
}

/* Integers beyond what doubles hold are compared exactly. */
static bool is_less(lua_State *L, int a, lua_Number x, int b, lua_Number y)
{
    return x < y || (x == y && fabs(x) >= 0x1p53 && lua_compare(L, a, b, LUA_OPLT));
}

static int extreme(lua_State *L, bool least)
{
    int n = lua_gettop(L), best = 1;
    luaL_argcheck(L, n >= 1, 1, "value expected");
    bool is_text, best_is_text;
    lua_Number best_value = number_at(L, 1, &best_is_text);
    budget_charge(L, (size_t)n / 4);
    for (int arg = 2; arg <= n; arg++) {
        lua_Number x = number_at(L, arg, &is_text);
        if (least ? is_less(L, arg, x, best, best_value) : is_less(L, best, best_value, arg, x)) {
            best = arg;
            best_value = x;
            best_is_text = is_text;
        }
    }
    if (best_is_text) {
        lua_pushnumber(L, best_value);
    } else {
        lua_pushvalue(L, best);
    }
    return 1;
}

static int math_min(lua_State *L) { return extreme(L, true); }
static int math_max(lua_State *L) { return extreme(L, false); }

static int push_whole(lua_State *L, lua_Number x)
{
    lua_Integer n;
    if (lua_numbertointeger(x, &n)) {
        lua_pushinteger(L, n);
    } else {
        lua_pushnumber(L, x);
    }
    return 1;
}

static int math_floor(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }
    bool is_text;
    return push_whole(L, floor(number_at(L, 1, &is_text)));
}

static int math_ceil(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }
    bool is_text;
    return push_whole(L, ceil(number_at(L, 1, &is_text)));
}

/* ---- what there is ---- */

const luaL_Reg library_helpers[] = {
    {"clamp", clamp},
    {"days_between", days_between},
    {"round", round_decimal},
    {"steps", whole_steps},
    {NULL, NULL},
};

static const luaL_Reg date_functions[] = {
    {"add_months", add_months}, {"day", day_of},   {"month", month_of}, {"parse", parse_date},
    {"text", show_date},        {"year", year_of}, {NULL, NULL},
};

static const luaL_Reg math_functions[] = {
    {"ceil", math_ceil}, {"floor", math_floor}, {"max", math_max}, {"min", math_min}, {NULL, NULL},
};

static const char *const stock[] = {
    "abs",  "acos", "asin",       "atan",       "cos",  "deg", "exp", "fmod",
    "huge", "log",  "maxinteger", "mininteger", "modf", "pi",  "rad", "sin",
    "sqrt", "tan",  "tointeger",  "type",       "ult",  NULL,
};

const struct library library_date = {"date", date_functions, NULL, NULL};
const struct library library_math = {"math", math_functions, stock, luaopen_math};
