"""Packet matrices against the universes of a frame; what stays the same from frame to frame is done once."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lumad.output.datagrams import Bytes, Datagram, Indices, Network
from lumad.output.destinations import Destination, Destinations, Volley
from lumad.output.nodes import Nodes, written
from lumad.output.packets import PacketMatrix, span
from lumad.output.route import Exit

Universes = npt.NDArray[np.uint32]
Counters = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

Leaving = dict[Exit, list[tuple[Datagram, Destination, int]]]
"""Datagrams by exit, each with who answers for it and the row it carries."""


class Share(NamedTuple):
    """`rows` of a matrix carry the frame's universes `source`; `places`: the same rows of the selection."""

    matrix: PacketMatrix
    rows: slice | Indices
    source: slice | Indices
    places: slice


class Layout(NamedTuple):
    """Where some matrices go, and what of them nobody takes."""

    volleys: list[Volley]
    targets: list[tuple[PacketMatrix, set[str]]]
    unserved: list[tuple[Destination, int, str]]


class Selection:
    """What of some matrices leaves in a frame."""

    def __init__(
        self, matrices: Iterable[PacketMatrix], network: Network, destinations: Destinations, nodes: Nodes
    ) -> None:
        """`nodes`: who takes what is sent to subscribers."""
        self._matrices, self._network = list(matrices), network
        self._destinations, self._nodes = destinations, nodes
        self._discovers = any(matrix.route.discover for matrix in self._matrices)
        self._subscriptions = 0
        self.universes: Universes = np.zeros(0, np.uint32)
        self.shares: list[Share] = []
        self.rows = 0
        self._told = self._found = Layout([], [], [])  # by the show file, and by the nodes' subscriptions

    @property
    def targets(self) -> list[tuple[PacketMatrix, set[str]]]:
        """Addresses to which each matrix goes."""
        return self._told.targets + self._found.targets

    def choose(self, universes: Universes) -> bool:
        """Lays out the packets that are due when exactly `universes` are in the frame; False = as before.

        A change of the nodes' subscriptions moves only what goes to them.
        """
        subscriptions = self._nodes.version if self._discovers else 0
        same = np.array_equal(universes, self.universes)
        if same and subscriptions == self._subscriptions:
            return False
        self._subscriptions = subscriptions
        if not same:
            self.universes = universes.copy()
            self._share()
            self._told = self._laid_out(discover=False)
        self._found = self._laid_out(discover=True)
        return True

    def write(self, counters: Counters, levels: Bytes) -> None:
        """Puts a frame's numbers and slots into the packets."""
        for matrix, rows, source, _ in self.shares:
            matrix.slots[rows] = levels[source]
            matrix.number(rows, source, counters)

    def send(self, now: float, due: Mask | None = None, *, more: bool = False) -> bool:
        """Lets all packets leave, or those of the rows that are due (rows of this selection, in order).

        False if any of them did not. `more`: of a frame that has begun to leave.
        """
        for destination, count, why in () if more else self._found.unserved:
            destination.fail(count, why, now)
        volleys = self._told.volleys + self._found.volleys
        left = [volley.send(now, due) for volley in volleys]  # each, whatever became of the others
        return all(left)

    def _share(self) -> None:
        """Notes which rows of each matrix carry which universe of the frame."""
        position = {int(universe): index for index, universe in enumerate(self.universes)}
        self.shares, self.rows = [], 0
        for matrix in self._matrices:
            routed = matrix.route.universes
            rows = np.array([row for row, universe in enumerate(routed) if universe in position], np.intp)
            source = np.array([position[routed[row]] for row in rows], np.intp)
            places = slice(self.rows, self.rows + len(rows))
            self.shares.append(Share(matrix, span(rows), span(source), places))
            self.rows += len(rows)

    def _laid_out(self, *, discover: bool) -> Layout:
        leaving: Leaving = {}
        layout = Layout([], [], [])
        for share in self.shares:
            if share.matrix.route.discover is discover and share.places.start < share.places.stop:
                self._address(share, leaving, layout)
        layout.volleys.extend(volleys_of(self._network, leaving))
        return layout

    def _address(self, share: Share, leaving: Leaving, layout: Layout) -> None:
        """Notes where each of these rows goes."""
        matrix, route = share.matrix, share.matrix.route
        targets, unserved = set[str](), []
        rows = np.arange(len(matrix.rows))[share.rows].tolist()
        for place, row in enumerate(rows, share.places.start):
            to = (
                self._nodes.subscribers(route.port_addresses[row], route.interface)
                if route.discover
                else route.addresses(route.universes[row])
            )
            targets.update(to)
            if not to:
                unserved.append(route.port_addresses[row])
            for address in to:
                datagram = Datagram(matrix.rows[row], address, route.udp_port)
                owner = self._destinations.for_datagram(route, address)
                leaving.setdefault(route.exit_to(address), []).append((datagram, owner, place))
        layout.targets.append((matrix, targets))
        if unserved:
            more = f" and {len(unserved) - 1} more" if unserved[1:] else ""
            why = (
                f"no node asks for port-address {written(unserved[0])}{more}, so nothing is sent; "
                "give the node's address with to:, or take to: broadcast"
            )
            layout.unserved.append((self._destinations.of(route, "discover"), len(unserved), why))


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
