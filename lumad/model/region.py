"""Regions of the wall that fixtures follow, and where the cells of a fixture lie in them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from lumad.model.noun import NEVER, Noun, Point, Positive, Within, later

Extent = Annotated[Positive, Within(0, 100)]


class Region(Noun):
    """An upright rectangle, in fractions of the picture's width and height, origin top left."""

    LATER: ClassVar[Mapping[str, Any]] = {
        "rotation": 0,
        "feather": 0,
        "points": NEVER,
        "width": NEVER,
        "smoothing": NEVER,
        "exclude": [],
        "trims": {},
    }
    shape: Annotated[Literal["rect"], later("ellipse polygon line", "samples rectangles (rect)")] = "rect"
    center: Point
    size: tuple[Extent, Extent]
    statistic: Literal["mean"] = "mean"

    @property
    def touches_picture(self) -> bool:
        """Whether any of the picture lies inside."""
        return all(c - s / 2 < 1 and c + s / 2 > 0 for c, s in zip(self.center, self.size, strict=True))
