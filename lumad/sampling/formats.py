"""Pixel formats as a sampler reads them: the table of each, and the codes of its red, green and blue."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour.transfer import decode, hlg_gamma, table
from lumad.errors import FrameError

Light = npt.NDArray[np.float64]
Codes = npt.NDArray[Any]

NUMBERS = {"BGRA": 0, "BGR3": 1, "RGBA": 2, "XR30": 3, "AB48": 4, "AB4H": 5}  # enum pixel of _kernel.h
BITS = {"BGRA": 8, "BGR3": 8, "RGBA": 8, "XR30": 10, "AB48": 16, "AB4H": 16}
EIGHT_BIT = frozenset(pixel for pixel, bits in BITS.items() if bits == 8)
BRIGHTEST = 128.0  # of float16 light: with 2^28 pixels of it, whole-number sums still fit 64 bits

_ORDER = {"BGRA": (2, 1, 0), "BGR3": (2, 1, 0)}  # where red, green and blue lie in memory; else 0, 1, 2


def light_table(
    pixel: str, transfer: str, code_range: str = "full", peak_nits: float = 1000.0
) -> npt.NDArray[np.float64]:
    """Linear light of each code of a pixel format, (256,), (1024,) or (65536,); what a Sampler takes.

    AB4H is indexed by the bits of the half: linear values are kept up to 128.0, infinity too becomes that,
    negative values and NaN become 0; codes of other transfer functions end at 1.0, float16 is never legal
    range. For hlg it is the light of the scene, to be sampled with `ootf_of`. Raises FrameError for an
    unknown format.
    """
    if pixel not in NUMBERS:
        raise FrameError(f"pixel format {pixel!r} is not known (known: {', '.join(NUMBERS)})")
    if pixel != "AB4H":
        return table(transfer, code_range, BITS[pixel], peak_nits)
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float64)
    values = np.nan_to_num(halves, nan=0.0, posinf=BRIGHTEST, neginf=0.0)
    if transfer == "linear":
        return np.clip(values, 0.0, BRIGHTEST)
    return decode(transfer, values, peak_nits)


def ootf_of(transfer: str, peak_nits: float = 1000.0) -> float:
    """Power of a pixel's luminance that multiplies its light: of hlg the system gamma - 1, else 0."""
    return hlg_gamma(peak_nits) - 1.0 if transfer == "hlg" else 0.0


def order_of(pixel: str) -> tuple[int, int, int]:
    """Which of a pixel's values are red, green and blue."""
    return _ORDER.get(pixel, (0, 1, 2))


def values_of(pixels: npt.NDArray[Any], pixel: str) -> Codes:
    """The codes (..., 3 or 4) of pixels as a frame has them, in their own order; packed ones are unpacked."""
    if pixel != "XR30":
        return pixels
    return np.stack([(pixels >> shift) & 0x3FF for shift in (20, 10, 0)], axis=-1)


def codes_of(pixels: npt.NDArray[Any], pixel: str) -> Codes:
    """The codes (..., 3) of R, G, B."""
    return values_of(pixels, pixel)[..., order_of(pixel)]


def not_finite(codes: Codes) -> npt.NDArray[np.bool_]:
    """Which float16 pixels, by their bits (..., 3), hold an infinity or a NaN."""
    found: npt.NDArray[np.bool_] = ((codes & 0x7C00) == 0x7C00).any(axis=-1)
    return found
