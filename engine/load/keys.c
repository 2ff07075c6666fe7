/* keys.c - typed getters: what stands under a key, or one finding and nothing. */
#include "load/loader.h"

#include "base/i18n.h"

#include <string.h>

/* With more unknown keys than this a map is something else altogether. */
#define LOST_MOST 20U

/* ---- keys ---- */

bool key_in(const char *const *list, str key)
{
    for (; list && *list; list++) {
        if (str_is(key, *list)) {
            return true;
        }
    }
    return false;
}

static bool has_key(const struct node *map, const char *key)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (str_is(node_str(map->pairs[i].key), key)) {
            return true;
        }
    }
    return false;
}

span key_span(const struct node *map, const char *key)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (str_is(node_str(map->pairs[i].key), key)) {
            return map->pairs[i].key->at;
        }
    }
    return map->at;
}

static void offer_all(struct nearest *near, const struct node *map, const char *const *list)
{
    for (; list && *list; list++) {
        if (!has_key(map, *list)) {
            nearest_offer(near, *list);
        }
    }
}

static void report_unknown(struct loader *l, struct node *map, struct node *key,
                           const char *const *known, const char *const *more)
{
    struct nearest near = {.name = node_str(key)};
    if (map->n_lost < LOST_MOST) {
        offer_all(&near, map, more); /* the method's own before what any item may have */
        offer_all(&near, map, known);
    }
    const char *meant = nearest_name(&near, l->arena);
    diag_add(l->diag, FINDING_UNKNOWN_KEY, key->at, _("unknown key '%.*s'"),
             STR_ARG(node_str(key)));
    diag_did_you_mean(l->diag, meant);
    key->bad = true;
    if (meant) {
        /* From here on it is taken for what it most likely means, so that nothing else follows. */
        key->text = meant;
        key->n = strlen(meant);
    } else {
        map->n_lost++;
    }
}

static bool is_known(const struct node_pair *pair, const char *const *known,
                     const char *const *more, const char *const *not_built)
{
    str name = node_str(pair->key);
    return pair->used || key_in(known, name) || key_in(more, name) || key_in(not_built, name) ||
           pair_is_lost(pair);
}

/* Whether from this pair on nothing is known for so long that it is another block's content; then
 * one finding, and how many pairs. */
static uint32_t keys_astray(struct loader *l, struct node *map, uint32_t first,
                            const char *const *known, const char *const *more,
                            const char *const *not_built)
{
    uint32_t n = 0;
    while (first + n < map->n_items && !is_known(&map->pairs[first + n], known, more, not_built)) {
        n++;
    }
    if (n < NODE_KEYS_ASTRAY) {
        return 0;
    }
    node_keys_astray(l->diag, map, first, n);
    for (uint32_t i = first; i < first + n; i++) {
        map->pairs[i].used = map->pairs[i].key->bad = true;
    }
    map->n_lost += map == l->root ? n : 1;
    block_astray(l);
    return n;
}

/* ---- elements of lists ---- */

static const char *const own_keys[N_ELEMENTS][5] = {
    [ELEMENT_ITEM] = {"method", NULL},
    [ELEMENT_SECTION] = {"items", "sections", "combine", NULL},
    [ELEMENT_GATE] = {"effect", NULL},
    [ELEMENT_GRADE] = {"name", NULL},
};

static bool has_one_of(const struct node *map, const char *const *keys)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->n_items; i++) {
        if (key_in(keys, node_str(map->pairs[i].key))) {
            return true;
        }
    }
    return false;
}

/* What the element is, by its keys; what the list should hold where they do not tell. */
static enum element element_kind(const struct node *n, enum element expected)
{
    enum element other = expected;
    for (int k = 0; k < N_ELEMENTS; k++) {
        /* Other things have a name too, but a grade has no id. */
        bool grade = k == ELEMENT_GRADE && expected != ELEMENT_GRADE;
        if (has_one_of(n, own_keys[k]) && !(grade && has_key(n, "id"))) {
            if (k == (int)expected) {
                return expected;
            }
            other = (enum element)k;
        }
    }
    return other;
}

static bool is_foreign(struct loader *l, struct node *list, uint32_t index, enum element kind)
{
    static const char *const blocks[N_ELEMENTS] = {"items", "sections", "gates", "grades"};
    enum element other = element_kind(list->items[index], kind);
    if (other == kind) {
        return false;
    }
    bool first = true;
    for (uint32_t i = 0; i < index; i++) {
        first = first && element_kind(list->items[i], kind) != other;
    }
    if (first) {
        diag_add(l->diag, FINDING_WRONG_KIND, list->items[index]->at,
                 _("what stands here belongs under `%s`, not under `%s`"), blocks[other],
                 blocks[kind]);
        diag_hint(l->diag, _("is the line `%s:` missing above it?"), blocks[other]);
        block_astray(l);
    }
    return true;
}

static bool share_a_key(const struct node *a, const struct node *b)
{
    for (uint32_t i = 0; i < a->n_items; i++) {
        if (has_key(b, a->pairs[i].key->text)) {
            return true;
        }
    }
    return false;
}

static bool is_id_alone(const struct node *n)
{
    return n->kind == NODE_MAP && n->n_items == 1 && !n->bad && !n->pairs[0].value->bad &&
           has_key(n, "id");
}

bool element_astray(struct loader *l, struct node *list, uint32_t index, enum element kind)
{
    struct node *n = list->items[index];
    if (is_foreign(l, list, index, kind)) {
        return true;
    }
    if (!is_id_alone(n)) {
        return false;
    }
    diag_add(l->diag, FINDING_MISSING_KEY, n->at, _("nothing stands here but an id"));
    diag_hint(l->diag, _("is the line too many, or is the rest missing?"));
    l->members_lost = true;
    return true;
}

static const char *element_id(enum element kind) { return kind == ELEMENT_GRADE ? "name" : "id"; }

static bool all_of(const struct node *map, const char *const *keys)
{
    for (uint32_t i = 0; i < map->n_items; i++) {
        if (!key_in(keys, node_str(map->pairs[i].key))) {
            return false;
        }
    }
    return true;
}

/* "- id: a", some keys, and then "- points: 3": the second has no id and none of the first's keys.
 */
static bool is_split(const struct node *a, const struct node *b, enum element kind)
{
    static const char *const grade_keys[] = {"from", "needs", "quota", NULL};
    const char *id = element_id(kind);
    return a->kind == NODE_MAP && b->kind == NODE_MAP && has_key(a, id) && !has_key(b, id) &&
           !a->bad && !b->bad && element_kind(b, kind) == kind && !share_a_key(a, b) &&
           (kind != ELEMENT_GRADE || all_of(b, grade_keys));
}

static void append_pairs(struct loader *l, struct node *a, const struct node *b)
{
    uint32_t n = a->n_items + b->n_items;
    struct node_pair *pairs = ARENA_ARRAY(l->arena, struct node_pair, n);
    for (uint32_t i = 0; i < n; i++) {
        pairs[i] = i < a->n_items ? a->pairs[i] : b->pairs[i - a->n_items];
    }
    a->pairs = pairs;
    a->n_items = n;
}

void mend_elements(struct loader *l, struct node *list, enum element kind)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->n_items; i++) {
        struct node *above = kept > 0 ? list->items[kept - 1] : NULL, *n = list->items[i];
        if (!above || !is_split(above, n, kind)) {
            list->items[kept++] = n;
            continue;
        }
        diag_add(l->diag, FINDING_MISSING_KEY, n->at, _("`%s` is missing"), element_id(kind));
        diag_hint(l->diag, _("is the '- ' before it too many, so that it belongs to what stands "
                             "above?"));
        append_pairs(l, above, n);
    }
    list->n_items = kept;
}

void block_astray(struct loader *l)
{
    l->root->n_lost++;
    l->block_lost = l->members_lost = true;
}

bool keys_known(struct loader *l, struct node *map, const char *const *known,
                const char *const *more, const char *const *not_built)
{
    if (!is_map(l, map)) {
        return false;
    }
    for (uint32_t i = 0; i < map->n_items; i++) {
        struct node *key = map->pairs[i].key;
        str name = node_str(key);
        if (map->pairs[i].used || key_in(known, name) || key_in(more, name)) {
            map->pairs[i].used = true;
            continue;
        }
        uint32_t astray = keys_astray(l, map, i, known, more, not_built);
        if (astray > 0) {
            i += astray - 1;
            continue;
        }
        map->pairs[i].used = true;
        if (pair_is_lost(&map->pairs[i])) {
            map->n_lost++;
            key->bad = true;
        } else if (key_in(not_built, name)) {
            diag_add(l->diag, FINDING_NOT_BUILT, key->at,
                     _("`%.*s` is not supported yet by this version"), STR_ARG(name));
            key->bad = true;
        } else {
            report_unknown(l, map, key, known, more);
        }
    }
    return true;
}

bool key_excused(struct node *map)
{
    if (!map || map->n_lost == 0) {
        return false;
    }
    map->n_lost--;
    return true;
}

void missing_key(struct loader *l, struct node *map, span at, const char *key, const char *why)
{
    if (key_excused(map)) {
        return;
    }
    diag_add(l->diag, FINDING_MISSING_KEY, at, _("`%s` is missing"), key);
    if (why) {
        diag_hint(l->diag, "%s", why);
    }
}

bool required(struct loader *l, struct node *map, const char *key, span at)
{
    if (node_get(map, key)) {
        return true;
    }
    missing_key(l, map, at, key, NULL);
    return false;
}

void either_or(struct loader *l, span at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(l->arena, format, args);
    va_end(args);
    diag_add(l->diag, FINDING_EITHER_OR, at, "%s", text);
}

/* ---- kinds ---- */

bool is_map(struct loader *l, struct node *n)
{
    if (n->kind != NODE_MAP) {
        node_expect(l->diag, n, _("a map (key: value)"));
        return false;
    }
    return !n->bad;
}

bool is_list(struct loader *l, struct node *n)
{
    if (n->kind != NODE_LIST) {
        node_expect(l->diag, n, _("a list"));
        return false;
    }
    if (n->n_items == 0 && !n->bad) {
        diag_add(l->diag, FINDING_WRONG_KIND, n->at, _("the list is empty"));
        n->bad = true;
    }
    return !n->bad;
}

bool is_text(struct loader *l, struct node *n)
{
    if (n->kind != NODE_SCALAR || n->is_null) {
        node_expect(l->diag, n, _("text"));
        return false;
    }
    if (str_trim(node_str(n)).n == 0 && !n->bad) {
        diag_add(l->diag, FINDING_NO_VALUE, n->at, _("the text is empty"));
        n->bad = true;
    }
    return !n->bad;
}

/* ---- texts and words ---- */

const char *get_text(struct loader *l, struct node *map, const char *key)
{
    struct node *n = node_get(map, key);
    return n && is_text(l, n) ? n->text : NULL;
}

static const char *list_words(struct loader *l, const struct word *words, size_t n_words)
{
    struct buf b = {0};
    for (size_t i = 0; i < n_words; i++) {
        buf_printf(&b, "%s%s", i == 0 ? "" : ", ", words[i].text);
    }
    const char *text = arena_text(l->arena, b.at ? b.at : "", b.n);
    buf_release(&b);
    return text;
}

bool read_word(struct loader *l, struct node *n, const struct word *words, size_t n_words, int *out)
{
    if (!is_text(l, n)) {
        return false;
    }
    struct nearest near = {.name = node_str(n)};
    for (size_t i = 0; i < n_words; i++) {
        if (node_is(n, words[i].text)) {
            *out = words[i].value;
            return true;
        }
        nearest_offer(&near, words[i].text);
    }
    n->bad = true;
    diag_add(l->diag, FINDING_UNKNOWN_WORD, n->at, _("'%s' is none of: %s"), n->text,
             list_words(l, words, n_words));
    diag_did_you_mean(l->diag, nearest_name(&near, l->arena));
    return false;
}

bool get_word(struct loader *l, struct node *map, const char *key, const struct word *words,
              size_t n_words, int *out)
{
    struct node *n = node_get(map, key);
    return n && read_word(l, n, words, n_words, out);
}

bool get_flag(struct loader *l, struct node *map, const char *key)
{
    static const struct word words[] = {{"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0}};
    int value = 0;
    return get_word(l, map, key, words, N_WORDS(words), &value) && value;
}

/* ---- whole numbers and lists ---- */

bool read_whole(struct loader *l, struct node *n, uint32_t least, uint32_t most, uint32_t *out)
{
    dec d;
    if (!read_dec(l, n, NUMBER_ANY, &d)) {
        return false;
    }
    if (!dec_is_whole(d) || d < dec_from_int(least) || d > dec_from_int(most)) {
        n->bad = true;
        diag_add(l->diag, FINDING_OUT_OF_RANGE, n->at,
                 _("a whole number from %u to %u is needed here"), least, most);
        return false;
    }
    *out = (uint32_t)dec_to_int(d);
    return true;
}

bool get_whole(struct loader *l, struct node *map, const char *key, uint32_t least, uint32_t most,
               uint32_t *out)
{
    struct node *n = node_get(map, key);
    return n && read_whole(l, n, least, most, out);
}

/* [a， b] is one text to YAML and two names to whoever wrote it. */
void part_at_wide_commas(struct loader *l, struct node *list)
{
    static const char comma[] = "，";
    VEC(struct node *) parts = {0};
    bool any = false;
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->n_items; i++) {
        struct node *n = list->items[i];
        str rest = node_str(n);
        const char *at = NULL;
        if (n->kind == NODE_SCALAR && !n->quoted && !n->is_null) {
            at = memmem(rest.at, rest.n, comma, sizeof comma - 1);
        }
        if (!at) {
            *vec_push(l->arena, &parts) = n;
            continue;
        }
        any = true;
        diag_add(l->diag, FINDING_NOT_A_LIST, n->at,
                 _("'%s' holds a full-width comma; lists in [] are separated by ','"), n->text);
        diag_hint(l->diag, _("text that contains a comma needs quotes"));
        while (rest.n > 0) {
            at = memmem(rest.at, rest.n, comma, sizeof comma - 1);
            str part = str_trim((str){rest.at, at ? (size_t)(at - rest.at) : rest.n});
            size_t taken = at ? (size_t)(at - rest.at) + sizeof comma - 1 : rest.n;
            rest = (str){rest.at + taken, rest.n - taken};
            if (part.n == 0) {
                continue;
            }
            struct node *piece = ARENA_NEW(l->arena, struct node);
            *piece = *n;
            piece->at = scalar_part(n, (size_t)(part.at - n->text), part.n);
            piece->text = keep_text(l, part);
            piece->n = part.n;
            *vec_push(l->arena, &parts) = piece;
        }
    }
    if (any) {
        list->items = parts.at;
        list->n_items = parts.n;
    }
}

uint32_t get_names(struct loader *l, struct node *map, const char *key, struct node ***out)
{
    struct node *n = node_get(map, key);
    if (n && !n->bad) {
        part_at_wide_commas(l, n);
    }
    return get_elements(l, map, key, out);
}

uint32_t get_elements(struct loader *l, struct node *map, const char *key, struct node ***out)
{
    struct node *n = node_get(map, key);
    if (!n || n->bad) {
        return 0;
    }
    if (n->kind == NODE_SCALAR) {
        if (!is_text(l, n)) {
            return 0;
        }
        *out = ARENA_NEW(l->arena, struct node *);
        **out = n;
        return 1;
    }
    if (!is_list(l, n)) {
        return 0;
    }
    *out = n->items;
    return n->n_items;
}
