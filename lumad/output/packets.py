"""The packets of one route as one matrix: headers are written once, a tick moves sequences and slots only."""

import numpy as np
import numpy.typing as npt

from lumad.output.route import Route
from lumad.protocols import artnet, e131

Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.intp]

SLOTS = 512  # packets carry whole universes
_BLANK = bytes(SLOTS)


class PacketMatrix:
    """`rows`: the whole packet of the route's i-th universe; (n, 638) for sACN, (n, 530) for Art-Net."""

    def __init__(self, route: Route, cid: bytes, source_name: str) -> None:
        self.route = route
        packets = [_packet(route, index, cid, source_name) for index in range(len(route.universes))]
        size = len(packets[0]) if packets else 0
        self.rows: Bytes = np.frombuffer(bytearray().join(packets), np.uint8).reshape(len(packets), size)
        self._slots_at = e131.SLOTS_AT if route.protocol == "sacn" else artnet.LEVELS_AT

    def write(
        self,
        rows: slice | Indices,
        source: slice | Indices,
        counters: npt.NDArray[np.uint64],
        levels: Bytes,
    ) -> None:
        """Puts entry source[i] of `counters` (U,) and `levels` (U, 512) into row rows[i]."""
        self.rows[rows, self._slots_at :] = levels[source]
        if self.route.protocol == "sacn":
            self.rows[rows, e131.SEQUENCE_AT] = counters[source] & 255
        else:  # 1..255: a 0 would switch re-ordering off
            self.rows[rows, artnet.SEQUENCE_AT] = counters[source] % 255 + 1

    def mark_terminated(self, *, terminated: bool) -> None:
        """Sets or clears sACN's stream-terminated bit in all rows (E1.31 6.2.6); Art-Net has none."""
        if self.route.protocol == "sacn":
            self.rows[:, e131.OPTIONS_AT] = e131.TERMINATED if terminated else 0


def span(indices: Indices) -> slice | Indices:
    """The same indices as a slice where they run without a gap: numpy copies those in one go."""
    if len(indices) and np.array_equal(indices, np.arange(indices[0], indices[0] + len(indices))):
        return slice(int(indices[0]), int(indices[0]) + len(indices))
    return indices


def _packet(route: Route, index: int, cid: bytes, source_name: str) -> bytes:
    if route.protocol == "artnet":
        return artnet.encode(artnet.ArtDmx(route.port_addresses[index], _BLANK))
    return e131.encode(
        e131.DataPacket(cid, route.universes[index], _BLANK, priority=route.priority, source_name=source_name)
    )
