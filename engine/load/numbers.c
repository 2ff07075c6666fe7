/*
 * numbers.c - numbers as rubrics write them: 12, 80%, 2024-12-20, 0.25 per 1%, 4 days, and each of
 * them by class: {township: 12, bureau: 6}.
 *
 * All kinds go through by_class(): one scalar reader for the kind, called once or once for each
 * class.
 */
#include "load/loader.h"

#include "base/date.h"
#include "base/i18n.h"

#include <string.h>

struct num num_single(struct loader *l, dec value)
{
    dec *v = ARENA_NEW(l->arena, dec);
    *v = value;
    return (struct num){.v = v};
}

/* ---- one number ---- */

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Full-width digits and signs as half-width ones. Folding takes out spaces, and 1 2 is not 12. */
static str folded(struct loader *l, str s)
{
    s = str_trim(s);
    return is_ascii(s) || memchr(s.at, ' ', s.n) ? s : text_fold(l->arena, s);
}

static void report_number(struct loader *l, str s, span at, enum number_kind kind)
{
    if (kind == NUMBER_SHARE || kind == NUMBER_FACTOR) {
        diag_add(l->diag, FINDING_NOT_A_SHARE, at, _("'%.*s' is not a share"), STR_ARG(s));
        diag_hint(l->diag, _("a share is written with %%, as in 80%%"));
        return;
    }
    diag_add(l->diag, FINDING_NOT_A_NUMBER, at, _("'%.*s' is not a number"), STR_ARG(s));
    if (str_ends(s, "%")) {
        diag_hint(l->diag, _("%% stands only behind shares and values of percent fields"));
    } else if (s.n > 0 && s.at[0] >= '0' && s.at[0] <= '9') {
        diag_hint(l->diag, _("write the digits alone, without a unit"));
    }
}

static bool check_range(struct loader *l, dec d, span at, enum number_kind kind)
{
    const char *wanted = NULL;
    if ((kind == NUMBER_POINTS || kind == NUMBER_FACTOR) && d < 0) {
        wanted = _("a number of 0 or more is needed here");
    } else if (kind == NUMBER_POSITIVE && d <= 0) {
        wanted = _("a number greater than 0 is needed here");
    } else if (kind == NUMBER_NATURAL && (d < DEC_ONE || !dec_is_whole(d))) {
        wanted = _("a whole number is needed here, at least 1");
    } else if (kind == NUMBER_SHARE && (d < 0 || d > dec_from_int(100))) {
        /* xgettext:no-c-format */
        wanted = _("a share from 0% to 100% is needed here");
    }
    if (wanted) {
        diag_add(l->diag, FINDING_OUT_OF_RANGE, at, "%s", wanted);
    }
    return !wanted;
}

static bool read_day(struct loader *l, str s, span at, dec *out)
{
    int32_t day;
    if (!date_parse(s.at, s.n, &day)) {
        diag_add(l->diag, FINDING_NOT_A_DATE, at, _("'%.*s' is not a date"), STR_ARG(s));
        diag_hint(l->diag, _("a date is written 2024-12-20"));
        return false;
    }
    *out = dec_from_int(day);
    return true;
}

static bool takes_percent(enum number_kind kind)
{
    return kind == NUMBER_SHARE || kind == NUMBER_FACTOR || kind == NUMBER_PERCENT ||
           kind == NUMBER_LOOSE;
}

static bool read_text(struct loader *l, str s, span at, enum number_kind kind, dec *out)
{
    s = folded(l, s);
    if (kind == NUMBER_DATE) {
        return read_day(l, s, at, out);
    }
    str digits = s;
    bool percent = takes_percent(kind) && str_ends(s, "%");
    if (percent) {
        digits = str_trim((str){s.at, s.n - 1});
    }
    bool share = kind == NUMBER_SHARE || kind == NUMBER_FACTOR;
    enum dec_parse parsed = dec_parse(digits.at, digits.n, out);
    if (parsed == DEC_NOT_A_NUMBER || (share && !percent)) {
        report_number(l, s, at, kind);
        return false;
    }
    if (parsed == DEC_TOO_LARGE) {
        diag_add(l->diag, FINDING_OUT_OF_RANGE, at,
                 _("'%.*s' is too large: numbers go up to 92 billion"), STR_ARG(s));
        return false;
    }
    return check_range(l, *out, at, kind);
}

static bool is_number_scalar(struct loader *l, struct node *n)
{
    if (n->kind != NODE_SCALAR || n->is_null) {
        node_expect(l->diag, n, _("a number"));
        return false;
    }
    return !n->bad;
}

bool read_dec(struct loader *l, struct node *n, enum number_kind kind, dec *out)
{
    if (!is_number_scalar(l, n)) {
        return false;
    }
    n->bad = !read_text(l, node_str(n), n->at, kind, out);
    return !n->bad;
}

/* ---- a number, or one by class ---- */

struct scalar_reader {
    bool (*read)(struct loader *, struct node *, const struct scalar_reader *, dec *value,
                 dec *per);
    enum number_kind kind;
    bool is_signed;       /* of a rate: points of either sign */
    enum time_unit *unit; /* of a time: must be the same for all classes */
    bool *unit_given;
};

static bool read_plain(struct loader *l, struct node *n, const struct scalar_reader *how,
                       dec *value, dec *per)
{
    (void)per;
    return read_dec(l, n, how->kind, value);
}

/* A class that is misspelt is taken for the one that was meant, if that has no number yet. */
static uint32_t class_meant(struct loader *l, const struct node *map, str name)
{
    const struct rubric *r = l->rubric;
    struct nearest near = {.name = name};
    for (uint32_t i = 0; i < r->classes.n; i++) {
        nearest_offer(&near, r->classes.at[i]);
    }
    const char *meant = nearest_name(&near, l->arena);
    for (uint32_t i = 0; meant && i < map->n_items; i++) {
        if (str_is(node_str(map->pairs[i].key), meant)) {
            return r->classes.n;
        }
    }
    return meant ? map_get(&l->class_by_name, str_of(meant)) : r->classes.n;
}

static void report_class_missing(struct loader *l, const struct num *n, uint32_t class)
{
    diag_add(l->diag, FINDING_CLASS_MISSING, n->at, _("the class '%s' has no number here"),
             l->rubric->classes.at[class]);
    diag_hint(l->diag, _("a number given by class names every class that the item is for"));
}

void need_classes(struct loader *l, const struct num *n, const bool *for_class)
{
    for (uint32_t c = 0; n->v && n->by_class && !l->classes_lost && c < l->rubric->classes.n; c++) {
        if (n->v[c] == DEC_NONE && (!for_class || for_class[c])) {
            report_class_missing(l, n, c);
            return;
        }
    }
}

static bool read_pairs(struct loader *l, struct node *map, const struct scalar_reader *how, dec *v,
                       dec *per)
{
    bool good = true, strange = false;
    uint32_t n_classes = l->rubric->classes.n;
    for (uint32_t i = 0; i < map->n_items; i++) {
        struct node *key = map->pairs[i].key;
        if (pair_is_lost(&map->pairs[i])) {
            strange = true;
            continue;
        }
        uint32_t class = find_class(l, node_str(key), key->at);
        if (class == n_classes) {
            class = class_meant(l, map, node_str(key));
            strange = strange || class == n_classes;
        }
        dec spare = 0, spare_per = 0;
        bool lost = class == n_classes;
        good = how->read(l, map->pairs[i].value, how, lost ? &spare : &v[class],
                         lost || !per ? &spare_per : &per[class]) &&
               good;
    }
    return good && !strange;
}

/* The values go to *out, those of the step, if any, to *per. */
static void by_class(struct loader *l, struct node *n, const struct scalar_reader *how,
                     struct num *out, struct num *per)
{
    out->at = n->at;
    if (per) {
        per->at = n->at;
    }
    bool map = n->kind == NODE_MAP;
    if (n->bad || (map && n->n_items == 0)) {
        node_expect(l->diag, n, _("a number"));
        return;
    }
    uint32_t slots = map ? n_class_slots(l) : 1;
    dec *v = ARENA_ARRAY(l->arena, dec, slots);
    dec *steps = per ? ARENA_ARRAY(l->arena, dec, slots) : NULL;
    for (uint32_t i = 0; i < slots; i++) {
        v[i] = DEC_NONE;
        if (steps) {
            steps[i] = DEC_NONE;
        }
    }
    if (map ? read_pairs(l, n, how, v, steps) : how->read(l, n, how, v, steps)) {
        out->v = v;
        out->by_class = map;
        l->rubric->numbers_by_class |= map;
        if (per) {
            per->v = steps;
            per->by_class = map;
        }
    }
}

void read_num_partial(struct loader *l, struct node *n, enum number_kind kind, struct num *out)
{
    by_class(l, n, &(struct scalar_reader){.read = read_plain, .kind = kind}, out, NULL);
}

void read_num(struct loader *l, struct node *n, enum number_kind kind, const bool *for_class,
              struct num *out)
{
    read_num_partial(l, n, kind, out);
    need_classes(l, out, for_class);
}

/* ---- rates and times ---- */

static str next_word(str *rest)
{
    *rest = str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && rest->at[n] != ' ' && rest->at[n] != '\t') {
        n++;
    }
    str word = {rest->at, n};
    rest->at += n;
    rest->n -= n;
    return word;
}

static const char *const unit_words[][2] = {
    [TIME_DAY] = {"day", "days"},
    [TIME_WEEK] = {"week", "weeks"},
    [TIME_MONTH] = {"month", "months"},
};

static bool time_unit_named(str word, enum time_unit *unit)
{
    for (int u = TIME_DAY; u <= TIME_MONTH; u++) {
        for (int i = 0; i < 2; i++) {
            if (str_is(word, unit_words[u][i])) {
                *unit = (enum time_unit)u;
                return true;
            }
        }
    }
    return false;
}

/* "12" or "12.5" at the start of a text: how many bytes. */
static size_t digits_length(str s)
{
    size_t n = 0;
    while (n < s.n && ((s.at[n] >= '0' && s.at[n] <= '9') || s.at[n] == '.')) {
        n++;
    }
    return n;
}

static bool report_rate(struct loader *l, struct node *n, const char *example)
{
    diag_add(l->diag, FINDING_NOT_A_NUMBER, n->at, _("'%s' does not say how many points for what"),
             n->text);
    diag_hint(l->diag, _("it is written like: %s"), example);
    n->bad = true;
    return false;
}

/* Points, then "per"; *rest is what follows. */
static bool split_rate(struct loader *l, struct node *n, const char *example,
                       enum number_kind points_kind, dec *value, str *rest)
{
    if (!is_number_scalar(l, n)) {
        return false;
    }
    *rest = node_str(n);
    str points = next_word(rest);
    str per = next_word(rest);
    *rest = str_trim(*rest);
    if (!str_is(per, "per") || rest->n == 0) {
        return report_rate(l, n, example);
    }
    n->bad = !read_text(l, points, n->at, points_kind, value);
    return !n->bad;
}

static bool positive_step(struct loader *l, struct node *n, dec step)
{
    if (step <= 0) {
        diag_add(l->diag, FINDING_OUT_OF_RANGE, n->at, _("the step must be greater than 0"));
        n->bad = true;
    }
    return !n->bad;
}

static bool read_one_rate(struct loader *l, struct node *n, const struct scalar_reader *how,
                          dec *value, dec *per)
{
    const char *example = how->kind == NUMBER_PERCENT ? "0.5 per 1%" : "0.5 per 1";
    str rest;
    if (!split_rate(l, n, example, how->is_signed ? NUMBER_ANY : NUMBER_POINTS, value, &rest)) {
        return false;
    }
    n->bad = !read_text(l, rest, n->at, how->kind, per);
    return !n->bad && positive_step(l, n, *per);
}

static bool same_unit(struct loader *l, struct node *n, const struct scalar_reader *how,
                      enum time_unit unit)
{
    if (*how->unit_given && *how->unit != unit) {
        either_or(l, n->at, _("one rule counts days, weeks or months, the same for all classes"));
        n->bad = true;
        return false;
    }
    *how->unit = unit;
    *how->unit_given = true;
    return true;
}

static bool read_one_time_rate(struct loader *l, struct node *n, const struct scalar_reader *how,
                               dec *value, dec *per)
{
    static const char example[] = "1 per day";
    str rest;
    if (!split_rate(l, n, example, NUMBER_POINTS, value, &rest)) {
        return false;
    }
    enum time_unit unit;
    *per = DEC_ONE;
    if (time_unit_named(rest, &unit)) {
        return same_unit(l, n, how, unit);
    }
    str count = next_word(&rest);
    if (dec_parse(count.at, count.n, per) != DEC_OK || !time_unit_named(str_trim(rest), &unit)) {
        return report_rate(l, n, example);
    }
    if (!dec_is_whole(*per) || *per <= 0) {
        diag_add(l->diag, FINDING_OUT_OF_RANGE, n->at,
                 _("a whole number of days, weeks or months is needed here"));
        n->bad = true;
        return false;
    }
    return same_unit(l, n, how, unit);
}

static bool split_time(str s, dec *value, enum time_unit *unit)
{
    s = str_trim(s);
    size_t digits = digits_length(s);
    return digits > 0 && dec_parse(s.at, digits, value) == DEC_OK && dec_is_whole(*value) &&
           *value <= dec_from_int(100000) &&
           time_unit_named(str_trim((str){s.at + digits, s.n - digits}), unit);
}

static bool read_one_time(struct loader *l, struct node *n, const struct scalar_reader *how,
                          dec *value, dec *per)
{
    (void)per;
    enum time_unit unit;
    if (!is_number_scalar(l, n)) {
        return false;
    }
    if (!split_time(node_str(n), value, &unit)) {
        diag_add(l->diag, FINDING_NOT_A_NUMBER, n->at, _("'%s' is not a length of time"), n->text);
        diag_hint(l->diag, _("it is written like: 4 days, 2 weeks, 1 month"));
        n->bad = true;
        return false;
    }
    return same_unit(l, n, how, unit);
}

void read_rate(struct loader *l, struct node *n, enum number_kind step, const bool *for_class,
               struct num *lose, struct num *per)
{
    by_class(l, n, &(struct scalar_reader){.read = read_one_rate, .kind = step}, lose, per);
    need_classes(l, lose, for_class);
}

void read_signed_rate(struct loader *l, struct node *n, enum number_kind step,
                      const bool *for_class, struct num *points, struct num *per)
{
    struct scalar_reader how = {.read = read_one_rate, .kind = step, .is_signed = true};
    by_class(l, n, &how, points, per);
    need_classes(l, points, for_class);
}

void read_time_rate(struct loader *l, struct node *n, const bool *for_class, struct num *lose,
                    struct num *per, enum time_unit *unit)
{
    bool given = false;
    struct scalar_reader how = {.read = read_one_time_rate, .unit = unit, .unit_given = &given};
    by_class(l, n, &how, lose, per);
    need_classes(l, lose, for_class);
}

void read_time(struct loader *l, struct node *n, const bool *for_class, struct num *out,
               enum time_unit *unit)
{
    bool given = false;
    struct scalar_reader how = {.read = read_one_time, .unit = unit, .unit_given = &given};
    by_class(l, n, &how, out, NULL);
    need_classes(l, out, for_class);
}

bool read_deadline(struct loader *l, struct node *n, struct deadline *out)
{
    dec value;
    if (!is_text(l, n)) {
        return false;
    }
    if (date_parse(n->text, n->n, &out->date)) {
        out->is_date = true;
    } else if (split_time(node_str(n), &value, &out->unit)) {
        out->n = (int32_t)dec_to_int(value);
    } else {
        diag_add(l->diag, FINDING_NOT_A_DATE, n->at, _("'%s' is no date and no length of time"),
                 n->text);
        diag_hint(l->diag, _("it is written like: 2025-01-30, 30 days, 2 weeks, 1 month"));
        n->bad = true;
        return false;
    }
    out->given = true;
    return true;
}

bool read_word_number(struct loader *l, struct node *n, const char *word, uint32_t *out)
{
    if (!is_text(l, n)) {
        return false;
    }
    str rest = node_str(n);
    str first = next_word(&rest);
    str number = str_trim(rest);
    dec d = 0;
    if (!str_is(first, word) || dec_parse(number.at, number.n, &d) != DEC_OK || !dec_is_whole(d) ||
        d < DEC_ONE || d > dec_from_int(1000000)) {
        n->bad = true;
        diag_add(l->diag, FINDING_UNKNOWN_WORD, n->at, _("'%s' is not `%s` and a whole number"),
                 n->text, word);
        diag_hint(l->diag, _("it is written like: %s 3"), word);
        return false;
    }
    *out = (uint32_t)dec_to_int(d);
    return true;
}
