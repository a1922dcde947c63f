"""Regions as row runs: what a sampler reads, in the order memory likes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]

LONGEST_RUN = 4096  # pixels; a run of white at 2^20 a pixel still fits 32 bits in two half sums
FULL = 0xFFFFFFFF  # weight_at of a run whose pixels count fully
WHOLE = 255  # the weight of a pixel that counts fully
MEAN, WEIGHTED_MEAN, MEDIAN, P99, MAX, DOMINANT = range(6)
STATISTICS = ("mean", "weighted-mean", "median", "p99", "max", "dominant")  # names, by number


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Pixels of `count` areas of a picture of width x height, as R runs of one row each.

    Run i is pixels x0[i] .. x1[i] - 1 of row y[i] and belongs to area[i]; sorted by (y, x0), 1..4096 pixels
    long. Its pixels count fully where weight_at[i] is FULL, else by weights[weight_at[i]] and those after it,
    in 1/255. statistic[a] says what is taken of area a. Areas may overlap or be empty. What the arrays say
    is checked here, once: a sampler reads what a Runs describes unchecked. Raises FrameError.
    """

    width: int
    height: int
    count: int
    area: U32
    y: U32
    x0: U32
    x1: U32
    weight_at: U32
    weights: U8
    statistic: U8

    def __post_init__(self) -> None:
        by_run = (self.area, self.y, self.x0, self.x1, self.weight_at)
        if not all(_is_plain(array, np.uint32) for array in by_run):
            raise FrameError("runs are five flat uint32 arrays")
        if not _is_plain(self.weights, np.uint8) or not _is_plain(self.statistic, np.uint8):
            raise FrameError("weights and statistics are flat uint8 arrays")
        if len({len(a) for a in by_run}) != 1 or len(self.statistic) != self.count:
            raise FrameError("the arrays of runs differ in length")
        if (self.statistic >= len(STATISTICS)).any():
            raise FrameError(f"a statistic is 0..{len(STATISTICS) - 1}")
        if not len(self.area):
            return
        length = self.x1.astype(np.int64) - self.x0
        if self.y.max() >= self.height or self.x1.max() > self.width or self.area.max() >= self.count:
            raise FrameError(f"runs reach outside the picture of {self.width} x {self.height}")
        if length.min() < 1 or length.max() > LONGEST_RUN:
            raise FrameError(f"runs are 1..{LONGEST_RUN} pixels long")
        if ((self.weight_at + length > len(self.weights)) & (self.weight_at != FULL)).any():
            raise FrameError(f"runs reach outside their {len(self.weights)} weights")

    @property
    def total(self) -> npt.NDArray[np.float64]:
        """Sum of the weights of each area over 255, (count,): its pixels."""
        return np.bincount(self.area, weights=_sums(self), minlength=self.count) / WHOLE

    @property
    def pixels(self) -> npt.NDArray[np.float64]:
        """`total` by its plainer name."""
        return self.total

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The runs as bare arrays by name, to travel; `from_arrays` makes them runs again."""
        size = np.array([self.width, self.height, self.count], np.uint32)
        return {"size": size} | {name: getattr(self, name) for name in ARRAYS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Runs of what `arrays` gave, checked again."""
        missing = [name for name in ("size", *ARRAYS) if name not in arrays]
        if missing or arrays["size"].shape != (3,) or arrays["size"].dtype != np.uint32:
            raise FrameError(f"runs travel as the arrays size, {', '.join(ARRAYS)}")
        width, height, count = (int(number) for number in arrays["size"])
        return cls(width, height, count, *(arrays[name] for name in ARRAYS))


ARRAYS = ("area", "y", "x0", "x1", "weight_at", "weights", "statistic")


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """The pixels of one region or cell, as Runs has them, weights of its own and all of one statistic."""

    y: U32
    x0: U32
    x1: U32
    weight_at: U32
    weights: U8
    statistic: int = MEAN

    @property
    def total(self) -> float:
        """Sum of the weights over 255: its pixels."""
        return float(_sums(self).sum() / WHOLE)


def _sums(runs: Runs | Area) -> npt.NDArray[np.float64]:
    """Sum of the weights of each run."""
    before = np.concatenate(([0], np.cumsum(runs.weights, dtype=np.int64)))
    length = runs.x1.astype(np.int64) - runs.x0
    first = np.where(runs.weight_at == FULL, 0, runs.weight_at.astype(np.int64))
    partial = before[np.minimum(first + length, len(runs.weights))] - before[first]
    return np.where(runs.weight_at == FULL, length * WHOLE, partial).astype(np.float64)


def _is_plain(array: npt.NDArray[Any], dtype: type) -> bool:
    """Whether C may read the array as `const uint32_t *` (or of the type asked for)."""
    return array.dtype == dtype and array.ndim == 1 and array.flags.c_contiguous and array.flags.aligned


def runs_of(areas: Sequence[Area | None], width: int, height: int) -> Runs:
    """Runs of many areas of one picture; None is an empty area. Raises FrameError where one leaves it."""
    there = [area for area in areas if area is not None]
    number = [i for i, area in enumerate(areas) if area is not None]
    names = ("y", "x0", "x1", "weight_at", "weights")
    y, x0, x1, at, weights = (_joined([getattr(area, name) for area in there]) for name in names)
    runs, given = [len(area.y) for area in there], [len(area.weights) for area in there]
    if len(weights) >= FULL:
        raise FrameError(f"{len(weights)} weighted pixels are too many")
    offset = np.repeat(np.cumsum(given, dtype=np.int64) - given, runs) if there else np.zeros(0, np.int64)
    at = np.where(at == FULL, FULL, at + offset)
    order = np.argsort((y.astype(np.int64) << 32) + x0, kind="stable")
    own, y, x0, x1, at = (_u32(array[order]) for array in (np.repeat(number, runs), y, x0, x1, at))
    statistic = np.array([MEAN if area is None else area.statistic for area in areas], np.uint8)
    return Runs(width, height, len(areas), own, y, x0, x1, at, weights.astype(np.uint8), statistic)


def _joined(arrays: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, np.uint32)


def _u32(array: npt.NDArray[Any]) -> U32:
    return np.ascontiguousarray(array, np.uint32)


def pieces_of(y: I64, x0: I64, x1: I64) -> tuple[I64, I64, I64]:
    """(run, x0, x1) of pieces of at most LONGEST_RUN pixels of the given runs, in their order."""
    pieces = -(-(x1 - x0) // LONGEST_RUN)
    run = np.repeat(np.arange(len(y)), pieces)
    start = x0[run] + LONGEST_RUN * (np.arange(len(run)) - np.repeat(np.cumsum(pieces) - pieces, pieces))
    return run, start, np.minimum(start + LONGEST_RUN, x1[run])


def rect_runs(rects: npt.ArrayLike, width: int, height: int) -> Runs:
    """Runs of rectangles (N, 4) of whole pixels x0, y0, x1, y1 (the last two exclusive) of a picture.

    Raises FrameError where one leaves the picture. An empty rectangle is an empty area.
    """
    corners = np.asarray(rects, np.int64).reshape(-1, 4)
    x0, y0, x1, y1 = corners.T
    if (corners < 0).any() or (x1 > width).any() or (y1 > height).any():
        raise FrameError(f"a rectangle leaves the picture of {width} x {height}")
    rows = np.where(x1 > x0, np.maximum(y1 - y0, 0), 0)
    area = np.repeat(np.arange(len(corners)), rows)
    y = y0[area] + np.arange(len(area)) - np.repeat(np.cumsum(rows) - rows, rows)
    run, start, end = pieces_of(y, x0[area], x1[area])
    order = np.lexsort((start, y[run]))
    own, row, left, right = (_u32(array[order]) for array in (area[run], y[run], start, end))
    full, mean = np.full(len(run), FULL, np.uint32), np.full(len(corners), MEAN, np.uint8)
    return Runs(width, height, len(corners), own, row, left, right, full, np.zeros(0, np.uint8), mean)


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
