"""Regions as shapes of the wall, their cells, and the pixels they cover."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from lumad.errors import FrameError
from lumad.sampling.coverage import F64, FAINTEST, Coverage, area, covered_by_all, untangled
from lumad.sampling.feather import feathered
from lumad.sampling.outline import Box, box, ellipse, ring, stroke, turned
from lumad.sampling.runs import MEAN, WHOLE, Area

Kind = Literal["rect", "ellipse", "polygon", "line"]
Corner = Literal["left-top", "right-top", "left-bottom", "right-bottom"]
Pair = tuple[float, float]

ALL: Box = (0.0, 0.0, 1.0, 1.0)
BEYOND = 2.0  # pixels: the outer cells of a shape hold all of its edge
TRIANGLE = 3  # corners: it cannot cross itself
DOT = 1e-9  # square pixels: a shape this small is the pixel it lies in


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape in fractions of a picture's width and height, origin top left; built and turned in its pixels.

    rect and ellipse have center and size (full width and height), polygon (by even-odd) and line have points;
    rotation is in degrees, clockwise, about the centre (of the box around the points). A line's `width` and
    `feather`, the sigma of a gaussian blur, are fractions of the picture's height; a line has butt ends and
    round joints. `part` (left, top, right, bottom) cuts a piece out along the shape's own axes, in fractions
    of its box (line: of its length and its width, 0 being up where it runs to the right).
    """

    kind: Kind = "rect"
    center: Pair = (0.5, 0.5)
    size: Pair = (1.0, 1.0)
    rotation: float = 0.0
    points: tuple[Pair, ...] = ()
    width: float = 0.0
    feather: float = 0.0
    part: Box = ALL


def cells_of(
    shape: Shape, rows: int, columns: int, start: Corner = "left-top", *, serpentine: bool = False
) -> list[Shape]:
    """The cells that tile a shape, row by row from `start`; serpentine: every other row runs backwards.

    Columns lie along its width, rows along its height, turned with it. A cell of an ellipse or polygon is the
    shape within that cell of its box; of a line, a stretch of its length, rows across its width. A feather
    softens each cell.
    """
    left, top, right, bottom = shape.part
    x = [left + (right - left) * column / columns for column in range(columns)] + [right]
    y = [top + (bottom - top) * row / rows for row in range(rows)] + [bottom]
    cells: list[Shape] = []
    for step in range(rows):
        row = step if start.endswith("top") else rows - 1 - step
        leftwards = start.startswith("right") ^ (serpentine and step % 2 == 1)
        order = range(columns - 1, -1, -1) if leftwards else range(columns)
        cells += [replace(shape, part=(x[i], y[row], x[i + 1], y[row + 1])) for i in order]
    return cells


def area_of(
    shape: Shape, width: int, height: int, statistic: int = MEAN, exclude: Sequence[Coverage] = ()
) -> Area | None:
    """Pixels of a picture that the shape covers, by covered area in 1/255, less what `exclude` covers.

    None where nothing of it lies in the picture or all is excluded; never empty otherwise. Raises FrameError
    for numbers that are not finite, a polygon or line without points, and a hopelessly tangled outline.
    """
    coverage = coverage_of(shape, width, height)
    if not (coverage.value > FAINTEST).any():
        coverage = _dot(shape, width, height)
    for other in exclude:
        coverage = coverage.without(other)
    return area(coverage, statistic)


def coverage_of(shape: Shape, width: int, height: int) -> Coverage:
    """Coverage of a picture by the shape, to cut it out of others; exact but for feathers."""
    outlines = _outlines(shape, width, height)
    if shape.feather > 0.0:
        return feathered(outlines, shape.feather * height, width, height)
    return covered_by_all(outlines, width, height)


def _outlines(shape: Shape, width: int, height: int) -> list[F64]:
    """Edges in pixels that each wind once around what holds the shape; it is what lies in all of them."""
    scale = np.array([width, height], np.float64)
    points = np.array(shape.points, np.float64).reshape(-1, 2) * scale
    center, size = np.array(shape.center) * scale, np.array(shape.size) * scale
    given = (points, center, size, shape.part, (shape.rotation, shape.width, shape.feather))
    if not all(np.isfinite(numbers).all() for numbers in given):
        raise FrameError(f"a {shape.kind} has numbers that are not finite")
    if shape.kind in {"polygon", "line"} and not len(points):
        raise FrameError(f"a {shape.kind} has no points")
    if shape.kind in {"polygon", "line"}:
        size = np.ptp(points, axis=0)
        center = points.min(axis=0) + size / 2
    if shape.kind == "line":
        return [stroke(turned(points, center, shape.rotation), shape.width * height, shape.part)]
    beyond = 0.0 if shape.kind == "rect" else BEYOND
    cell = ring(turned(box(center - size / 2, size, shape.part, beyond), center, shape.rotation))
    if shape.kind == "rect":
        return [cell]
    whole = _whole(replace(shape, part=ALL, feather=0.0), tuple(center), tuple(size), tuple(scale))
    return [whole] if shape.part == ALL else [whole, cell]


@lru_cache(maxsize=16)
def _whole(shape: Shape, center: Pair, size: Pair, scale: Pair) -> F64:
    """Edges of an ellipse or polygon; kept for its other cells."""
    middle, is_round = np.array(center), shape.kind == "ellipse"
    points = ellipse(middle, np.array(size)) if is_round else np.array(shape.points) * scale
    edges = ring(turned(points, middle, shape.rotation))
    return edges if is_round or len(edges) <= TRIANGLE else untangled(edges, union=False)


def _dot(shape: Shape, width: int, height: int) -> Coverage:
    """A step of the pixel that holds a shape too small to have an area; nothing for any other."""
    corners = np.concatenate([edges.reshape(-1, 2) for edges in _outlines(shape, width, height)])
    place, value = np.zeros(0, np.int64), np.zeros(0)
    if len(corners) and np.prod(np.ptp(corners, axis=0)) <= DOT:
        x, y = np.floor((corners.min(axis=0) + corners.max(axis=0)) / 2).astype(int).tolist()
        if 0 <= x < width and 0 <= y < height:
            place, value = y * (width + 2) + x + np.arange(2), np.array([1 / WHOLE, 0.0])
    return Coverage(width, place, value)
