"""What is assumed of lamps that nobody measured; whoever uses it says `assumed`."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lumad.colour.white import D65, xy_to_xyz

# CIE 1931 x, y and relative Y of plausible LEDs, by GDTF attribute
EMITTERS: Mapping[str, tuple[float, float, float]] = {
    "ColorAdd_R": (0.690, 0.305, 60.0),
    "ColorAdd_G": (0.170, 0.700, 120.0),
    "ColorAdd_B": (0.150, 0.045, 25.0),
    "ColorAdd_W": (*D65, 200.0),
    "ColorAdd_WW": (0.4599, 0.4106, 180.0),  # 2700 K
    "ColorAdd_CW": (0.3135, 0.3236, 200.0),  # 6500 K
    "ColorAdd_RY": (0.570, 0.427, 80.0),  # amber
    "ColorAdd_Y": (0.500, 0.490, 150.0),
    "ColorAdd_GY": (0.410, 0.545, 180.0),  # lime
    "ColorAdd_GC": (0.100, 0.600, 90.0),  # between green and cyan
    "ColorAdd_C": (0.075, 0.480, 70.0),
    "ColorAdd_BC": (0.110, 0.110, 35.0),  # light blue
    "ColorAdd_BM": (0.160, 0.020, 12.0),  # indigo
    "ColorAdd_M": (0.340, 0.160, 60.0),
    "ColorAdd_RM": (0.715, 0.280, 20.0),  # deep red
    "ColorAdd_UV": (0.170, 0.010, 0.0),  # dark: a match never needs it
}
NO_EMITTER = (*D65, 0.0)  # unknown in every way: counts as dark
KELVIN = (2700.0, 6500.0)  # warm and cold end of a bicolour lamp
TINT = 20.0  # Duv times 1000 at 100 %green
PRIMARIES = "rec709"


class Emitter(Protocol):
    """What a profile says of one LED colour; None is unknown."""

    @property
    def attribute(self) -> str | None:
        """GDTF attribute, where the emitter's name is none."""

    @property
    def xyY(self) -> tuple[float, float, float] | None:  # noqa: N802 - CIE's name
        """CIE 1931 x, y and relative Y at full."""


def emitter_xyz(name: str, emitter: Emitter) -> npt.NDArray[np.float64]:
    """XYZ (3,) of an emitter at full, in the profile's unit; one that is unknown in every way stays dark."""
    x, y, luminance = emitter.xyY or EMITTERS.get(emitter.attribute or name, NO_EMITTER)
    return xy_to_xyz((x, y), luminance)
