/*
 * cell.c - one cell by the type of its field. The order of questions:
 *
 *   plain ASCII number -> empty -> text field -> option of a choice -> 不适用 -> 无 -> placeholder
 * -> plan -> what the type says (number grammar, yes/no, date, list) -> bounds -> finding with a
 * hint
 *
 * An option comes before the state words, so that a choice may have 无 or 计划 among its options.
 */
#include "load/cell.h"

#include "base/date.h"
#include "base/i18n.h"
#include "load/cell_words.h"

#include <stdio.h>
#include <string.h>

/* As much of a cell as a message shows, in columns; and as many bytes as are looked at for it. */
#define SHOWN_MOST 40
#define SHOWN_WINDOW 400
/* So many options are looked through for the nearest: a choice has few, and a cell must stay cheap.
 */
#define OPTIONS_MOST 200

/* What is being read; passed along so that findings can say all of it. */
struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct field *field;
    str text;
    span at;
    struct cell *out;
};

/* ---- findings ---- */

static const struct {
    enum finding_id id;
    const char *text;
} not_of_type[N_FIELD_TYPES] = {
    [FIELD_COUNT] = {FINDING_NOT_A_COUNT, N_("'%s' is not a count (field %s)")},
    [FIELD_NUMBER] = {FINDING_NOT_A_NUMBER, N_("'%s' is not a number (field %s)")},
    [FIELD_PERCENT] = {FINDING_NOT_A_PERCENT, N_("'%s' is not a percent value (field %s)")},
    [FIELD_YESNO] = {FINDING_NOT_YES_NO, N_("'%s' is neither yes nor no (field %s)")},
    [FIELD_DATE] = {FINDING_NOT_A_DATE, N_("'%s' is not a date (field %s)")},
    [FIELD_CHOICE] = {FINDING_UNKNOWN_OPTION, N_("'%s' is no option of field %s")},
    [FIELD_LIST] = {FINDING_NOT_A_LIST, N_("'%s' is not a list (field %s)")},
};

static const char states_hint[] =
    N_("leave the cell empty if it is not reported; write 无 for none, "
       "不适用(reason) for not applicable");

/* What a message says of a cell. On the stack: a million bad cells must not fill the arena. */
struct said {
    char text[SHOWN_WINDOW + 8], field[SHOWN_WINDOW];
};

static void say(const struct reader *r, struct said *s)
{
    const struct field *f = r->field;
    size_t window = r->text.n < SHOWN_WINDOW ? r->text.n : SHOWN_WINDOW;
    size_t n = text_fit(r->text.at, window, SHOWN_MOST);
    snprintf(s->text, sizeof s->text, "%.*s%s", (int)n, r->text.at, n < r->text.n ? "…" : "");
    bool same = !strcmp(f->id, f->label);
    snprintf(s->field, sizeof s->field, "%s%s%s", f->id, same ? "" : " ", same ? "" : f->label);
}

static bool bad(struct reader *r)
{
    enum field_type type = r->field->type;
    struct said s;
    say(r, &s);
    diag_add(r->diag, not_of_type[type].id, r->at, _(not_of_type[type].text), s.text, s.field);
    r->out->state = CELL_BAD;
    return false;
}

static bool bad_number(struct reader *r, const struct folded *t, enum number_fault fault)
{
    const struct field *f = r->field;
    bad(r);
    if (cell_is_dash(t)) {
        diag_hint(r->diag, "%s", _(states_hint));
    } else if (fault == NUMBER_CHINESE) {
        diag_hint(r->diag, "%s", _("write the number in digits, as in 12"));
    } else if (fault == NUMBER_SCALE) {
        diag_hint(r->diag,
                  _("the field is counted in %s: write the number in it, without 千, 万, 亿"),
                  f->unit);
    } else if (fault == NUMBER_OTHER_UNIT && f->type == FIELD_PERCENT) {
        /* xgettext:no-c-format */
        diag_hint(r->diag, "%s", _("after a percent value only % may stand: 95.5% or 95.5"));
    } else if (fault == NUMBER_OTHER_UNIT && f->unit) {
        diag_hint(r->diag, _("after the number only %s, 千, 万 or 亿 may stand"), f->unit);
    } else if (fault == NUMBER_OTHER_UNIT) {
        diag_hint(r->diag, "%s", _("the rubric gives this field no unit: write the number alone"));
    } else if (cell_yesno(t) >= 0) {
        diag_hint(r->diag, "%s", _("write how many, in digits; 无 for none"));
    } else if (t->n && *t->at >= '0' && *t->at <= '9') {
        diag_hint(r->diag, "%s", _("write one number, as in 12, 1,200 or 0.5"));
    } else {
        diag_hint(r->diag, "%s", _(states_hint));
    }
    return false;
}

static bool too_large(struct reader *r)
{
    struct said s;
    say(r, &s);
    diag_add(r->diag, FINDING_NUMBER_TOO_LARGE, r->at,
             _("'%s' is beyond what can be calculated (field %s)"), s.text, s.field);
    diag_hint(r->diag, "%s", _("numbers go up to 92 billion: use a larger unit"));
    r->out->state = CELL_BAD;
    return false;
}

/* ---- bounds ---- */

static bool out_of_range(struct reader *r, bool below)
{
    const struct field *f = r->field;
    struct said s;
    say(r, &s);
    diag_add(r->diag, FINDING_OUT_OF_RANGE, r->at,
             below ? _("'%s' is below the least that is allowed, %s (field %s)")
                   : _("'%s' is above the most that is allowed, %s (field %s)"),
             s.text, field_value_text(r->arena, f, below ? f->min : f->max), s.field);
    r->out->state = CELL_BAD;
    return false;
}

/* A bound is out of range only where it proves that the true value is. */
static bool within_range(struct reader *r)
{
    const struct field *f = r->field;
    const struct cell *c = r->out;
    if (f->min != DEC_NONE && c->value < f->min && c->state != CELL_AT_LEAST &&
        c->state != CELL_ABOUT) {
        return out_of_range(r, true);
    }
    if (f->max != DEC_NONE && c->value > f->max && c->state != CELL_AT_MOST &&
        c->state != CELL_ABOUT) {
        return out_of_range(r, false);
    }
    return true;
}

/* ---- numbers ---- */

/* Digits with at most one point, ASCII, few enough to need no check; % behind it for percent. */
static bool plain_number(str s, bool percent, dec *out)
{
    static const int64_t place[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    if (percent && s.n > 1 && s.at[s.n - 1] == '%') {
        s.n--;
    }
    if (!s.n || s.n > 18) {
        return false;
    }
    int64_t whole = 0, part = 0;
    size_t i = 0, places = 0;
    for (; i < s.n && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
        whole = whole * 10 + (s.at[i] - '0');
    }
    if (!i || i > 10) {
        return false;
    }
    if (i < s.n) {
        if (s.at[i++] != '.') {
            return false;
        }
        for (; i < s.n && s.at[i] >= '0' && s.at[i] <= '9'; i++, places++) {
            part = part * 10 + (s.at[i] - '0');
        }
        if (i < s.n || !places || places > 8) {
            return false;
        }
    }
    *out = whole * DEC_ONE + part * place[places];
    return true;
}

static bool settle_number(struct reader *r)
{
    const struct cell *c = r->out;
    if (r->field->type == FIELD_COUNT && (c->value < 0 || !dec_is_whole(c->value))) {
        bad(r);
        diag_hint(r->diag, "%s", _("a count is a whole number, 0 or more"));
        return false;
    }
    return within_range(r);
}

static bool read_number(struct reader *r, const struct folded *t)
{
    const struct field *f = r->field;
    struct number number;
    enum number_fault fault =
        cell_number((str){t->at, t->n}, f->unit, f->type == FIELD_PERCENT, &number);
    if (fault == NUMBER_TOO_LARGE) {
        return too_large(r);
    }
    if (fault != NUMBER_OK || !t->whole) {
        return bad_number(r, t, fault);
    }
    r->out->value = number.value;
    r->out->state = number.state;
    return settle_number(r);
}

/* ---- yes or no ---- */

static bool read_yesno(struct reader *r, const struct folded *t)
{
    int yes = cell_yesno(t);
    if (yes >= 0) {
        r->out->value = yes ? DEC_ONE : 0;
        r->out->state = CELL_VALUE;
        return true;
    }
    bad(r);
    if (cell_is_dash(t)) {
        diag_hint(r->diag, "%s", _(states_hint));
    } else if (t->whole && t->n == 1 && *t->at == 'x') {
        diag_hint(r->diag, "%s", _("write × or 否 for no; XX stands for what nobody filled in"));
    } else {
        diag_hint(r->diag, "%s", _("write 是 or 否 (有/无, √/×, yes/no, 1/0)"));
    }
    return false;
}

/* ---- dates ---- */

/* 2024年X月X日, XXXX-XX-XX */
static bool is_date_to_fill(const struct folded *t)
{
    bool crossed = false;
    str s = {t->at, t->n};
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        size_t n = utf8_decode(s.at + i, s.n - i, &c);
        if (!n) {
            return false;
        }
        i += n;
        if (c == 'x' || c == '*' || c == 0xd7) {
            crossed = true;
        } else if (!((c >= '0' && c <= '9') || c == '-' || c == '/' || c == '.' || c == 0x5e74 ||
                     c == 0x6708 || c == 0x65e5)) { /* 年 月 日 */
            return false;
        }
    }
    return t->whole && crossed && s.n > 1;
}

static bool only_digits(const struct folded *t)
{
    return t->whole && t->n && strspn(t->at, "0123456789") == t->n;
}

/* Half-width, but with its spaces: one may stand between day and time. 0 if it is too long. */
static size_t narrow(str text, char *out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n;) {
        uint32_t c;
        size_t length = utf8_decode(text.at + i, text.n - i, &c);
        if (!length) {
            return 0;
        }
        if (c >= 0xff01 && c <= 0xff5e) {
            out[n++] = (char)(c - 0xfee0);
        } else if (c == 0x3000 || c == 0xa0) {
            out[n++] = ' ';
        } else {
            memcpy(out + n, text.at + i, length);
            n += length;
        }
        i += length;
        if (i < text.n && n + 4 >= most) {
            return 0;
        }
    }
    return n;
}

static bool read_date(struct reader *r, const struct folded *t)
{
    char half[FOLDED_MOST];
    int32_t date;
    size_t n = narrow(r->text, half, sizeof half);
    if (t->whole && n && (date_parse(half, n, &date) || date_parse(t->at, t->n, &date))) {
        r->out->value = dec_from_int(date);
        r->out->state = CELL_VALUE;
        return within_range(r);
    }
    if (is_date_to_fill(t)) {
        r->out->state = CELL_PLACEHOLDER;
        return true;
    }
    bad(r);
    if (cell_is_dash(t)) {
        diag_hint(r->diag, "%s", _(states_hint));
    } else if (only_digits(t) && t->n == 8) {
        diag_hint(r->diag, _("write it as %.4s-%.2s-%.2s"), t->at, t->at + 4, t->at + 6);
    } else if (only_digits(t) && t->n == 5) {
        diag_hint(r->diag, "%s",
                  _("this looks like a spreadsheet's day number: format the column as a date"));
    } else {
        diag_hint(r->diag, "%s", _("write a day of the calendar as in 2024-12-20"));
    }
    return false;
}

/* ---- choices ---- */

static bool read_option(struct reader *r)
{
    const struct field *f = r->field;
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < f->options.n && found == UINT32_MAX; i++) {
        if (str_is(r->text, f->options.at[i])) {
            found = i;
        }
    }
    if (found == UINT32_MAX && r->text.n < 4 * FOLDED_MOST) {
        struct arena_mark mark = arena_mark(r->arena);
        str folded = text_fold(r->arena, r->text);
        for (uint32_t i = 0; i < f->options.n && found == UINT32_MAX; i++) {
            if (str_eq(folded, text_fold(r->arena, str_of(f->options.at[i])))) {
                found = i;
            }
        }
        arena_reset(r->arena, mark);
    }
    if (found == UINT32_MAX) {
        return false;
    }
    r->out->value = dec_from_int(found);
    r->out->state = CELL_VALUE;
    return true;
}

static bool bad_option(struct reader *r)
{
    const struct field *f = r->field;
    struct nearest nearest = {.name = r->text};
    struct buf all = {0};
    uint32_t n = f->options.n < OPTIONS_MOST ? f->options.n : OPTIONS_MOST;
    bad(r);
    if (r->diag->n_kept[FINDING_UNKNOWN_OPTION] > 20) { /* as many as are printed */
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (r->text.n < FOLDED_MOST) {
            nearest_offer(&nearest, f->options.at[i]);
        }
        if (i < 10) {
            buf_printf(&all, "%s%s", i ? " / " : "", f->options.at[i]);
        }
    }
    const char *near = r->text.n < FOLDED_MOST && n ? nearest_name(&nearest, r->arena) : NULL;
    if (near) {
        diag_did_you_mean(r->diag, near);
    } else if (n) {
        diag_hint(r->diag, _("write one of: %s%s"), all.at, n > 10 ? " / …" : "");
    }
    buf_release(&all);
    return false;
}

/* ---- lists ---- */

static size_t separator_at(str s, const char *const *separators)
{
    for (; *separators; separators++) {
        if (str_starts(s, *separators)) {
            return strlen(*separators);
        }
    }
    return 0;
}

static dec element_value(const struct field *f, str element)
{
    struct folded t;
    struct number number;
    dec plain;
    if (plain_number(element, false, &plain)) {
        return plain;
    }
    cell_fold(&t, element);
    if (!t.whole || cell_number((str){t.at, t.n}, f->unit, false, &number) != NUMBER_OK ||
        number.state != CELL_VALUE) {
        return DEC_NONE;
    }
    return number.value;
}

/* 90,85,88 in one element: commas do not part a list, and as one text the raters would be lost. */
static bool is_numbers_by_comma(const struct field *f, str element)
{
    static const char *const commas[] = {",", "，", NULL};
    size_t from = 0, found = 0;
    for (size_t i = 0; i <= element.n && i < FOLDED_MOST;) {
        size_t n = i < element.n ? separator_at((str){element.at + i, element.n - i}, commas) : 0;
        if (i < element.n && !n) {
            i++;
            continue;
        }
        if (element_value(f, str_trim((str){element.at + from, i - from})) == DEC_NONE) {
            return false;
        }
        found++;
        from = i = i + (n ? n : 1);
    }
    return found > 1 && from > element.n;
}

bool cell_element(struct arena *a, struct diag *d, const struct field *f, str text, span at,
                  dec *value)
{
    struct cell cell = {.state = CELL_VALUE};
    struct reader r = {.arena = a, .diag = d, .field = f, .at = at, .out = &cell};
    r.text = str_trim(text);
    cell.value = *value = element_value(f, r.text);
    if (*value != DEC_NONE) {
        return within_range(&r);
    }
    if (!is_numbers_by_comma(f, r.text)) {
        return true;
    }
    bad(&r);
    diag_hint(d, "%s", _("separate the members of a list by ; or 、"));
    return false;
}

static bool read_list(struct reader *r)
{
    static const char *const separators[] = {";", "；", "、", NULL};
    VEC(const char *) texts = {0};
    VEC(dec) values = {0};
    str s = r->text;
    for (size_t from = 0, i = 0; i <= s.n;) {
        size_t n = i < s.n ? separator_at((str){s.at + i, s.n - i}, separators) : 0;
        if (i < s.n && !n) {
            i++;
            continue;
        }
        str element = str_trim((str){s.at + from, i - from});
        dec value;
        if (!cell_element(r->arena, r->diag, r->field, element, r->at, &value)) {
            r->out->state = CELL_BAD;
            return false;
        }
        *vec_push(r->arena, &texts) = arena_text(r->arena, element.at, element.n);
        *vec_push(r->arena, &values) = value;
        from = i = i + (n ? n : 1);
    }
    r->out->list = (struct list_value){texts.n, texts.at, values.at};
    r->out->value = 0;
    r->out->state = CELL_VALUE;
    return true;
}

/* ---- all together ---- */

/* The words that say which of the four states it is. False: none of them. */
static bool read_state(struct reader *r, const struct folded *t)
{
    struct cell *out = r->out;
    enum field_type type = r->field->type;
    bool lone_x =
        (type == FIELD_YESNO || type == FIELD_TEXT) && t->whole && t->n == 1 && *t->at == 'x';
    if (cell_is_na(t, r->text, &out->reason)) {
        out->state = CELL_NA;
    } else if (cell_is_none(t)) {
        out->state = CELL_NONE;
    } else if (!lone_x && cell_is_placeholder(t, r->field->unit)) {
        out->state = CELL_PLACEHOLDER;
    } else if (cell_is_plan(t, type != FIELD_LIST && type != FIELD_TEXT)) {
        out->state = CELL_PLANNED;
    } else {
        return false;
    }
    return true;
}

/* Any text will do, but 无, XX or 计划 alone is no text: a reason "无" is none. */
static bool read_free_text(struct reader *r)
{
    struct folded t;
    cell_fold(&t, r->text);
    if (!read_state(r, &t)) {
        r->out->text = r->text;
        r->out->state = CELL_VALUE;
    }
    return true;
}

static bool read_words(struct reader *r)
{
    struct folded t;
    enum field_type type = r->field->type;
    if (type == FIELD_CHOICE && read_option(r)) {
        return true;
    }
    cell_fold(&t, r->text);
    if (read_state(r, &t)) {
        bool number = type == FIELD_COUNT || type == FIELD_NUMBER || type == FIELD_PERCENT;
        return r->out->state != CELL_NONE || !number || within_range(r);
    }
    switch (type) {
    case FIELD_COUNT:
    case FIELD_NUMBER:
    case FIELD_PERCENT:
        return read_number(r, &t);
    case FIELD_YESNO:
        return read_yesno(r, &t);
    case FIELD_DATE:
        return read_date(r, &t);
    case FIELD_CHOICE:
        return bad_option(r);
    case FIELD_LIST:
        return read_list(r);
    case FIELD_TEXT:
    case N_FIELD_TYPES:
        break;
    }
    return true;
}

struct cell_range cell_range(const struct field *f)
{
    return (struct cell_range){.least = f->min, /* DEC_NONE is the least of all */
                               .most = f->max == DEC_NONE ? DEC_MAX : f->max,
                               .whole = f->type == FIELD_COUNT};
}

bool cell_quick(const struct field *f, str text, dec *out)
{
    bool number = f->type == FIELD_COUNT || f->type == FIELD_NUMBER || f->type == FIELD_PERCENT;
    return number && plain_number(text, f->type == FIELD_PERCENT, out) &&
           cell_is_within(cell_range(f), *out);
}

/* The commonest words, without folding. */
static bool common_yesno(str text, dec *out)
{
    bool yes = str_is(text, "是") || (text.n == 1 && *text.at == '1');
    *out = yes ? DEC_ONE : 0;
    return yes || str_is(text, "否") || (text.n == 1 && *text.at == '0');
}

bool cell_parse(struct arena *a, struct diag *d, const struct field *f, str text, span at,
                struct cell *out)
{
    *out = (struct cell){0};
    struct reader r = {.arena = a, .diag = d, .field = f, .text = text, .at = at, .out = out};
    bool number = f->type == FIELD_COUNT || f->type == FIELD_NUMBER || f->type == FIELD_PERCENT;
    if (number && plain_number(text, f->type == FIELD_PERCENT, &out->value)) {
        out->state = CELL_VALUE;
        return settle_number(&r);
    }
    text = str_trim(text);
    if (text.n > 1 && *text.at == '\'' && strchr("=+-@", text.at[1])) {
        text = (str){text.at + 1, text.n - 1};
    }
    r.text = text;
    if (!text.n) {
        return true;
    }
    if (f->type == FIELD_YESNO && common_yesno(text, &out->value)) {
        out->state = CELL_VALUE;
        return true;
    }
    return f->type == FIELD_TEXT ? read_free_text(&r) : read_words(&r);
}
