/* The statistics that are no mean. Each gives a colour that is in the picture: a mean over pixels of
 * about one luminance or one colour, never ranks of single channels. statistics.py has the same rules. */
#include "_kernel.h"

enum { BINS = 4096 };

struct light {
    uint64_t red, green, blue;
};

INLINE struct light light_of(const struct map *map, struct codes codes, int ootf)
{
    const uint32_t *table = map->table;
    const uint32_t red = table[codes.red], green = table[codes.green], blue = table[codes.blue];
    if (!ootf)
        return (struct light){red, green, blue};
    const float r = (float)(int32_t)red, g = (float)(int32_t)green, b = (float)(int32_t)blue;
    const float factor = ootf_factor(map, r, g, b);
    return (struct light){times(r, factor), times(g, factor), times(b, factor)};
}

/* 2^16 = 1.0. */
INLINE uint32_t luminance_of(const struct map *map, struct light light)
{
    const uint32_t *share = map->luminance;
    return (uint32_t)((light.red * share[0] + light.green * share[1] + light.blue * share[2]) >> 16);
}

/* 256 bins an octave: a 32-bit float of up to 24 bits is exact, and begins with its logarithm. */
INLINE uint32_t luminance_bin(uint32_t luminance)
{
    if (luminance < 256)
        return luminance;
    const float exact = (float)luminance;
    uint32_t bits;
    memcpy(&bits, &exact, 4);
    const uint32_t bin = (bits >> 15) - ((127 + 7) << 8);
    return bin < BINS ? bin : BINS - 1;
}

INLINE uint32_t colour_cell(const struct map *map, struct codes codes, int ootf)
{
    if (ootf) {
        const struct light light = light_of(map, codes, ootf);
        codes.red = (uint32_t)(light.red >> 12);
        codes.green = (uint32_t)(light.green >> 12);
        codes.blue = (uint32_t)(light.blue >> 12);
    }
    const uint32_t red = map->cells[codes.red], green = map->cells[codes.green];
    return red << 8 | green << 4 | map->cells[codes.blue];
}

INLINE uint32_t key_of(const struct map *map, struct codes codes, int dominant, int ootf)
{
    if (dominant)
        return colour_cell(map, codes, ootf);
    return luminance_bin(luminance_of(map, light_of(map, codes, ootf)));
}

/* Bins that may hold something: most areas fill few of them, and only these are looked at and cleared. */
struct span {
    uint32_t low, high;
};

/* Adds the weights of the pixels of runs [first, end) to the bins of their keys, and notes the keys. */
INLINE void fill(
    struct map *map, const uint8_t *pixels, ptrdiff_t stride, uint64_t first, uint64_t end, int dominant,
    struct span *span, int ootf, enum pixel pixel)
{
    const struct runs *runs = &map->ranked;
    struct span own = {BINS - 1, 0};
    uint16_t *keys = map->keys;
    for (uint64_t run = first; run < end; run++) {
        if (run + AHEAD < end)
            prefetch_run(runs, run + AHEAD, pixels, stride, pixel);
        const uint8_t *at = run_start(runs, run, pixels, stride, pixel);
        const uint8_t *weights = run_weights(map, runs, run);
        const uint32_t length = runs->x1[run] - runs->x0[run];
        for (uint32_t i = 0; i < length; i++, at += bytes_of(pixel)) {
            const uint64_t word = word_at(at, pixel), weight = weights ? weights[i] : WHOLE;
            if (pixel == AB4H)
                map->not_finite += is_not_finite(word, weight);
            const uint32_t key = key_of(map, codes_of(word, pixel), dominant, ootf);
            map->histogram[key] += weight;
            *keys++ = (uint16_t)key;
            own.low = key < own.low ? key : own.low;
            own.high = key > own.high ? key : own.high;
        }
    }
    *span = own;
}

/* Sums of weight * light of the pixels whose key is `key`: few of a rank, many of the dominant colour,
 * where a branch would be guessed wrong at every grain of noise. */
INLINE void collect(
    const struct map *map, const uint8_t *pixels, ptrdiff_t stride, uint64_t first, uint64_t end,
    int dominant, uint32_t key, uint64_t *sums, int ootf, enum pixel pixel)
{
    const struct runs *runs = &map->ranked;
    const uint16_t *keys = map->keys;
    for (uint64_t run = first; run < end; run++) {
        const uint8_t *at = run_start(runs, run, pixels, stride, pixel);
        const uint8_t *weights = run_weights(map, runs, run);
        const uint32_t length = runs->x1[run] - runs->x0[run];
        for (uint32_t i = 0; i < length; i++, at += bytes_of(pixel)) {
            const int chosen = *keys++ == key;
            if (!dominant && !chosen)
                continue;
            const uint64_t weight = (weights ? weights[i] : (uint64_t)WHOLE) & (0 - (uint64_t)chosen);
            const struct light light = light_of(map, codes_of(word_at(at, pixel), pixel), ootf);
            sums[0] += weight * light.red;
            sums[1] += weight * light.green;
            sums[2] += weight * light.blue;
        }
    }
}

/* The fullest bin, the lowest of equals. */
static uint32_t fullest(const uint64_t *histogram, struct span span)
{
    uint32_t best = span.low;
    for (uint32_t bin = span.low; bin <= span.high; bin++)
        if (histogram[bin] > histogram[best])
            best = bin;
    return best;
}

/* The lowest bin at and below which lie `percent` of all weight. */
static uint32_t at_percent(const uint64_t *histogram, struct span span, uint64_t percent)
{
    uint64_t total = 0, below = 0;
    for (uint32_t bin = span.low; bin <= span.high; bin++)
        total += histogram[bin];
    for (uint32_t bin = span.low; bin < span.high; bin++) {
        below += histogram[bin];
        if (below * 100 >= total * percent)
            return bin;
    }
    return span.high;
}

static void sample_key(
    struct map *map, const uint8_t *pixels, ptrdiff_t stride, uint64_t first, uint64_t end,
    enum statistic statistic)
{
    double *sample = map->samples + (size_t)map->ranked.area[first] * 3;
    uint64_t sums[3] = {0, 0, 0};
    struct span span;
    uint32_t key;
    if (statistic == DOMINANT) {
        FOR_LIGHT(map, fill, pixels, stride, first, end, 1, &span);
        key = fullest(map->histogram, span);
        FOR_LIGHT(map, collect, pixels, stride, first, end, 1, key, sums);
    } else {
        FOR_LIGHT(map, fill, pixels, stride, first, end, 0, &span);
        const uint64_t percent = statistic == MEDIAN ? 50 : statistic == P99 ? 99 : 100;
        key = at_percent(map->histogram, span, percent);
        FOR_LIGHT(map, collect, pixels, stride, first, end, 0, key, sums);
    }
    const double divisor = (double)map->histogram[key] * 1048576.0;
    for (size_t channel = 0; channel < 3; channel++)
        sample[channel] = divisor > 0.0 ? (double)sums[channel] / divisor : 0.0;
    memset(map->histogram + span.low, 0, (span.high - span.low + 1) * sizeof *map->histogram);
}

/* A sum of numbers of up to 58 bits, exact in two words. */
struct sum {
    uint64_t low, high;
};

INLINE void add(struct sum *sum, uint64_t number)
{
    sum->low += number & 0xFFFFFFFF;
    sum->high += number >> 32;
}

/* Adds weight * luminance * light, and weight * luminance, of a run. Light up to 2^20 fits 56 bits a run;
 * that of float16 is added pixel by pixel. */
INLINE void add_by_luminance(
    struct map *map, const uint8_t *pixels, ptrdiff_t stride, uint64_t run, struct sum *sums, int ootf,
    enum pixel pixel)
{
    const struct runs *runs = &map->ranked;
    const uint8_t *at = run_start(runs, run, pixels, stride, pixel);
    const uint8_t *weights = run_weights(map, runs, run);
    const uint32_t length = runs->x1[run] - runs->x0[run];
    uint64_t red = 0, green = 0, blue = 0, shares = 0;
    for (uint32_t i = 0; i < length; i++, at += bytes_of(pixel)) {
        const uint64_t word = word_at(at, pixel), weight = weights ? weights[i] : WHOLE;
        const struct light light = light_of(map, codes_of(word, pixel), ootf);
        const uint64_t share = weight * luminance_of(map, light);
        if (pixel == AB4H) {
            map->not_finite += is_not_finite(word, weight);
            add(&sums[0], share * light.red);
            add(&sums[1], share * light.green);
            add(&sums[2], share * light.blue);
        } else {
            red += share * light.red;
            green += share * light.green;
            blue += share * light.blue;
        }
        shares += share;
    }
    add(&sums[0], red);
    add(&sums[1], green);
    add(&sums[2], blue);
    add(&sums[3], shares);
}

/* Mean in which a pixel counts by its luminance too; black where all luminance is below 2^-16. */
static void sample_by_luminance(
    struct map *map, const uint8_t *pixels, ptrdiff_t stride, uint64_t first, uint64_t end)
{
    struct sum sums[4] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}};
    for (uint64_t run = first; run < end; run++) {
        if (run + AHEAD < end)
            prefetch_run(&map->ranked, run + AHEAD, pixels, stride, (enum pixel)map->pixel);
        FOR_LIGHT(map, add_by_luminance, pixels, stride, run, sums);
    }
    double whole[4];
    for (size_t i = 0; i < 4; i++)
        whole[i] = (double)sums[i].high * 4294967296.0 + (double)sums[i].low;
    double *sample = map->samples + (size_t)map->ranked.area[first] * 3;
    for (size_t channel = 0; channel < 3; channel++)
        sample[channel] = whole[3] > 0.0 ? whole[channel] / (whole[3] * 1048576.0) : 0.0;
}

void lumad_rank(struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    const struct runs *runs = &map->ranked;
    uint64_t end;
    for (uint64_t first = 0; first < runs->count; first = end) {
        const uint32_t area = runs->area[first];
        for (end = first + 1; end < runs->count && runs->area[end] == area; end++)
            ;
        if (map->statistic[area] == WEIGHTED_MEAN)
            sample_by_luminance(map, pixels, stride, first, end);
        else
            sample_key(map, pixels, stride, first, end, (enum statistic)map->statistic[area]);
    }
}
