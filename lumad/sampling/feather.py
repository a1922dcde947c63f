"""Gaussian fall-off of coverage."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lumad.sampling.coverage import F64, Coverage, covered_by_all, window
from lumad.sampling.runs import WHOLE

F32 = npt.NDArray[np.float32]

SEEN = 3.0  # sigmas: farther out the coverage is below 1/510
REACH = 4.0  # sigmas of the gaussian that are summed
FINE = 8  # cells a sigma of a wide gaussian is drawn with


def feathered(outlines: Sequence[F64], sigma: float, width: int, height: int) -> Coverage:
    """Coverage of what lies in all the outlines, blurred by a gaussian of sigma pixels, in steps of 1/255.

    Outlines are closed edges (N, 4) that wind once. From sigma 16 the blur is drawn on coarser cells, at
    least 8 a sigma, and interpolated; it is within 1/255 from sigma 3 on, 1/100 from 1.5, 1/16 below.
    """
    x0, y0, x1, y1 = window(outlines, SEEN * sigma + 1.0, width, height)
    if x1 <= x0 or y1 <= y0:
        return Coverage(width, np.zeros(0, np.int64), np.zeros(0))
    cell = max(1, int(sigma / FINE))
    own = math.sqrt(max((sigma / cell) ** 2 + _spread(cell), (sigma / cell) ** 2 / 2))
    halo = int(np.ceil(REACH * own))
    columns, rows = (-(-(end - start) // cell) + 2 + 2 * halo for start, end in ((x0, x1), (y0, y1)))
    origin = np.array([x0, y0, x0, y0]) - cell * (halo + 1)
    cells = covered_by_all([(edges - origin) / cell for edges in outlines], columns, rows)
    soft = _blurred(cells.dense(rows).astype(np.float32), own, halo)
    return _steps(_finer(soft, cell, y1 - y0, x1 - x0), x0, y0, width)


def _spread(cell: int) -> float:
    """What is left to blur by, in cells^2: a pixel's variance, less what cells and mixing them blur."""
    return -1 / 8 if cell == 1 else 1 / (12 * cell**2) - 5 / 12


def _blurred(cells: F32, sigma: float, halo: int) -> F32:
    """The cells but `halo` on each side, blurred: means over each cell of a gaussian of even cells."""
    x = np.arange(-halo - 1, halo + 2) / sigma
    below = np.array([math.erfc(-at / math.sqrt(2)) / 2 for at in x])
    bell = np.diff(x * below + np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi), 2)
    kernel = (bell / bell.sum()).astype(np.float32)
    return _along_rows(_along_rows(cells, kernel).T, kernel).T


def _along_rows(cells: F32, kernel: F32) -> F32:
    """The kernel's sums along each row where it fits: products with a band matrix, some columns at a time."""
    wide = max(len(kernel), 32)
    behind = np.arange(wide + len(kernel) - 1)[:, None] - np.arange(wide)
    inside = (behind >= 0) & (behind < len(kernel))
    band = np.where(inside, kernel[np.clip(behind, 0, len(kernel) - 1)], np.float32(0))
    out = np.empty((len(cells), cells.shape[1] - len(kernel) + 1), np.float32)
    for start in range(0, out.shape[1], wide):
        count = min(wide, out.shape[1] - start)
        taken = count + len(kernel) - 1
        out[:, start : start + count] = cells[:, start : start + taken] @ band[:taken, :count]
    return out


def _finer(soft: F32, cell: int, rows: int, columns: int) -> F32:
    """(rows, columns) pixels between the middles of cells `cell` pixels wide; the first lies before them."""
    if cell == 1:
        return soft[1 : 1 + rows, 1 : 1 + columns]
    y, x = ((np.arange(count) + 0.5) / cell + 0.5 for count in (rows, columns))
    i, j = y.astype(int), x.astype(int)
    down, across = (y - i).astype(np.float32)[:, None], (x - j).astype(np.float32)
    tall = soft[i] * (1 - down) + soft[i + 1] * down
    return np.asarray(tall[:, j] * (1 - across) + tall[:, j + 1] * across, np.float32)


def _steps(soft: F32, x0: int, y0: int, width: int) -> Coverage:
    """Coverage of a picture `width` wide that is `soft` from (x0, y0) on; in 1/255 unless all is fainter."""
    weight = np.rint(soft * WHOLE)
    value = np.zeros((soft.shape[0], soft.shape[1] + 2))
    value[:, 1:-1] = weight / WHOLE if weight.any() else soft
    y, x = np.nonzero(value[:, 1:] != value[:, :-1])
    return Coverage(width, (y + y0) * (width + 2) + x + x0, value[y, x + 1])
