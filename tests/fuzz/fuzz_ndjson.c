/* fuzz_ndjson.c - any bytes as a data file of a unit a line. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_units("data.ndjson", data, n);
}
