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
}
NO_EMITTER = (*D65, 0.0)  # unknown in every way: counts as dark
KELVIN = (2700.0, 6500.0)  # warm and cold end of a bicolour lamp
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
