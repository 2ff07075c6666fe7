/* archive_parts.h - what archive.c and archive_read.c share; private to them. */
#ifndef KAOPING_ARCHIVE_PARTS_H
#define KAOPING_ARCHIVE_PARTS_H

#include "store/archive.h"
#include "store/database.h"

#define BLOCK_UNITS 16U /* packed and squeezed together */

struct archive {
    struct database db;
    struct arena *arena;
    bool empty;         /* nothing was ever written into it */
    archived_list runs; /* as of the last archive_list */
};

/* The digest of all rows of a run and of the seal before it. */
void archive_seal(struct archive *, uint32_t run, char out[DIGEST_TEXT]);

#endif
