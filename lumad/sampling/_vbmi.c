/* The sums of _kernel.c by AVX-512 VBMI: the whole table lives in registers. Only for 8-bit pixels. */
#include "_kernel.h"

#if HAS_VBMI
#include <immintrin.h>

#define VECTOR __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vnni")))

int lumad_has_vbmi(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi")
           && __builtin_cpu_supports("avx512vnni");
}

enum {
    STEP = 16, /* pixels a vector: their 16 reds, then 16 greens, 16 blues, 16 of no meaning */
};

/* Light up to 2^20 has 21 bits: three planes of 7 bits, which a signed dot product takes as they are. */
struct planes {
    __m512i part[3][4];
};

VECTOR static inline struct planes planes_of(const uint32_t *table)
{
    uint8_t bytes[3][256];
    struct planes planes;
    for (int code = 0; code < 256; code++)
        for (int plane = 0; plane < 3; plane++)
            bytes[plane][code] = (uint8_t)(table[code] >> 7 * plane & 0x7F);
    for (int plane = 0; plane < 3; plane++)
        for (int part = 0; part < 4; part++)
            planes.part[plane][part] = _mm512_loadu_si512(bytes[plane] + 64 * part);
    return planes;
}

/* Which byte of 16 pixels goes where. */
VECTOR static inline __m512i order_of(enum pixel pixel)
{
    uint8_t bytes[64] = {0};
    for (int channel = 0; channel < 3; channel++)
        for (int i = 0; i < STEP; i++)
            bytes[channel * STEP + i] =
                (uint8_t)(i * bytes_of(pixel) + (pixel == RGBA ? channel : 2 - channel));
    return _mm512_loadu_si512(bytes);
}

VECTOR static inline __m512i look_up(const __m512i *part, __m512i codes, __mmask64 upper)
{
    return _mm512_mask_blend_epi8(upper, _mm512_permutex2var_epi8(part[0], codes, part[1]),
                                  _mm512_permutex2var_epi8(part[2], codes, part[3]));
}

/* Adds weight * light of 16 pixels to four lanes a channel; 4096 pixels of 255 * 127 fit 32 bits. */
VECTOR static inline void step(
    const struct planes *planes, __m512i order, __m512i pixels, __m512i weights, __m512i *sums)
{
    const __m512i codes = _mm512_permutexvar_epi8(order, pixels);
    const __mmask64 upper = _mm512_movepi8_mask(codes);
    for (int plane = 0; plane < 3; plane++)
        sums[plane] = _mm512_dpbusd_epi32(sums[plane], weights, look_up(planes->part[plane], codes, upper));
}

/* Sums of neighbouring lanes of both, alternating. */
VECTOR static inline __m512i fold(__m512i one, __m512i other)
{
    return _mm512_add_epi32(_mm512_unpacklo_epi32(one, other), _mm512_unpackhi_epi32(one, other));
}

/* Adds a run: of each channel four lanes of low, of middle * 2^7 and of high * 2^14. */
VECTOR static inline void finish(const __m512i *lanes, uint64_t *sums)
{
    const __m512i pairs = fold(lanes[0], lanes[1]), high = fold(lanes[2], _mm512_setzero_si512());
    /* 32 bits each of a channel's low, middle, high, 0; then 64 of low + middle, high; then of their sum */
    const __m512i four =
        _mm512_add_epi32(_mm512_unpacklo_epi64(pairs, high), _mm512_unpackhi_epi64(pairs, high));
    const __m512i factors = _mm512_broadcast_i32x4(_mm_set_epi64x(1 << 14, 1));
    const __m512i middle = _mm512_slli_epi64(_mm512_srli_epi64(four, 32), 7);
    const __m512i two = _mm512_add_epi64(_mm512_mul_epu32(four, factors), middle);
    const __m512i one = _mm512_add_epi64(two, _mm512_bsrli_epi128(two, 8));
    const __m512i places = _mm512_set_epi64(0, 0, 0, 0, 6, 4, 2, 0);
    const __m256i channels = _mm512_castsi512_si256(_mm512_permutexvar_epi64(places, one));
    _mm256_mask_storeu_epi64(sums, 7, _mm256_add_epi64(channels, _mm256_maskz_loadu_epi64(7, sums)));
}

VECTOR static inline void add_vectors(
    struct map *map, const uint8_t *pixels, ptrdiff_t stride, enum pixel pixel)
{
    const struct runs *runs = &map->mean;
    const struct planes planes = planes_of(map->table);
    const __m512i order = order_of(pixel), whole = _mm512_set1_epi8((char)WHOLE);
    const ptrdiff_t bytes = bytes_of(pixel) * STEP;
    const __mmask64 all = ~UINT64_C(0) >> (64 - bytes);
    for (uint64_t run = 0; run < runs->count; run++) {
        if (run + AHEAD < runs->count)
            prefetch_run(runs, run + AHEAD, pixels, stride, pixel);
        const uint8_t *at = run_start(runs, run, pixels, stride, pixel);
        const uint8_t *weights = run_weights(map, runs, run);
        uint32_t left = runs->x1[run] - runs->x0[run];
        __m512i sums[3] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
        __m512i weight = whole;
        for (; left >= STEP; left -= STEP, at += bytes) {
            if (weights) {
                weight = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)weights));
                weights += STEP;
            }
            step(&planes, order, _mm512_maskz_loadu_epi8(all, at), weight, sums);
        }
        if (left) {
            const __mmask16 some = (__mmask16)((1u << left) - 1);
            const __mmask64 part = ~UINT64_C(0) >> (64 - bytes_of(pixel) * (ptrdiff_t)left);
            weight = weights ? _mm512_broadcast_i32x4(_mm_maskz_loadu_epi8(some, weights))
                             : _mm512_broadcast_i32x4(_mm_maskz_set1_epi8(some, (char)WHOLE));
            step(&planes, order, _mm512_maskz_loadu_epi8(part, at), weight, sums);
        }
        finish(sums, map->sums + (size_t)runs->area[run] * 3);
    }
}

VECTOR void lumad_add_vbmi(struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    if (map->pixel == BGR3)
        add_vectors(map, pixels, stride, BGR3);
    else if (map->pixel == RGBA)
        add_vectors(map, pixels, stride, RGBA);
    else
        add_vectors(map, pixels, stride, BGRA);
}

#else

int lumad_has_vbmi(void) { return 0; }

void lumad_add_vbmi(struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    (void)map, (void)pixels, (void)stride;
}

#endif
