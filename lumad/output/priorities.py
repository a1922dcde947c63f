"""Per-address priority: a 0xDD packet beside the levels says which slots are ours; others may take the rest.

ETC's extension of E1.31: slot values are priorities, 0 = "my level here is no offer". The packets share the
numbers of the universe's stream, right after its levels.
"""

from collections.abc import Callable, Iterable

import numpy as np

from lumad.output.packets import SLOTS, PacketMatrix
from lumad.output.route import Route
from lumad.output.selection import Counters, Mask, Selection, Universes, is_anyones
from lumad.protocols import e131


class Priorities:
    """Sends them on a change, three times more, and then as keep-alives."""

    def __init__(
        self,
        routes: Iterable[Route],
        cid: bytes,
        source_name: str,
        selected: Callable[[list[PacketMatrix]], Selection],
    ) -> None:
        """Until somebody says what is owned, all of it is: as without 0xDD."""
        self._matrices = [
            PacketMatrix(
                route, cid, source_name, start_code=e131.PRIORITIES, slots=bytes([_of(route)] * SLOTS)
            )
            for route in routes
            if route.per_address_priority and route.protocol == "sacn"
        ]
        self._selection = selected(self._matrices)
        self._owned: Mask | None = None
        self._sent_at = float("-inf")
        self._repeats = 0
        self._ready = False

    def prepare(self, now: float, universes: Universes, counters: Counters, owned: Mask | None) -> None:
        """Makes ready what is due, for `leave`; the numbers of its universes move on by one, in place.

        `owned` (U, 512): the slots that are ours; None = as last said.
        """
        self._ready = False
        if not self._matrices:
            return
        chosen = self._selection.choose(universes)
        if self._is_news(owned) or (chosen and owned is not None):
            self._write(owned)
            chosen = True
        if chosen:
            self._repeats = 0
        elif self._repeats < e131.UNCHANGED_PACKETS:
            self._repeats += 1
        elif now - self._sent_at < e131.KEEP_ALIVE_S[0]:
            return
        self._sent_at = now
        counters[is_anyones(len(counters), self._selection.shares)] += np.uint64(1)
        for matrix, rows, source, _ in self._selection.shares:
            matrix.number(rows, source, counters)
        self._ready = True

    def leave(self, now: float) -> None:
        """Sends what is ready."""
        if self._ready:
            self._selection.send(now)

    def _is_news(self, owned: Mask | None) -> bool:
        if owned is None or owned is self._owned:
            return False
        return self._owned is None or not np.array_equal(owned, self._owned)

    def _write(self, owned: Mask | None) -> None:
        assert owned is not None
        self._owned = owned
        for matrix, rows, source, _ in self._selection.shares:
            matrix.slots[rows] = owned[source] * np.uint8(_of(matrix.route))


def _of(route: Route) -> int:
    return max(1, route.priority)  # 0 would give away what is ours
