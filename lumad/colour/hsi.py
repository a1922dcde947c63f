"""Lamps that take hue, saturation and intensity: the hexagon of a colour space that their firmware mixes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.colour.rgb import RgbSpace

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hsi:
    """`hue` (N,) degrees 0..360 (red, yellow, green, …; 0 for grey), `saturation` (N,) and `level` (N,) 0..1
    of linear light, `limits` (N,) flags GAMUT and LUMINANCE.
    """

    hue: Array
    saturation: Array
    level: Array
    limits: npt.NDArray[np.uint8]


def solve(space: RgbSpace, target_xyz: npt.ArrayLike) -> Hsi:
    """Target XYZ (N, 3) for such a lamp: level is the largest of R, G, B, saturation 1 - least / largest."""
    rgb, limits = space.solve(target_xyz)
    red, green, blue = rgb.T
    level = np.maximum(np.maximum(red, green), blue)
    span = level - np.minimum(np.minimum(red, green), blue)
    some = np.where(span > 0.0, span, 1.0)
    sixth = np.select(
        [level == red, level == green],
        [((green - blue) / some) % 6.0, (blue - red) / some + 2.0],
        (red - green) / some + 4.0,
    )
    return Hsi(sixth * 60.0, span / np.where(level > 0.0, level, 1.0), level, limits)


def light(space: RgbSpace, hue: npt.ArrayLike, saturation: npt.ArrayLike, level: npt.ArrayLike) -> Array:
    """XYZ (N, 3) that such a lamp gives; the inverse of `solve`."""
    corner = (np.asarray(hue, np.float64)[:, None] / 60.0 + (5.0, 3.0, 1.0)) % 6.0
    missing = np.clip(np.minimum(corner, 4.0 - corner), 0.0, 1.0)  # of each primary, at full saturation
    rgb = 1.0 - np.asarray(saturation, np.float64)[:, None] * missing
    xyz: Array = (rgb * np.asarray(level, np.float64)[:, None]) @ space.columns.T
    return xyz
