/* The light path's inner loop: mean linear light of each area of a picture, exact.
 *
 * Plain C11 without Python.h, loaded by ctypes, which lets go of the interpreter lock for the call.
 * Every pixel of every run goes through a 256-entry table per channel; sums are whole numbers, so the
 * result has the same bits whatever the order, the compiler or the machine.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pixels are read as little-endian words; OpenCV samples on other machines"
#endif

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

enum {
    VERSION = 1,     /* of struct map; kernel.py refuses another */
    AHEAD = 12,      /* runs between prefetch and use: hides about 100 ns of memory latency */
    LINE = 64,       /* bytes of a cache line */
    SHORT_RUN = 256, /* pixels; longer runs are found by the processor's own prefetcher */
};

/* Runs sorted by row, then column, each at most 4096 pixels long: 4096 * 2^20 just fits 32 bits,
 * and two half sums of a run always do. Whoever fills this checks every bound. */
struct map {
    uint64_t runs;
    uint64_t areas;
    const uint32_t *area;    /* [runs] which area the run belongs to */
    const uint32_t *y;       /* [runs] */
    const uint32_t *x0;      /* [runs] first pixel */
    const uint32_t *x1;      /* [runs] one past the last */
    const uint32_t *table;   /* [256] light of a code, 2^20 = 1.0 */
    const double *divisor;   /* [areas] pixels of the area * 2^20, never 0 */
    uint64_t *sums;          /* [areas][3] scratch */
    double *means;           /* [areas][3] result: red, green, blue */
};

EXPORT uint32_t lumad_kernel_version(void);
EXPORT void lumad_mean(const struct map *map, const uint8_t *pixels, ptrdiff_t stride);

uint32_t lumad_kernel_version(void) { return VERSION; }

static inline const uint8_t *run_start(const struct map *map, uint64_t run, const uint8_t *pixels, ptrdiff_t stride)
{
    return pixels + (ptrdiff_t)map->y[run] * stride + (ptrdiff_t)map->x0[run] * 4;
}

static inline void prefetch_run(const struct map *map, uint64_t run, const uint8_t *pixels, ptrdiff_t stride)
{
    const uint32_t length = map->x1[run] - map->x0[run];
    if (length > SHORT_RUN)
        return;
    const uint8_t *start = run_start(map, run, pixels, stride);
    const size_t bytes = (size_t)length * 4;
    for (size_t at = 0; at < bytes; at += LINE)
        PREFETCH(start + at);
    PREFETCH(start + bytes - 1);
}

/* Adds one run of B, G, R, x pixels to sums of red, green, blue: two pixels a load, two sums a channel. */
static inline void add_run(const uint32_t *table, const uint8_t *pixel, uint32_t length, uint64_t *sums)
{
    uint32_t b0 = 0, g0 = 0, r0 = 0, b1 = 0, g1 = 0, r1 = 0;
    for (uint32_t pairs = length / 2; pairs; pairs--, pixel += 8) {
        uint64_t two;
        memcpy(&two, pixel, 8);
        b0 += table[two & 255];
        g0 += table[two >> 8 & 255];
        r0 += table[two >> 16 & 255];
        b1 += table[two >> 32 & 255];
        g1 += table[two >> 40 & 255];
        r1 += table[two >> 48 & 255];
    }
    if (length & 1) {
        b0 += table[pixel[0]];
        g0 += table[pixel[1]];
        r0 += table[pixel[2]];
    }
    sums[0] += (uint64_t)r0 + r1;
    sums[1] += (uint64_t)g0 + g1;
    sums[2] += (uint64_t)b0 + b1;
}

/* Means of all areas of one picture. `stride` is bytes from row to row (negative: upside down). */
void lumad_mean(const struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    memset(map->sums, 0, (size_t)map->areas * 3 * sizeof *map->sums);
    for (uint64_t run = 0; run < map->runs; run++) {
        if (run + AHEAD < map->runs)
            prefetch_run(map, run + AHEAD, pixels, stride);
        add_run(map->table, run_start(map, run, pixels, stride), map->x1[run] - map->x0[run],
                map->sums + (size_t)map->area[run] * 3);
    }
    for (uint64_t area = 0; area < map->areas; area++)
        for (size_t channel = 0; channel < 3; channel++)
            map->means[area * 3 + channel] = (double)map->sums[area * 3 + channel] / map->divisor[area];
}
