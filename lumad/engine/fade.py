"""Light on its way from one look to the next (numpy only; time is an argument)."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from lumad.pixelmap.map import Target
from lumad.pixelmap.memory import Rows
from lumad.pixelmap.smoothing import picked

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

_SECOND_NS = 1_000_000_000
_LONGEST_S = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class Fades:
    """By row of the map: the light a fade came from, when it began and how long it takes (0: there is none).

    `colour` (C, 3) XYZ at Y = 1 times `level` (C,), as in Target; `begun_ns`, `length_ns` (C,).
    """

    colour: Floats
    level: Floats
    begun_ns: Times
    length_ns: Times

    @classmethod
    def none(cls, rows: int) -> Self:
        """No row fades."""
        return cls(np.zeros((rows, 3)), np.zeros(rows), np.zeros(rows, np.int64), np.zeros(rows, np.int64))

    def running(self, now: int) -> bool:
        """Whether any row is still on its way."""
        return bool((now - self.begun_ns < self.length_ns).any())

    def carried(self, old: Rows) -> Self:
        """The same for the rows of another map, which go on from the `old` ones; new ones do not fade."""
        return replace(
            self,
            colour=picked(self.colour, old, 0.0),
            level=np.append(self.level, 0.0)[old],
            begun_ns=np.append(self.begun_ns, 0)[old],
            length_ns=np.append(self.length_ns, 0)[old],
        )

    def begun(self, seconds: Floats, colour: Floats, level: Floats, now: int) -> Self:
        """Fades of `seconds` (C,) begin at this light; 0 ends one that runs, NaN leaves it as it is.

        Rows of which no light is known (NaN) have nothing to come from: they cut.
        """
        known = np.isfinite(level) & np.isfinite(colour).all(axis=1)
        told = np.isfinite(seconds)
        length = np.where(known & told, np.clip(np.nan_to_num(seconds), 0.0, _LONGEST_S), 0.0)
        length_ns = np.rint(length * _SECOND_NS).astype(np.int64)
        return replace(
            self,
            colour=np.where((told & known)[:, None], colour, self.colour),
            level=np.where(told & known, level, self.level),
            begun_ns=np.where(told, now, self.begun_ns),
            length_ns=np.where(told, length_ns, self.length_ns),
        )

    def at(self, target: Target, now: int) -> Target:
        """The light asked of every cell now, on the way to `target`; exactly that where no fade runs.

        Levels go by the square fader law (their roots move evenly), colours mix in linear light; so light
        from and to black keeps the colour of the other end.
        """
        rows = np.flatnonzero(now - self.begun_ns < self.length_ns)
        part = np.maximum(now - self.begun_ns[rows], 0) / self.length_ns[rows]
        start, end = self.level[rows], target.level[rows]
        light = ((1.0 - part) * start)[:, None] * self.colour[rows]
        light += (part * end)[:, None] * target.colour[rows]
        luminance = light[:, 1:2]
        lit = luminance > 0
        level, colour = target.level.copy(), target.colour.copy()
        level[rows] = ((1.0 - part) * np.sqrt(start) + part * np.sqrt(end)) ** 2
        colour[rows] = np.where(lit, light / np.where(lit, luminance, 1.0), colour[rows])
        return replace(target, colour=colour, level=level)
