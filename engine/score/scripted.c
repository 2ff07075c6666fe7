/* scripted.c - gathers inputs, calls, and says what went wrong: see scripted.h. */
#include "score/scripted.h"

#include "base/i18n.h"
#include "lua/formula.h"
#include "score/note.h"
#include "score/script_inputs.h"
#include "score/walk.h"

#include <string.h>

#define INPUTS_SHOWN 12U
#define INPUTS_MOST 8U /* of a script that is asked for what one value gives */
/* Why a value is not there, told more exactly than by "not reported". */
#define UNUSABLE (1U << FLAG_PLACEHOLDER | 1U << FLAG_PLANNED | 1U << FLAG_APPROXIMATE)

script_place script_place_of(uint32_t unit, uint32_t script)
{
    return ((script_place)unit + 1) << 32 | script;
}

static const struct rubric *rubric_of(const struct context *c) { return c->plan->rubric; }

/* ---- what went wrong ---- */

static const char *arg_text(struct arena *a, const struct arg *arg)
{
    char number_text[DEC_TEXT];
    dec d;
    switch (arg->kind) {
    case ARG_NIL:
        return "nil";
    case ARG_YESNO:
        return arg->number != 0 ? "true" : "false";
    case ARG_TEXT:
        return arena_printf(a, "'%.*s'", (int)text_fit(arg->text, arg->n, 40), arg->text);
    case ARG_LIST:
        return arena_printf(a, _("a list of %zu"), arg->n);
    case ARG_NUMBER:
        break;
    }
    d = dec_from_double(arg->number);
    return d == DEC_NONE ? arena_printf(a, "%g", arg->number)
                         : arena_printf(a, "%s", dec_text(d, DEC_EXACT, number_text));
}

/* "letters_received=nil letters_answered=17" */
static const char *inputs_text(const struct context *c, const struct script *s,
                               const struct script_case *what)
{
    struct buf b = {0};
    for (uint32_t i = 0, n = 0; i < s->inputs.n && n < INPUTS_SHOWN; i++) {
        if (s->inputs.at[i].kind == INPUT_FULL) {
            continue; /* no value that anybody reported */
        }
        struct gathered g = script_input(c, &s->inputs.at[i], what);
        buf_printf(&b, "%s%s=%s", n++ == 0 ? "" : " ", s->inputs.at[i].name,
                   arg_text(c->scratch, &g.arg));
    }
    const char *copy = arena_text(c->scratch, b.at ? b.at : "", b.n);
    buf_release(&b);
    return copy;
}

static const char *owner_word(enum script_use use)
{
    switch (use) {
    case SCRIPT_SECTION:
        return _("section");
    case SCRIPT_GATE:
        return _("gate");
    case SCRIPT_CONDITION:
        return _("condition of");
    default:
        return _("item");
    }
}

void script_fail(const struct context *c, uint32_t script, uint32_t chunk, uint32_t line,
                 const char *what)
{
    const struct script *s = &rubric_of(c)->scripts.at[script];
    c->scripted->failed = true;
    if (!c->diag) {
        return;
    }
    span at = line == 0 ? s->score_at : chunk_line(&rubric_of(c)->chunks.at[chunk], line);
    const char *unit = c->table->units.at[c->unit].id;
    if (s->use == SCRIPT_GRADES) {
        diag_add(c->diag, FINDING_SCRIPT_FAILED, at, _("grades, unit '%s': %s"), unit, what);
    } else {
        diag_add(c->diag, FINDING_SCRIPT_FAILED, at, _("%s '%s', unit '%s': %s"),
                 owner_word(s->use), s->id, unit, what);
    }
}

static void hint_inputs(const struct context *c, const struct script *s,
                        const struct script_case *what)
{
    if (c->diag && s->inputs.n > 0) {
        diag_hint(c->diag, _("read: %s"), inputs_text(c, s, what));
    }
}

static void call_failed(const struct context *c, uint32_t script, const struct script_case *what)
{
    const struct script *s = &rubric_of(c)->scripts.at[script];
    const struct call_result *r = &c->scripted->last;
    script_fail(c, script, r->chunk, r->line, r->error);
    hint_inputs(c, s, what);
    /* One line says no more than the place. */
    const char *line = c->diag && r->trace && strchr(r->trace, '\n') ? r->trace : NULL;
    while (line) {
        const char *end = strchr(line, '\n');
        diag_note(c->diag, (span){0}, "%.*s", end ? (int)(end - line) : (int)strlen(line), line);
        line = end ? end + 1 : NULL;
    }
}

static bool has_died(const struct scripted *s, script_place place)
{
    for (uint32_t i = 0; i < s->n_deaths; i++) {
        if (s->deaths[i] == place) {
            return true;
        }
    }
    return false;
}

/* ---- the call ---- */

/* Without a call; false: Lua has to be asked, which also says what is wrong. */
static bool run_formula(struct scripted *s, const struct script *script, const struct arg *args)
{
    const struct formula *f = script->formula;
    double number = 0;
    bool yes = false;
    if (!f || !(script->use == SCRIPT_CONDITION ? formula_yesno(f, args, &yes)
                                                : formula_number(f, args, &number))) {
        return false;
    }
    s->last = (struct call_result){
        .state = CALL_VALUE, .number = number, .yes = yes, .chunk = script->chunk};
    s->n_formulas++;
    return true;
}

/* False: it took a worker down here. */
static bool run_lua(const struct context *c, uint32_t script, const struct script_case *what,
                    const struct arg *args)
{
    struct scripted *s = c->scripted;
    script_place place = script_place_of(c->unit, script);
    if (s->n_deaths > 0 && has_died(s, place)) {
        return false;
    }
    if (s->worker) {
        worker_at(s->worker, place);
    }
    struct call call = {.class = c->table->units.at[c->unit].class,
                        .full = dec_to_double(what->full),
                        .args = args,
                        .members = what->members,
                        .n_members = what->n_members,
                        .arena = c->scratch};
    s->n_calls++;
    sandbox_call(s->sandbox, script, &call, &s->last);
    return true;
}

static struct script_outcome gather_all(const struct context *c, const struct script *s,
                                        const struct script_case *what, struct arg *args)
{
    struct script_outcome out = {.state = READ_OK, .claimed_field = FIELD_NONE};
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        struct gathered g = script_input(c, &s->inputs.at[i], what);
        args[i] = g.arg;
        out.flags |= g.flags;
        out.silent |= g.state == READ_MISSING;
        out.not_there |= g.state == READ_NA && (s->inputs.at[i].kind == INPUT_PREVIOUS ||
                                                s->inputs.at[i].kind == INPUT_CHILDREN);
        if (g.state == READ_CLAIMED && out.claimed_field == FIELD_NONE) {
            out.claimed_field = s->inputs.at[i].index;
        }
        if (g.state == READ_ERROR || !s->call_always || g.state == READ_CLAIMED) {
            out.state = graver_state(out.state, g.state);
        }
    }
    if (out.not_there && out.state == READ_MISSING) {
        out.state = READ_NA; /* it could not be called whatever this period said */
        out.flags = 0;
    }
    return out;
}

struct script_outcome script_run(const struct context *c, uint32_t script,
                                 const struct script_case *what)
{
    const struct script *s = &rubric_of(c)->scripts.at[script];
    struct scripted *scripted = c->scripted;
    struct arg *args = ARENA_ARRAY(c->scratch, struct arg, s->inputs.n + 1);
    struct script_outcome out = gather_all(c, s, what, args);
    if (out.state != READ_OK || run_formula(scripted, s, args)) {
        return out;
    }
    if (!run_lua(c, script, what, args)) {
        script_fail(c, script, s->chunk, 0, _("it took its worker process down"));
        out.state = READ_ERROR;
        return out;
    }
    const struct call_result *r = &scripted->last;
    if (r->state == CALL_FAILED) {
        if (what->pass == PASS_ACTUAL) {
            call_failed(c, script, what);
        }
        out.state = READ_ERROR;
    } else if (r->state == CALL_NOT_REPORTED) {
        out.state = READ_MISSING;
        out.flags |= out.flags & UNUSABLE ? 0 : 1U << FLAG_NOT_REPORTED;
    } else if (r->state == CALL_NOT_APPLICABLE) {
        out.state = READ_NA;
    }
    if (out.state != READ_ERROR && r->flags.n > 0) {
        out.flags |= 1U << FLAG_SCRIPT;
    }
    if (out.state != READ_ERROR && what->member != MEMBER_NONE && what->pass == PASS_ACTUAL &&
        scripted->worker && !scripted->no_notes && (r->reason || r->flags.n > 0)) {
        note_pack(&scripted->notes, c->unit, what->member, r);
    }
    return out;
}

bool script_of_value(const struct context *c, uint32_t script, const struct script_case *what,
                     dec value)
{
    const struct script *s = &rubric_of(c)->scripts.at[script];
    const struct call_result *r = &c->scripted->last;
    struct arg args[INPUTS_MOST];
    bool fine = s->inputs.n <= INPUTS_MOST && sandbox_is_silent(c->scripted->sandbox, script);
    for (uint32_t i = 0; fine && i < s->inputs.n; i++) {
        const struct input *in = &s->inputs.at[i];
        struct gathered g = in->kind == INPUT_FIELD ? script_input_value(c, in->index, value)
                                                    : script_input(c, in, what);
        args[i] = g.arg;
        fine = g.state == READ_OK;
    }
    return fine && (run_formula(c->scripted, s, args) ||
                    (run_lua(c, script, what, args) && r->state == CALL_VALUE && !r->reason &&
                     r->flags.n == 0));
}

bool script_points(const struct context *c, uint32_t script, const struct member *m,
                   const struct script_case *what, dec *points)
{
    dec full = what->full;
    const struct call_result *r = &c->scripted->last;
    const struct script *s = &rubric_of(c)->scripts.at[script];
    char got[DEC_TEXT], most[DEC_TEXT];
    *points = dec_from_double(r->number);
    if (r->lost && *points < 0 && !m->floor_none) {
        *points = 0; /* until used up, as with every method that takes off */
    }
    bool fine = *points != DEC_NONE &&
                (s->use == SCRIPT_FORMULA ||
                 ((*points >= 0 || m->floor_none) && (*points <= full || m->cap_none)));
    if (fine || what->pass != PASS_ACTUAL) {
        return fine;
    }
    if (*points == DEC_NONE) {
        script_fail(c, script, s->chunk, 0, _("points are beyond ±92 billion"));
        hint_inputs(c, s, what);
        return false;
    }
    script_fail(c, script, s->chunk, 0,
                arena_printf(c->scratch, _("points are %s, which is not between 0 and %s"),
                             dec_text(*points, DEC_EXACT, got), dec_text(full, DEC_EXACT, most)));
    hint_inputs(c, s, what);
    return false;
}

void script_describe_inputs(const struct context *c, uint32_t script, struct buf *out)
{
    const struct script *s = &rubric_of(c)->scripts.at[script];
    struct script_case what = {.member = MEMBER_NONE};
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        const struct input *in = &s->inputs.at[i];
        if (in->kind == INPUT_FIELD || in->kind == INPUT_FULL || in->kind == INPUT_PREVIOUS) {
            continue;
        }
        struct gathered g = script_input(c, in, &what);
        buf_printf(out, "%s%s = %s", n++ == 0 ? "" : _(", "), in->name,
                   arg_text(c->scratch, &g.arg));
    }
}

const char *script_inputs_text(const struct context *c, uint32_t script)
{
    struct script_case what = {.member = MEMBER_NONE};
    return inputs_text(c, &rubric_of(c)->scripts.at[script], &what);
}

void script_describe_formula(const struct rubric *r, uint32_t script, struct buf *out)
{
    buf_text(out, r->scripts.at[script].text);
}
