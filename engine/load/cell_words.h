/*
 * cell_words.h - the words and the number grammar of cells (rubric-language.md, Values a unit can
 * have).
 *
 * Private to cell.c and its tests. Everything works on a folded copy of the cell, so that ６０ 余
 * 人, 60余人 and "60 余人" are one text. Words are tables in cell_words.c: to accept a further
 * spelling, add a line there and one to tests/unit/test_cell.c.
 */
#ifndef KAOPING_CELL_WORDS_H
#define KAOPING_CELL_WORDS_H

#include "model/table.h"

#include <stdbool.h>

/* No number, date or word is longer; of a longer cell only the start is looked at. */
#define FOLDED_MOST 256

/*
 * A cell as it is compared: full-width ASCII made half-width, lower case, white space and
 * zero-width marks out. Not NFKC (text_fold), which would make 12 of 1² and 1 of ①. A space between
 * two digits stays, so that "3 5" is not read as 35.
 */
struct folded {
    char at[FOLDED_MOST];    /* NUL-terminated */
    size_t end[FOLDED_MOST]; /* offset in the cell behind the character that gave this byte */
    size_t n;
    bool whole; /* the cell fitted */
};

void cell_fold(struct folded *t, str text);

/* 不适用, n/a, with or without a reason; the reason is a part of text. */
bool cell_is_na(const struct folded *t, str text, str *reason);
/* 无, none */
bool cell_is_none(const struct folded *t);
/* 计划, planned; with `more`, whatever begins with 计划 (计划3次) */
bool cell_is_plan(const struct folded *t, bool more);
/* XX, X次, *, ××: nobody filled it in. unit may be NULL. */
bool cell_is_placeholder(const struct folded *t, const char *unit);
/* 1 yes, 0 no, -1 neither */
int cell_yesno(const struct folded *t);
/* -, /, — and the like: dashes and strokes only */
bool cell_is_dash(const struct folded *t);

enum number_fault {
    NUMBER_OK,
    NUMBER_NOT,        /* no number at all */
    NUMBER_TOO_LARGE,  /* beyond ±92 billion */
    NUMBER_CHINESE,    /* 十二 */
    NUMBER_OTHER_UNIT, /* a number, and something behind it that is not the field's unit */
    NUMBER_SCALE       /* 5万 in a field counted in 万元: 5 or 50,000 of them? */
};

struct number {
    dec value;
    enum cell_state state; /* CELL_VALUE, CELL_AT_LEAST, CELL_AT_MOST or CELL_ABOUT */
};

/* unit may be NULL; percent: % may follow. */
enum number_fault cell_number(str folded, const char *unit, bool percent, struct number *out);

#endif
