"""How long it takes to compile shapes to runs, off the loop, and to compile one dragged shape again.

    .venv/bin/python bench/compile.py [--size 3840x2160] [--rounds 3]

Prints Markdown tables of CPU ms, the least of some rounds: shapes of each kind about 50 x 50 pixels, a mix of
them, one shape of the whole wall, and an edit of one shape among many.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lumad.sampling.runs import runs_of
from lumad.sampling.shapes import Shape, area_of, cells_of, coverage_of

KINDS = ("rect", "rotated rect", "ellipse", "polygon of 6, even-odd", "line of 3 points")
SIDE = 50  # pixels


def shape(kind, width, height, rng):
    """A shape of about SIDE x SIDE pixels, anywhere."""
    at, size = rng.random(2), np.array([SIDE / width, SIDE / height])
    center, extent = tuple(at.tolist()), tuple(size.tolist())
    if kind in {"rect", "rotated rect"}:
        return Shape("rect", center, extent, 30.0 if kind == "rotated rect" else 0.0)
    if kind == "ellipse":
        return Shape("ellipse", center, extent)
    corners = rng.random((6, 2)) if kind.startswith("polygon") else np.array([[0, 0], [1, 1], [1, 0]])
    points = tuple(map(tuple, (at + (corners - 0.5) * size).tolist()))
    return (
        Shape("polygon", points=points)
        if kind.startswith("polygon")
        else Shape("line", points=points, width=0.01)
    )


def cost(method: Callable[[], object], rounds: int) -> float:
    """Least CPU ms of some rounds."""
    spent = []
    for _ in range(rounds):
        start = time.process_time_ns()
        method()
        spent.append(time.process_time_ns() - start)
    return min(spent) / 1e6


def many(width, height, rounds):
    """Rows of what a thousand and five thousand shapes cost."""
    rng = np.random.default_rng(3)
    for name, kinds in (*((kind, [kind]) for kind in KINDS), ("all five, mixed", KINDS)):
        shapes = [shape(kinds[i % len(kinds)], width, height, rng) for i in range(5000)]
        soft = [replace(drawn, feather=4 / height) for drawn in shapes[:1000]]
        thousand = cost(lambda shapes=shapes: [area_of(s, width, height) for s in shapes[:1000]], rounds)
        all_of_them = cost(lambda shapes=shapes: [area_of(s, width, height) for s in shapes], 1)
        feathered = cost(lambda soft=soft: [area_of(s, width, height) for s in soft], 1)
        print(f"| {name} | {thousand:.0f} | {all_of_them:.0f} | {feathered:.0f} |")


def wall(width, height, rounds):
    """Rows of what one shape of the whole wall costs."""
    angle = np.arange(100) * 2 * np.pi * 41 / 100
    star = tuple(map(tuple, (0.5 + 0.45 * np.stack([np.cos(angle), np.sin(angle)], 1)).tolist()))
    whole = {
        "rect": Shape("rect", size=(0.99, 0.99)),
        "ellipse": Shape("ellipse", size=(0.99, 0.99), rotation=3.0),
        "star of 100 points, 4000 crossings": Shape("polygon", points=star),
        "ellipse, feather 8 pixels": Shape("ellipse", size=(0.9, 0.9), feather=8 / height),
        "ellipse, feather 80 pixels": Shape("ellipse", size=(0.9, 0.9), feather=80 / height),
    }
    for name, drawn in whole.items():
        print(f"| {name} | {cost(lambda drawn=drawn: area_of(drawn, width, height), rounds):.1f} |")
    cut = [coverage_of(whole["ellipse"], width, height)]
    spent = cost(lambda: area_of(whole["rect"], width, height, exclude=cut), rounds)
    print(f"| rect less that ellipse | {spent:.1f} |")
    for name in ("rect", "ellipse", "star of 100 points, 4000 crossings"):
        cells = cells_of(whole[name], 16, 16)
        spent = cost(lambda cells=cells: [area_of(cell, width, height) for cell in cells], rounds)
        print(f"| {name} in 16 x 16 cells | {spent:.1f} |")


def edits(width, height, rounds):
    """Rows of what a drag of one shape costs when the areas of the others are kept."""
    rng = np.random.default_rng(4)
    for count in (1000, 5000):
        shapes = [shape(KINDS[i % len(KINDS)], width, height, rng) for i in range(count)]
        areas = [area_of(drawn, width, height) for drawn in shapes]
        one = cost(lambda shapes=shapes: area_of(shapes[2], width, height), 5 * rounds)
        merge = cost(lambda areas=areas: runs_of(areas, width, height), rounds)
        print(f"| {count} | {one:.2f} | {merge:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="3840x2160")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    print(f"Picture {width} x {height}; CPU ms.\n")
    print(f"| {SIDE} x {SIDE} pixels | 1000 | 5000 | 1000 with a feather of 4 pixels |")
    print("| --- | ---: | ---: | ---: |")
    many(width, height, options.rounds)
    print("\n| one shape of the whole wall | ms |\n| --- | ---: |")
    wall(width, height, options.rounds)
    print("\n| shapes | one compiled again | all merged to runs |\n| ---: | ---: | ---: |")
    edits(width, height, options.rounds)


if __name__ == "__main__":
    main()
