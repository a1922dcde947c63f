"""The Art-Net nodes that answered, and who of them subscribes to which port-address."""

from dataclasses import dataclass
from typing import Any

from lumad.protocols import artnet, artnet_poll

MISSED_POLLS = 3  # unanswered ones after which a node is marked
MOST_NODES = 1024  # a network that answers with more is playing with us

Key = tuple[str | None, str, int]
"""Interface, address, bind index: one reply each."""

Subscribers = dict[tuple[str | None, int], tuple[str, ...]]
"""Addresses in order, by interface and port-address."""


@dataclass(slots=True)
class Node:
    """One reply: a device, or some ports of one. `outputs`: port-addresses that it turns into light."""

    interface: str | None
    address: str
    bind_index: int
    reply: artnet_poll.ArtPollReply
    outputs: tuple[int, ...]
    heard_at: float
    unanswered: int = 0

    @property
    def missing(self) -> bool:
        """Whether it has left polls unanswered; it is still sent to."""
        return self.unanswered > MISSED_POLLS


class Nodes:
    """All that ever answered; one that falls silent is kept until another takes its port-address."""

    def __init__(self) -> None:
        self._nodes: dict[Key, Node] = {}  # who was heard last is last
        self._unsettled = False  # whether what follows from them must be found anew
        self._version = 0
        self._subscribers: Subscribers = {}
        self._missing: set[tuple[str | None, str]] = set()  # interfaces and addresses

    @property
    def version(self) -> int:
        """Another one whenever the subscriptions change."""
        self._settle()
        return self._version

    def hear(self, reply: artnet_poll.ArtPollReply, address: str, interface: str | None, now: float) -> None:
        """Takes in a reply that came from `address`."""
        # who sends several replies without a bind index tells them apart by their sub-net
        index = reply.bind_index or -1 - (reply.net << 4 | reply.sub_net)
        key = (interface, address, index)
        former = self._nodes.pop(key, None)
        if former or len(self._nodes) < MOST_NODES or self._forget_one():
            outputs = _outputs(reply)
            self._nodes[key] = Node(interface, address, reply.bind_index, reply, outputs, now)
            self._unsettled |= former is None or former.missing or former.outputs != outputs

    def polled(self, interface: str | None) -> None:
        """Another poll left by this interface."""
        for node in self._nodes.values():
            if node.interface == interface:
                node.unanswered += 1
                self._unsettled |= node.unanswered == MISSED_POLLS + 1

    def subscribers(self, port_address: int, interface: str | None) -> tuple[str, ...]:
        """Addresses that take this port-address, in order."""
        self._settle()
        return self._subscribers.get((interface, port_address), ())

    def is_missing(self, address: str, interface: str | None) -> bool:
        """Whether nothing at this address answers any more, though it once did."""
        self._settle()
        return (interface, address) in self._missing

    def table(self, now: float) -> list[dict[str, Any]]:
        """One entry a reply, by address: plain values for state and page; all numbers count from 0 but
        `from_1`.
        """
        return [
            {
                "address": node.address,
                "interface": node.interface,
                "bind_index": node.bind_index,
                "name": node.reply.short_name,
                "long_name": node.reply.long_name,
                "controller": node.reply.style == artnet_poll.STYLE_CONTROLLER,
                "age_s": round(now - node.heard_at, 1),
                "missing": node.missing,
                "ports": [
                    {"port_address": port, "net_sub_universe": net_sub_universe(port), "from_1": port + 1}
                    for port in node.outputs
                ],
            }
            for _, node in sorted(self._nodes.items(), key=lambda entry: _order(entry[1]))
        ]

    def _settle(self) -> None:
        """Who takes what: those that answer, else those that once did. Once for all that was heard since."""
        if not self._unsettled:
            return
        self._unsettled = False
        answering: dict[tuple[str | None, int], set[str]] = {}
        silent: dict[tuple[str | None, int], set[str]] = {}
        for node in self._nodes.values():
            found = silent if node.missing else answering
            for port in node.outputs:
                found.setdefault((node.interface, port), set()).add(node.address)
        subscribers = {key: tuple(sorted(found)) for key, found in (silent | answering).items()}
        if subscribers != self._subscribers:
            self._subscribers = subscribers
            self._version += 1
        there = {(node.interface, node.address) for node in self._nodes.values()}
        self._missing = there - {
            (each.interface, each.address) for each in self._nodes.values() if not each.missing
        }

    def _forget_one(self) -> bool:
        """Makes room by forgetting the node that has been silent longest; False if all answer."""
        key = next(iter(self._nodes))
        return self._nodes[key].missing and bool(self._nodes.pop(key))


def _outputs(reply: artnet_poll.ArtPollReply) -> tuple[int, ...]:
    """Port-addresses that a node turns into light, those it takes from sACN left out."""
    base = reply.net << 8 | reply.sub_net << 4
    return tuple(
        base | port.output
        for port in reply.ports
        if port.kind & artnet_poll.PORT_OUTPUT and not port.good_output & artnet_poll.OUTPUT_SACN
    )


def written(port_address: int) -> str:
    """`18 (0:1:2)`: the flat number and Net:Sub-Net:Universe, all counted from 0."""
    return f"{port_address} ({net_sub_universe(port_address)})"


def net_sub_universe(port_address: int) -> str:
    """Net 0..127, Sub-Net 0..15, Universe 0..15."""
    return ":".join(map(str, artnet.parts(port_address)))


def _order(node: Node) -> tuple[str, list[int], int]:
    return node.interface or "", [int(part) for part in node.address.split(".")], node.bind_index
