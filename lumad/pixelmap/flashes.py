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
_XYZ_TO_RGB = np.linalg.inv(rgb_to_xyz("rec709")).T
_IS_RED = np.array([1.0 - RED_SHARE, -RED_SHARE, -RED_SHARE])  # times RGB: >= 0 for saturated red
_TICK_S = 1e-6  # times are sums of binary fractions


@dataclass(frozen=True, slots=True)
class Guarded:
    """Light as it may leave: `colour` (C, 3), `level` (C,); `flashing` (C,): rows that flash too often."""

    colour: Floats
    level: Floats
    flashing: Mask


class Turns:
    """The opposing changes of n signals: which way each went last, its highest, its lowest, its turns."""

    def __init__(self, values: Floats, dark: Floats) -> None:
        """Signals begin at `values` (n,); a change counts if its darker side is below `dark` (n,)."""
        self._dark = dark
        self._may_rise = np.ones(len(values), np.bool_)
        self._may_fall = self._may_rise.copy()
        self._high, self._low = values, values
        self._times = np.full((len(values), CHANGES), _NEVER)  # the oldest first

    def wanted(self, values: Floats) -> Mask:
        """Which signals turn, should they become `values` (n,)."""
        wanted: Mask = self._risen(values) | self._fallen(values)
        return wanted

    def _risen(self, values: Floats) -> Mask:
        risen: Mask = (values >= self._low + STEP) & (self._low < self._dark) & self._may_rise
        return risen

    def _fallen(self, values: Floats) -> Mask:
        fallen: Mask = (values <= self._high - STEP) & (values < self._dark) & self._may_fall
        return fallen

    def are_late(self, now: float) -> Mask:
        """Which signals have turned so often within a second that they must not turn now."""
        return now - self._times[:, 0] < WITHIN_S - _TICK_S

    def go_on(self, values: Floats) -> None:
        """The signals have become `values`, and none has turned."""
        self._high, self._low = np.maximum(self._high, values), np.minimum(self._low, values)

    def turn(self, values: Floats, turned: Mask, now: float) -> None:
        """The signals have become `values`; those that `turned` as they `wanted` to did it now."""
        risen = turned & self._risen(values)
        fallen = turned & ~risen
        self.go_on(values)
        self._high, self._low = np.where(risen, values, self._high), np.where(fallen, values, self._low)
        self._may_rise, self._may_fall = self._may_rise & ~risen | fallen, self._may_fall & ~fallen | risen
        self._times[turned, :-1] = self._times[turned, 1:]
        self._times[turned, -1] = now

    def carried(self, old: Rows, values: Floats, dark: Floats) -> "Turns":
        """For the signals of another map, which go on from the `old` ones; new ones begin at `values`."""
        turns = Turns(values, dark)
        known = old >= 0
        for name in ("_may_rise", "_may_fall", "_high", "_low", "_times"):
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
        turns, signals = past.turns, _signals(colour, level)
        light = Guarded(colour, level, np.zeros(len(level), np.bool_))
        wanted = turns.wanted(signals)
        if not wanted.any():
            turns.go_on(signals)
        else:
            if (late := wanted & turns.are_late(now)).any():
                light = past.calmed(light, limited, wanted, late, now)
                signals = _signals(light.colour, light.level)
                wanted = turns.wanted(signals)
            turns.turn(signals, wanted, now)
        past.colour, past.level = light.colour, light.level
        return light

    def carried(self, old: Rows) -> "FlashGuard":
        """The same for the rows of another map, which go on from the `old` ones."""
        return FlashGuard(self._past.carried(old) if self._past and (old >= 0).any() else None)


@dataclass
class Past:
    """The light that left last, and its turns so far: of its brightness, then of its saturated reds."""

    colour: Floats
    level: Floats
    turns: Turns

    @classmethod
    def of(cls, colour: Floats, level: Floats) -> Self:
        """Before there was any other light."""
        return cls(colour, level, Turns(_signals(colour, level), _dark(len(level))))

    def calmed(self, asked: Guarded, limited: Mask, wanted: Mask, late: Mask, now: float) -> Guarded:
        """Light without turns too many: signals that turn with `asked` are `wanted`, some of them `late`.

        Where all rows together flash, those that turn now hold; if that is not enough, all that may be held.
        Where even that changes nothing, for others make the flashes, nobody waits for them.
        """
        flashing = _by_row(late)[:-1]
        light = self._held(asked, flashing & limited)
        if self._flashes_together(light, now):
            turning = _by_row(wanted)[:-1]
            flashing = turning if turning.any() else np.ones_like(turning)
            for held in (turning & limited, limited):
                calm = self._held(asked, held)
                if not self._flashes_together(calm, now):
                    light = calm
                    break
        return Guarded(light.colour, light.level, flashing)

    def _held(self, asked: Guarded, held: Mask) -> Guarded:
        """Such light, but the last one in the rows that are held."""
        colour = np.where(held[:, None], self.colour, asked.colour)
        return Guarded(colour, np.where(held, self.level, asked.level), asked.flashing)

    def _flashes_together(self, light: Guarded, now: float) -> bool:
        """Whether the mean of all rows would turn too early."""
        late = self.turns.wanted(_signals(light.colour, light.level)) & self.turns.are_late(now)
        return bool(_by_row(late)[-1])

    def carried(self, old: Rows) -> Self:
        """For the rows of another map."""
        new, count = old < 0, len(self.level)
        colour = np.where(new[:, None], 0.0, self.colour[old])
        level = np.where(new, 0.0, self.level[old])
        rows = np.append(old, count)  # the mean goes on
        both = np.concatenate([rows, np.where(rows < 0, -1, rows + count + 1)])
        return type(self)(colour, level, self.turns.carried(both, _signals(colour, level), _dark(len(old))))


def _by_row(signals: Mask) -> Mask:
    """Of the signals' flags (2 C + 2,) those of the rows, and last of their mean (C + 1,)."""
    bright, red = signals.reshape(2, -1)
    either: Mask = bright | red
    return either


def _signals(colour: Floats, level: Floats) -> Floats:
    """Brightness (C,) and its mean; then the same of saturated reds, where other colours have none."""
    rows = len(level)
    signals = np.zeros((2, rows + 1))
    bright, red = signals[:, :rows]
    np.minimum(np.maximum(level, 0.0, out=bright), 1.0, out=bright)
    is_red = np.maximum(colour @ _XYZ_TO_RGB, 0.0) @ _IS_RED >= 0
    np.multiply(bright, is_red, out=red)
    signals[:, rows] = signals.sum(axis=1) / max(rows, 1)
    return signals.reshape(-1)


def _dark(rows: int) -> Floats:
    """How dark the darker side of a change must be to count; for red any is."""
    return np.repeat([DARK, np.inf], rows + 1)
