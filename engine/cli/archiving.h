/* archiving.h - what the parts of `kaoping archive` share. */
#ifndef KAOPING_ARCHIVING_H
#define KAOPING_ARCHIVING_H

#include "cli/commands.h"
#include "store/archive.h"

struct archive_options {
    struct common common;
    const char *archive, *format, *output, *only;
};

struct archiving {
    struct arena *arena;
    const struct archive_options *options;
    struct archive *archive;
    struct buf out;
    bool color, json;
    int width;
};

/* A line of output, wrapped. */
void archiving_say(struct archiving *g, const char *text, int indent);
/* The run of that name; wrong usage if there is none. */
const struct archived *archiving_run(struct archiving *g, const char *name);
/* What is shown must be what was written: else the process ends (exit 3). */
void archiving_refuse_changed(struct archiving *g, const struct archived *run);

/* The two that compare; they return the exit status. */
int archiving_verify(struct archiving *g, char **names);
int archiving_diff(struct archiving *g, char **names);

#endif
