"""Lamps whose firmware mixes a stated RGB space: target light to linear R, G, B."""

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import Array, EmitterSolve, Flags
from lumad.colour.spaces import WHITE_D65, PrimariesLike, rgb_to_xyz
from lumad.colour.white import WhiteLike


class RgbSpace:
    """Linear RGB of such a lamp for target XYZ, scaled so that its full output in wall white is Y = 1.

    Primaries and white as in `rgb_to_xyz`; `closest`, gamut and luminance limits as in `EmitterSolve`.
    """

    def __init__(
        self,
        primaries: PrimariesLike = "rec709",
        white: WhiteLike | None = None,
        wall_white_xyz: npt.ArrayLike = WHITE_D65,
        *,
        closest: bool = False,
    ) -> None:
        wall = np.asarray(wall_white_xyz, np.float64)
        wall = wall / wall[1]
        space = rgb_to_xyz(primaries, white)
        self.columns: Array = space / EmitterSolve(space, wall).full_output(wall)
        self._solve = EmitterSolve(self.columns, wall, closest=closest)

    def solve(self, target_xyz: npt.ArrayLike) -> tuple[Array, Flags]:
        """(linear R, G, B (N, 3) 0..1, limit flags (N,)) for target XYZ (N, 3)."""
        return self._solve.solve(target_xyz)
