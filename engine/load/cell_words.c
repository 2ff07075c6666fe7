/*
 * cell_words.c - see cell_words.h. Tables first, then the little grammar
 *
 *   number: [prefix] ( digits | 千 and the like, if about ) { suffix | scale | unit | % }
 *
 * in which every prefix and suffix says what kind of bound it makes. A bound from below together
 * with one from above (近千余) is neither: about.
 */
#include "load/cell_words.h"

#include <string.h>

/* ---- tables ---- */

enum { BOUND_LEAST = 1, BOUND_MOST = 2, BOUND_ABOUT = 4 };

/*
 * Before and behind a number, by the bound they make; longer words stand before their own
 * beginnings. Strict words (>3, 超过3, 不足3) make the same bound as the others: it holds for them
 * too, and 60余 is strict as well.
 */
static const char *const least_before[] = {
    "大于或等于", "大于等于", "不少于", "不低于", "不小于", "至少", "最少", "超过",
    "多于",       "大于",     "高于",   ">=",     "≥",      "≧",    ">",    NULL,
};
static const char *const most_before[] = {
    "小于或等于", "小于等于", "不超过", "不高于", "不多于", "不大于", "至多",
    "最多",       "接近",     "将近",   "不足",   "不到",   "少于",   "小于",
    "低于",       "近",       "<=",     "≤",      "≦",      "<",      NULL,
};
static const char *const about_before[] = {"大约", "大概", "约", "~", "≈", NULL};
static const char *const least_behind[] = {"及以上", "以上", "余", "多", "+", NULL};
static const char *const most_behind[] = {"及以下", "以下", "以内", NULL};
static const char *const about_behind[] = {"左右", "上下", NULL};

struct scale_word {
    const char *word;
    int64_t factor;
    bool alone_only; /* never behind digits: 3百 is not written */
};

/* Longer words first. Alone (近千余, 百余次) they are numbers only together with a word for about.
 */
static const struct scale_word scales[] = {
    {"千万", 10000000, false},
    {"百万", 1000000, false},
    {"十万", 100000, false},
    {"千亿", 100000000000, false},
    {"百亿", 10000000000, false},
    {"十亿", 1000000000, false},
    {"亿", 100000000, false},
    {"万", 10000, false},
    {"千", 1000, false},
    {"百", 100, true},
    {"十", 10, true},
    {NULL, 0, false},
};

static const char *const yes_words[] = {"是", "有",  "√", "✓",    "✔", "☑",
                                        "1",  "yes", "y", "true", NULL};
static const char *const no_words[] = {"否", "×",  "✗", "✘",     "✕", "✖",
                                       "0",  "no", "n", "false", NULL};
static const char *const none_words[] = {"无", "none", NULL};
static const char *const plan_words[] = {"计划", "planned", NULL};
static const char *const na_words[] = {"不适用", "n/a", "notapplicable", NULL};
static const char *const dashes[] = {"-", "–", "—", "―", "─", "/", "\\", "_", "|", ".", "…", NULL};
static const char *const chinese_digits[] = {"零", "〇", "一", "二", "两", "三", "四",
                                             "五", "六", "七", "八", "九", "十", "百",
                                             "千", "万", "亿", "数", "几", NULL};

/* ---- folding ---- */

static uint32_t half_width(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        c -= 0xfee0;
    }
    if (c == 0x2212) { /* the minus sign of typesetting */
        c = '-';
    }
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
           c == 0x202f || c == 0x3000;
}

static bool has_no_width(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff;
}

static bool in_number(uint32_t c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }

void cell_fold(struct folded *t, str text)
{
    size_t n = 0, i = 0;
    bool space = false;
    while (i < text.n && n + 6 < FOLDED_MOST) {
        uint32_t c;
        size_t length = utf8_decode(text.at + i, text.n - i, &c);
        bool valid = length;
        if (!valid) {
            length = 1;
        }
        size_t from = i;
        i += length;
        if (valid && is_space(c)) {
            space = true;
            continue;
        }
        if (valid && has_no_width(c)) {
            continue;
        }
        uint32_t half = valid ? half_width(c) : c;
        if (space && n && valid && in_number(half) && in_number((unsigned char)t->at[n - 1])) {
            t->end[n] = from;
            t->at[n++] = ' ';
        }
        space = false;
        if (valid && half < 0x80) {
            t->end[n] = i;
            t->at[n++] = (char)half;
        } else {
            for (size_t k = 0; k < length; k++) {
                t->end[n] = i;
                t->at[n++] = text.at[from + k];
            }
        }
    }
    t->at[n] = '\0';
    t->n = n;
    t->whole = i >= text.n;
}

/* ---- words ---- */

static str all_of(const struct folded *t) { return (str){t->at, t->n}; }

static bool is_any(const struct folded *t, const char *const *words)
{
    if (t->whole) {
        for (; *words; words++) {
            if (str_is(all_of(t), *words)) {
                return true;
            }
        }
    }
    return false;
}

static bool take(str *s, const char *word)
{
    if (!str_starts(*s, word)) {
        return false;
    }
    size_t n = strlen(word);
    s->at += n;
    s->n -= n;
    return true;
}

bool cell_is_none(const struct folded *t) { return is_any(t, none_words); }

bool cell_is_plan(const struct folded *t, bool more)
{
    return is_any(t, plan_words) || (more && str_starts(all_of(t), plan_words[0]));
}

int cell_yesno(const struct folded *t)
{
    return is_any(t, yes_words) ? 1 : is_any(t, no_words) ? 0 : -1;
}

bool cell_is_na(const struct folded *t, str text, str *reason)
{
    *reason = (str){0};
    for (const char *const *word = na_words; *word; word++) {
        str rest = all_of(t);
        if (!take(&rest, *word)) {
            continue;
        }
        if (!rest.n) {
            return t->whole;
        }
        if (*rest.at != '(' && *rest.at != ':') {
            return false;
        }
        size_t from = t->end[t->n - rest.n];
        str r = str_trim((str){text.at + from, text.n - from});
        if (*rest.at == '(') {
            if (str_ends(r, ")")) {
                r.n -= 1;
            } else if (str_ends(r, "）")) {
                r.n -= strlen("）");
            }
        }
        *reason = str_trim(r);
        return true;
    }
    return false;
}

bool cell_is_placeholder(const struct folded *t, const char *unit)
{
    str rest = all_of(t);
    uint32_t crosses = 0, others = 0;
    if (!t->whole) {
        return false;
    }
    for (;;) {
        if (take(&rest, "×")) {
            crosses++;
        } else if (take(&rest, "x") || take(&rest, "*")) {
            others++;
        } else {
            break;
        }
    }
    /* One × alone is how people say no. */
    if (!others && crosses < (rest.n ? 1 : 2)) {
        return false;
    }
    if (!take(&rest, "余")) {
        take(&rest, "多");
    }
    if (!rest.n || str_is(rest, "次")) {
        return true;
    }
    struct folded own;
    cell_fold(&own, str_of(unit));
    return own.n && str_eq(rest, all_of(&own));
}

bool cell_is_dash(const struct folded *t)
{
    str rest = all_of(t);
    while (rest.n) {
        const char *const *dash = dashes;
        while (*dash && !take(&rest, *dash)) {
            dash++;
        }
        if (!*dash) {
            return false;
        }
    }
    return t->whole;
}

/* ---- numbers ---- */

static bool take_any(str *s, const char *const *words)
{
    while (*words && !take(s, *words)) {
        words++;
    }
    return *words;
}

static int take_bound_before(str *s)
{
    return take_any(s, least_before)   ? BOUND_LEAST
           : take_any(s, most_before)  ? BOUND_MOST
           : take_any(s, about_before) ? BOUND_ABOUT
                                       : 0;
}

static int take_bound_behind(str *s)
{
    return take_any(s, least_behind)   ? BOUND_LEAST
           : take_any(s, most_behind)  ? BOUND_MOST
           : take_any(s, about_behind) ? BOUND_ABOUT
                                       : 0;
}

/*
 * The scale word at the start of s, or NULL. Of several that fit (3千万元 in a field counted in
 * 万元) the one that leaves the field's unit, else the longest.
 */
static const struct scale_word *find_scale(str s, str unit, bool alone)
{
    const struct scale_word *longest = NULL;
    for (const struct scale_word *w = scales; w->word; w++) {
        str rest = s;
        if ((w->alone_only && !alone) || !take(&rest, w->word)) {
            continue;
        }
        if (unit.n && str_eq(rest, unit)) {
            return w;
        }
        if (!longest) {
            longest = w;
        }
    }
    return longest;
}

static bool begins_chinese(str s)
{
    for (const char *const *digit = chinese_digits; *digit; digit++) {
        if (str_starts(s, *digit)) {
            return true;
        }
    }
    return false;
}

/* What is being read: the rest of the text and what was found so far. */
struct reading {
    str rest, unit;
    bool percent;
    dec value;
    int bounds;
    bool scaled, unit_seen, percent_seen;
};

static bool take_scale(struct reading *r, bool alone)
{
    const struct scale_word *w = r->scaled ? NULL : find_scale(r->rest, r->unit, alone);
    if (!w) {
        return false;
    }
    take(&r->rest, w->word);
    /* 千亿 itself is out of range, but 0.1千亿 is not. */
    r->value = w->factor > 92000000000
                   ? dec_mul(dec_mul(r->value, dec_from_int(w->factor / 1000)), dec_from_int(1000))
                   : dec_mul(r->value, dec_from_int(w->factor));
    r->scaled = true;
    return true;
}

/* One word behind the digits; false if it is none of those that may stand there. */
static bool take_suffix(struct reading *r)
{
    if (!r->unit_seen && r->unit.n && r->rest.n >= r->unit.n &&
        !memcmp(r->rest.at, r->unit.at, r->unit.n)) {
        r->rest.at += r->unit.n;
        r->rest.n -= r->unit.n;
        return r->unit_seen = true;
    }
    if (r->percent && !r->percent_seen && !r->unit_seen && take(&r->rest, "%")) {
        return r->percent_seen = true;
    }
    int bound = take_bound_behind(&r->rest);
    r->bounds |= bound;
    return bound || (!r->unit_seen && take_scale(r, false));
}

static enum number_fault take_digits(struct reading *r)
{
    size_t n = r->rest.n && (*r->rest.at == '+' || *r->rest.at == '-') ? 1 : 0;
    size_t sign = n;
    while (n < r->rest.n && in_number((unsigned char)r->rest.at[n])) {
        n++;
    }
    if (n == sign) {
        r->value = DEC_ONE;
        if (!sign && take_scale(r, true)) {
            return NUMBER_CHINESE; /* unless some word makes it about */
        }
        return begins_chinese(r->rest) ? NUMBER_CHINESE : NUMBER_NOT;
    }
    enum dec_parse got = dec_parse(r->rest.at, n, &r->value);
    r->rest.at += n;
    r->rest.n -= n;
    return got == DEC_TOO_LARGE ? NUMBER_TOO_LARGE : got == DEC_OK ? NUMBER_OK : NUMBER_NOT;
}

enum number_fault cell_number(str folded, const char *unit, bool percent, struct number *out)
{
    struct folded own;
    cell_fold(&own, str_of(unit));
    struct reading r = {.rest = folded, .unit = all_of(&own), .percent = percent};
    r.bounds = take_bound_before(&r.rest);
    enum number_fault fault = take_digits(&r);
    if (fault != NUMBER_OK && !(fault == NUMBER_CHINESE && r.scaled)) {
        return fault;
    }
    while (r.rest.n && take_suffix(&r)) {
        ;
    }
    if (fault == NUMBER_CHINESE && (r.rest.n || !r.bounds)) {
        return NUMBER_CHINESE;
    }
    if (r.rest.n) { /* 3-5, 5/8, 5:00 are no number with a foreign unit behind it */
        return strchr("-/:~. ", *r.rest.at) ? NUMBER_NOT : NUMBER_OTHER_UNIT;
    }
    if (r.scaled && !r.unit_seen && find_scale(r.unit, (str){0}, true)) {
        return NUMBER_SCALE;
    }
    if (r.value == DEC_NONE) {
        return NUMBER_TOO_LARGE;
    }
    out->value = r.value;
    out->state = r.bounds == 0             ? CELL_VALUE
                 : r.bounds == BOUND_LEAST ? CELL_AT_LEAST
                 : r.bounds == BOUND_MOST  ? CELL_AT_MOST
                                           : CELL_ABOUT;
    return NUMBER_OK;
}
