/*
 * replay.c - runs a harness over files: the corpus and what fuzzing once found, under the ordinary
 * compiler and its sanitizers.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static uint8_t data[1 << 20];
    const char *name = strrchr(argv[0], '_');
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t n = fread(data, 1, sizeof data, file);
        fclose(file);
        if (getenv("VERBOSE") != NULL)
            fprintf(stderr, "%s\n", argv[i]);
        LLVMFuzzerTestOneInput(data, n); /* what is wrong ends the process */
    }
    printf("%s: %d passed, 0 failed\n", name != NULL ? name + 1 : argv[0], argc - 1);
    return 0;
}
