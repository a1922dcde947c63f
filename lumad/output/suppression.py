"""Unchanged levels need not leave every time (E1.31 6.6.2); by our default they do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

import numpy as np

from lumad.output.datagrams import Bytes, Indices
from lumad.output.packets import PacketMatrix
from lumad.output.route import Route
from lumad.output.selection import Counters, Mask, Share, Universes
from lumad.protocols import e131

MOST_NUMBERS = 200  # of a stream that others move on: a jump by 237 or more is out of order (6.7.2)

Key = tuple[Route, int]
"""A route without its universes, and one of them as it is on the wire: who hears it is none the wiser about
the rest of the route.
"""


class Suppression:
    """What one route has sent last, and when."""

    def __init__(self, matrix: PacketMatrix, last: "LastSent") -> None:
        """Goes on where senders before it stopped, and takes their places in `last`."""
        count = len(matrix.rows)
        self._matrix = matrix
        self._repeats = np.zeros(count, np.intp)  # since the last change
        self._left_at = np.full(count, -np.inf)
        self._numbers = np.zeros(count, np.uint64)
        self._rows = {key: row for row, key in enumerate(_keys(matrix.route))}
        for key, row in self._rows.items():
            if former := last.get(key):
                matrix.slots[row], *counts = former.state_of(key)
                self._repeats[row], self._left_at[row], self._numbers[row] = counts
            last[key] = self

    def state_of(self, key: Key) -> tuple[Bytes, np.intp, np.float64, np.uint64]:
        """What left last of a universe, its repeats since, when, and by which number."""
        row = self._rows[key]
        return self._matrix.slots[row], self._repeats[row], self._left_at[row], self._numbers[row]

    def due(
        self, now: float, rows: slice | Indices, source: slice | Indices, counters: Counters, levels: Bytes
    ) -> Mask:
        """Which of `rows` leave now; the matrix still holds what left last."""
        fresh: Mask = (self._matrix.slots[rows] != levels[source]).any(axis=1)
        silent = now - self._left_at[rows]
        fresh |= silent >= e131.LOSS_S
        waited = silent >= e131.KEEP_ALIVE_S[0]
        waited |= counters[source] - self._numbers[rows] >= MOST_NUMBERS
        due: Mask = fresh | waited | (self._repeats[rows] < e131.UNCHANGED_PACKETS)
        self._repeats[rows] = np.where(fresh, 0, self._repeats[rows] + due)
        self._left_at[rows] = np.where(due, now, self._left_at[rows])
        self._numbers[rows] = np.where(due, counters[source], self._numbers[rows])
        return due

    def start_over(self) -> None:
        """All rows are due at the next tick."""
        self._left_at[:] = -np.inf

    def end(self, universes: Universes) -> None:
        """The streams of these universes have ended; what comes after is news."""
        self._left_at[np.isin(self._matrix.route.universes, universes)] = -np.inf


LastSent = WeakValueDictionary[Key, Suppression]
"""Who sends it; successors look here while those before them are still there."""


class Suppressions:
    """Of all routes that ask for it."""

    def __init__(self, matrices: Sequence[PacketMatrix], last: LastSent) -> None:
        self._of = {id(matrix): Suppression(matrix, last) for matrix in matrices if matrix.route.suppress}

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

    def end(self, universes: Universes) -> None:
        """The streams of these universes have ended."""
        for suppression in self._of.values():
            suppression.end(universes)


def _keys(route: Route) -> Iterator[Key]:
    bare = replace(route, universes=(), port_addresses=())
    return ((bare, number) for number in route.port_addresses or route.universes)
