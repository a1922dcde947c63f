"""CPU cost of sampling a wall: the C kernel, its OpenCV fallback, and plain numpy, side by side.

    .venv/bin/python bench/sampling.py [--size 1920x1080] [--regions 24] [--coverage 0.25] [--rounds 60]

Prints a Markdown table of CPU ms per frame (all threads), median over rounds; the methods take turns frame by
frame, so that a busy machine disturbs all of them alike.
"""

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np

from lumad.colour.transfer import encode, table
from lumad.sampling.kernel import Sampler
from lumad.sampling.runs import rect_runs


def wall(width, height, rng):
    """A sky falling off to the horizon, grain, and small bright lights."""
    sky = np.linspace(0.6, 0.05, height)[:, None, None] * np.array([1.0, 0.8, 0.6, 0.0])
    codes = sky + rng.normal(0.0, 0.02, (height, width, 1))
    for x, y in rng.integers(0, (width - 3, height - 3), (2000, 2)):
        codes[y : y + 3, x : x + 3] = 1.0
    return (np.clip(codes, 0.0, 1.0) * 255).astype(np.uint8)


def regions(width, height, count, coverage, rng):
    """Rectangles (count, 4) anywhere, together about `coverage` of the wall."""
    side = np.sqrt(coverage * width * height / count) * np.exp(rng.normal(0.0, 0.3, count))
    wide = np.minimum(side.astype(int) + 1, width)
    high = np.minimum((coverage * width * height / count / wide).astype(int) + 1, height)
    left, top = rng.integers(0, width - wide + 1), rng.integers(0, height - high + 1)
    return np.stack([left, top, left + wide, top + high], axis=1)


def measure(methods: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median CPU ms of each method, taken in turns."""
    spent = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            start = time.process_time_ns()
            method()
            spent[name].append(time.process_time_ns() - start)
    return {name: float(np.median(times)) / 1e6 for name, times in spent.items()}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--regions", type=int, default=24)
    parser.add_argument("--coverage", type=float, default=0.25)
    parser.add_argument("--rounds", type=int, default=60)
    chosen = parser.parse_args()
    width, height = map(int, chosen.size.split("x"))
    rng = np.random.default_rng(1)
    pixels, rects = wall(width, height, rng), regions(width, height, chosen.regions, chosen.coverage, rng)
    runs, light = rect_runs(rects, width, height), table("srgb")
    cv2.setNumThreads(1)
    kernel, fallback = Sampler(runs, light), Sampler(runs, light, "opencv")

    def plain():
        return np.array([light[pixels[y0:y1, x0:x1, 2::-1]].mean(axis=(0, 1)) for x0, y0, x1, y1 in rects])

    methods = {
        f"lumad kernel ({kernel.variant})": lambda: kernel.mean(pixels),
        "lumad fallback (opencv)": lambda: fallback.mean(pixels),
        "numpy lut[slice].mean()": plain,
    }
    exact = plain()
    errors = [
        np.abs(encode("srgb", method()) - encode("srgb", exact)).max() * 255 for method in methods.values()
    ]
    costs = measure(methods, chosen.rounds)
    base = next(iter(costs.values()))
    coverage = runs.pixels.sum() / (width * height)
    print(f"{width} x {height}, {chosen.regions} regions, {coverage:.0%} of the wall\n")
    print("| method | CPU ms / frame | ratio | error, 8-bit codes |\n|---|---|---|---|")
    for (name, cost), error in zip(costs.items(), errors, strict=True):
        print(f"| {name} | {cost:.3f} | {cost / base:.1f} | {error:.4f} |")


if __name__ == "__main__":
    main()
