"""The gaffer's taste in colour: shifts of mired and tint, and saturation. None of them changes luminance."""

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import oklab_to_xyz, rgb_to_xyz, xyz_to_oklab
from lumad.colour.white import COOLEST, WARMEST, cct_to_xy, xy_to_xyz, xyz_to_cct

Array = npt.NDArray[np.float64]

_FROM_WIDE = rgb_to_xyz("rec2020")
_TO_WIDE = np.linalg.inv(_FROM_WIDE)
_ENDS = 1e6 / COOLEST, 1e6 / WARMEST  # mired of the coldest and the warmest black body
_LEAST = 1e-3  # of a primary in white at Y = 1, so that a gain is never 0
_MOST_MIRED, _MOST_DUV = 500.0, 0.05


def trimmed(
    xyz: npt.ArrayLike,
    white_xyz: npt.ArrayLike,
    mired: npt.ArrayLike,
    tint: npt.ArrayLike,
    saturation: npt.ArrayLike,
) -> Array:
    """XYZ (N, 3) by the trims of its rows, each (N,): `shifted`, then `saturate`, luminance kept.

    Rows of neutral trims (0, 0, 1) stay bit for bit.
    """
    light = np.array(xyz, np.float64)
    mireds, tints, factors = (np.asarray(each, np.float64) for each in (mired, tint, saturation))
    rows = np.flatnonzero((mireds != 0.0) | (tints != 0.0))
    if len(rows):
        light[rows] = shifted(light[rows], white_xyz, mireds[rows], tints[rows])
    rows = np.flatnonzero(factors != 1.0)
    if len(rows):
        light[rows] = _as_bright(saturate(light[rows], white_xyz, factors[rows]), light[rows])
    return light


def shifted(xyz: npt.ArrayLike, white_xyz: npt.ArrayLike, mired: npt.ArrayLike, tint: npt.ArrayLike) -> Array:
    """XYZ (N, 3) of the same luminance, `mired` (N,) warmer and `tint` (N,) greener, in Duv.

    As a camera balances white: gains on red, green and blue of Rec. 2020 make white the white that many mired
    and Duv away, exactly as long as that lies within Rec. 2020. Other whites shift nearly as far, saturated
    colours less and less, primaries not at all; nothing jumps, and nothing of the wall leaves Rec. 2020.
    More than 500 mired or 0.05 Duv count as that.
    """
    before = np.asarray(xyz, np.float64)
    rgb = before @ _TO_WIDE.T
    gains = _gains(white_xyz, mired, tint)
    rgb *= np.where(
        rgb > 0.0, gains, gains.min(axis=1, keepdims=True)
    )  # so that light stays light outside, too
    return _as_bright(np.maximum(rgb @ _FROM_WIDE.T, 0.0), before)


def saturate(xyz: npt.ArrayLike, white_xyz: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """XYZ (N, 3) with its Oklab chroma times `factor` (one, or (N,)); hue and lightness stay.

    A factor above 1 goes no further than to the border of Rec. 2020, and takes nothing outside any further.
    """
    lab = xyz_to_oklab(xyz, white_xyz)
    factors = np.array(np.broadcast_to(np.asarray(factor, np.float64), lab.shape[:-1]))
    light = _of_chroma(lab, white_xyz, factors)
    beyond = np.flatnonzero((factors > 1.0) & ((light @ _TO_WIDE.T).min(axis=-1) < 0.0))
    if len(beyond):
        light[beyond] = _of_chroma(lab[beyond], white_xyz, _most(lab[beyond], white_xyz, factors[beyond]))
    return np.maximum(light, 0.0)


def _of_chroma(lab: Array, white_xyz: npt.ArrayLike, factors: Array) -> Array:
    return oklab_to_xyz(np.stack([lab[..., 0], lab[..., 1] * factors, lab[..., 2] * factors], -1), white_xyz)


def _most(lab: Array, white_xyz: npt.ArrayLike, factors: Array) -> Array:
    """The largest factor (N,) of chroma, 1..factors, that stays within Rec. 2020; 1 where none does."""
    low, high = np.ones_like(factors), factors
    for _ in range(24):
        middle = 0.5 * (low + high)
        within = (_of_chroma(lab, white_xyz, middle) @ _TO_WIDE.T).min(axis=-1) >= 0.0
        low, high = np.where(within, middle, low), np.where(within, high, middle)
    return low


def _gains(white_xyz: npt.ArrayLike, mired: npt.ArrayLike, tint: npt.ArrayLike) -> Array:
    """Gains (N, 3) on red, green and blue that move white's chromaticity by `mired` and `tint` (N,)."""
    (kelvin,), (duv,) = xyz_to_cct(np.asarray(white_xyz, np.float64)[None])
    warmer = np.clip(np.asarray(mired, np.float64), -_MOST_MIRED, _MOST_MIRED)
    greener = np.clip(np.asarray(tint, np.float64), -_MOST_DUV, _MOST_DUV)
    gains: Array = np.exp(_log_white(1e6 / kelvin + warmer, duv + greener) - _log_white(1e6 / kelvin, duv))
    return gains


def _log_white(mired: npt.ArrayLike, duv: npt.ArrayLike) -> Array:
    """Logarithms (…, 3) of red, green and blue of white at Y = 1.

    Along the locus they are nearly straight in mired (Wien's law), and go straight on beyond its ends.
    """
    asked = np.asarray(mired, np.float64)
    inside = np.clip(asked, *_ENDS)
    rgb = xy_to_xyz(cct_to_xy(1e6 / inside, duv)) @ _TO_WIDE.T
    logs: Array = np.log(np.maximum(rgb, _LEAST)) + (asked - inside)[..., None] * _BY_MIRED
    return logs


_COLD, _WARM = np.log(xy_to_xyz(cct_to_xy((COOLEST, 4000.0))) @ _TO_WIDE.T)
_BY_MIRED = (_WARM - _COLD) / (1e6 / 4000.0 - 1e6 / COOLEST)


def _as_bright(light: Array, before: Array) -> Array:
    """`light` (N, 3) at the luminance of `before` (N, 3)."""
    luminance = light[:, 1:2]
    scale = np.divide(before[:, 1:2], luminance, out=np.zeros_like(luminance), where=luminance > 0.0)
    scaled: Array = light * scale
    return scaled
