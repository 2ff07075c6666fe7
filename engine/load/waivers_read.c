/*
 * waivers_read.c - YAML, JSON and CSV to single waivers as they are written.
 *
 * An unknown key or column is an error whatever the options: a misspelt `until` would make a waiver
 * hold for ever.
 */
#include "load/waivers_read.h"

#include "base/i18n.h"
#include "load/csv.h"
#include "load/format.h"
#include "load/node.h"

#include <string.h>

#define COLUMN_NONE UINT32_MAX

const char *const waiver_keys[] = {"unit",        "item",  "effect", "reason",
                                   "approved_by", "until", NULL};

static const char *const labels[N_WAIVER_KEYS] = {
    [WAIVER_KEY_UNIT] = "单位编号",        [WAIVER_KEY_ITEM] = "指标",
    [WAIVER_KEY_EFFECT] = "效力",          [WAIVER_KEY_REASON] = "理由",
    [WAIVER_KEY_APPROVED_BY] = "批准单位", [WAIVER_KEY_UNTIL] = "有效期至",
};

/* ---- YAML and JSON ---- */

static void read_map(const struct waiver_reader *r, struct node *map)
{
    struct waiver_given given = {.whole = map->at, .errors = r->diag->n_errors};
    if (map->kind != NODE_MAP) {
        node_expect(r->diag, map, _("a waiver: unit, item, effect, reason, approved_by, until"));
        return;
    }
    for (uint32_t i = 0; i < N_WAIVER_KEYS; i++) {
        struct node *value = node_get(map, waiver_keys[i]);
        given.at[i] = value ? value->at : map->at;
        given.bad[i] = value && value->bad;
        if (!value || value->is_null || value->bad) {
            continue;
        }
        if (value->kind == NODE_SCALAR) {
            given.text[i] = str_trim(node_str(value));
        } else {
            node_expect(r->diag, value, _("a text"));
            given.bad[i] = true;
        }
    }
    uint32_t errors = r->diag->n_errors;
    node_unknown_keys(r->diag, map, waiver_keys);
    if (r->diag->n_errors > errors) { /* what is missing stands there, misspelt */
        for (uint32_t i = 0; i < N_WAIVER_KEYS; i++) {
            given.bad[i] = given.bad[i] || given.text[i].n == 0;
        }
    }
    r->take(r->context, &given);
}

static bool read_document(const struct waiver_reader *r, const struct source *s, bool json)
{
    static const char *const root_keys[] = {"waivers", NULL};
    struct node *root = json ? json_read(r->arena, r->diag, s) : yaml_read(r->arena, r->diag, s);
    if (!root || root->bad) {
        return false;
    }
    uint32_t errors = r->diag->n_errors;
    struct node *list = root->kind == NODE_MAP ? node_get(root, "waivers") : NULL;
    node_unknown_keys(r->diag, root, root_keys);
    if (!list) {
        if (r->diag->n_errors == errors) {
            node_expect(r->diag, root, _("a map with a list of waivers under waivers:"));
        }
        return false;
    }
    if (list->kind != NODE_LIST) {
        node_expect(r->diag, list, _("a list of waivers"));
        return false;
    }
    for (uint32_t i = 0; i < list->n_items; i++) {
        if (!list->items[i]->bad) {
            read_map(r, list->items[i]);
        }
    }
    return true;
}

/* ---- CSV ---- */

struct columns {
    uint32_t of[N_WAIVER_KEYS]; /* or COLUMN_NONE */
    uint32_t n;
    bool unknown; /* some heading was reported: what is missing may be it */
};

/* N_WAIVER_KEYS after a finding. */
static enum waiver_key key_of(const struct waiver_reader *r, str heading, span at)
{
    struct nearest near = {.name = heading};
    str folded = text_fold(r->arena, heading);
    for (uint32_t i = 0; i < N_WAIVER_KEYS; i++) {
        if (str_is(folded, waiver_keys[i]) || str_is(folded, labels[i])) {
            return (enum waiver_key)i;
        }
        nearest_offer(&near, waiver_keys[i]);
        nearest_offer(&near, labels[i]);
    }
    diag_add(r->diag, FINDING_UNKNOWN_COLUMN, at, _("'%.*s' is no column of a waiver file"),
             (int)text_fit(heading.at, heading.n, 40), heading.at);
    diag_did_you_mean(r->diag, nearest_name(&near, r->arena));
    return N_WAIVER_KEYS;
}

static void read_header(const struct waiver_reader *r, const struct csv *c, struct columns *columns)
{
    columns->n = c->row.cells.n;
    for (uint32_t i = 0; i < N_WAIVER_KEYS; i++) {
        columns->of[i] = COLUMN_NONE;
    }
    for (uint32_t i = 0; i < c->row.cells.n; i++) {
        str heading = str_trim(c->row.cells.at[i].text);
        enum waiver_key key = heading.n ? key_of(r, heading, csv_place(c, i)) : N_WAIVER_KEYS;
        if (key == N_WAIVER_KEYS) {
            columns->unknown |= heading.n > 0;
        } else if (columns->of[key] == COLUMN_NONE) {
            columns->of[key] = i;
        } else {
            diag_add(r->diag, FINDING_DUPLICATE_COLUMN, csv_place(c, i),
                     _("'%.*s' means what column %u means"), STR_ARG(heading),
                     columns->of[key] + 1);
        }
    }
    for (uint32_t i = 0; i < WAIVER_KEY_UNTIL && !columns->unknown; i++) {
        if (columns->of[i] == COLUMN_NONE) {
            diag_add(r->diag, FINDING_MISSING_KEY, csv_row_place(c),
                     _("the header has no column %s (%s)"), waiver_keys[i], labels[i]);
        }
    }
}

/* Our own CSV guards what a spreadsheet would run. */
static str unguarded(str s)
{
    s = str_trim(s);
    bool guarded = s.n > 1 && *s.at == '\'' && strchr("=+-@", s.at[1]);
    return guarded ? (str){s.at + 1, s.n - 1} : s;
}

static void read_row(const struct waiver_reader *r, const struct csv *c,
                     const struct columns *columns, uint32_t errors)
{
    struct waiver_given given = {.whole = csv_row_place(c), .errors = errors};
    bool blank = true;
    for (uint32_t i = 0; i < c->row.cells.n; i++) {
        bool empty = !str_trim(c->row.cells.at[i].text).n;
        blank = blank && empty;
        if (!empty && i >= columns->n) {
            diag_add(r->diag, FINDING_CSV_CELLS, csv_place(c, i),
                     _("the row has %u cells, the header only %u"), c->row.cells.n, columns->n);
            diag_hint(r->diag, "%s", _("a cell that contains the separator must be in quotes"));
            break;
        }
    }
    for (uint32_t i = 0; i < N_WAIVER_KEYS; i++) {
        uint32_t column = columns->of[i];
        given.bad[i] = column == COLUMN_NONE; /* said of the header */
        if (column != COLUMN_NONE) {
            given.at[i] = csv_place(c, column);
            given.text[i] =
                column < c->row.cells.n ? unguarded(c->row.cells.at[column].text) : (str){NULL, 0};
        }
    }
    if (!blank) {
        r->take(r->context, &given);
    }
}

static bool read_csv(const struct waiver_reader *r, const struct source *s)
{
    struct csv *c = ARENA_NEW(r->arena, struct csv);
    struct columns columns = {.n = 0};
    csv_open(c, r->arena, r->diag, s);
    if (!csv_read(c)) {
        diag_add(r->diag, FINDING_MISSING_KEY, (span){s, 0, 0}, "%s",
                 _("the file is empty: it has not even a header"));
        return false;
    }
    uint32_t errors_before = r->diag->n_errors;
    read_header(r, c, &columns);
    bool fine = r->diag->n_errors == errors_before;
    for (;;) {
        uint32_t errors = r->diag->n_errors;
        if (!csv_read(c)) {
            return fine;
        }
        read_row(r, c, &columns, errors);
    }
}

bool waivers_read(const struct waiver_reader *r, const struct source *s)
{
    enum format format = format_of(s, "waivers:");
    return format == FORMAT_CSV ? read_csv(r, s) : read_document(r, s, format != FORMAT_YAML);
}
