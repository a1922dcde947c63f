"""Fixtures that somebody picked by hand: the only ones to shine, or those that show themselves."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import cos, tau
from typing import Self

import numpy as np
import numpy.typing as npt

from lumad.link.live import Live
from lumad.pixelmap.map import PixelMap, Target

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SECOND_NS = 1_000_000_000
RATE_HZ = 1.5  # WCAG 2.2, 2.3.1: at most three flashes in any second
DIM, BRIGHT = 0.1, 0.6  # of full output in wall white


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """Rows of a map: `dark` (C,) those that a solo of others keeps dark, `shown` (C,) those that identify."""

    dark: Flags | None = None
    shown: Flags | None = None

    @classmethod
    def of(cls, pixel_map: PixelMap, live: Live) -> Self:
        """What the live values pick in a map. A solo of nobody there is none: it would be a blackout."""
        solo = _rows(pixel_map, live.solo)
        return cls(None if solo is None else ~solo, _rows(pixel_map, live.identify))

    def target(self, target: Target, white_xyz: Floats, now: int) -> Target:
        """The light asked of every cell; lamps that identify swing softly in wall white."""
        if self.shown is None:
            return target
        swing = (1.0 - cos(tau * RATE_HZ * (now % (2 * _SECOND_NS)) / _SECOND_NS)) / 2
        level = np.where(self.shown, DIM + (BRIGHT - DIM) * swing, target.level)
        return replace(target, colour=np.where(self.shown[:, None], white_xyz, target.colour), level=level)

    def rows_shown(self, count: int) -> Flags:
        """Those that identify, of `count` rows."""
        return np.zeros(count, np.bool_) if self.shown is None else self.shown

    def factor(self, factor: Floats, live: Live) -> Floats:
        """The factor (C,) on emitted light; master and blackout alone dim what identifies."""
        if self.dark is not None:
            factor = np.where(self.dark, 0.0, factor)
        if self.shown is not None:
            factor = np.where(self.shown, live.light, factor)
        return factor


def _rows(pixel_map: PixelMap, fixtures: Collection[str | int]) -> Flags | None:
    """Rows of the fixtures with these keys, None for none."""
    rows = np.isin(pixel_map.fixtures, np.array(list(fixtures), np.uint64))
    return rows if rows.any() else None
