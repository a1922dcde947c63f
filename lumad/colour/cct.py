"""Lamps that are white only: which colour temperature, and which tint, for light of any colour."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.colour.white import cct_to_xy, nearest_black_body, with_trace, xy_to_xyz, xyz_to_uv

Array = npt.NDArray[np.float64]

FOLLOWS, LETS_GO = 0.02, 0.05  # Duv up to which the temperature follows fully, and from which it is neutral
_ROUNDING = 0.5  # mired


@dataclass(frozen=True, slots=True)
class CctFollow:
    """`kelvin` (N,); `duv` (N,) given by the lamp's tint; `residual` (N,) Duv asked that it leaves out;
    `limited` (N,) where the temperature asked lies beyond the lamp's range.
    """

    kelvin: Array
    duv: Array
    residual: Array
    limited: npt.NDArray[np.bool_]


def follow(
    xyz: npt.ArrayLike,
    neutral_kelvin: npt.ArrayLike,
    coldest: npt.ArrayLike,
    warmest: npt.ArrayLike,
    tint: tuple[float, float] | None = None,
) -> CctFollow:
    """Colour temperature for light of XYZ (N, 3), full output Y = 1; kelvins for all or (N,), tint in Duv.

    White light is followed, up to |Duv| 0.02. From there to 0.05 the temperature goes over (smoothstep, in
    mired) to neutral, where it stays for all colours further off and for black: among greens, magentas and
    blues the nearest temperature means nothing, and jumps. So nothing here ever does. Duv is kept as far as
    the tint goes.
    """
    warm, cold = 1e6 / np.asarray(warmest, np.float64), 1e6 / np.asarray(coldest, np.float64)
    neutral = np.clip(1e6 / np.asarray(neutral_kelvin, np.float64), cold, warm)
    light = with_trace(xyz, xy_to_xyz(cct_to_xy(1e6 / neutral)))
    mired, along, across = nearest_black_body(xyz_to_uv(light))
    off = np.hypot(along, across)
    blend = np.clip((LETS_GO - off) / (LETS_GO - FOLLOWS), 0.0, 1.0)
    trust = blend * blend * (3.0 - 2.0 * blend)
    reached = np.clip(mired, cold, warm)
    duv = np.zeros_like(across) if tint is None else np.clip(across, *tint)
    return CctFollow(
        kelvin=1e6 / (neutral + trust * (reached - neutral)),
        duv=duv,
        residual=np.copysign(off, across) - duv,
        limited=(np.abs(mired - reached) > _ROUNDING) & (trust > 0.0),
    )
