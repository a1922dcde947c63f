"""What is sent at this tick, and how each destination fares. No socket, no clock: both are arguments."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from lumad.output.packets import Bytes, Indices, PacketMatrix, span
from lumad.output.route import Exit, Route
from lumad.protocols import e131

FAILING_S = 2.5  # an error this recent means "failing now": late errors come about once a second

Universes = npt.NDArray[np.uint32]
Counters = npt.NDArray[np.uint64]


class Datagram(NamedTuple):
    """One packet's place in memory, read anew at each send, and where it goes."""

    packet: Bytes
    address: str
    port: int


class Failure(NamedTuple):
    """The `at`-th datagram of a batch did not leave."""

    at: int
    error: str


class Refusal(NamedTuple):
    """The network said later that datagrams to this target do not arrive."""

    address: str
    port: int
    error: str


class Batch(Protocol):
    """Datagrams that leave together by one socket."""

    @property
    def trouble(self) -> str:
        """Why nothing can leave by this socket now; "" when it can."""

    def send(self) -> Sequence[Failure]:
        """Sends all datagrams; a failing one never holds up the others."""


class Network(Protocol):
    """What the senders need of a network; `network.UdpNetwork` is the real one."""

    def begin(self, now: float) -> Sequence[Refusal]:
        """A new frame: looks after sockets and hands over what was refused since the last one."""

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> Batch:
        """Datagrams prepared once, to be sent in many frames."""

    def close(self) -> None:
        """Gives all sockets back."""


class Senders:
    """Builds and sends every packet of a frame; counts errors by destination and raises none of them."""

    def __init__(self, routes: Iterable[Route], cid: bytes, source_name: str, network: Network) -> None:
        """`cid`: 16 bytes, constant for this installation (E1.31 5.6)."""
        self._network = network
        self._now = float("-inf")
        self._destinations: dict[tuple[str, str, int, str | None], _Destination] = {}
        matrices = [PacketMatrix(route, cid, source_name) for route in routes]
        for matrix in matrices:
            for to in matrix.route.to or ("multicast",):
                self._destination(matrix.route, to)
        self._sacn = [matrix for matrix in matrices if matrix.route.protocol == "sacn"]
        self._frame = _Selection(matrices, network, self._destination)
        self._ending = _Selection(self._sacn, network, self._destination)

    def tick(self, now: float, universes: Universes, counters: Counters, levels: Bytes) -> None:
        """Sends one frame: each routed universe among `universes` (U,), with `levels` (U, 512).

        `counters` (U,) number the packets of each universe: sACN sends them modulo 256, Art-Net as 1..255.
        """
        self._begin(now)
        self._frame.choose(universes)
        self._send(self._frame, counters, levels)

    def terminate(self, now: float, universes: Universes, counters: Counters, levels: Bytes) -> int:
        """Ends the sACN streams with three terminated packets; returns how far `counters` advanced.

        The packets are numbered counters, counters + 1, counters + 2. Art-Net knows no end of stream.
        """
        self._begin(now)
        self._ending.choose(universes)
        for matrix in self._sacn:
            matrix.mark_terminated(terminated=True)
        for packet in range(e131.TERMINATED_PACKETS):
            self._send(self._ending, counters + np.uint64(packet), levels)
        for matrix in self._sacn:
            matrix.mark_terminated(terminated=False)
        return e131.TERMINATED_PACKETS

    def health(self) -> list[dict[str, Any]]:
        """Each destination's protocol, to, interface, sent, errors, last_error ("" = none yet), failing."""
        return [destination.health(self._now) for destination in self._destinations.values()]

    def close(self) -> None:
        """Gives the sockets back; no packet leaves, so receivers hold the last look."""
        self._network.close()

    def _destination(self, route: Route, address: str) -> "_Destination":
        """Who answers for a datagram of `route` to `address`; all groups of an interface answer together."""
        to = address if route.to else "multicast"
        key = (route.protocol, to, route.udp_port, route.interface)
        return self._destinations.setdefault(key, _Destination(*key))

    def _begin(self, now: float) -> None:
        self._now = now
        for refusal in self._network.begin(now):
            for destination in self._destinations.values():
                if (destination.to, destination.port) == (refusal.address, refusal.port):
                    destination.fail(1, refusal.error, now)

    def _send(self, selection: "_Selection", counters: Counters, levels: Bytes) -> None:
        selection.write(counters, levels)
        for volley in selection.volleys:
            volley.send(self._now)


@dataclass(slots=True, eq=False)
class _Destination:
    """How one node, or multicast on one interface, fares."""

    protocol: str
    to: str
    port: int
    interface: str | None
    sent: int = 0
    errors: int = 0
    last_error: str = ""
    error_at: float = float("-inf")

    def fail(self, count: int, why: str, now: float) -> None:
        self.errors += count
        self.last_error, self.error_at = why, now

    def health(self, now: float) -> dict[str, Any]:
        return {
            "protocol": self.protocol,
            "to": self.to,
            "interface": self.interface,
            "sent": self.sent,
            "errors": self.errors,
            "last_error": self.last_error,
            "failing": now - self.error_at < FAILING_S,
        }


class _Volley:
    """One batch and the destination that answers for each of its datagrams."""

    def __init__(self, batch: Batch, owners: list[_Destination]) -> None:
        self._batch, self._owners = batch, owners
        counts = Counter(map(id, owners))
        self._planned = [
            (owner, counts[id(owner)]) for owner in {id(owner): owner for owner in owners}.values()
        ]

    def send(self, now: float) -> None:
        if why := self._batch.trouble:
            for destination, count in self._planned:
                destination.fail(count, why, now)
            return
        for destination, count in self._planned:
            destination.sent += count
        for at, error in self._batch.send():
            self._owners[at].sent -= 1
            self._owners[at].fail(1, error, now)


class _Selection:
    """Matrices against the universes of a frame; what stays the same from frame to frame is done once."""

    def __init__(
        self,
        matrices: Iterable[PacketMatrix],
        network: Network,
        destination_of: Callable[[Route, str], _Destination],
    ) -> None:
        self._matrices, self._network, self._destination_of = list(matrices), network, destination_of
        self._universes: Universes = np.zeros(0, np.uint32)
        self._writes: list[tuple[PacketMatrix, slice | Indices, slice | Indices]] = []
        self.volleys: list[_Volley] = []

    def choose(self, universes: Universes) -> None:
        """Lays out the packets that are due when exactly `universes` are in the frame."""
        if np.array_equal(universes, self._universes):
            return
        self._universes = universes.copy()
        position = {int(universe): index for index, universe in enumerate(universes)}
        self._writes = []
        leaving: dict[Exit, list[tuple[Datagram, _Destination]]] = {}
        for matrix in self._matrices:
            route = matrix.route
            rows = [row for row, universe in enumerate(route.universes) if universe in position]
            source = [position[route.universes[row]] for row in rows]
            self._writes.append((matrix, span(np.array(rows, np.intp)), span(np.array(source, np.intp))))
            for row in rows:
                for address, port in route.targets(route.universes[row]):
                    datagram = Datagram(matrix.rows[row], address, port)
                    leaving.setdefault(route.exit, []).append(
                        (datagram, self._destination_of(route, address))
                    )
        self.volleys = [
            _Volley(self._network.batch(exit_, [each for each, _ in listed]), [owner for _, owner in listed])
            for exit_, listed in leaving.items()
        ]

    def write(self, counters: Counters, levels: Bytes) -> None:
        """Puts a frame's sequences and slots into the packets."""
        for matrix, rows, source in self._writes:
            matrix.write(rows, source, counters, levels)
