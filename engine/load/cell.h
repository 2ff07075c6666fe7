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
/* What a number must be for its field to take it. */
struct cell_range {
    dec least, most;
    bool whole;
};
struct cell_range cell_range(const struct field *f);

static inline bool cell_is_within(struct cell_range range, dec value)
{
    return value >= range.least && value <= range.most && (!range.whole || dec_is_whole(value));
}

#define CELL_BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/* The number that eight digits are, the first of them in the lowest byte. */
static inline uint64_t cell_eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8); /* pairs, in every other byte */
    uint64_t low = (digits & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064);
    uint64_t high = (digits >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001);
    return (low + high) >> 32;
}

/* As cell_quick, of a cell of 1 to 8 bytes, the first of them the lowest of `text`, the others
 * zero; of a field of numbers. False where cell_quick may know better. */
static inline bool cell_quick_short(struct cell_range range, uint64_t text, unsigned n, dec *out)
{
    static const int64_t place[] = {100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10};
    uint64_t dots = text ^ CELL_BYTES('.');
    uint64_t dot = (dots - CELL_BYTES(1)) & ~dots & CELL_BYTES(0x80); /* its lowest bit is right */
    unsigned places = 0;
    if (dot != 0) {
        unsigned at = (unsigned)__builtin_ctzll(dot) / 8;
        uint64_t below = ((uint64_t)1 << 8 * at) - 1;
        text = (text & below) | (text >> 8 & ~below);
        n--;
        places = n - at;
        if (at == 0 || places == 0) {
            return false;
        }
    }
    /* Digits to the top, zeros before them; what is no digit is beyond 9 then. */
    uint64_t digits = (text ^ CELL_BYTES('0')) << 8 * (8 - n);
    if (((digits + CELL_BYTES(0x76)) | digits) & CELL_BYTES(0x80)) {
        return false;
    }
    *out = (dec)cell_eight_digits(digits) * place[places];
    return cell_is_within(range, *out);
}

/* One member of a list: *value is its number, or DEC_NONE where it is a text or blank. False after
 * a finding: out of the field's range, or several numbers parted by commas. */
bool cell_element(struct arena *a, struct diag *d, const struct field *f, str text, span at,
                  dec *value);

#endif
