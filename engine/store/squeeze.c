/* squeeze.c - see squeeze.h. */
#include "store/squeeze.h"

#include "base/sys.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define HEAD 8           /* the size, lowest byte first */
#define RATIO_MOST 1040U /* deflate cannot do better: a larger size is a lie */

void squeeze(const void *at, size_t n, enum squeeze_level level, struct buf *out)
{
    uLongf room = compressBound((uLong)n);
    for (int i = 0; i < HEAD; i++) {
        buf_char(out, (char)(unsigned char)((uint64_t)n >> (8 * i) & 255));
    }
    size_t before = out->n;
    buf_room(out, room);
    if (compress2((Bytef *)out->at + before, &room, at, (uLong)n, (int)level) != Z_OK) {
        sys_out_of_memory(); /* there is room enough, so nothing else can be wrong */
    }
    out->n = before + room;
}

char *unsqueeze(struct arena *a, const void *at, size_t n, size_t *whole)
{
    const unsigned char *bytes = at;
    uint64_t size = 0;
    if (n < HEAD) {
        return NULL;
    }
    for (int i = 0; i < HEAD; i++) {
        size |= (uint64_t)bytes[i] << (8 * i);
    }
    if (size / RATIO_MOST > n) {
        return NULL;
    }
    char *text = arena_alloc(a, (size_t)size + 1);
    uLongf got = (uLongf)size;
    uLong used = (uLong)(n - HEAD);
    if (uncompress2((Bytef *)text, &got, bytes + HEAD, &used) != Z_OK || got != size ||
        used != n - HEAD) {
        return NULL;
    }
    *whole = (size_t)size;
    return text;
}
