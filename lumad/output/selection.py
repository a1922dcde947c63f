"""Packet matrices against the universes of a frame; what stays the same from frame to frame is done once."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lumad.output.datagrams import Bytes, Datagram, Indices, Network
from lumad.output.destinations import Destination, Destinations, Volley
from lumad.output.nodes import written
from lumad.output.packets import PacketMatrix, span
from lumad.output.route import Exit, Route

Universes = npt.NDArray[np.uint32]
Counters = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

Subscribers = Callable[[Route, int], tuple[str, ...]]
"""(route, index of the universe in it) -> addresses of the nodes that asked for it."""

Leaving = dict[Exit, list[tuple[Datagram, Destination, int]]]
"""Datagrams by exit, each with who answers for it and the row it carries."""


class Share(NamedTuple):
    """`rows` of a matrix carry the frame's universes `source`; `places`: the same rows of the selection."""

    matrix: PacketMatrix
    rows: slice | Indices
    source: slice | Indices
    places: slice


class Selection:
    """What of some matrices leaves in a frame."""

    def __init__(
        self,
        matrices: Iterable[PacketMatrix],
        network: Network,
        destinations: Destinations,
        subscribers: Subscribers,
    ) -> None:
        self._matrices, self._network = list(matrices), network
        self._destinations, self._subscribers = destinations, subscribers
        self.universes: Universes = np.zeros(0, np.uint32)
        self._subscriptions = 0
        self.shares: list[Share] = []
        self.volleys: list[Volley] = []
        self.targets: list[tuple[PacketMatrix, set[str]]] = []  # where each matrix goes
        self.rows = 0
        self._unserved: list[tuple[Destination, int, str]] = []

    def choose(self, universes: Universes, subscriptions: int = 0) -> bool:
        """Lays out the packets that are due when exactly `universes` are in the frame; False = as before.

        `subscriptions` changes whenever the nodes' subscriptions do.
        """
        if subscriptions == self._subscriptions and np.array_equal(universes, self.universes):
            return False
        self.universes, self._subscriptions = universes.copy(), subscriptions
        position = {int(universe): index for index, universe in enumerate(universes)}
        self.shares, self.targets, self._unserved, self.rows = [], [], [], 0
        leaving: Leaving = {}
        for matrix in self._matrices:
            routed = matrix.route.universes
            rows = [row for row, universe in enumerate(routed) if universe in position]
            source = np.array([position[routed[row]] for row in rows], np.intp)
            places = slice(self.rows, self.rows + len(rows))
            self.shares.append(Share(matrix, span(np.array(rows, np.intp)), span(source), places))
            self._address(matrix, rows, leaving)
            self.rows += len(rows)
        self.volleys = volleys_of(self._network, leaving)
        return True

    def write(self, counters: Counters, levels: Bytes) -> None:
        """Puts a frame's numbers and slots into the packets."""
        for matrix, rows, source, _ in self.shares:
            matrix.slots[rows] = levels[source]
            matrix.number(rows, source, counters)

    def send(self, now: float, due: Mask | None = None) -> bool:
        """Lets all packets leave, or those of the rows that are due (rows of this selection, in order).

        False if any of them did not.
        """
        for destination, count, why in self._unserved:
            destination.fail(count, why, now)
        left = [
            volley.send(now, due) for volley in self.volleys
        ]  # each of them, whatever became of the others
        return all(left)

    def _address(self, matrix: PacketMatrix, rows: list[int], leaving: Leaving) -> None:
        """Notes where each of these rows goes."""
        route, targets, unserved = matrix.route, set[str](), []
        for place, row in enumerate(rows, self.rows):
            to = self._subscribers(route, row) if route.discover else route.addresses(route.universes[row])
            targets.update(to)
            if not to:
                unserved.append(route.port_addresses[row])
            for address in to:
                datagram = Datagram(matrix.rows[row], address, route.udp_port)
                owner = self._destinations.for_datagram(route, address)
                leaving.setdefault(route.exit_to(address), []).append((datagram, owner, place))
        if rows:
            self.targets.append((matrix, targets))
        if unserved:
            more = f" and {len(unserved) - 1} more" if unserved[1:] else ""
            why = (
                f"no node asks for port-address {written(unserved[0])}{more}, so nothing is sent; "
                "give the node's address with to:, or take to: broadcast"
            )
            self._unserved.append((self._destinations.of(route, "discover"), len(unserved), why))


def volleys_of(network: Network, leaving: Leaving) -> list[Volley]:
    """One volley for each exit."""
    return [
        Volley(
            network.batch(exit_, [datagram for datagram, _, _ in listed]),
            [owner for _, owner, _ in listed],
            [place for _, _, place in listed],
        )
        for exit_, listed in leaving.items()
    ]


def is_anyones(size: int, shares: Iterable[Share]) -> Mask:
    """Which of a frame's `size` universes any of the shares carries."""
    mask = np.zeros(size, np.bool_)
    for share in shares:
        mask[share.source] = True
    return mask
