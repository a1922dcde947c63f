"""Lamps that take a chromaticity: CIE 1931 x and y, and a level."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import GAMUT, LUMINANCE
from lumad.colour.gamut import Gamut
from lumad.colour.spaces import WHITE_D65
from lumad.colour.white import with_trace, xy_to_xyz

Array = npt.NDArray[np.float64]

LOW, HIGH = 0.0, 0.8  # x and y that most such lamps take


@dataclass(frozen=True, slots=True)
class Xy:
    """`xy` (N, 2) CIE 1931, `level` (N,) 0..1 of full luminance, `limits` (N,) flags GAMUT and LUMINANCE."""

    xy: Array
    level: Array
    limits: npt.NDArray[np.uint8]


def solve(
    target_xyz: npt.ArrayLike,
    low: float = LOW,
    high: float = HIGH,
    gamut: Gamut | None = None,
    white_xyz: npt.ArrayLike = WHITE_D65,
) -> Xy:
    """Target XYZ (N, 3), full output in wall white Y = 1, for a lamp that takes x and y of `low`..`high`.

    Colours outside `gamut`, the lamp's own where it is known, come inside with their hue; what is then beyond
    low..high goes straight towards white. Luminance is kept, up to full. Black is white of level 0.
    """
    luminance, white = np.asarray(target_xyz, np.float64)[:, 1], np.asarray(white_xyz, np.float64)
    target = with_trace(target_xyz, white)
    changed = np.zeros(len(target), np.bool_)
    if gamut is not None:
        changed = gamut.outside(target)
        target[changed] = gamut.bring_in(target[changed])
    asked = target[:, :2] / target.sum(axis=1, keepdims=True)
    xy = _drawn_in(asked, white[:2] / white.sum(), low, high)
    changed |= (xy != asked).any(axis=1)
    limits = np.where(changed & (luminance > 0.0), GAMUT, 0) | np.where(luminance > 1.0 + 1e-6, LUMINANCE, 0)
    return Xy(xy, np.clip(luminance, 0.0, 1.0), limits.astype(np.uint8))


def light(xy: npt.ArrayLike, level: npt.ArrayLike) -> Array:
    """XYZ (N, 3) that such a lamp gives; x, y that are no light give none."""
    pairs = np.asarray(xy, np.float64)
    known = pairs[:, 1] > 0.0
    return np.maximum(xy_to_xyz(np.where(known[:, None], pairs, 1.0), np.where(known, level, 0.0)), 0.0)


def _drawn_in(asked: Array, white: Array, low: float, high: float) -> Array:
    """Chromaticities (N, 2) of low..high; one outside on its straight way to white."""
    if asked.min(initial=high) >= low and asked.max(initial=low) <= high:
        return asked
    way = asked - white
    room = np.divide(
        np.where(way > 0.0, high, low) - white, way, out=np.full_like(way, np.inf), where=way != 0.0
    )
    part = np.clip(room.min(axis=1, keepdims=True), 0.0, 1.0)
    return np.clip(np.where(part < 1.0, white + part * way, asked), low, high)
