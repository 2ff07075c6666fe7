/*
 * unit_map_csv.c - a map of units as a spreadsheet has it: a row for each old unit and what it
 * became; whoever stands in several rows merged or was split.
 *
 *   原编号,新编号
 *   jiefang,xincheng       renamed
 *   dongshan,lianshan    } merged: two rows with one new unit
 *   xishan,lianshan      }
 *   beihu,beihu          } split: two rows with one old unit
 *   beihu,nanhu          }
 *
 * Other columns (a name, a reason) are people's own.
 */
#include "load/unit_map_parts.h"

#include "base/i18n.h"
#include "load/csv.h"

#include <string.h>

#define NONE UINT32_MAX /* no column, no change */

static const char *const words[2] = {"old", "new"};
static const char *const labels[2] = {"原编号", "新编号"};

struct map_rows {
    struct map_loading *l;
    struct csv csv;
    uint32_t columns[2];    /* or NONE */
    uint32_t *change_of[2]; /* by unit: index into the map's list, or NONE */
    struct unit_map *out;
};

/* False after a finding. */
static bool read_header(struct map_rows *r)
{
    struct map_loading *l = r->l;
    for (uint32_t i = 0; i < r->csv.row.cells.n; i++) {
        str heading = text_fold(l->arena, str_trim(r->csv.row.cells.at[i].text));
        for (int side = MAP_OLD; side <= MAP_NEW; side++) {
            if (!str_is(heading, words[side]) && !str_is(heading, labels[side])) {
                continue;
            }
            if (r->columns[side] != NONE) {
                diag_add(l->diag, FINDING_DUPLICATE_COLUMN, csv_place(&r->csv, i),
                         _("'%.*s' means what column %u means"), STR_ARG(heading),
                         r->columns[side] + 1);
                return false;
            }
            r->columns[side] = i;
        }
    }
    for (int side = MAP_OLD; side <= MAP_NEW; side++) {
        if (r->columns[side] == NONE) {
            diag_add(l->diag, FINDING_MISSING_KEY, csv_row_place(&r->csv),
                     _("the header has no column %s (%s)"), words[side], labels[side]);
            return false;
        }
    }
    return true;
}

/* Our own CSV guards what a spreadsheet would run. */
static str id_in(const struct map_rows *r, int side)
{
    uint32_t column = r->columns[side];
    str text = column < r->csv.row.cells.n ? str_trim(r->csv.row.cells.at[column].text) : (str){0};
    bool guarded = text.n > 1 && *text.at == '\'' && strchr("=+-@", text.at[1]);
    return guarded ? (str){text.at + 1, text.n - 1} : text;
}

static bool has(const struct unit_change *c, uint32_t old, uint32_t new)
{
    bool has_old = false, has_new = false;
    for (uint32_t i = 0; i < c->old.n; i++) {
        has_old = has_old || c->old.at[i] == old;
    }
    for (uint32_t i = 0; i < c->new.n; i++) {
        has_new = has_new || c->new.at[i] == new;
    }
    return has_old && has_new;
}

static void add_pair(struct map_rows *r, uint32_t old, uint32_t new)
{
    struct map_loading *l = r->l;
    uint32_t *of_old = &r->change_of[MAP_OLD][old], *of_new = &r->change_of[MAP_NEW][new];
    span at = csv_place(&r->csv, r->columns[MAP_OLD]);
    if (*of_old != NONE && *of_old == *of_new && has(&r->out->list.at[*of_old], old, new)) {
        diag_add(l->diag, FINDING_UNIT_MAP_TWICE, at, _("this row stands here twice"));
        diag_note(l->diag, l->taken[MAP_OLD][old], "%s", _("the first time"));
        return;
    }
    uint32_t index = *of_old != NONE ? *of_old : *of_new != NONE ? *of_new : r->out->list.n;
    if (index == r->out->list.n) {
        vec_push(l->arena, &r->out->list);
    }
    struct unit_change *change = &r->out->list.at[index];
    uint32_t n_old = change->old.n + (*of_old == NONE), n_new = change->new.n + (*of_new == NONE);
    if ((n_old > 1 && n_new > 1) || (*of_old != NONE && *of_new != NONE)) {
        map_many(l, at, n_old > 1 ? n_old : 2, n_new > 1 ? n_new : 2);
        return;
    }
    if (*of_old == NONE) {
        *vec_push(l->arena, &change->old) = old;
    }
    if (*of_new == NONE) {
        *vec_push(l->arena, &change->new) = new;
    }
    l->taken[MAP_OLD][old] = at;
    *of_old = *of_new = index;
}

/* Spreadsheets leave such rows behind, commas and all. */
static bool is_blank(const struct csv_row *row)
{
    for (uint32_t i = 0; i < row->cells.n; i++) {
        if (str_trim(row->cells.at[i].text).n > 0) {
            return false;
        }
    }
    return true;
}

static void read_row(struct map_rows *r)
{
    struct map_loading *l = r->l;
    uint32_t units[2];
    if (is_blank(&r->csv.row)) {
        return;
    }
    for (int side = MAP_OLD; side <= MAP_NEW; side++) {
        str id = id_in(r, side);
        span at = csv_place(&r->csv, r->columns[side]);
        if (id.n == 0) {
            diag_add(l->diag, FINDING_MISSING_KEY, at, _("the change lacks `%s`"), words[side]);
            diag_hint(l->diag, "%s",
                      _("units that are new, or no longer there, need no row: nobody is held "
                        "against them"));
            return;
        }
        units[side] = map_unit(l, id, at, side);
    }
    if (units[MAP_OLD] != UNIT_NONE && units[MAP_NEW] != UNIT_NONE) {
        add_pair(r, units[MAP_OLD], units[MAP_NEW]);
    }
}

static uint32_t *none_for(struct arena *a, const struct table *t)
{
    uint32_t *all = ARENA_ARRAY(a, uint32_t, (size_t)t->units.n + 1);
    memset(all, 0xff, sizeof *all * t->units.n);
    return all;
}

void map_read_csv(struct map_loading *l, const struct source *s, struct unit_map *out)
{
    struct map_rows r = {.l = l, .columns = {NONE, NONE}, .out = out};
    for (int side = MAP_OLD; side <= MAP_NEW; side++) {
        r.change_of[side] = none_for(l->arena, l->tables[side]);
    }
    csv_open(&r.csv, l->arena, l->diag, s);
    if (!csv_read(&r.csv)) {
        diag_add(l->diag, FINDING_MISSING_KEY, (span){s, 0, 0}, "%s",
                 _("the file is empty: it has not even a header"));
        return;
    }
    if (!read_header(&r)) {
        return;
    }
    while (csv_read(&r.csv)) {
        read_row(&r);
    }
}
