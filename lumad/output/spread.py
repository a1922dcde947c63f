"""The burst of one frame in parts, for nodes on slow links: planned here, waited for by who has a clock."""

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from lumad.output.route import Route
from lumad.output.selection import Mask

STEP_S = 0.001  # between two parts
NEVER = math.inf


class Spread:
    """What of a frame has yet to leave: parts of its rows, each at its time, the first one at once."""

    def __init__(self, routes: Sequence[Route]) -> None:
        """The routes leave together; the longest `spread_ms` among them counts."""
        self._for_s = max((route.spread_ms for route in routes), default=0.0) / 1000
        self._parts: deque[tuple[float, Mask | None]] = deque()

    @property
    def deadline(self) -> float:
        """When the next part is to leave; NEVER when all have left."""
        return self._parts[0][0] if self._parts else NEVER

    def plan(self, now: float, rows: int, due: Mask | None) -> None:
        """A frame of so many rows, or of those that are due (rows,); nothing is left of the one before."""
        leaving = np.arange(rows) if due is None else np.flatnonzero(due)
        count = min(len(leaving), round(self._for_s / STEP_S))
        if count < 2:
            self._parts.append((now, due))
            return
        for at, part in enumerate(np.array_split(leaving, count)):
            mask = np.zeros(rows, np.bool_)
            mask[part] = True
            self._parts.append((now + self._for_s * at / count, mask))

    def take(self, now: float) -> tuple[Mask | None, bool] | None:
        """The next part that is to leave by `now`, and whether it is the frame's last."""
        if self.deadline > now:
            return None
        _, part = self._parts.popleft()
        return part, not self._parts
