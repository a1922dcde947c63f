"""How each destination fares: every node, and multicast on every interface, is counted apart."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lumad.output.datagrams import Batch, Indices, Refusal
from lumad.output.route import Route

FAILING_S = 2.5  # an error this recent means "failing now": late errors come about once a second
MOST_REASONS = 8  # told apart for one destination


@dataclass(slots=True, eq=False)
class Destination:
    """One node, or multicast on one interface, or the nodes still to be found."""

    protocol: str
    to: str
    port: int
    interface: str | None
    note: str = ""
    sent: int = 0
    errors: int = 0
    last_error: str = ""
    error_at: float = float("-inf")
    reasons: Counter[str] = field(default_factory=Counter)

    def fail(self, count: int, why: str, now: float) -> None:
        """`count` datagrams did not get there."""
        self.errors += count
        self.last_error, self.error_at = why, now
        if why in self.reasons or len(self.reasons) < MOST_REASONS:
            self.reasons[why] += count

    def health(self, now: float) -> dict[str, Any]:
        """As `Senders.health`."""
        return {
            "protocol": self.protocol,
            "to": self.to,
            "interface": self.interface,
            "sent": self.sent,
            "errors": self.errors,
            "last_error": self.last_error,
            "failing": now - self.error_at < FAILING_S,
            "reasons": dict(self.reasons),
            "note": self.note,
        }


class Destinations:
    """All of one Senders, in the order of the routes."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str, int, str | None], Destination] = {}

    def of(self, route: Route, name: str) -> Destination:
        """The one that the show file (or a node's reply) calls `name`."""
        key = (route.protocol, name, route.udp_port, route.interface)
        if key not in self._all:
            self._all[key] = Destination(*key)
        return self._all[key]

    def for_datagram(self, route: Route, address: str) -> Destination:
        """Who answers for a datagram to `address`; all groups of an interface answer together."""
        return self.of(route, address if route.to or route.discover else route.names()[0])

    def refuse(self, refusal: Refusal, now: float) -> None:
        """Charges what the network said late to the node it names."""
        for destination in self._all.values():
            if (destination.to, destination.port) == (refusal.address, refusal.port):
                destination.fail(1, refusal.error, now)

    def health(self, now: float) -> list[dict[str, Any]]:
        """One entry each."""
        return [destination.health(now) for destination in self._all.values()]


class Volley:
    """One batch, the destination that answers for each of its datagrams, and the row each one carries."""

    def __init__(self, batch: Batch, owners: list[Destination], rows: list[int]) -> None:
        self._batch, self._owners = batch, owners
        self._rows: Indices = np.array(rows, np.intp)
        self._planned = _count(owners)

    def send(self, now: float, due: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> bool:
        """Sends all datagrams, or those whose row is due; False if any of them did not leave."""
        which, planned = None, self._planned
        if due is not None and not (mine := due[self._rows]).all():
            which = np.flatnonzero(mine)
            planned = _count([self._owners[at] for at in which])
        if why := self._batch.trouble:
            for destination, count in planned:
                destination.fail(count, why, now)
            return not planned
        if not planned:
            return True
        for destination, count in planned:
            destination.sent += count
        failures = self._batch.send(which)
        for at, error in failures:
            self._owners[at].sent -= 1
            self._owners[at].fail(1, error, now)
        return not failures


def _count(owners: list[Destination]) -> list[tuple[Destination, int]]:
    counts = Counter(map(id, owners))
    return [(owner, counts[id(owner)]) for owner in {id(owner): owner for owner in owners}.values()]
