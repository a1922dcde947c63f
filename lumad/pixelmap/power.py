"""What each circuit draws, and lamps dimmed alike where it would be more than it may (numpy only).

Watts are an estimate from the profile's `power`: idle, plus the rest in step with the light of the lamp's
drives. The last rule of the chain: no other says more afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from lumad.pixelmap.lamps import POWER, Lamps, Solved

Floats = npt.NDArray[np.float64]


class Limited(NamedTuple):
    """Light that circuits bear, `scale` (C,) of what was asked by row, and the `watts` (K,) drawn then."""

    solved: tuple[Solved, ...]
    scale: Floats
    watts: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """K circuits. `circuit` (C,) of each row, -1 for none; `watts` (C,) of each row at full, idle left out;
    `idle` (K,) watts that nothing changes; `limit` (K,) watts.
    """

    circuit: npt.NDArray[np.int32]
    watts: Floats
    idle: Floats
    limit: Floats

    def limited(self, solved: Sequence[Solved], lamps: Sequence[Lamps]) -> Limited:
        """The light of these lamps that the circuits bear."""
        drawn = np.zeros(len(self.limit) + 1)  # the last one: rows on no circuit
        for each in solved:
            np.add.at(drawn, self.circuit[each.rows], self._watts(each))
        wanted, spare = drawn[:-1], np.maximum(self.limit - self.idle, 0.0)
        over = wanted > spare
        scale = np.divide(spare, wanted, out=np.ones_like(wanted), where=over)
        by_row = np.append(scale, 1.0)[self.circuit]
        if over.any():
            solved = [
                _dimmed(each, kind, by_row[each.rows]) for each, kind in zip(solved, lamps, strict=True)
            ]
        return Limited(tuple(solved), by_row, self.idle + wanted * scale)

    def _watts(self, solved: Solved) -> Floats:
        """Watts (n,) of the light of n cells."""
        drives = solved.drives.mean(axis=1) if solved.drives.shape[1] else 1.0
        watts: Floats = self.watts[solved.rows] * solved.level * drives
        return watts

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """As `compile` made them."""
        return cls(*(arrays[f"power.{name}"] for name in ("circuit", "watts", "idle", "limit")))


def _dimmed(solved: Solved, lamps: Lamps, scale: Floats) -> Solved:
    """The same chromaticity, less of it."""
    limits = np.where(scale < 1.0, solved.limits | POWER, solved.limits).astype(np.uint8)
    if lamps.dimmer:
        return replace(solved, level=solved.level * scale, limits=limits)
    return replace(solved, drives=solved.drives * scale[:, None], limits=limits)
