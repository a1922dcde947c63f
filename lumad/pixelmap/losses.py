"""Lamps that do not just hold when the feed is gone: where their light goes, and when (numpy only)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """K rows of a map, in the order of `rows` (K,).

    `after_s` (K,) after the loss their light goes to `colour` (K, 3), XYZ at Y = 1 (NaN: as it is), times
    `level` (K,), in `fade_s` (K,); and back in the same time.
    """

    rows: npt.NDArray[np.intp]
    after_s: Floats
    fade_s: Floats
    colour: Floats
    level: Floats

    def turned(self, count: int, lost_s: float) -> Flags:
        """Of all `count` rows of the map, those that have left for it; `lost_s` since the loss, < 0: none."""
        turned = np.zeros(count, np.bool_)
        turned[self.rows[self.after_s <= lost_s]] = True
        return turned

    def seconds(self, changed: Flags) -> Floats:
        """How long rows that `changed` (C,) take to their new light: NaN for all others."""
        seconds = np.full(len(changed), np.nan)
        seconds[self.rows] = self.fade_s
        return np.where(changed, seconds, np.nan)

    def light(self, colour: Floats, level: Floats, turned: Flags) -> tuple[Floats, Floats]:
        """Colour (C, 3) and level (C,) asked of every cell, with those of the rows that `turned` (C,)."""
        there = turned[self.rows]
        rows = self.rows[there]
        colour, level = colour.copy(), level.copy()
        level[rows] = self.level[there]
        colour[rows] = np.where(np.isnan(self.colour[there]), colour[rows], self.colour[there])
        return colour, level

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """From the arrays that `fallback.loss_arrays` made; none: all rows hold."""
        if "losses.rows" not in arrays:
            return cls(np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros((0, 3)), np.zeros(0))
        return cls(*(arrays[f"losses.{name}"] for name in NAMES))


NAMES = ("rows", "after_s", "fade_s", "colour", "level")
NO_LOSSES = Losses.from_arrays({})
