"""Unchanged levels need not leave every time (E1.31 6.6.2); by our default they do."""

from collections.abc import Sequence

import numpy as np

from lumad.output.datagrams import Bytes, Indices
from lumad.output.packets import PacketMatrix
from lumad.output.selection import Counters, Mask, Share
from lumad.protocols import e131

MOST_NUMBERS = 200  # of a stream that others move on: a jump by 237 or more is out of order (6.7.2)


class Suppression:
    """What one route has sent last, and when."""

    def __init__(self, matrix: PacketMatrix) -> None:
        count = len(matrix.rows)
        self._matrix = matrix
        self._repeats = np.zeros(count, np.intp)  # since the last change
        self._left_at = np.full(count, -np.inf)
        self._numbers = np.zeros(count, np.uint64)

    def due(
        self, now: float, rows: slice | Indices, source: slice | Indices, counters: Counters, levels: Bytes
    ) -> Mask:
        """Which of `rows` leave now; the matrix still holds what left last."""
        fresh: Mask = (self._matrix.slots[rows] != levels[source]).any(axis=1)
        fresh |= np.isinf(self._left_at[rows])
        waited = now - self._left_at[rows] >= e131.KEEP_ALIVE_S[0]
        waited |= counters[source] - self._numbers[rows] >= MOST_NUMBERS
        due: Mask = fresh | waited | (self._repeats[rows] < e131.UNCHANGED_PACKETS)
        self._repeats[rows] = np.where(fresh, 0, self._repeats[rows] + due)
        self._left_at[rows] = np.where(due, now, self._left_at[rows])
        self._numbers[rows] = np.where(due, counters[source], self._numbers[rows])
        return due

    def start_over(self) -> None:
        """All rows are due at the next tick."""
        self._left_at[:] = -np.inf


class Suppressions:
    """Of all routes that ask for it."""

    def __init__(self, matrices: Sequence[PacketMatrix]) -> None:
        self._of = {id(matrix): Suppression(matrix) for matrix in matrices if matrix.route.suppress}

    def due(self, now: float, shares: Sequence[Share], counters: Counters, levels: Bytes) -> Mask | None:
        """Which rows of a selection leave now; None = all.

        The numbers of universes of which nothing leaves step back by one: their next packet takes them.
        """
        if not self._of:
            return None
        due = np.ones(shares[-1].places.stop if shares else 0, np.bool_)
        quiet = np.zeros(len(counters), np.bool_)
        for matrix, rows, source, places in shares:
            if suppression := self._of.get(id(matrix)):
                due[places] = suppression.due(now, rows, source, counters, levels)
                quiet[source] = True
        for share in shares:
            quiet[share.source] &= ~due[share.places]
        counters[quiet] -= np.uint64(1)
        return due

    def start_over(self) -> None:
        """Something did not leave: everything is due again, so that light is back as soon as the link is."""
        for suppression in self._of.values():
            suppression.start_over()
