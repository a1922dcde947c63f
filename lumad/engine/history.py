"""The wall's light of the last moments, for outputs and lamps that are to follow it later (`delay_ms`)."""

from bisect import bisect_right
from collections import deque
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lumad.engine.pace import SECOND_NS
from lumad.pixelmap.memory import Rows
from lumad.pixelmap.smoothing import picked

Floats = npt.NDArray[np.float64]

LONGEST_STEP_NS = SECOND_NS // 4  # nothing lies between frames further apart: the feed was gone, or frozen
MOST = 1024  # moments kept: two seconds of a 500 Hz feed


class Moment(NamedTuple):
    """`light` (C, 3) of each row from `time_ns` on; NaN: not known."""

    time_ns: int
    light: Floats


class History:
    """Moments in their order; the last one is now's. Empty before the first."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=MOST)

    def add(self, now: int, light: Floats, keep_ns: int) -> None:
        """A new moment; those that nobody looks back to any more, `keep_ns` from here, are forgotten."""
        self._moments.append(Moment(now, light))
        while len(self._moments) > 1 and self._moments[1].time_ns <= now - keep_ns:
            self._moments.popleft()

    def at(self, time_ns: int, delays_ns: npt.NDArray[np.int64]) -> Floats:
        """Light (C, 3) at a time: of the frame shown then. Rows late by `delays_ns` (C,) are earlier,
        on a straight line between two frames.
        """
        light = self._moments[self._index(time_ns)].light
        if delays_ns.any():
            light = light.copy()
            for delay in np.unique(delays_ns[delays_ns > 0]).tolist():
                rows = delays_ns == delay
                light[rows] = self._between(time_ns - delay)[rows]
        unknown = np.isnan(light[:, 0])
        return np.where(unknown[:, None], self._moments[-1].light, light) if unknown.any() else light

    def carried(self, old: Rows) -> "History":
        """The same for the rows of another map, which go on from the `old` ones."""
        history = History()
        history._moments.extend(Moment(time, picked(light, old, np.nan)) for time, light in self._moments)
        return history

    def __bool__(self) -> bool:
        return bool(self._moments)

    def _index(self, time_ns: int) -> int:
        """Of the moment that a time lies in; the first one for all that was before it."""
        return max(0, bisect_right(self._moments, time_ns, key=lambda moment: moment.time_ns) - 1)

    def _between(self, time_ns: int) -> Floats:
        at = self._index(time_ns)
        before = self._moments[at]
        if at + 1 == len(self._moments) or time_ns <= before.time_ns:
            return before.light
        after = self._moments[at + 1]
        if after.time_ns - before.time_ns > LONGEST_STEP_NS:
            return before.light
        part = (time_ns - before.time_ns) / (after.time_ns - before.time_ns)
        return before.light + part * (after.light - before.light)
