"""Synchronisation: after the last packet of a frame, one that lets all lamps show it at once."""

from collections.abc import MutableMapping

import numpy as np

from lumad.output.datagrams import Bytes, Datagram, Network
from lumad.output.destinations import Destination, Destinations, Volley
from lumad.output.route import Exit, Route
from lumad.output.selection import Mask, Selection, volleys_of
from lumad.protocols import artnet, e131_extended

HALF_CIRCLE = 128

_Once = dict[Exit, dict[tuple[str, int], tuple[Datagram, Destination, int]]]
"""As `selection.Leaving`, by address and port."""


class Syncs:
    """E1.31 synchronisation packets and ArtSync of some routes; repeated with every frame."""

    def __init__(
        self, cid: bytes, network: Network, destinations: Destinations, sequences: MutableMapping[int, int]
    ) -> None:
        """`sequences`: the last number by synchronisation universe, for all that send as this source."""
        self._cid, self._network, self._destinations = cid, network, destinations
        self._sequences = sequences
        self._packets: dict[int, Bytes] = {}  # by synchronisation universe; 0: ArtSync
        self._volleys: dict[int, list[Volley]] = {}
        self._rows: Mask = np.zeros(0, np.bool_)  # of the frame, those that wait for a sync

    def choose(self, frame: Selection) -> None:
        """Lays out what follows the packets of `frame`."""
        self._packets = {}
        self._rows = np.zeros(frame.rows, np.bool_)
        for share in frame.shares:
            self._rows[share.places] = bool(share.matrix.route.sync)
        leaving: dict[int, _Once] = {}
        for matrix, targets in frame.targets:
            route = matrix.route
            if route.sync:
                universe = route.sync if route.protocol == "sacn" else 0
                self._address(route, universe, targets, leaving.setdefault(universe, {}))
        self._volleys = {
            universe: volleys_of(self._network, {exit_: list(each.values()) for exit_, each in found.items()})
            for universe, found in leaving.items()
        }

    def send(self, now: float, due: Mask | None) -> None:
        """Sends them, if any of the packets that wait for them has left.

        A receiver drops a number up to 19 behind the last one (E1.31 6.7.2), and nobody may know where a
        former engine stopped: the first sync of a stream therefore leaves twice, half a circle apart, and one
        of the two is in order for everybody.
        """
        if due is not None and not (due & self._rows).any():
            return
        for universe in self._volleys:
            first = bool(universe) and universe not in self._sequences
            self._send_one(universe, 1, now)
            if first:
                self._send_one(universe, HALF_CIRCLE, now)

    def _send_one(self, universe: int, step: int, now: float) -> None:
        if universe:
            self._sequences[universe] = (self._sequences.get(universe, -1) + step) % 256
            self._packets[universe][e131_extended.SYNC_SEQUENCE_AT] = self._sequences[universe]
        for volley in self._volleys[universe]:
            volley.send(now)

    def _address(self, route: Route, universe: int, targets: set[str], leaving: _Once) -> None:
        """Where the sync of `universe` goes for this route, each target once."""
        packet = self._packets.setdefault(universe, _packet(self._cid, universe))
        for address in sorted(route.addresses(route.sync) if route.multicast else targets):
            datagram = Datagram(packet, address, route.udp_port)
            owner = self._destinations.for_datagram(route, address)
            leaving.setdefault(route.exit_to(address), {}).setdefault(datagram[1:], (datagram, owner, 0))


def _packet(cid: bytes, universe: int) -> Bytes:
    sync = e131_extended.SyncPacket(cid, universe) if universe else None
    data = e131_extended.encode(sync) if sync else artnet.encode(artnet.ArtSync())
    return np.frombuffer(bytearray(data), np.uint8)
