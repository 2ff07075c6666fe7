/* fours.c - see fours.h. */
#include "bulk/fours.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512cd")))

bool fours_there(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512cd");
}

AVX512 static inline __m256i all(int64_t n) { return _mm256_set1_epi64x(n); }

/* The number that eight digits are, the first of them in the lowest byte. */
AVX512 static inline __m256i eight_digits(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A)); /* × 10, 1 */
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064)); /* × 100, 1 */
    return _mm256_add_epi64(_mm256_mul_epu32(fours, all(10000)), _mm256_srli_epi64(fours, 32));
}

/* As cell_quick_short has it: text without its point goes to the top, its first byte the lowest.
 * Returns which lanes have a number. */
AVX512 static inline __mmask8 numbers(struct cell_range range, __m256i text, __m256i n,
                                      __m256i *out)
{
    const __m256i place = _mm256_set_epi64x(100000, 1000000, 10000000, 100000000);
    const __m256i lower = _mm256_set_epi64x(10, 100, 1000, 10000);
    const __m256i zero = _mm256_setzero_si256(), eight = all(8), ones = all(-1);
    __m256i bits = _mm256_slli_epi64(n, 3);
    __mmask8 fine = _mm256_cmpgt_epi64_mask(n, zero) & _mm256_cmple_epi64_mask(n, eight);
    text = _mm256_and_si256(text, _mm256_add_epi64(_mm256_sllv_epi64(all(1), bits), ones));

    __m256i points = _mm256_movm_epi8(_mm256_cmpeq_epi8_mask(text, _mm256_set1_epi8('.')));
    __mmask8 has_point = _mm256_test_epi64_mask(points, points);
    __m256i first = _mm256_and_si256(points, _mm256_sub_epi64(zero, points)); /* its lowest bit */
    __m256i below = _mm256_add_epi64(first, ones); /* of the point; all where there is none */
    __m256i before = _mm256_sub_epi64(all(64), _mm256_lzcnt_epi64(below));
    text = _mm256_ternarylogic_epi64(below, text, _mm256_srli_epi64(text, 8), 0xCA);
    bits = _mm256_mask_sub_epi64(bits, has_point, bits, eight);
    __m256i behind = _mm256_maskz_sub_epi64(has_point, bits, before);
    fine &= (__mmask8)~has_point |
            (_mm256_test_epi64_mask(before, before) & _mm256_test_epi64_mask(behind, behind));

    __m256i digits = _mm256_sllv_epi64(_mm256_xor_si256(text, _mm256_set1_epi8('0')),
                                       _mm256_sub_epi64(all(64), bits));
    __m256i beyond = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    __m256i places = _mm256_srli_epi64(behind, 3);
    *out = _mm256_mul_epu32(eight_digits(digits), _mm256_permutex2var_epi64(place, places, lower));
    fine &= _mm256_testn_epi64_mask(beyond, beyond) &
            _mm256_cmpge_epi64_mask(*out, all(range.least)) &
            _mm256_cmple_epi64_mask(*out, all(range.most));
    return range.whole ? fine & (__mmask8)~has_point : fine;
}

/* The bytes there. Four loads take less than a gather does. */
AVX512 static inline __m256i bytes_at(const char *text, const uint32_t *from)
{
    long long bytes[FOUR];
    for (uint32_t i = 0; i < FOUR; i++) {
        memcpy(&bytes[i], text + from[i], sizeof bytes[i]);
    }
    return _mm256_set_epi64x(bytes[3], bytes[2], bytes[1], bytes[0]);
}

AVX512 void fours_read(const struct fours *of, struct cell_range range, uint8_t *left)
{
    const struct fours own = *of;
    for (uint32_t i = 0; i < own.n_rows; i += FOUR) {
        __m256i n =
            _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(own.n + i)));
        __m256i value;
        __mmask8 fine = numbers(range, bytes_at(own.text, own.from + i), n, &value);
        _mm256_storeu_si256((__m256i *)(void *)(own.out + i), value);
        left[i / FOUR] = (uint8_t)(~fine & 0xF);
    }
}

/* ---- points ---- */

AVX512 static inline __m256d doubles(double x) { return _mm256_set1_pd(x); }

/* Returns which lanes are sure to have their points. */
AVX512 static inline __mmask8 on_slope(const struct slope *s, __m256i value, __m256i *points)
{
    const __m256d sign = doubles(-0.0), most_steps = doubles(SLOPE_STEPS_MOST);
    __m256d steps =
        _mm256_add_pd(_mm256_mul_pd(_mm256_cvtepi64_pd(value), doubles(s->times)), doubles(s->at));
    __m256d up = _mm256_add_pd(steps, doubles(SLOPE_STEPS_UP + 0.5));
    __m256i whole = _mm256_cvttpd_epi64(up);
    __m256d rest = _mm256_sub_pd(_mm256_sub_pd(up, _mm256_cvtepi64_pd(whole)), doubles(0.5));
    whole = _mm256_sub_epi64(whole, all((int64_t)SLOPE_STEPS_UP));
    *points = _mm256_mul_epi32(whole, all(s->step)); /* both are of 32 bits */
    *points = _mm256_max_epi64(_mm256_min_epi64(*points, all(s->most)), all(s->least));
    return _mm256_cmpneq_epi64_mask(value, all(NUMBER_NONE)) &
           _mm256_cmp_pd_mask(_mm256_andnot_pd(sign, steps), most_steps, _CMP_LT_OQ) &
           _mm256_cmp_pd_mask(_mm256_andnot_pd(sign, rest), doubles(s->sure), _CMP_LT_OQ);
}

AVX512 static inline __m256i load(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

AVX512 static inline void store(void *at, __m256i lanes)
{
    _mm256_storeu_si256((__m256i *)at, lanes);
}

AVX512 void fours_add(const struct fours_add *of, uint8_t *left)
{
    const struct fours_add own = *of;
    for (uint32_t i = 0; i + FOUR <= own.n_rows; i += FOUR) {
        __m256i points;
        __mmask8 sure = on_slope(&own.slope, load(own.values + i), &points);
        __mmask8 falls = _mm256_mask_cmplt_epi64_mask(sure, points, all(own.floor));
        __m256i sum = load(own.points + i), says = load(own.says + i), more = load(own.more + i);
        store(own.points + i, _mm256_mask_add_epi64(sum, sure, sum, points));
        store(own.says + i, _mm256_mask_or_epi64(says, falls, says, all((int64_t)own.bit)));
        store(own.more + i, _mm256_mask_add_epi64(more, falls, more, all(1)));
        left[i / FOUR] = (uint8_t)(~sure & 0xF);
    }
}
#else
bool fours_there(void) { return false; }

void fours_add(const struct fours_add *of, uint8_t *left)
{
    for (uint32_t i = 0; i + FOUR <= of->n_rows; i += FOUR) {
        left[i / FOUR] = 0xF;
    }
}

void fours_read(const struct fours *of, struct cell_range range, uint8_t *left)
{
    (void)range;
    for (uint32_t i = 0; i < of->n_rows; i += FOUR) {
        left[i / FOUR] = 0xF;
    }
}
#endif
