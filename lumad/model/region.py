"""Regions of the wall that fixtures follow."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lumad.model.noun import NameOrNumber, Noun, Number, Point, Positive, Within, complaint
from lumad.model.smoothing import Smoothing
from lumad.model.trims import Trims

Extent = Annotated[Positive, Within(0, 100)]
MOST_POINTS = 128
_WIDEST = 4.0  # walls are wider than high, and seldom more than that

# keys by shape: those it needs, those it may have besides
_KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "rect": (frozenset({"center", "size"}), frozenset({"rotation"})),
    "ellipse": (frozenset({"center", "size"}), frozenset({"rotation"})),
    "polygon": (frozenset({"points"}), frozenset()),
    "line": (frozenset({"points", "width"}), frozenset()),
}
GEOMETRY = frozenset({"center", "size", "rotation", "points", "width"})
"""Keys of which some belong to each shape."""
_ONE = {"rect": "a rect", "ellipse": "an ellipse", "polygon": "a polygon", "line": "a line"}
_FEWEST = {"polygon": 3, "line": 2}


class Region(Noun):
    """Part of the wall, in fractions of the picture's width (x) and height (y), origin top left.

    `size` is full width and height (ellipse: diameters), `rotation` degrees clockwise, applied in pixels;
    `width` of a line and `feather` (sigma of a gaussian edge) are fractions of the picture's height.
    `exclude` names regions whose pixels do not count.
    """

    shape: Literal["rect", "ellipse", "polygon", "line"] = "rect"
    center: Point | None = None
    size: tuple[Extent, Extent] | None = None
    rotation: Annotated[Number, Within(-360, 360)] = 0.0
    points: Annotated[tuple[Point, ...], Field(max_length=MOST_POINTS)] | None = None
    width: Extent | None = None
    feather: Annotated[Number, Within(0, 2)] = 0.0
    statistic: Literal["mean", "weighted-mean", "median", "p99", "max", "dominant"] = "mean"
    exclude: tuple[NameOrNumber, ...] = ()
    smoothing: Smoothing | None = None
    trims: Trims = Trims()

    @model_validator(mode="after")
    def _has_the_geometry_of_its_shape(self) -> Self:
        needed, possible = _KEYS[self.shape]
        given = {key for key in GEOMETRY if getattr(self, key) not in (None, 0.0)}
        if missing := sorted(needed - given):
            raise complaint(f"{_ONE[self.shape]} needs {' and '.join(missing)}")
        if strange := sorted(given - needed - possible):
            raise complaint(f"{_ONE[self.shape]} has no {' and no '.join(strange)}")
        points = self.points or ()
        if self.shape in _FEWEST and len(points) < _FEWEST[self.shape]:
            raise complaint(f"a {self.shape} needs at least {_FEWEST[self.shape]} points, not {len(points)}")
        if self.shape == "line" and len(set(points)) < 2:
            raise complaint("a line needs two different points")
        if self.shape == "polygon" and _on_one_line(points):
            raise complaint("the points of the polygon lie on one line; they enclose nothing")
        return self

    @property
    def touches_picture(self) -> bool:
        """Whether any of a picture up to four times as wide as high may lie inside."""
        turned = max(self.size) if self.size and self.rotation else 0.0
        edge = (self.width or 0.0) / 2 + 3 * self.feather  # in heights, which is never more in widths
        x, y = (extent / 2 for extent in self.size or (0.0, 0.0))
        reach = (x + turned + edge, y + _WIDEST * turned + edge)
        xs, ys = zip(*(self.points or (self.center or (0.0, 0.0),)), strict=True)
        return all(
            min(at) - far < 1.0 and max(at) + far > 0.0 for at, far in zip((xs, ys), reach, strict=True)
        )


def _on_one_line(points: tuple[tuple[float, float], ...]) -> bool:
    """Whether no three of the points make a triangle worth the name."""
    (x0, y0), *others = points
    spans = [(x - x0, y - y0) for x, y in others]
    ax, ay = max(spans, key=lambda span: abs(span[0]) + abs(span[1]))
    return all(abs(ax * y - ay * x) < 1e-9 for x, y in spans)
