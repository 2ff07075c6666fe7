/*
 * split.c - see split.h. One body, compiled for what processors have: bytes are compared 16, 32 or
 * 64 at a time, chosen when the program runs.
 */
#include "bulk/split.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Bits of 64 bytes. */
struct bits {
    uint64_t separators, lines, returns, quotes, zeros;
};

typedef struct bits (*look)(const char *at, char separator);

/* Each bit is whether the number of quotes up to it is odd. */
static inline uint64_t odd_so_far(uint64_t quotes)
{
    for (unsigned shift = 1; shift < 64; shift *= 2) {
        quotes ^= quotes << shift;
    }
    return quotes;
}

/* Writes where each bit of `ends` is, counted from offset; up to SPLIT_MORE beyond them. */
typedef void (*put)(uint32_t *out, uint64_t ends, uint32_t n, uint32_t offset);

/* Eight at a time: how many there are can hardly be foretold, that there are more than 8 or 16
 * can. */
static inline __attribute__((always_inline)) void put_eights(uint32_t *out, uint64_t ends,
                                                             uint32_t n, uint32_t offset)
{
    for (uint32_t done = 0; done < n; done += 8) {
        for (uint32_t i = 0; i < 8; i++) {
            out[done + i] = offset + (uint32_t)__builtin_ctzll(ends | (uint64_t)1 << 63);
            ends &= ends - 1;
        }
    }
}

/* Which marks are line ends. That there is one can hardly be foretold, that there are several can:
 * where there is none what is written is written over. */
static inline __attribute__((always_inline)) void put_ends(struct split *s, uint64_t lines,
                                                           uint64_t ends)
{
    do {
        uint64_t below = (lines & (~lines + 1)) - 1;
        s->ends[s->n_ends] = s->n_marks + (uint32_t)__builtin_popcountll(ends & below);
        s->n_ends += lines != 0;
        lines &= lines - 1;
    } while (__builtin_expect(lines != 0, 0));
}

static inline __attribute__((always_inline)) void look_through(struct split *to_fill, size_t to,
                                                               look look_at, put put_marks)
{
    struct split own = *to_fill, *s = &own; /* not in memory, which marks might change */
    for (; s->at < to; s->at += 64) {
        __builtin_prefetch(s->text + s->at + 2048); /* pages of a file lie far apart */
        struct bits b = look_at(s->text + s->at, s->separator);
        size_t left = s->end - s->at;
        if (left < 64) {
            uint64_t there = ((uint64_t)1 << left) - 1;
            b.separators &= there;
            b.lines &= there;
            b.returns &= there;
            b.quotes &= there;
            b.zeros &= there;
        }
        s->irregular |= b.zeros != 0;
        if (__builtin_expect((b.quotes | s->inside) != 0, 0)) {
            uint64_t inside = odd_so_far(b.quotes) ^ s->inside;
            s->inside = (uint64_t)((int64_t)inside >> 63);
            s->quoted[s->n_quoted++] = (uint32_t)(s->at - s->base);
            s->irregular |= (inside & (b.lines | b.returns)) != 0;
            b.separators &= ~inside;
        }
        if (__builtin_expect((b.returns | (uint64_t)s->line_due) != 0, 0)) {
            uint64_t due = b.returns << 1 | (uint64_t)s->line_due;
            s->line_due = b.returns >> 63 != 0;
            s->irregular |= (due & ~b.lines) != 0;
        }
        uint64_t ends = b.separators | b.lines;
        uint32_t n = (uint32_t)__builtin_popcountll(ends);
        put_ends(s, b.lines, ends);
        put_marks(s->marks + s->n_marks, ends, n, (uint32_t)(s->at - s->base));
        s->n_marks += n;
    }
    *to_fill = own;
}

#if defined(__x86_64__)
static inline __attribute__((always_inline)) uint64_t of_four(__m128i a, __m128i b, __m128i c,
                                                              __m128i d)
{
    return (uint64_t)(uint16_t)_mm_movemask_epi8(a) |
           (uint64_t)(uint16_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint16_t)_mm_movemask_epi8(c) << 32 |
           (uint64_t)(uint16_t)_mm_movemask_epi8(d) << 48;
}

static inline __attribute__((always_inline)) struct bits look_sse2(const char *at, char separator)
{
    const __m128i *p = (const __m128i *)(const void *)at;
    __m128i v[4];
    for (int i = 0; i < 4; i++) {
        v[i] = _mm_loadu_si128(p + i);
    }
#define EQUAL(i, c) _mm_cmpeq_epi8(v[i], _mm_set1_epi8(c))
#define BITS(c) of_four(EQUAL(0, c), EQUAL(1, c), EQUAL(2, c), EQUAL(3, c))
    return (struct bits){BITS(separator), BITS('\n'), BITS('\r'), BITS('"'), BITS('\0')};
#undef EQUAL
#undef BITS
}

__attribute__((target("avx2,bmi,bmi2,popcnt"), always_inline)) static inline struct bits
look_avx2(const char *at, char separator)
{
    const __m256i *p = (const __m256i *)(const void *)at;
    __m256i low = _mm256_loadu_si256(p), high = _mm256_loadu_si256(p + 1);
#define HALF(v, c)                                                                                 \
    (uint64_t)(uint32_t) _mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)))
#define BITS(c) (HALF(low, c) | HALF(high, c) << 32)
    return (struct bits){BITS(separator), BITS('\n'), BITS('\r'), BITS('"'), BITS('\0')};
#undef HALF
#undef BITS
}

#define AVX512 "avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"

__attribute__((target(AVX512), always_inline)) static inline struct bits look_avx512(const char *at,
                                                                                     char separator)
{
    __m512i v = _mm512_loadu_si512((const void *)at);
#define BITS(c) _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c))
    return (struct bits){BITS(separator), BITS('\n'), BITS('\r'), BITS('"'), BITS('\0')};
#undef BITS
}

/* Sixteen of the bytes, as numbers on top of offset. */
__attribute__((target(AVX512), always_inline)) static inline void
put_sixteen(uint32_t *out, __m128i bytes, uint32_t offset)
{
    __m512i marks = _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), _mm512_set1_epi32((int)offset));
    _mm512_storeu_si512((void *)out, marks);
}

__attribute__((target(AVX512), always_inline)) static inline void
put_avx512(uint32_t *out, uint64_t ends, uint32_t n, uint32_t offset)
{
    static const uint8_t each[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i at = _mm512_maskz_compress_epi8(ends, _mm512_loadu_si512((const void *)each));
    put_sixteen(out, _mm512_castsi512_si128(at), offset);
    put_sixteen(out + 16, _mm512_extracti32x4_epi32(at, 1), offset);
    if (__builtin_expect(n > 32, 0)) {
        put_sixteen(out + 32, _mm512_extracti32x4_epi32(at, 2), offset);
        put_sixteen(out + 48, _mm512_extracti32x4_epi32(at, 3), offset);
    }
}

static void through_sse2(struct split *s, size_t to) { look_through(s, to, look_sse2, put_eights); }

__attribute__((target("avx2,bmi,bmi2,popcnt"))) static void through_avx2(struct split *s, size_t to)
{
    look_through(s, to, look_avx2, put_eights);
}

__attribute__((target(AVX512))) static void through_avx512(struct split *s, size_t to)
{
    look_through(s, to, look_avx512, put_avx512);
}

static void look_on(struct split *s, size_t to)
{
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2")) {
        through_avx512(s, to);
    } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        through_avx2(s, to);
    } else {
        through_sse2(s, to);
    }
}
#else
static inline struct bits look_plain(const char *at, char separator)
{
    struct bits b = {0};
    for (unsigned i = 0; i < 64; i++) {
        b.separators |= (uint64_t)(at[i] == separator) << i;
        b.lines |= (uint64_t)(at[i] == '\n') << i;
        b.returns |= (uint64_t)(at[i] == '\r') << i;
        b.quotes |= (uint64_t)(at[i] == '"') << i;
        b.zeros |= (uint64_t)(at[i] == '\0') << i;
    }
    return b;
}

static void look_on(struct split *s, size_t to) { look_through(s, to, look_plain, put_eights); }
#endif

/* The last line may lack its end. */
static void end_last_line(struct split *s)
{
    uint32_t last = s->n_ends > 0 ? s->ends[s->n_ends - 1] + 1 : 0;
    size_t from = last > 0 ? s->base + s->marks[last - 1] + 1 : s->base;
    if (from < s->end) {
        s->ends[s->n_ends++] = s->n_marks;
        s->marks[s->n_marks++] = (uint32_t)(s->end - s->base);
    }
}

bool split_more(struct split *s)
{
    if (s->at >= s->end || s->irregular) {
        return false;
    }
    /* A row that is longer than all the room is nobody's row. */
    if (s->n_marks + SPLIT_WINDOW + SPLIT_MORE > s->most ||
        s->n_quoted + SPLIT_WINDOW / 64 > s->most || s->at - s->base > UINT32_MAX / 2) {
        s->irregular = true;
        return false;
    }
    size_t to = s->end - s->at < SPLIT_WINDOW ? s->end : s->at + SPLIT_WINDOW;
    look_on(s, to);
    if (s->at >= s->end) {
        s->at = s->end;
        s->irregular |= s->inside != 0 || s->line_due;
        end_last_line(s);
    }
    return !s->irregular;
}

void split_drop(struct split *s, uint32_t rows)
{
    if (rows == 0) {
        return;
    }
    uint32_t first = s->ends[rows - 1] + 1;
    uint32_t by = s->marks[first - 1] + 1;
    s->base += by;
    for (uint32_t i = first; i < s->n_marks; i++) {
        s->marks[i - first] = s->marks[i] - by;
    }
    s->n_marks -= first;
    for (uint32_t i = rows; i < s->n_ends; i++) {
        s->ends[i - rows] = s->ends[i] - first;
    }
    s->n_ends -= rows;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->n_quoted; i++) {
        if (s->quoted[i] + 64 > by) {
            s->quoted[kept++] = s->quoted[i] > by ? s->quoted[i] - by : 0;
        }
    }
    s->n_quoted = kept;
}
