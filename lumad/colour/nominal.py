"""What is assumed of lamps that nobody measured; whoever uses it says `assumed`."""

from collections.abc import Mapping

from lumad.colour.white import D65

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
TRANSFER = "linear"
