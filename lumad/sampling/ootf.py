"""A scene's light to the wall's (the OOTF of HLG, ITU-R BT.2100-2, table 5): rules of _kernel.h for numpy.

All channels of a pixel are multiplied by a power of its luminance. That mixes channels, so it is done pixel
by pixel, before anything is averaged.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.sampling.statistics import SCALE

STEPS = 128  # luminances an octave: a float's exponent and 7 bits of its fraction number them
OCTAVES = 28
_FIRST = (127 - 8) * STEPS  # of 2^-8, where 2^20 is 1.0
_F32 = np.float32


class Ootf:
    """Light times luminance ** `exponent`, by a table and lines between its entries, in 32-bit floats.

    `luminance` is the share of R, G, B in it (none below 0). Exponents are above -1. Each operation is
    rounded alike in numpy and in C, so both give the same whole numbers; they are within 2^-18 of float64 for
    exponents 0..0.8 (HLG on walls of 300 to 10 000 cd/m²).
    """

    def __init__(self, exponent: float, luminance: Sequence[float]) -> None:
        if not -1.0 < exponent < np.inf:
            raise FrameError(f"{exponent} is no exponent of an OOTF")
        kept = np.maximum(np.asarray(luminance, np.float64), 0.0)
        self.shares = (kept / kept.sum()).astype(_F32)
        steps = np.arange(STEPS * OCTAVES + 2, dtype=np.uint32) + _FIRST
        bright = (steps << 16).view(_F32).astype(np.float64) / SCALE
        self.factors = (bright**exponent).astype(_F32)

    def shown(self, light: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
        """The wall's light (..., 3) of a scene's, both in 2^-20; what is above 1.0 becomes that."""
        scene = light.astype(_F32)
        red, green, blue = (scene[..., channel] * self.shares[channel] for channel in range(3))
        bits = np.clip(red + green + blue, _F32(2.0**-8), _F32(SCALE)).view(np.uint32)
        step = (bits >> np.uint32(16)) - np.uint32(_FIRST)
        part = (bits & np.uint32(0xFFFF)).astype(_F32) * _F32(2.0**-16)
        low = self.factors[step]
        factor = low + (self.factors[step + 1] - low) * part
        product = scene * factor[..., None] + _F32(0.5)
        shown: npt.NDArray[np.uint32] = np.minimum(product, _F32(SCALE)).astype(np.uint32)
        return shown
