"""What is sent at this tick, and how each destination fares. No socket, no clock: both are arguments."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from lumad.output.datagrams import Bytes, Datagram, Failure, Network, Refusal
from lumad.output.destinations import Destinations
from lumad.output.packets import PacketMatrix
from lumad.output.priorities import Priorities
from lumad.output.route import Route
from lumad.output.selection import Counters, Mask, Selection, Universes
from lumad.output.source import Announced, Source, announced_of
from lumad.output.spread import NEVER, Spread
from lumad.output.suppression import Suppressions
from lumad.output.syncs import Syncs
from lumad.protocols import e131

__all__ = ["NUMBERS_A_TICK", "Datagram", "Failure", "Network", "Refusal", "Senders", "Source"]

NUMBERS_A_TICK = 2  # levels, and a 0xDD packet after them
"""Who goes on after a number that was published before its tick adds this, not 1: the packet after the levels
may have left, too. A receiver shrugs at a number left out; it drops one that comes twice (E1.31 6.7.2)."""


class Senders:
    """Builds and sends every packet of a frame; counts errors by destination and raises none of them."""

    def __init__(
        self,
        routes: Iterable[Route],
        cid: bytes,
        source_name: str,
        network: Network,
        source: Source | None = None,
    ) -> None:
        """`source`: what must outlive these senders, and what others that speak for it share with them."""
        self._network = network
        self._source = source or Source(cid, source_name)
        self._now = float("-inf")
        self._destinations = Destinations()
        self._source.destinations.add(self._destinations)
        matrices = [PacketMatrix(route, cid, source_name) for route in routes]
        for matrix in matrices:
            for name in matrix.route.names():
                destination = self._destinations.of(matrix.route, name)
                if name in matrix.route.to and network.is_here(name):
                    destination.note = "this machine itself"
        self._polling = list(dict.fromkeys(each.route.interface for each in matrices if each.route.discover))
        self._discovering = [each.route for each in matrices if each.route.discover]
        self._sacn = [matrix for matrix in matrices if matrix.route.protocol == "sacn"]
        self._frame = self._selection(matrices)
        self._ending = self._selection(self._sacn)
        self._suppressions = Suppressions(matrices, self._source.last_sent)
        self._priorities = Priorities([each.route for each in matrices], cid, source_name, self._selection)
        self._syncs = Syncs(cid, network, self._destinations, self._source.sync_sequences)
        self._spread = Spread([matrix.route for matrix in matrices])
        self._due: Mask | None = None  # of the frame that leaves
        self._more = False  # of it has left already
        self._announced: Announced = {}

    def tick(
        self,
        now: float,
        universes: Universes,
        counters: Counters,
        levels: Bytes,
        owned: Mask | None = None,
    ) -> None:
        """Sends one frame: each routed universe among `universes` (U,), with `levels` (U, 512).

        `counters` (U,) number the packets of each universe: sACN sends them modulo 256, Art-Net as 1..255.
        They come back, in place, as the number that left last: one less where nothing was due, one more
        where a 0xDD packet followed the levels. So the numbers on the wire have no gap, and the next tick's
        are + 1. `owned` (U, 512): the slots with a fixture; None = as last said.
        """
        self.finish()
        self._begin(now)
        frame = self._frame
        if frame.choose(universes):
            self._syncs.choose(frame)
            self._announced = announced_of(frame)
        due = self._suppressions.due(now, frame.shares, counters, levels)
        frame.write(counters, levels)
        self._priorities.prepare(now, universes, counters, owned)
        self._spread.plan(now, frame.rows, due)
        self._due, self._more = due, False
        self.go_on(now)

    @property
    def deadline(self) -> float:
        """When `go_on` has something to do: a frame that is spread has more to send. Infinity if not."""
        return self._spread.deadline

    def go_on(self, now: float) -> None:
        """Sends the parts of the frame whose time has come; after the last one 0xDD packets and the sync."""
        while (part := self._spread.take(now)) is not None:
            mask, is_last = part
            if not self._frame.send(now, mask, more=self._more):
                self._suppressions.start_over()
            self._more = True
            if is_last:
                self._priorities.leave(now)
                self._syncs.send(now, self._due)
                if self._announced:
                    self._source.announce(now, self._network, id(self), self._announced)

    def finish(self) -> None:
        """Sends what is left of the frame at once: something follows that must not overtake it."""
        while self._spread.deadline < NEVER:
            self.go_on(self._spread.deadline)

    def terminate(self, now: float, universes: Universes, counters: Counters, levels: Bytes) -> int:
        """Ends the sACN streams with three terminated packets; returns how far `counters` advanced.

        The packets are numbered counters, counters + 1, counters + 2. Art-Net knows no end of stream.
        """
        self.finish()
        self._begin(now)
        self._ending.choose(universes)
        for matrix in self._sacn:
            matrix.mark_terminated(terminated=True)
        for packet in range(e131.TERMINATED_PACKETS):
            self._ending.write(counters + np.uint64(packet), levels)
            self._ending.send(now)
        self._suppressions.end(universes)
        for matrix in self._sacn:
            matrix.mark_terminated(terminated=False)
        return e131.TERMINATED_PACKETS

    def retire(self, now: float, universes: Universes, counters: Counters, levels: Bytes) -> int:
        """Ends the streams of those of `universes` that have been sent and are not any more; as `terminate`.

        For the senders that have sent them, before they are closed.
        """
        sent = np.isin(universes, self._frame.universes)
        return self.terminate(now, universes[sent], counters[sent], levels[sent])

    def health(self) -> list[dict[str, Any]]:
        """Each destination's protocol, to, interface, sent, errors, last_error ("" = none yet), failing,
        reasons (errors by their text) and note ("" or what is odd about it).
        """
        entries = self._destinations.health(self._now)
        for entry in entries:
            if self._source.polls.nodes.is_missing(entry["to"], entry["interface"]):
                entry["note"] = "has not answered three polls; it is still sent to"
        return entries

    def nodes(self) -> list[dict[str, Any]]:
        """The Art-Net nodes found, as `nodes.Nodes.table`."""
        return self._source.nodes(self._now)

    def close(self) -> None:
        """Gives the sockets back; no packet leaves, so receivers hold the last look."""
        self._network.close()

    def _selection(self, matrices: Iterable[PacketMatrix]) -> Selection:
        return Selection(matrices, self._network, self._destinations, self._source.polls.nodes)

    def _begin(self, now: float) -> None:
        self._now = now
        self._source.begin(now, self._network)
        for interface in self._polling:
            if why := self._source.polls.tick(now, self._network, interface):
                for route in self._discovering:
                    if route.interface == interface:
                        self._destinations.of(route, "discover").fail(1, why, now)
