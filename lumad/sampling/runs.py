"""Regions as row runs: what a sampler reads, in the order memory likes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError

U32 = npt.NDArray[np.uint32]

LONGEST_RUN = 4096  # pixels; a run of white at 2^20 a pixel still fits 32 bits in two half sums


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Pixels of `count` areas of a picture of width x height, as R runs of one row each.

    Run i is pixels x0[i] .. x1[i] - 1 of row y[i] and belongs to area[i]; sorted by (y, x0), 1..4096 pixels
    long. Areas may overlap or be empty. Whatever the arrays say is checked here, once: a sampler reads what a
    Runs describes unchecked. Raises FrameError.
    """

    width: int
    height: int
    count: int
    area: U32
    y: U32
    x0: U32
    x1: U32

    def __post_init__(self) -> None:
        arrays = (self.area, self.y, self.x0, self.x1)
        if not all(_is_plain(array) for array in arrays):
            raise FrameError("runs are four flat uint32 arrays")
        if len({len(a) for a in arrays}) != 1:
            raise FrameError("the four arrays of runs differ in length")
        if not len(self.area):
            return
        length = self.x1.astype(np.int64) - self.x0
        if self.y.max() >= self.height or self.x1.max() > self.width or self.area.max() >= self.count:
            raise FrameError(f"runs reach outside the picture of {self.width} x {self.height}")
        if length.min() < 1 or length.max() > LONGEST_RUN:
            raise FrameError(f"runs are 1..{LONGEST_RUN} pixels long")

    @property
    def pixels(self) -> npt.NDArray[np.float64]:
        """Pixels of each area, (count,)."""
        lengths = (self.x1 - self.x0).astype(np.float64)
        return np.bincount(self.area, weights=lengths, minlength=self.count).astype(np.float64)

    def arrays(self) -> dict[str, npt.NDArray[np.uint32]]:
        """The runs as bare arrays by name, to travel; `from_arrays` makes them runs again."""
        size = np.array([self.width, self.height, self.count], np.uint32)
        return {"size": size, "area": self.area, "y": self.y, "x0": self.x0, "x1": self.x1}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Runs of what `arrays` gave, checked again."""
        width, height, count = (int(number) for number in arrays["size"])
        return cls(width, height, count, arrays["area"], arrays["y"], arrays["x0"], arrays["x1"])


def _is_plain(array: npt.NDArray[Any]) -> bool:
    """Whether C may read the array as `const uint32_t *`."""
    return array.dtype == np.uint32 and array.ndim == 1 and array.flags.c_contiguous and array.flags.aligned


def rect_runs(rects: npt.ArrayLike, width: int, height: int) -> Runs:
    """Runs of rectangles (N, 4) of whole pixels x0, y0, x1, y1 (the last two exclusive) of a picture.

    Raises FrameError where one leaves the picture. An empty rectangle is an empty area.
    """
    corners = np.asarray(rects, np.int64).reshape(-1, 4)
    x0, y0, x1, y1 = corners.T
    if (corners < 0).any() or (x1 > width).any() or (y1 > height).any():
        raise FrameError(f"a rectangle leaves the picture of {width} x {height}")
    rows, columns = np.maximum(y1 - y0, 0), np.maximum(x1 - x0, 0)
    pieces = -(-columns // LONGEST_RUN)
    area = np.repeat(np.arange(len(corners)), rows * pieces)
    place = np.arange(len(area)) - np.repeat(np.cumsum(rows * pieces) - rows * pieces, rows * pieces)
    piece = place % np.maximum(pieces, 1)[area]
    y = y0[area] + place // np.maximum(pieces, 1)[area]
    start = x0[area] + piece * LONGEST_RUN
    end = np.minimum(start + LONGEST_RUN, x1[area])
    order = np.lexsort((start, y))
    flat = (np.ascontiguousarray(a[order].astype(np.uint32)) for a in (area, y, start, end))
    return Runs(width, height, len(corners), *flat)


def rect_pixels(
    center: Sequence[float], size: Sequence[float], width: int, height: int
) -> tuple[int, int, int, int] | None:
    """Whole pixels x0, y0, x1, y1 (the last two exclusive) of a rectangle in fractions of the picture.

    Borders go to the nearest pixel border (half: to the right), are clipped to the picture, and hold at least
    one pixel; None where the rectangle lies wholly outside.
    """
    across = _span(center[0], size[0], width)
    down = _span(center[1], size[1], height)
    return None if across is None or down is None else (across[0], down[0], across[1], down[1])


def _span(center: float, size: float, pixels: int) -> tuple[int, int] | None:
    low, high = (center - size / 2) * pixels, (center + size / 2) * pixels
    if high <= 0.0 or low >= pixels:
        return None
    low, high = max(low, 0.0), min(high, float(pixels))
    first, last = int(low + 0.5), int(high + 0.5)
    if first >= last:
        first = min(int((low + high) / 2), pixels - 1)
        last = first + 1
    return first, last
