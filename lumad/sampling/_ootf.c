/* The sums of _kernel.c where a scene's light goes through an OOTF on its way to the wall's (HLG): pixel by
 * pixel, since a mean of the scene's light would be another colour. Four pixels at a time, in vectors that
 * every processor has. */
#include "_kernel.h"

enum {
    LANES = 4,
    BLOCK = 64, /* pixels */
};

typedef float floats __attribute__((vector_size(16)));
typedef int32_t ints __attribute__((vector_size(16)));
typedef uint32_t words __attribute__((vector_size(16)));

/* Some pixels of a run: light of the scene channel by channel, 2^20 = 1.0, and weights; then where their
 * luminance is in map->ootf and what is there. Each step goes over all of them: one loop for everything takes
 * a third longer. */
struct block {
    int32_t red[BLOCK], green[BLOCK], blue[BLOCK];
    uint32_t weights[BLOCK];
    uint32_t step[BLOCK];
    float part[BLOCK], low[BLOCK], high[BLOCK];
};

INLINE floats loaded(const float *four)
{
    floats found;
    memcpy(&found, four, sizeof found);
    return found;
}

INLINE floats floats_at(const int32_t *light)
{
    ints whole;
    memcpy(&whole, light, sizeof whole);
    return __builtin_convertvector(whole, floats);
}

INLINE floats chosen(ints first, floats one, floats other)
{
    return (floats)(((ints)one & first) | ((ints)other & ~first));
}

/* Where in map->ootf four luminances are, and how far towards the next entry; as ootf_factor has it. */
INLINE void find_step(const struct map *map, struct block *block, uint32_t i)
{
    const float *share = map->shares;
    const floats least = {LEAST_BRIGHT, LEAST_BRIGHT, LEAST_BRIGHT, LEAST_BRIGHT};
    const floats white = {WHITE, WHITE, WHITE, WHITE};
    const floats red = floats_at(block->red + i), green = floats_at(block->green + i);
    floats bright = red * share[0] + green * share[1] + floats_at(block->blue + i) * share[2];
    bright = chosen(bright > least, bright, least);
    bright = chosen(bright < white, bright, white);
    const ints bits = (ints)bright, step = (bits >> 16) - FIRST_STEP;
    const floats part = __builtin_convertvector(bits & 0xFFFF, floats) * (1.0f / 65536.0f);
    memcpy(block->step + i, &step, sizeof step);
    memcpy(block->part + i, &part, sizeof part);
}

/* `times` of four pixels. */
INLINE words times_four(floats light, floats factor)
{
    const floats white = {WHITE, WHITE, WHITE, WHITE};
    const floats product = light * factor + 0.5f;
    return (words)__builtin_convertvector(chosen(product < white, product, white), ints);
}

/* Reads `count` pixels and adds some of no light up to a multiple of LANES, which it returns. */
INLINE uint32_t read_block(
    struct map *map, struct block *block, const uint8_t *at, const uint8_t *weights, uint32_t count,
    enum pixel pixel)
{
    for (uint32_t i = 0; i < count; i++, at += bytes_of(pixel)) {
        const uint64_t word = word_at(at, pixel);
        const struct codes codes = codes_of(word, pixel);
        if (weights)
            block->weights[i] = weights[i];
        if (pixel == AB4H)
            map->not_finite += is_not_finite(word, weights ? weights[i] : 1);
        block->red[i] = (int32_t)map->table[codes.red];
        block->green[i] = (int32_t)map->table[codes.green];
        block->blue[i] = (int32_t)map->table[codes.blue];
    }
    for (; count % LANES; count++) {
        block->weights[count] = 0;
        block->red[count] = block->green[count] = block->blue[count] = 0;
    }
    return count;
}

INLINE uint64_t sum_of(words four) { return (uint64_t)four[0] + four[1] + four[2] + four[3]; }

/* Adds weight * light of a block; sixteen lanes of 255 * 2^20 fit 32 bits. */
INLINE void add_block(
    const struct map *map, struct block *block, uint32_t count, int weighted, uint64_t *sums)
{
    for (uint32_t i = 0; i < count; i += LANES)
        find_step(map, block, i);
    for (uint32_t i = 0; i < count; i++) {
        block->low[i] = map->ootf[block->step[i]];
        block->high[i] = map->ootf[block->step[i] + 1];
    }
    words red = {0}, green = {0}, blue = {0};
    for (uint32_t i = 0; i < count; i += LANES) {
        const floats low = loaded(block->low + i), high = loaded(block->high + i);
        const floats factor = low + (high - low) * loaded(block->part + i);
        words weight = {1, 1, 1, 1};
        if (weighted)
            memcpy(&weight, block->weights + i, sizeof weight);
        red += weight * times_four(floats_at(block->red + i), factor);
        green += weight * times_four(floats_at(block->green + i), factor);
        blue += weight * times_four(floats_at(block->blue + i), factor);
    }
    const uint64_t whole = weighted ? 1 : WHOLE;
    sums[0] += whole * sum_of(red);
    sums[1] += whole * sum_of(green);
    sums[2] += whole * sum_of(blue);
}

INLINE void add_run(
    struct map *map, const uint8_t *at, const uint8_t *weights, uint32_t length, uint64_t *sums,
    enum pixel pixel)
{
    struct block block;
    for (uint32_t i = 0; i < length; i += BLOCK, at += BLOCK * bytes_of(pixel)) {
        uint32_t count = length - i < BLOCK ? length - i : BLOCK;
        count = read_block(map, &block, at, weights ? weights + i : NULL, count, pixel);
        add_block(map, &block, count, weights != NULL, sums);
    }
}

INLINE void add_runs(struct map *map, const uint8_t *pixels, ptrdiff_t stride, enum pixel pixel)
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
            add_run(map, start, weights, length, sums, pixel);
        else
            add_run(map, start, NULL, length, sums, pixel);
    }
}

void lumad_add_ootf(struct map *map, const uint8_t *pixels, ptrdiff_t stride)
{
    FOR_PIXEL(map->pixel, add_runs, map, pixels, stride);
}
