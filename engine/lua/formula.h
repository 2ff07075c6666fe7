/*
 * formula.h - formulas and conditions that need no Lua: arithmetic, comparisons, and, or, not,
 * math.min and the like, as steps over a stack of values.
 *
 *   math.min(done / 12, 1) * full   ->   done  12  /  1  min of 2  full  *
 *
 * What comes out is what Lua gives, to the last bit, or nothing. The values are Lua's: floats,
 * integers that wrap around, true and false, texts, nil. Whatever Lua would refuse, and whatever it
 * does in a way of its own (it compares large integers with floats digit by digit), is left to it:
 * then it also says what is wrong, in its own words.
 */
#ifndef KAOPING_FORMULA_H
#define KAOPING_FORMULA_H

#include "lua/sandbox.h"

struct formula;

/* The expression in a chunk that expression_chunk made; NULL: it takes Lua. */
const struct formula *formula_compile(struct arena *a, const struct chunk *c);

/* The value for these arguments, those of the chunk's function after the first; finite. False: Lua
 * has to be called. */
bool formula_number(const struct formula *f, const struct arg *args, double *out);
/* The same of a condition. */
bool formula_yesno(const struct formula *f, const struct arg *args, bool *out);

#endif
