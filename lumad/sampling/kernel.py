"""The sampler: linear light of each area of a frame, by the C kernel or, without it, by OpenCV."""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.frames.frame import PACKINGS
from lumad.sampling.formats import BITS, BRIGHTEST, EIGHT_BIT, NUMBERS
from lumad.sampling.ootf import Ootf
from lumad.sampling.runs import MEAN, WHOLE, Runs
from lumad.sampling.statistics import BINS, REC709, SCALE, colour_cells, luminance_shares

Pixels = npt.NDArray[Any]
Samples = npt.NDArray[np.float64]
Variant = Literal["opencv", "table", "vbmi"]

MOST_PIXELS = 1 << 28  # of an area; 255 * 128.0 * 2^20 of each fit 64 bits

_VERSION = 3
_NUMBERS = {"table": 0, "vbmi": 1}  # enum variant of _kernel.h


class _Runs(ctypes.Structure):
    """`struct runs` of _kernel.h."""

    _fields_ = (
        ("count", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in ("area", "y", "x0", "x1", "weight_at")),
    )


class _Map(ctypes.Structure):
    """`struct map` of _kernel.h."""

    _fields_ = (
        ("mean", _Runs),
        ("ranked", _Runs),
        ("areas", ctypes.c_uint64),
        ("pixel", ctypes.c_uint32),
        ("variant", ctypes.c_uint32),
        ("luminance", ctypes.c_uint32 * 4),
        *((name, ctypes.c_void_p) for name in ("weights", "statistic", "table", "cells", "divisor")),
        *((name, ctypes.c_void_p) for name in ("histogram", "keys", "sums", "samples")),
        ("not_finite", ctypes.c_uint64),
        ("ootf", ctypes.c_void_p),
        ("shares", ctypes.c_float * 4),
    )


def load_kernel(folder: Path) -> ctypes.CDLL | None:
    """The compiled kernel of a folder; None where it is missing, of another machine or of another version."""
    try:
        library = ctypes.CDLL(str(folder / "_kernel.abi3.so"))
        library.lumad_kernel_version.restype = ctypes.c_uint32
        if library.lumad_kernel_version() != _VERSION:
            return None
        library.lumad_best_variant.restype = ctypes.c_uint32
        library.lumad_sample.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ssize_t)
        library.lumad_sample.restype = None
    except (OSError, AttributeError):
        return None
    return library


def _available(kernel: ctypes.CDLL | None, wanted: str) -> Variant:
    """The variant asked for, or the fastest below it that this machine runs."""
    if kernel is None or wanted == "opencv":
        return "opencv"
    return "vbmi" if wanted == "vbmi" and kernel.lumad_best_variant() == _NUMBERS["vbmi"] else "table"


_FORCED = os.environ.get("LUMAD_KERNEL") or "vbmi"  # opencv, table or vbmi; else the fastest
_KERNEL = None if _FORCED == "opencv" else load_kernel(Path(__file__).parent)
VARIANT: Variant = _available(_KERNEL, _FORCED)


class Sampler:
    """Samples of the areas of `runs` in frames of one size and pixel format.

    `table` is the linear light of each code (`formats.light_table`), rounded to 2^-20. `luminance` is the
    share of R, G, B in luminance, by which median, p99, max and weighted_mean weigh pixels: Rec. 709 unless
    the wall's own is given. `ootf` is the power of a pixel's luminance that multiplies its light before it
    counts (`formats.ootf_of`: for hlg); such a table ends at 1.0. "table" and "vbmi" (the C kernel) add whole
    numbers and give the same bits everywhere; "opencv" is within 0.02 of an 8-bit code of them. `variant`
    says which one runs. For one thread at a time.
    """

    def __init__(
        self,
        runs: Runs,
        table: npt.ArrayLike,
        pixel: str = "BGRA",
        variant: Variant = VARIANT,
        luminance: Sequence[float] = REC709,
        *,
        ootf: float = 0.0,
    ) -> None:
        if pixel not in NUMBERS:
            raise FrameError(f"pixel format {pixel!r} is not known (known: {', '.join(NUMBERS)})")
        light, codes = np.asarray(table, np.float64), 1 << BITS[pixel]
        most = BRIGHTEST if pixel == "AB4H" and not ootf else 1.0
        if light.shape != (codes,) or not ((light >= 0.0) & (light <= most)).all():
            raise FrameError(f"a sampling table of {pixel} has {codes} values of linear light, 0..{most:g}")
        if runs.total.max(initial=0.0) > MOST_PIXELS:
            raise FrameError(f"an area has more than {MOST_PIXELS} pixels")
        self.variant = _available(_KERNEL, variant)
        self._ootf = Ootf(ootf, luminance) if ootf else None
        if self.variant == "vbmi" and (pixel not in EIGHT_BIT or self._ootf):
            self.variant = "table"
        self._packing = PACKINGS[pixel]
        self._shape = (runs.height, runs.width, *self._packing.values)
        whole, shares = np.rint(light * SCALE).astype(np.uint32), luminance_shares(luminance)
        if _KERNEL is None or self.variant == "opencv":
            from lumad.sampling.opencv import OpenCvSampler  # noqa: PLC0415 -- costs 0.1 s, and only here

            self._fallback = OpenCvSampler(runs, whole, pixel, shares, self._ootf)
        else:
            self._prepare(_KERNEL, runs, whole, NUMBERS[pixel], shares)

    def _prepare(
        self,
        kernel: ctypes.CDLL,
        runs: Runs,
        whole: npt.NDArray[np.uint32],
        pixel: int,
        shares: npt.NDArray[np.uint32],
    ) -> None:
        means = runs.statistic[runs.area] == MEAN
        ranked = np.flatnonzero(~means)
        ranked = ranked[np.argsort(runs.area[ranked], kind="stable")]
        most = np.bincount(runs.area[ranked], runs.x1[ranked] - runs.x0[ranked]).max(initial=0.0)
        divisor = np.maximum(np.rint(runs.total * WHOLE), 1.0) * SCALE
        scratch = (
            np.zeros(BINS, np.uint64),
            np.empty(int(most), np.uint16),
            np.empty((runs.count, 3), np.uint64),
        )
        self._samples = np.zeros((runs.count, 3))
        chosen = [_columns(runs, None if means.all() else np.flatnonzero(means)), _columns(runs, ranked)]
        cells = colour_cells(np.arange(0, SCALE + 1, 1 << 12, dtype=np.uint32) if self._ootf else whole)
        used = (runs.weights, runs.statistic, whole, cells, divisor, *scratch)
        self._used = (chosen, used)  # what the addresses below point into lives as long as they do
        self._map = _Map(
            *(_Runs(len(own[0]), *(array.ctypes.data for array in own)) for own in chosen),
            runs.count,
            pixel,
            _NUMBERS[self.variant],
            (ctypes.c_uint32 * 4)(*shares.tolist()),
            *(array.ctypes.data for array in (*used, self._samples)),
        )
        if self._ootf:
            self._map.ootf = self._ootf.factors.ctypes.data
            self._map.shares[:3] = self._ootf.shares.tolist()
        self._address = ctypes.addressof(self._map)
        self._sample = kernel.lumad_sample

    @property
    def counted(self) -> int:
        """float16 pixels with an infinity or a NaN seen so far, once for each area that holds them."""
        return self._fallback.counted if self.variant == "opencv" else int(self._map.not_finite)

    def sample(self, pixels: Pixels) -> Samples:
        """The statistic of each area, linear R, G, B (count, 3), of `pixels` as Frame has them.

        Rows may be any distance apart. An empty area is black. The array returned is the sampler's own: the
        next call overwrites it. Raises FrameError for pixels of another shape than the runs were made for.
        """
        if pixels.shape != self._shape or pixels.dtype != self._packing.dtype:
            raise FrameError(
                f"the sampler is made for pixels {self._shape}, not {pixels.shape} {pixels.dtype}"
            )
        row, pixel, *value = pixels.strides
        if value not in ([], [pixels.itemsize]) or (pixel != self._packing.size_bytes and self._shape[1] > 1):
            raise FrameError("pixels of a row lie side by side")
        if self.variant == "opencv":
            return self._fallback.sample(pixels)
        self._sample(self._address, pixels.__array_interface__["data"][0], row)
        return self._samples


def _columns(runs: Runs, chosen: npt.NDArray[np.intp] | None) -> tuple[npt.NDArray[np.uint32], ...]:
    """What C reads of the runs `chosen`, or of all."""
    columns = (runs.area, runs.y, runs.x0, runs.x1, runs.weight_at)
    return columns if chosen is None else tuple(np.ascontiguousarray(array[chosen]) for array in columns)
