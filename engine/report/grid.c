/*
 * grid.c - columns that align under Chinese text.
 */
#include "report/grid.h"

#include "base/text.h"
#include "report/figures.h"

#include <assert.h>
#include <string.h>

#define GAP 2    /* between columns */
#define SLIVER 4 /* of a text, if need be */

static int width_of(const char *text) { return text ? text_width(text, strlen(text)) : 0; }

/* What is plain ASCII, as most cells are, is safe as it is. */
static const char *safe(struct arena *a, const char *text)
{
    const char *at = text;
    while (*at >= ' ' && *at < 0x7f) {
        at++;
    }
    return *at ? figures_safe(a, text) : text;
}

void grid_column(struct grid *g, enum grid_kind kind, const char *title, int least, int drop)
{
    *vec_push(g->arena, &g->columns) = (struct grid_column){
        .title = safe(g->arena, title), .kind = kind, .least = least, .drop = drop};
}

void grid_row(struct grid *g)
{
    assert(g->n_rows == 0 || g->at == g->columns.n);
    for (uint32_t i = 0; i < g->columns.n; i++) {
        vec_push(g->arena, &g->cells);
    }
    g->n_rows++;
    g->at = 0;
}

void grid_cell(struct grid *g, const char *text, enum grid_style style)
{
    assert(g->n_rows > 0 && g->at < g->columns.n);
    uint32_t cell = (g->n_rows - 1) * g->columns.n + g->at++;
    g->cells.at[cell] = (struct grid_cell){text ? safe(g->arena, text) : NULL, style};
}

/* ---- widths ---- */

static const char *fraction_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? point : text + strlen(text);
}

static int max_int(int a, int b) { return a > b ? a : b; }
static int min_int(int a, int b) { return a < b ? a : b; }

static void measure(struct grid *g, uint32_t index)
{
    struct grid_column *c = &g->columns.at[index];
    c->width = c->whole = c->fraction = 0;
    c->dropped = false;
    for (uint32_t row = 0; row < g->n_rows; row++) {
        const char *text = g->cells.at[row * g->columns.n + index].text;
        if (!text) {
            continue;
        }
        if (c->kind == GRID_TEXT) {
            c->width = max_int(c->width, width_of(text));
        } else {
            const char *fraction = fraction_of(text);
            c->whole = max_int(c->whole, text_width(text, (size_t)(fraction - text)));
            c->fraction = max_int(c->fraction, width_of(fraction));
        }
    }
    if (c->kind == GRID_NUMBER) {
        c->width = c->whole + c->fraction;
    }
    /* From here on `least` is what the column cannot go below: numbers are never cut. */
    int title = width_of(c->title), body = c->kind == GRID_NUMBER ? c->width : 0;
    c->width = max_int(c->width, title);
    c->least = max_int(body, min_int(c->width, c->least));
}

static int total_width(const struct grid *g, bool least)
{
    int sum = -GAP;
    for (uint32_t i = 0; i < g->columns.n; i++) {
        const struct grid_column *c = &g->columns.at[i];
        sum += c->dropped ? 0 : GAP + (least ? c->least : c->width);
    }
    return sum;
}

/* False: nothing is left that may go. */
static bool drop_next(struct grid *g)
{
    int most = 0;
    for (uint32_t i = 0; i < g->columns.n; i++) {
        if (!g->columns.at[i].dropped) {
            most = max_int(most, g->columns.at[i].drop);
        }
    }
    for (uint32_t i = 0; i < g->columns.n && most > 0; i++) {
        g->columns.at[i].dropped |= g->columns.at[i].drop == most;
    }
    return most > 0;
}

/* Takes one column off the widest that can still shrink. */
static bool shrink_one(struct grid *g)
{
    struct grid_column *widest = NULL;
    for (uint32_t i = 0; i < g->columns.n; i++) {
        struct grid_column *c = &g->columns.at[i];
        if (!c->dropped && c->width > c->least && (!widest || c->width >= widest->width)) {
            widest = c;
        }
    }
    if (widest) {
        widest->width--;
    }
    return widest != NULL;
}

static void lay_out(struct grid *g, int width)
{
    for (uint32_t i = 0; i < g->columns.n; i++) {
        measure(g, i);
    }
    while (total_width(g, true) > width && drop_next(g)) {
        continue;
    }
    while (total_width(g, false) > width && shrink_one(g)) {
        continue;
    }
    for (uint32_t i = 0; i < g->columns.n; i++) {
        struct grid_column *c = &g->columns.at[i];
        c->least = c->kind == GRID_NUMBER ? c->whole + c->fraction : min_int(c->least, SLIVER);
    }
    while (total_width(g, false) > width && shrink_one(g)) {
        continue;
    }
}

/* ---- printing ---- */

int grid_fit(struct buf *out, const char *text, int columns)
{
    size_t n = strlen(text);
    int width = text_width(text, n);
    if (width <= columns) {
        buf_add(out, text, n);
        return width;
    }
    static const char ellipsis[] = "…";
    int room = columns - text_width(ellipsis, sizeof ellipsis - 1);
    size_t fits = room > 0 ? text_fit(text, n, room) : 0;
    buf_add(out, text, fits);
    buf_text(out, ellipsis);
    return columns - room + text_width(text, fits);
}

static const char *style_on(enum grid_style style)
{
    static const char *const codes[] = {"", "\033[1m", "\033[2m", "\033[31m"};
    return codes[style];
}

void grid_styled(struct buf *out, enum grid_style style, bool color, const char *text)
{
    bool on = color && style != GRID_PLAIN && text && *text;
    if (on) {
        buf_text(out, style_on(style));
    }
    buf_text(out, text);
    if (on) {
        buf_text(out, "\033[0m");
    }
}

static void spaces(struct buf *out, int n) { buf_repeat(out, " ", n > 0 ? (size_t)n : 0); }

/* Spaces that come before text are kept back, so that no line ends with any. */
static void print_cell(const struct grid_column *c, const char *text, bool title, int *pending,
                       struct buf *out)
{
    int left = 0, width = width_of(text);
    if (!width) {
        *pending += c->width;
        return;
    }
    if (c->kind == GRID_NUMBER) {
        int right = title ? 0 : c->fraction - width_of(fraction_of(text));
        left = max_int(0, c->width - right - min_int(width, c->width));
    }
    spaces(out, *pending + left);
    *pending = c->width - left - grid_fit(out, text, c->width);
}

static void print_row(const struct grid *g, const struct grid_cell *cells, int indent, bool color,
                      struct buf *out)
{
    int pending = indent;
    bool first = true;
    for (uint32_t i = 0; i < g->columns.n; i++) {
        const struct grid_column *c = &g->columns.at[i];
        if (c->dropped) {
            continue;
        }
        pending += first ? 0 : GAP;
        first = false;
        const char *text = !cells ? c->title : cells[i].text ? cells[i].text : "";
        enum grid_style style = cells ? cells[i].style : GRID_BOLD;
        bool on = color && style != GRID_PLAIN && *text;
        if (on) {
            spaces(out, pending);
            pending = 0;
            buf_text(out, style_on(style));
        }
        print_cell(c, text, !cells, &pending, out);
        if (on) {
            buf_text(out, "\033[0m");
        }
    }
    buf_char(out, '\n');
}

void grid_print(struct grid *g, int indent, int width, bool color, struct buf *out)
{
    lay_out(g, width - indent);
    print_row(g, NULL, indent, color, out);
    for (uint32_t row = 0; row < g->n_rows; row++) {
        print_row(g, &g->cells.at[row * g->columns.n], indent, color, out);
    }
}
