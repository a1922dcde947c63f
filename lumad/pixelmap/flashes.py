"""No more than three flashes in any second: what is too much is held at the light before it (numpy only).

A flash is a pair of opposing changes of a tenth of full or more, the darker side below 0.8 of full (WCAG 2.2,
general flash); changes to and from saturated red count however bright they are (red flash). A lamp has no
screen area: every cell keeps the rule, and all of them together do. It is a guard, no certified test.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import rgb_to_xyz
from lumad.pixelmap.memory import Rows

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

STEP = 0.1  # of full output
DARK = 0.8
CHANGES = 6  # three flashes
WITHIN_S = 1.0
RED_SHARE = 0.8  # R / (R + G + B), linear light
_NEVER = -1e9
_XYZ_TO_RGB = np.linalg.inv(rgb_to_xyz("rec709"))
_TICK_S = 1e-6  # times are sums of binary fractions


@dataclass(frozen=True, slots=True)
class Guarded:
    """Light as it may leave: `colour` (C, 3), `level` (C,); `flashing` (C,): rows that flash too often."""

    colour: Floats
    level: Floats
    flashing: Mask


class Turns:
    """The opposing changes of n signals: which way each went last, its highest, its lowest, its turns."""

    def __init__(self, values: Floats) -> None:
        """Signals begin at `values` (n,)."""
        self._way = np.zeros(len(values))
        self._high, self._low = values, values
        self._times = np.full((len(values), CHANGES), _NEVER)  # the oldest first

    def wanted(self, values: Floats, dark: Floats) -> Mask:
        """Which signals turn, should they become `values` (n,).

        A change counts if its darker side is below `dark` (n,).
        """
        up = (self._way <= 0) & (values >= self._low + STEP) & (self._low < dark)
        down = (self._way >= 0) & (values <= self._high - STEP) & (values < dark)
        return up | down

    def are_late(self, now: float) -> Mask:
        """Which signals have turned so often within a second that they must not turn now."""
        return now - self._times[:, 0] < WITHIN_S - _TICK_S

    def take(self, values: Floats, turned: Mask, now: float) -> None:
        """The signals have become `values`; those that `turned` as they `wanted` to did it now."""
        up = turned & (self._way <= 0) & (values >= self._low + STEP)
        self._way = np.where(turned, np.where(up, 1.0, -1.0), self._way)
        self._high = np.where(up, values, np.maximum(self._high, values))
        self._low = np.where(turned & ~up, values, np.minimum(self._low, values))
        if turned.any():
            self._times[turned] = np.roll(self._times[turned], -1, axis=1)
            self._times[turned, -1] = now

    def carried(self, old: Rows, values: Floats) -> "Turns":
        """For the signals of another map, which go on from the `old` ones; new ones begin at `values`."""
        turns = Turns(values)
        known = old >= 0
        for name in ("_way", "_high", "_low", "_times"):
            kept = getattr(turns, name).copy()
            kept[known] = getattr(self, name)[old[known]]
            setattr(turns, name, kept)
        return turns


class FlashGuard:
    """Looks at what one group of outputs gives: C rows and, as one more signal, their mean."""

    def __init__(self, past: "Past | None" = None) -> None:
        self._past = past

    def step(self, now: float, colour: Floats, level: Floats, limited: Mask) -> Guarded:
        """Light asked at `now` in seconds: `colour` (C, 3), XYZ at Y = 1, times `level` (C,), full = 1.

        Rows that are `limited` (C,) keep their last light where the new one would be a flash too many.
        """
        past = self._past = self._past or Past.of(colour, level)
        wanted = past.wanted(colour, level)
        flashing = np.zeros(len(level), np.bool_)
        if wanted.any():
            late = past.late(wanted, now)
            flashing = late[:-1]
            colour, level = past.kept(colour, level, flashing & limited)
            if past.late(past.wanted(colour, level), now)[-1]:
                flashing = np.ones_like(flashing)
                colour, level = past.kept(colour, level, limited)
            wanted = past.wanted(colour, level)
        past.take(colour, level, wanted, now)
        return Guarded(colour, level, flashing)

    def carried(self, old: Rows) -> "FlashGuard":
        """The same for the rows of another map, which go on from the `old` ones."""
        return FlashGuard(self._past.carried(old) if self._past and (old >= 0).any() else None)


@dataclass
class Past:
    """The light that left last, and its turns so far: of its brightness, then of its saturated reds."""

    colour: Floats
    level: Floats
    turns: Turns
    dark: Floats

    @classmethod
    def of(cls, colour: Floats, level: Floats) -> Self:
        """Before there was any other light."""
        signals = _signals(colour, level)
        return cls(colour, level, Turns(signals), _dark(len(level)))

    def wanted(self, colour: Floats, level: Floats) -> Mask:
        """Which signals turn with this light."""
        return self.turns.wanted(_signals(colour, level), self.dark)

    def late(self, wanted: Mask, now: float) -> Mask:
        """Which rows, and last their mean, would flash too often if these signals turned."""
        late = wanted & self.turns.are_late(now)
        bright, red = np.split(late, 2)
        return bright | red

    def kept(self, colour: Floats, level: Floats, held: Mask) -> tuple[Floats, Floats]:
        """Such light, but the last one in the rows that are held."""
        return np.where(held[:, None], self.colour, colour), np.where(held, self.level, level)

    def take(self, colour: Floats, level: Floats, turned: Mask, now: float) -> None:
        """Such light leaves."""
        self.colour, self.level = colour, level
        self.turns.take(_signals(colour, level), turned, now)

    def carried(self, old: Rows) -> Self:
        """For the rows of another map."""
        new, count = old < 0, len(self.level)
        colour = np.where(new[:, None], 0.0, self.colour[old])
        level = np.where(new, 0.0, self.level[old])
        rows = np.append(old, count)  # the mean goes on
        both = np.concatenate([rows, np.where(rows < 0, -1, rows + count + 1)])
        return type(self)(colour, level, self.turns.carried(both, _signals(colour, level)), _dark(len(old)))


def _signals(colour: Floats, level: Floats) -> Floats:
    """Brightness (C,) and its mean; then the same of saturated reds, where other colours have none."""
    shown = np.clip(level, 0.0, 1.0)
    rgb = np.maximum(colour @ _XYZ_TO_RGB.T, 0.0)
    red = np.where(rgb[:, 0] >= RED_SHARE * rgb.sum(axis=1), shown, 0.0)
    share = 1.0 / max(len(shown), 1)
    return np.concatenate([shown, [shown.sum() * share], red, [red.sum() * share]])


def _dark(rows: int) -> Floats:
    """How dark the darker side of a change must be to count; for red any is."""
    return np.repeat([DARK, np.inf], rows + 1)
