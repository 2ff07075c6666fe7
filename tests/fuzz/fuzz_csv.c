/* fuzz_csv.c - any bytes as a CSV data file. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_units("data.csv", data, n);
}
