"""Light of emitters: which drives make a colour."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from lumad.colour.gamut import Gamut, facets, rank_of
from lumad.colour.least import LeastDrives
from lumad.colour.spaces import WHITE_D65
from lumad.colour.white import uv_to_cct, xyz_to_uv

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

GAMUT = 1  # limit flag: the colour is outside what the emitters can mix
LUMINANCE = 2  # limit flag: the colour is brighter than the emitters can be
MOST_EMITTERS = 8

_NO_LIGHT = 1e-6  # of the brightest emitter: less is rounding of a profile, not light
_WHITE_WEIGHT = 0.1
_WHITE_DUV = 0.05  # an emitter this far off the Planckian locus (and further) counts as a colour
_WHITE_MIRED = (50.0, 400.0)  # 20 000..2500 K: amber lies near the locus, too, but beyond


class EmitterSolve:
    """Drives of n emitters (1..8) with XYZ columns (3, n) at full, in any unit, that make a colour.

    More than three emitters can make one colour in many ways. The drives d are those of least sum of w d²,
    which are unique and so continuous; w is small for white emitters, whose light renders skin and cloth best
    (`white_preference` 0..1: how much that counts). `closest`: see `Gamut`. Columns that match a camera may
    have an X or a Z a little below zero. Time grows as 3^n: bake a table for many cells.
    """

    def __init__(
        self,
        columns: npt.ArrayLike,
        white_xyz: npt.ArrayLike = WHITE_D65,
        white_preference: float = 1.0,
        *,
        closest: bool = False,
    ) -> None:
        full = np.array(columns, np.float64)
        if full.ndim != 2 or full.shape[0] != 3 or not 1 <= full.shape[1] <= MOST_EMITTERS:
            raise ValueError(f"columns of 1..{MOST_EMITTERS} emitters are (3, n), not {full.shape}")
        least = np.array([[-1.0], [0.0], [-1.0]]) * full[1] - 1e-9 * np.abs(full).max()
        if not np.isfinite(full).all() or (full < least).any():
            raise ValueError("light of emitters is finite; Y is not negative, X and Z not below -Y")
        self.columns = full
        brightest = max(float(full[1].max()), 1e-30)
        self._lit = np.flatnonzero(full[1] > _NO_LIGHT * brightest)  # no other emitter is ever driven
        if len(self._lit):
            lit, white = full[:, self._lit], np.asarray(white_xyz, np.float64)
            self._prepare(lit, Gamut(lit, white, closest=closest), white_preference)

    def _prepare(self, columns: Array, gamut: Gamut, white_preference: float) -> None:
        self._gamut = gamut
        rank = rank_of(columns)
        self._basis = np.eye(3) if rank == 3 else np.linalg.svd(columns)[0][:, :rank]
        flat = self._basis.T @ columns
        normals, supports = facets(flat)
        bounds = supports > 0.0
        self._limits = (normals[bounds] / supports[bounds, None]) @ self._basis.T  # (F, 3)
        self._to_least = flat, _weights(columns, white_preference)

    @cached_property
    def _least(self) -> LeastDrives:
        """Made when drives are asked for: with eight emitters it takes a while."""
        return LeastDrives(*self._to_least)

    def full_output(self, white_xyz: npt.ArrayLike) -> float:
        """Largest s with `s * white_xyz` reachable; of a white outside the gamut: its nearest inside."""
        if not len(self._lit):
            return 0.0
        white = np.asarray(white_xyz, np.float64)[None]
        if self._gamut.outside(white).any():
            white = self._gamut.bring_in(white)
        return float(1.0 / (self._limits @ white[0]).max())

    def solve(self, target_xyz: npt.ArrayLike) -> tuple[Array, Flags]:
        """(drives (N, n) 0..1, limit flags (N,)) for XYZ (N, 3) in the columns' unit; exact where reachable.

        Outside the gamut: hue and luminance kept (see `Gamut`), flag GAMUT. Too bright: chromaticity kept,
        luminance lowered, flag LUMINANCE. Y <= 0 is black: no drive, no flag.
        """
        xyz, flags = self.reach(target_xyz)
        return self.drives(xyz), flags

    def reach(self, target_xyz: npt.ArrayLike) -> tuple[Array, Flags]:
        """(the light XYZ (N, 3) that `solve` makes of target XYZ (N, 3), limit flags (N,))."""
        asked = np.asarray(target_xyz, np.float64)
        xyz, flags = np.zeros_like(asked), np.zeros(len(asked), np.uint8)
        light = np.flatnonzero(asked[:, 1] > 1e-9 * np.abs(asked).max(axis=1, initial=1e-12))
        if not len(self._lit):
            flags[light] = LUMINANCE
        elif len(light):
            xyz[light], flags[light] = self._reach(asked[light])
        return xyz, flags

    def within(self, xyz: Array) -> npt.NDArray[np.bool_]:
        """Which XYZ (N, 3) meet no limit."""
        if not len(self._lit):
            return xyz[:, 1] <= 0.0
        dark = xyz[:, 1] <= 0.0
        inside: npt.NDArray[np.bool_] = (self._limits @ xyz.T).max(axis=0) <= 1.0
        return dark | (inside & ~self._gamut.outside(xyz))

    def drives(self, xyz: Array) -> Array:
        """Drives (N, n) of light XYZ (N, 3) that can be reached."""
        drives = np.zeros((len(xyz), self.columns.shape[1]))
        light = np.flatnonzero(xyz[:, 1] > 0.0)
        if len(self._lit) and len(light):
            drives[light[:, None], self._lit] = self._least(xyz[light] @ self._basis)
        return drives

    def _reach(self, xyz: Array) -> tuple[Array, Flags]:
        flags = np.zeros(len(xyz), np.uint8)
        outside = self._gamut.outside(xyz)
        if outside.any():
            xyz[outside] = self._gamut.bring_in(xyz[outside])
            flags[outside] |= GAMUT
        ask = (self._limits @ xyz.T).max(axis=0)  # 1 = on the border of what the emitters can together
        flags[ask > 1.0 + 1e-6] |= LUMINANCE
        return xyz / np.maximum(ask, 1.0)[:, None], flags


def _weights(columns: Array, white_preference: float) -> Array:
    """Cost (n,) of each emitter: 1 for a colour, down to 0.1 for a white."""
    uv = xyz_to_uv(columns.T)
    kelvin, duv = uv_to_cct(uv)
    mired = 1e6 / kelvin
    beyond = np.abs(mired - np.clip(mired, *_WHITE_MIRED)) * 5e-4  # mired as a distance in uv, roughly
    white = np.clip(1.0 - np.hypot(duv, beyond) / _WHITE_DUV, 0.0, 1.0)
    return 1.0 - (1.0 - _WHITE_WEIGHT) * white_preference * white
