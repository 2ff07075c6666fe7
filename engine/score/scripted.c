/* scripted.c - gathers inputs, calls, and says what went wrong: see scripted.h. */
#include "score/scripted.h"

#include "base/i18n.h"
#include "score/children.h"
#include "score/classwide.h"
#include "score/note.h"
#include "score/walk.h"

#include <math.h>
#include <string.h>

#define INPUTS_SHOWN 12U
/* Why a value is not there, told more exactly than by "not reported". */
#define UNUSABLE (1U << FLAG_PLACEHOLDER | 1U << FLAG_PLANNED | 1U << FLAG_APPROXIMATE)

script_place script_place_of(uint32_t unit, uint32_t script)
{
    return ((script_place)unit + 1) << 32 | script;
}

static const struct rubric *rubric_of(const struct context *c) { return c->plan->rubric; }

/* ---- inputs ---- */

/* A value as a script gets it, and what it means if there is none. */
struct gathered {
    struct arg arg;
    enum read_state state;
    uint16_t flags;
};

static struct gathered absent(enum read_state state, uint16_t flags)
{
    return (struct gathered){.state = state, .flags = flags};
}

static struct gathered number(double value)
{
    return (struct gathered){.arg = {.kind = ARG_NUMBER, .number = value}};
}

static struct gathered figure(wide value)
{
    return value == WIDE_NONE ? absent(READ_ERROR, 0) : number(wide_to_double(value));
}

static struct gathered text(const char *at)
{
    return (struct gathered){.arg = {.kind = ARG_TEXT, .text = at, .n = strlen(at)}};
}

static struct gathered list(const struct context *c, const struct list_value *value)
{
    struct arg *args = ARENA_ARRAY(c->scratch, struct arg, value->n + 1);
    for (uint32_t i = 0; i < value->n; i++) {
        args[i] = value->values[i] != DEC_NONE ? number(dec_to_double(value->values[i])).arg
                                               : text(value->texts[i]).arg;
    }
    return (struct gathered){.arg = {.kind = ARG_LIST, .n = value->n, .list = args}};
}

static struct gathered value_of(const struct context *c, const struct field *f, dec value)
{
    switch (f->type) {
    case FIELD_YESNO:
        return (struct gathered){.arg = {.kind = ARG_YESNO, .number = value != 0}};
    case FIELD_CHOICE:
        return text(f->options.at[dec_to_int(value)]);
    case FIELD_TEXT:
        return text(c->table->texts.at[dec_to_int(value)]);
    case FIELD_LIST:
        return list(c, &c->table->lists.at[dec_to_int(value)]);
    default:
        return number(dec_to_double(value));
    }
}

/* 无: zero, no, an empty text or list; of a date never, which is after every day. */
static struct gathered none_of(const struct field *f)
{
    switch (f->type) {
    case FIELD_YESNO:
        return (struct gathered){.arg = {.kind = ARG_YESNO}};
    case FIELD_CHOICE:
    case FIELD_TEXT:
        return text("");
    case FIELD_LIST:
        return (struct gathered){.arg = {.kind = ARG_LIST}};
    case FIELD_DATE:
        return number(INFINITY);
    default:
        return number(0);
    }
}

/* A bound is no value: nobody knows which way a script's points go with it. */
static struct gathered field_of(const struct context *c, uint32_t field, bool empty_is_none)
{
    const struct column *column = &c->table->columns[field];
    const struct field *f = &rubric_of(c)->fields.list.at[field];
    switch ((enum cell_state)column->state[c->unit]) {
    case CELL_VALUE:
        return value_of(c, f, column->value[c->unit]);
    case CELL_NONE:
        return none_of(f);
    case CELL_EMPTY:
        return empty_is_none ? none_of(f) : absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    case CELL_NA:
        return absent(READ_CLAIMED,
                      table_reason(c->table, c->unit, field) ? 0 : 1U << FLAG_NO_REASON);
    case CELL_AT_LEAST:
    case CELL_AT_MOST:
    case CELL_ABOUT:
        return absent(READ_MISSING, 1U << FLAG_APPROXIMATE);
    case CELL_PLACEHOLDER:
        return absent(READ_MISSING, 1U << FLAG_PLACEHOLDER);
    case CELL_PLANNED:
        return absent(READ_MISSING, 1U << FLAG_PLANNED);
    case CELL_BAD:
        break;
    }
    return absent(READ_ERROR, 0);
}

/* As in a condition: what was not there then is no silence now. */
static struct gathered previous_of(const struct context *c, uint32_t field)
{
    struct context before = context_before(c);
    if (!before.table || !table_has_figure(before.table, c->unit, field)) {
        return absent(READ_NA, 0);
    }
    return field_of(&before, field, false);
}

/* A member without a result: silence is passed on as silence, what does not apply as that. */
static struct gathered points_of(const struct context *c, uint32_t member, enum walk_pass pass)
{
    const struct walk_value *bound = &c->walk->passes[pass][member];
    dec points = pass == PASS_ACTUAL ? c->walk->points[member]
                 : bound->counts     ? wide_to_dec(bound->value)
                                     : DEC_NONE;
    if (points != DEC_NONE) {
        return number(dec_to_double(points));
    }
    switch ((enum member_state)c->walk->cells[member].state) {
    case STATE_MISSING:
        return absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    case STATE_ERROR:
        return absent(READ_ERROR, 0);
    default:
        return absent(READ_NA, 0);
    }
}

static struct gathered grade_of(const struct context *c, uint32_t member, enum walk_pass pass)
{
    const struct member *m = &rubric_of(c)->members.at[member];
    struct gathered points = points_of(c, member, pass);
    if (points.arg.kind == ARG_NIL) {
        return points;
    }
    uint32_t band =
        band_of(m->grades.at, m->grades.n, dec_from_double(points.arg.number), c->plan->class);
    return band == GRADE_NONE ? absent(READ_NA, 0) : text(m->grades.at[band].name);
}

static struct gathered class_of(const struct context *c, const struct input *in)
{
    const struct class_figures *f =
        &c->classwide->fields[in->index][c->table->units.at[c->unit].group];
    wide own;
    if (in->kind == INPUT_CLASS_COUNT) {
        return number(f->n);
    }
    if (f->n == 0) {
        return absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    }
    switch (in->kind) {
    case INPUT_CLASS_MAX:
        return figure(f->highest);
    case INPUT_CLASS_MIN:
        return figure(f->lowest);
    case INPUT_CLASS_MEAN:
        return figure(f->mean);
    case INPUT_CLASS_MEDIAN:
        return figure(classwide_median(f));
    case INPUT_CLASS_SUM:
        return figure(f->sum);
    default:
        if (c->table->columns[in->index].state[c->unit] == CELL_NA) {
            return field_of(c, in->index, false); /* nobody is placed by what does not apply */
        }
        return read_exact(c->table, in->index, FIELD_NONE, c->unit, &own)
                   ? number(classwide_place(f, own, false))
                   : absent(READ_MISSING, 1U << FLAG_NOT_REPORTED);
    }
}

static struct gathered children_input(const struct context *c, const struct input *in)
{
    wide value;
    return children_figure(c, in->figure, in->index, &value) ? figure(value) : absent(READ_NA, 0);
}

static struct gathered total_of(const struct context *c)
{
    dec total = c->walk->outcome.total;
    return total == DEC_NONE ? absent(READ_NA, 0) : number(dec_to_double(total));
}

static struct gathered gather(const struct context *c, const struct input *in,
                              const struct script_case *what)
{
    const struct unit *unit = &c->table->units.at[c->unit];
    switch (in->kind) {
    case INPUT_FIELD:
        return field_of(c, in->index, what->empty_is_none);
    case INPUT_FULL:
        return number(dec_to_double(what->full));
    case INPUT_UNIT_ID:
        return text(unit->id);
    case INPUT_UNIT_CLASS:
        return text(unit->class_name);
    case INPUT_POINTS:
        return points_of(c, in->index, what->pass);
    case INPUT_BASE:
        return points_of(c, RUBRIC_ROOT, what->pass);
    case INPUT_TOTAL:
        return total_of(c);
    case INPUT_GRADE:
        return grade_of(c, in->index, what->pass);
    case INPUT_PREVIOUS:
        return previous_of(c, in->index);
    case INPUT_CHILDREN:
        return children_input(c, in);
    default:
        return class_of(c, in);
    }
}

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
        struct gathered g = gather(c, &s->inputs.at[i], what);
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

static struct script_outcome gather_all(const struct context *c, const struct script *s,
                                        const struct script_case *what, struct arg *args)
{
    struct script_outcome out = {.state = READ_OK, .claimed_field = FIELD_NONE};
    for (uint32_t i = 0; i < s->inputs.n; i++) {
        struct gathered g = gather(c, &s->inputs.at[i], what);
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
    if (out.state != READ_OK) {
        return out;
    }
    script_place place = script_place_of(c->unit, script);
    if (scripted->n_deaths > 0 && has_died(scripted, place)) {
        script_fail(c, script, s->chunk, 0, _("it took its worker process down"));
        out.state = READ_ERROR;
        return out;
    }
    if (scripted->worker) {
        worker_at(scripted->worker, place);
    }
    struct call call = {.class = c->table->units.at[c->unit].class,
                        .full = dec_to_double(what->full),
                        .args = args,
                        .members = what->members,
                        .n_members = what->n_members,
                        .arena = c->scratch};
    struct call_result *r = &scripted->last;
    sandbox_call(scripted->sandbox, script, &call, r);
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
        struct gathered g = gather(c, in, &what);
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
