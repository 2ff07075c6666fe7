/*
 * record_pack.h - records (model/record.h) as bytes that mean the same on every machine: numbers
 * seven bits a byte, decimals without their trailing zeros, texts with their length.
 *
 *   unit   [length] id name class parent | outcome | gates | sections | claims | items |
 * deficiencies light reading stops ^
 *
 * Unpacked texts point into the bytes, which must live as long as the record; those of a light
 * record are copies.
 */
#ifndef KAOPING_RECORD_PACK_H
#define KAOPING_RECORD_PACK_H

#include "base/buf.h"
#include "model/record.h"

/* What stands in no column of its own: all but rubric, title, period, inputs and n_units. */
void run_pack(struct buf *out, const struct run_record *run);
bool run_unpack(struct arena *a, const char *at, size_t n, struct run_record *out);

void unit_pack(struct buf *out, const struct run_record *run, const struct unit_record *unit);
/* The unit at *at, which moves on behind it; false: no such bytes were ever packed. */
bool unit_unpack(struct arena *a, const struct run_record *run, const char **at, const char *end,
                 bool light, struct unit_record *out);
bool unit_skip(const char **at, const char *end);

#endif
