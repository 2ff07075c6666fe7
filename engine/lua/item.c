/* item.c - see item.h. */
#include "lua/item.h"

#include "base/date.h"
#include "base/i18n.h"
#include "lua/library.h"
#include "lua/world.h"

#include <lua5.4/lauxlib.h>
#include <math.h>
#include <string.h>

#define FLAGS_MOST 100
#define DUE_MOST 100000 /* days, weeks or months */

const char *item_text(struct arena *a, const char *at, size_t n)
{
    bool cut = n > ITEM_TEXT_MOST;
    if (cut) {
        n = ITEM_TEXT_MOST;
        while (n > ITEM_TEXT_MOST - 4 && ((unsigned char)at[n] & 0xc0) == 0x80) {
            n--;
        }
    }
    return cut ? arena_printf(a, "%.*s…", (int)n, at) : arena_text(a, at, n);
}

/* ---- unknown names ---- */

/* "(did you mean 'points'?)" among the keys of the table at the index, or nothing; pushed. */
static void push_meant(lua_State *L, int table, const char *name, size_t n)
{
    struct sandbox *s = sandbox_of(L);
    struct nearest nearest = {.name = {name, n}};
    budget_charge(L, 100 + n);
    size_t n_keys = library_sorted_keys(L, table);
    for (size_t i = 1; i <= n_keys; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i) == LUA_TSTRING) {
            nearest_offer(&nearest, lua_tostring(L, -1)); /* the table keeps it */
        }
        lua_pop(L, 1);
    }
    const char *best = nearest_name(&nearest, &s->scratch);
    if (best != NULL) {
        lua_pushfstring(L, _(" (did you mean '%s'?)"), best);
    } else {
        lua_pushliteral(L, "");
    }
}

static const char *key_text(lua_State *L, int index, size_t *n)
{
    if (lua_type(L, index) != LUA_TSTRING) {
        lua_pushfstring(L, "[%s]", luaL_typename(L, index));
        lua_replace(L, index);
    }
    return lua_tolstring(L, index, n);
}

static int item_unknown(lua_State *L)
{
    size_t n;
    const char *name = key_text(L, 2, &n);
    if (strcmp(name, "points") == 0) {
        lua_pushnil(L); /* of a gate, of the grades */
        return 1;
    }
    push_meant(L, 1, name, n);
    return luaL_error(L, _("item has no '%s'%s"), name, lua_tostring(L, -1));
}

/* A parameter without a value is known all the same: upvalue 1 is the script. */
static int params_unknown(lua_State *L)
{
    const struct script *script = lua_touserdata(L, lua_upvalueindex(1));
    size_t n;
    const char *name = key_text(L, 2, &n);
    budget_charge(L, script->params.entries.n);
    for (uint32_t i = 0; i < script->params.entries.n; i++) {
        if (strcmp(script->params.entries.at[i].name, name) == 0) {
            lua_pushnil(L);
            return 1;
        }
    }
    push_meant(L, 1, name, n);
    return luaL_error(L, _("there is no parameter '%s'%s"), name, lua_tostring(L, -1));
}

/* The table on top of the stack asks the function on top of it for what it does not have. */
static void set_unknown(lua_State *L)
{
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* ---- what a script says ---- */

static struct running *running_of(lua_State *L)
{
    struct running *r = &sandbox_of(L)->running;
    if (!r->in_call) {
        luaL_error(L, _("item serves only while score is called"));
    }
    return r;
}

/* The text at the index, cut, in the result's arena; NULL for none or nil. */
static const char *optional_text(lua_State *L, int index, const char *what)
{
    if (lua_isnoneornil(L, index)) {
        return NULL;
    }
    if (lua_type(L, index) != LUA_TSTRING) {
        luaL_error(L, _("%s is a %s, not a text"), what, luaL_typename(L, index));
    }
    size_t n;
    const char *text = lua_tolstring(L, index, &n);
    budget_charge(L, 16);
    return item_text(running_of(L)->call->arena, text, n);
}

static bool is_item(lua_State *L, int index)
{
    struct sandbox *s = sandbox_of(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->running.item->proxy);
    bool same = lua_rawequal(L, index, -1);
    lua_pop(L, 1);
    return same;
}

/* item:lose(3) where item.lose(3) was meant. */
static void refuse_colon(lua_State *L, const char *name)
{
    if (lua_istable(L, 1) && is_item(L, 1)) {
        luaL_error(L, _("it is written item.%s, with a point, not item:%s"), name, name);
    }
}

/* Only what earns points can lose them, and be flagged. */
static void refuse_elsewhere(lua_State *L, const char *name)
{
    enum script_use use = running_of(L)->item->script->use;
    if (use != SCRIPT_ITEM && use != SCRIPT_SECTION) {
        luaL_error(L, _("item.%s serves items and sections, not gates or grades"), name);
    }
}

static int say(lua_State *L, enum call_state state, const char *reason)
{
    struct running *r = running_of(L);
    r->said = state;
    r->out->reason = reason;
    lua_rawgeti(L, LUA_REGISTRYINDEX, sandbox_of(L)->marker);
    return 1;
}

static int item_not_applicable(lua_State *L)
{
    running_of(L);
    refuse_colon(L, "not_applicable");
    return say(L, CALL_NOT_APPLICABLE, optional_text(L, 1, _("the reason")));
}

static int item_not_reported(lua_State *L)
{
    running_of(L);
    refuse_colon(L, "not_reported");
    return say(L, CALL_NOT_REPORTED, NULL);
}

static int item_lose(lua_State *L)
{
    struct running *r = running_of(L);
    refuse_colon(L, "lose");
    refuse_elsewhere(L, "lose");
    budget_charge(L, 64);
    if (lua_type(L, 1) != LUA_TNUMBER) {
        return luaL_error(L, _("item.lose takes points, not a %s"), luaL_typename(L, 1));
    }
    double points = lua_tonumber(L, 1);
    if (!isfinite(points) || points < 0) {
        return luaL_error(L, _("item.lose takes 0 points or more"));
    }
    const char *reason = optional_text(L, 2, _("the reason"));
    struct arena *a = r->call->arena;
    const char *before = r->out->reason;
    if (reason != NULL && before != NULL && strlen(before) <= ITEM_TEXT_MOST) {
        reason = arena_printf(a, "%s; %s", before, reason);
        reason = item_text(a, reason, strlen(reason));
    }
    r->out->reason =
        reason != NULL && (before == NULL || strlen(before) <= ITEM_TEXT_MOST) ? reason : before;
    r->lost += points;
    r->lost_any = true;
    return 0;
}

/* "30 days", "2 weeks", "1 month" */
static bool read_time(str text, struct deadline *due)
{
    static const struct {
        const char *word, *words;
        enum time_unit unit;
    } units[] = {{"day", "days", TIME_DAY},       {"week", "weeks", TIME_WEEK},
                 {"month", "months", TIME_MONTH}, {"日", "天", TIME_DAY},
                 {"周", "星期", TIME_WEEK},       {"月", "个月", TIME_MONTH}};
    size_t digits = 0;
    int32_t n = 0;
    while (digits < text.n && text.at[digits] >= '0' && text.at[digits] <= '9' && n <= DUE_MOST) {
        n = n * 10 + (text.at[digits++] - '0');
    }
    str word = str_trim((str){text.at + digits, text.n - digits});
    for (size_t i = 0; digits > 0 && n <= DUE_MOST && i < sizeof units / sizeof units[0]; i++) {
        if (str_is(word, units[i].word) || str_is(word, units[i].words)) {
            due->n = n;
            due->unit = units[i].unit;
            return true;
        }
    }
    return false;
}

static bool read_due(lua_State *L, int index, struct deadline *due)
{
    due->given = true;
    if (lua_type(L, index) == LUA_TNUMBER) {
        double days = lua_tonumber(L, index);
        due->unit = TIME_DAY;
        due->n = days >= 0 && days <= DUE_MOST ? (int32_t)days : -1;
        return due->n >= 0 && (double)due->n == days;
    }
    size_t n;
    const char *text = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &n) : NULL;
    if (text == NULL || n > 64) {
        return false;
    }
    due->is_date = date_parse(text, n, &due->date);
    return due->is_date || read_time(str_trim((str){text, n}), due);
}

static enum level read_severity(lua_State *L, int index)
{
    static const char *const words[] = {"minor", "major", "critical"};
    const char *word = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    for (int i = 0; i < 3; i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum level)i;
        }
    }
    luaL_error(L, _("a flag's severity is minor, major or critical, not '%s'"), word);
    return LEVEL_MINOR;
}

/* The key on the stack at -2, its value at -1. */
static void read_flag_key(lua_State *L, struct script_flag *flag)
{
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    int value = lua_gettop(L);
    if (strcmp(key, "severity") == 0) {
        flag->severity = read_severity(L, value);
    } else if (strcmp(key, "text") == 0) {
        flag->text = optional_text(L, value, _("a flag's text"));
    } else if (strcmp(key, "remedy") == 0) {
        flag->remedy = optional_text(L, value, _("a flag's remedy"));
    } else if (strcmp(key, "due") != 0) {
        luaL_error(L, _("a flag has no '%s'; it has severity, text, remedy and due"), key);
    } else if (!read_due(L, value, &flag->due)) {
        luaL_error(L, _("a flag's due is a number of days, \"30 days\" or \"2024-12-20\""));
    }
}

static int item_flag(lua_State *L)
{
    struct running *r = running_of(L);
    budget_charge(L, 64);
    refuse_colon(L, "flag");
    refuse_elsewhere(L, "flag");
    if (!lua_istable(L, 1)) {
        return luaL_error(L, _("item.flag takes {severity = ..., text = ...}"));
    }
    if (r->out->flags.n >= FLAGS_MOST) {
        return luaL_error(L, _("more than %d flags"), FLAGS_MOST);
    }
    struct script_flag flag = {.severity = LEVEL_MINOR};
    lua_settop(L, 1);
    if (!world_thaw(L, 1)) {
        lua_pushvalue(L, 1);
    }
    size_t n = library_sorted_keys(L, 2);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i);
        lua_pushvalue(L, -1);
        lua_rawget(L, 2);
        read_flag_key(L, &flag);
        lua_settop(L, 3);
    }
    if (flag.text == NULL) {
        return luaL_error(L, _("a flag needs a text"));
    }
    *vec_push(r->call->arena, &r->out->flags) = flag;
    return 0;
}

/* ---- parameters ---- */

static void push_value(lua_State *L, const struct param_value *value, uint32_t class);

static void push_entries(lua_State *L, const struct param_value *value, uint32_t class)
{
    luaL_checkstack(L, 8, NULL);
    bool named = value->kind == PARAM_MAP;
    lua_createtable(L, named ? 0 : (int)value->entries.n, named ? (int)value->entries.n : 0);
    for (uint32_t i = 0; i < value->entries.n; i++) {
        push_value(L, &value->entries.at[i].value, class);
        if (named) {
            lua_setfield(L, -2, value->entries.at[i].name);
        } else {
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
    }
}

static void push_value(lua_State *L, const struct param_value *value, uint32_t class)
{
    switch (value->kind) {
    case PARAM_NIL:
        lua_pushnil(L);
        break;
    case PARAM_NUMBER:
        lua_pushnumber(L, value->number);
        break;
    case PARAM_TEXT:
        lua_pushstring(L, value->text);
        break;
    case PARAM_YESNO:
        lua_pushboolean(L, value->yes);
        break;
    case PARAM_LIST:
    case PARAM_MAP:
        push_entries(L, value, class);
        world_freeze_top(L, "params");
        break;
    case PARAM_BY_CLASS:
        if (class < value->entries.n) {
            push_value(L, &value->entries.at[class].value, class);
        } else {
            lua_pushnil(L);
        }
        break;
    }
}

static bool has_by_class(const struct param_value *value)
{
    bool by_class = value->kind == PARAM_BY_CLASS;
    for (uint32_t i = 0; !by_class && i < value->entries.n; i++) {
        by_class = has_by_class(&value->entries.at[i].value);
    }
    return by_class;
}

static size_t longest_text(const struct param_value *value)
{
    size_t longest = value->kind == PARAM_TEXT ? strlen(value->text) : 0;
    for (uint32_t i = 0; i < value->entries.n; i++) {
        size_t n = longest_text(&value->entries.at[i].value);
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* Made once for each class that asks for them. */
static void push_params(lua_State *L, struct item *item, uint32_t class)
{
    int *ref = &item->params[item->by_class ? class : 0];
    if (*ref != LUA_NOREF) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, *ref);
        return;
    }
    push_entries(L, &item->script->params, class);
    lua_pushlightuserdata(L, (void *)(uintptr_t)item->script);
    lua_pushcclosure(L, params_unknown, 1);
    set_unknown(L);
    if (!item->bare) {
        world_freeze_top(L, "params");
    }
    lua_pushvalue(L, -1);
    *ref = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* ---- the table ---- */

static bool gives_points(enum script_use use)
{
    return use == SCRIPT_ITEM || use == SCRIPT_SECTION || use == SCRIPT_FORMULA;
}

static void set_functions(lua_State *L, const struct script *script)
{
    static const luaL_Reg functions[] = {{"flag", item_flag},
                                         {"not_applicable", item_not_applicable},
                                         {"not_reported", item_not_reported},
                                         {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
    if (gives_points(script->use)) {
        lua_pushcfunction(L, item_lose);
        lua_setfield(L, -2, "lose");
    }
}

void item_make(lua_State *L, struct item *item)
{
    struct sandbox *s = sandbox_of(L);
    const struct script *script = item->script;
    item->by_class = has_by_class(&script->params);
    uint32_t n_params = item->by_class ? s->rubric->classes.n + 1 : 1;
    item->params = ARENA_ARRAY(&s->arena, int, n_params);
    for (uint32_t i = 0; i < n_params; i++) {
        item->params[i] = LUA_NOREF;
    }
    size_t cost = memory_text_cost(longest_text(&script->params), false);
    item->cost = cost > item->cost ? cost : item->cost;
    lua_createtable(L, 0, 12);
    lua_pushstring(L, script->id);
    lua_setfield(L, -2, "id");
    lua_pushstring(L, script->title != NULL ? script->title : script->id);
    lua_setfield(L, -2, "title");
    set_functions(L, script);
    if (script->use == SCRIPT_GRADES) {
        lua_createtable(L, (int)script->grades.n, 0);
        for (uint32_t i = 0; i < script->grades.n; i++) {
            lua_pushstring(L, script->grades.at[i]);
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        world_freeze_top(L, "item.names");
        lua_setfield(L, -2, "names");
    }
    lua_pushcfunction(L, item_unknown);
    set_unknown(L);
    lua_pushvalue(L, -1);
    item->contents = luaL_ref(L, LUA_REGISTRYINDEX);
    world_freeze_top(L, "item");
    item->proxy = luaL_ref(L, LUA_REGISTRYINDEX);
    item->argument = item->bare ? item->contents : item->proxy;
}

static void push_members(lua_State *L, const struct call *call)
{
    lua_createtable(L, (int)call->n_members, 0);
    for (uint32_t i = 0; i < call->n_members; i++) {
        const struct call_member *m = &call->members[i];
        lua_createtable(L, 0, 5);
        lua_pushstring(L, m->id);
        lua_setfield(L, -2, "id");
        lua_pushstring(L, m->title);
        lua_setfield(L, -2, "title");
        if (m->counts) {
            lua_pushnumber(L, m->points);
            lua_setfield(L, -2, "points");
        }
        lua_pushnumber(L, m->full);
        lua_setfield(L, -2, "full");
        lua_pushnumber(L, m->weight);
        lua_setfield(L, -2, "weight");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

bool item_is_current(const struct item *item, const struct call *call)
{
    return item->filled && item->full == call->full &&
           (!item->by_class || item->class == call->class) && item->script->use != SCRIPT_SECTION;
}

void item_fill(lua_State *L, struct item *item, const struct call *call)
{
    if (item_is_current(item, call)) {
        return;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, item->contents);
    if (gives_points(item->script->use)) {
        lua_pushnumber(L, call->full);
        lua_setfield(L, -2, "points");
    }
    push_params(L, item, call->class);
    lua_setfield(L, -2, "params");
    if (item->script->use == SCRIPT_SECTION) {
        push_members(L, call);
        lua_setfield(L, -2, "members");
    }
    lua_pop(L, 1);
    item->full = call->full;
    item->class = call->class;
    item->filled = true;
}
