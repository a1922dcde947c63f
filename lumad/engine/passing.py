"""Light that passes from one hand to another: from the levels that left last, without a jump."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lumad.engine.pace import SECOND_NS
from lumad.pixelmap.memory import Rows
from lumad.pixelmap.shares import SLOTS, Channels

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.int64]

HANDOVER_NS = SECOND_NS  # about as long as a hand takes to a fader, and too slow to be seen as a jump
LONG_AGO = -(1 << 62)


def progress(begun_ns: Times, now: int) -> Floats:
    """How much of a hand-over that began then has passed, 0..1."""
    return np.clip((now - np.maximum(begun_ns, now - HANDOVER_NS)) / HANDOVER_NS, 0.0, 1.0)


class Passing:
    """Channels on their way, by their coarse slot of (U, 512): code and factor they began with, and when."""

    def __init__(self, universes: int = 0) -> None:
        self._code = np.zeros((universes, SLOTS))
        self._factor = np.ones((universes, SLOTS))
        self._begun: Times = np.full((universes, SLOTS), LONG_AGO, np.int64)
        self._until = LONG_AGO
        self.leaving: tuple[Channels, ...] = ()  # of fixtures that are no longer shared

    def running(self, now: int) -> bool:
        """Whether any channel is on its way."""
        return now < self._until

    def begin(
        self, channels: Iterable[Channels], owners: Flags, left: Bytes, factor: Floats, now: int
    ) -> None:
        """Channels of these `owners` (n,) set out from the levels (U, 512) that `left` with `factor` (C,)."""
        for each in channels:
            which = owners[each.owner]
            coarse = each.slots[which, 0]
            self._code.flat[coarse] = each.codes(left.reshape(-1)[each.slots])[which]
            self._factor.flat[coarse] = factor[each.rows[which]]
            self._begun.flat[coarse] = now
            self._until = now + HANDOVER_NS

    def carried(self, universes: Rows, leaving: Iterable[Channels]) -> "Passing":
        """The same for another map, whose `universes` (U,) go on from those rows, and its `leaving`."""
        to, known = Passing(len(universes)), universes >= 0
        for mine, theirs in ((self._code, to._code), (self._factor, to._factor), (self._begun, to._begun)):
            theirs[known] = mine[universes[known]]
        to._until, to.leaving = self._until, tuple(leaving)
        return to

    def blend(self, levels: Bytes, channels: Iterable[Channels], factor: Floats, now: int) -> None:
        """Puts what is on its way over the levels (U, 512); `factor` (C,) on light counts at once."""
        flat = levels.reshape(-1)
        for each in (*channels, *self.leaving):
            coarse = each.slots[:, 0]
            part = progress(self._begun.flat[coarse], now)
            going = part < 1.0
            if each.steps or not going.any():
                continue
            start, before = self._code.flat[coarse], self._factor.flat[coarse]
            if each.coding is not None:
                change = np.divide(factor[each.rows], before, out=np.ones(len(coarse)), where=before > 0.0)
                start = np.where(change == 1.0, start, each.coding.dimmed(start, change))
            way = start + part * (each.codes(flat[each.slots]) - start)
            flat[each.slots] = np.where(going[:, None], each.bytes_of(way), flat[each.slots])


def moved(each: Channels, universes: Rows, cells: Rows, covered: Flags) -> Channels:
    """Channels on another map, whose rows `universes` (U,) and `cells` (C,) of this one become.

    Without those that it does not have, and those whose slots are `covered` (U, 512) by its own shares.
    """
    rows = universes[each.slots // SLOTS]
    slots = np.where(rows >= 0, rows * SLOTS + each.slots % SLOTS, 0).astype(np.int32)
    cell = cells[each.rows]
    kept = (rows[:, 0] >= 0) & (cell >= 0) & ~covered.reshape(-1)[slots].any(axis=1)
    return each.kept(kept, slots, cell.astype(np.int32))
