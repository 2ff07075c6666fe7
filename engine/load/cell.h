/*
 * cell.h - what people type into a cell, read as the field's type says (rubric-language.md, Values
 * a unit can have, Data files): 12次, 67.57%, 1,200, full-width digits, 3万, √, 2024年12月20日,
 * 60余, X次, 计划, 不适用(原因), 无.
 *
 * One function for all readers; it knows nothing of files. The fast path (plain ASCII digits)
 * allocates nothing.
 */
#ifndef KAOPING_CELL_H
#define KAOPING_CELL_H

#include "base/diag.h"
#include "model/table.h"

struct cell {
    dec value;
    enum cell_state state;
    str reason;             /* of 不适用(…): a part of the text, or empty */
    str text;               /* of a text field: trimmed */
    struct list_value list; /* of a list field */
};

/* False after a finding at `at` (the cell's place; the text may be a part of it). Then the state is
 * CELL_BAD. Text that begins with ' before =, +, -, @ loses the ' (our own CSV guard). */
bool cell_parse(struct arena *a, struct diag *d, const struct field *f, str text, span at,
                struct cell *out);

/* Whether the cell is a number in plain ASCII digits within the field's bounds: what most cells
 * are. cell_parse makes the same of it. */
bool cell_quick(const struct field *f, str text, dec *out);
/* The same for a cell of n <= 8 bytes, the first of them the lowest of `text`, the others zero; of
 * a field of numbers. False where cell_quick may know better. */
bool cell_quick_short(const struct field *f, uint64_t text, unsigned n, dec *out);

/* One member of a list: *value is its number, or DEC_NONE where it is a text or blank. False after
 * a finding: out of the field's range, or several numbers parted by commas. */
bool cell_element(struct arena *a, struct diag *d, const struct field *f, str text, span at,
                  dec *value);

#endif
