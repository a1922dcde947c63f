"""The sampler: mean linear light of each area of a frame, by the C kernel or, without it, by OpenCV."""

import ctypes
import os
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.sampling.runs import Runs

Pixels = npt.NDArray[np.uint8]
Means = npt.NDArray[np.float64]
Variant = Literal["table", "opencv"]

SCALE = 1 << 20  # of the whole-number table: 1.0 of linear light

_VERSION = 1


class _Map(ctypes.Structure):
    """`struct map` of _kernel.c."""

    _fields_ = (
        ("runs", ctypes.c_uint64),
        ("areas", ctypes.c_uint64),
        ("area", ctypes.c_void_p),
        ("y", ctypes.c_void_p),
        ("x0", ctypes.c_void_p),
        ("x1", ctypes.c_void_p),
        ("table", ctypes.c_void_p),
        ("divisor", ctypes.c_void_p),
        ("sums", ctypes.c_void_p),
        ("means", ctypes.c_void_p),
    )


def load_kernel(folder: Path) -> ctypes.CDLL | None:
    """The compiled kernel of a folder; None where it is missing, of another machine or of another version."""
    try:
        library = ctypes.CDLL(str(folder / "_kernel.abi3.so"))
        library.lumad_kernel_version.restype = ctypes.c_uint32
        if library.lumad_kernel_version() != _VERSION:
            return None
        library.lumad_mean.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ssize_t)
        library.lumad_mean.restype = None
    except (OSError, AttributeError):
        return None
    return library


_KERNEL = None if os.environ.get("LUMAD_KERNEL") == "opencv" else load_kernel(Path(__file__).parent)
VARIANT: Variant = "opencv" if _KERNEL is None else "table"


class Sampler:
    """Means of the areas of `runs` in frames of one size; `table` (256,) is the linear light of a code, 0..1.

    Light is rounded to 2^-20. "table" (the C kernel) adds whole numbers and gives the same bits everywhere;
    "opencv" adds floats and is within 1e-12 of it. `variant` says which one runs. For one thread at a time.
    """

    def __init__(self, runs: Runs, table: npt.ArrayLike, variant: Variant = VARIANT) -> None:
        light = np.asarray(table, np.float64)
        if light.shape != (256,) or not ((light >= 0.0) & (light <= 1.0)).all():
            raise FrameError("a sampling table has 256 values of linear light, 0..1")
        self.variant = variant
        self._runs = runs
        self._shape = (runs.height, runs.width, 4)
        whole = np.rint(light * SCALE).astype(np.uint32)
        if variant == "table" and _KERNEL is not None:
            self._prepare(_KERNEL, whole)
        else:
            self._fall_back(whole)

    def _prepare(self, kernel: ctypes.CDLL, whole: npt.NDArray[np.uint32]) -> None:
        runs = self._runs
        divisor = np.maximum(runs.pixels, 1.0) * SCALE
        sums = np.zeros((runs.count, 3), np.uint64)
        self._means = np.zeros((runs.count, 3))
        used = (runs.area, runs.y, runs.x0, runs.x1, whole, divisor, sums, self._means)
        self._used = used  # what the addresses below point into lives as long as they do
        self._map = _Map(len(runs.area), runs.count, *(array.ctypes.data for array in used))
        self._address = ctypes.addressof(self._map)
        self._mean = kernel.lumad_mean

    def _fall_back(self, whole: npt.NDArray[np.uint32]) -> None:
        from lumad.sampling.opencv import OpenCvMeans  # noqa: PLC0415 -- costs 0.1 s, and only here

        self.variant = "opencv"
        self._fallback = OpenCvMeans(self._runs, whole / SCALE)

    def mean(self, pixels: Pixels) -> Means:
        """Mean linear R, G, B (count, 3) of uint8 B, G, R, x pixels (H, W, 4) with any distance of rows.

        An empty area is black. The array returned is the sampler's own: the next call overwrites it.
        Raises FrameError for pixels of another shape than the runs were made for.
        """
        if pixels.shape != self._shape or pixels.dtype != np.uint8:
            raise FrameError(
                f"the sampler is made for pixels {self._shape}, not {pixels.shape} {pixels.dtype}"
            )
        row, pixel, byte = pixels.strides
        if byte != 1 or (pixel != 4 and self._shape[1] > 1):
            raise FrameError("pixels of a row lie side by side, four bytes each")
        if self.variant == "opencv":
            return self._fallback.mean(pixels)
        self._mean(self._address, pixels.__array_interface__["data"][0], row)
        return self._means
