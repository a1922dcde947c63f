"""Samples of areas by OpenCV and numpy: the fallback where the C kernel was not built."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lumad.sampling.formats import EIGHT_BIT, codes_of, not_finite, order_of, values_of
from lumad.sampling.ootf import Ootf
from lumad.sampling.runs import FULL, MEAN, WHOLE, Runs
from lumad.sampling.statistics import SCALE, colour_cells, statistic_of

Pixels = npt.NDArray[Any]
Weights = npt.NDArray[np.float64]

BAND = 32  # rows of a piece of a sparse area
SPARSE = 4  # times its pixels are its box


@dataclass(frozen=True, slots=True)
class _Piece:
    """Pixels of an area in a box; weights (h, w) of up to 255 each, None where all count fully."""

    area: int
    y: slice
    x: slice
    weights: Weights | None


class OpenCvSampler:
    """Samples of `runs`, with the rules of the kernel; `table` is light in 2^-20 by code, `shares` luminance.

    A rectangle is read as it is, any other area through the weights of its box (a sparse one, a long thin
    line, in bands). Doubles add up whole numbers of 2^-20 that 32-bit floats hold exactly up to 1.0. With an
    `ootf` every pixel goes through numpy, at five times the cost.
    """

    def __init__(
        self,
        runs: Runs,
        table: npt.NDArray[np.uint32],
        pixel: str,
        shares: npt.NDArray[np.uint32],
        ootf: Ootf | None = None,
    ) -> None:
        self._pixel, self._shares, self._ootf = pixel, shares, ootf
        self._whole, self._cells = table.astype(np.uint64), colour_cells(table).astype(np.uint32)
        self._tables: dict[Any, npt.NDArray[Any]] = {
            kind: (table / SCALE).astype(kind) for kind in (np.float32, np.float64)
        }
        self._statistic = runs.statistic
        self._divisor = np.maximum(np.rint(runs.total * WHOLE), 1.0)
        self._pieces = tuple(_pieces(runs))
        largest = max((_size(piece) for piece in self._pieces), default=0)
        self._room = np.empty(
            largest * 4 * 8, np.uint8
        )  # kept: fresh pages would cost as much as the look-up
        self.counted = 0

    def sample(self, pixels: Pixels) -> npt.NDArray[np.float64]:
        """Samples (count, 3) of linear R, G, B of pixels as a frame of the format has them."""
        samples = np.zeros((len(self._divisor), 3))
        for piece in self._pieces:
            part = pixels[piece.y, piece.x]
            if self._pixel == "AB4H":
                self._count(part, piece.weights)
            if self._statistic[piece.area] == MEAN:
                samples[piece.area] += self._sum(part, piece.weights) / self._divisor[piece.area]
            else:
                samples[piece.area] = self._rank(part, piece)
        return samples

    def _sum(self, part: Pixels, weights: Weights | None) -> npt.NDArray[np.float64]:
        """Sum of weight * light, (3,)."""
        if self._ootf:
            return self._sum_shown(part, weights, self._ootf)
        if weights is None:
            sums = np.array(cv2.sumElems(self._light(part, np.float32))) * WHOLE
        else:
            light = self._light(part, np.float64)
            sums = weights.reshape(-1) @ light.reshape(weights.size, -1)
        return sums[list(order_of(self._pixel))]

    def _sum_shown(self, part: Pixels, weights: Weights | None, ootf: Ootf) -> npt.NDArray[np.float64]:
        """The same, of light that goes through the OOTF; whole numbers in bands of rows."""
        sums = np.zeros(3)
        for first in range(0, len(part), BAND):
            rows = slice(first, first + BAND)
            shown = ootf.shown(self._whole[codes_of(part[rows], self._pixel)]).reshape(-1, 3)
            own = np.full(len(shown), float(WHOLE)) if weights is None else weights[rows].reshape(-1)
            sums += own @ shown
        return sums / SCALE

    def _light(self, part: Pixels, kind: Any) -> npt.NDArray[Any]:
        """Light of each value of the pixels, in their own order; overwritten by the next call."""
        values = values_of(part, self._pixel)
        light: npt.NDArray[Any] = self._room.view(kind)[: values.size].reshape(values.shape)
        if self._pixel in EIGHT_BIT:
            cv2.LUT(values, self._tables[kind], light)
        else:
            np.take(self._tables[kind], values, out=light, mode="clip")
        return light

    def _rank(self, part: Pixels, piece: _Piece) -> npt.NDArray[np.float64]:
        """A statistic that is no mean."""
        weights = np.full(part.shape[:2], WHOLE, np.uint64) if piece.weights is None else piece.weights
        counts = weights > 0
        codes = codes_of(part[counts], self._pixel)
        light, cells = self._whole[codes], self._cells[codes]
        if self._ootf:
            light = self._ootf.shown(light).astype(np.uint64)
            cells = colour_cells(light.astype(np.uint32)).astype(np.uint32)
        red, green, blue = cells.T
        own = weights[counts].astype(np.uint64)
        group = red << 8 | green << 4 | blue
        return statistic_of(int(self._statistic[piece.area]), light, group, own, self._shares)

    def _count(self, part: Pixels, weights: Weights | None) -> None:
        found = not_finite(codes_of(part, self._pixel))
        self.counted += int(np.count_nonzero(found if weights is None else found & (weights > 0)))


def _size(piece: _Piece) -> int:
    """Pixels of a piece's box."""
    return int((piece.y.stop - piece.y.start) * (piece.x.stop - piece.x.start))


def _pieces(runs: Runs) -> Iterator[_Piece]:
    """The pieces of all areas that are not empty; only the mean can be taken in pieces."""
    order = np.argsort(runs.area, kind="stable")
    ends = np.cumsum(np.bincount(runs.area, minlength=runs.count))
    for area, own in enumerate(np.split(order, ends[:-1]) if runs.count else ()):
        if not len(own):
            continue
        whole = _piece(runs, area, own)
        pixels = (runs.x1[own].astype(np.int64) - runs.x0[own]).sum()
        if runs.statistic[area] == MEAN and _size(whole) > SPARSE * pixels:
            bands = runs.y[own] // BAND
            yield from (_piece(runs, area, own[bands == band]) for band in np.unique(bands))
        else:
            yield whole


def _piece(runs: Runs, area: int, own: npt.NDArray[np.intp]) -> _Piece:
    """The piece of an area that its runs `own` make."""
    y, x0, x1, at = (array[own].astype(int) for array in (runs.y, runs.x0, runs.x1, runs.weight_at))
    top, left, bottom, right = int(y.min()), int(x0.min()), int(y.max()) + 1, int(x1.max())
    weights = np.zeros((bottom - top, right - left))
    for row, start, end, first in zip(y - top, x0 - left, x1 - left, at, strict=True):
        weights[row, start:end] += WHOLE if first == FULL else runs.weights[first : first + end - start]
    full = bool((weights == WHOLE).all())
    return _Piece(area, slice(top, bottom), slice(left, right), None if full else weights)
