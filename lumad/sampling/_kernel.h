/* What the kernel's files share: the map a sampler follows, and how a pixel becomes light.
 *
 * Plain C11 without Python.h, loaded by ctypes, which lets go of the interpreter lock for the call.
 * Every pixel goes through one table of whole numbers; sums are whole numbers too, so a result has the
 * same bits whatever the order, the compiler, the instruction set or the machine.
 */
#ifndef LUMAD_KERNEL_H
#define LUMAD_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels are read as little-endian words; OpenCV samples on other machines"
#endif

#if defined(__GNUC__) || defined(__clang__)
#define EXPORT __attribute__((visibility("default")))
#define HIDDEN __attribute__((visibility("hidden")))
#define INLINE static inline __attribute__((always_inline))
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define EXPORT __declspec(dllexport)
#define HIDDEN
#define INLINE static inline
#define PREFETCH(address) ((void)(address))
#endif

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define HAS_VBMI 1 /* the compiler can make it; whether this processor runs it is asked at run time */
#else
#define HAS_VBMI 0
#endif

enum {
    WHOLE = 255,     /* weight of a pixel that counts fully */
    FULL = -1,       /* weight_at, as a signed number, of a run whose pixels all do */
    AHEAD = 12,      /* runs between prefetch and use: hides about 100 ns of memory latency */
    LINE = 64,       /* bytes of a cache line */
    SHORT_RUN = 256, /* pixels; longer runs are found by the processor's own prefetcher */
};

enum pixel { BGRA, BGR3, RGBA, XR30, AB48, AB4H }; /* formats.py numbers them the same */
enum statistic { MEAN, WEIGHTED_MEAN, MEDIAN, P99, MAX, DOMINANT }; /* as runs.py */
enum variant { TABLE, VBMI };

/* Each run is 1..4096 pixels of one row. Whoever fills this checks every bound. */
struct runs {
    uint64_t count;
    const uint32_t *area;      /* which area the run belongs to */
    const uint32_t *y;
    const uint32_t *x0;        /* first pixel */
    const uint32_t *x1;        /* one past the last */
    const uint32_t *weight_at; /* first of its weights, or FULL */
};

/* 1.0 of light is 2^20; no table holds more than 2^27, and no area more than 2^28 pixels: 255 * 2^27 * 2^28
 * fits 64 bits. Tables of whole-number codes hold at most 2^20. */
struct map {
    struct runs mean;         /* of the areas that want their mean, by (y, x0) */
    struct runs ranked;       /* of all others, by (area, y, x0) */
    uint64_t areas;
    uint32_t pixel;           /* enum pixel */
    uint32_t variant;         /* enum variant */
    uint32_t luminance[4];    /* share of red, green, blue in luminance, 4096 = 1.0; and nothing */
    const uint8_t *weights;
    const uint8_t *statistic; /* [areas] */
    const uint32_t *table;    /* [256, 1024 or 65536] light of a code */
    const uint8_t *cells;     /* [as many; with ootf 257, of light >> 12] floor(16 * sqrt(light)) up to 15 */
    const double *divisor;    /* [areas] sum of the area's weights * 2^20, never 0 */
    uint64_t *histogram;      /* [4096] scratch, 0 between areas */
    uint16_t *keys;           /* [pixels of the largest area in ranked] scratch */
    uint64_t *sums;           /* [areas][3] scratch */
    double *samples;          /* [areas][3] result: red, green, blue */
    uint64_t not_finite;      /* float16 pixels with an infinity or a NaN seen so far */
    const float *ootf;        /* [STEPS * 28 + 2] see below; NULL where the table's light is the wall's own */
    float shares[4];          /* of red, green, blue in the luminance it goes by; and nothing */
};

struct codes {
    uint32_t red, green, blue;
};

INLINE ptrdiff_t bytes_of(enum pixel pixel)
{
    return pixel == BGR3 ? 3 : pixel >= AB48 ? 8 : 4;
}

/* One pixel as a little-endian word. */
INLINE uint64_t word_at(const uint8_t *at, enum pixel pixel)
{
    if (pixel == BGR3)
        return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16;
    if (pixel >= AB48) {
        uint64_t word;
        memcpy(&word, at, 8);
        return word;
    }
    uint32_t word;
    memcpy(&word, at, 4);
    return word;
}

INLINE struct codes codes_of(uint64_t word, enum pixel pixel)
{
    switch (pixel) {
    case BGRA:
    case BGR3:
        return (struct codes){word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF};
    case RGBA:
        return (struct codes){word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF};
    case XR30:
        return (struct codes){word >> 20 & 0x3FF, word >> 10 & 0x3FF, word & 0x3FF};
    default:
        return (struct codes){word & 0xFFFF, word >> 16 & 0xFFFF, word >> 32 & 0xFFFF};
    }
}

/* The wall's light of a scene's: all channels times a power of the pixel's luminance (the OOTF of HLG, ITU-R
 * BT.2100-2, table 5). ootf[] holds that power for STEPS luminances an octave from 2^-28 to 1.0; between two
 * it is a line. All is arithmetic of 32-bit floats, rounded alike everywhere as long as the compiler fuses no
 * product into a sum (-std=c11 and setup.py see to that); ootf.py has the same in numpy. */
enum {
    STEPS = 128,                  /* an octave: 7 bits */
    FIRST_STEP = (127 - 8) << 7,  /* exponent and 7 bits of LEAST_BRIGHT */
};
#define LEAST_BRIGHT 0.00390625f  /* 2^-8, where 2^20 is 1.0 */
#define WHITE 1048576.0f          /* 2^20 */

INLINE float ootf_factor(const struct map *map, float red, float green, float blue)
{
    const float *share = map->shares;
    float bright = red * share[0] + green * share[1] + blue * share[2];
    bright = bright > LEAST_BRIGHT ? bright : LEAST_BRIGHT;
    bright = bright < WHITE ? bright : WHITE;
    uint32_t bits;
    memcpy(&bits, &bright, 4);
    const float *at = map->ootf + ((bits >> 16) - FIRST_STEP);
    const float part = (float)(int32_t)(bits & 0xFFFF) * (1.0f / 65536.0f);
    return at[0] + (at[1] - at[0]) * part;
}

INLINE uint32_t times(float light, float factor)
{
    const float product = light * factor + 0.5f;
    return (uint32_t)(int32_t)(product < WHITE ? product : WHITE);
}

/* 1 where a pixel counts and one of its three float16 has all exponent bits set: adding one carries. */
INLINE uint64_t is_not_finite(uint64_t word, uint64_t weight)
{
    const uint64_t carried = (word & UINT64_C(0x7C007C007C00)) + UINT64_C(0x040004000400);
    return weight && (carried & UINT64_C(0x800080008000));
}

INLINE const uint8_t *run_start(
    const struct runs *runs, uint64_t run, const uint8_t *pixels, ptrdiff_t stride, enum pixel pixel)
{
    return pixels + (ptrdiff_t)runs->y[run] * stride + (ptrdiff_t)runs->x0[run] * bytes_of(pixel);
}

/* The weights of a run, NULL where every pixel counts fully. */
INLINE const uint8_t *run_weights(const struct map *map, const struct runs *runs, uint64_t run)
{
    return runs->weight_at[run] == (uint32_t)FULL ? NULL : map->weights + runs->weight_at[run];
}

INLINE void prefetch_run(
    const struct runs *runs, uint64_t run, const uint8_t *pixels, ptrdiff_t stride, enum pixel pixel)
{
    const uint32_t length = runs->x1[run] - runs->x0[run];
    if (length > SHORT_RUN)
        return;
    const uint8_t *start = run_start(runs, run, pixels, stride, pixel);
    const ptrdiff_t bytes = (ptrdiff_t)length * bytes_of(pixel);
    for (ptrdiff_t at = 0; at < bytes; at += LINE)
        PREFETCH(start + at);
    PREFETCH(start + bytes - 1);
}

/* Calls `function(..., pixel)` with the pixel format as a constant, so that each has a loop of its own. */
#define FOR_PIXEL(pixel, function, ...)               \
    do {                                              \
        switch (pixel) {                              \
        case BGRA: function(__VA_ARGS__, BGRA); break; \
        case BGR3: function(__VA_ARGS__, BGR3); break; \
        case RGBA: function(__VA_ARGS__, RGBA); break; \
        case XR30: function(__VA_ARGS__, XR30); break; \
        case AB48: function(__VA_ARGS__, AB48); break; \
        default: function(__VA_ARGS__, AB4H); break;   \
        }                                             \
    } while (0)

/* Calls `function(map, ..., ootf, pixel)`: constants where there is no OOTF, else a loop for all formats. */
#define FOR_LIGHT(map, function, ...)                                          \
    do {                                                                       \
        if ((map)->ootf)                                                       \
            function(map, __VA_ARGS__, 1, (enum pixel)(map)->pixel);           \
        else                                                                   \
            FOR_PIXEL((map)->pixel, function, map, __VA_ARGS__, 0);            \
    } while (0)

/* Sums of weight * light of the runs of map->mean, onto map->sums. */
HIDDEN void lumad_add_vbmi(struct map *map, const uint8_t *pixels, ptrdiff_t stride);
HIDDEN int lumad_has_vbmi(void);

/* The same of light that goes through map->ootf. */
HIDDEN void lumad_add_ootf(struct map *map, const uint8_t *pixels, ptrdiff_t stride);

/* Samples of the areas of map->ranked. */
HIDDEN void lumad_rank(struct map *map, const uint8_t *pixels, ptrdiff_t stride);

#endif
