"""Regions as DIN SPEC 15801 knows them: a rectangle of a source in pixels, turned around its own centre.

`ux`, `uy` are the offset of its top left corner, `ox`, `oy` its size, all whole pixels; `rz` degrees,
positive counter-clockwise (lumad's rotation is clockwise). Translation comes first, then rotation.
"""

import math
from dataclasses import dataclass

from lumad.model.region import Region

_MAX_PIXELS = 10_000_000


@dataclass(frozen=True, slots=True)
class Rectangle:
    """One `Mapping` without its link; the size is not turned."""

    ux: int
    uy: int
    ox: int
    oy: int
    rz: float = 0.0


def region_of(rectangle: Rectangle, size: tuple[int, int]) -> Region:
    """The region that a mapping of a source of `size` pixels means; ValueError where it has no size."""
    width, height = size
    corner = (rectangle.ux, rectangle.uy, rectangle.ox, rectangle.oy)
    if min(width, height, rectangle.ox, rectangle.oy) < 1 or max(map(abs, corner)) > _MAX_PIXELS:
        raise ValueError(f"a mapping of {rectangle.ox} by {rectangle.oy} pixels in {width} by {height}")
    if not math.isfinite(rectangle.rz):
        raise ValueError("a rotation that is no number")
    turned = math.remainder(-rectangle.rz, 360) + 0.0
    return Region.model_validate({
        "shape": "rect",
        "center": (
            (rectangle.ux + rectangle.ox / 2) / width,
            (rectangle.uy + rectangle.oy / 2) / height,
        ),
        "size": (rectangle.ox / width, rectangle.oy / height),
        "rotation": turned,
    })  # fmt: skip


def rectangle_of(region: Region, size: tuple[int, int]) -> tuple[Rectangle, bool]:
    """A region as a mapping in whole pixels, and whether it is one: other shapes become their box."""
    width, height = size
    if region.shape in {"rect", "ellipse"}:
        assert region.center is not None
        assert region.size is not None
        (x, y), (wide, high) = region.center, region.size
        box = (x * width, y * height, wide * width, high * height, region.rotation)
    else:
        box = _line(region, size) if region.shape == "line" else _hull(region, size)
    middle_x, middle_y, across, down, turned = box
    ox, oy = max(round(across), 1), max(round(down), 1)
    place = Rectangle(round(middle_x - ox / 2), round(middle_y - oy / 2), ox, oy, -turned + 0.0)
    return place, region.shape == "rect"


def _hull(region: Region, size: tuple[int, int]) -> tuple[float, float, float, float, float]:
    """Centre, size and rotation of the upright box around the points, pixels."""
    points = region.points or ()
    (left, right), (top, bottom) = (
        (min(at) * extent, max(at) * extent)
        for at, extent in zip(zip(*points, strict=True), size, strict=True)
    )
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top, 0.0


def _line(region: Region, size: tuple[int, int]) -> tuple[float, float, float, float, float]:
    """A straight line is a thin turned rectangle; a bent one its box, widened by the line."""
    points = region.points or ()
    thick = (region.width or 0.0) * size[1]
    if len(points) > 2:
        x, y, across, down, _ = _hull(region, size)
        return x, y, across + thick, down + thick, 0.0
    (x0, y0), (x1, y1) = ((x * size[0], y * size[1]) for x, y in points)
    turned = math.degrees(math.atan2(y1 - y0, x1 - x0))
    return (x0 + x1) / 2, (y0 + y1) / 2, math.hypot(x1 - x0, y1 - y0), thick, turned
