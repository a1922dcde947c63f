"""Light of emitters: which drives make a colour."""

from itertools import product

import numpy as np
import numpy.typing as npt

from lumad.colour.gamut import FLAT, Gamut, facets, rank_of
from lumad.colour.spaces import WHITE_D65
from lumad.colour.white import uv_to_cct, xyz_to_uv

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

GAMUT = 1  # limit flag: the colour is outside what the emitters can mix
LUMINANCE = 2  # limit flag: the colour is brighter than the emitters can be
MOST_EMITTERS = 8

_FREE = (0.0, 1.0)  # bounds on a drive before clipping, that its set of active limits is right within
_AT_ZERO = (-np.inf, 0.0)
_AT_FULL = (1.0, np.inf)
_NO_LIGHT = 1e-6  # of the brightest emitter: less is rounding of a profile, not light
_BLOCK = 1 << 18  # numbers of one temporary array: bounds memory at many emitters and cells
_WHITE_WEIGHT = 0.1
_WHITE_DUV = 0.05  # an emitter this far off the Planckian locus (and further) counts as a colour
_WHITE_MIRED = (50.0, 400.0)  # 20 000..2500 K: amber lies near the locus, too, but beyond


class EmitterSolve:
    """Drives of n emitters (1..8) with XYZ columns (3, n) at full, in any unit, that make a colour.

    More than three emitters can make one colour in many ways. The drives d are those of least sum of w d²,
    which are unique and so continuous; w is small for white emitters, whose light renders skin and cloth best
    (`white_preference` 0..1: how much that counts). Each set of drives that stand at 0 or at full gives one
    affine map from XYZ to drives; all maps are tried at once, and the one that keeps its own limits is the
    solution. Time grows as 3^n: bake a table for more than five emitters and many cells.
    """

    def __init__(
        self, columns: npt.ArrayLike, white_xyz: npt.ArrayLike = WHITE_D65, white_preference: float = 1.0
    ) -> None:
        full = np.asarray(columns, np.float64)
        if full.ndim != 2 or full.shape[0] != 3 or not 1 <= full.shape[1] <= MOST_EMITTERS:
            raise ValueError(f"columns of 1..{MOST_EMITTERS} emitters are (3, n), not {full.shape}")
        if not np.isfinite(full).all() or full.min() < -1e-9 * full.max():
            raise ValueError("light of emitters is finite and not negative")
        self.columns = np.maximum(full, 0.0)
        brightest = max(float(full[1].max()), 1e-30)
        self._lit = np.flatnonzero(full[1] > _NO_LIGHT * brightest)  # no other emitter is ever driven
        if len(self._lit):
            self._prepare(self.columns[:, self._lit], np.asarray(white_xyz, np.float64), white_preference)

    def _prepare(self, columns: Array, white: Array, white_preference: float) -> None:
        self._gamut = Gamut(columns, white)
        rank = rank_of(columns)
        self._basis = np.eye(3) if rank == 3 else np.linalg.svd(columns)[0][:, :rank]
        flat = self._basis.T @ columns
        normals, supports = facets(flat)
        bounds = supports > 0.0
        self._limits = self._basis @ (normals[bounds] / supports[bounds, None]).T  # (3, F)
        self._maps, self._low, self._high = _active_sets(flat, _weights(columns, white_preference))

    def full_output(self, white_xyz: npt.ArrayLike) -> float:
        """Largest s with `s * white_xyz` reachable; of a white outside the gamut: its nearest inside."""
        if not len(self._lit):
            return 0.0
        white = np.asarray(white_xyz, np.float64)[None]
        if self._gamut.outside(white).any():
            white = self._gamut.bring_in(white)
        return float(1.0 / (white @ self._limits).max())

    def solve(self, target_xyz: npt.ArrayLike) -> tuple[Array, Flags]:
        """(drives (N, n) 0..1, limit flags (N,)) for XYZ (N, 3) in the columns' unit; exact where reachable.

        Outside the gamut: hue and luminance kept (see `Gamut`), flag GAMUT. Too bright: chromaticity kept,
        luminance lowered, flag LUMINANCE. Y <= 0 is black: no drive, no flag.
        """
        xyz = np.array(target_xyz, np.float64)  # a copy: unreachable rows are replaced
        drives, flags = np.zeros((len(xyz), self.columns.shape[1])), np.zeros(len(xyz), np.uint8)
        light = np.flatnonzero(xyz[:, 1] > 1e-9 * np.abs(xyz).max(axis=1, initial=1e-12))
        if not len(self._lit):
            flags[light] = LUMINANCE
        elif len(light):
            some, some_flags = self._solve(xyz[light])
            drives[light[:, None], self._lit] = some
            flags[light] = some_flags
        return drives, flags

    def _solve(self, xyz: Array) -> tuple[Array, Flags]:
        flags = np.zeros(len(xyz), np.uint8)
        outside = self._gamut.outside(xyz)
        if outside.any():
            xyz[outside] = self._gamut.bring_in(xyz[outside])
            flags[outside] |= GAMUT
        ask = (xyz @ self._limits).max(axis=1)  # 1 = on the border of what the emitters can together
        flags[ask > 1.0 + 1e-6] |= LUMINANCE
        flat = (xyz / np.maximum(ask, 1.0)[:, None]) @ self._basis
        block = max(1, _BLOCK // self._low.size)
        parts = [self._drives(flat[start : start + block]) for start in range(0, len(flat), block)]
        return (parts[0] if len(parts) == 1 else np.concatenate(parts)), flags

    def _drives(self, flat: Array) -> Array:
        """Drives (N, n) of reachable colours (N, r): of all maps the one least outside its limits."""
        sets, count = self._low.shape
        free = (flat @ self._maps[:-1] + self._maps[-1]).reshape(len(flat), sets, count)
        fault = np.maximum(self._low - free, free - self._high).max(axis=2)
        drives: Array = np.clip(free[np.arange(len(flat)), fault.argmin(axis=1)], 0.0, 1.0)
        return drives


def _weights(columns: Array, white_preference: float) -> Array:
    """Cost (n,) of each emitter: 1 for a colour, down to 0.1 for a white."""
    uv = xyz_to_uv(columns.T)
    kelvin, duv = uv_to_cct(uv)
    mired = 1e6 / kelvin
    beyond = np.abs(mired - np.clip(mired, *_WHITE_MIRED)) * 5e-4  # mired as a distance in uv, roughly
    white = np.clip(1.0 - np.hypot(duv, beyond) / _WHITE_DUV, 0.0, 1.0)
    return 1.0 - (1.0 - _WHITE_WEIGHT) * white_preference * white


def _active_sets(columns: Array, weights: Array) -> tuple[Array, Array, Array]:
    """(maps (r + 1, S n), low (S, n), high (S, n)): unclipped drives = [x, 1] @ maps, right within low..high.

    Karush, Kuhn and Tucker: least sum of w d² with columns d = x and 0 <= d <= 1 is d = clip(z, 0, 1) with
    z = columns' y / w; y solves columns d = x over the free drives.
    """
    rank, count = columns.shape
    root = np.sqrt(weights)
    unit = columns / np.linalg.norm(columns, axis=0)
    maps, lows, highs = [], [], []
    for states in product((_FREE, _AT_ZERO, _AT_FULL), repeat=count):
        free = np.array([state is _FREE for state in states])
        if free.sum() < rank:
            continue
        if np.linalg.svd(unit[:, free], compute_uv=False)[-1] < FLAT:
            continue
        least = np.linalg.pinv(columns[:, free] / root[free])  # of r(w) d
        to_z = columns.T @ least.T @ least / weights[:, None]  # (n, r)
        to_z[free] = least / root[free, None]
        full = columns[:, [state is _AT_FULL for state in states]].sum(axis=1)
        maps.append(np.column_stack([to_z, -to_z @ full]).T)
        lows.append([state[0] for state in states])
        highs.append([state[1] for state in states])
    return np.concatenate(maps, axis=1), np.array(lows), np.array(highs)
