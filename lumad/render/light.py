"""Where the sun stands and what it does to the sky: every colour of the dusk as a function of time."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LOOP_S = 96.0  # one setting and rising
HORIZON = 0.80  # of the height: where sky meets water
Colours = npt.NDArray[np.float32]


def _bgr(*codes: str) -> Colours:
    return np.array([tuple(bytes.fromhex(code))[::-1] for code in codes], np.float32)


# Sky colours (sRGB) from horizon to zenith, by the sun's height in picture heights.
_HEIGHTS = (-0.18, -0.10, -0.02, 0.06, 0.16, 0.30)
_TOWARD = np.stack([  # the side where the sun is
    _bgr("4a4674", "343a70", "20295c", "131b48", "0a1132", "060a22"),
    _bgr("c4685c", "98566e", "584678", "2c3068", "161f4c", "0d1436"),
    _bgr("ff923c", "f8744e", "b85c7e", "5e4a88", "2b3472", "172252"),
    _bgr("ffb04c", "ff8c4c", "e07672", "8c6294", "42508e", "22386e"),
    _bgr("ffcb70", "ffac62", "ec9080", "a67e9c", "5a70a6", "32588e"),
    _bgr("ffe0a0", "fac890", "e4ae98", "aa9cb2", "688eb8", "427aa8"),
])  # fmt: skip
_AWAY = np.stack([  # the far sides: cooler, the belt of Venus above the earth's shadow
    _bgr("2c3260", "242d60", "192350", "10183e", "09102c", "060a1e"),
    _bgr("504872", "4c4678", "393c76", "222a60", "131b46", "0b1234"),
    _bgr("94688a", "96668e", "6c5a8a", "3c427c", "222c66", "14204e"),
    _bgr("d28c7e", "c28288", "927298", "5c5e94", "38498a", "203468"),
    _bgr("eab084", "d6a294", "ac92a2", "7886a8", "4a6ea0", "2a528a"),
    _bgr("eeccaa", "dcc0b0", "b6b0b4", "86a2bc", "5a8cb8", "3a74a4"),
])  # fmt: skip
_GLOW = _bgr("000000", "6a2410", "ff6418", "ff8a2c", "ffba60", "ffe0a0")
_GLOW_STRENGTH = (0.0, 0.40, 0.80, 0.95, 0.95, 0.90)
_DISC = _bgr("ff5014", "ff5014", "ff9440", "ffd07c", "fff2c4", "fffbea")
_CLOUD_LIT = _bgr("343a66", "9a4a5c", "ff6c3c", "ff9850", "ffc880", "ffe8c4")
_CLOUD_DIM = _bgr("0e142e", "221f42", "4a3460", "6c4c70", "8e7490", "a89cac")


@dataclass(frozen=True, slots=True)
class Light:
    """The light at one moment; colours are BGR codes 0..255, lengths are picture heights."""

    sun_x: float  # from the picture's middle
    sun_height: float  # above the waterline, negative when down
    toward: Colours  # (6, 3) horizon to zenith
    away: Colours
    glow: Colours
    glow_strength: float
    disc: Colours
    cloud_lit: Colours
    cloud_dim: Colours
    darkness: float  # 0 by day, 1 at night


def light_at(seconds: float) -> Light:
    """The light of the scene; repeats every LOOP_S."""
    angle = math.tau * seconds / LOOP_S + math.radians(52)
    height = 0.06 + 0.24 * math.cos(angle)
    return Light(
        sun_x=0.14 + 0.20 * math.sin(angle),
        sun_height=height,
        toward=_between(_TOWARD, height),
        away=_between(_AWAY, height),
        glow=_between(_GLOW, height),
        glow_strength=float(np.interp(height, _HEIGHTS, _GLOW_STRENGTH)),
        disc=_between(_DISC, height),
        cloud_lit=_between(_CLOUD_LIT, height),
        cloud_dim=_between(_CLOUD_DIM, height),
        darkness=smooth((0.13 - height) / 0.26),
    )


def smooth(x: float) -> float:
    """Smoothstep: 0 below 0, 1 above 1, no corner between."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def _between(keys: Colours, height: float) -> Colours:
    place = float(np.interp(height, _HEIGHTS, np.arange(len(_HEIGHTS))))
    first = min(int(place), len(_HEIGHTS) - 2)
    part = np.float32(place - first)
    return np.asarray(keys[first] * (1 - part) + keys[first + 1] * part, dtype=np.float32)
