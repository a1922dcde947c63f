"""Means of areas by OpenCV: the fallback where the C kernel was not built."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lumad.sampling.runs import Runs

Mask = npt.NDArray[np.uint8]


class OpenCvMeans:
    """Means of the areas of `runs` by `cv2.LUT` and `cv2.mean`; `table` (256,) light of a code.

    A rectangle is read as it is, any other area through a mask of its runs. 32-bit floats hold a table of
    steps of 2^-20 exactly, and OpenCV adds them in doubles.
    """

    def __init__(self, runs: Runs, table: npt.NDArray[np.float64]) -> None:
        self._table = table.astype(np.float32)
        self._means = np.zeros((runs.count, 3))
        self._areas = tuple(_areas(runs))
        largest = max(((y.stop - y.start) * (x.stop - x.start) for _, y, x, _ in self._areas), default=0)
        self._light = np.empty(largest * 4, np.float32)  # kept: fresh pages would cost as much as the look-up

    def mean(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Mean linear R, G, B (count, 3) of B, G, R, x pixels (H, W, 4); overwritten by the next call."""
        for area, y, x, mask in self._areas:
            part = pixels[y, x]
            light = self._light[: part.size].reshape(part.shape)
            cv2.LUT(part, self._table, light)
            blue, green, red, _ = cv2.mean(light, mask)
            self._means[area] = red, green, blue
        return self._means


def _areas(runs: Runs) -> list[tuple[int, slice, slice, Mask | None]]:
    """(area, rows, columns, mask or None for a full rectangle) of each area that is not empty."""
    found: list[tuple[int, slice, slice, Mask | None]] = []
    pixels = runs.pixels
    order = np.argsort(runs.area, kind="stable")
    ends = np.cumsum(np.bincount(runs.area, minlength=runs.count))
    for area, own in enumerate(np.split(order, ends[:-1]) if runs.count else ()):
        if not len(own):
            continue
        y, x0, x1 = (array[own].astype(int) for array in (runs.y, runs.x0, runs.x1))
        top, left, bottom, right = y.min(), x0.min(), y.max() + 1, x1.max()
        mask: Any = None
        if pixels[area] != (bottom - top) * (right - left):
            mask = np.zeros((bottom - top, right - left), np.uint8)
            for row, start, end in zip(y - top, x0 - left, x1 - left, strict=True):
                mask[row, start:end] = 255
        found.append((area, slice(top, bottom), slice(left, right), mask))
    return found
