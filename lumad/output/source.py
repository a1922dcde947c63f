"""What one installation is and knows on the network, however many senders speak for it."""

from typing import Any
from weakref import WeakSet

import numpy as np

from lumad.output.datagrams import Datagram, Network
from lumad.output.destinations import Destinations
from lumad.output.polls import Polls
from lumad.output.route import Exit
from lumad.output.selection import Selection
from lumad.output.suppression import LastSent
from lumad.protocols import e131, e131_extended

Announced = dict[tuple[str | None, bool], tuple[Exit, set[int]]]
"""By interface and IP version: an exit, and the universes that leave there by multicast."""


class Source:
    """An E1.31 source and Art-Net controller: outlives its senders and is shared by them."""

    def __init__(self, cid: bytes, name: str) -> None:
        """`cid`: 16 bytes, constant for this installation (E1.31 5.6)."""
        self.cid, self.name = cid, name
        self.polls = Polls(name)
        self.sync_sequences: dict[int, int] = {}
        self.last_sent = LastSent()
        self.destinations: WeakSet[Destinations] = WeakSet()
        self._lists: dict[int, tuple[float, Announced]] = {}
        self._announced_at: dict[tuple[str | None, bool], float] = {}

    def begin(self, now: float, network: Network) -> None:
        """A new frame: looks after sockets; what the network refused is charged to the node it names."""
        for refusal in network.begin(now):
            for destinations in self.destinations:
                destinations.refuse(refusal, now)

    def announce(self, now: float, network: Network, sender: int, universes: Announced) -> None:
        """Universe discovery (E1.31 8): what all senders send, every ten seconds, by each interface.

        Not before they have sent for ten seconds: what comes and goes in an edit is not worth a list.
        """
        self._lists[sender] = (now, universes)
        due = [
            key
            for key in universes
            if now - self._announced_at.setdefault(key, now) >= e131_extended.DISCOVERY_INTERVAL_S
        ]
        if due:  # senders that fell silent send nothing any more
            self._lists = {each: told for each, told in self._lists.items() if now - told[0] < e131.LOSS_S}
        for key in due:
            self._announced_at[key] = now
            told = [listed[key][1] for _, listed in self._lists.values() if key in listed]
            everything = set[int]().union(*told)
            exit_, _ = universes[key]
            group = e131_extended.DISCOVERY_GROUP6 if exit_.ipv6 else e131_extended.DISCOVERY_GROUP
            pages = e131_extended.discovery_pages(self.cid, self.name, everything)
            packets = [np.frombuffer(e131_extended.encode(page), np.uint8) for page in pages]
            batch = network.batch(exit_, [Datagram(packet, group, e131.PORT) for packet in packets])
            if not batch.trouble:
                batch.send()

    def nodes(self, now: float) -> list[dict[str, Any]]:
        """The Art-Net nodes found, as `nodes.Nodes.table`."""
        return self.polls.nodes.table(now)


def announced_of(frame: Selection) -> Announced:
    """What of a frame universe discovery tells: universes with levels that leave by multicast."""
    found: Announced = {}
    for matrix, _, source, _ in frame.shares:
        route = matrix.route
        chosen = frame.universes[source].tolist()
        if route.multicast and chosen:
            exit_ = route.exit_to(route.addresses(chosen[0])[0])
            found.setdefault((exit_.interface, exit_.ipv6), (exit_, set()))[1].update(chosen)
    return found
