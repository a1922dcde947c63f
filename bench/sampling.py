"""CPU cost and error of sampling a wall: the C kernel's variants, its OpenCV fallback, and plain numpy.

    .venv/bin/python bench/sampling.py [--rounds 30] [PICTURE ...]

Prints Markdown tables of CPU ms per frame (all threads), median over rounds; the methods take turns frame by
frame, so that a busy machine disturbs all of them alike. The floor, every covered byte read once and added,
is compiled here by the C compiler where there is one. Errors are against float64, on the pictures given or on
a made one.
"""

import argparse
import ctypes
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from lumad.colour.transfer import encode, table
from lumad.sampling.formats import light_table, ootf_of
from lumad.sampling.kernel import VARIANT, Sampler
from lumad.sampling.runs import FULL, LONGEST_RUN, MEAN, STATISTICS, Runs, rect_runs

LIGHT = table("srgb")

FLOOR = r"""
#include <stdint.h>
#include <stddef.h>
#include <string.h>
/* Sum of the bytes of all runs, each read once, with the kernel's own prefetch. */
uint64_t touch(const uint32_t *y, const uint32_t *x0, const uint32_t *x1, uint64_t runs,
               const uint8_t *pixels, ptrdiff_t stride)
{
    typedef uint64_t lanes __attribute__((vector_size(32)));
    const lanes even = {0x00FF00FF00FF00FF, 0x00FF00FF00FF00FF, 0x00FF00FF00FF00FF, 0x00FF00FF00FF00FF};
    lanes sum = {0};
    uint64_t rest = 0;
    for (uint64_t run = 0; run < runs; run++) {
        if (run + 12 < runs && x1[run + 12] - x0[run + 12] <= 256)
            for (uint32_t at = x0[run + 12] * 4; at < x1[run + 12] * 4; at += 64)
                __builtin_prefetch(pixels + (ptrdiff_t)y[run + 12] * stride + at);
        const uint8_t *at = pixels + (ptrdiff_t)y[run] * stride + (ptrdiff_t)x0[run] * 4;
        const uint8_t *end = at + (size_t)(x1[run] - x0[run]) * 4;
        lanes own = {0}, other = {0}, two[2];
        for (; end - at >= 64; at += 64) {
            memcpy(two, at, 64);
            own += (two[0] & even) + (two[0] >> 8 & even);
            other += (two[1] & even) + (two[1] >> 8 & even);
        }
        for (; end - at >= 8; at += 8) {
            uint64_t word;
            memcpy(&word, at, 8);
            rest += word;
        }
        if (at < end)
            rest += at[0] + at[1] + at[2] + at[3];
        sum += own ^ other;
    }
    return sum[0] + sum[1] + sum[2] + sum[3] + rest;
}
"""


def floor_of(runs: Runs) -> Callable[[np.ndarray], object] | None:
    """Reads every covered byte once; None without a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, built = Path(folder, "floor.c"), Path(folder, "floor.so")
        source.write_text(FLOOR)
        # the widest vectors of this very machine: a floor is to be as fast as it gets
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([compiler, *flags, str(source), "-o", str(built)], check=True)
        touch = ctypes.CDLL(str(built)).touch
    touch.argtypes = (*[ctypes.c_void_p] * 3, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_ssize_t)
    columns = [array.ctypes.data for array in (runs.y, runs.x0, runs.x1)]
    return lambda pixels: touch(*columns, len(runs.y), pixels.ctypes.data, pixels.strides[0])


def wall(width, height, rng):
    """A sky falling off to the horizon, grain, and small bright lights."""
    sky = np.linspace(0.6, 0.05, height, dtype=np.float32)[:, None, None] * np.array(
        [1.0, 0.8, 0.6, 0.0], np.float32
    )
    codes = sky + rng.normal(0.0, 0.02, (height, width, 1)).astype(np.float32)
    for x, y in rng.integers(0, (width - 3, height - 3), (2000, 2)):
        codes[y : y + 3, x : x + 3] = 1.0
    return (np.clip(codes, 0.0, 1.0) * 255).astype(np.uint8)


def tiles(width, height, count):
    """About `count` rectangles that tile the wall."""
    columns = round(np.sqrt(count * width / height))
    rows = round(count / columns)
    x, y = (np.linspace(0, size, parts + 1).astype(int) for size, parts in ((width, columns), (height, rows)))
    return [(x[i], y[j], x[i + 1], y[j + 1]) for j in range(rows) for i in range(columns)]


def scattered(width, height, count, covered, rng):
    """Rectangles anywhere, together about `covered` pixels."""
    side = np.sqrt(covered / count) * np.exp(rng.normal(0.0, 0.3, count))
    wide = np.clip(side.astype(int), 1, width)
    high = np.clip((covered / count / wide).astype(int), 1, height)
    left, top = rng.integers(0, width - wide + 1), rng.integers(0, height - high + 1)
    return np.stack([left, top, left + wide, top + high], axis=1)


def soft(area, box):
    """Weights 0..1 (h, w) of the ellipse in a box: an edge one pixel wide; every fourth is feathered."""
    x0, y0, x1, y1 = box
    y, x = np.mgrid[0 : y1 - y0, 0 : x1 - x0]
    radius = np.hypot((x + 0.5) / (x1 - x0) * 2 - 1, (y + 0.5) / (y1 - y0) * 2 - 1)
    if area % 4 == 3:
        return np.exp(-((radius / 0.4) ** 2) / 2)
    return np.clip((1 - radius) * min(x1 - x0, y1 - y0) / 2 + 0.5, 0.0, 1.0)


def shaped(boxes, width, height):
    """Runs of ellipses in boxes: whole pixels inside, weights at the rim."""
    rows: list[tuple[int, int, int, int, bytes]] = []
    for area, (x0, y0, x1, y1) in enumerate(boxes):
        for row, line in enumerate(np.rint(soft(area, (x0, y0, x1, y1)) * 255).astype(np.uint8)):
            full, inside = np.flatnonzero(line == 255), np.flatnonzero(line)
            cuts = [inside[0], inside[-1] + 1] if len(inside) else []
            if len(full) >= 8:
                cuts[1:1] = [full[0], full[-1] + 1]
            rows += [
                (area, y0 + row, x0 + a, x0 + b, line[a:b].tobytes()) for a, b in pairwise(cuts) if a < b
            ]
    return weighted_runs(rows, len(boxes), width, height)


def weighted_runs(rows: Sequence[tuple[int, int, int, int, bytes]], count, width, height):
    """Runs of (area, y, x0, x1, weights); those whose weights are all 255 hold none."""
    rows = sorted(rows, key=lambda row: (row[1], row[2]))
    assert max(row[3] - row[2] for row in rows) <= LONGEST_RUN
    columns = [np.array([row[at] for row in rows], np.uint32) for at in range(4)]
    own = [b"" if row[4].count(255) == len(row[4]) else row[4] for row in rows]
    lengths = np.array([len(weights) for weights in own])
    at = np.where(lengths == 0, FULL, np.cumsum(lengths) - lengths).astype(np.uint32)
    weights = np.frombuffer(b"".join(own), np.uint8)
    return Runs(width, height, count, *columns, at, weights, np.zeros(count, np.uint8))


def exact(boxes, pixels, weights):
    """Means (count, 3) in float64; `weights(area, box)` are those of a box, not rounded to 1/255."""
    found = []
    for area, (x0, y0, x1, y1) in enumerate(boxes):
        own = weights(area, (x0, y0, x1, y1))
        light = LIGHT[pixels[y0:y1, x0:x1, 2::-1]]
        found.append(np.tensordot(own, light, 2) / own.sum() if own.any() else np.zeros(3))
    return np.array(found)


def whole(_area, box):
    """Weights of a rectangle."""
    return np.ones((box[3] - box[1], box[2] - box[0]))


def measure(methods: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median CPU ms of each method, taken in turns."""
    spent = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            start = time.process_time_ns()
            method()
            spent[name].append(time.process_time_ns() - start)
    return {name: float(np.median(times)) / 1e6 for name, times in spent.items()}


def methods_of(runs: Runs, pixels, *, fallback=True):
    """{name: a call that samples a picture} of everything there is to compare."""
    touch = floor_of(runs)
    found = {} if touch is None else {"floor: every byte read once": lambda: touch(pixels)}
    names = [name for name in ("vbmi", "table") if name == "table" or VARIANT == "vbmi"]
    for name in [*names, *(["opencv"] if fallback else [])]:
        sampler = Sampler(runs, LIGHT, variant=name)
        found[f"lumad, {sampler.variant}"] = lambda sampler=sampler: sampler.sample(pixels)
    return found


def compare(title, methods, rounds):
    """A table against the first method."""
    costs = measure(methods, rounds)
    base = next(iter(costs.values()))
    print(f"\n## {title}\n| method | CPU ms / frame | ratio |\n|---|---|---|")
    for name, cost in costs.items():
        print(f"| {name} | {cost:.2f} | {cost / base:.2f} |")
    return costs


def worst(found, wanted):
    """The largest error in 8-bit codes."""
    return np.abs(encode("srgb", found) - encode("srgb", wanted)).max() * 255


def tiling(rounds, rng):
    pixels, rects = wall(3840, 2160, rng), tiles(3840, 2160, 1000)
    runs = rect_runs(rects, 3840, 2160)
    methods = methods_of(runs, pixels)

    def plain():
        return [LIGHT[pixels[y0:y1, x0:x1, 2::-1]].mean(axis=(0, 1)) for x0, y0, x1, y1 in rects]

    costs = compare(f"3840 x 2160, {len(rects)} regions that tile the wall", methods, rounds)
    numpy_ms = measure({"numpy": plain}, 3)["numpy"]
    for name, cost in costs.items():
        if name.startswith("lumad"):
            print(f"\n{name}: {numpy_ms / cost:.0f} times the speed of numpy's lut[slice].mean()", end="")
    print(f" ({numpy_ms:.0f} ms)")


def shapes(rounds, rng):
    pixels = wall(3840, 2160, rng)
    runs = shaped(scattered(3840, 2160, 1000, 0.25 * 3840 * 2160 * 1.3, rng), 3840, 2160)
    share = (runs.x1 - runs.x0)[runs.weight_at != FULL].sum() / (runs.x1 - runs.x0).sum()
    cover = runs.total.sum() / pixels[..., 0].size
    title = f"3840 x 2160, 1000 scattered weighted shapes, {cover:.0%} of the wall, {share:.0%} with weights"
    compare(title, methods_of(runs, pixels), rounds)


def budget(rounds, rng):
    rects = scattered(3840, 2160, 1000, 0.1 * 3840 * 2160, rng)
    runs, pixels = rect_runs(rects, 3840, 2160), wall(3840, 2160, rng)
    costs = compare("3840 x 2160, 1000 regions, 10 % of the wall", methods_of(runs, pixels), rounds)
    for name, cost in costs.items():
        print(f"\n{name}: {cost * 60 / 10:.1f} % of a core at 60 Hz", end="")
    print()


def sizes(rounds, rng):
    """The same rectangles on a wall of 4K and one of 8K: equal pixels and runs."""
    rects = scattered(3840, 2160, 1000, 0.1 * 3840 * 2160, rng)
    methods = {}
    for width, height in ((3840, 2160), (7680, 4320)):
        scale = width // 3840
        moved = rects + np.tile(rects[:, :2] * (scale - 1), 2)
        pixels, runs = wall(width, height, rng), rect_runs(moved, width, height)
        for name, method in methods_of(runs, pixels, fallback=False).items():
            methods[f"{name}, {width} x {height}"] = method
    costs = measure(methods, rounds)
    print("\n## Equal pixels and runs on a larger wall (1000 regions, 10 % of 4K)")
    print("| method | 4K, CPU ms | 8K, CPU ms | ratio |\n|---|---|---|---|")
    names = list(costs)
    for small, large in zip(names[: len(names) // 2], names[len(names) // 2 :], strict=True):
        ratio = costs[large] / costs[small]
        print(f"| {small.rpartition(',')[0]} | {costs[small]:.2f} | {costs[large]:.2f} | {ratio:.2f} |")


def statistics(rounds, rng):
    pixels, rects = wall(3840, 2160, rng), scattered(3840, 2160, 1000, 0.25 * 3840 * 2160, rng)
    plain, methods = rect_runs(rects, 3840, 2160), {}
    for number, name in enumerate(STATISTICS):
        arrays = plain.arrays() | {"statistic": np.full(plain.count, number, np.uint8)}
        sampler = Sampler(Runs.from_arrays(arrays), LIGHT, variant="table" if number != MEAN else VARIANT)
        title = f"mean, {sampler.variant}" if number == MEAN else name
        methods[title] = lambda sampler=sampler: sampler.sample(pixels)
    compare("Statistics, 3840 x 2160, 1000 scattered regions, 25 % of the wall", methods, rounds)


def formats(rounds, rng):
    runs, methods = rect_runs(tiles(3840, 2160, 1000), 3840, 2160), {}
    bgra = wall(3840, 2160, rng)
    red_green_blue = np.array(bgra[..., [2, 1, 0, 3]], np.uint16, order="C")
    deep = red_green_blue.astype(np.uint32) << 2
    half = (red_green_blue / np.float32(255)).astype(np.float16).view(np.uint16)
    pictures = {"BGRA": bgra, "BGR3": bgra[..., :3].copy(), "RGBA": red_green_blue.astype(np.uint8)}
    pictures |= {"XR30": deep[..., 0] << 20 | deep[..., 1] << 10 | deep[..., 2], "AB48": red_green_blue * 257}
    for pixel, pixels in (pictures | {"AB4H": half}).items():
        light = light_table(pixel, "linear" if pixel == "AB4H" else "srgb")
        sampler = Sampler(runs, light, pixel)
        methods[f"{pixel}, {sampler.variant}"] = lambda s=sampler, p=pixels: s.sample(p)
    for pixel in ("BGRA", "XR30"):
        sampler = Sampler(runs, light_table(pixel, "hlg"), pixel, ootf=ootf_of("hlg"))
        methods[f"{pixel} of HLG"] = lambda s=sampler, p=pictures[pixel]: s.sample(p)
    compare("Pixel formats, 3840 x 2160, 1000 regions that tile the wall", methods, rounds)


def errors(pictures, rng):
    print("\n## Largest error against float64, 8-bit codes")
    print("| picture | regions | lumad kernel | lumad fallback |\n|---|---|---|---|")
    for name, pixels in pictures:
        height, width = pixels.shape[:2]
        for count in (100, 1000, 10000):
            covered = 0.5 * width * height
            boxes = scattered(width, height, count, covered, rng)
            made = {"rectangles": (rect_runs, whole), "shapes": (shaped, soft)}
            for kind, (compiled, weights) in made.items():
                own, wanted = compiled(boxes, width, height), exact(boxes, pixels, weights)
                found = [Sampler(own, LIGHT, variant=v).sample(pixels) for v in (VARIANT, "opencv")]
                cells = " | ".join(f"{worst(means, wanted):.4f}" for means in found)
                print(f"| {name} | {count} {kind} | {cells} |")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("pictures", nargs="*", type=Path)
    chosen = parser.parse_args()
    rng = np.random.default_rng(1)
    cv2.setNumThreads(1)
    for part in (tiling, shapes, budget, sizes, statistics, formats):
        part(chosen.rounds, rng)
    given = [(path.name, cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2BGRA)) for path in chosen.pictures]
    errors(given or [("made", wall(1920, 1080, rng))], rng)


if __name__ == "__main__":
    main()
