"""Dimmer times colour: coarse lamps keep their colour down to the lowest light (numpy only)."""

import numpy as np
import numpy.typing as npt

from lumad.colour.curve import Curve, CurveLike

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

_KEPT = 0.8  # the Dimmer keeps its code while the brightest channel stays above this part of its own full


class Split:
    """Shares light out between a Dimmer of some bits and the colour channels behind it.

    The Dimmer takes the lowest code that is bright enough and the colour channels the exact rest, so they
    stand near their full, where their steps are finest. Falling light keeps the code for a while (`held`):
    noise around a step of the Dimmer never makes it flutter.
    """

    def __init__(self, curve: CurveLike, bits: int) -> None:
        codes = np.arange(1 << bits)
        self._light = Curve(curve).forward(codes / codes[-1])

    def divide(self, drives: Floats, factor: Floats, held: Codes) -> tuple[Floats, Floats, Codes]:
        """Level (n,) of the Dimmer, drives (n, k) behind it, codes (n,) to hold: level * drives is the light.

        `drives` (n, k) 0..1 is the light asked of each channel, `factor` (n,) 0..1 scales it: at 0 the colour
        stays.
        """
        held = np.minimum(held, len(self._light) - 1)  # of another lamp, if the profile was changed
        peak = drives.max(axis=1)
        asked = peak * factor
        lowest = np.minimum(np.searchsorted(self._light, asked), len(self._light) - 1)
        kept = self._light[held]
        codes = np.where((asked > 0) & (kept >= asked) & (kept * _KEPT <= asked), held, lowest)
        level = self._light[codes]
        shape = drives / np.where(peak > 0, peak, 1.0)[:, None]
        rest = np.divide(asked, level, out=np.ones_like(asked), where=level > 0)
        return level, shape * np.minimum(rest, 1.0)[:, None], codes.astype(np.int32)
