/* The light path's inner loop: linear light of each area of a picture, exact. */
#include "_kernel.h"

enum { VERSION = 3 }; /* of struct map; kernel.py refuses another */

EXPORT uint32_t lumad_kernel_version(void);
EXPORT uint32_t lumad_best_variant(void);
EXPORT void lumad_sample(struct map *map, const uint8_t *pixels, ptrdiff_t stride);

uint32_t lumad_kernel_version(void) { return VERSION; }

/* The fastest variant this processor runs. */
uint32_t lumad_best_variant(void) { return lumad_has_vbmi() ? VBMI : TABLE; }

/* A run whose pixels all count fully, light up to 2^20: two pixels at a time, two 32-bit sums a channel.
 * Half of 4096 pixels of 2^20 fits. */
INLINE void add_full(
    const struct map *map, const uint8_t *at, uint32_t length, uint64_t *sums, enum pixel pixel)
{
    const uint32_t *table = map->table;
    uint32_t red = 0, green = 0, blue = 0, red2 = 0, green2 = 0, blue2 = 0;
    for (uint32_t pairs = length / 2; pairs; pairs--, at += 2 * bytes_of(pixel)) {
        uint64_t first, second;
        if (bytes_of(pixel) == 4) {
            memcpy(&first, at, 8);
            second = first >> 32;
        } else {
            first = word_at(at, pixel);
            second = word_at(at + bytes_of(pixel), pixel);
        }
        const struct codes one = codes_of(first, pixel), two = codes_of(second, pixel);
        red += table[one.red];
        green += table[one.green];
        blue += table[one.blue];
        red2 += table[two.red];
        green2 += table[two.green];
        blue2 += table[two.blue];
    }
    uint64_t last[3] = {0, 0, 0};
    if (length & 1) {
        const struct codes one = codes_of(word_at(at, pixel), pixel);
        last[0] = table[one.red];
        last[1] = table[one.green];
        last[2] = table[one.blue];
    }
    sums[0] += (red + (uint64_t)red2 + last[0]) * WHOLE;
    sums[1] += (green + (uint64_t)green2 + last[1]) * WHOLE;
    sums[2] += (blue + (uint64_t)blue2 + last[2]) * WHOLE;
}

/* A run with weights, or with light above 2^20. */
INLINE void add_weighted(
    struct map *map, const uint8_t *at, const uint8_t *weights, uint32_t length, uint64_t *sums,
    enum pixel pixel)
{
    const uint32_t *table = map->table;
    const uint64_t factor = weights ? 1 : WHOLE;
    uint64_t red = 0, green = 0, blue = 0, not_finite = 0;
    for (uint32_t i = 0; i < length; i++, at += bytes_of(pixel)) {
        const uint64_t word = word_at(at, pixel), weight = weights ? weights[i] : 1;
        const struct codes codes = codes_of(word, pixel);
        if (pixel == AB4H)
            not_finite += is_not_finite(word, weight);
        red += weight * table[codes.red];
        green += weight * table[codes.green];
        blue += weight * table[codes.blue];
    }
    sums[0] += red * factor;
    sums[1] += green * factor;
    sums[2] += blue * factor;
    map->not_finite += not_finite;
}

INLINE void add_table(struct map *map, const uint8_t *pixels, ptrdiff_t stride, enum pixel pixel)
{
    const struct runs *runs = &map->mean;
    for (uint64_t run = 0; run < runs->count; run++) {
        if (run + AHEAD < runs->count)
            prefetch_run(runs, run + AHEAD, pixels, stride, pixel);
        const uint8_t *start = run_start(runs, run, pixels, stride, pixel);
        const uint8_t *weights = run_weights(map, runs, run);
        const uint32_t length = runs->x1[run] - runs->x0[run];
        uint64_t *sums = map->sums + (size_t)runs->area[run] * 3;
        if (weights)
            add_weighted(map, start, weights, length, sums, pixel);
        else if (pixel == AB4H)
            add_weighted(map, start, NULL, length, sums, pixel);
        else
            add_full(map, start, length, sums, pixel);
    }
}

/* Samples of all areas of one picture. `stride` is bytes from row to row (negative: upside down). */
void lumad_sample(struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    memset(map->sums, 0, (size_t)map->areas * 3 * sizeof *map->sums);
    if (map->ootf)
        lumad_add_ootf(map, pixels, stride);
    else if (map->variant == VBMI)
        lumad_add_vbmi(map, pixels, stride);
    else
        FOR_PIXEL(map->pixel, add_table, map, pixels, stride);
    for (size_t i = 0; i < (size_t)map->areas * 3; i++)
        map->samples[i] = (double)map->sums[i] / map->divisor[i / 3];
    lumad_rank(map, pixels, stride);
}
